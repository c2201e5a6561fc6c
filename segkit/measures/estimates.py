"""Estimates: value, 95 % interval and test of one kind of measure, from sums alone.

`MEAN`, `RATE` and `NPS` are the three kinds. Each says how to estimate a value with its interval, and
how likely a difference as large as that between two groups would be if there were none (p-value).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isclose, isfinite, nan, sqrt

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit  # scipy.stats asks for the same, 50 times slower

from segkit.measures.sums import Bands, Sums

LEVEL = 0.95
Z = float(ndtri(0.5 + LEVEL / 2))


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval; NaN where it cannot be told."""

    value: float
    low: float
    high: float


NOTHING = Estimate(nan, nan, nan)


@dataclass(frozen=True)
class Estimator:
    """A kind of measure: estimate from sums, and p-value of segment against rest."""

    estimate: Callable[[Sums], Estimate]
    p_value: Callable[[Sums, Sums], float]
    bands: Bands | None = None


def mean_estimate(sums: Sums) -> Estimate:
    """Mean with a t interval.

    Examples
    --------
    >>> mean_estimate(Sums(4, 4, 10.0, 30.0))  # 1, 2, 3, 4
    Estimate(value=2.5, low=0.44573..., high=4.55426...)
    """
    if sums.answered < 2:
        return Estimate(sums.mean, nan, nan)
    half = float(stdtrit(sums.answered - 1, 0.5 + LEVEL / 2)) * sqrt(sums.variance / sums.answered)
    return Estimate(sums.mean, sums.mean - half, sums.mean + half)


def welch(segment: Sums, rest: Sums) -> float:
    """Welch's test of two means with unequal variances (Welch 1947).

    NaN where either group has under two values. Where neither varies, a difference is beyond chance,
    unless it is nothing but rounding.
    """
    if min(segment.answered, rest.answered) < 2:
        return nan
    if segment.variance == 0 and rest.variance == 0:
        return 1.0 if isclose(segment.mean, rest.mean, rel_tol=1e-9) else 0.0
    one, other = segment.variance / segment.answered, rest.variance / rest.answered
    freedom = (one + other) ** 2 / (one**2 / (segment.answered - 1) + other**2 / (rest.answered - 1))
    return 2 * float(stdtr(freedom, -abs(segment.mean - rest.mean) / sqrt(one + other)))


def rate_estimate(sums: Sums) -> Estimate:
    """Share of yes with the Wilson score interval (Wilson 1927).

    Examples
    --------
    >>> rate_estimate(Sums(10, 10, 8.0, 8.0))
    Estimate(value=0.8, low=0.49016..., high=0.94331...)
    """
    count = sums.answered
    if not count:
        return NOTHING
    share = sums.mean
    centre = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return Estimate(share, max(centre - half, 0.0), min(centre + half, 1.0))


def two_proportions(segment: Sums, rest: Sums) -> float:
    """Two-proportion z-test with the pooled rate."""
    if not (segment.answered and rest.answered):
        return nan
    pooled = (segment.sum + rest.sum) / (segment.answered + rest.answered)
    variance = pooled * (1 - pooled) * (1 / segment.answered + 1 / rest.answered)
    if variance <= 0:
        return 1.0
    return two_sided((segment.mean - rest.mean) / sqrt(variance))


def nps_estimate(sums: Sums) -> Estimate:
    """Net promoter score in points, with the adjusted Wald interval (Rocks 2016).

    Three answers are added (3/4 promoter, 3/2 passive, 3/4 detractor) before the interval is taken.

    Examples
    --------
    >>> nps_estimate(Sums(39, 39, 0.0, 0.0, high=8, low=22)).value
    -35.897435897435898
    """
    if not sums.answered:
        return NOTHING
    difference, variance = _adjusted_nps(sums)
    half = Z * sqrt(variance)
    value = 100 * (sums.high - sums.low) / sums.answered
    return Estimate(value, max(100 * (difference - half), -100.0), min(100 * (difference + half), 100.0))


def nps_difference(segment: Sums, rest: Sums) -> float:
    """Test two independent scores: their difference over the root of their added variances."""
    if not (segment.answered and rest.answered):
        return nan
    difference = (nps_estimate(segment).value - nps_estimate(rest).value) / 100
    variance = _adjusted_nps(segment)[1] + _adjusted_nps(rest)[1]
    return two_sided(difference / sqrt(variance))


def _adjusted_nps(sums: Sums) -> tuple[float, float]:
    count = sums.answered + 3
    promoters, detractors = (sums.high + 0.75) / count, (sums.low + 0.75) / count
    difference = promoters - detractors
    return difference, (promoters + detractors - difference**2) / count


def two_sided(z: float) -> float:
    """How likely so many standard errors from 0, or more, would be if there were no difference (p-value)."""
    return 2 * float(ndtr(-abs(z))) if isfinite(z) else (0.0 if abs(z) == inf else nan)


def _promotes(answers: np.ndarray) -> np.ndarray:
    return answers >= 9


def _detracts(answers: np.ndarray) -> np.ndarray:
    return answers <= 6


MEAN = Estimator(mean_estimate, welch)
RATE = Estimator(rate_estimate, two_proportions)
NPS = Estimator(nps_estimate, nps_difference, (_promotes, _detracts))


def share_of_total(part: Sums, whole: Sums) -> Estimate:
    """A segment's share of a total, such as revenue, with the interval of a ratio (Cochran 1977, ch. 6).

    The share is a ratio of two sums over the same customers; its variance is that of
    value × (is in the segment − share), all from the sums of squares. NaN without a positive total.

    Examples
    --------
    >>> whole = Sums(4, 4, 10.0, 30.0)  # 1, 2, 3, 4, of which the segment has 3 and 4
    >>> share_of_total(Sums(2, 2, 7.0, 25.0), whole)
    Estimate(value=0.7, low=0.27508..., high=1.0)
    """
    if whole.sum <= 0:
        return NOTHING
    share = part.sum / whole.sum
    inside = part.sum_of_squares * (1 - share) ** 2
    outside = (whole.sum_of_squares - part.sum_of_squares) * share**2
    half = Z * sqrt(max(inside + outside, 0.0)) / whole.sum
    # refunds can take a share below 0 or above 1; only an interval of one within is cut there
    return Estimate(share, min(max(share - half, 0.0), share), max(min(share + half, 1.0), share))
