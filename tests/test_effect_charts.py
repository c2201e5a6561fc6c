"""The charts of effects and comparisons show the numbers they are given, and nothing that is held back."""

from dataclasses import replace

import pytest

from segkit.charts.effect_charts import (
    MOST_EFFECTS,
    clipped,
    comparison_chart,
    comparison_numbers,
    effects_chart,
    effects_numbers,
    in_sight,
    not_drawn,
)
from segkit.charts.palette import BASE_GREY, DARK, LIGHT, STATUS, segment_colour
from segkit.insights.effect_text import effects_sentence, nothing_apart
from segkit.measures.comparison import compare
from segkit.measures.effects import Effect
from segkit.measures.kpis import by_column, find_kpi, measure
from tests.real_data import real_file
from tests.tables import read_here
from tests.test_comparison import SEGMENTS, company

NPS = find_kpi("nps")
LOW = Effect("tickets", "number", "4 or more", 12, 43, -31, -38, -24, 80, 400, 0.1, 0, "lower")
HIGH = Effect("loyal", "yes/no", "yes", 50, 20, 30, 20, 40, 80, 400, 0.08, 0, "higher")
VAGUE = replace(LOW, column="age", low=-10, high=3, difference=-4, verdict="can't tell")
NASTY = '<b>x</b> <a href="http://evil.example">y</a>'


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_effects_are_dots_with_their_interval_around_zero(theme):
    chart = effects_chart([LOW, HIGH, VAGUE], NPS, theme)
    assert chart is not None
    dots = chart.figure.data
    assert [dot.x[0] for dot in dots] == [-31, 30]
    assert [(dot.x[0] - dot.error_x.arrayminus[0], dot.x[0] + dot.error_x.array[0]) for dot in dots] == [
        (-38, -24),
        (20, 40),
    ]
    assert [dot.marker.color for dot in dots] == [STATUS.worse, STATUS.better]
    assert [dot.text[0] for dot in dots] == ["−31 points", "+30 points"]
    notes = [note.text for note in chart.figure.layout.annotations]
    assert "as everyone else" in notes
    retention = effects_chart([LOW], find_kpi("retention"), theme)
    assert retention is not None
    assert "Dot: retention of the group" in retention.figure.layout.title.text
    assert "Farthest below: Tickets: 4 or more, 31 points lower (24 to 38)." in chart.alt


def test_sentences_of_effects_say_goes_with_and_never_why():
    assert effects_sentence([HIGH, LOW], NPS, within="Regulars") == (
        "In “Regulars”, NPS goes most with loyal: 30 points higher (20 to 40) where it is yes "
        "than where it is no."
    )
    rate = replace(LOW, difference=-0.31, low=-0.38, high=-0.24, kind="category", group="pro")
    assert effects_sentence([rate], find_kpi("retention")) == (
        "Retention goes most with tickets: 31 points lower (24 to 38) with “pro” than among the rest."
    )
    assert effects_sentence([VAGUE], NPS) is None
    assert effects_chart([VAGUE], NPS, LIGHT) is None


def test_at_most_eight_effects_are_drawn_and_all_are_in_the_numbers():
    many = [replace(LOW, column=f"a{place}") for place in range(12)]
    chart = effects_chart(many, NPS, LIGHT)
    assert chart is not None
    assert len(chart.figure.data) == MOST_EFFECTS
    numbers = effects_numbers([*many, VAGUE], NPS)
    assert len(numbers) == 13
    assert [one.column for one in not_drawn([*many, VAGUE])] == ["a8", "a9", "a10", "a11", "age"]
    assert numbers["Difference"].iloc[-1] == -4


def test_names_are_literal():
    chart = effects_chart([replace(LOW, kind="category", group=NASTY)], NPS, LIGHT, within=NASTY)
    table, assignment, kpis = company()
    rows = compare(table, assignment, kpis, "S1", "S2")
    named = replace(SEGMENTS[0], name=NASTY)
    for one in (chart, comparison_chart(rows, kpis, named, SEGMENTS[1], LIGHT)):
        assert one is not None
        assert "<a href" not in one.figure.to_json().encode().decode("unicode_escape")
        assert "evil.example" in one.alt


def test_two_dots_a_row_lie_as_far_apart_as_the_effect_with_the_larger_value_right():
    table, assignment, kpis = company()
    rows = compare(table, assignment, kpis, "S1", "S2")
    chart = comparison_chart(rows, kpis, *SEGMENTS[:2], LIGHT)
    assert chart is not None
    marks = [mark for mark in chart.figure.data if mark.mode == "markers+text"]
    for place, row in enumerate(in_sight(rows)):
        first, second = (mark for mark in marks if mark.y[0] == place)
        assert first.marker.line.color == segment_colour(0)
        assert first.x[0] - second.x[0] == pytest.approx(
            row.effect * (1 if row.difference.value >= 0 else -1)
        )
    dashes = [mark.line.dash for mark in chart.figure.data if mark.mode == "lines"]
    assert dashes == ["dot" if row.verdict == "can't tell" else "solid" for row in in_sight(rows)]
    grey = comparison_chart(rows, kpis, SEGMENTS[0], replace(SEGMENTS[1], colour=-1), LIGHT)
    assert grey is not None
    assert BASE_GREY in {mark.marker.line.color for mark in grey.figure.data}


def test_few_answers_are_hollow_and_hidden_ones_absent():
    table, assignment, kpis = company(answers=(120, 20, 60))
    rows = compare(table, assignment, kpis, "S1", "S2")
    chart = comparison_chart(rows, kpis, *SEGMENTS[:2], LIGHT)
    assert chart is not None
    assert LIGHT.card in {mark.marker.color for mark in chart.figure.data}
    table, assignment, kpis = company(answers=(120, 3, 60))
    rows = compare(table, assignment, kpis, "S1", "S2")
    assert "nps" not in [row.key for row in in_sight(rows)]
    numbers = comparison_numbers(rows, kpis, *SEGMENTS[:2]).set_index("What")
    assert numbers.loc["NPS", ["In Guests", "Difference", "Effect size"]].isna().all()


def compared(*verdicts, n=80):
    table, assignment, kpis = company()
    row = compare(table, assignment, kpis, "S1", "S2")[0]
    side = replace(row.first, n=n)
    return [replace(row, verdict=verdict, first=side, second=side) for verdict in verdicts]


@pytest.mark.parametrize(
    ("verdicts", "n", "said"),
    [
        (("formed", "formed"), 80, "Everything here formed the segments, so nothing is left to compare"),
        (
            ("formed", "hidden"),
            80,
            "Everything that can be shown formed the segments, so nothing is left to compare",
        ),
        (
            ("can't tell", "formed"),
            80,
            "“A” and “B” do not differ reliably beside what formed the segments",
        ),
        (("can't tell",), 80, "“A” and “B” do not differ reliably in anything here"),
        (("higher", "formed"), 20, "No difference between “A” and “B” rests on 30 answers yet"),
    ],
)
def test_a_comparison_without_a_finding_says_why(verdicts, n, said):
    rows = compared(*verdicts, n=n)
    assert nothing_apart(rows, "A", "B") == said
    _, _, kpis = company()
    pair = replace(SEGMENTS[0], name="A"), replace(SEGMENTS[1], name="B")
    chart = comparison_chart(rows, kpis, *pair, LIGHT)
    assert chart is not None
    assert chart.alt.startswith(said)
    note = chart.figure.layout.title.text
    assert ("↻" in note, "hollow" in note) == ("formed" in verdicts, n < 30)


def test_long_labels_are_two_lines_and_in_full_under_the_pointer():
    name = "How satisfied are you with the delivery of your last order and with the people at the door"
    label = clipped(name, mark=" ↻")
    assert label.count("<br>") == 1
    assert label.endswith("… ↻")
    assert max(map(len, label.split("<br>"))) <= 34
    assert clipped("Age", mark=" ↻") == "Age ↻"
    assert clipped("x" * 100, 1) == "x" * 33 + "…"
    _, _, kpis = company()
    row = replace(compared("higher")[0], key=name, kind="number", summary="mean", level="")
    chart = comparison_chart([row], kpis, *SEGMENTS[:2], LIGHT)
    assert chart is not None
    assert chart.figure.layout.yaxis.ticktext[0].count("<br>") == 1
    assert all(name in mark.customdata[0] for mark in chart.figure.data if mark.mode == "markers+text")


def test_the_dot_of_a_name_is_hollow_where_all_of_its_dots_are():
    _, _, kpis = company()
    rows = [replace(row, first=replace(row.first, n=90)) for row in compared("higher", n=20)]
    chart = comparison_chart(rows, kpis, *SEGMENTS[:2], LIGHT)
    assert chart is not None
    names = [note.text for note in chart.figure.layout.annotations]
    assert [("◯" in name, "⬤" in name) for name in names] == [(False, True), (True, False)]


def test_wholesale_by_what_formed_its_segments_has_nothing_left_to_compare():
    table = read_here(real_file("wholesale", "Wholesale customers data.csv").read_bytes())
    numbers = tuple(one.name for one in table.columns)
    assignment = replace(by_column(table, "Channel"), dimensions=numbers)
    kpis = measure(table, assignment)
    pair = assignment.segments[:2]
    rows = compare(table, assignment, kpis, *(one.key for one in pair))
    chart = comparison_chart(rows, kpis, *pair, LIGHT)
    assert chart is not None
    assert chart.alt.startswith("Everything here formed the segments, so nothing is left to compare")
