"""Logs at a source: which column is what, told from a sample; and what all rows are, told by queries."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from segkit.customers.files.columnar import typed_or_text
from segkit.customers.files.text_table import TextTable, column_names, compact
from segkit.customers.joins.pushed.cells import Days, alike_sql, days_sql, id_sql, numbers_sql
from segkit.customers.joins.summaries.cells import KINDS, Cells, cells_of
from segkit.customers.joins.table_kinds import Part, recognised
from segkit.customers.notes import Note
from segkit.engine import Engine, LogTable, UnusableSource, log_name
from segkit.labels import listing, number, plural
from segkit.sql_literals import quoted

DRAWN = 50_000  # rows of a log that tell what its columns are, as many as customers


@dataclass(frozen=True, eq=False)
class PlacedLog:
    """A log where it lives, and how its columns are read in SQL.

    Attributes
    ----------
    engine : Engine
    part : Part
        A sample of it, and what its columns are.
    rows : int
        Of the whole log.
    cells : mapping of field to Cells
        What was read from the sample, of dates and amounts.
    days, numbers : mapping of field to Days and to SQL
    notes : tuple of Note
    all : mapping
        What `_counted` counts over all rows.
    same_ids : tuple of str
        Differences in the writing of ids that do not count: keys of `ids.WAYS`.
    """

    engine: Engine
    part: Part
    rows: int
    cells: Mapping[str, Cells]
    days: Mapping[str, Days]
    numbers: Mapping[str, str]
    notes: tuple[Note, ...] = ()
    all: Mapping[str, Any] = field(default_factory=dict)
    same_ids: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """A key of `table_names.TABLE_KINDS`."""
        return self.part.kind

    @property
    def source(self) -> str:
        """The log, for a sentence."""
        return f"“{self.part.name}”"

    @property
    def table(self) -> str:
        """What queries call it."""
        return log_name(self.kind)

    @property
    def id(self) -> str:
        """Whom a row names, NULL for nobody."""
        written = id_sql(quoted(self.part.key), self.type_of(self.part.key))
        return f"NULLIF({alike_sql(written, self.same_ids)}, '')"

    @property
    def dated(self) -> bool:
        """Whether its rows have dates."""
        return "date" in self.days and bool(self.all.get("dated"))

    @property
    def clock(self) -> bool:
        """Whether a date has a time of day."""
        return bool(self.all.get("date_clock") or self.all.get("closed_clock"))

    def has(self, *fields: str) -> bool:
        """Whether it tells at least one of the fields."""
        read = {**self.days, **self.numbers}
        return any(one in self.part.fields and (one not in KINDS or one in read) for one in fields)

    def column(self, field: str) -> str:
        """The quoted column of a field."""
        return quoted(self.part.fields[field])

    def type_of(self, column: str) -> pa.DataType:
        """The type of a column's cells."""
        return self.part.text.table.schema.field(column).type

    def last_days(self) -> list[datetime.date]:
        """The latest days of its dates."""
        found = [self.all.get("latest") if self.dated else None, self.all.get("closed")]
        return [day for day in map(as_day, found) if day is not None]


def as_day(value: object) -> datetime.date | None:
    """A day as the engine gives it."""
    return value.date() if isinstance(value, datetime.datetime) else value  # type: ignore[return-value]


def placed_log(engine: Engine, kind: str, customers: Part) -> PlacedLog | None:
    """Look at a log: its columns from a sample, its counts from all rows; None where it has no rows.

    Raises
    ------
    UnusableSource
        No column names the customer, or a column that was set up is not there.
    segkit.errors.UnusableColumn
        A column cannot be read as what it should be.
    """
    rows = int(engine.ask(f"SELECT COUNT(*) AS n FROM {log_name(kind)}")["n"][0].as_py())
    if not rows:
        return None
    text = _drawn(engine, kind, rows)
    set_up = engine.source.logs[kind]
    _check_columns(engine, kind, set_up, text.table.column_names)
    part = recognised(
        kind, text, "", kind, set_up.customer or None, dict(set_up.columns), customers=customers
    )
    if not part.key:
        raise UnusableSource(
            f"No column of the {kind} of “{engine.source.label}” names the customer. Say which one does in "
            f"the file of sources; it has: {listing(text.table.column_names, 10)}."
        )
    return _counted(_read(engine, part, rows))


def _drawn(engine: Engine, kind: str, rows: int) -> TextTable:
    drawn = engine.sample_log(kind, DRAWN, rows)
    names, _ = column_names(drawn.column_names, drawn.num_columns)
    if names != drawn.column_names:
        raise UnusableSource(f"Columns of the {kind} of “{engine.source.label}” need names of their own.")
    return TextTable(pa.table([compact(typed_or_text(one)) for one in drawn.columns], names=names), "source")


def _check_columns(engine: Engine, kind: str, log: LogTable, there: Sequence[str]) -> None:
    absent = [one for one in (log.customer, *log.columns.values()) if one and one not in there]
    if absent:
        raise UnusableSource(
            f"The {kind} of “{engine.source.label}” have no column {listing(absent)}, which the file of "
            f"sources names. They have: {listing(list(there), 40)}."
        )


def _read(engine: Engine, part: Part, rows: int) -> PlacedLog:
    """Write dates and amounts in SQL."""
    typed = {key: name for key, name in part.fields.items() if key in KINDS}
    cells = cells_of(replace(part, fields=typed))
    days: dict[str, Days] = {}
    numbers: dict[str, str] = {}
    unread = []
    for key, name in typed.items():
        about = quoted(name), part.column(name), cells[key]
        done = days_sql(*about) if KINDS[key] == "date" else numbers_sql(*about)
        if isinstance(done, Days):
            days[key] = done
        elif done:
            numbers[key] = done
        elif cells[key].values.null_count < part.rows:
            unread.append(name)
    notes = [_of_sample(note, part, rows) for one in cells.values() for note in one.notes]
    timeless = [typed[key] for key, one in days.items() if cells[key].times is not None and not one.clock]
    if timeless:
        text = (
            f"Only the days of {listing([f'“{one}”' for one in timeless])} of “{part.name}” are read: the "
            "time of day is written in a way that cannot be read where the table lives."
        )
        notes.append(Note(text, True, "not-converted"))
    if unread:
        text = (
            f"{listing([f'“{one}”' for one in unread])} of “{part.name}” "
            f"{'is' if len(unread) == 1 else 'are'} written in a way that cannot be read where the table "
            "lives, and left out. Write days like 2026-11-30 and numbers like 12.5 there."
        )
        notes.append(Note(text, True, "not-converted"))
    return PlacedLog(engine, part, rows, cells, days, numbers, tuple(notes))


def _of_sample(note: Note, part: Part, rows: int) -> Note:
    """Say that a note is about the rows that were drawn; what to do about it is to be done at the source."""
    drawn = f" (of {number(part.rows)} rows drawn by chance)" if part.rows < rows else ""
    text = note.text.replace(f"“{part.name}”:", f"“{part.name}”{drawn}:", 1)
    return replace(note, text=text, options=(), ask=False)


def _counted(log: PlacedLog) -> PlacedLog:
    """Count over all rows: who is named, how many have a date, which is the last."""
    day = log.days["date"].day if "date" in log.days else "CAST(NULL AS DATE)"
    closed = log.days["closed"].day if "closed" in log.days else "CAST(NULL AS DATE)"
    clocks = [
        f"{log.days[one].clock if one in log.days and log.days[one].clock else '0'} AS {one}_clock"
        for one in ("date", "closed")
    ]
    read = f"SELECT {log.id} AS id, {day} AS day, {closed} AS closed, {', '.join(clocks)} FROM {log.table}"
    asked = (
        "SELECT COUNT(*) AS n, COUNT(id) AS named, COUNT(day) AS dated, "
        "COUNT(CASE WHEN id IS NOT NULL AND day IS NULL THEN 1 END) AS undated, "
        "MAX(CASE WHEN id IS NOT NULL THEN day END) AS latest, "
        "MAX(CASE WHEN id IS NOT NULL THEN closed END) AS closed, "
        "COUNT(CASE WHEN date_clock <> 0 THEN 1 END) AS date_clock, "
        f"COUNT(CASE WHEN closed_clock <> 0 THEN 1 END) AS closed_clock FROM ({read}) AS cells"
    )
    return replace(log, all=log.engine.ask(asked).to_pylist()[0])


# --- in words -------------------------------------------------------------------------------------


def left_out_notes(log: PlacedLog, later: int, as_of: datetime.date | None) -> list[Note]:
    """Say which rows do not count: those that name nobody, without a date, and after the last day."""
    notes = []
    nameless, undated = log.rows - int(log.all["named"]), int(log.all["undated"]) if log.dated else 0
    if nameless:
        verbs = "names no customer and is" if nameless == 1 else "name no customer and are"
        notes.append(Note(f"{plural(nameless, 'row')} of {log.source} {verbs} left out.", True, "nameless"))
    if undated:
        verbs = "has" if undated == 1 else "have"
        text = f"{plural(undated, 'row')} of {log.source} {verbs} no date that could be read and "
        notes.append(Note(f"{text}{'is' if undated == 1 else 'are'} left out.", True, "undated"))
    if later:
        text = (
            f"{plural(later, 'row')} of {log.source} {'is' if later == 1 else 'are'} later than {as_of} and"
        )
        notes.append(Note(f"{text} left out.", True, "after-as-of"))
    return notes
