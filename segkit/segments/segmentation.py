"""A segmentation is a tree of cards with names and colours; an assignment is what it says of one table."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.customers.columns.kinds import convert, texts_of
from segkit.customers.retention import as_of_day, counted_to
from segkit.customers.table import Customers
from segkit.errors import UnusableColumn, UnusableSegmentation
from segkit.segments.cards import Tree, flat
from segkit.segments.plan import Plan
from segkit.segments.scorecard import ScoreCard

SCHEMA = 2  # 1 had one score card, and colours by position
NO_SEGMENT = "none"
NO_SEGMENT_NAME = "Fits none"
LONGEST_NAME = 60


@dataclass(frozen=True)
class Segment:
    """One group: its key never changes, its name and colour may.

    Attributes
    ----------
    key, name : str
    colour : int
        Place in the palette: the same colour on every page and in every file.
    named : bool
        The name is settled; until then it is a number, and one is made from what sets the segment apart.
    within : str
        The group it lies inside, where that has a name.
    """

    key: str
    name: str
    colour: int
    named: bool = False
    within: str = ""


FITS_NONE = Segment(NO_SEGMENT, NO_SEGMENT_NAME, -1)


@dataclass(frozen=True, eq=False)
class Assignment:
    """The segment and confidence of each customer of one table.

    Attributes
    ----------
    segments : tuple of Segment
    codes : int array
        Place in `segments` of each customer's segment, -1 for "fits none".
    confidence : float array
        0.5 on the border between two segments, 1 at the heart of one.
    dimensions : tuple of str
        The columns that formed the segments; KPIs made from them are circular.
    goal : str
        What the segments are for, see `goals.GOALS`; empty where they are a column as it is.
    """

    segments: tuple[Segment, ...]
    codes: np.ndarray
    confidence: np.ndarray
    dimensions: tuple[str, ...] = ()
    goal: str = ""

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

    def members(self, key: str) -> np.ndarray:
        """Say who is in a segment, as a bool array; "none" for those who fit none."""
        keys = [segment.key for segment in self.segments]
        return self.codes == (keys.index(key) if key in keys else -1)

    @property
    def with_none(self) -> "Assignment":
        """The same with customers who fit none as a last segment of their own, where there are any."""
        if not self.unassigned:
            return self
        codes = np.where(self.codes < 0, len(self.segments), self.codes)
        return replace(self, segments=(*self.segments, FITS_NONE), codes=codes)

    def where(self, kept: np.ndarray) -> "Assignment":
        """Return the assignment of some of the customers, given as a bool array or row numbers."""
        return replace(self, codes=self.codes[kept], confidence=self.confidence[kept])

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
        renamed.append(replace(segment, name=name, named=segment.named or segment.key in names))
    return tuple(renamed)


_LAST: "WeakKeyDictionary[Customers, tuple[Tree, Plan, np.ndarray, np.ndarray]]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Segmentation:
    """A fitted plan: says for any customer table which segment each row is in.

    Attributes
    ----------
    plan : Plan
        With the number of segments that was used.
    tree : Tree
        The cards that place customers.
    segments : tuple of Segment
        Clusters by size, largest first; rules in their order.
    kinds : mapping
        The kind each column that is read had, so that another file is read the same way.
    steps : tuple of (str, str)
        Column and what was done to its values.
    notes : tuple of str
        What the user should know, one sentence each.
    roles : mapping
        The role each column that is read had: in a table that calls it otherwise, the role finds it.
    refinements : tuple of mapping
        What was changed by hand after the fit, as plain JSON (see `refining`).
    written : mapping
        What people wrote about the segments, as plain JSON by part ("personas", "actions" …).
    """

    plan: Plan
    tree: Tree
    segments: tuple[Segment, ...]
    kinds: Mapping[str, str]
    steps: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    refinements: tuple[Mapping[str, Any], ...] = ()
    written: Mapping[str, Any] = field(default_factory=dict)

    def assign(self, customers: Customers) -> Assignment:
        """Assign every customer of a table that has the plan's columns, or others with the same roles.

        Raises
        ------
        UnusableSegmentation
            A column is missing, or none of its cells is what the segmentation was built on.
        """
        known = _LAST.get(customers)
        if known is None or known[0] is not self.tree or known[1] != self.plan:
            codes, sure = self.tree.assign(self.read_alike(customers), day_of(customers, self.plan))
            return self.assigned(customers, codes, sure)
        return Assignment(self.segments, *known[2:], self.tree.names, self.plan.goal)

    def assigned(self, customers: Customers, codes: np.ndarray, sure: np.ndarray) -> Assignment:
        """Keep what the cards say of a table: whoever makes the segments, names them or lists them asks anew.

        Parameters
        ----------
        customers : Customers
        codes : int16 array
        sure : float32 array
            As `Tree.assign` gives them.
        """
        for one in (codes, sure):
            one.setflags(write=False)  # several assignments share them
        _LAST[customers] = self.tree, self.plan, codes, sure
        return Assignment(self.segments, codes, sure, self.tree.names, self.plan.goal)

    def read_alike(self, customers: Customers) -> pd.DataFrame:
        """The customers' frame with every column that the cards read, as it was when they were made."""
        return self._read_alike(self._called_alike(customers))

    def _called_alike(self, customers: Customers) -> Customers:
        """Give columns the names they had, where a table has none of that name but one of that role."""
        have = customers.frame.columns
        names: dict[str, str] = {}
        for name in self.tree.names:
            role = self.roles.get(name, "")
            found = [one.name for one in customers.columns if one.role == role and one.name not in self.kinds]
            if name not in have and len(found) == 1:
                names[found[0]] = name
        if not names:
            return customers
        source = [names.get(name, name) for name in customers.source.column_names]
        return replace(
            customers,
            frame=customers.frame.rename(columns=names),
            columns=tuple(replace(one, name=names.get(one.name, one.name)) for one in customers.columns),
            source=customers.source.rename_columns(source),
        )

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
                "roles": dict(self.roles),
                "steps": self.steps,
                "notes": self.notes,
                "refinements": list(self.refinements),
                "tree": self.tree.to_dict(),
            }
            | ({"written": dict(self.written)} if self.written else {}),
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
        tree = _tree_from(values)
        segments = tuple(_segment_from(segment) for segment in values["segments"])
        if not tree.places <= set(range(len(segments))):
            raise ValueError("segments and costs differ in number")
        return cls(
            Plan.from_dict(values["plan"]),
            tree,
            segments,
            dict(values["kinds"]),
            tuple((name, step) for name, step in values["steps"]),
            tuple(values["notes"]),
            dict(values.get("roles", {})),
            tuple(values.get("refinements", ())),
            dict(values.get("written", {})),
        )


def _tree_from(values: dict[str, Any]) -> Tree:
    return flat(ScoreCard.from_dict(values["card"])) if "card" in values else Tree.from_dict(values["tree"])


def _segment_from(values: dict[str, Any]) -> Segment:
    plain = dict(values)
    if "position" in plain:  # schema 1
        plain |= {"colour": plain.pop("position"), "named": True}
    return Segment(**plain)


def day_of(customers: Customers, plan: Plan) -> np.datetime64:
    """The day that counts as today: the plan's, else the one the table was read for, else its last one."""
    wanted = plan.option("as_of", "")
    return as_of_day(customers, str(wanted)) if wanted else counted_to(customers)


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
