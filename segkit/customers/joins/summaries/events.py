"""Events to features: how active a customer was lately, and whether that is more or less than before."""

import datetime

import numpy as np

from segkit.customers.joins.summaries.features import Feature, Summary, count, day, measure
from segkit.customers.joins.summaries.log import Log
from segkit.customers.joins.summaries.totals import days_between, distinct_pairs, earliest, latest, tallies
from segkit.customers.notes import Note
from segkit.labels import plural

WINDOW, LONG_WINDOW = 30, 90  # days until the as-of date, that day included


def summed_up(log: Log, as_of: datetime.date | None) -> Summary:
    """Sum up events by customer.

    Parameters
    ----------
    log : Log
        Events until the as-of date.
    as_of : datetime.date, optional

    Returns
    -------
    Summary
        ``events`` and, with dates, ``active_days`` (days with an event), the events of the last 30 and 90
        days (the as-of date included), ``events_change_30_days`` (the last 30 days minus the 30 before
        them), ``days_since_last_event`` and ``last_event_date``.
    """
    customers = len(log.ids)
    features = [count("events", tallies(log.codes, customers), "descriptor")]
    dated = log.has("date") and as_of is not None
    if dated and as_of is not None:
        features += _dated(log, as_of)
    until = f" until {as_of}" if dated else ""
    text = f"{plural(len(log), 'event')} of {plural(customers, 'customer')} in {log.source}{until}."
    note = Note(text, key="events")
    counts = {"rows": log.rows, "events": len(log)}
    return Summary(log.kind, log.names, as_of, log.ids, tuple(features), counts, (*log.notes, note), log.to)


def _dated(log: Log, as_of: datetime.date) -> list[Feature]:
    now, days, customers = np.datetime64(as_of), log.days, len(log.ids)
    ago = (now - days).astype(np.int64)
    recent, long, before = ago < WINDOW, ago < LONG_WINDOW, (ago >= WINDOW) & (ago < 2 * WINDOW)
    lately, earlier = tallies(log.codes, customers, recent), tallies(log.codes, customers, before)
    last = latest(days, log.codes, customers)
    return [
        count("active_days", _active_days(log), "descriptor"),
        count(f"events_last_{WINDOW}_days", lately, "behavioural"),
        count(f"events_last_{LONG_WINDOW}_days", tallies(log.codes, customers, long), "behavioural"),
        count(f"events_change_{WINDOW}_days", lately - earlier, "behavioural"),
        measure("days_since_last_event", days_between(last, now), "behavioural"),
        day("last_event_date", last, "last_activity_date"),
    ]


def _active_days(log: Log) -> np.ndarray:
    """Count the different days of each customer."""
    first = earliest(log.days, np.zeros(len(log), np.int64), 1)[0]
    since = (log.days - first).astype(np.int64)
    _, owner = distinct_pairs(log.codes, since, int(since.max(initial=0)) + 1)
    return tallies(owner, len(log.ids))
