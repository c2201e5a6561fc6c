"""A segmentation is a score card with names and colours; an assignment is what it says of one table."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.customers.columns.kinds import convert, texts_of
from segkit.customers.table import Customers
from segkit.errors import UnusableColumn, UnusableSegmentation
from segkit.segments.plan import Plan
from segkit.segments.scorecard import ScoreCard

SCHEMA = 1
NO_SEGMENT = "none"
NO_SEGMENT_NAME = "Fits none"
LONGEST_NAME = 60


@dataclass(frozen=True)
class Segment:
    """One group: its key and position never change, its name may.

    The position is also its colour: the same place in the palette on every page and in every file.
    """

    key: str
    name: str
    position: int


@dataclass(frozen=True, eq=False)
class Assignment:
    """The segment and confidence of each customer of one table.

    Attributes
    ----------
    segments : tuple of Segment
    codes : int array
        Position of each customer's segment, -1 for "fits none".
    confidence : float array
        0.5 on the border between two segments, 1 at the heart of one.
    dimensions : tuple of str
        The columns that formed the segments; KPIs made from them are circular.
    """

    segments: tuple[Segment, ...]
    codes: np.ndarray
    confidence: np.ndarray
    dimensions: tuple[str, ...] = ()

    @property
    def sizes(self) -> np.ndarray:
        """Customers per segment, in the order of `segments`."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.segments))

    @property
    def unassigned(self) -> int:
        """Customers who fit none."""
        return int((self.codes < 0).sum())

    def labels(self, what: str = "name") -> pd.Series:
        """Each customer's segment as text: its "name" or its "key"."""
        nobody = NO_SEGMENT_NAME if what == "name" else NO_SEGMENT
        texts = [getattr(segment, what) for segment in self.segments] + [nobody]
        return pd.Series(np.array(texts, dtype=object)[self.codes], dtype="str")

    def renamed(self, names: Mapping[str, str]) -> "Assignment":
        """Return the same assignment with other names."""
        return replace(self, segments=with_names(self.segments, names))


def with_names(segments: tuple[Segment, ...], names: Mapping[str, str]) -> tuple[Segment, ...]:
    """Rename segments by key; blank names change nothing, and no two segments share one."""
    taken: list[str] = []
    renamed = []
    for segment in segments:
        wanted = " ".join(str(names.get(segment.key, "")).split())[:LONGEST_NAME] or segment.name
        name, copy = wanted, 2
        while name in taken:
            name, copy = f"{wanted} ({copy})", copy + 1
        taken.append(name)
        renamed.append(replace(segment, name=name))
    return tuple(renamed)


@dataclass(frozen=True)
class Segmentation:
    """A fitted plan: says for any customer table which segment each row is in.

    Attributes
    ----------
    plan : Plan
        With the number of segments that was used.
    card : ScoreCard
    segments : tuple of Segment
        By size, largest first.
    kinds : mapping
        The kind each dimension had, so that another file is read the same way.
    steps : tuple of (str, str)
        Dimension and what was done to its values.
    notes : tuple of str
        What the user should know, one sentence each.
    """

    plan: Plan
    card: ScoreCard
    segments: tuple[Segment, ...]
    kinds: Mapping[str, str]
    steps: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    def assign(self, customers: Customers) -> Assignment:
        """Assign every customer of a table that has the plan's columns.

        Raises
        ------
        UnusableSegmentation
            A column is missing, or none of its cells is what the segmentation was built on.
        """
        codes, confidence = self.card.assign(self._read_alike(customers))
        return Assignment(self.segments, codes, confidence, self.card.names)

    def _read_alike(self, customers: Customers) -> pd.DataFrame:
        """Read each dimension as the kind it had when the segments were made.

        A file with "Yes" only is no yes/no column by itself, nor "2" among texts a number.
        """
        other = {
            column.name: _converted(customers, column.name, self.kinds[column.name])
            for column in customers.columns
            if column.kind != self.kinds.get(column.name, column.kind) and column.missing < len(customers)
        }
        return customers.frame.assign(**other) if other else customers.frame

    def renamed(self, names: Mapping[str, str]) -> "Segmentation":
        """Return the same segmentation with other names (key to name)."""
        return replace(self, segments=with_names(self.segments, names))

    def to_json(self) -> str:
        """Write everything that is needed to assign customers again."""
        return json.dumps(
            {
                "schema": SCHEMA,
                "plan": json.loads(self.plan.to_json()),
                "segments": [asdict(segment) for segment in self.segments],
                "kinds": dict(self.kinds),
                "steps": self.steps,
                "notes": self.notes,
                "card": self.card.to_dict(),
            },
            ensure_ascii=False,
            indent=1,
            allow_nan=False,
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> "Segmentation":
        """Read what `to_json` wrote.

        Raises
        ------
        UnusableSegmentation
            It is not JSON, not a segmentation, or of a newer schema.
        """
        try:
            values = json.loads(text, parse_constant=_refused)
            schema = values["schema"]
            if schema > SCHEMA:
                raise UnusableSegmentation(
                    f"The segmentation was saved by a newer version (schema {schema}; this one reads "
                    f"up to {SCHEMA}). Update and try again."
                )
            return cls._from_values(values)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise UnusableSegmentation(
                "The file is not a saved segmentation. Use the segmentation.json that “segment” wrote."
            ) from problem

    @classmethod
    def _from_values(cls, values: dict[str, Any]) -> "Segmentation":
        card = ScoreCard.from_dict(values["card"])
        segments = tuple(Segment(**segment) for segment in values["segments"])
        if len(segments) != len(card.constants):
            raise ValueError("segments and costs differ in number")
        return cls(
            Plan.from_dict(values["plan"]),
            card,
            segments,
            dict(values["kinds"]),
            tuple((name, step) for name, step in values["steps"]),
            tuple(values["notes"]),
        )


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no number")


def _converted(customers: Customers, name: str, kind: str) -> pd.Series:
    cells = customers.source.column(name)
    try:
        return convert(texts_of(cells) if pa.types.is_dictionary(cells.type) else cells, name, kind).values
    except UnusableColumn as problem:
        raise UnusableSegmentation(
            f"“{name}” was read as {kind} when the segments were made, and no cell of it is that "
            "in this table. Check that it is the same column."
        ) from problem
