"""Lists of customers for a CRM or a spreadsheet, written from the cells as they stood in the file.

Spreadsheet-safe by default: a cell that a spreadsheet would run as a formula gets an apostrophe in
front (and one that starts with an apostrophe gets another, so that taking one away restores it), and
the file starts with a byte order mark so that accents survive. `raw` leaves all of that out.
"""

import io
import re
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from segkit.customers.meanings.roles import find_role
from segkit.customers.table import Column, Customers
from segkit.segments.goals import find_goal
from segkit.segments.segmentation import NO_SEGMENT, Assignment

BOM = b"\xef\xbb\xbf"
_RISKY = (
    r"^[=+\-@\t\r\n'＝＋－＠]"  # as listed by OWASP, full-width forms included, and the apostrophe itself
)
_PLAIN_NEGATIVE = r"^-\d+([.,]\d+)*$"
FAST_DEFLATE = 1  # a fifth of the time of the usual level, for files a tenth larger


def customers_csv(customers: Customers, assignment: Assignment, raw: bool = False) -> bytes:
    """Write all customers with their segment and confidence.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table.
    raw : bool
        Leave cells exactly as they are and write no byte order mark.

    Returns
    -------
    bytes
        CSV in UTF-8: the id, segment, segment_name, confidence, then the columns of the file.
    """
    return _csv(with_segments(customers, assignment), raw)


def segment_csv(customers: Customers, assignment: Assignment, key: str, raw: bool = False) -> bytes:
    """Write the customers of one segment ("none" for those who fit none); columns as `customers_csv`."""
    table = with_segments(customers, assignment)
    return _csv(table.filter(_of(assignment, key)), raw)


def segments_zip(customers: Customers, assignment: Assignment, raw: bool = False) -> bytes:
    """Write one CSV per segment and a data dictionary into a ZIP archive."""
    table = with_segments(customers, assignment)
    groups = _groups(assignment)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST_DEFLATE) as file:
        for (key, _), stem in zip(groups, _file_stems(groups), strict=True):
            _add(file, f"{stem}.csv", _csv(table.filter(_of(assignment, key)), raw))
        _add(file, "data_dictionary.csv", _csv(data_dictionary(customers, assignment), raw))
    return archive.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file with a fixed date, so that the same lists give the same archive."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content, compresslevel=FAST_DEFLATE)


def assignment_csv(customers: Customers, assignment: Assignment) -> bytes:
    """Write customer_id, segment, segment_name and confidence, one row a customer, raw."""
    table = pa.table({"customer_id": pa.array(customers.ids, pa.string())} | _segment_columns(assignment))
    return _csv(table, raw=True)


def numbers_csv(numbers: pd.DataFrame, source: str) -> bytes:
    """Write the numbers of a picture as CSV, safe for spreadsheets; the last column says what it is about."""
    columns = {
        str(name): pa.array(values) if pd.api.types.is_numeric_dtype(values) else _words(values)
        for name, values in numbers.items()
    }
    return _csv(pa.table(columns | {"About": pa.array([source] * len(numbers), pa.string())}), raw=False)


def _words(values: pd.Series) -> pa.Array:
    return pa.array([None if pd.isna(value) else str(value) for value in values], pa.string())


def table_csv(table: pa.Table) -> bytes:
    """Write any table as CSV, safe for spreadsheets."""
    return _csv(table, raw=False)


def data_dictionary(customers: Customers, assignment: Assignment) -> pa.Table:
    """List every column of the lists: name, kind, role and what it means."""
    added = [
        ("segment", "text", "", "Key of the customer's segment"),
        ("segment_name", "text", "", "Name of the customer's segment"),
        ("confidence", "number", "", "0.5 on the border between two segments, 1 at the heart of one"),
    ]
    base = [("(customers)", "", "", f"Only where {customers.base}")] if customers.base else []
    if assignment.goal:
        goal = find_goal(assignment.goal)
        base.append(("(segments)", "", "", f"Goal: {goal.label}. {goal.question}"))
    columns = [_described(column, assignment) for column in customers.columns]
    names = ("column", "kind", "role", "meaning")
    lines = zip(*base, *added, *columns, strict=True)
    return pa.table({name: list(values) for name, values in zip(names, lines, strict=True)})


def _described(column: Column, assignment: Assignment) -> tuple[str, str, str, str]:
    """What a column is and means, and whether the segments were made from it."""
    role = find_role(column.role)
    meaning = role.help or column.reason
    if column.name in assignment.dimensions:
        circular = ", so its KPI is circular" if role.use == "outcome" else ""
        meaning = f"{meaning.rstrip('.')}. Formed the segments{circular}".lstrip(". ")
    return column.name, column.kind, role.label, meaning


def file_stem(key: str, name: str) -> str:
    """Make a file name from a segment: letters, digits and underscores only.

    Examples
    --------
    >>> file_stem("S1", "Older, high income")
    'S1_older_high_income'
    >>> file_stem("S2", "../../etc")
    'S2_etc'
    """
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40]
    safe_key = re.sub(r"[^A-Za-z0-9]+", "_", key).strip("_")[:20] or "segment"
    return f"{safe_key}_{slug}".rstrip("_")


def _file_stems(groups: list[tuple[str, str]]) -> list[str]:
    """Name one file per group; no two alike, even where capitals do not count."""
    stems: list[str] = []
    for key, name in groups:
        stem, copy = file_stem(key, name), 2
        while stem.lower() in map(str.lower, stems):
            stem, copy = f"{file_stem(key, name)}_{copy}", copy + 1
        stems.append(stem)
    return stems


def _groups(assignment: Assignment) -> list[tuple[str, str]]:
    groups = [(segment.key, segment.name) for segment in assignment.segments]
    return groups + ([(NO_SEGMENT, "fits none")] if assignment.unassigned else [])


def _of(assignment: Assignment, key: str) -> pa.Array:
    return pa.array(assignment.members(key))


def _segment_columns(assignment: Assignment) -> dict[str, pa.Array]:
    codes = pa.array(np.where(assignment.codes < 0, len(assignment.segments), assignment.codes), pa.int32())
    keys = [segment.key for segment in assignment.segments] + [NO_SEGMENT]
    names = [segment.name for segment in assignment.segments] + ["Fits none"]
    return {
        "segment": pa.DictionaryArray.from_arrays(codes, pa.array(keys)),
        "segment_name": pa.DictionaryArray.from_arrays(codes, pa.array(names)),
        "confidence": pa.array(np.round(assignment.confidence.astype(float), 4)),
    }


def with_segments(customers: Customers, assignment: Assignment) -> pa.Table:
    """Put the id first, then the segment, then the other columns of the file under their own names."""
    identity = customers.with_role("customer_id")
    file = {name: customers.source.column(name) for name in customers.source.column_names}
    ids = file.pop(identity.name) if identity else pa.array(customers.ids, pa.string())
    added = _segment_columns(assignment)
    first = identity.name if identity else "customer_id"
    columns: dict[str, pa.Array | pa.ChunkedArray] = {_free_name(first, added): ids} | added
    for name, column in file.items():
        columns[_free_name(name, columns)] = column
    return pa.table(columns)


def _free_name(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name += " (file)"
    return name


def _csv(table: pa.Table, raw: bool) -> bytes:
    return csv_part(table, raw, header=True)


def csv_part(table: pa.Table, raw: bool, header: bool) -> bytes:
    """Write some rows of a list as CSV; the first part starts with the names of the columns."""
    plain = [_text(column) if _is_text(column.type) else column for column in table.columns]
    names = list(table.column_names)
    if not raw:
        plain = [_safe(column) if _is_text(column.type) else column for column in plain]
        names = [_safe_text(name) for name in names]
    sink = pa.BufferOutputStream()
    if header:
        line = ",".join(f'"{name.replace(chr(34), chr(34) * 2)}"' for name in names) + "\n"
        sink.write((b"" if raw else BOM) + line.encode())
    options = pa.csv.WriteOptions(include_header=False, quoting_style="needed")
    pa.csv.write_csv(pa.table(plain, names=[str(place) for place in range(len(names))]), sink, options)
    return sink.getvalue().to_pybytes()


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_dictionary(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string())


def _safe(column: pa.ChunkedArray) -> pa.ChunkedArray:
    risky = pc.and_(
        pc.match_substring_regex(column, _RISKY), pc.invert(pc.match_substring_regex(column, _PLAIN_NEGATIVE))
    )
    if not pc.any(risky).as_py():
        return column
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)


def _safe_text(text: str) -> str:
    return "'" + text if re.match(_RISKY, text) and not re.match(_PLAIN_NEGATIVE, text) else text


@dataclass(frozen=True)
class Export:
    """A row of `EXPORTS`: what can be downloaded for a whole segmentation."""

    key: str
    label: str
    help: str
    file_name: str
    mime: str
    write: Callable[[Customers, Assignment, bool], bytes]


EXPORTS = (
    Export(
        "customers",
        "Download all customers",
        "One CSV: every customer with segment, confidence and all columns of your file.",
        "customers_with_segments.csv",
        "text/csv",
        customers_csv,
    ),
    Export(
        "segments",
        "Download one list per segment (ZIP)",
        "A CSV per segment and a data dictionary that says what each column means.",
        "segments.zip",
        "application/zip",
        segments_zip,
    ),
)
