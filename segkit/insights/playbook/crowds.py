"""Who is a detractor, quiet, new or of high value: a row of `CROWDS` each.

A crowd whose columns the table has not is none, and says which column would bring it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from segkit.customers.retention import counted_to
from segkit.customers.table import Column, Customers
from segkit.insights.playbook.columns import means, named_column, outermost, roots
from segkit.insights.playbook.limits import Limits
from segkit.labels import in_sentence, listing, plural, readable, words
from segkit.measures.definitions import find_kpi, source_columns
from segkit.segments.conditions import Quantity
from segkit.segments.features import numeric


@dataclass(frozen=True, eq=False)
class Flags:
    """Who belongs to a crowd.

    Attributes
    ----------
    values : float array
        1 or 0 per customer, NaN where it is not known.
    columns : tuple of str
        What it was taken from.
    verb : str
        What is said of those who belong: "are detractors (NPS 0 to 6)".
    noun : str
        What they are called: "detractors (NPS 0 to 6)".
    usual : float
        The share of everyone who belongs by definition; a segment has to be above it, whatever the limit.
    """

    values: np.ndarray
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
        Customers and limits to `Flags`; None without its columns.
    """

    key: str
    needs: str
    find: Callable[[Customers, Limits], Flags | None]


def _answering(
    customers: Customers, kpi: str, belongs: Callable[[np.ndarray], np.ndarray], verb: str, noun: str
) -> Flags | None:
    """Whose answer to what a KPI counts is of some kind."""
    definition = find_kpi(kpi)
    columns = source_columns(definition, customers)
    if columns is None:
        return None
    answers = definition.values(customers)
    return Flags(np.where(np.isnan(answers), nan, belongs(answers)), columns, verb, noun)


def _detractors(customers: Customers, limits: Limits) -> Flags | None:
    noun = "detractors (NPS 0 to 6)"
    return _answering(customers, "nps", lambda answers: answers <= 6, f"are {noun}", noun)


def _promoters(customers: Customers, limits: Limits) -> Flags | None:
    noun = "promoters (NPS 9 or 10)"
    return _answering(customers, "nps", lambda answers: answers >= 9, f"are {noun}", noun)


def _satisfied(customers: Customers, limits: Limits) -> Flags | None:
    if customers.with_role("csat") is None:
        return None
    return _answering(
        customers, "csat_satisfied", lambda answers: answers == 1, "are satisfied", "satisfied customers"
    )


def _valuable(customers: Customers, limits: Limits) -> Flags | None:
    """The part of everyone that brings most revenue."""
    definition = find_kpi("revenue")
    columns = source_columns(definition, customers)
    if columns is None:
        return None
    part = outermost(definition.values(customers), limits["valuable"] / 100, top=True)
    if part is None:
        return None
    belongs, border = part
    noun = f"high-value customers (revenue {border})"
    return Flags(belongs, columns, f"are {noun}", noun)


def _quiet(customers: Customers, limits: Limits) -> Flags | None:
    """Who has not been active for some days."""
    found = _days_quiet(customers)
    if found is None:
        return None
    days, column = found
    said = plural(round(limits["quiet_days"]), "day")
    values = np.where(np.isnan(days), nan, days >= limits["quiet_days"])
    verb = f"have not been active for {said} or more"
    return Flags(values, roots(column), verb, f"customers quiet for {said} or more")


def _days_quiet(customers: Customers) -> tuple[np.ndarray, Column] | None:
    """Days since each customer was last active, and the column that tells."""
    dated = customers.with_role("last_activity_date")
    if dated is not None:
        days = Quantity(dated.name, "days_ago").numbers(customers.frame, counted_to(customers))
        return days, dated
    column = named_column(customers, ({"recency"}, {"days", "since", "last"}, {"inactive", "days"}))
    return None if column is None else (numeric(customers.frame[column.name]), column)


BUYING = (
    "lead, prospect, mql, marketing qualified lead, sql, sales qualified lead, opportunity, trial, in trial, "
    "free trial, interest, consideration, decision, intent, evaluation, demo, quote, negotiation"
).split(", ")
LEAVING = "at risk, declining, cooling, slipping, dormant, inactive, sleeping, paused, cancelling".split(", ")
NEW = "new, onboarding, first purchase, activation".split(", ")
"""Stages of a journey as tables call them; `segments.methods.stages` orders the same words."""


def _in_stage(customers: Customers, stages: Sequence[str], noun: str) -> Flags | None:
    """Who is in one of some stages; None where the table has no such stage."""
    column = customers.with_role("journey_stage")
    if column is None or column.kind not in ("category", "yes/no"):
        return None
    levels = customers.frame[column.name].cat
    meant = [" ".join(words(str(level))) in stages for level in levels.categories]
    if not any(meant):
        return None
    codes = levels.codes.to_numpy()
    values = np.where(codes < 0, nan, np.array([*meant, False], dtype=float)[codes])
    named = [str(level) for level, fits in zip(levels.categories, meant, strict=True) if fits]
    stage = listing([f"“{name}”" for name in named]).replace(" and ", " or ")
    return Flags(values, roots(column), f"are in the stage {stage}", f"{noun} (stage {stage})")


def _buying(customers: Customers, limits: Limits) -> Flags | None:
    return _in_stage(customers, BUYING, "customers about to buy")


def _at_risk(customers: Customers, limits: Limits) -> Flags | None:
    return _in_stage(customers, LEAVING, "customers at risk")


def _leaving(customers: Customers, limits: Limits) -> Flags | None:
    """Who shows a sign of leaving: the stage says so, or she is quiet."""
    found = [one for one in (_at_risk(customers, limits), _quiet(customers, limits)) if one is not None]
    if not found:
        return None
    values = np.fmax.reduce([one.values for one in found])
    columns = tuple(name for one in found for name in one.columns)
    verb = " or ".join(one.verb for one in found)
    return Flags(values, columns, verb, " or ".join(one.noun for one in found))


def _new(customers: Customers, limits: Limits) -> Flags | None:
    """Who has joined lately, by date, else by stage."""
    signup = customers.with_role("signup_date")
    if signup is None:
        return _in_stage(customers, NEW, "new customers")
    days = Quantity(signup.name, "days_ago").numbers(customers.frame, counted_to(customers))
    said = plural(round(limits["new_days"]), "day")
    values = np.where(np.isnan(days), nan, days <= limits["new_days"])
    return Flags(
        values, roots(signup), f"signed up in the last {said}", f"customers who signed up in the last {said}"
    )


CALLS = ({"phone", "requests"}, {"phone", "calls"}, {"phone", "tickets"}, {"calls"}, {"hotline"})


def _callers(customers: Customers, limits: Limits) -> Flags | None:
    """Who has called, among those who asked for help at all where that is known."""
    column = named_column(customers, CALLS, ("number", "yes/no"))
    if column is None:
        return None
    calls, tickets = numeric(customers.frame[column.name]), customers.with_role("tickets")
    values = np.where(np.isnan(calls), nan, calls > 0)
    if tickets is not None:
        asked = np.fmax(calls, numeric(customers.frame[tickets.name]))
        values = np.where(asked > 0, values, nan)
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


def _idle(customers: Customers, limits: Limits) -> Flags | None:
    """The third of everyone that uses least."""
    return _third(customers, USE, top=False)


PRICE = ({"price", "sensitivity"}, {"discount"}, {"discounts"}, {"deals"}, {"coupons"}, {"vouchers"})


def _sensitive(customers: Customers, limits: Limits) -> Flags | None:
    """The third of everyone that looks most at prices."""
    return _third(customers, PRICE, top=True)


def _third(customers: Customers, names: Sequence[set[str]], top: bool) -> Flags | None:
    """Who is in the highest or lowest third of everyone in the first column of some name."""
    column = named_column(customers, names)
    part = None if column is None else outermost(numeric(customers.frame[column.name]), 1 / 3, top)
    if column is None or part is None:
        return None
    belongs, border = part
    usual = float(np.nanmean(belongs))
    where = f"{in_sentence(readable(column.name))} {border}"
    return Flags(belongs, roots(column), f"have {where}", f"customers with {where}", usual)


REFUSED = "none, no, not given, opt out, opted out, unsubscribed, refused, withdrawn, denied, false, 0".split(
    ", "
)


def _unreachable(customers: Customers, limits: Limits) -> Flags | None:
    """Who has said no to every channel."""
    column = customers.with_role("channel_consent")
    if column is None or column.kind not in ("category", "yes/no"):
        return None
    levels = customers.frame[column.name].cat
    refused = [" ".join(words(str(level))) in REFUSED for level in levels.categories]
    codes = levels.codes.to_numpy()
    values = np.where(codes < 0, nan, np.array([*refused, False], dtype=float)[codes])
    verb = "have not agreed to be contacted"
    return Flags(values, roots(column), verb, "customers who have not agreed to be contacted")


def _costly(customers: Customers, limits: Limits) -> Flags | None:
    """Who costs more to serve than she leaves as margin."""
    margin, cost = find_kpi("margin"), find_kpi("cost_to_serve")
    columns = source_columns(margin, customers)
    if columns is None:
        return None
    left, spent = margin.values(customers), cost.values(customers)
    values = np.where(np.isnan(left) | np.isnan(spent), nan, spent > left)
    return Flags(
        values, columns, "cost more to serve than their margin", "customers who cost more than their margin"
    )


def find_crowd(key: str) -> Crowd:
    """Look a crowd up by its key."""
    return next(one for one in CROWDS if one.key == key)


def still_there(customers: Customers) -> np.ndarray:
    """Who is not known to have left, as a bool array.

    Retention that was computed from the last activity says who was quiet, not who left, and is not taken.
    """
    retention, quiet = find_kpi("retention"), customers.with_role("last_activity_date")
    columns = source_columns(retention, customers)
    derived = columns is not None and len(columns) > 1 and quiet is not None and quiet.name in columns[1:]
    if columns is None or derived:
        return np.ones(len(customers), dtype=bool)
    return retention.values(customers) != 0


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
