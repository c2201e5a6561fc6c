"""Charts show what the KPI table says: the same values, colours and order, and nothing that is hidden."""

import pandas as pd
import pytest

import segkit
from segkit.charts.kpi_charts import coverage, nps_bands, overview, overview_title, sizes
from segkit.charts.map_charts import customer_map_chart
from segkit.charts.palette import DARK, LIGHT, segment_colour
from segkit.measures.kpis import KpiTable, by_column
from segkit.segments.customer_map import MOST_POINTS, customer_map
from segkit.segments.segmentation import Assignment

NASTY = '<b>x</b> <a href="http://evil.example">y</a>'


def measured(groups: list[str], nps: list[int | None]) -> tuple[KpiTable, Assignment]:
    table = pd.DataFrame(
        {"customer_id": [f"c{place}" for place in range(len(groups))], "g": groups, "nps": nps}
    )
    customers = segkit.read(table, roles={"nps": "nps", "g": "descriptor"}, kinds={"g": "text"})
    assignment = by_column(customers, "g")
    return segkit.measure(customers, assignment), assignment


def two_groups(first: str = "a") -> tuple[KpiTable, Assignment]:
    return measured([first] * 60 + ["b"] * 40, [10] * 45 + [8] * 15 + [2] * 30 + [9] * 10)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_sizes_are_those_of_the_table_in_segment_colours(theme):
    table, assignment = two_groups()
    bars = sizes(table, assignment.segments, theme).figure.data[0]
    assert list(bars.x) == [60, 40]
    assert list(bars.marker.color) == [segment_colour(0), segment_colour(1)]
    assert [text.replace("\u202f", " ") for text in bars.text] == ["60 · 60 %", "40 · 40 %"]


def test_overview_dots_and_intervals_are_those_of_the_table():
    table, assignment = two_groups()
    chart = overview(table, assignment.segments, LIGHT, overview_title(table))
    assert chart is not None
    (dots,) = chart.figure.data
    *intervals, base = chart.figure.layout.shapes
    rows = table.of("nps")[:-1]
    assert list(dots.y) == [0, 1]
    assert list(dots.x) == [row.value for row in rows]
    assert list(dots.marker.color) == [segment_colour(0), segment_colour(1)]
    assert [(line.x0, line.x1, line.y0) for line in intervals] == [
        (row.low, row.high, place) for place, row in enumerate(rows)
    ]
    assert [line.line.color for line in intervals] == list(dots.marker.color)
    assert base.x0 == base.x1 == table.find("all", "nps").value


def test_nps_bands_add_up_and_show_the_score():
    table, _ = two_groups()
    chart = nps_bands(table, LIGHT)
    assert chart is not None
    detractors, passives, promoters = (bar.x for bar in chart.figure.data)
    assert promoters[0] == 45 / 60
    assert detractors[1] == 30 / 40
    assert [sum(parts) for parts in zip(detractors, passives, promoters, strict=True)] == pytest.approx(
        [1] * 3
    )
    scores = [note.text for note in chart.figure.layout.annotations]
    assert any(score.startswith("<b>75</b>") for score in scores)


def test_few_answers_are_hollow_and_hidden_ones_are_not_in_the_figure():
    groups = ["a"] * 50 + ["b"] * 12 + ["c"] * 3
    table, assignment = measured(groups, [10] * 25 + [0] * 25 + [9] * 7 + [1] * 5 + [10, 10, 10])
    chart = overview(table, assignment.segments, LIGHT, "")
    bands = nps_bands(table, LIGHT)
    assert chart is not None
    assert bands is not None
    assert table.find("c", "nps").verdict == "hidden"
    (dots,) = chart.figure.data
    (place,) = dots.y
    assert place != 2
    assert len(chart.figure.layout.shapes) == 2  # its interval and everyone
    assert dots.marker.color[0] == (LIGHT.card if place == 1 else segment_colour(0))
    # and one more is held back, or the total would give it away
    assert [text.text for text in chart.figure.layout.annotations].count("not shown") == 2
    assert all(len(bar.x) == 2 for bar in bands.figure.data)


def test_names_from_files_are_literal_in_charts_and_kept_in_alternative_text():
    table, assignment = two_groups(NASTY)
    charts = [
        sizes(table, assignment.segments, LIGHT),
        overview(table, assignment.segments, LIGHT, overview_title(table)),
        nps_bands(table, LIGHT),
    ]
    for chart in charts:
        assert chart is not None
        assert "<b>x</b>" not in chart.figure.to_json().encode().decode("unicode_escape")
        assert "<a href" not in chart.figure.to_json().encode().decode("unicode_escape")
    assert NASTY in charts[0].alt


def test_no_chart_without_its_kpi():
    customers = segkit.read(pd.DataFrame({"customer_id": ["a", "b", "c"], "g": ["x", "y", "y"]}))
    assignment = by_column(customers, "g")
    table = segkit.measure(customers, assignment)
    assert overview(table, assignment.segments, LIGHT, "") is None
    assert nps_bands(table, LIGHT) is None
    assert coverage([], LIGHT) is None


def test_coverage_names_the_least_known_kpi():
    chart = coverage([("CSAT", 0.45), ("Revenue", 1.0), ("NPS", 0.36)], LIGHT)
    assert chart is not None
    assert "NPS is known for the fewest customers: 36" in chart.figure.layout.title.text
    assert list(chart.figure.data[0].x) == [1.0, 0.45, 0.36]


def test_map_points_carry_their_customer_and_colour():
    rows = 60
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{place}" for place in range(rows)],
            "age": [20 + 30 * (place % 2) + place % 7 for place in range(rows)],
            "visits": [3 + 20 * (place % 2) + place % 5 for place in range(rows)],
        }
    )
    customers = segkit.read(frame)
    plan = segkit.Plan(n_segments=2)
    segmentation = segkit.segment(customers, plan)
    assignment = segmentation.assign(customers)
    places = customer_map(customers, plan)
    assert len(places.points) == rows <= MOST_POINTS
    figure = customer_map_chart(places, assignment, LIGHT).figure
    for place, (trace, segment) in enumerate(zip(figure.data, assignment.segments, strict=True)):
        assert trace.marker.color == segment_colour(segment.colour)
        assert set(assignment.codes[list(trace.customdata)]) == {place}
