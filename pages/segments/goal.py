"""What the segments are for: a goal proposes what forms them, and how."""

import streamlit as st

from pages.ui import look, state
from segkit.segments.goals import GOALS, find_goal, proposal


def choice(table: state.Loaded) -> None:
    """Offer the goals, and say what the chosen one proposed."""
    keys = [goal.key for goal in GOALS]
    state.show("goal", state.plan().goal)
    st.segmented_control(
        "What are the segments for?",
        keys,
        format_func=lambda key: find_goal(key).label,
        key="goal",
        on_change=_take,
        args=(table,),
    )
    goal = find_goal(state.plan().goal)
    if goal is not GOALS[0]:
        look.note(_why(table, goal.key) or f"{goal.question} With your own choices of how to tell.")


def _why(table: state.Loaded, goal: str) -> str:
    """What the goal proposed, in words, while that is still what is chosen."""
    known = st.session_state.setdefault("proposed", {})
    key = (table.customers.fingerprint, goal)
    if key not in known:
        known[key] = proposal(table.customers, goal)
    wanted, now = known[key].plan, state.plan()
    same = (now.dimensions, now.method, now.options) == (wanted.dimensions, wanted.method, wanted.options)
    return known[key].sentence if same else ""


def _take(table: state.Loaded) -> None:
    """Take what a goal proposes; a click on the chosen one keeps it."""
    goal = st.session_state["goal"]
    if goal is None:
        return
    state.set_plan(proposal(table.customers, goal).plan)
