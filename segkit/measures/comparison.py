"""Two segments side by side: in every KPI and every column that describes them, largest difference first.

Differences are ranked by their effect size, which puts money, rates and points on one scale: Cohen's d for
means and NPS, Cohen's h for shares (Cohen 1988). Whether one is real is a matter of the verdict, taken over
all that is compared. Columns that formed the segments differ by construction: they are marked, not tested.

All of it needs sums, counts and medians by segment only (`Facts`): of a table in memory here, of one that
stays where it is in `pushed_comparison`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import asin, isnan, nan, sqrt
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from segkit.customers.table import Column, Customers
from segkit.errors import UnusablePlan
from segkit.measures.discoveries import p_limit
from segkit.measures.effects import Difference, attributes, comparable, difference_of
from segkit.measures.estimates import MEAN, NPS, RATE, Estimator
from segkit.measures.kpis import (
    SMALLEST_RANKED,
    Kpi,
    KpiDefinition,
    KpiTable,
    outcome_columns,
    source_columns,
)
from segkit.measures.sums import Bands, Groups, Sums, grouped_sums
from segkit.measures.suppression import shown
from segkit.segments.features import NumberFeature, learned_features, numeric
from segkit.segments.segmentation import Assignment

LARGEST_EFFECT = 10.0  # where a group does not vary at all, a difference would be infinitely large


@dataclass(frozen=True)
class Side:
    """One segment's value with its 95 % interval (NaN where there is none) and the number of answers."""

    value: float
    low: float
    high: float
    n: int


HIDDEN = Side(nan, nan, nan, 0)  # the number of answers would tell as much as the value


@dataclass(frozen=True)
class Compared:
    """One KPI or column of two segments.

    Attributes
    ----------
    key : str
        The KPI's key or the column's name.
    kind : str
        "kpi", or the kind of the column: "number", "yes/no" or "category".
    level : str
        Of a category: the level whose shares differ most.
    summary : str
        What the values are: "mean", "median" (of strongly skewed numbers), "share", or "kpi".
    first, second : Side
    difference : Difference
        First minus second; without an interval for medians.
    effect : float
        Cohen's d or h without its sign; of skewed numbers on their log scale, where a few extremes do not
        decide.
    p_value : float
        NaN where nothing is tested.
    verdict : str
        "higher" or "lower" (the first, reliably), "can't tell", "formed" (the segments were made from it), or
        "hidden" (fewer than 5 answers, or the total would give them or those of another segment away: no
        values and no counts then).
    unit : str
        Of a KPI.
    """

    key: str
    kind: str
    level: str
    summary: str
    first: Side
    second: Side
    difference: Difference
    effect: float
    p_value: float
    verdict: str = ""
    unit: str = ""

    @property
    def indicative(self) -> bool:
        """Whether a side rests on fewer than 30 answers: shown, never ranked."""
        return min(self.first.n, self.second.n) < SMALLEST_RANKED

    @property
    def told(self) -> bool:
        """Whether it may be said in a sentence: reliable, and on enough answers."""
        return self.verdict in ("higher", "lower") and not self.indicative


class Facts(Protocol):
    """What two segments are compared by, wherever the customers are.

    Groups are given by their place; those who fit none come last, after all segments.
    """

    @property
    def members(self) -> list[int]:
        """Customers of each group."""

    def answered(self, name: str) -> list[int]:
        """How many of each group have a value of a column."""

    def kpi(self, definition: KpiDefinition, groups: Sequence[int]) -> list[Sums]:
        """Sums of a KPI in some groups."""

    def sums(self, name: str, groups: Sequence[int]) -> list[Sums]:
        """Sums of a number, or of yes as 1 and no as 0, in some groups."""

    def scaled(self, name: str, groups: Sequence[int]) -> list[Sums] | None:
        """Sums of a strongly skewed number on its log scale; None of one that is not."""

    def medians(self, name: str, groups: Sequence[int]) -> list[float]:
        """Medians of a strongly skewed number in some groups."""

    def levels(self, name: str, groups: Sequence[int]) -> tuple[list[str], np.ndarray]:
        """The levels of a category, and how many of some groups (rows) have each."""


def compare(
    customers: Customers, assignment: Assignment, kpis: KpiTable, first: str, second: str
) -> list[Compared]:
    """Compare two segments in everything that is known of them, as `compare_facts` does.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table, row by row.
    kpis, first, second
        As for `compare_facts`.
    """
    keys = [segment.key for segment in assignment.segments]
    about = About(customers, keys, assignment.dimensions)
    return compare_facts(about, InMemory(customers, assignment), kpis, first, second)


@dataclass(frozen=True, eq=False)
class About:
    """What is compared: the columns of customers, in segments of some keys that some columns formed."""

    customers: Customers
    keys: Sequence[str]
    dimensions: Sequence[str]


def compare_facts(about: About, facts: Facts, kpis: KpiTable, first: str, second: str) -> list[Compared]:
    """Compare two segments in everything that is known of them.

    Parameters
    ----------
    about : About
    facts : Facts
    kpis : KpiTable
        Of both: values, intervals and what is hidden are taken from it.
    first, second : str
        Keys of the two segments.

    Returns
    -------
    list of Compared
        The largest effect first; then what rests on fewer than 30 answers, then what is hidden. Columns that
        a KPI is computed from are left to the KPI.

    Raises
    ------
    ValueError
        A key is not that of a segment, or both are the same.

    Notes
    -----
    Verdicts are at a false discovery rate of 5 % over all rows that are tested (Benjamini & Hochberg 1995):
    Welch's test for numbers, two proportions for yes/no, chi² over all levels of a category.
    """
    customers, pair = about.customers, _pair(list(about.keys), first, second)
    definitions = [one for one in kpis.definitions if comparable(one)]
    found = [_kpi(one, kpis, (first, second), facts, pair) for one in definitions]
    found += [_column(customers, name, facts, pair) for name in compared_columns(customers, definitions)]
    formed = _formed(customers, about.dimensions)
    circular = {one.key for one in definitions if formed & {*(source_columns(one, customers) or ())}}
    marked = [
        replace(one, verdict="formed")
        if one.key in (circular if one.kind == "kpi" else formed) and one.verdict != "hidden"
        else one
        for one in found
        if one is not None
    ]
    return sorted(_judged(marked), key=_rank)


def compared_columns(customers: Customers, definitions: Sequence[KpiDefinition]) -> list[str]:
    """List the columns that are compared beside some KPIs: a KPI speaks for the columns it is made of."""
    return attributes(customers, set(outcome_columns(definitions, customers)))


Pair = tuple[int, int]


def _pair(keys: list[str], first: str, second: str) -> Pair:
    if first == second or first not in keys or second not in keys:
        raise ValueError(f"two of {keys} can be compared, not {first!r} and {second!r}")
    return keys.index(first), keys.index(second)


def log_feature(customers: Customers, name: str) -> NumberFeature | None:
    """How a strongly skewed number is put on a log scale; None of one that is not, or is too large."""
    try:
        feature = learned_features(customers, [name], "standard")[0][0]
    except UnusablePlan:  # too large, or all the same
        return None
    return feature if isinstance(feature, NumberFeature) and feature.log else None


@dataclass(frozen=True, eq=False)
class InMemory:
    """The facts of a table in memory.

    Attributes
    ----------
    customers : Customers
    assignment : Assignment
    learned_from : Customers, optional
        Who say how skewed numbers are put on a log scale; the same by default.
    """

    customers: Customers
    assignment: Assignment
    learned_from: Customers | None = None

    @property
    def _codes(self) -> np.ndarray:
        return np.where(self.assignment.codes < 0, self._none, self.assignment.codes)

    @property
    def _none(self) -> int:
        return len(self.assignment.segments)

    @cached_property
    def _groups(self) -> Groups:
        return Groups.of(self._codes, self._none + 1)

    @property
    def members(self) -> list[int]:
        """Customers of each group."""
        return np.diff(self._groups.edges)[1:].tolist()

    def answered(self, name: str) -> list[int]:
        """How many of each group have a value of a column."""
        column, values = self.customers.column(name), self.customers.frame[name]
        known = values.notna().to_numpy()
        if column is not None and column.kind != "category":
            known = ~np.isnan(numeric(values))
        return np.bincount(self._codes[known], minlength=self._none + 1).tolist()

    def kpi(self, definition: KpiDefinition, groups: Sequence[int]) -> list[Sums]:
        """Sums of a KPI in some groups."""
        return self._sums(definition.values(self.customers), groups, definition.estimator.bands)

    def sums(self, name: str, groups: Sequence[int]) -> list[Sums]:
        """Sums of a number, or of yes as 1 and no as 0, in some groups."""
        return self._sums(numeric(self.customers.frame[name]), groups)

    def scaled(self, name: str, groups: Sequence[int]) -> list[Sums] | None:
        """Sums of a strongly skewed number on its log scale."""
        feature = log_feature(self.learned_from or self.customers, name)
        if feature is None:
            return None
        return self._sums(feature.scaled(numeric(self.customers.frame[name])), groups)

    def medians(self, name: str, groups: Sequence[int]) -> list[float]:
        """Medians of a number in some groups."""
        raw = numeric(self.customers.frame[name])
        return [float(np.nanmedian(raw[self._rows(group)])) for group in groups]

    def levels(self, name: str, groups: Sequence[int]) -> tuple[list[str], np.ndarray]:
        """The levels of a category, and how many of some groups (rows) have each."""
        values = self.customers.frame[name]
        if not isinstance(values.dtype, pd.CategoricalDtype):
            values = values.astype("str").astype("category")
        codes, names = values.cat.codes.to_numpy(), [str(level) for level in values.cat.categories]
        return names, np.stack([_counted(codes[self._rows(group)], len(names)) for group in groups])

    def _rows(self, group: int) -> np.ndarray:
        return self._groups.order[self._groups.edges[group + 1] : self._groups.edges[group + 2]]

    def _sums(self, values: np.ndarray, groups: Sequence[int], bands: Bands | None = None) -> list[Sums]:
        lookup = np.full(self._none + 1, -1)
        lookup[list(groups)] = range(len(groups))
        return grouped_sums(values, Groups.of(lookup[self._codes], len(groups)), bands)[0]


def _formed(customers: Customers, dimensions: Sequence[str]) -> set[str]:
    """Columns that formed the segments, those computed from them, and those they were computed from."""
    known = [customers.column(name) for name in dimensions]
    roots = {root for column in known if column is not None for root in column.derived_from}
    made = {one.name for one in customers.columns if {*one.derived_from} & {*dimensions}}
    return {*dimensions, *roots, *made}


def _rank(one: Compared) -> tuple[int, float, str]:
    return (2 if one.verdict == "hidden" else int(one.indicative), -round(one.effect, 9), one.key)


def _judged(rows: list[Compared]) -> list[Compared]:
    tested = [one for one in rows if not one.verdict and not isnan(one.p_value)]
    if not tested:
        return rows
    limit = p_limit([one.p_value for one in tested])
    return [
        one
        if one.verdict or isnan(one.p_value)
        else replace(one, verdict=_side(one) if one.p_value <= limit else "can't tell")
        for one in rows
    ]


def _side(one: Compared) -> str:
    if not one.difference.value:
        return "can't tell"
    return "higher" if one.difference.value > 0 else "lower"


# --- one KPI ----------------------------------------------------------------------------------------


def _kpi(
    definition: KpiDefinition, kpis: KpiTable, keys: tuple[str, str], facts: Facts, pair: Pair
) -> Compared | None:
    rows = [kpis.find(key, definition.key) for key in keys]
    if rows[0] is None or rows[1] is None:
        return None
    if "hidden" in (rows[0].verdict, rows[1].verdict):
        return _hidden(definition.key, "kpi", "kpi", rows[0].unit)
    one, other = facts.kpi(definition, pair)
    circular = "circular" in (rows[0].verdict, rows[1].verdict)
    return Compared(
        definition.key,
        "kpi",
        "",
        "kpi",
        _side_of(rows[0]),
        _side_of(rows[1]),
        difference_of(definition.estimator, one, other),
        effect_size(definition.estimator, one, other),
        nan if circular else definition.estimator.p_value(one, other),
        "formed" if circular else "",
        rows[0].unit,
    )


def _side_of(row: Kpi) -> Side:
    return Side(row.value, row.low, row.high, row.n)


def _hidden(key: str, kind: str, summary: str, unit: str = "") -> Compared:
    nothing = Difference(nan, nan, nan)
    return Compared(key, kind, "", summary, HIDDEN, HIDDEN, nothing, 0.0, nan, "hidden", unit)


def effect_size(estimator: Estimator, one: Sums, other: Sums) -> float:
    """Size of a difference on the scale that all measures share, without its sign.

    Parameters
    ----------
    estimator : Estimator
    one, other : Sums
        Two groups with two answers or more each.

    Returns
    -------
    float
        Rates: Cohen's h, the difference of 2·arcsin √share. Means: Cohen's d, the difference in
        pooled standard deviations; NPS the same, with a promoter as 1 and a detractor as -1. At most 10.

    Notes
    -----
    Source: Cohen (1988), Statistical Power Analysis for the Behavioral Sciences: 0.2 is small, 0.5 medium,
    0.8 large.

    Examples
    --------
    >>> effect_size(RATE, Sums(70, 70, 56.0, 56.0), Sums(80, 80, 48.0, 48.0))
    0.442...
    """
    if min(one.answered, other.answered) < 2:
        return 0.0
    if estimator is RATE:
        return abs(2 * asin(sqrt(one.mean)) - 2 * asin(sqrt(other.mean)))
    if estimator is NPS:
        one, other = _scores(one), _scores(other)
    gap = abs(one.mean - other.mean)
    freedom = one.answered + other.answered - 2
    pooled = ((one.answered - 1) * one.variance + (other.answered - 1) * other.variance) / freedom
    if pooled <= 0:
        return LARGEST_EFFECT if gap > 0 else 0.0
    return min(gap / sqrt(pooled), LARGEST_EFFECT)


def _scores(sums: Sums) -> Sums:
    """Sums of promoters as 1 and detractors as -1."""
    return Sums(sums.members, sums.answered, float(sums.high - sums.low), float(sums.high + sums.low))


# --- one column -------------------------------------------------------------------------------------


def _column(customers: Customers, name: str, facts: Facts, pair: Pair) -> Compared | None:
    """Compare one column; None where nobody has a value."""
    column, answered = customers.column(name), facts.answered(name)
    assert column is not None  # listed by `attributes`
    if not any(answered):
        return None
    kept = shown(answered, facts.members)  # what the total of all segments would give away is hidden, too
    if not (kept[pair[0]] and kept[pair[1]]):
        return _hidden(name, column.kind, "mean" if column.kind == "number" else "share")
    if column.kind == "category":
        return _category(column, *facts.levels(name, pair))
    if column.kind == "number":
        return _number(name, facts, pair)
    return _share(column, "", facts.sums(name, pair), None)


def _number(name: str, facts: Facts, pair: Pair) -> Compared:
    one, other = facts.sums(name, pair)
    sides = [_mean_side(sums) for sums in (one, other)]
    plain = Compared(
        name,
        "number",
        "",
        "mean",
        sides[0],
        sides[1],
        difference_of(MEAN, one, other),
        effect_size(MEAN, one, other),
        MEAN.p_value(one, other),
    )
    return _skewed(plain, facts, pair) or plain


def _mean_side(sums: Sums) -> Side:
    estimate = MEAN.estimate(sums)
    return Side(estimate.value, estimate.low, estimate.high, sums.answered)


def _skewed(plain: Compared, facts: Facts, pair: Pair) -> Compared | None:
    """Compare a strongly skewed number by medians, and on its log scale; None where medians would mislead."""
    scaled = facts.scaled(plain.key, pair)
    if scaled is None:
        return None
    one, other = scaled
    medians = facts.medians(plain.key, pair)
    gap = medians[0] - medians[1]
    if gap * (one.mean - other.mean) <= 0:  # alike, as where most have none, or the other way round
        return None
    return replace(
        plain,
        summary="median",
        first=Side(medians[0], nan, nan, one.answered),
        second=Side(medians[1], nan, nan, other.answered),
        difference=Difference(gap, nan, nan),
        effect=effect_size(MEAN, one, other),
        p_value=MEAN.p_value(one, other),
    )


def _category(column: Column, names: list[str], counts: np.ndarray) -> Compared:
    """Compare the level whose shares differ most; the test is that of all levels."""
    answered = counts.sum(axis=1)
    angles = 2 * np.arcsin(np.sqrt(counts / answered[:, None]))
    effects = np.round(np.abs(angles[0] - angles[1]), 9)
    level = min(np.flatnonzero(effects == effects.max()), key=lambda place: names[place])
    sums = [_yes(int(counts[place, level]), int(answered[place])) for place in (0, 1)]
    return _share(column, names[level], sums, counts)


def _counted(codes: np.ndarray, levels: int) -> np.ndarray:
    return np.bincount(codes[codes >= 0], minlength=levels)


def _yes(count: int, answered: int) -> Sums:
    return Sums(answered, answered, float(count), float(count))


def _share(column: Column, level: str, sums: list[Sums], counts: np.ndarray | None) -> Compared:
    one, other = sums
    sides = [RATE.estimate(part) for part in sums]
    return Compared(
        column.name,
        column.kind,
        level,
        "share",
        Side(sides[0].value, sides[0].low, sides[0].high, one.answered),
        Side(sides[1].value, sides[1].low, sides[1].high, other.answered),
        difference_of(RATE, one, other),
        effect_size(RATE, one, other),
        RATE.p_value(one, other) if counts is None else _all_levels(counts),
    )


def _all_levels(counts: np.ndarray) -> float:
    """Chi² test of two rows of counts being alike (Pearson 1900), levels that nobody has left out."""
    there = counts[:, counts.sum(axis=0) > 0]
    if there.shape[1] < 2:
        return 1.0
    expected = np.outer(there.sum(axis=1), there.sum(axis=0)) / there.sum()
    freedom = (there.shape[0] - 1) * (there.shape[1] - 1)
    return float(chdtrc(freedom, ((there - expected) ** 2 / expected).sum()))
