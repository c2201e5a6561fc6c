"""The buttons that download lists; a file is written when its button is pressed."""

from collections.abc import Iterator
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import look
from pages.ui.view import View
from segkit.exports.lists import EXPORTS, file_stem, segment_csv
from segkit.labels import percent, plural
from segkit.segments.segmentation import NO_SEGMENT


def whole(view: View, raw: bool) -> None:
    """Offer the files that hold all customers."""
    look.section("Everyone" if len(view.customers) == len(view.table.customers) else "Everyone in the filter")
    for export, column in zip(EXPORTS, st.columns(len(EXPORTS), gap="medium"), strict=True):
        with column:
            look.note(export.help)
            st.download_button(
                export.label,
                data=partial(export.write, view.customers, view.assignment, raw),
                file_name=named(view, export.file_name),
                mime=export.mime,
                key=f"download-{export.key}",
                on_click="ignore",
                width="stretch",
                type="primary" if export.key == "segments" else "secondary",
            )


def per_segment(view: View, raw: bool) -> None:
    """Offer one list per segment."""
    look.section("One segment", "Every list has the segment, the confidence and all columns of your file.")
    for key, name, _, button in each_segment(view):
        with button:
            st.download_button(
                "Download CSV",
                data=partial(segment_csv, view.customers, view.assignment, key, raw),
                file_name=named(view, f"{file_stem(key, name)}.csv"),
                mime="text/csv",
                key=f"download-{key}",
                on_click="ignore",
                width="stretch",
            )


def each_segment(view: View) -> Iterator[tuple[str, str, int, DeltaGenerator]]:
    """Show a card per segment: its key, name and size, and where its button goes."""
    groups = [
        (segment.key, segment.name, size, look.swatch(segment))
        for segment, size in zip(view.assignment.segments, view.sizes, strict=True)
    ]
    if view.unassigned:
        groups.append((NO_SEGMENT, "Fits none", view.unassigned, ""))
    for key, name, size, dot in groups:
        with st.container(key=f"card-list-{key}"):
            text, button = st.columns([4, 1], vertical_alignment="center")
            share = percent(size / max(view.count, 1))
            with text:
                title = f"{dot}<b>{look.literal(name)}</b>"
                st.html(f"<p class='list-name'>{title} {plural(size, 'customer')}, {share}</p>")
        yield key, name, size, button


def named(view: View, name: str) -> str:
    """Name a file; one that does not hold everyone says so."""
    return name if len(view.customers) == len(view.table.customers) else f"filtered_{name}"
