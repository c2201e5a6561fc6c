"""The value of a customer: the formula by hand, its interval, and what it rests on."""

from math import isnan, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segkit.errors import UnusablePlan
from segkit.measures.estimates import Estimate
from segkit.measures.kpis import measure
from segkit.measures.value import Assumptions, value_difference, value_estimate
from tests.test_kpis import grouped, table

RATES = st.floats(0, 1)


def test_five_periods_at_eighty_percent():
    # 100 × (1 + 0.8 / 1.1 + … ) = 100 × (1 − (0.8 / 1.1)^5) / (1 − 0.8 / 1.1)
    rate = 0.8 / 1.1
    found = value_estimate(Estimate(100, 90, 110), Estimate(0.8, 0.7, 0.9), Assumptions())
    assert found.value == pytest.approx(100 * (1 - rate**5) / (1 - rate))


def test_the_interval_is_put_together_from_those_of_margin_and_retention():
    looking = Assumptions(periods=2, discount=0.0)
    found = value_estimate(Estimate(100, 90, 120), Estimate(0.5, 0.4, 0.7), looking)
    assert found.value == 150  # 100 × (1 + 0.5)
    assert found.low == pytest.approx(150 - sqrt(15**2 + 10**2))  # 10 × 1.5 and 100 × 0.1
    assert found.high == pytest.approx(150 + sqrt(30**2 + 20**2))


def test_a_loss_grows_with_loyalty():
    found = value_estimate(Estimate(-10, -12, -8), Estimate(0.9, 0.8, 0.95), Assumptions())
    assert found.low < found.value < found.high < 0


@given(RATES, RATES, st.integers(1, 50))
def test_who_stays_longer_is_worth_more(one, other, periods):
    looking = Assumptions(periods=periods)
    low, high = sorted((one, other))
    assert 1 <= looking.times(low) <= looking.times(high) <= periods


def test_what_is_not_known_gives_no_value():
    assert isnan(value_estimate(Estimate(nan, nan, nan), Estimate(0.5, 0.4, 0.6), Assumptions()).value)
    found = value_estimate(Estimate(5, nan, nan), Estimate(0.5, 0.4, 0.6), Assumptions(periods=1))
    assert found.value == 5
    assert isnan(found.low)
    assert isnan(value_difference(found, Estimate(4, 3, 5)))


def test_equal_values_differ_by_chance_and_clear_ones_do_not():
    assert value_difference(Estimate(5, 4, 6), Estimate(5, 4, 6)) == 1
    assert value_difference(Estimate(9, 8, 10), Estimate(5, 4, 6)) < 0.001
    assert value_difference(Estimate(5, 4, 6), Estimate(9, 8, 10)) < 0.001


@pytest.mark.parametrize(
    "wrong", [{"periods": 0}, {"periods": 3.5}, {"periods": 51}, {"discount": -0.1}, {"margin": 0}]
)
def test_assumptions_out_of_range_are_refused(wrong):
    with pytest.raises(UnusablePlan, match=r"Take "):
        Assumptions(**wrong)


COLUMNS = {
    "id": list(range(40)),
    "revenue": [100.0] * 10 + [90.0] * 10 + [20.0] * 10 + [10.0] * 10,
    "churned": ["No"] * 18 + ["Yes"] * 2 + ["No"] * 8 + ["Yes"] * 12,
}
HALVES = [0] * 20 + [1] * 20


def test_without_cost_the_assumed_margin_of_revenue_counts():
    looking = Assumptions(periods=2, discount=0.0, margin=0.25)
    found = measure(table(**COLUMNS), grouped(HALVES), assumptions=looking)
    assert found.find("S1", "value").value == pytest.approx(0.25 * 95 * (1 + 0.9))
    assert found.find("all", "value").value == pytest.approx(0.25 * 55 * (1 + 26 / 40))
    assert found.find("S1", "value").verdict == "higher"
    assert found.differences["S1", "value"] == pytest.approx(0.25 * (95 * 1.9 - 15 * 1.4))
    assert found.assumptions == looking


def test_with_cost_the_margin_counts_and_the_assumed_one_does_not():
    customers = table(cost=[20.0, 40.0] * 20, **COLUMNS)
    found = measure(customers, grouped(HALVES), assumptions=Assumptions(periods=1, margin=0.25))
    assert found.find("S1", "value").value == pytest.approx(95 - 30)


def test_segments_formed_by_cost_leave_the_value_without_verdict():
    customers = table(cost=list(np.linspace(1, 30, 40)), **COLUMNS)
    assert measure(customers, grouped(HALVES, ("cost",))).find("S1", "value").verdict == "circular"
