"""Pictures of KPIs say what the table says: same values, colours and order, and nothing that is hidden."""

from math import isnan, nan

import numpy as np
import pandas as pd
import pytest

import segkit
from segkit.charts.frame import HALF
from segkit.charts.kpi_pictures import (
    bubbles,
    difference_colour,
    heat_columns,
    heat_table,
    judged_kpis,
    kpi_numbers,
    ranking,
    tinted,
    treemap,
)
from segkit.charts.palette import BASE_GREY, DARK, LIGHT, STATUS, segment_colour
from segkit.insights.picture_text import (
    heat_title,
    pair_title,
    ranking_title,
    standing,
    treemap_title,
)
from segkit.measures.kpis import Kpi, KpiTable, by_column, find_kpi, measure
from segkit.segments.segmentation import Assignment, Segment
from tests.real_data import real_file
from tests.tables import read_here

NASTY = '<b>x</b> <a href="http://evil.example">y</a>'


def segments(*names: str) -> tuple[Segment, ...]:
    return tuple(Segment(f"S{place + 1}", name, place) for place, name in enumerate(names))


def measured(
    sizes: tuple[int, ...], nps: list[float], revenue: list[float], names=("A", "B", "C", "D"), dimensions=()
) -> tuple[KpiTable, tuple[Segment, ...]]:
    codes = np.repeat(np.arange(len(sizes)), sizes)
    frame = pd.DataFrame({"customer_id": range(len(codes)), "nps": nps, "revenue": revenue})
    customers = segkit.read(frame, roles={"nps": "nps", "revenue": "revenue"})
    some = segments(*names[: len(sizes)])
    assignment = Assignment(some, codes, np.ones(len(codes), np.float32), dimensions)
    return measure(customers, assignment), some


def three() -> tuple[KpiTable, tuple[Segment, ...]]:
    """A is above in both, B below in both, C in between."""
    nps = [10.0] * 45 + [2.0] * 15 + [10.0] * 10 + [3.0] * 50 + [10.0] * 15 + [8.0] * 10 + [4.0] * 15
    revenue = [200.0, 220.0] * 30 + [50.0, 60.0] * 30 + [120.0, 130.0] * 20
    return measured((60, 60, 40), nps, revenue)


def with_few() -> tuple[KpiTable, tuple[Segment, ...]]:
    """C has 12 answers, D too few to be shown, and B is large."""
    nps = [10.0] * 50 + [2.0] * 60 + [10.0] * 20 + [5.0] * 2
    return measured((50, 60, 20, 2), nps, [float(place % 7) for place in range(132)])


def bubbles_of(chart):
    """The marks that answer the pointer, without the crosses above them."""
    return [mark for mark in chart.figure.data if mark.hoverinfo != "skip"]


def words(text: str) -> str:
    return text.replace("\u202f", " ")


def test_titles_state_the_highest_and_the_lowest_against_the_rest():
    table, _ = three()
    apart = table.differences["S1", "nps"], table.differences["S2", "nps"]
    assert apart == pytest.approx((50 - 100 * (25 - 65) / 100, 100 * (10 - 50) / 60 - 30))
    assert ranking_title(table, "nps") == (
        "“A” has the highest NPS, 50 (90 points above the rest); "
        "“B” the lowest, −67 (97 points below the rest)"
    )
    assert pair_title(table, "nps", "revenue") == (
        "“A” is above the rest in both NPS and revenue per customer"
    )
    assert words(treemap_title(table, "nps")) == (
        "38 % of customers are in segments above the rest in NPS, 38 % in segments below"
    )
    assert heat_title(table, ("nps", "revenue")) == (
        "“A” is better than the rest in 2 of 2 KPIs; “B” worse in 2"
    )


def test_without_a_reliable_difference_titles_say_so():
    table, _ = measured((40, 40), [10.0, 2.0] * 40, [5.0, 6.0] * 40)
    for title in (
        ranking_title(table, "nps"),
        treemap_title(table, "nps"),
        pair_title(table, "nps", "revenue"),
    ):
        assert "can't tell the segments apart" in title
    both = "No segment differs reliably from the others in these KPIs"
    assert heat_title(table, ("nps", "revenue")) == both
    assert heat_title(table, ("nps",)) == ranking_title(table, "nps")


def test_what_formed_the_segments_is_not_compared():
    nps = [10.0] * 40 + [2.0] * 40
    table, some = measured((40, 40), nps, [5.0, 6.0] * 40, dimensions=("nps",))
    assert ranking_title(table, "nps") == "NPS formed the segments, so it is not compared"
    chart = heat_table(table, some, LIGHT, ("nps",))
    assert chart is not None
    cells = chart.figure.data[1]
    assert all("↻" in text for text in cells.text)
    assert set(cells.marker.color) == {LIGHT.gridline}


def test_standing_is_an_index_on_ratio_scales_and_points_elsewhere():
    table, _ = three()
    base = table.find("all", "revenue").value
    assert standing(table, table.find("S1", "revenue")).text == f"index {round(100 * 210 / base)}"
    nps = table.find("S1", "nps").value - table.find("all", "nps").value
    assert standing(table, table.find("S1", "nps")).text == f"+{round(nps)} points"
    share = standing(table, table.find("S2", "revenue_share"))
    assert share.text.startswith("−")
    assert share.reach < 0
    assert standing(table, table.find("S1", "nps")).reach == min(1, nps / 50)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_heat_table_writes_value_mark_and_index_and_colours_the_reliable_ones(theme):
    table, some = three()
    chart = heat_table(table, some, theme, ("nps", "revenue"))
    assert chart is not None
    swatch, cells = chart.figure.data
    assert list(swatch.marker.color) == [segment_colour(place) for place in range(3)]
    assert [text.split("</b>")[0] for text in cells.text[:3]] == ["<b>50 ▲", "<b>−67 ▼", "<b>0 ≈"]
    assert list(cells.y) == [0, 1, 2] * 2
    assert [round(one) for one in cells.base] == [0, 0, 0, 1, 1, 1]
    assert cells.marker.color[0] == tinted(STATUS.better, theme, 1.0)
    assert cells.marker.color[1] == tinted(STATUS.worse, theme, 1.0)
    assert cells.marker.color[2] == theme.gridline
    assert "all: −6" in chart.figure.layout.annotations[0].text


def test_a_cost_above_the_rest_is_worse_and_a_kpi_without_a_good_side_neither():
    worse = difference_colour(-1, above=True, strength=1.0, theme=LIGHT)
    assert worse == tinted(STATUS.worse, LIGHT, 1.0)
    assert difference_colour(-1, above=False, strength=1.0, theme=LIGHT) == tinted(STATUS.better, LIGHT, 1.0)
    assert difference_colour(0, above=True, strength=1.0, theme=LIGHT) == tinted(LIGHT.accent, LIGHT, 1.0)


def test_ranking_is_sorted_with_few_answers_hollow_and_last():
    nps = [10.0] * 50 + [2.0] * 60 + [10.0] * 20
    table, some = measured((50, 60, 20), nps, [float(place % 7) for place in range(130)])
    chart = ranking(table, some, LIGHT, "nps")
    assert list(chart.figure.layout.yaxis.ticktext) == ["A", "B", "C"]  # C has 20 answers of 10
    assert [dot.x[0] for dot in chart.figure.data] == [100, -100, 100]
    assert chart.figure.data[2].marker.color == LIGHT.card
    assert chart.figure.data[0].marker.color == segment_colour(0)
    assert chart.figure.layout.shapes[0].x0 == table.find("all", "nps").value
    for dot, key in zip(chart.figure.data, ("S1", "S2", "S3"), strict=True):
        row = table.find(key, "nps")
        assert dot.x[0] + dot.error_x.array[0] == pytest.approx(row.high)
        assert dot.x[0] - dot.error_x.arrayminus[0] == pytest.approx(row.low)


def test_what_is_held_back_is_in_no_figure_and_no_table():
    table, some = with_few()
    hidden = [row.segment for row in table.of("nps") if row.verdict == "hidden"]
    assert hidden == ["S3", "S4"]
    sorted_one, pair = ranking(table, some, LIGHT, "nps"), bubbles(table, some, LIGHT, ("nps", "revenue"))
    assert pair is not None
    assert [dot.x[0] for dot in sorted_one.figure.data] == [100, -100]
    assert len(bubbles_of(pair)) == 2
    assert "not shown: “C” and “D”" in pair.figure.layout.title.text
    heat = heat_table(table, some, LIGHT, ("nps",))
    assert heat is not None
    cells = heat.figure.data[1]
    assert [("not shown" in text) for text in cells.text] == [False, False, True, True]
    assert list(cells.marker.pattern.shape) == ["", "", "/", "/"]
    assert all("answer" not in text or "fewer than 5" in text for text in cells.customdata[2:])
    tiles = treemap(table, some, LIGHT, "nps").figure.data[0]
    assert ["not shown" in text for text in tiles.text] == [False, False, True, True]
    numbers = kpi_numbers(table, ("nps",)).set_index("Segment")
    blank = numbers.loc[["C", "D"], ["Value", "Low (95 %)", "High (95 %)", "Answers", "Coverage (%)"]]
    assert blank.isna().all().all()


def test_treemap_areas_are_customers():
    table, some = three()
    chart = treemap(table, some, LIGHT, "nps")
    tiles = chart.figure.data[0]
    assert list(tiles.values) == [60, 60, 40]
    assert "38 % of customers" in words(tiles.text[0])
    assert "50 ▲" in tiles.text[0]


def test_bubbles_are_as_large_as_their_customers_and_out_of_focus_is_grey():
    table, some = three()
    faded = (some[0], *(Segment(one.key, one.name, -1) for one in some[1:]))
    chart = bubbles(table, faded, LIGHT, ("nps", "revenue"))
    assert chart is not None
    areas = {dot.x[0]: dot.marker.size**2 for dot in bubbles_of(chart)}
    values = [table.find(f"S{place}", "nps").value for place in (1, 2, 3)]
    assert areas[values[2]] / areas[values[0]] == pytest.approx(40 / 60)
    lines = [dot.marker.line.color for dot in bubbles_of(chart)]
    assert sorted(lines) == sorted([segment_colour(0), BASE_GREY, BASE_GREY])
    bases = [(shape.x0, shape.y0) for shape in chart.figure.layout.shapes]
    assert bases == [(table.find("all", "nps").value, 0), (0, table.find("all", "revenue").value)]


def test_labels_of_bubbles_do_not_cover_each_other():
    rng = np.random.default_rng(2)
    count = 9
    codes = np.repeat(np.arange(count), 60)
    frame = pd.DataFrame(
        {
            "customer_id": range(len(codes)),
            "nps": np.clip(np.round(rng.normal(7, 2, len(codes))), 0, 10),
            "revenue": rng.normal(100, 5, len(codes)),
        }
    )
    some = segments(*(f"Segment with a name {place}" for place in range(count)))
    table = measure(segkit.read(frame), Assignment(some, codes, np.ones(len(codes), np.float32)))
    chart = bubbles(table, some, LIGHT, ("nps", "revenue"))
    assert chart is not None
    layout = chart.figure.layout
    boxes = []
    for note in layout.annotations[:count]:
        x = 1060 * (note.x - layout.xaxis.range[0]) / (layout.xaxis.range[1] - layout.xaxis.range[0])
        y = 380 * (note.y - layout.yaxis.range[0]) / (layout.yaxis.range[1] - layout.yaxis.range[0])
        boxes.append((x + note.xshift, y + note.yshift))
    wide, high = 7.6 * len("Segment with a name 0"), 19
    overlaps = [
        (one, other)
        for place, one in enumerate(boxes)
        for other in boxes[:place]
        if abs(one[0] - other[0]) < wide - 1 and abs(one[1] - other[1]) < high - 1
    ]
    assert not overlaps


def box_of(note, layout):
    """Left, right, bottom and top of a name on a full card, in px."""
    x = 1060 * (note.x - layout.xaxis.range[0]) / (layout.xaxis.range[1] - layout.xaxis.range[0])
    y = 380 * (note.y - layout.yaxis.range[0]) / (layout.yaxis.range[1] - layout.yaxis.range[0])
    wide = 7.6 * len(note.text.removeprefix("<b>").removesuffix("</b>")) / 2
    return x + note.xshift - wide, x + note.xshift + wide, y + note.yshift - 9.5, y + note.yshift + 9.5


def test_a_name_leaves_the_words_and_lines_of_everyone_and_all_crosses_free():
    nps = [10.0] * 50 + [2.0] * 10 + [10.0] * 24 + [7.0] * 36
    table, some = measured((60, 60), nps, [100.0, 120.0] * 60, names=("Regulars", "Guests"))
    chart = bubbles(table, some, LIGHT, ("nps", "revenue"))
    assert chart is not None
    layout, base = chart.figure.layout, table.find("all", "revenue")
    up = 380 * (base.value - layout.yaxis.range[0]) / (layout.yaxis.range[1] - layout.yaxis.range[0])
    across = 1060 * (table.find("all", "nps").value - layout.xaxis.range[0])
    across /= layout.xaxis.range[1] - layout.xaxis.range[0]
    for note in layout.annotations[:2]:
        left, right, bottom, top = box_of(note, layout)
        assert right < 1060 - 7.6 * len("everyone: 110") or top < up or bottom > up + 19
        assert not bottom < up < top
        assert not left < across < right
        row = table.find("S1" if "Regulars" in note.text else "S2", "nps")
        x = 1060 * (row.value - layout.xaxis.range[0]) / (layout.xaxis.range[1] - layout.xaxis.range[0])
        assert not left < x < right  # the arm up and down is longer than the bubble


def test_crosses_are_drawn_above_every_bubble():
    table, some = three()
    chart = bubbles(table, some, LIGHT, ("nps", "revenue"))
    assert chart is not None
    kinds = ["cross" if mark.hoverinfo == "skip" else "bubble" for mark in chart.figure.data]
    assert kinds == ["bubble"] * 3 + ["cross"] * 3
    for mark in chart.figure.data[3:]:
        row = next(one for one in table.of("nps") if one.value == mark.x[0])
        assert mark.x[0] + mark.error_x.array[0] == pytest.approx(row.high)
        assert mark.x[0] - mark.error_x.arrayminus[0] == pytest.approx(row.low)


def test_numbers_are_those_of_the_table():
    table, _ = three()
    numbers = kpi_numbers(table, ("nps", "revenue_share"))
    assert list(numbers["Segment"][:4]) == ["A", "C", "B", "Everyone"]
    for _, line in numbers.iterrows():
        key = "nps" if line["KPI"] == "NPS" else "revenue_share"
        row = next(one for one in table.of(key) if one.segment_name == line["Segment"])
        factor = 100 if key == "revenue_share" else 1
        assert line["Value"] == pytest.approx(factor * row.value)
        assert isnan(line["Low (95 %)"]) == isnan(row.low)


def test_half_a_page_has_room_for_four_kpis():
    table, some = three()
    assert heat_columns(table) == ("nps", "revenue", "revenue_share")
    assert heat_columns(table, 2) == ("nps", "revenue_share")
    chart = heat_table(table, some, LIGHT, ("nps",) * 5, HALF)
    assert chart is not None
    assert len(chart.figure.data[1].x) == 4 * 3


def test_names_from_files_are_literal():
    nps = [10.0] * 60 + [2.0] * 60
    table, some = measured((60, 60), nps, [1.0, 2.0] * 60, names=(NASTY, "B"))
    for chart in (
        treemap(table, some, LIGHT, "nps"),
        ranking(table, some, LIGHT, "nps"),
        heat_table(table, some, LIGHT),
        bubbles(table, some, LIGHT, ("nps", "revenue")),
    ):
        assert chart is not None
        text = chart.figure.to_json().encode().decode("unicode_escape")
        assert "<b>x</b>" not in text
        assert "<a href" not in text
        assert NASTY in chart.alt


def test_only_sizes_still_give_a_picture():
    customers = segkit.read(pd.DataFrame({"customer_id": range(60), "plan": ["a", "b"] * 30}))
    some = segments("A", "B")
    table = measure(customers, Assignment(some, np.arange(60) % 2, np.ones(60, np.float32)))
    assert heat_table(table, some, LIGHT) is None
    assert judged_kpis(table) == ()
    chart = treemap(table, some, LIGHT, "share")
    title = chart.figure.layout.title.text
    assert title.startswith("<b>Share of customers")
    assert not any(colour in title for colour in ("green", "red", "violet", "dark", "pale"))
    assert words(chart.figure.data[0].text[0]).count("50 %") == 1


def test_a_treemap_explains_the_colours_it_has():
    table, some = three()
    assert judged_kpis(table) == ("nps", "revenue", "revenue_share")
    title = treemap(table, some, LIGHT, "nps").figure.layout.title.text
    for said in ("green: better than the rest", "red: worse than the rest", "pale: can’t tell"):
        assert said in title
    formed, some = measured((40, 40), [10.0] * 40 + [2.0] * 40, [5.0, 6.0] * 40, dimensions=("nps",))
    assert judged_kpis(formed) == ("revenue", "revenue_share")
    title = treemap(formed, some, LIGHT, "nps").figure.layout.title.text
    assert "green" not in title
    assert "pale" not in title


# --- the title of the heat table --------------------------------------------------------------------------


def judged(**verdicts: str) -> KpiTable:
    """A table of segments with one sign a KPI (csat, nps, retention, revenue): "+" better, "-" worse, "0"."""
    kpis, apart = ("csat", "nps", "retention", "revenue"), (1.0, 30.0, 0.2, 40.0)
    units, middle = ("points 1..5", "", "", "money per customer"), (3.0, 10.0, 0.7, 100.0)
    named = {"+": "higher", "-": "lower", "0": "can't tell"}
    rows, differences = [], {}
    for place, kpi in enumerate(kpis):
        for name, signs in verdicts.items():
            sign = {"+": 1, "-": -1, "0": 0}[signs[place]]
            differences[name, kpi] = sign * apart[place]
            value = middle[place] + sign * apart[place]
            rows.append(Kpi(name, name, kpi, value, nan, nan, 90, 1.0, named[signs[place]], units[place]))
    return KpiTable(tuple(rows), differences, {}, tuple(find_kpi(kpi) for kpi in kpis))


ALL = ("csat", "nps", "retention", "revenue")


def test_who_is_better_is_also_said_to_be_worse():
    assert heat_title(judged(A="+++-", B="---+", C="0000"), ALL) == (
        "“A” is better than the rest in 3 of 4 KPIs and worse in 1; “B” worse in 3 and better in 1"
    )
    assert heat_title(judged(A="++00", B="++-0"), ALL) == "“A” is better than the rest in 2 of 4 KPIs"
    assert heat_title(judged(A="0000", B="--0+"), ALL) == (
        "“B” is worse than the rest in 2 of 4 KPIs and better in 1"
    )


def test_equals_are_told_apart_by_the_size_of_their_differences_and_not_by_their_order():
    for names in (("A", "B"), ("B", "A")):
        table = judged(**{name: {"A": "++00", "B": "0+0+"}[name] for name in names})
        assert (
            heat_title(table, ALL) == "“B” is better than the rest in 2 of 4 KPIs"
        )  # 15 + 29 over 25 + 15 %


def test_one_lead_each_is_told_by_the_clearest_kpi():
    table = judged(A="00-+", B="00+-")
    assert heat_title(table, ("retention", "revenue")) == ranking_title(table, "revenue")
    assert heat_title(table, ("retention",)) == ranking_title(table, "retention")


def test_one_test_counts_once_and_telco_by_contract_is_told_by_retention():
    table, _ = three()
    assert heat_title(table, ("nps", "revenue", "revenue_share")) == (
        "“A” is better than the rest in 2 of 2 KPIs; “B” worse in 2"
    )
    customers = read_here(real_file("telco_churn", "Telco-Customer-Churn.csv").read_bytes())
    telco = measure(customers, by_column(customers, "Contract"))
    title = words(heat_title(telco, heat_columns(telco)))
    assert title == words(ranking_title(telco, "retention"))
    assert title.startswith("“Two year” has the highest retention, 97 %")
    assert title.endswith("“Month-to-month” the lowest, 57 % (36 points below the rest)")


def test_a_difference_of_months_has_its_unit():
    customers = segkit.read(
        pd.DataFrame({"signup_date": ["2020-01-01"] * 40 + ["2024-01-01"] * 40, "visits": range(80)})
    )
    some = segments("A", "B")
    table = measure(customers, Assignment(some, np.repeat([0, 1], 40), np.ones(80, np.float32)))
    assert "(48.00 months above the rest)" in ranking_title(table, "tenure")
