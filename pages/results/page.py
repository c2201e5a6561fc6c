"""Results: what each segment is worth, and which differences are real."""

import streamlit as st

from pages.results import behind, kpi_table, pictures
from pages.ui import look
from pages.ui.view import bar, toggle_focus, view_or_stop
from segkit.charts.frame import HALF, WIDE
from segkit.charts.kpi_charts import OVERVIEW, band_numbers, nps_bands, overview, overview_title, sizes
from segkit.charts.kpi_pictures import kpi_numbers
from segkit.insights.headlines import results_headline
from segkit.labels import plural

view = view_or_stop()
kpis, segments, theme = view.kpis, view.segments, look.theme()

look.headline(
    results_headline(kpis, view.focus)
    or f"{plural(len(segments), 'segment')}; no column tells an outcome, so only sizes compare.",
    kicker=view.kicker,
)
bar(view)
behind.listen()


def pick(place: int) -> None:
    """Put the segment of a row in front."""
    if place < len(segments):
        toggle_focus(segments[place].key)


dots = overview(kpis, segments, theme, overview_title(kpis))
if dots is not None:
    keys = [key for key in OVERVIEW if key in kpis.keys]
    look.picture(dots, kpi_numbers(kpis, keys), "overview", view.source, pick)
kpi_table.show(view)
behind.show(view)
pictures.show(view, WIDE)
left, right = st.columns(2, gap="medium") if "nps" in kpis.keys else (st.container(), None)
with left:
    bars = sizes(kpis, segments, theme)
    look.picture(bars, kpi_numbers(kpis, ["size", "share"]), "sizes", view.source, pick, HALF)
bands = nps_bands(kpis, theme)
if right is not None and bands is not None:
    with right:
        look.picture(bands, band_numbers(kpis), "nps", view.source, None, HALF)
buttons = st.container(horizontal=True)
outcomes = any(one.needs for one in kpis.definitions)
if not outcomes and buttons.button("Choose what to compare →", type="primary", key="to-outcomes"):
    st.switch_page(st.session_state["pages"]["data"])
if outcomes and buttons.button("Explore the differences →", type="primary", key="to-explore"):
    st.switch_page(st.session_state["pages"]["explore"])
if buttons.button("Present →", key="to-present"):
    st.switch_page(st.session_state["pages"]["present"])
if buttons.button("Download lists →", key="to-downloads"):
    st.switch_page(st.session_state["pages"]["downloads"])
kpi_table.not_measured(view.table.customers)
