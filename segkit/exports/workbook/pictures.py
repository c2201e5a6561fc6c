"""What the charts of a workbook show: computed once, drawn by Excel from the cells of a sheet."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, isnan, log10, nan

from segkit.charts.kpi_charts import OVERVIEW
from segkit.exports.workbook.content import Content
from segkit.exports.workbook.sheets import COUNT, number_format, shown
from segkit.insights.kpi_text import value_text
from segkit.insights.picture_text import extremes, ranking_title
from segkit.labels import number, percent, plural
from segkit.measures.definitions import OWN
from segkit.measures.kpis import BASE, SMALLEST_RANKED, Kpi, KpiDefinition

MOST_ON_HALF = 6  # segments; more need the whole width for their names
TITLE_WIDTH, WHOLE_WIDTH = 58, 120  # characters of a title; not every program wraps titles by itself
LONGEST_TITLE = 250  # characters; Excel shows no more than 255
BELOW = (15, 4)  # characters and lines of a name below a chart
BESIDE, BESIDE_WHOLE = (34, 1), (60, 1)  # and beside one, of half and of the whole width
STEPS = 5  # about so many parts has an axis
ROOM = 0.06  # of the axis, above and below all intervals


@dataclass(frozen=True)
class Mark:
    """A segment in a chart.

    Attributes
    ----------
    name : str
    label : str
        Its name in short lines, and below it how many it rests on.
    value, low, high : float
        NaN where it is not shown.
    colour : str
    few : bool
        Whether it rests on fewer than 30 answers.
    """

    name: str
    label: str
    value: float
    low: float
    high: float
    colour: str
    few: bool = False

    @property
    def below(self) -> float:
        """How far the interval reaches below the value; NaN where there is none."""
        return max(self.value - self.low, 0.0) if not isnan(self.low) else nan

    @property
    def above(self) -> float:
        """How far it reaches above."""
        return max(self.high - self.value, 0.0) if not isnan(self.high) else nan


@dataclass(frozen=True)
class Picture:
    """A chart.

    Attributes
    ----------
    kind : str
        "bars" for sizes, "dots" for values with intervals.
    what : str
        What is drawn.
    title, note, alt : str
        The finding, what is shown, and both for who cannot see it.
    marks : tuple of Mark
    everyone : float
        Value of the whole base; NaN for none.
    format, axis_format : str
        Number formats of the values and of the axis.
    axis : tuple of float
        Where the axis starts and ends, and its step.
    """

    kind: str
    what: str
    title: str
    note: str
    alt: str
    marks: tuple[Mark, ...]
    everyone: float
    format: str
    axis_format: str
    axis: tuple[float, float, float]


def pictures(content: Content) -> list[Picture]:
    """List the charts: sizes, then the KPIs that a meeting asks for and those of one's own."""
    own = [key for key in content.kpis.keys if key.startswith(OWN)]
    keys = [key for key in OVERVIEW if key in content.kpis.keys] + own
    found = [_kpi(content, content.kpis.definition(key)) for key in keys]
    return [_sizes(content), *(one for one in found if one is not None)]


# --- sizes ------------------------------------------------------------------------------------------


def _sizes(content: Content) -> Picture:
    rows = [row for row in content.kpis.of("size") if row.segment != BASE]
    shares = {row.segment: row.value for row in content.kpis.of("share")}
    room = BESIDE if len(rows) <= MOST_ON_HALF else BESIDE_WHOLE
    marks = tuple(
        Mark(
            shown(row.segment_name),
            _label(row.segment_name, f"{percent(shares[row.segment])} of all", room),
            row.value,
            nan,
            nan,
            content.colours[row.segment],
        )
        for row in rows
    )
    most, least = max(rows, key=lambda row: row.value), min(rows, key=lambda row: row.value)
    share = percent(shares[most.segment])
    title = f"The largest segment, “{most.segment_name}”, holds {share} of customers"
    alt = f"{title}; the smallest, “{least.segment_name}”, has {plural(int(least.value), 'customer')}."
    note = f"Customers per segment, of {number(content.kpis.size(BASE))} in all"
    axis = (0.0, max(most.value * 1.1, 1.0), 0.0)
    return Picture(
        "bars", "Customers", _lines(title, len(marks)), note, shown(alt), marks, nan, COUNT, COUNT, axis
    )


# --- KPIs -------------------------------------------------------------------------------------------


def _kpi(content: Content, definition: KpiDefinition) -> Picture | None:
    """The dots of a KPI; None where no segment may be shown."""
    rows = [row for row in content.kpis.of(definition.key) if row.segment != BASE]
    if all(isnan(row.value) for row in rows):
        return None
    base = content.kpis.find(BASE, definition.key)
    everyone = base.value if base is not None else nan
    marks = tuple(_mark(row, content.colours[row.segment]) for row in rows)
    title = ranking_title(content.kpis, definition.key)
    ends = extremes(content.kpis, definition.key)
    axis = _axis(definition, marks, everyone, rows[0].unit)
    return Picture(
        "dots",
        definition.label,
        _lines(title, len(marks)),
        _note(definition, rows, base),
        shown(f"{definition.label} by segment. {title}. {ends}".strip()),
        marks,
        everyone,
        _format(definition, [*rows, *([base] if base else [])]),
        _axis_format(definition, axis[2]),
        axis,
    )


def _mark(row: Kpi, colour: str) -> Mark:
    below = "not shown" if isnan(row.value) else f"n = {number(row.n)}"
    few = row.n < SMALLEST_RANKED
    label = _label(row.segment_name, below)
    return Mark(shown(row.segment_name), label, row.value, row.low, row.high, colour, few)


def _note(definition: KpiDefinition, rows: Sequence[Kpi], base: Kpi | None) -> str:
    parts = [f"{definition.label}; line: 95 % interval"]
    if base is not None and not isnan(base.value):
        parts.append(f"dashed: everyone, {value_text(definition, base.value, base.unit)}")
    if any(row.n < SMALLEST_RANKED and not isnan(row.value) for row in rows):
        parts.append(f"hollow: fewer than {SMALLEST_RANKED} answers")
    if any(row.verdict == "circular" for row in rows):
        parts.append("↻ formed the segments, so not compared")
    return shown("; ".join(parts))


def _format(definition: KpiDefinition, rows: Sequence[Kpi]) -> str:
    """One format for all values of a chart: that of the value with the most decimals."""
    texts = [value_text(definition, row.value, row.unit) for row in rows if not isnan(row.value)]
    return max((number_format(text) for text in texts), key=len)


def _axis_format(definition: KpiDefinition, step: float) -> str:
    """The format of an axis: as many decimals as its step has."""
    if definition.format == "percent":
        return number_format(f"{round(step * 100, 9):g}\u202f%")
    return number_format(f"1,000.{'0' * len(f'{step:f}'.rstrip('0').split('.')[1])}".rstrip("."))


def _axis(
    definition: KpiDefinition, marks: Sequence[Mark], everyone: float, unit: str
) -> tuple[float, float, float]:
    """Where an axis starts and ends: around all intervals, at round numbers, within what is possible."""
    edges = [edge for one in marks for edge in (one.value, one.low, one.high)] + [everyone]
    known = [edge for edge in edges if not isnan(edge)]
    least, most = min(known), max(known)
    spread = most - least or abs(most) or 1.0
    step = _round_step(spread * (1 + 2 * ROOM) / STEPS)
    low = floor((least - ROOM * spread) / step) * step
    high = ceil((most + ROOM * spread) / step) * step
    lowest, highest = _possible(definition, unit, least)
    return round(max(low, lowest), 9), round(min(high, highest), 9), step


def _round_step(step: float) -> float:
    """The next of 1, 2, 2.5, 5 and 10, times a power of ten.

    Examples
    --------
    >>> _round_step(0.03), _round_step(7), _round_step(21)
    (0.05, 10.0, 25.0)
    """
    power = 10.0 ** floor(log10(step))
    return next(round(one * power, 12) for one in (1, 2, 2.5, 5, 10) if one * power >= step * (1 - 1e-9))


def _possible(definition: KpiDefinition, unit: str, least: float) -> tuple[float, float]:
    """What values of a KPI can be; money and counts are taken to be none below zero where none is."""
    if definition.format == "percent" and not definition.share_of:
        return 0.0, 1.0
    if definition.format in ("points", "score"):
        low, high = (float(edge) for edge in unit.removeprefix("points ").split(".."))
        return low, high
    return 0.0 if least >= 0 else -inf, inf


# --- words ------------------------------------------------------------------------------------------


def _lines(title: str, marks: int) -> str:
    width = TITLE_WIDTH if marks <= MOST_ON_HALF else WHOLE_WIDTH
    cut = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
    return "\n".join(textwrap.wrap(shown(cut), width, break_on_hyphens=False))


def _label(name: str, below: str, room: tuple[int, int] = BELOW) -> str:
    """A name with what stands below it; the plain space makes it words, whatever the name is."""
    width, most = room
    plain = shown(name)
    cut = plain if len(plain) <= width * most else plain[: width * most - 1].rstrip() + "…"
    lines = textwrap.wrap(cut, width)
    return "\n".join([*lines, below.replace("\u202f", " ")])
