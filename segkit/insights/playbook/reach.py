"""Whom a play is for: customers still there who show its sign and may be contacted."""

from dataclasses import dataclass
from math import nan

import numpy as np

from segkit.customers.table import Customers
from segkit.insights.playbook.limits import Limits
from segkit.insights.playbook.meeting import who_meets
from segkit.insights.playbook.plays import Play
from segkit.insights.playbook.reasons import About
from segkit.insights.terms import Holds, Term, nobody
from segkit.measures.definitions import find_kpi, source_columns
from segkit.measures.kpi_table import KpiTable
from segkit.measures.suppression import SMALLEST_SHOWN
from segkit.segments.conditions import Test
from segkit.segments.segmentation import Assignment


def reached(
    customers: Customers, assignment: Assignment, play: Play, segment: str, limits: Limits
) -> np.ndarray:
    """Find the customers of one segment whom a play is for, as a bool array.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table.
    play : Play
    segment : str
        Key of the segment.
    limits : mapping of str to float
        Those with which it was judged.
    """
    about = About.of(customers, assignment, KpiTable((), {}, {}), limits)
    whom = agreed_to(play, about).here
    return whom & assignment.members(segment) & (assignment.codes >= 0)


def agreed_to(play: Play, about: About) -> Holds:
    """Whom a play reaches, in all segments."""
    return wanted_by(play, about) & ~refusing(play, about)


def wanted_by(play: Play, about: About) -> Holds:
    """Whom a play is for, in all segments, whether they agreed to be contacted or not."""
    wanted = ~about.left
    for one in play.reach:
        if isinstance(one, Test):
            met = who_meets(one, about.facts)
            wanted &= nobody(about.facts.customers) if met is None else met.is_(1)
        elif (flags := about.crowds[one]) is not None:
            wanted &= flags.belongs.is_(1)
    return wanted


def reaches_all(play: Play, about: About) -> bool:
    """Whether nothing narrows down whom a play is for, though it should."""
    return bool(play.reach) and all(isinstance(one, str) and about.crowds[one] is None for one in play.reach)


def refusing(play: Play, about: About) -> Holds:
    """Who may not be contacted by a play; an empty consent is none."""
    flags = about.crowds["unreachable"]
    if not play.contact or flags is None:
        return nobody(about.facts.customers)
    return ~flags.belongs.is_(0)


@dataclass(frozen=True, eq=False)
class Reach:
    """What is added up of a play in each segment.

    Attributes
    ----------
    wanted, agreed : Term
        1 for whom it is for, and for whom of them it may be.
    stake : Term or None
        The revenue of the latter; None where no column tells.
    """

    wanted: Term
    agreed: Term
    stake: Term | None

    @classmethod
    def of(cls, play: Play, about: About) -> "Reach":
        """Whom a play reaches, and what they bring."""
        wanted, agreed = wanted_by(play, about), agreed_to(play, about)
        told = source_columns(find_kpi("revenue"), about.facts.customers) is not None
        return cls(wanted.number, agreed.number, about.facts.kpi("revenue").where(agreed) if told else None)

    @property
    def terms(self) -> list[Term]:
        """All that is added up."""
        return [self.wanted, self.agreed, *([] if self.stake is None else [self.stake])]

    def counts(self, about: About) -> tuple[list[int], list[int]]:
        """How many customers are reached in each segment, and how many have refused."""
        agreed = [round(one.sum) for one in about.added(self.agreed)]
        wanted = [round(one.sum) for one in about.added(self.wanted)]
        return agreed, [one - other for one, other in zip(wanted, agreed, strict=True)]

    def stakes(self, about: About) -> list[float]:
        """Revenue of those who are reached by segment; NaN where fewer than 5 of them have one."""
        if self.stake is None:
            return [nan] * len(about.segments)
        return [one.sum if one.answered >= SMALLEST_SHOWN else nan for one in about.added(self.stake)]
