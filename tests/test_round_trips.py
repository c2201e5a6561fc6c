"""Whatever a table is written as, reading it gives the same table: the same cells, the same values."""

import datetime
import io
import json
import math
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pyarrow as pa
import xlsxwriter
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import segkit
from tests.corpus.dates import DUTCH, ENGLISH, FRENCH, GERMAN, ITALIAN, PORTUGUESE, SPANISH
from tests.corpus.writers import gzipped, joined, lines, parquet, zipped
from tests.tables import read_here

Table = list[list[str]]
quick = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# --- tables of text -------------------------------------------------------------------------------

NASTY = [
    "", "NA", "None", "-", "0", "007", "1E5", "1,5", "1.234", "3/4", "2024-02-30", "Yes", '"', '""', "a\"b",
    "5\" screen", "'", "a;b", "a,b", "a|b", "a\tb", "line\nbreak", "line\r\nbreak", " blank ", "\\", "\\n",
    "#", "=1+1", "€", "é", "東京", "🙂", "x" * 300,
]  # fmt: skip
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\u2028\u2029")
any_cell = st.one_of(st.sampled_from(NASTY), st.text(LETTERS, max_size=10))
tame_cell = st.text(st.sampled_from(string.ascii_letters + string.digits + "äß€é .-+@'/"), max_size=9).map(
    str.strip
)
WORDS = ["plan", "age", "city", "income", "visits", "first order", "Über uns", "last seen", "remark", "group"]


@st.composite
def tables(draw: st.DrawFn, cells: st.SearchStrategy[str]) -> Table:
    """A header of words and three rows or more, each with an id of its own."""
    names = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True))
    width = len(names)
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=3, max_size=8))
    return [["customer id", *names], *([f"C{place:03}", *row] for place, row in enumerate(rows))]


def cells_of(customers: segkit.Customers) -> Table:
    columns = [one.cast(pa.string()).to_pylist() for one in customers.source.columns]
    return [customers.source.column_names, *map(list, zip(*columns, strict=True))]


def unchanged(table: Table, customers: segkit.Customers, above: int = 0) -> None:
    """The same cells; only what stands above the names is set aside."""
    assert cells_of(customers) == table
    assert customers.set_aside == above


PREAMBLE = ["Customer report", "made by sales", ""]


@dataclass(frozen=True)
class Dialect:
    """How a table of text is written."""

    delimiter: str
    end: str
    encoding: str
    quote_all: bool
    separator_line: bool
    preamble: int
    trailing: bool
    last_end: bool

    @property
    def above(self) -> int:
        """Filled lines above the names."""
        return sum(map(bool, PREAMBLE[: self.preamble]))

    def write(self, table: Table) -> bytes:
        quoting = 1 if self.quote_all else 0
        rows = lines(table, self.delimiter, quoting=quoting)
        if self.trailing:
            rows = [row + self.delimiter for row in rows]
        above = [f"sep={self.delimiter}"] if self.separator_line else []
        above += PREAMBLE[: self.preamble]
        return joined([*above, *rows], self.end, self.encoding, self.last_end)


dialects = st.builds(
    Dialect,
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quote_all=st.booleans(),
    separator_line=st.booleans(),
    preamble=st.integers(0, 3),
    trailing=st.booleans(),
    last_end=st.booleans(),
)


def packed(data: bytes, packing: str) -> bytes:
    return {"gzip": gzipped, "zip": lambda one: zipped({"customers.csv": one})}.get(packing, bytes)(data)


@given(tables(any_cell), dialects, st.sampled_from(["", "", "gzip", "zip"]))
@settings(quick, max_examples=120)
def test_cells_survive_every_dialect_that_quotes_what_needs_it(table, dialect, packing):
    unchanged(table, read_here(packed(dialect.write(table), packing)), dialect.above)


@given(tables(tame_cell), dialects, st.sampled_from(["cp1252", "latin-1"]))
@settings(quick, max_examples=30)
def test_cells_survive_the_encodings_of_one_byte(table, dialect, encoding):
    assume(encoding == "cp1252" or "€" not in str(table))
    written = replace(dialect, encoding=encoding).write(table)
    assume(not any(_is_unicode_by_chance(line) for line in written.splitlines()))
    unchanged(table, read_here(written), dialect.above)


def test_a_few_letters_and_signs_are_no_cyrillic():
    table = [
        ["customer id", "plan", "age", "city"],
        ["C0", "", "", ""],
        ["C1", "", "ß", ""],
        ["C2", "", "ß", "ß€"],
    ]
    written = "".join(",".join(row) + "\n" for row in table).encode("cp1252")
    assert cells_of(read_here(written)) == table


def _is_unicode_by_chance(data: bytes) -> bool:
    """“ß€” in one encoding is a letter of N’Ko in the other; nobody can tell them apart."""
    try:
        return not data.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


@given(tables(any_cell), st.sampled_from(["utf-16-le", "utf-16-be"]))
@settings(quick, max_examples=20)
def test_cells_survive_wide_letters_without_a_mark(table, encoding):
    unchanged(table, read_here(joined(lines(table, ";", quoting=1), "\r\n", encoding)))


@given(tables(tame_cell), st.sampled_from(["\n", "\r\n"]))
@settings(quick, max_examples=30)
def test_cells_survive_columns_filled_up_with_blanks(table, end):
    """Fixed width, no blanks inside a cell, none empty, and a column of numbers (only words are prose)."""
    full = [["_".join(cell.replace("'", "").split()) or "x" for cell in row] for row in table]
    full = [[*row, str(7 * place) if place else "number"] for place, row in enumerate(full)]
    widths = [max(map(len, column)) for column in zip(*full, strict=True)]
    rows = ["   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in full]
    unchanged(full, read_here(joined([row.rstrip() for row in rows], end)))


# --- other formats --------------------------------------------------------------------------------

EXCEL = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\u2028\u2029\ufffe\uffff"),
    max_size=10,
)
excel_cell = st.one_of(st.sampled_from([one for one in NASTY if "\r" not in one]), EXCEL)


def as_workbook(table: Table) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Customers")
        for place, row in enumerate(table):
            for across, cell in enumerate(row):
                sheet.write_string(place, across, cell)
    return stream.getvalue()


def as_json_lines(table: Table) -> bytes:
    return joined(
        [json.dumps(dict(zip(table[0], row, strict=True)), ensure_ascii=False) for row in table[1:]]
    )


def as_records(table: Table) -> bytes:
    return json.dumps([dict(zip(table[0], row, strict=True)) for row in table[1:]]).encode()


def as_parquet(table: Table) -> bytes:
    columns = map(list, zip(*table[1:], strict=True))
    return parquet(pa.table(dict(zip(table[0], columns, strict=True))))


FORMATS: tuple[Callable[[Table], bytes], ...] = (as_workbook, as_json_lines, as_records, as_parquet)


@given(tables(excel_cell), st.sampled_from(FORMATS), st.sampled_from(["", "", "gzip"]))
@settings(quick, max_examples=100)
def test_cells_survive_every_other_format(table, write, packing):
    unchanged(table, read_here(packed(write(table), packing)))


@given(tables(tame_cell))
@settings(quick, max_examples=20)
def test_every_format_gives_the_same_frame(table):
    """Texts are texts: in whatever format they come, their kinds and values are the same."""
    first, *others = [read_here(write(table)) for write in (lambda one: joined(lines(one)), *FORMATS)]
    for other in others:
        assert [column.kind for column in other.columns] == [column.kind for column in first.columns]
        pd.testing.assert_frame_equal(other.frame, first.frame)


# --- typed tables in the ways of many countries ---------------------------------------------------


@dataclass(frozen=True)
class Locale:
    """How a country writes numbers, dates and answers."""

    decimal: str
    thousands: str
    date: str
    no: str
    yes: str
    months: tuple[str, ...] = ()

    def number(self, value: float) -> str:
        written = f"{value:,.2f}"
        return written.translate({ord(","): self.thousands, ord("."): self.decimal})

    def day(self, day: datetime.date) -> str:
        month = self.months[day.month - 1] if self.months else f"{day.month:02}"
        parts = {"d": day.day, "dd": f"{day.day:02}", "mm": month, "m": day.month, "month": month}
        return self.date.format(y=day.year, **parts)


LOCALES: Mapping[str, Locale] = {
    "plain": Locale(".", "", "{y}-{mm}-{dd}", "no", "yes"),
    "American": Locale(".", ",", "{mm}/{dd}/{y}", "No", "Yes"),
    "American words": Locale(".", ",", "{month} {d}, {y}", "FALSE", "TRUE", tuple(ENGLISH)),
    "British": Locale(".", ",", "{dd}/{mm}/{y}", "N", "Y"),
    "German": Locale(",", ".", "{dd}.{mm}.{y}", "Nein", "Ja"),
    "German words": Locale(",", ".", "{d}. {month} {y}", "falsch", "wahr", tuple(GERMAN)),
    "Swiss": Locale(".", "'", "{d}.{m}.{y}", "nein", "ja"),
    "French": Locale(",", "\u202f", "{dd}/{mm}/{y}", "Non", "Oui"),
    "French words": Locale(",", "\u00a0", "{d} {month} {y}", "faux", "vrai", tuple(FRENCH)),
    "Spanish": Locale(",", ".", "{d} de {month} de {y}", "No", "Sí", tuple(SPANISH)),
    "Portuguese": Locale(",", ".", "{d} de {month} de {y}", "Não", "Sim", tuple(PORTUGUESE)),
    "Dutch": Locale(",", ".", "{d} {month} {y}", "Nee", "Ja", tuple(DUTCH)),
    "Italian": Locale(",", ".", "{d} {month} {y}", "No", "Sì", tuple(ITALIAN)),
    "Polish": Locale(",", " ", "{dd}-{mm}-{y}", "nie", "tak"),
    "Swedish": Locale(",", " ", "{y}-{mm}-{dd}", "nej", "ja"),
    "Chinese": Locale(".", ",", "{y}/{m}/{d}", "否", "是"),
    "Japanese": Locale(".", ",", "{y}/{mm}/{dd}", "いいえ", "はい"),
}
money = st.integers(-9_999_999, 99_999_999).map(lambda cents: cents / 100)
days = st.dates(datetime.date(1901, 1, 1), datetime.date(2099, 12, 31))


@st.composite
def typed(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Columns that tell how they are written: cents, a day above the twelfth, both answers."""
    rows = draw(st.integers(3, 12))
    flags = draw(
        st.lists(st.booleans(), min_size=rows, max_size=rows).filter(lambda all_: len(set(all_)) == 2)
    )
    when = draw(st.lists(days, min_size=rows, max_size=rows).filter(_tell_their_order))
    spent = draw(st.lists(money, min_size=rows, max_size=rows, unique=True))
    return {"spend": spent, "signup_date": when, "newsletter": flags}


def _tell_their_order(when: list[datetime.date]) -> bool:
    """Day first or month first: only one of them is a calendar's."""
    return any(day.day > 12 for day in when)


def _gaps(values: list[Any], where: set[int]) -> list[Any]:
    return [None if place in where else value for place, value in enumerate(values)]


def written_in(locale: Locale, columns: Mapping[str, list[Any]]) -> Table:
    write: dict[str, Callable[[Any], str]] = {
        "spend": locale.number,
        "signup_date": locale.day,
        "newsletter": lambda flag: locale.yes if flag else locale.no,
    }
    cells = {
        name: ["" if value is None else write[name](value) for value in values]
        for name, values in columns.items()
    }
    ids = [f"C{place:03}" for place in range(len(columns["spend"]))]
    return [["customer_id", *cells], *map(list, zip(ids, *cells.values(), strict=True))]


def same_values(customers: segkit.Customers, columns: Mapping[str, list[Any]]) -> None:
    frame = customers.frame
    got = [None if math.isnan(value) else value for value in frame["spend"]]
    assert got == columns["spend"]
    got = [None if pd.isna(day) else day.date() for day in frame["signup_date"]]
    assert got == columns["signup_date"]
    assert customers.column("newsletter").kind == "yes/no"
    codes = {None: -1, False: 0, True: 1}
    assert frame["newsletter"].cat.codes.tolist() == [codes[flag] for flag in columns["newsletter"]]
    assert [column.failed for column in customers.columns] == [0, 0, 0, 0]


@given(typed(), st.sampled_from(sorted(LOCALES)), st.sampled_from(",;\t"))
@settings(quick, max_examples=120)
def test_values_survive_the_ways_of_every_country(columns, country, delimiter):
    table = written_in(LOCALES[country], columns)
    same_values(read_here(joined(lines(table, delimiter))), columns)


@given(typed(), st.sampled_from(sorted(LOCALES)), st.sets(st.integers(0, 2), max_size=1))
@settings(quick, max_examples=30)
def test_gaps_stay_gaps(columns, country, where):
    with_gaps = {name: _gaps(values, where) for name, values in columns.items()}
    assume(len({flag for flag in with_gaps["newsletter"] if flag is not None}) == 2)
    assume(_tell_their_order([day for day in with_gaps["signup_date"] if day]))
    assume(any(with_gaps["spend"]))
    table = written_in(LOCALES[country], with_gaps)
    same_values(read_here(joined(lines(table, ";"))), with_gaps)


def typed_workbook(columns: Mapping[str, list[Any]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet("Customers")
        sheet.write_row(0, 0, ["customer_id", *columns])
        for place, row in enumerate(zip(*columns.values(), strict=True), start=1):
            sheet.write_row(place, 0, [f"C{place:03}", *row])
    return stream.getvalue()


def typed_parquet(columns: Mapping[str, list[Any]]) -> bytes:
    ids = [f"C{place:03}" for place in range(len(columns["spend"]))]
    return parquet(pa.table({"customer_id": ids, **columns}))


def typed_json(columns: Mapping[str, list[Any]]) -> bytes:
    rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    return joined([json.dumps({"customer_id": f"C{n:03}", **row}, default=str) for n, row in enumerate(rows)])


@given(typed(), st.sampled_from([typed_workbook, typed_parquet, typed_json]))
@settings(quick, max_examples=100)
def test_values_survive_formats_that_know_them(columns, write):
    same_values(read_here(write(columns)), columns)


@given(st.lists(st.text(LETTERS, min_size=1, max_size=20).filter(str.strip), min_size=3, max_size=10))
@settings(quick, max_examples=30)
def test_ids_are_texts_that_nothing_changes(ids):
    table = [["customer_id", "age"], *([one, "34"] for one in ids)]
    for write in (lambda one: joined(lines(one, quoting=1)), as_json_lines, as_parquet):
        customers = read_here(write(table), roles={"customer_id": "customer_id"})
        assert customers.source.column("customer_id").cast(pa.string()).to_pylist() == ids
        assert customers.column("customer_id").kind == "text"
