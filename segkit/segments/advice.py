"""How many segments: evidence for each number, candidates in a sentence each, one recommended.

*Stability*: the customers are drawn again with replacement several times, each draw is segmented from
scratch, and every two results are compared on the same customers by the adjusted Rand index (Hennig
2007; Dolnicar & Leisch 2010): 1 means the same segments each time, 0 no more than chance.
*Silhouette*: how much closer customers are to their own segment than to the next one (Rousseeuw 1987).
Both on a sample, which is said wherever they are shown. There is no one right number, so two candidates
are offered, each with its reason: segments that come back are not the same as segments that stand apart
(one cloud of customers can be cut in the same way each time), so the sentence says both.
"""

from dataclasses import dataclass, replace

import numpy as np
from sklearn.metrics import adjusted_rand_score, pairwise_distances

from segkit.customers.table import Customers
from segkit.labels import number, percent
from segkit.segments.clustering import (
    check_varied,
    content_order,
    distinct_rows,
    fitted_centres,
    nearest,
    one_thread,
    sampled,
)
from segkit.segments.features import learned_features, matrix
from segkit.segments.plan import Plan

STABILITY_SAMPLE = 2_000
REDRAWS = 5
FEWEST, MOST = 2, 8
STABLE = 0.80  # "stable" in Dolnicar, Grün & Leisch (2018) practice; below it segments come and go
BLURRED = 0.60  # below it a segmentation is not to be trusted (Hennig, fpc::clusterboot)
APART, HARDLY_APART = 0.50, 0.25  # "reasonable" and "no substantial structure" (Kaufman & Rousseeuw 1990)
SMALLEST_SHARE = 0.05  # a segment under 5 % is rarely worth a programme of its own
USEFUL = range(3, 7)  # two segments say little in a meeting, more than six nobody remembers


@dataclass(frozen=True)
class Candidate:
    """Evidence for one number of segments.

    Attributes
    ----------
    segments : int
    stability : float
        Mean adjusted Rand index between redraws, at most 1, to the two digits that a few redraws can tell.
    silhouette : float
        Mean silhouette width on the sample, -1 to 1.
    smallest : float
        Share of customers in the smallest segment.
    sentence : str
        What that means, in words.
    """

    segments: int
    stability: float
    silhouette: float
    smallest: float
    sentence: str

    def with_smallest(self, share: float) -> "Candidate":
        """Return the same evidence with the smallest segment as it is among all customers."""
        sentence = _sentence(self.segments, self.stability, self.silhouette, share)
        return replace(self, smallest=share, sentence=sentence)


@dataclass(frozen=True)
class Advice:
    """All numbers of segments that were looked at, and which are offered."""

    evidence: tuple[Candidate, ...]
    recommended: int
    alternative: int | None
    sample: int

    def candidate(self, segments: int) -> Candidate | None:
        """Look up the evidence for one number of segments."""
        return next((one for one in self.evidence if one.segments == segments), None)


def advise(customers: Customers, plan: Plan) -> Advice:
    """Collect the evidence for 2 to 8 segments in the plan's dimensions.

    Raises
    ------
    UnusablePlan
        The dimensions are not there or do not vary.
    """
    features, _ = learned_features(customers, plan.dimensions or customers.default_dimensions, plan.scaling)
    return advice_for(matrix(features, customers.frame), plan.seed)


def recommended(rows: np.ndarray, seed: int) -> int:
    """Return the recommended number of segments for prepared customers."""
    return advice_for(rows, seed).recommended


def advice_for(rows: np.ndarray, seed: int) -> Advice:
    """Collect the evidence on a sample of prepared customers (rows of a feature matrix).

    Raises
    ------
    UnusablePlan
        All customers look the same.
    """
    check_varied(rows)
    sample = rows[sampled(content_order(rows, seed), STABILITY_SAMPLE)]
    most = min(MOST, distinct_rows(sample) - 1, len(sample) // 2)
    counts = range(FEWEST, max(most, FEWEST) + 1)
    distances = pairwise_distances(sample)
    with one_thread():
        evidence = tuple(_evidence(sample, distances, count, seed) for count in counts)
    best, other = _choice(evidence)
    return Advice(evidence, best, other, len(sample))


def _evidence(sample: np.ndarray, distances: np.ndarray, count: int, seed: int) -> Candidate:
    codes = nearest(sample, fitted_centres(sample, count, seed))
    stability = round(_stability(sample, count, seed), 2)
    smallest = float(np.bincount(codes, minlength=count).min() / len(codes))
    width = silhouette(distances, codes)
    return Candidate(count, stability, width, smallest, _sentence(count, stability, width, smallest))


def _stability(sample: np.ndarray, count: int, seed: int) -> float:
    rng = np.random.default_rng([seed, count])
    codes = []
    for draw in range(REDRAWS):
        again = sample[np.sort(rng.integers(0, len(sample), len(sample)))]
        codes.append(nearest(sample, fitted_centres(again, count, seed + draw)))
    pairs = [(a, b) for a in range(REDRAWS) for b in range(a)]
    return float(np.mean([adjusted_rand_score(codes[a], codes[b]) for a, b in pairs]))


def silhouette(distances: np.ndarray, codes: np.ndarray) -> float:
    """Mean silhouette width from ready distances (Rousseeuw 1987).

    Customers alone in their segment count as 0, as does everyone when there is one segment only.

    Parameters
    ----------
    distances : array of shape (rows, rows)
    codes : int array of shape (rows,)
        Segments from 0 on, none of them empty.
    """
    count = int(codes.max()) + 1
    sizes = np.bincount(codes, minlength=count)
    sums = distances @ np.eye(count, dtype=distances.dtype)[codes]
    everyone = np.arange(len(codes))
    own = sums[everyone, codes] / np.maximum(sizes[codes] - 1, 1)
    others = sums / np.maximum(sizes, 1)
    others[everyone, codes] = np.inf
    next_best = others.min(axis=1)
    wider = np.maximum(own, next_best)
    counted = (sizes[codes] > 1) & (wider > 0) & np.isfinite(next_best)
    return float(np.divide(next_best - own, wider, out=np.zeros_like(own), where=counted).mean())


def _choice(evidence: tuple[Candidate, ...]) -> tuple[int, int | None]:
    """Recommend one number and an alternative.

    Where stable segments stand apart, those that do so most; else the finest useful number that keeps
    coming back; else the useful one that comes back most, unless only another number comes back at all.
    The alternative is the clearest of the others.
    """
    large = [one for one in evidence if one.smallest >= SMALLEST_SHARE]
    stable = [one for one in large if one.stability >= STABLE]
    useful = [one for one in large if one.segments in USEFUL]
    apart = [one for one in stable if one.silhouette >= APART]
    if apart:
        best = max(apart, key=lambda one: round(one.silhouette, 2))
    elif finest := [one for one in useful if one in stable]:
        best = finest[-1]
    else:
        fair = [one for one in useful if one.stability >= BLURRED]
        best = max(fair or stable or useful or evidence, key=lambda one: (one.stability, -one.segments))
    others = [one for one in large if one.segments != best.segments]
    other = max(others, key=lambda one: (round(one.stability, 1), round(one.silhouette, 2)), default=None)
    return best.segments, other.segments if other else None


def _sentence(count: int, stability: float, silhouette: float, smallest: float) -> str:
    agreement = f"(agreement {number(stability, 2)} of 1)"
    size = f"the smallest segment is {percent(smallest)} of customers"
    if stability >= STABLE:
        clear = f"{agreement}{_apart(silhouette)}"
        return f"{count} segments come back when customers are drawn again {clear}; {size}."
    if stability >= BLURRED:
        return f"{count} segments come back mostly, with blurred borders {agreement}; {size}."
    return f"{count} segments change much from draw to draw {agreement}, so read them with care; {size}."


def _apart(silhouette: float) -> str:
    if silhouette >= APART:
        return " and stand clearly apart"
    return "" if silhouette >= HARDLY_APART else ", but run into one another"
