"""The service brief: a page about one segment for support, to read here and to print."""

from functools import partial

import streamlit as st

from pages.ui import kept, look
from pages.ui.view import View
from segkit.exports.actions import brief_html
from segkit.insights.brief import service_brief
from segkit.insights.playbook.advice import Playbook
from segkit.insights.profiles import profiles
from segkit.segments.segmentation import Segment

LONGEST_NOTE = 600  # characters of what a person adds: the brief stays on one sheet


def show(view: View, found: Playbook) -> None:
    """Show the brief of one segment, with what a person adds."""
    box = look.folded("Service brief: one page for support", "brief")
    if box is None:
        return
    with box:
        segment = _segment(view, found)
        note = _note(view, segment)
        columns = tuple(dict.fromkeys((*view.assignment.dimensions, *view.customers.default_dimensions)))
        traits = profiles(view.customers, view.assignment, columns)[segment.key]
        about = (view.customers, view.assignment, view.kpis, found)
        made = service_brief(*about, traits, segment, note, view.of_sample)
        if made is None:
            look.note("Fewer than 5 customers: nothing is told of so few.")
            return
        with st.container(key="card-file-brief"):
            look.segment_name(segment)
            look.note(made.size)
            look.verdict(made.priority, made.why)
            for title, lines in made.parts:
                look.question(title)
                look.bullets(list(lines))
        st.download_button(
            "Download to print",
            data=partial(brief_html, made),
            file_name=view.file_name(f"brief {segment.key} {segment.name}", "html"),
            mime="text/html",
            key="download-brief",
            on_click="ignore",
        )


def _segment(view: View, found: Playbook) -> Segment:
    """Ask for a segment; the one in front, else the first whose requests are urgent, stands there."""
    by_key = {one.key: one for one in view.assignment.segments}
    keys = list(by_key)
    urgent = [one.segment.key for one in found.advice if one.play.urgent and not one.indicative]
    start = view.focus or next(iter(urgent), keys[0])
    key = st.selectbox(
        "Segment",
        keys,
        index=keys.index(start),
        format_func=lambda one: by_key[one].name,
        key=f"brief-of-{view.focus}",
        width=320,
    )
    return by_key[key]


def _note(view: View, segment: Segment) -> str:
    """Ask for what no number tells; it is kept."""
    notes = kept.written(view, "briefs")
    notes = notes if isinstance(notes, dict) else {}
    before = str(notes.get(segment.key, ""))
    typed = st.text_area(
        "What else should support know?",
        before,
        max_chars=LONGEST_NOTE,
        height=80,
        key=f"brief-note-{segment.key}-{view.found.key}",
    )
    if typed != before:
        kept.write(view, "briefs", notes | {segment.key: typed})
    return typed
