"""Typical customers and edge cases: who stands for a segment, and who is nearly in another one.

Typical are those nearest to the centre of their segment, on the scale on which the columns formed it. Edge
cases are those with the lowest confidence. Customers of segments with fewer than five are never listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.measures.suppression import SMALLEST_SHOWN
from segkit.segments.features import learned_features
from segkit.segments.segmentation import Assignment, Segment, Segmentation
from segkit.segments.why import SURE, why

MOST = 5  # customers that are read one by one
SAME = 9  # decimals of a distance: what differs by less differs by rounding


@dataclass(frozen=True)
class EdgeCase:
    """A customer who is nearly in another segment.

    Attributes
    ----------
    row : int
        Her place in the table.
    confidence : float
    nearest : Segment or None
        The segment she would be in next; None where there is none.
    """

    row: int
    confidence: float
    nearest: Segment | None


def typical_rows(customers: Customers, assignment: Assignment, key: str, most: int = MOST) -> tuple[int, ...]:
    """Find the customers nearest to the centre of a segment.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table, row by row.
    key : str
        Of the segment.
    most : int

    Returns
    -------
    tuple of int
        Row numbers, the nearest first; customers who are as near come in the order of their ids. Empty for a
        segment of fewer than five, and where no column can be measured (rules on dates).

    Notes
    -----
    Columns are prepared as for forming segments, standardised and with missing values in the middle, whatever
    weights the plan gave them; the distance is Euclidean, the centre the mean of the members.
    """
    rows = np.flatnonzero(assignment.members(key))
    points = _prepared(customers, assignment, rows) if len(rows) >= SMALLEST_SHOWN else None
    if points is None:
        return ()
    return tuple(rows[_lowest(_distances(points), customers.ids.iloc[rows].to_numpy(), most)].tolist())


def _prepared(customers: Customers, assignment: Assignment, rows: np.ndarray) -> np.ndarray | None:
    """The columns that formed the segments as numbers, of some customers; None where there is none."""
    known = [customers.column(name) for name in assignment.dimensions]
    names = [one.name for one in known if one is not None and one.can_form_segments]
    try:
        features = learned_features(customers, names, "standard")[0]
    except UnusablePlan:
        return None
    return np.hstack([feature.transform(customers.frame[feature.name].iloc[rows]) for feature in features])


def _distances(points: np.ndarray) -> np.ndarray:
    """Squared distance of each point from their mean."""
    apart = points - np.round(points.mean(axis=0), SAME + 1)  # rounded: the same in any order of rows
    return np.round(np.einsum("ij,ij->i", apart, apart), SAME)


def _lowest(values: np.ndarray, ids: np.ndarray, most: int) -> np.ndarray:
    """Places of the lowest values, lowest first; equal ones by their ids."""
    limit = np.partition(values, min(most, len(values)) - 1)[min(most, len(values)) - 1]
    near = np.flatnonzero(values <= limit)
    order = sorted(near, key=lambda place: (values[place], ids[place]))
    return np.array(order[:most], dtype=int)


def edge_cases(
    segmentation: Segmentation, customers: Customers, assignment: Assignment, key: str, most: int = MOST
) -> tuple[EdgeCase, ...]:
    """Find the customers of a segment who are nearly in another one.

    Parameters
    ----------
    segmentation : Segmentation
        That made the assignment.
    customers : Customers
    assignment : Assignment
        Of the same table, row by row.
    key : str
        Of the segment.
    most : int

    Returns
    -------
    tuple of EdgeCase
        The lowest confidence first. Nobody whose confidence is 0.8 or more is an edge case, and nobody where
        rules decide; empty for a segment of fewer than five.
    """
    rows = np.flatnonzero(assignment.members(key))
    sure = assignment.confidence[rows]
    if len(rows) < SMALLEST_SHOWN or not (sure < SURE).any():
        return ()
    chosen = _lowest(np.round(sure.astype(float), 6), customers.ids.iloc[rows].to_numpy(), most)
    return tuple(
        EdgeCase(int(row), float(confidence), why(segmentation, customers, int(row)).nearest)
        for row, confidence in zip(rows[chosen], sure[chosen].tolist(), strict=True)
        if confidence < SURE
    )


def listed_customers(
    customers: Customers, rows: Sequence[int], columns: Sequence[str], personal: bool = False
) -> pa.Table:
    """List some customers with some of their cells as they stand in the file.

    Parameters
    ----------
    customers : Customers
    rows : sequence of int
    columns : sequence of str
    personal : bool
        Show columns with personal data; an id that is one (an e-mail address) is a row number until then.

    Returns
    -------
    pyarrow.Table
        The id first; what was computed here and has no cells is left out.
    """
    identity = customers.with_role("customer_id")
    if identity is None or (identity.hidden and not personal):
        table = {"Row": pa.array([f"{row + 1:,}" for row in rows], pa.string())}
    else:
        table = {identity.name: pa.array(customers.ids.iloc[list(rows)].tolist(), pa.string())}
    for name in columns:
        column = customers.column(name)
        if column is None or name in table or name not in customers.source.column_names:
            continue
        if personal or not column.hidden:
            table[name] = customers.source.column(name).take(pa.array(rows, pa.int64())).cast(pa.string())
    return pa.table(table)


def listed_edges(
    customers: Customers, edges: Sequence[EdgeCase], columns: Sequence[str], personal: bool = False
) -> pa.Table:
    """List edge cases with their confidence and the segment they are nearly in; the rest as above."""
    table = listed_customers(customers, [one.row for one in edges], columns, personal)
    said = {
        "Confidence": pa.array([round(one.confidence, 2) for one in edges], pa.float64()),
        "Nearly in": pa.array([one.nearest.name if one.nearest else "" for one in edges], pa.string()),
    }
    for place, (name, values) in enumerate(said.items(), start=1):
        table = table.add_column(place, _free(name, table.column_names), values)
    return table


def _free(name: str, taken: Sequence[str]) -> str:
    return _free(f"{name} here", taken) if name in taken else name
