"""What a trigger is, and what it finds in a table."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from segkit.errors import UnusablePlan, find_row
from segkit.insights.triggers.seen import Seen

AHEAD, SINCE, NOW = "ahead", "since", "now"

Words = Callable[[np.ndarray], list[str]]
"""What is said of each of some customers, given by their row numbers."""


@dataclass(frozen=True)
class Play:
    """What is done about a trigger: a key, and what it is called."""

    key: str
    label: str


@dataclass(frozen=True, eq=False)
class Found:
    """Whom a trigger is about, and when.

    Attributes
    ----------
    columns : tuple of str
        What it was found in.
    rule : str
        The rule in words, as it stands for this table.
    due : datetime64[D] array
        The day for each customer, NaT for none: ahead for what is coming, up to some days ago for what has
        happened.
    words : function
        Row numbers to what is said of these customers.
    when : str
        "ahead": the day is today or comes; "since": it is over; "now": the case today, and no column tells
        since when (`due` is today).
    aside : str
        Dates that were left out, counted, as a sentence; empty where none were.
    """

    columns: tuple[str, ...]
    rule: str
    due: np.ndarray
    words: Words
    when: str = AHEAD
    aside: str = ""


@dataclass(frozen=True)
class Trigger:
    """A row of `TRIGGERS`.

    Attributes
    ----------
    key, label : str
    many : str
        What several of them are, inside a sentence: "anniversaries".
    play : str
        Key of the play it belongs to, one of `PLAYS`.
    needs : str
        The column that brings it, as the end of "needs …".
    find : function
        A table to what was found, or to the reason why it cannot be watched, empty for want of columns.
    """

    key: str
    label: str
    many: str
    play: str
    needs: str
    find: Callable[[Seen], Found | str]


def find_play(key: str) -> Play:
    """Look a play up by its key.

    Raises
    ------
    UnusablePlan
        There is no such play; the message lists those there are.
    """
    return find_row(PLAYS, key, "play", "Plays", UnusablePlan)


PLAYS = (  # keys as in the playbook, where it has one
    Play("save", "Save offer"),
    Play("recover", "Personal recovery"),
    Play("onboard", "Onboarding"),
    Play("educate", "Education"),
    Play("fit", "Tier fit"),
    Play("advocate", "Review or referral"),
    Play("consent", "Consent campaign"),
    Play("greet", "Greeting"),
)
