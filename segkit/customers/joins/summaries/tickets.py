"""Support tickets to features: how often a customer called for help, by which way, and how long it took.

Rows of a customer with the same ticket number are one ticket: opened at the first of their dates, closed at
the last. A ticket that was closed after the as-of date was open on it.
"""

import datetime
from dataclasses import dataclass

import numpy as np

from segkit.customers.joins.summaries.features import Feature, Summary, count, measure
from segkit.customers.joins.summaries.log import Log
from segkit.customers.joins.summaries.shares import shares
from segkit.customers.joins.summaries.totals import distinct_pairs, earliest, latest, ratio, tallies, totals
from segkit.customers.joins.summaries.words import CLOSED, PHONE
from segkit.customers.notes import Note
from segkit.labels import plural

HOUR = 3600


def summed_up(log: Log, as_of: datetime.date | None) -> Summary:
    """Sum up support tickets by customer.

    Parameters
    ----------
    log : Log
        Tickets opened until the as-of date.
    as_of : datetime.date, optional

    Returns
    -------
    Summary
        ``tickets``, ``open_tickets``, ``phone_requests``, the mean time from opening to closing
        (``hours_to_resolve``, or ``days_to_resolve`` where no time of day is told) and the shares of the most
        frequent channels and topics. A feature whose columns the file does not have is absent.
    """
    tickets = _tickets(log, as_of)
    customers = len(log.ids)
    features = [count("tickets", tallies(tickets.owner, customers), "tickets")]
    if tickets.known_open:
        features.append(count("open_tickets", tallies(tickets.owner, customers, tickets.open), "descriptor"))
    if log.has("channel"):
        called = tallies(tickets.of_row, len(tickets.owner), log.saying("channel", PHONE)) > 0
        features.append(count("phone_requests", tallies(tickets.owner, customers, called), "descriptor"))
    times, notes = _times(log, tickets)
    features += times
    for field in ("channel", "topic"):
        found, told = shares(log, field, "tickets", tickets.of_row, tickets.owner)
        features += found
        notes += told
    counts = {"rows": log.rows, "tickets": len(tickets.owner), "open": int(tickets.open.sum())}
    said = (*log.notes, _ticket_note(log, tickets, as_of), *notes)
    return Summary(log.kind, log.names, as_of, log.ids, tuple(features), counts, said, log.to)


@dataclass(frozen=True, eq=False)
class _Tickets:
    """The tickets that the rows make: the ticket of each row, its customer, when it was opened and closed."""

    of_row: np.ndarray
    owner: np.ndarray
    opened: np.ndarray
    closed: np.ndarray
    open: np.ndarray
    known_open: bool


def _tickets(log: Log, as_of: datetime.date | None) -> _Tickets:
    codes, numbers = log.texts("ticket_id")
    ident = np.where(codes >= 0, codes, len(numbers) + np.arange(len(log)))
    of_row, owner = distinct_pairs(log.codes, ident, len(numbers) + len(log))
    opened = earliest(log.time_of("date"), of_row, len(owner))
    closed = latest(log.time_of("closed"), of_row, len(owner))
    later = _closed_later(log, of_row, len(owner), as_of)
    closed[later] = np.datetime64("NaT")
    said = tallies(of_row, len(owner), log.saying("status", CLOSED)) > 0
    known = log.has("closed", "status")
    still_open = np.isnat(closed) & (later | ~said)
    return _Tickets(of_row, owner, opened, closed, still_open & known, known)


def _closed_later(log: Log, of_row: np.ndarray, tickets: int, as_of: datetime.date | None) -> np.ndarray:
    """Which tickets were closed after the as-of date, whatever their status says today."""
    if as_of is None:
        return np.zeros(tickets, bool)
    return tallies(of_row, tickets, log.day_of("closed") > np.datetime64(as_of)) > 0


def _times(log: Log, tickets: _Tickets) -> tuple[list[Feature], list[Note]]:
    """Take the mean time from opening to closing; days where the file has no time of day."""
    if not (log.has("closed") and log.has("date")):
        return [], []
    seconds = (tickets.closed - tickets.opened).astype("timedelta64[s]")
    took = np.where(np.isnat(seconds), np.nan, seconds.astype(float))
    impossible = took < 0
    took = np.where(impossible, np.nan, took)
    customers = len(log.ids)
    mean = ratio(totals(took, tickets.owner, customers), tallies(tickets.owner, customers, ~np.isnan(took)))
    unit, length = ("hours", HOUR) if log.clock else ("days", 24 * HOUR)
    features = [measure(f"{unit}_to_resolve", mean / length, "descriptor")]
    if not impossible.any():
        return features, []
    wrong = int(impossible.sum())
    text = (
        f"{plural(wrong, 'ticket')} of {log.source} {'was' if wrong == 1 else 'were'} closed before being "
        "opened and left out of the time to resolve."
    )
    return features, [Note(text, True, "closed-before")]


def _ticket_note(log: Log, tickets: _Tickets, as_of: datetime.date | None) -> Note:
    until = f" until {as_of}" if as_of is not None and log.has("date") else ""
    text = (
        f"{plural(len(log), 'row')} of {log.source}{until} {'makes' if len(log) == 1 else 'make'} "
        f"{plural(len(tickets.owner), 'ticket')} of {plural(len(log.ids), 'customer')}"
    )
    if tickets.known_open:
        text += f", {int(tickets.open.sum()):,} of them open"
    return Note(text + ".", key="tickets")
