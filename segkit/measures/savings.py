"""What money would do: a budget split over segments, and what a change in one segment would bring in a year.

Both are assumptions at work, never forecasts: everything that is assumed is an argument and stands beside the
result. What comes from the data has its interval, and the result has one put together from those (MOVER, Zou
& Donner 2008).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, isnan, log, nan, sqrt

import numpy as np

from segkit.customers.table import Column, Customers
from segkit.errors import UnusablePlan
from segkit.labels import listing
from segkit.labels import words as words_of
from segkit.measures.effects import difference_of
from segkit.measures.estimates import MEAN, NOTHING, Estimate, Z, rate_estimate
from segkit.measures.kpis import BASE, KpiTable, find_kpi, source_columns
from segkit.measures.priorities import product, worth
from segkit.measures.scorecard import Reach
from segkit.measures.sums import Groups, Sums, grouped_sums
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN
from segkit.segments.segmentation import Assignment, Segment

# --- a budget --------------------------------------------------------------------------------------

CENT = 100  # parts of a money unit in which a budget is handed out
USUAL_COST = 0.05  # of what a customer brings in a period: a start to be replaced by what a mailing costs
USUAL_UPLIFT = 0.1  # a start as well; a test with a group that is left alone tells
USUAL_PART = 0.5  # of addressing everybody once


@dataclass(frozen=True)
class Candidate:
    """A segment that money could go to.

    Attributes
    ----------
    segment : Segment
    customers : float
        Who may be addressed.
    worth : Estimate
        What one of them brings in a period.
    uplift : float
        How much more of that she brings when she is addressed again and again, 0.1 for a tenth.
    """

    segment: Segment
    customers: float
    worth: Estimate
    uplift: float


@dataclass(frozen=True)
class Part:
    """What one segment gets, and what that is expected to bring in a period."""

    candidate: Candidate
    money: float
    income: Estimate


@dataclass(frozen=True)
class Split:
    """A budget, split.

    Attributes
    ----------
    budget, cost : float
        In all, and of addressing one customer once.
    parts : tuple of Part
        In the order of the candidates; 0 where the first euro would bring back less than it costs.
    kept : float
        What nobody should get, as the next euro would bring back less than it costs anywhere. Parts and
        this add up to the budget, to the cent.
    income : Estimate
        Of all parts together.
    """

    budget: float
    cost: float
    parts: tuple[Part, ...]
    kept: float
    income: Estimate

    @property
    def spent(self) -> float:
        """What is handed out."""
        return round(sum(part.money for part in self.parts), 2)


def candidates(
    segments: Sequence[Segment],
    kpis: KpiTable,
    reach: Reach | None,
    uplifts: Mapping[str, float],
    usual: float,
) -> tuple[Candidate, ...]:
    """List the segments that money could go to: 30 customers or more, of whom it is known what they bring.

    Parameters
    ----------
    segments : sequence of Segment
    kpis : KpiTable
    reach : Reach, optional
        Where it is known, only customers who may be written to count.
    uplifts : mapping of segment key to float
    usual : float
        Uplift of the others.
    """
    found = []
    for segment in segments:
        estimate, n = worth(kpis, segment.key)
        share = 1.0 if reach is None else reach.any.get(segment.key, NOTHING).value
        if min(n, kpis.size(segment.key)) < SMALLEST_RANKED or isnan(estimate.value) or isnan(share):
            continue
        count = kpis.size(segment.key) * share
        found.append(Candidate(segment, count, estimate, uplifts.get(segment.key, usual)))
    return tuple(found)


def usual_cost(kpis: KpiTable) -> float:
    """A cost of addressing a customer to start with: 5 % of what one brings, rounded to one digit.

    0 where it is not known what customers bring.
    """
    brought = worth(kpis, BASE)[0].value
    return _one_digit(brought * USUAL_COST) if brought > 0 else 0.0


def usual_budget(found: Sequence[Candidate], cost: float) -> float:
    """A budget to start with: half of addressing everybody once, rounded to one digit."""
    return _one_digit(sum(one.customers for one in found) * cost * USUAL_PART)


def _one_digit(value: float) -> float:
    """Round to one digit.

    Examples
    --------
    >>> _one_digit(4.548), _one_digit(0.0327), _one_digit(12_345.0)
    (5.0, 0.03, 10000.0)
    """
    return float(f"{value:.0e}")


def split_budget(found: Sequence[Candidate], budget: float, cost: float) -> Split:
    """Hand a budget out so that the next euro brings the same wherever it goes.

    Money s for a segment of n customers, each worth w a period, with uplift u and a cost c of addressing one
    of them once, is expected to bring n·w·u·(1 − e^(−s / (n·c))): addressing everybody once brings 63 % of
    what is possible, twice 86 %. The first euro brings w·u / c, every further one less.

    Parameters
    ----------
    found : sequence of Candidate
    budget, cost : float

    Raises
    ------
    UnusablePlan
        Budget or cost is not above 0.

    Notes
    -----
    The optimum of concave responses has equal marginal returns; the level is found exactly, by taking
    segments in one by one from the highest first return ("water filling"; Boyd & Vandenberghe 2004, ex. 5.2).
    An exponential response is the usual simple concave one (Little 1979). It is never handed out what would
    bring back less than it costs.

    Examples
    --------
    >>> one = Candidate(Segment("S1", "A", 0), 100.0, Estimate(50.0, 40.0, 60.0), 0.2)
    >>> split_budget([one], 50.0, 2.0).parts[0].money
    50.0
    >>> split = split_budget([one], 1000.0, 2.0)  # 200 · ln 5 at most
    >>> split.parts[0].money, split.kept
    (321.89, 678.11)
    """
    if not (0 < budget < inf and 0 < cost < inf):
        raise UnusablePlan("A split needs a budget and a cost of addressing a customer, both above 0.")
    best = [max(one.worth.value * one.uplift, 0.0) / cost for one in found]  # what the first euro brings
    room = [one.customers * cost for one in found]
    level = max(_level(best, room, budget), 1.0)
    ideal = [
        size * log(first / level) if first > level else 0.0 for first, size in zip(best, room, strict=True)
    ]
    cents = _in_cents(ideal, round(budget * CENT), level > 1.0)
    parts = tuple(
        Part(one, some / CENT, _income(one, some / CENT, cost))
        for one, some in zip(found, cents, strict=True)
    )
    kept = (round(budget * CENT) - sum(cents)) / CENT
    return Split(budget, cost, parts, kept, _together([part.income for part in parts]))


def _level(best: Sequence[float], room: Sequence[float], budget: float) -> float:
    """What the last euro brings when all of the budget is handed out; 0 where nothing brings anything."""
    taken, weighted, level = 0.0, 0.0, 0.0
    for first, size in sorted(zip(best, room, strict=True), reverse=True):
        if first <= 0 or size <= 0 or (taken and first <= level):
            break
        taken, weighted = taken + size, weighted + size * log(first)
        level = exp((weighted - budget) / taken)
    return level


def _in_cents(ideal: Sequence[float], budget: int, all_of_it: bool) -> list[int]:
    """Round down to cents; where all is handed out, the cents left go to the largest remainders."""
    exact = [some * CENT for some in ideal]
    cents = [int(some + 1e-6) for some in exact]
    left = budget - sum(cents) if all_of_it else 0
    largest = sorted(range(len(exact)), key=lambda place: cents[place] - exact[place])
    for place in [one for one in largest if exact[one] > 0][: max(left, 0)]:
        cents[place] += 1
    return cents


def _income(one: Candidate, money: float, cost: float) -> Estimate:
    if not money:
        return Estimate(0.0, 0.0, 0.0)
    part = one.customers * one.uplift * (1 - exp(-money / (one.customers * cost)))
    return Estimate(one.worth.value * part, one.worth.low * part, one.worth.high * part)


def _together(parts: Sequence[Estimate]) -> Estimate:
    """The sum of independent estimates; the interval from the roots of their added squares."""
    value = sum(part.value for part in parts)
    down = sqrt(sum((part.value - part.low) ** 2 for part in parts))
    up = sqrt(sum((part.high - part.value) ** 2 for part in parts))
    return Estimate(value, value - down, value + up)


# --- savings ---------------------------------------------------------------------------------------

MONTHS = 12  # that the numbers of the file are about, unless a name or somebody says otherwise
YEAR = 12


@dataclass(frozen=True)
class Assumed:
    """What a saving rests on beside the data; every part is shown and can be changed.

    Attributes
    ----------
    months : int
        That the numbers of the file are about.
    ticket_cost : float, optional
        What a ticket costs; None where nobody said.
    """

    months: int = MONTHS
    ticket_cost: float | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises
        ------
        UnusablePlan
            A part is out of its range.
        """
        if not 1 <= self.months <= 120:
            raise UnusablePlan(f"{self.months} months make no sense here. Take 1 to 120.")
        if self.ticket_cost is not None and not 0 <= self.ticket_cost < inf:
            raise UnusablePlan("What a ticket costs cannot be below 0.")

    @property
    def a_year(self) -> float:
        """Periods of the file in a year."""
        return YEAR / self.months


@dataclass(frozen=True)
class Now:
    """Where a segment stands on a lever, and what one step of it is worth.

    Attributes
    ----------
    segment : Segment
    customers : int
    level : Estimate
        Tickets per customer, retention, or the share of a channel.
    n : int
        Customers it rests on.
    worth : Estimate
        Money for each customer and unit of the level, in the period of the file.
    """

    segment: Segment
    customers: int
    level: Estimate
    n: int
    worth: Estimate

    @property
    def indicative(self) -> bool:
        """Whether fewer than 30 answers are behind it."""
        return self.n < SMALLEST_RANKED


@dataclass(frozen=True)
class Saving:
    """What it would bring in a year if a segment moved to a level; negative where it would cost."""

    now: Now
    target: float
    money: Estimate

    @property
    def holds(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.money.low > 0 or self.money.high < 0


@dataclass(frozen=True)
class Lever:
    """A row of `LEVERS`: something a segment could do more or less of.

    Attributes
    ----------
    key, label, help : str
    needs : tuple of tuple of str
        Roles that must be there: one of each group, "retained" standing for either form of retention.
    better : int
        1 where more is better, -1 where less is, 0 where it depends.
    format : str
        How its level is written.
    says, verb, assumes : str
        What would move, what that does, and what a step is worth and why; "{channel}", "{each}" and
        "{source}" stand for the channel, the money of a step and where that comes from.
    stand : function
        Customers, assignment, KPIs, assumptions and channel to where each segment stands.
    """

    key: str
    label: str
    help: str
    needs: tuple[tuple[str, ...], ...]
    better: int
    format: str
    says: str
    verb: str
    assumes: str
    stand: "Callable[[_Asked], list[Now]]"


@dataclass(frozen=True, eq=False)
class _Asked:
    customers: Customers
    assignment: Assignment
    kpis: KpiTable
    assumed: Assumed
    channel: tuple[str, str] | None


def standing(
    lever: str,
    customers: Customers,
    assignment: Assignment,
    kpis: KpiTable,
    assumed: Assumed,
    channel: tuple[str, str] | None = None,
) -> list[Now]:
    """Say where each segment stands on a lever; those with too few answers to be shown are left out.

    Parameters
    ----------
    lever : str
        A key of `LEVERS`.
    customers, assignment, kpis
        Of the same customers.
    assumed : Assumed
    channel : (str, str), optional
        For the channel mix: a column of `channel_columns`, and its level.

    Returns
    -------
    list of Now
        Empty where a column or an assumption is missing.
    """
    row = find_lever(lever)
    if missing(row, customers):
        return []
    return row.stand(_Asked(customers, assignment, kpis, assumed, channel))


def find_lever(key: str) -> Lever:
    """Look a lever up by its key.

    Raises
    ------
    UnusablePlan
        There is none.
    """
    found = next((one for one in LEVERS if one.key == key), None)
    if found is None:
        raise UnusablePlan(f"There is no lever “{key}”. Levers: {listing([one.key for one in LEVERS])}.")
    return found


def missing(lever: Lever, customers: Customers) -> tuple[str, ...]:
    """The roles that a lever lacks, one of each group that is not there; empty where it has all."""
    return tuple(
        group[0] for group in lever.needs if not any(customers.with_role(role) is not None for role in group)
    )


def saving(now: Now, target: float, assumed: Assumed, better: int) -> Saving:
    """What a year brings when a segment moves from where it stands to a target.

    Customers × distance × worth of a step, as many times as the period of the file fits into a year. The
    interval is that of a product of two independent estimates.

    Examples
    --------
    >>> now = Now(Segment("S1", "A", 0), 100, Estimate(0.8, 0.7, 0.9), 90, Estimate(5.0, 5.0, 5.0))
    >>> saving(now, 0.5, Assumed(), -1).money
    Estimate(value=150.0, low=100.0, high=200.0)
    """
    level, times = now.level, now.customers * assumed.a_year
    if better < 0:
        distance = Estimate(level.value - target, level.low - target, level.high - target)
    else:
        distance = Estimate(target - level.value, target - level.high, target - level.low)
    each = product(distance, now.worth)
    return Saving(now, target, Estimate(*(times * part for part in (each.value, each.low, each.high))))


def best_level(found: Sequence[Now], better: int) -> float:
    """The best level among segments with 30 answers or more; NaN without any."""
    known = [one.level.value for one in found if not one.indicative]
    if not known:
        return nan
    return min(known) if better < 0 else max(known)


def _of_kpi(asked: _Asked, kpi: str, worth_of: Callable[[str], Estimate]) -> list[Now]:
    found = []
    for segment in asked.assignment.segments:
        row, each = asked.kpis.find(segment.key, kpi), worth_of(segment.key)
        if row is None or isnan(row.value) or isnan(row.low) or isnan(each.value):
            continue
        level = Estimate(row.value, row.low, row.high)
        found.append(Now(segment, asked.kpis.size(segment.key), level, row.n, each))
    return found


def _by_tickets(asked: _Asked) -> list[Now]:
    cost = asked.assumed.ticket_cost
    if cost is None:
        return []
    return _of_kpi(asked, "tickets", lambda _: Estimate(cost, cost, cost))


def _by_retention(asked: _Asked) -> list[Now]:
    return _of_kpi(asked, "retention", lambda key: worth(asked.kpis, key)[0])


def _by_channel(asked: _Asked) -> list[Now]:
    """Where each segment stands on a channel: its share, and what those in it cost less than the others."""
    if asked.channel is None:
        return []
    column, level = asked.channel
    values = asked.customers.frame[column]
    codes = values.cat.codes.to_numpy()
    names = [str(name) for name in values.cat.categories]
    if level not in names:
        return []
    inside, known = codes == names.index(level), codes >= 0
    count = len(asked.assignment.segments)
    place = np.where(known & (asked.assignment.codes >= 0), asked.assignment.codes.astype(np.int64) * 2, -1)
    place = np.where(place >= 0, place + inside, -1)
    cost = find_kpi("cost_to_serve").values(asked.customers)
    parts, _ = grouped_sums(cost, Groups.of(place, 2 * count))
    found = []
    for number, segment in enumerate(asked.assignment.segments):
        others, those = parts[2 * number], parts[2 * number + 1]
        if min(others.answered, those.answered) < SMALLEST_SHOWN:
            continue
        total = others.members + those.members
        share = rate_estimate(Sums(total, total, float(those.members), float(those.members)))
        gap = difference_of(MEAN, others, those)
        few = min(others.answered, those.answered)
        size = asked.kpis.size(segment.key)
        found.append(Now(segment, size, share, few, Estimate(gap.value, gap.low, gap.high)))
    return found


def channel_columns(customers: Customers) -> list[Column]:
    """List the columns whose levels may be channels: categories named so, the clearest names first."""
    found = [
        (min(_CHANNEL_WORDS.index(word) for word in named), place, one)
        for place, one in enumerate(customers.columns)
        if one.kind == "category"
        and one.role != "channel_consent"
        and not one.hidden
        and 2 <= one.distinct <= MOST_CHANNELS
        and (named := [word for word in words_of(one.name) if word in _CHANNEL_WORDS])
    ]
    return [one for _, _, one in sorted(found, key=lambda row: row[:2])]


@dataclass(frozen=True)
class TicketCost:
    """What a ticket goes with in the costs of the file: an estimate, and the customers it rests on."""

    estimate: Estimate
    n: int


def ticket_cost(customers: Customers) -> TicketCost | None:
    """How much more a customer costs to serve with each further ticket: the slope of cost on tickets.

    A link and no proof: who has more tickets may cost more for other reasons too.

    Returns
    -------
    TicketCost or None
        None without both columns, with fewer than 30 customers, or where costs do not reliably rise.

    Notes
    -----
    Least squares; the interval from residuals of unequal spread (White 1980, HC0).
    """
    tickets, cost = find_kpi("tickets"), find_kpi("cost_to_serve")
    if source_columns(tickets, customers) is None or source_columns(cost, customers) is None:
        return None
    x, y = tickets.values(customers), cost.values(customers)
    known = ~(np.isnan(x) | np.isnan(y))
    x, y = x[known], y[known]
    if len(x) < SMALLEST_RANKED or not np.ptp(x):
        return None
    away = x - x.mean()
    slope = float(away @ (y - y.mean()) / (away @ away))
    residual = y - y.mean() - slope * away
    half = Z * float(np.sqrt((away * residual) @ (away * residual)) / (away @ away))
    return TicketCost(Estimate(slope, slope - half, slope + half), len(x)) if slope - half > 0 else None


def usual_months(customers: Customers) -> int:
    """How many months the numbers of a table are about: 1 where its money is called monthly, else 12."""
    column = customers.with_role("revenue") or customers.with_role("cost")
    return 1 if column is not None and {"monthly", "month"} & set(words_of(column.name)) else MONTHS


# --- the table -------------------------------------------------------------------------------------

MOST_CHANNELS = 20
_CHANNEL_WORDS = ("contact", "channel", "support", "service", "kanal", "canal", "canale", "device", "payment")

LEVERS = (
    Lever(
        "tickets",
        "Fewer support tickets",
        "What a year saves if customers need help less often.",
        (("tickets",),),
        -1,
        "number",
        "tickets per customer went",
        "save",
        "Assumed: a ticket costs {each}.",
        _by_tickets,
    ),
    Lever(
        "retention",
        "More who stay",
        "What a year brings if more customers stay.",
        (("retained", "churned"), ("revenue",)),
        1,
        "percent",
        "retention went",
        "bring",
        "Assumed: who stays brings what the others do, {each} ({source}).",
        _by_retention,
    ),
    Lever(
        "channel",
        "Another mix of channels",
        "What a year saves if more customers use a channel that costs less.",
        (("cost",),),
        0,
        "percent",
        "the share of “{channel}” went",
        "save",
        "Cost to serve of the others minus that of its users: {each} per customer. Assumed: who moves to it "
        "will cost what its users do.",
        _by_channel,
    ),
)
