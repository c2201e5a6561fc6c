"""Dates: one order a column, a question where it is open, and what no calendar has."""

import datetime
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tests.corpus.case import Case
from tests.corpus.column import column_case
from tests.corpus.truth import EXPECTED, texts
from tests.corpus.writers import delimited

GROUP = "dates"
STATED = "accepted|warned"
ENGLISH = "January February March April May June July August September October November December".split()
GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
PORTUGUESE = (
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split()
)
DUTCH = "januari februari maart april mei juni juli augustus september oktober november december".split()
ITALIAN = (
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split()
)
SHORT_GERMAN = "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.".split()
SHORT_FRENCH = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
EPOCH = datetime.date(1970, 1, 1)

_dates = partial(column_case, group=GROUP, name="signup_date", kind="date")
_numbers = partial(column_case, group=GROUP, kind="number")


def _written(key: str, write: Callable[[datetime.date], str], outcome: str = "accepted", **more: Any) -> Case:
    """The usual customers, their dates written in another way."""
    return Case(
        f"{key}.csv",
        GROUP,
        lambda: delimited(texts(day=write)),
        outcome,
        columns=EXPECTED,
        kinds={"signup_date": "date"},
        **more,
    )


def _named(key: str, pattern: str, months: Sequence[str], **more: Any) -> Case:
    """Dates with a month by name; `pattern` has fields d, m and y."""
    return _written(
        key,
        lambda day: pattern.format(d=day.day, dd=f"{day.day:02}", m=months[day.month - 1], y=day.year),
        **more,
    )


def _serial(day: datetime.date) -> int:
    return (day - datetime.date(1899, 12, 30)).days


def _two_digits(key: str, name: str, cells: Sequence[str], values: Sequence[str]) -> Case:
    return _dates(key, name=name, cells=cells, values=values, outcome="warned", notes=("two-digit-year",))


CASES = (
    _written("iso", datetime.date.isoformat),
    _written("iso_slashes", lambda day: f"{day:%Y/%m/%d}"),
    _written("iso_times", lambda day: f"{day} 10:15:30"),
    _written("iso_t", lambda day: f"{day}T10:15:30.123456"),
    _written("utc", lambda day: f"{day}T12:15:30Z", STATED, notes=("date-zone",)),
    _written("offset", lambda day: f"{day}T12:15:30+02:00", STATED, notes=("date-zone",)),
    _written("offsets", lambda day: f"{day} 12:15:30+{day.month % 2 + 1:02}00", STATED, notes=("date-zone",)),
    _written("day_first", lambda day: f"{day:%d/%m/%Y}"),
    _written("day_first_points", lambda day: f"{day.day}.{day.month}.{day.year}"),
    _written("day_first_dashes", lambda day: f"{day:%d-%m-%Y}"),
    _written("day_first_times", lambda day: f"{day:%d.%m.%Y} 09:05"),
    _written("month_first", lambda day: f"{day:%m/%d/%Y}"),
    _written("month_first_no_zeros", lambda day: f"{day.month}/{day.day}/{day.year}"),
    _written("month_first_am_pm", lambda day: f"{day:%m/%d/%Y} 11:15 PM"),
    _written("two_digit_years", lambda day: f"{day:%d.%m.%y}", "warned", notes=("two-digit-year",)),
    _written(
        "two_digit_years_month_first", lambda day: f"{day:%m/%d/%y}", "warned", notes=("two-digit-year",)
    ),
    _written("compact", lambda day: f"{day:%Y%m%d}", STATED, may=("date-serial",)),
    _written("serials", lambda day: str(_serial(day)), "warned|asked", notes=("date-serial",)),
    _written(
        "serials_with_time", lambda day: f"{_serial(day) + 0.4375}", "warned|asked", notes=("date-serial",)
    ),
    _written(
        "seconds",
        lambda day: str((day - EPOCH).days * 86_400 + 43_200),
        "warned|asked",
        notes=("date-serial|date-zone",),
    ),
    _written(
        "milliseconds",
        lambda day: str(((day - EPOCH).days * 86_400 + 43_200) * 1000),
        "warned|asked",
        notes=("date-serial|date-zone",),
    ),
    _named("english", "{d} {m} {y}", ENGLISH),
    _named("english_us", "{m} {d}, {y}", ENGLISH),
    _named("english_short", "{dd}-{m}-{y}", [month[:3] for month in ENGLISH]),
    _named("english_weekday", "Mon, {dd} {m} {y}", [month[:3] for month in ENGLISH]),
    _written(
        "english_two_digits",
        lambda day: f"{day:%d}-{ENGLISH[day.month - 1][:3]}-{day:%y}",
        "warned",
        notes=("two-digit-year",),
    ),
    _named("english_upper", "{dd}-{m}-{y}", [month[:3].upper() for month in ENGLISH]),
    _named(
        "english_sept", "{m} {d}, {y}", [*(m[:3] for m in ENGLISH[:8]), "Sept", *(m[:3] for m in ENGLISH[9:])]
    ),
    _named(
        "mail_dates",
        "Tue, {dd} {m} {y} 10:00:00 +0000",
        [month[:3] for month in ENGLISH],
        outcome=STATED,
        may=("date-zone",),
    ),
    _named("german", "{d}. {m} {y}", GERMAN),
    _named("german_short", "{dd}. {m} {y}", SHORT_GERMAN),
    _named("french", "{d} {m} {y}", FRENCH),
    _named("french_short", "{d} {m} {y}", SHORT_FRENCH),
    _named("spanish", "{d} de {m} de {y}", SPANISH),
    _named("portuguese", "{d} de {m} de {y}", PORTUGUESE),
    _named("dutch", "{d} {m} {y}", DUTCH),
    _named("italian", "{d} {m} {y}", ITALIAN),
    _dates(
        "open_order",
        cells=["03/04/2025", "01/02/2025", "11/12/2024", "05/05/2024"],
        values=None,
        outcome="asked",
        notes=("date-order",),
        readings=[
            ["2025-04-03", "2025-02-01", "2024-12-11", "2024-05-05"],
            ["2025-03-04", "2025-01-02", "2024-11-12", "2024-05-05"],
        ],
    ),
    _dates(
        "open_order_two_digits",
        cells=["03/04/25", "01/02/25", "11/12/24"],
        values=None,
        outcome="asked",
        notes=("date-order", "two-digit-year"),
        readings=[["2025-04-03", "2025-02-01", "2024-12-11"], ["2025-03-04", "2025-01-02", "2024-11-12"]],
    ),
    _dates(
        "with_and_without_times",
        cells=["2024-03-01", "2024-03-02 10:00", "2024-03-03 10:00:59"],
        values=["2024-03-01", "2024-03-02", "2024-03-03"],
    ),
    _numbers(
        "numbers_like_serials", name="income", cells=["45352", "45100", "44927"], values=[45352, 45100, 44927]
    ),
    _numbers(
        "numbers_like_days",
        name="spend",
        cells=["20240131", "20240229", "19991231"],
        values=[20240131, 20240229, 19991231],
    ),
    _dates(
        "same_either_way",
        cells=["03/03/2025", "01/01/2025", "12/12/2024"],
        values=["2025-03-03", "2025-01-01", "2024-12-12"],
    ),
    _dates(
        "both_orders",
        cells=["13/01/2024", *["01/14/2024"] * 20, "01/15/2024", "02/28/2024", "12/31/2023"],
        values=[None, *["2024-01-14"] * 20, "2024-01-15", "2024-02-28", "2023-12-31"],
        outcome="warned",
        notes=("not-converted|date-order|date-impossible",),
        may=("not-converted", "date-order", "date-impossible"),
    ),
    _dates(
        "both_orders_by_half",
        cells=["13/01/2024", "01/14/2024", "03/04/2024", "25/12/2023"],
        values=None,
        kind="",
        outcome="warned|asked",
        notes=("not-converted|date-order",),
        may=("not-converted", "date-order", "date-impossible", "untold"),
    ),
    _dates(
        "iso_and_points",
        cells=["2024-01-31", "15.02.2024", "2024-03-01"],
        values=["2024-01-31", "2024-02-15", "2024-03-01"],
        outcome=STATED,
        may=("date-order",),
    ),
    _dates(
        "impossible",
        cells=["2024-02-29", *["2024-03-01"] * 22, "2023-02-29"],
        values=["2024-02-29", *["2024-03-01"] * 22, None],
        outcome="warned",
        notes=("date-impossible|not-converted",),
    ),
    _dates(
        "impossible_day_first",
        cells=["31/03/2024", *["30/04/2024"] * 22, "31/04/2024"],
        values=["2024-03-31", *["2024-04-30"] * 22, None],
        outcome="warned",
        notes=("date-impossible|not-converted",),
    ),
    _dates(
        "zero_dates",
        cells=["2024-01-31", "0000-00-00", "2024-03-01", "2024-04-30"],
        values=["2024-01-31", None, "2024-03-01", "2024-04-30"],
        outcome="warned",
        notes=("date-impossible|missing|not-converted",),
    ),
    _dates(
        "end_of_time",
        name="contract_end",
        cells=["2024-12-31", "9999-12-31", "2025-06-30", "9999-12-31"],
        values=["2024-12-31", "9999-12-31", "2025-06-30", "9999-12-31"],
        outcome="warned|asked",
        notes=("sentinel",),
        readings=[["2024-12-31", None, "2025-06-30", None]],
    ),
    _two_digits(
        "birthdays",
        "birthday",
        ["15.05.45", "28.02.71", "13.11.99", "30.06.01"],
        ["1945-05-15", "1971-02-28", "1999-11-13", "2001-06-30"],
    ),
    _two_digits(
        "two_digits_both_centuries",
        "last_order_date",
        ["15.05.19", "28.02.24", "13.11.98"],
        ["2019-05-15", "2024-02-28", "1998-11-13"],
    ),
    _dates(
        "before_1900",
        name="founded_date",
        cells=["1789-07-14", "1850-01-31", "2001-12-24"],
        values=["1789-07-14", "1850-01-31", "2001-12-24"],
        may=("untold",),
    ),
    _dates(
        "some_missing",
        cells=["2024-01-31", "", "2024-03-01", ""],
        values=["2024-01-31", None, "2024-03-01", None],
        may=("missing",),
    ),
)
