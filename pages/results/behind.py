"""The customers behind a number: a segment, a KPI, the first of them, and all of them as a list."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from pages.ui import cells, look, results
from pages.ui.looking import looking
from pages.ui.view import MOST_LISTED, View
from segkit.customers.sampling import is_source
from segkit.engine import Engine
from segkit.errors import SegkitError
from segkit.exports.behind import behind, behind_csv, behind_table
from segkit.exports.lists import file_stem
from segkit.exports.pushed_behind import behind_first, behind_parts, counted_by
from segkit.labels import number, plural
from segkit.measures.kpis import BASE, BASE_NAME, KpiDefinition
from segkit.measures.pushed_counts import Everyone
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
        if view.unassigned:
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
        try:
            listed = (_at_source if is_source(view.customers) else _in_memory)(
                view, segment, definition, personal
            )
        except SegkitError as problem:
            look.notice(str(problem))
            return
        shown = f"; {FIRST} of them are shown" if listed.count > FIRST else ""
        known = " with an answer" if definition.needs else ""
        look.note(f"{plural(listed.count, 'customer')}{known}{shown}.")
        look.table(listed.first)
        _download(listed, f"customers_behind_{file_stem(segment, definition.label)}.csv")


@dataclass(frozen=True, eq=False)
class _Listed:
    """The customers behind a number: how many, the first of them as a table, and all as CSV."""

    count: int
    first: Any
    written: Callable[[], bytes]


def _in_memory(view: View, segment: str, definition: KpiDefinition, personal: bool) -> _Listed:
    rows = behind(view.customers, view.assignment, segment, definition)
    about = (view.customers, view.assignment)
    first = behind_table(*about, rows[:FIRST], definition, personal)
    return _Listed(len(rows), first, partial(behind_csv, *about, rows, definition, personal))


def _at_source(view: View, segment: str, definition: KpiDefinition, personal: bool) -> _Listed:
    """Behind a number of a table that stays where it is: all that is listed comes from the engine."""
    engine, row = view.table.engine, view.kpis.find(segment, counted_by(definition.key))
    assert isinstance(engine, Engine)  # of a source
    asked = (segment, definition.key, personal)
    first = results.of_everyone(view.table, view.found, looking(), "behind", behind_first, *asked, FIRST)
    conditions = (*view.table.conditions, *looking().conditions)
    everyone = Everyone(engine, view.table.everyone, view.found.segmentation, conditions)
    return _Listed(row.n if row else 0, first, lambda: b"".join(behind_parts(everyone, *asked)))


def _download(listed: _Listed, file_name: str) -> None:
    if listed.count > MOST_LISTED:
        look.note(f"A browser takes lists of up to {number(MOST_LISTED)} customers; choose a smaller group.")
        return
    st.download_button(
        f"Download {plural(listed.count, 'customer')}",
        data=listed.written,
        file_name=file_name,
        mime="text/csv",
        key="download-behind",
        on_click="ignore",
    )
