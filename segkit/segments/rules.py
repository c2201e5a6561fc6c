"""Rules: segments as a few conditions that a CRM can use.

A shallow decision tree is trained to tell the segments from the dimensions as they stand in the file.
Each of its leaves is a sentence and an SQL condition, with precision (how many of those it finds are in
the segment) and recall (how many of the segment it finds), both on customers it was not trained on.
The borders in a rule are values that occur in the file, so words and SQL say the same.
"""

from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from segkit.customers.table import Customers
from segkit.labels import percent, quantity, readable
from segkit.segments.clustering import content_order, sampled
from segkit.segments.features import MOST_LEVELS, level_counts, numeric
from segkit.segments.segmentation import Assignment, Segment

DEPTH = 4
SMALLEST_LEAF = 0.01  # of the customers; smaller leaves are accidents
HELD_OUT = 3  # of ten customers
MOST_CUSTOMERS = 70_000


@dataclass(frozen=True)
class Rule:
    """How to find most of a segment.

    Attributes
    ----------
    segment : Segment
    sentences : tuple of str
        One per leaf; a customer who meets any of them is found.
    sql : str
        The same as a WHERE condition; empty when the tree has no leaf for the segment.
    precision, recall : float
        On held-out customers, 0 to 1; NaN when nobody is found.
    """

    segment: Segment
    sentences: tuple[str, ...]
    sql: str
    precision: float
    recall: float


@dataclass(frozen=True)
class _Test:
    """One column of the tree's input: a number, or whether a level holds."""

    column: str
    values: np.ndarray
    level: str | None = None
    yes_no: tuple[str, str] | None = None
    middle: float = 0.0
    missing: bool = False

    def border(self, cut: float) -> float:
        """The largest value below a cut of the tree, which compares in single precision."""
        return float(self.values[self.values.astype(np.float32) <= cut].max())


def rules(customers: Customers, assignment: Assignment, seed: int = 0) -> list[Rule]:
    """Find the rule of every segment.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
    seed : int
        Draws the customers who are held out.
    """
    tests = _tests(customers, assignment.dimensions)
    inputs = np.column_stack([test.values for test in tests]).astype(np.float32)
    rows = content_order(inputs, seed)
    rows = sampled(rows[assignment.codes[rows] >= 0], MOST_CUSTOMERS)
    if len(rows) < 2:
        return [Rule(segment, (), "", nan, nan) for segment in assignment.segments]
    held = np.arange(len(rows)) * HELD_OUT % 10 < HELD_OUT  # equal customers stand together: some of each
    tree = DecisionTreeClassifier(
        max_depth=DEPTH, min_samples_leaf=max(int(SMALLEST_LEAF * len(rows)), 1), random_state=seed
    )
    tree.fit(inputs[rows[~held]], assignment.codes[rows[~held]])
    said, there = tree.predict(inputs[rows[held]]), assignment.codes[rows[held]]
    leaves = _leaves(tree, tests)
    return [
        _rule(segment, leaves.get(place, []), said == place, there == place)
        for place, segment in enumerate(assignment.segments)
    ]


def _rule(segment: Segment, leaves: list[tuple[str, str]], found: np.ndarray, there: np.ndarray) -> Rule:
    hits = float((found & there).sum())
    precision = hits / float(found.sum()) if found.any() else nan
    recall = hits / float(there.sum()) if there.any() else nan
    sql = "\n   OR ".join(f"({condition})" for _, condition in leaves)
    return Rule(segment, tuple(sentence for sentence, _ in leaves), sql, precision, recall)


def _tests(customers: Customers, dimensions: tuple[str, ...]) -> list[_Test]:
    return [test for name in dimensions for test in _tests_of(name, customers.frame[name])]


def _tests_of(name: str, values: pd.Series) -> list[_Test]:
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return [_number_test(name, values)]
    labels = [str(level) for level in values.cat.categories]
    if values.cat.ordered:
        return [_number_test(name, values, (labels[0], labels[-1]))]
    frequent = sorted(list(level_counts(values))[:MOST_LEVELS])
    return [_Test(name, (values == level).to_numpy(dtype=float), level) for level in frequent]


def _number_test(name: str, values: pd.Series, yes_no: tuple[str, str] | None = None) -> _Test:
    floats = numeric(values)
    unknown = np.isnan(floats)
    middle = float(np.median(floats[~unknown])) if not unknown.all() else 0.0
    filled = np.where(unknown, middle, floats)
    return _Test(name, filled, yes_no=yes_no, middle=middle, missing=bool(unknown.any()))


def _leaves(tree: DecisionTreeClassifier, tests: list[_Test]) -> dict[int, list[tuple[str, str]]]:
    """Walk the tree; give each segment its leaves as (sentence, condition)."""
    inner = tree.tree_
    leaves: dict[int, list[tuple[str, str]]] = {}

    def walk(node: int, bounds: dict[int, tuple[float, float]]) -> None:
        said = _segments_below(tree, node)
        if len(said) == 1:
            found = [_condition(tests[place], *limits) for place, limits in bounds.items()]
            leaves.setdefault(said.pop(), []).append(_all_of(found))
            return
        place = int(inner.feature[node])
        cut = tests[place].border(float(inner.threshold[node]))
        low, high = bounds.get(place, (-np.inf, np.inf))
        walk(inner.children_left[node], bounds | {place: (low, min(high, cut))})
        walk(inner.children_right[node], bounds | {place: (max(low, cut), high)})

    walk(0, {})
    return leaves


def _segments_below(tree: DecisionTreeClassifier, node: int) -> set[int]:
    """The segments that the leaves below a node stand for: a split between equals is none."""
    left, right = tree.tree_.children_left[node], tree.tree_.children_right[node]
    if left == right:
        return {int(tree.classes_[np.argmax(tree.tree_.value[node][0])])}
    return _segments_below(tree, left) | _segments_below(tree, right)


def _all_of(conditions: list[tuple[str, str]]) -> tuple[str, str]:
    if not conditions:
        return "every customer", "1 = 1"
    return " and ".join(words for words, _ in conditions), " AND ".join(sql for _, sql in conditions)


def _condition(test: _Test, low: float, high: float) -> tuple[str, str]:
    """Write low < value <= high as words and as SQL."""
    name, column = readable(test.column), _quoted(test.column)
    if test.level is not None:
        if high == np.inf:
            return f"{name} is “{test.level}”", f"{column} = {_text(test.level)}"
        return f"{name} is not “{test.level}”", f"({column} <> {_text(test.level)} OR {column} IS NULL)"
    if test.yes_no is not None:
        label = test.yes_no[int(high == np.inf)]
        return f"{name} is “{label}”", _or_missing(test, column, f"{column} = {_text(label)}", low, high)
    words, sql = [], []
    if low > -np.inf:
        words.append(f"above {quantity(test.column, low)}")
        sql.append(f"{column} > {_exact(low)}")
    if high < np.inf:
        words.append(f"at most {quantity(test.column, high)}")
        sql.append(f"{column} <= {_exact(high)}")
    return f"{name} {' and '.join(words)}", _or_missing(test, column, " AND ".join(sql), low, high)


def _or_missing(test: _Test, column: str, sql: str, low: float, high: float) -> str:
    """Missing values count as the median, as in the segmentation."""
    return f"({sql} OR {column} IS NULL)" if test.missing and low < test.middle <= high else sql


def _exact(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _text(level: str) -> str:
    return "'" + level.replace("'", "''") + "'"


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def rules_text(found: list[Rule]) -> str:
    """Write all rules as a readable file."""
    parts = [
        "Rules that find most customers of each segment.",
        "Precision: how many of those found belong to the segment.",
        "Recall: how many of the segment are found.",
        "Both were measured on customers the rules were not made from.",
        "",
    ]
    for rule in found:
        parts.append(f"{rule.segment.key}  {rule.segment.name}")
        if not rule.sentences:
            parts += [
                "  No short rule finds this segment; use the segmentation itself to score customers.",
                "",
            ]
            continue
        parts += [f"  {'or ' if place else ''}{sentence}" for place, sentence in enumerate(rule.sentences)]
        parts.append(f"  precision {percent(rule.precision)}, recall {percent(rule.recall)}")
        parts += [f"  SQL: {rule.sql}", ""]
    return "\n".join(parts)
