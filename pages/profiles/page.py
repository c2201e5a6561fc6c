"""Profiles: who the segments are, in one picture, one by one, and as personas."""

import streamlit as st

from pages.profiles import persona, profile
from pages.ui import look
from pages.ui.view import bar, view_or_stop

view = view_or_stop()
persona.dress()
known = profile.measured(view)
look.headline(profile.headline(view, known), kicker=view.kicker)
bar(view)
profile.all_segments(view, known)
segment = profile.chosen(view)
profile.show(view, known, segment)
persona.show(view, known, segment)
if st.button("Explore the differences →", type="primary", key="to-explore"):
    st.switch_page(st.session_state["pages"]["explore"])
