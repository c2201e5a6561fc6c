"""Files to text: layout, dialects, encodings and archives, and the ways to undo what was assumed."""

import gzip
import io
import json
import zipfile

import pytest

from segkit.customers.choices import Choices
from segkit.customers.files.encodings import decoded
from segkit.customers.files.text_table import TextTable
from segkit.errors import UnreadableFile
from tests.tables import csv_bytes, opened_here, xlsx_bytes

PLAIN = [["id", "plan", "age"], ["1", "a", "34"], ["2", "b", "51"], ["3", "a", "28"]]


def cells(text: TextTable) -> list[list[str]]:
    columns = [one.cast("string").to_pylist() for one in text.table.columns]
    return [text.table.column_names, *map(list, zip(*columns, strict=True))]


def keys(text: TextTable) -> list[str]:
    return [note.key for note in text.notes]


def aside(text: TextTable) -> list[tuple[int | None, str, str]]:
    return [(row["line"], row["reason"], row["text"]) for row in text.aside.to_pylist()]


def undone(data: bytes, key: str, **choices: object) -> TextTable:
    """Read a file, take the first option of a note, and read it again."""
    found = opened_here(data, choices=Choices(**choices))
    note = next(note for note in found.notes if note.key == key)
    return opened_here(data, choices=Choices(**choices).changed(note.options[0].change))


# --- layout ---------------------------------------------------------------------------------------


def test_lines_above_the_names_are_set_aside_with_their_place():
    data = b"Customer export\n\nCreated: 2026-11-01,by CRM\nid,plan,age,city\n1,a,34,Ulm\n2,b,51,Bonn\n"
    found = opened_here(data)
    assert cells(found) == [["id", "plan", "age", "city"], ["1", "a", "34", "Ulm"], ["2", "b", "51", "Bonn"]]
    assert aside(found) == [
        (1, "above the column names", "Customer export"),
        (3, "above the column names", "Created: 2026-11-01, by CRM"),
    ]
    assert keys(found) == ["preamble"]
    assert found.notes[0].text.endswith("the names were found in row 4.")


def test_a_file_without_names_keeps_its_first_row_and_says_so():
    data = b"c1,34,2024-01-02\nc2,51,2024-02-03\nc3,28,2024-03-04\n"
    found = opened_here(data)
    assert cells(found)[:2] == [["Column 1", "Column 2", "Column 3"], ["c1", "34", "2024-01-02"]]
    assert (found.table.num_rows, keys(found)) == (3, ["no-header"])
    assert undone(data, "no-header").table.column_names == ["c1", "34", "2024-01-02"]


def test_years_are_names_not_data():
    found = opened_here(b"customer,2021,2022,2023\nA,5,6,7\nB,8,9,10\n")
    assert found.table.column_names == ["customer", "2021", "2022", "2023"]


def test_the_header_can_be_set():
    data = csv_bytes(PLAIN)
    assert opened_here(data, choices=Choices(header=0)).table.num_rows == 4
    assert opened_here(data, choices=Choices(header=2)).table.column_names == ["1", "a", "34"]


def test_totals_repeated_names_and_notes_below_are_set_aside_and_can_be_kept():
    rows = [*PLAIN, PLAIN[0], ["4", "b", "40"], ["Total", "", "153"], ["Source: CRM", "", ""]]
    data = csv_bytes(rows)
    found = opened_here(data)
    assert [row[0] for row in cells(found)[1:]] == ["1", "2", "3", "4"]
    assert [reason for _, reason, _ in aside(found)] == ["repeated header", "total", "note below the table"]
    assert undone(data, "repeated-header").table.num_rows == 5
    assert undone(data, "totals").table.num_rows == 6


def test_a_customer_called_total_stays():
    rows = [["id", "company"], ["1", "Shell"], ["2", "Total"]]
    assert cells(opened_here(csv_bytes(rows))) == rows


def test_short_rows_can_be_kept_with_their_last_cells_empty():
    data = b"id,plan,age\n1,a,34\n2,b\n3,a,28\n"
    assert aside(opened_here(data)) == [(3, "2 fields instead of 3", "2,b")]
    assert cells(undone(data, "ragged"))[1:] == [["1", "a", "34"], ["2", "b", ""], ["3", "a", "28"]]


def test_rows_set_aside_have_their_line_even_where_cells_span_lines():
    data = b'id,note,age\n1,"a\nb",3\n2,x\n3,"c",4\n4,y,5,6\n5,z,7\n'
    assert [(line, text) for line, _, text in aside(opened_here(data))] == [(4, "2,x"), (6, "4,y,5,6")]


def test_a_delimiter_at_the_end_of_some_rows_costs_no_row():
    found = opened_here(b"id,plan,age\n1,a,34\n2,b,51,\n3,a,28\n")
    assert (cells(found)[2], found.set_aside) == (["2", "b", "51"], 0)


# --- dialects -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (b"sep=;\nid;plan\n1;a,b\n2;c\n", ["1", "a,b"]),
        (b"id;spend\n1;3,5\n2;4,5\n", ["1", "3,5"]),
        (b'id,name\n1,"Ann \\"A\\" Lee"\n2,"Bo"\n', ["1", 'Ann "A" Lee']),
        (b"'id','name'\n'1','Lee, Ann'\n'2','Bo'\n", ["1", "Lee, Ann"]),
        (b'id,screen\n1,5" wide\n2,6" wide\n', ["1", '5" wide']),
        (b"id^plan\n1^a\n2^b\n", ["1", "a"]),
        (b"  id   spend  day\n  01   3.5   5\n  02  14.5   6\n", ["01", "3.5", "5"]),
    ],
)
def test_dialects_are_found(data, row):
    assert cells(opened_here(data))[1] == row


def test_words_between_blanks_are_no_table():
    with pytest.raises(UnreadableFile, match="Only one column"):
        opened_here(b"city\nNew York\nLos Angeles\nSan Diego\n")


def test_a_delimiter_can_be_set():
    assert cells(opened_here(b"id;a,b\n1;2,3\n2;4,5\n", choices=Choices(delimiter=",")))[1] == ["1;2", "3"]


# --- encodings ------------------------------------------------------------------------------------

CHINESE = "客戶編號,姓名,滿意度\n1,王小明,非常滿意\n2,李美麗,普通\n3,陳大文,不滿意\n"
JAPANESE = "顧客番号,氏名,満足度\n1,山田太郎,とても満足\n2,佐藤花子,普通\n3,鈴木一郎,不満\n"
KOREAN = "고객번호,이름,만족도\n1,김철수,매우 만족\n2,이영희,보통\n3,박민수,불만족\n"
POLISH = "id,miasto,plan\n1,Łódź,złoty\n2,Gdańsk,zielony\n3,Wrocław,biały\n"


@pytest.mark.parametrize(
    ("text", "codec"), [(CHINESE, "big5"), (JAPANESE, "shift_jis"), (KOREAN, "euc_kr"), (JAPANESE, "euc_jp")]
)
def test_east_asian_text_is_read_as_the_likeliest_encoding_and_asked_about(text, codec):
    found = decoded(memoryview(text.encode(codec)))
    assert str(found.data, "utf-8") == text
    assert [(note.key, note.ask) for note in found.notes] == [("encoding", True)]
    assert codec not in [option.change["encoding"] for option in found.notes[0].options]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "cp1250", "cp1252", "cp1251"])
def test_other_encodings_without_a_mark_are_found(codec):
    text = {"cp1250": POLISH, "cp1251": "id,город\n1,Москва\n2,Казань\n"}.get(
        codec, "id,Stadt\n1,Köln\n2,Ulm\n"
    )
    found = decoded(memoryview(text.encode(codec)))
    assert str(found.data, "utf-8") == text
    assert found.notes[0].key == "encoding"


def test_lines_of_two_encodings_are_both_right_and_counted():
    data = "id,city\n1,Köln\n".encode() + "2,Zürich\n3,Ulm\n".encode("cp1252")
    found = opened_here(data)
    assert [row[1] for row in cells(found)[1:]] == ["Köln", "Zürich", "Ulm"]
    assert found.notes[0].text.startswith("The file mixes encodings: 1 line is not UTF-8")


def test_an_encoding_can_be_set_and_a_wrong_one_is_refused():
    data = POLISH.encode("cp1252", "ignore")
    assert cells(opened_here(data, choices=Choices(encoding="cp1250")))[0] == ["id", "miasto", "plan"]
    with pytest.raises(UnreadableFile, match="“klingon” is no encoding"):
        opened_here(data, choices=Choices(encoding="klingon"))


# --- archives, JSON, sheets -----------------------------------------------------------------------


def zipped(**entries: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("_dot_", "."), content)
    return stream.getvalue()


def test_packed_tables_are_read_by_what_is_in_them():
    plain = csv_bytes(PLAIN)
    assert cells(opened_here(gzip.compress(plain), "customers.csv.gz")) == PLAIN
    assert cells(opened_here(zipped(customers_dot_csv=plain), "customers.zip")) == PLAIN
    assert cells(opened_here(zipped(book_dot_xlsx=xlsx_bytes(One=PLAIN)), "book.zip")) == PLAIN


def test_the_table_of_an_archive_can_be_picked():
    data = zipped(a_dot_csv=csv_bytes(PLAIN), b_dot_csv=b"id,x\n7,8\n9,10\n")
    found = opened_here(data)
    assert (cells(found), found.sheets) == (PLAIN, ("a.csv", "b.csv"))
    assert found.notes[0].ask
    assert cells(undone(data, "archive")) == [["id", "x"], ["7", "8"], ["9", "10"]]


def test_archives_that_are_bombs_or_hold_archives_are_refused():
    with pytest.raises(UnreadableFile, match="unpacks to more than"):
        opened_here(gzip.compress(bytes(200_000_000), 9))
    with pytest.raises(UnreadableFile, match=r"unpacks to 0.2 GB"):
        opened_here(zipped(a_dot_csv=bytes(200_000_000)))
    with pytest.raises(UnreadableFile, match="holds another archive"):
        opened_here(zipped(a_dot_gz=gzip.compress(csv_bytes(PLAIN))))


def test_json_in_its_forms_gives_the_texts_that_stand_in_it():
    records = [{"id": 12345678901234567890, "plan": None, "a": {"b": 1.10}}, {"id": "007", "new": True}]
    wanted = [["id", "plan", "a.b", "new"], ["12345678901234567890", "", "1.1", ""], ["007", "", "", "true"]]
    lines = "\n".join(json.dumps(record) for record in records).encode()
    assert cells(opened_here(lines)) == wanted
    assert cells(opened_here(json.dumps(records, indent=1).encode())) == wanted
    assert cells(opened_here(json.dumps({"count": 2, "rows": records}).encode())) == wanted


def test_a_broken_line_of_json_is_set_aside():
    found = opened_here(b'{"id": 1, "x": 2}\n{"id": 2, "x"\n{"id": 3, "x": 4}\n')
    assert (found.table.num_rows, aside(found)) == (2, [(2, "not a JSON record", '{"id": 2, "x"')])


def test_hidden_sheets_are_named_and_read_only_when_asked_for():
    book = xlsx_bytes(Customers=PLAIN, hidden=[["id", "salary"], ["1", "9"], ["2", "8"]])
    found = opened_here(book)
    assert (cells(found), found.sheets) == (PLAIN, ("Customers",))
    assert keys(found) == ["hidden-sheet"]
    asked = opened_here(book, choices=Choices(sheet="hidden"))
    assert cells(asked)[0] == ["id", "salary"]
    assert asked.notes[0].text == "Sheet “hidden” is hidden in the workbook; you asked for it."


def test_a_sheet_with_a_title_and_a_gap_is_read_from_its_names():
    rows = [
        ["Export of 2026-11-01"],
        [],
        ["id", "plan", "age"],
        [1, "a", 34],
        [None, None, None],
        [2, "b", 51],
    ]
    found = opened_here(xlsx_bytes(Sheet=rows))
    assert cells(found) == [["id", "plan", "age"], ["1", "a", "34"], ["2", "b", "51"]]
    assert aside(found) == [(1, "above the column names", "Export of 2026-11-01")]
    assert found.facts["blank_rows"] == "1"
