"""JSON: one record a line, or a list of records. Every value becomes its text, so ids keep all digits."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from segkit.customers.choices import FileChoices
from segkit.customers.files.encodings import decoded
from segkit.customers.files.text_table import Aside, TextTable, aside_table, column_names, refuse_too_many
from segkit.customers.notes import Note
from segkit.errors import UnreadableFile
from segkit.labels import listing, plural

NO_RECORDS = (
    "This is a JSON document, not a table: it holds no list of records. "
    "Export one record per customer, as CSV or one JSON object a line."
)


def read_json(path: Path, choices: FileChoices) -> TextTable:
    """Read JSON lines, a JSON list of records, or an object with one such list.

    Nested objects become columns ("address.city"), lists their JSON text, null an empty cell.

    Raises
    ------
    UnreadableFile
        There are no records in it.
    """
    text = decoded(memoryview(path.read_bytes()), choices.encoding)
    content = str(text.data, "utf-8")
    records, aside, form = _records(content)
    if not records:
        raise UnreadableFile(NO_RECORDS)
    rows = [dict(_flattened(record)) for record in records]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    refuse_too_many(len(keys))
    names, notes = column_names([_encodable(key) for key in keys], len(keys))
    table = pa.table([_column([row.get(key, "") for row in rows]) for key in keys], names=names)
    if aside:
        what = f"{plural(len(aside), 'line')} set aside because {'it is' if len(aside) == 1 else 'they are'}"
        first = aside[0].text[:60]
        notes.append(Note(f"{what} not a JSON record. The first begins “{first}”.", True, "ragged"))
    facts = {"encoding": text.label, "form": form}
    return TextTable(table, "json", (*text.notes, *notes), aside_table(aside), (), facts)


def _column(cells: list[str]) -> pa.Array:
    """Make a column; half a surrogate pair is replaced: JSON can hold it, text cannot."""
    try:
        return pa.array(cells, pa.string())
    except UnicodeEncodeError:
        return pa.array([_encodable(cell) for cell in cells], pa.string())


def _encodable(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _records(content: str) -> tuple[list[dict[str, Any]], list[Aside], str]:
    """Find the records: the whole document where it is one, else line by line."""
    try:
        document = _parsed(content)
    except (ValueError, RecursionError):
        return (*_of_lines(content), "lines")
    if isinstance(document, dict):
        lists = [value for value in document.values() if _are_records(value)]
        if len(lists) > 1:
            raise UnreadableFile(
                f"The JSON document holds {len(lists)} lists of records ("
                f"{listing([key for key, value in document.items() if _are_records(value)])}). "
                "Export the one with your customers."
            )
        return (lists[0] if lists else [document] if "\n" in content.strip() else []), [], "list"
    return (document if _are_records(document) else []), [], "list"


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _of_lines(content: str) -> tuple[list[dict[str, Any]], list[Aside]]:
    records, aside = [], []
    for place, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = _parsed(line)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict):
            records.append(record)
        else:
            aside.append(Aside(place, "not a JSON record", line[:10_000]))
    if len(aside) > len(records):
        return [], []
    return records, aside


def _flattened(record: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in record.items():
        if isinstance(value, dict) and value:
            yield from _flattened(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
