"""What goes with a KPI, as differences around zero; two segments side by side, as two dots a row."""

import textwrap
from collections.abc import Sequence
from math import nan
from typing import Any

import pandas as pd

from segkit.charts.frame import TEXT_SIZE, Chart, beside, framed, plain, rows_axis
from segkit.charts.palette import BASE_GREY, STATUS, Theme, segment_colour
from segkit.insights.effect_text import (
    attribute_name,
    compared_label,
    compared_value,
    compared_verdict,
    comparison_sentence,
    difference_text,
    effects_sentence,
    gap_text,
    group_text,
    nothing_apart,
    quoted,
    told,
)
from segkit.insights.kpi_text import signed_difference, value_text
from segkit.labels import in_sentence, plural
from segkit.measures.comparison import Compared
from segkit.measures.effects import Effect
from segkit.measures.kpis import SMALLEST_RANKED, KpiDefinition, KpiTable
from segkit.segments.segmentation import Segment

MOST_EFFECTS = 8
MOST_ROWS = 10
MOST_OTHERS = 7  # rows that did not form the segments; the rest of ten shows what formed them
ROW_HEIGHT = 46
LABEL_WIDTH = 34
DOT = 13
MOST_LINES = 2  # of a row's label: a third would stand in the next row


def clipped(text: str, lines: int = MOST_LINES, mark: str = "", width: int = LABEL_WIDTH) -> str:
    """Break a label into a few lines at most; what is too long ends in an ellipsis, a mark stays.

    Examples
    --------
    >>> clipped("How satisfied are you with the delivery of your order", 2, " ↻", 20)
    'How satisfied are<br>you with the deli… ↻'
    """
    broken = textwrap.wrap(text + mark, width) or [" "]
    if len(broken) > lines:
        room = width - 1 - len(mark)
        broken = [*broken[: lines - 1], f"{' '.join(broken[lines - 1 :])[:room].rstrip()}…{mark}"]
    return "<br>".join(plain(line) for line in broken)


# --- what goes with a KPI ---------------------------------------------------------------------------


def not_drawn(effects: Sequence[Effect]) -> list[Effect]:
    """List what `effects_chart` leaves out: what can be told beyond the eighth, then all that can't."""
    drawn = told(effects)[:MOST_EFFECTS]
    return [one for one in effects if one not in drawn]


def effects_chart(
    effects: Sequence[Effect], definition: KpiDefinition, theme: Theme, unit: str = "", within: str = ""
) -> Chart | None:
    """Dots with intervals: how far the group that differs most is from everyone else, one row an attribute.

    Parameters
    ----------
    effects : sequence of Effect
        As `goes_with` ranks them.
    definition : KpiDefinition
    theme : Theme
    unit : str
        Of the KPI, for its currency.
    within : str
        Name of the segment that was looked at; empty for everyone.

    Returns
    -------
    Chart or None
        The eight strongest that can be told; None without any.
    """
    rows = told(effects)[:MOST_EFFECTS]
    sentence = effects_sentence(effects, definition, unit, within)
    if sentence is None:
        return None
    marks = [_effect_dot(definition, row, place, unit) for place, row in enumerate(rows)]
    whom = f" in “{within}”" if within else ""
    subtitle = (
        f"Dot: {in_sentence(definition.label)} of the group minus that of everyone else{whom}; "
        "line: 95 % interval; strongest first. Going together is not causing."
    )
    layout = {
        "margin": {"r": 190},
        "annotations": [
            *(_both_values(definition, row, place, unit, theme) for place, row in enumerate(rows)),
            beside(-0.8, f"<b>in the group</b> <span style='color:{theme.muted}'>· others</span>"),
            {
                "x": 0,
                "y": -0.8,
                "text": "as everyone else",
                "showarrow": False,
                "font": {"size": TEXT_SIZE, "color": theme.muted},
            },
        ],
        "shapes": [_zero_line(len(rows))],
        "xaxis": _BARE | {"range": _around_zero(rows)},
        "yaxis": _labelled([_group_label(row, theme) for row in rows], -1.1, theme),
    }
    height = ROW_HEIGHT * len(rows) + 60
    figure = framed(marks, layout, sentence.removesuffix("."), subtitle, theme, height)
    return Chart(figure, f"{sentence} {_effects_extremes(rows, definition, unit)}".strip())


def _effect_dot(definition: KpiDefinition, row: Effect, place: int, unit: str) -> dict[str, Any]:
    colour = _direction_colour(definition, row.difference)
    return {
        "type": "scatter",
        "x": [row.difference],
        "y": [place],
        "mode": "markers+text",
        "marker": {"size": DOT, "color": colour},
        "error_x": {
            "type": "data",
            "array": [row.high - row.difference],
            "arrayminus": [row.difference - row.low],
            "color": colour,
            "thickness": 3,
            "width": 0,
        },
        "text": [plain(_signed(definition, row.difference, unit))],
        "textposition": "top center",
        "textfont": {"size": TEXT_SIZE},
        "cliponaxis": False,
        "customdata": [_effect_hover(definition, row, unit)],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _direction_colour(definition: KpiDefinition, difference: float) -> str:
    if not definition.better:
        return STATUS.cant_tell
    return STATUS.better if difference * definition.better > 0 else STATUS.worse


def _signed(definition: KpiDefinition, difference: float, unit: str) -> str:
    if definition.format in ("percent", "points"):
        return signed_difference(definition, difference)
    return f"{'+' if difference >= 0 else '−'}{difference_text(definition, difference, unit)}"


def _effect_hover(definition: KpiDefinition, row: Effect, unit: str) -> str:
    here, elsewhere = (value_text(definition, one, unit) for one in (row.here, row.elsewhere))
    lines = [
        f"<b>{plain(group_text(row))}</b>",
        f"{plain(definition.label)} {here} ({plural(row.n, 'answer')}), "
        f"everyone else {elsewhere} ({plural(row.n_elsewhere, 'answer')})",
        gap_text(row, definition, unit),
    ]
    return "<br>".join(lines)


def _both_values(
    definition: KpiDefinition, row: Effect, place: int, unit: str, theme: Theme
) -> dict[str, Any]:
    here, elsewhere = (value_text(definition, one, unit) for one in (row.here, row.elsewhere))
    return beside(place, f"<b>{here}</b> <span style='color:{theme.muted}'>· {elsewhere}</span>")


def _zero_line(rows: int) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": 0,
        "x1": 0,
        "y0": -0.55,
        "y1": rows - 0.4,
        "line": {"color": BASE_GREY, "width": 1.5, "dash": "dash"},
        "layer": "below",
    }


def _around_zero(rows: Sequence[Effect]) -> list[float]:
    """The range of all intervals and zero, with room for labels."""
    edges = [0.0, *(edge for row in rows for edge in (row.low, row.high))]
    room = 0.12 * (max(edges) - min(edges) or 1.0)
    return [min(edges) - room, max(edges) + room]


def _group_label(row: Effect, theme: Theme) -> str:
    name, group = (clipped(text, 1) for text in (attribute_name(row.column), quoted(row)))
    return f"{name}<br><span style='color:{theme.muted}'>{group}</span>"


_QUIET = {"showgrid": False, "zeroline": False, "showline": False}
_BARE = _QUIET | {"showticklabels": False}


def _labelled(labels: list[str], top: float, theme: Theme) -> dict[str, Any]:
    """The axis of some rows that ends above the first of them, where something is written."""
    shown = {"tickfont": {"size": TEXT_SIZE, "color": theme.text}, "range": [len(labels) - 0.4, top]}
    return rows_axis(labels) | shown | _QUIET


def _effects_extremes(rows: Sequence[Effect], definition: KpiDefinition, unit: str) -> str:
    """Name the groups that are farthest above and below everyone else."""
    most, least = max(rows, key=lambda row: row.difference), min(rows, key=lambda row: row.difference)
    said = []
    if most.difference > 0:
        said.append(f"Farthest above: {group_text(most)}, {gap_text(most, definition, unit)}.")
    if least.difference < 0:
        said.append(f"Farthest below: {group_text(least)}, {gap_text(least, definition, unit)}.")
    return " ".join(said)


def effects_numbers(effects: Sequence[Effect], definition: KpiDefinition) -> pd.DataFrame:
    """The numbers of all attributes: one row each, in the order of their strength; rates as fractions."""
    label = definition.label
    return pd.DataFrame(
        {
            "Attribute": [row.column for row in effects],
            "Group": [row.group for row in effects],
            f"{label} in the group": [row.here for row in effects],
            f"{label} elsewhere": [row.elsewhere for row in effects],
            "Difference": [row.difference for row in effects],
            "Low (95 %)": [row.low for row in effects],
            "High (95 %)": [row.high for row in effects],
            "Answers in the group": [row.n for row in effects],
            "Answers elsewhere": [row.n_elsewhere for row in effects],
            "Strength (0 to 1)": [row.strength for row in effects],
            "Verdict": [_EFFECT_VERDICTS.get(row.verdict, row.verdict) for row in effects],
        }
    )


_EFFECT_VERDICTS = {"same": "says nearly the same"}


# --- two segments side by side ----------------------------------------------------------------------


def in_sight(rows: Sequence[Compared]) -> list[Compared]:
    """Choose the rows of the picture: the largest differences, those that formed the segments after them."""
    shown = [row for row in rows if row.verdict != "hidden"]
    formed = [row for row in shown if row.verdict == "formed"]
    others = [row for row in shown if row.verdict != "formed"]
    few = others[: max(MOST_OTHERS, MOST_ROWS - len(formed))]
    return [*few, *formed[: MOST_ROWS - len(few)]]


def comparison_chart(
    rows: Sequence[Compared], kpis: KpiTable, first: Segment, second: Segment, theme: Theme
) -> Chart | None:
    """Two dots a row, as far apart as the effect is large, with both values written beside them.

    Parameters
    ----------
    rows : sequence of Compared
        As `compare` ranks them.
    kpis : KpiTable
    first, second : Segment
    theme : Theme

    Returns
    -------
    Chart or None
        Ten rows at most; None where nothing may be shown.
    """
    picked = in_sight(rows)
    if not picked:
        return None
    colours = [_colour(first), _colour(second)]
    marks = [
        mark for place, row in enumerate(picked) for mark in _pair_marks(row, place, colours, kpis, theme)
    ]
    sentence = comparison_sentence(rows, kpis, first.name, second.name)
    title = (sentence or nothing_apart(rows, first.name, second.name)).rstrip(".")
    widest = max(max(row.effect for row in picked) / 2, 1e-9)
    few = [
        all(side.n < SMALLEST_RANKED for side in sides)
        for sides in ([row.first for row in picked], [row.second for row in picked])
    ]
    layout = {
        "annotations": _segment_names((first, second), colours, few),
        "xaxis": _BARE | {"range": [-1.5 * widest, 1.5 * widest]},
        "yaxis": _labelled([_row_label(row, kpis) for row in picked], -1.2, theme),
    }
    height = ROW_HEIGHT * len(picked) + 60
    figure = framed(marks, layout, title, _comparison_note(picked), theme, height)
    return Chart(figure, f"{title}. {_comparison_extremes(picked, kpis, first, second)}".strip())


def _comparison_note(picked: Sequence[Compared]) -> str:
    """Explain the marks that are there, and no others."""
    verdicts = {row.verdict for row in picked}
    marks = [
        "dotted: can’t tell" if "can't tell" in verdicts else "",
        f"hollow: fewer than {SMALLEST_RANKED} answers" if any(row.indicative for row in picked) else "",
        "↻ formed the segments" if "formed" in verdicts else "",
    ]
    note = "The farther apart two dots, the larger the difference against the spread; right means more"
    return "; ".join([note, *(mark for mark in marks if mark)])


def _colour(segment: Segment) -> str:
    return BASE_GREY if segment.colour < 0 else segment_colour(segment.colour)


def _ends(row: Compared) -> tuple[float, float]:
    """Where the two dots lie: half the effect on each side of the middle, the larger value to the right."""
    half = row.effect / 2 if row.difference.value >= 0 else -row.effect / 2
    return half, -half


def _pair_marks(
    row: Compared, place: int, colours: list[str], kpis: KpiTable, theme: Theme
) -> list[dict[str, Any]]:
    first, second = _ends(row)
    values = [compared_value(row, side.value, kpis) for side in (row.first, row.second)]
    ahead = first >= second
    line = {
        "type": "scatter",
        "x": [first, second],
        "y": [place, place],
        "mode": "lines",
        "line": {
            "color": BASE_GREY,
            "width": 3 if row.told else 2,
            "dash": "dot" if row.verdict == "can't tell" else "solid",
        },
        "hoverinfo": "skip",
    }
    sides = zip((first, second), values, colours, (row.first, row.second), (ahead, not ahead), strict=True)
    dots = [
        {
            "type": "scatter",
            "x": [x],
            "y": [place],
            "mode": "markers+text",
            "marker": {
                "size": DOT,
                "color": theme.card if side.n < SMALLEST_RANKED else colour,
                "line": {"color": colour, "width": 2},
            },
            "text": [f" {plain(value)} "],
            "textposition": "middle right" if right else "middle left",
            "textfont": {"size": TEXT_SIZE, "color": theme.text},
            "cliponaxis": False,
            "customdata": [_pair_hover(row, kpis)],
            "hovertemplate": "%{customdata}<extra></extra>",
        }
        for x, value, colour, side, right in sides
    ]
    return [line, *dots]


def _pair_hover(row: Compared, kpis: KpiTable) -> str:
    values = [compared_value(row, side.value, kpis) for side in (row.first, row.second)]
    lines = [
        f"<b>{plain(compared_label(row, kpis))}</b>",
        plain(
            f"{values[0]} ({plural(row.first.n, 'answer')}) against "
            f"{values[1]} ({plural(row.second.n, 'answer')})"
        ),
        plain(compared_verdict(row, kpis)),
    ]
    return "<br>".join(lines)


def _row_label(row: Compared, kpis: KpiTable) -> str:
    return clipped(compared_label(row, kpis), mark=" ↻" if row.verdict == "formed" else "")


def _segment_names(
    pair: tuple[Segment, Segment], colours: list[str], few: list[bool]
) -> list[dict[str, Any]]:
    """Name both segments over the rows, each with its dot, hollow where all of its dots are."""
    places = ((0.48, "right"), (0.52, "left"))
    return [
        {
            "x": x,
            "xref": "x domain",
            "xanchor": anchor,
            "y": -0.85,
            "text": f"<span style='color:{colour}'>{'◯' if hollow else '⬤'}</span> "
            f"<b>{clipped(segment.name)}</b>",
            "showarrow": False,
            "font": {"size": TEXT_SIZE},
        }
        for segment, colour, hollow, (x, anchor) in zip(pair, colours, few, places, strict=True)
    ]


def _comparison_extremes(rows: Sequence[Compared], kpis: KpiTable, first: Segment, second: Segment) -> str:
    """List the three largest differences, for who cannot see them."""
    said = []
    for row in rows[:3]:
        one, other = (compared_value(row, side.value, kpis) for side in (row.first, row.second))
        said.append(f"{compared_label(row, kpis)}: {one} in “{first.name}”, {other} in “{second.name}”")
    return "; ".join(said) + "."


def comparison_numbers(
    rows: Sequence[Compared], kpis: KpiTable, first: Segment, second: Segment
) -> pd.DataFrame:
    """The numbers of all rows in their order; rates as fractions, what is hidden blank."""
    shown = [row.verdict != "hidden" for row in rows]
    return pd.DataFrame(
        {
            "What": [compared_label(row, kpis) for row in rows],
            f"In {first.name}": [row.first.value for row in rows],
            f"In {second.name}": [row.second.value for row in rows],
            "Difference": [row.difference.value for row in rows],
            "Low (95 %)": [row.difference.low for row in rows],
            "High (95 %)": [row.difference.high for row in rows],
            "Effect size": [row.effect if known else nan for row, known in zip(rows, shown, strict=True)],
            "Verdict": [compared_verdict(row, kpis) for row in rows],
            f"Answers in {first.name}": [row.first.n or None for row in rows],
            f"Answers in {second.name}": [row.second.n or None for row in rows],
        }
    )
