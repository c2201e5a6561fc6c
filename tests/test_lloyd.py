"""The k-means of the evidence and the passes over all rows, held to scikit-learn and numpy."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.cluster import KMeans

from segkit.segments.methods import lloyd as module
from segkit.segments.methods.k_means import moved, nearest, whole_steps
from segkit.segments.methods.lloyd import QUICK, THOROUGH, best_centres
from segkit.segments.sampling import content_order


def within(rows, centres):
    """Sum of squared distances to the nearest centre."""
    return ((rows[:, None].astype(float) - centres) ** 2).sum(axis=2).min(axis=1).sum()


def in_order(rows):
    rows = np.asarray(rows, dtype=np.float32)
    return rows[content_order(rows)]


def groups(seed):
    rng = np.random.default_rng(seed)
    return in_order(rng.normal(0, 4, (4, 6))[rng.integers(0, 4, 1500)] + rng.normal(size=(1500, 6)))


def cloud(seed):
    return in_order(np.random.default_rng(seed).normal(size=(1500, 6)))


def skewed(seed):
    return in_order(np.random.default_rng(seed).lognormal(size=(1500, 3)))


def yes_no(seed):
    return in_order(np.random.default_rng(seed).integers(0, 2, (1500, 5)))


@pytest.mark.parametrize("count", [2, 4, 9])
@pytest.mark.parametrize(
    ("effort", "kind", "above"),
    [
        (QUICK, groups, 1.003),
        (QUICK, cloud, 1.01),
        (QUICK, skewed, 1.02),
        (QUICK, yes_no, 1.0),
        (THOROUGH, groups, 1.00001),
        (THOROUGH, cloud, 1.0),
        (THOROUGH, skewed, 1.00001),
    ],
)
def test_the_sum_of_squares_is_that_of_scikit_learn(effort, kind, above, count):
    ours = theirs = 0.0
    for seed in range(5):
        rows = kind(seed)
        ours += within(rows, best_centres(rows, count, seed, effort))
        theirs += within(rows, KMeans(count, n_init=10, random_state=seed).fit(rows).cluster_centers_)
    assert ours <= above * theirs


def test_clear_groups_have_the_same_centres():
    rows = groups(3)
    ours = best_centres(rows, 4, 0, QUICK)
    theirs = KMeans(4, n_init=10, random_state=0).fit(rows).cluster_centers_
    np.testing.assert_allclose(np.sort(ours, axis=0), np.sort(theirs, axis=0), atol=0.02)


def test_rows_drawn_twice_count_twice():
    rows = np.repeat(np.float32([[0], [1], [10], [14]]), [3, 1, 1, 3], axis=0)
    np.testing.assert_allclose(np.sort(best_centres(rows, 2, 0, QUICK), axis=0), [[0.25], [13]], atol=1e-5)


def test_as_many_segments_as_different_rows_each_have_their_own():
    rows = np.repeat(np.float32([[0, 0], [1, 5], [7, 2], [9, 9], [4, 4]]), 3, axis=0)
    assert within(rows, best_centres(rows, 5, 0, QUICK)) == pytest.approx(0, abs=1e-9)


def test_a_row_as_near_to_two_centres_belongs_to_the_first():
    rows = module._ready(in_order([[-1.0], [0.0], [0.0], [1.0]]))
    moved, _ = module._passed(rows, np.float32([[[-1.0], [1.0]], [[1.0], [-1.0]]]))
    np.testing.assert_allclose(moved[..., 0], [[-1 / 3, 1], [1 / 3, -1]], rtol=1e-6)


def test_rows_are_worked_on_in_parts(monkeypatch):
    whole = best_centres(groups(2), 4, 0, QUICK)
    monkeypatch.setattr(module, "TOGETHER", 4_000)  # 100 rows at a time
    np.testing.assert_allclose(best_centres(groups(2), 4, 0, QUICK), whole, atol=1e-4)


def test_it_is_the_same_again_and_far_from_zero():
    rows = groups(1) + np.float32(1000)
    again = best_centres(rows, 4, 7, QUICK)
    np.testing.assert_array_equal(again, best_centres(rows, 4, 7, QUICK))
    assert within(rows, again) <= 1.003 * within(groups(1), best_centres(groups(1), 4, 7, QUICK))


def test_a_centre_that_loses_its_customers_finds_others():
    rows = module._ready(in_order([[-1.0], [-0.9], [0.9], [1.0]]))
    started = np.float32([[[0.0], [50.0]]])
    moved, _ = module._passed(rows, started)
    moved, left = module._passed(rows, moved)
    assert len(np.unique(moved.round(3))) == 2
    assert np.isfinite(left).all()


@pytest.mark.parametrize("scale", [1.0, 1e-7, 3e8])
def test_a_pass_over_all_rows_moves_centres_to_the_means_whatever_the_order(scale):
    rng = np.random.default_rng(4)
    rows = np.asfortranarray(rng.normal(size=(120_000, 3)) * [scale, 1.0, 100.0], dtype=np.float32)
    centres = rows[:4].astype(float)
    found = moved(rows, centres, whole_steps(rows))
    codes = nearest(rows, centres)
    wanted = np.stack([rows[codes == code].mean(axis=0, dtype=float) for code in range(4)])
    assert np.abs(found - wanted).max(axis=0) / np.abs(rows).max(axis=0) == pytest.approx(0, abs=1e-9)
    shuffled = rng.permutation(len(rows))
    assert (moved(rows[shuffled], centres, whole_steps(rows)) == found).all()


def test_a_centre_that_nobody_is_near_to_is_dropped():
    rows = np.array([[0.0], [1.0], [1.0]], dtype=np.float32)
    assert moved(rows, np.array([[0.0], [1.0], [9.0]]), whole_steps(rows)).tolist() == [[0.0], [1.0]]


def test_nothing_slow_is_loaded_on_the_way_from_a_file_to_kpis():
    road = "import segkit; segkit.read, segkit.advise, segkit.segment, segkit.measure"
    told = "import sys; print({'scipy.stats', 'scipy.cluster', 'sklearn', 'plotly'} & set(sys.modules))"
    command = [sys.executable, "-c", f"{road}; {told}"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
