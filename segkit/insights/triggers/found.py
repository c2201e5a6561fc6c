"""What a trigger is, and what it finds in a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from segkit.errors import UnusablePlan, find_row
from segkit.insights.terms import Holds, Term, kept
from segkit.insights.triggers.days import NEVER
from segkit.insights.triggers.seen import Seen
from segkit.labels import listing, plural

AHEAD, SINCE, NOW = "ahead", "since", "now"

Say = Callable[..., list[str]]
"""What is said of each of some customers, from arrays of what it tells of them."""


@dataclass(frozen=True)
class Play:
    """What is done about a trigger: a key, and what it is called."""

    key: str
    label: str


@dataclass(frozen=True, eq=False)
class Aside:
    """Customers who are not on the list, and are counted.

    Attributes
    ----------
    what : str
        To follow their number: "in the future", of dates that were left out.
    who : Holds
    noun : str
        "date" for dates that make no sense, "customer" for who is not on the list any more.
    count : int, optional
        How many, where those in memory are not all.
    """

    what: str
    who: Holds
    noun: str = "date"
    count: int | None = None

    @property
    def text(self) -> str:
        """How many they are, in words; empty for none."""
        count = int(self.who.here.sum()) if self.count is None else self.count
        return f"{plural(count, self.noun)} {self.what}" if count else ""


@dataclass(frozen=True, eq=False)
class Found:
    """Whom a trigger is about, and when.

    Attributes
    ----------
    columns : tuple of str
        What it was found in.
    rule : str
        The rule in words, as it stands for this table.
    day : datetime64[D]
        Counts as today.
    days : Term
        Days from today for each customer, none for who is not on the list: from 0 for what is coming, 0 or
        below for what has happened.
    say : function
        What is said of customers: arrays of the values of `tells` to texts.
    tells : tuple of Term
    when : str
        "ahead": the day is today or comes; "since": it is over; "now": the case today, and no column tells
        since when (`due` is today).
    asides : tuple of Aside
    """

    columns: tuple[str, ...]
    rule: str
    day: np.datetime64
    days: Term
    say: Say
    tells: tuple[Term, ...]
    when: str = AHEAD
    asides: tuple[Aside, ...] = ()

    @cached_property
    def due(self) -> np.ndarray:
        """The day for each customer in memory, datetime64[D]; NaT for none."""
        return due_on(self.day, self.days.here)

    def words(self, rows: np.ndarray) -> list[str]:
        """What is said of some customers, given by their row numbers."""
        return self.say(*(one.here[rows] for one in self.tells))

    @property
    def aside(self) -> str:
        """Who is counted aside, as a sentence; empty where nobody is."""
        dates, customers = (
            [one.text for one in self.asides if one.noun == noun and one.text]
            for noun in ("date", "customer")
        )
        told = [f"{listing(dates)}; left out."] if dates else []
        return " ".join([*told, *(f"{one}." for one in customers)])

    def counted(self, counts: Sequence[int]) -> "Found":
        """The same with numbers of all who are counted aside, where nobody is in memory, for who keeps it."""
        each = zip(self.asides, counts, strict=True)
        asides = tuple(replace(one, who=kept(one.who), count=count) for one, count in each)
        return replace(self, days=kept(self.days), tells=tuple(map(kept, self.tells)), asides=asides)


def due_on(day: np.datetime64, days: np.ndarray) -> np.ndarray:
    """Days from a day on as days of the calendar; NaN is NaT.

    Examples
    --------
    >>> due_on(np.datetime64("2026-09-30"), np.array([1.0, np.nan])).astype(str).tolist()
    ['2026-10-01', 'NaT']
    """
    known = np.where(np.isnan(days), 0, days).astype(int)
    return np.where(np.isnan(days), NEVER, day.astype("datetime64[D]") + known)


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
