"""Columns in SQL: what a cell of a table is as a number, a yes or no, a date or a level.

A loader types columns in its own way: "Yes" becomes a boolean, "02" the number 2, and one "n/a" makes texts
of numbers. Where the table is at hand, how its cells are written is known; elsewhere usual ways are expected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.customers.columns.yes_no import GROUPS, sides
from segkit.customers.days import FORMS, day_form, written_days_sql
from segkit.customers.sampling import is_part, is_source
from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.sql_literals import text

USUAL_GAPS = ("-", "--", "?", "n/a", "#n/a", "nan", "null", "(blank)")  # the most frequent of missing.SURE
OTHER_BLANKS = "\t\n\r\u00a0\u3000"  # that may stand around a text, besides the usual one
DIGITS = "0123456789"
NUMBER_SIGNS = DIGITS + ".+-e "
MOST_GAPS = 20  # numbers that stand for no answer
MOST_LISTED = 200  # different texts that are listed, each with its number
BOTH_WAYS = {"e"}  # no in Finnish, yes in Turkish
NO_WORDS = tuple(sorted({word for group in GROUPS for word in group.no} - BOTH_WAYS))
YES_WORDS = tuple(sorted({word for group in GROUPS for word in group.yes} - BOTH_WAYS))
TYPED_WORDS = (("no", "false", "0", "0.0"), ("yes", "true", "1", "1.0"))  # what loaders make of yes and no


@dataclass(frozen=True, eq=False)
class Cells:
    """How the cells of one column are written.

    Attributes
    ----------
    texts : tuple of str
        The different texts of the file, as they stand there.
    values : pandas.Series
        What was read from each of them.
    part : bool
        Whether there are texts besides these, in customers who were not read.
    stay : bool
        Whether they are texts where the table lives, as cells of a CSV are, and stay there.
    """

    texts: tuple[str, ...]
    values: pd.Series
    part: bool = False
    stay: bool = False

    @property
    def blanks(self) -> str:
        """What stands around texts besides the usual blank."""
        ends = [one for one in self.texts if one[:1].isspace() or one[-1:].isspace()]
        around = "".join(one[: len(one) - len(one.lstrip())] + one[len(one.rstrip()) :] for one in ends)
        found = set(around) - {" "}
        return "".join(sorted(found | set(OTHER_BLANKS if self.part else "")))

    @property
    def gaps(self) -> list[str]:
        """Texts that stand for no answer, stripped and in small letters."""
        missing = np.asarray(self.values.isna())
        found = {one.strip().lower() for one, gap in zip(self.texts, missing, strict=True) if gap}
        if self.part:
            found |= set(USUAL_GAPS) - {one.strip().lower() for one in self.texts}
        return sorted(found)


def cells_of(customers: Customers, frame: pd.DataFrame, name: str) -> Cells | None:
    """Collect the different cells of a column.

    Parameters
    ----------
    customers : Customers
    frame : pandas.DataFrame
        Its columns as the segmentation reads them.
    name : str

    Returns
    -------
    Cells or None
        None where the column does not stand in the file.
    """
    if name not in customers.source.column_names:
        return None
    texts = customers.source.column(name).cast(pa.string()).to_pandas().fillna("")
    first = np.flatnonzero(~texts.duplicated())
    stay = is_source(customers) and not _is_typed(customers.source.schema.field(name).type)
    values = frame[name].iloc[first].reset_index(drop=True)
    return Cells(tuple(map(str, texts.iloc[first])), values, stay and is_part(customers), stay)


def _is_typed(kind: pa.DataType) -> bool:
    return not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))


# --- numbers ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NumberWriting:
    """How numbers are written: signs to take away, and whether a comma is the decimal sign."""

    signs: str = ""
    comma: bool = False

    def fits(self, cells: Cells) -> bool:
        """Tell whether every cell is read as it was, and every gap is seen as one."""
        numbers = cells.values.to_numpy(dtype=float, na_value=np.nan)
        read = [plain_number(self._cleaned(cell)) for cell in cells.texts]
        known = all(one == value for one, value in zip(read, numbers, strict=True) if not np.isnan(value))
        gaps = self.gaps(cells)
        return known and len(gaps) <= MOST_GAPS and all(map(isfinite, gaps))

    def gaps(self, cells: Cells) -> list[float]:
        """Numbers that stand for no answer, such as -999."""
        numbers = cells.values.to_numpy(dtype=float, na_value=np.nan)
        empty = [cell for cell, value in zip(cells.texts, numbers, strict=True) if np.isnan(value)]
        read = (plain_number(self._cleaned(cell)) for cell in empty)
        return sorted({one for one in read if one is not None})

    def _cleaned(self, cell: str) -> str:
        cell = cell.translate({ord(sign): None for sign in self.signs})
        return cell.replace(",", ".") if self.comma else cell

    def sql(self, column: str) -> str:
        """The column with its signs taken away."""
        cleaned = f"CAST({column} AS VARCHAR)"
        if self.signs:
            cleaned = f"TRANSLATE({cleaned}, {text(self.signs)}, '')"
        return f"REPLACE({cleaned}, ',', '.')" if self.comma else cleaned


def plain_number(cell: str) -> float | None:
    """Read a text as `number_sql` does: one that has other signs, or no digit, is no number.

    Examples
    --------
    >>> plain_number(" 12.5 "), plain_number("n/a"), plain_number("-")
    (12.5, None, None)
    """
    if set(cell.lower()) - set(NUMBER_SIGNS) or not set(cell) & set(DIGITS):
        return None
    try:
        return float(cell)
    except ValueError:
        return np.inf  # where a database would stop


def number_writing(cells: Cells) -> NumberWriting | None:
    """Find how the numbers of a column are written.

    Returns
    -------
    NumberWriting or None
        None when no way reads every cell as it was read.
    """
    other = set("".join(cells.texts).lower()) - set(NUMBER_SIGNS)
    signs = "".join(sorted(sign for sign in other if not sign.isalpha()))
    points = "".join(sorted((set(signs) - {","}) | {"."}))
    ways = (NumberWriting(), NumberWriting(signs), NumberWriting(points, True))
    return next((way for way in ways if way.fits(cells)), None)


def number_sql(column: str, cells: Cells | None) -> str:
    """Write a column as a number of double precision, NULL where it is none.

    A column that holds numbers only is cast; elsewhere a cell is looked at first, as a cast would stop there.
    Few texts that no rule reads, such as "I love it! +5", are listed.
    """
    way = NumberWriting() if cells is None else number_writing(cells)
    if cells is not None and way is None and len(cells.texts) <= MOST_LISTED:
        return _listed_numbers(column, cells)
    way = way or NumberWriting()
    gaps = [] if cells is None else way.gaps(cells)
    if cells is not None and not cells.part and way == NumberWriting() and _only_numbers(cells):
        return _but_gaps(f"CAST({column} AS DOUBLE PRECISION)", gaps)
    return _but_gaps(_guarded_number(column, way), gaps)


def _but_gaps(value: str, gaps: Sequence[float]) -> str:
    """Leave numbers out that stand for no answer."""
    listed = ", ".join(double(one) for one in gaps if isfinite(one))
    return f"CASE WHEN {value} NOT IN ({listed}) THEN {value} END" if listed else value


def _guarded_number(column: str, way: NumberWriting) -> str:
    seen = way.sql(column)
    value = column if way == NumberWriting() else seen
    return (
        f"CASE WHEN TRANSLATE(LOWER({seen}), {text(NUMBER_SIGNS)}, '') = '' "
        f"AND TRANSLATE({seen}, {text(DIGITS)}, '') <> {seen} "
        f"THEN CAST({value} AS DOUBLE PRECISION) END"
    )


def _listed_numbers(column: str, cells: Cells) -> str:
    numbers = cells.values.to_numpy(dtype=float, na_value=np.nan)
    known = {cell.strip(): one for cell, one in zip(cells.texts, numbers, strict=True) if not np.isnan(one)}
    places, values = written_levels(list(known)), list(known.values())
    listed = [f"WHEN {text(cell)} THEN {double(float(values[place]))}" for cell, place in places.items()]
    if not listed:
        return _guarded_number(column, NumberWriting())
    plain = NumberWriting()
    otherwise = _but_gaps(_guarded_number(column, plain), plain.gaps(cells))
    return " ".join([f"CASE {trimmed(column, cells)}", *listed, f"ELSE {otherwise} END"])


def is_readable(cells: Cells) -> bool:
    """Whether `number_sql` reads every cell as it was read."""
    return len(cells.texts) <= MOST_LISTED or number_writing(cells) is not None


def double(value: float) -> str:
    """Write a number as a literal of double precision; without an exponent it could be a decimal.

    Examples
    --------
    >>> double(0.1), double(-2.0), double(1e-05)
    ('0.1e0', '-2e0', '1e-05')
    """
    written = repr(float(value)).removesuffix(".0")
    return written if "e" in written else written + "e0"


def _only_numbers(cells: Cells) -> bool:
    """Whether a loader takes the column for numbers: every cell is one, or empty."""
    return all(cell == "" or plain_number(cell) is not None for cell in cells.texts) and any(cells.texts)


# --- yes or no --------------------------------------------------------------------------------------


def trimmed(column: str, cells: Cells | None) -> str:
    """Write a column as texts without the blanks around them."""
    others = "" if cells is None else cells.blanks
    return f"TRIM(CAST({column} AS VARCHAR){', ' + text(' ' + others) if others else ''})"


def yes_no_sql(column: str, cells: Cells | None) -> str:
    """Write a yes/no column as 1 and 0, NULL where it is neither."""
    no, yes = _yes_no_words(cells) if cells is not None else (NO_WORDS, YES_WORDS)
    word = f"LOWER({trimmed(column, cells)})"
    return f"CASE WHEN {word} IN ({_texts(yes)}) THEN 1e0 WHEN {word} IN ({_texts(no)}) THEN 0e0 END"


def _yes_no_words(cells: Cells) -> tuple[Sequence[str], Sequence[str]]:
    """The words of the file for no and for yes, and what loaders make of them."""
    if not isinstance(cells.values.dtype, pd.CategoricalDtype):
        return NO_WORDS, YES_WORDS
    there: tuple[set[str], set[str]] = (set(), set())
    for cell, code in zip(cells.texts, cells.values.cat.codes, strict=True):
        if code >= 0:
            there[code].add(cell.strip().lower())
    no, yes = (
        sorted(there[side] | (set(TYPED_WORDS[side]) - there[1 - side] - set(cells.gaps))) for side in (0, 1)
    )
    return no, yes


def _texts(words: Sequence[str]) -> str:
    return ", ".join(map(text, words))


# --- texts and dates --------------------------------------------------------------------------------


def text_sql(column: str, cells: Cells | None, gaps: Sequence[str] = USUAL_GAPS) -> str:
    """Write a column as texts without outer blanks, NULL where there is no answer.

    Parameters
    ----------
    column : str
        Quoted.
    cells : Cells, optional
    gaps : sequence of str
        What stands for no answer, besides nothing, where the cells are not known.
    """
    value = trimmed(column, cells)
    found = gaps if cells is None else [gap for gap in cells.gaps if gap]
    kept = f"LOWER({value}) NOT IN ({_texts(['', *found])})" if found else f"{value} <> ''"
    return f"CASE WHEN {kept} THEN {value} END"


def date_sql(column: str, cells: Cells | None) -> str:
    """Write a column as days.

    Texts such as 31.12.2025, in the order in which they were read, are put into the order that every database
    takes, unless the loader has done so.
    """
    form = None if cells is None else day_form(cells.texts, cells.values)
    if form is None and cells is not None and cells.stay:
        raise UnusablePlan(
            f"The days in {column} are written in a way that cannot be read where the table lives. Write "
            "them like 2026-11-30 in the source, or give the column another kind."
        )
    if form is None or cells is None or not (cells.stay or form in TURNED):
        return f"CAST({column} AS DATE)"
    return written_days_sql(column, form)


TURNED = [one for one in FORMS if one.order != "ymd" and one.padded]  # that a cast does not read everywhere


def writings(level: str) -> tuple[str, ...]:
    """List the texts that may stand for a level after a loader has typed its column.

    Examples
    --------
    >>> writings("Yes"), writings("02"), writings("Rome")
    (('Yes', 'true'), ('02', '2', '2.0'), ('Rome',))
    """
    found = [level]
    if level.lower() in LOADED_WORDS:
        found.append(("false", "true")[sides([level])[0][0]])
    number = plain_number(level)
    if number is not None and isfinite(number):
        found += [str(int(number)), f"{number:.1f}"] if number.is_integer() else [repr(number)]
    return tuple(dict.fromkeys(found))


LOADED_WORDS = {"yes", "no", "true", "false", "t", "f", "y", "n"}  # loaders take them for booleans


def written_levels(levels: Sequence[str]) -> dict[str, int]:
    """Give every text that may stand for a level the place of it; a level's own text comes first.

    Examples
    --------
    >>> written_levels(["02", "2"])
    {'02': 0, '2': 1, '2.0': 0}
    """
    places = {level: place for place, level in enumerate(levels)}
    for place, level in enumerate(levels):
        for one in writings(level):
            places.setdefault(one, place)
    return places
