"""Crossing: two or three ways to group customers at once, such as plan tier by sentiment."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.labels import percent, plural
from segkit.segments.cards import Tree
from segkit.segments.methods.columns import MOST_GROUPS
from segkit.segments.methods.draft import Draft
from segkit.segments.methods.groups import Groups, Methods, groups_of, leading
from segkit.segments.methods.options import said, smallest_group
from segkit.segments.plan import Plan
from segkit.segments.watching import Watch, part_of

FEWEST_PARTS, MOST_PARTS = 2, 3
BY = " × "
OTHERS = "Other combinations"

Cell = tuple[int, ...]
"""A place of each part."""


def crossing(customers: Customers, plan: Plan, watch: Watch, methods: Methods) -> Draft:
    """Draft every combination of the groups of two or three parts.

    Parameters
    ----------
    customers : Customers
    plan : Plan
        Options: "parts" is a list of ``{"column": name}`` or ``{"method": key, "options": {…}}``; "smallest"
        is how many customers a combination must have (usual: 30, or 2 % of them). The others are "Other
        combinations", as are all but the largest 19 where there are more than 20.
    watch : function
    methods : function
        The key of a method to what it does.

    Raises
    ------
    UnusablePlan
        Parts are not two or three, one of them cannot be used here, or no combination is large enough.
    """
    parts = _parts(plan)
    count = len(parts)
    groups = [
        groups_of(customers, plan, part, methods, part_of(watch, place / count, (place + 1) / count))
        for place, part in enumerate(parts)
    ]
    least = smallest_group(customers, plan)
    sizes = _cell_sizes(groups)
    kept = _kept(sizes, least)
    places = {cell: place for place, cell in enumerate(kept)}
    tree = _tree(groups, places)
    names = [BY.join(one.names[at] for one, at in zip(groups, cell, strict=True)) for cell in kept]
    notes = dict.fromkeys([note for one in groups for note in one.notes])
    return Draft(
        tree,
        (*names, OTHERS),
        _steps(groups),
        (*notes, *_pooled_note(sizes, kept, least)),
        ordered=True,
    )


def _parts(plan: Plan) -> list[object]:
    parts = plan.option("parts")
    if not isinstance(parts, list) or not FEWEST_PARTS <= len(parts) <= MOST_PARTS:
        raise UnusablePlan(
            f"The parts to cross are {said(parts)}. Give two or three: a column or a method each."
        )
    return parts


def _cell_sizes(groups: Sequence[Groups]) -> dict[Cell, int]:
    """Count the customers of every combination that occurs."""
    counts = [len(one.names) for one in groups]
    inside = np.logical_and.reduce([one.codes >= 0 for one in groups])
    cells = np.ravel_multi_index(tuple(one.codes[inside].astype(int) for one in groups), counts)
    sizes = np.bincount(cells, minlength=int(np.prod(counts)))
    return {cell: int(size) for cell, size in zip(np.ndindex(*counts), sizes, strict=True) if size}


def _kept(sizes: Mapping[Cell, int], least: int) -> list[Cell]:
    """Keep combinations that are large enough, the largest where they are too many."""
    large = sorted((cell for cell in sizes if sizes[cell] >= least), key=lambda cell: (-sizes[cell], cell))
    room = MOST_GROUPS if len(large) == len(sizes) <= MOST_GROUPS else MOST_GROUPS - 1
    if not large:
        raise UnusablePlan(
            f"No combination has {plural(least, 'customer')}. Choose parts with fewer groups, or a smaller "
            "size in the option “smallest”."
        )
    return sorted(large[:room])


def _tree(groups: Sequence[Groups], places: Mapping[Cell, int]) -> Tree:
    """Hang the tree of each part below every place of the part before."""
    others = len(places)

    def below(cell: Cell) -> int | Tree:
        if len(cell) == len(groups):
            return places.get(cell, others)
        return hung(cell)

    def hung(cell: Cell) -> Tree:
        one = groups[len(cell)]
        return leading(one.tree, {place: below((*cell, place)) for place in range(len(one.names))})

    return hung(())


def _steps(groups: Iterable[Groups]) -> tuple[tuple[str, str], ...]:
    """Say what each part did to a column, once each."""
    said_: dict[str, list[str]] = {}
    for one in groups:
        for column, step in one.steps:
            steps = said_.setdefault(column, [])
            if step not in steps:
                steps.append(step)
    return tuple((column, "; ".join(steps)) for column, steps in said_.items())


def _pooled_note(sizes: Mapping[Cell, int], kept: Sequence[Cell], least: int) -> tuple[str, ...]:
    pooled = sum(size for cell, size in sizes.items() if cell not in kept)
    if not pooled:
        return ()
    share = percent(pooled / sum(sizes.values()))
    return (
        f"{plural(len(sizes) - len(kept), 'combination')} with fewer than {plural(least, 'customer')}, or "
        f"beyond the largest, are together “{OTHERS}” ({share} of customers).",
    )
