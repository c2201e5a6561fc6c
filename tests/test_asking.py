"""Rules as a person types them."""

import pandas as pd
import pytest

import segkit
from segkit.errors import UnusablePlan
from segkit.segments.asking import Line, askable, lines_of, rules_from, typed
from segkit.segments.conditions import AnyOf, Every, Quantity, Test


@pytest.fixture(scope="module")
def customers():
    return segkit.read(
        pd.DataFrame(
            {
                "customer_id": [f"a{place}" for place in range(60)],
                "email": [f"person{place}@example.com" for place in range(60)],
                "age": [20 + place for place in range(60)],
                "plan": ["free", "pro", "plus"] * 20,
                "member": ["Yes", "No"] * 30,
                "last_order": [f"2026-0{1 + place % 9}-15" for place in range(60)],
            }
        )
    )


def test_columns_and_days_can_be_asked_for_but_nothing_personal(customers):
    labels = [one.label for one in askable(customers)]
    assert labels == ["age", "plan", "member", "Days since last_order", "Retained (from dates)"]


@pytest.mark.parametrize(
    ("column", "how", "value", "test"),
    [
        ("age", "at least", "30", Test(Quantity("age"), ">=", (30.0,))),
        ("age", "<", "1 234,5", Test(Quantity("age"), "<", (1234.5,))),
        ("age", "from … to", "30 to 40", Test(Quantity("age"), "between", (30.0, 40.0))),
        ("age", "is", "30; 31", Test(Quantity("age"), "in", (30.0, 31.0))),
        ("plan", "is not", "free; pro", Test(Quantity("plan"), "not in", ("free", "pro"))),
        ("member", "is missing", "", Test(Quantity("member"), "missing")),
        ("Days since last_order", "at most", "90", Test(Quantity("last_order", "days_ago"), "<=", (90.0,))),
    ],
)
def test_what_is_typed_is_understood(customers, column, how, value, test):
    assert typed(customers, column, how, value) == test


@pytest.mark.parametrize(
    ("column", "how", "value", "message"),
    [
        ("email", "is", "x", "cannot ask for “email”"),
        ("plan", "at least", "3", "cannot be compared by “at least”"),
        ("age", "at least", "", "needs a value"),
        ("age", "at least", "old", "“old” is no number"),
        ("age", "from … to", "30", "two values such as 10 to 20"),
    ],
)
def test_what_is_not_understood_is_said(customers, column, how, value, message):
    with pytest.raises(UnusablePlan, match=message):
        typed(customers, column, how, value)


LINES = [
    Line("Young fans", "age", "below", "35"),
    Line("Young fans", "plan", "is", "pro; plus"),
    Line("Young fans", "member", "is", "Yes", True),
    Line("Others", "age", "is known"),
]


def test_lines_of_a_segment_are_joined_by_and_alternatives_by_or(customers):
    rules = rules_from(customers, LINES)
    assert [rule["name"] for rule in rules] == ["Young fans", "Others"]
    young = Test(Quantity("age"), "<", (35.0,))
    wanted = AnyOf(
        (
            Every((young, Test(Quantity("plan"), "in", ("pro", "plus")))),
            Test(Quantity("member"), "in", ("Yes",)),
        )
    )
    assert rules[0]["when"] == wanted.to_dict()
    assert lines_of(rules) == LINES


def test_a_line_that_is_wrong_is_named(customers):
    with pytest.raises(UnusablePlan, match="Line 2 names no segment"):
        rules_from(customers, [LINES[0], Line(" ", "age", "is known")])
    with pytest.raises(UnusablePlan, match="Line 1: Rules cannot ask for “size”"):
        rules_from(customers, [Line("A", "size", "is known")])
