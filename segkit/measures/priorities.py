"""Where to invest: attractiveness and fit of each segment, and segments cut by a second column.

Criteria come from the data (`CRITERIA`). On each, the lowest segment of the table scores 0, the highest 100,
and what is between stands between; where no segment differs reliably from the others, all score 50, as the
spread would be noise. Attractiveness and fit are weighted means of their scores, and the priority is that
of both. Weights are a judgement, so two things are told of a ranking: which segments change places when one
weight is a fifth higher or lower, and how often each would be first if all values were drawn again.

Segments with fewer than 30 customers, or 30 answers in a criterion that counts, are shown and never ranked.

Source: weighted scoring in the directional policy matrix (McDonald & Dunbar 2012, "Market segmentation");
one weight moved at a time as in multi-criteria analysis (Triantaphyllou 2000).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isnan, nan, sqrt

import numpy as np

from segkit.customers.table import Column, Customers
from segkit.errors import UnusablePlan
from segkit.labels import listing
from segkit.measures.definitions import OWN, KpiDefinition, find_kpi
from segkit.measures.estimates import NOTHING, Estimate, Z
from segkit.measures.kpis import BASE, Kpi, KpiTable, measure
from segkit.measures.scorecard import Reach
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN, given_away, places_shown
from segkit.segments.segmentation import NO_SEGMENT, Assignment, Segment

ATTRACTIVENESS, FIT = "attractiveness", "fit"
AXES = (ATTRACTIVENESS, FIT)
AXIS_LABELS = {ATTRACTIVENESS: "Attractiveness", FIT: "Fit"}
MOVED = 0.2  # a weight moved by a fifth: what a judgement is good for
MIDDLE = 50.0  # score of all segments where none differs reliably
DRAWS = 1000  # a share of them is known to 3 points
SEED = 0
HOLDS_FROM = 0.95  # first in so many of the draws: it would be again


@dataclass(frozen=True)
class Criterion:
    """A row of `CRITERIA`.

    Attributes
    ----------
    key, label, help : str
    axis : str
        "attractiveness" or "fit".
    kpi : str
        The KPI it is; empty where it is computed here.
    better : int
        1 when higher is better, -1 when lower is.
    """

    key: str
    label: str
    help: str
    axis: str
    kpi: str = ""
    better: int = 1


@dataclass(frozen=True)
class Cell:
    """One criterion of one segment: estimate, customers it rests on, and score (0 to 100, NaN if untold)."""

    estimate: Estimate
    n: int
    score: float

    @property
    def ranked(self) -> bool:
        """Whether enough answers are behind it to be ranked by it."""
        return self.n >= SMALLEST_RANKED and not isnan(self.estimate.value)


@dataclass(frozen=True)
class Scored:
    """A criterion on all segments.

    Attributes
    ----------
    criterion : Criterion
    format, unit : str
        How its values are written, as of a KPI.
    cells : tuple of Cell
        In the order of the segments.
    differs : bool
        Whether any segment differs reliably from the others; where none does, all score 50.
    circular : bool
        The segments were made from its column.
    """

    criterion: Criterion
    format: str
    unit: str
    cells: tuple[Cell, ...]
    differs: bool
    circular: bool

    @property
    def definition(self) -> KpiDefinition:
        """A KPI with the same format, to write values with."""
        return next(one for one in _FORMATS if one.format == self.format)


@dataclass(frozen=True)
class Scores:
    """All criteria that a table allows, on all of its segments.

    Attributes
    ----------
    segments : tuple of Segment
    customers : tuple of int
    shares : tuple of float
        Of all customers.
    criteria : tuple of Scored
    headroom : Headroom, optional
        What the criterion of that name rests on.
    """

    segments: tuple[Segment, ...]
    customers: tuple[int, ...]
    shares: tuple[float, ...]
    criteria: tuple[Scored, ...]
    headroom: "Headroom | None"

    def on(self, axis: str) -> tuple[Scored, ...]:
        """The criteria of one axis."""
        return tuple(one for one in self.criteria if one.criterion.axis == axis)


@dataclass(frozen=True)
class Priority:
    """One segment on the map.

    Attributes
    ----------
    segment : Segment
    customers : int
    share : float
        Of all customers.
    attractiveness, fit, score : float
        0 to 100; NaN where no criterion counts.
    rank : int
        From 1; 0 where it is not ranked.
    first : float
        Share of the draws in which it is first; NaN where it is not ranked.
    unranked : str
        Why it is not ranked; empty where it is.
    """

    segment: Segment
    customers: int
    share: float
    attractiveness: float
    fit: float
    score: float
    rank: int
    first: float
    unranked: str


@dataclass(frozen=True)
class Swap:
    """What another weight changes: two segments (their keys) change places.

    Attributes
    ----------
    weight : str
        Key of a criterion or an axis.
    label : str
        What it is called.
    more : bool
        The weight is a fifth higher; else a fifth lower.
    up, down : str
        Who comes before whom then.
    """

    weight: str
    label: str
    more: bool
    up: str
    down: str


@dataclass(frozen=True)
class Priorities:
    """Segments by priority, the first first, those that are not ranked last.

    Attributes
    ----------
    rows : tuple of Priority
    swaps : tuple of Swap
    weights : mapping
        By criterion and axis.
    scores : Scores
    """

    rows: tuple[Priority, ...]
    swaps: tuple[Swap, ...]
    weights: Mapping[str, float]
    scores: Scores

    @property
    def ranked(self) -> tuple[Priority, ...]:
        """Those with a rank."""
        return tuple(one for one in self.rows if one.rank)

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes on which anything counts."""
        return tuple(
            axis
            for axis in AXES
            if self.weights[axis] > 0
            and any(self.weights[one.criterion.key] > 0 for one in self.scores.on(axis))
        )

    @property
    def tells(self) -> bool:
        """Whether more than sizes counts: the largest segment is not the first for being large."""
        return any(
            one.criterion.key != "size"
            and self.weights[one.criterion.key] * self.weights[one.criterion.axis] > 0
            for one in self.scores.criteria
        )

    @property
    def holds(self) -> bool:
        """Whether the first would be first again: in nearly all draws, and whichever weight is moved."""
        if len(self.ranked) < 2 or not self.tells:
            return False
        top = self.ranked[0]
        return top.first >= HOLDS_FROM and all(top.segment.key != swap.down for swap in self.swaps)


# --- scores ----------------------------------------------------------------------------------------


def scores(segments: Sequence[Segment], kpis: KpiTable, reach: Reach | None = None) -> Scores:
    """Score every segment on every criterion that the table allows.

    Parameters
    ----------
    segments : sequence of Segment
    kpis : KpiTable
        Of the same segments. KPIs of one's own count as attractive where they are high.
    reach : Reach, optional
        Whom one may write to.

    Returns
    -------
    Scores
        Of segments that may be shown: at least five customers, and none that would give others away.
    """
    sizes = [kpis.size(segment.key) for segment in segments]
    seen = [segments[place] for place in places_shown(sizes, kpis.size(NO_SEGMENT))]
    room = headroom(kpis)
    found = [_scored(criterion, seen, kpis, reach, room) for criterion in criteria_of(kpis)]
    shares = [kpis.find(one.key, "share") for one in seen]
    return Scores(
        tuple(seen),
        tuple(kpis.size(one.key) for one in seen),
        tuple(row.value if row is not None else nan for row in shares),
        tuple(one for one in found if one is not None),
        room,
    )


def criteria_of(kpis: KpiTable) -> tuple[Criterion, ...]:
    """The criteria that could be scored: the rows of `CRITERIA`, and KPIs of one's own."""
    own = [one for one in kpis.definitions if one.key.startswith(OWN)]
    made = [Criterion(one.key, one.label, one.help, ATTRACTIVENESS, one.key) for one in own]
    money = worth_key(kpis)
    kept = [one for one in CRITERIA if one.key not in ("margin", "revenue") or one.key == money]
    return (*kept, *made)


def _scored(
    criterion: Criterion,
    segments: Sequence[Segment],
    kpis: KpiTable,
    reach: Reach | None,
    room: "Headroom | None",
) -> Scored | None:
    if criterion.key == "headroom":
        return _headroom_scored(criterion, segments, kpis, room)
    if criterion.key == "reach":
        return _reach_scored(criterion, segments, reach)
    if criterion.kpi not in kpis.keys:
        return None
    rows = [kpis.find(segment.key, criterion.kpi) for segment in segments]
    verdicts = {row.verdict for row in kpis.of(criterion.kpi) if row.segment not in (BASE, NO_SEGMENT)}
    definition = kpis.definition(criterion.kpi)
    known = [(_estimate(row), row.n if row is not None else 0) for row in rows]
    if criterion.key == "size":  # one's own customers are counted, not sampled
        known = [(Estimate(one.value, one.value, one.value), n) for one, n in known]
    differs = not definition.needs or bool(verdicts & {"higher", "lower", "circular"})
    unit = next((row.unit for row in rows if row is not None), "")
    if not any(not isnan(one.value) for one, _ in known):
        return None
    return Scored(
        criterion,
        definition.format,
        unit,
        _cells(known, criterion.better, differs),
        differs,
        "circular" in verdicts,
    )


def _estimate(row: Kpi | None) -> Estimate:
    return Estimate(row.value, row.low, row.high) if row is not None else NOTHING


def _cells(known: Sequence[tuple[Estimate, int]], better: int, differs: bool) -> tuple[Cell, ...]:
    """Score values from 0 (the lowest of those that are ranked) to 100 (the highest)."""
    values = [one.value if n >= SMALLEST_RANKED else nan for one, n in known]
    marks = _marks(np.array([values]), np.array([[one.value for one, _ in known]]), better, differs)[0]
    return tuple(Cell(one, n, mark) for (one, n), mark in zip(known, marks.tolist(), strict=True))


def _marks(ranked: np.ndarray, values: np.ndarray, better: int, differs: bool) -> np.ndarray:
    """Scores of values by row, between the least and the most of those that are ranked."""
    there = ~np.isnan(values)
    if not differs or np.isnan(ranked).all():
        return np.where(there, MIDDLE, nan)
    least, most = np.nanmin(ranked, axis=1, keepdims=True), np.nanmax(ranked, axis=1, keepdims=True)
    width = most - least
    share = np.divide(values - least, width, out=np.full(values.shape, 0.5), where=width > 0)
    share = np.clip(share, 0.0, 1.0)
    return np.where(there, 100 * (share if better > 0 else 1 - share), nan)


def _reach_scored(criterion: Criterion, segments: Sequence[Segment], known: Reach | None) -> Scored | None:
    if known is None or not known.any:
        return None
    cells = [(known.any.get(one.key, NOTHING), known.n.get(one.key, 0)) for one in segments]
    return Scored(criterion, "percent", "fraction", _cells(cells, 1, known.differ), known.differ, False)


def _headroom_scored(
    criterion: Criterion, segments: Sequence[Segment], kpis: KpiTable, room: "Headroom | None"
) -> Scored | None:
    if room is None or not room.worth:  # a gap without money is the opposite of a fit, and would undo it
        return None
    gap = {row.segment: row for row in kpis.of(room.gap)}
    cells = [(room.each.get(one.key, NOTHING), gap[one.key].n) for one in segments]
    circular = any(row.verdict == "circular" for row in gap.values())
    return Scored(criterion, "money", room.unit, _cells(cells, 1, True), True, circular)


# --- headroom --------------------------------------------------------------------------------------

GAPS = (
    "retention",
    "csat_satisfied",
    "nps",
    "conversion",
    "repeat_rate",
)  # what could be raised, first first


@dataclass(frozen=True)
class Headroom:
    """What a customer would bring more if her segment were like the best: gap × worth.

    Attributes
    ----------
    gap : str
        The KPI in which the best segment is reliably ahead.
    best : str
        Its key.
    worth : str
        The KPI that says what a customer brings; empty where none does, and then headroom is the gap alone.
    unit : str
    each : mapping of segment key to Estimate
        Per customer, at least 0; the interval is put together from those of both values and of the worth.
    """

    gap: str
    best: str
    worth: str
    unit: str
    each: Mapping[str, Estimate]


def headroom(kpis: KpiTable) -> Headroom | None:
    """Find what segments lack to the best in retention or satisfaction, in money where that is known.

    Returns
    -------
    Headroom or None
        None where in none of `GAPS` a segment with enough answers is reliably above the others.
    """
    best = next((row for gap in GAPS if (row := _best(kpis, gap)) is not None), None)
    if best is None:
        return None
    worth = _worth_of_staying(kpis)
    scale = 100.0 if best.kpi == "nps" else 1.0
    rows = [row for row in kpis.of(best.kpi) if row.segment not in (BASE, NO_SEGMENT)]
    each = {row.segment: _room(_gap(best, row, scale), _worth(kpis, worth, row.segment)) for row in rows}
    unit = next((row.unit for row in kpis.of(worth)), "") if worth else "fraction"
    return Headroom(best.kpi, best.segment, worth, unit, each)


def _best(kpis: KpiTable, gap: str) -> Kpi | None:
    rows = [
        row
        for row in kpis.of(gap)
        if row.segment not in (BASE, NO_SEGMENT) and row.n >= SMALLEST_RANKED and not isnan(row.value)
    ]
    first = max(rows, key=lambda row: row.value, default=None)
    return first if first is not None and first.verdict in ("higher", "circular") else None


def _worth_of_staying(kpis: KpiTable) -> str:
    return next((key for key in ("value", "margin", "revenue") if key in kpis.keys), "")


def _worth(kpis: KpiTable, key: str, segment: str) -> Estimate:
    return _estimate(kpis.find(segment, key)) if key else Estimate(1.0, 1.0, 1.0)


def _gap(best: Kpi, row: Kpi, scale: float) -> Estimate:
    """How far a segment is from the best, with the interval of a difference (Zou & Donner 2008)."""
    if row.segment == best.segment:
        return Estimate(0.0, 0.0, 0.0)
    gap = (best.value - row.value) / scale
    down = sqrt((best.value - best.low) ** 2 + (row.high - row.value) ** 2) / scale
    up = sqrt((best.high - best.value) ** 2 + (row.value - row.low) ** 2) / scale
    return Estimate(max(gap, 0.0), max(gap - down, 0.0), max(gap + up, 0.0))


def product(one: Estimate, other: Estimate) -> Estimate:
    """Two independent values multiplied; the interval from those of both (MOVER, Zou & Donner 2008).

    Examples
    --------
    >>> product(Estimate(2.0, 1.0, 3.0), Estimate(10.0, 10.0, 10.0))
    Estimate(value=20.0, low=10.0, high=30.0)
    """
    if isnan(one.value) or isnan(other.value):
        return NOTHING
    value = one.value * other.value
    downs, ups = zip(_sides(one, other.value), _sides(other, one.value), strict=True)
    return Estimate(value, value - sqrt(sum(x**2 for x in downs)), value + sqrt(sum(x**2 for x in ups)))


def _sides(one: Estimate, times: float) -> tuple[float, float]:
    """How far a value reaches down and up when it is multiplied."""
    down, up = (one.value - one.low) * abs(times), (one.high - one.value) * abs(times)
    return (down, up) if times >= 0 else (up, down)


def _room(gap: Estimate, worth: Estimate) -> Estimate:
    """Gap × worth, at least 0."""
    each = product(gap, worth)
    return Estimate(*(part if isnan(part) else max(part, 0.0) for part in (each.value, each.low, each.high)))


# --- worth -----------------------------------------------------------------------------------------


def worth_key(kpis: KpiTable) -> str:
    """What a customer brings in a period: "margin", else "revenue", else empty."""
    return next((key for key in ("margin", "revenue") if key in kpis.keys), "")


def worth(kpis: KpiTable, segment: str) -> tuple[Estimate, int]:
    """What a customer of a segment brings in a period, and the customers it rests on.

    The margin; without costs the part of revenue that is left by the assumptions of the table. NaN where
    neither is known.
    """
    key = worth_key(kpis)
    row = kpis.find(segment, key) if key else None
    if row is None:
        return NOTHING, 0
    left = 1.0 if key == "margin" else kpis.assumptions.margin
    return Estimate(row.value * left, row.low * left, row.high * left), row.n


def share_of_worth(kpis: KpiTable, segment: str) -> float:
    """A segment's share of all margin, else of all revenue; NaN where neither is known or nothing is left."""
    key = worth_key(kpis)
    row, base = (kpis.find(one, key) if key else None for one in (segment, BASE))
    if row is None or base is None or not base.value * base.n > 0:
        return nan
    return row.value * row.n / (base.value * base.n)


# --- ranking ---------------------------------------------------------------------------------------


def usual_weights(found: Scores) -> dict[str, float]:
    """Every criterion counts the same on its axis, and both axes do."""
    return dict.fromkeys([*(one.criterion.key for one in found.criteria), *AXES], 1.0)


MOST_WEIGHT = 3.0  # times the others; a heavier criterion decides alone


def weights_from(written: object) -> dict[str, float] | None:
    """Read weights that somebody set, as they were kept; None where nobody has set any.

    Parameters
    ----------
    written : mapping of str to float, or anything else
        What makes no sense is left out; weights above 3 count as 3.
    """
    if not isinstance(written, Mapping):
        return None
    return {
        str(key): min(float(weight), MOST_WEIGHT)
        for key, weight in written.items()
        if isinstance(weight, int | float) and weight >= 0
    }


def priorities(found: Scores, weights: Mapping[str, float] | None = None) -> Priorities:
    """Rank segments by attractiveness and fit together.

    Parameters
    ----------
    found : Scores
    weights : mapping of str to float, optional
        By key of a criterion or an axis; what is not there counts 1. Those of an axis are relative to each
        other, and so are those of the two axes.

    Returns
    -------
    Priorities

    Raises
    ------
    UnusablePlan
        A weight is below 0, or nothing counts at all.
    """
    usual = usual_weights(found)
    full = usual | {key: float(weight) for key, weight in (weights or {}).items() if key in usual}
    _check(found, full)
    reasons = [_unranked(found, place, full) for place in range(len(found.segments))]
    ranked = [place for place, reason in enumerate(reasons) if not reason]
    axes, total = _totals(found, full)
    order = _order(total, ranked)
    first = _first(found, full, ranked)
    rows = [
        _priority(found, place, axes, float(total[place]), order, first, reasons[place])
        for place in [*order, *(p for p in range(len(found.segments)) if reasons[p])]
    ]
    return Priorities(tuple(rows), tuple(_swaps(found, full, ranked)), full, found)


def _check(found: Scores, weights: Mapping[str, float]) -> None:
    if any(not 0 <= weight < inf for weight in weights.values()):
        raise UnusablePlan("A weight is 0 or more.")
    if not any(weights[one.criterion.key] * weights[one.criterion.axis] for one in found.criteria):
        raise UnusablePlan("Nothing counts with these weights. Give at least one of them more than 0.")


def _unranked(found: Scores, place: int, weights: Mapping[str, float]) -> str:
    """Why a segment cannot be ranked; empty where it can."""
    if found.customers[place] < SMALLEST_RANKED:
        return f"{found.customers[place]} customers"
    for one in found.criteria:
        cell = one.cells[place]
        if weights[one.criterion.key] * weights[one.criterion.axis] > 0 and not cell.ranked:
            few = f"{cell.n} answers" if cell.n >= SMALLEST_SHOWN else "too few answers"
            return f"{one.criterion.label}: {few}"
    return ""


def _totals(found: Scores, weights: Mapping[str, float]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Score of each segment on both axes, and the weighted mean of those on which anything counts."""
    marks = {one.criterion.key: np.array([[cell.score for cell in one.cells]]) for one in found.criteria}
    axes = {axis: _axis(found, axis, marks, weights)[0] for axis in AXES}
    return axes, _of_axes(axes, weights)


def _axis(
    found: Scores, axis: str, marks: Mapping[str, np.ndarray], weights: Mapping[str, float]
) -> np.ndarray:
    """Weighted mean of scores on one axis, by row; of the criteria that are known for a segment."""
    keys = [one.criterion.key for one in found.on(axis) if weights[one.criterion.key] > 0]
    if not keys:
        rows = len(next(iter(marks.values()), np.empty((1, 0))))
        return np.full((rows, len(found.segments)), nan)
    stack = np.stack([marks[key] for key in keys])
    counted = np.array([weights[key] for key in keys])[:, None, None] * ~np.isnan(stack)
    together = counted.sum(axis=0)
    total = (np.nan_to_num(stack) * counted).sum(axis=0)
    return np.divide(total, together, out=np.full(total.shape, nan), where=together > 0)


def _of_axes(axes: Mapping[str, np.ndarray], weights: Mapping[str, float]) -> np.ndarray:
    """Weighted mean of both axes; of the one that is known where only one is."""
    both = np.stack([axes[axis] for axis in AXES])
    counted = np.array([weights[axis] for axis in AXES]).reshape(-1, *[1] * (both.ndim - 1)) * ~np.isnan(both)
    together = counted.sum(axis=0)
    total = (np.nan_to_num(both) * counted).sum(axis=0)
    return np.divide(total, together, out=np.full(total.shape, nan), where=together > 0)


def _order(total: np.ndarray, ranked: Sequence[int]) -> list[int]:
    """Places by score, the highest first; equal ones in the order of the segments."""
    return sorted(ranked, key=lambda place: (-round(float(total[place]), 9), place))


def _priority(
    found: Scores,
    place: int,
    axes: Mapping[str, np.ndarray],
    total: float,
    order: Sequence[int],
    first: Mapping[int, float],
    reason: str,
) -> Priority:
    return Priority(
        found.segments[place],
        found.customers[place],
        found.shares[place],
        float(axes[ATTRACTIVENESS][place]),
        float(axes[FIT][place]),
        total,
        0 if reason else order.index(place) + 1,
        first.get(place, nan),
        reason,
    )


def _swaps(found: Scores, weights: Mapping[str, float], ranked: Sequence[int]) -> list[Swap]:
    """Which pairs change places when one weight is a fifth higher or lower."""
    usual = _order(_totals(found, weights)[1], ranked)
    labels = {one.criterion.key: one.criterion.label for one in found.criteria} | AXIS_LABELS
    swaps = []
    for key, label in labels.items():
        for more in (True, False):
            moved = {**weights, key: weights[key] * (1 + MOVED if more else 1 - MOVED)}
            other = _order(_totals(found, moved)[1], ranked)
            for ahead, behind in _overtaken(usual, other):
                keys = found.segments[behind].key, found.segments[ahead].key
                swaps.append(Swap(key, label, more, *keys))
    return swaps


def _overtaken(before: Sequence[int], after: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs that stood in one order and stand in the other one.

    Examples
    --------
    >>> _overtaken([0, 1, 2], [1, 0, 2])
    [(0, 1)]
    """
    return [
        (ahead, behind)
        for place, ahead in enumerate(before)
        for behind in before[place + 1 :]
        if after.index(behind) < after.index(ahead)
    ]


def _first(found: Scores, weights: Mapping[str, float], ranked: Sequence[int]) -> dict[int, float]:
    """How often each would be first if all values were drawn again within their intervals.

    Values are drawn independently from normal distributions; scores are taken anew in each draw.
    """
    if len(ranked) < 2:
        return dict.fromkeys(ranked, 1.0)
    rng = np.random.default_rng(SEED)
    marks = {one.criterion.key: _drawn(one, rng) for one in found.criteria}
    axes = {axis: _axis(found, axis, marks, weights) for axis in AXES}
    total = _of_axes(axes, weights)[:, list(ranked)]
    wins = np.bincount(total.argmax(axis=1), minlength=len(ranked))
    return {place: float(count / len(total)) for place, count in zip(ranked, wins.tolist(), strict=True)}


def _drawn(one: Scored, rng: np.random.Generator) -> np.ndarray:
    """Scores of a criterion in each draw, shape (draws, segments)."""
    values = np.array([cell.estimate.value for cell in one.cells])
    spread = np.array([(cell.estimate.high - cell.estimate.low) / (2 * Z) for cell in one.cells])
    draws = values + np.nan_to_num(spread) * rng.standard_normal((DRAWS, len(values)))
    few = np.array([not cell.ranked for cell in one.cells])
    return _marks(np.where(few, nan, draws), draws, one.criterion.better, one.differs)


# --- segments by a second column --------------------------------------------------------------------

MOST_LEVELS = 8  # of the second column; those beyond share one
FEW_LEVELS = 12  # a column with more is no way to cut segments
OTHER, NO_ANSWER = "other", "no answer"
INDICATIVE, TOO_FEW = "indicative", "too few"
FIRM, ROUGH = 0.1, 0.25  # half an interval as a part of its value


@dataclass(frozen=True)
class Micro:
    """A segment, or a part of one.

    Attributes
    ----------
    segment : Segment
    level : str
        Of the second column; empty for a whole segment.
    customers : int
    share : float
        Of all customers.
    each, total : Estimate
        Worth of a customer, and of all of them; NaN where it cannot be told.
    headroom : Estimate
        What they would bring more if they were like the best segment, all together.
    n : int
        Customers that the worth rests on.
    confidence : str
        "firm", "fair", "rough", "indicative" (fewer than 30) or "too few" (held back); where no KPI says what
        a customer is worth, only "indicative" or empty.
    """

    segment: Segment
    level: str
    customers: int
    share: float
    each: Estimate
    total: Estimate
    headroom: Estimate
    n: int
    confidence: str

    @property
    def name(self) -> str:
        """Segment and level."""
        return f"{self.segment.name} · {self.level}" if self.level else self.segment.name

    @property
    def ranked(self) -> bool:
        """Whether enough customers are behind it."""
        return self.customers >= SMALLEST_RANKED and self.confidence not in (INDICATIVE, TOO_FEW)


@dataclass(frozen=True)
class MicroTable:
    """Segments or parts of them, in the order asked for; those that are only indicative last, by size.

    Attributes
    ----------
    rows : tuple of Micro
    hidden : int
        Parts with customers that are not shown: fewer than five, or they would give such away.
    column, metric, unit, gap : str
        The second column, the KPI that says what a customer is worth (empty for none), its unit, and the KPI
        of the headroom (empty for none).
    """

    rows: tuple[Micro, ...]
    hidden: int
    column: str
    metric: str
    unit: str
    gap: str


def second_columns(customers: Customers) -> list[Column]:
    """List the columns that can cut segments: categories and yes/no of a few levels, nothing personal.

    Plan tier and region come first.
    """
    fit = [
        one
        for one in customers.columns
        if one.kind in ("category", "yes/no")
        and one.use in ("dimension", "descriptor")
        and one.role not in ("personal",)
        and not one.hidden
        and not one.sensitive
        and 2 <= one.distinct <= FEW_LEVELS
    ]
    first = ("plan_tier", "geographic")
    return sorted(fit, key=lambda one: first.index(one.role) if one.role in first else len(first))


def metrics(kpis: KpiTable) -> tuple[str, ...]:
    """KPIs that can say what a customer is worth, the most telling first: money, then those of one's own."""
    money = [key for key in ("value", "margin", "revenue") if key in kpis.keys]
    own = [one.key for one in kpis.definitions if one.key.startswith(OWN) and one.format != "percent"]
    return (*money, *own)


def micro_segments(
    customers: Customers,
    assignment: Assignment,
    kpis: KpiTable,
    column: str = "",
    metric: str | None = None,
    by: str = "value",
) -> MicroTable:
    """Cut segments by a second column and say what each part is worth.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same customers, row by row.
    kpis : KpiTable
        Of the segments: its best segment is what headroom is measured against.
    column : str
        One of `second_columns`; empty for the segments as they are.
    metric : str, optional
        One of `metrics`; by default the first.
    by : str
        A key of `ORDERS`: "value", "headroom" or "confidence".

    Raises
    ------
    UnusablePlan
        The column cannot cut segments, or the KPI or the order is not offered.
    """
    if by not in ORDERS:
        raise UnusablePlan(f"Parts cannot be sorted by “{by}”. Take one of: {', '.join(ORDERS)}.")
    offered = metrics(kpis)
    metric = (offered[0] if offered else "") if metric is None else metric
    if metric and metric not in offered:
        words = listing(list(offered)) or "none"
        raise UnusablePlan(f"“{metric}” does not say what a customer is worth. Take one of: {words}.")
    cut = _cut(customers, assignment, kpis, column) if column else _whole(assignment, kpis)
    room = headroom(kpis)
    wanted = {metric, *((room.gap, room.worth) if room else ())} - {""}
    told = {key: cut.told(key) for key in wanted}
    seen = np.flatnonzero(cut.visible)
    rows = [_micro(cut, int(place), metric, room, kpis, told) for place in seen]
    hidden = int((cut.members > 0).sum()) - len(rows)
    unit = next((row.unit for row in kpis.of(metric)), "") if metric else ""
    ordered = sorted(rows, key=lambda row: (not row.ranked, ORDERS[by](row), row.name))
    return MicroTable(tuple(ordered), hidden, column, metric, unit, room.gap if room else "")


@dataclass(frozen=True, eq=False)
class _Cut:
    """Parts of segments: their KPIs, and who is in each; parts are numbered segment by segment.

    Attributes
    ----------
    parts : list of (Segment, str)
        Segment and level of each part.
    keys : list of str
        Of each part in the table.
    kpis : KpiTable
    members : int array of shape (segments, levels)
        Of segments as they are, shape (1, segments).
    others : int array of shape (1, levels)
        Customers who fit none; of segments as they are, shape (1, 1), one more place in the line.
    everyone : int
        Customers that are counted here.
    scale : float
        Customers for each of those, where they are a sample.
    """

    parts: list[tuple[Segment, str]]
    keys: list[str]
    kpis: KpiTable
    members: np.ndarray
    others: np.ndarray
    everyone: int
    scale: float = 1.0

    @property
    def visible(self) -> np.ndarray:
        """Which parts may be shown by their customers, a bool for each."""
        whole = len(self.members) == 1
        table = np.concatenate([self.members, self.others], axis=1 if whole else 0)
        seen = _visible(table)
        return (seen[:, :-1] if whole else seen[:-1]).ravel()

    def told(self, kpi: str) -> np.ndarray:
        """Which parts may be shown by their answers to a KPI, a bool for each."""
        counts = {row.segment: row.n for row in self.kpis.of(kpi)}
        answered = np.array([counts.get(key, 0) for key in self.keys]).reshape(self.members.shape)
        return _visible(answered).ravel()


def _whole(assignment: Assignment, kpis: KpiTable) -> _Cut:
    """Segments as they are: a single row, so that they are held back beside each other."""
    keys = [segment.key for segment in assignment.segments]
    members = np.array([[kpis.size(key) for key in keys]])
    none = np.array([[kpis.size(NO_SEGMENT)]])
    parts = [(segment, "") for segment in assignment.segments]
    return _Cut(parts, keys, kpis, members, none, kpis.size(BASE))


def _cut(customers: Customers, assignment: Assignment, kpis: KpiTable, column: str) -> _Cut:
    if column not in [one.name for one in second_columns(customers)]:
        words = listing([one.name for one in second_columns(customers)], 12) or "none"
        raise UnusablePlan(f"“{column}” cannot cut segments. Take one of: {words}.")
    levels, places = _levels(customers, column)
    count = len(levels)
    codes = np.where(assignment.codes < 0, -1, assignment.codes.astype(np.int64) * count + places)
    parts = [(segment, level) for segment in assignment.segments for level in levels]
    keys = [f"{segment.key} {place % count}" for place, (segment, _) in enumerate(parts)]
    made = tuple(Segment(key, key, 0) for key in keys)
    crossed = Assignment(made, codes, assignment.confidence, (*assignment.dimensions, column))
    own = [one.key.removeprefix(OWN) for one in kpis.definitions if one.key.startswith(OWN)]
    table = measure(customers, crossed, own=own, assumptions=kpis.assumptions)
    members = np.bincount(codes[codes >= 0], minlength=len(parts)).reshape(-1, count)
    others = np.bincount(places[assignment.codes < 0], minlength=count).reshape(1, count)
    everyone = len(customers)
    return _Cut(parts, keys, table, members, others, everyone, kpis.size(BASE) / max(everyone, 1))


def _levels(customers: Customers, column: str) -> tuple[list[str], np.ndarray]:
    """The levels of a column, the most frequent first, and the place of each customer's among them."""
    values = customers.frame[column]
    names = [str(level) for level in values.cat.categories]
    codes = values.cat.codes.to_numpy().astype(np.int64)
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    frequent = sorted(np.flatnonzero(counts).tolist(), key=lambda code: (-counts[code], names[code]))
    kept = frequent if len(frequent) <= MOST_LEVELS else frequent[: MOST_LEVELS - 1]
    place = np.full(len(names) + 1, len(kept))  # the last one: no answer
    place[kept] = np.arange(len(kept))
    levels = [names[code] for code in kept]
    if len(kept) < len(frequent):
        levels.append(OTHER)
    if (codes < 0).any():
        place[-1] = len(levels)
        levels.append(NO_ANSWER)
    return levels, place[codes]


def _visible(answered: np.ndarray) -> np.ndarray:
    """Which cells may be shown beside the totals of their rows and columns, shape as given.

    As in `suppression.shown`, for a table: few are hidden, and then the smallest beside them in each line
    whose total would give them away.
    """
    hidden = (answered > 0) & (answered < SMALLEST_SHOWN)
    lines = [*zip(answered, hidden, strict=True)]  # views
    if len(answered) > 1:
        lines += [*zip(answered.T, hidden.T, strict=True)]
    changed = True
    while changed:
        changed = False
        for counts, held in lines:
            left = np.flatnonzero(~held & (counts > 0))
            if len(left) and given_away(counts[held].tolist(), SMALLEST_SHOWN):
                held[left[counts[left].argmin()]] = changed = True
    return ~hidden & (answered > 0)


def _micro(
    cut: _Cut,
    place: int,
    metric: str,
    room: "Headroom | None",
    kpis: KpiTable,
    told: Mapping[str, np.ndarray],
) -> Micro:
    segment, level = cut.parts[place]
    count = int(cut.members.ravel()[place])
    customers = round(count * cut.scale)
    row = cut.kpis.find(cut.keys[place], metric) if metric and told[metric][place] else None
    each, n = _estimate(row), (row.n if row is not None else 0)
    return Micro(
        segment,
        level,
        customers,
        count / max(cut.everyone, 1),
        each,
        Estimate(each.value * customers, each.low * customers, each.high * customers),
        _room_of(cut, place, room, kpis, told, customers),
        n if metric else count,
        _confidence(each, n) if metric else (INDICATIVE if count < SMALLEST_RANKED else ""),
    )


def _room_of(
    cut: _Cut,
    place: int,
    room: "Headroom | None",
    kpis: KpiTable,
    told: Mapping[str, np.ndarray],
    customers: int,
) -> Estimate:
    """Headroom of all customers of a part; NaN where too few answers are behind it."""
    if room is None or not told[room.gap][place] or (room.worth and not told[room.worth][place]):
        return NOTHING
    best, row = kpis.find(room.best, room.gap), cut.kpis.find(cut.keys[place], room.gap)
    if best is None or row is None or isnan(row.value):
        return NOTHING
    scale = 100.0 if room.gap == "nps" else 1.0
    each = _room(_gap(best, row, scale), _worth(cut.kpis, room.worth, cut.keys[place]))
    return Estimate(each.value * customers, each.low * customers, each.high * customers)


def _confidence(each: Estimate, n: int) -> str:
    """How closely a worth is known: half its interval as a part of it."""
    if isnan(each.value):
        return TOO_FEW
    if n < SMALLEST_RANKED or isnan(each.low):
        return INDICATIVE
    half = _half(each)
    return "firm" if half <= FIRM else "fair" if half <= ROUGH else "rough"


def _half(each: Estimate) -> float:
    return (each.high - each.low) / 2 / abs(each.value) if each.value else inf


def _by_value(row: Micro) -> float:
    return -row.customers if isnan(row.total.value) else -row.total.value


def _by_headroom(row: Micro) -> float:
    return inf if isnan(row.headroom.value) else -row.headroom.value


def _by_confidence(row: Micro) -> float:
    return inf if isnan(row.each.value) else _half(row.each)


# --- the tables ------------------------------------------------------------------------------------

ORDERS: dict[str, Callable[[Micro], float]] = {
    "value": _by_value,
    "headroom": _by_headroom,
    "confidence": _by_confidence,
}

CRITERIA = (
    Criterion("size", "Size", "Share of customers.", ATTRACTIVENESS, "share"),
    Criterion(
        "margin", "Margin per customer", "What a customer leaves after serving her.", ATTRACTIVENESS, "margin"
    ),
    Criterion("revenue", "Revenue per customer", "What a customer brings.", ATTRACTIVENESS, "revenue"),
    Criterion(
        "value",
        "Value of a customer",
        "Margin over the periods ahead at today's retention: an assumption.",
        ATTRACTIVENESS,
        "value",
    ),
    Criterion(
        "headroom",
        "Headroom",
        "What a customer would bring more if her segment were like the best in retention or satisfaction.",
        ATTRACTIVENESS,
    ),
    Criterion("csat", "CSAT", "How satisfied they are.", FIT, "csat"),
    Criterion("nps", "NPS", "How likely they are to recommend you.", FIT, "nps"),
    Criterion("retention", "Retention", "How many stay.", FIT, "retention"),
    Criterion("reach", "Reach", "Share who agreed to at least one channel.", FIT),
    Criterion("conversion", "Conversion", "How many do what you want.", FIT, "conversion"),
    Criterion("repeat_rate", "Repeat rate", "How many order again.", FIT, "repeat_rate"),
    Criterion("tickets", "Few support tickets", "How seldom they need help.", FIT, "tickets", -1),
)

_FORMATS = tuple(map(find_kpi, ("share", "revenue", "csat", "nps", "size", "orders")))
"""One KPI for each way of writing a value."""
