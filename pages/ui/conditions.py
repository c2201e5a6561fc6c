"""Pickers of conditions: columns, and for each the values or the range that count."""

import datetime
from collections.abc import Sequence

import streamlit as st

from pages.ui import look
from segkit.customers.base import MISSING, Condition, choosable
from segkit.customers.table import Column, Customers

MOST_CONDITIONS = 3


def asked(everyone: Customers, given: Sequence[Condition], label: str, prefix: str) -> tuple[Condition, ...]:
    """Ask for up to three columns and what counts of each.

    Parameters
    ----------
    everyone : Customers
        Whose columns and values can be chosen.
    given : sequence of Condition
        What was chosen before.
    label : str
    prefix : str
        Of the widgets' keys.
    """
    columns = {column.name: column for column in choosable(everyone)}
    names = st.multiselect(
        label,
        list(columns),
        default=[condition.column for condition in given if condition.column in columns],
        max_selections=MOST_CONDITIONS,
        key=f"{prefix}-columns-{everyone.fingerprint}",
        placeholder="Choose columns, such as country or plan",
    )
    before = {condition.column: condition for condition in given}
    conditions = [_asked(everyone, columns[name], before.get(name), prefix) for name in names]
    return tuple(condition for condition in conditions if condition is not None)


def _asked(everyone: Customers, column: Column, given: Condition | None, prefix: str) -> Condition | None:
    """Ask for the values or the range of one column; None while nothing is chosen."""
    look.note(column.name)
    key = f"{prefix}-{column.name}-{everyone.fingerprint}"
    if column.kind in ("category", "yes/no"):
        values = _values(everyone, column)
        picked = st.multiselect(
            "Values",
            values,
            default=[value for value in given.values if value in values] if given else [],
            key=key,
            label_visibility="collapsed",
            placeholder="All values",
        )
        return Condition(column.name, tuple(picked)) if picked else None
    return _days(everyone, column, given, key) if column.kind == "date" else _numbers(column, given, key)


def _values(everyone: Customers, column: Column) -> list[str]:
    values = everyone.frame[column.name]
    return [str(level) for level in values.cat.categories] + ([MISSING] if column.missing else [])


def _days(everyone: Customers, column: Column, given: Condition | None, key: str) -> Condition | None:
    known = everyone.frame[column.name]
    low, high = known.min().date(), known.max().date()
    start = datetime.date.fromisoformat(given.low) if given and given.low else low
    end = datetime.date.fromisoformat(given.high) if given and given.high else high
    picked = st.date_input(
        "Days", (start, end), min_value=low, max_value=high, key=key, label_visibility="collapsed"
    )
    if not isinstance(picked, tuple) or len(picked) < 2 or picked == (low, high):
        return None
    return Condition(column.name, low=picked[0].isoformat(), high=picked[1].isoformat())


def _numbers(column: Column, given: Condition | None, key: str) -> Condition | None:
    left, right = st.columns(2)
    low = left.number_input(
        "From", value=float(given.low) if given and given.low else None, key=f"{key}-low", placeholder="from"
    )
    high = right.number_input(
        "To", value=float(given.high) if given and given.high else None, key=f"{key}-high", placeholder="to"
    )
    if low is None and high is None:
        return None
    return Condition(column.name, low=_written(low), high=_written(high))


def _written(value: float | None) -> str:
    """Write a limit as a person would: 50 and not 50.0."""
    if value is None:
        return ""
    return str(int(value)) if value.is_integer() else str(value)
