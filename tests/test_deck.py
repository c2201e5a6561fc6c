"""Slides say what the story says: the same numbers, in charts that can be edited, and nothing that is hidden.

What fits is told by the same estimate that lays slides out, asked again of the finished file; that renderers
agree is seen by LibreOffice, which opens the hardest deck.
"""

import io
import re
import subprocess
import zipfile
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from math import isnan, nan
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches

import segkit
from segkit.charts.palette import BASE_GREY, segment_colour
from segkit.errors import SegkitError
from segkit.exports.deck import UnusableTemplate, deck, opened_template
from segkit.exports.deck.bars import number_format
from segkit.exports.deck.canvas import canvas
from segkit.exports.deck.house import house_presentation
from segkit.exports.deck.letters import Letters, line_height
from segkit.insights.edition import edition
from segkit.insights.story.blocks import Bar, Bars, Grid, Lines
from segkit.insights.story.pages import Page
from segkit.insights.story.telling import Story, story
from segkit.measures.kpis import by_column
from segkit.segments.segmentation import Assignment
from tests.tables import read_here, xlsx_bytes

approx = partial(pytest.approx, rel=1e-12, abs=1e-12)  # a workbook holds 16 digits
ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample" / "customers.csv"
TOLD = ("cover", "sizes", "overview", "kpi:nps", "profile:S1", "profile:S2", "priorities", "next")
LONG = ("Convenience seekers with large households and two cars, town",
        "Price-conscious discount buyers who never come back to us 12",
        "Novelty seekers, frequent visitors of every shop that we have",
        "B" * 60)  # fmt: skip
TURNED = ("عملاء يبحثون عن الراحة وأسر كبيرة", "לקוחות חסכנים שמחפשים הנחות", "زوار متكررون", "עסקים")
WIDE = ("便利さを求める大家族の顧客セグメント", "価格に敏感な割引購入者のグループ、とても長い名前の例です",
        "新しいもの好き", "ビジネスアカウント 🎉")  # fmt: skip
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script> & \u202egpj.exe",
    "http://evil.example/x.png",
    "N" * 300,
)


@dataclass(frozen=True)
class Known:
    """A segmentation of the sample, made once."""

    customers: segkit.Customers
    segmentation: segkit.Segmentation
    assignment: Assignment


@cache
def sample() -> Known:
    customers = read_here(SAMPLE.read_bytes())
    segmentation = segkit.segment(customers, segkit.Plan(n_segments=4))
    return Known(customers, segmentation, segmentation.assign(customers))


@cache
def everything(names: tuple[str, ...] = (), table: str = "Customers 2026") -> Story:
    """All pages of the story of the sample, its segments under other names."""
    known = sample()
    assignment = known.assignment
    if names:
        pairs = zip(assignment.segments, names, strict=True)
        assignment = replace(assignment, segments=tuple(replace(one, name=name) for one, name in pairs))
    kpis = segkit.measure(known.customers, assignment)
    about = edition(known.customers, known.segmentation, len(known.customers), len(known.customers), table)
    return story(known.customers, assignment, kpis, about)


@cache
def told(names: tuple[str, ...] = (), table: str = "Customers 2026") -> Story:
    """The pages that are usually told."""
    return everything(names, table).arranged(None)


@cache
def some(names: tuple[str, ...], table: str = "Customers 2026") -> Story:
    """A page of each kind."""
    whole = told(names, table)
    return replace(whole, pages=tuple(page for page in whole.pages if page.key in TOLD))


@cache
def short() -> Story:
    """Cover, sizes and a KPI."""
    return replace(told(), pages=(*told().pages[:2], told().pages[4]))


@cache
def many(count: int = 20) -> Story:
    """A story of many groups, one of them with three answers, which are hidden."""
    rows = [(group, place) for group in range(count) for place in range(40)]
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{place}" for place in range(len(rows))],
            "region": [f"Region {group:02d} of the northern and the eastern part" for group, _ in rows],
            "nps": [(7 * group + 3 * place) % 11 if group or place < 3 else None for group, place in rows],
            "revenue": [10.0 + group + place / 7 for group, place in rows],
        }
    )
    customers = segkit.read(frame, roles={"nps": "nps", "revenue": "revenue"}, kinds={"region": "text"})
    assignment = by_column(customers, "region")
    made = story(customers, assignment, segkit.measure(customers, assignment), told().edition)
    keep = (*TOLD, "kpi:revenue", made.pages[-5].key)
    return replace(made, pages=tuple(page for page in made.pages if page.key in keep))


@cache
def only_sizes() -> Story:
    known = sample()
    bare = told()
    pages = [page for page in bare.pages if page.key in ("cover", "sizes")]
    few = replace(bare.kpis, rows=tuple(row for row in bare.kpis.rows if row.kpi in ("size", "share")))
    return replace(bare, pages=tuple(pages), kpis=few, segments=known.assignment.segments)


@cache
def drawn(made: Any, *of: Any) -> bytes:
    return deck(made(*of))


def opened(data: bytes) -> Any:
    return Presentation(io.BytesIO(data))


def charts(slide: Any) -> list[Any]:
    return [shape for shape in slide.shapes if shape.has_chart]


def tables(slide: Any) -> list[Any]:
    return [shape for shape in slide.shapes if shape.has_table]


def book(chart: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))


def cells(chart: Any) -> list[list[Any]]:
    """The workbook behind a chart, head first, always six columns wide."""
    rows = [[cell.value for cell in row] for row in book(chart)["Sheet1"].iter_rows()]
    return [row + [None] * (6 - len(row)) for row in rows]


def slides_of(told_of: Story, data: bytes, key: str) -> list[Any]:
    """The slides of a page: the first, and those that continue it."""
    found: list[list[Any]] = []
    for slide in opened(data).slides:
        if slide.shapes.title.text_frame.text.endswith("(continued)"):
            found[-1].append(slide)
        else:
            found.append([slide])
    return found[[page.key for page in told_of.pages].index(key)]


def notes(slide: Any) -> list[str]:
    return [paragraph.text for paragraph in slide.notes_slide.notes_text_frame.paragraphs]


def all_text(slide: Any) -> str:
    parts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    parts += [cell.text for shape in tables(slide) for row in shape.table.rows for cell in row.cells]
    return "\n".join(parts)


# --- numbers ----------------------------------------------------------------------------------------


def test_there_is_a_slide_a_page_and_then_how_to_read_them():
    usual = told().arranged(None)
    assert [slide.shapes.title.text_frame.text for slide in opened(deck(usual)).slides] == [
        *(page.title for page in usual.pages),
        "How to read this",
        "What the numbers mean",
    ]


def test_every_kpi_in_a_chart_is_that_of_the_table():
    told_of, kpi_pages = everything(), 0
    slides = list(opened(drawn(everything)).slides)
    for page, slide in zip(told_of.pages, slides, strict=False):
        if not page.key.startswith("kpi:"):
            continue
        kpi_pages += 1
        key = page.key.removeprefix("kpi:")
        (chart,) = [one.chart for one in charts(slide)]
        rows = cells(chart)[1:]
        share = told_of.kpis.definition(key).share_of
        expected = [told_of.kpis.find(one.key, key) for one in told_of.segments]
        expected += [] if share else [told_of.kpis.find("all", key)]
        assert [row[0] for row in rows] == [
            *(one.name for one in told_of.segments),
            *([] if share else ["Everyone"]),
        ]
        assert [row[1] for row in rows] == approx([one.value for one in expected])
        for row, one in zip(rows, expected[: len(told_of.segments)], strict=False):
            assert row[2:4] == approx([one.low, one.high])
            assert row[4:] == approx([one.value - one.low, one.high - one.value])
        (series,) = chart.plots[0].series
        assert list(series.values) == [one.value for one in expected]
        lengths = {
            side: [float(v.text) for v in series._element.findall(f".//{qn(side)}//{qn('c:v')}")]
            for side in ("c:minus", "c:plus")
        }
        assert lengths["c:minus"] == [one.value - one.low for one in expected[: len(told_of.segments)]]
        assert lengths["c:plus"] == [one.high - one.value for one in expected[: len(told_of.segments)]]
    assert kpi_pages == len([one for one in told_of.kpis.definitions if one.needs]) > 8


def test_bars_have_the_colours_of_their_segments():
    told_of = told()
    expected = [segment_colour(one.colour)[1:] for one in told_of.segments]
    for page, slide in zip(told_of.pages, opened(drawn(told)).slides, strict=False):
        if page.key == "sizes" or page.key.startswith("kpi:"):
            (series,) = charts(slide)[0].chart.plots[0].series
            found = [
                str(series.points[place].format.fill.fore_color.rgb) for place in range(len(series.values))
            ]
            assert found[: len(expected)] == expected
            assert found[len(expected) :] in ([], [BASE_GREY[1:]])
    (priorities,) = [one for one in told_of.pages if one.key == "priorities"]
    slide = slides_of(told(), drawn(told), "priorities")[0]
    (series,) = charts(slide)[0].chart.plots[0].series
    assert [str(point.format.fill.fore_color.rgb) for point in map(series.points.__getitem__, range(4))] == [
        segment_colour(row.colour)[1:] for row in priorities.blocks[0].rows
    ]


def test_what_is_hidden_is_nowhere_in_the_file():
    told_of = many()
    hidden = told_of.kpis.find(told_of.segments[0].key, "nps")
    page = next(one for one in told_of.pages if one.key == "kpi:nps")
    row = next(one for one in page.blocks[0].rows if one.label == hidden.segment_name)
    assert hidden.verdict == "hidden"
    assert isnan(row.value)
    slides = slides_of(told_of, drawn(many), "kpi:nps")
    chart = charts(slides[0])[0].chart
    place = [line[0] for line in cells(chart)].index(hidden.segment_name)
    assert cells(chart)[place] == [hidden.segment_name, None, None, None, None, None]
    (series,) = chart.plots[0].series
    points = series._element.findall(f"{qn('c:val')}//{qn('c:pt')}")
    assert series.values[place - 1] is None
    assert str(place - 1) not in [point.get("idx") for point in points]
    assert len(points) == len(series.values) - sum(
        one.verdict == "hidden" for one in told_of.kpis.of("nps")[:10]
    )
    assert "Not shown" in all_text(slides[0])


def test_a_table_says_what_its_grid_says_and_continues_where_it_has_no_room():
    for made, parts in ((told, 1), (many, 2)):
        page = next(one for one in made().pages if one.key == "overview")
        slides = slides_of(made(), drawn(made), "overview")
        assert len(slides) == parts
        rows = []
        for slide in slides:
            (table,) = [one.table for one in tables(slide)]
            lines = [tuple(cell.text.replace("\u00a0", " ") for cell in row.cells) for row in table.rows]
            assert table.first_row
            assert lines[0] == page.blocks[0].head
            rows += lines[1:]
        assert tuple(rows) == page.blocks[0].rows


def test_bars_on_several_slides_are_all_there_once_on_the_same_scale():
    page = next(one for one in many().pages if one.key == "kpi:revenue")
    slides = slides_of(many(), drawn(many), "kpi:revenue")
    assert len(slides) == 2
    both = [charts(slide)[0].chart for slide in slides]
    labels = [[row[0] for row in cells(chart)[1:]] for chart in both]
    assert [one[-1] for one in labels] == ["Everyone", "Everyone"]
    assert labels[0][:-1] + labels[1][:-1] == [row.label for row in page.blocks[0].rows]
    ends = [(chart.value_axis.minimum_scale, chart.value_axis.maximum_scale) for chart in both]
    assert ends[0] == ends[1]


def test_beside_the_bars_stand_interval_and_verdict_in_the_same_order():
    page = next(one for one in told().pages if one.key == "kpi:nps")
    (slide,) = slides_of(told(), drawn(told), page.key)
    (shape,) = tables(slide)
    rows = [[cell.text.replace("\u00a0", " ") for cell in row.cells] for row in shape.table.rows][1:]
    assert [row[1] for row in rows] == [*(row.note for row in page.blocks[0].rows), ""]
    nps = told().kpis.find("S4", "nps")
    assert rows[3][0] == f"{nps.low:.0f} to {nps.high:.0f}"
    chart = charts(slide)[0]
    head, *heights = [row.height for row in shape.table.rows]
    assert abs(shape.top + head - chart.top) < 5
    assert max(heights) - min(heights) < 5
    assert abs(sum(heights) - chart.height) < 50


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("38\u202f%", 0.3841, '0"\u202f"%'),
        ("4.6\u202f%", 0.0456, '0.0"\u202f"%'),
        ("−24", -23.88, "#,##0"),
        ("3.61", 3.608, "#,##0.00"),
        ("EUR\u202f1,204", 1203.9, '"EUR\u202f"#,##0'),
        ("1,975, 40\u202f%", 1975.0, '#,##0", 40\u202f%"'),
        ("4.07, everyone 3.43", 0.69, ""),
        ("not shown", nan, ""),
    ],
)
def test_a_label_is_written_by_a_number_format_as_on_the_pages(text, value, code):
    found = number_format(Bar("a", value, text=text))
    assert found.partition(";")[0] == code
    assert ("−" in found) == bool(code)


def test_labels_stand_beyond_the_end_of_their_interval():
    rows = (Bar("a", 10.0, 5.0, 30.0, "10"), Bar("b", 20.0, 19.0, 21.0, "20"), Bar("c", 12.0, text="12"))
    page = Page("x", "x", "Title", "", (Bars(rows, "Things", "count"),))
    slide = opened(deck(replace(told(), pages=(page,)))).slides[0]
    labels = charts(slide)[0].chart._chartSpace.findall(f".//{qn('c:dLbl')}")
    moved = [float(one.find(f".//{qn('c:x')}").get("val")) for one in labels]
    assert moved[0] - moved[2] == pytest.approx(20 * (moved[1] - moved[2]), abs=1e-3)
    assert moved[1] > moved[2] > 0


def test_few_answers_are_hollow_and_said_to_be_indicative():
    rows = (Bar("a", 10.0, text="10", colour=0, few=True), Bar("b", 20.0, text="20", colour=1))
    slide = opened(
        deck(replace(told(), pages=(Page("x", "x", "T", "", (Bars(rows, "N", "count"),)),)))
    ).slides[0]
    (series,) = charts(slide)[0].chart.plots[0].series
    assert series.points[0].format.fill.fore_color.theme_color == MSO_THEME_COLOR.BACKGROUND_1
    assert str(series.points[1].format.fill.fore_color.rgb) == segment_colour(1)[1:]
    assert str(series.points[0].format.line.fill.fore_color.rgb) == segment_colour(0)[1:]
    assert "indicative" in all_text(slide)


# --- words ------------------------------------------------------------------------------------------


def test_notes_say_first_what_a_person_wrote_then_what_the_data_say_then_the_rest():
    first = told().pages[4]
    page = replace(first, title="Our own title", finding=first.title, said="Pause here.\nThen go on.")
    data = deck(replace(told(), pages=(page,)))
    slide = opened(data).slides[0]
    assert notes(slide) == [
        "Pause here.",
        "Then go on.",
        "",
        f"The data say: {first.title}",
        "",
        *first.notes,
        "",
        told().edition.line,
    ]


def test_every_slide_has_its_number_and_says_what_it_is_about():
    for place, slide in enumerate(opened(drawn(told)).slides, start=1):
        fields = slide._element.findall(f".//{qn('a:fld')}")
        assert [(one.get("type"), one.find(qn("a:t")).text) for one in fields] == [("slidenum", str(place))]
        assert any(
            shape.has_text_frame and shape.text_frame.text == told().edition.line for shape in slide.shapes
        )


def test_the_cover_has_headline_and_facts_and_the_last_slides_how_to_read():
    slides = list(opened(drawn(told)).slides)
    cover = all_text(slides[0])
    assert told().pages[0].subtitle in cover
    assert all(f"{label}: {text}" in cover for label, text in told().edition.facts)
    assert all(f"{label}: {text}" in all_text(slides[-2]) for label, text in told().edition.facts)
    rows = [[cell.text for cell in row.cells] for row in tables(slides[-1])[0].table.rows]
    nps = told().kpis.definition("nps")
    assert [nps.label, nps.help, nps.formula, nps.source] in rows


def test_charts_and_tables_are_told_in_words():
    for slide in opened(drawn(told)).slides:
        for shape in [*charts(slide), *tables(slide)]:
            words = shape._element.nvGraphicFramePr.cNvPr.get("descr")
            assert words
            if shape.has_chart:
                title = slide.shapes.title.text_frame.text.rstrip(".")
                assert words.startswith(title)
                assert all(row[0] in words for row in cells(shape.chart)[1:])


def test_the_value_of_everyone_is_told():
    page = next(one for one in told().pages if one.key == "kpi:csat")
    chart = charts(slides_of(told(), drawn(told), page.key)[0])[0].chart
    assert list(chart.plots[0].categories)[-1] == "Everyone"
    assert chart.plots[0].series[0].values[-1] == page.blocks[0].everyone


def test_lines_are_text_that_can_be_edited():
    pages = (Page("b", "b", "Lines", "", (Lines("About", ("One: two",)),)),)
    slides = opened(deck(replace(told(), pages=pages))).slides
    body = next(shape for shape in slides[0].placeholders if shape.placeholder_format.idx == 1)
    assert body.text_frame.text == "About\nOne: two"


def test_a_page_without_blocks_has_its_title():
    page = Page("next", "Next", "Nothing calls for action yet", "People decide what", ())
    slide = opened(deck(replace(told(), pages=(page,)))).slides[0]
    assert slide.shapes.title.text_frame.text == page.title
    assert page.subtitle in all_text(slide)


def test_text_that_runs_from_right_to_left_says_so():
    turned = re.compile("[\u0590-\u06ff]")
    seen = 0
    for slide in opened(drawn(some, TURNED)).slides:
        for shape in tables(slide):
            for row in shape.table.rows:
                name = row.cells[0].text
                if name in TURNED:
                    seen += 1
                    assert row.cells[0].text_frame.paragraphs[0]._p.pPr.get("rtl") == "1"
        title = slide.shapes.title.text_frame
        if not turned.match(title.text):
            assert title.paragraphs[0]._p.pPr.get("rtl") is None
    assert seen >= 4


@pytest.mark.parametrize("made", [(told,), (some, HOSTILE, HOSTILE[1])], ids=["plain", "hostile"])
def test_nothing_in_the_file_runs_links_or_asks_for_anything(made):
    data = drawn(*made)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            assert b'TargetMode="External"' not in content, name
            assert b"hlinkClick" not in content, name
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(content)) as inside:
                    assert "xl/sharedStrings.xml" in inside.namelist()
                    sheet = inside.read("xl/worksheets/sheet1.xml")
                    assert b"<f>" not in sheet
                    assert b"hyperlink" not in sheet
                    assert not [one for one in inside.namelist() if "external" in one.lower()]


def test_hostile_names_are_literal():
    titles = [slide.shapes.title.text_frame.text for slide in opened(drawn(some, HOSTILE, HOSTILE[1])).slides]
    assert titles[0] == "Customer segments: <script>alert(1)</script> & gpj.exe"
    sizes = opened(drawn(some, HOSTILE, HOSTILE[1])).slides[1]
    rows = cells(charts(sizes)[0].chart)[1:]
    assert [row[0] for row in rows] == [HOSTILE[0], "<script>alert(1)</script> & gpj.exe", *HOSTILE[2:]]
    assert any("N" * 300 in line for line in notes(sizes))


def test_what_cannot_be_in_xml_does_no_harm():
    nasty = "a\x00b\x0bc\ud800d\ufffee_x000B_"
    rows = (Bar(nasty, 1.0, text="1", note=nasty), Bar("b", 2.0, text=f"2{nasty}"))
    blocks = (Bars(rows, nasty, "count"), Grid((nasty, "x"), ((nasty, nasty),)), Lines(nasty, (nasty,)))
    page = Page("x", nasty, nasty, nasty, blocks, (nasty,), said=nasty, finding=nasty)
    about = replace(told().edition, table=nasty)
    slides = opened(deck(replace(told(), pages=(page,), edition=about))).slides
    assert slides[0].shapes.title.text_frame.text == "abcde_x000B_"
    assert cells(charts(slides[0])[0].chart)[1][0] == "abcde_x000B_"


# --- what fits --------------------------------------------------------------------------------------


def test_widths_are_those_of_arial_and_east_asian_letters_fill_a_square():
    arial = 0.722 + 0.556 + 2 * 0.222 + 0.556
    assert arial * 10 <= Letters().width("Hello", 10) <= arial * 10 * 1.05
    assert Letters().width("Hello", 10, bold=True) > Letters().width("Hello", 10) * 1.07
    assert Letters().width("顧客", 10) >= 20
    assert line_height("顧客", 10) >= 14 > line_height("Hello", 10) >= 12
    assert Letters().lines("顧客セグメント", 33, 10) == ["顧客セ", "グメン", "ト"]
    assert Letters(1.2).width("Hello", 10) == pytest.approx(1.2 * Letters().width("Hello", 10))


def layout_frame(shape: Any) -> tuple[float, ...]:
    return tuple(side / 12_700 for side in (shape.left, shape.top, shape.width, shape.height))


def margins(shape: Any) -> tuple[float, float]:
    """What the margins of a text frame take across and down, as it inherits them."""
    found = []
    for one, other in (("lIns", "rIns"), ("tIns", "bIns")):
        usual = 7.2 if one == "lIns" else 3.6
        taken = 0.0
        for name in (one, other):
            source, said = shape, None
            while source is not None and said is None:
                said = source._element.find(f"{qn('p:txBody')}/{qn('a:bodyPr')}").get(name)
                source = getattr(source, "_base_placeholder", None)
            taken += usual if said is None else int(said) / 12_700
        found.append(taken)
    return found[0], found[1]


def height_of(paragraphs: Any, room: float, letters: Letters, least: list[float]) -> float:
    taken = 0.0
    for paragraph in paragraphs:
        runs = [run for run in paragraph.runs if run.text]
        if not runs:
            continue
        size = max(run.font.size.pt for run in runs)
        least.append(size)
        text = "".join(run.text for run in runs)
        before = paragraph.space_before.pt if paragraph.space_before is not None else 0.0
        bold = any(run.font.bold is not False for run in runs)
        taken += before + letters.count(text, room, size, bold) * line_height(text, size)
    return taken


def misfits(data: bytes) -> list[str]:
    """What stands beyond its frame, or beyond the slide."""
    deck_file = opened(data)
    view = canvas(deck_file)
    wide, high = deck_file.slide_width / 12_700, deck_file.slide_height / 12_700
    found = []
    for number, slide in enumerate(deck_file.slides, start=1):
        frames = []
        for shape in slide.shapes:
            x, y, w, h = layout_frame(shape)
            name = f"slide {number}, {shape.name}"
            if x < -0.1 or y < -0.1 or x + w > wide + 0.1 or y + h > high + 0.1:
                found.append(f"{name} is beyond the slide: {x, y, w, h}")
            sizes: list[float] = []
            if shape.has_text_frame and shape.text_frame.text:
                across, down = margins(shape)
                is_title = shape.is_placeholder and shape == slide.shapes.title
                letters = view.title_letters if is_title else view.letters
                taken = height_of(shape.text_frame.paragraphs, w - across, letters, sizes)
                if taken > h - down + 0.5:
                    found.append(
                        f"{name} takes {taken:.0f} of {h - down:.0f} points: {shape.text_frame.text[:40]}"
                    )
                small = shape.name in ("Source", "Slide number", "Footer")
                if sizes and min(sizes) < (24 if is_title else 8 if small else 12):
                    found.append(f"{name} has type of {min(sizes)}")
            if shape.has_table:
                grid = shape.table
                if abs(sum(row.height for row in grid.rows) / 12_700 - h) > 1:
                    found.append(f"{name}: rows do not add up to the frame")
                for row in grid.rows:
                    for cell, column in zip(row.cells, grid.columns, strict=True):
                        room = (column.width - cell.margin_left - cell.margin_right) / 12_700
                        taken = height_of(cell.text_frame.paragraphs, room + 0.1, view.letters, sizes)
                        if taken > (row.height - cell.margin_top - cell.margin_bottom) / 12_700 + 0.5:
                            found.append(f"{name}: no room for {cell.text}")
                if min(sizes) < 12:
                    found.append(f"{name} has type of {min(sizes)}")
            if not (shape.is_placeholder and shape.placeholder_format.type in (13, 15, 16)):
                frames.append((name, x, y, x + w, y + h))
        found += overlapping(frames)
    return found


def overlapping(frames: list[tuple[Any, ...]]) -> list[str]:
    found = []
    for place, one in enumerate(frames):
        for other in frames[place + 1 :]:
            across = min(one[3], other[3]) - max(one[1], other[1])
            down = min(one[4], other[4]) - max(one[2], other[2])
            if across > 1 and down > 1:
                found.append(f"{one[0]} lies on {other[0]}")
    return found


CASES = {
    "sample": (told,),
    "long names": (told, LONG),
    "right to left": (told, TURNED),
    "East Asian": (told, WIDE, WIDE[1]),
    "hostile": (told, HOSTILE, HOSTILE[1]),
    "two": (many, 2),
    "twelve": (many, 12),
    "twenty": (many,),
    "only sizes": (only_sizes,),
}


@pytest.mark.parametrize("case", CASES)
def test_everything_fits(case):
    made, *of = CASES[case]
    assert misfits(drawn(made, *of) if made is not told or not of else drawn(some, *of)) == []


@pytest.mark.parametrize(
    ("case", "size"), [("long names", "4:3"), ("twenty", "16:9"), ("East Asian", "16:9")]
)
def test_everything_fits_on_the_slides_of_a_template(case, size):
    made, *of = CASES[case]
    assert misfits(deck(some(*of) if made is told else made(*of), template(*SHAPES[size]))) == []


def test_a_title_that_is_cut_stands_whole_in_the_notes():
    page = replace(told().pages[2], title="A finding of many words " * 20)
    slide = opened(deck(replace(told(), pages=(page,)))).slides[0]
    assert slide.shapes.title.text_frame.text.endswith("…")
    assert f"In full: {page.title.strip()}" in notes(slide)


# --- the file ---------------------------------------------------------------------------------------


def test_the_same_story_gives_the_same_bytes_and_no_clock_is_in_them():
    data = drawn(told)
    assert deck(told()) == data
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert {part.date_time[:3] for part in parts.infolist()} == {(1980, 1, 1)}
        for name in parts.namelist():
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(parts.read(name))) as inside:
                    assert {part.date_time[:3] for part in inside.infolist()} == {(1980, 1, 1)}
                    assert b"2000-01-01" in inside.read("docProps/core.xml")
    about = opened(data).core_properties
    assert (about.title, about.author, about.last_modified_by) == (told().pages[0].title, "", "")
    assert about.created == about.modified == pd.Timestamp(2000, 1, 1).to_pydatetime()


def test_work_is_watched_and_can_be_stopped():
    seen: list[tuple[str, float]] = []
    deck(told(), watch=lambda step, share: seen.append((step, share)))
    assert len(seen) == len(told().pages) + 3
    assert [share for _, share in seen] == sorted(share for _, share in seen)
    assert 0 <= seen[0][1] <= seen[-1][1] <= 1

    class StopError(Exception):
        pass

    def stop(step: str, share: float) -> None:
        if share > 0.3:
            raise StopError

    with pytest.raises(StopError):
        deck(told(), watch=stop)


def test_charts_can_be_changed_with_new_numbers():
    from pptx.chart.data import CategoryChartData

    page = next(one for one in told().pages if one.key == "kpi:nps")
    chart = charts(slides_of(told(), drawn(told), page.key)[0])[0].chart
    changed = CategoryChartData()
    changed.categories = ["a", "b"]
    changed.add_series("NPS", [1, 2])
    chart.replace_data(changed)
    assert list(chart.plots[0].series[0].values) == [1.0, 2.0]


# --- templates --------------------------------------------------------------------------------------

SHAPES = {"4:3": (10.0, 7.5), "16:9": (10.0, 5.625)}


@cache
def template(width: float = 10.0, height: float = 7.5, slides: int = 2) -> bytes:
    """A company's template: python-pptx's own, in another size, with slides that are not wanted."""
    made = Presentation()
    for page in [made.slide_master, *made.slide_layouts]:
        for shape in page.placeholders:
            if shape._element.spPr.find(qn("a:xfrm")) is not None:
                shape.left, shape.width = (
                    Emu(round(side * width / 10)) for side in (shape.left, shape.width)
                )
                shape.top, shape.height = (
                    Emu(round(side * height / 7.5)) for side in (shape.top, shape.height)
                )
    made.slide_width, made.slide_height = Inches(width), Inches(height)
    for place in range(slides):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = f"SECRET {place}"
        slide.notes_slide.notes_text_frame.text = "SECRET note"
    made.core_properties.author = "SECRET author"
    return saved(made)


def saved(made: Any) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def rezipped(data: bytes, change: dict[str, Any]) -> bytes:
    """The same archive with some parts changed: bytes, or a function of the old ones; None takes one away."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            made = change.get(name, old.read(name))
            if made is not None:
                new.writestr(name, made(old.read(name)) if callable(made) else made)
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name])
    return stream.getvalue()


@pytest.mark.parametrize("size", SHAPES)
def test_a_template_gives_its_layouts_and_size_and_loses_its_slides(size):
    company = template(*SHAPES[size])
    data = deck(short(), company)
    made, theirs = opened(data), opened(company)
    assert (made.slide_width, made.slide_height) == (theirs.slide_width, theirs.slide_height)
    names = [layout.name for layout in theirs.slide_layouts]
    assert [layout.name for layout in made.slide_layouts] == names
    assert {slide.slide_layout.name for slide in made.slides} <= {
        "Title Slide",
        "Title Only",
        "Title and Content",
    }
    assert made.slides[0].slide_layout.name == "Title Slide"
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not [name for name in parts.namelist() if b"SECRET" in parts.read(name)]
        slides = [name for name in parts.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
        assert len(slides) == len(made.slides)
        assert not [name for name in parts.namelist() if name.startswith("docProps/") and "core" not in name]
        check_relationships(parts)


def check_relationships(parts: zipfile.ZipFile) -> None:
    """Every part that is named is there, and every part that is there is named."""
    names, named = set(parts.namelist()), {"[Content_Types].xml"}
    for name in names:
        if not name.endswith(".rels"):
            continue
        named.add(name)
        folder = Path(name).parent.parent
        for one in parse_xml(parts.read(name)):
            target = one.get("Target")
            path = Path(target[1:]) if target.startswith("/") else folder / target
            found = str(Path(*_normal(path.parts)))
            assert found in names, (name, found)
            named.add(found)
    assert names == named


def _normal(parts: tuple[str, ...]) -> list[str]:
    out: list[str] = []
    for part in parts:
        if part == "..":
            out.pop()
        elif part != ".":
            out.append(part)
    return out


def test_the_houses_own_file_holds_together_too():
    with zipfile.ZipFile(io.BytesIO(drawn(told))) as parts:
        check_relationships(parts)
    assert (house_presentation().slide_width, house_presentation().slide_height) == (12_192_000, 6_858_000)


def test_what_points_at_slides_of_a_template_goes_with_them():
    sections = (
        b'<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
        b'<p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"><p14:sectionLst '
        b'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"><p14:section name="SECRET" '
        b'id="{6F9619FF-8B86-D011-B42D-00C04FC964FF}"><p14:sldIdLst><p14:sldId id="256"/></p14:sldIdLst>'
        b"</p14:section></p14:sectionLst></p:ext></p:extLst></p:presentation>"
    )
    with_sections = rezipped(
        template(), {"ppt/presentation.xml": lambda old: old.replace(b"</p:presentation>", sections)}
    )
    data = deck(short(), with_sections)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert b"section" not in parts.read("ppt/presentation.xml")


@pytest.mark.parametrize("kind", ["template", "slideshow"])
def test_templates_and_shows_are_presentations_too(kind):
    potx = rezipped(
        template(),
        {
            "[Content_Types].xml": lambda old: old.replace(
                b"presentationml.presentation.main", f"presentationml.{kind}.main".encode()
            )
        },
    )
    with zipfile.ZipFile(io.BytesIO(deck(short(), potx))) as parts:
        types = parts.read("[Content_Types].xml")
    assert b"presentationml.presentation.main+xml" in types
    assert f"presentationml.{kind}.main".encode() not in types


def test_a_logo_stays_clear():
    made = Presentation()
    for shape in list(made.slide_layouts[5].placeholders)[1:]:
        shape._element.getparent().remove(shape._element)
    for layout in list(made.slide_layouts):
        if layout.name != "Title Only":
            made.slide_layouts.remove(layout)
    logo = (
        made.slides.add_slide(made.slide_layouts[0])
        .shapes.add_picture(io.BytesIO(PIXEL), Inches(8.6), Inches(6.6), Inches(1.2), Inches(0.7))
        ._element
    )
    layout = made.slide_layouts[0]
    part, key = layout.part.get_or_add_image_part(io.BytesIO(PIXEL))
    logo.find(f".//{qn('a:blip')}").set(qn("r:embed"), key)
    layout.shapes._spTree.append(logo)
    assert part is not None
    for slide in opened(deck(short(), saved(made))).slides:
        for shape in [*charts(slide), *tables(slide)]:
            assert shape.top + shape.height <= Inches(6.6) or shape.left + shape.width <= Inches(8.6)


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301"
    "0100c9fe92ef0000000049454e44ae426082"
)


def without_titles() -> bytes:
    made = Presentation()
    for layout in made.slide_layouts:
        for shape in list(layout.placeholders):
            shape._element.getparent().remove(shape._element)
    return saved(made)


def bomb() -> bytes:
    return rezipped(template(), {"ppt/media/image1.png": b"\0" * 20_000_000})


def as_macro(old: bytes) -> bytes:
    macro = b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
    return old.replace(
        b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", macro
    )


def as_word(old: bytes) -> bytes:
    return old.replace(b"presentationml", b"wordprocessingml")


BAD = {
    "empty": (lambda: b"", "damaged"),
    "a text": (lambda: b"hello", "no PowerPoint file, or damaged"),
    "cut off": (lambda: template()[:-300], "damaged"),
    "with a password": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), "password"),
    "a workbook": (lambda: xlsx_bytes(Sheet=[["a"]]), "an Excel workbook"),
    "a document": (lambda: rezipped(template(), {"[Content_Types].xml": as_word}), "a Word document"),
    "an archive": (lambda: rezipped(template(), {"[Content_Types].xml": None}), "some other archive"),
    "with macros": (lambda: rezipped(template(), {"[Content_Types].xml": as_macro}), "macros"),
    "with code inside": (lambda: rezipped(template(), {"ppt/vbaProject.bin": b"x"}), "macros"),
    "a bomb": (bomb, "unpacks to far more"),
    "broken inside": (lambda: rezipped(template(), {"ppt/presentation.xml": b"<p:presentation"}), "damaged"),
    "without its master": (
        lambda: rezipped(template(), {"ppt/slideMasters/slideMaster1.xml": None}), "damaged|no layout"),
    "without titles": (without_titles, "no layout with a title"),
    "too low": (lambda: template(10.0, 2.0), "inches below the title"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_template_that_cannot_be_used_is_refused_with_the_reason(case):
    make, why = BAD[case]
    with pytest.raises(UnusableTemplate, match=why) as refused:
        opened_template(make())
    assert isinstance(refused.value, SegkitError)
    with pytest.raises(UnusableTemplate):
        deck(short(), make())


def test_damage_anywhere_is_refused_or_does_no_harm():
    company = template(slides=0)
    for place in range(60, len(company), len(company) // 40):
        damaged = company[:place] + bytes([company[place] ^ 0xFF]) + company[place + 1 :]
        with suppress(UnusableTemplate):
            opened_template(damaged)


# --- LibreOffice ------------------------------------------------------------------------------------


def test_libreoffice_opens_the_hardest_deck_with_a_page_a_slide(tmp_path):
    found = subprocess.run([ROOT / ".ci" / "libreoffice"], capture_output=True, text=True, check=False)
    office = found.stdout.strip()
    if not office:
        pytest.skip(f"no LibreOffice to open slides with: {found.stderr.strip()}")
    pages = [
        *some(HOSTILE, HOSTILE[1]).pages,
        *(page for page in many().pages if page.key in ("sizes", "overview", "kpi:nps")),
        *(page for page in told(TURNED).pages if page.key in ("overview", "profile:S1")),
    ]
    data = deck(replace(told(), pages=tuple(pages)), template(*SHAPES["4:3"]))
    (tmp_path / "deck.pptx").write_bytes(data)
    home = (tmp_path / "home").as_uri()
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation={home}", "--convert-to", "pdf", "deck.pptx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    found_pages = re.findall(rb"/Type\s*/Page[^s]", (tmp_path / "deck.pdf").read_bytes())
    assert len(found_pages) == len(opened(data).slides)
