"""Notes: what was found or assumed while reading, each with the ways to undo it.

The reading report of a table is a tuple of notes. An option of a note is a change of `Choices`: applied to
the same file, it gives the table as it would have been without the assumption.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Option:
    """One way to decide otherwise: what a button says, and the change of `Choices` that it makes.

    Examples
    --------
    >>> Option("Month first", {"kinds": {"joined": "month-first date"}}).label
    'Month first'
    """

    label: str
    change: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """Something the user should know about the reading.

    Attributes
    ----------
    text : str
        One or two sentences: what was found, where, what was assumed.
    check : bool
        It may need her decision.
    key : str
        A stable word for what was assumed ("encoding", "date-order"), for programs and tests.
    column : str
        The column it is about; empty for the whole file.
    ask : bool
        The file does not tell: the assumption is a coin toss until she answers.
    options : tuple of Option
        How to decide otherwise.
    """

    text: str
    check: bool = False
    key: str = ""
    column: str = ""
    ask: bool = False
    options: tuple[Option, ...] = ()
