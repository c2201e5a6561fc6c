"""Sums: what a KPI needs of each segment, and nothing else.

A KPI never sees customers, only sums per segment. Sums add up over parts, so the same KPI comes from a
frame in memory and from one GROUP BY in a database, and "the rest" is the whole minus the segment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, fsum, log2

import numpy as np


@dataclass(frozen=True)
class Sums:
    """Sums of one measure in one group of customers.

    Values are counted from an origin that all groups share. The squares of large values that hardly
    differ (1,000,001 and 1,000,002) would leave nothing but rounding for their variance; taken from
    their mean they leave all of it (Chan, Golub & LeVeque 1983).

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


NEARLY_ALIKE = 1e-6  # variance over mean square below which squares are counted from the mean instead of 0
EXACT = 2.0**53  # whole numbers up to here are exact in double precision

Bands = tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray]]


@dataclass(frozen=True, eq=False)
class Groups:
    """Customers sorted by group, once for all measures.

    Attributes
    ----------
    order : int array
        Row numbers, those in no group first, then group by group.
    edges : int array of shape (count + 2,)
        Where no group, each group, and the end begin in that order.
    """

    order: np.ndarray
    edges: np.ndarray

    @classmethod
    def of(cls, codes: np.ndarray, count: int) -> "Groups":
        """Sort customers by the code of their group, 0 to count - 1; -1 is none."""
        places = codes.astype(np.int8 if count < 128 else np.int32)  # bytes are sorted ten times as fast
        sizes = np.bincount(codes + 1, minlength=count + 1)
        return cls(np.argsort(places, kind="stable"), np.concatenate([[0], np.cumsum(sizes)]))


def grouped_sums(values: np.ndarray, groups: Groups, bands: Bands | None = None) -> tuple[list[Sums], Sums]:
    """Sum one measure over groups of customers.

    Parameters
    ----------
    values : float array
        One per customer, NaN where unanswered.
    groups : Groups
        Customers in none count in the whole only.
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
    The order of the customers does not change the last digit, see `_added`.
    """
    ordered = np.asarray(values, dtype=np.float64)[groups.order]
    parts = [ordered[start:end] for start, end in pairwise(groups.edges.tolist())]
    sums = [_sums(part, 0.0, bands) for part in parts]
    whole = together(sums)
    if whole.answered and whole.variance < NEARLY_ALIKE * whole.squares / whole.answered:
        sums = [_sums(part, whole.mean, bands) for part in parts]
        whole = together(sums)
    return sums[1:], whole


def _sums(part: np.ndarray, origin: float, bands: Bands | None) -> Sums:
    answered = len(part)
    distance = part - origin if origin else part
    if np.isnan(part.min(initial=0.0)):  # the least of values with a gap is a gap
        gaps = np.isnan(part)
        answered -= int(np.count_nonzero(gaps))
        distance = _with_zeros(distance, gaps)  # they add nothing, and take less time than leaving them out
    high, low = (int(np.count_nonzero(band(part))) for band in bands) if bands else (0, 0)
    if _is_exact(distance):  # flags, answers, counts: every sum of them is a whole number
        total, squares = float(distance.sum()), float(np.einsum("i,i", distance, distance))
    else:
        total, squares = _added(distance), _added(distance * distance)
    return Sums(len(part), answered, total, squares, high, low, origin)


def _with_zeros(values: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    """Values with 0 for gaps, by clearing their bits: a choice for each takes three times as long."""
    return (values.view(np.int64) & (gaps.astype(np.int64) - 1)).view(np.float64)


def _is_exact(values: np.ndarray) -> bool:
    """Whether sums of values and of their squares have no rounding: whole numbers, and not too large."""
    largest = max(float(values.max(initial=0.0)), -float(values.min(initial=0.0)))
    return len(values) * largest * largest < EXACT and bool((values == np.rint(values)).all())


def together(parts: list[Sums]) -> Sums:
    """Sums of everyone."""
    return Sums(
        sum(part.members for part in parts),
        sum(part.answered for part in parts),
        fsum(part.total for part in parts),
        fsum(part.squares for part in parts),
        sum(part.high for part in parts),
        sum(part.low for part in parts),
        parts[0].origin,
    )


def _added(values: np.ndarray) -> float:
    """Add values up so that their order does not matter.

    Each value is split at a fixed digit, so far up that the sum of the upper parts is exact; the lower
    parts are split once more. What is then left is below the last digit of the largest value.

    Source: Demmel & Nguyen (2013), "Fast reproducible floating-point summation".
    """
    total = 0.0
    for _ in range(2):
        largest = max(float(values.max(initial=0.0)), -float(values.min(initial=0.0)))
        if not 0 < largest < np.inf:
            break
        splitter = 1.5 * 2.0 ** ceil(log2(largest * max(len(values), 2)))
        upper = values + splitter
        upper -= splitter
        total += float(upper.sum())
        values = values - upper
    return total + float(values.sum()) if largest == np.inf else total
