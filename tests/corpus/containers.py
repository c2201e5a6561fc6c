"""Workbooks, Parquet, JSON, archives, and files whose names say something else than their bytes."""

import datetime
import decimal
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import xlsxwriter

from tests.corpus.case import Case
from tests.corpus.truth import CUSTOMERS, EXPECTED, NAMES, ROWS, cycled, texts
from tests.corpus.writers import (
    compound_file,
    delimited,
    gzipped,
    inline_row,
    joined,
    old_workbook,
    open_document,
    package,
    parquet,
    sheet_xml,
    with_password,
    workbook,
    zipped,
)

GROUP = "containers"
TYPED = [list(NAMES), *map(list, zip(*CUSTOMERS.values(), strict=True))]
CSV = delimited(texts())
SERIALS = [(day - datetime.date(1899, 12, 30)).days for day in CUSTOMERS["signup_date"]]


def _case(key: str, make: Callable[[], bytes], outcome: str = "accepted", **expected: Any) -> Case:
    return Case(key, GROUP, make, outcome, **{"columns": EXPECTED, **expected})


def _refused(key: str, make: Callable[[], bytes], message: str, **expected: Any) -> Case:
    return Case(key, GROUP, make, "refused", message=message, **expected)


def _with(name: str, values: Sequence[object]) -> list[list[object]]:
    """The customers with one more column."""
    return [[*row, value] for row, value in zip(TYPED, [name, *values], strict=True)]


def _changed(name: str, values: Sequence[object]) -> list[list[object]]:
    """The customers with other values in one column."""
    place = NAMES.index(name)
    return [
        [*row[:place], value, *row[place + 1 :]] for row, value in zip(TYPED, [name, *values], strict=True)
    ]


# --- workbooks ------------------------------------------------------------------------------------


def _book(rows: Sequence[Sequence[object]], **options: Any) -> bytes:
    return workbook({"Customers": rows}, **options)


def _merged_title() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": datetime.datetime(2024, 1, 1)})
        sheet = book.add_worksheet("Customers")
        sheet.merge_range(0, 0, 0, 5, "Customers of the north", book.add_format({"bold": True}))
        for place, row in enumerate(TYPED):
            sheet.write_row(place + 2, 0, row)
    return stream.getvalue()


def _formatted() -> bytes:
    """Shares as percent, money with a currency sign: formats show what the cells do not hold."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "dd.mm.yyyy"}) as book:
        book.set_properties({"created": datetime.datetime(2024, 1, 1)})
        sheet = book.add_worksheet("Customers")
        formats = {
            3: book.add_format({"num_format": "€#,##0.00"}),
            6: book.add_format({"num_format": "0.0%"}),
        }
        for down, row in enumerate(_with("discount_share", cycled([0.125, 0.25, 0.5]))):
            for across, cell in enumerate(row):
                sheet.write(down, across, cell, *([formats[across]] if down and across in formats else []))
    return stream.getvalue()


def _formulas() -> bytes:
    """Formulas with the results that were saved with them."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": datetime.datetime(2024, 1, 1)})
        sheet = book.add_worksheet("Customers")
        for down, row in enumerate(TYPED):
            sheet.write_row(down, 0, row)
            sheet.write(down, 6, "twice_spend") if not down else sheet.write_formula(
                down, 6, f"=2*D{down + 1}", None, 2 * row[3]
            )
    return stream.getvalue()


def _with_error_cells() -> bytes:
    """Cells that show #N/A and #DIV/0!."""
    bad = {4: "#N/A", 9: "#DIV/0!"}
    rows = []
    for number, row in enumerate(texts(), start=1):
        written = inline_row(number, row if number == 1 else [*row[:2], int(row[2]), float(row[3]), *row[4:]])
        if number in bad:
            old = f'<c r="C{number}"><v>{row[2]}</v></c>'
            written = written.replace(old, f'<c r="C{number}" t="e"><v>{bad[number]}</v></c>')
        rows.append(written)
    return zipped(package(sheet_xml(rows)))


def _by_hand(dimension: str = "", macros: bool = False) -> bytes:
    rows = [inline_row(number, row) for number, row in enumerate(_plain_rows(), start=1)]
    return zipped(package(sheet_xml(rows, dimension), macros=macros))


def _plain_rows() -> list[list[object]]:
    body = [[*row[:2], int(row[2]), float(row[3]), *row[4:]] for row in texts()[1:]]
    return [list(NAMES), *body]


def _filtered() -> bytes:
    """A filter hides rows; they are customers all the same."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": datetime.datetime(2024, 1, 1)})
        sheet = book.add_worksheet("Customers")
        sheet.autofilter(0, 0, ROWS, 5)
        for place, row in enumerate(TYPED):
            sheet.write_row(place, 0, row)
            if place and row[1] == "Basic":
                sheet.set_row(place, options={"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
    return stream.getvalue()


def _swapped(day: datetime.date) -> object:
    """A day-first date after a program that expects the month first: turned around, or left as text."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else f"{day:%d/%m/%Y}"


def _around() -> list[list[object]]:
    blank: list[object] = [None] * (len(NAMES) + 4)
    body = [[None, None, *row, None, "" if place else None] for place, row in enumerate(TYPED)]
    return [blank, blank, blank, *body[:10], blank, *body[10:], blank, blank]


MISSING_AGE = [None if place in (2, 7) else age for place, age in enumerate(CUSTOMERS["age"])]

WORKBOOKS = (
    _case(
        "plain.xlsx", lambda: _book(TYPED), names=NAMES, kinds={"customer_id": "text", "churned": "yes/no"}
    ),
    _case("texts_only.xlsx", lambda: _book(texts())),
    _case("inline_texts.xlsx", _by_hand),
    _case("macros.xlsm", lambda: _by_hand(macros=True)),
    _case("wrong_dimension.xlsx", lambda: _by_hand("A1")),
    _case("plain.ods", lambda: open_document(TYPED), names=NAMES),
    _case(
        "filled_up_to_the_end.ods",
        lambda: open_document(
            TYPED,
            '<table:table-row table:number-rows-repeated="1048551">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
        ),
    ),
    _case("plain.xls", lambda: old_workbook(TYPED), names=NAMES),
    _case(
        "two_sheets.xlsx",
        lambda: workbook({"Customers": TYPED, "Orders": [["order", "customer"], [1, "C0001"], [2, "C0002"]]}),
        notes=("sheet",),
    ),
    _case("empty_first_sheet.xlsx", lambda: workbook({"Cover": [], "Customers": TYPED}), may=("sheet",)),
    _case(
        "hidden_beside.xlsx",
        lambda: workbook({"Secret": _changed("age", [1] * ROWS), "Customers": TYPED}, hidden=["Secret"]),
        "accepted|warned",
        notes=("hidden-sheet|sheet",),
        may=("sheet", "hidden-sheet"),
    ),
    _case(
        "hidden_only.xlsx",
        lambda: workbook({"Cover": [], "Data": TYPED}, hidden=["Data"]),
        "refused|asked",
        columns={},
        notes=("hidden-sheet",),
        message=r"[Hh]idden.*Data|Data.*hidden",
        readings=(EXPECTED,),
    ),
    _case(
        "title.xlsx",
        lambda: _book([["Customers, all regions"], *TYPED]),
        "accepted|warned",
        names=NAMES,
        above=1,
        notes=("preamble",),
    ),
    _case(
        "title_of_two_cells.xlsx",
        lambda: _book([["Refreshed on:", None, None, datetime.date(2020, 12, 27)], *TYPED]),
        "accepted|warned",
        names=NAMES,
        above=1,
        notes=("preamble",),
    ),
    _case(
        "merged_title.xlsx",
        _merged_title,
        "accepted|warned",
        names=NAMES,
        above=1,
        notes=("preamble",),
        may=("blank-rows",),
    ),
    _case(
        "blank_around.xlsx",
        lambda: _book(_around()),
        "accepted|warned",
        names=NAMES,
        may=("blank-rows", "blank-columns", "preamble"),
    ),
    _case(
        "serials.xlsx",
        lambda: _book(_changed("signup_date", SERIALS)),
        "warned|asked",
        kinds={"signup_date": "date"},
        notes=("date-serial",),
    ),
    _case(
        "dates_and_serials.xlsx",
        lambda: _book(
            _changed(
                "signup_date",
                [SERIALS[place] if place % 3 else CUSTOMERS["signup_date"][place] for place in range(ROWS)],
            )
        ),
        "warned|asked",
        kinds={"signup_date": "date"},
        notes=("date-serial",),
    ),
    _case("since_1904.xlsx", lambda: _book(TYPED, date_1904=True)),
    _case(
        "times.xlsx",
        lambda: _book(
            _changed(
                "signup_date",
                [datetime.datetime.combine(day, datetime.time(14, 30)) for day in CUSTOMERS["signup_date"]],
            )
        ),
        kinds={"signup_date": "date"},
    ),
    _case(
        "formats.xlsx",
        _formatted,
        "accepted|warned",
        columns={**EXPECTED, "discount_share": cycled([0.125, 0.25, 0.5])},
        may=("percent", "currency", "untold"),
    ),
    _case(
        "formulas.xlsx",
        _formulas,
        columns={**EXPECTED, "twice_spend": [2 * spend for spend in CUSTOMERS["spend"]]},
        may=("untold",),
    ),
    _case(
        "errors.xlsx",
        _with_error_cells,
        "warned",
        columns={**EXPECTED, "age": MISSING_AGE},
        notes=("missing|not-converted",),
    ),
    _case(
        "numbers_as_ids.xlsx",
        lambda: _book(_changed("customer_id", [1000.0 + place for place in range(ROWS)])),
        columns={**EXPECTED, "customer_id": [str(1000 + place) for place in range(ROWS)]},
        kinds={"customer_id": "text"},
    ),
    _case(
        "long_ids.xlsx",
        lambda: _book(
            _changed("customer_id", [float(4_503_599_627_370_000 + place) for place in range(ROWS)])
        ),
        columns={**EXPECTED, "customer_id": [str(4_503_599_627_370_000 + place) for place in range(ROWS)]},
    ),
    _case(
        "zeros_in_front.xlsx",
        lambda: _book(_changed("customer_id", [f"{place:05}" for place in range(ROWS)])),
        columns={**EXPECTED, "customer_id": [f"{place:05}" for place in range(ROWS)]},
    ),
    _case(
        "numbers_as_texts.xlsx",
        lambda: _book(_changed("spend", [f"{spend:.2f}" for spend in CUSTOMERS["spend"]])),
    ),
    _case(
        "total.xlsx",
        lambda: _book([*TYPED, ["Total", None, None, sum(CUSTOMERS["spend"])]]),
        "warned",
        notes=("totals",),
        set_aside=1,
    ),
    _case(
        "footer.xlsx",
        lambda: _book([*TYPED, [None], ["Source: CRM export"]]),
        "warned",
        set_aside=1,
        notes=("ragged|totals",),
        may=("blank-rows",),
    ),
    _case(
        "names_twice.xlsx",
        lambda: _book([["customer_id", "plan", "plan", "spend", None, "churned"], *TYPED[1:]]),
        "accepted|warned",
        columns={"plan": EXPECTED["plan"], "plan (2)": EXPECTED["age"], "Column 5": EXPECTED["signup_date"]},
        notes=("header-names",),
        may=("untold",),
    ),
    _case(
        "years_as_names.xlsx",
        lambda: _book([["customer_id", 2021, 2022], *([f"C{n}", n + 0.5, n * 2.25] for n in range(ROWS))]),
        columns={"2021": [n + 0.5 for n in range(ROWS)], "2022": [n * 2.25 for n in range(ROWS)]},
        may=("untold",),
    ),
    _case("hidden_rows.xlsx", _filtered, names=NAMES),
    _case(
        "half_swapped.xlsx",
        lambda: _book(_changed("signup_date", [_swapped(day) for day in CUSTOMERS["signup_date"]])),
        "warned|asked",
        columns={"age": EXPECTED["age"]},
        notes=("date-order",),
    ),
    _refused("empty.xlsx", lambda: workbook({"One": [], "Two": []}), r"no .*sheet|empty|no .*cells?"),
    _refused(
        "password.xlsx",
        lambda: compound_file({"EncryptionInfo": bytes(300), "EncryptedPackage": bytes(9000)}),
        r"password|encrypted",
    ),
    _refused("password.xls", lambda: old_workbook(TYPED, password=True), r"password|encrypted"),
)

# --- Parquet --------------------------------------------------------------------------------------

TABLE = pa.table({name: pa.array(values) for name, values in CUSTOMERS.items()})
NOON = [datetime.datetime.combine(day, datetime.time(12)) for day in CUSTOMERS["signup_date"]]
IDS = [9_007_199_254_740_993 + place for place in range(ROWS)]


def _replaced(name: str, array: pa.Array, **options: Any) -> Callable[[], bytes]:
    return lambda: parquet(TABLE.set_column(TABLE.schema.get_field_index(name), name, array), **options)


def _added(**arrays: pa.Array) -> Callable[[], bytes]:
    table = TABLE
    for name, array in arrays.items():
        table = table.append_column(name, array)
    return lambda: parquet(table)


PARQUET = (
    _case(
        "plain.parquet",
        lambda: parquet(TABLE),
        names=NAMES,
        kinds={"customer_id": "text", "signup_date": "date"},
    ),
    _case("packed.parquet", lambda: parquet(TABLE, compression="zstd", row_group_size=7)),
    _case("dictionary.parquet", _replaced("plan", pa.array(CUSTOMERS["plan"]).dictionary_encode())),
    _case(
        "decimals.parquet",
        _replaced(
            "spend",
            pa.array([decimal.Decimal(f"{spend:.2f}") for spend in CUSTOMERS["spend"]], pa.decimal128(12, 2)),
        ),
    ),
    _case("small_types.parquet", _replaced("age", pa.array(CUSTOMERS["age"], pa.int8()))),
    _case("large_texts.parquet", _replaced("plan", pa.array(CUSTOMERS["plan"], pa.large_string()))),
    _case(
        "texts.parquet",
        lambda: parquet(pa.table(dict(zip(NAMES, map(list, zip(*texts()[1:], strict=True)), strict=True)))),
    ),
    _case("moments.parquet", _replaced("signup_date", pa.array(NOON, pa.timestamp("us")))),
    _case(
        "zones.parquet",
        _replaced("signup_date", pa.array(NOON, pa.timestamp("ms", "Europe/Berlin"))),
        "accepted|warned",
        notes=("date-zone",),
    ),
    _case(
        "zones_at_midnight.parquet",
        _replaced(
            "signup_date",
            pa.array(
                [noon + datetime.timedelta(hours=11) for noon in NOON], pa.timestamp("ms", "Asia/Tokyo")
            ),
        ),
        "accepted|warned",
        columns={
            **EXPECTED,
            "signup_date": [(day + datetime.timedelta(1)).isoformat() for day in CUSTOMERS["signup_date"]],
        },
        notes=("date-zone",),
    ),
    _case(
        "long_ids.parquet",
        _replaced("customer_id", pa.array(IDS)),
        columns={**EXPECTED, "customer_id": list(map(str, IDS))},
        kinds={"customer_id": "text"},
    ),
    _case(
        "gaps.parquet",
        _replaced("age", pa.array(MISSING_AGE)),
        columns={**EXPECTED, "age": MISSING_AGE},
    ),
    _case(
        "nested.parquet",
        _added(
            tags=pa.array([["a", "b"]] * ROWS), address=pa.array([{"city": "Ulm", "zip": "01067"}] * ROWS)
        ),
        "accepted|warned",
        may=("personal", "untold", "constant"),
    ),
    _case(
        "bytes.parquet",
        _added(token=pa.array([b"\xff\x00\x01"] * ROWS)),
        "accepted|warned",
        may=("personal", "untold", "constant"),
    ),
    _case(
        "not_numbers.parquet",
        _replaced("spend", pa.array([float("nan"), float("inf"), *CUSTOMERS["spend"][2:]])),
        "accepted|warned",
        columns={**EXPECTED, "spend": [None, None, *CUSTOMERS["spend"][2:]]},
        may=("missing", "not-converted"),
    ),
    _refused("no_rows.parquet", lambda: parquet(TABLE.slice(0, 0)), r"no rows|no customers"),
)

# --- JSON -----------------------------------------------------------------------------------------

RECORDS = [dict(zip(NAMES, row, strict=True)) for row in zip(*EXPECTED.values(), strict=True)]


def _json_lines(records: Sequence[object], end: str = "\n", **options: Any) -> bytes:
    return joined([json.dumps(record, **options) for record in records], end)


def _without_keys() -> list[dict[str, object]]:
    return [
        {name: value for name, value in record.items() if not (place in (2, 7) and name == "age")}
        for place, record in enumerate(RECORDS)
    ]


def _records(**more: Callable[[int], object]) -> list[dict[str, object]]:
    return [
        {**record, **{name: make(place) for name, make in more.items()}}
        for place, record in enumerate(RECORDS)
    ]


BIG = [12_345_678_901_234_567_890 + place for place in range(ROWS)]

JSON = (
    _case("plain.jsonl", lambda: _json_lines(RECORDS), names=NAMES, kinds={"churned": "yes/no"}),
    _case("plain.ndjson", lambda: _json_lines(RECORDS, "\r\n")),
    _case("mark.jsonl", lambda: b"\xef\xbb\xbf" + _json_lines(RECORDS)),
    _case("records.json", lambda: json.dumps(RECORDS).encode(), names=NAMES),
    _case("records_indented.json", lambda: json.dumps(RECORDS, indent=2).encode(), names=NAMES),
    _case("blank_lines.jsonl", lambda: _json_lines(RECORDS).replace(b"\n", b"\n\n", 5), may=("blank-rows",)),
    _case(
        "keys_missing.jsonl", lambda: _json_lines(_without_keys()), columns={**EXPECTED, "age": MISSING_AGE}
    ),
    _case(
        "keys_later.jsonl",
        lambda: _json_lines([*RECORDS[:20], *({**record, "remark": "late"} for record in RECORDS[20:])]),
        "accepted|warned",
        columns={**EXPECTED, "remark": [None] * 20 + ["late"] * 4},
        may=("personal", "untold", "constant"),
    ),
    _case(
        "nulls.jsonl",
        lambda: _json_lines(
            [{**record, "age": age} for record, age in zip(RECORDS, MISSING_AGE, strict=True)]
        ),
        columns={**EXPECTED, "age": MISSING_AGE},
    ),
    _case(
        "nested.jsonl",
        lambda: _json_lines(
            _records(address=lambda n: {"city": "Ulm" if n % 2 else "Köln"}, tags=lambda n: ["a", n])
        ),
        "accepted|warned",
        may=("personal", "untold"),
    ),
    _case(
        "escapes.jsonl",
        lambda: _json_lines(_records(city=lambda n: ("Zürich", "東京", 'a "b"', "🙂")[n % 4])),
        columns={**EXPECTED, "city": cycled(["Zürich", "東京", 'a "b"', "🙂"])},
    ),
    _case(
        "long_ids.jsonl",
        lambda: _json_lines(_records(customer_id=lambda n: BIG[n])),
        columns={**EXPECTED, "customer_id": list(map(str, BIG))},
    ),
    _case(
        "ids_of_two_types.jsonl",
        lambda: _json_lines(_records(customer_id=lambda n: n if n % 2 else f"0{n}")),
        columns={**EXPECTED, "customer_id": [str(n) if n % 2 else f"0{n}" for n in range(ROWS)]},
    ),
    _case(
        "one_bad_line.jsonl",
        lambda: joined(
            [
                *_json_lines(RECORDS).decode().splitlines()[:9],
                '{"customer_id": "C9',
                *_json_lines(RECORDS).decode().splitlines()[9:],
            ]
        ),
        "warned",
        set_aside=1,
        notes=("ragged",),
    ),
    _case(
        "lone_surrogate.jsonl",
        lambda: _json_lines(_records(remark=lambda n: "x")).replace(
            b'"remark": "x"', b'"remark": "\\ud800"', 1
        ),
        "accepted|warned|refused",
        set_aside=None,
        columns={},
        rows=ROWS,
        may=("ragged", "personal", "untold", "constant", "encoding"),
        message="JSON|letter|character",
    ),
    _case(
        "five_thousand_digits.jsonl",
        lambda: _json_lines(RECORDS).replace(b'"age": %d' % CUSTOMERS["age"][3], b'"age": ' + b"9" * 5000, 1),
        "accepted|warned|refused",
        columns={},
        set_aside=None,
        rows=ROWS,
        may=("not-converted", "ragged", "long-cell"),
        message="JSON|digits|number",
    ),
    _refused(
        "one_object.json",
        lambda: json.dumps({"version": 3, "name": "settings"}).encode(),
        r"JSON|one customer|columns?",
    ),
    _refused("numbers.json", lambda: json.dumps(list(range(50))).encode(), r"JSON|record|table"),
    _refused("not_closed.json", lambda: json.dumps(RECORDS).encode()[:-200], r"JSON"),
)

# --- archives -------------------------------------------------------------------------------------


def _named_gzip() -> bytes:
    stream = io.BytesIO()
    with gzip.GzipFile("customers.csv", "wb", fileobj=stream, mtime=0) as file:
        file.write(CSV)
    return stream.getvalue()


def _streamed_zip() -> bytes:
    """An archive whose sizes stand behind the files, as servers write it."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.parts: list[bytes] = []

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.parts.append(bytes(data))
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("customers.csv", (2024, 1, 1, 0, 0, 0)), CSV)
    return b"".join(pipe.parts)


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        entry = tarfile.TarInfo("customers.csv")
        entry.size = len(CSV)
        archive.addfile(entry, io.BytesIO(CSV))
    return gzipped(stream.getvalue())


MAC = {"__MACOSX/._customers.csv": b"\x00\x05\x16\x07" + bytes(60), ".DS_Store": b"\x00\x00\x00\x01Bud1"}

ARCHIVES = (
    _case("customers.csv.gz", lambda: gzipped(CSV)),
    _case("customers.tsv.gz", lambda: gzipped(delimited(texts(), "\t"))),
    _case("two_members.csv.gz", lambda: gzipped(CSV[:300]) + gzipped(CSV[300:])),
    _case("customers.xlsx.gz", lambda: gzipped(workbook({"Customers": TYPED}))),
    _case("customers.jsonl.gz", lambda: gzipped(_json_lines(RECORDS))),
    _case("with_its_name.csv.gz", _named_gzip),
    _case("streamed.zip", _streamed_zip, may=("archive",)),
    _case("customers.csv.zip", lambda: zipped({"customers.csv": CSV}), may=("archive",)),
    _case("in_a_folder.zip", lambda: zipped({"export/": b"", "export/customers.csv": CSV}), may=("archive",)),
    _case("made_on_a_mac.zip", lambda: zipped({"customers.csv": CSV, **MAC}), may=("archive",)),
    _case(
        "workbook.zip", lambda: zipped({"customers.xlsx": workbook({"Customers": TYPED})}), may=("archive",)
    ),
    _case("parquet.zip", lambda: zipped({"customers.parquet": parquet(TABLE)}), may=("archive",)),
    _case("stored.zip", lambda: zipped({"customers.csv": CSV}, 0), may=("archive",)),
    _case(
        "with_readme.zip",
        lambda: zipped({"README.md": "# Read me\n", "customers.csv": CSV}),
        "accepted|warned|asked",
        may=("archive",),
    ),
    _case(
        "two_tables.zip",
        lambda: zipped({"customers.csv": CSV, "orders.csv": b"order,customer\n1,C0001\n2,C0002\n"}),
        "asked|refused",
        columns={},
        set_aside=None,
        notes=("archive",),
        message=r"customers\.csv.*orders\.csv",
        readings=(EXPECTED,),
    ),
    _refused(
        "zip_in_a_zip.zip", lambda: zipped({"inner.zip": zipped({"customers.csv": CSV})}), r"archive|ZIP|zip"
    ),
    _refused("gzip_in_gzip.gz", lambda: gzipped(gzipped(CSV)), r"gzip|archive"),
    _refused("customers.tar.gz", _tar, r"tar|archive|zero bytes"),
    _refused("password.zip", lambda: with_password(zipped({"customers.csv": CSV})), r"password|encrypted"),
    _refused("nothing_in_it.zip", lambda: zipped({}), r"empty|no table|nothing|no file"),
    _refused(
        "pictures.zip",
        lambda: zipped({"a.png": b"\x89PNG\r\n\x1a\n" + bytes(50), "b.pdf": b"%PDF-1.7"}),
        r"table|PNG|PDF",
    ),
)

# --- names that say something else ----------------------------------------------------------------


def _misnamed(key: str, make: Callable[[], bytes]) -> Case:
    return _case(key, make, "accepted|warned", notes=("ending|archive",), may=("archive",))


MISNAMED = (
    _misnamed("text.xlsx", lambda: CSV),
    _misnamed("text.parquet", lambda: CSV),
    _misnamed("text.json", lambda: CSV),
    _misnamed("text.xls", lambda: delimited(texts(), "\t")),
    _misnamed("text.gz", lambda: CSV),
    _misnamed("workbook.csv", lambda: workbook({"Customers": TYPED})),
    _case("old_workbook.xlsx", lambda: old_workbook(TYPED), "accepted|warned", may=("ending",)),
    _misnamed("parquet.csv", lambda: parquet(TABLE)),
    _misnamed("lines.csv", lambda: _json_lines(RECORDS)),
    _misnamed("gzip.csv", lambda: gzipped(CSV)),
    _misnamed("zip.csv", lambda: zipped({"customers.csv": CSV})),
    _case("no_ending", lambda: CSV),
    _case("many.dots.v2.final.csv", lambda: CSV),
    _case("UPPER.CSV", lambda: CSV),
    _case("customers.txt", lambda: CSV),
    _case("export.dat", lambda: CSV, "accepted|warned", may=("ending",)),
    _refused(
        "page.xls", lambda: b"<html><body><table><tr><td>id</td></tr></table></body></html>", r"web page|HTML"
    ),
    _refused(
        "markup.xls",
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        r"XML|web page",
    ),
)

CASES = (*WORKBOOKS, *PARQUET, *JSON, *ARCHIVES, *MISNAMED)
