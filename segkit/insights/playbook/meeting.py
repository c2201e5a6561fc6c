"""Who meets a test that a person wrote, as a term."""

import numpy as np

from segkit.customers.columns.yes_no import sides
from segkit.customers.retention import counted_to
from segkit.errors import SegkitError, UnusablePlan
from segkit.insights.terms import Facts, Holds, Term, every, read_items
from segkit.segments.conditions import Test, find_comparison
from segkit.segments.sql_columns import double, written_levels
from segkit.sql_literals import text

ORIGIN = np.datetime64(0, "D")  # from which days are counted where they are compared with others


def who_meets(test: Test, facts: Facts) -> Term | None:
    """Who meets a test: 1, 0, or not known; None where its columns are absent or do not fit it.

    Parameters
    ----------
    test : Test
    facts : Facts
    """
    columns = [facts.customers.column(name) for name in test.columns]
    if any(one is None for one in columns):
        return None
    try:
        here = test.met(facts.customers.frame, counted_to(facts.customers))
        holds = _written(test, facts, here)
        if facts.everyone is not None:
            read_items(holds.reads)  # says whether it can be read where the table lives
    except (SegkitError, TypeError, ValueError):
        return None
    if test.how in ("missing", "known"):
        return holds.number
    return holds.number.where(every([facts.present(one) for one in columns if one is not None]))


def _written(test: Test, facts: Facts, here: np.ndarray) -> Holds:
    """Whether the test is met, with what it is in SQL."""
    column = facts.customers.column(test.what.column)
    assert column is not None  # who_meets has asked
    if test.how in ("missing", "known"):
        there = every([facts.present(one) for name in test.columns if (one := facts.customers.column(name))])
        return there if test.how == "known" else ~there
    if test.how in ("in", "not in") and column.kind not in ("number", "date") and test.what.look == "value":
        return _words(test, facts, here)
    quantity = _quantity(test, facts)
    sql = find_comparison(test.how).sql(quantity.sql, [double(one) for one in _numbers(test)])
    return Holds(here, f"({sql})", quantity.reads)


def _quantity(test: Test, facts: Facts) -> Term:
    """What the test looks at; days as they are counted in memory."""
    column, other = (facts.customers.column(name) for name in (test.what.column, test.what.other))
    assert column is not None  # who_meets has asked
    if test.what.look == "minus" and other is not None:
        return facts.number(column) - facts.number(other)
    if column.kind != "date":
        return facts.number(column)
    if test.what.look == "days_ago":
        return facts.days(column, counted_to(facts.customers)) * -1
    return facts.days(column, ORIGIN)


def _numbers(test: Test) -> list[float]:
    return [_number(value) for value in test.values]


def _number(value: float | str) -> float:
    try:
        return float(value)
    except ValueError:
        return float(np.datetime64(str(value), "D").astype(int))


def _words(test: Test, facts: Facts, here: np.ndarray) -> Holds:
    """Whether a text is one of some, however a loader has typed it."""
    column = facts.customers.column(test.what.column)
    assert column is not None  # who_meets has asked
    wanted = sorted(str(value) for value in test.values)
    if column.kind == "yes/no":
        answers = sides(wanted)[0]
        codes = [place for place, name in enumerate(facts.levels(column).names) if name in wanted]
        chosen = sorted({*codes, *(one for one in answers if one >= 0)})
        said, read = [double(float(one)) for one in chosen], facts.levels(column).places
    else:
        said, read = [text(one) for one in written_levels(wanted)], facts.present_text(column)
    if not said:
        raise UnusablePlan("It names no answer.")
    return Holds(here, find_comparison(test.how).sql(read.sql, said), read.reads)
