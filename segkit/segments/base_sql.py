"""The base in SQL: which customers count, as `customers.base` says it of a frame."""

from collections.abc import Sequence

import numpy as np

from segkit.customers.base import MISSING, Condition, met
from segkit.customers.columns.yes_no import sides
from segkit.customers.retention import retention_window
from segkit.customers.table import Column, Customers
from segkit.labels import quantity
from segkit.segments.sql_columns import (
    cells_of,
    date_sql,
    double,
    number_sql,
    text_sql,
    written_levels,
    yes_no_sql,
)
from segkit.sql_literals import quoted, text


def read_sql(customers: Customers, column: Column) -> str:
    """Write a column as it was read: a number, 1 and 0 for yes and no, a day, or a text.

    One that is computed, which says who stayed, is written by what it is computed from.
    """
    if column.derived:
        return _retained_from_dates(customers)
    cells = cells_of(customers, customers.frame, column.name)
    if column.kind in ("category", "text"):
        return text_sql(quoted(column.name), cells)
    write = {"yes/no": yes_no_sql, "date": date_sql}.get(column.kind, number_sql)
    return write(quoted(column.name), cells)


def columns_read(customers: Customers, column: Column) -> list[str]:
    """The columns of the source that `read_sql` reads."""
    if not column.derived:
        return [column.name]
    there = [customers.with_role(role) for role in ("churn_date", "last_activity_date", "signup_date")]
    return [one.name for one in there if one is not None]


def _retained_from_dates(customers: Customers) -> str:
    """Retention from dates, as `customers.retention` computes it."""
    window = retention_window(customers)
    start, end = day_sql(window.start), day_sql(window.end)
    day = _named(customers, window.column)
    seen = [] if window.signup is None else [f"{_named(customers, window.signup)} <= {start}"]
    if window.churn:
        seen.append(f"({day} IS NULL OR {day} > {start})")
        stayed = f"{day} IS NULL OR {day} > {end}"
    else:
        seen.append(f"{day} IS NOT NULL")
        stayed = f"{day} > {start}"
    return f"CASE WHEN {' AND '.join(seen)} THEN CASE WHEN {stayed} THEN 1e0 ELSE 0e0 END END"


def _named(customers: Customers, name: str) -> str:
    column = customers.column(name)
    assert column is not None  # its role has been found
    return read_sql(customers, column)


def day_sql(day: np.datetime64) -> str:
    """Write a day as a literal."""
    return f"DATE '{day.astype('datetime64[D]')}'"


def base_sql(customers: Customers, conditions: Sequence[Condition], table: str) -> str:
    """Write the SELECT of the customers who meet all conditions.

    Parameters
    ----------
    customers : Customers
        Who say what each column is.
    conditions : sequence of Condition
    table : str
        The table or view that is read.

    Raises
    ------
    UnusableBase
        A condition names no column or no usable value.
    """
    met(customers, conditions)  # says what is wrong with them, if anything is
    tests = [condition_sql(customers, one) for one in conditions]
    return f"SELECT * FROM {table}" + (f" WHERE {' AND '.join(tests)}" if tests else "")


def condition_sql(customers: Customers, condition: Condition) -> str:
    """Write one condition, which has to fit the table, as `customers.base.met` understands it."""
    column = customers.column(condition.column)
    assert column is not None  # base_sql has asked
    value = f"({read_sql(customers, column)})"
    if condition.values:
        return _is_one_of(customers, column, value, condition.values)
    ends = [f"{value} IS NOT NULL"]
    for end, sign in ((condition.low, ">="), (condition.high, "<=")):
        if end:
            limit = day_sql(np.datetime64(end)) if column.kind == "date" else double(float(end))
            ends.append(f"{value} {sign} {limit}")
    return f"({' AND '.join(ends)})"


def _is_one_of(customers: Customers, column: Column, value: str, wanted: Sequence[str]) -> str:
    known = [one for one in wanted if one != MISSING]
    if column.kind == "number":
        frame = customers.frame[column.name].dropna().unique()
        said = [double(float(one)) for one in frame if quantity("", one) in known]
    elif column.kind == "date":
        said = [day_sql(np.datetime64(one)) for one in known]
    elif column.kind == "yes/no":
        said = [double(float(side)) for side in sides(known)[0] if side >= 0]
    else:
        said = [text(one) for one in written_levels(known)]
    tests = [f"{value} IN ({', '.join(said)})"] if said else []
    if MISSING in wanted:
        tests.append(f"{value} IS NULL")
    return f"({' OR '.join(tests) or '1 = 0'})"
