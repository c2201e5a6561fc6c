"""Sums: what a KPI needs of each segment, and nothing else.

A KPI never sees customers, only sums per segment. Sums add up over parts, so the same KPI comes from a
frame in memory and from one GROUP BY in a database, and "the rest" is the whole minus the segment.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Sums:
    """Sums of one measure in one group of customers.

    Attributes
    ----------
    members : int
        Customers in the group.
    answered : int
        Customers with a value.
    total, squares : float
        Sum of the values and of their squares.
    high, low : int
        Values in the upper and in the lower band, where the measure has bands (NPS: 9–10 and 0–6).
    """

    members: int
    answered: int
    total: float
    squares: float
    high: int = 0
    low: int = 0

    def minus(self, part: "Sums") -> "Sums":
        """Sums of everyone who is not in the part."""
        return Sums(
            self.members - part.members,
            self.answered - part.answered,
            self.total - part.total,
            self.squares - part.squares,
            self.high - part.high,
            self.low - part.low,
        )

    @property
    def mean(self) -> float:
        """Mean of the values, NaN without any."""
        return self.total / self.answered if self.answered else float("nan")

    @property
    def variance(self) -> float:
        """Sample variance; exactly 0 when it is nothing but rounding."""
        if self.answered < 2:
            return float("nan")
        spread = self.squares - self.total**2 / self.answered
        return spread / (self.answered - 1) if spread > 1e-12 * abs(self.squares) else 0.0


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
    order = np.argsort(values, kind="stable")
    values, codes = values[order], codes[order] + 1
    there = ~np.isnan(values)
    members = np.bincount(codes, minlength=groups + 1)
    values, codes = values[there], codes[there]
    answered = np.bincount(codes, minlength=groups + 1)
    total = np.bincount(codes, values, minlength=groups + 1)
    squares = np.bincount(codes, values**2, minlength=groups + 1)
    high, low = (
        np.bincount(codes, band(values), minlength=groups + 1).astype(int) for band in bands or _NO_BANDS
    )
    parts = [
        Sums(int(members[g]), int(answered[g]), float(total[g]), float(squares[g]), int(high[g]), int(low[g]))
        for g in range(groups + 1)
    ]
    whole = Sums(
        len(order),
        len(values),
        float(values.sum()),
        float((values**2).sum()),
        int(high.sum()),
        int(low.sum()),
    )
    return parts[1:], whole


_NO_BANDS: Bands = (lambda values: np.zeros(len(values)), lambda values: np.zeros(len(values)))
