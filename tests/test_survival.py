"""Retention curves against scipy, published cohorts and a table worked out by hand."""

import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import segkit
from pages.explore import drivers
from pages.over_time import parts
from segkit.errors import UnusableColumn
from segkit.insights.time_text import curve_sentence, curves_headline, curves_title
from segkit.measures.definitions import find_kpi
from segkit.measures.kpis import by_column
from segkit.measures.suppression import places_shown
from segkit.measures.survival import Durations, durations, retention_curves, round_times
from segkit.segments.segmentation import Assignment, Segment
from tests.real_data import real_file

EMPTY = np.datetime64("NaT")


def observed(time, left, unit="months", columns=("tenure",)):
    return Durations(np.asarray(time, float), np.asarray(left, bool), unit, columns, "")


def grouped(codes, dimensions=()):
    codes = np.asarray(codes)
    segments = tuple(Segment(f"S{k + 1}", f"Segment {k + 1}", k) for k in range(int(codes.max()) + 1))
    return Assignment(segments, codes, np.ones(len(codes), np.float32), dimensions)


def censored(found, mask):
    return stats.CensoredData(uncensored=found.time[mask & found.left], right=found.time[mask & ~found.left])


def drawn(seed=1, count=600):
    """Two segments with different departures, and some who fit none."""
    random = np.random.default_rng(seed)
    codes = random.choice([0, 1, -1], count, p=[0.5, 0.4, 0.1])
    leaves = np.ceil(random.exponential(np.where(codes == 0, 10, 30)))
    seen = random.integers(1, 40, count)
    return observed(np.minimum(leaves, seen), leaves <= seen), grouped(codes)


# --- the curves -----------------------------------------------------------------------------------------


def test_shares_intervals_and_test_are_those_of_scipy():
    found, assignment = drawn()
    curves = retention_curves(found, assignment)
    for place, curve in enumerate(curves.curves):
        inside = assignment.codes == place
        sf = stats.ecdf(censored(found, inside)).sf
        within = sf.quantiles <= curve.end
        told = within & (sf.probabilities < 1) & (sf.probabilities > 0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # scipy's, where a share is 1 or 0
            interval = sf.confidence_interval(method="log-log")
        got = [curve.at(time) for time in sf.quantiles[told]]
        assert [one.value for one in got] == pytest.approx(sf.probabilities[told])
        assert [one.low for one in got] == pytest.approx(interval.low.probabilities[told])
        assert [one.high for one in got] == pytest.approx(interval.high.probabilities[told])
        test = stats.logrank(censored(found, inside), censored(found, ~inside))
        assert curve.p_value == pytest.approx(test.pvalue)
        assert [curve.number_at_risk(time) for time in (0, 5, 10)] == [
            int((found.time[inside] >= time).sum()) for time in (0, 5, 10)
        ]
    assert [curve.verdict for curve in curves.curves] == ["sooner", "later"]
    assert curves.unassigned == int((assignment.codes < 0).sum())
    assert curves.everyone.customers == len(found.time)


def test_the_order_of_rows_does_not_matter():
    found, assignment = drawn()
    turned = np.random.default_rng(2).permutation(len(found.time))
    other = retention_curves(
        observed(found.time[turned], found.left[turned]),
        Assignment(assignment.segments, assignment.codes[turned], assignment.confidence),
    )
    for one, two in zip(retention_curves(found, assignment).curves, other.curves, strict=True):
        assert (one.times == two.times).all()
        assert (one.share == two.share).all()
        assert one.p_value == two.p_value


def test_curves_stop_where_fewer_than_five_are_left():
    time = [1, 2, 3, 4, 5, 6, 7, 8] + [9] * 20
    curves = retention_curves(observed(time, [True] * 8 + [False] * 20), grouped([0] * 8 + [1] * 20))
    short = curves.curves[0]
    assert short.end == 4  # five of eight are observed for four months, four for five
    assert short.at(4).value == pytest.approx(0.5)
    assert np.isnan(short.at(5).value)
    assert short.number_at_risk(5) == 0
    assert curves.everyone_at_risk(4) == 25
    assert curves.everyone_at_risk(6) is None  # it would tell how many of the first segment are left
    assert curves.everyone.end == 4  # and its steps after that would be hers
    assert curves.rest["S2"].end == 4
    assert curves.curves[1].end == 9


def test_everyone_goes_on_where_two_that_stopped_hide_each_other():
    # from month 6 on four of the first and four of the second are left, from 8 on four of the second only
    time = [5] * 6 + [7] * 4 + [5] * 6 + [9] * 4 + [12] * 40
    codes = [0] * 10 + [1] * 10 + [2] * 40
    curves = retention_curves(observed(time, [True] * 20 + [False] * 40), grouped(codes))
    assert [curve.end for curve in curves.curves] == [5, 5, 12]
    assert curves.everyone.end == 7
    assert curves.everyone_at_risk(6) == 48
    assert curves.everyone_at_risk(8) is None
    assert curves.everyone.at(7).value == pytest.approx(44 / 60)  # 12 left in month 5, 4 in 7


def test_a_curve_of_everyone_stops_where_hidden_segments_and_those_who_fit_none_are_few():
    # Segment 3 is hidden, segment 2 beside her; after month 4 only two of them are left
    time = [4] * 21 + [9, 9] + [12] * 40
    codes = [1] * 19 + [2] * 3 + [-1] + [0] * 40
    curves = retention_curves(observed(time, [True] * 23 + [False] * 40), grouped(codes))
    assert [curve.segment.key for curve in curves.curves] == ["S1"]
    assert curves.everyone.end == 4
    assert curves.rest["S1"].end == 4


@pytest.mark.parametrize("seed", range(8))
def test_what_everyone_tells_beyond_the_other_curves_is_never_of_a_few(seed):
    random = np.random.default_rng(seed)
    codes = random.choice([-1, 0, 1, 2, 3], 300, p=[0.02, 0.6, 0.3, 0.05, 0.03])
    found = observed(random.integers(1, 20, 300) * (codes + 2), random.random(300) < 0.5)
    curves = retention_curves(found, grouped(codes))
    assert curves.everyone.end > 0
    for time in np.unique(found.time):
        counted = curves.everyone_at_risk(time)
        assert (counted is None) == (curves.everyone.end < time)
        if counted is not None:
            left = counted - sum(curve.number_at_risk(time) for curve in curves.curves)
            assert left == 0 or left >= 5
    assert all(rest.end <= curves.everyone.end for rest in curves.rest.values())


def test_few_customers_are_hidden_and_another_segment_beside_them():
    codes = [0] * 40 + [1] * 20 + [2] * 3
    curves = retention_curves(observed([5] * 63, [True, False, False] * 21), grouped(codes))
    assert [curve.segment.key for curve in curves.curves] == ["S1"]
    assert curves.hidden == ("Segment 2", "Segment 3")
    assert places_shown([40, 4, 4], none=0) == [0]


def test_segments_made_of_the_tenure_are_circular_and_get_no_verdict():
    found, assignment = drawn()
    made = Assignment(assignment.segments, assignment.codes, assignment.confidence, ("tenure",))
    curves = retention_curves(found, made)
    assert curves.circular
    assert all(np.isnan(curve.p_value) for curve in curves.curves)
    assert curves_headline(curves) is None
    assert "made from this" in curves_title(curves)


def test_nothing_is_told_of_segments_that_do_not_differ():
    random = np.random.default_rng(5)
    found = observed(random.integers(1, 24, 400), random.random(400) < 0.4)
    curves = retention_curves(found, grouped(np.arange(400) % 2))
    assert [curve.verdict for curve in curves.curves] == ["can't tell"] * 2
    assert curves_headline(curves) is None
    assert curves_title(curves) == "No segment's customers leave reliably sooner or later than the others"


def test_a_sentence_gives_the_shares_of_both_sides():
    # 40 of 100 leave in month 6, against 10 of 100; all others are seen for two years
    time = [6] * 40 + [24] * 60 + [6] * 10 + [24] * 90
    left = [True] * 40 + [False] * 60 + [True] * 10 + [False] * 90
    curves = retention_curves(observed(time, left), grouped([0] * 100 + [1] * 100))
    said = curve_sentence(curves, curves.curves[0]).replace("\u202f", " ")
    assert said == (
        "Customers of “Segment 1” leave sooner than the rest: after 12 months 60 % (50 to 69) are still "
        "there, against 90 %."
    )


def test_where_the_rest_ends_before_the_axis_names_a_time_a_shorter_one_is_told():
    # of the third segment only four are observed after month 9, so the rest ends there
    time = [6] * 40 + [60] * 60 + [6] * 10 + [60] * 90 + [9] * 30 + [30] * 4
    left = [True] * 40 + [False] * 60 + [True] * 10 + [False] * 124
    curves = retention_curves(observed(time, left), grouped([0] * 100 + [1] * 100 + [2] * 34))
    assert curves.ticks[:2] == (0, 12)
    said = curve_sentence(curves, curves.curves[0]).replace("\u202f", " ")
    assert "after 8 months 60 % (50 to 69) are still there, against 93 %" in said


def test_few_customers_get_no_sentence():
    time = [6] * 15 + [24] * 10 + [24] * 100
    curves = retention_curves(observed(time, [True] * 15 + [False] * 110), grouped([0] * 25 + [1] * 100))
    assert curves.curves[0].verdict == "sooner"
    assert curve_sentence(curves, curves.curves[0]) is None


def test_false_discoveries_stay_rare_where_nothing_differs():
    random = np.random.default_rng(11)
    wrong = 0
    for _ in range(200):
        found = observed(random.integers(1, 30, 300), random.random(300) < 0.5)
        curves = retention_curves(found, grouped(random.integers(0, 4, 300)))
        wrong += any(curve.verdict in ("sooner", "later") for curve in curves.curves)
    assert wrong / 200 <= 0.08  # 5 % and what 200 draws vary


def test_round_times_suit_the_unit():
    assert round_times(24, "months") == (0, 6, 12, 18, 24)[:1] + tuple(float(t) for t in (6, 12, 18, 24))
    assert round_times(100, "days") == (0, 14, 28, 42, 56, 70, 84, 98)
    assert len(round_times(40_000, "periods")) <= 9


# --- how long customers were observed -------------------------------------------------------------------


def dated(choices=None, **more):
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{k}" for k in range(6)],
            "signup_date": pd.to_datetime(["2025-01-01"] * 4 + ["2025-03-01", None]),
        }
        | more
    )
    return segkit.read(frame, choices=choices)


def test_dates_of_churn_end_a_stay_and_later_ones_do_not_yet():
    churn = pd.to_datetime(["2025-01-11", "2025-03-02", None, "2099-01-01", "2025-02-01", "2025-03-02"])
    found = durations(dated(choices=segkit.Choices(as_of="2025-03-02"), churn_date=churn))
    assert found.unit == "days"
    # the fourth leaves later, the fifth left before she came, of the sixth nobody knows when
    np.testing.assert_array_equal(found.time, [10, 60, 60, 60, np.nan, np.nan])
    np.testing.assert_array_equal(found.left, [True, True, False, False, False, False])
    assert found.columns == ("signup_date", "churn_date")


def test_a_flag_and_last_activity_end_a_stay():
    seen = pd.to_datetime(
        ["2025-01-21", "2025-03-01", "2025-06-01", "2025-02-01", "2025-04-01", "2025-04-01"]
    )
    churned = ["Yes", "Yes", "No", "No", "No", "No"]
    found = durations(dated(last_activity_date=seen, churned=churned))
    # nobody is known to leave after 1 March: until then all others were there
    np.testing.assert_array_equal(found.time, [20, 59, 59, 59, 0, np.nan])
    np.testing.assert_array_equal(found.left, [True, True] + [False] * 4)


def test_tenure_and_a_flag_are_used_and_the_guess_of_the_unit_is_said():
    frame = pd.DataFrame({"customer_id": list("abcd"), "tenure": [3, 5, 7, 1], "Churn": ["Yes", "No"] * 2})
    found = durations(segkit.read(frame))
    assert found.text == "From “tenure” and “Churn”, taken to be in months."
    assert found.time.tolist() == [3, 5, 7, 1]
    assert found.left.tolist() == [True, False, True, False]
    years = segkit.read(frame.rename(columns={"tenure": "tenure_years"}))
    assert durations(years).text == "From “tenure_years” and “Churn”, in years."


def test_columns_can_be_named_and_a_wrong_one_is_refused():
    frame = pd.DataFrame(
        {"customer_id": list("abcd"), "since": [3, 5, 8, 1], "most": [8, 8, 8, 9], "gone": ["Yes", "No"] * 2}
    )
    customers = segkit.read(frame)
    found = durations(customers, "since", left="gone", unit="week")
    assert (found.unit, found.left.tolist()) == ("weeks", [True, False, True, False])
    short = durations(customers, "since", observed="most", unit="year")
    assert short.left.tolist() == [True, True, False, True]
    assert short.time.tolist() == [3, 5, 7, 1]  # the eighth year is not over
    with pytest.raises(UnusableColumn, match="no column “other”"):
        durations(customers, "other", left="gone")
    with pytest.raises(UnusableColumn, match="Nothing says who left"):
        durations(customers, "since")


def test_without_such_columns_there_is_nothing():
    frame = pd.DataFrame({"customer_id": list("abcd"), "age": [30, 40, 50, 60], "Churn": ["Yes", "No"] * 2})
    assert durations(segkit.read(frame)) is None


def test_recency_of_buyers_without_a_contract_tells_nobody_left():
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{k}" for k in range(8)],
            "frequency": range(8),
            "recency": [1, 2, 3, 4, 5, 6, 7, 8],
            "T": [8] * 7 + [9],
        }
    )
    assert durations(segkit.read(frame)) is None


def test_what_goes_with_retention_is_not_how_long_somebody_stayed():
    frame = pd.DataFrame({"customer_id": list("abcd"), "tenure": [3, 5, 7, 1], "Churn": ["Yes", "No"] * 2})
    view = SimpleNamespace(customers=segkit.read(frame))
    assert drivers._clock(view, find_kpi("retention")) == ("tenure", "Churn")
    assert drivers._clock(view, find_kpi("revenue")) == ()
    view = SimpleNamespace(customers=segkit.read(frame.drop(columns="tenure")))
    assert drivers._clock(view, find_kpi("retention")) == ()


def test_a_filter_in_which_nobody_left_is_not_a_column_that_is_missing():
    frame = pd.DataFrame({"customer_id": list("abcd"), "tenure": [3, 5, 7, 1], "Churn": ["Yes", "No"] * 2})
    whole, stayed = segkit.read(frame), segkit.read(frame[frame.Churn == "No"])
    view = SimpleNamespace(customers=stayed, table=SimpleNamespace(customers=whole))
    assert parts._no_curves(view, parts.Named()) == parts.CURVES_TOO_FEW
    view = SimpleNamespace(customers=stayed, table=SimpleNamespace(customers=stayed))
    assert parts._no_curves(view, parts.Named()) == parts.CURVES_NEED


def test_a_share_near_all_is_not_written_as_all():
    time = [6] * 48 + [24] * 152 + [6] + [24] * 249
    left = [True] * 48 + [False] * 152 + [True] + [False] * 249
    curves = retention_curves(observed(time, left), grouped([0] * 200 + [1] * 250))
    assert curve_sentence(curves, curves.curves[0]).endswith("are still there, against 99.6\u202f%.")


# --- real customers -------------------------------------------------------------------------------------


def test_published_cohorts_come_out_as_published():
    customers = segkit.read(real_file("sbg_retention", "sbg_paper.csv"))
    curves = retention_curves(durations(customers), by_column(customers, "cohorts"))
    found = {one.segment.name: [one.at(year).value for year in range(1, 8)] for one in curves.curves}
    assert found["highend"] == pytest.approx([0.869, 0.743, 0.653, 0.593, 0.551, 0.517, 0.491])
    assert found["regular"] == pytest.approx([0.631, 0.468, 0.382, 0.326, 0.289, 0.262, 0.241])
    assert {one.segment.name: one.verdict for one in curves.curves} == {
        "highend": "later",
        "regular": "sooner",
    }
    named = durations(customers, column="recency", observed="T", unit="year")
    assert named.unit == "years"
    np.testing.assert_array_equal(named.time, durations(customers).time)


def test_monthly_contracts_end_sooner():
    customers = segkit.read(real_file("telco_churn", "Telco-Customer-Churn.csv"))
    found, assignment = durations(customers), by_column(customers, "Contract")
    curves = retention_curves(found, assignment)
    assert [curve.verdict for curve in curves.curves] == ["sooner", "later", "later"]
    for place, curve in enumerate(curves.curves):
        sf = stats.ecdf(censored(found, assignment.codes == place)).sf
        assert curve.at(12).value == pytest.approx(sf.evaluate(12))
    assert curves_headline(curves).startswith("Customers of “Month-to-month” leave sooner than the rest")
