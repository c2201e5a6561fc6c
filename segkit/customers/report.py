"""The reading report: everything that was found or assumed, with the ways to undo it."""

from collections.abc import Iterable, Sequence

import pandas as pd

from segkit.customers.files.text_table import TextTable
from segkit.customers.meanings.meaning import Meaning
from segkit.customers.meanings.roles import COPY, UNTOLD
from segkit.customers.notes import Note, Option
from segkit.customers.table import Column
from segkit.labels import listing, number, plural

FEW_SHOWN = 12  # notes of one sort about columns; a table of 2,000 columns would have thousands
DELIMITER_CHOICES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", "space": "blanks"}


def reading_report(
    text: TextTable, columns: Sequence[Column], meanings: Sequence[Meaning], frame: pd.DataFrame, comma: bool
) -> list[Note]:
    """List the notes of a table: how it was read first, then what needs a decision, column by column."""
    return [
        _how_read(text, comma),
        *text.notes,
        *_id_notes(columns, text),
        *_left_out_notes(columns, len(frame)),
        *_copy_notes(columns),
        *_untold_notes(columns),
        *_few_of_each(note for one in meanings for note in (*one.done.notes, *one.notes)),
    ]


def _how_read(text: TextTable, comma: bool) -> Note:
    facts = text.facts
    if text.format == "csv":
        sign = "comma" if comma else "point"
        said = f"Read as CSV: {facts['encoding']}, separated by {facts['delimiter']}, decimal {sign}."
        options = [
            Option(f"Separated by {label}", {"delimiter": sign})
            for sign, label in DELIMITER_CHOICES.items()
            if label != facts["delimiter"]
        ]
        return Note(said, key="format", options=tuple(options))
    if text.format == "xlsx":
        return Note(f"Read as a workbook, sheet “{facts['sheet']}”.", key="format")
    if text.format == "json":
        form = "one record a line" if facts["form"] == "lines" else "a list of records"
        return Note(f"Read as JSON, {form}: {facts['encoding']}.", key="format")
    return Note(_OTHERS.get(text.format, "Taken from a data frame."), key="format")


_OTHERS = {
    "parquet": "Read as Parquet.",
    "source": "Some of its customers were read; the table stays where it is.",
}


def _id_notes(columns: Sequence[Column], text: TextTable) -> list[Note]:
    column = next((column for column in columns if column.role == "customer_id"), None)
    if column is None:
        said = (
            "No column identifies the customers, so row numbers serve as ids. If one does, choose it below."
        )
        return [Note(said, True, "id")]
    notes = _repeated_id_notes(column, text)
    if column.missing:
        verb = "has" if column.missing == 1 else "have"
        said = f"{plural(column.missing, 'customer')} {verb} no id in “{column.name}”."
        notes.append(Note(said, True, "missing-ids", column.name))
    return notes


def _repeated_id_notes(column: Column, text: TextTable) -> list[Note]:
    if column.distinct == text.table.num_rows - column.missing:
        return []
    ids = text.table.column(column.name).cast("string").to_pandas()
    repeated = ids[ids.duplicated(keep=False) & ids.notna() & (ids != "")]
    if not len(repeated):
        return []
    first = repeated.iloc[0]
    rows = [number(place + 1) for place in repeated.index[repeated == first]]
    count = repeated.nunique()
    said = (
        f"{plural(count, 'id')} in “{column.name}” {'occurs' if count == 1 else 'occur'} more than once, "
        f"first “{str(first)[:40]}” in rows {listing(rows)}. Every row counts as a customer."
    )
    options = (
        Option("Keep the last row of each", {"duplicates": "last"}),
        Option("Keep the first row of each", {"duplicates": "first"}),
        Option("Combine them", {"duplicates": "combine"}),
    )
    return [Note(said, True, "duplicate-ids", column.name, ask=True, options=options)]


def _left_out_notes(columns: Sequence[Column], rows: int) -> list[Note]:
    """Name the columns that tell no customers apart: empty ones and those with one value."""
    ignored = [column for column in columns if column.role == "ignored"]
    empty = [f"“{column.name}”" for column in ignored if column.missing == rows]
    constant = [f"“{column.name}”" for column in ignored if column.distinct == 1]
    notes = []
    if empty:
        verb = "is empty and is" if len(empty) == 1 else "are empty and are"
        notes.append(Note(f"{listing(empty)} {verb} left out.", True, "empty"))
    if constant:
        verb = "has only one value and is" if len(constant) == 1 else "have only one value each and are"
        notes.append(Note(f"{listing(constant)} {verb} left out.", key="constant"))
    return notes


def _copy_notes(columns: Sequence[Column]) -> list[Note]:
    return [
        Note(f"“{column.name}” only describes: {column.reason}.", key="copy", column=column.name)
        for column in columns
        if column.reason.startswith(COPY)
    ]


def _untold_notes(columns: Sequence[Column]) -> list[Note]:
    untold = [f"“{column.name}”" for column in columns if column.reason == UNTOLD]
    if not untold:
        return []
    counts, they = ("counts", "it means") if len(untold) == 1 else ("count", "they mean")
    said = (
        f"{plural(len(untold), 'column')} could not be told from the name and {counts} as behavioural: "
        f"{listing(untold)}. Change below what {they}."
    )
    return [Note(said, True, "untold")]


def _few_of_each(notes: Iterable[Note]) -> list[Note]:
    """Keep the first notes of each sort, and sum the others up in one."""
    kept: list[Note] = []
    counts: dict[str, int] = {}
    for note in notes:
        counts[note.key] = counts.get(note.key, 0) + 1
        if counts[note.key] <= FEW_SHOWN:
            kept.append(note)
    for key, count in counts.items():
        if count > FEW_SHOWN:
            first = next(note for note in kept if note.key == key)
            said = f"The same holds for {plural(count - FEW_SHOWN, 'more column')}: “{first.text}”"
            kept.append(Note(said, first.check, key))
    return kept
