"""Distributions: how the values of any column spread within each segment.

A category, a yes/no, an answer scale or a date gives the share of each level within each segment
(`LevelShares`); a number gives its quantiles (`NumberSpread`), never single values. Segments with fewer than
five values are held back, and the next smallest beside them while the total would give them away.

What differs is told by effect size, and only where chance is an unlikely reason (Benjamini & Hochberg 1995
over the whole column). A column that formed the segments differs by design: it is described, not tested.

Levels need only how many customers have each (`levels_of`, `answers_of`), numbers a few of them by rank and
sums (`Numbers`, `spread_of`): both come from a frame here, and from an engine in `pushed_columns`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, nan
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from scipy.special import bdtr, bdtrik, ndtr  # scipy.stats takes 0.4 s to load

from segkit.customers.table import Column, Customers
from segkit.measures.counted import Counted, tallied
from segkit.measures.discoveries import p_limit
from segkit.measures.effects import difference_of
from segkit.measures.estimates import LEVEL, NOTHING, RATE, Estimate, mean_estimate, rate_estimate, welch
from segkit.measures.kpis import (
    BASE,
    BASE_NAME,
    SMALLEST_RANKED,
    SMALLEST_SHOWN,
    csat_scale_of,
    find_kpi,
)
from segkit.measures.sums import Groups, Sums, grouped_sums
from segkit.measures.suppression import shown
from segkit.segments.features import numeric
from segkit.segments.sampling import content_order, sampled
from segkit.segments.segmentation import NO_SEGMENT, Assignment, Segment

MOST_LEVELS = 8  # side by side; what is rarer is pooled
OTHER = "Other"
MOST_PERIODS = 12  # months of a year, quarters of three, or years
FINEST_SCALE = 7  # points of an answer scale that are shown one by one; a longer one in three bands
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
SKEWED = 0.5  # (high − 2·median + low) / (high − low) of the 5 % and 95 % points: an exponential one has 0.57
WIDE = 10.0  # a log scale is for values whose upper end is ten times the lower one, or more
LOOKED_AT = 20_000  # customers are enough to find the column that differs most


@dataclass(frozen=True)
class LevelGroup:
    """The answers of one segment, of those who fit none, or of everyone.

    Attributes
    ----------
    key, name : str
    n : int
        Customers with a value; 0 where the group is held back.
    shares : tuple of Estimate
        Share of each level with its interval (Wilson 1927); empty where the group is held back.
    verdicts : tuple of str
        Per level, against all others: "higher", "lower", "can't tell", "circular", or "" for everyone.
    mean : Estimate
        Of the answers, where the levels are points of a scale.
    """

    key: str
    name: str
    n: int
    shares: tuple[Estimate, ...] = ()
    verdicts: tuple[str, ...] = ()
    mean: Estimate = NOTHING


@dataclass(frozen=True)
class Gap:
    """The difference of a column that tells most.

    Attributes
    ----------
    segment, name : str
        Whose it is.
    level : str
        Which level it is in; empty for a number.
    here, everyone : float
        Share of the level, or median, in the segment and in the whole base.
    difference, low, high : float
        Share of the segment minus that of all others, with its 95 % interval; NaN where that is not told.
    effect : float
        Cohen's h of the shares or d of the means against all others, positive where the segment has more.
    """

    segment: str
    name: str
    level: str
    here: float
    everyone: float
    difference: float
    low: float
    high: float
    effect: float


@dataclass(frozen=True)
class MeanGap:
    """A reliable difference of a number that the medians do not show: they are alike, or lie the other way.

    Attributes
    ----------
    segment, name : str
        Whose it is.
    here, rest : float
        Mean of the segment and of all others.
    effect : float
        Cohen's d against all others, as in `Gap`.
    """

    segment: str
    name: str
    here: float
    rest: float
    effect: float


@dataclass(frozen=True)
class LevelShares:
    """A column as shares of its levels within each segment.

    Attributes
    ----------
    column : str
    kind : str
        "category", "yes/no", "number" (with few whole values), "date" or "answers".
    levels : tuple of str
        In the order to be shown.
    groups : tuple of LevelGroup
        The segments in their order, and those who fit none where there are any.
    base : LevelGroup
        Everyone, counted from customers.
    missing : float
        Share of customers without a value.
    pooled : int
        Levels that are together under "Other".
    circular : bool
        The column formed the segments.
    gap : Gap, optional
        None where nothing differs reliably.
    period : str
        "month", "quarter" or "year" of a date.
    """

    column: str
    kind: str
    levels: tuple[str, ...]
    groups: tuple[LevelGroup, ...]
    base: LevelGroup
    missing: float
    pooled: int
    circular: bool
    gap: Gap | None
    period: str = ""


@dataclass(frozen=True)
class NumberGroup:
    """The values of one segment, of those who fit none, or of everyone.

    Attributes
    ----------
    key, name : str
    n : int
        Customers with a value; 0 where the group is held back.
    quantiles : tuple of float
        At 5, 25, 50, 75 and 95 %, in the unit of the column; empty where the group is held back, and without
        the outer two (NaN) below 30 values, where they would be the values of single customers.
    median : Estimate
        With the interval from order statistics, which assumes no shape (Conover 1999, ch. 3).
    """

    key: str
    name: str
    n: int
    quantiles: tuple[float, ...] = ()
    median: Estimate = NOTHING


@dataclass(frozen=True)
class NumberSpread:
    """A number by its quantiles within each segment; fields as in `LevelShares`.

    Attributes
    ----------
    log : bool
        The values are so skewed to the right that a log scale shows them better.
    means : MeanGap, optional
        Where the values differ reliably and the medians do not say so; None beside a gap.
    """

    column: str
    groups: tuple[NumberGroup, ...]
    base: NumberGroup
    missing: float
    circular: bool
    log: bool
    gap: Gap | None
    means: MeanGap | None = None


def by_segment(customers: Customers, assignment: Assignment, name: str) -> LevelShares | NumberSpread | None:
    """Spread any column over the segments, in the form that suits it.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table, row by row.
    name : str
        One of `showable`.

    Returns
    -------
    LevelShares, NumberSpread or None
        None where nobody has a value, or the column is not for showing.
    """
    column = customers.column(name)
    if column is None or column not in showable(customers):
        return None
    if column.kind == "number" and column.distinct > MOST_LEVELS:
        return number_spread(customers, assignment, column)
    return level_shares(customers, assignment, column)


def showable(customers: Customers) -> tuple[Column, ...]:
    """List the columns that can be shown by segment: no ids, no free text, nothing personal."""
    return tuple(one for one in customers.columns if _is_showable(one))


def _is_showable(column: Column) -> bool:
    kinds = column.kind in ("number", "yes/no", "category", "date") and column.distinct > 1
    return kinds and column.use not in ("id", "none") and not column.hidden and column.role != "personal"


class Formed(Protocol):
    """What tells which columns formed the segments, such as an assignment."""

    @property
    def dimensions(self) -> Sequence[str]:
        """The columns."""


def is_circular(customers: Customers, assignment: Formed, name: str) -> bool:
    """Tell whether a column, one it was computed from, or one computed from it formed the segments."""
    of = {one.name: {one.name, *one.derived_from} for one in customers.columns}
    formed = set(assignment.dimensions)
    return bool(of.get(name, {name}) & formed) or any(name in of.get(one, ()) for one in formed)


# --- levels -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Coded:
    """A column as levels: the place of each customer's level, -1 where it is missing."""

    levels: tuple[str, ...]
    codes: np.ndarray
    pooled: int = 0
    period: str = ""


def level_shares(customers: Customers, assignment: Assignment, column: Column) -> LevelShares | None:
    """Share of each level within each segment; None where nobody has a value."""
    return levels_of(customers, Counted(assignment), column)


def levels_of(customers: Customers, counted: Counted, column: Column) -> LevelShares | None:
    """Share of each level within each segment, of rows that may stand for many customers.

    Parameters
    ----------
    customers : Customers
        Whose frame has the same rows as `counted`.
    counted : Counted
    column : Column

    Returns
    -------
    LevelShares or None
        None where fewer than five have a value.
    """
    values = customers.frame[column.name]
    coded = _periods(values) if column.kind == "date" else _levels(values, column.kind, counted.counts)
    return _shares(coded, customers, counted, column.name, column.kind)


def answer_shares(customers: Customers, assignment: Assignment) -> LevelShares | None:
    """Share of each CSAT answer within each segment, with the mean; None without CSAT.

    Scales of up to seven points are shown point by point, longer ones as low, middle and high thirds.
    """
    if answer_column(customers) is None:
        return None
    answers, everybody = find_kpi("csat").values(customers), assignment.with_none
    sums = grouped_sums(answers, Groups.of(everybody.codes, len(everybody.segments)))
    return answers_of(customers, Counted(assignment), answers, *sums)


def answer_column(customers: Customers) -> Column | None:
    """The column of CSAT answers whose scale is known."""
    column = customers.with_role("csat")
    return None if column is None or column.scale is None else column


def answers_of(
    customers: Customers, counted: Counted, answers: np.ndarray, parts: Sequence[Sums], whole: Sums
) -> LevelShares | None:
    """Share of each CSAT answer within each segment, of rows that may stand for many customers.

    Parameters
    ----------
    customers : Customers
        Who say what the column is.
    counted : Counted
    answers : float array
        The answer of each row, NaN where there is none; a whole number stands for all that are rounded to it.
    parts, whole : sequence of Sums, Sums
        Of the answers as they were given, by segment (those who fit none, where there are any, come last).

    Returns
    -------
    LevelShares or None
        None without CSAT, or where fewer than five have answered.
    """
    column = answer_column(customers)
    if column is None:
        return None
    coded = _points(answers, csat_scale_of(customers))
    found = _shares(coded, customers, counted, column.name, "answers")
    return None if found is None else _with_means(found, parts, whole)


def _with_means(found: LevelShares, parts: Sequence[Sums], whole: Sums) -> LevelShares:
    groups = [
        replace(group, mean=mean_estimate(part)) if group.n else group
        for group, part in zip(found.groups, parts, strict=True)
    ]
    base = replace(found.base, mean=mean_estimate(whole)) if found.base.n else found.base
    return replace(found, groups=tuple(groups), base=base)


def _shares(
    coded: _Coded, customers: Customers, counted: Counted, name: str, kind: str
) -> LevelShares | None:
    everybody, assignment = counted.with_none, counted.assignment
    segments, codes = everybody.assignment.segments, everybody.assignment.codes
    counts = _crossed(everybody, len(segments), coded)
    answered = counts.sum(axis=1)
    if answered.sum() < SMALLEST_SHOWN:
        return None
    kept = shown(answered.tolist(), counted.tally(codes, len(segments)).tolist())
    circular = is_circular(customers, assignment, name)
    verdicts = _level_verdicts(counts, np.array(kept), circular)
    groups = tuple(
        _level_group(segment, row, seen, marks)
        for segment, row, seen, marks in zip(segments, counts.tolist(), kept, verdicts, strict=True)
    )
    everyone = counts.sum(axis=0).tolist()
    base = _level_group(Segment(BASE, BASE_NAME, -1), everyone, True, [""] * len(everyone))
    gap = _level_gap(groups, counts, coded.levels, kind)
    missing = 1 - int(answered.sum()) / counted.total
    return LevelShares(
        name, kind, coded.levels, groups, base, missing, coded.pooled, circular, gap, coded.period
    )


def _crossed(counted: Counted, groups: int, coded: _Coded) -> np.ndarray:
    """Count customers by group and level, those without a level left out."""
    width = len(coded.levels) + 1
    places = counted.assignment.codes.astype(np.int32) * width + (coded.codes.astype(np.int32) + 1)
    return counted.tally(places, groups * width).reshape(groups, width)[:, 1:]


def _level_group(segment: Segment, counts: list[int], kept: bool, verdicts: list[str]) -> LevelGroup:
    if not kept:
        return LevelGroup(segment.key, segment.name, 0)
    n = sum(counts)
    shares = tuple(rate_estimate(_yes(count, n)) for count in counts)
    return LevelGroup(segment.key, segment.name, n, shares, tuple(verdicts))


def _yes(count: int, n: int) -> Sums:
    return Sums(n, n, float(count), float(count))


def _level_verdicts(counts: np.ndarray, kept: np.ndarray, circular: bool) -> list[list[str]]:
    """Compare each share with that of all others: two-proportion z-test with the pooled rate."""
    if circular:
        return [["circular"] * counts.shape[1]] * len(counts)
    here, rest, pooled, spread = _against_rest(counts)
    variance = pooled * (1 - pooled) * spread
    with np.errstate(invalid="ignore", divide="ignore"):
        chance = 2 * ndtr(-np.abs(here - rest) / np.sqrt(variance))
    tested = kept[:, None] & (variance > 0) & np.isfinite(chance)
    reliable = np.zeros(counts.shape, bool)
    reliable[tested] = chance[tested] <= p_limit(chance[tested])
    words = np.where(reliable, np.where(here > rest, "higher", "lower"), "can't tell")
    words[~np.isfinite(rest)] = ""  # one segment alone has nobody to be compared with
    return [[str(word) for word in row] for row in words]


def _against_rest(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Share here, share of the rest, pooled share, and 1/n here plus 1/n of the rest."""
    answered, total = counts.sum(axis=1, keepdims=True), counts.sum(axis=0)
    others = total.sum() - answered
    with np.errstate(invalid="ignore", divide="ignore"):
        here, rest = counts / answered, (total - counts) / others
        return here, rest, np.broadcast_to(total / total.sum(), counts.shape), 1 / answered + 1 / others


def _level_gap(
    groups: tuple[LevelGroup, ...], counts: np.ndarray, levels: tuple[str, ...], kind: str
) -> Gap | None:
    """Find the largest effect among those that can be told: from 30 answers, reliable or by design."""
    here, rest, _, _ = _against_rest(counts)
    with np.errstate(invalid="ignore"):
        effects = np.round(2 * np.arcsin(np.sqrt(here)) - 2 * np.arcsin(np.sqrt(rest)), 9)  # Cohen's h
    telling = [
        (place, level)
        for place, group in enumerate(groups)
        if group.n >= SMALLEST_RANKED and group.key != NO_SEGMENT
        for level, verdict in enumerate(group.verdicts)
        if not (kind == "yes/no" and len(levels) == 2 and level == 0)  # "no" says the same as "yes"
        if verdict in ("higher", "lower", "circular") and np.isfinite(effects[place, level])
    ]
    if not telling:
        return None
    best, level = max(telling, key=lambda at: (abs(effects[at]), effects[at] > 0))
    group, total = groups[best], counts.sum(axis=0)
    mine, answered = int(counts[best, level]), int(counts.sum())
    apart = difference_of(RATE, _yes(mine, group.n), _yes(int(total[level]) - mine, answered - group.n))
    low, high = (nan, nan) if group.verdicts[level] == "circular" else (apart.low, apart.high)
    everyone = int(total[level]) / answered
    return Gap(
        group.key,
        group.name,
        levels[level],
        mine / group.n,
        everyone,
        apart.value,
        low,
        high,
        float(effects[best, level]),
    )


# --- a column as levels -----------------------------------------------------------------------------


def _levels(values: pd.Series, kind: str, of_each: np.ndarray | None = None) -> _Coded:
    """The most frequent levels, the rest pooled; in the order of their numbers where they begin with one."""
    if kind == "number":
        values = _as_category(values)
    if not isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype("str").astype("category")
    names = [str(level) for level in values.cat.categories]
    codes = values.cat.codes.to_numpy()
    counts = tallied(codes + np.int32(1), len(names) + 1, of_each)[1:].tolist()
    there = [place for place in range(len(names)) if counts[place]]
    often = sorted(there, key=lambda place: (-counts[place], names[place]))
    kept = often if len(often) <= MOST_LEVELS + 1 else often[:MOST_LEVELS]  # never one alone as "Other"
    kept = there if kind == "yes/no" else _in_order(kept, names)
    pooled = len(there) - len(kept)
    lookup = np.full(len(names) + 1, len(kept), dtype=np.int32)
    lookup[-1] = -1
    lookup[kept] = np.arange(len(kept))
    called = tuple(names[place] for place in kept) + ((OTHER,) if pooled else ())
    return _Coded(called, lookup[codes], pooled)


def _as_category(values: pd.Series) -> pd.Series:
    """A number with few values as levels; 2.0 is the level "2"."""
    codes, found = pd.factorize(numeric(values), sort=True)
    return pd.Series(
        pd.Categorical.from_codes(codes, pd.Index([f"{value:.15g}" for value in found.tolist()]))
    )


def _in_order(places: list[int], names: list[str]) -> list[int]:
    """Sort levels that are numbers or begin with one ("25 to 34") by it; leave others by frequency."""
    starts = [_number_at_start(names[place]) for place in places]
    if any(start is None for start in starts):
        return places
    return [place for _, place in sorted(zip(starts, places, strict=True))]


def _number_at_start(text: str) -> float | None:
    digits = text.lstrip("<>≤≥ €$£+")
    end = next((place for place, sign in enumerate(digits) if sign not in "0123456789."), len(digits))
    try:
        return float(digits[:end]) + (0.5 if text.startswith(">") else 0.0)
    except ValueError:
        return None


_STEPS = (("month", 1), ("quarter", 3), ("year", 12))


def _periods(values: pd.Series) -> _Coded:
    """Months, quarters or years, whichever are twelve at most; earlier years are pooled."""
    days = values.to_numpy().astype("datetime64[M]")
    there = ~np.isnat(days)
    months = days.astype(np.int64)
    if not there.any():
        return _Coded((), np.full(len(months), -1))
    first, last = int(months[there].min()), int(months[there].max())
    period, step = next(
        ((word, size) for word, size in _STEPS if last // size - first // size < MOST_PERIODS), _STEPS[-1]
    )
    begin = max(first // step, last // step - MOST_PERIODS + 1)
    earlier = begin - first // step
    codes = np.where(there, np.maximum(months // step - begin, 0), -1)
    names = [_period_name(place, step) for place in range(begin, last // step + 1)]
    if earlier:
        names[0] = f"{names[0]} or before"
    return _Coded(tuple(names), codes, 0, period)


def _period_name(place: int, step: int) -> str:
    """Write a period, counted from 1970: "Mar 2024", "2024 Q1" or "2024"."""
    year, part = divmod(place * step, 12)
    if step == 1:
        return f"{_MONTHS[part]} {1970 + year}"
    return f"{1970 + year} Q{part // 3 + 1}" if step == 3 else str(1970 + year)


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def _points(answers: np.ndarray, scale: tuple[int, int]) -> _Coded:
    """The points of an answer scale, means of several answers rounded; three bands where there are many."""
    low, high = scale
    there = ~np.isnan(answers)
    whole = np.floor(np.where(there, answers, low) + 0.5).astype(np.int32)
    if high - low < FINEST_SCALE:
        return _Coded(tuple(str(point) for point in range(low, high + 1)), np.where(there, whole - low, -1))
    edges = [low + (high - low) * part / 3 for part in (1, 2)]
    tops = [int(np.floor(edge)) for edge in edges]
    names = (f"Low ({low}–{tops[0]})", f"Middle ({tops[0] + 1}–{tops[1]})", f"High ({tops[1] + 1}–{high})")
    return _Coded(names, np.where(there, np.searchsorted(tops, whole, side="left"), -1))


# --- numbers ----------------------------------------------------------------------------------------


class Numbers(Protocol):
    """What the spread of a number over groups is made from, wherever the numbers are."""

    @property
    def answered(self) -> list[int]:
        """How many of each group have a value; those who fit none, where there are any, come last."""

    def ordered(self, group: int | None, ranks: Sequence[int]) -> Mapping[int, float]:
        """Values of a group, or of everyone (None), by their rank from 0; of `ranks_wanted` only."""

    def limited(self, low: float, high: float, log: bool) -> tuple[list[Sums], Sums]:
        """Sums by group and of everyone, of values limited to a range (NaN for none), or of their logs."""


def number_spread(customers: Customers, assignment: Assignment, column: Column) -> NumberSpread | None:
    """Quantiles of a number within each segment; None where fewer than five have a value."""
    counted = Counted(assignment)
    return spread_of(customers, counted, column, _Values(numeric(customers.frame[column.name]), counted))


def spread_of(
    customers: Customers, counted: Counted, column: Column, numbers: Numbers
) -> NumberSpread | None:
    """Quantiles of a number within each segment, wherever the numbers are.

    Parameters
    ----------
    customers : Customers
        Who say what columns were computed from.
    counted : Counted
        All customers.
    column : Column
    numbers : Numbers

    Returns
    -------
    NumberSpread or None
        None where fewer than five have a value.
    """
    everybody = counted.with_none
    segments, codes = everybody.assignment.segments, everybody.assignment.codes
    answered = numbers.answered
    if sum(answered) < SMALLEST_SHOWN:
        return None
    kept = shown(answered, counted.tally(codes, len(segments)).tolist())
    base = _number_group(Segment(BASE, BASE_NAME, -1), sum(answered), numbers, None)
    found = tuple(
        _number_group(segment, count if seen else 0, numbers, place)
        for place, (segment, count, seen) in enumerate(zip(segments, answered, kept, strict=True))
    )
    log = _is_skewed(base, found)
    circular = is_circular(customers, counted.assignment, column.name)
    # the middle 90 % of everyone, so that a few extremes carry no effect
    effects, telling = _telling(found, *numbers.limited(base.quantiles[0], base.quantiles[-1], log), circular)
    gap = _number_gap(found, base, effects, telling)
    means = None if gap is not None or not telling else _mean_gap(found, numbers, effects, telling)
    missing = 1 - sum(answered) / counted.total
    return NumberSpread(column.name, found, base, missing, circular, log, gap, means)


@dataclass(frozen=True, eq=False)
class _Values:
    """Numbers of a table in memory, one per customer."""

    values: np.ndarray
    counted: Counted

    @cached_property
    def parts(self) -> list[np.ndarray]:
        everybody = self.counted.with_none.assignment
        return _split(self.values, everybody.codes, self.known, len(everybody.segments))

    @cached_property
    def known(self) -> np.ndarray:
        return np.isfinite(self.values)

    @property
    def answered(self) -> list[int]:
        return [len(part) for part in self.parts]

    def ordered(self, group: int | None, ranks: Sequence[int]) -> Mapping[int, float]:
        values = np.concatenate(self.parts) if group is None else self.parts[group]
        at_place = np.partition(values, list(ranks))
        return {rank: float(at_place[rank]) for rank in ranks}

    def limited(self, low: float, high: float, log: bool) -> tuple[list[Sums], Sums]:
        values = np.where(self.known, self.values, nan)
        limited = np.clip(values, low, high) if low == low else values
        everybody = self.counted.with_none.assignment
        groups = Groups.of(everybody.codes, len(everybody.segments))
        return grouped_sums(np.log(limited) if log else limited, groups)


def _split(values: np.ndarray, codes: np.ndarray, known: np.ndarray, count: int) -> list[np.ndarray]:
    """The known values of each group."""
    if not known.all():
        values, codes = values[known], codes[known]
    places = codes.astype(np.int8 if count < 128 else np.int32)  # bytes are sorted ten times as fast
    edges = np.cumsum(np.bincount(codes, minlength=count))[:-1]
    return np.split(values[np.argsort(places, kind="stable")], edges)


def ranks_wanted(count: int) -> list[int]:
    """List the ranks, from 0, of the values that tell how `count` values spread.

    Examples
    --------
    >>> ranks_wanted(5), ranks_wanted(1000)[-3:]
    ([1, 2, 3, 4], [750, 949, 950])
    """
    parts = QUANTILES if count >= SMALLEST_RANKED else QUANTILES[1:4]
    beside = {min(int((count - 1) * part) + step, count - 1) for part in parts for step in (0, 1)}
    if count < SMALLEST_RANKED:
        return sorted(beside)
    edge = _edge(count)
    return sorted(beside | {edge - 1, count - edge})


def _edge(count: int) -> int:
    """How many values from either end the interval of the median begins: a quantile of the binomial."""
    part = (1 - LEVEL) / 2
    edge = ceil(bdtrik(part, count, 0.5))
    return edge - 1 if edge and bdtr(edge - 1, count, 0.5) >= part else edge


def _number_group(segment: Segment, n: int, numbers: Numbers, group: int | None) -> NumberGroup:
    if n < SMALLEST_SHOWN:
        return NumberGroup(segment.key, segment.name, 0)
    ordered = numbers.ordered(group, ranks_wanted(n))
    if n < SMALLEST_RANKED:
        quartiles = [_between(ordered, (n - 1) * part, n) for part in QUANTILES[1:4]]
        return NumberGroup(
            segment.key, segment.name, n, (nan, *quartiles, nan), Estimate(quartiles[1], nan, nan)
        )
    inner = tuple(_between(ordered, (n - 1) * part, n) for part in QUANTILES)
    edge = _edge(n)
    interval = Estimate(inner[2], ordered[edge - 1], ordered[n - edge])
    return NumberGroup(segment.key, segment.name, n, inner, interval)


def _between(ordered: Mapping[int, float], at: float, count: int) -> float:
    """Interpolate between the two order statistics beside a place (Hyndman & Fan 1996, type 7)."""
    below = int(at)
    above = min(below + 1, count - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


def _is_skewed(base: NumberGroup, groups: tuple[NumberGroup, ...]) -> bool:
    """Whether a log scale shows the values better: all clearly above 0, the upper end far out."""
    low, _, middle, _, high = base.quantiles
    lowest = [edge for group in groups for edge in group.quantiles[:2] if edge == edge]
    if not (low > 0 and min(lowest, default=low) > 0 and high >= WIDE * low):
        return False
    return (high - 2 * middle + low) / (high - low) >= SKEWED


def _telling(
    groups: tuple[NumberGroup, ...], parts: list[Sums], whole: Sums, circular: bool
) -> tuple[list[float], list[int]]:
    """Each segment's effect against all others (Cohen's d, limited values), and which may be told."""
    spread = whole.variance**0.5 if whole.variance > 0 else nan
    rests = [whole.minus(part) for part in parts]
    effects = [round((one.mean - rest.mean) / spread, 9) for one, rest in zip(parts, rests, strict=True)]
    compared = [place for place, group in enumerate(groups) if group.n and effects[place] == effects[place]]
    chances = np.array([welch(parts[place], rests[place]) for place in compared])
    reliable = _reliable(chances) if not circular else np.ones(len(compared), bool)
    telling = [
        place
        for place, sure in zip(compared, reliable.tolist(), strict=True)
        if sure and groups[place].n >= SMALLEST_RANKED and groups[place].key != NO_SEGMENT
    ]
    return effects, telling


def _largest(effects: list[float], places: list[int]) -> int:
    return max(places, key=lambda place: (abs(effects[place]), effects[place] > 0))


def _number_gap(
    groups: tuple[NumberGroup, ...], base: NumberGroup, effects: list[float], telling: list[int]
) -> Gap | None:
    """Find the segment that lies furthest from all others, among those whose median says so too."""
    middle = base.quantiles[2]
    clear = [
        place
        for place in telling
        if (effects[place] > 0) == (groups[place].quantiles[2] > middle)  # else words contradict
        and groups[place].quantiles[2] != middle
    ]
    if not clear:
        return None
    best = _largest(effects, clear)
    here = groups[best].quantiles[2]
    return Gap(groups[best].key, groups[best].name, "", here, middle, nan, nan, nan, effects[best])


def _mean_gap(
    found: tuple[NumberGroup, ...], numbers: Numbers, effects: list[float], telling: list[int]
) -> MeanGap | None:
    """Find the largest difference of the means; those that a few extremes turn around are left out."""
    parts, whole = numbers.limited(nan, nan, False)
    apart = {place: parts[place].mean - whole.minus(parts[place]).mean for place in telling}
    agreeing = [place for place in telling if apart[place] * effects[place] > 0]
    if not agreeing:
        return None
    best = _largest(effects, agreeing)
    here, rest = parts[best].mean, whole.minus(parts[best]).mean
    return MeanGap(found[best].key, found[best].name, here, rest, effects[best])


def _reliable(chances: np.ndarray) -> np.ndarray:
    return chances <= p_limit(chances)


# --- which column differs most ----------------------------------------------------------------------

_MOST: WeakKeyDictionary[Assignment, dict[tuple[str, ...], str]] = WeakKeyDictionary()


def most_different(customers: Customers, assignment: Assignment, names: Sequence[str]) -> str:
    """Find the column in which the segments differ most, on up to 20,000 customers.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
    names : sequence of str
        The columns to choose from, at least one; the first of equals is taken.

    Notes
    -----
    Numbers and dates by the share of their spread that lies between the segments (eta², ranks), levels
    by Cramér's V². An assignment never changes, so each question is answered once.
    """
    asked = _MOST.setdefault(assignment, {})
    key = tuple(names)
    if key not in asked:
        asked[key] = _most_different(customers, assignment, key)
    return asked[key]


def _most_different(customers: Customers, assignment: Assignment, names: tuple[str, ...]) -> str:
    columns = [customers.frame[name] for name in names]
    order = np.arange(len(customers))
    if len(customers) > LOOKED_AT:
        content = [assignment.codes, *(_as_number(column) for column in columns)]
        matrix = np.stack(content, axis=1, dtype=np.float32, casting="unsafe")
        order = sampled(content_order(matrix), LOOKED_AT)
    codes = assignment.codes[order].astype(np.int64) + 1
    strength = [_strength(column.iloc[order], codes) for column in columns]
    return names[int(np.argmax(np.round(strength, 9)))]


def _as_number(values: pd.Series) -> np.ndarray:
    """One float per customer: levels by their place, dates by their day, NaN where missing."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy().astype(float)
        return np.where(codes < 0, nan, codes)
    if values.dtype.kind == "M":
        days = values.to_numpy().astype("datetime64[D]")
        return np.where(np.isnat(days), nan, days.astype(np.int64))
    return numeric(values)


def _strength(values: pd.Series, codes: np.ndarray) -> float:
    numbers = _as_number(values)
    there = np.isfinite(numbers)
    if there.sum() < SMALLEST_RANKED:
        return 0.0
    if isinstance(values.dtype, pd.CategoricalDtype):
        return _association(numbers[there].astype(np.int64), codes[there])
    ranks = pd.Series(numbers[there]).rank().to_numpy()
    counts = np.bincount(codes[there])
    sums = np.bincount(codes[there], ranks - ranks.mean())
    total = float(((ranks - ranks.mean()) ** 2).sum())
    between = float((sums[counts > 0] ** 2 / counts[counts > 0]).sum())
    return _beyond_chance(between / total if total else 0.0, int((counts > 0).sum()) - 1, int(there.sum()))


def _association(levels: np.ndarray, codes: np.ndarray) -> float:
    width = int(levels.max()) + 1
    crossed = np.bincount(codes * width + levels, minlength=(int(codes.max()) + 1) * width)
    table = crossed.reshape(-1, width)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(table.shape) < 2:
        return 0.0
    rows, columns = table.shape
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    phi = float(((table - expected) ** 2 / expected).sum() / table.sum())
    share = _beyond_chance(phi, (rows - 1) * (columns - 1), int(table.sum()))
    return share / (min(rows, columns) - 1)


def _beyond_chance(share: float, freedom: int, count: int) -> float:
    """Take off what chance alone gives on average."""
    return max(share - freedom / max(count - 1, 1), 0.0)
