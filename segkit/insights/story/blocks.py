"""What stands on a page of a story: bars, a table, lines."""

import re
from dataclasses import dataclass
from math import isnan, nan

MARGIN = 0.06  # of the way between the ends, beyond them
UNMARKED = -1  # no segment's colour: everyone, and those who fit none


@dataclass(frozen=True)
class Bar:
    """A row of bars.

    Attributes
    ----------
    label : str
    value, low, high : float
        With the ends of its 95 % interval; NaN where it is not shown or there is none.
    text : str
        The value in words: "38 %", or "not shown".
    note : str
        What it means: interval, verdict, answers; may be empty.
    colour : int
        Place of a segment's colour in the palette, `UNMARKED` for none.
    few : bool
        It rests on fewer than 30 answers.
    """

    label: str
    value: float
    low: float = nan
    high: float = nan
    text: str = ""
    note: str = ""
    colour: int = UNMARKED
    few: bool = False


@dataclass(frozen=True)
class Bars:
    """Values side by side.

    Attributes
    ----------
    rows : tuple of Bar
    shown : str
        What the values are, with unit: "NPS, points from −100 to 100".
    format : str
        How they are written, as of a KPI: "percent", "points", "money", "score", "number", "count".
    start : float
        Where bars begin: 0, or the low end of a scale.
    everyone : float
        The value of all customers, NaN where there is none to compare with.
    everyone_text : str
    least, most : float
        Ends of all values, where these rows are only a part of them; NaN where they are all.
    """

    rows: tuple[Bar, ...]
    shown: str
    format: str
    start: float = 0.0
    everyone: float = nan
    everyone_text: str = ""
    least: float = nan
    most: float = nan

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value, intervals and everyone included; (0, 0) where none is shown."""
        known = [end for row in self.rows for end in (row.value, row.low, row.high)]
        known = [end for end in (*known, self.everyone, self.least, self.most) if not isnan(end)]
        return (min(known), max(known)) if known else (0.0, 0.0)

    @property
    def has_intervals(self) -> bool:
        """Whether any value has an interval: then they are dots with a line, else bars."""
        return any(not isnan(row.low) for row in self.rows)

    @property
    def span(self) -> tuple[float, float]:
        """Where an axis begins and ends: room for all; bars begin where their scale does."""
        low, high = self.ends
        if not self.has_intervals:
            low, high = min(low, self.start), max(high, self.start)
        spread = (high - low) or abs(high) or 1.0
        return low - (MARGIN * spread if low != self.start else 0.0), high + MARGIN * spread

    def told(self, title: str) -> str:
        """The finding, then each row in words: for who cannot see the bars."""
        rows = "; ".join(f"{row.label} {row.text}{f' ({row.note})' if row.note else ''}" for row in self.rows)
        return f"{title.rstrip('.')}. {self.shown}: {rows}."


@dataclass(frozen=True)
class Grid:
    """A table of short texts; the first cell of a row names it.

    Attributes
    ----------
    head : tuple of str
    rows : tuple of tuple of str
    colours : tuple of int
        A segment's colour for each row, `UNMARKED` for none; empty where rows are no segments.
    wide : int
        Place of the column that takes the room that is left; -1 where all are alike.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    colours: tuple[int, ...] = ()
    wide: int = -1


@dataclass(frozen=True)
class Lines:
    """Sentences below a title, which may be empty."""

    title: str
    items: tuple[str, ...]


Block = Bars | Grid | Lines

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)


def seen(text: str) -> str:
    r"""Leave what cannot be seen out of a text: control characters, and those that turn what follows around.

    A name with such a character would hide or reverse words beside it. Line breaks become spaces.

    Examples
    --------
    >>> seen("a\u202egpj.exe\x00\nb")
    'agpj.exe b'
    """
    return re.sub(r"[\t\r\n\u2028\u2029]+", " ", _UNSEEN.sub("", text)).strip()
