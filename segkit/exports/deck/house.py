"""The project's own master and layouts: 16:9, white, one accent, and fonts that every system has.

They are made here of python-pptx's default file, so that no template lies in the repository that nobody can
read.
"""

import re
from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Opened

from segkit.charts.palette import LIGHT, SEGMENT_COLOURS
from segkit.exports.deck.shapes import NAMESPACES, Box, emu, fill, placed

WIDTH, HEIGHT = 960.0, 540.0  # points: 13.33 by 7.5 inches, what PowerPoint calls widescreen
MARGIN = 44.0
FONT = "Arial"  # on Windows and macOS; Linux has Liberation Sans of the same widths
TITLE_SIZE, COVER_SIZE, FOOT_SIZE = 28, 36, 9
KEPT = {"Title Slide": "cover", "Title and Content": "worded", "Title Only": "plain"}

TITLE = Box(MARGIN, 36, WIDTH - 2 * MARGIN, 88)
BODY = Box(MARGIN, 128, WIDTH - 2 * MARGIN, 372)
FOOT = Box(MARGIN, 511, 800, 16)
NUMBER = Box(WIDTH - MARGIN - 60, 511, 60, 16)
COVER_TITLE = Box(96, 96, 780, 130)
COVER_TEXT = Box(96, 250, 780, 230)
TICK = Box(MARGIN, 24, 40, 4)
STRIPE = Box(0, 0, 28, HEIGHT)


def house_presentation() -> Opened:
    """An empty presentation in the project's look."""
    made = Presentation()
    made.slide_width, made.slide_height = emu(WIDTH), emu(HEIGHT)  # type: ignore[assignment, unused-ignore]
    made.part._element.find(qn("p:sldSz")).attrib.pop("type", None)  # it says 4:3
    master = made.slide_master
    _themed(master)
    _redrawn(master._element, _master())
    _styled(master._element)
    for layout in list(made.slide_layouts):
        if layout.name not in KEPT:
            made.slide_layouts.remove(layout)
        else:
            _redrawn(layout._element, _LAYOUTS[KEPT[layout.name]])
    return made


def _themed(master: Any) -> None:
    """Set colours and fonts of the theme; a chart that somebody adds has the segments' colours."""
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    colours = {
        "dk1": LIGHT.text,
        "lt1": LIGHT.card,
        "dk2": LIGHT.muted,
        "lt2": LIGHT.background,
        **{f"accent{place}": colour for place, colour in enumerate(SEGMENT_COLOURS[:6], start=1)},
        "hlink": LIGHT.accent,
        "folHlink": LIGHT.muted,
    }
    scheme = "".join(
        f'<a:{name}><a:srgbClr val="{colour[1:]}"/></a:{name}>' for name, colour in colours.items()
    )
    text = part.blob.decode()
    text = re.sub(r"(<a:clrScheme [^>]*>).*?(</a:clrScheme>)", rf"\1{scheme}\2", text, flags=re.DOTALL)
    text = re.sub(r'<a:latin typeface="[^"]*"/>', f'<a:latin typeface="{FONT}"/>', text)
    text = re.sub(r'(<a:font script="(?:Arab|Hebr)" typeface=")[^"]*', rf"\1{FONT}", text)
    part.blob = text.replace('name="Office Theme"', 'name="Segments"', 1).encode()


def _styled(master: Any) -> None:
    """Set the type of titles: large, bold, at the left."""
    style = master.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    kind = style.find(qn("a:defRPr"))
    kind.set("sz", str(TITLE_SIZE * 100))
    kind.set("b", "1")


def _redrawn(element: Any, shapes: str) -> None:
    """Put other shapes on a master or a layout."""
    tree = element.find(f".//{qn('p:spTree')}")
    for shape in list(tree)[2:]:
        tree.remove(shape)
    for shape in parse_xml(f"<p:spTree {NAMESPACES}>{shapes}</p:spTree>"):
        tree.append(shape)


def _place(
    number: int,
    name: str,
    kind: str,
    box: Box | None,
    text: str,
    style: str = "",
    anchor: str = "t",
) -> str:
    """A placeholder without margins; without a place it lies where the master has it."""
    where = f'{placed(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>' if box else ""
    margins = f'wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}"'
    body = f"<a:bodyPr {margins}><a:normAutofit/></a:bodyPr>" if box else "<a:bodyPr/>"
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f"<p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr>{where}</p:spPr>"
        f"<p:txBody>{body}<a:lstStyle>{style}</a:lstStyle><a:p>{text}</a:p></p:txBody></p:sp>"
    )


def _drawn(number: int, name: str, box: Box) -> str:
    """A filled rectangle in the accent, for looks only."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr/>'
        '<p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr>{placed(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill("hlink")}'
        "<a:ln><a:noFill/></a:ln></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
    )


def _style(size: float, colour: str = "tx1", align: str = "l", bold: bool = False) -> str:
    return (
        f'<a:lvl1pPr marL="0" indent="0" algn="{align}"><a:buNone/>'
        f'<a:defRPr sz="{round(size * 100)}" b="{int(bold)}">{fill(colour)}</a:defRPr></a:lvl1pPr>'
    )


def _text(words: str) -> str:
    return f'<a:r><a:rPr lang="en-GB"/><a:t>{words}</a:t></a:r>'


_PAGE = (
    '<a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum">'
    '<a:rPr lang="en-GB"/><a:t>‹#›</a:t></a:fld>'
)


def _master() -> str:
    foot, page = _style(FOOT_SIZE, "tx2"), _style(FOOT_SIZE + 1, "tx2", "r")
    return (
        _place(2, "Title", 'type="title"', TITLE, _text("The finding"))
        + _place(3, "Text", 'type="body" idx="1"', BODY, _text("Text"))
        + _place(4, "Source", 'type="ftr" sz="quarter" idx="3"', FOOT, "", foot, "ctr")
        + _place(5, "Slide number", 'type="sldNum" sz="quarter" idx="4"', NUMBER, _PAGE, page, "ctr")
    )


def _foot() -> str:
    return _place(8, "Source", 'type="ftr" sz="quarter" idx="11"', None, "") + _place(
        9, "Slide number", 'type="sldNum" sz="quarter" idx="12"', None, _PAGE
    )


def _titled() -> str:
    return _drawn(7, "Accent", TICK) + _place(2, "Title", 'type="title"', None, _text("The finding"))


_LAYOUTS = {
    "cover": _drawn(7, "Accent", STRIPE)
    + _place(2, "Title", 'type="ctrTitle"', COVER_TITLE, _text("Title"), _style(COVER_SIZE, bold=True), "b")
    + _place(3, "Text", 'type="subTitle" idx="1"', COVER_TEXT, _text("What it is about"), _style(20))
    + _foot(),
    "worded": _titled() + _place(3, "Text", 'idx="1"', None, _text("Text"), _style(18)) + _foot(),
    "plain": _titled() + _foot(),
}
