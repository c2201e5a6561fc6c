"""Downloads: lists of customers for a CRM or a spreadsheet."""

import streamlit as st

from pages.downloads import at_source, lists
from pages.ui import look
from pages.ui.view import filter_button, view_or_stop
from segkit.insights.headlines import downloads_headline

view = view_or_stop()
look.headline(downloads_headline(view.assignment, view.count), kicker=view.kicker)
filter_button(view)
raw = st.toggle(
    "Raw cells, for a CRM import",
    key="raw",
    persist_state="session",
    help="Off, cells that a spreadsheet would run as a formula get an apostrophe in front. "
    "On, they are exactly as in your file.",
)
if view.table.engine:
    at_source.whole(view, view.table.engine, raw)
    at_source.per_segment(view, view.table.engine, raw)
else:
    lists.whole(view, raw)
    lists.per_segment(view, raw)
