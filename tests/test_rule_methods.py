"""Rule methods: groups worked out by hand, laws that hold for all of them, and mistakes that are said."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segkit
from segkit.errors import SegkitError, UnusablePlan
from segkit.segments.fitting import fit
from segkit.segments.methods.breaks import fifths, natural_breaks
from segkit.segments.methods.micro import evenly_fewer
from segkit.segments.methods.rfm import GRID, ORDER
from segkit.segments.methods.sentiment import Band, pooled
from segkit.segments.plan import Plan
from segkit.segments.segmentation import Segmentation
from tests.real_data import PROJECT, real_file
from tests.tables import csv_bytes, read_here


def table(**columns):
    """A customer table from columns of texts."""
    rows = len(next(iter(columns.values())))
    ids = [f"c{place:04d}" for place in range(rows)]
    return read_here(
        csv_bytes([["customer_id", *columns], *map(list, zip(ids, *columns.values(), strict=True))])
    )


def shop(rows=600, seed=0):
    """A shop with everything that the rule methods ask for, with gaps and ties."""
    rng = np.random.default_rng(seed)
    signup = pd.Timestamp("2026-09-30") - pd.to_timedelta(rng.integers(0, 900, rows), "D")
    last = pd.Timestamp("2026-09-30") - pd.to_timedelta(rng.integers(0, 400, rows), "D")
    last = np.where(last < signup, signup, last)
    churn = [str(day)[:10] if gone else "" for day, gone in zip(last, rng.random(rows) < 0.2, strict=True)]
    gap = rng.random((4, rows)) < [[0.02], [0.3], [0.3], [0.03]]
    orders = rng.geometric(0.4, rows)
    revenue = (orders * rng.lognormal(3, 0.8, rows)).round(2)
    return table(
        signup_date=[str(day)[:10] for day in signup],
        last_activity_date=[str(day)[:10] for day in last],
        churn_date=churn,
        orders=orders.astype(str),
        revenue=np.where(gap[0], "", revenue.astype(str)),
        cost=rng.gamma(2, 20, rows).round(2).astype(str),
        nps=np.where(gap[1], "", rng.integers(0, 11, rows).astype(str)),
        csat=np.where(gap[2], "", rng.integers(1, 6, rows).astype(str)),
        plan_tier=np.where(gap[3], "", rng.choice(["pro", "free", "basic"], rows)),
        age=rng.integers(18, 80, rows).astype(str),
        visits=rng.poisson(6, rows).astype(str),
        device=rng.choice(["ios", "android", "web"], rows),
    )


@pytest.fixture(scope="module")
def customers():
    return shop()


@pytest.fixture(scope="module")
def sample():
    return segkit.read(PROJECT / "data" / "sample" / "customers.csv")


def groups(customers, method, **options):
    """The name of each customer's segment."""
    return fit(customers, Plan(method=method, options=options)).assign(customers).labels().tolist()


def names(customers, method, **options):
    return [one.name for one in fit(customers, Plan(method=method, options=options)).segments]


# --- breaks -----------------------------------------------------------------------------------------


def scores(values, cuts):
    return [1 + sum(value > cut for cut in cuts) for value in values]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
        ([1] * 50 + [2] * 50, [1] * 50 + [5] * 50),
        ([1] * 9 + [2], [1] * 9 + [5]),
        ([0] + [1] * 9, [1] + [5] * 9),
        ([1] * 5 + [2, 2, 3, 4, 5], [1] * 5 + [3, 3, 4, 5, 5]),  # the middle of both twos is at 60 %
    ],
)
def test_ties_score_where_their_middle_lies_and_both_ends_are_1_and_5(values, expected):
    assert scores(values, fifths(np.array(values, float))) == expected


def squares(parts):
    return sum(((np.array(part) - np.mean(part)) ** 2).sum() for part in parts)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-20, 60), min_size=5, max_size=14).filter(lambda some: len(set(some)) >= 5))
def test_natural_breaks_are_the_best_of_all_ways_to_cut(values):
    levels = sorted(set(values))
    ways = [
        [[v for v in values if low < v <= high] for low, high in zip([-99, *ends], [*ends, 99], strict=True)]
        for ends in combinations(levels[:-1], 4)
    ]
    cuts = natural_breaks(np.array(values, float))
    found = [
        [v for v in values if low < v <= high] for low, high in zip([-99, *cuts], [*cuts, 99], strict=True)
    ]
    assert squares(found) == pytest.approx(min(map(squares, ways)), abs=1e-6)


@pytest.mark.parametrize("cut", [fifths, natural_breaks])
def test_cuts_grow_with_their_values(cut):
    values = np.random.default_rng(1).lognormal(3, 1, 5000).round(2)
    assert np.array(cut(values * 1000)) == pytest.approx(np.array(cut(values)) * 1000)
    assert cut(values[::-1]) == cut(values)
    assert set(cut(values)) <= set(values)


@pytest.mark.parametrize(("levels", "expected"), [(2, [1, 5]), (3, [1, 3, 5]), (4, [1, 3, 4, 5])])
def test_natural_breaks_of_few_values_spread_over_the_scores(levels, expected):
    values = np.arange(levels, dtype=float)
    assert scores(values, natural_breaks(values)) == expected


# --- RFM --------------------------------------------------------------------------------------------


def fifth(values):
    """A score from 1 to 5 with plain pandas: ties by their mean rank, the ends 1 and 5."""
    place = (values.rank(method="average") - 0.5) / values.notna().sum()
    score = np.ceil(place * 5 - 1e-9).clip(1, 5)
    return score.mask(values == values.min(), 1).mask(values == values.max(), 5)


def cell(recency, frequency, money):
    """The grid in plain words."""
    spending = (frequency + money) / 2
    if np.isnan(recency + spending):
        return "Unknown"
    if recency >= 4 and spending < 2:
        return "New" if recency == 5 else "Promising"
    if recency >= 4 and spending < 4:
        return "Potential loyalists"
    if recency >= 3 and spending >= 4:
        return "Champions" if recency == 5 else "Loyal"
    if recency == 3:
        return "Need attention" if spending >= 3 else "About to sleep"
    if recency == 1 and spending >= 4:
        return "Can’t lose them"
    return "At risk" if spending >= 3 else "Hibernating"


def by_pandas(days, orders, revenue):
    return [cell(*one) for one in zip(fifth(-days), fifth(orders), fifth(revenue), strict=True)]


def test_rfm_of_the_sample_is_what_pandas_says(sample):
    frame = sample.frame
    days = (frame["last_activity_date"].max() - frame["last_activity_date"]).dt.days
    assert groups(sample, "rfm") == by_pandas(days, frame["orders"], frame["revenue"])


def test_rfm_of_cdnow_is_what_pandas_says():
    path = real_file("cdnow", "CDNOW_sample.txt")
    lines = pd.read_csv(
        path, sep=r"\s+", header=None, names=["m", "id", "day", "n", "usd"], dtype={"day": "str"}
    )
    lines["day"] = pd.to_datetime(lines["day"], format="%Y%m%d")
    bought = lines.groupby("id").agg(last=("day", "max"), orders=("day", "nunique"), usd=("usd", "sum"))
    cdnow = table(
        last_order=bought["last"].dt.strftime("%Y-%m-%d").tolist(),
        orders=bought["orders"].astype(str).tolist(),
        revenue=bought["usd"].round(2).astype(str).tolist(),
    )
    days = (bought["last"].max() - bought["last"]).dt.days
    expected = by_pandas(days, bought["orders"], bought["usd"].round(2))
    assert len(expected) == 2357
    assert (bought["orders"] == 1).mean() > 0.5  # ties: half of the customers ordered once
    assert groups(cdnow, "rfm") == expected


def test_the_grid_has_a_group_for_every_score_and_only_those_in_order():
    assert {name for name, _, _ in GRID} | {"Unknown"} == set(ORDER)
    assert {cell(r, f, m) for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)} == set(ORDER[:-1])


def test_own_borders_of_rfm_are_limits_that_still_count():
    shop_ = table(
        recency_days=["30", "31", "400", "400", ""],
        orders=["9", "1", "9", "1", "3"],
        revenue=["500", "5", "500", "5", "50"],
    )
    borders = {"recency": [30, 60, 90, 365], "frequency": [1, 2, 4, 8], "monetary": [10, 50, 100, 499]}
    assert groups(shop_, "rfm", cuts=borders) == [
        "Champions",
        "Promising",
        "Can’t lose them",
        "Hibernating",
        "Unknown",
    ]
    steps = dict(fit(shop_, Plan(method="rfm", options={"cuts": borders})).steps)
    assert (
        steps["recency_days"] == "recency score 5 up to 30, 4 up to 60, 3 up to 90, 2 up to 365, 1 above 365"
    )
    assert steps["orders"] == "frequency score 1 up to 1, 2 up to 2, 3 up to 4, 4 up to 8, 5 above 8"


def test_cuts_are_seen_in_the_steps_and_change_with_the_option(sample):
    usual = fit(sample, Plan(method="rfm")).steps
    breaks = fit(sample, Plan(method="rfm", options={"cuts": "breaks"})).steps
    assert dict(usual)["orders"] == "frequency score 1 up to 0, 2 up to 1, 3 up to 2, 4 up to 4, 5 above 4"
    assert [column for column, _ in usual] == [column for column, _ in breaks]
    assert all(a != b for a, b in zip(usual, breaks, strict=True))


def test_columns_of_rfm_can_be_named(sample):
    found = fit(
        sample, Plan(method="rfm", options={"frequency": "sessions_per_month", "monetary": "tickets"})
    )
    assert set(found.tree.names) == {"last_activity_date", "sessions_per_month", "tickets"}


def test_recency_of_buy_till_you_die_tables_is_the_age_at_the_last_purchase():
    known = table(
        frequency=["2", "0", "5", "1"], recency=["30", "0", "38", "10"], T=["38", "38", "39", "39"],
        revenue=["20", "5", "90", "12"],
    )  # fmt: skip
    found = fit(known, Plan(method="rfm"))
    assert found.notes[0].startswith("Scores are from 1 to 5, 5 being best: recency is T minus recency")


# --- value tiers ------------------------------------------------------------------------------------


def test_value_tiers_are_what_the_first_shares_of_the_total_come_from():
    # of 100: 50 + 30 are the first 80, then 10 + 5 the next 15, then 3 + 2
    money = ["3", "50", "10", "0", "", "30", "5", "2", "-4"]
    expected = ["C", "A", "B", "No value", "Unknown value", "A", "B", "C", "No value"]
    found = [name.removeprefix("Tier ") for name in groups(table(revenue=money), "value-tiers")]
    assert found == expected


def test_customers_with_the_same_amount_are_in_the_same_tier():
    assert groups(table(revenue=["10"] * 9 + ["1"]), "value-tiers") == ["Tier A"] * 9 + ["Tier C"]


def test_value_tiers_by_margin_and_by_other_shares():
    shop_ = table(revenue=["100", "60", "50", "20"], cost=["90", "10", "20", "25"])  # margins 10, 50, 30, −5
    assert groups(shop_, "value-tiers", by="margin", shares=[50, 80]) == [
        "Tier C",
        "Tier A",
        "Tier B",
        "No value",
    ]


# --- columns, price tiers, stages -------------------------------------------------------------------


def test_price_tiers_go_from_cheap_to_dear():
    tiers = ["Pro", "free", "Enterprise", "basic", ""] * 4
    assert names(table(plan_tier=tiers), "price-tiers") == ["free", "basic", "Pro", "Enterprise", "Unknown"]


def test_price_tiers_without_known_words_go_by_revenue_or_else_by_the_alphabet():
    tiers, money = ["Sun", "Moon", "Star"] * 4, ["30", "10", "20"] * 4
    assert names(table(plan_tier=tiers, revenue=money), "price-tiers") == ["Moon", "Star", "Sun"]
    assert names(table(plan_tier=[*tiers, "Ace"]), "price-tiers") == ["Ace", "Moon", "Star", "Sun"]


def test_telco_contracts_are_in_order():
    telco = segkit.read(real_file("telco_churn", "Telco-Customer-Churn.csv"))
    found = fit(telco, Plan(method="price-tiers"))
    assert [one.name for one in found.segments] == ["Month-to-month", "One year", "Two year"]
    assert found.assign(telco).sizes.tolist() == [3875, 1473, 1695]


def test_a_column_as_it_is_pools_rare_values():
    places = [f"place {k:02d}" for k in range(30) for _ in range(40 - k)] + [""] * 5
    found = fit(table(region=places), Plan(method="column", options={"column": "region"}))
    assert len(found.segments) == 20
    assert [one.name for one in found.segments[-3:]] == ["place 17", "Other", "Unknown"]
    assert found.assign(table(region=places)).sizes[-2:].tolist() == [sum(40 - k for k in range(18, 30)), 5]


def test_numbers_and_yes_no_are_named_with_their_column(sample):
    assert names(sample, "column", column="uses_integrations") == [
        "Uses integrations: no",
        "Uses integrations: yes",
    ]
    assert names(sample, "column", column="household_size")[:2] == ["Household size: 1", "Household size: 2"]


def test_stages_as_they_are_have_their_order(sample):
    assert names(sample, "stages") == ["new", "active", "at risk", "lapsed", "won back"]


def test_stages_from_dates():
    way = table(
        #            new           active        at risk       lapsed        left          won back      ?
        signup_date=["2026-09-01", "2024-01-01", "2024-01-01", "2024-01-01", "2024-01-01", "2024-01-01", ""],
        last_activity_date=[
            "2026-09-30", "2026-07-02", "2026-07-01", "2026-01-01", "2026-07-15", "2026-08-15", "",
        ],
        churn_date=["", "", "", "", "2026-07-20", "2025-03-01", ""],
    )  # fmt: skip
    assert groups(way, "stages") == ["New", "Active", "At risk", "Lapsed", "Lapsed", "Won back", "Unknown"]
    assert groups(way, "stages", active_days=30, new_days=5)[:2] == ["Active", "At risk"]
    assert names(way, "stages") == ["New", "Active", "At risk", "Lapsed", "Won back", "Unknown"]


def test_a_planned_cancellation_is_no_churn():
    way = table(
        signup_date=["2024-01-01"] * 3,
        last_activity_date=["2026-09-30"] * 3,
        churn_date=["2026-12-31", "2026-09-01", ""],
    )
    assert groups(way, "stages") == ["Active", "Lapsed", "Active"]


def test_next_month_is_judged_by_its_own_day(customers):
    found = fit(customers, Plan(method="stages"))
    later = customers.frame.copy()
    for name in ("signup_date", "last_activity_date", "churn_date"):
        later[name] += pd.Timedelta(31, "D")
    before, after = found.assign(customers), found.assign(replace(customers, frame=later))
    np.testing.assert_array_equal(before.codes, after.codes)


# --- sentiment --------------------------------------------------------------------------------------


def test_sentiment_by_both_answers():
    answers = table(
        nps=["10", "9", "8", "7", "6", "0", "", "", "10", "11"],
        csat=["5", "3", "4", "1", "2", "4", "5", "", "", "9"],
    )
    five = [replace(one, scale=(1, 5)) if one.role == "csat" else one for one in answers.columns]
    assert groups(replace(answers, columns=tuple(five)), "sentiment", smallest=1) == [
        "Promoters, satisfied",
        "Promoters, neutral or dissatisfied",
        "Passives, satisfied or neutral",
        "Passives, dissatisfied or no CSAT answer",
        "Detractors, dissatisfied or no CSAT answer",
        "Detractors, satisfied or neutral",
        "CSAT answer only",
        "No answer",
        "Promoters, no CSAT answer",
        "No answer",
    ]


def test_sentiment_with_one_of_the_two():
    nps = table(nps=[str(k) for k in range(11)] + [""])
    assert groups(nps, "sentiment") == ["Detractors"] * 7 + ["Passives"] * 2 + ["Promoters"] * 2 + [
        "No answer"
    ]
    csat = table(csat=[str(1 + k % 5) for k in range(20)] + [""])
    expected = ["Dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Satisfied"] * 4 + ["No answer"]
    assert groups(csat, "sentiment") == expected


def test_sentiment_groups_have_enough_customers_and_count_as_the_kpis_do(sample):
    found = fit(sample, Plan(method="sentiment"))
    assignment = found.assign(sample)
    assert assignment.sizes.min() >= 100
    promoters = [one.name.startswith("Promoters") for one in found.segments]
    assert np.isin(assignment.codes, np.flatnonzero(promoters)).sum() == (sample.frame["nps"] >= 9).sum()


def test_small_bands_join_the_smaller_one_beside_them():
    bands = [Band((name,), (), size) for name, size in (("a", 40), ("b", 3), ("c", 10), ("d", 50))]
    assert [(band.name, band.size) for band in pooled(bands, 12)] == [("a", 40), ("b or c", 13), ("d", 50)]
    assert [band.size for band in pooled(bands, 1000)] == [103]


# --- own rules --------------------------------------------------------------------------------------

VIP = {"name": "VIP", "when": {"column": "@revenue", "how": ">=", "values": [100]}}
LOYAL = {"name": "Loyal", "when": {"column": "orders", "how": ">", "values": [2]}}


def test_the_first_rule_that_is_met_counts():
    shop_ = table(revenue=["150", "20", "20", ""], orders=["5", "5", "1", "1"])
    assert groups(shop_, "own-rules", rules=[VIP, LOYAL], rest="Others") == [
        "VIP",
        "Loyal",
        "Others",
        "Others",
    ]
    assert groups(shop_, "own-rules", rules=[VIP, LOYAL]) == ["VIP", "Loyal", "Fits none", "Fits none"]


def test_rules_with_the_same_name_make_one_segment():
    shop_ = table(revenue=["150", "20", "20"], orders=["5", "5", "1"])
    assert groups(shop_, "own-rules", rules=[VIP, LOYAL | {"name": "VIP"}], rest="Others") == [
        "VIP",
        "VIP",
        "Others",
    ]


def test_a_rule_that_nobody_meets_is_said():
    shop_ = table(revenue=["150", "20"], orders=["1", "1"])
    found = fit(shop_, Plan(method="own-rules", options={"rules": [VIP, LOYAL], "rest": "Others"}))
    assert [one.name for one in found.segments] == ["VIP", "Others"]
    assert found.notes[0].startswith("Nobody is in “Loyal”")


# --- crossing and micro-segments --------------------------------------------------------------------


def test_a_crossing_is_the_product_of_its_parts(customers):
    parts = [{"method": "price-tiers"}, {"column": "device"}]
    found = groups(customers, "crossing", parts=parts, smallest=1)
    tiers, devices = groups(customers, "price-tiers"), groups(customers, "column", column="device")
    assert found == [f"{tier} × {device}" for tier, device in zip(tiers, devices, strict=True)]


def test_small_combinations_are_pooled(customers):
    parts = [{"method": "price-tiers"}, {"method": "sentiment"}]
    found = pd.Series(groups(customers, "crossing", parts=parts))
    sizes = found.value_counts()
    assert sizes.drop("Other combinations").min() >= 30
    tiers, moods = groups(customers, "price-tiers"), groups(customers, "sentiment")
    whole = pd.Series([f"{a} × {b}" for a, b in zip(tiers, moods, strict=True)])
    assert (found[found != "Other combinations"] == whole[found != "Other combinations"]).all()
    assert (whole.value_counts()[whole[found == "Other combinations"].unique()] < 30).all()


def test_a_crossing_has_at_most_20_segments(customers):
    parts = [{"method": "rfm"}, {"column": "device"}, {"method": "price-tiers"}]
    assert len(names(customers, "crossing", parts=parts, smallest=1)) == 20


def test_rules_can_be_crossed_with_clusters(customers):
    parts = [{"column": "device"}, {"method": "k-means"}]
    found = fit(customers, Plan(("age", "visits"), method="crossing", options={"parts": parts}))
    assert found.assign(customers).unassigned == 0
    assert all(" × Group " in one.name for one in found.segments if one.name != "Other combinations")


def test_micro_segments_lie_inside_their_group(customers):
    plan = Plan(
        ("age", "visits"),
        method="micro",
        options={"parent": {"method": "price-tiers"}, "inside": 2, "smallest": 100},
    )
    found = fit(customers, plan)
    codes, tiers = found.assign(customers).codes, groups(customers, "price-tiers")
    within = [one.within or one.name for one in found.segments]
    assert [within[code] for code in codes] == tiers
    assert within == ["free", "free", "basic", "basic", "pro", "pro", "Unknown"]
    sizes = found.assign(customers).sizes
    assert all(first >= second for first, second in zip(sizes[:6:2], sizes[1:6:2], strict=True))
    assert "“Unknown”" in found.notes[-1]


def test_clusters_inside_are_those_of_the_group_alone(customers):
    options = {"parent": {"column": "device"}, "inside": 3, "smallest": 50}
    found = fit(customers, Plan(("age", "visits"), method="micro", options=options)).assign(customers)
    here = (customers.frame["device"] == "ios").to_numpy()
    ios = replace(customers, frame=customers.frame[here].reset_index(drop=True))
    alone = fit(ios, Plan(("age", "visits"), n_segments=3)).assign(ios)
    pairs = set(zip(found.codes[here].tolist(), alone.codes.tolist(), strict=True))
    assert len(pairs) == 3


def test_the_evidence_says_how_many_are_inside(customers):
    found = fit(customers, Plan(("age", "visits"), method="micro", options={"parent": {"column": "device"}}))
    counts = pd.Series([one.within for one in found.segments]).value_counts()
    assert counts.between(1, 4).all()
    assert set(counts.index) <= {"android", "ios", "web", ""}


@given(st.lists(st.integers(0, 6), min_size=1, max_size=20))
def test_too_many_clusters_are_taken_away_evenly(counts):
    fewer = evenly_fewer(counts)
    assert sum(fewer) <= max(20, len(counts))
    assert all(min(count, 1) <= less <= count for count, less in zip(counts, fewer, strict=True))
    cut = [less for count, less in zip(counts, fewer, strict=True) if less < count]
    assert not cut or max(fewer) - min(cut) <= 1


# --- laws -------------------------------------------------------------------------------------------

PLANS = {
    "rfm": {},
    "rfm by breaks": {"cuts": "breaks"},
    "value-tiers": {},
    "value-tiers by margin": {"by": "margin"},
    "price-tiers": {},
    "sentiment": {},
    "stages": {},
    "column": {"column": "device"},
    "own-rules": {"rules": [VIP], "rest": "Others"},
    "crossing": {"parts": [{"method": "value-tiers"}, {"method": "sentiment"}], "smallest": 12},
    "micro": {"parent": {"method": "value-tiers"}, "inside": 2, "smallest": 100},
}
EVERY_PLAN = pytest.mark.parametrize(
    "plan", [Plan(method=key.split(" by ")[0], options=options) for key, options in PLANS.items()], ids=PLANS
)


@EVERY_PLAN
def test_everybody_is_in_a_segment_and_no_segment_is_empty(customers, plan):
    assignment = fit(customers, plan).assign(customers)
    assert assignment.unassigned == 0
    assert assignment.sizes.sum() == len(customers)
    assert assignment.sizes.min() > 0
    assert 2 <= len(assignment.segments) <= 20


@EVERY_PLAN
def test_a_segmentation_comes_back_from_json(customers, plan):
    found = fit(customers, plan)
    again = Segmentation.from_json(found.to_json())
    assert again.segments == found.segments
    np.testing.assert_array_equal(again.assign(customers).codes, found.assign(customers).codes)


@EVERY_PLAN
def test_neither_the_order_of_rows_nor_of_columns_matters(customers, plan):
    order = np.random.default_rng(3).permutation(len(customers))
    turned = replace(
        customers,
        frame=customers.frame.iloc[order, ::-1].reset_index(drop=True),
        columns=customers.columns[::-1],
        source=customers.source.take(order),
    )
    there, here = fit(turned, plan), fit(customers, plan)
    assert there.segments == here.segments
    np.testing.assert_array_equal(there.assign(turned).codes, here.assign(customers).codes[order])


@EVERY_PLAN
def test_the_unit_of_money_does_not_matter(customers, plan):
    if plan.method == "own-rules":
        pytest.skip("the rule names an amount")
    money = ["revenue", "cost"]
    cents = replace(customers, frame=customers.frame.assign(**customers.frame[money] * 1000))
    np.testing.assert_array_equal(
        fit(cents, plan).assign(cents).codes, fit(customers, plan).assign(customers).codes
    )


@EVERY_PLAN
def test_columns_with_other_names_and_the_same_roles_give_the_same(customers, plan):
    if plan.method == "column":
        pytest.skip("the option names the column")
    called = {name: f"x {name}" for name in customers.frame.columns}
    other = replace(
        customers,
        frame=customers.frame.rename(columns=called),
        columns=tuple(replace(one, name=called[one.name]) for one in customers.columns),
        source=customers.source.rename_columns(list(called.values())),
    )
    np.testing.assert_array_equal(
        fit(other, plan).assign(other).codes, fit(customers, plan).assign(customers).codes
    )


@EVERY_PLAN
def test_the_table_stays_as_it_was(customers, plan):
    before = customers.frame.copy()
    fit(customers, plan)
    pd.testing.assert_frame_equal(customers.frame, before)


def test_a_value_never_seen_fits_none_and_a_gap_is_unknown(customers):
    found = fit(customers, Plan(method="price-tiers"))
    tiers = customers.frame["plan_tier"].astype("str").where(lambda some: some.notna())
    tiers[:2] = ["platinum", None]
    after = replace(customers, frame=customers.frame.assign(plan_tier=tiers.astype("category")))
    assert found.assign(after).labels()[:2].tolist() == ["Fits none", "Unknown"]


# --- mistakes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "options", "message"),
    [
        ("rfm", {"recency": "nothing"}, "no column “nothing”"),
        ("rfm", {"frequency": "device"}, "read as category"),
        ("rfm", {"cuts": "thirds"}, "no way to cut"),
        ("rfm", {"cuts": {"recency": [1, 2, 3]}}, "Give four numbers"),
        ("rfm", {"cuts": {"recency": [4, 3, 2, 1]}}, "Give four numbers"),
        ("rfm", {"cuts": {"money": [1, 2, 3, 4]}}, "has no scores"),
        ("value-tiers", {"shares": [95, 80]}, "smallest first"),
        ("value-tiers", {"shares": [0, 80]}, "between 0 and 100"),
        ("value-tiers", {"by": "device"}, "read as category"),
        ("value-tiers", {"by": "customer_id"}, "makes no groups"),
        ("column", {}, "Name it in the option “column”"),
        ("column", {"column": "signup_date"}, "holds dates"),
        ("column", {"column": "revenue"}, "different numbers"),
        ("stages", {"from": "stars"}, "not from “stars”"),
        ("stages", {"from": "column"}, "Stages need a column that means “Journey stage”"),
        ("stages", {"active_days": 200}, "room for those at risk"),
        ("stages", {"new_days": "many"}, "Give a number from 0"),
        ("sentiment", {"smallest": -1}, "Give a number from 1"),
        ("own-rules", {}, "There are no rules yet"),
        ("own-rules", {"rules": ["revenue > 5"]}, "is no rule"),
        ("own-rules", {"rules": [{"when": VIP["when"]}]}, "has no name"),
        ("own-rules", {"rules": [{"name": "x", "when": "revenue > 5"}]}, "In rule 1, “x”"),
        (
            "own-rules",
            {"rules": [{"name": "x", "when": {"column": "shoe", "how": "known"}}]},
            "no column “shoe”",
        ),
        ("own-rules", {"rules": [VIP | {"name": f"n{k}"} for k in range(21)]}, "21 segments"),
        ("crossing", {"parts": [{"column": "device"}]}, "Give two or three"),
        ("crossing", {"parts": [{"column": "device"}, 5]}, "is no part"),
        ("crossing", {"parts": [{"column": "device"}, {"method": "crossing"}]}, "made of parts itself"),
        ("crossing", {"parts": [{"column": "device"}, {"method": "magic"}]}, "is no method"),
        ("crossing", {"parts": [{"column": "device"}, {"method": "rfm"}], "smallest": 600}, "No combination"),
        ("micro", {}, "need groups to look into"),
        ("micro", {"parent": {"column": "device"}, "inside": 9}, "Give 2 to 6"),
        ("micro", {"parent": {"column": "device"}, "clusters": "rfm"}, "finds no clusters"),
    ],
)
def test_what_cannot_be_used_is_said(customers, method, options, message):
    with pytest.raises(SegkitError, match=message):
        fit(customers, Plan(method=method, options=options))


@pytest.mark.parametrize("method", ["rfm", "value-tiers", "price-tiers", "sentiment", "stages"])
def test_a_table_without_the_columns_is_told_what_is_missing(method):
    with pytest.raises(UnusablePlan, match="need a column that means “"):
        fit(table(age=["20", "30", "41"] * 5), Plan(method=method))
