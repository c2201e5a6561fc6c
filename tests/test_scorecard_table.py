"""The validity scorecard: each number against plain pandas, each border, and what cannot be told."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import segkit
from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.exports.lists import numbers_csv
from segkit.insights.priority_text import (
    finding_text,
    judgement_reasons,
    scorecard_numbers,
    scorecard_sentence,
    strongest_traits,
)
from segkit.insights.profiles import Trait
from segkit.measures.kpis import KpiTable, measure
from segkit.measures.scorecard import (
    CHECKS,
    CRITERIA,
    Evidence,
    Finding,
    Judgement,
    Scorecard,
    consents,
    coverage,
    reach,
    scorecard,
    worst,
)
from segkit.measures.value import Assumptions
from segkit.segments.segmentation import Assignment, Segment
from tests.real_data import real_file
from tests.tables import read_here

KEYS = [one.key for one in CRITERIA]


def by_column(customers: Customers, column: str, dimensions: tuple[str, ...] = ()) -> Assignment:
    """Segments as a column says them."""
    codes, names = pd.factorize(customers.frame[column].astype(str), sort=True)
    segments = tuple(Segment(f"S{place + 1}", str(name), place) for place, name in enumerate(names))
    return Assignment(segments, codes, np.ones(len(customers)), dimensions or (column,))


def table(frame: pd.DataFrame, **roles: str) -> Customers:
    return read_here(frame.to_csv(index=False).encode(), roles=roles)


def evidence(**known) -> Evidence:
    """Everything passes but for what is named."""
    keys = [f"S{place}" for place in range(1, 10)]
    usual = {
        "coverage": dict.fromkeys(keys, 1.0),
        "stability": dict.fromkeys(keys, 0.9),
        "traits": dict.fromkeys(keys, (1.0, "age: 50 on average, others 30")),
        "reach": None,
        "recall": dict.fromkeys(keys, 0.9),
    }
    return Evidence(**(usual | known))


def judged(card: Scorecard, segment: str, criterion: str) -> Judgement:
    return card.of(segment)[KEYS.index(criterion)]


def found(card: Scorecard, segment: str, check: str) -> Finding:
    criterion = next(one.criterion for one in CHECKS if one.key == check)
    return next(one for one in judged(card, segment, criterion).findings if one.check.key == check)


@pytest.fixture(scope="module")
def sample() -> tuple[Customers, Assignment, KpiTable, pd.DataFrame]:
    customers = segkit.read("data/sample/customers.csv")
    assignment = by_column(customers, "country", customers.default_dimensions)
    raw = pd.read_csv("data/sample/customers.csv", keep_default_na=False)
    return customers, assignment, measure(customers, assignment), raw


# --- the numbers -----------------------------------------------------------------------------------


def test_coverage_is_the_share_of_filled_cells_of_the_dimensions(sample):
    customers, assignment, _, raw = sample
    names = list(assignment.dimensions)
    filled = raw[names].astype(str).ne("").groupby(raw["country"]).mean().mean(axis=1)
    told = coverage(customers, assignment)
    assert told == pytest.approx({one.key: filled[one.name] for one in assignment.segments})
    assert min(told.values()) < 1


def test_reach_counts_who_agreed_to_a_channel(sample):
    customers, assignment, _, raw = sample
    known = reach(customers, assignment)
    names = {one.key: one.name for one in assignment.segments}
    anyone = raw["channel_consent"].ne("none").groupby(raw["country"]).mean()
    sms = raw["channel_consent"].str.contains("sms").groupby(raw["country"]).mean()
    assert {names[key]: one.value for key, one in known.any.items()} == pytest.approx(anyone.to_dict())
    assert {names[key]: one for key, one in known.channels["sms"].items()} == pytest.approx(sms.to_dict())
    assert set(known.channels) == {"email", "sms"}


def test_consent_in_several_columns_and_in_words_is_read_by_channel():
    frame = pd.DataFrame(
        {
            "customer_id": range(40),
            "newsletter": ["Yes", "No", "Yes", ""] * 10,
            "opt_in": ["phone, post", "keine", "", "ja"] * 10,
        }
    )
    said = consents(table(frame, newsletter="channel_consent", opt_in="channel_consent"))
    assert {name: column[:4].tolist() for name, column in said.items()} == {
        "Newsletter": [True, False, True, False],
        "Opt in": [False, False, False, True],
        "phone": [True, False, False, False],
        "post": [True, False, False, False],
    }


def test_reach_needs_a_column_and_holds_small_segments_back():
    frame = pd.DataFrame({"customer_id": range(103), "plan": ["a"] * 60 + ["b"] * 40 + ["c"] * 3})
    assert reach(table(frame), by_column(table(frame), "plan")) is None
    agreed = table(frame.assign(newsletter=["Yes", "No"] * 51 + ["No"]), newsletter="channel_consent")
    known = reach(agreed, by_column(agreed, "plan"))
    assert set(known.any) == {"S1"}  # the 40 would give the 3 away
    assert not known.differ


def test_profit_is_margin_minus_the_cost_of_addressing(sample):
    _, assignment, kpis, raw = sample
    card = scorecard(assignment.segments, kpis, evidence(), cost=12.5)
    margin = (raw["revenue"] - raw["cost"]).groupby(raw["country"]).mean()
    for segment in assignment.segments:
        assert found(card, segment.key, "profit").estimate.value == pytest.approx(margin[segment.name] - 12.5)


def test_the_order_of_the_customers_changes_nothing(sample):
    customers, assignment, _, _ = sample
    order = np.random.default_rng(3).permutation(len(customers))
    shuffled = replace(customers, frame=customers.frame.iloc[order].reset_index(drop=True))
    again = assignment.where(order)
    assert coverage(shuffled, again) == coverage(customers, assignment)
    assert reach(shuffled, again).any == reach(customers, assignment).any


# --- borders ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "value", "status"),
    [
        ("coverage", 0.8, "pass"),
        ("coverage", 0.799, "watch"),
        ("coverage", 0.499, "fail"),
        ("stability", 0.75, "pass"),
        ("stability", 0.6, "watch"),
        ("stability", 0.59, "fail"),
        ("recall", 0.6, "pass"),
        ("recall", 0.4, "watch"),
        ("recall", 0.0, "fail"),
        ("recall", float("nan"), "can't tell"),
    ],
)
def test_each_border(sample, check, value, status):
    _, assignment, kpis, _ = sample
    card = scorecard(assignment.segments, kpis, evidence(**{check: {"S1": value}}))
    assert found(card, "S1", check).status == status


@pytest.mark.parametrize(("size", "status"), [(100, "pass"), (99, "watch"), (30, "watch"), (29, "fail")])
def test_a_segment_is_substantial_from_a_hundred_customers(size, status):
    frame = pd.DataFrame({"customer_id": range(200 + size), "plan": ["a"] * 200 + ["b"] * size})
    customers = table(frame)
    assignment = by_column(customers, "plan")
    card = scorecard(assignment.segments, measure(customers, assignment), evidence())
    assert judged(card, "S2", "substantial").status == status


def test_a_fail_in_measurable_or_substantial_ends_it(sample):
    _, assignment, kpis, _ = sample
    card = scorecard(assignment.segments, kpis, evidence(coverage={"S1": 0.2, "S2": 1.0}))
    assert [one.status for one in card.of("S1")] == ["fail", *["not judged"] * 4]
    assert card.overall("S1") == "fail"
    assert judgement_reasons(judged(card, "S1", "profitable"), card) == ["ends at measurable"]
    few = replace(
        kpis, rows=tuple(r if (r.segment, r.kpi) != ("S2", "size") else replace(r, value=20.0) for r in kpis)
    )
    assert [one.status for one in scorecard(assignment.segments, few, evidence()).of("S2")] == [
        "pass",
        "fail",
        *["not judged"] * 3,
    ]


def test_profit_passes_only_with_its_whole_interval(sample):
    _, assignment, kpis, _ = sample
    row = kpis.find("S1", "margin")
    half = (row.value - row.low) / 2
    statuses = [
        judged(scorecard(assignment.segments, kpis, evidence(), cost), "S1", "profitable").status
        for cost in (row.low, row.value - half, row.value + half)
    ]
    assert statuses == ["pass", "watch", "fail"]


def test_other_borders_judge_otherwise_and_senseless_ones_are_refused(sample):
    _, assignment, kpis, _ = sample
    card = scorecard(assignment.segments, kpis, evidence(), thresholds={"stability": (0.95, 0.92)})
    assert judged(card, "S1", "distinguishable").status == "fail"
    with pytest.raises(UnusablePlan, match="the border to watch lies below"):
        scorecard(assignment.segments, kpis, evidence(), thresholds={"stability": (0.5, 0.6)})
    with pytest.raises(UnusablePlan, match="below 0"):
        scorecard(assignment.segments, kpis, evidence(), cost=-1.0)


def test_the_worst_check_counts():
    assert worst(["pass", "watch", "fail"]) == "fail"
    assert worst(["pass", "can't tell"]) == "can't tell"
    assert worst(["pass", "pass"]) == "pass"


# --- what cannot be told ---------------------------------------------------------------------------


def test_nothing_passes_in_silence():
    frame = pd.DataFrame({"customer_id": range(240), "plan": ["a", "b"] * 120})
    customers = table(frame)
    assignment = by_column(customers, "plan")
    card = scorecard(assignment.segments, measure(customers, assignment), Evidence({}, None, {}, None, {}))
    statuses = {one.criterion.key: one.status for one in card.of("S1")}
    assert statuses == {
        "measurable": "can't tell",
        "substantial": "pass",
        "distinguishable": "fail",  # no trait, whatever the redraws will say
        "profitable": "can't tell",
        "accessible": "can't tell",
    }
    reasons = {one.criterion.key: " | ".join(judgement_reasons(one, card)) for one in card.of("S1")}
    assert reasons["substantial"] == "120 customers | share of revenue: needs “Revenue”"
    assert reasons["profitable"] == "left per customer: needs “Revenue” and “Cost to serve”"
    assert "needs “Consent to channels”" in reasons["accessible"]


def test_stability_is_measured_later_and_needs_no_measuring_for_rules(sample):
    _, assignment, kpis, _ = sample
    waits = scorecard(assignment.segments, kpis, evidence(stability=None))
    assert judged(waits, "S1", "distinguishable").status == "can't tell"
    assert finding_text(found(waits, "S1", "stability"), "").endswith("being measured")
    ruled = scorecard(assignment.segments, kpis, evidence(stability={}))
    assert judged(ruled, "S1", "distinguishable").status == "pass"
    assert "a rule defines it" in judgement_reasons(judged(ruled, "S1", "distinguishable"), ruled)[0]
    missed = scorecard(assignment.segments, kpis, evidence(stability={"S2": 0.9}))
    assert judged(missed, "S1", "distinguishable").status == "can't tell"


def test_revenue_alone_is_no_profit_unless_somebody_says_what_is_left():
    customers = segkit.read(real_file("telco_churn", "Telco-Customer-Churn.csv"))
    assignment = by_column(customers, "Contract")
    card = scorecard(assignment.segments, measure(customers, assignment), evidence(), cost=3.0)
    assert judged(card, "S1", "profitable").status == "can't tell"
    assert "what serving costs is not known" in finding_text(found(card, "S1", "profit"), card.unit)
    said = measure(customers, assignment, assumptions=Assumptions(margin=0.4))
    card = scorecard(assignment.segments, said, evidence(), cost=3.0)
    raw = pd.read_csv(real_file("telco_churn", "Telco-Customer-Churn.csv"))
    left = 0.4 * raw.groupby("Contract")["MonthlyCharges"].mean() - 3
    assert found(card, "S1", "profit").estimate.value == pytest.approx(left["Month-to-month"])
    assert judged(card, "S1", "profitable").status == "pass"


def test_what_defines_a_segment_is_no_trait_of_it():
    segments = (Segment("S1", "a", 0), Segment("S2", "b", 1))
    plan, age = Trait("plan", "a", "category", 3.1, 1.0, 0.0), Trait("age", "high", "number", 0.4, 50, 40)
    traits = {"S1": [plan, age], "S2": [plan]}
    assert strongest_traits(traits, segments, ("plan",), True) == {"S1": (0.4, age.sentence)}
    assert strongest_traits(traits, segments, (), True)["S2"] == (3.1, plan.sentence)
    alone = strongest_traits(traits, segments, ("plan",), False)
    assert all(size != size for size, _ in alone.values())


def test_a_number_that_is_written_like_its_border_is_told_apart(sample):
    _, assignment, kpis, _ = sample
    card = scorecard(assignment.segments, kpis, evidence(recall={"S1": 0.5996}))
    assert finding_text(found(card, "S1", "recall"), "").endswith("which it just misses")


def test_too_small_segments_are_held_back_with_their_neighbour():
    frame = pd.DataFrame({"customer_id": range(163), "plan": ["a"] * 100 + ["b"] * 60 + ["c"] * 3})
    customers = table(frame)
    assignment = by_column(customers, "plan")
    card = scorecard(assignment.segments, measure(customers, assignment), evidence())
    assert [one.name for one in card.segments] == ["a"]
    assert card.held_back == 2


# --- words and files -------------------------------------------------------------------------------


def test_the_table_of_the_scorecard_has_a_number_and_a_reason_for_each_check(sample):
    customers, assignment, kpis, _ = sample
    known = reach(customers, assignment)
    card = scorecard(assignment.segments, kpis, evidence(reach=known))
    rows = scorecard_numbers(card, known)
    assert len(rows) == len(assignment.segments) * len(CHECKS)
    assert rows["Reason"].str.len().gt(0).all()
    assert rows["Value"].notna().all()
    again = pd.read_csv(io.BytesIO(numbers_csv(rows, "sample")))
    assert again["Reason"].tolist() == rows["Reason"].tolist()
    assert again["Value"].tolist() == pytest.approx(rows["Value"].tolist())
    written = rows[rows["Check"] == "May be written to"]["Reason"]
    assert written.str.contains("email").all()
    assert written.str.contains("sms").all()


def test_the_sentence_says_who_fails_on_what(sample):
    _, assignment, kpis, _ = sample
    name = assignment.segments[0].name
    fails = scorecard(
        assignment.segments, kpis, evidence(stability={"S1": 0.2} | {f"S{n}": 0.9 for n in range(2, 9)})
    )
    assert scorecard_sentence(fails) == f"1 segment fails. On distinguishable: “{name}”."
    missing = scorecard(assignment.segments, kpis, evidence())
    assert scorecard_sentence(missing) == "No segment fails. Can’t tell in full yet: accessible."
