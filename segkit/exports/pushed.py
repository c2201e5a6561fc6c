"""Lists of customers whose table stays where it is: rows come from the engine part by part."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.base import Condition
from segkit.customers.grouping import MISSING_LEVEL, WHOLE_BASE
from segkit.customers.table import Column, Customers
from segkit.engine import TABLE, Engine, UnusableSource
from segkit.exports.csv_lines import NOTHING_MADE, Made, csv_part
from segkit.exports.lists import STEPS, USUAL, Contents, confidence_steps, hash_columns, listed_columns
from segkit.measures.pushed import COUNTED, reachable
from segkit.segments.base_sql import base_sql, read_sql
from segkit.segments.segmentation import Segmentation
from segkit.segments.sql import assignment_sql
from segkit.sql_literals import quoted, text

NO_ID = "ROW_NUMBER() OVER ()"
# An engine would put a test of the segment into the very first step, with all costs written out at each place
# where one is read: DuckDB took 20 times as long. Nothing that hangs on chance can be put there.
INSIDE, LATE = "segkit_inside", "CASE WHEN RANDOM() * 0e0 = 0e0 THEN segment END"
NOTHING_MORE: Mapping[str, str] = {}


def assigned_sql(
    customers: Customers,
    segmentation: Segmentation,
    columns: Sequence[str],
    key: str = "",
    conditions: Sequence[Condition] = (),
    values: Mapping[str, str] = NOTHING_MORE,
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
    values : mapping of str to str
        More columns, each with its SQL.
    """
    counted = base_sql(customers, conditions, TABLE)
    computed = [_words(customers, one) for one in customers.columns if one.derived and one.name in columns]
    computed += [f"{sql} AS {quoted(name)}" for name, sql in values.items()]
    if computed:
        counted = f"SELECT counted.*, {', '.join(computed)} FROM ({counted}) AS counted"
    assigned = assignment_sql(segmentation, COUNTED, None, [*columns, *values], customers)
    if not key:
        return f"WITH {COUNTED} AS ({counted}) SELECT * FROM (\n{assigned}\n) AS assigned"
    return (
        f"WITH {COUNTED} AS ({counted}) SELECT * FROM (SELECT assigned.*, {LATE} AS {INSIDE} "
        f"FROM (\n{assigned}\n) AS assigned) AS late WHERE {INSIDE} = {text(key)}"
    )


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
    yield from csv_parts(engine, asked, raw=True)


def grouped_parts(engine: Engine, customers: Customers, name: str) -> Iterator[bytes]:
    """Write the same of customers grouped by a column as it is, as `kpis.by_column` groups them."""
    identity = customers.with_role("customer_id")
    first = quoted(identity.name) if identity else NO_ID
    header = True
    for batch in engine.stream(
        f"SELECT CAST({first} AS VARCHAR) AS customer_id, {quoted(name)} FROM {TABLE}"
    ):
        if header or batch.num_rows:
            yield csv_part(_grouped(batch), raw=True, header=header)
        header = False


def _grouped(batch: pa.RecordBatch) -> pa.Table:
    level = pc.fill_null(pc.utf8_trim_whitespace(batch.column(1).cast(pa.string())), "")
    for said, shown in (("", MISSING_LEVEL), (WHOLE_BASE, f"“{WHOLE_BASE}”")):
        level = pc.if_else(pc.equal(level, said), shown, level)
    ids = pc.fill_null(batch.column(0), "")
    columns = [ids, level, level, pa.array(np.ones(batch.num_rows))]
    return pa.table(columns, names=["customer_id", "segment", "segment_name", "confidence"])


def list_parts(
    engine: Engine,
    customers: Customers,
    segmentation: Segmentation,
    key: str = "",
    raw: bool = False,
    conditions: Sequence[Condition] = (),
    contents: Contents = USUAL,
) -> Iterator[bytes]:
    """Write the customers of a segment, or all, with their segment, as CSV part by part.

    The id comes first, then segment, segment_name and confidence, hashes where they are wanted, then the
    other columns that `contents` names; it leaves out no customers here.
    """
    query = _list_sql(engine, customers, segmentation, key, conditions, contents)
    made = {name: make for name, _, make in hash_columns(customers, contents)}
    yield from csv_parts(engine, query, raw, made=made)


def _list_sql(
    engine: Engine,
    customers: Customers,
    segmentation: Segmentation,
    key: str,
    conditions: Sequence[Condition],
    contents: Contents,
) -> str:
    reachable(engine, segmentation)
    identity = customers.with_role("customer_id")
    computed = [one.name for one in customers.columns if one.derived]
    everything = dict.fromkeys((*engine.columns, *computed))
    shown = everything.keys() - (set(customers.source.column_names) - {*listed_columns(customers, contents)})
    first = [identity.name] if identity and identity.name in shown else []
    others = [name for name in everything if name in shown and name not in first]
    hashes = [(name, source) for name, source, _ in hash_columns(customers, contents)]
    read = dict.fromkeys((*first, *others, *(source for _, source in hashes)))
    query = assigned_sql(customers, segmentation, list(read), key, conditions)
    added = ("segment", "segment_name", "confidence")
    inside = {name: quoted(f"{name} (file)" if name.lower() in added else name) for name in read}
    taken = {name.lower() for name, _ in hashes}
    names = [*(inside[name] for name in first), *added]
    names += [f"{inside[source]} AS {quoted(name)}" for name, source in hashes]
    names += [
        inside[name] + (f" AS {quoted(f'{name} (file)')}" if name.lower() in taken else "") for name in others
    ]
    return f"SELECT {', '.join(names)} FROM ({query}) AS listed"


def write_table(engine: Engine, customers: Customers, segmentation: Segmentation) -> str:
    """Write id, segment, segment_name and confidence into the table of segments; gives its name."""
    reachable(engine, segmentation)
    identity = customers.with_role("customer_id")
    if identity is None:
        raise UnusableSource("Segments can be written beside an id only. Say which column is the id.")
    return engine.write_table(assigned_sql(customers, segmentation, [identity.name]))


def csv_parts(
    engine: Engine,
    query: str,
    raw: bool,
    called: Mapping[str, str] = NOTHING_MORE,
    made: Made = NOTHING_MADE,
) -> Iterator[bytes]:
    """Write what a query gives, with a column of confidence, as CSV part by part.

    `called` are other names for some of its columns.
    """
    header = True
    for batch in engine.stream(query):
        if header or batch.num_rows:
            table = pa.Table.from_batches([rounded(batch)])
            names = [called.get(name, name) for name in table.column_names]
            yield csv_part(table.rename_columns(names), raw, header, made)
        header = False


def rounded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The confidence to the digits it has in every list."""
    place = batch.schema.get_field_index("confidence")
    rounded = confidence_steps(batch.column(place).to_numpy(zero_copy_only=False)) / STEPS
    return batch.set_column(place, batch.schema.field(place), pa.array(rounded, pa.float64()))
