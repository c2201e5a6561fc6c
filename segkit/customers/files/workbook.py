"""Workbooks: Excel and OpenDocument sheets, read by calamine.

A workbook of two kilobytes can claim a sheet of half a terabyte, so its extent is read from the XML first.
Hidden sheets are read only when somebody asks for them by name.
"""

import datetime
import io
import re
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.choices import FileChoices
from segkit.customers.files.layout import cleaned, found_layout, layout_notes
from segkit.customers.files.text_table import MOST_CELLS, Aside, TextTable, aside_table, column_names
from segkit.customers.notes import Note, Option
from segkit.errors import UnreadableFile
from segkit.labels import listing, number, plural

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

    Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta

OLE = b"\xd0\xcf\x11\xe0"
HEAD_ROWS = 200
FEWEST_ROWS = 2  # a header and two customers are a table
LARGEST_EXACT = 2**53  # Excel keeps 15 digits; beyond this a float does not tell neighbours apart
BLOCK = 4 << 20
_LAST_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"')
_FAR_CELL = re.compile(rb' r="([A-Z]{3})(\d+)"')  # begins with fixed bytes: three times as fast
_ANY_CELL = re.compile(rb'<c [^>]*?\br="([A-Z]+)(\d+)"')


def read_workbook(path: Path, choices: FileChoices) -> TextTable:
    """Read one sheet: the one asked for, else the first visible one with rows.

    Raises
    ------
    UnreadableFile
        The workbook is damaged, protected, too large, or has no visible sheet with cells.
    """
    errors = _errors_in_sheets(path)
    book, visible, hidden = _opened(path)
    if choices.sheet and choices.sheet not in [*visible, *hidden]:
        raise UnreadableFile(
            f"There is no visible sheet “{choices.sheet}”. The workbook has: {listing(visible, 12)}."
        )
    chosen, rows, start = _first_filled(book, [choices.sheet] if choices.sheet else visible, hidden)
    layout = found_layout([[_text(cell) for cell in row] for row in rows[:HEAD_ROWS]], choices.header)
    header = [_text(cell) for cell in rows[layout.header]] if layout.header is not None else []
    names, name_notes = column_names(header, len(rows[0]))
    columns = zip(*rows[layout.first :], strict=True) if len(rows) > layout.first else [()] * len(names)
    table = pa.table([_texts(cells) for cells in columns], names=names)
    unnamed = [name for name, given in zip(names, header, strict=False) if not given.strip()]
    clean = cleaned(table, header, choices.keep, unnamed)
    above = [
        Aside(start + place + 1, "above the column names", ", ".join(filter(None, map(_text, row))))
        for place, row in enumerate(rows[: layout.first if layout.header is None else layout.header])
        if any(cell != "" for cell in row)
    ]
    notes = [
        *_sheet_notes(chosen, visible, hidden),
        *_error_notes(errors),
        *layout_notes(
            layout,
            len(above),
            [_text(cell) for cell in rows[layout.first][:4]] if layout.header is None else (),
        ),
        *(name_notes if header and clean.table.num_columns == len(names) else ()),
        *clean.notes,
        *_long_number_notes(clean.table.column_names, rows[layout.first :]),
    ]
    facts = {"sheet": chosen} | ({"blank_rows": str(clean.blank_rows)} if clean.blank_rows else {})
    aside = aside_table([*above, *clean.aside])
    return TextTable(clean.table, "xlsx", tuple(notes), aside, tuple(visible), facts)


def _errors_in_sheets(path: Path) -> int:
    """Count cells with errors, and look for cells far outside before the parser makes room up to them.

    Raises
    ------
    UnreadableFile
        A sheet claims more cells than can be read.
    """
    if not zipfile.is_zipfile(path):
        return 0
    errors = 0
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename):
                rows, columns, here = _extent(archive, entry)
                errors += here
                if rows * columns > MOST_CELLS:
                    raise UnreadableFile(
                        f"A sheet claims {number(rows)} rows and {number(columns)} columns, mostly empty. "
                        "Delete the empty rows and columns around the table and save it again."
                    )
    return errors


def _extent(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[int, int, int]:
    """Rows, columns and error cells of a sheet; columns are counted exactly from AAA on only."""
    rows, columns, errors = 0, 702, 0  # ZZ; sheets of fewer columns need no look at every cell
    with archive.open(entry) as file:
        before = b""
        while block := file.read(BLOCK):
            window = before + block
            last = max((int(one[1]) for one in _LAST_ROW.finditer(window)), default=0)
            far = [(_column_number(one[1]), int(one[2])) for one in _FAR_CELL.finditer(window)]
            rows = max([rows, last, *(row for _, row in far)])
            columns = max([columns, *(column for column, _ in far)])
            errors += block.count(b' t="e"')
            before = window[-200:]
    if columns == 702 and rows * columns > MOST_CELLS:
        with archive.open(entry) as file:
            columns = max((_column_number(one[1]) for one in _ANY_CELL.finditer(file.read(BLOCK))), default=1)
    return rows, columns, errors


def _column_number(letters: bytes) -> int:
    value = 0
    for letter in letters:
        value = value * 26 + letter - 64
    return value


def _opened(path: Path) -> tuple["CalamineWorkbook", list[str], list[str]]:
    """Open a workbook and list its visible and its hidden sheets of cells."""
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = _by_content(CalamineWorkbook, path)
    except PasswordError as problem:
        raise UnreadableFile("The workbook is protected by a password. Save a copy without one.") from problem
    except (CalamineError, OSError, ValueError) as problem:
        raise UnreadableFile(
            "The workbook cannot be opened; it may be damaged or encrypted. "
            "Open it in Excel, save it again as .xlsx or CSV, and upload that."
        ) from problem
    sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    visible = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
    return book, visible, [one.name for one in sheets if one.name not in visible]


def _by_content(opener: type["CalamineWorkbook"], path: Path) -> "CalamineWorkbook":
    """Open a workbook whatever its name ends in; calamine trusts the ending, where there is one."""
    data = path.read_bytes()
    if not data.startswith(OLE):
        return opener.from_filelike(io.BytesIO(data))
    with tempfile.TemporaryDirectory(prefix="segkit-") as folder:
        named = Path(folder, "book.xls")  # under this name it tells a password from damage
        named.write_bytes(data)
        return opener.from_path(str(named))


def _first_filled(
    book: "CalamineWorkbook", names: Sequence[str], hidden: Sequence[str]
) -> tuple[str, list[list["Cell"]], int]:
    """Take the rows of the first sheet that holds a table, else of the first one with cells.

    A title page or a note in front of the table has one column, or hardly any rows.
    """
    filled: list[tuple[str, list[list[Cell]], int]] = []
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            raise UnreadableFile(
                f"Sheet “{name}” claims {number(sheet.total_height)} rows and {number(sheet.total_width)} "
                "columns, mostly empty. Delete the empty rows and columns around the table and save it again."
            )
        rows = sheet.to_python(skip_empty_area=True)
        if any(cell != "" for row in rows for cell in row):
            filled.append((name, rows, sheet.start[0] if sheet.start else 0))
            if len(rows) > FEWEST_ROWS and len(rows[0]) > 1:
                return filled[-1]
    if filled:
        return filled[0]
    also = (
        f" Hidden sheets are not read by themselves ({listing(list(hidden))}); show them or pick one."
        if hidden
        else ""
    )
    raise UnreadableFile(
        f"The workbook has no visible sheet with cells in it. Upload the one with customers.{also}"
    )


def _sheet_notes(chosen: str, visible: Sequence[str], hidden: Sequence[str]) -> list[Note]:
    notes = []
    if chosen in hidden:
        notes.append(
            Note(f"Sheet “{chosen}” is hidden in the workbook; you asked for it.", True, "hidden-sheet")
        )
    elif len(visible) > 1:
        others = [name for name in visible if name != chosen]
        options = tuple(Option(f"Read “{name}”", {"sheet": name}) for name in others[:8])
        text = f"Read sheet “{chosen}”; the workbook also has {listing(others)}."
        notes.append(Note(text, True, "sheet", options=options))
    if hidden and chosen not in hidden:
        options = tuple(Option(f"Read “{name}”", {"sheet": name}) for name in hidden[:8])
        text = f"{plural(len(hidden), 'hidden sheet')} not read: {listing(list(hidden))}."
        notes.append(Note(text, False, "hidden-sheet", options=options))
    return notes


def _error_notes(errors: int) -> list[Note]:
    if not errors:
        return []
    cells = plural(errors, "cell")
    text = f"{cells} of the workbook hold{'s' if errors == 1 else ''} an error such as #N/A; read as empty."
    return [Note(text, True, "missing")]


def _long_number_notes(names: Sequence[str], rows: Sequence[Sequence["Cell"]]) -> list[Note]:
    """Point at whole numbers of 16 digits and more: Excel has kept 15 of them."""
    notes = []
    for place, name in enumerate(names):
        cells = (row[place] for row in rows[:HEAD_ROWS])
        if any(isinstance(cell, float) and abs(cell) >= 1e15 and cell.is_integer() for cell in cells):
            text = (
                f"“{name}” holds numbers of more than 15 digits, of which Excel keeps 15; the last ones "
                "may be wrong. Export these ids as text."
            )
            notes.append(Note(text, True, "id", name))
    return notes


def _texts(cells: Sequence["Cell"]) -> pa.Array:
    """Write the cells of a column as text; columns of one type at once, which is much faster."""
    types = set(map(type, cells))
    if types <= {str}:
        return pa.array(cells, pa.string())
    filled = cells if str not in types else [None if cell == "" else cell for cell in cells]
    try:
        if types <= {float, str}:
            return _number_texts(pa.array(filled, pa.float64()))
        if types <= {datetime.date, str}:
            return pc.fill_null(pa.array(filled, pa.date32()).cast(pa.string()), "")
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        pass  # some cells are text, the others not
    return pa.array([_text(cell) for cell in cells], pa.string())


def _number_texts(numbers: pa.Array) -> pa.Array:
    """Write numbers as text: 12 and not 12.0."""
    whole = pc.and_(pc.equal(numbers, pc.round(numbers)), pc.less_equal(pc.abs(numbers), LARGEST_EXACT))
    integers = pc.if_else(whole, numbers, 0.0).cast(pa.int64()).cast(pa.string())
    texts = integers if pc.all(whole).as_py() else pc.if_else(whole, integers, numbers.cast(pa.string()))
    return pc.fill_null(texts, "")


def _text(cell: "Cell") -> str:
    """Write a cell as it would stand in a CSV: 12 and not 12.0, dates in ISO order."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) <= LARGEST_EXACT else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    return str(cell)
