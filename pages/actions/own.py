"""What a person sets: the limits of the plays, and plays of her own."""

from typing import Any

import streamlit as st

from pages.ui import kept, look
from pages.ui.view import View
from segkit.errors import SegkitError
from segkit.insights.playbook.limits import LIMITS, Limits, moved_limits, usual_limits
from segkit.insights.playbook.own import (
    KPI_HOWS,
    LONGEST_ACTION,
    by_key,
    columns_to_ask,
    own_key,
    own_play,
    set_by_person,
    written_share,
)
from segkit.insights.playbook.plays import EFFORTS, OWNERS, Play

EDITOR = {
    "What counts": st.column_config.TextColumn(disabled=True, width="large"),
    "Limit": st.column_config.NumberColumn(required=True),
    "Unit": st.column_config.TextColumn(disabled=True, width="small"),
}


def limits(view: View) -> Limits:
    """The limits that hold for these segments."""
    return set_by_person(kept.all_written(view))[0]


def written(view: View) -> dict[str, dict[str, Any]]:
    """The plays that a person wrote, as she wrote them, by key."""
    return by_key(kept.written(view, "plays"))


def plays(view: View) -> list[Play]:
    """The plays that a person wrote; one that cannot be read is left out."""
    return set_by_person(kept.all_written(view))[1]


def show(view: View) -> None:
    """Offer limits and plays of one's own."""
    box = look.folded("Adjust: limits and plays of your own", "adjust-plays")
    if box is None:
        return
    with box:
        _limits(view)
        look.question("A play of your own")
        _new_play(view)
        _delete(view)


def _limits(view: View) -> None:
    """Show every limit in a table; what is changed there holds from now on."""
    now = limits(view)
    rows = [{"What counts": one.label, "Limit": now[one.key], "Unit": one.unit} for one in LIMITS]
    key = f"limits-{view.found.key}-{hash(tuple(now.values()))}"
    typed = st.data_editor(rows, hide_index=True, column_config=EDITOR, key=key, width="stretch")
    values = {one.key: row["Limit"] for one, row in zip(LIMITS, typed, strict=True)}
    if values != now:
        try:
            kept.write(view, "limits", moved_limits(values))
        except SegkitError as problem:
            look.notice(str(problem), problem=True)
        else:
            st.rerun()
    if now != usual_limits() and st.button("Back to the usual limits", key="usual-limits"):
        kept.write(view, "limits", None)
        st.rerun()


# --- a play of one's own --------------------------------------------------------------------------


def _new_play(view: View) -> None:
    """Build a play: what it looks at, how that compares, and what to do then."""
    kpis = {f"KPI: {one.label}": one.key for one in view.kpis.definitions if one.needs}
    columns = columns_to_ask(view.customers)
    about = f"{view.found.key}-{view.customers.fingerprint}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.selectbox("When", [*kpis, *columns], key=f"own-what-{about}")
        asked = _asked(view, what, kpis, columns)
    action = st.text_input(
        "Do", max_chars=LONGEST_ACTION, key="own-action", placeholder="Invite them to a call"
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        owner = st.selectbox("Who does it", list(OWNERS), format_func=OWNERS.__getitem__, key="own-owner")
        effort = st.selectbox("Effort", list(EFFORTS), format_func=EFFORTS.__getitem__, key="own-effort")
        add = st.button("Add the play", key="own-add")
    if add:
        _add(view, asked | {"action": action, "owner": owner, "effort": effort})


def _asked(
    view: View, what: str | None, kpis: dict[str, str], columns: dict[str, list[str]]
) -> dict[str, Any]:
    """Ask how it compares: a KPI with the rest or with a value, a column by the share who meet a test."""
    if what is None:
        return {}
    if what in kpis:
        how = st.selectbox("is", list(KPI_HOWS), format_func=KPI_HOWS.__getitem__, key="own-how")
        asked: dict[str, Any] = {"kpi": kpis[what], "how": how}
        if how in ("below", "above"):
            percentages = view.kpis.definition(kpis[what]).format == "percent"
            value = st.number_input("Value, in %" if percentages else "Value", value=0.0, key="own-value")
            asked["value"] = value / 100 if percentages else value
        return asked
    how = st.selectbox("is", columns[what], key=f"own-how-{what}")
    value = st.text_input("Value", key="own-test", placeholder="10, or a; b")
    share = st.number_input("for more than, in %", 0, 100, 30, key="own-share")
    return {"typed": (what, how, value, share / 100)}


def _add(view: View, asked: dict[str, Any]) -> None:
    """Keep a play, or say what it lacks."""
    try:
        typed = asked.pop("typed", None)
        if typed is not None:
            asked |= written_share(view.customers, *typed)
        own_play(asked)
    except SegkitError as problem:
        look.notice(str(problem), problem=True)
        return
    kept.write(view, "plays", list((written(view) | {own_key(asked): asked}).values()))
    st.rerun()


def _delete(view: View) -> None:
    """Offer to delete a play that was written."""
    known = written(view)
    if not known:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.selectbox(
            "Your plays",
            list(known),
            format_func=lambda one: str(known[one].get("action", "")),
            key=f"own-play-{len(known)}",
        )
        if st.button("Delete", key="own-delete"):
            kept.write(view, "plays", [one for name, one in known.items() if name != key])
            st.rerun()
