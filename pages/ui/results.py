"""Computed once, shown on many pages: segments, KPIs, the evidence and the map.

Every result is keyed on the fingerprint of the table, the plan and what was refined, never on a frame. It is
shared by all sessions and never changed. What a page cannot do without it waits for; the rest appears when it
is ready.
"""

import json
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from pages.ui import jobs, look, state
from pages.ui.jobs import Found, Seen
from pages.ui.looking import Looking
from pages.ui.work import Stopped, Task
from pages.ui.workshop import again, workshop
from segkit.customers.sampling import in_all
from segkit.customers.table import Customers
from segkit.engine import UnusableSource
from segkit.errors import SegkitError
from segkit.insights.edition import Edition
from segkit.insights.playbook.advice import Playbook
from segkit.insights.playbook.advice import judged as judged_by
from segkit.insights.playbook.advice import playbook as judged_here
from segkit.insights.playbook.own import set_by_person
from segkit.insights.playbook.pushed import about_of_all
from segkit.insights.story.telling import Story
from segkit.labels import plural
from segkit.measures.effects import Effect
from segkit.measures.kpis import KpiDefinition, KpiTable, outcome_columns
from segkit.measures.profile_facts import InMemory, ProfileFacts
from segkit.measures.pushed_profiles import profiles_of_all
from segkit.segments.customer_map import CustomerMap
from segkit.segments.evidence.advice import Advice
from segkit.segments.evidence.agreement import MethodAgreement
from segkit.segments.goals import find_goal
from segkit.segments.methods.table import find_method
from segkit.segments.methods.ward import Merges
from segkit.segments.plan import MOST_SEGMENTS, Plan
from segkit.segments.questions import Questionnaire
from segkit.segments.refining import Refinement
from segkit.segments.rules import Rule
from segkit.segments.segmentation import Segment

DRAWING = 1.0  # seconds a browser takes to draw a page
LIGHT = 10_000  # customers for whom a thread of the server needs a blink; more go to a worker, or pages wait
A_CUSTOMER = 16  # bytes of a result about one
AN_ANSWER = 4 << 20  # bytes of what an engine counted, about and at most
NEIGHBOURLY = 200_000  # customers; for more, a worker is better kept free for what is asked for
LOOKING = 0.8  # seconds between looks whether what a page can do without is ready
PENDING = "pending"  # in the session: tasks of this run that are not ready yet
FAILED = "failed"  # and those that did not work out
TOLD = ("weights", "thresholds", "limits", "plays", "actions")  # of what people wrote: what a story tells
Result = TypeVar("Result")


def _task(what: str, customers: Customers, run: Callable[..., Any], plan: Plan, *args: Any) -> Task:
    key = (what, customers.fingerprint, plan.key)
    return _sized(Task(key, run, customers, (plan, *args)), customers)


def _sized(task: Task, customers: Customers) -> Task:
    """Say how much work a task is and how large its result."""
    return replace(task, heavy=len(customers) > LIGHT, bytes=A_CUSTOMER * len(customers))


def _open(plan: Plan) -> Plan:
    """The plan without its number of segments: evidence and map are the same for every number."""
    return replace(plan, n_segments="auto")


def _finds_groups(plan: Plan) -> bool:
    return find_method(plan.method).clusters is not None


# --- what a page waits for ------------------------------------------------------------------------


def settled(customers: Customers, plan: Plan) -> Plan:
    """The plan with the recommended number of segments where it asks for that."""
    if plan.n_segments != "auto" or not _finds_groups(plan):
        return plan
    return plan.with_segments(_first_look(customers, plan).recommended)


def _first_look(customers: Customers, plan: Plan) -> Advice:
    doing = f"Comparing numbers of segments for {plural(len(customers), 'customer')} …"
    return workshop().result(_look_task(customers, plan), doing)


def _look_task(customers: Customers, plan: Plan) -> Task:
    return _task("look", customers, jobs.look, _open(plan))


def found(table: state.Loaded, plan: Plan) -> Found:
    """Segments, assignment, KPIs and traits, as refined in this session."""
    fixed = settled(table.customers, plan)
    st.session_state["settled"] = st.session_state.get("settled", {}) | {plan.key: fixed.key}
    doing = f"Finding segments among {plural(len(table.customers), 'customer')} …"
    first = workshop().result(_found_task(table.customers, fixed), doing)
    done = state.refined(fixed.key).done
    if done:
        first = workshop().result(_refined_task(table.customers, first, done), doing)
    return replace(first, kpis=_of_everyone(table, first, Looking())) if table.engine else first


def _of_everyone(table: state.Loaded, found: Found, looking: Looking) -> KpiTable:
    """The KPIs of all customers of a source, whom only some stand for here."""
    about = _of_found("everyone", table.customers, jobs.measure_everyone, found)
    conditions = (*table.conditions, *looking.conditions)
    wanted = (conditions, looking.own, looking.assumptions)
    args = (table.engine, found.segmentation, *wanted)
    task = Task((about.key, wanted), jobs.measure_everyone, table.everyone, args)
    return workshop().result(task, f"Measuring {plural(in_all(table.customers), 'customer')} …")


def _found_task(customers: Customers, plan: Plan) -> Task:
    return _task("found", customers, jobs.find, plan)


def _refined_task(customers: Customers, first: Found, done: Sequence[Refinement]) -> Task:
    """Change by hand what was found; it need not be found again for that."""
    key = ("refined", customers.fingerprint, first.key, json.dumps(done, sort_keys=True, default=str))
    args = (first.segmentation, first.key, tuple(done))
    return _sized(Task(key, jobs.refine, customers, args), customers)


def places(customers: Customers, plan: Plan) -> CustomerMap:
    """The map; the same whatever number the plan asks for."""
    return workshop().result(_map_task(customers, plan), "Drawing the map …")


def _map_task(customers: Customers, plan: Plan) -> Task:
    return _task("map", customers, jobs.places, _open(plan))


def rules(customers: Customers, found: Found) -> list[Rule]:
    """Each segment as a rule."""
    return workshop().result(
        _of_found("rules", customers, jobs.in_rules, found, found.assignment), "Looking …"
    )


def recall(customers: Customers, found: Found) -> dict[str, float]:
    """Which share of each segment its rule finds."""
    return {rule.segment.key: rule.recall for rule in rules(customers, found)}


def questions(customers: Customers, found: Found) -> Questionnaire:
    """The questions that place a new customer."""
    plan = found.segmentation.plan
    task = _of_found("questions", customers, jobs.asked, found)
    task = replace(task, args=(found.assignment, plan.seed))
    return workshop().result(task, "Looking for the best questions …")


def agreement(customers: Customers, plan: Plan) -> list[MethodAgreement]:
    """Whether other methods find the same groups."""
    doing = "Looking whether other methods find the same groups …"
    return workshop().result(_task("agreement", customers, jobs.agreement, plan), doing)


def tree(customers: Customers, plan: Plan) -> Merges:
    """The tree of groups that Ward's method makes."""
    return workshop().result(_task("tree", customers, jobs.tree, _open(plan)), "Drawing the tree …")


def _of_found(what: str, customers: Customers, run: Callable[..., Any], found: Found, *args: Any) -> Task:
    """A task about segments as they were refined."""
    segmentation = found.segmentation
    done = json.dumps(segmentation.refinements, sort_keys=True, default=str)
    key = (what, customers.fingerprint, segmentation.plan.key, done)
    return _sized(Task(key, run, customers, (segmentation, *args)), customers)


# --- what appears when it is ready ----------------------------------------------------------------


def _when_ready(task: Task) -> Any:
    """The result of a task, or None while it is not there; `wait_quietly` draws the page again then."""
    if task.key in st.session_state.get(FAILED, ()):
        return None
    future = workshop().start(task, ahead=True)
    if not future.done():
        st.session_state[PENDING] = [*st.session_state.get(PENDING, ()), task]
        return None
    if future.cancelled() or future.exception() is not None:
        st.session_state[FAILED] = {*st.session_state.get(FAILED, ()), task.key}
        return None
    return future.result()


def _ready(task: Task, doing: str, patient: bool) -> Any:
    """The result of a task: who is patient waits for it, else it is None while it is not there."""
    return workshop().result(task, doing) if patient else _when_ready(task)


def advice(customers: Customers, plan: Plan, patient: bool = False) -> Advice | None:
    """The evidence for the number of segments, compared with scrambled data once that is ready.

    None for methods whose rules say how many there are.
    """
    if not _finds_groups(plan):
        return None
    first = _first_look(customers, plan)
    compared = _ready(_compare_task(customers, plan, first), "Comparing with scrambled data …", patient)
    return compared or first


def _compare_task(customers: Customers, plan: Plan, first: Advice) -> Task:
    return _task("compare", customers, jobs.compare, _open(plan), first)


def firmness(customers: Customers, found: Found, patient: bool = False) -> dict[str, float] | None:
    """How firmly each segment holds; None while that is not known."""
    task = _of_found("firm", customers, jobs.firmness, found, found.fitted)
    return _ready(task, "Looking how firmly segments hold …", patient)


def closest(customers: Customers, found: Found) -> dict[str, Segment | None]:
    """The segment that is next to each."""
    task = _of_found("closest", customers, jobs.closest, found)
    return workshop().result(task, "Looking which segments are close …")


def seen(table: state.Loaded, found: Found, looking: Looking) -> Seen:
    """The customers who are looked at, with their KPIs."""
    customers = table.customers
    if looking == Looking(focus=looking.focus):
        return Seen(customers, found.assignment, found.kpis)
    wanted = (looking.conditions, looking.own, looking.assumptions)
    about = _of_found("seen", customers, jobs.see, found)
    # in this process: a table that a worker has made would have to be sent back
    size = int(customers.source.nbytes + customers.frame.memory_usage(deep=False).sum())
    task = Task((about.key, wanted), jobs.see, customers, (found.assignment, *wanted), bytes=size)
    shown: Seen = workshop().result(task, "Measuring …")
    return replace(shown, kpis=_of_everyone(table, found, looking)) if table.engine else shown


def effects(
    shown: Seen,
    found: Found,
    looking: Looking,
    definition: KpiDefinition,
    whom: str,
    leave_out: tuple[str, ...],
) -> list[Effect]:
    """What goes with a KPI among those who are looked at, or in one of their segments."""
    about = _of_found("effects", shown.customers, jobs.effects, found)
    key = (about.key, looking.conditions, definition.key, whom)
    args = (shown.assignment, definition, whom, leave_out)
    return workshop().result(Task(key, jobs.effects, shown.customers, args), "Looking what goes together …")


def story(
    table: state.Loaded,
    found: Found,
    shown: Seen,
    looking: Looking,
    edition: Edition,
    written: dict[str, Any],
    patient: bool,
) -> Story:
    """What is told of those who are looked at.

    The scorecard needs to know how firmly segments hold, which takes longest: who is `patient` waits for it,
    else it joins the story when it is there.
    """
    firm, share = firmness(table.customers, found, patient), recall(table.customers, found)
    kept = {part: written.get(part) for part in TOLD if written.get(part)}
    verdict = _verdict(table.customers, found, patient)
    wanted = (
        edition,
        looking.own,
        looking.assumptions,
        firm is None,
        verdict,
        json.dumps(kept, sort_keys=True),
    )
    facts = plays = None  # of an upload they are found where the story is told
    if table.engine:
        facts = profile_facts(table, found, shown, looking)
        judged, problem = playbook(table, found, shown, looking, kept)
        plays = None if problem else judged
    args = (shown.assignment, shown.kpis, edition, kept, found.traits, firm, share, facts, plays, verdict)
    task = about_shown("story", shown, found, jobs.tell, wanted, args)
    task = replace(task, heavy=task.heavy and table.engine is None)  # what an engine said would be sent along
    made: Story = workshop().result(task, "Writing the pages …")
    return made


def _verdict(customers: Customers, found: Found, patient: bool) -> str:
    """Whether segments that nobody changed are real; empty where rules made them, or it is not known yet."""
    if found.segmentation.refinements:
        return ""
    known = advice(customers, found.segmentation.plan, patient)
    candidate = None if known is None else known.candidate(len(found.segmentation.segments))
    return candidate.verdict if candidate is not None else ""


def profile_facts(table: state.Loaded, found: Found, shown: Seen, looking: Looking) -> ProfileFacts:
    """What profiles are made from; asked of the engine where the table stays where it is."""
    if table.engine is None:
        return InMemory(shown.customers, shown.assignment)
    outcomes = outcome_columns(shown.kpis.definitions, shown.customers)
    return of_everyone(table, found, looking, "profiles", profiles_of_all, outcomes)


def playbook(
    table: state.Loaded, found: Found, shown: Seen, looking: Looking, written: dict[str, Any]
) -> tuple[Playbook, str]:
    """What to do about each segment; and why only those drawn are counted, empty where all are."""
    limits, own = set_by_person(written)
    problem = ""
    if table.engine is not None:
        asked = (about_of_all, tuple(limits.items()), tuple(own))
        try:
            about = of_everyone(table, found, looking, "plays", *asked)
            return judged_by(replace(about, kpis=shown.kpis), own), ""
        except SegkitError as unread:  # days that cannot be read where the table lives
            problem = str(unread)
    return judged_here(shown.customers, shown.assignment, shown.kpis, limits, own), problem


def about_shown(
    what: str, shown: Seen, found: Found, run: Callable[..., Any], wanted: Hashable, args: tuple[Any, ...]
) -> Task:
    """A piece of work about those who are looked at; `wanted` is what decides about it besides them."""
    about = _of_found(what, shown.customers, run, found)
    return replace(about, key=(about.key, wanted), args=args)


def of_everyone(
    table: state.Loaded,
    found: Found,
    looking: Looking,
    what: str,
    run: Callable[..., Result],
    *args: Hashable,
) -> Result:
    """What a function of `Everyone` finds among all customers of a source who are looked at.

    Where the table cannot be asked, or the user stopped it, say so and stop the page.

    Parameters
    ----------
    table : Loaded
        Of a source.
    found : Found
    looking : Looking
    what : str
        Unlike that of any other function.
    run : function
        Takes `Everyone` and `args`.
    """
    about = _of_found(what, table.customers, jobs.ask_everyone, found)
    conditions = (*table.conditions, *looking.conditions)
    given = (run, table.engine, found.segmentation, conditions, args)
    key = (about.key, conditions, args)
    task = Task(key, jobs.ask_everyone, table.everyone, given, bytes=AN_ANSWER)
    doing = f"Counting {plural(in_all(table.customers), 'customer')} …"
    try:
        result: Result = workshop().result(task, doing)
    except UnusableSource as problem:
        gone(str(problem))
    except Stopped:
        stopped("the counting")
    else:
        return result
    st.stop()


def wait_quietly() -> None:
    """Draw the page again as soon as everything that it could do without is ready."""
    pending = st.session_state.pop(PENDING, [])
    if pending:
        st.fragment(_look_again, run_every=LOOKING)(pending)


def _look_again(pending: list[Task]) -> None:
    if all(workshop().start(task, ahead=True).done() for task in pending):
        st.rerun()


# --- ahead of time --------------------------------------------------------------------------------


def start_ahead(customers: Customers, plan: Plan) -> None:
    """Begin the work of the segments page while the data page is being read; errors wait for that page."""
    if not _finds_groups(plan) or not (plan.dimensions or customers.default_dimensions):
        return
    shop = workshop()
    if shop.was_stopped(_look_task(customers, plan)):
        return

    def then(first: Advice) -> None:
        fixed = plan if plan.n_segments != "auto" else plan.with_segments(first.recommended)
        shop.begin(_found_task(customers, fixed))
        shop.begin(_map_task(customers, plan))
        shop.begin(_compare_task(customers, plan, first))

    shop.begin(_look_task(customers, plan), then)


def start_neighbours(customers: Customers, plan: Plan, count: int) -> None:
    """Begin one segment more and one less, where the slider goes next, once the page has been drawn."""
    if not _finds_groups(plan) or len(customers) > NEIGHBOURLY:
        return

    def begin() -> None:
        for other in () if shop.crowded else (count + 1, count - 1):
            if 2 <= other <= MOST_SEGMENTS:
                shop.begin(_found_task(customers, plan.with_segments(other)))

    shop = workshop()
    timer = threading.Timer(DRAWING, begin)
    timer.daemon = True  # it must not hold up a server that stops
    timer.start()


# --- or stop --------------------------------------------------------------------------------------


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
    """The result of the plan; when it cannot be carried out, or was stopped, say so and stop the page."""
    st.session_state.pop(PENDING, None)
    try:
        return found(table, state.plan())
    except Stopped:
        stopped()
    except UnusableSource as problem:
        gone(str(problem))
    except SegkitError as problem:
        if state.give_up(state.settled_key(), str(problem)):
            st.rerun()
        _impossible(table, str(problem))
    st.stop()


def gone(problem: str) -> None:
    """Say that a table cannot be asked at the moment; what was chosen stays, and a retry may work."""
    look.headline("The table cannot be asked at the moment.")
    look.notice(problem, problem=True)
    columns = st.container(horizontal=True)
    columns.button("Try again", type="primary", key="try-again")
    if columns.button("Back to the data", key="to-columns"):
        st.switch_page(st.session_state["pages"]["data"])


def stopped(what: str = "the search for segments") -> None:
    """Say that the work was stopped and how to go on."""
    look.headline(f"You stopped {what}.")
    look.note("Nothing is lost: your data and your choices are still here.")
    columns = st.container(horizontal=True)
    columns.button("Start again", type="primary", key="start-again", on_click=again)
    if columns.button("Back to the data", key="to-columns"):
        st.switch_page(st.session_state["pages"]["data"])


def _impossible(table: state.Loaded, problem: str) -> None:
    key = state.settled_key()
    look.headline("These choices do not give segments.")
    look.notice(problem, problem=True)
    columns = st.container(horizontal=True)
    if state.refined(key).done:
        columns.button(
            "Take back the last change", type="primary", key="undo", on_click=state.undo, args=(key,)
        )
    if columns.button("Start over with the usual choices", key="reset-plan"):
        state.start_over()
        st.rerun()
    if columns.button("Look at the columns", key="to-columns"):
        st.switch_page(st.session_state["pages"]["data"])


def kicker(table: state.Loaded, found: Found, more: str) -> str:
    """What a page is about, for the line above its headline: the files, the goal, and more."""
    goal = find_goal(found.segmentation.plan.goal).label.lower()
    return f"{table.title}; goal: {goal}; {more}"
