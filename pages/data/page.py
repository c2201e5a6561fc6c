"""Data: load customers, see what was understood, correct it."""

import streamlit as st

from pages.data import columns, intake
from pages.ui import look, results, state
from segkit.insights.headlines import data_headline

stuck = intake.read_new_file()
table = state.loaded()
if table is None:
    intake.welcome()
    intake.tell(stuck)
    intake.open_file()
    intake.what_to_bring()
    st.stop()

results.start_ahead(table.customers, state.plan())
look.headline(data_headline(table.customers), kicker=table.name)
intake.tell(stuck)
left, right = st.columns([6, 5], gap="large")
with left:
    intake.facts(table.customers)
    if st.button("Find segments →", type="primary", key="find-segments"):
        st.switch_page(st.session_state["pages"]["segments"])
    intake.checks(table.customers)
with right:
    intake.coverage_chart(table.customers)
look.section(
    "What each column means",
    "Everything here was guessed from names and values. Click a cell in “Read as” or “Means” to change it.",
)
columns.editor(table)
columns.scale_choice(table)
columns.preview(table.customers)
with st.expander("Load another file"):
    intake.open_file()
    intake.sheet_choice(table)
    if st.button("Remove this file from memory", key="forget"):
        state.forget()
        st.rerun()
