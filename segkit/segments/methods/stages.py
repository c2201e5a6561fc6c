"""Stages: where customers are on their way, as the table says or as dates tell.

From dates, the first that fits counts: won back (left, and active again since), lapsed (left), new (signed up
lately), active, at risk (quiet for a while), lapsed (quiet for long). The day that counts as today is that of
the table, so next month's table is judged by its own day.
"""

from dataclasses import dataclass

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.labels import number
from segkit.segments.conditions import Condition, Every, Quantity, Test
from segkit.segments.methods.columns import UNKNOWN, by_value, level_column, levels_of, ranked
from segkit.segments.methods.draft import Draft, ruled
from segkit.segments.methods.options import absent, column_for, number_option, said
from segkit.segments.plan import Plan
from segkit.segments.watching import Watch

NEW_DAYS = ACTIVE_DAYS = 90  # a quarter: the window of retention from last activity
LAPSED_DAYS = 180  # two quarters without activity
ORDER = ("New", "Active", "At risk", "Lapsed", "Won back", UNKNOWN)
SOURCES = ("column", "dates")

LADDERS = (
    (
        "visitor/anonymous",
        "subscriber",
        "lead/prospect",
        "mql/marketing qualified lead",
        "sql/sales qualified lead",
        "opportunity",
        "trial",
        "new/onboarding/first purchase",
        "active/customer/engaged/growing",
        "repeat/regular/mature",
        "loyal/vip/advocate/evangelist/champion",
        "at risk/declining/cooling/slipping",
        "dormant/inactive/sleeping/paused",
        "lapsed/churned/lost/former/cancelled",
        "won back/winback/reactivated/returned",
    ),
    (
        "awareness",
        "interest/consideration",
        "decision/intent",
        "purchase/action",
        "retention/service",
        "loyalty",
        "advocacy",
    ),
    ("acquisition", "activation", "retention", "referral", "revenue"),
)
"""Words for stages, the earliest first; a column is ordered by the ladder that has all its values."""


def stages(customers: Customers, plan: Plan, watch: Watch) -> Draft:
    """Draft the stages of the customer journey.

    Parameters
    ----------
    customers : Customers
    plan : Plan
        Options: "from" is "column" or "dates" (usual: the column that means "Journey stage" where there is
        one, else dates); "column" names another column; "new_days" (90), "active_days" (90) and "lapsed_days"
        (180) are the windows.
    watch : function

    Raises
    ------
    UnusablePlan
        There is neither a column of stages nor a date of last activity or churn, or a window is none.
    """
    watch("Reading the stages", 0.2)
    source = plan.option("from")
    if source not in (None, *SOURCES):
        raise UnusablePlan(f"Stages come from “column” or from “dates”, not from {said(source)}.")
    written = None if source == "dates" else level_column(customers, plan, ("journey_stage",))
    if written is not None:
        return by_value(customers, written, ranked(levels_of(customers, written), LADDERS))
    if source == "column":
        raise absent("Stages", ("journey_stage",), "column")
    return _from_dates(customers, plan)


@dataclass(frozen=True)
class Dates:
    """The dates of a customer's way that the table has."""

    signup: Quantity | None
    activity: Quantity | None
    churn: Quantity | None


def _from_dates(customers: Customers, plan: Plan) -> Draft:
    dates = Dates(*(_days_since(customers, plan, role) for role in ROLES))
    if dates.activity is None and dates.churn is None:
        raise absent("Stages", ("journey_stage", "last_activity_date", "churn_date"), "last_activity_date")
    new, active, lapsed = _windows(plan)
    rules = [*_left(dates, active), *_joined(dates, new), *_quiet(dates, active, lapsed)]
    return ruled(customers, rules, UNKNOWN, _notes(dates, active), (), ORDER)


ROLES = ("signup_date", "last_activity_date", "churn_date")


def _days_since(customers: Customers, plan: Plan, role: str) -> Quantity | None:
    column = column_for(customers, plan, role, (role,), ("date",))
    return Quantity(column.name, "days_ago") if column else None


def _windows(plan: Plan) -> tuple[float, float, float]:
    new = number_option(plan, "new_days", NEW_DAYS, 0)
    active = number_option(plan, "active_days", ACTIVE_DAYS, 1)
    lapsed = number_option(plan, "lapsed_days", LAPSED_DAYS, 1)
    if lapsed <= active:
        raise UnusablePlan(
            f"Customers lapse after {number(lapsed)} days and are active for {number(active)}. "
            "Give “lapsed_days” more than “active_days”, so that there is room for those at risk."
        )
    return new, active, lapsed


def _left(dates: Dates, active: float) -> list[tuple[str, Condition]]:
    """Won back is who left before the window of activity and was active in it."""
    if dates.churn is None:
        return []
    rules: list[tuple[str, Condition]] = [("Lapsed", Test(dates.churn, ">=", (0.0,)))]  # not yet, if planned
    if dates.activity is not None:
        again = Every((Test(dates.churn, ">", (active,)), Test(dates.activity, "<=", (active,))))
        rules.insert(0, ("Won back", again))
    return rules


def _joined(dates: Dates, new: float) -> list[tuple[str, Condition]]:
    return [("New", Test(dates.signup, "<=", (new,)))] if dates.signup else []


def _quiet(dates: Dates, active: float, lapsed: float) -> list[tuple[str, Condition]]:
    if dates.activity is not None:
        return [
            ("Active", Test(dates.activity, "<=", (active,))),
            ("At risk", Test(dates.activity, "<=", (lapsed,))),
            ("Lapsed", Test(dates.activity, "known")),
        ]
    there = dates.signup or dates.churn
    assert there is not None  # one date at least is there
    if dates.signup:
        return [("Active", Test(there, "known"))]
    return [("Active", Test(there, "missing")), ("Active", Test(there, "<", (0.0,)))]


def _notes(dates: Dates, active: float) -> tuple[str, ...]:
    if dates.churn is None:
        return ("No column says when customers left, so nobody is “Won back”.",)
    if dates.activity is None:
        return ("No column says when customers were last active, so who has not left is “Active”.",)
    return (
        f"“Won back” left more than {number(active)} days ago and was active in the last {number(active)}.",
    )
