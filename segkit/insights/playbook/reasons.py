"""What plays are judged on, and a reason: what holds of a segment, with its numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from segkit.customers.table import Customers
from segkit.insights.playbook.columns import roots
from segkit.insights.playbook.crowds import CROWDS, Flags, find_crowd, left_in
from segkit.insights.playbook.limits import Limits
from segkit.insights.terms import Facts, Holds, Term
from segkit.measures.kpi_table import KpiTable
from segkit.measures.sums import Groups, Sums, grouped_sums
from segkit.segments.segmentation import Assignment, Segment

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
    """What plays are judged on.

    Attributes
    ----------
    facts : Facts
    segments : tuple of Segment
    sizes : tuple of int
        Customers of each.
    dimensions : tuple of str
        What the segments were made from.
    kpis : KpiTable
    limits : mapping of str to float
    crowds : mapping of str to Flags
        None for one whose columns are absent.
    left : Holds
        Who is known to have left.
    all_there : bool
        Whether nobody has.
    added : function
        A term to its sums in each segment.
    unreadable : set of str
        Crowds that cannot be told where the table lives.
    """

    facts: Facts
    segments: tuple[Segment, ...]
    sizes: tuple[int, ...]
    dimensions: tuple[str, ...]
    kpis: KpiTable
    limits: Limits
    crowds: Mapping[str, Flags | None]
    left: Holds
    all_there: bool
    added: Callable[[Term], list[Sums]]
    unreadable: frozenset[str] = frozenset()

    @classmethod
    def of(cls, customers: Customers, assignment: Assignment, kpis: KpiTable, limits: Limits) -> "About":
        """Find the crowds of a table in memory, and who is still there."""
        facts, groups = Facts(customers), Groups.of(assignment.codes, len(assignment.segments))
        left = left_in(facts)
        return cls(
            facts,
            assignment.segments,
            tuple(assignment.sizes.tolist()),
            assignment.dimensions,
            kpis,
            limits,
            {one.key: one.find(facts, limits) for one in CROWDS},
            left,
            not left.here.any(),
            lambda term: grouped_sums(term.here, groups)[0],
        )

    @property
    def noun(self) -> str:
        """What the customers are called whose shares are told."""
        return "customers" if self.all_there else "customers still there"

    def needed(self, crowd: str) -> str:
        """What would bring a crowd that is not there."""
        needs = find_crowd(crowd).needs
        return (
            f"{needs}, in cells that can be read where the table lives" if crowd in self.unreadable else needs
        )

    def circular(self, columns: Sequence[str]) -> bool:
        """Whether the segments were made from one of some columns, or from one that comes from them."""
        formed = set(self.dimensions)
        known = [column for name in columns if (column := self.facts.customers.column(name)) is not None]
        return any(formed & set(roots(column)) for column in known)
