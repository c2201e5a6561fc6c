"""Actions: what to do about each segment, for whom, and whether it worked."""

import streamlit as st

from pages.actions import brief, holdout, own, plays
from pages.ui import look
from pages.ui.view import bar, view_or_stop
from segkit.insights.action_text import actions_headline

view = view_or_stop()
found, problem = plays.judged(view)
look.headline(actions_headline(found, view.focus, plays.focused(view)), kicker=view.kicker)
bar(view)
plays.show(view, found, problem)
holdout.show(view)
brief.show(view, found)
own.show(view)
plays.not_judged(found)
if st.button("Set triggers →", type="primary", key="to-triggers"):
    st.switch_page(st.session_state["pages"]["triggers"])
