"""Summaries: one table of features per log, whatever kind of log it is.

`SUMMARIES` at the bottom says which module sums up which kind; a new kind of log is added there and in
`table_names`.
"""

import datetime
from collections.abc import Callable, Sequence

from segkit.customers.joins.matching import key_of
from segkit.customers.joins.summaries import events, orders, surveys, tickets
from segkit.customers.joins.summaries.features import Summary
from segkit.customers.joins.summaries.log import Log, last_day, read_log, until
from segkit.customers.joins.table_kinds import Part
from segkit.customers.joins.table_names import find_kind
from segkit.errors import UnusableColumn
from segkit.labels import listing


def summary(
    parts: Part | Sequence[Part], as_of: datetime.date | None = None, same_ids: Sequence[str] = ()
) -> Summary:
    """Sum up a log by customer.

    Parameters
    ----------
    parts : Part or sequence of Part
        One file, or several of the same kind that are taken as one.
    as_of : datetime.date, optional
        The last day that counts; the latest day of the log when not given.
    same_ids : sequence of str
        Keys of `ids.WAYS`.

    Returns
    -------
    Summary
        One row for each customer of the log.

    Raises
    ------
    UnusableColumn
        The table is no log, no column names the customer, or a column cannot be read as what it should be.
    """
    listed = [parts] if isinstance(parts, Part) else list(parts)
    for part in listed:
        key_of(part)
        if part.kind not in SUMMARIES or part.kind != listed[0].kind:
            raise UnusableColumn(
                f"“{part.name}” is read as {find_kind(part.kind).label.lower()}, which cannot be summed up "
                f"here. What can be: {listing(list(SUMMARIES))}, one kind at a time."
            )
    log = read_log(listed, same_ids)
    return summed_up(log, as_of or last_day([log]))


def summed_up(log: Log, as_of: datetime.date | None) -> Summary:
    """Sum up a log by customer; rows after the as-of date and rows without a date are left out."""
    dated = as_of if log.has("date") else None
    return SUMMARIES[log.kind](until(log, dated), dated)


SUMMARIES: dict[str, Callable[[Log, datetime.date | None], Summary]] = {
    "orders": orders.summed_up,
    "surveys": surveys.summed_up,
    "tickets": tickets.summed_up,
    "events": events.summed_up,
}
