"""Writing a workbook: `SHEETS` is the table of its sheets; to add one, add a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from segkit.customers.table import Customers
from segkit.exports.workbook.charts import DATA, write_data
from segkit.exports.workbook.content import Content
from segkit.exports.workbook.definitions import write_definitions
from segkit.exports.workbook.lists import write_customers
from segkit.exports.workbook.overview import write_overview
from segkit.exports.workbook.pictures import Picture, pictures
from segkit.exports.workbook.sheets import Page, new_book
from segkit.exports.workbook.tables import write_crossed, write_kpis, write_profile, write_rules
from segkit.insights.edition import Edition
from segkit.measures.kpis import KpiTable
from segkit.segments.rules import Rule, rules
from segkit.segments.segmentation import Assignment, Segmentation
from segkit.segments.watching import Watch, part_of, unwatched


def workbook(
    customers: Customers,
    assignment: Assignment,
    kpis: KpiTable,
    segmentation: Segmentation,
    edition: Edition,
    found_rules: Sequence[Rule] | None = None,
    personal: bool = False,
    watch: Watch = unwatched,
) -> bytes:
    """Write everything about some segments as a workbook for Excel (XLSX).

    Parameters
    ----------
    customers : Customers
        Whom it is about.
    assignment : Assignment
        Of the same table, row by row.
    kpis : KpiTable
        Of the same customers; what is hidden there is hidden in every sheet and chart.
    segmentation : Segmentation
        What they were assigned by.
    edition : Edition
        What the document says it is about.
    found_rules : sequence of Rule, optional
        How the segments are found; by default looked for among these customers, which takes a second or two
        for a hundred thousand.
    personal : bool
        Whether ids that are personal data, such as e-mail addresses, may stand in it.
    watch : Watch
        Called between steps and every few thousand customers; what it raises ends the work.

    Returns
    -------
    bytes
        Sheets as in `SHEETS`. KPIs that are not there, missing dates or descriptors leave shorter tables; the
        list of customers is left out above 1,048,575 and of a table that is too large to be read.
    """
    if found_rules is None:
        watch("Looking for rules", 0.0)
        found_rules = rules(customers, assignment, segmentation.plan.seed, segmentation)
    content = Content(customers, assignment, kpis, segmentation, edition, tuple(found_rules), personal)
    drawn = pictures(content)
    with new_book(edition.title, f"Version {edition.version}") as book:
        for place, sheet in enumerate(SHEETS):
            told = part_of(watch, sheet.start, SHEETS[place + 1].start if sheet is not SHEETS[-1] else PACKED)
            told(f"Writing “{sheet.name}”", 0.0)
            sheet.write(book.page(sheet.name), content, drawn, told)
        watch("Packing the workbook", PACKED)
    return book.stream.getvalue()


PACKED = 0.85  # of the work is done when the rows are written


@dataclass(frozen=True)
class Sheet:
    """A row of `SHEETS`: its name, how much of the work is done before it, and who writes it."""

    name: str
    start: float
    write: Callable[[Page, Content, list[Picture], Watch], None]


SHEETS = (
    Sheet("Overview", 0.10, lambda page, content, drawn, watch: write_overview(page, content, drawn)),
    Sheet("KPIs by segment", 0.14, lambda page, content, drawn, watch: write_crossed(page, content)),
    Sheet("KPIs", 0.15, lambda page, content, drawn, watch: write_kpis(page, content)),
    Sheet("Profile", 0.16, lambda page, content, drawn, watch: write_profile(page, content)),
    Sheet("Rules", 0.20, lambda page, content, drawn, watch: write_rules(page, content)),
    Sheet("Assignment", 0.21, lambda page, content, drawn, watch: write_customers(page, content, watch)),
    Sheet("Definitions", 0.83, lambda page, content, drawn, watch: write_definitions(page, content)),
    Sheet(DATA, 0.84, lambda page, content, drawn, watch: write_data(page, drawn)),
)
