"""The segmentation as SQL: DuckDB says what the cards say, of every row."""

from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segkit
from segkit.errors import UnusablePlan
from segkit.segments.cards import RuleCard, Tree, flat
from segkit.segments.conditions import AnyOf, Every, Quantity, Test
from segkit.segments.features import OTHER, NumberFeature
from segkit.segments.fitting import fit
from segkit.segments.methods.clusters import Clusters
from segkit.segments.methods.mixtures import latent_class, latent_class_again, mixture, mixture_again
from segkit.segments.plan import Plan
from segkit.segments.scorecard import LevelCost, NumberCost, ScoreCard, StepCost
from segkit.segments.segmentation import Segment, Segmentation
from segkit.segments.sql import assignment_sql
from segkit.segments.sql_columns import Cells, NumberWriting, number_writing
from segkit.segments.watching import unwatched
from tests.real_data import real_file
from tests.tables import read_here

DAY = np.datetime64("2024-03-01", "D")


def answers(table: bytes | pd.DataFrame, sql: str, folder=None) -> pd.DataFrame:
    """Run a statement on a frame, or on a CSV as DuckDB reads it by itself."""
    with duckdb.connect(":memory:", config={"threads": 1}) as store:
        if isinstance(table, pd.DataFrame):
            store.register("given", table)
            store.execute("CREATE TABLE customers AS SELECT * FROM given")
        else:
            path = folder / "customers.csv"
            path.write_bytes(table)
            store.execute(f"CREATE TABLE customers AS SELECT * FROM read_csv_auto('{path}')")
        said = store.execute(sql).df()  # a join may give the rows in another order
        return said.sort_values("id", kind="stable", ignore_index=True) if "id" in said else said


def check(table, segmentation, customers, sql, id_column="id", folder=None):
    """Compare with what `assign` says; gives the result."""
    assignment = segmentation.assign(customers)
    truth = pd.DataFrame(
        {
            "id": customers.frame[id_column].astype(str),
            "segment": assignment.labels("key"),
            "segment_name": assignment.labels("name"),
            "confidence": assignment.confidence,
        }
    )
    said = answers(table, sql, folder)
    found = said.assign(id=said[id_column].astype(str)).merge(truth, on="id", suffixes=("", "_true"))
    assert len(found) == len(said) == len(customers)
    assert found["segment"].tolist() == found["segment_true"].tolist()
    assert found["segment_name"].tolist() == found["segment_name_true"].tolist()
    assert found["confidence"].to_numpy() == pytest.approx(found["confidence_true"].to_numpy(), abs=1e-6)
    return said


def by_hand(tree: Tree, kinds: dict[str, str], names=()) -> Segmentation:
    count = max(tree.places) + 1
    names = names or [f"Segment {place + 1}" for place in range(count)]
    segments = tuple(Segment(f"S{place + 1}", names[place], place) for place in range(count))
    return Segmentation(Plan(), tree, segments, kinds)


CITIES = ["Rome", "Oslo", "Li'ma", "Köln", "rare", None]


def mixed(rows: int = 400, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "id": [f"c{place}" for place in range(rows)],
            "age": np.where(rng.random(rows) < 0.1, np.nan, rng.integers(18, 80, rows)),
            "spend": rng.lognormal(3, 1.2, rows).round(2),
            "member": rng.choice(["Yes", "No", None], rows, p=[0.4, 0.5, 0.1]),
            "city": rng.choice(CITIES, rows, p=[0.3, 0.3, 0.2, 0.1, 0.01, 0.09]),
        }
    )


def csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()


# --- fitted segmentations -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("told", [True, False])
def test_clusters_of_numbers_answers_and_categories_with_gaps(seed, told, tmp_path):
    data = csv(mixed(seed=seed))
    customers = read_here(data, "customers.csv")
    assert customers.column("member").kind == "yes/no"
    plan = Plan(("age", "spend", "member", "city"), n_segments=4, options={"left_out": 0.05})
    segmentation = fit(customers, plan)
    sql = assignment_sql(segmentation, columns=("id",), customers=customers if told else None)
    said = check(data, segmentation, customers, sql, folder=tmp_path)
    assert "none" in set(said["segment"])
    assert "LN(" in sql  # spend is skewed


def test_other_customers_with_new_levels_and_more_gaps(tmp_path):
    segmentation = fit(
        read_here(csv(mixed(seed=1)), "a.csv"), Plan(("age", "spend", "member", "city"), n_segments=3)
    )
    later = mixed(60, 5)
    later.loc[:9, "city"] = "Atlantis"
    later.loc[5:19, ["age", "spend"]] = np.nan
    data = csv(later)
    sql = assignment_sql(segmentation, columns="id")
    check(data, segmentation, read_here(data, "b.csv"), sql, folder=tmp_path)


def test_answers_on_one_scale_keep_their_ties(tmp_path):
    rng = np.random.default_rng(3)
    items = pd.DataFrame(rng.integers(0, 2, (300, 5)), columns=list("vwxyz")).replace({0: "n", 1: "y"})
    data = csv(items.assign(id=range(1000, 1300)))
    customers = read_here(data, "a.csv")
    card = ScoreCard(
        tuple(
            NumberCost(
                NumberFeature(name, 0.0, False, -np.inf, np.inf, 0.0, 1.0, yes_no=True),
                (0.0, 1.0),
                (1.0, 1.0),
            )
            for name in "vwxy"
        ),
        (0.0, 0.0),
    )  # two yes and two no are as far from both
    segmentation = by_hand(flat(card), dict.fromkeys("vwxy", "yes/no"))
    said = check(data, segmentation, customers, assignment_sql(segmentation, columns="id"), folder=tmp_path)
    assert (said["confidence"] == 0.5).sum() > 50


@pytest.mark.parametrize("told", [True, False])
def test_telco_customers_from_the_raw_file(told):
    path = real_file("telco_churn", "Telco-Customer-Churn.csv")
    customers = segkit.read(path)
    segmentation = fit(customers, Plan(n_segments=5))
    sql = assignment_sql(segmentation, columns=("customerID",), customers=customers if told else None)
    with duckdb.connect(":memory:", config={"threads": 1}) as store:
        store.execute(f"CREATE TABLE customers AS SELECT * FROM read_csv_auto('{path}')")
        said = store.execute(sql).df().set_index("customerID")
    assignment = segmentation.assign(customers)
    said = said.loc[customers.ids]
    assert said["segment"].tolist() == assignment.labels("key").tolist()
    assert said["confidence"].to_numpy() == pytest.approx(assignment.confidence, abs=1e-6)


# --- cards made by hand -------------------------------------------------------------------------------

PLAIN = NumberFeature("x", 2.0, False, -np.inf, np.inf, 0.0, 1.0)
ZERO = (0.0, 0.0, 0.0)
LIKELY = ScoreCard(
    (
        NumberCost(PLAIN, (0.0, 10.0, 5.0), (0.5, 0.1, 2.0), (0.2, 1.5, -0.3), (0.0, 0.0, 0.0)),
        LevelCost("city", ("Oslo", "Rome", OTHER), ((0.1, 2.0, 1.0), (3.0, 0.1, 1.0), (2.0, 2.0, 0.5), ZERO)),
        StepCost("y", (1.0, 2.5), ((0.3, 1.0, 2.0), (1.0, 0.4, 1.0), (2.0, 2.0, 0.1), ZERO)),
    ),
    (1.1, 0.9, 1.3),
    60.0,
    likelihood=True,
)
HAND_KINDS = {
    "x": "number",
    "y": "number",
    "city": "category",
    "seen": "date",
    "vip": "yes/no",
    "note": "text",
}


def hand_table(rows: int = 300, seed: int = 0) -> bytes:
    rng = np.random.default_rng(seed)
    return csv(
        pd.DataFrame(
            {
                "id": range(rows),
                "x": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(5, 6, rows).round(3)),
                "y": rng.choice([0.5, 1, 2, 2.5, 3, np.nan], rows),
                "city": rng.choice(["Oslo", "Rome", "Paris", "?", None], rows),
                "seen": rng.choice(pd.date_range("2023-11-01", "2024-02-29").strftime("%Y-%m-%d"), rows),
                "vip": rng.choice(["Yes", "No"], rows),
                "note": rng.choice(["a b", "it's", "-"], rows),
            }
        )
    )


RULES = RuleCard(
    (
        Every((Test(Quantity("seen", "days_ago"), "<=", (20.0,)), Test(Quantity("vip"), "in", ("Yes",)))),
        AnyOf(
            (
                Test(Quantity("x", "minus", "y"), ">", (6.0,)),
                Every(
                    (
                        Test(Quantity("seen", "days_ago"), "between", (30.0, 40.5)),
                        Test(Quantity("x"), "known"),
                    )
                ),
            )
        ),
        Test(Quantity("note"), "in", ("it's", "-")),
        Test(Quantity("city"), "not in", ("Rome", "Paris")),
        Test(Quantity("seen"), ">=", ("2024-01-15",)),
        Test(Quantity("city"), "missing"),
    )
)


def both_ways(segmentation: Segmentation, data: bytes, folder):
    customers = read_here(data, "a.csv", kinds={"note": "text", "city": "category"})
    for told in (customers, None):
        sql = assignment_sql(segmentation, day=DAY, columns="id", customers=told)
        said = check(data, segmentation, customers, sql, folder=folder)
    return said


def test_likelihoods_are_added_and_posteriors_are_the_confidence(tmp_path):
    segmentation = by_hand(flat(LIKELY), HAND_KINDS)
    said = both_ways(segmentation, hand_table(), tmp_path)
    assert set(said["segment"]) == {"S1", "S2", "S3", "none"}
    merged = by_hand(Tree(LIKELY, (0, 1, 0), 2), HAND_KINDS)
    said = both_ways(merged, hand_table(), tmp_path)
    assert set(said["segment"]) == {"S1", "S2", "S3"}


def test_rules_with_days_words_and_gaps(tmp_path):
    plan = Plan(options={"as_of": str(DAY)})
    segmentation = replace(by_hand(flat(RULES), HAND_KINDS), plan=plan)
    said = both_ways(segmentation, hand_table(), tmp_path)
    assert len(set(said["segment"])) == 7
    assert set(said["confidence"]) == {1.0}


def test_trees_go_on_below_an_outcome_and_merge_others(tmp_path):
    distance = replace(LIKELY, likelihood=False, limit=30.0)
    inner = Tree(LIKELY.keeping([0, 1]), (4, 5), 6)
    rules = Tree(
        RuleCard((Test(Quantity("vip"), "in", ("Yes",)), Test(Quantity("x"), "<", (3.0,)))), (inner, 1), 2
    )
    tree = Tree(distance, (rules, 3, 3), 0)
    segmentation = replace(by_hand(tree, HAND_KINDS), plan=Plan(options={"as_of": str(DAY)}))
    said = both_ways(segmentation, hand_table(600), tmp_path)
    assert set(said["segment"]) >= {"S1", "S2", "S3", "S4", "S5"}


def test_days_are_asked_for_where_rules_count_them():
    segmentation = by_hand(flat(RULES), HAND_KINDS)
    with pytest.raises(UnusablePlan, match="no day counts as today"):
        assignment_sql(segmentation)
    dated = replace(segmentation, plan=Plan(options={"as_of": "2024-03-01"}))
    assert assignment_sql(dated) == assignment_sql(segmentation, day=DAY)


# --- names and texts ----------------------------------------------------------------------------------


def test_names_with_quotes_signs_and_new_lines():
    strange = 'the "x"\n; -- Größe\'s'
    frame = pd.DataFrame({"id": [1, 2, 3], strange: [1.0, 9.0, np.nan], "c'": ["a'b", 'say "hi"\n', "a'b"]})
    card = ScoreCard(
        (
            NumberCost(replace(PLAIN, name=strange), (0.0, 10.0), (1.0, 1.0)),
            LevelCost("c'", ("a'b", 'say "hi"'), ((0.0, 1.0), (1.0, 0.0), (0.0, 0.0))),
        ),
        (0.0, 0.0),
    )
    names = ["O'Brien's\n\"best\" -- 1", "日本 \\ ''"]
    segmentation = by_hand(flat(card), {strange: "number", "c'": "category"}, names)
    customers = segkit.read(frame)
    sql = assignment_sql(segmentation)
    assert answers(frame, sql)["segment_name"].tolist() == [names[0], names[1], names[0]]
    assert segmentation.assign(customers).labels().tolist() == [names[0], names[1], names[0]]


def test_all_columns_or_some_are_handed_on():
    frame = pd.DataFrame({"id": [1, 2], "x": [1.0, 9.0], "y": [1.0, 2.0], "segment": ["old", "new"]})
    segmentation = by_hand(
        flat(ScoreCard((NumberCost(PLAIN, (0.0, 10.0), (1.0, 1.0)),), (0.0, 0.0))), {"x": "number"}
    )
    new = ["segment", "segment_name", "confidence"]
    told = assignment_sql(segmentation, customers=segkit.read(frame))
    assert list(answers(frame, told).columns) == ["id", "x", "y", "segment (file)", *new]
    assert list(answers(frame, assignment_sql(segmentation, columns=["y", "id"])).columns) == [
        "y",
        "id",
        *new,
    ]
    assert list(answers(frame.drop(columns="segment"), assignment_sql(segmentation)).columns) == [
        "id",
        "x",
        "y",
        *new,
    ]
    assert 'FROM "crm"."people" AS t' in assignment_sql(segmentation, "crm.people")


def test_a_gap_is_not_the_limit_of_its_column():
    feature = NumberFeature("x", 5.0, True, 0.0, 3.0, 1.0, 0.5)
    segmentation = by_hand(
        flat(ScoreCard((NumberCost(feature, (-2.0, 1.5), (1.0, 1.0)),), (0.0, 0.0))), {"x": "number"}
    )
    frame = pd.DataFrame({"id": [1, 2, 3], "x": [np.nan, 0.0, 1e9]})
    assert answers(frame, assignment_sql(segmentation))["segment"].tolist() == ["S2", "S1", "S2"]


@pytest.mark.parametrize(
    ("texts", "values", "way"),
    [
        (["1", "2.5", ""], [1, 2.5, np.nan], NumberWriting()),
        (["1.234,5", "7", "n/a"], [1234.5, 7, np.nan], NumberWriting("./", True)),
        (["$1,234.50", "-2"], [1234.5, -2], NumberWriting("$,")),
        (["(5)", "7"], [-5, 7], None),
    ],
)
def test_the_way_numbers_are_written_is_found(texts, values, way):
    assert number_writing(Cells(tuple(texts), pd.Series(values, dtype=float))) == way


def test_amounts_are_read_as_they_were(tmp_path):
    rows = ["1.234,50 €", "17,00 €", "", "k.A.", "2.000,00 €", "3,50 €"] * 20
    data = ("id;spend\n" + "".join(f"{place};{row}\n" for place, row in enumerate(rows))).encode()
    customers = read_here(data, "a.csv")
    assert customers.frame["spend"].iloc[0] == 1234.5
    feature = NumberFeature("spend", 17.0, False, -np.inf, np.inf, 0.0, 1.0)
    segmentation = by_hand(
        flat(ScoreCard((NumberCost(feature, (0.0, 1500.0), (1.0, 1.0)),), (0.0, 0.0))), {"spend": "number"}
    )
    check(
        data,
        segmentation,
        customers,
        assignment_sql(segmentation, columns="id", customers=customers),
        folder=tmp_path,
    )


@pytest.mark.parametrize("highest", ["I love it!+5", "+5"])  # a loader takes all for texts, or for numbers
def test_ratings_on_a_scale_that_was_moved_are_listed(highest, tmp_path):
    said = [highest, "+4", "+3", "+2", "+1", "0", "-1", "-2", "-3", "-4", "-5"]
    data = csv(pd.DataFrame({"id": range(110), "Like": said * 10}))
    customers = read_here(data, "a.csv")
    assert customers.frame["Like"].iloc[:3].tolist() == [10, 9, 8]
    cost = NumberCost(replace(PLAIN, name="Like"), (1.0, 9.0), (1.0, 1.0))
    segmentation = by_hand(flat(ScoreCard((cost,), (0.0, 0.0))), {"Like": "number"})
    sql = assignment_sql(segmentation, columns="id", customers=customers)
    said = check(data, segmentation, customers, sql, folder=tmp_path)
    assert set(said["segment"]) == {"S1", "S2"}


@pytest.mark.parametrize("written", ["%d.%m.%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y-%m-%d"])
def test_dates_in_any_order(written, tmp_path):
    days = pd.date_range("2024-01-01", periods=60)
    data = csv(pd.DataFrame({"id": range(60), "seen": days.strftime(written), "n": range(60)}))
    customers = read_here(data, "a.csv")
    assert customers.frame["seen"].iloc[40] == days[40]
    rule = RuleCard((Test(Quantity("seen"), "<=", ("2024-02-01",)),))
    segmentation = by_hand(flat(rule), {"seen": "date"})
    sql = assignment_sql(segmentation, columns="id", customers=customers)
    said = check(data, segmentation, customers, sql, folder=tmp_path)
    assert (said["segment"] == "S1").sum() == 32
    assert answers(pd.DataFrame({"id": [1], "seen": [days[31].strftime(written)]}), sql)[
        "segment"
    ].tolist() == ["S1"]


def test_numbers_that_no_rule_reads_are_said():
    values = [f"({place})" for place in range(300)]
    customers = read_here(csv(pd.DataFrame({"id": range(300), "x": values})), "a.csv", kinds={"x": "number"})
    segmentation = by_hand(flat(ScoreCard((NumberCost(PLAIN, (1.0,), (1.0,)),), (0.0,))), {"x": "number"})
    assert "-- Make x a column of numbers first" in assignment_sql(segmentation, customers=customers)
    assert "-- Make x" not in assignment_sql(segmentation)


def test_codes_and_answers_that_a_loader_types(tmp_path):
    frame = pd.DataFrame({"id": range(6), "code": ["01", "02", "03"] * 2, "on": ["TRUE", "FALSE"] * 3})
    data = csv(frame)
    customers = read_here(data, "a.csv", kinds={"code": "category", "on": "yes/no"})
    yes = NumberFeature("on", 0.0, False, -np.inf, np.inf, 0.0, 1.0, yes_no=True)
    codes = LevelCost("code", ("01", "02"), ((0.0, 3.0), (3.0, 0.0), (1.0, 1.0)))
    card = ScoreCard((NumberCost(yes, (0.0, 1.0), (1.0, 1.0)), codes), (0.0, 0.0))
    segmentation = by_hand(flat(card), {"code": "category", "on": "yes/no"})
    check(data, segmentation, customers, assignment_sql(segmentation, columns="id"), folder=tmp_path)


# --- any table and any card ---------------------------------------------------------------------------

finite = st.floats(-50, 50).map(lambda value: round(value, 2))


@st.composite
def number_costs(draw, count):
    log = draw(st.booleans())
    low, high = sorted([draw(finite), draw(finite)])
    feature = NumberFeature(
        "x",
        draw(finite),
        log,
        draw(st.sampled_from([-np.inf, low])),
        draw(st.sampled_from([np.inf, high])),
        draw(finite),
        draw(st.floats(0.1, 9)),
        unit=draw(st.floats(0.1, 9)) if log else 1.0,
    )
    several = st.lists(finite, min_size=count, max_size=count).map(tuple)
    weights = st.lists(st.floats(0, 3), min_size=count, max_size=count).map(tuple)
    return NumberCost(
        feature, draw(several), draw(weights), draw(several | st.just(())), draw(several | st.none())
    )


@st.composite
def trees(draw, depth=1):
    count = draw(st.integers(1, 4))
    row = st.lists(finite, min_size=count, max_size=count).map(tuple)
    card = ScoreCard(
        (
            draw(number_costs(count)),
            LevelCost("c", ("a", "b", OTHER), tuple(draw(row) for _ in range(4))),
            StepCost("x", (-1.0, 4.5), tuple(draw(row) for _ in range(4))),
        ),
        draw(row),
        draw(st.sampled_from([np.inf, 60.0])),
        draw(st.booleans()),
    )
    end = st.integers(-1, 3) if not depth else st.integers(-1, 3) | trees(depth - 1)
    return Tree(card, tuple(draw(end) for _ in range(count)), draw(st.integers(-1, 3)))


@given(
    trees(),
    st.lists(st.tuples(finite | st.none(), st.sampled_from(["a", "b", "z", None])), min_size=1, max_size=30),
)
@settings(max_examples=60, deadline=None)
def test_any_tree_says_in_sql_what_it_says_here(tree, rows):
    frame = pd.DataFrame({"id": range(len(rows)), "x": [x for x, _ in rows], "c": [c for _, c in rows]})
    frame = frame.astype({"x": "float64", "c": "str"})
    segments = tuple(Segment(f"S{place + 1}", f"Segment {place + 1}", place) for place in range(4))
    segmentation = Segmentation(Plan(), tree, segments, {"x": "number", "c": "category"})
    codes, sure = tree.assign(frame.assign(c=frame["c"].astype("category")), DAY)
    said = answers(frame, assignment_sql(segmentation, columns="id")).sort_values("id")
    clear = sure > 0.5 + 1e-6  # rounding may break a tie between sums of many terms
    expected = np.array([segment.key for segment in segments] + ["none"])[codes]
    assert (said["segment"].to_numpy() == expected)[clear].all()
    assert said["confidence"].to_numpy()[clear] == pytest.approx(sure[clear], abs=1e-5)


@pytest.mark.parametrize(("first", "again"), [(mixture, mixture_again), (latent_class, latent_class_again)])
def test_mixtures_are_written_too(first, again, tmp_path):
    data = csv(mixed(seed=4))
    customers = read_here(data, "a.csv")
    plan = Plan(("age", "spend", "member", "city"), n_segments=3)
    tree = Clusters(first, again, True)(customers, plan, unwatched).tree
    kinds = {"age": "number", "spend": "number", "member": "yes/no", "city": "category"}
    segmentation = by_hand(tree, kinds)
    check(data, segmentation, customers, assignment_sql(segmentation, columns="id"), folder=tmp_path)
