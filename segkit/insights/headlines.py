"""Headlines: the one sentence a page opens with, computed from the numbers, or none."""

from math import isnan

from segkit.customers.table import Customers
from segkit.insights.kpi_text import difference_text, value_text
from segkit.labels import listing, number, percent, plural
from segkit.measures.kpis import BASE, KPIS, SMALLEST_RANKED, Kpi, KpiTable, find_kpi, source_columns
from segkit.segments.advice import STABLE, Candidate
from segkit.segments.segmentation import NO_SEGMENT, Assignment

_STORY = ("nps", "retention", "csat", "conversion")  # what a meeting asks for, in this order


def results_headline(table: KpiTable) -> str | None:
    """Say which segment stands out most, in size, money and its clearest other KPI.

    Only differences with the verdict higher or lower and from at least 30 answers are told. Returns
    None when there is no KPI beyond size.
    """
    telling = [row for row in table if _telling(row)]
    measured = [row for row in table if row.verdict not in ("", "hidden") and row.segment != BASE]
    if not telling:
        return (
            None if not measured else "No segment differs reliably from the others in any KPI of this table."
        )
    money = [row for row in telling if row.kpi == "revenue_share"]
    if money:
        lead = max(money, key=lambda row: (row.verdict == "higher", abs(_difference(table, row))))
        size = table.find(lead.segment, "share")
        assert size is not None
        sentence = (
            f"“{lead.segment_name}” is {percent(size.value)} of customers and "
            f"{percent(lead.value)} of revenue"
        )
        second = _clearest(table, [row for row in telling if row.segment == lead.segment])
        return sentence + (f"; {_clause(table, second)}." if second else ".")
    lead = _clearest(table, telling)
    if lead is None:
        return None
    size = table.find(lead.segment, "share")
    assert size is not None
    return f"“{lead.segment_name}” is {percent(size.value)} of customers; {_clause(table, lead)}."


def _telling(row: Kpi) -> bool:
    ranked = row.n >= SMALLEST_RANKED and row.segment not in (BASE, NO_SEGMENT)
    return row.verdict in ("higher", "lower") and ranked


def _difference(table: KpiTable, row: Kpi) -> float:
    return table.differences.get((row.segment, row.kpi), float("nan"))


def _clearest(table: KpiTable, rows: list[Kpi]) -> Kpi | None:
    """Take the KPI with the largest difference, each on the range of its scale."""
    known = [row for row in rows if row.kpi in _STORY and not isnan(_difference(table, row))]
    return max(known, key=lambda row: (round(_reach(table, row), 6), -_STORY.index(row.kpi)), default=None)


def _reach(table: KpiTable, row: Kpi) -> float:
    """Difference as a part of what the scale allows."""
    if row.kpi == "csat":
        low, high = (float(edge) for edge in row.unit.removeprefix("points ").split(".."))
        return abs(_difference(table, row)) / (high - low)
    return abs(_difference(table, row)) / (200 if row.kpi == "nps" else 1)


def _clause(table: KpiTable, row: Kpi) -> str:
    definition = find_kpi(row.kpi)
    label = definition.label if definition.label.isupper() else definition.label.lower()
    gap = difference_text(definition, _difference(table, row))
    side = "above" if row.verdict == "higher" else "below"
    return f"its {label} of {value_text(definition, row.value)} is {gap} {side} the rest"


def data_headline(customers: Customers) -> str:
    """Say how much there is and what can be done with it."""
    forming = len(customers.default_dimensions)
    measured = [
        one.label if one.label.isupper() else one.label.lower()
        for one in KPIS
        if one.needs and not one.share_of and source_columns(one, customers) is not None
    ]
    short = [label for label in measured if label not in ("satisfied", "repeat rate")]
    sentence = f"{plural(len(customers), 'customer')} with {plural(len(customers.columns), 'column')}: "
    sentence += f"{forming} can form segments" if forming else "none can form segments by itself"
    if not short:
        return sentence + "; no column tells an outcome yet, so only sizes can be compared."
    return sentence + f", and {listing(short, 6)} can be measured for each."


def segments_headline(assignment: Assignment, candidate: Candidate | None, distinct: str | None) -> str:
    """Say whether the segments hold up and which stands out most."""
    count = len(assignment.segments)
    share = assignment.sizes / max(assignment.sizes.sum(), 1)
    if candidate is None:
        start = f"{number(count)} segments, the largest with {percent(float(share.max()))} of customers"
    elif candidate.stability >= STABLE:
        start = f"{number(count)} segments hold up when customers are drawn again"
    elif candidate.stability >= 0.6:
        start = f"{number(count)} segments hold up mostly; their borders are blurred"
    else:
        start = f"{number(count)} segments do not hold up well: read them as one way to divide customers"
    return f"{start}; “{distinct}” stands out most." if distinct else f"{start}."


def downloads_headline(assignment: Assignment) -> str:
    """Say what is ready to download and how clear-cut it is."""
    total = len(assignment.codes)
    clear = float((assignment.confidence >= 0.6).mean())
    return (
        f"{plural(total, 'customer')} in {plural(len(assignment.segments), 'segment')} are ready; "
        f"{percent(clear)} of them sit clearly in theirs (confidence 0.6 or more)."
    )
