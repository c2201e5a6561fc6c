"""Headlines: the one sentence a page opens with, computed from the numbers, or none."""

from segkit.customers.sampling import counted
from segkit.customers.table import Customers
from segkit.insights.kpi_text import SAME_TEST, difference_text, value_text
from segkit.labels import in_sentence, listing, number, percent, plural
from segkit.measures.kpis import BASE, KPIS, SMALLEST_RANKED, Kpi, KpiTable, source_columns
from segkit.segments.evidence.advice import BLURRED, STABLE, Candidate
from segkit.segments.segmentation import NO_SEGMENT, Assignment

_STORY = ("nps", "retention", "csat", "conversion")  # what a meeting asks for, in this order
_MORE = ("revenue", "margin", "orders", "repeat_rate", "cost_to_serve", "tickets")  # where none of those is


FEW_CUSTOMERS = 100  # five segments of twenty each: no share of them is known better than by 20 points


def results_headline(table: KpiTable, focus: str = "") -> str | None:
    """Say which segment stands out most, in size, money and its clearest other KPI.

    Only differences with the verdict higher or lower and from at least 30 answers are told. Returns
    None when nothing is compared.

    Parameters
    ----------
    table : KpiTable
    focus : str
        Key of the segment to tell about; empty for the one that stands out most.
    """
    about = [row for row in table if focus in ("", row.segment)]
    compared = [row for row in about if row.verdict in ("higher", "lower", "can't tell")]
    telling = [row for row in compared if _telling(row)]
    if not compared:
        return _nothing_compared(table, about, focus)
    if not telling:
        return _nothing_reliable(compared, about, focus)
    money = [row for row in telling if row.kpi == "revenue_share"]
    if money:
        lead = max(money, key=lambda row: (row.verdict == "higher", abs(_difference(table, row))))
        others = [row for row in telling if row.segment == lead.segment and row.kpi != "revenue"]
        second = _clearest(table, others)
        clause = f"; {_clause(table, second)}" if second else ""
        return f"{_size(table, lead)} and {percent(lead.value)} of revenue{clause}."
    clearest = _clearest(table, telling)
    return f"{_size(table, clearest)}; {_clause(table, clearest)}." if clearest else None


def _nothing_compared(table: KpiTable, about: list[Kpi], focus: str) -> str | None:
    """Say why nothing is compared: too few, or nothing that could be."""
    if not any(row.verdict == "hidden" for row in about):
        return None
    size = table.find(focus, "size") if focus else None
    if size is None:
        return "Too few answers to compare the segments; values from so few are not shown."
    if not size.value:
        return f"“{size.segment_name}” has no customers here."
    return f"Too few answers in “{size.segment_name}” to compare it; values from so few are not shown."


def _nothing_reliable(compared: list[Kpi], about: list[Kpi], focus: str) -> str:
    if focus and any(row.verdict in ("higher", "lower") for row in compared):
        name = compared[0].segment_name
        return f"“{name}”: no difference rests on {SMALLEST_RANKED} answers yet; what is shown is indicative."
    if focus:
        return f"“{compared[0].segment_name}” does not differ reliably from the others in any KPI."
    if all(row.verdict == "can't tell" for row in compared):
        if any(row.verdict == "hidden" for row in about):
            return "No difference is reliable among the segments with enough answers to compare."
        return "No segment differs reliably from the others in any KPI of this table."
    return f"No difference between the segments rests on {SMALLEST_RANKED} answers yet."


def _size(table: KpiTable, row: Kpi) -> str:
    size = table.find(row.segment, "share")
    assert size is not None  # measured for every table
    return f"“{row.segment_name}” is {percent(size.value)} of customers"


def _telling(row: Kpi) -> bool:
    ranked = row.n >= SMALLEST_RANKED and row.segment not in (BASE, NO_SEGMENT)
    return row.verdict in ("higher", "lower") and ranked


def _difference(table: KpiTable, row: Kpi) -> float:
    return table.differences.get((row.segment, row.kpi), float("nan"))


def _clearest(table: KpiTable, rows: list[Kpi]) -> Kpi | None:
    """Take the KPI with the largest difference, each on the range of its scale or against the rest."""
    known = [row for row in rows if row.kpi in _STORY]
    if known:
        return max(known, key=lambda row: (round(_reach(table, row), 6), -_STORY.index(row.kpi)))
    others = [row for row in rows if row.kpi in _MORE]
    return max(others, key=lambda row: round(_factor(table, row), 6), default=None)


def _factor(table: KpiTable, row: Kpi) -> float:
    """Difference as a part of the rest's value."""
    difference = _difference(table, row)
    return abs(difference) / max(abs(row.value - difference), 1e-9)


def _reach(table: KpiTable, row: Kpi) -> float:
    """Difference as a part of what the scale allows."""
    if row.kpi == "csat":
        low, high = (float(edge) for edge in row.unit.removeprefix("points ").split(".."))
        return abs(_difference(table, row)) / (high - low)
    return abs(_difference(table, row)) / (200 if row.kpi == "nps" else 1)


def _clause(table: KpiTable, row: Kpi) -> str:
    definition = table.definition(row.kpi)
    label = in_sentence(definition.label)
    gap = difference_text(definition, _difference(table, row), row.unit)
    side = "above" if row.verdict == "higher" else "below"
    return f"its {label} of {value_text(definition, row.value, row.unit)} is {gap} {side} the rest"


def data_headline(customers: Customers) -> str:
    """Say how much there is and what can be done with it."""
    forming = len(customers.default_dimensions)
    measured = [
        in_sentence(one.label).removesuffix(" per customer")
        for one in KPIS
        if one.needs and not one.share_of and one.key not in SAME_TEST
        if source_columns(one, customers) is not None
    ]
    how_many, columns = counted(customers), f"{forming or 'none'} of {len(customers.columns)} columns "
    sentence = f"{how_many[:1].upper()}{how_many[1:]}: {columns}"
    sentence += "can form segments" if forming else "can form segments by itself"
    if not measured:
        return sentence + "; no column tells an outcome yet, so only sizes can be compared."
    return sentence + f"; {listing(measured, 5)} can be compared."


def segments_headline(assignment: Assignment, candidate: Candidate | None, distinct: str | None) -> str:
    """Say whether the segments hold up and which stands out most."""
    count = len(assignment.segments)
    share = assignment.sizes / max(assignment.sizes.sum(), 1)
    if len(assignment.codes) < FEW_CUSTOMERS:
        few = plural(len(assignment.codes), "customer")
        start = f"Only {few}: {count} segments are a first look, not a finding"
    elif candidate is None:
        largest = assignment.segments[int(share.argmax())].name
        size = percent(float(share.max()))
        start = f"{plural(count, 'segment')}, the largest (“{largest}”) with {size} of customers"
    elif candidate.verdict == "natural":
        start = f"{number(count)} segments hold up when customers are drawn again, with gaps between them"
    elif candidate.stability >= STABLE and candidate.verdict == "constructed":
        start = f"{number(count)} segments come back, but those of scrambled data do too: one way of many"
    elif candidate.stability >= STABLE and not candidate.verdict:
        start = f"{number(count)} segments come back when customers are drawn again"
    elif candidate.stability >= STABLE:
        start = f"{number(count)} segments hold up when customers are drawn again"
    elif candidate.stability >= BLURRED:
        start = f"{number(count)} segments hold up mostly; their borders are blurred"
    else:
        start = f"{number(count)} segments do not hold up well: read them as one way to divide customers"
    return f"{start}; “{distinct}” stands out most." if distinct else f"{start}."


def downloads_headline(assignment: Assignment, total: int) -> str:
    """Say what is ready to download and how clear-cut it is.

    Parameters
    ----------
    assignment : Assignment
        Of all customers, or of some who stand for them.
    total : int
        How many customers there are.
    """
    clear = float((assignment.confidence >= 0.6).mean())
    return (
        f"{plural(total, 'customer')} in {plural(int((assignment.sizes > 0).sum()), 'segment')} are ready; "
        f"{percent(clear)} of them sit clearly in theirs (confidence 0.6 or more)."
    )
