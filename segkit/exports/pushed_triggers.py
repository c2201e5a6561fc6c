"""Lists of whom to call, of a table that stays where it is: rows come from the engine part by part."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from segkit.exports.lists import csv_part
from segkit.exports.pushed import NO_ID
from segkit.exports.triggers import listed_table
from segkit.insights.triggers.calls import USUAL_HORIZON
from segkit.insights.triggers.found import due_on
from segkit.insights.triggers.pushed import (
    DUE,
    GONE,
    LISTED,
    REFUSED,
    listed_sql,
    tell_name,
)
from segkit.insights.triggers.table import Watch
from segkit.measures.pushed import reachable
from segkit.measures.pushed_counts import Everyone, numbers_of
from segkit.segments.sql import PLACE, PREFIX
from segkit.sql_literals import quoted

ID = f"{PREFIX}id"
# tested so late that no engine looks at all costs of all segments for it, see `pushed.LATE`
LATE = f"CASE WHEN RANDOM() * 0e0 = 0e0 THEN {PLACE} END"


@dataclass(frozen=True)
class Wanted:
    """Which entries are listed.

    Attributes
    ----------
    days : int
        How far to look ahead; 1 is today only.
    segment : str
        Key of one segment, "none" for who fits none; empty for everyone.
    agreed_only, with_left : bool
        As for `calls.calls`.
    triggers : tuple of str
        Keys of those wanted; empty for all.
    """

    days: int = USUAL_HORIZON
    segment: str = ""
    agreed_only: bool = True
    with_left: bool = False
    triggers: tuple[str, ...] = ()


def calls_first(everyone: Everyone, watch: Watch, wanted: Wanted, rows: int) -> pa.Table:
    """List the first customers by trigger, day and id, as `triggers.calls_table` does.

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    """
    found: list[pa.Table] = []
    for one in _apart(watch, wanted):
        left = rows - sum(table.num_rows for table in found)
        if left or not found:
            asked = everyone.engine.ask(f"{_list_sql(everyone, one, wanted)} LIMIT {left}")
            found.append(_listed(everyone, one, asked))
    return pa.concat_tables(found).combine_chunks()


def calls_parts(everyone: Everyone, watch: Watch, wanted: Wanted, raw: bool = False) -> Iterator[bytes]:
    """Write all of them as CSV in UTF-8, part by part, safe for spreadsheets unless it is to be raw."""
    header = True
    for one in _apart(watch, wanted):
        for batch in everyone.engine.stream(_list_sql(everyone, one, wanted)):
            if header or batch.num_rows:
                yield csv_part(_listed(everyone, one, pa.Table.from_batches([batch])), raw, header)
            header = False


def _apart(watch: Watch, wanted: Wanted) -> list[Watch]:
    """Watch for one trigger at a time: the queries stay short, and nothing else is read."""
    kept = [one for one in watch.watched if not wanted.triggers or one.trigger.key in wanted.triggers]
    return [replace(watch, watched=(one,)) for one in kept]


def _list_sql(everyone: Everyone, one: Watch, wanted: Wanted) -> str:
    """Write the SELECT of the customers on the list of one trigger, by day and id."""
    reachable(everyone.engine, everyone.segmentation)
    identity = everyone.customers.with_role("customer_id")
    named = quoted(identity.name) if identity else NO_ID
    steps = listed_sql(everyone, one, [f"CAST({named} AS VARCHAR) AS {ID}"], wanted.days, tells=True)
    told = [tell_name(0, number) for number in range(len(one.watched[0].found.tells))]
    items = ", ".join([ID, f"{LATE} AS {PLACE}", GONE, REFUSED, f"{DUE}_0 AS {DUE}", *told])
    return (
        f"WITH {steps} SELECT * FROM (SELECT {items} FROM {LISTED}) AS each_of_them "
        f"WHERE {_tests(everyone, wanted)} ORDER BY {DUE}, {ID}"
    )


def _tests(everyone: Everyone, wanted: Wanted) -> str:
    tests = [f"{DUE} IS NOT NULL"]
    if wanted.agreed_only:
        tests.append(f"{REFUSED} = 0")
    if not wanted.with_left:
        tests.append(f"{GONE} = 0")
    if wanted.segment:
        keys = [one.key for one in everyone.segmentation.segments]
        tests.append(f"{PLACE} = {keys.index(wanted.segment) if wanted.segment in keys else -1}")
    return " AND ".join(tests)


def _listed(everyone: Everyone, one: Watch, found: pa.Table) -> pa.Table:
    trigger = one.watched[0].found
    tells = [numbers_of(found[tell_name(0, number)]) for number in range(len(trigger.tells))]
    return listed_table(
        everyone.customers,
        one,
        everyone.segmentation.segments,
        found[ID].cast(pa.string()).combine_chunks(),
        numbers_of(found[PLACE]).astype(int),
        np.zeros(found.num_rows, int),
        due_on(one.day, numbers_of(found[DUE])),
        pa.array(trigger.say(*tells), pa.string()),
        None if one.consent is None else numbers_of(found[REFUSED]) == 0,
    )
