"""How dates are written: from a shape such as "9. märz 9999 99:99" to the places of day, month and year."""

import re
from dataclasses import dataclass
from functools import lru_cache

_BLANK = "[\\s\u00a0\u202f]"
_SEPARATOR = rf"(?:{_BLANK}?[-/.]{_BLANK}?|{_BLANK})"


@dataclass(frozen=True)
class Layout:
    """The places of the parts of a date among the bytes of its shape.

    Attributes
    ----------
    parts : mapping of str to (int, int)
        Start and end of "year", "month", "day", "hour", "minute", "second", and of "ahead" (hours) and
        "ahead_minutes" of the zone. Where the order is open, "first" and "second_part" instead of day and
        month.
    month : int
        The month that is written as a word; else 0.
    half : str
        "a" or "p" for a clock of twelve hours.
    zone : str
        The zone as written, in capitals, with 9 for digits; empty without one.
    west : bool
        The zone is behind UTC.
    dots : bool
        The parts are separated by points, which nobody does with the month first.
    weak : bool
        It may be something else, such as the version 1.2.10.
    compact : bool
        Digits only: 20250403.
    """

    parts: dict[str, tuple[int, int]]
    month: int = 0
    half: str = ""
    zone: str = ""
    west: bool = False
    dots: bool = False
    weak: bool = False
    compact: bool = False

    @property
    def open(self) -> bool:
        """Whether the order of day and month is not told by the way it is written."""
        return "first" in self.parts

    @property
    def short_year(self) -> bool:
        """Whether the year has two digits."""
        start, stop = self.parts["year"]
        return stop - start == 2


@lru_cache(maxsize=1 << 14)
def layout_of(shape: str) -> Layout | None:
    """Find the parts of a date in a shape; None if it is not one of a date.

    Examples
    --------
    >>> layout_of("9999-99-99").parts["day"], layout_of("9. märz 9999").month, layout_of("99/99/99").open
    ((8, 10), 3, True)
    """
    for pattern in _PATTERNS:
        found = pattern.fullmatch(shape)
        if found:
            return _layout(shape, found)
    return None


def _layout(shape: str, found: re.Match[str]) -> Layout | None:
    named = {name: text for name, text in found.groupdict().items() if text is not None}
    separators = [named.pop(name).strip() for name in ("sep", "other_sep") if name in named]
    if len(set(separators)) > 1:
        return None
    dots = separators[:1] == ["."]
    year = named["year"]
    if separators[:1] == [""] and len(year) == 2:
        return None
    month = MONTHS.get(named.pop("name", ""), 0)
    one_digit = any(len(named.get(part, "99")) == 1 for part in ("first", "second_part"))
    return Layout(
        {name: _place(shape, *found.span(name)) for name, text in named.items() if text.strip("9") == ""},
        month,
        named.get("half", ""),
        named.get("zone", "").strip().upper(),
        named.get("behind") == "-",
        dots,
        weak=separators[:1] in (["."], ["-"]) and len(year) == 2 and one_digit,
        compact=shape.strip("9") == "",
    )


def _place(shape: str, start: int, stop: int) -> tuple[int, int]:
    """Turn places of characters into places of bytes."""
    return len(shape[:start].encode()), len(shape[:stop].encode())


# --- words ----------------------------------------------------------------------------------------

_MONTH_NAMES = (
    "january jan jän jänner januar januari janvier janv enero ene janeiro gennaio gen janeiro styczeń leden",
    "february feb februar februari février févr fév fevrier fevr fev febrero fevereiro febbraio",
    "march mar mär mrz märz maerz mars marzo março marco maart mrt marts",
    "april apr avril avr abril abr aprile",
    "may mai mayo maio mei maggio mag maj",
    "june jun juin junio junho juni giugno giu",
    "july jul juil juillet julio julho juli luglio lug",
    "august aug août aout aoû agosto ago augustus augusti",
    "september sep sept septembre septiembre setembro set settembre sett",
    "october oct okt oktober octobre octubre outubro out ottobre ott",
    "november nov novembre noviembre novembro",
    "december dec dez dezember décembre déc decembre diciembre dic dezembro dicembre",
)
MONTHS = {name: place for place, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_WEEKDAYS = (
    "monday mon montag mo lundi lun lunes segunda maandag ma lunedì tuesday tue tues dienstag di mardi "
    "mar martes terça dinsdag martedì wednesday wed mittwoch mi mercredi mer miércoles mié mie quarta "
    "woensdag wo mercoledì thursday thu thur thurs donnerstag do jeudi jeu jueves jue quinta donderdag "
    "giovedì gio friday fri freitag fr vendredi ven viernes vie sexta vrijdag vr venerdì saturday sat "
    "samstag sonnabend sa samedi sam sábado sáb sab zaterdag za sabato sunday sun sonntag so dimanche dim "
    "domingo dom zondag zo domenica"
)

# Minutes ahead of UTC of zones that are written as a word; the others are known to be zones, no more.
ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "MEZ": 60, "CEST": 120,
    "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300,
    "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "JST": 540, "AEST": 600, "AEDT": 660,
}  # fmt: skip

# --- patterns -------------------------------------------------------------------------------------


def _any_of(names: str) -> str:
    return "|".join(sorted(set(names.replace(".", "").split()), key=lambda name: (-len(name), name)))


_MONTH = rf"(?P<name>{_any_of(' '.join(_MONTH_NAMES))})\.?"
_WEEKDAY = rf"(?:(?:{_any_of(_WEEKDAYS)})(?:-feira)?\.?,?{_BLANK}+)?"
_YEAR = r"(?P<year>9999|99)"
_DAY = r"(?P<day>9{1,2})(?:st|nd|rd|th|er|º|ª|°|\.)?"
_BETWEEN = rf"(?:{_BLANK}+(?:de|del|of|di){_BLANK}+|[-/.,']|{_BLANK}'?|,{_BLANK})?"

_ZONE = (
    rf"(?P<zone>{_BLANK}?(?:utc|gmt|z)?{_BLANK}?(?:(?P<behind>-)|\+)(?P<ahead>99):?(?P<ahead_minutes>99)?"
    rf"|{_BLANK}?(?:{'|'.join(sorted(ZONES, key=len, reverse=True)).lower()}))(?:{_BLANK}?[\[(][^\])]*[\])])?"
)
_CLOCK = (
    r"(?P<hour>9{1,2})[:h.](?P<minute>99)(?:[:.](?P<second>99)(?:[.,]9{1,9})?)?"
    rf"(?:{_BLANK}?(?P<half>[ap])\.?{_BLANK}?m\.?)?(?:{_BLANK}?(?:uhr|h))?"
)
_TIME = rf"(?:(?:t|,?{_BLANK}{{1,2}}(?:(?:at|um|à|às|alle|om|kl){_BLANK})?|:){_CLOCK}(?:{_ZONE})?)?"
_WHOLE_CLOCK = r"(?P<hour>99):?(?P<minute>99):?(?P<second>99)(?:\.9{1,9})?(?P<zone>z)?"

_WRITTEN = (
    rf"(?P<year>9999)(?P<sep>{_SEPARATOR})(?P<month>9{{1,2}})(?P<other_sep>{_SEPARATOR})(?P<day>9{{1,2}}){_TIME}",
    rf"(?P<first>9{{1,2}})(?P<sep>{_SEPARATOR})(?P<second_part>9{{1,2}})(?P<other_sep>{_SEPARATOR}){_YEAR}{_TIME}",
    rf"{_WEEKDAY}{_DAY}{_BETWEEN}{_MONTH}{_BETWEEN}{_YEAR}{_TIME}",
    rf"{_WEEKDAY}{_MONTH}(?:-|{_BLANK}+)(?P<day>9{{1,2}})(?:st|nd|rd|th)?(?:,{_BLANK}*|{_BLANK}+|-){_YEAR}{_TIME}",
    rf"(?P<year>9999)(?:[-/.]|{_BLANK}+){_MONTH}(?:[-/.]|{_BLANK}+)(?P<day>9{{1,2}}){_TIME}",
    rf"{_WEEKDAY}{_MONTH}{_BLANK}+(?P<day>9{{1,2}}){_BLANK}{_WHOLE_CLOCK}{_BLANK}(?:[a-z]{{3,4}}{_BLANK})?(?P<year>9999)",
    rf"(?P<year>9999){_BLANK}?年{_BLANK}?(?P<month>9{{1,2}}){_BLANK}?月{_BLANK}?(?P<day>9{{1,2}}){_BLANK}?日{_TIME}",
    rf"(?P<year>9999)(?P<month>99)(?P<day>99)(?:[t_]?{_WHOLE_CLOCK})?",
    rf"(?P<year>9999)(?P<month>99)(?P<day>99){_BLANK}{_CLOCK}",
)
_PATTERNS = tuple(re.compile(pattern) for pattern in _WRITTEN)
LIKE_DATE = "^(?:" + "|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern) for pattern in _WRITTEN) + ")$"
