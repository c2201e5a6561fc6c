"""Breaks: where a number is cut into scores from 1 to 5.

Customers with the same value have the same score, however many they are; so fifths are as equal as ties
allow. A group of ties belongs to the fifth in which its middle lies, but the lowest value always scores 1
and the highest 5: where most customers ordered once, that is the lowest frequency there is.

Natural breaks put the cuts where values are far apart: of all ways to make five classes, the one in which
values differ least from the mean of their class.
"""

import numpy as np

SCORES = 5
GRID = 400  # different values that natural breaks look at; of more, as many at even steps of rank


def fifths(values: np.ndarray) -> tuple[float, ...]:
    """Cut numbers into fifths of the customers.

    Parameters
    ----------
    values : float array
        Known values, at least two different ones; more is better.

    Returns
    -------
    tuple of 4 floats
        Ascending, each a value that occurs; the score is 1 plus the number of cuts below a value. Two cuts
        are the same where no value lies between them.

    Notes
    -----
    The place of a group of ties is its mid-distribution function, the share below it plus half its own
    (Parzen 2004, Quantile probability and statistical data modeling, Statistical Science 19).

    Examples
    --------
    >>> fifths(np.arange(1.0, 11.0))
    (2.0, 4.0, 6.0, 8.0)
    >>> fifths(np.array([1.0, 1, 1, 1, 1, 1, 2, 3, 4, 5]))
    (1.0, 1.0, 1.0, 3.0)
    """
    levels, counts = np.unique(values, return_counts=True)
    middle = (np.cumsum(counts) - counts / 2) / counts.sum()
    edges = np.arange(1, SCORES) / SCORES
    places = np.searchsorted(middle, edges + ROUNDING, side="right") - 1
    return _cuts(levels, places)


ROUNDING = 1e-12  # so that 0.6 is in the third fifth however it was added up


def natural_breaks(values: np.ndarray) -> tuple[float, ...]:
    """Cut numbers where they are far apart.

    Parameters
    ----------
    values : float array
        Known values, at least two different ones.

    Returns
    -------
    tuple of 4 floats
        As in `fifths`.

    Notes
    -----
    Exact by dynamic programming (Fisher 1958, On grouping for maximum homogeneity, JASA 53; in maps known
    as Jenks breaks) on the different values, or on `GRID` of them at even steps of rank.

    Examples
    --------
    >>> natural_breaks(np.array([1.0, 2, 10, 11, 20, 21, 30, 31, 40, 41]))
    (2.0, 11.0, 21.0, 31.0)
    """
    levels, counts = np.unique(_thinned(np.sort(values)), return_counts=True)
    if len(levels) < SCORES:
        steps = np.arange(SCORES - 1) * (len(levels) - 1) // (SCORES - 1)
        return _cuts(levels, steps)
    return _cuts(levels, _class_ends(levels, counts.astype(float), SCORES))


def _thinned(ascending: np.ndarray) -> np.ndarray:
    if len(np.unique(ascending)) <= GRID:
        return ascending
    return ascending[np.arange(GRID) * (len(ascending) - 1) // (GRID - 1)]


def _cuts(levels: np.ndarray, places: np.ndarray) -> tuple[float, ...]:
    """Take the levels at some places, never the highest one, so that it is above all cuts."""
    return tuple(levels[np.clip(places, 0, max(len(levels) - 2, 0))].tolist())


def _class_ends(levels: np.ndarray, counts: np.ndarray, classes: int) -> np.ndarray:
    """Place of the last level of every class but the last one."""
    costs = _class_costs(levels, counts)
    best, ends = costs[0], []
    for _ in range(classes - 1):
        together = best[:-1, None] + costs[1:]  # one more class, from the level after each end on
        ends.append(np.argmin(together, axis=0))
        best = together.min(axis=0)
    last, found = len(levels) - 1, []
    for end in reversed(ends):
        last = int(end[last])
        found.append(last)
    return np.array(found[::-1])


def _class_costs(levels: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Sum of squares around the mean of levels first (rows) to last (columns); infinite where none is."""
    scaled = (levels - levels.mean()) / (levels[-1] - levels[0])  # large values leave no digits for squares
    sums = [np.concatenate([[0.0], np.cumsum(counts * scaled**power)]) for power in range(3)]
    size, first, square = (one[None, 1:] - one[:-1, None] for one in sums)
    there = size > 0
    spread = square - np.divide(first**2, size, out=np.zeros_like(first), where=there)
    return np.where(there, np.maximum(spread, 0.0), np.inf)
