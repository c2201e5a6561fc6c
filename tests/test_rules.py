"""Rules: what the words say, what the SQL finds, and what precision and recall promise."""

import sqlite3

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segkit
from segkit.segments.cards import RuleCard, Tree, flat
from segkit.segments.conditions import Every, Quantity, Test
from segkit.segments.plan import Plan
from segkit.segments.rules import border_text, rules, rules_text, shortest_between
from segkit.segments.segmentation import Assignment, Segment, Segmentation


def grouped(codes, dimensions):
    codes = np.asarray(codes)
    segments = tuple(Segment(f"S{k + 1}", f"Segment {k + 1}", k) for k in range(int(codes.max()) + 1))
    return Assignment(segments, codes, np.ones(len(codes), np.float32), dimensions)


def test_a_border_between_two_numbers_is_found_and_said():
    ages = list(range(18, 68)) * 4
    customers = segkit.read(pd.DataFrame({"id": range(200), "age": ages}))
    young, old = rules(customers, grouped([int(age > 40) for age in ages], ("age",)))
    assert young.sentences == ("Age at most 40",)
    assert young.sql == '("age" <= 40)'
    assert old.sentences == ("Age above 40",)
    assert old.sql == '("age" > 40)'
    assert (young.precision, young.recall, old.precision, old.recall) == (1, 1, 1, 1)


def test_years_are_written_as_years_and_large_borders_exactly():
    years = [1950, 1971, 1972, 1990] * 50
    customers = segkit.read(pd.DataFrame({"id": range(200), "Year_Birth": years}))
    old, _ = rules(customers, grouped([int(year > 1971) for year in years], ("Year_Birth",)))
    assert old.sentences == ("Year birth at most 1971",)
    money = [1234567.25, 1234568.5] * 50
    customers = segkit.read(pd.DataFrame({"id": range(100), "money": money}))
    low, _ = rules(customers, grouped([0, 1] * 50, ("money",)))
    assert low.sql == '("money" <= 1234568)'


def test_levels_and_yes_no_are_named_as_in_the_file():
    frame = pd.DataFrame({"id": range(90), "city": ["O'Hare", "Oslo", "Rome"] * 30, "vip": ["y", "n"] * 45})
    customers = segkit.read(frame)
    here, away = rules(customers, grouped([int(city != "O'Hare") for city in frame["city"]], ("city",)))
    assert here.sentences == ("City is “O'Hare”",)
    assert here.sql == "(\"city\" = 'O''Hare')"
    assert away.sql == "((\"city\" <> 'O''Hare' OR \"city\" IS NULL))"
    yes, _ = rules(customers, grouped([int(vip == "n") for vip in frame["vip"]], ("vip",)))
    assert yes.sql == "(\"vip\" = 'y')"


def random_customers(seed, rows=400):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": range(rows),
            "age": np.where(rng.random(rows) < 0.1, np.nan, rng.integers(18, 80, rows)),
            "spend": rng.lognormal(3, 1, rows).round(2),
            "city": rng.choice(["Rome", "Oslo", "Li'ma", None], rows),
            "vip": rng.choice(["Yes", "No", None], rows, p=[0.4, 0.5, 0.1]),
        }
    )
    customers = segkit.read(frame, kinds={"vip": "yes/no"})
    plan = segkit.Plan(("age", "spend", "city", "vip"), n_segments=4)
    return frame, customers, segkit.segment(customers, plan).assign(customers)


@pytest.mark.parametrize("seed", range(4))
def test_the_sql_finds_each_customer_once_and_as_well_as_promised(seed):
    frame, customers, assignment = random_customers(seed)
    store = sqlite3.connect(":memory:")
    frame.to_sql("customers", store, index=False)
    found = {
        rule.segment.key: {
            row[0] for row in store.execute(f"SELECT id FROM customers WHERE {rule.sql or '1 = 0'}")
        }
        for rule in rules(customers, assignment)
    }
    store.close()
    assert sum(len(ids) for ids in found.values()) == len(frame)  # no customer twice
    assert set.union(*found.values()) == set(frame["id"])
    for rule in rules(customers, assignment):
        ids = sorted(found[rule.segment.key])
        if len(ids) >= 60:
            there = assignment.codes[ids] == int(rule.segment.key[1:]) - 1
            assert there.mean() == pytest.approx(rule.precision, abs=0.2)  # held out against all


@given(st.randoms())
@settings(max_examples=6, deadline=None)
def test_rules_do_not_depend_on_row_order(random):
    frame, customers, assignment = random_customers(9, 200)
    order = list(range(200))
    random.shuffle(order)
    other = segkit.read(frame.iloc[order].reset_index(drop=True), kinds={"vip": "yes/no"})
    shuffled = Assignment(
        assignment.segments, assignment.codes[order], assignment.confidence[order], assignment.dimensions
    )
    assert repr(rules(customers, assignment)) == repr(rules(other, shuffled))


def test_a_segment_without_a_rule_says_so():
    customers = segkit.read(pd.DataFrame({"id": range(400), "x": [k % 7 for k in range(400)]}))
    codes = [0] * 399 + [1]
    found = rules(customers, grouped(codes, ("x",)))
    assert found[0].sentences == ("Every customer",)
    assert found[0].sql == "(1 = 1)"
    assert (found[1].sentences, found[1].sql) == ((), "")
    text = rules_text(found)
    assert "S2  Segment 2\n  No short rule finds this segment" in text
    assert "SQL: (1 = 1)" in text


def test_nobody_assigned_gives_no_rules():
    customers = segkit.read(pd.DataFrame({"id": range(4), "x": [1, 2, 3, 4]}))
    nobody = Assignment((Segment("S1", "One", 0),), np.full(4, -1), np.ones(4, np.float32), ("x",))
    assert [rule.sentences for rule in rules(customers, nobody)] == [()]


def test_an_empty_column_is_no_test():
    frame = pd.DataFrame({"id": range(40), "x": [k % 2 for k in range(40)], "none": [np.nan] * 40})
    customers = segkit.read(frame)
    found = rules(customers, grouped([k % 2 for k in range(40)], ("none", "x")))
    assert all("None" not in sentence for rule in found for sentence in rule.sentences)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_a_border_parts_what_it_should_and_is_written_in_full(one, other):
    low, high = sorted([one, other])
    if low < high:
        border = shortest_between(low, high)
        assert low <= border < high
        assert float(border_text("x", border).replace(",", "").replace("−", "-")) == border


def test_days_are_said_and_compared_as_days():
    days = pd.date_range("2024-01-01", periods=100)
    customers = segkit.read(pd.DataFrame({"id": range(100), "seen": days.strftime("%Y-%m-%d")}))
    assert customers.column("seen").kind == "date"
    early, late = rules(customers, grouped([int(place > 30) for place in range(100)], ("seen",)))
    border = early.sentences[0].removeprefix("Seen on ").removesuffix(" or earlier")
    assert "2024-01-28" < border < "2024-02-05"
    assert early.sql == f"(CAST(\"seen\" AS DATE) <= DATE '{border}')"
    assert late.sentences == (f"Seen after {border}",)


def test_texts_alone_give_no_rule():
    customers = segkit.read(pd.DataFrame({"id": range(40), "note": [f"n{k}" for k in range(40)]}))
    found = rules(customers, grouped([k % 2 for k in range(40)], ("note",)))
    assert [rule.sentences for rule in found] == [(), ()]


# --- segments that rules made -------------------------------------------------------------------------

YOUNG, RICH = Test(Quantity("age"), "<", (30.0,)), Test(Quantity("income"), ">=", (50.0,))
PEOPLE = pd.DataFrame({"id": range(6), "age": [20, 25, 40, 50, 28, 61], "income": [10, 60, 70, 20, None, 50]})


def ruled(tree):
    customers = segkit.read(PEOPLE)
    segments = tuple(Segment(f"S{place + 1}", f"Segment {place + 1}", place) for place in sorted(tree.places))
    segmentation = Segmentation(Plan(), tree, segments, {"age": "number", "income": "number"})
    assignment = segmentation.assign(customers)
    found = rules(customers, assignment, segmentation=segmentation)
    store = sqlite3.connect(":memory:")
    PEOPLE.to_sql("customers", store, index=False)
    for place, rule in enumerate(found):
        ids = {row[0] for row in store.execute(f"SELECT id FROM customers WHERE {rule.sql}")}
        assert ids == set(np.flatnonzero(assignment.codes == place))
        assert (rule.precision, rule.recall, rule.exact) == (1, 1, True)
    store.close()
    return found


def test_rules_that_stand_alone_are_said_as_they_are():
    young, rich = ruled(flat(RuleCard((YOUNG, Every((Test(Quantity("age"), ">=", (30.0,)), RICH))))))
    assert young.sentences == ("Age below 30",)
    assert young.sql == '"age" < 30'
    assert rich.sentences == ("Age at least 30 and income at least 50",)
    text = rules_text([young, rich])
    assert text.startswith("The rules that the segments are made by.")


def test_a_rule_counts_for_those_whom_no_rule_before_it_takes():
    young, rich, rest = ruled(flat(RuleCard((YOUNG, RICH)), nobody=2))
    assert young.sentences == ("Age below 30",)
    assert rich.sentences == ("Income at least 50, and not (age below 30)",)
    assert rich.sql == 'CASE WHEN "age" < 30 THEN 0 WHEN "income" >= 50 THEN 1 ELSE 2 END = 1'
    assert rest.sentences == ("Not (age below 30, or income at least 50)",)


def test_rules_below_rules_are_joined():
    inner = Tree(RuleCard((RICH,)), (0,), 1)
    rich, poor, rest = ruled(Tree(RuleCard((YOUNG,)), (inner,), 2))
    assert rich.sentences == ("Age below 30 and income at least 50",)
    assert poor.sentences == ("Age below 30, and not (income at least 50)",)
    assert rest.sentences == ("Not (age below 30)",)
