"""Accepted actions: their status, their lists, and what they changed against those who were left alone."""

import datetime
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from pages.ui import kept, look, results, state
from pages.ui.looking import looking
from pages.ui.view import MOST_LISTED, View
from segkit.charts.holdout_chart import holdout_chart, holdout_numbers
from segkit.customers.choices import Choices
from segkit.customers.reading import interpreted
from segkit.customers.sampling import is_source
from segkit.customers.table import Customers
from segkit.engine import Engine
from segkit.errors import SegkitError
from segkit.exports.actions import action_csv
from segkit.exports.lists import personal_text
from segkit.exports.pushed_actions import Whom, action_parts, arms_of_all, drawn_again_of_all, held_of_all
from segkit.insights.action_text import INTENTION, absent_text, count_text, effect_sentence, start_sentence
from segkit.insights.playbook.accepted import STATUSES, Accepted, accepted_actions
from segkit.insights.playbook.plays import OWNERS
from segkit.insights.playbook.reach import reached
from segkit.labels import number, percent, plural
from segkit.measures.holdout import HoldoutEffect, drawn_again, effect_between, held_out, holdout_effect
from segkit.measures.kpis import SMALLEST_SHOWN, KpiDefinition
from segkit.measures.pushed_counts import Everyone

WRAP = "white-space:normal"
LATER = "later-table"  # in the session: what was uploaded to see the effect, and its name


def accepted(view: View) -> list[Accepted]:
    """The actions that were accepted for these segments; what makes no sense any more is left out."""
    return accepted_actions(kept.written(view, "actions"))


def write(view: View, actions: list[Accepted]) -> None:
    """Keep the accepted actions."""
    kept.write(view, "actions", [one.to_dict() for one in actions])


def measurable(view: View) -> list[KpiDefinition]:
    """The KPIs in which two groups of customers can be compared."""
    return [one for one in view.kpis.definitions if one.needs and not one.share_of and not one.made_of]


def show(view: View) -> None:
    """List the accepted actions, and open one of them."""
    actions = accepted(view)
    if not actions:
        return
    look.section("Accepted actions")
    st.html(_table(actions))
    box = look.folded("Status, lists and effect", "accepted")
    if box is None:
        return
    with box:
        names = {f"{one.key} {one.about}": f"{one.play.action} — {one.name}" for one in actions}
        keys = list(names)
        last = st.session_state.get("accepted-action", "")
        start = next((place for place, key in enumerate(keys) if key.startswith(f"{last} ")), 0)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            key = st.selectbox(
                "Action", keys, index=start, format_func=names.__getitem__, key=f"action-{last}-{len(keys)}"
            )
            action = next(one for one in actions if f"{one.key} {one.about}" == key)
            _status(view, actions, action)
        _about(view, action)


def _table(actions: list[Accepted]) -> str:
    left = "text-align:left;white-space:normal"
    titles = ("Segment", "Action", "Status", "Left alone", "Who")
    head = "".join(f"<th scope='col' style='{left}'>{one}</th>" for one in titles)
    rows = "".join(
        f"<tr><th scope='row'>{look.literal(one.name)}</th>"
        f"<td style='{left};min-width:18rem'><b style='{WRAP}'>{look.literal(one.play.action)}</b></td>"
        f"<td style='{left}'>{STATUSES[one.status]}<span>since {look.literal(one.day)}</span></td>"
        f"<td style='{left}'>{percent(one.holdout)}</td><td style='{left}'>{OWNERS[one.play.owner]}</td></tr>"
        for one in actions
    )
    return (
        f"<div class='kpis-box'><table class='kpis'><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _status(view: View, actions: list[Accepted], action: Accepted) -> None:
    keys = list(STATUSES)
    status = st.selectbox(
        "Status",
        keys,
        index=keys.index(action.status),
        format_func=STATUSES.__getitem__,
        key=f"status-{action.key}-{action.about}-{action.status}",
        width=200,
    )
    if status != action.status:
        today = datetime.date.today().isoformat()
        changed = replace(action, status=status, day=today)
        write(view, [changed if one is action else one for one in actions])
        st.rerun()


def _about(view: View, action: Accepted) -> None:
    """Its lists and its effect, where the customers it was accepted for are looked at."""
    if action.about != view.customers.fingerprint:
        look.note(
            f"It was accepted for other customers than those on this page: {action.whom}. Set filter and "
            "base as they were, and its lists and its effect are here."
        )
        return
    try:
        groups = (_at_source if is_source(view.customers) else _in_memory)(view, action)
    except SegkitError as problem:  # days that cannot be read where the table lives
        look.notice(str(problem), problem=True)
        return
    if groups.reached != action.reached:
        look.note(
            f"It was accepted for {plural(action.reached, 'customer')}; the segment was changed since, and "
            f"it reaches {count_text(groups.reached)} now."
        )
    with st.container(horizontal=True):
        _download(view, action, groups, groups.reached - groups.held, "treated")
        _download(view, action, groups, groups.held, "holdout")
    if action.holdout:
        _effect(view, action, groups)
    else:
        look.note("Nobody was left alone, so what it changes cannot be seen.")


@dataclass(frozen=True, eq=False)
class _Groups:
    """Whom an action is for and who of them is held out, wherever they are.

    Attributes
    ----------
    reached, held : int
    written : function
        "treated" or "holdout", and whether personal data are wanted, to its list as CSV.
    before : function
        Definition of a KPI to how both groups compare now.
    again : function
        A later table to its rows who are in the action, and who of them are held out.
    """

    reached: int
    held: int
    written: Callable[[str, bool], bytes]
    before: Callable[[KpiDefinition], HoldoutEffect]
    again: Callable[[Customers], tuple[Any, Any]]


def _in_memory(view: View, action: Accepted) -> _Groups:
    about, play = (view.customers, view.assignment), action.play
    whom = reached(*about, play, action.segment, action.limits)
    held = whom & held_out(view.customers.ids, action.key, action.holdout)
    rows = {"treated": whom & ~held, "holdout": held}
    return _Groups(
        int(whom.sum()),
        int(held.sum()),
        lambda group, personal: action_csv(*about, rows[group], play.action, group, personal),
        lambda definition: holdout_effect(view.customers, definition, whom, held),
        lambda later: drawn_again(later, view.customers.ids[whom], action.key, action.holdout),
    )


def _at_source(view: View, action: Accepted) -> _Groups:
    """Both groups of a table that stays where it is, from ids that the engine lists."""
    limits = tuple(action.limits.items())
    whom = Whom(action.play, action.segment, limits, action.key, action.holdout)
    everyone = at_source(view)
    ask = partial(results.of_everyone, view.table, view.found, looking())
    count, held = ask("held", held_of_all, whom)

    def before(definition: KpiDefinition) -> HoldoutEffect:
        (arms,) = ask("arms", arms_of_all, whom, definition.key, (action.holdout,))
        return effect_between(definition, *arms)

    return _Groups(
        count,
        held,
        lambda group, personal: b"".join(action_parts(everyone, whom, group, personal)),
        before,
        lambda later: ask("again", _again, whom, weakref.ref(later)),
    )


def _again(everyone: Everyone, whom: Whom, later: Callable[[], Customers]) -> tuple[Any, Any]:
    """Find an action in a later table, which is not to be held by what is kept of it."""
    return drawn_again_of_all(everyone, whom, later())


def at_source(view: View) -> Everyone:
    """All customers who are looked at, of a table that stays where it is."""
    engine = view.table.engine
    assert isinstance(engine, Engine)  # of a source
    conditions = (*view.table.conditions, *looking().conditions)
    return Everyone(engine, view.table.everyone, view.found.segmentation, conditions)


PERSONAL = "actions-personal"  # in the session: whether lists have personal data


def with_personal(view: View) -> bool:
    """Whether somebody ticked that lists of these customers have personal data."""
    return bool(st.session_state.get(f"{PERSONAL}-{view.table.everyone.fingerprint}", False))


def ask_personal(view: View) -> None:
    """Offer personal data in the lists of this page, where there are any; without a tick they stay out."""
    said = personal_text(view.customers)
    if said:
        key = f"{PERSONAL}-{view.table.everyone.fingerprint}"
        st.checkbox(
            "Include personal data in the lists", key=key, persist_state="session", help=look.unmarked(said)
        )


def list_name(view: View, play: str, segment: str, name: str, group: str = "") -> str:
    """Call the list of an action by play, segment, day and version."""
    what = " ".join(filter(None, (play, group, segment, name)))
    return view.file_name(what, "csv")


def _download(view: View, action: Accepted, groups: _Groups, count: int, group: str) -> None:
    if count < SMALLEST_SHOWN:
        return
    if count > MOST_LISTED:
        look.note(f"A browser takes lists of up to {number(MOST_LISTED)} customers; filter them first.")
        return
    label = "to treat" if group == "treated" else "left alone"
    st.download_button(
        f"Download {plural(count, 'customer')} {label}",
        data=partial(groups.written, group, with_personal(view)),
        file_name=list_name(view, action.play.key, action.segment, action.name, group),
        mime="text/csv",
        key=f"download-{group}",
        on_click="ignore",
    )


# --- the effect -----------------------------------------------------------------------------------


def _effect(view: View, action: Accepted, groups: _Groups) -> None:
    """Say whether both groups started alike, and what a later table tells."""
    known = {one.key: one for one in measurable(view)}
    if not known:
        look.note("No column tells an outcome, so no effect can be measured.")
        return
    keys = list(known)
    start = keys.index(action.kpi) if action.kpi in known else 0
    kpi = st.selectbox(
        "What should have changed",
        keys,
        index=start,
        format_func=lambda key: known[key].label,
        key=f"effect-kpi-{action.key}",
        width=320,
    )
    unit = next((row.unit for row in view.kpis.of(kpi)), "")
    before = start_sentence(groups.before(known[kpi]), unit)
    look.note(before or "Too few answers to say whether both groups start alike.")
    later = _later(view)
    if later is None:
        look.note(f"To see the effect, upload the customer table of the day you planned. {INTENTION}")
        return
    name, table = later
    members, left = groups.again(table)
    if not members.any():
        look.notice(absent_text(name), problem=True)
        return
    try:
        found = holdout_effect(table, known[kpi], members, left)
    except SegkitError as problem:
        look.notice(str(problem), problem=True)
        return
    source = f"{name}; {plural(int(members.sum()), 'customer')} of the action are in it; {action.play.action}"
    chart = holdout_chart(found, look.theme(), unit)
    if chart is None:
        look.notice(effect_sentence(found, unit))
    else:
        look.picture(chart, holdout_numbers(found), "effect", source)
        look.note(f"{effect_sentence(found, unit)} {INTENTION}")


def _later(view: View) -> tuple[str, Customers] | None:
    """The later table that was uploaded for these customers, with its name; None without."""
    file = st.file_uploader("Later customer table, with the same ids", key="later")
    before = st.session_state.get(LATER)
    about = view.customers.fingerprint
    if file is not None and (before is None or before[0] != (about, file.file_id)):
        try:
            read = _read(view, file.getvalue(), file.name)
        except SegkitError as problem:
            look.notice(str(problem), problem=True)
            return None
        before = st.session_state[LATER] = ((about, file.file_id), file.name, read)
    if before is None or before[0][0] != about:
        st.session_state.pop(LATER, None)  # of other customers: it need not stay in memory
        return None
    return before[1], before[2]


def _read(view: View, content: bytes, name: str) -> Customers:
    """Read a later table with what was decided on the columns of this one, as far as it has them."""
    taken = state.taken_apart(content, name)
    try:
        return interpreted(taken.text, taken.content, view.table.choices)
    except SegkitError:
        return interpreted(taken.text, taken.content, Choices())
