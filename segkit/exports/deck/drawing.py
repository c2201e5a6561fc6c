"""A story -> slides -> the bytes of a file, the same for the same story."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pptx.presentation import Presentation as Opened

from segkit.exports.deck.canvas import Canvas, canvas
from segkit.exports.deck.covers import cover_limit, cover_place, cover_title, cover_words
from segkit.exports.deck.house import house_presentation
from segkit.exports.deck.laying import laid
from segkit.exports.deck.pieces import Sheetful
from segkit.exports.deck.reading import reading_pages
from segkit.exports.deck.shapes import QUIET, Box, Para
from segkit.exports.deck.sheets import SOURCE_ROOM, Heading, Sheet, Source, heading, source_of
from segkit.exports.deck.templates import opened_template
from segkit.insights.story.blocks import Lines, seen
from segkit.insights.story.pages import Page
from segkit.insights.story.telling import Story
from segkit.segments.watching import Watch, unwatched

SUBTITLE_SIZES = ((16.0, 1), (14.0, 2), (12.0, 2))  # points, and lines at most
CONTINUED = "(continued)"
UNDATED = datetime(2000, 1, 1)  # of a file that is the same whenever it is made
ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the first one that an archive can name
PACKED = 0.9  # of the work, when all slides are drawn
BELOW_SUBTITLE = 10.0  # points
COVER_GAP = 6.0  # points between the words of a cover and the line at its foot


def deck(story: Story, template: bytes | None = None, watch: Watch | None = None) -> bytes:
    """Draw a story as slides.

    Parameters
    ----------
    story : Story
        A slide a page; one whose table does not fit goes on on a further slide. At the end stands how to read
        the numbers.
    template : bytes, optional
        A company's .pptx or .potx: its master, layouts and size are taken, its slides are not. By default the
        project's own look.
    watch : Watch, optional
        Called at every page; it may raise to stop.

    Returns
    -------
    bytes
        A .pptx file, the same for the same story and template.

    Raises
    ------
    UnusableTemplate
        The template cannot be used; the message says why.
    """
    told = watch or unwatched
    opened = house_presentation() if template is None else opened_template(template)
    drawn = canvas(opened)
    drawing = _Drawing(opened, drawn, source_of(drawn, seen(story.edition.line)), story)
    pages = [*story.pages, *reading_pages(story)]
    for place, page in enumerate(pages):
        told(f"Drawing “{page.label}”", PACKED * place / len(pages))
        (_cover if page.key == "cover" else _page)(drawing, page)
    told("Packing the slides", PACKED)
    _named(opened, story)
    return _packed(opened)


@dataclass(frozen=True)
class _Drawing:
    """What all slides of a deck share."""

    opened: Opened
    canvas: Canvas
    source: Source
    story: Story


@dataclass(frozen=True)
class _Plan:
    """A page laid out: the title of each of its slides, the subtitle in its place, what stands below."""

    titles: tuple[Heading, ...]
    subtitle: Para | None
    place: Box
    sheets: tuple[Sheetful, ...]


def _page(drawing: _Drawing, page: Page) -> None:
    """Draw a page, on as many slides as its tables need."""
    view = drawing.canvas
    title, subtitle = seen(page.title), seen(page.subtitle)
    plan = _planned(drawing, page, title, subtitle)
    words = view.worded is not None and tuple(map(type, page.blocks)) == (Lines,)
    for top, full in zip(plan.titles, plan.sheets, strict=True):
        sheet = Sheet(drawing.opened, view.worded if words else view.plain)
        sheet.title(top.text, top.size, top.frame)
        if plan.subtitle is not None:
            sheet.box("Subtitle", plan.place, [plan.subtitle])
        for piece in full.pieces:
            sheet.draw(piece)
        sheet.close()
        sheet.foot(drawing.source, len(drawing.opened.slides), view.number)
        short = "" if plan.subtitle is None else plan.subtitle.text
        whole = [text for text, fits in ((title, top.text), (subtitle, short)) if not fits.startswith(text)]
        sheet.notes(_notes(page, [*whole, *full.cut], drawing.story))


def _planned(drawing: _Drawing, page: Page, title: str, subtitle: str) -> _Plan:
    """Lay a page out; where it goes on, the longest of its titles says how much room there is."""
    view = drawing.canvas
    first, later = heading(view, title), heading(view, title, CONTINUED)
    for bottom in (first.bottom, max(first.bottom, later.bottom)):
        body = _below(drawing.source.body, bottom, view)
        told, room = _subtitle(view, subtitle, body)
        sheets = laid(page.blocks, room, view.letters, title)
        if len(sheets) == 1:
            break
    titles = (first, *(later for _ in sheets[1:]))
    return _Plan(titles, told, Box(body.x, body.y, body.w, room.y - body.y), tuple(sheets))


def _below(body: Box, top: float, view: Canvas) -> Box:
    """The room below a title, wherever that ends; all of it where the title is at the side or at the foot."""
    at_side = view.title.right < body.x
    if at_side or view.title.y > body.y + body.h / 2:
        return body
    return body.below(top - body.y if view.flows else max(top - body.y, 0.0))


def _subtitle(view: Canvas, text: str, body: Box) -> tuple[Para | None, Box]:
    """Fit what is shown below the title; gives it and the room that is left."""
    if not text:
        return None, body
    fitting = [one for one in SUBTITLE_SIZES if view.letters.count(text, body.w, one[0]) <= one[1]]
    size, most = fitting[0] if fitting else SUBTITLE_SIZES[-1]
    para = Para(view.letters.cut(text, body.w, most, size), size, colour=QUIET)
    return para, body.below(para.height(view.letters, body.w) + BELOW_SUBTITLE)


def _cover(drawing: _Drawing, page: Page) -> None:
    """Draw the cover: title, headline, what it is about."""
    view, cut = drawing.canvas, list[str]()
    sheet = Sheet(drawing.opened, view.cover)
    title = cover_title(view, seen(page.title))
    sheet.title(title.text, title.size, title.frame)
    if title.text != seen(page.title):
        cut.append(seen(page.title))
    facts = next((block for block in page.blocks if isinstance(block, Lines)), Lines("", ()))
    limit = cover_limit(view) - SOURCE_ROOM - COVER_GAP
    place = cover_place(view, sheet.subtitle, title)
    line = seen(drawing.story.edition.line)
    paras, taken = cover_words(seen(page.subtitle), facts, line, place.text, limit, view.letters, cut)
    if sheet.subtitle is not None:
        sheet.words(sheet.subtitle, paras, place.around(taken))
    else:
        sheet.box("What it is about", taken, paras)
    sheet.close()
    source = Box(drawing.source.body.x, limit + COVER_GAP, drawing.source.body.w, SOURCE_ROOM - 2)
    number = view.number or Box(view.width - 90, view.height - 30, 60, 14)
    sheet.foot(drawing.source, len(drawing.opened.slides), number, source)
    sheet.notes(_notes(page, cut, drawing.story))


def _notes(page: Page, cut: Sequence[str], story: Story) -> list[str]:
    """What is said, what the data say, what was cut, where everything is from."""
    parts: list[list[str]] = [
        page.said.splitlines(),
        [f"The data say: {page.finding}"] if page.finding else [],
        [f"In full: {text}" for text in dict.fromkeys(cut)],
        list(page.notes),
        [story.edition.line],
    ]
    lines: list[str] = []
    for part in filter(None, parts):
        lines += [*([""] if lines else []), *map(seen, part)]
    return lines


# --- the file ---------------------------------------------------------------------------------------


def _named(opened: Opened, story: Story) -> None:
    """Say what the file is, and nothing of who made it or when."""
    cover = next((page.title for page in story.pages if page.key == "cover"), story.edition.title)
    about: Any = opened.core_properties
    about.title = seen(cover)[:255]
    about.subject = seen(story.edition.title)[:255]
    for name in ("author", "last_modified_by", "comments", "category", "keywords"):
        setattr(about, name, "")
    about.revision = 1
    about.created = about.modified = about.last_printed = UNDATED


def _packed(opened: Opened) -> bytes:
    """Write the file; its parts have no date of their own."""
    written, stream = io.BytesIO(), io.BytesIO()
    opened.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(stream, "w") as archive:
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts.read(part))
    return stream.getvalue()
