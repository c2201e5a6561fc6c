"""Ids: the texts that name customers, and the ways in which two files may write the same one differently.

Ids are compared as they stand in the files. Where they do not match, `WAYS` says what else could be meant:
one file has "007" and the other "7". Nothing of that is assumed; it is offered, with counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.errors import UnusableColumn
from segkit.labels import listing


@dataclass(frozen=True)
class Way:
    """A row of `WAYS`: one way in which the same id may be written differently."""

    key: str
    label: str
    write: Callable[[pa.Array], pa.Array]


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Take the cells of a column as text, missing ones as empty text."""
    return pc.fill_null(column.cast(pa.string()), "")


def encoded(column: pa.ChunkedArray) -> tuple[np.ndarray, pa.Array]:
    """Number the different texts of a column.

    Returns
    -------
    codes : int array
        One per row, -1 for empty cells.
    texts : pyarrow.Array
        The different texts that occur, in no particular order, without the empty one.
    """
    if not pa.types.is_dictionary(column.type):
        parts = as_text(column).dictionary_encode().chunks  # which share one dictionary
        if not parts:
            return np.array([], np.int64), pa.array([], pa.string())
        codes = np.concatenate([np.asarray(one.indices) for one in parts])
        return _without_gaps(codes, parts[-1].dictionary)
    array = _one_array(column)
    codes = np.asarray(pc.fill_null(array.indices, -1))
    return _compact(codes, pc.fill_null(array.dictionary.cast(pa.string()), ""))


def _one_array(column: pa.ChunkedArray) -> pa.DictionaryArray:
    joined = column.unify_dictionaries().combine_chunks()
    return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined


def _compact(codes: np.ndarray, texts: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """Merge equal texts, and leave out the empty one and those that no row has."""
    unique = texts.dictionary_encode()
    if len(unique.dictionary) < len(texts):
        codes, texts = np.append(np.asarray(unique.indices), -1)[codes], unique.dictionary
    return _without_gaps(codes, texts)


def _without_gaps(codes: np.ndarray, texts: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """Leave out the empty text and those that no row has."""
    used = np.bincount(codes[codes >= 0], minlength=len(texts)) > 0
    used &= np.asarray(pc.not_equal(texts, ""), dtype=bool)
    if used.all():
        return codes.astype(np.int64), texts
    number = np.append(np.where(used, np.cumsum(used) - 1, -1), -1)
    return number[codes], texts.filter(pa.array(used, pa.bool_()))


def ids_of(
    column: pa.ChunkedArray | tuple[np.ndarray, pa.Array], ways: Sequence[str] = ()
) -> tuple[np.ndarray, pa.Array]:
    """Number the customers that a column names.

    Parameters
    ----------
    column : pyarrow.ChunkedArray or what `encoded` says of it
    ways : sequence of str
        Keys of `WAYS`: differences in writing that do not count.

    Returns
    -------
    codes : int array
        One per row, -1 where no customer is named.
    ids : pyarrow.Array
        Each id once, written in the common way.

    Examples
    --------
    >>> column = pa.chunked_array([["007", "7", "", "x1", "X1 "]])
    >>> ids_of(column)[1].to_pylist()
    ['007', '7', 'x1', 'X1 ']
    >>> codes, ids = ids_of(column, ["blanks", "case", "zeros"])
    >>> codes.tolist(), ids.to_pylist()
    ([0, 0, -1, 1, 1], ['7', 'x1'])
    """
    codes, texts = column if isinstance(column, tuple) else encoded(column)
    if not ways:
        return codes, texts
    for way in ways:
        find_way(way)
    return _compact(codes, alike(texts, ways))


def alike(texts: pa.Array, ways: Sequence[str] | None = None) -> pa.Array:
    """Write texts in the common way; all `WAYS` when none are named."""
    for way in WAYS:
        if ways is None or way.key in ways:
            texts = way.write(texts)
    return texts


def find_way(key: str) -> Way:
    """Look a way of writing up by its key.

    Raises
    ------
    UnusableColumn
        There is no such way; the message lists those there are.
    """
    for way in WAYS:
        if way.key == key:
            return way
    raise UnusableColumn(
        f"“{key}” is no difference between ids. There are: {listing([way.key for way in WAYS])}."
    )


def rows_per_id(column: pa.ChunkedArray) -> float:
    """How many rows an id has on average; 1 without any."""
    codes, texts = encoded(column)
    return float((codes >= 0).sum() / len(texts)) if len(texts) else 1.0


WAYS = (
    Way("blanks", "blanks around the id", pc.utf8_trim_whitespace),
    Way("case", "capital and small letters", pc.utf8_lower),
    Way(
        "point-zero",
        "“.0” at the end",
        lambda texts: pc.replace_substring_regex(texts, r"^(\d+)\.0+$", r"\1"),
    ),
    Way(
        "zeros",
        "zeros in front",
        lambda texts: pc.replace_substring_regex(texts, r"^0+(\d+)$", r"\1"),
    ),
)  # in the order in which they are undone: "007.0 " is "7"
