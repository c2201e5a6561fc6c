"""The customers behind a number: those of a segment who have an answer for a KPI."""

import numpy as np
import pyarrow as pa

from segkit.customers.table import Customers
from segkit.exports.lists import table_csv, with_segments
from segkit.measures.definitions import KpiDefinition
from segkit.measures.kpis import BASE
from segkit.segments.segmentation import Assignment


def behind(
    customers: Customers, assignment: Assignment, segment: str, definition: KpiDefinition
) -> np.ndarray:
    """Find the rows that count in one cell of the KPI table.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table.
    segment : str
        Key of a segment, "all" for everyone, "none" for those who fit none.
    definition : KpiDefinition

    Returns
    -------
    int array
        Row numbers, in the order of the table.
    """
    counts = ~np.isnan(definition.values(customers))
    if segment != BASE:
        counts &= assignment.members(segment)
    return np.flatnonzero(counts)


def behind_table(
    customers: Customers,
    assignment: Assignment,
    rows: np.ndarray,
    definition: KpiDefinition,
    personal: bool = False,
) -> pa.Table:
    """List customers: id, segment, what each contributes to the KPI, then the columns of the file.

    Columns with personal data are left out unless they are asked for.
    """
    table = with_segments(customers, assignment).take(pa.array(rows))
    hidden = set() if personal else {column.name for column in customers.columns if column.hidden}
    table = table.select([name for name in table.column_names if name not in hidden])
    if not definition.needs:
        return table
    label, values = definition.label, definition.values(customers)[rows]
    while label in table.column_names:
        label += " (counted)"
    return table.add_column(min(4, table.num_columns), label, pa.array(values))


def behind_csv(
    customers: Customers,
    assignment: Assignment,
    rows: np.ndarray,
    definition: KpiDefinition,
    personal: bool = False,
) -> bytes:
    """Write `behind_table` as CSV, safe for spreadsheets."""
    return table_csv(behind_table(customers, assignment, rows, definition, personal))
