"""How do we know: the evidence for the number of segments, and for each of them."""

from math import isnan

import streamlit as st

from pages.segments import how_many
from pages.ui import look, results, state
from pages.ui.jobs import Found
from segkit.charts.evidence_charts import evidence_chart, flow_chart
from segkit.charts.tree_chart import tree_chart
from segkit.charts.why_chart import certainty_chart
from segkit.labels import number, percent, plural
from segkit.segments.evidence.advice import Advice
from segkit.segments.evidence.agreement import agreement_sentence
from segkit.segments.holding import light_of
from segkit.segments.methods.table import find_method
from segkit.segments.why import certainty


def show(table: state.Loaded, found: Found, advice: Advice | None) -> None:
    """Show how the recommendation came about, beside what scrambled data give."""
    if advice is None:
        look.note("Rules define these segments, so there is no number of segments to find evidence for.")
        return
    count = int(found.segmentation.plan.n_segments)
    look.note(advice.sentence)
    look.chart(evidence_chart(advice, count, look.theme()), key="evidence")
    look.note(
        f"Measured on {number(advice.sample)} customers. Agreement, at most 1, is the adjusted Rand index "
        "between segments found in five redraws; silhouette, −1 to 1, says how much closer customers are to "
        "their own segment than to the next; Calinski–Harabasz is the variance between segments over that "
        "within. Scrambled data keep each column's values and break what links them."
    )
    st.dataframe([_row(advice, one.segments) for one in advice.evidence], hide_index=True)
    if advice.flow(count) is not None or advice.flow(count - 1) is not None:
        look.chart(flow_chart(advice, count, look.theme()), key="flow")
    if found.segmentation.plan.method == "ward":
        merges = results.tree(table.customers, found.segmentation.plan)
        look.chart(tree_chart(merges, count, look.theme()), key="tree")
    _other_methods(table, found)


def _row(advice: Advice, count: int) -> dict[str, object]:
    one = advice.candidate(count)
    assert one is not None
    band = one.scrambled
    return {
        "Segments": count,
        "Verdict": one.verdict.capitalize(),
        "Agreement (scrambled)": _beside(one.stability, band and (band.stability_low, band.stability_high)),
        "Silhouette (scrambled)": _beside(
            one.silhouette, band and (band.silhouette_low, band.silhouette_high)
        ),
        "Calinski–Harabasz": number(one.calinski_harabasz, 0),
        "Smallest segment": percent(one.smallest),
    }


def _beside(value: float, scrambled: tuple[float, float] | None) -> str:
    """A measure, and in brackets what scrambled data reach."""
    if scrambled is None:
        return f"{number(value, 2)} (…)"
    return f"{number(value, 2)} ({number(scrambled[0], 2)} to {number(scrambled[1], 2)})"


def _other_methods(table: state.Loaded, found: Found) -> None:
    box = look.folded("Do other methods find the same groups?", "fold-methods")
    if box is None:
        return
    with box:
        compared = results.agreement(table.customers, found.segmentation.plan)
        look.note(agreement_sentence(compared))
        look.bullets([f"{find_method(one.method).label}: {one.sentence}" for one in compared])


def each(table: state.Loaded, found: Found, advice: Advice | None) -> None:
    """Show how firmly each segment holds, how sure its customers are, and which is next to it."""
    firm = results.firmness(table.customers, found)
    constructed = how_many.is_constructed(advice, found)
    sure = {one.segment.key: one for one in certainty(found.assignment)}
    next_to = results.closest(table.customers, found)
    picture = certainty_chart(tuple(sure.values()), look.theme())
    if picture is not None:
        look.chart(picture, key="certainty")
    rows = []
    for segment, size in zip(found.assignment.segments, found.sizes, strict=True):
        held, nearest = (firm or {}).get(segment.key), next_to[segment.key]
        rows.append(
            {
                "Segment": segment.name,
                "Customers": number(int(size)),
                "Holds": _held(firm, held, constructed),
                "On the border": _share(sure[segment.key].border),
                "At the heart": _share(sure[segment.key].sure),
                "Nearest to": nearest.name if nearest else "—",
            }
        )
    st.dataframe(rows, hide_index=True)
    look.note(
        "Holds: the likeness (Jaccard index) of a segment to the most alike one when customers are drawn "
        "again twenty times; from 0.85 very firm, from 0.75 firm, below 0.60 not to be trusted."
    )
    if found.assignment.unassigned:
        look.note(f"{plural(found.assignment.unassigned, 'customer')} fit none of the segments.")
    else:
        look.note("Everybody fits a segment. To set the most unusual apart, use “Change by hand”.")


def _held(firm: dict[str, float] | None, held: float | None, constructed: bool) -> str:
    if firm is None:
        return "measuring …"
    if held is None:
        return "By its rule"
    label = "Constructed" if constructed else light_of(held).label
    return f"{label} ({number(held, 2)})"


def _share(share: float) -> str:
    return "not shown" if isnan(share) else percent(share)
