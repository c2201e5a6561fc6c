"""How many segments: clean groups are counted, and candidates are offered by a rule that can be said."""

import json

import numpy as np
import pytest

from segkit.errors import UnusablePlan
from segkit.segments.evidence.advice import (
    CLOUDING,
    DRAWING,
    SCRAMBLING,
    Candidate,
    advice_for,
    compared,
    first_look,
    recommended,
)
from segkit.segments.evidence.candidate import HARDLY_APART, STABLE
from segkit.segments.evidence.choice import alternatives, reason, recommendation, what_to_try
from segkit.segments.evidence.scrambled import Scrambled
from segkit.segments.features import NumberFeature
from segkit.segments.methods.k_means import redrawn
from segkit.segments.prepared import Prepared


def prepared(rows):
    """Numbers as they are."""
    columns = np.asarray(rows, np.float32)
    features = tuple(
        NumberFeature(f"v{place}", 0.0, False, -np.inf, np.inf, 0.0, 1.0) for place in range(columns.shape[1])
    )
    return Prepared(features, (1.0,) * len(features), columns)


def blobs(count, columns=4, each=120, spread=1.0, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.permutation(np.array(np.meshgrid(*[[0, 10]] * columns)).reshape(columns, -1).T)[:count]
    return np.concatenate([rng.normal(centre, spread, (each, columns)) for centre in centres])


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 7])
def test_clean_groups_are_counted(count):
    found = advice_for(prepared(blobs(count, seed=1)), redrawn, 0, range(max(count - 1, 2), count + 2))
    best = found.candidate(found.recommended)
    assert found.recommended == count
    assert best.stability == 1
    assert best.smallest == pytest.approx(1 / count)
    assert found.verdict == best.verdict == "natural"
    assert "stand clearly apart" in best.sentence
    assert found.sentence == (
        f"{count} groups stand clearly apart, with few customers between them, "
        "and scrambled data show nothing like it."
    )
    assert found.what_to_try == ()


def test_all_corners_of_a_square_are_no_more_than_their_sides():
    corners = np.repeat([[0, 0], [0, 10], [10, 0], [10, 10]], 150, axis=0)
    found = advice_for(prepared(np.random.default_rng(0).normal(corners, 1)), redrawn, 0, [3, 4, 5])
    assert (found.recommended, found.verdict) == (4, "reproducible")
    assert "each dimension shows as much by itself" in found.sentence


def test_one_cloud_is_not_called_clean():
    cloud = prepared(np.random.default_rng(0).normal(0, 1, (800, 6)))
    found = advice_for(cloud, redrawn, 0)
    assert {one.verdict for one in found.evidence} == {"constructed"}
    assert all(one.silhouette < HARDLY_APART and "apart" not in one.sentence for one in found.evidence)
    assert found.verdict == "constructed"
    assert found.what_to_try[0].startswith("There is no reliable segmentation in these dimensions")


def test_a_flat_cloud_that_is_always_cut_alike_is_reproducible_and_not_natural():
    rows = np.random.default_rng(1).normal(0, 1, (800, 4)) @ np.diag([3, 1, 1, 1])
    turned = rows @ np.linalg.qr(np.random.default_rng(2).normal(size=(4, 4)))[0]
    two = advice_for(prepared(turned), redrawn, 0, [2, 3]).candidate(2)
    assert two.stability >= STABLE  # it does come back
    assert two.border > 0.8  # and there is no gap
    assert two.verdict == "reproducible"
    assert "clearly apart" not in two.sentence


def test_two_groups_in_one_dimension_are_natural_and_an_even_one_is_not():
    rng = np.random.default_rng(0)
    groups = np.r_[rng.normal(0, 1, 300), rng.normal(10, 1, 200)][:, None]
    assert advice_for(prepared(groups), redrawn, 0, [2, 3]).candidate(2).verdict == "natural"
    even = advice_for(prepared(rng.random((500, 1))), redrawn, 0, [2, 3, 4])
    assert "natural" not in {one.verdict for one in even.evidence}


BAND = Scrambled(0.4, 0.5, 0.1, 0.12, 90.0)


def candidate(segments, stability, silhouette=0.2, smallest=0.1, **more):
    return Candidate(segments, stability, silhouette, 100.0, smallest, **more)


def clear(segments, stability, silhouette, one_cloud=0.2, border=0.05, **more):
    return candidate(segments, stability, silhouette, border=border, one_cloud=one_cloud, **more)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        # the finest useful number that comes back
        ([candidate(2, 1.0), candidate(3, 0.9), candidate(4, 0.85), candidate(5, 0.6)], (4, (2, 3))),
        # the clearest, where groups stand apart
        ([clear(2, 1.0, 0.8), clear(3, 0.9, 0.6), candidate(4, 0.85, 0.5)], (2, (3, 4))),
        # the finest of those that are as clear and as sure
        ([clear(4, 1.0, 0.53), clear(5, 1.0, 0.5), clear(6, 0.93, 0.5)], (5, (4, 6))),
        # not one that divides a group: it is thicker at the border
        ([clear(4, 1.0, 0.5), clear(5, 0.98, 0.48, border=0.29)], (4, (5,))),
        # nor a coarser one only because the air between its few segments is thinner
        ([clear(3, 1.0, 0.34, border=0.07), clear(5, 0.99, 0.38, border=0.19)], (5, (3,))),
        # as clear as one cloud is no gap
        ([candidate(3, 0.9, 0.5), clear(8, 1.0, 0.9, one_cloud=0.89)], (3, (8,))),
        # none comes back: the one that does most, of those of a useful number
        ([candidate(2, 0.79), candidate(3, 0.5), candidate(4, 0.7), candidate(5, 0.4)], (4, (2,))),
        # slivers are not offered
        ([candidate(2, 0.7), candidate(3, 0.9, 0.9, 0.01), candidate(4, 0.6)], (4, (2,))),
        ([candidate(2, 1.0, 1.0, 0.01)], (2, ())),
    ],
)
def test_candidates_are_offered_by_rule(evidence, expected):
    best = recommendation(evidence)
    assert (best, alternatives(evidence, best)) == expected


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (clear(3, 0.9, 0.5), ""),
        (clear(3, 0.9, 0.5, scrambled=BAND), "natural"),
        (clear(3, 0.79, 0.5, scrambled=BAND), "constructed"),  # does not come back
        (clear(3, 0.9, 0.5, border=0.31, scrambled=BAND), "reproducible"),  # no gap
        (clear(3, 0.9, 0.5, one_cloud=0.48, scrambled=BAND), "reproducible"),  # one cloud has such gaps too
        (clear(3, 0.9, 0.13, one_cloud=0.05, scrambled=BAND), "reproducible"),  # scrambled data nearly so
        (candidate(3, 0.9, 0.13, scrambled=Scrambled(0.7, 0.9, 0.1, 0.12, 90.0)), "constructed"),
        (candidate(3, 0.9, 0.2, scrambled=Scrambled(0.7, 0.9, 0.1, 0.12, 90.0)), "reproducible"),
    ],
)
def test_the_verdict_needs_all_three_signs(one, verdict):
    assert one.verdict == verdict


def test_sentences_say_how_far_to_trust():
    assert candidate(4, 0.96, 0.2, 0.096).sentence == (
        "4 segments come back when customers are drawn again (agreement 0.96 of 1), but run into one "
        "another; the smallest segment is 9.6\u202f% of customers."
    )
    assert "with blurred borders" in candidate(4, 0.6, 0.9).sentence
    assert "read them with care" in candidate(4, 0.59, 0.9).sentence
    explained = candidate(3, 0.9, 0.13, scrambled=Scrambled(0.7, 0.9, 0.1, 0.12, 90.0))
    assert "(agreement 0.90 of 1), but so do those of scrambled data;" in explained.sentence
    assert "is 20\u202f% of customers" in candidate(4, 0.9).with_smallest(0.2).sentence


def test_the_reason_is_that_of_the_rule():
    evidence = [candidate(2, 0.9), candidate(3, 0.85), candidate(4, 0.5)]
    assert reason(evidence, 3).startswith("3 is the largest number up to 6 whose segments keep coming back")
    assert reason(evidence, 2) == "2 segments come back most surely when customers are drawn again."
    assert reason(evidence, 4).endswith("but not reliably.")
    assert what_to_try(evidence, 2000) == ()
    nothing = [candidate(3, 0.5, scrambled=BAND)]
    assert reason(nothing, 3).endswith("no number of segments stands out from chance.")
    assert "Add customers: 120 are few to find segments in." in what_to_try(nothing, 120)


def test_two_stages_make_the_whole_and_the_order_of_rows_does_not_matter():
    rows = np.random.default_rng(0).normal(size=(400, 3)) + np.repeat([[0, 0, 0], [3, 3, 0]], 200, axis=0)
    customers, counts = prepared(rows), range(2, 5)
    look = first_look(customers, redrawn, 0, counts)
    whole = advice_for(customers, redrawn, 0, counts)
    assert all(one.scrambled is None and one.verdict == "" for one in look.evidence)
    assert compared(look, customers, redrawn, 0) == whole
    assert advice_for(prepared(rows[::-1]), redrawn, 0, counts) == whole
    assert recommended(customers, redrawn, 0, counts) == whole.recommended == look.recommended
    assert whole.candidate(3) is whole.evidence[1]
    assert whole.candidate(99) is None
    assert whole.sample == 400


def test_customers_flow_from_each_number_to_the_next():
    found = first_look(prepared(blobs(3)), redrawn, 0, range(2, 5))
    assert found.flow(2).tolist() == [[120, 120, 0], [0, 0, 120]]
    assert found.flow(3).shape == (3, 4)
    assert (found.flow(3).sum(axis=1) == 120).all()
    assert found.flow(4) is None


def test_the_advice_is_plain_json():
    found = advice_for(prepared(blobs(2)), redrawn, 0, [2, 3])
    told = json.loads(json.dumps(found.to_dict()))
    assert (told["recommended"], told["verdict"], told["sentence"]) == (2, "natural", found.sentence)
    first = told["candidates"][0]
    assert (first["segments"], first["stability"], first["smallest"]) == (2, 1.0, 0.5)
    assert first["sentence"] == found.candidate(2).sentence
    low, high = first["scrambled"]["silhouette"]
    assert low <= high < first["silhouette"]


def test_who_watches_is_told_and_can_stop():
    told = []
    advice_for(prepared(blobs(2)), redrawn, 0, [2, 3], lambda step, share: told.append((step, share)))
    assert list(dict(told)) == [DRAWING, CLOUDING, SCRAMBLING]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)

    def stop(step, share):
        if share > 0.1:
            raise InterruptedError(step)

    with pytest.raises(InterruptedError, match=DRAWING):
        advice_for(prepared(blobs(2)), redrawn, 0, range(2, 11), stop)


def test_few_kinds_of_customers_limit_the_choice():
    rows = np.repeat(np.array([[0, 0], [0, 5], [5, 0]]), [30, 20, 1], axis=0)
    found = advice_for(prepared(rows), redrawn, 0)
    assert [one.segments for one in found.evidence] == [2]
    two = first_look(prepared(rows[:40]), redrawn, 0)
    assert (two.recommended, two.evidence[0].silhouette, two.evidence[0].smallest) == (2, 1.0, 0.25)


def test_customers_who_are_all_alike_are_refused():
    with pytest.raises(UnusablePlan, match="All customers look the same"):
        first_look(prepared(np.ones((10, 2))), redrawn, 0)
