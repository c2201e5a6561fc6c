"""KPIs of a table that stays where it is: one query adds up what they need, in each segment.

The segmentation says in SQL which segment a customer is in, each KPI says in SQL what a customer contributes,
and the engine adds up. From the sums on, everything is what `kpis` does with a frame.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.base import Condition
from segkit.customers.grouping import MOST_GROUPS, levels_of, ordered_levels
from segkit.customers.retention import counted_to
from segkit.customers.table import Column, Customers
from segkit.engine import TABLE, Engine
from segkit.errors import UnusableSegmentation
from segkit.labels import listing
from segkit.measures.definitions import DAYS_A_MONTH, OWN, SATISFIED_FROM, KpiDefinition, csat_scale_of
from segkit.measures.kpi_table import KpiTable
from segkit.measures.kpis import kpis_of, table_of
from segkit.measures.sums import NEARLY_ALIKE, Sums, together
from segkit.measures.suppression import SMALLEST_SHOWN
from segkit.measures.value import USUAL, Assumptions
from segkit.segments.base_sql import base_sql, columns_read, day_sql, read_sql
from segkit.segments.segmentation import FITS_NONE, Segment, Segmentation
from segkit.segments.sql import PLACE, placed_sql
from segkit.segments.sql_columns import double
from segkit.sql_literals import quoted, text

COUNTED = "segkit_counted"  # the customers who count
BANDS = {"nps": (f"{double(9.0)} <= {{0}}", f"{{0}} <= {double(6.0)}")}  # upper and lower, as estimates.NPS


def measure_all(
    engine: Engine,
    customers: Customers,
    segmentation: Segmentation,
    smallest: int = SMALLEST_SHOWN,
    own: Sequence[str] = (),
    assumptions: Assumptions = USUAL,
    conditions: Sequence[Condition] = (),
) -> KpiTable:
    """Compute every KPI of all customers of a source, as `kpis.measure` does of a table.

    Parameters
    ----------
    engine : Engine
    customers : Customers
        Some of its customers, who say what each column is.
    segmentation : Segmentation
    smallest, own, assumptions
        As for `kpis.measure`.
    conditions : sequence of Condition
        Who counts; everyone without any.

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    segkit.errors.UnusableColumn
        An own KPI's column is not there, or holds something else.
    """
    reachable(engine, segmentation)
    way = Placing(
        segmentation.segments,
        lambda columns: placed_sql(segmentation, COUNTED, columns, customers),
        segmentation.tree.names,
    )
    return _measured(engine, customers, way, smallest, own, assumptions, conditions)


def measure_by(
    engine: Engine,
    customers: Customers,
    name: str,
    smallest: int = SMALLEST_SHOWN,
    own: Sequence[str] = (),
    assumptions: Assumptions = USUAL,
) -> KpiTable:
    """Compute every KPI by a column that is already there, one segment per value.

    Raises
    ------
    segkit.errors.UnusableColumn
        There is no such column, or it has more than 100 different values.
    """
    if name not in customers.source.column_names:
        levels_of(customers, name)  # says what there is instead
    asked = f"SELECT DISTINCT {quoted(name)} AS level FROM {TABLE} LIMIT {10 * MOST_GROUPS}"
    raw = engine.ask(asked)["level"]
    texts = pc.fill_null(pc.utf8_trim_whitespace(raw.cast(pa.string())), "").to_pylist()
    distinct = list(dict.fromkeys(texts))
    levels, order = ordered_levels(name, distinct)
    places = {distinct[one]: place for place, one in enumerate(order)}
    cells: dict[int, list[str]] = {}
    for cell, said in zip(raw.to_pylist(), texts, strict=True):
        if cell is not None:
            cells.setdefault(places[said], []).append(_literal(cell))
    tests = [f"WHEN {quoted(name)} IN ({', '.join(some)}) THEN {place}" for place, some in cells.items()]
    place = f"CASE {' '.join(tests)} ELSE {places.get('', -1)} END" if tests else "0"
    segments = tuple(Segment(level, level, number) for number, level in enumerate(levels))

    def placed(columns: Sequence[str]) -> str:
        return f"SELECT {', '.join([*map(quoted, columns), place])} AS {PLACE} FROM {COUNTED}"

    way = Placing(segments, placed, (name,))
    return _measured(engine, customers, way, smallest, own, assumptions, ())


def _literal(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float | Decimal):
        return repr(cell) if not isinstance(cell, Decimal) else str(cell)
    if isinstance(cell, datetime):
        return f"TIMESTAMP '{cell}'"
    return f"DATE '{cell}'" if isinstance(cell, date) else text(str(cell))


@dataclass(frozen=True)
class Placing:
    """How customers come into segments.

    Attributes
    ----------
    segments : tuple of Segment
    sql : function
        Columns to the SELECT of them and of the place of the segment, from the customers who count.
    dimensions : tuple of str
        The columns it reads.
    """

    segments: tuple[Segment, ...]
    sql: Callable[[Sequence[str]], str]
    dimensions: tuple[str, ...]


def reachable(engine: Engine, segmentation: Segmentation) -> None:
    """Refuse a segmentation by columns that the source does not have.

    Raises
    ------
    UnusableSegmentation
    """
    absent = [name for name in segmentation.tree.names if name not in engine.columns]
    if absent:
        raise UnusableSegmentation(
            f"“{engine.source.label}” has no column {listing(absent, 5)}, which the segments are made from. "
            "Use columns of the source itself."
        )


def _measured(
    engine: Engine,
    customers: Customers,
    way: Placing,
    smallest: int,
    own: Sequence[str],
    assumptions: Assumptions,
    conditions: Sequence[Condition],
) -> KpiTable:
    definitions = [one for one in kpis_of(customers, own) if one.needs and not one.made_of]
    origins = [_origin(one, customers) for one in definitions]
    rows = engine.ask(sums_sql(customers, way, definitions, origins, conditions)).to_pylist()
    found = {row["place"]: row for row in rows}
    segments, places = way.segments, list(range(len(way.segments)))
    if -1 in found:
        segments, places = (*segments, FITS_NONE), [*places, -1]
    parts = [found.get(one, {"members": 0}) for one in places]
    sizes = [int(part["members"]) for part in parts]
    sums = {one.key: _sums(parts, sizes, place, origins[place]) for place, one in enumerate(definitions)}
    counted = [Sums(size, size, float(size), float(size)) for size in sizes]
    everyone = counted, together(counted)
    sums |= {one.key: everyone for one in kpis_of(customers) if not one.needs}
    return table_of(customers, segments, sums, way.dimensions, smallest, own, assumptions)


def _origin(definition: KpiDefinition, customers: Customers) -> float:
    """Where values are counted from: their mean where they hardly differ, as `sums.grouped_sums` does."""
    values = definition.values(customers)
    known = values[~np.isnan(values)]
    if not len(known) or np.var(known) >= NEARLY_ALIKE * np.mean(known * known):
        return 0.0
    return float(np.mean(known))


def _sums(
    rows: list[dict[str, float]], sizes: list[int], place: int, origin: float
) -> tuple[list[Sums], Sums]:
    parts = [
        Sums(
            size,
            int(row.get(f"n{place}") or 0),
            float(row.get(f"s{place}") or 0.0),
            float(row.get(f"q{place}") or 0.0),
            int(row.get(f"h{place}") or 0),
            int(row.get(f"l{place}") or 0),
            origin,
        )
        for row, size in zip(rows, sizes, strict=True)
    ]
    return parts, together(parts)


# --- the query --------------------------------------------------------------------------------------


def sums_sql(
    customers: Customers,
    way: Placing,
    definitions: Sequence[KpiDefinition],
    origins: Sequence[float],
    conditions: Sequence[Condition] = (),
) -> str:
    """Write the query of `_measured`: one row a segment, what each KPI needs in columns of its own."""
    needed = dict.fromkeys(name for one in definitions for name in _columns(one, customers))
    assigned = way.sql(list(needed))
    values, added = [PLACE], [f"{PLACE} AS place", "COUNT(*) AS members"]
    for place, (one, origin) in enumerate(zip(definitions, origins, strict=True)):
        value = f"v{place}"
        values.append(f"{value_sql(one, customers)} AS {value}")
        away = f"({value} - {double(origin)})" if origin else value
        added += [
            f"COUNT({value}) AS n{place}",
            f"SUM({away}) AS s{place}",
            f"SUM({away} * {away}) AS q{place}",
        ]
        if one.key in BANDS:
            high, low = (test.format(value) for test in BANDS[one.key])
            added += [
                f"COUNT(CASE WHEN {test} THEN 1 END) AS {name}{place}"
                for test, name in ((high, "h"), (low, "l"))
            ]
    counted = base_sql(customers, conditions, TABLE)
    valued = f"SELECT {', '.join(values)} FROM (\n{assigned}\n) AS assigned"
    return (
        f"WITH {COUNTED} AS ({counted}) SELECT {', '.join(added)} FROM ({valued}) AS valued GROUP BY {PLACE}"
    )


def _columns(definition: KpiDefinition, customers: Customers) -> list[str]:
    """The columns of the source that a KPI reads."""
    own = definition.key.startswith(OWN)
    found = [customers.column(one) if own else _column(customers, one) for one in definition.needs]
    if definition.key == "tenure":
        found.append(customers.with_role("churn_date"))
    return [name for column in found if column for name in columns_read(customers, column)]


def _column(customers: Customers, role: str) -> Column | None:
    return customers.with_role(role) or (customers.with_role("churned") if role == "retained" else None)


def value_sql(definition: KpiDefinition, customers: Customers) -> str:
    """Write what one customer contributes to a KPI, NULL where she did not answer."""
    if definition.key.startswith(OWN):
        return _read(customers, definition.needs[0])
    return VALUES[definition.key](customers)


def _read(customers: Customers, name: str) -> str:
    column = customers.column(name)
    assert column is not None  # kpis_of has asked
    return read_sql(customers, column)


def _role(customers: Customers, role: str) -> str:
    column = customers.with_role(role)
    assert column is not None  # kpis_of has asked
    return f"({read_sql(customers, column)})"


def _within(value: str, low: float, high: float, more: str = "") -> str:
    return f"CASE WHEN {value} BETWEEN {double(low)} AND {double(high)}{more} THEN {value} END"


def _csat(customers: Customers) -> str:
    return _within(_role(customers, "csat"), *csat_scale_of(customers))


def _satisfied(customers: Customers) -> str:
    low, high = csat_scale_of(customers)
    return _is_at_least(f"({_csat(customers)})", low + SATISFIED_FROM * (high - low))


def _is_at_least(value: str, least: float) -> str:
    """1 or 0; NULL stays NULL."""
    return f"CASE WHEN {value} >= {double(least)} THEN 1e0 WHEN {value} < {double(least)} THEN 0e0 END"


def _nps(customers: Customers) -> str:
    value = _role(customers, "nps")
    return _within(value, 0, 10, f" AND {value} = FLOOR({value})")


def _retained(customers: Customers) -> str:
    if customers.with_role("retained") is not None:
        return _role(customers, "retained")
    return f"1e0 - {_role(customers, 'churned')}"


def _tenure(customers: Customers) -> str:
    signup, churn = customers.with_role("signup_date"), customers.with_role("churn_date")
    assert signup is not None  # kpis_of has asked
    start, end = _read(customers, signup.name), day_sql(counted_to(customers))
    if churn is not None:
        left = _read(customers, churn.name)
        end = f"CASE WHEN {left} < {end} THEN {left} ELSE {end} END"
    days = f"DATE_DIFF('day', {start}, {end})"
    return f"CASE WHEN {days} >= 0 THEN {days} / {double(DAYS_A_MONTH)} END"


VALUES: dict[str, Callable[[Customers], str]] = {
    "csat": _csat,
    "csat_satisfied": _satisfied,
    "nps": _nps,
    "retention": _retained,
    "conversion": lambda customers: _role(customers, "converted"),
    "revenue": lambda customers: _role(customers, "revenue"),
    "revenue_share": lambda customers: _role(customers, "revenue"),
    "orders": lambda customers: _role(customers, "orders"),
    "repeat_rate": lambda customers: _is_at_least(_role(customers, "orders"), 2.0),
    "tenure": _tenure,
    "cost_to_serve": lambda customers: _role(customers, "cost"),
    "margin": lambda customers: f"{_role(customers, 'revenue')} - {_role(customers, 'cost')}",
    "tickets": lambda customers: _role(customers, "tickets"),
}
