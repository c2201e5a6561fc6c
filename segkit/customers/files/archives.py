"""Archives: gzip, and ZIP with one table in it; checks on every ZIP before anything is unpacked.

The names in an archive are labels only: content is unpacked into a file whose name is chosen here.
"""

import gzip
import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from segkit.customers.notes import Note, Option
from segkit.errors import UnreadableFile
from segkit.labels import listing, number, plural

MOST_UNPACKED = 2 << 30  # bytes; a million rows of 20 columns have about 1 GB as XML
MOST_ENTRIES = 10_000
MOST_RATIO = 500  # XML of repeated cells packs about 100 to 1; a bomb of zeros 1,000 to 1
UNSUSPICIOUS = 64 << 20  # bytes; less than this harms nobody, whatever its ratio
BLOCK = 1 << 20
DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_UNWANTED = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store|Thumbs\.db|~\$)")
TABLE_ENDINGS = (
    ".csv .tsv .txt .psv .tab .xlsx .xlsm .xlsb .xls .ods .parquet .pq .json .jsonl .ndjson .gz".split()
)

DAMAGED = "The file is a damaged archive or workbook. Pack or save it again and upload that."


def gunzipped(path: Path, target: Path) -> None:
    """Unpack a gzip file.

    Raises
    ------
    UnreadableFile
        It is damaged or unpacks to too much.
    """
    try:
        with gzip.open(path) as packed, target.open("wb") as unpacked:
            _copied(packed, unpacked, path.stat().st_size)
    except (OSError, EOFError, zlib.error) as problem:
        raise UnreadableFile(
            "The gzip file is damaged or ends too early. Pack it again and upload that."
        ) from problem


def checked_entries(path: Path) -> list[zipfile.ZipInfo]:
    """List what a ZIP archive holds, after checks of number, size, ratio and of the XML in workbooks.

    Raises
    ------
    UnreadableFile
        It is damaged, protected, a bomb, or its XML declares a document type.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _refuse_bombs(entries, path.stat().st_size)
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")) and not entry.flag_bits & 1:
                    with archive.open(entry) as file:
                        if DOCTYPE.search(file.read(4096)):
                            raise UnreadableFile(
                                "The workbook declares a document type in its XML, which no spreadsheet "
                                "program writes. Save it again in Excel or LibreOffice and upload that."
                            )
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, zlib.error) as problem:
        raise UnreadableFile(DAMAGED) from problem
    return [one for one in entries if not one.is_dir() and not _UNWANTED.search(one.filename)]


def _refuse_bombs(entries: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        raise UnreadableFile(
            f"The archive holds {number(len(entries))} files; {number(MOST_ENTRIES)} can be looked at. "
            "Pack the one with your customers only."
        )
    if unpacked > MOST_UNPACKED or (unpacked > UNSUSPICIOUS and unpacked > MOST_RATIO * size):
        raise UnreadableFile(
            f"The file unpacks to {number(unpacked / 1e9, 1)} GB, which is too much. "
            "Save the table as CSV or Parquet and upload that."
        )


def tables_in(entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Pick the entries whose names end like a table."""
    return [one for one in entries if PurePosixPath(one.filename).suffix.lower() in TABLE_ENDINGS]


def unzipped(path: Path, entries: list[zipfile.ZipInfo], wanted: str, target: Path) -> tuple[str, list[Note]]:
    """Unpack the table of an archive: the one asked for, or the first.

    Returns
    -------
    name : str
        What the table is called in the archive.
    notes : list of Note
        Which others there are.

    Raises
    ------
    UnreadableFile
        There is no such table, or it is protected by a password.
    """
    names = [entry.filename for entry in entries]
    if wanted and wanted not in names:
        raise UnreadableFile(f"There is no “{wanted}” in the archive. It has: {listing(names, 12)}.")
    entry = entries[names.index(wanted) if wanted else 0]
    if entry.flag_bits & 1:
        raise UnreadableFile("The archive is protected by a password. Unpack it and upload the table itself.")
    try:
        with zipfile.ZipFile(path) as archive, archive.open(entry) as packed, target.open("wb") as unpacked:
            _copied(packed, unpacked, path.stat().st_size)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, zlib.error) as problem:
        raise UnreadableFile(DAMAGED) from problem
    return entry.filename, _choice_notes(entry.filename, names)


def _choice_notes(chosen: str, names: list[str]) -> list[Note]:
    if len(names) == 1:
        return [Note(f"Unpacked “{chosen}” from the archive.", key="archive")]
    others = [name for name in names if name != chosen]
    options = tuple(Option(f"Read “{name}”", {"sheet": name}) for name in others[:8])
    text = (
        f"The archive holds {plural(len(names), 'table')}; “{chosen}” was read. "
        f"It also has {listing(others)}."
    )
    return [Note(text, True, "archive", ask=True, options=options)]


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _copied(packed: _Readable, unpacked: IO[bytes], size: int) -> None:
    """Copy in blocks, and stop when it becomes more than is believable."""
    written = 0
    while block := packed.read(BLOCK):
        written += len(block)
        if written > MOST_UNPACKED or (written > UNSUSPICIOUS and written > MOST_RATIO * size):
            raise UnreadableFile(
                f"The archive unpacks to more than {number(written / 1e9, 1)} GB, which is too much. "
                "Upload the table itself."
            )
        unpacked.write(block)
