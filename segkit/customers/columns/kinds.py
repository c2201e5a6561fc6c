"""Kinds: what the texts of a column are, and the values they stand for.

Every column of a file is text first. Its kind is found from all its texts, and converting counts what did not
convert, so nothing is lost silently; what had to be assumed is a note with the ways to decide otherwise.

========== ==================================================================================
kind       values in the frame
========== ==================================================================================
number     float64
yes/no     ordered categorical with two levels, "no" first, labelled as in the file
date       datetime64[s], the day only; one order of day, month and year for the whole column
category   categorical
text       strings: ids, codes, free text; never changed
========== ==================================================================================

Some kinds in `KINDS` say how to read another one ("month-first date", "decimal-comma number").
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeAlias, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.columns.converters import (
    CONVERTERS,
    THOUSANDS,
    Converted,
    date_order,
    failure_text,
    typed_days,
    typed_numbers,
)
from segkit.customers.columns.date_names import is_time_name
from segkit.customers.columns.examined import CODE_WORDS, LABEL_WORDS, Examined, kind_of
from segkit.customers.columns.number_notes import mixed_currencies_note
from segkit.customers.columns.numbers import Numbers
from segkit.customers.columns.texts import Texts, texts_of
from segkit.errors import UnusableColumn
from segkit.labels import listing, words

__all__ = [
    "CODE_WORDS",
    "KINDS",
    "LABEL_WORDS",
    "THOUSANDS",
    "Converted",
    "Texts",
    "convert",
    "convert_all",
    "failure_note",
    "found_kind",
    "moments",
    "texts_of",
    "texts_of_all",
    "uses_decimal_comma",
    "uses_decimal_comma_in",
]

KINDS = (
    "number",
    "yes/no",
    "date",
    "day-first date",
    "month-first date",
    "decimal-comma number",
    "decimal-point number",
    "category",
    "text",
)

MOST_THREADS = 8

Column: TypeAlias = Texts | pa.ChunkedArray
_In = TypeVar("_In")
_Out = TypeVar("_Out")


def found_kind(
    texts: Texts, name: str, comma: bool | None = False, missing: tuple[str, ...] | None = None
) -> str:
    """Tell the kind of a column from its texts and, for numbers that may be labels, its name.

    Examples
    --------
    >>> found_kind(texts_of(pa.chunked_array([["34", "51", "", "28"]])), "age")
    'number'
    """
    return kind_of(Examined(texts, name, comma, missing))


def convert(
    column: Column,
    name: str,
    kind: str | None = None,
    comma: bool | None = False,
    *,
    missing: tuple[str, ...] | None = None,
    day_first: bool | None = None,
) -> Converted:
    """Convert one column of a file.

    Parameters
    ----------
    column : Texts or pyarrow.ChunkedArray
        The texts of a column, plain or dictionary-encoded, or a typed column (from Parquet).
    name : str
        Its name, which tells codes from numbers and stands in messages.
    kind : str, optional
        One of `KINDS`; found from the texts when not given.
    comma : bool, optional
        How to read "1,234" when the column itself does not tell: as a decimal comma. None where the file
        does not tell either: then it has to be asked.
    missing : tuple of str, optional
        All texts that mean "no answer", besides empty cells; found when not given.
    day_first : bool, optional
        The order of the other dates of the file, for "03/04/2025".

    Raises
    ------
    UnusableColumn
        The kind is not one of `KINDS`, or no cell of the column is of that kind.
    """
    if kind is not None and kind not in KINDS:
        raise UnusableColumn(f"“{kind}” is no kind of column. Choose one of {listing(list(KINDS), 9)}.")
    column = _held(column)
    if not isinstance(column, Texts):
        typed = _typed(column, name) if missing is None else None
        if typed is not None and (kind is None or kind.endswith(typed.kind)):
            return typed
        column = _as_texts(column)
    examined = Examined(column, name, comma, missing, day_first, kind)
    return _found(examined) if kind is None else _forced(examined, kind)


def _held(column: Column) -> Column:
    """Take text columns as `Texts`; typed ones stay."""
    if isinstance(column, Texts):
        return column
    is_text = pa.types.is_dictionary, pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view
    return texts_of(column) if any(holds(column.type) for holds in is_text) else column


def _found(column: Examined) -> Converted:
    kind = kind_of(column)
    done = CONVERTERS[kind](column)
    if kind == "text" and column.mixes_currencies:
        note = mixed_currencies_note(column.name, column.numbers, read=False)
        return replace(done, notes=(note, *done.notes))
    return done


def _forced(column: Examined, kind: str) -> Converted:
    done = CONVERTERS[kind](column)
    if kind not in ("category", "text") and done.missing == len(column.texts) > 0:
        what = kind.replace("yes/no", "yes or no")
        raise UnusableColumn(
            f"No cell of column “{column.name}” is a {what} (it holds "
            f"{listing(_most_frequent(column.texts), 3)}). Choose another kind, or leave it as it was."
        )
    return done


def _most_frequent(texts: Texts, most: int = 3) -> list[str]:
    order = np.argsort(-texts.counts, kind="stable")
    values = [texts.texts[int(place)].as_py() for place in order[: most + 1]]
    return [f"“{value[:40]}”" for value in values if value][:most] or ["nothing"]


def failure_note(name: str, done: Converted) -> str:
    """Say how many cells of a column did not convert, with examples."""
    return failure_text(name, done.kind, done.failed, done.examples)


# --- all columns of a file ------------------------------------------------------------------------


def convert_all(
    columns: Sequence[Column],
    names: Sequence[str],
    kinds: Mapping[str, str] | None = None,
    comma: bool | None = None,
    missing: Mapping[str, tuple[str, ...]] | None = None,
    day_first: bool | None = None,
) -> list[Converted]:
    """Convert all columns of a file, as `convert` does, in threads.

    Dates that could be day first or month first follow the other dates of the file, where those agree.

    Parameters
    ----------
    columns, names : sequences of the same length
    kinds : mapping of name to kind, optional
        Those that the user set.
    comma : bool, optional
        What `uses_decimal_comma_in` says of the columns.
    missing : mapping of name to tuple of str, optional
        The texts that mean "no answer", where the user set them.
    day_first : bool, optional
        The order of day and month, where the file does not tell.

    Raises
    ------
    UnusableColumn
        As `convert`.
    """
    kinds, missing = kinds or {}, missing or {}
    held = texts_of_all(columns)

    def one(place: int, hint: bool | None) -> Converted:
        name = names[place]
        return convert(held[place], name, kinds.get(name), comma, missing=missing.get(name), day_first=hint)

    places = sorted(range(len(held)), key=lambda place: -_size(held[place]))
    done = dict(zip(places, _in_threads(lambda place: one(place, day_first), places), strict=True))
    hint = _common_order(list(done.values())) if day_first is None else None
    if hint is not None:
        done |= {place: one(place, hint) for place, converted in done.items() if _asks_order(converted)}
    return [done[place] for place in range(len(held))]


def texts_of_all(columns: Sequence[Column]) -> list[Column]:
    """Collect the texts of all columns of a file, in threads; typed columns stay as they are."""
    return _in_threads(_held, columns)


def _in_threads(work: Callable[[_In], _Out], items: Sequence[_In]) -> list[_Out]:
    """Do some work on all items; numpy and Arrow leave the other threads free meanwhile."""
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as threads:
        return list(threads.map(work, items))


def _size(column: Column) -> int:
    return int(column.strings.nbytes if isinstance(column, Texts) else column.nbytes)


def _asks_order(done: Converted) -> bool:
    return any(note.key == "date-order" and note.ask for note in done.notes)


def _common_order(done: Sequence[Converted]) -> bool | None:
    """Tell whether the dates whose order is settled all have the day first; None where they do not agree."""
    settled = {
        one.detail
        for one in done
        if one.kind == "date" and one.detail and not any(note.key == "date-order" for note in one.notes)
    }
    return settled == {"day first"} if len(settled) == 1 else None


def uses_decimal_comma(columns: Sequence[Texts]) -> bool | None:
    """Tell the decimal sign of a file from the numbers where it is beyond doubt; None where none is."""
    signs = _in_threads(_decimal_signs, columns)
    commas, points = sum(commas for commas, _ in signs), sum(points for _, points in signs)
    return commas > points if commas or points else None


def uses_decimal_comma_in(columns: Sequence[Column]) -> bool | None:
    """Tell the decimal sign of a file from all its columns, as `uses_decimal_comma`."""
    return uses_decimal_comma([column for column in texts_of_all(columns) if isinstance(column, Texts)])


def _decimal_signs(texts: Texts) -> tuple[int, int]:
    column = Examined(texts, "")
    return (0, 0) if column.is_words else Numbers(texts, texts.filled).evidence


# --- points in time -------------------------------------------------------------------------------


def moments(
    column: Column,
    name: str = "",
    kind: str = "date",
    *,
    missing: tuple[str, ...] | None = None,
    day_first: bool | None = None,
) -> np.ndarray:
    """Read a column of dates with the time of day.

    Parameters
    ----------
    column, name, missing, day_first
        As in `convert`.
    kind : str
        "date", "day-first date" or "month-first date".

    Returns
    -------
    datetime64[s] array
        One a row; NaT where there is no date. As written, but in UTC where a zone is written beside it, so
        that times of several zones can be compared.

    Examples
    --------
    >>> moments(pa.chunked_array([["3.4.2025 9:30", "2025-04-03T09:30:00+02:00"]]))
    array(['2025-04-03T09:30:00', '2025-04-03T07:30:00'], dtype='datetime64[s]')
    """
    held = _held(column)
    if not isinstance(held, Texts):
        if pa.types.is_temporal(held.type):
            return np.asarray(held.cast(pa.timestamp("s"), safe=False)).astype("datetime64[s]")
        held = _as_texts(held)
    dates = Examined(held, name, False, missing, day_first, kind).dates
    return held.spread(dates.moments(dates.read(date_order(kind), day_first)).view("datetime64[s]"))


# --- typed columns --------------------------------------------------------------------------------


def _typed(column: pa.ChunkedArray, name: str) -> Converted:
    """Take a typed column of a Parquet file as it is, but for integers that are codes or points in time."""
    if pa.types.is_boolean(column.type):
        return _typed_yes_no(column)
    if pa.types.is_temporal(column.type):
        days = np.asarray(column.cast(pa.timestamp("s"), safe=False)).astype("datetime64[D]").view(np.int64)
        return typed_days(days, name)
    if pa.types.is_integer(column.type) and set(words(name)) & CODE_WORDS:
        return convert(_as_texts(column), name, "text")
    if pa.types.is_integer(column.type) and is_time_name(name):
        texts = _as_texts(column)
        if found_kind(texts, name) == "date":
            return convert(texts, name)
    floats = np.asarray(pc.cast(column, pa.float64(), safe=False).to_numpy(), dtype=float)
    floats = np.where(np.isfinite(floats), floats, np.nan)
    present = floats[~np.isnan(floats)]
    if set(np.unique(present[:1000])) <= {0.0, 1.0} and set(np.unique(present)) == {0.0, 1.0}:
        whole = pa.array(floats, from_pandas=True).cast(pa.int64())
        return convert(_as_texts(pa.chunked_array([whole])), name, "yes/no")
    return typed_numbers(floats, name)


def _typed_yes_no(column: pa.ChunkedArray) -> Converted:
    codes = np.asarray(pc.fill_null(pc.cast(column, pa.int8()), -1))
    labels = pd.Index(["No", "Yes"], dtype="str")
    values = pd.Series(pd.Categorical.from_codes(codes, categories=labels, ordered=True), copy=False)
    counts = np.bincount(codes[codes >= 0], minlength=2)
    filled = int(counts.sum())
    return Converted(
        values,
        "yes/no",
        missing=column.null_count,
        distinct=int((counts > 0).sum()),
        filled=filled,
        top=int(counts.max()),
    )


def _as_texts(column: pa.ChunkedArray) -> Texts:
    return texts_of(pc.fill_null(column.cast(pa.string()), ""))
