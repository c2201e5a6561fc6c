"""Sentinels: 999, -1 or 1900-01-01 where nothing was answered. They are only proposed, never applied.

A sentinel is a value of a short list that repeats and stands apart from all other values. Nines inside the
range of the others are numbers like any other.
"""

import numpy as np

REPEATS = 2  # once may be a slip
FREQUENT = 5  # a value that stands less far apart has to occur so many times as often as the others
FEWEST_OTHERS = 2  # different values that there have to be besides
SMALL_SCALE = 3  # on scales from -1 to 1 or 2, -1 is an answer
YEAR = 365

NINES = tuple(float("9" * digits) for digits in range(1, 9))
NUMBERS = np.array([*NINES, -1, *(-nine for nine in NINES)])
DAYS = np.array(
    "0001-01-01 1753-01-01 1899-12-30 1899-12-31 1900-01-01 1901-01-01 1970-01-01 2099-12-31 2100-01-01 "
    "2999-12-31 4712-12-31 9999-01-01 9999-12-31".split(),
    "datetime64[D]",
).astype(np.int64)
ZERO_DAY = 0  # 1970-01-01, which is a day like any other unless all others are years away


def number_sentinels(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Find numbers that probably stand for "no answer".

    Parameters
    ----------
    values : float array
        The different values, ascending.
    counts : int array
        The rows of each.

    Examples
    --------
    >>> number_sentinels(np.array([18.0, 35, 52, 999]), np.array([2, 5, 3, 4])).tolist()
    [999.0]
    >>> number_sentinels(np.array([1.0, 2, 3, 9, 10]), np.array([2, 5, 3, 4, 1])).tolist()
    []
    """
    candidates = np.isin(values, NUMBERS) & (counts >= REPEATS)
    others, usual = values[~candidates], counts[~candidates]
    if not candidates.any() or len(others) < FEWEST_OTHERS:
        return values[:0]
    low, high = others[0], others[-1]
    found = values[candidates]
    apart = np.maximum(found - high, low - found) / max(high - low, np.finfo(float).tiny)
    far = apart >= np.where(np.abs(found) < 10, 1.0, 0.5)
    often = counts[candidates] >= FREQUENT * np.maximum(usual.mean(), 1)
    negative = (found < 0) & (low >= 0) & ((found < -1) | (high - low >= SMALL_SCALE))
    return found[(far & ((found > 0) | (low < 0))) | negative | ((apart >= 0.1) & often & (found > 0))]


def day_sentinels(days: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Find days that probably stand for "no answer", or for "never".

    Parameters
    ----------
    days : int array
        The different days since 1970, ascending.
    counts : int array
        The rows of each.
    """
    candidates = np.isin(days, DAYS) & (counts >= REPEATS)
    others = days[~candidates]
    if not candidates.any() or len(others) < FEWEST_OTHERS:
        return days[:0]
    found = days[candidates]
    apart = np.maximum(found - others[-1], others[0] - found)
    return found[apart >= np.where(found == ZERO_DAY, 5 * YEAR, YEAR)]
