"""Cells: the columns of a log as moments, amounts, answers, yes or no, and words; with what was assumed.

The columns are read as those of a customer table are: the same grammars of dates and numbers, the same scales
of answers, the same choices. Only the time of day, which a customer table drops, is kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.choices import Choices
from segkit.customers.columns.kinds import Converted, convert, convert_all, moments, uses_decimal_comma_in
from segkit.customers.joins.ids import as_text, encoded
from segkit.customers.joins.summaries.words import RETURNED, YES, said
from segkit.customers.joins.table_kinds import Part
from segkit.customers.meanings.answers import Answers, csat_answers, nps_answers
from segkit.customers.notes import Note, Option
from segkit.errors import UnusableColumn
from segkit.labels import listing, plural

USUAL = ("negative", "constant", "id")  # what a customer table is told of, and is no news in a log


@dataclass(frozen=True, eq=False)
class Cells:
    """A column of a log.

    Attributes
    ----------
    values : pyarrow.Array or pyarrow.ChunkedArray
        Null where the file says nothing.
    notes : tuple of Note
        What was assumed, and what did not convert.
    times : pyarrow.Array, optional
        Of dates with a time of day: the points in time, comparable between time zones; `values` are the days
        as written.
    """

    values: pa.Array
    notes: tuple[Note, ...] = ()
    times: pa.Array | None = None


def cells_of(part: Part) -> dict[str, Cells]:
    """Read the fields of a part.

    Raises
    ------
    UnusableColumn
        No cell of a column is what the field needs.
    """
    try:
        found = _typed_cells(part)
    except UnusableColumn as problem:
        raise UnusableColumn(f"In “{part.name}”: {problem}") from problem
    for key, name in part.fields.items():
        if key not in found:
            found[key] = READERS.get(key, words)(part.column(name), name, part.choices)
    return {
        key: replace(cells, notes=tuple(_of_file(note, part.name) for note in cells.notes))
        for key, cells in found.items()
    }


def _of_file(note: Note, file: str) -> Note:
    """Say which file a note is about; its options become choices on that file.

    Reading a date as text is none: then the log would have no dates.
    """
    options = tuple(
        Option(one.label, {"files": {file: one.change}})
        for one in note.options
        if "text" not in one.change.get("kinds", {}).values()
    )
    return replace(note, text=f"“{file}”: {note.text}", options=options)


# --- moments and amounts --------------------------------------------------------------------------


def _typed_cells(part: Part) -> dict[str, Cells]:
    """Read the dates and amounts of a file together: what one column leaves open, another tells."""
    found = {key: part.fields[key] for key in KINDS if key in part.fields}
    kinds = {name: _kind(part.choices, name, KINDS[key]) for key, name in found.items()}
    names = [name for name in kinds if _any_filled(part.column(name))]
    columns = [part.column(name) for name in names]
    comma = uses_decimal_comma_in([part.column(name) for name in names if kinds[name].endswith("number")])
    done = dict(zip(names, convert_all(columns, names, kinds, comma, part.choices.missing), strict=True))
    empty = {key: pa.nulls(part.rows, EMPTY[KINDS[key]]) for key in found}
    return {
        key: _cells(part.column(name), name, done[name], part.choices) if name in done else Cells(empty[key])
        for key, name in found.items()
    }


def _kind(choices: Choices, name: str, kind: str) -> str:
    """Take how the user said that a column is to be read, where it is of that kind."""
    chosen = choices.kinds.get(name, kind)
    return chosen if chosen.endswith(kind) else kind


def _any_filled(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.not_equal(as_text(column), "")).as_py())


def _cells(column: pa.ChunkedArray, name: str, done: Converted, choices: Choices) -> Cells:
    notes = tuple(note for note in done.notes if note.key not in USUAL)
    if done.kind == "number":
        return Cells(pa.array(done.values.to_numpy(dtype=float), from_pandas=True), notes)
    order = "month-first date" if done.detail == "month first" else "day-first date"
    times = moments(column, name, order, missing=choices.missing.get(name))
    clock = (times.astype("datetime64[D]") != times) & ~np.isnat(times)
    days = pa.array(done.values.to_numpy().astype("datetime64[D]"))
    return Cells(days, notes, pa.array(times) if clock.any() else None)


EMPTY = {"date": pa.date32(), "number": pa.float64()}
KINDS = {
    "date": "date",
    "closed": "date",
    "amount": "number",
    "unit_price": "number",
    "quantity": "number",
}


# --- everything else ------------------------------------------------------------------------------


def words(column: pa.ChunkedArray, name: str = "", choices: Choices | None = None) -> Cells:
    """Take a column as words or codes."""
    return Cells(column if pa.types.is_dictionary(column.type) else as_text(column))


def csat(column: pa.ChunkedArray, name: str, choices: Choices) -> Cells:
    """Read a column as answers to “how satisfied are you”: numbers, stars, smileys or words."""
    scale, turned = choices.scales.get(name), choices.reversed.get(name)
    return _answers(column, name, lambda *told: csat_answers(*told, scale=scale, reversed=turned))


def nps(column: pa.ChunkedArray, name: str, choices: Choices) -> Cells:
    """Read a column as answers to “would you recommend us”: 0 to 10."""
    shifted = choices.shifted.get(name)
    return _answers(column, name, lambda *told: nps_answers(*told, shifted=shifted))


def _answers(
    column: pa.ChunkedArray,
    name: str,
    read: Callable[[str, Sequence[str], Sequence[int]], Answers | None],
) -> Cells:
    codes, texts = encoded(column)
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    found = read(name, texts.to_pylist(), counts.tolist())
    values = np.full(len(texts) + 1, np.nan)
    if found is not None:
        values[:-1] = found.values
    notes = found.notes if found else _no_answers(name, texts, int(counts.sum()))
    return Cells(pa.array(values[codes], from_pandas=True), tuple(notes))


def _no_answers(name: str, texts: pa.Array, filled: int) -> list[Note]:
    if not filled:
        return []
    shown = listing([f"“{text[:30]}”" for text in texts[:3].to_pylist()])
    text = f"The {plural(filled, 'cell')} in “{name}” are no answers on a scale that is known ({shown})."
    return [Note(text, True, "not-converted", name)]


def flags(column: pa.ChunkedArray, name: str, choices: Choices) -> Cells:
    """Read a column as 1 or 0: yes or no, a number of pieces, a date on which it happened, or words."""
    if pa.types.is_temporal(column.type):
        return Cells(pc.cast(pc.is_valid(column), pa.float64()))
    done = convert(column, name, choices.kinds.get(name), missing=choices.missing.get(name))
    if done.kind == "yes/no":
        codes = done.values.cat.codes.to_numpy().astype(float)
        return Cells(pa.array(np.where(codes < 0, np.nan, codes), from_pandas=True))
    if done.kind == "number":
        return Cells(pa.array((done.values.to_numpy() > 0).astype(float)))
    if done.kind == "date":
        return Cells(pa.array(done.values.notna().to_numpy().astype(float)))
    codes, texts = encoded(column)
    yes = np.append(said(texts.to_pylist(), (*RETURNED, *YES)), False)
    return Cells(pa.array(yes[codes].astype(float)))


READERS: dict[str, Callable[[pa.ChunkedArray, str, Choices], Cells]] = {
    "csat": csat,
    "nps": nps,
    "returned": flags,
}  # fields that are neither here nor in `KINDS` are words and codes
