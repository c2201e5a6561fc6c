"""Numbers in every dress: signs, currencies, separators, percent, and what only looks like a number."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from tests.corpus.case import Case
from tests.corpus.column import column_case
from tests.corpus.truth import ROWS, cycled
from tests.corpus.writers import delimited

_case = partial(column_case, group="numbers", name="spend")
STATED = "accepted|warned"


def _numbers(key: str, pairs: dict[str, float], outcome: str = "accepted", **more: Any) -> Case:
    return _case(key, cells=list(pairs), values=list(pairs.values()), outcome=outcome, kind="number", **more)


def _with_bad(key: str, good: int, bad: Sequence[str], **more: Any) -> Case:
    """So many good numbers and some cells that are none."""
    cells = [*map(str, range(100, 100 + good)), *bad]
    values = [*map(float, range(100, 100 + good)), *[None] * len(bad)]
    return _case(key, cells=cells, values=values, rows=len(cells), **more)


def _two_columns() -> bytes:
    """Cents in one column tell how the thousands of the other are written."""
    body = [[f"C{n:03}", ("1.234", "2.500", "7.125")[n % 3], f"{n},95"] for n in range(ROWS)]
    return delimited([["customer_id", "spend", "fee"], *body], ";")


CASES = (
    Case(
        "settled_by_another_column.csv",
        "numbers",
        _two_columns,
        "accepted|warned",
        columns={"spend": cycled([1234, 2500, 7125]), "fee": [n + 0.95 for n in range(ROWS)]},
        kinds={"spend": "number"},
        may=("thousands", "untold"),
    ),
    _numbers("point", {"1234.50": 1234.5, "0.75": 0.75, "-12.25": -12.25, "+7": 7, ".5": 0.5, "3.": 3}),
    _numbers("comma", {"1234,50": 1234.5, "0,75": 0.75, "-12,25": -12.25, "+7": 7, ",5": 0.5}),
    _numbers("thousands_comma", {"1,234.50": 1234.5, "12,345,678.90": 12345678.9, "999.99": 999.99}),
    _numbers("thousands_point", {"1.234,50": 1234.5, "12.345.678,90": 12345678.9, "999,99": 999.99}),
    _numbers("thousands_point_semicolon", {"1.234,50": 1234.5, "999,99": 999.99}, delimiter=";"),
    _numbers("thousands_blank", {"1 234,50": 1234.5, "12 345 678,90": 12345678.9, "999,99": 999.99}),
    _numbers(
        "thousands_no_break", {"1\u00a0234,50": 1234.5, "12\u00a0345\u00a0678,90": 12345678.9, "9,99": 9.99}
    ),
    _numbers("thousands_narrow", {"1\u202f234,50": 1234.5, "999,99": 999.99}),
    _numbers("thousands_apostrophe", {"1'234.50": 1234.5, "12'345'678.90": 12345678.9, "999.99": 999.99}),
    _numbers("thousands_typographic", {"1’234.50": 1234.5, "999.99": 999.99}),
    _numbers("thousands_indian", {"12,34,567.50": 1234567.5, "1,23,45,678.00": 12345678, "999.99": 999.99}),
    _numbers("thousands_twice", {"1.234.567": 1234567, "2.500": 2500, "17": 17}, STATED, may=("thousands",)),
    _numbers(
        "thousands_comma_twice", {"1,234,567": 1234567, "2,500": 2500, "17": 17}, STATED, may=("thousands",)
    ),
    _numbers(
        "comma_settled_by_point", {"1234.5": 1234.5, "1,234": 1234, "0.25": 0.25}, STATED, may=("thousands",)
    ),
    _numbers(
        "point_settled_by_comma", {"1234,5": 1234.5, "1.234": 1234, "0,25": 0.25}, STATED, may=("thousands",)
    ),
    _numbers("point_of_one_to_three_digits", {"1.5": 1.5, "2.125": 2.125, "12.75": 12.75}, STATED),
    _numbers("euro_no_break", {"1.234,50\u00a0€": 1234.5, "9,95\u00a0€": 9.95}, STATED, notes=("currency",)),
    _numbers("reais", {"R$ 1.234,50": 1234.5, "R$ 9,95": 9.95}, STATED, notes=("currency",)),
    _numbers("us_dollar", {"US$ 1,234.50": 1234.5, "US$9.95": 9.95}, STATED, notes=("currency",)),
    _numbers("exponents", {"1.5E+03": 1500, "2e-2": 0.02, "7": 7, "1.25": 1.25}),
    _numbers("real_minus", {"−12.50": -12.5, "3.25": 3.25, "–4.00": -4}, STATED, may=("negative",)),
    _numbers(
        "parentheses", {"(1,234.50)": -1234.5, "99.95": 99.95, "(7.25)": -7.25}, STATED, notes=("negative",)
    ),
    _numbers(
        "minus_behind", {"12.50-": -12.5, "99.95": 99.95, "1,000.25-": -1000.25}, STATED, notes=("negative",)
    ),
    _numbers("minus_and_blank", {"- 12.50": -12.5, "99.95": 99.95}, STATED, may=("negative",)),
    _numbers(
        "euro_behind", {"1.234,50 €": 1234.5, "9,95 €": 9.95, "-3,00 €": -3}, STATED, notes=("currency",)
    ),
    _numbers(
        "euro_in_front", {"€1,234.50": 1234.5, "€ 9.95": 9.95, "-€3.00": -3}, STATED, notes=("currency",)
    ),
    _numbers(
        "dollar",
        {"$1,234.50": 1234.5, "$9.95": 9.95, "($3.25)": -3.25, "-$2.00": -2, "$-1.50": -1.5},
        STATED,
        notes=("currency",),
        may=("negative",),
    ),
    _numbers("pound_pence", {"£1,234.50": 1234.5, "£0.95": 0.95}, STATED, notes=("currency",)),
    _numbers("currency_codes", {"EUR 1,234.50": 1234.5, "EUR 9.95": 9.95}, STATED, notes=("currency",)),
    _numbers("currency_code_behind", {"1.234,50 CHF": 1234.5, "9,95 CHF": 9.95}, STATED, notes=("currency",)),
    _numbers(
        "yen",
        {"¥1,234": 1234, "¥12,345,678": 12345678, "¥95": 95},
        STATED,
        notes=("currency",),
        may=("thousands",),
    ),
    _numbers("kroner", {"1 234,50 kr": 1234.5, "9,95 kr": 9.95}, STATED, notes=("currency",)),
    _numbers("zloty", {"1 234,50 zł": 1234.5, "9,95 zł": 9.95}, STATED, notes=("currency",)),
    _numbers("rupees", {"₹12,34,567.50": 1234567.5, "₹99.00": 99}, STATED, notes=("currency",)),
    _case(
        "two_currencies",
        cells=["€9.95", "$8.25", "€120.00", "$15.50"],
        values=None,
        outcome="warned|asked",
        notes=("currency",),
    ),
    _numbers("percent", {"12.5%": 0.125, "100%": 1, "0%": 0, "7 %": 0.07}, STATED, notes=("percent",)),
    _numbers("percent_comma", {"12,5 %": 0.125, "100 %": 1, "7,25%": 0.0725}, STATED, notes=("percent",)),
    _case(
        "percent_here_and_there",
        cells=["12.5%", "0.25", "50%", "0.75"],
        values=None,
        outcome="warned|asked",
        notes=("percent|not-converted",),
    ),
    _case(
        "point_with_three_digits",
        cells=["1.234", "2.500", "7.125", "3.999"],
        values=None,
        outcome="asked",
        kind="number",
        notes=("thousands",),
        readings=[[1234, 2500, 7125, 3999], [1.234, 2.5, 7.125, 3.999]],
    ),
    _case(
        "comma_with_three_digits",
        cells=["1,234", "2,500", "7,125", "3,999"],
        values=None,
        outcome="asked",
        kind="number",
        notes=("thousands",),
        readings=[[1234, 2500, 7125, 3999], [1.234, 2.5, 7.125, 3.999]],
    ),
    _numbers(
        "commas_above_thousand",
        {"1,234": 1234, "22,500": 22500, "999": 999, "416": 416, "577": 577, "120,522": 120522},
        "accepted|warned|asked",
        may=("thousands",),
    ),
    _case(
        "both_decimal_signs",
        cells=["1,5", "2.5", "3.5", "7,25"],
        values=None,
        outcome="accepted|warned|asked",
        kind="category|text",
        may=("not-converted", "thousands"),
    ),
    _with_bad("one_bad_cell", 23, ["about 50"], outcome="warned", kind="number", notes=("not-converted",)),
    _with_bad(
        "ninety_five_percent", 19, ["unclear"], outcome="warned", kind="number", notes=("not-converted",)
    ),
    _case(
        "ninety_percent",
        cells=[*map(str, range(100, 118)), "unclear", "vague"],
        values=[*map(str, range(100, 118)), "unclear", "vague"],
        rows=20,
        outcome="accepted|warned",
        kind="text|category",
        may=("not-converted", "untold", "personal"),
    ),
    _with_bad(
        "ninety_five_of_forty", 38, ["x", "y"], outcome="warned", kind="number", notes=("not-converted",)
    ),
    _with_bad(
        "infinite", 40, ["inf", "-Infinity"], outcome="warned", kind="number", notes=("not-converted",)
    ),
    _with_bad("not_a_number", 40, ["nan", "NaN"], outcome="warned", kind="number", notes=("missing",)),
    _with_bad(
        "too_large_for_a_float", 40, ["1e999"], outcome="warned", kind="number", notes=("not-converted",)
    ),
    _numbers("many_digits", {"0.1234567890123456": 0.1234567890123456, "1234567.125": 1234567.125}),
    _numbers("whole", {str(place): place for place in (3, 14, 0, 250, 7)}),
    _case(
        "zeros_in_front",
        cells=["007", "012", "101"],
        values=["007", "012", "101"],
        outcome="accepted|warned",
        kind="text|category",
        may=("untold",),
    ),
    _case(
        "years",
        cells=["1957", "1984", "2001", "1999"],
        values=[1957, 1984, 2001, 1999],
        kind="number",
        name="year_of_birth",
    ),
    _case(
        "clock_times",
        cells=["10:15", "09:30", "23:59"],
        values=["10:15", "09:30", "23:59"],
        kind="category|text",
        name="best_time",
        may=("untold",),
    ),
    _case(
        "comma_lists",
        cells=["1,2", "2,3", "1,2,3", "3"],
        values=["1,2", "2,3", "1,2,3", "3"],
        outcome="accepted|warned",
        kind="category|text",
        name="favourites",
        may=("untold",),
    ),
    _case(
        "short_for_thousands",
        cells=["12k", "1.2M", "900", "3k"],
        values=None,
        outcome="accepted|warned|asked",
        kind="category|text",
        may=("not-converted",),
    ),
)
