"""Pictures of columns say what was counted, and nothing that is held back."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import segkit
from segkit.charts.distribution_charts import csat_answers, distribution, distribution_numbers
from segkit.charts.palette import DARK, LIGHT, segment_colour
from segkit.insights.picture_text import gap_text, shares_title, spread_title
from segkit.measures.distributions import (
    LevelShares,
    MeanGap,
    NumberGroup,
    NumberSpread,
    answer_shares,
    by_segment,
)
from segkit.measures.kpis import measure
from segkit.segments.segmentation import Assignment, Segment

NASTY = '<b>x</b> <a href="http://evil.example">y</a>'


def words(text: str) -> str:
    return text.replace("\u202f", " ")


def found_in(sizes, dimensions=(), names=("A", "B", "C", "D"), name="", **columns):
    codes = np.repeat(np.arange(len(sizes)), sizes)
    frame = pd.DataFrame({"customer_id": [f"c{place}" for place in range(len(codes))]} | columns)
    customers = segkit.read(frame)
    segments = tuple(Segment(f"S{k + 1}", names[k], k) for k in range(len(sizes)))
    assignment = Assignment(segments, codes, np.ones(len(codes), np.float32), dimensions)
    found = by_segment(customers, assignment, name or next(iter(columns)))
    assert found is not None
    return found, segments


def test_level_table_writes_shares_and_indices_and_titles_the_largest_difference():
    found, segments = found_in(
        (100, 100), contract=["One year"] * 40 + ["Two year"] * 60 + ["One year"] * 100
    )
    chart = distribution(found, segments, LIGHT)
    assert words(shares_title(found)) == "Contract “Two year”: 60 % of “A” against 30 % of everyone"
    two = chart.figure.data[1].text[3:]
    assert words(two[0]).startswith("<b>60 % ▲</b>")
    assert "index 200" in two[0]
    assert words(two[2]) == "<b>30 %</b>"  # everyone
    assert "60 points (50 to 69) above the rest" in gap_text(found.gap)


def test_a_yes_is_one_bar_a_segment_with_everyone_as_a_line():
    found, segments = found_in((100, 50), newsletter=["yes"] * 70 + ["no"] * 30 + ["yes"] * 10 + ["no"] * 40)
    chart = distribution(found, segments, DARK)
    bars = chart.figure.data[0]
    assert list(bars.x) == [0.7, 0.2]
    assert "Share of newsletter within each segment" in chart.figure.layout.title.text
    assert list(bars.marker.color) == [segment_colour(0), segment_colour(1)]
    assert chart.figure.layout.shapes[0].x0 == pytest.approx(80 / 150)
    assert words(shares_title(found)) == "Newsletter: 70 % of “A” against 53 % of everyone"


def test_boxes_are_made_of_quantiles_and_hold_no_single_customer():
    values = np.arange(200) + 0.5
    found, segments = found_in((100, 100), spend=values)
    assert isinstance(found, NumberSpread)
    chart = distribution(found, segments, LIGHT)
    assert len(chart.figure.data) == 2
    box = chart.figure.data[0]
    assert (box.q1[0], box.median[0], box.q3[0]) == tuple(np.quantile(values[:100], [0.25, 0.5, 0.75]))
    assert (box.lowerfence[0], box.upperfence[0]) == pytest.approx(np.quantile(values[:100], [0.05, 0.95]))
    assert box.x is None
    assert chart.figure.layout.shapes[0].x0 == np.median(values)
    assert spread_title(found) == "Spend: the median of “B” is 150, that of everyone 100"


def test_held_back_segments_are_in_no_figure_and_no_table():
    plan = ["A"] * 40 + ["B"] * 30 + ["A"] * 12 + ["B"] * 3
    found, segments = found_in((40, 30, 12, 3), plan=plan)
    chart = distribution(found, segments, LIGHT)
    cells = chart.figure.data[1]
    assert len(cells.text) == 2 * 5
    for column in (0, 5):
        texts, hovers = cells.text[column : column + 5], cells.customdata[column : column + 5]
        assert ["not shown" in text for text in texts] == [False, False, True, True, False]
        assert all("%" not in text for text in (*texts[2:4], *hovers[2:4]))
    numbers = distribution_numbers(found)
    assert numbers[numbers["Segment"].isin(["C", "D"])]["Share (%)"].isna().all()
    boxes, segments = found_in((40, 30, 12, 3), spend=np.arange(85) + 0.5)
    assert len(distribution(boxes, segments, LIGHT).figure.data) == 2
    table = distribution_numbers(boxes).set_index("Segment")
    assert table.loc[["C", "D"]].isna().all().all()
    assert table.loc["Everyone", "Median"] == 42.5


def test_what_formed_the_segments_is_said_and_not_marked():
    found, segments = found_in((50, 50), dimensions=("plan",), plan=["A"] * 50 + ["B"] * 50)
    chart = distribution(found, segments, LIGHT)
    assert "formed the segments" in chart.figure.layout.title.text
    assert not any("▲" in text for column in chart.figure.data[1:] for text in column.text)


def test_small_and_absent_differences_are_said_plainly():
    rng = np.random.default_rng(1)
    alike, _ = found_in((400, 400), plan=rng.choice(["A", "B"], 800))
    assert isinstance(alike, LevelShares)
    assert shares_title(alike) == "Plan: no segment differs reliably from the others"
    small, _ = found_in(
        (20_000, 20_000), plan=["A"] * 9_400 + ["B"] * 10_600 + ["A"] * 10_000 + ["B"] * 10_000
    )
    assert shares_title(small).startswith("Plan hardly differs between the segments")


def test_answers_are_stacked_in_their_order_with_the_mean():
    answers = [5, 4, 5, 3] * 20 + [1, 2, 3, 2] * 20
    codes = np.repeat([0, 1], 80)
    customers = segkit.read(pd.DataFrame({"customer_id": range(160), "csat": answers}))
    segments = (Segment("S1", "A", 0), Segment("S2", "B", 1))
    assignment = Assignment(segments, codes, np.ones(160, np.float32))
    found, table = answer_shares(customers, assignment), measure(customers, assignment)
    assert found is not None
    chart = csat_answers(found, table, LIGHT)
    assert chart is not None
    assert [band.name for band in chart.figure.data] == ["1", "2", "3", "4", "5"]
    assert [band.x[0] for band in chart.figure.data] == [0, 0, 0.25, 0.25, 0.5]
    assert sum(band.x[2] for band in chart.figure.data) == pytest.approx(1)
    means = [note.text for note in chart.figure.layout.annotations if note.x == 1.01]
    assert means[0].startswith("<b>4.25</b>")
    assert chart.alt.startswith("CSAT of “A” is 4.25 (2.25 above the rest)")


def test_names_and_levels_from_files_are_literal():
    found, segments = found_in((60, 60), names=(NASTY, "B"), plan=[NASTY] * 60 + ["other"] * 60)
    yes, some = found_in((60, 60), names=(NASTY, "B"), flag=["yes"] * 60 + ["no"] * 60)
    number, more = found_in((60, 60), names=(NASTY, "B"), spend=np.arange(120) + 0.5)
    for chart in (
        distribution(found, segments, LIGHT),
        distribution(yes, some, LIGHT),
        distribution(number, more, LIGHT),
    ):
        text = chart.figure.to_json().encode().decode("unicode_escape")
        assert "<b>x</b>" not in text
        assert "<a href" not in text


def test_alike_medians_with_means_that_differ_are_no_lack_of_a_difference():
    high, low, flat = list(np.linspace(3.1, 5, 40)), list(np.linspace(1, 2.9, 40)), [3.0] * 60
    found, segments = found_in((100, 100), satisfaction=flat + high + flat + low)
    here, rest = np.mean(flat + high), np.mean(flat + low)
    medians, means = "the medians are alike (3)", f"most in “A”: {here:.2f} against {rest:.2f}"
    assert spread_title(found) == f"Satisfaction: {medians}; the means differ, {means}"
    assert distribution(found, segments, LIGHT).alt.startswith("Satisfaction: the medians are alike (3)")
    rng = np.random.default_rng(1)
    noise, _ = found_in((200, 200), satisfaction=rng.normal(size=400))
    assert spread_title(noise) == "Satisfaction: no segment differs reliably from the others"


def test_means_that_leave_the_medians_behind_are_said_to():
    base = NumberGroup("all", "Everyone", 200, (0.0, 1.0, 3.0, 4.0, 5.0))
    one, other = (
        NumberGroup(key, key, 100, (0.0, 1.0, middle, 4.0, 5.0)) for key, middle in (("A", 3), ("B", 2))
    )
    found = NumberSpread(
        "spend", (one, other), base, 0.0, False, False, None, MeanGap("A", "A", 4.0, 2.5, 0.8)
    )
    assert (
        spread_title(found)
        == "Spend: the median of “A” is that of everyone (3), its mean is not: 4 against 2.50"
    )
    turned = replace(found, means=MeanGap("B", "B", 4.0, 2.5, 0.8))
    assert spread_title(turned) == (
        "Spend: the means differ, most in “B”: 4 against 2.50; the medians do not follow"
    )
    small = replace(turned, means=MeanGap("B", "B", 2.6, 2.5, 0.05))
    assert spread_title(small).startswith("Spend hardly differs between the segments: the means differ")


def test_marks_are_explained_where_there_are_any():
    rng = np.random.default_rng(1)
    alike, segments = found_in((400, 400), plan=rng.choice(["A", "B"], 800))
    assert "▲" not in distribution(alike, segments, LIGHT).figure.layout.title.text
    apart, segments = found_in((100, 100), plan=["A"] * 80 + ["B"] * 20 + ["A"] * 20 + ["B"] * 80)
    assert "▲ ▼ differs reliably" in distribution(apart, segments, LIGHT).figure.layout.title.text
