"""Two segments compared, of a table that stays where it is: of everyone, in all KPIs and columns.

One query adds up what KPIs and numbers need in every segment, one counts levels and bins, and one more finds
the medians of skewed numbers. So any two segments can then be compared without asking again. How a skewed
number is put on its log scale is learned from those who were drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from segkit.customers.base import restricted
from segkit.customers.table import Column, Customers
from segkit.measures.comparison import compared_columns, log_feature
from segkit.measures.definitions import OWN, KpiDefinition
from segkit.measures.effects import comparable
from segkit.measures.kpis import kpis_of
from segkit.measures.pushed import BANDS, value_sql
from segkit.measures.pushed_columns import LEVEL, Detailed, many_of_all
from segkit.measures.pushed_counts import Added, Everyone, N, Rows, origin_of, values_of
from segkit.measures.sums import Sums
from segkit.segments.features import NumberFeature, numeric
from segkit.segments.sql import scaled_sql

LOG = "log:"  # in front of a column: its values on their log scale


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
    counts = {name: level_counts_of(customers, name, rows) for name, rows in many.rows.items()}
    found = many.detailed(everyone, ranks)
    return FactsOfAll(members, added, counts, {name: _medians(one) for name, one in found.items()})


# --- sums -------------------------------------------------------------------------------------------


def _summed(
    everyone: Everyone,
    definitions: Sequence[KpiDefinition],
    columns: Sequence[Column],
    skewed: Mapping[str, NumberFeature],
) -> dict[str, Added]:
    customers = everyone.customers
    found = {
        one.key: Added(value_sql(one, customers), origin_of(one.values(customers)), BANDS.get(one.key))
        for one in definitions
    }
    for one in columns:
        if one.kind != "category":
            found[one.name] = Added(everyone.read(one), origin_of(numeric(customers.frame[one.name])))
        if one.name in skewed:
            found[LOG + one.name] = Added(scaled_sql(skewed[one.name], everyone.read(one)))
    return found


def _added(everyone: Everyone, summed: Mapping[str, Added]) -> tuple[list[int], dict[str, list[Sums]]]:
    """Add values up in each group; gives the customers of each group, too."""
    aliases = {key: f"v{place}" for place, key in enumerate(summed)}
    added = {aliases[key]: one for key, one in summed.items()}
    rows = everyone.rows({}, everyone.customers.columns, added)
    members = [round(one) for one in rows.by_group(N).tolist()]
    return members, {key: rows.sums(aliases[key], one.origin) for key, one in summed.items()}


# --- levels and medians -----------------------------------------------------------------------------


def level_counts_of(customers: Customers, name: str, rows: Rows) -> tuple[list[str], np.ndarray]:
    """The levels of a category, and how many of each group (rows; those who fit none last) have each."""
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
