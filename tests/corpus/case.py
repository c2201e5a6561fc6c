"""A case: one file that somebody might upload, and what a careful reader does with it.

Outcomes: "accepted" (exact values, nothing to decide), "warned" (exact values and a named note),
"asked" (the file does not tell; a question with answers), "refused" (a message). Where more than one is
right, they are joined by "|"; so are kinds, roles and the keys of notes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

OUTCOMES = ("accepted", "warned", "asked", "refused")


@dataclass(frozen=True)
class OneOf:
    """A cell that can be read in several ways, all of them right."""

    values: tuple[object, ...]


@dataclass(frozen=True)
class Anything:
    """A cell that nobody can know."""


ANY = Anything()
Columns = Mapping[str, Sequence[object]]


@dataclass(frozen=True)
class Case:
    """One file and what reading it must give.

    Attributes
    ----------
    key, group : str
        The name of the file that `python -m tests.corpus` writes, and its folder.
    make : callable
        Makes the bytes; the same ones every time.
    outcome : str
    name : str, optional
        What the user calls the file; the key unless it is that which makes the file bad.
    columns : mapping of column to values
        Numbers, ISO dates, booleans, texts or None, row by row.
    names : tuple of str
        All column names, where they matter.
    kinds, roles : mapping of column to str
    kpis : mapping of KPI to value
        Of the whole base.
    notes : tuple of str
        Notes that must be there: a key, or "key:column".
    may : tuple of str
        Further notes that may ask for a look; no others may.
    absent : tuple of str
        Notes that must not be there, written as those of `notes`.
    set_aside : int, optional
        Rows below the header that are not loaded; None where only the law of rows holds.
    rows : int, optional
        Filled rows below the header: loaded or set aside.
    above : int
        Filled rows above the header; they are set aside as well.
    message : str
        A pattern that the refusal must have.
    readings : tuple of mappings
        Each must be what was read, or what one of the offered answers gives.
    answered_kpis : mapping
        What one of the offered answers must give.
    never : tuple of str
        Columns that must not form segments by default.
    child : bool
        Read in a child process, because it may take the reader down.
    """

    key: str
    group: str
    make: Callable[[], bytes]
    outcome: str
    name: str | None = None
    columns: Columns = field(default_factory=dict)
    names: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    kpis: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    set_aside: int | None = 0
    rows: int | None = None
    above: int = 0
    message: str = ""
    readings: tuple[Columns, ...] = ()
    answered_kpis: Mapping[str, float] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    child: bool = False

    @property
    def called(self) -> str:
        """What the user calls the file."""
        return self.key if self.name is None else self.name

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome that is right."""
        return tuple(self.outcome.split("|"))

    @property
    def expected_rows(self) -> int | None:
        """Filled rows below the header, where they are known."""
        if self.rows is not None or not self.columns or self.set_aside is None:
            return self.rows
        return len(next(iter(self.columns.values()))) + self.set_aside

    def expectation(self) -> dict[str, Any]:
        """The case as plain JSON, without the bytes and without what is not expected."""
        told = {
            "file": f"{self.group}/{self.key}",
            "name": self.called,
            "outcome": list(self.outcomes),
            "rows": self.expected_rows,
            "set_aside": self.set_aside,
            "above": self.above,
            "columns": _plain_columns(self.columns),
            "names": list(self.names),
            "kinds": dict(self.kinds),
            "roles": dict(self.roles),
            "kpis": dict(self.kpis),
            "notes": list(self.notes),
            "may": list(self.may),
            "absent": list(self.absent),
            "message": self.message,
            "readings": list(map(_plain_columns, self.readings)),
            "answered_kpis": dict(self.answered_kpis),
            "never": list(self.never),
        }
        return {key: value for key, value in told.items() if value not in ({}, [], "", None)}


def _plain_columns(columns: Columns) -> dict[str, list[object]]:
    return {name: list(map(_plain, values)) for name, values in columns.items()}


def _plain(value: object) -> object:
    if isinstance(value, OneOf):
        return {"one of": list(value.values)}
    return {"any": True} if value is ANY else value
