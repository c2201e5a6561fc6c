"""k-means that gives the same segments for the same customers, in whatever order they come."""

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads made a fit ten times slower

import numpy as np
from sklearn.cluster import KMeans
from threadpoolctl import ThreadpoolController

from segkit.segments.features import Feature
from segkit.segments.methods.quick_k_means import quick_centres
from segkit.segments.prepared import Prepared
from segkit.segments.sampling import distinct_rows, sampled
from segkit.segments.scorecard import ScoreCard, card_from_centres

SAMPLE = 20_000  # rows; its sum of squares is within 0.04 % of a fit on a million rows
STARTS = 10  # from ten starts the best was always found on separable data, from one in half of the tries
MOST_STARTS = 200  # yes/no items have many nearly equal optima; only about 1 start in 10 finds the best
START_ROWS = 200_000  # rows times starts that small tables are given
POLISH = 2  # passes over all rows after the fit on a sample


def starts_for(rows: int) -> int:
    """Say how many starts a table of this size is given."""
    return int(np.clip(START_ROWS // max(rows, 1), STARTS, MOST_STARTS))


def fitted_centres(rows: np.ndarray, count: int, seed: int, starts: int) -> np.ndarray:
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
    centres = fitted_centres(sample, count, seed, starts_for(len(sample)))
    rows = customers.space[order]
    for _ in range(POLISH if len(rows) > SAMPLE else 1):
        centres = means(rows, nearest(rows, centres), len(centres))
    return Centres(centres[np.lexsort(centres.T[::-1])])


def redrawn(customers: Prepared, count: int, seed: int) -> Centres:
    """Fit a small sample that is in content order as it is, as often as evidence needs it."""
    with one_thread():
        return Centres(quick_centres(customers.space, min(count, distinct_rows(customers.space)), seed))
