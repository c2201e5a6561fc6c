"""Columns: segments that stand in the table already, such as plan tiers, stages or countries."""

from collections.abc import Mapping, Sequence

import numpy as np

from segkit.customers.meanings.aliases import plain
from segkit.customers.table import Column, Customers
from segkit.errors import UnusablePlan
from segkit.labels import number, percent, plural, quantity, readable
from segkit.segments.conditions import Condition, Quantity, Test
from segkit.segments.features import level_counts, numeric
from segkit.segments.methods.draft import Draft, ruled
from segkit.segments.methods.options import column_for, named_column
from segkit.segments.plan import Plan
from segkit.segments.watching import Watch

MOST_GROUPS = 20  # colours repeat from the thirteenth on; more groups are a table, no segmentation
OTHER, UNKNOWN = "Other", "Unknown"
MOST_POOLED = 0.8  # of the customers; then the column names customers and does not group them

Ranks = Mapping[str, float]
"""How levels rank, by the level as text; one without a rank comes after those that have one."""

Groups = list[tuple[str, Condition]]


def as_it_is(customers: Customers, plan: Plan, watch: Watch) -> Draft:
    """Draft the groups of a column as it is.

    Parameters
    ----------
    customers : Customers
    plan : Plan
        The option "column" names it.
    watch : function

    Raises
    ------
    UnusablePlan
        There is no such column, or it has too many different values to be groups.
    """
    watch("Reading the groups", 0.2)
    if plan.option("column") is None:
        raise UnusablePlan("Groups by a column need the column. Name it in the option “column”.")
    return by_value(customers, named_column(customers, plan.option("column")))


def by_value(customers: Customers, one: Column, ranks: Ranks | None = None) -> Draft:
    """Draft one group per value of a column.

    The most frequent values have a group each, up to `MOST_GROUPS` in all; the others, and values that come
    up later, are "Other", and customers without a value "Unknown".

    Parameters
    ----------
    customers : Customers
    one : Column
        A number with few values, a yes/no, a category or a text.
    ranks : mapping, optional
        The order of the values; by default numbers go by size and texts by the alphabet.

    Raises
    ------
    UnusablePlan
        It has too many different values, none at all, or is a date.
    """
    counts = _counts(customers, one)
    kept = list(counts)[: MOST_GROUPS - 2]  # one place each is for Other and Unknown
    if len(counts) <= MOST_GROUPS - 1:
        kept = list(counts)
    pooled = sum(counts.values()) - sum(counts[level] for level in kept)
    _check(one, counts, pooled)
    what = Quantity(one.name)
    levels = sorted(kept, key=lambda level: _order(level, one, ranks or {}))
    rules: Groups = [(_name(one, level), Test(what, "in", (_value(one, level),))) for level in levels]
    rules.append((OTHER, Test(what, "known")))
    order = [name for name, _ in rules if name not in (OTHER, UNKNOWN)]
    notes = _pooled_note(one, counts, kept, pooled, len(customers))
    steps = ((one.name, f"as it is, {plural(len(kept), 'value')}"),)
    return ruled(customers, rules, UNKNOWN, notes, steps, [*order, OTHER, UNKNOWN])


def level_column(customers: Customers, plan: Plan, roles: Sequence[str]) -> Column | None:
    """Find the column that the option "column" names, or else the first with one of some roles."""
    return column_for(customers, plan, "column", roles, ("category", "yes/no", "number", "text"))


def ranked(levels: Sequence[str], ladders: Sequence[Sequence[str]]) -> dict[str, float] | None:
    """Rank levels by the first ladder of words that has all of them; None where no ladder has.

    Parameters
    ----------
    levels : sequence of str
    ladders : sequence of sequence of str
        Words in small letters from the lowest to the highest; words of the same rank are parted by "/".
    """
    for ladder in ladders:
        places = {word: float(rank) for rank, words in enumerate(ladder) for word in words.split("/")}
        found = {level: places[plain(level)] for level in levels if plain(level) in places}
        if levels and len(found) == len(levels):
            return found
    return None


def levels_of(customers: Customers, one: Column) -> list[str]:
    """List the different values of a column as texts, the most frequent first."""
    return list(_counts(customers, one))


def _counts(customers: Customers, one: Column) -> dict[str, int]:
    """Count the values of a column, the most frequent first, ties by name; numbers are written shortest."""
    values = customers.frame[one.name]
    if one.kind == "date":
        raise UnusablePlan(
            f"“{one.name}” holds dates, and hardly two customers share one. Choose another column, or rules "
            "with days since the date."
        )
    if one.kind != "number":
        return level_counts(values)
    raw = numeric(values)
    levels, sizes = np.unique(raw[~np.isnan(raw)], return_counts=True)
    if len(levels) > MOST_GROUPS - 1:
        raise UnusablePlan(
            f"“{one.name}” has {number(len(levels))} different numbers; {MOST_GROUPS - 1} make groups. "
            "Choose value tiers by it, rules with ranges of it, or another column."
        )
    by_size = sorted(zip(levels.tolist(), sizes.tolist(), strict=True), key=lambda pair: -pair[1])
    return {repr(float(level)): int(size) for level, size in by_size}


def _check(one: Column, counts: Mapping[str, int], pooled: int) -> None:
    known = sum(counts.values())
    if not known:
        raise UnusablePlan(f"“{one.name}” is empty, so it makes no groups. Choose another column.")
    if pooled > MOST_POOLED * known:
        raise UnusablePlan(
            f"“{one.name}” has {number(len(counts))} different values, and the most frequent ones are only "
            f"{percent(1 - pooled / known)} of customers. Choose a column with fewer values."
        )


def _order(level: str, one: Column, ranks: Ranks) -> tuple[float, float, str]:
    size = float(level) if one.kind == "number" else 0.0
    return ranks.get(level, np.inf), size, level.casefold()


def _name(one: Column, level: str) -> str:
    """What the group of a level is called: bare numbers and yes/no say nothing without their column."""
    if one.kind == "number":
        return f"{readable(one.name)}: {quantity(one.name, float(level))}"
    if one.kind == "yes/no":
        return f"{readable(one.name)}: {level.lower()}"
    same = [name for name in (OTHER, UNKNOWN) if name.casefold() == level.casefold()]
    return same[0] if same else level


def _value(one: Column, level: str) -> float | str:
    return float(level) if one.kind == "number" else level


def _pooled_note(
    one: Column, counts: Mapping[str, int], kept: Sequence[str], pooled: int, rows: int
) -> tuple[str, ...]:
    if not pooled:
        return ()
    rest = len(counts) - len(kept)
    return (
        f"“{one.name}” has {number(len(counts))} different values. The {plural(rest, 'least frequent one')} "
        f"are together “{OTHER}” ({percent(pooled / rows)} of customers).",
    )
