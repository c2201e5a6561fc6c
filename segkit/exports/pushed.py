"""Lists of customers whose table stays where it is: rows come from the engine part by part."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from segkit.customers.base import Condition
from segkit.customers.table import Column, Customers
from segkit.engine import TABLE, Engine, UnusableSource
from segkit.exports.lists import csv_part
from segkit.measures.pushed import COUNTED, reachable
from segkit.segments.base_sql import base_sql, read_sql
from segkit.segments.segmentation import Segmentation
from segkit.segments.sql import assignment_sql
from segkit.sql_literals import quoted, text

NO_ID = "ROW_NUMBER() OVER ()"


def assigned_sql(
    customers: Customers,
    segmentation: Segmentation,
    columns: Sequence[str],
    key: str = "",
    conditions: Sequence[Condition] = (),
) -> str:
    """Write the SELECT of some columns of the customers, each with segment, segment_name and confidence.

    Parameters
    ----------
    customers : Customers
        Who say what each column is.
    segmentation : Segmentation
    columns : sequence of str
    key : str
        Only of this segment, "none" for who fits none; of all by default.
    conditions : sequence of Condition
        Who counts.
    """
    counted = base_sql(customers, conditions, TABLE)
    computed = [_words(customers, one) for one in customers.columns if one.derived and one.name in columns]
    if computed:
        counted = f"SELECT counted.*, {', '.join(computed)} FROM ({counted}) AS counted"
    assigned = assignment_sql(segmentation, COUNTED, None, columns, customers)
    only = f" WHERE segment = {text(key)}" if key else ""
    return f"WITH {COUNTED} AS ({counted}) SELECT * FROM (\n{assigned}\n) AS assigned{only}"


def _words(customers: Customers, column: Column) -> str:
    """Write a computed yes/no column as the words that stand in a list."""
    value = read_sql(customers, column)
    return f"CASE {value} WHEN 1e0 THEN 'Yes' WHEN 0e0 THEN 'No' ELSE '' END AS {quoted(column.name)}"


def assignment_parts(engine: Engine, customers: Customers, segmentation: Segmentation) -> Iterator[bytes]:
    """Write customer_id, segment, segment_name and confidence, one row a customer, as CSV part by part."""
    reachable(engine, segmentation)
    identity = customers.with_role("customer_id")
    query = assigned_sql(customers, segmentation, [identity.name] if identity else [])
    first = quoted(identity.name) if identity else NO_ID
    names = "segment, segment_name, confidence"
    asked = f"SELECT CAST({first} AS VARCHAR) AS customer_id, {names} FROM ({query}) AS listed"
    yield from _parts(engine, asked, raw=True)


def list_parts(
    engine: Engine,
    customers: Customers,
    segmentation: Segmentation,
    key: str = "",
    raw: bool = False,
    conditions: Sequence[Condition] = (),
) -> Iterator[bytes]:
    """Write the customers of a segment, or all, with segment and all columns, as CSV part by part.

    The id comes first, then segment, segment_name and confidence, then the other columns.
    """
    yield from _parts(engine, _list_sql(engine, customers, segmentation, key, conditions), raw)


def _list_sql(
    engine: Engine,
    customers: Customers,
    segmentation: Segmentation,
    key: str,
    conditions: Sequence[Condition],
) -> str:
    reachable(engine, segmentation)
    identity = customers.with_role("customer_id")
    first = [identity.name] if identity else []
    computed = [one.name for one in customers.columns if one.derived]
    others = [name for name in (*engine.columns, *computed) if name not in first]
    added = ("segment", "segment_name", "confidence")
    query = assigned_sql(customers, segmentation, [*first, *others], key, conditions)
    names = [quoted(one) for one in first]
    names += ["segment", "segment_name", "confidence"]
    names += [quoted(f"{one} (file)" if one.lower() in added else one) for one in others]
    return f"SELECT {', '.join(names)} FROM ({query}) AS listed"


def write_table(engine: Engine, customers: Customers, segmentation: Segmentation) -> str:
    """Write id, segment, segment_name and confidence into the table of segments; gives its name."""
    reachable(engine, segmentation)
    identity = customers.with_role("customer_id")
    if identity is None:
        raise UnusableSource("Segments can be written beside an id only. Say which column is the id.")
    return engine.write_table(assigned_sql(customers, segmentation, [identity.name]))


def _parts(engine: Engine, query: str, raw: bool) -> Iterator[bytes]:
    header = True
    for batch in engine.stream(query):
        if header or batch.num_rows:
            yield csv_part(pa.Table.from_batches([_rounded(batch)]), raw, header)
        header = False


def _rounded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The confidence to the digits it has in every list."""
    place = batch.schema.get_field_index("confidence")
    rounded = np.round(batch.column(place).to_numpy(zero_copy_only=False), 4)
    return batch.set_column(place, batch.schema.field(place), pa.array(rounded, pa.float64()))
