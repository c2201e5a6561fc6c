"""Which segments, and which parts of them, deserve most: by value, by headroom, by how well it is known."""

import streamlit as st

from pages.priorities.scorecard import Cell, Row, grid
from pages.ui import look
from pages.ui.view import View
from segkit.exports.lists import numbers_csv
from segkit.insights.priority_text import (
    hidden_parts_text,
    micro_cells,
    micro_numbers,
    micro_sentence,
)
from segkit.labels import in_sentence, readable
from segkit.measures.priorities import (
    Micro,
    MicroTable,
    metrics,
    micro_segments,
    second_columns,
)

WHOLE = ""
ORDER_LABELS = {"value": "Worth of all", "headroom": "Headroom", "confidence": "How well it is known"}
FIRST = 20  # rows on the page; all are in the CSV


def show(view: View) -> None:
    """Cut segments by a second column and rank the parts."""
    box = look.folded("Parts of segments: who deserves most?", "micro")
    if box is None:
        return
    with box:
        columns = [one.name for one in second_columns(view.customers)]
        offered = {key: view.kpis.definition(key).label for key in metrics(view.kpis)}
        with st.container(horizontal=True):
            column = st.selectbox(
                "Cut segments by",
                [*columns[:1], WHOLE, *columns[1:]],
                format_func=lambda name: readable(name) if name else "Nothing: segments as they are",
                key=f"micro-column-{view.table.everyone.fingerprint}",
                width=280,
            )
            metric = (
                st.selectbox(
                    "Worth is", list(offered), format_func=offered.__getitem__, key="micro-metric", width=240
                )
                if offered
                else ""
            )
            by = st.selectbox(
                "Sorted by",
                list(ORDER_LABELS),
                format_func=ORDER_LABELS.__getitem__,
                key="micro-by",
                width=220,
            )
        found = micro_segments(view.customers, view.assignment, view.kpis, column, metric, by)
        _draw(view, found, offered.get(metric, ""))


def _draw(view: View, found: MicroTable, label: str) -> None:
    if not found.rows:
        look.note("Every part has too few customers to be shown.")
        return
    sentence = micro_sentence(found)
    if sentence:
        look.verdict("Most worth", sentence)
    gap = view.kpis.definition(found.gap).label if found.gap else ""
    head = [
        "Part" if found.column else "Segment",
        "Customers",
        "Worth of one",
        "Worth of all",
        "Headroom",
        "Known",
    ]
    grid(head, [_row(view, row, found) for row in found.rows[:FIRST]])
    notes = [
        f"Worth: {in_sentence(label)}."
        if label
        else "No column tells what customers bring: parts are sorted by size.",
        f"Headroom: customers × gap to the best segment in {in_sentence(gap)}"
        + (" × worth of one." if label else ".")
        if gap
        else "No segment is reliably ahead in retention or satisfaction, so there is no headroom to tell.",
        "Known: half the interval is at most 10 % (firm), 25 % (fair) or more (rough) of the worth; "
        "indicative rests on fewer than 30 customers and is not ranked.",
        hidden_parts_text(found),
        f"The first {FIRST} of {len(found.rows)} are shown." if len(found.rows) > FIRST else "",
        "Clusters of similar customers inside a group are a method on the Segments page (micro-segments).",
    ]
    look.note(" ".join(note for note in notes if note))
    st.download_button(
        "Parts as CSV",
        data=lambda: numbers_csv(micro_numbers(found), view.of_sample),
        file_name="parts.csv",
        mime="text/csv",
        key="csv-micro",
        on_click="ignore",
    )


def _row(view: View, row: Micro, found: MicroTable) -> Row:
    cells = tuple(Cell(text, (small,)) for text, small in micro_cells(row, found))
    return Row(row.name, cells, row.segment.key == view.focus)
