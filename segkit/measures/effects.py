"""Effects: which attributes go with a KPI, among everyone or inside one segment.

Customers are split by each attribute into a few groups that are easy to say: the levels of a category, "none"
against more, or a number's lower, middle and upper part with round borders. An attribute is ranked by
how much of the KPI's spread its groups account for; what is told of it is the group that differs most from
all others who were looked at, with the interval of that difference. Going together is not causing: nothing
here says what would happen if the attribute were changed.

What is told comes from sums of the KPI by group (`ByGroup`, `effects_of`): from a frame here, and from an
engine in `pushed_effects`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isnan, nan, sqrt

import numpy as np
import pandas as pd
from scipy.special import chdtrc, fdtrc, stdtrit

from segkit.customers.table import Column, Customers
from segkit.labels import number, quantity, words
from segkit.measures.discoveries import p_limit
from segkit.measures.estimates import LEVEL, NPS, RATE, Estimator, Z, rate_estimate
from segkit.measures.kpis import SMALLEST_RANKED, KpiDefinition, source_columns
from segkit.measures.sums import Sums
from segkit.segments.features import numeric

NEARLY_SAME = 0.95  # of the KPI's spread: such an attribute is the KPI under another name
MANY_ZEROS = 0.2  # of the values: then "none" is a group of its own
FEW_VALUES = 5  # whole numbers with as few values as an answer scale of 1 to 5 are taken one by one
THIRDS = ((0.27, 0.40), (0.60, 0.73))  # a border may lie there if it is easier to say than the exact third
HALVES = ((0.40, 0.60),)


# --- a difference between two groups ----------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """Value of one group minus that of another one, with its 95 % interval."""

    value: float
    low: float
    high: float


def difference_of(estimator: Estimator, one: Sums, other: Sums) -> Difference:
    """Difference of two groups that share no customer, with the interval for its kind of measure.

    Parameters
    ----------
    estimator : Estimator
        `MEAN`, `RATE` or `NPS`.
    one, other : Sums

    Returns
    -------
    Difference
        In the unit of the value; the interval is NaN where a group is too small to have one.

    Notes
    -----
    Means: Welch's interval (Welch 1947). Rates: the hybrid score interval, built from the two Wilson
    intervals (Newcombe 1998, method 10). NPS: the root of the two adjusted variances (Rocks 2016).

    Examples
    --------
    >>> from segkit.measures.estimates import RATE
    >>> difference_of(RATE, Sums(70, 70, 56.0, 56.0), Sums(80, 80, 48.0, 48.0))
    Difference(value=0.2, low=0.0524, high=0.3339)
    """
    if not (one.answered and other.answered):
        return Difference(nan, nan, nan)
    if estimator is RATE:
        return _rate_difference(one, other)
    if estimator is NPS:
        value, half = _nps_difference(one, other)
        return Difference(value, max(value - half, -200.0), min(value + half, 200.0))
    value = one.mean - other.mean
    half = _welch_half(one, other)
    return Difference(value, value - half, value + half)


def _rate_difference(one: Sums, other: Sums) -> Difference:
    first, second = rate_estimate(one), rate_estimate(other)
    value = first.value - second.value
    below = sqrt((first.value - first.low) ** 2 + (second.high - second.value) ** 2)
    above = sqrt((first.high - first.value) ** 2 + (second.value - second.low) ** 2)
    return Difference(value, value - below, value + above)


def _nps_difference(one: Sums, other: Sums) -> tuple[float, float]:
    """Difference in points, and half its interval."""
    scores = [(sums.high - sums.low) / sums.answered for sums in (one, other)]
    return 100 * (scores[0] - scores[1]), 100 * Z * sqrt(_nps_variance(one) + _nps_variance(other))


def _nps_variance(sums: Sums) -> float:
    """Variance of a score with three answers added, as in `estimates.nps_estimate`."""
    count = sums.answered + 3
    promoters, detractors = (sums.high + 0.75) / count, (sums.low + 0.75) / count
    return (promoters + detractors - (promoters - detractors) ** 2) / count


def _welch_half(one: Sums, other: Sums) -> float:
    if min(one.answered, other.answered) < 2:
        return nan
    parts = [one.variance / one.answered, other.variance / other.answered]
    if not sum(parts):
        return 0.0
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (one.answered - 1) + parts[1] ** 2 / (other.answered - 1))
    return float(stdtrit(freedom, 0.5 + LEVEL / 2)) * sqrt(sum(parts))


# --- what goes with a KPI ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """How one attribute goes with a KPI.

    Attributes
    ----------
    column, kind : str
        The attribute, and whether it is a "number", "yes/no" or "category".
    group : str
        The group of customers that differs most, in words: "4 or more", "yes", "Month-to-month".
    here, elsewhere : float
        The KPI in the group, and among all others who were looked at and have a value of the attribute.
    difference, low, high : float
        `here` minus `elsewhere` with its 95 % interval, in the unit of the KPI.
    n, n_elsewhere : int
        Answers in both; never fewer than 30.
    strength : float
        Share of the KPI's spread that the attribute's groups account for, 0 to 1, corrected for chance.
    p_value : float
        Of all groups being alike.
    verdict : str
        "higher" or "lower" (the group, reliably), "can't tell", or "same" (nearly the KPI itself).
    """

    column: str
    kind: str
    group: str
    here: float
    elsewhere: float
    difference: float
    low: float
    high: float
    n: int
    n_elsewhere: int
    strength: float
    p_value: float
    verdict: str = ""


_ORDER = ("told", "same", "can't tell")


def goes_with(
    customers: Customers,
    definition: KpiDefinition,
    rows: np.ndarray | None = None,
    leave_out: Sequence[str] = (),
    borders: Mapping[str, Sequence[float]] | None = None,
) -> list[Effect]:
    """Find the attributes that go with a KPI.

    Parameters
    ----------
    customers : Customers
    definition : KpiDefinition
        Of a mean, a rate or NPS.
    rows : bool array, optional
        The customers to look at; by default everyone.
    leave_out : sequence of str
        Columns not to look at, beside ids, personal data, texts, dates and what the KPI is computed from.
    borders : mapping of str to sequence of float, optional
        Where numbers are cut; elsewhere those who are looked at say it.

    Returns
    -------
    list of Effect
        The strongest first, then what says nearly the same as the KPI, then what can't be told. Attributes
        that leave fewer than two groups of 30 answers are absent. Empty where the KPI cannot be compared.

    Notes
    -----
    Strength is epsilon² (Kelley 1935) and for rates the bias-corrected V² (Bergsma 2013); the tests are
    Welch's analysis of variance (Welch 1951) and chi², at a false discovery rate of 5 % over the attributes
    (Benjamini & Hochberg 1995). A difference whose interval holds zero is not told either.
    """
    sources = source_columns(definition, customers)
    if not comparable(definition) or sources is None:
        return []
    values = definition.values(customers)
    looked_at = _looked_at(values, rows)
    answers = _Answers(definition.estimator, values[looked_at])
    found, cuts = [], borders or {}
    for column in attributes_of(customers, {*sources, *leave_out}):
        some = customers.frame[column.name].iloc[looked_at]
        found.append(answers.by(column, some, grouped(some, column, cuts.get(column.name))))
    return effects_of(definition.estimator, found)


@dataclass(frozen=True, eq=False)
class ByGroup:
    """The KPI of those who are looked at, by the groups of one attribute.

    Attributes
    ----------
    column : Column
    names : tuple of str
        What each group is called.
    sums : list of Sums
        Of the KPI, by group: for NPS, of promoters as 1 and detractors as -1.
    pooled : int
        Place of the group that holds rare levels, -1 where there is none.
    correlation : float
        Of a number with the KPI; NaN of anything else.
    """

    column: Column
    names: tuple[str, ...]
    sums: list[Sums]
    pooled: int = -1
    correlation: float = nan


def effects_of(estimator: Estimator, found: Sequence[ByGroup]) -> list[Effect]:
    """Tell which attributes go with a KPI, wherever the customers are; as of `goes_with`."""
    effects = [_effect(estimator, one) for one in found]
    return _ranked([one for one in effects if one is not None])


def comparable(definition: KpiDefinition) -> bool:
    """Whether each customer has a value of the KPI: not of sizes, shares of a total, or composed ones."""
    return bool(definition.needs) and not definition.share_of and not definition.made_of


def attributes(customers: Customers, leave_out: set[str]) -> list[str]:
    """List the columns that can be looked at: groups can be made of them, and they name nobody."""
    return [one.name for one in attributes_of(customers, leave_out)]


def attributes_of(customers: Customers, leave_out: set[str]) -> list[Column]:
    """The same as columns."""
    return [one for one in customers.columns if _is_attribute(one) and not _related(one, leave_out)]


def _is_attribute(column: Column) -> bool:
    return column.can_form_segments and not column.hidden and column.role != "ignored"


def _related(column: Column, names: set[str]) -> bool:
    return bool({column.name, *column.derived_from} & names)


def _looked_at(values: np.ndarray, rows: np.ndarray | None) -> np.ndarray:
    """Row numbers of those who answered, the lowest answer first: so no sum depends on the order of rows."""
    there = ~np.isnan(values) if rows is None else ~np.isnan(values) & np.asarray(rows, dtype=bool)
    places = np.flatnonzero(there)
    return places[np.argsort(values[places], kind="stable")]


class _Answers:
    """The KPI of those who are looked at, ready to be summed by group."""

    def __init__(self, estimator: Estimator, values: np.ndarray) -> None:
        self.estimator, self.values = estimator, values
        self.origin = float(values[len(values) // 2]) if len(values) else 0.0
        # an NPS is a mean of promoters at 1 and detractors at -1; its bands count them as well
        if estimator.bands is not None:
            high, low = (band(values) for band in estimator.bands)
            self.scores, self.origin = high.astype(float) - low, 0.0
        else:
            self.scores = values - self.origin

    def by(self, column: Column, values: pd.Series, groups: "Groups") -> ByGroup:
        """What is known of one attribute of the same customers."""
        sums = self._by_group(groups.codes, len(groups.names))
        alike = self._correlation(numeric(values)) if column.kind == "number" else nan
        return ByGroup(column, groups.names, sums, groups.pooled, alike)

    def _by_group(self, codes: np.ndarray, groups: int) -> list[Sums]:
        """Sums of each group; codes below 0 are in none."""
        places = codes + 1
        counts = np.bincount(places, minlength=groups + 1)[1:]
        totals = np.bincount(places, self.scores, minlength=groups + 1)[1:]
        squares = np.bincount(places, self.scores**2, minlength=groups + 1)[1:]
        sums = zip(counts.tolist(), totals.tolist(), squares.tolist(), strict=True)
        return [self._sums(count, total, square) for count, total, square in sums]

    def _correlation(self, values: np.ndarray) -> float:
        known = ~np.isnan(values)
        if known.sum() < 2:
            return nan
        with np.errstate(invalid="ignore", divide="ignore"):
            return float(np.corrcoef(self.values[known], values[known])[0, 1])

    def _sums(self, count: int, total: float, square: float) -> Sums:
        return scored(self.estimator, count, total, square, self.origin)


def scored(estimator: Estimator, count: int, total: float, squares: float, origin: float) -> Sums:
    """Sums of a KPI; of scores of 1, 0 and -1 where it has bands, which count the upper and the lower one."""
    high, low = (0, 0)
    if estimator.bands is not None:
        high, low = round((squares + total) / 2), round((squares - total) / 2)
    return Sums(count, count, total, squares, high, low, origin)


def _effect(estimator: Estimator, found: ByGroup) -> Effect | None:
    """Describe one attribute; None where it leaves no two groups, or nothing varies."""
    sums = found.sums
    whole, tested = _added(sums), [one for one in sums if one.answered >= SMALLEST_RANKED]
    if len(tested) < 2 or whole.variance == 0:
        return None
    place = _most_different(sums, whole, found.pooled)
    if place is None:
        return None
    here, elsewhere = sums[place], whole.minus(sums[place])
    difference = difference_of(estimator, here, elsewhere)
    strength = strength_of(estimator, tested)
    # a number may be the KPI in another unit: three groups of it could not show that
    same = strength > NEARLY_SAME or found.correlation**2 > NEARLY_SAME
    return Effect(
        found.column.name,
        found.column.kind,
        found.names[place],
        estimator.estimate(here).value,
        estimator.estimate(elsewhere).value,
        difference.value,
        difference.low,
        difference.high,
        here.answered,
        elsewhere.answered,
        strength,
        chance_of(estimator, tested),
        "same" if same else "",
    )


def _added(sums: list[Sums]) -> Sums:
    total = Sums(0, 0, 0.0, 0.0, origin=sums[0].origin if sums else 0.0)
    for one in sums:
        total = total.minus(Sums(-one.members, -one.answered, -one.total, -one.squares, -one.high, -one.low))
    return total


def _most_different(sums: list[Sums], whole: Sums, pooled: int) -> int | None:
    """Find the group that, set against all others, accounts for most of the spread; None if all are small.

    Two groups say the same from both sides: then it is the one that is named last, "yes" or the larger.
    """
    reach: dict[int, float] = {}
    for place, one in enumerate(sums):
        rest = whole.minus(one)
        if min(one.answered, rest.answered) >= SMALLEST_RANKED and place != pooled:
            reach[place] = (one.mean - rest.mean) ** 2 * one.answered * rest.answered
    largest = max(reach.values(), default=0.0)
    return max((place for place, one in reach.items() if one >= largest * (1 - 1e-9)), default=None)


def _ranked(effects: list[Effect]) -> list[Effect]:
    limit = p_limit([one.p_value for one in effects])
    judged = [replace(one, verdict=_verdict(one, limit)) for one in effects]
    return sorted(judged, key=lambda one: (_place(one.verdict), -round(one.strength, 9), one.column))


def _place(verdict: str) -> int:
    return _ORDER.index(verdict) if verdict in _ORDER else 0


def _verdict(effect: Effect, limit: float) -> str:
    if effect.verdict:
        return effect.verdict
    beyond_zero = effect.low > 0 or effect.high < 0
    if not effect.p_value <= limit or isnan(effect.low) or not beyond_zero:
        return "can't tell"
    return "higher" if effect.difference > 0 else "lower"


# --- strength and test over all groups --------------------------------------------------------------


def strength_of(estimator: Estimator, sums: Sequence[Sums]) -> float:
    """Share of the spread that groups account for, 0 to 1, near 0 where they differ only by chance.

    Parameters
    ----------
    estimator : Estimator
    sums : sequence of Sums
        One per group, each with an answer.

    Returns
    -------
    float
        Rates: Cramér's V², bias-corrected (Bergsma 2013). Else epsilon² (Kelley 1935): the correlation
        ratio eta² less what chance alone would give.
    """
    between, within, count = _spread(sums)
    groups = len(sums)
    if between + within <= 0 or count <= groups:
        return 0.0
    if estimator is RATE:
        share = between / (between + within)  # chi² / n of a table with two columns
        excess = max(share - (groups - 1) / (count - 1), 0.0)
        return min(excess / (1 - 1 / (count - 1)), 1.0)
    corrected = (between - (groups - 1) * within / (count - groups)) / (between + within)
    return min(max(corrected, 0.0), 1.0)


def _spread(sums: Sequence[Sums]) -> tuple[float, float, int]:
    """Sums of squares between groups and within them, and all answers."""
    counts = np.array([one.answered for one in sums])
    means = np.array([one.total / one.answered for one in sums])
    middle = float((counts * means).sum() / counts.sum())
    within = float(sum(one.variance * (one.answered - 1) for one in sums if one.answered > 1))
    return float((counts * (means - middle) ** 2).sum()), within, int(counts.sum())


def chance_of(estimator: Estimator, sums: Sequence[Sums]) -> float:
    """How likely differences as large as these would be if all groups were alike (p-value).

    Chi² for rates (Pearson 1900), else Welch's analysis of variance (Welch 1951). Where a group does not
    vary at all, which Welch cannot weigh, the classical one (Fisher 1925).
    """
    between, within, count = _spread(sums)
    groups = len(sums)
    if estimator is RATE:
        total = between + within
        return float(chdtrc(groups - 1, count * between / total)) if total > 0 else 1.0
    if within <= 0:
        return 0.0 if between > 0 else 1.0
    if all(one.answered > 1 and one.variance > 0 for one in sums):
        return _welch_anova(sums)
    ratio = (between / (groups - 1)) / (within / (count - groups))
    return float(fdtrc(groups - 1, count - groups, ratio))


def _welch_anova(sums: Sequence[Sums]) -> float:
    counts = np.array([one.answered for one in sums])
    means = np.array([one.total / one.answered for one in sums])
    weights = counts / np.array([one.variance for one in sums])
    middle = (weights * means).sum() / weights.sum()
    groups = len(sums)
    unsure = ((1 - weights / weights.sum()) ** 2 / (counts - 1)).sum()
    between = (weights * (means - middle) ** 2).sum() / (groups - 1)
    ratio = between / (1 + 2 * (groups - 2) / (groups**2 - 1) * unsure)
    return float(fdtrc(groups - 1, (groups**2 - 1) / (3 * unsure), ratio))


# --- groups that are easy to say --------------------------------------------------------------------

OTHER_LEVELS = "other"


@dataclass(frozen=True)
class Groups:
    """A split of customers by one attribute.

    Attributes
    ----------
    names : tuple of str
        What each group is called: "none", "1 to 3", "4 or more".
    codes : int array
        Group of each customer, -1 where the attribute is missing.
    pooled : int
        Place of the group that holds rare levels, -1 where there is none.
    """

    names: tuple[str, ...]
    codes: np.ndarray
    pooled: int = -1


@dataclass(frozen=True)
class Extent:
    """What the names of a number's groups tell of its values.

    Attributes
    ----------
    lowest, highest : float
    below : float
        The highest value below the first border.
    whole : bool
        Whether all are whole numbers.
    """

    lowest: float
    highest: float
    below: float
    whole: bool


def grouped(values: pd.Series, column: Column, borders: Sequence[float] | None = None) -> Groups:
    """Split customers by one column into groups of 30 or more that are easy to say.

    Parameters
    ----------
    values : pandas.Series
        Of the customers to split.
    column : Column
    borders : sequence of float, optional
        Where a number is cut, see `borders_of`; by default these values say it.

    Returns
    -------
    Groups
        Levels in their order, rare ones pooled as "other"; a number in two or three parts, or one by one
        where it has up to five whole values. A single group, or none, where there is nothing to split by.
    """
    if column.kind == "number":
        return _number_groups(numeric(values), column.name, borders)
    if not isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype("str").astype("category")
    return _level_groups(values, column.kind)


def _level_groups(values: pd.Series, kind: str) -> Groups:
    codes = values.cat.codes.to_numpy().astype(np.int64)
    names = [str(level) for level in values.cat.categories]
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    called, places, pooled = groups_of_levels(names, counts, kind)
    return Groups(called, np.append(places, -1)[codes], pooled)  # -1 is missing


def groups_of_levels(
    names: Sequence[str], counts: np.ndarray, kind: str
) -> tuple[tuple[str, ...], np.ndarray, int]:
    """Put levels into groups of 30 or more, rare ones into one.

    Parameters
    ----------
    names : sequence of str
        The levels.
    counts : int array
        Customers of each level.
    kind : str
        "yes/no" or "category".

    Returns
    -------
    tuple of str, int array, int
        What each group is called; the place of each level's group; and that of the group that holds rare
        levels, -1 where there is none.
    """
    if kind == "yes/no" and len(names) == 2:
        names = ["no", "yes"]
    order = range(len(names)) if kind == "yes/no" else sorted(range(len(names)), key=names.__getitem__)
    kept = [place for place in order if counts[place] >= SMALLEST_RANKED]
    rare = bool(counts.sum() > counts[kept].sum())
    places = np.full(len(names), len(kept) if rare else -1)
    places[kept] = np.arange(len(kept))
    called = [names[place] for place in kept]
    return (*called, *([OTHER_LEVELS] if rare else [])), places, len(kept) if rare else -1


def _number_groups(values: np.ndarray, name: str, borders: Sequence[float] | None) -> Groups:
    ascending = _ascending(values)
    if not len(ascending):
        return Groups((), np.full(len(values), -1))
    cuts = _borders_of(ascending) if borders is None else list(borders)
    codes = np.searchsorted(cuts, values, side="right")
    below = int(np.searchsorted(ascending, cuts[0])) if cuts else len(ascending)
    highest_below = float(ascending[below - 1]) if below else nan
    extent = Extent(float(ascending[0]), float(ascending[-1]), highest_below, _are_whole(ascending))
    return Groups(names_of_parts(cuts, extent, name), np.where(np.isnan(values), -1, codes))


def borders_of(values: np.ndarray) -> list[float]:
    """Choose where a number is cut into parts of 30 or more: each border is the lowest value of a part."""
    ascending = _ascending(values)
    return _borders_of(ascending) if len(ascending) else []


def _borders_of(ascending: np.ndarray) -> list[float]:
    return _without_small(_borders(ascending, _are_whole(ascending)), ascending)


def _ascending(values: np.ndarray) -> np.ndarray:
    return np.sort(values[~np.isnan(values)])


def _are_whole(values: np.ndarray) -> bool:
    return bool((values == np.round(values)).all())


def _borders(ascending: np.ndarray, whole: bool) -> list[float]:
    """Where a number is cut: each border is the lowest value of a group."""
    values = _distinct(ascending, FEW_VALUES + 1)
    if whole and len(values) <= FEW_VALUES:
        return values[1:]
    zeros, positive = np.searchsorted(ascending, 0.0, side="right"), ascending[ascending > 0]
    if ascending[0] == 0 and zeros >= MANY_ZEROS * len(ascending):
        lowest = 1.0 if whole else float(positive[0])
        return [lowest, *(one for one in _easy(positive, HALVES, whole) if one > lowest)]
    # where the lowest value is that of most, it is set against all others
    return _easy(ascending, THIRDS, whole) or values[1:2]


def _distinct(ascending: np.ndarray, most: int) -> list[float]:
    """The lowest different values."""
    found: list[float] = []
    place = 0
    while place < len(ascending) and len(found) < most:
        found.append(float(ascending[place]))
        place = int(np.searchsorted(ascending, ascending[place], side="right"))
    return found


def _easy(ascending: np.ndarray, windows: tuple[tuple[float, float], ...], whole: bool) -> list[float]:
    """One border per window of quantiles, the roundest number inside it."""
    edges = [np.quantile(ascending, window, method="inverted_cdf") for window in windows]
    found = {_roundest(float(low), float(high), whole) for low, high in edges}
    return sorted(one for one in found if one > ascending[0])


def _roundest(low: float, high: float, whole: bool) -> float:
    """The roundest number from low to high: a multiple of 5, 2 or 1 times the largest power of ten.

    Examples
    --------
    >>> _roundest(17.3, 41.0, whole=False), _roundest(0.31, 0.36, whole=False)
    (20.0, 0.35)
    """
    if low == high:
        return low
    power = int(np.ceil(np.log10(max(abs(low), abs(high)))))
    for exponent in range(power, power - 16, -1):
        for digit in (5, 2, 1):
            step = digit * 10.0**exponent
            multiple = float(np.ceil(low / step) * step)
            if multiple <= high and (not whole or step >= 1):
                return float(f"{multiple:.15g}") + 0.0  # no minus zero
    return low


def _without_small(borders: list[float], ascending: np.ndarray) -> list[float]:
    """Drop borders until each group has 30 answers or more."""
    while borders:
        counts = np.diff([0, *np.searchsorted(ascending, borders), len(ascending)])
        if counts.min() >= SMALLEST_RANKED:
            return borders
        small = int(counts.argmin())
        sides = [place for place in (small - 1, small) if 0 <= place < len(borders)]
        joined = min(sides, key=lambda place: counts[place] + counts[place + 1])
        borders = borders[:joined] + borders[joined + 1 :]
    return borders


def names_of_parts(borders: Sequence[float], extent: Extent, name: str) -> tuple[str, ...]:
    """Say each part of a number: "none", "1 to 3" or "20 to below 50", "4 or more"."""
    if not borders:
        return ("all",)
    lowest, highest, whole = extent.lowest, extent.highest, extent.whole
    none_first = lowest == 0 and extent.below == 0
    first = "none" if none_first else _below(lowest, borders[0], whole, name)
    between = [_between(low, high, whole, name) for low, high in pairwise(borders)]
    last = _said(highest, name) if whole and borders[-1] == highest else f"{_said(borders[-1], name)} or more"
    if none_first and not whole:  # the smallest amount above nothing is no border to say
        if len(borders) == 1:
            return (first, "above 0")
        between[0] = f"above 0, below {_said(borders[1], name)}"
    return (first, *between, last)


def _below(lowest: float, border: float, whole: bool, name: str) -> str:
    if not whole:
        return f"below {_said(border, name)}"
    return _said(lowest, name) if border - 1 <= lowest else f"up to {_said(border - 1, name)}"


def _between(low: float, high: float, whole: bool, name: str) -> str:
    if not whole:
        return f"{_said(low, name)} to below {_said(high, name)}"
    return _said(low, name) if high - low <= 1 else f"{_said(low, name)} to {_said(high - 1, name)}"


def _said(value: float, name: str) -> str:
    """Write a border with as many digits as it has; years as years."""
    if float(value).is_integer():
        return quantity(name, value) if "year" in words(name) else number(value, 0)
    return number(value, len(f"{value:.10f}".rstrip("0").split(".")[1]))
