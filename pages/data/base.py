"""Whom everything that follows is about: a few conditions, everyone by default."""

import datetime

import streamlit as st

from pages.ui import look, state
from segkit.customers.base import MISSING, Condition, choosable
from segkit.customers.table import Column
from segkit.errors import SegkitError
from segkit.labels import number, plural

MOST_CONDITIONS = 3


def bar(table: state.Loaded) -> None:
    """Let the user restrict the customers by up to three columns."""
    everyone, chosen = len(table.everyone), len(table.customers)
    label = (
        f"Who counts: {number(chosen)} of {plural(everyone, 'customer')}"
        if table.conditions
        else f"Who counts: all {plural(everyone, 'customer')}"
    )
    columns = {column.name: column for column in choosable(table.everyone)}
    if not columns:
        return
    with st.expander(label, key="base"):
        used = [condition.column for condition in table.conditions if condition.column in columns]
        names = st.multiselect(
            "Only customers by",
            list(columns),
            default=used,
            max_selections=MOST_CONDITIONS,
            key=f"base-columns-{table.everyone.fingerprint}",
            placeholder="Choose columns, such as country or plan",
        )
        given = {condition.column: condition for condition in table.conditions}
        conditions = [_condition(table, columns[name], given.get(name)) for name in names]
        wanted = tuple(condition for condition in conditions if condition is not None)
        if wanted != table.conditions and _restricted(table, wanted):
            st.rerun()


def _restricted(table: state.Loaded, conditions: tuple[Condition, ...]) -> bool:
    """Choose the customers; where nobody is left, say so and keep those chosen before."""
    try:
        state.restrict(table, conditions)
    except SegkitError as problem:
        look.notice(str(problem), problem=True)
        return False
    return True


def _condition(table: state.Loaded, column: Column, given: Condition | None) -> Condition | None:
    """Ask for the values or the range of one column; None while nothing is chosen."""
    look.note(column.name)
    key = f"base-{column.name}-{table.everyone.fingerprint}"
    if column.kind in ("category", "yes/no"):
        values = _values(table, column)
        picked = st.multiselect(
            "Values",
            values,
            default=[value for value in given.values if value in values] if given else [],
            key=key,
            label_visibility="collapsed",
            placeholder="All values",
        )
        return Condition(column.name, tuple(picked)) if picked else None
    return _days(table, column, given, key) if column.kind == "date" else _numbers(column, given, key)


def _values(table: state.Loaded, column: Column) -> list[str]:
    values = table.everyone.frame[column.name]
    return [str(level) for level in values.cat.categories] + ([MISSING] if column.missing else [])


def _days(table: state.Loaded, column: Column, given: Condition | None, key: str) -> Condition | None:
    known = table.everyone.frame[column.name]
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
