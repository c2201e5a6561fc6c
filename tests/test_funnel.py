"""The funnel on tables small enough to count, and the order of stages."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import segkit
from segkit.insights.time_text import funnel_headline, funnel_title
from segkit.measures.funnel import funnel, stages_of
from segkit.measures.kpis import by_column
from segkit.segments.segmentation import Assignment


def table(stages, groups=None, kind="category"):
    frame = pd.DataFrame({"customer_id": [f"c{k}" for k in range(len(stages))], "stage": stages})
    frame["group"] = groups if groups is not None else "all"
    return segkit.read(
        frame,
        roles={"stage": "journey_stage", "group": "descriptor"},
        kinds={"stage": kind, "group": "text"},
    )


def two_groups():
    """Of 100 in "a" 80 reach a trial and 60 are active; of 100 in "b" 80 and 20."""
    stages = (
        ["lead"] * 20 + ["trial"] * 20 + ["active"] * 60 + ["lead"] * 20 + ["trial"] * 60 + ["active"] * 20
    )
    return table(stages, ["a"] * 100 + ["b"] * 100)


def test_shares_reached_and_their_intervals():
    customers = two_groups()
    found = funnel(customers, by_column(customers, "group"))
    assert found.stages.names == ("lead", "trial", "active")
    for one, active in zip(found.segments, (60, 20), strict=True):
        assert [share.value for share in one.reached] == [1.0, 0.8, active / 100]
        interval = stats.binomtest(active, 100).proportion_ci(method="wilson")
        assert (one.reached[2].low, one.reached[2].high) == pytest.approx((interval.low, interval.high))
        assert one.steps[1].rate.value == active / 80
    assert [share.value for share in found.everyone.reached] == [1.0, 0.8, 0.4]


def test_the_step_that_loses_most_is_told():
    customers = two_groups()
    found = funnel(customers, by_column(customers, "group"))
    assert [found.loses_most(one) and found.loses_most(one).place for one in found.segments] == [None, 2]
    assert funnel_headline(found).replace("\u202f", " ") == (
        "“b” loses most from Trial to Active: 25 % (17 to 35) go on, against 50 % of everyone."
    )


def test_nothing_is_told_where_segments_are_alike():
    customers = table(["lead", "trial", "active"] * 60, ["a"] * 90 + ["b"] * 90)
    found = funnel(customers, by_column(customers, "group"))
    assert funnel_headline(found) is None
    assert funnel_title(found) == "No segment loses reliably more customers at a step than the others"


def test_segments_made_of_the_stages_get_no_verdict():
    customers = two_groups()
    groups = by_column(customers, "group")
    made = Assignment(groups.segments, groups.codes, groups.confidence, ("stage",))
    found = funnel(customers, made)
    assert found.circular
    assert {step.verdict for one in found.segments for step in one.steps} == {"circular"}
    assert funnel_headline(found) is None


def test_decline_is_no_step_forward():
    customers = table(["new"] * 10 + ["active"] * 10 + ["loyal"] * 10 + ["at risk"] * 6 + ["lapsed"] * 4)
    found = funnel(customers, by_column(customers, "group"))
    assert found.stages.names == ("new", "active", "loyal")
    assert found.stages.beyond == ("at risk", "lapsed")
    assert [share.value for share in found.everyone.reached] == [1.0, 30 / 40, 10 / 40]
    assert found.text.endswith("Who is in “at risk” or “lapsed” has been as far as “Active”.")


@pytest.mark.parametrize(
    ("stages", "order"),
    [
        (["2 Trial", "10 Loyal", "1 Lead"], ("1 Lead", "2 Trial", "10 Loyal")),
        (["Loyalty", "Awareness", "Purchase"], ("Awareness", "Purchase", "Loyalty")),
        (["opportunity", "MQL", "SQL"], ("MQL", "SQL", "opportunity")),
    ],
)
def test_the_order_of_stages(stages, order):
    assert stages_of(table(stages * 5)).names == order


def test_numbers_have_an_order():
    assert stages_of(table([3, 1, 2, 2] * 5, kind="number")).names == ("1", "2", "3")


@pytest.mark.parametrize(
    "stages",
    [["red", "green", "blue"], ["lead", "trial", "blue"], ["lead", "prospect", "trial"], ["lead"] * 3],
)
def test_without_an_order_there_is_no_funnel(stages):
    assert stages_of(table(stages * 5)) is None


def test_without_the_column_there_is_no_funnel():
    frame = pd.DataFrame({"customer_id": list("abcdef"), "age": [20, 30, 40, 50, 60, 70]})
    customers = segkit.read(frame)
    assert funnel(customers, by_column(customers, "age")) is None


def test_few_customers_are_hidden_and_another_segment_beside_them():
    stages = ["lead", "trial"] * 34
    customers = table(stages, ["a"] * 45 + ["b"] * 20 + ["c"] * 3)
    found = funnel(customers, by_column(customers, "group"))
    assert [one.segment.name for one in found.segments] == ["a"]
    assert found.hidden == ("b", "c")


def test_who_fits_none_counts_among_everyone_and_the_order_of_rows_does_not_matter():
    customers = two_groups()
    groups = by_column(customers, "group")
    codes = groups.codes.copy()
    codes[:30] = -1
    found = funnel(customers, Assignment(groups.segments, codes, groups.confidence))
    assert found.everyone.n == 200
    assert sum(one.n for one in found.segments) == 170
    turned = np.random.default_rng(1).permutation(200)
    frame = customers.frame.iloc[turned].reset_index(drop=True)
    other = table(frame.stage.astype(str).tolist(), frame.group.astype(str).tolist())
    again = funnel(other, Assignment(groups.segments, codes[turned], groups.confidence))
    assert again.segments == found.segments
