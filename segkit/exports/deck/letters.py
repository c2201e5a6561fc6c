"""How wide a text is, how it breaks into lines, and what of it fits.

No font can be asked: the one that shows the slides is on another machine. So widths are those of Arial, which
Helvetica and Liberation Sans share, and letters it does not have count as wide. What is told to fit then fits
with a little room to spare.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

WIDTHS = {
    0.191: "'",
    0.222: "ijl‘’",
    0.26: "|",
    0.278: " !,./:;I[\\]ft\u00a0\u202f",
    0.333: "()-`r“”",
    0.355: '"',
    0.389: "*",
    0.469: "^",
    0.5: "Jcksvxyz",
    0.556: "#$0123456789?L_abdeghnopqu–",
    0.584: "+<=>~×",
    0.611: "FTZ",
    0.667: "&ABEKPSVXY",
    0.722: "CDHNRUw−≈",  # other fonts draw minus and ≈ a good deal wider than Arial
    0.778: "GOQ",
    0.833: "Mm",
    0.889: "%",
    0.944: "W",
    1.0: "—…▲▼↻■",
    1.015: "@",
}
"""Of Arial's letters, in parts of the size of type (its metrics; three decimals of 1/1000 em)."""

OTHER = 0.7  # letters of other scripts: Cyrillic, Greek, Arabic and Hebrew are narrower on average
WIDE = 1.05  # an East Asian letter fills a square
PICTURE = 1.4  # an emoji
BOLD = 1.08
LINE = 1.2  # of the size of type: a line of text
TALL_LINE = 1.45  # where East Asian fonts stand in
SPARE = 1.03  # renderers round the widths of letters up
NO_START, NO_END = (
    " 、。，．・：；？！）」』】〉》ー々”’…",
    "（「『【〈《“‘",
)  # East Asian lines do not begin, or end, with these
NEAR = 12  # letters that a text is cut back to the end of a word
BREAK = re.compile(r"[^ ]* *")

_MARK_BEFORE, _MARK_AFTER = re.compile("([▲▼≈↻]) "), re.compile(" ([▲▼≈↻–])$")
_KNOWN = {letter: width for width, letters in WIDTHS.items() for letter in letters}


@lru_cache(maxsize=10_000)
def _letter(letter: str) -> float:
    if letter in _KNOWN:
        return _KNOWN[letter]
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if _is_wide(letter):
        return PICTURE if unicodedata.category(letter) == "So" else WIDE
    plain = unicodedata.normalize("NFD", letter)[0]
    return _KNOWN.get(plain, OTHER)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


@lru_cache(maxsize=50_000)
def _ems(text: str) -> float:
    if any(map(_is_wide, text)):  # quotes and dashes are drawn wide beside East Asian letters
        return sum(WIDE if unicodedata.east_asian_width(one) == "A" else _letter(one) for one in text)
    return sum(map(_letter, text))


def line_height(text: str, size: float) -> float:
    """How high a line of a text is, in points."""
    return size * (TALL_LINE if any(_is_wide(letter) for letter in text) else LINE)


def is_right_to_left(text: str) -> bool:
    """Whether a text runs from right to left: its first letter that has a direction does, and most do.

    The first alone would turn a whole English sentence around that begins with an Arabic name.

    Examples
    --------
    >>> is_right_to_left("12 עברית"), is_right_to_left("עברית has the highest NPS")
    (True, False)
    """
    ways = [way for way in map(unicodedata.bidirectional, text) if way in ("L", "R", "AL")]
    return bool(ways) and ways[0] != "L" and 2 * ways.count("L") < len(ways)


@dataclass(frozen=True)
class Letters:
    """The letters of a font: how much wider they are than those of Arial.

    Attributes
    ----------
    stretch : float
        1 for Arial; more where a template has a font that nobody has measured.
    """

    stretch: float = 1.0

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """How wide a text is on one line, in points.

        Examples
        --------
        >>> Letters().width("NPS", 10) > Letters().width("nps", 10)
        True
        """
        return _ems(text) * size * self.stretch * SPARE * (BOLD if bold else 1.0)

    def lines(self, text: str, room: float, size: float, bold: bool = False) -> list[str]:
        """Break a text into lines as a slide does: between words, and inside those that are too long.

        Examples
        --------
        >>> Letters().lines("Loyal professionals of the north", 80, 12)
        ['Loyal ', 'professionals ', 'of the north']
        """
        lines, line = [], ""
        for word in _words(text):
            if line and self.width((line + word).rstrip(), size, bold) > room:
                lines.append(line)
                line = ""
            while len(word) > 1 and self.width(word.rstrip(), size, bold) > room:
                fits = max(1, self._fitting(word, room, size, bold))
                lines.append(word[:fits])
                word = word[fits:]
            line += word
        return [*lines, line]

    def count(self, text: str, room: float, size: float, bold: bool = False) -> int:
        """How many lines a text takes."""
        return len(self.lines(text, room, size, bold))

    def height(self, text: str, room: float, size: float, bold: bool = False) -> float:
        """How high a text is in some width, in points."""
        return self.count(text, room, size, bold) * line_height(text, size)

    def cut(self, text: str, room: float, most: int, size: float, bold: bool = False, after: str = "") -> str:
        """What of a text fits into some lines, with "…" where that is not all of it.

        What stands `after` it always stays.

        Examples
        --------
        >>> Letters().cut("Loyal professionals of the north", 80, 2, 12)
        'Loyal professional…'
        >>> Letters().cut("Loyal", 80, 1, 12)
        'Loyal'
        """
        most = max(most, 1)
        if self.count(text + after, room, size, bold) <= most:
            return text + after
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.count(_ended(text, middle) + after, room, size, bold) <= most:
                low = middle
            else:
                high = middle - 1
        return _ended(text, low) + after

    def longest(self, texts: Sequence[str], size: float, bold: bool = False) -> float:
        """How wide the longest word is."""
        words = (word.rstrip() for text in texts for word in _words(text))
        return max((self.width(word, size, bold) for word in words), default=0.0)

    def _fitting(self, word: str, room: float, size: float, bold: bool) -> int:
        taken, fits = 0.0, 0
        each = size * self.stretch * SPARE * (BOLD if bold else 1.0)
        for letter in word:
            taken += _letter(letter) * each
            if taken > room:
                break
            fits += 1
        return fits


def _ended(text: str, letters: int) -> str:
    """The first letters of a text: up to the end of a word that is near, never a letter without its marks."""
    while letters and letters < len(text) and unicodedata.category(text[letters]) in ("Mn", "Me", "Cf"):
        letters -= 1
    space = text.rfind(" ", 0, letters + 1)
    if 0 < letters - space <= NEAR and space > NEAR:
        letters = space
    return text[:letters].rstrip(" ,;(") + "…"


def bound(text: str) -> str:
    r"""Keep the mark of a verdict on the line of what it marks.

    Examples
    --------
    >>> bound("61 ▲")
    '61\xa0▲'
    """
    return _MARK_AFTER.sub("\u00a0\\1", _MARK_BEFORE.sub("\\1\u00a0", text))


@lru_cache(maxsize=20_000)
def _words(text: str) -> tuple[str, ...]:
    """Where a line may break: after spaces, and around East Asian letters."""
    words: list[str] = []
    for word in BREAK.findall(text):
        start = 0
        for place, letter in enumerate(word):
            wide = _is_wide(letter) or _is_wide(word[place - 1])
            if place > start and wide and letter not in NO_START and word[place - 1] not in NO_END:
                words.append(word[start:place])
                start = place
        words.append(word[start:])
    return tuple(filter(None, words))
