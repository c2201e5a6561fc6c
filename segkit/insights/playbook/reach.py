"""Whom a play is for: customers still there who show its sign and may be contacted."""

from math import nan

import numpy as np

from segkit.customers.table import Customers
from segkit.insights.playbook.clues import who_meets
from segkit.insights.playbook.limits import Limits
from segkit.insights.playbook.plays import Play
from segkit.insights.playbook.reasons import About
from segkit.measures.definitions import find_kpi, source_columns
from segkit.measures.kpi_table import KpiTable
from segkit.measures.sums import grouped_sums
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
    wanted = wanted_by(play, about) & ~refusing(play, about)
    return wanted & assignment.members(segment) & (assignment.codes >= 0)


def wanted_by(play: Play, about: About) -> np.ndarray:
    """Whom a play is for, in all segments, whether they agreed to be contacted or not."""
    wanted = about.still.copy()
    for one in play.reach:
        if isinstance(one, Test):
            met = who_meets(one, about.customers)
            wanted &= np.zeros(len(wanted), dtype=bool) if met is None else met == 1
        elif (flags := about.crowds[one]) is not None:
            wanted &= flags.values == 1
    return wanted


def reaches_all(play: Play, about: About) -> bool:
    """Whether nothing narrows down whom a play is for, though it should."""
    return bool(play.reach) and all(isinstance(one, str) and about.crowds[one] is None for one in play.reach)


def refusing(play: Play, about: About) -> np.ndarray:
    """Who may not be contacted by a play; an empty consent is none."""
    flags = about.crowds["unreachable"]
    if not play.contact or flags is None:
        return np.zeros(len(about.still), dtype=bool)
    return flags.values != 0


def counts_by_segment(belongs: np.ndarray, assignment: Assignment) -> np.ndarray:
    """How many of some customers are in each segment."""
    inside = assignment.codes[belongs & (assignment.codes >= 0)]
    return np.bincount(inside, minlength=len(assignment.segments))


def stakes_by_segment(belongs: np.ndarray, about: About) -> list[float]:
    """Revenue of some customers by segment; NaN where fewer than 5 of them have one."""
    definition = find_kpi("revenue")
    if source_columns(definition, about.customers) is None:
        return [nan] * len(about.assignment.segments)
    sums, _ = grouped_sums(np.where(belongs, definition.values(about.customers), nan), about.groups)
    return [one.sum if one.answered >= SMALLEST_SHOWN else nan for one in sums]
