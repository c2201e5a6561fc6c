"""Pictures of who the segments are: the snake plot of all, and what formed and what describes one of them.

In the snake plot each segment is a line through the rows, one row a column that formed the segments, at its
distance from everyone. Up to six segments are drawn in colour and named above their lines; of more, one is in
front and the others are grey.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Any

import numpy as np
import pandas as pd

from segkit.charts.effect_charts import clipped
from segkit.charts.frame import HALF, TEXT_SIZE, Chart, beside, framed, plain, rows_axis
from segkit.charts.palette import BASE_GREY, Theme, segment_colour
from segkit.insights.profile_text import (
    column_label,
    described_title,
    formed_title,
    index_text,
    snake_alt,
    snake_title,
    value_of,
    verdict_word,
    worth_telling,
)
from segkit.labels import listing, number, plural, signed
from segkit.measures.standing_out import Dimension, Mark, distinct
from segkit.measures.suppression import SMALLEST_RANKED
from segkit.segments.segmentation import Segment

MOST_ROWS = 14  # of a snake plot: as many as can be read from the back of a room
MOST_LINES = 6  # in colour and with a name; more lines cannot be followed
MOST_BARS = 8
ROW = 44
NAME_LINE = 0.42  # rows that a line of a name takes
NAME_WIDTH = 17  # characters of a name on one line; there are up to three
NAME_PIXELS = 150  # that a name takes
PLOT_PIXELS = 760  # between the axes, on a page that is not very wide
MOST_IN_A_TIER = 3  # names side by side
FAR = 3.0  # standard deviations; what is farther stands at the edge, with an arrow
LEAST = 1.2  # of the axis on either side, so that small distances look small
EDGE = 1.04  # of the farthest point: its mark is not cut
CLEAR = 0.3  # of the strongest row: another one may stand above it, where names have more room
ROOM = 0.5  # standard deviations between two lines that keep their names apart
LABEL_WIDTH, NARROW = 30, 24  # characters of a row's name, on a full and on half a page
VALUES = 190  # pixels at the right of bars and dots, for what they stand for
INDEX = (50.0, 150.0)  # shown at least; beyond 400 a dot stands at the edge
HIGHEST_INDEX = 400.0


# --- which rows -------------------------------------------------------------------------------------


def drawn_rows(rows: Sequence[Dimension]) -> list[Dimension]:
    """The rows of a snake plot: those in which the segments differ most, each thing said once.

    The row in which the lines lie apart best is the uppermost: there they have their names.
    """
    kept = distinct(rows)[:MOST_ROWS]
    clear = [row for row in kept if row.strength >= CLEAR * kept[0].strength]
    top = max(clear, key=lambda row: (round(_spread(row), 9), row.strength), default=None)
    return [row for row in kept if row is top] + [row for row in kept if row is not top]


def _spread(row: Dimension) -> float:
    """How well the segments lie apart: gaps count up to what a name needs."""
    known = np.sort([value for value in row.away if not isnan(value)])
    return float(np.minimum(np.diff(known), ROOM).sum()) if len(known) else 0.0


def _label(row: Dimension) -> str:
    return column_label(row.column, row.level, row.kind)


def _here(row: Dimension, place: int) -> str:
    return plain(value_of(row.column, row.kind, row.here[place]))


def _base(row: Dimension) -> str:
    return plain(value_of(row.column, row.kind, row.everyone))


def _colour(segment: Segment) -> str:
    return BASE_GREY if segment.colour < 0 else segment_colour(segment.colour)


# --- the snake plot ---------------------------------------------------------------------------------


def with_front(
    rows: Sequence[Dimension], segments: tuple[Segment, ...], front: str = ""
) -> tuple[Segment, ...]:
    """Give only the segment in front its colour where there are too many to follow.

    Parameters
    ----------
    rows : sequence of Dimension
    segments : tuple of Segment
        As they are to be drawn; with one in focus the others are grey already.
    front : str
        Key of the segment to put in front; by default the one that lies farthest from everyone.
    """
    if len(segments) <= MOST_LINES or any(one.colour < 0 for one in segments):
        return segments
    keys = [one.key for one in segments]
    reach = [np.nansum([row.away[place] ** 2 for row in rows] or [0.0]) for place in range(len(keys))]
    chosen = front if front in keys else keys[int(np.argmax(np.round(reach, 9)))]
    return tuple(one if one.key == chosen else replace(one, colour=-1) for one in segments)


def snake_chart(
    rows: Sequence[Dimension],
    segments: tuple[Segment, ...],
    sizes: Sequence[int],
    theme: Theme,
    front: str = "",
) -> Chart | None:
    """Draw all segments through the columns that formed them.

    Parameters
    ----------
    rows : sequence of Dimension
        As `formed_by` ranks them.
    segments : tuple of Segment
        In the order of the values; grey ones (colour -1) are out of focus.
    sizes : sequence of int
        Customers by segment.
    theme : Theme
    front : str
        Key of the segment to put in front where there are too many to follow.

    Returns
    -------
    Chart or None
        None where no segment can be shown in any column.
    """
    kept = drawn_rows(rows)
    looks = with_front(kept, segments, front)
    shown = [place for place in range(len(looks)) if any(not isnan(row.away[place]) for row in kept)]
    if not shown:
        return None
    coloured = [place for place in shown if looks[place].colour >= 0]
    alone = coloured[0] if len(coloured) == 1 < len(looks) else None
    reach = _reach(kept, shown)
    order = sorted(shown, key=lambda place: looks[place].colour >= 0)  # those in colour on top
    marks = [_line(kept, looks[place], place, sizes[place], reach, theme, place == alone) for place in order]
    heads = _heads(kept, looks, coloured, reach)
    top = max((head.height for head in heads), default=0.0)
    layout = {
        "annotations": [*(_name(head, theme) for head in heads), *_sides(reach, theme)],
        "shapes": [_everyone(0, len(kept)), *(_leader(head) for head in heads)],
        "margin": {"r": 56, "b": 56},
        "xaxis": {"range": [-reach * EDGE, reach * EDGE], "zeroline": False} | _ticks(reach),
        "yaxis": rows_axis([_row_label(row, theme) for row in kept])
        | {"range": [len(kept) - 0.4, -0.7 - top], "zeroline": False, "showgrid": True},
    }
    told = [size >= SMALLEST_RANKED for size in sizes]
    title = snake_title(kept, looks, told, looks[alone].key if alone is not None else "")
    subtitle = _subtitle(rows, kept, looks, shown, sizes, reach)
    figure = framed(marks, layout, title, subtitle, theme, round(ROW * (len(kept) + 0.3 + top)) + 56)
    return Chart(figure, snake_alt(title, kept, looks, shown))


def _reach(rows: Sequence[Dimension], shown: Sequence[int]) -> float:
    """How far the axis goes on either side."""
    sizes = [abs(row.away[place]) for row in rows for place in shown if not isnan(row.away[place])]
    return min(max([LEAST, *sizes]), FAR)


def _at(value: float, reach: float) -> float:
    return max(-reach, min(reach, value))


def _line(
    rows: Sequence[Dimension],
    segment: Segment,
    place: int,
    size: int,
    reach: float,
    theme: Theme,
    alone: bool,
) -> dict[str, Any]:
    """The line of one segment; the only one in colour has its values beside its points."""
    colour, grey, few = _colour(segment), segment.colour < 0, size < SMALLEST_RANKED
    away = [row.away[place] for row in rows]
    drawn: dict[str, Any] = {
        "type": "scatter",
        "name": plain(segment.name),
        "x": [None if isnan(value) else _at(value, reach) for value in away],
        "y": list(range(len(rows))),
        "mode": "lines+markers+text" if alone else "lines+markers",
        "line": {"color": colour, "width": 1.25 if grey else 3, "dash": "dot" if few else "solid"},
        "marker": {
            "size": 6 if grey else 11,
            "color": theme.card if few and not grey else colour,
            "symbol": [_symbol(value, reach) for value in away],
            "line": {"color": colour, "width": 2 if few else 0},
        },
        "opacity": 0.55 if grey else 1,
        "connectgaps": True,
        "cliponaxis": False,
        "customdata": [_hover(row, segment, place, size) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    if alone:
        sides = ["left" if -0.9 * reach < value < 0 else "right" for value in away]
        drawn |= {
            "text": ["" if isnan(row.away[place]) else f"<b>{_here(row, place)}</b>" for row in rows],
            "textposition": [f"middle {side}" for side in sides],
            "textfont": {"size": TEXT_SIZE, "color": theme.text},
        }
    return drawn


def _symbol(value: float, reach: float) -> str:
    if isnan(value) or abs(value) <= reach:
        return "circle"
    return "triangle-right" if value > 0 else "triangle-left"


def _hover(row: Dimension, segment: Segment, place: int, size: int) -> str:
    if isnan(row.away[place]):
        return ""
    what = " on average" if row.kind == "number" else ""
    return (
        f"<b>{plain(segment.name)}</b>, {plural(size, 'customer')}<br>{plain(_label(row))}: "
        f"{_here(row, place)}{what}<br>everyone: {_base(row)}<br>"
        f"{number(row.away[place], 2)} standard deviations from everyone"
    )


def _row_label(row: Dimension, theme: Theme) -> str:
    name = clipped(_label(row), 1, width=LABEL_WIDTH)
    return f"{name}<br><span style='font-size:13px;color:{theme.muted}'>everyone {_base(row)}</span>"


def _subtitle(
    rows: Sequence[Dimension],
    kept: Sequence[Dimension],
    looks: tuple[Segment, ...],
    shown: Sequence[int],
    sizes: Sequence[int],
    reach: float,
) -> str:
    parts = ["Distance of each segment’s average from everyone’s, in standard deviations"]
    if len(kept) < len(distinct(rows)):
        parts.append(f"the {number(len(kept))} columns in which they differ most")
    if len(distinct(rows)) < len(rows):
        parts.append("what several columns say alike is drawn once")
    if any(sizes[place] < SMALLEST_RANKED for place in shown):
        parts.append("dotted: fewer than 30 customers, indicative")
    if any(abs(row.away[place]) > reach for row in kept for place in shown):
        parts.append(f"arrow: farther than {number(reach)}")
    hidden = [one.name for place, one in enumerate(looks) if place not in shown]
    if hidden:
        named = listing([f"“{name}”" for name in hidden])
        parts.append(f"not shown: {named} (fewer than five customers here or nearby)")
    return "; ".join(parts)


def _everyone(at: float, rows: int) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": at,
        "x1": at,
        "y0": -0.5,
        "y1": rows - 0.5,
        "line": {"color": BASE_GREY, "width": 1.5, "dash": "dash"},
        "layer": "below",
    }


def _ticks(reach: float) -> dict[str, Any]:
    """Whole standard deviations."""
    whole = [value for value in range(-3, 4) if abs(value) <= reach]
    return {
        "tickvals": whole,
        "ticktext": [signed(number(value)) if value else "everyone" for value in whole],
    }


def _sides(reach: float, theme: Theme) -> list[dict[str, Any]]:
    """Say at the foot which side is which."""
    return [
        {
            "x": x,
            "xref": "x",
            "xanchor": anchor,
            "y": 0,
            "yref": "paper",
            "yanchor": "top",
            "yshift": -26,
            "text": text,
            "showarrow": False,
            "font": {"size": TEXT_SIZE, "color": theme.muted},
        }
        for x, anchor, text in ((-reach, "left", "◀ lower"), (reach, "right", "higher ▶"))
    ]


# --- names above the lines --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Head:
    """The name above a line: where it stands, in standard deviations and rows, and where its line begins."""

    segment: Segment
    name: str
    x: float
    low: float
    height: float
    line: tuple[float, int]


def _heads(
    rows: Sequence[Dimension], looks: tuple[Segment, ...], coloured: Sequence[int], reach: float
) -> list[_Head]:
    """Names from left to right: near the upper ends of their lines and apart, in two tiers where needed."""
    first = {place: _first(rows, place) for place in coloured}
    order = sorted(coloured, key=lambda place: rows[first[place]].away[place])
    ends = [_at(rows[first[place]].away[place], reach) for place in order]
    names = [clipped(looks[place].name, 3, width=NAME_WIDTH) for place in order]
    tall = NAME_LINE * max((name.count("<br>") + 1 for name in names), default=0)
    tiers = 2 if len(order) > MOST_IN_A_TIER else 1
    step = 2 * reach * EDGE * NAME_PIXELS / PLOT_PIXELS / tiers
    places = _apart(ends, step, reach * EDGE - step * tiers / 2)
    lows = [0.1 + (tall + 0.2) * (rank % tiers) for rank in range(len(order))]
    return [
        _Head(looks[place], name, x, low, low + tall, (end, first[place]))
        for place, name, x, end, low in zip(order, names, places, ends, lows, strict=True)
    ]


def _first(rows: Sequence[Dimension], place: int) -> int:
    """The uppermost row in which a segment is shown."""
    return next(number for number, row in enumerate(rows) if not isnan(row.away[place]))


def _apart(wanted: list[float], step: float, edge: float) -> list[float]:
    """Move ascending places apart by a step at least, within an edge on either side."""
    placed = list(wanted)
    for rank in range(len(placed)):
        placed[rank] = max(placed[rank], -edge if rank == 0 else placed[rank - 1] + step)
    for rank in range(len(placed) - 1, -1, -1):
        placed[rank] = min(placed[rank], edge if rank == len(placed) - 1 else placed[rank + 1] - step)
    return placed


def _name(head: _Head, theme: Theme) -> dict[str, Any]:
    dot = f"<span style='color:{_colour(head.segment)}'>●</span>"
    return {
        "x": head.x,
        "xref": "x",
        "xanchor": "center",
        "y": -0.5 - head.low,
        "yref": "y",
        "yanchor": "bottom",
        "text": f"{dot} <b>{head.name}</b>",
        "showarrow": False,
        "align": "center",
        "bgcolor": theme.card,
        "font": {"size": TEXT_SIZE, "color": theme.text},
    }


def _leader(head: _Head) -> dict[str, Any]:
    """A thin line from a name down to its line."""
    return {
        "type": "line",
        "x0": head.x,
        "y0": -0.5 - head.low,
        "x1": head.line[0],
        "y1": head.line[1],
        "line": {"color": _colour(head.segment), "width": 1.5},
        "layer": "below",
    }


def snake_numbers(rows: Sequence[Dimension], segments: Sequence[Segment]) -> pd.DataFrame:
    """The snake plot as a table: one row a column and segment, the values in the order of the segments.

    Returns
    -------
    pandas.DataFrame
        Shares are fractions; what is not shown is blank.
    """
    return pd.DataFrame(
        [
            {
                "Column": _label(row),
                "Segment": segment.name,
                "Mean or share": here,
                "Everyone": row.everyone,
                "Standard deviations from everyone": away,
            }
            for row in rows
            for segment, here, away in zip(segments, row.here, row.away, strict=True)
        ]
    )


# --- one segment: what formed it --------------------------------------------------------------------


def formed_chart(
    rows: Sequence[Dimension], segment: Segment, place: int, size: int, theme: Theme
) -> Chart | None:
    """Bars of one segment's distance from everyone, the farthest first; None where it is not shown.

    Parameters
    ----------
    rows : sequence of Dimension
    segment : Segment
    place : int
        Its place among the values.
    size : int
        Its customers.
    theme : Theme
    """
    known = distinct([row for row in rows if not isnan(row.away[place])])
    kept = sorted(known, key=lambda row: -round(abs(row.away[place]), 9))[:MOST_BARS]
    if not kept:
        return None
    away = [_at(row.away[place], FAR) for row in kept]
    reach = EDGE * max([LEAST, *map(abs, away)])
    bars = {
        "type": "bar",
        "x": away,
        "y": list(range(len(kept))),
        "orientation": "h",
        "width": 0.55,
        "marker": {"color": segment_colour(max(segment.colour, 0))},
        "customdata": [_hover(row, segment, place, size) for row in kept],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    layout = {
        "annotations": [_values(at, _here(row, place), _base(row), theme) for at, row in enumerate(kept)],
        "margin": {"r": VALUES},
        "xaxis": {
            "range": [-reach, reach],
            "tickvals": [0],
            "ticktext": ["everyone"],
            "showgrid": False,
            "zerolinecolor": theme.muted,
        },
        "yaxis": _labels_axis([_label(row) for row in kept]),
    }
    subtitle = "Bar: distance from everyone in standard deviations. It formed the segments: not tested"
    title = formed_title(segment, known, place)
    figure = framed([bars], layout, title, subtitle, theme, ROW * len(kept) + 56, HALF)
    said = [f"{_label(row)} {_here(row, place)} (everyone {_base(row)})" for row in kept]
    return Chart(figure, f"{title}. {listing(said, MOST_BARS)}.")


def formed_numbers(rows: Sequence[Dimension], segment: Segment, place: int) -> pd.DataFrame:
    """The distances of one segment as a table, as in `snake_numbers`."""
    return snake_numbers(
        [replace(row, here=(row.here[place],), away=(row.away[place],)) for row in rows], [segment]
    )


def _labels_axis(labels: Sequence[str]) -> dict[str, Any]:
    names = [clipped(label, 2, width=NARROW) for label in labels]
    return rows_axis(names) | {"range": [len(labels) - 0.4, -0.6], "zeroline": False}


def _values(at: int, here: str, everyone: str, theme: Theme) -> dict[str, Any]:
    """What a bar or dot stands for, at the right of the plot."""
    return beside(at, f"<b>{here}</b> <span style='color:{theme.muted}'>· everyone {everyone}</span>")


# --- one segment: what describes it -----------------------------------------------------------------


def index_chart(marks: Sequence[Mark], segment: Segment, theme: Theme) -> Chart | None:
    """Dots of the index against everyone with 95 % intervals, of what can be told; None without any.

    Parameters
    ----------
    marks : sequence of Mark
        Of one segment, as `standing_out` ranks them.
    segment : Segment
    theme : Theme
    """
    kept = [mark for mark in worth_telling(marks) if not isnan(mark.index)][:MOST_BARS]
    if not kept:
        return None
    colour = segment_colour(max(segment.colour, 0))
    edges = [_edges(mark) for mark in kept]
    low, high = (end(INDEX[side], *(one[side] for one in edges)) for side, end in ((0, min), (1, max)))
    at = [min(mark.index, high) for mark in kept]
    dots = {
        "type": "scatter",
        "mode": "markers+text",
        "x": at,
        "y": list(range(len(kept))),
        "text": [f"<b>{number(mark.index, 0)}</b>" for mark in kept],
        "textposition": "top center",
        "textfont": {"size": TEXT_SIZE, "color": theme.text},
        "marker": {"size": 13, "color": colour},
        "error_x": {
            "type": "data",
            "array": [one[1] - x for one, x in zip(edges, at, strict=True)],
            "arrayminus": [x - one[0] for one, x in zip(edges, at, strict=True)],
            "color": colour,
            "thickness": 3,
            "width": 0,
        },
        "customdata": [_mark_hover(mark, segment) for mark in kept],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }
    room = 0.06 * (high - low)
    layout = {
        "annotations": [_values(place, *_mark_values(mark), theme) for place, mark in enumerate(kept)],
        "shapes": [_everyone(100, len(kept))],
        "margin": {"r": VALUES},
        "xaxis": {
            "range": [low - room, high + room],
            "tickvals": [100],
            "ticktext": ["100: everyone"],
            "showgrid": False,
            "zeroline": False,
        },
        "yaxis": _labels_axis([column_label(mark.column, mark.level, mark.kind) for mark in kept]),
    }
    subtitle = "Dot: index, 100 is everyone; line: 95 % interval. Did not form the segments; reliable only"
    title = described_title(segment, marks)
    figure = framed([dots], layout, title, subtitle, theme, ROW * len(kept) + 56, HALF)
    said = [f"{column_label(mark.column, mark.level, mark.kind)} {index_text(mark)}" for mark in kept]
    return Chart(figure, f"{title}. {listing(said, MOST_BARS)}.")


def _edges(mark: Mark) -> tuple[float, float]:
    """How far a dot with its interval reaches on either side."""
    low, high = (mark.index if isnan(edge) else edge for edge in (mark.low, mark.high))
    return min(low, HIGHEST_INDEX), min(high, HIGHEST_INDEX)


def _mark_values(mark: Mark) -> tuple[str, str]:
    here, everyone = (value_of(mark.column, mark.kind, one) for one in (mark.here.value, mark.everyone))
    return plain(here), plain(everyone)


def _mark_hover(mark: Mark, segment: Segment) -> str:
    here, everyone = _mark_values(mark)
    return (
        f"<b>{plain(segment.name)}</b><br>{plain(column_label(mark.column, mark.level, mark.kind))}: {here}, "
        f"everyone {everyone}<br>{index_text(mark)}<br>{plural(mark.n, 'answer')}"
    )


def index_numbers(marks: Sequence[Mark], segment: Segment) -> pd.DataFrame:
    """What describes a segment as a table: one row a column or level, those that cannot be told included.

    Returns
    -------
    pandas.DataFrame
        Shares are fractions; blank where there is no interval or index.
    """
    return pd.DataFrame(
        [
            {
                "Segment": segment.name,
                "Column": column_label(mark.column, mark.level, mark.kind),
                "Mean or share": mark.here.value,
                "From": mark.here.low,
                "To": mark.here.high,
                "Everyone": mark.everyone,
                "Index": mark.index,
                "Index from": mark.low,
                "Index to": mark.high,
                "Answers": mark.n,
                "Against the rest": verdict_word(mark),
            }
            for mark in marks
        ]
    )
