"""From a plan to segments: published numbers, laws, and files that come back the same."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segkit
from segkit.errors import UnusablePlan, UnusableSegmentation
from segkit.segments.customer_map import customer_map
from segkit.segments.features import numeric
from segkit.segments.fitting import fit
from segkit.segments.methods.k_means import k_means
from segkit.segments.plan import Plan
from segkit.segments.prepared import Prepared
from segkit.segments.sampling import content_order, distinct_rows, sampled
from segkit.segments.segmentation import Segment, Segmentation, with_names
from tests.real_data import real_file

PERCEPTIONS = tuple(
    "yummy convenient spicy fattening greasy fast cheap tasty expensive healthy disgusting".split()
)


def people(rows=300, seed=0):
    """Three overlapping groups with gaps, skew, a category and a yes/no."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, rows)
    return pd.DataFrame(
        {
            "customer_id": [f"{k:05d}" for k in range(rows)],
            "age": np.where(
                rng.random(rows) < 0.05, np.nan, (30 + 12 * group + rng.normal(0, 5, rows)).round()
            ),
            "spend": rng.lognormal(2 + group, 0.5).round(2),
            "city": np.where(rng.random(rows) < 0.7, np.array(["Rome", "Oslo", "Lima"])[group], "Bonn"),
            "member": np.where(rng.random(rows) < 0.2 + 0.3 * group, "Yes", "No"),
            "csat": rng.integers(1, 6, rows).astype(float),
        }
    )


DIMENSIONS = ("age", "spend", "city", "member")


def within(values, codes):
    return sum(((values[codes == k] - values[codes == k].mean(axis=0)) ** 2).sum() for k in np.unique(codes))


# --- published numbers ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mcdonalds():
    return segkit.read(real_file("mcdonalds", "mcdonalds.csv"))


@pytest.mark.parametrize("scaling", ["auto", "none"])
def test_mcdonalds_four_segments_reach_the_best_known_sum_of_squares(mcdonalds, scaling):
    found = segkit.segment(mcdonalds, Plan(PERCEPTIONS, n_segments=4, scaling=scaling)).assign(mcdonalds)
    answers = np.column_stack([numeric(mcdonalds.frame[name]) for name in PERCEPTIONS])
    assert within(answers, found.codes) <= 1603.1
    assert found.sizes == pytest.approx([580, 318, 315, 240], abs=12)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mcdonalds_does_not_depend_on_a_lucky_seed(mcdonalds, seed):
    found = fit(mcdonalds, Plan(PERCEPTIONS, n_segments=4, seed=seed)).assign(mcdonalds)
    answers = np.column_stack([numeric(mcdonalds.frame[name]) for name in PERCEPTIONS])
    assert within(answers, found.codes) <= 1603.1


def test_mall_customers_five_segments_on_income_and_score():
    customers = segkit.read(real_file("mall_customers", "mall_customers.csv"))
    names = tuple(c.name for c in customers.columns if "ncome" in c.name or "core" in c.name)
    found = fit(customers, Plan(names, n_segments=5, scaling="none")).assign(customers)
    values = np.column_stack([numeric(customers.frame[name]) for name in names])
    assert within(values, found.codes) == pytest.approx(44448.455448, abs=1e-4)
    assert found.sizes.tolist() == [81, 39, 35, 23, 22]


DAY = np.datetime64("2026-11-24", "D")


def plain(rows):
    return Prepared((), (), rows)


# --- laws -----------------------------------------------------------------------------------------


@given(st.randoms(), st.integers(0, 20), st.sampled_from([2, 3, 5]))
@settings(max_examples=12, deadline=None)
def test_row_order_changes_neither_segments_nor_names_nor_numbers(random, seed, count):
    frame = people(150, seed)
    order = list(range(len(frame)))
    random.shuffle(order)
    plan = Plan(DIMENSIONS, n_segments=count)
    one, other = segkit.read(frame), segkit.read(frame.iloc[order].reset_index(drop=True))
    first, second = segkit.segment(one, plan), segkit.segment(other, plan)
    assert first.to_json() == second.to_json()
    a, b = first.assign(one), second.assign(other)
    assert (a.codes[order] == b.codes).all()
    assert (a.confidence[order] == b.confidence).all()
    assert repr(segkit.measure(one, a)) == repr(segkit.measure(other, b))


def test_centres_do_not_depend_on_row_order_to_the_last_digit():
    rng = np.random.default_rng(2)
    rows = rng.lognormal(0, 4, (3000, 3)).astype(np.float32)
    shuffled = rows[rng.permutation(3000)]
    assert (k_means(plain(rows), 4, 0).points == k_means(plain(shuffled), 4, 0).points).all()


@given(st.integers(0, 30), st.sampled_from([2, 4]))
@settings(max_examples=10, deadline=None)
def test_neither_names_nor_order_nor_units_of_columns_change_the_segments(seed, count):
    frame = people(300, seed)
    frame["amount"] = np.random.default_rng(seed).lognormal(3, 1.2, 300)  # skewed: on a log scale
    dimensions = (*DIMENSIONS, "amount")
    codes = segkit.segment(segkit.read(frame), Plan(dimensions, n_segments=count))
    codes = codes.assign(segkit.read(frame)).codes
    other = frame[list(frame.columns[::-1])].assign(constant=7, constant_again=7)
    other["amount"] *= 1000
    other = other.rename(columns={name: f"x {name}" for name in dimensions})
    renamed = tuple(f"x {name}" for name in dimensions[::-1])
    customers = segkit.read(other)
    plan = Plan((*renamed, "constant", "constant_again"), n_segments=count)
    assert segkit.segment(customers, plan).assign(customers).codes.tolist() == codes.tolist()


def test_where_nothing_stands_apart_the_order_of_columns_decides_nothing():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.integers(1, 6, (600, 8)), columns=[f"item{place}" for place in range(8)])
    plan = Plan(tuple(frame.columns), n_segments=6)
    first = segkit.segment(segkit.read(frame), plan).assign(segkit.read(frame))
    turned = frame[list(frame.columns[::-1])]
    other = segkit.read(turned)
    second = segkit.segment(other, Plan(tuple(turned.columns), n_segments=6)).assign(other)
    assert first.codes.tolist() == second.codes.tolist()


def test_the_number_of_segments_recommended_does_not_depend_on_row_order():
    frame = people(400)
    other = frame.sample(frac=1, random_state=1)
    assert segkit.advise(segkit.read(frame), Plan(DIMENSIONS)) == segkit.advise(
        segkit.read(other), Plan(DIMENSIONS)
    )


@given(st.integers(0, 30), st.integers(2, 9))
@settings(max_examples=15, deadline=None)
def test_segments_are_numbered_by_size_and_none_is_empty(seed, count):
    customers = segkit.read(people(120, seed))
    segmentation = fit(customers, Plan(DIMENSIONS, n_segments=count))
    sizes = segmentation.assign(customers).sizes.tolist()
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] > 0
    assert sum(sizes) == 120  # everyone the segments were made from is in one
    assert [one.key for one in segmentation.segments] == [f"S{k + 1}" for k in range(len(sizes))]
    assert [one.colour for one in segmentation.segments] == list(range(len(sizes)))


def test_a_large_table_is_fitted_on_a_sample_as_well_as_on_all():
    rng = np.random.default_rng(3)
    group = rng.integers(0, 4, 50_000)
    rows = (rng.normal(0, 1, (50_000, 5)) + 2.5 * np.eye(5)[group]).astype(np.float32)
    centres = k_means(plain(rows), 4, 0).points
    codes = ((rows[:, None, :] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
    from sklearn.cluster import KMeans

    best = KMeans(4, n_init=4, random_state=0).fit(rows).inertia_
    assert within(rows.astype(float), codes) <= best * 1.0005


def test_the_same_plan_gives_the_same_file():
    customers = segkit.read(people())
    one, other = (segkit.segment(customers, Plan(DIMENSIONS, n_segments=3)) for _ in range(2))
    assert one == other
    assert one.to_json() == other.to_json()


def test_nothing_that_was_given_changes():
    customers = segkit.read(people())
    before = customers.frame.copy(deep=True)
    segmentation = segkit.segment(customers, Plan(DIMENSIONS, n_segments=3))
    written = segmentation.to_json()
    segmentation.assign(customers)
    segmentation.renamed({"S1": "Someone"})
    customer_map(customers, segmentation.plan)
    pd.testing.assert_frame_equal(customers.frame, before)
    assert segmentation.to_json() == written


# --- too few, too alike ---------------------------------------------------------------------------


def test_more_segments_than_different_customers_give_fewer_and_say_so():
    customers = segkit.read(pd.DataFrame({"id": range(40), "a": [1, 2, 3, 3] * 10, "b": [5, 5, 6, 6] * 10}))
    segmentation = segkit.segment(customers, Plan(("a", "b"), n_segments=8))
    assert len(segmentation.segments) == segmentation.plan.n_segments == 3
    assert segmentation.assign(customers).sizes.tolist() == [20, 10, 10]
    assert "8 segments were asked for" in segmentation.notes[0]
    assert "only 3 different kinds" in segmentation.notes[0]


def test_rare_kinds_of_customers_in_a_large_table_do_no_harm():
    values = [1] * 30_000 + [2] * 29_999 + [3]
    customers = segkit.read(pd.DataFrame({"id": range(60_000), "a": values, "b": [v % 2 for v in values]}))
    segmentation = segkit.segment(customers, Plan(("a", "b"), n_segments=3))
    assert segmentation.assign(customers).sizes.sum() == 60_000
    assert len(segmentation.segments) in (2, 3)


def test_two_customers_make_two_segments():
    customers = segkit.read(pd.DataFrame({"a": [1, 2], "b": [1.0, 5.0]}))
    segmentation = segkit.segment(customers, Plan(("a", "b")))
    assert segmentation.assign(customers).sizes.tolist() == [1, 1]


def test_customers_who_are_all_alike_are_refused():
    customers = segkit.read(pd.DataFrame({"a": [1, 2, 3], "b": [4, 4, 4]}))
    with pytest.raises(UnusablePlan, match="“b” has the same value for every customer"):
        segkit.segment(customers, Plan(("b",)))


def test_an_unknown_method_is_refused_with_those_there_are():
    with pytest.raises(UnusablePlan, match=r"“magic” is no method\. Methods are: k-means"):
        segkit.segment(segkit.read(people()), Plan(method="magic"))


@pytest.mark.parametrize(
    "wrong", [{"n_segments": 1}, {"n_segments": 13}, {"scaling": "x"}, {"dimensions": "aa"}]
)
def test_plans_that_cannot_be_are_refused(wrong):
    with pytest.raises(UnusablePlan):
        Plan(**wrong)


# --- kept and used again --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept():
    customers = segkit.read(people())
    return customers, segkit.segment(customers, Plan(DIMENSIONS, n_segments=4))


def test_written_and_read_it_is_the_same_segmentation(kept):
    customers, segmentation = kept
    again = Segmentation.from_json(segmentation.to_json())
    assert again == segmentation
    assert again.to_json() == segmentation.to_json()
    one, other = segmentation.assign(customers), again.assign(customers)
    assert (one.codes == other.codes).all()
    assert (one.confidence == other.confidence).all()


def test_another_table_without_a_column_is_refused_by_name(kept):
    customers = segkit.read(people().drop(columns=["city"]))
    with pytest.raises(UnusableSegmentation, match="lacks “city”"):
        kept[1].assign(customers)


def test_a_part_of_the_table_is_assigned_as_it_was(kept):
    customers, segmentation = kept
    whole = segmentation.assign(customers).codes
    part = segmentation.assign(segkit.read(people().iloc[40:60].reset_index(drop=True)))
    assert part.codes.tolist() == whole[40:60].tolist()


def test_columns_read_as_another_kind_are_read_as_they_were(kept):
    customers, segmentation = kept
    same = people().iloc[:30]
    odd = same.assign(
        age=same["age"].map(lambda v: "" if np.isnan(v) else f"{v:.0f}"), member="Yes", city="Oslo"
    )
    odd.loc[0, "age"] = "about forty"  # too many texts for a number
    odd.loc[1:4, "age"] = "old"
    scored = segkit.read(odd)
    assert scored.column("age").kind != "number"
    assert scored.column("member").kind != "yes/no"
    found = segmentation.assign(scored)
    plain = customers.frame.iloc[:30].copy()
    plain.loc[:4, "age"] = np.nan
    plain["member"] = pd.Categorical(["Yes"] * 30, ["No", "Yes"], ordered=True)
    plain["city"] = pd.Categorical(["Oslo"] * 30)
    assert found.codes.tolist() == segmentation.tree.assign(plain, DAY)[0].tolist()


def test_a_column_that_is_something_else_entirely_is_refused(kept):
    customers = segkit.read(people().assign(age="grown up", row=range(300)))
    with pytest.raises(UnusableSegmentation, match="“age” was read as number"):
        kept[1].assign(customers)


def test_rows_and_columns_without_values_are_assigned_by_the_rest(kept):
    frame = people().iloc[:20].reset_index(drop=True)
    frame.loc[3, list(DIMENSIONS)] = None
    empty = frame.assign(age=None)
    for some in (frame, empty):
        found = kept[1].assign(segkit.read(some))
        assert (found.codes >= 0).all()
        assert np.isfinite(found.confidence).all()


def test_levels_never_seen_pull_nowhere(kept):
    customers, segmentation = kept
    frame = customers.frame.iloc[:5].copy()
    frame["city"] = pd.Categorical(["Atlantis"] * 5)
    missing = frame.assign(city=pd.Categorical([None] * 5, ["Rome"]))
    assert (segmentation.tree.card.costs(frame) == segmentation.tree.card.costs(missing)).all()


def test_far_beyond_everyone_fits_none():
    customers = segkit.read(pd.DataFrame({"a": [1, 2, 3, 1, 2, 5], "b": [1, 1, 2, 5, 4, 5]}))
    segmentation = segkit.segment(customers, Plan(("a", "b"), n_segments=2, scaling="none"))
    found = segmentation.assign(segkit.read(pd.DataFrame({"a": [1, 90], "b": [1, 2]})))
    assert found.codes.tolist() == [found.codes[0], -1]
    assert found.codes[0] >= 0
    assert found.unassigned == 1
    assert found.labels("key").tolist()[1] == "none"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"schema": 1}',
        '{"schema": "one"}',
        "[" * 100_000,
        '{"schema": 1, "card": NaN}',
        b"\xff\xfe",
    ],
    ids=range(9),
)
def test_what_is_no_segmentation_is_refused(text):
    with pytest.raises(UnusableSegmentation, match="not a saved segmentation"):
        Segmentation.from_json(text)


def test_segmentations_that_were_tampered_with_are_refused(kept):
    def changed(change):
        values = json.loads(kept[1].to_json())
        change(values)
        return json.dumps(values)

    for change in (
        lambda values: values["segments"].pop(),
        lambda values: values["tree"]["card"]["constants"].append(0.0),
        lambda values: next(one for one in values["tree"]["card"]["dimensions"] if one["kind"] == "number")[
            "centres"
        ].pop(),
        lambda values: next(one for one in values["tree"]["card"]["dimensions"] if one["kind"] == "level")[
            "table"
        ].pop(),
        lambda values: values["tree"]["card"].pop("limit"),
        lambda values: values["plan"].update(extra=1),
    ):
        with pytest.raises(UnusableSegmentation, match="not a saved segmentation"):
            Segmentation.from_json(changed(change))
    with pytest.raises(UnusableSegmentation, match="newer version"):
        Segmentation.from_json(changed(lambda values: values.update(schema=99)))


# --- names and the map ----------------------------------------------------------------------------


def test_names_given_by_hand_stay_apart():
    segments = tuple(Segment(f"S{k}", f"Segment {k}", k) for k in range(3))
    renamed = with_names(segments, {"S0": "  Loyal \n ones ", "S1": "Loyal ones", "S2": " "})
    assert [one.name for one in renamed] == ["Loyal ones", "Loyal ones (2)", "Segment 2"]
    assert [one.key for one in renamed] == ["S0", "S1", "S2"]


def test_the_map_shows_the_two_largest_directions():
    customers = segkit.read(people(400))
    plan = Plan(("age", "spend"))
    found = customer_map(customers, plan)
    assert found.explained == pytest.approx(1)  # two dimensions lose nothing
    assert found.total == len(found.points) == 400
    assert sorted(found.points["row"]) == list(range(400))
    assert np.cov(found.points["x"], found.points["y"])[0, 1] == pytest.approx(0, abs=1e-9)
    assert found.points["x"].var() >= found.points["y"].var()
    flat = customer_map(customers, Plan(("age",)))
    assert (flat.points["y"] == 0).all()


def test_samples_take_each_content_in_proportion():
    rows = np.repeat(np.array([[1.0], [2.0], [-0.0], [0.0]], dtype=np.float32), [500, 300, 100, 100], axis=0)
    order = content_order(rows, 7)
    assert distinct_rows(rows) == 3  # minus zero is zero
    values, counts = np.unique(rows[sampled(order, 100)], return_counts=True)
    assert dict(zip(values.tolist(), counts.tolist(), strict=True)) == {0.0: 20, 1.0: 50, 2.0: 30}
