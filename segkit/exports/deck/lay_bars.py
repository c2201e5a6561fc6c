"""Bars on a slide: the chart, and a table level with it that says what each bar means.

The largest type is taken in which everything fits. Where there are too many rows for the smallest, they go on
on a further slide; a text that is too long even so is cut, and given whole to the notes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, isnan

from segkit.exports.deck.bars import (
    LABEL_GAP,
    Drawn,
    ends_of,
    has_intervals,
    labelled,
    with_everyone,
)
from segkit.exports.deck.letters import LINE, Letters, line_height
from segkit.exports.deck.pieces import HEAD_SIZE, SIZES, SMALLEST, Chart, Sheetful, Table, Words, kept
from segkit.exports.deck.shapes import PAD, PAD_ACROSS, QUIET, Box, Cell, Para
from segkit.insights.kpi_text import value_text
from segkit.insights.story.blocks import Bar, Bars, seen
from segkit.labels import NARROW_SPACE, number, span
from segkit.measures.definitions import KPIS
from segkit.measures.suppression import SMALLEST_RANKED

MOST_LINES = 3  # of a label or a note
CAPTION_LINES = 2
HEAD_LINES = 2  # that a head takes, where it is not known yet
HIGHEST_ROW = 70.0  # points; two bars that fill a slide shout
NAMES_SHARES = (0.45, 0.38, 0.30)  # of the width, at most, beside so many columns
BESIDE_SHARE = 0.27  # of the width, at most, for each of these
BARS_SHARE = 0.24  # of the width, at least; what labels take counts in
LABELS_SHARE = 0.05  # for the labels of bars, where all is as narrow as can be
LEAST_REACH = 60.0  # points the longest bar has at least


@dataclass(frozen=True)
class _Beside:
    """A column of words beside bars."""

    head: str
    texts: tuple[str, ...]
    whole: bool = False  # never broken into lines

    def lines(self, most: int) -> int:
        """How many lines its texts may take."""
        return 1 if self.whole else most


@dataclass(frozen=True)
class _Fit:
    """Type and widths in which the rows of bars fit."""

    size: float
    names: float
    columns: tuple[float, ...]
    lines: int
    head: float = 0.0
    row: float = 0.0


def bars_laid(block: Bars, box: Box, letters: Letters, title: str) -> list[Sheetful]:
    """Bars with what they mean beside them; many go on over several slides, in the same type and scale."""
    extra = 0 if isnan(block.everyone) else 1
    texts = [text for row in block.rows for text in (row.label, row.text, row.note)]
    lowest = max(line_height(text, SMALLEST) for text in texts) + 2 * PAD + 1
    most = max(int((box.h - HEAD_LINES * HEAD_SIZE * LINE) / lowest) - extra, 1)
    for fewer in range(most, 0, -1):  # a high head leaves room for fewer
        each = ceil(len(block.rows) / ceil(len(block.rows) / fewer))
        fit = _fit(block, each + extra, box, letters)
        if fit.row >= lowest:
            break
    parts = [block.rows[start : start + each] for start in range(0, len(block.rows), each)]
    return [_bars_part(block, replace(block, rows=part), fit, box, letters, title) for part in parts]


def _bars_part(block: Bars, part: Bars, fit: _Fit, box: Box, letters: Letters, title: str) -> Sheetful:
    """The bars of one slide: caption, chart, table."""
    rows, cut, width = with_everyone(part), list[str](), box.w - sum(fit.columns)
    names = tuple(_name(row.label, fit, letters, cut) for row in rows)
    chart_box = Box(box.x, box.y + fit.head, width, fit.row * len(rows))
    shown = _caption(block)
    caption = kept(shown, letters.cut(shown, width, CAPTION_LINES, HEAD_SIZE, bold=True), cut)
    over = letters.height(caption, width, HEAD_SIZE, bold=True) + PAD
    pieces: list[Chart | Table | Words] = [
        Words(
            Box(box.x, chart_box.y - over, width, over),
            (Para(caption, HEAD_SIZE, bold=True, colour=QUIET),),
        ),
        Chart(
            chart_box,
            _drawn(block, rows, names, fit, width, letters),
            replace(part, rows=rows).told(title),
        ),
    ]
    beside = _columns_beside(block, rows)
    if beside:
        pieces.append(_table_beside(block, rows, beside, fit, chart_box, letters, cut))
    return Sheetful(tuple(pieces), tuple(cut))


def _caption(block: Bars) -> str:
    """What the bars are, and where they begin if that is not zero."""
    return block.shown + (f"; bars begin at {number(block.start)}" if block.start else "")


def _name(label: str, fit: _Fit, letters: Letters, cut: list[str]) -> str:
    """A label as it fits in its lines; where they break is up to who draws it, so that data hold names."""
    room = fit.names - 2 * LABEL_GAP
    fits = kept(label, letters.cut(label, room, fit.lines, fit.size), cut)
    return seen(fits)


def _drawn(
    block: Bars, rows: tuple[Bar, ...], names: tuple[str, ...], fit: _Fit, width: float, letters: Letters
) -> Drawn:
    low, high = ends_of(block)
    return Drawn(
        rows=rows,
        shown=block.shown,
        start=block.start,
        low=low,
        high=high,
        width=width,
        names=names,
        names_width=fit.names,
        size=fit.size,
        labels=labelled(block),
        letters=letters,
    )


def _columns_beside(block: Bars, rows: Sequence[Bar]) -> list[_Beside]:
    """What stands beside bars: the text where it is no label, the interval, what it means."""
    compared = has_intervals(block.rows)
    columns = []
    if not labelled(block):
        columns.append(_Beside("In numbers", tuple(row.text for row in rows)))
    if compared:
        columns.append(
            _Beside(f"95{NARROW_SPACE}% interval", tuple(_interval(row, block) for row in rows), whole=True)
        )
    marked = labelled(block)
    notes = tuple(_note(row, marked) for row in rows)
    if any(_note(row, marked) for row in block.rows):  # the same columns on every slide
        columns.append(_Beside("Compared with the rest" if compared else "What it rests on", notes))
    return columns


def _interval(row: Bar, block: Bars) -> str:
    """The interval in the words of a KPI; money has the currency that its value has."""
    if isnan(row.value) or isnan(row.low) or isnan(row.high):
        return ""
    kind = replace(KPIS[0], format=block.format)
    unit = row.text.split(NARROW_SPACE)[0] if block.format == "money" and NARROW_SPACE in row.text else ""
    return span(value_text(kind, row.low, unit), value_text(kind, row.high, unit))


def _note(row: Bar, marked: bool) -> str:
    """What a row means; what is not shown says so."""
    parts = []
    if isnan(row.value) and marked and not row.note.lower().startswith(row.text.lower()):
        parts.append(row.text)
    parts.append(row.note)
    if row.few and "indicative" not in row.note and "yet" not in row.note:
        parts.append(f"indicative: fewer than {SMALLEST_RANKED}")
    return "; ".join(filter(None, parts))


def _fit(block: Bars, count: int, box: Box, letters: Letters) -> _Fit:
    """The largest type in which so many rows fit, in few lines rather than many; else the smallest."""
    rows = with_everyone(block)
    beside, names = _columns_beside(block, rows), tuple(row.label for row in rows)
    for size in SIZES:
        for lines in range(1, MOST_LINES + 1):
            fit = _tried(size, lines, names, _caption(block), beside, count, box, letters)
            if fit is None:
                continue
            width = box.w - sum(fit.columns)
            drawn = _drawn(block, rows, names, fit, width, letters)
            if width - fit.names >= BARS_SHARE * box.w and drawn.reach - drawn.margins[0] >= LEAST_REACH:
                return fit
    return _squeezed(names, _caption(block), beside, count, box, letters)


def _tried(
    size: float,
    lines: int,
    names: Sequence[str],
    caption: str,
    beside: list[_Beside],
    count: int,
    box: Box,
    letters: Letters,
) -> _Fit | None:
    """Widths for some size and number of lines; None where a text or the rows do not fit."""
    room = _column(names, "", lines, size, letters, _names_share(beside) * box.w, 2 * LABEL_GAP)
    columns = tuple(
        _column(one.texts, one.head, one.lines(lines), size, letters, BESIDE_SHARE * box.w, 2 * PAD_ACROSS)
        for one in beside
    )
    fit = _with_rows(_Fit(size, room, columns, lines), caption, beside, count, box, letters)
    kinds = [(names, room - 2 * LABEL_GAP, lines)]
    for one, width in zip(beside, columns, strict=True):
        kinds.append((one.texts, width - 2 * PAD_ACROSS, one.lines(lines)))
    for texts, width, most in kinds:
        if size > SMALLEST and letters.longest(texts, size) > width:  # a smaller type may keep words whole
            return None
        for text in texts:
            taken = letters.count(text, width, size)
            if taken > most or taken * line_height(text, size) + 2 * PAD > fit.row:
                return None
    return fit


def _with_rows(
    fit: _Fit, caption: str, beside: list[_Beside], count: int, box: Box, letters: Letters
) -> _Fit:
    """How high the head and each row may be."""
    heads = [(one.head, width - 2 * PAD_ACROSS) for one, width in zip(beside, fit.columns, strict=True)]
    high = [letters.height(head, width, HEAD_SIZE, bold=True) for head, width in heads]
    room = box.w - sum(fit.columns)
    over = min(letters.count(caption, room, HEAD_SIZE, bold=True), CAPTION_LINES)
    head = max([over * line_height(caption, HEAD_SIZE), *high]) + 2 * PAD + 2
    return replace(fit, head=head, row=min((box.h - head) / count, HIGHEST_ROW))


def _names_share(beside: list[_Beside]) -> float:
    return NAMES_SHARES[min(len(beside), len(NAMES_SHARES) - 1)]


def _column(
    texts: Sequence[str], head: str, lines: int, size: float, letters: Letters, most: float, margins: float
) -> float:
    """The narrowest width, in steps, in which each text takes some lines at most and no word is broken."""
    widest = max((letters.width(text, size) for text in texts), default=0.0)
    parts = [head] if lines == 1 else head.split()  # a head is broken where texts are
    words = max((letters.width(word, HEAD_SIZE, bold=True) for word in parts), default=0.0)
    width = max(widest / lines, letters.longest(texts, size))
    while width < widest and any(letters.count(text, width, size) > lines for text in texts):
        width *= 1.06
    return min(max(min(width, widest), words) + margins + 1, most)


def _squeezed(
    names: Sequence[str], caption: str, beside: list[_Beside], count: int, box: Box, letters: Letters
) -> _Fit:
    """The smallest type and the most room that words may take: what does not fit is cut."""
    room = _column(names, "", 1, SMALLEST, letters, _names_share(beside) * box.w, 2 * LABEL_GAP)
    columns = tuple(
        _column(one.texts, one.head, 1, SMALLEST, letters, BESIDE_SHARE * box.w, 2 * PAD_ACROSS)
        for one in beside
    )
    most = (1 - _names_share(beside) - BARS_SHARE - LABELS_SHARE) * box.w
    if sum(columns) > most:
        columns = tuple(column * most / sum(columns) for column in columns)
    fit = _with_rows(_Fit(SMALLEST, room, columns, 1), caption, beside, count, box, letters)
    tall = max(line_height(text, SMALLEST) for text in names)
    return replace(fit, lines=min(max(int((fit.row - 2 * PAD) / tall), 1), MOST_LINES))


def _table_beside(
    block: Bars,
    rows: Sequence[Bar],
    beside: list[_Beside],
    fit: _Fit,
    chart: Box,
    letters: Letters,
    cut: list[str],
) -> Table:
    """A table whose rows lie level with the bars."""
    lines = [tuple(Cell(Para(one.head, HEAD_SIZE, bold=True, colour=QUIET)) for one in beside)]
    for place in range(len(rows)):
        cells = []
        for one, width in zip(beside, fit.columns, strict=True):
            text, room = one.texts[place], width - 2 * PAD_ACROSS
            most = max(min(fit.lines, int((fit.row - 2 * PAD) / line_height(text, fit.size) + 0.01)), 1)
            cells.append(Cell(Para(kept(text, letters.cut(text, room, most, fit.size), cut), fit.size)))
        lines.append(tuple(cells))
    told = "; ".join(
        f"{row.label}: {', '.join(filter(None, (one.texts[place] for one in beside)))}"
        for place, row in enumerate(rows)
    )
    box = Box(chart.right, chart.y - fit.head, sum(fit.columns), fit.head + chart.h)
    heights = (fit.head, *(fit.row for _ in rows))
    return Table(box, fit.columns, heights, tuple(lines), f"{block.shown}, beside the bars. {told}.")
