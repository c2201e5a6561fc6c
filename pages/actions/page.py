"""Actions: what to do about each segment, for whom, and whether it worked."""

import streamlit as st

from pages.actions import brief, holdout, own, plays
from pages.ui import look
from pages.ui.view import bar, view_or_stop
from segkit.insights.action_text import actions_headline
from segkit.insights.playbook.advice import playbook

view = view_or_stop()
found = playbook(view.customers, view.assignment, view.kpis, own.limits(view), own.plays(view))
look.headline(actions_headline(found, view.focus, plays.focused(view)), kicker=view.kicker)
bar(view)
plays.show(view, found)
holdout.show(view)
brief.show(view, found)
own.show(view)
plays.not_judged(found)
if st.button("Set triggers →", type="primary", key="to-triggers"):
    st.switch_page(st.session_state["pages"]["triggers"])
