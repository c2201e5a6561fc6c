"""From an examined column to its values: one converter a kind.

Each looks at the texts, not the rows: a text that occurs a thousand times is converted once, where the column
is held so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.columns.date_notes import date_notes, day_text
from segkit.customers.columns.dates import NO_DAY
from segkit.customers.columns.examined import Examined
from segkit.customers.columns.missing import (
    POSSIBLE,
    SURE,
    UNANSWERED,
    Marker,
    applied_note,
    markers_of,
    proposed_note,
    sentinel_note,
)
from segkit.customers.columns.number_notes import NumbersRead, number_notes
from segkit.customers.columns.sentinels import day_sentinels, number_sentinels
from segkit.customers.columns.texts import Texts, with_validity
from segkit.customers.columns.yes_no import sides
from segkit.customers.notes import Note, Option
from segkit.labels import listing, number, plural

THOUSANDS = {",": "comma as thousands sign", ".": "point as thousands sign"}  # nothing in the column says so
STRINGS = pd.StringDtype("pyarrow", na_value=np.nan)
MOST_EXAMPLES = 3


@dataclass(frozen=True)
class Converted:
    """One column after conversion.

    Attributes
    ----------
    values : pandas.Series
        As the table at the top of `kinds` says.
    kind : str
    detail : str
        What was assumed, e.g. "day first" or "decimal comma"; empty when nothing had to be.
    missing : int
        Rows without a value, failed conversions included.
    failed : int
        Filled cells that are not of this kind (missing markers not counted).
    examples : tuple of str
        Up to three of those cells.
    markers : tuple of str
        Texts read as "no answer".
    notes : tuple of Note
        What was assumed, each with the ways to decide otherwise.
    currency : str
        The currency of amounts: its code ("EUR"), or its sign where several currencies use it ("$").
    distinct, filled, top : int
        Different values, rows with a value, and rows of the most common value.
    """

    values: pd.Series
    kind: str
    detail: str = ""
    missing: int = 0
    failed: int = 0
    examples: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    currency: str = ""
    distinct: int = 0
    filled: int = 0
    top: int = 0


def _outcome(
    column: Examined,
    values: pd.Series,
    kind: str,
    usable: np.ndarray,
    marked: np.ndarray,
    spectrum: tuple[int, int],
    *,
    told: np.ndarray | None = None,
) -> Converted:
    """Count what did not convert, and say so; `told` are texts whose failure another note tells."""
    texts = column.texts
    marked = marked & ~usable
    failed = texts.filled & ~usable & ~marked
    found = markers_of(texts, marked)
    filled = texts.rows(usable)
    notes = [
        *_failure_notes(column.name, kind, texts, failed if told is None else failed & ~told),
        *applied_note(column.name, found, column.missing is not None),
    ]
    return Converted(
        values,
        kind,
        missing=len(texts) - filled,
        failed=texts.rows(failed),
        examples=texts.some(failed, MOST_EXAMPLES) if failed.any() else (),
        markers=tuple(marker.text for marker in found),
        notes=tuple(notes),
        distinct=spectrum[0],
        filled=filled,
        top=spectrum[1],
    )


def _failure_notes(name: str, kind: str, texts: Texts, failed: np.ndarray) -> list[Note]:
    if not failed.any():
        return []
    said = failure_text(name, kind, texts.rows(failed), texts.some(failed, MOST_EXAMPLES))
    return [
        Note(said, True, "not-converted", name, options=(Option("Keep as text", {"kinds": {name: "text"}}),))
    ]


def failure_text(name: str, kind: str, rows: int, examples: Sequence[str]) -> str:
    """Say how many cells of a column did not convert, with examples."""
    shown = listing([f"“{example[:30]}”" for example in examples])
    counts = "counts" if rows == 1 else "count"
    return (
        f"{plural(rows, 'cell')} in “{name}” could not be read as {kind} ({shown}) and {counts} as missing."
    )


def _different(texts: Texts | None, values: np.ndarray, usable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List the different values in ascending order, and the rows of each."""
    known = values if usable.all() else values[usable]
    if texts is not None and texts.weights is not None:
        different, places = np.unique(known, return_inverse=True)
        return different, np.bincount(places, texts.weights[usable], len(different)).astype(np.int64)
    ordered = np.sort(known)
    starts = (
        np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ordered) else ordered
    )
    return ordered[starts.astype(int)], np.diff(np.append(starts, len(ordered))).astype(np.int64)


def _spectrum(counts: np.ndarray) -> tuple[int, int]:
    return len(counts), int(counts.max(initial=0))


# --- numbers --------------------------------------------------------------------------------------


def to_number(column: Examined) -> Converted:
    """Convert to floats."""
    texts, numbers, forced = column.texts, column.numbers, column.kind is not None
    values = numbers.read(column.decimal, forced)
    usable = ~np.isnan(values)
    different, counts = _different(texts, values, usable)
    series = pd.Series(texts.spread(values), copy=False)
    done = _outcome(column, series, "number", usable, column.neutral, _spectrum(counts))
    read = NumbersRead(
        column.name, numbers, values, column.decimal, column.comma, forced, forced and column.kind != "number"
    )
    odd, span = _odd_numbers(different, counts)
    proposed = (
        _sentinel_notes(column.name, texts, done.markers, np.isin(values, odd), span) if len(odd) else []
    )
    return replace(
        done,
        detail=_decimal_detail(column),
        notes=(*number_notes(read), *done.notes, *proposed),
        currency=numbers.currency or "",
    )


def _odd_numbers(different: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, str]:
    odd = number_sentinels(different, counts)
    rest = different[~np.isin(different, odd)]
    return odd, f"{number(float(rest[0]))} to {number(float(rest[-1]))}" if len(odd) else ""


def typed_numbers(values: np.ndarray, name: str) -> Converted:
    """Take numbers that the file has as numbers; NaN is missing."""
    usable = ~np.isnan(values)
    different, counts = _different(None, values, usable)
    odd, span = _odd_numbers(different, counts)
    found = [
        Marker(f"{value:.0f}", int(rows))
        for value, rows in zip(different, counts, strict=True)
        if value in odd
    ]
    filled = int(usable.sum())
    return Converted(
        pd.Series(values, copy=False),
        "number",
        missing=len(values) - filled,
        notes=tuple(sentinel_note(name, tuple(found), (), span)),
        distinct=len(counts),
        filled=filled,
        top=int(counts.max(initial=0)),
    )


def _decimal_detail(column: Examined) -> str:
    """Name the decimal sign where it is a comma, or the sign taken for thousands without proof."""
    signs = [one.told or one.open for _, one, _ in column.numbers.written]
    if column.decimal == "," and "," in signs:
        return "decimal comma"
    thousands = "," if column.decimal == "." else "."
    return THOUSANDS[thousands] if column.numbers.evidence == (0, 0) and thousands in signs else ""


def _sentinel_notes(
    name: str, texts: Texts, markers: tuple[str, ...], odd: np.ndarray, span: str
) -> list[Note]:
    """Propose the texts of a mask, which stand for no answer, beside those that are read so already."""
    applied = tuple(Marker(marker, 0) for marker in markers)
    return sentinel_note(name, markers_of(texts, odd), applied, span)


# --- yes or no ------------------------------------------------------------------------------------


def to_yes_no(column: Examined) -> Converted:
    """Convert to an ordered categorical of two levels, "no" first, labelled as in the file."""
    column = column.distinct
    texts = column.texts
    marked = column.means_missing(UNANSWERED if column.kind is None else POSSIBLE | SURE)
    listed = texts.strings.to_pylist()
    meaning, group = sides(listed)
    side = np.array(meaning, np.int8)
    if column.kind is None and column.answers is not None:
        group = column.answers
        side = np.array(
            [int(t in group.yes) if t in group.no + group.yes else -1 for t in map(str.lower, listed)],
            np.int8,
        )
    side[marked] = -1
    counts = np.array([texts.rows(side == value) for value in (0, 1)])
    labels = [_label(texts, side == value, words[0]) for value, words in ((0, group.no), (1, group.yes))]
    values = _categorical(texts, side, pd.Index(labels, dtype=STRINGS), ordered=True)
    return _outcome(
        column,
        values,
        "yes/no",
        side >= 0,
        marked | _none_beside(column, side),
        _spectrum(counts[counts > 0]),
    )


def _none_beside(column: Examined, side: np.ndarray) -> np.ndarray:
    """Count Python's None beside True and False as a marker."""
    return column.means_missing(frozenset({"none"})) & (side < 0)


def _label(texts: Texts, side: np.ndarray, otherwise: str) -> str:
    """Label one side of a yes/no column as the file most often does."""
    if not side.any():
        return otherwise.capitalize()
    assert texts.weights is not None
    return str(texts.strings[int(np.argmax(np.where(side, texts.weights, -1)))].as_py())


def _categorical(texts: Texts, places: np.ndarray, levels: pd.Index, ordered: bool = False) -> pd.Series:
    """Give each row the level of its text; places are -1 for none."""
    small = places.astype(np.min_scalar_type(-max(len(levels), 1)))
    return pd.Series(
        pd.Categorical.from_codes(texts.spread(small), categories=levels, ordered=ordered, validate=False),
        copy=False,
    )


# --- dates ----------------------------------------------------------------------------------------


def to_date(column: Examined) -> Converted:
    """Convert to days, in one order of day, month and year."""
    texts, dates = column.texts, column.dates
    read = dates.read(date_order(column.kind or ""), column.day_first)
    usable = read.days != NO_DAY
    different, counts = _different(texts, read.days, usable)
    done = _outcome(
        column,
        _day_series(texts.spread(read.days)),
        "date",
        usable,
        column.neutral,
        _spectrum(counts),
        told=read.impossible | read.other_order,
    )
    odd, span = _odd_days(different, counts)
    which = np.isin(read.days, odd) & usable
    proposed = _sentinel_notes(column.name, texts, done.markers, which, span) if len(odd) else []
    return replace(done, detail=read.order, notes=(*date_notes(dates, read), *done.notes, *proposed))


def date_order(kind: str) -> str:
    """Name the order of day and month that a kind asks for."""
    return {"day-first date": "day first", "month-first date": "month first"}.get(kind, "")


def _day_series(days: np.ndarray) -> pd.Series:
    return pd.Series(days.view("datetime64[D]").astype("datetime64[s]"), copy=False)


def _odd_days(different: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, str]:
    odd = day_sentinels(different, counts)
    rest = different[~np.isin(different, odd)]
    return odd, f"{day_text(int(rest[0]))} to {day_text(int(rest[-1]))}" if len(odd) else ""


def typed_days(days: np.ndarray, name: str) -> Converted:
    """Take days since 1970 that the file has as dates; `NO_DAY` is missing."""
    usable = days != NO_DAY
    different, counts = _different(None, days, usable)
    odd, span = _odd_days(different, counts)
    found = tuple(
        Marker(str(np.datetime64(int(day), "D")), int(rows))
        for day, rows in zip(different, counts, strict=True)
        if day in odd
    )
    filled = int(usable.sum())
    return Converted(
        _day_series(days),
        "date",
        missing=len(days) - filled,
        notes=tuple(sentinel_note(name, found, (), span)),
        distinct=len(counts),
        filled=filled,
        top=int(counts.max(initial=0)),
    )


# --- categories and text --------------------------------------------------------------------------


def to_category(column: Examined) -> Converted:
    """Convert to a categorical whose levels are in the order of their texts."""
    column = column.distinct
    texts = column.texts
    marked = column.means_missing(SURE)
    usable = texts.filled & ~marked
    kept = np.flatnonzero(usable)
    levels = texts.strings.take(pa.array(kept))
    order = np.asarray(pc.sort_indices(levels))
    places = np.full(len(texts.strings), -1)
    places[kept[order]] = np.arange(len(kept))
    index = pd.Index(_pandas_strings(levels.take(pa.array(order))))
    assert texts.weights is not None
    counts = texts.weights[usable]
    done = _outcome(column, _categorical(texts, places, index), "category", usable, marked, _spectrum(counts))
    if column.missing is not None:
        return done
    possible = markers_of(texts, column.means_missing(POSSIBLE) & usable)
    applied = markers_of(texts, marked)
    return replace(done, notes=(*done.notes, *proposed_note(column.name, possible, applied)))


def to_text(column: Examined) -> Converted:
    """Keep the texts as they are, without outer blanks; only texts that the user named are missing."""
    texts = column.texts
    marked = column.means_missing(frozenset())
    usable = texts.filled & ~marked
    kept = with_validity(texts.strings, usable)
    if texts.of_rows is not None:
        kept = kept.cast(pa.large_string()).take(pa.array(texts.of_rows))
    spectrum = texts.spectrum if not marked.any() else texts.part(usable).spectrum
    return _outcome(column, pd.Series(_pandas_strings(kept), copy=False), "text", usable, marked, spectrum)


def _pandas_strings(strings: pa.Array) -> pd.arrays.ArrowStringArray:
    return pd.arrays.ArrowStringArray(pa.chunked_array([strings]), dtype=STRINGS)  # type: ignore[call-arg]


CONVERTERS: dict[str, Callable[[Examined], Converted]] = {
    "number": to_number,
    "decimal-comma number": to_number,
    "decimal-point number": to_number,
    "yes/no": to_yes_no,
    "date": to_date,
    "day-first date": to_date,
    "month-first date": to_date,
    "category": to_category,
    "text": to_text,
}
