"""Downloads: lists of customers for a CRM or a spreadsheet."""

import streamlit as st

from pages.downloads import at_source, contents, documents, lists, systems
from pages.ui import look
from pages.ui.view import filter_button, view_or_stop
from segkit.insights.headlines import downloads_headline

view = view_or_stop()
look.headline(downloads_headline(view.assignment, view.count), kicker=view.kicker)
filter_button(view)
files, adjust = st.container(), st.container()
with adjust:
    wanted = contents.asked(view)
with files:
    offered = at_source if view.table.engine else lists
    each, together = st.columns([15, 8], gap="large")
    with each:
        offered.per_segment(view, wanted)
    with together:
        offered.whole(view, wanted)
documents.show(view, wanted)
systems.show(view, wanted)
