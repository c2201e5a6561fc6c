"""The rules behind the triggers: each looks at a table and says whom it is about, and since or until when.

They are written with terms, so that the same rule finds customers in memory and where their table lives.
"""

from functools import cache
from math import ceil

import numpy as np
from scipy.special import betainc

from segkit.customers.columns.date_names import is_birthday_name
from segkit.customers.table import Column
from segkit.errors import UnusablePlan
from segkit.insights.terms import Holds, Levels, Term, constant
from segkit.insights.triggers.days import (
    days_without_year,
    next_yearly,
    yearly_sql,
    years_between,
)
from segkit.insights.triggers.found import NOW, SINCE, Aside, Found, Say, due_on
from segkit.insights.triggers.seen import Seen, left_out
from segkit.labels import listing, number, percent, plural, words
from segkit.measures.definitions import csat_scale_of

YEAR = 365.25
NEWS = 30  # days: what happened before is no news to call about
ANSWER_NEWS = 90  # days; surveys go out each quarter, and an answer stays true longer than an event
LONGEST_LIFE = 120  # years; an earlier birthday is a placeholder for the year
OLDEST_CUSTOMER = 100  # years; an earlier sign-up is a placeholder
FARTHEST = 10  # years; a later renewal is a placeholder such as 9999-12-31
LOW_CSAT = 0.25  # of the way up the scale: 2 on 1–5
DETRACTOR = 6  # of 0 to 10 (Reichheld 2003)
MOST_BUYERS = 0.8  # "most" of those who order again
FEWEST_BUYERS = 30  # below, their times are indicative at best
GAPS_QUIET = 3  # usual gaps; of who orders at a steady rate, 5 % are quiet as long by chance (e^-3)
FEWEST_ORDERS = 3  # two gaps make a habit
SHORTEST_QUIET = 14  # days; daily visitors need no call after three days
BY_CHANCE = 0.05  # a fall that an unchanged rate brings more often than this is none
LONGEST_OPEN = 7  # days, where no column tells how long tickets take
MOST_TICKETS = 0.9  # of customers whose tickets were resolved sooner


def _years(count: int) -> int:
    return round(count * YEAR)


def _first_of(days: int) -> int:
    """The first of the last so many days, today included, from today."""
    return 1 - days


def always(text: str) -> Say:
    """The same words for everybody."""
    return lambda values: [text] * len(values)


# --- what is coming ---------------------------------------------------------------------------------


def ahead(seen: Seen, column: Column | None, what: str) -> Found | str:
    """Whose date in a column is today or later."""
    if column is None:
        return ""
    days = seen.days(column)
    far, past = days > _years(FARTHEST), days < 0
    due = days.unless(far | past)
    asides = (Aside(f"more than {FARTHEST} years ahead", far), Aside("already past", past))
    rule = f"{what} on the day in “{column.name}”."
    return Found((column.name,), rule, seen.day, due, always(what), (due,), asides=asides)


def renewal(seen: Seen) -> Found | str:
    """Whose renewal is ahead."""
    return ahead(seen, seen.role("renewal_date"), "Renews")


def contract_end(seen: Seen) -> Found | str:
    """Who has cancelled to a day ahead, or whose contract ends then."""
    return ahead(seen, seen.role("churn_date"), "Contract ends")


def birthday(seen: Seen) -> Found | str:
    """Whose birthday comes next; age is nobody's business here."""
    column = seen.role("birthday")
    if column is None:
        return _without_year(seen)
    days = seen.days(column)
    first = seen.facts.day_part(column, "MONTH").is_(1) & seen.facts.day_part(column, "DAY").is_(1)
    future, filler = days > 0, (days < -_years(LONGEST_LIFE)) & first
    due = _yearly(seen, column).unless(future | filler)
    asides = (
        Aside("in the future", future),
        Aside(f"on 1 January over {LONGEST_LIFE} years ago", filler),
    )
    return _birthdays(seen, column, due, asides)


def _birthdays(seen: Seen, column: Column, due: Term, asides: tuple[Aside, ...] = ()) -> Found:
    rule = f"The day of the year in “{column.name}”; 29 February is kept on the 28th where there is no 29th."
    return Found((column.name,), rule, seen.day, due, always("Birthday"), (due,), asides=asides)


def _yearly(seen: Seen, column: Column) -> Term:
    """Days from today to when the same day of the year as in a column comes next."""
    days, month, of_month = (
        seen.days(column),
        seen.facts.day_part(column, "MONTH"),
        seen.facts.day_part(column, "DAY"),
    )
    here = _away(seen.day, next_yearly(due_on(seen.day, days.here), seen.day))
    return Term(here, yearly_sql(month.sql, of_month.sql, seen.day), {**month.reads, **of_month.reads})


def _away(day: np.datetime64, days: np.ndarray) -> np.ndarray:
    """Days from a day on, as floats; NaT is NaN."""
    return np.where(np.isnat(days), np.nan, (np.where(np.isnat(days), day, days) - day).astype(float))


def _without_year(seen: Seen) -> Found | str:
    """Birthdays of day and month only, which are texts to the reader."""
    for column in seen.customers.columns:
        if column.kind in ("category", "text") and is_birthday_name(column.name):
            texts = seen.levels(column)
            days = next_yearly(days_without_year(np.array(texts.names, dtype=object)), seen.day)
            if not np.isnat(days).all():
                return _birthdays(seen, column, texts.told(_away(seen.day, days)))
    return ""


def anniversary(seen: Seen) -> Found | str:
    """Who has been a customer for whole years."""
    column = seen.role("signup_date")
    if column is None:
        return ""
    signup = seen.days(column)
    future, old = signup > 0, signup < -_years(OLDEST_CUSTOMER)
    again = next_yearly(np.array([seen.day]), seen.day + np.timedelta64(1, "D"))
    today = constant(float(_away(seen.day, again)[0]), signup.is_(0))
    due = today.otherwise(_yearly(seen, column)).unless(future | old)

    day = seen.day  # what is said is kept, and must not hold what was asked

    def said(signups: np.ndarray, dues: np.ndarray) -> list[str]:
        years = years_between(due_on(day, signups), due_on(day, dues))
        return [f"{plural(int(one), 'year')} with you" for one in years]

    asides = (Aside("in the future", future), Aside(f"more than {OLDEST_CUSTOMER} years ago", old))
    rule = f"Whole years since “{column.name}”."
    return Found((column.name,), rule, seen.day, due, said, (signup, due), asides=asides)


# --- what has happened ------------------------------------------------------------------------------


def happened(seen: Seen, column: Column | None, what: str, days: int = NEWS) -> Found | str:
    """Whose date in a column lies in the last days, today included."""
    if column is None:
        return ""
    dates = seen.days(column)
    due = dates.where((dates >= _first_of(days)) & (dates <= 0))
    rule, later = f"{what} in the last {days} days, by “{column.name}”.", Aside("in the future", dates > 0)
    return Found((column.name,), rule, seen.day, due, always(what), (due,), SINCE, (later,))


def move(seen: Seen) -> Found | str:
    """Who has a new address."""
    return happened(seen, seen.named("moved", "date"), "Moved")


def first_order(seen: Seen) -> Found | str:
    """Who has just become a buyer."""
    return happened(seen, seen.named("first_order", "date"), "First order")


def tier_change(seen: Seen) -> Found | str:
    """Whose plan has changed: by the day of the change, else by the plan before."""
    when, before = seen.named("tier_changed", "date"), seen.named("previous_tier", *LEVELS)
    tiers = [one for one in seen.customers.columns if one.role == "plan_tier" and one is not before]
    both = (seen.levels(before), seen.levels(tiers[0])) if before is not None and tiers else None
    if when is not None:
        found = happened(seen, when, "Plan changed")
        assert isinstance(found, Found)
        if both is None:
            return found
        rest = (found.when, found.asides)
        return Found(found.columns, found.rule, seen.day, found.days, *_from_to(*both), *rest)
    if both is None or before is None:
        return ""
    rule = f"“{tiers[0].name}” is not what “{before.name}” was; the table does not say since when."
    due = constant(0, _other(*both))
    return Found((tiers[0].name, before.name), rule, seen.day, due, *_from_to(*both), NOW)


LEVELS = ("category", "text", "yes/no", "number")  # kinds that can hold a plan


def _other(old: Levels, now: Levels) -> Holds:
    """Who has another plan than before, however it is written."""
    changed = old.places.known & now.places.known
    for place, name in enumerate(old.names):
        alike = [float(one) for one, other in enumerate(now.names) if _plain(other) == _plain(name)]
        if alike:
            changed &= ~(old.places.is_(place) & now.places.among(alike))
    return changed


def _plain(name: str) -> str:
    return name.strip().casefold()


def _from_to(old: Levels, now: Levels) -> tuple[Say, tuple[Term, ...]]:
    """From which plan to which, in words."""
    before, after = old.names, now.names

    def said(olds: np.ndarray, nows: np.ndarray) -> list[str]:
        known = ~np.isnan(olds + nows)
        return [
            f"From {before[int(one)].strip()} to {after[int(two)].strip()}" if told else "Plan changed"
            for one, two, told in zip(olds, nows, known, strict=True)
        ]

    return said, (old.places, now.places)


# --- how they feel ----------------------------------------------------------------------------------


def _recently(seen: Seen, chosen: Holds) -> tuple[Term, Column | None, str]:
    """The days of some answers, which column tells them, and that as the end of a rule."""
    column = seen.named("answered", "date")
    if column is None:
        return constant(0, chosen), None, "; the table does not say when she answered"
    days = seen.days(column)
    recent = (days >= _first_of(ANSWER_NEWS)) & (days <= 0)
    return days.where(chosen & recent), column, f", answered in the last {ANSWER_NEWS} days"


def low_csat(seen: Seen) -> Found | str:
    """Who is dissatisfied: in the lowest quarter of the scale, 2 or less of 1–5."""
    column = seen.role("csat")
    if column is None:
        return ""
    answers, (low, high) = seen.facts.kpi("csat"), csat_scale_of(seen.customers)
    limit = low + LOW_CSAT * (high - low)
    due, when, ending = _recently(seen, answers <= limit)
    rule = f"“{column.name}” is {limit:g} or less on {low}–{high}{ending}."

    def said(values: np.ndarray) -> list[str]:
        return [f"CSAT {number(one)} on {low}–{high}" for one in values]

    columns = (column.name, *([when.name] if when else []))
    return Found(columns, rule, seen.day, due, said, (answers,), SINCE if when else NOW)


def new_detractor(seen: Seen) -> Found | str:
    """Who would not recommend: in a recent answer, or after not having been a detractor at first."""
    column, trend = seen.role("nps"), seen.customers.column("nps_trend")
    if column is None:
        return ""
    answers = seen.facts.kpi("nps")
    due, when, ending = _recently(seen, answers <= DETRACTOR)
    if when is not None:
        rule, columns = f"“{column.name}” is {DETRACTOR} or less{ending}.", (column.name, when.name)
        return Found(columns, rule, seen.day, due, _nps_said, (answers,), SINCE)
    if trend is None:
        return "the date of the answer (or a file of survey answers, which tells what she answered before)"
    latest = seen.of_log("nps") or column
    now = seen.number(latest)
    first = now - seen.number(trend)
    due = constant(0, (now <= DETRACTOR) & (first > DETRACTOR))
    rule = f"“{latest.name}” is {DETRACTOR} or less and the first answer was not{ending}."
    return Found((latest.name, trend.name), rule, seen.day, due, _nps_said, (now, first), NOW)


def _nps_said(now: np.ndarray, first: np.ndarray | None = None) -> list[str]:
    if first is None:
        return [f"NPS answer {number(one)}" for one in now]
    pairs = zip(now, first, strict=True)
    return [f"NPS answer {number(one)}, first {number(two)}" for one, two in pairs]


def open_ticket(seen: Seen) -> Found | str:
    """Who waits for help: too long where the day of opening is known, else at all."""
    opened, count = seen.named("opened", "date"), seen.named("open", "number")
    if opened is not None:
        return _open_too_long(seen, opened, count)
    if count is None:
        return ""
    tickets = seen.number(count)

    def waits(values: np.ndarray) -> list[str]:
        return [f"{plural(int(one), 'open ticket')}" for one in values]

    rule = f"“{count.name}” is 1 or more; the table does not say since when."
    return Found((count.name,), rule, seen.day, constant(0, tickets >= 1), waits, (tickets,), NOW)


def _open_too_long(seen: Seen, opened: Column, count: Column | None) -> Found:
    days, closed = seen.days(opened), seen.named("closed", "date")
    limit, source = _usual_wait(seen)
    waiting = days <= seen.until
    if closed is not None:
        waiting &= seen.days(closed).unknown
    if count is not None:
        waiting &= seen.number(count) >= 1
    since = days + limit  # the last day on which it is not too long yet
    due = (since + 1).where(waiting & (since < seen.until))

    until = seen.until

    def said(values: np.ndarray) -> list[str]:
        return [f"Open for {plural(int(until - one), 'day')}" for one in values]

    rule = f"A ticket has been open for more than {plural(limit, 'day')}, {source}."
    asides = (Aside("in the future", days > 0),)
    return Found((opened.name,), rule, seen.day, due, said, (days,), SINCE, asides)


def _usual_wait(seen: Seen) -> tuple[int, str]:
    """Days within which nearly all tickets are resolved, and what tells it."""
    for name, unit in (("days_to_resolve", 1), ("hours_to_resolve", 24)):
        column = seen.customers.column(name)
        if column is None:
            continue
        times = seen.number(column)
        known = seen.facts.count(times.known)
        if known >= FEWEST_BUYERS:
            wait = seen.facts.quantile(times, MOST_TICKETS, known) / unit
            return ceil(wait), f"longer than {percent(MOST_TICKETS)} of customers waited"
    return LONGEST_OPEN, "and no column tells how long tickets usually take"


# --- how active they are ----------------------------------------------------------------------------


def falling(seen: Seen) -> Found | str:
    """Whose activity falls: a recent rate against an earlier one, else quiet against her own usual gap."""
    return _rate_falls(seen) or _quiet(seen) or ""


def _rate_falls(seen: Seen) -> Found | None:
    """By two counts of equal time, where a column carries each; a fall that chance could bring is none."""
    pair = _two_rates(seen)
    if pair is None:
        return None
    names, recent, earlier = pair

    def said(lately: np.ndarray, before: np.ndarray) -> list[str]:
        pairs = zip(lately, before, strict=True)
        return [f"{number(one)} lately, {number(two)} before" for one, two in pairs]

    listed = listing([f"“{name}”" for name in names])
    rule = f"Half of the activity before or less, and by more than chance, from {listed}."
    due = constant(0, _fell(recent, earlier))
    return Found(names, rule, seen.day, due, said, (recent, earlier), NOW)


def _fell(recent: Term, earlier: Term) -> Holds:
    """Whose count is half of the earlier one or less, by more than chance.

    In SQL, where there is no such tail, by the least earlier count for each recent one; counts are whole.
    """
    halved = (recent >= 0) & (earlier > 0) & (recent * 2 <= earlier)
    fell = halved.here.copy()
    fell[fell] = _chance(recent.here[fell], earlier.here[fell]) <= BY_CHANCE
    cases = [f"WHEN {recent.sql} = {few} THEN {least}" for few, least in enumerate(_least_earlier())]
    sure = f"{earlier.sql} >= CASE {' '.join(cases)} ELSE 0 END"
    return Holds(fell, f"({halved.sql} AND {sure})", halved.reads)


@cache
def _least_earlier() -> tuple[int, ...]:
    """The least earlier counts that chance does not bring down to 0, 1, 2 … up to `CERTAIN`."""
    recent, earlier = np.mgrid[0:CERTAIN, 1 : 3 * CERTAIN]
    beyond = (_chance(recent.astype(float), earlier.astype(float)) <= BY_CHANCE) & (2 * recent <= earlier)
    return tuple(int(one) + 1 for one in beyond.argmax(axis=1))


CERTAIN = 40  # from about 8 on, half as many is no chance any more


def _chance(recent: np.ndarray, earlier: np.ndarray) -> np.ndarray:
    """How often an unchanged rate puts as few of both counts into the later half: a binomial tail.

    Source: Przyborowski and Wilenski (1940), two Poisson counts compared given their sum.
    """
    return betainc(earlier, recent + 1, 0.5)


def _two_rates(seen: Seen) -> tuple[tuple[str, ...], Term, Term] | None:
    recent, change = (
        seen.customers.column(name) for name in ("events_last_30_days", "events_change_30_days")
    )
    if recent is not None and change is not None:
        now, fewer = seen.number(recent), seen.number(change)
        if seen.facts.everyone is not None and seen.facts.count(now.broken | fewer.broken):
            raise UnusablePlan(f"“{recent.name}” or “{change.name}” has numbers that are not whole.")
        return (recent.name, change.name), now, now - fewer
    timed = [one for one in seen.customers.columns if one.kind == "number" and set(words(one.name)) & _TIMES]
    late = {_without(one.name, _LATE): one for one in timed if set(words(one.name)) & _LATE}
    for one in timed:
        other = late.get(_without(one.name, _EARLY)) if set(words(one.name)) & _EARLY else None
        if other is None or other is one or left_out(one) or left_out(other):
            continue
        now, before = seen.number(other), seen.number(one)
        if _are_counts(seen, now) and _are_counts(seen, before):
            return (other.name, one.name), now, before
    return None


def _are_counts(seen: Seen, values: Term) -> bool:
    """Whether all are whole numbers: the test is for counts, not for money."""
    known, odd = seen.facts.counts([values.known, (values < 0) | values.broken])
    return known > 0 and odd == 0


_TIMES = set("day days week weeks month months quarter quarters year years period d".split())
_LATE = {"last", "recent", "current", "this", "latest"}
_EARLY = {"previous", "prior", "earlier", "before", "preceding"}


def _without(name: str, some: set[str]) -> tuple[str, ...]:
    return tuple(sorted(word for word in words(name) if word not in some))


def _quiet(seen: Seen) -> Found | None:
    """Who has been quiet for three times her own usual gap, in the last days for the first time."""
    habit = _habit(seen)
    if habit is None:
        return None
    columns, last, gap = habit
    since = last + (gap * GAPS_QUIET).ceil().at_least(SHORTEST_QUIET)
    due, asides = _newly(seen, since)

    until = seen.until

    def said(lasts: np.ndarray, gaps: np.ndarray) -> list[str]:
        pairs = zip(until - lasts, gaps, strict=True)
        return [f"Quiet for {plural(int(one), 'day')}, usually {_days_text(two)}" for one, two in pairs]

    rule = (
        f"Quiet for {GAPS_QUIET} times her own usual gap and at least {SHORTEST_QUIET} days since "
        f"“{columns[0]}”, reached in the last {NEWS} days."
    )
    return Found(columns, rule, seen.day, due, said, (last, gap), SINCE, asides)


def _newly(seen: Seen, since: Term) -> tuple[Term, tuple[Aside, ...]]:
    """Who has reached a day lately, and who did longer ago."""
    due = since.where((since <= seen.until) & (since >= _first_of(NEWS)))
    return due, (Aside("reached it longer ago", since < _first_of(NEWS), "customer"),)


def _days_text(days: float) -> str:
    return plural(max(round(days), 1), "day")


def _habit(seen: Seen) -> tuple[tuple[str, ...], Term, Term] | None:
    """The columns, the last activity of each customer and the usual gap before it; none without a habit."""
    log = _orders(seen)
    if log is not None:
        columns, orders, first, last = log
        return columns, last, _gap(first, last, orders - 1, FEWEST_ORDERS - 1)
    signup, active, count = seen.role("signup_date"), seen.role("last_activity_date"), seen.role("orders")
    if signup is None or active is None or count is None:
        return None
    last = seen.days(active)
    gap = _gap(seen.days(signup), last, seen.number(count), FEWEST_ORDERS)
    return (active.name, signup.name, count.name), last, gap


def _gap(first: Term, last: Term, gaps: Term, fewest: int) -> Term:
    """Mean days between two activities."""
    span = last - first
    return span.over(gaps).where((gaps >= fewest) & (span > 0))


def _orders(seen: Seen) -> tuple[tuple[str, ...], Term, Term, Term] | None:
    """Orders of each customer with the days of the first and the last, from columns that go together."""
    first, last = seen.named("first_order", "date"), seen.named("last_order", "date")
    orders = seen.of_log("orders") or seen.role("orders")
    if first is None or last is None or orders is None or orders.kind != "number":
        return None
    names = (last.name, first.name, orders.name)
    return names, seen.number(orders), seen.days(first), seen.days(last)


def second_order(seen: Seen) -> Found | str:
    """Who has ordered once, longer ago than most who order again need for it."""
    log = _orders(seen)
    if log is None:
        return ""
    (_, first_name, name), orders, first, last = log
    gap = _gap(first, last, orders - 1, 1)
    known = seen.facts.count(gap.known)
    if known < FEWEST_BUYERS:
        return f"{FEWEST_BUYERS} customers with two orders or more, to tell when most order again"
    usual = ceil(seen.facts.quantile(gap, MOST_BUYERS, known))
    due, asides = _newly(seen, first.where(orders.is_(1)) + (usual + 1))

    until = seen.until

    def said(values: np.ndarray) -> list[str]:
        return [f"One order, {plural(int(until - one), 'day')} ago" for one in values]

    rule = (
        f"One order, and more than {plural(usual, 'day')} since: {percent(MOST_BUYERS)} of those who order "
        f"again take no longer between orders. Reached in the last {NEWS} days."
    )
    return Found((name, first_name), rule, seen.day, due, said, (first,), SINCE, asides)
