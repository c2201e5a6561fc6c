"""The bars of a story on paper and on a phone: as high as their texts need, and no higher than a page.

`story_charts` draws them; a report is read at any width, so each figure is there twice.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from segkit.charts.frame import Chart, beside, wrapped
from segkit.charts.palette import Theme
from segkit.charts.story_charts import FEWEST, LABEL, NOTE, TYPE, bars_chart, note_of, quiet_line
from segkit.insights.story.blocks import Bar, Bars

LINE = 1.3  # of the size of type: how far plotly sets one line below another
ROOM = 0.8  # of the size of type: between the texts of two rows
LEAST_ROW = 2.2  # of the size of type
EDGES = 3 * TYPE  # px above and below all rows
TALLEST = 720  # px: a page of A4 or Letter has 930 to 1,000, and a heading stands above
LONGEST = 3 * LABEL  # letters of a name in a figure; the table beside it has all of them
PHONE = 40  # letters on a line of a narrow figure, some 320 px


@dataclass(frozen=True, eq=False)
class Pair:
    """A figure for a wide page and the same for a phone.

    Attributes
    ----------
    wide, narrow : Chart
    """

    wide: Chart
    narrow: Chart


def report_charts(block: Bars, theme: Theme, title: str) -> list[Pair]:
    """Draw the bars of a page: one figure, or several of one scale where one would be higher than a page.

    Parameters
    ----------
    block : Bars
    theme : Theme
    title : str
        The finding, for the alternative text.
    """
    short = replace(block, rows=tuple(replace(row, label=_shortened(row.label)) for row in block.rows))
    return [
        Pair(bars_chart(part, theme, title, height=_height(part)), _narrow(part, theme, title))
        for part in _parts(short)
    ]


def _shortened(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


def _height(block: Bars) -> int:
    return _row_height(block) * max(len(block.rows), FEWEST) + EDGES


def _row_height(block: Bars) -> int:
    """How many px a row takes so that no text of it touches the next one's."""
    lines = max((max(_lines(row.label, LABEL), _lines_beside(row)) for row in block.rows), default=1)
    return round(TYPE * max(LINE * lines + ROOM, LEAST_ROW))


def _parts(block: Bars) -> Iterator[Bars]:
    """The rows in parts of about the same length, none higher than a page; all have one scale."""
    most = max(1, (TALLEST - EDGES) // _row_height(block))
    count = max(1, -(-len(block.rows) // most))
    least, largest = block.ends
    edges = [round(place * len(block.rows) / count) for place in range(count + 1)]
    if count == 1:
        yield block
        return
    for start, end in pairwise(edges):
        yield replace(block, rows=block.rows[start:end], least=least, most=largest)


def _lines(text: str, letters: int) -> int:
    return max(1, len(textwrap.wrap(text, letters)))


def _lines_beside(row: Bar) -> int:
    return 1 + (_lines(note, NOTE) if (note := note_of(row)) else 0)


# --- on a phone -------------------------------------------------------------------------------------


def _narrow(block: Bars, theme: Theme, title: str) -> Chart:
    """The same bars with the texts of a row above it, over the whole width."""
    rows = block.rows
    above = round(TYPE * (LINE * max(map(_lines_above, rows), default=1) + 1))
    row = above + 2 * TYPE
    chart = bars_chart(block, theme, title, height=row * len(rows) + EDGES)
    mark, layout = chart.drawn["data"][0], chart.drawn["layout"]
    everyone = [one for one in layout["annotations"] if one.get("yref") == "paper"]
    changed = {
        "margin": {"l": 8, "r": 8, "t": 2 * TYPE, "b": 8},
        "yaxis": layout["yaxis"]
        | {"showticklabels": False, "range": [len(rows) - 1 + 1.5 * TYPE / row, -above / row]},
        "shapes": [one for shape in layout["shapes"] for one in _beside_bars(shape, len(rows), TYPE / row)],
        "annotations": [*(_above(one, place, theme) for place, one in enumerate(rows)), *everyone],
    }
    marks = mark | {"width": TYPE / row} if mark["type"] == "bar" else mark
    return Chart({"data": [marks], "layout": layout | changed}, chart.alt)


def _beside_bars(shape: dict[str, Any], rows: int, reach: float) -> list[dict[str, Any]]:
    """A line over the whole height, cut so that it crosses bars and no text; any other shape as it is."""
    if shape.get("yref") != "paper":
        return [shape]
    return [shape | {"yref": "y", "y0": place - reach, "y1": place + reach} for place in range(rows)]


def _lines_above(row: Bar) -> int:
    return sum(_lines(text, PHONE) for text in (row.label, row.text, note_of(row)) if text)


def _above(row: Bar, place: int, theme: Theme) -> dict[str, Any]:
    value = f"<b>{wrapped(row.text, PHONE)}</b>{quiet_line(row, PHONE, theme)}"
    spot = {"x": 0, "yanchor": "bottom", "yshift": round(0.9 * TYPE)}
    return beside(place, f"{wrapped(row.label, PHONE)}<br>{value}") | spot
