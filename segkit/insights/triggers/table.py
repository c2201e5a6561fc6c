"""The triggers there are, and watching for them in a table.

Each finds a day for each customer it is about. What a table has no column for is not zero: it is listed with
the column that would bring it.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segkit.customers.table import Customers
from segkit.insights.terms import Facts, Holds
from segkit.insights.triggers import rules
from segkit.insights.triggers.found import Found, Trigger
from segkit.insights.triggers.people import Consent, consent_in, gone_in
from segkit.insights.triggers.seen import Seen, Today, today


@dataclass(frozen=True, eq=False)
class Watched:
    """A trigger with what it found in a table."""

    trigger: Trigger
    found: Found


@dataclass(frozen=True, eq=False)
class Watch:
    """All triggers of a table on one day.

    Attributes
    ----------
    day : datetime64[D]
        Counts as today.
    told : Today
        The day that the table itself tells.
    watched : tuple of Watched
        Those the table has columns for, in the order of `TRIGGERS`, then one's own.
    absent : tuple of (Trigger, str)
        The others, each with what it needs.
    consent : Consent, optional
        Who may be written to, where a column tells.
    gone : Holds, optional
        Who has left, where a column tells.
    """

    day: np.datetime64
    told: Today
    watched: tuple[Watched, ...]
    absent: tuple[tuple[Trigger, str], ...]
    consent: Consent | None
    gone: Holds | None

    @property
    def left(self) -> np.ndarray | None:
        """Who of those in memory has left, as a bool array; None where no column tells."""
        return None if self.gone is None else self.gone.here


def watch(
    customers: Customers,
    day: datetime.date | None = None,
    own: Sequence[Trigger] = (),
    told: Today | None = None,
) -> Watch:
    """Look for every trigger in a table.

    Parameters
    ----------
    customers : Customers
    day : date, optional
        Counts as today; by default the day that the table is counted to (see `seen.today`).
    own : sequence of Trigger
        Triggers of one's own, see `own.OwnTrigger`.
    told : Today, optional
        The day that the whole table tells, where these are some of its customers; by default `seen.today`.

    Returns
    -------
    Watch
    """
    told = told or today(customers)
    now = told.day if day is None else np.datetime64(day, "D")
    seen = Seen(Facts(customers), now, min(now, known_day(told, now)))
    looked = [(one, one.find(seen)) for one in (*TRIGGERS, *own)]
    return Watch(
        now,
        told,
        tuple(Watched(one, found) for one, found in looked if isinstance(found, Found)),
        tuple((one, found or one.needs) for one, found in looked if not isinstance(found, Found)),
        consent_in(seen.facts),
        gone_in(seen.facts, now),
    )


def known_day(told: Today, now: np.datetime64) -> np.datetime64:
    """The last day that the table tells of; today where nothing in it tells."""
    return now if told.by == "clock" else told.day


TRIGGERS = (
    Trigger("renewal", "Renewal", "renewals", "save", "a column that means “Renewal date”", rules.renewal),
    Trigger(
        "contract-end",
        "Contract end",
        "ends of a contract",
        "save",
        "a column that means “Churn date”, with days ahead such as the end of a contract",
        rules.contract_end,
    ),
    Trigger(
        "open-ticket",
        "Open ticket",
        "open tickets",
        "recover",
        "a file of tickets, or the day on which a ticket was opened (“ticket_opened”)",
        rules.open_ticket,
    ),
    Trigger(
        "low-csat",
        "Low CSAT",
        "low CSAT answers",
        "recover",
        "a column that means “CSAT”",
        rules.low_csat,
    ),
    Trigger(
        "new-detractor",
        "New detractor",
        "new detractors",
        "recover",
        "a column that means “NPS answer”, and the day of the answer (“answer_date”)",
        rules.new_detractor,
    ),
    Trigger(
        "falling-activity",
        "Falling activity",
        "cases of falling activity",
        "educate",
        "a file of orders or events; or sign-up date, last activity date and orders",
        rules.falling,
    ),
    Trigger(
        "first-order",
        "First order",
        "first orders",
        "onboard",
        "a file of orders, or the day of the first order (“first_order_date”)",
        rules.first_order,
    ),
    Trigger(
        "second-order",
        "Second order overdue",
        "overdue second orders",
        "onboard",
        "a file of orders, or the number of orders with the days of the first and the last",
        rules.second_order,
    ),
    Trigger(
        "tier-change",
        "Tier change",
        "tier changes",
        "fit",
        "the plan before (“previous_plan”) or the day of the change (“plan_changed”)",
        rules.tier_change,
    ),
    Trigger(
        "move",
        "Move",
        "moves",
        "fit",
        "the day on which the address changed (“address_changed”)",
        rules.move,
    ),
    Trigger(
        "anniversary",
        "Anniversary",
        "anniversaries",
        "advocate",
        "a column that means “Sign-up date”",
        rules.anniversary,
    ),
    Trigger("birthday", "Birthday", "birthdays", "greet", "a column that means “Birthday”", rules.birthday),
)
