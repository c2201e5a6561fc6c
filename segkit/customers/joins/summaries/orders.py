"""Orders to features: how recently, how often and for how much a customer bought, and what came back.

An order is all lines of a customer with the same order number or, where a line has none, of the same day.
A line with a negative amount or quantity is something that came back: an order of such lines only is a
return and no order, and what was paid back lowers the revenue. Cancelled orders are left out.
"""

import datetime
from dataclasses import dataclass

import numpy as np

from segkit.customers.joins.summaries.features import Feature, Summary, amount, count, day, measure, yes_no
from segkit.customers.joins.summaries.log import Log
from segkit.customers.joins.summaries.shares import shares
from segkit.customers.joins.summaries.totals import (
    days_between,
    distinct_pairs,
    earliest,
    latest,
    ratio,
    tallies,
    totals,
)
from segkit.customers.joins.summaries.words import CANCELLED, RETURNED
from segkit.customers.notes import Note
from segkit.labels import plural


def summed_up(log: Log, as_of: datetime.date | None) -> Summary:
    """Sum up orders by customer.

    Parameters
    ----------
    log : Log
        Order lines until the as-of date.
    as_of : datetime.date, optional
        None where the log has no dates.

    Returns
    -------
    Summary
        ``orders``, ``revenue`` (in the money of the file), ``average_order_value`` (revenue by orders),
        ``recency_days`` and ``tenure_days`` (from the last and from the first order to the as-of date),
        their dates, ``repeat_buyer`` (two orders or more), ``items``, ``returns`` (orders with
        something that came back), ``return_rate`` (returns by orders) and the share of orders by channel.
        A feature whose columns the file does not have is absent.
    """
    lines, cancelled = _without_cancelled(log)
    orders = _orders(lines)
    customers = len(log.ids)
    bought = tallies(orders.owner, customers, orders.bought)
    features = [count("orders", bought, "orders")]
    notes = [_order_note(lines, orders, as_of)]
    notes += _cancelled_note(log, cancelled)
    if lines.has("amount", "unit_price"):
        paid, money_notes = _amounts(lines)
        features += _money(lines, paid, bought)
        notes += money_notes
    if lines.has("date") and as_of is not None:
        features += _dates(orders, customers, as_of)
    features.append(yes_no("repeat_buyer", bought >= 2, "descriptor"))
    if lines.has("quantity"):
        pieces = totals(lines.numbers("quantity"), lines.codes, customers)
        features.append(amount("items", pieces, "descriptor"))
    came_back, return_notes = _returns(lines, orders, bought)
    features += came_back
    notes += return_notes
    by_channel, channel_notes = shares(lines, "channel", "orders", orders.of_line, orders.owner)
    counts = {
        "rows": log.rows,
        "lines": len(lines),
        "orders": int(orders.bought.sum()),
        "returns": int(orders.came_back.sum()),
        "cancelled": int(cancelled.sum()),
    }
    return Summary(
        log.kind,
        log.names,
        as_of,
        log.ids,
        (*features, *by_channel),
        counts,
        (*log.notes, *notes, *channel_notes),
        log.to,
    )


def _without_cancelled(log: Log) -> tuple[Log, np.ndarray]:
    """Leave out lines whose status says that they were cancelled; their customers stay."""
    cancelled = log.saying("status", CANCELLED)
    if log.has("order_id") and cancelled.any():  # a shop may write the status into the first line only
        silent = log.texts("status")[0] < 0
        orders, numbers = log.texts("order_id")
        of_order = np.append(
            np.bincount(orders[cancelled & (orders >= 0)], minlength=len(numbers)) > 0, False
        )
        cancelled = cancelled | (silent & of_order[orders])
    return log.where(~cancelled), cancelled


def _cancelled_note(log: Log, cancelled: np.ndarray) -> list[Note]:
    lines = int(cancelled.sum())
    if not lines:
        return []
    verb = "is" if lines == 1 else "are"
    text = f"{plural(lines, 'line')} of {log.source} {verb} cancelled by the status and left out."
    return [Note(text, True, "cancelled")]


# --- lines to orders ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Orders:
    """The orders that the lines make.

    Attributes
    ----------
    of_line : int array
        The order of each line.
    owner : int array
        The customer of each order.
    days : datetime64[D] array
        The first day of each order.
    bought, came_back : bool array
        Whether an order has a line that was bought, and one that came back.
    merged : str
        How lines became orders.
    """

    of_line: np.ndarray
    owner: np.ndarray
    days: np.ndarray
    bought: np.ndarray
    came_back: np.ndarray
    merged: str


def _orders(lines: Log) -> _Orders:
    ident, width, merged = _idents(lines)
    of_line, owner = distinct_pairs(lines.codes, ident, width)
    back = _negative(lines)
    flagged = _flagged(lines)
    return _Orders(
        of_line,
        owner,
        earliest(lines.days, of_line, len(owner)),
        tallies(of_line, len(owner), ~back) > 0,
        tallies(of_line, len(owner), back | flagged) > 0,
        merged,
    )


def _idents(lines: Log) -> tuple[np.ndarray, int, str]:
    """Number what makes lines of a customer one order: its number, else the day, else the line itself."""
    codes, numbers = lines.texts("order_id")
    if lines.has("date") and len(lines):
        days = lines.days.astype(np.int64)
        first = int(days.min())
        instead, width = days - first, int(days.max()) - first + 1
        merged = "lines of a customer on one day are one order"
    else:
        instead, width = np.arange(len(lines)), len(lines)
        merged = "every line is an order"
    if len(numbers):
        merged = "lines with the same order number are one order"
    return np.where(codes >= 0, codes, len(numbers) + instead), len(numbers) + width, merged


def _negative(lines: Log) -> np.ndarray:
    """Which lines came back: those with a negative amount or quantity."""
    return (lines.numbers("amount") < 0) | (lines.numbers("quantity") < 0) | (lines.numbers("unit_price") < 0)


def _flagged(lines: Log) -> np.ndarray:
    """Which lines came back by the words of the file."""
    return (lines.numbers("returned") > 0) | lines.saying("status", RETURNED)


def _order_note(lines: Log, orders: _Orders, as_of: datetime.date | None) -> Note:
    made, buyers = int(orders.bought.sum()), len(np.unique(orders.owner[orders.bought]))
    until = f" until {as_of}" if as_of is not None and lines.has("date") else ""
    text = (
        f"{plural(len(lines), 'line')} of {lines.source}{until} {'makes' if len(lines) == 1 else 'make'} "
        f"{plural(made, 'order')} of {plural(buyers, 'customer')}: {orders.merged}."
    )
    return Note(text, key="orders")


# --- features -------------------------------------------------------------------------------------


def _amounts(lines: Log) -> tuple[np.ndarray, list[Note]]:
    """Find the money of each line; what came back counts against what was bought."""
    paid, notes = lines.numbers("amount"), []
    quantity = lines.numbers("quantity")
    if not lines.has("amount"):
        price = lines.numbers("unit_price")
        paid = price * quantity if lines.has("quantity") else price
        how = "price of one piece times quantity" if lines.has("quantity") else "price of one piece"
        notes.append(Note(f"Revenue from {lines.source} is the {how}.", key="amount"))
    back = (quantity < 0) & (paid > 0)
    if back.any():
        count = int(back.sum())
        text = (
            f"{plural(count, 'line')} of {lines.source} {'has' if count == 1 else 'have'} a negative "
            "quantity and a positive amount, which was taken as paid back."
        )
        notes.append(Note(text, True, "paid-back"))
    return np.where(back, -paid, paid), notes


def _money(lines: Log, paid: np.ndarray, bought: np.ndarray) -> list[Feature]:
    """Sum up the money; missing for a customer none of whose amounts can be read."""
    customers = len(lines.ids)
    known = tallies(lines.codes, customers, ~np.isnan(paid))
    unreadable = (known == 0) & (tallies(lines.codes, customers) > 0)
    revenue = np.where(unreadable, np.nan, totals(paid, lines.codes, customers))
    return [
        amount("revenue", revenue, "revenue"),
        measure("average_order_value", ratio(revenue, bought), "descriptor"),
    ]


def _dates(orders: _Orders, customers: int, as_of: datetime.date) -> list[Feature]:
    owner, days = orders.owner[orders.bought], orders.days[orders.bought]
    first, last = earliest(days, owner, customers), latest(days, owner, customers)
    now = np.datetime64(as_of)
    return [
        measure("recency_days", days_between(last, now), "journey"),
        measure("tenure_days", days_between(first, now), "journey"),
        day("first_order_date", first, "signup_date"),
        day("last_order_date", last, "last_activity_date"),
    ]


def _returns(lines: Log, orders: _Orders, bought: np.ndarray) -> tuple[list[Feature], list[Note]]:
    """Count what came back, where the file can tell: by a column for it, a status, or a negative number."""
    if not lines.has("returned") and not orders.came_back.any():
        return [], []
    back = tallies(orders.owner, len(lines.ids), orders.came_back)
    features = [
        count("returns", back, "descriptor"),
        measure("return_rate", ratio(back, bought), "behavioural"),
    ]
    kept = int((_flagged(lines) & ~_negative(lines)).sum())
    notes = []
    if kept and lines.has("amount", "unit_price"):
        text = (
            f"{plural(int(orders.came_back.sum()), 'order')} of {lines.source} came back, wholly or in part. "
            f"Revenue keeps the amounts of {plural(kept, 'line')} that the file marks as returned, as they "
            "are not negative."
        )
        notes.append(Note(text, key="returns"))
    return features, notes
