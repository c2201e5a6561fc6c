"""Fit a plan to a customer table. `METHODS` lists what a plan's method can be."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.labels import listing, plural
from segkit.segments.advice import recommended
from segkit.segments.clustering import check_varied, k_means
from segkit.segments.features import Feature, learned_features, matrix
from segkit.segments.plan import Plan
from segkit.segments.scorecard import ScoreCard, card_from_centres
from segkit.segments.segmentation import Segment, Segmentation


@dataclass(frozen=True)
class Method:
    """A row of `METHODS`: prepared customers to a score card."""

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
    check_varied(rows)
    count = recommended(rows, plan.seed) if plan.n_segments == "auto" else plan.n_segments
    card = _settled(method.fit(features, rows, count, plan.seed), customers.frame)
    return Segmentation(
        replace(plan, dimensions=tuple(dimensions), n_segments=len(card.constants)),
        card,
        tuple(
            Segment(f"S{place + 1}", f"Segment {place + 1}", place) for place in range(len(card.constants))
        ),
        {feature.name: customers.column(feature.name).kind for feature in features},  # type: ignore[union-attr]
        tuple((feature.name, feature.steps) for feature in features),
        (*notes, *_fewer(count, len(card.constants))),
    )


def _method(key: str) -> Method:
    for method in METHODS:
        if method.key == key:
            return method
    raise UnusablePlan(f"“{key}” is no method. Methods are: {listing([method.key for method in METHODS])}.")


def _settled(card: ScoreCard, frame: pd.DataFrame) -> ScoreCard:
    """Number the segments by size, and set the limit of "fits none".

    The limit is the cost of the customer farthest from her segment: who is farther than every customer
    the card was made from fits none.
    """
    codes, lowest, _ = card.nearest(frame)
    sizes = np.bincount(codes, minlength=len(card.constants))
    order = [int(place) for place in np.argsort(-sizes, kind="stable") if sizes[place]]
    return replace(card.keeping(order), limit=float(lowest.max()) * (1 + 1e-9))


def _fewer(wanted: int, made: int) -> tuple[str, ...]:
    if made >= wanted:
        return ()
    return (
        f"{wanted} segments were asked for, but in these dimensions there are only {made} different kinds of "
        f"customers, so there are {plural(made, 'segment')}. Add dimensions for more.",
    )
