"""Lists hold every customer once, as in the file, and no spreadsheet runs a cell of them."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segkit
from segkit.exports.lists import (
    EXPORTS,
    Contents,
    assignment_csv,
    customers_csv,
    data_dictionary,
    segment_csv,
    segments_zip,
)
from segkit.exports.reports import kpis_csv, quality
from segkit.measures.kpis import by_column, measure
from segkit.segments.segmentation import Assignment, Segment
from tests.tables import csv_bytes, parquet_bytes, read_here

RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
ROWS = [
    ["id", "plan", "spend", "note"],
    ["007", "pro", "1,5", "=1+1"],
    ["1E5", "basic", "-2", "'quoted"],
    ["NA", "pro", "", "a, “b”\nc"],
    ["9", "basic", "3", "-5,5"],
    ["9", "basic", "3", ""],
]


def assigned(
    customers: segkit.Customers, codes: list[int], names: tuple[str, ...] = ("One", "Two")
) -> Assignment:
    segments = tuple(Segment(f"S{place + 1}", name, place) for place, name in enumerate(names))
    return Assignment(segments, np.array(codes), np.linspace(0.5, 1, len(codes)))


def parsed(data: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


@pytest.fixture
def customers() -> segkit.Customers:
    return read_here(csv_bytes(ROWS))


def test_all_customers_keep_every_cell_of_the_file(customers):
    rows = parsed(customers_csv(customers, assigned(customers, [0, 1, -1, 0, 1]), raw=True), "utf-8")
    assert rows[0] == ["id", "segment", "segment_name", "confidence", "plan", "spend", "note"]
    assert [[row[0], *row[4:]] for row in rows[1:]] == ROWS[1:]
    assert [row[1:4] for row in rows[1:]] == [
        ["S1", "One", "0.5"],
        ["S2", "Two", "0.625"],
        ["none", "Fits none", "0.75"],
        ["S1", "One", "0.875"],
        ["S2", "Two", "1"],
    ]


def test_a_spreadsheet_gets_apostrophes_where_it_would_run_a_cell(customers):
    data = customers_csv(customers, assigned(customers, [0] * 5))
    assert data.startswith(b"\xef\xbb\xbf")
    assert [row[-1] for row in parsed(data)[1:]] == ["'=1+1", "''quoted", "a, “b”\nc", "-5,5", ""]


risky = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
    st.builds(str.__add__, st.sampled_from([*RUNS, "'", "''", "-1"]), st.text("0123456789.,=ab", max_size=6)),
)


@given(st.lists(risky, min_size=2, max_size=12))
@settings(deadline=None, max_examples=75)
def test_taking_one_apostrophe_away_restores_every_cell(notes):
    rows = [["id", "note"], *([f"c{place}", note] for place, note in enumerate(notes))]
    customers = read_here(csv_bytes(rows, quoting=csv.QUOTE_ALL))
    listed = customers_csv(customers, assigned(customers, [0] * len(notes)), contents=Contents(personal=True))
    safe = [row[-1] for row in parsed(listed)[1:]]
    assert [cell.removeprefix("'") for cell in safe] == notes
    for cell in safe:
        assert not cell.startswith(RUNS) or cell.removeprefix("-").replace(",", "").replace(".", "").isdigit()


def test_names_of_columns_and_segments_are_made_safe_too():
    customers = read_here(csv_bytes([["id", "=cmd()", "x"], ["1", "2", "3"], ["2", "3", "4"]]))
    rows = parsed(customers_csv(customers, assigned(customers, [0, 1], ("@one", "Two"))))
    assert rows[0][4] == "'=cmd()"
    assert [row[2] for row in rows[1:]] == ["'@one", "Two"]


def test_columns_named_like_the_added_ones_are_kept_under_another_name():
    data = csv_bytes([["segment", "id", "segment (file)", "x"], ["a", "1", "p", "5"], ["b", "2", "q", "6"]])
    customers = read_here(data)
    rows = parsed(customers_csv(customers, assigned(customers, [0, 1])))
    assert rows[0] == [
        "id", "segment", "segment_name", "confidence", "segment (file)", "segment (file) (file)", "x"
    ]  # fmt: skip
    assert rows[1] == ["1", "S1", "One", "0.5", "a", "p", "5"]
    named = read_here(data, roles={"segment": "customer_id"})
    rows = parsed(customers_csv(named, assigned(named, [0, 1])))
    assert rows[0][:2] == ["segment (file)", "segment"]
    assert rows[1][:2] == ["a", "S1"]


def test_a_table_without_ids_gets_row_numbers_first():
    customers = read_here(csv_bytes([["age", "plan"], ["5", "x"], ["6", "y"], ["5", "x"]]))
    rows = parsed(segment_csv(customers, assigned(customers, [0, 1, 0]), "S1"))
    assert [row[0] for row in rows] == ["customer_id", "1", "3"]


def test_the_lists_of_the_segments_are_a_partition_of_the_customers(customers):
    assignment = assigned(customers, [0, 1, -1, 0, 1])
    whole = parsed(customers_csv(customers, assignment))
    with zipfile.ZipFile(io.BytesIO(segments_zip(customers, assignment))) as archive:
        assert archive.testzip() is None
        lists = {name: parsed(archive.read(name)) for name in archive.namelist()}
    assert list(lists) == ["S1_one.csv", "S2_two.csv", "none_fits_none.csv", "data_dictionary.csv"]
    dictionary = lists.pop("data_dictionary.csv")
    assert [rows[0] for rows in lists.values()] == [whole[0]] * 3
    assert sorted(row for rows in lists.values() for row in rows[1:]) == sorted(whole[1:])
    assert [row[0] for row in dictionary[1:]] == [
        "segment", "segment_name", "confidence", "id", "plan", "spend", "note"
    ]  # fmt: skip
    for key in ("S1", "S2", "none"):
        assert parsed(segment_csv(customers, assignment, key)) == next(
            rows for name, rows in lists.items() if name.startswith(key)
        )


def test_the_same_lists_give_the_same_archive(customers):
    assignment = assigned(customers, [0, 1, -1, 0, 1])
    assert segments_zip(customers, assignment) == segments_zip(customers, assignment)


def test_no_list_of_an_archive_overwrites_another():
    rows = [
        ["id", "plan"],
        *([f"c{place}", plan] for place, plan in enumerate(["a b", "a_b", "A B", "東京", "日本"])),
    ]
    customers = read_here(csv_bytes(rows))
    with zipfile.ZipFile(io.BytesIO(segments_zip(customers, by_column(customers, "plan")))) as archive:
        names = archive.namelist()
        assert len({name.lower() for name in names}) == len(names) == 6
        assert all(name == name.strip("./") and "/" not in name for name in names)
        assert sorted(parsed(archive.read(name))[1][0] for name in names[:5]) == [
            "c0",
            "c1",
            "c2",
            "c3",
            "c4",
        ]


def test_typed_columns_are_written_as_they_were_stored():
    import datetime
    import decimal

    table = pa.table(
        {
            "id": [2**53 + 1, 2],
            "spend": [decimal.Decimal("1.10"), None],
            "day": [datetime.date(2024, 2, 29), None],
            "flag": [True, None],
            "share": pa.array([0.1, None], pa.float32()),
        }
    )
    customers = read_here(parquet_bytes(table))
    rows = parsed(customers_csv(customers, assigned(customers, [0, 1])))
    assert rows[1][0] == "9007199254740993"
    assert rows[1][4:] == ["1.10", "2024-02-29", "true", "0.1"]
    assert rows[2][4:] == ["", "", "", ""]


def test_the_assignment_is_one_raw_row_a_customer(customers):
    data = assignment_csv(customers, assigned(customers, [0, 1, -1, 0, 1]))
    assert parsed(data, "utf-8") == [
        ["customer_id", "segment", "segment_name", "confidence"],
        ["007", "S1", "One", "0.5"],
        ["1E5", "S2", "Two", "0.625"],
        ["NA", "none", "Fits none", "0.75"],
        ["9", "S1", "One", "0.875"],
        ["9", "S2", "Two", "1"],
    ]


def test_kpis_are_written_with_the_columns_that_others_rely_on(customers):
    rows = parsed(kpis_csv(measure(customers, assigned(customers, [0, 1, -1, 0, 1]))), "utf-8")
    assert rows[0] == [
        "segment", "segment_name", "kpi", "value", "low", "high", "n", "coverage", "verdict", "unit"
    ]  # fmt: skip
    sizes = {row[0]: float(row[3]) for row in rows[1:] if row[2] == "size"}
    assert (sizes["S1"], sizes["S2"], sizes["all"]) == (2, 2, 5)


def test_the_quality_report_says_how_everything_was_read(customers):
    report = json.loads(json.dumps(quality(customers)))
    assert (report["customers"], report["rows_set_aside"], report["rows_blank"]) == (5, 0, 0)
    assert report["read_as"] == {"format": "csv", "encoding": "UTF-8", "delimiter": "comma"}
    spend = next(one for one in report["columns"] if one["name"] == "spend")
    assert spend == {
        "name": "spend",
        "kind": "number",
        "role": "revenue",
        "use": "outcome",
        "reason": "the name says revenue",
        "confidence": "likely",
        "missing": 1,
        "not_converted": 0,
        "distinct": 3,
        "detail": "decimal comma",
    }
    assert report["kpis"]["revenue"] == {"answered": 4, "coverage": 0.8}


def test_the_dictionary_explains_every_column(customers):
    assignment = replace(assigned(customers, [0, 1, -1, 0, 1]), dimensions=("spend",), goal="retain")
    table = data_dictionary(customers, assignment).to_pylist()
    assert table.pop(0)["meaning"].startswith("Goal: Retain. Who leaves")
    spend = next(row for row in table if row["column"] == "spend")
    assert spend["meaning"].endswith("Formed the segments, so its KPI is circular")
    assert table[3] == {
        "column": "id",
        "kind": "text",
        "role": "Customer id",
        "meaning": "One value per customer; kept as text.",
    }
    assert all(row["meaning"] for row in table)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.key)
def test_every_export_writes_safe_and_raw_bytes(export, customers):
    assignment = assigned(customers, [0, 1, -1, 0, 1])
    safe, raw = (export.write(customers, assignment, how) for how in (False, True))
    assert safe != raw
    assert export.ending == {"text/csv": "csv", "application/zip": "zip"}[export.mime]
    assert (safe[:3] == b"\xef\xbb\xbf") == (export.mime == "text/csv")
    assert safe.startswith(b"PK") == (export.mime == "application/zip")
