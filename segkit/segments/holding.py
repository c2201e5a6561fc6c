"""How firmly each segment holds: the same customers, drawn again, segmented again.

Customers are drawn with replacement, the plan is fitted to them from scratch (refinements included), and each
segment is compared with the one most like it among the new ones by the Jaccard index: customers in both over
customers in either. The mean over the redraws is its stability (Hennig 2007, as in fpc::clusterboot).
Segments that rules define do not depend on who was drawn and have no such number.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.segments.cards import RuleCard, flat
from segkit.segments.fitting import fit, settled
from segkit.segments.methods.clusters import Clusters, prepared_for
from segkit.segments.methods.draft import Draft
from segkit.segments.methods.k_means import one_thread
from segkit.segments.methods.table import find_method
from segkit.segments.plan import Plan
from segkit.segments.prepared import Prepared
from segkit.segments.refining import refined
from segkit.segments.sampling import sampled
from segkit.segments.segmentation import Segmentation
from segkit.segments.watching import Watch, unwatched

SAMPLE = 2_000
REDRAWS = 20


@dataclass(frozen=True)
class Light:
    """A row of `LIGHTS`: from which stability on, and what that means."""

    at_least: float
    key: str
    label: str
    help: str


LIGHTS = (  # borders of fpc::clusterboot (Hennig)
    Light(0.85, "firm", "Very firm", "Nearly the same customers are found each time."),
    Light(0.75, "valid", "Firm", "Mostly the same customers are found each time."),
    Light(0.60, "pattern", "Blurred", "There is a pattern, but who belongs to it changes."),
    Light(-1.0, "doubtful", "Doubtful", "It dissolves when customers are drawn again: do not build on it."),
)


def light_of(stability: float) -> Light:
    """Say what a stability means.

    Examples
    --------
    >>> light_of(0.8).label, light_of(0.59).key
    ('Firm', 'doubtful')
    """
    return next(light for light in LIGHTS if stability >= light.at_least)


def segment_stability(
    customers: Customers,
    segmentation: Segmentation,
    fitted: Segmentation | None = None,
    redraws: int = REDRAWS,
    watch: Watch = unwatched,
) -> dict[str, float]:
    """Measure how firmly each segment holds.

    Parameters
    ----------
    customers : Customers
    segmentation : Segmentation
        As it was refined.
    fitted : Segmentation, optional
        As it was before; needed where there are refinements.
    redraws : int
    watch : function, optional

    Returns
    -------
    dict of segment key to float
        0 to 1, measured on at most 2,000 customers; empty where rules define the segments. A segment that
        no customer of the sample is in is left out.
    """
    if all(isinstance(card, RuleCard) for card in segmentation.tree.cards()):
        return {}
    few = _few(customers, segmentation)
    again = _Again(few, segmentation, fitted or segmentation, len(customers))
    found = segmentation.assign(few).codes
    rng = np.random.default_rng(segmentation.plan.seed)
    total = np.zeros(len(segmentation.segments))
    with one_thread():
        for draw in range(redraws):
            watch("Drawing customers again", draw / redraws)
            rows = np.sort(rng.integers(0, len(few), len(few)))
            total += jaccard(found, again.codes(rows, draw), len(segmentation.segments))
    here = np.bincount(found[found >= 0], minlength=len(total)) > 0
    keys = [segment.key for segment in segmentation.segments]
    return {
        key: round(float(value), 2)
        for key, value, there in zip(keys, total / redraws, here, strict=True)
        if there
    }


def jaccard(found: np.ndarray, again: np.ndarray, count: int) -> np.ndarray:
    """Likeness of each segment to the most alike of another segmentation of the same customers.

    Parameters
    ----------
    found, again : int arrays
        Codes of the same customers, -1 for none.
    count : int
        Segments in `found`.

    Returns
    -------
    float array of shape (count,)
        Customers in both over customers in either; 0 for a segment without customers.
    """
    both = _crossed(found, again, count)[:, 1:]
    mine = np.bincount(found[found >= 0], minlength=count)
    theirs = np.bincount(again[again >= 0], minlength=both.shape[1])
    either = mine[:, None] + theirs - both
    likeness = np.divide(both, either, out=np.zeros(either.shape), where=either > 0)
    return np.asarray(likeness.max(axis=1, initial=0.0))


def _crossed(found: np.ndarray, again: np.ndarray, count: int) -> np.ndarray:
    """Count customers by segment and by new segment; the first column is "none"."""
    wide = int(again.max(initial=-1)) + 2
    here = found >= 0
    pairs = found[here].astype(int) * wide + again[here].astype(int) + 1
    return np.bincount(pairs, minlength=count * wide).reshape(count, wide)


class _Again:
    """Fits a plan to redraws of a small table; what does not depend on the redraw is made once."""

    def __init__(
        self, few: Customers, segmentation: Segmentation, before: Segmentation, everybody: int
    ) -> None:
        self.few = few
        self.plan = _scaled(segmentation.plan, len(few) / everybody)
        self.refinements = segmentation.refinements
        self.keys = [segment.key for segment in before.segments]
        self.codes_before = before.assign(few).codes
        self.clusters = find_method(self.plan.method).clusters
        self.ready = None if self.clusters is None else prepared_for(few, self.plan, self.clusters.answers)[0]

    def codes(self, rows: np.ndarray, draw: int) -> np.ndarray:
        """Segment the redraw, and say where the customers of the whole sample come to."""
        plan = replace(self.plan, seed=self.plan.seed + draw)
        drawn = _taken(self.few, rows)
        if self.clusters is not None and self.ready is not None:
            fitted = self._from_prepared(self.clusters, self.ready, plan, rows)
        else:
            fitted = fit(drawn, plan)
        return self._refined(fitted, drawn).assign(self.few).codes

    def _from_prepared(
        self, clusters: Clusters, ready: Prepared, plan: Plan, rows: np.ndarray
    ) -> Segmentation:
        count = int(plan.n_segments)
        card = clusters.refit(ready.take(rows), count, plan.seed).card(ready.features, ready.weights)
        return settled(self.few, plan, Draft(flat(card)))

    def _refined(self, fitted: Segmentation, drawn: Customers) -> Segmentation:
        if not self.refinements:
            return fitted
        try:
            return refined(drawn, self._called_alike(fitted), self.refinements)
        except UnusablePlan:  # what was refined is not there this time, which is what is being measured
            return fitted

    def _called_alike(self, fitted: Segmentation) -> Segmentation:
        """Give the new segments the keys of the old ones they have most customers in common with."""
        common = _crossed(fitted.assign(self.few).codes, self.codes_before, len(fitted.segments))[:, 1:]
        new, old = linear_sum_assignment(-common)
        keys = {int(place): self.keys[match] for place, match in zip(new, old, strict=True)}
        segments = tuple(
            replace(segment, key=keys.get(place, f"new {segment.key}"))
            for place, segment in enumerate(fitted.segments)
        )
        return replace(fitted, segments=segments)


def _few(customers: Customers, segmentation: Segmentation) -> Customers:
    """A sample of the customers that does not depend on their order."""
    if len(customers) <= SAMPLE:
        return customers
    order = prepared_for(customers, segmentation.plan)[0].order(segmentation.plan.seed)
    return _taken(customers, np.sort(sampled(order, SAMPLE)))


def _taken(customers: Customers, rows: np.ndarray) -> Customers:
    frame = customers.frame.iloc[rows].reset_index(drop=True)
    return replace(customers, frame=frame, source=customers.source.take(rows))


def _scaled(plan: Plan, share: float) -> Plan:
    """Scale what a plan counts in customers down to the sample; shares stay."""
    smallest = plan.option("smallest")
    if not isinstance(smallest, int | float) or smallest < 1:
        return plan
    return plan.with_options(smallest=max(round(smallest * share), 2))
