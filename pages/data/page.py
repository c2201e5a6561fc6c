"""Data: load customers, see what was understood, correct it."""

import streamlit as st

from pages.data import base, columns, fitting, intake, report, verdict
from pages.ui import look, results, state
from segkit.insights.headlines import data_headline

stuck = intake.read_new_files()
table = state.loaded()
if table is None:
    intake.welcome()
    intake.tell(stuck)
    intake.open_files()
    intake.open_source()
    intake.what_to_bring()
    st.stop()

results.start_ahead(table.customers, state.plan())
look.headline(data_headline(table.customers), kicker=table.title)
intake.tell(stuck)
report.problem()
left, right = st.columns([6, 5], gap="large")
with left:
    intake.facts(table.customers)
    nothing = not (table.customers.default_dimensions or state.plan().dimensions)
    if st.button("Find segments →", type="primary", key="find-segments", disabled=nothing):
        st.switch_page(st.session_state["pages"]["segments"])
    verdict.show(table.customers)
with right:
    intake.coverage_chart(table.customers)
report.questions(table)
report.checks(table)
base.bar(table)
fitting.files(table)
fitting.as_of(table)
fitting.features(table)
look.section(
    "What each column means",
    "Everything here was guessed from names and values. Click a cell in “Read as” or “Means” to change it.",
)
columns.editor(table)
columns.preview(table)
report.assumptions(table)
report.aside(table)
if not table.of_company:
    with st.expander("Add orders, survey answers or tickets"):
        intake.add_files()
with st.expander("Load other customers"):
    intake.open_files()
    intake.open_source()
    intake.sheet_choice(table)
    if st.button("Remove these files from memory", key="forget"):
        state.forget()
        st.rerun()
