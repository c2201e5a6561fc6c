"""Sentiment: who recommends you, and who is satisfied.

The groups are those of the KPIs: promoters answer 9 or 10 to "would you recommend us", passives 7 or 8,
detractors 0 to 6 (Reichheld 2003); satisfied is an answer at least three quarters up the scale of CSAT, and
dissatisfied, likewise from below, one at most a quarter up. On 1–5 that is 4 and 5, and 1 and 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from segkit.customers.meanings.roles import NPS_RANGE
from segkit.customers.table import Customers
from segkit.labels import number
from segkit.segments.conditions import AnyOf, Condition, Every, Quantity, Test, either
from segkit.segments.methods.draft import Draft, ruled
from segkit.segments.methods.options import absent, smallest_group
from segkit.segments.plan import Plan
from segkit.segments.segmentation import day_of
from segkit.segments.watching import Watch

SATISFIED_FROM, DISSATISFIED_TO = 0.75, 0.25  # of the way up the scale; the first is that of the KPI
NPS_GROUPS = (("Promoters", 9, 10), ("Passives", 7, 8), ("Detractors", 0, 6))
MOST_JOINED = 2  # answers in one name; the group of more is called the others
NO_ANSWER, NO_NPS, NO_CSAT = "No answer", "no NPS answer", "no CSAT answer"


@dataclass(frozen=True)
class Band:
    """Customers with like answers.

    Attributes
    ----------
    names : tuple of str
        One per kind of answer; several are joined by "or".
    ways : tuple of Condition
        Any of them is such an answer.
    size : int
        How many customers gave one, among those that were counted.
    """

    names: tuple[str, ...]
    ways: tuple[Condition, ...]
    size: int = 0

    @property
    def condition(self) -> Condition:
        """Who belongs."""
        return self.ways[0] if len(self.ways) == 1 else AnyOf(self.ways)

    @property
    def name(self) -> str:
        """What it is called."""
        return either(self.names)

    def with_next(self, other: "Band") -> "Band":
        """Put two bands together."""
        return Band((*self.names, *other.names), (*self.ways, *other.ways), self.size + other.size)


def sentiment(customers: Customers, plan: Plan, watch: Watch) -> Draft:
    """Draft NPS groups by bands of satisfaction; one of the two is enough.

    Parameters
    ----------
    customers : Customers
    plan : Plan
        The option "smallest" is how many customers a group by both answers must have (usual: 30, or 2 % of
        them); a smaller one joins the next band of satisfaction.
    watch : function

    Returns
    -------
    Draft
        Groups such as "Promoters, satisfied"; who gave no answer, or one off the scale, is "No answer".

    Raises
    ------
    UnusablePlan
        No column means NPS or CSAT.
    """
    watch("Reading the answers", 0.2)
    nps, csat = _nps_bands(customers), _csat_bands(customers)
    if not nps and not csat:
        raise absent("Sentiment groups", ("nps", "csat"))
    if nps and csat:
        rules = _crossed(customers, plan, nps, csat)
    else:
        rules = [(_title(band.name), band.condition) for band in (nps or csat)[:-1]]
    return ruled(customers, rules, NO_ANSWER, (), _steps(customers))


def _nps_bands(customers: Customers) -> list[Band]:
    """NPS groups, and at last those without an answer; nothing where no column means NPS."""
    column = customers.with_role("nps")
    if column is None or column.kind != "number":
        return []
    what, (low, high) = Quantity(column.name), NPS_RANGE
    bands = [Band((name,), (_among(what, first, last),)) for name, first, last in NPS_GROUPS]
    off_scale = replace(_among(what, low, high), how="not in")
    return [*bands, Band((NO_NPS,), (Test(what, "missing"), off_scale))]


def _among(what: Quantity, first: int, last: int) -> Test:
    return Test(what, "in", tuple(float(answer) for answer in range(first, last + 1)))


def _csat_bands(customers: Customers) -> list[Band]:
    """Bands of satisfaction, and at last those without an answer; nothing where no column means CSAT."""
    column = customers.with_role("csat")
    if column is None or column.kind != "number" or column.scale is None:
        return []
    what, (low, high) = Quantity(column.name), (float(end) for end in column.scale)
    satisfied, dissatisfied = low + SATISFIED_FROM * (high - low), low + DISSATISFIED_TO * (high - low)
    between = Every((Test(what, ">", (dissatisfied,)), Test(what, "<", (satisfied,))))
    return [
        Band(("satisfied",), (Test(what, "between", (satisfied, high)),)),
        Band(("neutral",), (between,)),
        Band(("dissatisfied",), (Test(what, "between", (low, dissatisfied)),)),
        Band((NO_CSAT,), (Test(what, "missing"), Test(what, "<", (low,)), Test(what, ">", (high,)))),
    ]


# --- both answers -----------------------------------------------------------------------------------


def _crossed(
    customers: Customers, plan: Plan, nps: Sequence[Band], csat: Sequence[Band]
) -> list[tuple[str, Condition]]:
    """Name every NPS group by every band of satisfaction, where enough customers are in both."""
    least, day = smallest_group(customers, plan), day_of(customers, plan)
    recommend = [band.condition.met(customers.frame, day) for band in nps]
    satisfied = [band.condition.met(customers.frame, day) for band in csat]
    rules: list[tuple[str, Condition]] = []
    for group, here in zip(nps, recommend, strict=True):
        others = csat[:-1] if group is nps[-1] else csat  # neither answer is left to the rest
        cells = [
            replace(band, size=int((here & there).sum()))
            for band, there in zip(others, satisfied, strict=False)
        ]
        rules += [
            (_cell_name(group, band, len(others)), Every((group.condition, band.condition)))
            for band in pooled(cells, least)
        ]
    return rules


def pooled(bands: Sequence[Band], least: int) -> list[Band]:
    """Join the smallest band with the smaller one beside it until all have enough customers."""
    kept = list(bands)
    while len(kept) > 1 and min(band.size for band in kept) < least:
        place = min(range(len(kept)), key=lambda one: kept[one].size)
        beside = [one for one in (place - 1, place + 1) if 0 <= one < len(kept)]
        first = min(place, min(beside, key=lambda one: kept[one].size))
        kept[first : first + 2] = [kept[first].with_next(kept[first + 1])]
    return kept


def _cell_name(group: Band, band: Band, whole: int) -> str:
    if group.names == (NO_NPS,):
        return f"{_title(band.name)}, {NO_NPS}" if len(band.names) < whole else "CSAT answer only"
    if len(band.names) == whole:
        return group.name
    return f"Other {group.name.lower()}" if len(band.names) > MOST_JOINED else f"{group.name}, {band.name}"


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]


def _steps(customers: Customers) -> tuple[tuple[str, str], ...]:
    nps, csat, steps = customers.with_role("nps"), customers.with_role("csat"), []
    if nps is not None:
        steps.append((nps.name, "promoters 9 and 10, passives 7 and 8, detractors 0 to 6"))
    if csat is not None and csat.scale is not None:
        low, high = csat.scale
        upper, lower = low + SATISFIED_FROM * (high - low), low + DISSATISFIED_TO * (high - low)
        said = f"satisfied from {number(upper)}, dissatisfied up to {number(lower)}"
        steps.append((csat.name, f"{said}, on the scale from {low} to {high}"))
    return tuple(steps)
