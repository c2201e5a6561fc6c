"""What a workbook is about, and who stands in its tables in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

from segkit.charts.palette import mark_colour
from segkit.customers.sampling import is_part
from segkit.customers.table import Customers
from segkit.insights.edition import Edition
from segkit.labels import plural
from segkit.measures.kpis import BASE, KpiTable, outcome_columns
from segkit.segments.rules import Rule
from segkit.segments.segmentation import NO_SEGMENT, Assignment, Segmentation

WIDEST_NAME = 50.0  # characters; longer names go on below


@dataclass(frozen=True, eq=False)
class Content:
    """What a workbook is written from.

    Attributes
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table.
    kpis : KpiTable
    segmentation : Segmentation
    edition : Edition
    rules : sequence of Rule
    personal : bool
        Whether ids that are personal data may stand in it.
    """

    customers: Customers
    assignment: Assignment
    kpis: KpiTable
    segmentation: Segmentation
    edition: Edition
    rules: Sequence[Rule]
    personal: bool = False

    @property
    def groups(self) -> list[tuple[str, str]]:
        """Key and name of all segments, of those who fit none, and last of everyone."""
        return [(row.segment, row.segment_name) for row in self.kpis.of("size")]

    @property
    def colours(self) -> dict[str, str]:
        """Colour by key; grey for everyone and for those who fit none."""
        known = {one.key: one.colour for one in self.assignment.segments}
        return {key: mark_colour(known.get(key, -1)) for key in (*known, NO_SEGMENT, BASE)}

    @property
    def name_width(self) -> float:
        """Characters that a column of names needs."""
        longest = max(len(name) for _, name in self.groups)
        return min(max(longest * 1.1 + 3, 24.0), WIDEST_NAME)

    @property
    def outcomes(self) -> list[str]:
        """Columns that KPIs are made of: they have verdicts of their own."""
        return list(outcome_columns(self.kpis.definitions, self.customers))

    @property
    def of_sample(self) -> str:
        """Says that customers were drawn by chance, where the table is too large to be read."""
        if not is_part(self.customers):
            return ""
        return f"From {plural(len(self.customers), 'customer')}, drawn by chance."
