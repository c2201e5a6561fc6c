"""Tables on a slide: columns as wide as they need, rows that have no room on a further slide."""

from collections.abc import Sequence

from segkit.charts.palette import segment_colour
from segkit.exports.deck.letters import Letters, line_height
from segkit.exports.deck.pieces import HEAD_SIZE, SIZES, SMALLEST, Sheetful, Table, kept
from segkit.exports.deck.shapes import COLOUR_LINE, PAD, PAD_ACROSS, QUIET, TEXT, Box, Cell, Para
from segkit.insights.story.blocks import Grid

LOOSE = 10.0  # points that rows are given more where there is room


def grid_laid(block: Grid, box: Box, letters: Letters, title: str) -> list[Sheetful]:
    """A table; rows that have no room go on over further slides below the same head."""
    for size in SIZES:
        widths = _grid_widths(block, size, box.w, letters)
        heights = _heights(block, widths, size, letters)
        if sum(heights) <= box.h and not _breaks_words(block, widths, size, letters):
            return [_grid_part(block, range(len(block.rows)), widths, heights, size, box, letters, title)]
    widths = _grid_widths(block, SMALLEST, box.w, letters)
    heights = [min(height, box.h / 2) for height in _heights(block, widths, SMALLEST, letters)]
    room = box.h - heights[0]
    return [
        _grid_part(block, part, widths, heights, SMALLEST, box, letters, title)
        for part in shared(heights[1:], room)
    ]


def _grid_part(
    block: Grid,
    part: range,
    widths: Sequence[float],
    heights: Sequence[float],
    size: float,
    box: Box,
    letters: Letters,
    title: str,
) -> Sheetful:
    cut: list[str] = []
    taken = [heights[0], *(heights[place + 1] for place in part)]
    more = min((box.h - sum(taken)) / len(taken), LOOSE)
    lines = [_row(block, -1, widths, taken[0], size, letters, cut)]
    lines += [
        _row(block, place, widths, height, size, letters, cut)
        for place, height in zip(part, taken[1:], strict=True)
    ]
    taken = [height + more for height in taken]
    rows = "; ".join(_row_told(block, place) for place in part)
    table = Table(
        Box(box.x, box.y, sum(widths), sum(taken)),
        tuple(widths),
        tuple(taken),
        tuple(lines),
        f"{title.rstrip('.')}. {rows}.",
    )
    return Sheetful((table,), tuple(cut))


def _row(
    block: Grid,
    place: int,
    widths: Sequence[float],
    height: float,
    size: float,
    letters: Letters,
    cut: list[str],
) -> tuple[Cell, ...]:
    """The cells of a row, -1 for the head; what is higher than the row is cut."""
    texts = block.head if place < 0 else block.rows[place]
    marked = place >= 0 and bool(block.colours) and block.colours[place] >= 0
    size = size if place >= 0 else HEAD_SIZE
    cells = []
    for column, text in enumerate(texts):
        bold = place < 0 or column == 0
        most = max(int((height - 2 * PAD) / line_height(text, size) + 0.01), 1)
        fits = letters.cut(text, _cell_room(block, column, widths[column]), most, size, bold)
        para = Para(kept(text, fits, cut), size, bold, QUIET if place < 0 else TEXT)
        colour = segment_colour(block.colours[place]) if marked and column == 0 else ""
        cells.append(Cell(para, colour))
    return tuple(cells)


def _row_told(block: Grid, place: int) -> str:
    first, *others = block.rows[place]
    pairs = zip(block.head[1:], others, strict=True)
    return f"{first}: {', '.join(f'{head} {text}' for head, text in pairs if text)}"


def _margins(block: Grid, column: int) -> float:
    return 2 * PAD_ACROSS + (COLOUR_LINE if block.colours and column == 0 else 0.0) + 0.5


def _cell_room(block: Grid, column: int, width: float) -> float:
    return width - _margins(block, column)


def _texts_of(block: Grid, column: int) -> list[tuple[str, bool]]:
    """The texts of a column and whether they are bold."""
    return [(block.head[column], True), *((row[column], column == 0) for row in block.rows)]


def _grid_widths(block: Grid, size: float, room: float, letters: Letters) -> list[float]:
    """Widths of columns: what they need, the longest ones share what is left, words stay whole."""
    natural, least = [], []
    for column in range(len(block.head)):
        margins = _margins(block, column)
        sized = [
            (text, HEAD_SIZE if place == 0 else size, bold)
            for place, (text, bold) in enumerate(_texts_of(block, column))
        ]
        natural.append(margins + max(letters.width(*one) for one in sized))
        words = [(word, kind, bold) for text, kind, bold in sized for word in text.split()]
        least.append(1 + margins + max((letters.width(*one) for one in words), default=0.0))
    if sum(natural) <= room:
        return [width * room / sum(natural) for width in natural]
    if 0 <= block.wide < len(natural):
        fair = 0.6 * room / max(len(natural) - 1, 1)
        others = [
            max(min(width, fair), min(word, room / 4)) for width, word in zip(natural, least, strict=True)
        ]
        others[block.wide] = 0.0
        if sum(others) < 0.75 * room:
            others[block.wide] = room - sum(others)
            return others
    return _poured(natural, [min(word, room / 3) for word in least], room)


def _poured(natural: list[float], least: list[float], room: float) -> list[float]:
    """Share a width: columns that need less than a fair share get that, none less than its words."""
    if sum(least) >= room:
        return [word * room / sum(least) for word in least]
    widths, rest = list(least), room - sum(least)
    wanting = [place for place, width in enumerate(natural) if width > least[place]]
    while rest > 0.5 and wanting:
        each = rest / len(wanting)
        for place in wanting:
            more = min(each, natural[place] - widths[place])
            widths[place] += more
            rest -= more
        wanting = [place for place in wanting if natural[place] - widths[place] > 0.1]
    return [width + rest / len(widths) for width in widths]


def _heights(block: Grid, widths: Sequence[float], size: float, letters: Letters) -> list[float]:
    """Heights of head and rows."""
    rows = [(block.head, HEAD_SIZE), *((row, size) for row in block.rows)]
    return [
        2 * PAD
        + max(
            letters.height(text, _cell_room(block, column, widths[column]), kind, place == 0 or column == 0)
            for column, text in enumerate(texts)
        )
        for place, (texts, kind) in enumerate(rows)
    ]


def _breaks_words(block: Grid, widths: Sequence[float], size: float, letters: Letters) -> bool:
    """Whether a word is wider than its column: a smaller type may hold it."""
    return size > SMALLEST and any(
        letters.width(word, HEAD_SIZE if place == 0 else size, bold)
        > _cell_room(block, column, widths[column])
        for column in range(len(block.head))
        for place, (text, bold) in enumerate(_texts_of(block, column))
        for word in text.split()
    )


def shared(heights: Sequence[float], room: float) -> list[range]:
    """Rows over slides: as few as there can be, each about as full as the others."""
    fewest = len(_filled(heights, room))
    for step in range(20):
        limit = min(sum(heights) / fewest * (1 + step / 20), room)
        parts = _filled(heights, limit)
        if len(parts) == fewest:
            return parts
    return _filled(heights, room)


def _filled(heights: Sequence[float], room: float) -> list[range]:
    parts, start, taken = [], 0, 0.0
    for place, height in enumerate(heights):
        if place > start and taken + height > room:
            parts.append(range(start, place))
            start, taken = place, 0.0
        taken += height
    return [*parts, range(start, len(heights))]
