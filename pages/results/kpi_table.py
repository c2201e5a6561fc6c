"""The KPI table: a row per segment and one for everyone, a column per KPI."""

import streamlit as st

from pages.ui import look
from segkit.customers.table import Customers
from segkit.insights.kpi_text import VERDICT_MARKS, difference_text, interval_text, value_text, verdict_text
from segkit.labels import listing, percent, plural
from segkit.measures.kpis import BASE, SMALLEST_RANKED, Kpi, KpiDefinition, KpiTable, absent, find_kpi

FIRST = ("size", "share", "csat", "nps", "retention", "conversion", "revenue", "revenue_share")


def show(table: KpiTable) -> None:
    """Show the most asked KPIs, and the others in an expander."""
    first = [key for key in table.keys if key in FIRST]
    others = [key for key in table.keys if key not in FIRST]
    compared = any(find_kpi(key).needs for key in table.keys)
    legend = (
        "Below each value its 95 % interval. ▲ ▼ reliably above or below all other customers, "
        "≈ can’t tell. Point at a cell for answers and coverage."
    )
    look.section("The numbers", legend if compared else "")
    st.html(_html(table, first))
    if others:
        with st.expander(f"More KPIs: {listing([_plain_label(key) for key in others], 8)}"):
            st.html(_html(table, ["size", *others]))


def _plain_label(key: str) -> str:
    label = find_kpi(key).label
    return label if label.isupper() else label.lower()


def _html(table: KpiTable, keys: list[str]) -> str:
    definitions = [find_kpi(key) for key in keys]
    head = "".join(
        f"<th scope='col' title='{look.literal(one.help)}'>{look.literal(one.label)}</th>"
        for one in definitions
    )
    segments = dict.fromkeys(row.segment for row in table.of("size"))
    body = "".join(_row(table, segment, definitions) for segment in segments)
    head = f"<thead><tr><th scope='col'>Segment</th>{head}</tr></thead>"
    return f"<div class='kpis-box'><table class='kpis'>{head}<tbody>{body}</tbody></table></div>"


def _row(table: KpiTable, segment: str, definitions: list[KpiDefinition]) -> str:
    cells = [(one, table.find(segment, one.key)) for one in definitions]
    name = next(row.segment_name for _, row in cells if row is not None)
    filled = "".join(_cell(table, definition, row) for definition, row in cells)
    kind = " class='base'" if segment == BASE else ""
    return f"<tr{kind}><th scope='row'>{look.literal(name)}</th>{filled}</tr>"


def _cell(table: KpiTable, definition: KpiDefinition, row: Kpi | None) -> str:
    if row is None:
        return "<td></td>"
    difference = table.differences.get((row.segment, row.kpi))
    verdict = verdict_text(definition, row, difference)
    tip = "; ".join(
        part
        for part in (
            f"{plural(row.n, 'answer')}, {percent(row.coverage)} of the segment" if definition.needs else "",
            verdict,
        )
        if part
    )
    if row.verdict == "hidden":
        return f"<td title='{look.literal(tip)}'><span>not shown</span></td>"
    interval = interval_text(definition, row) if row.verdict or row.segment == BASE else ""
    few = "<span>indicative</span>" if definition.needs and row.n < SMALLEST_RANKED else ""
    return (
        f"<td title='{look.literal(tip)}'><b>{value_text(definition, row.value, row.unit)}</b>"
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
    with st.expander(f"Not measured: {listing([_plain_label(one.key) for one, _ in missing], 8)}"):
        look.bullets([look.needs_text(one, needs) for one, needs in missing])
        look.note("Add it to the file, or set it on the data page if it is there under another name.")
