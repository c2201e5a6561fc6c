"""The scorecard of segments, from what is known of them and the borders that a person set."""

from collections.abc import Mapping, Sequence

from segkit.customers.table import Customers
from segkit.errors import SegkitError
from segkit.insights.priority_text import strongest_traits
from segkit.insights.profiles import Trait
from segkit.measures.kpi_table import KpiTable
from segkit.measures.savings import usual_cost
from segkit.measures.scorecard import (
    Evidence,
    Reach,
    Scorecard,
    Thresholds,
    checks_with,
    coverage,
    scorecard,
)
from segkit.segments.segmentation import Assignment, Segment


def judged(
    customers: Customers,
    assignment: Assignment,
    segments: Sequence[Segment],
    kpis: KpiTable,
    traits: Mapping[str, Sequence[Trait]],
    firm: Mapping[str, float] | None,
    recall: Mapping[str, float],
    reach: Reach | None,
    written: object = None,
) -> Scorecard:
    """Judge whether segments can be built on.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table, row by row.
    segments : sequence of Segment
        Those who are judged, as they are drawn.
    kpis : KpiTable
    traits : mapping
        What sets each apart, the largest first.
    firm : mapping, optional
        How firmly each holds; empty where rules define them, None while it is being measured.
    recall : mapping
        Share of each that its rule finds.
    reach : Reach, optional
    written : mapping, or anything else
        Borders ("borders") and cost ("cost") that a person set, as they were kept.
    """
    rules = assignment.dimensions if firm == {} else ()  # what a rule asks for sets nothing apart
    others = bool(set(customers.default_dimensions) - set(rules))
    evidence = Evidence(
        coverage(customers, assignment),
        firm,
        strongest_traits(traits, segments, rules, others),
        reach,
        recall,
    )
    return scorecard(segments, kpis, evidence, cost_from(written, kpis), borders_from(written))


def cost_from(written: object, kpis: KpiTable) -> float:
    """What addressing a customer costs: as somebody said, else a start."""
    known = _kept(written).get("cost")
    return float(known) if isinstance(known, int | float) and known >= 0 else usual_cost(kpis)


def borders_from(written: object) -> Thresholds:
    """The borders that somebody set, as far as they make sense."""
    known = _kept(written).get("borders")
    usable: dict[str, tuple[float, float]] = {}
    for key, pair in known.items() if isinstance(known, Mapping) else ():
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, int | float) for one in pair):
            usable[str(key)] = (float(pair[0]), float(pair[1]))
    try:
        checks_with(usable)
    except SegkitError:
        return {}
    return usable


def _kept(written: object) -> Mapping[str, object]:
    return written if isinstance(written, Mapping) else {}
