"""Counts of a table that stays where it is: an engine counts customers who are alike, in each segment.

`Everyone` says whom a query is about. `Everyone.rows` brings one row for each segment and combination of
values, with the number of customers behind it: what a picture is made from, see `counted`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.customers.base import Condition
from segkit.customers.table import Column, Customers
from segkit.engine import TABLE, Engine
from segkit.measures.counted import Counted
from segkit.measures.pushed import COUNTED, reachable
from segkit.measures.sums import NEARLY_ALIKE, Sums
from segkit.segments.base_sql import base_sql, columns_read, read_sql
from segkit.segments.segmentation import Assignment, Segmentation
from segkit.segments.sql import PLACE, placed_sql
from segkit.segments.sql_columns import double, written_levels

N = "n_of_them"  # the column with the number of customers behind a row
YEAR_ONE = 1970  # from which months are counted


@dataclass(frozen=True)
class Added:
    """A value that is added up by group, as `sums.Sums` hold it.

    Attributes
    ----------
    sql : str
        The value of one customer, NULL where there is none.
    origin : float
        Where it is counted from.
    bands : pair of str, optional
        Tests of the upper and the lower band, with {0} for the value.
    figures : mapping of str to str
        More that is asked of each group: an aggregate with {0} for the value, by the end of its alias.
    """

    sql: str
    origin: float = 0.0
    bands: tuple[str, str] | None = None
    figures: Mapping[str, str] = field(default_factory=dict)

    def items(self, alias: str) -> list[str]:
        """Write what is selected of the value, which has an alias of its own."""
        away = f"({alias} - {double(self.origin)})" if self.origin else alias
        asked = {"n": f"COUNT({alias})", "s": f"SUM({away})", "q": f"SUM({away} * {away})"}
        for name, test in zip("hl", self.bands or (), strict=False):
            asked[name] = f"COUNT(CASE WHEN {test.format(alias)} THEN 1 END)"
        asked |= {name: sql.format(alias) for name, sql in self.figures.items()}
        return [f"{sql} AS {alias}_{name}" for name, sql in asked.items()]


@dataclass(frozen=True, eq=False)
class Everyone:
    """All customers of a source who count, and the segments they are in.

    Attributes
    ----------
    engine : Engine
    customers : Customers
        Some of them, who say what each column is.
    segmentation : Segmentation
    conditions : tuple of Condition
        Who counts; everyone without any.
    """

    engine: Engine
    customers: Customers
    segmentation: Segmentation
    conditions: tuple[Condition, ...] = ()

    def read(self, column: Column) -> str:
        """Write a column as it was read, in brackets."""
        return f"({read_sql(self.customers, column)})"

    def counted_sql(self) -> str:
        """Write the SELECT of who counts."""
        return base_sql(self.customers, self.conditions, TABLE)

    def valued_sql(self, values: Mapping[str, str], reads: Iterable[Column]) -> str:
        """Write the SELECT of the segment and some values of each customer who counts.

        Parameters
        ----------
        values : mapping of str to str
            SQL by its alias.
        reads : iterable of Column
            The columns that the values are made of.
        """
        needed = dict.fromkeys(name for one in reads for name in columns_read(self.customers, one))
        assigned = placed_sql(self.segmentation, COUNTED, list(needed), self.customers)
        items = [PLACE, *(f"{sql} AS {alias}" for alias, sql in values.items())]
        return f"SELECT {', '.join(items)} FROM (\n{assigned}\n) AS assigned"

    def rows(
        self, values: Mapping[str, str], reads: Iterable[Column], added: "Mapping[str, Added] | None" = None
    ) -> "Rows":
        """Count customers by segment and values.

        Parameters
        ----------
        values : mapping of str to str
            SQL by its alias.
        reads : iterable of Column
            The columns that the values are made of, and those that are added up.
        added : mapping of str to Added, optional
            What is added up of the customers behind each row, by its alias; see `Rows.sums`.

        Raises
        ------
        segkit.engine.UnusableSource
            The engine went away.
        segkit.errors.UnusableSegmentation
            The source has no such columns as the segments are made from.
        """
        reachable(self.engine, self.segmentation)
        names, more = ", ".join([PLACE, *values]), dict(added or {})
        items = [
            names,
            f"COUNT(*) AS {N}",
            *(item for alias, one in more.items() for item in one.items(alias)),
        ]
        valued = self.valued_sql({**values, **{alias: one.sql for alias, one in more.items()}}, reads)
        query = (
            f"WITH {COUNTED} AS ({self.counted_sql()}) SELECT {', '.join(items)} "
            f"FROM ({valued}) AS valued GROUP BY {names}"
        )
        return self.placed(self.engine.ask(query))

    def row(self, items: Mapping[str, str]) -> dict[str, Any]:
        """Ask for some figures of all who count, whatever segment they are in."""
        asked = ", ".join(f"{sql} AS {alias}" for alias, sql in items.items())
        query = f"WITH {COUNTED} AS ({self.counted_sql()}) SELECT {asked} FROM {COUNTED}"
        return dict(self.engine.ask(query).to_pylist()[0])

    def placed(self, table: pa.Table) -> "Rows":
        """Take what an engine answered for rows that stand for customers."""
        codes = numbers_of(table[PLACE]).astype(int)
        segments, dimensions = self.segmentation.segments, self.segmentation.tree.names
        goal = self.segmentation.plan.goal
        assignment = Assignment(segments, codes, np.ones(len(codes), np.float32), dimensions, goal)
        return Rows(table, Counted(assignment, numbers_of(table[N]).astype(np.int64)))

    def with_column(self, rows: "Rows", column: Column, alias: str) -> Customers:
        """Make customers of rows: each row has the value of a column that all behind it share."""
        values = values_of(self.customers, column, rows.table[alias])
        return replace(self.customers, frame=pd.DataFrame({column.name: values}))


@dataclass(frozen=True, eq=False)
class Rows:
    """What an engine counted: values in the columns of a table, and who stands behind each row."""

    table: pa.Table
    counted: Counted

    def numbers(self, alias: str) -> np.ndarray:
        """A column of values as floats, NaN for a gap."""
        return numbers_of(self.table[alias])

    def by_group(self, alias: str) -> np.ndarray:
        """A column added up by group, those who fit none last, whether there are any or not; 0 for none."""
        groups = len(self.counted.assignment.segments) + 1
        if alias not in self.table.column_names:
            return np.zeros(groups)
        return np.bincount(self.counted.places, np.nan_to_num(self.numbers(alias)), minlength=groups)

    def sums(self, alias: str, origin: float = 0.0) -> list[Sums]:
        """What was added up, by group; those who fit none come last, whether there are any or not."""
        members = self.by_group(N).tolist()
        figures = [self.by_group(f"{alias}_{name}").tolist() for name in "nsqhl"]
        return [
            Sums(round(size), round(count), total, squares, round(high), round(low), origin)
            for size, count, total, squares, high, low in zip(members, *figures, strict=True)
        ]


def numbers_of(column: pa.ChunkedArray) -> np.ndarray:
    """Turn what an engine gave into floats; some databases hand whole numbers over as decimals.

    Examples
    --------
    >>> numbers_of(pa.chunked_array([[3, None]]))
    array([ 3., nan])
    """
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=float)


def origin_of(drawn: np.ndarray) -> float:
    """Where values are counted from: the mean of those drawn where they hardly differ, see `sums.Sums`."""
    known = drawn[np.isfinite(drawn)]
    if not len(known) or np.var(known) >= NEARLY_ALIKE * np.mean(known * known):
        return 0.0
    return float(np.mean(known))


def values_of(customers: Customers, column: Column, found: pa.ChunkedArray) -> pd.Series:
    """Turn values as `read_sql` gives them into a column as it is in the frame."""
    known = customers.frame[column.name]
    if column.kind == "number":
        return pd.Series(numbers_of(found))
    if column.kind == "date":
        return pd.Series(found.cast(pa.date32()).to_numpy(zero_copy_only=False).astype("datetime64[s]"))
    if column.kind == "yes/no":
        sides = numbers_of(found)
        codes = np.where(np.isnan(sides), -1, sides).astype(int)
        return pd.Series(pd.Categorical.from_codes(codes, known.cat.categories, ordered=True))
    return _levels(known, found.to_pylist())


def _levels(known: pd.Series, texts: Sequence[str | None]) -> pd.Series:
    """Levels of a category, in the order of the frame; those that nobody of them has come last."""
    there = [str(level) for level in known.cat.categories] if hasattr(known, "cat") else []
    places = written_levels(there)
    others = sorted({one for one in texts if one is not None and one not in places})
    places |= {level: len(there) + place for place, level in enumerate(others)}
    codes = [-1 if one is None else places[one] for one in texts]
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index([*there, *others], dtype="str")))


# --- days -------------------------------------------------------------------------------------------


def month_sql(day: str) -> str:
    """Write the month of a day, counted from 1970."""
    year, month = (f"EXTRACT({part} FROM {day})" for part in ("YEAR", "MONTH"))
    return f"(({year} - {YEAR_ONE}) * 12 + {month} - 1)"


def months_between_sql(start: str, end: str) -> str:
    """Write the whole months from one day to another, by the calendar."""
    short = f"EXTRACT(DAY FROM {end}) < EXTRACT(DAY FROM {start})"
    return f"({month_sql(end)} - {month_sql(start)} - CASE WHEN {short} THEN 1 ELSE 0 END)"


def days_between_sql(start: str, end: str) -> str:
    """Write the days from one day to another: below 0 where the end comes first, NULL for an unknown one."""
    return f"DATE_DIFF('day', {start}, {end})"
