"""Days that are written as texts, and the SQL that reads them as they were read here.

A text that is no day, such as 2025-02-30, is a gap in any database: its parts are looked at first, since a
cast would stop there. `DayForm.read` does here what the SQL does there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DIGITS = "0123456789"
SHORT_MONTHS = ("04", "06", "09", "11")
LEAP_YEARS = tuple(f"{year:02}" for year in range(4, 100, 4))  # by the last two digits


@dataclass(frozen=True)
class DayForm:
    """One way to write a day.

    Attributes
    ----------
    order : str
        "ymd", "dmy" or "mdy".
    sign : str
        What stands between the parts; empty only where the year comes first.
    padded : bool
        Whether day and month have two digits always.
    """

    order: str
    sign: str
    padded: bool = True

    def read(self, text: str) -> np.datetime64 | None:
        """Read a text; None where it is no day in this form.

        Examples
        --------
        >>> DayForm("dmy", ".").read("31.12.2025 10:30"), DayForm("ymd", "").read("20250231")
        (np.datetime64('2025-12-31'), None)
        """
        text = text.strip(" ")
        parts = self._slices(text) if self.padded else [*text.split(" ")[0].split(self.sign), "", ""][:3]
        year, month, day = (parts[self.order.index(one)] for one in "ymd")
        long_enough = len(year) == 4 and 0 < len(month) <= 2 and 0 < len(day) <= 2
        if not long_enough or not (year + month + day).isascii() or not (year + month + day).isdigit():
            return None
        try:
            return np.datetime64(f"{year}-{month:0>2}-{day:0>2}") if year != "0000" else None
        except ValueError:
            return None

    def _slices(self, text: str) -> list[str]:
        if self.sign and {text[start - 2 : start - 1] for start, _ in self._places[1:]} != {self.sign}:
            return ["", "", ""]
        if not self.sign and len(text) != 8:
            return ["", "", ""]
        return [text[start - 1 : start - 1 + size] for start, size in self._places]

    @property
    def _places(self) -> list[tuple[int, int]]:
        """Where each part starts, counted from 1, and how many signs it has."""
        sizes = [4 if one == "y" else 2 for one in self.order]
        between = len(self.sign)
        starts = [1, 1 + sizes[0] + between, 1 + sizes[0] + sizes[1] + 2 * between]
        return list(zip(starts, sizes, strict=True))

    def sql(self, value: str) -> tuple[str, str]:
        """Write whether a text looks like this form, and the text turned into 2025-12-31."""
        if self.padded:
            parts = [f"SUBSTR({value}, {start}, {size})" for start, size in self._places]
            like = self.sign.join("_" * size for _, size in self._places)
            seen = f"{value} LIKE '{like}{'%' if self.sign else ''}'"
        else:
            first = f"SPLIT_PART({value}, ' ', 1)"
            parts = [f"SPLIT_PART({first}, '{self.sign}', {place})" for place in (1, 2, 3)]
            sizes = [(4, 4) if one == "y" else (1, 2) for one in self.order]
            long = [f"LENGTH({one}) BETWEEN {a} AND {b}" for one, (a, b) in zip(parts, sizes, strict=True)]
            seen = " AND ".join(long)
            parts = [f"LPAD({part}, {b}, '0')" for part, (_, b) in zip(parts, sizes, strict=True)]
        return seen, " || '-' || ".join(parts[self.order.index(one)] for one in "ymd")


ISO = DayForm("ymd", "-")
FORMS = (
    ISO,
    *(DayForm(order, sign) for order in ("dmy", "mdy") for sign in "./-"),
    DayForm("ymd", "/"),
    DayForm("ymd", "."),
    DayForm("ymd", ""),
    *(DayForm(order, sign, False) for order in ("dmy", "mdy", "ymd") for sign in "./-"),
)


def day_form(texts: Sequence[str], values: object) -> DayForm | None:
    """Find the form in which all texts are read as they were read.

    Parameters
    ----------
    texts : sequence of str
        Cells as they stand in the file.
    values : array of days
        What was read from each of them.

    Returns
    -------
    DayForm or None
        None where there is none: days may be written in words, or in several ways.

    Examples
    --------
    >>> day_form(["31.12.2025", "?"], np.array(["2025-12-31", "NaT"], "datetime64[D]"))
    DayForm(order='dmy', sign='.', padded=True)
    """
    days = np.asarray(values).astype("datetime64[D]")
    known = [(text, day) for text, day in zip(texts, days, strict=True) if not np.isnat(day)]
    fits = (one for one in FORMS if all(one.read(text) == day for text, day in known))
    return next(fits, None) if known else None


def written_days_sql(column: str, form: DayForm) -> str:
    """Write a column of texts as days, NULL where a text is none.

    Parameters
    ----------
    column : str
        Quoted.
    form : DayForm
        As `day_form` finds it. 2025-12-31 is read besides, which loaders make of other forms.
    """
    value = f"TRIM(CAST({column} AS VARCHAR))"
    forms = [one.sql(value) for one in dict.fromkeys((ISO, form))]
    read = [f"WHEN {seen} THEN CASE WHEN {_is_day(day)} THEN CAST({day} AS DATE) END" for seen, day in forms]
    return f"CASE {' '.join(read)} END"


def _is_day(text: str) -> str:
    """Whether a text in the form of 2025-12-31 is a day of the calendar."""
    text = f"({text})"
    month, day = f"SUBSTR({text}, 6, 2)", f"SUBSTR({text}, 9, 2)"
    short, leap = (", ".join(f"'{one}'" for one in some) for some in (SHORT_MONTHS, LEAP_YEARS))
    february = f"CASE WHEN SUBSTR({text}, 3, 2) IN ({leap}) OR {text} LIKE '2000%' THEN '29' ELSE '28' END"
    last = f"CASE WHEN {month} = '02' THEN {february} WHEN {month} IN ({short}) THEN '30' ELSE '31' END"
    return (
        f"TRANSLATE({text}, '{DIGITS}', '') = '--' AND {text} >= '0001' "
        f"AND {month} BETWEEN '01' AND '12' AND {day} BETWEEN '01' AND {last}"
    )
