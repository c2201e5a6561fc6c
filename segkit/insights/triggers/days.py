"""Days of the calendar: the next birthday or anniversary, and birthdays that are written without a year."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

NEVER = np.datetime64("NaT", "D")
LEAP_YEAR = 2000  # a birthday without a year is kept in a year that has every day
_FORMS = (
    (re.compile(r"--(\d{1,2})-?(\d{1,2})"), "month first"),  # ISO 8601, and vCard
    (re.compile(r"(\d{1,2})\. ?(\d{1,2})\.?"), "day first"),
    (re.compile(r"(\d{1,2})[/-](\d{1,2})"), "told by values"),
)


def day_of(values: pd.Series) -> np.ndarray:
    """A column of dates as days, datetime64[D]; NaT where it is empty.

    Examples
    --------
    >>> day_of(pd.Series(pd.to_datetime(["2026-12-31 23:30", None])))
    array(['2026-12-31',        'NaT'], dtype='datetime64[D]')
    """
    return values.to_numpy().astype("datetime64[D]")


def next_yearly(dates: np.ndarray, day: np.datetime64) -> np.ndarray:
    """When the same day of the year comes next, that day itself included.

    29 February is kept on 28 February where a year has no 29th, so that nobody is late.

    Parameters
    ----------
    dates : datetime64[D] array
        NaT stays NaT.
    day : datetime64[D]
        From when on.

    Examples
    --------
    >>> born = np.array(["1980-02-29", "1990-12-31", "1990-01-01"], "M8[D]")
    >>> next_yearly(born, np.datetime64("2026-12-31")).astype(str).tolist()
    ['2027-02-28', '2026-12-31', '2027-01-01']
    """
    months = dates.astype("datetime64[M]")
    of_month = (dates - months.astype("datetime64[D]")).astype(np.int64)
    place = months.astype(np.int64) % MONTHS * LONGEST_MONTH + of_month
    return _next_of_each_day(day)[np.where(np.isnat(dates), -1, place)]


MONTHS, LONGEST_MONTH = 12, 31


def _next_of_each_day(day: np.datetime64) -> np.ndarray:
    """When each day of the year comes next, by month and day of the month; NaT at the end."""
    month, of_month = np.divmod(np.arange(MONTHS * LONGEST_MONTH), LONGEST_MONTH)
    year = int(day.astype("datetime64[Y]").astype(int))
    this, following = (_in_year(year + more, month, of_month) for more in (0, 1))
    return np.append(np.where(this < day, following, this), NEVER)


def _in_year(year: int, month: np.ndarray, of_month: np.ndarray) -> np.ndarray:
    """Days of a year; a day that its month does not have is the last one that it has."""
    starts = (year * MONTHS + month).astype("datetime64[M]")
    found = starts.astype("datetime64[D]") + of_month
    missing = found.astype("datetime64[M]") != starts
    return np.where(missing, (starts + 1).astype("datetime64[D]") - 1, found)


def yearly_sql(month: str, of_month: str, day: np.datetime64) -> str:
    """Write the days from a day to when the same day of the year comes next, as `next_yearly` finds it.

    Parameters
    ----------
    month, of_month : str
        SQL of both, from 1; NULL stays NULL.
    day : datetime64[D]
        From when on.
    """
    year = int(day.astype("datetime64[Y]").astype(int))
    this, following = (_of_year_sql(month, of_month, year + more, day) for more in (0, 1))
    return f"CASE WHEN {this} >= 0 THEN {this} ELSE {following} END"


def _of_year_sql(month: str, of_month: str, year: int, day: np.datetime64) -> str:
    """Write the days from a day to a day of some year; one that its month does not have is its last one."""
    starts = _in_year(year, np.arange(MONTHS), np.zeros(MONTHS, int))
    ends = (starts[1:2] + LONGEST_MONTH).astype("datetime64[M]").astype("datetime64[D]") - 1
    february = int((ends[0] - starts[1]).astype(int)) + 1
    cases = [
        f"WHEN {place + 1} THEN {int(away) - 1}" for place, away in enumerate((starts - day).astype(int))
    ]
    short = f"CASE WHEN {month} = 2 AND {of_month} > {february} THEN {february} ELSE {of_month} END"
    return f"(CASE {month} {' '.join(cases)} END + {short})"


def years_between(dates: np.ndarray, later: np.ndarray) -> np.ndarray:
    """By how many the year of one day is later than that of another; nonsense where either is NaT."""
    years = [one.astype("datetime64[Y]").astype(np.int64) for one in (dates, later)]
    return years[1] - years[0]


def days_without_year(values: Sequence[str] | pd.Series | np.ndarray) -> np.ndarray:
    """Birthdays that are written as day and month only, as days of the year 2000; NaT for anything else.

    "--02-29", "29.02." and, where a value above 12 tells the order for the whole column, "29/02" or "02/29".

    Examples
    --------
    >>> days_without_year(pd.Series(["29.02.", "1.3.", "soon"])).astype(str).tolist()
    ['2000-02-29', '2000-03-01', 'NaT']
    """
    codes, texts = pd.factorize(pd.Series(values).astype("str").str.strip())
    read = [_day_and_month(str(text)) for text in texts]
    order = _told_order([pair for form, pair in read if form == "told by values"])
    days = [_written(form if form != "told by values" else order, pair) for form, pair in read]
    return np.array([*days, NEVER], "datetime64[D]")[codes]


def _day_and_month(text: str) -> tuple[str, tuple[int, int]]:
    for form, order in _FORMS:
        if found := form.fullmatch(text):
            return order, (int(found[1]), int(found[2]))
    return "", (0, 0)


def _told_order(pairs: list[tuple[int, int]]) -> str:
    """Which part is the day; empty where no value tells, or values contradict each other."""
    day_first, month_first = any(one > 12 for one, _ in pairs), any(two > 12 for _, two in pairs)
    if day_first == month_first:
        return ""
    return "day first" if day_first else "month first"


def _written(order: str, pair: tuple[int, int]) -> np.datetime64:
    if not order:
        return NEVER
    month, day = pair if order == "month first" else pair[::-1]
    try:
        return np.datetime64(f"{LEAP_YEAR}-{month:02d}-{day:02d}", "D")
    except ValueError:
        return NEVER
