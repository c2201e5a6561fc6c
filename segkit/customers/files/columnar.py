"""Parquet: a file that carries the types of its columns."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.choices import FileChoices
from segkit.customers.files.text_table import MOST_CELLS, TextTable, column_names, refuse_too_many
from segkit.customers.notes import Note
from segkit.errors import UnreadableFile
from segkit.labels import number

MOST_UNPACKED = 4 << 30  # bytes that the columns claim to take unpacked


def read_parquet(path: Path, choices: FileChoices) -> TextTable:
    """Read a Parquet file; its numbers, dates and yes/no columns keep their types.

    Raises
    ------
    UnreadableFile
        The file is damaged or claims more cells or bytes than can be read.
    """
    from pyarrow import parquet  # only here: it takes longer to load than a small CSV to read

    try:
        file = parquet.ParquetFile(path)
        _refuse_too_large(file.metadata)
        table = file.read()
    except pa.ArrowMemoryError as problem:
        raise MemoryError from problem
    except (pa.ArrowException, OSError) as problem:
        raise UnreadableFile(
            f"The Parquet file is damaged ({str(problem).splitlines()[0][:120]}). Export it again."
        ) from problem
    names, notes = column_names(table.column_names, table.num_columns)
    plain = [typed_or_text(column) for column in table.columns]
    notes += [
        note for name, column in zip(names, table.columns, strict=True) if (note := _zone(name, column))
    ]
    return TextTable(pa.table(plain, names=names), "parquet", tuple(notes))


def _refuse_too_large(metadata: Any) -> None:
    """Judge by the metadata, before anything is unpacked."""
    refuse_too_many(metadata.num_columns)
    claimed = metadata.num_rows * max(metadata.num_columns, 1)
    if claimed > MOST_CELLS:
        raise UnreadableFile(
            f"The Parquet file holds {number(claimed)} cells; {number(MOST_CELLS)} can be read. "
            "Keep the columns that describe customers, or a sample of the rows."
        )
    unpacked = sum(metadata.row_group(place).total_byte_size for place in range(metadata.num_row_groups))
    if unpacked > MOST_UNPACKED:
        raise UnreadableFile(
            f"The Parquet file unpacks to {number(unpacked / 1e9, 1)} GB. "
            "Keep the columns that describe customers, or a sample of the rows."
        )


def typed_or_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Keep numbers, dates and yes/no as they are; everything else becomes text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return typed_or_text(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return pc.local_timestamp(column)
    if pa.types.is_float16(kind):
        return column.cast(pa.float32())
    if any(keeps(kind) for keeps in _KEPT):
        return column
    if not pa.types.is_nested(kind) and not pa.types.is_duration(kind):
        try:
            return pc.fill_null(column.cast(pa.string()), "")
        except pa.ArrowInvalid:
            pass  # bytes that are no text
    return pa.chunked_array([pa.array([_nested_text(cell) for cell in column.to_pylist()], pa.string())])


def _nested_text(cell: object) -> str:
    if cell is None:
        return ""
    return json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, list | dict) else str(cell)


_KEPT = (
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_boolean,
    pa.types.is_date,
    pa.types.is_timestamp,
)


def _zone(name: str, column: pa.ChunkedArray) -> Note | None:
    zone = getattr(column.type, "tz", None)
    if not zone:
        return None
    text = f"Times in “{name}” are those of the clocks in {zone}, as the file says."
    return Note(text, True, "date-zone", name)
