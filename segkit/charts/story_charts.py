"""The bars of a story as a figure, in any size of type: for a projector and for a report.

The page around it has the title. Values that have intervals are dots with a line; others are bars from where
their scale begins. At the right of each stands what it means.
"""

import textwrap
from math import isnan
from typing import Any

from segkit.charts.frame import FONT, Chart, plain
from segkit.charts.palette import BASE_GREY, Theme, segment_colour
from segkit.insights.story.blocks import Bar, Bars

TYPE = 14  # px in a report; a projector has more
LETTER = 0.56  # of the size of type: the width of a letter, on average
LABEL, NOTE = 24, 30  # letters on a line of a label and of a note
LINE = 1.2  # of the size of type: the height of a line
ROW = 3.4  # lines of type a row takes where there is room
LEAST_ROW = 2.2
FEWEST = 3  # rows there is room for: a single bar is no block


def bars_chart(
    block: Bars, theme: Theme, title: str, size: int = TYPE, height: int = 0, half: bool = False
) -> Chart:
    """Draw the bars of a page.

    Parameters
    ----------
    block : Bars
    theme : Theme
    title : str
        The finding, for the alternative text.
    size : int
        Of the type, in px.
    height : int
        In px; by default what the rows need.
    half : bool
        There is half a page: what stands at the right of a row goes below its label.

    Returns
    -------
    Chart
    """
    rows = block.rows
    needed = round(size * (ROW if len(rows) <= 8 else LEAST_ROW) * max(len(rows), 2) + 3 * size)
    dots = block.has_intervals
    lines = ((height or needed) - 2 * size) / max(len(rows), FEWEST) / (LINE * size)  # of type in a row
    layout = {
        "font": {"family": FONT, "size": size, "color": theme.text},
        "template": "none",
        "paper_bgcolor": theme.card,
        "plot_bgcolor": theme.card,
        "height": height or needed,
        "margin": {"l": 8, "r": 2 * size if half else _room(rows, size, lines), "t": 2 * size, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "barmode": "overlay",
        "xaxis": {"visible": False, "range": list(block.span)},
        "yaxis": {
            "tickvals": list(range(len(rows))),
            "ticktext": [_label(row, half, lines, theme) for row in rows],
            "range": [max(len(rows), FEWEST) - 0.4, -0.6],
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            "ticklabelstandoff": size // 2,
        },
        "shapes": [*_intervals(rows, size, theme), *_everyone(block, theme, dots)],
        "annotations": [
            *(_beside(row, place, theme, size, lines) for place, row in enumerate(rows) if not half),
            *_base(block, theme, size),
        ],
    }
    shown = [(place, row) for place, row in enumerate(rows) if not isnan(row.value)]
    marks = _dots(shown, theme, size) if dots else _bars(shown, block.start)
    return Chart({"data": [marks], "layout": layout}, block.told(title))


def _colour(row: Bar) -> str:
    return segment_colour(row.colour) if row.colour >= 0 else BASE_GREY


def _room(rows: tuple[Bar, ...], size: int, lines: float) -> int:
    """Px at the right for what each row says."""
    longest = max((max(map(len, _said(row, lines)), default=0) for row in rows), default=0)
    return round(longest * LETTER * size + 2 * size)


def _said(row: Bar, lines: float) -> list[str]:
    """What stands beside a row, line by line: the value first, then what it means in the lines there are."""
    note = row.note or ("indicative: fewer than 30" if row.few else "")
    if lines < 2:
        return [f"{row.text}  {note}"]
    for width in range(NOTE, len(note) + 1):
        if 1 + len(told := textwrap.wrap(note, width)) <= lines:
            return [row.text, *told]
    return [row.text, note] if note else [row.text]


def _label(row: Bar, half: bool, lines: float, theme: Theme) -> str:
    """The name of a row in the lines there are; on half a page with its value below."""
    room = max(1, int(lines) - (1 if half else 0))
    name = textwrap.wrap(row.label, LABEL, break_long_words=True, max_lines=room, placeholder="…")
    text = "<br>".join(map(plain, name)) or " "
    if half and lines >= 2:
        text += f"<br><span style='color:{theme.muted}'>{plain(row.text)}</span>"
    return text


def _bars(shown: list[tuple[int, Bar]], start: float) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [row.value - start for _, row in shown],
        "base": [start for _ in shown],
        "y": [place for place, _ in shown],
        "width": 0.6,
        "marker": {"color": [_colour(row) for _, row in shown]},
        "customdata": [_hover(row) for _, row in shown],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _dots(shown: list[tuple[int, Bar]], theme: Theme, size: int) -> dict[str, Any]:
    colours = [_colour(row) for _, row in shown]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row.value for _, row in shown],
        "y": [place for place, _ in shown],
        "cliponaxis": False,
        "marker": {
            "size": round(size * 1.1),
            "opacity": 1,
            "color": [
                theme.card if row.few else colour for (_, row), colour in zip(shown, colours, strict=True)
            ],
            "line": {"color": colours, "width": max(2, size // 8)},
        },
        "customdata": [_hover(row) for _, row in shown],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _hover(row: Bar) -> str:
    return "<br>".join(plain(part) for part in (row.label, row.text, row.note) if part)


def _intervals(rows: tuple[Bar, ...], size: int, theme: Theme) -> list[dict[str, Any]]:
    return [
        {
            "type": "line",
            "layer": "below",
            "x0": row.low,
            "x1": row.high,
            "y0": place,
            "y1": place,
            "line": {"color": _colour(row), "width": max(3, size // 5)},
        }
        for place, row in enumerate(rows)
        if not isnan(row.low)
    ]


def _everyone(block: Bars, theme: Theme, dots: bool) -> list[dict[str, Any]]:
    """The value of everyone as a dashed line; where bars go both ways, their middle as a quiet one."""
    whole = {"type": "line", "layer": "below", "y0": 0, "y1": 1, "yref": "paper"}
    lines = []
    if not isnan(block.everyone):
        line = {"color": BASE_GREY, "width": 1.5, "dash": "dash"}
        lines.append(whole | {"x0": block.everyone, "x1": block.everyone, "line": line})
    if not dots and any(row.value < block.start for row in block.rows):
        lines.append(
            whole | {"x0": block.start, "x1": block.start, "line": {"color": theme.border, "width": 2}}
        )
    return lines


def _base(block: Bars, theme: Theme, size: int) -> list[dict[str, Any]]:
    if isnan(block.everyone):
        return []
    return [
        {
            "text": f"everyone: {plain(block.everyone_text)}",
            "x": block.everyone,
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"size": size, "color": theme.muted},
        }
    ]


def _beside(row: Bar, place: int, theme: Theme, size: int, lines: float) -> dict[str, Any]:
    value, *notes = _said(row, lines)
    between = "<br>"
    if lines < 2:
        value, notes, between = row.text, [value[len(row.text) :]], ""
    small = "".join(f"{between}<span style='color:{theme.muted}'>{plain(note)}</span>" for note in notes)
    return {
        "text": f"<b>{plain(value)}</b>{small}",
        "x": 1,
        "xref": "paper",
        "xanchor": "left",
        "xshift": size,
        "y": place,
        "showarrow": False,
        "align": "left",
        "font": {"size": size},
    }
