"""The base: which customers everything that follows is about.

A base is a few conditions, all of which a customer must meet. Conditions are data, not code: a column, and
either some of its values or a range.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.customers.retention import counted_to
from segkit.customers.table import Column, Customers, fingerprint
from segkit.errors import UnusableBase
from segkit.labels import listing, quantity

MISSING = "(missing)"
MOST_VALUES = 50  # of a column that is offered as a condition
FEWEST_LEFT = 2


@dataclass(frozen=True)
class Condition:
    """One condition on one column.

    Attributes
    ----------
    column : str
    values : tuple of str
        The values that count; "(missing)" stands for an empty cell. Of categories and yes/no.
    low, high : str
        The range that counts, ends included; empty for open. Of numbers, and of dates as YYYY-MM-DD.
    """

    column: str
    values: tuple[str, ...] = ()
    low: str = ""
    high: str = ""

    @property
    def text(self) -> str:
        """The condition in words.

        Examples
        --------
        >>> Condition("country", ("DE", "FR")).text, Condition("age", low="18").text
        ('country is DE or FR', 'age from 18')
        """
        if self.values:
            return f"{self.column} is {listing(list(self.values)).replace(' and ', ' or ')}"
        low = f" from {self.low}" if self.low else ""
        high = f" {'to' if self.low else 'up to'} {self.high}" if self.high else ""
        return f"{self.column}{low}{high}"


def restricted(customers: Customers, conditions: Sequence[Condition]) -> Customers:
    """Keep the customers who meet all conditions.

    Parameters
    ----------
    customers : Customers
    conditions : sequence of Condition

    Returns
    -------
    Customers
        With a fingerprint of its own and the conditions in words as its `base`.

    Raises
    ------
    UnusableBase
        A condition names no column or no usable value, or nearly nobody is left.
    """
    if not conditions:
        return customers
    kept = met(customers, conditions)
    words = listed(conditions)
    if kept.sum() < FEWEST_LEFT:
        raise UnusableBase(
            f"{'No customer is' if not kept.any() else 'Only one customer is'} left where {words}. "
            "Take one of the conditions away."
        )
    choice = [asdict(condition) for condition in conditions]
    frame = customers.frame.loc[kept].reset_index(drop=True)
    return replace(
        customers,
        frame=frame,
        columns=tuple(_recounted(column, frame) for column in customers.columns),
        source=customers.source.filter(pa.array(kept)),
        fingerprint=fingerprint(customers.fingerprint.encode(), choice),
        facts=_dated(customers),
        base=f"{customers.base}, {words}" if customers.base else words,
    )


def _dated(customers: Customers) -> dict[str, str]:
    """The facts of the whole table, with its last day: without some of its customers it would be another."""
    facts = dict(customers.facts or {})
    if any(column.kind == "date" for column in customers.columns):
        facts["as_of"] = str(counted_to(customers))
    return facts


def listed(conditions: Sequence[Condition]) -> str:
    """Say several conditions in words."""
    return ", ".join(condition.text for condition in conditions)


def met(customers: Customers, conditions: Sequence[Condition]) -> np.ndarray:
    """Say which customers meet all conditions, as a bool array.

    Raises
    ------
    UnusableBase
        A condition names no column or no usable value.
    """
    kept = np.ones(len(customers), bool)
    for condition in conditions:
        kept &= _met(customers, condition)
    return kept


def _met(customers: Customers, condition: Condition) -> np.ndarray:
    column = customers.column(condition.column)
    if column is None:
        raise UnusableBase(
            f"There is no column “{condition.column}” to choose customers by. "
            f"The table has: {listing([one.name for one in customers.columns], 40)}."
        )
    values = customers.frame[column.name]
    if condition.values:
        texts = values.astype("str") if column.kind != "number" else values.map(lambda one: quantity("", one))
        return np.asarray(texts.where(values.notna(), MISSING).isin(condition.values))
    met = np.array(values.notna())
    if condition.low and condition.high and _limit(column, condition.low) > _limit(column, condition.high):
        raise UnusableBase(
            f"“{column.name}” from {condition.low} to {condition.high} is empty. Swap the two."
        )
    for end, above in ((condition.low, True), (condition.high, False)):
        if end:
            limit = _limit(column, end)
            met &= np.asarray(values >= limit if above else values <= limit, dtype=bool)
    return met


def _limit(column: Column, end: str) -> Any:
    try:
        return pd.Timestamp(end) if column.kind == "date" else float(end)
    except ValueError as problem:
        what = "a day such as 2026-11-30" if column.kind == "date" else "a number"
        raise UnusableBase(f"“{end}” is no limit for “{column.name}”. Give {what}.") from problem


def _recounted(column: Column, frame: pd.DataFrame) -> Column:
    """Count missing and different values again; a column keeps its kind and role."""
    values = frame[column.name]
    return replace(column, missing=int(values.isna().sum()), distinct=int(values.nunique()))


def choosable(customers: Customers) -> list[Column]:
    """List the columns that customers can be chosen by: few values, a number or a date; nothing personal."""
    return [
        column
        for column in customers.columns
        if not column.hidden
        and column.distinct > 1
        and (
            column.kind in ("number", "date")
            or (column.kind in ("category", "yes/no") and column.distinct <= MOST_VALUES)
        )
    ]
