"""k-means on a sample, all starts together.

On 2,000 customers most of the time of scikit-learn's `KMeans` goes into the preparation of every start and
pass, and loading it takes longer than a fit. Here a pass is one matrix product for all starts, rows that were
drawn twice are counted twice instead of being computed twice, and starts that stay behind are given up. The
sum of squares is that of scikit-learn's; where evidence is collected with few starts from customers without
groups, it is a few thousandths above (`tests/test_lloyd.py`).

Source: Arthur & Vassilvitskii (2007), "k-means++: the advantages of careful seeding", with the best of
several tries at each step, as in their section 5; Lloyd (1982), "Least squares quantization in PCM".
"""

from dataclasses import dataclass

import numpy as np

STARTS = 10  # from ten starts the best was always found on separable data, from one in half of the tries
MOST_STARTS = 300  # yes/no items have many nearly equal optima; only about 1 start in 10 finds the best
FINALISTS = 3  # so many starts are never given up
PASSES = 300  # at most
TOGETHER = 250_000  # scores that are worked on together: they fit into the cache of a core


@dataclass(frozen=True)
class Effort:
    """How much is done to find the best centres.

    Attributes
    ----------
    rows : int
        Different rows times starts; small tables are given more starts.
    patience : int
        Passes after which the worse half of the starts is given up, again and again.
    still : float
        Centres that move less have arrived: squared, of the mean variance. scikit-learn takes 1e-4; less ends
        nearer to the same centres whatever the machine.
    """

    rows: int
    patience: int
    still: float

    def starts(self, different: int) -> int:
        """Say how many starts so many different rows are given."""
        return int(np.clip(self.rows // different, STARTS, MOST_STARTS))


QUICK = Effort(12_000, 8, 1e-4)  # for the many fits of evidence
THOROUGH = Effort(300_000, 24, 1e-6)  # for the segments that customers get


@dataclass(frozen=True, eq=False)
class _Rows:
    """Different rows, their number, and what every pass needs of them."""

    values: np.ndarray
    squares: np.ndarray
    counts: np.ndarray
    lengthened: np.ndarray  # (columns + 1, rows): the last is 1, so a product adds the centre's square
    weighted: np.ndarray  # (rows, columns + 1): the last is the count, so a product gives sums and sizes


def best_centres(rows: np.ndarray, count: int, seed: int, effort: Effort) -> np.ndarray:
    """Fit k-means to a sample.

    Parameters
    ----------
    rows : float array of shape (rows, columns)
        Equal rows stand together, as in content order.
    count : int
        Number of segments.
    seed : int
    effort : Effort

    Returns
    -------
    array of shape (count, columns)
        Centres; fewer than asked for where there are fewer different rows.
    """
    middle = rows.mean(axis=0, dtype=float).astype(rows.dtype)
    ready = _ready(rows - middle)
    different = len(ready.values)
    rng = np.random.default_rng(seed)
    centres = _first_centres(ready, min(count, different), effort.starts(different), rng)
    variance = float(ready.squares @ ready.counts) / len(rows) / rows.shape[1]
    return _best(ready, centres, effort.still * variance, effort.patience) + middle


def far_apart(rows: np.ndarray, count: int, seed: int, starts: int) -> np.ndarray:
    """Choose rows that are far apart (k-means++), several times.

    Parameters
    ----------
    rows : float array of shape (rows, columns)
        Equal rows stand together.
    count, seed, starts : int

    Returns
    -------
    array of shape (starts, count, columns)
        Fewer than `count` where there are fewer different rows.
    """
    ready = _ready(rows)
    return _first_centres(ready, min(count, len(ready.values)), starts, np.random.default_rng(seed))


def _ready(rows: np.ndarray) -> _Rows:
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    places = np.flatnonzero(new)
    values, counts = rows[places], np.diff(places, append=len(rows)).astype(rows.dtype)
    ones = np.ones((len(values), 1), dtype=rows.dtype)
    return _Rows(
        values,
        np.einsum("ij,ij->i", values, values),
        counts,
        np.ascontiguousarray(np.hstack([values, ones]).T),
        np.hstack([values, ones]) * counts[:, None],
    )


def _first_centres(rows: _Rows, count: int, starts: int, rng: np.random.Generator) -> np.ndarray:
    """Choose customers who are far apart as first centres; shape (starts, count, columns)."""
    tries = 2 + int(np.log(count))
    chosen = np.empty((starts, count), dtype=int)
    chosen[:, 0] = _drawn(np.tile(rows.counts, (starts, 1)), rng.random((starts, 1)))[:, 0]
    nearest = _squared(rows, chosen[:, 0])
    for place in range(1, count):
        tried = _drawn(nearest * rows.counts, rng.random((starts, tries)))
        closer = _squared(rows, tried.ravel()).reshape(starts, tries, -1)
        np.minimum(closer, nearest[:, None], out=closer)
        best = (np.arange(starts), (closer @ rows.counts).argmin(axis=1))
        chosen[:, place], nearest = tried[best], closer[best]
    return rows.values[chosen]


def _drawn(weights: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Draw places with the chances of each row of weights."""
    added = np.cumsum(weights, axis=1, dtype=float)
    drawn = zip(added, shares * added[:, -1:], strict=True)
    places = [np.searchsorted(row, wanted, "right") for row, wanted in drawn]
    return np.minimum(places, weights.shape[1] - 1)


def _squared(rows: _Rows, places: np.ndarray) -> np.ndarray:
    """Squared distances from some rows to all."""
    found = rows.values[places] @ (-2 * rows.values.T)
    found += rows.squares
    found += rows.squares[places][:, None]
    return np.maximum(found, 0, out=found)


def _best(rows: _Rows, centres: np.ndarray, still: float, patience: int) -> np.ndarray:
    """Pass until the centres of the starts arrive, and return those with the least sum of squares."""
    least, best = np.inf, centres[0]
    for done in range(1, PASSES + 1):
        moved, within = _passed(rows, centres)
        arrived = ((moved - centres) ** 2).sum(axis=(1, 2)) <= still
        arrived |= done == PASSES
        for place in np.flatnonzero(arrived):
            if within[place] < least:
                least, best = float(within[place]), moved[place]
        centres, within = moved[~arrived], within[~arrived]
        if not len(centres):
            break
        if done % patience == 0 and len(centres) > FINALISTS:
            half = max(FINALISTS, (len(centres) + 1) // 2)
            centres = centres[np.argsort(within, kind="stable")[:half]]
    return best


def _passed(rows: _Rows, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Move the centres of all starts to the middle of their customers.

    Returns
    -------
    centres : array of shape (starts, count, columns)
    within : array of shape (starts,)
        The sum of squares before the move, less the rows' own squares.
    """
    starts, count, _ = centres.shape
    lengthened = np.concatenate([-2 * centres, (centres**2).sum(axis=2, keepdims=True)], axis=2)
    lengthened = lengthened.reshape(starts * count, -1)
    lowest = np.empty((starts, len(rows.values)), dtype=centres.dtype)
    sums = np.zeros((starts, count, rows.weighted.shape[1]), dtype=centres.dtype)
    size = max(TOGETHER // len(lengthened), 1)
    for first in range(0, len(rows.values), size):
        part = slice(first, first + size)
        scores = (lengthened @ rows.lengthened[:, part]).reshape(starts, count, -1)
        lowest[:, part] = scores.min(axis=1)
        members = np.equal(scores, lowest[:, None, part], out=scores, casting="unsafe")
        sums += _sums(members, rows.weighted[part], rows.counts[part])
    sizes = sums[..., -1:]
    moved = sums[..., :-1] / np.maximum(sizes, 1)
    for start, code in zip(*np.nonzero(sizes[..., 0] == 0), strict=True):
        far = lowest[start] + rows.squares  # a centre that lost its customers starts at the farthest one
        moved[start, code] = rows.values[far.argmax()]
        lowest[start, far.argmax()] = -rows.squares[far.argmax()]
    return moved, lowest @ rows.counts


def _sums(members: np.ndarray, weighted: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Sums of the rows of each segment of each start; who is as near to two centres belongs to the first."""
    starts, count, _ = members.shape
    sums = (members.reshape(starts * count, -1) @ weighted).reshape(starts, count, -1)
    if (sums[..., -1].sum(axis=1) > counts.sum()).any():
        members[:, 1:] *= members.cumsum(axis=1)[:, :-1] == 0
        sums = (members.reshape(starts * count, -1) @ weighted).reshape(starts, count, -1)
    return sums
