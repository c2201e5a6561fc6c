"""Retention from dates, where no column says who stayed.

A window ends on the as-of day. From a churn date: of the customers there at its start, those not gone at
its end. From the last activity: of the customers signed up before its start, those active within it.
Customers who could not be observed for the whole window have no answer; they leave the denominator.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.customers.choices import Choices
from segkit.customers.files.text_table import free_name
from segkit.customers.notes import Note, Option
from segkit.customers.table import Column, Customers
from segkit.errors import UnusableColumn
from segkit.labels import percent, plural, words

USUAL_DAYS = {"churn_date": 365, "last_activity_date": 90}
OTHER_DAYS = (30, 90, 180, 365)
NAME = "Retained (from dates)"
LATEST = "latest"  # in the facts of a sample, before a column: its last day among all customers


def with_retention(customers: Customers, choices: Choices) -> Customers:
    """Add a yes/no column with the role `retained`, computed from dates, where no column has it.

    Parameters
    ----------
    customers : Customers
    choices : Choices
        Its `retention_days` and `as_of` set the window.

    Raises
    ------
    UnusableColumn
        The as-of day is no date.
    """
    source = customers.with_role("churn_date") or customers.with_role("last_activity_date")
    if customers.with_role("retained") or customers.with_role("churned") or source is None:
        return customers
    days = choices.retention_days or USUAL_DAYS[source.role]
    end = as_of_day(customers, choices.as_of)
    stayed = _stayed(customers, source, end, days)
    if not (0 < np.nanmean(stayed) < 1 if (~np.isnan(stayed)).any() else False):
        return customers  # nobody left, or nobody could be observed: it tells nothing
    made = _with_column(customers, source, stayed, _note(source, stayed, end, days))
    return replace(made, facts={**(made.facts or {}), "retention_days": str(days)})


def as_of_day(customers: Customers, wanted: str = "") -> np.datetime64:
    """Take the day that was asked for, else the latest sign-up, activity or churn in the table up to today.

    Days that lie ahead, such as planned cancellations, move nothing; today stands in where all of them do.

    Raises
    ------
    UnusableColumn
        The text is no date.
    """
    if wanted:
        try:
            return np.datetime64(wanted, "D")
        except ValueError as problem:
            raise UnusableColumn(f"“{wanted}” is no day. Write it as 2026-11-30.") from problem
    roles = ("signup_date", "last_activity_date", "churn_date")
    columns = [column.name for role in roles if (column := customers.with_role(role))]
    facts = customers.facts or {}  # a sample knows the last days of all customers
    today = pd.Timestamp.now().normalize()
    days = [customers.frame[name].dropna().dt.normalize() for name in columns]
    known = [one[one <= today].max() for one in days]
    known += [pd.Timestamp(day) for name in columns if (day := facts.get(f"{LATEST}:{name}"))]
    past = [day for day in known if not pd.isna(day)]
    if past:
        return np.datetime64(max(past), "D")
    return np.datetime64(today if any(map(len, days)) else "1970-01-01", "D")


def counted_to(customers: Customers) -> np.datetime64:
    """The day that counts as today: the one the table was read for, else its last one, see `as_of_day`."""
    return as_of_day(customers, (customers.facts or {}).get("as_of", ""))


@dataclass(frozen=True)
class Window:
    """The window of retention from dates, and the columns it looks at."""

    column: str
    churn: bool
    start: np.datetime64
    end: np.datetime64
    signup: str | None


def retention_window(customers: Customers) -> Window:
    """The window in which the computed column of retention says who stayed."""
    source = customers.with_role("churn_date") or customers.with_role("last_activity_date")
    assert source is not None  # there is no such column without
    end = counted_to(customers)
    days = int((customers.facts or {}).get("retention_days", USUAL_DAYS[source.role]))
    signup = customers.with_role("signup_date")
    start = end - np.timedelta64(days, "D")
    return Window(source.name, source.role == "churn_date", start, end, signup.name if signup else None)


def _stayed(customers: Customers, source: Column, end: np.datetime64, days: int) -> np.ndarray:
    """Say of each customer whether she stayed: 1, 0, or NaN where she could not be observed."""
    start = end - np.timedelta64(days, "D")
    day = customers.frame[source.name].to_numpy().astype("datetime64[D]")
    signup = customers.with_role("signup_date")
    joined = customers.frame[signup.name].to_numpy().astype("datetime64[D]") if signup else None
    observed = np.ones(len(day), bool) if joined is None else (joined <= start) & ~np.isnat(joined)
    if source.role == "churn_date":
        observed &= np.isnat(day) | (day > start)
        stayed = np.isnat(day) | (day > end)
    else:
        observed &= ~np.isnat(day)
        stayed = day > start
    return np.where(observed, stayed, np.nan)


def _note(source: Column, stayed: np.ndarray, end: np.datetime64, days: int) -> Note:
    known = int((~np.isnan(stayed)).sum())
    what = "had not left" if source.role == "churn_date" else "were active"
    unknown = len(stayed) - known
    undated = source.missing if source.role == "last_activity_date" else 0
    text = (
        f"No column says who stayed, so retention is computed from “{source.name}”: of "
        f"{plural(known, 'customer')} there {plural(days, 'day')} before {end}, "
        f"{percent(float(np.nanmean(stayed)))} {what} "
        f"{'by then' if source.role == 'churn_date' else 'in those days'}."
    )
    if undated:
        text += f" {plural(undated, 'customer')} have no such day and do not count."
    unknown -= min(undated, unknown)
    if unknown:
        does = "does" if unknown == 1 else "do"
        text += (
            f" {plural(unknown, 'customer')} could not be observed for the whole window and {does} not count."
        )
    options = tuple(
        Option(f"Window of {other} days", {"retention_days": other}) for other in OTHER_DAYS if other != days
    )
    return Note(text, True, "retention-from-dates", source.name, options=options)


def _recency(customers: Customers, source: Column) -> list[str]:
    """Name the columns that say how long ago somebody was last active: segments of them tell who stayed."""
    if source.role != "last_activity_date":
        return []
    return [
        column.name
        for column in customers.columns
        if column.kind == "number" and set(words(column.name)) & {"recency", "since", "inactive"}
    ]


def _with_column(customers: Customers, source: Column, stayed: np.ndarray, note: Note) -> Customers:
    name = free_name(NAME, set(customers.frame.columns))
    places = np.where(np.isnan(stayed), -1, stayed).astype(int)
    labels = pd.Index(["No", "Yes"], dtype="str")
    values = pd.Categorical.from_codes(places, categories=labels, ordered=True)
    texts = pa.DictionaryArray.from_arrays(
        pa.array(places % 3, pa.int32()), pa.array(["No", "Yes", ""])
    )  # -1 % 3 is the empty text
    column = Column(
        name,
        "yes/no",
        "retained",
        "computed from dates, see the reading report",
        int((places < 0).sum()),
        distinct=2,
        confidence="likely",
        derived_from=(source.name, *_recency(customers, source)),
    )
    return replace(
        customers,
        frame=customers.frame.assign(**{name: values}),
        columns=(*customers.columns, column),
        source=customers.source.append_column(name, texts),
        notes=(*customers.notes, note),
    )
