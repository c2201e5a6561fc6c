"""Two segments side by side: the differences that matter first."""

import streamlit as st

from pages.ui import look, results
from pages.ui.looking import looking
from pages.ui.view import View
from segkit.charts.effect_charts import comparison_chart, comparison_numbers
from segkit.customers.sampling import is_source
from segkit.insights.effect_text import compared_label, compared_value, compared_verdict
from segkit.labels import percent, plural
from segkit.measures.comparison import About, Compared, compare, compare_facts
from segkit.measures.pushed_comparison import facts_of_all
from segkit.segments.segmentation import Segment

MOST_LINES = 12  # of the table in sight; all are in the numbers of the chart


def show(view: View) -> None:
    """Compare two segments of one's choice in every KPI and every column."""
    look.section(
        "Compare two segments",
        "Largest difference first. What formed the segments differs by construction and is marked ↻.",
    )
    segments = [one for one, size in zip(view.assignment.segments, view.sizes, strict=True) if size]
    if len(segments) < 2:
        look.notice(
            "It takes two segments with customers to compare. Change the filter, or form more segments."
        )
        return
    first, second = _pair(view, segments)
    rows = _compared(view, first.key, second.key)
    look.note(f"{_size(view, first)}; {_size(view, second)}.")
    chart = comparison_chart(rows, view.kpis, first, second, look.theme())
    if chart is None:
        look.notice("Too few answers in these segments to show any value.")
        return
    look.picture(chart, comparison_numbers(rows, view.kpis, first, second), "compare", view.source)
    st.dataframe(_table(view, rows, first, second), hide_index=True, width="stretch", key="compare-table")


def _compared(view: View, first: str, second: str) -> list[Compared]:
    """Compare all customers; where their table stays where it is, an engine is asked once for all pairs."""
    if not is_source(view.customers):
        return compare(view.customers, view.assignment, view.kpis, first, second)
    keys = [one.key for one in view.assignment.segments]
    asked = tuple(view.kpis.keys)
    facts = results.of_everyone(view.table, view.found, looking(), "facts", facts_of_all, asked)
    about = About(view.customers, keys, view.assignment.dimensions)
    return compare_facts(about, facts, view.kpis, first, second)


def _pair(view: View, segments: list[Segment]) -> tuple[Segment, Segment]:
    """Ask for two segments; the second is never the first."""
    left, right = st.columns(2, gap="medium")
    by_key = {one.key: one for one in segments}
    keys = list(by_key)
    with left:
        first = st.selectbox(
            "Compare",
            keys,
            index=keys.index(_first(view, keys)),
            format_func=lambda key: by_key[key].name,
            key=f"compare-first-{view.focus}",  # a new focus is a new default
        )
    others = [key for key in keys if key != first]
    with right:
        second = st.selectbox(
            "with",
            others,
            index=others.index(max(others, key=lambda key: view.kpis.size(key))),
            format_func=lambda key: by_key[key].name,
            key=f"compare-second-{first}",
        )
    return by_key[first], by_key[second]


def _first(view: View, keys: list[str]) -> str:
    """The segment in front; else the one farthest from its share in revenue, else the largest."""
    if view.focus in keys:
        return view.focus
    money = {key: abs(view.kpis.differences.get((key, "revenue_share"), 0.0)) for key in keys}
    return max(keys, key=lambda key: (round(money[key], 9), view.kpis.size(key)))


def _size(view: View, segment: Segment) -> str:
    count = view.kpis.size(segment.key)
    return f"“{segment.name}”: {plural(count, 'customer')}, {percent(count / view.count)}"


def _table(view: View, rows: list[Compared], first: Segment, second: Segment) -> dict[str, list[str]]:
    """The largest differences as text, those that did not form the segments first."""
    shown = sorted(rows, key=lambda row: row.verdict == "formed")[:MOST_LINES]
    return {
        "What": [compared_label(row, view.kpis) for row in shown],
        f"“{first.name}”": [compared_value(row, row.first.value, view.kpis) for row in shown],
        f"“{second.name}”": [compared_value(row, row.second.value, view.kpis) for row in shown],
        "Verdict": [compared_verdict(row, view.kpis) for row in shown],
    }
