"""What plays are judged on, and a reason: what holds of a segment, with its numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from segkit.customers.table import Customers
from segkit.insights.playbook.columns import roots
from segkit.insights.playbook.crowds import CROWDS, Flags, still_there
from segkit.insights.playbook.limits import Limits
from segkit.measures.kpi_table import KpiTable
from segkit.measures.sums import Groups
from segkit.segments.segmentation import Assignment

CIRCULAR = "↻"


@dataclass(frozen=True)
class Told:
    """A reason: what holds of a segment, with its numbers.

    Attributes
    ----------
    text : str
    short : str
        The same with nothing but the number, for a headline.
    circular : bool
        The segments were made from it.
    indicative : bool
        It rests on fewer than 30 answers.
    """

    text: str
    short: str
    circular: bool = False
    indicative: bool = False


Telling = tuple[Told | None, ...] | None
"""A reason per segment, None where it does not hold there; None for all where its columns are absent."""


@dataclass(frozen=True, eq=False)
class About:
    """What plays are judged on."""

    customers: Customers
    assignment: Assignment
    kpis: KpiTable
    limits: Limits
    crowds: Mapping[str, Flags | None]
    groups: Groups
    still: np.ndarray

    @classmethod
    def of(cls, customers: Customers, assignment: Assignment, kpis: KpiTable, limits: Limits) -> "About":
        """Find the crowds of a table, and who is still there."""
        crowds = {one.key: one.find(customers, limits) for one in CROWDS}
        groups = Groups.of(assignment.codes, len(assignment.segments))
        return cls(customers, assignment, kpis, limits, crowds, groups, still_there(customers))

    @property
    def noun(self) -> str:
        """What the customers are called whose shares are told."""
        return "customers" if self.still.all() else "customers still there"

    def circular(self, columns: Sequence[str]) -> bool:
        """Whether the segments were made from one of some columns, or from one that comes from them."""
        formed = set(self.assignment.dimensions)
        known = [column for name in columns if (column := self.customers.column(name)) is not None]
        return any(formed & set(roots(column)) for column in known)
