"""The customers behind a number: a segment, a KPI, the first of them, and all of them as a list."""

from functools import partial

import streamlit as st

from pages.ui import cells, look
from pages.ui.view import View
from segkit.customers.sampling import is_part
from segkit.exports.behind import behind, behind_csv, behind_table
from segkit.exports.lists import file_stem
from segkit.labels import plural
from segkit.measures.kpis import BASE, BASE_NAME
from segkit.segments.segmentation import NO_SEGMENT, NO_SEGMENT_NAME

FIRST = 200  # rows on the page; all are in the list


def open_cell(cell: str) -> None:
    """Show the customers behind a cell of the KPI table, given as its segment and KPI."""
    segment, _, kpi = cell.partition(" ")
    st.session_state.update({"behind": True, "behind-of": segment, "behind-what": kpi})


def listen() -> None:
    """Let a click on a cell of the KPI table open it; stands above the table, so that it is there first."""
    cells.on_click(open_cell, "cells", shows="behind")


def show(view: View) -> None:
    """Let the user look behind any cell of the KPI table."""
    box = look.folded("See the customers behind a number", "behind")
    if box is None:
        return
    with box, st.container(horizontal=True, vertical_alignment="bottom"):
        names = {one.key: one.name for one in view.assignment.segments} | {BASE: BASE_NAME}
        if view.assignment.unassigned:
            names[NO_SEGMENT] = NO_SEGMENT_NAME
        if st.session_state.get("behind-of") not in names:
            st.session_state["behind-of"] = view.focus or next(iter(names))
        segment = st.selectbox("Segment", list(names), format_func=names.__getitem__, key="behind-of")
        kpis = {one.key: one.label for one in view.kpis.definitions}
        if st.session_state.get("behind-what") not in kpis:
            st.session_state["behind-what"] = next(iter(kpis))
        kpi = st.selectbox("Number", list(kpis), format_func=kpis.__getitem__, key="behind-what")
        personal = st.toggle("Show personal data", key="behind-personal")
    with box:
        definition = view.kpis.definition(kpi)
        rows = behind(view.customers, view.assignment, segment, definition)
        shown = f"; the first {FIRST} are shown" if len(rows) > FIRST else ""
        known = " with an answer" if definition.needs else ""
        drawn = " of those drawn by chance" if is_part(view.customers) else ""
        look.note(f"{plural(len(rows), 'customer')}{drawn}{known}{shown}.")
        about = (view.customers, view.assignment)
        look.table(behind_table(*about, rows[:FIRST], definition, personal))
        st.download_button(
            f"Download {plural(len(rows), 'customer')}",
            data=partial(behind_csv, *about, rows, definition, personal),
            file_name=f"customers_behind_{file_stem(segment, definition.label)}.csv",
            mime="text/csv",
            key="download-behind",
            on_click="ignore",
        )
