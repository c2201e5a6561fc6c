"""Rows with the same customer id: keep one of them, or combine them. Nothing is dropped unasked."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.customers.files.layout import row_text
from segkit.customers.files.text_table import Aside, TextTable, aside_table
from segkit.customers.table import Customers
from segkit.errors import UnusableColumn
from segkit.labels import listing

WAYS = ("keep", "first", "last", "combine")
REASON = "same id as another row"


def repeated_ids(customers: Customers) -> pd.Series:
    """Mark the rows whose id stands in another row as well; an empty id repeats nothing."""
    ids = customers.ids
    return ids.duplicated(keep=False) & (ids != "")


def without_duplicates(text: TextTable, customers: Customers, way: str) -> TextTable:
    """Leave one row for each customer id.

    Parameters
    ----------
    text : TextTable
    customers : Customers
        The same table, interpreted.
    way : str
        "first", "last" (by the latest date of the row where the table has dates, else the last row), or
        "combine": numbers averaged, of everything else the last filled cell.

    Returns
    -------
    TextTable
        The rows that went are set aside, with their text.

    Raises
    ------
    UnusableColumn
        The way is none of `WAYS`.
    """
    if way not in WAYS:
        raise UnusableColumn(f"“{way}” is no way to treat repeated ids. Choose {listing(list(WAYS))}.")
    repeated = repeated_ids(customers)
    if customers.with_role("customer_id") is None or not repeated.any():
        return text
    order = _by_date(customers) if way in ("last", "combine") else np.arange(len(customers))
    ids = customers.ids.iloc[order]
    kept = ~ids.duplicated(keep="first" if way == "first" else "last") | (ids == "")
    keep = np.zeros(len(customers), bool)
    keep[order[kept.to_numpy()]] = True
    gone = [Aside(None, REASON, row_text(text.table, int(row))) for row in np.flatnonzero(~keep)]
    table = _combined(text.table, customers, order, repeated) if way == "combine" else text.table
    aside = pa.concat_tables([text.aside, aside_table(gone)])
    return replace(text, table=table.filter(pa.array(keep)), aside=aside)


def _by_date(customers: Customers) -> np.ndarray:
    """Order rows by their latest date; rows without one come first, ties stay in the order of the file."""
    dates = [
        customers.frame[c.name].to_numpy()
        for c in customers.columns
        if c.kind == "date" and c.role != "birthday"
    ]
    if not dates:
        return np.arange(len(customers))
    numbers = [np.where(np.isnat(one), np.iinfo("int64").min, one.astype("int64")) for one in dates]
    return np.argsort(np.max(numbers, axis=0), kind="stable")


def _combined(table: pa.Table, customers: Customers, order: np.ndarray, repeated: pd.Series) -> pa.Table:
    """Write into every row of a repeated id what all rows of that id say together."""
    rows = order[repeated.to_numpy()[order]]
    ids = customers.ids.iloc[rows].to_numpy()
    columns = []
    for name in table.column_names:
        known = customers.column(name)
        cells = table.column(name)
        if known is None or known.use == "id":
            columns.append(cells)
            continue
        if known.kind == "number" and known.role not in ("csat", "nps"):
            means = customers.frame[name].iloc[rows].groupby(ids).transform("mean")
            said = means.map(lambda value: "" if pd.isna(value) else repr(round(float(value), 10)))
        else:
            texts = pd.Series(cells.cast(pa.string()).to_pandas()).iloc[rows].replace("", None)
            said = texts.groupby(ids).transform("last").fillna("")
        whole = pd.Series(cells.cast(pa.string()).to_pandas(), dtype=object).fillna("")
        whole.iloc[rows] = said.to_numpy()
        columns.append(pa.chunked_array([pa.array(whole, pa.string())]).dictionary_encode())
    return pa.table(columns, names=table.column_names)
