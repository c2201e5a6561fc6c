"""Words on a slide: sentences, and large numbers with what they count."""

from dataclasses import replace
from math import ceil

from segkit.exports.deck.lay_tables import shared
from segkit.exports.deck.letters import TALL_LINE, Letters, line_height
from segkit.exports.deck.pieces import SIZES, SMALLEST, Sheetful, Words, kept
from segkit.exports.deck.shapes import QUIET, Box, Para
from segkit.insights.story.blocks import Facts, Lines

BETWEEN = 22.0  # points between numbers
LEAD = 40  # letters: what stands before a colon and is no longer is a label
FACT_SIZES = (40.0, 32.0, 26.0, 20.0, 16.0)
FACT_LABEL = 14.0
FACTS_ACROSS, HIGHEST_FACT = 4, 130.0


def lines_laid(block: Lines, box: Box, letters: Letters) -> list[Sheetful]:
    """Sentences in the largest type in which they fit; those that have no room go on on a further slide."""
    for size in SIZES:
        paras = _sentences(block, size)
        if sum(para.height(letters, box.w) for para in paras) <= box.h:
            return [Sheetful((Words(box, tuple(paras), main=True),))]
    cut: list[str] = []
    most = max(int(box.h / (SMALLEST * TALL_LINE)) - 1, 1)
    paras = [
        replace(para, text=kept(para.text, letters.cut(para.text, box.w, most, SMALLEST, bold=True), cut))
        for para in _sentences(block, SMALLEST)
    ]
    parts = shared([para.height(letters, box.w) for para in paras], box.h)
    sheets = [Sheetful((Words(box, tuple(paras[part.start : part.stop]), main=True),)) for part in parts]
    return [replace(sheets[0], cut=tuple(cut)), *sheets[1:]]


def _sentences(block: Lines, size: float) -> list[Para]:
    """Lines as paragraphs; what stands before a colon is bold."""
    title = [Para(block.title, size, bold=True)] if block.title else []
    return title + [
        Para(text, size, before=0.45 * size if place or title else 0.0, lead=_lead(text))
        for place, text in enumerate(block.items)
    ]


def _lead(text: str) -> int:
    colon = text.find(": ")
    return colon + 2 if 0 < colon <= LEAD else 0


def facts_laid(block: Facts, box: Box, letters: Letters) -> Sheetful:
    """Large numbers, each above what it counts."""
    across = min(len(block.items), FACTS_ACROSS) or 1
    down = ceil(len(block.items) / across) or 1
    width, height = (box.w - BETWEEN * (across - 1)) / across, min(box.h / down, HIGHEST_FACT)
    cut: list[str] = []
    pieces = [
        Words(
            Box(
                box.x + (place % across) * (width + BETWEEN),
                box.y + (place // across) * height,
                width,
                height,
            ),
            _fact(value, label, width, height, letters, cut),
        )
        for place, (value, label) in enumerate(block.items)
    ]
    return Sheetful(tuple(pieces), tuple(cut))


def _fact(
    value: str, label: str, width: float, height: float, letters: Letters, cut: list[str]
) -> tuple[Para, ...]:
    room = height - line_height(label, FACT_LABEL)
    fitting = [
        size
        for size in FACT_SIZES
        if letters.count(value, width, size, bold=True) == 1 and line_height(value, size) <= room
    ]
    size = fitting[0] if fitting else FACT_SIZES[-1]
    most = max(int((height - line_height(value, size)) / line_height(label, FACT_LABEL)), 1)
    return (
        Para(kept(value, letters.cut(value, width, 1, size, bold=True), cut), size, bold=True),
        Para(kept(label, letters.cut(label, width, most, FACT_LABEL), cut), FACT_LABEL, colour=QUIET),
    )
