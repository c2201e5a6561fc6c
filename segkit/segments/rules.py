"""Rules: segments as a few conditions that a CRM can use.

A shallow decision tree is trained to tell the segments from the dimensions as they stand in the file.
Each of its leaves is a sentence and an SQL condition, with precision (how many of those it finds are in
the segment) and recall (how many of the segment it finds), both on customers it was not trained on.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from segkit.customers.table import Customers
from segkit.labels import number, percent, readable
from segkit.segments.features import numeric
from segkit.segments.segmentation import Assignment, Segment

DEPTH = 4
SMALLEST_LEAF = 0.01  # of the customers; smaller leaves are accidents
HELD_OUT = 0.3
MOST_TRAINED_ON = 50_000


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
    missing: bool = False


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
    rows = np.random.default_rng(seed).permutation(len(customers))
    rows = rows[assignment.codes[rows] >= 0][: int(MOST_TRAINED_ON / (1 - HELD_OUT))]
    held = max(int(len(rows) * HELD_OUT), 1)
    inputs = np.column_stack([test.values for test in tests])
    tree = DecisionTreeClassifier(
        max_depth=DEPTH, min_samples_leaf=max(int(SMALLEST_LEAF * len(rows)), 1), random_state=seed
    )
    tree.fit(inputs[rows[held:]], assignment.codes[rows[held:]])
    said = tree.predict(inputs[rows[:held]])
    leaves = _leaves(tree, tests)
    return [
        _rule(segment, leaves.get(place, []), said == place, assignment.codes[rows[:held]] == place)
        for place, segment in enumerate(assignment.segments)
    ]


def _rule(segment: Segment, leaves: list[tuple[str, str]], found: np.ndarray, there: np.ndarray) -> Rule:
    hits = float((found & there).sum())
    precision = hits / found.sum() if found.any() else float("nan")
    recall = hits / there.sum() if there.any() else float("nan")
    sql = "\n   OR ".join(f"({condition})" for _, condition in leaves)
    return Rule(segment, tuple(sentence for sentence, _ in leaves), sql, precision, recall)


def _tests(customers: Customers, dimensions: tuple[str, ...]) -> list[_Test]:
    tests = []
    for name in dimensions:
        values = customers.frame[name]
        if isinstance(values.dtype, pd.CategoricalDtype) and not values.cat.ordered:
            for level in values.cat.categories:
                tests.append(_Test(name, (values == level).to_numpy(dtype=float), str(level)))
        else:
            labels = (
                tuple(map(str, values.cat.categories))
                if isinstance(values.dtype, pd.CategoricalDtype)
                else None
            )
            floats = numeric(values)
            unknown = np.isnan(floats)
            tests.append(
                _Test(
                    name, np.where(unknown, np.nanmedian(floats), floats), None, labels, bool(unknown.any())
                )
            )  # type: ignore[arg-type]
    return tests


def _leaves(tree: DecisionTreeClassifier, tests: list[_Test]) -> dict[int, list[tuple[str, str]]]:
    """Walk the tree; give each segment its leaves as (sentence, condition)."""
    inner = tree.tree_
    leaves: dict[int, list[tuple[str, str]]] = {}

    def walk(node: int, bounds: dict[int, tuple[float, float]]) -> None:
        left, right = inner.children_left[node], inner.children_right[node]
        if left == right:
            segment = int(tree.classes_[np.argmax(inner.value[node][0])])
            said = [_condition(tests[place], *limits) for place, limits in bounds.items()]
            everybody = ("every customer", "1 = 1")
            sentence = " and ".join(words for words, _ in said) or everybody[0]
            leaves.setdefault(segment, []).append(
                (sentence, " AND ".join(sql for _, sql in said) or everybody[1])
            )
            return
        place, cut = int(inner.feature[node]), float(inner.threshold[node])
        low, high = bounds.get(place, (-np.inf, np.inf))
        walk(left, bounds | {place: (low, min(high, cut))})
        walk(right, bounds | {place: (max(low, cut), high)})

    walk(0, {})
    return leaves


def _condition(test: _Test, low: float, high: float) -> tuple[str, str]:
    """Write low < value <= high as words and as SQL."""
    name, column = readable(test.column), _quoted(test.column)
    if test.level is not None:
        text = "'" + test.level.replace("'", "''") + "'"
        if low > 0:
            return f"{name} is “{test.level}”", f"{column} = {text}"
        return f"{name} is not “{test.level}”", f"({column} <> {text} OR {column} IS NULL)"
    if test.yes_no is not None:
        label = test.yes_no[int(low > 0)]
        text = "'" + label.replace("'", "''") + "'"
        return f"{name} is “{label}”", _or_missing(test, column, f"{column} = {text}", low, high)
    words, sql = [], []
    if low > -np.inf:
        words.append(f"above {number(low)}")
        sql.append(f"{column} > {low:.6g}")
    if high < np.inf:
        words.append(f"at most {number(high)}")
        sql.append(f"{column} <= {high:.6g}")
    return f"{name} {' and '.join(words)}", _or_missing(test, column, " AND ".join(sql), low, high)


def _or_missing(test: _Test, column: str, sql: str, low: float, high: float) -> str:
    """Missing values count as the median, as in the segmentation."""
    middle = float(np.median(test.values))
    return f"({sql} OR {column} IS NULL)" if test.missing and low < middle <= high else sql


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def rules_text(found: list[Rule]) -> str:
    """Write all rules as a readable file."""
    parts = [
        "Rules that find most customers of each segment.",
        "Precision: how many of those found belong to the segment. Recall: how many of the segment are found.",
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
