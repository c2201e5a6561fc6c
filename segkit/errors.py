"""What can go wrong, in the user's words.

Every error that the library raises on purpose is a `SegkitError`. Its message says what was found,
where, and what to do next, so that a page or a terminal can show it as it is.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from segkit.labels import listing


class SegkitError(Exception):
    """Something the user gave cannot be used; the message is written for her."""


class UnreadableFile(SegkitError):
    """The file is not a table that can be read."""


class UnusableColumn(SegkitError):
    """A column cannot serve as what it was asked to be (a kind, a role, a dimension)."""


class UnusableBase(SegkitError):
    """The conditions that choose customers cannot be met by this table."""


class UnusablePlan(SegkitError):
    """The plan cannot be carried out on this customer table."""


class UnusableSegmentation(SegkitError):
    """A saved segmentation cannot be read, or does not fit this customer table."""


class Row(Protocol):
    """A row of a table of roles, methods, goals and the like."""

    @property
    def key(self) -> str:
        """What it is looked up by."""


AnyRow = TypeVar("AnyRow", bound=Row)


def find_row(rows: Iterable[AnyRow], key: str, one: str, many: str, error: type[SegkitError]) -> AnyRow:
    """Look a row of a table up by its key.

    Parameters
    ----------
    rows : iterable
        Each with a `key`.
    key, one, many : str
        What is looked for, and what one and several of the rows are called.
    error : type
        What is raised where there is none; its message lists those there are.
    """
    known = list(rows)
    for row in known:
        if row.key == key:
            return row
    raise error(f"“{key}” is no {one}. {many} are: {listing([row.key for row in known], 40)}.")
