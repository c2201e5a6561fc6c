"""Data quality: what each column holds, how complete it is, and what is odd about it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segkit.customers.notes import Note
from segkit.customers.table import Column, Customers
from segkit.labels import listing, number, quantity

BARS = 16  # of a distribution; more cannot be seen in a table cell
LEVELS = 3  # named in a range
PROBLEMS = frozenset(
    "not-converted missing-proposed sentinel date-order date-impossible two-digit-year date-serial currency "
    "thousands percent csat-scale csat-reversed nps-shift out-of-range duplicate-ids missing-ids".split()
)  # notes on a column that are told beside it


@dataclass(frozen=True)
class ColumnQuality:
    """A line of the quality table.

    Attributes
    ----------
    column : Column
    range : str
        Least and most, or the most frequent values.
    distribution : tuple of int
        Customers per bar: equal steps of a number or a date, the most frequent values of a category.
    problems : tuple of str
        What may need a decision, one sentence each.
    """

    column: Column
    range: str
    distribution: tuple[int, ...]
    problems: tuple[str, ...]


def column_quality(customers: Customers) -> list[ColumnQuality]:
    """Look at every column."""
    about: dict[str, list[Note]] = {}
    for note in customers.notes:
        about.setdefault(note.column, []).append(note)
    return [_quality(customers, column, about.get(column.name, ())) for column in customers.columns]


def _quality(customers: Customers, column: Column, notes: Sequence[Note]) -> ColumnQuality:
    values = customers.frame[column.name]
    problems = tuple(note.text for note in notes if note.key in PROBLEMS and (note.check or note.ask))
    if column.hidden:
        return ColumnQuality(column, f"hidden ({column.personal})", (), problems)
    if column.kind in ("number", "date"):
        return ColumnQuality(column, _span(column, values), _histogram(values), problems)
    if column.kind == "text":
        return ColumnQuality(column, f"{number(column.distinct)} different texts", (), problems)
    counts = values.value_counts()
    named = [str(level) for level in counts.index[:LEVELS]]
    more = f" and {len(counts) - LEVELS} more" if len(counts) > LEVELS else ""
    shown = ", ".join(named) + more if more else listing(named)
    return ColumnQuality(column, shown, tuple(int(count) for count in counts.iloc[:BARS]), problems)


def _span(column: Column, values: pd.Series) -> str:
    if column.missing == len(values):
        return ""
    low, high = values.min(), values.max()
    if column.kind == "date":
        return f"{low:%Y-%m-%d} to {high:%Y-%m-%d}"
    return f"{quantity(column.name, float(low))} to {quantity(column.name, float(high))}"


def _histogram(values: pd.Series) -> tuple[int, ...]:
    known = values.dropna()
    if known.nunique() < 2:
        return ()
    numbers = known.to_numpy().astype("int64" if known.dtype.kind == "M" else float)
    if len(distinct := np.unique(numbers)) <= BARS:
        return tuple(int(count) for count in np.bincount(np.searchsorted(distinct, numbers)))
    return tuple(int(count) for count in np.histogram(numbers, bins=BARS)[0])
