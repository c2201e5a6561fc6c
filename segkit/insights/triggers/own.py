"""Triggers of one's own: a date within some days, and conditions on other columns. Data, never code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from segkit.customers.base import Condition, listed
from segkit.customers.table import Customers
from segkit.errors import UnusableBase, UnusablePlan, find_row
from segkit.insights.terms import Term, constant
from segkit.insights.triggers.found import AHEAD, NOW, PLAYS, SINCE, Found, Trigger, find_play
from segkit.insights.triggers.rules import always
from segkit.insights.triggers.seen import Seen
from segkit.insights.triggers.table import TRIGGERS
from segkit.labels import plural

LONGEST_NAME = 40
MOST_DAYS = 3650
TABLE_WORDS = ("Any", "All", "Segment", "Trigger", "Now")  # columns of the tables that list triggers
OWN = "own:"  # in front of the key


@dataclass(frozen=True)
class Way:
    """A row of `WAYS`: how a date and a number of days make a trigger.

    Attributes
    ----------
    key, label : str
    words : str
        The rule, with places for {column} and {days}.
    due : function
        Days from today to a date, and the number of days, to the days from today to the trigger.
    when : str
        As for `Found`.
    """

    key: str
    label: str
    words: str
    due: Callable[[Term, int], Term]
    when: str = AHEAD


@dataclass(frozen=True)
class OwnTrigger:
    """A trigger that somebody made.

    Attributes
    ----------
    name : str
    column : str
        A column of dates; empty where only the conditions count.
    way : str
        Key of a row of `WAYS`.
    days : int
    conditions : tuple of Condition
        All of which must be met.
    play : str
        Key of a play.
    """

    name: str
    column: str = ""
    way: str = "next"
    days: int = 30
    conditions: tuple[Condition, ...] = ()
    play: str = PLAYS[0].key

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise UnusablePlan("A trigger of your own needs a name, such as “Trial ends”.")
        if not self.column and not self.conditions:
            raise UnusablePlan(f"“{self.name}” asks for nothing. Choose a date or a condition.")
        if not 0 <= self.days <= MOST_DAYS:
            raise UnusablePlan(f"“{self.name}” asks for {self.days} days. Choose 0 to {MOST_DAYS}.")
        find_way(self.way)
        find_play(self.play)

    @property
    def text(self) -> str:
        """The rule in words.

        Examples
        --------
        >>> OwnTrigger("Trial", "trial_end", "next", 14, (Condition("plan", ("free",)),)).text
        '“trial_end” lies in the next 14 days, only where plan is free'
        """
        if not self.column:
            return listed(self.conditions)
        what = find_way(self.way).words.format(column=self.column, days=plural(self.days, "day"))
        return f"{what}, only where {listed(self.conditions)}" if self.conditions else what

    @property
    def trigger(self) -> Trigger:
        """The same as a row like those of `TRIGGERS`."""
        columns = [self.column, *(one.column for one in self.conditions)]
        needs = f"the columns it was made with: {', '.join(f'“{one}”' for one in columns if one)}"
        return Trigger(
            f"{OWN}{self.name}", self.name, f"cases of “{self.name}”", self.play, needs, self._found
        )

    def _found(self, seen: Seen) -> Found | str:
        names = tuple(filter(None, [self.column, *(one.column for one in self.conditions)]))
        if any(seen.customers.column(name) is None for name in names):
            return ""
        try:
            kept = seen.facts.met(self.conditions)
        except UnusableBase:
            return f"other conditions: “{listed(self.conditions)}” does not fit this table"
        say, rule = always(self.name), f"{self.text}."
        if not self.column:
            due = constant(0, kept)
            return Found(names, rule, seen.day, due, say, (due,), NOW)
        column = seen.customers.column(self.column)
        if column is None or column.kind != "date":
            return f"dates in “{self.column}”, which is read as {column.kind if column else 'nothing'}"
        way = find_way(self.way)
        due = way.due(seen.days(column), self.days).where(kept)
        return Found(names, rule, seen.day, due, say, (due,), way.when)

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return asdict(self) | {"conditions": [asdict(one) for one in self.conditions]}


def own_from(values: Mapping[str, Any]) -> OwnTrigger:
    """Read what `to_dict` wrote.

    Raises
    ------
    UnusablePlan
        It is no trigger; the message says what is wrong.
    """
    try:
        conditions = tuple(
            Condition(
                str(one["column"]),
                tuple(map(str, one.get("values", ()))),
                str(one.get("low", "")),
                str(one.get("high", "")),
            )
            for one in values.get("conditions", ())
        )
        return OwnTrigger(
            " ".join(str(values["name"]).split())[:LONGEST_NAME],
            str(values.get("column", "")),
            str(values.get("way", "next")),
            int(values.get("days", 30)),
            conditions,
            str(values.get("play", PLAYS[0].key)),
        )
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as problem:
        raise UnusablePlan("A trigger of your own was kept in a form that cannot be read.") from problem


def named_apart(one: OwnTrigger, others: Sequence[OwnTrigger]) -> OwnTrigger:
    """Return a trigger whose name no other one has.

    Raises
    ------
    UnusablePlan
        One that is there already, or a column of the tables that list them, is called so.
    """
    taken = [*(each.label for each in TRIGGERS), *(each.name for each in others), *TABLE_WORDS]
    if one.name.strip().casefold() in [name.casefold() for name in taken]:
        raise UnusablePlan(f"“{one.name}” is taken. Give your trigger another name.")
    return one


def own_triggers(kept: object) -> list[OwnTrigger]:
    """Read those that were kept, as far as they can be read and have names of their own."""
    found: list[OwnTrigger] = []
    for values in kept if isinstance(kept, list) else []:
        try:
            found.append(named_apart(own_from(values), found))
        except UnusablePlan:
            continue
    return found


def datable(customers: Customers) -> list[str]:
    """List the columns that a trigger of one's own can count days from; nothing personal."""
    return [one.name for one in customers.columns if one.kind == "date" and not one.hidden]


def find_way(key: str) -> Way:
    """Look a way up by its key.

    Raises
    ------
    UnusablePlan
        There is no such way; the message lists those there are.
    """
    return find_row(WAYS, key, "way", "Ways", UnusablePlan)


def _next(dates: Term, span: int) -> Term:
    return dates.where((dates >= 0) & (dates <= span))


def _last(dates: Term, span: int) -> Term:
    return dates.where((dates <= 0) & (dates >= -span))


def _before(dates: Term, span: int) -> Term:
    return (dates - span).where(dates >= span)


def _after(dates: Term, span: int) -> Term:
    return (dates + span).where(dates >= -span)


WAYS = (
    Way("next", "is in the next … days", "“{column}” lies in the next {days}", _next),
    Way("last", "was in the last … days", "“{column}” lay in the last {days}", _last, SINCE),
    Way("before", "will be in … days", "{days} before “{column}”", _before),
    Way("after", "was … days ago", "{days} after “{column}”", _after),
)
