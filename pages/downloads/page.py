"""Downloads: lists of customers for a CRM or a spreadsheet."""

import streamlit as st

from pages.downloads import lists
from pages.ui import look, results
from segkit.insights.headlines import downloads_headline

table = results.table_or_stop()
found = results.found_or_stop(table)

look.headline(downloads_headline(found.assignment), kicker=table.title)
raw = st.toggle(
    "Raw cells, for a CRM import",
    key="raw",
    persist_state="session",
    help="Off, cells that a spreadsheet would run as a formula get an apostrophe in front. "
    "On, they are exactly as in your file.",
)
lists.whole(table, found, raw)
lists.per_segment(table, found, raw)
