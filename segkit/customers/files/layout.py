"""Where the table is inside a file: preamble above, totals and notes below, blank rows and columns.

Works on rows of cells, so delimited text and sheets share it. What is not part of the table is set aside
with its reason, never dropped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.files.text_table import Aside, holds_text, plain_text
from segkit.customers.notes import Note, Option
from segkit.labels import listing, number, plural

SEARCHED_ROWS = 60  # a preamble is shorter
LOOKED_AT = 100  # rows below a header, to tell it from data
NEARLY_FULL = 0.8  # of the usual width: a header names nearly all columns
HALF_FULL = 0.5  # ... or at least half, where none names more
MOSTLY = 0.8  # of the cells below are numbers or dates: then a header would not be one itself
FOOTER_ROWS = 12
MOST_ROWS_WITH_SUBTOTALS = 100_000  # a longer table was written by a program; only its end is searched
LAST_ROWS = 1_000

_TOTAL_WORDS = (
    "total, totals, sum, sums, grand total, overall total, sub total, subtotal, sub-total, total general, "
    "gesamt, insgesamt, summe, gesamtsumme, zwischensumme, totaux, total général, sous-total, "
    "somme, totales, total general, suma, subtotales, totais, total geral, soma, totale, totali, "
    "totale generale, subtotale, somma, totaal, totalen, eindtotaal, subtotaal, som, "
    "合計, 总计, 總計, 合计, 小計, 小计"
).split(", ")
TOTALS = frozenset(
    cased + end
    for word in _TOTAL_WORDS
    for cased in (word, word.capitalize(), word.title(), word.upper())
    for end in ("", ":")
)
_TYPED = re.compile(
    r"[-+(−]?[\s$€£¥]*\d[\d\s.,'’/:\u00a0\u202f-]*\s*[%€$£)]?([ T]\d{1,2}:\d{2}.*)?|\d{4}-\d{2}-\d{2}.*"
)
_YEAR = re.compile(r"(19|20)\d{2}")


@dataclass(frozen=True)
class Layout:
    """Where the header is among the first rows of a file; None where the file has none."""

    header: int | None
    first: int  # the first row of data
    guessed: bool = True


def found_layout(rows: Sequence[Sequence[str]], chosen: int | None = None) -> Layout:
    """Find the header: the first row that names nearly all columns and is not itself data.

    Parameters
    ----------
    rows : sequence of rows of cells
        The beginning of the file, blank rows included.
    chosen : int, optional
        Row of the header set by the user, counted from 1; 0 for none.
    """
    if chosen is not None and chosen < 1:
        return Layout(None, _first_filled(rows), False)
    if chosen is not None:
        return Layout(min(chosen, len(rows)) - 1, min(chosen, len(rows)), False)
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    place = _naming_row(filled)
    if place is None:
        return Layout(None, len(rows))
    later = range(place + 1, len(rows))
    below = [rows[row] for row in later if filled[row]][:LOOKED_AT]
    if not _is_data(rows[place], below):
        return Layout(place, place + 1)
    if place and _names_some(rows[place - 1], filled[place - 1], rows[place], filled[place]):
        return Layout(place - 1, place)
    return Layout(None, place)


def _names_some(row: Sequence[str], filled: int, data: Sequence[str], data_filled: int) -> bool:
    """Tell a header that leaves some columns without a name from a line above the table."""
    one_short = filled == data_filled - 1
    same_width = len(row) == len(data) and filled >= HALF_FULL * data_filled
    return (one_short or same_width) and not any(map(_typed, row))


def _first_filled(rows: Sequence[Sequence[str]]) -> int:
    return next((place for place, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)


def _naming_row(filled: list[int]) -> int | None:
    """Find the first row that is as full as the rows usually are."""
    some = [count for count in filled if count]
    if not some:
        return None
    usual = median([count for count in some if count > 1] or some)
    for share in (NEARLY_FULL, HALF_FULL):
        for place, count in enumerate(filled[:SEARCHED_ROWS]):
            if count >= max(share * usual, min(2, usual)):
                return place
    return None


def _is_data(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Tell a row of values from a row of names by the columns that hold numbers or dates below it."""
    typed = [place for place in range(len(row)) if _mostly_typed([r[place] for r in below if place < len(r)])]
    if not typed or not below:
        return False
    names = [row[place].strip() for place in typed]
    if any(not _typed(name) for name in names if name):
        return False
    if not any(names):
        return False
    return not _are_years(names) or len(typed) == len(row) == 1


def _typed(cell: str) -> bool:
    """Tell a number or a date from a name."""
    return bool(_TYPED.fullmatch(cell.strip()))


def _mostly_typed(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and sum(map(_typed, filled)) >= MOSTLY * len(filled)


def _are_years(names: list[str]) -> bool:
    """Recognise a header of years: 2019, 2020, 2021."""
    years = [int(name) for name in names if _YEAR.fullmatch(name)]
    return len(years) > 1 and len(years) == len(names) and len(set(years)) == len(years)


def layout_notes(layout: Layout, above: int, names: Sequence[str]) -> list[Note]:
    """Say where the header was found when it is not simply the first row."""
    if layout.header is None and layout.guessed:
        text = (
            f"The file seems to have no column names: its first row looks like data "
            f"({listing(list(names))}). The columns were numbered; choose below what they mean."
        )
        change = {"header": layout.first + 1}
        return [Note(text, True, "no-header", options=(Option("The first row has the names", change),))]
    if above and layout.guessed:
        text = (
            f"{plural(above, 'row')} above the column names {'was' if above == 1 else 'were'} set aside; the "
            f"names were found in row {number((layout.header or 0) + 1)}."
        )
        return [Note(text, True, "preamble", options=(Option("The first row has the names", {"header": 1}),))]
    return []


# --- below the header -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Cleaned:
    """A table without what does not belong to it."""

    table: pa.Table
    aside: tuple[Aside, ...] = ()
    notes: tuple[Note, ...] = ()
    blank_rows: int = 0


def cleaned(
    table: pa.Table, header: Sequence[str], keep: Sequence[str], unnamed: Sequence[str] = ()
) -> Cleaned:
    """Set aside repeated headers, totals and notes below the table; drop blank rows and blank columns.

    Parameters
    ----------
    table : pyarrow.Table
        Text columns.
    header : sequence of str
        The cells of the header as they stand in the file.
    keep : sequence of str
        Rows to keep all the same: "repeated-header", "totals".
    unnamed : sequence of str
        Columns whose name was made up; where they are blank as well, they are only delimiters.
    """
    table, notes = _without_blank_columns(table, unnamed)
    filled = _filled(table)
    found = [] if "repeated-header" in keep else _repeated_headers(table, header)
    found += [] if "totals" in keep else [*_totals(table), *_footnotes(table)]
    if filled is None and not found:
        return Cleaned(table, notes=tuple(notes))
    blank = table.num_rows - pc.sum(filled).as_py() if filled is not None else 0
    aside = [Aside(None, reason, row_text(table, place)) for place, reason in sorted(found)]
    notes += _reason_notes(aside)
    return Cleaned(table.filter(_kept(table, filled, found)), tuple(aside), tuple(notes), blank)


def _kept(
    table: pa.Table, filled: pa.ChunkedArray | None, found: Sequence[tuple[int, str]]
) -> pa.ChunkedArray:
    """Tell which rows stay: those with a filled cell that were not found to be something else."""
    gone = {place for place, _ in found}
    kept = pa.chunked_array([pa.array([place not in gone for place in range(table.num_rows)], pa.bool_())])
    return kept if filled is None else pc.and_(kept, filled)


def row_text(table: pa.Table, place: int) -> str:
    """Write a row of a table as one line."""
    return ", ".join(str(column[place].as_py() or "") for column in table.columns).strip(", ")


def _without_blank_columns(table: pa.Table, unnamed: Sequence[str]) -> tuple[pa.Table, list[Note]]:
    blank = [name for name in unnamed if name in table.column_names and _is_blank(table.column(name))]
    if not blank or len(blank) == table.num_columns:
        return table, []
    if blank == table.column_names[-1:]:
        text = "Every row ends with a delimiter that nothing follows; it was read as the end of the row."
        return table.drop_columns(blank), [Note(text, False, "trailing-delimiter")]
    were = "was" if len(blank) == 1 else "were"
    text = f"{plural(len(blank), 'column')} without a name and without a value {were} dropped."
    return table.drop_columns(blank), [Note(text, False, "blank-columns")]


def _is_blank(column: pa.ChunkedArray) -> bool:
    return not holds_text(column) or not pc.any(_has_text(column)).as_py()


def _has_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Tell which cells hold more than blanks."""
    column = plain_text(column)
    here = pc.not_equal(column, "")
    if pc.any(pc.starts_with(column, " ")).as_py() or pc.any(pc.starts_with(column, "\t")).as_py():
        return pc.not_equal(pc.utf8_trim_whitespace(column), "")
    return here


def _filled(table: pa.Table) -> pa.ChunkedArray | None:
    """Tell which rows have a filled cell; None when all have, or there are none."""
    if not table.num_rows:
        return None
    filled = pa.chunked_array([pa.repeat(pa.scalar(False), table.num_rows)])
    for column in table.columns:
        filled = pc.or_(filled, _has_text(column) if holds_text(column) else pc.is_valid(column))
        if pc.all(filled).as_py():
            return None
    return filled


def _repeated_headers(table: pa.Table, header: Sequence[str]) -> list[tuple[int, str]]:
    """Find rows that say the column names again."""
    named = [(place, name.strip()) for place, name in enumerate(header[: table.num_columns]) if name.strip()]
    if len(named) < 2:
        return []
    place, name = named[0]
    texts = plain_text(table.column(place))
    said = pc.or_(pc.equal(texts, name), pc.equal(texts, "\ufeff" + name))
    candidates = pc.indices_nonzero(said).to_pylist()
    return [
        (row, "repeated header")
        for row in candidates
        if all(_cells(table, row)[place].strip("\ufeff ") == name for place, name in named)
    ]


def _cells(table: pa.Table, row: int) -> list[str]:
    return [str(column[row].as_py() or "").strip() for column in table.columns]


def _totals(table: pa.Table) -> list[tuple[int, str]]:
    """Find rows that begin with a word for a total and hold nothing but numbers besides."""
    words = pa.array(sorted(TOTALS))
    found = []
    start = 0 if table.num_rows <= MOST_ROWS_WITH_SUBTOTALS else table.num_rows - LAST_ROWS
    ends = table.slice(start)
    first = plain_text(ends.column(0))
    for column in ends.columns[: 2 if pc.any(pc.equal(first, "")).as_py() else 1]:
        for place in pc.indices_nonzero(pc.is_in(plain_text(column), words)).to_pylist():
            row = start + place
            filled = [cell for cell in _cells(table, row) if cell]
            if filled[0] in TOTALS and len(filled) > 1 and all(map(_typed, filled[1:])):
                found.append((row, "total"))
    return found


def _footnotes(table: pa.Table) -> list[tuple[int, str]]:
    """Find lines of a single cell below the table that only comment."""
    found = []
    for row in range(table.num_rows - 1, max(table.num_rows - FOOTER_ROWS, 0) - 1, -1):
        cells = _cells(table, row)
        filled = [cell for cell in cells if cell]
        if len(cells) > 2 and len(filled) == 1 and cells[0] and " " in cells[0]:
            found.append((row, "note below the table"))
        elif filled and filled[0] not in TOTALS:
            break
    return found


_REASONS = (
    ("repeated header", "repeated-header", "repeats the column names", "repeat the column names"),
    ("total", "totals", "is a total, not a customer", "are totals, not customers"),
    ("note below the table", "totals", "is a note below the table", "are notes below the table"),
)


def _reason_notes(aside: Sequence[Aside]) -> list[Note]:
    notes = []
    for reason, key, one, many in _REASONS:
        rows = [row for row in aside if row.reason == reason]
        if rows:
            what = f"{one} and was" if len(rows) == 1 else f"{many} and were"
            text = f"{plural(len(rows), 'row')} {what} set aside (“{rows[0].text[:60]}”)."
            options = (Option("Keep them as customers", {"keep": (key,)}),)
            notes.append(Note(text, True, key, options=options))
    return notes
