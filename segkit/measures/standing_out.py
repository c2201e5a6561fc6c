"""Standing out: how far each segment lies from everyone, in what formed it and in what only describes it.

The two are told in different measures, so that nobody takes one for the other. What formed the segments
differs by design: it is told as a distance in standard deviations (`formed_by`) and as the values that are
most and least typical (`typical_values`), and never tested. What only describes them is told as an index, 100
for everyone, with an interval and a verdict over all that is compared (`standing_out`).

All of it is arithmetic on counts and sums by segment (`profile_facts`): `formed_of`, `typical_of` and
`standing_of` take those from wherever the customers are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp, inf, log, nan, sqrt

import numpy as np

from segkit.customers.table import Column, Customers
from segkit.measures.comparison import About, effect_size
from segkit.measures.discoveries import p_limit
from segkit.measures.distributions import MOST_LEVELS, Formed, is_circular, showable
from segkit.measures.effects import OTHER_LEVELS
from segkit.measures.estimates import LEVEL, MEAN, RATE, Estimate, Estimator, Z
from segkit.measures.profile_facts import InMemory, ProfileFacts, learned
from segkit.measures.sums import Sums
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN, shown
from segkit.segments.features import LevelFeature, NumberFeature
from segkit.segments.segmentation import Assignment

assert LEVEL == 0.95  # what `Z` and every text beside an index say


SAME = 0.02  # standard deviations that nobody can see

# --- what formed the segments -----------------------------------------------------------------------


@dataclass(frozen=True)
class Dimension:
    """How far each segment lies from everyone in one column that formed the segments.

    Attributes
    ----------
    column, kind : str
        The column, and whether it is a "number", "yes/no" or "category".
    level : str
        Of a category: the level in which the segments differ most; "yes" of a yes/no.
    everyone : float
        Mean of a number, share of the level.
    here : tuple of float
        The same by segment; NaN where it is not shown.
    away : tuple of float
        Distance from everyone in standard deviations, by segment: of a number on the scale on which it formed
        the segments (log scale and limits included), of a share in √(p (1 − p)).
    strength : float
        Share of the spread that lies between the segments shown, 0 to 1 (eta²).
    """

    column: str
    kind: str
    level: str
    everyone: float
    here: tuple[float, ...]
    away: tuple[float, ...]
    strength: float


def formed_by(
    customers: Customers, assignment: Assignment, columns: Sequence[str] | None = None
) -> tuple[Dimension, ...]:
    """Tell how far the segments lie from everyone in what formed them.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table, row by row.
    columns : sequence of str, optional
        By default the dimensions of the assignment.

    Returns
    -------
    tuple of Dimension
        The column in which segments differ most comes first. Dates, texts and columns that do not vary are
        left out. Missing values count for nothing; where fewer than five have a value, or the total would
        give them away, the segment is not shown.
    """
    return formed_of(about(customers, assignment), InMemory(customers, assignment), columns)


def about(customers: Customers, assignment: Assignment) -> About:
    """What is told of: the columns of customers, in the segments of an assignment."""
    return About(customers, [segment.key for segment in assignment.segments], assignment.dimensions)


def formed_of(
    about: About, facts: ProfileFacts, columns: Sequence[str] | None = None
) -> tuple[Dimension, ...]:
    """Tell how far the segments lie from everyone in what formed them, wherever the customers are.

    Parameters
    ----------
    about : About
        Its customers say how the columns are prepared.
    facts : ProfileFacts
    columns : sequence of str, optional
        By default the dimensions.

    Returns
    -------
    tuple of Dimension
        As of `formed_by`.
    """
    found = [
        _level_dimension(feature.name, facts)
        if isinstance(feature, LevelFeature)
        else _number_dimension(feature, facts)
        for feature in learned(about.customers, columns or about.dimensions)
    ]
    told = [one for one in found if one is not None]
    return tuple(sorted(told, key=lambda one: (-round(one.strength, 9), one.column)))


def distinct(rows: Sequence[Dimension]) -> list[Dimension]:
    """Leave out rows that say of every segment what one before them does, or its opposite.

    "No internet service" in six columns is one thing; so are "phone: no" and "lines: no phone".
    """
    kept: list[Dimension] = []
    for row in rows:
        if not any(_says_the_same(row, other) for other in kept):
            kept.append(row)
    return kept


def _says_the_same(row: Dimension, other: Dimension) -> bool:
    if "number" in (row.kind, other.kind):
        return False
    here, there = np.array(row.away), np.array(other.away)
    return any(np.allclose(here, side * there, rtol=0, atol=SAME, equal_nan=True) for side in (1, -1))


def _shown(facts: ProfileFacts, answered: Sequence[int]) -> list[bool]:
    """Which segments may be shown beside everyone; those who fit none are not among them."""
    return shown(answered, facts.members)[:-1]


def _number_dimension(feature: NumberFeature, facts: ProfileFacts) -> Dimension | None:
    parts, whole = facts.sums(feature.name)
    kept = _shown(facts, [part.answered for part in parts])
    if not whole.answered or not any(kept):
        return None
    if feature.yes_no:
        away = _share_distances(np.array([part.mean for part in parts[:-1]]), whole.mean)
    else:
        scaled, everyone = facts.scaled(feature)
        away = np.array([part.mean - everyone.mean for part in scaled[:-1]])
    answered = [part.answered for part in parts[:-1]]
    here = [part.mean for part in parts[:-1]]
    kind, level = ("yes/no", "yes") if feature.yes_no else ("number", "")
    return _dimension(feature.name, kind, level, whole.mean, here, away, answered, kept)


def _level_dimension(name: str, facts: ProfileFacts) -> Dimension | None:
    """Tell the level whose shares differ most between the segments."""
    names, counts = facts.levels(name)
    answered = counts.sum(axis=1)
    kept = _shown(facts, answered.tolist())
    if not answered.sum() or not any(kept):
        return None
    everyone = counts.sum(axis=0) / answered.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        here = counts[:-1] / answered[:-1, None]
    away = _share_distances(here, everyone)
    weights = np.where(kept, answered[:-1], 0)
    between = np.round(weights @ np.nan_to_num(away) ** 2 / answered.sum(), 9)
    level = min(np.flatnonzero(between == between.max()), key=lambda place: names[place])
    return _dimension(
        name,
        "category",
        names[level],
        float(everyone[level]),
        here[:, level].tolist(),
        away[:, level],
        answered[:-1].tolist(),
        kept,
    )


def _share_distances(here: np.ndarray, everyone: float | np.ndarray) -> np.ndarray:
    spread = np.sqrt(np.asarray(everyone) * (1 - np.asarray(everyone)))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 0, (here - everyone) / spread, 0.0)


def _dimension(
    name: str,
    kind: str,
    level: str,
    everyone: float,
    here: Sequence[float],
    away: np.ndarray,
    answered: Sequence[int],
    kept: Sequence[bool],
) -> Dimension:
    weights = np.where(kept, answered, 0)
    strength = float(weights @ np.nan_to_num(away) ** 2 / max(weights.sum(), 1))
    return Dimension(
        name,
        kind,
        level,
        everyone,
        tuple(value if may else nan for value, may in zip(here, kept, strict=True)),
        tuple(value if may else nan for value, may in zip(away.tolist(), kept, strict=True)),
        min(strength, 1.0),
    )


# --- most and least typical values ------------------------------------------------------------------


@dataclass(frozen=True)
class TypicalValue:
    """A value that is much more, or much less, frequent in a segment than among all others.

    Attributes
    ----------
    column, kind : str
    group : str
        The value in words: a level, "yes", "20 to 39".
    here, elsewhere : float
        Its share in the segment and among all others.
    effect : float
        Cohen's h of both, above 0 where it is more frequent here.
    """

    column: str
    kind: str
    group: str
    here: float
    elsewhere: float
    effect: float


def typical_values(
    customers: Customers, assignment: Assignment, columns: Sequence[str] | None = None
) -> dict[str, tuple[TypicalValue, ...]]:
    """Find the values that are most and least typical of each segment.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
    columns : sequence of str, optional
        By default the dimensions of the assignment.

    Returns
    -------
    dict of str to tuple of TypicalValue
        By segment: of each column the value that is over-represented most and the one that is
        under-represented most, the most typical first and the least typical last. Numbers are split into two
        or three parts with round borders (as `effects.grouped` does), each of 30 customers or more.
    """
    return typical_of(about(customers, assignment), InMemory(customers, assignment), columns)


def typical_of(
    about: About, facts: ProfileFacts, columns: Sequence[str] | None = None
) -> dict[str, tuple[TypicalValue, ...]]:
    """Find the values that are most and least typical of each segment, wherever the customers are.

    Parameters
    ----------
    about : About
    facts : ProfileFacts
    columns : sequence of str, optional
        By default the dimensions.

    Returns
    -------
    dict of str to tuple of TypicalValue
        As of `typical_values`.
    """
    found: dict[str, list[TypicalValue]] = {key: [] for key in about.keys}
    for name in columns or about.dimensions:
        column = about.customers.column(name)
        if column is None or not column.can_form_segments:
            continue
        for key, values in zip(found, _values_of(column, facts), strict=True):
            found[key] += values
    return {
        key: tuple(sorted(some, key=lambda one: (-round(one.effect, 9), one.column)))
        for key, some in found.items()
    }


def _values_of(column: Column, facts: ProfileFacts) -> Iterator[list[TypicalValue]]:
    """The most and the least typical value of one column, segment by segment."""
    groups = facts.split(column)
    counts = groups.counts
    answered = counts.sum(axis=1)
    others = answered.sum() - answered
    kept = _shown(facts, answered.tolist())
    with np.errstate(invalid="ignore", divide="ignore"):
        here = counts / answered[:, None]
        elsewhere = (counts.sum(axis=0) - counts) / others[:, None]
        effects = np.round(2 * np.arcsin(np.sqrt(here)) - 2 * np.arcsin(np.sqrt(elsewhere)), 9)
    named = [
        place for place, name in enumerate(groups.names) if place != groups.pooled or name != OTHER_LEVELS
    ]
    for place, may in enumerate(kept):
        if not may or others[place] < SMALLEST_SHOWN or len(groups.names) < 2 or not named:
            yield []
            continue
        ordered = sorted(named, key=lambda level: (-effects[place, level], groups.names[level]))
        ends = dict.fromkeys([ordered[0], ordered[-1]])
        yield [
            TypicalValue(
                column.name,
                column.kind,
                groups.names[level],
                float(here[place, level]),
                float(elsewhere[place, level]),
                float(effects[place, level]),
            )
            for level in ends
        ]


# --- what only describes them -----------------------------------------------------------------------


@dataclass(frozen=True)
class Mark:
    """How a segment stands in one column that only describes it.

    Attributes
    ----------
    column, kind : str
        The column, and whether it is a "number", "yes/no" or "category".
    level : str
        Of a category; "yes" of a yes/no.
    here : Estimate
        Mean or share in the segment, with its 95 % interval.
    everyone : float
        The same of the whole base.
    index : float
        100 × here / everyone; NaN where everyone's is not above 0.
    low, high : float
        Its 95 % interval; NaN where there is none.
    n : int
        Customers of the segment with a value.
    effect : float
        Cohen's h or d against all others, above 0 where the segment has more.
    p_value : float
    verdict : str
        "higher", "lower" or "can't tell".
    """

    column: str
    kind: str
    level: str
    here: Estimate
    everyone: float
    index: float
    low: float
    high: float
    n: int
    effect: float
    p_value: float
    verdict: str = ""

    @property
    def told(self) -> bool:
        """Whether it may be said in a sentence: reliable, and on 30 answers or more."""
        return self.verdict in ("higher", "lower") and self.n >= SMALLEST_RANKED


def describing(customers: Customers, assignment: Formed, leave_out: Sequence[str] = ()) -> list[Column]:
    """List the columns that only describe the segments: they formed none, and no KPI is made of them.

    Dates are left out (an index of a date means nothing), and so are ids, texts and personal data.
    """
    return [
        one
        for one in showable(customers)
        if one.kind != "date"
        and one.use != "outcome"
        and one.name not in leave_out
        and not is_circular(customers, assignment, one.name)
    ]


def standing_out(
    customers: Customers, assignment: Assignment, leave_out: Sequence[str] = ()
) -> dict[str, tuple[Mark, ...]]:
    """Tell how each segment stands in the columns that only describe it.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table, row by row.
    leave_out : sequence of str
        Columns not to look at.

    Returns
    -------
    dict of str to tuple of Mark
        By segment: every column, and of a category every level (those beyond the eight most frequent left
        out), the largest effect first. Nothing of a segment where fewer than five have a value or the total
        would give them away, nor where fewer than five of all others have one.

    Notes
    -----
    Verdicts: two proportions or Welch's test, segment against all others, at a false discovery rate of 5 %
    over all cells of all segments (Benjamini & Hochberg 1995). Index: everyone is the segment and all others,
    so with w, the segment's part of them, here / everyone = 1 / (w + (1 − w) / q), which grows with
    q = here / others; the interval is that of q, on the log scale, put through it. Shares: Katz et al. 1978,
    half a customer added to each count where nobody or all are of the level (Walter 1975). Means: the same by
    the delta method; none where a mean is not above 0.
    """
    return standing_of(about(customers, assignment), InMemory(customers, assignment), leave_out)


def standing_of(
    about: About, facts: ProfileFacts, leave_out: Sequence[str] = ()
) -> dict[str, tuple[Mark, ...]]:
    """Tell how each segment stands in the columns that only describe it, wherever the customers are.

    Parameters
    ----------
    about : About
    facts : ProfileFacts
    leave_out : sequence of str
        Columns not to look at.

    Returns
    -------
    dict of str to tuple of Mark
        As of `standing_out`.
    """
    found: dict[str, list[Mark]] = {key: [] for key in about.keys}
    for column in describing(about.customers, about, leave_out):
        for level, estimator, parts, whole in _cells(column, facts):
            kept = _shown(facts, [part.answered for part in parts])
            for key, part, may in zip(found, parts[:-1], kept, strict=True):
                if may and whole.answered - part.answered >= SMALLEST_SHOWN:
                    found[key].append(_mark(column, level, estimator, part, whole))
    return _judged(found)


Cells = Iterator[tuple[str, Estimator, list[Sums], Sums]]


def _cells(column: Column, facts: ProfileFacts) -> Cells:
    """The sums of a column by place, and of everyone: one set for a number, one for each level."""
    if column.kind == "category":
        names, counts = facts.levels(column.name)
        answered, often = counts.sum(axis=1).tolist(), counts.sum(axis=0)
        order = sorted(np.flatnonzero(often), key=lambda level: (-often[level], names[level]))
        for level in order[:MOST_LEVELS]:
            parts = [_yes(count, n) for count, n in zip(counts[:, level].tolist(), answered, strict=True)]
            yield names[level], RATE, parts, _yes(int(often[level]), sum(answered))
        return
    parts, whole = facts.sums(column.name)
    if column.kind == "yes/no":
        yield "yes", RATE, parts, whole
    else:
        yield "", MEAN, parts, whole


def _yes(count: int, answered: int) -> Sums:
    return Sums(answered, answered, float(count), float(count))


def _mark(column: Column, level: str, estimator: Estimator, part: Sums, whole: Sums) -> Mark:
    rest = whole.minus(part)
    index, low, high = index_of(estimator, part, rest)
    size = effect_size(estimator, part, rest)
    effect = size if part.mean >= rest.mean else -size
    return Mark(
        column.name,
        column.kind,
        level,
        estimator.estimate(part),
        whole.mean,
        index,
        low,
        high,
        part.answered,
        effect,
        estimator.p_value(part, rest),
    )


def index_of(estimator: Estimator, part: Sums, rest: Sums) -> tuple[float, float, float]:
    """Index of a segment against everyone (100), with its 95 % interval.

    Examples
    --------
    >>> index_of(RATE, Sums(100, 100, 50.0, 50.0), Sums(100, 100, 25.0, 25.0))
    (133.33, 114.94, 149.49)
    """
    answered = part.answered + rest.answered
    together = (part.sum + rest.sum) / answered if answered else nan
    if not together > 0:
        return nan, nan, nan
    index = 100 * part.mean / together
    if estimator is RATE:
        ratio, error = _rate_ratio(part, rest)
    else:
        ratio, error = _mean_ratio(part, rest)
    if not ratio > 0 or not 0 <= error < inf:
        return index, nan, nan
    weight = part.answered / answered
    low, high = (
        100 / (weight + (1 - weight) / edge)
        for edge in (exp(log(ratio) - Z * error), exp(log(ratio) + Z * error))
    )
    return index, min(low, index), max(high, index)


def _rate_ratio(part: Sums, rest: Sums) -> tuple[float, float]:
    """Ratio of two shares, and the standard error of its logarithm."""
    extreme = {part.sum, rest.sum} & {0.0} or part.sum == part.answered or rest.sum == rest.answered
    more = 0.5 if extreme else 0.0
    yes, answered = part.sum + more, part.answered + more
    yes_there, answered_there = rest.sum + more, rest.answered + more
    error = sqrt(max(1 / yes - 1 / answered + 1 / yes_there - 1 / answered_there, 0.0))
    return (yes / answered) / (yes_there / answered_there), error


def _mean_ratio(part: Sums, rest: Sums) -> tuple[float, float]:
    """Ratio of two means, and the standard error of its logarithm; NaN where that is not defined."""
    if min(part.answered, rest.answered) < 2 or min(part.mean, rest.mean) <= 0:
        return nan, nan
    error = sqrt(sum(one.variance / one.answered / one.mean**2 for one in (part, rest)))
    return part.mean / rest.mean, error


def _judged(found: dict[str, list[Mark]]) -> dict[str, tuple[Mark, ...]]:
    limit = p_limit([mark.p_value for some in found.values() for mark in some])
    return {
        key: tuple(
            sorted(
                (replace(mark, verdict=_verdict(mark, limit)) for mark in some),
                key=lambda mark: (-abs(round(mark.effect, 9)), mark.column, mark.level),
            )
        )
        for key, some in found.items()
    }


def _verdict(mark: Mark, limit: float) -> str:
    if not mark.p_value <= limit or not mark.effect:
        return "can't tell"
    return "higher" if mark.effect > 0 else "lower"
