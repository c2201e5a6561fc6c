"""What is computed for the pages: functions of a table and a plan that another process can run.

Nothing here knows Streamlit, so that a worker process need not load it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from pages.ui.work import Stopped
from segkit.customers.base import Condition, met, restricted
from segkit.customers.quality import ColumnQuality, column_quality
from segkit.customers.table import Customers
from segkit.engine import Engine
from segkit.insights.edition import Edition
from segkit.insights.judging import judged
from segkit.insights.names import refined_and_named, segment
from segkit.insights.playbook.advice import Playbook
from segkit.insights.profiles import Trait, profiles
from segkit.insights.story.telling import Story, story
from segkit.labels import plural
from segkit.measures.effects import Effect, goes_with
from segkit.measures.kpis import Assumptions, KpiDefinition, KpiTable, measure
from segkit.measures.profile_facts import ProfileFacts
from segkit.measures.pushed import measure_all
from segkit.measures.pushed_counts import Everyone
from segkit.measures.scorecard import reach
from segkit.segments.customer_map import CustomerMap, customer_map
from segkit.segments.evidence.advice import Advice, compared, first_look
from segkit.segments.evidence.agreement import MethodAgreement, method_agreement
from segkit.segments.holding import segment_stability
from segkit.segments.methods.clusters import Clusters, prepared_for
from segkit.segments.methods.table import METHODS, find_method
from segkit.segments.methods.ward import Merges, merges
from segkit.segments.plan import Plan
from segkit.segments.questions import Questionnaire, questions
from segkit.segments.refining import Refinement
from segkit.segments.rules import Rule, rules
from segkit.segments.segmentation import NO_SEGMENT, Assignment, Segment, Segmentation
from segkit.segments.watching import Watch, part_of
from segkit.segments.why import closest_segments

LOOKING = 0.2  # seconds between looks whether somebody stopped a query
Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Seen:
    """Some of the customers with their segments and KPIs."""

    customers: Customers
    assignment: Assignment
    kpis: KpiTable


def see(
    customers: Customers,
    assignment: Assignment,
    conditions: tuple[Condition, ...],
    own: tuple[str, ...],
    assumptions: Assumptions,
    watch: Watch,
) -> Seen:
    """Measure those who meet the conditions."""
    watch("Measuring", 0.0)
    if conditions:
        assignment = assignment.where(met(customers, conditions))
        customers = restricted(customers, conditions)
    return Seen(customers, assignment, measure(customers, assignment, own=own, assumptions=assumptions))


def measure_everyone(
    customers: Customers,
    engine: Engine,
    segmentation: Segmentation,
    conditions: tuple[Condition, ...],
    own: tuple[str, ...],
    assumptions: Assumptions,
    watch: Watch,
) -> KpiTable:
    """Measure all customers where their table lives; whoever stops it stops the query."""
    work = partial(
        measure_all,
        engine,
        customers,
        segmentation,
        own=own,
        assumptions=assumptions,
        conditions=conditions,
    )
    return _until_stopped(engine, work, "Measuring", watch)


def ask_everyone(
    customers: Customers,
    run: Callable[..., Result],
    engine: Engine,
    segmentation: Segmentation,
    conditions: tuple[Condition, ...],
    args: tuple[Any, ...],
    watch: Watch,
) -> Result:
    """Ask something of all customers where their table lives; whoever stops it stops the query."""
    work = partial(run, Everyone(engine, customers, segmentation, conditions), *args)
    return _until_stopped(engine, work, "Counting", watch)


def _until_stopped(engine: Engine, work: Callable[[], Result], doing: str, watch: Watch) -> Result:
    """Let an engine work beside this thread, which looks whether somebody stopped it."""
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(work)
        try:
            while not wait([asked], LOOKING).done:
                watch(f"{doing} {plural(engine.rows, 'customer')} by {engine.where}", 0.5)
        except Stopped:
            engine.cancel()
            raise
        return asked.result()


def effects(
    customers: Customers,
    assignment: Assignment,
    definition: KpiDefinition,
    whom: str,
    leave_out: tuple[str, ...],
    watch: Watch,
) -> list[Effect]:
    """What goes with a KPI, among everyone or in the segment of a key."""
    watch("Looking what goes together", 0.0)
    return goes_with(customers, definition, assignment.members(whom) if whom else None, leave_out)


def tell(
    customers: Customers,
    assignment: Assignment,
    kpis: KpiTable,
    edition: Edition,
    written: dict[str, Any],
    traits: dict[str, list[Trait]],
    firm: dict[str, float] | None,
    recall: dict[str, float],
    facts: ProfileFacts | None,
    plays: Playbook | None,
    verdict: str,
    watch: Watch,
) -> Story:
    """The story of some customers and their segments; the scorecard is part of it once it is known."""
    watch("Writing the pages", 0.0)
    about = (customers, assignment)
    known = (traits, firm, recall, reach(*about), written.get("thresholds"))
    card = None if firm is None else judged(*about, assignment.segments, kpis, *known)
    return story(*about, kpis, edition, written, card, facts, plays, verdict)


def slides(customers: Customers, told: Story, template: bytes | None, watch: Watch) -> bytes:
    """The slides of a story."""
    from segkit.exports.deck import deck  # here, as its library takes long to load and few pages need it

    return deck(told, template, watch)


def template_problem(customers: Customers, template: bytes, watch: Watch) -> str:
    """Say why a company's template cannot be used; empty where it can."""
    from segkit.exports.deck import (  # here, as its library takes long to load
        UnusableTemplate,
        opened_template,
    )

    try:
        opened_template(template)
    except UnusableTemplate as problem:
        return str(problem)
    return ""


def report(customers: Customers, told: Story, segmentation: Segmentation, watch: Watch) -> bytes:
    """The report of a story."""
    from segkit.exports.html_report.report import report_html  # here, as few pages need it

    return report_html(told, customers, segmentation, watch)


def sheets(
    customers: Customers,
    assignment: Assignment,
    kpis: KpiTable,
    segmentation: Segmentation,
    edition: Edition,
    found: list[Rule],
    personal: bool,
    watch: Watch,
) -> bytes:
    """The workbook of some segments."""
    from segkit.exports.workbook import workbook  # here, as few pages need it

    return workbook(customers, assignment, kpis, segmentation, edition, found, personal, watch)


@dataclass(frozen=True, eq=False)
class Found:
    """Everything that is known of one plan on one table.

    Attributes
    ----------
    key : str
        The plan's, before anything was refined.
    segmentation, assignment, kpis
        As refined.
    traits : dict
        What sets each segment apart, by key.
    fitted : Segmentation
        As it was before anything was refined.
    """

    key: str
    segmentation: Segmentation
    assignment: Assignment
    kpis: KpiTable
    traits: dict[str, list[Trait]]
    fitted: Segmentation

    @property
    def sizes(self) -> list[int]:
        """Customers per segment: all of them, where the assignment is that of a sample."""
        return [self.kpis.size(one.key) for one in self.assignment.segments]

    @property
    def unassigned(self) -> int:
        """Customers who fit none."""
        return self.kpis.size(NO_SEGMENT)


def find(customers: Customers, plan: Plan, watch: Watch) -> Found:
    """Fit, name, assign, describe and measure."""
    fitted = segment(customers, plan, watch=part_of(watch, 0.0, 0.6))
    return _known(customers, plan.key, fitted, fitted, watch)


def refine(
    customers: Customers, fitted: Segmentation, key: str, refinements: tuple[Refinement, ...], watch: Watch
) -> Found:
    """Refine what was fitted, and the same as for `find` from there."""
    watch("Changing the segments", 0.0)
    segmentation = refined_and_named(customers, fitted, refinements)
    return _known(customers, key, segmentation, fitted, watch)


def _known(
    customers: Customers, key: str, segmentation: Segmentation, fitted: Segmentation, watch: Watch
) -> Found:
    watch("Placing everybody", 0.6)
    assignment = segmentation.assign(customers)
    watch("Describing the segments", 0.75)
    traits = profiles(customers, assignment, _described(customers, segmentation))
    watch("Measuring the segments", 0.85)
    return Found(key, segmentation, assignment, measure(customers, assignment), traits, fitted)


def _described(customers: Customers, segmentation: Segmentation) -> tuple[str, ...]:
    """The columns that describe segments: what formed them, and for rules the usual dimensions too."""
    formed = segmentation.tree.names
    if find_method(segmentation.plan.method).clusters is not None and not segmentation.refinements:
        return formed
    return tuple(dict.fromkeys([*formed, *customers.default_dimensions]))


def look(customers: Customers, plan: Plan, watch: Watch) -> Advice:
    """The evidence for each number of segments, without scrambled data."""
    clusters = _clusters(plan)
    ready, _ = prepared_for(customers, plan, clusters.answers)
    return first_look(ready, clusters.refit, plan.seed, watch=watch)


def compare(customers: Customers, plan: Plan, advice: Advice, watch: Watch) -> Advice:
    """The same beside scrambled data, with verdicts."""
    clusters = _clusters(plan)
    ready, _ = prepared_for(customers, plan, clusters.answers)
    return compared(advice, ready, clusters.refit, plan.seed, watch)


def agreement(customers: Customers, plan: Plan, watch: Watch) -> list[MethodAgreement]:
    """Whether other methods find the same groups."""
    clusters = {method.key: method.clusters for method in METHODS if method.clusters is not None}
    first = {plan.method: clusters.pop(plan.method)}
    refits = {key: one.refit for key, one in (first | clusters).items()}
    ready, _ = prepared_for(customers, plan, answers=True)
    return method_agreement(ready, refits, int(plan.n_segments), plan.seed, watch)


def places(customers: Customers, plan: Plan, watch: Watch) -> CustomerMap:
    """Where customers stand on the map."""
    watch("Drawing the map", 0.0)
    return customer_map(customers, plan)


def tree(customers: Customers, plan: Plan, watch: Watch) -> Merges:
    """The tree of groups that Ward's method makes."""
    watch("Drawing the tree", 0.0)
    return merges(prepared_for(customers, plan)[0], plan.seed)


def firmness(
    customers: Customers, segmentation: Segmentation, fitted: Segmentation, watch: Watch
) -> dict[str, float]:
    """How firmly each segment holds when customers are drawn again."""
    return segment_stability(customers, segmentation, fitted, watch=watch)


def closest(customers: Customers, segmentation: Segmentation, watch: Watch) -> dict[str, Segment | None]:
    """The segment that is next to each."""
    watch("Looking which segments are close", 0.0)
    return closest_segments(segmentation, customers)


def in_rules(
    customers: Customers, segmentation: Segmentation, assignment: Assignment, watch: Watch
) -> list[Rule]:
    """Each segment as a rule."""
    watch("Looking for rules", 0.0)
    return rules(customers, assignment, segmentation.plan.seed, segmentation)


def asked(customers: Customers, assignment: Assignment, seed: int, watch: Watch) -> Questionnaire:
    """The questions that place a new customer."""
    watch("Looking for questions", 0.0)
    return questions(customers, assignment, seed)


def _clusters(plan: Plan) -> Clusters:
    clusters = find_method(plan.method).clusters
    assert clusters is not None  # pages ask only for methods that find groups
    return clusters


def quality(customers: Customers, watch: Watch) -> list[ColumnQuality]:
    """How full each column is, and how its values spread."""
    watch("Looking at the columns", 0.0)
    return column_quality(customers)
