"""What results pages look at: some customers, their segments and KPIs, one segment in front.

The controls stand above the results of every page and mean the same there: a focus, a filter, KPIs of one's
own. Whatever is drawn from a `View` obeys them, and `View.source` says so below every title.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from pages.ui import conditions, look, results, state
from pages.ui.jobs import Found, Seen
from pages.ui.looking import look_at, looking
from pages.ui.work import Stopped
from segkit.customers.base import choosable, listed
from segkit.customers.sampling import is_part
from segkit.customers.table import Customers
from segkit.engine import UnusableSource
from segkit.errors import UnusableBase, UnusableColumn
from segkit.insights.edition import Edition, edition
from segkit.labels import number, plural, readable
from segkit.measures.definitions import ownable
from segkit.measures.kpis import BASE, Assumptions, KpiTable
from segkit.measures.value import MOST_PERIODS
from segkit.segments.goals import find_goal
from segkit.segments.segmentation import NO_SEGMENT, Assignment, Segment

EVERYONE = ""
MOST_LISTED = 2_000_000  # customers in one download: a browser gets all of it from the memory of the server
MOST_OWN = 5


@dataclass(frozen=True, eq=False)
class View:
    """What is looked at.

    Attributes
    ----------
    table : Loaded
    found : Found
        The segments, with all customers.
    customers, assignment, kpis
        Those whom the filter keeps.
    segments : tuple of Segment
        As they are drawn: with a focus, the others are grey (colour -1).
    focus : str
        Key of the segment in front, empty for none.
    source : str
        What every chart says below its title.
    """

    table: state.Loaded
    found: Found
    customers: Customers
    assignment: Assignment
    kpis: KpiTable
    segments: tuple[Segment, ...]
    focus: str
    source: str

    @property
    def kicker(self) -> str:
        """The line above the headline."""
        return results.kicker(self.table, self.found, self.counted)

    @property
    def counted(self) -> str:
        """How many customers are looked at, and who they are."""
        return _counted(self.table, self.found, self.kpis)

    @property
    def count(self) -> int:
        """How many customers are looked at."""
        return self.kpis.size(BASE)

    @property
    def sizes(self) -> list[int]:
        """How many of them are in each segment."""
        return [self.kpis.size(one.key) for one in self.assignment.segments]

    @property
    def unassigned(self) -> int:
        """How many of them fit none."""
        return self.kpis.size(NO_SEGMENT)

    @property
    def seen(self) -> Seen:
        """Those who are looked at, with their segments and KPIs."""
        return Seen(self.customers, self.assignment, self.kpis)

    @property
    def edition(self) -> Edition:
        """What a document about them is about, and how its files are called."""
        return edition(
            self.table.customers,
            self.found.segmentation,
            self.count,
            self.found.kpis.size(BASE),
            self.table.name,
            listed(looking().conditions) if looking().conditions else "",
        )

    def file_name(self, what: str, ending: str) -> str:
        """Name a file about them that is made today; one that is not about everyone says so."""
        filtered = "filtered " if looking().conditions else ""
        return self.edition.file_name(filtered + what, ending, datetime.date.today().isoformat())

    @property
    def of_sample(self) -> str:
        """The source of what is drawn from the customers themselves, whom only some may stand for."""
        if not is_part(self.customers):
            return self.source
        return f"{self.source}; from {number(len(self.customers))} of them, drawn by chance"


def view_or_stop() -> View:
    """What is looked at; without segments, say what to do and stop the page."""
    table = results.table_or_stop()
    found = results.found_or_stop(table)
    seen = _seen(table, found)
    keys = [segment.key for segment in seen.assignment.segments]
    focus = looking().focus if looking().focus in keys else EVERYONE
    return View(
        table,
        found,
        seen.customers,
        seen.assignment,
        seen.kpis,
        tuple(
            segment if focus in (EVERYONE, segment.key) else replace(segment, colour=-1)
            for segment in seen.assignment.segments
        ),
        focus,
        _source(table, found, seen.kpis),
    )


def _seen(table: state.Loaded, found: Found) -> Seen:
    """Those who are looked at; a KPI or filter that cannot be used is told and taken back, nothing else."""
    try:
        return results.seen(table, found, looking())
    except UnusableColumn as problem:
        look.notice(f"{problem} It is left out.", problem=True)
        look_at(own=())
    except UnusableBase as problem:
        look.notice(f"{problem} Everyone is shown instead.", problem=True)
        look_at(conditions=())
    except UnusableSource as problem:
        results.gone(str(problem))
        st.stop()
    except Stopped:
        results.stopped()
        st.stop()
    return _seen(table, found)


def _counted(table: state.Loaded, found: Found, kpis: KpiTable) -> str:
    ran = f", measured by {table.engine.where}" if table.engine else ""
    if not looking().conditions:
        return plural(kpis.size(BASE), "customer") + ran
    words, everyone = listed(looking().conditions), plural(found.kpis.size(BASE), "customer")
    return f"{number(kpis.size(BASE))} of {everyone}{ran}, only where {words}"


def _source(table: state.Loaded, found: Found, kpis: KpiTable) -> str:
    goal = find_goal(found.segmentation.plan.goal).label.lower()
    return f"{table.title}; {_counted(table, found, kpis)}; goal: {goal}"


# --- the controls ---------------------------------------------------------------------------------


def bar(view: View) -> None:
    """Offer focus, filter and KPIs of one's own."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="view-bar"):
        _focus(view)
        filter_button(view)
        _kpis(view)


def _focus(view: View) -> None:
    names = {EVERYONE: "All segments"} | {one.key: one.name for one in view.assignment.segments}
    state.show("focus", view.focus)
    st.selectbox(
        "Focus on",
        list(names),
        format_func=names.__getitem__,
        key="focus",
        width=320,
        on_change=lambda: look_at(focus=st.session_state["focus"]),
    )


def toggle_focus(key: str) -> None:
    """Put a segment in front; once more, and all are equal again."""
    look_at(focus=EVERYONE if looking().focus == key else key)


def filter_button(view: View) -> None:
    """Choose whom of the customers everything is about."""
    everyone = view.table.customers
    if not choosable(everyone):
        return
    now = looking().conditions
    of_all = f"{number(view.count)} of {number(view.found.kpis.size(BASE))}"
    label = f"Filter: {of_all}" if now else "Filter"
    with st.popover(label, icon=":material/filter_alt:", key="filter"):
        look.note("Segments stay as they are; all numbers and lists are about these customers only.")
        wanted = conditions.asked(everyone, now, "Only customers by", "filter")
        if now and st.button("Show everyone", key="filter-off"):
            _clear(everyone)
        if wanted != now:
            look_at(conditions=wanted)
            st.rerun()


def _clear(everyone: Customers) -> None:
    """Forget the filter, and what its pickers hold."""
    for key in [key for key in st.session_state if str(key).startswith("filter-")]:
        del st.session_state[key]
    look_at(conditions=())
    st.rerun()


def _kpis(view: View) -> None:
    """KPIs of one's own, and what the value of a customer rests on."""
    columns = [one.name for one in ownable(view.table.everyone)]
    now = looking()
    with st.popover("KPIs", icon=":material/tune:", key="kpis"):
        own = st.multiselect(
            "More columns as KPIs",
            columns,
            default=[name for name in now.own if name in columns],
            format_func=readable,
            max_selections=MOST_OWN,
            key=f"own-{view.table.everyone.fingerprint}",
            help="Of a number its mean, of yes and no the share of yes, with interval and verdict.",
        )
        assumed = _assumptions(now.assumptions) if "value" in view.kpis.keys else now.assumptions
        if (tuple(own), assumed) != (now.own, now.assumptions):
            look_at(own=tuple(own), assumptions=assumed)
            st.rerun()


def _assumptions(now: Assumptions) -> Assumptions:
    """Ask what the value of a customer rests on."""
    look.note("Value of a customer: margin × the chance to be there still, period by period.")
    periods = st.number_input("Periods to look ahead", 1, MOST_PERIODS, now.periods, key="value-periods")
    discount = st.number_input(
        "Discount a period, in %", 0, 100, round(now.discount * 100), key="value-discount"
    )
    margin = st.number_input(
        "Part of revenue that is left, in %, where no cost is known",
        1,
        100,
        round(now.margin * 100),
        key="value-margin",
    )
    return Assumptions(int(periods), discount / 100, margin / 100)


# --- a KPI ----------------------------------------------------------------------------------------

FIRST = ("nps", "retention", "csat", "conversion", "revenue")  # what a meeting asks for, in this order


def first_asked(kpis: Iterable[str], first: Sequence[str] = FIRST) -> str:
    """The KPI of some, at least one, that is asked for first."""
    keys = list(kpis)
    return next((one for one in first if one in keys), keys[0])


def ask_kpi(label: str, labels: Mapping[str, str], key: str, first: Sequence[str] = FIRST) -> str:
    """Ask for one of some KPIs; the first of those that a meeting asks for stands there.

    Parameters
    ----------
    label : str
        What is asked.
    labels : mapping of str to str
        Key of each KPI to its name.
    key : str
        Of the widget.
    first : sequence of str
        Keys, the most wanted first.
    """
    keys = list(labels)
    start = first_asked(labels, first)
    return st.selectbox(label, keys, index=keys.index(start), format_func=labels.__getitem__, key=key)
