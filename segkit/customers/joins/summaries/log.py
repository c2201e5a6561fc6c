"""Logs: the rows of one or several files of a kind, converted, ready to be summed up by customer.

`read_log` takes the columns that matter out of the files and converts them; `until` leaves out what
lies after the as-of date or has no date. The summaries see only the log, so a year of orders in twelve
files is summed up like one file.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.joins.ids import as_text, ids_of
from segkit.customers.joins.summaries.cells import cells_of
from segkit.customers.joins.summaries.words import Vocabulary, said
from segkit.customers.joins.table_kinds import Part
from segkit.customers.joins.table_names import TableKind, find_kind
from segkit.customers.notes import Note
from segkit.labels import listing, number, plural

LONE_DATE = 365  # days that the last date lies behind all others from which it is probably a typing error


@dataclass(frozen=True, eq=False)
class Log:
    """Rows that name a customer, in columns that have the names of fields.

    Attributes
    ----------
    kind : str
        A key of `table_names.TABLE_KINDS`.
    names : tuple of str
        The files.
    ids : pyarrow.Array
        The customers, each once.
    codes : int array
        Place of each row's customer in `ids`.
    table : pyarrow.Table
        "date" and "closed" as days, and as timestamps with " time" behind the name; amounts as float64; codes
        and words as strings; null where the file says nothing. A field that no file has is no column.
    clock : bool
        Whether its dates have a time of day.
    rows, nameless : int
        Rows of the files, and those that name no customer and are left out.
    notes : tuple of Note
        What did not convert, and what was left out.
    to : str
        The column of the customer table that the ids are compared with; empty for the one that names them.
    """

    kind: str
    names: tuple[str, ...]
    ids: pa.Array
    codes: np.ndarray
    table: pa.Table
    clock: bool = False
    rows: int = 0
    nameless: int = 0
    notes: tuple[Note, ...] = ()
    to: str = ""

    def __len__(self) -> int:
        return len(self.codes)

    def has(self, *fields: str) -> bool:
        """Whether a file tells at least one of the fields."""
        return any(field in self.table.column_names for field in fields)

    @property
    def source(self) -> str:
        """The files, for a sentence."""
        return listing([f"“{name}”" for name in self.names])

    @cached_property
    def days(self) -> np.ndarray:
        """The day of each row, datetime64[D]; NaT where it is not known."""
        return self.day_of("date")

    def day_of(self, field: str) -> np.ndarray:
        """A field of dates as days; all NaT where no file has it."""
        if not self.has(field):
            return np.full(len(self), np.datetime64("NaT"), "datetime64[D]")
        return self.table.column(field).to_numpy().astype("datetime64[D]")

    def time_of(self, field: str) -> np.ndarray:
        """A field of dates as points in time, datetime64[s]; midnight where no time of day is told."""
        days = self.day_of(field).astype("datetime64[s]")
        if not self.has(f"{field} time"):
            return days
        times = self.table.column(f"{field} time").to_numpy().astype("datetime64[s]")
        return np.where(np.isnat(times), days, times)

    def numbers(self, field: str) -> np.ndarray:
        """A field of numbers; all NaN where no file has it."""
        if not self.has(field):
            return np.full(len(self), np.nan)
        return np.asarray(self.table.column(field).to_numpy(), dtype=float)

    def texts(self, field: str) -> tuple[np.ndarray, pa.Array]:
        """A field of codes or words: the number of each row's text, -1 for none, and the different texts."""
        if not self.has(field):
            return np.full(len(self), -1), pa.array([], pa.string())
        return ids_of(self.table.column(field), ["blanks"])

    def saying(self, field: str, vocabulary: Vocabulary) -> np.ndarray:
        """Which rows say one of some words in a field."""
        codes, texts = self.texts(field)
        return np.append(said(texts.to_pylist(), vocabulary), False)[codes]

    def where(self, kept: np.ndarray) -> "Log":
        """Keep some of the rows, and all customers."""
        if kept.all():
            return self
        return replace(self, codes=self.codes[kept], table=self.table.filter(pa.array(kept, pa.bool_())))

    def without_idle(self) -> "Log":
        """Leave out the customers who have no rows."""
        used = np.bincount(self.codes, minlength=len(self.ids)) > 0
        if used.all():
            return self
        return replace(
            self, ids=self.ids.filter(pa.array(used, pa.bool_())), codes=(np.cumsum(used) - 1)[self.codes]
        )


@dataclass(frozen=True)
class _Read:
    table: pa.Table
    clock: bool
    notes: tuple[Note, ...]


def read_log(parts: Sequence[Part], same_ids: Sequence[str] = ()) -> Log:
    """Convert the fields of one or several files of the same kind and put their rows together.

    Parameters
    ----------
    parts : sequence of Part
        Of one kind, each with a key.
    same_ids : sequence of str
        Keys of `ids.WAYS`: differences in writing that do not count.

    Returns
    -------
    Log
    """
    kind = find_kind(parts[0].kind)
    read = [_converted(part) for part in parts]
    whole = read[0].table if len(read) == 1 else _stacked([one.table for one in read])
    if "date" in whole.column_names and whole.column("date").null_count == whole.num_rows:
        whole = whole.drop_columns("date")
    codes, ids = ids_of(parts[0].customers if len(parts) == 1 else _ids(parts), same_ids)
    named = codes >= 0
    log = Log(
        kind.key,
        tuple(part.name for part in parts),
        ids,
        codes[named],
        whole if named.all() else whole.filter(pa.array(named)),
        any(one.clock for one in read),
        whole.num_rows,
        int((~named).sum()),
        (*(note for one in read for note in one.notes), *_overlap_notes(kind, parts, read)),
        parts[0].to,
    )
    if not log.nameless:
        return log
    verbs = "names no customer and is" if log.nameless == 1 else "name no customer and are"
    text = f"{plural(log.nameless, 'row')} of {log.source} {verbs} left out."
    return replace(log, notes=(*log.notes, Note(text, True, "nameless")))


def _overlap_notes(kind: TableKind, parts: Sequence[Part], read: Sequence[_Read]) -> list[Note]:
    """Say that files have numbers in common, as exports of overlapping periods do."""
    field = next(one for one in kind.fields if one.row_id)
    read = read if len(parts) > 1 else []
    found = [ids_of(one.table.column(field.key))[1] for one in read if field.key in one.table.column_names]
    if len(found) < 2 or not (shared := sum(map(len, found)) - len(pc.unique(pa.concat_arrays(found)))):
        return []
    files = listing([f"“{part.name}”" for part in parts])
    text = (
        f"In {files}, “{field.label.lower()}” of one file occurs in another one too ({number(shared)} "
        "times). Where the files cover the same days, these rows count twice: leave one file out."
    )
    return [Note(text, True, "overlap")]


def _stacked(tables: Sequence[pa.Table]) -> pa.Table:
    """Put tables below each other; what one of them does not have is null there."""
    plain = [pa.table({name: _plain(table.column(name)) for name in table.column_names}) for table in tables]
    return pa.concat_tables(plain, promote_options="default")


def _ids(parts: Sequence[Part]) -> pa.ChunkedArray:
    """The cells of several files that name the customer."""
    chunks = [chunk for part in parts for chunk in as_text(part.column(part.key)).chunks]
    return pa.chunked_array(chunks, pa.string())


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _converted(part: Part) -> _Read:
    """Convert the fields of one file, and say what of it could not be read."""
    found = cells_of(part)
    table = {"row": pa.nulls(part.rows)}  # a table without any column has no rows
    for field, cells in found.items():
        table[field] = cells.values
        if cells.times is not None:
            table[f"{field} time"] = cells.times
    return _Read(
        pa.table(table),
        any(cells.times is not None for cells in found.values()),
        tuple(note for cells in found.values() for note in cells.notes),
    )


# --- the as-of date -------------------------------------------------------------------------------


def last_day(logs: Sequence[Log]) -> datetime.date | None:
    """Find the latest day in several logs; None where none has dates."""
    days = _every_day(logs)
    return days[-1].astype(object) if len(days) else None


def lone_last_day(logs: Sequence[Log]) -> datetime.date | None:
    """Find the latest day but one, where the latest lies far behind all others as after a typing error."""
    days = _every_day(logs)
    if len(days) < 3 or (days[-1] - days[-2]).astype(int) <= LONE_DATE:
        return None
    return days[-2].astype(object)


def _every_day(logs: Sequence[Log]) -> np.ndarray:
    """The different days of several logs, in order: when things happened and when they ended."""
    days = [log.day_of(field) for log in logs for field in ("date", "closed")]
    found = np.unique(np.concatenate([np.unique(one) for one in days])) if days else np.zeros(0, "M8[D]")
    return found[~np.isnat(found)]


def until(log: Log, as_of: datetime.date | None) -> Log:
    """Leave out rows after the as-of date and rows without a date, and say how many.

    A log without any dates is used as it is.
    """
    if not log.has("date") or as_of is None:
        return log
    undated = np.isnat(log.days)
    after = log.days > np.datetime64(as_of)
    notes = []
    if undated.any():
        count = int(undated.sum())
        text = (
            f"{plural(count, 'row')} of {log.source} {'has' if count == 1 else 'have'} no date that could be "
            f"read and {'is' if count == 1 else 'are'} left out."
        )
        notes.append(Note(text, True, "undated"))
    if after.any():
        count = int(after.sum())
        text = (
            f"{plural(count, 'row')} of {log.source} {'is' if count == 1 else 'are'} later than {as_of} and "
            "left out."
        )
        notes.append(Note(text, True, "after-as-of"))
    kept = log.where(~(undated | after)).without_idle()
    return replace(kept, notes=(*log.notes, *notes))
