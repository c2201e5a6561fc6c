"""k-means that gives the same segments for the same customers, in whatever order they come."""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache

import numpy as np
from threadpoolctl import ThreadpoolController

from segkit.segments.features import Feature
from segkit.segments.methods.lloyd import QUICK, THOROUGH, best_centres
from segkit.segments.prepared import Prepared
from segkit.segments.sampling import sampled
from segkit.segments.scorecard import ScoreCard, card_from_centres

SAMPLE = 20_000  # rows; its sum of squares is within 0.04 % of a fit on a million rows
POLISH = 2  # passes over all rows after the fit on a sample
DIGITS = 30  # binary digits of a whole number; float32 has 24, and sums of 8,000,000 stay below 2^53
CHUNK, AT_ONCE = 50_000, 2  # rows of a pass that are worked on together, and such parts side by side


def one_thread() -> AbstractContextManager[object]:
    """Keep arithmetic on small matrices in one thread; several only wait for each other."""
    return _thread_pools("scipy.linalg" in sys.modules).limit(limits=1)  # scipy brings a pool of its own


@cache
def _thread_pools(with_scipy: bool) -> ThreadpoolController:
    """Look for the thread pools of this process once; it takes as long as a small fit."""
    return ThreadpoolController()


def nearest(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Find the nearest centre of each row."""
    scores = rows @ (-2 * centres.T).astype(rows.dtype)
    scores += (centres**2).sum(axis=1).astype(rows.dtype)
    return np.argmin(scores, axis=1)


def means(rows: np.ndarray, codes: np.ndarray, count: int) -> np.ndarray:
    """Average the rows of each group; groups without rows are dropped."""
    steps = whole_steps(rows)
    return _middles(_added(rows, codes, count, steps), steps)


def moved(rows: np.ndarray, centres: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Move each centre to the middle of the rows that are nearest to it; those without rows are dropped.

    Rows are added up as whole numbers of a small step, which is exact: their order does not matter.
    """
    parts = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
    with one_thread(), ThreadPoolExecutor(AT_ONCE) as pool:
        added = pool.map(lambda part: _added(part, nearest(part, centres), len(centres), steps), parts)
        return _middles(np.sum(list(added), axis=0), steps)


def whole_steps(rows: np.ndarray) -> np.ndarray:
    """How many steps a unit of each column has, so that its largest number has 2^30 of them, or a half."""
    largest = np.maximum(rows.max(axis=0), -rows.min(axis=0)).astype(float)
    return 2.0 ** (DIGITS - np.frexp(largest)[1])


def _added(rows: np.ndarray, codes: np.ndarray, count: int, steps: np.ndarray) -> np.ndarray:
    """Sums of the rows of each group in steps, and in a last column how many there are."""
    whole = np.ones((len(rows), rows.shape[1] + 1))
    np.multiply(rows, steps, out=whole[:, :-1])
    np.rint(whole, out=whole)
    return np.equal.outer(np.arange(count), codes).astype(float) @ whole


def _middles(sums: np.ndarray, steps: np.ndarray) -> np.ndarray:
    there = sums[:, -1] > 0
    return sums[there, :-1] / sums[there, -1:] / steps


@dataclass(frozen=True, eq=False)
class Centres:
    """Segments as points in the space of prepared customers; who is nearest belongs.

    Attributes
    ----------
    points : float array of shape (segments, columns of the space)
    """

    points: np.ndarray

    @property
    def count(self) -> int:
        """How many segments there are."""
        return len(self.points)

    def costs(self, customers: Prepared) -> np.ndarray:
        """Squared distances, shape (rows, segments)."""
        space = customers.space
        scores = space @ (-2 * self.points.T).astype(space.dtype)
        scores += (self.points**2).sum(axis=1).astype(space.dtype)
        scores += np.einsum("ij,ij->i", space, space)[:, None]
        return np.maximum(scores, 0, out=scores)

    def codes(self, customers: Prepared) -> np.ndarray:
        """The segment of each customer."""
        return nearest(customers.space, self.points)

    def card(self, features: Sequence[Feature], weights: Sequence[float]) -> ScoreCard:
        """Write the distances as a score card without a limit."""
        return card_from_centres(features, self.points, weights)


def k_means(customers: Prepared, count: int, seed: int) -> Centres:
    """Fit on a sample, then polish with passes over all rows.

    Parameters
    ----------
    customers : Prepared
    count : int
        Number of segments; there are fewer when there are fewer different rows.
    seed : int

    Returns
    -------
    Centres
        In the order of their coordinates.
    """
    order = customers.order(seed)
    sample = customers.space[sampled(order, SAMPLE)]
    with one_thread():
        centres = best_centres(sample, count, seed, THOROUGH).astype(float)
    steps = whole_steps(customers.space)
    for _ in range(POLISH if len(order) > SAMPLE else 1):
        centres = moved(customers.space, centres, steps)
    return Centres(centres[np.lexsort(centres.T[::-1])])


def redrawn(customers: Prepared, count: int, seed: int) -> Centres:
    """Fit a small sample that is in content order as it is, as often as evidence needs it."""
    with one_thread():
        return Centres(best_centres(customers.space, count, seed, QUICK))
