"""A story in parts that fit on a screen: what has many rows goes on on a next page."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from segkit.insights.story.blocks import Bars, Block, Grid
from segkit.insights.story.pages import Page

BARS = 8  # rows of bars that fit on a screen in large type
ROWS = 11  # lines of a table of short texts
SENTENCES = 13  # lines of a table of sentences
NAME_LETTERS, SENTENCE_LETTERS = 20, 40  # on a line of the first column beside sentences, and of these
ALL_LETTERS, CELL_LETTERS = 80, 9  # on a line of a table, and in a cell with a value
MOST_NAME_LINES = 2  # what is longer is cut


def parted(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The same pages, each with no more rows than fit; the parts of one are numbered.

    Examples
    --------
    >>> from segkit.insights.story.blocks import Bar
    >>> bars = Bars(tuple(Bar(str(place), place) for place in range(9)), "Customers", "count")
    >>> [page.label for page in parted([Page("sizes", "Sizes", "", "", (bars,))])]
    ['Sizes, 1 of 2', 'Sizes, 2 of 2']
    """
    return tuple(part for page in pages for part in _parts(page))


def _parts(page: Page) -> Iterator[Page]:
    if len(page.blocks) != 1:
        yield page
        return
    blocks = _cut(page.blocks[0])
    if len(blocks) == 1:
        yield page
        return
    for place, block in enumerate(blocks, start=1):
        key, part = page.key if place == 1 else f"{page.key}.{place}", f"{place} of {len(blocks)}"
        subtitle = f"{page.subtitle.rstrip('.')}; {part}" if page.subtitle else part
        yield replace(page, key=key, label=f"{page.label}, {part}", subtitle=subtitle, blocks=(block,))


def _cut(block: Block) -> list[Block]:
    if isinstance(block, Bars):
        least, most = block.ends
        whole = replace(block, least=least, most=most)
        return [replace(whole, rows=block.rows[a:b]) for a, b in _places([1] * len(block.rows), BARS)]
    if isinstance(block, Grid):
        lines, room = [_lines(row, block.wide) for row in block.rows], SENTENCES if block.wide >= 0 else ROWS
        return [
            replace(block, rows=block.rows[a:b], colours=block.colours[a:b]) for a, b in _places(lines, room)
        ]
    return [block]


def _lines(row: Sequence[str], wide: int) -> int:
    """How many lines a row of a table takes."""
    room = NAME_LETTERS if wide >= 0 else max(ALL_LETTERS - CELL_LETTERS * (len(row) - 1), CELL_LETTERS)
    name = min(max(1, -(-len(row[0]) // room)), MOST_NAME_LINES)
    return max(name, -(-len(row[wide]) // SENTENCE_LETTERS)) if wide >= 0 else name


def _places(lines: Sequence[int], room: int) -> list[tuple[int, int]]:
    """Where each part starts and ends, so that its lines fit; all of about the same length.

    Examples
    --------
    >>> _places([1, 1, 2, 1], 3)
    [(0, 2), (2, 4)]
    """
    for parts in range(max(1, -(-sum(lines) // room)), len(lines) + 1):
        edges = [round(place * len(lines) / parts) for place in range(parts + 1)]
        places = list(pairwise(edges))
        if all(sum(lines[a:b]) <= room or b - a == 1 for a, b in places):
            return places
    return [(0, len(lines))]
