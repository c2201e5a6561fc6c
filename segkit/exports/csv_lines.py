"""Tables as CSV, some rows at a time: the cells of many rows are put together at once.

Spreadsheet-safe unless raw: a cell that a spreadsheet would run as a formula gets an apostrophe in front (one
that starts with an apostrophe gets another, so that taking one away restores it), and the file starts with a
byte order mark so that accents survive. Cells are quoted where they have to be (RFC 4180).

What a cell looks like is worked out once for each different text of a column, and columns side by side that
have few texts are written as one, each combination being put together once. Parts of `ROWS` rows are made by
a few threads, so a table takes little memory beside what it is written to.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, BinaryIO, Protocol, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.exports.archive import Part, in_order
from segkit.exports.hashed import Cells

BOM = b"\xef\xbb\xbf"
ROWS = 65_536  # that are put together at once: some 10 MB of a table of 20 columns
FEWEST_ROWS = 1_024  # ... where there are very long texts
LONG = 64 << 20  # bytes of so many rows, if all of them were as long as the longest
_RISKY = (
    r"^[=+\-@\t\r\n'＝＋－＠]"  # as listed by OWASP, full-width forms included, and the apostrophe itself
)
_PLAIN_NEGATIVE = r"^-\d+([.,]\d+)*$"
_MAY_RUN = np.frombuffer(b"=+-@\t\r\n'\xef", np.uint8)  # first bytes of what may be risky
_TO_QUOTE = np.frombuffer(b'",\r\n', np.uint8)

Made: TypeAlias = Mapping[str, Callable[[Cells], Cells]]
NOTHING_MADE: Made = {}


@dataclass(frozen=True, eq=False)
class Listed:
    """A table to write.

    Attributes
    ----------
    table : pyarrow.Table
    raw : bool
    made : mapping of str to function
        Columns that are written as what a function makes of their cells.
    """

    table: pa.Table
    raw: bool
    made: Made = field(default_factory=dict)


def csv_part(table: pa.Table, raw: bool, header: bool, made: Made = NOTHING_MADE) -> bytes:
    """Write some rows of a list as CSV; the first part starts with the names of the columns.

    `made` are columns that are written as what a function makes of their cells.
    """
    first, *rows = parts(Listed(table, raw, made))
    return b"".join(part() for part in ([first] if header else []) + rows)


def write(sink: BinaryIO, listed: Listed, kept: np.ndarray | None = None) -> None:
    """Write a table, or those of its rows that are kept, to a binary stream."""
    for part in in_order(parts(listed, kept)):
        sink.write(part)


def parts(listed: Listed, kept: np.ndarray | None = None) -> Iterator[Part]:
    """What makes the parts of a list: the names of its columns, then some rows each."""
    yield partial(_head, listed)
    table = _with_one_dictionary(listed.table)
    pieces = _pieces(table, listed)
    for begin, end in _bounds(table, kept):
        yield partial(_lines, table, pieces, begin, end, kept)


def _head(listed: Listed) -> bytes:
    names = pa.array(listed.table.column_names, pa.string())
    line = ",".join(_cells(names, listed.raw).to_pylist()) + "\n"
    return (b"" if listed.raw else BOM) + line.encode()


def _with_one_dictionary(table: pa.Table) -> pa.Table:
    """Let all chunks of a column have the same different texts."""
    return pa.table(
        [column.unify_dictionaries() if _is_coded(column.type) else column for column in table.columns],
        names=[str(place) for place in range(table.num_columns)],
    )


def _bounds(table: pa.Table, kept: np.ndarray | None) -> Iterator[tuple[int, int]]:
    """Divide rows so that each part has as many that are kept, and is not too large."""
    longest = sum(_longest(column) for column in table.columns)
    step = min(max(LONG // max(longest, 1), FEWEST_ROWS), ROWS)
    every = range(0, table.num_rows, step) if kept is None else np.flatnonzero(kept)[::step].tolist()
    yield from itertools.pairwise([*every, table.num_rows])


def _longest(column: pa.ChunkedArray) -> int:
    """Bytes of the longest text of a column."""
    if not _is_text(column.type):
        return 0
    texts = [_texts(column)] if _is_coded(column.type) else column.chunks
    return max((pc.max(pc.binary_length(one)).as_py() or 0 for one in texts), default=0)


def _texts(coded: pa.ChunkedArray) -> pa.Array:
    """The different texts of a column, the same in all chunks."""
    return coded.chunk(0).dictionary.cast(pa.string()) if coded.num_chunks else pa.array([], pa.string())


# --- rows, piece by piece ----------------------------------------------------------------------------


class _Piece(Protocol):
    """Columns side by side that are written at once."""

    def cells(self, columns: Sequence[pa.Array]) -> pa.Array:
        """Write them for some rows, given all columns; null where nothing is to be written."""


@dataclass(frozen=True, eq=False)
class _Coded:
    """Columns with few different texts: each combination of them is put together once.

    Attributes
    ----------
    places : sequence of int
    sizes : sequence of int
        Different texts of each, and one more for none.
    texts : pyarrow.Array
        A text for each combination; the last column changes first.
    """

    places: Sequence[int]
    sizes: Sequence[int]
    texts: pa.Array

    def cells(self, columns: Sequence[pa.Array]) -> pa.Array:
        codes = np.zeros(len(columns[0]), np.int64)
        for place, size in zip(self.places, self.sizes, strict=True):
            codes *= size
            codes += columns[place].indices.fill_null(size - 1).to_numpy()
        return self.texts.take(pa.array(codes))


@dataclass(frozen=True, eq=False)
class _Each:
    """A column that is written cell by cell, or as what a function makes of it."""

    place: int
    raw: bool
    make: Callable[[Cells], Cells] | None

    def cells(self, columns: Sequence[pa.Array]) -> pa.Array:
        column = columns[self.place]
        if self.make is not None:
            return self.make(column)
        texts = column.cast(pa.string())
        return _cells(texts, self.raw) if _is_text(column.type) else texts


def _pieces(table: pa.Table, listed: Listed) -> list[_Piece]:
    """Divide the columns of a list, which `table` holds ready, into what is written at once."""
    makes = [listed.made.get(name) for name in listed.table.column_names]
    texts = [
        _with_none(_cells(_texts(column), listed.raw)) if make is None and _is_coded(column.type) else None
        for column, make in zip(table.columns, makes, strict=True)
    ]
    sizes = [None if one is None else len(one) for one in texts]
    most = min(table.num_rows // 16, ROWS // 2)  # more combinations would cost more than they save
    return [
        _coded(group, [texts[place] for place in group])
        if texts[group[0]] is not None
        else _Each(group[0], listed.raw, makes[group[0]])
        for group in _neighbours(sizes, most)
    ]


def _with_none(texts: pa.Array) -> pa.Array:
    return pa.concat_arrays([texts, pa.array([""], pa.string())])


def _neighbours(sizes: Sequence[int | None], most: int) -> list[list[int]]:
    """Group places side by side while their sizes multiplied are within a limit; None stays alone.

    Examples
    --------
    >>> _neighbours([2, 3, 4, 2, None, 5, 100, 2], 24)
    [[0, 1, 2], [3], [4], [5], [6], [7]]
    """
    groups: list[list[int]] = []
    size = most + 1
    for place, more in enumerate(sizes):
        if more is None or size * more > most:
            groups.append([place])
            size = most + 1 if more is None else more
        else:
            groups[-1].append(place)
            size *= more
    return groups


def _coded(places: Sequence[int], texts: Sequence[pa.Array]) -> _Coded:
    """Put every combination of the texts of some columns together."""
    together = texts[0]
    for more in texts[1:]:
        left = pa.array(np.repeat(np.arange(len(together)), len(more)))
        right = pa.array(np.tile(np.arange(len(more)), len(together)))
        together = _joined([together.take(left), more.take(right)], ",")
    return _Coded(places, [len(one) for one in texts], together)


def _joined(texts: list[Any], between: str) -> pa.Array:
    """Put texts together row by row; nothing stands for a missing one."""
    return pc.binary_join_element_wise(*texts, between, null_handling="replace", null_replacement="")


def _lines(
    table: pa.Table, pieces: Sequence[_Piece], begin: int, end: int, kept: np.ndarray | None
) -> memoryview:
    """Write the rows from one to another that are kept."""
    rows = table.slice(begin, end - begin)
    if kept is not None:
        rows = rows.filter(pa.array(kept[begin:end]))
    columns = [column.chunk(0) for column in rows.combine_chunks().columns]
    cells = [piece.cells(columns) for piece in pieces]
    if table.num_columns == 1:  # a line with nothing in it would be no row
        cells = [pc.if_else(pc.equal(pc.fill_null(cells[0], ""), ""), '""', cells[0])]
    lines = _joined([*cells[:-1], _joined([cells[-1], ""], "\n")], ",")
    _, offsets, content = lines.buffers()
    return memoryview(content)[: np.frombuffer(offsets, np.int32)[len(lines)]]


# --- a cell -------------------------------------------------------------------------------------------


def _cells(texts: pa.Array, raw: bool) -> pa.Array:
    """Write texts as they stand in CSV."""
    safe = texts if raw else _safe(texts)
    if not np.isin(_content(safe), _TO_QUOTE).any():
        return safe
    quoted = _joined(['"', pc.replace_substring(safe, '"', '""'), '"'], "")
    return pc.if_else(pc.match_substring_regex(safe, '[",\r\n]'), quoted, safe)


def _safe(texts: pa.Array) -> pa.Array:
    """Put an apostrophe before what a spreadsheet would run."""
    if not np.isin(_first_bytes(texts), _MAY_RUN).any():
        return texts
    risky = pc.match_substring_regex(texts, _RISKY)
    risky = pc.and_(risky, pc.invert(pc.match_substring_regex(texts, _PLAIN_NEGATIVE)))
    return pc.if_else(risky, _joined(["'", texts], ""), texts)


# A look at the bytes of all texts tells whether a pattern need be looked for, in a tenth of the time.


def _content(texts: pa.Array) -> np.ndarray:
    """The bytes of all texts, one after the other."""
    ends = _ends(texts)
    return np.frombuffer(texts.buffers()[2] or b"", np.uint8)[ends[0] : ends[-1]]


def _first_bytes(texts: pa.Array) -> np.ndarray:
    """The first byte of each text that has one."""
    ends = _ends(texts)
    filled = ends[:-1][ends[1:] > ends[:-1]]
    return np.frombuffer(texts.buffers()[2] or b"", np.uint8)[filled]


def _ends(texts: pa.Array) -> np.ndarray:
    """Where each text ends, behind where the first one begins."""
    if not len(texts):
        return np.zeros(1, np.int32)
    return np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]


def _is_coded(kind: pa.DataType) -> bool:
    return pa.types.is_dictionary(kind)


def _is_text(kind: pa.DataType) -> bool:
    return _is_coded(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind)
