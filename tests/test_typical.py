"""How far segments stand from everyone, who is typical of them, and the pictures and words of both."""

from dataclasses import replace
from math import isnan, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import segkit
from segkit.charts.palette import DARK, LIGHT
from segkit.charts.profile_charts import (
    MOST_LINES,
    distinct,
    drawn_rows,
    formed_chart,
    formed_numbers,
    index_chart,
    index_numbers,
    snake_chart,
    snake_numbers,
    with_front,
)
from segkit.insights.profile_text import (
    edges_text,
    least_typical,
    most_typical,
    profiles_headline,
    snake_title,
    typical_text,
    worth_telling,
)
from segkit.insights.profiles import profiles
from segkit.measures.estimates import MEAN, RATE
from segkit.measures.standing_out import (
    TypicalValue,
    describing,
    formed_by,
    index_of,
    standing_out,
    typical_values,
)
from segkit.measures.sums import Groups, grouped_sums
from segkit.measures.typical import edge_cases, listed_customers, listed_edges, typical_rows
from segkit.segments.features import learned_features
from segkit.segments.segmentation import Assignment, Segment
from tests.real_data import real_file
from tests.tables import read_here


def grouped(codes, dimensions, count=None):
    codes = np.asarray(codes)
    segments = tuple(Segment(f"S{k + 1}", f"Group {k + 1}", k) for k in range(count or int(codes.max()) + 1))
    return Assignment(segments, codes, np.ones(len(codes), np.float32), dimensions)


@pytest.fixture(scope="module")
def sample():
    """The sample company in five segments: table as pandas reads it, customers, segmentation, assignment."""
    path = Path("data/sample/customers.csv")
    customers = read_here(path.read_bytes())
    segmentation = segkit.segment(customers, segkit.Plan(n_segments=5))
    frame = pd.read_csv(path, dtype={"customer_id": "str"}, keep_default_na=False, na_values=[""])
    return frame, customers, segmentation, segmentation.assign(customers)


@pytest.fixture(scope="module")
def churn():
    """Telco customers by their contract alone, which leaves nearly all columns to describe them."""
    path = real_file("telco_churn", "Telco-Customer-Churn.csv")
    customers = read_here(path.read_bytes())
    frame = pd.read_csv(path)
    codes = frame["Contract"].map({"Month-to-month": 0, "One year": 1, "Two year": 2}).to_numpy()
    return frame, customers, grouped(codes, ("Contract",))


# --- what formed the segments -----------------------------------------------------------------------


def test_a_number_is_told_in_standard_deviations_of_its_limited_values(sample):
    frame, customers, _, assignment = sample
    row = next(one for one in formed_by(customers, assignment) if one.column == "weekend_share")
    low, high = np.quantile(frame["weekend_share"], [0.01, 0.99], method="inverted_cdf")
    limited = frame["weekend_share"].clip(low, high)
    means = limited.groupby(assignment.codes).mean()
    assert row.away == pytest.approx((means - limited.mean()) / limited.std(ddof=0), abs=1e-9)
    assert row.here == pytest.approx(frame["weekend_share"].groupby(assignment.codes).mean(), abs=1e-9)
    assert row.everyone == pytest.approx(frame["weekend_share"].mean())


def test_a_yes_no_and_a_level_are_told_by_their_shares_and_strength_is_eta_squared(sample):
    frame, customers, _, assignment = sample
    rows = {one.column: one for one in formed_by(customers, assignment)}
    for name, level in (("uses_integrations", "Yes"), ("account_type", "business")):
        flag = (frame[name] == level).astype(float)
        shares = flag.groupby(assignment.codes).mean()
        spread = sqrt(flag.mean() * (1 - flag.mean()))
        assert rows[name].here == pytest.approx(shares)
        assert rows[name].away == pytest.approx((shares - flag.mean()) / spread)
        counts = pd.Series(assignment.codes).value_counts().sort_index()
        between = (counts * (shares - flag.mean()) ** 2).sum()
        assert rows[name].strength == pytest.approx(between / ((flag - flag.mean()) ** 2).sum())
    strengths = [one.strength for one in formed_by(customers, assignment)]
    assert strengths == sorted(strengths, reverse=True)


def test_of_a_category_the_level_that_differs_most_is_told(sample):
    frame, customers, _, assignment = sample
    row = next(one for one in formed_by(customers, assignment) if one.column == "plan_tier")
    shares = pd.crosstab(assignment.codes, frame["plan_tier"], normalize="index")
    everyone = frame["plan_tier"].value_counts(normalize=True)
    sizes = pd.Series(assignment.codes).value_counts(normalize=True).sort_index()
    between = ((shares - everyone) ** 2 / (everyone * (1 - everyone))).mul(sizes, axis=0).sum()
    assert row.level == between.idxmax()


def test_missing_values_count_for_nothing_and_few_are_not_shown():
    table = pd.DataFrame(
        {
            "id": range(60),
            "score": [1.0, 3.0] * 10 + [5.0, 7.0] * 10 + [None] * 16 + [9.0] * 4,
            "vip": ["Yes", "No"] * 30,
        }
    )
    row = next(
        one
        for one in formed_by(segkit.read(table), grouped([0] * 20 + [1] * 20 + [2] * 20, ("score", "vip")))
        if one.column == "score"
    )
    # four answers are too few; the next smallest group would give them away, and all are as large
    assert isnan(row.here[2])
    assert sum(isnan(value) for value in row.here) == 2
    assert row.everyone == pytest.approx(table["score"].mean())


def test_columns_that_cannot_be_averaged_are_left_out():
    table = pd.DataFrame(
        {
            "id": range(40),
            "day": pd.date_range("2024-01-01", periods=40).astype(str),
            "same": 1,
            "x": range(40),
        }
    )
    customers = segkit.read(table)
    assert formed_by(customers, grouped([0] * 20 + [1] * 20, ("day",))) == ()
    assert [
        one.column for one in formed_by(customers, grouped([0] * 20 + [1] * 20, ("day", "same", "x")))
    ] == ["x"]


# --- most and least typical values ------------------------------------------------------------------


def test_the_most_and_least_typical_level_have_the_largest_effects(sample):
    frame, customers, _, assignment = sample
    found = typical_values(customers, assignment, ["journey_stage"])
    levels = pd.get_dummies(frame["journey_stage"]).astype(float)
    for place, segment in enumerate(assignment.segments):
        inside = assignment.codes == place
        here, elsewhere = levels[inside].mean(), levels[~inside].mean()
        effects = 2 * np.arcsin(np.sqrt(here)) - 2 * np.arcsin(np.sqrt(elsewhere))
        first, last = found[segment.key]
        assert (first.group, last.group) == (effects.idxmax(), effects.idxmin())
        assert first.effect == pytest.approx(effects.max(), abs=1e-8)
        assert (last.here, last.elsewhere) == pytest.approx((here[last.group], elsewhere[last.group]))


def test_values_that_say_the_same_in_several_columns_are_told_once():
    one = TypicalValue("OnlineBackup", "category", "No internet service", 1.0, 0.0, 3.1)
    values = (
        one,
        replace(one, column="TechSupport"),
        TypicalValue("age", "number", "60 or more", 0.5, 0.2, 0.6),
    )
    assert [value.column for value in most_typical(values)] == ["OnlineBackup", "age"]
    yes = TypicalValue("vip", "yes/no", "yes", 0.9, 0.2, 1.5)
    no = TypicalValue("vip", "yes/no", "no", 0.1, 0.8, -1.5)
    assert (most_typical([yes, no]), least_typical([yes, no])) == ([yes], [])
    assert typical_text(one) == "Online backup: “No internet service” – 100\u202f%, others 0\u202f%"


# --- what only describes them -----------------------------------------------------------------------


def test_describing_columns_formed_nothing_and_are_no_outcome(churn):
    _, customers, assignment = churn
    names = [one.name for one in describing(customers, assignment)]
    assert "Contract" not in names
    assert "Churn" not in names
    assert "customerID" not in names
    assert {"tenure", "InternetService", "SeniorCitizen"} <= set(names)
    assert "tenure" not in [one.name for one in describing(customers, assignment, ["tenure"])]


def test_personal_data_describes_nobody():
    table = pd.DataFrame(
        {
            "id": range(60),
            "email": [f"a{place % 3}@example.com" for place in range(60)],
            "plan": ["a", "b"] * 30,
            "age": [20.0, 60.0] * 30,
        }
    )
    customers = segkit.read(table)
    assert [one.name for one in describing(customers, grouped([0, 1] * 30, ("plan",)))] == ["age"]


def test_indices_verdicts_and_effects_are_those_of_pandas_and_scipy(churn):
    frame, customers, assignment = churn
    found = standing_out(customers, assignment)
    chances = []
    for key, marks in found.items():
        inside = assignment.codes == int(key[1:]) - 1
        for mark in marks:
            values = _as_numbers(frame, mark)
            here, rest = values[inside].dropna(), values[~inside].dropna()
            assert mark.here.value == pytest.approx(here.mean())
            assert mark.everyone == pytest.approx(values.mean())
            assert mark.index == pytest.approx(100 * here.mean() / values.mean())
            assert mark.n == len(here)
            chances.append((_chance(mark, here, rest), mark))
            assert mark.p_value == pytest.approx(chances[-1][0], abs=1e-9)
            assert abs(mark.effect) == pytest.approx(_effect(mark, here, rest), abs=1e-6)
    adjusted = stats.false_discovery_control([chance for chance, _ in chances])
    assert len(chances) > 100
    for (_, mark), chance in zip(chances, adjusted, strict=True):
        assert (mark.verdict in ("higher", "lower")) == (chance <= 0.05)
    for marks in found.values():
        effects = [round(abs(mark.effect), 9) for mark in marks]
        assert effects == sorted(effects, reverse=True)


def _as_numbers(frame, mark):
    values = frame[mark.column]
    if mark.kind == "number":
        return pd.to_numeric(values, errors="coerce")
    if mark.kind == "category":
        return (values == mark.level).astype(float)
    return values.map({"Yes": 1.0, "No": 0.0, 1: 1.0, 0: 0.0})


def _chance(mark, here, rest):
    if mark.kind == "number":
        return stats.ttest_ind(here, rest, equal_var=False).pvalue
    table = [[here.sum(), len(here) - here.sum()], [rest.sum(), len(rest) - rest.sum()]]
    return (
        stats.chi2_contingency(table, correction=False).pvalue
        if sum(table[0]) and here.var() + rest.var()
        else 1.0
    )


def _effect(mark, here, rest):
    if mark.kind != "number":
        return abs(2 * np.arcsin(np.sqrt(here.mean())) - 2 * np.arcsin(np.sqrt(rest.mean())))
    pooled = ((len(here) - 1) * here.var() + (len(rest) - 1) * rest.var()) / (len(here) + len(rest) - 2)
    return abs(here.mean() - rest.mean()) / sqrt(pooled)


def test_indices_of_all_segments_weighted_by_their_customers_are_a_hundred(churn):
    _, customers, assignment = churn
    found = standing_out(customers, assignment)
    by_cell: dict[tuple[str, str], list[tuple[float, int]]] = {}
    for marks in found.values():
        for mark in marks:
            by_cell.setdefault((mark.column, mark.level), []).append((mark.index, mark.n))
    for cells in by_cell.values():
        indices, answers = np.array(cells).T
        assert indices @ answers / answers.sum() == pytest.approx(100)


@pytest.mark.parametrize("kind", [RATE, MEAN])
def test_the_interval_of_an_index_holds_the_true_one_in_95_of_100_draws(kind):
    rng = np.random.default_rng(7)
    here, rest, share = 0.3, 0.15, 0.25
    true = 100 * here / (share * here + (1 - share) * rest)
    held = 0
    for _ in range(600):
        if kind is RATE:
            values = np.concatenate([rng.random(100) < here, rng.random(300) < rest]).astype(float)
        else:
            values = np.concatenate([rng.exponential(here, 100), rng.exponential(rest, 300)])
        parts, _ = grouped_sums(values, Groups.of(np.repeat([0, 1], [100, 300]), 2))
        _, low, high = index_of(kind, parts[0], parts[1])
        held += low <= true <= high
    assert 0.92 <= held / 600 <= 0.98


def test_an_index_of_nobody_has_an_interval_and_of_nothing_none():
    parts, _ = grouped_sums(
        np.array([0.0] * 50 + [1.0, 0.0] * 50), Groups.of(np.repeat([0, 1], [50, 100]), 2)
    )
    index, low, high = index_of(RATE, parts[0], parts[1])
    assert (index, low) == (0, 0)
    assert 0 < high < 60
    zeros, _ = grouped_sums(np.zeros(60), Groups.of(np.repeat([0, 1], 30), 2))
    assert all(isnan(value) for value in index_of(RATE, zeros[0], zeros[1]))
    negative, _ = grouped_sums(np.r_[-np.ones(30), 3 * np.ones(30)], Groups.of(np.repeat([0, 1], 30), 2))
    index, low, high = index_of(MEAN, negative[0], negative[1])
    assert index == -100
    assert isnan(low)
    assert isnan(high)


def test_random_columns_describe_no_segment():
    rng = np.random.default_rng(3)
    table = pd.DataFrame(
        {"id": range(900), "made": np.repeat([1, 2, 3], 300)}
        | {f"noise{place}": rng.normal(50, 9, 900) for place in range(25)}
    )
    found = standing_out(segkit.read(table), grouped(np.repeat([0, 1, 2], 300), ("made",)))
    assert sum(len(marks) for marks in found.values()) == 75
    assert sum(mark.told for marks in found.values() for mark in marks) <= 4


def test_few_answers_are_held_back_and_some_are_never_told():
    table = pd.DataFrame(
        {
            "id": range(120),
            "made": [1] * 60 + [2] * 40 + [3] * 20,
            "height": [10.0, 11.0] * 30 + [None] * 37 + [90.0] * 3 + [50.0, 51.0] * 10,
        }
    )
    found = standing_out(segkit.read(table), grouped([0] * 60 + [1] * 40 + [2] * 20, ("made",)))
    height = {key: mark for key, marks in found.items() for mark in marks if mark.column == "height"}
    assert "S2" not in height
    assert set(height) == {"S1"}  # three answers of S2 would follow from S1, S3 and everyone
    everyone = grouped([0] * 60 + [1] * 40 + [1] * 20, ("made",))
    few = standing_out(segkit.read(table.drop(columns="made").assign(made=[1] * 60 + [2] * 60)), everyone)[
        "S2"
    ]
    mark = next(one for one in few if one.column == "height")
    assert (mark.n, mark.verdict, mark.told) == (23, "higher", False)
    assert worth_telling(few) == []


# --- typical customers and edge cases ---------------------------------------------------------------


def test_typical_customers_are_nearest_to_the_centre_of_their_segment(sample):
    _, customers, _, assignment = sample
    features = learned_features(customers, assignment.dimensions, "standard")[0]
    points = np.hstack([one.transform(customers.frame[one.name]) for one in features])
    for place, segment in enumerate(assignment.segments):
        rows = np.flatnonzero(assignment.codes == place)
        distances = np.linalg.norm(points[rows] - points[rows].mean(axis=0), axis=1)
        assert (
            list(typical_rows(customers, assignment, segment.key)) == rows[np.argsort(distances)[:5]].tolist()
        )


def test_typical_customers_do_not_depend_on_the_order_of_rows():
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "customer_id": [f"c{place:03d}" for place in range(200)],
            "plan": rng.choice(["a", "b"], 200),
            "vip": rng.choice(["Yes", "No"], 200),
        }
    )
    order = rng.permutation(200)
    codes = (table["plan"] == "b").to_numpy().astype(int)
    found = []
    for rows in (np.arange(200), order):
        customers = segkit.read(table.iloc[rows].reset_index(drop=True))
        assignment = grouped(codes[rows], ("plan", "vip"))
        found.append([customers.ids.iloc[row] for row in typical_rows(customers, assignment, "S1")])
    assert found[0] == found[1]
    assert found[0] == sorted(found[0])  # many are as near: the first by id


def test_edge_cases_have_the_lowest_confidence_and_name_the_next_segment(sample):
    _, customers, segmentation, assignment = sample
    edges = edge_cases(segmentation, customers, assignment, "S2")
    rows = np.flatnonzero(assignment.codes == 1)
    assert [one.confidence for one in edges] == pytest.approx(sorted(assignment.confidence[rows])[:5])
    costs, leads_to = segmentation.tree.card.costs(customers.frame), segmentation.tree.leads_to
    for one in edges:
        assert assignment.codes[one.row] == 1
        assert one.nearest == segmentation.segments[leads_to[int(np.argsort(costs[one.row])[1])]]
    names = {one.nearest.name for one in edges}
    assert all(f"“{name}”" in edges_text(assignment.segments[1], edges) for name in names)


def test_rules_and_small_segments_have_no_edge_cases_and_few_no_typical_ones():
    table = pd.DataFrame({"customer_id": range(64), "plan": ["a"] * 60 + ["b"] * 4, "x": range(64)})
    customers = segkit.read(table)
    plan = segkit.Plan(method="column", options={"column": "plan"})
    segmentation = segkit.segment(customers, plan)
    assignment = segmentation.assign(customers)
    assert edge_cases(segmentation, customers, assignment, assignment.segments[0].key) == ()
    assert len(typical_rows(customers, assignment, assignment.segments[0].key)) == 5
    assert typical_rows(customers, assignment, assignment.segments[1].key) == ()
    assert "Nobody in" in edges_text(assignment.segments[0], ())


def test_lists_hide_personal_data_until_asked():
    table = pd.DataFrame(
        {
            "email": [f"person{place}@example.com" for place in range(30)],
            "age": range(30, 60),
            "phone": [f"+49 170 55501{place:02d}" for place in range(30)],
        }
    )
    customers = segkit.read(table)
    shown = listed_customers(customers, [4, 2], ("age", "phone"))
    assert "@" not in str(shown.to_pydict())
    assert "555" not in str(shown.to_pydict())
    assert shown.column("age").to_pylist() == ["34", "32"]
    everything = str(listed_customers(customers, [4, 2], ("age", "phone"), personal=True).to_pydict())
    assert "+49 170 5550104" in everything


def test_edge_cases_are_listed_with_the_segment_they_are_nearly_in(sample):
    frame, customers, segmentation, assignment = sample
    edges = edge_cases(segmentation, customers, assignment, "S1", most=3)
    table = listed_edges(customers, edges, ("age",))
    assert table.column_names == ["customer_id", "Confidence", "Nearly in", "age"]
    assert (
        table.column("customer_id").to_pylist()
        == frame["customer_id"].iloc[[one.row for one in edges]].tolist()
    )
    assert table.column("Nearly in").to_pylist() == [one.nearest.name for one in edges]


# --- pictures ---------------------------------------------------------------------------------------


def named_in(chart):
    return [note["text"] for note in chart.drawn["layout"]["annotations"] if "●" in note["text"]]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_snake_plot_names_each_line_and_holds_each_distance(sample, theme):
    _, customers, _, assignment = sample
    rows = formed_by(customers, assignment)
    sizes = assignment.sizes.tolist()
    chart = snake_chart(rows, assignment.segments, sizes, theme)
    assert len(chart.figure.data) == 5
    assert len(named_in(chart)) == 5
    kept = drawn_rows(rows)
    for place, line in enumerate(chart.drawn["data"]):
        assert line["x"] == pytest.approx([row.away[place] for row in kept])
    assert sum(len(line["x"]) for line in chart.drawn["data"]) <= 5000
    far = max(
        ((abs(row.away[place]), row, place) for row in rows for place in range(5)), key=lambda one: one[0]
    )
    name = assignment.segments[far[2]].name
    assert snake_title(kept, assignment.segments, [True] * 5).startswith(
        f"“{name}” goes farthest in one column"
    )
    assert chart.alt.startswith(f"“{name}”")


@pytest.mark.parametrize("count", range(2, 13))
def test_two_to_twelve_lines_are_readable(sample, count):
    _, customers, _, _ = sample
    codes = np.arange(len(customers)) * count // len(customers)
    assignment = grouped(codes, ("age", "weekend_share", "plan_tier"))
    rows, sizes = formed_by(customers, assignment), assignment.sizes.tolist()
    chart = snake_chart(rows, assignment.segments, sizes, LIGHT, front="S2")
    coloured = [line for line in chart.figure.data if line.line.width > 2]
    assert len(coloured) == (count if count <= MOST_LINES else 1)
    assert len(named_in(chart)) == len(coloured)
    names = [note["x"] for note in chart.drawn["layout"]["annotations"] if "●" in note["text"]]
    assert names == sorted(names)
    looks = with_front(rows, assignment.segments, "S2")
    assert [one.colour for one in looks if one.colour >= 0] == ([1] if count > 6 else list(range(count)))


def test_one_row_one_segment_and_hidden_ones_are_drawn():
    table = pd.DataFrame({"id": range(64), "x": list(range(60)) + [9] * 4})
    customers = segkit.read(table)
    codes = [0] * 30 + [1] * 30 + [2] * 4
    assignment = grouped(codes, ("x",))
    rows = formed_by(customers, assignment)
    chart = snake_chart(rows, assignment.segments, assignment.sizes.tolist(), LIGHT)
    assert len(chart.figure.data) == 1  # beside four that are hidden another one is, too
    assert "not shown" in chart.drawn["layout"]["title"]["text"]
    few = snake_chart(rows, assignment.segments[:2], [29, 29], LIGHT, "S1")
    assert "indicative" in few.drawn["layout"]["title"]["text"]
    assert few.drawn["data"][0]["line"]["dash"] == "dot"
    assert snake_chart((), assignment.segments, [30, 30, 4], LIGHT) is None
    alone = grouped([0] * 64, ("x",))
    assert len(snake_chart(formed_by(customers, alone), alone.segments, [64], LIGHT).figure.data) == 1


def test_what_several_columns_say_alike_is_drawn_once():
    table = pd.DataFrame(
        {
            "id": range(80),
            "backup": (["Yes", "No"] * 20 + ["No internet"] * 40),
            "support": (["No", "Yes"] * 20 + ["No internet"] * 40),
            "internet": ["Yes"] * 40 + ["No"] * 40,
            "age": [20.0, 30.0] * 20 + [60.0, 70.0] * 20,
        }
    )
    assignment = grouped([0] * 40 + [1] * 40, ("backup", "support", "internet", "age"))
    rows = formed_by(segkit.read(table), assignment)
    assert len(rows) == 4
    assert sorted(one.kind for one in distinct(rows)) == ["category", "number"]


def test_names_of_columns_and_segments_are_literal_in_pictures():
    table = pd.DataFrame({"id": range(60), "<b>x</b>": [1.0, 2.0] * 15 + [5.0, 6.0] * 15})
    customers = segkit.read(table)
    assignment = grouped([0] * 30 + [1] * 30, ("<b>x</b>",)).renamed({"S1": "<script>", "S2": "a & b"})
    rows, sizes = formed_by(customers, assignment), [30, 30]
    chart = snake_chart(rows, assignment.segments, sizes, LIGHT)
    written = str(chart.drawn)
    assert "<script>" not in written
    assert "&lt;script&gt;" in written
    formed = formed_chart(rows, assignment.segments[0], 0, 30, LIGHT)
    assert "<script>" not in str(formed.drawn)


def test_the_picture_of_one_segment_holds_its_distances_and_indices(churn):
    _, customers, assignment = churn
    rows = formed_by(customers, assignment, ["tenure", "MonthlyCharges", "InternetService"])
    segment = assignment.segments[2]
    chart = formed_chart(rows, segment, 2, 1695, LIGHT)
    bars = chart.figure.data[0]
    assert sorted(abs(x) for x in bars.x) == pytest.approx(sorted(abs(row.away[2]) for row in rows))
    assert formed_numbers(rows, segment, 2)["Mean or share"].tolist() == pytest.approx(
        [row.here[2] for row in rows]
    )
    marks = standing_out(customers, assignment)["S3"]
    described = index_chart(marks, segment, LIGHT)
    told = worth_telling(marks)[:8]
    assert list(described.figure.data[0].x) == pytest.approx([mark.index for mark in told])
    assert len({mark.column for mark in told}) == len(told)
    numbers = index_numbers(marks, segment)
    assert len(numbers) == len(marks)
    assert numbers["Index"].tolist() == pytest.approx([mark.index for mark in marks])
    assert index_chart([replace(mark, verdict="can't tell") for mark in marks], segment, LIGHT) is None


def test_the_numbers_of_the_snake_plot_are_all_of_them(sample):
    _, customers, _, assignment = sample
    rows = formed_by(customers, assignment)
    numbers = snake_numbers(rows, assignment.segments)
    assert len(numbers) == len(rows) * 5
    assert numbers["Standard deviations from everyone"].abs().max() == pytest.approx(
        max(abs(value) for row in rows for value in row.away)
    )


# --- sentences --------------------------------------------------------------------------------------


def test_the_headline_is_of_the_segment_that_stands_apart_most(sample):
    frame, customers, _, assignment = sample
    traits = profiles(customers, assignment)
    sizes = dict(zip([one.key for one in assignment.segments], assignment.sizes.tolist(), strict=True))
    said = profiles_headline(assignment.segments, sizes, traits)
    business = frame["account_type"] == "business"
    inside = assignment.codes == 4
    here, others = f"{business[inside].mean():.0%}", f"{100 * business[~inside].mean():.1f}"
    assert said == (
        f"“Business accounts” stands apart most by account type “business” "
        f"({here.rstrip('%')}\u202f%, others {others}\u202f%)."
    )
    focused = profiles_headline(assignment.segments, sizes, traits, "S4")
    ages = frame["age"].groupby(inside_of(assignment, 3)).mean()
    assert focused == (
        f"“Older rare visitors” stands apart by age ({ages[True]:.1f} on average, others {ages[False]:.1f})."
    )
    assert profiles_headline(assignment.segments, dict.fromkeys(sizes, 29), traits).startswith(
        "No segment has 30 customers yet"
    )
    few = profiles_headline(assignment.segments, sizes | {"S4": 12}, traits, "S4")
    assert few == f"{focused.removesuffix('.')}; indicative, from 12 customers."
    assert profiles_headline(assignment.segments, sizes, {}) is None
    assert profiles_headline(assignment.segments, sizes, {}, "S1") is None


def inside_of(assignment, place):
    return assignment.codes == place
