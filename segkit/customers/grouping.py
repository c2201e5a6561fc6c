"""Group customers by a column as it stands in the file."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.table import Customers
from segkit.errors import UnusableColumn
from segkit.labels import listing, number

MOST_GROUPS = 100
MISSING_LEVEL = "(missing)"
WHOLE_BASE = "all"  # the key of the whole base in every KPI table; no group may have it


def levels_of(customers: Customers, name: str) -> tuple[list[str], np.ndarray]:
    """Number the value of each customer, by the texts of the file.

    Returns
    -------
    levels : list of str
        In natural order; missing values are a level of their own, the last.
    codes : int array

    Raises
    ------
    UnusableColumn
        There is no such column, or it has too many different values to compare.
    """
    if name not in customers.source.column_names:
        raise UnusableColumn(
            f"There is no column “{name}”. The table has: {listing(customers.source.column_names, 40)}."
        )
    texts = pc.fill_null(pc.utf8_trim_whitespace(customers.source.column(name).cast(pa.string())), "")
    encoded = texts.combine_chunks().dictionary_encode()
    values = encoded.dictionary.to_pylist()
    levels, order = ordered_levels(name, values)
    rank = np.empty(len(values), dtype=int)
    rank[order] = np.arange(len(values))
    return levels, rank[np.asarray(encoded.indices)]


def ordered_levels(name: str, values: list[str]) -> tuple[list[str], list[int]]:
    """Put the different texts of a column in order.

    Returns
    -------
    levels : list of str
        As `levels_of` gives them.
    order : list of int
        The place of each of them in `values`.

    Raises
    ------
    UnusableColumn
        There are too many to compare.
    """
    if len(values) > MOST_GROUPS:
        raise UnusableColumn(
            f"“{name}” has {number(len(values))} different values; {MOST_GROUPS} can be compared. "
            "Choose a column with fewer, or make groups of it first."
        )
    order = sorted(range(len(values)), key=lambda place: (values[place] == "", _natural(values[place])))
    levels = [values[place] or MISSING_LEVEL for place in order]
    return [f"“{level}”" if level == WHOLE_BASE else level for level in levels], order


def _natural(text: str) -> tuple[float, str]:
    """Sort numbers by size, then texts."""
    try:
        return float(text), ""
    except ValueError:
        return float("inf"), text
