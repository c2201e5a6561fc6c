"""A segmentation as one SELECT, so that a warehouse assigns customers exactly as the tree of cards does.

The statement goes in steps, each a common table expression: the columns are read, then prepared, then each
card says what every outcome costs, then the cheapest is chosen, then outcomes lead to segments. What a level
costs stands in a small table that is joined once. The arithmetic is done in the order in which the score card
does it, so that ties are the same ties, and the first of them wins.

A gap is tested for before anything is computed: LEAST and GREATEST leave NULL out, so a missing number would
otherwise be taken for the limit of its column.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from math import ceil, floor, isfinite
from typing import TypeAlias

import numpy as np
import pandas as pd

from segkit.customers.columns.yes_no import sides
from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.segments.cards import RuleCard, Tree
from segkit.segments.conditions import Condition, Every, Test, find_comparison
from segkit.segments.features import OTHER, NumberFeature
from segkit.segments.scorecard import Cost, LevelCost, NumberCost, ScoreCard, StepCost
from segkit.segments.segmentation import NO_SEGMENT, NO_SEGMENT_NAME, Segmentation, day_of
from segkit.segments.sql_columns import (
    USUAL_GAPS,
    cells_of,
    date_sql,
    double,
    is_readable,
    number_sql,
    text_sql,
    written_levels,
    yes_no_sql,
)
from segkit.sql_literals import quoted, text

PREFIX = "segkit_"  # of everything that the statement adds
PLACE, NAMES = f"{PREFIX}place", f"{PREFIX}segments"
LOWEST_EXPONENT = "-700e0"  # EXP of less is an error in PostgreSQL, and 0 to all digits elsewhere
MIRRORED = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}  # more days ago is an earlier day

Ends: TypeAlias = "list[int | Tree]"


def assignment_sql(
    segmentation: Segmentation,
    table: str = "customers",
    day: np.datetime64 | None = None,
    columns: str | Sequence[str] = "*",
    customers: Customers | None = None,
) -> str:
    """Write a segmentation as one SELECT statement.

    Parameters
    ----------
    segmentation : Segmentation
    table : str
        The table or view to read; a point parts schema and table.
    day : numpy.datetime64, optional
        The day that counts as today in rules that count days. By default that of the plan or the customers.
    columns : str or sequence of str
        The columns to hand on beside the segment, such as the id. "*" is all of them: those of the file where
        customers are given, else `SELECT * EXCLUDE`, which DuckDB and Snowflake take.
    customers : Customers, optional
        The table as it was read. How its cells are written ("Yes" or "1", "n/a", "€ 1.200,50") is then known;
        without it, usual ways are expected.

    Returns
    -------
    str
        A statement that gives, per row, the columns, `segment` (the key, "none" for who fits none),
        `segment_name` and `confidence`.

    Raises
    ------
    UnusablePlan
        A rule counts days and no day is known.
    """
    kept = _kept(columns, customers)
    writer, steps = _written(segmentation, table, day, kept, customers)
    steps.append(writer.segments())
    parts = [_header(segmentation, writer.unreadable), "WITH", ",\n".join(steps), writer.final(kept)]
    return "\n".join(parts) + "\n"


def placed_sql(
    segmentation: Segmentation, table: str, columns: Sequence[str], customers: Customers | None = None
) -> str:
    """Write the SELECT of some columns and of `segkit_place`: the segment as a number, -1 for none.

    A number takes an engine much less time than the names that `assignment_sql` gives.
    """
    _, steps = _written(segmentation, table, None, list(columns), customers)
    names = [*map(quoted, columns), PLACE]
    return "\n".join(["WITH", ",\n".join(steps), f"SELECT {', '.join(names)} FROM {PREFIX}placed"])


def _written(
    segmentation: Segmentation,
    table: str,
    day: np.datetime64 | None,
    kept: list[str] | None,
    customers: Customers | None,
) -> "tuple[_Writer, list[str]]":
    writer = _Writer(segmentation, _day(segmentation, day, customers), customers)
    place, confidence = writer.node(segmentation.tree)
    return writer, writer.steps(_table_name(table), kept, place, confidence)


def _day(
    segmentation: Segmentation, day: np.datetime64 | None, customers: Customers | None
) -> np.datetime64 | None:
    if day is not None:
        return day.astype("datetime64[D]")
    if customers is not None:
        return day_of(customers, segmentation.plan)
    planned = segmentation.plan.option("as_of")
    return np.datetime64(planned, "D") if planned else None


def _kept(columns: str | Sequence[str], customers: Customers | None) -> list[str] | None:
    """The columns that are handed on by name; None for all of them, whatever they are."""
    if not isinstance(columns, str):
        return list(dict.fromkeys(columns))
    if columns != "*":
        return [columns]
    if customers is None:
        return None
    computed = {one.name for one in customers.columns if one.derived}
    return [name for name in customers.source.column_names if name not in computed]


def _table_name(table: str) -> str:
    return ".".join(quoted(part) for part in table.split("."))


def _header(segmentation: Segmentation, unreadable: list[str]) -> str:
    """Say what the statement gives and what it takes for granted."""
    read = ", ".join(_one_line(name) for name in segmentation.tree.names)
    warned = [
        f"\n-- Make {_one_line(name)} a column of numbers first: its cells are written in several ways."
        for name in unreadable
    ]
    return f"""\
-- Assigns every customer to a segment, with the confidence of 0 to 1.
-- Reads: {read}
-- Columns are expected as they stand in the file: numbers as numbers, dates as dates, yes/no as the words
-- of the file or as booleans, categories as texts. What is NULL or empty counts as missing.
-- Runs as it is on DuckDB, PostgreSQL, Snowflake and others that know TRANSLATE. On BigQuery write names
-- in `backticks` and FLOAT64 and STRING for DOUBLE PRECISION and VARCHAR.{"".join(warned)}"""


def _one_line(name: str) -> str:
    """A column's name for a comment, which ends with its line."""
    return " ".join(name.split())


# --- the writer -------------------------------------------------------------------------------------


@dataclass
class _Writer:
    """Collects what every step computes, while the tree is walked from the top.

    `reading` gives the alias and the SQL of a column in some form (number, yes/no, date, text); the other
    mappings give the SQL of each alias of their step.
    """

    segmentation: Segmentation
    day: np.datetime64 | None
    customers: Customers | None
    reading: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    preparing: dict[NumberFeature, tuple[str, str]] = field(default_factory=dict)
    lookups: dict[str, tuple[str, LevelCost]] = field(default_factory=dict)
    costs: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    lowest: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    sure: dict[str, str] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.nodes = count(1)
        known = self.customers is not None
        self.frame = self.segmentation.read_alike(self.customers) if known else pd.DataFrame()  # type: ignore[arg-type]

    # --- columns

    def kind(self, name: str) -> str:
        """The kind a column had when the segments were made."""
        return self.segmentation.kinds.get(name, "category")

    def value(self, name: str, form: str) -> str:
        """The alias of a column that is read in some form."""
        if (name, form) not in self.reading:
            cells = None if self.customers is None else cells_of(self.customers, self.frame, name)
            column = quoted(name)
            if form == "text":
                sql = text_sql(column, cells, () if self.kind(name) == "text" else USUAL_GAPS)
            elif form == "date":
                sql = date_sql(column, cells)
            else:
                if form == "number" and cells is not None and not is_readable(cells):
                    self.unreadable.append(name)
                sql = (yes_no_sql if form == "yes/no" else number_sql)(column, cells)
            self.reading[name, form] = (f"{PREFIX}v{len(self.reading) + 1}", sql)
        return self.reading[name, form][0]

    def number(self, name: str) -> str:
        """The alias of a column as a number; yes is 1 and no 0."""
        return self.value(name, "yes/no" if self.kind(name) == "yes/no" else "number")

    def prepared(self, feature: NumberFeature) -> str:
        """The alias of a prepared number."""
        if feature not in self.preparing:
            sql = _prepared_sql(feature, self.number(feature.name))
            self.preparing[feature] = (f"{PREFIX}p{len(self.preparing) + 1}", sql)
        return self.preparing[feature][0]

    # --- cards

    def node(self, tree: Tree) -> tuple[str, str]:
        """Write a card and those below it; gives the segment's place and the confidence as expressions."""
        node = next(self.nodes)
        return self._rules(node, tree) if isinstance(tree.card, RuleCard) else self._scores(node, tree)

    def _rules(self, node: int, tree: Tree) -> tuple[str, str]:
        assert isinstance(tree.card, RuleCard)
        outcome = f"{PREFIX}rule{node}"
        met = [(self.condition(rule), str(place)) for place, rule in enumerate(tree.card.rules)]
        self.chosen[outcome] = _case(met, "-1")
        below = [self._end(end) for end in tree.leads_to]
        nobody, nobody_sure = self._end(tree.nobody)
        places = [(f"{outcome} = {number}", place) for number, (place, _) in enumerate(below)]
        sure = [(f"{outcome} = {number}", one) for number, (_, one) in enumerate(below) if one]
        if nobody_sure:
            sure.append((f"{outcome} = -1", nobody_sure))
        return _case(places, nobody), _case(sure, "1e0")

    def _end(self, end: int | Tree) -> tuple[str, str]:
        """The place an outcome leads to, and the confidence below it; empty where no card is below."""
        return self.node(end) if isinstance(end, Tree) else (str(end), "")

    def _scores(self, node: int, tree: Tree) -> tuple[str, str]:
        assert isinstance(tree.card, ScoreCard)
        ends = list(dict.fromkeys(tree.leads_to))
        costs = self._by_end(node, tree, self._costs(node, tree.card), ends)
        low, end, sure = (f"{PREFIX}{what}{node}" for what in ("low", "end", "sure"))
        self.lowest[low] = _least(costs)
        self.chosen[end] = _first_of(costs, low, [str(place) for place in range(len(ends))])
        self.sure[sure] = self._confidence(node, costs, low, tree.card.likelihood)
        beyond = f"{low} > {double(tree.card.limit)}" if isfinite(tree.card.limit) else "1 = 0"
        ways = [(beyond, tree.nobody), *((f"{end} = {number}", one) for number, one in enumerate(ends))]
        below = [(condition, *self._end(one)) for condition, one in ways]
        places = [(condition, place) for condition, place, _ in below]
        if not any(one for _, _, one in below):
            return _case(places[:-1], places[-1][1]), sure
        least = [(condition, f"LEAST({sure}, {one})" if one else sure) for condition, _, one in below]
        return _case(places[:-1], places[-1][1]), _case(least[:-1], least[-1][1])

    def _costs(self, node: int, card: ScoreCard) -> list[str]:
        """Write what each outcome costs, one term a dimension, in the order of the card."""
        terms = [self._terms(f"{PREFIX}l{node}_{place}", cost) for place, cost in enumerate(card.dimensions)]
        aliases = [f"{PREFIX}c{node}_{outcome}" for outcome in range(card.count)]
        for outcome, alias in enumerate(aliases):
            constant = f"CAST({double(card.constants[outcome])} AS DOUBLE PRECISION)"
            self.costs[alias] = "\n      + ".join([constant, *(term[outcome] for term in terms)])
        return aliases

    def _terms(self, lookup: str, cost: Cost) -> list[str]:
        if isinstance(cost, NumberCost):
            return _number_terms(cost, self.number(cost.name), self.prepared(cost.feature))
        if isinstance(cost, StepCost):
            return _step_terms(cost, self.number(cost.name))
        level = self.value(cost.name, "text")
        self.lookups[lookup] = (level, cost)
        return _level_terms(cost, level, lookup)

    def _by_end(self, node: int, tree: Tree, costs: list[str], ends: Ends) -> list[str]:
        """Put the costs of outcomes together that lead to the same end."""
        if len(ends) == len(costs):
            return costs
        aliases = [f"{PREFIX}e{node}_{number}" for number in range(len(ends))]
        for alias, end in zip(aliases, ends, strict=True):
            group = [cost for cost, one in zip(costs, tree.leads_to, strict=True) if one == end]
            self.ends[alias] = _likeliest(group) if tree.card.likelihood else _least(group)
        return aliases

    def _confidence(self, node: int, costs: list[str], low: str, likelihood: bool) -> str:
        if len(costs) == 1:
            return "1e0"
        if likelihood:
            return f"1e0 / ({_sum_of_exp(low, costs)})"
        second = f"{PREFIX}next{node}"
        self.chosen[second] = _first_of(costs, low, [_least([o for o in costs if o != one]) for one in costs])
        return f"CASE WHEN {low} + {second} > 0 THEN {second} / ({low} + {second}) ELSE 0.5e0 END"

    # --- rules

    def condition(self, condition: Condition) -> str:
        """Write a condition on the columns that were read."""
        if isinstance(condition, Test):
            return self._test(condition)
        every = isinstance(condition, Every)
        parts = [self.condition(part) for part in condition.parts] or ["1 = 1" if every else "1 = 0"]
        return parts[0] if len(parts) == 1 else "(" + (" AND " if every else " OR ").join(parts) + ")"

    def _test(self, test: Test) -> str:
        name, comparison = test.what.column, find_comparison(test.how)
        if test.how in ("missing", "known"):
            gaps = [comparison.sql(self.value(one, self._form(one)), []) for one in test.columns]
            return "(" + (" OR " if test.how == "missing" else " AND ").join(gaps) + ")"
        if test.what.look == "minus":
            value = f"({self.number(name)} - {self.number(test.what.other)})"
            return comparison.sql(value, [double(one) for one in _numbers(test)])
        if self._form(name) == "date":
            return self._date_test(test)
        if test.how in ("in", "not in") and self._form(name) != "number":
            return self._word_test(test)
        return comparison.sql(self.number(name), [double(one) for one in _numbers(test)])

    def _form(self, name: str) -> str:
        kind = self.kind(name)
        return kind if kind in ("number", "yes/no", "date") else "text"

    def _word_test(self, test: Test) -> str:
        name, comparison = test.what.column, find_comparison(test.how)
        said = [str(value) for value in test.values]
        meaning = sides(said)[0]
        if self._form(name) == "yes/no" and min(meaning) >= 0:
            value, words = self.value(name, "yes/no"), [double(one) for one in sorted(set(meaning))]
        else:
            value, words = self.value(name, "text"), [text(one) for one in written_levels(said)]
        return comparison.sql(value, words)

    def _date_test(self, test: Test) -> str:
        column, how, days = self.value(test.what.column, "date"), test.how, _numbers(test)
        if test.what.look == "days_ago":
            if self.day is None:
                raise UnusablePlan(
                    f"A rule counts the days since “{test.what.column}”, and no day counts as today. "
                    "Give one, such as 2026-11-30."
                )
            how = MIRRORED.get(how, how)
            days = sorted(float(self.day.astype(int)) - one for one in days)
        return _date_comparison(column, how, days)

    # --- text

    def steps(self, table: str, kept: list[str] | None, place: str, confidence: str) -> list[str]:
        """Write the steps, each as a common table expression."""
        first = ["t.*"] if kept is None else [quoted(name) for name in kept]
        read = [f"{sql} AS {alias}" for alias, sql in self.reading.values()]
        prepared = [f"{sql} AS {alias}" for alias, sql in self.preparing.values()]
        joins = [
            f"\n  LEFT JOIN {lookup} ON {lookup}.level_text = t.{level}"
            for lookup, (level, _) in self.lookups.items()
        ]
        steps = [_lookup_sql(lookup, cost) for lookup, (_, cost) in self.lookups.items()]
        steps.append(_step("read", [*first, *read] or ["1 AS nothing"], table))
        last = f"{PREFIX}read"
        for name, adds in (
            ("prepared", prepared),
            ("costs", _named(self.costs)),
            ("ends", _named(self.ends)),
            ("lowest", _named(self.lowest)),
            ("chosen", _named(self.chosen)),
            ("sure", _named(self.sure)),
            ("placed", [f"{place} AS {PLACE}", f"{confidence} AS {PREFIX}confidence"]),
        ):
            if adds:
                steps.append(_step(name, ["t.*", *adds], last, "".join(joins) if name == "costs" else ""))
                last = PREFIX + name
        return steps

    def final(self, kept: list[str] | None) -> str:
        """Write the last select: the columns that are handed on, and the segment by key and name."""
        first = (
            [f"{PREFIX}placed.* EXCLUDE ({', '.join(self._aliases)})"]
            if kept is None
            else [_renamed(one) for one in kept]
        )
        items = [
            *first,
            f"{NAMES}.segment_key AS segment",
            f"{NAMES}.name_of_it AS segment_name",
            f"{PREFIX}confidence AS confidence",
        ]
        joined = f"{PREFIX}placed LEFT JOIN {NAMES} ON {NAMES}.place_of_it = {PLACE}"
        return "SELECT\n  " + ",\n  ".join(items) + f"\nFROM {joined}"

    def segments(self) -> str:
        """Write the segments as a small table: place, key and name."""
        known = [(place, one.key, one.name) for place, one in enumerate(self.segmentation.segments)]
        rows = [
            f"SELECT {place} AS place_of_it, {text(key)} AS segment_key, {text(name)} AS name_of_it"
            for place, key, name in [(-1, NO_SEGMENT, NO_SEGMENT_NAME), *known]
        ]
        return f"{NAMES} AS (\n  " + "\n  UNION ALL ".join(rows) + "\n)"

    @property
    def _aliases(self) -> list[str]:
        """Every column that the steps add."""
        made = [alias for alias, _ in [*self.reading.values(), *self.preparing.values()]]
        steps = (self.costs, self.ends, self.lowest, self.chosen, self.sure)
        made += [alias for step in steps for alias in step]
        return [*made, PLACE, f"{PREFIX}confidence"]


def _named(step: dict[str, str]) -> list[str]:
    return [f"{sql} AS {alias}" for alias, sql in step.items()]


def _step(name: str, items: list[str], source: str, joins: str = "") -> str:
    body = ",\n    ".join(items)
    return f"{PREFIX}{name} AS (\n  SELECT\n    {body}\n  FROM {source} AS t{joins}\n)"


def _renamed(name: str) -> str:
    """A column of the file; one that is called like a column of the result says whose it is."""
    new = name
    while new.lower() in ("segment", "segment_name", "confidence"):
        new += " (file)"
    return quoted(name) if new == name else f"{quoted(name)} AS {quoted(new)}"


# --- expressions ------------------------------------------------------------------------------------


def _case(branches: Sequence[tuple[str, str]], otherwise: str) -> str:
    if not branches:
        return otherwise
    parts = [f"WHEN {condition} THEN {value}" for condition, value in branches]
    return " ".join(["CASE", *parts, f"ELSE {otherwise} END"])


def _least(terms: Sequence[str]) -> str:
    return terms[0] if len(terms) == 1 else f"LEAST({', '.join(terms)})"


def _first_of(costs: Sequence[str], low: str, values: Sequence[str]) -> str:
    """The value of the first that costs the least."""
    branches = [(f"{cost} = {low}", value) for cost, value in zip(costs, values, strict=True)]
    return _case(branches[:-1], values[-1])


def _sum_of_exp(low: str, costs: Sequence[str]) -> str:
    return " + ".join(f"EXP(GREATEST({low} - {cost}, {LOWEST_EXPONENT}))" for cost in costs)


def _likeliest(costs: Sequence[str]) -> str:
    """Minus the logarithm of the sum of likelihoods."""
    if len(costs) == 1:
        return costs[0]
    return f"{_least(costs)} - LN({_sum_of_exp(_least(costs), costs)})"


def scaled_sql(feature: NumberFeature, raw: str) -> str:
    """Prepare a number as `NumberFeature.scaled` does; a gap stays one."""
    return _case([(f"{raw} IS NOT NULL", _known_sql(feature, raw))], "NULL")


def _prepared_sql(feature: NumberFeature, raw: str) -> str:
    """Prepare a number as `NumberFeature.prepared` does; a gap counts as the median."""
    filled = float(feature.scaled(np.array([feature.fill]))[0])
    return _case([(f"{raw} IS NULL", double(filled))], _known_sql(feature, raw))


def _known_sql(feature: NumberFeature, raw: str) -> str:
    """Prepare a number that is there: LEAST and GREATEST would take a gap for a limit."""
    value = raw
    if feature.log:
        value = f"LN(1e0 + GREATEST({raw}, 0e0) / {double(feature.unit)})"
    if isfinite(feature.low):
        value = f"GREATEST({value}, {double(feature.low)})"
    if isfinite(feature.high):
        value = f"LEAST({value}, {double(feature.high)})"
    if feature.shift:
        value = f"({value} - {double(feature.shift)})"
    return f"{value} / {double(feature.scale)}" if feature.scale != 1 else value


def _number_terms(cost: NumberCost, raw: str, prepared: str) -> list[str]:
    terms = []
    for place, (centre, weight) in enumerate(zip(cost.centres, cost.weights, strict=True)):
        away = f"({prepared} - {double(centre)})"
        term = f"{away} * {away} * {double(weight)}"
        if cost.offsets:
            term += f" + {double(cost.offsets[place])}"
        if cost.missing is not None:
            term = _case([(f"{raw} IS NULL", double(cost.missing[place]))], term)
        terms.append(f"({term})")
    return terms


def _step_terms(cost: StepCost, raw: str) -> list[str]:
    tests = [f"{raw} IS NULL", *(f"{raw} <= {double(cut)}" for cut in cost.cuts)]
    rows = [cost.table[-1], *cost.table[:-1]]
    return [
        _case(
            [(test, double(row[place])) for test, row in zip(tests, rows[:-1], strict=True)],
            double(rows[-1][place]),
        )
        for place in range(len(cost.table[0]))
    ]


def _level_terms(cost: LevelCost, level: str, lookup: str) -> list[str]:
    """Look the cost up; unseen levels are pooled with the rare ones, if any, and count as missing if not."""
    missing = cost.table[-1]
    unseen = cost.table[cost.levels.index(OTHER)] if OTHER in cost.levels else missing
    terms = []
    for place in range(len(missing)):
        found = f"COALESCE({lookup}.cost{place}, {double(unseen[place])})"
        known = unseen is missing
        terms.append(found if known else _case([(f"{level} IS NULL", double(missing[place]))], found))
    return terms


def _lookup_sql(lookup: str, cost: LevelCost) -> str:
    """Write what each level costs as a small table."""
    rows = []
    for level, place in written_levels(cost.levels).items():
        costs = ", ".join(f"{double(one)} AS cost{number}" for number, one in enumerate(cost.table[place]))
        rows.append(f"SELECT {text(level)} AS level_text, {costs}")
    return f"{lookup} AS (  -- {_one_line(cost.name)}\n  " + "\n  UNION ALL ".join(rows) + "\n)"


def _numbers(test: Test) -> list[float]:
    """The values of a test as numbers; days count from 1970."""
    return [
        float(value) if _is_number(value) else float(np.datetime64(str(value), "D").astype(int))
        for value in test.values
    ]


def _is_number(value: float | str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _date_comparison(column: str, how: str, days: list[float]) -> str:
    """Compare with days since 1970; parts of a day are rounded so that the comparison stays the same."""
    if how in ("in", "not in"):
        days = [one for one in days if one.is_integer()]
        if not days:
            return "1 = 0" if how == "in" else f"{column} IS NOT NULL"
        whole = days
    else:
        up = {">=": ceil, "<": ceil, ">": floor, "<=": floor}
        whole = [ceil(days[0]), floor(days[1])] if how == "between" else [up[how](days[0])]
    return find_comparison(how).sql(column, [f"DATE '{np.datetime64(int(one), 'D')}'" for one in whole])
