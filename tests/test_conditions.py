"""Conditions: what is met, said and written as SQL is the same, for whatever columns hold."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from segkit.errors import SegkitError, UnusablePlan
from segkit.segments.conditions import (
    AnyOf,
    Condition,
    Every,
    Quantity,
    Test,
    condition_from,
    exact,
    resolved,
)
from tests.tables import csv_bytes, read_here

KNOWN = Test(Quantity("a"), "known")
PLANS = ("free", "pro", "2")
DAY = np.datetime64("2026-09-30")
TEXTS = ("free", "pro", "it's", "2", "")
NUMBERS = (-1.5, 0.0, 1.0, 2.0, 0.1, 12.345678901234567, 90.0, 1e-7)
DAYS = ("2026-09-30", "2026-07-02", "2024-02-29", "1969-12-31")


# --- words, SQL and customers agree ---------------------------------------------------------------


def comparisons_of(column, look="value", other="", among=NUMBERS):
    """Comparisons of one quantity with some values."""
    values = st.sampled_from(among)
    sizes = st.tuples(st.sampled_from([">=", ">", "<=", "<"]), st.tuples(values))
    sets = st.tuples(st.sampled_from(["in", "not in"]), st.lists(values, min_size=1, max_size=3).map(tuple))
    spans = st.tuples(st.just("between"), st.tuples(values, values))
    gaps = st.tuples(st.sampled_from(["missing", "known"]), st.just(()))
    kinds = [sets, gaps] if column == "plan" else [sizes, sets, spans, gaps]
    return st.one_of(kinds).map(lambda one: Test(Quantity(column, look, other), *one))


TESTS = st.one_of(
    comparisons_of("spend"),
    comparisons_of("spend", "minus", "cost"),
    comparisons_of("plan", among=TEXTS),
    comparisons_of("last order", among=DAYS),
    comparisons_of("last order", "days_ago", among=(-10.0, 0.0, 89.5, 90.0, 1000.0)),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda parts: st.lists(parts, max_size=3).flatmap(
        lambda some: st.sampled_from([Every(tuple(some)), AnyOf(tuple(some))])
    ),
    max_leaves=6,
)
ROW = st.tuples(
    st.none() | st.sampled_from(NUMBERS),
    st.none() | st.sampled_from(NUMBERS),
    st.none() | st.sampled_from(TEXTS),
    st.none() | st.sampled_from([*DAYS, "2026-07-03"]),
)


def frame_of(rows):
    spend, cost, plan, last = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "spend": pd.array(spend, dtype="float64"),
            "cost": pd.array(cost, dtype="float64"),
            "plan": pd.Series(plan, dtype="str").astype("category"),
            "last order": pd.Series(pd.to_datetime(pd.Series(last, dtype="str"))).astype("datetime64[s]"),
        }
    )


def by_sql(frame, condition):
    """The rows that DuckDB's WHERE keeps."""
    with duckdb.connect() as connection:
        connection.execute(
            'CREATE TABLE t (row INT, spend DOUBLE, cost DOUBLE, plan TEXT, "last order" DATE)'
        )
        known = frame.astype(object).where(frame.notna(), None)
        days = [None if day is None else str(day)[:10] for day in known["last order"]]
        rows = zip(range(len(frame)), known["spend"], known["cost"], known["plan"], days, strict=True)
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", [list(row) for row in rows])
        kept = connection.execute(f"SELECT row FROM t WHERE {condition.sql(DAY)}").fetchall()
    return np.isin(np.arange(len(frame)), [row for (row,) in kept])


DAYS_AGO = Quantity("last order", "days_ago")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example([(None, None, None, "2026-07-03")], Test(DAYS_AGO, "in", (89.5,)))  # no day is 89.5 days ago
@example([(None, None, None, "2026-07-03")], Test(DAYS_AGO, "in", (89.5, 89.0)))
@example([(None, None, None, "2026-07-03"), (None,) * 4], Test(DAYS_AGO, "not in", (89.5,)))
@given(rows=st.lists(ROW, min_size=1, max_size=8), condition=CONDITIONS)
def test_sql_keeps_exactly_the_customers_who_meet_a_condition(rows, condition):
    frame = frame_of(rows)
    np.testing.assert_array_equal(by_sql(frame, condition), condition.met(frame, DAY))


@settings(max_examples=100, deadline=None)
@given(condition=CONDITIONS)
def test_a_condition_comes_back_from_json(condition):
    assert condition_from(condition.to_dict()) == condition


# --- a gap meets only "missing" -------------------------------------------------------------------


@pytest.mark.parametrize("how", [">=", ">", "<=", "<", "in", "not in"])
@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        (Quantity("spend"), 0.0),
        (Quantity("spend", "minus", "cost"), 0.0),
        (Quantity("last order", "days_ago"), 0.0),
        (Quantity("last order"), "2026-09-30"),
    ],
)
def test_a_gap_meets_no_comparison(how, quantity, value):
    nothing = frame_of([(None, None, None, None)])
    assert not Test(quantity, how, (value,)).met(nothing, DAY).any()
    assert Test(quantity, "missing").met(nothing, DAY).all()


def test_none_of_no_conditions_and_all_of_none():
    frame = frame_of([(1.0, None, "pro", None), (None, 2.0, None, None)])
    assert Every(()).met(frame, DAY).all()
    assert not AnyOf(()).met(frame, DAY).any()
    assert (Every(()).text, AnyOf(()).text) == ("every customer", "nobody")


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Test(Quantity("NPS"), "in", (9.0, 10.0)), "NPS is 9 or 10"),
        (Test(Quantity("@nps"), "missing"), "NPS is missing"),
        (Test(Quantity("T"), ">", (1.0,)), "T above 1"),
        (Test(Quantity("place"), "in", ("Bed and Breakfast", "Inn")), "place is Bed and Breakfast or Inn"),
        (Test(Quantity("n"), "in", tuple(map(float, range(8)))), "n is 0, 1, 2, 3, 4 or 3 more"),
        (Test(Quantity("MonthlyCharges"), ">", (1234.567,)), "monthly charges above 1,234.567"),
        (Test(Quantity("revenue", "minus", "cost"), "<", (-2.5,)), "revenue minus cost below −2.5"),
        (
            Test(Quantity("last_order", "days_ago"), "between", (0.0, 90.0)),
            "days since last order from 0 to 90",
        ),
        (
            Every((KNOWN, AnyOf((Test(Quantity("b"), "missing"), Test(Quantity("c"), "known"))))),
            "a is known and (b is missing, or c is known)",
        ),
    ],
)
def test_words(condition, words):
    assert condition.text == words


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300))
def test_sql_numbers_are_the_same_numbers(value):
    assert float(exact(value)) == value


# --- roles, kinds and mistakes --------------------------------------------------------------------


@pytest.fixture(scope="module")
def customers():
    rows = [["customer_id", "nps", "plan", "signup_date", "member", "spend"]]
    rows += [
        [f"c{k:03d}", str(k % 11), PLANS[k % 3], f"2026-0{1 + k % 9}-11", ["Yes", "No"][k % 2], str(k * 1.5)]
        for k in range(44)
    ]
    return read_here(csv_bytes(rows))


def test_roles_stand_for_the_columns_that_have_them(customers):
    found = resolved(condition_from({"column": "@nps", "how": ">=", "values": 9}), customers)
    assert found == Test(Quantity("nps"), ">=", (9.0,))


@pytest.mark.parametrize(
    ("given_", "values"),
    [
        ({"column": "plan", "how": "in", "values": [2, "pro"]}, ("2", "pro")),
        ({"column": "spend", "how": "in", "values": ["1.5"]}, (1.5,)),
        ({"column": "member", "how": "in", "values": ["yes"]}, ("Yes",)),
        ({"column": "signup_date", "how": ">=", "values": ["2026-03"]}, ("2026-03-01",)),
    ],
)
def test_values_are_taken_in_the_form_of_their_column(customers, given_, values):
    found = resolved(condition_from(given_), customers)
    assert isinstance(found, Test)
    assert found.values == values
    assert found.met(customers.frame, DAY).any()


@pytest.mark.parametrize("written", [("yes", "no"), ("YES", "NO"), ("ja", "nein")])
def test_yes_is_yes_however_a_column_writes_it(written):
    rows = [["customer_id", "member", "spend"]]
    rows += [[f"c{k:03d}", written[k % 4 > 0], str(k)] for k in range(40)]
    customers = read_here(csv_bytes(rows))
    found = resolved(condition_from({"column": "member", "how": "in", "values": ["Yes"]}), customers)
    assert found.met(customers.frame, DAY).tolist() == [k % 4 == 0 for k in range(40)]


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ("nps > 9; import os", "is no condition"),
        ({"how": ">="}, "names no column"),
        ({"column": "nps", "how": "like", "values": ["9"]}, "is no comparison"),
        ({"column": "nps", "how": ">=", "values": [1, 2]}, "1 value, and 2 were given"),
        ({"column": "nps", "how": "in", "values": []}, "names no value"),
        ({"column": "nps", "how": "in", "values": [True]}, "cannot be compared with"),
        ({"column": "nps", "how": "in", "values": [float("nan")]}, "cannot be compared with"),
        ({"column": "nps", "how": ">=", "values": ["many"]}, "is not a number"),
        ({"column": "nps", "how": ">=", "values": 1, "look": "squared"}, "is no way to look"),
        ({"column": "age", "how": "known"}, "no column “age”"),
        ({"column": "@csat", "how": "known"}, "No column means “CSAT”"),
        ({"column": "@nonsense", "how": "known"}, "is no role"),
        ({"column": "plan", "how": ">=", "values": ["pro"]}, "compares sizes"),
        ({"column": "member", "how": "<", "values": ["Yes"]}, "compares sizes"),
        ({"column": "nps", "look": "days_ago", "how": ">=", "values": [30]}, "asks for a date"),
        ({"column": "spend", "look": "minus", "other": "plan", "how": ">", "values": 0}, "asks for numbers"),
        ({"column": "signup_date", "how": ">=", "values": [30]}, "is not a day"),
        ({"all": 5}, "square brackets"),
        ({"any": [{"column": "nps", "how": "known"}, 3]}, "is no condition"),
    ],
)
def test_mistakes_are_said(customers, given_, message):
    with pytest.raises(SegkitError, match=message):
        resolved(condition_from(given_), customers)


def test_borders_move_where_they_are():
    condition = Every((Test(Quantity("a"), "<=", (90.0,)), Test(Quantity("b"), ">", (90.0,))))
    moved = condition.moved("a", 90.0, 60.0)
    assert moved == Every((Test(Quantity("a"), "<=", (60.0,)), Test(Quantity("b"), ">", (90.0,))))
    same: Condition = moved.moved("c", 60.0, 1.0)
    assert same == moved


def test_a_rule_about_a_number_of_days_needs_whole_numbers_of_values():
    with pytest.raises(UnusablePlan, match="2 values, and 1 were given"):
        Test(Quantity("a"), "between", (1.0,))
