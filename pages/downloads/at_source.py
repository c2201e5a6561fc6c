"""Lists of a table that stays where it is: the engine writes them when their button is pressed."""

from collections.abc import Callable

import streamlit as st

from pages.downloads.lists import each_segment, named
from pages.ui import look
from pages.ui.looking import looking
from pages.ui.view import View
from segkit.engine import Engine
from segkit.errors import SegkitError
from segkit.exports.lists import file_stem
from segkit.exports.pushed import list_parts, write_table
from segkit.labels import number

MOST_LISTED = 2_000_000  # customers in one download: a browser gets all of it from the memory of the server


def whole(view: View, engine: Engine, raw: bool) -> None:
    """Offer the list of all customers, and the table of segments beside the source where that is allowed."""
    look.section("Everyone", f"Written by {engine.where} from all customers, not only those drawn by chance.")
    if view.count > MOST_LISTED:
        look.note(
            f"A browser takes lists of up to {number(MOST_LISTED)} customers. For longer ones, save the "
            "segments here and run on the computer of this app: "
            f"python -m segkit score segmentation.json source:{engine.source.key} --out lists"
        )
        st.download_button(
            "Save the segments",
            data=view.found.segmentation.to_json,
            file_name="segmentation.json",
            mime="application/json",
            key="download-segmentation",
            on_click="ignore",
        )
    else:
        _button(
            view, "Download all customers", _list(view, engine, "", raw), "customers_with_segments.csv", "all"
        )
    if engine.source.may_write and st.button("Write the table of segments", key="write-table"):
        try:
            written = write_table(engine, view.table.everyone, view.found.segmentation)
        except SegkitError as problem:
            look.notice(str(problem), problem=True)
        else:
            look.notice(f"Written: table {written} in {engine.source.label}.")


def per_segment(view: View, engine: Engine, raw: bool) -> None:
    """Offer one list per segment."""
    look.section("One segment", "Every list has the segment, the confidence and all columns of the source.")
    for key, name, size, button in each_segment(view):
        with button:
            if size > MOST_LISTED:
                look.note("Too long for a browser.")
            else:
                _button(
                    view, "Download CSV", _list(view, engine, key, raw), f"{file_stem(key, name)}.csv", key
                )


def _button(view: View, label: str, write: Callable[[], bytes], name: str, key: str) -> None:
    st.download_button(
        label,
        data=write,
        file_name=named(view, name),
        mime="text/csv",
        key=f"download-{key}",
        on_click="ignore",
        width="stretch",
    )


def _list(view: View, engine: Engine, key: str, raw: bool) -> Callable[[], bytes]:
    conditions = (*view.table.conditions, *looking().conditions)

    def written() -> bytes:
        about = (engine, view.table.everyone, view.found.segmentation)
        return b"".join(list_parts(*about, key, raw, conditions))

    return written
