"""What can be asked of a customer, and conditions as a person types them into a table.

A line of such a table is one test: segment, column, comparison, value. Lines of the same segment are joined
by "and"; a line that is marked "or" starts an alternative. Values of "is" are separated by semicolons, the
two ends of a range by "to".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from segkit.customers.table import Column, Customers
from segkit.errors import UnusablePlan
from segkit.labels import listing, readable
from segkit.segments.conditions import (
    COMPARISONS,
    AnyOf,
    Condition,
    Every,
    Quantity,
    Test,
    condition_from,
)

NUMBERS = (">=", ">", "<=", "<", "between", "in", "not in", "missing", "known")
TEXTS = ("in", "not in", "missing", "known")
MOST_LEVELS = 200  # of a category that can be asked for
SINCE = "Days since "


@dataclass(frozen=True)
class Askable:
    """A quantity that rules can ask for, with the words it is offered under."""

    label: str
    what: Quantity
    numbers: bool

    @property
    def comparisons(self) -> tuple[str, ...]:
        """Keys of the comparisons that make sense."""
        return NUMBERS if self.numbers else TEXTS


@dataclass(frozen=True)
class Line:
    """One line of a table of rules, as it was typed."""

    segment: str
    column: str
    how: str
    value: str = ""
    alternative: bool = False


def askable(customers: Customers) -> tuple[Askable, ...]:
    """List what rules can ask for: columns, and days since the dates among them; nothing personal."""
    return tuple(one for column in customers.columns for one in _askable(column))


def _askable(column: Column) -> list[Askable]:
    if column.hidden or column.use == "id" or not column.distinct:
        return []
    if column.kind == "date":
        return [Askable(f"{SINCE}{column.name}", Quantity(column.name, "days_ago"), True)]
    if column.kind == "number":
        return [Askable(column.name, Quantity(column.name), True)]
    few = column.kind == "yes/no" or (column.kind == "category" and column.distinct <= MOST_LEVELS)
    return [Askable(column.name, Quantity(column.name), False)] if few else []


def typed(customers: Customers, column: str, how: str, value: str) -> Test:
    """Make a test of what a person typed.

    Parameters
    ----------
    customers : Customers
    column : str
        Label of an `Askable`.
    how : str
        Label or key of a comparison.
    value : str

    Raises
    ------
    UnusablePlan
        The column cannot be asked for, the comparison does not fit it, or the value is not what it needs.
    """
    found = next((one for one in askable(customers) if one.label == column), None)
    if found is None:
        known = listing([one.label for one in askable(customers)], 40)
        raise UnusablePlan(f"Rules cannot ask for “{column}”. They can ask for: {known}.")
    comparison = next((one for one in COMPARISONS if how in (one.key, one.label)), None)
    if comparison is None or comparison.key not in found.comparisons:
        fit = [one.label for one in COMPARISONS if one.key in found.comparisons]
        raise UnusablePlan(f"“{column}” cannot be compared by “{how}”. Choose {listing(fit, 20)}.")
    if comparison.takes == 0:
        return Test(found.what, comparison.key)
    parts = _parts(value, comparison.key)
    values = tuple(_number(part, column) for part in parts) if found.numbers else tuple(parts)
    if not values or (comparison.takes is not None and len(values) != comparison.takes):
        needs = "two values such as 10 to 20" if comparison.takes == 2 else "a value"
        raise UnusablePlan(f"“{column} {comparison.label}” needs {needs}; “{value}” was given.")
    return Test(found.what, comparison.key, values)


def _parts(value: str, how: str) -> list[str]:
    if how == "between":
        found = re.split(r"\s+to\s+|\s*(?:–|…|;)\s*", value.strip())
    else:
        found = value.split(";") if how in ("in", "not in") else [value]
    return [part.strip() for part in found if part.strip()]


def _number(text: str, column: str) -> float:
    plain = text.replace(" ", "").replace("\u202f", "").replace("−", "-")
    if re.fullmatch(r"-?\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    try:
        return float(plain.replace(",", ""))
    except ValueError as problem:
        raise UnusablePlan(f"“{text}” is no number for “{column}”. Write one like 12.5.") from problem


def rules_from(customers: Customers, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Make named rules of the lines of a table, in the order in which the segments first appear.

    Returns
    -------
    list of dict
        Each with "name" and "when", as the method "own-rules" takes them.

    Raises
    ------
    UnusablePlan
        A line is incomplete or cannot be understood; the message says which.
    """
    segments: dict[str, list[list[Condition]]] = {}
    for place, line in enumerate(lines, 1):
        name = " ".join(line.segment.split())
        if not name:
            raise UnusablePlan(f"Line {place} names no segment. Give each line the segment it is for.")
        try:
            test = typed(customers, line.column, line.how, line.value)
        except UnusablePlan as problem:
            raise UnusablePlan(f"Line {place}: {problem}") from problem
        ways = segments.setdefault(name, [[]])
        if line.alternative and ways[-1]:
            ways.append([])
        ways[-1].append(test)
    return [{"name": name, "when": _joined(ways).to_dict()} for name, ways in segments.items()]


def _joined(ways: list[list[Condition]]) -> Condition:
    every = [Every(tuple(tests)) if len(tests) > 1 else tests[0] for tests in ways]
    return AnyOf(tuple(every)) if len(every) > 1 else every[0]


def lines_of(rules: Sequence[dict[str, Any]]) -> list[Line]:
    """Write named rules as lines again; what is nested deeper than a table can show is left out."""
    lines: list[Line] = []
    for rule in rules:
        condition = condition_from(rule["when"])
        ways = condition.parts if isinstance(condition, AnyOf) else (condition,)
        for place, way in enumerate(ways):
            tests = way.parts if isinstance(way, Every) else (way,)
            lines += [
                _line(str(rule["name"]), test, place > 0 and number == 0)
                for number, test in enumerate(tests)
                if isinstance(test, Test)
            ]
    return lines


def _line(name: str, test: Test, alternative: bool) -> Line:
    label = f"{SINCE}{test.what.column}" if test.what.look == "days_ago" else test.what.column
    said = [one if isinstance(one, str) else _plain(one) for one in test.values]
    value = " to ".join(said) if test.how == "between" else "; ".join(said)
    how = next(one.label for one in COMPARISONS if one.key == test.how)
    return Line(name, label, how, value, alternative)


def _plain(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def starting_rules(customers: Customers) -> list[dict[str, Any]]:
    """Offer rules to start from: the upper third of the first telling number, or a value of a category.

    Returns
    -------
    list of dict
        One rule, or none where nothing can be asked for.
    """
    found = sorted(askable(customers), key=lambda one: _telling(customers, one))
    for one in found:
        values = customers.frame[one.what.column].dropna()
        if one.numbers and one.what.look == "value":
            border = float(values.sort_values().iloc[len(values) * 2 // 3])
            return [_rule(f"High {readable(one.label).lower()}", Test(one.what, ">=", (border,)))]
        if not one.numbers:
            level = str(values.astype("str").mode().iloc[0])
            return [_rule(level, Test(one.what, "in", (level,)))]
    return []


def _telling(customers: Customers, one: Askable) -> int:
    roles = ("revenue", "orders", "tickets", "plan_tier")
    column = customers.column(one.what.column)
    return roles.index(column.role) if column is not None and column.role in roles else len(roles)


def _rule(name: str, test: Test) -> dict[str, Any]:
    return {"name": name, "when": test.to_dict()}
