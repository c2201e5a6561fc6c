"""Totals: sums, first and last by customer, the same in whatever order the rows stand."""

import numpy as np

MOST_DECIMALS = 6  # amounts with more decimals are added up in sorted order instead of exactly
EXACT = 2.0**53  # up to here a float holds every whole number
NO_DAY = np.iinfo(np.int64).max


def totals(values: np.ndarray, codes: np.ndarray, groups: int) -> np.ndarray:
    """Add up values by group; NaN are left out, an empty sum is 0.

    Amounts are written with a few decimals, so they are added up as whole numbers of the smallest unit
    (cents): the sum is the one that a person gets on paper, and no rounding depends on the order of rows.

    Examples
    --------
    >>> totals(np.array([0.1, 0.2, np.nan, 5]), np.array([0, 0, 1, 2]), 3).tolist()
    [0.3, 0.0, 5.0]
    """
    known = ~np.isnan(values)
    values, codes = values[known], codes[known]
    for decimals in range(MOST_DECIMALS + 1):
        units = np.rint(values * 10.0**decimals)
        if (units / 10.0**decimals == values).all():
            if np.abs(units).sum() < EXACT:
                return np.bincount(codes, units, groups) / 10.0**decimals
            break
    order = np.lexsort((values, codes))
    return np.bincount(codes[order], values[order], groups)


def tallies(codes: np.ndarray, groups: int, which: np.ndarray | None = None) -> np.ndarray:
    """Count rows by group, all or some.

    Examples
    --------
    >>> tallies(np.array([0, 2, 2]), 3, np.array([True, False, True])).tolist()
    [1, 0, 1]
    """
    return np.bincount(codes if which is None else codes[which], minlength=groups)


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide; NaN where there is nothing to divide by.

    Examples
    --------
    >>> ratio(np.array([1, 0]), np.array([4, 0])).tolist()
    [0.25, nan]
    """
    none = whole == 0
    return np.where(none, np.nan, part / np.where(none, 1, whole))


def earliest(times: np.ndarray, codes: np.ndarray, groups: int) -> np.ndarray:
    """Find the first moment of each group; NaT for none."""
    numbers = times.astype(np.int64)
    known = ~np.isnat(times)
    found = np.full(groups, NO_DAY)
    np.minimum.at(found, codes[known], numbers[known])
    return np.where(found == NO_DAY, np.datetime64("NaT").astype(np.int64), found).astype(times.dtype)


def latest(times: np.ndarray, codes: np.ndarray, groups: int) -> np.ndarray:
    """Find the last moment of each group; NaT for none."""
    found = np.full(groups, np.datetime64("NaT").astype(np.int64))  # the lowest number there is
    np.maximum.at(found, codes, times.astype(np.int64))
    return found.astype(times.dtype)


def days_between(earlier: np.ndarray, later: np.ndarray | np.datetime64) -> np.ndarray:
    """Count days as floats; NaN where a date is missing.

    Examples
    --------
    >>> dates = np.array(["2026-01-30", "NaT"], "datetime64[D]")
    >>> days_between(dates, np.datetime64("2026-02-02")).tolist()
    [3.0, nan]
    """
    days = (later - earlier).astype("timedelta64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(float))


def distinct_pairs(codes: np.ndarray, others: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Number the different pairs of two codes.

    Returns
    -------
    pair : int array
        The pair of each row.
    owner : int array
        The first code of each pair.

    Examples
    --------
    >>> pair, owner = distinct_pairs(np.array([0, 1, 0, 0]), np.array([2, 2, 2, 1]), 3)
    >>> pair.tolist(), owner.tolist()
    ([1, 2, 1, 0], [0, 0, 1])
    """
    found, pair = np.unique(codes * np.int64(max(width, 1)) + others, return_inverse=True)
    return pair, found // max(width, 1)
