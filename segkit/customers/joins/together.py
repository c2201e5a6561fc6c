"""Files to customers: one file as it is, several joined, a log alone summed up."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from segkit.customers.choices import Choices, FileChoices
from segkit.customers.files.text_table import TextTable
from segkit.customers.joins.ids import find_way
from segkit.customers.joins.joining import Joined, joined
from segkit.customers.joins.matching import Match, matches, unmatched_rows
from segkit.customers.joins.table_kinds import Part, recognised_all
from segkit.customers.notes import Note, Option
from segkit.customers.reading import interpreted
from segkit.customers.table import Customers
from segkit.errors import UnusableColumn
from segkit.labels import listing, plural

MOST_IDS = 0.5  # of a file: so many are no accident
LOGS = ("orders", "surveys", "tickets", "events")

OpenedFile = tuple[str, TextTable, str]  # name, table of text, hash


@dataclass(frozen=True, eq=False)
class Together:
    """The customers of some files, and how these fit together.

    Attributes
    ----------
    customers : Customers
    parts : tuple of Part
        What each file was taken for.
    joined : Joined, optional
        How they were joined; None for a customer table alone.
    """

    customers: Customers
    parts: tuple[Part, ...]
    joined: Joined | None = None


@dataclass(frozen=True)
class Fitting:
    """What the user decided on how files fit together.

    Attributes
    ----------
    chosen : mapping of file to mapping
        Arguments of `table_kinds.recognised` for it: kind, key, fields.
    same_ids : tuple of str, optional
        Differences in the writing of ids that do not count: keys of `ids.WAYS`. None takes those without
        which most ids of a file would not match.
    """

    chosen: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    same_ids: tuple[str, ...] | None = None

    def changed(self, change: Mapping[str, Any]) -> "Fitting":
        """Apply the part of an `Option`'s change that is about files: "same_ids" and "files".

        Examples
        --------
        >>> Fitting().changed({"same_ids": ["zeros"]}).same_ids
        ('zeros',)
        """
        chosen = dict(self.chosen)
        for name, inner in change.get("files", {}).items():
            before = dict(chosen.get(name, {}))
            known = before.get("choices")
            choices = (known if isinstance(known, Choices) else Choices()).changed(inner)
            chosen[name] = before | {"choices": choices}
        same_ids = change.get("same_ids", self.same_ids)
        return Fitting(chosen, None if same_ids is None else tuple(same_ids))

    def choices_of(self, name: str) -> Choices:
        """What was decided on the columns of one file."""
        known = self.chosen.get(name, {}).get("choices")
        return known if isinstance(known, Choices) else Choices()


OF_FILES = ("files", "same_ids")  # the parts of a change that are about how files fit together


def is_alone(file: OpenedFile, fitting: Fitting) -> bool:
    """Whether a file is a customer table by itself, and no log whose rows are summed up."""
    (part,) = recognised_all([file], fitting.chosen)
    return not _is_log(part)


def _is_log(part: Part) -> bool:
    return part.kind in LOGS and bool(part.key)


def put_together(
    files: Sequence[OpenedFile], choices: Choices | None = None, fitting: Fitting | None = None
) -> Together:
    """Make one customer table of some files.

    Parameters
    ----------
    files : sequence of (name, TextTable, hash)
        As `reading.opened` gives them.
    choices : Choices, optional
        What the user decided on columns; its `as_of` is the last day that counts in logs.
    fitting : Fitting, optional
        What she decided on how the files fit together; found otherwise.

    Raises
    ------
    segkit.errors.UnusableColumn
        The files cannot be joined as described, or a choice does not fit a column.
    """
    made, fits = choices or Choices(), fitting or Fitting()
    parts = recognised_all(files, fits.chosen)
    if len(parts) == 1 and not _is_log(parts[0]):
        return Together(interpreted(files[0][1], files[0][2], made), parts)
    customers_part = next((part for part in parts if part.kind == "customers"), None)
    same_ids: tuple[str, ...] = fits.same_ids or ()
    id_notes: list[Note] = []
    found = _matches(customers_part, parts, same_ids)
    if fits.same_ids is None and customers_part is not None:
        same_ids, id_notes = _usual_writing(customers_part, parts, found)
        found = _matches(customers_part, parts, same_ids) if same_ids else found
    # from a file none of whose ids is a customer nothing is known, which is not zero
    strangers = {name: match for name, match in found.items() if not match.matched}
    one = joined([part for part in parts if part.name not in strangers], _day(made.as_of), same_ids)
    lost = {part.name: unmatched_rows(part, strangers[part.name]) for part in parts if part.name in strangers}
    one = replace(one, matches={**one.matches, **strangers}, unmatched={**one.unmatched, **lost})
    usual_kinds = {name: kind for name, kind in one.kinds.items() if name not in made.kinds}
    customers = interpreted(one.text, one.content, made, one.roles, usual_kinds)
    whose = (customers_part or parts[0]).name
    stranger_notes = [_stranger_note(part, customers_part) for part in parts if part.name in strangers]
    notes = (*id_notes, *stranger_notes, *one.notes, *(_about(whose, note) for note in customers.notes))
    return Together(replace(customers, notes=notes), parts, one)


def _matches(customers: Part | None, parts: Sequence[Part], same_ids: Sequence[str]) -> dict[str, Match]:
    """Compare the ids of every other file with those of the customers."""
    if customers is None:
        return {}
    others = [part for part in parts if part is not customers and part.key]
    return {part.name: matches(customers, part, same_ids) for part in others}


def _usual_writing(
    customers: Part, parts: Sequence[Part], found: Mapping[str, Match]
) -> tuple[tuple[str, ...], list[Note]]:
    """Find the differences in writing without which most ids of a file would not match, and say so.

    Only where no two customers become one by it.
    """
    ways: set[str] = set()
    notes = []
    for part in parts:
        match = found.get(part.name)
        offer = match.offer if match is not None else None
        if match and offer and not offer.merged and offer.gained >= MOST_IDS * match.ids:
            ways |= set(offer.ways)
            ours, theirs = offer.example
            text = (
                f"“{ours[:40]}” of “{part.name}” and “{theirs[:40]}” of “{customers.name}” were taken for "
                f"the same customer: for {plural(offer.gained, 'id')}, "
                f"{listing([find_way(way).label for way in offer.ways])} did not count."
            )
            exact = Option("Take them for different customers", {"same_ids": ()})
            notes.append(Note(text, True, "id-writing", part.key, options=(exact,)))
    return tuple(sorted(ways)), notes


def _stranger_note(part: Part, customers: Part | None) -> Note:
    of = f" of “{customers.name}”" if customers else ""
    text = (
        f"No id in “{part.key}” of “{part.name}” is a customer{of}, so nothing of that file was added. "
        "Choose the column that names the customer, or look at how the ids are written."
    )
    return Note(text, True, "match", part.key, ask=True)


def _about(name: str, note: Note) -> Note:
    """Say of which file an option is that needs a file again."""
    of_file = {one.name for one in fields(FileChoices)}
    options = tuple(
        replace(option, change={"files": {name: option.change}}) if set(option.change) <= of_file else option
        for option in note.options
    )
    return replace(note, options=options)


def _day(text: str) -> datetime.date | None:
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as problem:
        raise UnusableColumn(f"“{text}” is no day. Write it as 2026-11-30.") from problem
