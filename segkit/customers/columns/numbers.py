"""Numbers as people and programs write them: decimal signs, thousands, currencies, percent, negatives.

One decimal sign holds for a whole column. It is told by the texts where it is beyond doubt ("12,5",
"1.234,50"), else by the other columns of the file; "1,234" alone is open, and said to be.
Codes are not numbers: zeros in front, 16 digits and more (floats do not tell neighbours apart there), 1E5.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.columns.currencies import CURRENCY_OF, CURRENCY_PATTERN, one_currency
from segkit.customers.columns.texts import Texts, same_width, with_validity
from segkit.customers.lazily import lazily

MANY_OPEN = 30  # different texts like "1,234" that would hardly all have three decimals by chance
WHOLE_SHARE = 0.05  # whole numbers of two or three digits beside them
CODE_DIGITS = 16  # whole numbers beyond 2**53 have at least this many

_SPACES = " \u00a0\u202f\u2009"
_MINUS = "\\-−–—﹣－"
_QUOTES = "'’"
_AFFIX = rf"(?:[{_SPACES}+(){_MINUS}%％]|{CURRENCY_PATTERN})"
LIKE_NUMBER = rf"^{_AFFIX}*[.,]?9[9.,{_QUOTES}{_SPACES}]*(?:e[+-]?9+)?{_AFFIX}*$"

_CODES = frozenset(CURRENCY_OF.values())
_PARTS = re.compile(rf"([^9]*?)([.,]?9(?:[9.,{_QUOTES}{_SPACES}]*9)?[.,]?)(e[+-]?9+)?([^9]*)")
_AFFIXES = re.compile(
    rf"(?P<currency>{CURRENCY_PATTERN})|(?P<minus>[{_MINUS}])|(?P<plus>\+)|(?P<open>\()|(?P<close>\))"
    rf"|(?P<percent>[%％])|(?P<space>[{_SPACES}])"
)


def _grammar(decimal: str, separators: str) -> re.Pattern[str]:
    """Write the pattern of numbers with one decimal sign; its groups hold what separates thousands."""
    grouped = rf"9{{1,3}}(?:(?P<thousands>[{separators}])9{{3}})(?:(?P=thousands)9{{3}})*(?:\{decimal}9*)?"
    indian = r"9{1,2}(?:,9{2})+(?P<indian>,)9{3}(?:\.9*)?|" if decimal == "." else ""
    return re.compile(rf"{indian}{grouped}|9+\{decimal}?9*|\{decimal}9+")


_GRAMMARS = {".": _grammar(".", "," + _QUOTES + _SPACES), ",": _grammar(",", "." + _QUOTES + _SPACES)}


@dataclass(frozen=True)
class Writing:
    """How the numbers of one shape are written.

    Attributes
    ----------
    thousands : mapping of decimal sign to str
        What separates thousands (or nothing) when read with that decimal sign; absent when it is no number.
    core : (int, int)
        The place of the number among the bytes.
    first : int
        The place of its first digit.
    plain : bool
        Only digits, one decimal sign and an ASCII sign: a program would write it so.
    bare : int
        The number of digits, where there are only digits and at most a sign; else 0.
    open : str
        The sign that may be decimal or separate thousands.
    told : str
        The decimal sign, where it is beyond doubt.
    exponent : str
        "bare" for 1e5, which may be a code, "sure" for 1.5e5 and 1e+05, or nothing.
    negative : str
        "minus", "brackets", "trailing" or nothing.
    currency : str
    percent : bool
    """

    thousands: dict[str, str]
    core: tuple[int, int]
    first: int
    plain: bool
    bare: int
    open: str
    told: str
    exponent: str
    negative: str
    currency: str
    percent: bool


@lru_cache(maxsize=1 << 14)
def writing_of(shape: str) -> Writing | None:
    """Take a shape apart; None if it is not the shape of a number.

    Examples
    --------
    >>> writing_of("€ 9.999,99").told, writing_of("9,999").open, writing_of("level 9")
    (',', ',', None)
    """
    parts = _PARTS.fullmatch(shape)
    if parts is None:
        return None
    before, core, power, after = parts[1], parts[2], parts[3] or "", parts[4]
    if core[0] == "." and before[-1:].isalpha():  # "Rs.500"
        before, core = before + ".", core[1:]
    dressed = _affixes(before, after, dash_is_zero=core[-1] in ".,")
    thousands = _readings(core, power)
    if (
        dressed is None
        or not thousands
        or (dressed.plus and any(sign and sign in _SPACES for sign in thousands.values()))
    ):
        return None
    start = len(before.encode())
    return Writing(
        thousands=thousands,
        core=(start, start + len((core + power).encode())),
        first=start + len(core[: core.index("9")].encode()),
        plain=not after and before in ("", "-", "+"),
        bare=core.count("9") if core.strip("9") == "" and not power and not dressed.other else 0,
        open=_open_sign(core, thousands),
        told=_told_sign(core, thousands),
        exponent="" if not power else "bare" if re.fullmatch("9+e99?", core + power) else "sure",
        negative=dressed.negative,
        currency=dressed.currency,
        percent=dressed.percent,
    )


@dataclass(frozen=True)
class _Dress:
    """What stands before and after a number."""

    negative: str = ""
    currency: str = ""
    percent: bool = False
    plus: bool = False
    other: bool = False  # anything but a sign in front


def _affixes(before: str, after: str, dash_is_zero: bool) -> _Dress | None:
    first, last = _tokens(before), _tokens(after)
    if first is None or last is None:
        return None
    if dash_is_zero and last[:1] == ["minus"]:  # "25.–" is 25.00
        last = last[1:]
    kinds = first + last
    codes = {kind for kind in kinds if kind in _CODES}
    marks = [kind for kind in kinds if kind not in codes]
    currency = one_currency(codes) if codes else ""
    signs = sum(kind in ("minus", "plus", "open") for kind in marks)
    unpaired = first.count("open") != last.count("close") or "close" in first or "open" in last
    misplaced = "plus" in last or ("percent" in marks and codes)
    if currency is None or signs > 1 or len(set(marks)) < len(marks) or unpaired or misplaced:
        return None
    negative = (
        "brackets"
        if "open" in marks
        else "trailing"
        if "minus" in last
        else "minus"
        if "minus" in marks
        else ""
    )
    return _Dress(
        negative, currency, "percent" in marks, "plus" in marks, bool(last or set(first) - {"minus", "plus"})
    )


def _tokens(text: str) -> list[str] | None:
    """Name what stands beside a number, but for blanks; currencies by their code."""
    found, place = [], 0
    while place < len(text):
        token = _AFFIXES.match(text, place)
        if token is None:
            return None
        kind = str(token.lastgroup)
        if kind != "space":
            found.append(CURRENCY_OF[token[0]] if kind == "currency" else kind)
        place = token.end()
    return found


def _readings(core: str, power: str) -> dict[str, str]:
    """Find what separates thousands under each decimal sign with which the digits are a number."""
    found = {}
    for decimal, grammar in _GRAMMARS.items():
        match = grammar.fullmatch(core)
        if match:
            groups = match.groupdict()
            thousands = groups["thousands"] or groups.get("indian") or ""
            if not (power and thousands):
                found[decimal] = thousands
    return found


def _told_sign(core: str, thousands: dict[str, str]) -> str:
    return next(iter(thousands)) if len(thousands) == 1 and ("," in core or "." in core) else ""


def _open_sign(core: str, thousands: dict[str, str]) -> str:
    return next((sign for sign in ",." if len(thousands) == 2 and sign in core[:-1]), "")


# --- the numbers of a column ----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Numbers:
    """The numbers among the texts of a column.

    Attributes
    ----------
    texts : Texts
    counted : bool array
        The texts that are neither empty nor mean "no answer".
    """

    texts: Texts
    counted: np.ndarray

    @lazily
    def writings(self) -> list[Writing | None]:
        """How the numbers of each shape are written."""
        return self.texts.shapes.parsed(writing_of, LIKE_NUMBER)

    @lazily
    def rows_of_shape(self) -> np.ndarray:
        """The counted rows of each shape."""
        shapes = self.texts.shapes
        return self.texts.bincount(shapes.codes, len(shapes), self.counted)

    @lazily
    def written(self) -> list[tuple[int, Writing, int]]:
        """The shapes that occur and are numbers, with their rows."""
        return [
            (shape, one, int(rows))
            for shape, (one, rows) in enumerate(zip(self.writings, self.rows_of_shape, strict=True))
            if one is not None and rows
        ]

    def written_so(self, chosen: Callable[[Writing], object]) -> np.ndarray:
        """Say which of the texts are written in some way."""
        return self.mask([shape for shape, one, _ in self.written if chosen(one)]) & self.counted

    @lazily
    def zero_led(self) -> np.ndarray:
        """Which texts start with a zero that a number would not have: 007, 01,234 and 0,123."""
        found = np.zeros(len(self.texts.strings), bool)
        for shape, one, _ in self.written:
            if one.bare > 1 or any(one.thousands.values()):
                members = self.texts.shapes.members(shape)
                found[members] = self.texts.characters(shape, [one.first])[0] == ord("0")
        return found

    def _rows(self, shapes: list[int], also: np.ndarray | None = None) -> int:
        if also is None:
            return int(self.rows_of_shape[shapes].sum())
        return self.texts.rows(self.mask(shapes) & also & self.counted)

    def mask(self, shapes: list[int]) -> np.ndarray:
        """Say which of the texts are of some shapes."""
        chosen = np.zeros(len(self.texts.shapes), bool)
        chosen[shapes] = True
        return chosen.take(self.texts.shapes.codes)

    @lazily
    def evidence(self) -> tuple[int, int]:
        """Rows that tell the decimal sign is a comma, and rows that tell it is a point."""
        rows = {
            sign: self._rows([shape for shape, one, _ in self.written if one.told == sign]) for sign in ",."
        }
        opened = {sign: [shape for shape, one, _ in self.written if one.open == sign] for sign in ",."}
        for sign, shapes in opened.items():
            if shapes:  # "0,123" has no thousands
                rows[sign] += self._rows(shapes, self.zero_led)
        if not any(rows.values()) and bool(opened[","]) != bool(opened["."]):
            sign = "," if opened[","] else "."
            if self._whole_beside(opened[sign]):
                rows["." if sign == "," else ","] = self._rows(opened[sign])
        return rows[","], rows["."]

    def _whole_beside(self, opened: list[int]) -> bool:
        """Whether "350" beside many a "1,234" tells that these are whole numbers.

        Decimals of just three digits each would leave no number without any; decimals whose zeros were
        dropped would leave some with one or two.
        """
        whole = self._rows([shape for shape, one, _ in self.written if one.bare in (2, 3)])
        if whole < WHOLE_SHARE * self._rows(opened):
            return False
        return self.texts.part(self.mask(opened) & self.counted).spectrum[0] >= MANY_OPEN

    def decimal(self, comma: bool | None) -> str:
        """Tell the decimal sign, with the one of the file where the column leaves it open."""
        commas, points = self.evidence
        return "," if commas > points or (comma and commas == points) else "."

    @lazily
    def scientific(self) -> bool:
        """Whether 1e5 is a number here, because a text like 1.5e5 or 1e+05 is."""
        return any(one.exponent == "sure" for _, one, _ in self.written)

    def fitting(self, decimal: str, forced: bool = False) -> np.ndarray:
        """Say which of the texts are numbers when read with a decimal sign."""
        fits, grouped = [], []
        for shape, one, _ in self.written:
            if decimal in one.thousands and (one.exponent != "bare" or self.scientific or forced):
                fits.append(shape)
                if one.thousands[decimal]:
                    grouped.append(shape)
        found = self.mask(fits) & self.counted
        return found & ~(self.zero_led & self.mask(grouped)) if grouped else found

    @lazily
    def has_codes(self) -> bool:
        """Whether a text is surely a code: zeros in front, too many digits, or 1E5."""
        written = self.written
        if any(
            one.bare >= CODE_DIGITS or (one.exponent == "bare" and not self.scientific)
            for _, one, _ in written
        ):
            return True
        bare = [shape for shape, one, _ in written if one.bare > 1]
        return bool(bare) and self._rows(bare, self.zero_led) > 0

    @lazily
    def has_signs(self) -> bool:
        """Whether a text has what codes and labels do not have: a point or comma, a currency, percent."""
        return any(
            (not one.exponent and (one.told or one.open)) or one.currency or one.percent
            for _, one, _ in self.written
        )

    @lazily
    def has_exponents(self) -> bool:
        """Whether a text is written like 1.5e5."""
        return any(one.exponent for _, one, _ in self.written)

    @lazily
    def currencies(self) -> dict[str, int]:
        """The rows of each currency, the most frequent first; "" for amounts without one."""
        found: dict[str, int] = {}
        for _, one, rows in self.written:
            found[one.currency] = found.get(one.currency, 0) + rows
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    @lazily
    def currency(self) -> str | None:
        """The currency of the column: "" if there is none, None if there are several."""
        named = {code for code in self.currencies if code}
        return one_currency(named) if named else ""

    def read(self, decimal: str, forced: bool = False) -> np.ndarray:
        """Read the texts as numbers; NaN where they are none, or too large for one.

        Percentages are read as fractions. Where a column mixes them with plain numbers beyond 1, those are
        percentages without their sign.
        """
        fits = self.fitting(decimal, forced)
        dressed = [
            (shape, one)
            for shape, one, _ in self.written
            if decimal in one.thousands and not (one.plain and not one.thousands[decimal])
        ]
        plain = fits & ~self.mask([shape for shape, _ in dressed]) if dressed else fits
        found = _plain_numbers(self.texts.strings, self.texts.bytes, plain, decimal)
        for shape, one in dressed:
            members = self.texts.shapes.members(shape)
            found[members] = np.where(fits[members], self._undressed(shape, one, decimal), np.nan)
        found[~np.isfinite(found)] = np.nan
        return self._as_fractions(found)

    def _undressed(self, shape: int, one: Writing, decimal: str) -> np.ndarray:
        """Read the digits of numbers with anything else around or between them."""
        written = self.texts.shapes.listed[shape].encode()
        places = [place for place in range(*one.core) if chr(written[place]) in f"9{decimal}e+-"]
        characters = self.texts.characters(shape, places)
        characters[[place for place, byte in enumerate(places) if written[byte] == ord(decimal)]] = ord(".")
        size = np.asarray(pc.cast(same_width(characters), pa.float64()))
        return -size if one.negative else size

    @lazily
    def in_percent(self) -> np.ndarray | None:
        """Which of the texts are percentages; None where none is."""
        shapes = [shape for shape, one, _ in self.written if one.percent]
        return self.mask(shapes) & self.counted if shapes else None

    def _as_fractions(self, found: np.ndarray) -> np.ndarray:
        if self.in_percent is None:
            return found
        beyond = (np.abs(found[~self.in_percent]) > 1).any()
        return found / 100 if beyond else np.where(self.in_percent, found / 100, found)


def _plain_numbers(
    strings: pa.Array, held: tuple[np.ndarray, np.ndarray], which: np.ndarray, decimal: str
) -> np.ndarray:
    """Read numbers that are written as programs write them."""
    if not which.any():
        return np.full(len(strings), np.nan)
    if decimal == ",":
        offsets, data = held
        pointed = np.where(data == ord(","), np.uint8(ord(".")), data)
        buffers = [None, pa.py_buffer(np.ascontiguousarray(offsets)), pa.py_buffer(pointed)]
        strings = pa.Array.from_buffers(strings.type, len(strings), buffers)
    read = pc.cast(with_validity(strings, which), pa.float64())
    values = read.to_numpy(zero_copy_only=False)
    return values if values.flags.writeable else values.copy()
