"""Groups: what one method makes of the customers, as a part of a larger segmentation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.segments.cards import NOBODY, RuleCard, Tree
from segkit.segments.conditions import Every
from segkit.segments.methods.draft import Draft, Make
from segkit.segments.methods.options import said
from segkit.segments.plan import Plan
from segkit.segments.segmentation import day_of
from segkit.segments.watching import Watch

COMBINED = ("crossing", "micro")  # these are made of parts and cannot be one
KEPT = ("as_of",)  # options that hold for all parts of a plan

Methods = Callable[[str], Make]
"""The key of a method to what it does."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Named groups, and who is in which.

    Attributes
    ----------
    tree : Tree
        Without a rest: whoever a rule left over is an outcome of the card.
    names : tuple of str
        One per place.
    codes : int array
        Place of each customer, -1 for none.
    steps, notes
        As in `Draft`.
    """

    tree: Tree
    names: tuple[str, ...]
    codes: np.ndarray
    steps: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    @property
    def sizes(self) -> np.ndarray:
        """Customers per place."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))


def groups_of(customers: Customers, plan: Plan, part: Any, methods: Methods, watch: Watch) -> Groups:
    """Let the method that a part of a plan names group the customers.

    Parameters
    ----------
    customers : Customers
    plan : Plan
        Its dimensions and seed, and the day that counts as today, hold for the part too.
    part : mapping
        ``{"column": name}``, or ``{"method": key, "options": {…}}``.
    methods : function
    watch : function

    Raises
    ------
    UnusablePlan
        It is no part, or its method cannot be used here.
    """
    inner = part_plan(plan, part)
    draft = methods(inner.method)(customers, inner, watch)
    tree = with_rest(draft.tree)
    codes, _ = tree.assign(customers.frame, day_of(customers, plan))
    return Groups(tree, _names(draft), codes, draft.steps, draft.notes)


def part_plan(plan: Plan, part: Any) -> Plan:
    """Write a part of a plan as a plan of its own."""
    if not isinstance(part, Mapping) or not {"column", "method"} & set(part):
        raise UnusablePlan(f"{said(part)} is no part. Name a “method”, or a “column”.")
    method = "column" if "column" in part else str(part["method"])
    options = {"column": part["column"]} if "column" in part else part.get("options", {})
    if method in COMBINED:
        raise UnusablePlan(f"“{method}” is made of parts itself. Choose another method as a part.")
    if not isinstance(options, Mapping):
        raise UnusablePlan(f"The options of “{method}” are {said(options)}. Give names with values.")
    kept = {key: plan.option(key) for key in KEPT if plan.option(key) is not None}
    return replace(plan, method=method, options={**options, **kept})


def with_rest(tree: Tree) -> Tree:
    """Make the rest of a list of rules a rule, so that it can lead further."""
    if tree.nobody == NOBODY or not isinstance(tree.card, RuleCard):
        return tree
    return Tree(RuleCard((*tree.card.rules, Every())), (*tree.leads_to, tree.nobody))


def _names(draft: Draft) -> tuple[str, ...]:
    count = max(draft.tree.places, default=NOBODY) + 1
    names = draft.names or ("",) * count
    return tuple(name or f"Group {place + 1}" for place, name in enumerate(names))


def leading(tree: Tree, ends: Mapping[int, int | Tree]) -> Tree:
    """Let the places of a tree lead to other places, or to a tree below."""
    leads_to = tuple(
        leading(one, ends) if isinstance(one, Tree) else ends.get(one, NOBODY) for one in tree.leads_to
    )
    return Tree(tree.card, leads_to)
