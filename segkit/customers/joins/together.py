"""Files to customers: one file as it is, several joined, a log alone summed up."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from segkit.customers.choices import Choices, FileChoices
from segkit.customers.files.text_table import TextTable
from segkit.customers.joins.joining import Joined, joined
from segkit.customers.joins.table_kinds import Part, recognised_all
from segkit.customers.notes import Note
from segkit.customers.reading import interpreted
from segkit.customers.table import Customers
from segkit.errors import UnusableColumn

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
    same_ids : tuple of str
        Differences in the writing of ids that do not count: keys of `ids.WAYS`.
    """

    chosen: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    same_ids: tuple[str, ...] = ()

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
        return Fitting(chosen, tuple(change.get("same_ids", self.same_ids)))

    def choices_of(self, name: str) -> Choices:
        """What was decided on the columns of one file."""
        known = self.chosen.get(name, {}).get("choices")
        return known if isinstance(known, Choices) else Choices()


OF_FILES = ("files", "same_ids")  # the parts of a change that are about how files fit together


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
    if len(parts) == 1 and not (parts[0].kind in LOGS and parts[0].key):
        return Together(interpreted(files[0][1], files[0][2], made), parts)
    one = joined(parts, _day(made.as_of), fits.same_ids)
    usual_kinds = {name: kind for name, kind in one.kinds.items() if name not in made.kinds}
    customers = interpreted(one.text, one.content, made, one.roles, usual_kinds)
    whose = next((part.name for part in parts if part.kind == "customers"), parts[0].name)
    notes = (*one.notes, *(_about(whose, note) for note in customers.notes))
    return Together(replace(customers, notes=notes), parts, one)


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
