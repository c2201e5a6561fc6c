"""Texts: the cells of one column, and the few ways in which they are written.

A column of a million amounts holds hundreds of thousands of different texts, but they are written in a few
dozen *shapes*: a shape is a text with every digit as 9 and its letters small, so "31.12.2024" and
"01.04.2025" both are "99.99.9999". Grammars read shapes, one by one in plain Python; digits are then taken
from their places in all texts of a shape at once.

Where few texts differ, each different one is held once with the number of its rows; where many do, every
cell is held. Whatever is asked of `Texts` has the same answer in either form.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.lazily import lazily

LONGEST = 72  # bytes; no number or date is longer, so longer cells share one shape
LONG = "…"
FEW_SHAPES = 1000  # of no more, each is read without asking a pattern first, which takes a while to compile
SAMPLE = 4096  # cells looked at to see whether few of a column differ
FEW_SHARE = 0.5  # ... and the share of them that may differ for a column to be held as different texts
INVISIBLE = "\u200b\u200e\u200f\ufeff"  # zero-width marks that exports leave at the ends of cells

_BLANK_PAIRS = (
    0xC285,
    0xC2A0,
    0xE19A,
    0xE280,
    0xE281,
    0xE380,
    0xEFBB,
)  # blanks beyond ASCII begin so in UTF-8
_Parsed = TypeVar("_Parsed")
_WORD = np.dtype("<u8")


@dataclass(frozen=True, eq=False)
class Shapes:
    """The ways in which texts are written.

    Attributes
    ----------
    written : pyarrow.Array
        The different shapes, small letters throughout.
    codes : int array
        The shape of each text.
    """

    written: pa.Array
    codes: np.ndarray

    @lazily
    def listed(self) -> list[str]:
        """The different shapes as Python strings."""
        found: list[str] = self.written.to_pylist()
        return found

    def __len__(self) -> int:
        return len(self.written)

    def matching(self, pattern: str) -> np.ndarray:
        """Say which shapes match an RE2 pattern."""
        return np.asarray(pc.match_substring_regex(self.written, pattern))

    def parsed(self, parse: Callable[[str], _Parsed | None], pattern: str) -> list[_Parsed | None]:
        """Read each shape with a grammar; a pattern of all that it can read spares most of many shapes."""
        if len(self) <= FEW_SHAPES:
            return [parse(shape) for shape in self.listed]
        likely = self.matching(pattern)
        return [parse(shape) if may else None for shape, may in zip(self.listed, likely, strict=True)]

    @lazily
    def _grouped(self) -> tuple[np.ndarray, np.ndarray]:
        small = self.codes.astype(np.uint16) if len(self) < 1 << 16 else self.codes  # sorts ten times faster
        bounds = np.concatenate([[0], np.cumsum(np.bincount(self.codes, minlength=len(self)))])
        return np.argsort(small, kind="stable"), bounds

    def members(self, shape: int) -> np.ndarray | slice:
        """Give the places of the texts of one shape."""
        if len(self) == 1:
            return slice(None)
        order, bounds = self._grouped
        return order[bounds[shape] : bounds[shape + 1]]


@dataclass(frozen=True, eq=False)
class Texts:
    """The cells of a column without outer blanks.

    Attributes
    ----------
    strings : pyarrow.Array
        Either the different texts in the order in which they first occur, or all cells; never null.
    of_rows : int array, optional
        The text of each row, as a place in `strings`; None where `strings` are the rows.
    weights : int array, optional
        How many rows have each of the `strings`; None where each has one.
    """

    strings: pa.Array
    of_rows: np.ndarray | None = None
    weights: np.ndarray | None = None

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.strings if self.of_rows is None else self.of_rows)

    # --- rows and texts ---------------------------------------------------------------------------

    def rows(self, which: np.ndarray) -> int:
        """Count the rows of some of the texts, given as a mask over `strings`."""
        return int(np.count_nonzero(which) if self.weights is None else self.weights[which].sum())

    def spread(self, per_text: np.ndarray) -> np.ndarray:
        """Give every row what its text has."""
        return per_text if self.of_rows is None else per_text.take(self.of_rows)

    def bincount(self, places: np.ndarray, size: int, which: np.ndarray | None = None) -> np.ndarray:
        """Count rows per place, where `places` gives one to each of the texts."""
        counts = self.weights
        if which is not None and not which.all():
            places, counts = places[which], counts if counts is None else counts[which]
        if counts is None:
            return np.bincount(places, minlength=size)
        return np.bincount(places, counts, size).astype(np.int64)

    @lazily
    def bytes(self) -> tuple[np.ndarray, np.ndarray]:
        """The offsets of the texts and the bytes of all of them, one after the other."""
        return _bytes(self.strings)

    @lazily
    def lengths(self) -> np.ndarray:
        """Bytes of each text."""
        return np.diff(self.bytes[0])

    @lazily
    def filled(self) -> np.ndarray:
        """Which of the texts are not empty."""
        return self.lengths > 0

    @lazily
    def distinct(self) -> "Texts":
        """The same column with each different text once."""
        if self.of_rows is not None:
            return self
        encoded = self.strings.dictionary_encode()
        codes, size = np.asarray(encoded.indices), len(encoded.dictionary)
        return Texts(encoded.dictionary, _small(codes, size), np.bincount(codes, minlength=size))

    @property
    def texts(self) -> pa.Array:
        """The different texts."""
        return self.distinct.strings

    @property
    def codes(self) -> np.ndarray:
        """The place in `texts` of each row."""
        codes = self.distinct.of_rows
        assert codes is not None
        return codes

    @property
    def counts(self) -> np.ndarray:
        """The rows of each of the `texts`."""
        counts = self.distinct.weights
        assert counts is not None
        return counts

    def at_most(self, limit: int) -> "Texts | None":
        """The column with each different text once, if it has no more than `limit` of them."""
        if self.of_rows is None and len(_sample(self.strings).unique()) > limit:
            return None
        return self.distinct if len(self.distinct.strings) <= limit else None

    def part(self, which: np.ndarray) -> "Texts":
        """The texts of a mask, with their counts; no longer tied to rows."""
        weights = None if self.weights is None else self.weights[which]
        return Texts(self.strings.filter(pa.array(which)), None, weights)

    def head(self, most: int) -> "Texts":
        """The first of the texts, with their counts; no longer tied to rows."""
        return Texts(self.strings[:most], None, None if self.weights is None else self.weights[:most])

    def some(self, which: np.ndarray, most: int) -> tuple[str, ...]:
        """Name a few different texts of a mask, in the order in which they first occur."""
        return tuple(self.strings.filter(pa.array(which)).unique()[:most].to_pylist())

    def tally(self, which: np.ndarray) -> list[tuple[str, int]]:
        """Count the rows of each different text of a mask, in the order in which they first occur."""
        part = self.strings.filter(pa.array(which)).dictionary_encode()
        counts = None if self.weights is None else self.weights[which]
        rows = np.bincount(np.asarray(part.indices), counts, len(part.dictionary)).astype(int)
        return list(zip(part.dictionary.to_pylist(), rows.tolist(), strict=True))

    @lazily
    def spectrum(self) -> tuple[int, int]:
        """How many different filled texts there are, and the rows of the most common one."""
        if self.weights is not None:
            counts = self.weights[self.filled]
            return len(counts), int(counts.max(initial=0))
        return _spectrum(self.strings if self.filled.all() else self.strings.filter(pa.array(self.filled)))

    # --- shapes -----------------------------------------------------------------------------------

    @lazily
    def shapes(self) -> Shapes:
        """How the texts are written."""
        short = self.lengths <= LONGEST
        if short.all():
            return _shapes(self.strings, *self.bytes)
        strings = self.strings.filter(pa.array(short))
        found = _shapes(strings, *_bytes(strings))
        codes = np.full(len(self.strings), len(found), found.codes.dtype)
        codes[short] = found.codes
        return Shapes(pa.concat_arrays([found.written, pa.array([LONG], found.written.type)]), codes)

    def characters(self, shape: int, places: list[int]) -> np.ndarray:
        """Take bytes from their places in all texts of a shape: one row a place, one column a text."""
        offsets, data = self.bytes
        if len(self.shapes) == 1:
            return data.reshape(len(self.strings), -1).T[places]
        starts = offsets[self.shapes.members(shape)]
        return np.stack([data[starts + place] for place in places])


def texts_of(column: pa.ChunkedArray | pa.Array) -> Texts:
    """Collect the texts of a column, be it plain strings or dictionary-encoded.

    Examples
    --------
    >>> texts = texts_of(pa.chunked_array([["b", " a", "b "]]))
    >>> texts.texts.to_pylist(), texts.counts.tolist()
    (['b', 'a'], [2, 1])
    """
    if column.null_count:
        column = pc.fill_null(column.cast(pa.large_string()), "")
    whole = _one_array(column)
    if not pa.types.is_dictionary(whole.type):
        return _of_strings(_stripped(whole))
    if len(whole.dictionary) > FEW_SHARE * len(whole):
        return _of_strings(_stripped(whole.dictionary.take(whole.indices)))
    return _of_dictionary(_stripped(whole.dictionary), np.asarray(whole.indices))


def _one_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Join the chunks of a column; offsets of 32 bits reach 2 GB of text."""
    if isinstance(column, pa.Array):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_string(column.type) and column.nbytes >= 1 << 31:
        column = column.cast(pa.large_string())
    joined = column.unify_dictionaries().combine_chunks()
    if isinstance(joined, pa.ChunkedArray):
        return joined.chunk(0) if joined.num_chunks else pa.array([], joined.type)
    return joined


def _of_strings(strings: pa.Array) -> Texts:
    """Hold different texts once where a sample says that few differ."""
    sample = _sample(strings)
    texts = Texts(strings)
    return texts.distinct if len(sample.unique()) <= max(FEW_SHARE * len(sample), 1) else texts


def _sample(strings: pa.Array) -> pa.Array:
    """Take cells from all over a column."""
    step = len(strings) // SAMPLE
    return strings.take(pa.array(np.arange(0, len(strings), step))) if step > 1 else strings


def _of_dictionary(strings: pa.Array, indices: np.ndarray) -> Texts:
    """Merge texts that blanks kept apart, drop those without a row, in the order of the rows."""
    merged = strings.dictionary_encode()
    codes = np.asarray(merged.indices)
    codes = indices if len(merged.dictionary) == len(strings) else codes.take(indices)
    counts = np.bincount(codes, minlength=len(merged.dictionary))
    used = counts > 0
    if used.all():
        return Texts(merged.dictionary, _small(codes, len(counts)), counts)
    place = np.cumsum(used) - 1
    return Texts(
        merged.dictionary.filter(pa.array(used)), _small(place.take(codes), len(counts)), counts[used]
    )


def _small(codes: np.ndarray, size: int) -> np.ndarray:
    """Hold places in the smallest type; a table has as many of them as cells."""
    return codes.astype(np.min_scalar_type(size))


def _stripped(strings: pa.Array) -> pa.Array:
    """Take blanks off both ends; most columns have none, which their first and last bytes tell."""
    if not (pa.types.is_string(strings.type) or pa.types.is_large_string(strings.type)):
        strings = strings.cast(pa.large_string())
    if not _has_outer_blanks(*_bytes(strings)):
        return strings
    bare = pc.utf8_trim_whitespace(strings)
    edges = f"^[{INVISIBLE}]|[{INVISIBLE}]$"
    if not pc.any(pc.match_substring_regex(bare, edges)).as_py():
        return bare
    return pc.utf8_trim_whitespace(pc.utf8_trim(bare, INVISIBLE + " \t\u00a0"))


def _has_outer_blanks(offsets: np.ndarray, data: np.ndarray) -> bool:
    """Say whether any text may start or end with a blank or an invisible mark."""
    filled = offsets[1:] > offsets[:-1]
    starts, ends = offsets[:-1][filled], offsets[1:][filled]
    first, last = data[starts], data[ends - 1]
    if (first <= 0x20).any() or (last <= 0x20).any():
        return True
    starts, ends = starts[first >= 0x80], ends[last >= 0x80]
    pairs = (_pair(data, starts), _pair(data, ends - 2), _pair(data, ends - 3))
    return any(bool(np.isin(pair, _BLANK_PAIRS).any()) for pair in pairs)


def _pair(data: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Take two bytes as one number."""
    return data[places].astype(np.uint16) << 8 | data[places + 1]


def _bytes(strings: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    width = np.int64 if pa.types.is_large_string(strings.type) else np.int32
    _, offsets, data = strings.buffers()
    if not len(strings):
        return np.zeros(1, width), np.zeros(0, np.uint8)
    places = np.frombuffer(offsets, width)[strings.offset : strings.offset + len(strings) + 1]
    held = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
    return places - places[0] if places[0] else places, held[places[0] : places[-1]]


def with_validity(strings: pa.Array, valid: np.ndarray) -> pa.Array:
    """Make some texts null, without copying any."""
    offsets, data = _bytes(strings)
    bits = None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))
    buffers = [bits, pa.py_buffer(np.ascontiguousarray(offsets)), pa.py_buffer(data)]
    return pa.Array.from_buffers(strings.type, len(strings), buffers)


def same_width(characters: np.ndarray) -> pa.Array:
    """Make texts of a matrix of bytes with one row a place and one column a text."""
    width, size = characters.shape
    offsets = np.arange(0, width * size + 1, width, dtype=np.int64) if width else np.zeros(size + 1, np.int64)
    data = np.ascontiguousarray(characters.T)
    return pa.Array.from_buffers(
        pa.large_string(), size, [None, pa.py_buffer(offsets), pa.py_buffer(data.reshape(-1))]
    )


def shape_of(text: str) -> str:
    """Write a text as a shape.

    Examples
    --------
    >>> shape_of("3 Apr 2025")
    '9 apr 9999'
    """
    return "".join("9" if "0" <= character <= "9" else character for character in text).lower()


def _shapes(strings: pa.Array, offsets: np.ndarray, data: np.ndarray) -> Shapes:
    """Write texts as shapes: digits as 9, letters small."""
    written = np.empty_like(data)
    for start in range(0, len(data), _BLOCK):
        _WRITTEN_AS.take(data[start : start + _BLOCK], out=written[start : start + _BLOCK], mode="clip")
    buffers = [None, pa.py_buffer(np.ascontiguousarray(offsets)), pa.py_buffer(written)]
    found = pa.Array.from_buffers(strings.type, len(strings), buffers).dictionary_encode()
    small = pc.utf8_lower(found.dictionary)
    same = pc.equal(pc.binary_length(small), pc.binary_length(found.dictionary))  # "İ" would move the digits
    return Shapes(pc.if_else(same, small, found.dictionary), np.asarray(found.indices))


_BLOCK = 1 << 16  # bytes that stay in the processor's cache
_WRITTEN_AS = np.frombuffer(
    bytes(range(256)).lower().translate(bytes.maketrans(b"012345678", b"9" * 9)), np.uint8
)


# --- counting different strings -------------------------------------------------------------------


def _spectrum(strings: pa.Array) -> tuple[int, int]:
    """Count different strings and the rows of the most common one.

    Strings that share a hash with another one are compared as they are, so the counts are exact. For ids,
    of which few or none repeat, this takes a fifth of the time of a table of all of them.
    """
    if not len(strings):
        return 0, 0
    hashes = _hashes(*_bytes(strings))
    ordered = np.sort(hashes)
    repeats = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(repeats) > len(strings) / 8:
        counts = pc.value_counts(strings).field("counts")
        return len(counts), pc.max(counts).as_py()
    if not len(repeats):
        return len(strings), 1
    shared = _within(hashes, np.unique(repeats))
    counts = pc.value_counts(strings.filter(pa.array(shared))).field("counts")
    return len(strings) - int(shared.sum()) + len(counts), pc.max(counts).as_py()


def _within(values: np.ndarray, ordered: np.ndarray) -> np.ndarray:
    places = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return ordered[places] == values


def _hashes(offsets: np.ndarray, data: np.ndarray) -> np.ndarray:
    """Hash every string, eight bytes at a time."""
    padded = np.concatenate([data, np.zeros(8, np.uint8)])
    words = np.ndarray((len(data) + 1,), _WORD, padded, 0, (1,))
    lengths = np.diff(offsets)
    hashes = lengths.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for start in range(0, int(lengths.max()), 8):
        longer = slice(None) if start < lengths.min() else np.flatnonzero(lengths > start)
        word = words[offsets[:-1][longer] + start] & _ENDS[np.minimum(lengths[longer] - start, 8)]
        mixed = (hashes[longer] ^ word) * np.uint64(0xBF58476D1CE4E5B9)
        hashes[longer] = mixed ^ (mixed >> np.uint64(29))
    return hashes


_ENDS = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)  # keeps the first bytes of a word
