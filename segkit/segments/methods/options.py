"""Options: what a plan says of a rule method, read with care, since plans come from links and files."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from segkit.customers.meanings.roles import find_role
from segkit.customers.table import Column, Customers
from segkit.errors import UnusablePlan
from segkit.labels import listing, number
from segkit.segments.conditions import either
from segkit.segments.plan import Plan

FEWEST, SMALLEST_SHARE = 30, 0.02  # fewer answers are only indicative; a smaller share is rarely addressed


def number_option(plan: Plan, key: str, usual: float, low: float = 0.0, high: float = float("inf")) -> float:
    """Read a number.

    Raises
    ------
    UnusablePlan
        It is no number, or outside low to high.
    """
    value = plan.option(key, usual)
    if not is_number(value) or not low <= value <= high:
        limits = f"from {number(low)}" + (f" to {number(high)}" if isfinite(high) else " up")
        raise UnusablePlan(f"The option “{key}” is {said(value)}. Give a number {limits}.")
    return float(value)


def is_number(value: Any) -> bool:
    """Tell whether an option is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def said(value: Any) -> str:
    """Write what was given, short enough for a message."""
    text = str(value)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def smallest_group(customers: Customers, plan: Plan, fewest: int = FEWEST) -> int:
    """How many customers a group must have to stand alone: the option "smallest", or what is usual.

    Usual are `fewest` customers, or 2 % of them where that is more.
    """
    usual = max(fewest, round(SMALLEST_SHARE * len(customers)))
    return round(number_option(plan, "smallest", usual, 1))


def named_column(customers: Customers, name: Any) -> Column:
    """Look up a column that an option names.

    Raises
    ------
    UnusablePlan
        There is none, or it holds personal data.
    """
    column = customers.column(str(name))
    if column is None:
        known = listing([one.name for one in customers.columns if not one.hidden], 40)
        raise UnusablePlan(f"There is no column {said(name)} in the table. It has: {known}.")
    if column.hidden or column.use == "id":
        what = column.personal or "what tells one customer from another"
        raise UnusablePlan(f"“{column.name}” holds {what}, so it makes no groups. Choose another column.")
    return column


def column_for(
    customers: Customers, plan: Plan, option: str, roles: Sequence[str], kinds: Sequence[str] = ()
) -> Column | None:
    """Find the column that an option names, or else the first one that has one of some roles.

    Raises
    ------
    UnusablePlan
        The option names a column that is not there, or one of another kind.
    """
    if plan.option(option) is None:
        found = (column for role in roles for column in customers.columns if column.role == role)
        return next((column for column in found if not kinds or column.kind in kinds), None)
    column = named_column(customers, plan.option(option))
    if kinds and column.kind not in kinds:
        raise UnusablePlan(
            f"“{column.name}” is read as {column.kind}; the option “{option}” takes a column of the kind "
            f"{either(kinds)}. Choose another one, or change its kind."
        )
    return column


def absent(method: str, roles: Sequence[str], option: str = "") -> UnusablePlan:
    """Say that a method lacks a column, and what to do about it."""
    labels = either([f"“{find_role(role).label}”" for role in roles])
    named = f", name a column in the option “{option}”" if option else ""
    return UnusablePlan(
        f"{method} need a column that means {labels}, and this table has none. Set it on the "
        f"data page{named}, or choose another method."
    )
