"""Text boxes and tables as the XML of a slide, with the words in them.

They are written whole: python-pptx builds a table cell by cell, which takes a hundred times as long.
Positions and sizes are in points; colours are "#RRGGBB" or the name of a theme colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from pptx.oxml.ns import nsdecls

from segkit.exports.deck.letters import Letters, is_right_to_left, line_height
from segkit.insights.story.blocks import seen

POINT = 12_700  # English metric units
NAMESPACES = nsdecls("a", "p", "r")
TEXT, QUIET, FAINT = "tx1", "quiet", "faint"  # theme colours, so that a company's are taken
_SHADES = {QUIET: (65, 35), FAINT: (15, 85)}  # luminance of the text's colour: share kept, share of white
DULL = 45  # percent of the saturation: a dark blue made lighter would shine
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's table without lines and fills
PAD, PAD_ACROSS = 2.0, 4.0  # inside a cell, above and below, and at the sides
COLOUR_LINE = 5.0  # the line in a segment's colour at the left of its row


@dataclass(frozen=True)
class Box:
    """A place on a slide, in points from its top left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Where it ends across."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Where it ends down."""
        return self.y + self.h

    def below(self, by: float) -> "Box":
        """What is left of it below a strip."""
        return Box(self.x, self.y + by, self.w, max(self.h - by, 0.0))

    def meets(self, other: "Box") -> bool:
        """Whether two places have a part in common."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


@dataclass(frozen=True)
class Para:
    """A paragraph.

    Attributes
    ----------
    text : str
    size : float
        Of its type, in points.
    bold : bool or None
        None for what the placeholder says.
    colour : str
        "#RRGGBB", or a theme colour: `TEXT`, `QUIET`; empty for what the placeholder says.
    before : float
        Room above it.
    lead : int
        So many letters at its beginning are bold.
    align : str
        "l", "r" or "ctr"; empty for what the placeholder says.
    """

    text: str
    size: float
    bold: bool | None = False
    colour: str = TEXT
    before: float = 0.0
    lead: int = 0
    align: str = "l"

    def height(self, letters: Letters, room: float) -> float:
        """How high it is in some width, the room above it included."""
        bold = self.bold is not False or self.lead > 0
        return self.before + letters.count(self.text, room, self.size, bold) * line_height(
            self.text, self.size
        )


def emu(points: float) -> int:
    """Points in English metric units."""
    return round(points * POINT)


def literal(text: str) -> str:
    """A text inside XML: what cannot be seen is left out, the rest stands for itself."""
    return seen(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """A text as the quoted value of an attribute."""
    return quoteattr(seen(text))


def fill(colour: str) -> str:
    """Fill with a colour; nothing for an empty one."""
    if not colour:
        return ""
    if colour.startswith("#"):
        return f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>'
    if colour not in _SHADES:
        return f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
    kept, white = _SHADES[colour]
    shade = f'<a:satMod val="{DULL}000"/><a:lumMod val="{kept}000"/><a:lumOff val="{white}000"/>'
    return f'<a:solidFill><a:schemeClr val="tx1">{shade}</a:schemeClr></a:solidFill>'


def paragraph(para: Para) -> str:
    """A paragraph as XML."""
    turned = ' rtl="1"' if is_right_to_left(para.text) else ""
    align = f' algn="{para.align}"' if para.align else ""
    before = f'<a:spcBef><a:spcPts val="{round(para.before * 100)}"/></a:spcBef>'
    spacing = f'<a:lnSpc><a:spcPct val="100000"/></a:lnSpc>{before}<a:spcAft><a:spcPts val="0"/></a:spcAft>'
    parts: list[tuple[str, bool | None]] = [
        (para.text[: para.lead], True),
        (para.text[para.lead :], para.bold),
    ]
    runs = "".join(_run(text, para, bold) for text, bold in parts if text)
    end = "" if runs else f'<a:endParaRPr sz="{round(para.size * 100)}"/>'
    return f'<a:p><a:pPr marL="0" indent="0"{align}{turned}>{spacing}<a:buNone/></a:pPr>{runs}{end}</a:p>'


def _run(text: str, para: Para, bold: bool | None) -> str:
    kept = " " if text != text.rstrip() else ""  # a space between two runs
    weight = "" if bold is None else f' b="{int(bold)}"'
    kind = f'<a:rPr lang="en-GB" sz="{round(para.size * 100)}"{weight} dirty="0">'
    return f"<a:r>{kind}{fill(para.colour)}</a:rPr><a:t>{literal(text)}{kept}</a:t></a:r>"


def paragraphs(paras: Sequence[Para]) -> str:
    """Paragraphs as XML; a text frame has at least one."""
    return "".join(map(paragraph, paras)) or "<a:p/>"


def text_box(number: int, name: str, box: Box, paras: Sequence[Para], anchor: str = "t") -> str:
    """A text box without margins, as XML."""
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{number}" name={attribute(name)}/>'
        f'<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr>'
        f'<p:spPr>{placed(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>'
        f'<p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}">'
        f"<a:noAutofit/></a:bodyPr><a:lstStyle/>{paragraphs(paras)}</p:txBody></p:sp>"
    )


def placed(box: Box, tag: str = "a:xfrm") -> str:
    """Position and size as XML."""
    return (
        f'<{tag}><a:off x="{emu(box.x)}" y="{emu(box.y)}"/>'
        f'<a:ext cx="{max(emu(box.w), 0)}" cy="{max(emu(box.h), 0)}"/></{tag}>'
    )


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes
    ----------
    para : Para
    colour : str
        Of the line at its left; empty for none.
    """

    para: Para
    colour: str = ""


def table(
    number: int,
    name: str,
    told: str,
    box: Box,
    widths: Sequence[float],
    heights: Sequence[float],
    rows: Sequence[Sequence[Cell]],
) -> str:
    """A table as XML; its first row is its head.

    Parameters
    ----------
    number : int
        Of the shape.
    name, told : str
        What it is called, and in words for who cannot see it.
    box : Box
    widths, heights : sequence of float
        Of columns and rows, in points.
    rows : sequence of rows of Cell
    """
    columns = "".join(f'<a:gridCol w="{emu(width)}"/>' for width in widths)
    lines = "".join(
        f'<a:tr h="{emu(height)}">{"".join(_cell(cell, place == 0) for cell in row)}</a:tr>'
        for place, (height, row) in enumerate(zip(heights, rows, strict=True))
    )
    return (
        f"<p:graphicFrame {NAMESPACES}><p:nvGraphicFramePr>"
        f'<p:cNvPr id="{number}" name={attribute(name)} descr={attribute(told)}/>'
        f'<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/>'
        f"</p:nvGraphicFramePr>{placed(box, 'p:xfrm')}"
        f'<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table">'
        f'<a:tbl><a:tblPr firstRow="1"><a:tableStyleId>{NO_STYLE}</a:tableStyleId></a:tblPr>'
        f"<a:tblGrid>{columns}</a:tblGrid>{lines}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def _cell(cell: Cell, head: bool) -> str:
    left = _line("lnL", cell.colour, COLOUR_LINE) if cell.colour else _line("lnL", "", 0)
    below = _line("lnB", QUIET if head else FAINT, 1.0 if head else 0.75)
    margins = f'marL="{emu(PAD_ACROSS + (COLOUR_LINE if cell.colour else 0))}" marR="{emu(PAD_ACROSS)}"'
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{paragraph(cell.para)}</a:txBody>"
        f'<a:tcPr {margins} marT="{emu(PAD)}" marB="{emu(PAD)}" anchor="{"b" if head else "ctr"}">'
        f"{left}{_line('lnR', '', 0)}{_line('lnT', '', 0)}{below}<a:noFill/></a:tcPr></a:tc>"
    )


def _line(tag: str, colour: str, width: float) -> str:
    if not colour:
        return f'<a:{tag} w="0"><a:noFill/></a:{tag}>'
    return f'<a:{tag} w="{emu(width)}" cap="flat">{fill(colour)}<a:prstDash val="solid"/></a:{tag}>'
