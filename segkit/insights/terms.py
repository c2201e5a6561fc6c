"""Terms: a value of each customer in two ways, as an array of those here and in SQL for all where they live.

A rule is written once, with terms. Each operation says side by side what it does to arrays and how it is
written, so both give the same of the same customers. A missing value is NaN in the one and NULL in the other:
it stays missing in arithmetic, and nothing holds of it.

`Facts` gives the terms of a table, and what has to be known of all of it before a rule can be written, such
as how long nine of ten tickets take: from the arrays, or asked of the engine.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from math import floor
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.customers.base import Condition, met
from segkit.customers.retention import counted_to
from segkit.customers.table import Column, Customers
from segkit.errors import UnusablePlan
from segkit.measures.definitions import find_kpi
from segkit.measures.pushed import COUNTED, value_sql
from segkit.measures.pushed_counts import Everyone, days_between_sql, values_of
from segkit.segments.base_sql import condition_sql, day_sql
from segkit.segments.features import numeric
from segkit.segments.sql import PREFIX
from segkit.segments.sql_columns import double
from segkit.sql_literals import text

MOST_LEVELS = 1_000  # different texts of a column that are looked at one by one where the table lives

Reads = Mapping[str, Callable[[], str]]
"""What a term reads: names inside a query, each with what writes its SQL over the columns of the source."""


@dataclass(frozen=True, eq=False)
class Term:
    """A number of each customer.

    Attributes
    ----------
    here : float array
        Of those in memory; NaN where it is not known.
    sql : str
        The same over the names of `reads`; NULL where it is not known.
    reads : mapping of str to function
    """

    here: np.ndarray
    sql: str
    reads: Reads = field(default_factory=dict)

    def __add__(self, other: "Term | float") -> "Term":
        return _two(self, other, np.add, "({} + {})")

    def __sub__(self, other: "Term | float") -> "Term":
        return _two(self, other, np.subtract, "({} - {})")

    def __mul__(self, other: "Term | float") -> "Term":
        return _two(self, other, np.multiply, "({} * {})")

    def over(self, other: "Term") -> "Term":
        """Divide by another one; not known where that is not above 0."""
        above = other.here > 0
        found = np.divide(self.here, other.here, out=np.full(len(self.here), np.nan), where=above)
        sql = f"CASE WHEN {other.sql} > 0 THEN {self.sql} / {other.sql} END"
        return Term(found, sql, {**self.reads, **other.reads})

    def __lt__(self, other: "Term | float") -> "Holds":
        return _compared(self, other, np.less, "<")

    def __le__(self, other: "Term | float") -> "Holds":
        return _compared(self, other, np.less_equal, "<=")

    def __gt__(self, other: "Term | float") -> "Holds":
        return _compared(self, other, np.greater, ">")

    def __ge__(self, other: "Term | float") -> "Holds":
        return _compared(self, other, np.greater_equal, ">=")

    def is_(self, other: "Term | float") -> "Holds":
        """Whether it equals a number or another term."""
        return _compared(self, other, np.equal, "=")

    def among(self, values: Sequence[float]) -> "Holds":
        """Whether it is one of some numbers."""
        sql = f"{self.sql} IN ({', '.join(map(double, values))})" if values else "1 = 0"
        return Holds(np.isin(self.here, values), sql, self.reads)

    @property
    def known(self) -> "Holds":
        """Whether there is a value."""
        return Holds(~np.isnan(self.here), f"{self.sql} IS NOT NULL", self.reads)

    @property
    def unknown(self) -> "Holds":
        """Whether there is none."""
        return Holds(np.isnan(self.here), f"{self.sql} IS NULL", self.reads)

    def where(self, holds: "Holds") -> "Term":
        """The value where something holds, none elsewhere."""
        sql = f"CASE WHEN {holds.sql} THEN {self.sql} END"
        return Term(np.where(holds.here, self.here, np.nan), sql, {**self.reads, **holds.reads})

    def unless(self, holds: "Holds") -> "Term":
        """None where something holds, the value elsewhere."""
        sql = f"CASE WHEN {holds.sql} THEN NULL ELSE {self.sql} END"
        return Term(np.where(holds.here, np.nan, self.here), sql, {**self.reads, **holds.reads})

    def otherwise(self, other: "Term") -> "Term":
        """The value, or that of another term where there is none."""
        found = np.where(np.isnan(self.here), other.here, self.here)
        return Term(found, f"COALESCE({self.sql}, {other.sql})", {**self.reads, **other.reads})

    @property
    def broken(self) -> "Holds":
        """Whether it is no whole number."""
        known = ~np.isnan(self.here)
        return Holds(
            known & (self.here != np.rint(self.here)), f"{self.sql} <> FLOOR({self.sql})", self.reads
        )

    def ceil(self) -> "Term":
        """The next whole number."""
        return Term(np.ceil(self.here), f"CEIL({self.sql})", self.reads)

    def at_least(self, least: float) -> "Term":
        """The value, or a larger limit."""
        sql = f"CASE WHEN {self.sql} < {double(least)} THEN {double(least)} ELSE {self.sql} END"
        return Term(np.maximum(self.here, least), sql, self.reads)

    def larger(self, other: "Term") -> "Term":
        """The larger of two; of one that is missing, the other."""
        sql = f"CASE WHEN {self.sql} IS NULL OR {other.sql} > {self.sql} THEN {other.sql} ELSE {self.sql} END"
        return Term(np.fmax(self.here, other.here), sql, {**self.reads, **other.reads})


@dataclass(frozen=True, eq=False)
class Holds:
    """What holds of a customer or not: `here` is a bool array; NULL in SQL counts as not."""

    here: np.ndarray
    sql: str
    reads: Reads = field(default_factory=dict)

    def __and__(self, other: "Holds") -> "Holds":
        return Holds(self.here & other.here, f"({self.sql} AND {other.sql})", {**self.reads, **other.reads})

    def __or__(self, other: "Holds") -> "Holds":
        return Holds(self.here | other.here, f"({self.sql} OR {other.sql})", {**self.reads, **other.reads})

    def __invert__(self) -> "Holds":
        return Holds(~self.here, f"CASE WHEN {self.sql} THEN 0 ELSE 1 END = 1", self.reads)

    @property
    def number(self) -> Term:
        """1 where it holds, 0 elsewhere."""
        return Term(self.here.astype(float), f"CASE WHEN {self.sql} THEN 1e0 ELSE 0e0 END", self.reads)


AnyTerm = TypeVar("AnyTerm", Term, Holds)


def constant(value: float, holds: Holds) -> Term:
    """The same number of all of whom something holds; none of the others."""
    return Term(
        np.where(holds.here, value, np.nan), f"CASE WHEN {holds.sql} THEN {double(value)} END", holds.reads
    )


def every(parts: Sequence[Holds]) -> Holds:
    """Whether all of some hold."""
    return reduce(lambda one, other: one & other, parts)


def nobody(customers: Customers) -> Holds:
    """What holds of none."""
    return Holds(np.zeros(len(customers), bool), "1 = 0")


def either(parts: Sequence[Holds]) -> Holds:
    """Whether at least one of some holds."""
    return reduce(lambda one, other: one | other, parts)


def _two(one: Term, other: Term | float, here: Callable[[Any, Any], np.ndarray], words: str) -> Term:
    value, sql, reads = _operand(other)
    return Term(here(one.here, value), words.format(one.sql, sql), {**one.reads, **reads})


def _compared(one: Term, other: Term | float, here: Callable[[Any, Any], np.ndarray], sign: str) -> Holds:
    value, sql, reads = _operand(other)
    return Holds(here(one.here, value), f"{one.sql} {sign} {sql}", {**one.reads, **reads})


def _operand(other: Term | float) -> tuple[Any, str, Reads]:
    if isinstance(other, Term):
        return other.here, other.sql, other.reads
    return float(other), double(float(other)), {}


def read_items(reads: Reads) -> list[str]:
    """Write what is read as items of a SELECT over the columns of the source.

    Raises
    ------
    segkit.errors.UnusablePlan
        A column is written in a way that cannot be read where the table lives.
    """
    return [f"{write()} AS {alias}" for alias, write in reads.items()]


def kept(term: AnyTerm) -> AnyTerm:
    """The same for who keeps it: what it reads is written, and nothing holds the engine any more."""
    return replace(term, reads={alias: partial(str, write()) for alias, write in term.reads.items()})


# --- a table ----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Levels:
    """A column of texts: the place of each customer's text, and the texts, as they are in the frame."""

    places: Term
    names: tuple[str, ...]

    def among(self, chosen: Callable[[str], bool]) -> Holds:
        """Whose text is of some kind."""
        return self.places.among([float(place) for place, name in enumerate(self.names) if chosen(name)])

    def told(self, values: np.ndarray) -> Term:
        """What each text says, as a number; NaN for nothing."""
        known = [place for place, one in enumerate(values.tolist()) if one == one]
        cases = [f"WHEN {double(float(place))} THEN {double(float(values[place]))}" for place in known]
        places = np.where(np.isnan(self.places.here), len(values), self.places.here).astype(int)
        sql = f"CASE {self.places.sql} {' '.join(cases)} END" if cases else "NULL"
        return Term(np.append(values, np.nan)[places], sql, self.places.reads)


@dataclass(frozen=True, eq=False)
class Facts:
    """What a rule can look at in a table.

    Attributes
    ----------
    customers : Customers
        All of them in memory; none, with their columns, where their table stays where it is.
    everyone : Everyone, optional
        All of them, where their table stays where it is.
    """

    customers: Customers
    everyone: Everyone | None = None
    _written: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_all(cls, everyone: Everyone) -> "Facts":
        """What can be looked at in a table that stays where it is; those drawn say how cells are written."""
        drawn = everyone.customers
        facts = {**(drawn.facts or {}), "as_of": str(counted_to(drawn))}
        return cls(replace(drawn, frame=drawn.frame.iloc[:0], facts=facts), everyone)

    @property
    def kept(self) -> "Facts":
        """The same for who keeps it: nothing holds the engine any more, so nothing more can be asked."""
        if self.everyone is None:
            return self
        return replace(self, everyone=replace(self.everyone, engine=None))  # type: ignore[arg-type]

    def _once(self, name: str, write: Callable[[], str]) -> str:
        """What something is in SQL; how cells are written is looked at once."""
        if name not in self._written:
            self._written[name] = write()
        return self._written[name]

    def _alias(self, column: Column, form: str) -> str:
        return f"{PREFIX}{form}_{[one.name for one in self.customers.columns].index(column.name)}"

    @property
    def _all(self) -> Everyone:
        assert self.everyone is not None  # nothing is written for a table in memory
        return self.everyone

    def _read(self, column: Column) -> str:
        return self._once(column.name, lambda: self._all.read(column))

    def number(self, column: Column) -> Term:
        """A column as a number; yes is 1 and no 0."""

        def write() -> str:
            if column.kind not in ("number", "yes/no"):
                raise UnusablePlan(f"“{column.name}” holds no numbers where the table lives.")
            return self._read(column)

        alias = self._alias(column, "number")
        return Term(numeric(self.customers.frame[column.name]), alias, {alias: write})

    def present(self, column: Column) -> Holds:
        """Whether there is a value, of whatever kind."""
        here = self.customers.frame[column.name].notna().to_numpy()
        return Holds(here, f"{self.present_text(column).sql} IS NOT NULL", self.present_text(column).reads)

    def present_text(self, column: Column) -> Term:
        """A column as it was read, of which nothing is known here but whether there is a value."""
        alias, here = self._alias(column, "as_read"), self.customers.frame[column.name].notna().to_numpy()
        return Term(np.where(here, 1.0, np.nan), alias, {alias: lambda: self._read(column)})

    def days(self, column: Column, day: np.datetime64) -> Term:
        """Days from a day to that in a column: below 0 for an earlier one."""
        dates = self.customers.frame[column.name].to_numpy().astype("datetime64[D]")
        known = np.where(np.isnat(dates), day, dates)
        here = np.where(np.isnat(dates), np.nan, (known - day.astype("datetime64[D]")).astype(float))
        alias = self._alias(column, f"days_{abs(int(day.astype('datetime64[D]').astype(int)))}")

        def write() -> str:
            return f"CAST({days_between_sql(day_sql(day), self._read(column))} AS DOUBLE PRECISION)"

        return Term(here, alias, {alias: write})

    def day_part(self, column: Column, part: str) -> Term:
        """The month or the day of the month in a column of dates, from 1; `part` is "MONTH" or "DAY"."""
        dates = self.customers.frame[column.name].to_numpy().astype("datetime64[D]")
        months = dates.astype("datetime64[M]")
        found = (
            months.astype(int) % 12
            if part == "MONTH"
            else (dates - months.astype("datetime64[D]")).astype(int)
        )
        alias = self._alias(column, part.lower())
        here = np.where(np.isnat(dates), np.nan, found + 1.0)
        return Term(here, alias, {alias: lambda: f"EXTRACT({part} FROM {self._read(column)})"})

    def kpi(self, key: str) -> Term:
        """What each customer contributes to a KPI whose columns are there."""
        definition, alias = find_kpi(key), f"{PREFIX}kpi_{key}"
        written = {alias: lambda: self._once(alias, lambda: value_sql(definition, self._all.customers))}
        return Term(definition.values(self.customers), alias, written)

    def met(self, conditions: Sequence[Condition]) -> Holds:
        """Who meets some conditions.

        Raises
        ------
        segkit.errors.UnusableBase
            One does not fit the table.
        """
        here = met(self.customers, conditions)
        if not conditions:
            return Holds(here, "1 = 1")
        name = hashlib.blake2b(repr(conditions).encode(), digest_size=6).hexdigest()

        def write() -> str:
            tests = " AND ".join(condition_sql(self._all.customers, one) for one in conditions)
            return f"CASE WHEN {tests} THEN 1 ELSE 0 END"

        return Holds(here, f"{PREFIX}met_{name} = 1", {f"{PREFIX}met_{name}": write})

    def levels(self, column: Column) -> Levels:
        """A column of few texts, all that there are.

        Raises
        ------
        UnusablePlan
            Where the table lives there are more than 1,000.
        """
        alias, values = self._alias(column, "text"), self.customers.frame[column.name]
        if isinstance(values.dtype, pd.CategoricalDtype) and values.cat.ordered:  # yes and no
            names = tuple(str(level) for level in values.cat.categories)
            return Levels(Term(numeric(values), alias, {alias: lambda: self._read(column)}), names)
        if self.everyone is None:
            codes, found = _coded(values)
            return Levels(Term(np.where(codes < 0, np.nan, codes), alias), tuple(map(str, found)))
        raw, named = self._asked_levels(column, alias)
        names = tuple(dict.fromkeys(named))
        cases = [
            f"WHEN {_literal(one)} THEN {double(float(names.index(name)))}"
            for one, name in zip(raw, named, strict=True)
        ]
        sql = f"CASE {alias} {' '.join(cases)} END" if cases else "NULL"
        return Levels(Term(np.full(len(values), np.nan), sql, {alias: lambda: self._read(column)}), names)

    def _asked_levels(self, column: Column, alias: str) -> tuple[list[Any], list[str]]:
        """The different texts of all customers as the engine has them, and as the frame would."""
        reads = {alias: lambda: self._read(column)}
        query = (
            f"SELECT DISTINCT {alias} AS level_of_it FROM {{}} WHERE {alias} IS NOT NULL "
            f"LIMIT {MOST_LEVELS + 1}"
        )
        found = self._ask(query, reads)["level_of_it"]
        if len(found) > MOST_LEVELS:
            raise UnusablePlan(f"“{column.name}” has more than {MOST_LEVELS:,} different texts.")
        values = values_of(self.customers, column, found)
        ordered = pd.DataFrame({"raw": found.to_pylist(), "name": [str(one) for one in values]})
        order = _coded(values)[0] if len(values) else np.zeros(0, int)
        ordered = ordered.iloc[np.argsort(order, kind="stable")]
        return ordered["raw"].tolist(), ordered["name"].tolist()

    # --- of all

    def count(self, holds: Holds) -> int:
        """Of how many customers something holds."""
        return self.counts([holds])[0]

    def counts(self, several: Sequence[Holds]) -> list[int]:
        """Of how many customers each of some things holds."""
        if self.everyone is None or not several:
            return [int(np.count_nonzero(one.here)) for one in several]
        items = [f"COUNT(CASE WHEN {one.sql} THEN 1 END) AS n{place}" for place, one in enumerate(several)]
        reads = {alias: write for one in several for alias, write in one.reads.items()}
        row = self._ask(f"SELECT {', '.join(items)} FROM {{}}", reads).to_pylist()[0]
        return [int(row[f"n{place}"]) for place in range(len(several))]

    def ranked(self, term: Term, ranks: Sequence[int]) -> list[float]:
        """Values by their rank from 0, which has to be below the number of those who have one."""
        if self.everyone is None:
            known = term.here[~np.isnan(term.here)]
            return [float(one) for one in np.sort(known)[list(ranks)]]
        start, more = min(ranks), max(ranks) - min(ranks) + 1
        query = (
            f"SELECT {term.sql} AS value_of_it FROM {{}} WHERE {term.sql} IS NOT NULL "
            f"ORDER BY value_of_it LIMIT {more} OFFSET {start}"
        )
        found = self._ask(query, term.reads)["value_of_it"].to_pylist()
        return [float(found[rank - start]) for rank in ranks]

    def quantile(self, term: Term, share: float, count: int) -> float:
        """The quantile of those who have a value, `count` of them, between two as `numpy.quantile` does."""
        if self.everyone is None:
            return float(np.quantile(term.here[~np.isnan(term.here)], share))
        place = (count - 1) * share
        low = floor(place)
        below, above = self.ranked(term, [low, min(low + 1, count - 1)])
        return _between(below, above, place - low)

    def _ask(self, query: str, reads: Reads) -> pa.Table:
        """Ask for something of the customers who count; the query has a place for where they are."""
        items = ", ".join(read_items(reads)) or "1 AS nothing"
        below = f"(SELECT {items} FROM {COUNTED}) AS read_of_them"
        return self._all.engine.ask(f"WITH {COUNTED} AS ({self._all.counted_sql()}) {query.format(below)}")


def _coded(values: pd.Series) -> tuple[np.ndarray, Sequence[Any]]:
    """The place of each value among those there are: in the order of the levels, else as they come."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy().astype(int), list(values.cat.categories)
    codes, found = pd.factorize(values)
    return np.asarray(codes), list(found)


def _literal(cell: Any) -> str:
    return text(cell) if isinstance(cell, str) else double(float(cell))


def _between(low: float, high: float, part: float) -> float:
    """A point between two values, counted from the closer one, as `numpy.quantile` does."""
    away = high - low
    return high - away * (1 - part) if part >= 0.5 else low + away * part
