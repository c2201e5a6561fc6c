"""Lists of customers for a CRM or a spreadsheet, written from the cells as they stood in the file.

Personal data are in no list unless somebody asks for them. See `csv_lines` for what cells look like.
"""

import io
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.customers.meanings.roles import find_role
from segkit.customers.sampling import is_part
from segkit.customers.table import Column, Customers
from segkit.exports.archive import write_archive
from segkit.exports.csv_lines import Listed, csv_part, parts, write
from segkit.exports.hashed import HASHES, Cells, addresses_in, email_columns
from segkit.insights.edition import Edition, slug
from segkit.labels import listing, number, plural
from segkit.segments.goals import find_goal
from segkit.segments.segmentation import NO_SEGMENT, NO_SEGMENT_NAME, Assignment

STEPS = 10_000  # of the confidence: more digits say nothing


@dataclass(frozen=True, eq=False)
class Contents:
    """What lists hold besides the segment of each customer.

    Attributes
    ----------
    columns : tuple of str, optional
        Columns of the file; None for all of them. The customer id stands first in any case.
    personal : bool
        Whether columns with personal data (`Column.hidden`) may be among them, the customer id included.
    hashed : bool
        Whether e-mail addresses are added as hashes, see `hashed`; that needs no other personal data.
    left_out : bool array, optional
        Customers who stand in no list, one value for each customer of the table.
    """

    columns: tuple[str, ...] | None = None
    personal: bool = False
    hashed: bool = False
    left_out: np.ndarray | None = None


USUAL = Contents()


# --- whole files ------------------------------------------------------------------------------------


def customers_csv(
    customers: Customers, assignment: Assignment, raw: bool = False, contents: Contents = USUAL
) -> bytes:
    """Write all customers with their segment and confidence.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table.
    raw : bool
        Leave cells exactly as they are and write no byte order mark.
    contents : Contents
        Columns and customers; by default all customers, and all columns but personal ones.

    Returns
    -------
    bytes
        CSV in UTF-8: the id, segment, segment_name, confidence, hashes where they are wanted, then the
        columns of the file.
    """
    return _bytes(partial(write_list, customers, assignment, None, raw, contents))


def segment_csv(
    customers: Customers, assignment: Assignment, key: str, raw: bool = False, contents: Contents = USUAL
) -> bytes:
    """Write the customers of one segment ("none" for those who fit none); columns as `customers_csv`."""
    return _bytes(partial(write_list, customers, assignment, key, raw, contents))


def segments_zip(
    customers: Customers,
    assignment: Assignment,
    raw: bool = False,
    contents: Contents = USUAL,
    edition: Edition | None = None,
) -> bytes:
    """Write one CSV per segment and a data dictionary into a ZIP archive; see `write_zip`."""
    return _bytes(partial(write_zip, customers, assignment, raw, contents, edition))


def dictionary_csv(
    customers: Customers,
    assignment: Assignment,
    raw: bool = False,
    contents: Contents = USUAL,
    edition: Edition | None = None,
) -> bytes:
    """Write `data_dictionary` as CSV."""
    return csv_part(data_dictionary(customers, assignment, contents, edition), raw, header=True)


def assignment_csv(customers: Customers, assignment: Assignment) -> bytes:
    """Write customer_id, segment, segment_name and confidence, one row a customer, raw."""
    table = pa.table({"customer_id": _ids(customers)} | _segment_columns(assignment))
    return _bytes(lambda sink: write(sink, Listed(table, raw=True)))


def numbers_csv(numbers: pd.DataFrame, source: str) -> bytes:
    """Write the numbers of a picture as CSV, safe for spreadsheets; the last column says what it is about."""
    columns = {
        str(name): pa.array(values) if pd.api.types.is_numeric_dtype(values) else _words(values)
        for name, values in numbers.items()
    }
    return table_csv(pa.table(columns | {"About": pa.array([source] * len(numbers), pa.string())}))


def _words(values: pd.Series) -> pa.Array:
    return pa.array([None if pd.isna(value) else str(value) for value in values], pa.string())


def table_csv(table: pa.Table) -> bytes:
    """Write any table as CSV, safe for spreadsheets."""
    return csv_part(table, raw=False, header=True)


def _bytes(writing: Callable[[BinaryIO], None]) -> bytes:
    """What is written, as it lies in memory: it is not copied."""
    sink = io.BytesIO()
    writing(sink)
    return sink.getvalue()


# --- to any stream ----------------------------------------------------------------------------------


def write_list(
    customers: Customers,
    assignment: Assignment,
    key: str | None,
    raw: bool,
    contents: Contents,
    sink: BinaryIO,
) -> None:
    """Write the list of a segment, or that of all, to a binary stream.

    Parameters
    ----------
    customers, assignment, raw, contents
        As for `customers_csv`.
    key : str, optional
        Of a segment, "none" for those who fit none; None for all customers.
    sink : binary stream
        Need not be able to go back.
    """
    write(sink, _listed(customers, assignment, raw, contents), _kept(assignment, key, contents))


def write_zip(
    customers: Customers,
    assignment: Assignment,
    raw: bool,
    contents: Contents,
    edition: Edition | None,
    sink: BinaryIO,
) -> None:
    """Write one CSV per segment and a data dictionary into a ZIP archive.

    Parameters
    ----------
    customers, assignment, raw, contents
        As for `customers_csv`.
    edition : Edition, optional
        Names of files begin with its stem, and the data dictionary with its facts.
    sink : binary stream
        Need not be able to go back.

    Raises
    ------
    segkit.exports.archive.TooLarge
        A list, or the archive, would have 4 GB or more.
    """
    groups, listed = _groups(assignment), _listed(customers, assignment, raw, contents)
    stem = f"{edition.stem}_" if edition else ""
    names = [f"{stem}{name}.csv" for name in _file_stems(groups)]
    lists = [parts(listed, _kept(assignment, key, contents)) for key, _ in groups]
    dictionary = Listed(data_dictionary(customers, assignment, contents, edition), raw)
    files = [*zip(names, lists, strict=True), ("data_dictionary.csv", parts(dictionary))]
    write_archive(sink, files)


def _kept(assignment: Assignment, key: str | None, contents: Contents) -> np.ndarray | None:
    """Who stands in a list; None for everybody."""
    kept = None if key is None else assignment.members(key)
    if contents.left_out is None:
        return kept
    return ~contents.left_out if kept is None else kept & ~contents.left_out


# --- what stands in a list --------------------------------------------------------------------------


def _listed(customers: Customers, assignment: Assignment, raw: bool, contents: Contents) -> Listed:
    hashes = hash_columns(customers, contents)
    hashed = {name: customers.source.column(source) for name, source, _ in hashes}
    made = {name: make for name, _, make in hashes}
    table = with_segments(customers, assignment, listed_columns(customers, contents), hashed)
    place = table.column_names.index("confidence")
    table = table.set_column(place, "confidence", _coded(assignment.confidence))
    return Listed(table, raw, made)


def _coded(confidence: np.ndarray) -> pa.DictionaryArray:
    """The confidence as few different texts, which are written several times faster than numbers."""
    steps = confidence_steps(confidence)
    codes = pa.array(np.nan_to_num(steps).astype(np.int32), mask=np.isnan(steps))
    return pa.DictionaryArray.from_arrays(codes, _steps())


def confidence_steps(confidence: np.ndarray) -> np.ndarray:
    """The confidence in steps of a list, from the digits that an assignment keeps, whoever computed it."""
    return np.rint(confidence.astype(np.float32).astype(float) * STEPS)


@cache
def _steps() -> pa.Array:
    return pa.array([f"{step / STEPS:g}" for step in range(STEPS + 1)])


def hash_columns(customers: Customers, contents: Contents) -> list[tuple[str, str, Callable[[Cells], Cells]]]:
    """Columns of hashes: the name of each, whose addresses it hashes, and how."""
    columns = email_columns(customers) if contents.hashed else []
    return [(f"{column.name}{kind.ending}", column.name, kind.of) for column in columns for kind in HASHES]


def listed_columns(customers: Customers, contents: Contents = USUAL) -> tuple[str, ...]:
    """The columns of the file that stand in lists, in the order of the file.

    A customer id that is personal data itself, such as an e-mail address, is left out like any other.
    """
    hidden = set() if contents.personal else {column.name for column in customers.columns if column.hidden}
    identity = customers.with_role("customer_id")
    wanted = customers.source.column_names if contents.columns is None else contents.columns
    chosen = {*wanted, *([identity.name] if identity else [])} - hidden
    return tuple(name for name in customers.source.column_names if name in chosen)


def contents_text(customers: Customers, contents: Contents = USUAL) -> str:
    """Say what stands in lists, and what does not.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pa.table({"id": ["1"], "mail": ["ada@example.org"], "age": ["36"]})
    >>> columns = (Column("id", "text", "customer_id"), Column("mail", "text", "personal", personal="e-mail"))
    >>> contents_text(Customers(table.to_pandas(), (*columns, Column("age", "number", "age")), table, ""))
    'Each has the customer id, segment, confidence and 1 column of your file; without personal data.'
    """
    names, identity = listed_columns(customers, contents), customers.with_role("customer_id")
    hidden = {column.name for column in customers.columns if column.hidden}
    with_id = identity is not None and identity.name in names
    number_of = plural(len(names) - with_id, "column")
    first = "the customer id" if with_id else "no customer id, but" if identity else "row numbers,"
    told = f"Each has {first}{',' if with_id else ''} segment, confidence and {number_of} of your file"
    shown = [name for name in names if name in hidden]
    if shown:
        told += f"; with personal data: {listing(shown, 5)}"
    elif hidden:
        told += "; without personal data"
    if contents.hashed and email_columns(customers):
        told += "; e-mail addresses as hashes"
    if contents.left_out is not None:
        told += (
            f"; {plural(int(np.count_nonzero(contents.left_out)), 'customer')} held out of actions left out"
        )
    if identity is not None and not with_id:
        told += (
            f". The id (“{identity.name}”) is personal data itself: to find these customers again, include "
            "personal data or hashed e-mail addresses under “Adjust”"
        )
    return f"{told}."


def personal_text(customers: Customers) -> str:
    """Say which columns are personal data and of what kind; empty where none is."""
    said = [f"“{column.name}” ({column.personal})" for column in customers.columns if column.hidden]
    return f"{plural(len(said), 'column')}: {listing(said, len(said))}." if said else ""


def with_segments(
    customers: Customers,
    assignment: Assignment,
    names: Collection[str] | None = None,
    more: Mapping[str, Cells] | None = None,
) -> pa.Table:
    """Put the id first, then the segment, then the other columns of the file under their own names.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table.
    names : collection of str, optional
        Columns of the file; all by default, personal ones too. Row numbers stand in for an id only where
        the table has none at all.
    more : mapping of str to array, optional
        Columns that stand behind the segment; one of the file with such a name gets another.
    """
    names = customers.source.column_names if names is None else names
    identity = customers.with_role("customer_id")
    first = identity.name if identity else "customer_id"
    added = _segment_columns(assignment) | dict(more or {})
    columns: dict[str, Cells] = {}
    if identity is None or first in names:
        columns[free_name(first, added)] = customers.source.column(first) if identity else _ids(customers)
    columns |= added
    for name in names:
        if identity is None or name != first:
            columns[free_name(name, columns)] = customers.source.column(name)
    return pa.table(columns)


def _ids(customers: Customers) -> Cells:
    """The ids of the customers as text, or numbers of rows, as `Customers.ids`."""
    identity = customers.with_role("customer_id")
    if identity is None:
        return pa.array(np.arange(1, len(customers) + 1)).cast(pa.string())
    return customers.source.column(identity.name)


def free_name(name: str, taken: Collection[str]) -> str:
    """The name of a column of the file, unlike those that are taken."""
    while name in taken:
        name += " (file)"
    return name


def _segment_columns(assignment: Assignment) -> dict[str, pa.Array]:
    codes = pa.array(np.where(assignment.codes < 0, len(assignment.segments), assignment.codes), pa.int32())
    keys = [segment.key for segment in assignment.segments] + [NO_SEGMENT]
    names = [segment.name for segment in assignment.segments] + [NO_SEGMENT_NAME]
    return {
        "segment": pa.DictionaryArray.from_arrays(codes, pa.array(keys)),
        "segment_name": pa.DictionaryArray.from_arrays(codes, pa.array(names)),
        "confidence": pa.array(confidence_steps(assignment.confidence) / STEPS),
    }


# --- the data dictionary ----------------------------------------------------------------------------


def data_dictionary(
    customers: Customers,
    assignment: Assignment,
    contents: Contents = USUAL,
    edition: Edition | None = None,
) -> pa.Table:
    """List every column of the lists: name, kind, role and what it means.

    What the lists are about stands first, in lines whose first cell is in brackets: the facts of an edition
    where there is one, what the segments are for, and whom or what the lists leave out.
    """
    added = [
        ("segment", "text", "", "Key of the customer's segment"),
        ("segment_name", "text", "", "Name of the customer's segment"),
        ("confidence", "number", "", "0.5 on the border between two segments, 1 at the heart of one"),
    ]
    names = listed_columns(customers, contents)
    columns = [_described(column, assignment) for column in customers.columns if column.name in names]
    rows = [*_about(customers, assignment, contents, edition), *added, *_about_hashes(customers, contents)]
    lines = zip(*rows, *columns, strict=True)
    return pa.table(
        {
            name: list(values)
            for name, values in zip(("column", "kind", "role", "meaning"), lines, strict=True)
        }
    )


Line = tuple[str, str, str, str]


def _about(
    customers: Customers, assignment: Assignment, contents: Contents, edition: Edition | None
) -> list[Line]:
    """Say what lists are about."""
    said = [(label.lower(), text) for label, text in edition.facts] if edition else []
    if customers.base and not edition:
        said.append(("customers", f"Only where {customers.base}"))
    if assignment.goal:
        goal = find_goal(assignment.goal)
        said.append(("segments", f"Goal: {goal.label}. {goal.question}"))
    left = 0 if contents.left_out is None else int(np.count_nonzero(contents.left_out))
    if left:
        said.append(
            ("left out", f"{plural(left, 'customer')} held out of actions, left alone to compare with")
        )
    hidden = [column.name for column in customers.columns if column.hidden and not contents.personal]
    if hidden:
        said.append(("not listed", f"Personal data: {listing(hidden, len(hidden))}"))
    return [(f"({label})", "", "", text) for label, text in said]


def _about_hashes(customers: Customers, contents: Contents) -> list[Line]:
    """Say what columns of hashes hold, for whom they are, and how many are empty."""
    if not contents.hashed:
        return []
    drawn = " of those drawn by chance" if is_part(customers) else ""
    return [
        (
            f"{counted.column}{kind.ending}",
            "text",
            "",
            f"SHA-256 of the address in “{counted.column}”, for {kind.platforms}; empty where that is blank "
            f"({number(counted.blank)}) or no address ({number(counted.malformed)}){drawn}",
        )
        for counted in addresses_in(customers)
        for kind in HASHES
    ]


def _described(column: Column, assignment: Assignment) -> tuple[str, str, str, str]:
    """What a column is and means, and whether the segments were made from it."""
    role = find_role(column.role)
    meaning = role.help or column.reason
    if column.name in assignment.dimensions:
        circular = ", so its KPI is circular" if role.use == "outcome" else ""
        meaning = f"{meaning.rstrip('.')}. Formed the segments{circular}".lstrip(". ")
    return column.name, column.kind, role.label, meaning


# --- names of files ---------------------------------------------------------------------------------


def file_stem(key: str, name: str) -> str:
    """Make a file name from a segment: letters, digits and underscores only.

    Examples
    --------
    >>> file_stem("S1", "Older, high income")
    'S1_older_high_income'
    >>> file_stem("S2", "../../etc")
    'S2_etc'
    >>> file_stem("NUL", "")
    'segment_NUL'
    """
    safe_key = re.sub(r"[^A-Za-z0-9]+", "_", key).strip("_")[:20] or "segment"
    stem = f"{safe_key}_{slug(name)}".rstrip("_")
    return f"segment_{stem}" if re.fullmatch(_DEVICES, stem.lower()) else stem


_DEVICES = r"con|prn|aux|nul|conin|conout|(com|lpt)\d"  # no files for Windows, whatever their ending


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
    return groups + ([(NO_SEGMENT, NO_SEGMENT_NAME.lower())] if assignment.unassigned else [])


# --- table ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Export:
    """A row of `EXPORTS`: what can be downloaded for a whole segmentation.

    Attributes
    ----------
    key, label, help : str
    what, ending : str
        Parts of its file name, see `Edition.file_name`.
    mime : str
    write : function
        Customers, assignment, whether cells are raw, contents and edition to the file.
    """

    key: str
    label: str
    help: str
    what: str
    ending: str
    mime: str
    write: Callable[..., bytes]


def _of_all(
    customers: Customers,
    assignment: Assignment,
    raw: bool = False,
    contents: Contents = USUAL,
    edition: Edition | None = None,
) -> bytes:
    """Write all customers; a CSV has no place for its edition."""
    return customers_csv(customers, assignment, raw, contents)


EXPORTS = (
    Export(
        "segments",
        "Download all lists (ZIP)",
        "A CSV per segment, and a data dictionary that says what each column means.",
        "lists",
        "zip",
        "application/zip",
        segments_zip,
    ),
    Export(
        "customers",
        "Download one list of all",
        "One CSV: every customer with segment, confidence and the same columns.",
        "customers",
        "csv",
        "text/csv",
        _of_all,
    ),
)
