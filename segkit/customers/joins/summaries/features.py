"""Features: what a summary says of each customer, with the role each has by default."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from segkit.customers.notes import Note


@dataclass(frozen=True, eq=False)
class Feature:
    """One column that a table adds to the customers.

    Attributes
    ----------
    name : str
    values : pyarrow.Array
        One per customer of the log: int64, float64, bool or date32, null where it cannot be said; or the
        cells of a table that is joined as it is.
    role : str
        A key of `roles.ROLES`; empty where it is to be guessed.
    absent : int or float or bool, optional
        The value of customers who are not in the log: nothing was ordered, so 0; a mean stays missing.
    """

    name: str
    values: pa.Array
    role: str
    absent: float | bool | None = None

    @property
    def kind(self) -> str:
        """The kind of column it is read as, of `kinds.KINDS`; empty where it is to be found."""
        if not self.role:
            return ""
        if pa.types.is_boolean(self.values.type):
            return "yes/no"
        return "date" if pa.types.is_date(self.values.type) else "number"


def count(name: str, values: np.ndarray, role: str) -> Feature:
    """How often something happened; 0 for customers who are not in the log."""
    return Feature(name, pa.array(values.astype(np.int64)), role, 0)


def amount(name: str, values: np.ndarray, role: str) -> Feature:
    """A sum; 0 for customers who are not in the log."""
    return Feature(name, pa.array(values.astype(float), from_pandas=True), role, 0.0)


def measure(name: str, values: np.ndarray, role: str) -> Feature:
    """A mean, a share or a time; missing for customers who are not in the log."""
    return Feature(name, pa.array(values.astype(float), from_pandas=True), role)


def yes_no(name: str, values: np.ndarray, role: str) -> Feature:
    """Whether something is the case; no for customers who are not in the log."""
    return Feature(name, pa.array(values.astype(bool)), role, False)


def day(name: str, values: np.ndarray, role: str) -> Feature:
    """A date, from datetime64[D] with NaT for none."""
    return Feature(name, pa.array(values.astype("datetime64[D]")), role)


@dataclass(frozen=True, eq=False)
class Summary:
    """What a log says of each customer.

    Attributes
    ----------
    kind : str
        Kind of the log.
    names : tuple of str
        The files it was made from.
    as_of : datetime.date, optional
        The last day that counts; None for a log without dates.
    ids : pyarrow.Array
        The customers, one per row of the features.
    features : tuple of Feature
    counts : mapping of str to int
        What was counted: rows, orders …
    notes : tuple of Note
    to : str
        The column of the customer table that the ids are compared with; empty for the one that names them.
    """

    kind: str
    names: tuple[str, ...]
    as_of: datetime.date | None
    ids: pa.Array
    features: tuple[Feature, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    to: str = ""

    @property
    def table(self) -> pa.Table:
        """The features as a table, one row a customer in the order of `ids`."""
        return pa.table({one.name: one.values for one in self.features})

    @property
    def roles(self) -> dict[str, str]:
        """The role that each feature has by default."""
        return {one.name: one.role for one in self.features}
