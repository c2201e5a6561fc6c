"""Funnel: how far customers have come, by the stage each is in.

Who is in a stage has passed those before it. Stages that end a relationship (at risk, lapsed, won back) are
no step forward: their customers had become active, and count as far as that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from segkit.customers.meanings.aliases import plain
from segkit.customers.table import Column, Customers
from segkit.labels import listing, readable
from segkit.measures.counted import Counted
from segkit.measures.discoveries import p_limit
from segkit.measures.estimates import Estimate, rate_estimate, two_proportions
from segkit.measures.kpis import EVERYONE, SMALLEST_RANKED, SMALLEST_SHOWN
from segkit.measures.sums import Sums
from segkit.measures.suppression import places_shown
from segkit.segments.features import level_codes, numeric
from segkit.segments.methods.columns import ranked
from segkit.segments.methods.stages import LADDERS
from segkit.segments.segmentation import Assignment, Segment

FIRST_DECLINE = "at risk"  # from here on the words of a ladder are no step forward
LAST_SURE = "active"  # the stage that a customer in decline had certainly reached
MOST_STAGES = 8  # more do not fit side by side, and are rarely stages


@dataclass(frozen=True)
class Stages:
    """The stages of a table in their order.

    Attributes
    ----------
    names : tuple of str
        The steps forward, the first one first.
    beyond : tuple of str
        Stages of decline; who is in one counts as far as "active".
    """

    names: tuple[str, ...]
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """From one stage to the next, in one segment.

    Attributes
    ----------
    place : int
        Of the stage that is reached, from 1.
    rate : Estimate
        Share of those who reached the stage before, with its 95 % interval.
    n : int
        Customers who reached the stage before.
    verdict : str
        "higher" or "lower" than among all other customers, "can't tell", "circular", or empty.
    """

    place: int
    rate: Estimate
    n: int
    verdict: str = ""


@dataclass(frozen=True)
class SegmentFunnel:
    """How far the customers of a segment have come.

    Attributes
    ----------
    segment : Segment
    n : int
        Customers whose stage is known.
    reached : tuple of Estimate
        Share who reached at least each stage, with its 95 % interval.
    steps : tuple of Step
        From each stage to the next, where enough customers reached the first of them.
    """

    segment: Segment
    n: int
    reached: tuple[Estimate, ...]
    steps: tuple[Step, ...]

    @property
    def indicative(self) -> bool:
        """Whether so few customers are behind it that it is not compared in words."""
        return self.n < SMALLEST_RANKED


@dataclass(frozen=True)
class Funnel:
    """The funnels of all segments that may be shown, in their order, and that of everyone.

    Attributes
    ----------
    stages : Stages
    segments : tuple of SegmentFunnel
    everyone : SegmentFunnel
    hidden : tuple of str
        Names of segments with too few customers to show, or that would give those away.
    circular : bool
        Whether the segments were made from the stages.
    column : str
    text : str
        What was used, as a sentence.
    """

    stages: Stages
    segments: tuple[SegmentFunnel, ...]
    everyone: SegmentFunnel
    hidden: tuple[str, ...]
    circular: bool
    column: str
    text: str

    def loses_most(self, segment: SegmentFunnel) -> Step | None:
        """The step where a segment falls furthest behind everyone, of those that are reliably lower."""
        usual = {step.place: step.rate.value for step in self.everyone.steps}
        lower = [step for step in segment.steps if step.verdict == "lower" and step.n >= SMALLEST_RANKED]
        lower = [step for step in lower if step.rate.value < usual[step.place]]
        return min(lower, key=lambda step: step.rate.value - usual[step.place], default=None)


def stages_of(customers: Customers) -> Stages | None:
    """Find the stages of the column that means "Journey stage", in their order.

    Returns
    -------
    Stages or None
        None without such a column, where its order cannot be told, or where it has fewer than two steps.
        The order is that of numbers, of numbers in front of the words ("2 Trial"), or of the usual words.
    """
    column = customers.with_role("journey_stage")
    if column is None or column.kind not in ("category", "number"):
        return None
    levels = _levels(customers, column)
    if not 2 <= len(levels) <= MOST_STAGES + len(LADDERS[0]):
        return None
    found = _by_number(levels) or _by_words(levels)
    return found if found and 2 <= len(found.names) <= MOST_STAGES else None


def _levels(customers: Customers, column: Column) -> list[str]:
    """The different values as texts; a number without its decimals where it has none."""
    values = customers.frame[column.name]
    if column.kind == "number":
        known = np.unique(numeric(values))
        return [f"{value:.15g}" for value in known[~np.isnan(known)].tolist()]
    return [str(level) for level in values.cat.categories[np.unique(values.cat.codes[values.notna()])]]


def _by_number(levels: Sequence[str]) -> Stages | None:
    """Order stages by the number that each starts with, where no two share one."""
    numbers = [_leading(level) for level in levels]
    if any(isnan(one) for one in numbers) or len(set(numbers)) < len(levels):
        return None
    return Stages(tuple(level for _, level in sorted(zip(numbers, levels, strict=True))))


def _leading(level: str) -> float:
    digits = level.strip().split(" ")[0].strip(".:)-_#")
    try:
        return float(digits)
    except ValueError:
        return nan


def _by_words(levels: Sequence[str]) -> Stages | None:
    """Order stages by the usual words for them; one after another, two of the same rank have no order."""
    ranks = ranked(levels, LADDERS)
    if ranks is None:
        return None
    decline = next((place for place, word in enumerate(LADDERS[0]) if word.startswith(FIRST_DECLINE)))
    usual = {plain(level) for level in levels} <= {w for words in LADDERS[0] for w in words.split("/")}
    forward = [level for level in levels if not usual or ranks[level] < decline]
    if len({ranks[level] for level in forward}) < len(forward):
        return None
    beyond = [level for level in levels if level not in forward]
    order = sorted(forward, key=ranks.__getitem__)
    return Stages(tuple(order), tuple(sorted(beyond, key=ranks.__getitem__)))


def funnel(customers: Customers, assignment: Assignment, smallest: int = SMALLEST_SHOWN) -> Funnel | None:
    """Count how far the customers of each segment have come, as `funnel_of` does, row by row."""
    return funnel_of(customers, Counted(assignment), smallest)


def funnel_of(customers: Customers, counted: Counted, smallest: int = SMALLEST_SHOWN) -> Funnel | None:
    """Count how far the customers of each segment have come.

    Parameters
    ----------
    customers : Customers
        Whose frame has the same rows as `counted`.
    counted : Counted
    smallest : int
        Segments with fewer customers are hidden, and another one where everyone's would give them away.

    Returns
    -------
    Funnel or None
        None where `stages_of` finds none, or too few customers have one.

    Notes
    -----
    Wilson intervals of the shares (Wilson 1927). A step is compared with that of all other customers by the
    two-proportion test, at a false discovery rate of 5 % over all steps shown (Benjamini and Hochberg 1995).
    """
    stages, column = stages_of(customers), customers.with_role("journey_stage")
    if stages is None or column is None:
        return None
    assignment = counted.assignment
    reached = _reached(_places(customers, column, stages), counted, len(stages.names))
    whole, sizes = reached.sum(axis=0), reached[:, 0]
    shown = places_shown(sizes[:-1].tolist(), int(sizes[-1]), smallest)
    if whole[0] < smallest or not shown:
        return None
    circular = bool({column.name, *column.derived_from} & set(assignment.dimensions))
    limit = _limit(reached, shown, smallest) if not circular else -1.0
    segments = tuple(
        _segment_funnel(reached[place], whole, assignment.segments[place], smallest, limit, circular)
        for place in shown
    )
    everyone = _segment_funnel(whole, None, EVERYONE, smallest, limit, False)
    hidden = tuple(
        one.name for place, one in enumerate(assignment.segments) if place not in shown and sizes[place]
    )
    return Funnel(stages, segments, everyone, hidden, circular, column.name, _text(column, stages))


def _places(customers: Customers, column: Column, stages: Stages) -> np.ndarray:
    """The furthest step of each customer; -1 where the stage is not known."""
    values = customers.frame[column.name]
    if column.kind == "number":
        known = numeric(values)
        steps = np.array([float(name) for name in stages.names])
        return np.where(np.isnan(known), -1, np.searchsorted(steps, known))
    codes = level_codes(values, [*stages.names, *stages.beyond])
    sure = _sure(stages)
    lookup = [*range(len(stages.names)), *[sure] * len(stages.beyond), -1]
    return np.array(lookup)[codes]


def _sure(stages: Stages) -> int:
    """The furthest step that who is in decline had certainly reached."""
    ranks = ranked(stages.names, LADDERS) if stages.beyond else None
    if not ranks:
        return 0
    active = next(place for place, words in enumerate(LADDERS[0]) if LAST_SURE in words.split("/"))
    return max((place for place, name in enumerate(stages.names) if ranks[name] <= active), default=0)


def _reached(places: np.ndarray, counted: Counted, count: int) -> np.ndarray:
    """Customers of each segment (rows; last "fits none") who reached at least each stage (columns)."""
    groups, known = len(counted.assignment.segments) + 1, places >= 0
    cells = counted.tally(counted.places[known] * count + places[known], groups * count, known)
    return cells.reshape(groups, count)[:, ::-1].cumsum(axis=1)[:, ::-1]


def _segment_funnel(
    reached: np.ndarray,
    whole: np.ndarray | None,
    segment: Segment,
    smallest: int,
    limit: float,
    circular: bool,
) -> SegmentFunnel:
    size = int(reached[0])
    steps = []
    for place in range(1, len(reached)):
        sums = _sums(reached, place)
        if sums.answered >= smallest:
            verdict = "circular" if circular else _verdict(reached, whole, place, limit)
            steps.append(Step(place, rate_estimate(sums), sums.answered, verdict))
    shares = tuple(rate_estimate(Sums(size, size, float(count), float(count))) for count in reached)
    return SegmentFunnel(segment, size, shares, tuple(steps))


def _sums(reached: np.ndarray, place: int) -> Sums:
    """Of those who reached the stage before, who reached this one."""
    before, there = int(reached[place - 1]), float(reached[place])
    return Sums(before, before, there, there)


def _limit(reached: np.ndarray, shown: list[int], smallest: int) -> float:
    """Find the largest p-value that still counts as a difference; below 0 for none."""
    whole = reached.sum(axis=0)
    p_values = [
        _p_value(reached[segment], whole, place)
        for segment in shown
        for place in range(1, reached.shape[1])
        if reached[segment][place - 1] >= smallest
    ]
    return p_limit(p_values)


def _p_value(reached: np.ndarray, whole: np.ndarray, place: int) -> float:
    return two_proportions(_sums(reached, place), _sums(whole - reached, place))


def _verdict(reached: np.ndarray, whole: np.ndarray | None, place: int, limit: float) -> str:
    if whole is None:
        return ""
    p_value = _p_value(reached, whole, place)
    if isnan(p_value):
        return ""
    if p_value > limit:
        return "can't tell"
    rest = _sums(whole - reached, place)
    return "higher" if _sums(reached, place).mean > rest.mean else "lower"


def _text(column: Column, stages: Stages) -> str:
    text = f"From “{column.name}”: {' → '.join(readable(name) for name in stages.names)}."
    if not stages.beyond:
        return text
    beyond = listing([f"“{name}”" for name in stages.beyond])
    sure = readable(stages.names[_sure(stages)])
    return f"{text} Who is in {beyond.replace(' and ', ' or ')} has been as far as “{sure}”."
