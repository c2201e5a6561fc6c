"""Rules: segments as a few conditions that a CRM can use.

A shallow decision tree is trained to tell the segments from the dimensions as they stand in the file.
Each of its leaves is a sentence and an SQL condition, with precision (how many of those it finds are in
the segment) and recall (how many of the segment it finds), both on customers it was not trained on.
Conditions that change nothing for any customer of the table are left out. A border in a rule is the shortest
number that parts the same customers, so words and SQL say the same.

Segments that were made by rules need no such tree: their own rules are said, and they are exact.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from math import nan
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from segkit.customers.table import Customers
from segkit.labels import number, percent, quantity
from segkit.segments.cards import RuleCard, Tree
from segkit.segments.conditions import AnyOf, Condition, Every, Quantity, exact
from segkit.segments.features import MOST_LEVELS, level_counts, numeric
from segkit.segments.sampling import content_order, sampled
from segkit.segments.segmentation import Assignment, Segment, Segmentation, day_of
from segkit.sql_literals import quoted, text

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeClassifier

DEPTH = 6  # conditions in a rule at most; with four, one segment of eight could not be found in real tables
LEAVES = 2  # per segment; more made rules longer and hardly better
SMALLEST_LEAF = 0.01  # of the customers; smaller leaves are accidents
HELD_OUT = 3  # of ten customers
MOST_CUSTOMERS = 70_000
MOST_DIGITS = 17  # no number of double precision needs more


@dataclass(frozen=True)
class Rule:
    """How to find most of a segment.

    Attributes
    ----------
    segment : Segment
    sentences : tuple of str
        A customer who meets any of them is found.
    sql : str
        The same as a WHERE condition; empty when there is no rule for the segment.
    precision, recall : float
        On held-out customers, 0 to 1; NaN when nobody is found. On all customers for an exact rule.
    exact : bool
        The segment was made by this very rule.
    """

    segment: Segment
    sentences: tuple[str, ...]
    sql: str
    precision: float
    recall: float
    exact: bool = False


def rules(
    customers: Customers, assignment: Assignment, seed: int = 0, segmentation: Segmentation | None = None
) -> list[Rule]:
    """Find the rule of every segment.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
    seed : int
        Draws the customers who are held out.
    segmentation : Segmentation, optional
        What the customers were assigned by; where that is rules only, these are said.

    Returns
    -------
    list of Rule
        In the order of the segments.
    """
    if segmentation is not None and all(isinstance(card, RuleCard) for card in segmentation.tree.cards()):
        return _own_rules(customers, assignment, segmentation)
    tests = column_tests(customers, assignment.dimensions)
    train, held = parted(tests, assignment.codes, seed)
    if not len(train):
        return [Rule(segment, (), "", nan, nan) for segment in assignment.segments]
    inputs, codes = inputs_of(tests), assignment.codes
    smallest = max(int(SMALLEST_LEAF * (len(train) + len(held))), 1)
    tree = unfitted_tree(DEPTH, smallest, seed, max(LEAVES * len(assignment.segments), 2))
    tree.fit(inputs[train], codes[train])
    said, there = tree.predict(inputs[held]), codes[held]
    leaves = _leaves(tree, tests)
    written = {place: _written(ways, tests) for place, ways in leaves.items()}
    return [
        _rule(segment, written.get(place, []), said == place, there == place)
        for place, segment in enumerate(assignment.segments)
    ]


def _rule(segment: Segment, leaves: list[tuple[str, str]], found: np.ndarray, there: np.ndarray) -> Rule:
    sql = "\n   OR ".join(f"({condition})" for _, condition in leaves)
    return Rule(segment, tuple(capital(words) for words, _ in leaves), sql, *_quality(found, there))


def capital(words: str) -> str:
    """Begin a sentence."""
    return words[:1].upper() + words[1:]


def _quality(found: np.ndarray, there: np.ndarray) -> tuple[float, float]:
    """Precision and recall; NaN where nobody is found or there."""
    hits = float((found & there).sum())
    return hits / float(found.sum()) if found.any() else nan, hits / float(
        there.sum()
    ) if there.any() else nan


# --- what can be tested -----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ColumnTest:
    """A column that a tree can test: a number, a yes/no, a day, or whether a level holds.

    Attributes
    ----------
    column : str
    values : float array
        One per customer, missing ones as the median; days count from 1970.
    level : str, optional
        The level that holds (1) or not (0).
    yes_no : tuple of str, optional
        How no and yes are called.
    date : bool
    middle : float
        What missing ones count as.
    missing : bool
        Whether there are any.
    """

    column: str
    values: np.ndarray
    level: str | None = None
    yes_no: tuple[str, str] | None = None
    date: bool = False
    middle: float = 0.0
    missing: bool = False

    def border(self, cut: float) -> float:
        """The shortest number that parts customers as a cut does; the tree compares in single precision."""
        below = self.values.astype(np.float32) <= cut
        low, high = float(self.values[below].max()), float(self.values[~below].min())
        return low if self.date else shortest_between(low, high)


def column_tests(customers: Customers, dimensions: tuple[str, ...]) -> list[ColumnTest]:
    """List what can be tested of some columns; texts, and columns without any value, cannot."""
    frame = customers.frame
    return [
        test
        for name in dimensions
        if name in frame and frame[name].notna().any()
        for test in _tests_of(name, frame[name])
    ]


def _tests_of(name: str, values: pd.Series) -> list[ColumnTest]:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        days = values.to_numpy().astype("datetime64[D]")
        known = np.where(np.isnat(days), np.nan, days.astype(float))
        return [replace(_number_test(name, known), date=True)]
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return [_number_test(name, numeric(values))] if pd.api.types.is_numeric_dtype(values.dtype) else []
    labels = [str(level) for level in values.cat.categories]
    if values.cat.ordered:
        return [replace(_number_test(name, numeric(values)), yes_no=(labels[0], labels[-1]))]
    frequent = sorted(list(level_counts(values))[:MOST_LEVELS])
    return [ColumnTest(name, (values == level).to_numpy(dtype=float), level) for level in frequent]


def _number_test(name: str, values: np.ndarray) -> ColumnTest:
    unknown = np.isnan(values)
    known = np.sort(values[~unknown])
    middle = float(known[len(known) // 2]) if len(known) else 0.0  # a value of the file, also between two
    return ColumnTest(name, np.where(unknown, middle, values), middle=middle, missing=bool(unknown.any()))


def inputs_of(tests: list[ColumnTest]) -> np.ndarray:
    """Put tests side by side, float32, shape (customers, tests)."""
    return np.column_stack([test.values for test in tests]).astype(np.float32)


def parted(tests: list[ColumnTest], codes: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw the customers to learn from, and those who are held out.

    Returns
    -------
    train, held : int arrays
        Rows of customers who are in a segment, whatever the order of the table; none where there is nothing
        to learn.
    """
    nobody = np.array([], dtype=int)
    if not tests:
        return nobody, nobody
    rows = content_order(np.column_stack([inputs_of(tests), codes.astype(np.float32)]), seed)
    rows = sampled(rows[codes[rows] >= 0], MOST_CUSTOMERS)
    if len(rows) < 2:
        return nobody, nobody
    held = np.arange(len(rows)) * HELD_OUT % 10 < HELD_OUT  # equal customers stand together: some of each
    return rows[~held], rows[held]


def shortest_between(low: float, high: float) -> float:
    """Find the number with the fewest digits that is at least `low` and below `high`.

    Examples
    --------
    >>> shortest_between(38.2, 45.9), shortest_between(1234567.25, 1234568.5), shortest_between(0.5, 1.0)
    (40.0, 1234568.0, 0.5)
    >>> shortest_between(-7.0, -2.5), shortest_between(-1.0, 3.0)
    (-7.0, 0.0)
    """
    if low <= 0 < high:
        return 0.0
    least, beyond = Decimal(repr(low)), Decimal(repr(high))
    top = max(abs(least), abs(beyond)).adjusted()
    for digits in range(MOST_DIGITS):
        step = Decimal(1).scaleb(top - digits)
        found = (least / step).to_integral_value(ROUND_CEILING) * step
        if found < beyond and low <= float(found) < high:
            return float(found)
    return low


def border_text(column: str, border: float) -> str:
    """Write a border with all of its digits.

    Examples
    --------
    >>> border_text("spend", 1234.5), border_text("Year_Birth", 1971.0), border_text("share", 0.125)
    ('1,234.5', '1971', '0.125')
    """
    plain = quantity(column, border)
    decimals = -int(Decimal(repr(border)).normalize().as_tuple().exponent)
    return plain if decimals <= 0 else number(border, decimals)


# --- leaves to conditions ---------------------------------------------------------------------------


Limits = dict[int, tuple[float, float]]
"""What a leaf asks: by test, above what and up to what."""


def unfitted_tree(
    depth: int, smallest: int, seed: int, most_leaves: int | None = None
) -> "DecisionTreeClassifier":
    """A tree of at most this depth, each leaf with at least `smallest` customers."""
    from sklearn.tree import DecisionTreeClassifier  # only here: it takes longer to load than all of segkit

    return DecisionTreeClassifier(
        max_depth=depth, max_leaf_nodes=most_leaves, min_samples_leaf=smallest, random_state=seed
    )


def _leaves(tree: "DecisionTreeClassifier", tests: list[ColumnTest]) -> dict[int, list[Limits]]:
    """Walk the tree; give each segment the limits of its leaves."""
    inner = tree.tree_
    leaves: dict[int, list[Limits]] = {}

    def walk(node: int, limits: Limits) -> None:
        said = segments_below(tree, node)
        if len(said) == 1:
            leaves.setdefault(said.pop(), []).append(limits)
            return
        place = int(inner.feature[node])
        cut = tests[place].border(float(inner.threshold[node]))
        low, high = limits.get(place, (-np.inf, np.inf))
        walk(inner.children_left[node], limits | {place: (low, min(high, cut))})
        walk(inner.children_right[node], limits | {place: (max(low, cut), high)})

    walk(0, {})
    return leaves


def _written(leaves: list[Limits], tests: list[ColumnTest]) -> list[tuple[str, str]]:
    """Write the leaves of a segment as (sentence, condition), as short as they can be."""
    return [
        _all_of([_condition(tests[place], *bounds) for place, bounds in limits.items()])
        for limits in _shortened(leaves, tests)
    ]


def _shortened(leaves: list[Limits], tests: list[ColumnTest]) -> list[Limits]:
    """Leave out conditions, and then leaves, without which the same customers are found."""
    found = np.any([_within(limits, tests) for limits in leaves], axis=0)
    short = [_without_idle(limits, tests, found) for limits in leaves]
    kept = sorted(short, key=lambda limits: -int(_within(limits, tests).sum()))
    for limits in kept[::-1]:  # the smallest first
        others = [_within(other, tests) for other in kept if other is not limits]
        if others and bool((np.any(others, axis=0) == found).all()):
            kept = [other for other in kept if other is not limits]
    return kept


def _within(limits: Limits, tests: list[ColumnTest]) -> np.ndarray:
    """Which customers a leaf finds."""
    inside = np.ones(len(tests[0].values), bool)
    for place, (low, high) in limits.items():
        inside &= (tests[place].values > low) & (tests[place].values <= high)
    return inside


def _without_idle(limits: Limits, tests: list[ColumnTest], found: np.ndarray) -> Limits:
    """Leave out every condition without which a leaf finds nobody else than the segment's leaves do."""
    for place in limits:
        fewer = {other: bounds for other, bounds in limits.items() if other != place}
        if not (_within(fewer, tests) & ~found).any():
            limits = fewer
    return limits


def segments_below(tree: "DecisionTreeClassifier", node: int) -> set[int]:
    """The segments that the leaves below a node stand for: a split between equals is none."""
    left, right = tree.tree_.children_left[node], tree.tree_.children_right[node]
    if left == right:
        return {int(tree.classes_[np.argmax(tree.tree_.value[node][0])])}
    return segments_below(tree, left) | segments_below(tree, right)


def _all_of(conditions: list[tuple[str, str]]) -> tuple[str, str]:
    if not conditions:
        return "every customer", "1 = 1"
    return " and ".join(words for words, _ in conditions), " AND ".join(sql for _, sql in conditions)


def _condition(test: ColumnTest, low: float, high: float) -> tuple[str, str]:
    """Write low < value <= high as words and as SQL."""
    name, column = Quantity(test.column).text, quoted(test.column)
    if test.level is not None:
        if high == np.inf:
            return f"{name} is “{test.level}”", f"{column} = {text(test.level)}"
        return f"{name} is not “{test.level}”", f"({column} <> {text(test.level)} OR {column} IS NULL)"
    if test.yes_no is not None:
        label = test.yes_no[int(high == np.inf)]
        return f"{name} is “{label}”", _or_missing(test, column, f"{column} = {text(label)}", low, high)
    words, sql = _day_limits(test, low, high) if test.date else _number_limits(test, low, high)
    return f"{name} {' and '.join(words)}", _or_missing(test, column, " AND ".join(sql), low, high)


def _number_limits(test: ColumnTest, low: float, high: float) -> tuple[list[str], list[str]]:
    words, sql = [], []
    if low > -np.inf:
        words.append(f"above {border_text(test.column, low)}")
        sql.append(f"{quoted(test.column)} > {exact(low)}")
    if high < np.inf:
        words.append(f"at most {border_text(test.column, high)}")
        sql.append(f"{quoted(test.column)} <= {exact(high)}")
    return words, sql


def _day_limits(test: ColumnTest, low: float, high: float) -> tuple[list[str], list[str]]:
    words, sql = [], []
    column = f"CAST({quoted(test.column)} AS DATE)"
    if low > -np.inf:
        words.append(f"after {day_text(low)}")
        sql.append(f"{column} > DATE '{day_text(low)}'")
    if high < np.inf:
        words.append(f"on {day_text(high)} or earlier")
        sql.append(f"{column} <= DATE '{day_text(high)}'")
    return words, sql


def day_text(day: float) -> str:
    """Write a day that is counted from 1970.

    Examples
    --------
    >>> day_text(19783.0)
    '2024-03-01'
    """
    return str(np.datetime64(int(day), "D"))


def _or_missing(test: ColumnTest, column: str, sql: str, low: float, high: float) -> str:
    """Missing values count as the median, as in the segmentation."""
    return f"({sql} OR {column} IS NULL)" if test.missing and low < test.middle <= high else sql


# --- rules that segments were made by ---------------------------------------------------------------


def _own_rules(customers: Customers, assignment: Assignment, segmentation: Segmentation) -> list[Rule]:
    frame, day = segmentation.read_alike(customers), day_of(customers, segmentation.plan)
    ways = list(_ways(segmentation.tree))
    found = []
    for place, segment in enumerate(assignment.segments):
        there = assignment.codes == place
        own = [way for way in ways if way.end == place]
        alone = [way.alone for way in own]
        if bool((AnyOf(tuple(alone)).met(frame, day) == there).all()):
            sentences = tuple(capital(condition.text) for condition in alone)
            sql = (alone[0] if len(alone) == 1 else AnyOf(tuple(alone))).sql(day)
        else:
            sentences = tuple(capital(way.text) for way in own)
            sql = f"{_case_sql(segmentation.tree, day)} = {place}"
        found.append(Rule(segment, sentences, sql, *_quality(there, there), exact=True))
    return found


@dataclass(frozen=True)
class _Way:
    """A way through the cards: the conditions that are met on it, those that are not, and its end."""

    met: tuple[Condition, ...]
    unmet: tuple[Condition, ...]
    end: int

    @property
    def alone(self) -> Condition:
        """What is met on it."""
        return self.met[0] if len(self.met) == 1 else Every(self.met)

    @property
    def text(self) -> str:
        """All that it takes, in words."""
        said = [self.alone.text] if self.met else []
        return ", and ".join([*said, f"not ({AnyOf(self.unmet).text})"] if self.unmet else said)


def _ways(tree: Tree, met: tuple[Condition, ...] = (), unmet: tuple[Condition, ...] = ()) -> Iterator[_Way]:
    """List every way through the cards; a rule counts for those who meet none of the rules before it."""
    assert isinstance(tree.card, RuleCard)
    rules = tree.card.rules
    for turn, end in enumerate(tree.ends):
        way = (*met, *rules[turn : turn + 1])
        before = (*unmet, *rules[:turn])
        if isinstance(end, Tree):
            yield from _ways(end, way, before)
        else:
            yield _Way(way, before, end)


def _case_sql(tree: Tree, day: np.datetime64) -> str:
    """Write a tree of rules as one expression that gives the place of the segment."""
    assert isinstance(tree.card, RuleCard)
    *below, nobody = [_case_sql(end, day) if isinstance(end, Tree) else str(end) for end in tree.ends]
    branches = [f"WHEN {rule.sql(day)} THEN {end}" for rule, end in zip(tree.card.rules, below, strict=True)]
    return " ".join(["CASE", *branches, f"ELSE {nobody} END"])


# --- as a file --------------------------------------------------------------------------------------


def rules_text(found: list[Rule]) -> str:
    """Write all rules as a readable file."""
    made = bool(found) and all(rule.exact for rule in found)
    parts = _EXACT if made else _MEASURED
    return "\n".join([*parts, "", *(line for rule in found for line in _rule_lines(rule))])


_MEASURED = (
    "Rules that find most customers of each segment.",
    "Precision: how many of those found belong to the segment.",
    "Recall: how many of the segment are found.",
    "Both were measured on customers the rules were not made from.",
)
_EXACT = (
    "The rules that the segments are made by.",
    "They find exactly the customers of each segment, so precision and recall are 100 %.",
)


def _rule_lines(rule: Rule) -> list[str]:
    lines = [f"{rule.segment.key}  {rule.segment.name}"]
    if not rule.sentences:
        return [
            *lines,
            "  No short rule finds this segment; use the segmentation itself to score customers.",
            "",
        ]
    lines += [f"  {'or ' if place else ''}{sentence}" for place, sentence in enumerate(rule.sentences)]
    lines.append(f"  precision {percent(rule.precision)}, recall {percent(rule.recall)}")
    return [*lines, f"  SQL: {rule.sql}", ""]
