"""From a file to a customer table: the one road for pages, notebooks and the command line."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa

from segkit.customers.kinds import Converted, Texts, convert, failure_note, texts_of, uses_decimal_comma
from segkit.customers.roles import CSAT_SCALES, Facts, Guess, check_role, csat_scale, find_role, guess_roles
from segkit.customers.sandbox import text_table
from segkit.customers.table import Column, Customers, Note, fingerprint
from segkit.customers.text_tables import TextTable
from segkit.errors import UnreadableFile, UnusableColumn
from segkit.labels import listing, number, plural

LARGEST_FILE = 2 << 30

Source = str | Path | bytes | BinaryIO | pd.DataFrame


def read(
    source: Source,
    *,
    name: str = "",
    sheet: str | None = None,
    kinds: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    scale: tuple[int, int] | None = None,
) -> Customers:
    """Read a customer table.

    Parameters
    ----------
    source : path, bytes, binary file object or pandas.DataFrame
        CSV, Excel or Parquet content; what it is is told by its first bytes.
    name : str
        What the user calls the file, for messages.
    sheet : str, optional
        The sheet of a workbook; by default the first visible one with rows.
    kinds : mapping of column to kind, optional
        Kinds set by the user (`kinds.KINDS`); the others are found from the texts.
    roles : mapping of column to role, optional
        Roles set by the user (`roles.ROLES`); the others are guessed.
    scale : (int, int), optional
        The CSAT scale, where it is not the smallest that fits.

    Returns
    -------
    Customers

    Raises
    ------
    segkit.errors.UnreadableFile
        The file is not a table of at least two customers and two columns.
    segkit.errors.UnusableColumn
        A kind or role that was set cannot be given to the column.
    """
    text, content = opened(source, name, sheet)
    return interpreted(text, content, kinds, roles, scale)


def opened(source: Source, name: str = "", sheet: str | None = None) -> tuple[TextTable, str]:
    """Take a file apart into text, and hash it; the slow part of reading, which no choice changes."""
    if isinstance(source, pd.DataFrame):
        return _from_frame(source)
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise UnreadableFile(f"There is no file {str(source)!r}. Check the name and the folder.")
        name = name or path.name
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableFile(_too_large(path.stat().st_size))
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "blake2b").hexdigest()
        return text_table(path, name, sheet), content + (sheet or "")
    data = source if isinstance(source, bytes) else source.read()
    if len(data) > LARGEST_FILE:
        raise UnreadableFile(_too_large(len(data)))
    return text_table(data, name, sheet), hashlib.blake2b(data).hexdigest() + (sheet or "")


def _too_large(size: int) -> str:
    return f"The file has {number(size / 1e9, 1)} GB; {number(LARGEST_FILE / 1e9, 1)} GB can be read. Keep fewer columns."


def _from_frame(frame: pd.DataFrame) -> tuple[TextTable, str]:
    """Take a frame as if it had been read from Parquet."""
    from segkit.customers.text_tables import typed_or_text

    table = pa.Table.from_pandas(frame.rename(columns=str), preserve_index=False)
    plain = pa.table([typed_or_text(column) for column in table.columns], names=table.column_names)
    encoded = [c.dictionary_encode() if pa.types.is_string(c.type) else c for c in plain.columns]
    content = hashlib.blake2b(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    content.update(repr(list(frame.columns)).encode())
    return TextTable(pa.table(encoded, names=plain.column_names), "frame"), content.hexdigest()


def interpreted(
    text: TextTable,
    content: str,
    kinds: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    scale: tuple[int, int] | None = None,
) -> Customers:
    """Give every column its kind, values and role."""
    kinds, roles = dict(kinds or {}), dict(roles or {})
    names = text.table.column_names
    _check_known([*kinds, *roles], names)
    texts = [texts_of(c) if pa.types.is_dictionary(c.type) else c for c in text.table.columns]
    comma = uses_decimal_comma([one for one in texts if isinstance(one, Texts)])
    done = [convert(one, name, kinds.get(name), comma) for one, name in zip(texts, names, strict=True)]
    facts = [_facts(name, one) for name, one in zip(names, done, strict=True)]
    guesses = _settled(facts, roles)
    columns = tuple(map(_column, facts, done, guesses, [scale] * len(names)))
    frame = pd.DataFrame({one.name: done[place].values for place, one in enumerate(facts)}, copy=False)
    return Customers(
        frame,
        columns,
        text.table,
        fingerprint(content.encode(), [kinds, roles, scale]),
        tuple(_notes(text, columns, done, frame, comma)),
        text.facts,
        text.set_aside,
        text.sheets,
    )


def _check_known(asked: list[str], names: list[str]) -> None:
    unknown = [name for name in asked if name not in names]
    if unknown:
        raise UnusableColumn(f"There is no column “{unknown[0]}”. The table has: {listing(names, 40)}.")


def _facts(name: str, done: Converted) -> Facts:
    counts = done.values.value_counts()
    counts = counts[counts > 0]
    filled = int(counts.sum())
    share = float(counts.iloc[0]) / filled if filled else 0.0
    return Facts(name, done.kind, done.values, len(counts), filled, share)


def _settled(facts: list[Facts], roles: dict[str, str]) -> list[Guess]:
    """Let the user's roles stand, and guess the rest without giving any of them twice."""
    by_name = {one.name: one for one in facts}
    for name, key in roles.items():
        check_role(find_role(key), by_name[name])
    _refuse_twice(roles)
    taken = {key for key in roles.values() if find_role(key).use in ("id", "outcome")}
    if taken & {"retained", "churned"}:
        taken |= {"retained", "churned"}
    guesses = guess_roles([one for one in facts if one.name not in roles])
    free = iter(guesses)
    settled = []
    for one in facts:
        if one.name in roles:
            settled.append(Guess(roles[one.name], "you chose it"))
        else:
            guess = next(free)
            replaced = Guess("descriptor", "another column was chosen for that")
            settled.append(replaced if guess.role in taken else guess)
    return settled


def _refuse_twice(roles: dict[str, str]) -> None:
    for key in set(roles.values()):
        owners = [name for name, role in roles.items() if role == key]
        if find_role(key).use in ("id", "outcome") and len(owners) > 1:
            raise UnusableColumn(
                f"{listing([f'“{owner}”' for owner in owners])} cannot both be {find_role(key).label}. "
                "Choose one of them."
            )


def _column(facts: Facts, done: Converted, guess: Guess, scale: tuple[int, int] | None) -> Column:
    found = (scale or csat_scale(facts.values)) if guess.role == "csat" else None
    if scale is not None and guess.role == "csat" and scale not in CSAT_SCALES:
        raise UnusableColumn(f"{scale[0]}–{scale[1]} is no CSAT scale; choose 1–5, 1–7, 0–10 or 0–100.")
    return Column(
        facts.name,
        done.kind,
        guess.role,
        guess.reason,
        done.missing,
        done.failed,
        facts.distinct,
        done.detail,
        found,
    )


# --- what the user should know --------------------------------------------------------------------


def _notes(
    text: TextTable, columns: tuple[Column, ...], done: list[Converted], frame: pd.DataFrame, comma: bool
) -> list[Note]:
    notes = [Note(_how_read(text, comma))]
    notes += [Note(sentence, check=True) for sentence in text.notes]
    notes += _id_notes(columns, text.table)
    for column, one in zip(columns, done, strict=True):
        notes += _column_notes(column, one, len(frame))
    return notes


def _how_read(text: TextTable, comma: bool) -> str:
    facts = text.facts
    if text.format == "csv":
        sign = "comma" if comma else "point"
        return f"Read as CSV: {facts['encoding']}, separated by {facts['delimiter']}, decimal {sign}."
    if text.format == "xlsx":
        return f"Read as Excel, sheet “{facts['sheet']}”."
    return "Read as Parquet." if text.format == "parquet" else "Taken from a data frame."


def _id_notes(columns: tuple[Column, ...], table: pa.Table) -> list[Note]:
    column = next((column for column in columns if column.role == "customer_id"), None)
    if column is None:
        return [
            Note(
                "No column identifies the customers, so row numbers serve as ids. Set one below if there is.",
                True,
            )
        ]
    ids = table.column(column.name).cast(pa.string()).to_pandas()
    notes = []
    repeated = ids[ids.duplicated(keep=False) & (ids != "")]
    if len(repeated):
        first = repeated.iloc[0]
        rows = [str(place + 1) for place in repeated.index[repeated == first]]
        notes.append(
            Note(
                f"{plural(repeated.nunique(), 'id')} in “{column.name}” occur more than once, first “{first[:40]}” in rows "
                f"{listing(rows)}. Every row counts as a customer; remove repeats in the file if they are the same person.",
                True,
            )
        )
    if column.missing:
        notes.append(Note(f"{plural(column.missing, 'customer')} have no id in “{column.name}”.", True))
    return notes


def _column_notes(column: Column, done: Converted, rows: int) -> list[Note]:
    notes = []
    if done.failed:
        notes.append(Note(failure_note(column.name, done), True))
    if done.markers:
        shown = listing([f"“{marker}”" for marker in done.markers])
        notes.append(Note(f"{shown} in “{column.name}” read as missing.", True))
    if done.ambiguous:
        notes.append(
            Note(
                f"Dates in “{column.name}” could be day first or month first; day first was assumed. "
                "Change its kind below if that is wrong.",
                True,
            )
        )
    if column.missing == rows:
        notes.append(Note(f"“{column.name}” is empty and is left out.", True))
    elif column.distinct == 1:
        notes.append(Note(f"“{column.name}” has the same value for every customer and is left out."))
    if column.role == "nps":
        values = done.values.dropna()
        out = int((~(values.between(0, 10) & (values == values.round()))).sum())
        if out:
            notes.append(
                Note(f"{plural(out, 'answer')} in “{column.name}” outside 0 to 10 are set aside.", True)
            )
    return notes
