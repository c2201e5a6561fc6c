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
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from segkit.errors import UnreadableFile
from segkit.labels import listing, number

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
SNIFFED_CHARACTERS = 200_000
MOST_COLUMNS = 2_000  # a table of customers is far narrower; 100,000 columns took half a minute to open
MOST_CELLS_IN_SHEET = 60_000_000  # a sheet that claims more is a stray cell at its far corner
BLOCK_BYTES = 16 << 20  # pyarrow refuses a row longer than its block

NOT_A_TABLE = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a text document (RTF)"),
)
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<svg")


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
    head = text[:SNIFFED_CHARACTERS]
    delimiter, width = found_delimiter(head)
    header = _header(head, delimiter)
    width = max(width, len(header))
    names, notes = column_names(header, width)
    table, bad_rows = _parsed(text, delimiter, names)
    if bad_rows:
        notes.append(_set_aside_note(bad_rows, width))
    facts = {"encoding": encoding, "delimiter": DELIMITERS[delimiter]}
    return TextTable(table, "csv", tuple(notes), len(bad_rows), (), facts)


def decoded(data: bytes) -> tuple[str, str]:
    """Decode text and say how.

    UTF-8 when every byte fits, UTF-16 by its byte order mark, else Windows-1252, and Latin-1 for the
    five bytes that Windows-1252 leaves undefined.
    """
    if data.startswith(codecs.BOM_UTF8):
        return _decode(data, "utf-8-sig"), "UTF-8 with byte order mark"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode(data, "utf-16"), "UTF-16"
    if b"\x00" in data:
        raise UnreadableFile(
            "The file holds zero bytes, so it is not a text table. Save it as CSV (UTF-8), Excel or Parquet."
        )
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
    lines = io.StringIO(head, newline="")
    rows = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            rows.append(row)
    except csv.Error:
        pass
    return rows[:-1] if len(head) == SNIFFED_CHARACTERS and len(rows) > 1 else rows


def _header(head: str, delimiter: str) -> list[str]:
    for row in _rows(head, delimiter):
        if any(cell.strip() for cell in row):
            return row
    raise UnreadableFile("The file is empty. Export your customers again and upload that file.")


def column_names(header: list[str], width: int) -> tuple[list[str], list[str]]:
    """Give every column a name of its own, and say which names were made up.

    Examples
    --------
    >>> column_names(["id", "", "plan", "plan"], 5)[0]
    ['id', 'Column 2', 'plan', 'plan (2)', 'Column 5']
    """
    if width > MOST_COLUMNS:
        raise UnreadableFile(
            f"The file has {number(width)} columns; {number(MOST_COLUMNS)} are the most that can be read. "
            "Keep the columns that describe customers and upload it again."
        )
    names: list[str] = []
    unnamed, repeated = [], []
    for place in range(width):
        name = str(header[place]).strip() if place < len(header) else ""
        if not name:
            name = f"Column {place + 1}"
            unnamed.append(name)
        elif name in names:
            repeated.append(name)
        names.append(_free_name(name, names))
    notes = []
    if unnamed:
        notes.append(f"Columns without a name were named by their place: {listing(unnamed)}.")
    if repeated:
        notes.append(
            f"Column names that occur more than once got a number: {listing(sorted(set(repeated)))}. "
            "Check which one you want to use."
        )
    return names, notes


def _free_name(name: str, taken: list[str]) -> str:
    free, copy = name, 2
    while free in taken:
        free, copy = f"{name} ({copy})", copy + 1
    return free


def _parsed(text: str, delimiter: str, names: list[str]) -> tuple[pa.Table, list[int]]:
    bad_rows: list[int] = []

    def set_aside(row: "pa.csv.InvalidRow") -> str:
        bad_rows.append(row.actual_columns)
        return "skip"

    start = _after_header(text, delimiter)
    body = text[start:].encode()
    if not body.strip():
        return pa.table({name: pa.array([], pa.string()) for name in names}), bad_rows
    try:
        table = pa.csv.read_csv(
            pa.BufferReader(body),
            pa.csv.ReadOptions(column_names=names, block_size=max(BLOCK_BYTES, 1 << 20)),
            pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=set_aside),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[],
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as problem:
        raise UnreadableFile(
            f"The rows could not be told apart ({str(problem).splitlines()[0][:120]}). "
            "Open the file in a spreadsheet and save it again as CSV (UTF-8)."
        ) from problem
    return table, bad_rows


def _after_header(text: str, delimiter: str) -> int:
    """Find where the rows below the header start, whatever the header's quotes and line ends."""
    lines = io.StringIO(text[:SNIFFED_CHARACTERS], newline="")

    def kept() -> "csv.Iterator[str]":
        while line := lines.readline():
            yield line

    for row in csv.reader(kept(), delimiter=delimiter):
        if any(cell.strip() for cell in row):
            break
    return lines.tell()


def _set_aside_note(widths: list[int], expected: int) -> str:
    return (
        f"{number(len(widths))} row{'s' if len(widths) > 1 else ''} set aside: "
        f"they have {listing([str(width) for width in sorted(set(widths))])} fields where the table has "
        f"{expected}. Look for stray delimiters or quotes in them."
    )


# --- workbooks ------------------------------------------------------------------------------------


def read_workbook(path: Path, sheet: str | None = None) -> TextTable:
    """Read one sheet of an Excel workbook: the one asked for, else the first visible one with rows."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(str(path))
        visible = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
    except (CalamineError, OSError, ValueError) as problem:
        secret = "password" in str(problem).lower()
        raise UnreadableFile(
            "The workbook is protected by a password. Save a copy without one."
            if secret
            else "The workbook cannot be opened; it may be damaged or encrypted. "
            "Open it in Excel, save it again as .xlsx or CSV, and upload that."
        ) from problem
    if sheet is not None and sheet not in book.sheet_names:
        raise UnreadableFile(f"There is no sheet {sheet!r}. The workbook has: {listing(visible, 12)}.")
    chosen, rows = _first_filled(book, [sheet] if sheet else visible)
    names, notes = column_names([_cell(cell) for cell in rows[0]], len(rows[0]))
    columns = zip(*rows[1:], strict=True) if len(rows) > 1 else [[] for _ in names]
    table = pa.table(
        {name: pa.array([_cell(cell) for cell in cells]) for name, cells in zip(names, columns, strict=True)}
    )
    if len(visible) > 1:
        others = [name for name in visible if name != chosen]
        notes.append(f"Read sheet “{chosen}”; the workbook also has {listing(others)}.")
    return TextTable(table, "xlsx", tuple(notes), 0, tuple(visible), {"sheet": chosen})


def _first_filled(book: "object", names: list[str]) -> tuple[str, list[list[object]]]:
    for name in names:
        sheet = book.get_sheet_by_name(name)  # type: ignore[attr-defined]
        if sheet.total_height * sheet.total_width > MOST_CELLS_IN_SHEET:
            raise UnreadableFile(
                f"Sheet “{name}” claims {number(sheet.total_height)} rows and {number(sheet.total_width)} "
                "columns, mostly empty. Delete the empty rows and columns around the table and save it again."
            )
        rows = [row for row in sheet.to_python(skip_empty_area=True) if any(cell != "" for cell in row)]
        if rows:
            return name, rows
    raise UnreadableFile("The workbook has no visible sheet with cells in it. Upload the one with customers.")


def _cell(cell: object) -> str:
    """Write a cell as it would stand in a CSV: 12 and not 12.0, dates in ISO order."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    return str(cell)


# --- Parquet --------------------------------------------------------------------------------------


def read_parquet(path: Path, sheet: str | None = None) -> TextTable:
    """Read a Parquet file; its numbers, dates and yes/no columns keep their types."""
    try:
        file = pa.parquet.ParquetFile(path)
        column_names([], file.metadata.num_columns)
        table = file.read()
    except (pa.ArrowException, OSError) as problem:
        raise UnreadableFile(
            f"The Parquet file is damaged ({str(problem).splitlines()[0][:120]}). Export it again."
        ) from problem
    names, notes = column_names(table.column_names, table.num_columns)
    plain = [typed_or_text(column) for column in table.rename_columns(names).columns]
    return TextTable(pa.table(plain, names=names), "parquet", tuple(notes))


def typed_or_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Keep numbers, dates and yes/no as they are; everything else becomes text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return typed_or_text(column.cast(kind.value_type))
    if pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return column.cast(pa.float64())
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return column
    if pa.types.is_temporal(kind) and not pa.types.is_duration(kind) and not pa.types.is_time(kind):
        return column.cast(pa.timestamp("s"), safe=False)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pc.fill_null(column.cast(pa.string()), "")
    return pa.chunked_array([pa.array(["" if cell is None else str(cell) for cell in column.to_pylist()])])


# --- which is it? ---------------------------------------------------------------------------------


def _is_workbook(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


READERS = (
    Reader("parquet", "Parquet", (".parquet", ".pq"), lambda head: head.startswith(b"PAR1"), read_parquet),
    Reader("xlsx", "Excel", (".xlsx", ".xlsm", ".xls"), _is_workbook, read_workbook),
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
    notes = list(found.notes)
    if blank:
        notes.append(f"{number(blank)} blank row{'s' if blank > 1 else ''} skipped.")
    ending = Path(name).suffix.lower()
    if ending and ending not in reader.extensions:
        notes.append(f"The name ends in {ending}, but the content is {reader.label}; it was read as that.")
    _refuse_too_little(table)
    return TextTable(table, found.format, tuple(notes), found.set_aside, found.sheets, found.facts)


def _refuse_what_is_no_table(path: Path, head: bytes) -> None:
    advice = "Upload your customers as CSV, Excel (.xlsx) or Parquet."
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise UnreadableFile(f"The file is empty. {advice}")
    for magic, what in NOT_A_TABLE:
        if head.startswith(magic):
            raise UnreadableFile(f"This is {what}, not a table of customers. {advice}")
    if head.lstrip()[:9].lower().startswith(MARKUP):
        raise UnreadableFile(f"This is a web page or XML document, not a table. {advice}")
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[{")):
        raise UnreadableFile(f"This is a JSON document, not a table. {advice}")
    if head.startswith(b"PK\x03\x04"):
        try:
            names = zipfile.ZipFile(path).namelist()
        except zipfile.BadZipFile as problem:
            raise UnreadableFile(f"The file is a damaged archive or workbook. {advice}") from problem
        if not any(entry.startswith("xl/") for entry in names):
            raise UnreadableFile(
                f"This is a ZIP archive or another Office document, not a workbook. {advice}"
            )


def _without_blank_rows(table: pa.Table) -> tuple[pa.Table, int]:
    filled = None
    for column in table.columns:
        here = pc.not_equal(column, "") if pa.types.is_string(column.type) else pc.is_valid(column)
        filled = here if filled is None else pc.or_(filled, here)
        if pc.all(filled).as_py():
            return table, 0
    if filled is None:
        return table, 0
    return table.filter(filled), table.num_rows - pc.sum(filled).as_py()


def _refuse_too_little(table: pa.Table) -> None:
    columns, rows = table.column_names, table.num_rows
    if rows == 0:
        raise UnreadableFile(
            f"The file has column names ({listing(columns)}) but no rows below them. Export it again with customers."
        )
    if rows == 1:
        raise UnreadableFile("The file has one customer only. Segments need many; export the whole list.")
    if len(columns) == 1:
        raise UnreadableFile(
            f"Only one column was found (“{columns[0][:60]}”). A customer table needs more: an id and what is "
            "known of each customer. If the file has several, separate them by comma, semicolon, tab or pipe."
        )


# --- the child process ----------------------------------------------------------------------------


def main(arguments: list[str]) -> None:
    """Read one file and leave an Arrow file and a JSON answer on standard output.

    Arguments: input path, output path, user's name of the file, sheet (or an empty string).
    """
    source, target, name, sheet = arguments
    answer: dict[str, object]
    try:
        found = read_text_table(Path(source), name, sheet or None)
        write_arrow(found.table, target)
        answer = {
            "format": found.format,
            "notes": found.notes,
            "set_aside": found.set_aside,
            "sheets": found.sheets,
            "facts": found.facts,
        }
    except UnreadableFile as problem:
        answer = {"error": str(problem)}
    except MemoryError:
        answer = {"error": TOO_LARGE}
    sys.stdout.write(json.dumps(answer))


TOO_LARGE = (
    "Reading the file needs more memory than is allowed. "
    "Remove columns you do not need, or save it as Parquet, and try again."
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


if __name__ == "__main__":
    main(sys.argv[1:])
