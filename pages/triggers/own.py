"""Triggers of one's own: made of a date and conditions, and kept between visits."""

from typing import Any

import streamlit as st

from pages.ui import conditions, kept, look
from pages.ui.view import View
from segkit.errors import SegkitError
from segkit.insights.triggers.found import PLAYS, find_play
from segkit.insights.triggers.own import (
    MOST_DAYS,
    WAYS,
    OwnTrigger,
    datable,
    find_way,
    named_apart,
    own_triggers,
)

PART = "triggers"  # of what is kept
MOST = 10
ROUND = "own-trigger-round"  # counts what was added, so that the form starts empty again


def made(view: View) -> list[OwnTrigger]:
    """The triggers that somebody made for these segments."""
    return own_triggers(kept.written(view, PART))[:MOST]


def show(view: View) -> None:
    """Let the user make triggers, and take them away."""
    before = made(view)
    box = look.folded("Your own triggers", "own-triggers")
    if box is None:
        return
    with box:
        for place, one in enumerate(before):
            _made(view, before, place, one)
        if len(before) < MOST:
            _form(view, before)
        else:
            look.note(f"{MOST} of your own are the most; remove one to make another.")


def _made(view: View, before: list[OwnTrigger], place: int, one: OwnTrigger) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"own-trigger-{place}"):
        st.html(
            f"<p class='list-name'><b>{look.literal(one.name)}</b> {look.literal(one.text)} · "
            f"play: {look.literal(find_play(one.play).label)}</p>"
        )
        if st.button("Remove", key=f"own-trigger-remove-{place}"):
            _keep(view, [other for other in before if other is not one])


def _form(view: View, before: list[OwnTrigger]) -> None:
    customers, key = view.table.customers, f"own-trigger-{st.session_state.get(ROUND, 0)}"
    look.question("Make a trigger")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name", key=f"{key}-name", placeholder="Trial ends", max_chars=40, width=220)
        dates = datable(customers)
        column = st.selectbox(
            "Date",
            ["", *dates],
            index=min(1, len(dates)),
            format_func=lambda one: one or "None, conditions only",
            key=f"{key}-date",
            width=220,
        )
        way = st.selectbox(
            "The date",
            [one.key for one in WAYS],
            format_func=lambda one: find_way(one).label,
            key=f"{key}-way",
            disabled=not column,
            width=220,
        )
        days = st.number_input("Days", 0, MOST_DAYS, 14, key=f"{key}-days", disabled=not column, width=120)
        play = st.selectbox(
            "Play",
            [one.key for one in PLAYS],
            format_func=lambda one: find_play(one).label,
            key=f"{key}-play",
            width=220,
        )
    wanted = conditions.asked(customers, (), "Only customers by", key)
    if st.button("Add this trigger", key="own-trigger-add"):
        _add(view, before, (name, column, way, int(days), wanted, play))


def _add(view: View, before: list[OwnTrigger], values: tuple[Any, ...]) -> None:
    """Keep one more; say what is wrong where it cannot be."""
    try:
        one = named_apart(OwnTrigger(*values), before)
    except SegkitError as problem:
        look.notice(str(problem), problem=True)
        return
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    _keep(view, [*before, one])


def _keep(view: View, triggers: list[OwnTrigger]) -> None:
    """Keep these; where that cannot be done, the page stays and says so."""
    kept.write(view, PART, [one.to_dict() for one in triggers])
    if made(view) == triggers:
        st.rerun()
