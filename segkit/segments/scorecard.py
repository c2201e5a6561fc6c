"""The score card: the one form that every segmentation ends in.

For each dimension it says how a value is prepared and what the prepared value costs in each segment.
The cost of a customer in a segment is the sum over dimensions plus a constant; the lowest cost wins.
So one format saves every method, one function runs it, and "why is this customer here" is the list of
costs per dimension.

* A number `x` (prepared) costs `weight[s] * (x - centre[s])**2`.
* A level costs what a table says: one row per level, and a last row for missing or unseen levels.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from segkit.errors import UnusableSegmentation
from segkit.labels import listing
from segkit.segments.features import LevelFeature, NumberFeature, level_codes

CHUNK = 100_000  # rows at a time, so that memory does not grow with the table


@dataclass(frozen=True)
class NumberCost:
    """What a number costs in each segment."""

    feature: NumberFeature
    centres: tuple[float, ...]
    weights: tuple[float, ...]

    def keeping(self, segments: Sequence[int]) -> "NumberCost":
        """Return the costs of some segments, in that order."""
        return replace(
            self,
            centres=tuple(self.centres[place] for place in segments),
            weights=tuple(self.weights[place] for place in segments),
        )

    def costs(self, values: pd.Series) -> np.ndarray:
        """Cost of each row in each segment, shape (rows, segments)."""
        distance = self.feature.prepared(values)[:, None] - np.asarray(self.centres)
        return distance**2 * np.asarray(self.weights)

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON; an open limit is null."""
        plain = asdict(self.feature) | {"kind": "number", "centres": self.centres, "weights": self.weights}
        return plain | {edge: plain[edge] if np.isfinite(plain[edge]) else None for edge in ("low", "high")}


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


Cost = NumberCost | LevelCost


@dataclass(frozen=True)
class ScoreCard:
    """Costs per dimension, a constant per segment, and the limit above which a customer fits none."""

    dimensions: tuple[Cost, ...]
    constants: tuple[float, ...]
    limit: float

    def __post_init__(self) -> None:
        for cost in self.dimensions:
            rows = (cost.centres, cost.weights) if isinstance(cost, NumberCost) else cost.table
            wanted = len(cost.levels) + 1 if isinstance(cost, LevelCost) else 2
            if len(rows) != wanted or any(len(row) != len(self.constants) for row in rows):
                raise ValueError(f"“{_name(cost)}” does not say what each of the segments costs")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns the card reads."""
        return tuple(_name(cost) for cost in self.dimensions)

    def keeping(self, segments: Sequence[int]) -> "ScoreCard":
        """Return the card of some segments, in that order."""
        return replace(
            self,
            dimensions=tuple(cost.keeping(segments) for cost in self.dimensions),
            constants=tuple(self.constants[place] for place in segments),
        )

    def costs(self, frame: pd.DataFrame) -> np.ndarray:
        """Cost of each row in each segment, shape (rows, segments).

        Raises
        ------
        UnusableSegmentation
            The frame lacks a column of the card.
        """
        return np.concatenate(list(self._costs(frame)))

    def _costs(self, frame: pd.DataFrame) -> Iterator[np.ndarray]:
        """Yield costs, a chunk of rows at a time."""
        absent = [name for name in self.names if name not in frame.columns]
        if absent:
            named = listing([f"“{name}”" for name in absent])
            raise UnusableSegmentation(
                f"The table lacks {named}, which the segmentation was built on. "
                "Add the column or use a segmentation made without it."
            )
        for start in range(0, max(len(frame), 1), CHUNK):
            rows = frame.iloc[start : start + CHUNK]
            total = np.tile(np.asarray(self.constants, dtype=float), (len(rows), 1))
            for cost in self.dimensions:
                total += cost.costs(rows[_name(cost)])
            yield total

    def nearest(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Find each row's cheapest segment, whatever it costs.

        Returns
        -------
        codes : int16 array
        lowest, second : float arrays
            The two lowest costs; with one segment the second is infinite.
        """
        found = [_two_lowest(total) for total in self._costs(frame)]
        codes, lowest, second = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return codes, lowest, second

    def assign(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Find each row's segment and how sure that is.

        Returns
        -------
        codes : int16 array
            Position of the cheapest segment, -1 where even that is above the limit ("fits none").
        confidence : float32 array
            Second lowest over the sum of the two lowest costs: 0.5 on the border, 1 at the centre (the
            fuzzy membership between the two nearest centres; Bezdek 1981, fuzzifier 2).

        Raises
        ------
        UnusableSegmentation
            The frame lacks a column of the card.
        """
        codes, lowest, second = self.nearest(frame)
        clear = np.isinf(second)
        both = np.where(clear | (second == 0), 1.0, lowest + second)
        confidence = np.where(clear, 1.0, np.where(second == 0, 0.5, second / both))
        return np.where(lowest > self.limit, np.int16(-1), codes), confidence.astype(np.float32)

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return {
            "dimensions": [cost.to_dict() for cost in self.dimensions],
            "constants": self.constants,
            "limit": self.limit,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ScoreCard":
        """Read what `to_dict` wrote."""
        costs = tuple(_cost_from(one) for one in values["dimensions"])
        return cls(costs, _floats(values["constants"]), _float(values["limit"]))


def _two_lowest(total: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    codes = np.argmin(total, axis=1).astype(np.int16)
    if total.shape[1] == 1:
        return codes, total[:, 0], np.full(len(total), np.inf)
    two = np.partition(total, 1, axis=1)
    return codes, two[:, 0].copy(), two[:, 1].copy()


def _name(cost: Cost) -> str:
    return cost.feature.name if isinstance(cost, NumberCost) else cost.name


def _cost_from(values: dict[str, Any]) -> Cost:
    plain = dict(values)
    if not isinstance(plain["name"], str):
        raise TypeError("a column's name must be text")
    if plain.pop("kind") == "level":
        levels = tuple(str(level) for level in plain["levels"])
        return LevelCost(plain["name"], levels, tuple(map(_floats, plain["table"])))
    centres, weights = _floats(plain.pop("centres")), _floats(plain.pop("weights"))
    plain["low"] = -np.inf if plain["low"] is None else plain["low"]
    plain["high"] = np.inf if plain["high"] is None else plain["high"]
    plain |= {key: _float(plain[key]) for key in ("fill", "low", "high", "shift", "scale", "filled_share")}
    return NumberCost(NumberFeature(**plain), centres, weights)


def _float(value: Any) -> float:
    """Take a number of a JSON file, and nothing that only looks like one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def _floats(values: Any) -> tuple[float, ...]:
    return tuple(_float(value) for value in values)


def card_from_centres(features: Sequence[NumberFeature | LevelFeature], centres: np.ndarray) -> ScoreCard:
    """Write squared distances to centres as a score card without a limit.

    Parameters
    ----------
    features : sequence of Feature
    centres : array of shape (segments, columns of the feature matrix)
    """
    dimensions: list[Cost] = []
    start = 0
    for feature in features:
        block = centres[:, start : start + feature.width].astype(float)
        start += feature.width
        if isinstance(feature, NumberFeature):
            dimensions.append(NumberCost(feature, tuple(block[:, 0].tolist()), (1.0,) * len(block)))
        else:
            table = ((feature.coordinates[:, None, :] - block[None]) ** 2).sum(axis=2)
            dimensions.append(LevelCost(feature.name, feature.levels, tuple(map(tuple, table.tolist()))))
    return ScoreCard(tuple(dimensions), (0.0,) * len(centres), float("inf"))
