"""The workbook holds every number as it is measured, every text as it stands, and nothing that is hidden."""

import csv
import io
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass, replace
from math import isnan
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import segkit
from segkit.charts.palette import BASE_GREY, SEGMENT_COLOURS
from segkit.customers.sampling import ALL, SAMPLED
from segkit.exports.workbook import SHEETS, lists, workbook
from segkit.exports.workbook.sheets import CUT, LONGEST, Cell, new_book
from segkit.insights.edition import edition
from segkit.insights.headlines import results_headline
from segkit.insights.kpi_text import cell_text, verdict_text
from segkit.measures.kpis import BASE, KpiTable, measure
from segkit.measures.standing_out import formed_by, standing_out
from segkit.segments.rules import rules
from segkit.segments.segmentation import Assignment, Segment, Segmentation
from tests.real_data import real_file
from tests.tables import csv_bytes, read_here

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "![x](http://evil.example/x.png)",
    "\u202eright to left",
    "顧客 👩‍👩‍👧",
    "x" * 300,
    "line\nbreak",
    "CON",
    "../x",
    "<r><t>rich</t></r>",
    "nan",
    "+1 'Chart data'!$A$1 {=1}",
)
CONTROL = "a\x00b\x0bc\ud800_x0041_"
SHEET_XML = re.compile(r"xl/worksheets/sheet\d+\.xml")
CHART_XML = re.compile(r"xl/charts/chart\d+\.xml")
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
ALT = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}cNvPr"


@dataclass(frozen=True, eq=False)
class Made:
    """A workbook and what it was made of."""

    customers: segkit.Customers
    assignment: Assignment
    kpis: KpiTable
    segmentation: Segmentation
    data: bytes

    def again(self, **options) -> bytes:
        count = len(self.customers)
        about = edition(self.customers, self.segmentation, count, count, "table.csv")
        return workbook(self.customers, self.assignment, self.kpis, self.segmentation, about, **options)


def written(customers, segmentation, assignment=None, **options) -> Made:
    assignment = segmentation.assign(customers) if assignment is None else assignment
    made = Made(customers, assignment, measure(customers, assignment), segmentation, b"")
    return replace(made, data=made.again(**options))


def segmented(customers, count: int, names: tuple[str, ...] = (), **options) -> Made:
    found = segkit.segment(customers, segkit.Plan(n_segments=count))
    if names:
        named = zip(found.segments, names, strict=True)
        found = replace(found, segments=tuple(replace(one, name=name) for one, name in named))
    return written(customers, found, **options)


@pytest.fixture(scope="module")
def sample() -> Made:
    return segmented(read_here(Path("data/sample/customers.csv").read_bytes()), 5)


@pytest.fixture(scope="module")
def opened(sample) -> openpyxl.Workbook:
    """The sample's workbook with all of its looks."""
    return openpyxl.load_workbook(io.BytesIO(sample.data))


@pytest.fixture(scope="module")
def telco() -> Made:
    path = real_file("telco_churn", "Telco-Customer-Churn.csv")
    return segmented(read_here(path.read_bytes()), 4)


@pytest.fixture(scope="module")
def hostile() -> Made:
    rows = list(csv.reader(Path("data/sample/customers.csv").read_text().splitlines()))[:601]
    rows[0][rows[0].index("device")] = HOSTILE[0]
    return segmented(read_here(csv_bytes(rows)), len(HOSTILE), HOSTILE)


def people(
    rows: int = 60, name: str = "customer_id", ids=lambda place: f"{place:04d}", **more
) -> list[list[str]]:
    """A table of two clear groups, ids first."""
    head = [name, "age", "visits", *more]
    cells = (
        [ids(place), 20 + 40 * (place % 2) + place % 5, 2 + 30 * (place % 2) + place % 3]
        for place in range(rows)
    )
    return [
        head,
        *(
            [str(cell) for cell in row] + [make(place) for make in more.values()]
            for place, row in enumerate(cells)
        ),
    ]


# --- reading back -----------------------------------------------------------------------------------


def by_openpyxl(data: bytes, sheet: str) -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


def by_calamine(data: bytes, sheet: str) -> list[list]:
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(data))
        .get_sheet_by_name(sheet)
        .to_python(skip_empty_area=False)
    )
    return [[None if cell == "" else cell for cell in row] for row in rows]


READERS = pytest.mark.parametrize("read", [by_openpyxl, by_calamine])


def parts(data: bytes, pattern: re.Pattern | str = "") -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if re.match(pattern, name)}


def near(value):
    """As Excel keeps numbers: 15 digits count. A number that is not shown is an empty cell."""
    return None if value is None or isnan(value) else pytest.approx(value, rel=1e-14, abs=1e-300)


# --- numbers ----------------------------------------------------------------------------------------


@READERS
@pytest.mark.parametrize("source", ["sample", "telco"])
def test_every_kpi_is_read_back_as_it_was_measured(source, read, request):
    made = request.getfixturevalue(source)
    head, *rows = read(made.data, "KPIs")
    assert len(rows) == len(made.kpis.rows)
    for cells, kpi in zip(rows, made.kpis, strict=True):
        definition = made.kpis.definition(kpi.kpi)
        difference = made.kpis.differences.get((kpi.segment, kpi.kpi))
        row = dict(zip(head, cells, strict=True))
        assert (row["Segment"], row["KPI"]) == (kpi.segment_name, definition.label)
        found = made.kpis.find(kpi.segment, kpi.kpi)
        assert [row["Value"], row["Interval from"], row["Interval to"]] == [
            near(found.value), near(found.low), near(found.high)
        ]  # fmt: skip
        assert (row["Answers"], row["Coverage"]) == (found.n, near(found.coverage))
        assert (row["Verdict"] or "") == verdict_text(definition, found, difference)
        scale = 100 if definition.format == "percent" else 1
        assert row["Difference to the rest"] == near(None if difference is None else difference * scale)


@pytest.mark.parametrize("source", ["sample", "telco"])
def test_the_crossed_table_is_the_same_numbers(source, request):
    made = request.getfixturevalue(source)
    head, *rows = by_calamine(made.data, "KPIs by segment")
    assert head == ["Segment", *(one.label for one in made.kpis.definitions)]
    sizes = made.kpis.of("size")
    assert [row[0] for row in rows] == [one.segment_name for one in sizes]
    for row, size in zip(rows, sizes, strict=True):
        expected = [near(made.kpis.find(size.segment, one.key).value) for one in made.kpis.definitions]
        assert row[1:] == expected


def test_numbers_look_as_on_the_pages(sample, opened):
    formats = {
        (row[0].value, row[1].value): row[2].number_format for row in opened["KPIs"].iter_rows(min_row=2)
    }
    assert formats["Everyone", "Customers"] == '#,##0;"−"#,##0'
    assert formats["Everyone", "NPS"] == '0;"−"0'
    assert formats["Everyone", "Retention"] == '0"\u202f"%;"−"0"\u202f"%'
    assert formats["Everyone", "CSAT"] == '0.00;"−"0.00'
    crossed = opened["KPIs by segment"]
    labels = [cell.value for cell in crossed[1]]
    for row in crossed.iter_rows(min_row=2, max_row=6):
        kpi = next(one for one in sample.kpis.of("nps") if one.segment_name == row[0].value)
        mark = cell_text(sample.kpis.definition("nps"), kpi)[-1]
        assert mark in "▲▼≈"
        assert row[labels.index("NPS")].number_format.endswith(f'" {mark}"')


def test_money_has_the_currency_of_the_file():
    rows = people(revenue=lambda place: f"€{1000 + place * 7}.50")
    made = segmented(read_here(csv_bytes(rows)), 2)
    book = openpyxl.load_workbook(io.BytesIO(made.data))
    row = next(row for row in book["KPIs"].iter_rows(min_row=2) if row[1].value == "Revenue per customer")
    assert row[2].number_format == '"EUR\u202f"#,##0;"−EUR\u202f"#,##0'
    assert row[9].value == "EUR per customer"


def test_profiles_are_what_was_measured(sample):
    head, *rows = by_calamine(sample.data, "Profile")
    told = [dict(zip(head, row, strict=True)) for row in rows]
    formed = [row for row in told if row["Part"] == "Formed the segments"]
    described = [row for row in told if row["Part"] == "Only describes them"]
    dimensions = formed_by(sample.customers, sample.assignment)
    names = [one.name for one in sample.assignment.segments]
    for place, name in enumerate(names):
        effects = sorted((one.away[place] for one in dimensions), key=abs, reverse=True)
        assert [row["Effect"] for row in formed if row["Segment"] == name] == [near(one) for one in effects]
    marks = standing_out(sample.customers, sample.assignment)
    wanted = [mark for one in sample.assignment.segments for mark in marks[one.key]]
    assert wanted
    assert [(row["Index"], row["Index from"], row["Answers"]) for row in described] == [
        (near(mark.index), near(mark.low), mark.n) for mark in wanted
    ]
    assert all(row["Verdict"] == "formed the segments, so not compared" for row in formed)


def test_rules_come_with_their_sql_and_how_good_they_are(sample):
    head, *rows = by_openpyxl(sample.data, "Rules")
    found = rules(sample.customers, sample.assignment, sample.segmentation.plan.seed, sample.segmentation)
    assert head[0] == "Segment"
    for row, rule in zip(rows, found, strict=True):
        assert row[0] == rule.segment.name
        assert row[1] == "\nor ".join(rule.sentences)
        assert row[2:4] == [near(rule.precision), near(rule.recall)]
        assert row[5] == rule.sql


def test_a_segment_without_a_rule_says_so(sample):
    bare = [
        replace(one, sentences=(), sql="", precision=0.5)
        for one in rules(sample.customers, sample.assignment)
    ]
    _, first, *_ = by_calamine(sample.again(found_rules=bare), "Rules")
    assert first[1].startswith("No short rule finds this segment")
    assert first[2] is first[3] is first[5] is None


def test_the_overview_tells_finding_facts_and_sizes(sample):
    cells = [cell for row in by_calamine(sample.data, "Overview") for cell in row if cell is not None]
    assert results_headline(sample.kpis) in cells
    count = len(sample.customers)
    for label, text in edition(sample.customers, sample.segmentation, count, count, "table.csv").facts:
        assert {label, text} <= set(cells)
    assert {one.value for one in sample.kpis.of("size")} <= set(cells)
    assert any(str(cell).startswith("Method: ") for cell in cells)


def test_definitions_explain_kpis_columns_and_the_reading(sample):
    texts = {cell for row in by_calamine(sample.data, "Definitions") for cell in row}
    for one in sample.kpis.definitions:
        assert {one.label, one.key, one.help, one.formula} <= texts
    assert {one.name for one in sample.customers.columns} <= texts
    assert {note.text for note in sample.customers.notes if "“" not in note.text} <= texts


# --- what is hidden stays hidden --------------------------------------------------------------------


@pytest.fixture(scope="module")
def few() -> Made:
    """Three segments; of one only three customers answered, and of another so few that they hide with it."""
    answers = {place: 9876.5 + place for place in range(3)} | {
        place: 4321.25 + place for place in range(20, 27)
    }
    answers |= {place: 100.0 + place for place in range(27, 90)}
    rows = people(90, revenue=lambda place: str(answers.get(place, "")))
    customers = read_here(csv_bytes(rows))
    found = segkit.segment(customers, segkit.Plan(n_segments=3))
    codes = np.array([0] * 20 + [1] * 20 + [2] * 49 + [-1])
    segments = tuple(Segment(f"S{place}", f"Group {place}", place) for place in range(3))
    return written(customers, found, Assignment(segments, codes, np.full(90, 0.75)), found_rules=[])


def test_hidden_values_are_nowhere_in_the_file(few):
    hidden = [row for row in few.kpis.of("revenue") if row.verdict == "hidden"]
    assert {row.segment_name for row in hidden} >= {"Group 0"}
    everything = "".join(parts(few.data).values())
    for revenue, answered in ((9877.5, 3), (4324.25, 7)):
        assert f"{revenue:.1f}" not in everything
        assert f"{revenue * answered:.1f}" not in everything
    base = few.kpis.find(BASE, "revenue").value
    assert f"{base:.16G}" in everything  # the test would find a value that is there
    head, *rows = by_calamine(few.data, "KPIs")
    told = {(row[0], row[1]): dict(zip(head, row, strict=True)) for row in rows}
    for row in hidden:
        cells = told[row.segment_name, "Revenue per customer"]
        assert cells["Verdict"].startswith("Not shown: fewer than 5 answers")
        kept = {"Segment", "KPI", "Verdict", "Unit"}
        assert {name for name, cell in cells.items() if cell is not None} == kept
    crossed = {row[0]: row for row in by_calamine(few.data, "KPIs by segment")}
    place = crossed["Segment"].index("Revenue per customer")
    assert [crossed[row.segment_name][place] for row in hidden] == ["not shown"] * len(hidden)


def test_customers_who_fit_none_are_told_apart(few):
    assert by_calamine(few.data, "Assignment")[-1] == ["0089", "none", "Fits none", 0.75]
    names = [row[0] for row in by_calamine(few.data, "KPIs by segment")]
    assert names == ["Segment", "Group 0", "Group 1", "Group 2", "Fits none", "Everyone"]


def test_a_chart_leaves_out_what_is_hidden(few):
    chart = next(ET.fromstring(text) for text in parts(few.data, CHART_XML).values() if "lineChart" in text)
    shown = [row for row in few.kpis.of("revenue") if row.verdict != "hidden" and row.segment != BASE]
    names = [one.find(f"{DRAWN}tx//{DRAWN}v").text for one in chart.iter(f"{DRAWN}ser")]
    assert names == ["Everyone", *(row.segment_name for row in shown)]
    labels = [one.text for one in chart.iter(f"{DRAWN}v") if "not shown" in one.text]
    assert labels


# --- ids --------------------------------------------------------------------------------------------

IDS = (
    "007",
    "1E5",
    "00012345678901234567890",
    "=1+1",
    "-5",
    "2024-01-02",
    " x ",
    "<r>&</r>",
    "TRUE",
    "é\u202e",
)


@READERS
def test_ids_stay_what_they_are(read):
    rows = people(60, ids=lambda place: IDS[place] if place < len(IDS) else f"c{place}")
    made = segmented(read_here(csv_bytes(rows)), 2)
    ids = made.customers.ids.tolist()
    assert set(IDS) - {" x "} <= set(ids)
    head, *listed = read(made.data, "Assignment")
    assert head[:4] == ["customer_id", "Segment key", "Segment", "Confidence"]
    assert [row[0] for row in listed] == ids
    assert [row[2] for row in listed] == made.assignment.labels().tolist()
    assert [row[3] for row in listed] == [
        near(one) for one in made.assignment.confidence.astype(float).round(4)
    ]


def test_ids_keep_the_format_of_text(opened):
    sheet = opened["Assignment"]
    assert {row[0].number_format for row in sheet.iter_rows(min_row=2, max_row=99)} == {"@"}


def test_a_table_without_ids_has_row_numbers():
    made = segmented(read_here(csv_bytes([row[1:] for row in people()])), 2)
    rows = by_calamine(made.data, "Assignment")
    assert [row[0] for row in rows[:3]] == ["Row", "1", "2"]


def test_personal_ids_are_left_out_unless_they_are_asked_for():
    rows = people(60, "email", lambda place: f"ann{max(place, 1)}@example.com")
    made = segmented(read_here(csv_bytes(rows), roles={"email": "customer_id"}), 2)
    assert made.customers.with_role("customer_id").hidden
    assert any("ann1@example.com" in note.text for note in made.customers.notes)  # the same id twice
    assert "@example.com" not in "".join(parts(made.data).values())
    head, first, *_ = by_calamine(made.data, "Assignment")
    assert (head[0], first[0]) == ("Row", "1")
    assert head[5].startswith("The ids are personal data and are left out")
    asked = by_calamine(made.again(personal=True), "Assignment")
    assert [row[0] for row in asked[:3]] == ["email", "ann1@example.com", "ann1@example.com"]


def test_a_list_that_has_no_room_says_where_it_is(sample, monkeypatch):
    monkeypatch.setattr(lists, "MOST_ROWS", len(sample.customers))
    rows = by_calamine(sample.again(found_rules=[]), "Assignment")
    assert len(rows) == 1
    assert rows[0][0].startswith("5,000 customers have no room")
    assert rows[0][0].endswith("on the Downloads page.")


def test_drawn_customers_are_not_listed_as_if_they_were_all(sample):
    part = replace(sample.customers, facts={SAMPLED: "5000", ALL: "90000"})
    data = replace(sample, customers=part).again(found_rules=[])
    assert [row[0][:42] for row in by_calamine(data, "Assignment")] == [
        "The table is too large to be read, so its "
    ]
    texts = [cell for row in by_calamine(data, "Overview") for cell in row if cell]
    assert "What sets them apart: from 5,000 customers, drawn by chance." in texts


# --- nothing runs, everything opens -----------------------------------------------------------------


def test_no_cell_is_a_formula_or_a_link(hostile):
    book = openpyxl.load_workbook(io.BytesIO(hostile.data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)
    for name, text in parts(hostile.data).items():
        assert "<f>" not in text or CHART_XML.match(name)
        assert 'TargetMode="External"' not in text
        assert "externalLink" not in text
        assert "<hyperlink" not in text
        if SHEET_XML.match(name):
            assert "<f" not in text.replace("<formatCode", "")


def test_charts_refer_to_their_own_cells_only(hostile):
    charts = parts(hostile.data, CHART_XML)
    found = [one.text for text in charts.values() for one in ET.fromstring(text).iter(f"{DRAWN}f")]
    assert len(found) > 100
    assert all(re.fullmatch(r"'Chart data'!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", one) for one in found)


@READERS
def test_names_stay_as_they_are_typed(hostile, read):
    names = set(HOSTILE)
    for sheet in ("Overview", "KPIs by segment", "KPIs", "Profile", "Rules"):
        assert names <= {row[0] for row in read(hostile.data, sheet)}
    assert names == {row[2] for row in read(hostile.data, "Assignment")[1:]}
    assert HOSTILE[0] in {row[0] for row in read(hostile.data, "Definitions")}  # a column
    assert names - {"x" * 300, "line\nbreak"} <= set(_cached(hostile.data))


def _cached(data: bytes) -> list[str]:
    """The texts of charts that are there before anything is computed."""
    charts = parts(data, CHART_XML).values()
    return [one.text for text in charts for one in ET.fromstring(text).iter(f"{DRAWN}v")]


def test_no_name_becomes_a_number_in_a_chart(hostile):
    for text in parts(hostile.data, CHART_XML).values():
        for one in ET.fromstring(text).iter(f"{DRAWN}cat"):
            assert [child.tag for child in one] == [f"{DRAWN}strRef"]
        for one in ET.fromstring(text).iter(f"{DRAWN}numCache"):
            assert all(float(value.text) == float(value.text) for value in one.iter(f"{DRAWN}v"))


def test_control_characters_leave_a_file_that_opens():
    names = (CONTROL, "<r>" + CONTROL + "</r>")
    made = segmented(read_here(csv_bytes(people(nps=lambda place: str(place % 11)))), 2, names)
    for name, text in parts(made.data).items():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(text)
    told = CONTROL.replace("\ud800", "\ufffd")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made.data)).get_sheet_by_name("KPIs").to_python()
    assert {row[0] for row in sheet[1:]} == {told, f"<r>{told}</r>", "Everyone"}


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
tricky = st.builds(
    "{}{}{}".format, st.sampled_from(["", "<r>", "=", "{=", "'", "_x0041_", " ", "http://"]), texts,
    st.sampled_from(["", "</r>", "}", "!A1", " ", "\n"]),
)  # fmt: skip


@given(st.lists(st.one_of(texts, tricky), min_size=1, max_size=8))
@settings(deadline=None, max_examples=40)
def test_reading_gives_back_what_was_written(values):
    with new_book("Texts", "") as book:
        page = book.page("Texts")
        for value in values:
            page.put(Cell(value))
    assert [row[0] for row in by_calamine(book.stream.getvalue(), "Texts")] == values


def test_a_text_longer_than_a_cell_is_cut_and_says_so():
    with new_book("Texts", "") as book:
        book.page("Texts").put("é" * LONGEST, "🎉" * LONGEST, "é" + "y" * LONGEST)
    fits, emoji, letters = by_openpyxl(book.stream.getvalue(), "Texts")[0]
    assert fits == "é" * LONGEST
    assert emoji.endswith("🎉" + CUT)
    assert letters.startswith("éyy")
    assert letters.endswith("y" + CUT)
    assert len(letters) == LONGEST
    assert len(emoji.encode("utf-16-le")) // 2 <= LONGEST


def test_sheets_have_their_fixed_names(hostile):
    names = [
        "Overview",
        "KPIs by segment",
        "KPIs",
        "Profile",
        "Rules",
        "Assignment",
        "Definitions",
        "Chart data",
    ]
    assert [one.name for one in SHEETS] == names
    assert openpyxl.load_workbook(io.BytesIO(hostile.data), read_only=True).sheetnames == names


# --- charts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "count"), [("sample", 6), ("hostile", 6), ("few", 2)])
def test_charts_are_native_coloured_and_described(source, count, request):
    made = request.getfixturevalue(source)
    charts = parts(made.data, CHART_XML)
    assert len(charts) == count
    colours = [SEGMENT_COLOURS[one.colour % 12][1:] for one in made.assignment.segments]
    bars = next(text for text in charts.values() if "barChart" in text)
    filled = re.findall(r'<c:dPt>.*?srgbClr val="(\w+)"', bars)
    assert filled[: len(colours)] == colours
    drawing = ET.fromstring(parts(made.data, r"xl/drawings/drawing1\.xml").popitem()[1])
    described = [one.get("descr") for one in drawing.iter(ALT)]
    assert len(described) == count
    assert all(len(one) > 40 for one in described)


def test_a_chart_of_a_kpi_draws_values_intervals_and_everyone(sample):
    charts = [ET.fromstring(text) for text in parts(sample.data, CHART_XML).values()]
    nps = next(one for one in charts if "NPS" in one.find(f".//{DRAWN}title//{DRAWN}v").text)
    everyone, *series = nps.iter(f"{DRAWN}ser")
    rows = [row for row in sample.kpis.of("nps") if row.segment != BASE]
    assert BASE_GREY[1:] in ET.tostring(everyone).decode()
    drawn = [float(one.text) for one in everyone.find(f"{DRAWN}val").iter(f"{DRAWN}v")]
    assert drawn == [near(sample.kpis.find(BASE, "nps").value)] * len(rows)
    assert len(series) == len(rows)
    for one, row in zip(series, rows, strict=True):
        assert [float(value.text) for value in one.find(f"{DRAWN}val").iter(f"{DRAWN}v")] == [near(row.value)]
        below, above = (
            [float(value.text) for value in one.find(f"{DRAWN}errBars/{DRAWN}{side}").iter(f"{DRAWN}v")]
            for side in ("minus", "plus")
        )
        assert below == [near(each.value - each.low) for each in rows]
        assert above == [near(each.high - each.value) for each in rows]


def test_the_cells_of_charts_hold_what_their_caches_say(sample, opened):
    cells = opened["Chart data"]
    checked = 0
    for text in parts(sample.data, CHART_XML).values():
        for kind in ("numRef", "strRef"):
            for one in ET.fromstring(text).iter(DRAWN + kind):
                found = cells[one.find(f"{DRAWN}f").text.split("!")[1].replace("$", "")]
                flat = (
                    [cell.value for row in found for cell in row]
                    if isinstance(found, tuple)
                    else [found.value]
                )
                known = {
                    int(point.get("idx")): point.find(f"{DRAWN}v").text for point in one.iter(f"{DRAWN}pt")
                }
                for place, value in enumerate(flat):
                    if kind == "numRef":
                        assert near(value) == (float(known[place]) if place in known else None)
                    else:
                        assert value.replace("\n", " ") == known[place].replace("\n", " ")
                    checked += 1
    assert checked > 300


def test_few_answers_are_hollow():
    rows = people(90, csat=lambda place: str(1 + place % 5) if place % 2 or place < 40 else "")
    made = segmented(read_here(csv_bytes(rows)), 2)
    counts = {row.segment_name: row.n for row in made.kpis.of("csat")}
    assert sorted(counts.values()) == [20, 45, 65]
    text = next(text for text in parts(made.data, CHART_XML).values() if "lineChart" in text)
    for one in list(ET.fromstring(text).iter(f"{DRAWN}ser"))[1:]:
        name = one.find(f"{DRAWN}tx//{DRAWN}v").text
        fill = re.search(
            r'solidFill>\s*<[^>]*srgbClr val="(\w+)"', ET.tostring(one.find(f"{DRAWN}marker")).decode()
        )
        assert (fill[1] == "FFFFFF") == (counts[name] < 30)
    assert "hollow: fewer than 30 answers" in "".join(_cached(made.data))


@pytest.mark.parametrize("count", [2, 12])
def test_sizes_alone_are_enough(count):
    rng = np.random.default_rng(0)
    rows = people(400, more=lambda place: str(rng.integers(0, 900)))
    made = segmented(read_here(csv_bytes(rows)), count)
    assert made.kpis.keys == ("size", "share")
    assert len(parts(made.data, CHART_XML)) == 1
    overview = [cell for row in by_calamine(made.data, "Overview") for cell in row if cell is not None]
    assert overview[1].startswith("The largest segment, “")
    assert "no dates in the table" in overview
    assert len(by_calamine(made.data, "KPIs")) == 1 + 2 * (count + 1)


def test_own_kpis_are_drawn_too(sample):
    kpis = measure(sample.customers, sample.assignment, own=["age"])
    data = replace(sample, kpis=kpis).again(found_rules=[])
    assert len(parts(data, CHART_XML)) == 7
    assert any(text.startswith("Age; line: 95 % interval; dashed: everyone") for text in _cached(data))


def test_a_kpi_that_formed_the_segments_has_no_verdict(sample):
    found = segkit.segment(sample.customers, segkit.Plan(dimensions=("nps", "age"), n_segments=3))
    made = written(sample.customers, found)
    verdicts = {row[7] for row in by_calamine(made.data, "KPIs") if row[1] == "NPS" and row[0] != "Everyone"}
    assert verdicts == {"↻ formed the segments, so not compared"}
    crossed = openpyxl.load_workbook(io.BytesIO(made.data))["KPIs by segment"]
    place = [cell.value for cell in crossed[1]].index("NPS")
    assert crossed[2][place].number_format.endswith('" ↻"')
    assert sum("↻ formed the segments" in text for text in _cached(made.data)) == 1


def test_a_segment_without_customers_is_there_and_hidden(sample):
    kept = sample.assignment.codes != 2
    source = pa.array(kept)
    some = replace(
        sample.customers, frame=sample.customers.frame[kept], source=sample.customers.source.filter(source)
    )
    made = written(some, sample.segmentation, sample.assignment.where(kept))
    _, *rows = by_calamine(made.data, "KPIs by segment")
    assert rows[2][:3] == [sample.assignment.segments[2].name, 0, 0]
    assert set(rows[2][3:]) == {"not shown"}
    assert len(parts(made.data, CHART_XML)) == 6


@pytest.mark.parametrize("method", ["rfm", "stages", "sentiment"])
def test_segments_of_other_methods_fit_too(sample, method):
    found = segkit.segment(sample.customers, segkit.Plan(method=method, n_segments=3))
    made = written(sample.customers, found)
    assert [row[0] for row in by_calamine(made.data, "Rules")[1:]] == [one.name for one in found.segments]


# --- the file ---------------------------------------------------------------------------------------


def test_the_same_content_gives_the_same_bytes(few):
    assert few.again(found_rules=[]) == few.data


def test_the_file_names_no_author_company_or_clock(few):
    core = parts(few.data, r"docProps/core\.xml").popitem()[1]
    assert "<dc:creator></dc:creator>" in core
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"1980-01-01T00:00:00Z"}
    assert "<Company></Company>" in parts(few.data, r"docProps/app\.xml").popitem()[1]


def test_tables_filter_freeze_and_print(opened):
    for name, frozen in (("KPIs", "C2"), ("Profile", "B2"), ("Rules", "B2"), ("Assignment", "B2")):
        sheet = opened[name]
        assert sheet.freeze_panes == frozen
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert not opened["Overview"].sheet_view.showGridLines


def test_watching_sees_the_work_go_on(sample):
    seen = []
    sample.again(watch=lambda step, share: seen.append((step, share)))
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 0.85)
    assert [step for step, _ in seen].count("Listing 5,000 customers") == 1
    assert "Writing “Profile”" in dict(seen)


def test_whoever_stops_it_leaves_nothing_behind(sample, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(lists, "AT_A_TIME", 1000)

    def stop(step: str, share: float) -> None:
        if step.startswith("Listing") and share > 0.3:
            raise InterruptedError(f"{len(list(tmp_path.rglob('*')))} files")

    with pytest.raises(InterruptedError, match=r"[1-9] files"):
        sample.again(watch=stop)
    assert not list(tmp_path.iterdir())
    sample.again(found_rules=[])
    assert not list(tmp_path.iterdir())


def test_an_office_program_opens_it(few, tmp_path):
    office = shutil.which("soffice")
    if office is None or not (Path(office).resolve().parent / "libsclo.so").exists():
        pytest.skip("LibreOffice Calc is not installed, so nothing was opened with it")
    (tmp_path / "book.xlsx").write_bytes(few.data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), "book.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF")
