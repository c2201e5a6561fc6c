"""The sheet of customers: who is in which segment, one row each, ids as they stood in the file."""

from math import isfinite

import numpy as np

from segkit.customers.sampling import is_part
from segkit.exports.workbook.content import Content
from segkit.exports.workbook.sheets import HEAD, MOST_ROWS, MUTED, PLAIN, Cell, Page, Style, written
from segkit.labels import number, plural
from segkit.segments.segmentation import NO_SEGMENT, NO_SEGMENT_NAME
from segkit.segments.watching import Watch

HEADS = ("Segment key", "Segment", "Confidence")
WIDTHS = (26, 14, 40, 12)
AT_A_TIME = 5_000  # rows between looks whether somebody stopped the work
TEXT = Style(number="@")  # an id stays text when it is edited: 007, 1E5
SURE = Style(number="0.00")
ELSEWHERE = "The list of all customers is a CSV file on the Downloads page."
NO_IDS = (
    "The ids are personal data and are left out; rows are numbered as they are in the table. "
    "Ask for personal data to have the ids."
)


def write_customers(page: Page, content: Content, watch: Watch) -> None:
    """Write one row a customer, or where the list is if it has no room here."""
    page.columns(WIDTHS)
    missing = _why_missing(content)
    if missing:
        page.put(missing)
        return
    identity = content.customers.with_role("customer_id")
    left_out = identity is not None and identity.hidden and not content.personal
    name = identity.name if identity is not None and not left_out else "Row"
    note = [None, Cell(NO_IDS, MUTED)] if left_out else []
    page.put(*(Cell(head, HEAD) for head in (name, *HEADS)), *note)
    _write_rows(page, content, _ids(content, left_out), watch)
    page.sheet.freeze_panes(1, 1)
    page.sheet.repeat_rows(0)
    page.sheet.autofilter(0, 0, max(page.row - 1, 1), len(HEADS))
    page.sheet.ignore_errors({"number_stored_as_text": f"A1:A{MOST_ROWS}"})


def _why_missing(content: Content) -> str:
    count = len(content.customers)
    if is_part(content.customers):
        return f"The table is too large to be read, so its customers are not listed here. {ELSEWHERE}"
    if count >= MOST_ROWS:
        return (
            f"{plural(count, 'customer')} have no room in a sheet of Excel, which ends at "
            f"{number(MOST_ROWS)} rows. {ELSEWHERE}"
        )
    return ""


def _ids(content: Content, left_out: bool) -> list[str]:
    if left_out:
        return [str(place + 1) for place in range(len(content.customers))]
    return [str(one) for one in content.customers.ids.tolist()]


def _write_rows(page: Page, content: Content, ids: list[str], watch: Watch) -> None:
    """Write the rows cell by cell: a sheet of a million has no time for more."""
    sheet, row = page.sheet, page.row
    text, plain, sure = (page.book.format(one) for one in (TEXT, PLAIN, SURE))
    segments = content.assignment.segments
    keys = [written(one.key) for one in segments] + [NO_SEGMENT]
    names = [written(one.name) for one in segments] + [NO_SEGMENT_NAME]
    confidence = np.round(content.assignment.confidence.astype(float), 4).tolist()
    for place, (one, code, known) in enumerate(
        zip(ids, content.assignment.codes.tolist(), confidence, strict=True)
    ):
        if place % AT_A_TIME == 0:
            watch(f"Listing {plural(len(ids), 'customer')}", place / len(ids))
        sheet.write_string(row, 0, written(one), text)
        sheet.write_string(row, 1, keys[code], plain)
        sheet.write_string(row, 2, names[code], plain)
        if isfinite(known):
            sheet.write_number(row, 3, known, sure)
        row += 1
    page.row = row
