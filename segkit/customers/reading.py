"""From a file to a customer table: the one road for pages, notebooks and the command line."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa

from segkit.customers.kinds import (
    THOUSANDS,
    Converted,
    Texts,
    convert,
    failure_note,
    texts_of,
    uses_decimal_comma,
)
from segkit.customers.roles import (
    CSAT_SCALES,
    NPS_RANGE,
    UNTOLD,
    Facts,
    Guess,
    check_role,
    csat_scale,
    find_role,
    guess_roles,
    without_copies,
)
from segkit.customers.sandbox import text_table
from segkit.customers.table import Column, Customers, Note, fingerprint
from segkit.customers.text_tables import TextTable, column_names, refuse_too_little, typed_or_text
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
    """Take a file apart into text, and hash it; the slow part of reading, which no choice changes.

    Raises
    ------
    segkit.errors.UnreadableFile
        As `read`.
    """
    if isinstance(source, pd.DataFrame):
        return _from_frame(source)
    if isinstance(source, str | Path):
        return _from_path(Path(source), name, sheet)
    data = source if isinstance(source, bytes) else source.read()
    _refuse_too_large(len(data))
    return text_table(data, name, sheet), hashlib.blake2b(data).hexdigest() + (sheet or "")


def _from_path(path: Path, name: str, sheet: str | None) -> tuple[TextTable, str]:
    try:
        _refuse_too_large(path.stat().st_size)
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "blake2b").hexdigest()
    except OSError as problem:
        why = f"There is no file “{path}”" if not path.exists() else f"“{path}” cannot be opened as a file"
        raise UnreadableFile(f"{why}. Check the name, the folder and who may read it.") from problem
    return text_table(path, name or path.name, sheet), content + (sheet or "")


def _refuse_too_large(size: int) -> None:
    if size > LARGEST_FILE:
        raise UnreadableFile(
            f"The file has {number(size / 1e9, 1)} GB; {number(LARGEST_FILE / 1e9, 1)} GB can be read. "
            "Keep fewer columns."
        )


def _from_frame(frame: pd.DataFrame) -> tuple[TextTable, str]:
    """Take a frame as if it had been read from Parquet; its index is not looked at."""
    names, notes = column_names([str(name) for name in frame.columns], frame.shape[1])
    columns = [_frame_column(frame.iloc[:, place]) for place in range(frame.shape[1])]
    table = pa.table([typed_or_text(pa.chunked_array([column])) for column in columns], names=names)
    found = TextTable(table, "frame", tuple(notes))
    refuse_too_little(table, found)
    content = hashlib.blake2b(repr(names).encode())
    for column in table.columns:
        content.update(pd.util.hash_pandas_object(column.to_pandas(), index=False).to_numpy().tobytes())
    encoded = [c.dictionary_encode() if pa.types.is_string(c.type) else c for c in table.columns]
    return replace(found, table=pa.table(encoded, names=names)), content.hexdigest()


def _frame_column(column: pd.Series) -> pa.Array:
    """Hand a column to Arrow; one that holds values of several types becomes text."""
    try:
        array = pa.Array.from_pandas(column)
    except (pa.ArrowException, TypeError, ValueError):
        array = pa.array(
            [None if missing else str(cell) for cell, missing in zip(column, column.isna(), strict=True)]
        )
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


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
    for place, guess in enumerate(guesses):
        if guess.role == "customer_id" and names[place] not in kinds:
            done[place] = convert(texts[place], names[place], "text")
            facts[place] = _facts(names[place], done[place])
    columns = tuple(map(_column, facts, done, guesses, [scale] * len(names)))
    frame = pd.DataFrame({one.name: done[place].values for place, one in enumerate(facts)}, copy=False)
    return Customers(
        frame,
        columns,
        text.table,
        fingerprint(content.encode(), [kinds, roles, scale]),
        tuple(_notes(text, columns, done, frame, comma)),
        {"format": text.format} | text.facts,
        text.set_aside,
        text.sheets,
    )


def _check_known(asked: list[str], names: list[str]) -> None:
    unknown = [name for name in asked if name not in names]
    if unknown:
        raise UnusableColumn(f"There is no column “{unknown[0]}”. The table has: {listing(names, 40)}.")


def _facts(name: str, done: Converted) -> Facts:
    counts = done.values.value_counts(sort=False).to_numpy()
    counts = counts[counts > 0]
    filled = int(counts.sum())
    share = float(counts.max()) / filled if filled else 0.0
    return Facts(name, done.kind, done.values, len(counts), filled, share)


def _settled(facts: list[Facts], roles: dict[str, str]) -> list[Guess]:
    """Let the user's roles stand, and guess the rest without giving any of them twice."""
    by_name = {one.name: one for one in facts}
    for name, key in roles.items():
        check_role(find_role(key), by_name[name])
    _refuse_twice(roles)
    taken = {key for key in roles.values() if find_role(key).single}
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
    single = without_copies(facts, settled)
    return [old if one.name in roles else new for one, old, new in zip(facts, settled, single, strict=True)]


def _refuse_twice(roles: dict[str, str]) -> None:
    for key in set(roles.values()):
        owners = [name for name, role in roles.items() if role == key]
        if find_role(key).single and len(owners) > 1:
            raise UnusableColumn(
                f"{listing([f'“{owner}”' for owner in owners])} cannot all be “{find_role(key).label}”. "
                "Choose one of them."
            )


def _column(facts: Facts, done: Converted, guess: Guess, scale: tuple[int, int] | None) -> Column:
    found = (scale or csat_scale(facts.values)) if guess.role == "csat" else None
    if found is not None and found not in CSAT_SCALES:
        raise UnusableColumn(f"{found[0]}–{found[1]} is no CSAT scale; choose 1–5, 1–7, 0–10 or 0–100.")
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
    notes += _left_out_notes(columns, len(frame))
    notes += _thousands_notes(columns)
    notes += _meaning_notes(columns, frame)
    for column, one in zip(columns, done, strict=True):
        notes += _column_notes(column, one)
    return notes


def _meaning_notes(columns: tuple[Column, ...], frame: pd.DataFrame) -> list[Note]:
    """Ask about what names and values leave open."""
    notes = []
    untold = [f"“{column.name}”" for column in columns if column.reason == UNTOLD]
    if untold:
        text = (
            f"{plural(len(untold), 'column')} could not be told from the name and count as behavioural: "
            f"{listing(untold)}. Change below what they mean."
        )
        notes.append(Note(text, True))
    for column in columns:
        if column.role == "csat" and column.scale is not None:
            low, high = column.scale
            if frame[column.name].mean() < low + (high - low) / 4:
                text = (
                    f"Most answers in “{column.name}” are at the low end of {low}–{high}. A high answer "
                    "counts as a satisfied customer; if a low one is best here, let the column describe only."
                )
                notes.append(Note(text, True))
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
        text = (
            "No column identifies the customers, so row numbers serve as ids. If one does, choose it below."
        )
        return [Note(text, True)]
    ids = table.column(column.name).cast(pa.string()).to_pandas()
    notes = []
    repeated = ids[ids.duplicated(keep=False) & ids.notna() & (ids != "")]
    if len(repeated):
        first = repeated.iloc[0]
        rows = [number(place + 1) for place in repeated.index[repeated == first]]
        count = repeated.nunique()
        occurs = "occurs" if count == 1 else "occur"
        text = (
            f"{plural(count, 'id')} in “{column.name}” {occurs} more than once, "
            f"first “{first[:40]}” in rows {listing(rows)}. Every row counts as a customer; remove repeats "
            "in the file if they are the same person."
        )
        notes.append(Note(text, True))
    if column.missing:
        verb = "has" if column.missing == 1 else "have"
        notes.append(Note(f"{plural(column.missing, 'customer')} {verb} no id in “{column.name}”.", True))
    return notes


def _left_out_notes(columns: tuple[Column, ...], rows: int) -> list[Note]:
    """Name the columns that tell no customers apart: empty ones and those with one value."""
    ignored = [column for column in columns if column.role == "ignored"]
    empty = [f"“{column.name}”" for column in ignored if column.missing == rows]
    constant = [f"“{column.name}”" for column in ignored if column.distinct == 1]
    notes = []
    if empty:
        verb = "is empty and is" if len(empty) == 1 else "are empty and are"
        notes.append(Note(f"{listing(empty)} {verb} left out.", True))
    if constant:
        verb = "has only one value and is" if len(constant) == 1 else "have only one value each and are"
        notes.append(Note(f"{listing(constant)} {verb} left out."))
    return notes


def _thousands_notes(columns: tuple[Column, ...]) -> list[Note]:
    """Say where "1,234" was read as 1234 though no other number of the column tells."""
    notes = []
    for sign, detail in THOUSANDS.items():
        names = [f"“{column.name}”" for column in columns if column.detail == detail]
        if names:
            text = (
                f"“1{sign}234” in {listing(names)} was read as 1234. Where it means a little more than 1, "
                "export those numbers with one decimal more or less."
            )
            notes.append(Note(text, True))
    return notes


def _column_notes(column: Column, done: Converted) -> list[Note]:
    notes = []
    if done.failed:
        notes.append(Note(failure_note(column.name, done), True))
    if done.markers:
        shown = listing([f"“{marker}”" for marker in done.markers])
        notes.append(Note(f"{shown} in “{column.name}” read as missing.", True))
    if done.doubt:
        notes.append(Note(done.doubt.format(name=column.name), True))
    if column.role == "nps":
        notes += _outside_notes(column.name, done.values, NPS_RANGE, whole=True)
    if column.scale is not None:
        notes += _outside_notes(column.name, done.values, column.scale)
    return notes


def _outside_notes(name: str, values: pd.Series, scale: tuple[int, int], whole: bool = False) -> list[Note]:
    answers = values.dropna()
    fits = answers.between(*scale) & ((answers == answers.round()) | (not whole))
    out = int((~fits).sum())
    verb = "is" if out == 1 else "are"
    what = f"outside {scale[0]} to {scale[1]}" + (" or not whole" if whole else "")
    return [Note(f"{plural(out, 'answer')} in “{name}” {what} {verb} set aside.", True)] if out else []
