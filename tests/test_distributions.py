"""Distributions on tables small enough to count by hand, and the laws that hold for every table."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import segkit
from segkit.customers.table import Column, Customers
from segkit.measures.distributions import (
    LevelShares,
    NumberSpread,
    answer_shares,
    by_segment,
    is_circular,
    most_different,
    showable,
)
from segkit.measures.kpis import measure
from segkit.measures.suppression import shown
from segkit.segments.segmentation import Assignment, Segment


def read(**columns: object) -> Customers:
    frame = pd.DataFrame(columns)
    frame.insert(0, "customer_id", [f"c{place}" for place in range(len(frame))])
    return segkit.read(frame)


def grouped(codes, dimensions=(), count=None):
    codes = np.asarray(codes)
    count = count or int(codes.max()) + 1
    segments = tuple(Segment(f"S{k + 1}", f"Segment {k + 1}", k) for k in range(count))
    return Assignment(segments, codes, np.ones(len(codes), np.float32), dimensions)


def levels(customers, assignment, name) -> LevelShares:
    found = by_segment(customers, assignment, name)
    assert isinstance(found, LevelShares)
    return found


def spread(customers, assignment, name) -> NumberSpread:
    found = by_segment(customers, assignment, name)
    assert isinstance(found, NumberSpread)
    return found


def two_halves(first: list[str], second: list[str]) -> tuple[Customers, Assignment]:
    return read(plan=first + second), grouped([0] * len(first) + [1] * len(second))


def test_shares_gap_and_interval_of_a_table_counted_by_hand():
    customers, assignment = two_halves(["Basic"] * 60 + ["Pro"] * 40, ["Basic"] * 90 + ["Pro"] * 10)
    found = levels(customers, assignment, "plan")
    assert found.levels == ("Basic", "Pro")
    assert [share.value for share in found.groups[0].shares] == [0.6, 0.4]
    assert [share.value for share in found.base.shares] == [0.75, 0.25]
    assert [group.n for group in (*found.groups, found.base)] == [100, 100, 200]
    wilson = stats.binomtest(40, 100).proportion_ci(method="wilson")
    assert (found.groups[0].shares[1].low, found.groups[0].shares[1].high) == pytest.approx(tuple(wilson))
    assert found.groups[0].verdicts == ("lower", "higher")
    gap = found.gap
    assert gap is not None
    assert (gap.name, gap.level, gap.here, gap.everyone) == ("Segment 1", "Pro", 0.4, 0.25)
    assert gap.difference == pytest.approx(0.3)
    assert gap.effect == pytest.approx(2 * np.arcsin(0.4**0.5) - 2 * np.arcsin(0.1**0.5))
    other = stats.binomtest(10, 100).proportion_ci(method="wilson")
    below = np.hypot(0.4 - wilson.low, other.high - 0.1)  # Newcombe 1998, method 10
    assert gap.low == pytest.approx(0.3 - below)


def test_a_difference_that_chance_explains_is_no_finding():
    customers, assignment = two_halves(["A"] * 50 + ["B"] * 50, ["A"] * 52 + ["B"] * 48)
    found = levels(customers, assignment, "plan")
    assert found.gap is None
    assert {mark for group in found.groups for mark in group.verdicts} == {"can't tell"}


def test_few_answers_are_never_the_finding():
    customers = read(plan=["A"] * 100 + ["A"] * 50 + ["B"] * 50 + ["B"] * 20)
    found = levels(customers, grouped([0] * 100 + [1] * 100 + [2] * 20), "plan")
    assert found.groups[2].shares[1].value == 1.0
    assert found.gap is not None
    assert found.gap.segment != "S3"


def test_a_column_that_formed_the_segments_is_described_and_not_tested():
    customers, assignment = two_halves(["A"] * 50, ["B"] * 50)
    found = levels(customers, grouped(assignment.codes, ("plan",)), "plan")
    assert found.circular
    assert {mark for group in found.groups for mark in group.verdicts} == {"circular"}
    assert found.gap is not None
    assert (found.gap.here, found.gap.everyone) == (1.0, 0.5)
    assert np.isnan(found.gap.low)


def test_what_was_computed_from_a_dimension_is_circular_both_ways():
    customers = read(last_order=["2024-01-01", "2024-02-01"], recency=[10, 20])
    object.__setattr__(
        customers, "columns", (*customers.columns, Column("days", "number", "", derived_from=("recency",)))
    )
    assert is_circular(customers, grouped([0, 1], ("recency",)), "days")
    assert is_circular(customers, grouped([0, 1], ("days",)), "recency")
    assert not is_circular(customers, grouped([0, 1], ("days",)), "last_order")


def test_rare_levels_are_pooled_and_missing_ones_counted_apart():
    cities = [f"city {sign}" for place, sign in enumerate("abcdefghijkl") for _ in range(20 - place)]
    customers = read(city=[*cities, None, None])
    found = levels(customers, grouped([0] * 100 + [1] * (len(cities) - 98)), "city")
    assert found.levels == (*(f"city {sign}" for sign in "abcdefgh"), "Other")
    assert found.pooled == 4
    assert found.missing == pytest.approx(2 / (len(cities) + 2))
    assert found.base.shares[-1].value == pytest.approx((12 + 11 + 10 + 9) / len(cities))
    assert sum(share.value for share in found.base.shares) == pytest.approx(1)


def test_levels_that_begin_with_numbers_keep_their_order():
    ages = ["25 to 34"] * 30 + ["18 to 24"] * 20 + ["65+"] * 10
    assert levels(read(age_band=ages), grouped([0, 1] * 30), "age_band").levels == (
        "18 to 24",
        "25 to 34",
        "65+",
    )


def test_whole_numbers_with_few_values_are_levels_in_order():
    found = levels(read(children=[2.0] * 30 + [0.0] * 20 + [1.0] * 10), grouped([0, 1] * 30), "children")
    assert found.levels == ("0", "1", "2")


@pytest.mark.parametrize(
    ("days", "period", "names"),
    [
        (["2024-01-31", "2024-03-01"], "month", ("Jan 2024", "Feb 2024", "Mar 2024")),
        (["2023-02-01", "2024-03-01"], "quarter", ("2023 Q1", "2023 Q2", "2023 Q3", "2023 Q4", "2024 Q1")),
        (["2019-02-01", "2023-03-01"], "year", ("2019", "2020", "2021", "2022", "2023")),
        (["1965-02-01", "2023-03-01"], "year", ("2012 or before", *map(str, range(2013, 2024)))),
    ],
)
def test_dates_are_shared_by_the_finest_period_that_fits(days, period, names):
    found = levels(read(signup_date=days * 20), grouped([0, 1] * 20), "signup_date")
    assert (found.period, found.levels) == (period, names)
    assert [group.shares[0].value for group in found.groups] == [1, 0]


def test_few_answers_are_held_back_and_a_second_segment_with_them():
    customers = read(plan=["A"] * 40 + ["B"] * 30 + ["A"] * 12 + ["B"] * 3)
    found = levels(customers, grouped([0] * 40 + [1] * 30 + [2] * 12 + [3] * 3), "plan")
    assert [bool(group.shares) for group in found.groups] == [True, True, False, False]
    assert [group.n for group in found.groups[2:]] == [0, 0]
    assert found.base.n == 85
    numbers = read(spend=np.arange(85) + 0.5)
    boxes = spread(numbers, grouped([0] * 40 + [1] * 30 + [2] * 12 + [3] * 3), "spend")
    assert [bool(group.quantiles) for group in boxes.groups] == [True, True, False, False]


@pytest.mark.parametrize(
    "answered", [(40, 3, 12), (40, 30, 2, 2), (10, 0, 9), (4, 4, 4), (50, 4, 6, 7), (30, 20, 0)]
)
def test_what_is_held_back_is_what_the_kpi_table_holds_back(answered):
    codes = np.repeat(np.arange(len(answered)), [count + 2 for count in answered])
    known = np.concatenate([[7.0] * count + [np.nan] * 2 for count in answered])
    known[0] = 9.0
    customers = segkit.read(pd.DataFrame({"id": range(len(known)), "nps": known}), roles={"nps": "nps"})
    rows = measure(customers, grouped(codes, count=len(answered))).of("nps")[:-1]
    assert shown(answered, [count + 2 for count in answered]) == [row.verdict != "hidden" for row in rows]


def test_quantiles_and_the_interval_of_the_median():
    rng = np.random.default_rng(3)
    values = rng.normal(50, 10, 400)
    codes = rng.integers(0, 2, 400)
    found = spread(read(spend=values), grouped(codes), "spend")
    mine = values[codes == 0]
    assert found.groups[0].quantiles == pytest.approx(np.quantile(mine, [0.05, 0.25, 0.5, 0.75, 0.95]))
    assert found.base.quantiles == pytest.approx(np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]))
    interval = stats.quantile_test(mine, q=0, p=0.5).confidence_interval(0.95)
    assert (found.groups[0].median.low, found.groups[0].median.high) == pytest.approx(tuple(interval))
    assert not found.log


def test_below_thirty_values_the_ends_of_a_box_are_not_those_of_single_customers():
    found = spread(read(spend=np.arange(80) * 1.5), grouped([0] * 60 + [1] * 20), "spend")
    assert np.isnan([found.groups[1].quantiles[0], found.groups[1].quantiles[-1]]).all()
    assert np.isnan(found.groups[1].median.low)
    assert found.groups[1].quantiles[2] == pytest.approx(np.median(np.arange(60, 80) * 1.5))


def test_a_strong_skew_asks_for_a_log_scale_and_the_finding_is_a_median():
    rng = np.random.default_rng(5)
    values = np.concatenate([rng.lognormal(3, 1.2, 300), rng.lognormal(5, 1.2, 300)])
    found = spread(read(spend=values), grouped([0] * 300 + [1] * 300), "spend")
    assert found.log
    assert found.gap is not None
    assert abs(found.gap.effect) > 0.8
    assert found.gap.everyone == pytest.approx(np.median(values))
    assert not spread(read(spend=values - 20), grouped([0] * 300 + [1] * 300), "spend").log


def test_numbers_alike_everywhere_are_no_finding():
    rng = np.random.default_rng(7)
    assert spread(read(spend=rng.normal(size=900)), grouped(rng.integers(0, 3, 900)), "spend").gap is None


def test_means_that_differ_under_medians_that_do_not_are_told_as_means():
    answers = [3.0] * 60 + list(np.linspace(3.1, 5, 40)) + [3.0] * 60 + list(np.linspace(1, 2.9, 40))
    found = spread(read(satisfaction=answers), grouped([0] * 100 + [1] * 100), "satisfaction")
    assert found.gap is None
    assert found.means is not None
    assert (found.means.here, found.means.rest) == pytest.approx(
        (np.mean(answers[:100]), np.mean(answers[100:]))
    )
    assert (found.means.name, found.means.effect > 0) == ("Segment 1", True)


def test_a_difference_of_means_is_left_to_the_medians_where_they_say_it():
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 2, 400)
    shifted = spread(read(spend=rng.normal(size=400) + codes), grouped(codes), "spend")
    assert shifted.gap is not None
    assert shifted.means is None
    assert spread(read(spend=rng.normal(size=400)), grouped(codes), "spend").means is None


@pytest.mark.parametrize("name", ["plan", "spend", "joined", "vip"])
def test_the_order_of_rows_does_not_matter(name):
    rng = np.random.default_rng(11)
    codes = rng.integers(-1, 3, 500)
    frame = {
        "plan": rng.choice(["A", "B", "C"], 500),
        "spend": rng.lognormal(3, 1, 500),
        "joined": pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 700, 500), unit="D"),
        "vip": rng.choice(["yes", "no"], 500),
    }
    order = rng.permutation(500)
    there = by_segment(read(**frame), grouped(codes, count=3), name)
    moved = by_segment(
        read(**{key: np.asarray(value)[order] for key, value in frame.items()}),
        grouped(codes[order], count=3),
        name,
    )
    assert repr(there) == repr(moved)
    assert there is not None
    assert [group.key for group in there.groups] == ["S1", "S2", "S3", "none"]


def test_answers_point_by_point_with_the_mean_of_the_kpi_table():
    answers = [5, 5, 4, 3, 1, 2, 5, 4] * 10
    customers = read(csat=answers)
    assignment = grouped([0, 1] * 40)
    found = answer_shares(customers, assignment)
    assert found is not None
    assert found.levels == ("1", "2", "3", "4", "5")
    assert [share.value for share in found.base.shares] == [0.125, 0.125, 0.125, 0.25, 0.375]
    for group, row in zip(
        (*found.groups, found.base), measure(customers, assignment).of("csat"), strict=True
    ):
        assert (group.mean.value, group.mean.low, group.mean.high) == (row.value, row.low, row.high)


def test_long_scales_are_shown_in_three_bands():
    customers = segkit.read(
        pd.DataFrame({"id": range(44), "csat": list(range(11)) * 4}), roles={"csat": "csat"}, scale=(0, 10)
    )
    found = answer_shares(customers, grouped([0, 1] * 22))
    assert found is not None
    assert found.levels == ("Low (0–3)", "Middle (4–6)", "High (7–10)")
    assert [share.value for share in found.base.shares] == pytest.approx([4 / 11, 3 / 11, 4 / 11])


def test_personal_data_ids_and_texts_are_not_shown():
    customers = segkit.read(
        pd.DataFrame(
            {
                "customer_id": [f"c{place}" for place in range(40)],
                "email": [f"someone{place}@example.com" for place in range(40)],
                "plan": ["A", "B"] * 20,
            }
        )
    )
    assert [one.name for one in showable(customers)] == ["plan"]
    assert by_segment(customers, grouped([0, 1] * 20), "email") is None
    assert by_segment(customers, grouped([0, 1] * 20), "nothing") is None


def test_the_column_that_differs_most_is_found():
    rng = np.random.default_rng(13)
    codes = rng.integers(0, 3, 600)
    customers = read(
        noise=rng.normal(size=600),
        spend=rng.normal(size=600) + codes * 0.5,
        plan=np.where(rng.random(600) < 0.9, np.array(["A", "B", "C"])[codes], "A"),
    )
    assert most_different(customers, grouped(codes), ["noise", "spend", "plan"]) == "plan"
    assert most_different(customers, grouped(codes), ["noise", "spend"]) == "spend"
