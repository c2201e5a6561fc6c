"""Lists of a table that stays where it is: the engine writes them when their button is pressed."""

from collections.abc import Callable

import streamlit as st

from pages.downloads.contents import Wanted
from pages.downloads.lists import each_segment, offer
from pages.ui import look
from pages.ui.looking import looking
from pages.ui.view import MOST_LISTED, View
from segkit.engine import Engine
from segkit.errors import SegkitError
from segkit.exports.lists import contents_text
from segkit.exports.pushed import list_parts, write_table
from segkit.labels import number


def whole(view: View, wanted: Wanted) -> None:
    """Offer the list of all customers, and the table of segments beside the source where that is allowed."""
    engine = _engine(view)
    look.section(
        "All at once", f"Written by {engine.where} from all customers, not only those drawn by chance."
    )
    if view.count > MOST_LISTED:
        look.note(
            f"A browser takes lists of up to {number(MOST_LISTED)} customers. For longer ones, save the "
            "segments here and run on the computer of this app: "
            f"python -m segkit score segmentation.json source:{engine.source.key} --out lists"
        )
        save = view.found.segmentation.to_json
        offer(view, "Save the segments", lambda: save().encode(), "segmentation", "json")
    else:
        offer(
            view,
            "Download one list of all",
            _list(view, wanted, ""),
            f"{wanted.words} customers",
            key="all",
            primary=True,
        )
    if engine.source.may_write and st.button("Write the table of segments", key="write-table"):
        try:
            written = write_table(engine, view.table.everyone, view.found.segmentation)
        except SegkitError as problem:
            look.notice(str(problem), problem=True)
        else:
            look.notice(f"Written: table {written} in {engine.source.label}.")


def per_segment(view: View, wanted: Wanted) -> None:
    """Offer one list per segment."""
    look.section("One list per segment", contents_text(view.customers, wanted.contents))
    if wanted.note:
        look.note(wanted.note)
    for key, name, size, button in each_segment(view):
        with button:
            if size > MOST_LISTED:
                look.note("Too long for a browser.")
            else:
                offer(view, "Download CSV", _list(view, wanted, key), f"{wanted.words} {key} {name}", key=key)


def _engine(view: View) -> Engine:
    assert view.table.engine is not None  # the page asks for these lists only then
    return view.table.engine


def _list(view: View, wanted: Wanted, key: str) -> Callable[[], bytes]:
    conditions = (*view.table.conditions, *looking().conditions)
    about = (_engine(view), view.table.everyone, view.found.segmentation, key, wanted.raw, conditions)
    return lambda: b"".join(list_parts(*about, wanted.contents))
