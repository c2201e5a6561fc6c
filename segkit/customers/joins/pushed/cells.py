"""Cells of a log in SQL: ids, days, moments, numbers and words, read as the cells of an upload are.

What a column holds is told by the code for uploads, from a sample of the log. The SQL then does with all rows
what that code did with those of the sample; where no SQL does, the field is left out and a note says so.
Words and answers are few: all that occur are asked for, read here, and listed in the SQL.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.days import DIGITS, day_form, written_days_sql
from segkit.customers.files.columnar import typed_or_text
from segkit.customers.joins.ids import WAYS, as_text
from segkit.customers.joins.summaries.cells import Cells
from segkit.engine import Engine
from segkit.sql_literals import text

MOST_WORDS = 1_000  # different cells that are listed in a query; a column with more is free text
BLANKS = " \t\n\r\u00a0\u3000"  # around words and numbers of orders; pyarrow knows a few rarer ones
EPOCH = "DATE '1970-01-01'"
SIGNS = DIGITS + ".+-e "  # of numbers that a cast reads
MOST_DECIMALS = 6  # as `summaries.totals` adds up exactly
SPARE_DECIMALS = 2  # that a sample may not show
IRREGULAR = 9  # decimals kept of amounts that are not written in a few


def real(value: float) -> str:
    """Write a number as a literal of double precision.

    Examples
    --------
    >>> real(0.5), real(10000.0)
    ('0.5e0', '10000e0')
    """
    written = repr(float(value)).removesuffix(".0")
    return written if "e" in written else written + "e0"


def literal(cell: object) -> str:
    """Write a cell as it came from the engine."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float | Decimal):
        return str(cell) if isinstance(cell, Decimal) else repr(cell)
    if isinstance(cell, datetime):
        return f"TIMESTAMP '{cell}'"
    return f"DATE '{cell}'" if isinstance(cell, date) else text(str(cell))


def id_sql(column: str, kind: pa.DataType) -> str:
    """Write a column as the texts of ids; 7.0 in a column of numbers is "7"."""
    if pa.types.is_floating(kind):
        whole = f"CAST(CAST({column} AS BIGINT) AS VARCHAR)"
        return f"CASE WHEN {column} = FLOOR({column}) THEN {whole} ELSE CAST({column} AS VARCHAR) END"
    return f"CAST({column} AS VARCHAR)"


def alike_sql(ids: str, ways: Sequence[str]) -> str:
    """Write ids in the common way, without some differences in writing: keys of `ids.WAYS`.

    Parameters
    ----------
    ids : str
        Texts in SQL; simple, as it is repeated.
    ways : sequence of str
    """
    for way in WAYS:
        if way.key in ways:
            ids = _WRITE[way.key](ids)
    return ids


def _without_point_zero(ids: str) -> str:
    whole, rest, more = (f"SPLIT_PART({ids}, '.', {place})" for place in (1, 2, 3))
    zeros = f"{rest} <> '' AND TRANSLATE({rest}, '0', '') = '' AND {more} = ''"
    return f"CASE WHEN {_all_digits(whole)} AND {zeros} THEN {whole} ELSE {ids} END"


def _without_zeros(ids: str) -> str:
    left = f"LTRIM({ids}, '0')"
    return f"CASE WHEN {_all_digits(ids)} THEN CASE WHEN {left} = '' THEN '0' ELSE {left} END ELSE {ids} END"


def _all_digits(value: str) -> str:
    return f"{value} <> '' AND TRANSLATE({value}, '{DIGITS}', '') = ''"


_WRITE: dict[str, Callable[[str], str]] = {
    "blanks": lambda ids: f"TRIM({ids}, {text(BLANKS)})",
    "case": lambda ids: f"LOWER({ids})",
    "point-zero": _without_point_zero,
    "zeros": _without_zeros,
}  # each of `ids.WAYS` in SQL


def code_sql(column: str, kind: pa.DataType) -> str:
    """Write a column as codes without blanks around them, NULL where there is none."""
    trimmed = f"TRIM({id_sql(column, kind)}, {text(BLANKS)})"
    return f"NULLIF({trimmed}, '')"


def is_typed(kind: pa.DataType) -> bool:
    """Whether cells have another type than text."""
    return not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))


# --- days and moments -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Days:
    """A column of dates in SQL.

    Attributes
    ----------
    day : str
        The day.
    second : str
        The moment, in seconds of the calendar; of the day's start where no time is read.
    clock : str
        Seconds since the day began, empty where no time of day can be read.
    """

    day: str
    second: str
    clock: str


def days_sql(column: str, cells: pa.ChunkedArray, found: Cells) -> Days | None:
    """Write a column of dates; None where the days are written in a way that no SQL reads.

    Parameters
    ----------
    column : str
        Quoted.
    cells : pyarrow.ChunkedArray
        Those of the sample.
    found : Cells
        What was read from them.
    """
    if pa.types.is_date(cells.type):
        return _days(f"CAST({column} AS DATE)", "")
    if pa.types.is_timestamp(cells.type):
        return _days(f"CAST({column} AS DATE)", _clock(column))
    texts = as_text(cells).to_pylist()
    values = np.asarray(found.values.to_numpy(zero_copy_only=False)).astype("datetime64[D]")
    form = day_form(texts, values)
    if form is None:
        return None
    day = written_days_sql(column, form)
    times = None if found.times is None else np.asarray(found.times).astype("datetime64[s]")
    if times is None or not form.padded or not _reads_times(texts, values, times):
        return _days(day, "")
    return _days(day, _written_clock(column))


def _days(day: str, clock: str) -> Days:
    start = f"DATE_DIFF('day', {EPOCH}, {day}) * 86400"
    return Days(day, f"({start} + {clock})" if clock else f"({start})", clock)


def _clock(column: str) -> str:
    """Seconds since the day began, of a column of times."""
    return (
        f"(EXTRACT(HOUR FROM {column}) * 3600 + EXTRACT(MINUTE FROM {column}) * 60 "
        f"+ FLOOR(EXTRACT(SECOND FROM {column})))"
    )


CLOCKS = ("__:__:__", "__:__:__._%", "__:__")  # how a time of day is written behind a day of ten signs
BEHIND = 12  # its place, counted from 1
SECONDS = 6  # the place of seconds in it, counted from 0


def _written_clock(column: str) -> str:
    """The same of texts; 0 where no time is written. Parts of a second do not count."""
    value = f"TRIM(CAST({column} AS VARCHAR))"
    time = f"SUBSTR({value}, {BEHIND})"
    hours, minutes, seconds = (
        f"CAST(SUBSTR({value}, {BEHIND + place}, 2) AS BIGINT)" for place in (0, 3, SECONDS)
    )
    tests = []
    for form in CLOCKS:
        long = len(form) > SECONDS
        size = SECONDS + 2 if long else SECONDS - 1
        left = f"TRANSLATE(SUBSTR({value}, {BEHIND}, {size}), '{DIGITS}', '')"
        read = f"{hours} * 3600 + {minutes} * 60" + (f" + {seconds}" if long else "")
        tests.append(f"WHEN {time} LIKE '{form}' AND {left} = '{'::' if long else ':'}' THEN {read}")
    return f"(CASE {' '.join(tests)} ELSE 0 END)"


def _reads_times(texts: Sequence[str], days: np.ndarray, times: np.ndarray) -> bool:
    """Whether `_written_clock` reads every text of the sample as it was read."""
    read = np.array([_seconds(one.strip(" ")) for one in texts], "timedelta64[s]")
    known = ~np.isnat(times)
    return bool((days.astype("datetime64[s]") + read == times)[known].all())


def _seconds(cell: str) -> int:
    """Read the time of day behind a day, as `_written_clock` does."""
    found = WRITTEN.fullmatch(cell[BEHIND - 1 :])
    if found is None:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


WRITTEN = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\..+)?)?", re.ASCII)


# --- numbers ----------------------------------------------------------------------------------------


def numbers_sql(column: str, cells: pa.ChunkedArray, found: Cells) -> str:
    """Write a column as numbers, NULL where a cell is none; empty where no SQL reads them as uploads are."""
    read = np.asarray(found.values.to_numpy(zero_copy_only=False), dtype=float)
    if is_typed(cells.type):
        raw = np.asarray(pc.cast(cells, pa.float64(), safe=False).to_numpy(), dtype=float)
        return _without(f"CAST({column} AS DOUBLE PRECISION)", _gaps(raw, read))
    texts = as_text(cells).to_pylist()
    signs = "".join(sorted({one for one in set("".join(texts)) - set(SIGNS) - {"E"} if not one.isalpha()}))
    for taken, comma in (("", False), (signs, False), ("".join(sorted({*signs, "."} - {","})), True)):
        raw = np.array([_plain(one, taken, comma) for one in texts], dtype=float)
        known = ~np.isnan(read)
        if (raw[known] == read[known]).all():
            return _without(_written_number(column, taken, comma), _gaps(raw, read))
    return ""


def _gaps(raw: np.ndarray, read: np.ndarray) -> list[float]:
    """Numbers that stand for no answer, such as -999."""
    return sorted({float(one) for one in raw[np.isnan(read)] if np.isfinite(one)})


def _without(value: str, gaps: Sequence[float]) -> str:
    listed = ", ".join(map(real, gaps[:MOST_WORDS]))
    return f"CASE WHEN {value} NOT IN ({listed}) THEN {value} END" if listed else value


def _plain(cell: str, signs: str, comma: bool) -> float:
    cell = cell.translate({ord(sign): None for sign in signs})
    cell = cell.replace(",", ".") if comma else cell
    if set(cell.lower()) - set(SIGNS) or not set(cell) & set(DIGITS):
        return np.nan
    try:
        return float(cell)
    except ValueError:
        return np.inf  # where a database would stop


def _written_number(column: str, signs: str, comma: bool) -> str:
    seen = f"CAST({column} AS VARCHAR)"
    seen = f"TRANSLATE({seen}, {text(signs)}, '')" if signs else seen
    seen = f"REPLACE({seen}, ',', '.')" if comma else seen
    return (
        f"CASE WHEN TRANSLATE(LOWER({seen}), {text(SIGNS)}, '') = '' "
        f"AND TRANSLATE({seen}, {text(DIGITS)}, '') <> {seen} THEN CAST({seen} AS DOUBLE PRECISION) END"
    )


def decimals_of(values: np.ndarray) -> int:
    """How many decimals a sum of such amounts is given: those they are written with, and some to spare.

    Engines add up in any order, and the last digits of a sum hang on it. Without them, the same rows give
    the same sums whenever they are asked for.

    Examples
    --------
    >>> decimals_of(np.array([1.25, 3.0])), decimals_of(np.array([1 / 3]))
    (4, 9)
    """
    known = values[~np.isnan(values)]
    for decimals in range(MOST_DECIMALS + 1):
        if (np.rint(known * 10.0**decimals) / 10.0**decimals == known).all():
            return decimals + SPARE_DECIMALS
    return IRREGULAR


def rounded_sql(value: str, decimals: int) -> str:
    """Write a number rounded, in the arithmetic that all databases have."""
    unit = real(10.0**decimals)
    return f"FLOOR({value} * {unit} + 0.5e0) / {unit}"


# --- words ------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Words:
    """All different cells of a column, with how many rows have each.

    Attributes
    ----------
    column : str
        What it is called in the query it was asked of, quoted.
    raw : pyarrow.Array
        As the engine gives them; in a fixed order.
    counts : int array
    nothing : int
        Rows without any.
    """

    column: str
    raw: pa.Array
    counts: np.ndarray
    nothing: int

    @cached_property
    def texts(self) -> list[str]:
        """Each as text."""
        return [str(one) for one in as_text(typed_or_text(pa.chunked_array([self.raw]))).to_pylist()]

    def listed(self, values: Mapping[str, float | int], otherwise: str = "NULL") -> str:
        """Write a CASE of what each text stands for; NULL for all others."""
        cells: dict[str, list[str]] = {}
        for cell, said in zip(self.raw.to_pylist(), self.texts, strict=True):
            if said in values:
                value = values[said]
                written = str(value) if isinstance(value, int) else real(value)
                cells.setdefault(written, []).append(literal(cell))
        tests = [f"WHEN {self.column} IN ({', '.join(some)}) THEN {one}" for one, some in cells.items()]
        return f"CASE {' '.join(tests)} ELSE {otherwise} END" if tests else otherwise


def words_of(engine: Engine, column: str, query: str) -> Words | None:
    """Ask for all different cells of a column; None where they are too many to be listed.

    Parameters
    ----------
    engine : Engine
    column : str
        Quoted.
    query : str
        What it is asked of: a SELECT, or the name of a table.
    """
    told = f"({query}) AS asked" if query.startswith(("SELECT", "WITH")) else query
    asked = f"SELECT {column} AS cell, COUNT(*) AS n FROM {told} GROUP BY {column} LIMIT {MOST_WORDS + 2}"
    table = engine.ask(asked)
    if table.num_rows > MOST_WORDS + 1:
        return None
    filled = table.filter(pc.is_valid(table["cell"]))
    order = pc.sort_indices(as_text(typed_or_text(filled["cell"])))
    filled = filled.take(order)
    counts = np.asarray(filled["n"].to_numpy(), dtype=np.int64)
    nothing = int(pc.sum(table["n"]).as_py() or 0) - int(counts.sum())
    raw = filled["cell"].combine_chunks()
    return Words(column, raw.chunk(0) if isinstance(raw, pa.ChunkedArray) else raw, counts, nothing)
