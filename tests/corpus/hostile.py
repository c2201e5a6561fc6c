"""Files that are no tables, are damaged, or would take the reader down; each must end in words."""

import itertools
import json
import random
import string
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from tests.corpus.case import Case
from tests.corpus.truth import EXPECTED, ROWS, cycled, texts
from tests.corpus.writers import (
    MAIN,
    claiming,
    delimited,
    gzip_of_repeats,
    gzipped,
    inline_row,
    open_document,
    package,
    parquet,
    sheet_xml,
    workbook,
    zip_of_repeats,
    zipped,
)

GROUP = "hostile"
CSV = delimited(texts())
TOO_MUCH = (
    r"too (much|large|big|long|many)|more (memory|than)|larg|unpack|stray cell|claims|holds|can be read"
)
DAMAGED = r"damaged|incomplete|cut off|cannot be (opened|unpacked)|could not be|broken|ends"
MEGABYTE = 1 << 20


def _no_table(key: str, make: Callable[[], bytes], message: str, **more: Any) -> Case:
    """Refused by a look at the file; cheap, so read in this process."""
    return Case(key, GROUP, make, "refused", message=message, **more)


def _attack(key: str, make: Callable[[], bytes], message: str, outcome: str = "refused", **more: Any) -> Case:
    """Read in a child process."""
    return Case(key, GROUP, make, outcome, message=message, child=True, **{"set_aside": None, **more})


def _fine(key: str, make: Callable[[], bytes], name: str | None = None, **more: Any) -> Case:
    return Case(key, GROUP, make, "accepted|warned", name, columns=EXPECTED, **more)


# --- no tables ------------------------------------------------------------------------------------


def _noise() -> bytes:
    return random.Random("noise").randbytes(5000)


def _prose() -> bytes:
    words = "the customer said that it was fine and left without a word about price".split()
    chance = random.Random("prose")
    return "\n".join(
        " ".join(chance.choices(words, k=chance.randint(3, 12))) + "." for _ in range(60)
    ).encode()


NO_TABLES = (
    _no_table("empty.csv", lambda: b"", "empty"),
    _no_table("one_byte.csv", lambda: b"x", r"[Oo]nly one column|no customers|no rows|empty"),
    _no_table("one_zero.csv", lambda: b"\x00", "empty|zero bytes"),
    _no_table("mark_only.csv", lambda: b"\xef\xbb\xbf", "empty"),
    _no_table("mark_only_utf16.csv", lambda: b"\xff\xfe", "empty"),
    _no_table("blanks.csv", lambda: b"  \n\t\r\n  ", "empty"),
    _no_table("delimiters_only.csv", lambda: b",,,\n,,,\n,,,\n", "no filled cell|empty"),
    _no_table("zeros.csv", lambda: bytes(5000), "empty|zero bytes"),
    _no_table("noise.csv", _noise, r"zero bytes|not a (text )?table|no table|damaged"),
    _no_table("document.pdf", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(99), "PDF"),
    _no_table("document.csv", lambda: b"%PDF-1.4\n1 0 obj\n", "PDF"),
    _no_table("picture.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
    _no_table("picture.jpg", lambda: b"\xff\xd8\xff\xe0" + bytes(50), "JPEG"),
    _no_table("picture.gif", lambda: b"GIF89a" + bytes(50), "GIF"),
    _no_table("picture.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "web page|XML|picture"),
    _no_table("page.html", lambda: b"<!DOCTYPE html>\n<html><body>hello</body></html>", "web page|HTML"),
    _no_table(
        "error_page.csv", lambda: b"\r\n\r\n<html><head><title>502</title></head></html>", "web page|HTML"
    ),
    _no_table("feed.xml", lambda: b'<?xml version="1.0"?><customers><c id="1"/></customers>', "XML"),
    _no_table("notes.rtf", lambda: b"{\\rtf1\\ansi hello}", "RTF|text document"),
    _no_table("data.sqlite", lambda: b"SQLite format 3\x00" + bytes(100), "SQLite"),
    _no_table("archive.rar", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(50), "RAR"),
    _no_table("archive.7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(50), "7z|archive"),
    _no_table("archive.xz", lambda: b"\xfd7zXZ\x00" + bytes(50), r"archive|packed|xz|zero bytes"),
    _no_table("archive.bz2", lambda: b"BZh91AY&SY" + bytes(50), r"archive|packed|bzip2|zero bytes"),
    _no_table("archive.zst", lambda: b"\x28\xb5\x2f\xfd" + bytes(50), r"archive|packed|zero bytes"),
    _no_table("program.exe", lambda: b"MZ\x90\x00" + bytes(200), r"program|zero bytes"),
    _no_table(
        "letter.docx",
        lambda: zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}),
        r"document|Word|archive",
    ),
    _no_table(
        "slides.pptx",
        lambda: zipped({"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>"}),
        r"document|PowerPoint|archive",
    ),
    _no_table(
        "text.odt",
        lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
        r"document|archive|cannot be opened",
    ),
    _no_table("prose.txt", _prose, r"[Oo]nly one column|no table|not a table|columns"),
)

# --- damaged --------------------------------------------------------------------------------------

TABLE = pa.table({name: pa.array(values) for name, values in EXPECTED.items()})

DAMAGED_FILES = (
    _no_table("cut.xlsx", lambda: workbook({"Customers": texts()})[:-600], DAMAGED),
    _no_table("cut_in_the_middle.xlsx", lambda: workbook({"Customers": texts()})[:3000], DAMAGED),
    _no_table("cut.parquet", lambda: parquet(TABLE)[:-30], DAMAGED),
    _no_table("cut.zip", lambda: zipped({"customers.csv": CSV})[:-40], DAMAGED),
    _no_table("cut.csv.gz", lambda: gzipped(CSV)[:-40], DAMAGED),
    _no_table("magic_only.parquet", lambda: b"PAR1", DAMAGED),
    _no_table("magic_only.gz", lambda: b"\x1f\x8b\x08", DAMAGED),
    _no_table("magic_only.zip", lambda: b"PK\x03\x04", DAMAGED),
    _no_table("magic_only.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", DAMAGED),
    _no_table(
        "no_sheet_in_it.xlsx",
        lambda: zipped({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}),
        DAMAGED + "|no .*sheet",
    ),
    _no_table("wrong_checksum.gz", lambda: gzipped(CSV)[:-8] + bytes(8), DAMAGED + "|checksum"),
    _no_table(
        "flipped.parquet",
        lambda: parquet(TABLE)[:40] + b"\xff" * 200 + parquet(TABLE)[240:],
        DAMAGED,
        child=True,
    ),
)

# --- names ----------------------------------------------------------------------------------------

NAMES = (
    _fine("climbing.csv", lambda: CSV, "../../../../etc/customers.csv"),
    _fine("climbing_windows.csv", lambda: CSV, "..\\..\\windows\\customers.csv"),
    _fine("absolute.csv", lambda: CSV, "/dev/full.csv"),
    _fine("with_zero.csv", lambda: CSV, "cust\x00omers.csv"),
    _fine("marked_up.csv", lambda: CSV, "<img src=x onerror=alert(1)>.csv"),
    _fine("very_long_name.csv", lambda: CSV, "x" * 10_000 + ".csv"),
    _fine("nameless.csv", lambda: CSV, ""),
    _fine("long_ending.csv", lambda: CSV, "x." + "y" * 5_000, may=("ending",)),
    Case(
        "climbing_entry.zip",
        GROUP,
        lambda: zipped({"../../../../tmp/segkit-escaped.csv": CSV}),
        "accepted|warned|refused",
        columns=EXPECTED,
        may=("archive",),
        message="name|path|folder|archive",
        child=True,
    ),
    Case(
        "absolute_entry.zip",
        GROUP,
        lambda: zipped({"/tmp/segkit-escaped.csv": CSV}),
        "accepted|warned|refused",
        columns=EXPECTED,
        may=("archive",),
        message="name|path|folder|archive",
    ),
)

# --- too much -------------------------------------------------------------------------------------


def _far_corner() -> bytes:
    rows = [inline_row(1, ["id", "plan"]), '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>']
    return zipped(package(sheet_xml(rows)))


def _far_down() -> bytes:
    """An empty cell with a format, a hundred thousand rows below the table: usual, and harmless."""
    rows = [inline_row(number, row) for number, row in enumerate(texts(), start=1)]
    return zipped(package(sheet_xml([*rows, '<row r="100000"><c r="A100000" s="0"/></row>'])))


def _entities() -> str:
    """Letters that stand for ten others each, nine times over."""
    letters = string.ascii_lowercase[:10]
    told = [f'<!ENTITY {letters[0]} "{"ha" * 50}">']
    told += [f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in itertools.pairwise(letters)]
    return f"<!DOCTYPE worksheet [{''.join(told)}]>"


def _with_entity(declared: str, entity: str) -> bytes:
    """A sheet whose second column stands for something declared elsewhere."""
    rows = [
        inline_row(1, ["id", "note"]),
        *(inline_row(number, [f"c{number}", "?"]) for number in range(2, 6)),
    ]
    return zipped(package(sheet_xml([row.replace("?", entity) for row in rows], before=declared)))


OUTSIDE = '<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def _one_string_often() -> bytes:
    """A string of ten megabytes that 4,000 cells point to: forty gigabytes of cells in a few kilobytes."""
    strings = f"<sst {MAIN}><si><t>{'x' * 10 * MEGABYTE}</t></si></sst>"
    rows = [
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="s"><v>0</v></c></row>' for n in range(1, 4001)
    ]
    return zipped(package(sheet_xml(rows), strings))


def _sheet_of_repeats() -> bytes:
    parts = package("")
    del parts["xl/worksheets/sheet1.xml"]
    return zip_of_repeats("xl/worksheets/sheet1.xml", b"<row/>" * 100_000, 5_000, parts)


def _cells_of_repeats() -> bytes:
    """Seventeen thousand million cells by the two counts of one OpenDocument row."""
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    )
    return open_document(
        texts()[:3], f'<table:table-row table:number-rows-repeated="1048570">{cell}</table:table-row>'
    )


def _dictionary_of_repeats() -> bytes:
    """One text of a megabyte, 4,000 times, as a dictionary: four gigabytes once it is text."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 4000, pa.int32()), ["x" * MEGABYTE])
    return parquet(
        pa.table({"id": pa.array(range(4000)), "note": column}), compression="zstd", store_schema=False
    )


def _nested(opening: str, closing: str, depth: int = 100_000) -> bytes:
    return (opening * depth + "1" + closing * depth).encode()


def _many_keys() -> bytes:
    """Every record has keys of its own: 40,000 columns."""
    return "\n".join(
        json.dumps({f"k{row}_{place}": place for place in range(100)}) for row in range(400)
    ).encode()


def _long_row() -> bytes:
    return CSV + b"C0025," + b"x" * (40 * MEGABYTE) + b"\n"


def _slow_cells() -> bytes:
    """Cells that a careless pattern needs the square of their length for."""
    cells = ["x" + " " * 200_000 + "y", "1," * 100_000, "9" * 200_000, "-" * 200_000, "a@" * 100_000, "plain"]
    rows = texts()
    return delimited(
        [[*rows[0], "remark"], *([*row, cell] for row, cell in zip(rows[1:], cycled(cells), strict=True))]
    )


LINE = b"C1,Basic,33,1.50,2024-01-31,No\n"
FALSE_QUOTE = CSV + b'C0025,"Basic,33,1.50,2024-01-31,No\n' + LINE * 200_000

TOO_LARGE = (
    _attack("far_corner.xlsx", _far_corner, TOO_MUCH),
    _attack(
        "far_down.xlsx", _far_down, "", "accepted|warned", columns=EXPECTED, set_aside=0, may=("blank-rows",)
    ),
    _attack(
        "laughs.xlsx",
        lambda: _with_entity(_entities(), "&j;"),
        r"(?i)doctype|document type|entit|damaged|cannot be opened|not allowed|" + TOO_MUCH,
    ),
    _attack(
        "outside.xlsx",
        lambda: _with_entity(OUTSIDE, "&x;"),
        r"(?i)doctype|document type|entit|damaged|cannot be opened|not allowed",
    ),
    _attack("one_string_often.xlsx", _one_string_often, TOO_MUCH),
    _attack("sheet_of_repeats.xlsx", _sheet_of_repeats, TOO_MUCH),
    _attack("cells_of_repeats.ods", _cells_of_repeats, TOO_MUCH + "|" + DAMAGED),
    _attack("bomb.zip", lambda: zip_of_repeats("customers.csv", LINE * 30_000, 4_000), TOO_MUCH),
    _attack("bomb.csv.gz", lambda: gzip_of_repeats(LINE * 30_000, 4_000), TOO_MUCH),
    _attack(
        "ten_thousand_entries.zip",
        lambda: zipped(dict.fromkeys((f"{n}.csv" for n in range(10_000)), CSV), 0),
        TOO_MUCH + r"|files|tables|entries",
        "refused|warned|asked",
        columns=EXPECTED,
        notes=("archive",),
    ),
    _attack("a_billion_rows.parquet", lambda: claiming(parquet(TABLE), ROWS, 1_000_000_000), TOO_MUCH),
    _attack("dictionary_of_repeats.parquet", _dictionary_of_repeats, TOO_MUCH),
    _attack(
        "wide.parquet",
        lambda: parquet(pa.table({f"c{n}": [1, 2] for n in range(5_000)})),
        r"2,000 columns|columns",
    ),
    _attack("hundred_thousand_columns.csv", lambda: (b"a," * 100_000 + b"a\n") * 3, r"2,000 columns|columns"),
    _attack(
        "long_row.csv",
        _long_row,
        TOO_MUCH + "|quote",
        "refused|warned",
        rows=ROWS + 1,
        notes=("ragged|long-cell",),
    ),
    _attack("one_line.csv", lambda: b"x," * 20_000_000, TOO_MUCH + "|columns"),
    _attack("no_end.csv", lambda: b"x" * (40 * MEGABYTE), TOO_MUCH + "|column"),
    _attack(
        "quote_over_everything.csv",
        lambda: FALSE_QUOTE,
        TOO_MUCH + "|quote",
        "warned|refused",
        rows=ROWS + 1 + 200_000,
        notes=("quotes|ragged",),
        may=("duplicate-ids", "ragged"),
    ),
    _attack(
        "quotes.csv",
        lambda: CSV + b'"' * 3_000_000,
        TOO_MUCH + "|quote",
        "refused|warned|accepted",
        rows=ROWS + 1,
        may=("ragged",),
    ),
    _attack("one_column_of_millions.csv", lambda: b"a\n" * 3_000_000, r"[Oo]nly one column"),
    _attack(
        "slow_cells.csv",
        _slow_cells,
        TOO_MUCH,
        "accepted|warned",
        columns=EXPECTED,
        set_aside=0,
        may=("long-cell", "missing", "not-converted", "personal", "untold"),
    ),
    _attack("deep_list.json", lambda: _nested("[", "]"), r"JSON|nested|deep"),
    _attack("deep_object.json", lambda: _nested('{"a":', "}"), r"JSON|nested|deep|column"),
    _attack(
        "deep_cell.jsonl",
        lambda: b'{"id": 1, "x": ' + _nested("[", "]") + b"}\n" + b'{"id": 2, "x": 1}\n' * 3,
        r"JSON|nested|deep",
        "refused|warned",
        rows=4,
        notes=("ragged",),
        may=("untold", "id", "constant", "duplicate-ids"),
    ),
    _attack("many_keys.jsonl", _many_keys, r"2,000 columns|columns|keys"),
)

CASES = (*NO_TABLES, *DAMAGED_FILES, *NAMES, *TOO_LARGE)
