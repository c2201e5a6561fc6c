"""Clusters: prepared customers to a draft, whatever finds the groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np

from segkit.customers.meanings.roles import FAMILIES
from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.labels import listing, plural
from segkit.segments.cards import flat
from segkit.segments.evidence.advice import recommended
from segkit.segments.features import Feature, learned_features
from segkit.segments.methods.draft import Draft
from segkit.segments.methods.options import number_option
from segkit.segments.plan import Plan
from segkit.segments.prepared import Prepared, prepared
from segkit.segments.sampling import check_varied
from segkit.segments.scorecard import ScoreCard
from segkit.segments.watching import Watch, part_of

MOST_LEFT_OUT = 0.2  # of the customers may fit none; more would be a segment
OUTSIDE = 1e-9  # relative; the farthest customer is still inside


class Model(Protocol):
    """Groups that were found among prepared customers."""

    @property
    def count(self) -> int:
        """How many groups there are."""
        ...

    def codes(self, customers: Prepared) -> np.ndarray:
        """The group of each customer."""
        ...

    def card(self, features: Sequence[Feature], weights: Sequence[float]) -> ScoreCard:
        """The groups as a score card without a limit."""
        ...


Fit = Callable[[Prepared, int, int], Model]
"""Prepared customers, a number of groups and a seed to a model."""


@dataclass(frozen=True)
class Clusters:
    """How a clustering method fits: all customers, and a small sample again and again for the evidence."""

    fit: Fit
    refit: Fit
    answers: bool = False

    def __call__(self, customers: Customers, plan: Plan, watch: Watch) -> Draft:
        """Draft clusters in the plan's dimensions.

        Raises
        ------
        UnusablePlan
            The dimensions are not there or do not vary.
        """
        watch("Preparing the columns", 0.0)
        ready, notes = prepared_for(customers, plan, self.answers)
        if plan.n_segments == "auto":
            count = recommended(ready, self.refit, plan.seed, watch=part_of(watch, 0.0, 0.7))
        else:
            count = plan.n_segments
        watch("Finding the segments", 0.7)
        card = self.fit(ready, count, plan.seed).card(ready.features, ready.weights)
        watch("Placing everybody", 0.9)
        card = limited(card, customers, number_option(plan, "left_out", 0.0, 0.0, MOST_LEFT_OUT))
        steps = {
            feature.name: _step(feature, weight)
            for feature, weight in zip(ready.features, ready.weights, strict=True)
        }
        named = plan.dimensions or customers.default_dimensions
        in_order = tuple((name, steps[name]) for name in named if name in steps)
        return Draft(flat(card), (), in_order, (*notes, *_fewer(count, card.count)))


def prepared_for(customers: Customers, plan: Plan, answers: bool = False) -> tuple[Prepared, tuple[str, ...]]:
    """Prepare the customers of a table in a plan's dimensions; gives notes on what was left out.

    Raises
    ------
    UnusablePlan
        The dimensions are not there or do not vary.
    """
    asked = (plan.dimensions, plan.weights, plan.family_weights, plan.scaling, answers)
    known = _LAST.get(customers)
    if known is None or known[0] != asked:
        _LAST.clear()
        known = _LAST[customers] = asked, *_prepared_for(customers, plan, answers)
    return known[1:]


_Known = tuple[object, Prepared, tuple[str, ...]]
_LAST: "WeakKeyDictionary[Customers, _Known]" = WeakKeyDictionary()  # one: advice and segments ask the same


def _prepared_for(customers: Customers, plan: Plan, answers: bool) -> tuple[Prepared, tuple[str, ...]]:
    dimensions = plan.dimensions or customers.default_dimensions
    _check_weights(customers, plan)
    weights = {name: _weight(customers, plan, name) for name in dimensions}
    heavy = [name for name in dimensions if weights[name] > 0]
    if dimensions and not heavy:
        raise UnusablePlan("Every dimension has the weight 0. Give at least one of them more.")
    features, notes = learned_features(customers, heavy, plan.scaling)
    idle = tuple(f"“{name}” has the weight 0 and was left out." for name in dimensions if not weights[name])
    ready = prepared(
        features, customers.frame, [weights[one.name] for one in features], answers, by_content=True
    )
    check_varied(ready.space)
    return ready, (*notes, *idle)


def _weight(customers: Customers, plan: Plan, name: str) -> float:
    column = customers.column(name)
    return plan.weight(name, column.family) if column else 1.0


def _check_weights(customers: Customers, plan: Plan) -> None:
    for name in dict(plan.weights):
        if customers.column(name) is None:
            raise UnusablePlan(f"There is no column “{name}” to weigh. Check its name.")
    for family in dict(plan.family_weights):
        if family not in FAMILIES:
            raise UnusablePlan(f"“{family}” is no family. Families are: {listing(list(FAMILIES), 20)}.")


def limited(card: ScoreCard, customers: Customers, left_out: float) -> ScoreCard:
    """Drop segments that nobody is in, and set the limit of "fits none".

    The limit is the cost of the customer farthest from her segment, so that only somebody farther than
    every customer the card was made from fits none; or, where a share is left out, of the farthest other.
    """
    if not 0 <= left_out <= MOST_LEFT_OUT:
        raise UnusablePlan(
            f"At most {MOST_LEFT_OUT:.0%} of the customers can be left out, not {left_out:.0%}."
        )
    codes, lowest = card.nearest(customers.frame)
    there = [int(place) for place in np.flatnonzero(np.bincount(codes, minlength=card.count))]
    edge = float(np.quantile(lowest, 1 - left_out, method="lower"))
    return replace(card.keeping(there), limit=edge + abs(edge) * OUTSIDE)


def _step(feature: Feature, weight: float) -> str:
    return feature.steps if weight == 1 else f"{feature.steps}; counts {weight:g} times"


def _fewer(wanted: int, made: int) -> tuple[str, ...]:
    if made >= wanted:
        return ()
    return (
        f"{wanted} segments were asked for, but in these dimensions there are only {made} different kinds of "
        f"customers, so there are {plural(made, 'segment')}. Add dimensions for more.",
    )
