"""Buying: what customers who order without a contract will probably order and bring, from when they bought.

Nobody says goodbye to a shop. Who bought often and has been silent for long has probably left; who always
bought rarely may just be between two orders. Two small models (`buying_models`) say so in numbers: the chance
that a customer still buys, the orders to expect of her, and the amount of each.

`looked_for` finds the numbers in a customer table, `fitted` takes them as arrays, `of_log` makes them from
orders; `worth` tells what segments are worth by the model, and `check` how well it describes what happened. A
forecast rests on assumptions (`Outlook`): how far to look ahead, what waiting costs, what is left of revenue.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import exp, log, log1p, nan, sqrt
from typing import Any

import numpy as np

from segkit.customers.table import Customers
from segkit.errors import SegkitError
from segkit.labels import number, percent, plural
from segkit.measures.buyers import Numbers
from segkit.measures.buyers import Purchases as Purchases
from segkit.measures.buyers import of_log as of_log
from segkit.measures.buyers import purchases as purchases
from segkit.measures.buyers import purchases_of as purchases_of
from segkit.measures.buying_models import (
    STEP,
    Amounts,
    Fit,
    Pace,
    amount_scores,
    different,
    most_likely,
    orders_ahead,
    pace_scores,
)
from segkit.measures.definitions import DAYS_A_MONTH
from segkit.measures.discoveries import p_limit
from segkit.measures.estimates import NOTHING, Estimate, Z, two_sided
from segkit.measures.kpis import EVERYONE
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN, shown
from segkit.measures.value import refuse_senseless
from segkit.segments.methods.k_means import one_thread
from segkit.segments.segmentation import Assignment, Segment
from segkit.segments.watching import Watch, unwatched

DAYS_A_YEAR = 12 * DAYS_A_MONTH
DAYS_OF = {"day": 1.0, "week": 7.0, "month": DAYS_A_MONTH, "year": DAYS_A_YEAR}  # units of time in tables
MOST_MONTHS = 60  # five years: further ahead no shop is what it was
FEWEST_REPEAT = 30  # repeat buyers; below, four parameters are noise
LINKED = 0.3  # correlation of orders and amounts from which gamma-gamma's independence is doubtful
STEADY = 100.0  # an r above it: all buy at the same pace, which the model cannot tell from chance
LASTING = 0.002  # a mean chance to stop after an order below it: nobody seems to
MOST_COUNTED = 7  # repeat orders that are counted one by one in the check
POOR, ROUGH = 0.10, 0.05  # share of customers in the wrong place of the check

Float = np.ndarray


class CannotForecast(SegkitError):
    """Orders do not tell enough for a forecast; the message says why."""


# --- assumptions ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outlook:
    """What a forecast rests on; every part is shown and can be changed.

    Attributes
    ----------
    months : int
        How far to look ahead.
    discount : float
        What a year's waiting costs: 0.1 makes money in a year worth 1 / 1.1 of money now.
    margin : float
        The part of revenue that is left, more than 0 and at most 1.
    """

    months: int = 12
    discount: float = 0.1
    margin: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises
        ------
        UnusablePlan
            A part is out of its range.
        """
        refuse_senseless(self.months, MOST_MONTHS, "months", self.discount, self.margin)

    @property
    def text(self) -> str:
        r"""The assumptions in words.

        Examples
        --------
        >>> Outlook().text.replace("\u202f", " ")
        'the next 12 months, 10 % discount a year, all of the revenue counted'
        """
        left = "all of the revenue counted" if self.margin == 1 else f"{percent(self.margin)} of revenue left"
        return f"the next {plural(self.months, 'month')}, {percent(self.discount)} discount a year, {left}"


USUAL_OUTLOOK = Outlook()


# --- the model ----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class BuyingModel:
    """What was fitted, with the buyers it was fitted to.

    Attributes
    ----------
    purchases : Purchases
    pace : Pace
    amounts : Amounts or None
        None where no amounts are known, or where they tell too little.
    likelihood : float
        Log likelihood of the pace.
    influence : float array of shape (7, customers)
        How far each customer moved the logarithms of r, alpha, a, b, p, q, v.
    doubt : float array of shape (7, 7)
        Variance of these that comes on top where the data say nothing.
    cautions : tuple of str
        What the reader should know, one sentence each.
    """

    purchases: Purchases
    pace: Pace
    amounts: Amounts | None
    likelihood: float
    influence: Float
    doubt: Float
    cautions: tuple[str, ...] = ()

    @cached_property
    def covariance(self) -> Float:
        """Of the logarithms of r, alpha, a, b, p, q, v: the robust one (Huber 1967)."""
        return self.influence @ self.influence.T + self.doubt

    @property
    def customers(self) -> int:
        """Customers it is about."""
        return int(self.purchases.bought.sum())

    @property
    def alive(self) -> Float:
        """The chance of each customer to still buy; NaN for who never bought."""
        known = self.purchases
        return _where(known, self.pace.alive(*_of(known)))

    def orders(self, time: float, rate: float = 0.0) -> Float:
        """Orders of each customer to expect in a time, in the unit of the data."""
        return _where(self.purchases, self.pace.expected(*_of(self.purchases), time, rate))

    @property
    def order_value(self) -> Float:
        """The amount of an order to expect of each customer; NaN where amounts are not known."""
        known = self.purchases
        if self.amounts is None:
            return np.full(len(known.frequency), nan)
        return _where(known, self.amounts.expected(*_paid(known)))

    def value(self, outlook: Outlook = USUAL_OUTLOOK) -> Float:
        """What each customer is expected to bring."""
        time, rate = _ahead(outlook, self.purchases.unit)
        return self.orders(time, rate) * self.order_value * outlook.margin


def _of(known: Purchases) -> tuple[Float, Float, Float]:
    """The numbers of all customers, 0 for those who are not followed."""
    who = known.bought
    return (
        np.where(who, known.frequency, 0.0),
        np.where(who, known.recency, 0.0),
        np.where(who, known.age, 0.0),
    )


def _paid(known: Purchases) -> tuple[Float, Float]:
    return np.where(known.purchases > 0, known.spend, 0.0), known.purchases


def _where(known: Purchases, values: Float) -> Float:
    return np.where(known.bought, values, nan)


def _ahead(outlook: Outlook, unit: str) -> tuple[float, float]:
    """The time of an outlook and its discount, in a unit of time."""
    days = DAYS_OF[unit]
    return outlook.months * DAYS_A_MONTH / days, log1p(outlook.discount) * days / DAYS_A_YEAR


def _fitted_pace(known: Purchases) -> tuple[Pace, Fit]:
    """Fit BG/NBD with time in units of the mean age, so that its scale does not matter."""
    who = known.bought
    scale = float(known.age[who].mean())
    rows, place, counts = different(*(one[who] for one in (known.frequency, known.recency, known.age)))
    x, recency, age = rows
    starts = [(0.0, 0.0, 0.0, 0.0), (-1.0, -1.5, -0.5, 1.0)]
    fit = most_likely(pace_scores, (x, recency / scale, age / scale), counts, starts)
    r, alpha, a, b = (float(one) for one in np.exp(fit.logs))
    likelihood = fit.likelihood - float(counts @ x) * log(scale)  # a density of times, in their own unit
    influence = _of_all(fit.influence[:, place], who)
    return Pace(r, alpha * scale, a, b), replace(fit, likelihood=likelihood, influence=influence)


def _of_all(influence: Float, who: np.ndarray) -> Float:
    """Influences of all customers; those who were not in a fit have none."""
    found = np.zeros((len(influence), len(who)))
    found[:, who] = influence
    return found


def _fitted_amounts(known: Purchases) -> tuple[Amounts, Fit]:
    """Fit gamma-gamma with money in units of the mean amount."""
    who = known.bought & (known.purchases > 0)
    scale = float(known.spend[who].mean())
    rows, place, counts = different(known.spend[who] / scale, known.purchases[who])
    fit = most_likely(amount_scores, rows, counts, [(1.0, 1.0, 0.0)])
    p, q, v = (float(one) for one in np.exp(fit.logs))
    return Amounts(p, q, v * scale), replace(fit, influence=_of_all(fit.influence[:, place], who))


def fitted(
    frequency: Numbers | Purchases,
    recency: Numbers = (),
    age: Numbers = (),
    spend: Numbers | None = None,
    counted: Numbers | None = None,
    unit: str = "day",
    watch: Watch = unwatched,
) -> BuyingModel:
    """Fit both models to buyers.

    Parameters
    ----------
    frequency, recency, age, spend, counted, unit
        As for `purchases`; or one `Purchases` in place of all.
    watch : function, optional

    Returns
    -------
    BuyingModel

    Raises
    ------
    CannotForecast
        Too few customers bought twice, or their orders do not vary.

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> age = random.integers(50, 365, 3000)
    >>> pace, stop = random.gamma(0.8, 1 / 40, 3000), random.beta(1, 3, 3000)
    >>> time = np.minimum(random.exponential(1 / (pace * stop)), age)
    >>> frequency = random.poisson(pace * time)
    >>> recency = np.where(frequency, (time * random.beta(frequency + 0.1, 1)).round(), 0)
    >>> fitted(frequency, recency, age).pace.r > 0
    True
    """
    known = (
        frequency
        if isinstance(frequency, Purchases)
        else purchases(frequency, recency, age, spend, counted, unit)
    )
    watch("Learning how often customers buy", 0.1)
    _refuse(known)
    with one_thread():
        pace, fit = _fitted_pace(known)
    if pace.r > STEADY:
        raise CannotForecast(
            "These customers all buy at about the same pace, so their past does not tell who will buy more."
        )
    watch("Learning what they spend", 0.7)
    with one_thread():
        amounts, spent, notes = _amounts_told(known)
    influence, doubt = np.zeros((7, len(known.frequency))), np.zeros((7, 7))
    influence[:4], doubt[:4, :4] = fit.influence, fit.doubt
    if spent is not None:
        influence[4:], doubt[4:, 4:] = spent.influence, spent.doubt
    cautions = (*known.cautions, *_lasting(pace), *notes)
    return BuyingModel(known, pace, amounts, fit.likelihood, influence, doubt, cautions)


def _lasting(pace: Pace) -> tuple[str, ...]:
    """Say when nobody seems to stop."""
    if pace.a / (pace.a + pace.b) >= LASTING:
        return ()
    return ("Nothing in these orders shows that customers stop buying, so the forecast assumes nobody does.",)


def _refuse(known: Purchases) -> None:
    """Refuse to forecast from orders that cannot tell."""
    who = known.bought
    repeat = int((known.frequency[who] > 0).sum())
    if repeat < FEWEST_REPEAT:
        raise CannotForecast(
            f"{plural(repeat, 'customer')} bought on two days or more; a forecast needs {FEWEST_REPEAT}."
        )
    if float(known.frequency[who].std()) == 0:
        raise CannotForecast(
            "All customers bought equally often, so their past does not tell who will buy more."
        )


def _amounts_told(known: Purchases) -> tuple[Amounts | None, Fit | None, tuple[str, ...]]:
    """Fit amounts where they tell enough; else say why not."""
    who = known.bought & (known.purchases > 0)
    several = who & (known.purchases > 1)
    if not who.any():
        return None, None, ()
    if several.sum() < FEWEST_REPEAT:
        few = plural(int(several.sum()), "customer")
        return None, None, (f"{few} with known amounts bought twice or more: too few for a value.",)
    if float(np.std(known.spend[who])) <= 1e-9 * float(np.mean(known.spend[who])):
        return None, None, ("All orders have the same amount, so amounts tell nothing of customers.",)
    amounts, fit = _fitted_amounts(known)
    if amounts.q <= 1:
        return None, None, ("Amounts vary so widely that no mean can be expected of them.",)
    return amounts, fit, _linked(known.frequency[several], known.spend[several])


def _linked(frequency: Float, spend: Float) -> tuple[str, ...]:
    """Say when amounts hang together with the number of orders, which gamma-gamma takes to be independent."""
    linked = float(np.corrcoef(frequency, spend)[0, 1]) if frequency.std() > 0 and spend.std() > 0 else 0.0
    if abs(linked) <= LINKED:
        return ()
    more, wrong = ("more", "too low") if linked > 0 else ("less", "too high")
    return (
        f"Who orders more often spends {more} an order (correlation {number(linked, 2)}); the model takes "
        f"both to be independent, so values of very frequent customers are {wrong}.",
    )


# --- how well it describes what happened ----------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Check:
    """Customers by their number of repeat orders: as they are, and as the model expects them.

    Attributes
    ----------
    actual, expected : float array of shape (8,)
        Customers with 0, 1, … 6 and with 7 repeat orders or more.
    orders, orders_expected : float
        All repeat orders.
    """

    actual: Float
    expected: Float
    orders: float
    orders_expected: float

    @property
    def misplaced(self) -> float:
        """The share of customers whom the model puts at another number of orders, 0 to 1."""
        return float(np.abs(self.actual - self.expected).sum() / 2 / self.actual.sum())

    @property
    def verdict(self) -> str:
        """How well the model describes the orders so far: "well", "roughly" or "poorly"."""
        if self.misplaced <= ROUGH:
            return "well"
        return "roughly" if self.misplaced <= POOR else "poorly"


def check(model: BuyingModel) -> Check:
    """Compare the repeat orders so far with those that the model expects of customers of the same age."""
    known = model.purchases
    x, age = known.frequency[known.bought], known.age[known.bought]
    (ages,), _, counts = different(age)
    chances = model.pace.counts(ages, MOST_COUNTED)
    expected = counts @ chances
    none = np.zeros(len(ages))
    new = orders_ahead(model.pace, none, none, ages)[0]
    actual = np.bincount(np.minimum(x, MOST_COUNTED).astype(int), minlength=MOST_COUNTED + 1)
    return Check(
        actual.astype(float),
        np.append(expected, counts.sum() - expected.sum()),
        float(x.sum()),
        float(counts @ new),
    )


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Orders after the day the model was fitted to, by the number of repeat orders before.

    Attributes
    ----------
    customers : int array of shape (8,)
        With 0, 1, … 6 and with 7 repeat orders or more before.
    actual, expected : float array of shape (8,)
        Mean orders of one of them afterwards; NaN without any.
    orders, orders_expected : float
        All orders afterwards.
    """

    customers: np.ndarray
    actual: Float
    expected: Float
    orders: float
    orders_expected: float


def held_out(model: BuyingModel, later: Numbers, time: float) -> HeldOut:
    """Compare the orders of a time that the model has not seen with those that it expects.

    Parameters
    ----------
    model : BuyingModel
        Fitted to what was known before.
    later : array of float
        Orders of each customer in that time, as `of_log` counts them.
    time : float
        How long it was, in the unit of the data.
    """
    who = model.purchases.bought
    came, hoped = np.asarray(later, dtype=float)[who], model.orders(time)[who]
    place = np.minimum(model.purchases.frequency[who], MOST_COUNTED).astype(int)
    count = np.bincount(place, minlength=MOST_COUNTED + 1)
    each = [np.bincount(place, one, MOST_COUNTED + 1) / np.where(count, count, nan) for one in (came, hoped)]
    return HeldOut(count, each[0], each[1], float(came.sum()), float(hoped.sum()))


# --- what segments are worth --------------------------------------------------------------------------


@dataclass(frozen=True)
class SegmentWorth:
    """What customers of one segment are expected to bring, each; NaN where that cannot be told.

    Attributes
    ----------
    segment : Segment
    n : int
        Customers who bought.
    value, orders : Estimate
        Of one customer within the outlook.
    alive : float
        Mean chance to still buy.
    order_value : float
        Mean amount of an order to expect.
    verdict : str
        "higher" or "lower" than all other customers, "can't tell", "circular", "hidden", or empty.
    difference : float
        From the mean of all other customers.
    """

    segment: Segment
    n: int
    value: Estimate
    orders: Estimate
    alive: float
    order_value: float
    verdict: str = ""
    difference: float = nan

    @property
    def indicative(self) -> bool:
        """Whether so few customers are behind it that it is never ranked."""
        return self.n < SMALLEST_RANKED


@dataclass(frozen=True, eq=False)
class Worth:
    """What segments are expected to bring.

    Attributes
    ----------
    rows : tuple of SegmentWorth
        In the order of the segments, hidden ones included; "fits none" last.
    everyone : SegmentWorth
    outlook : Outlook
    money : bool
        Whether values are told; else orders are.
    model : BuyingModel
    check : Check
    without : int
        Customers who never bought, or whose dates are not known: nothing is told of them.
    """

    rows: tuple[SegmentWorth, ...]
    everyone: SegmentWorth
    outlook: Outlook
    money: bool
    model: BuyingModel
    check: Check
    without: int

    @property
    def shown(self) -> tuple[SegmentWorth, ...]:
        """Those with enough customers."""
        return tuple(row for row in self.rows if row.verdict != "hidden")

    @property
    def hidden(self) -> tuple[str, ...]:
        """Names of the others."""
        return tuple(row.segment.name for row in self.rows if row.verdict == "hidden")

    @property
    def circular(self) -> bool:
        """Whether the segments were made from what the forecast rests on."""
        return any(row.verdict == "circular" for row in self.rows)

    @property
    def far(self) -> bool:
        """Whether it looks further ahead than the orders go back."""
        return _ahead(self.outlook, self.model.purchases.unit)[0] > self.model.purchases.span

    def told(self, row: SegmentWorth) -> Estimate:
        """The value of a row where values are told, else its orders."""
        return row.value if self.money else row.orders


def worth(
    model: BuyingModel,
    assignment: Assignment,
    outlook: Outlook = USUAL_OUTLOOK,
    smallest: int = SMALLEST_SHOWN,
) -> Worth:
    """Tell what the customers of each segment are expected to bring, and compare with all others.

    Parameters
    ----------
    model : BuyingModel
    assignment : Assignment
        Of the same customers, row by row.
    outlook : Outlook
    smallest : int
        Fewer buyers are hidden, and another segment where the total would give them away.

    Notes
    -----
    The interval is for the mean of customers like these, not for what one of them does. Its variance adds up
    the squared influences of customers: each moves the mean by her own forecast, and all forecasts by her
    part in the parameters (delta method; taken apart, both give an interval that is too narrow). A
    difference is told at a false discovery rate of 5 % over the segments that are
    shown (Benjamini & Hochberg 1995), and only where the model describes the orders so far.
    """
    whole, known, tested = assignment.with_none, model.purchases, check(model)
    with one_thread():
        each = _each(model, whole.codes, len(whole.segments), outlook)
    members = np.bincount(whole.codes, minlength=len(whole.segments)).tolist()
    may = shown(each.counts[:-1].tolist(), members, smallest)
    circular = bool(set(known.columns) & set(assignment.dimensions))
    told = {} if circular or len(members) < 2 else _judged(model, each, may, tested.verdict != "poorly")
    usual = "circular" if circular else "can't tell" if len(members) > 1 else ""
    rows = [
        replace(each.row(place, segment), **({"verdict": usual} | told.get(place, {})))
        if may[place]
        else SegmentWorth(segment, int(each.counts[place]), NOTHING, NOTHING, nan, nan, "hidden")
        for place, segment in enumerate(whole.segments)
    ]
    everyone = each.row(len(whole.segments), EVERYONE)
    without = len(known.frequency) - model.customers
    return Worth(tuple(rows), everyone, outlook, model.amounts is not None, model, tested, without)


def _judged(model: BuyingModel, each: "_Each", may: list[bool], trusted: bool) -> dict[int, dict[str, Any]]:
    """Compare the segments that may be shown with all others; gives verdict and difference by place."""
    main, everyone = each.value if model.amounts is not None else each.orders, each.counts[-1]
    found = {
        place: main.against_rest(place)
        for place, count in enumerate(each.counts[:-1])
        if may[place] and SMALLEST_RANKED <= count <= everyone - SMALLEST_RANKED
    }
    limit = p_limit([p for _, p in found.values()]) if trusted else -1.0
    return {
        place: {"difference": apart, "verdict": _side(apart) if p <= limit else "can't tell"}
        for place, (apart, p) in found.items()
    }


def _side(difference: float) -> str:
    return "higher" if difference > 0 else "lower"


@dataclass(frozen=True, eq=False)
class _Part:
    """The mean of some customers: its variance between them, its derivatives, and how both go together."""

    mean: float
    between: float
    slopes: Float
    together: Float


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums of one number by segment, the last row those of everyone.

    The columns are the number of customers, the number itself, its squares, its derivatives by the logs of
    the seven parameters, the influences of customers on these, and influences times the number.
    """

    table: Float
    covariance: Float

    def estimate(self, place: int) -> Estimate:
        """Mean with its interval."""
        part = _part(self.table[place])
        half = Z * sqrt(self._variance(part.between, part.slopes, part.together))
        return Estimate(part.mean, max(part.mean - half, 0.0), part.mean + half) if half == half else NOTHING

    def against_rest(self, place: int) -> tuple[float, float]:
        """The difference from all others and its p-value; the parameters are the same on both sides."""
        here, rest = _part(self.table[place]), _part(self.table[-1] - self.table[place])
        slopes, together = here.slopes - rest.slopes, here.together - rest.together
        spread = sqrt(self._variance(here.between + rest.between, slopes, together))
        difference = here.mean - rest.mean
        return difference, two_sided(difference / spread) if spread > 0 else nan

    def _variance(self, between: float, slopes: Float, together: Float) -> float:
        return max(between + float(slopes @ (2 * together + self.covariance @ slopes)), 0.0)


def _part(sums: Float) -> _Part:
    count, total, squares = sums[:3]
    slopes, influence, moved = sums[3:].reshape(3, 7)
    if count < 2:
        return _Part(nan, nan, slopes, moved)
    mean = total / count
    between = max(squares - total * mean, 0.0) / (count - 1) / count
    return _Part(float(mean), float(between), slopes / count, (moved - mean * influence) / count)


@dataclass(frozen=True, eq=False)
class _Each:
    """All sums by segment, the last of everyone."""

    value: _Sums
    orders: _Sums
    alive: Float
    order_value: Float

    @property
    def counts(self) -> np.ndarray:
        """Buyers by segment, and all."""
        return self.orders.table[:, 0].astype(int)

    def row(self, place: int, segment: Segment) -> SegmentWorth:
        """What is told of a segment."""
        count = self.counts[place]
        return SegmentWorth(
            segment,
            int(count),
            self.value.estimate(place),
            self.orders.estimate(place),
            float(self.alive[place] / count) if count else nan,
            float(self.order_value[place] / count) if count else nan,
        )


def _each(model: BuyingModel, codes: np.ndarray, segments: int, outlook: Outlook) -> _Each:
    """Add up what is expected of customers by segment, with derivatives by the logs of the parameters."""
    known, who = model.purchases, model.purchases.bought
    place, influence = codes[who], model.influence[:, who]
    x, recency, age = (one[who] for one in (known.frequency, known.recency, known.age))
    spend, counted = (one[who] for one in _paid(known))
    time, rate = _ahead(outlook, known.unit)

    def added(values: Float) -> Float:
        sums = np.bincount(place, values, segments)
        return np.append(sums, sums.sum())

    def sums(values: Float, slopes: list[Float]) -> _Sums:
        columns = [np.ones(len(x)), values, values**2, *slopes, *influence, *(influence * values)]
        return _Sums(np.stack([added(one) for one in columns], axis=1), model.covariance)

    (repeats, old), pair, _ = different(x, age)
    both = []
    for one in (model.pace, *_moved(model.pace)):
        alive = one.alive(x, recency, age)
        both.append([alive * line[pair] for line in orders_ahead(one, repeats, old, time, (rate, 0.0))])
    hoped, plainly = ([pair_of[which] for pair_of in both] for which in (0, 1))
    amounts = [np.full(len(x), nan)] * 7
    if model.amounts is not None:
        amounts = [one.expected(spend, counted) for one in (model.amounts, *_moved(model.amounts))]
    left = outlook.margin
    slopes = [one * amounts[0] * left for one in _slopes(hoped)]
    slopes += [one * hoped[0] * left for one in _slopes(amounts)]
    return _Each(
        sums(hoped[0] * amounts[0] * left, slopes),
        sums(plainly[0], [*_slopes(plainly), *np.zeros((3, len(x)))]),
        added(model.pace.alive(x, recency, age)),
        added(amounts[0]),
    )


def _slopes(moved: Sequence[Float]) -> list[Float]:
    """Derivatives by the logs of parameters, of values as they are and after each step of `_moved`."""
    return [(up - down) / (2 * STEP) for up, down in zip(moved[1::2], moved[2::2], strict=True)]


def _moved(parameters: Any) -> list[Any]:
    """Move each parameter a little up and down, one at a time."""
    return [
        replace(parameters, **{name: value * exp(step)})
        for name, value in vars(parameters).items()
        for step in (STEP, -STEP)
    ]


# --- from a customer table ----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Sought:
    """What a customer table tells of buying.

    Attributes
    ----------
    model : BuyingModel or None
    reason : str
        Why there is none, for a reader.
    has_orders : bool
        Whether there are orders at all, so that the reason is worth telling.
    """

    model: BuyingModel | None
    reason: str = ""
    has_orders: bool = False


def of_customers(customers: Customers) -> BuyingModel | None:
    """Fit the models to a customer table; None where it does not tell enough, see `looked_for`."""
    return looked_for(customers).model


def looked_for(customers: Customers, watch: Watch = unwatched) -> Sought:
    """Find orders in a customer table and fit the models to them.

    Parameters
    ----------
    customers : Customers
        With a number of orders and the days of the first and the last one, as a log of orders that is joined
        brings them; or with the columns of a table made for these models (x, t_x, T, or frequency, recency,
        T, with monetary_value where amounts are known).
    watch : function, optional

    Returns
    -------
    Sought
        With the model, or the reason why there is none.
    """
    known = purchases_of(customers)
    if known is None:
        return Sought(None, NEEDS, customers.with_role("orders") is not None)
    try:
        return Sought(fitted(known, watch=watch), "", True)
    except CannotForecast as problem:
        return Sought(None, str(problem), True)


NEEDS = (
    "A forecast of orders needs, for each customer, the number of orders and the dates of the first and the "
    "last one. Add your order log on the Data page; it brings all three."
)
