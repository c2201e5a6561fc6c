"""Medians: what half of the customers reach, beside a mean that a few large customers pull up."""

import numpy as np

from segkit.customers.table import Customers
from segkit.measures.estimates import MEAN
from segkit.measures.kpi_table import BASE, KpiTable
from segkit.measures.suppression import SMALLEST_RANKED
from segkit.segments.segmentation import Assignment

SKEWED = 0.2  # of the mean: so far from it the median tells another story


def medians(customers: Customers, assignment: Assignment, table: KpiTable) -> dict[tuple[str, str], float]:
    """Find the medians that lie far from their mean.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
    table : KpiTable
        Of these customers.

    Returns
    -------
    dict of (segment, kpi) to float
        Only of money, where the cell is shown and rests on 30 answers: the median of few is the value of
        one customer.
    """
    found: dict[tuple[str, str], float] = {}
    for one in table.definitions:
        if one.format != "money" or one.estimator is not MEAN or one.share_of or one.made_of:
            continue
        values = one.values(customers)
        for row in table.of(one.key):
            if row.verdict == "hidden" or row.n < SMALLEST_RANKED:
                continue
            mine = values if row.segment == BASE else values[assignment.members(row.segment)]
            median = float(np.nanmedian(mine))
            if abs(row.value - median) > SKEWED * abs(row.value):
                found[row.segment, row.kpi] = median
    return found
