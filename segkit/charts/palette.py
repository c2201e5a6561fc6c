"""The colours of the product: segments, status, accent and the neutrals of both themes.

Every mark keeps 3:1 contrast on both light and both dark surfaces, so a segment has the same colour on a
page, in a slide and in a report. That leaves only a narrow band of lightness, and the twelve segment colours
were searched inside it for the largest smallest difference, order included: the first four are further
apart than the first six, those further than all twelve, for people with normal, protan, deutan and tritan
vision alike. The test of this module simulates all four and holds the palette to its distances; run it
after every change of a colour.

Text is more demanding than marks (4.5:1), so a theme has its own shades of accent and status for words.

Notes
-----
Contrast is that of WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (graphics). Vision is simulated after
Machado, Oliveira and Fernandes (2009), differences are CIEDE2000 (Sharma, Wu and Dalal, 2005).
"""

from dataclasses import dataclass

SEGMENT_COLOURS = (
    "#2792F9",  # blue
    "#B08B01",  # gold
    "#00795B",  # pine
    "#7B5E95",  # plum
    "#E05379",  # rose
    "#A4540B",  # rust
    "#4E69D4",  # indigo
    "#BD72B1",  # orchid
    "#5C7840",  # moss
    "#249F82",  # jade
    "#965575",  # mulberry
    "#CA7A5E",  # terracotta
)

SEGMENT_COLOUR_NAMES = tuple(
    "blue gold pine plum rose rust indigo orchid moss jade mulberry terracotta".split()
)
"""What the segment colours are called, in their order."""

BASE_GREY = "#8D8F9A"
"""Everyone (the whole base), and customers that fit no segment."""


@dataclass(frozen=True)
class Status:
    """What a difference means. Never the only sign of it: an arrow, a sign or a word goes along.

    Attributes
    ----------
    better, worse, cant_tell : str
        Hex colours.
    """

    better: str
    worse: str
    cant_tell: str


STATUS = Status(better="#1F9D55", worse="#D92D20", cant_tell="#667080")
"""Marks on any surface; words take the shades of `Theme.status`."""

ACCENT = "#4A3DB8"
"""What can be clicked, on white; a page takes `Theme.accent`."""


@dataclass(frozen=True)
class Theme:
    """The neutrals of a light or dark surface, and the shades that words need on it.

    Attributes
    ----------
    background, card : str
        The page, and what lies on it.
    text, muted : str
        Words, and words of less weight; both readable on background and card.
    border, gridline : str
        Outlines of cards and inputs, and the fainter lines behind marks.
    accent : str
        Links and selected things.
    button : str
        What lies behind the white words of the primary button.
    status : Status
        The status colours for words.
    """

    background: str
    card: str
    text: str
    muted: str
    border: str
    gridline: str
    accent: str
    button: str
    status: Status


LIGHT = Theme(
    background="#F7F8FA",
    card="#FFFFFF",
    text="#121926",
    muted="#5B6472",
    border="#DDE1E8",
    gridline="#E9ECF1",
    accent=ACCENT,
    button=ACCENT,
    status=Status(better="#0B6E3B", worse="#B42318", cant_tell="#56606F"),
)

DARK = Theme(
    background="#11151C",
    card="#1A1F29",
    text="#E8EBF1",
    muted="#9BA5B4",
    border="#2D3543",
    gridline="#252C38",
    accent="#B5ABFF",
    button="#7B61E0",
    status=Status(better="#4CC38A", worse="#FF8A80", cant_tell="#AEB8C7"),
)


def segment_colour(position: int) -> str:
    """Colour of the segment at a position of the fixed order; after the twelfth they come round again.

    Parameters
    ----------
    position : int
        Counted from 0.

    Returns
    -------
    str
        A hex colour, the same for a position in every chart, page and file.

    Raises
    ------
    ValueError
        If the position is negative.

    Examples
    --------
    >>> segment_colour(0)
    '#2792F9'
    >>> segment_colour(12) == segment_colour(0)
    True
    """
    if position < 0:
        raise ValueError(f"a segment's position is counted from 0, not {position}")
    return SEGMENT_COLOURS[position % len(SEGMENT_COLOURS)]


def mark_colour(position: int) -> str:
    """Colour of a mark: of the segment at a position, or that of everyone below 0.

    Examples
    --------
    >>> mark_colour(0), mark_colour(-1) == BASE_GREY
    ('#2792F9', True)
    """
    return segment_colour(position) if position >= 0 else BASE_GREY


# --- mixing ---------------------------------------------------------------------------------------

MIDDLE = 0.18  # of relative luminance: black and white are about as far from it


def channels(colour: str) -> list[int]:
    """Red, green and blue of a hex colour, 0 to 255.

    Examples
    --------
    >>> channels("#2792F9")
    [39, 146, 249]
    """
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def mixed(colour: str, other: str, share: float) -> str:
    """Mix a share of one colour with another one.

    Examples
    --------
    >>> mixed("#000000", "#FFFFFF", 0.25)
    '#BFBFBF'
    """
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(share * one + (1 - share) * two):02X}" for one, two in pairs)


def ink(colour: str) -> str:
    """Dark or white text, whichever is easier to read on a colour (WCAG 2.2, relative luminance).

    Examples
    --------
    >>> ink("#FFFFFF") == DARK.background, ink("#000000") == LIGHT.card
    (True, True)
    """
    scaled = [value / 255 for value in channels(colour)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in scaled]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return DARK.background if luminance > MIDDLE else LIGHT.card
