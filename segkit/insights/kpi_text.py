"""KPI values in a person's words."""

from math import isnan

from segkit.labels import MISSING, NARROW_SPACE, number, percent, plural, signed, span
from segkit.measures.kpis import SMALLEST_RANKED, SMALLEST_SHOWN, Kpi, KpiDefinition

SAME_TEST = ("csat_satisfied", "repeat_rate")  # say the same as CSAT and orders, so they count once
VERDICT_MARKS = {"higher": "▲", "lower": "▼", "can't tell": "≈", "circular": "↻", "hidden": "–", "": ""}


def value_text(definition: KpiDefinition, value: float, unit: str = "") -> str:
    """Write a KPI's value: "61", "38 %", "4.2", "1,204"; money with its currency where the unit names one.

    Examples
    --------
    >>> from segkit.measures.kpis import find_kpi
    >>> value_text(find_kpi("revenue"), 1204.0, "EUR per customer")
    'EUR\u202f1,204'
    """
    if isnan(value):
        return MISSING
    if definition.format == "percent":
        return percent(value)
    if definition.format in ("points", "count"):
        return number(value, 0)
    if definition.format == "money":
        amount = number(value, 0 if abs(value) >= 1000 else 2)
        currency = unit.split(" ")[0]
        return amount if currency in ("", "money") else f"{currency}{NARROW_SPACE}{amount}"
    return number(value, 2)


def difference_text(definition: KpiDefinition, difference: float, unit: str = "") -> str:
    """Write the size of a difference without its sign: "23 points" or "1.2"."""
    if definition.format == "percent":
        return f"{number(abs(difference) * 100, 0 if abs(difference) >= 0.1 else 1)} points"
    if definition.format == "points":
        return f"{number(abs(difference), 0)} points"
    if definition.unit == "months":
        return f"{value_text(definition, abs(difference))} months"
    return value_text(definition, abs(difference), unit)


def interval_text(definition: KpiDefinition, row: Kpi) -> str:
    """Write the interval, "54 to 68"; empty where there is none."""
    if isnan(row.low) or isnan(row.high):
        return ""
    return span(value_text(definition, row.low, row.unit), value_text(definition, row.high, row.unit))


def verdict_text(definition: KpiDefinition, row: Kpi, difference: float | None) -> str:
    """Say the verdict with its reason: "▲ 23 points above the rest", "can't tell yet: 14 answers"."""
    if row.verdict == "hidden":
        return f"Not shown: fewer than {SMALLEST_SHOWN} answers here or nearby"
    if row.verdict == "circular":
        return "↻ formed the segments, so not compared"
    if row.verdict == "can't tell":
        few = f": {plural(row.n, 'answer')}" if row.n < SMALLEST_RANKED else ""
        return f"≈ can't tell{' yet' if few else ''}{few}"
    if row.verdict in ("higher", "lower") and difference is not None:
        side = "above" if row.verdict == "higher" else "below"
        rest = "its share of customers" if definition.share_of else "the rest"
        hint = " (indicative)" if row.n < SMALLEST_RANKED else ""
        size = difference_text(definition, difference, row.unit)
        return f"{VERDICT_MARKS[row.verdict]} {size} {side} {rest}{hint}"
    return ""


def cell_text(definition: KpiDefinition, row: Kpi) -> str:
    """Write value and verdict mark for a dense table: "61 ▲"."""
    if row.verdict == "hidden":
        return "not shown"
    return f"{value_text(definition, row.value, row.unit)} {VERDICT_MARKS[row.verdict]}".strip()


def signed_difference(definition: KpiDefinition, difference: float) -> str:
    """Write a difference with its sign."""
    text = difference_text(definition, difference)
    return signed(text) if difference >= 0 else "−" + text
