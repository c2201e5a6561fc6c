"""How customers move between segments when there is one segment more."""

from collections.abc import Sequence

import numpy as np

Flow = tuple[tuple[int, ...], ...]
"""Customers by segment before (rows) and after (columns)."""


def flows(results: Sequence[np.ndarray], counts: Sequence[int]) -> tuple[Flow, ...]:
    """Count customers between each number of segments and the next.

    Parameters
    ----------
    results : sequence of int arrays of shape (customers,)
        Segments of the same customers, for each number of segments.
    counts : sequence of int
        Those numbers.

    Returns
    -------
    tuple of Flow
        One less than there are results. The segments of the first stand by size, those of each next one
        beside the segments that their customers come from, so that few ribbons cross.
    """
    placed = np.argsort(np.argsort(-np.bincount(results[0], minlength=counts[0]), kind="stable"))[results[0]]
    made = []
    for before, (after, count) in zip(counts, zip(results[1:], counts[1:], strict=True), strict=False):
        matrix = np.zeros((before, count), dtype=int)
        np.add.at(matrix, (placed, after), 1)
        sizes = matrix.sum(axis=0)
        middles = np.arange(before) @ matrix / np.maximum(sizes, 1)
        order = np.lexsort((-sizes, np.where(sizes > 0, middles, before)))
        made.append(tuple(tuple(row) for row in matrix[:, order].tolist()))
        placed = np.argsort(order)[after]
    return tuple(made)
