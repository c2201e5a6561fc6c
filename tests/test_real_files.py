"""Real files in the state in which they were found: read to the cell, or refused in words.

What is expected was found by looking into each file, not by reading it with this library.
"""

import csv
import datetime
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import segkit
from segkit.errors import UnreadableFile
from segkit.measures.kpis import by_column, measure
from tests.real_data import FOLDER, real_file
from tests.tables import read_here

HORROR = "csv_messytables_horror"


def read(*parts: str, **choices: Any) -> segkit.Customers:
    path = real_file(*parts)
    return read_here(path.read_bytes(), path.name, **choices)


def keys(customers: segkit.Customers) -> set[str]:
    return {note.key for note in customers.notes}


def plain(value: object) -> object:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return None if pd.isna(value) else value


def truth(folder: str) -> dict[str, Any]:
    return json.loads(real_file(folder, "expect.json").read_text())


# --- the cabinet of horrors -----------------------------------------------------------------------


@dataclass(frozen=True)
class Wild:
    """A file: its rows and columns, some cells by column and row, and what must be said.

    `set_aside` counts every filled line that is not loaded, those above the header too.
    """

    name: str
    rows: int
    columns: int
    cells: Mapping[tuple[str, int], object] = field(default_factory=dict)
    set_aside: int = 0
    notes: tuple[str, ...] = ()
    choices: Mapping[str, Any] = field(default_factory=dict)


SIMPLE = {
    ("date", 0): "2011-01-01",
    ("temperature", 1): -1,
    ("place", 0): "Galway",
    ("date", 5): "2011-01-03",
    ("temperature", 5): 5,
    ("place", 5): "Berkeley",
}
BOB = {("Name", 0): "Bob", ("Age", 0): 20, ("When", 0): "2010-10-10", ("Name", 2): "Ian", ("Age", 2): 34}

WILD = (
    *(Wild(f"simple.{ending}", 6, 3, SIMPLE) for ending in ("csv", "ssv", "xls", "xlsx", "zip")),
    Wild("simple.ods", 3, 3, {**BOB, ("When", 2): "2015-11-11"}),
    Wild("blank_line.ods", 3, 3, {**BOB, ("When", 1): "2012-01-01"}, notes=("blank-rows",)),
    Wild(
        "simple.psv",
        28,
        6,
        {
            ("Year", 0): 1986,
            ("New dwellings", 0): 44000,
            ("Year", 27): 2013,
            ("Former owner occupiers", 27): 292000,
        },
    ),
    Wild(
        "example.tsv",
        140,
        17,
        {
            ("hour", 0): "2012-06-22",
            ("expr1_0_imp", 0): 15955,
            ("expr1_0_hist_ctr", 139): 0.0005,
            ("hour", 139): "2012-06-27",
        },
    ),
    Wild(
        "skip_initials.csv",
        2,
        2,
        {("field2", 0): "goodbye", ("field1", 1): "hello2", ("field2", 1): "goodbye2"},
    ),
    Wild(
        "null.csv",
        10,
        4,
        {("Column 2", 0): None, ("Column 3", 0): 0, ("Column 4", 2): None},
        notes=("no-header",),
    ),
    Wild(
        "utf-16le_encoded.csv",
        327,
        19,
        {
            ("Organisation_code", 0): "5C1",
            ("Organisation_name", 0): "Enfield PCT",
            ("Part_II_patients", 1): 69,
            ("Organisation_code", 326): "NYA04",
        },
    ),
    Wild(
        "mixedGLB.csv",
        133,
        19,
        {
            ("Year", 0): 1880,
            ("Jan", 0): -43,
            ("D-N", 0): None,
            ("Year", 132): 2012,
            ("Jun", 132): None,
            ("MAM", 132): 54,
        },
        set_aside=2,
        notes=("preamble",),
    ),
    Wild(
        "excel_pasting.csv",
        13,
        9,
        {("2000", 0): 2666, ("2001", 1): 853, ("Year", 9): "Machinery and \nequipment", ("2007", 12): 12292},
        set_aside=5,
        notes=("preamble", "totals"),
    ),
    Wild(
        "spanish_chars.csv",
        114,
        8,
        {("GF", 0): "Gobierno", ("Gasto total 2011", 0): 229932.5, ("F", 1): "Legislación"},
        set_aside=1,
        notes=("encoding",),
    ),
    Wild(
        "sparse_with_column_errors.csv",
        2200,
        4,
        {("LP", 0): "A", ("Bezeichnung", 1): "Grundfinanzierung MPG", ("Column 4", 0): None},
        notes=("encoding", "blank-rows"),
    ),
    Wild(
        "weird_head_padding.csv",
        60,
        10,
        {
            ("Column 1", 1): "Gefäßchirurgie",
            ("2010", 1): 733,
            ("Column 1", 59): "Strahlentherapie",
            ("1993", 59): 106,
        },
        set_aside=22,
        notes=("preamble", "ragged"),
    ),
    Wild(
        "characters.csv",
        382,
        18,
        {
            ("id", 0): "v_1",
            ("景點中文名稱", 0): "雲嘉南濱海國家風景區管理處",
            ("景點中文名稱", 381): "沈光文紀念廳",
        },
        choices={"encoding": "big5"},
    ),
)

REFUSED = {
    "encrypted_no_password.xls": "protected by a password",
    "excel_properties.xls": "[Oo]nly one column",
    "unicode_sheet_name.xls": "[Oo]nly one column|no rows|no customers",
    "libreoffice.xlsx": "no visible sheet with cells|empty",
    "long.csv": "[Oo]nly one column",
    "utf8bom.csv": "no rows|no customers",
}

OPEN = {  # more than one reading is right: rows loaded or set aside, and a row that must be there
    "begrotingsanalyse-2011.csv": ((41, 42), ("Algemene Uitkering", "1176", "1018")),
    "span_rich.xls": ((5, 6), ("m", "bold and italic", "q", "b")),
}
PROSE = "bian-anal-mca-2005-dols-eng-1011-0312-tab3.xlsm"


@pytest.mark.parametrize("wild", WILD, ids=[wild.name for wild in WILD])
def test_a_file_of_the_cabinet_is_read_to_the_cell(wild):
    customers = read(HORROR, wild.name, **wild.choices)
    assert customers.frame.shape == (wild.rows, wild.columns)
    assert customers.set_aside == wild.set_aside
    got = {(name, row): plain(customers.frame[name].iloc[row]) for name, row in wild.cells}
    assert got == dict(wild.cells)
    assert set(wild.notes) <= keys(customers)


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_of_the_cabinet_that_is_no_table_is_refused_in_words(name):
    path = real_file(HORROR, name)
    with pytest.raises(UnreadableFile, match=REFUSED[name]):
        read_here(path.read_bytes(), name)


@pytest.mark.parametrize("name", OPEN)
def test_a_file_without_a_clear_header_loses_no_row(name):
    rows, known = OPEN[name]
    customers = read(HORROR, name)
    assert len(customers) + customers.set_aside in rows
    cells = [set(map(str, row.values())) for row in customers.source.to_pylist()]
    assert any(set(known) <= row for row in cells)


def test_a_sheet_of_prose_is_refused_or_its_table_found():
    path = real_file(HORROR, PROSE)
    with suppress(UnreadableFile):
        customers = read_here(path.read_bytes(), path.name)
        assert customers.source.column_names[-3:] == ["Data item", "Description", "Definition"]
        assert "preamble" in keys(customers)


def test_every_file_of_the_cabinet_has_its_test():
    folder = real_file(HORROR, "README.md").parent
    there = {path.name for path in folder.iterdir()} - {"README.md", "expect.json"}
    assert there == {wild.name for wild in WILD} | set(REFUSED) | set(OPEN) | {PROSE}


def test_letters_of_an_encoding_that_cannot_be_told_are_asked_about():
    customers = read(HORROR, "characters.csv")
    assert customers.frame.shape == (382, 18)
    question = next(note for note in customers.notes if note.key == "encoding")
    assert question.ask
    assert customers.frame.iloc[0, 2] == "雲嘉南濱海國家風景區管理處"
    for option in question.options:
        assert read(HORROR, "characters.csv", **option.change).frame.shape == (382, 18)


def test_expected_numbers_of_the_cabinet_agree_with_those_computed_apart():
    expected = truth(HORROR)
    spanish = read(HORROR, "spanish_chars.csv")
    assert spanish.source.column_names == expected["spanish_chars.csv"]["columns"]
    assert spanish.frame["Gasto total 2011"].sum() == pytest.approx(
        expected["spanish_chars.csv"]["Gasto_sum"]
    )
    wide = read(HORROR, "utf-16le_encoded.csv")
    assert wide.source.column_names[:4] == expected["utf-16le_encoded.csv"]["header"]


# --- somebody's Excel -----------------------------------------------------------------------------


def test_a_workbook_with_a_title_gaps_and_dates_as_numbers():
    expected = truth("janitor_dirty")
    customers = read("janitor_dirty", "dirty_data.xlsx")
    filled = expected["data_rows_below_header"] - len(expected["fully_empty_rows"])
    assert (len(customers), customers.set_aside) == (filled, 1)
    names = customers.source.column_names
    assert names[:9] == expected["header"][:9]
    assert names[9:11] == ["Certification (2)", "Active?"]
    assert len(names) in (11, 12)  # the last column has neither a name nor a cell
    hired = customers.frame["Hire Date"].dt.strftime("%Y-%m-%d")
    assert hired.tolist()[:3] == ["2008-08-30", "2019-01-14", "2001-08-15"]
    assert hired.notna().all()
    assert customers.frame["Employee Status"].value_counts().to_dict() == {
        "Teacher": 9,
        "Coach": 2,
        "Administration": 1,
    }
    assert customers.frame["Full time?"].value_counts().to_dict() == {"Yes": 7, "No": 5}
    assert customers.frame["% Allocated"].tolist()[:3] == [0.75, 0.25, 1.0]
    assert {"preamble", "header-names", "date-serial", "blank-rows", "empty"} <= keys(customers)


# --- gaps, repeats, old line ends -----------------------------------------------------------------


def test_question_marks_and_repeated_customers_are_counted():
    expected = truth("mall_customers")["messy_file_Mall_Customers.csv"]
    customers = read("mall_customers", "Mall_Customers.csv")
    assert customers.frame.shape == (expected["rows"], 5)
    missing = {column.name: column.missing for column in customers.columns}
    assert missing == expected["question_marks"]
    assert customers.column("Age").kind == "number"
    assert customers.ids.duplicated().sum() == expected["duplicate_CustomerID_rows"]
    repeats = next(note for note in customers.notes if note.key == "duplicate-ids")
    assert repeats.text.startswith("12 ids")
    assert {note.column for note in customers.notes if note.key == "missing"} == {
        "Age",
        "Annual Income (k$)",
        "Spending Score (1-100)",
    }


def test_line_ends_of_another_age():
    path = real_file("dmba", "Fundraising.csv")
    data = path.read_bytes()
    assert b"\n" not in data
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file.read().split("\r")))
    customers = read_here(data, path.name)
    assert customers.frame.shape == (3120, 24)
    assert customers.source.column_names == [name.strip() for name in rows[0]]
    for name, column in zip(rows[0], zip(*rows[1:3121], strict=True), strict=True):
        assert customers.source.column(name.strip()).to_pylist() == list(column)


# --- surveys --------------------------------------------------------------------------------------

QUESTION = "On a scale of 0-10, how would you rate Sudzilla?"


@pytest.mark.parametrize("name", ["input_01.csv", "input_02.csv"])
def test_a_survey_gives_the_score_that_was_published(name):
    expected = truth("prepbench_nps")[name.removesuffix(".csv")]
    customers = read("prepbench_nps", name, roles={QUESTION: "nps"})
    assert customers.frame.shape == (expected["rows"], 11)
    score = measure(customers, by_column(customers, "Timestamp")).find("all", "nps")
    assert (round(score.value, 1), score.n) == (-35.9, 39)


def test_the_same_survey_with_dates_of_two_forms():
    answers, same = read("prepbench_nps", "input_01.csv"), read("prepbench_nps", "input_02.csv")
    assert same.column("Timestamp").kind == "date"
    question = next(note for note in answers.notes if note.key == "date-order")
    assert question.ask
    american = [read("prepbench_nps", "input_01.csv", **option.change) for option in question.options]
    right = same.frame["Timestamp"].dt.date.tolist()
    assert right in [one.frame["Timestamp"].dt.date.tolist() for one in [answers, *american]]


# --- an order log of fixed width ------------------------------------------------------------------


def test_an_order_log_with_names():
    expected = truth("cdnow")["master"]
    log = read("cdnow", "CDNOW_master.txt")
    assert log.frame.shape == (expected["lines"], 4)
    assert log.set_aside == 0
    assert log.source.column_names == ["customer_id", "date", "number_of_cds", "dollar_value"]
    assert log.column("date").kind == "date"
    assert log.frame["customer_id"].iloc[0] == "00001"
    assert log.frame["customer_id"].nunique() == expected["customers"]
    assert log.frame["number_of_cds"].sum() == expected["cds"]
    assert log.frame["dollar_value"].sum() == pytest.approx(expected["usd"], abs=0.005)
    days = log.frame.groupby(["customer_id", log.frame["date"].dt.date]).ngroups
    assert days == expected["distinct_customer_days"]


def test_an_order_log_without_names():
    expected = truth("cdnow")["sample"]
    log = read("cdnow", "CDNOW_sample.txt")
    assert log.frame.shape == (expected["lines"], 5)
    assert "no-header" in keys(log)
    first, ids, dates, cds, money = log.source.column_names
    assert log.source.column(ids)[0].as_py() == "0001"
    assert log.frame[first].iloc[0] == "00004"
    assert log.frame[first].nunique() == expected["customers"]
    assert log.frame[cds].sum() == expected["cds"]
    assert log.frame[money].sum() == pytest.approx(expected["usd"], abs=0.005)
    assert log.column(dates).kind == "date"
    assert str(log.frame[dates].min()) == expected["first"]
    assert str(log.frame[dates].max()) == expected["last"]


# --- one table, two dialects ----------------------------------------------------------------------


def test_two_dialects_of_the_same_customers_are_the_same_table():
    comma = read("marketing_campaign", "marketing_campaign.csv")
    tab = read("marketing_campaign_tab", "marketing_campaign.csv")
    pd.testing.assert_frame_equal(comma.frame, tab.frame)
    assert comma.roles == tab.roles
    assert not [note.text for note in (*comma.notes, *tab.notes) if note.ask]
    assert comma.frame["Dt_Customer"].iloc[0] == pd.Timestamp(2012, 9, 4)


# --- every other file -----------------------------------------------------------------------------


TOO_LITTLE = {"gt_output_01.csv"}  # one row


def _others() -> list[Path]:
    found = [path for path in sorted(FOLDER.glob("*/*.csv")) if path.stat().st_size < 300_000]
    return [path for path in found if path.parent.name != HORROR and path.name not in TOO_LITTLE]


@pytest.mark.parametrize("path", _others(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_row_of_every_other_file_is_loaded_or_set_aside(path):
    data = path.read_bytes()
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    rows = [row for row in csv.reader(text.splitlines(keepends=True)) if any(cell.strip() for cell in row)]
    customers = read_here(data, path.name)
    header = 0 if "no-header" in keys(customers) else 1
    assert len(customers) + customers.set_aside == len(rows) - header
