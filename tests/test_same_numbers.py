"""Every file says the same numbers as the pages: each is read back, and each KPI in it is compared."""

import csv
import dataclasses
import html
import io
import re
import zipfile
from math import isnan, nan
from typing import Any

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation

import segkit
from segkit.exports.deck import deck
from segkit.exports.html_report.report import report_html
from segkit.exports.lists import segments_zip
from segkit.exports.reports import kpis_csv
from segkit.exports.workbook import workbook
from segkit.insights.edition import Edition, edition
from segkit.insights.story.telling import Story, story
from segkit.measures.kpis import BASE, KpiTable
from tests.real_data import real_file

Made = tuple[segkit.Customers, segkit.Segmentation, Any, KpiTable, Edition, Story]


def made(path: str, **plan: Any) -> Made:
    customers = segkit.read(path)
    segmentation = segkit.segment(customers, segkit.Plan(**plan))
    assignment = segmentation.assign(customers)
    kpis = segkit.measure(customers, assignment)
    about = edition(customers, segmentation, len(customers), len(customers), "a table")
    return customers, segmentation, assignment, kpis, about, story(customers, assignment, kpis, about)


@pytest.fixture(scope="module", params=["sample", "telco"])
def everything(request: pytest.FixtureRequest) -> Made:
    if request.param == "sample":
        return made("data/sample/customers.csv", n_segments=4)
    path = str(real_file("telco_churn", "Telco-Customer-Churn.csv"))
    return made(path, method="column", options={"column": "Contract"})


def compare(found: dict[tuple[str, str], float], kpis: KpiTable, wanted: set[str], digits: float) -> None:
    """Hold numbers by segment name and KPI against the table, which is what pages show."""
    rows = [row for row in kpis if row.kpi in wanted]
    assert rows
    for row in rows:
        value = found.get((row.segment_name, row.kpi), nan)
        assert isnan(value) == isnan(row.value), row
        assert isnan(value) or value == pytest.approx(row.value, rel=digits, abs=digits), row


ROW = re.compile(
    r"<tr[^>]*data-segment=[\"']([^\"']*)[\"'] data-kpi=[\"']([^\"']*)[\"'][^>]*>(.*?)</tr>", re.S
)


def test_the_report_has_every_number_of_the_table(everything: Made) -> None:
    customers, segmentation, _, kpis, about, told = everything
    text = report_html(told, customers, segmentation).decode()
    rows = {(segment, kpi): inside for segment, kpi, inside in ROW.findall(text)}
    assert set(rows) == {(row.segment, row.kpi) for row in kpis}
    for row in kpis:
        for name in ("value", "low", "high"):
            told_there = re.search(rf"data-{name}=[\"']([^\"']*)[\"']", rows[row.segment, row.kpi])
            number = getattr(row, name)
            assert (told_there is None) == isnan(number), (row, name)
            assert told_there is None or float(told_there[1]) == pytest.approx(number, rel=1e-11), (row, name)
    for _, fact in about.facts:
        assert html.escape(fact) in text


def test_the_workbook_has_every_number_of_the_table(everything: Made) -> None:
    customers, segmentation, assignment, kpis, about, _ = everything
    book = openpyxl.load_workbook(io.BytesIO(workbook(customers, assignment, kpis, segmentation, about)))
    sheet = next(one for one in book.worksheets if one.title == "KPIs")
    rows = list(map(list, sheet.iter_rows(values_only=True)))
    start = next(place for place, row in enumerate(rows) if "Value" in row)
    head = [str(cell) for cell in rows[start]]
    labels = {one.label: one.key for one in kpis.definitions}
    found = {}
    for row in rows[start + 1 :]:
        cells = dict(zip(head, row, strict=True))
        if cells.get("KPI") in labels:
            value = cells["Value"]
            found[str(cells["Segment"]), labels[str(cells["KPI"])]] = nan if value is None else float(value)
    compare(found, kpis, set(kpis.keys), 1e-12)
    texts = {str(cell) for one in book.worksheets for row in one.iter_rows(values_only=True) for cell in row}
    for _, fact in about.facts:
        assert any(fact in text for text in texts)


def test_the_slides_have_every_number_of_the_table_in_charts_that_can_be_edited(everything: Made) -> None:
    _, _, _, kpis, about, told = everything
    slides = Presentation(io.BytesIO(deck(told))).slides
    by_label = {one.label: one.key for one in kpis.definitions}
    found: dict[tuple[str, str], float] = {}
    for shape in (shape for slide in slides for shape in slide.shapes if shape.has_chart):
        plot = shape.chart.plots[0]
        (series,) = plot.series
        if series.name in by_label:
            for name, value in zip(plot.categories, series.values, strict=True):
                segment = " ".join(str(name).split())
                found[segment, by_label[series.name]] = nan if value is None else float(value)
    names = {row.segment_name for row in kpis if row.segment != BASE}
    compare(
        {cell: value for cell, value in found.items() if cell[0] in names},
        dataclasses.replace(kpis, rows=tuple(row for row in kpis if row.segment != BASE)),
        {one.key for one in kpis.definitions if one.needs},
        1e-9,
    )
    texts = [one.text_frame.text for slide in slides for one in slide.shapes if one.has_text_frame]
    assert sum(about.version in text for text in texts) >= len(slides)


def test_the_lists_have_everybody_once_in_the_segment_of_the_pages(everything: Made) -> None:
    customers, _, assignment, kpis, about, _ = everything
    archive = zipfile.ZipFile(io.BytesIO(segments_zip(customers, assignment, edition=about)))
    sizes: dict[str, int] = {}
    for name in archive.namelist():
        rows = list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
        if rows and "segment_name" in rows[0]:
            sizes[rows[0]["segment_name"]] = len(rows)
    assert sizes == {
        row.segment_name: int(row.value) for row in kpis.of("size") if row.segment != BASE and row.value
    }
    assert any(about.version in archive.read(name).decode("utf-8-sig") for name in archive.namelist())


def test_kpis_csv_has_every_number_of_the_table(everything: Made) -> None:
    *_, kpis, _, _ = everything
    table = pd.read_csv(io.BytesIO(kpis_csv(kpis)), keep_default_na=False, na_values=[""])
    found = {(row.segment_name, row.kpi): float(row.value) for row in table.itertuples()}
    compare(found, kpis, set(kpis.keys), 1e-11)
