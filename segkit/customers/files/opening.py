"""Which kind of file is it? Told by the first bytes, whatever its name says; and the child process.

This package runs in a process of its own (see `customers.sandbox`), because a few bytes can make a parser
abort or ask for hundreds of gigabytes. It imports neither pandas nor the rest of the library.
"""

import codecs
import json
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pyarrow as pa

from segkit.customers.choices import FileChoices
from segkit.customers.files.archives import checked_entries, gunzipped, tables_in, unzipped
from segkit.customers.files.columnar import read_parquet
from segkit.customers.files.delimited import read_delimited
from segkit.customers.files.json_lines import read_json
from segkit.customers.files.text_table import TextTable, compact, refuse_too_little
from segkit.customers.files.workbook import read_workbook
from segkit.customers.notes import Note
from segkit.errors import UnreadableFile
from segkit.labels import plural

HEAD_BYTES = 4096
ADVICE = "Upload your customers as CSV, Excel (.xlsx) or Parquet."
NOT_A_TABLE = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"Rar!", "a RAR archive (unpack it first)"),
    (b"7z\xbc\xaf", "a 7z archive (unpack it first)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"BZh", "a bzip2 archive (unpack it first)"),
    (b"\xfd7zXZ", "an xz archive (unpack it first)"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive (unpack it first)"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a text document (RTF)"),
)
MARKUP = re.compile(rb"<(!doctype|html|\?xml|svg|table|head|body|div)\b", re.IGNORECASE)
JSON = re.compile(rb"\{\s*[\"}]|\[\s*[\[{]")
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Reader:
    """A row of `READERS`: one kind of file."""

    key: str
    label: str
    extensions: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[Path, FileChoices], TextTable]


def _is_json(head: bytes) -> bool:
    return bool(JSON.match(head.removeprefix(codecs.BOM_UTF8).lstrip()))


READERS = (
    Reader("parquet", "Parquet", (".parquet", ".pq"), lambda head: head.startswith(b"PAR1"), read_parquet),
    Reader(
        "xlsx",
        "Excel",
        (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
        lambda head: head.startswith((ZIP, OLE)),
        read_workbook,
    ),
    Reader("json", "JSON", (".json", ".jsonl", ".ndjson"), _is_json, read_json),
    Reader("csv", "CSV", (".csv", ".tsv", ".txt", ".psv", ".tab", ".ssv"), lambda head: True, read_delimited),
)
ARCHIVES = (".gz", ".zip")


def extensions() -> list[str]:
    """All endings of files that can be read, CSV first."""
    return [ending for reader in reversed(READERS) for ending in reader.extensions] + list(ARCHIVES)


def read_text_table(path: Path, name: str = "", choices: FileChoices | None = None) -> TextTable:
    """Read a file by what it is, whatever its name says.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    name : str
        What the user calls it; only its ending is looked at, to say when it does not fit.
    choices : FileChoices, optional
        What the user decided over what is found.

    Raises
    ------
    UnreadableFile
        The file is empty, not a table, damaged, or has no customers in it.
    """
    with tempfile.TemporaryDirectory(prefix="segkit-") as folder:
        found = _unpacked(path, name, choices or FileChoices(), Path(folder, "unpacked"))
    refuse_too_little(found)
    return found


def _unpacked(path: Path, name: str, choices: FileChoices, target: Path) -> TextTable:
    """Read a table, out of its archive where it is in one."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(GZIP):
        gunzipped(path, target)
        inner = name.removesuffix(Path(name).suffix) if name.lower().endswith(".gz") else ""
        found = _read_unpacked(target, inner, choices)
        note = Note("The file is packed with gzip; it was unpacked.", key="archive")
        return replace(found, notes=(note, *found.notes))
    if head.startswith(ZIP):
        entries = checked_entries(path)
        if not _hold_a_workbook(entries):
            tables = tables_in(entries)
            if not tables or any(entry.filename == "[Content_Types].xml" for entry in entries):
                raise UnreadableFile(
                    f"This is a ZIP archive or another Office document without a table in it. {ADVICE}"
                )
            return _from_archive(path, tables, choices, target)
    return _read(path, name, choices)


def _from_archive(path: Path, tables: list[zipfile.ZipInfo], choices: FileChoices, target: Path) -> TextTable:
    names = [entry.filename for entry in tables]
    wanted = choices.sheet if choices.sheet in names or len(names) > 1 else ""
    inner, notes = unzipped(path, tables, wanted, target)
    found = _read_unpacked(target, inner, choices if not wanted else replace(choices, sheet=""))
    sheets = tuple(names) if len(names) > 1 else found.sheets
    facts = found.facts | ({"sheet": inner} if len(names) > 1 else {}) | {"archive": inner}
    return replace(found, notes=(*notes, *found.notes), sheets=sheets, facts=facts)


def _read_unpacked(path: Path, name: str, choices: FileChoices) -> TextTable:
    """Read what was in an archive; workbooks are archives themselves, anything else inside is refused."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(GZIP) or (head == ZIP and not _hold_a_workbook(checked_entries(path))):
        raise UnreadableFile(f"The archive holds another archive. Unpack it first. {ADVICE}")
    return _read(path, name, choices)


def _hold_a_workbook(entries: list[zipfile.ZipInfo]) -> bool:
    names = {entry.filename for entry in entries}
    return "content.xml" in names or any(name.startswith("xl/") for name in names)


def _read(path: Path, name: str, choices: FileChoices) -> TextTable:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    _refuse_what_is_no_table(head)
    reader = next(reader for reader in READERS if reader.recognises(head))
    found = reader.read(path, choices)
    notes = list(found.notes)
    if blank := int(found.facts.get("blank_rows", 0)):
        notes.append(Note(f"{plural(blank, 'blank row')} skipped.", True, "blank-rows"))
    ending = Path(name).suffix.lower()
    if ending and ending not in reader.extensions:
        text = f"The name ends in {ending}, but the content is {reader.label}; it was read as that."
        notes.append(Note(text, True, "ending"))
    if choices.sheet and not found.sheets:
        text = f"{reader.label} files have no sheets; “{choices.sheet}” was not looked for."
        notes.append(Note(text, True, "sheet"))
    return replace(found, notes=tuple(notes))


def _refuse_what_is_no_table(head: bytes) -> None:
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise UnreadableFile(f"The file is empty. {ADVICE}")
    for magic, what in NOT_A_TABLE:
        if head.startswith(magic):
            raise UnreadableFile(f"This is {what}, not a table of customers. {ADVICE}")
    if MARKUP.match(head.removeprefix(codecs.BOM_UTF8).lstrip()):
        raise UnreadableFile(f"This is a web page or XML document, not a table. {ADVICE}")


# --- the child process ----------------------------------------------------------------------------

TOO_LARGE = (
    "Reading the file took more memory than is allowed and was stopped. Keep fewer columns, or save it as "
    "CSV or Parquet. In a workbook, first delete the empty rows and columns around the table: one stray cell "
    "in a far corner is enough."
)


def main() -> None:
    """Read one file; questions and answers are JSON on standard input and output, tables Arrow files."""
    asked = json.load(sys.stdin)
    sys.stdout.write(json.dumps(_answer(**asked)))
    sys.stdout.flush()
    os._exit(0)  # tidying up hundreds of megabytes would only take time


def _answer(source: str, target: str, aside: str, name: str, choices: dict) -> dict[str, object]:
    try:
        found = read_text_table(Path(source), name, FileChoices(**choices))
        write_arrow(compacted(found.table), target)
        write_arrow(found.aside, aside)
    except UnreadableFile as problem:
        return {"error": str(problem)}
    except MemoryError:
        return {"error": TOO_LARGE}
    return {
        "format": found.format,
        "notes": [asdict(note) for note in found.notes],
        "sheets": found.sheets,
        "facts": found.facts,
    }


def compacted(table: pa.Table) -> pa.Table:
    """Encode the columns whose texts repeat, several at a time."""
    with ThreadPoolExecutor(pa.cpu_count()) as workers:
        columns = list(workers.map(compact, table.columns))
    return pa.table(columns, names=table.column_names)


def write_arrow(table: pa.Table, target: str) -> None:
    """Write a table as it lies in memory."""
    with pa.OSFile(target, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
