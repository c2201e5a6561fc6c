"""Charts over time: retention curves, cohorts and the funnel, each with its numbers as a table."""

from collections.abc import Mapping
from math import isnan, nan
from typing import Any

import numpy as np
import pandas as pd

from segkit.charts.frame import HALF, TEXT_SIZE, Chart, framed, plain, rows_axis, wrapped
from segkit.charts.palette import BASE_GREY, Theme, channels, mixed, segment_colour
from segkit.insights.time_text import (
    BLANK,
    cohorts_alt,
    cohorts_title,
    common_time,
    comparison_text,
    curves_alt,
    curves_title,
    funnel_alt,
    funnel_title,
    share_text,
    time_text,
)
from segkit.labels import number, percent, plural, readable
from segkit.measures.cohorts import Cohorts
from segkit.measures.funnel import Funnel, SegmentFunnel
from segkit.measures.suppression import SMALLEST_SHOWN
from segkit.measures.survival import Curve, Curves
from segkit.segments.segmentation import Segment

MOST_CURVES = 10  # more lines cannot be told apart
MOST_MARKS = 240  # points of one curve: a step a pixel or two, and 12 curves with bands stay below 5,000
MOST_BANDS = 4  # of more intervals on top of each other none can be seen
PLOT_HEIGHT = 340
RISK_HEAD = 52  # from the axis down to the number-at-risk table, in pixels
ROW = 24  # of that table
LABEL_STEP = 20  # between two labels at the right end, in pixels
SHORT = 24  # characters of a name on one line
LIGHT_BAND = 0.16  # opacity of an interval behind its curve
STRONGEST = 0.4  # of the accent in a cell: text stays readable on it in both themes (4.5:1)


def _colour(segment: Segment | None) -> str:
    return BASE_GREY if segment is None or segment.colour < 0 else segment_colour(segment.colour)


def _by_key(segments: tuple[Segment, ...]) -> dict[str, Segment]:
    return {segment.key: segment for segment in segments}


def _focus(segments: tuple[Segment, ...]) -> str:
    """The key of the only segment that is drawn in colour, empty where none is in front of the others."""
    coloured = [one.key for one in segments if one.colour >= 0]
    return coloured[0] if len(coloured) == 1 < len(segments) else ""


def _short(name: str, most: int = SHORT) -> str:
    return plain(name if len(name) <= most else name[: most - 1].rstrip() + "…")


def _see_through(colour: str, opacity: float) -> str:
    red, green, blue = channels(colour)
    return f"rgba({red},{green},{blue},{opacity})"


# --- curves -------------------------------------------------------------------------------------------


def curves_chart(found: Curves, segments: tuple[Segment, ...], theme: Theme) -> Chart:
    """Retention curves with names and shares at the right, and the customers under observation below.

    Parameters
    ----------
    found : Curves
    segments : tuple of Segment
        As they are to be drawn; grey ones are out of focus.
    theme : Theme
    """
    looks, drawn = _by_key(segments), _drawn(found, segments)
    coloured = [curve for curve in drawn if looks[curve.segment.key].colour >= 0]
    unit = found.durations.unit
    banded = coloured if len(coloured) <= MOST_BANDS else []
    marks = [_band(curve, _colour(looks[curve.segment.key])) for curve in banded]
    marks.append(_line(found.everyone, BASE_GREY, unit, "dash", 1.5))
    for curve in sorted(drawn, key=lambda one: looks[one.segment.key].colour >= 0):
        focused = looks[curve.segment.key].colour >= 0
        dash = "dot" if curve.indicative else "solid"
        colour = _colour(looks[curve.segment.key])
        marks.append(_line(curve, colour, unit, dash, 2.5 if focused else 1.5))
    lowest = _lowest([*drawn, found.everyone], coloured)
    title = curves_title(found, _focus(segments))
    written = _label_ends(found, [found.everyone, *drawn], looks, lowest, theme)
    written += _risk_table(found, drawn, looks, theme)
    below = RISK_HEAD + ROW * (len(drawn) + 2) + 8
    end = max(curve.end for curve in [*drawn, found.everyone])
    layout = {
        "annotations": written,
        "margin": {"b": below, "l": 225, "r": 236},
        "xaxis": {
            "range": [0, end],
            "tickvals": list(found.ticks),
            "showgrid": False,
            "zeroline": False,
            "automargin": False,
        },
        "yaxis": {
            "range": [lowest, 1.0],
            "tickformat": ".0%",
            "nticks": 6,
            "zeroline": False,
            "automargin": False,
            "ticksuffix": " ",
        },
    }
    subtitle = _curves_subtitle(found, drawn, coloured)
    figure = framed(marks, layout, title, subtitle, theme, PLOT_HEIGHT + below + 8)
    return Chart(figure, curves_alt(found, _focus(segments)))


def _drawn(found: Curves, segments: tuple[Segment, ...]) -> list[Curve]:
    """The curves in sight: all, or the largest segments and those in focus."""
    looks = _by_key(segments)
    focused = any(one.colour < 0 for one in segments)

    def rank(curve: Curve) -> tuple[bool, int]:
        return (focused and looks[curve.segment.key].colour < 0, -curve.customers)

    kept = sorted(found.curves, key=rank)[:MOST_CURVES]
    return [curve for curve in found.curves if curve in kept]


def _curves_subtitle(found: Curves, drawn: list[Curve], coloured: list[Curve]) -> str:
    stops = found.everyone.end < max(curve.end for curve in found.curves)
    until = f" (ends where it would tell of fewer than {SMALLEST_SHOWN})" if stops else ""
    parts = [f"Share of customers still there after some {found.durations.unit}; dashed: everyone{until}"]
    if 0 < len(coloured) <= MOST_BANDS:
        parts.append("shaded: 95 % interval")
    if any(curve.indicative for curve in drawn):
        parts.append("dotted: fewer than 30 customers, indicative")
    if len(drawn) < len(found.curves):
        parts.append(f"the {number(len(drawn))} largest of {number(len(found.curves))} segments")
    curves = [*drawn, found.everyone]
    time = common_time(found, curves)
    early = " or, where named, when a curve stops" if any(curve.end < time for curve in curves) else ""
    parts.append(f"at the right: share after {time_text(time, found.durations.unit)}{early}")
    return "; ".join(parts)


def _marks(curve: Curve) -> list[float]:
    """The times of a curve that are drawn: where it steps, or an even choice where those are too many."""
    steps = np.flatnonzero(np.diff(curve.share, prepend=2.0))
    times = np.unique(np.append(curve.times[steps], [0.0, curve.end]))
    if len(times) > MOST_MARKS:
        times = np.linspace(0.0, curve.end, MOST_MARKS)
    return [float(time) for time in times]


def _line(curve: Curve, colour: str, unit: str, dash: str, width: float) -> dict[str, Any]:
    times = _marks(curve)
    known = [curve.at(time) for time in times]
    return {
        "type": "scatter",
        "x": times,
        "y": [one.value for one in known],
        "mode": "lines",
        "line": {"color": colour, "width": width, "dash": dash, "shape": "hv"},
        "name": plain(curve.segment.name),
        "customdata": [
            f"<b>{plain(curve.segment.name)}</b><br>"
            f"After {time_text(time, unit)}: {share_text(one)} still there"
            for time, one in zip(times, known, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _band(curve: Curve, colour: str) -> dict[str, Any]:
    """The interval as a shade behind its curve, from the first time that somebody left."""
    times = [time for time in _marks(curve) if not isnan(curve.at(time).low)]
    x, high, low = [], [], []
    for place, time in enumerate(times):
        last = times[place + 1] if place + 1 < len(times) else time
        x += [time, last]
        high += [curve.at(time).high] * 2
        low += [curve.at(time).low] * 2
    return {
        "type": "scatter",
        "x": x + x[::-1],
        "y": high + low[::-1],
        "mode": "lines",
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": _see_through(colour, LIGHT_BAND),
        "hoverinfo": "skip",
    }


def _lowest(curves: list[Curve], coloured: list[Curve]) -> float:
    """Where the axis starts: at 0, or higher where all curves stay in the upper half."""
    least = min(float(np.nanmin(curve.share)) for curve in curves)
    least = min([least, *(float(np.nanmin([*curve.low, 1.0])) for curve in coloured)])
    return 0.0 if least < 0.5 else float(np.floor(least * 10 - 0.2) / 10)


def _label_ends(
    found: Curves, curves: list[Curve], looks: Mapping[str, Segment], lowest: float, theme: Theme
) -> list[dict[str, Any]]:
    """Name each curve at its right end, and move labels apart where they would overlap."""
    ends = [curve.at(curve.end).value for curve in curves]
    heights = _apart([(end - lowest) / (1 - lowest) * PLOT_HEIGHT for end in ends])
    time = common_time(found, curves)
    return [
        {
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 10,
            "y": 0,
            "yref": "paper",
            "yanchor": "middle",
            "yshift": height,
            "text": f"<span style='color:{_colour(looks.get(curve.segment.key))}'>"
            f"{'○' if curve.indicative else '●'}</span> {_share_label(curve, time, found.durations.unit)}",
            "showarrow": False,
            "font": {"size": TEXT_SIZE, "color": theme.text},
        }
        for curve, height in zip(curves, heights, strict=True)
    ]


def _share_label(curve: Curve, time: float, unit: str) -> str:
    """The name of a curve and its share at a time, or at its end, which is named, where it stops before."""
    if curve.end >= time:
        return f"{_short(curve.segment.name)} <b>{percent(curve.at(time).value)}</b>"
    when = f" at {time_text(curve.end, unit)}"
    name = _short(curve.segment.name, SHORT - 1 - len(when))  # digits are wider than most letters
    return f"{name} <b>{percent(curve.at(curve.end).value)}</b>{when}"


def _apart(heights: list[float]) -> list[float]:
    """Move heights apart until each has room for a line of text, in their order and in bounds."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    placed = [heights[place] for place in order]
    for place in range(1, len(placed)):
        placed[place] = max(placed[place], placed[place - 1] + LABEL_STEP)
    over = max(placed[-1] - PLOT_HEIGHT, 0.0) if placed else 0.0
    for place in range(len(placed) - 1, -1, -1):
        limit = PLOT_HEIGHT if place == len(placed) - 1 else placed[place + 1] - LABEL_STEP
        placed[place] = min(placed[place], limit) if over else placed[place]
    result = list(heights)
    for place, height in zip(order, placed, strict=True):
        result[place] = height
    return result


def _risk_table(
    found: Curves, drawn: list[Curve], looks: Mapping[str, Segment], theme: Theme
) -> list[dict[str, Any]]:
    """Write below the axis how many customers were observed as long."""
    rows: list[tuple[str, Segment | None, list[int | None]]] = [
        (
            curve.segment.name,
            looks[curve.segment.key],
            [curve.number_at_risk(time) or None for time in found.ticks],
        )
        for curve in drawn
    ]
    rows.append(("Everyone", None, [found.everyone_at_risk(time) for time in found.ticks]))
    written = [
        _below(0.0, "left", RISK_HEAD - ROW, readable(found.durations.unit), theme.muted),
        _below(0.0, "right", RISK_HEAD, "Observed for as long", theme.muted),
    ]
    for place, (name, segment, counts) in enumerate(rows, start=1):
        down = RISK_HEAD + ROW * place
        label = f"{_short(name)} <span style='color:{_colour(segment)}'>●</span>"
        written.append(_below(0.0, "right", down, label, theme.text))
        written += [
            _below(time, "center", down, number(count), theme.text)
            for time, count in zip(found.ticks, counts, strict=True)
            if count is not None
        ]
    return written


def _below(time: float, anchor: str, down: int, text: str, colour: str) -> dict[str, Any]:
    """A text some pixels below the axis; at the right of a label there is room for the first number."""
    return {
        "x": time,
        "xref": "x",
        "xanchor": anchor,
        "xshift": -32 if anchor == "right" else 0,
        "y": 0,
        "yref": "paper",
        "yanchor": "top",
        "yshift": -down,
        "text": text,
        "showarrow": False,
        "font": {"size": TEXT_SIZE, "color": colour},
    }


def curve_numbers(found: Curves, segments: tuple[Segment, ...]) -> pd.DataFrame:
    """The curves as a table: one row a mark, with the share still there, its interval and the comparison.

    Returns
    -------
    pandas.DataFrame
        Shares are fractions; "Observed as long" is blank for everyone where it would tell a hidden number.
    """
    unit = readable(found.durations.unit)
    names = {one.key: one.name for one in segments}
    rows = []
    for curve in [*_drawn(found, segments), found.everyone]:
        for time in _marks(curve):
            known, base = curve.at(time), curve is found.everyone
            count = found.everyone_at_risk(time) if base else curve.number_at_risk(time)
            rows.append(
                {
                    "Segment": names.get(curve.segment.key, curve.segment.name),
                    unit: time,
                    "Still there": known.value,
                    "From": known.low,
                    "To": known.high,
                    "Observed as long": nan if count is None else float(count),
                    "Against the rest": comparison_text(curve),
                }
            )
    return pd.DataFrame(rows)


# --- cohorts ------------------------------------------------------------------------------------------


def cohorts_chart(
    found: Cohorts, theme: Theme, who: str = "", width: int = HALF, age: int | None = None
) -> Chart:
    """Heat map of cohorts by periods since sign-up, with the percentage in each cell.

    Parameters
    ----------
    found : Cohorts
    theme : Theme
    who : str
        Name of the segment these are the customers of; empty for everyone.
    width : int
        Characters of a title line: `HALF` or `WIDE` of the frame.
    age : int, optional
        Periods since sign-up that the title tells, where it has to be that of another map.
    """
    rows, ages = found.shares.shape
    cells = np.where(np.isnan(found.shares), nan, found.shares * 100)
    known = cells[~np.isnan(cells)]
    labels = [
        f"{label}  <span style='color:{theme.muted}'>{number(int(size)) if size else ''}</span>"
        for label, size in zip(found.labels, found.sizes, strict=True)
    ]
    heat = {
        "type": "heatmap",
        "x": list(range(1, ages + 1)),
        "y": list(range(rows)),
        "z": [[None if isnan(cell) else float(cell) for cell in line] for line in cells],
        "text": [["" if isnan(cell) else number(float(cell), 0) for cell in line] for line in cells],
        "texttemplate": "%{text}",
        "textfont": {"size": TEXT_SIZE, "color": theme.text},
        "customdata": _cohort_hovers(found),
        "hovertemplate": "%{customdata}<extra></extra>",
        "hoverongaps": False,
        "colorscale": [
            [0, mixed(theme.accent, theme.card, 0.04)],
            [1, mixed(theme.accent, theme.card, STRONGEST)],
        ],
        "zmin": float(known.min()) - 1,
        "zmax": float(known.max()) + 1,
        "showscale": False,
        "xgap": 3,
        "ygap": 3,
    }
    title = cohorts_title(found, who, age)
    subtitle = f"Percent still there, by {found.period} of sign-up (in grey: customers); {BLANK}"
    heading = f"{found.period.capitalize()}s since sign-up"
    quiet = {"zeroline": False, "ticks": ""}  # beside a heat map plotly draws ticks unless told not to
    layout = {
        "xaxis": quiet
        | {
            "tickvals": list(range(1, ages + 1)),
            "side": "top",
            "showgrid": False,
            "title": {"text": heading, "font": {"size": TEXT_SIZE}, "standoff": 15},
        },
        "yaxis": quiet | rows_axis(labels) | {"autorange": "reversed"},
    }
    height = max(34 * rows + 60, 160) + 52
    figure = framed([heat], layout, title, subtitle, theme, height, width, above=52)
    return Chart(figure, cohorts_alt(found, who, age))


def _cohort_hovers(found: Cohorts) -> list[list[str]]:
    return [
        [
            ""
            if isnan(share)
            else f"<b>Signed up {label}</b>: {plural(int(size), 'customer')}<br>"
            f"{percent(share)} still there after {plural(age, found.period)}"
            for age, share in enumerate(line, start=1)
        ]
        for label, size, line in zip(found.labels, found.sizes, found.shares, strict=True)
    ]


def cohort_numbers(found: Cohorts) -> pd.DataFrame:
    """The cohorts as a table: one row a cell that is shown."""
    rows = [
        {
            "Signed up": label,
            "Customers": int(size),
            f"{found.period.capitalize()}s since": age,
            "Still there": float(share),
        }
        for label, size, line in zip(found.labels, found.sizes, found.shares, strict=True)
        for age, share in enumerate(line, start=1)
        if not isnan(share)
    ]
    return pd.DataFrame(rows)


# --- funnel -------------------------------------------------------------------------------------------

FUNNEL_ROW = 50
MOST_ROWS = 10
GAP = 0.03  # between two stages, as a part of the width


def funnel_chart(found: Funnel, segments: tuple[Segment, ...], theme: Theme) -> Chart:
    """Bars of the share that reached at least each stage: one row a segment, one column a stage.

    Parameters
    ----------
    found : Funnel
    segments : tuple of Segment
        As they are to be drawn; grey ones are out of focus.
    theme : Theme
    """
    looks = _by_key(segments)
    rows = [*_largest(found, segments), found.everyone]
    stages = found.stages.names[1:]
    width = (1 - GAP * (len(stages) - 1)) / len(stages)
    axes: dict[str, Any] = {}
    marks, lines = [], []
    written: list[dict[str, Any]] = []
    for column, stage in enumerate(stages, start=1):
        left = (column - 1) * (width + GAP)
        marks.append(_stage_bars(found, rows, column, looks, theme))
        axis = f"xaxis{column if column > 1 else ''}"
        axes[axis] = {"domain": [left, left + width], "range": [0, 1.34], "visible": False}
        written += _written(found, stage, column, rows, theme)
        lines.append(_base_line(found, column, len(rows)))
    subtitle = (
        f"Share of customers who came at least as far; all have reached {readable(found.stages.names[0])}"
    )
    marked = any(found.loses_most(one) for one in rows)
    subtitle += "; dashed: everyone; line: 95 % interval"
    subtitle += "; ▼ where a segment loses most against everyone" if marked else ""
    subtitle += "; hollow: fewer than 30 customers, indicative" if any(one.indicative for one in rows) else ""
    names = [wrapped(_named(one, looks)) for one in rows]
    reach = {"range": [len(rows) - 0.4, -0.6], "zeroline": False}
    layout = axes | {"annotations": written, "shapes": lines, "yaxis": rows_axis(names) | reach}
    title, height = funnel_title(found, _focus(segments)), FUNNEL_ROW * len(rows) + 70
    figure = framed(marks, layout, title, subtitle, theme, height, above=28)
    return Chart(figure, funnel_alt(found, _focus(segments)))


def _largest(found: Funnel, segments: tuple[Segment, ...]) -> list[SegmentFunnel]:
    looks = _by_key(segments)
    focused = any(one.colour < 0 for one in segments)
    kept = sorted(found.segments, key=lambda one: (focused and looks[one.segment.key].colour < 0, -one.n))[
        : MOST_ROWS - 1
    ]
    return [one for one in found.segments if one in kept]


def _named(one: SegmentFunnel, looks: Mapping[str, Segment]) -> str:
    segment = looks.get(one.segment.key)
    return segment.name if segment else one.segment.name


def _stage_bars(
    found: Funnel, rows: list[SegmentFunnel], column: int, looks: Mapping[str, Segment], theme: Theme
) -> dict[str, Any]:
    known = [one.reached[column] for one in rows]
    colours = [_colour(looks.get(one.segment.key)) for one in rows]
    return {
        "type": "bar",
        "x": [one.value for one in known],
        "y": list(range(len(rows))),
        "xaxis": f"x{column if column > 1 else ''}",
        "orientation": "h",
        "width": 0.52,
        "marker": {
            "color": [theme.card if one.indicative else c for one, c in zip(rows, colours, strict=True)],
            "line": {"color": colours, "width": 2},
        },
        "error_x": {
            "type": "data",
            "array": [one.high - one.value for one in known],
            "arrayminus": [one.value - one.low for one in known],
            "color": theme.text,
            "thickness": 1.5,
            "width": 0,
        },
        "customdata": [_stage_hover(found, one, column, looks) for one in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _written(
    found: Funnel, stage: str, column: int, rows: list[SegmentFunnel], theme: Theme
) -> list[dict[str, Any]]:
    """Name a stage above its column, and write the shares beside the bars."""
    axis = {"xref": f"x{column if column > 1 else ''}", "xanchor": "left", "showarrow": False}
    head = f"<b>{wrapped(readable(stage), 18)}</b>"
    written = [axis | {"x": 0, "y": 1, "yref": "paper", "yanchor": "bottom", "text": head}]
    for place, one in enumerate(rows):
        step, share = found.loses_most(one), one.reached[column]
        mark = " ▼" if step and step.place == column else ""
        text = f"{percent(share.value)}{mark}"
        # on the card's colour, so that the dashed line does not run through the figures
        written.append(axis | {"x": share.high, "xshift": 6, "y": place, "text": text, "bgcolor": theme.card})
    return written


def _base_line(found: Funnel, column: int, rows: int) -> dict[str, Any]:
    """The share of everyone as a dashed line through the rows of the segments."""
    base = found.everyone.reached[column].value
    return {
        "type": "line",
        "x0": base,
        "x1": base,
        "xref": f"x{column if column > 1 else ''}",
        "y0": -0.4,
        "y1": rows - 1.6,
        "yref": "y",
        "line": {"color": BASE_GREY, "width": 1.5, "dash": "dash"},
        "layer": "above",
    }


def _stage_hover(found: Funnel, one: SegmentFunnel, column: int, looks: Mapping[str, Segment]) -> str:
    stage = readable(found.stages.names[column])
    text = f"<b>{plain(_named(one, looks))}</b><br>{share_text(one.reached[column])} reached {plain(stage)}"
    text += f"<br>of {plural(one.n, 'customer')}"
    step = next((step for step in one.steps if step.place == column), None)
    before = plain(readable(found.stages.names[column - 1]))
    return text + (f"<br>{share_text(step.rate)} of those who reached {before}" if step else "")


def funnel_numbers(found: Funnel, segments: tuple[Segment, ...]) -> pd.DataFrame:
    """The funnel as a table: one row a segment and stage, shares as fractions.

    Returns
    -------
    pandas.DataFrame
        "Of the stage before" is blank for the first stage, and where too few had reached that one.
    """
    looks = _by_key(segments)
    rows = []
    for one in [*found.segments, found.everyone]:
        steps = {step.place: step for step in one.steps}
        for place, (stage, share) in enumerate(zip(found.stages.names, one.reached, strict=True)):
            step = steps.get(place)
            rows.append(
                {
                    "Segment": _named(one, looks),
                    "Stage": readable(stage),
                    "Customers": one.n,
                    "Reached": share.value,
                    "From": share.low,
                    "To": share.high,
                    "Of the stage before": step.rate.value if step else nan,
                    "Against the rest": _compared(step.verdict) if step else "",
                }
            )
    return pd.DataFrame(rows)


def _compared(verdict: str) -> str:
    said = {"higher": "▲ more go on", "lower": "▼ fewer go on", "can't tell": "≈ can't tell"}
    return said.get(verdict, "↻ formed the segments, so not compared" if verdict == "circular" else "")
