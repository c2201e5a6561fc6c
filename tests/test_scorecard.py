"""The score card against plain numpy, scikit-learn and its own JSON."""

import copy
import json
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

import segkit
from segkit.errors import UnusableSegmentation
from segkit.segments import scorecard
from segkit.segments.cards import flat
from segkit.segments.features import NumberFeature, learned_features
from segkit.segments.fitting import fit
from segkit.segments.prepared import prepared
from segkit.segments.scorecard import LevelCost, NumberCost, ScoreCard, card_from_centres


def mixed(rows=200, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": np.where(rng.random(rows) < 0.1, np.nan, rng.integers(18, 80, rows)),
            "spend": rng.lognormal(3, 1, rows).round(2),
            "member": rng.choice(["Yes", "No"], rows),
            "city": rng.choice(["Rome", "Oslo", "Lima", None], rows),
        }
    )


DAY = np.datetime64("2026-11-24", "D")
PLAIN = NumberFeature("x", 0.0, False, -np.inf, np.inf, 0.0, 1.0)
HAND = ScoreCard(
    (
        NumberCost(PLAIN, (0.0, 10.0), (1.0, 2.0)),
        LevelCost("city", ("Oslo", "Rome"), ((0.0, 5.0), (3.0, 1.0), (2.0, 2.0))),
    ),
    (1.0, 0.5),
    400.0,
)


def test_costs_are_sums_over_dimensions_plus_a_constant():
    frame = pd.DataFrame({"x": [1.0, 9.0, np.nan], "city": ["Oslo", "Rome", "Paris"]})
    assert HAND.costs(frame).tolist() == [[2, 167.5], [85, 3.5], [3, 202.5]]


def test_the_lowest_cost_wins_and_confidence_is_how_clearly():
    frame = pd.DataFrame({"x": [1.0, 9.0, -30.0], "city": ["Oslo", "Rome", "Oslo"]})
    codes, confidence = flat(HAND).assign(frame, DAY)
    assert codes.tolist() == [0, 1, -1]  # 901 is above the limit
    assert confidence[:2] == pytest.approx([167.5 / 169.5, 85 / 88.5])


def test_a_customer_at_two_centres_at_once_is_undecided_and_one_segment_is_certain():
    twice = ScoreCard((NumberCost(PLAIN, (1.0, 1.0), (1.0, 1.0)),), (0.0, 0.0), 9.0)
    once = ScoreCard((NumberCost(PLAIN, (1.0,), (1.0,)),), (0.0,), 9.0)
    frame = pd.DataFrame({"x": [1.0, 2.0]})
    assert flat(twice).assign(frame, DAY)[1].tolist() == [0.5, 0.5]
    assert flat(once).assign(frame, DAY)[1].tolist() == [1, 1]


@given(st.integers(2, 6), st.integers(0, 50))
@settings(max_examples=15, deadline=None)
def test_the_card_says_what_the_nearest_centre_says(count, seed):
    frame = mixed(seed=seed)
    customers = segkit.read(frame)
    features, _ = learned_features(customers, tuple(frame), "standard")
    rows = prepared(features, customers.frame).space.astype(float)
    centres = np.random.default_rng(seed).normal(size=(count, rows.shape[1]))
    card = card_from_centres(features, centres)
    squared = ((rows[:, None, :] - centres[None]) ** 2).sum(axis=2)
    assert card.costs(customers.frame) == pytest.approx(squared, rel=1e-4, abs=1e-5)
    two = np.sort(squared, axis=1)[:, :2]
    clear = two[:, 1] - two[:, 0] > 1e-4
    codes, confidence = flat(card).assign(customers.frame, DAY)
    assert (codes == squared.argmin(axis=1))[clear].all()
    assert confidence == pytest.approx(two[:, 1] / two.sum(axis=1), abs=1e-4)
    assert ((confidence >= 0.5) & (confidence <= 1)).all()


def test_the_card_says_what_scikit_learn_predicts():
    customers = segkit.read(mixed(1000, 4))
    features, _ = learned_features(customers, ("age", "spend", "member", "city"), "standard")
    rows = prepared(features, customers.frame).space.astype(float)
    model = KMeans(5, n_init=2, random_state=1).fit(rows)
    codes, _ = flat(card_from_centres(features, model.cluster_centers_)).assign(customers.frame, DAY)
    assert codes.tolist() == model.predict(rows).tolist()


def test_chunks_change_nothing(monkeypatch):
    customers = segkit.read(mixed(101))
    card = fit(customers, segkit.Plan(("age", "city", "member"), n_segments=3)).tree.card
    whole = card.costs(customers.frame), flat(card).assign(customers.frame, DAY)
    monkeypatch.setattr(scorecard, "CHUNK", 10)
    assert (card.costs(customers.frame) == whole[0]).all()
    for a, b in zip(flat(card).assign(customers.frame, DAY), whole[1], strict=True):
        assert (a == b).all()


def test_no_rows_give_no_assignment():
    codes, confidence = flat(HAND).assign(pd.DataFrame({"x": [], "city": []}), DAY)
    assert (len(codes), len(confidence)) == (0, 0)


def test_keeping_picks_segments_in_order():
    frame = pd.DataFrame({"x": [1.0, 9.0, np.nan], "city": ["Oslo", "Rome", "Paris"]})
    assert (HAND.keeping([1, 0]).costs(frame) == HAND.costs(frame)[:, ::-1]).all()
    assert HAND.keeping([1]).costs(frame).tolist() == [[167.5], [3.5], [202.5]]


def test_missing_columns_are_named():
    with pytest.raises(UnusableSegmentation, match="lacks “city”"):
        flat(HAND).assign(pd.DataFrame({"x": [1.0]}), DAY)


@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2),
    st.floats(1e-300, 1e300),
    st.text(max_size=5),
)
def test_json_gives_back_the_very_same_card(centres, limit, level):
    card = ScoreCard(
        (
            NumberCost(PLAIN, tuple(centres), (1.0, 0.1)),
            LevelCost("city", (level, level + "x"), ((0.1, 0.2), tuple(centres), (0.0, 1.0))),
        ),
        (0.0, 0.3),
        limit,
    )
    assert ScoreCard.from_dict(json.loads(json.dumps(card.to_dict()))) == card


def test_a_card_whose_parts_do_not_fit_is_refused():
    with pytest.raises(ValueError, match="what each of the segments costs"):
        ScoreCard((NumberCost(PLAIN, (1.0, 2.0, 3.0), (1.0, 1.0, 1.0)),), (0.0, 0.0), 1.0)
    with pytest.raises(ValueError, match="what each of the segments costs"):
        ScoreCard((LevelCost("c", ("a", "b"), ((1.0, 2.0), (1.0, 2.0))),), (0.0, 0.0), 1.0)


def test_a_damaged_file_is_refused_or_works_but_never_fails_later():
    frame = pd.DataFrame({"age": [20.0, 31.0, 45.0, 60.0] * 10, "plan": ["a", "b", "a", "c"] * 10})
    customers = segkit.read(frame)
    plan = segkit.Plan(dimensions=("age", "plan"), n_segments=2)
    values = json.loads(segkit.segment(customers, plan).to_json())
    draw = random.Random(0)
    refused = 0
    for _ in range(200):
        damaged = copy.deepcopy(values)
        place: Any = damaged["tree"]["card"]["dimensions"][draw.randrange(2)]
        while True:
            key = draw.choice(list(place) if isinstance(place, dict) else range(len(place)))
            if not isinstance(place[key], dict | list) or not place[key] or draw.random() < 0.4:
                break
            place = place[key]
        place[key] = draw.choice(["x", None, [], {}, True, [None]])
        try:
            segkit.Segmentation.from_json(json.dumps(damaged)).assign(customers)
        except UnusableSegmentation:
            refused += 1
    assert refused > 100
