"""Own rules: segments somebody wrote down, as data; nothing of it is ever run."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.labels import listing
from segkit.segments.conditions import Condition, condition_from
from segkit.segments.methods.columns import MOST_GROUPS
from segkit.segments.methods.draft import Draft, ruled
from segkit.segments.methods.options import said
from segkit.segments.plan import Plan
from segkit.segments.segmentation import LONGEST_NAME, day_of
from segkit.segments.watching import Watch


def own_rules(customers: Customers, plan: Plan, watch: Watch) -> Draft:
    """Draft segments from rules that the plan holds; the first that a customer meets counts.

    Parameters
    ----------
    customers : Customers
    plan : Plan
        Options: "rules" is a list such as ``[{"name": "VIP", "when": {"column": "@revenue", "how": ">=",
        "values": [1000]}}]`` (see `conditions`); rules with the same name make one segment. "rest" names the
        segment of all others; without it they fit none.
    watch : function

    Raises
    ------
    UnusablePlan
        A rule has no name or is no condition, or asks for a column that is not there.
    """
    watch("Reading the rules", 0.2)
    given = plan.option("rules")
    if not isinstance(given, list) or not given:
        raise UnusablePlan("There are no rules yet. Give at least one, with a name and a condition.")
    rules = [_rule(one, place) for place, one in enumerate(given)]
    names = {name for name, _ in rules}
    if len(names) > MOST_GROUPS:
        raise UnusablePlan(
            f"The rules name {len(names)} segments; {MOST_GROUPS} can be told apart. Give some the same name."
        )
    draft = ruled(customers, rules, _name(plan.option("rest", ""), "rest"))
    return _with_notes(draft, customers, plan)


def _rule(given: Any, place: int) -> tuple[str, Condition]:
    where = f"rule {place + 1}"
    if not isinstance(given, Mapping) or "when" not in given:
        raise UnusablePlan(f"In {where}, {said(given)} is no rule. Give a “name” and a condition as “when”.")
    name = _name(given.get("name", ""), where)
    if not name:
        raise UnusablePlan(f"In {where} the segment has no name. Give it one.")
    try:
        return name, condition_from(given["when"])
    except UnusablePlan as problem:
        raise UnusablePlan(f"In {where}, “{name}”: {problem}") from problem


def _name(given: Any, where: str) -> str:
    if not isinstance(given, str):
        raise UnusablePlan(f"In {where}, {said(given)} is no name. Give a text.")
    return " ".join(given.split())[:LONGEST_NAME]


def _with_notes(draft: Draft, customers: Customers, plan: Plan) -> Draft:
    """Name the segments that nobody is in, since a typing mistake looks like that."""
    codes, _ = draft.tree.assign(customers.frame, day_of(customers, plan))
    sizes = np.bincount(codes[codes >= 0], minlength=len(draft.names))
    empty = [f"“{name}”" for name, size in zip(draft.names, sizes, strict=True) if not size]
    if not empty:
        return draft
    note = (
        f"Nobody is in {listing(empty)}: nobody meets the rule, or rules above take all who do. "
        "Check its values, or put it further up."
    )
    return Draft(draft.tree, draft.names, draft.steps, (*draft.notes, note), draft.ordered)
