"""Micro-segments: first groups that everybody knows, then clusters of similar customers inside each.

A plan tier or a stage says what may be offered; the clusters inside say to whom. Groups too small to be split
stay whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from segkit.customers.table import Customers, fingerprint
from segkit.errors import UnusablePlan
from segkit.labels import listing, number
from segkit.segments.cards import Tree
from segkit.segments.evidence.advice import recommended
from segkit.segments.methods.clusters import Clusters, prepared_for
from segkit.segments.methods.columns import MOST_GROUPS
from segkit.segments.methods.draft import Draft
from segkit.segments.methods.groups import KEPT, Groups, Methods, groups_of, leading
from segkit.segments.methods.options import is_number, said, smallest_group
from segkit.segments.plan import Plan
from segkit.segments.segmentation import day_of
from segkit.segments.watching import Watch, part_of, unwatched

SMALLEST, SMALLEST_SHARE = 200, 0.05  # below it, clusters of a handful of customers come and go
COUNTS = range(2, 5)  # inside one group; more would be more segments than can be told apart
MOST_INSIDE = 6
PARENT_SHARE, COUNT_SHARE = 0.1, 0.5  # of the work, for what is told while it goes on


@dataclass(frozen=True, eq=False)
class Parent:
    """One group, and the customers in it.

    Attributes
    ----------
    name : str
    customers : Customers
    count : int
        Clusters to find inside; 1 leaves it whole.
    """

    name: str
    customers: Customers
    count: int = 1


def micro(customers: Customers, plan: Plan, watch: Watch, methods: Methods) -> Draft:
    """Draft clusters inside groups.

    Parameters
    ----------
    customers : Customers
    plan : Plan
        Its dimensions form the clusters; by default the usual ones without those that made the groups.
        Options: "parent" is ``{"column": name}`` or ``{"method": key, "options": {…}}``; "inside" is the
        number of clusters in each group, or "auto" (2 to 4, by the evidence of each group); "clusters" is
        the method that finds them (usual: k-means); "smallest" is how many customers a group must have to
        be split (usual: 200, or 5 % of them). There are at most 20 segments; where there would be more, the
        groups with most clusters get fewer.
    watch : function
    methods : function
        The key of a method to what it does.

    Returns
    -------
    Draft
        In the order of the groups, inside by size. Clusters have no names yet.

    Raises
    ------
    UnusablePlan
        The groups cannot be made, or nothing is left to form clusters by.
    """
    groups = _parent_groups(customers, plan, methods, watch)
    clusters = _clusters(plan, methods)
    inner = _inner_plan(customers, plan, groups)
    least = smallest_parent(customers, plan)
    parents = _parents(customers, groups)
    parents = _counted(parents, inner, clusters, plan, least, watch)
    return _drafted(groups, parents, inner, clusters, watch)


def smallest_parent(customers: Customers, plan: Plan) -> int:
    """How many customers a group must have to be looked into: the option "smallest", or what is usual."""
    return smallest_group(customers, plan, max(SMALLEST, round(SMALLEST_SHARE * len(customers))))


def _parent_groups(customers: Customers, plan: Plan, methods: Methods, watch: Watch) -> Groups:
    part = plan.option("parent")
    if part is None:
        raise UnusablePlan(
            "Micro-segments need groups to look into. Name a column or a method in the option “parent”."
        )
    return groups_of(customers, plan, part, methods, part_of(watch, 0.0, PARENT_SHARE))


def _clusters(plan: Plan, methods: Methods) -> Clusters:
    key = str(plan.option("clusters", "k-means"))
    clusters = methods(key)
    if not isinstance(clusters, Clusters):
        raise UnusablePlan(
            f"{said(key)} finds no clusters inside groups. Choose a method that does, such as k-means."
        )
    return clusters


def _inner_plan(customers: Customers, plan: Plan, groups: Groups) -> Plan:
    """Plan the clusters: in the plan's dimensions, or the usual ones that did not make the groups."""
    used = groups.tree.names
    dimensions = plan.dimensions or tuple(one for one in customers.default_dimensions if one not in used)
    if not dimensions:
        raise UnusablePlan("No column is left to form clusters by. Choose dimensions, or other groups.")
    options = {key: plan.option(key) for key in (*KEPT, "left_out") if plan.option(key) is not None}
    return replace(
        plan, method=str(plan.option("clusters", "k-means")), dimensions=dimensions, options=options
    )


def _parents(customers: Customers, groups: Groups) -> list[Parent]:
    return [
        Parent(name, _only(customers, groups.codes == place, name)) for place, name in enumerate(groups.names)
    ]


def _only(customers: Customers, here: np.ndarray, name: str) -> Customers:
    """The customers of one group, with columns that still know what they are."""
    rows = np.flatnonzero(here)
    return replace(
        customers,
        frame=customers.frame.iloc[rows].reset_index(drop=True),
        source=customers.source.take(rows),
        fingerprint=fingerprint(customers.fingerprint.encode(), ["micro", name]),
    )


# --- how many inside --------------------------------------------------------------------------------


def _counted(
    parents: Sequence[Parent], inner: Plan, clusters: Clusters, plan: Plan, least: int, watch: Watch
) -> list[Parent]:
    """Say how many clusters each group has inside, so that there are not too many in all."""
    wanted = _wanted(plan)
    counts = []
    for place, parent in enumerate(parents):
        if not len(parent.customers) or len(parent.customers) < least:
            counts.append(1)
            continue
        watch(f"Looking into “{parent.name}”", PARENT_SHARE + COUNT_SHARE * place / len(parents))
        counts.append(wanted or _advised(parent.customers, inner, clusters))
    there = [bool(len(parent.customers)) for parent in parents]
    fewer = evenly_fewer([count if one else 0 for count, one in zip(counts, there, strict=True)])
    return [replace(parent, count=max(count, 1)) for parent, count in zip(parents, fewer, strict=True)]


def _wanted(plan: Plan) -> int | None:
    inside = plan.option("inside", "auto")
    if inside == "auto":
        return None
    if not is_number(inside) or inside != int(inside) or not 2 <= inside <= MOST_INSIDE:
        raise UnusablePlan(f"{said(inside)} clusters inside a group? Give 2 to {MOST_INSIDE}, or “auto”.")
    return int(inside)


def _advised(customers: Customers, inner: Plan, clusters: Clusters) -> int:
    """Find how many clusters the evidence recommends; 1 where customers are all alike."""
    try:
        ready, _ = prepared_for(customers, inner, clusters.answers)
        return recommended(ready, clusters.refit, inner.seed, COUNTS)
    except UnusablePlan:
        return 1


def evenly_fewer(counts: Sequence[int], most: int = MOST_GROUPS) -> list[int]:
    """Take clusters away where there are most of them, until there are not too many in all.

    Examples
    --------
    >>> evenly_fewer([6, 6, 4, 4, 4])
    [4, 4, 4, 4, 4]
    """
    fewer = list(counts)
    while sum(fewer) > most and max(fewer) > 1:
        fewer[len(fewer) - 1 - int(np.argmax(fewer[::-1]))] -= 1
    return fewer


# --- the draft --------------------------------------------------------------------------------------


def _drafted(
    groups: Groups, parents: Sequence[Parent], inner: Plan, clusters: Clusters, watch: Watch
) -> Draft:
    names: list[str] = []
    within: list[str] = []
    ends: dict[int, int | Tree] = {}
    whole: list[str] = []
    steps, notes = dict(groups.steps), list(groups.notes)
    for place, parent in enumerate(parents):
        share = PARENT_SHARE + COUNT_SHARE + (1 - PARENT_SHARE - COUNT_SHARE) * place / len(parents)
        watch(f"Finding the segments in “{parent.name}”", share)
        draft = _inside(parent, inner, clusters)
        if draft is None:
            ends[place] = len(names)
            names, within = [*names, parent.name], [*within, ""]
            whole += [f"“{parent.name}” ({number(len(parent.customers))})"] if len(parent.customers) else []
            continue
        ends[place] = _by_size(draft.tree, parent.customers, len(names))
        names += [""] * len(draft.tree.places)
        within += [parent.name] * len(draft.tree.places)
        for column, step in draft.steps:
            steps.setdefault(column, f"prepared inside each group; in “{parent.name}”: {step}")
    if whole:
        notes.append(f"Too small or too alike to be split: {listing(whole)}.")
    return Draft(
        leading(groups.tree, ends), tuple(names), tuple(steps.items()), tuple(notes), True, tuple(within)
    )


def _inside(parent: Parent, inner: Plan, clusters: Clusters) -> Draft | None:
    """Draft the clusters inside a group; None where it stays whole."""
    if parent.count < 2:
        return None
    try:
        draft = clusters(parent.customers, inner.with_segments(parent.count), unwatched)
    except UnusablePlan:
        return None  # its customers are all alike
    return draft if len(draft.tree.places) > 1 else None


def _by_size(tree: Tree, customers: Customers, first: int) -> Tree:
    """Number the places of a tree from some place on, the largest first."""
    codes, _ = tree.assign(customers.frame, day_of(customers, Plan()))
    sizes = np.bincount(codes[codes >= 0], minlength=max(tree.places) + 1)
    order = np.argsort(-sizes, kind="stable").tolist()
    return tree.moved_to({old: first + new for new, old in enumerate(order)})
