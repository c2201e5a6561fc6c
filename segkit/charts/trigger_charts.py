"""The picture of the triggers: a row for each, its customers now and in the days or weeks ahead."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from segkit.charts.frame import TEXT_SIZE, Chart, framed, plain, wrapped
from segkit.charts.palette import BASE_GREY, Theme, mixed, segment_colour
from segkit.insights.trigger_text import (
    FEW,
    count_text,
    nothing_ahead,
    people_text,
    time_alt,
    time_subtitle,
    time_title,
)
from segkit.insights.triggers.calls import Calls
from segkit.measures.suppression import SMALLEST_SHOWN
from segkit.segments.segmentation import FITS_NONE, NO_SEGMENT_NAME, Segment

ROW = 62  # pixels of a row: bar, count above it and a gap
FEW_ROWS = 170  # pixels of all rows at least, so that few of them fill the picture
TALLEST = 0.58  # of a row: the rest is for the count
LOWEST = 0.03  # of a row: one customer among thousands is still seen
AHEAD = 0.62  # of the accent: what comes is lighter than what is open now
BAR = 0.8  # of the width of a period
LABEL = 22  # characters of a line
SHORT = 16  # of the name of a segment above its column


@dataclass(frozen=True, eq=False)
class _Grid:
    """Counts by trigger (rows) and column; names, colours and hover words of the columns."""

    cells: np.ndarray
    columns: list[str]
    colours: list[str]
    said: list[str]


def calls_chart(calls: Calls, segments: tuple[Segment, ...], theme: Theme, segment: str = "") -> Chart:
    """Bars of customers by trigger (rows) and time (columns), all rows on one scale.

    Where nothing has a day that comes, the columns are segments.

    Parameters
    ----------
    calls : Calls
    segments : tuple of Segment
        As they are to be drawn.
    theme : Theme
    segment : str
        Name of the segment they are all in; empty for everyone.
    """
    grid = _by_segment(calls, segments) if nothing_ahead(calls) else _by_time(calls, theme)
    shown = np.flatnonzero(calls.totals)
    rows = len(shown)
    bottoms = [float(rows - 1 - row) for row in range(rows)]
    layout: dict[str, Any] = {
        "barmode": "overlay",
        "xaxis": {
            "tickvals": list(range(len(grid.columns))),
            "ticktext": grid.columns,
            "range": [-0.6, len(grid.columns) - 0.4],
            "side": "top",
            "showgrid": False,
            "zeroline": False,
            "tickangle": 0,
        },
        "yaxis": {
            "tickvals": [bottom + TALLEST / 2 for bottom in bottoms],
            "ticktext": [_label(calls, int(trigger), theme) for trigger in shown],
            "range": [-0.08, max(rows, 1)],
            "showgrid": False,
            "showline": False,
            "zeroline": False,
        },
        "shapes": [_line(bottom, theme) for bottom in bottoms],
    }
    most = max(int(grid.cells.max(initial=0)), 1)
    marks = [
        _bars(calls.watch.watched[trigger].trigger.label, grid.cells[trigger], grid, bottom, most, theme)
        for trigger, bottom in zip(shown, bottoms, strict=True)
    ]
    title, subtitle = time_title(calls, segment), time_subtitle(calls)
    above = 28 + 18 * max(column.count("<br>") for column in grid.columns)
    height = max(ROW * rows, FEW_ROWS) + 24 + above
    return Chart(framed(marks, layout, title, subtitle, theme, height, above=above), time_alt(calls, segment))


def _by_time(calls: Calls, theme: Theme) -> _Grid:
    first = 0 if calls.over_time[:, 0].any() else 1  # an empty "now" is not drawn
    later = mixed(theme.accent, theme.card, AHEAD)
    word = "on" if len(calls.periods) > calls.days else "from"
    return _Grid(
        calls.over_time[:, first:],
        [plain(one).replace(" (", "<br>(") for one in calls.periods[first:]],
        [theme.accent, *[later] * (len(calls.periods) - 1)][first:],
        ["now", *(f"{word} {one}" for one in calls.periods[1:])][first:],
    )


def _by_segment(calls: Calls, segments: tuple[Segment, ...]) -> _Grid:
    places = np.flatnonzero(calls.table.sum(axis=0)).tolist()
    named = [*segments, FITS_NONE]
    return _Grid(
        calls.table[:, places],
        [wrapped(named[place].name, SHORT) for place in places],
        [BASE_GREY if named[place].colour < 0 else segment_colour(named[place].colour) for place in places],
        [f"“{plain(named[place].name)}”" for place in places],
    )


def _label(calls: Calls, trigger: int, theme: Theme) -> str:
    name, total = calls.watch.watched[trigger].trigger.label, int(calls.totals[trigger])
    return f"{wrapped(name, LABEL)}<br><span style='color:{theme.muted}'>{_short(total)}</span> "


def _short(count: int) -> str:
    return f"< {SMALLEST_SHOWN}" if count_text(count) == FEW else count_text(count)


def _bars(name: str, line: np.ndarray, grid: _Grid, bottom: float, most: int, theme: Theme) -> dict[str, Any]:
    """One row; a few customers are drawn as one, so that the bar does not tell how many they are."""
    places = np.flatnonzero(line).tolist()
    sizes = [1 if line[place] < SMALLEST_SHOWN else int(line[place]) for place in places]
    return {
        "type": "bar",
        "x": places,
        "y": [max(size / most * TALLEST, LOWEST) for size in sizes],
        "base": [bottom] * len(places),
        "width": BAR,
        "marker": {"color": [grid.colours[place] for place in places], "line": {"width": 0}},
        "text": [_short(int(line[place])) for place in places],
        "textposition": "outside",
        "textfont": {"size": TEXT_SIZE, "color": theme.text},
        "cliponaxis": False,
        "customdata": [
            f"<b>{plain(name)}</b>, {grid.said[place]}: {people_text(int(line[place]))}" for place in places
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _line(bottom: float, theme: Theme) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": bottom,
        "y1": bottom,
        "line": {"color": theme.gridline, "width": 1},
    }


def picture_numbers(calls: Calls) -> pd.DataFrame:
    """The numbers of the picture, by period or by segment as it is drawn; few customers not told exactly."""
    return segment_numbers(calls) if nothing_ahead(calls) else time_numbers(calls)


def time_numbers(calls: Calls) -> pd.DataFrame:
    """Customers by trigger (rows) and period (columns); few of them not told exactly."""
    lines = [[count_text(int(one)) for one in line] for line in calls.over_time]
    names = [one.trigger.label for one in calls.watch.watched]
    columns = {period: [line[place] for line in lines] for place, period in enumerate(calls.periods)}
    return pd.DataFrame(
        {"Trigger": names} | columns | {"All": [count_text(int(one)) for one in calls.totals]}
    )


def segment_numbers(calls: Calls, exact: bool = False) -> pd.DataFrame:
    """Customers by segment (rows) and trigger (columns), everyone last; each customer once in "Any".

    Parameters
    ----------
    calls : Calls
    exact : bool
        Also tell counts of few customers, as the lists themselves do.
    """
    written = (lambda count: str(int(count))) if exact else (lambda count: count_text(int(count)))
    fits_none = bool((calls.assignment.codes < 0).any())
    names = [one.name for one in calls.assignment.segments] + ([NO_SEGMENT_NAME] if fits_none else [])
    columns = {"Any": [*calls.people[: len(names)], calls.customers]} | {
        one.trigger.label: [*line[: len(names)], line.sum()]
        for one, line in zip(calls.watch.watched, calls.table, strict=True)
    }
    texts = {name: [written(count) for count in counts] for name, counts in columns.items()}
    return pd.DataFrame({"Segment": [*names, "Everyone"]} | texts)
