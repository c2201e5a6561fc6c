"""Columns for tests: lists of texts in, what became of them out."""

import pandas as pd
import pyarrow as pa

from segkit.customers.columns.kinds import Converted, convert, texts_of
from segkit.customers.columns.texts import Texts
from segkit.customers.notes import Note


def held(values: list[str]) -> Texts:
    return texts_of(pa.chunked_array([pa.array(values, pa.string())]))


def converted(
    values: list[str], name: str = "x", kind: str | None = None, comma: bool | None = False, **more: object
) -> Converted:
    return convert(held(values), name, kind, comma, **more)


def plain(done: Converted) -> list[object]:
    return [None if pd.isna(value) else value for value in done.values.tolist()]


def days(done: Converted) -> list[str | None]:
    return [None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in done.values]


def note(done: Converted, key: str) -> Note:
    found = [note for note in done.notes if note.key == key]
    assert len(found) == 1, [note.key for note in done.notes]
    assert found[0].column
    return found[0]


def keys(done: Converted) -> list[str]:
    return [note.key for note in done.notes]


def changes(told: Note) -> list[dict[str, object]]:
    return [dict(option.change) for option in told.options]
