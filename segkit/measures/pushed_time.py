"""Retention curves, cohorts and the funnel of a table that stays where it is: of everyone, from counts.

The engine says how many customers of each segment were observed how long, signed up when, or are in which
stage; from the counts on, everything is what `survival`, `cohorts` and `funnel` do with a frame.
"""

from dataclasses import dataclass
from math import nan

import numpy as np

from segkit.customers.retention import counted_to
from segkit.customers.table import Column, Customers
from segkit.measures.cohorts import NOT_LEFT, Stays, cohort_columns, stays_between
from segkit.measures.counted import Counted
from segkit.measures.definitions import find_kpi, source_columns
from segkit.measures.funnel import Funnel, funnel_of
from segkit.measures.kpis import SMALLEST_SHOWN
from segkit.measures.pushed import value_sql
from segkit.measures.pushed_counts import (
    Everyone,
    Rows,
    days_between_sql,
    month_sql,
    months_between_sql,
)
from segkit.measures.survival import (
    FINEST,
    Curves,
    Durations,
    curves_of,
    durations,
    of_activity,
    of_churn,
    of_shortfall,
    of_tenure,
    period_columns,
    tenure_column,
)
from segkit.segments.base_sql import day_sql
from segkit.segments.sql_columns import double

TIME, LEFT, MONTH, STAYED, STAGE = "stayed_for", "has_left", "signup_month", "stayed_months", "stage"

# --- curves -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """Columns that somebody names in place of those found, as `survival.durations` takes them."""

    column: str = ""
    left: str = ""
    observed: str = ""
    unit: str = ""


FOUND = Named()


def curves_of_all(everyone: Everyone, named: Named = FOUND, smallest: int = SMALLEST_SHOWN) -> Curves | None:
    """Compute the retention curves of all customers, as `survival.retention_curves` does of a table.

    Parameters
    ----------
    everyone : Everyone
    named : Named
    smallest : int

    Returns
    -------
    Curves or None
        None where no columns fit, nobody left, or nothing may be shown.

    Raises
    ------
    segkit.errors.UnusableColumn
        A column that was named is not there, or holds something else.
    segkit.engine.UnusableSource
        The engine went away.
    """
    found = durations_of_all(everyone, named)
    return None if found is None else curves_of(*found, smallest)


def durations_of_all(everyone: Everyone, named: Named = FOUND) -> tuple[Durations, Counted] | None:
    """Count how long customers were observed, and who left then; None where no columns fit or nobody left.

    Raises
    ------
    segkit.errors.UnusableColumn
        A column that was named is not there, or holds something else.
    """
    if not named.column:
        ways = (_from_churn, _from_activity, _from_tenure, _from_pair)
        return next((found for way in ways if (found := way(everyone)) is not None), None)
    durations(everyone.customers, named.column, named.left, named.observed, named.unit)  # says what is wrong
    if named.observed:
        return _short_of(everyone, named.column, named.observed, named.unit)
    return _of_tenure(everyone, named.column, _gone(everyone, named.left), named.unit)


Found = tuple[Durations, Counted] | None


def _told(found: Durations | None, rows: Rows) -> Found:
    return None if found is None else (found, rows.counted)


def _from_churn(everyone: Everyone) -> Found:
    customers = everyone.customers
    signup, churn = customers.with_role("signup_date"), customers.with_role("churn_date")
    if signup is None or churn is None:
        return None
    today, gone = counted_to(customers), everyone.read(churn)
    by_now = f"{gone} <= {day_sql(today)}"
    end = f"CASE WHEN {by_now} THEN {gone} ELSE {day_sql(today)} END"
    values = {
        TIME: days_between_sql(everyone.read(signup), end),
        LEFT: f"CASE WHEN {by_now} THEN 1 ELSE 0 END",
    }
    rows = everyone.rows(values, [signup, churn])
    return _told(of_churn(_days(rows), rows.numbers(LEFT) == 1, signup, churn, today), rows)


def _days(rows: Rows) -> np.ndarray:
    """Days of stay; NaN where the end comes before the start."""
    days = rows.numbers(TIME)
    return np.where(days < 0, nan, days)


@dataclass(frozen=True)
class _Gone:
    """Who left, in SQL: 1, 0 or NULL; the columns of it, and those that it reads."""

    sql: str
    names: tuple[str, ...]
    reads: tuple[Column, ...]


def _gone(everyone: Everyone, left: str = "") -> _Gone:
    """Who left by the flag, or by a column that the user named; no names where no column tells."""
    customers = everyone.customers
    if left:
        column = _column(customers, left)
        flag = everyone.read(column)
        return _Gone(f"(1e0 - {flag})" if column.role == "retained" else flag, (left,), (column,))
    retention = find_kpi("retention")
    names = source_columns(retention, customers)
    flag_column = customers.with_role("retained") or customers.with_role("churned")
    if names is None or flag_column is None:
        return _Gone("NULL", (), ())
    return _Gone(f"(1e0 - ({value_sql(retention, customers)}))", names, (flag_column,))


def _column(customers: Customers, name: str) -> Column:
    column = customers.column(name)
    assert column is not None  # `durations` has asked
    return column


def _from_activity(everyone: Everyone) -> Found:
    customers, gone = everyone.customers, _gone(everyone)
    signup, seen = customers.with_role("signup_date"), customers.with_role("last_activity_date")
    if signup is None or seen is None or not gone.names:
        return None
    last = everyone.read(seen)
    latest = everyone.row({LEFT: f"MAX(CASE WHEN {gone.sql} = 1 THEN {last} END)"})[LEFT]
    if latest is None:
        return None
    end = np.datetime64(latest, "D")
    until = f"CASE WHEN {gone.sql} = 1 THEN {last} WHEN {gone.sql} = 0 THEN {day_sql(end)} END"
    values = {TIME: days_between_sql(everyone.read(signup), until), LEFT: gone.sql}
    rows = everyone.rows(values, [signup, seen, *gone.reads])
    left = rows.numbers(LEFT) == 1
    return _told(of_activity(_days(rows), left, signup, seen, gone.names, end), rows)


def _from_tenure(everyone: Everyone) -> Found:
    column = tenure_column(everyone.customers)
    return None if column is None else _of_tenure(everyone, column.name, _gone(everyone))


def _of_tenure(everyone: Everyone, name: str, gone: _Gone, unit: str = "") -> Found:
    column = _column(everyone.customers, name)
    value = everyone.read(column)
    time = f"CASE WHEN {value} >= 0 AND {gone.sql} IS NOT NULL THEN {value} END"
    values = {TIME: _coarse(everyone, time), LEFT: gone.sql}
    rows = everyone.rows(values, [column, *gone.reads])
    found = of_tenure(name, rows.numbers(TIME), rows.numbers(LEFT), gone.names, unit)
    return _told(found, rows)


def _coarse(everyone: Everyone, time: str) -> str:
    """Write a time in steps where there are more different ones than a curve is made of."""
    known = everyone.row({"most": f"MAX({time})", "different": f"COUNT(DISTINCT {time})"})
    if not known["different"] or known["different"] <= FINEST:
        return time
    step = double(float(known["most"]) / FINEST)
    return f"(FLOOR(({time}) / {step} + 0.5e0) * {step})"


def _from_pair(everyone: Everyone) -> Found:
    names = period_columns(everyone.customers)
    if names is None:
        return None
    time, most = (everyone.read(_column(everyone.customers, name)) for name in names)
    unfit = f"COUNT(CASE WHEN {time} <= {most} THEN NULL ELSE 1 END)"
    if everyone.row({"unfit": unfit, "uneven": _uneven(time, most)}) != {"unfit": 0, "uneven": 0}:
        return None
    return _short_of(everyone, *names)


def _uneven(time: str, most: str) -> str:
    return f"COUNT(CASE WHEN {time} <> FLOOR({time}) OR {most} <> FLOOR({most}) THEN 1 END)"


def _short_of(everyone: Everyone, name: str, observed: str, unit: str = "") -> Found:
    columns = [_column(everyone.customers, one) for one in (name, observed)]
    time, most = map(everyone.read, columns)
    whole = everyone.row({"uneven": _uneven(time, most)})["uneven"] == 0
    over = f"{most} - 1" if whole else most
    seen = (
        f"CASE WHEN {time} >= 0 AND {time} < {most} THEN {time} "
        f"WHEN {time} >= {most} AND {time} >= 0 THEN CASE WHEN {over} > 0 THEN {over} ELSE 0e0 END END"
    )
    left = f"CASE WHEN {time} >= 0 AND {time} < {most} THEN 1 ELSE 0 END"
    rows = everyone.rows({TIME: _coarse(everyone, seen), LEFT: left}, columns)
    return _told(of_shortfall(name, observed, rows.numbers(TIME), rows.numbers(LEFT) == 1, unit), rows)


# --- cohorts ----------------------------------------------------------------------------------------


def stays_of_all(everyone: Everyone) -> tuple[Stays, Counted] | None:
    """Count when all customers signed up and how long they stayed, for `cohorts.followed`.

    Returns
    -------
    tuple of Stays and Counted, or None
        None without the dates.

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    """
    columns = cohort_columns(everyone.customers)
    if columns is None:
        return None
    start, end = map(everyone.read, columns)
    there = "" if columns[1].role == "last_activity_date" else f" OR {end} IS NULL"
    observed = f"({end} >= {start}{there})"
    values = {
        MONTH: f"CASE WHEN {observed} THEN {month_sql(start)} END",
        STAYED: f"CASE WHEN {observed} THEN {months_between_sql(start, end)} END",
    }
    rows = everyone.rows(values, columns)
    return stays_between(
        everyone.customers, columns, _whole(rows, MONTH, -1), _whole(rows, STAYED, NOT_LEFT)
    ), rows.counted


def _whole(rows: Rows, alias: str, missing: int) -> np.ndarray:
    values = rows.numbers(alias)
    return np.where(np.isnan(values), missing, values).astype(np.int64)


# --- funnel -----------------------------------------------------------------------------------------


def funnel_of_all(everyone: Everyone, smallest: int = SMALLEST_SHOWN) -> Funnel | None:
    """Count how far all customers have come, as `funnel.funnel` does of a table.

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    """
    column = everyone.customers.with_role("journey_stage")
    if column is None or column.kind not in ("category", "number"):
        return None
    rows = everyone.rows({STAGE: everyone.read(column)}, [column])
    return funnel_of(everyone.with_column(rows, column, STAGE), rows.counted, smallest)
