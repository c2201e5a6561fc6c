"""Computed once, shown on many pages: segments, KPIs, advice and the map.

Every result is keyed on the fingerprint of the table and the plan, never on a frame. It is shared by all
sessions and never changed.
"""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TypeVar

import streamlit as st

from pages.ui import look, state
from pages.ui.workshop import workshop
from segkit.customers.table import Customers
from segkit.errors import SegkitError
from segkit.insights.names import names
from segkit.insights.profiles import Trait, profiles
from segkit.labels import plural
from segkit.measures.kpis import KpiTable, measure
from segkit.segments.advice import Advice, advise
from segkit.segments.customer_map import CustomerMap, customer_map
from segkit.segments.fitting import fit
from segkit.segments.plan import MOST_SEGMENTS, Plan
from segkit.segments.segmentation import Assignment, Segmentation

DRAWING = 1.0  # seconds a browser takes to draw a page
Result = TypeVar("Result")
Work = tuple[Hashable, Callable[[], Result]]


@dataclass(frozen=True, eq=False)
class Found:
    """Everything that is known of one plan on one table; `key` is the plan's."""

    key: str
    segmentation: Segmentation
    assignment: Assignment
    kpis: KpiTable
    traits: dict[str, list[Trait]]

    def renamed(self, names: dict[str, str]) -> "Found":
        """The same under the names the user gave."""
        segmentation = self.segmentation.renamed(names)
        return Found(
            self.key,
            segmentation,
            self.assignment.renamed(names),
            self.kpis.renamed(segmentation.segments),
            self.traits,
        )


def _find(key: str, customers: Customers, plan: Plan) -> Found:
    segmentation = fit(customers, plan)
    assignment = segmentation.assign(customers)
    traits = profiles(customers, assignment)
    named = names(assignment, traits)
    kpis = measure(customers, assignment)
    return Found(key, segmentation, assignment, kpis, traits).renamed(named)


def _open(plan: Plan) -> Plan:
    """The plan without its number of segments: advice and map are the same for every number."""
    return replace(plan, n_segments="auto")


def advice(customers: Customers, plan: Plan) -> Advice:
    """The evidence for the number of segments; the same whatever number the plan asks for."""
    doing = f"Comparing numbers of segments for {plural(len(customers), 'customer')} …"
    return workshop().result(*_advice_work(customers, plan), doing)


def _advice_work(customers: Customers, plan: Plan) -> Work[Advice]:
    wanted = _open(plan)
    return ("advice", customers.fingerprint, wanted.key), lambda: advise(customers, wanted)


def _found_work(customers: Customers, plan: Plan) -> Work[Found]:
    return ("found", customers.fingerprint, plan.key), lambda: _find(plan.key, customers, plan)


def _map_work(customers: Customers, plan: Plan) -> Work[CustomerMap]:
    wanted = _open(plan)
    return ("map", customers.fingerprint, wanted.key), lambda: customer_map(customers, wanted)


def places(customers: Customers, plan: Plan) -> CustomerMap:
    """The map; the same whatever number the plan asks for."""
    return workshop().result(*_map_work(customers, plan), "Drawing the map …")


def settled(customers: Customers, plan: Plan) -> Plan:
    """The plan with the recommended number of segments where it asks for that."""
    return plan if plan.n_segments != "auto" else plan.with_segments(advice(customers, plan).recommended)


def found(table: state.Loaded, plan: Plan) -> Found:
    """Segments, assignment, KPIs and traits under the names the user gave."""
    count = settled(table.customers, plan)
    doing = f"Finding segments among {plural(len(table.customers), 'customer')} …"
    result = workshop().result(*_found_work(table.customers, count), doing)
    return result.renamed(table.names.get(count.key, {}))


def start_ahead(customers: Customers, plan: Plan) -> None:
    """Begin the work of the segments page while the data page is being read; errors wait for that page."""
    if not (plan.dimensions or customers.default_dimensions):
        return
    shop = workshop()

    def then(done: "Future[Advice]") -> None:
        if not done.cancelled() and done.exception() is None:
            count = plan if plan.n_segments != "auto" else plan.with_segments(done.result().recommended)
            shop.begin(*_found_work(customers, count))
            shop.begin(*_map_work(customers, plan))

    shop.start(*_advice_work(customers, plan), ahead=True).add_done_callback(then)


def start_neighbours(customers: Customers, plan: Plan, count: int) -> None:
    """Begin one segment more and one less, where the slider goes next, once the page has been drawn."""

    def begin() -> None:
        for other in (count + 1, count - 1):
            if 2 <= other <= MOST_SEGMENTS:
                shop.begin(*_found_work(customers, plan.with_segments(other)))

    shop = workshop()
    timer = threading.Timer(DRAWING, begin)
    timer.daemon = True  # it must not hold up a server that stops
    timer.start()


def table_or_stop() -> state.Loaded:
    """The loaded table; without one, say what to do and stop the page."""
    table = state.loaded()
    if table is None:
        look.headline("Nothing to show yet: load your customers first.")
        look.note("Upload a customer table on the data page, or try the sample company there.")
        data_page = st.session_state["pages"]["data"]
        if st.button("Load customers", type="primary", key="to-data"):
            st.switch_page(data_page)
        st.stop()
    return table


def found_or_stop(table: state.Loaded) -> Found:
    """The result of the plan; when it cannot be carried out, say why and stop the page."""
    try:
        return found(table, state.plan())
    except SegkitError as problem:
        look.headline("These dimensions do not give segments.")
        look.notice(str(problem), problem=True)
        columns = st.container(horizontal=True)
        if columns.button("Start over with the usual dimensions", type="primary", key="reset-plan"):
            st.session_state["plan"] = Plan()
            st.rerun()
        if columns.button("Look at the columns", key="to-columns"):
            st.switch_page(st.session_state["pages"]["data"])
        st.stop()
