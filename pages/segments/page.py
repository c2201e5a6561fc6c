"""Segments: choose what they are for, see the groups, learn whether they are real, and change them."""

import streamlit as st

from pages.segments import by_hand, closer, forming, goal, how_many, who
from pages.ui import look, results, state
from segkit.insights.headlines import segments_headline
from segkit.insights.profiles import most_distinct
from segkit.labels import plural

table = results.table_or_stop()
forming.choices(table)
found = results.found_or_stop(table)
advice = results.advice(table.customers, state.plan())
firm = results.firmness(table.customers, found)
names = {segment.key: segment.name for segment in found.assignment.segments}
distinct = most_distinct(found.traits)
refined = bool(found.segmentation.refinements)

evidence = advice.candidate(len(names)) if advice is not None and not refined else None
title = segments_headline(found.assignment, evidence, names[distinct] if distinct else None)
formed = plural(len(found.segmentation.tree.names), "dimension")
look.headline(title, kicker=results.kicker(table, found, f"segments from {formed}"))
goal.choice(table)
for sentence in found.segmentation.notes:
    (look.notice if advice is not None else look.note)(sentence)
picture, choice = st.columns([15, 8], gap="medium")
with picture:
    drawn_around = who.picture(table, found)
with choice:
    how_many.choice(advice, found)
    if st.button("See results →", type="primary", key="see-results", width="stretch"):
        st.switch_page(st.session_state["pages"]["results"])
    how_many.offers(advice, found)
if drawn_around:
    who.selection(table, found, drawn_around)
who.cards(found, firm, how_many.is_constructed(advice, found))
by_hand.done(found)
closer.show(table, found, advice)
results.start_neighbours(table.customers, state.plan(), len(names))
results.wait_quietly()
