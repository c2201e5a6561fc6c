"""Why a customer is here: differences of costs that add up, the words for them, and their charts."""

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import segkit
from segkit.charts.palette import BASE_GREY, DARK, LIGHT, segment_colour
from segkit.charts.why_chart import certainty_chart, why_chart
from segkit.segments.cards import RuleCard, Tree, flat
from segkit.segments.conditions import Quantity, Test
from segkit.segments.features import NumberFeature
from segkit.segments.fitting import fit
from segkit.segments.plan import Plan
from segkit.segments.scorecard import LevelCost, NumberCost, ScoreCard
from segkit.segments.segmentation import Assignment, Segment, Segmentation
from segkit.segments.why import Reason, certainty, closest_segments, why

NAMES = ("Loyal professionals", "Young starters", "Families", "Others")
PEOPLE = pd.DataFrame(
    {
        "id": range(6),
        "age": [24.0, 60, 25, 40, np.nan, 400],
        "tenure": [61.0, 50, 3, 30, 55, 50],
        "contract": ["Two year", "Two year", "Monthly", "Monthly", "Monthly", None],
    }
)


def plain(name, fill=0.0, scale=10.0):
    return NumberFeature(name, fill, False, -np.inf, np.inf, 0.0, scale)


CARD = ScoreCard(
    (
        NumberCost(plain("age", 40.0), (4.0, 2.4), (1.0, 1.0)),
        NumberCost(plain("tenure"), (6.0, 0.5), (1.0, 1.0)),
        LevelCost("contract", ("Monthly", "Two year"), ((2.0, 0.5), (0.5, 5.0), (1.0, 1.0))),
    ),
    (0.0, 0.0),
    500.0,
)
KINDS = {"age": "number", "tenure": "number", "contract": "category"}


def by_hand(tree, names=NAMES):
    segments = tuple(Segment(f"S{place + 1}", names[place], place) for place in sorted(tree.places))
    return Segmentation(Plan(), tree, segments, KINDS)


def customers():
    return segkit.read(PEOPLE, kinds={"contract": "category"})


def test_differences_are_those_of_the_costs_and_the_words_name_them():
    found = why(by_hand(flat(CARD)), customers(), 0)
    assert (found.segment.name, found.nearest.name) == NAMES[:2]
    assert [(one.column, one.value) for one in found.reasons] == [
        ("tenure", "61"),
        ("contract", "Two year"),
        ("age", "24"),
    ]
    assert [one.difference for one in found.reasons] == pytest.approx([5.6**2 - 0.1**2, 4.5, -(1.6**2)])
    assert found.text == "This customer is in “Loyal professionals” mainly because of tenure (61)."
    costs = CARD.costs(PEOPLE.iloc[[0]].assign(contract=["Two year"]))[0]
    assert sum(one.difference for one in found.reasons) == pytest.approx(costs[1] - costs[0])


def test_what_speaks_against_it_is_said_where_it_says_enough():
    strong = replace(CARD, dimensions=(replace(CARD.dimensions[0], weights=(4.0, 4.0)), *CARD.dimensions[1:]))
    found = why(by_hand(flat(strong)), customers(), 0)
    assert found.text == (
        "This customer is in “Loyal professionals” mainly because of tenure (61); "
        "by age (24) alone it would be “Young starters”."
    )
    assert found.reasons[-1].alone == found.nearest
    assert found.finding == "This customer is in “Loyal professionals” mainly because of tenure (61)"


def test_a_customer_on_the_border_hears_both_sides():
    found = why(by_hand(flat(CARD)), customers(), 3)
    assert found.confidence < 0.6
    assert found.text == (
        "This customer is on the border of “Young starters” and “Loyal professionals”: "
        "tenure (30) speaks for “Young starters”, age (40) for “Loyal professionals”."
    )
    assert found.finding == "This customer is on the border of “Young starters” and “Loyal professionals”"


def test_who_fits_none_hears_what_is_far():
    found = why(by_hand(flat(CARD)), customers(), 5)
    assert found.segment is None
    assert found.beyond
    assert found.text == (
        "This customer fits none of the segments: "
        "“Loyal professionals” is too far away, because of age (400)."
    )
    kept = why(by_hand(flat(CARD, nobody=2)), customers(), 5)
    assert kept.text.startswith("This customer is in “Families”, since no other segment fits: ")


def test_a_missing_value_is_said_to_be_so():
    found = why(by_hand(flat(CARD)), customers(), 4)
    assert Reason("age", "not known", 0.0, pytest.approx(1.6**2), found.segment) in found.reasons


def test_likelihoods_count_the_size_of_the_segments():
    likely = replace(CARD, likelihood=True, constants=(3.0, 1.0), limit=np.inf)
    found = why(by_hand(flat(likely)), customers(), 1)
    total = sum(one.difference for one in found.reasons)
    assert found.confidence == pytest.approx(1 / (1 + math.exp(-total)))
    assert ("", -2.0) in [(one.column, one.difference) for one in found.reasons]


def test_rules_are_said():
    young = Test(Quantity("age"), "<", (30.0,))
    segmentation = by_hand(flat(RuleCard((young, Test(Quantity("tenure"), ">=", (40.0,)))), nobody=2))
    said = [why(segmentation, customers(), row).text for row in (0, 1, 3)]
    assert said == [
        "This customer is in “Loyal professionals” because of a rule: age below 30.",
        "This customer is in “Young starters” because of a rule: tenure at least 40.",
        "This customer is in “Families”, because no rule for another segment is met.",
    ]
    assert why_chart(why(segmentation, customers(), 0), LIGHT) is None
    alone = by_hand(flat(RuleCard((young,))))
    assert why(alone, customers(), 1).text.startswith(
        "This customer fits none of the segments, because no rule"
    )


def test_the_card_that_decided_last_is_explained():
    rule = RuleCard((Test(Quantity("tenure"), ">=", (40.0,)),))
    inner = Tree(CARD, (1, 2))
    segmentation = by_hand(Tree(rule, (inner,), 0))
    found = why(segmentation, customers(), 0)
    assert (found.segment.name, found.nearest.name) == ("Young starters", "Families")
    assert found.conditions == ("tenure at least 40",)
    assert found.reasons[0].column == "tenure"
    assert why(segmentation, customers(), 2).reasons == ()


def test_merged_outcomes_are_weighed_as_one_segment():
    three = ScoreCard(
        (NumberCost(plain("age", scale=1.0), (20.0, 40.0, 60.0), (1.0, 1.0, 1.0)),), (0.0, 0.0, 0.0)
    )
    found = why(by_hand(Tree(three, (0, 1, 0))), customers(), 0)
    assert (found.segment.name, found.nearest.name) == ("Loyal professionals", "Young starters")
    assert [(one.here, one.there) for one in found.reasons] == [(16.0, 256.0)]


def test_one_segment_has_no_next():
    once = ScoreCard((NumberCost(plain("age"), (1.0,), (1.0,)),), (0.0,))
    found = why(by_hand(flat(once)), customers(), 0)
    assert (found.nearest, found.reasons) == (None, ())
    assert why_chart(found, LIGHT) is None


def test_a_row_that_is_not_there_is_refused():
    with pytest.raises(IndexError, match="no row 6"):
        why(by_hand(flat(CARD)), customers(), 6)


# --- all customers ------------------------------------------------------------------------------------


def test_the_closest_segment_is_the_most_frequent_second_choice():
    frame = pd.DataFrame({"id": range(9), "age": [0.0, 1, 9, 10, 11, 12, 29, 30, 31]})
    card = ScoreCard((NumberCost(plain("age", scale=1.0), (0.0, 10.0, 30.0), (1.0,) * 3),), (0.0,) * 3)
    closest = closest_segments(by_hand(flat(card)), segkit.read(frame, kinds={"age": "number"}))
    assert {key: one.key for key, one in closest.items()} == {"S1": "S2", "S2": "S1", "S3": "S2"}


def test_rules_have_no_second_choice_but_cards_below_them_have():
    rule = RuleCard((Test(Quantity("tenure"), ">=", (40.0,)),))
    closest = closest_segments(by_hand(Tree(rule, (Tree(CARD, (1, 2)),), 0)), customers())
    assert closest["S1"] is None
    assert closest["S2"].key == "S3"


@pytest.mark.parametrize("seed", range(2))
def test_the_second_choice_of_one_customer_is_that_of_all(seed):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": range(120),
            "age": rng.normal(40, 9, 120),
            "spend": rng.lognormal(3, 1, 120),
            "vip": rng.choice(["y", "n"], 120),
        }
    )
    table = segkit.read(frame)
    segmentation = fit(table, Plan(("age", "spend", "vip"), n_segments=4))
    one_by_one = [why(segmentation, table, row) for row in range(120)]
    closest = closest_segments(segmentation, table)
    for segment in segmentation.segments:
        second = [one.nearest.key for one in one_by_one if one.segment == segment]
        assert second.count(closest[segment.key].key) == max(map(second.count, set(second)))
    assert all(sum(reason.difference for reason in one.reasons) >= 0 for one in one_by_one)


def test_certainty_shares_out_the_customers_of_each_segment():
    segments = (Segment("S1", "One", 0), Segment("S2", "Two", 1))
    sure = np.array([0.5, 0.6, 0.7, 0.8, 1.0, 0.9, 0.9, 0.9, 0.9, 0.55], np.float32)
    codes = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, -1])
    one, two = certainty(Assignment(segments, codes, sure))
    assert (one.customers, one.border, one.likely, one.sure) == (5, 0.2, 0.4, 0.4)
    assert two.customers == 4
    assert math.isnan(two.sure)  # four customers give no shares


# --- charts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_bars_point_to_the_segment_they_speak_for(theme):
    found = why(by_hand(flat(CARD)), customers(), 0)
    chart = why_chart(found, theme)
    (bars,) = chart.figure.data
    assert list(bars.x) == [one.difference for one in found.reasons]
    assert list(bars.marker.color) == [segment_colour(0), segment_colour(0), segment_colour(1)]
    assert found.finding in chart.figure.layout.title.text.replace("<br>", " ").replace("</b> <b>", " ")
    assert chart.alt.startswith(found.text)
    assert chart.alt.endswith("The longest for “Young starters” is Age (24).")
    sides = [note.text for note in chart.figure.layout.annotations]
    assert sides == ["← Young starters", "Loyal professionals →"]


def test_many_dimensions_are_ten_bars_and_the_others():
    found = why(by_hand(flat(CARD)), customers(), 0)
    many = tuple(Reason(f"x{place}", "1", 0.0, 14.0 - place) for place in range(14))
    (bars,) = why_chart(replace(found, reasons=many), LIGHT).figure.data
    assert list(bars.x) == [*range(14, 4, -1), 4 + 3 + 2 + 1]
    assert bars.customdata[-1].startswith("4 others")


def test_names_of_the_file_are_literal_in_charts():
    nasty = '<b>x</b> <a href="http://evil.example">y</a>'
    found = why(by_hand(flat(CARD), (nasty, "Young", "", "")), customers(), 0)
    assert "<a href" not in json.dumps(why_chart(found, LIGHT).figure.to_dict(), default=list)
    segment = Segment("S1", nasty, 0)
    bands = certainty(Assignment((segment,), np.zeros(9, int), np.full(9, 0.9, np.float32)))
    assert "<a href" not in json.dumps(certainty_chart(bands, LIGHT).figure.to_dict(), default=list)


def test_beyond_bars_are_distances():
    chart = why_chart(why(by_hand(flat(CARD)), customers(), 5), LIGHT)
    (bars,) = chart.figure.data
    assert list(bars.x) == pytest.approx([1296.0, 1.0, 1.0])
    assert set(bars.marker.color) == {segment_colour(0)}


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_bands_of_certainty_fill_the_bar(theme):
    segments = (Segment("S1", "One", 0), Segment("S2", "Two", 1))
    sure = np.array([0.5, 0.6, 0.7, 0.8, 1.0, *[0.95] * 5], np.float32)
    chart = certainty_chart(certainty(Assignment(segments, np.repeat([0, 1], 5), sure)), theme)
    bands = {band.name: band for band in chart.figure.data}
    assert np.sum([band.x for band in bands.values()], axis=0) == pytest.approx([1, 1])
    assert list(bands["At the heart"].marker.color) == [segment_colour(0), segment_colour(1)]
    assert set(bands["On the border"].marker.color) == {BASE_GREY}
    assert chart.alt.startswith(
        "20\u202f% of “One” are on the border of another segment, more than in any other."
    )
    assert certainty_chart((), theme) is None
