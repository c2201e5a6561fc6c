"""The first sheet: the finding, what it is about, how large the segments are, and the charts."""

from dataclasses import replace
from math import isnan

from segkit.charts.palette import LIGHT
from segkit.exports.workbook.charts import chart, starts
from segkit.exports.workbook.content import Content
from segkit.exports.workbook.pictures import MOST_ON_HALF, Picture
from segkit.exports.workbook.sheets import (
    HEAD,
    LARGEST,
    MUTED,
    SECTION,
    SMALL,
    WRAPPED,
    Cell,
    Page,
    Style,
)
from segkit.exports.workbook.tables import marked_format, tone
from segkit.insights.about import about
from segkit.insights.headlines import results_headline
from segkit.insights.kpi_text import cell_text
from segkit.insights.profile_text import trait_text
from segkit.insights.profiles import profiles
from segkit.measures.kpis import BASE, SMALLEST_SHOWN

WIDTHS = (34, 14, 14, 14, 14, 62)  # characters; together as wide as two charts
ROW = 20  # pixels of a row that nothing made higher
PIXEL = 0.75  # points
SCALE = 60  # percent at which all columns are as wide as a page
PAGE = 1_260  # points of a page that has room for rows, at that scale
HALF, WHOLE = 540, 1092  # pixels of a chart
GAP = 12
HEIGHT = 19  # rows of a chart
BAR = 2  # rows of a bar
BESIDE_SIZES = ("revenue_share", "nps", "retention", "csat", "conversion", "revenue", "margin", "orders")
TRAITS = 2  # of a segment in the table


def write_overview(page: Page, content: Content, found: list[Picture]) -> None:
    """Write the sheet that a reader sees first."""
    page.sheet.hide_gridlines(2)
    page.columns(WIDTHS)
    _write_head(page, content, found)
    _write_segments(page, content)
    _place_charts(page, found)
    page.put(Cell("How the segments were made", SECTION))
    for line in [*about(content.segmentation), *content.segmentation.notes]:
        page.banner(line, WRAPPED)


def _write_head(page: Page, content: Content, found: list[Picture]) -> None:
    edition = content.edition
    page.put(Cell(edition.title[:1].upper() + edition.title[1:], MUTED))
    headline = results_headline(content.kpis) or found[0].title.replace("\n", " ") + "."
    page.banner(headline, Style(size=LARGEST, bold=True))
    page.skip()
    for label, text in edition.facts:
        page.put(Cell(label, MUTED), text)
    page.skip()


# --- the segments -----------------------------------------------------------------------------------


def _write_segments(page: Page, content: Content) -> None:
    table = content.kpis
    extra = [key for key in BESIDE_SIZES if any(not isnan(row.value) for row in table.of(key))][:2]
    labels = [table.definition(key).label for key in extra] + [""] * (2 - len(extra))
    page.put(Cell("The segments", SECTION))
    heads = ("Segment", "Customers", "Share of customers", *labels, "What sets it apart")
    right, apart = replace(HEAD, right=True), replace(HEAD, indent=1)
    page.put(Cell(heads[0], HEAD), *(Cell(head, right) for head in heads[1:-1]), Cell(heads[-1], apart))
    told = _apart(content)
    for key, name in content.groups:
        line = LIGHT.muted if key == BASE else LIGHT.gridline
        look = Style(over=line, bold=key == BASE)
        cells = [_cell(content, key, kpi, look) for kpi in ("size", "share", *extra)]
        cells += [Cell(None, look)] * (2 - len(extra))
        first = Cell(name, Style(over=line, bold=True, wrap=True, indent=1, mark=content.colours[key]))
        page.put(first, *cells, Cell(told.get(key, ""), Style(over=line, wrap=True, size=SMALL, indent=1)))
    page.put(Cell(content.of_sample and f"What sets them apart: {content.of_sample.lower()}", MUTED))


def _cell(content: Content, key: str, kpi: str, look: Style) -> Cell:
    row = content.kpis.find(key, kpi)
    if row is None:
        return Cell(None, look)
    definition = content.kpis.definition(kpi)
    if row.verdict == "hidden":
        return Cell(cell_text(definition, row), replace(look, colour=LIGHT.muted, right=True))
    return Cell(row.value, replace(look, colour=tone(definition, row), number=marked_format(definition, row)))


def _apart(content: Content) -> dict[str, str]:
    """What sets each segment apart, in words."""
    traits = profiles(content.customers, content.assignment)
    return {
        key: "; ".join(trait_text(trait) for trait in some[:TRAITS])
        for key, some in traits.items()
        if content.kpis.size(key) >= SMALLEST_SHOWN
    }


# --- the charts -------------------------------------------------------------------------------------


def _place_charts(page: Page, found: list[Picture]) -> None:
    """Place charts side by side, or one below the other where segments are many."""
    many = len(found[0].marks) > MOST_ON_HALF
    breaks: list[int] = []
    left = 0
    for picture, start in zip(found, starts(found), strict=True):
        rows = max(HEIGHT, 6 + BAR * len(picture.marks)) if picture.kind == "bars" else HEIGHT
        if page.down + rows * ROW * PIXEL > PAGE * (len(breaks) + 1):
            breaks.append(page.row)
            page.down = PAGE * len(breaks)
        drawn = chart(page.book, picture, start)
        drawn.set_size({"width": WHOLE if many else HALF, "height": rows * ROW - GAP})
        options = {"x_offset": left, "description": picture.alt, "object_position": 1}
        page.sheet.insert_chart(page.row, 0, drawn, options)
        left = HALF + GAP if not many and not left else 0
        if not left:
            page.skip(rows)
    page.skip(HEIGHT + 1 if left else 1)
    _print(page, breaks)


def _print(page: Page, breaks: list[int]) -> None:
    """Print all on one page where that can be read, else break it between charts."""
    page.sheet.set_portrait()
    if len(breaks) > 1:
        page.sheet.set_print_scale(SCALE)  # which takes the place of fitting
        page.sheet.set_h_pagebreaks(breaks)
    else:
        page.sheet.fit_to_pages(1, 1)
