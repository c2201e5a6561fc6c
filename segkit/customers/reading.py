"""From a file to a customer table: the one road for pages, notebooks and the command line.

``opened`` takes a file apart into text, ``interpreted`` gives every column its kind, role and values. Only
the first needs the file; the second is repeated whenever the user decides otherwise.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa

from segkit.customers.choices import Choices, FileChoices
from segkit.customers.columns.currencies import currency_in_name
from segkit.customers.columns.kinds import convert_all, texts_of_all, uses_decimal_comma
from segkit.customers.columns.texts import Texts
from segkit.customers.duplicates import without_duplicates
from segkit.customers.files.columnar import typed_or_text
from segkit.customers.files.text_table import TextTable, column_names, compact, refuse_too_little
from segkit.customers.meanings.meaning import Meaning, facts_of, meant
from segkit.customers.meanings.roles import Facts, Guess, check_role, find_role, guess_roles, without_copies
from segkit.customers.report import reading_report
from segkit.customers.retention import with_retention
from segkit.customers.sandbox import Watch, text_table
from segkit.customers.table import Column, Customers, fingerprint
from segkit.errors import UnreadableFile, UnusableColumn
from segkit.labels import listing, number

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
    choices: Choices | None = None,
    watch: Watch | None = None,
) -> Customers:
    """Read a customer table.

    Parameters
    ----------
    source : path, bytes, binary file object or pandas.DataFrame
        CSV, Excel, OpenDocument, Parquet or JSON content, packed with gzip or ZIP or not; what it is is told
        by its first bytes.
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
    choices : Choices, optional
        Everything the user decided; the arguments above are added to it.
    watch : function, optional
        Called several times a second while the file is taken apart; what it raises stops the reading.

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
    made = (choices or Choices()).changed({"kinds": kinds or {}, "roles": roles or {}})
    made = made.changed(({"sheet": sheet} if sheet else {}) | ({"scales": {"*": scale}} if scale else {}))
    text, content = opened(source, name, choices=made.of_file, watch=watch)
    return interpreted(text, content, made)


def opened(
    source: Source,
    name: str = "",
    sheet: str | None = None,
    *,
    choices: FileChoices | None = None,
    watch: Watch | None = None,
) -> tuple[TextTable, str]:
    """Take a file apart into text, and hash it; the slow part of reading.

    Raises
    ------
    segkit.errors.UnreadableFile
        As `read`.
    """
    chosen = choices or FileChoices()
    chosen = replace(chosen, sheet=sheet) if sheet else chosen
    if isinstance(source, pd.DataFrame):
        return _from_frame(source)
    if isinstance(source, str | Path):
        return _from_path(Path(source), name, chosen, watch)
    data = source if isinstance(source, bytes) else source.read()
    _refuse_too_large(len(data))
    return _hashed_meanwhile(
        lambda: text_table(data, name, chosen, watch), lambda: hashlib.blake2b(data), chosen
    )


def _from_path(path: Path, name: str, choices: FileChoices, watch: Watch | None) -> tuple[TextTable, str]:
    try:
        _refuse_too_large(path.stat().st_size)
        with path.open("rb") as file:
            return _hashed_meanwhile(
                lambda: text_table(path, name or path.name, choices, watch),
                lambda: hashlib.file_digest(file, "blake2b"),
                choices,
            )
    except OSError as problem:
        why = f"There is no file “{path}”" if not path.exists() else f"“{path}” cannot be opened as a file"
        raise UnreadableFile(f"{why}. Check the name, the folder and who may read it.") from problem


def _hashed_meanwhile(
    read: Callable[[], TextTable], digest: Callable[[], Any], choices: FileChoices
) -> tuple[TextTable, str]:
    """Take a file apart in the child process and hash it in this one, both at once."""
    with ThreadPoolExecutor(1) as beside:
        hashing = beside.submit(digest)
        text = read()
        return text, fingerprint(hashing.result().digest(), choices)


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
    typed = [typed_or_text(pa.chunked_array([column])) for column in columns]
    found = TextTable(pa.table([compact(column) for column in typed], names=names), "frame", tuple(notes))
    refuse_too_little(found)
    content = hashlib.blake2b(repr(names).encode())
    for column in typed:
        content.update(pd.util.hash_pandas_object(column.to_pandas(), index=False).to_numpy().tobytes())
    return found, content.hexdigest()


def _frame_column(column: pd.Series) -> pa.Array:
    """Hand a column to Arrow; one that holds values of several types becomes text."""
    try:
        array = pa.Array.from_pandas(column)
    except (pa.ArrowException, TypeError, ValueError):
        array = pa.array(
            [None if missing else str(cell) for cell, missing in zip(column, column.isna(), strict=True)]
        )
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


# --- what it means --------------------------------------------------------------------------------


def interpreted(
    text: TextTable,
    content: str,
    choices: Choices | None = None,
    usual_roles: Mapping[str, str] | None = None,
    usual_kinds: Mapping[str, str] | None = None,
) -> Customers:
    """Give every column its kind, values and role.

    Parameters
    ----------
    text : TextTable
    content : str
        Hash of the file.
    choices : Choices, optional
        What the user decided.
    usual_roles, usual_kinds : mapping of column to role or kind, optional
        What is known without guessing, because the columns were made here; the user's choices go first.

    Raises
    ------
    segkit.errors.UnusableColumn
        A kind or role that was set cannot be given to the column.
    """
    made = choices or Choices()
    known = {**_told(text, "role"), **(usual_roles or {})}
    usual = {name: role for name, role in known.items() if name not in made.roles}
    made = replace(made, kinds={**_told(text, "kind"), **(usual_kinds or {}), **made.kinds})
    _check_known([*made.kinds, *made.roles, *made.missing], text.table.column_names)
    customers = _interpreted(text, content, made, usual)
    if made.duplicates != "keep":
        text = without_duplicates(text, customers, made.duplicates)
        customers = _interpreted(text, content, made, usual)
    dated = with_retention(customers, made)
    return replace(dated, facts={**(dated.facts or {}), "as_of": made.as_of}) if made.as_of else dated


def _told(text: TextTable, what: str) -> dict[str, str]:
    """What a source says of columns that it computed from logs: their roles, or their kinds."""
    facts = text.facts.items()
    return {name.removeprefix(f"{what}:"): said for name, said in facts if name.startswith(f"{what}:")}


def _interpreted(text: TextTable, content: str, made: Choices, usual: Mapping[str, str]) -> Customers:
    names, columns = text.table.column_names, texts_of_all(text.table.columns)
    comma = uses_decimal_comma([column for column in columns if isinstance(column, Texts)])
    done = convert_all(columns, names, made.kinds, comma, made.missing)
    facts = [facts_of(*one) for one in zip(names, columns, done, strict=True)]
    guesses = _settled(facts, dict(made.roles), usual)
    meanings = [
        meant(column, one, fact, guess, made)
        for column, one, fact, guess in zip(columns, done, facts, guesses, strict=True)
    ]
    found = tuple(map(_column, facts, meanings, guesses))
    frame = pd.DataFrame(
        {one.name: got.done.values for one, got in zip(facts, meanings, strict=True)}, copy=False
    )
    return Customers(
        frame,
        found,
        text.table,
        fingerprint(content.encode(), made.to_json()),
        tuple(reading_report(text, found, meanings, frame, bool(comma))),
        {"format": text.format} | text.facts,
        text.aside,
        text.sheets,
    )


def _check_known(asked: Sequence[str], names: list[str]) -> None:
    unknown = [name for name in asked if name not in names]
    if unknown:
        raise UnusableColumn(f"There is no column “{unknown[0]}”. The table has: {listing(names, 40)}.")


def _settled(facts: list[Facts], roles: dict[str, str], usual: Mapping[str, str]) -> list[Guess]:
    """Let the user's roles stand, then the usual ones; guess the rest, none of them twice."""
    by_name = {one.name: one for one in facts}
    for name, key in roles.items():
        check_role(find_role(key), by_name[name])
    _refuse_twice(roles)
    fixed = {name: Guess(key, "you chose it", "set") for name, key in roles.items()}
    taken = _taken(list(roles.values()))
    for name, key in usual.items():
        if key not in taken and name in by_name:
            fixed[name] = Guess(key, "it was computed as that", "sure")
    taken = _taken([guess.role for guess in fixed.values()])
    guesses = iter(guess_roles([one for one in facts if one.name not in fixed]))
    settled = [fixed.get(one.name) or _unless_taken(next(guesses), taken) for one in facts]
    single = without_copies(facts, settled)
    return [old if one.name in fixed else new for one, old, new in zip(facts, settled, single, strict=True)]


def _taken(keys: Sequence[str]) -> set[str]:
    """List the roles that no other column can have any more."""
    taken = {key for key in keys if find_role(key).single}
    return taken | {"retained", "churned"} if taken & {"retained", "churned"} else taken


def _unless_taken(guess: Guess, taken: set[str]) -> Guess:
    return Guess("descriptor", "another column was chosen for that", "sure") if guess.role in taken else guess


def _refuse_twice(roles: dict[str, str]) -> None:
    for key in set(roles.values()):
        owners = [name for name, role in roles.items() if role == key]
        if find_role(key).single and len(owners) > 1:
            raise UnusableColumn(
                f"{listing([f'“{owner}”' for owner in owners])} cannot all be “{find_role(key).label}”. "
                "Choose one of them."
            )


def _column(facts: Facts, meaning: Meaning, guess: Guess) -> Column:
    done = meaning.done
    return Column(
        facts.name,
        done.kind,
        guess.role,
        guess.reason,
        done.missing,
        done.failed,
        done.distinct,
        done.detail,
        meaning.scale,
        guess.confidence,
        meaning.personal,
        meaning.sensitive,
        done.currency or (currency_in_name(facts.name) if done.kind == "number" else ""),
    )
