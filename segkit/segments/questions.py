"""Questions that place a new customer: the fewest that a person at a counter or on a phone would ask.

A small decision tree is trained on the dimensions. Numbers are cut at readable borders from the start, so
what is asked is what was measured. Tests of one column that follow each other are one question with several
answers. How often a placement is right is counted on customers who were held out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isfinite, isnan, nan
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from segkit.customers.table import Customers
from segkit.labels import listing, percent, plural, readable
from segkit.segments.rules import (
    ColumnTest,
    border_text,
    column_tests,
    day_text,
    inputs_of,
    parted,
    segments_below,
    shortest_between,
    unfitted_tree,
)
from segkit.segments.segmentation import Assignment, Segment

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeClassifier

DEPTHS = (3, 4, 5)  # tests in a row; fewer rarely tell the segments apart, more are an interrogation
WORTH = 0.02  # of accuracy that one more question has to bring
SMALLEST_LEAF = 0.01  # of the customers
FEWEST = 5  # customers below which nothing is said of how often a placement is right
MOST_NAMED = 3  # levels that one answer names; more are "another"
BORDERS = 24  # places at which a number may be cut, evenly among customers
TOLERANCE = 0.5  # of the customers between two places that rounding may move across a border


@dataclass(frozen=True)
class Question:
    """What to ask.

    Attributes
    ----------
    column : str
        The dimension that is asked for.
    text : str
    answers : tuple of str
        One of them fits; they are chosen by their place.
    """

    column: str
    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Placement:
    """Where the answers lead.

    Attributes
    ----------
    segment : Segment
    share : float
        Of the held-out customers with these answers, those who are in the segment; NaN below five.
    customers : int
        Held-out customers with these answers.
    """

    segment: Segment
    share: float
    customers: int

    @property
    def text(self) -> str:
        """The placement as a sentence."""
        if isnan(self.share):
            return f"Most likely “{self.segment.name}”. Too few customers answer like this to say how likely."
        return f"“{self.segment.name}”: {percent(self.share)} of customers who answer like this are in it."


@dataclass(frozen=True)
class Asked:
    """A question, and what follows each of its answers."""

    question: Question
    then: "tuple[Asked | Placement, ...]"


Stage: TypeAlias = "Asked | Placement"


@dataclass(frozen=True)
class Questionnaire:
    """Questions in the order that answers call for.

    Attributes
    ----------
    start : Asked or Placement
    accuracy : float
        Share of held-out customers who are placed in their segment; NaN when fewer than five were.
    least, most : int
        How many questions are asked.
    unreached : tuple of Segment
        Segments to which no answers lead: they are too small or too like others.
    """

    start: Stage
    accuracy: float
    least: int
    most: int
    unreached: tuple[Segment, ...] = ()

    @property
    def first(self) -> Question | Placement:
        """The first question; a placement where nothing needs to be asked."""
        return self.after(())

    def after(self, answers: Sequence[int]) -> Question | Placement:
        """Say what follows some answers.

        Parameters
        ----------
        answers : sequence of int
            The place of the answer to each question so far.

        Raises
        ------
        ValueError
            There are more answers than questions, or a question has no such answer.
        """
        stage = self.start
        for answer in answers:
            if isinstance(stage, Placement) or not 0 <= answer < len(stage.then):
                raise ValueError(f"{answer} answers no question here")
            stage = stage.then[answer]
        return stage if isinstance(stage, Placement) else stage.question

    @property
    def text(self) -> str:
        """How much is asked and how good it is, as a sentence."""
        if not self.most:
            return "There is nothing to ask: all customers are in one segment."
        asked = (
            f"{self.least} to {self.most} questions"
            if self.least < self.most
            else plural(self.most, "question")
        )
        places = "places" if self.most == self.least == 1 else "place"
        if isnan(self.accuracy):
            return f"{asked} {places} a customer. Too few customers to say how often that is right."
        said = f"{asked} {places} {percent(self.accuracy)} of customers in their segment."
        if not self.unreached:
            return said
        missed = listing([f"“{segment.name}”" for segment in self.unreached])
        return f"{said} No answers lead to {missed}."


def questions(customers: Customers, assignment: Assignment, seed: int = 0) -> Questionnaire:
    """Find the questions that place a new customer.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same customers.
    seed : int
        Draws the customers who are held out.

    Returns
    -------
    Questionnaire
        At most five questions; where nothing can be asked, a placement in the largest segment.
    """
    tests = [_cut(test) for test in column_tests(customers, assignment.dimensions)]
    tests = [test for test in tests if len(test.test.values) and test.varies]
    train, held = parted([one.test for one in tests], assignment.codes, seed)
    if not len(train):
        return _unasked(assignment)
    tree = _best_tree(inputs_of([one.test for one in tests]), assignment.codes, train, held, seed)
    return _questionnaire(tree, tests, assignment, held)


def _unasked(assignment: Assignment) -> Questionnaire:
    sizes = assignment.sizes
    largest = int(np.argmax(sizes))
    others = tuple(one for place, one in enumerate(assignment.segments) if place != largest and sizes[place])
    return Questionnaire(Placement(assignment.segments[largest], nan, 0), nan, 0, 0, others)


def _best_tree(
    inputs: np.ndarray, codes: np.ndarray, train: np.ndarray, held: np.ndarray, seed: int
) -> "DecisionTreeClassifier":
    """Take the shallowest tree to which one more question would add little.

    Depths are compared on a part of the customers to learn from, so that those held out stay apart.
    """
    probe, rest = train[::4], np.delete(train, np.s_[::4])
    smallest = max(int(SMALLEST_LEAF * (len(train) + len(held))), min(FEWEST, len(train) // 4), 1)

    def grown(depth: int, rows: np.ndarray) -> "DecisionTreeClassifier":
        return unfitted_tree(depth, smallest, seed).fit(inputs[rows], codes[rows])

    depth, best = DEPTHS[0], -1.0
    for one in DEPTHS if len(rest) else ():
        accuracy = float((grown(one, rest).predict(inputs[probe]) == codes[probe]).mean())
        if accuracy >= best + WORTH * max(one - depth, 1):
            depth, best = one, accuracy
    return grown(depth, train)


# --- readable borders -------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Cut:
    """A test whose values are steps between readable borders; levels and yes/no stay as they are."""

    test: ColumnTest
    borders: tuple[float, ...] = ()

    @property
    def varies(self) -> bool:
        return bool((self.test.values != self.test.values[0]).any())


def _cut(test: ColumnTest) -> _Cut:
    if test.level is not None or test.yes_no is not None:
        return _Cut(test)
    borders = readable_borders(test.values, days=test.date)
    return _Cut(
        replace(test, values=np.searchsorted(borders, test.values, side="left").astype(float)), borders
    )


def readable_borders(values: np.ndarray, days: bool = False) -> tuple[float, ...]:
    """Find round numbers that cut customers about evenly.

    Each border is the number with the fewest digits near a quantile: it moves at most half of the
    customers between two quantiles to the other side.

    Parameters
    ----------
    values : float array
    days : bool
        The values are days since 1970, which have no round numbers.

    Returns
    -------
    tuple of float
        Ascending; a value at a border belongs below it.

    Examples
    --------
    >>> readable_borders(np.arange(1, 7.0))
    (1.0, 2.0, 3.0, 4.0, 5.0)
    """
    ordered = np.sort(values)
    if days or len(np.unique(ordered)) <= BORDERS:
        places = np.unique(ordered)[:-1]
        chosen = (
            places[np.unique(np.linspace(0, len(places) - 1, BORDERS).astype(int))] if len(places) else places
        )
        return tuple(chosen.tolist())
    middle = np.arange(1, BORDERS) / BORDERS
    reach = TOLERANCE / BORDERS
    lows = np.quantile(ordered, middle - reach, method="inverted_cdf")
    highs = np.quantile(ordered, middle + reach, method="inverted_cdf")
    return tuple(
        sorted(
            {
                shortest_between(float(low), float(high)) if low < high else float(low)
                for low, high in zip(lows, highs, strict=True)
                if low < ordered[-1]
            }
        )
    )


# --- from a tree to questions -----------------------------------------------------------------------


def _questionnaire(
    tree: "DecisionTreeClassifier", tests: list[_Cut], assignment: Assignment, held: np.ndarray
) -> Questionnaire:
    inputs, codes = inputs_of([one.test for one in tests])[held], assignment.codes[held]
    start = _Builder(tree, tests, assignment, inputs, codes).stage(0, np.arange(len(held)))
    ends = list(_ends(start))
    reached = {placement.segment.key for placement, _ in ends}
    right = float((tree.predict(inputs) == codes).mean()) if len(held) >= FEWEST else nan
    sizes = assignment.sizes
    return Questionnaire(
        start,
        right,
        min(asked for _, asked in ends),
        max(asked for _, asked in ends),
        tuple(
            one for place, one in enumerate(assignment.segments) if one.key not in reached and sizes[place]
        ),
    )


def _ends(stage: Stage, asked: int = 0) -> Iterator[tuple[Placement, int]]:
    if isinstance(stage, Placement):
        yield stage, asked
    else:
        for one in stage.then:
            yield from _ends(one, asked + 1)


@dataclass(frozen=True, eq=False)
class _Builder:
    """Turns nodes of the tree into questions, and counts held-out customers on the way."""

    tree: "DecisionTreeClassifier"
    tests: list[_Cut]
    assignment: Assignment
    inputs: np.ndarray
    codes: np.ndarray

    def stage(self, node: int, rows: np.ndarray) -> Stage:
        """The question at a node for the held-out customers who come there, or where they are placed."""
        said = segments_below(self.tree, node)
        if len(said) == 1:
            return self._placement(said.pop(), rows)
        column = self._test(node).test.column
        ways = list(self._ways(node, column, rows, ()))
        answers = self._answers(self._test(node).test, [limits for limits, _, _ in ways])
        then = tuple(self.stage(below, there) for _, below, there in ways)
        return Asked(Question(column, f"{readable(column)}?", answers), then)

    def _answers(self, test: ColumnTest, ways: "list[tuple[_Limit, ...]]") -> tuple[str, ...]:
        if test.yes_no is not None:
            return test.yes_no[::-1]
        if test.level is None:
            return tuple(_span_answer(test, limits) for limits in ways)
        named = [limits[-1].cut.test.level or "" for limits in ways[:-1]]
        levels = [one.test.level or "" for one in self.tests if one.test.column == test.column]
        return (*named, _other_levels([level for level in levels if level not in named]))

    def _placement(self, place: int, rows: np.ndarray) -> Placement:
        share = float((self.codes[rows] == place).mean()) if len(rows) >= FEWEST else nan
        return Placement(self.assignment.segments[place], share, len(rows))

    def _test(self, node: int) -> _Cut:
        return self.tests[int(self.tree.tree_.feature[node])]

    def _ways(
        self, node: int, column: str, rows: np.ndarray, limits: "tuple[_Limit, ...]"
    ) -> "Iterator[tuple[tuple[_Limit, ...], int, np.ndarray]]":
        """Follow tests of one column as far as they go; gives the limits, the node and who comes there."""
        inner = self.tree.tree_
        ends = len(segments_below(self.tree, node)) == 1
        if ends or self._test(node).test.column != column:
            yield limits, node, rows
            return
        place, cut = int(inner.feature[node]), float(inner.threshold[node])
        below = self.inputs[rows, place] <= cut
        test = self._test(node)
        left, right = int(inner.children_left[node]), int(inner.children_right[node])
        sides = [
            (left, rows[below], _Limit(test, cut, False)),
            (right, rows[~below], _Limit(test, cut, True)),
        ]
        for side, there, limit in sides if test.borders else sides[::-1]:  # yes, and a level, come first
            yield from self._ways(side, column, there, (*limits, limit))


@dataclass(frozen=True, eq=False)
class _Limit:
    """A side of a test: above a cut of its steps, or not."""

    cut: _Cut
    at: float
    above: bool

    @property
    def border(self) -> float:
        """The value at the cut."""
        return self.cut.borders[int(np.floor(self.at))]


def _other_levels(levels: list[str]) -> str:
    """Name the levels that are left, where they are few."""
    return " or ".join(levels) if 0 < len(levels) <= MOST_NAMED else "Another"


def _span_answer(test: ColumnTest, limits: "tuple[_Limit, ...]") -> str:
    """Say a span of numbers or days."""
    above = max((limit.border for limit in limits if limit.above), default=-np.inf)
    up_to = min((limit.border for limit in limits if not limit.above), default=np.inf)
    low, high = (_border_said(test, border) for border in (above, up_to))
    if not low:
        return f"{high} or {'earlier' if test.date else 'less'}"
    after = f"{'After' if test.date else 'Above'} {low}"
    return f"{after}, up to {high}" if high else after


def _border_said(test: ColumnTest, border: float) -> str:
    if not isfinite(border):
        return ""
    return day_text(border) if test.date else border_text(test.column, border)
