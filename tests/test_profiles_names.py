"""What sets segments apart, in numbers and in words."""

from math import asin, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segkit
from segkit.insights.names import LONGEST, names, phrase_of
from segkit.insights.profiles import Trait, most_distinct, profiles
from segkit.segments.features import learned_features
from segkit.segments.segmentation import LONGEST_NAME, Assignment, Segment
from tests.real_data import real_file


def names_of(customers, assignment):
    return names(assignment, profiles(customers, assignment))


def grouped(codes, dimensions, count=None):
    codes = np.asarray(codes)
    count = count or int(codes.max()) + 1
    segments = tuple(Segment(f"S{k + 1}", f"Segment {k + 1}", k) for k in range(count))
    return Assignment(segments, codes, np.ones(len(codes), np.float32), dimensions)


def cohens_h(here, elsewhere):
    return 2 * asin(sqrt(here)) - 2 * asin(sqrt(elsewhere))


FRAME = pd.DataFrame(
    {
        "id": range(40),
        "age": [30.0, 32.0] * 10 + [50.0, 52.0] * 10,
        "city": ["Oslo"] * 15 + ["Rome"] * 5 + ["Oslo"] * 5 + ["Rome"] * 15,
        "member": ["Yes"] * 18 + ["No"] * 2 + ["Yes"] * 10 + ["No"] * 10,
        "noise": [1, 2, 3, 4] * 10,
    }
)
HALVES = [0] * 20 + [1] * 20
DIMENSIONS = ("age", "city", "member", "noise")


def test_traits_are_effect_sizes_with_both_numbers():
    customers = segkit.read(FRAME)
    found = profiles(customers, grouped(HALVES, DIMENSIONS))
    age, city, member = found["S1"]
    feature = learned_features(customers, ("age",), "standard")[0][0]
    assert (age.column, age.level, age.here, age.elsewhere) == ("age", "low", 31, 51)
    assert age.effect == pytest.approx(20 / feature.scale)
    assert (member.column, member.level, member.here, member.elsewhere) == ("member", "yes", 0.9, 0.5)
    assert member.effect == pytest.approx(cohens_h(0.9, 0.5))
    assert (city.level, city.here, city.elsewhere) == ("Oslo", 0.75, 0.25)
    assert city.effect == pytest.approx(cohens_h(0.75, 0.25))
    assert [trait.column for trait in found["S2"]] == ["age", "city", "member"]
    assert {trait.level for trait in found["S2"]} == {"high", "Rome", "no"}


def test_sentences_hold_both_numbers():
    found = profiles(segkit.read(FRAME), grouped(HALVES, DIMENSIONS))
    assert {trait.sentence for trait in found["S1"]} == {
        "Age: 31 on average, others 51",
        "Member: 90\u202f%, others 50\u202f%",
        "City “Oslo”: 75\u202f%, others 25\u202f%",
    }
    year = Trait("Year_Birth", "low", "number", 1.0, 1954.6, 1971.5)
    assert year.sentence == "Year birth: 1955 on average, others 1972"


def test_others_include_customers_who_fit_none():
    codes = [0] * 10 + [1] * 10 + [-1] * 20
    found = profiles(segkit.read(FRAME), grouped(codes, ("age", "city", "member")))
    age = next(trait for trait in found["S1"] if trait.column == "age")
    assert age.elsewhere == pytest.approx((10 * 31 + 20 * 51) / 30)
    city = next(trait for trait in found["S1"] if trait.column == "city")
    assert city.elsewhere == pytest.approx(10 / 30)


def test_nothing_is_said_of_fewer_than_five():
    codes = [0] * 36 + [1] * 4
    found = profiles(segkit.read(FRAME), grouped(codes, DIMENSIONS))
    assert found == {"S1": [], "S2": []}
    customers = segkit.read(FRAME)
    assert names_of(customers, grouped(codes, DIMENSIONS))["S2"] == "A handful of customers"


def test_a_trait_never_contradicts_its_own_numbers():
    # on the log scale S1 is lower, its mean is higher: one very large value
    spend = [1.0] * 19 + [5000.0] + [20.0] * 20
    customers = segkit.read(pd.DataFrame({"id": range(40), "spend": spend}))
    assert profiles(customers, grouped(HALVES, ("spend",))) == {"S1": [], "S2": []}


def test_other_columns_can_be_described_and_unusable_ones_are_passed_over():
    frame = FRAME.assign(note=[f"text number {k} of many" for k in range(40)])
    customers = segkit.read(frame)
    found = profiles(customers, grouped(HALVES, ("age",)), ["note", "member", "nowhere", "id"])
    assert [trait.column for trait in found["S1"]] == ["member"]


def test_most_distinct_has_the_largest_traits():
    traits = {
        "S1": [Trait("a", "high", "number", 0.9, 1, 0)],
        "S2": [Trait(c, "high", "number", 0.5, 1, 0) for c in "abc"],
        "S3": [],
    }
    assert most_distinct(traits) == "S2"
    assert most_distinct({"S1": []}) is None


@given(st.randoms())
@settings(max_examples=10, deadline=None)
def test_profiles_do_not_depend_on_row_order(random):
    order = list(range(40))
    random.shuffle(order)
    frame = FRAME.assign(age=FRAME["age"] * 1.1 + FRAME["noise"] / 7)
    one = profiles(segkit.read(frame), grouped(HALVES, DIMENSIONS))
    other = profiles(
        segkit.read(frame.iloc[order].reset_index(drop=True)), grouped(np.array(HALVES)[order], DIMENSIONS)
    )
    assert one == other


# --- phrases --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "level", "kind", "phrase"),
    [
        ("age", "high", "number", "Older"),
        ("Customer Age (years)", "low", "number", "Younger"),
        ("Year_Birth", "high", "number", "Younger"),
        ("Annual Income (k$)", "high", "number", "High income"),
        ("Spending Score (1-100)", "low", "number", "Low spending score"),
        ("tenure_months", "low", "number", "New"),
        ("MntMeatProducts", "high", "number", "High spend on meat products"),
        ("NumWebPurchases", "low", "number", "Few web purchases"),
        ("sessions_per_month", "high", "number", "Many sessions per month"),
        ("CCAvg", "high", "number", "High CC average"),
        ("AcceptedCmp5", "yes", "yes/no", "Accepted campaign 5"),
        ("PaperlessBilling", "no", "yes/no", "No paperless billing"),
        ("tasty", "no", "yes/no", "Not tasty"),
        ("uses_integrations", "no", "yes/no", "No integrations"),
        ("is_member", "no", "yes/no", "Not member"),
        ("is_member", "yes", "yes/no", "Member"),
        ("Contract", "two year", "category", "Two year"),
        ("InternetService", "No", "category", "No internet service"),
        ("StreamingTV", "Yes", "category", "Streaming TV"),
        ("Channel", "2", "category", "Channel 2"),
        ("price_sensitivity", "high", "category", "High price sensitivity"),
        ("device", "other", "category", "Other device"),
    ],
)
def test_traits_are_said_as_a_person_would(column, level, kind, phrase):
    here = 0.0 if level == "no" else 0.9
    assert phrase_of(Trait(column, level, kind, 1.0, here, 0.3)) == phrase


def test_what_holds_for_few_names_nobody():
    assert phrase_of(Trait("city", "Rome", "category", 1.0, 0.49, 0.1)) == ""
    assert phrase_of(Trait("vip", "yes", "yes/no", 1.0, 0.3, 0.1)) == ""
    assert phrase_of(Trait("vip", "no", "yes/no", 1.0, 0.6, 0.9)) == ""


def test_names_avoid_saying_the_same_thing_twice():
    rng = np.random.default_rng(0)
    codes = np.repeat([0, 1], 100)
    frame = pd.DataFrame(
        {
            "id": range(200),
            "AcceptedCmp1": np.where(rng.random(200) < 0.95 * codes, 1, 0),
            "AcceptedCmp2": np.where(rng.random(200) < 0.7 * codes, 1, 0),
            "age": rng.normal(40 + 8 * codes, 5).round(),
        }
    )
    customers = segkit.read(frame)
    given_names = names_of(customers, grouped(codes, ("AcceptedCmp1", "AcceptedCmp2", "age")))
    assert given_names["S2"] == "Accepted campaign 1, older"


def test_segments_without_traits_are_average_and_still_told_apart():
    customers = segkit.read(pd.DataFrame({"id": range(40), "x": [1, 2, 3, 4] * 10}))
    found = names_of(customers, grouped([0] * 12 + [1] * 12 + [2] * 16, ("x",)))
    assert found == {
        "S1": "Average customers",
        "S2": "Average customers (segment 2)",
        "S3": "Average customers (segment 3)",
    }


TABLES = {
    "telco": (("telco_churn", "Telco-Customer-Churn.csv"), 5),
    "campaign": (("marketing_campaign", "marketing_campaign.csv"), 4),
    "bank": (("dmba", "UniversalBank.csv"), 6),
    "airline": (("dmba", "EastWestAirlinesCluster.csv"), 8),
    "mall": (("mall_customers", "mall_customers.csv"), 12),
}


@pytest.mark.parametrize("table", TABLES)
def test_names_of_real_segments_are_short_distinct_and_made_of_words(table):
    parts, count = TABLES[table]
    customers = segkit.read(real_file(*parts))
    segmentation = segkit.segment(customers, segkit.Plan(n_segments=count))
    found = [one.name for one in segmentation.segments]
    assert len(set(found)) == len(found) == count
    for name in found:
        assert len(name) <= max(LONGEST, LONGEST_NAME)
        assert name[0].isupper() or name[0].isdigit()
        assert not set(name) & set("_<>|{}")
        assert not name.startswith(("Segment ", "Average"))


def test_telco_segments_have_the_names_a_marketer_would_give():
    customers = segkit.read(real_file("telco_churn", "Telco-Customer-Churn.csv"))
    segmentation = segkit.segment(customers, segkit.Plan(n_segments=5))
    found = [one.name for one in segmentation.segments]
    assert any(name.startswith("No internet service") for name in found)
    assert any(name.startswith("Seniors") for name in found)
    assert any(name.startswith("No phone service") for name in found)
