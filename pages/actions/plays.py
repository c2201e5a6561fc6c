"""The plays that the numbers call for: a table, one of them in full, and accepting it."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.actions import own
from pages.actions.holdout import (
    accepted,
    ask_personal,
    at_source,
    list_name,
    measurable,
    with_personal,
    write,
)
from pages.ui import cells, kept, look, results, state
from pages.ui.looking import looking
from pages.ui.view import MOST_LISTED, View, ask_kpi, first_asked
from segkit.customers.sampling import is_source
from segkit.exports.actions import action_csv
from segkit.exports.pushed_actions import Whom, action_parts, arms_of_all
from segkit.insights.action_text import (
    INTENTION,
    advice_label,
    beside_reach,
    reach_text,
    reckoning_text,
    stake_text,
)
from segkit.insights.playbook.accepted import STATUSES, Accepted
from segkit.insights.playbook.advice import Advice, Playbook, listed
from segkit.insights.playbook.plays import EFFORTS, OWNERS
from segkit.insights.playbook.reach import reached
from segkit.labels import number, plural
from segkit.measures.holdout import (
    Reckoning,
    has_ids,
    held_out,
    least_to_tell,
    reckoned,
    reckoning,
    share_to_tell,
    sums_of,
)
from segkit.measures.kpis import KpiDefinition
from segkit.measures.sums import Sums

FIRST = 8  # rows in sight; the others are one click away
CHOSEN = "chosen-play"  # what the list shows; the choice itself is kept apart, see `state.show`
OPEN = "open-play"
SHARES = (0, 10, 20, 30, 40, 50)  # per cent that are left alone
PARTS = tuple(one / 100 for one in SHARES)
LEFT = "text-align:left;white-space:normal;min-width:"
WRAP = "white-space:normal"


def focused(view: View) -> str:
    """The name of the segment in front; empty for none."""
    return next((one.name for one in view.assignment.segments if one.key == view.focus), "")


def judged(view: View) -> tuple[Playbook, str]:
    """What to do about each segment; and why only those drawn are counted, empty where all are."""
    return results.playbook(view.table, view.found, view.seen, looking(), kept.all_written(view))


def show(view: View, found: Playbook, problem: str) -> None:
    """Show the plays of who is looked at; one of them opens with a click or from the list."""
    advice = found.of(view.focus) if view.focus else list(found.advice)
    if not advice:
        look.note(
            "The limits can be moved under “Adjust” below; plays that wait for columns are listed there."
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        look.section("What the numbers call for", _order(advice, view))
        if problem:
            look.note(f"Counted among customers drawn by chance, so no list is offered here. {problem}")
        advice = _by_owner(advice)
    cells.on_click(_choose, "play-cells", shows="play")
    status = {(one.key, one.about): one.status for one in accepted(view)}
    st.html(_table(advice[:FIRST], view, status))
    if len(advice) > FIRST:
        with st.expander(f"{plural(len(advice) - FIRST, 'more play')}", key="more-plays"):
            st.html(_table(advice[FIRST:], view, status))
    if not problem:
        _open(view, [one for one in advice if listed(one)])


def _order(advice: list[Advice], view: View) -> str:
    """Say how the plays are sorted, and what their numbers are not."""
    if not _worth(advice, view):
        return "Sorted by customers reached. Click on a play to open it."
    return "Sorted by the revenue these customers bring now, not by what a play would add. Click on one."


def _worth(advice: list[Advice], view: View) -> bool:
    return any(stake_text(one, view.kpis) for one in advice)


def _by_owner(advice: list[Advice]) -> list[Advice]:
    """Ask whose plays are shown; all where nobody is chosen."""
    owners = [key for key in OWNERS if any(one.play.owner == key for one in advice)]
    if len(owners) < 2:
        return advice
    chosen = st.pills(
        "Who does it",
        owners,
        format_func=OWNERS.__getitem__,
        selection_mode="multi",
        key="play-owners",
        label_visibility="collapsed",
    )
    return [one for one in advice if not chosen or one.play.owner in chosen]


def _choose(cell: str) -> None:
    st.session_state[OPEN] = cell


# --- the table ------------------------------------------------------------------------------------


def _table(advice: list[Advice], view: View, status: dict[tuple[str, str], str]) -> str:
    worth = _worth(advice, view)
    titles = ["Segment", "What to do, and why", "Reaches", *(["Revenue"] if worth else []), "Who"]
    head = "".join(f"<th scope='col' style='{LEFT}5rem'>{one}</th>" for one in titles)
    rows = "".join(
        _row(one, view, worth, status.get((one.key, view.customers.fingerprint), "")) for one in advice
    )
    return (
        f"<div class='kpis-box'><table class='kpis'><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(advice: Advice, view: View, worth: bool, status: str) -> str:
    why = "".join(f"<span style='{WRAP}'>{look.literal(one.text)}</span>" for one in advice.reasons)
    done = f"<span>✓ {look.literal(STATUSES[status])}</span>" if status else ""
    few = "<span>indicative: fewer than 30 customers or answers</span>" if advice.indicative else ""
    refused = beside_reach(advice)
    more = f"<span style='{WRAP}'>{look.literal(refused)}</span>" if refused else ""
    place = f"data-cell='{look.literal(advice.key)}' tabindex='0' role='button'" if listed(advice) else ""
    stake = f"<td style='{LEFT}5rem'>{look.literal(stake_text(advice, view.kpis))}</td>" if worth else ""
    action = f"<b style='{WRAP}'>{look.literal(advice.play.action)}</b>"
    who = f"{OWNERS[advice.play.owner]}<span>{EFFORTS[advice.play.effort]} effort</span>"
    return (
        f"<tr><th scope='row'>{look.swatch(advice.segment)}{look.literal(advice.segment.name)}</th>"
        f"<td style='{LEFT}22rem' {place}>{action}{why}{few}{done}</td>"
        f"<td style='{LEFT}11rem'>{reach_text(advice)}{more}</td>{stake}"
        f"<td style='{LEFT}7rem'>{who}</td></tr>"
    )


# --- one play -------------------------------------------------------------------------------------


def _open(view: View, advice: list[Advice]) -> None:
    """Show one play in full, with its list and a way to accept it."""
    if not advice:
        return
    by_key = {one.key: one for one in advice}
    key = st.session_state.get(OPEN)
    key = key if key in by_key else advice[0].key
    state.show(CHOSEN, key)
    with st.container(key="play"):
        st.selectbox(
            "Open a play",
            list(by_key),
            format_func=lambda one: advice_label(by_key[one]),
            key=CHOSEN,
            on_change=lambda: _choose(st.session_state[CHOSEN]),
        )
    chosen = by_key[key]
    how = f"{chosen.play.how} " if chosen.play.how else ""
    look.note(f"{how}It reaches {reach_text(chosen)} of “{chosen.segment.name}”.")
    far = is_source(view.customers)
    chance = (_at_source if far else _in_memory)(view, chosen)
    with st.container(horizontal=True):
        again = "rerun" if far else "ignore"  # an engine is asked only once somebody opens it
        with st.popover("Accept this play", icon=":material/check:", key="accept", on_change=again) as box:
            if box.open or not far:
                _accept(view, chosen, chance)
        if chosen.reached > MOST_LISTED:
            look.note(f"A browser takes lists of up to {number(MOST_LISTED)} customers; filter them first.")
            return
        st.download_button(
            f"Download {reach_text(chosen)}",
            data=partial(chance.written, with_personal(view)),
            file_name=list_name(view, chosen.play.key, chosen.segment.key, chosen.segment.name),
            mime="text/csv",
            key="download-play",
            on_click="ignore",
        )
    ask_personal(view)


@dataclass(frozen=True, eq=False)
class Chance:
    """What a holdout of a play could tell, wherever its customers are.

    Attributes
    ----------
    written : function
        Whether personal data are wanted to the list of whom it reaches, as CSV.
    usual : function
        Definition of a KPI to the least share with which both groups have 30 answers; 0 where there is none.
    reckoned : function
        Definition and share to what it will tell.
    """

    written: Callable[[bool], bytes]
    usual: Callable[[KpiDefinition], float]
    reckoned: Callable[[KpiDefinition, float], Reckoning]


def _in_memory(view: View, chosen: Advice) -> Chance:
    """What a holdout could tell of a table in memory."""
    everyone, key = view.customers, chosen.key
    whom = reached(everyone, view.assignment, chosen.play, chosen.segment.key, own.limits(view))
    like = view.assignment.members(chosen.segment.key)
    return Chance(
        partial(action_csv, everyone, view.assignment, whom, chosen.play.action, "reached"),
        lambda definition: share_to_tell(everyone, definition, whom, key, PARTS),
        lambda definition, share: reckoning(
            everyone, definition, whom, held_out(everyone.ids, key, share) & whom, like
        ),
    )


def _at_source(view: View, chosen: Advice) -> Chance:
    """What a holdout could tell of a table that stays where it is, by sums of all customers.

    How much a KPI differs from one customer to another is taken from those of the segment who were drawn.
    """
    whom = Whom(chosen.play, chosen.segment.key, tuple(own.limits(view).items()), chosen.key)
    everyone, members = at_source(view), view.assignment.members(chosen.segment.key)

    def arms(definition: KpiDefinition) -> tuple[tuple[Sums, Sums], ...]:
        asked = (arms_of_all, whom, definition.key, PARTS)
        return results.of_everyone(view.table, view.found, looking(), "arms", *asked)

    return Chance(
        lambda personal: b"".join(action_parts(everyone, whom, "reached", personal)),
        lambda definition: least_to_tell(arms(definition), PARTS),
        lambda definition, share: reckoned(
            definition, *arms(definition)[PARTS.index(share)], sums_of(view.customers, definition, members)
        ),
    )


def _accept(view: View, chosen: Advice, chance: Chance) -> None:
    """Ask how many are left alone and which KPI should change, and say what that will tell."""
    look.note("Some customers, drawn by chance, are left alone. Only beside them the effect can be seen.")
    labels = {one.key: one.label for one in measurable(view)}
    if not labels or not has_ids(view.customers):
        missing = "a column of customer ids" if labels else "a column that tells an outcome"
        look.note(f"Here nobody can be: that needs {missing}.")
        kpi, share = "", 0.0
    else:
        first = (chosen.play.kpi, *labels)
        kpi = ask_kpi("What should change", labels, f"accept-kpi-{first_asked(labels, first)}", first)
        share = _share(view, chosen, chance, kpi)
    st.button(
        "Accept",
        type="primary",
        key="accept-now",
        on_click=_keep,
        args=(view, chosen, share, kpi),
    )


def _share(view: View, chosen: Advice, chance: Chance, kpi: str) -> float:
    """Ask which share is left alone, and say what that will tell."""
    definition = view.kpis.definition(kpi)
    usual = round(100 * chance.usual(definition))
    share = st.select_slider("Left alone, in %", SHARES, value=usual, key=f"accept-share-{chosen.key}-{kpi}")
    unit = next((row.unit for row in view.kpis.of(kpi)), "")
    look.note(reckoning_text(chance.reckoned(definition, share / 100), definition, unit))
    if share:
        look.note(INTENTION)
    return share / 100


def _keep(view: View, chosen: Advice, share: float, kpi: str) -> None:
    """Keep the action; one that was accepted before for the same customers is replaced."""
    action = Accepted(
        chosen.play,
        chosen.segment.key,
        chosen.segment.name,
        "accepted",
        datetime.date.today().isoformat(),
        share,
        kpi,
        view.customers.fingerprint,
        view.counted,
        own.limits(view),
        chosen.reached,
        own.written(view).get(chosen.play.key),
    )
    others = [one for one in accepted(view) if (one.key, one.about) != (action.key, action.about)]
    write(view, [*others, action])
    st.session_state["accepted-action"] = action.key
    st.session_state["accepted"] = True


# --- what could not be judged ---------------------------------------------------------------------


def not_judged(found: Playbook) -> None:
    """Say which column would bring each play that could not be judged."""
    if not found.not_judged:
        return
    title = f"Not judged: {plural(len(found.not_judged), 'play')}"
    with st.expander(title, expanded=not found.advice, key="not-judged"):
        look.bullets([f"{play.action}: needs {needs}." for play, needs in found.not_judged])
        look.note("Add it to the file, or set it on the data page if it is there under another name.")
