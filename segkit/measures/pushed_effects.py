"""What goes with a KPI, of a table that stays where it is: of everyone, from sums by group.

One query adds the KPI up in the groups of every attribute; where there are numbers, one more tells how they
go along with it and how their groups are called. Where numbers are cut is learned from those who were drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.base import restricted
from segkit.customers.table import Column, Customers
from segkit.measures.definitions import OWN, KpiDefinition
from segkit.measures.effects import (
    ByGroup,
    Effect,
    attributes_of,
    borders_of,
    comparable,
    effects_of,
    groups_of_levels,
    names_of_parts,
    scored,
)
from segkit.measures.estimates import Estimator
from segkit.measures.kpis import kpis_of, source_columns
from segkit.measures.pushed import BANDS, COUNTED, reachable, value_sql
from segkit.measures.pushed_counts import Added, Everyone, numbers_of, values_of
from segkit.measures.pushed_profiles import extent_of, part_figures
from segkit.segments.features import numeric
from segkit.segments.sql import PLACE
from segkit.segments.sql_columns import double

ANSWER, SCORE = "answer_of_it", "score_of_it"


def effects_of_all(
    everyone: Everyone, kpi: str, whom: str = "", leave_out: Sequence[str] = ()
) -> list[Effect]:
    """Find the attributes that go with a KPI among all customers, as `effects.goes_with` does in a table.

    Parameters
    ----------
    everyone : Everyone
    kpi : str
        Key of the KPI, one's own included.
    whom : str
        Key of the segment to look at; empty for everyone.
    leave_out : sequence of str
        Columns not to look at, beside ids, personal data, texts, dates and what the KPI is computed from.

    Returns
    -------
    list of Effect
        Empty where the KPI is not there or cannot be compared.

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    segkit.errors.UnusableColumn
        An own KPI's column is not there, or holds something else.
    """
    part = restricted(everyone.customers, everyone.conditions)
    own = (kpi.removeprefix(OWN),) if kpi.startswith(OWN) else ()
    definition = next((one for one in kpis_of(part, own) if one.key == kpi and comparable(one)), None)
    sources = source_columns(definition, part) if definition else None
    if definition is None or sources is None:
        return []
    columns = attributes_of(part, {*sources, *leave_out})
    return effects_of(definition.estimator, _Asking(everyone, part, definition, whom).of(columns))


@dataclass(frozen=True, eq=False)
class _Asking:
    """A KPI of those who are looked at, to be asked for by the groups of attributes.

    Attributes
    ----------
    everyone : Everyone
    part : Customers
        Those drawn who count.
    definition : KpiDefinition
    whom : str
    """

    everyone: Everyone
    part: Customers
    definition: KpiDefinition
    whom: str

    def of(self, columns: Sequence[Column]) -> list[ByGroup]:
        """What is known of some attributes."""
        reachable(self.everyone.engine, self.everyone.segmentation)
        if not columns:
            return []
        learned = self._learned(columns)
        added = self.everyone.engine.ask(self._groups_sql(columns, learned))
        numbers = self._numbers(columns, learned)
        found = []
        for place, one in enumerate(columns):
            table = added.filter(pc.is_valid(added[f"c{place}"]))
            answers = _Answers(table, f"c{place}", self.definition.estimator, self._score_origin(learned))
            if one.kind == "number":
                found.append(answers.of_number(one, learned.borders[one.name], numbers[one.name]))
            else:
                found.append(answers.of_levels(one, self.everyone.customers))
        return found

    def _learned(self, columns: Sequence[Column]) -> "_Learned":
        answers = self.definition.values(self.part)
        rows = ~np.isnan(answers) & self._drawn()
        frame = self.part.frame.loc[rows]
        values = {one.name: numeric(frame[one.name]) for one in columns if one.kind == "number"}
        return _Learned(
            {name: borders_of(some) for name, some in values.items()},
            {name: _middle(some) for name, some in values.items()},
            _middle(answers[rows]),
        )

    def _drawn(self) -> np.ndarray:
        """Who of those drawn is looked at."""
        if not self.whom:
            return np.ones(len(self.part), bool)
        return self.everyone.segmentation.assign(self.part).members(self.whom)

    @property
    def _place(self) -> int:
        return [one.key for one in self.everyone.segmentation.segments].index(self.whom)

    def _score_origin(self, learned: "_Learned") -> float:
        return 0.0 if self.definition.key in BANDS else learned.origin

    def _answered_sql(self, columns: Sequence[Column]) -> str:
        """Write the steps up to a row for each customer who answered: the KPI, and x0, x1 … of columns."""
        everyone = self.everyone
        values = {f"x{place}": everyone.read(one) for place, one in enumerate(columns)}
        values[ANSWER] = value_sql(self.definition, everyone.customers)
        valued = everyone.valued_sql(values, everyone.customers.columns)
        return (
            f"WITH {COUNTED} AS ({everyone.counted_sql()}), "
            f"answered AS (SELECT * FROM ({valued}) AS valued WHERE {ANSWER} IS NOT NULL)"
        )

    def _score(self) -> str:
        """Write the KPI; of bands, 1 for the upper, -1 for the lower one and 0 in between."""
        if self.definition.key not in BANDS:
            return ANSWER
        high, low = (test.format(ANSWER) for test in BANDS[self.definition.key])
        return f"CASE WHEN {high} THEN 1e0 WHEN {low} THEN -1e0 ELSE 0e0 END"

    def _groups_sql(self, columns: Sequence[Column], learned: "_Learned") -> str:
        """Write the query of sums by group: what is no group of a column is NULL in it, a gap is not."""
        codes = {f"c{place}": _code_sql(one, f"x{place}", learned) for place, one in enumerate(columns)}
        score = self._score()
        if self.whom:
            # a WHERE would do as well, but DuckDB takes it back to where customers are placed and writes all
            # that arithmetic out again: twenty times as long
            score = f"CASE WHEN {PLACE} = {self._place} THEN {score} END"
        values = {**codes, SCORE: score}
        coded = ", ".join(f"{sql} AS {alias}" for alias, sql in values.items())
        items = [*codes, *Added(SCORE, self._score_origin(learned)).items(SCORE)]
        return (
            f"{self._answered_sql(columns)} SELECT {', '.join(items)} "
            f"FROM (SELECT {coded} FROM answered) AS coded "
            f"GROUP BY GROUPING SETS ({', '.join(f'({alias})' for alias in codes)})"
        )

    def _numbers(self, columns: Sequence[Column], learned: "_Learned") -> dict[str, "_Number"]:
        """Ask how numbers go along with the KPI, and what the names of their groups tell."""
        known, items = [one for one in columns if one.kind == "number"], []
        for place, one in enumerate(known):
            origin = learned.origins[one.name]
            x, y = f"({{0}} - {double(origin)})", f"({ANSWER} - {double(learned.origin)})"
            there = f"CASE WHEN {{0}} IS NOT NULL THEN {y} END"
            along = {"ys": f"SUM({there})", "yq": f"SUM({there} * {y})", "xy": f"SUM({x} * {y})"}
            figures = along | part_figures(learned.borders[one.name])
            items += Added(f"x{place}", origin, None, figures).items(f"x{place}")
        if not known:
            return {}
        names, groups = ([PLACE], f" GROUP BY {PLACE}") if self.whom else ([], "")
        asked = f"{self._answered_sql(known)} SELECT {', '.join([*names, *items])} FROM answered{groups}"
        table = self.everyone.engine.ask(asked)
        if self.whom:
            table = table.filter(pc.equal(table[PLACE].cast(pa.int64()), self._place))
        return {one.name: _Number(table, f"x{place}") for place, one in enumerate(known)}


@dataclass(frozen=True, eq=False)
class _Learned:
    """What those drawn say who are looked at.

    Attributes
    ----------
    borders : mapping of str to sequence of float
        Where numbers are cut.
    origins : mapping of str to float
        Where they are counted from.
    origin : float
        Where the KPI is counted from.
    """

    borders: Mapping[str, Sequence[float]]
    origins: Mapping[str, float]
    origin: float


def _middle(values: np.ndarray) -> float:
    """Where values are counted from, so that no digit of a large one is lost."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else 0.0


def _code_sql(column: Column, value: str, learned: _Learned) -> str:
    """Write the group of a customer; a gap has one of its own."""
    if column.kind == "category":
        return f"COALESCE({value}, '')"
    if column.kind == "yes/no":
        return f"COALESCE({value}, -1e0)"
    edges = learned.borders[column.name]
    tests = [f"WHEN {value} < {double(edge)} THEN {place}" for place, edge in enumerate(edges)]
    return f"CASE WHEN {value} IS NULL THEN -1 {' '.join(tests)} ELSE {len(edges)} END"


@dataclass(frozen=True, eq=False)
class _Answers:
    """The KPI by the groups of one attribute, as an engine added it up."""

    table: pa.Table
    code: str
    estimator: Estimator
    origin: float

    def of_number(self, column: Column, borders: Sequence[float], known: "_Number") -> ByGroup:
        """The attribute is a number."""
        if not known.answered:
            return ByGroup(column, (), [])
        names = names_of_parts(borders, extent_of(known.table, known.alias, borders), column.name)
        places = numbers_of(self.table[self.code]).astype(int)
        return self._by_group(column, names, places, -1, known.correlation)

    def of_levels(self, column: Column, customers: Customers) -> ByGroup:
        """The attribute is a category, or yes or no."""
        if column.kind == "category":
            gaps = pc.equal(self.table[self.code], "")
            texts = pc.if_else(gaps, pa.scalar(None, self.table[self.code].type), self.table[self.code])
            values = values_of(customers, column, texts)
            levels, codes = [str(one) for one in values.cat.categories], values.cat.codes.to_numpy()
        else:
            levels, codes = ["no", "yes"], numbers_of(self.table[self.code]).astype(int)
        counts = np.zeros(len(levels), dtype=np.int64)
        np.add.at(counts, codes[codes >= 0], self._column("n")[codes >= 0].astype(np.int64))
        names, group, pooled = groups_of_levels(levels, counts, column.kind)
        places = np.append(group, -1)[codes]  # -1 is a gap
        return self._by_group(column, names, places, pooled, nan)

    def _column(self, name: str) -> np.ndarray:
        return np.nan_to_num(numbers_of(self.table[f"{SCORE}_{name}"]))

    def _by_group(
        self, column: Column, names: tuple[str, ...], places: np.ndarray, pooled: int, correlation: float
    ) -> ByGroup:
        kept = places >= 0
        counts, totals, squares = (
            np.bincount(places[kept], self._column(name)[kept], minlength=len(names)).tolist()
            for name in "nsq"
        )
        figures = zip(counts, totals, squares, strict=True)
        sums = [scored(self.estimator, round(n), total, square, self.origin) for n, total, square in figures]
        return ByGroup(column, names, sums, pooled, correlation)


@dataclass(frozen=True, eq=False)
class _Number:
    """How one number goes along with the KPI."""

    table: pa.Table
    alias: str

    def _total(self, name: str) -> float:
        return float(np.nan_to_num(numbers_of(self.table[f"{self.alias}_{name}"])).sum())

    @property
    def answered(self) -> float:
        """How many have both."""
        return self._total("n")

    @property
    def correlation(self) -> float:
        """Pearson's correlation of both; NaN where one does not vary."""
        n, x, y = self.answered, self._total("s"), self._total("ys")
        spreads = n * self._total("q") - x * x, n * self._total("yq") - y * y
        return (n * self._total("xy") - x * y) / sqrt(spreads[0] * spreads[1]) if min(spreads) > 0 else nan
