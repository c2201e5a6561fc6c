"""Staying: how long customers with a contract will still stay, from how long others stayed.

At each renewal a customer leaves with a chance of her own; those with a high one leave first, so the longer a
group has stayed, the more of it stays (shifted beta-geometric, Fader & Hardie 2007). A retention rate that is
simply carried on misses that, and undervalues loyal customers. From the two parameters follow the periods
that a new customer (DEL) and one who renewed before (DERL, Fader & Hardie 2010) will still pay for.

`fitted` takes arrays, `staying` works on the segments of a table whose stay `survival.durations` has found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan, sqrt

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, digamma, hyp2f1

from segkit.customers.table import Customers
from segkit.labels import plural
from segkit.measures.buying import CannotForecast
from segkit.measures.discoveries import p_limit
from segkit.measures.estimates import NOTHING, Estimate, Z, two_sided
from segkit.measures.kpis import EVERYONE
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN, shown
from segkit.measures.survival import Durations
from segkit.measures.value import refuse_senseless
from segkit.segments.features import numeric
from segkit.segments.methods.k_means import one_thread
from segkit.segments.segmentation import Assignment, Segment

FEWEST_LEFT = 10  # who left; below, two parameters are noise
FAR_OFF = 0.10  # between the share still there as counted and by the model: it does not describe them
BOUNDS = [(-9.0, 9.0)] * 2  # of the logs of the parameters: from all alike to hardly anybody alike
CLIMB = {"ftol": 1e-15, "gtol": 1e-9}
WEAK = 4.0  # on the log scale: what is assumed of a parameter where the data say nothing on it
STEP = 1e-4  # of a derivative, on the log scale
A_YEAR = {"days": 365.25, "weeks": 52.18, "months": 12.0, "quarters": 4.0, "years": 1.0, "periods": 1.0}
USUAL_AHEAD = {"days": 90, "weeks": 26, "months": 12, "quarters": 4, "years": 5, "periods": 5}
MOST_AHEAD = 120

Float = np.ndarray


@dataclass(frozen=True)
class Ahead:
    """What a forecast of staying rests on; every part is shown and can be changed.

    Attributes
    ----------
    periods : int
        How many periods to look ahead, in the unit of the table.
    discount : float
        What a year's waiting costs (a period's, where the table does not say how long one is).
    margin : float
        The part of a payment that is left, more than 0 and at most 1.
    """

    periods: int = 12
    discount: float = 0.1
    margin: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises
        ------
        UnusablePlan
            A part is out of its range.
        """
        refuse_senseless(self.periods, MOST_AHEAD, "periods", self.discount, self.margin)

    def rate(self, unit: str) -> float:
        """The discount of one period."""
        return float((1 + self.discount) ** (1 / A_YEAR[unit]) - 1)


# --- the model ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Leaving:
    """Parameters of the shifted beta-geometric: the chance to leave at a renewal ~ beta(alpha, beta)."""

    alpha: float
    beta: float

    def survival(self, periods: Float | float) -> Float:
        """The share of customers still there after some periods.

        Examples
        --------
        >>> Leaving(0.704, 1.182).survival(np.array([0, 1, 7])).round(3)
        array([1.   , 0.627, 0.239])
        """
        return np.exp(betaln(self.alpha, self.beta + np.asarray(periods)) - betaln(self.alpha, self.beta))

    def retention(self, period: Float | float) -> Float:
        """The share of those there before a renewal who stay on, by the number of the renewal from 1.

        Examples
        --------
        >>> Leaving(0.704, 1.182).retention(np.array([1, 2, 7])).round(3)
        array([0.627, 0.756, 0.911])
        """
        before = self.beta + np.asarray(period) - 1
        return before / (self.alpha + before)

    def renewed(self, periods: float) -> "Leaving":
        """The same of customers who have stayed that long."""
        return replace(self, beta=self.beta + periods)

    def ahead(self, periods: int, rate: float, stayed: Float | float = 0.0) -> Float:
        """Periods that a customer will still pay for of those ahead, later ones counting less.

        Parameters
        ----------
        periods : int
        rate : float
            Discount a period.
        stayed : float or array
            Periods that she has stayed already.
        """
        start = self.beta + np.asarray(stayed, dtype=float)
        total, there = np.zeros(np.shape(start)), np.ones(np.shape(start))
        for place in range(periods):
            there = there * (start + place) / (self.alpha + start + place)
            total = total + there / (1 + rate) ** (place + 1)
        return total

    def lifetime(self, rate: float) -> float:
        """Discounted expected lifetime (DEL) of a new customer, her first payment included.

        Source: Fader & Hardie (2010), "Customer-base valuation in a contractual setting". Infinite without a
        discount where alpha is 1 or less.

        Examples
        --------
        >>> round(Leaving(0.668, 3.806).lifetime(0.1), 2)
        5.92
        """
        return _sum_of(self.alpha, self.beta, rate)

    def residual(self, rate: float, renewals: int) -> float:
        """Discounted expected residual lifetime (DERL) just before the next renewal.

        Parameters
        ----------
        rate : float
            Discount a period.
        renewals : int
            The number of the coming renewal, from 1.

        Examples
        --------
        >>> round(Leaving(0.668, 3.806).residual(0.1, 1), 2)
        5.41
        """
        later = self.renewed(renewals)
        return float(self.retention(renewals)) * _sum_of(later.alpha, later.beta, rate)


def _sum_of(alpha: float, beta: float, rate: float) -> float:
    """Survival added up from now on, discounted."""
    if rate > 0:
        return float(hyp2f1(1.0, beta, alpha + beta, 1 / (1 + rate)))
    return (alpha + beta - 1) / (alpha - 1) if alpha > 1 else float("inf")


@dataclass(frozen=True, eq=False)
class StayingModel:
    """What was fitted to some customers.

    Attributes
    ----------
    leaving : Leaving
    covariance : float array of shape (2, 2)
        Of the logarithms of alpha and beta.
    likelihood : float
        Log likelihood.
    lost, kept : int array
        Customers who left after 0, 1, 2, … periods, and who were there still when last seen.
    """

    leaving: Leaving
    covariance: Float
    likelihood: float
    lost: np.ndarray
    kept: np.ndarray

    @property
    def customers(self) -> int:
        """Customers it was fitted to."""
        return int(self.lost.sum() + self.kept.sum())

    @property
    def gap(self) -> float:
        """The largest distance between the share still there by the model and as counted, 0 to 1.

        Counted (Kaplan & Meier 1958) where a tenth of the customers, and 30, were under observation.
        """
        left, seen = self.lost[1:], self.kept[:-1]
        there = self.customers - np.cumsum(self.lost[:-1]) - np.cumsum(seen)
        told = there >= max(SMALLEST_RANKED, self.customers / 10)
        share = np.cumprod(1 - left / np.maximum(there, 1))
        modelled = self.leaving.survival(np.arange(1, len(self.lost)))
        return float(np.abs(share - modelled)[told].max()) if told.any() else nan


def in_periods(time: Float, left: np.ndarray) -> Float:
    """Whole periods that customers stayed: the one in which somebody left counts as the one she left in.

    Examples
    --------
    >>> in_periods(np.array([0.0, 2.3, 2.3, 3.0]), np.array([True, True, False, False]))
    array([1., 3., 2., 3.])
    """
    return np.where(left, np.maximum(np.ceil(time), 1.0), np.floor(time))


def fitted(periods: Sequence[float] | Float, left: Sequence[bool] | np.ndarray) -> StayingModel:
    """Fit the model by maximum likelihood.

    Parameters
    ----------
    periods : array of float
        Whole periods: the one in which a customer left, counted from 1; or those after which she was still
        there. NaN is left out.
    left : array of bool

    Raises
    ------
    CannotForecast
        Too few customers left, or all at the same time.

    Examples
    --------
    >>> lost = np.repeat([1, 2, 3, 4, 5, 6, 7], [369, 163, 86, 56, 37, 27, 21])
    >>> periods = np.concatenate([lost, np.full(241, 7)])
    >>> model = fitted(periods, np.arange(1000) < 759)
    >>> round(model.leaving.alpha, 3), round(model.leaving.beta, 3)
    (0.704, 1.182)
    """
    time, gone = np.asarray(periods, dtype=float), np.asarray(left, dtype=bool)
    known = ~np.isnan(time)
    time, gone = time[known].astype(int), gone[known]
    longest = int(time.max()) + 1 if len(time) else 1
    lost = np.bincount(time[gone], minlength=longest + 1)
    return _fitted(lost, np.bincount(time[~gone], minlength=longest + 1))


def _fitted(lost: np.ndarray, kept: np.ndarray) -> StayingModel:
    _refuse(lost)
    places = np.arange(len(lost), dtype=float)
    left, seen, size = lost.astype(float), kept.astype(float), lost.sum() + kept.sum()

    def scores(logs: Float) -> tuple[float, Float]:
        alpha, beta = np.exp(logs)
        whole = betaln(alpha, beta)
        before = beta + np.maximum(places, 1.0) - 1
        value = left @ betaln(alpha + 1, before) + seen @ betaln(alpha, beta + places) - size * whole
        both = digamma(alpha + beta)
        by_alpha = left @ (digamma(alpha + 1) - digamma(alpha + 1 + before))
        by_alpha += seen @ (digamma(alpha) - digamma(alpha + beta + places)) - size * (digamma(alpha) - both)
        by_beta = left @ (digamma(before) - digamma(alpha + 1 + before))
        by_beta += seen @ (digamma(beta + places) - digamma(alpha + beta + places))
        by_beta -= size * (digamma(beta) - both)
        return float(value), np.array([by_alpha * alpha, by_beta * beta])

    def loss(logs: Float) -> tuple[float, Float]:
        value, slopes = scores(logs)
        return -value / size, -slopes / size

    with one_thread():
        best = minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B", bounds=BOUNDS, options=CLIMB)
    bend = np.stack(
        [(scores(best.x - one)[1] - scores(best.x + one)[1]) / (2 * STEP) for one in STEP * np.eye(2)]
    )
    values, vectors = np.linalg.eigh((bend + bend.T) / 2)
    covariance = (vectors / (np.maximum(values, 0.0) + WEAK**-2)) @ vectors.T
    alpha, beta = (float(one) for one in np.exp(best.x))
    return StayingModel(Leaving(alpha, beta), covariance, float(-best.fun * size), lost, kept)


def _refuse(lost: np.ndarray) -> None:
    gone = int(lost.sum())
    if gone < FEWEST_LEFT:
        raise CannotForecast(f"{plural(gone, 'customer')} left; a forecast of staying needs {FEWEST_LEFT}.")
    if (lost > 0).sum() < 3:
        raise CannotForecast("Customers left in one or two periods only, which shows no course over time.")


# --- by segment ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SegmentStay:
    """How long customers of one segment who are still there will stay on; NaN where that cannot be told.

    Attributes
    ----------
    segment : Segment
    n, active : int
        Customers who were observed, and those of them who are still there.
    ahead : Estimate
        Periods of the next ones that an active customer will stay for, not discounted.
    value : Estimate
        What these periods bring, discounted; NaN where no payment is known.
    residual : float
        Discounted expected periods without end (DERL), mean of the active customers.
    verdict : str
        "higher" or "lower" than all other customers, "can't tell", "circular", "hidden", or empty.
    difference : float
        From all other customers, in periods or, where payments are known, in money.
    reason : str
        Why nothing is told of a segment that is large enough.
    """

    segment: Segment
    n: int
    active: int
    ahead: Estimate
    value: Estimate
    residual: float
    verdict: str = ""
    difference: float = nan
    reason: str = ""

    @property
    def indicative(self) -> bool:
        """Whether so few customers are behind it that it is never ranked."""
        return self.n < SMALLEST_RANKED


@dataclass(frozen=True, eq=False)
class Staying:
    """How long customers of all segments will stay on.

    Attributes
    ----------
    rows : tuple of SegmentStay
        In the order of the segments, hidden ones included; "fits none" last.
    everyone : SegmentStay
    models : mapping of str to StayingModel
        By key of the segment, "all" for everyone.
    outlook : Ahead
    durations : Durations
    money : bool
        Whether payments are known: then values are compared, else periods.
    currency : str
        Of the payments, where it is known.
    """

    rows: tuple[SegmentStay, ...]
    everyone: SegmentStay
    models: Mapping[str, StayingModel]
    outlook: Ahead
    durations: Durations
    money: bool = False
    currency: str = ""

    def told(self, row: SegmentStay) -> Estimate:
        """The value of a row where payments are known, else its periods."""
        return row.value if self.money else row.ahead

    @property
    def shown(self) -> tuple[SegmentStay, ...]:
        """Those of whom something is told."""
        return tuple(row for row in self.rows if row.verdict != "hidden" and isfinite(self.told(row).value))

    @property
    def hidden(self) -> tuple[str, ...]:
        """Names of those with too few customers."""
        return tuple(row.segment.name for row in self.rows if row.verdict == "hidden")

    @property
    def circular(self) -> bool:
        """Whether the segments were made from what tells how long customers stay."""
        return any(row.verdict == "circular" for row in self.rows)


def staying(
    found: Durations,
    assignment: Assignment,
    outlook: Ahead | None = None,
    paid: Float | None = None,
    currency: str = "",
    smallest: int = SMALLEST_SHOWN,
) -> Staying:
    """Tell how long the customers of each segment who are still there will stay on.

    Parameters
    ----------
    found : Durations
        As `survival.durations` gives them.
    assignment : Assignment
        Of the same customers, row by row.
    outlook : Ahead, optional
        By default what is usual for the unit of the table.
    paid : float array, optional
        What each customer pays a period.
    currency : str
        Of it.
    smallest : int
        Fewer customers are hidden, and another segment where the total would give them away.

    Raises
    ------
    CannotForecast
        Nothing can be told even of everyone.

    Notes
    -----
    Each segment has a model of its own. The interval is for the mean of customers like these: the variance of
    its two parameters (delta method with the curvature of the likelihood) plus that between customers. The
    difference is that from a model of all other customers, at a false discovery rate of 5 % (Benjamini &
    Hochberg 1995).
    """
    outlook = outlook or Ahead(USUAL_AHEAD[found.unit])
    whole = assignment.with_none
    count, known = len(whole.segments), ~np.isnan(found.time)
    stays = in_periods(np.where(known, found.time, 0.0), found.left).astype(int)
    tables = _tables(stays, found.left, whole.codes, known, count)
    sizes = tables.sum(axis=(1, 2))
    members = np.bincount(whole.codes, minlength=count).tolist()
    may = shown(sizes.tolist(), members, smallest)
    circular = bool(set(found.columns) & set(assignment.dimensions))
    money = _money(stays, found.left, whole.codes, known, paid, tables)
    models: dict[str, StayingModel] = {EVERYONE.key: _fitted(*tables.sum(axis=0))}
    rows = []
    for place, segment in enumerate(whole.segments):
        if not may[place]:
            rows.append(_untold(segment, tables[place], "hidden"))
            continue
        try:
            models[segment.key] = _fitted(*tables[place])
        except CannotForecast as problem:
            rows.append(_untold(segment, tables[place], "", str(problem)))
            continue
        rows.append(_told(segment, models[segment.key], outlook, found.unit, money[place]))
    if circular:
        judged = [one if one.verdict else replace(one, verdict="circular") for one in rows]
    else:
        judged = _judged(rows, tables, money, models, outlook, found.unit, paid is not None)
    everyone = _told(EVERYONE, models[EVERYONE.key], outlook, found.unit, money.sum(axis=0))
    return Staying(tuple(judged), everyone, models, outlook, found, paid is not None, currency)


def _tables(
    stays: np.ndarray, left: np.ndarray, codes: np.ndarray, known: np.ndarray, count: int
) -> np.ndarray:
    """Customers by segment, whether they left (first) or are there still (second), and periods."""
    width = int(stays.max()) + 2
    cell = (codes * 2 + ~left)[known] * width + stays[known]
    return np.bincount(cell, minlength=count * 2 * width).reshape(count, 2, width)


def _money(
    stays: np.ndarray,
    left: np.ndarray,
    codes: np.ndarray,
    known: np.ndarray,
    paid: Float | None,
    tables: np.ndarray,
) -> Float:
    """By segment and periods: active customers whose payment is known, what they pay, and its squares."""
    count, _, width = tables.shape
    if paid is None:
        return np.zeros((count, 3, width))
    active = known & ~left & ~np.isnan(paid)
    cell, pay = codes[active] * width + stays[active], paid[active]
    parts = [np.bincount(cell, one, minlength=count * width) for one in (np.ones(len(pay)), pay, pay**2)]
    return np.stack([one.reshape(count, width) for one in parts], axis=1)


def _untold(segment: Segment, table: np.ndarray, verdict: str, reason: str = "") -> SegmentStay:
    size, active = int(table.sum()), int(table[1].sum())
    return SegmentStay(segment, size, active, NOTHING, NOTHING, nan, verdict, nan, reason)


def _told(segment: Segment, model: StayingModel, outlook: Ahead, unit: str, money: Float) -> SegmentStay:
    rate, active = outlook.rate(unit), int(model.kept.sum())
    if not active:
        return _untold(segment, np.stack([model.lost, model.kept]), "", "Nobody of them is still there.")
    ahead = _estimate(model, np.stack([model.kept] * 3), outlook.periods, 0.0)
    value = _estimate(model, money * outlook.margin ** np.arange(3)[:, None], outlook.periods, rate)
    places = np.flatnonzero(model.kept)
    residual = [model.leaving.residual(rate, int(place) + 1) for place in places]
    mean = float(np.average(residual, weights=model.kept[places]))
    return SegmentStay(segment, model.customers, active, ahead, value, mean)


def _estimate(model: StayingModel, sums: Float, periods: int, rate: float) -> Estimate:
    """The mean of payments times periods ahead, with its interval.

    `sums` has, by the periods that customers stayed, their number, their payments and the squares of these.
    """
    count = float(sums[0].sum())
    if count < 2:
        return NOTHING
    places = np.flatnonzero(sums[0])
    _, total, squares = sums[:, places]
    value, slope = _with_slope(model.leaving, total / count, places, periods, rate)
    each = model.leaving.ahead(periods, rate, places)
    between = max(float(squares @ each**2) / count - value**2, 0.0) / (count - 1)
    half = Z * sqrt(float(slope @ model.covariance @ slope) + between)
    return Estimate(value, max(value - half, 0.0), value + half)


def _with_slope(
    leaving: Leaving, weights: Float, places: np.ndarray, periods: int, rate: float
) -> tuple[float, Float]:
    def at(alpha: float, beta: float) -> float:
        return float(weights @ Leaving(alpha, beta).ahead(periods, rate, places))

    up, down = np.exp(STEP), np.exp(-STEP)
    alpha, beta = leaving.alpha, leaving.beta
    slope = [at(alpha * up, beta) - at(alpha * down, beta), at(alpha, beta * up) - at(alpha, beta * down)]
    return at(alpha, beta), np.array(slope) / (2 * STEP)


def _judged(
    rows: list[SegmentStay],
    tables: np.ndarray,
    money: Float,
    models: Mapping[str, StayingModel],
    outlook: Ahead,
    unit: str,
    paid: bool,
) -> list[SegmentStay]:
    """Compare each segment with all other customers, where models describe both."""
    found: dict[str, tuple[float, float]] = {}
    for place, row in enumerate(rows):
        others = tables.sum(axis=0) - tables[place]
        if row.segment.key not in models or row.n < SMALLEST_RANKED or others.sum() < SMALLEST_RANKED:
            continue
        try:
            model = _fitted(*others)
        except CannotForecast:
            continue
        if max(model.gap, models[row.segment.key].gap) <= FAR_OFF:
            rest = _told(EVERYONE, model, outlook, unit, money.sum(axis=0) - money[place])
            pair = (row.value, rest.value) if paid else (row.ahead, rest.ahead)
            found[row.segment.key] = _apart(*pair)
    limit = p_limit([p for _, p in found.values()])
    return [_with_verdict(row, found.get(row.segment.key), limit) for row in rows]


def _apart(here: Estimate, rest: Estimate) -> tuple[float, float]:
    """The difference of two independent estimates and its p-value."""
    difference = here.value - rest.value
    spread = sqrt(sum(((one.high - one.value) / Z) ** 2 for one in (here, rest)))
    return difference, two_sided(difference / spread) if spread > 0 else nan


def _with_verdict(row: SegmentStay, found: tuple[float, float] | None, limit: float) -> SegmentStay:
    if row.verdict or not isfinite(row.ahead.value):
        return row
    if found is None:
        return replace(row, verdict="can't tell")
    side = "higher" if found[0] > 0 else "lower"
    return replace(row, verdict=side if found[1] <= limit else "can't tell", difference=found[0])


def payments(customers: Customers, column: str) -> tuple[Float | None, str]:
    """What each customer pays a period, by a column of numbers, and its currency; None without a column."""
    found = customers.column(column)
    return (numeric(customers.frame[column]), found.currency) if found is not None else (None, "")
