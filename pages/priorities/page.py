"""Priorities: which segments deserve money first, how firm that is, and what it would bring."""

import streamlit as st

from pages.priorities import attractiveness, micro, order_value, savings, scorecard
from pages.ui import look, results
from pages.ui.view import bar, view_or_stop
from segkit.measures.scorecard import reach as reach_of

view = view_or_stop()
reach = reach_of(view.customers, view.assignment)
ready = attractiveness.prepared(view, reach)
look.headline(attractiveness.headline(view, ready), kicker=view.kicker)
bar(view)
attractiveness.show(view, ready)
scorecard.show(view, reach)
savings.budget(view, reach)
savings.levers(view)
micro.show(view)
order_value.show(view)
kind = "primary" if ready.ranking or not ready.tells else "secondary"  # before, weights come next
if st.button("Decide what to do →", type=kind, key="to-actions"):
    st.switch_page(st.session_state["pages"]["actions"])
results.wait_quietly()
