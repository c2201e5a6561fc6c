"""Samples that do not depend on the order of the rows: customers are ordered by a hash of what they are."""

from collections.abc import Sequence

import numpy as np

from segkit.errors import UnusablePlan


def content_order(matrix: np.ndarray, seed: int = 0, columns: Sequence[int] | None = None) -> np.ndarray:
    """Order rows by a seeded hash of their content.

    Equal rows stand together, all else is in random order, and the order of the input does not matter.

    Parameters
    ----------
    matrix : float32 array of shape (rows, columns)
    seed : int
    columns : sequence of int, optional
        The order in which columns are mixed in, so that it need not be that of the table.

    Returns
    -------
    int array
        Row numbers.
    """
    return np.argsort(_content_hash(matrix, seed, columns), kind="stable")


def _content_hash(matrix: np.ndarray, seed: int, columns: Sequence[int] | None = None) -> np.ndarray:
    """Mix the bits of each row into one number; equal rows, and only they, get the same."""
    odd = np.random.default_rng(seed).integers(1, 2**63, matrix.shape[1], dtype=np.uint64) * 2 + 1
    mixed = np.full(len(matrix), 0x9E3779B97F4A7C15, dtype=np.uint64)
    for place, column in enumerate(range(matrix.shape[1]) if columns is None else columns):
        bits = np.asarray(matrix[:, column] + np.float32(0)).view(np.uint32)  # + 0: -0.0 equals 0.0
        mixed ^= bits
        mixed *= np.asarray(odd)[place]
        mixed ^= mixed >> np.uint64(29)
    return mixed


def sampled(order: np.ndarray, size: int) -> np.ndarray:
    """Take every n-th row of an order, so that each content is there in proportion."""
    if len(order) <= size:
        return order
    return order[np.arange(size) * len(order) // size]


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
    if not len(matrix) or (matrix == matrix[0]).all():
        raise UnusablePlan("All customers look the same in these dimensions. Choose others.")
