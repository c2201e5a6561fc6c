"""Redraws: whether the same segments come back when customers are drawn again.

The sample is drawn again with replacement several times, each draw is segmented from scratch, and every two
results are compared on the same customers by the adjusted Rand index: 1 means the same segments each time,
0 no more agreement than by chance.

Source: Hennig (2007), "Cluster-wise assessment of cluster stability"; Dolnicar & Leisch (2010),
"Evaluation of structure and reproducibility of cluster solutions using the bootstrap".
"""

from itertools import combinations

import numpy as np

from segkit.segments.evidence.model import Refit
from segkit.segments.prepared import Prepared


def redrawn_codes(sample: Prepared, refit: Refit, count: int, seed: int, draws: int) -> list[np.ndarray]:
    """Segment as many redraws of a sample, and say in which segment its customers are each time.

    Parameters
    ----------
    sample : Prepared
        In content order.
    refit : callable
    count : int
        Number of segments.
    seed : int
    draws : int

    Returns
    -------
    list of int arrays of shape (rows,)
    """
    rng = np.random.default_rng([seed, count])
    drawn = [np.sort(rng.integers(0, len(sample), len(sample))) for _ in range(draws)]
    return [refit(sample.take(rows), count, seed + place).codes(sample) for place, rows in enumerate(drawn)]


def agreements(results: list[np.ndarray]) -> list[float]:
    """Adjusted Rand index of every two results, each at most 1."""
    return [adjusted_rand(one, other) for one, other in combinations(results, 2)]


def adjusted_rand(one: np.ndarray, other: np.ndarray) -> float:
    """Say how far two segmentations put the same pairs of customers together (adjusted Rand index).

    Source: Hubert & Arabie (1985), "Comparing partitions", Journal of Classification 2.

    Parameters
    ----------
    one, other : int arrays of shape (rows,)
        Segments from 0 on, of the same customers.

    Returns
    -------
    float
        1 means the same segments, 0 no more pairs in common than by chance.
    """
    width = int(other.max()) + 1
    crossed = np.bincount(one * width + other, minlength=(int(one.max()) + 1) * width).reshape(-1, width)
    both, first, second = (_pairs(counts) for counts in (crossed, crossed.sum(axis=1), crossed.sum(axis=0)))
    by_chance = first * second / max(len(one) * (len(one) - 1) / 2, 1)
    most = (first + second) / 2
    return 1.0 if most == by_chance else float((both - by_chance) / (most - by_chance))


def _pairs(counts: np.ndarray) -> float:
    """How many pairs can be taken from groups of these sizes."""
    return float((counts * (counts - 1.0) / 2).sum())
