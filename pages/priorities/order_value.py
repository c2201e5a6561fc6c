"""Priorities: what customers will probably bring, from their orders or from how long others stayed.

A panel: `show` draws it, or nothing where the table has neither.
"""

import json
from dataclasses import asdict
from typing import TypeVar

import streamlit as st

from pages.ui import look
from pages.ui.kept import write, written
from pages.ui.results import LIGHT
from pages.ui.view import View
from pages.ui.work import Stopped, Task
from pages.ui.workshop import again, workshop
from segkit.charts.buying_charts import (
    check_chart,
    check_numbers,
    stay_chart,
    stay_numbers,
    worth_chart,
    worth_numbers,
)
from segkit.charts.frame import HALF
from segkit.customers.table import Customers
from segkit.errors import SegkitError
from segkit.insights.buying_text import (
    check_sentence,
    method_lines,
    stay_cautions,
    stay_method,
    stay_notes,
    stay_nothing,
    worth_cautions,
    worth_notes,
)
from segkit.labels import readable
from segkit.measures import buying
from segkit.measures.buying import MOST_MONTHS, BuyingModel, Outlook, Sought, Worth
from segkit.measures.staying import MOST_AHEAD, USUAL_AHEAD, Ahead, payments, staying
from segkit.measures.survival import Durations, durations
from segkit.segments.segmentation import Assignment
from segkit.segments.watching import Watch

STOPPED = "You stopped the forecast."
TOO_FEW = "Too few customers in this filter for a forecast."
PART = "order-value"  # of what is kept between visits
ORDERS, STAYING = "By when they ordered", "By how long others stayed"
TITLES = {ORDERS: "What customers will probably bring", STAYING: "How long customers will probably stay"}
A_RESULT = 60  # bytes of a forecast about one customer


def show(view: View) -> None:
    """Draw the panel; without orders and stays nothing, or one line that says which columns are missing."""
    sought, stays = _sought(view), durations(view.customers)
    ways = [way for way, there in ((ORDERS, sought.model), (STAYING, stays)) if there is not None]
    if not ways:
        if sought.has_orders:
            look.section(TITLES[ORDERS])
            _untold(sought.reason)
        return
    heading, spot = st.container(), st.container()
    with st.expander("Adjust", key="order-value-adjust"), st.container(horizontal=True):
        way = _way(ways)
        if way == ORDERS:
            outlook = _outlook(view)
        else:
            ahead, paid = _ahead(view, stays)
    with heading:
        look.section(TITLES[ORDERS if way == ORDERS or paid else STAYING])
    with spot:
        if way == ORDERS:
            _orders(view, sought.model, outlook)
        else:
            missing = sought.reason if sought.has_orders and sought.model is None else ""
            _stays(view, stays, ahead, paid, missing)


def _untold(reason: str) -> None:
    """Say why there is no forecast of orders; what was stopped can be started again."""
    look.note(reason)
    if reason == STOPPED:
        st.button("Start again", key="order-value-again", on_click=again)


def _way(ways: list[str]) -> str:
    """Ask for the way where there are several."""
    if len(ways) == 1:
        return ways[0]
    return st.selectbox("Forecast", ways, key="order-value-way", persist_state="session")


# --- by orders ----------------------------------------------------------------------------------------


def _sought(view: View) -> Sought:
    """The model of orders, computed once for these customers."""
    customers = view.customers
    if buying.purchases_of(customers) is None:
        return buying.looked_for(customers)  # says at once what is missing
    task = Task(
        ("buying", customers.fingerprint),
        buying.looked_for,
        customers,
        heavy=len(customers) > LIGHT,
        bytes=A_RESULT * len(customers),
    )
    try:
        return workshop().result(task, "Learning from orders …")
    except Stopped:
        return Sought(None, STOPPED, True)


def _worth(view: View, model: BuyingModel, outlook: Outlook) -> Worth:
    """What segments are worth by it; kept, as a page is drawn again for every click."""
    segmentation = view.found.segmentation
    done = json.dumps(segmentation.refinements, sort_keys=True, default=str)
    names = tuple(one.name for one in view.assignment.segments)
    key = ("worth", view.customers.fingerprint, segmentation.plan.key, done, names, outlook)
    size = A_RESULT * len(view.customers)
    task = Task(key, _measured, view.customers, (model, view.assignment, outlook), bytes=size)
    return workshop().result(task, "Looking ahead …")


def _measured(
    customers: Customers, model: BuyingModel, assignment: Assignment, outlook: Outlook, watch: Watch
) -> Worth:
    watch("Looking ahead", 0.0)
    return buying.worth(model, assignment, outlook)


def _orders(view: View, model: BuyingModel, outlook: Outlook) -> None:
    try:
        found = _worth(view, model, outlook)
    except Stopped:
        _untold(STOPPED)
        return
    chart = worth_chart(found, view.segments, look.theme())
    if chart is None:
        look.note(TOO_FEW)
        return
    look.picture(chart, worth_numbers(found), "order-value", view.of_sample)
    _warn(worth_cautions(found))
    look.note(worth_notes(found))
    if box := look.folded("How do we know?", "order-value-check"):
        left, right = box.columns(2, gap="medium")
        with left:
            tested = check_chart(found.check, look.theme())
            look.picture(tested, check_numbers(found.check), "order-check", view.of_sample, width=HALF)
        with right:
            look.bullets([check_sentence(found.check), *method_lines(found)])


def _warn(cautions: list[str]) -> None:
    """List what may mislead."""
    if cautions:
        look.marked([("!", line) for line in cautions])


def _outlook(view: View) -> Outlook:
    """Ask what the forecast rests on; what was chosen is kept."""
    now = _kept(view, "orders", Outlook())
    months = st.number_input("Months to look ahead", 1, MOST_MONTHS, now.months, key="order-value-months")
    wanted = Outlook(int(months), *_money(now, "order-value"))
    _keep(view, "orders", now, wanted)
    return wanted


def _money(now: Outlook | Ahead, key: str) -> tuple[float, float]:
    """Ask for discount and margin."""
    discount = st.number_input(
        "Discount a year, in %", 0, 100, round(now.discount * 100), key=f"{key}-discount"
    )
    margin = st.number_input(
        "Part of revenue that is left, in %", 1, 100, round(now.margin * 100), key=f"{key}-margin"
    )
    return discount / 100, margin / 100


Chosen = TypeVar("Chosen", Outlook, Ahead)


def _kept(view: View, which: str, usual: Chosen) -> Chosen:
    """What was chosen at an earlier visit; what makes no sense there is left out."""
    kept = (written(view, PART) or {}).get(which)
    try:
        return type(usual)(**kept) if kept else usual
    except (SegkitError, TypeError):
        return usual


def _keep(view: View, which: str, now: Outlook | Ahead, wanted: Outlook | Ahead) -> None:
    if wanted != now:
        write(view, PART, (written(view, PART) or {}) | {which: asdict(wanted)})


# --- by how long others stayed ------------------------------------------------------------------------


def _ahead(view: View, stays: Durations) -> tuple[Ahead, str]:
    """Ask how far to look ahead and what a customer pays; gives both, the column empty for none."""
    now = _kept(view, "staying", Ahead(USUAL_AHEAD[stays.unit]))
    label = f"{readable(stays.unit)} to look ahead"
    periods = st.number_input(label, 1, MOST_AHEAD, now.periods, key="order-value-periods")
    columns = [one.name for one in view.customers.columns if one.kind == "number" and one.use != "id"]
    unit = stays.unit.removesuffix("s")
    paid = st.selectbox(
        f"What a customer pays a {unit}",
        ["", *columns],
        format_func=lambda name: name or "Not told",
        key=f"order-value-paid-{view.table.customers.fingerprint}",
    )
    wanted = Ahead(int(periods), *_money(now, "order-value-stay")) if paid else Ahead(int(periods))
    _keep(view, "staying", now, wanted)
    return wanted, paid


def _stays(view: View, stays: Durations, ahead: Ahead, paid: str, missing: str) -> None:
    try:
        found = staying(stays, view.assignment, ahead, *payments(view.customers, paid))
    except SegkitError as problem:
        look.note(str(problem))
        return
    chart = stay_chart(found, view.segments, look.theme())
    if chart is None:
        look.note(stay_nothing(found))
        return
    look.picture(chart, stay_numbers(found), "stay-value", view.of_sample)
    _warn(stay_cautions(found))
    look.note(stay_notes(found))
    if missing:
        _untold(missing)
    if box := look.folded("How do we know?", "order-value-method"):
        with box:
            look.bullets(stay_method(found))
