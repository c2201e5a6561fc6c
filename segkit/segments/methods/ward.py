"""Ward's method: customers are joined into ever larger groups, and the joins can be drawn as a tree.

Each customer of a sample starts alone. Again and again the two groups are joined whose union adds least to
the sum of squares within groups (Ward 1963), until all are one. Cutting the tree gives the segments; their
means are centres, and every other customer belongs to the nearest.

All pairs of customers are compared, so time and memory grow with the square of the sample.
"""

from dataclasses import dataclass

import numpy as np

from segkit.segments.methods.k_means import Centres, means
from segkit.segments.prepared import Prepared
from segkit.segments.sampling import distinct_rows, sampled

SAMPLE = 2_000  # customers; two million pairs
LEAVES = 12  # as many groups as there are segment colours; more cannot be read


@dataclass(frozen=True)
class Merges:
    """The last joins of the tree, from a dozen groups to one.

    Attributes
    ----------
    sizes : tuple of int
        Customers of the sample in each leaf.
    pairs : tuple of (int, int)
        Who joins whom, the most alike first: numbers below `len(sizes)` are leaves, `len(sizes) + i` is what
        join i made.
    heights : tuple of float
        One per join, never falling: the root of twice what it adds to the sum of squares within groups.
    lost : tuple of float
        One per join: the share of all differences between customers (of the total sum of squares) that it
        gives up.
    """

    sizes: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    heights: tuple[float, ...]
    lost: tuple[float, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of customers in each leaf; they add up to 1."""
        return tuple(size / sum(self.sizes) for size in self.sizes)

    @property
    def left_to_right(self) -> tuple[int, ...]:
        """The leaves in an order in which no two branches cross; the larger of two stands left.

        Examples
        --------
        >>> Merges((2, 3, 5), ((0, 1), (2, 3)), (1.0, 4.0), (0.1, 0.9)).left_to_right
        (2, 1, 0)
        """
        under = {leaf: [leaf] for leaf in range(len(self.sizes))}
        for place, pair in enumerate(self.pairs):
            left, right = sorted((under[one] for one in pair), key=self._size, reverse=True)
            under[len(self.sizes) + place] = left + right
        return tuple(under[len(self.sizes) + len(self.pairs) - 1])

    def _size(self, leaves: list[int]) -> int:
        return sum(self.sizes[leaf] for leaf in leaves)

    def groups(self, count: int) -> tuple[int, ...]:
        """Cut the tree.

        Parameters
        ----------
        count : int
            Number of groups; more than there are leaves gives the leaves, less than 1 counts as 1.

        Returns
        -------
        tuple of int
            The group of each leaf; 0 is the largest. With the same customers, seed and count a group is the
            row of `ward(...).points` of that number.

        Examples
        --------
        >>> Merges((2, 3, 5), ((0, 1), (2, 3)), (1.0, 4.0), (0.1, 0.9)).groups(3)
        (2, 1, 0)
        """
        leaves = len(self.sizes)
        joins = leaves - int(np.clip(count, 1, leaves))
        return tuple(_groups(np.array(self.pairs[:joins], dtype=int), np.array(self.sizes)).tolist())


def ward(customers: Prepared, count: int, seed: int) -> Centres:
    """Cut the tree of a sample; everybody belongs to the nearest centre.

    Parameters
    ----------
    customers : Prepared
    count : int
        Number of segments; there are fewer when there are fewer different rows, or some would be empty.
    seed : int

    Returns
    -------
    Centres
        The largest group of the sample first.
    """
    sample = customers.take(sampled(customers.order(seed), SAMPLE))
    return _occupied(ward_again(sample, count, seed), customers)


def _joined(rows: np.ndarray) -> np.ndarray:
    """Which groups are joined one after the other, as `scipy.cluster.hierarchy.linkage` gives them."""
    from scipy.cluster.hierarchy import linkage  # only here: it takes as long to load as a fit of k-means

    return linkage(rows, "ward")


def ward_again(sample: Prepared, count: int, seed: int) -> Centres:
    """Fit a small sample that is in content order as it is; nothing is left to chance, so no seed is used."""
    rows = sample.space[sampled(np.arange(len(sample)), SAMPLE)]
    count = min(count, distinct_rows(rows))
    if count == 1:
        return Centres(rows.mean(axis=0, dtype=float, keepdims=True))
    pairs = _joined(rows)[: len(rows) - count, :2].astype(int)
    centres = Centres(means(rows, _groups(pairs, np.ones(len(rows), dtype=int)), count))
    return _occupied(centres, sample)


def _occupied(centres: Centres, customers: Prepared) -> Centres:
    """Drop centres that nobody is nearest to: a long group may lie around the middle of another."""
    return Centres(centres.points[np.unique(centres.codes(customers))])


def merges(customers: Prepared, seed: int, leaves: int = LEAVES) -> Merges:
    """Keep the last joins of the tree that `ward` cuts.

    Parameters
    ----------
    customers : Prepared
        At least two of them differ.
    seed : int
    leaves : int
        Groups to start from; there are fewer when there are fewer different rows.
    """
    rows = customers.space[sampled(customers.order(seed), SAMPLE)]
    tree = _joined(rows)
    first = len(rows) - min(leaves, distinct_rows(rows))
    tops, sizes = np.unique(_tops(tree[:first, :2].astype(int), len(rows)), return_counts=True)
    made = len(rows) + np.arange(first, len(tree))
    pairs = np.searchsorted(np.concatenate([tops, made]), tree[first:, :2].astype(int))
    heights = tree[first:, 2]
    return Merges(
        tuple(sizes.tolist()),
        tuple((one, other) for one, other in pairs.tolist()),
        tuple(heights.tolist()),
        tuple((heights**2 / (tree[:, 2] ** 2).sum()).tolist()),
    )


def _tops(pairs: np.ndarray, leaves: int) -> np.ndarray:
    """Find the group that each leaf ends in: its own number, or that of the last join above it."""
    above = np.arange(leaves + len(pairs))
    for made in range(len(pairs) - 1, -1, -1):
        above[pairs[made]] = above[leaves + made]
    return above[:leaves]


def _groups(pairs: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Number the groups that joins make of leaves, the largest first; of equal ones the one made first."""
    _, groups = np.unique(_tops(pairs, len(sizes)), return_inverse=True)
    order = np.argsort(-np.bincount(groups, sizes), kind="stable")
    return np.argsort(order)[groups]
