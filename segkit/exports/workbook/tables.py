"""The sheets with numbers: KPIs crossed and one below the other, what forms segments, rules."""

from dataclasses import replace
from math import isnan, nan

from segkit.charts.palette import LIGHT
from segkit.exports.workbook.content import Content
from segkit.exports.workbook.sheets import COUNT, MUTED, WRAPPED, Cell, Page, Style, number_format
from segkit.insights.effect_text import FORMED
from segkit.insights.kpi_text import VERDICT_MARKS, cell_text, difference_text, value_text, verdict_text
from segkit.insights.profile_text import column_label, value_of, verdict_word
from segkit.labels import MINUS, number, percent
from segkit.measures.kpis import BASE, Kpi, KpiDefinition
from segkit.measures.standing_out import Dimension, Mark, formed_by, standing_out
from segkit.segments.rules import Rule

AFTER = Style(colour=LIGHT.muted, indent=1)
NO_RULE = "No short rule finds this segment; use the segmentation itself to score customers."


# --- KPIs -------------------------------------------------------------------------------------------


def write_crossed(page: Page, content: Content) -> None:
    """Write the table that people look at: a row a segment, a column a KPI, with the marks of verdicts."""
    definitions = content.kpis.definitions
    rows = [
        [
            Cell(name, _named(content, key)),
            *(_crossed_cell(content, key, one) for one in definitions),
        ]
        for key, name in content.groups
    ]
    heads = ["Segment", *(one.label for one in definitions)]
    page.table(heads, rows, [content.name_width, *(max(12, len(one.label) * 0.8) for one in definitions)])


def _named(content: Content, key: str) -> Style:
    over = LIGHT.muted if key == BASE else ""
    return Style(bold=True, wrap=True, mark=content.colours[key], indent=1, over=over)


def _crossed_cell(content: Content, key: str, definition: KpiDefinition) -> Cell:
    row = content.kpis.find(key, definition.key)
    over = LIGHT.muted if key == BASE else ""
    if row is None:
        return Cell(None, Style(over=over))
    if row.verdict == "hidden":
        return Cell(cell_text(definition, row), Style(colour=LIGHT.muted, over=over, right=True))
    look = Style(colour=tone(definition, row), number=marked_format(definition, row), over=over)
    return Cell(row.value, replace(look, bold=key == BASE))


def marked_format(definition: KpiDefinition, row: Kpi) -> str:
    """The number format that puts the mark of its verdict behind a value, or leaves room for one."""
    room = " ▲" if definition.needs and not VERDICT_MARKS[row.verdict] else ""
    return number_format(cell_text(definition, row), row.value, room)


def tone(definition: KpiDefinition, row: Kpi) -> str:
    """The colour of a verdict: better, worse, or that of text where neither can be said."""
    side = {"higher": 1, "lower": -1}.get(row.verdict, 0) * definition.better
    return {1: LIGHT.status.better, -1: LIGHT.status.worse}.get(side, LIGHT.text)


KPI_HEADS = (
    "Segment",
    "KPI",
    "Value",
    "Interval from",
    "Interval to",
    "Answers",
    "Coverage",
    "Verdict",
    "Difference to the rest",
    "Unit",
)
KPI_WIDTHS = (24, 14, 14, 14, 11, 11, 44, 22, 24)


def write_kpis(page: Page, content: Content) -> None:
    """Write a row per KPI and segment, and the whole base."""
    rows = [_kpi_cells(content, row) for row in content.kpis]
    page.table(KPI_HEADS, rows, (content.name_width, *KPI_WIDTHS), still=2)


def _kpi_cells(content: Content, row: Kpi) -> list[Cell]:
    definition = content.kpis.definition(row.kpi)
    difference = content.kpis.differences.get((row.segment, row.kpi))
    hidden = row.verdict == "hidden"
    verdict = verdict_text(definition, row, difference)
    return [
        Cell(row.segment_name, _named_plain(content, row.segment)),
        Cell(definition.label),
        *(_value(definition, value, row.unit) for value in (row.value, row.low, row.high)),
        Cell(None if hidden else row.n, Style(number=COUNT)),
        Cell(None if hidden else row.coverage, Style(number=number_format(percent(row.coverage)))),
        Cell(verdict, Style(colour=LIGHT.muted if hidden else tone(definition, row), indent=1)),
        PLAIN_NOTHING if hidden or difference is None else _difference(definition, difference, row.unit),
        Cell(unit_text(row.unit), AFTER),
    ]


PLAIN_NOTHING = Cell(None)


def _named_plain(content: Content, key: str) -> Style:
    return Style(wrap=True, mark=content.colours[key], indent=1)


def _value(definition: KpiDefinition, value: float, unit: str) -> Cell:
    return Cell(value, Style(number=number_format(value_text(definition, value, unit), value)))


def _difference(definition: KpiDefinition, difference: float, unit: str) -> Cell:
    """A difference with its sign; that of shares in percentage points."""
    text = difference_text(definition, difference, unit)
    signed = f"{'+' if difference > 0 else MINUS if difference < 0 else ''}{text}"
    points = difference * 100 if definition.format == "percent" else difference
    return Cell(points, Style(number=number_format(signed)))


def unit_text(unit: str) -> str:
    """Write a unit for people.

    Examples
    --------
    >>> unit_text("points -100..100"), unit_text("fraction"), unit_text("EUR per customer")
    ('points, −100 to 100', 'percent', 'EUR per customer')
    """
    if unit == "fraction":
        return "percent"
    return (
        unit.replace("points ", "points, ").replace("-", MINUS).replace("..", " to ")
        if ".." in unit
        else unit
    )


# --- profile ----------------------------------------------------------------------------------------

PROFILE_HEADS = (
    "Segment",
    "Part",
    "What",
    "Here",
    "Everyone",
    "Effect",
    "Index",
    "Index from",
    "Index to",
    "Answers",
    "Verdict",
)
PROFILE_WIDTHS = (22, 40, 14, 14, 11, 11, 11, 11, 11, 40)
FORMED_PART, DESCRIBED_PART = "Formed the segments", "Only describes them"


def write_profile(page: Page, content: Content) -> None:
    """Write what formed each segment, by distance, and what only describes it, by index and verdict."""
    about = (content.customers, content.assignment)
    formed = formed_by(*about)
    described = standing_out(*about, leave_out=content.outcomes)
    rows = []
    for place, segment in enumerate(content.assignment.segments):
        first = Cell(segment.name, _named_plain(content, segment.key))
        far = [one for one in formed if not isnan(one.away[place])]
        far.sort(key=lambda one: -round(abs(one.away[place]), 9))
        rows += [[first, *_formed_cells(one, place)] for one in far]
        rows += [[first, *_described_cells(one)] for one in described[segment.key]]
    page.table(PROFILE_HEADS, rows, (content.name_width, *PROFILE_WIDTHS))
    if not rows:
        page.put(Cell("No column tells the segments apart: they were made of dates or texts only.", MUTED))
    if content.of_sample:
        page.sheet.write_string(0, len(PROFILE_HEADS), content.of_sample, page.book.format(MUTED))


def _formed_cells(one: Dimension, place: int) -> list[Cell]:
    return [
        Cell(FORMED_PART),
        Cell(column_label(one.column, one.level, one.kind)),
        _said(one.column, one.kind, one.here[place]),
        _said(one.column, one.kind, one.everyone),
        _effect(one.away[place]),
        *[PLAIN_NOTHING] * 4,
        Cell(FORMED, AFTER),
    ]


def _described_cells(mark: Mark) -> list[Cell]:
    index = Style(number=number_format(number(100, 0)))
    return [
        Cell(DESCRIBED_PART),
        Cell(column_label(mark.column, mark.level, mark.kind)),
        _said(mark.column, mark.kind, mark.here.value),
        _said(mark.column, mark.kind, mark.everyone),
        _effect(mark.effect),
        *(Cell(value, index) for value in (mark.index, mark.low, mark.high)),
        Cell(mark.n, Style(number=COUNT)),
        Cell(verdict_word(mark), Style(indent=1)),
    ]


def _said(column: str, kind: str, value: float) -> Cell:
    return Cell(value, Style(number=number_format(value_of(column, kind, value), value)))


def _effect(value: float) -> Cell:
    return Cell(value, Style(number=_EFFECT))


_EFFECT = number_format(number(1.25, 2))


# --- rules ------------------------------------------------------------------------------------------

RULE_HEADS = ("Segment", "Rule", "Finds them correctly", "Finds of all", "Measured on", "SQL")
RULE_WIDTHS = (70, 12, 12, 30, 70)


def write_rules(page: Page, content: Content) -> None:
    """Write how most customers of each segment are found."""
    rows = [_rule_cells(content, one) for one in content.rules]
    page.table(RULE_HEADS, rows, (content.name_width, *RULE_WIDTHS))


def _rule_cells(content: Content, rule: Rule) -> list[Cell]:
    how = "all customers: this rule made the segment" if rule.exact else "customers it was not made from"
    known = (rule.precision, rule.recall) if rule.sentences else (nan, nan)
    return [
        Cell(
            rule.segment.name, Style(bold=True, wrap=True, indent=1, mark=content.colours[rule.segment.key])
        ),
        Cell("\nor ".join(rule.sentences) or NO_RULE, WRAPPED),
        *(Cell(value, Style(number=number_format(percent(value)))) for value in known),
        Cell(how if rule.sentences else "", replace(AFTER, wrap=True)),
        Cell(rule.sql, WRAPPED),
    ]
