"""Pictures of any column by segment: shares of levels, answers on a scale, quantiles of a number.

Levels are a heat table of shares with their index against everyone, a yes/no is one share with its interval,
answers are stacked shares with their mean, numbers are boxes drawn from quantiles. A box shows no single
customer: its line ends at the 5 % and the 95 % point.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import isnan, log10, nan
from typing import Any

import pandas as pd

from segkit.charts.frame import TEXT_SIZE, WIDE, Chart, beside, framed, plain, rows_axis, wrapped
from segkit.charts.kpi_pictures import (
    LOWEST,
    NOT_SHOWN,
    ROW_HEIGHT,
    SMALL,
    HeatCell,
    HeatColumn,
    colours_of,
    difference_colour,
    draw_everyone,
    heat_figure,
    room_for,
)
from segkit.charts.palette import BASE_GREY, STATUS, Theme, ink, mixed
from segkit.insights.effect_text import attribute_name
from segkit.insights.kpi_text import VERDICT_MARKS
from segkit.insights.picture_text import csat_title, extremes, gap_text, shares_title, spread_title
from segkit.labels import in_sentence, number, percent, plural, quantity, span
from segkit.measures.distributions import OTHER, LevelGroup, LevelShares, NumberGroup, NumberSpread
from segkit.measures.kpis import SMALLEST_RANKED, KpiTable
from segkit.segments.segmentation import Segment

NARROWEST = 0.06  # a band thinner than this has no room for its share, on a full card
LONG_AXIS = 3.0  # powers of ten: more labels than nine would touch each other
FULL_INDEX = 100.0  # index points from 100 at which a cell has its full colour: none, or double


def distribution(found: LevelShares | NumberSpread, segments: tuple[Segment, ...], theme: Theme) -> Chart:
    """Draw a column by segment in the form that suits it.

    Parameters
    ----------
    found : LevelShares or NumberSpread
        From `distributions.by_segment`.
    segments : tuple of Segment
        For their colours.
    theme : Theme
    """
    if isinstance(found, NumberSpread):
        return number_boxes(found, segments, theme)
    if found.kind == "yes/no" and len(found.levels) == 2:
        return yes_shares(found, segments, theme)
    return level_table(found, segments, theme)


def distribution_numbers(found: LevelShares | NumberSpread) -> pd.DataFrame:
    """The numbers behind the picture: one row a segment and level, or one a segment for numbers.

    Columns of levels: Segment, Level, Share (%), Low (95 %), High (95 %), Index (100 = everyone), Customers
    with a value, Against the rest. Of numbers: Segment, 5 %, 25 %, Median, 75 %, 95 %, Low and High of the
    median (95 %), Customers with a value. What is held back is blank.
    """
    if isinstance(found, NumberSpread):
        return pd.DataFrame([_quantile_row(group) for group in [*found.groups, found.base]])
    return pd.DataFrame(
        [
            _share_row(found, group, place)
            for group in [*found.groups, found.base]
            for place in range(len(found.levels))
        ]
    )


def _share_row(found: LevelShares, group: LevelGroup, place: int) -> dict[str, object]:
    row: dict[str, object] = {"Segment": group.name, "Level": found.levels[place]}
    if not group.n:
        blank = ("Share (%)", "Low (95 %)", "High (95 %)", "Index (100 = everyone)", "Customers with a value")
        return row | dict.fromkeys(blank, nan) | {"Against the rest": NOT_SHOWN}
    share = group.shares[place]
    return row | {
        "Share (%)": 100 * share.value,
        "Low (95 %)": 100 * share.low,
        "High (95 %)": 100 * share.high,
        "Index (100 = everyone)": _index(found, group, place),
        "Customers with a value": group.n,
        "Against the rest": group.verdicts[place],
    }


def _quantile_row(group: NumberGroup) -> dict[str, object]:
    quantiles = group.quantiles or (nan,) * 5
    return {
        "Segment": group.name,
        **dict(zip(("5 %", "25 %", "Median", "75 %", "95 %"), quantiles, strict=True)),
        "Low of the median (95 %)": group.median.low,
        "High of the median (95 %)": group.median.high,
        "Customers with a value": group.n or nan,
    }


def _index(found: LevelShares, group: LevelGroup, place: int) -> float:
    base = found.base.shares[place].value
    return 100 * group.shares[place].value / base if base else nan


# --- levels -----------------------------------------------------------------------------------------


def level_table(found: LevelShares, segments: tuple[Segment, ...], theme: Theme) -> Chart:
    """Segments in rows, levels in columns: share and index, coloured where it differs reliably."""
    colours, groups = colours_of(segments), [*found.groups, found.base]
    width = max(8, round(104 / len(found.levels)))
    columns = [
        HeatColumn(
            f"<b>{wrapped(level, width)}</b>",
            tuple(_level_cell(found, group, place, theme) for group in groups),
        )
        for place, level in enumerate(found.levels)
    ]
    names, fills = [group.name for group in groups], [colours[group.key] for group in groups]
    title = shares_title(found)
    figure = heat_figure(names, fills, columns, title, _level_note(found), theme)
    return Chart(figure, f"{title}. {_most_frequent(found)}".strip())


def _level_cell(found: LevelShares, group: LevelGroup, place: int, theme: Theme) -> HeatCell:
    name = f"<b>{plain(group.name)}</b><br>{plain(found.levels[place])}: "
    if not group.n:
        text = f"<span style='color:{theme.muted}'>{NOT_SHOWN}</span>"
        return HeatCell(text, theme.card, name + NOT_SHOWN, hatched=True)
    share, verdict, index = group.shares[place], group.verdicts[place], _index(found, group, place)
    told = verdict in ("higher", "lower") and group.n >= SMALLEST_RANKED
    reach = abs(index - 100) / FULL_INDEX
    fill = difference_colour(0, verdict == "higher", reach, theme) if told else theme.gridline
    mark = VERDICT_MARKS[verdict] if verdict in ("higher", "lower") else ""
    few = " (indicative)" if group.n < SMALLEST_RANKED else ""
    small = "" if group.key == found.base.key or isnan(index) else f"index {number(index, 0)}"
    text = f"<b>{percent(share.value)} {mark}</b><br><span style='font-size:{SMALL}px'>{small}</span>"
    interval = span(percent(share.low), percent(share.high))
    hover = f"{name}{percent(share.value)}, {interval}<br>{_counted(group)}{few}"
    return HeatCell(text if small else f"<b>{percent(share.value)}</b>", fill, hover)


def _counted(group: LevelGroup | NumberGroup) -> str:
    return f"{plural(group.n, 'customer')} with a value"


def _level_note(found: LevelShares) -> str:
    what = f"Share by {found.period}" if found.period else "Share"
    there = {verdict for group in found.groups for verdict in group.verdicts}
    marks = "; ▲ ▼ differs reliably from the rest" if there & {"higher", "lower"} else ""
    few = (
        f"; {NOT_SHOWN}: fewer than 5 values here or nearby" if any(not one.n for one in found.groups) else ""
    )
    note = f"{what} within each segment, of customers with a value; index: 100 is like everyone{marks}{few}"
    return _with_facts(note, found)


def _with_facts(note: str, found: LevelShares | NumberSpread) -> str:
    """Add what has to be known of the column: the interval, rare levels, gaps, and that it is circular."""
    gap = gap_text(found.gap) if found.gap is not None else ""
    pooled = found.pooled if isinstance(found, LevelShares) else 0
    parts = [
        note,
        f"largest difference: {gap}" if gap else "",
        f"“Other”: {plural(pooled, 'rarer level')}" if pooled else "",
        f"{percent(found.missing)} of customers have no value" if found.missing > 0 else "",
        "this column formed the segments (↻), so it differs by design" if found.circular else "",
    ]
    return ". ".join(part[:1].upper() + part[1:] for part in parts if part)


def _most_frequent(found: LevelShares) -> str:
    """Name the most frequent level of each segment, for who cannot see the picture."""
    parts = []
    named = [place for place, level in enumerate(found.levels) if level != OTHER]
    for group in found.groups:
        if group.n >= SMALLEST_RANKED:
            place = max(named, key=lambda at: group.shares[at].value)
            parts.append(f"“{group.name}” {found.levels[place]} ({percent(group.shares[place].value)})")
    return f"Most frequent: {', '.join(parts)}." if parts else ""


# --- yes or no --------------------------------------------------------------------------------------


def yes_shares(found: LevelShares, segments: tuple[Segment, ...], theme: Theme) -> Chart:
    """Bars of the share of yes in each segment with its interval, everyone as a dashed line."""
    colours, base = colours_of(segments), found.base.shares[1].value
    rows = list(found.groups)
    shown = [place for place, group in enumerate(rows) if group.n]
    shares = [rows[place].shares[1] for place in shown]
    paints = [colours[rows[place].key] for place in shown]
    fills = [colours[rows[place].key] if rows[place].n >= SMALLEST_RANKED else theme.card for place in shown]
    bars = {
        "type": "bar",
        "x": [share.value for share in shares],
        "y": shown,
        "orientation": "h",
        "width": 0.55,
        "marker": {"color": fills, "line": {"color": paints, "width": 2}},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [share.high - share.value for share in shares],
            "arrayminus": [share.value - share.low for share in shares],
            "color": theme.text,
            "thickness": 1.5,
            "width": 0,
        },
        "customdata": [_yes_hover(rows[place]) for place in shown],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }
    title = shares_title(found)
    level = "" if found.levels[1].lower() in ("yes", "true", "1") else f" (“{found.levels[1]}”)"
    what = in_sentence(attribute_name(found.column)) + level
    note = f"Share of {what} within each segment; line: 95 % interval"
    reach = min(1.0, 1.1 * max([base, *(share.high for share in shares)]))
    layout = {
        "margin": {"r": 240},
        "annotations": [beside(place, _yes_text(group)) for place, group in enumerate(rows)],
        "xaxis": {"range": [0, reach], "tickformat": ".0%"},
        "yaxis": _rows(rows),
    }
    draw_everyone(layout, base, percent(base), theme)
    height = max(ROW_HEIGHT * len(rows), LOWEST) + 30
    figure = framed([bars], layout, title, _with_facts(note, found), theme, height, above=24)
    return Chart(figure, f"{title}. {_yes_extremes(found)}".strip())


def _yes_hover(group: LevelGroup) -> str:
    share = group.shares[1]
    interval = span(percent(share.low), percent(share.high))
    return f"<b>{plain(group.name)}</b><br>{percent(share.value)}, {interval}<br>{_counted(group)}"


def _yes_text(group: LevelGroup) -> str:
    if not group.n:
        return NOT_SHOWN
    mark = VERDICT_MARKS[group.verdicts[1]]
    few = ", indicative" if group.n < SMALLEST_RANKED else ""
    words = {"higher": "above the rest", "lower": "below the rest", "can't tell": "can’t tell"}
    said = words.get(group.verdicts[1], "formed the segments" if mark else "")
    return f"<b>{percent(group.shares[1].value)}</b>  {mark} {said}{few}"


def _yes_extremes(found: LevelShares) -> str:
    rows = [group for group in found.groups if group.n >= SMALLEST_RANKED]
    if len(rows) < 2:
        return ""
    ends = [min(rows, key=lambda one: one.shares[1].value), max(rows, key=lambda one: one.shares[1].value)]
    low, high = (f"{percent(one.shares[1].value)} (“{one.name}”)" for one in ends)
    return f"From {low} to {high}."


def _rows(groups: Sequence[LevelGroup | NumberGroup]) -> dict[str, Any]:
    """The axis of a row for each group."""
    names = [wrapped(group.name) for group in groups]
    return rows_axis(names) | {"range": [len(groups) - 0.4, -0.6], "zeroline": False}


# --- answers on a scale -----------------------------------------------------------------------------


def csat_answers(found: LevelShares, table: KpiTable, theme: Theme, width: int = WIDE) -> Chart | None:
    """Stack the shares of each CSAT answer per segment, with the mean at the right.

    Parameters
    ----------
    found : LevelShares
        From `distributions.answer_shares`.
    table : KpiTable
        Of the same customers; its verdicts make the title.
    theme : Theme
    width : int
        Characters of a title, as for `framed`.

    Returns
    -------
    Chart or None
        None when no segment is shown.
    """
    rows = [group for group in (*found.groups, found.base) if group.n]
    if len(rows) < 2 or "csat" not in table.keys:
        return None
    paints, narrow = _scale_colours(len(found.levels)), NARROWEST * WIDE / width
    bands = [_answer_band(rows, found, place, paint, narrow) for place, paint in enumerate(paints)]
    means = [beside(place, _mean_text(group, theme)) for place, group in enumerate(rows)]
    layout = {
        "barmode": "stack",
        "margin": {"r": 170},
        "annotations": [*_scale_heads(found, paints, theme), *means],
        "xaxis": {"visible": False, "range": [0, 1]},
        "yaxis": _rows(rows),
    }
    title = csat_title(table)
    hidden = "; segments with fewer than 5 answers are not shown" if len(rows) <= len(found.groups) else ""
    note = f"Share of each answer within each segment; right: mean with its 95 % interval{hidden}"
    note, height = _with_facts(note, _without_gap(found)), max(52 * len(rows), LOWEST)
    figure = framed(bands, layout, title, note, theme, height, width, above=24)
    return Chart(figure, f"{title}. {extremes(table, 'csat')}".strip())


def _mean_text(group: LevelGroup, theme: Theme) -> str:
    mean = group.mean
    interval = "" if isnan(mean.low) else f" ({span(number(mean.low, 2), number(mean.high, 2))})"
    return f"<b>{number(mean.value, 2)}</b><span style='color:{theme.muted}'>{interval}</span>"


def _without_gap(found: LevelShares) -> LevelShares:
    return replace(found, gap=None)  # the title is about the mean


def _scale_colours(count: int) -> list[str]:
    """From worse over grey to better, as many as there are answers."""
    middle = (count - 1) / 2
    return [_blended(place, middle) for place in range(count)]


def _blended(place: int, middle: float) -> str:
    """Mix a status colour into grey, the more the further the answer is from the middle."""
    away = (place - middle) / middle if middle else 0.0
    end = STATUS.better if away > 0 else STATUS.worse
    return mixed(end, BASE_GREY, abs(away))


def _answer_band(
    rows: list[LevelGroup], found: LevelShares, place: int, paint: str, narrow: float
) -> dict[str, Any]:
    shares = [group.shares[place].value for group in rows]
    return {
        "type": "bar",
        "x": shares,
        "y": list(range(len(rows))),
        "orientation": "h",
        "width": 0.64,
        "name": found.levels[place],
        "marker": {"color": paint, "line": {"width": 0}},
        "text": [percent(share) if share >= narrow else "" for share in shares],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "insidetextfont": {"color": ink(paint), "size": TEXT_SIZE},
        "customdata": [
            f"<b>{plain(group.name)}</b><br>{plain(found.levels[place])}: {percent(share)} of "
            f"{plural(group.n, 'answer')}"
            for group, share in zip(rows, shares, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _scale_heads(found: LevelShares, paints: list[str], theme: Theme) -> list[dict[str, Any]]:
    """Name the answers above the bars, evenly spaced, each with its colour."""
    last = len(paints) - 1
    return [
        {
            "text": f"<span style='color:{paint}'>■</span> {plain(level)}",
            "x": place / last if last else 0.5,
            "xref": "paper",
            "xanchor": "left" if not place else "right" if place == last else "center",
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"size": TEXT_SIZE, "color": theme.muted},
        }
        for place, (level, paint) in enumerate(zip(found.levels, paints, strict=True))
    ]


# --- numbers ----------------------------------------------------------------------------------------


def number_boxes(found: NumberSpread, segments: tuple[Segment, ...], theme: Theme) -> Chart:
    """Boxes from quantiles: the middle half, a line from the 5 % to the 95 % point, the median written."""
    colours, rows = colours_of(segments), list(found.groups)
    boxes = [
        _box(found, group, place, colours[group.key], theme) for place, group in enumerate(rows) if group.n
    ]
    layout = {
        "margin": {"r": 230},
        "annotations": [beside(place, _median_text(found, group, theme)) for place, group in enumerate(rows)],
        "xaxis": _number_axis(found),
        "yaxis": _rows(rows),
    }
    title, base = spread_title(found), found.base.quantiles[2]
    note = "Box: the middle half of customers; line: from the 5 % to the 95 % point; right: median with 95 %"
    note += " interval" + ("; log scale" if found.log else "")
    draw_everyone(layout, base, quantity(found.column, base), theme, log=found.log)
    height = max(ROW_HEIGHT * len(rows), LOWEST) + 30
    figure = framed(boxes, layout, title, _with_facts(note, found), theme, height, above=24)
    return Chart(figure, f"{title}. {_median_extremes(found)}".strip())


def _box(found: NumberSpread, group: NumberGroup, place: int, colour: str, theme: Theme) -> dict[str, Any]:
    low, first, middle, third, high = group.quantiles
    ends = (first, third) if isnan(low) else (low, high)
    return {
        "type": "box",
        "orientation": "h",
        "y": [place],
        "q1": [first],
        "median": [middle],
        "q3": [third],
        "lowerfence": [ends[0]],
        "upperfence": [ends[1]],
        "width": 0.5,
        "whiskerwidth": 0,
        "fillcolor": _faint(colour) if group.n >= SMALLEST_RANKED else "rgba(0,0,0,0)",
        "line": {"color": colour, "width": 2},
        "hoverinfo": "skip",
        "boxpoints": False,
    }


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.35)"


def _median_text(found: NumberSpread, group: NumberGroup, theme: Theme) -> str:
    if not group.n:
        return f"<span style='color:{theme.muted}'>{NOT_SHOWN}</span>"
    median = group.median
    ends = (quantity(found.column, median.low), quantity(found.column, median.high))
    beside = " indicative" if group.n < SMALLEST_RANKED else f" ({span(*ends)})"
    value = quantity(found.column, median.value)
    return f"<b>{value}</b><span style='color:{theme.muted}'>{beside}</span>"


def _number_axis(found: NumberSpread) -> dict[str, Any]:
    known = [edge for group in found.groups for edge in group.quantiles if not isnan(edge)]
    years = quantity(found.column, 1969.4) == "1969"
    axis = {"tickformat": "d" if years else ",~r", "zeroline": False}
    if not found.log:
        return axis | {"range": room_for(known, 0.05)}
    ends = room_for([log10(edge) for edge in known], 0.05)
    return axis | {"type": "log", "range": ends, "tickvals": _log_ticks(*ends)}


def _log_ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 of each power of ten between two exponents; on a long axis the powers alone."""
    steps = (1, 2, 5) if high - low <= LONG_AXIS else (1,)
    powers = range(int(low) - 1, int(high) + 1)
    return [
        step * 10.0**power for power in powers for step in steps if low <= log10(step * 10.0**power) <= high
    ]


def _median_extremes(found: NumberSpread) -> str:
    rows = [group for group in found.groups if group.n >= SMALLEST_RANKED]
    if len(rows) < 2:
        return ""
    ends = [min(rows, key=lambda one: one.quantiles[2]), max(rows, key=lambda one: one.quantiles[2])]
    low, high = (f"{quantity(found.column, one.quantiles[2])} (“{one.name}”)" for one in ends)
    return f"Medians from {low} to {high}."
