"""Laying out: the blocks of a page and the room there is -> what stands where on how many slides."""

from collections.abc import Sequence
from dataclasses import replace

from segkit.exports.deck.lay_bars import bars_laid
from segkit.exports.deck.lay_tables import grid_laid
from segkit.exports.deck.lay_words import lines_laid
from segkit.exports.deck.letters import Letters, bound
from segkit.exports.deck.pieces import Sheetful
from segkit.exports.deck.shapes import Box
from segkit.insights.story.blocks import Bars, Block, Grid, Lines

BETWEEN = 22.0  # points between what stands side by side
LEFT_SHARE = 0.54


def laid(blocks: Sequence[Block], box: Box, letters: Letters, title: str) -> list[Sheetful]:
    """Lay the blocks of a page out: bars and lines side by side where both fit, else a slide for each block.

    Parameters
    ----------
    blocks : sequence of Block
    box : Box
        The room on a slide.
    letters : Letters
    title : str
        The finding, for what charts and tables say in words.

    Returns
    -------
    list of Sheetful
        One or more; without blocks an empty one.
    """
    if tuple(type(block) for block in blocks) == (Bars, Lines):
        both = _side_by_side(blocks[0], blocks[1], box, letters, title)
        if both is not None:
            return [both]
    return [one for block in blocks for one in _laid(block, box, letters, title)] or [Sheetful()]


def _side_by_side(first: Block, second: Block, box: Box, letters: Letters, title: str) -> Sheetful | None:
    """Two blocks on one slide; None where one of them would be cut or go on."""
    left = Box(box.x, box.y, (box.w - BETWEEN) * LEFT_SHARE, box.h)
    right = Box(left.right + BETWEEN, box.y, box.right - left.right - BETWEEN, box.h)
    sheets = [*_laid(first, left, letters, title), *_laid(second, right, letters, title)]
    if len(sheets) != 2 or sheets[0].cut or sheets[1].cut:
        return None
    return sheets[0].beside(sheets[1])


def _laid(block: Block, box: Box, letters: Letters, title: str) -> list[Sheetful]:
    """Lay a block out; marks stay on the line of what they mark."""
    if isinstance(block, Bars):
        bars = tuple(replace(row, note=bound(row.note)) for row in block.rows)
        return bars_laid(replace(block, rows=bars), box, letters, title) if bars else []
    if isinstance(block, Grid):
        rows = tuple(tuple(map(bound, row)) for row in block.rows)
        return grid_laid(replace(block, rows=rows), box, letters, title) if rows else []
    return lines_laid(replace(block, items=tuple(map(bound, block.items))), box, letters)
