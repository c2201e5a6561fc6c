"""The rules behind the triggers: each looks at a table and says whom it is about, and since or until when."""

import numpy as np
import pandas as pd
from scipy.special import betainc

from segkit.customers.columns.date_names import is_birthday_name
from segkit.customers.table import Column
from segkit.insights.triggers.days import NEVER, days_without_year, next_yearly, years_between
from segkit.insights.triggers.found import NOW, SINCE, Found, Words
from segkit.insights.triggers.seen import Seen, left_out
from segkit.labels import listing, number, percent, plural, words
from segkit.measures.definitions import csat_scale_of
from segkit.measures.kpis import KPIS

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


def _years(count: int) -> np.timedelta64:
    return np.timedelta64(round(count * YEAR), "D")


def _ago(seen: Seen, days: int) -> np.datetime64:
    """The first of the last so many days, today included."""
    return seen.day - np.timedelta64(days - 1, "D")


def always(text: str) -> Words:
    """The same words for everybody."""
    return lambda rows: [text] * len(rows)


def _aside(counts: dict[str, np.ndarray]) -> str:
    """Count dates that were left out, by why: "3 dates in the future; left out"."""
    told = [f"{plural(int(many.sum()), 'date')} {what}" for what, many in counts.items() if many.any()]
    return f"{listing(told)}; left out." if told else ""


# --- what is coming ---------------------------------------------------------------------------------


def ahead(seen: Seen, column: Column | None, what: str) -> Found | str:
    """Whose date in a column is today or later."""
    if column is None:
        return ""
    days = seen.days(column)
    far, past = days > seen.day + _years(FARTHEST), days < seen.day
    due = np.where(far | past, NEVER, days)
    aside = _aside({f"more than {FARTHEST} years ahead": far, "already past": past})
    return Found((column.name,), f"{what} on the day in “{column.name}”.", due, always(what), aside=aside)


def renewal(seen: Seen) -> Found | str:
    """Whose renewal is ahead."""
    return ahead(seen, seen.role("renewal_date"), "Renews")


def contract_end(seen: Seen) -> Found | str:
    """Who has cancelled to a day ahead, or whose contract ends then."""
    return ahead(seen, seen.role("churn_date"), "Contract ends")


def birthday(seen: Seen) -> Found | str:
    """Whose birthday comes next; age is nobody's business here."""
    column, days = seen.role("birthday"), None
    if column is not None:
        days = seen.days(column)
    else:
        days, column = _without_year(seen)
    if column is None or days is None:
        return ""
    future, old = days > seen.day, days < seen.day - _years(LONGEST_LIFE)
    filler = old & (days == days.astype("datetime64[Y]").astype("datetime64[D]"))
    due = next_yearly(np.where(future | filler, NEVER, days), seen.day)
    aside = _aside({"in the future": future, f"on 1 January over {LONGEST_LIFE} years ago": filler})
    rule = f"The day of the year in “{column.name}”; 29 February is kept on the 28th where there is no 29th."
    return Found((column.name,), rule, due, always("Birthday"), aside=aside)


def _without_year(seen: Seen) -> tuple[np.ndarray | None, Column | None]:
    """Birthdays of day and month only, which are texts to the reader."""
    for column in seen.customers.columns:
        if column.kind in ("category", "text") and is_birthday_name(column.name):
            days = days_without_year(seen.customers.frame[column.name])
            if not np.isnat(days).all():
                return days, column
    return None, None


def anniversary(seen: Seen) -> Found | str:
    """Who has been a customer for whole years."""
    column = seen.role("signup_date")
    if column is None:
        return ""
    signup = seen.days(column)
    future, old = signup > seen.day, signup < seen.day - _years(OLDEST_CUSTOMER)
    known = np.where(future | old, NEVER, signup)
    due = next_yearly(known, seen.day)
    due[known == seen.day] = next_yearly(np.array([seen.day]), seen.day + np.timedelta64(1, "D"))[0]

    def said(rows: np.ndarray) -> list[str]:
        return [f"{plural(int(years), 'year')} with you" for years in years_between(known[rows], due[rows])]

    aside = _aside({"in the future": future, f"more than {OLDEST_CUSTOMER} years ago": old})
    return Found((column.name,), f"Whole years since “{column.name}”.", due, said, aside=aside)


# --- what has happened ------------------------------------------------------------------------------


def happened(seen: Seen, column: Column | None, what: str, days: int = NEWS) -> Found | str:
    """Whose date in a column lies in the last days, today included."""
    if column is None:
        return ""
    dates = seen.days(column)
    later = dates > seen.day
    due = np.where((dates >= _ago(seen, days)) & ~later, dates, NEVER)
    rule = f"{what} in the last {days} days, by “{column.name}”."
    return Found((column.name,), rule, due, always(what), SINCE, _aside({"in the future": later}))


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
    tier = tiers[0] if tiers else None
    changed, said = _other_tier(seen, tier, before)
    if when is not None:
        found = happened(seen, when, "Plan changed")
        assert isinstance(found, Found)
        return Found(found.columns, found.rule, found.due, said or found.words, SINCE, found.aside)
    if changed is None or said is None or tier is None or before is None:
        return ""
    rule = f"“{tier.name}” is not what “{before.name}” was; the table does not say since when."
    return Found((tier.name, before.name), rule, np.where(changed, seen.day, NEVER), said, when=NOW)


LEVELS = ("category", "text", "yes/no", "number")  # kinds that can hold a plan


def _other_tier(
    seen: Seen, tier: Column | None, before: Column | None
) -> tuple[np.ndarray | None, Words | None]:
    """Who has another plan than before, and from which to which."""
    if tier is None or before is None:
        return None, None
    now, old = (seen.customers.frame[one.name] for one in (tier, before))
    (now_codes, now_names), (old_codes, old_names) = (pd.factorize(one) for one in (now, old))
    said = [[str(name).strip() for name in names] for names in (now_names, old_names)]
    same = np.array([[one.casefold() == two.casefold() for two in [*said[1], ""]] for one in [*said[0], ""]])

    def words(rows: np.ndarray) -> list[str]:
        pairs = zip(old_codes[rows], now_codes[rows], strict=True)
        return [
            f"From {said[1][one]} to {said[0][two]}" if one >= 0 and two >= 0 else "Plan changed"
            for one, two in pairs
        ]

    return (now_codes >= 0) & (old_codes >= 0) & ~same[now_codes, old_codes], words


# --- how they feel ----------------------------------------------------------------------------------


def _values(seen: Seen, kpi: str) -> np.ndarray:
    return next(one for one in KPIS if one.key == kpi).values(seen.customers)


def _recently(seen: Seen, chosen: np.ndarray) -> tuple[np.ndarray, Column | None, str]:
    """The days of some answers, which column tells them, and that as the end of a rule."""
    column = seen.named("answered", "date")
    if column is None:
        text = "; the table does not say when she answered"
        return np.where(chosen, seen.day, NEVER), None, text
    days = seen.days(column)
    recent = (days >= _ago(seen, ANSWER_NEWS)) & (days <= seen.day)
    return np.where(chosen & recent, days, NEVER), column, f", answered in the last {ANSWER_NEWS} days"


def low_csat(seen: Seen) -> Found | str:
    """Who is dissatisfied: in the lowest quarter of the scale, 2 or less of 1–5."""
    column = seen.role("csat")
    if column is None:
        return ""
    answers, (low, high) = _values(seen, "csat"), csat_scale_of(seen.customers)
    limit = low + LOW_CSAT * (high - low)
    due, when, ending = _recently(seen, answers <= limit)
    rule = f"“{column.name}” is {limit:g} or less on {low}–{high}{ending}."

    def said(rows: np.ndarray) -> list[str]:
        return [f"CSAT {number(one)} on {low}–{high}" for one in answers[rows]]

    columns = (column.name, *([when.name] if when else []))
    return Found(columns, rule, due, said, when=SINCE if when else NOW)


def new_detractor(seen: Seen) -> Found | str:
    """Who would not recommend: in a recent answer, or after not having been a detractor at first."""
    column, trend = seen.role("nps"), seen.customers.column("nps_trend")
    if column is None:
        return ""
    answers = _values(seen, "nps")
    due, when, ending = _recently(seen, answers <= DETRACTOR)
    if when is not None:
        rule = f"“{column.name}” is {DETRACTOR} or less{ending}."
        return Found((column.name, when.name), rule, due, _nps_words(answers, None), SINCE)
    if trend is None:
        return "the date of the answer (or a file of survey answers, which tells what she answered before)"
    latest = seen.of_log("nps") or column
    now = seen.numbers(latest)
    first = now - seen.numbers(trend)
    turned = (now <= DETRACTOR) & (first > DETRACTOR)
    rule = f"“{latest.name}” is {DETRACTOR} or less and the first answer was not{ending}."
    due = np.where(turned, seen.day, NEVER)
    return Found((latest.name, trend.name), rule, due, _nps_words(now, first), when=NOW)


def _nps_words(now: np.ndarray, first: np.ndarray | None) -> Words:
    def said(rows: np.ndarray) -> list[str]:
        if first is None:
            return [f"NPS answer {number(one)}" for one in now[rows]]
        pairs = zip(now[rows], first[rows], strict=True)
        return [f"NPS answer {number(one)}, first {number(two)}" for one, two in pairs]

    return said


def open_ticket(seen: Seen) -> Found | str:
    """Who waits for help: too long where the day of opening is known, else at all."""
    opened, count = seen.named("opened", "date"), seen.named("open", "number")
    if opened is None and count is None:
        return ""
    if opened is None:
        assert count is not None
        tickets = seen.numbers(count)

        def waits(rows: np.ndarray) -> list[str]:
            return [f"{plural(int(one), 'open ticket')}" for one in tickets[rows]]

        rule = f"“{count.name}” is 1 or more; the table does not say since when."
        return Found((count.name,), rule, np.where(tickets >= 1, seen.day, NEVER), waits, when=NOW)
    return _open_too_long(seen, opened, count)


def _open_too_long(seen: Seen, opened: Column, count: Column | None) -> Found:
    days, closed = seen.days(opened), seen.days(seen.named("closed", "date"))
    limit, source = _usual_wait(seen)
    waiting = np.isnat(closed) & (days <= seen.known)
    if count is not None:
        waiting &= seen.numbers(count) >= 1
    since = days + np.timedelta64(limit, "D")  # the last day on which it is not too long yet
    due = np.where(waiting & (since < seen.known), since + np.timedelta64(1, "D"), NEVER)

    def said(rows: np.ndarray) -> list[str]:
        return [f"Open for {plural(int(one), 'day')}" for one in (seen.known - days[rows]).astype(int)]

    rule = f"A ticket has been open for more than {plural(limit, 'day')}, {source}."
    return Found((opened.name,), rule, due, said, SINCE, aside=_aside({"in the future": days > seen.day}))


def _usual_wait(seen: Seen) -> tuple[int, str]:
    """Days within which nearly all tickets are resolved, and what tells it."""
    for name, unit in (("days_to_resolve", 1), ("hours_to_resolve", 24)):
        times = seen.numbers(seen.customers.column(name))
        known = times[~np.isnan(times)] / unit
        if len(known) >= FEWEST_BUYERS:
            share = percent(MOST_TICKETS)
            return int(np.ceil(np.quantile(known, MOST_TICKETS))), f"longer than {share} of customers waited"
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
    known = ~np.isnan(recent + earlier) & (recent >= 0) & (earlier > 0)
    fell = known & (recent * 2 <= earlier)
    fell[fell] = _chance(recent[fell], earlier[fell]) <= BY_CHANCE

    def said(rows: np.ndarray) -> list[str]:
        pairs = zip(recent[rows], earlier[rows], strict=True)
        return [f"{number(one)} lately, {number(two)} before" for one, two in pairs]

    listed = listing([f"“{name}”" for name in names])
    rule = f"Half of the activity before or less, and by more than chance, from {listed}."
    return Found(names, rule, np.where(fell, seen.day, NEVER), said, when=NOW)


def _chance(recent: np.ndarray, earlier: np.ndarray) -> np.ndarray:
    """How often an unchanged rate puts as few of both counts into the later half: a binomial tail.

    Source: Przyborowski and Wilenski (1940), two Poisson counts compared given their sum.
    """
    return betainc(earlier, recent + 1, 0.5)


def _two_rates(seen: Seen) -> tuple[tuple[str, ...], np.ndarray, np.ndarray] | None:
    recent, change = (
        seen.customers.column(name) for name in ("events_last_30_days", "events_change_30_days")
    )
    if recent is not None and change is not None:
        now = seen.numbers(recent)
        return (recent.name, change.name), now, now - seen.numbers(change)
    timed = [one for one in seen.customers.columns if one.kind == "number" and set(words(one.name)) & _TIMES]
    late = {_without(one.name, _LATE): one for one in timed if set(words(one.name)) & _LATE}
    for one in timed:
        other = late.get(_without(one.name, _EARLY)) if set(words(one.name)) & _EARLY else None
        if other is None or other is one or left_out(one) or left_out(other):
            continue
        now, before = seen.numbers(other), seen.numbers(one)
        if _are_counts(now) and _are_counts(before):
            return (other.name, one.name), now, before
    return None


def _are_counts(values: np.ndarray) -> bool:
    """Whether all are whole numbers: the test is for counts, not for money."""
    known = values[~np.isnan(values)]
    return len(known) > 0 and bool((known == np.rint(known)).all()) and bool((known >= 0).all())


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
    limit = np.maximum(np.ceil(np.nan_to_num(gap) * GAPS_QUIET), SHORTEST_QUIET).astype("timedelta64[D]")
    since = np.where(np.isnan(gap), NEVER, last + limit)
    due = np.where((since <= seen.known) & (since >= _ago(seen, NEWS)), since, NEVER)
    past = int((since < _ago(seen, NEWS)).sum())

    def said(rows: np.ndarray) -> list[str]:
        quiet = (seen.known - last[rows]).astype(int)
        pairs = zip(quiet, gap[rows], strict=True)
        return [f"Quiet for {plural(int(one), 'day')}, usually {_days_text(two)}" for one, two in pairs]

    rule = (
        f"Quiet for {GAPS_QUIET} times her own usual gap and at least {SHORTEST_QUIET} days since "
        f"“{columns[0]}”, reached in the last {NEWS} days."
    )
    aside = f"{plural(past, 'customer')} reached it longer ago." if past else ""
    return Found(columns, rule, due, said, SINCE, aside)


def _days_text(days: float) -> str:
    return plural(max(round(days), 1), "day")


def _habit(seen: Seen) -> tuple[tuple[str, ...], np.ndarray, np.ndarray] | None:
    """The columns, the last activity of each customer and the usual gap before it; NaN without a habit."""
    log = _orders(seen)
    if log is not None:
        columns, orders, first, last = log
        return columns, last, _gap(first, last, orders - 1, FEWEST_ORDERS - 1)
    signup, active, count = seen.role("signup_date"), seen.role("last_activity_date"), seen.role("orders")
    if signup is None or active is None or count is None:
        return None
    last = seen.days(active)
    gap = _gap(seen.days(signup), last, seen.numbers(count), FEWEST_ORDERS)
    return (active.name, signup.name, count.name), last, gap


def _gap(first: np.ndarray, last: np.ndarray, gaps: np.ndarray, fewest: int) -> np.ndarray:
    """Mean days between two activities."""
    span = (last - first).astype(float)
    known = ~np.isnat(first) & ~np.isnat(last) & (gaps >= fewest) & (span > 0)
    return np.where(known, span / np.maximum(np.nan_to_num(gaps), 1), np.nan)


def _orders(seen: Seen) -> tuple[tuple[str, ...], np.ndarray, np.ndarray, np.ndarray] | None:
    """Orders of each customer with the days of the first and the last, from columns that go together."""
    first, last = seen.named("first_order", "date"), seen.named("last_order", "date")
    orders = seen.of_log("orders") or seen.role("orders")
    if first is None or last is None or orders is None or orders.kind != "number":
        return None
    names = (last.name, first.name, orders.name)
    return names, seen.numbers(orders), seen.days(first), seen.days(last)


def second_order(seen: Seen) -> Found | str:
    """Who has ordered once, longer ago than most who order again need for it."""
    log = _orders(seen)
    if log is None:
        return ""
    (_, first_name, name), orders, first, last = log
    gap = _gap(first, last, orders - 1, 1)
    known = gap[~np.isnan(gap)]
    if len(known) < FEWEST_BUYERS:
        return f"{FEWEST_BUYERS} customers with two orders or more, to tell when most order again"
    usual = int(np.ceil(np.quantile(known, MOST_BUYERS)))
    since = np.where(orders == 1, first, NEVER) + np.timedelta64(usual + 1, "D")
    due = np.where((since <= seen.known) & (since >= _ago(seen, NEWS)), since, NEVER)
    past = int((since < _ago(seen, NEWS)).sum())

    def said(rows: np.ndarray) -> list[str]:
        return [f"One order, {plural(int(one), 'day')} ago" for one in (seen.known - first[rows]).astype(int)]

    rule = (
        f"One order, and more than {plural(usual, 'day')} since: {percent(MOST_BUYERS)} of those who order "
        f"again take no longer between orders. Reached in the last {NEWS} days."
    )
    aside = f"{plural(past, 'customer')} reached it longer ago." if past else ""
    return Found((name, first_name), rule, due, said, SINCE, aside)
