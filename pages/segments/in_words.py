"""Segments in words: rules for a CRM, SQL for a warehouse, and what was done to the values."""

import streamlit as st

from pages.ui import kept, look, results, state
from pages.ui.jobs import Found
from segkit.insights.about import commented
from segkit.labels import percent
from segkit.segments.evidence.advice import Advice
from segkit.segments.sql import assignment_sql


def show(table: state.Loaded, found: Found, advice: Advice | None) -> None:
    """Show a rule per segment, and the SQL that assigns everybody exactly."""
    look.note(
        "A rule finds most of a segment with few conditions. Precision: how many of those found belong to "
        "it; recall: how many of it are found; both among customers the rule was not made from."
    )
    for rule in results.rules(table.customers, found):
        with st.container(key=f"card-rule-{rule.segment.key}"):
            look.segment_name(rule.segment)
            if not rule.sentences:
                look.note("No short rule finds this segment; use the SQL below, which is exact.")
                continue
            look.bullets([sentence[0].upper() + sentence[1:] for sentence in rule.sentences])
            look.note(f"Precision {percent(rule.precision)}, recall {percent(rule.recall)}")
            st.code(f"WHERE {rule.sql}", language="sql", wrap_lines=True)
    sql = commented(found.segmentation, assignment_sql(found.segmentation, customers=table.customers))
    look.section("Exact SQL", "One query that assigns every customer as this page does.")
    with st.container(horizontal=True):
        st.download_button(
            "Download the SQL", sql, "assignment.sql", "text/plain", key="download-sql", on_click="ignore"
        )
        st.download_button(
            "Download the segmentation (JSON)",
            kept.with_written(table, found).to_json(),
            "segmentation.json",
            "application/json",
            key="download-json",
            on_click="ignore",
            help="All that is needed to place customers again, as for “python -m segkit score”, and what was "
            "written about the segments.",
        )
    box = look.folded("Show the SQL", "fold-sql")
    if box is not None:
        with box:
            st.code(sql, language="sql", wrap_lines=True, height=400)


def steps(table: state.Loaded, found: Found, advice: Advice | None) -> None:
    """Show what was done to the values of each dimension."""
    rows = [{"Column": name, "What was done": step} for name, step in found.segmentation.steps]
    st.dataframe(
        rows, hide_index=True, column_config={"What was done": st.column_config.TextColumn(width="large")}
    )
