"""How values are prepared: exact on small columns, and the laws of weights."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import segkit
from segkit.errors import UnusablePlan
from segkit.segments.features import (
    LARGEST,
    MOST_LEVELS,
    OTHER,
    LevelFeature,
    NumberFeature,
    learned_features,
    level_codes,
    numeric,
    share_one_scale,
)
from segkit.segments.prepared import prepared


def learned(scaling="standard", kinds=None, **columns):
    frame = pd.DataFrame(columns)
    customers = segkit.read(frame.assign(row=range(len(frame))), kinds=kinds)
    return learned_features(customers, tuple(columns), scaling), customers


def one(scaling="standard", kinds=None, **columns):
    (features, _), customers = learned(scaling, kinds, **columns)
    return features[0], customers.frame[features[0].name]


def test_a_number_is_standardised_and_its_gaps_filled_with_the_median():
    feature, values = one(x=[1.0, 2.0, 3.0, 6.0, np.nan], y=range(5))
    # median 2.5; filled values 1, 2, 3, 6, 2.5: mean 2.9, variance 2.84
    expected = (np.array([1, 2, 3, 6, 2.5]) - 2.9) / np.sqrt(2.84)
    assert feature.prepared(values) == pytest.approx(expected)
    assert (feature.fill, feature.filled_share) == (2.5, pytest.approx(0.2))
    assert "20\u202f% missing, filled with the median 2.50" in feature.steps


def test_only_strong_skew_without_negative_values_is_put_on_a_log_scale():
    rng = np.random.default_rng(0)
    skewed = rng.lognormal(3, 1, 500)
    assert one(x=skewed)[0].log
    assert not one(x=skewed - skewed.min() - 1)[0].log
    assert not one(x=rng.normal(100, 10, 500))[0].log
    assert not one(x=-skewed)[0].log


@pytest.mark.parametrize(("tens", "log"), [(27, True), (28, False)])
def test_a_skewness_of_one_decides(tens, log):
    values = [10.0] * tens + [0.5] * (100 - tens)
    assert bool(stats.skew(values) > 1) is log
    assert one(x=values)[0].log == log


def test_extremes_are_limited_to_the_1st_and_99th_percentile():
    values = np.arange(1000, dtype=float)
    feature, column = one(x=values)
    assert (feature.low, feature.high) == (9, 989)
    prepared = feature.prepared(column)
    assert prepared.min() == prepared[9]
    assert prepared.max() == prepared[989]
    assert feature.prepared(pd.Series([1e9]))[0] == prepared.max()


def test_a_number_that_is_mostly_one_value_keeps_the_rest():
    feature, column = one(x=[0.0] * 995 + [1.0] * 5)
    assert len(np.unique(feature.prepared(column))) == 2


@given(
    st.lists(
        st.one_of(st.just(np.nan), st.floats(-1e6, 1e6, width=32), st.integers(0, 20).map(float)),
        min_size=3,
        max_size=60,
    )
)
@settings(max_examples=100, deadline=None)
def test_every_number_that_varies_has_mean_0_and_variance_1(values):
    try:
        feature, column = one(kinds={"x": "number"}, x=values, y=range(len(values)))
    except segkit.errors.SegkitError:
        assert len({v for v in values if not np.isnan(v)}) < 1
        return
    if feature.name == "y":  # x does not vary
        return
    prepared = feature.prepared(column)
    assert prepared.mean() == pytest.approx(0, abs=1e-6)
    assert prepared.var() == pytest.approx(1, rel=1e-6)


@given(
    st.lists(st.sampled_from(["a", "b", "c", "d", "e", None]), min_size=6, max_size=80).filter(
        lambda some: len({level for level in some if level}) > 2
    )
)
@settings(max_examples=100, deadline=None)
def test_a_category_has_mean_0_and_variance_1_in_all_its_columns_together(levels):
    feature, column = one(kinds={"c": "category"}, c=levels, y=range(len(levels)))
    prepared = feature.transform(column)
    assert prepared.mean(axis=0) == pytest.approx(0, abs=1e-9)
    assert prepared.var(axis=0).sum() == pytest.approx(1)


def test_levels_stand_as_in_famd():
    # shares 1/2, 1/4, 1/4: indicator over the root of its share, centred, over the root of 2
    feature, column = one(kinds={"c": "category"}, c=["a", "a", "b", "c"])
    indicators = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], float)
    shares = np.array([0.5, 0.25, 0.25])
    assert feature.transform(column) == pytest.approx((indicators - shares) / np.sqrt(shares) / np.sqrt(2))


def test_rare_levels_share_one_place_and_unseen_ones_join_them():
    levels = ["a"] * 60 + ["b"] * 37 + ["c", "d", "e"]
    feature, column = one(kinds={"c": "category"}, c=levels)
    assert feature.levels == ("a", "b", OTHER)
    assert feature.pooled == ("c", "d", "e")
    rows = feature.transform(column)
    assert (rows[97] == rows[99]).all()
    assert (feature.transform(pd.Series(["never seen"]))[0] == rows[99]).all()
    assert (feature.transform(pd.Series([None], dtype="str"))[0] == 0).all()


def test_of_two_levels_none_is_pooled():
    feature, _ = one(kinds={"c": "category"}, c=["a"] * 199 + ["b"])
    assert (feature.levels, feature.pooled) == (("a", "b"), ())


@pytest.mark.parametrize("scaling", ["standard", "none"])
def test_a_category_with_very_many_levels_becomes_few_columns(scaling):
    levels = [f"level {k:04d}" for k in range(1000)] + ["level 0000"]
    feature, column = one(scaling, kinds={"c": "category"}, c=levels)
    assert feature.width == MOST_LEVELS + 1
    assert feature.levels[0] == "level 0000"
    assert len(feature.pooled) == 1000 - MOST_LEVELS
    assert feature.transform(column).shape == (1001, MOST_LEVELS + 1)


def test_with_scaling_off_values_stay_as_they_are():
    (features, _), customers = learned("none", a=["No", "Yes", "Yes"], b=[1.0, 5.0, 3.0])
    assert prepared(features, customers.frame).space.tolist() == [[0, 1], [1, 5], [1, 3]]
    feature, column = one("none", kinds={"c": "category"}, c=["x", "y", "z", None])
    rows = feature.transform(column)
    apart = [((rows[i] - rows[j]) ** 2).sum() for i, j in ((0, 1), (0, 2), (1, 2))]
    assert apart == pytest.approx([1, 1, 1])
    assert ((rows[3] - rows[:3]) ** 2).sum(axis=1) == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(
    ("columns", "same"),
    [
        ({"a": ["Yes", "No", "No"], "b": ["No", "Yes", "No"]}, True),
        ({"a": [1, 5, 3], "b": [5, 1, 1]}, True),
        ({"a": [0, 10, 3], "b": [10, 0, 1]}, True),
        ({"a": [1, 5, 3], "b": [0, 10, 1]}, False),
        ({"a": [1, 5, 2.5], "b": [5, 1, 1]}, False),
        ({"a": [20, 60, 33], "b": [20, 60, 21]}, False),
        ({"a": ["Yes", "No", "No"], "b": [1, 5, 3]}, False),
        ({"a": [1, 5, 3]}, False),
    ],
    ids=str,
)
def test_items_on_one_scale_are_recognised(columns, same):
    customers = segkit.read(pd.DataFrame(columns | {"other": ["p", "q", "r"]}))
    assert share_one_scale(customers, tuple(columns)) is same


def test_constants_are_dropped_and_said():
    (features, notes), _ = learned(x=[1, 2, 3], same=[4, 4, 4])
    assert [feature.name for feature in features] == ["x"]
    assert notes == ("“same” has the same value for every customer and was left out.",)


@pytest.mark.parametrize(
    ("dimensions", "said"),
    [
        ((), "Choose at least one dimension"),
        (("age", "wealth"), "There is no column “wealth” in the table. Dimensions can be: age"),
        (("joined",), "“joined” is read as date, which cannot form segments"),
        (("same",), "“same” has the same value for every customer"),
    ],
)
def test_dimensions_that_cannot_be_used_are_refused_in_words(dimensions, said):
    frame = pd.DataFrame({"age": [30, 40], "joined": ["2026-01-01", "2026-02-01"], "same": [1, 1]})
    with pytest.raises(UnusablePlan) as problem:
        learned_features(segkit.read(frame), dimensions, "standard")
    assert said in str(problem.value)


def test_values_too_large_to_measure_are_refused():
    with pytest.raises(UnusablePlan, match="too large"):
        learned("none", x=[1.0, 10 * LARGEST, 3.0], y=[1, 2, 3])


def test_columns_become_numbers_whatever_their_type():
    yes_no = pd.Series(pd.Categorical(["No", "Yes", None], ["No", "Yes"], ordered=True))
    for values, expected in [
        (yes_no, [0, 1, np.nan]),
        (pd.Series([True, False]), [1, 0]),
        (pd.Series(["3", " 4.5", "x", None], dtype="str"), [3, 4.5, np.nan, np.nan]),
        (pd.Series(pd.Categorical(["10", "2"])), [10, 2]),
        (pd.Series([1, None], dtype="Int64"), [1, np.nan]),
    ]:
        assert numeric(values) == pytest.approx(expected, nan_ok=True)


def test_levels_are_found_in_numbers_too():
    assert level_codes(pd.Series([2.0, 1.0, np.nan, 1234567.0]), ("1", "1234567", "2")).tolist() == [
        2,
        0,
        3,
        1,
    ]


@given(st.randoms())
@settings(max_examples=15, deadline=None)
def test_what_is_learned_does_not_depend_on_row_order(random):
    rng = np.random.default_rng(random.randint(0, 9))
    frame = pd.DataFrame(
        {
            "x": rng.lognormal(3, 2, 90),
            "y": np.where(rng.random(90) < 0.3, np.nan, rng.normal(0, 1, 90)),
            "c": rng.choice(["a", "b", "c"], 90),
        }
    )
    order = list(range(90))
    random.shuffle(order)
    one, _ = learned_features(segkit.read(frame), tuple(frame), "standard")
    other, _ = learned_features(segkit.read(frame.iloc[order]), tuple(frame), "standard")
    for a, b in zip(one, other, strict=True):
        if isinstance(a, NumberFeature):
            assert a == b
        else:
            assert isinstance(b, LevelFeature)
            assert (a.levels, a.coordinates.tolist()) == (b.levels, b.coordinates.tolist())
