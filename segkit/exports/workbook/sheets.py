"""Sheets of a workbook: text stays text, numbers look as they are said, everything is written row by row.

Whatever comes from a file or a person is written as a string: no cell is a formula, a link or a rich text.
Numbers keep all their digits; how they look is a number format made of the very text that pages show.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from math import ceil, isfinite
from tempfile import TemporaryDirectory
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from segkit.charts.palette import LIGHT
from segkit.labels import MINUS, number

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
OPTIONS = {
    "constant_memory": True,
    "default_format_properties": {"font_name": "Arial", "font_size": 10},
}
LONGEST = 32_767  # UTF-16 units in a cell of Excel
CUT = f" … (cut: a cell of Excel holds {LONGEST:,} characters)"
MOST_ROWS = 1_048_576  # of a sheet of Excel, the header included
MADE = datetime(1980, 1, 1)  # in every file, so that the same content gives the same bytes
A4 = 9
FONT = "Arial"  # every program that opens workbooks has it, or one of the same widths
BODY, SMALL, LARGEST = 10, 9, 18  # points of type
LINE = 1.35  # height of a line, in sizes of its type
LEAST_HEIGHT = 15.0  # points of a row
MOST_HEIGHT = 409.0  # of a row of Excel
LETTER, BOLD = 0.85, 1.1  # width of a letter, in digits, which columns are measured in; bold ones are wider
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)  # what XML 1.0 has no room for
_HALVES = re.compile("[\ud800-\udfff]")  # halves of characters, which UTF-8 cannot write


# --- text -------------------------------------------------------------------------------------------


def written(text: str) -> str:
    """Prepare a text for a cell, so that it is read back as it is.

    Control characters are escaped by xlsxwriter as Excel does it. It takes a text between <r> and </r> for
    rich text that it need not escape: such a text is handed to it as just that. A text that is longer than a
    cell is cut and says so.

    Examples
    --------
    >>> written("=1+1"), written("<r>&</r>")
    ('=1+1', '<r><t xml:space="preserve">&lt;r&gt;&amp;&lt;/r&gt;</t></r>')
    """
    if text.isascii() and len(text) <= LONGEST and not text.startswith("<r>"):
        return text
    text = _HALVES.sub("\ufffd", text)
    if _units(text) > LONGEST:
        half = text.encode("utf-16-le")[: 2 * (LONGEST - _units(CUT))]
        text = half.decode("utf-16-le", errors="ignore") + CUT
    if text.startswith("<r>") and text.endswith("</r>"):
        return f'<r><t xml:space="preserve">{escape(text, quote=False)}</t></r>'
    return text


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def shown(text: str) -> str:
    """Prepare a text for charts and descriptions: what XML cannot hold is replaced.

    Examples
    --------
    >>> shown("a" + chr(11) + "b") == "a" + chr(0xFFFD) + "b"
    True
    """
    return _UNREADABLE.sub("\ufffd", text)


# --- numbers ----------------------------------------------------------------------------------------

_DIGITS = re.compile(r"\d[\d,]*(?:\.(\d+))?")


def number_format(text: str, value: float = 1.0, room: str = "") -> str:
    """Make the number format under which a number looks like a text that was written of it.

    Parameters
    ----------
    text : str
        As `segkit.labels` and `kpi_text` write numbers, with whatever stands before and after.
    value : float
        The number: one below zero that is written without a minus, as it is nearly zero, gets none.
    room : str
        Signs that stand behind other numbers of the column: as much room is left behind this one.

    Returns
    -------
    str
        For a text without digits the general format.

    Examples
    --------
    >>> number_format("1,204"), number_format("38\u202f%"), number_format("−4.2 points")
    ('#,##0;"−"#,##0', '0"\u202f"%;"−"0"\u202f"%', '0.0" points";"−"0.0" points"')
    """
    found = _DIGITS.search(text)
    if not found:
        return "General"
    decimals = len(found[1] or "")
    digits = ("#,##0" if "," in found[0] else "0") + ("." + "0" * decimals if decimals else "")
    before, after = text[: found.start()], "%".join(_literal(part) for part in text[found.end() :].split("%"))
    positive = before.replace(MINUS, "")
    negative = before if MINUS in before or value < 0 else MINUS + before.replace("+", "")
    after += "".join(f"_{sign}" for sign in room)
    return ";".join(_literal(sign) + digits + after for sign in (positive, negative))


def _literal(text: str) -> str:
    """A text inside a number format, which knows no quotes inside quotes."""
    plain = _UNREADABLE.sub("", text).replace('"', "")
    return f'"{plain}"' if plain else ""


COUNT = number_format(number(1000))


# --- styles -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """How a cell looks.

    Attributes
    ----------
    size : int
        Of its type, in points.
    bold, wrap, right : bool
        Whether lines that are too long go on below, and whether it stands on the right.
    indent : int
        How far a text stands from the number on its left.
    colour : str
        Of its text.
    fill : str
        Behind it; empty for nothing.
    number : str
        Number format; "@" for text that stays text when it is edited.
    mark : str
        Colour of a bar on its left, by which a segment is known; empty for none.
    over, under : str
        Colour of a line above and below; empty for none.
    """

    size: int = BODY
    bold: bool = False
    wrap: bool = False
    right: bool = False
    indent: int = 0
    colour: str = LIGHT.text
    fill: str = ""
    number: str = ""
    mark: str = ""
    over: str = ""
    under: str = ""

    @property
    def properties(self) -> dict[str, Any]:
        """The same for xlsxwriter."""
        told: dict[str, Any] = {"font_name": FONT, "font_size": self.size, "font_color": self.colour}
        told |= {"valign": "top"}
        told |= {"bold": True} if self.bold else {}
        told |= {"text_wrap": True} if self.wrap else {}
        told |= {"align": "right"} if self.right else {}
        told |= {"align": "left", "indent": self.indent} if self.indent else {}
        told |= {"bg_color": self.fill} if self.fill else {}
        told |= {"num_format": self.number} if self.number else {}
        told |= {"left": _THICK, "left_color": self.mark} if self.mark else {}
        told |= {"top": 1, "top_color": self.over} if self.over else {}
        return told | ({"bottom": 1, "bottom_color": self.under} if self.under else {})


_THICK = 5  # of the lines that xlsxwriter numbers
PLAIN = Style()
WRAPPED = Style(wrap=True)
MUTED = Style(colour=LIGHT.muted)
STRONG = Style(bold=True)
SECTION = Style(size=12, bold=True, colour=LIGHT.accent)
HEAD = Style(bold=True, wrap=True, fill=LIGHT.background, under=LIGHT.accent)


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a text, a number (nothing where it is not finite), or nothing."""

    value: str | float | None
    style: Style = PLAIN


# --- writing ----------------------------------------------------------------------------------------


@dataclass
class Page:
    """A sheet that is written from its top to its bottom; a row that is finished cannot be changed.

    Attributes
    ----------
    book : Book
    sheet : xlsxwriter.worksheet.Worksheet
    row : int
        The next row.
    widths : tuple of float
        Of its columns, in characters.
    down : float
        How far down the next row is, in points.
    """

    book: "Book"
    sheet: Worksheet
    row: int = 0
    widths: tuple[float, ...] = ()
    down: float = 0.0

    def put(self, *cells: Cell | str | float | None) -> None:
        """Write a row, as high as its lines need."""
        filled = [cell if isinstance(cell, Cell) else Cell(cell) for cell in cells]
        widths = (*self.widths, *[_USUAL] * len(filled))
        self._grow(max((_height(*one) for one in zip(filled, widths, strict=False)), default=LEAST_HEIGHT))
        for place, cell in enumerate(filled):
            self._write(place, cell)
        self.row += 1

    def skip(self, rows: int = 1) -> None:
        """Leave rows empty."""
        self.row += rows
        self.down += rows * LEAST_HEIGHT

    def banner(self, text: str, style: Style) -> None:
        """Write a text over all columns, as high as its lines need."""
        cell = Cell(text, replace(style, wrap=True))
        form = self.book.format(cell.style)
        self._grow(_height(cell, sum(self.widths)))
        self.sheet.merge_range(self.row, 0, self.row, len(self.widths) - 1, "", form)
        self.sheet.write_string(self.row, 0, written(text), form)
        self.row += 1

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[float], still: int = 1
    ) -> None:
        """Write a table that fills the sheet; its header stays in sight, filters, and is on every page.

        Parameters
        ----------
        heads : sequence of str
        rows : sequence of sequence of Cell
        widths : sequence of float
            Of the columns, in characters.
        still : int
            How many columns stay in sight.
        """
        self.columns(widths)
        self.put(*heading(heads, rows))
        for cells in rows:
            self.put(*cells)
        self.sheet.freeze_panes(1, still)
        self.sheet.repeat_rows(0)
        self.sheet.autofilter(0, 0, max(self.row - 1, 1), len(heads) - 1)

    def columns(self, widths: Sequence[float]) -> None:
        """Set how wide columns are, in characters; printed, all of them are as wide as a page."""
        self.sheet.fit_to_pages(1, 0)
        self.widths = tuple(widths)
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)

    def _grow(self, height: float) -> None:
        """Make the next row as high as it needs to be."""
        height = min(max(height, LEAST_HEIGHT), MOST_HEIGHT)
        if height > LEAST_HEIGHT:
            self.sheet.set_row(self.row, height)
        self.down += height

    def _write(self, place: int, cell: Cell) -> None:
        form = self.book.format(cell.style)
        if isinstance(cell.value, str):
            self.sheet.write_string(self.row, place, written(cell.value), form)
        elif cell.value is None or not isfinite(cell.value):
            self.sheet.write_blank(self.row, place, None, form)
        else:
            self.sheet.write_number(self.row, place, cell.value, form)


_USUAL = 8.43  # characters of a column that nobody made wider


def heading(heads: Sequence[str], rows: Sequence[Sequence[Cell]] = ()) -> list[Cell]:
    """The header of a table; each stands where its column does: numbers right, texts a step from them."""
    numbers = {
        place for cells in rows for place, cell in enumerate(cells) if isinstance(cell.value, int | float)
    }
    indents = {place for cells in rows[:1] for place, cell in enumerate(cells) if cell.style.indent}
    return [
        Cell(head, replace(HEAD, right=place in numbers, indent=int(place in indents)))
        for place, head in enumerate(heads)
    ]


def _height(cell: Cell, width: float) -> float:
    """How high a cell must be for all of its text, in points."""
    if not isinstance(cell.value, str):
        return cell.style.size * LINE
    letter = LETTER * cell.style.size / BODY * (BOLD if cell.style.bold else 1)
    lines = cell.value.split("\n")
    if cell.style.wrap:
        return sum(max(ceil(_wide(line) * letter / width), 1) for line in lines) * cell.style.size * LINE
    return len(lines) * cell.style.size * LINE


def _wide(line: str) -> int:
    """How many letters wide a line is; Chinese characters and emoji are two."""
    return len(line) if line.isascii() else sum(1 + (east_asian_width(one) in "WF") for one in line)


@dataclass
class Book:
    """A workbook that is being written; `bytes` are there when it is closed.

    Rows go to a folder of its own as soon as they are finished: memory stays small, and so does what is left
    to do in the end, where nobody can be told how far it is.
    """

    file: xlsxwriter.Workbook
    stream: io.BytesIO
    foot: str
    formats: dict[Style, Format] = field(default_factory=dict)

    def page(self, name: str) -> Page:
        """Add a sheet: printed on landscape A4, what it is about at its foot."""
        sheet = self.file.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L&9{self.foot}&R&9Page &P of &N")
        return Page(self, sheet)

    def format(self, style: Style) -> Format:
        """The format of a style, made once."""
        if style not in self.formats:
            self.formats[style] = self.file.add_format(style.properties)
        return self.formats[style]


@contextmanager
def new_book(title: str, foot: str) -> Iterator[Book]:
    """Begin a workbook and finish it, or leave nothing of it behind where that fails or is stopped.

    Parameters
    ----------
    title : str
        Of the document.
    foot : str
        Printed on every page, without "&".
    """
    with TemporaryDirectory(prefix="segkit-workbook-", ignore_cleanup_errors=True) as folder:
        stream = io.BytesIO()
        file = xlsxwriter.Workbook(stream, SAFE | OPTIONS | {"tmpdir": folder})
        file.set_properties({"title": title, "created": MADE})
        try:
            yield Book(file, stream, foot)
            file.close()
        finally:
            for sheet in file.worksheets():
                sheet.row_data_fh.close()  # which xlsxwriter does only when it finishes
