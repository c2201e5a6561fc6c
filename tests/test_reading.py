"""What is read is what is in the file, whatever its form; what cannot be read is refused in words."""

import csv
import datetime
import decimal
import io
import json
import os
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import segkit
from segkit.customers import sandbox
from segkit.customers.choices import Choices
from segkit.customers.files import archives, columnar, delimited
from segkit.customers.files.opening import TOO_LARGE
from segkit.customers.reading import interpreted, opened
from segkit.errors import UnreadableFile, UnusableColumn
from tests.real_data import real_file
from tests.tables import csv_bytes, opened_here, parquet_bytes, read_here, texts, xlsx_bytes

PLAIN = [["id", "plan", "age"], ["1", "a", "34"], ["2", "b", "51"], ["3", "a", "28"]]


def cells(customers: segkit.Customers) -> list[list[str]]:
    """The table as text, the header first."""
    columns = [one.cast(pa.string()).to_pylist() for one in customers.source.columns]
    return [customers.source.column_names, *map(list, zip(*columns, strict=True))]


# --- one table in many forms ----------------------------------------------------------------------

no_surrogates = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
anything = st.text(no_surrogates, max_size=12)
tame = st.text(st.sampled_from("abcäß€é 0123456789.-+=@'"), max_size=8)
names = st.lists(st.text("abcdefghij_ äß", min_size=1, max_size=8).map(str.strip), min_size=2, max_size=5)


@st.composite
def tables(draw: st.DrawFn, of: st.SearchStrategy[str]) -> list[list[str]]:
    header = ["id", *dict.fromkeys(name for name in draw(names) if name not in ("", "id"))]
    if len(header) == 1:
        header.append("plan")
    rows = draw(
        st.lists(st.lists(of, min_size=len(header) - 1, max_size=len(header) - 1), min_size=2, max_size=8)
    )
    return [header, *([f"c{place}", *row] for place, row in enumerate(rows))]


dialects = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "lineterminator": st.sampled_from(["\n", "\r\n", "\r"]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    }
)


@given(tables(anything), dialects)
@settings(deadline=None, max_examples=75)
def test_a_table_written_with_quotes_is_read_as_it_was(table, dialect):
    read = read_here(csv_bytes(table, quoting=csv.QUOTE_ALL, **dialect))
    assert cells(read) == table
    assert read.set_aside == 0


@given(tables(tame), dialects)
@settings(deadline=None, max_examples=100)
def test_a_table_written_with_few_quotes_is_read_as_it_was(table, dialect):
    assert cells(read_here(csv_bytes(table, **dialect))) == table


@given(st.lists(st.text(no_surrogates, min_size=1, max_size=20).filter(str.strip), min_size=2, max_size=10))
@settings(deadline=None, max_examples=60)
def test_ids_are_never_changed(ids):
    rows = [["customer_id", "plan"], *([one, "a"] for one in ids)]
    customers = read_here(csv_bytes(rows, quoting=csv.QUOTE_ALL), roles={"customer_id": "customer_id"})
    assert list(customers.ids) == ids


@given(st.lists(st.integers(1, 6), max_size=12))
@settings(deadline=None, max_examples=60)
def test_rows_of_the_file_are_loaded_or_set_aside(widths):
    good = [["g", "a", str(place)] for place in range(20)]
    others = [[f"r{place}"] * width for place, width in enumerate(widths)]
    customers = read_here(csv_bytes([["id", "plan", "age"], *good, *others]))
    bad = sum(width != 3 for width in widths)
    assert (len(customers), customers.set_aside) == (20 + len(widths) - bad, bad)


@pytest.mark.parametrize("ids", [["007", "08", "9"], ["1E5", "100000", "1e5"], ["NA", "None", "3"]])
def test_ids_that_look_like_something_else_stay_text(ids):
    customers = read_here(csv_bytes([["id", "age"], *([one, "3"] for one in ids)]))
    assert list(customers.ids) == ids
    assert customers.column("id").kind == "text"
    assert list(customers.frame["id"]) == ids


def test_ids_beyond_what_a_float_holds_stay_apart():
    ids = ["9007199254740993", "9007199254740992", "12345678901234567890"]
    customers = read_here(csv_bytes([["clientnum", "age"], *([one, "3"] for one in ids)]))
    assert list(customers.ids) == ids
    assert list(customers.frame["clientnum"]) == ids


def test_na_and_none_are_levels_of_a_category_not_gaps():
    rows = [
        ["id", "country", "offer"],
        *([str(n), ["NA", "DE"][n % 2], ["None", "Gold"][n % 2]] for n in range(8)),
    ]
    customers = read_here(csv_bytes(rows))
    assert customers.frame["country"].value_counts().to_dict() == {"NA": 4, "DE": 4}
    assert customers.frame["offer"].value_counts().to_dict() == {"None": 4, "Gold": 4}


@pytest.mark.parametrize(
    ("text", "encoding", "says"),
    [
        ("Köln", "latin-1", "Windows-1252 (Western European)"),
        ("5 €", "cp1252", "Windows-1252 (Western European)"),
        ("Köln", "utf-8", "UTF-8"),
        ("Köln", "utf-8-sig", "UTF-8 with byte order mark"),
        ("Köln", "utf-16", "UTF-16"),
        ("Köln", "utf-32", "UTF-32"),
    ],
)
def test_the_encoding_is_found_and_stated(text, encoding, says):
    customers = read_here(csv_bytes([["id", "city"], ["1", text], ["2", text]], encoding=encoding))
    assert customers.source.column("city").to_pylist() == [text, text]
    assert texts(customers)[0] == f"Read as CSV: {says}, separated by comma, decimal point."
    assert customers.facts == {"format": "csv", "encoding": says, "delimiter": "comma"}


def test_bytes_that_windows_1252_lacks_are_read_as_latin_1():
    customers = read_here(b"id,city\n1,\x81\xe9\n2,b\n")
    assert customers.source.column("city").to_pylist() == ["\x81é", "b"]
    assert "Latin-1" in texts(customers)[0]


def test_semicolons_and_decimal_commas_are_found_and_stated():
    customers = read_here(b"id;income;age\n1;1.234,50;3\n2;99,95;4\n3;5,5;5\n")
    assert list(customers.frame["income"]) == [1234.5, 99.95, 5.5]
    assert customers.column("income").detail == "decimal comma"
    assert texts(customers)[0] == "Read as CSV: UTF-8, separated by semicolon, decimal comma."


def test_the_decimal_sign_of_the_file_reads_columns_that_do_not_tell():
    customers = read_here(b"id;spend;income\n1;1,234;1,5\n2;2,345;99,95\n")
    assert list(customers.frame["spend"]) == [1.234, 2.345]


def test_thousands_signs_that_could_be_decimal_signs_are_stated():
    customers = read_here(csv_bytes([["id", "a", "b"], ["1", "1,234", "5,678"], ["2", "7", "8"]]))
    assert list(customers.frame["a"]) == [1234.0, 7.0]
    asked = [note for note in customers.notes if note.key == "thousands"]
    assert [note.column for note in asked] == ["a", "b"]
    assert asked[0].text == (
        "“1,234” was read as 1234 in “a”; nothing else in the file tells whether its comma separates "
        "thousands or decimals."
    )
    assert [option.change for option in asked[0].options] == [
        {"kinds": {"a": "decimal-comma number"}},
        {"kinds": {"a": "decimal-point number"}},
    ]
    other = read_here(
        csv_bytes([["id", "a", "b"], ["1", "1,234", "5,678"], ["2", "7", "8"]]), **asked[0].options[0].change
    )
    assert list(other.frame["a"]) == [1.234, 7.0]


def test_trailing_delimiters_do_not_shift_columns():
    customers = read_here(b"id,plan,age\n1,a,34,\n2,b,51,\n")
    assert cells(customers) == [["id", "plan", "age"], ["1", "a", "34"], ["2", "b", "51"]]
    assert texts(customers)[1] == (
        "Every row ends with a delimiter that nothing follows; it was read as the end of the row."
    )
    header_only = read_here(b"id,plan,age,\n1,a,34\n2,b,51\n")
    assert cells(header_only) == [["id", "plan", "age"], ["1", "a", "34"], ["2", "b", "51"]]


def test_a_header_without_a_name_for_the_row_names_stands_over_the_right_columns():
    customers = read_here(b"plan,age\nr1,a,34\nr2,b,51\n")
    assert cells(customers) == [["Column 1", "plan", "age"], ["r1", "a", "34"], ["r2", "b", "51"]]
    assert any("the names were given from the right" in text for text in texts(customers))
    repeated = read_here(b"plan,age\na,34,x\na,51,y\n")
    assert repeated.source.column_names == ["plan", "age", "Column 3"]
    assert any("the names were given from the left" in text for text in texts(repeated))


def test_repeated_and_missing_column_names_get_names_and_a_note():
    customers = read_here(b"id,plan,plan,,plan (2)\n1,a,b,c,d\n2,e,f,g,h\n")
    assert customers.source.column_names == ["id", "plan", "plan (3)", "Column 4", "plan (2)"]
    assert texts(customers)[1:3] == [
        "Columns without a name were named by their place: Column 4.",
        "Column names that occur more than once got a number: plan. Check which one you want to use.",
    ]


def test_quoted_delimiters_quotes_and_lines_stay_in_their_cell():
    customers = read_here(b'"id","a\nb","c, d"\n1,"x ""y"", z\nnext",5\n2,"",6\n')
    assert cells(customers) == [["id", "a\nb", "c, d"], ["1", 'x "y", z\nnext', "5"], ["2", "", "6"]]


def test_files_of_many_blocks_are_put_together_even_where_cells_span_lines(monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 1 << 10)
    rows = [["id", "note", "plan"], *([f"c{n}", f"line {n}\nline, too\n\n", "ab"[n % 2]] for n in range(300))]
    assert cells(read_here(csv_bytes(rows))) == rows


def test_rows_of_another_width_are_set_aside_and_shown():
    customers = read_here(b"id,plan,age\n1,a,3\n2,b\n3,a,5,extra\n4,b,6\n5,c,7\n")
    assert list(customers.ids) == ["1", "4", "5"]
    assert customers.set_aside == 2
    assert texts(customers)[1] == (
        "2 rows set aside because of 2 or 4 fields instead of 3. The first begins “2,b”. "
        "Mend the delimiters and quotes in the file to keep them."
    )


def test_a_quote_that_is_never_closed_costs_rows_that_are_counted():
    customers = read_here(b'id,plan,age\n1,a,3\n2,b,4\n3,"x,5\n4,y,6\n5,z,7\n')
    assert (len(customers), customers.set_aside) == (2, 3)
    assert "3 rows set aside because of a quote that is never closed." in texts(customers)[1]


def test_a_quote_left_open_in_the_last_column_takes_no_row_in_silently():
    customers = read_here(b'id,age,plan\n1,3,a\n2,4,b\n3,5,"c\n4,6,d\n5,7,e\n')
    assert (list(customers.ids), customers.set_aside) == (["1", "2"], 3)


def test_a_cell_of_very_many_lines_is_pointed_at():
    customers = read_here(csv_bytes([["id", "note"], ["1", "x\n" * 80], ["2", "y"]]))
    assert texts(customers)[1].startswith("A cell in “note” has 81 lines. A quote that is not closed")


def test_blank_rows_are_skipped_and_counted():
    customers = read_here(b"\n,,\nid,plan,age\n\n1,a,3\n,,\n2,b,4\n\n,,\n")
    assert cells(customers) == [["id", "plan", "age"], ["1", "a", "3"], ["2", "b", "4"]]
    assert "2 blank rows skipped." in texts(customers)
    assert customers.facts["blank_rows"] == "2"


def test_a_cell_of_five_megabytes_is_read():
    customers = read_here(csv_bytes([["id", "note"], ["1", "x" * 5_000_000], ["2", "y"]]))
    assert len(customers.source.column("note")[0].as_py()) == 5_000_000


def test_two_thousand_columns_are_read_and_their_notes_stay_few():
    header = [f"c{place}" for place in range(2000)]
    customers = read_here(csv_bytes([header, ["1"] * 2000, ["1"] * 2000]))
    assert len(customers.columns) == 2000
    assert len(customers.notes) == 3
    assert customers.notes[2].text == (
        "“c0”, “c1”, “c2”, “c3”, “c4” and 1995 more have only one value each and are left out."
    )


# --- what is refused ------------------------------------------------------------------------------


def zipped(**entries: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("_", "/"), content)
    return stream.getvalue()


REFUSED = {
    "nothing": (b"", "The file is empty."),
    "a byte order mark": (b"\xef\xbb\xbf", "The file is empty."),
    "white space": (b" \n \r\n", "The file is empty."),
    "delimiters": (b",,\n,,\n", "The file has no filled cell."),
    "header": (b"id,plan,age\n", "The table has column names (id, plan and age) but no rows below them."),
    "empty rows": (b"id,plan\n,\n,\n", "The table has column names (id and plan) but no rows below them."),
    "one row": (b"id,plan,age\n1,a,3\n", "The table has one customer only."),
    "one column": (b"age\n1\n2\n3\n", "Only one column was found (“age”)."),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "This is a PDF document, not a table of customers."),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(50), "This is a PNG picture, not a table of customers."),
    "damaged gzip": (b"\x1f\x8b\x08\x00" + bytes(20), "The gzip file is damaged or ends too early."),
    "HTML": (b"\n<!DOCTYPE html><html></html>", "This is a web page or XML document, not a table."),
    "HTML table": (b"<TABLE border=1><tr><td>1</td></tr></TABLE>", "This is a web page or XML document"),
    "XML with mark": (b'\xef\xbb\xbf<?xml version="1.0"?><a/>', "This is a web page or XML document"),
    "JSON without records": (b'{"a": [1, 2, 3]}', "This is a JSON document, not a table:"),
    "JSON of one column": (b'[\n  {"id": 1},\n  {"id": 2}\n]', "Only one column was found (“id”)."),
    "ZIP": (zipped(table="id,plan\n1,2\n"), "This is a ZIP archive or another Office document"),
    "DOCX": (zipped(word_document="<x/>"), "This is a ZIP archive or another Office document"),
    "half a ZIP": (zipped(table="id")[:20], "The file is a damaged archive or workbook."),
    "damaged workbook": (zipped(xl_workbook="<x/>"), "The workbook cannot be opened"),
    "old Office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "The workbook cannot be opened"),
    "damaged Parquet": (b"PAR1" + bytes(50) + b"PAR1", "The Parquet file is damaged"),
    "zero bytes": (b"id,plan\n1,a\x00b\n2,c\n", "The file holds zero bytes, so it is not a text table."),
    "UTF-32 unmarked": ("id,plan\n1,a\n2,b\n".encode("utf-32-le"), "The file holds zero bytes"),
    "half a UTF-16": (b"\xff\xfei\x00d\x00,", "The file starts like UTF-16 text but byte"),
    "many columns": ((",".join(["c"] * 2001) + "\n").encode() * 3, "The file has more than 2,000 columns"),
    "very many columns": (b"," * 1_000_000 + b"\n1,2\n", "The file has more than 2,000 columns"),
    "no line end": (b"x" * 1_000_000, "The first row is longer than 131,072 characters"),
    "endless row": (
        b"id,plan\n1,a\n2," + b"x" * 40_000_000,
        "The rows cannot be told apart; one seems longer than 16 MB.",
    ),
    "open quote at once": (b'id,plan\n1,"a\n2,b\n3,c\n', "Only 0 of 3 rows could be read. 3 rows set aside"),
    "long header": (b"id,plan,age\n1,a\n2,b\n3,c\n", "The header names 3 columns, but most rows have 2"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_table_is_refused_with_what_and_what_to_do(what):
    data, beginning = REFUSED[what]
    with pytest.raises(UnreadableFile) as problem:
        opened_here(data)
    message = str(problem.value)
    assert message.startswith(beginning)
    assert message.count(". ") >= 1
    assert message.endswith(".")


def test_workbooks_that_unpack_to_gigabytes_are_refused_before_they_are_unpacked(monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1000)
    with pytest.raises(UnreadableFile, match=r"The file unpacks to .* GB, which is too much"):
        opened_here(xlsx_bytes(Customers=PLAIN))


def test_a_wrong_ending_is_read_by_content_and_said():
    customers = read_here(csv_bytes(PLAIN), name="customers.XLSX")
    assert cells(customers) == PLAIN
    assert texts(customers)[1] == "The name ends in .xlsx, but the content is CSV; it was read as that."


def test_a_missing_file_a_folder_and_text_are_refused_in_words(tmp_path):
    with pytest.raises(UnreadableFile, match=r"There is no file “nowhere.csv”. Check the name"):
        segkit.read("nowhere.csv")
    with pytest.raises(UnreadableFile, match="cannot be opened as a file"):
        segkit.read(tmp_path)


# --- workbooks ------------------------------------------------------------------------------------


def test_the_first_visible_sheet_with_cells_is_read_and_the_others_named():
    book = xlsx_bytes(hidden=[["secret", "x"], ["1", "2"]], Intro=[], Customers=PLAIN, More=PLAIN)
    customers = read_here(book)
    assert cells(customers) == PLAIN
    assert customers.sheets == ("Intro", "Customers", "More")
    assert texts(customers)[:2] == [
        "Read as a workbook, sheet “Customers”.",
        "Read sheet “Customers”; the workbook also has Intro and More.",
    ]


def test_a_sheet_is_read_when_asked_for():
    book = xlsx_bytes(One=PLAIN, Two=[["id", "plan"], ["7", "x"], ["8", "y"]])
    assert cells(read_here(book, sheet="Two")) == [["id", "plan"], ["7", "x"], ["8", "y"]]
    with pytest.raises(
        UnreadableFile, match=r"There is no visible sheet “Nix”. The workbook has: One and Two."
    ):
        read_here(book, sheet="Nix")


def test_a_sheet_of_a_csv_is_not_looked_for_and_that_is_said():
    assert "CSV files have no sheets; “Two” was not looked for." in texts(
        read_here(csv_bytes(PLAIN), sheet="Two")
    )


def test_cells_of_a_workbook_become_the_texts_of_a_csv():
    day, moment = datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 13, 30)
    rows = [
        ["id", "joined", "seen", "active", "score", "code", "big"],
        [1, day, moment, True, 1.5, "007", 2**53],
        [2, day, moment, False, 2, "08", 1e20],
        [3, day, moment, True, 0.1, "9", -3],
    ]
    customers = read_here(xlsx_bytes(Customers=rows))
    assert cells(customers)[1:3] == [
        ["1", "2024-02-29", "2024-02-29 13:30:00", "TRUE", "1.5", "007", "9007199254740992"],
        ["2", "2024-02-29", "2024-02-29 13:30:00", "FALSE", "2", "08", "1e+20"],
    ]
    kinds = {one.name: one.kind for one in customers.columns}
    assert [kinds[name] for name in ("joined", "seen", "active", "score", "code")] == [
        "date",
        "date",
        "yes/no",
        "number",
        "text",
    ]
    assert list(customers.frame["seen"].dt.day) == [29, 29, 29]


def test_empty_and_header_only_workbooks_are_refused():
    with pytest.raises(UnreadableFile, match=r"The workbook has no visible sheet with cells in it."):
        read_here(xlsx_bytes(One=[], Two=[]))
    with pytest.raises(UnreadableFile, match="but no rows below them"):
        read_here(xlsx_bytes(One=[["id", "plan"]]))


# --- Parquet and frames ---------------------------------------------------------------------------


def test_a_typed_table_keeps_its_values_in_the_source_and_the_frame():
    moment = datetime.datetime(2024, 1, 1, 3, 30, tzinfo=datetime.UTC)
    table = pa.table(
        {
            "id": pa.array([2**53 + 1, 2**53]),
            "zip": ["01234", None],
            "flag": pa.array([True, None]),
            "spend": pa.array([decimal.Decimal("1.10"), None]),
            "seen": pa.array([moment, None], pa.timestamp("us", "America/New_York")),
            "day": pa.array([datetime.date(1960, 5, 17), None]),
            "plan": pa.array(["a", None]).dictionary_encode(),
            "tags": pa.array([[1, 2], None]),
            "name": pa.array(["Zoë".encode(), None]),
        }
    )
    customers = read_here(parquet_bytes(table))
    assert list(customers.ids) == ["9007199254740993", "9007199254740992"]
    first = customers.source.slice(0, 1).to_pylist()[0]
    assert first["spend"] == decimal.Decimal("1.10")
    assert first["seen"] == datetime.datetime(2023, 12, 31, 22, 30)
    assert (first["zip"], first["plan"], first["tags"], first["name"]) == ("01234", "a", "[1, 2]", "Zoë")
    assert customers.frame["spend"].tolist()[0] == 1.1
    assert customers.frame["day"][0] == pd.Timestamp(1960, 5, 17)
    assert customers.frame["seen"][0] == pd.Timestamp(2023, 12, 31)
    assert customers.frame["flag"].astype(object).tolist()[0] == "Yes"
    assert [one.missing for one in customers.columns] == [0] + [1] * 8
    assert "Times in “seen” are those of the clocks in America/New_York, as the file says." in texts(
        customers
    )


def test_a_parquet_file_gives_what_the_same_csv_gives():
    frame = pd.DataFrame(
        {
            "id": [f"c{place}" for place in range(40)],
            "age": np.arange(40) % 7 + 20.5,
            "plan": ["basic", "pro"] * 20,
            "converted": [0, 1] * 20,
            "signup_date": pd.date_range("2024-01-01", periods=40, unit="s"),
        }
    )
    typed = read_here(parquet_bytes(pa.Table.from_pandas(frame)))
    text = read_here(frame.to_csv(index=False).encode())
    pd.testing.assert_frame_equal(typed.frame, text.frame)
    assert typed.roles == text.roles
    assert [one.kind for one in typed.columns] == [one.kind for one in text.columns]


def test_parquet_files_that_claim_too_many_cells_are_refused(monkeypatch):
    monkeypatch.setattr(columnar, "MOST_CELLS", 5)
    with pytest.raises(UnreadableFile, match=r"The Parquet file holds 6 cells; 5 can be read."):
        opened_here(parquet_bytes(pa.table({"a": [1, 2, 3], "b": [1, 2, 3]})))


def test_a_frame_is_read_like_a_file_and_not_changed():
    frame = pd.DataFrame([[1, "x", 2.5], [2, "y", None], [3, 7, 1.0]], columns=["id", "mixed", "spend"])
    before = frame.copy(deep=True)
    customers = segkit.read(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert list(customers.ids) == ["1", "2", "3"]
    assert customers.source.column("mixed").to_pylist() == ["x", "y", "7"]
    assert customers.column("spend").missing == 1


def test_frames_with_repeated_columns_are_read_and_tiny_ones_refused():
    customers = segkit.read(pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]))
    assert customers.source.column_names == ["a", "a (2)"]
    with pytest.raises(UnreadableFile, match="The table has one customer only"):
        segkit.read(pd.DataFrame({"a": [1], "b": [2]}))


# --- the child process ----------------------------------------------------------------------------


def test_path_bytes_and_file_object_give_the_same_table(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_bytes(csv_bytes(PLAIN))
    with path.open("rb") as file:
        tables = [
            segkit.read(path),
            segkit.read(str(path)),
            segkit.read(path.read_bytes()),
            segkit.read(file),
        ]
    assert [cells(one) for one in tables] == [PLAIN] * 4
    assert len({one.fingerprint for one in tables}) == 1
    assert cells(read_here(csv_bytes(PLAIN))) == PLAIN
    assert path.read_bytes() == csv_bytes(PLAIN)


def test_the_fingerprint_follows_content_and_choices():
    one = segkit.read(csv_bytes(PLAIN))
    other = segkit.read(csv_bytes([*PLAIN[:3], ["3", "a", "29"]]))
    chosen = segkit.read(csv_bytes(PLAIN), kinds={"age": "category"})
    assert len({one.fingerprint, other.fingerprint, chosen.fingerprint}) == 3


def test_a_stray_cell_in_the_far_corner_does_not_take_this_process_down():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(PLAIN):
            sheet.write_row(place, 0, row)
        sheet.write(1_048_575, 16_383, "x")
    here = os.getpid()
    with pytest.raises(UnreadableFile, match="A sheet claims 1,048,576 rows and 16,384 columns"):
        segkit.read(stream.getvalue())
    assert os.getpid() == here
    assert len(segkit.read(csv_bytes(PLAIN))) == 3


@pytest.mark.parametrize(
    ("child", "message"),
    [
        ("import os; os.abort()", TOO_LARGE),
        ("raise MemoryError", TOO_LARGE),
        ("raise RuntimeError('broken')", sandbox.DAMAGED),
    ],
)
def test_a_child_that_dies_becomes_a_message(monkeypatch, child, message):
    monkeypatch.setattr(sandbox, "_LIMITED", child)
    with pytest.raises(UnreadableFile) as problem:
        segkit.read(csv_bytes(PLAIN))
    assert str(problem.value) == message


def test_a_child_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(sandbox, "_LIMITED", "import time; time.sleep(60)")
    monkeypatch.setattr(sandbox, "SECONDS", 0.2)
    with pytest.raises(UnreadableFile, match="took longer than"):
        segkit.read(csv_bytes(PLAIN))


class ReadingStopped(Exception):
    """What a caller raises who wants a reading to end."""


def test_a_reading_can_be_stopped_and_its_child_is_gone(monkeypatch):
    monkeypatch.setattr(sandbox, "_LIMITED", "import time; time.sleep(60)")
    children = []
    started = sandbox.subprocess.Popen

    def start(*args, **kwargs):
        children.append(started(*args, **kwargs))
        return children[-1]

    def stop():
        raise ReadingStopped("stopped")

    monkeypatch.setattr(sandbox.subprocess, "Popen", start)
    with pytest.raises(ReadingStopped):
        segkit.read(csv_bytes(PLAIN), watch=stop)
    assert children[0].poll() is not None


def test_the_memory_of_the_child_is_limited(monkeypatch):
    monkeypatch.setattr(sandbox, "_memory", lambda size: 1 << 26)
    with pytest.raises(UnreadableFile):
        segkit.read(csv_bytes(PLAIN))


@pytest.mark.parametrize("name", ["a\x00b.csv", "../../etc/passwd", "a" * 300_000, "\udcff.csv", "-x"])
def test_names_that_users_give_are_only_text(name):
    assert cells(segkit.read(csv_bytes(PLAIN), name=name)) == PLAIN


def test_a_module_in_the_working_folder_is_not_run(tmp_path, monkeypatch):
    (tmp_path / "csv.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    assert cells(segkit.read(csv_bytes(PLAIN))) == PLAIN


# --- what the user sets ---------------------------------------------------------------------------


def test_kinds_that_are_set_are_used_and_the_others_found():
    customers = read_here(csv_bytes(PLAIN), kinds={"age": "category"})
    assert [one.kind for one in customers.columns] == ["text", "category", "category"]
    assert list(customers.frame["age"]) == ["34", "51", "28"]


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"kinds": {"plan": "number"}}, "No cell of column “plan” is a number (it holds “a” and “b”)."),
        ({"kinds": {"plan": "colour"}}, "“colour” is no kind of column. Choose one of number, yes/no, date"),
        ({"kinds": {"nix": "number"}}, "There is no column “nix”. The table has: id, plan and age."),
        ({"roles": {"nix": "csat"}}, "There is no column “nix”. The table has: id, plan and age."),
    ],
)
def test_choices_that_cannot_be_carried_out_are_refused_in_words(choices, message):
    with pytest.raises(UnusableColumn) as problem:
        read_here(csv_bytes(PLAIN), **choices)
    assert str(problem.value).startswith(message)


def test_reading_again_with_other_choices_changes_nothing_that_was_read():
    text, content = opened(csv_bytes(PLAIN))
    before = text.table.to_pylist()
    interpreted(text, content, Choices(kinds={"age": "category"}, roles={"plan": "descriptor"}))
    assert text.table.to_pylist() == before


# --- real files -----------------------------------------------------------------------------------


def expected(folder: str) -> dict:
    return json.loads(real_file(folder, "expect.json").read_text())


def test_telco_churn_gives_the_numbers_computed_apart_from_it():
    truth = expected("telco_churn")
    customers = segkit.read(real_file("telco_churn", "Telco-Customer-Churn.csv"))
    frame = customers.frame
    assert frame.shape == (truth["rows"], truth["columns"])
    assert customers.column("TotalCharges").missing == truth["blank_TotalCharges"]
    assert frame["TotalCharges"].sum() == pytest.approx(truth["TotalCharges_sum_nonblank"], rel=1e-12)
    assert frame["MonthlyCharges"].sum() == pytest.approx(truth["MonthlyCharges_sum"], rel=1e-12)
    for level, group in frame.groupby("Contract", observed=True):
        here = truth["churn_by_Contract"][level]
        assert (len(group), int((group["Churn"] == "Yes").sum())) == (here["n"], here["pos"])
    assert texts(customers) == ["Read as CSV: UTF-8, separated by comma, decimal point."]


def campaign(folder: str) -> segkit.Customers:
    return segkit.read(real_file(folder, "marketing_campaign.csv"))


def test_the_same_customers_in_two_dialects_give_the_same_table():
    comma, tab = campaign("marketing_campaign"), campaign("marketing_campaign_tab")
    pd.testing.assert_frame_equal(comma.frame, tab.frame)
    assert comma.roles == tab.roles
    assert [one.kind for one in comma.columns] == [one.kind for one in tab.columns]
    assert (comma.column("Dt_Customer").detail, tab.column("Dt_Customer").detail) == (
        "month first",
        "day first",
    )
    truth = expected("marketing_campaign")
    assert comma.frame.shape == (truth["rows"], truth["columns"])
    assert comma.column("Income").missing == truth["missing_Income"]
    assert comma.frame["Income"].max() == truth["income_max"]
    assert str(comma.frame["Dt_Customer"].min()) == truth["Dt_Customer_min"]
    assert str(comma.frame["Dt_Customer"].max()) == truth["Dt_Customer_max"]
    spent = comma.frame[[name for name in comma.frame if name.startswith("Mnt")]].to_numpy().sum()
    assert spent == truth["spend_sum"]
    assert int((comma.frame["Response"] == "1").sum()) == truth["response_overall"]["pos"]
    assert texts(tab)[0] == "Read as CSV: UTF-8, separated by tab, decimal point."


def test_wholesale_gives_the_numbers_computed_apart_from_it():
    truth = expected("wholesale")
    customers = segkit.read(real_file("wholesale", "Wholesale customers data.csv"))
    assert customers.frame.shape == (truth["rows"], truth["columns"])
    assert customers.frame["Channel"].value_counts().to_dict() == truth["channel_counts"]
    assert customers.frame["Region"].value_counts().to_dict() == truth["region_counts"]
    assert {name: customers.frame[name].sum() for name in truth["spend_by_category"]} == truth[
        "spend_by_category"
    ]


def test_universal_bank_gives_the_numbers_computed_apart_from_it():
    truth = expected("dmba")
    bank = segkit.read(real_file("dmba", "UniversalBank.csv"))
    size = truth["files"]["UniversalBank.csv"]
    assert bank.frame.shape == (size["rows"], size["columns"])
    assert int((bank.frame["Personal Loan"] == "1").sum()) == truth["UniversalBank"]["pos"]
    assert bank.column("ZIP Code").kind == "text"
    for family, here in truth["UniversalBank"]["by_Family"].items():
        group = bank.frame[bank.frame["Family"] == float(family)]
        assert (len(group), int((group["Personal Loan"] == "1").sum())) == (here["n"], here["pos"])


def test_mcdonalds_gives_the_numbers_computed_apart_from_it():
    truth = expected("mcdonalds")
    customers = segkit.read(real_file("mcdonalds", "mcdonalds.csv"))
    assert customers.frame.shape == (truth["rows"], truth["columns"])
    for name, mean in truth["attribute_means"].items():
        assert customers.column(name).kind == "yes/no"
        assert (customers.frame[name] == "Yes").mean() == pytest.approx(mean, abs=1e-6)
    assert customers.frame["Age"].mean() == pytest.approx(truth["age_mean"], abs=1e-6)
    assert customers.frame["VisitFrequency"].value_counts().to_dict() == truth["visit_frequency_counts"]
    assert any(
        text.startswith("No column identifies the customers, so row numbers") for text in texts(customers)
    )
    assert list(customers.ids[:2]) == ["1", "2"]


def test_line_ends_of_another_age_are_read():
    truth = expected("dmba")["files"]["Fundraising.csv"]
    customers = segkit.read(real_file("dmba", "Fundraising.csv"))
    assert customers.frame.shape == (truth["rows"], truth["columns"])


def test_question_marks_are_gaps_that_are_stated():
    customers = segkit.read(real_file("mall_customers", "Mall_Customers.csv"))
    assert [one.missing for one in customers.columns] == [0, 0, 10, 30, 60]
    assert texts(customers)[1].startswith(
        "12 ids in “CustomerID” occur more than once, first “104” in rows 104"
    )
    assert "“?” (10 rows) in “Age” read as missing." in texts(customers)


def test_protected_workbooks_are_refused_in_words():
    path = real_file("csv_messytables_horror", "encrypted_no_password.xls")
    with pytest.raises(UnreadableFile, match="protected by a password"):
        segkit.read(path)
