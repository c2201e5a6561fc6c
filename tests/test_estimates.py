"""Intervals and tests against scipy and against the formulas of their sources, by hand."""

from math import isnan, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from segkit.measures.estimates import (
    MEAN,
    NPS,
    RATE,
    Z,
    mean_estimate,
    nps_difference,
    nps_estimate,
    rate_estimate,
    share_of_total,
    two_proportions,
    welch,
)
from segkit.measures.sums import Groups, Sums, grouped_sums


def sums(values, bands=None):
    values = np.asarray(values, dtype=float)
    return grouped_sums(values, Groups.of(np.zeros(len(values), int), 1), bands)[1]


def rate(count, yes):
    return Sums(count, count, float(yes), float(yes))


@pytest.mark.parametrize(("yes", "count"), [(0, 5), (1, 7), (8, 10), (50, 50), (57, 100), (2220, 3875)])
def test_rate_has_the_wilson_interval_of_scipy(yes, count):
    low, high = stats.binomtest(yes, count).proportion_ci(method="wilson")
    found = rate_estimate(rate(count, yes))
    assert (found.value, found.low, found.high) == pytest.approx((yes / count, low, high), abs=1e-12)


@pytest.mark.parametrize("values", [[1, 2, 3, 4], [3.5, 3.5, 9.0], [1e9 + 1, 1e9 + 2, 1e9 + 4], [7, 7]])
def test_mean_has_the_t_interval_of_scipy(values):
    found = mean_estimate(sums(values))
    spread = stats.sem(values)
    low, high = (
        stats.t.interval(0.95, len(values) - 1, np.mean(values), spread) if spread else (values[0],) * 2
    )
    assert (found.value, found.low, found.high) == pytest.approx((np.mean(values), low, high), rel=1e-12)


def test_one_answer_has_a_mean_and_no_interval():
    found = mean_estimate(sums([4.0]))
    assert found.value == 4
    assert isnan(found.low)
    assert isnan(found.high)


def test_no_answer_has_no_estimate():
    for estimator in (MEAN, RATE, NPS):
        assert isnan(estimator.estimate(Sums(3, 0, 0.0, 0.0)).value)


def test_nps_interval_is_rocks_adjusted_wald_by_hand():
    # 39 answers, 8 promoters, 22 detractors: n' = 42, p = 8.75 / 42, d = 22.75 / 42
    p, d = 8.75 / 42, 22.75 / 42
    half = stats.norm.ppf(0.975) * sqrt((p + d - (p - d) ** 2) / 42)
    found = nps_estimate(Sums(39, 39, 0.0, 0.0, high=8, low=22))
    assert found.value == pytest.approx(100 * (8 - 22) / 39, abs=1e-12)
    assert (found.low, found.high) == pytest.approx((100 * (p - d - half), 100 * (p - d + half)), abs=1e-12)
    assert (round(found.low, 4), round(found.high, 4)) == (-57.5066, -9.16)


def test_nps_interval_stays_on_the_scale():
    found = nps_estimate(Sums(5, 5, 0.0, 0.0, high=5))
    assert found.value == 100
    assert found.high == 100
    assert 0 < found.low < 100


def test_nps_test_is_the_difference_over_the_root_of_both_variances():
    a, b = Sums(40, 40, 0.0, 0.0, high=25, low=5), Sums(60, 60, 0.0, 0.0, high=20, low=20)
    variances = []
    for one in (a, b):
        n, p, d = one.answered + 3, (one.high + 0.75), (one.low + 0.75)
        variances.append((p / n + d / n - (p / n - d / n) ** 2) / n)
    z = 0.5 / sqrt(sum(variances))
    assert nps_difference(a, b) == pytest.approx(2 * stats.norm.sf(z), rel=1e-9)


@pytest.mark.parametrize(("a", "b"), [([1, 2, 3, 4], [3, 5, 7, 9, 30]), ([2.0, 2.5], [2.0, 2.5, 2.4])])
def test_means_are_tested_by_welch(a, b):
    expected = stats.ttest_ind(a, b, equal_var=False).pvalue
    assert welch(sums(a), sums(b)) == pytest.approx(expected, rel=1e-9)


def test_two_constant_groups_differ_only_by_more_than_rounding():
    tenths = sums([0.1] * 30)
    assert welch(tenths, sums([0.1] * 7)) == 1.0
    assert welch(tenths, sums([0.2] * 7)) == 0.0
    everyone = Sums(37, 37, 3.7, 0.37)  # the rest of a constant column, by subtraction
    assert welch(Sums(30, 30, sum([0.1] * 30), 0.3), everyone.minus(Sums(30, 30, 3.0, 0.3))) == 1.0


def test_rates_are_tested_by_the_pooled_two_proportion_test():
    # without continuity correction, chi-square with one degree of freedom is the square of that z
    table = [[30, 70], [90, 110]]
    expected = stats.chi2_contingency(table, correction=False).pvalue
    assert two_proportions(rate(100, 30), rate(200, 90)) == pytest.approx(expected, rel=1e-12)
    assert two_proportions(rate(10, 10), rate(20, 20)) == 1.0
    assert isnan(two_proportions(rate(10, 3), rate(0, 0)))


def test_share_of_total_is_a_ratio_with_its_linearised_variance():
    rng = np.random.default_rng(1)
    values = rng.gamma(2, 50, 400)
    inside = rng.random(400) < 0.3
    parts, whole = grouped_sums(values, Groups.of(inside.astype(int), 2))
    found = share_of_total(parts[1], whole)
    share = values[inside].sum() / values.sum()
    half = Z * np.sqrt(((values * (inside - share)) ** 2).sum()) / values.sum()
    assert (found.value, found.low, found.high) == pytest.approx(
        (share, share - half, share + half), rel=1e-9
    )


def test_share_of_a_total_that_is_not_positive_cannot_be_told():
    assert isnan(share_of_total(Sums(2, 2, 0.0, 8.0), Sums(4, 4, 0.0, 16.0)).value)


def test_share_outside_0_to_1_lies_in_its_interval():
    whole = sums([10.0, 10.0, -15.0])  # refunds: the first two have 400 % of a total of 5
    found = share_of_total(Sums(2, 2, 20.0 - 2 * whole.origin, 0.0, origin=whole.origin), whole)
    assert found.value == pytest.approx(4)
    assert found.low <= found.value <= found.high


# --- sums -----------------------------------------------------------------------------------------

NUMBERS = st.lists(
    st.tuples(st.one_of(st.just(nan), st.floats(-1e6, 1e6)), st.integers(0, 2)), min_size=1, max_size=40
)


@given(NUMBERS)
def test_sums_of_parts_add_up_to_the_whole(rows):
    values, codes = np.array([v for v, _ in rows]), np.array([c for _, c in rows])
    parts, whole = grouped_sums(values, Groups.of(codes, 3))
    assert sum(part.members for part in parts) == whole.members == len(rows)
    assert sum(part.answered for part in parts) == whole.answered == int((~np.isnan(values)).sum())
    assert sum(part.total for part in parts) == pytest.approx(whole.total, rel=1e-9, abs=1e-3)
    assert sum(part.squares for part in parts) == pytest.approx(whole.squares, rel=1e-9, abs=1e-3)
    assert whole.sum == pytest.approx(np.nansum(values), rel=1e-9, abs=1e-3)


@given(NUMBERS, st.randoms())
def test_row_order_does_not_change_the_last_digit_of_a_sum(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    both = [
        grouped_sums(np.array([v for v, _ in some]), Groups.of(np.array([c for _, c in some]), 3))
        for some in (rows, shuffled)
    ]
    assert both[0] == both[1]


def test_customers_of_no_group_count_in_the_whole_only():
    parts, whole = grouped_sums(np.array([1.0, 2.0, 4.0]), Groups.of(np.array([0, -1, 0]), 2))
    assert [part.members for part in parts] == [2, 0]
    assert (parts[0].sum, whole.sum) == (5, 7)


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e9, 1e12])
def test_variance_survives_large_means(offset):
    values = offset + np.array([0.25, 0.5, 1.0, 2.0, 4.0])
    assert sums(values).variance == pytest.approx(np.var([0.25, 0.5, 1.0, 2.0, 4.0], ddof=1), rel=1e-3)


def test_a_constant_has_no_variance_and_its_exact_mean():
    found = sums([0.1] * 1000)
    assert (found.mean, found.variance) == (0.1, 0.0)


# --- how often a 95 % interval holds the truth, at 100 answers --------------------------------------


@pytest.mark.parametrize("share", [0.05, 0.1, 0.27, 0.5, 0.85, 0.97])
def test_rate_interval_covers_95_percent(share):
    chances = stats.binom.pmf(np.arange(101), 100, share)
    intervals = [rate_estimate(rate(100, yes)) for yes in range(101)]
    covered = sum(
        chance for chance, one in zip(chances, intervals, strict=True) if one.low <= share <= one.high
    )
    assert 0.93 <= covered <= 0.97


@pytest.mark.parametrize(("promoters", "detractors"), [(0.4, 0.25), (0.6, 0.1), (0.2, 0.45)])
def test_nps_interval_covers_95_percent(promoters, detractors):
    outcomes = [(high, low) for high in range(101) for low in range(101 - high)]
    chances = stats.multinomial.pmf(
        [(high, low, 100 - high - low) for high, low in outcomes],
        100,
        [promoters, detractors, 1 - promoters - detractors],
    )
    intervals = [nps_estimate(Sums(100, 100, 0.0, 0.0, high, low)) for high, low in outcomes]
    truth = 100 * (promoters - detractors)
    covered = sum(
        chance for chance, one in zip(chances, intervals, strict=True) if one.low <= truth <= one.high
    )
    assert 0.94 <= covered <= 0.96


@pytest.mark.parametrize(
    ("draw", "truth"),
    [
        (lambda rng: rng.choice([1, 2, 3, 4, 5], 100, p=[0.05, 0.1, 0.2, 0.4, 0.25]), 3.7),
        (lambda rng: rng.gamma(4, 25, 100), 100),
    ],
    ids=["csat", "revenue"],
)
def test_mean_interval_covers_95_percent(draw, truth):
    rng = np.random.default_rng(20)
    intervals = [mean_estimate(sums(draw(rng))) for _ in range(1500)]
    assert 0.93 <= np.mean([one.low <= truth <= one.high for one in intervals]) <= 0.97
