"""What profiles are made from: counts and sums of columns by segment, wherever the customers are.

`standing_out`, `typical_values` and the traits of `insights.profiles` never see customers, only these facts.
They come from a frame here (`InMemory`), and from an engine in `pushed_profiles`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from segkit.customers.table import Column, Customers
from segkit.errors import UnusablePlan
from segkit.measures.distributions import LevelShares, level_shares
from segkit.measures.effects import grouped
from segkit.measures.sums import Groups, Sums, grouped_sums
from segkit.segments.features import Feature, NumberFeature, learned_features, numeric
from segkit.segments.segmentation import Assignment


@dataclass(frozen=True, eq=False)
class Split:
    """Customers split by one column into groups that are easy to say, see `effects.grouped`.

    Attributes
    ----------
    names : tuple of str
    counts : int array of shape (places, len(names))
        Customers by place and group.
    pooled : int
        Place of the group that holds rare levels, -1 where there is none.
    """

    names: tuple[str, ...]
    counts: np.ndarray
    pooled: int = -1


class ProfileFacts(Protocol):
    """What profiles of segments are made from.

    Everything is given by place: the segments in their order, then those who fit none.
    """

    @property
    def members(self) -> list[int]:
        """Customers by place."""

    def sums(self, name: str) -> tuple[list[Sums], Sums]:
        """Sums of a number, or of yes as 1 and no as 0, by place and of everyone."""

    def scaled(self, feature: NumberFeature) -> tuple[list[Sums], Sums]:
        """The same on the scale on which it forms segments; missing values stay missing."""

    def levels(self, name: str) -> tuple[list[str], np.ndarray]:
        """The levels of a category, and customers by place (rows) and level."""

    def split(self, column: Column) -> Split:
        """Customers by place and group of a column."""

    def shares(self, column: Column) -> LevelShares | None:
        """Shares of the levels of a category; None where fewer than five have one."""


def learned(customers: Customers, columns: Sequence[str]) -> tuple[Feature, ...]:
    """Learn how columns are prepared that can form segments; those that do not vary are left out."""
    known = [customers.column(name) for name in columns]
    names = [one.name for one in known if one is not None and one.can_form_segments]
    try:
        return learned_features(customers, names, "standard")[0]
    except UnusablePlan:
        return ()


@dataclass(frozen=True, eq=False)
class InMemory:
    """The facts of a table in memory.

    Attributes
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table, row by row.
    borders : mapping of str to sequence of float
        Where numbers are cut; elsewhere these customers say it.
    """

    customers: Customers
    assignment: Assignment
    borders: Mapping[str, Sequence[float]] = field(default_factory=dict)

    @cached_property
    def _codes(self) -> np.ndarray:
        codes, count = self.assignment.codes, len(self.assignment.segments)
        return np.where(codes < 0, count, codes).astype(np.int64)

    @cached_property
    def members(self) -> list[int]:
        """Customers by place."""
        return np.bincount(self._codes, minlength=len(self.assignment.segments) + 1).tolist()

    @cached_property
    def _groups(self) -> Groups:
        return Groups.of(self._codes, len(self.assignment.segments) + 1)

    def sums(self, name: str) -> tuple[list[Sums], Sums]:
        """Sums of a number, or of yes as 1 and no as 0, by place and of everyone."""
        return grouped_sums(self._numbers(name), self._groups)

    def scaled(self, feature: NumberFeature) -> tuple[list[Sums], Sums]:
        """The same on the scale on which it forms segments."""
        return grouped_sums(feature.scaled(self._numbers(feature.name)), self._groups)

    def _numbers(self, name: str) -> np.ndarray:
        return numeric(self.customers.frame[name])

    def levels(self, name: str) -> tuple[list[str], np.ndarray]:
        """The levels of a category, and customers by place (rows) and level."""
        values = self.customers.frame[name]
        if not isinstance(values.dtype, pd.CategoricalDtype):
            values = values.astype("str").astype("category")
        names = [str(level) for level in values.cat.categories]
        return names, self._crossed(values.cat.codes.to_numpy().astype(np.int64), len(names))

    def split(self, column: Column) -> Split:
        """Customers by place and group of a column."""
        found = grouped(self.customers.frame[column.name], column, self.borders.get(column.name))
        return Split(found.names, self._crossed(found.codes, len(found.names)), found.pooled)

    def shares(self, column: Column) -> LevelShares | None:
        """Shares of the levels of a category."""
        return level_shares(self.customers, self.assignment, column)

    def _crossed(self, levels: np.ndarray, count: int) -> np.ndarray:
        """Count customers by place and level, those below 0 left out."""
        width, places = count + 1, len(self.members)
        cells = np.bincount(self._codes * width + (levels + 1), minlength=places * width)
        return cells.reshape(places, width)[:, 1:]
