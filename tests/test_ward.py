"""Ward's tree: known groups come back, the joins add up, and the drawing says what the cut does."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import adjusted_rand_score

import segkit
from segkit.charts.palette import BASE_GREY, LIGHT, segment_colour
from segkit.charts.tree_chart import tree_chart
from segkit.segments.features import learned_features
from segkit.segments.methods.ward import SAMPLE, Merges, merges, ward, ward_again
from segkit.segments.prepared import prepared
from segkit.segments.segmentation import Segment


def table(rows=600, seed=1):
    rng = np.random.default_rng(seed)
    group = rng.choice(4, rows, p=[0.4, 0.3, 0.2, 0.1])
    middles = np.array([[0, 0, 8], [8, 0, 0], [0, 8, 8], [8, 8, 0]])
    frame = pd.DataFrame({f"x{k}": middles[group, k] + rng.normal(size=rows) for k in range(3)})
    frame["city"] = np.array(["Rome", "Oslo", "Lima", "Bonn"])[group]
    return frame, group


def ready(frame):
    customers = segkit.read(frame)
    features, _ = learned_features(customers, list(frame.columns), "auto")
    return prepared(features, customers.frame)


# --- segments -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [600, 3 * SAMPLE])
@pytest.mark.parametrize("fit", [ward, ward_again])
def test_groups_apart_come_back_the_largest_first(fit, rows):
    frame, group = table(rows)
    customers = ready(frame)
    codes = fit(customers, 4, 0).codes(customers)
    assert adjusted_rand_score(group, codes) == 1
    assert np.bincount(codes).tolist() == sorted(np.bincount(group).tolist(), reverse=True)


def test_centres_are_the_means_of_what_scipy_cuts():
    customers = ready(table()[0])
    sample = customers.take(customers.order(0))
    labels = fcluster(linkage(sample.space, "ward"), 6, "maxclust")
    expected = [sample.space[labels == k].mean(axis=0, dtype=float) for k in range(1, 7)]
    found = ward_again(sample, 6, 0).points
    np.testing.assert_allclose(sorted(map(tuple, found)), sorted(map(tuple, expected)), atol=1e-6)


@pytest.mark.parametrize("count", [1, 3, 7])
def test_the_order_of_rows_changes_nothing(count):
    frame, _ = table()
    turned = np.random.default_rng(5).permutation(len(frame))
    here, there = ready(frame), ready(frame.iloc[turned].reset_index(drop=True))
    np.testing.assert_array_equal(ward(here, count, 3).points, ward(there, count, 3).points)
    assert merges(here, 3) == merges(there, 3)


def test_there_are_no_more_segments_than_different_customers():
    customers = ready(pd.DataFrame({"a": [1, 1, 1, 5, 5, 9], "b": [2, 2, 2, 2, 2, 7]}))
    model = ward(customers, 5, 0)
    assert np.bincount(model.codes(customers)).tolist() == [3, 2, 1]
    assert sorted(merges(customers, 0).sizes) == [1, 2, 3]


# --- the joins ------------------------------------------------------------------------------------


def test_all_joins_together_give_up_all_differences():
    customers = ready(table(40)[0])
    tree = merges(customers, 0, leaves=40)
    assert tree.sizes == (1,) * 40
    assert sum(tree.lost) == pytest.approx(1)
    total = ((customers.space - customers.space.mean(axis=0)) ** 2).sum()
    assert sum(height**2 / 2 for height in tree.heights) == pytest.approx(total, rel=1e-5)


@pytest.mark.parametrize("count", range(1, 13))
def test_groups_of_leaves_are_the_segments_of_the_same_cut(count):
    customers = ready(table()[0])
    tree, model = merges(customers, 0), ward(customers, count, 0)
    held = np.bincount(tree.groups(count), tree.sizes)
    assert len(held) == model.count == count
    np.testing.assert_allclose(held @ model.points / held.sum(), customers.space.mean(axis=0), atol=1e-6)
    assert (np.diff(held) <= 0).all()


def test_branches_do_not_cross():
    """What is joined stands side by side."""
    tree = merges(ready(table()[0]), 0)
    assert sorted(tree.left_to_right) == list(range(12))
    for count in range(1, 13):
        drawn = [tree.groups(count)[leaf] for leaf in tree.left_to_right]
        assert 1 + sum(a != b for a, b in pairwise(drawn)) == count


# --- the drawing ----------------------------------------------------------------------------------

SMALL = Merges((50, 20, 30), ((1, 2), (0, 3)), (2.0, 6.0), (0.1, 0.6))


def colours(chart):
    return [trace.line.color for trace in chart.figure.data if trace.mode == "lines"]


@pytest.mark.parametrize(("count", "cut"), [(1, 6.48), (2, 4.0), (3, 1.0)])
def test_the_cut_lies_between_the_joins(count, cut):
    chart = tree_chart(SMALL, count, LIGHT)
    (line,) = chart.figure.layout.shapes
    assert line.y0 == line.y1 == pytest.approx(cut)
    assert line.line.dash == "dash"
    assert f"gives {count} segment" in chart.figure.layout.title.text
    grey = [BASE_GREY] if count > 1 else []
    assert colours(chart) == [*grey, *(segment_colour(k) for k in range(count))]


def test_no_coloured_branch_reaches_over_the_cut():
    for trace in tree_chart(SMALL, 2, LIGHT).figure.data:
        if trace.mode == "lines" and trace.line.color != BASE_GREY:
            assert max(y for y in trace.y if y is not None) == 4.0


def test_leaves_carry_their_share_and_branches_their_segment():
    segments = [Segment("S1", "<b>Loyal</b>", 4), Segment("S2", "New", 2)]
    chart = tree_chart(SMALL, 2, LIGHT, segments)
    axis = chart.figure.layout.xaxis
    shown = dict(zip(axis.tickvals, axis.ticktext, strict=True))
    assert [shown[x].replace("\u202f", " ") for x in (0, 1, 2)] == ["50 %", "30 %", "20 %"]
    assert colours(chart)[1:] == [segment_colour(4), segment_colour(2)]
    texts = [note.text for note in chart.figure.layout.annotations]
    assert any("&lt;b&gt;" in text for text in texts)
    assert "New 50\u202f%" in chart.alt
    assert "gives up 60\u202f% of all differences" in chart.alt
