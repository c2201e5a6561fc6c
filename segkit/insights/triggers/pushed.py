"""Whom to call, of a table that stays where it is: an engine counts everyone by trigger, segment and day.

The rules are those of a table in memory, written in SQL by their terms. A trigger that cannot be written so
stays one of those who were drawn, and says why.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from segkit.customers.base import met
from segkit.errors import UnusablePlan
from segkit.insights.terms import Facts, Holds, Reads, Term, kept, read_items
from segkit.insights.trigger_text import people_text
from segkit.insights.triggers.calls import HORIZONS, USUAL_HORIZON, Calls
from segkit.insights.triggers.found import Found, Trigger, due_on
from segkit.insights.triggers.own import OwnTrigger
from segkit.insights.triggers.people import consent_in, gone_in
from segkit.insights.triggers.seen import Seen, today
from segkit.insights.triggers.table import TRIGGERS, Watch, Watched, known_day
from segkit.labels import plural
from segkit.measures.counted import tallied
from segkit.measures.pushed import COUNTED, reachable
from segkit.measures.pushed_counts import Everyone, N
from segkit.segments.segmentation import Assignment
from segkit.segments.sql import PLACE, PREFIX, placed_sql

WHICH, DUE = f"{PREFIX}which", f"{PREFIX}due"
GONE, REFUSED = f"{PREFIX}gone", f"{PREFIX}refused"
READ, DUES, LISTED = f"{PREFIX}read_first", f"{PREFIX}dues", f"{PREFIX}listed"  # steps of a query
SOMETHING = -1  # in place of a trigger: the first day on which she is on any list
LONGEST = max(HORIZONS)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A trigger that is watched among those who were drawn only.

    Attributes
    ----------
    trigger : Trigger
    why : str
        Why it cannot be watched where the table lives.
    count, customers : int
        How many of those drawn who count are on its list within the longest horizon, and how many they are.
    """

    trigger: Trigger
    why: str
    count: int
    customers: int


@dataclass(frozen=True, eq=False)
class Entries:
    """What an engine counted of the triggers of a day, for every horizon and choice.

    Attributes
    ----------
    watch : Watch
        Of all customers; nobody is in memory.
    drawn : tuple of Drawn
        Triggers of those who were drawn only.
    assignment : Assignment
        Of the rows; each stands for customers who are alike.
    triggers : int array
        The place of the trigger in `watch.watched`; -1 for any, on the first day of a customer.
    days : int array
        Days from today.
    gone, refused : bool arrays
        Whether they have left, and whether they gave no consent.
    counts : int array
    """

    watch: Watch
    drawn: tuple[Drawn, ...]
    assignment: Assignment
    triggers: np.ndarray
    days: np.ndarray
    gone: np.ndarray
    refused: np.ndarray
    counts: np.ndarray

    def calls(
        self,
        days: int = USUAL_HORIZON,
        segment: str = "",
        agreed_only: bool = True,
        with_left: bool = False,
    ) -> Calls:
        """List whom to call, as `calls.calls` does; up to 90 days ahead."""
        wanted = self.assignment.members(segment) if segment else np.ones(len(self.days), bool)
        wanted = wanted & (self.days < days)
        gone, refused = self.gone & (not with_left), self.refused & agreed_only
        kept, anyone = wanted & ~gone & ~refused, self.triggers == SOMETHING
        rows = np.flatnonzero(kept & ~anyone)
        rows = rows[np.lexsort((self.days[rows], self.triggers[rows]))]
        places = len(self.assignment.segments)
        codes = np.where(self.assignment.codes < 0, places, self.assignment.codes)[kept & anyone]
        return Calls(
            self.watch,
            self.assignment,
            days,
            rows,
            self.triggers[rows],
            due_on(self.watch.day, self.days[rows].astype(float)),
            int(self.counts[wanted & anyone & refused & ~gone].sum()),
            int(self.counts[wanted & anyone & gone].sum()),
            self.counts[rows],
            tallied(codes, places + 1, self.counts[kept & anyone]),
        )


def entries_of_all(
    everyone: Everyone, day: datetime.date | None = None, own: Sequence[OwnTrigger] = ()
) -> Entries:
    """Watch all customers of a source, and count whom to call.

    Parameters
    ----------
    everyone : Everyone
    day : date, optional
        Counts as today; by default the day that the table is counted to.
    own : sequence of OwnTrigger

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    segkit.errors.UnusableSegmentation
        The source has no such columns as the segments are made from.
    segkit.errors.UnusablePlan
        Days on which customers left are written in a way that cannot be read where the table lives.
    """
    reachable(everyone.engine, everyone.segmentation)
    watched, drawn = watch_of_all(everyone, day, own)
    table = everyone.engine.ask(counts_sql(everyone, watched))
    rows = everyone.placed(table)
    gone, refused = (rows.numbers(name) == 1 for name in (GONE, REFUSED))
    triggers, days = (rows.numbers(name).astype(int) for name in (WHICH, DUE))
    return Entries(watched, drawn, rows.counted.assignment, triggers, days, gone, refused, rows.counted.each)


def watch_of_all(
    everyone: Everyone, day: datetime.date | None = None, own: Sequence[OwnTrigger] = ()
) -> tuple[Watch, tuple[Drawn, ...]]:
    """Look for every trigger where the table lives, and for the others among those drawn."""
    customers = everyone.customers
    told = today(customers)
    now = told.day if day is None else np.datetime64(day, "D")
    known = min(now, known_day(told, now))
    seen, some = (Seen(facts, now, known) for facts in (Facts.of_all(everyone), Facts(customers)))
    watched, absent, drawn = [], [], []
    for trigger in (*TRIGGERS, *(one.trigger for one in own)):
        found, why = _found(trigger, seen, some)
        if not isinstance(found, Found):
            absent.append((trigger, found or trigger.needs))
        elif why:
            drawn.append(_drawn(trigger, why, found, met(customers, everyone.conditions)))
        else:
            watched.append(Watched(trigger, found))
    agreed, gone = consent_in(seen.facts), gone_in(seen.facts, now)
    whom = None if agreed is None else replace(agreed, agreed=kept(agreed.agreed))
    made = Watch(
        now, told, _counted(seen, watched), tuple(absent), whom, None if gone is None else kept(gone)
    )
    return made, tuple(drawn)


def _found(trigger: Trigger, seen: Seen, some: Seen) -> tuple[Found | str, str]:
    """What a trigger finds where the table lives; else among those drawn, and why."""
    try:
        found = trigger.find(seen)
        if isinstance(found, Found):
            read_items(_reads(found))
        return found, ""
    except UnusablePlan as problem:
        return trigger.find(some), str(problem)


def _reads(found: Found) -> Reads:
    """All that a trigger reads."""
    terms: list[Term | Holds] = [found.days, *found.tells, *(one.who for one in found.asides)]
    return {alias: write for one in terms for alias, write in one.reads.items()}


def _drawn(trigger: Trigger, why: str, found: Found, counted: np.ndarray) -> Drawn:
    return Drawn(trigger, why, int((found.days.here[counted] < LONGEST).sum()), int(counted.sum()))


def _counted(seen: Seen, watched: Sequence[Watched]) -> tuple[Watched, ...]:
    """Count those who are aside, of all triggers at once."""
    counts = iter(seen.facts.counts([one.who for each in watched for one in each.found.asides]))
    return tuple(
        replace(each, found=each.found.counted([next(counts) for _ in each.found.asides])) for each in watched
    )


def only_drawn_text(drawn: Sequence[Drawn]) -> list[str]:
    """Say which triggers are those of the customers who were drawn, and why."""
    return [
        f"{one.trigger.label} is watched only among {plural(one.customers, 'customer')} drawn by chance: "
        f"{people_text(one.count)} of them in the next {plural(LONGEST, 'day')}. {one.why}"
        for one in drawn
    ]


# --- the query --------------------------------------------------------------------------------------


def counts_sql(everyone: Everyone, watch: Watch) -> str:
    """Write the query of `entries_of_all`: customers by segment, trigger and day, and who is left out."""
    dues = [f"{DUE}_{place}" for place in range(len(watch.watched))]
    steps = listed_sql(everyone, watch, [])
    first = ", ".join(f"COALESCE({one}, {LONGEST})" for one in dues)
    soonest = f"LEAST({first})" if len(dues) > 1 else first or "NULL"
    cases = [
        f"WHEN {SOMETHING} THEN {soonest}",
        *(f"WHEN {place} THEN {one}" for place, one in enumerate(dues)),
    ]
    names = ", ".join((PLACE, WHICH, DUE, GONE, REFUSED))
    which = " UNION ALL ".join(f"SELECT {place} AS {WHICH}" for place in (SOMETHING, *range(len(dues))))
    each = (
        f"SELECT {PLACE}, {WHICH}, {GONE}, {REFUSED}, CASE {WHICH} {' '.join(cases)} END AS {DUE} "
        f"FROM {LISTED} CROSS JOIN ({which}) AS the_triggers"
    )
    return (
        f"WITH {steps} SELECT {names}, COUNT(*) AS {N} FROM ({each}) AS each_of_them "
        f"WHERE {DUE} IS NOT NULL GROUP BY {names}"
    )


def listed_sql(
    everyone: Everyone, watch: Watch, kept: Sequence[str], days: int = LONGEST, tells: bool = False
) -> str:
    """Write the steps up to customers with at least one entry, in their segments.

    Days are counted for everybody first, so that segments are looked for among those on a list only.

    Parameters
    ----------
    everyone : Everyone
    watch : Watch
    kept : sequence of str
        SQL over the columns of the source, each with its name, that is handed on.
    days : int
        How far ahead, today included.
    tells : bool
        Whether what is told of each is handed on too.
    """
    found = [one.found for one in watch.watched]
    terms = {f"{DUE}_{place}": one.days for place, one in enumerate(found)}
    values = {name: f"CASE WHEN {one.sql} < {days} THEN {one.sql} END" for name, one in terms.items()}
    reads = {alias: write for one in terms.values() for alias, write in one.reads.items()}
    flags = {
        GONE: watch.gone,
        REFUSED: None if watch.consent is None else ~watch.consent.agreed,
    }
    for name, holds in flags.items():
        values[name] = "0" if holds is None else f"CASE WHEN {holds.sql} THEN 1 ELSE 0 END"
        reads |= {} if holds is None else dict(holds.reads)
    if tells:
        for place, one in enumerate(found):
            for number, term in enumerate(one.tells):
                values[tell_name(place, number)] = term.sql
                reads |= dict(term.reads)
    items = ", ".join(["counted.*", *read_items(reads), *kept])
    names = [one.rsplit(" AS ", 1)[1] for one in kept]
    dued = ", ".join(["read_of_them.*", *(f"{sql} AS {name}" for name, sql in values.items())])
    some = " OR ".join(f"{name} IS NOT NULL" for name in terms) or "1 = 0"
    placed = placed_sql(everyone.segmentation, DUES, [*names, *values], everyone.customers)
    return (
        f"{COUNTED} AS ({everyone.counted_sql()}), "
        f"{READ} AS (SELECT {items} FROM {COUNTED} AS counted), "
        f"{DUES} AS (SELECT * FROM (SELECT {dued} FROM {READ} AS read_of_them) AS dued WHERE {some}), "
        f"{LISTED} AS (SELECT * FROM (\n{placed}\n) AS assigned)"
    )


def tell_name(place: int, number: int) -> str:
    """What the query calls something that is told of a trigger."""
    return f"{PREFIX}tell_{place}_{number}"
