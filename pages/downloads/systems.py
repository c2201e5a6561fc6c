"""What a CRM or a warehouse takes: rules, SQL, the segmentation, the data dictionary, who is left alone."""

from collections.abc import Callable
from functools import partial

from pages.downloads.contents import Wanted
from pages.downloads.lists import offer, row
from pages.ui import kept, look, results
from pages.ui.view import View
from pages.ui.work import Stopped
from segkit.errors import SegkitError
from segkit.exports.actions import suppression_csv, tells_apart
from segkit.exports.lists import dictionary_csv
from segkit.insights.about import about, commented
from segkit.segments.rules import rules_text
from segkit.segments.sql import assignment_sql


def show(view: View, wanted: Wanted) -> None:
    """Offer the files, once somebody opens this part: rules take a moment."""
    box = look.folded("For a CRM or a warehouse", "systems")
    if box is None:
        return
    with box:
        _suppression(view, wanted)
        _rules(view)
        _file(view, "SQL", "Places every customer as here, where your data live.", _sql(view), "sql")
        _file(
            view,
            "Segmentation",
            "Places customers again from the command line; with what you wrote about the segments.",
            lambda: kept.with_written(view.table, view.found).to_json().encode(),
            "json",
        )
        given = (view.customers, view.assignment, wanted.raw, wanted.contents, view.edition)
        _file(
            view,
            "Data dictionary",
            "What each column of the lists means, and what the lists are about.",
            partial(dictionary_csv, *given),
            "csv",
        )


def _file(view: View, name: str, help: str, write: Callable[[], bytes], ending: str) -> None:
    with row(f"<b>{look.literal(name)}</b> {look.literal(help)}", f"list-file-{name}"):
        offer(view, f"Download {ending.upper()}", write, name, ending, name.lower().replace(" ", "-"))


def _suppression(view: View, wanted: Wanted) -> None:
    """Offer the list of those whom actions leave alone, where there are any."""
    if not wanted.left:
        return
    if not tells_apart(view.customers, wanted.contents):
        look.note(
            "Suppression list: the customer id is personal data. Include personal data, or hashed e-mail "
            "addresses, under “Adjust” to write a list of those who are left alone."
        )
        return
    about = (view.customers, view.assignment, wanted.left, wanted.raw, wanted.contents)
    _file(
        view,
        "Suppression list",
        "Customers whom accepted actions leave alone, with the action and their segment.",
        partial(suppression_csv, *about),
        "csv",
    )


def _rules(view: View) -> None:
    try:
        found = results.rules(view.table.customers, view.found)
    except (SegkitError, Stopped) as problem:
        look.note(f"No rules: {problem or 'you stopped looking for them.'}")
        return
    text = "\n".join([*about(view.found.segmentation), "", rules_text(found)])
    _file(view, "Rules", "A rule in words and SQL for each segment.", text.encode, "txt")


def _sql(view: View) -> Callable[[], bytes]:
    segmentation, customers = view.found.segmentation, view.table.customers
    return lambda: commented(segmentation, assignment_sql(segmentation, customers=customers)).encode()
