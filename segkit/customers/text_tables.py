"""Bytes to a table of text: find out what a file is and take it apart, without interpreting a cell.

This module runs in a child process of its own (see `sandbox`), because a few bytes can make a parser
abort or ask for hundreds of gigabytes. It imports neither pandas nor the rest of the library.

Text cells stay text: ids keep their zeros, nothing is guessed here. Columns are dictionary-encoded,
so a column of two million cells with ten different texts is ten texts and an array of numbers.
Only Parquet, which carries types, gives typed columns.
"""

import codecs
import csv
import datetime
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from segkit.errors import UnreadableFile
from segkit.labels import listing, number, plural

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

    Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
SNIFFED_CHARACTERS = 1 << 17  # the longest cell that the csv module takes
MOST_COLUMNS = 2_000  # a table of customers is far narrower; 100,000 columns took half a minute to open
MOST_CELLS = 60_000_000  # a sheet or Parquet file that claims more is a stray cell or a bomb of repeats
MOST_UNPACKED = 2 << 30  # bytes of XML in a workbook; a million rows of 20 columns have about 1 GB
MOST_LINES_IN_CELL = 50  # longer comments exist, but a quote that is not closed is likelier
BLOCK_BYTES = 16 << 20  # pyarrow refuses a row longer than its block

NOT_A_TABLE = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive (unpack it first)"),
    (b"Rar!", "a RAR archive (unpack it first)"),
    (b"7z\xbc\xaf", "a 7z archive (unpack it first)"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a text document (RTF)"),
)
MARKUP = re.compile(rb"<(!doctype|html|\?xml|svg|table|head|body|div)\b", re.IGNORECASE)
LINE_END = re.compile(r"\r\n|\r|\n")
JSON = re.compile(rb"\{|\[\s*[\[{]")


@dataclass(frozen=True)
class TextTable:
    """A table as it stands in the file.

    Attributes
    ----------
    table : pyarrow.Table
        One dictionary-encoded text column per column of the file (typed columns from Parquet).
    format : str
        The `Reader` that read it.
    notes : tuple of str
        What was assumed or mended, one sentence each.
    set_aside : int
        Rows of the file that could not be placed in the table.
    sheets : tuple of str
        The visible sheets of a workbook, else empty.
    """

    table: pa.Table
    format: str
    notes: tuple[str, ...] = ()
    set_aside: int = 0
    sheets: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """A row of `READERS`: one kind of file."""

    key: str
    label: str
    extensions: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[Path, str | None], TextTable]


# --- delimited text -------------------------------------------------------------------------------


def read_delimited(path: Path, sheet: str | None = None) -> TextTable:
    """Read CSV and its relatives: encoding and delimiter are found and stated."""
    text, encoding = decoded(path.read_bytes())
    delimiter, width = found_delimiter(text[:SNIFFED_CHARACTERS])
    header, start = _header(text, delimiter)
    while len(header) > width and not header[-1].strip():
        header.pop()
    if len(header) > width > 1:
        raise UnreadableFile(
            f"The header names {len(header)} columns, but most rows have {width} fields. "
            "Give every row as many fields as the header has and try again."
        )
    names, notes = column_names(header, max(width, len(header)))
    if len(header) < width:
        notes.append(
            f"The rows have {width} fields, but the header names {len(header)}; the names were given from "
            "the left. Check that they stand over the right columns."
        )
    table, bad_rows = _parsed(text[start:], delimiter, names)
    if bad_rows:
        notes.append(_set_aside_note(bad_rows, len(names)))
    notes += _long_cell_notes(table)
    facts = {"encoding": encoding, "delimiter": DELIMITERS[delimiter]}
    return TextTable(table, "csv", tuple(notes), sum(row.lines for row in bad_rows), (), facts)


def decoded(data: bytes) -> tuple[str, str]:
    """Decode text and say how.

    UTF-8 when every byte fits, UTF-16 by its byte order mark, else Windows-1252, and Latin-1 for the
    five bytes that Windows-1252 leaves undefined.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text, label = _decode(data, "utf-16"), "UTF-16"
    elif data.startswith(codecs.BOM_UTF8):
        text, label = _decode(data, "utf-8-sig"), "UTF-8 with byte order mark"
    else:
        text, label = _unmarked(data)
    if "\x00" in text:
        raise UnreadableFile(
            "The file holds zero bytes, so it is not a text table. Save it as CSV (UTF-8), Excel or Parquet."
        )
    return text, label


def _unmarked(data: bytes) -> tuple[str, str]:
    for codec, label in (("utf-8", "UTF-8"), ("cp1252", "Windows-1252 (Western European)")):
        try:
            return data.decode(codec), label
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "Latin-1 (Western European)"


def _decode(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as problem:
        raise UnreadableFile(
            f"The file starts like {codec.upper()} text but byte {problem.start + 1:,} does not fit. "
            "Save it again as CSV (UTF-8)."
        ) from problem


def found_delimiter(head: str) -> tuple[str, int]:
    """Find the delimiter that splits most rows into the same number of fields (more than one).

    Returns
    -------
    delimiter : str
    width : int
        Fields in most rows.
    """
    best = (0.0, 1, ",")
    for delimiter in DELIMITERS:
        counts = [len(row) for row in _rows(head, delimiter) if row]
        usual = max(set(counts), key=lambda width: (counts.count(width), width), default=1)
        if usual > 1:
            best = max(best, (round(counts.count(usual) / len(counts), 2), usual, delimiter))
    return best[2], best[1]


def _rows(head: str, delimiter: str) -> list[list[str]]:
    """Split the beginning of a file; its last, perhaps unfinished, row is left out."""
    rows = list(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
    return rows[:-1] if len(head) == SNIFFED_CHARACTERS and len(rows) > 1 else rows


def _header(text: str, delimiter: str) -> tuple[list[str], int]:
    """Find the first row with a filled cell, and where the rows below it start."""
    head = io.StringIO(text[:SNIFFED_CHARACTERS], newline="")
    # `iter` asks for one line at a time, so that `tell` is where the last row ended
    for row in csv.reader(iter(head.readline, ""), delimiter=delimiter):
        if head.tell() == SNIFFED_CHARACTERS < len(text):
            _refuse_too_many(len(row))
            raise UnreadableFile(
                f"The first row is longer than {number(SNIFFED_CHARACTERS)} characters, so it names no "
                "columns. Look for a quote that is not closed, or export the table again."
            )
        if any(cell.strip() for cell in row):
            return row, head.tell()
    raise UnreadableFile("The file has no filled cell. Export your customers again and upload that file.")


def column_names(header: list[str], width: int) -> tuple[list[str], list[str]]:
    """Give every column a name of its own, and say which names were made up.

    Examples
    --------
    >>> column_names(["id", "", "plan", "plan"], 5)[0]
    ['id', 'Column 2', 'plan', 'plan (2)', 'Column 5']
    >>> column_names(["plan", "plan", "plan (2)"], 3)[0]
    ['plan', 'plan (3)', 'plan (2)']
    """
    _refuse_too_many(width)
    given = [str(name).strip() for name in header] + [""] * (width - len(header))
    taken, seen = set(given), {""}
    names: list[str] = []
    unnamed: list[str] = []
    repeated: list[str] = []
    for place, name in enumerate(given, start=1):
        names.append(name if name not in seen else _free_name(name or f"Column {place}", taken))
        if name in seen:
            (repeated if name else unnamed).append(name or names[-1])
        seen.add(name)
        taken.add(names[-1])
    notes = []
    if unnamed:
        notes.append(f"Columns without a name were named by their place: {listing(unnamed)}.")
    if repeated:
        notes.append(
            f"Column names that occur more than once got a number: {listing(sorted(set(repeated)))}. "
            "Check which one you want to use."
        )
    return names, notes


def _refuse_too_many(columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise UnreadableFile(
            f"The file has more than {number(MOST_COLUMNS)} columns, the most that can be read. "
            "Keep the columns that describe customers and upload it again."
        )


def _free_name(name: str, taken: set[str]) -> str:
    free, copy = name, 2
    while free in taken:
        free, copy = f"{name} ({copy})", copy + 1
    return free


@dataclass(frozen=True)
class _BadRow:
    """A row that does not fit the table; of more than one line where a quote takes in what follows."""

    fields: int
    text: str
    lines: int = 1


def _bad_row(row: "pa.csv.InvalidRow") -> _BadRow:
    unclosed = row.text.count('"') % 2
    return _BadRow(row.actual_columns, row.text, _lines(row.text) if unclosed else 1)


def _lines(text: str) -> int:
    return len(LINE_END.split(text.rstrip("\r\n")))


def _parsed(body: str, delimiter: str, names: list[str]) -> tuple[pa.Table, list[_BadRow]]:
    """Take the rows below the header apart; rows of another width are set aside, not mended."""
    bad_rows: list[_BadRow] = []

    def set_aside(row: "pa.csv.InvalidRow") -> str:
        bad_rows.append(_bad_row(row))
        return "skip"

    if not body.strip():
        return pa.table({name: pa.array([], pa.string()) for name in names}), bad_rows
    try:
        table = pa.csv.read_csv(
            pa.BufferReader(body.encode()),
            pa.csv.ReadOptions(column_names=names, block_size=BLOCK_BYTES),
            pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=set_aside),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as problem:
        raise UnreadableFile(
            f"The rows cannot be told apart; one seems longer than {BLOCK_BYTES >> 20} MB. A quote that is "
            "opened and never closed is the usual reason. Look for it, or save the table as CSV again."
        ) from problem
    if body.count('"') % 2 and (last := _swallowed(table, delimiter)):
        return table.slice(0, table.num_rows - 1), [*bad_rows, last]
    return table, bad_rows


def _swallowed(table: pa.Table, delimiter: str) -> _BadRow | None:
    """Look at the last row of a file that ends inside a quote: its last cell may hold the rows below it."""
    cells = [column[-1].as_py() for column in table.columns] if table.num_rows else [""]
    lines = _lines(cells[-1])
    return _BadRow(len(cells), delimiter.join(cells), lines) if lines > 1 else None


def _long_cell_notes(table: pa.Table) -> list[str]:
    """Point at cells of so many lines that they may hold rows: a quote that is closed much too late."""
    notes = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        breaks = pc.max(pc.count_substring(column, "\n")).as_py() or 0
        if breaks >= MOST_LINES_IN_CELL:
            notes.append(
                f"A cell in “{name}” has {number(breaks + 1)} lines. A quote that is not closed in the row "
                "where it was opened would do that; look at the file."
            )
    return notes


def _set_aside_note(rows: list[_BadRow], expected: int) -> str:
    widths = [str(width) for width in sorted({row.fields for row in rows if row.lines == 1})]
    why = [f"{' or '.join(widths[:5])} fields instead of {expected}"] if widths else []
    if any(row.lines > 1 for row in rows):
        why.append("a quote that is never closed")
    first = " ".join(rows[0].text.split())[:60]
    return (
        f"{plural(sum(row.lines for row in rows), 'row')} set aside because of {' and '.join(why)}. "
        f"The first begins “{first}”. Mend the delimiters and quotes in the file to keep them."
    )


# --- workbooks ------------------------------------------------------------------------------------


def read_workbook(path: Path, sheet: str | None = None) -> TextTable:
    """Read one sheet of an Excel workbook: the one asked for, else the first visible one with rows."""
    book, visible = _opened_book(path)
    if sheet is not None and sheet not in visible:
        raise UnreadableFile(
            f"There is no visible sheet “{sheet}”. The workbook has: {listing(visible, 12)}."
        )
    chosen, rows = _first_filled(book, [sheet] if sheet else visible)
    names, notes = column_names([_cell(cell) for cell in rows[0]], len(rows[0]))
    columns = zip(*rows[1:], strict=True) if len(rows) > 1 else [[] for _ in names]
    texts = [pa.array([_cell(cell) for cell in cells], pa.string()) for cells in columns]
    if len(visible) > 1:
        others = [name for name in visible if name != chosen]
        notes.append(f"Read sheet “{chosen}”; the workbook also has {listing(others)}.")
    return TextTable(pa.table(texts, names=names), "xlsx", tuple(notes), 0, tuple(visible), {"sheet": chosen})


def _opened_book(path: Path) -> tuple["CalamineWorkbook", list[str]]:
    """Open a workbook and list its visible sheets of cells."""
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_path(str(path))
    except PasswordError as problem:
        raise UnreadableFile("The workbook is protected by a password. Save a copy without one.") from problem
    except (CalamineError, OSError, ValueError) as problem:
        raise UnreadableFile(
            "The workbook cannot be opened; it may be damaged or encrypted. "
            "Open it in Excel, save it again as .xlsx or CSV, and upload that."
        ) from problem
    return book, [
        one.name
        for one in book.sheets_metadata
        if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
    ]


def _first_filled(book: "CalamineWorkbook", names: list[str]) -> tuple[str, list[list["Cell"]]]:
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            raise UnreadableFile(
                f"Sheet “{name}” claims {number(sheet.total_height)} rows and {number(sheet.total_width)} "
                "columns, mostly empty. Delete the empty rows and columns around the table and save it again."
            )
        rows = [row for row in sheet.to_python(skip_empty_area=True) if any(cell != "" for cell in row)]
        if rows:
            return name, rows
    raise UnreadableFile("The workbook has no visible sheet with cells in it. Upload the one with customers.")


def _cell(cell: "Cell") -> str:
    """Write a cell as it would stand in a CSV: 12 and not 12.0, dates in ISO order."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) <= 2**53 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    return str(cell)


# --- Parquet --------------------------------------------------------------------------------------


def read_parquet(path: Path, sheet: str | None = None) -> TextTable:
    """Read a Parquet file; its numbers, dates and yes/no columns keep their types."""
    try:
        file = pa.parquet.ParquetFile(path)
        claimed = file.metadata.num_rows * max(file.metadata.num_columns, 1)
        if claimed > MOST_CELLS:
            raise UnreadableFile(
                f"The Parquet file holds {number(claimed)} cells; {number(MOST_CELLS)} can be read. "
                "Keep the columns that describe customers, or a sample of the rows."
            )
        _refuse_too_many(file.metadata.num_columns)
        table = file.read()
    except (pa.ArrowException, OSError) as problem:
        raise UnreadableFile(
            f"The Parquet file is damaged ({str(problem).splitlines()[0][:120]}). Export it again."
        ) from problem
    names, notes = column_names(table.column_names, table.num_columns)
    plain = [typed_or_text(column) for column in table.columns]
    notes += [
        note for name, column in zip(names, table.columns, strict=True) if (note := _zone(name, column))
    ]
    return TextTable(pa.table(plain, names=names), "parquet", tuple(notes))


def typed_or_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Keep numbers, dates and yes/no as they are; everything else becomes text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return typed_or_text(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return pc.local_timestamp(column)
    if pa.types.is_float16(kind):
        return column.cast(pa.float32())
    if any(keeps(kind) for keeps in _KEPT):
        return column
    if not pa.types.is_nested(kind) and not pa.types.is_duration(kind):
        try:
            return pc.fill_null(column.cast(pa.string()), "")
        except pa.ArrowInvalid:
            pass  # bytes that are no text
    return pa.chunked_array(
        [pa.array(["" if cell is None else str(cell) for cell in column.to_pylist()], pa.string())]
    )


_KEPT = (
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_boolean,
    pa.types.is_date,
    pa.types.is_timestamp,
)


def _zone(name: str, column: pa.ChunkedArray) -> str:
    zone = getattr(column.type, "tz", None)
    return f"Times in “{name}” are those of the clocks in {zone}, as the file says." if zone else ""


# --- which is it? ---------------------------------------------------------------------------------


def _is_workbook(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


READERS = (
    Reader("parquet", "Parquet", (".parquet", ".pq"), lambda head: head.startswith(b"PAR1"), read_parquet),
    Reader("xlsx", "Excel", (".xlsx", ".xlsm", ".xlsb", ".xls"), _is_workbook, read_workbook),
    Reader("csv", "CSV", (".csv", ".tsv", ".txt", ".psv"), lambda head: True, read_delimited),
)


def read_text_table(path: Path, name: str = "", sheet: str | None = None) -> TextTable:
    """Read a file by what it is, whatever its name says.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    name : str
        What the user calls it; only its ending is looked at, to say when it does not fit.
    sheet : str, optional
        The sheet of a workbook.

    Raises
    ------
    UnreadableFile
        The file is empty, not a table, damaged, or has no customers in it.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    _refuse_what_is_no_table(path, head)
    reader = next(reader for reader in READERS if reader.recognises(head))
    found = reader.read(path, sheet)
    table, blank = _without_blank_rows(found.table)
    notes, facts = list(found.notes), dict(found.facts)
    if blank:
        notes.append(f"{plural(blank, 'blank row')} skipped.")
        facts["blank_rows"] = str(blank)
    ending = Path(name).suffix.lower()
    if ending and ending not in reader.extensions:
        notes.append(f"The name ends in {ending}, but the content is {reader.label}; it was read as that.")
    if sheet and not found.sheets:
        notes.append(f"{reader.label} files have no sheets; “{sheet}” was not looked for.")
    refuse_too_little(table, found)
    return TextTable(table, found.format, tuple(notes), found.set_aside, found.sheets, facts)


def _refuse_what_is_no_table(path: Path, head: bytes) -> None:
    advice = "Upload your customers as CSV, Excel (.xlsx) or Parquet."
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise UnreadableFile(f"The file is empty. {advice}")
    for magic, what in NOT_A_TABLE:
        if head.startswith(magic):
            raise UnreadableFile(f"This is {what}, not a table of customers. {advice}")
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if MARKUP.match(start):
        raise UnreadableFile(f"This is a web page or XML document, not a table. {advice}")
    if JSON.match(start):
        raise UnreadableFile(f"This is a JSON document, not a table. {advice}")
    if head.startswith(b"PK\x03\x04"):
        _refuse_other_archives(path, advice)


def _refuse_other_archives(path: Path, advice: str) -> None:
    try:
        entries = zipfile.ZipFile(path).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as problem:
        raise UnreadableFile(f"The file is a damaged archive or workbook. {advice}") from problem
    if not any(entry.filename.startswith("xl/") for entry in entries):
        raise UnreadableFile(f"This is a ZIP archive or another Office document, not a workbook. {advice}")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED:
        raise UnreadableFile(
            f"The workbook unpacks to {number(unpacked / 1e9, 1)} GB, which is too much for Excel's format. "
            "Save the table as CSV or Parquet and upload that."
        )


def _without_blank_rows(table: pa.Table) -> tuple[pa.Table, int]:
    filled = pa.array(np.zeros(table.num_rows, bool))
    for column in table.columns:
        here = pc.not_equal(column, "") if pa.types.is_string(column.type) else pc.is_valid(column)
        filled = pc.or_(filled, here)
        if pc.all(filled).as_py():
            return table, 0
    kept = table.filter(filled)
    return kept, table.num_rows - kept.num_rows


def refuse_too_little(table: pa.Table, found: TextTable) -> None:
    """Refuse a table without two customers and two columns.

    Raises
    ------
    UnreadableFile
        Saying which of them is missing, and why where rows were set aside.
    """
    columns, rows = table.column_names, table.num_rows
    if rows < 2 and found.set_aside:
        raise UnreadableFile(
            f"Only {rows} of {rows + found.set_aside} rows could be read. {' '.join(found.notes)}"
        )
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


# --- the child process ----------------------------------------------------------------------------


def main() -> None:
    """Read one file; questions and answers are JSON on standard input and output, the table an Arrow file."""
    asked = json.load(sys.stdin)
    sys.stdout.write(json.dumps(_answer(**asked)))


def _answer(source: str, target: str, name: str, sheet: str | None) -> dict[str, object]:
    try:
        found = read_text_table(Path(source), name, sheet)
        write_arrow(found.table, target)
    except UnreadableFile as problem:
        return {"error": str(problem)}
    except MemoryError:
        return {"error": TOO_LARGE}
    return {
        "format": found.format,
        "notes": found.notes,
        "set_aside": found.set_aside,
        "sheets": found.sheets,
        "facts": found.facts,
    }


TOO_LARGE = (
    "Reading the file took more memory than is allowed and was stopped. Keep fewer columns, or save it as "
    "CSV or Parquet. In a workbook, first delete the empty rows and columns around the table: one stray cell "
    "in a far corner is enough."
)


def write_arrow(table: pa.Table, target: str) -> None:
    """Write a table with its text columns dictionary-encoded."""
    encoded = [
        column.dictionary_encode().unify_dictionaries().combine_chunks()
        if pa.types.is_string(column.type)
        else column.combine_chunks()
        for column in table.columns
    ]
    one_chunk = pa.table(encoded, names=table.column_names)
    with pa.OSFile(target, "wb") as sink, pa.ipc.new_file(sink, one_chunk.schema) as writer:
        writer.write_table(one_chunk)
