"""The cover: its title, and the words below it in the room that a layout leaves them."""

from dataclasses import dataclass
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER

from segkit.exports.deck.canvas import MARGIN, Canvas, inner, logos_of, place_of, title_of
from segkit.exports.deck.letters import LINE, Letters, line_height
from segkit.exports.deck.shapes import QUIET, Box, Para
from segkit.exports.deck.sheets import SOURCE_ROOM, Heading
from segkit.insights.story.blocks import Lines

TITLE_SIZES = ((40.0, 1), (36.0, 2), (32.0, 2), (28.0, 3), (24.0, 3))  # points, and lines at most
TEXT_SIZES = ((20.0, 14.0), (18.0, 13.0), (16.0, 12.0), (14.0, 12.0))  # of headline and facts
FOOT_SHARE = 0.7  # of a slide's height: what lies below is at the foot
BELOW_TITLE, USUAL_HEIGHT = 12.0, 60.0  # points, where a layout has no place for words


def cover_title(canvas: Canvas, title: str) -> Heading:
    """Fit the title of a cover; its place grows upwards where that is too low."""
    place = title_of(canvas.cover)
    frame = place_of(place) or canvas.title
    room, letters = inner(place, frame), canvas.title_letters
    least = TITLE_SIZES[-1][0] * TITLE_SIZES[-1][1] * LINE
    fitting = [
        (size, most)
        for size, most in TITLE_SIZES
        if letters.count(title, room.w, size, bold=True) <= most
        and letters.height(title, room.w, size, bold=True) <= max(room.h, least)
    ]
    size, most = fitting[0] if fitting else TITLE_SIZES[-1]
    short = letters.cut(title, room.w, most, size, bold=True)
    grown = max(letters.height(short, room.w, size, bold=True) - room.h, 0.0)
    top = max(frame.y - grown, 0.0)
    return Heading(short, size, Box(frame.x, top, frame.w, frame.h + grown), top + frame.h + grown)


@dataclass(frozen=True)
class Place:
    """A place for words, and the frame around it with its margins."""

    frame: Box
    text: Box

    def around(self, text: Box) -> Box:
        """The frame around words that take another place."""
        return Box(
            self.frame.x + text.x - self.text.x,
            self.frame.y + text.y - self.text.y,
            self.frame.w + text.w - self.text.w,
            self.frame.h + text.h - self.text.h,
        )


def cover_place(canvas: Canvas, subtitle: Any, title: Heading) -> Place:
    """Where the words of a cover lie: the layout's place for them, else below the title."""
    frame = place_of(subtitle) if subtitle is not None else None
    if frame is not None:
        return Place(frame, inner(subtitle, frame))
    below = Box(title.frame.x, title.bottom + BELOW_TITLE, title.frame.w, USUAL_HEIGHT)
    return Place(below, below)


def cover_words(
    headline: str, facts: Lines, line: str, box: Box, limit: float, letters: Letters, cut: list[str]
) -> tuple[list[Para], Box]:
    """Fit the words below a cover's title, and the place they take; it grows down to a limit.

    Parameters
    ----------
    headline : str
    facts : Lines
    line : str
        The facts as one line, where a list has no room.
    box : Box
        The layout's place.
    limit : float
        How far down it may reach.
    letters : Letters
    cut : list of str
        Takes up what had to be cut.
    """
    box = Box(box.x, box.y, box.w, max(min(box.h, limit - box.y), 1.0))
    tall = Box(box.x, box.y, box.w, max(box.h, limit - box.y))
    for room in (box, tall):
        for large, small in TEXT_SIZES:
            paras = _cover_list(headline, facts, large, small)
            if sum(para.height(letters, room.w) for para in paras) <= room.h:
                return paras, room
    large, small = TEXT_SIZES[-1]
    most = max(int((tall.h - small) / 2 / line_height(headline + line, large)), 1)
    paras = []
    for text, size in ((headline, large), (line, small)):
        short = letters.cut(text, tall.w, most, size, bold=True)
        if short != text:
            cut.append(text)
        paras.append(Para(short, size, before=small if paras else 0.0, align=""))
    return paras, tall


def _cover_list(headline: str, facts: Lines, large: float, small: float) -> list[Para]:
    paras = [Para(headline, large, align="")] if headline else []
    if facts.title:
        paras.append(Para(facts.title, small, bold=True, before=small if paras else 0, align=""))
    return paras + [Para(text, small, before=2, align="", colour=QUIET) for text in facts.items]


def cover_limit(canvas: Canvas) -> float:
    """How far down the words of a cover may reach: above what is at its foot."""
    kinds = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    feet = [place_of(one) for one in canvas.cover.placeholders if one.placeholder_format.type in kinds]
    feet += logos_of(canvas.cover, canvas.width * canvas.height)
    low = [box.y for box in feet if box is not None and box.y > FOOT_SHARE * canvas.height]
    return min([canvas.height - MARGIN - SOURCE_ROOM, *low]) - 4
