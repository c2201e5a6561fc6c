"""The KPI table: a row per segment and one for everyone, a column per KPI."""

import streamlit as st

from pages.ui import look
from pages.ui.view import View
from segkit.customers.table import Customers
from segkit.insights.kpi_text import VERDICT_MARKS, difference_text, interval_text, value_text, verdict_text
from segkit.labels import in_sentence, listing, percent, plural
from segkit.measures.definitions import OWN
from segkit.measures.kpis import BASE, SMALLEST_RANKED, Kpi, KpiDefinition, KpiTable, absent
from segkit.measures.medians import medians

PERIOD = "A period is that of the file: revenue and retention have to be of the same length, such as a year."
FIRST = ("size", "share", "csat", "nps", "retention", "conversion", "revenue", "revenue_share")


def show(view: View) -> None:
    """Show the most asked KPIs and those of one's own, and the others in an expander."""
    table = view.kpis
    first = [key for key in table.keys if key in FIRST or key.startswith(OWN)]
    others = [key for key in table.keys if key not in first]
    compared = any(one.needs for one in table.definitions)
    legend = (
        "Below each value its 95 % interval. ▲ ▼ reliably above or below all other customers, "
        "≈ can’t tell. Point at a cell for answers and coverage; click on it for the customers behind it."
    )
    look.section("The numbers", legend if compared else "")
    middles = {} if view.table.engine else medians(view.customers, view.assignment, table)
    st.html(_html(table, first, view.focus, middles))
    if others:
        labels = listing([in_sentence(table.definition(key).label) for key in others], 8)
        with st.expander(f"More KPIs: {labels}"):
            st.html(_html(table, ["size", *others], view.focus, middles))
            if "value" in others:
                look.note(f"The value of a customer is an assumption: {table.assumptions.text}. {PERIOD}")


Middles = dict[tuple[str, str], float]


def _html(table: KpiTable, keys: list[str], focus: str, middles: Middles) -> str:
    definitions = [table.definition(key) for key in keys]
    head = "".join(
        f"<th scope='col' title='{look.literal(_meaning(one))}'>{look.literal(one.label)}</th>"
        for one in definitions
    )
    segments = dict.fromkeys(row.segment for row in table.of("size"))
    body = "".join(_row(table, segment, definitions, focus, middles) for segment in segments)
    head = f"<thead><tr><th scope='col'>Segment</th>{head}</tr></thead>"
    return f"<div class='kpis-box'><table class='kpis'>{head}<tbody>{body}</tbody></table></div>"


def _meaning(definition: KpiDefinition) -> str:
    source = f" {definition.source}." if definition.source else ""
    return f"{definition.help} Computed as {definition.formula}.{source}"


def _row(
    table: KpiTable, segment: str, definitions: list[KpiDefinition], focus: str, middles: Middles
) -> str:
    cells = [(one, table.find(segment, one.key)) for one in definitions]
    name = next(row.segment_name for _, row in cells if row is not None)
    filled = "".join(_cell(table, definition, row, middles) for definition, row in cells)
    kind = " class='base'" if segment == BASE else " class='focus'" if segment == focus else ""
    return f"<tr{kind}><th scope='row'>{look.literal(name)}</th>{filled}</tr>"


def _cell(table: KpiTable, definition: KpiDefinition, row: Kpi | None, middles: Middles) -> str:
    if row is None:
        return "<td></td>"
    difference = table.differences.get((row.segment, row.kpi))
    verdict, middle = verdict_text(definition, row, difference), middles.get((row.segment, row.kpi))
    if row.verdict == "hidden":
        return f"<td title='{look.literal(verdict)}'><span>not shown</span></td>"
    tip = "; ".join(
        part
        for part in (
            f"{plural(row.n, 'answer')}, {percent(row.coverage)} of the segment" if definition.needs else "",
            verdict,
            f"half of them below {value_text(definition, middle, row.unit)}" if middle is not None else "",
        )
        if part
    )
    interval = interval_text(definition, row) if row.verdict or row.segment == BASE else ""
    few = "<span>indicative</span>" if definition.needs and row.n < SMALLEST_RANKED else ""
    place = f"data-cell='{look.literal(f'{row.segment} {row.kpi}')}' tabindex='0' role='button'"
    return (
        f"<td title='{look.literal(tip)}' {place}><b>{value_text(definition, row.value, row.unit)}</b>"
        f"<span>{interval}</span>{few}{_mark(definition, row, difference)}</td>"
    )


def _mark(definition: KpiDefinition, row: Kpi, difference: float | None) -> str:
    mark = VERDICT_MARKS.get(row.verdict, "")
    if row.verdict in ("higher", "lower") and difference is not None:
        good = definition.better * (1 if row.verdict == "higher" else -1)
        tone = {1: "good", -1: "bad"}.get(good, "")
        size = difference_text(definition, difference, row.unit)
        return f"<span class='{row.verdict} {tone}'>{mark} {size}</span>"
    if row.verdict == "can't tell":
        return f"<span>{mark} can’t tell</span>"
    return f"<span>{mark} formed the segments</span>" if row.verdict == "circular" else ""


def not_measured(customers: Customers) -> None:
    """Say which column would bring each KPI that is not there."""
    missing = absent(customers)
    if not missing:
        return
    with st.expander(f"Not measured: {listing([in_sentence(one.label) for one, _ in missing], 8)}"):
        look.bullets([look.needs_text(one, needs) for one, needs in missing])
        look.note("Add it to the file, or set it on the data page if it is there under another name.")
