"""Delimited text: CSV, TSV and their relatives, and columns set apart by blanks.

The delimiter is the one that splits most rows into the same number of fields. Rows of another width are
set aside with their line number; nothing is shifted or filled silently.
"""

import csv
import io
import mmap
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from segkit.customers.choices import FileChoices
from segkit.customers.files.encodings import BLOCK, Text, decoded
from segkit.customers.files.layout import Layout, cleaned, found_layout, layout_notes
from segkit.customers.files.text_table import (
    ENCODED,
    FEW_TEXTS,
    LINE_END,
    Aside,
    TextTable,
    aside_table,
    column_names,
    refuse_too_many,
)
from segkit.customers.notes import Note, Option
from segkit.errors import UnreadableFile
from segkit.labels import number, plural

DELIMITERS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "pipe",
    "^": "caret",
    "~": "tilde",
    " ": "blanks",
}
SNIFFED_CHARACTERS = 1 << 17
MOST_LINES_IN_CELL = 50  # longer comments exist, but a quote that is not closed is likelier
SINGLE_QUOTED = 0.3  # share of cells in apostrophes from which they are quotes
BLOCK_BYTES = 4 << 20  # parsed at a time; small, because several are in memory at once
LONGEST_ROW = 16 << 20  # bytes
CONSISTENT = 0.9  # share of rows of one width from which blanks between them may be delimiters
WIDTHS_SHOWN = 5

_SEP_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?[^\S\n\r]*(\r\n|\r|\n)", re.IGNORECASE)
_BLANKS = re.compile(rb"[ \t]+")
_MARGINS = re.compile(rb"(?m)^[ \t]+|[ \t]+(?=\r?$)")
_LINE_END_BYTES = re.compile(rb"\r\n|\r|\n")
UNCLOSED = "a quote that is never closed"

csv.field_size_limit(SNIFFED_CHARACTERS)


@dataclass(frozen=True)
class Dialect:
    """How rows are split.

    Attributes
    ----------
    delimiter : str
        A blank stands for runs of them.
    quote : str
    escapes : bool
        A backslash stands before a quote inside a cell, instead of a second quote.
    spaced : bool
        Blanks stand between delimiter and quote.
    """

    delimiter: str
    quote: str = '"'
    escapes: bool = False
    spaced: bool = False

    def rows(self, text: str) -> list[tuple[list[str], int]]:
        """Split text into rows; gives each row with the place in the text where it ends."""
        lines = io.StringIO(text, newline="")
        reader = csv.reader(
            iter(lines.readline, ""),  # one line at a time, so that `tell` is where the last row ended
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar="\\" if self.escapes else None,
            doublequote=not self.escapes,
            skipinitialspace=self.spaced or self.delimiter == " ",
        )
        return [(_trimmed(row) if self.delimiter == " " else row, lines.tell()) for row in reader]

    def parse_options(self, quoted: bool, set_aside: object = None) -> "pa.csv.ParseOptions":
        """The same for Arrow's parser, which is faster where no quote can hide the end of a line."""
        return pa.csv.ParseOptions(
            delimiter="\t" if self.delimiter == " " else self.delimiter,
            quote_char=self.quote,
            escape_char="\\" if self.escapes else False,
            double_quote=not self.escapes,
            newlines_in_values=quoted,
            invalid_row_handler=set_aside,
        )


def _trimmed(row: list[str]) -> list[str]:
    """Drop the empty fields between runs of blanks."""
    return [cell for cell in row if cell]


def read_delimited(path: Path, choices: FileChoices) -> TextTable:
    """Read delimited text: encoding, delimiter, quotes and header are found and stated.

    Raises
    ------
    UnreadableFile
        The file is not text, has no filled cell, or its rows cannot be told apart.
    """
    with path.open("rb") as file:
        # mapped, not read: a large file is looked at where it lies, and Arrow copies what it keeps
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return _read(decoded(memoryview(whole), choices.encoding), choices)


def _read(text: Text, choices: FileChoices) -> TextTable:
    if _contains(text.data, b"\x00"):
        raise UnreadableFile(
            "The file holds zero bytes, so it is not a text table. Save it as CSV (UTF-8), Excel or Parquet."
        )
    head = _head(text.data, choices.delimiter)
    layout = found_layout(head.sure, choices.header)
    names, unnamed, header, name_notes = _names(head, layout)
    body = text.data[head.bytes_before(layout.first) :]
    quoted = _contains(text.data, head.dialect.quote.encode())
    types = _column_types(head, layout, names)
    table, misfits = _parsed(body, head.dialect, types, quoted, "short" in choices.keep)
    bad = [row for row in misfits if row.text.strip()]
    blank = len(misfits) - len(bad)
    clean = cleaned(table, header, choices.keep, unnamed if header else ())
    above = _above(head, layout)
    ragged = _ragged(bad, body, head.lines_before(layout.first), len(names))
    notes = [
        *text.notes,
        *_dialect_notes(head.dialect),
        *layout_notes(layout, len(above), head.rows[layout.first][:4] if layout.header is None else ()),
        *(note for note in name_notes if header and (clean.table.num_columns == len(names) or note.ask)),
        *_ragged_notes(ragged, bad, len(names)),
        *clean.notes,
        *(_long_cell_notes(clean.table) if quoted else ()),
    ]
    facts = {
        "encoding": text.label,
        "delimiter": DELIMITERS.get(head.dialect.delimiter, f"“{head.dialect.delimiter}”"),
    }
    if blank + clean.blank_rows:
        facts["blank_rows"] = str(blank + clean.blank_rows)
    aside = aside_table([*above, *ragged, *clean.aside])
    return TextTable(clean.table, "csv", tuple(notes), aside, (), facts)


def _contains(data: memoryview, sign: bytes) -> bool:
    """Look for a byte; in blocks, so that no second copy of the file is made."""
    return any(sign in bytes(data[start : start + BLOCK]) for start in range(0, len(data), BLOCK))


# --- the beginning of the file --------------------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """The first rows of a file.

    Attributes
    ----------
    text : str
        The beginning, without a `sep=` line.
    skipped : int
        Bytes of that line.
    dialect : Dialect
    rows : list of rows of cells
    ends : list of int
        Where in the text each row ends.
    whole : bool
        The text is the whole file, so its last row is complete.
    """

    text: str
    skipped: int
    dialect: Dialect
    rows: list[list[str]]
    ends: list[int]
    whole: bool

    @property
    def sure(self) -> list[list[str]]:
        """The rows without the last one where that may go on."""
        return self.rows if self.whole or len(self.rows) < 2 else self.rows[:-1]

    def bytes_before(self, row: int) -> int:
        """Where a row begins in the file."""
        return self.skipped + len(self.text[: self._start(row)].encode())

    def lines_before(self, row: int) -> int:
        """Lines of the file above a row."""
        return len(LINE_END.findall(self.text[: self._start(row)])) + bool(self.skipped)

    def _start(self, row: int) -> int:
        return self.ends[row - 1] if row else 0


def _head(data: memoryview, delimiter: str) -> Head:
    sniffed = bytes(data[: 4 * SNIFFED_CHARACTERS])
    text = sniffed.decode("utf-8", errors="ignore")[:SNIFFED_CHARACTERS]
    named = _SEP_LINE.match(text)
    rest = text[named.end() :] if named else text
    chosen = delimiter or (named[1] if named else "")
    dialect = found_dialect(rest, " " if chosen == "space" else chosen)
    rows = dialect.rows(rest)
    whole = len(data) == len(text.encode())
    _refuse_without_rows([row for row, _ in rows], whole)
    skipped = len(text[: named.end()].encode()) if named else 0
    return Head(rest, skipped, dialect, [row for row, _ in rows], [end for _, end in rows], whole)


def _refuse_without_rows(rows: list[list[str]], whole: bool) -> None:
    first = next((place for place, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if not whole and len(rows) == 1:
        refuse_too_many(len(rows[0]))
    if first is None:
        raise UnreadableFile("The file has no filled cell. Export your customers again and upload that file.")
    if first == len(rows) - 1 and not whole:
        refuse_too_many(len(rows[first]))
        raise UnreadableFile(
            f"The first row is longer than {number(SNIFFED_CHARACTERS)} characters, so it names no "
            "columns. Look for a quote that is not closed, or export the table again."
        )


def found_dialect(head: str, delimiter: str = "") -> Dialect:
    """Find the delimiter that splits most rows into the same number of fields, and the quote sign.

    Parameters
    ----------
    head : str
        The beginning of the file.
    delimiter : str
        Set by the user or by the file; found when empty.
    """
    if delimiter:
        return _quoting(Dialect(delimiter), head)
    candidates = [Dialect(sign) for sign in DELIMITERS if sign != " " and sign in head]
    scored = [(*consistency(one, head), place) for place, one in enumerate(candidates)]
    several = [score for score in scored if score[1] > 1]
    best = max(several, key=lambda score: (round(score[0], 2), score[1], -score[2]), default=(0.0, 1, 0))
    if best[1] < 2 or best[0] < CONSISTENT:
        blanks = Dialect(" ")
        share, width = consistency(blanks, head)
        if width > 1 and share >= max(CONSISTENT, best[0]) and _has_typed_column(blanks, head):
            return blanks
    return _quoting(candidates[best[2]] if best[1] > 1 else Dialect(","), head)


def consistency(dialect: Dialect, head: str) -> tuple[float, int]:
    r"""Measure a dialect: the share of rows that have the usual number of fields, and that number.

    Examples
    --------
    >>> consistency(Dialect(";"), "id;plan\n1;a\n2;b;c\n")
    (0.6666666666666666, 2)
    """
    rows = [row for row, _ in dialect.rows(head)]
    counts = _widths(rows[:-1] if len(head) >= SNIFFED_CHARACTERS and len(rows) > 1 else rows)
    usual = _usual(counts)
    return (counts.count(usual) / len(counts) if counts else 0.0), usual


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [len(row) for row in rows if any(cell.strip() for cell in row)]


def _usual(counts: list[int]) -> int:
    return max(set(counts), key=lambda width: (counts.count(width), width), default=1)


def _has_typed_column(dialect: Dialect, head: str) -> bool:
    """Whether some column holds numbers: words between blanks are a text, not a table."""
    rows = [row for row, _ in dialect.rows(head)]
    width = _usual(_widths(rows))
    body = [row for row in rows[1:] if len(row) == width]
    return any(body and all(row[place][:1].isdigit() for row in body) for place in range(width))


def _quoting(dialect: Dialect, head: str) -> Dialect:
    """Take other quotes, backslash escapes or blanks before quotes where the file is written that way."""
    usual = consistency(dialect, head)
    if '"' in head:
        escaped = replace(dialect, escapes=True)
        inside = re.search(r'\\"[^\s' + re.escape(dialect.delimiter) + "]", head) and '""' not in head
        if '\\"' in head and consistency(escaped, head)[0] >= usual[0] + (0 if inside else 1e-9):
            return escaped
        spaced = replace(dialect, spaced=True)
        if re.search(re.escape(dialect.delimiter) + ' +"', head) and consistency(spaced, head)[0] > usual[0]:
            return spaced
    elif "'" in head:
        cells = [cell for row, _ in dialect.rows(head) for cell in row if len(cell) > 1]
        quoted = sum(cell[0] == cell[-1] == "'" for cell in cells)
        single = replace(dialect, quote="'")
        share, width = consistency(single, head)
        if share > usual[0] or (quoted > SINGLE_QUOTED * len(cells) and (share, width) >= usual):
            return single
    return dialect


def _dialect_notes(dialect: Dialect) -> list[Note]:
    if dialect.escapes:
        text = "Quotes inside cells are written with a backslash; they were read as quotes."
        return [Note(text, key="quotes")]
    if dialect.quote == "'":
        return [Note("Cells are quoted with apostrophes; those were taken off.", key="quotes")]
    return []


def _above(head: Head, layout: Layout) -> list[Aside]:
    """Rows above the column names; blank ones are none."""
    rows = head.rows[: layout.first if layout.header is None else layout.header]
    return [
        Aside(head.lines_before(place) + 1, "above the column names", ", ".join(filter(None, row)))
        for place, row in enumerate(rows)
        if any(cell.strip() for cell in row)
    ]


def _names(head: Head, layout: Layout) -> tuple[list[str], list[str], list[str], list[Note]]:
    """Name the columns; gives the names, those made up, the header as it stands, and the notes."""
    below = head.sure[layout.first :]
    width = _usual(_widths(below)) if _widths(below) else 0
    if layout.header is None:
        names, _ = column_names([], width or 1)
        return names, names, [], []
    header = list(head.rows[layout.header])
    while len(header) > max(width, 1) and not header[-1].strip():
        header.pop()
    if len(header) > width > 1:
        raise UnreadableFile(
            f"The header names {len(header)} columns, but most rows have {width} fields. "
            "Give every row as many fields as the header has and try again."
        )
    notes = []
    if len(header) < width and any(len(row) == width and row[-1].strip() for row in below):
        header, note = _shifted(header, width, below)
        notes.append(note)
    names, name_notes = column_names(header, max(width, len(header)))
    unnamed = [name for place, name in enumerate(names) if place >= len(header) or not header[place].strip()]
    return names, unnamed, header, notes + name_notes


def _shifted(header: list[str], width: int, below: Sequence[Sequence[str]]) -> tuple[list[str], Note]:
    """Place a header that names too few columns: row names come first where one name is missing."""
    firsts = [row[0] for row in below if len(row) == width]
    by_row_names = len(header) == width - 1 and len(set(firsts)) == len(firsts)
    side = "right, since the first column has a value of its own in every row" if by_row_names else "left"
    text = (
        f"The rows have {width} fields, but the header names {len(header)}; the names were given from the "
        f"{side}. Check that they stand over the right columns."
    )
    return (["", *header] if by_row_names else header), Note(text, True, "header-names", ask=True)


# --- the rows -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _BadRow:
    """A row that does not fit the table; of more than one line where a quote takes in what follows."""

    fields: int
    text: str

    @property
    def lines(self) -> list[str]:
        unclosed = self.text.count('"') % 2
        return LINE_END.split(self.text.rstrip("\r\n")) if unclosed else [self.text]


def _column_types(head: Head, layout: Layout, names: list[str]) -> dict[str, pa.DataType]:
    """Choose the columns whose texts repeat: they are encoded while they are read, which saves memory."""
    if head.whole:
        return dict.fromkeys(names, pa.string())
    rows = [row for row in head.sure[layout.first :] if len(row) == len(names)]
    different = [len({row[place] for row in rows}) for place in range(len(names))]
    return {
        name: ENCODED if count <= FEW_TEXTS * len(rows) else pa.string()
        for name, count in zip(names, different, strict=True)
    }


def _parsed(
    body: memoryview, dialect: Dialect, types: dict[str, pa.DataType], quoted: bool, pad: bool
) -> tuple[pa.Table, list[_BadRow]]:
    """Take the rows below the header apart; rows of another width are set aside, not mended."""
    content: memoryview | bytes = body
    if dialect.delimiter == " ":
        content = _tabbed(bytes(body), dialect)
    elif dialect.spaced:
        content = _unspaced(bytes(body), dialect)
    table, bad = _by_arrow(content, dialect, types, quoted)
    mended = {row.text: text for row in bad if (text := _mended(row, dialect, len(types), pad)) is not None}
    if mended:
        table, bad = _by_arrow(_replaced(bytes(content), bad, mended), dialect, types, quoted)
    if quoted and bytes(content).count(dialect.quote.encode()) % 2 and (last := _swallowed(table, dialect)):
        return table.slice(0, table.num_rows - 1), [*bad, last]
    return table, bad


def _tabbed(body: bytes, dialect: Dialect) -> bytes:
    """Put one tab for every run of blanks."""
    if b'"' in body:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter="\t", lineterminator="\n").writerows(
            row for row, _ in dialect.rows(body.decode())
        )
        return text.getvalue().encode()
    return _BLANKS.sub(b"\t", _MARGINS.sub(b"", body))


def _unspaced(body: bytes, dialect: Dialect) -> bytes:
    """Take blanks between a delimiter and a quote away, which Arrow's parser would keep as part of a cell."""
    sign = re.escape(dialect.delimiter).encode()
    return re.sub(b"(?m)(^|" + sign + b') +(?="([^"]|"(' + sign + b"|\\r|\\n|$)))", rb"\1", body)


def _by_arrow(
    body: memoryview | bytes, dialect: Dialect, types: dict[str, pa.DataType], quoted: bool
) -> tuple[pa.Table, list[_BadRow]]:
    if not bytes(body[:BLOCK]).strip() and not bytes(body).strip():
        return pa.table({name: pa.array([], pa.string()) for name in types}), []
    for block in (BLOCK_BYTES, LONGEST_ROW):
        try:
            return _in_blocks(block, body, dialect, types, quoted)
        except pa.ArrowInvalid as problem:
            last = problem
    raise UnreadableFile(
        f"The rows cannot be told apart; one seems longer than {LONGEST_ROW >> 20} MB. A quote that is "
        "opened and never closed is the usual reason. Look for it, or save the table as CSV again."
    ) from last


def _in_blocks(
    block: int, body: memoryview | bytes, dialect: Dialect, types: dict[str, pa.DataType], quoted: bool
) -> tuple[pa.Table, list[_BadRow]]:
    """Parse in blocks of so many bytes; Arrow refuses a row that is longer."""
    bad: list[_BadRow] = []

    def set_aside(row: "pa.csv.InvalidRow") -> str:
        bad.append(_BadRow(row.actual_columns, row.text))
        return "skip"

    table = pa.csv.read_csv(
        pa.BufferReader(pa.py_buffer(body)),
        pa.csv.ReadOptions(column_names=list(types), block_size=block),
        dialect.parse_options(quoted, set_aside),
        pa.csv.ConvertOptions(
            column_types=types,
            strings_can_be_null=False,
            check_utf8=False,  # it was checked, or made here
        ),
    )
    return table, bad


def _mended(row: _BadRow, dialect: Dialect, width: int, pad: bool) -> str | None:
    """Write a row with the right number of fields where that loses nothing; None where it cannot be."""
    sign = "\t" if dialect.delimiter == " " else dialect.delimiter
    if len(row.lines) > 1:
        return None
    extra = row.fields - width
    if extra > 0:
        text = row.text.rstrip()
        return text[:-extra] if text.endswith(sign * extra) else None
    return row.text + sign * -extra if pad else None


def _replaced(body: bytes, bad: list[_BadRow], mended: dict[str, str]) -> bytes:
    pieces, place = [], 0
    for start, row in _placed(body, bad):
        if row.text in mended and start >= place:
            pieces += [body[place:start], mended[row.text].encode()]
            place = start + len(row.text.encode())
    return b"".join([*pieces, body[place:]])


def _placed(body: bytes, rows: list[_BadRow]) -> list[tuple[int, _BadRow]]:
    """Find where rows start in the file, in their order."""
    placed, after = [], 0
    for row in rows:
        text = row.text.encode()
        start = body.find(text, after)
        while start > 0 and body[start - 1] not in b"\r\n":
            start = body.find(text, start + 1)
        placed.append((start, row))
        after = start + len(text) if start >= 0 else after
    return sorted(placed, key=lambda one: one[0])


def _swallowed(table: pa.Table, dialect: Dialect) -> _BadRow | None:
    """Look at the last row of a file that ends inside a quote: its last cell may hold the rows below it."""
    cells = [column[-1].as_py() for column in table.columns] if table.num_rows else [""]
    several = len(LINE_END.split(cells[-1].rstrip("\r\n"))) > 1
    text = dialect.delimiter.join([*cells[:-1], '"' + cells[-1]])
    return _BadRow(len(cells), text) if several else None


def _ragged(bad: list[_BadRow], body: memoryview, lines_before: int, width: int) -> list[Aside]:
    """Say of each row that did not fit where it is and why."""
    if not bad:
        return []
    content = bytes(body)
    rows, line, counted = [], lines_before + 1, 0
    for start, row in _placed(content, bad):
        line += len(_LINE_END_BYTES.findall(content[counted : max(start, counted)]))
        counted = max(start, counted)
        reason = f"{row.fields} fields instead of {width}" if len(row.lines) == 1 else UNCLOSED
        at = line if start >= 0 else None
        rows += [
            Aside(None if at is None else at + place, reason, text) for place, text in enumerate(row.lines)
        ]
    return rows


def _ragged_notes(ragged: list[Aside], bad: list[_BadRow], width: int) -> list[Note]:
    if not ragged:
        return []
    widths = [str(one) for one in sorted({row.fields for row in bad if len(row.lines) == 1})]
    why = [f"{' or '.join(widths[:WIDTHS_SHOWN])} fields instead of {width}"] if widths else []
    why += [UNCLOSED] if any(row.reason == UNCLOSED for row in ragged) else []
    first = " ".join(ragged[0].text.split())[:60]
    text = (
        f"{plural(len(ragged), 'row')} set aside because of {' and '.join(why)}. "
        f"The first begins “{first}”. Mend the delimiters and quotes in the file to keep them."
    )
    short = any(1 < row.fields < width and len(row.lines) == 1 for row in bad)
    keep = (Option("Keep the short rows, their last cells empty", {"keep": ("short",)}),) if short else ()
    return [Note(text, True, "ragged", options=keep)]


def _different(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([chunk.dictionary for chunk in column.chunks], pa.string())


def _long_cell_notes(table: pa.Table) -> list[Note]:
    """Point at cells of so many lines that they may hold rows: a quote that is closed much too late."""
    notes = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        texts = column if pa.types.is_string(column.type) else _different(column)
        breaks = pc.max(pc.count_substring(texts, "\n")).as_py() or 0
        if breaks >= MOST_LINES_IN_CELL:
            text = (
                f"A cell in “{name}” has {number(breaks + 1)} lines. A quote that is not closed in the row "
                "where it was opened would do that; look at the file."
            )
            notes.append(Note(text, True, "long-cell", name))
    return notes
