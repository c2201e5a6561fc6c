"""More pictures of KPIs: treemap, heat table, one KPI sorted, two KPIs against each other.

Colour says a direction only where a difference is reliable: better and worse where a KPI has a good side,
accent and grey where it has none. A mark or a sign always says the same. What is held back is hatched and
carries no number, neither on the mark nor under the pointer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, log10, nan, sqrt
from typing import Any

import pandas as pd

from segkit.charts.frame import (
    HALF,
    LABEL_WIDTH,
    TEXT_SIZE,
    WIDE,
    Chart,
    Figure,
    beside,
    framed,
    plain,
    rows_axis,
    wrapped,
)
from segkit.charts.palette import BASE_GREY, STATUS, Theme, mixed, segment_colour
from segkit.insights.kpi_text import VERDICT_MARKS, interval_text, value_text, verdict_text
from segkit.insights.picture_text import (
    by_value,
    extremes,
    has_verdict,
    heat_title,
    marked_value,
    pair_title,
    ranking_title,
    segment_rows,
    standing,
    treemap_title,
)
from segkit.labels import in_sentence, listing, percent, plural
from segkit.measures.kpis import BASE, SMALLEST_RANKED, Kpi, KpiDefinition, KpiTable
from segkit.segments.segmentation import NO_SEGMENT, Segment

PALEST, STRONGEST = 0.14, 0.52  # of a status colour on the card: text on top stays readable in both themes
MOST_COLUMNS, MOST_ON_HALF = 10, 4  # KPIs of a heat table on a full page and on half of one
DETAILS = ("tenure", "csat_satisfied", "repeat_rate", "cost_to_serve", "revenue")  # left out first
CELL_HEIGHT, ROW_HEIGHT, LOWEST = 54, 46, 150
SMALL = 13  # px, of the second line of a cell
TREEMAP_HEIGHT, BUBBLES_HEIGHT = 420, 460
NOT_SHOWN = "not shown"


def colours_of(segments: tuple[Segment, ...]) -> dict[str, str]:
    """Colour of each segment by its key; grey for what is out of focus, everyone, and who fits none."""
    colours = {
        segment.key: BASE_GREY if segment.colour < 0 else segment_colour(segment.colour)
        for segment in segments
    }
    return colours | {NO_SEGMENT: BASE_GREY, BASE: BASE_GREY}


def tinted(colour: str, theme: Theme, strength: float) -> str:
    """Lay a colour over the card, the more of it the stronger; strength 0 to 1.

    Examples
    --------
    >>> from segkit.charts.palette import LIGHT
    >>> tinted("#000000", LIGHT, 1.0)
    '#7A7A7A'
    """
    share = PALEST + (STRONGEST - PALEST) * min(max(strength, 0.0), 1.0)
    return mixed(colour, theme.card, share)


def difference_colour(better: int, above: bool, strength: float, theme: Theme) -> str:
    """Fill of a reliable difference: better or worse, or accent (above) and grey (below) without a good side.

    Parameters
    ----------
    better : int
        1 when higher is better, -1 when lower is, 0 when neither.
    above : bool
    strength : float
        0 to 1.
    theme : Theme
    """
    if not better:
        return tinted(theme.accent if above else STATUS.cant_tell, theme, strength)
    return tinted(STATUS.better if above == (better > 0) else STATUS.worse, theme, strength)


def _fill(table: KpiTable, row: Kpi, theme: Theme) -> str:
    if row.verdict not in ("higher", "lower"):
        return theme.gridline
    reach = abs(standing(table, row).reach)
    return difference_colour(table.definition(row.kpi).better, row.verdict == "higher", reach, theme)


def hover_text(table: KpiTable, row: Kpi) -> str:
    """What is under the pointer: value, interval, answers, coverage and verdict."""
    definition = table.definition(row.kpi)
    verdict = verdict_text(definition, row, table.differences.get((row.segment, row.kpi)))
    name = f"<b>{plain(row.segment_name)}</b>"
    if isnan(row.value):
        return f"{name}<br>{plain(definition.label)}: {verdict or NOT_SHOWN}"
    interval = interval_text(definition, row)
    lines = [
        name,
        f"{plain(definition.label)} {value_text(definition, row.value, row.unit)}",
        f"95 % interval {interval}" if interval else "",
        f"{plural(row.n, 'answer')}, {percent(row.coverage)} of the segment",
        verdict,
        standing(table, row).text,
    ]
    return "<br>".join(line for line in lines if line)


# --- numbers behind the pictures --------------------------------------------------------------------


def kpi_numbers(table: KpiTable, kpis: Sequence[str]) -> pd.DataFrame:
    """The numbers of a picture: one row per KPI and segment, everyone last; held back cells are blank.

    Columns: KPI, Segment, Value, Low (95 %), High (95 %), Unit, Answers, Coverage (%), Against everyone,
    Against the rest.
    """
    rows = [row for kpi in kpis for row in _with_base(table, kpi)]
    return pd.DataFrame([_numbers(table, row) for row in rows])


def _with_base(table: KpiTable, kpi: str) -> list[Kpi]:
    return by_value(table, kpi) + [row for row in table.of(kpi) if row.segment == BASE]


def _numbers(table: KpiTable, row: Kpi) -> dict[str, object]:
    definition, hidden = table.definition(row.kpi), isnan(row.value)
    scale = 100 if definition.format == "percent" else 1
    is_base = row.segment == BASE
    return {
        "KPI": definition.label,
        "Segment": row.segment_name,
        "Value": scale * row.value,
        "Low (95 %)": scale * row.low,
        "High (95 %)": scale * row.high,
        "Unit": "%" if scale == 100 else row.unit,
        "Answers": nan if hidden else row.n,
        "Coverage (%)": nan if hidden else 100 * row.coverage,
        "Against everyone": "" if hidden or is_base else standing(table, row).text,
        "Against the rest": verdict_text(definition, row, table.differences.get((row.segment, row.kpi))),
    }


# --- treemap ----------------------------------------------------------------------------------------


def judged_kpis(table: KpiTable) -> tuple[str, ...]:
    """The KPIs that can colour a treemap: those in which any segment is compared with the rest."""
    return tuple(one.key for one in table.definitions if one.needs and has_verdict(table, one.key))


def treemap(
    table: KpiTable, segments: tuple[Segment, ...], theme: Theme, kpi: str, width: int = WIDE
) -> Chart:
    """Tiles of segments: area is customers, colour how far a KPI is from everyone where that is reliable."""
    definition, colours = table.definition(kpi), colours_of(segments)
    rows = [row for row in segment_rows(table, kpi) if table.size(row.segment) > 0]
    letters = LABEL_WIDTH if width > HALF else 16
    tiles = [_tile(table, row, colours[row.segment], letters) for row in rows]
    tree = {
        "type": "treemap",
        "ids": [row.segment for row in rows],
        "labels": [plain(row.segment_name) for row in rows],
        "parents": [""] * len(rows),
        "values": [table.size(row.segment) for row in rows],
        "text": tiles,
        "texttemplate": "%{text}",
        "textfont": {"color": theme.text, "size": TEXT_SIZE + 1},
        "marker": {
            "colors": [_fill(table, row, theme) for row in rows],
            "line": {"color": theme.border, "width": 1},
            "pattern": {
                "shape": ["/" if isnan(row.value) else "" for row in rows],
                "fgcolor": theme.border,
                "solidity": 0.25,
            },
        },
        "customdata": [hover_text(table, row) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
        "tiling": {"pad": 4},
        "pathbar": {"visible": False},
        "root": {"color": theme.card},
    }
    title = treemap_title(table, kpi)
    layout = {"uniformtext": {"minsize": SMALL, "mode": "hide"}, "margin": {"r": 16}}
    note = _treemap_note(table, definition)
    figure = framed([tree], layout, title, note, theme, TREEMAP_HEIGHT, width)
    return Chart(figure, f"{title}. {extremes(table, kpi)}".strip())


def _tile(table: KpiTable, row: Kpi, colour: str, letters: int) -> str:
    share, value = table.find(row.segment, "share"), marked_value(table, row)
    held = f"{percent(share.value)} of customers" if share is not None else ""
    swatch = f"<span style='color:{colour}'>■</span>"
    lines = [f"<b>{wrapped(row.segment_name, letters)}</b> {swatch}", held]
    if row.kpi != "share":  # that stands there already
        lines.append(value)
    return "<br>".join(lines)


def _treemap_note(table: KpiTable, definition: KpiDefinition) -> str:
    """Explain the value and the colours that are there, and no others."""
    if definition.key == "share":
        return "Area: customers"
    base, there = (
        table.find(BASE, definition.key),
        {row.verdict for row in segment_rows(table, definition.key)},
    )
    words = {
        "higher": ("green: better than the rest", "red: worse than the rest", "violet: above the rest"),
        "lower": ("red: worse than the rest", "green: better than the rest", "dark: below the rest"),
    }
    side = {1: 0, -1: 1, 0: 2}[definition.better]
    colours = [words[one][side] for one in words if one in there]
    if "can't tell" in there:
        colours.append("pale: can’t tell")
    if "circular" in there:
        colours.append("↻ formed the segments, so not compared")
    known = base is not None and not isnan(base.value) and not definition.share_of
    everyone = f"; everyone: {value_text(definition, base.value, base.unit)}" if base and known else ""
    what = "Value and colour" if there & {"higher", "lower"} else "Value"
    return f"Area: customers. {', '.join([f'{what}: {in_sentence(definition.label)}', *colours])}{everyone}"


# --- heat table -------------------------------------------------------------------------------------


def heat_columns(table: KpiTable, most: int = MOST_COLUMNS) -> tuple[str, ...]:
    """The KPIs a heat table shows: all that were measured, ten at most, details left out first.

    Value is left out: it is an assumption, which stands nowhere without what it assumes.
    """
    kpis = [one.key for one in table.definitions if one.needs and not one.made_of]
    known = [kpi for kpi in kpis if any(not isnan(row.value) for row in segment_rows(table, kpi))]
    for detail in DETAILS:
        if len(known) > most and detail in known:
            known.remove(detail)
    return tuple(known[:most])


@dataclass(frozen=True)
class HeatCell:
    """A cell of a heat table: what is written in it (HTML), its fill, what is under the pointer."""

    text: str
    fill: str
    hover: str
    hatched: bool = False


@dataclass(frozen=True)
class HeatColumn:
    """A column of a heat table: what is written above (HTML), and its cells from the top."""

    head: str
    cells: tuple[HeatCell, ...]


def heat_figure(
    names: Sequence[str],
    colours: Sequence[str],
    columns: Sequence[HeatColumn],
    title: str,
    subtitle: str,
    theme: Theme,
    width: int = WIDE,
) -> Figure:
    """Draw a table of filled cells: one row a segment, with its colour beside its name.

    Parameters
    ----------
    names, colours : sequence of str
        Of the rows, from the top.
    columns : sequence of HeatColumn
    title, subtitle : str
    theme : Theme
    width : int
        As for `framed`.
    """
    rows = list(range(len(names)))
    swatch = {
        "type": "bar",
        "orientation": "h",
        "base": -0.016 * len(columns),
        "x": [0.01 * len(columns)] * len(rows),
        "y": rows,
        "width": 0.92,
        "marker": {"color": list(colours), "line": {"width": 0}},
        "hoverinfo": "skip",
    }
    heads = [
        {
            "text": column.head,
            "x": place + 0.5,
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"size": TEXT_SIZE, "color": theme.text},
        }
        for place, column in enumerate(columns)
    ]
    quiet = {"zeroline": False, "showline": False}
    layout = {
        "barmode": "overlay",
        "annotations": heads,
        "margin": {"r": 24},
        "xaxis": {"visible": False, "range": [-0.018 * len(columns), len(columns)]},
        "yaxis": rows_axis([wrapped(name) for name in names]) | {"range": [len(rows) - 0.5, -0.5]} | quiet,
    }
    above = 19 * max((column.head.count("<br>") + 1 for column in columns), default=1) + 12
    height = max(CELL_HEIGHT * len(rows), LOWEST) + above
    return framed(
        [swatch, _heat_cells(columns, rows, theme)], layout, title, subtitle, theme, height, width, above
    )


def _heat_cells(columns: Sequence[HeatColumn], rows: list[int], theme: Theme) -> dict[str, Any]:
    """All cells as one mark, column by column: a browser draws one mark faster than one for each column."""
    cells = [cell for column in columns for cell in column.cells]
    return {
        "type": "bar",
        "orientation": "h",
        "base": [place + 0.02 for place in range(len(columns)) for _ in rows],
        "x": [0.96] * len(cells),
        "y": rows * len(columns),
        "width": 0.92,
        "marker": {
            "color": [cell.fill for cell in cells],
            "line": {"width": 0},
            "pattern": {
                "shape": ["/" if cell.hatched else "" for cell in cells],
                "fillmode": "overlay",
                "size": 10,
                "fgcolor": theme.border,
                "fgopacity": 1,
                "solidity": 0.12,
            },
        },
        "text": [cell.text for cell in cells],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "insidetextfont": {"color": theme.text, "size": TEXT_SIZE},
        "customdata": [cell.hover for cell in cells],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def heat_table(
    table: KpiTable,
    segments: tuple[Segment, ...],
    theme: Theme,
    kpis: tuple[str, ...] = (),
    width: int = WIDE,
) -> Chart | None:
    """Segments in rows, KPIs in columns: value, verdict mark, and index against everyone.

    Parameters
    ----------
    table : KpiTable
    segments : tuple of Segment
    theme : Theme
    kpis : tuple of str
        Up to ten; by default `heat_columns`.
    width : int
        Characters of a title, as for `framed`; on half a page there is room for four KPIs.

    Returns
    -------
    Chart or None
        None when there is nothing to compare.
    """
    most = MOST_COLUMNS if width > HALF else MOST_ON_HALF
    kpis = tuple(kpis or heat_columns(table, most))[:most]
    if not kpis:
        return None
    rows, colours = segment_rows(table, kpis[0]), colours_of(segments)
    letters = max(9, round((108 if width > HALF else 44) / len(kpis)))
    columns = [
        HeatColumn(
            _heat_head(table, kpi, theme, letters),
            tuple(_heat_cell(table, row, theme) for row in segment_rows(table, kpi)),
        )
        for kpi in kpis
    ]
    title = heat_title(table, kpis)
    names, fills = [row.segment_name for row in rows], [colours[row.segment] for row in rows]
    figure = heat_figure(names, fills, columns, title, _heat_note(table, kpis), theme, width)
    alt = " ".join(filter(None, [f"{title}.", *(extremes(table, kpi) for kpi in kpis[:3])]))
    return Chart(figure, alt)


def _heat_head(table: KpiTable, kpi: str, theme: Theme, width: int) -> str:
    definition, base = table.definition(kpi), table.find(BASE, kpi)
    head = f"<b>{wrapped(definition.label, width)}</b>"
    if base is None or isnan(base.value) or definition.share_of:
        return head
    everyone = value_text(definition, base.value, base.unit)
    return f"{head}<br><span style='color:{theme.muted};font-size:{SMALL}px'>all: {everyone}</span>"


def _heat_cell(table: KpiTable, row: Kpi, theme: Theme) -> HeatCell:
    hover = hover_text(table, row)
    if isnan(row.value):
        text = f"<span style='color:{theme.muted}'>{NOT_SHOWN}</span>"
        return HeatCell(text, theme.card, hover, hatched=True)
    small = f"<span style='font-size:{SMALL}px'>{standing(table, row).text}</span>"
    return HeatCell(f"<b>{marked_value(table, row)}</b><br>{small}", _fill(table, row, theme), hover)


def _heat_note(table: KpiTable, kpis: tuple[str, ...]) -> str:
    """Explain the marks that are there, and no others."""
    words = {
        "higher": "above the rest",
        "lower": "below",
        "can't tell": "can’t tell",
        "circular": "formed the segments",
    }
    there = {row.verdict for kpi in kpis for row in segment_rows(table, kpi)}
    marks = ", ".join(f"{VERDICT_MARKS[one]} {word}" for one, word in words.items() if one in there)
    good = any(table.definition(kpi).better for kpi in kpis)
    colours = "; green is better, red worse" if good and there & {"higher", "lower"} else ""
    return f"Value with verdict ({marks}); below it, against everyone: index 100 is like everyone{colours}"


# --- one KPI, sorted --------------------------------------------------------------------------------


def ranking(
    table: KpiTable, segments: tuple[Segment, ...], theme: Theme, kpi: str, width: int = WIDE
) -> Chart:
    """Dots with intervals of one KPI, highest first; few answers hollow and last, everyone as a line."""
    definition, colours = table.definition(kpi), colours_of(segments)
    rows, base = by_value(table, kpi), table.find(BASE, kpi)
    title = ranking_title(table, kpi)
    few = any(not isnan(row.value) and row.n < SMALLEST_RANKED for row in rows)
    hollow = f"; hollow: fewer than {SMALLEST_RANKED} answers, not ranked" if few else ""
    note = f"{definition.help.rstrip('.')}. Dot: value; line: 95 % interval{hollow}"
    data = [
        _dot(table, row, place, colours[row.segment], theme)
        for place, row in enumerate(rows)
        if not isnan(row.value)
    ]
    layout = {
        "margin": {"r": 300 if width > HALF else 120},
        "annotations": [_beside(table, row, place, theme, width) for place, row in enumerate(rows)],
        "yaxis": {
            "tickvals": list(range(len(rows))),
            "ticktext": [wrapped(row.segment_name) for row in rows],
            "range": [len(rows) - 0.4, -0.6],
            "zeroline": False,
        },
        "xaxis": {
            "range": room_for([row.value for row in rows] + _ends(rows) + ([base.value] if base else [])),
            "zeroline": False,
            "tickformat": tick_format(definition),
            "nticks": 7 if width > HALF else 4,
        },
    }
    if base is not None and not definition.share_of:
        draw_everyone(layout, base.value, value_text(definition, base.value, base.unit), theme)
    height = max(ROW_HEIGHT * len(rows), LOWEST) + 40
    figure = framed(data, layout, title, note, theme, height, width, above=24)
    return Chart(figure, f"{title}. {extremes(table, kpi)}".strip())


def _ends(rows: Sequence[Kpi]) -> list[float]:
    return [end for row in rows for end in (row.low, row.high)]


def tick_format(definition: KpiDefinition) -> str:
    """How the numbers on an axis are written."""
    return {"percent": ".0%", "score": ".1f"}.get(definition.format, ",~r")


def draw_everyone(layout: dict[str, Any], value: float, text: str, theme: Theme, log: bool = False) -> None:
    """Draw the value of everyone as a dashed line with its label on top, into a layout.

    On a log axis plotly places a shape by its value and a label by its exponent.
    """
    if isnan(value):
        return
    line = {
        "type": "line",
        "x0": value,
        "x1": value,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "layer": "below",
        "line": {"color": BASE_GREY, "width": 1.5, "dash": "dash"},
    }
    label = {
        "x": log10(value) if log else value,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "text": f"everyone: {text}",
        "showarrow": False,
        "font": {"color": theme.muted, "size": TEXT_SIZE},
    }
    layout["shapes"] = [*layout.get("shapes", ()), line]
    layout["annotations"] = [*layout.get("annotations", ()), label]


def room_for(values: Sequence[float], share: float = 0.08) -> list[float]:
    """The range of an axis: all that is known, with a part of it to spare at both ends."""
    known = [value for value in values if not isnan(value)] or [0.0, 1.0]
    spread = (max(known) - min(known)) or abs(max(known)) or 1.0
    return [min(known) - share * spread, max(known) + share * spread]


def _bars(row: Kpi, colour: str, thickness: float) -> dict[str, Any]:
    known = not (isnan(row.low) or isnan(row.high))
    return {
        "type": "data",
        "symmetric": False,
        "array": [row.high - row.value if known else 0],
        "arrayminus": [row.value - row.low if known else 0],
        "color": colour,
        "thickness": thickness,
        "width": 0,
    }


def _dot(table: KpiTable, row: Kpi, place: int, colour: str, theme: Theme) -> dict[str, Any]:
    full = row.n >= SMALLEST_RANKED
    return {
        "type": "scatter",
        "x": [row.value],
        "y": [place],
        "mode": "markers",
        "error_x": _bars(row, colour, 3),
        "marker": {
            "size": 14,
            "color": colour if full else theme.card,
            "line": {"color": colour, "width": 2},
        },
        "cliponaxis": False,
        "customdata": [hover_text(table, row)],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _beside(table: KpiTable, row: Kpi, place: int, theme: Theme, width: int) -> dict[str, Any]:
    """Value and verdict, written at the right of the row."""
    definition = table.definition(row.kpi)
    verdict = verdict_text(definition, row, table.differences.get((row.segment, row.kpi)))
    if width <= HALF:
        verdict = VERDICT_MARKS[row.verdict]
    if isnan(row.value):
        text = f"<span style='color:{theme.muted}'>{NOT_SHOWN}</span>"
    else:
        few = (
            ""
            if row.n >= SMALLEST_RANKED or row.verdict in ("can't tell", "higher", "lower")
            else ", indicative"
        )
        value = value_text(definition, row.value, row.unit)
        text = f"<b>{value}</b>  <span style='color:{theme.muted}'>{verdict}{few}</span>"
    return beside(place, text)


# --- two KPIs against each other --------------------------------------------------------------------

SMALLEST_BUBBLE, LARGEST_BUBBLE = 14, 72  # px across
PLOT_WIDTH = 1060  # px of a full card between the labels of the axis and the edge: labels are placed for it
PLOT_HEIGHT = BUBBLES_HEIGHT - 80  # px, without title and axis
LETTER, LINE = 7.6, 19  # px a character and a line of a label take, on average


def bubbles(
    table: KpiTable, segments: tuple[Segment, ...], theme: Theme, kpis: tuple[str, str]
) -> Chart | None:
    """Segments by two KPIs: bubbles as large as their customers, thin crosses for the intervals.

    Parameters
    ----------
    table : KpiTable
    segments : tuple of Segment
    theme : Theme
    kpis : (str, str)
        Across and up.

    Returns
    -------
    Chart or None
        None when no segment is shown in both.
    """
    pairs = [
        (one, other)
        for one, other in zip(segment_rows(table, kpis[0]), segment_rows(table, kpis[1]), strict=True)
        if not (isnan(one.value) or isnan(other.value))
    ]
    if not pairs:
        return None
    colours = colours_of(segments)
    across, up = table.definition(kpis[0]), table.definition(kpis[1])
    sizes = _diameters([table.size(one.segment) for one, _ in pairs])
    bases = [table.find(BASE, kpi) for kpi in kpis]
    ranges = [
        room_for(
            [*(pair[side].value for pair in pairs), *_ends([pair[side] for pair in pairs]), *_line(base)], 0.1
        )
        for side, base in enumerate(bases)
    ]
    drawn = sorted(zip(pairs, sizes, strict=True), key=lambda one: -one[1])
    data = [
        *(_bubble(table, pair, size, colours[pair[0].segment], theme) for pair, size in drawn),
        *(_cross(pair, colours[pair[0].segment]) for pair, _ in drawn),  # above every bubble
    ]
    layout = {
        "annotations": _labels(pairs, sizes, ranges, theme, _base_boxes((across, up), bases, ranges)),
        "xaxis": _kpi_axis(across, ranges[0], theme),
        "yaxis": _kpi_axis(up, ranges[1], theme),
    }
    _draw_bases(layout, (across, up), bases, theme)
    title, note = pair_title(table, *kpis), _bubbles_note(table, kpis, pairs)
    figure = framed(data, layout, title, note, theme, BUBBLES_HEIGHT, above=20)
    return Chart(figure, " ".join([f"{title}.", *(extremes(table, kpi) for kpi in kpis)]).strip())


def _kpi_axis(definition: KpiDefinition, room: list[float], theme: Theme) -> dict[str, Any]:
    return {
        "range": room,
        "tickformat": tick_format(definition),
        "zeroline": False,
        "title": {
            "text": f"{plain(definition.label)} →",
            "font": {"color": theme.muted, "size": TEXT_SIZE},
            "standoff": 15,
        },
    }


def _line(base: Kpi | None) -> list[float]:
    return [] if base is None else [base.value]


def _diameters(customers: list[int]) -> list[float]:
    most = max(customers) or 1.0
    return [max(SMALLEST_BUBBLE, LARGEST_BUBBLE * sqrt(count / most)) for count in customers]


def _bubble(table: KpiTable, pair: tuple[Kpi, Kpi], size: float, colour: str, theme: Theme) -> dict[str, Any]:
    one, other = pair
    full = min(one.n, other.n) >= SMALLEST_RANKED
    share = table.find(one.segment, "share")
    held = f"{percent(share.value)} of customers" if share is not None else ""
    second = hover_text(table, other).split("<br>", 1)[1]
    return {
        "type": "scatter",
        "x": [one.value],
        "y": [other.value],
        "mode": "markers",
        "marker": {
            "size": size,
            "opacity": 1,
            "color": tinted(colour, theme, 1.0) if full else "rgba(0,0,0,0)",
            "line": {"color": colour, "width": 2},
        },
        "customdata": [f"{hover_text(table, one)}<br><br>{second}<br><br>{held}"],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }


def _cross(pair: tuple[Kpi, Kpi], colour: str) -> dict[str, Any]:
    """Both intervals of a segment; the bubble under them answers the pointer."""
    one, other = pair
    return {
        "type": "scatter",
        "x": [one.value],
        "y": [other.value],
        "mode": "markers",
        "error_x": _bars(one, colour, 1.5),
        "error_y": _bars(other, colour, 1.5),
        "marker": {"size": 3, "color": colour},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _bubbles_note(table: KpiTable, kpis: tuple[str, str], pairs: list[tuple[Kpi, Kpi]]) -> str:
    few = any(min(one.n, other.n) < SMALLEST_RANKED for one, other in pairs)
    shown = {one.segment for one, _ in pairs}
    absent = [f"“{row.segment_name}”" for row in segment_rows(table, kpis[0]) if row.segment not in shown]
    parts = [
        "Size: customers; cross: 95 % intervals; dashed: everyone",
        f"hollow: fewer than {SMALLEST_RANKED} answers" if few else "",
        f"not shown: {listing(absent)}" if absent else "",
    ]
    return "; ".join(part for part in parts if part)


def _draw_bases(
    layout: dict[str, Any],
    definitions: tuple[KpiDefinition, KpiDefinition],
    bases: list[Kpi | None],
    theme: Theme,
) -> None:
    across, up = bases
    if across is not None and not definitions[0].share_of:
        draw_everyone(layout, across.value, value_text(definitions[0], across.value, across.unit), theme)
    if up is None or isnan(up.value) or definitions[1].share_of:
        return
    line = {
        "type": "line",
        "x0": 0,
        "x1": 1,
        "xref": "paper",
        "y0": up.value,
        "y1": up.value,
        "layer": "below",
        "line": {"color": BASE_GREY, "width": 1.5, "dash": "dash"},
    }
    label = {
        "text": _base_text(definitions[1], up),
        "x": 1,
        "xref": "paper",
        "xanchor": "right",
        "y": up.value,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"color": theme.muted, "size": TEXT_SIZE},
    }
    layout["shapes"] = [*layout.get("shapes", ()), line]
    layout["annotations"] = [*layout["annotations"], label]


def _base_text(definition: KpiDefinition, base: Kpi) -> str:
    return f"everyone: {value_text(definition, base.value, base.unit)}"


_Box = tuple[float, float, float, float]  # left, right, bottom, top in px
THIN = 3  # px around a line that a name had better not cover


def _base_boxes(
    definitions: tuple[KpiDefinition, KpiDefinition], bases: list[Kpi | None], ranges: list[list[float]]
) -> list[_Box]:
    """Where the lines of everyone and what is written on them stand, as `_draw_bases` draws them."""
    boxes: list[_Box] = []
    for side, (definition, base) in enumerate(zip(definitions, bases, strict=True)):
        if base is None or isnan(base.value) or definition.share_of:
            continue
        x, y = _centre(base.value, base.value, ranges)
        wide = LETTER * len(_base_text(definition, base))
        if side == 0:
            boxes += [
                (x - THIN, x + THIN, 0, PLOT_HEIGHT),
                (x - wide / 2, x + wide / 2, PLOT_HEIGHT, PLOT_HEIGHT + LINE),
            ]
        else:
            boxes += [(0, PLOT_WIDTH, y - THIN, y + THIN), (PLOT_WIDTH - wide, PLOT_WIDTH, y, y + LINE)]
    return boxes


def _arms(pairs: list[tuple[Kpi, Kpi]], ranges: list[list[float]]) -> list[_Box]:
    """Where the crosses stand."""
    boxes: list[_Box] = []
    for one, other in pairs:
        x, y = _centre(one.value, other.value, ranges)
        if not isnan(one.low):
            ends = [_centre(end, other.value, ranges)[0] for end in (one.low, one.high)]
            boxes.append((ends[0], ends[1], y - THIN, y + THIN))
        if not isnan(other.low):
            ends = [_centre(one.value, end, ranges)[1] for end in (other.low, other.high)]
            boxes.append((x - THIN, x + THIN, ends[0], ends[1]))
    return boxes


def _labels(
    pairs: list[tuple[Kpi, Kpi]],
    sizes: list[float],
    ranges: list[list[float]],
    theme: Theme,
    bases: Sequence[_Box] = (),
) -> list[dict[str, Any]]:
    """Put each name beside its bubble where it covers least: above, below, right or left, then further.

    Large bubbles choose first. What is written on the lines of everyone, and all lines, are kept free too.
    """
    centres = [_centre(one.value, other.value, ranges) for one, other in pairs]
    taken: list[_Box] = [
        (x - size / 2, x + size / 2, y - size / 2, y + size / 2)
        for (x, y), size in zip(centres, sizes, strict=True)
    ]
    taken += [*bases, *_arms(pairs, ranges)]
    notes = []
    for place in sorted(range(len(pairs)), key=lambda place: -sizes[place]):
        row = pairs[place][0]
        text = wrapped(row.segment_name)
        lines = text.split("<br>")
        width, height = LETTER * max(map(len, lines)), LINE * len(lines)
        x, y = centres[place]
        choices = _choices(sizes[place] / 2 + 5, width, height)
        shift = min(choices, key=lambda at: _cost((x, y), at, width, height, taken, choices.index(at)))
        taken.append(_box(x + shift[0], y + shift[1], width, height))
        notes.append(
            {
                "text": f"<b>{text}</b>",
                "x": row.value,
                "y": pairs[place][1].value,
                "xshift": shift[0],
                "yshift": shift[1],
                "showarrow": False,
                "font": {
                    "size": TEXT_SIZE,
                    "color": theme.text,
                    "shadow": ", ".join([f"0 0 3px {theme.card}"] * 6),
                },
            }
        )
    return notes


def _centre(across: float, up: float, ranges: list[list[float]]) -> tuple[float, float]:
    (left, right), (bottom, top) = ranges
    return (
        PLOT_WIDTH * (across - left) / (right - left),
        PLOT_HEIGHT * (up - bottom) / (top - bottom),
    )


def _choices(away: float, width: float, height: float) -> list[tuple[float, float]]:
    """Where a label may stand, seen from the centre of its bubble, the best first."""
    side, over = away + width / 2, away + height / 2
    near = [(0.0, over), (0.0, -over), (side, 0.0), (-side, 0.0)]
    aside = width / 2 + 2 * THIN  # beside the cross, where its arm is longer than the bubble
    near += [(aside, over), (-aside, over), (aside, -over), (-aside, -over)]
    near += [(x, y) for y in (LINE, -LINE) for x in (side, -side)]
    return near + [(x, y + step * LINE) for step in (1, -1, 2, -2, 3, -3) for x, y in near]


def _box(x: float, y: float, width: float, height: float) -> _Box:
    return (x - width / 2, x + width / 2, y - height / 2, y + height / 2)


def _cost(
    centre: tuple[float, float],
    shift: tuple[float, float],
    width: float,
    height: float,
    taken: list[_Box],
    rank: int,
) -> float:
    """What a place costs: what it covers and how far it leaves the picture, then its rank."""
    box = _box(centre[0] + shift[0], centre[1] + shift[1], width, height)
    covered = sum(_shared(box, other) for other in taken)
    outside = max(0.0, -box[0]) + max(0.0, box[1] - PLOT_WIDTH - 30)
    outside += max(0.0, -box[2]) + max(0.0, box[3] - BUBBLES_HEIGHT + 60)
    return covered + 40 * outside + rank


def _shared(one: _Box, other: _Box) -> float:
    across = min(one[1], other[1]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[2], other[2])
    return across * up if across > 0 and up > 0 else 0.0
