"""How many segments: clean groups are found, and one cloud is not called clean."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import pairwise_distances, silhouette_score

import segkit
from segkit.errors import UnusablePlan
from segkit.segments.advice import (
    HARDLY_APART,
    STABLE,
    Candidate,
    _choice,
    _sentence,
    advice_for,
    silhouette,
)


def blobs(count, columns=4, each=120, spread=1.0, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.permutation(np.array(np.meshgrid(*[[0, 10]] * columns)).reshape(columns, -1).T)[:count]
    rows = np.concatenate([rng.normal(centre, spread, (each, columns)) for centre in centres])
    return rows.astype(np.float32)


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 7])
def test_clean_groups_are_counted(count):
    found = advice_for(blobs(count), seed=0)
    best = found.candidate(found.recommended)
    assert found.recommended == count
    assert best.stability == 1
    assert best.smallest == pytest.approx(1 / count)
    assert "stand clearly apart" in best.sentence


def test_one_cloud_is_not_called_clean():
    for seed in range(2):
        cloud = np.random.default_rng(seed).normal(0, 1, (800, 6)).astype(np.float32)
        found = advice_for(cloud, seed)
        assert all(one.silhouette < HARDLY_APART for one in found.evidence)
        for one in found.evidence:
            assert "apart" not in one.sentence
            if one.stability >= STABLE:
                assert "run into one another" in one.sentence


def test_a_flat_cloud_that_is_always_cut_alike_is_not_called_clean():
    rng = np.random.default_rng(1)
    cloud = (rng.normal(0, 1, (800, 4)) * [3, 1, 1, 1]).astype(np.float32)
    two = advice_for(cloud, 0).candidate(2)
    assert two.stability >= STABLE  # it does come back
    assert "clearly apart" not in two.sentence


def test_silhouette_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(150, 3))
    for codes in (rng.integers(0, 4, 150), np.r_[0, np.ones(149, int)], np.arange(150) % 75):
        found = silhouette(pairwise_distances(rows), codes)
        assert found == pytest.approx(silhouette_score(rows, codes), abs=1e-9)


def test_silhouette_of_one_segment_is_zero():
    assert silhouette(pairwise_distances(np.eye(4)), np.zeros(4, int)) == 0


def candidate(segments, stability, silhouette=0.2, smallest=0.1):
    return Candidate(segments, stability, silhouette, smallest, "")


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        # the finest useful number that comes back
        ([candidate(2, 1.0), candidate(3, 0.9), candidate(4, 0.85), candidate(5, 0.6)], (4, 2)),
        # the clearest, where groups stand apart
        ([candidate(2, 1.0, 0.8), candidate(3, 0.9, 0.6), candidate(4, 0.85, 0.5)], (2, 3)),
        # none comes back: the one that does most, of those of a useful number
        ([candidate(2, 0.79), candidate(3, 0.5), candidate(4, 0.7), candidate(5, 0.4)], (4, 2)),
        # slivers are not offered
        ([candidate(2, 0.7), candidate(3, 0.9, 0.9, 0.01), candidate(4, 0.6)], (4, 2)),
        ([candidate(2, 1.0, 1.0, 0.01)], (2, None)),
    ],
)
def test_two_candidates_are_offered_by_rule(evidence, expected):
    assert _choice(tuple(evidence)) == expected


def test_sentences_say_how_far_to_trust():
    assert _sentence(4, 0.96, 0.2, 0.096) == (
        "4 segments come back when customers are drawn again (agreement 0.96 of 1), but run into one "
        "another; the smallest segment is 9.6\u202f% of customers."
    )
    assert "with blurred borders" in _sentence(4, 0.6, 0.9, 0.1)
    assert "read them with care" in _sentence(4, 0.59, 0.9, 0.1)


def test_evidence_is_of_the_plan_and_always_the_same():
    frame = pd.DataFrame(blobs(3), columns=list("abcd"))
    customers = segkit.read(frame)
    plan = segkit.Plan(("a", "b", "c"))
    found = segkit.advise(customers, plan)
    assert found == segkit.advise(customers, plan)
    assert [one.segments for one in found.evidence] == list(range(2, 9))
    assert found.candidate(3) is found.evidence[1]
    assert found.candidate(99) is None
    assert segkit.segment(customers, plan).plan.n_segments == found.recommended
    assert found.sample == 360


def test_few_kinds_of_customers_limit_the_choice():
    rows = np.repeat(np.array([[0, 0], [0, 5], [5, 0]], np.float32), [30, 20, 1], axis=0)
    found = advice_for(rows, 0)
    assert [one.segments for one in found.evidence] == [2]
    two = advice_for(rows[:40], 0)
    assert (two.recommended, two.evidence[0].silhouette, two.evidence[0].smallest) == (2, 1.0, 0.25)


def test_customers_who_are_all_alike_are_refused():
    with pytest.raises(UnusablePlan, match="All customers look the same"):
        advice_for(np.ones((10, 2), np.float32), 0)
