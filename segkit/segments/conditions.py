"""Conditions: what a rule asks of a customer. A small grammar of data, never code that is run.

A test looks at one quantity (a column, the days since a date, or one column minus another) and compares it.
Tests are joined by "all of" and "any of". The same condition is met on a frame, said in words, written as SQL
and saved as JSON. A missing value meets only the test "missing", as in SQL.

A column may be given by its role, as "@nps"; `resolved` puts the table's own name in its place.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, isfinite
from typing import Any, Self

import numpy as np
import pandas as pd

from segkit.customers.columns.yes_no import sides
from segkit.customers.meanings.roles import find_role
from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.labels import MINUS, in_sentence, listing, quantity, readable
from segkit.segments.features import numeric
from segkit.sql_literals import quoted, text

LOOKS = ("value", "days_ago", "minus")
ROLE_SIGN = "@"


@dataclass(frozen=True)
class Quantity:
    """What a test looks at.

    Attributes
    ----------
    column : str
        A column of the table, or "@" and a role.
    look : str
        "value" of the column, "days_ago" (days from the date in it to the day that counts as today), or
        "minus": its value minus that of `other`.
    other : str
    """

    column: str
    look: str = "value"
    other: str = ""

    def __post_init__(self) -> None:
        if self.look not in LOOKS:
            raise UnusablePlan(
                f"“{self.look}” is no way to look at a column. Ways are: {listing(list(LOOKS))}."
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (self.column, self.other) if self.look == "minus" else (self.column,)

    def numbers(self, frame: pd.DataFrame, day: np.datetime64) -> np.ndarray:
        """The quantity of every customer, NaN where it is not known."""
        values = frame[self.column]
        if self.look == "minus":
            return numeric(values) - numeric(frame[self.other])
        if not pd.api.types.is_datetime64_any_dtype(values.dtype):
            return numeric(values)
        days = values.to_numpy().astype("datetime64[D]")
        since = day.astype("datetime64[D]") if self.look == "days_ago" else np.datetime64(0, "D")
        known = np.where(np.isnat(days), np.datetime64(0, "D"), days).astype(int)
        counted = since.astype(int) - known if self.look == "days_ago" else known
        return np.where(np.isnat(days), np.nan, counted.astype(float))

    @property
    def text(self) -> str:
        """What it is called in a sentence."""
        if self.look == "minus":
            return f"{_spoken(self.column)} minus {_spoken(self.other)}"
        return f"days since {_spoken(self.column)}" if self.look == "days_ago" else _spoken(self.column)

    def sql(self) -> str:
        """The quantity in SQL; days are compared as dates, see `Test.sql`."""
        if self.look == "minus":
            return f"({quoted(self.column)} - {quoted(self.other)})"
        return f"CAST({quoted(self.column)} AS DATE)" if self.look == "days_ago" else quoted(self.column)


SHOUTED = ("nps", "csat")  # written in capitals, however the column is


def _spoken(column: str) -> str:
    """A column's name inside a sentence; abbreviations keep their capitals."""
    column = column.removeprefix(ROLE_SIGN)
    name = readable(column)
    if len(name) == 1:  # the letter as it stands: T is not t
        return column
    spoken = in_sentence(name)
    return spoken.upper() if spoken in SHOUTED else spoken


@dataclass(frozen=True)
class Test:
    """One comparison.

    Attributes
    ----------
    what : Quantity
    how : str
        Key of a row of `COMPARISONS`.
    values : tuple of float or str
        One for ">=", ">", "<=" and "<"; two for "between" (ends included); any number for "in" and
        "not in"; none for "missing" and "known". Days are written as texts like 2026-11-30.
    """

    __test__ = False  # no test of pytest's

    what: Quantity
    how: str
    values: tuple[float | str, ...] = ()

    def __post_init__(self) -> None:
        comparison = find_comparison(self.how)
        if comparison.takes is not None and len(self.values) != comparison.takes:
            raise UnusablePlan(
                f"“{comparison.label}” compares with {comparison.takes or 'no'} "
                f"value{'' if comparison.takes == 1 else 's'}, and {len(self.values)} were given."
            )
        if comparison.takes is None and not self.values:
            raise UnusablePlan(f"“{self.what.text} {comparison.label}” names no value. Name one or more.")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return self.what.columns

    def met(self, frame: pd.DataFrame, day: np.datetime64) -> np.ndarray:
        """Which customers meet it, as a bool array."""
        if self.how in ("missing", "known"):
            gaps = np.any([np.asarray(frame[name].isna()) for name in self.columns], axis=0)
            return gaps if self.how == "missing" else ~gaps
        if self.how in ("in", "not in") and not _is_number(frame[self.what.column], self.what):
            found, known = _among(frame[self.what.column], {str(value) for value in self.values})
            return (found if self.how == "in" else ~found) & known
        numbers = self.what.numbers(frame, day)
        return find_comparison(self.how).met(numbers, [_float(value) for value in self.values])

    @property
    def text(self) -> str:
        """The test in words.

        Examples
        --------
        >>> Test(Quantity("plan_tier"), "in", ("free", "basic")).text
        'plan tier is free or basic'
        >>> Test(Quantity("last_order", "days_ago"), "<=", (90.0,)).text
        'days since last order at most 90'
        """
        said = [self._said(value) for value in self.values]
        return f"{self.what.text} {find_comparison(self.how).words(said)}"

    def _said(self, value: float | str) -> str:
        if isinstance(value, str):
            return value
        return _number_said("" if self.what.look == "days_ago" else self.what.column, value)

    def sql(self, day: np.datetime64) -> str:
        """The test as an SQL condition that every warehouse takes."""
        if self.how in ("missing", "known"):
            word = "IS NULL" if self.how == "missing" else "IS NOT NULL"
            join = " OR " if self.how == "missing" else " AND "
            return "(" + join.join(f"{quoted(name)} {word}" for name in self.columns) + ")"
        comparison, column = find_comparison(self.how), self.what.sql()
        if self.what.look == "days_ago":  # so many days ago at most is that day or later
            mirrored = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}.get(self.how, self.how)
            days = [
                day.astype("datetime64[D]") - np.timedelta64(one, "D")
                for one in _whole_days(self.how, [_float(one) for one in self.values])
            ]
            if not days:  # nobody ordered exactly 89.5 days ago
                return "1 = 0" if self.how == "in" else f"{column} IS NOT NULL"
            return find_comparison(mirrored).sql(column, [f"DATE '{one}'" for one in reversed(days)])
        return comparison.sql(column, [_sql_value(value) for value in self.values])

    def resolved(self, names: Callable[[str], str]) -> "Test":
        """Put names in the place of roles."""
        what = replace(self.what, column=names(self.what.column), other=names(self.what.other))
        return replace(self, what=what)

    def moved(self, column: str, old: float, new: float) -> "Test":
        """Move a border of a column from one value to another; tests of other borders stay."""
        if column not in self.columns or self.how in ("in", "not in"):
            return self
        return replace(self, values=tuple(new if value == old else value for value in self.values))

    def tests(self) -> "Iterator[Test]":
        """All tests of the condition."""
        yield self

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON."""
        plain: dict[str, Any] = {"column": self.what.column, "how": self.how}
        if self.values:
            plain["values"] = list(self.values)
        if self.what.look != "value":
            plain["look"] = self.what.look
        return plain | ({"other": self.what.other} if self.what.other else {})


@dataclass(frozen=True)
class _Joined:
    """Some conditions together; how they are joined is what its two kinds differ in."""

    parts: "tuple[Condition, ...]" = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.columns))

    def resolved(self, names: Callable[[str], str]) -> Self:
        """Put names in the place of roles."""
        return replace(self, parts=tuple(part.resolved(names) for part in self.parts))

    def moved(self, column: str, old: float, new: float) -> Self:
        """Move a border."""
        return replace(self, parts=tuple(part.moved(column, old, new) for part in self.parts))

    def tests(self) -> Iterator[Test]:
        """All tests of the condition."""
        for part in self.parts:
            yield from part.tests()


@dataclass(frozen=True)
class Every(_Joined):
    """All of some conditions; none at all is met by everybody."""

    def met(self, frame: pd.DataFrame, day: np.datetime64) -> np.ndarray:
        """Which customers meet it, as a bool array."""
        kept = np.ones(len(frame), bool)
        for part in self.parts:
            kept &= part.met(frame, day)
        return kept

    @property
    def text(self) -> str:
        """The condition in words."""
        return " and ".join(_inside(part) for part in self.parts) or "every customer"

    def sql(self, day: np.datetime64) -> str:
        """The condition in SQL."""
        return " AND ".join(_bracketed(part, day) for part in self.parts) or "1 = 1"

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return {"all": [part.to_dict() for part in self.parts]}


@dataclass(frozen=True)
class AnyOf(_Joined):
    """At least one of some conditions."""

    def met(self, frame: pd.DataFrame, day: np.datetime64) -> np.ndarray:
        """Which customers meet it, as a bool array."""
        kept = np.zeros(len(frame), bool)
        for part in self.parts:
            kept |= part.met(frame, day)
        return kept

    @property
    def text(self) -> str:
        """The condition in words."""
        return ", or ".join(_inside(part) for part in self.parts) or "nobody"

    def sql(self, day: np.datetime64) -> str:
        """The condition in SQL."""
        return " OR ".join(_bracketed(part, day) for part in self.parts) or "1 = 0"

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return {"any": [part.to_dict() for part in self.parts]}


Condition = Test | Every | AnyOf


def _number_said(column: str, value: float) -> str:
    """A number with all its digits: a border that was rounded is another border."""
    said = quantity(column, value)
    if said.replace(",", "").replace(MINUS, "-") == exact(value):
        return said
    return f"{value:,}".removesuffix(".0").replace("-", MINUS)


def _inside(part: Condition) -> str:
    return f"({part.text})" if isinstance(part, Every | AnyOf) and len(part.parts) > 1 else part.text


def _bracketed(part: Condition, day: np.datetime64) -> str:
    sql = part.sql(day)
    return f"({sql})" if isinstance(part, Every | AnyOf) else sql


# --- comparisons ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """A row of `COMPARISONS`: how it is called, how many values it takes, and what it does."""

    key: str
    label: str
    takes: int | None
    met: Callable[[np.ndarray, list[float]], np.ndarray]
    words: Callable[[list[str]], str]
    sql: Callable[[str, list[str]], str]


MOST_NAMED = 5  # values in a sentence; more are counted


def either(values: Sequence[str]) -> str:
    """Join values for a sentence, counting those of a long list.

    Examples
    --------
    >>> either(["free", "basic", "plus"])
    'free, basic or plus'
    """
    more = len(values) - MOST_NAMED
    shown = [*values[:MOST_NAMED], f"{more} more"] if more > 0 else values
    return " or ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


COMPARISONS = (
    Comparison(
        "in",
        "is",
        None,
        lambda numbers, values: np.isin(numbers, values),
        lambda values: f"is {either(values)}",
        lambda column, values: (
            f"{column} = {values[0]}" if len(values) == 1 else f"{column} IN ({', '.join(values)})"
        ),
    ),
    Comparison(
        "not in",
        "is not",
        None,
        lambda numbers, values: ~np.isin(numbers, values) & ~np.isnan(numbers),
        lambda values: f"is not {either(values)}",
        lambda column, values: f"{column} NOT IN ({', '.join(values)})",
    ),
    Comparison(
        ">=",
        "at least",
        1,
        lambda numbers, values: numbers >= values[0],
        lambda values: f"at least {values[0]}",
        lambda column, values: f"{column} >= {values[0]}",
    ),
    Comparison(
        ">",
        "above",
        1,
        lambda numbers, values: numbers > values[0],
        lambda values: f"above {values[0]}",
        lambda column, values: f"{column} > {values[0]}",
    ),
    Comparison(
        "<=",
        "at most",
        1,
        lambda numbers, values: numbers <= values[0],
        lambda values: f"at most {values[0]}",
        lambda column, values: f"{column} <= {values[0]}",
    ),
    Comparison(
        "<",
        "below",
        1,
        lambda numbers, values: numbers < values[0],
        lambda values: f"below {values[0]}",
        lambda column, values: f"{column} < {values[0]}",
    ),
    Comparison(
        "between",
        "from … to",
        2,
        lambda numbers, values: (numbers >= values[0]) & (numbers <= values[1]),
        lambda values: f"from {values[0]} to {values[1]}",
        lambda column, values: f"{column} BETWEEN {values[0]} AND {values[1]}",
    ),
    Comparison(
        "missing",
        "is missing",
        0,
        lambda numbers, values: np.isnan(numbers),
        lambda values: "is missing",
        lambda column, values: f"{column} IS NULL",
    ),
    Comparison(
        "known",
        "is known",
        0,
        lambda numbers, values: ~np.isnan(numbers),
        lambda values: "is known",
        lambda column, values: f"{column} IS NOT NULL",
    ),
)


def find_comparison(key: str) -> Comparison:
    """Look a comparison up by its key.

    Raises
    ------
    UnusablePlan
        There is none; the message lists them.
    """
    for comparison in COMPARISONS:
        if comparison.key == key:
            return comparison
    known = listing([f"“{one.key}”" for one in COMPARISONS])
    raise UnusablePlan(f"“{key}” is no comparison. Comparisons are: {known}.")


# --- values -----------------------------------------------------------------------------------------


def _is_number(values: pd.Series, what: Quantity) -> bool:
    if what.look != "value" or pd.api.types.is_datetime64_any_dtype(values.dtype):
        return True
    return pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)


def _among(values: pd.Series, wanted: set[str]) -> tuple[np.ndarray, np.ndarray]:
    """Which values are among the wanted texts, and which are known; levels are looked at once each."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy()
        levels = [str(level) for level in values.cat.categories]
        if values.cat.ordered:  # yes and no, however they are written
            answers = {side for side in sides(sorted(wanted))[0] if side >= 0}
            wanted = wanted | {level for place, level in enumerate(levels) if place in answers}
        found = np.array([*(level in wanted for level in levels), False])[codes]
        return found, codes >= 0
    known = np.asarray(values.notna())
    return np.asarray(values.astype("str").isin(wanted)) & known, known


def _whole_days(how: str, values: list[float]) -> list[int]:
    """Days that compare with whole numbers as the given ones do; at least 90.5 days is at least 91.

    No whole number equals 90.5, so "in" and "not in" leave it out.
    """
    if how in ("in", "not in"):
        return [int(one) for one in values if one.is_integer()]
    up = {">=": [True], "<": [True], "between": [True, False]}.get(how, [False] * len(values))
    return [ceil(one) if upwards else floor(one) for one, upwards in zip(values, up, strict=True)]


def _float(value: float | str) -> float:
    """A value to compare with; a day counts in days since 1970."""
    if not isinstance(value, str):
        return float(value)
    try:
        return float(value)
    except ValueError:
        pass
    try:
        return float(np.datetime64(value, "D").astype(int))
    except ValueError as problem:
        raise UnusablePlan(
            f"“{value}” is neither a number nor a day. Write numbers like 12.5 and days like 2026-11-30."
        ) from problem


def _sql_value(value: float | str) -> str:
    if isinstance(value, str):
        try:
            return (
                f"DATE '{np.datetime64(value, 'D')}'" if len(value) == 10 and value[4] == "-" else text(value)
            )
        except ValueError:
            return text(value)
    return exact(float(value))


MOST_DIGITS = 15  # up to which a decimal turns into the same double everywhere


def exact(value: float) -> str:
    """Write a number so that SQL reads the same number."""
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    written = repr(value)  # many digits without an exponent are a decimal to SQL, and not the same number
    return written if "e" in written or len(written) <= MOST_DIGITS else written + "e0"


# --- from JSON, and from roles ----------------------------------------------------------------------


def condition_from(values: Mapping[str, Any]) -> Condition:
    """Read what `to_dict` wrote, or what somebody typed in that form.

    Raises
    ------
    UnusablePlan
        It is no condition; the message says what is wrong.
    """
    if not isinstance(values, Mapping):
        raise UnusablePlan(f"“{values}” is no condition. Give a column, how to compare, and values.")
    for word, kind in (("all", Every), ("any", AnyOf)):
        if word in values:
            if not isinstance(values[word], list | tuple):
                raise UnusablePlan(f"“{word}” joins a list of conditions. Write them in square brackets.")
            return kind(tuple(condition_from(one) for one in values[word]))
    if not isinstance(values.get("column"), str):
        raise UnusablePlan("A condition names no column. Give one, such as “age” or “@nps”.")
    given = values.get("values", ())
    listed = given if isinstance(given, list | tuple) else [given]
    what = Quantity(values["column"], str(values.get("look", "value")), str(values.get("other", "")))
    return Test(what, str(values.get("how")), tuple(_plain(one) for one in listed))


def _plain(value: Any) -> float | str:
    number_or_text = isinstance(value, int | float | str) and not isinstance(value, bool)
    if not number_or_text or (isinstance(value, float) and not isfinite(value)):
        raise UnusablePlan(f"“{value}” cannot be compared with. Give a number or a text.")
    return value if isinstance(value, str) else float(value)


def resolved(condition: Condition, customers: Customers) -> Condition:
    """Put the table's own columns in the place of roles, and check that they can be compared so.

    Raises
    ------
    UnusablePlan
        The table has no such column, none with such a role, or one of another kind than the test compares.
    """

    def name_of(column: str) -> str:
        if not column:
            return column
        if column.startswith(ROLE_SIGN) and customers.column(column) is None:
            found = customers.with_role(column.removeprefix(ROLE_SIGN))
            if found is None:
                role = find_role(column.removeprefix(ROLE_SIGN))
                raise UnusablePlan(
                    f"No column means “{role.label}”, which a rule asks for. "
                    "Set it on the data page, or choose another rule."
                )
            return found.name
        if customers.column(column) is None:
            known = listing([one.name for one in customers.columns if not one.hidden], 40)
            raise UnusablePlan(
                f"There is no column “{column}”, which a rule asks for. The table has: {known}."
            )
        return column

    return _suited(condition.resolved(name_of), customers)


def _suited(condition: Condition, customers: Customers) -> Condition:
    if not isinstance(condition, Test):
        return replace(condition, parts=tuple(_suited(part, customers) for part in condition.parts))
    kinds = {column.kind for name in condition.columns if (column := customers.column(name))}
    kind = {"days_ago": "date", "minus": "number"}.get(condition.what.look, min(kinds))
    if kinds != {kind}:
        raise UnusablePlan(
            f"“{condition.text}” asks for {'a date' if kind == 'date' else 'numbers'}, and "
            f"{listing([f'“{name}”' for name in condition.columns])} is read as {listing(sorted(kinds))}. "
            "Change its kind on the data page, or ask for something else."
        )
    compared = "number" if condition.what.look == "days_ago" else kind
    if compared not in ("number", "date") and condition.how in ORDERED:
        raise UnusablePlan(
            f"“{condition.text}” compares sizes, and “{condition.what.column}” is read as {kind}. "
            "Name the values it may have instead."
        )
    return replace(condition, values=tuple(_value_of(one, compared, condition) for one in condition.values))


ORDERED = (">=", ">", "<=", "<", "between")


def _value_of(value: float | str, kind: str, test: Test) -> float | str:
    """A value in the form in which a column of that kind is compared."""
    try:
        if kind == "number":
            return float(value)
        if kind == "date":
            return str(np.datetime64(str(value), "D"))
    except ValueError as problem:
        wanted = "a day. Write it like 2026-11-30." if kind == "date" else "a number. Write it like 12.5."
        raise UnusablePlan(f"“{test.text}” compares with “{value}”, which is not {wanted}") from problem
    if kind == "yes/no":
        return str(value).capitalize()
    return f"{value:.15g}" if isinstance(value, float) else value
