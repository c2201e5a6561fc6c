"""Explore: what the segments are made of, what goes with a KPI, and how two of them differ."""

import streamlit as st

from pages.explore import columns, compare, drivers, two_kpis
from pages.ui import look
from pages.ui.view import bar, view_or_stop
from segkit.insights.headlines import results_headline

PARTS = {
    "Compare two segments": compare.show,
    "What goes with a KPI": drivers.show,
    "Any column by segment": columns.show,
    "Two KPIs": two_kpis.show,
}

view = view_or_stop()
look.headline(drivers.headline(view) or results_headline(view.kpis, view.focus), kicker=view.kicker)
bar(view)
part = st.segmented_control(
    "Look at",
    list(PARTS),
    default=next(iter(PARTS)),
    key="explore-part",
    required=True,
    label_visibility="collapsed",
    persist_state="session",
)
PARTS[part or next(iter(PARTS))](view)
