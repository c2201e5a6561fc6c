"""One slide: title, what stands on it, source, number, and the notes of who speaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Opened

from segkit.exports.deck.bars import BarData
from segkit.exports.deck.canvas import (
    GAP,
    Canvas,
    foot_of,
    inner,
    place_of,
    text_of,
    title_of,
)
from segkit.exports.deck.letters import LINE, line_height
from segkit.exports.deck.pieces import Chart, Table, Words
from segkit.exports.deck.shapes import (
    NAMESPACES,
    QUIET,
    Box,
    Para,
    attribute,
    emu,
    literal,
    paragraphs,
    placed,
    table,
    text_box,
)
from segkit.insights.story.blocks import seen

TITLE_SIZES = ((28.0, 2), (26.0, 2), (24.0, 3), (24.0, 4))  # points, and lines at most
LEAST_TITLE_LINES = 2  # what follows lies at the same height below shorter titles
SOURCE_SIZES = (9.0, 8.0)
SOURCE_ROOM = 17.0  # points at the foot of what is told, where the layout has no footer for it
FIRST_SHAPE = 100  # ids of shapes: placeholders come before
TITLE_SHARE = 0.22  # of a slide's height, at most


@dataclass(frozen=True)
class Source:
    """The line that says what a slide is about.

    Attributes
    ----------
    text : str
        As it fits.
    size : float
    box : Box or None
        Its own place; None where the layout has a footer for it.
    body : Box
        The room that is left.
    """

    text: str
    size: float
    box: Box | None
    body: Box


@dataclass(frozen=True)
class Heading:
    """A title as it fits, and where what follows begins."""

    text: str
    size: float
    frame: Box
    bottom: float


def source_of(canvas: Canvas, line: str) -> Source:
    """Find a place for the source: the layout's footer if it is free and wide, else a line of its own."""
    foot = foot_of(canvas.plain, PP_PLACEHOLDER.FOOTER)
    place = place_of(foot) if foot is not None else None
    if place is not None and not foot.text_frame.text.strip():
        box = inner(foot, place)
        for size in SOURCE_SIZES:
            if box.w > canvas.width / 3 and canvas.letters.height(line, box.w, size, bold=True) <= box.h:
                return Source(line, size, None, canvas.body)
        size = SOURCE_SIZES[-1]
        if box.w > canvas.width / 2 and line_height(line, size) <= box.h:
            return Source(canvas.letters.cut(line, box.w, 1, size, bold=True), size, None, canvas.body)
    body = Box(canvas.body.x, canvas.body.y, canvas.body.w, canvas.body.h - SOURCE_ROOM)
    box = Box(body.x, body.bottom + 2, body.w, SOURCE_ROOM - 2)
    fitting = [size for size in SOURCE_SIZES if canvas.letters.count(line, box.w, size) == 1]
    size = fitting[0] if fitting else SOURCE_SIZES[-1]
    return Source(canvas.letters.cut(line, box.w, 1, size), size, box, body)


def heading(canvas: Canvas, text: str, after: str = "") -> Heading:
    """Fit a title: two lines of large type, else three of a smaller one, else cut.

    Parameters
    ----------
    canvas : Canvas
    text, after : str
        The title, and what is always told behind it, such as "(continued)".
    """
    place = place_of(title_of(canvas.plain)) or canvas.title
    margins = place.h - canvas.title.h
    ending = f" {after}" if after else ""
    whole = text + ending
    sizes = [one for one in TITLE_SIZES if one[0] * one[1] * LINE <= TITLE_SHARE * canvas.height] or [
        (24.0, 2)
    ]
    for size, most in sizes:
        if canvas.title_letters.count(whole, canvas.title.w, size, bold=True) <= most:
            break
    else:
        size, most = sizes[-1]
        whole = canvas.title_letters.cut(text, canvas.title.w, most, size, bold=True, after=ending)
    taken = canvas.title_letters.height(whole, canvas.title.w, size, bold=True)
    least = LEAST_TITLE_LINES * TITLE_SIZES[0][0] * LINE
    high = max(taken, least) + margins if canvas.flows else max(place.h, taken + margins)
    frame = Box(place.x, place.y, place.w, high)
    return Heading(whole, size, frame, frame.bottom + GAP - (margins / 2 if canvas.flows else 0.0))


class Sheet:
    """A slide while it is drawn.

    Parameters
    ----------
    opened : Presentation
    layout : SlideLayout
    """

    def __init__(self, opened: Opened, layout: Any) -> None:
        self._slide: Any = opened.slides.add_slide(layout)
        self._layout = layout
        self._number = FIRST_SHAPE
        self._filled: list[Any] = []

    def title(self, text: str, size: float, frame: Box | None = None) -> None:
        """Write the title into its placeholder; the type but for its size is the layout's."""
        self._fill(title_of(self._slide), [Para(text, size, bold=None, colour="", align="")], frame)

    def words(self, placeholder: Any, paras: Sequence[Para], frame: Box | None = None) -> None:
        """Write paragraphs into a placeholder."""
        self._fill(placeholder, paras, frame)

    @property
    def text_place(self) -> Any:
        """The placeholder for text, None where the slide has none."""
        return text_of(self._slide)

    @property
    def subtitle(self) -> Any:
        """The placeholder of a cover below its title; None where there is none."""
        kinds = (PP_PLACEHOLDER.SUBTITLE,)
        found = (one for one in self._slide.placeholders if one.placeholder_format.type in kinds)
        return next(found, self.text_place)

    def box(self, name: str, box: Box, paras: Sequence[Para], anchor: str = "t") -> None:
        """Add a text box."""
        self._add(text_box(self._next(), name, box, paras, anchor))

    def draw(self, piece: Chart | Table | Words) -> None:
        """Draw a chart, a table or words; the words of a slide of text go into its placeholder."""
        if isinstance(piece, Chart):
            self._chart(piece)
        elif isinstance(piece, Table):
            self._add(
                table(self._next(), "Table", piece.told, piece.box, piece.widths, piece.heights, piece.rows)
            )
        elif piece.main and self.text_place is not None and self.text_place not in self._filled:
            place = self.text_place
            self._fill(place, piece.paras, piece.box, flush=True)
        else:
            self.box("Text", piece.box, piece.paras)

    def _chart(self, piece: Chart) -> None:
        box = piece.box
        frame: Any = self._slide.shapes.add_chart(
            XL_CHART_TYPE.BAR_CLUSTERED, emu(box.x), emu(box.y), emu(box.w), emu(box.h), BarData(piece.drawn)
        )
        told = frame._element.nvGraphicFramePr.cNvPr
        told.set("id", str(self._next()))
        told.set("name", "Chart")
        told.set("descr", seen(piece.told))

    def foot(
        self, source: Source, number: int, own_number: Box | None, own_source: Box | None = None
    ) -> None:
        """Write source and number where the layout has them."""
        para = Para(source.text, source.size, colour=QUIET)
        footer = foot_of(self._layout, PP_PLACEHOLDER.FOOTER)
        if source.box is None and footer is not None:
            inherited = Para(source.text, source.size, bold=None, colour="", align="")
            self._add(_placeholder(self._next(), "Source", footer, paragraphs([inherited])))
        else:
            if footer is not None and footer.text_frame.text.strip():  # a company's own words
                words = paragraphs([Para(footer.text_frame.text, 9.0, bold=None, colour="", align="")])
                self._add(_placeholder(self._next(), "Footer", footer, words))
            place = own_source or source.box or Box(source.body.x, source.body.bottom + 2, source.body.w, 12)
            self.box("Source", place, [para])
        page = foot_of(self._layout, PP_PLACEHOLDER.SLIDE_NUMBER)
        if page is not None:
            self._add(_placeholder(self._next(), "Slide number", page, f"<a:p>{_field(number)}</a:p>"))
        elif own_number is not None:
            self._add(_own_number(self._next(), own_number, number))

    def notes(self, lines: Sequence[str]) -> None:
        """Write the notes, a paragraph a line."""
        slide = self._slide.notes_slide
        place = slide.notes_placeholder
        words = "".join(
            f'<a:p><a:r><a:rPr lang="en-GB"/><a:t>{literal(line)}</a:t></a:r></a:p>' if line else "<a:p/>"
            for line in lines
        )
        if place is None:
            shape = (
                f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{self._next()}" name="Notes"/><p:cNvSpPr/>'
                '<p:nvPr><p:ph type="body" idx="1"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>'
                f"<a:lstStyle/>{words or '<a:p/>'}</p:txBody></p:sp>"
            )
            slide.shapes._spTree.append(parse_xml(shape))
            return
        _rewritten(place._element.txBody, words)

    def close(self) -> None:
        """Remove the placeholders that were left empty."""
        kept = [shape._element for shape in self._filled]
        for shape in list(self._slide.placeholders):
            kind = shape.placeholder_format.type
            if shape._element not in kept and kind not in (
                PP_PLACEHOLDER.FOOTER,
                PP_PLACEHOLDER.SLIDE_NUMBER,
            ):
                shape._element.getparent().remove(shape._element)

    def _fill(self, placeholder: Any, paras: Sequence[Para], frame: Box | None, flush: bool = False) -> None:
        """Write into a placeholder, in another place where there is one; `flush` text has no margins."""
        _rewritten(placeholder._element.txBody, paragraphs(paras))
        if flush:
            body = placeholder._element.txBody.find(qn("a:bodyPr"))
            for name, value in {"lIns": "0", "tIns": "0", "rIns": "0", "bIns": "0", "anchor": "t"}.items():
                body.set(name, value)
        if frame is not None:
            placeholder.left, placeholder.top = emu(frame.x), emu(frame.y)
            placeholder.width, placeholder.height = emu(frame.w), emu(frame.h)
        self._filled.append(placeholder)

    def _add(self, xml: str) -> None:
        self._slide.shapes._spTree.append(parse_xml(xml))

    def _next(self) -> int:
        self._number += 1
        return self._number


def _rewritten(body: Any, words: str) -> None:
    """Put other paragraphs into a text frame."""
    for old in body.findall(qn("a:p")):
        body.remove(old)
    for new in parse_xml(f"<p:txBody {NAMESPACES}>{words or '<a:p/>'}</p:txBody>"):
        body.append(new)


def _placeholder(number: int, name: str, of: Any, words: str) -> str:
    """A placeholder that lies where the layout's lies."""
    kind = of._element.find(f".//{qn('p:ph')}")
    said = " ".join(f"{key}={attribute(value)}" for key, value in sorted(kind.attrib.items()))
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr>'
        f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {said}/></p:nvPr></p:nvSpPr><p:spPr/>'
        f"<p:txBody><a:bodyPr/><a:lstStyle/>{words}</p:txBody></p:sp>"
    )


def _field(number: int, style: str = "") -> str:
    """The number of a slide, which PowerPoint keeps right when slides are moved."""
    return (
        '<a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum">'
        f'<a:rPr lang="en-GB"{style}/><a:t>{number}</a:t></a:fld>'
    )


def _own_number(number: int, box: Box, page: int) -> str:
    field = _field(page, ' sz="1000"')
    named = f'<p:cNvPr id="{number}" name="Slide number"/><p:cNvSpPr txBox="1"/><p:nvPr/>'
    return (
        f"<p:sp {NAMESPACES}><p:nvSpPr>{named}"
        f'</p:nvSpPr><p:spPr>{placed(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        '<p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0"/><a:lstStyle/>'
        f'<a:p><a:pPr algn="r"/>{field}</a:p></p:txBody></p:sp>'
    )
