"""The table of text that every reader ends in, the rows that could not be part of it, and the limits."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.notes import Note
from segkit.errors import UnreadableFile
from segkit.labels import listing, number

MOST_COLUMNS = 2_000  # a table of customers is far narrower; 100,000 columns took half a minute to open
MOST_CELLS = 60_000_000  # a sheet or Parquet file that claims more is a stray cell or a bomb of repeats
FEW_TEXTS = 0.3  # a column whose first rows repeat less than this is kept as plain text
MOST_IN_A_BYTE = 127
LOOKED_AT = 10_000  # rows of those
MANY_TEXTS = 0.5  # ... and one whose texts turn out to repeat less than this becomes plain again

ASIDE = pa.schema([("line", pa.int64()), ("reason", pa.string()), ("text", pa.string())])
LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Aside:
    """A row of the file that is not part of the table: where it stands, why it is not, and its text."""

    line: int | None
    reason: str
    text: str


def aside_table(rows: Iterable[Aside]) -> pa.Table:
    """Put rows set aside into a table of three columns: line, reason, text."""
    listed = list(rows)
    columns = [[getattr(row, name) for row in listed] for name in ASIDE.names]
    return pa.table([pa.array(c, one.type) for c, one in zip(columns, ASIDE, strict=True)], schema=ASIDE)


@dataclass(frozen=True)
class TextTable:
    """A table as it stands in the file.

    Attributes
    ----------
    table : pyarrow.Table
        One text column per column of the file, dictionary-encoded where its texts repeat; an empty text
        is an empty cell. Parquet, which carries types, gives typed columns.
    format : str
        The `Reader` that read it.
    notes : tuple of Note
        What was assumed or mended.
    aside : pyarrow.Table
        Rows of the file that could not be placed in the table: line, reason, text.
    sheets : tuple of str
        The visible sheets of a workbook or the tables of an archive, else empty.
    facts : dict
        How it was read: encoding, delimiter, sheet, header.
    """

    table: pa.Table
    format: str
    notes: tuple[Note, ...] = ()
    aside: pa.Table = field(default_factory=lambda: aside_table(()))
    sheets: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def set_aside(self) -> int:
        """Rows of the file that are not in the table."""
        return int(self.aside.num_rows)


def column_names(header: Sequence[str], width: int) -> tuple[list[str], list[Note]]:
    """Give every column a name of its own, and say which names were made up.

    Examples
    --------
    >>> column_names(["id", "", "plan", "plan"], 5)[0]
    ['id', 'Column 2', 'plan', 'plan (2)', 'Column 5']
    >>> column_names(["plan", "plan", "plan (2)"], 3)[0]
    ['plan', 'plan (3)', 'plan (2)']
    """
    refuse_too_many(width)
    given = [str(name).strip() for name in header] + [""] * (width - len(header))
    taken, seen = set(given), {""}
    names: list[str] = []
    unnamed: list[str] = []
    repeated: list[str] = []
    for place, name in enumerate(given, start=1):
        names.append(name if name not in seen else free_name(name or f"Column {place}", taken))
        if name in seen:
            (repeated if name else unnamed).append(name or names[-1])
        seen.add(name)
        taken.add(names[-1])
    notes = []
    if unnamed:
        text = f"Columns without a name were named by their place: {listing(unnamed)}."
        notes.append(Note(text, True, "header-names"))
    if repeated:
        text = (
            f"Column names that occur more than once got a number: {listing(sorted(set(repeated)))}. "
            "Check which one you want to use."
        )
        notes.append(Note(text, True, "header-names"))
    return names, notes


def refuse_too_many(columns: int) -> None:
    """Refuse a table with more columns than can be looked at."""
    if columns > MOST_COLUMNS:
        raise UnreadableFile(
            f"The file has more than {number(MOST_COLUMNS)} columns, the most that can be read. "
            "Keep the columns that describe customers and upload it again."
        )


def free_name(name: str, taken: set[str]) -> str:
    """Number a name until nothing else has it."""
    free, copy = name, 2
    while free in taken:
        free, copy = f"{name} ({copy})", copy + 1
    return free


ENCODED = pa.dictionary(pa.int32(), pa.string())


def compact(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Encode a text column by its different texts where they repeat; all others stay as they are."""
    if pa.types.is_dictionary(column.type):
        one = column.unify_dictionaries()
        many = bool(one.num_chunks) and len(one.chunk(0).dictionary) > MANY_TEXTS * len(one)
        return one.cast(pa.string()) if many and len(one) > LOOKED_AT else _in_few_bytes(one)
    if not pa.types.is_string(column.type):
        return column
    first = column.slice(0, LOOKED_AT)
    if pc.count_distinct(first).as_py() > FEW_TEXTS * max(len(first), 1) and len(column) > LOOKED_AT:
        return column
    return _in_few_bytes(column.dictionary_encode().unify_dictionaries())


def _in_few_bytes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Number at most 127 different texts in one byte a row instead of four."""
    if not column.num_chunks or len(column.chunk(0).dictionary) > MOST_IN_A_BYTE:
        return column
    return column.cast(pa.dictionary(pa.int8(), pa.string()))


def holds_text(column: pa.ChunkedArray) -> bool:
    """Whether a column is text, encoded or not, and not typed."""
    return pa.types.is_string(column.type) or pa.types.is_dictionary(column.type)


def plain_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A text column without its encoding."""
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def refuse_too_little(found: TextTable) -> None:
    """Refuse a table without two customers and two columns.

    Raises
    ------
    UnreadableFile
        Saying which of them is missing, and why where rows were set aside.
    """
    columns, rows = found.table.column_names, found.table.num_rows
    if rows < 2 and found.set_aside:
        why = " ".join(note.text for note in found.notes)
        raise UnreadableFile(f"Only {rows} of {rows + found.set_aside} rows could be read. {why}")
    if len(columns) == 1:
        raise UnreadableFile(
            f"Only one column was found (“{columns[0][:60]}”). A customer table needs more: an id and what "
            "is known of each customer. If the file has several, separate them by comma, semicolon, tab or "
            "pipe."
        )
    if rows == 0:
        raise UnreadableFile(
            f"The table has column names ({listing(columns)}) but no rows below them. "
            "Export it again with customers."
        )
    if rows == 1:
        raise UnreadableFile("The table has one customer only. Segments need many; export the whole list.")
