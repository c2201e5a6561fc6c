"""Charts of KPIs: sizes, dots with intervals against the base, NPS as promoters to detractors."""

from dataclasses import dataclass
from math import isnan
from typing import Any

import plotly.graph_objects as go

from segkit.charts.frame import HALF, TEXT_SIZE, Chart, framed, plain, wrapped
from segkit.charts.palette import BASE_GREY, STATUS, Theme, segment_colour
from segkit.insights.kpi_text import difference_text, interval_text, value_text, verdict_text
from segkit.labels import listing, number, percent, plural
from segkit.measures.kpis import BASE, SMALLEST_RANKED, Kpi, KpiDefinition, KpiTable, find_kpi
from segkit.segments.segmentation import NO_SEGMENT, Segment

OVERVIEW = ("csat", "nps", "retention", "conversion", "revenue")
ROW_HEIGHT = 56
LOWEST = 150
GAP = 0.03  # between the columns of the overview, as a part of its width


def _colours(segments: tuple[Segment, ...]) -> dict[str, str]:
    colours = {segment.key: segment_colour(segment.position) for segment in segments}
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
    figure = go.Figure(
        go.Bar(
            x=[row.value for row in rows],
            y=list(range(len(rows))),
            orientation="h",
            marker={"color": [colours[row.segment] for row in rows]},
            text=labels,
            textposition="outside",
            cliponaxis=False,
            customdata=[plain(row.segment_name) for row in rows],
            hovertemplate="%{customdata}: %{text}<extra></extra>",
            width=0.6,
        )
    )
    largest, smallest = max(rows, key=lambda row: row.value), min(rows, key=lambda row: row.value)
    share = percent(shares[rows.index(largest)].value)
    title = f"The largest segment, “{largest.segment_name}”, holds {share} of customers"
    total = table.find(BASE, "size")
    subtitle = f"Customers per segment and share of all {number(total.value if total else 0)}"
    framed(figure, title, subtitle, theme, max(ROW_HEIGHT * len(rows), LOWEST), HALF)
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=names, autorange="reversed", showgrid=False, zeroline=False
    )
    figure.update_xaxes(visible=False, range=[0, largest.value * 1.45])
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
        _column(table, find_kpi(key), _colours(segments), theme, place) for place, key in enumerate(keys)
    ]
    width = (1 - GAP * (len(keys) - 1)) / len(keys)
    axes: dict[str, Any] = {"yaxis": {"tickvals": list(range(len(names))), "ticktext": names, "anchor": "x"}}
    for place, column in enumerate(columns):
        left = place * (width + GAP)
        axes[f"xaxis{place + 1}"] = {
            "range": column.room,
            "domain": [left, left + width],
            "showticklabels": False,
        }
    figure = go.Figure(
        {
            "data": [mark for column in columns for mark in column.marks],
            "layout": axes
            | {
                "shapes": [line for column in columns for line in column.lines],
                "annotations": [text for column in columns for text in column.texts],
            },
        }
    )
    subtitle = "Dot: value; line: 95 % interval; dashed: all customers; hollow: fewer than 30 answers"
    framed(figure, title, subtitle, theme, max(ROW_HEIGHT * len(names), LOWEST) + 76)
    figure.update_layout(margin_t=figure.layout.margin.t + 44)
    figure.update_xaxes(showgrid=False, zeroline=False)
    figure.update_yaxes(range=[len(names) - 0.4, -0.75], showgrid=False, zeroline=False)
    return Chart(figure, f"{title}. {_extremes(table, keys)}")


@dataclass(frozen=True)
class _Column:
    """The parts of one KPI's column, as plotly's plain dictionaries: building those is quick."""

    marks: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    texts: list[dict[str, Any]]
    room: list[float]


def _column(
    table: KpiTable, definition: KpiDefinition, colours: dict[str, str], theme: Theme, place: int
) -> _Column:
    rows, base = _segment_rows(table, definition.key), table.find(BASE, definition.key)
    axis = f"x{place + 1}" if place else "x"
    marks = [
        _dot(definition, row, table, colours[row.segment], theme, axis, height)
        for height, row in enumerate(rows)
        if not isnan(row.value)
    ]
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
    lines = []
    if base is not None and not isnan(base.value):
        line = {"color": BASE_GREY, "width": 1.5, "dash": "dash"}
        whole = {"y0": 0, "y1": 1, "yref": "paper", "xref": axis, "layer": "below"}
        lines.append({"type": "line", "x0": base.value, "x1": base.value, "line": line} | whole)
    texts = [{"showarrow": False} | text for text in [head, *hidden]]
    return _Column(marks, lines, texts, _room(rows, base))


def _head(definition: KpiDefinition, base: Kpi | None, theme: Theme) -> str:
    """Name a column and the value of all customers, which its dashed line shows."""
    all_of_them = f"all: {value_text(definition, base.value, base.unit)}" if base else ""
    return f"<b>{definition.label}</b><br><span style='color:{theme.muted}'>{all_of_them}</span>"


def _dot(
    definition: KpiDefinition, row: Kpi, table: KpiTable, colour: str, theme: Theme, axis: str, height: int
) -> dict[str, Any]:
    ranked = row.n >= SMALLEST_RANKED
    known = not (isnan(row.low) or isnan(row.high))
    interval = {
        "type": "data",
        "array": [row.high - row.value if known else 0],
        "arrayminus": [row.value - row.low if known else 0],
        "color": colour,
        "thickness": 3,
        "width": 0,
    }
    return {
        "type": "scatter",
        "x": [row.value],
        "y": [height],
        "xaxis": axis,
        "mode": "markers+text",
        "error_x": interval,
        "marker": {
            "size": 13,
            "color": colour if ranked else theme.card,
            "line": {"color": colour, "width": 2},
        },
        "text": [value_text(definition, row.value, row.unit)],
        "textposition": "top center",
        "textfont": {
            "size": TEXT_SIZE,
            "color": theme.text,
            "shadow": ", ".join([f"0 0 3px {theme.card}"] * 6),
        },
        "cliponaxis": False,
        "customdata": [_hover(definition, row, table)],
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
            definition = find_kpi(key)
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
    figure = go.Figure()
    for label, place, status in _BANDS:
        shares = [table.bands[row.segment, "nps"][place] for row in rows]
        figure.add_bar(
            x=shares,
            y=list(range(len(rows))),
            orientation="h",
            name=label,
            marker={"color": getattr(STATUS, status) if status else BASE_GREY},
            text=[percent(share) if share >= NARROWEST else "" for share in shares],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            textfont={"color": "#FFFFFF" if status else "#11151C", "size": TEXT_SIZE},
            customdata=[
                f"{plain(row.segment_name)}: {label.lower()} {percent(share)} of {plural(row.n, 'answer')}"
                for row, share in zip(rows, shares, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
            width=0.62,
        )
        figure.add_annotation(
            x={"Detractors": 0.0, "Passives": 0.5, "Promoters": 1.0}[label],
            xanchor={"Detractors": "left", "Passives": "center", "Promoters": "right"}[label],
            y=-0.72,
            text=label,
            showarrow=False,
            font={"size": TEXT_SIZE, "color": theme.muted},
        )
    definition = find_kpi("nps")
    for place, row in enumerate(rows):
        interval = f"<span style='color:{theme.muted}'>({interval_text(definition, row)})</span>"
        figure.add_annotation(
            x=1.01,
            xref="paper",
            y=place,
            xanchor="left",
            text=f"<b>{value_text(definition, row.value, row.unit)}</b> {interval}",
            showarrow=False,
            font={"size": TEXT_SIZE + 1},
        )
    title = _nps_title(table, [row for row in rows if row.segment != BASE])
    framed(
        figure,
        title,
        "Shares of answers; right: NPS with its 95 % interval",
        theme,
        ROW_HEIGHT * len(rows) + 40,
        HALF,
    )
    figure.update_layout(barmode="stack", margin_r=160)
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=names, range=[len(rows) - 0.4, -1], showgrid=False
    )
    figure.update_xaxes(visible=False, range=[0, 1])
    return Chart(figure, f"{title}. {_extremes(table, ['nps'])}")


def _nps_title(table: KpiTable, rows: list[Kpi]) -> str:
    """State the clearest finding about NPS, or that there is none."""
    clear = [row for row in rows if row.verdict in ("higher", "lower") and row.n >= SMALLEST_RANKED]
    if not clear:
        return "NPS: no segment differs reliably from the others"
    lead = max(clear, key=lambda row: abs(table.differences[row.segment, "nps"]))
    gap = difference_text(find_kpi("nps"), table.differences[lead.segment, "nps"])
    side = "above" if lead.verdict == "higher" else "below"
    return f"NPS of “{lead.segment_name}” is {value_text(find_kpi('nps'), lead.value)}, {gap} {side} the rest"


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
    labels = listing(list(dict.fromkeys(find_kpi(row.kpi).label.split()[0] for row in clear)))
    if not clear:
        return "No segment differs reliably from the others"
    return f"{number(len(clear))} of {number(len(compared))} differences are reliable: in {labels}"


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
    figure = go.Figure(
        go.Bar(
            x=[share for _, share in ordered],
            y=places,
            orientation="h",
            marker={"color": theme.accent},
            text=[percent(share) for _, share in ordered],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{text} of customers<extra></extra>",
            width=0.5,
        )
    )
    label, least = ordered[-1]
    title = (
        "Every KPI is known for all customers"
        if least == 1
        else f"{label} is known for {percent(least)} of customers"
        if len(ordered) == 1
        else f"{label} is known for the fewest customers: {percent(least)}"
    )
    framed(
        figure,
        title,
        "Share of customers with a value, for each KPI that can be compared",
        theme,
        30 * len(ordered) + 30,
        HALF,
    )
    figure.update_yaxes(
        tickvals=places,
        ticktext=[label for label, _ in ordered],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    figure.update_xaxes(visible=False, range=[0, 1.15])
    return Chart(figure, f"{title}. The best known is {ordered[0][0]}, {percent(ordered[0][1])}.")
