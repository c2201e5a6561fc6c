"""Where things lie on the slides of a template: title, what is told, source and number.

Everything hangs on the layouts. The room for what is told is that of the layout's own text, which a designer
drew clear of logos; where there is none, it is what is left below the title, clear of pictures.
"""

import re
from dataclasses import dataclass
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Opened

from segkit.exports.deck.letters import Letters
from segkit.exports.deck.shapes import POINT, Box
from segkit.exports.deck.templates import HOW, UnusableTemplate

TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
TEXTS = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
FOOT = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
COVERS = ("title",)
NO_PAGES = ("title", "secHead", "vertTitleAndTx", "vertTx")  # kinds of layouts that are for something else

MEASURED = re.compile(r"(arial|helvetica|liberation sans)\b", re.I)
UNMEASURED = 1.17  # so much wider is Verdana, and DejaVu Sans, which stands in on Linux machines
CAPITALS = 1.25  # how much wider capitals are

GAP = 10.0  # points between title and what is told
MARGIN = 30.0  # to the edge of a slide, where no layout says another
LEAST_WIDTH, LEAST_HEIGHT = 420.0, 190.0  # points that a chart and its table need
NUMBER_ROOM = 18.0
LOGO = 0.15  # of a slide: a picture above that is its background
SAME = 2.0  # points between two places that are meant to be one
INSETS = (7.2, 3.6, 7.2, 3.6)  # points: the margins of a text frame that says nothing


@dataclass(frozen=True)
class Canvas:
    """The slides of a template.

    Attributes
    ----------
    cover, plain, worded : SlideLayout
        For the cover, for charts and tables, and for text; `worded` is None where no layout has room for it.
    width, height : float
        Of a slide, in points.
    title : Box
        Of the title on a slide, within its margins.
    flows : bool
        The title begins at the top of its box, so that what follows may come closer to a short one.
    body : Box
        Room below the title.
    number : Box or None
        For the number of a slide, where the layout has no place for it.
    letters, title_letters : Letters
    """

    cover: Any
    plain: Any
    worded: Any
    width: float
    height: float
    title: Box
    flows: bool
    body: Box
    number: Box | None
    letters: Letters
    title_letters: Letters


def canvas(opened: Opened) -> Canvas:
    """Find the layouts of a presentation and where things lie on them.

    Raises
    ------
    UnusableTemplate
        No layout has a title, or there is no room below it.
    """
    width, height = (opened.slide_width or 0) / POINT, (opened.slide_height or 0) / POINT
    layouts = [layout for master in opened.slide_masters for layout in master.slide_layouts]
    titled = [layout for layout in layouts if title_of(layout) is not None]
    if not titled:
        raise UnusableTemplate(
            "The template has no layout with a title, and every slide has one. "
            f"Add a layout “Title only” to its slide master. {HOW}"
        )
    plain = min(titled, key=_unfitness)
    cover = next((one for one in titled if one._element.get("type") in COVERS), plain)
    worded = _worded(plain, titled)
    frame = place_of(title_of(plain))
    if frame is None:
        raise UnusableTemplate(f"The template does not say where titles lie. {HOW}")
    body, number = _body(plain, worded, frame, width, height)
    if body.w < LEAST_WIDTH or body.h < LEAST_HEIGHT:
        raise UnusableTemplate(
            f"The template leaves {body.w / 72:.1f} by {body.h / 72:.1f} inches below the title; a chart and "
            f"its table need {LEAST_WIDTH / 72:.1f} by {LEAST_HEIGHT / 72:.1f}. "
            "Give its “Title only” layout more room."
        )
    stretch = _stretch(plain)
    return Canvas(
        cover,
        plain,
        worded,
        width,
        height,
        inner(title_of(plain), frame),
        anchor_of(title_of(plain)) == "t",
        body,
        number,
        Letters(stretch),
        Letters(stretch * (CAPITALS if _shouts(plain) else 1.0)),
    )


# --- layouts ----------------------------------------------------------------------------------------


def title_of(page: Any) -> Any:
    """The title placeholder of a layout or slide, None where there is none."""
    return next((one for one in page.placeholders if one.placeholder_format.type in TITLES), None)


def foot_of(page: Any, kind: Any) -> Any:
    """The placeholder of a layout for date, footer or number; None where there is none."""
    return next((one for one in page.placeholders if one.placeholder_format.type == kind), None)


def _texts(layout: Any) -> list[Any]:
    """What a layout has room for besides title and foot."""
    return [one for one in layout.placeholders if one.placeholder_format.type not in (*TITLES, *FOOT)]


def _unfitness(layout: Any) -> tuple[bool, int]:
    """How much a layout has that a chart does not need; layouts for something else come last."""
    return layout._element.get("type") in NO_PAGES, len(_texts(layout))


def _worded(plain: Any, titled: list[Any]) -> Any:
    """The layout with the same title and one place for text, the largest."""
    where = place_of(title_of(plain))
    found: list[tuple[float, int, Any]] = []
    for layout in titled:
        texts = _texts(layout)
        if (
            layout._element.get("type") in NO_PAGES
            or len(texts) != 1
            or not _is_near(place_of(title_of(layout)), where)
        ):
            continue
        box = place_of(texts[0])
        if texts[0].placeholder_format.type in TEXTS and box is not None:
            found.append((-box.w * box.h, len(found), layout))
    return min(found)[2] if found else None


def _is_near(one: Box | None, other: Box | None) -> bool:
    if one is None or other is None:
        return False
    return abs(one.x - other.x) + abs(one.y - other.y) + abs(one.w - other.w) < SAME


def text_of(page: Any) -> Any:
    """The one place for text of a layout or slide; None where there is none."""
    return next((one for one in _texts(page) if one.placeholder_format.type in TEXTS), None)


# --- places -----------------------------------------------------------------------------------------


def place_of(shape: Any) -> Box | None:
    """Where a shape lies, in points, as it inherits it; None where nobody says."""
    sides = (shape.left, shape.top, shape.width, shape.height)
    if any(side is None for side in sides):
        return None
    return Box(*(side / POINT for side in sides))


def inner(shape: Any, frame: Box) -> Box:
    """What is inside the margins of a text frame."""
    left, top, right, bottom = insets(shape)
    return Box(frame.x + left, frame.y + top, max(frame.w - left - right, 1), max(frame.h - top - bottom, 1))


def insets(shape: Any) -> tuple[float, ...]:
    """Left, top, right and bottom margin of a placeholder, in points, as it inherits them."""
    found = []
    for name, usual in zip(("lIns", "tIns", "rIns", "bIns"), INSETS, strict=True):
        text = _said(shape, name)
        found.append(int(text) / POINT if text else usual)
    return tuple(found)


def anchor_of(shape: Any) -> str:
    """Whether text begins at the top ("t"), the middle or the bottom of a placeholder."""
    return _said(shape, "anchor") or "t"


def _said(shape: Any, name: str) -> str:
    """An attribute of a placeholder's text frame, or of the one it inherits from."""
    while shape is not None:
        body = shape._element.find(f"{qn('p:txBody')}/{qn('a:bodyPr')}")
        if body is not None and body.get(name) is not None:
            return str(body.get(name))
        shape = getattr(shape, "_base_placeholder", None)
    return ""


def _body(plain: Any, worded: Any, title: Box, width: float, height: float) -> tuple[Box, Box | None]:
    """The room for what is told, and a place for the number where the layout has none."""
    below = title.bottom + GAP
    own = place_of(text_of(worded)) if worded is not None else None
    if own is not None and own.y >= title.y and own.bottom > below:
        body = inner(text_of(worded), own)
    else:
        left = max(min(title.x, width - title.right), MARGIN / 2)
        body = Box(left, below, width - 2 * left, height - MARGIN - below)
    if body.y < below and body.x < title.right:
        body = body.below(below - body.y)
    bottom = min([body.bottom, height - MARGIN / 2, *_feet(plain, body)])
    number = None
    if foot_of(plain, PP_PLACEHOLDER.SLIDE_NUMBER) is None:
        bottom = min(bottom, height - MARGIN / 2 - NUMBER_ROOM)
        number = Box(body.right - 60, height - MARGIN / 2 - NUMBER_ROOM + 2, 60, NUMBER_ROOM - 4)
    body = Box(body.x, body.y, min(body.w, width - body.x), bottom - body.y)
    return _clear(body, logos_of(plain, width * height)), number


def _feet(plain: Any, body: Box) -> list[float]:
    """Where the places at the foot of a layout begin."""
    boxes = [place_of(one) for one in plain.placeholders if one.placeholder_format.type in FOOT]
    return [box.y - 2 for box in boxes if box is not None and box.y > body.y + LEAST_HEIGHT]


def logos_of(layout: Any, slide: float) -> list[Box]:
    """Where logos lie: small pictures of a layout and of its master.

    Parameters
    ----------
    layout : SlideLayout
    slide : float
        The size of a slide, in square points.
    """
    shapes = [*layout.shapes, *layout.slide_master.shapes]
    boxes = [place_of(one) for one in shapes if one._element.tag in (qn("p:pic"), qn("p:grpSp"))]
    return [box for box in boxes if box is not None and box.w * box.h < LOGO * slide]


def _clear(body: Box, logos: list[Box]) -> Box:
    """The largest part of a place that no logo lies on."""
    for logo in logos:
        if body.meets(logo):
            cut = (
                Box(body.x, body.y, body.w, logo.y - body.y),
                Box(body.x, logo.bottom, body.w, body.bottom - logo.bottom),
                Box(body.x, body.y, logo.x - body.x, body.h),
                Box(logo.right, body.y, body.right - logo.right, body.h),
            )
            body = max(cut, key=lambda one: max(one.w, 0) * max(one.h, 0))
    return body


# --- type -------------------------------------------------------------------------------------------


def _stretch(layout: Any) -> float:
    """How much wider the letters of a theme's fonts may be than those that were measured."""
    theme = layout.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob.decode("utf-8", "replace")
    fonts = re.findall(r"<a:m(?:ajor|inor)Font>\s*<a:latin typeface=\"([^\"]*)\"", theme)
    return 1.0 if fonts and all(MEASURED.match(font) for font in fonts) else UNMEASURED


def _shouts(layout: Any) -> bool:
    """Whether titles are written in capitals."""
    parts = [layout.slide_master._element.find(f".//{qn('p:titleStyle')}"), title_of(layout)._element]
    kinds = [kind for part in parts if part is not None for kind in part.iter(qn("a:defRPr"))]
    return any(kind.get("cap") == "all" for kind in kinds)
