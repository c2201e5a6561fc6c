"""How far customers are from their own segment and from the others, on a sample."""

from collections.abc import Sequence

import numpy as np


def distances(space: np.ndarray) -> np.ndarray:
    """Distances between all customers of a sample, taken once and used for every number of segments.

    Parameters
    ----------
    space : float array of shape (rows, columns)

    Returns
    -------
    float32 array of shape (rows, rows)
    """
    centred = (space - space.mean(axis=0, dtype=float)).astype(np.float32)
    squares = np.einsum("ij,ij->i", centred, centred)
    squared = centred @ (-2 * centred.T)
    squared += squares
    squared += squares[:, None]
    np.fill_diagonal(squared, 0)
    return np.sqrt(np.maximum(squared, 0, out=squared), out=squared)


def silhouette(apart: np.ndarray, codes: np.ndarray) -> float:
    """Mean silhouette width of one result; see `silhouettes`."""
    return silhouettes(apart, [codes])[0]


def silhouettes(apart: np.ndarray, results: Sequence[np.ndarray]) -> list[float]:
    """Mean silhouette widths from ready distances (Rousseeuw 1987), passed over once for all results.

    Customers alone in their segment count as 0, as does everyone when there is one segment only.

    Parameters
    ----------
    apart : array of shape (rows, rows)
        Distances.
    results : sequence of int arrays of shape (rows,)
        Segments from 0 on; empty ones are passed over.
    """
    counts = [int(codes.max()) + 1 for codes in results]
    members = [np.eye(count, dtype=apart.dtype)[codes] for count, codes in zip(counts, results, strict=True)]
    parts = np.split(apart @ np.hstack(members), np.cumsum(counts)[:-1], axis=1)
    return [_mean_width(sums, codes) for sums, codes in zip(parts, results, strict=True)]


def _mean_width(sums: np.ndarray, codes: np.ndarray) -> float:
    """From the sum of distances of each customer to each segment, shape (rows, segments)."""
    sizes = np.bincount(codes, minlength=sums.shape[1])
    everyone = np.arange(len(codes))
    own = sums[everyone, codes] / np.maximum(sizes[codes] - 1, 1)
    others = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    others[everyone, codes] = np.inf
    next_best = others.min(axis=1)
    wider = np.maximum(own, next_best)
    counted = (sizes[codes] > 1) & (wider > 0) & np.isfinite(next_best)
    return float(np.divide(next_best - own, wider, out=np.zeros_like(own), where=counted).mean())


def calinski_harabasz(space: np.ndarray, codes: np.ndarray) -> float:
    """Variance between over variance within segments, each by its degrees of freedom.

    Source: Caliński & Harabasz (1974), "A dendrite method for cluster analysis".

    Parameters
    ----------
    space : float array of shape (rows, columns)
    codes : int array of shape (rows,)

    Returns
    -------
    float
        0 or more; 0 where there are fewer than two segments or nothing is left within them.
    """
    sizes = np.bincount(codes)
    count = int((sizes > 0).sum())
    centred = space - space.mean(axis=0, dtype=float)
    sums = np.stack([np.bincount(codes, column) for column in centred.T], axis=1)
    between = float(((sums**2).sum(axis=1)[sizes > 0] / sizes[sizes > 0]).sum())
    within = float((centred**2).sum()) - between
    if count < 2 or len(codes) <= count or within <= 1e-9 * between:
        return 0.0
    return between / (count - 1) * (len(codes) - count) / within
