"""What the user is told about a column that was read as dates."""

import numpy as np

from segkit.customers.columns.dates import NO_DAY, Dates, DaysRead
from segkit.customers.notes import Note, Option
from segkit.labels import listing, number, plural

MONTHS_OF_NOTES = (
    "January February March April May June July August September October November December".split()
)


def date_notes(dates: Dates, read: DaysRead) -> tuple[Note, ...]:
    """Tell what was assumed in reading a column as dates."""
    told = (
        _order(dates, read) or _swapped(dates),
        _short_years(dates, read),
        _numbers(dates, read),
        _zones(dates),
    )
    return tuple(note for note in (*told, _impossible(dates, read)) if note is not None)


def day_text(days: int) -> str:
    """Write days since 1970 as a person would.

    Examples
    --------
    >>> day_text(20181)
    '3 April 2025'
    """
    year, month, day = str(np.datetime64(days, "D")).rsplit("-", 2)
    return f"{int(day)} {MONTHS_OF_NOTES[int(month) - 1]} {int(year)}"


def _example(dates: Dates, read: DaysRead, which: np.ndarray) -> str:
    place = int(np.argmax(which & (read.days != NO_DAY)))
    return f"“{dates.texts.strings[place]}” was read as {day_text(int(read.days[place]))}"


def _order(dates: Dates, read: DaysRead) -> Note | None:
    """Tell the order of day and month where the column does not settle it."""
    misfits = dates.texts.rows(read.other_order)
    settled = read.told_by in ("user", "column")
    if not (misfits if settled else read.either_order.any()):
        return None
    options = [
        Option(order.capitalize(), {"kinds": {dates.name: f"{order.replace(' ', '-')} date"}})
        for order in ("day first", "month first")
        if not read.told_by or order != read.order
    ]
    said = _both_orders(dates, read, misfits) if settled else _open(dates, read)
    return Note(said, True, "date-order", dates.name, ask=not read.told_by, options=tuple(options))


def _both_orders(dates: Dates, read: DaysRead, misfits: int) -> str:
    surely = (
        f"{number(read.day_first)} surely day first, {number(read.month_first)} surely month first"
        if read.day_first and read.month_first
        else f"{plural(misfits, 'cell')} surely {'month' if read.order == 'day first' else 'day'} first"
    )
    taken = "chosen" if read.told_by == "user" else "assumed"
    rest = "that does not fit counts" if misfits == 1 else "that do not fit count"
    return (
        f"Dates in “{dates.name}” are written in both orders ({surely}); {read.order} was {taken}, "
        f"and {plural(misfits, 'cell')} {rest} as missing."
    )


def _open(dates: Dates, read: DaysRead) -> str:
    told = {"file": ", as in the other dates of the file", "points": ", as dates with points are written"}
    return (
        f"Dates in “{dates.name}” could be day first or month first; {read.order} was assumed"
        f"{told.get(read.told_by, '')}: {_example(dates, read, read.either_order)}."
    )


def _swapped(dates: Dates) -> Note | None:
    """Tell that a spreadsheet has probably exchanged day and month of the dates that it could."""
    if not dates.half_swapped:
        return None
    said = (
        f"In “{dates.name}”, no date that is written with the year first has a day above 12, and all others "
        "have one: a spreadsheet has probably exchanged day and month of the former. Compare some with the "
        "source, and import it there as text if they are wrong."
    )
    return Note(said, True, "date-order", dates.name, options=(_as_text(dates.name),))


def _short_years(dates: Dates, read: DaysRead) -> Note | None:
    known = dates.short_years & (read.days != NO_DAY)
    if not known.any():
        return None
    last = dates.last_year
    because = ", because no birthday is ahead" if dates.is_birthday else ""
    said = (
        f"Years of two digits in “{dates.name}” were read as {last - 99} to {last}{because}: "
        f"{_example(dates, read, known)}."
    )
    return Note(said, True, "two-digit-year", dates.name, options=(_as_text(dates.name),))


def _numbers(dates: Dates, read: DaysRead) -> Note | None:
    """Tell which numbers were read as days."""
    which = read.from_serial if read.serial else read.from_compact
    beside = dates.texts.rows(dates.counted & ~which)
    if not which.any() or (not read.serial and (dates.named or beside)):
        return None
    meaning = {
        "days": "the serial days of a spreadsheet",
        "seconds": "seconds since 1970 in UTC",
        "milliseconds": "milliseconds since 1970 in UTC",
    }.get(read.serial, "year, month and day without a separator")
    rows = dates.texts.rows(which)
    said = (
        f"{plural(rows, 'number')} in “{dates.name}” {'was' if rows == 1 else 'were'} taken for {meaning}: "
    )
    options = [] if beside else [Option("Read as a number", {"kinds": {dates.name: "number"}})]
    said = f"{said}{_example(dates, read, which)}."
    return Note(said, True, "date-serial", dates.name, options=(*options, _as_text(dates.name)))


def _zones(dates: Dates) -> Note | None:
    zones = {zone: rows for zone, rows in dates.zones.items() if rows}
    if not set(zones) - {""}:
        return None
    shown = listing([f"{zone or 'none'} ({plural(rows, 'row')})" for zone, rows in zones.items()])
    where = f"the zone {next(iter(zones))}" if len(zones) == 1 else f"several zones: {shown}"
    said = f"Times in “{dates.name}” are in {where}. The day was taken as it is written."
    return Note(said, len(zones) > 1, "date-zone", dates.name, options=(_as_text(dates.name),))


def _impossible(dates: Dates, read: DaysRead) -> Note | None:
    if not read.impossible.any():
        return None
    shown = listing([f"“{text[:30]}”" for text in dates.texts.some(read.impossible, 3)])
    rows = dates.texts.rows(read.impossible)
    said = (
        f"{plural(rows, 'date')} in “{dates.name}” {'is' if rows == 1 else 'are'} in no calendar ({shown}) "
        f"and {'counts' if rows == 1 else 'count'} as missing."
    )
    return Note(said, True, "date-impossible", dates.name, options=(_as_text(dates.name),))


def _as_text(name: str) -> Option:
    return Option("Keep as text", {"kinds": {name: "text"}})
