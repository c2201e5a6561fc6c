"""The bars of a story as a figure, at the height that its texts need.

The page around it has the title. Values that have intervals are dots with a line; others are bars from where
their scale begins. At the right of each stands what it means.
"""

from math import isnan
from typing import Any

from segkit.charts.frame import FONT, TEXT_SIZE, Chart, beside, plain, wrapped
from segkit.charts.kpi_pictures import draw_everyone
from segkit.charts.palette import Theme, mark_colour
from segkit.insights.story.blocks import Bar, Bars

TYPE = TEXT_SIZE
LETTER = 0.56  # of the size of type: the width of a letter, on average
LABEL, NOTE = 24, 30  # letters on a line of a label and of a note
FEWEST = 3  # rows there is room for: a single bar is no block
FEW_ANSWERS = "indicative: fewer than 30"


def bars_chart(block: Bars, theme: Theme, title: str, height: int) -> Chart:
    """Draw the bars of a page.

    Parameters
    ----------
    block : Bars
    theme : Theme
    title : str
        The finding, for the alternative text.
    height : int
        In px.

    Returns
    -------
    Chart
    """
    rows = block.rows
    layout: dict[str, Any] = {
        "font": {"family": FONT, "size": TYPE, "color": theme.text},
        "template": "none",
        "paper_bgcolor": theme.card,
        "plot_bgcolor": theme.card,
        "height": height,
        "margin": {"l": 8, "r": _room(rows), "t": 2 * TYPE, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "barmode": "overlay",
        "xaxis": {"visible": False, "range": list(block.span)},
        "yaxis": {
            "tickvals": list(range(len(rows))),
            "ticktext": [wrapped(row.label, LABEL) for row in rows],
            "range": [max(len(rows), FEWEST) - 0.4, -0.6],
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            "ticklabelstandoff": TYPE // 2,
        },
        "shapes": [*_intervals(rows), *_middle(block, theme)],
        "annotations": [_beside(row, place, theme) for place, row in enumerate(rows)],
    }
    draw_everyone(layout, block.everyone, plain(block.everyone_text), theme)
    shown = [(place, row) for place, row in enumerate(rows) if not isnan(row.value)]
    marks = _dots(shown, theme) if block.has_intervals else _bars(shown, block.start)
    return Chart({"data": [marks], "layout": layout}, block.told(title))


def _room(rows: tuple[Bar, ...]) -> int:
    """Px at the right for what each row says."""
    longest = max((min(max(len(row.text), len(note_of(row))), NOTE) for row in rows), default=0)
    return round(longest * LETTER * TYPE + 2 * TYPE)


def note_of(row: Bar) -> str:
    """What stands below the value of a row."""
    return row.note or (FEW_ANSWERS if row.few else "")


def _bars(shown: list[tuple[int, Bar]], start: float) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [row.value - start for _, row in shown],
        "base": [start for _ in shown],
        "y": [place for place, _ in shown],
        "width": 0.6,
        "marker": {"color": [mark_colour(row.colour) for _, row in shown]},
        "customdata": [_hover(row) for _, row in shown],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _dots(shown: list[tuple[int, Bar]], theme: Theme) -> dict[str, Any]:
    colours = [mark_colour(row.colour) for _, row in shown]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row.value for _, row in shown],
        "y": [place for place, _ in shown],
        "cliponaxis": False,
        "marker": {
            "size": round(TYPE * 1.1),
            "opacity": 1,
            "color": [
                theme.card if row.few else colour for (_, row), colour in zip(shown, colours, strict=True)
            ],
            "line": {"color": colours, "width": 2},
        },
        "customdata": [_hover(row) for _, row in shown],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _hover(row: Bar) -> str:
    return "<br>".join(plain(part) for part in (row.label, row.text, row.note) if part)


def _intervals(rows: tuple[Bar, ...]) -> list[dict[str, Any]]:
    return [
        {
            "type": "line",
            "layer": "below",
            "x0": row.low,
            "x1": row.high,
            "y0": place,
            "y1": place,
            "line": {"color": mark_colour(row.colour), "width": 3},
        }
        for place, row in enumerate(rows)
        if not isnan(row.low)
    ]


def _middle(block: Bars, theme: Theme) -> list[dict[str, Any]]:
    """Where bars go both ways, the line from which they go."""
    if block.has_intervals or not any(row.value < block.start for row in block.rows):
        return []
    line = {"type": "line", "layer": "below", "line": {"color": theme.border, "width": 2}}
    return [line | {"x0": block.start, "x1": block.start, "y0": 0, "y1": 1, "yref": "paper"}]


def _beside(row: Bar, place: int, theme: Theme) -> dict[str, Any]:
    return beside(place, f"<b>{plain(row.text)}</b>{quiet_line(row, NOTE, theme)}") | {"x": 1, "xshift": TYPE}


def quiet_line(row: Bar, letters: int, theme: Theme) -> str:
    """What stands below the value of a row, as HTML: on lines of some letters, with less weight."""
    note = note_of(row)
    return f"<br><span style='color:{theme.muted}'>{wrapped(note, letters)}</span>" if note else ""
