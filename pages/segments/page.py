"""Segments: see the groups, choose what forms them and how many there are."""

import streamlit as st

from pages.segments import choices, who
from pages.ui import look, results, state
from segkit.insights.headlines import segments_headline
from segkit.insights.profiles import most_distinct

table = results.table_or_stop()
choices.dimensions(table)
found = results.found_or_stop(table)
advice = results.advice(table.customers, state.plan())
names = {segment.key: segment.name for segment in found.assignment.segments}
distinct = most_distinct(found.traits)

title = segments_headline(
    found.assignment, advice.candidate(len(names)), names[distinct] if distinct else None
)
look.headline(title, kicker=choices.kicker(table, found))
for sentence in found.segmentation.notes:
    look.notice(sentence)
picture, choice = st.columns([15, 8], gap="medium")
with picture:
    drawn_around = who.picture(table, found)
with choice:
    choices.how_many(advice, found)
    if st.button("See results →", type="primary", key="see-results", width="stretch"):
        st.switch_page(st.session_state["pages"]["results"])
if drawn_around:
    who.selection(table, found, drawn_around)
who.cards(found)
choices.evidence(advice, len(names))
choices.names(found)
choices.steps(found)
results.start_neighbours(table.customers, state.plan(), len(names))
