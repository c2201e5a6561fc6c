"""What a customer table is enough for: how many customers and answers, what can and cannot be said."""

from dataclasses import dataclass
from math import sqrt

from segkit.customers.table import Customers
from segkit.labels import number, percent, plural
from segkit.measures.kpis import SMALLEST_RANKED, SMALLEST_SHOWN, KpiDefinition, known

FEW_CUSTOMERS = 100  # five segments of twenty each: no share of them is known better than by 20 points
PER_DIMENSION = 70  # customers; enough for stable segments (Dolnicar, Grün, Leisch & Schmidt 2014)
GROUPS = 4  # of equal size: what the margins below are told for
Z = 1.96
WIDEST_RATE = 0.5  # the standard deviation of a yes/no at one half
USUAL_NPS_SPREAD = 80.0  # points; a third each of promoters, passives and detractors has 82


@dataclass(frozen=True)
class DataVerdict:
    """Whether a table is enough: "enough", "first look" or "too few", with sentences."""

    level: str
    headline: str
    can: tuple[str, ...]
    cannot: tuple[str, ...]


def data_verdict(customers: Customers) -> DataVerdict:
    """Judge a table before anything is computed from it.

    Returns
    -------
    DataVerdict
        What can be said of a quarter of the customers, KPI by KPI, and what not.
    """
    count, dimensions = len(customers), len(customers.default_dimensions)
    can: list[str] = []
    cannot: list[str] = []
    for definition, answered in known(customers):
        if definition.key in _TOLD:
            (can if answered / GROUPS >= SMALLEST_RANKED else cannot).append(
                _kpi_sentence(definition, answered)
            )
    wanted = PER_DIMENSION * dimensions
    if not dimensions:
        cannot.append(
            "No column can form segments by itself. Choose some below, or add what is known of them."
        )
    elif count < FEW_CUSTOMERS:
        cannot.insert(0, f"{plural(count, 'customer')} are few: segments are a first look at best.")
    elif count < wanted:
        cannot.append(
            f"{plural(dimensions, 'dimension')} want about {number(wanted)} customers to give stable "
            f"segments; there are {number(count)}. Fewer dimensions help."
        )
    else:
        can.insert(
            0, f"{plural(count, 'customer')} are enough for segments from {plural(dimensions, 'dimension')}."
        )
    if count < SMALLEST_RANKED:
        return DataVerdict("too few", "Too few customers to tell groups apart.", tuple(can), tuple(cannot))
    if not dimensions:
        return DataVerdict("first look", "Enough to compare, not to segment.", tuple(can), tuple(cannot))
    if count < FEW_CUSTOMERS or count < wanted:
        return DataVerdict("first look", "Enough for a first look.", tuple(can), tuple(cannot))
    return DataVerdict("enough", _enough(len(can) > 1, cannot), tuple(can), tuple(cannot))


_TOLD = ("csat", "nps", "retention", "conversion", "revenue", "orders", "cost_to_serve", "tickets")


def _enough(compared: bool, cannot: list[str]) -> str:
    if compared and not cannot:
        return "Enough to tell segments and compare them."
    return "Enough to tell segments apart."


def _kpi_sentence(definition: KpiDefinition, answered: int) -> str:
    each = answered // GROUPS
    label = definition.label.removesuffix(" per customer")
    if each < SMALLEST_SHOWN:
        return f"{label}: {plural(answered, 'answer')} in all, too few to show by segment."
    if each < SMALLEST_RANKED:
        return f"{label}: about {each} answers a segment, a hint and no more."
    if definition.key == "nps":
        within = f"{number(Z * USUAL_NPS_SPREAD / sqrt(each), 0)} points"
        return f"{label}: {plural(answered, 'answer')}, a segment's is known within about ±{within}."
    if definition.unit == "fraction":
        within = percent(Z * WIDEST_RATE / sqrt(each))
        return f"{label}: known of {plural(answered, 'customer')}, a segment's within about ±{within}."
    return f"{label}: known of {plural(answered, 'customer')}."
