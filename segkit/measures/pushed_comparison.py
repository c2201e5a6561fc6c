"""Two segments compared, of a table that stays where it is: of everyone, in all KPIs and columns.

One query adds up what KPIs and numbers need in every segment, one counts levels and bins, and one more finds
the medians of skewed numbers. So any two segments can then be compared without asking again. How a skewed
number is put on its log scale is learned from those who were drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segkit.customers.base import restricted
from segkit.customers.table import Column, Customers
from segkit.measures.comparison import compared_columns, log_feature
from segkit.measures.definitions import OWN, KpiDefinition
from segkit.measures.effects import comparable
from segkit.measures.kpis import kpis_of
from segkit.measures.pushed import BANDS, COUNTED, reachable, value_sql
from segkit.measures.pushed_columns import LEVEL, Detailed, many_of_all
from segkit.measures.pushed_counts import Everyone, Rows, numbers_of, origin_of, values_of
from segkit.measures.sums import Sums
from segkit.segments.features import NumberFeature, numeric
from segkit.segments.sql import PLACE
from segkit.segments.sql_columns import double

LOG = "log:"  # in front of a column: its values on their log scale
MEMBERS = "members"


@dataclass(frozen=True, eq=False)
class FactsOfAll:
    """What any two segments are compared by, of all customers, as `comparison.Facts`.

    Attributes
    ----------
    members : list of int
        Customers of each group; those who fit none come last.
    added : mapping of str to list of Sums
        By the key of a KPI, the name of a column, or that after "log:", for each group.
    counts : mapping of str to (list of str, int array)
        By the name of a category, its levels, and how many of each group (rows) have each.
    middles : mapping of str to list of float
        By the name of a skewed number, the median of each group.
    """

    members: list[int]
    added: Mapping[str, list[Sums]]
    counts: Mapping[str, tuple[list[str], np.ndarray]]
    middles: Mapping[str, list[float]]

    def answered(self, name: str) -> list[int]:
        """How many of each group have a value of a column."""
        if name in self.counts:
            answered: list[int] = self.counts[name][1].sum(axis=1).tolist()
            return answered
        return [one.answered for one in self.added[name]]

    def kpi(self, definition: KpiDefinition, groups: Sequence[int]) -> list[Sums]:
        """Sums of a KPI in some groups."""
        return self.sums(definition.key, groups)

    def sums(self, name: str, groups: Sequence[int]) -> list[Sums]:
        """Sums of a number, or of yes as 1 and no as 0, in some groups."""
        return [self.added[name][group] for group in groups]

    def scaled(self, name: str, groups: Sequence[int]) -> list[Sums] | None:
        """Sums of a strongly skewed number on its log scale; None of one that is not."""
        return self.sums(LOG + name, groups) if LOG + name in self.added else None

    def medians(self, name: str, groups: Sequence[int]) -> list[float]:
        """Medians of a strongly skewed number in some groups."""
        return [self.middles[name][group] for group in groups]

    def levels(self, name: str, groups: Sequence[int]) -> tuple[list[str], np.ndarray]:
        """The levels of a category, and how many of some groups (rows) have each."""
        names, counts = self.counts[name]
        return names, counts[list(groups)]


def facts_of_all(everyone: Everyone, kpis: Sequence[str]) -> FactsOfAll:
    """Ask for what any two segments are compared by, of all customers.

    Parameters
    ----------
    everyone : Everyone
    kpis : sequence of str
        Keys of the KPIs that are compared, those of one's own included.

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    segkit.errors.UnusableColumn
        An own KPI's column is not there, or holds something else.
    """
    customers = restricted(everyone.customers, everyone.conditions)
    own = [key.removeprefix(OWN) for key in kpis if key.startswith(OWN)]
    definitions = [one for one in kpis_of(customers, own) if comparable(one) and one.key in kpis]
    columns = [one for name in compared_columns(customers, definitions) if (one := customers.column(name))]
    logs = {one.name: log_feature(customers, one.name) for one in columns if one.kind == "number"}
    skewed = {name: feature for name, feature in logs.items() if feature is not None}
    members, added = _added(everyone, _summed(everyone, definitions, columns, skewed))
    many = many_of_all(everyone, [one for one in columns if one.kind == "category" or one.name in skewed])
    ranks = {name: _middle_ranks(one.answered) for name, one in many.numbers.items()}
    counts = {name: _level_counts(customers, name, rows) for name, rows in many.rows.items()}
    found = many.detailed(everyone, ranks)
    return FactsOfAll(members, added, counts, {name: _medians(one) for name, one in found.items()})


# --- sums -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Summed:
    """A value that is added up: its SQL, where it is counted from, and the tests of its bands."""

    sql: str
    origin: float = 0.0
    bands: tuple[str, str] | None = None


def _summed(
    everyone: Everyone,
    definitions: Sequence[KpiDefinition],
    columns: Sequence[Column],
    skewed: Mapping[str, NumberFeature],
) -> dict[str, _Summed]:
    customers = everyone.customers
    found = {
        one.key: _Summed(value_sql(one, customers), origin_of(one.values(customers)), BANDS.get(one.key))
        for one in definitions
    }
    for one in columns:
        if one.kind != "category":
            found[one.name] = _Summed(everyone.read(one), origin_of(numeric(customers.frame[one.name])))
        if one.name in skewed:
            found[LOG + one.name] = _Summed(_scaled_sql(skewed[one.name], everyone.read(one)))
    return found


def _scaled_sql(feature: NumberFeature, raw: str) -> str:
    """Put a number on its log scale as `NumberFeature.scaled` does; a gap stays one."""
    value = f"LN(1e0 + GREATEST({raw}, 0e0) / {double(feature.unit)})"
    limited = f"LEAST(GREATEST({value}, {double(feature.low)}), {double(feature.high)})"
    scaled = f"({limited} - {double(feature.shift)}) / {double(feature.scale)}"
    return f"CASE WHEN {raw} IS NOT NULL THEN {scaled} END"


def _added(everyone: Everyone, summed: Mapping[str, _Summed]) -> tuple[list[int], dict[str, list[Sums]]]:
    """Add values up in each group; gives the customers of each group, too."""
    reachable(everyone.engine, everyone.segmentation)
    items = [f"{PLACE}", f"COUNT(*) AS {MEMBERS}"]
    items += [part for place, one in enumerate(summed.values()) for part in _sums_sql(f"v{place}", one)]
    values = {f"v{place}": one.sql for place, one in enumerate(summed.values())}
    query = (
        f"WITH {COUNTED} AS ({everyone.counted_sql()}) SELECT {', '.join(items)} "
        f"FROM ({everyone.valued_sql(values, everyone.customers.columns)}) AS valued GROUP BY {PLACE}"
    )
    table, groups = everyone.engine.ask(query), len(everyone.segmentation.segments) + 1
    members = _by_group(table, MEMBERS, groups)
    added = {
        key: _sums(table, f"v{place}", members, one.origin) for place, (key, one) in enumerate(summed.items())
    }
    return [int(one) for one in members], added


def _sums_sql(value: str, one: _Summed) -> list[str]:
    away = f"({value} - {double(one.origin)})" if one.origin else value
    items = [
        f"COUNT({value}) AS {value}_n",
        f"SUM({away}) AS {value}_s",
        f"SUM({away} * {away}) AS {value}_q",
    ]
    for name, test in zip("hl", one.bands or (), strict=False):
        items.append(f"COUNT(CASE WHEN {test.format(value)} THEN 1 END) AS {value}_{name}")
    return items


def _by_group(table: pa.Table, name: str, groups: int) -> np.ndarray:
    """A column by group, those who fit none last; 0 for a group that has nobody."""
    found = np.zeros(groups)
    if name in table.column_names:
        found[numbers_of(table[PLACE]).astype(int)] = np.nan_to_num(numbers_of(table[name]))
    return found


def _sums(table: pa.Table, value: str, members: np.ndarray, origin: float) -> list[Sums]:
    figures = [_by_group(table, f"{value}_{name}", len(members)).tolist() for name in "nsqhl"]
    return [
        Sums(int(size), int(count), total, squares, int(high), int(low), origin)
        for size, count, total, squares, high, low in zip(members.tolist(), *figures, strict=True)
    ]


# --- levels and medians -----------------------------------------------------------------------------


def _level_counts(customers: Customers, name: str, rows: Rows) -> tuple[list[str], np.ndarray]:
    column = customers.column(name)
    assert column is not None  # it was listed
    values = values_of(customers, column, rows.table[LEVEL])
    names, codes = [str(level) for level in values.cat.categories], values.cat.codes.to_numpy()
    groups, known = len(rows.counted.assignment.segments) + 1, codes >= 0
    cells = rows.counted.places[known] * len(names) + codes[known]
    return names, rows.counted.tally(cells, groups * len(names), known).reshape(groups, len(names))


def _middle_ranks(answered: Sequence[int]) -> dict[int | None, Sequence[int]]:
    return {group: sorted({(n - 1) // 2, n // 2}) for group, n in enumerate(answered) if n}


def _medians(found: Detailed) -> list[float]:
    """The median of each group, NaN for one without values."""
    groups = len(found.binned.counted.assignment.segments) + 1
    ranks = _middle_ranks(found.answered)
    middles = {group: list(found.ordered(group, some).values()) for group, some in ranks.items()}
    return [float(np.mean(middles.get(group, [np.nan]))) for group in range(groups)]
