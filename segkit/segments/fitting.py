"""Fit a plan to a customer table. `METHODS` lists what a plan's method can be."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.labels import listing
from segkit.segments.advice import recommended
from segkit.segments.clustering import distinct_rows, k_means
from segkit.segments.features import Feature, learned_features, matrix
from segkit.segments.plan import MOST_SEGMENTS, Plan
from segkit.segments.scorecard import ScoreCard, card_from_centres
from segkit.segments.segmentation import Segment, Segmentation


@dataclass(frozen=True)
class Method:
    """A row of `METHODS`: prepared customers to a score card, the largest segment first."""

    key: str
    label: str
    help: str
    fit: Callable[[tuple[Feature, ...], np.ndarray, int, int], ScoreCard]


def _k_means_card(features: tuple[Feature, ...], rows: np.ndarray, count: int, seed: int) -> ScoreCard:
    return card_from_centres(features, k_means(rows, count, seed))


METHODS = (
    Method(
        "k-means",
        "Similar customers (k-means)",
        "Groups customers so that those in a segment are as alike as possible.",
        _k_means_card,
    ),
)


def fit(customers: Customers, plan: Plan) -> Segmentation:
    """Fit a plan.

    Parameters
    ----------
    customers : Customers
    plan : Plan
        With no dimensions, all columns whose role is a dimension are used; with "auto", the number of
        segments that `advice` recommends.

    Returns
    -------
    Segmentation
        Its segments are numbered by size and named by number.

    Raises
    ------
    UnusablePlan
        The dimensions are not there or do not vary, or the method is unknown.
    """
    method = _method(plan.method)
    dimensions = plan.dimensions or customers.default_dimensions
    features, notes = learned_features(customers, dimensions, plan.scaling)
    rows = matrix(features, customers.frame)
    count, note = _count(plan, rows)
    card = method.fit(features, rows, count, plan.seed)
    card = _limited(card, customers)
    return Segmentation(
        replace(plan, dimensions=tuple(dimensions), n_segments=len(card.constants)),
        card,
        tuple(
            Segment(f"S{place + 1}", f"Segment {place + 1}", place) for place in range(len(card.constants))
        ),
        {feature.name: customers.column(feature.name).kind for feature in features},  # type: ignore[union-attr]
        tuple((feature.name, feature.steps) for feature in features),
        (*notes, *note),
    )


def _method(key: str) -> Method:
    for method in METHODS:
        if method.key == key:
            return method
    raise UnusablePlan(f"“{key}” is no method. Methods are: {listing([method.key for method in METHODS])}.")


def _count(plan: Plan, rows: np.ndarray) -> tuple[int, tuple[str, ...]]:
    """Settle the number of segments: never more than there are different customers."""
    distinct = distinct_rows(rows, MOST_SEGMENTS)
    if distinct < 2:
        raise UnusablePlan("All customers look the same in these dimensions. Choose others.")
    wanted = recommended(rows, plan.seed) if plan.n_segments == "auto" else plan.n_segments
    if wanted <= distinct:
        return wanted, ()
    return distinct, (
        f"{wanted} segments were asked for, but in these dimensions there are only {distinct} different kinds of "
        f"customers, so there are {distinct} segments. Add dimensions for more.",
    )


def _limited(card: ScoreCard, customers: Customers) -> ScoreCard:
    """Set the limit of "fits none": farther from its segment than every customer the card was made from."""
    return replace(card, limit=float(card.costs(customers.frame).min(axis=1).max()) * (1 + 1e-9))
