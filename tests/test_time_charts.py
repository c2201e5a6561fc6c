"""Charts over time show what was computed, in the segments' colours, and nothing that is hidden."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import segkit
from segkit.charts.palette import BASE_GREY, DARK, LIGHT, segment_colour
from segkit.charts.time_charts import (
    LABEL_STEP,
    PLOT_HEIGHT,
    _apart,
    cohort_numbers,
    cohorts_chart,
    curve_numbers,
    curves_chart,
    funnel_chart,
    funnel_numbers,
)
from segkit.measures.cohorts import cohorts
from segkit.measures.funnel import funnel
from segkit.measures.kpis import by_column
from segkit.measures.survival import Durations, durations, retention_curves
from segkit.segments.segmentation import Assignment, Segment

NASTY = '<b>x</b> <a href="http://evil.example">y</a>'


def customers(first="a", few=0, count=600):
    """Two groups, and perhaps a few of a third; the second leaves sooner and comes less far."""
    random = np.random.default_rng(2)
    group = random.choice([first, "b"], count)
    group[:few] = "c"
    signup = pd.Timestamp("2025-01-05") + pd.to_timedelta(random.integers(0, 330, count), unit="D")
    stay = random.exponential(np.where(group == "b", 120, 500)).astype(int)
    churn = signup + pd.to_timedelta(stay, unit="D")
    stage = np.where(random.random(count) < np.where(group == "b", 0.3, 0.7), "active", "lead")
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{k}" for k in range(count)],
            "group": group,
            "signup_date": signup,
            "churn_date": churn.where(churn < "2026-01-10"),
            "stage": stage,
        }
    )
    return segkit.read(
        frame,
        roles={"group": "descriptor", "stage": "journey_stage"},
        choices=segkit.Choices(as_of="2026-01-10"),
    )


def curves(table):
    groups = by_column(table, "group")
    return retention_curves(durations(table), groups), groups.segments


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_lines_are_the_curves_in_segment_colours(theme):
    found, segments = curves(customers())
    figure = curves_chart(found, segments, theme).figure
    lines = {trace.name: trace for trace in figure.data if trace.name}
    for place, curve in enumerate(found.curves):
        line = lines[curve.segment.name]
        assert line.line.color == segment_colour(place)
        assert list(line.y) == [curve.at(time).value for time in line.x]
    assert lines["Everyone"].line.color == BASE_GREY
    assert lines["Everyone"].line.dash == "dash"


def test_the_table_below_the_axis_counts_who_was_observed():
    found, segments = curves(customers())
    written = [note.text for note in curves_chart(found, segments, LIGHT).figure.layout.annotations]
    time = found.durations.time
    for tick in found.ticks[:-1]:
        assert str(int((time >= tick).sum())) in written


def test_a_focus_greys_the_others_and_takes_the_title():
    found, segments = curves(customers())
    focused = (replace(segments[0], colour=-1), segments[1])
    chart = curves_chart(found, focused, LIGHT)
    colours = {trace.name: trace.line.color for trace in chart.figure.data if trace.name}
    assert colours == {"a": BASE_GREY, "b": segment_colour(1), "Everyone": BASE_GREY}
    assert "Customers of “b” leave sooner" in chart.alt


def test_hidden_segments_are_nowhere_in_the_figure_or_its_numbers():
    table = customers(few=3)
    found, segments = curves(table)
    assert found.hidden
    chart, steps = curves_chart(found, segments, LIGHT), funnel(table, by_column(table, "group"))
    assert steps.hidden == found.hidden
    picture = chart.figure.to_json() + funnel_chart(steps, segments, LIGHT).figure.to_json()
    assert "<b>c</b>" not in picture
    for numbers in (curve_numbers(found, segments), funnel_numbers(steps, segments)):
        assert not set(numbers["Segment"]) & set(found.hidden)
    everyone = curve_numbers(found, segments).query("Segment == 'Everyone'")["Observed as long"]
    assert not everyone.between(1, 4).any()


def test_names_are_literal_text():
    table = customers(first=NASTY)
    found, segments = curves(table)
    steps = funnel(table, by_column(table, "group"))
    shown = curves_chart(found, segments, LIGHT).figure.to_json()
    shown += funnel_chart(steps, segments, LIGHT).figure.to_json()
    shown += cohorts_chart(cohorts(table), LIGHT, NASTY).figure.to_json()
    assert "<a href" not in shown.encode().decode("unicode_escape")


def test_curves_of_many_segments_have_few_points_and_at_most_ten_lines():
    random = np.random.default_rng(1)
    count = 20_000
    found = Durations(random.random(count) * 50, random.random(count) < 0.6, "months", (), "From a test.")
    segments = tuple(Segment(f"S{k}", f"Segment {k}", k) for k in range(14))
    groups = Assignment(segments, random.integers(0, 14, count), np.ones(count, np.float32))
    figure = curves_chart(retention_curves(found, groups), segments, LIGHT).figure
    assert sum(len(trace.x) for trace in figure.data) <= 5000
    assert len([trace for trace in figure.data if trace.name]) == 11


def test_labels_move_apart_inside_the_plot():
    placed = sorted(_apart([10.0, 12.0, 300.0, 335.0, 338.0, 339.0]))
    assert (np.diff(placed) >= LABEL_STEP).all()
    assert placed[-1] <= PLOT_HEIGHT


def end_labels(time, left, codes):
    """The labels at the right of curves in months, by name, and the subtitle."""
    names = ("Gold", "Silver", "Loyal customers of the north")
    segments = tuple(Segment(f"S{k}", names[k], k) for k in range(max(codes) + 1))
    groups = Assignment(segments, np.array(codes), np.ones(len(codes), np.float32))
    stays = Durations(np.array(time, float), np.array(left), "months", (), "")
    figure = curves_chart(retention_curves(stays, groups), segments, LIGHT).figure
    written = [note.text.split("</span> ") for note in figure.layout.annotations if note.xref == "paper"]
    return [text[-1].replace("\u202f", " ") for text in written if len(text) == 2], figure.layout.title.text


def test_labels_at_the_right_are_of_one_time():
    # both lose a half in month 6 and Silver a further fifth in month 20, where Gold is not seen any more
    time = [6] * 50 + [18] * 50 + [6] * 50 + [20] * 10 + [24] * 40
    left = [True] * 50 + [False] * 50 + [True] * 60 + [False] * 40
    labels, text = end_labels(time, left, [0] * 100 + [1] * 100)
    assert labels == ["Everyone <b>50 %</b>", "Gold <b>50 %</b>", "Silver <b>50 %</b>"]
    assert "at the right: share after 18 months" in text.replace("<br>", " ")
    assert "when a curve stops" not in text.replace("<br>", " ")


def test_a_curve_that_stops_early_names_its_time():
    time = [4] * 60 + [24] * 100 + [24] * 100
    left = [True] * 30 + [False] * 30 + [False] * 200
    labels, text = end_labels(time, left, [2] * 60 + [0] * 100 + [1] * 100)
    assert labels[-1] == "Loyal cust… <b>50 %</b> at 4 months"
    assert labels[1:3] == ["Gold <b>100 %</b>", "Silver <b>100 %</b>"]
    assert "share after 24 months or, where named, when a curve stops" in text.replace("<br>", " ")


def test_the_end_of_everyone_is_explained_where_it_comes_before_that_of_a_curve():
    time = [*range(1, 9)] * 2 + [24] * 100
    _, text = end_labels(time, [True] * 16 + [False] * 100, [0] * 16 + [1] * 100)
    assert "everyone (ends where it would tell of fewer than 5)" in text.replace("<br>", " ")
    _, text = end_labels([6, 24] * 50, [True, False] * 50, [0] * 50 + [1] * 50)
    assert "everyone (" not in text


def test_a_map_says_what_is_blank():
    found = cohorts(customers())
    chart = cohorts_chart(found, LIGHT, "a", age=2)
    text = chart.figure.layout.title.text.replace("<br>", " ")
    assert "blank: fewer than 5 customers here or nearby, or not observed in full yet" in text
    assert chart.alt.startswith("After 2 months, ")
    small = replace(found, sizes=np.where(np.arange(len(found.sizes)) == 0, 0, found.sizes))
    assert "–" not in cohorts_chart(small, LIGHT).figure.layout.yaxis.ticktext[0]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_cells_of_the_map_are_the_cohorts(theme):
    found = cohorts(customers())
    heat = cohorts_chart(found, theme).figure.data[0]
    for line, shares in zip(heat.z, found.shares, strict=True):
        told = [None if np.isnan(share) else share * 100 for share in shares]
        assert list(line) == pytest.approx(told) if None not in told else list(line) == told
    numbers = cohort_numbers(found)
    assert len(numbers) == (~np.isnan(found.shares)).sum()
    assert numbers.columns.tolist() == ["Signed up", "Customers", "Months since", "Still there"]


def test_bars_of_the_funnel_are_the_shares_and_the_loss_is_marked():
    table = customers()
    found = funnel(table, by_column(table, "group"))
    chart = funnel_chart(found, by_column(table, "group").segments, LIGHT)
    bars = chart.figure.data[0]
    assert list(bars.x) == [one.reached[1].value for one in (*found.segments, found.everyone)]
    marked = [note.text for note in chart.figure.layout.annotations if "▼" in note.text]
    assert len(marked) == 1
    assert "“b” loses most from Lead to Active" in chart.alt
    numbers = funnel_numbers(found, by_column(table, "group").segments)
    assert len(numbers) == 6
