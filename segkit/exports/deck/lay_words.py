"""Words on a slide: sentences, and large numbers with what they count."""

from dataclasses import replace

from segkit.exports.deck.lay_tables import shared
from segkit.exports.deck.letters import TALL_LINE, Letters
from segkit.exports.deck.pieces import SIZES, SMALLEST, Sheetful, Words, kept
from segkit.exports.deck.shapes import Box, Para
from segkit.insights.story.blocks import Lines

BETWEEN = 22.0  # points between numbers
LEAD = 40  # letters: what stands before a colon and is no longer is a label


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
