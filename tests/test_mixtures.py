"""Mixtures: known groups come back, gaps cost nothing, and the card says what the model says."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score
from stepmix.stepmix import StepMix

import segkit
from segkit.segments.features import learned_features
from segkit.segments.methods.mixtures import (
    FLOOR,
    Bell,
    Steps,
    latent_class,
    latent_class_again,
    mixture,
    mixture_again,
)
from segkit.segments.prepared import prepared
from segkit.segments.scorecard import LevelCost, NumberCost, StepCost

FITS = [mixture, latent_class]
REFITS = [mixture_again, latent_class_again]


def numbers(group, rng):
    middles = np.array([[0, 0, 6, 3], [6, 0, 0, 3], [0, 6, 6, 9], [6, 6, 0, 9]])
    return {f"x{k}": middles[group, k] + rng.normal(size=len(group)) for k in range(4)}


def categories(group, rng):
    levels = np.array(["Rome", "Oslo", "Lima", "Bonn"])
    wanders = rng.random((8, len(group))) < 0.15
    cities = {
        f"city{k}": np.where(wanders[k], rng.choice(levels, len(group)), levels[group]) for k in range(4)
    }
    flags = {
        f"flag{k}": np.where((group >> (k % 2) & 1).astype(bool) ^ wanders[4 + k], "Yes", "No")
        for k in range(4)
    }
    return cities | flags


def mixed(group, rng):
    return numbers(group, rng) | categories(group, rng)


def table(kinds, rows=600, seed=1, gaps=0.0):
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 4, rows)
    frame = pd.DataFrame({"customer_id": [f"{k:05d}" for k in range(rows)]} | kinds(group, rng))
    for name in frame.columns[1:]:
        frame.loc[rng.random(rows) < gaps, name] = None
    return frame, group


def ready(frame, weights=None, scaling="auto"):
    customers = segkit.read(frame)
    features, _ = learned_features(customers, [n for n in frame.columns if n != "customer_id"], scaling)
    return customers.frame, prepared(features, customers.frame, weights, answers=True)


def in_order(customers, seed=0):
    return customers.take(customers.order(seed))


# --- known structure ------------------------------------------------------------------------------


@pytest.mark.parametrize("fit", FITS + REFITS)
@pytest.mark.parametrize("kinds", [numbers, categories, mixed])
def test_groups_apart_come_back(fit, kinds):
    frame, group = table(kinds)
    _, customers = ready(frame)
    assert adjusted_rand_score(group, fit(customers, 4, 0).codes(customers)) >= 0.95


@pytest.mark.parametrize("fit", FITS)
def test_groups_come_back_when_a_fifth_of_the_answers_is_missing(fit):
    frame, group = table(mixed, gaps=0.2)
    _, customers = ready(frame)
    assert adjusted_rand_score(group, fit(customers, 4, 0).codes(customers)) >= 0.9


@pytest.mark.parametrize("fit", FITS)
def test_the_order_of_rows_changes_nothing(fit):
    frame, _ = table(mixed, gaps=0.1)
    turned = np.random.default_rng(5).permutation(len(frame))
    _, here = ready(frame)
    _, there = ready(frame.iloc[turned].reset_index(drop=True))
    np.testing.assert_array_equal(fit(here, 5, 3).costs(here)[turned], fit(there, 5, 3).costs(there))


@pytest.mark.parametrize("fit", FITS + REFITS)
def test_the_largest_segment_comes_first_and_none_is_empty(fit):
    rng = np.random.default_rng(0)
    group = rng.choice(3, 300, p=[0.2, 0.5, 0.3])
    frame = pd.DataFrame({"a": np.array([1, 5, 9])[group], "b": np.array(["x", "y", "z"])[group]})
    _, customers = ready(frame)
    model = fit(customers, 7, 0)
    sizes = np.bincount(model.codes(customers))
    assert sizes.tolist() == sorted(np.bincount(group).tolist(), reverse=True)
    assert model.count == 3
    assert model.shares.sum() == pytest.approx(1)


# --- exact values ---------------------------------------------------------------------------------


def test_one_segment_has_the_mean_the_variance_and_the_shares_of_everybody():
    frame, _ = table(mixed, gaps=0.2)
    _, customers = ready(frame)
    model = mixture(customers, 1, 0)
    assert model.shares.tolist() == [1.0]
    for place, part in enumerate(model.parts):
        known = customers.answers[:, place][~np.isnan(customers.answers[:, place])].astype(float)
        if isinstance(part, Bell):
            assert part.means[0] == pytest.approx(known.mean(), abs=1e-4)
            assert part.variances[0] == pytest.approx(known.var(), rel=1e-4)
        else:
            shares = np.bincount(known.astype(int)) / len(known)
            np.testing.assert_allclose(np.exp(part.logs[:, 0]), shares, atol=1e-3)
            assert np.exp(part.logs).sum() == pytest.approx(1)


def test_costs_are_minus_the_log_of_the_density():
    bell = Bell(np.array([0.0, 2.0]), np.array([1.0, 4.0]))
    expected = [0.5 * np.log(2 * np.pi) + 0.5, 0.5 * np.log(8 * np.pi) + 0.125]
    np.testing.assert_allclose(bell.costs(np.array([1.0, np.nan])), [expected, [0, 0]])
    steps = Steps(np.array([0.5]), np.log([[0.25, 0.5], [0.75, 0.5]]))
    np.testing.assert_allclose(steps.costs(np.array([1.0, np.nan])), [-np.log([0.75, 0.5]), [0, 0]])


def test_who_answers_nothing_costs_what_the_size_of_a_segment_says():
    frame, _ = table(mixed, gaps=0.1)
    frame.loc[0, frame.columns[1:]] = None
    _, customers = ready(frame)
    model = mixture(customers, 4, 0)
    np.testing.assert_allclose(model.costs(customers)[0], -np.log(model.shares))


def test_a_value_that_repeats_makes_no_segment_without_spread():
    rng = np.random.default_rng(0)
    spend = np.where(rng.random(500) < 0.6, 0.0, rng.normal(100, 10, 500))
    _, customers = ready(pd.DataFrame({"spend": spend, "age": rng.normal(40, 10, 500)}))
    model = mixture(customers, 2, 0)
    assert adjusted_rand_score(spend == 0, model.codes(customers)) == 1
    spread = customers.answers[:, 0].astype(float).var()
    assert model.parts[0].variances.min() == pytest.approx(FLOOR * spread)


def test_a_dimension_of_weight_two_counts_as_if_it_were_there_twice():
    frame, _ = table(mixed)
    once = frame[["x0", "x1", "city0", "flag0"]]
    _, heavy = ready(once, (2.0, 1.0, 2.0, 1.0))
    _, twice = ready(once.assign(again=once["x0"], city=once["city0"]))
    costs = mixture_again(heavy, 4, 0).costs(heavy)
    np.testing.assert_allclose(costs, mixture_again(twice, 4, 0).costs(twice), rtol=1e-3, atol=1e-2)


# --- the score card -------------------------------------------------------------------------------


@pytest.mark.parametrize("scaling", ["auto", "none"])
@pytest.mark.parametrize("fit", FITS)
def test_the_card_costs_what_the_model_costs_with_gaps_and_unseen_levels(fit, scaling):
    frame, _ = table(mixed, gaps=0.2)
    rng = np.random.default_rng(2)
    frame["spend"] = rng.lognormal(3, 1, len(frame)).round(2)  # put on a log scale
    frame["stars"] = rng.integers(1, 6, len(frame))
    _, customers = ready(frame, tuple(np.linspace(0.5, 2, 14)), scaling)
    model = fit(customers, 4, 0)
    other, _ = table(mixed, gaps=0.2, seed=8)
    other["spend"], other["stars"] = rng.lognormal(3, 2, len(other)), rng.integers(1, 6, len(other))
    other.loc[:50, "city0"] = "Atlantis"
    seen = segkit.read(other).frame
    card = model.card(customers.features, customers.weights)
    assert card.likelihood
    again = prepared(customers.features, seen, customers.weights, answers=True)
    np.testing.assert_allclose(card.costs(seen), model.costs(again), rtol=1e-5, atol=1e-5)


def test_the_card_has_the_form_of_each_dimension():
    frame, _ = table(mixed)
    _, customers = ready(frame[["x0", "city0", "flag0"]])
    forms = [
        [type(one) for one in fit(customers, 2, 0).card(customers.features, customers.weights).dimensions]
        for fit in FITS
    ]
    assert forms == [[NumberCost, LevelCost, StepCost], [StepCost, LevelCost, StepCost]]


def test_customers_without_answers_are_refused():
    frame, _ = table(numbers)
    customers = segkit.read(frame)
    features, _ = learned_features(customers, ["x0", "x1"], "auto")
    with pytest.raises(ValueError, match="with their answers"):
        mixture(prepared(features, customers.frame), 2, 0)


# --- latent classes -------------------------------------------------------------------------------


def cuts_of(values):
    flags = np.random.default_rng(1).choice(["Yes", "No"], len(values))
    _, customers = ready(pd.DataFrame({"value": values, "flag": flags}))
    card = latent_class(customers, 2, 0).card(customers.features, customers.weights)
    return card.dimensions[0].cuts


def test_few_values_stay_and_many_are_cut_at_their_quartiles():
    rng = np.random.default_rng(0)
    assert cuts_of(np.tile([1, 2, 3, 5], 50)) == pytest.approx((1.5, 2.5, 4.0))
    assert cuts_of(rng.permutation(np.arange(100, 200))) == pytest.approx((124.5, 149.5, 174.5))


def test_a_value_of_most_customers_is_a_step_of_its_own():
    """Four in five customers spend nothing, so all quartiles say the same."""
    (cut,) = cuts_of(np.concatenate([np.zeros(320), np.arange(1, 81)]))
    assert 0 < cut < 1


def binary(seed, rows=2000, classes=3, items=10):
    rng = np.random.default_rng(seed)
    group = rng.integers(0, classes, rows)
    return (rng.random((rows, items)) < rng.uniform(0.1, 0.9, (classes, items))[group]).astype(float)


def test_the_likelihood_is_that_of_stepmix():
    """StepMix has no made-up customers, so it may be ahead by a hair."""
    answers = binary(0)
    frame = pd.DataFrame(np.where(answers == 1, "Yes", "No"), columns=[f"item{k}" for k in range(10)])
    _, customers = ready(frame)
    ours = latent_class(customers, 3, 0).log_likelihood(customers)
    theirs = StepMix(3, measurement="binary", n_init=10, random_state=0, progress_bar=0, verbose=0).fit(
        answers
    )
    assert ours == pytest.approx(theirs.score(answers) * len(answers), abs=0.1)
