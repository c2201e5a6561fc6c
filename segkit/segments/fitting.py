"""Fit a plan to a customer table, and collect the evidence for how many segments there are."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.segments.cards import NOBODY
from segkit.segments.evidence.advice import Advice, advice_for
from segkit.segments.methods.clusters import prepared_for
from segkit.segments.methods.draft import Draft
from segkit.segments.methods.table import drafted, find_method
from segkit.segments.plan import Plan
from segkit.segments.segmentation import Segment, Segmentation, day_of
from segkit.segments.watching import Watch, unwatched

COUNTS = range(2, 11)


def fit(customers: Customers, plan: Plan, watch: Watch = unwatched) -> Segmentation:
    """Fit a plan.

    Parameters
    ----------
    customers : Customers
    plan : Plan
        With no dimensions, all columns whose role is a dimension are used; with "auto", the number of
        segments that `advise` recommends.
    watch : function, optional
        Told of every step and the share that is done; may raise to stop.

    Returns
    -------
    Segmentation
        Clusters are numbered by size and named by number; rules keep their order and their names.

    Raises
    ------
    UnusablePlan
        The dimensions are not there or do not vary, or the method is unknown or cannot be used here.
    """
    return settled(customers, plan, drafted(customers, plan, watch))


def settled(customers: Customers, plan: Plan, draft: Draft) -> Segmentation:
    """Number the segments of a draft, and drop those that nobody is in."""
    codes, sure = draft.tree.assign(customers.frame, day_of(customers, plan))
    sizes = np.bincount(codes[codes >= 0], minlength=max(draft.tree.places, default=-1) + 1)
    if not (sizes > 0).sum():
        raise UnusablePlan(
            "No customer is in any of these segments. Change the rules, or choose another method."
        )
    ranked = range(len(sizes)) if draft.ordered else np.argsort(-sizes, kind="stable").tolist()
    order = [place for place in ranked if sizes[place]]
    tree = draft.tree.moved_to({old: new for new, old in enumerate(order)})
    dimensions = plan.dimensions
    if find_method(plan.method).clusters is not None:
        dimensions = dimensions or customers.default_dimensions
        plan = replace(plan, n_segments=max(len(order), 2))
    made = Segmentation(
        replace(plan, dimensions=tuple(dimensions)),
        tree,
        tuple(_segment(draft, place, number) for number, place in enumerate(order)),
        {name: customers.column(name).kind for name in tree.names},  # type: ignore[union-attr]
        draft.steps,
        draft.notes,
        {name: customers.column(name).role for name in tree.names},  # type: ignore[union-attr]
    )
    numbers = np.full(len(sizes) + 1, NOBODY, np.int16)  # the last one is that of nobody
    numbers[order] = np.arange(len(order))
    made.assigned(customers, numbers[codes], sure)
    return made


def _segment(draft: Draft, place: int, number: int) -> Segment:
    within = draft.within[place] if draft.within else ""
    named = draft.names[place] if draft.names else ""
    return Segment(f"S{number + 1}", named or f"Segment {number + 1}", number, bool(named), within)


def advise(
    customers: Customers, plan: Plan, counts: Sequence[int] = COUNTS, watch: Watch = unwatched
) -> Advice:
    """Collect the evidence for some numbers of segments in the plan's dimensions.

    Raises
    ------
    UnusablePlan
        The dimensions are not there or do not vary, or the plan's method has the number of segments it has.
    """
    method = find_method(plan.method)
    if method.clusters is None:
        raise UnusablePlan(
            f"“{method.label}” has the segments its rules say, so there is no number to advise on. "
            "Choose a method that finds groups, such as k-means."
        )
    ready, _ = prepared_for(customers, plan, method.clusters.answers)
    return advice_for(ready, method.clusters.refit, plan.seed, counts, watch)
