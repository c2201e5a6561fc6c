"""k-means that gives the same segments for the same customers, in whatever order they come."""

import os
from contextlib import AbstractContextManager
from functools import cache

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads made a fit ten times slower

import numpy as np
from sklearn.cluster import KMeans
from threadpoolctl import ThreadpoolController

from segkit.errors import UnusablePlan

SAMPLE = 20_000  # rows; its sum of squares is within 0.04 % of a fit on a million rows
STARTS = 10  # from ten starts the best was always found on separable data, from one in half of the tries
MOST_STARTS = 200  # yes/no items have many nearly equal optima; only about 1 start in 10 finds the best
START_ROWS = 200_000  # rows times starts that small tables are given
POLISH = 2  # passes over all rows after the fit on a sample


def content_order(matrix: np.ndarray, seed: int = 0) -> np.ndarray:
    """Order rows by a seeded hash of their content.

    Equal rows stand together, all else is in random order, and the order of the input does not matter.

    Parameters
    ----------
    matrix : float32 array of shape (rows, columns)

    Returns
    -------
    int array
        Row numbers.
    """
    return np.argsort(_content_hash(matrix, seed), kind="stable")


def _content_hash(matrix: np.ndarray, seed: int) -> np.ndarray:
    """Mix the bits of each row into one number; equal rows, and only they, get the same."""
    bits = np.ascontiguousarray(matrix + np.float32(0)).view(np.uint32)  # + 0 makes -0.0 equal 0.0
    odd = np.random.default_rng(seed).integers(1, 2**63, bits.shape[1:], dtype=np.uint64) * 2 + 1
    mixed = np.full(len(bits), 0x9E3779B97F4A7C15, dtype=np.uint64)
    for column in range(bits.shape[1]):
        mixed = (mixed ^ bits[:, column]) * odd[column]
        mixed ^= mixed >> np.uint64(29)
    return mixed


def sampled(order: np.ndarray, size: int) -> np.ndarray:
    """Take every n-th row of an order, so that each content is there in proportion."""
    if len(order) <= size:
        return order
    return order[np.arange(size) * len(order) // size]


def starts_for(rows: int) -> int:
    """Say how many starts a table of this size is given."""
    return int(np.clip(START_ROWS // max(rows, 1), STARTS, MOST_STARTS))


def fitted_centres(rows: np.ndarray, count: int, seed: int, starts: int = STARTS) -> np.ndarray:
    """Fit k-means to rows that are in `content_order`.

    Returns
    -------
    array of shape (count, columns)
        Centres; fewer than asked for when there are fewer different rows.
    """
    count = min(count, distinct_rows(rows))
    with one_thread():
        model = KMeans(count, n_init=starts, random_state=seed, algorithm="lloyd").fit(rows)
    return model.cluster_centers_


def one_thread() -> AbstractContextManager[object]:
    """Keep arithmetic on small matrices in one thread; several only wait for each other."""
    return _thread_pools().limit(limits=1)


@cache
def _thread_pools() -> ThreadpoolController:
    """Look for the thread pools of this process once; it takes as long as a small fit."""
    return ThreadpoolController()


def nearest(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Find the nearest centre of each row."""
    scores = rows @ (-2 * centres.T).astype(rows.dtype)
    scores += (centres**2).sum(axis=1).astype(rows.dtype)
    return np.argmin(scores, axis=1)


def means(rows: np.ndarray, codes: np.ndarray, count: int) -> np.ndarray:
    """Average the rows of each group in double precision; groups without rows are dropped."""
    sizes = np.bincount(codes, minlength=count)
    sums = np.stack([np.bincount(codes, column, minlength=count) for column in rows.T], axis=1)
    return sums[sizes > 0] / sizes[sizes > 0, None]


def k_means(matrix: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Fit on a sample, then polish with passes over all rows.

    Parameters
    ----------
    matrix : float32 array of shape (rows, columns)
    count : int
        Number of segments; there are fewer when there are fewer different rows.

    Returns
    -------
    array of shape (count, columns)
        Centres, in the order of their coordinates.
    """
    order = content_order(matrix, seed)
    sample = matrix[sampled(order, SAMPLE)]
    centres = fitted_centres(sample, count, seed, starts_for(len(sample)))
    rows = matrix[order]
    for _ in range(POLISH if len(rows) > SAMPLE else 1):
        centres = means(rows, nearest(rows, centres), len(centres))
    return centres[np.lexsort(centres.T[::-1])]


def distinct_rows(matrix: np.ndarray) -> int:
    """Count different rows."""
    return len(np.unique(_content_hash(matrix, 0)))


def check_varied(matrix: np.ndarray) -> None:
    """Refuse customers who are all alike.

    Raises
    ------
    UnusablePlan
        There is one row only, however often.
    """
    if distinct_rows(matrix) < 2:
        raise UnusablePlan("All customers look the same in these dimensions. Choose others.")
