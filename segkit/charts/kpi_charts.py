"""Charts of KPIs: sizes, dots with intervals against the base, NPS as promoters to detractors."""

from math import isnan

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from segkit.charts.frame import HALF, TEXT_SIZE, Chart, framed, plain, wrapped
from segkit.charts.palette import BASE_GREY, STATUS, Theme, segment_colour
from segkit.insights.kpi_text import difference_text, interval_text, value_text, verdict_text
from segkit.labels import listing, number, percent, plural
from segkit.measures.kpis import BASE, SMALLEST_RANKED, Kpi, KpiDefinition, KpiTable, find_kpi
from segkit.segments.segmentation import NO_SEGMENT, Segment

OVERVIEW = ("csat", "nps", "retention", "conversion", "revenue")
ROW_HEIGHT = 56
LOWEST = 150


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
    title = f"The largest segment, “{largest.segment_name}”, holds {labels[rows.index(largest)].split(' · ')[1]} of customers"
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
    keys = [key for key in OVERVIEW if key in table.keys]
    if not keys:
        return None
    heads = [_head(table, find_kpi(key), theme) for key in keys]
    figure = make_subplots(1, len(keys), shared_yaxes=True, horizontal_spacing=0.03, subplot_titles=heads)
    count = len(_segment_rows(table, keys[0]))
    for place, key in enumerate(keys, start=1):
        _dots(figure, table, find_kpi(key), _colours(segments), theme, place)
    subtitle = "Dot: value; line: 95 % interval; dashed: all customers; hollow: fewer than 30 answers"
    framed(figure, title, subtitle, theme, max(ROW_HEIGHT * count, LOWEST) + 64)
    names = [wrapped(row.segment_name) for row in _segment_rows(table, keys[0])]
    figure.update_yaxes(range=[count - 0.4, -0.75], showgrid=False, zeroline=False)
    figure.update_yaxes(tickvals=list(range(count)), ticktext=names, col=1)
    top = figure.layout.margin.t
    figure.update_layout(margin_t=top + 44)
    figure.update_annotations(
        font={"size": TEXT_SIZE, "color": theme.text}, yshift=4, selector={"yref": "paper"}
    )
    return Chart(figure, f"{title} {_extremes(table, keys)}")


def _head(table: KpiTable, definition: KpiDefinition, theme: Theme) -> str:
    """Name a column and the value of all customers, which its dashed line shows."""
    base = table.find(BASE, definition.key)
    all_of_them = f"all: {value_text(definition, base.value)}" if base else ""
    return f"<b>{definition.label}</b><br><span style='color:{theme.muted}'>{all_of_them}</span>"


def _dots(
    figure: go.Figure,
    table: KpiTable,
    definition: KpiDefinition,
    colours: dict[str, str],
    theme: Theme,
    column: int,
) -> None:
    rows = _segment_rows(table, definition.key)
    base = table.find(BASE, definition.key)
    for place, row in enumerate(rows):
        if isnan(row.value):
            _absent_dot(figure, place, column, theme)
            continue
        colour = colours[row.segment]
        if not isnan(row.low):
            figure.add_scatter(
                x=[row.low, row.high],
                y=[place, place],
                mode="lines",
                line={"color": colour, "width": 3},
                hoverinfo="skip",
                row=1,
                col=column,
            )
        ranked = row.n >= SMALLEST_RANKED
        figure.add_scatter(
            x=[row.value],
            y=[place],
            mode="markers+text",
            marker={
                "size": 13,
                "color": colour if ranked else theme.card,
                "line": {"color": colour, "width": 2},
            },
            text=[value_text(definition, row.value)],
            textposition="top center",
            textfont={"size": TEXT_SIZE, "color": theme.text},
            cliponaxis=False,
            customdata=[_hover(definition, row, table)],
            hovertemplate="%{customdata}<extra></extra>",
            row=1,
            col=column,
        )
    if base is not None and not isnan(base.value):  # last: a line is not drawn on a plot without marks
        line = {"color": BASE_GREY, "width": 1.5, "dash": "dash"}
        figure.add_vline(x=base.value, line=line, layer="below", row=1, col=column)
    figure.update_xaxes(
        range=_room(rows, base), showticklabels=False, showgrid=False, zeroline=False, row=1, col=column
    )


def _absent_dot(figure: go.Figure, place: int, column: int, theme: Theme) -> None:
    figure.add_annotation(
        x=0.5,
        xref="x domain" if column == 1 else f"x{column} domain",
        y=place,
        yref="y" if column == 1 else f"y{column}",
        text="not shown",
        showarrow=False,
        font={"size": TEXT_SIZE, "color": theme.muted},
    )


def _room(rows: list[Kpi], base: Kpi | None) -> list[float]:
    """Leave room around all values and intervals for their labels."""
    edges = [edge for row in [*rows, *([base] if base else [])] for edge in (row.value, row.low, row.high)]
    known = [edge for edge in edges if not isnan(edge)] or [0.0, 1.0]
    spread = (max(known) - min(known)) or abs(max(known)) or 1.0
    return [min(known) - 0.18 * spread, max(known) + 0.18 * spread]


def _hover(definition: KpiDefinition, row: Kpi, table: KpiTable) -> str:
    lines = [
        f"<b>{plain(row.segment_name)}</b>",
        f"{definition.label} {value_text(definition, row.value)}",
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
            parts.append(
                f"{definition.label} from {value_text(definition, low.value)} (“{low.segment_name}”) "
                f"to {value_text(definition, high.value)} (“{high.segment_name}”)"
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
        figure.add_annotation(
            x=1.01,
            xref="paper",
            y=place,
            xanchor="left",
            text=f"<b>{value_text(definition, row.value)}</b> <span style='color:{theme.muted}'>({interval_text(definition, row)})</span>",
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
