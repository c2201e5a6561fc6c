"""KPIs on tables small enough to work out by hand, and the laws that hold for every table."""

from math import isnan, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import segkit
from segkit.measures.kpis import (
    FALSE_DISCOVERIES,
    KPIS,
    absent,
    by_column,
    find_kpi,
    measure,
)
from segkit.measures.medians import medians
from segkit.measures.suppression import given_away
from segkit.segments.segmentation import Assignment, Segment
from tests.real_data import real_file


def table(roles=None, scale=None, **columns):
    frame = pd.DataFrame(columns)
    return segkit.read(frame, roles=roles, scale=scale)


def grouped(codes, dimensions=(), count=None):
    codes = np.asarray(codes)
    count = count or int(codes.max()) + 1
    segments = tuple(Segment(f"S{k + 1}", f"Segment {k + 1}", k) for k in range(count))
    return Assignment(segments, codes, np.ones(len(codes), np.float32), dimensions)


HAND = {
    "member": list(range(1, 13)),
    "csat": [1, 4, 5, 4, 2, nan, 5, 5, 4, 3, 3, 1],
    "nps": [10, 9, 6, 7, 0, nan, 10, 10, 8, 11, 4, 3],
    "churned": ["Yes", "No", "No", "No", "No", "No", "Yes", "Yes", "Yes", "No", "No", "No"],
    "revenue": [10.0, 20, 30, 40, 50, 60, 5, 5, 5, 5, 5, 5],
    "orders": [0, 1, 2, 3, 4, 5, 1, 1, 1, 1, 1, 2],
    "cost": [1.0] * 6 + [2.0] * 6,
}
HAND_ROLES = {"nps": "nps", "csat": "csat"}
HALVES = [0] * 6 + [1] * 6


def values(found, segment):
    return {row.kpi: row.value for row in found if row.segment == segment}


def test_every_kpi_of_a_hand_made_table():
    found = measure(table(HAND_ROLES, (1, 5), **HAND), grouped(HALVES))
    assert values(found, "S1") == pytest.approx(
        {
            "size": 6,
            "share": 0.5,
            "csat": 16 / 5,
            "csat_satisfied": 3 / 5,  # 4, 5 and 4 of 1, 4, 5, 4, 2
            "nps": 0,  # 10 and 9 against 6 and 0, of 10, 9, 6, 7, 0
            "retention": 5 / 6,
            "revenue": 35,
            "revenue_share": 210 / 240,
            "orders": 15 / 6,
            "repeat_rate": 4 / 6,
            "cost_to_serve": 1,
            "margin": 34,
            "value": 34 * sum((5 / 6 / 1.1) ** t for t in range(5)),
        }
    )
    assert values(found, "S2") == pytest.approx(
        {
            "size": 6,
            "share": 0.5,
            "csat": 21 / 6,
            "csat_satisfied": 3 / 6,
            "nps": 0,  # two against two of five: 11 is no answer
            "retention": 3 / 6,
            "revenue": 5,
            "revenue_share": 30 / 240,
            "orders": 7 / 6,
            "repeat_rate": 1 / 6,
            "cost_to_serve": 2,
            "margin": 3,
            "value": 3 * sum((3 / 6 / 1.1) ** t for t in range(5)),
        }
    )
    assert values(found, "all")["retention"] == pytest.approx(8 / 12)
    assert values(found, "all")["csat"] == pytest.approx(37 / 11)
    assert [found.find(key, "nps").n for key in ("S1", "S2", "all")] == [5, 5, 10]
    assert [found.find(key, "nps").coverage for key in ("S1", "S2", "all")] == [5 / 6, 5 / 6, 10 / 12]
    assert found.bands["S1", "nps"] == (2 / 5, 1 / 5, 2 / 5)
    assert found.differences["S1", "revenue"] == 30
    assert found.differences["S1", "revenue_share"] == pytest.approx(210 / 240 - 0.5)


def test_kpis_without_columns_are_absent_and_named():
    customers = table(HAND_ROLES, (1, 5), **HAND)
    assert {definition.key for definition, _ in absent(customers)} == {"conversion", "tickets", "tenure"}
    assert "conversion" not in measure(customers, grouped(HALVES)).keys


@pytest.mark.parametrize(
    ("scale", "least"), [((1, 5), 4), ((1, 7), 6), ((0, 10), 8), ((0, 100), 75)], ids=str
)
def test_satisfied_starts_three_quarters_up_the_scale(scale, least):
    answers = list(range(scale[0], scale[1] + 1)) * 8
    customers = table({"score": "csat"}, scale, id=range(len(answers)), score=answers)
    found = measure(customers, grouped([0, 1] * (len(answers) // 2)))
    expected = np.mean(np.array(answers) >= least)
    assert found.find("all", "csat_satisfied").value == pytest.approx(expected)
    assert found.find("all", "csat").unit == f"points {scale[0]}..{scale[1]}"


def test_retention_is_the_inverse_of_churn():
    churned = ["Yes"] * 3 + ["No"] * 9
    retained = ["No"] * 3 + ["Yes"] * 9
    ids = range(12)
    by_churn = measure(table(id=ids, churned=churned), grouped(HALVES))
    by_retention = measure(table(id=ids, retained=retained), grouped(HALVES))
    assert by_churn.of("retention") == by_retention.of("retention")
    assert by_churn.find("S1", "retention").value == 0.5


# --- small groups ---------------------------------------------------------------------------------


def csat_by(counts, missing=0):
    """Build a table with so many answers in each segment, and customers who did not answer."""
    codes = [k for k, count in enumerate(counts) for _ in range(count + missing)]
    answers = [
        float(1 + (k + place) % 5) if place < count else nan
        for k, count in enumerate(counts)
        for place in range(count + missing)
    ]
    customers = table({"csat": "csat"}, (1, 5), id=range(len(codes)), csat=answers)
    return measure(customers, grouped(codes, count=len(counts)))


def shown(found, kpi="csat"):
    return [row.verdict != "hidden" for row in found.of(kpi)]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([40, 30, 20], [True, True, True, True]),
        ([40, 30, 4], [True, False, False, True]),  # 74 minus 40 and 30 would be the 4
        ([40, 4, 4], [True, False, False, True]),  # two hide each other: eight answers together
        ([40, 30, 2, 1], [True, False, False, False, True]),  # three answers together are still too few
        ([40, 30, 0], [True, True, False, True]),  # nobody answered: nothing to give away
        ([40, 4], [False, False, True]),  # with two segments, one is the rest of the other
        ([5, 5], [True, True, True]),
        ([2, 2], [False, False, False]),  # the base is too small itself
        ([4], [False, False]),
    ],
    ids=str,
)
def test_small_cells_and_those_that_would_give_them_away_are_hidden(counts, expected):
    assert shown(csat_by(counts, missing=3)) == expected


def test_the_held_back_segment_is_the_smallest_by_customers_and_the_same_for_all_kpis():
    codes = [0] * 60 + [1] * 30 + [2] * 20
    ids = range(110)
    revenue = [10.0 + k for k in ids]
    revenue[92:] = [nan] * 18  # two answers in S3
    cost = [1.0 + k % 7 for k in ids]
    csat = [nan] * 54 + [1, 2, 3, 4, 5, 5] + [4, 2] * 10 + [nan] * 10 + [5] * 3 + [nan] * 17
    customers = table({"csat": "csat"}, (1, 5), id=ids, revenue=revenue, cost=cost, csat=csat)
    found = measure(customers, grouped(codes))
    for kpi in ("revenue", "revenue_share", "margin", "csat", "csat_satisfied"):
        assert shown(found, kpi) == [True, False, False, True], kpi
    assert shown(found, "cost_to_serve") == [True] * 4


def test_a_hidden_cell_tells_nothing_but_its_count():
    found = csat_by([40, 30, 4])
    hidden = [row for row in found if row.verdict == "hidden"]
    assert {(row.segment, row.kpi) for row in hidden} == {
        (segment, kpi) for segment in ("S2", "S3") for kpi in ("csat", "csat_satisfied")
    }
    for row in hidden:
        assert isnan(row.value)
        assert isnan(row.low)
        assert isnan(row.high)
        assert (row.segment, row.kpi) not in found.differences


def test_bands_of_hidden_cells_are_not_given():
    codes = [0] * 40 + [1] * 30 + [2] * 3
    customers = table(id=range(73), nps=[k % 11 for k in range(73)])
    found = measure(customers, grouped(codes))
    assert set(found.bands) == {("S1", "nps"), ("all", "nps")}


@given(st.lists(st.integers(0, 9), min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_total_minus_what_is_shown_is_never_a_person_or_a_few(counts):
    if not sum(counts):
        return
    found = csat_by(counts, missing=1)
    *cells, base = found.of("csat")
    if base.verdict == "hidden":
        assert all(row.verdict == "hidden" for row in cells)
        return
    left = [row.n for row in cells if row.verdict == "hidden" and row.n]
    assert not left or (len(left) >= 2 and sum(left) >= 5)
    assert all(row.n >= 5 for row in cells if row.verdict != "hidden")


def test_smallest_can_be_set():
    codes = [0] * 40 + [1] * 12
    customers = table({"csat": "csat"}, (1, 5), id=range(52), csat=[1 + k % 5 for k in range(52)])
    assert shown(measure(customers, grouped(codes), smallest=13)) == [False, False, True]
    assert shown(measure(customers, grouped(codes), smallest=12)) == [True, True, True]
    assert not given_away([], 5)


# --- groups out of the ordinary -------------------------------------------------------------------


def test_one_segment_is_compared_with_nobody():
    found = measure(table(HAND_ROLES, (1, 5), **HAND), grouped([0] * 12))
    assert {row.verdict for row in found} == {""}
    assert values(found, "S1") == values(found, "all")


def test_a_segment_without_members_and_customers_who_fit_none():
    codes = [0] * 6 + [-1] * 6
    found = measure(table(HAND_ROLES, (1, 5), **HAND), grouped(codes, count=2))
    assert [row.segment for row in found.of("size")] == ["S1", "S2", "none", "all"]
    assert [row.value for row in found.of("size")] == [6, 0, 6, 12]
    assert found.find("S2", "csat").verdict == "hidden"
    assert found.find("S2", "csat").coverage == 0
    assert found.find("none", "revenue").value == 5
    assert found.find("none", "share").value == 0.5


def test_nobody_answered_at_all():
    # a role set by hand on a column that a later file leaves empty
    customers = table(id=range(12), churned=["Yes", "No"] * 6, revenue=[nan] * 12)
    found = measure(customers, grouped(HALVES))
    assert "revenue" not in found.keys


def test_shares_add_up_to_one():
    rng = np.random.default_rng(5)
    customers = table(id=range(300), revenue=rng.gamma(2, 40, 300))
    found = measure(customers, grouped(rng.integers(0, 4, 300)))
    for kpi in ("share", "revenue_share"):
        *cells, base = found.of(kpi)
        assert sum(row.value for row in cells) == pytest.approx(1)
        assert base.value == 1
    *cells, base = found.of("size")
    assert sum(row.value for row in cells) == base.value == 300


def test_share_of_revenue_says_the_same_as_revenue_per_customer_where_answers_are_missing():
    # S1 earns more per customer, but half of its revenue is unknown
    revenue = [20.0 + k % 3 for k in range(50)] + [nan] * 50 + [10.0 + k % 3 for k in range(100)]
    found = measure(table(id=range(200), revenue=revenue), grouped([0] * 100 + [1] * 100))
    for kpi in ("revenue", "revenue_share"):
        assert found.find("S1", kpi).verdict == "higher"
        assert found.differences["S1", kpi] > 0
        assert found.differences["S2", kpi] < 0


def test_share_of_a_total_of_zero_has_no_verdict():
    revenue = [5.0] * 30 + [-5.0] * 30
    found = measure(table(id=range(60), revenue=revenue), grouped([0] * 30 + [1] * 30))
    assert found.find("S1", "revenue").verdict == "higher"
    assert (found.find("S1", "revenue_share").verdict, isnan(found.find("S1", "revenue_share").value)) == (
        "",
        True,
    )


# --- verdicts -------------------------------------------------------------------------------------


def test_verdicts_point_in_the_direction_of_the_value():
    # S1: more promoters AND a lower mean answer than the rest
    nps = [9] * 60 + [0] * 40 + [8] * 60 + [6] * 40
    codes = [0] * 100 + [1] * 100
    found = measure(table(id=range(200), nps=nps), grouped(codes))
    assert np.mean(nps[:100]) < np.mean(nps[100:])
    assert found.find("S1", "nps").value > found.find("S2", "nps").value
    assert (found.find("S1", "nps").verdict, found.find("S2", "nps").verdict) == ("higher", "lower")


def test_a_column_that_formed_the_segments_is_circular_and_not_counted():
    customers = table(HAND_ROLES, (1, 5), **HAND)
    found = measure(customers, grouped(HALVES, ("revenue",)))
    for kpi in ("revenue", "revenue_share", "margin"):
        assert [row.verdict for row in found.of(kpi)] == ["circular", "circular", ""]
    assert found.find("S1", "csat").verdict == "can't tell"


def benjamini_hochberg(p_values):
    """Textbook step-up: the largest p_(i) with p_(i) <= i / m * q; everything up to it is a discovery."""
    ordered = sorted(p_values)
    passing = [p for i, p in enumerate(ordered, 1) if p <= i / len(ordered) * FALSE_DISCOVERIES]
    return max(passing, default=-1.0)


def test_verdicts_follow_benjamini_hochberg_over_all_cells_shown():
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 6, 1200)
    frame = {
        "id": range(1200),
        "csat": np.clip(rng.normal(3 + 0.12 * (codes == 1), 1, 1200).round(), 1, 5),
        "churned": np.where(rng.random(1200) < 0.2 + 0.09 * (codes == 2), "Yes", "No"),
        "revenue": rng.normal(100 + 6 * (codes == 3), 20, 1200).round(2),
    }
    found = measure(table({"csat": "csat"}, (1, 5), **frame), grouped(codes))
    p_values = {}
    for k in range(6):
        here = codes == k
        key = f"S{k + 1}"
        for kpi, column in (("csat", frame["csat"]), ("revenue", frame["revenue"])):
            p_values[key, kpi] = stats.ttest_ind(column[here], column[~here], equal_var=False).pvalue
        for kpi, yes in (("csat_satisfied", frame["csat"] >= 4), ("retention", frame["churned"] == "No")):
            counts = [[yes[side].sum(), (~yes[side]).sum()] for side in (here, ~here)]
            p_values[key, kpi] = stats.chi2_contingency(counts, correction=False).pvalue
    limit = benjamini_hochberg(list(p_values.values()))
    expected = {place: p <= limit for place, p in p_values.items()}
    told = {
        (row.segment, row.kpi): row.verdict in ("higher", "lower")
        for row in found
        if (row.segment, row.kpi) in expected
    }
    assert told == expected
    assert 0 < sum(told.values()) < sum(p < 0.05 for p in p_values.values())  # the correction bites


def test_hidden_cells_do_not_count_among_the_comparisons():
    # p is 0.021 for both segments; 2 of 4 comparisons allow 0.025, 2 of 6 only 0.017
    csat = [5.0] * 20 + [4.0] * 20 + [5.0] * 10 + [4.0] * 30
    codes = [0] * 40 + [1] * 40
    ids = range(80)
    both = measure(table({"csat": "csat"}, (1, 5), id=ids, csat=csat), grouped(codes))
    assert [row.verdict for row in both.of("csat")] == ["higher", "lower", ""]
    revenue = [nan] * 37 + [9.0, 10.0, 11.0] + [9.0, 10.0, 11.0] + [nan] * 37
    more = measure(table({"csat": "csat"}, (1, 5), id=ids, csat=csat, revenue=revenue), grouped(codes))
    assert shown(more, "revenue") == [False, False, True]
    assert both.of("csat") == more.of("csat")


def test_a_share_of_a_total_is_not_a_second_comparison():
    # p of revenue is 0.021: two of six comparisons allow 0.017; four of eight would allow 0.025
    revenue = [5.0] * 20 + [4.0] * 20 + [5.0] * 10 + [4.0] * 30
    customers = table({"csat": "csat"}, (1, 5), id=range(80), revenue=revenue, csat=[1, 2, 4, 5] * 20)
    found = measure(customers, grouped([0] * 40 + [1] * 40))
    for kpi in ("revenue", "revenue_share"):
        assert [row.verdict for row in found.of(kpi)] == ["can't tell", "can't tell", ""]


def test_without_real_differences_few_are_claimed():
    rng = np.random.default_rng(11)
    tables_with_a_claim = 0
    for _ in range(60):
        frame = {
            "id": range(600),
            "csat": rng.choice([1, 2, 3, 4, 5], 600),
            "nps": rng.integers(0, 11, 600),
            "churned": np.where(rng.random(600) < 0.3, "Yes", "No"),
            "revenue": rng.lognormal(3, 0.8, 600).round(2),
        }
        found = measure(table({"csat": "csat"}, (1, 5), **frame), grouped(rng.integers(0, 5, 600)))
        tables_with_a_claim += any(row.verdict in ("higher", "lower") for row in found)
    assert tables_with_a_claim <= 8  # at 5 %, more than 8 of 60 happen once in a hundred times


# --- laws -----------------------------------------------------------------------------------------

ROWS = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, 4, 5, nan]),
        st.sampled_from([*range(11), nan]),
        st.floats(0, 1000, width=32),
        st.integers(0, 2),
    ),
    min_size=8,
    max_size=60,
)


@given(ROWS, st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_kpi_table_does_not_depend_on_row_order(rows, random):
    def found(some):
        csat, nps, revenue, codes = zip(*some, strict=True)
        roles = {"csat": "csat", "revenue": "revenue"} if not all(np.isnan(csat)) else {"revenue": "revenue"}
        customers = table(roles, None, csat=csat, nps=nps, revenue=revenue, id=range(len(some)))
        return measure(customers, grouped(codes, count=3))

    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = found(rows), found(shuffled)
    assert repr(one) == repr(other)  # to the last digit; NaN is equal to itself here


# --- tenure and KPIs of one's own -----------------------------------------------------------------


def test_time_with_you_counts_months_until_the_last_day_or_until_she_left():
    customers = table(
        id=range(6),
        signup_date=["2025-01-01", "2025-07-01", "2025-12-31", "2025-01-01", None, "2025-01-01"],
        churn_date=[None, None, None, "2025-04-01", None, None],
    )
    found = measure(customers, grouped([0, 0, 0, 1, 1, 1]), smallest=1)
    days = [364, 183, 0, 90, 364]  # until 2025-12-31, the last day of the table
    assert found.find("all", "tenure").value == pytest.approx(sum(days) / 5 / 30.4375)
    assert found.find("S2", "tenure").n == 2
    assert found.find("S2", "tenure").value == pytest.approx((90 + 364) / 2 / 30.4375)


def test_a_column_becomes_a_kpi_of_its_own():
    customers = table(visits=[1.0, 2, 3] * 20, member=["Yes", "No"] * 30, id=range(60))
    found = measure(customers, grouped([0] * 30 + [1] * 30), own=("visits", "member", "visits"))
    assert found.keys == ("size", "share", "own:visits", "own:member")
    assert found.find("S1", "own:visits").value == 2
    assert found.find("all", "own:member").value == 0.5
    assert found.find("all", "own:member").unit == "fraction"
    assert found.definition("own:visits").label == "Visits"
    formed = measure(customers, grouped([0] * 30 + [1] * 30, ("visits",)), own=("visits",))
    assert formed.find("S1", "own:visits").verdict == "circular"


@pytest.mark.parametrize("name", ["nothing", "plan", "id"])
def test_what_holds_no_numbers_is_no_kpi(name):
    customers = table(visits=range(60), plan=["a", "b", "c"] * 20, id=[f"c{n}" for n in range(60)])
    with pytest.raises(segkit.errors.UnusableColumn, match=rf"“{name}”"):
        measure(customers, grouped([0] * 30 + [1] * 30), own=(name,))


def test_a_median_far_from_its_mean_is_told_and_never_of_few():
    revenue = [1.0] * 50 + [1000.0] * 10 + [10.0, 11.0] * 20 + [500.0] * 10
    customers = table(id=range(110), revenue=revenue)
    assignment = grouped([0] * 60 + [1] * 40 + [2] * 10)
    assert medians(customers, assignment, measure(customers, assignment)) == {
        ("S1", "revenue"): 1,
        ("all", "revenue"): 10,
    }


def test_every_kpi_says_what_it_means_and_how_it_is_computed():
    for one in KPIS:
        assert one.label
        assert one.help.endswith(".")
        assert one.formula
        assert one.source or one.key == "size"


def test_measuring_changes_nothing_it_was_given():
    customers = table(HAND_ROLES, (1, 5), **HAND)
    before, columns = customers.frame.copy(deep=True), customers.columns
    assignment = grouped(HALVES)
    measure(customers, assignment)
    pd.testing.assert_frame_equal(customers.frame, before)
    assert customers.columns is columns
    assert assignment.codes.tolist() == HALVES


def test_new_names_leave_the_numbers():
    found = measure(table(HAND_ROLES, (1, 5), **HAND), grouped(HALVES))
    renamed = found.renamed((Segment("S1", "Regulars", 0), Segment("S2", "Guests", 1)))
    assert renamed.find("S1", "csat").segment_name == "Regulars"
    assert renamed.find("all", "csat") == found.find("all", "csat")
    plain = found.frame.drop(columns="segment_name")
    pd.testing.assert_frame_equal(renamed.frame.drop(columns="segment_name"), plain)


def test_definitions_have_keys_of_their_own_and_say_what_they_mean():
    keys = [one.key for one in KPIS]
    assert len(set(keys)) == len(keys)
    assert all(one.help.endswith(".") and one.label for one in KPIS)
    assert find_kpi("nps").label == "NPS"


# --- real data ------------------------------------------------------------------------------------


def test_telco_retention_by_contract():
    customers = segkit.read(real_file("telco_churn", "Telco-Customer-Churn.csv"))
    found = measure(customers, by_column(customers, "Contract"))
    rows = {row.segment: row for row in found.of("retention")}
    assert {key: (row.n, round(100 * row.value, 2)) for key, row in rows.items()} == {
        "Month-to-month": (3875, 57.29),
        "One year": (1473, 88.73),
        "Two year": (1695, 97.17),
        "all": (7043, 73.46),
    }
    assert [rows[key].verdict for key in ("Month-to-month", "One year", "Two year")] == [
        "lower",
        "higher",
        "higher",
    ]
    low, high = stats.binomtest(3875 - 1655, 3875).proportion_ci(method="wilson")
    assert (rows["Month-to-month"].low, rows["Month-to-month"].high) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize("name", ["input_01.csv", "input_02.csv"])
def test_prepbench_nps(name):
    question = "On a scale of 0-10, how would you rate Sudzilla?"
    customers = segkit.read(real_file("prepbench_nps", name), roles={question: "nps"})
    base = measure(customers, grouped([0] * len(customers))).find("all", "nps")
    assert (base.n, round(base.value, 1)) == (39, -35.9)
