"""What sets segments apart, in numbers and in words."""

from math import asin, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segkit
from segkit.insights.names import LONGEST, names, phrase_of
from segkit.insights.profiles import Trait, most_distinct, profiles
from segkit.segments.features import learned_features
from segkit.segments.segmentation import Assignment, Segment
from tests.real_data import real_file
from tests.tables import read_here


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
        ("MntMeatProducts", "high", "number", "Big spenders on meat"),
        ("MntWines", "low", "number", "Spend little on wine"),
        ("MntSweetProducts", "high", "number", "Big spenders on sweet products"),
        ("Grocery", "low", "number", "Light on grocery"),
        ("ChildBks", "high", "number", "Big on child books"),
        ("NumWebPurchases", "low", "number", "Rare web buyers"),
        ("NumDealsPurchases", "high", "number", "Frequent deal buyers"),
        ("NumWebVisitsMonth", "high", "number", "Frequent web visitors"),
        ("sessions_per_month", "low", "number", "Rare visitors"),
        ("weekend_share", "high", "number", "Weekend shoppers"),
        ("weekend_share", "low", "number", "Weekday shoppers"),
        ("discount_share", "high", "number", "Discount buyers"),
        ("features_used_share", "low", "number", "Use few features"),
        ("Flight_miles_12mo", "high", "number", "Many flight miles"),
        ("Balance", "high", "number", "High balance"),
        ("MonthlyCharges", "high", "number", "High monthly charges"),
        ("CCAvg", "high", "number", "High credit card average"),
        ("How satisfied are you with our delivery?", "low", "number", "Less satisfied with delivery"),
        ("How often do you cook at home", "high", "number", "Often cook at home"),
        ("CLV", "high", "number", "High CLV"),
        ("Rcode", "high", "number", ""),
        ("M", "low", "number", ""),
        ("FirstPurch", "high", "number", ""),
        ("AcceptedCmp5", "yes", "yes/no", "Campaign 5 responders"),
        ("PaperlessBilling", "no", "yes/no", "No paperless billing"),
        ("CD Account", "yes", "yes/no", "CD account holders"),
        ("tasty", "yes", "yes/no", "Find it tasty"),
        ("tasty", "no", "yes/no", "Don’t find it tasty"),
        ("uses_integrations", "no", "yes/no", "No integrations"),
        ("uses_integrations", "yes", "yes/no", "Integration users"),
        ("is_member", "no", "yes/no", "Not members"),
        ("is_member", "yes", "yes/no", "Members"),
        ("Award?", "yes", "yes/no", "With award"),
        ("Online", "no", "yes/no", "Not online"),
        ("x7", "yes", "yes/no", ""),
        ("Contract", "two year", "category", "Two year contract"),
        ("InternetService", "No", "category", "No internet service"),
        ("InternetService", "DSL", "category", "DSL internet"),
        ("StreamingTV", "Yes", "category", "With streaming TV"),
        ("Gender", "F", "category", "Women"),
        ("gender", "Female", "category", "Women"),
        ("device", "ios", "category", "iOS users"),
        ("account_type", "business", "category", "Business accounts"),
        ("Channel", "2", "category", ""),
        ("price_sensitivity", "high", "category", "Price-conscious"),
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
    assert given_names["S2"] == "Older campaign 1 responders"


def told(*traits):
    """The name that some traits give: (column, level, effect), others at 10 % or in the middle."""
    made = [
        Trait(column, level, kind, effect, 0.0 if level == "no" else 0.9, 0.9 if level == "no" else 0.1)
        for column, level, kind, effect in traits
    ]
    return names(grouped([0] * 50, ()), {"S1": made})["S1"]


@pytest.mark.parametrize(
    ("traits", "name"),
    [
        (
            [("MntFish", "high", "number", 2), ("MntMeat", "high", "number", 1)],
            "Big spenders on fish and meat",
        ),
        (
            [("CookBks", "high", "number", 2), ("ChildBks", "high", "number", 1)],
            "Big on cook and child books",
        ),
        ([("Milk", "low", "number", 2), ("Frozen", "high", "number", 1)], "Light on milk, big on frozen"),
        ([("tasty", "yes", "yes/no", 2), ("greasy", "no", "yes/no", 1)], "Find it tasty, not greasy"),
        ([("tasty", "no", "yes/no", 2), ("healthy", "no", "yes/no", 1)], "Find it neither tasty nor healthy"),
        (
            [("discount_share", "high", "number", 2), ("price_sensitivity", "high", "number", 1)],
            "Price-conscious discount buyers",
        ),
        ([("income", "low", "number", 2), ("age", "low", "number", 1)], "Younger customers, low income"),
        ([("age", "low", "number", 2)], "Younger customers"),
        ([("Rcode", "high", "number", 3), ("age", "low", "number", 1)], "Younger customers"),
        ([("Channel", "2", "category", 3), ("Milk", "low", "number", 1)], "Light on milk"),
        ([("spicy", "yes", "yes/no", 3), ("age", "high", "number", 0.4)], "Find it spicy"),
        (
            [("OnlineBackup", "no", "yes/no", 2), ("StreamingTV", "no", "yes/no", 1.5)],
            "No online backup or streaming TV",
        ),
    ],
)
def test_two_traits_make_a_name_in_a_marketers_words(traits, name):
    assert told(*traits) == name


def test_codes_name_nobody_unless_a_column_says_what_they_are():
    assert told(("Rcode", "high", "number", 3), ("M", "low", "number", 2)) == "Group 1"
    assert told(("Channel", "2", "category", 3)) == "Channel 2"


def test_recency_frequency_and_money_are_spelled_out_where_all_three_are_there():
    made = [Trait("F", "high", "number", 1.9, 9, 2), Trait("M", "high", "number", 1.2, 295, 178)]
    others = [Trait("R", "high", "number", 2.2, 29, 11)]
    assignment = grouped([0] * 50 + [1] * 50, ())
    assert names(assignment, {"S1": made, "S2": others}) == {
        "S1": "Frequent buyers, big spenders",
        "S2": "Long absent customers",
    }
    assert names(assignment, {"S1": made, "S2": []})["S1"] == "Group 1"


def test_what_most_others_lack_too_is_no_name():
    rare = Trait("vip", "no", "yes/no", 1.2, 0.0, 0.3)
    older = Trait("age", "high", "number", 0.9, 61, 43)
    assert names(grouped([0] * 50, ()), {"S1": [rare, older]})["S1"] == "Older customers"


@given(
    st.text(min_size=1, max_size=80),
    st.text(min_size=1, max_size=30),
    st.sampled_from(["number", "yes/no", "category"]),
)
@settings(max_examples=75, deadline=None)
def test_any_column_and_level_give_a_short_name(column, level, kind):
    level = level if kind == "category" else "high" if kind == "number" else "yes"
    name = names(grouped([0] * 50, ()), {"S1": [Trait(column, level, kind, 1.0, 0.9, 0.1)]})["S1"]
    assert 0 < len(name) <= LONGEST


def test_segments_by_one_number_are_told_apart_by_degree():
    means = (10.0, 20.0, 60.0, 70.0, 80.0)
    traits = {
        f"S{place + 1}": [Trait("income", "low" if mean < 40 else "high", "number", 1.0, mean, 40.0)]
        for place, mean in enumerate(means)
    }
    found = names(grouped(np.repeat(range(5), 10), ("income",)), traits)
    assert list(found.values()) == [
        "Lowest income",
        "Low income",
        "High income",
        "High income, around 70",
        "Highest income",
    ]


def test_names_do_not_depend_on_the_order_of_rows_or_columns():
    table = pd.read_csv("data/sample/customers.csv", dtype={"customer_id": "str"}).head(600)
    other = table.sample(frac=1, random_state=4)[list(table.columns[:1]) + sorted(table.columns[1:])]
    found = [
        [one.name for one in segkit.segment(segkit.read(some), segkit.Plan(n_segments=5)).segments]
        for some in (table, other)
    ]
    assert found[0] == found[1]
    assert len(set(found[0])) == 5


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
    "wholesale": (("wholesale", "Wholesale customers data.csv"), 8),
    "mcdonalds": (("mcdonalds", "mcdonalds.csv"), 8),
    "bank": (("dmba", "UniversalBank.csv"), 6),
    "airline": (("dmba", "EastWestAirlinesCluster.csv"), 8),
    "books": (("dmba", "CharlesBookClub.csv"), 8),
    "mall": (("mall_customers", "mall_customers.csv"), 12),
}


@pytest.mark.parametrize("table", TABLES)
def test_names_of_real_segments_are_short_distinct_and_made_of_words(table):
    parts, count = TABLES[table]
    customers = read_here(real_file(*parts).read_bytes())
    segmentation = segkit.segment(customers, segkit.Plan(n_segments=count))
    found = [one.name for one in segmentation.segments]
    assert len(set(found)) == len(found) == count
    for name in found:
        assert len(name) <= LONGEST
        assert name[0].isupper()
        assert not set(name) & set("_<>|{}")
        assert "code" not in name.lower()
        assert not name.startswith(("Segment ", "Average", "Group "))


def test_the_sample_company_has_these_names():
    customers = read_here(Path("data/sample/customers.csv").read_bytes())
    segmentation = segkit.segment(customers, segkit.Plan(n_segments=5))
    assert [one.name for one in segmentation.segments] == [
        "Large households, convenience seekers",
        "Price-conscious discount buyers",
        "Novelty seekers, weekend shoppers",
        "Older rare visitors",
        "Business accounts",
    ]


def test_telco_segments_have_the_names_a_marketer_would_give():
    customers = read_here(real_file("telco_churn", "Telco-Customer-Churn.csv").read_bytes())
    segmentation = segkit.segment(customers, segkit.Plan(n_segments=5))
    found = [one.name for one in segmentation.segments]
    assert any(name.startswith("No internet service") for name in found)
    assert any(name.startswith("Seniors") for name in found)
    assert any(name.startswith("No phone service") for name in found)
