"""Native charts: drawn by Excel from the cells of a sheet of their own, so that they can be edited.

Titles and names are references to cells, with the texts they show beside them: xlsxwriter would take a text
such as "=x!A1" for a formula. Every segment is a series of its own, since not every program colours the
points of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_range_formula

from segkit.charts.palette import BASE_GREY, LIGHT
from segkit.exports.workbook.pictures import Mark, Picture
from segkit.exports.workbook.sheets import FONT, MUTED, STRONG, Book, Cell, Page, Style, heading

DATA = "Chart data"
LABELS, BELOW, ABOVE, EVERYONE, FIRST = 0, 1, 2, 3, 4  # columns; from FIRST on one a segment
HEADER, TOP = 2, 3  # rows of a block, below its title and its note: the header, and the first segment
BETWEEN = 1  # empty rows after a block
TITLE_SIZE, LABEL_SIZE, VALUE_SIZE = 11, 9, 10  # points
DOT = 10  # points across
LINE = 1.75  # points
DARK = {"name": FONT, "color": LIGHT.text, "size": LABEL_SIZE}
QUIET = {"name": FONT, "color": LIGHT.muted, "size": LABEL_SIZE, "bold": False}
LEVEL = {"rotation": 360}  # names stay level; 0 would leave it to the program


def starts(found: Sequence[Picture]) -> list[int]:
    """The row of the sheet of data at which each block begins."""
    rows = [0]
    for one in found:
        rows.append(rows[-1] + TOP + len(one.marks) + BETWEEN)
    return rows[:-1]


def write_data(page: Page, found: Sequence[Picture]) -> None:
    """Write the numbers behind the charts, one block a chart."""
    page.columns((30, *[13] * (FIRST - 1 + max(len(one.marks) for one in found))))
    for one in found:
        names = [mark.name for mark in one.marks] if one.kind == "dots" else [one.what]
        page.put(Cell(one.title.replace("\n", " "), STRONG))
        page.put(Cell(one.note, MUTED))
        rows = [_numbers(one, place) for place in range(len(one.marks))]
        page.put(*heading(("Segment", "Below", "Above", "Everyone", *names), rows))
        for cells in rows:
            page.put(*cells)
        page.skip(BETWEEN)


def _numbers(picture: Picture, place: int) -> list[Cell]:
    """A row: name, how far the interval reaches, everyone, and the value in the column of its series."""
    mark, look = picture.marks[place], Style(number=picture.format)
    numbers = [mark.below, mark.above, picture.everyone]
    numbers += [nan] * place if picture.kind == "dots" else []
    return [Cell(mark.label, Style(wrap=True)), *(Cell(one, look) for one in [*numbers, mark.value])]


def chart(book: Book, picture: Picture, start: int) -> Chart:
    """Draw a picture from its block of data."""
    block = _Block(picture, start)
    drawn = book.file.add_chart({"type": "bar" if picture.kind == "bars" else "line"})
    if picture.kind == "bars":
        _draw_bars(drawn, block)
    else:
        _draw_dots(drawn, block)
    font = DARK | {"size": TITLE_SIZE, "bold": True}
    drawn.set_title({**block.text(0, picture.title), "name_font": font})
    drawn.set_legend({"none": True})
    drawn.set_chartarea({"border": {"color": LIGHT.border}, "fill": {"color": LIGHT.card}})
    return drawn


@dataclass(frozen=True)
class _Block:
    """Where the numbers of a chart stand, and the numbers themselves for who opens it without computing."""

    picture: Picture
    start: int

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self.picture.marks

    def _column(self, column: int) -> list[Any]:
        top = self.start + TOP
        return [DATA, top, column, top + len(self.marks) - 1, column]

    def text(self, down: int, text: str) -> dict[str, Any]:
        """A title that stands in a cell."""
        return {"name": [DATA, self.start + down, LABELS], "data": [text]}

    def series(self, column: int, name: str, values: Sequence[float]) -> dict[str, Any]:
        """A series of numbers that stand in a column."""
        return {
            "name": [DATA, self.start + HEADER, column],
            "name_data": [name],
            "categories": self._column(LABELS),
            "categories_data": [mark.label for mark in self.marks],
            "values": self._column(column),
            "values_data": _known(values),
        }

    def interval(self, colour: str) -> dict[str, Any]:
        """Lines from each value as far as its interval reaches."""
        below, above = (f"={xl_range_formula(*self._column(column))}" for column in (BELOW, ABOVE))
        return {
            "type": "custom",
            "end_style": 0,
            "line": {"color": colour, "width": LINE},
            "minus_values": below,
            "minus_data": _known([mark.below for mark in self.marks]),
            "plus_values": above,
            "plus_data": _known([mark.above for mark in self.marks]),
        }

    @property
    def values(self) -> dict[str, Any]:
        """How values are written beside their marks."""
        font = DARK | {"size": VALUE_SIZE, "bold": True}
        return {"value": True, "num_format": self.picture.format, "font": font}


def _known(values: Sequence[float]) -> list[float | None]:
    return [None if isnan(value) else value for value in values]


def _draw_bars(drawn: Chart, block: _Block) -> None:
    picture = block.picture
    drawn.add_series(
        block.series(FIRST, picture.what, [mark.value for mark in block.marks])
        | {
            "points": [{"fill": {"color": mark.colour}} for mark in block.marks],
            "fill": {"color": BASE_GREY},
            "gap": 60,
            "data_labels": block.values | {"position": "outside_end"},
        }
    )
    drawn.set_y_axis(_names_axis() | {"reverse": True, "crossing": "max"})
    low, high, _ = picture.axis
    hidden = {"label_position": "none", "major_gridlines": {"visible": False}}
    drawn.set_x_axis(_numbers_axis(low, high) | _said_below(block) | hidden)


def _draw_dots(drawn: Chart, block: _Block) -> None:
    picture, marks = block.picture, block.marks
    if not isnan(picture.everyone):
        line = {"color": BASE_GREY, "width": LINE, "dash_type": "dash"}
        everyone = block.series(EVERYONE, "Everyone", [picture.everyone] * len(marks))
        drawn.add_series(everyone | {"line": line, "marker": {"type": "none"}})
    for place, mark in enumerate(marks):
        if isnan(mark.value):
            continue
        values = [one.value if one is mark else nan for one in marks]
        drawn.add_series(block.series(FIRST + place, mark.name, values) | _dot(block, mark))
    drawn.show_blanks_as("gap")
    drawn.set_x_axis(_names_axis() | _said_below(block) | {"label_position": "low"})
    low, high, step = picture.axis
    grid = {"visible": True, "line": {"color": LIGHT.gridline, "width": 0.75}}
    drawn.set_y_axis(
        _numbers_axis(low, high)
        | {"major_unit": step, "num_format": picture.axis_format, "major_gridlines": grid}
    )


def _dot(block: _Block, mark: Mark) -> dict[str, Any]:
    """The dot of a segment with its interval: hollow where it rests on few answers."""
    return {
        "line": {"none": True},
        "marker": {
            "type": "circle",
            "size": DOT,
            "fill": {"color": LIGHT.card if mark.few else mark.colour},
            "border": {"color": mark.colour, "width": LINE},
        },
        "y_error_bars": block.interval(mark.colour),
        "data_labels": block.values | {"position": "right"},
    }


def _names_axis() -> dict[str, Any]:
    return {"num_font": DARK | LEVEL, "line": {"color": LIGHT.border}, "major_tick_mark": "none"}


def _numbers_axis(low: float, high: float) -> dict[str, Any]:
    bare = {"line": {"none": True}, "major_tick_mark": "none", "num_font": QUIET}
    return bare | {"min": low, "max": high}


def _said_below(block: _Block) -> dict[str, Any]:
    return {**block.text(1, block.picture.note), "name_font": QUIET}
