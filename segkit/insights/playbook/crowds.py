"""Who is a detractor, quiet, new or of high value: a row of `CROWDS` each.

A crowd whose columns the table has not is none, and says which column would bring it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from segkit.customers.retention import counted_to
from segkit.customers.table import Column, Customers
from segkit.insights.playbook.columns import means, named_column, outermost, roots
from segkit.insights.playbook.limits import Limits
from segkit.insights.terms import Facts, Holds, Term, nobody
from segkit.labels import in_sentence, listing, plural, readable, words
from segkit.measures.definitions import find_kpi, source_columns


@dataclass(frozen=True, eq=False)
class Flags:
    """Who belongs to a crowd.

    Attributes
    ----------
    belongs : Term
        1 or 0 per customer, none where it is not known.
    columns : tuple of str
        What it was taken from.
    verb : str
        What is said of those who belong: "are detractors (NPS 0 to 6)".
    noun : str
        What they are called: "detractors (NPS 0 to 6)".
    usual : float
        The share of everyone who belongs by definition; a segment has to be above it, whatever the limit.
    """

    belongs: Term
    columns: tuple[str, ...]
    verb: str
    noun: str
    usual: float = 0.0


@dataclass(frozen=True)
class Crowd:
    """A row of `CROWDS`: some customers, by what the table says of each.

    Attributes
    ----------
    key : str
    needs : str
        Which column would bring it, to follow "needs".
    find : function
        A table and limits to `Flags`; None without its columns.
    """

    key: str
    needs: str
    find: Callable[[Facts, Limits], Flags | None]


def _answering(
    facts: Facts, kpi: str, belongs: Callable[[Term], Holds], verb: str, noun: str
) -> Flags | None:
    """Whose answer to what a KPI counts is of some kind."""
    columns = source_columns(find_kpi(kpi), facts.customers)
    if columns is None:
        return None
    answers = facts.kpi(kpi)
    return Flags(belongs(answers).number.where(answers.known), columns, verb, noun)


def _detractors(facts: Facts, limits: Limits) -> Flags | None:
    noun = "detractors (NPS 0 to 6)"
    return _answering(facts, "nps", lambda answers: answers <= 6, f"are {noun}", noun)


def _promoters(facts: Facts, limits: Limits) -> Flags | None:
    noun = "promoters (NPS 9 or 10)"
    return _answering(facts, "nps", lambda answers: answers >= 9, f"are {noun}", noun)


def _satisfied(facts: Facts, limits: Limits) -> Flags | None:
    if facts.customers.with_role("csat") is None:
        return None
    said = ("are satisfied", "satisfied customers")
    return _answering(facts, "csat_satisfied", lambda answers: answers.is_(1), *said)


def _valuable(facts: Facts, limits: Limits) -> Flags | None:
    """The part of everyone that brings most revenue."""
    columns = source_columns(find_kpi("revenue"), facts.customers)
    if columns is None:
        return None
    revenue = facts.kpi("revenue")
    part = outermost(facts, revenue, limits["valuable"] / 100, top=True)
    if part is None:
        return None
    noun = f"high-value customers (revenue {part.border})"
    return Flags(part.who.number.where(revenue.known), columns, f"are {noun}", noun)


def _quiet(facts: Facts, limits: Limits) -> Flags | None:
    """Who has not been active for some days."""
    found = _days_quiet(facts)
    if found is None:
        return None
    days, column = found
    said = plural(round(limits["quiet_days"]), "day")
    values = (days >= limits["quiet_days"]).number.where(days.known)
    verb = f"have not been active for {said} or more"
    return Flags(values, roots(column), verb, f"customers quiet for {said} or more")


def _days_quiet(facts: Facts) -> tuple[Term, Column] | None:
    """Days since each customer was last active, and the column that tells."""
    dated = facts.customers.with_role("last_activity_date")
    if dated is not None:
        return _days_ago(facts, dated), dated
    names = ({"recency"}, {"days", "since", "last"}, {"inactive", "days"})
    column = named_column(facts.customers, names)
    return None if column is None else (facts.number(column), column)


def _days_ago(facts: Facts, column: Column) -> Term:
    """Days from a date to the day that the table is counted to."""
    if column.kind != "date":
        return facts.number(column)
    return facts.days(column, counted_to(facts.customers)) * -1


BUYING = (
    "lead, prospect, mql, marketing qualified lead, sql, sales qualified lead, opportunity, trial, in trial, "
    "free trial, interest, consideration, decision, intent, evaluation, demo, quote, negotiation"
).split(", ")
LEAVING = "at risk, declining, cooling, slipping, dormant, inactive, sleeping, paused, cancelling".split(", ")
NEW = "new, onboarding, first purchase, activation".split(", ")
"""Stages of a journey as tables call them; `segments.methods.stages` orders the same words."""


def _in_stage(facts: Facts, stages: Sequence[str], noun: str) -> Flags | None:
    """Who is in one of some stages; None where the table has no such stage."""
    column = facts.customers.with_role("journey_stage")
    if column is None or column.kind not in ("category", "yes/no"):
        return None
    levels = facts.levels(column)
    named = [name for name in levels.names if _plain(name) in stages]
    if not named:
        return None
    values = levels.among(lambda name: name in named).number.where(levels.places.known)
    stage = listing([f"“{name}”" for name in named]).replace(" and ", " or ")
    return Flags(values, roots(column), f"are in the stage {stage}", f"{noun} (stage {stage})")


def _plain(name: str) -> str:
    return " ".join(words(name))


def _buying(facts: Facts, limits: Limits) -> Flags | None:
    return _in_stage(facts, BUYING, "customers about to buy")


def _at_risk(facts: Facts, limits: Limits) -> Flags | None:
    return _in_stage(facts, LEAVING, "customers at risk")


def _leaving(facts: Facts, limits: Limits) -> Flags | None:
    """Who shows a sign of leaving: the stage says so, or she is quiet."""
    found = [one for one in (_at_risk(facts, limits), _quiet(facts, limits)) if one is not None]
    if not found:
        return None
    values = reduce(Term.larger, [one.belongs for one in found])
    columns = tuple(name for one in found for name in one.columns)
    verb = " or ".join(one.verb for one in found)
    return Flags(values, columns, verb, " or ".join(one.noun for one in found))


def _new(facts: Facts, limits: Limits) -> Flags | None:
    """Who has joined lately, by date, else by stage."""
    signup = facts.customers.with_role("signup_date")
    if signup is None:
        return _in_stage(facts, NEW, "new customers")
    days, said = _days_ago(facts, signup), plural(round(limits["new_days"]), "day")
    verb, noun = f"signed up in the last {said}", f"customers who signed up in the last {said}"
    return Flags((days <= limits["new_days"]).number.where(days.known), roots(signup), verb, noun)


CALLS = ({"phone", "requests"}, {"phone", "calls"}, {"phone", "tickets"}, {"calls"}, {"hotline"})


def _callers(facts: Facts, limits: Limits) -> Flags | None:
    """Who has called, among those who asked for help at all where that is known."""
    column = named_column(facts.customers, CALLS, ("number", "yes/no"))
    if column is None:
        return None
    calls, tickets = facts.number(column), facts.customers.with_role("tickets")
    values = (calls > 0).number.where(calls.known)
    if tickets is not None:
        values = values.where(calls.larger(facts.number(tickets)) > 0)
    return Flags(values, roots(column), "have called", "customers who have called")


USE = (
    {"sessions"},
    {"logins"},
    {"usage"},
    {"active", "days"},
    {"features", "used"},
    {"engagement"},
    {"visits"},
)


def _idle(facts: Facts, limits: Limits) -> Flags | None:
    """The third of everyone that uses least."""
    return _third(facts, USE, top=False)


PRICE = ({"price", "sensitivity"}, {"discount"}, {"discounts"}, {"deals"}, {"coupons"}, {"vouchers"})


def _sensitive(facts: Facts, limits: Limits) -> Flags | None:
    """The third of everyone that looks most at prices."""
    return _third(facts, PRICE, top=True)


def _third(facts: Facts, names: Sequence[set[str]], top: bool) -> Flags | None:
    """Who is in the highest or lowest third of everyone in the first column of some name."""
    column = named_column(facts.customers, names)
    if column is None:
        return None
    values = facts.number(column)
    part = outermost(facts, values, 1 / 3, top)
    if part is None:
        return None
    where = f"{in_sentence(readable(column.name))} {part.border}"
    belongs = part.who.number.where(values.known)
    return Flags(belongs, roots(column), f"have {where}", f"customers with {where}", part.share)


REFUSED = "none, no, not given, opt out, opted out, unsubscribed, refused, withdrawn, denied, false, 0".split(
    ", "
)


def _unreachable(facts: Facts, limits: Limits) -> Flags | None:
    """Who has said no to every channel."""
    column = facts.customers.with_role("channel_consent")
    if column is None or column.kind not in ("category", "yes/no"):
        return None
    levels = facts.levels(column)
    values = levels.among(lambda name: _plain(name) in REFUSED).number.where(levels.places.known)
    verb = "have not agreed to be contacted"
    return Flags(values, roots(column), verb, "customers who have not agreed to be contacted")


def _costly(facts: Facts, limits: Limits) -> Flags | None:
    """Who costs more to serve than she leaves as margin."""
    columns = source_columns(find_kpi("margin"), facts.customers)
    if columns is None:
        return None
    left, spent = facts.kpi("margin"), facts.kpi("cost_to_serve")
    values = (spent > left).number.where(left.known & spent.known)
    noun = "customers who cost more than their margin"
    return Flags(values, columns, "cost more to serve than their margin", noun)


def find_crowd(key: str) -> Crowd:
    """Look a crowd up by its key."""
    return next(one for one in CROWDS if one.key == key)


def still_there(customers: Customers) -> np.ndarray:
    """Who is not known to have left, as a bool array."""
    return ~left_in(Facts(customers)).here


def left_in(facts: Facts) -> Holds:
    """Who is known to have left.

    Retention that was computed from the last activity says who was quiet, not who left, and is not taken.
    """
    quiet = facts.customers.with_role("last_activity_date")
    columns = source_columns(find_kpi("retention"), facts.customers)
    derived = columns is not None and len(columns) > 1 and quiet is not None and quiet.name in columns[1:]
    if columns is None or derived:
        return nobody(facts.customers)
    return facts.kpi("retention").is_(0)


CROWDS = (
    Crowd("detractors", means("nps"), _detractors),
    Crowd("promoters", means("nps"), _promoters),
    Crowd("satisfied", means("csat"), _satisfied),
    Crowd("valuable", means("revenue"), _valuable),
    Crowd("quiet", f"{means('last_activity_date')}, or a number called recency", _quiet),
    Crowd("buying", f"{means('journey_stage')}, with a stage such as lead or trial", _buying),
    Crowd("at_risk", f"{means('journey_stage')}, with a stage such as at risk", _at_risk),
    Crowd("leaving", f"{means('last_activity_date')}, or a stage such as at risk", _leaving),
    Crowd("callers", "a number of phone requests (add your tickets on the Data page)", _callers),
    Crowd("new", f"{means('signup_date')}, or a stage such as new", _new),
    Crowd("idle", "a number that tells use, such as sessions, logins or visits", _idle),
    Crowd("sensitive", "a number such as price sensitivity, discount share or deals", _sensitive),
    Crowd("unreachable", means("channel_consent"), _unreachable),
    Crowd("costly", "columns that mean “Revenue” and “Cost to serve”", _costly),
)
