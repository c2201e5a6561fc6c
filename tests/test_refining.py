"""Refining by hand: what is asked happens, is said, replays, and is saved."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segkit
from segkit.errors import UnusablePlan
from segkit.insights.names import segment
from segkit.segments.cards import RuleCard, Tree
from segkit.segments.conditions import Every, Quantity, Test
from segkit.segments.fitting import settled
from segkit.segments.methods.draft import ruled
from segkit.segments.refining import ACTIONS, borders, refined
from segkit.segments.segmentation import Segmentation

DIMENSIONS = ("age", "spend", "city")


def people(rows=600, seed=0):
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 4, rows)
    return pd.DataFrame(
        {
            "customer_id": [f"c{place}" for place in range(rows)],
            "age": (20 + 15 * group + rng.normal(0, 3, rows)).round(1),
            "spend": (100 + 40 * (group % 2) + rng.normal(0, 6, rows)).round(2),
            "city": np.array(["Rome", "Oslo"])[(group // 2 + (rng.random(rows) < 0.1)) % 2],
            "nps": rng.integers(0, 11, rows),
        }
    )


@pytest.fixture(scope="module")
def customers():
    return segkit.read(people())


@pytest.fixture(scope="module")
def fitted(customers):
    return segment(customers, segkit.Plan(DIMENSIONS, n_segments=4))


def tiers(customers):
    """Young, middle, old, as rules."""
    age = Quantity("age")
    draft = ruled(
        customers,
        [("Young", Test(age, "<=", (30.0,))), ("Middle", Test(age, "<=", (50.0,)))],
        rest="Old",
    )
    return settled(customers, segkit.Plan(DIMENSIONS, method="k-means", n_segments=3), draft)


def codes(customers, segmentation):
    return segmentation.assign(customers).codes


def test_merged_segments_hold_the_customers_of_both(customers, fitted):
    before = codes(customers, fitted)
    after = refined(customers, fitted, [{"do": "merge", "segments": ["S3", "S2"]}])
    assert [one.key for one in after.segments] == ["S1", "S2+S3", "S4"]
    assert codes(customers, after).tolist() == [{0: 0, 1: 1, 2: 1, 3: 2}[code] for code in before.tolist()]
    largest = fitted.segments[1]
    assert after.segments[1].colour == largest.colour


def test_between_merged_segments_there_is_no_border_to_be_near(customers, fitted):
    before, after = (
        fitted.assign(customers),
        refined(customers, fitted, [{"do": "merge", "segments": ["S1", "S2"]}]).assign(customers),
    )
    assert (after.confidence >= before.confidence - 1e-6).all()


def test_a_split_by_a_condition_asks_every_member(customers, fitted):
    before = codes(customers, fitted)
    when = {"column": "@nps", "how": ">=", "values": [9]}
    after = refined(customers, fitted, [{"do": "split", "segment": "S2", "when": when}])
    nps = customers.frame["nps"].to_numpy()
    wanted = np.where(before > 1, before + 1, before)
    wanted = np.where(before == 1, np.where(nps >= 9, 1, 2), wanted)
    assert codes(customers, after).tolist() == wanted.tolist()
    assert [one.key for one in after.segments] == ["S1", "S2a", "S2b", "S3", "S4"]
    assert len({one.colour for one in after.segments}) == 5
    assert "nps" in after.assign(customers).dimensions  # so its NPS is circular
    assert after.refinements[0]["said"].endswith("is split by NPS at least 9.")


def test_a_split_by_likeness_touches_nobody_else(customers, fitted):
    before = codes(customers, fitted)
    after = codes(customers, refined(customers, fitted, [{"do": "split", "segment": "S1", "into": 3}]))
    assert set(after[before == 0]) == {0, 1, 2}
    assert (after[before > 0] == before[before > 0] + 2).all()


def test_locked_segments_keep_their_customers(customers, fitted):
    before = codes(customers, fitted)
    after = refined(customers, fitted, [{"do": "recluster", "keep": ["S2"], "into": 2}])
    assert len(after.segments) == 3
    kept = [one.key for one in after.segments].index("S2")
    assert ((codes(customers, after) == kept) == (before == 1)).all()


def test_the_most_unusual_customers_become_a_segment(customers, fitted):
    after = refined(customers, fitted, [{"do": "own", "share": 0.05, "name": "Odd ones"}])
    found = after.assign(customers)
    assert found.sizes[-1] == 30
    assert found.unassigned == 0
    assert after.segments[-1].name == "Odd ones"
    _, lowest = fitted.tree.card.nearest(customers.frame)
    assert set(np.flatnonzero(found.codes == 4)) == set(np.argsort(lowest)[-30:])


def test_a_moved_border_moves_for_both_sides(customers):
    before = tiers(customers)
    assert borders(before) == [("age", 30.0), ("age", 50.0)]
    after = refined(customers, before, [{"do": "border", "column": "age", "from": 30, "to": 25.5}])
    age = customers.frame["age"]
    assert (codes(customers, after) == 0).tolist() == (age <= 25.5).tolist()
    assert (codes(customers, after) == 1).tolist() == ((age > 25.5) & (age <= 50)).tolist()
    assert after.refinements[0]["said"] == "The border of Age at 30 is moved to 25.5."


def test_names_and_colours_change_nothing_else(customers, fitted):
    after = refined(
        customers,
        fitted,
        [
            {"do": "rename", "segment": "S1", "name": "  Our   best "},
            {"do": "recolour", "segment": "S1", "colour": 2},
        ],
    )
    assert after.segments[0].name == "Our best"
    assert [one.colour for one in after.segments] == [2, 1, 0, 3]  # who had the colour takes hers
    assert (codes(customers, after) == codes(customers, fitted)).all()


def test_a_blank_name_brings_the_made_up_one_back(customers, fitted):
    steps = [{"do": "rename", "segment": "S1", "name": "X"}, {"do": "rename", "segment": "S1", "name": " "}]
    assert segment(customers, fitted.plan, steps).segments == fitted.segments


@pytest.mark.parametrize(
    ("refinement", "message"),
    [
        ({"do": "dance"}, "cannot be “dance”"),
        ({"do": "merge", "segments": ["S1"]}, "two segments or more"),
        ({"do": "merge", "segments": ["S1", "S2", "S3", "S4"]}, "Leave at least one apart"),
        ({"do": "merge", "segments": ["S1", "S9"]}, "no segment “S9”"),
        ({"do": "split", "segment": "S1", "into": 40}, "2 to 12, not 40"),
        ({"do": "split", "segment": "S1", "when": {"column": "age", "how": ">", "values": [999]}}, "Nobody"),
        ({"do": "split", "segment": "S1", "when": {"column": "age"}}, "no comparison"),
        ({"do": "split", "segment": "S1", "when": {"column": "size", "how": "known"}}, "no column “size”"),
        ({"do": "border", "column": "age", "from": 1, "to": 2}, "No rule has a border at 1"),
        ({"do": "rename", "segment": "S1", "name": "{S2}"}, "Another segment is called"),
        ({"do": "recolour", "segment": "S1", "colour": 12}, "no colour 12"),
        ({"do": "own", "share": 0.9}, "can be set apart"),
        ({"do": "recluster", "keep": []}, "Lock at least one"),
    ],
    ids=lambda one: one.get("do", "") if isinstance(one, dict) else "",
)
def test_what_cannot_be_done_is_refused_in_words(customers, fitted, refinement, message):
    if refinement.get("name") == "{S2}":
        refinement = refinement | {"name": fitted.segments[1].name}
    with pytest.raises(UnusablePlan, match=message):
        refined(customers, fitted, [refinement])


PLACE = st.integers(0, 6)
CHAINS = st.lists(
    st.one_of(
        st.builds(lambda a, b: {"do": "merge", "segments": [a, b]}, PLACE, PLACE),
        st.builds(lambda a, n: {"do": "split", "segment": a, "into": n}, PLACE, st.integers(2, 3)),
        st.builds(
            lambda a, v: {
                "do": "split",
                "segment": a,
                "when": {"column": "spend", "how": "<", "values": [v]},
            },
            st.integers(0, 6),
            st.integers(90, 150),
        ),
        st.builds(lambda a: {"do": "recluster", "keep": [a], "into": 2}, PLACE),
        st.just({"do": "own", "share": 0.1}),
    ),
    max_size=5,
)


@given(CHAINS)
@settings(max_examples=12, deadline=None)
def test_any_chain_of_changes_replays_and_is_saved(customers, fitted, chain):
    """Everybody is in one segment, none is empty, and the file gives the same segments as the list."""
    now = fitted
    for step in chain:
        keys = [one.key for one in now.segments]
        named = {
            key: [keys[one % len(keys)] for one in value] if isinstance(value, list) else value
            for key, value in step.items()
        }
        if "segment" in step:
            named["segment"] = keys[step["segment"] % len(keys)]
        try:
            now = refined(customers, now, [named])
        except UnusablePlan:
            continue
    found = now.assign(customers)
    assert found.unassigned == 0
    assert (found.sizes > 0).all()
    assert found.sizes.sum() == len(customers)
    assert len({one.key for one in now.segments}) == len(now.segments)
    saved = Segmentation.from_json(now.to_json())
    assert (saved.assign(customers).codes == found.codes).all()
    assert (saved.assign(customers).confidence == found.confidence).all()
    again = refined(customers, fitted, json.loads(json.dumps(list(now.refinements))))
    assert again.to_json() == now.to_json()


def test_a_refined_segmentation_places_new_customers(customers, fitted):
    steps = [{"do": "merge", "segments": ["S1", "S2"]}, {"do": "split", "segment": "S3", "into": 2}]
    after = Segmentation.from_json(refined(customers, fitted, steps).to_json())
    later = segkit.read(people(300, seed=9).drop(columns="nps"))
    before, now = fitted.assign(later).codes, after.assign(later).codes
    assert ((now == 0) == (before < 2)).all()
    assert set(now[before == 2]) <= {1, 2}


def test_actions_have_keys_of_their_own_and_words():
    assert len({action.key for action in ACTIONS}) == len(ACTIONS)
    assert all(action.label and action.help.endswith(".") for action in ACTIONS)


def test_whom_no_card_takes_can_be_divided_too(customers):
    age = Quantity("age")
    below = Tree(RuleCard((Test(age, ">", (60.0,)),)), (1,), 2)
    tree = Tree(RuleCard((Every((Test(age, "<=", (30.0,)),)),)), (0,), below)
    found, sure = tree.assign(customers.frame, np.datetime64("2026-01-01"))
    years = customers.frame["age"].to_numpy()
    assert found.tolist() == np.where(years <= 30, 0, np.where(years > 60, 1, 2)).tolist()
    assert (sure == 1).all()
    assert Tree.from_dict(json.loads(json.dumps(tree.to_dict()))) == tree
