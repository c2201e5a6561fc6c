"""The buttons that download lists; a file is written when its button is pressed.

A list of a million customers takes half a second, all of them as a ZIP about one, both in threads that hold
nobody else up: so they need no place in the workshop, and the button itself shows that it works.
"""

from collections.abc import Callable, Iterator
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.downloads.contents import Wanted
from pages.ui import look
from pages.ui.view import View
from segkit.exports.lists import EXPORTS, contents_text, segment_csv
from segkit.labels import percent, plural
from segkit.segments.segmentation import NO_SEGMENT, NO_SEGMENT_NAME


def per_segment(view: View, wanted: Wanted) -> None:
    """Offer one list per segment."""
    look.section("One list per segment", contents_text(view.customers, wanted.contents))
    if wanted.note:
        look.note(wanted.note)
    for key, name, _, button in each_segment(view):
        write = partial(segment_csv, view.customers, view.assignment, key, wanted.raw, wanted.contents)
        with button:
            offer(view, "Download CSV", write, f"{wanted.words} {key} {name}", key=key)


def whole(view: View, wanted: Wanted) -> None:
    """Offer the files that hold all customers."""
    look.section("All at once" if len(view.customers) == len(view.table.customers) else "All in the filter")
    about = (view.customers, view.assignment, wanted.raw, wanted.contents, view.edition)
    for export in EXPORTS:
        write = partial(export.write, *about)
        offer(
            view,
            export.label,
            write,
            f"{wanted.words} {export.what}",
            export.ending,
            export.key,
            primary=export.ending == "zip",
        )
        look.note(export.help)


def each_segment(view: View) -> Iterator[tuple[str, str, int, DeltaGenerator]]:
    """Show a card per segment: its key, name and size, and where its button goes."""
    groups = [
        (segment.key, segment.name, size, look.swatch(segment))
        for segment, size in zip(view.assignment.segments, view.sizes, strict=True)
    ]
    if view.unassigned:
        groups.append((NO_SEGMENT, NO_SEGMENT_NAME, view.unassigned, ""))
    for key, name, size, dot in groups:
        share = percent(size / max(view.count, 1))
        line = f"{dot}<b>{look.literal(name)}</b> {plural(size, 'customer')}, {share}"
        yield key, name, size, row(line, f"list-{key}")


def row(line: str, key: str) -> DeltaGenerator:
    """Show a line, as HTML, in a card; gives where its button goes."""
    with st.container(key=f"card-{key}"):
        text, button = st.columns([3, 1], vertical_alignment="center")
    with text:
        st.html(f"<p class='list-name'>{line}</p>")
    return button


MIMES = {
    "csv": "text/csv",
    "json": "application/json",
    "sql": "text/plain",
    "txt": "text/plain",
    "zip": "application/zip",
}


def offer(
    view: View,
    label: str,
    write: Callable[[], bytes],
    what: str,
    ending: str = "csv",
    key: str = "",
    primary: bool = False,
) -> None:
    """Offer a file that is written once its button is pressed; one that does not hold everyone says so."""
    st.download_button(
        label,
        data=write,
        file_name=view.file_name(what, ending),
        mime=MIMES[ending],
        key=f"download-{key or what}",
        on_click="ignore",
        width="stretch",
        type="primary" if primary else "secondary",
    )
