"""Why here: what put one customer into her segment, and what speaks for the next one.

A score card adds up what each dimension costs in each segment, so the difference of the costs in two segments
is a sum over dimensions as well. A dimension speaks for her segment by as much as it costs more in the next
one. Where cards are below cards, the card that decided last is explained. Rules explain themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import nan

import numpy as np
import pandas as pd

from segkit.customers.table import Customers
from segkit.labels import listing, quantity
from segkit.segments.cards import NOBODY, RuleCard, Tree
from segkit.segments.conditions import Quantity
from segkit.segments.scorecard import CHUNK, ScoreCard
from segkit.segments.segmentation import Assignment, Segment, Segmentation, day_of

MOST_REASONS = 3  # that a sentence names
MOST_OF_IT = 0.6  # of what speaks for the segment; reasons are named until they make up as much
WORTH_SAYING = 0.1  # of what speaks for the segment; a dimension against it is named from there
BORDER, SURE = 0.6, 0.8  # confidence below which a customer is on the border, and from which she is sure
FEWEST = 5  # customers below which no shares are said
TIE = 1e-9  # costs that differ by less are the same
OUTSIDE = "fits none of the segments"
SIZE = ""  # the "column" of what speaks for a segment only because it is larger


@dataclass(frozen=True)
class Reason:
    """What one dimension says.

    Attributes
    ----------
    column : str
        Empty for how common the segments are.
    value : str
        The customer's own value, as text.
    here, there : float
        What it costs in her segment and in the next one.
    alone : Segment or None
        Where she would be by this dimension alone; None where several segments are as near.
    """

    column: str
    value: str
    here: float
    there: float
    alone: Segment | None = None

    @property
    def difference(self) -> float:
        """How far it speaks for her segment; below 0 for the next one."""
        return self.there - self.here

    @property
    def text(self) -> str:
        """The dimension and its value, inside a sentence."""
        return f"{Quantity(self.column).text} ({self.value})" if self.column else "the size of the segments"


@dataclass(frozen=True)
class Why:
    """Why a customer is in her segment.

    Attributes
    ----------
    segment : Segment or None
        Hers; None where she fits none.
    nearest : Segment or None
        The next nearest one; the nearest of all where she is beyond the limit of every segment.
    confidence : float
    reasons : tuple of Reason
        What each dimension says, what speaks most for her segment first; none where rules decided. For who is
        beyond the limit, how far each dimension is from the nearest segment, the farthest first.
    conditions : tuple of str
        The rules she met, in words.
    beyond : bool
        She is farther from every segment than a customer of it may be.
    """

    segment: Segment | None
    nearest: Segment | None
    confidence: float
    reasons: tuple[Reason, ...] = ()
    conditions: tuple[str, ...] = ()
    beyond: bool = False

    @property
    def finding(self) -> str:
        """The first thing to say, without what speaks against it."""
        return _finding(self) if self.reasons and not self.beyond else self.text.removesuffix(".")

    @property
    def text(self) -> str:
        """The reasons in words.

        Says "this customer", since nobody knows more of her than the table does.
        """
        if self.reasons:
            return _beyond_text(self) if self.beyond else _weighed_text(self)
        here = f"is in “{self.segment.name}”" if self.segment else OUTSIDE
        if self.conditions:
            return f"This customer {here} because of a rule: {' and '.join(self.conditions)}."
        return f"This customer {here}, because no rule for another segment is met."


def why(segmentation: Segmentation, customers: Customers, row: int) -> Why:
    """Explain the segment of one customer.

    Parameters
    ----------
    segmentation : Segmentation
    customers : Customers
    row : int
        Her place in the table, from 0.

    Returns
    -------
    Why

    Raises
    ------
    IndexError
        The table has no such row.
    UnusableSegmentation
        The table lacks a column.
    """
    if not 0 <= row < len(customers):
        raise IndexError(f"there is no row {row} in a table of {len(customers)}")
    frame, day = segmentation.read_alike(customers).iloc[[row]], day_of(customers, segmentation.plan)
    codes, sure = segmentation.tree.assign(frame, day)
    segment = _segment(segmentation, int(codes[0]))
    steps = list(_steps(segmentation.tree, frame, day))
    found = Why(segment, None, float(sure[0]), (), tuple(step.rule for step in steps if step.rule))
    last = steps[-1]
    if last.beyond:
        return _beyond(segmentation, found, last, frame, day)
    return found if isinstance(last.tree.card, RuleCard) else _weighed(segmentation, found, last, frame, day)


def _segment(segmentation: Segmentation, place: int) -> Segment | None:
    return segmentation.segments[place] if place >= 0 else None


# --- her way through the cards ----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Step:
    """A card on her way: what its ends cost, which of them she takes, and the rule she met."""

    tree: Tree
    ends: "list[int | Tree]"
    costs: np.ndarray
    beyond: bool
    rule: str

    @property
    def end(self) -> int:
        """Which end is cheapest."""
        return int(np.argmin(self.costs))


def _steps(tree: Tree, frame: pd.DataFrame, day: np.datetime64) -> Iterator[_Step]:
    single = tree.card.costs(frame, day)
    together, ends = tree.by_end(single)
    out = bool(together[0].min() > tree.card.limit)
    rule = ""
    if isinstance(tree.card, RuleCard) and not out:
        rule = tree.card.rules[int(np.argmin(single[0]))].text
    step = _Step(tree, ends, together[0], out and isinstance(tree.card, ScoreCard), rule)
    yield step
    following = tree.nobody if out else ends[step.end]
    if isinstance(following, Tree):
        yield from _steps(following, frame, day)


def _groups(tree: Tree, ends: "list[int | Tree]") -> list[list[int]]:
    """The outcomes that lead to each end."""
    return [[place for place, one in enumerate(tree.leads_to) if one == end] for end in ends]


def _place(end: "int | Tree", frame: pd.DataFrame, day: np.datetime64) -> int:
    """The segment that an end means for her."""
    return int(end.assign(frame, day)[0][0]) if isinstance(end, Tree) else end


# --- what dimensions say ----------------------------------------------------------------------------


def _weighed(
    segmentation: Segmentation, found: Why, step: _Step, frame: pd.DataFrame, day: np.datetime64
) -> Why:
    """Weigh her segment against the next nearest one."""
    places = [_place(end, frame, day) for end in step.ends]
    own = places[step.end]
    others = [end for end in np.argsort(step.costs, kind="stable") if places[end] not in (own, NOBODY)]
    if not others:
        return found
    card, groups = step.tree.card, _groups(step.tree, step.ends)
    assert isinstance(card, ScoreCard)
    single = card.costs(frame)[0]
    here, there = (min(groups[end], key=lambda outcome: single[outcome]) for end in (step.end, others[0]))
    segments = [_segment(segmentation, place) for place in places]
    reasons = [
        Reason(cost.name, _said(frame, cost.name), row[here], row[there], _alone(row, groups, segments))
        for cost in card.dimensions
        for row in [cost.costs(frame[cost.name])[0].tolist()]
    ]
    if card.constants[here] != card.constants[there]:
        reasons.append(Reason(SIZE, "", card.constants[here], card.constants[there]))
    ordered = sorted(reasons, key=lambda reason: -reason.difference)
    return replace(found, nearest=segments[others[0]], reasons=tuple(ordered))


def _alone(costs: list[float], groups: list[list[int]], segments: list[Segment | None]) -> Segment | None:
    """Where one dimension alone would put her; None where two ends are as near."""
    cheapest = [min(costs[outcome] for outcome in group) for group in groups]
    first, *others = np.argsort(cheapest, kind="stable")
    clear = not others or cheapest[others[0]] - cheapest[first] > TIE
    return segments[first] if clear else None


def _beyond(
    segmentation: Segmentation, found: Why, step: _Step, frame: pd.DataFrame, day: np.datetime64
) -> Why:
    """Say which dimensions are far from the nearest segment."""
    card = step.tree.card
    assert isinstance(card, ScoreCard)
    nearest = _segment(segmentation, _place(step.ends[step.end], frame, day))
    outcome = int(np.argmin(card.costs(frame)[0]))
    reasons = [
        Reason(cost.name, _said(frame, cost.name), float(cost.costs(frame[cost.name])[0, outcome]), 0.0)
        for cost in card.dimensions
    ]
    ordered = sorted(reasons, key=lambda reason: reason.difference)
    return replace(found, nearest=nearest, reasons=tuple(ordered), beyond=True)


def _said(frame: pd.DataFrame, column: str) -> str:
    """Her value, as text."""
    value = frame[column].iloc[0]
    if pd.isna(value):
        return "not known"
    return quantity(column, float(value)) if isinstance(value, float | int | np.number) else str(value)


# --- sentences --------------------------------------------------------------------------------------


def _finding(found: Why) -> str:
    here, there = _called(found.segment), _called(found.nearest)
    if found.confidence < BORDER:
        return f"This customer is on the border of {here} and {there}"
    named = _main_reasons(found.reasons)
    return f"This customer is in {here}" + (f" mainly because of {named}" if named else "")


def _weighed_text(found: Why) -> str:
    named, against = _main_reasons(found.reasons), _opposed(found.reasons)
    if found.confidence < BORDER:
        sides = [f"{named} {_speaks(named)} for {_called(found.segment)}"] if named else []
        if against is not None:
            sides.append(f"{against.text} {'' if sides else 'speaks '}for {_called(found.nearest)}")
        return f"{_finding(found)}{': ' if sides else ''}{', '.join(sides)}."
    if against is not None and against.alone not in (None, found.segment):
        return f"{_finding(found)}; by {against.text} alone it would be {_called(against.alone)}."
    return f"{_finding(found)}."


def _opposed(reasons: tuple[Reason, ...]) -> Reason | None:
    """What speaks most for the next segment, if it says enough."""
    speaking = sum(max(reason.difference, 0.0) for reason in reasons)
    last = reasons[-1]
    return last if last.difference < 0 and -last.difference >= WORTH_SAYING * speaking else None


def _speaks(named: str) -> str:
    return "speak" if " and " in named else "speaks"


def _main_reasons(reasons: tuple[Reason, ...]) -> str:
    """Name what makes up most of what speaks for her segment."""
    wanted = MOST_OF_IT * sum(max(reason.difference, 0.0) for reason in reasons)
    kept: list[Reason] = []
    for reason in reasons[:MOST_REASONS]:
        if reason.difference <= 0 or sum(one.difference for one in kept) >= wanted:
            break
        kept.append(reason)
    return listing([reason.text for reason in kept])


def _beyond_text(found: Why) -> str:
    named = _main_reasons(tuple(replace(one, here=0.0, there=one.here) for one in found.reasons))
    here = f"is in {_called(found.segment)}, since no other segment fits" if found.segment else OUTSIDE
    near = _called(found.nearest) if found.nearest else "What is nearest"
    return f"This customer {here}: {near} is too far away" + (f", because of {named}." if named else ".")


def _called(segment: Segment | None) -> str:
    return f"“{segment.name}”" if segment else "none of the segments"


# --- all customers ----------------------------------------------------------------------------------


def closest_segments(segmentation: Segmentation, customers: Customers) -> dict[str, Segment | None]:
    """Find for each segment the one that is most often the second choice of its customers.

    Parameters
    ----------
    segmentation : Segmentation
    customers : Customers

    Returns
    -------
    dict of str to Segment
        By the key of each segment; None where rules leave no second choice.
    """
    frame, day = segmentation.read_alike(customers), day_of(customers, segmentation.plan)
    count = len(segmentation.segments)
    often = np.zeros((count, count), dtype=int)
    for start in range(0, len(frame), CHUNK):
        codes, second = _choices(segmentation.tree, frame.iloc[start : start + CHUNK], day)
        both = (codes >= 0) & (second >= 0) & (codes != second)
        np.add.at(often, (codes[both], second[both]), 1)
    return {
        segment.key: segmentation.segments[int(np.argmax(row))] if row.any() else None
        for segment, row in zip(segmentation.segments, often, strict=True)
    }


def _choices(tree: Tree, rows: pd.DataFrame, day: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
    """Each row's segment and second choice, by the card that decided last; -1 for none."""
    costs, ends = tree.by_end(tree.card.costs(rows, day))
    order = np.argsort(costs, axis=1, kind="stable")
    out = costs.min(axis=1) > tree.card.limit
    first = _places(ends, order[:, 0], rows, day)
    second = np.full(len(rows), NOBODY)
    if isinstance(tree.card, ScoreCard) and len(ends) > 1:
        second = _places(ends, order[:, 1], rows, day)
    first[out], second[out] = (NOBODY if isinstance(tree.nobody, Tree) else tree.nobody), NOBODY
    for number, end in enumerate([*ends, tree.nobody]):
        here = out if number == len(ends) else (order[:, 0] == number) & ~out
        if isinstance(end, Tree) and here.any():
            first[here], below = _choices(end, rows.loc[here], day)
            second[here] = np.where(below >= 0, below, second[here])
    return first, second


def _places(
    ends: "list[int | Tree]", chosen: np.ndarray, rows: pd.DataFrame, day: np.datetime64
) -> np.ndarray:
    """The segment that each row's end means for it."""
    places = np.full(len(rows), NOBODY)
    for number, end in enumerate(ends):
        here = chosen == number
        if here.any():
            places[here] = end.assign(rows.loc[here], day)[0] if isinstance(end, Tree) else end
    return places


@dataclass(frozen=True)
class Certainty:
    """How sure the customers of a segment are, as shares.

    Attributes
    ----------
    segment : Segment
    customers : int
    border, likely, sure : float
        Confidence below 0.6, from 0.6 to 0.8, and from 0.8; NaN for fewer than five customers.
    """

    segment: Segment
    customers: int
    border: float
    likely: float
    sure: float


def certainty(assignment: Assignment) -> tuple[Certainty, ...]:
    """Share out the customers of each segment by how sure they are in it."""
    bands = np.digitize(assignment.confidence.astype(float), [BORDER, SURE])
    found = []
    for place, segment in enumerate(assignment.segments):
        here = bands[assignment.codes == place]
        enough = len(here) >= FEWEST
        shares = [float((here == band).mean()) if enough else nan for band in range(3)]
        found.append(Certainty(segment, len(here), *shares))
    return tuple(found)
