"""The score card: the one form that every segmentation ends in.

For each dimension it says how a value is prepared and what the prepared value costs in each segment.
The cost of a customer in a segment is the sum over dimensions plus a constant; the lowest cost wins.
So one format saves every method, one function runs it, and "why is this customer here" is the list of
costs per dimension.

* A number `x` (prepared) costs `offset[s] + weight[s] * (x - centre[s])**2`; a missing one counts as the
  median, or costs what `missing` says.
* A level costs what a table says: one row per level, and a last row for missing or unseen levels.
* A number in steps costs what a table says of the step it falls into; a last row is for missing values.

Costs are squared distances, or minus the logarithm of a likelihood. Which of them it is decides how sure an
assignment is: from two distances, or the posterior probability.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from segkit.segments.features import LevelFeature, NumberFeature, level_codes, numeric

CHUNK = 100_000  # rows at a time, so that memory does not grow with the table
AT_ONCE = 2  # such parts side by side: numpy works on several at once

Made = TypeVar("Made")


@dataclass(frozen=True)
class NumberCost:
    """What a number costs in each segment.

    Attributes
    ----------
    feature : NumberFeature
    centres, weights : tuple of float
        One per segment.
    offsets : tuple of float
        One per segment, added to the cost of every value that is there; none by default.
    missing : tuple of float, optional
        What a missing value costs in each segment; by default it counts as the median.
    """

    feature: NumberFeature
    centres: tuple[float, ...]
    weights: tuple[float, ...]
    offsets: tuple[float, ...] = ()
    missing: tuple[float, ...] | None = None

    @property
    def name(self) -> str:
        """The column."""
        return self.feature.name

    def keeping(self, segments: Sequence[int]) -> "NumberCost":
        """Return the costs of some segments, in that order."""
        return replace(
            self,
            centres=tuple(self.centres[place] for place in segments),
            weights=tuple(self.weights[place] for place in segments),
            offsets=tuple(self.offsets[place] for place in segments) if self.offsets else (),
            missing=tuple(self.missing[place] for place in segments) if self.missing else None,
        )

    def costs(self, values: pd.Series) -> np.ndarray:
        """Cost of each row in each segment, shape (rows, segments)."""
        raw = numeric(values)
        gaps = np.isnan(raw)
        prepared = self.feature.scaled(np.where(gaps, self.feature.fill, raw))
        total = prepared[:, None] - np.asarray(self.centres)
        total *= total
        total *= np.asarray(self.weights)
        if self.offsets:
            total += np.asarray(self.offsets)
        if self.missing is not None:
            total[gaps] = self.missing
        return total

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON; an open limit is null."""
        plain = asdict(self.feature) | {"kind": "number", "centres": self.centres, "weights": self.weights}
        plain |= {"offsets": self.offsets, "missing": self.missing}
        return plain | {edge: plain[edge] if np.isfinite(plain[edge]) else None for edge in ("low", "high")}

    @property
    def shape(self) -> set[int]:
        """For how many segments it says something; one number when it is whole."""
        rows = [self.centres, self.weights, *([self.offsets] if self.offsets else [])]
        return {len(row) for row in [*rows, *([self.missing] if self.missing is not None else [])]}


@dataclass(frozen=True)
class LevelCost:
    """What a level costs in each segment; `table` has one row per level and one for missing."""

    name: str
    levels: tuple[str, ...]
    table: tuple[tuple[float, ...], ...]

    def keeping(self, segments: Sequence[int]) -> "LevelCost":
        """Return the costs of some segments, in that order."""
        return replace(self, table=tuple(tuple(row[place] for place in segments) for row in self.table))

    def costs(self, values: pd.Series) -> np.ndarray:
        """Cost of each row in each segment, shape (rows, segments)."""
        return np.asarray(self.table)[level_codes(values, self.levels)]

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return {"name": self.name, "kind": "level", "levels": self.levels, "table": self.table}

    @property
    def shape(self) -> set[int]:
        """For how many segments it says something; one number when it is whole."""
        return {len(row) for row in self.table} if len(self.table) == len(self.levels) + 1 else set()


@dataclass(frozen=True)
class StepCost:
    """What a number costs by the step it falls into.

    `table` has one row per step (up to the first of `cuts`, above it up to the second, …, above the last)
    and one for missing.
    """

    name: str
    cuts: tuple[float, ...]
    table: tuple[tuple[float, ...], ...]

    def keeping(self, segments: Sequence[int]) -> "StepCost":
        """Return the costs of some segments, in that order."""
        return replace(self, table=tuple(tuple(row[place] for place in segments) for row in self.table))

    def costs(self, values: pd.Series) -> np.ndarray:
        """Cost of each row in each segment, shape (rows, segments)."""
        raw = numeric(values)
        steps = np.searchsorted(np.asarray(self.cuts), raw, side="left")
        return np.asarray(self.table)[np.where(np.isnan(raw), len(self.cuts) + 1, steps)]

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return {"name": self.name, "kind": "step", "cuts": self.cuts, "table": self.table}

    @property
    def shape(self) -> set[int]:
        """For how many segments it says something; one number when it is whole."""
        return {len(row) for row in self.table} if len(self.table) == len(self.cuts) + 2 else set()


Cost = NumberCost | LevelCost | StepCost


def by_parts(frame: pd.DataFrame, work: Callable[[pd.DataFrame], Made]) -> list[Made]:
    """Do something to the rows of a frame part by part, two parts at once."""
    parts = [frame.iloc[start : start + CHUNK] for start in range(0, max(len(frame), 1), CHUNK)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, parts))


@dataclass(frozen=True)
class ScoreCard:
    """Costs per dimension, a constant per segment, and the limit above which a customer fits none.

    With `likelihood` the costs are minus logarithms of likelihoods, else squared distances.
    """

    dimensions: tuple[Cost, ...]
    constants: tuple[float, ...]
    limit: float = float("inf")
    likelihood: bool = False

    def __post_init__(self) -> None:
        for cost in self.dimensions:
            if cost.shape != {len(self.constants)}:
                raise ValueError(f"“{cost.name}” does not say what each of the segments costs")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns the card reads."""
        return tuple(cost.name for cost in self.dimensions)

    def keeping(self, segments: Sequence[int]) -> "ScoreCard":
        """Return the card of some segments, in that order."""
        return replace(
            self,
            dimensions=tuple(cost.keeping(segments) for cost in self.dimensions),
            constants=tuple(self.constants[place] for place in segments),
        )

    @property
    def count(self) -> int:
        """How many segments it tells apart."""
        return len(self.constants)

    def costs(self, frame: pd.DataFrame, day: np.datetime64 | None = None) -> np.ndarray:
        """Cost of each row in each segment, shape (rows, segments); the day does not matter here."""
        total = np.tile(np.asarray(self.constants, dtype=float), (len(frame), 1))
        for cost in self.dimensions:
            total += cost.costs(frame[cost.name])
        return total

    def nearest(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Find each row's cheapest segment, whatever it costs.

        Returns
        -------
        codes : int16 array
        lowest : float array
        """
        parts = by_parts(frame, self._nearest)
        return np.concatenate([codes for codes, _ in parts]), np.concatenate([costs for _, costs in parts])

    def _nearest(self, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        costs = self.costs(rows)
        return np.argmin(costs, axis=1).astype(np.int16), costs.min(axis=1)

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return {
            "dimensions": [cost.to_dict() for cost in self.dimensions],
            "constants": self.constants,
            "limit": self.limit if np.isfinite(self.limit) else None,
            "likelihood": self.likelihood,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ScoreCard":
        """Read what `to_dict` wrote."""
        costs = tuple(_cost_from(one) for one in values["dimensions"])
        limit = float("inf") if values["limit"] is None else _float(values["limit"])
        return cls(costs, _floats(values["constants"]), limit, bool(values.get("likelihood", False)))


def _cost_from(values: dict[str, Any]) -> Cost:
    plain = dict(values)
    if not isinstance(plain["name"], str):
        raise TypeError("a column's name must be text")
    kind = plain.pop("kind")
    if kind == "level":
        levels = tuple(str(level) for level in plain["levels"])
        return LevelCost(plain["name"], levels, tuple(map(_floats, plain["table"])))
    if kind == "step":
        return StepCost(plain["name"], _floats(plain["cuts"]), tuple(map(_floats, plain["table"])))
    centres, weights = _floats(plain.pop("centres")), _floats(plain.pop("weights"))
    offsets, missing = _floats(plain.pop("offsets", ())), plain.pop("missing", None)
    plain["low"] = -np.inf if plain["low"] is None else plain["low"]
    plain["high"] = np.inf if plain["high"] is None else plain["high"]
    plain |= {key: _float(plain[key]) for key in ("fill", "low", "high", "shift", "scale", "filled_share")}
    feature = NumberFeature(**plain | {"unit": _float(plain.get("unit", 1.0))})
    return NumberCost(feature, centres, weights, offsets, None if missing is None else _floats(missing))


def _float(value: Any) -> float:
    """Take a number of a JSON file, and nothing that only looks like one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def _floats(values: Any) -> tuple[float, ...]:
    return tuple(_float(value) for value in values)


def card_from_centres(
    features: Sequence[NumberFeature | LevelFeature],
    centres: np.ndarray,
    weights: Sequence[float] | None = None,
) -> ScoreCard:
    """Write squared distances to centres as a score card without a limit.

    Parameters
    ----------
    features : sequence of Feature
    centres : array of shape (segments, columns of the feature matrix)
        Where dimensions have weights, in coordinates that were multiplied by the root of them.
    weights : sequence of float, optional
        How much each dimension counts; 1 each by default.
    """
    dimensions: list[Cost] = []
    start = 0
    for feature, weight in zip(features, weights or (1.0,) * len(features), strict=True):
        block = centres[:, start : start + feature.width].astype(float) / np.sqrt(weight)
        start += feature.width
        if isinstance(feature, NumberFeature):
            dimensions.append(NumberCost(feature, tuple(block[:, 0].tolist()), (float(weight),) * len(block)))
        else:
            table = weight * ((feature.coordinates[:, None, :] - block[None]) ** 2).sum(axis=2)
            dimensions.append(LevelCost(feature.name, feature.levels, tuple(map(tuple, table.tolist()))))
    return ScoreCard(tuple(dimensions), (0.0,) * len(centres), float("inf"))
