"""Any column by segment of a table that stays where it is: of everyone, from counts.

Levels are counted. Of a number, an engine counts how many lie in each of some thousand narrow bins, whose
borders come from those who were drawn, and adds up what is in each. Quantiles are exact all the same: the
bins tell which of them hold a wanted rank, and in those few, single values are counted by a second query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.table import Column
from segkit.measures.counted import Counted
from segkit.measures.definitions import find_kpi
from segkit.measures.distributions import (
    MOST_LEVELS,
    LevelShares,
    NumberSpread,
    answer_column,
    answers_of,
    levels_of,
    ranks_wanted,
    showable,
    spread_of,
)
from segkit.measures.pushed import COUNTED, reachable, value_sql
from segkit.measures.pushed_counts import Added, Everyone, N, Rows, numbers_of, origin_of
from segkit.measures.sums import Sums, together
from segkit.measures.suppression import SMALLEST_SHOWN
from segkit.segments.features import numeric
from segkit.segments.sql import PLACE
from segkit.segments.sql_columns import double

WHICH, LEVEL, BIN, VALUE = "which_of_them", "level_of_it", "bin_of_it", "value_of_it"
MOST_BINS = 8_192  # of a number: usual distributions have less than a thousandth in the fullest of them
FEW = 200  # different values: each is a bin of its own
STEEPEST = 1e-9  # of the range: the shortest distance that bins tell apart around the middle


def column_of_all(everyone: Everyone, name: str) -> LevelShares | NumberSpread | None:
    """Spread any column of all customers over the segments, as `distributions.by_segment` does of a table.

    Parameters
    ----------
    everyone : Everyone
    name : str
        One of `distributions.showable`.

    Returns
    -------
    LevelShares, NumberSpread or None
        None where fewer than five have a value, or the column is not for showing.

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    """
    column = everyone.customers.column(name)
    if column is None or column not in showable(everyone.customers):
        return None
    found = many_of_all(everyone, [column])
    if column.kind != "number":
        rows = found.rows[name]
        return levels_of(everyone.with_column(rows, column, LEVEL), rows.counted, column)
    binned = found.numbers[name]
    if binned.single and binned.different <= MOST_LEVELS:
        levels = replace(everyone.customers, frame=pd.DataFrame({name: binned.low}))
        return levels_of(levels, binned.counted, column)
    sizes = dict(enumerate(binned.answered)) | {None: sum(binned.answered)}
    ranks = {group: ranks_wanted(size) for group, size in sizes.items() if size >= SMALLEST_SHOWN}
    detailed = found.detailed(everyone, {name: ranks})[name]
    return spread_of(everyone.customers, binned.counted, column, detailed)


def answers_of_all(everyone: Everyone) -> LevelShares | None:
    """Share of each CSAT answer of all customers, as `distributions.answer_shares` of a table.

    Returns
    -------
    LevelShares or None
        None without CSAT, or where fewer than five have answered.

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    """
    customers, csat = everyone.customers, find_kpi("csat")
    column = answer_column(customers)
    if column is None:
        return None
    answer = f"({value_sql(csat, customers)})"
    added = Added(answer, origin_of(csat.values(customers)))
    rows = everyone.rows({LEVEL: f"FLOOR({answer} + 0.5e0)"}, [column], {VALUE: added})
    parts = rows.sums(VALUE, added.origin)[: len(rows.counted.with_none.assignment.segments)]
    return answers_of(customers, rows.counted, rows.numbers(LEVEL), parts, together(parts))


# --- bins -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bins:
    """Narrow parts of a number, in the order of the values.

    Values are limited to the range of those drawn. Around the middle, parts are equally wide; towards the
    ends they widen with the distance, so that a few extremes leave room for the others.

    Attributes
    ----------
    low, high : float
    middle, unit : float
    steps : float
        Parts per unit of asinh((value - middle) / unit); 0 where each value, or whole number, is its own.
    whole : bool
    origin : float
        Where sums are counted from, as in `sums.Sums`.
    """

    low: float
    high: float
    middle: float = 0.0
    unit: float = 1.0
    steps: float = 0.0
    whole: bool = False
    origin: float = 0.0

    def sql(self, value: str) -> str:
        """Write the part a value lies in; NULL for a gap, which LEAST and GREATEST would leave out."""
        if not self.steps and not self.whole:
            return value
        limited = f"LEAST(GREATEST({value}, {double(self.low)}), {double(self.high)})"
        if self.whole:
            return f"CASE WHEN {value} IS NOT NULL THEN FLOOR({limited}) END"
        away = f"(({limited} - {double(self.middle)}) / {double(self.unit)})"
        arc = f"SIGN({away}) * LN(ABS({away}) + SQRT({away} * {away} + 1e0))"
        return f"CASE WHEN {value} IS NOT NULL THEN FLOOR({arc} * {double(self.steps)}) END"


def bins_of(drawn: np.ndarray) -> Bins:
    """Choose bins by the values of those drawn."""
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return Bins(0.0, 0.0)
    low, high = float(known.min()), float(known.max())
    origin = origin_of(known)
    if len(np.unique(known)) <= FEW:
        return Bins(low, high, origin=origin)
    if high - low < MOST_BINS and (known % 1 == 0).all():
        return Bins(low, high, whole=True, origin=origin)
    first, middle, third = (float(one) for one in np.quantile(known, (0.25, 0.5, 0.75)))
    unit = max((third - first) / 2, STEEPEST * (high - low))
    ends = np.arcsinh((np.array([low, high]) - middle) / unit)
    return Bins(low, high, middle, unit, MOST_BINS / float(ends[1] - ends[0]), origin=origin)


# --- many columns at once ---------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Many:
    """What an engine counted of several columns in one query.

    Attributes
    ----------
    columns : tuple of Column
    bins : mapping of str to Bins
        Of those that are numbers.
    rows : mapping of str to Rows
        Of the others: customers by segment and level.
    numbers : mapping of str to Binned
    """

    columns: tuple[Column, ...]
    bins: Mapping[str, Bins]
    rows: Mapping[str, Rows]
    numbers: "Mapping[str, Binned]"

    def detailed(
        self, everyone: Everyone, ranks: Mapping[str, Mapping[int | None, Sequence[int]]]
    ) -> "dict[str, Detailed]":
        """Ask for the values in the bins that hold some ranks.

        Parameters
        ----------
        everyone : Everyone
        ranks : mapping of str to mapping
            For a column, the ranks of each group; None is everyone.
        """
        wanted = {name: self.numbers[name].holding(some) for name, some in ranks.items()}
        asked = {name: bins for name, bins in wanted.items() if len(bins)}
        found = {name: self.numbers[name].table.slice(0, 0) for name in ranks}
        if asked:
            columns = [one for one in self.columns if one.name in asked]
            table = everyone.engine.ask(_detail_sql(everyone, columns, self.bins, asked))
            found |= {one.name: _of_which(table, place) for place, one in enumerate(columns)}
        return {name: Detailed(self.numbers[name], wanted[name], found[name]) for name in ranks}


def many_of_all(everyone: Everyone, columns: Sequence[Column]) -> Many:
    """Count several columns of all customers by segment: levels, and numbers by bin."""
    reachable(everyone.engine, everyone.segmentation)
    if not columns:
        return Many((), {}, {}, {})
    frame = everyone.customers.frame
    bins = {one.name: bins_of(numeric(frame[one.name])) for one in columns if one.kind == "number"}
    table = everyone.engine.ask(_many_sql(everyone, columns, bins))
    parts = {one.name: _of_which(table, place) for place, one in enumerate(columns)}
    rows = {name: everyone.placed(part) for name, part in parts.items()}
    numbers = {name: Binned(rows[name].table, rows[name].counted, one.origin) for name, one in bins.items()}
    return Many(tuple(columns), bins, {name: rows[name] for name in rows if name not in bins}, numbers)


def _of_which(table: pa.Table, place: int) -> pa.Table:
    return table.filter(pc.equal(table[WHICH].cast(pa.int64()), place))


def _many_sql(everyone: Everyone, columns: Sequence[Column], bins: Mapping[str, Bins]) -> str:
    logs = f"CASE WHEN {VALUE} > 0 THEN LN({VALUE}) END"
    origin = _each(columns, {name: double(one.origin) for name, one in bins.items()})
    away = f"({VALUE} - {origin})" if any(one.origin for one in bins.values()) else VALUE
    added = {
        "low": f"MIN({VALUE})",
        "high": f"MAX({VALUE})",
        "total": f"SUM({away})",
        "squares": f"SUM({away} * {away})",
        "logs": f"SUM({logs})",
        "log_squares": f"SUM({logs} * {logs})",
    }
    names = ", ".join((PLACE, WHICH, LEVEL, BIN))
    items = ", ".join(f"{sql} AS {alias}" for alias, sql in added.items()) if bins else ""
    sums = f", {items}" if items else ""
    below = _binned_sql(everyone, columns, bins)
    return f"{below} SELECT {names}, COUNT(*) AS {N}{sums} FROM binned GROUP BY {names}"


def _detail_sql(
    everyone: Everyone, columns: Sequence[Column], bins: Mapping[str, Bins], asked: Mapping[str, np.ndarray]
) -> str:
    names = ", ".join((PLACE, WHICH, BIN, VALUE))
    tests = [
        f"({WHICH} = {place} AND {BIN} IN ({', '.join(map(double, asked[one.name].tolist()))}))"
        for place, one in enumerate(columns)
    ]
    below = _binned_sql(everyone, columns, bins)
    return f"{below} SELECT {names}, COUNT(*) AS {N} FROM binned WHERE {' OR '.join(tests)} GROUP BY {names}"


def _binned_sql(everyone: Everyone, columns: Sequence[Column], bins: Mapping[str, Bins]) -> str:
    """Write the steps up to a row for each customer and column: its level, or its value and bin."""
    aliases = {one.name: f"x{place}" for place, one in enumerate(columns)}
    valued = everyone.valued_sql({aliases[one.name]: everyone.read(one) for one in columns}, columns)
    which = " UNION ALL ".join(f"SELECT {place} AS {WHICH}" for place in range(len(columns)))
    levels = _each(columns, {name: alias for name, alias in aliases.items() if name not in bins})
    values = _each(columns, {name: aliases[name] for name in bins if name in aliases})
    binned = _each(columns, {name: one.sql(VALUE) for name, one in bins.items() if name in aliases})
    return (
        f"WITH {COUNTED} AS ({everyone.counted_sql()}), "
        f"each_of_them AS (SELECT {PLACE}, {WHICH}, {levels} AS {LEVEL}, {values} AS {VALUE} "
        f"FROM ({valued}) AS valued CROSS JOIN ({which}) AS the_columns), "
        f"binned AS (SELECT {PLACE}, {WHICH}, {LEVEL}, {VALUE}, {binned} AS {BIN} FROM each_of_them)"
    )


def _each(columns: Sequence[Column], sql: Mapping[str, str]) -> str:
    """Write one thing for each column; NULL for the others."""
    cases = [f"WHEN {place} THEN {sql[one.name]}" for place, one in enumerate(columns) if one.name in sql]
    return f"CASE {WHICH} {' '.join(cases)} END" if cases else "NULL"


# --- one number -------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Binned:
    """A number of all customers by segment and bin; those without a value have a row of their own.

    Attributes
    ----------
    table : pyarrow.Table
    counted : Counted
    origin : float
        Where sums are counted from.
    """

    table: pa.Table
    counted: Counted
    origin: float

    def of(self, name: str) -> np.ndarray:
        """A column of the table as floats."""
        return Rows(self.table, self.counted).numbers(name)

    @property
    def low(self) -> np.ndarray:
        """The least value of each row, NaN where there is none."""
        return self.of("low")

    @property
    def known(self) -> np.ndarray:
        """Which rows have values."""
        return ~np.isnan(self.low)

    @property
    def single(self) -> bool:
        """Whether every bin holds one value only."""
        return not self._ranges["wide"].any()

    @property
    def different(self) -> int:
        """How many bins hold somebody."""
        return len(self._ranges)

    @property
    def _ranges(self) -> pd.DataFrame:
        """By bin, whether it holds several values."""
        rows = pd.DataFrame({"bin": self.of(BIN), "low": self.low, "high": self.of("high")})[self.known]
        ends = rows.groupby("bin").agg({"low": "min", "high": "max"})
        return ends.assign(wide=ends["low"] < ends["high"])

    @property
    def groups(self) -> int:
        """How many groups there are, with those who fit none where there are any."""
        return len(self.counted.with_none.assignment.segments)

    @property
    def answered(self) -> list[int]:
        """How many of each group have a value."""
        known, places = self.known, self.counted.places
        answered: list[int] = self.counted.tally(places[known], self.groups, known).tolist()
        return answered

    def holding(self, ranks: Mapping[int | None, Sequence[int]]) -> np.ndarray:
        """Find the bins that hold some ranks of some groups, and more than one value."""
        known, bins, counts = self.known, self.of(BIN), self.counted.each
        found: set[float] = set()
        for group, wanted in ranks.items():
            mine = known & (self.counted.places == group) if group is not None else known
            order = np.argsort(bins[mine], kind="stable")
            places = np.searchsorted(np.cumsum(counts[mine][order]), wanted, side="right")
            found |= set(bins[mine][order][places].tolist())
        wide = self._ranges["wide"]
        return np.array(sorted(found & set(wide.index[wide])))

    def sums(self) -> tuple[list[Sums], Sums]:
        """Sums of each group and of everyone."""
        totals, squares = (self._added(name) for name in ("total", "squares"))
        return self.summed(self.counted.places, totals, squares, self.origin)

    def _added(self, name: str) -> np.ndarray:
        return np.nan_to_num(self.of(name))

    def summed(
        self, places: np.ndarray, totals: np.ndarray, squares: np.ndarray, origin: float
    ) -> tuple[list[Sums], Sums]:
        """Put sums of rows together by group."""
        members = self.counted.tally(self.counted.places, self.groups).tolist()
        added = [np.bincount(places, one, minlength=self.groups).tolist() for one in (totals, squares)]
        parts = [
            Sums(size, answered, total, square, origin=origin)
            for size, answered, total, square in zip(members, self.answered, *added, strict=True)
        ]
        return parts, together(parts)


@dataclass(frozen=True, eq=False)
class Detailed:
    """A number of all customers, with single values where they matter, as `distributions.Numbers`.

    Attributes
    ----------
    binned : Binned
    bins : float array
        Of which single values are known.
    table : pyarrow.Table
        Those values, by group.
    """

    binned: Binned
    bins: np.ndarray
    table: pa.Table

    @property
    def answered(self) -> list[int]:
        """How many of each group have a value."""
        return self.binned.answered

    @property
    def _coarse(self) -> np.ndarray:
        """Rows of bins of which single values are not known."""
        return self.binned.known & ~np.isin(self.binned.of(BIN), self.bins)

    def _fine(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Places, values and counts of single values."""
        if not self.table.num_rows:
            return np.empty(0, np.intp), np.empty(0), np.empty(0)
        places, values, counts = (numbers_of(self.table[name]) for name in (PLACE, VALUE, N))
        segments = len(self.binned.counted.assignment.segments)
        return np.where(places < 0, segments, places).astype(np.intp), values, counts

    def ordered(self, group: int | None, ranks: Sequence[int]) -> dict[int, float]:
        """Values of a group, or of everyone, by their rank from 0."""
        rows, (fine_places, fine_values, fine_counts) = self._coarse, self._fine()
        places = np.concatenate([self.binned.counted.places[rows], fine_places])
        values = np.concatenate([self.binned.low[rows], fine_values])
        counts = np.concatenate([self.binned.counted.each[rows], fine_counts])
        mine = places == group if group is not None else np.ones(len(places), bool)
        order = np.argsort(values[mine], kind="stable")
        at = np.searchsorted(np.cumsum(counts[mine][order]), ranks, side="right")
        return dict(zip(ranks, values[mine][order][at].tolist(), strict=True))

    def limited(self, low: float, high: float, log: bool) -> tuple[list[Sums], Sums]:
        """Sums of values limited to a range whose ends lie in bins with single values, or of their logs."""
        if low != low:
            return self.binned.sums()
        binned, rows, origin = self.binned, self._coarse, 0.0 if log else self.binned.origin
        fine_places, fine_values, fine_counts = self._fine()
        edge = np.where(binned.of("high")[rows] <= low, low, np.where(binned.low[rows] >= high, high, nan))
        outside = ~np.isnan(edge)
        names = ("logs", "log_squares") if log else ("total", "squares")
        inside = [np.nan_to_num(binned.of(name)[rows]) for name in names]
        counts = binned.counted.each[rows]
        all_edges = np.concatenate([edge, np.clip(fine_values, low, high)])
        away = (np.log(all_edges) if log else all_edges) - origin
        many = np.concatenate([counts, fine_counts])
        told = np.concatenate([outside, np.ones(len(fine_values), bool)])
        padded = [np.concatenate([one, np.zeros(len(fine_values))]) for one in inside]
        totals = np.where(told, many * away, padded[0])
        squares = np.where(told, many * away * away, padded[1])
        places = np.concatenate([binned.counted.places[rows], fine_places])
        return binned.summed(places, totals, squares, origin)
