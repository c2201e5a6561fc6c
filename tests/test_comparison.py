"""Two segments side by side: the numbers of the KPI table, effect sizes by hand, and what is kept back."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from segkit.insights.effect_text import comparison_sentence
from segkit.measures.comparison import compare, effect_size
from segkit.measures.estimates import MEAN, NPS, RATE
from segkit.measures.kpis import measure
from segkit.measures.sums import Groups, grouped_sums
from segkit.segments.segmentation import Assignment, Segment
from tests.tables import read_here

SEGMENTS = (Segment("S1", "Regulars", 0), Segment("S2", "Guests", 1), Segment("S3", "Others", 2))


def company(sizes=(120, 90, 60), answers=None, dimensions=()):
    rng = np.random.default_rng(3)
    rows = sum(sizes)
    codes = np.repeat(np.arange(3), sizes)
    nps = np.where(codes == 0, rng.integers(7, 11, rows), rng.integers(0, 11, rows)).astype(float)
    if answers is not None:
        for code, count in enumerate(answers):
            nps[np.flatnonzero(codes == code)[count:]] = np.nan
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{place}" for place in range(rows)],
            "nps": nps,
            "revenue": np.where(codes == 0, 77.0, 21.0) + rng.normal(0, 15, rows).round(2),
            "age": rng.integers(20, 70, rows),
            "plan": np.where(rng.random(rows) < 0.3 + 0.4 * (codes == 1), "free", "pro"),
            "app": np.where(rng.random(rows) < 0.5 - 0.2 * codes, "yes", "no"),
        }
    )
    table = read_here(frame.to_csv(index=False).encode(), roles={"nps": "nps", "revenue": "revenue"})
    assignment = Assignment(SEGMENTS, codes, np.ones(rows, np.float32), dimensions)
    return table, assignment, measure(table, assignment)


def found_in(table, assignment, kpis):
    return {row.key: row for row in compare(table, assignment, kpis, "S1", "S2")}


def test_values_are_those_of_the_kpi_table_and_effects_those_of_cohen():
    table, assignment, kpis = company()
    rows = found_in(table, assignment, kpis)
    assert rows["nps"].first.value == kpis.find("S1", "nps").value
    assert rows["nps"].second.high == kpis.find("S2", "nps").high
    one, other = (table.frame["revenue"].to_numpy()[assignment.codes == code] for code in (0, 1))
    pooled = np.sqrt((119 * one.var(ddof=1) + 89 * other.var(ddof=1)) / 208)
    assert rows["revenue"].effect == pytest.approx((one.mean() - other.mean()) / pooled)
    assert rows["revenue"].p_value == pytest.approx(stats.ttest_ind(one, other, equal_var=False).pvalue)
    free = [(table.frame["plan"].to_numpy()[assignment.codes == code] == "free") for code in (0, 1)]
    shares = [group.mean() for group in free]
    assert rows["plan"].effect == pytest.approx(abs(np.diff(2 * np.arcsin(np.sqrt(shares)))[0]))
    counts = [[group.sum(), (~group).sum()] for group in free]
    assert rows["plan"].p_value == pytest.approx(stats.chi2_contingency(counts, correction=False).pvalue)
    assert (rows["plan"].level, rows["plan"].first.value) == ("free", pytest.approx(shares[0]))


def test_the_largest_difference_is_first_and_told():
    table, assignment, kpis = company()
    rows = compare(table, assignment, kpis, "S1", "S2")
    effects = [row.effect for row in rows]
    assert effects == sorted(effects, reverse=True)
    assert {row.key: row.verdict for row in rows}["age"] == "can't tell"
    first, second = (kpis.find(key, "revenue").value for key in ("S1", "S2"))
    assert comparison_sentence(rows, kpis, "Regulars", "Guests") == (
        f"“Regulars” and “Guests” differ most in revenue per customer: {first:.2f} against {second:.2f}."
    )


def test_turned_round_all_is_the_same_with_the_other_sign():
    table, assignment, kpis = company()
    turned = {"higher": "lower", "lower": "higher"}
    one, other = (compare(table, assignment, kpis, *keys) for keys in (("S1", "S2"), ("S2", "S1")))
    for here, there in zip(one, other, strict=True):
        assert (here.key, here.effect) == (there.key, pytest.approx(there.effect))
        assert here.verdict == turned.get(there.verdict, there.verdict)
        assert (here.first, here.second) == (there.second, there.first)
        assert here.difference.low == pytest.approx(-there.difference.high)


def test_what_formed_the_segments_is_marked_and_never_the_finding():
    table, assignment, kpis = company(dimensions=("revenue", "plan"))
    rows = found_in(table, assignment, kpis)
    assert {key for key, row in rows.items() if row.verdict == "formed"} == {"revenue", "plan"}
    assert np.isnan(rows["revenue"].p_value)
    assert "differ most in NPS" in comparison_sentence(list(rows.values()), kpis, "a", "b")


def test_few_answers_are_kept_back_as_in_the_kpi_table_and_some_are_not_ranked():
    rows = found_in(*company(answers=(120, 3, 60)))
    assert rows["nps"].verdict == "hidden"
    for side in (rows["nps"].first, rows["nps"].second):
        assert np.isnan([side.value, side.low, side.high]).all()
        assert side.n == 0  # the number of answers would tell as much
    table, assignment, kpis = company(answers=(120, 20, 60))
    ranked = compare(table, assignment, kpis, "S1", "S2")
    assert ranked[-1].key == "nps"
    assert ranked[-1].indicative
    assert not ranked[-1].told


@pytest.mark.parametrize(
    ("answered", "hidden"), [((80, 7, 3), True), ((80, 7, 5), False), ((80, 7, 0), False)]
)
@pytest.mark.parametrize("kind", ["number", "yes/no", "category"])
def test_a_column_is_kept_back_where_the_total_gives_a_third_segment_away(kind, answered, hidden):
    values = {
        "number": np.arange(270) % 41 + 0.5,
        "yes/no": np.where(np.arange(270) % 3 == 0, "yes", "no"),
        "category": np.array(["red", "green", "blue"])[np.arange(270) % 3],
    }[kind]
    codes = np.repeat(np.arange(3), (120, 90, 60))
    asked = pd.Series(values, dtype=object)
    for code, count in enumerate(answered):
        asked[np.flatnonzero(codes == code)[count:]] = None
    frame = pd.DataFrame({"customer_id": [f"c{place}" for place in range(270)], "asked": asked})
    table = read_here(frame.to_csv(index=False).encode(), roles={"asked": "descriptor"})
    assert table.column("asked").kind == kind
    assignment = Assignment(SEGMENTS, codes, np.ones(270, np.float32))
    kpis = measure(table, assignment)
    row = {row.key: row for row in compare(table, assignment, kpis, "S1", "S2")}["asked"]
    assert (row.verdict == "hidden") == hidden
    assert (row.first.n, row.second.n) == ((0, 0) if hidden else (80, 7))
    assert np.isnan(row.second.value) == hidden
    assert np.isnan(row.difference.value) == hidden
    largest = {row.key: row for row in compare(table, assignment, kpis, "S1", "S3")}["asked"]
    assert (largest.verdict == "hidden") == (answered[2] < 5)


def test_those_who_fit_none_count_as_a_group_that_can_be_given_away():
    table, assignment, _ = company((120, 90, 60))
    codes = np.where(assignment.codes == 2, -1, assignment.codes)
    codes[np.flatnonzero(codes == -1)[3:]] = 0  # three fit none
    some = Assignment(SEGMENTS[:2], codes, assignment.confidence)
    rows = {row.key: row for row in compare(table, some, measure(table, some), "S1", "S2")}
    assert {key for key, row in rows.items() if row.kind != "kpi"} == {"age", "plan", "app"}
    assert {row.verdict for row in rows.values() if row.kind != "kpi"} == {"hidden"}


def test_skewed_numbers_are_shown_as_medians():
    rng = np.random.default_rng(2)
    spent = np.concatenate([rng.lognormal(4, 1, 100), rng.lognormal(3, 1, 100)]).round(2)
    frame = pd.DataFrame({"customer_id": [f"c{place}" for place in range(200)], "spent_on_toys": spent})
    table = read_here(frame.to_csv(index=False).encode(), roles={"spent_on_toys": "descriptor"})
    assignment = Assignment(SEGMENTS[:2], np.repeat([0, 1], 100), np.ones(200, np.float32))
    row = compare(table, assignment, measure(table, assignment), "S1", "S2")[0]
    assert row.summary == "median"
    assert row.first.value == pytest.approx(np.median(spent[:100]))
    assert row.verdict == "higher"


def test_order_of_rows_changes_nothing():
    table, assignment, kpis = company()
    mixed = np.random.default_rng(0).permutation(len(table))
    frame = table.frame.iloc[mixed].astype({"customer_id": str})
    other = read_here(frame.to_csv(index=False).encode(), roles={"nps": "nps", "revenue": "revenue"})
    moved = Assignment(SEGMENTS, assignment.codes[mixed], assignment.confidence)
    assert compare(other, moved, measure(other, moved), "S1", "S2") == compare(
        table, assignment, kpis, "S1", "S2"
    )


def test_a_segment_is_not_compared_with_itself_or_with_none():
    table, assignment, kpis = company()
    for second in ("S1", "S9"):
        with pytest.raises(ValueError, match="can be compared"):
            compare(table, assignment, kpis, "S1", second)


def test_effect_sizes_of_groups_that_do_not_vary_are_finite():
    one, other = grouped_sums(np.repeat([1.0, 2.0], 10), Groups.of(np.repeat([0, 1], 10), 2))[0]
    assert effect_size(MEAN, one, other) == 10
    assert effect_size(MEAN, one, one) == 0
    assert effect_size(
        RATE, *grouped_sums(np.repeat([1.0, 0.0], 10), Groups.of(np.repeat([0, 1], 10), 2))[0]
    ) == (pytest.approx(np.pi))
    nps = grouped_sums(np.array([10.0, 0, 10, 8, 0, 0]), Groups.of(np.repeat([0, 1], 3), 2), NPS.bands)[0]
    assert effect_size(NPS, *nps) == pytest.approx((1 / 3 + 2 / 3) / np.sqrt((4 / 3 + 1 / 3) / 2))
