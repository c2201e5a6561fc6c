"""Goals: what is proposed is what a good analyst would start from, and it fits."""

import pytest

import segkit
from segkit.errors import UnusablePlan
from segkit.segments.fitting import fit
from segkit.segments.goals import FAMILY_WORDS, GOALS, OUTCOMES, find_goal, proposal
from segkit.segments.methods.table import find_method
from tests.real_data import PROJECT, real_file
from tests.tables import csv_bytes, read_here

EVERY_GOAL = pytest.mark.parametrize("goal", [goal.key for goal in GOALS])
REAL = (
    ("telco_churn", "Telco-Customer-Churn.csv"),
    ("marketing_campaign", "marketing_campaign.csv"),
    ("wholesale", "Wholesale customers data.csv"),
    ("mcdonalds", "mcdonalds.csv"),
    ("mall_customers", "mall_customers.csv"),
    ("dmba", "Tayko.csv"),
    ("cdnow", "cdnow_customers_summary.csv"),
)


@pytest.fixture(scope="module")
def sample():
    return segkit.read(PROJECT / "data" / "sample" / "customers.csv")


def fitted(customers, goal):
    """The proposal of a goal, and the segments of its plan."""
    proposed = proposal(customers, goal)
    clusters = find_method(proposed.plan.method).clusters is not None
    plan = proposed.plan.with_segments(3) if clusters else proposed.plan
    return proposed, fit(customers, plan).assign(customers)


# --- the sample -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "method", "columns", "sentence"),
    [
        (
            "retain",
            "k-means",
            "tenure_months acquisition_channel sessions_per_month features_used_share weekend_share "
            "plan_tier discount_share",
            "To retain customers, segments are formed from 7 columns about behaviour, price and journey; "
            "retention is left out so that it can be compared. What they do, how far they have come and what "
            "they pay can be changed in time.",
        ),
        (
            "serve",
            "k-means",
            "device uses_integrations sessions_per_month features_used_share weekend_share price_sensitivity "
            "novelty_seeking convenience_seeking",
            "To serve customers better, segments are formed from 8 columns about behaviour, attitudes and "
            "technology; CSAT, NPS and support tickets are left out so that they can be compared. What "
            "customers do, use and want is what service can answer.",
        ),
        (
            "win",
            "k-means",
            "age gender household_size country area_type account_type device uses_integrations "
            "price_sensitivity novelty_seeking convenience_seeking",
            "To win new customers, segments are formed from 11 columns about who customers are, where they "
            "live, attitudes, technology and their company; conversion, revenue and retention are left out "
            "so "
            "that they can be compared. These are known of people before they buy, so that others like them "
            "can be found.",
        ),
        (
            "grow",
            "rfm",
            "",
            "To grow value, customers are grouped by how recently, how often and for how much they buy; "
            "conversion, CSAT, NPS and retention are left out so that they can be compared. What customers "
            "are worth today decides what to offer them next.",
        ),
        (
            "support",
            "value-tiers",
            "",
            "To allocate support, customers are grouped by how much revenue they bring; support tickets, "
            "cost "
            "to serve, CSAT and NPS are left out so that they can be compared. Support goes first to where "
            "most is at stake.",
        ),
    ],
)
def test_proposals_for_the_sample(sample, goal, method, columns, sentence):
    found = proposal(sample, goal)
    assert (found.plan.method, found.plan.goal) == (method, goal)
    assert list(found.plan.dimensions) == columns.split()
    assert found.sentence == sentence


def test_exploring_takes_all_usual_dimensions(sample):
    found = proposal(sample, "explore")
    assert found.plan.dimensions == sample.default_dimensions
    assert proposal(sample) == found


# --- laws -------------------------------------------------------------------------------------------


@EVERY_GOAL
def test_every_proposal_for_the_sample_fits(sample, goal):
    proposed, assignment = fitted(sample, goal)
    assert len(assignment.segments) > 1
    assert assignment.unassigned == 0
    assert proposed.sentence.endswith(".")


@EVERY_GOAL
def test_what_a_goal_compares_forms_no_segments(sample, goal):
    proposed, assignment = fitted(sample, goal)
    first = find_goal(goal).compares[0]
    column = sample.with_role(first)
    assert column is None or column.name not in {*assignment.dimensions, *proposed.plan.dimensions}


@pytest.mark.parametrize("path", REAL, ids=lambda path: path[-1])
def test_every_proposal_for_real_files_fits(path):
    customers = segkit.read(real_file(*path))
    for goal in GOALS:
        _, assignment = fitted(customers, goal.key)
        assert len(assignment.segments) > 1, goal.key
        assert assignment.unassigned == 0


def test_the_table_of_goals_is_whole():
    assert len({goal.key for goal in GOALS}) == len(GOALS)
    assert all(set(goal.families) <= set(FAMILY_WORDS) for goal in GOALS)
    assert all(set(goal.compares) <= set(OUTCOMES) for goal in GOALS)
    assert all(find_method(key).kind == "rules" for goal in GOALS for key in goal.rules)


# --- what is left out -------------------------------------------------------------------------------


def customers_with(**columns):
    """A customer table from columns of texts."""
    rows = [[f"c{place:03d}", *values] for place, values in enumerate(zip(*columns.values(), strict=True))]
    return read_here(csv_bytes([["customer_id", *columns], *rows]))


def test_columns_that_tell_who_stayed_are_left_out_of_retaining():
    table = customers_with(
        retained=["Yes", "No"] * 30,
        journey_stage=["active", "lapsed", "new"] * 20,
        days_since_last_order=[str(k * 7 % 90) for k in range(60)],
        sessions=[str(k * 3 % 17) for k in range(60)],
        tenure_months=[str(k * 5 % 31) for k in range(60)],
    )
    assert proposal(table, "retain").plan.dimensions == ("sessions", "tenure_months")
    assert set(proposal(table, "explore").plan.dimensions) == {
        "journey_stage",
        "days_since_last_order",
        "sessions",
        "tenure_months",
    }


def test_too_few_preferred_columns_fall_back_to_the_usual_ones():
    table = customers_with(
        age=[str(18 + k % 40) for k in range(60)], sessions=[str(k * 3 % 17) for k in range(60)]
    )
    found = proposal(table, "retain")
    assert found.plan.dimensions == ("age", "sessions")
    assert found.sentence == (
        "To retain customers, segments are formed from 2 columns about who customers are and behaviour; no "
        "column means retention, so there is nothing of that to compare them by. There are too few columns "
        "about behaviour, journey and price alone, so all usual ones are used."
    )


def test_money_spread_evenly_makes_no_value_tiers():
    even = customers_with(
        revenue=[str(50 + k % 9) for k in range(60)],
        plan_tier=["free", "pro"] * 30,
        age=[str(18 + k % 40) for k in range(60)],
    )
    assert proposal(even, "support").plan.method == "price-tiers"


def test_a_table_of_answers_only_still_has_a_proposal():
    table = customers_with(nps=[str(k % 11) for k in range(66)])
    found = proposal(table, "serve")
    assert found.plan.method == "sentiment"
    assert len(fit(table, found.plan).segments) == 3


def test_what_cannot_be_proposed_is_said(sample):
    with pytest.raises(UnusablePlan, match="is no goal"):
        proposal(sample, "win the lottery")
    with pytest.raises(UnusablePlan, match="Set what your columns mean"):
        proposal(customers_with(note=[f"text {k}" for k in range(40)]), "explore")
