"""The buttons that download lists; a file is written when its button is pressed."""

from functools import partial

import streamlit as st

from pages.ui import look, state
from pages.ui.results import Found
from segkit.exports.lists import EXPORTS, file_stem, segment_csv
from segkit.labels import percent, plural
from segkit.segments.segmentation import NO_SEGMENT


def whole(table: state.Loaded, found: Found, raw: bool) -> None:
    """Offer the files that hold all customers."""
    look.section("Everyone")
    for export, column in zip(EXPORTS, st.columns(len(EXPORTS), gap="medium"), strict=True):
        with column:
            look.note(export.help)
            st.download_button(
                export.label,
                data=partial(export.write, table.customers, found.assignment, raw),
                file_name=export.file_name,
                mime=export.mime,
                key=f"download-{export.key}",
                on_click="ignore",
                width="stretch",
                type="primary" if export.key == "segments" else "secondary",
            )


def per_segment(table: state.Loaded, found: Found, raw: bool) -> None:
    """Offer one list per segment."""
    look.section("One segment", "Every list has the segment, the confidence and all columns of your file.")
    groups = [
        (segment.key, segment.name, int(size), look.swatch(segment))
        for segment, size in zip(found.assignment.segments, found.assignment.sizes, strict=True)
    ]
    if found.assignment.unassigned:
        groups.append((NO_SEGMENT, "Fits none", found.assignment.unassigned, ""))
    for key, name, size, dot in groups:
        with st.container(key=f"card-list-{key}"):
            text, button = st.columns([4, 1], vertical_alignment="center")
            share = percent(size / max(len(found.assignment.codes), 1))
            with text:
                title = f"{dot}<b>{look.literal(name)}</b>"
                st.html(f"<p class='list-name'>{title} {plural(size, 'customer')}, {share}</p>")
            button.download_button(
                "Download CSV",
                data=partial(segment_csv, table.customers, found.assignment, key, raw),
                file_name=f"{file_stem(key, name)}.csv",
                mime="text/csv",
                key=f"download-{key}",
                on_click="ignore",
                width="stretch",
            )
