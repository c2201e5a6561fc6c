"""A closer look: one panel at a time below the segments."""

from collections.abc import Callable

import streamlit as st

from pages.segments import by_hand, evidence, in_words, one_customer
from pages.ui import look, state
from pages.ui.jobs import Found
from pages.ui.work import Stopped
from pages.ui.workshop import again
from segkit.segments.evidence.advice import Advice

Panel = Callable[[state.Loaded, Found, Advice | None], None]

PANELS: dict[str, Panel] = {
    "How do we know?": evidence.show,
    "How firm?": evidence.each,
    "Change by hand": by_hand.show,
    "Rules and SQL": in_words.show,
    "Who is this?": one_customer.place,
    "Why this segment?": one_customer.why_here,
    "Values": in_words.steps,
}


def show(table: state.Loaded, found: Found, advice: Advice | None) -> None:
    """Offer the panels, and show the one that is chosen."""
    look.section("Look closer")
    chosen = st.segmented_control(
        "Look closer", list(PANELS), default=None, key="closer", label_visibility="collapsed"
    )
    if not chosen:
        return
    try:
        PANELS[chosen](table, found, advice)
    except Stopped:
        look.note("You stopped looking. Nothing is lost.")
        st.button("Look again", key="look-again", on_click=again)
