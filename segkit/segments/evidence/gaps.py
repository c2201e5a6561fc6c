"""Gaps: whether the air between neighbouring segments is thinner than inside them.

Any cloud can be cut into segments that come back; only groups leave gaps. So the customers near the line
between two neighbouring centres are counted where the border is and where the two centres are. Few at the
border against the lower of the two peaks means a gap. Two things would fake one, and are kept out: the
centres come from one half of the customers and those counted from the other half (in many dimensions
customers crowd around centres that were fitted to them); and everybody near the line is counted, not only
members of the two segments (cells touch by small faces, so members are rare there even in an even cloud).
Answers in steps leave gaps of their own; `one_cloud` tells these apart.
"""

import numpy as np

from segkit.segments.evidence.model import Model, Refit
from segkit.segments.prepared import Prepared

WINDOW = 0.25  # of the way from centre to centre: the five places 0, ¼, ½, ¾, 1 fill it without overlap
BORDER = (0.375, 0.5, 0.625)  # middles of windows in which the thinnest air is looked for
PEAK = (-0.125, 0.0, 0.125)
NEAR = 0.5  # quantile of the distance from the line, of members, up to which customers are counted


def border_density(sample: Prepared, refit: Refit, count: int, seed: int) -> float:
    """Density at the borders of the segments against that at their centres.

    Each half of the sample is segmented once and looked at with the other half.

    Parameters
    ----------
    sample : Prepared
        In content order.
    refit : callable
        Segments a sample: ``refit(sample, count, seed)``.
    count : int
    seed : int

    Returns
    -------
    float
        0 where nobody stands between neighbouring segments, 1 (never above) where the air is as thick
        between them as at their centres. The mean over customers: that of a segment is the one towards
        its closest-knit neighbour.
    """
    rows = np.arange(len(sample))
    halves = (sample.take(rows[::2]), sample.take(rows[1::2]))
    return float(
        np.mean(
            [
                _held_out(refit(learned, count, seed), learned, held_out)
                for learned, held_out in (halves, halves[::-1])
            ]
        )
    )


def _held_out(model: Model, learned: Prepared, held_out: Prepared) -> float:
    """Density at the borders of one half with centres of the other."""
    before, codes = model.codes(learned), model.codes(held_out)
    count = int(max(before.max(), codes.max())) + 1
    known = [code for code in range(count) if (before == code).any() and (codes == code).any()]
    if len(known) < 2:
        return 1.0
    centres = {code: learned.space[before == code].mean(axis=0, dtype=float) for code in known}
    towards = dict.fromkeys(known, 0.0)
    for one, other in neighbours(centres):
        density = _between(held_out.space, codes, one, other, centres)
        towards[one] = max(towards[one], density)
        towards[other] = max(towards[other], density)
    sizes = np.bincount(codes, minlength=count)[known]
    return float(np.average(list(towards.values()), weights=sizes))


def neighbours(centres: dict[int, np.ndarray]) -> list[tuple[int, int]]:
    """Pairs of centres with no third one in the ball between them (Gabriel & Sokal 1969)."""
    codes = list(centres)
    points = np.stack([centres[code] for code in codes])
    squared = ((points[:, None] - points) ** 2).sum(axis=2)
    return [
        (codes[a], codes[b])
        for a in range(len(codes))
        for b in range(a)
        if (np.delete(squared[a] + squared[b], [a, b]) >= squared[a, b]).all()
    ]


def _between(
    space: np.ndarray, codes: np.ndarray, one: int, other: int, centres: dict[int, np.ndarray]
) -> float:
    """Density at the border of two segments against the lower of their peaks, at most 1."""
    start, way = centres[one], centres[other] - centres[one]
    length = float(way @ way)
    if length == 0:
        return 1.0
    apart = space - start.astype(space.dtype)
    along = apart @ (way / length).astype(space.dtype)
    aside = np.einsum("ij,ij->i", apart, apart) - along**2 * length
    limit = max(float(np.quantile(aside[codes == code], NEAR)) for code in (one, other))
    ascending = np.sort(along[aside <= limit * (1 + 1e-5)])
    border = min(_inside(ascending, middle) for middle in BORDER)
    peak = min(
        max(_inside(ascending, middle) for middle in PEAK),
        max(_inside(ascending, 1 - middle) for middle in PEAK),
    )
    return min(border / peak, 1.0) if peak else 1.0


def _inside(ascending: np.ndarray, middle: float) -> int:
    """Customers in the window around a place, its lower end included."""
    low, high = np.searchsorted(ascending, [middle - WINDOW / 2, middle + WINDOW / 2])
    return int(high - low)
