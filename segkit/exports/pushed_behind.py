"""The customers behind a number of a table that stays where it is: the first of them, and all as a list."""

from collections.abc import Iterator

import pyarrow as pa

from segkit.customers.table import Customers
from segkit.exports.pushed import assigned_sql, csv_parts
from segkit.measures.definitions import OWN, KpiDefinition, find_kpi, own_kpi
from segkit.measures.kpi_table import BASE
from segkit.measures.pushed import reachable, value_sql
from segkit.measures.pushed_counts import Everyone
from segkit.sql_literals import quoted

COUNTS = "segkit_counts"  # what a customer contributes to the KPI
ADDED = ("segment", "segment_name", "confidence")


def behind_first(everyone: Everyone, segment: str, kpi: str, personal: bool, rows: int) -> pa.Table:
    """List some customers who count in one cell of the KPI table: those whom the engine comes to first.

    Parameters
    ----------
    everyone : Everyone
    segment : str
        Key of a segment, "all" for everyone, "none" for those who fit none.
    kpi : str
        Key of the KPI.
    personal : bool
        Whether columns with personal data are listed.
    rows : int
        How many.

    Returns
    -------
    pyarrow.Table
        Id, segment, segment_name, confidence, what each contributes to the KPI, then the other columns.

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    """
    query = behind_sql(everyone, segment, kpi, personal)
    found, called = everyone.engine.ask(f"{query} LIMIT {rows}"), _called(everyone, kpi)
    return found.rename_columns([called.get(name, name) for name in found.column_names])


def behind_parts(everyone: Everyone, segment: str, kpi: str, personal: bool = False) -> Iterator[bytes]:
    """Write all customers who count in one cell as CSV, safe for spreadsheets, part by part."""
    query = behind_sql(everyone, segment, kpi, personal)
    yield from csv_parts(everyone.engine, query, False, _called(everyone, kpi))


def behind_sql(everyone: Everyone, segment: str, kpi: str, personal: bool) -> str:
    """Write the SELECT of the customers who count in one cell."""
    reachable(everyone.engine, everyone.segmentation)
    customers, key = everyone.customers, "" if segment == BASE else segment
    identity = customers.with_role("customer_id")
    first = [identity.name] if identity else []
    hidden = {one.name for one in customers.columns if one.hidden and not personal}
    computed = [one.name for one in customers.columns if one.derived]
    columns = [
        one for one in dict.fromkeys((*first, *everyone.engine.columns, *computed)) if one not in hidden
    ]
    definition = _definition(customers, counted_by(kpi))
    values = {COUNTS: value_sql(definition, customers)} if definition.needs else {}
    listed = assigned_sql(customers, everyone.segmentation, columns, key, everyone.conditions, values)
    names = {name: f"{name} (file)" if name.lower() in ADDED else name for name in columns}
    items = [quoted(names[one]) for one in columns if one in first]
    items += ADDED
    if values:
        items.append(COUNTS)
    items += [quoted(names[one]) for one in columns if one not in first]
    only = f" WHERE {COUNTS} IS NOT NULL" if values else ""
    return f"SELECT {', '.join(items)} FROM ({listed}) AS behind_it{only}"


def counted_by(kpi: str) -> str:
    """The KPI whose values say who counts: of one that is put together from others, the revenue."""
    return kpi if kpi.startswith(OWN) or not find_kpi(kpi).made_of else "revenue"


def _called(everyone: Everyone, kpi: str) -> dict[str, str]:
    """The label of the KPI, unlike any column; an engine would take "CSAT" and "csat" for the same name."""
    label = _definition(everyone.customers, kpi).label
    while label in (*ADDED, *everyone.engine.columns):
        label += " (counted)"
    return {COUNTS: label}


def _definition(customers: Customers, kpi: str) -> KpiDefinition:
    return own_kpi(customers, kpi.removeprefix(OWN)) if kpi.startswith(OWN) else find_kpi(kpi)
