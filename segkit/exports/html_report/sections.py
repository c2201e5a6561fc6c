"""The pages of a story as sections of a report: the finding, its figures, and the numbers behind them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan

from segkit.charts.palette import LIGHT
from segkit.charts.report_charts import Pair, report_charts
from segkit.exports.html_report.markup import (
    Cell,
    bullets,
    folded,
    literal,
    name,
    quoted,
    row,
    table,
)
from segkit.insights.edition import slug
from segkit.insights.kpi_text import interval_text
from segkit.insights.story.blocks import Bar, Bars, Block, Grid, Lines, seen
from segkit.insights.story.pages import Page
from segkit.labels import number, span
from segkit.measures.kpi_table import BASE, Kpi, KpiTable

COVER = "cover"
KPI_PAGE, PROFILE = "kpi:", "profile:"  # how keys of pages begin


@dataclass(frozen=True)
class Section:
    """A part of a report.

    Attributes
    ----------
    key : str
        Its id in the file: letters, digits and hyphens.
    label : str
        What the table of contents calls it.
    html : str
    figures : mapping of str to Pair
        By the id of the place where each is drawn once it comes into sight.
    """

    key: str
    label: str
    html: str
    figures: Mapping[str, Pair] = field(default_factory=dict)


def story_sections(pages: Sequence[Page], kpis: KpiTable) -> list[Section]:
    """Draw the pages of a story but for its cover.

    Parameters
    ----------
    pages : sequence of Page
        In the order in which they are told.
    kpis : KpiTable
        The numbers behind them.
    """
    told = [page for page in pages if page.key != COVER]
    return [_section(page, place, kpis) for place, page in enumerate(told, start=1)]


def _section(page: Page, place: int, kpis: KpiTable) -> Section:
    key = "-".join(filter(None, ("page", str(place), slug(page.key).replace("_", "-"))))
    html, figures = drawn(page.blocks, page, kpis, key)
    notes = folded("Definitions and sources", bullets(page.notes)) if page.notes else ""
    return Section(key, page.label, heading(key, page) + html + notes, figures)


def heading(key: str, page: Page) -> str:
    """What a page says: its label, its finding, what is shown; what the data say below a person's title."""
    if page.finding:  # a person wrote the title, in her language
        title = f"<h2 id='{key}-title' dir='auto'>{literal(page.title)}</h2>"
        finding = f"<p class='finding'>The data say: {literal(page.finding)}</p>"
    else:
        title, finding = f"<h2 id='{key}-title'>{literal(page.title)}</h2>", ""
    subtitle = f"<p class='subtitle'>{literal(page.subtitle)}</p>" if page.subtitle else ""
    return f"<header><p class='kicker'>{literal(page.label)}</p>{title}{finding}{subtitle}</header>"


def drawn(blocks: Sequence[Block], page: Page, kpis: KpiTable, key: str) -> tuple[str, Mapping[str, Pair]]:
    """Draw what stands on a page: HTML, and the figures by the ids of their places in it."""
    texts: list[str] = []
    figures: dict[str, Pair] = {}
    for place, block in enumerate(blocks):
        pairs = report_charts(block, LIGHT, page.title) if isinstance(block, Bars) else []
        own = {f"{key}-chart-{place}-{part}": pair for part, pair in enumerate(pairs)}
        texts.append(_bars(block, own, page, kpis) if isinstance(block, Bars) else _still(block))
        figures |= own
    return "".join(texts), figures


def _still(block: Grid | Lines) -> str:
    """What needs no figure."""
    return _grid(block) if isinstance(block, Grid) else _lines(block)


def _lines(block: Lines) -> str:
    title = f"<h3>{literal(block.title)}</h3>" if block.title else ""
    return f"<div class='lines'>{title}{bullets(block.items)}</div>"


def _grid(block: Grid) -> str:
    colours = block.colours or (None,) * len(block.rows)
    rows = [
        row(name(cells[0]), [Cell(literal(text)) for text in cells[1:]], colour=colour)
        for cells, colour in zip(block.rows, colours, strict=True)
        if cells
    ]
    return table(block.head, rows, kind="grid")


# --- bars, and the numbers behind them --------------------------------------------------------------


def _bars(block: Bars, figures: Mapping[str, Pair], page: Page, kpis: KpiTable) -> str:
    shown = f"<figcaption>{literal(block.shown)}</figcaption>" if block.shown != page.label else ""
    charts = "".join(_place(key, pair) for key, pair in figures.items())
    return f"<figure>{shown}{charts}{folded('Numbers', _numbers(block, page, kpis))}</figure>"


def _place(key: str, pair: Pair) -> str:
    """Where a figure will be drawn; its text stands for it, and its height is kept free."""
    wide, narrow = (one.drawn["layout"]["height"] for one in (pair.wide, pair.narrow))
    return (
        f"<div class='chart' id='{key}' role='img' aria-label=\"{quoted(pair.wide.alt)}\" "
        f"style='--wide:{wide}px;--narrow:{narrow}px'></div>"
    )


def _numbers(block: Bars, page: Page, kpis: KpiTable) -> str:
    """The table behind a figure; columns that would be empty are absent."""
    behind = _behind(page.key, kpis)
    cells = [(one, _cells(one, block, behind.get(one.label), kpis)) for one in block.rows]
    used = [place for place in range(len(HEAD)) if any(told[place].html for _, told in cells)]
    rows = [row(name(one.label), [told[place] for place in used], colour=one.colour) for one, told in cells]
    if not isnan(block.everyone):
        rows.append(_everyone(block, page, kpis, used))
    numbers = [place for place, column in enumerate(used, start=1) if HEAD[column] != VERDICT]
    first = "Column" if page.key.startswith(PROFILE) else "Segment"
    return table((first, *(HEAD[place] for place in used)), rows, numbers)


VERDICT = "What it means"
HEAD = ("Value", "95 % interval", VERDICT, "Answers")


def _behind(key: str, kpis: KpiTable) -> Mapping[str, Kpi]:
    """The cells of a KPI's page by the segment's name as it is seen; names that look the same have none."""
    rows = kpis.of(key.removeprefix(KPI_PAGE)) if key.startswith(KPI_PAGE) else []
    count = Counter(seen(one.segment_name) for one in rows)
    return {text: one for one in rows if count[text := seen(one.segment_name)] == 1 and one.segment != BASE}


def _cells(bar: Bar, block: Bars, behind: Kpi | None, kpis: KpiTable) -> list[Cell]:
    note = "; ".join(
        filter(None, (bar.note, "indicative" if bar.few and "indicative" not in bar.note else ""))
    )
    value = Cell(f"<b>{literal(bar.text)}</b>", True, {"value": bar.value})
    if isnan(bar.value):
        return [value, Cell(""), Cell(literal(note)), Cell("")]
    interval = Cell(literal(_interval(bar, behind, kpis)), True, {"low": bar.low, "high": bar.high})
    answers = Cell("", True) if behind is None else Cell(number(behind.n), True, {"n": behind.n})
    return [value, interval, Cell(literal(note)), answers]


def _interval(bar: Bar, behind: Kpi | None, kpis: KpiTable) -> str:
    if isnan(bar.low):
        return ""
    return (
        interval_text(kpis.definition(behind.kpi), behind)
        if behind
        else span(number(bar.low), number(bar.high))
    )


def _everyone(block: Bars, page: Page, kpis: KpiTable, used: Sequence[int]) -> str:
    """The row of everyone below the others."""
    base = kpis.find(BASE, page.key.removeprefix(KPI_PAGE))
    bar = Bar("Everyone", block.everyone, text=block.everyone_text)
    if base is not None and page.key.startswith(KPI_PAGE):
        bar = Bar("Everyone", block.everyone, base.low, base.high, block.everyone_text)
    told = _cells(bar, block, base if page.key.startswith(KPI_PAGE) else None, kpis)
    return row("Everyone", [told[place] for place in used], " class='base'")
