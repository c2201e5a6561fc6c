"""What stands behind a story: every number, what it means, how segments were made, how the table was read."""

import json
from collections.abc import Callable, Iterable
from math import isnan

from segkit.customers.meanings.roles import find_role
from segkit.customers.table import Column, Customers
from segkit.exports.html_report.cells import told
from segkit.exports.html_report.markup import (
    Cell,
    bullets,
    folded,
    group,
    literal,
    name,
    quoted,
    row,
    table,
)
from segkit.exports.html_report.sections import Section
from segkit.insights.about import about
from segkit.insights.kpi_text import interval_text, value_text, verdict_text
from segkit.insights.story.blocks import seen
from segkit.insights.story.pages import INTERVALS
from segkit.insights.story.telling import Story
from segkit.labels import listing, number, percent, plural
from segkit.measures.definitions import absent
from segkit.measures.kpi_table import BASE, Kpi, KpiTable
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN
from segkit.segments.segmentation import NO_SEGMENT, Segmentation

PERIODS = "A period is that of the file: revenue and retention have to be of the same length, such as a year."


def reference_sections(story: Story, customers: Customers, segmentation: Segmentation) -> list[Section]:
    """Write the sections that follow the story.

    Parameters
    ----------
    story : Story
    customers : Customers
        Whom it is about: only notes and columns are told of them, no cell.
    segmentation : Segmentation
    """
    return [
        Section("numbers", "All numbers", _headed("numbers", "All numbers", NUMBERS) + _numbers(story)),
        Section(
            "meanings", "What numbers mean", _headed("meanings", "What numbers mean") + _meanings(story.kpis)
        ),
        Section(
            "made", "How segments were made", _headed("made", "How segments were made") + _made(segmentation)
        ),
        Section(
            "read", "How the table was read", _headed("read", "How the table was read") + _read(customers)
        ),
    ]


NUMBERS = (
    "Every KPI of every segment and of everyone, with its 95 % interval, what it means, and its answers."
)


def _headed(key: str, title: str, note: str = "") -> str:
    small = f"<p class='subtitle'>{literal(note)}</p>" if note else ""
    return f"<header><h2 id='{key}-title'>{literal(title)}</h2>{small}</header>"


# --- all numbers ------------------------------------------------------------------------------------


def _numbers(story: Story) -> str:
    kpis = story.kpis
    colours = {one.key: one.colour for one in story.segments} | {NO_SEGMENT: -1}
    head = ("Segment", "Value", "95 % interval", "What it means", "Answers", "Coverage")
    groups = [
        group(
            kpis.definition(key).label,
            (_number(kpis, one, colours.get(one.segment)) for one in _rows(kpis, key)),
            len(head),
        )
        for key in kpis.keys
    ]
    return table(head, groups, (1, 2, 4, 5), "all-numbers")


def _rows(kpis: KpiTable, key: str) -> list[Kpi]:
    """Those of a KPI; without those who fit none where everybody fits."""
    nobody = (
        not kpis.size(NO_SEGMENT)
        and (found := kpis.find(NO_SEGMENT, "size")) is not None
        and found.value == 0
    )
    return [one for one in kpis.of(key) if not (nobody and one.segment == NO_SEGMENT)]


def _number(kpis: KpiTable, one: Kpi, colour: int | None) -> str:
    definition = kpis.definition(one.kpi)
    verdict = verdict_text(definition, one, kpis.differences.get((one.segment, one.kpi)))
    known = f' data-segment="{quoted(one.segment)}" data-kpi="{quoted(one.kpi)}"'
    known += " class='base'" if one.segment == BASE else ""
    meaning = Cell(literal(verdict), read={"verdict": one.verdict})
    if one.verdict == "hidden" or isnan(one.value):
        cells = [
            Cell("not shown" if one.verdict == "hidden" else "–", True),
            Cell(""),
            meaning,
            Cell(""),
            Cell(""),
        ]
        return row(name(one.segment_name), cells, known, colour)
    few = (
        "; indicative" if definition.needs and one.n < SMALLEST_RANKED and "indicative" not in verdict else ""
    )
    value = f"<b>{literal(value_text(definition, one.value, one.unit))}</b>"
    cells = [
        Cell(value, True, {"value": one.value, "unit": one.unit}),
        Cell(literal(interval_text(definition, one)), True, {"low": one.low, "high": one.high}),
        Cell(literal(f"{verdict}{few}".removeprefix("; ")), read={"verdict": one.verdict}),
        Cell(number(one.n), True, {"n": one.n}),
        Cell(percent(one.coverage), True, {"coverage": one.coverage}),
    ]
    return row(name(one.segment_name), cells, known, colour)


# --- what they mean ---------------------------------------------------------------------------------

MARKS = (
    ("▲", "Reliably above all other customers together, not only by chance."),
    ("▼", "Reliably below all other customers together."),
    (
        "≈",
        "Can’t tell: the difference to all other customers is no larger than chance makes it. "
        "That is no proof that there is none.",
    ),
    (
        "↻",
        "Its column formed the segments, so that they differ in it by construction: shown, never compared.",
    ),
    ("indicative", f"It rests on {SMALLEST_SHOWN} to {SMALLEST_RANKED - 1} answers: shown, never ranked."),
    (
        "not shown",
        f"Fewer than {SMALLEST_SHOWN} answers could point to a person, so nothing is shown of so few; nor is "
        "a second number where the total would give the first away. Data behind figures lack it as well.",
    ),
    ("coverage", "The share of a segment’s customers who have an answer."),
    ("95 % interval", INTERVALS + " Where values are dots, it is the line through the dot."),
    (
        "reliably",
        "Each segment is compared with all other customers: Welch’s test for means, the two-proportion test "
        "for shares, the difference of two independent scores for NPS. Over all numbers together, at most "
        "5 % of the differences that are named are expected to be chance (Benjamini and Hochberg 1995).",
    ),
)
"""Signs and words of a report, and what each means."""


def _meanings(kpis: KpiTable) -> str:
    rows = [
        row(literal(one.label), [Cell(literal(text)) for text in (one.help, one.formula, one.source or "–")])
        for one in kpis.definitions
    ]
    marks = "".join(row(literal(mark), [Cell(literal(text))]) for mark, text in MARKS)
    value = f"<p class='note'>{literal(_assumed(kpis))}</p>" if "value" in kpis.keys else ""
    return (
        table(("KPI", "What it is", "Computed as", "Interval and test"), rows, kind="meanings")
        + value
        + "<h3>Signs and words</h3>"
        + table(("Sign or word", "Meaning"), marks, kind="marks")
    )


def _assumed(kpis: KpiTable) -> str:
    return f"The value of a customer is an assumption: {kpis.assumptions.text}. {PERIODS}"


# --- how segments were made -------------------------------------------------------------------------


def _made(segmentation: Segmentation) -> str:
    steps = [row(name(column), [Cell(literal(step))]) for column, step in segmentation.steps]
    return "".join(
        (
            bullets(about(segmentation)),
            "<h3>What was done to each column</h3>" + table(("Column", "Prepared"), steps) if steps else "",
            "<h3>What to know about them</h3>" + bullets(segmentation.notes) if segmentation.notes else "",
            folded("The plan, to make the same segments again", f"<pre>{plan_text(segmentation)}</pre>"),
        )
    )


def plan_text(segmentation: Segmentation) -> str:
    """The plan as indented JSON; what cannot be seen in it is written as its number."""
    text = json.dumps(segmentation.plan.to_dict(), indent=2, sort_keys=True, ensure_ascii=False)
    return "".join(one if one in " \n" or seen(one) else f"\\u{ord(one):04x}" for one in _escaped(text))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# --- how the table was read -------------------------------------------------------------------------


def _read(customers: Customers) -> str:
    blank = int((customers.facts or {}).get("blank_rows", 0))
    facts = [plural(len(customers), "customer"), plural(len(customers.columns), "column")]
    facts += [f"{plural(customers.set_aside, 'row')} of the file set aside"] if customers.set_aside else []
    facts += [f"{plural(blank, 'blank row')} skipped"] if blank else []
    missing = [f"{one.label}: {_needs(needs)}" for one, needs in absent(customers)]
    return "".join(
        (
            f"<p>{literal('; '.join(facts))}.</p>",
            "<h3>What was found and assumed</h3>"
            "<p class='note'>What a note quotes of customers is left out: “…”.</p>",
            bullets(told(customers)) if customers.notes else "<p>Nothing had to be assumed.</p>",
            "<h3>Columns</h3>",
            table(
                ("Column", "Read as", "Means", "Missing"),
                map(_column(len(customers)), customers.columns),
                (3,),
            ),
            "<h3>Not measured, because no column has the role</h3>" + bullets(missing) if missing else "",
        )
    )


def _column(customers: int) -> Callable[[Column], str]:
    """Writes what is known of a column of so many customers."""

    def written(column: Column) -> str:
        kind = f"{column.kind}, {column.detail}" if column.detail else column.kind
        personal = f"; holds personal data ({column.personal})" if column.personal else ""
        share = column.missing / customers if customers else 0.0
        cells = [
            Cell(literal(kind)),
            Cell(literal(find_role(column.role).label + personal)),
            Cell(percent(share) if column.missing else "none", True),
        ]
        return row(name(column.name), cells)

    return written


def _needs(roles: Iterable[str]) -> str:
    return listing([f"“{find_role(role).label}”" for role in roles])
