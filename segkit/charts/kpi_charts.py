"""Charts of KPIs: sizes, dots with intervals against the base, NPS as promoters to detractors."""

from dataclasses import dataclass
from math import isnan
from typing import Any

import pandas as pd

from segkit.charts.frame import HALF, TEXT_SIZE, Chart, framed, plain, rows_axis, wrapped
from segkit.charts.palette import BASE_GREY, STATUS, Theme, mark_colour
from segkit.insights.kpi_text import difference_text, interval_text, value_text, verdict_text
from segkit.labels import in_sentence, listing, number, percent, plural
from segkit.measures.kpis import BASE, SMALLEST_RANKED, Kpi, KpiDefinition, KpiTable
from segkit.segments.conditions import either
from segkit.segments.segmentation import NO_SEGMENT, Segment

OVERVIEW = ("csat", "nps", "retention", "conversion", "revenue")
ROW_HEIGHT = 56
LOWEST = 150
GAP = 0.03  # between the columns of the overview, as a part of its width


def _colours(segments: tuple[Segment, ...]) -> dict[str, str]:
    colours = {segment.key: mark_colour(segment.colour) for segment in segments}
    return colours | {NO_SEGMENT: BASE_GREY, BASE: BASE_GREY}


def _segment_rows(table: KpiTable, kpi: str) -> list[Kpi]:
    return [row for row in table.of(kpi) if row.segment != BASE]


def sizes(table: KpiTable, segments: tuple[Segment, ...], theme: Theme) -> Chart:
    """Bars of customers per segment, each labelled with number and share."""
    colours = _colours(segments)
    rows, shares = _segment_rows(table, "size"), _segment_rows(table, "share")
    labels = [
        f"{number(row.value)} · {percent(share.value)}" for row, share in zip(rows, shares, strict=True)
    ]
    names = [wrapped(row.segment_name) for row in rows]
    bars = {
        "type": "bar",
        "x": [row.value for row in rows],
        "y": list(range(len(rows))),
        "orientation": "h",
        "marker": {"color": [colours[row.segment] for row in rows]},
        "text": labels,
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": [plain(row.segment_name) for row in rows],
        "hovertemplate": "%{customdata}: %{text}<extra></extra>",
        "width": 0.6,
    }
    largest, smallest = max(rows, key=lambda row: row.value), min(rows, key=lambda row: row.value)
    share = percent(shares[rows.index(largest)].value)
    title = f"The largest segment, “{largest.segment_name}”, holds {share} of customers"
    total = table.find(BASE, "size")
    subtitle = f"Customers per segment and share of all {number(total.value if total else 0)}"
    layout = {
        "xaxis": {"visible": False, "range": [0, largest.value * 1.45]},
        "yaxis": rows_axis(names) | {"autorange": "reversed", "zeroline": False},
    }
    figure = framed([bars], layout, title, subtitle, theme, max(ROW_HEIGHT * len(rows), LOWEST), HALF)
    alt = f"{title}; the smallest, “{smallest.segment_name}”, has {plural(int(smallest.value), 'customer')}."
    return Chart(figure, alt)


def overview(table: KpiTable, segments: tuple[Segment, ...], theme: Theme, title: str) -> Chart | None:
    """Dots with intervals: one row a segment, one column a KPI, the base as a dashed line.

    Returns None when none of CSAT, NPS, retention, conversion and revenue is there.
    """
    keys = [
        key
        for key in OVERVIEW
        if key in table.keys and not all(isnan(row.value) for row in _segment_rows(table, key))
    ]
    if not keys:
        return None
    names = [wrapped(row.segment_name) for row in _segment_rows(table, keys[0])]
    columns = [
        _column(table, table.definition(key), _colours(segments), theme, place)
        for place, key in enumerate(keys)
    ]
    width = (1 - GAP * (len(keys) - 1)) / len(keys)
    reach = {"range": [len(names) - 0.4, -0.75], "zeroline": False, "anchor": "x"}
    axes: dict[str, Any] = {"yaxis": rows_axis(names) | reach}
    for place, column in enumerate(columns):
        left = place * (width + GAP)
        axes[f"xaxis{place + 1 if place else ''}"] = {
            "range": column.room,
            "domain": [left, left + width],
            "showticklabels": False,
            "showgrid": False,
            "zeroline": False,
        }
    layout = axes | {
        "shapes": [line for column in columns for line in column.lines],
        "annotations": [text for column in columns for text in column.texts],
    }
    subtitle = "Dot: value; line: 95 % interval; dashed: all customers; hollow: fewer than 30 answers"
    marks = [column.dots for column in columns]
    height = max(ROW_HEIGHT * len(names), LOWEST) + 76
    figure = framed(marks, layout, title, subtitle, theme, height, above=44)
    return Chart(figure, f"{title}. {_extremes(table, keys)}")


@dataclass(frozen=True)
class _Column:
    """The parts of one KPI's column."""

    dots: dict[str, Any]
    lines: list[dict[str, Any]]
    texts: list[dict[str, Any]]
    room: list[float]


def _column(
    table: KpiTable, definition: KpiDefinition, colours: dict[str, str], theme: Theme, place: int
) -> _Column:
    rows, base = _segment_rows(table, definition.key), table.find(BASE, definition.key)
    axis = f"x{place + 1}" if place else "x"
    shown = [(height, row) for height, row in enumerate(rows) if not isnan(row.value)]
    hidden = [
        {"text": "not shown", "x": 0.5, "xref": f"{axis} domain", "y": height, "font": {"color": theme.muted}}
        for height, row in enumerate(rows)
        if isnan(row.value)
    ]
    head = {
        "text": _head(definition, base, theme),
        "x": 0.5,
        "xref": f"{axis} domain",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
    }
    lines = [
        _interval(row, height, axis, colours[row.segment]) for height, row in shown if not isnan(row.low)
    ]
    if base is not None and not isnan(base.value):
        line = {"color": BASE_GREY, "width": 1.5, "dash": "dash"}
        whole = {"y0": 0, "y1": 1, "yref": "paper", "xref": axis, "layer": "below"}
        lines.append({"type": "line", "x0": base.value, "x1": base.value, "line": line} | whole)
    texts = [{"showarrow": False} | text for text in [head, *hidden]]
    return _Column(_dots(definition, shown, table, colours, theme, axis), lines, texts, _room(rows, base))


def _head(definition: KpiDefinition, base: Kpi | None, theme: Theme) -> str:
    """Name a column and the value of all customers, which its dashed line shows."""
    all_of_them = f"all: {value_text(definition, base.value, base.unit)}" if base else ""
    return f"<b>{definition.label}</b><br><span style='color:{theme.muted}'>{all_of_them}</span>"


def _interval(row: Kpi, height: int, axis: str, colour: str) -> dict[str, Any]:
    """The interval of a dot: a line, as a browser draws it faster than the error bars of a mark."""
    ends = {"x0": row.low, "x1": row.high, "y0": height, "y1": height, "xref": axis}
    return {"type": "line", "layer": "below", "line": {"color": colour, "width": 3}} | ends


def _dots(
    definition: KpiDefinition,
    shown: list[tuple[int, Kpi]],
    table: KpiTable,
    colours: dict[str, str],
    theme: Theme,
    axis: str,
) -> dict[str, Any]:
    outlines = [colours[row.segment] for _, row in shown]
    few = [row.n < SMALLEST_RANKED for _, row in shown]
    return {
        "type": "scatter",
        "x": [row.value for _, row in shown],
        "y": [height for height, _ in shown],
        "xaxis": axis,
        "mode": "markers+text",
        "marker": {
            "size": 13,
            "opacity": 1,
            "color": [theme.card if one else colour for one, colour in zip(few, outlines, strict=True)],
            "line": {"color": outlines, "width": 2},
        },
        "text": [value_text(definition, row.value, row.unit) for _, row in shown],
        "textposition": "top center",
        "textfont": {
            "size": TEXT_SIZE,
            "color": theme.text,
            "shadow": ", ".join([f"0 0 3px {theme.card}"] * 6),
        },
        "cliponaxis": False,
        "customdata": [_hover(definition, row, table) for _, row in shown],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _room(rows: list[Kpi], base: Kpi | None) -> list[float]:
    """Leave room around all values and intervals for their labels."""
    edges = [edge for row in [*rows, *([base] if base else [])] for edge in (row.value, row.low, row.high)]
    known = [edge for edge in edges if not isnan(edge)] or [0.0, 1.0]
    spread = (max(known) - min(known)) or abs(max(known)) or 1.0
    return [min(known) - 0.18 * spread, max(known) + 0.18 * spread]


def _hover(definition: KpiDefinition, row: Kpi, table: KpiTable) -> str:
    lines = [
        f"<b>{plain(row.segment_name)}</b>",
        f"{definition.label} {value_text(definition, row.value, row.unit)}",
        f"95 % interval {interval_text(definition, row)}" if interval_text(definition, row) else "",
        f"{plural(row.n, 'answer')}, {percent(row.coverage)} of the segment",
        verdict_text(definition, row, table.differences.get((row.segment, row.kpi))),
    ]
    return "<br>".join(line for line in lines if line)


def _extremes(table: KpiTable, keys: list[str]) -> str:
    parts = []
    for key in keys:
        rows = [row for row in _segment_rows(table, key) if not isnan(row.value) and row.n >= SMALLEST_RANKED]
        if len(rows) > 1:
            definition = table.definition(key)
            low, high = min(rows, key=lambda row: row.value), max(rows, key=lambda row: row.value)
            least = value_text(definition, low.value, low.unit)
            most = value_text(definition, high.value, high.unit)
            parts.append(
                f"{definition.label} from {least} (“{low.segment_name}”) to {most} (“{high.segment_name}”)"
            )
    return "; ".join(parts) + "." if parts else ""


NARROWEST = 0.12  # a band thinner than this has no room for its share
_BANDS = (("Detractors", 2, "worse"), ("Passives", 1, ""), ("Promoters", 0, "better"))


def nps_bands(table: KpiTable, theme: Theme) -> Chart | None:
    """Stacked shares of detractors, passives and promoters with the score; None without NPS."""
    if "nps" not in table.keys:
        return None
    rows = [row for row in table.of("nps") if (row.segment, "nps") in table.bands]
    if not rows:
        return None
    names = [wrapped(row.segment_name) for row in rows]
    bars: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    for label, place, status in _BANDS:
        shares, kind = [table.bands[row.segment, "nps"][place] for row in rows], label.lower()
        bars.append(
            {
                "type": "bar",
                "x": shares,
                "y": list(range(len(rows))),
                "orientation": "h",
                "name": label,
                "marker": {"color": getattr(STATUS, status) if status else BASE_GREY},
                "text": [percent(share) if share >= NARROWEST else "" for share in shares],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "constraintext": "none",
                "textfont": {"color": "#FFFFFF" if status else "#11151C", "size": TEXT_SIZE},
                "customdata": [
                    f"{plain(row.segment_name)}: {kind} {percent(share)} of {plural(row.n, 'answer')}"
                    for row, share in zip(rows, shares, strict=True)
                ],
                "hovertemplate": "%{customdata}<extra></extra>",
                "width": 0.62,
            }
        )
        heads.append(
            {
                "x": {"Detractors": 0.0, "Passives": 0.5, "Promoters": 1.0}[label],
                "xanchor": {"Detractors": "left", "Passives": "center", "Promoters": "right"}[label],
                "y": -0.72,
                "text": label,
                "showarrow": False,
                "font": {"size": TEXT_SIZE, "color": theme.muted},
            }
        )
    definition = table.definition("nps")
    for place, row in enumerate(rows):
        interval = f"<span style='color:{theme.muted}'>({interval_text(definition, row)})</span>"
        heads.append(
            {
                "x": 1.01,
                "xref": "paper",
                "y": place,
                "xanchor": "left",
                "text": f"<b>{value_text(definition, row.value, row.unit)}</b> {interval}",
                "showarrow": False,
                "font": {"size": TEXT_SIZE + 1},
            }
        )
    title = _nps_title(table, [row for row in rows if row.segment != BASE])
    layout = {
        "barmode": "stack",
        "margin": {"r": 160},
        "annotations": heads,
        "yaxis": rows_axis(names) | {"range": [len(rows) - 0.4, -1]},
        "xaxis": {"visible": False, "range": [0, 1]},
    }
    subtitle = "Shares of answers; right: NPS with its 95 % interval"
    figure = framed(bars, layout, title, subtitle, theme, ROW_HEIGHT * len(rows) + 40, HALF)
    return Chart(figure, f"{title}. {_extremes(table, ['nps'])}")


def _nps_title(table: KpiTable, rows: list[Kpi]) -> str:
    """State the clearest finding about NPS, or that there is none."""
    clear = [row for row in rows if row.verdict in ("higher", "lower") and row.n >= SMALLEST_RANKED]
    if not clear:
        return "NPS: no segment differs reliably from the others"
    lead = max(clear, key=lambda row: abs(table.differences[row.segment, "nps"]))
    definition = table.definition("nps")
    gap = difference_text(definition, table.differences[lead.segment, "nps"])
    side = "above" if lead.verdict == "higher" else "below"
    return f"NPS of “{lead.segment_name}” is {value_text(definition, lead.value)}, {gap} {side} the rest"


def overview_title(table: KpiTable) -> str:
    """Count the reliable differences: the finding of the overview."""
    keys = [key for key in OVERVIEW if key in table.keys]
    clear = [row for key in keys for row in _segment_rows(table, key) if row.verdict in ("higher", "lower")]
    compared = [
        row
        for key in keys
        for row in _segment_rows(table, key)
        if row.verdict not in ("", "hidden", "circular")
    ]
    if not compared:
        return "What each segment is worth"
    if not clear:
        named = either(_spoken(table, compared))
        return f"No segment differs reliably from the others in {named}"
    labels = listing(_spoken(table, clear))
    are = "is" if len(clear) == 1 else "are"
    return f"{number(len(clear))} of {number(len(compared))} differences {are} reliable: in {labels}"


def _spoken(table: KpiTable, rows: list[Kpi]) -> list[str]:
    return [in_sentence(table.definition(key).label) for key in dict.fromkeys(row.kpi for row in rows)]


def coverage(shares: list[tuple[str, float]], theme: Theme) -> Chart | None:
    """Bars of how many customers have an answer for each KPI.

    Parameters
    ----------
    shares : list of (str, float)
        Label of the KPI and the share of customers with a value, 0 to 1.
    theme : Theme

    Returns
    -------
    Chart or None
        None without any KPI.
    """
    if not shares:
        return None
    ordered = sorted(shares, key=lambda one: (-one[1], one[0]))
    places = list(range(len(ordered)))
    bars = {
        "type": "bar",
        "x": [share for _, share in ordered],
        "y": places,
        "orientation": "h",
        "marker": {"color": theme.accent},
        "text": [percent(share) for _, share in ordered],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{text} of customers<extra></extra>",
        "width": 0.5,
    }
    label, least = ordered[-1]
    title = (
        "Every KPI is known for all customers"
        if least == 1
        else f"{label} is known for {percent(least)} of customers"
        if len(ordered) == 1
        else f"{label} is known for the fewest customers: {percent(least)}"
    )
    layout = {
        "xaxis": {"visible": False, "range": [0, 1.15]},
        "yaxis": rows_axis([label for label, _ in ordered]) | {"autorange": "reversed", "zeroline": False},
    }
    subtitle = "Share of customers with a value, for each KPI that can be compared"
    figure = framed([bars], layout, title, subtitle, theme, 30 * len(ordered) + 30, HALF)
    return Chart(figure, f"{title}. The best known is {ordered[0][0]}, {percent(ordered[0][1])}.")


def band_numbers(table: KpiTable) -> pd.DataFrame:
    """The numbers of `nps_bands`."""
    shown = [row for row in table.of("nps") if (row.segment, "nps") in table.bands]
    shares = [table.bands[row.segment, "nps"] for row in shown]
    return pd.DataFrame(
        {
            "Segment": [row.segment_name for row in shown],
            "Promoters": [promoters for promoters, _, _ in shares],
            "Passives": [passives for _, passives, _ in shares],
            "Detractors": [detractors for _, _, detractors in shares],
            "NPS": [row.value for row in shown],
            "Answers": [row.n for row in shown],
        }
    )
