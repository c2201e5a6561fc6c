"""Sums: what a KPI needs of each segment, and nothing else.

A KPI never sees customers, only sums per segment. Sums add up over parts, so the same KPI comes from a
frame in memory and from one GROUP BY in a database, and "the rest" is the whole minus the segment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass(frozen=True)
class Sums:
    """Sums of one measure in one group of customers.

    Values are counted from an origin that all groups share. The squares of large values that hardly
    differ (1,000,001 and 1,000,002) would leave nothing but rounding for their variance; taken from
    their median they leave all of it (Chan, Golub & LeVeque 1983).

    Attributes
    ----------
    members : int
        Customers in the group.
    answered : int
        Customers with a value.
    total, squares : float
        Sum of (value - origin) and of its square.
    high, low : int
        Values in the upper and in the lower band, where the measure has bands (NPS: 9–10 and 0–6).
    origin : float
    """

    members: int
    answered: int
    total: float
    squares: float
    high: int = 0
    low: int = 0
    origin: float = 0.0

    def minus(self, part: "Sums") -> "Sums":
        """Sums of everyone who is not in the part."""
        return Sums(
            self.members - part.members,
            self.answered - part.answered,
            self.total - part.total,
            self.squares - part.squares,
            self.high - part.high,
            self.low - part.low,
            self.origin,
        )

    @property
    def sum(self) -> float:
        """Sum of the values themselves."""
        return self.total + self.answered * self.origin

    @property
    def sum_of_squares(self) -> float:
        """Sum of the squares of the values themselves."""
        return self.squares + 2 * self.origin * self.total + self.answered * self.origin**2

    @property
    def mean(self) -> float:
        """Mean of the values, NaN without any."""
        return self.origin + self.total / self.answered if self.answered else float("nan")

    @property
    def variance(self) -> float:
        """Sample variance, NaN of fewer than two values; exactly 0 when it is nothing but rounding."""
        if self.answered < 2:
            return float("nan")
        spread = self.squares - self.total**2 / self.answered
        return spread / (self.answered - 1) if spread > 1e-12 * self.squares else 0.0


Bands = tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray]]


def grouped_sums(
    values: np.ndarray, codes: np.ndarray, groups: int, bands: Bands | None = None
) -> tuple[list[Sums], Sums]:
    """Sum one measure over groups of customers.

    Parameters
    ----------
    values : float array
        One per customer, NaN where unanswered.
    codes : int array
        Group of each customer, -1 for none (they count in the whole only).
    groups : int
    bands : pair of functions, optional
        Tell which values are in the upper and in the lower band.

    Returns
    -------
    list of Sums
        One per group.
    Sums
        The whole base, from all customers.

    Notes
    -----
    Values are added up in sorted order, so the order of the rows does not change the last digit.
    """
    by_group = np.argsort(codes, kind="stable")
    edges = np.searchsorted(codes[by_group], np.arange(groups + 1))
    ordered = values[by_group]
    everyone = np.sort(values)
    answered = len(values) - int(np.isnan(values).sum())
    origin = float(everyone[answered // 2]) if answered else 0.0
    parts = [_sums(np.sort(ordered[start:end]), origin, bands) for start, end in pairwise(edges.tolist())]
    return parts, _sums(everyone, origin, bands)


def _sums(ascending: np.ndarray, origin: float, bands: Bands | None) -> Sums:
    """Sum sorted values, those that are missing last."""
    values = ascending[: len(ascending) - int(np.isnan(ascending).sum())]
    distance = values - origin
    high, low = (int(band(values).sum()) for band in bands) if bands else (0, 0)
    return Sums(
        len(ascending),
        len(values),
        float(distance.sum()),
        float((distance**2).sum()),
        high,
        low,
        origin,
    )
