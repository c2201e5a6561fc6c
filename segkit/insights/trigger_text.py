"""Triggers in words: who needs something, when most do, and what is left out."""

import numpy as np

from segkit.insights.triggers.calls import Calls, day_text
from segkit.insights.triggers.found import NOW, SINCE
from segkit.insights.triggers.table import Watch
from segkit.labels import listing, number, plural
from segkit.measures.suppression import SMALLEST_SHOWN
from segkit.segments.segmentation import NO_SEGMENT_NAME

FEW = f"fewer than {SMALLEST_SHOWN}"
NO_DATES = (
    "Whom to call can't be told yet: this table has no dates that come and no column that says what changed."
)
WHAT_TO_DO = (
    "Add a date that comes (renewal, end of contract, birthday, sign-up) and load the file again, or give a "
    "date that is there its meaning on the Data page.",
    "Or add a file of orders, survey answers or tickets beside your customers: first orders, second orders "
    "that are overdue, falling activity and open tickets come from them.",
    "Or make a trigger of your own below, from any column of this table.",
)


def count_text(count: int) -> str:
    """Write a count that is presented: few customers are not told exactly.

    Examples
    --------
    >>> count_text(0), count_text(3), count_text(1200)
    ('0', 'fewer than 5', '1,200')
    """
    return FEW if 0 < count < SMALLEST_SHOWN else number(count)


def people_text(count: int) -> str:
    """Write how many customers, few of them not exactly.

    Examples
    --------
    >>> people_text(3), people_text(1200)
    ('fewer than 5 customers', '1,200 customers')
    """
    return f"{FEW} customers" if 0 < count < SMALLEST_SHOWN else plural(count, "customer")


def long_day(day: np.datetime64) -> str:
    """Write a day with its year.

    Examples
    --------
    >>> long_day(np.datetime64("2026-09-30"))
    '30 Sep 2026'
    """
    return f"{day_text(day)} {day.astype('datetime64[Y]')}"


def calls_headline(calls: Calls, segment: str = "", drawn: int = 0) -> str:
    """Say how many customers need something, which list is the longest, and where it is longest.

    Parameters
    ----------
    calls : Calls
    segment : str
        Name of the segment they are all in; empty for everyone.
    drawn : int
        How many customers were drawn by chance to stand for all; 0 where these are all.
    """
    if not calls.watch.watched:
        return NO_DATES
    whom = f" of “{segment}”" if segment else ""
    ahead = f"in the next {plural(calls.days, 'day')}"
    if not len(calls):
        return f"No customer{whom} needs anything {ahead} by what this table tells."
    ahead = "now" if nothing_ahead(calls) else ahead
    people = people_text(calls.customers)
    start = f"Of {plural(drawn, 'customer')} drawn by chance, {people}" if drawn else _capital(people)
    verb = "needs" if calls.customers == 1 else "need"
    longest = int(calls.totals.argmax())
    if calls.totals[longest] < SMALLEST_SHOWN:
        return f"{start}{whom} {verb} something {ahead}."
    many, size = calls.watch.watched[longest].trigger.many, number(int(calls.totals[longest]))
    only = len(np.flatnonzero(calls.totals)) == 1
    what = f"the only list is {many}" if only else f"the longest list is {size} {many}"
    return f"{start}{whom} {verb} something {ahead}; {what}{_where(calls.table[longest], calls, segment)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _where(line: np.ndarray, calls: Calls, segment: str) -> str:
    """The segment in which a list is longest, where one is, and enough of the list are in it."""
    names = [*(one.name for one in calls.assignment.segments), NO_SEGMENT_NAME]
    second, first = np.sort(line)[-2:] if len(line) > 1 else (0, 0)
    if segment or not second or first == second or first < SMALLEST_SHOWN:
        return ""
    return f", {number(int(first))} of them among “{names[int(line.argmax())]}”"


def time_title(calls: Calls, segment: str = "") -> str:
    """Say how much is open now, and when most comes."""
    whom = f" of “{segment}”" if segment else ""
    cells = calls.over_time.sum(axis=0)
    if not cells.sum():
        return f"No calls{whom} in the next {plural(calls.days, 'day')}"
    now, ahead = int(cells[0]), cells[1:]
    peak = int(ahead.argmax())
    open_now = f"{_capital(_calls_text(now))}{whom} {'is' if now == 1 else 'are'} open now"
    if not ahead.sum():
        return open_now + _where(calls.table.sum(axis=0), calls, segment)
    day = calls.periods[peak + 1].split(" (")[0]
    when = day if calls.days <= len(ahead) else f"the week from {day}"
    if not now:
        return f"Most calls{whom} come {'on' if calls.days <= len(ahead) else 'in'} {when}: " + count_text(
            int(ahead[peak])
        )
    return f"{open_now}; of the days ahead, {when} brings most: {count_text(int(ahead[peak]))}"


def _calls_text(count: int) -> str:
    return f"{FEW} calls" if 0 < count < SMALLEST_SHOWN else plural(count, "call")


def time_subtitle(calls: Calls) -> str:
    """Say what the picture counts."""
    step = "day" if len(calls.periods) > calls.days else "week, by its first day"
    whens = {one.found.when for one in calls.watch.watched}
    now = [*(["the case today"] if NOW in whens else []), *([NEW] if SINCE in whens else [])]
    if not nothing_ahead(calls):
        return f"Customers on each list by {step}" + (f"; now: {' or '.join(now)}" if now else "")
    return f"Customers on each list by segment; {' or '.join(now)}, and no date comes" if now else ""


NEW = "new lately"


def nothing_ahead(calls: Calls) -> bool:
    """Whether nothing on the lists has a day that comes."""
    return not calls.over_time[:, 1:].sum()


def time_alt(calls: Calls, segment: str = "") -> str:
    """Say in words what the picture shows: its title, and the length of each list."""
    lists = [
        f"{one.trigger.label} {count_text(int(total))}"
        for one, total in zip(calls.watch.watched, calls.totals, strict=True)
        if total
    ]
    title = time_title(calls, segment)
    return f"{title}. {listing(lists, 12)}." if lists else f"{title}."


def today_text(watch: Watch) -> str:
    """Say from which day is counted, what tells it, and what cannot be known since."""
    told, day = watch.told, long_day(watch.day)
    if watch.day != told.day:
        return f"Today is {day}, as you set it." + (_gap_text(watch, told.day) if told.by != "clock" else "")
    by = {
        "table": "the day this table is counted to",
        "column": f"the last day in “{told.column}”",
        "clock": "the date of this computer, since no column tells from which day the table is",
    }[told.by]
    return f"Today is {day}, {by}." + (" Change it if the file is older." if told.by == "clock" else "")


def _gap_text(watch: Watch, known: np.datetime64) -> str:
    """Say what cannot be known of the days after the last one that the table tells of."""
    gap = int((watch.day - known).astype(int))
    if gap <= 0:
        return ""
    return (
        f" The table ends on {long_day(known)}, {plural(gap, 'day')} before: orders, answers and tickets "
        "since then are not in it."
    )


def left_out_text(calls: Calls) -> str:
    """Count who is not listed, and why; empty where nobody is."""
    parts = []
    if calls.gone:
        parts.append(f"{people_text(calls.gone)} who {'has' if calls.gone == 1 else 'have'} left")
    if calls.refused:
        columns = calls.watch.consent.columns if calls.watch.consent else ()
        by = listing([f"“{one}”" for one in columns])
        parts.append(f"{people_text(calls.refused)} without consent, by {by}")
    return f"Not listed: {' and '.join(parts)}." if parts else ""
