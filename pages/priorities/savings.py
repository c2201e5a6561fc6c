"""What money would do: a budget over segments, and what a change in one of them would bring in a year."""

from collections.abc import Sequence

import streamlit as st

from pages.priorities.scorecard import cost_of
from pages.ui import look
from pages.ui.view import View
from segkit.charts.priority_charts import split_chart
from segkit.errors import SegkitError
from segkit.insights.priority_text import (
    RESPONSE,
    level_text,
    lever_needs,
    money_text,
    saving_basis,
    saving_sentence,
    split_numbers,
)
from segkit.labels import listing, percent
from segkit.measures.priorities import worth_key
from segkit.measures.savings import (
    LEVERS,
    USUAL_UPLIFT,
    Assumed,
    Candidate,
    Lever,
    Now,
    best_level,
    candidates,
    channel_columns,
    find_lever,
    missing,
    saving,
    split_budget,
    standing,
    ticket_cost,
    usual_budget,
    usual_months,
)
from segkit.measures.scorecard import Reach

BUDGET_NEEDS = "A split needs a column that means “Revenue”, better with one that means “Cost to serve”."
NOBODY = "No segment has 30 customers of whom it is known what they bring, so no budget can be split."


def _unit(view: View) -> str:
    return next((row.unit for row in view.kpis.of(worth_key(view.kpis))), "")


# --- a budget --------------------------------------------------------------------------------------


def budget(view: View, reach: Reach | None) -> None:
    """Split a budget by what its next part would bring."""
    box = look.folded("Split a budget", "budget")
    if box is None:
        return
    with box:
        if not worth_key(view.kpis):
            look.note(BUDGET_NEEDS)
            return
        spot = st.container()
        uplifts = _uplifts(view)
        found = candidates(view.segments, view.kpis, reach, uplifts, USUAL_UPLIFT)
        cost = cost_of(view)
        if not found or not cost:
            look.note(
                NOBODY if not found else "Say above what addressing a customer costs; 0 buys everything."
            )
            return
        with spot:
            _split(view, reach, found, cost)


def _split(view: View, reach: Reach | None, found: Sequence[Candidate], cost: float) -> None:
    unit = _unit(view)
    amount = st.number_input(
        "Budget",
        min_value=0.0,
        value=usual_budget(found, cost),
        key=f"budget-amount-{view.table.everyone.fingerprint}",
        width=280,
        help="It starts at half of what addressing everybody once costs.",
    )
    try:
        split = split_budget(found, float(amount), cost)
    except SegkitError as problem:
        look.notice(str(problem), problem=True)
        return
    chart = split_chart(split, view.segments, unit, look.theme())
    look.picture(chart, split_numbers(split), "budget-split", view.source)
    who = "all customers: consent is not known"
    if reach is not None:
        who = f"customers who agreed to a channel, by {listing([f'“{name}”' for name in reach.columns])}"
    left = percent(view.kpis.assumptions.margin)
    counted = f"revenue, {left} of which is taken as left (see “KPIs” above)"
    if worth_key(view.kpis) == "margin":
        counted = "margin"
    look.note(
        f"{RESPONSE} Counted: {who}; income is {counted}. Addressing one costs {money_text(cost, unit)}, an "
        "assumption that is set with the scorecard."
    )


def _uplifts(view: View) -> dict[str, float]:
    """Ask how much more a customer brings when she is addressed, by segment."""
    with st.popover("Expected uplift by segment", key="uplifts"):
        look.note(
            "How much more of what she brings now a customer brings at most when she is addressed, in %. "
            "10 is a start and no forecast: a test with a group that is left alone tells."
        )
        return {
            one.key: st.number_input(
                look.unmarked(one.name),
                0.0,
                500.0,
                100 * USUAL_UPLIFT,
                step=1.0,
                key=f"uplift-{one.key}-{view.found.key}-{view.table.everyone.fingerprint}",
                persist_state="session",
            )
            / 100
            for one in view.segments
        }


# --- savings ---------------------------------------------------------------------------------------


def levers(view: View) -> None:
    """Say what a year brings if a segment moved."""
    box = look.folded("What would a change save?", "savings")
    if box is None:
        return
    with box:
        usable = [one for one in LEVERS if not missing(one, view.customers)]
        if usable:
            _one_lever(view, usable)
        lacking = [lever_needs(one, missing(one, view.customers)) for one in LEVERS if one not in usable]
        if lacking:
            look.bullets(lacking)


def _one_lever(view: View, usable: list[Lever]) -> None:
    labels = {one.key: one.label for one in usable}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.selectbox(
            "What changes", list(labels), format_func=labels.__getitem__, key="lever", width=260
        )
        lever = find_lever(key)
        channel = _channel(view) if key == "channel" else None
        cost = _ticket_cost(view) if key == "tickets" else None
        months = st.number_input(
            "Months in the file’s numbers",
            1,
            120,
            usual_months(view.customers),
            key=f"saving-months-{view.table.everyone.fingerprint}",
            width=220,
            persist_state="session",
        )
    if key == "channel" and channel is None:
        look.note("A mix needs a category that names channels, such as “contact channel”.")
        return
    if key == "tickets" and cost is None:
        look.note("Say what a ticket costs you; the data do not tell.")
        return
    assumed = Assumed(int(months), cost)
    found = standing(key, view.customers, view.assignment, view.kpis, assumed, channel)
    if not found:
        look.note("Too few answers in every segment to tell.")
        return
    _saving(view, lever, assumed, found, channel)


def _channel(view: View) -> tuple[str, str] | None:
    columns = [one.name for one in channel_columns(view.customers)]
    if not columns:
        return None
    column = st.selectbox("Channels in", columns, key="channel-column", width=220)
    levels = [str(level) for level in view.customers.frame[column].cat.categories]
    return column, st.selectbox("More of", levels, key=f"channel-level-{column}", width=180)


def _ticket_cost(view: View) -> float | None:
    """Ask what a ticket costs; where costs of the file rise with tickets, by how much stands there."""
    known = ticket_cost(view.customers)
    return st.number_input(
        "A ticket costs",
        min_value=0.0,
        value=round(known.estimate.value, 2) if known else None,
        key=f"ticket-cost-{view.table.everyone.fingerprint}",
        width=200,
        help=(
            "It starts at how much more a customer costs to serve with each further ticket in your file: a "
            "link, not a proof."
            if known
            else "The data do not tell."
        ),
    )


def _saving(
    view: View, lever: Lever, assumed: Assumed, found: list[Now], channel: tuple[str, str] | None
) -> None:
    names = {one.segment.key: one.segment.name for one in found}
    left, right = st.columns(2, gap="large")
    start = view.focus if view.focus in names else _furthest(lever, found).segment.key
    with left:
        whom = st.selectbox(
            "Segment",
            list(names),
            index=list(names).index(start),
            format_func=names.__getitem__,
            key=f"saving-segment-{lever.key}-{start}",
        )
    now = next(one for one in found if one.segment.key == whom)
    with right:
        target = _target(lever, now, found)
    one = saving(now, target, assumed, lever.better)
    unit = _unit(view)
    look.verdict(
        f"{money_text(one.money.value, unit)} a year" if one.holds else "Can’t tell yet",
        saving_sentence(one, lever, unit, channel[1] if channel else ""),
    )
    look.bullets(saving_basis(one, lever, assumed, view.kpis, unit))


def _furthest(lever: Lever, found: list[Now]) -> Now:
    """The segment with most to gain in all: the one that is furthest from the best, by customers."""
    best = best_level(found, lever.better)
    known = [one for one in found if not one.indicative] or found
    return max(known, key=lambda one: abs(one.level.value - best) * one.customers)


def _target(lever: Lever, now: Now, found: list[Now]) -> float:
    """Ask where the segment moves to; the best of the others is where the slider starts."""
    best = best_level(found, lever.better or 1)
    best = now.level.value if best != best else best
    if lever.format == "percent":
        start = round(100 * best)
        return st.slider("Moves to, in %", 0, 100, start, key=f"target-{lever.key}-{now.segment.key}") / 100
    top = max(round(2 * max(one.level.value for one in found), 1), 1.0)
    start = min(round(best, 2), top)
    return st.slider(
        "Moves to",
        0.0,
        top,
        start,
        step=0.01,
        key=f"target-{lever.key}-{now.segment.key}",
        help=f"Now {level_text(lever, now.level.value)}.",
    )
