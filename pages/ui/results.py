"""Computed once, shown on many pages: segments, KPIs, advice and the map.

Every cache is keyed on the fingerprint of the table and the plan, never on a frame, and is bounded.
What it returns is shared by all sessions and never changed.
"""

from dataclasses import dataclass

import streamlit as st

from pages.ui import look, state
from segkit.customers.table import Customers
from segkit.errors import SegkitError
from segkit.insights.names import segment
from segkit.insights.profiles import Trait, profiles
from segkit.labels import plural
from segkit.measures.kpis import KpiTable, measure
from segkit.segments.advice import Advice, advise
from segkit.segments.customer_map import CustomerMap, customer_map
from segkit.segments.plan import Plan
from segkit.segments.segmentation import Assignment, Segmentation

KEPT = 24


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


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _found(fingerprint: str, plan_key: str, _customers: Customers, _plan: Plan) -> Found:
    segmentation = segment(_customers, _plan)
    assignment = segmentation.assign(_customers)
    kpis, traits = measure(_customers, assignment), profiles(_customers, assignment)
    return Found(plan_key, segmentation, assignment, kpis, traits)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _advice(fingerprint: str, plan_key: str, _customers: Customers, _plan: Plan) -> Advice:
    return advise(_customers, _plan)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _map(fingerprint: str, plan_key: str, _customers: Customers, _plan: Plan) -> CustomerMap:
    return customer_map(_customers, _plan)


def advice(customers: Customers, plan: Plan) -> Advice:
    """The evidence for the number of segments; the same whatever number the plan asks for."""
    open_plan = Plan(plan.dimensions, plan.method, "auto", plan.scaling, plan.seed)
    with st.spinner(f"Comparing numbers of segments for {plural(len(customers), 'customer')} …"):
        return _advice(customers.fingerprint, open_plan.key, customers, open_plan)


def places(customers: Customers, plan: Plan) -> CustomerMap:
    """The map; the same whatever number the plan asks for."""
    open_plan = Plan(plan.dimensions, plan.method, "auto", plan.scaling, plan.seed)
    return _map(customers.fingerprint, open_plan.key, customers, open_plan)


def settled(customers: Customers, plan: Plan) -> Plan:
    """The plan with the recommended number of segments where it asks for that."""
    return plan if plan.n_segments != "auto" else plan.with_segments(advice(customers, plan).recommended)


def found(table: state.Loaded, plan: Plan) -> Found:
    """Segments, assignment, KPIs and traits under the names the user gave."""
    count = settled(table.customers, plan)
    with st.spinner(f"Finding segments among {plural(len(table.customers), 'customer')} …"):
        result = _found(table.customers.fingerprint, count.key, table.customers, count)
    return result.renamed(table.names.get(count.key, {}))


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
