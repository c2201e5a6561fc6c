"""Explore: two KPIs against each other, segments as bubbles."""

import streamlit as st

from pages.ui import look
from pages.ui.view import View, ask_kpi
from segkit.charts.kpi_pictures import bubbles, kpi_numbers

ACROSS = ("nps", "retention", "csat", "conversion")  # how customers feel or what they do …
UP = ("revenue", "margin", "orders", "value")  # … against what they bring


def show(view: View) -> None:
    """Show two KPIs that can be chosen."""
    look.section("Two KPIs against each other", "Each bubble is a segment; the larger, the more customers.")
    labels = {one.key: one.label for one in view.kpis.definitions if one.needs}
    if len(labels) < 2:
        look.notice("It takes two KPIs to compare. Say on the Data page which columns tell an outcome.")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        across = ask_kpi("Across", labels, "two-across", ACROSS)
    others = {key: label for key, label in labels.items() if key != across}
    brought = [key for key in UP if key in labels][:1]
    with right:  # the choice is among the others, which differ by what is across
        up = ask_kpi("Up", others, f"two-up-{across}", brought)
    chart = bubbles(view.kpis, view.segments, look.theme(), (across, up))
    if chart is None:
        look.notice("No segment has enough answers in both KPIs. Choose another pair.")
        return
    numbers = kpi_numbers(view.kpis, tuple(dict.fromkeys(("share", across, up))))
    look.picture(chart, numbers, "two-kpis", view.source)
