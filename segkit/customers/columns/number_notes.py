"""What the user is told about a column that was read as numbers."""

from dataclasses import dataclass

import numpy as np

from segkit.customers.columns.numbers import Numbers
from segkit.customers.notes import Note, Option
from segkit.labels import MINUS, listing, plural


@dataclass(frozen=True, eq=False)
class NumbersRead:
    """A column after it was read as numbers.

    Attributes
    ----------
    name : str
        The column.
    numbers : Numbers
    values : float array
        What each text was read as; NaN for nothing.
    decimal : str
        The decimal sign.
    comma : bool, optional
        Whether the file uses the decimal comma; None where nothing in it tells.
    forced : bool
        The user says that these are numbers.
    chosen : bool
        The user set the decimal sign.
    """

    name: str
    numbers: Numbers
    values: np.ndarray
    decimal: str
    comma: bool | None = None
    forced: bool = False
    chosen: bool = False

    def example(self, which: np.ndarray) -> str:
        """Show a text of a mask with what it was read as."""
        place = int(np.argmax(which))
        value = f"{self.values[place]:.15g}".replace("-", MINUS)
        return f"“{self.numbers.texts.strings[place]}” was read as {value}"


def number_notes(read: NumbersRead) -> tuple[Note, ...]:
    """Tell what was assumed in reading a column as numbers."""
    return (*_thousands_notes(read), *_percent_notes(read), *_currency_notes(read), *_negative_notes(read))


def as_text(name: str) -> Option:
    """Offer to leave a column as it is written."""
    return Option("Keep as text", {"kinds": {name: "text"}})


def mixed_currencies_note(name: str, numbers: Numbers, read: bool) -> Note:
    """Tell that a column holds amounts of several currencies, which nobody can add up.

    Parameters
    ----------
    name : str
        The column.
    numbers : Numbers
    read : bool
        The user wanted the numbers all the same.
    """
    shown = [f"{code or 'none'} ({plural(rows, 'row')})" for code, rows in numbers.currencies.items()]
    found = f"“{name}” mixes currencies: {listing(shown)}."
    if read:
        said = (
            f"{found} Its numbers were taken as they are, as you chose; sums and means of them mean little."
        )
        return Note(said, True, "currency", name, options=(as_text(name),))
    said = f"{found} It was not read as a number. Give all amounts in one currency, or take them as they are."
    options = (Option("Take the amounts as they are", {"kinds": {name: "number"}}), as_text(name))
    return Note(said, True, "currency", name, ask=True, options=options)


def _thousands_notes(read: NumbersRead) -> list[Note]:
    """Tell how "1,234" was read where no number of the column says what its comma is."""
    open_signs = read.numbers.written_so(lambda one: one.open)
    if read.chosen or read.numbers.evidence != (0, 0) or not open_signs.any():
        return []
    text = read.numbers.texts.strings[int(np.argmax(open_signs))].as_py()
    sign, where = ("," if "," in text else "."), "file" if read.comma is None else "column"
    said = (
        f"{read.example(open_signs)} in “{read.name}”; nothing else in the {where} tells whether its "
        f"{'comma' if sign == ',' else 'point'} separates thousands or decimals."
    )
    options = [
        Option(f"Decimal {kind}", {"kinds": {read.name: f"decimal-{kind} number"}})
        for kind, decimal in (("comma", ","), ("point", "."))
        if read.comma is None or decimal != read.decimal
    ]
    return [Note(said, True, "thousands", read.name, ask=read.comma is None, options=tuple(options))]


def _percent_notes(read: NumbersRead) -> list[Note]:
    percent = read.numbers.in_percent
    if percent is None:
        return []
    known = ~np.isnan(read.values)
    plain = known & ~percent & (read.values != 0)
    if not plain.any():
        said = f"{read.example(percent)} in “{read.name}”: percentages are kept as fractions."
        return [Note(said, False, "percent", read.name, options=(as_text(read.name),))]
    rows = read.numbers.texts.rows
    counts = f"{plural(rows(percent), 'percentage')} and {plural(rows(plain), 'plain number')}"
    said = f"“{read.name}” mixes {counts}: {read.example(percent)}, {read.example(plain)}."
    options = (Option("Keep it so", {"kinds": {read.name: "number"}}), as_text(read.name))
    return [Note(said, True, "percent", read.name, ask=not read.forced, options=options[read.forced :])]


def _currency_notes(read: NumbersRead) -> list[Note]:
    numbers = read.numbers
    if numbers.currency is None:
        return [mixed_currencies_note(read.name, numbers, read=True)]
    if not numbers.currency:
        return []
    without = numbers.texts.rows(numbers.written_so(lambda one: not one.currency) & ~np.isnan(read.values))
    amount = numbers.written_so(lambda one: one.currency)
    said = f"Amounts in “{read.name}” are in {numbers.currency}: {read.example(amount)}."
    if without:
        verb = "was" if without == 1 else "were"
        said += f" {plural(without, 'amount')} without a currency {verb} taken as the same."
    return [Note(said, bool(without), "currency", read.name, options=(as_text(read.name),))]


def _negative_notes(read: NumbersRead) -> list[Note]:
    unusual = read.numbers.written_so(lambda one: one.negative in ("brackets", "trailing"))
    unusual &= ~np.isnan(read.values)
    if not unusual.any():
        return []
    cells = plural(read.numbers.texts.rows(unusual), "cell")
    said = f"{read.example(unusual)} in “{read.name}”, as a negative number is written in accounts ({cells})."
    return [Note(said, False, "negative", read.name, options=(as_text(read.name),))]
