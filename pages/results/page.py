"""Results: what each segment is worth, and which differences are real."""

import streamlit as st

from pages.results import kpi_table
from pages.ui import look, results
from segkit.charts.kpi_charts import nps_bands, overview, overview_title, sizes
from segkit.insights.headlines import results_headline
from segkit.labels import plural
from segkit.measures.kpis import find_kpi

table = results.table_or_stop()
found = results.found_or_stop(table)
kpis, segments, theme = found.kpis, found.assignment.segments, look.theme()

look.headline(
    results_headline(kpis)
    or f"{plural(len(segments), 'segment')}; no column tells an outcome, so only sizes compare.",
    kicker=f"{table.title}: {plural(len(table.customers), 'customer')}",
)
dots = overview(kpis, segments, theme, overview_title(kpis))
if dots is not None:
    look.chart(dots, key="overview")
kpi_table.show(kpis)
left, right = st.columns(2, gap="medium") if "nps" in kpis.keys else (st.container(), None)
with left:
    look.chart(sizes(kpis, segments, theme), key="sizes")
bands = nps_bands(kpis, theme)
if right is not None and bands is not None:
    with right:
        look.chart(bands, key="nps")
buttons = st.container(horizontal=True)
outcomes = any(find_kpi(key).needs for key in kpis.keys)
if not outcomes and buttons.button("Choose what to compare →", type="primary", key="to-outcomes"):
    st.switch_page(st.session_state["pages"]["data"])
if buttons.button("Download lists →", type="primary" if outcomes else "secondary", key="to-downloads"):
    st.switch_page(st.session_state["pages"]["downloads"])
kpi_table.not_measured(table.customers)
