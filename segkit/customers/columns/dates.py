"""Dates of a column: one order of day, month and year, and what else stands for days.

"03/04/2025" alone is open: days above 12 in the same column tell the order, else the other date columns of
the file, else it has to be asked. Whole numbers are days only where the name or the other cells say so:
20250403, serial days of a spreadsheet, seconds or milliseconds since 1970.
"""

import datetime
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from segkit.customers.columns.date_names import is_amount_name, is_birthday_name, is_date_name, is_time_name
from segkit.customers.columns.date_shapes import LIKE_DATE, ZONES, Layout, layout_of
from segkit.customers.columns.numbers import Numbers
from segkit.customers.columns.texts import Texts
from segkit.customers.lazily import lazily

PIVOT = 10  # a year of two digits more than this many years ahead belongs to the century before
LATE_SERIALS = (20_000, 60_000)  # 1954-10-03 to 2064-04-08 in days of the 1900 system
EARLY_SERIALS = (10_000, 60_000)  # ... where more than the name says that these are dates
SERIAL_ZERO = 25_569  # the serial day of 1970-01-01
EPOCH = (200_000_000, 4_102_444_800)  # 1976-05-03 to 2100-01-01 in seconds since 1970
COMPACT_YEARS = (1900, 2100)
MIXED = 0.2  # serial days beside at least this share of written dates are dates as well
POSSIBLE_SHARE = 0.1  # where fewer of the texts that look like dates are in the calendar, they are codes
EARLY_DAYS = 0.39  # of all days are among the first 12 of a month
CHANCE = 0.01  # less is no accident
DAY = 86_400
NO_DAY = np.iinfo(np.int64).min  # NaT


@dataclass(frozen=True, eq=False)
class Parts:
    """What was taken from the texts of one shape; a number or one a text."""

    layout: Layout
    members: np.ndarray | slice
    year: np.ndarray
    first: np.ndarray
    second: np.ndarray
    clock: np.ndarray | None  # seconds of the day; negative where no clock shows that
    ahead: np.ndarray | None  # minutes ahead of UTC

    def days(self, month_first: bool) -> np.ndarray:
        """Days since 1970 in an order of day and month; `NO_DAY` where that is no date."""
        return self._month_first if month_first and self.layout.open else self._day_first

    @lazily
    def _day_first(self) -> np.ndarray:
        return self._checked(_days(self.year, self.second, self.first))

    @lazily
    def _month_first(self) -> np.ndarray:
        return self._checked(_days(self.year, self.first, self.second))

    def _checked(self, days: np.ndarray) -> np.ndarray:
        """Leave out numbers that are no plausible day and times that no clock shows."""
        wrong = np.zeros(len(days), bool) if self.clock is None else self.clock < 0
        if self.layout.compact:
            wrong = wrong | (self.year < COMPACT_YEARS[0]) | (self.year > COMPACT_YEARS[1])
        return np.where(wrong, NO_DAY, days) if wrong.any() else days


@dataclass(frozen=True, eq=False)
class DaysRead:
    """A column after it was read as dates.

    Attributes
    ----------
    days : int64 array
        Days since 1970 of each text; `NO_DAY` for none.
    order : str
        "day first", "month first", or "" where the way of writing tells.
    told_by : str
        What told the order: "user", "column", "file", "points" or nothing.
    day_first, month_first : int
        Rows that can only be day first, or month first.
    other_order : bool array
        Texts that would be a date in the other order only.
    either_order : bool array
        Texts that are one day in one order and another day in the other.
    impossible : bool array
        Texts written like dates that no calendar has.
    serial : str
        What numbers were read as: "days", "seconds", "milliseconds" or nothing.
    from_serial, from_compact : bool array
        Texts that were read as such numbers, or as 20250403.
    """

    days: np.ndarray
    order: str
    told_by: str
    day_first: int
    month_first: int
    other_order: np.ndarray
    either_order: np.ndarray
    impossible: np.ndarray
    serial: str
    from_serial: np.ndarray
    from_compact: np.ndarray


@dataclass(frozen=True, eq=False)
class Dates:
    """The dates among the texts of a column.

    Attributes
    ----------
    texts : Texts
    counted : bool array
        The texts that are neither empty nor mean "no answer".
    numbers : Numbers
        The numbers among them.
    decimal : str
        The decimal sign of the numbers.
    name : str
        The column.
    forced : bool
        The user says that these are dates.
    """

    texts: Texts
    counted: np.ndarray
    numbers: Numbers
    decimal: str = "."
    name: str = ""
    forced: bool = False

    @lazily
    def named(self) -> bool:
        """Whether the name says that it is a date (or the user does)."""
        return self.forced or is_date_name(self.name)

    @lazily
    def layouts(self) -> list[tuple[int, Layout, int]]:
        """The shapes that occur and are dates, with their rows."""
        layouts, rows = self.texts.shapes.parsed(layout_of, LIKE_DATE), self.numbers.rows_of_shape
        found = zip(layouts, rows, strict=True)
        return [(shape, one, int(n)) for shape, (one, n) in enumerate(found) if one is not None and n]

    # --- is it a date? ----------------------------------------------------------------------------

    def are_all(self, enough: float, coded: bool) -> bool:
        """Say whether a column holds dates.

        Parameters
        ----------
        enough : float
            The rows that have to be dates.
        coded : bool
            The name says that these are ids or codes.
        """
        written = sum(
            rows for _, one, rows in self.layouts if not one.compact and (self.named or not one.weak)
        )
        if written and written >= enough:
            return self._in_calendar >= POSSIBLE_SHARE * written
        if coded or not (self.layouts or self.numbers.written):
            return False
        compact = self._compact_rows
        counted = self.texts.rows(self.counted)
        if compact and written + compact >= (enough if self.named or written else counted):
            return not is_amount_name(self.name) or written > 0
        known = written + compact
        unit, serial = self._serial
        if not (self.named or known >= MIXED * counted or (is_time_name(self.name) and unit != "days")):
            return False
        return unit != "" and known + self.texts.rows(serial) >= enough

    @lazily
    def _in_calendar(self) -> int:
        """Rows of written dates that some order finds in the calendar."""
        written = [part for part in self._parts if not part.layout.compact]
        return sum(
            self._rows(part, np.maximum(part.days(False), part.days(True)) != NO_DAY) for part in written
        )

    @lazily
    def _compact(self) -> np.ndarray:
        """Which texts are plausible days without separators."""
        found = np.zeros(len(self.texts.strings), bool)
        for part in self._parts:
            if part.layout.compact:
                found[part.members] = part.days(False) != NO_DAY
        return found & self.counted

    @lazily
    def _compact_rows(self) -> int:
        return self.texts.rows(self._compact) if any(one.compact for _, one, _ in self.layouts) else 0

    @lazily
    def _values(self) -> np.ndarray:
        return self.numbers.read(self.decimal, forced=self.forced)

    @lazily
    def _serial(self) -> tuple[str, np.ndarray]:
        """Tell what most of the numbers can be: days, seconds or milliseconds; and which of them."""
        nothing = np.zeros(len(self.texts.strings), bool)
        if not self.numbers.written or not (self.named or is_time_name(self.name) or self.layouts):
            return "", nothing
        values = np.where(self.counted & ~self._compact, self._values, np.nan)
        beside = self.named and any(not one.compact for _, one, _ in self.layouts)
        days = EARLY_SERIALS if self.forced or self.is_birthday or beside else LATE_SERIALS
        ranges = {"days": days, "seconds": EPOCH, "milliseconds": (EPOCH[0] * 1000, EPOCH[1] * 1000)}
        fits = {what: (values >= low) & (values <= high) for what, (low, high) in ranges.items()}
        best = max(fits, key=lambda what: self.texts.rows(fits[what]))
        return (best, fits[best]) if fits[best].any() else ("", nothing)

    # --- which days? ------------------------------------------------------------------------------

    @lazily
    def _parts(self) -> list[Parts]:
        return [self._taken(shape, layout) for shape, layout, _ in self.layouts]

    def _taken(self, shape: int, layout: Layout) -> Parts:
        """Take day, month, year and clock from the texts of a shape."""
        names = list(layout.parts)
        places = [place for name in names for place in range(*layout.parts[name])]
        digits = iter(self.texts.characters(shape, places) - np.uint8(ord("0")))
        found = {}
        for name in names:
            start, stop = layout.parts[name]
            value = next(digits).astype(np.int32)
            for _ in range(start + 1, stop):
                value = value * 10 + next(digits)
            found[name] = value
        year = found["year"]
        month = found.get("month", np.full(len(year), layout.month, np.int32))
        first, second = (
            (found["first"], found["second_part"]) if layout.open else (found.get("day", year), month)
        )
        members = self.texts.shapes.members(shape)
        if layout.short_year:
            year = self._century(year, first, second)
        return Parts(layout, members, year, first, second, _clock(found, layout), _ahead(found, layout))

    def _century(self, year: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Place years of two digits: no more than ten years ahead, birthdays not at all."""
        last = self.last_year
        year = year + last // 100 * 100
        year = np.where(year > last, year - 100, year)
        if self.is_birthday:
            ahead = (_days(year, second, first) > _day_number(this_day())) & (year == last)
            year = np.where(ahead, year - 100, year)
        return year.astype(np.int32)

    def _rows(self, part: Parts, which: np.ndarray) -> int:
        counted = which & self.counted[part.members]
        if self.texts.weights is None:
            return int(np.count_nonzero(counted))
        return int(self.texts.weights[part.members][counted].sum())

    @lazily
    def evidence(self) -> tuple[int, int]:
        """Rows that can only be day first, and rows that can only be month first."""
        day_first = month_first = 0
        for part in self._parts:
            if part.layout.open:
                day_first += self._rows(part, (part.first > 12) & (part.second <= 12))
                month_first += self._rows(part, (part.second > 12) & (part.first <= 12))
        return day_first, month_first

    @lazily
    def half_swapped(self) -> bool:
        """Whether a spreadsheet that expected the other order probably turned some of the dates around.

        It leaves 31/12/2023 as text, and makes 2023-02-01 of 02/01/2023. Then no date of the one sort has a
        day up to 12, and none of the other sort one above.
        """
        written = [part for part in self._parts if not part.layout.compact and not part.layout.month]
        different = {}
        for is_open in (True, False):
            found = [np.zeros(0, np.int64)]
            for part in (part for part in written if part.layout.open == is_open):
                early = (part.first <= 12) & (part.second <= 12)
                if (early == is_open)[self.counted[part.members]].any():
                    return False
                found.append(np.maximum(part.days(False), part.days(True))[self.counted[part.members]])
            different[is_open] = len(np.unique(np.concatenate(found)))
        by_chance = EARLY_DAYS ** different[False] * (1 - EARLY_DAYS) ** different[True]
        return all(different.values()) and by_chance < CHANCE

    def order(self, chosen: str, hint: bool | None) -> tuple[str, str]:
        """Tell the order of day and month, and what told it."""
        open_parts = [part.layout for part in self._parts if part.layout.open]
        if not open_parts:
            return "", ""
        if chosen:
            return chosen, "user"
        day_first, month_first = self.evidence
        if day_first or month_first:
            return ("month first" if month_first > day_first else "day first"), "column"
        if hint is not None:
            return ("day first" if hint else "month first"), "file"
        return "day first", "points" if all(layout.dots for layout in open_parts) else ""

    def read(self, chosen: str = "", hint: bool | None = None) -> DaysRead:
        """Read the texts as days in one order.

        Parameters
        ----------
        chosen : str
            "day first" or "month first", where the user set it.
        hint : bool, optional
            Whether the other date columns of the file have the day first.
        """
        order, told_by = self.order(chosen, hint)
        size = len(self.texts.strings)
        days = np.full(size, NO_DAY)
        other, either, impossible = (np.zeros(size, bool) for _ in range(3))
        for part in self._parts:
            found = part.days(order == "month first")
            days[part.members] = found
            impossible[part.members] = found == NO_DAY
            if part.layout.open:
                turned = part.days(order != "month first")
                other[part.members] = (found == NO_DAY) & (turned != NO_DAY)
                either[part.members] = (found != turned) & (np.minimum(found, turned) != NO_DAY)
        unit, serial = self._serial
        if unit:
            days[serial] = np.floor(self._seconds(serial) / DAY)
        days[~self.counted] = NO_DAY
        return DaysRead(
            days,
            order,
            told_by,
            *self.evidence,
            other_order=other & self.counted,
            either_order=either & self.counted,
            impossible=impossible & self.counted & ~other,
            serial=unit,
            from_serial=serial,
            from_compact=self._compact,
        )

    def _seconds(self, which: np.ndarray) -> np.ndarray:
        """Turn serial numbers into seconds since 1970."""
        values, unit = self._values[which], self._serial[0]
        if unit == "days":
            return np.round((values - SERIAL_ZERO) * DAY)
        return np.floor(values / (1000 if unit == "milliseconds" else 1))

    def moments(self, read: DaysRead) -> np.ndarray:
        """Add the time of day: seconds since 1970 of each text, in UTC where a zone is written."""
        seconds = np.where(read.days == NO_DAY, NO_DAY, read.days * DAY)
        for part in self._parts:
            if part.clock is not None:
                shift = part.clock.astype(np.int64) - (
                    0 if part.ahead is None else part.ahead.astype(np.int64) * 60
                )
                found = seconds[part.members]
                seconds[part.members] = np.where(found == NO_DAY, NO_DAY, found + shift)
        if read.serial:
            seconds[read.from_serial] = self._seconds(read.from_serial)
        return seconds

    @lazily
    def zones(self) -> dict[str, int]:
        """The time zones that are written, with their rows; "" for times without one."""
        found: dict[str, int] = {}
        for part in self._parts:
            if part.clock is None:
                continue
            if "ahead" in part.layout.parts and part.ahead is not None:
                for minutes in np.unique(part.ahead[self.counted[part.members]]):
                    rows = self._rows(part, part.ahead == minutes)
                    label = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
                    found[label] = found.get(label, 0) + rows
            else:
                label = {"Z": "UTC", "GMT": "UTC"}.get(part.layout.zone, part.layout.zone)
                found[label] = found.get(label, 0) + self._rows(part, np.ones(len(part.year), bool))
        return found

    @property
    def last_year(self) -> int:
        """The last year that two digits can mean; the first is 99 years before."""
        return this_day().year + (0 if self.is_birthday else PIVOT)

    @lazily
    def is_birthday(self) -> bool:
        """Whether the name says that these are birthdays."""
        return is_birthday_name(self.name)

    @lazily
    def short_years(self) -> np.ndarray:
        """Which texts have a year of two digits."""
        found = np.zeros(len(self.texts.strings), bool)
        for part in self._parts:
            if part.layout.short_year:
                found[part.members] = True
        return found & self.counted


def this_day() -> datetime.date:
    """Today; the centuries of two-digit years depend on it."""
    return datetime.date.today()


def _clock(found: dict[str, np.ndarray], layout: Layout) -> np.ndarray | None:
    """Seconds of the day; -1 for a time that no clock shows."""
    if "hour" not in found:
        return None
    hour, minute = found["hour"], found["minute"]
    second = found.get("second", np.zeros_like(hour))
    ok = (hour < 24) | ((hour == 24) & (minute == 0) & (second == 0))
    ok &= (minute < 60) & (second <= 60)
    if layout.half:
        ok &= (hour >= 1) & (hour <= 12)
        hour = hour % 12 + (12 if layout.half == "p" else 0)
    return np.where(ok, hour * 3600 + minute * 60 + second, -1)


def _ahead(found: dict[str, np.ndarray], layout: Layout) -> np.ndarray | None:
    """Minutes ahead of UTC."""
    if "ahead" in found:
        minutes = found["ahead"] * 60 + found.get("ahead_minutes", np.zeros_like(found["ahead"]))
        return -minutes if layout.west else minutes
    if layout.zone:
        return np.full(len(found["year"]), ZONES.get(layout.zone, 0), np.int32)
    return None


# --- the calendar ---------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _months() -> np.ndarray:
    """The first days of all months of the years 1 to 9999, and the one after."""
    months = np.arange("0001-01", "10000-02", dtype="datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)


def _days(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Count days since 1970; `NO_DAY` for what is not in the calendar (31 February, month 13)."""
    starts = _months()
    possible = (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1)
    place = np.where(possible, (year - 1) * 12 + month - 1, 0)
    days = starts[place] + day - 1
    return np.where(possible & (days < starts[place + 1]), days, NO_DAY)


def _day_number(day: datetime.date) -> int:
    return day.toordinal() - datetime.date(1970, 1, 1).toordinal()
