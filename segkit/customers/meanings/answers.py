"""Answers: what the texts of a survey question or a flag say, as numbers.

Every function looks at the different texts of a column, each once, and gives one number a text: a place on
a scale (CSAT, 0 to 10 for NPS), or 1 and 0 (flags). How it was read is told in `detail`, what could be read
otherwise is a note with options, and what is no answer is set aside and counted, never guessed.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from typing import Any, TypeVar

from segkit.customers.meanings.aliases import LANGUAGES, Found, Language, listed, name_words, plain, spellings
from segkit.customers.notes import Note, Option
from segkit.errors import UnusableColumn
from segkit.labels import listing, number, plural

CSAT_SCALES = ((1, 5), (1, 7), (0, 10), (0, 100))
SCHOOL_GRADES = (1, 6)  # of German schools; 1 is best
NPS_RANGE = (0, 10)
ENOUGH = 0.5  # of the filled rows must be answers
NEARLY_ALL = 0.9  # of the answers must fit a scale when some fit none
STRAY = 0.05  # a state that nobody knows is tolerated up to this share of the rows
LOW_END = 0.25  # a mean this low on the scale asks whether 1 is best


@dataclass(frozen=True)
class Answers:
    """What the texts of a survey question say.

    Attributes
    ----------
    values : tuple of float
        One per text, NaN where it is no answer.
    scale : (int, int)
        The lowest and the highest answer there can be.
    detail : str
        How it was read.
    set_aside : int
        Filled rows that are not on the scale.
    notes : tuple of Note
    """

    values: tuple[float, ...]
    scale: tuple[int, int]
    detail: str = ""
    set_aside: int = 0
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Flags:
    """What the texts of a flag say: 1.0, 0.0, or NaN where neither; the rest as in `Answers`."""

    values: tuple[float, ...]
    detail: str = ""
    set_aside: int = 0
    notes: tuple[Note, ...] = ()


# --- questions ---------------------------------------------------------------------------------------


def asks_for(name: str) -> Found | None:
    """Say what the question in a header asks for: "csat" or "nps"; None where it is no such question.

    A rating from 0 to 10 that mentions neither satisfaction nor recommending is taken for NPS, with a rank
    from `RATING_RANK`.

    Examples
    --------
    >>> asks_for("How likely are you to recommend us to a friend?").key
    'nps'
    >>> asks_for("Wie zufrieden sind Sie insgesamt?").key
    'csat'
    >>> asks_for("recommended_products") is None
    True
    """
    said = plain(name)
    size = len(said.split())
    if not said or (size < _QUESTION_WORDS and _COUNTS & set(said.split())):
        return None
    rank = min(size, _LATER) + (0 if _mention(said, "overall") else _LATER)
    if (word := _mention(said, "recommend")) and word not in _NOT_ASKED:
        return Found("nps", word, "English", 1, QUESTION_RANK + rank, size)
    if (word := _mention(said, "satisfied")) and not word.startswith(_OPPOSITES):
        return Found("csat", word, "English", 1, QUESTION_RANK + rank, size)
    asks = "?" in name or _mention(said, "asks") or _mention(said.split()[0], "rate")
    if size >= _QUESTION_WORDS and asks and (word := _mention(said, "rate")):
        to_ten = _ZERO_TO_TEN.search(said) is not None
        return Found("nps" if to_ten else "csat", word, "English", 1, RATING_RANK + rank, size)
    return None


QUESTION_RANK = 1000  # behind all names; a question about the whole goes before one about a part
RATING_RANK = 2000
_LATER = 100
_QUESTION_WORDS = 5
_COUNTS = frozenset("count number num anzahl nombre nb aantal clicks shown engine".split())
_NOT_ASKED = frozenset("recommended recommender recommendations empfohlen empfohlene recommandes".split())
_OPPOSITES = ("dissat", "disat", "insat", "unsat", "unzufr", "ontevr", "insod")


_ZERO_TO_TEN = re.compile(r"\b0 (?:to |bis |a |à |tot |até )?10\b")


def _mention(said: str, about: str) -> str:
    """Find the first word or phrase that begins like one of the words meant, or as a compound holds it."""
    for word in said.split():
        if any(word.startswith(stem) or (len(stem) >= _LONG_STEM and stem in word) for stem in _stems(about)):
            return word
    return next((stem for stem in _stems(about) if " " in stem and f" {stem}" in f" {said}"), "")


_LONG_STEM = 6


@lru_cache(maxsize=8)
def _stems(about: str) -> tuple[str, ...]:
    return tuple(sorted(_all_spellings(lambda language: listed(getattr(language, about)))))


# --- one text -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Reading:
    """One text: the form it has, the number in it, what it is out of, and the words beside it."""

    form: str
    value: float = math.nan
    top: int = 0
    label: str = ""


_BLANK = _Reading("blank")
_NONE = _Reading("none")
_DIGITS = r"\d+(?:[.,]\d+)?"
_NUMBER = re.compile(rf"[+\-−]?{_DIGITS}")
_PERCENT = re.compile(rf"({_DIGITS})\s?%")
_NUMBER_FIRST = re.compile(rf"([+\-−]?{_DIGITS})\s*[-–—=:.,;)|(\s]\s*([^\d\s].*)", re.DOTALL)
_NUMBER_LAST = re.compile(
    rf"(.*[^\d\s.,])\s*(?:[(\[=:|–—]\s*|\s-\s+|(?<=\w)-)([+\-−]?{_DIGITS})\s*[)\]]?", re.DOTALL
)
_SIGNED_LAST = re.compile(rf"(.*[^\w\s(=:\-–—|]|.*\w\s)\s*([+\-−]{_DIGITS})", re.DOTALL)
_STARS = re.compile(r"([★⭐✭✮✯🌟]+|\*{1,10})([☆✩]*)")
_LONGEST_ANSWER = 200  # letters; what is longer is told, not chosen
_VARIANT = "\ufe0f"  # says "as a picture" after a sign


def _reading(text: str) -> _Reading:
    """Say which form a text has, the plainest first."""
    bare = text.replace(_VARIANT, "").strip()
    if len(bare) > _LONGEST_ANSWER:
        return _NONE
    if not bare or plain(bare) in _no_answers() or bare in ("-", "--", "?", ".", "/"):
        return _BLANK
    return next((found for read in _READERS if (found := read(bare)) is not None), _NONE)


def _number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "."))


def _read_number(text: str) -> _Reading | None:
    return _Reading("number", _number(text)) if _NUMBER.fullmatch(text) else None


def _read_percent(text: str) -> _Reading | None:
    found = _PERCENT.fullmatch(text)
    return _Reading("percent", _number(found[1]), 100) if found else None


def _read_fraction(text: str) -> _Reading | None:
    found = _fraction_pattern().fullmatch(text)
    if not found:
        return None
    top = int(found[2])
    return _Reading("fraction", _number(found[1]), top) if top else None


def _read_stars(text: str) -> _Reading | None:
    signs = _STARS.fullmatch(text.replace(" ", ""))
    if signs:
        full, empty = len(signs[1]), len(signs[2])
        return _Reading("stars", full, full + empty if empty else 0)
    said = _stars_pattern().fullmatch(text)
    return _Reading("stars", _number(said[1])) if said else None


def _read_smiley(text: str) -> _Reading | None:
    value = _SMILEYS.get(text) or _SMILEYS.get(text[:1] if len(set(text)) == 1 else "")
    return _Reading("smileys", value) if value else None


def _read_labelled(text: str) -> _Reading | None:
    first = _NUMBER_FIRST.fullmatch(text)
    if first:
        return _Reading("labelled", _number(first[1]), label=first[2])
    last = _NUMBER_LAST.fullmatch(text) or _SIGNED_LAST.fullmatch(text)
    return _Reading("labelled", _number(last[2]), label=last[1]) if last else None


def _read_words(text: str) -> _Reading | None:
    said = plain(text)
    if any(said in vocabulary.symbols for vocabulary in _vocabularies()):
        return _Reading("words", label=said)
    return None


_READERS: tuple[Callable[[str], _Reading | None], ...] = (
    _read_number,
    _read_percent,
    _read_fraction,
    _read_stars,
    _read_smiley,
    _read_words,
    _read_labelled,
)


@lru_cache(maxsize=1)
def _no_answers() -> frozenset[str]:
    return frozenset(_all_spellings(lambda language: listed(language.nothing)))


@lru_cache(maxsize=1)
def _fraction_pattern() -> re.Pattern[str]:
    between = "|".join(sorted({word for one in LANGUAGES for word in listed(one.out_of)}, key=len)[::-1])
    return re.compile(
        rf"({_DIGITS})\s*(?:/|\b(?:{between})\b)\s*(\d{{1,3}})(?:\s+(?:{_star_words()}))?\.?", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def _stars_pattern() -> re.Pattern[str]:
    return re.compile(rf"({_DIGITS})\s*-?\s*(?:{_star_words()})\.?", re.IGNORECASE)


def _star_words() -> str:
    return "|".join(sorted({word for one in LANGUAGES for word in listed(one.stars)}, key=len)[::-1])


def _all_spellings(texts: Callable[[Language], list[str]]) -> set[str]:
    return {form for language in LANGUAGES for text in texts(language) for form in spellings(text)}


# --- words ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _WordScale:
    """How the steps of a vocabulary lie on a scale; it is used only where the steps in `needs` occur."""

    scale: tuple[int, int]
    values: Mapping[str, float]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Vocabulary:
    """What it is about, which step a phrase stands for, and the scales that the steps may lie on."""

    about: str
    symbols: Mapping[str, str]
    scales: tuple[_WordScale, ...]


# Steps from 4 (completely) over 2 (plain) to 1 (somewhat), 0, and back: -1 (barely) to -4 (not at all).
_FIVE = {"4": 5, "3": 5, "2": 4, "1": 4, "0": 3, "-1": 2, "-2": 2, "-3": 1, "-4": 1}
_SEVEN = {"4": 7, "3": 7, "2": 6, "1": 5, "0": 4, "-1": 3, "-2": 2, "-3": 1, "-4": 1}
_ONE_SIDED = {"4": 5, "3": 4, "1": 3, "-1": 2, "-2": 1, "-4": 1}  # extremely, very, somewhat, not so, not
_DEGREES = (
    _WordScale((1, 5), _FIVE),
    _WordScale((1, 7), _SEVEN),
    _WordScale((1, 5), _ONE_SIDED, ("4", "3", "1")),
)
# excellent, very good, good, fair, average, poor, very poor
_QUALITY = (
    _WordScale((1, 5), {"E": 5, "G": 4, "F": 2, "P": 1}, ("E", "F")),
    _WordScale((1, 5), {"E": 5, "V": 5, "G": 4, "F": 3, "A": 3, "P": 2, "T": 1}),
    _WordScale((1, 5), {"E": 5, "V": 4, "G": 3, "F": 2, "P": 1}, ("E", "V")),
)


@lru_cache(maxsize=1)
def _vocabularies() -> tuple[_Vocabulary, ...]:
    five = (_WordScale((1, 5), {str(step): step for step in range(1, 6)}),)
    return (
        _Vocabulary("satisfaction", _merged(_satisfaction_phrases), _DEGREES),
        _Vocabulary("agreement", _merged(lambda one: _steps(one.agree, "3 2 1 0 -1 -2 -3")), _DEGREES),
        _Vocabulary("quality", _merged(lambda one: _steps(one.quality, "E V G F A P T")), _QUALITY),
        _Vocabulary("liking", _merged(lambda one: _steps(one.like, "5 4 3 2 1")), five),
    )


def _merged(phrases: Callable[[Language], list[tuple[str, str]]]) -> dict[str, str]:
    """Collect the phrases of all languages; where two say different things, the first stands."""
    merged: dict[str, str] = {}
    for language in LANGUAGES:
        for phrase, symbol in phrases(language):
            for form in spellings(phrase):
                merged.setdefault(form, symbol)
    return merged


def _steps(bars: str, symbols: str) -> list[tuple[str, str]]:
    """Give each phrase of a list with bars the symbol of its step."""
    steps = zip(bars.split("|"), symbols.split(), strict=False)
    return [(phrase, symbol) for texts, symbol in steps for phrase in listed(texts)]


def _satisfaction_phrases(language: Language) -> list[tuple[str, str]]:
    """Put together how much and what: "very" and "satisfied"."""
    much = [*_steps(language.very, "4 3"), ("", "2"), *((word, "2") for word in listed(language.mostly))]
    much += [(word, "1") for word in listed(language.somewhat)]
    little = [*((word, "-1") for word in listed(language.barely)), *_steps(language.by_no_means, "-4 -2")]
    phrases = [(word, "0") for word in listed(language.neutral)]
    for what in listed(language.content):
        phrases += [(f"{how} {what}", degree) for how, degree in [*much, *little]]
    for what in listed(language.discontent):
        phrases += [(f"{how} {what}", f"-{degree}") for how, degree in much]
    return phrases


def _best_words(readings: Sequence[_Reading], counts: Sequence[int]) -> tuple[_Vocabulary, _WordScale] | None:
    """Choose the vocabulary and scale that read most rows and keep most steps apart; ties go to the first."""
    best, found = (0, 0), None
    for vocabulary in _vocabularies():
        seen = [
            (vocabulary.symbols.get(one.label, ""), rows) for one, rows in zip(readings, counts, strict=True)
        ]
        for scale in vocabulary.scales:
            used = [(scale.values[one], rows) for one, rows in seen if one in scale.values]
            merit = (sum(rows for _, rows in used), len({value for value, _ in used}))
            if merit > best and set(scale.needs) <= {one for one, _ in seen}:
                best, found = merit, (vocabulary, scale)
    return found


# --- CSAT -----------------------------------------------------------------------------------------


_Read = TypeVar("_Read", bound="Answers | Flags | None")


def _in_one_order(read: Callable[..., _Read]) -> Callable[..., _Read]:
    """Let a function see the texts in one order: nothing may depend on the order of the rows."""

    @wraps(read)
    def sorted_first(*given: Any, **choices: Any) -> _Read:
        *before, texts, counts = given
        order = sorted(range(len(texts)), key=lambda place: (-counts[place], texts[place]))
        found = read(*before, [texts[one] for one in order], [counts[one] for one in order], **choices)
        if found is None:
            return found
        back = dict(zip(order, found.values, strict=True))
        return replace(found, values=tuple(back[place] for place in range(len(texts))))

    return sorted_first


@_in_one_order
def csat_answers(
    name: str,
    texts: Sequence[str],
    counts: Sequence[int],
    *,
    scale: tuple[int, int] | None = None,
    reversed: bool | None = None,
) -> Answers | None:
    """Read answers to "how satisfied are you": numbers, stars, smileys or words in seven languages.

    Parameters
    ----------
    name : str
        The column's name; it may tell the scale ("CSAT (0-10)") and that 1 is best ("Schulnote").
    texts, counts : sequences
        The different texts of the column and the rows of each.
    scale : (int, int), optional
        The scale, where it is not the smallest usual one that all answers fit.
    reversed : bool, optional
        Whether the lowest answer is the best; then answers are turned. None asks where something says so.

    Returns
    -------
    Answers or None
        None when fewer than half of the filled rows are such answers.

    Raises
    ------
    UnusableColumn
        The scale is none of the usual ones.

    Examples
    --------
    >>> found = csat_answers("csat", ["very satisfied", "neutral", "dissatisfied"], [5, 3, 2])
    >>> found.values, found.scale
    ((5.0, 3.0, 2.0), (1, 5))
    >>> csat_answers("csat", ["★★★★☆", "★★☆☆☆"], [5, 3]).values
    (4.0, 2.0)
    >>> csat_answers("plan", ["basic", "premium"], [5, 3]) is None
    True
    """
    if scale is not None and tuple(scale) not in (*CSAT_SCALES, SCHOOL_GRADES):
        raise UnusableColumn(f"{scale[0]}–{scale[1]} is no CSAT scale; choose 1–5, 1–7, 0–10 or 0–100.")
    readings = [_reading(text) for text in texts]
    filled = sum(rows for one, rows in zip(readings, counts, strict=True) if one is not _BLANK)
    placed = _placed(name, readings, counts, scale)
    if placed is None or not filled:
        return None
    low, high = placed.scale
    values = [value if low <= value <= high else math.nan for value in placed.values]
    answered = sum(rows for value, rows in zip(values, counts, strict=True) if not math.isnan(value))
    if answered < ENOUGH * filled:
        return None
    column = _Column(name, texts, counts, readings, placed, tuple(values))
    notes = [*_set_aside_notes(column), *_scale_notes(column, scale), *_reversal_notes(column, reversed)]
    detail = placed.detail
    if reversed:
        values = [low + high - value for value in values]
        detail += f", turned so that {number(low)} is best"
    return Answers(tuple(values), placed.scale, detail, filled - answered, tuple(notes))


@dataclass(frozen=True)
class _Placed:
    """Texts placed on a scale: a value each, maybe outside it."""

    values: tuple[float, ...]
    scale: tuple[int, int]
    detail: str
    told: bool = False  # the answers or the name say which scale it is
    moved: float = 0  # what was added to each number


@dataclass(frozen=True)
class _Column:
    """All that notes look at."""

    name: str
    texts: Sequence[str]
    counts: Sequence[int]
    readings: Sequence[_Reading]
    placed: _Placed
    values: tuple[float, ...]

    def rows(self, which: Callable[[float], bool]) -> int:
        """Count the rows of the answers that a condition holds for."""
        pairs = zip(self.values, self.counts, strict=True)
        return sum(rows for value, rows in pairs if not math.isnan(value) and which(value))


_GROUPS = {
    "number": "number",
    "percent": "number",
    "fraction": "number",
    "labelled": "number",
    "stars": "stars",
    "smileys": "smileys",
    "words": "words",
}


def _placed(
    name: str, readings: list[_Reading], counts: Sequence[int], scale: tuple[int, int] | None
) -> _Placed | None:
    """Place the most frequent form on its scale, and the other forms in proportion on the same."""
    rows: dict[str, int] = {}
    for one, count in zip(readings, counts, strict=True):
        if one.form in _GROUPS:
            rows[_GROUPS[one.form]] = rows.get(_GROUPS[one.form], 0) + count
    placed = {group: _PLACERS[group](name, readings, counts, scale) for group in rows}
    main = max(rows, key=lambda group: rows[group], default="")
    base = placed.get(main)
    if base is None:
        return None
    values = list(base.values)
    for group, other in placed.items():
        if other is None or group == main:
            continue
        for place, one in enumerate(readings):
            if _GROUPS.get(one.form) == group:
                values[place] = _rescaled(other.values[place], other.scale, base.scale)
    also = [other.detail for group, other in placed.items() if other is not None and group != main]
    detail = "; ".join([base.detail, *also])
    return _Placed(tuple(values), base.scale, detail, base.told, base.moved)


def _rescaled(value: float, old: tuple[int, int], new: tuple[int, int]) -> float:
    return new[0] + (value - old[0]) / (old[1] - old[0]) * (new[1] - new[0])


def _shown(scale: tuple[int, int]) -> str:
    return f"{number(scale[0])} to {number(scale[1])}"


def _place_words(
    name: str, readings: Sequence[_Reading], counts: Sequence[int], scale: tuple[int, int] | None
) -> _Placed | None:
    words_only = [one if one.form == "words" else _NONE for one in readings]
    chosen = _best_words(words_only, counts)
    if chosen is None:
        return None
    vocabulary, steps = chosen
    to = scale or steps.scale
    values = []
    for one in words_only:
        step = steps.values.get(vocabulary.symbols.get(one.label, ""), math.nan)
        values.append(_rescaled(step, steps.scale, to))
    told = sorted({(value, one.label) for one, value in zip(readings, values, strict=True) if value == value})
    shown = listing([f"“{label}” {number(value)}" for value, label in told], 9)
    return _Placed(tuple(values), to, f"words of {vocabulary.about} as {_shown(to)}: {shown}", True)


def _place_smileys(
    name: str, readings: Sequence[_Reading], counts: Sequence[int], scale: tuple[int, int] | None
) -> _Placed | None:
    to = scale or (1, 5)
    values = [_rescaled(one.value, (1, 5), to) if one.form == "smileys" else math.nan for one in readings]
    return _Placed(tuple(values), to, f"smileys as {_shown(to)}", True)


def _place_stars(
    name: str, readings: Sequence[_Reading], counts: Sequence[int], scale: tuple[int, int] | None
) -> _Placed | None:
    most = max(max(one.value, one.top) for one in readings if one.form == "stars")
    to = scale or next((usual for usual in CSAT_SCALES if most <= usual[1]), (0, 100))
    values = [float(one.value) if one.form == "stars" else math.nan for one in readings]
    return _Placed(tuple(values), to, f"stars counted, on {_shown(to)}", True)


def _place_numbers(
    name: str, readings: Sequence[_Reading], counts: Sequence[int], scale: tuple[int, int] | None
) -> _Placed | None:
    numeric = [one if _GROUPS.get(one.form) == "number" else _NONE for one in readings]
    tops = {one.top for one in numeric if one.top}
    if tops:
        return _out_of(numeric, tops, scale)
    values = tuple(one.value for one in numeric)
    present = [(v, rows) for v, rows in zip(values, counts, strict=True) if not math.isnan(v)]
    if scale is None and (moved := _two_sided(present)):
        by, to = moved
        detail = f"{_signed(to[0] - by)} to {_signed(to[1] - by)} moved to {_shown(to)}"
        return _Placed(tuple(value + by for value in values), to, detail, True, by)
    if scale is None and _are_shares(present):
        return _Placed(tuple(value * 100 for value in values), (0, 100), "shares of 1 as 0 to 100", True)
    named = _scale_in_name(name)
    if scale is None and named and _fitting(present, named) >= NEARLY_ALL:
        return _Placed(values, named, f"answers on {_shown(named)}, as the name says", True)
    found = scale or _smallest(present)
    return None if found is None else _Placed(values, found, f"answers on {_shown(found)}")


_PLACERS = {
    "number": _place_numbers,
    "stars": _place_stars,
    "smileys": _place_smileys,
    "words": _place_words,
}


def _out_of(readings: Sequence[_Reading], tops: set[int], scale: tuple[int, int] | None) -> _Placed:
    """Place "4/5" on the scale that ends in 5; several ends, or one of no usual scale, as 0 to 100."""
    top = max(tops)
    usual = next((one for one in (*CSAT_SCALES, SCHOOL_GRADES) if one[1] == top), None)
    if len(tops) == 1 and usual is not None:
        to = scale or usual
        return _Placed(
            tuple(one.value for one in readings), to, f"read as out of {top}, on {_shown(to)}", True
        )
    to = scale or (0, 100)
    values = tuple(_rescaled(one.value / (one.top or top), (0, 1), to) for one in readings)
    shown = listing([number(one) for one in sorted(tops)])
    return _Placed(values, to, f"out of {shown}, in proportion on {_shown(to)}", True)


def _two_sided(present: list[tuple[float, int]]) -> tuple[float, tuple[int, int]] | None:
    """Find a scale around zero, such as −5 to +5; one negative number alone is rather a code."""
    negative = {value for value, _ in present if value < 0}
    if len(negative) < 2 or not any(value > 0 for value, _ in present):
        return None
    reach = max(abs(value) for value, _ in present)
    usual = {2: (3.0, (1, 5)), 3: (4.0, (1, 7)), 5: (5.0, (0, 10))}
    return next((found for most, found in usual.items() if reach <= most), None)


def _are_shares(present: list[tuple[float, int]]) -> bool:
    inside = all(0 <= value <= 1 for value, _ in present)
    return inside and any(0 < value < 1 for value, _ in present)


def _fitting(present: list[tuple[float, int]], scale: tuple[int, int]) -> float:
    total = sum(rows for _, rows in present)
    return sum(rows for value, rows in present if scale[0] <= value <= scale[1]) / total if total else 0.0


def _smallest(present: list[tuple[float, int]]) -> tuple[int, int] | None:
    """Find the smallest usual scale that all answers fit; where none does, that nearly all fit."""
    fits = [
        scale for least in (1.0, NEARLY_ALL) for scale in CSAT_SCALES if _fitting(present, scale) >= least
    ]
    return fits[0] if fits else None


_SCALE_IN_NAME = re.compile(
    r"(?<![\d.,])(-?\d{1,3})\s*(?:-|–|—|_|/|\.\.|to|bis|à|a|até|tot|al?)\s*(\d{1,3})(?![\d])"
)


def _scale_in_name(name: str) -> tuple[int, int] | None:
    """Find a usual scale in a name.

    Examples
    --------
    >>> _scale_in_name("How satisfied are you (0-10)?"), _scale_in_name("csat_2024")
    ((0, 10), None)
    """
    for low, high in _SCALE_IN_NAME.findall(name):
        found = (int(low), int(high))
        if found in (*CSAT_SCALES, SCHOOL_GRADES):
            return found
        if found in ((1, 10), (1, 100), (0, 5)):
            return (0, 10) if found != (1, 100) else (0, 100)
    return SCHOOL_GRADES if _names_grades(name) else None


def _names_grades(name: str) -> bool:
    """Tell whether a name speaks of school grades, of which 1 is best."""
    said = "".join(name_words(name))
    return any(word in said for word in ("schulnote", "schoolgrade", "gradein", "notenskala"))


def _signed(value: float) -> str:
    text = number(value)
    return "+" + text if value > 0 else text


# --- notes on answers -----------------------------------------------------------------------------


def _set_aside_notes(column: _Column, whole: bool = False) -> list[Note]:
    low, high = column.placed.scale
    off = unread = 0
    examples = []
    for text, rows, one, value, kept in zip(
        column.texts, column.counts, column.readings, column.placed.values, column.values, strict=True
    ):
        if one is _BLANK or not math.isnan(kept):
            continue
        if math.isnan(value):
            unread += rows
            examples.append(f"“{text[:30]}”")
        else:
            off += rows
    notes = []
    if off:
        what = f"outside {_shown((low, high))}" + (" or not whole" if whole else "")
        text = f"{plural(off, 'answer')} in “{column.name}” {what} {_are(off)} set aside."
        notes.append(Note(text, True, "out-of-range", column.name))
    if unread:
        shown = listing(examples, 3)
        text = (
            f"{plural(unread, 'cell')} in “{column.name}” {_are(unread)} no answer and set aside ({shown})."
        )
        notes.append(Note(text, True, "not-converted", column.name))
    return notes


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _scale_notes(column: _Column, chosen: tuple[int, int] | None) -> list[Note]:
    """Say which scale was taken and offer the others that fit; ask where the answers leave it open."""
    placed = column.placed
    if placed.told and chosen is None:
        turned = placed.moved or placed.detail.startswith("shares")
        text = f"Answers in “{column.name}”: {placed.detail}."
        return [Note(text, False, "csat-scale", column.name)] if turned else []
    answers = [value for value in column.values if not math.isnan(value)]
    least, most = min(answers), max(answers)
    fits = [one for one in CSAT_SCALES if one[0] <= least and most <= one[1] and one != placed.scale]
    smaller = _smaller_but_for_strays(column) if chosen is None else None
    options = tuple(
        Option(f"Read on {_shown(one)}", {"scales": {column.name: one}})
        for one in ([smaller] if smaller else []) + fits
    )
    if not options:
        return []
    text = f"Answers in “{column.name}” are read on {_shown(placed.scale)}."
    if smaller:
        out = column.rows(lambda value: not smaller[0] <= value <= smaller[1])
        text += f" But for {plural(out, 'answer')} they would fit {_shown(smaller)}."
    elif chosen is None and most < placed.scale[1]:
        text += f" The highest is {number(most)}, so the scale may be another."
    ask = chosen is None and (smaller is not None or most < placed.scale[1])
    return [Note(text, ask, "csat-scale", column.name, ask, options)]


def _smaller_but_for_strays(column: _Column) -> tuple[int, int] | None:
    """Find a smaller scale that all answers fit but a few zeros or a code such as 99."""
    if column.placed.scale not in CSAT_SCALES or column.placed.moved:
        return None
    for low, high in CSAT_SCALES[: CSAT_SCALES.index(column.placed.scale)]:
        stray = {value for value in column.values if value < low or value > high}
        codes = stray == {0.0} or all(value > NPS_RANGE[1] for value in stray)
        if stray and codes and column.rows(stray.__contains__) <= STRAY * column.rows(lambda value: True):
            return (low, high)
    return None


def _reversal_notes(column: _Column, chosen: bool | None) -> list[Note]:
    """Ask which end is best where name, labels or answers suggest that it is the low one."""
    low, high = column.placed.scale
    options = (
        Option(f"{number(low)} is best", {"reversed": {column.name: True}}),
        Option(f"{number(high)} is best", {"reversed": {column.name: False}}),
    )
    if chosen is not None:
        text = f"Answers in “{column.name}” are turned: {number(low)} counts as {number(high)}."
        return [Note(text, False, "csat-reversed", column.name, False, options)] if chosen else []
    why = _says_low_is_best(column)
    if not why:
        return []
    text = f"{why} Until you say so, a high answer in “{column.name}” counts as a satisfied customer."
    return [Note(text, True, "csat-reversed", column.name, True, options)]


def _says_low_is_best(column: _Column) -> str:
    low, high = column.placed.scale
    if _names_grades(column.name):
        return f"“{column.name}” sounds like school grades, of which 1 is best."
    named = _best_number_in(column.name)
    if named is not None and named < (low + high) / 2:
        return f"“{column.name}” says that {number(named)} is best."
    for text, one, value in zip(column.texts, column.readings, column.values, strict=True):
        good = _goodness(one.label) if one.form == "labelled" else 0
        if good and value == value and (value - (low + high) / 2) * good < 0:
            return f"“{text[:40]}” says that a low answer is a good one."
    plain_numbers = sum(
        rows for one, rows in zip(column.readings, column.counts, strict=True) if one.form == "number"
    )
    answers = column.rows(lambda value: True)
    mean = sum(v * r for v, r in zip(column.values, column.counts, strict=True) if v == v) / answers
    from_one = not column.placed.told and min(one for one in column.values if one == one) == low + 1
    least = low + from_one  # 1 to 10 is read on 0 to 10
    at_low_end = mean < least + (high - least) * LOW_END
    if plain_numbers >= ENOUGH * answers and not column.placed.moved and at_low_end:
        return f"Most answers in “{column.name}” are at the low end of {low}–{high}."
    return ""


_GOOD_ENDS = ("best", "beste", "besten", "mejor", "melhor", "meilleur", "migliore", "top", "super")
_BAD_ENDS = ("worst", "schlechteste", "peor", "pior", "pire", "peggiore", "slechtst")
_NUMBER_MEANS = re.compile(r"(\d{1,3})\s*(?:=|:|≙|is|ist|est|es|é|è|betekent|means|-|–)\s*([^\d,;)]+)", re.I)


def _best_number_in(name: str) -> float | None:
    """Find the number that a name calls the best.

    Examples
    --------
    >>> _best_number_in("Satisfaction (1 = very satisfied, 5 = very dissatisfied)")
    1.0
    >>> _best_number_in("csat 1-5") is None
    True
    """
    said = [(float(found[1]), _goodness(found[2])) for found in _NUMBER_MEANS.finditer(name)]
    good = [value for value, goodness in said if goodness > 0]
    bad = [value for value, goodness in said if goodness < 0]
    if good:
        return good[0]
    return 0.0 if bad and bad[0] > 1 else None


def _goodness(label: str) -> int:
    """Say whether words are good (1), bad (−1) or neither (0)."""
    said = plain(label)
    for vocabulary in _vocabularies():
        symbol = vocabulary.symbols.get(said)
        if symbol is not None:
            steps = vocabulary.scales[min(1, len(vocabulary.scales) - 1)]
            middle = (steps.scale[0] + steps.scale[1]) / 2
            value = steps.values.get(symbol, middle)
            return (value > middle) - (value < middle)
    first = said.split(" ")[0] if said else ""
    return (first in _GOOD_ENDS) - (first in _BAD_ENDS)


# --- NPS ------------------------------------------------------------------------------------------

# A value inside each band; NPS itself needs no more than the band.
_BANDS = {"promoter": 10.0, "passive": 8.0, "detractor": 3.0}


@_in_one_order
def nps_answers(
    name: str, texts: Sequence[str], counts: Sequence[int], *, shifted: bool | None = None
) -> Answers | None:
    """Read answers to "how likely are you to recommend us": 0 to 10, or the words of the three bands.

    Parameters
    ----------
    name : str
    texts, counts : sequences
        The different texts of the column and the rows of each.
    shifted : bool, optional
        Whether 1 stands for 0 and 11 for 10. None asks where the answers look like it.

    Returns
    -------
    Answers or None
        None when fewer than half of the filled rows are whole numbers from 0 to 10 or such words.

    Examples
    --------
    >>> nps_answers("nps", ["9/10", "10 - very likely", "Detractor", "12"], [4, 2, 1, 1]).values
    (9.0, 10.0, 3.0, nan)
    """
    readings = [_nps_reading(text) for text in texts]
    if {one.label for one in readings if one.form == "band"} == {"passive"}:  # "neutral" alone is no NPS
        return None
    filled = sum(rows for one, rows in zip(readings, counts, strict=True) if one is not _BLANK)
    given = [(one.value, rows) for one, rows in zip(readings, counts, strict=True) if one.value == one.value]
    coded = _is_one_to_eleven(given)
    off = 1.0 if shifted else 0.0
    raw = tuple(one.value - off if one.form == "number" else one.value for one in readings)
    values = tuple(
        value if NPS_RANGE[0] <= value <= NPS_RANGE[1] and value == round(value) else math.nan
        for value in (v if v == v else -1.0 for v in raw)
    )
    answered = sum(rows for value, rows in zip(values, counts, strict=True) if value == value)
    if not filled or answered < ENOUGH * filled or _is_a_score(given):
        return None
    placed = _Placed(raw, NPS_RANGE, "")
    column = _Column(name, texts, counts, readings, placed, values)
    notes = [*_set_aside_notes(column, whole=True), *_shift_notes(name, coded, shifted)]
    return Answers(values, NPS_RANGE, _nps_detail(readings, shifted), filled - answered, tuple(notes))


def _nps_reading(text: str) -> _Reading:
    band = _bands().get(plain(re.sub(r"\d", " ", text)))
    if band:
        return _Reading("band", _BANDS[band], label=band)
    one = _reading(text)
    if one.form in ("number", "labelled") or (one.form == "fraction" and one.top == NPS_RANGE[1]):
        return _Reading("number", one.value, one.top, one.label)
    return one if one is _BLANK else _NONE


@lru_cache(maxsize=1)
def _bands() -> dict[str, str]:
    return _merged(lambda language: _steps(language.bands, "promoter passive detractor"))


def _is_one_to_eleven(given: list[tuple[float, int]]) -> bool:
    values = {value for value, _ in given}
    return bool(values) and min(values) >= 1 and max(values) == 11


def _is_a_score(given: list[tuple[float, int]]) -> bool:
    """Tell the NPS itself, from −100 to 100, from answers."""
    total = sum(rows for _, rows in given)
    return sum(rows for value, rows in given if value < -1) > STRAY * total


def _shift_notes(name: str, coded: bool, shifted: bool | None) -> list[Note]:
    options = (
        Option("1 stands for 0: take 1 off", {"shifted": {name: True}}),
        Option("Leave them as they are", {"shifted": {name: False}}),
    )
    if shifted:
        return [Note(f"1 is taken off each answer in “{name}”.", False, "nps-shift", name, False, options)]
    if not coded or shifted is not None:
        return []
    text = (
        f"Answers in “{name}” run to 11, though NPS is asked from 0 to 10. "
        "Until you say that 1 stands for 0, answers of 11 are set aside."
    )
    return [Note(text, True, "nps-shift", name, True, options)]


def _nps_detail(readings: Sequence[_Reading], shifted: bool | None) -> str:
    parts = []
    if any(one.form == "number" for one in readings):
        parts.append("answers on 0 to 10" + (", 1 taken off" if shifted else ""))
    if any(one.form == "band" for one in readings):
        values = ", ".join(f"{band} {number(value)}" for band, value in _BANDS.items())
        parts.append(f"words as a value inside their band: {values}")
    return "; ".join(parts)


# --- flags ----------------------------------------------------------------------------------------


@_in_one_order
def flag_answers(role: str, name: str, texts: Sequence[str], counts: Sequence[int]) -> Flags | None:
    """Read a flag of the role "retained", "churned" or "converted".

    Yes and no, states ("active", "gekündigt") and, for "converted", a count are understood. A third state
    (paused, trial) is neither: it is set aside, counted and asked about.

    Returns
    -------
    Flags or None
        1.0 where the role holds for the customer, 0.0 where not; None when the texts are no such flag.

    Examples
    --------
    >>> flag_answers("churned", "Attrition_Flag", ["Existing Customer", "Attrited Customer"], [8, 2]).values
    (0.0, 1.0)
    >>> flag_answers("retained", "Status", ["aktiv", "gekündigt"], [8, 2]).values
    (1.0, 0.0)
    >>> flag_answers("converted", "purchases", ["0", "1", "3"], [8, 2, 1]).values
    (0.0, 1.0, 1.0)
    """
    if role == "converted" and (counted := _counted(name, texts, counts)) is not None:
        return counted
    states = [_state(role, text) for text in texts]
    filled = sum(rows for state, rows in zip(states, counts, strict=True) if state != "")
    values = tuple({"yes": 1.0, "no": 0.0}.get(state, math.nan) for state in states)
    known = sum(rows for value, rows in zip(values, counts, strict=True) if value == value)
    stray = sum(rows for state, rows in zip(states, counts, strict=True) if state == "unknown")
    if not filled or known < ENOUGH * filled or stray > STRAY * filled:
        return None
    notes = _state_notes(role, name, texts, counts, states)
    return Flags(values, _flag_detail(role, texts, states), filled - known, tuple(notes))


_SIDES = {
    "retained": (("stayed", "yes"), ("left", "no"), ("between", "third")),
    "churned": (("left", "yes"), ("stayed", "no"), ("between", "third")),
    "converted": (("won", "yes"), ("lost", "no"), ("open", "third")),
}
_WHOSE = frozenset(
    "customer customers kunde kunden client cliente klant klanten clients account member subscription "
    "subscriber abonnement abo contract vertrag contrat contrato contratto".split()
)
_NEGATIONS = frozenset("not nicht kein pas non no nao niet geen never".split())


@lru_cache(maxsize=4)
def _states(role: str) -> dict[str, str]:
    """Collect the words of all languages for what a role holds for, what not, and what is between."""
    sides = (("yes", "yes"), ("no", "no"), *_SIDES[role])
    return _merged(
        lambda language: [(word, to) for side, to in sides for word in listed(getattr(language, side))]
    )


def _state(role: str, text: str) -> str:
    """Say "yes", "no", "third" or "unknown"; nothing for an empty text."""
    said = plain(text.removesuffix(".0"))
    if not said:
        return ""
    states = _states(role)
    if said in states:
        return states[said]
    left = [word for word in said.split() if word not in _WHOSE]
    if not left:
        return {"retained": "yes", "churned": "no"}.get(role, "unknown")
    if " ".join(left) in states:
        return states[" ".join(left)]
    if left[0] in _NEGATIONS:
        return {"yes": "no", "no": "yes"}.get(states.get(" ".join(left[1:]), ""), "unknown")
    return "" if said in _no_answers() else "unknown"


def _counted(name: str, texts: Sequence[str], counts: Sequence[int]) -> Flags | None:
    """Read how often as whether: more than 0 is yes."""
    readings = [_reading(text) for text in texts]
    given = [one.value for one in readings if one is not _BLANK]
    whole = all(value >= 0 and value == round(value) for value in given)  # NaN fails the first
    if not given or not whole or set(given) <= {0.0, 1.0}:
        return None
    values = tuple(float(one.value > 0) if one is not _BLANK else math.nan for one in readings)
    text = f"“{name}” counts how often (0 to {number(max(given))}); more than 0 is taken as converted."
    return Flags(values, "more than 0 is converted", 0, (Note(text, False, "counted", name),))


def _state_notes(
    role: str, name: str, texts: Sequence[str], counts: Sequence[int], states: Sequence[str]
) -> list[Note]:
    notes = []
    triples = list(zip(texts, counts, states, strict=True))
    third = [(text, rows) for text, rows, state in triples if state == "third"]
    if third:
        rows = sum(count for _, count in third)
        shown = listing([f"“{text[:30]}”" for text, _ in third], 3)
        text = (
            f"{shown} in “{name}” {'is' if len(third) == 1 else 'are'} neither {role} nor not: "
            f"{plural(rows, 'customer')} {_are(rows)} set aside."
        )
        only = Option("Let the column describe only", {"roles": {name: "descriptor"}})
        notes.append(Note(text, True, "third-state", name, True, (only,)))
    stray = [(text, rows) for text, rows, state in triples if state == "unknown"]
    if stray:
        rows = sum(count for _, count in stray)
        shown = listing([f"“{text[:30]}”" for text, _ in stray], 3)
        text = f"{plural(rows, 'cell')} in “{name}” {_are(rows)} not understood and set aside ({shown})."
        notes.append(Note(text, True, "not-converted", name))
    return notes


def _flag_detail(role: str, texts: Sequence[str], states: Sequence[str]) -> str:
    def said(side: str) -> str:
        return listing([f"“{text}”" for text, state in zip(texts, states, strict=True) if state == side], 3)

    yes, no = said("yes"), said("no")
    means = f"{yes} means {role}" if yes else ""
    return ", ".join(part for part in (means, f"{no} not" if no else "") if part)


# --- smileys --------------------------------------------------------------------------------------

_SMILEYS: dict[str, float] = {
    sign: float(value)
    for value, signs in {
        5: "😀 😃 😄 😁 😆 😊 😍 🤩 🥰 😎 🎉 👍 ❤ 🟢 😂 :-D :D =D",
        4: "🙂 ☺ 😌 :-) :) =) ;-) ;)",
        3: "😐 😑 😶 🟡 :-| :| =|",
        2: "🙁 ☹ 😕 😟 😞 😒 🟠 :-( :( =( :-/ :/",
        1: "😡 😠 🤬 😢 😭 😤 😫 👎 🔴 :'( :'-( >:( D:",
    }.items()
    for sign in signs.split()
}
