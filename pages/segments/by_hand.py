"""Changing segments by hand: one action at a time, each of which can be taken back."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui import look, state
from pages.ui.jobs import Found
from segkit.charts.palette import SEGMENT_COLOUR_NAMES
from segkit.errors import SegkitError
from segkit.labels import quantity, readable
from segkit.segments.asking import askable, typed
from segkit.segments.conditions import find_comparison
from segkit.segments.evidence.advice import Advice
from segkit.segments.refining import ACTIONS, borders
from segkit.segments.segmentation import LONGEST_NAME

CLUSTERS = "By similarity"
CONDITION = "By a condition"


def done(found: Found) -> None:
    """List what was changed by hand, with undo and redo."""
    key = found.key
    now = state.refined(key)
    if not now.done and not now.undone:
        return
    said = [str(one.get("said", "")) for one in found.segmentation.refinements]
    look.section("Changed by hand")
    if said:
        look.bullets(said)
    with st.container(horizontal=True):
        st.button("Undo", key="undo", disabled=not now.done, on_click=state.undo, args=(key,))
        st.button("Redo", key="redo", disabled=not now.undone, on_click=state.redo, args=(key,))


def show(table: state.Loaded, found: Found, advice: Advice | None) -> None:
    """Offer the actions."""
    labels = {action.key: action for action in ACTIONS}
    usable = [key for key in labels if key != "border" or borders(found.segmentation)]
    chosen = st.selectbox(
        "What to change", usable, format_func=lambda key: labels[key].label, key="action", width=320
    )
    look.note(labels[chosen].help)
    problem = state.problem_of_trying()
    if problem:
        look.notice(problem, problem=True)
    refinement = _FORMS[chosen](table, found)
    st.button(
        labels[chosen].label,
        type="primary",
        key="refine",
        disabled=refinement is None,
        on_click=state.try_to_refine,
        args=(found.key, refinement),
    )


def _segment(found: Found, label: str, key: str) -> str:
    names = {segment.key: segment.name for segment in found.assignment.segments}
    return st.selectbox(
        label, list(names), format_func=names.__getitem__, key=f"{key}-{len(names)}", width=420
    )


def _several(found: Found, label: str, key: str) -> list[str]:
    names = {segment.key: segment.name for segment in found.assignment.segments}
    return st.multiselect(label, list(names), format_func=names.__getitem__, key=f"{key}-{len(names)}")


def _rename(table: state.Loaded, found: Found) -> dict[str, Any] | None:
    segment = _segment(found, "Segment", "rename-which")
    now = next(one.name for one in found.assignment.segments if one.key == segment)
    name = st.text_input(
        "New name",
        value=now,
        max_chars=LONGEST_NAME,
        key=f"name-{found.key}-{segment}",
        help="Leave it empty to get a name made from what sets the segment apart.",
        width=420,
    )
    return None if name == now else {"do": "rename", "segment": segment, "name": name}


def _recolour(table: state.Loaded, found: Found) -> dict[str, Any] | None:
    segment = _segment(found, "Segment", "recolour-which")
    now = next(one.colour for one in found.assignment.segments if one.key == segment)
    colour = st.selectbox(
        "Colour",
        range(len(SEGMENT_COLOUR_NAMES)),
        format_func=SEGMENT_COLOUR_NAMES.__getitem__,
        key="colour",
        width=220,
    )
    return None if colour == now else {"do": "recolour", "segment": segment, "colour": colour}


def _merge(table: state.Loaded, found: Found) -> dict[str, Any] | None:
    segments = _several(found, "Segments to merge", "merge-which")
    return {"do": "merge", "segments": segments} if len(segments) > 1 else None


def _split(table: state.Loaded, found: Found) -> dict[str, Any] | None:
    segment = _segment(found, "Segment", "split-which")
    way = st.segmented_control("How", [CLUSTERS, CONDITION], default=CLUSTERS, key="split-how")
    if way == CLUSTERS:
        count = st.number_input("Into how many", 2, 6, key="split-into", width=160)
        return {"do": "split", "segment": segment, "into": int(count)}
    when = _condition(table)
    return None if when is None else {"do": "split", "segment": segment, "when": when}


def _condition(table: state.Loaded) -> dict[str, Any] | None:
    """One test: column, comparison, value."""
    asked = {one.label: one for one in askable(table.customers)}
    left, middle, right = st.columns(3)
    column = left.selectbox("Column", list(asked), key="when-column")
    how = middle.selectbox(
        "Comparison",
        asked[column].comparisons,
        format_func=lambda key: find_comparison(key).label,
        key=f"when-how-{asked[column].numbers}",
    )
    value = right.text_input("Value", key="when-value", placeholder="a; b for several, 10 to 20 for a range")
    if not value and find_comparison(how).takes != 0:
        return None
    try:
        return typed(table.customers, column, how, value).to_dict()
    except SegkitError as problem:
        look.notice(str(problem), problem=True)
        return None


def _border(table: state.Loaded, found: Found) -> dict[str, Any] | None:
    there = borders(found.segmentation)
    column, value = st.selectbox(
        "Border",
        there,
        format_func=lambda one: f"{readable(one[0])} at {quantity(*one)}",
        key=f"border-{len(there)}",
        width=420,
    )
    moved = st.number_input("New border", value=float(value), key=f"border-to-{column}-{value}", width=220)
    return None if moved == value else {"do": "border", "column": column, "from": value, "to": moved}


def _own(table: state.Loaded, found: Found) -> dict[str, Any] | None:
    share = st.select_slider(
        "How many of the most unusual",
        [0.01, 0.02, 0.05, 0.1],
        value=0.02,
        format_func=lambda one: f"{one:.0%} of customers",
        key="own-share",
        width=420,
    )
    return {"do": "own", "share": share}


def _recluster(table: state.Loaded, found: Found) -> dict[str, Any] | None:
    kept = _several(found, "Segments to keep as they are", "keep-which")
    count = st.number_input("Group all others into", 2, 8, key="recluster-into", width=200)
    return {"do": "recluster", "keep": kept, "into": int(count)} if kept else None


_FORMS: dict[str, Callable[[state.Loaded, Found], dict[str, Any] | None]] = {
    "rename": _rename,
    "recolour": _recolour,
    "merge": _merge,
    "split": _split,
    "border": _border,
    "own": _own,
    "recluster": _recluster,
}
