"""Joining at a source: the customers with one summary row from each log, computed by the engine.

`joins.joining` does the same with uploads, in numpy. Names, roles, matches and notes are those of uploads; a
test holds both ways to the same values.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pyarrow as pa

from segkit.customers.files.columnar import typed_or_text
from segkit.customers.files.text_table import TextTable, compact, free_name
from segkit.customers.joins.joining import JoinedColumn, feature_roles
from segkit.customers.joins.matching import Match, duplicate_note, match_notes
from segkit.customers.joins.pushed import events, orders, surveys, tickets
from segkit.customers.joins.pushed.cells import alike_sql, id_sql
from segkit.customers.joins.pushed.log import PlacedLog, as_day, left_out_notes, placed_log
from segkit.customers.joins.pushed.matching import ids_counted, match_of, usual_writing
from segkit.customers.joins.pushed.summed import PlacedFeature, PlacedSummary
from segkit.customers.joins.summaries.features import Feature
from segkit.customers.joins.summaries.log import LONE_DATE
from segkit.customers.joins.table_kinds import Part, recognised
from segkit.customers.notes import Note
from segkit.engine import TABLE, Engine, Joining, UnusableSource
from segkit.labels import listing
from segkit.sql_literals import quoted

DRAWN = 50_000  # customers who tell which of their columns is the id


@dataclass(frozen=True)
class PlacedColumn:
    """A feature under its final name."""

    name: str
    feature: PlacedFeature
    source: str


@dataclass(frozen=True, eq=False)
class PlacedJoin:
    """What was joined to the customers of a source.

    Attributes
    ----------
    customers : Part
        A sample of the customers without what was joined.
    columns : tuple of PlacedColumn
    as_of : datetime.date, optional
        The last day that counts; None where no log has dates.
    notes : tuple of Note
    matches : mapping of log to Match
    """

    customers: Part
    columns: tuple[PlacedColumn, ...] = ()
    as_of: datetime.date | None = None
    notes: tuple[Note, ...] = ()
    matches: Mapping[str, Match] = field(default_factory=dict)


def join_logs(engine: Engine) -> PlacedJoin | None:
    """Join the logs of a source to its customers, once; None where it has none.

    Raises
    ------
    segkit.engine.UnusableSource
        A log cannot be asked, or nothing in it or in the customers names a customer.
    segkit.errors.UnusableColumn
        A column of a log cannot be read as what it should be.
    """
    if engine.joined is None and engine.source.logs:
        engine.joined = _joined(engine)
    found: PlacedJoin | None = engine.joined
    return found


def _joined(engine: Engine) -> PlacedJoin:
    customers = _customers(engine)
    logs, notes = _placed_logs(engine, customers)
    logs, match, told = _matched(engine, logs, customers)
    strangers = [log for log in logs if not match[log.kind].matched]
    notes += [*told, *(_stranger_note(log, customers) for log in strangers)]
    logs = [log for log in logs if log not in strangers]
    day = _set_day(engine) or max((one for log in logs for one in log.last_days()), default=None)
    summaries = [SUMMARIES[log.kind](log, day) for log in logs]
    columns = _columns(engine, summaries)
    if summaries:
        engine.join(_joining(engine, customers, summaries, columns))
    notes += [*_as_of_notes(engine, logs, day), *_match_notes(customers, logs, match)]
    notes += [note for one in summaries for note in _summary_notes(engine, one, day)]
    return PlacedJoin(customers, tuple(columns), day, (*notes, *_clash_notes(columns)), match)


def _placed_logs(engine: Engine, customers: Part) -> tuple[list[PlacedLog], list[Note]]:
    """The logs that have rows, and a note on each of the others."""
    found = {kind: placed_log(engine, kind, customers) for kind in SUMMARIES if kind in engine.source.logs}
    notes = [
        Note(f"The {kind} of “{engine.source.label}” have no rows, so nothing was added.", True, "match")
        for kind, log in found.items()
        if log is None
    ]
    return [log for log in found.values() if log is not None], notes


def _match_notes(customers: Part, logs: Sequence[PlacedLog], match: Mapping[str, Match]) -> list[Note]:
    notes = [note for log in logs for note in match_notes(customers, log.part, match[log.kind])]
    repeated = next((duplicate_note(customers, one) for one in match.values() if one.duplicates), None)
    return [*notes, repeated] if repeated else notes


def _summary_notes(engine: Engine, one: PlacedSummary, day: datetime.date | None) -> list[Note]:
    later = _later(one.log, day) if engine.source.as_of else 0
    return [*one.log.notes, *left_out_notes(one.log, later, day), *one.notes]


SUMMARIES: dict[str, Callable[[PlacedLog, datetime.date | None], PlacedSummary]] = {
    "orders": orders.summed_up,
    "surveys": surveys.summed_up,
    "tickets": tickets.summed_up,
    "events": events.summed_up,
}


# --- who is who -------------------------------------------------------------------------------------


def _customers(engine: Engine) -> Part:
    drawn = engine.sample(DRAWN)
    columns = [compact(typed_or_text(one)) for one in drawn.columns]
    text = TextTable(pa.table(columns, names=drawn.column_names), "source")
    part = recognised(engine.source.label, text, "", "customers")
    if not part.key:
        raise UnusableSource(
            f"No column of “{engine.source.label}” names the customer, so "
            f"{listing(list(engine.source.logs))} cannot be joined to it. "
            f"It has: {listing(drawn.column_names, 10)}."
        )
    return part


def _own_id(customers: Part, log: PlacedLog) -> str:
    """The ids of the customers in SQL that a log names, NULL for none."""
    name = log.part.to or customers.key
    written = id_sql(quoted(name), customers.text.table.schema.field(name).type)
    return f"NULLIF({alike_sql(written, log.same_ids)}, '')"


def _matched(
    engine: Engine, logs: Sequence[PlacedLog], customers: Part
) -> tuple[list[PlacedLog], dict[str, Match], list[Note]]:
    """Compare the ids of the logs with those of the customers, and find how they are written."""
    found = _matches(engine, logs, customers)
    ways: set[str] = set()
    notes: list[Note] = []
    for log in logs:
        own = partial(_own_ids, customers, log)
        of_log, told = usual_writing(log, found[log.kind], own)
        ways |= set(of_log)
        notes += told
    if not ways:
        return list(logs), found, notes
    logs = [replace(log, same_ids=tuple(sorted(ways))) for log in logs]
    return logs, _matches(engine, logs, customers), notes


def _own_ids(customers: Part, log: PlacedLog, ways: Sequence[str]) -> str:
    return f"SELECT {_own_id(customers, replace(log, same_ids=tuple(ways)))} AS id FROM {TABLE}"


def _matches(engine: Engine, logs: Sequence[PlacedLog], customers: Part) -> dict[str, Match]:
    own = {log.kind: f"SELECT {_own_id(customers, log)} AS id FROM {TABLE}" for log in logs}
    their = {ids: ids_counted(engine, ids) for ids in dict.fromkeys(own.values())}
    return {log.kind: match_of(log, own[log.kind], their[own[log.kind]]) for log in logs}


def _stranger_note(log: PlacedLog, customers: Part) -> Note:
    text = (
        f"No id in “{log.part.key}” of “{log.part.name}” is a customer of “{customers.name}”, so nothing of "
        "it was added. Whoever set the table up can name the column that is the customer, or write the ids "
        "alike."
    )
    return Note(text, True, "match", log.part.key)


# --- the day that counts ----------------------------------------------------------------------------


def _set_day(engine: Engine) -> datetime.date | None:
    return datetime.date.fromisoformat(engine.source.as_of) if engine.source.as_of else None


def _later(log: PlacedLog, day: datetime.date | None) -> int:
    """How many rows are later than the last day that counts."""
    if not log.dated or day is None:
        return 0
    test = f"{log.id} IS NOT NULL AND {log.days['date'].day} > DATE '{day}'"
    return int(log.engine.ask(f"SELECT COUNT(*) AS n FROM {log.table} WHERE {test}")["n"][0].as_py())


def _as_of_notes(engine: Engine, logs: Sequence[PlacedLog], day: datetime.date | None) -> list[Note]:
    dated = [log for log in logs if log.dated]
    if day is None or not dated:
        return []
    if engine.source.as_of:
        return [Note(f"Everything is as of {day}, as set up for this table.", key="as-of")]
    text = f"Everything is as of {day}, the latest date in {listing([log.source for log in dated])}: "
    text += "days are counted up to it."
    before = max((one for log in dated if (one := _day_before(log, day)) is not None), default=None)
    if before is None or (day - before).days <= LONE_DATE:
        return [Note(text, key="as-of")]
    text += (
        f" No other date is later than {before}, so it may be a typing error. Whoever set the table up can "
        "say which day is the last."
    )
    return [Note(text, True, "as-of")]


def _day_before(log: PlacedLog, day: datetime.date) -> datetime.date | None:
    """The latest day of a log before a day."""
    items = [f"{one.day}" for one in log.days.values()]
    asked = ", ".join(
        f"MAX(CASE WHEN {log.id} IS NOT NULL AND {one} < DATE '{day}' THEN {one} END) AS d{place}"
        for place, one in enumerate(items)
    )
    row = log.engine.ask(f"SELECT {asked} FROM {log.table}").to_pylist()[0]
    return max((one for one in map(as_day, row.values()) if one is not None), default=None)


# --- the join ---------------------------------------------------------------------------------------


def _columns(engine: Engine, summaries: Sequence[PlacedSummary]) -> list[PlacedColumn]:
    taken = set(engine.columns)
    columns = []
    for one in summaries:
        for feature in one.features:
            name = feature.name if feature.name not in taken else f"{feature.name} (from {one.log.part.name})"
            name = free_name(name, taken)
            taken.add(name)
            columns.append(PlacedColumn(name, feature, one.log.part.name))
    return columns


def _joining(
    engine: Engine,
    customers: Part,
    summaries: Sequence[PlacedSummary],
    columns: Sequence[PlacedColumn],
) -> Joining:
    """Write the SELECT of the customers with what the logs say of them."""
    own = list(engine.columns)
    names = {one.log.kind: f"segkit_{one.log.kind}_summary" for one in summaries}
    ids = {one.log.kind: f"{one.log.kind}_id" for one in summaries}
    keyed = [f"{_own_id(customers, one.log)} AS {ids[one.log.kind]}" for one in summaries]
    items = [f"c.{quoted(name)}" for name in own]
    items += [_item(one, ids[one.source]) for one in columns]
    joins = [
        f"LEFT JOIN {names[one.log.kind]} AS {one.log.kind} ON c.{ids[one.log.kind]} = {one.log.kind}.id"
        for one in summaries
    ]

    def joined(table: str) -> str:
        given = f"(SELECT given.*, {', '.join(keyed)} FROM {table} AS given) AS c"
        return f"SELECT {', '.join(items)} FROM {given} {' '.join(joins)}"

    return Joining(
        {names[one.log.kind]: one.sql for one in summaries},
        joined,
        (*own, *(one.name for one in columns)),
    )


def _item(column: PlacedColumn, own: str) -> str:
    """A feature of each customer; those who are named but not in the log get its absent value."""
    value = f"{column.source}.{quoted(column.feature.name)}"
    if column.feature.absent:
        absent = column.feature.absent
        value = f"CASE WHEN c.{own} IS NOT NULL AND {column.source}.id IS NULL THEN {absent} ELSE {value} END"
    return f"{value} AS {quoted(column.name)}"


def _clash_notes(columns: Sequence[PlacedColumn]) -> list[Note]:
    renamed = [one.name for one in columns if one.name != one.feature.name]
    if not renamed:
        return []
    told = listing([f"“{one}”" for one in renamed], 6)
    text = f"Names that were taken got the name of their log added: {told}. No column was replaced."
    return [Note(text, key="clash")]


# --- roles ------------------------------------------------------------------------------------------


def roles_of(found: PlacedJoin, drawn: pa.Table) -> tuple[dict[str, str], dict[str, str], list[Note]]:
    """What the features mean: role and kind of each, and notes on roles that the customers have already.

    Parameters
    ----------
    found : PlacedJoin
    drawn : pyarrow.Table
        A sample of the customers with the features.
    """
    columns = [
        JoinedColumn(
            one.name,
            Feature(one.feature.name, values, one.feature.role),
            one.source,
            values,
        )
        for one in found.columns
        for values in [_whole(drawn.column(one.name))]
    ]
    roles, notes = feature_roles(found.customers, columns)
    return roles, {one.name: one.feature.kind for one in columns if one.feature.kind}, notes


def _whole(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) and whole.num_chunks == 1 else whole
