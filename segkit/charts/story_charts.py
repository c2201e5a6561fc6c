"""The bars of a story as a figure, in any size of type: for a projector and for a report.

The page around it has the title. Values that have intervals are dots with a line; others are bars from where
their scale begins. At the right of each stands what it means.
"""

from math import isnan
from typing import Any

from segkit.charts.frame import FONT, Chart, plain, wrapped
from segkit.charts.palette import BASE_GREY, Theme, segment_colour
from segkit.insights.story.blocks import Bar, Bars

TYPE = 14  # px in a report; a projector has more
LETTER = 0.56  # of the size of type: the width of a letter, on average
LABEL, NOTE = 24, 30  # letters on a line of a label and of a note
ROW = 3.4  # lines of type a row takes where there is room
LEAST_ROW = 2.2


def bars_chart(block: Bars, theme: Theme, title: str, size: int = TYPE, height: int = 0) -> Chart:
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

    Returns
    -------
    Chart
    """
    rows = block.rows
    needed = round(size * (ROW if len(rows) <= 8 else LEAST_ROW) * max(len(rows), 2) + 3 * size)
    dots = any(not isnan(row.low) for row in rows)
    layout = {
        "font": {"family": FONT, "size": size, "color": theme.text},
        "template": "none",
        "paper_bgcolor": theme.card,
        "plot_bgcolor": theme.card,
        "height": height or needed,
        "margin": {"l": 8, "r": _room(rows, size), "t": 2 * size, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "barmode": "overlay",
        "xaxis": {"visible": False, "range": _range(block)},
        "yaxis": {
            "tickvals": list(range(len(rows))),
            "ticktext": [wrapped(row.label, LABEL) for row in rows],
            "range": [len(rows) - 0.4, -0.6],
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
        },
        "shapes": [*_intervals(rows, size, theme), *_everyone(block, theme, dots)],
        "annotations": [
            *(_beside(row, place, theme, size) for place, row in enumerate(rows)),
            *_base(block, theme, size),
        ],
    }
    shown = [(place, row) for place, row in enumerate(rows) if not isnan(row.value)]
    marks = _dots(shown, theme, size) if dots else _bars(shown, block.start)
    return Chart({"data": [marks], "layout": layout}, _alt(block, title))


def _colour(row: Bar) -> str:
    return segment_colour(row.colour) if row.colour >= 0 else BASE_GREY


def _range(block: Bars) -> list[float]:
    """Room for all values and intervals; bars begin where their scale does."""
    ends = [end for row in block.rows for end in (row.value, row.low, row.high)] + [block.everyone]
    known = [end for end in ends if not isnan(end)]
    if not any(not isnan(row.low) for row in block.rows) or not known:
        known.append(block.start)
    low, high = min(known), max(known)
    spread = (high - low) or abs(high) or 1.0
    return [low - (0.06 * spread if low != block.start else 0.0), high + 0.06 * spread]


def _room(rows: tuple[Bar, ...], size: int) -> int:
    longest = max((min(max(len(row.text), len(row.note)), NOTE) for row in rows), default=0)
    return round(longest * LETTER * size + 2 * size)


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


def _beside(row: Bar, place: int, theme: Theme, size: int) -> dict[str, Any]:
    few = "indicative: fewer than 30 answers" if row.few else ""
    notes = [note for note in (row.note, few) if note]
    small = "".join(f"<br><span style='color:{theme.muted}'>{wrapped(note, NOTE)}</span>" for note in notes)
    return {
        "text": f"<b>{plain(row.text)}</b>{small}",
        "x": 1,
        "xref": "paper",
        "xanchor": "left",
        "xshift": size,
        "y": place,
        "showarrow": False,
        "align": "left",
        "font": {"size": size},
    }


def _alt(block: Bars, title: str) -> str:
    """The finding, then each row in words."""
    rows = "; ".join(f"{row.label} {row.text}{f' ({row.note})' if row.note else ''}" for row in block.rows)
    return f"{title.rstrip('.')}. {block.shown}: {rows}."
