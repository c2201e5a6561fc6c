"""The part of the page about personas: a card for each segment, and a form for what only a person knows."""

from functools import cache
from pathlib import Path

import streamlit as st

from pages.profiles.profile import Measured
from pages.ui import kept, look
from pages.ui.view import View
from segkit.exports.persona_cards import STYLE, persona_card, personas_html
from segkit.insights.personas import FIELDS, LONGEST_TEXT, Persona, personas, texts_of, with_texts
from segkit.segments.segmentation import Segment

PART = "personas"  # of what is kept
LINES = 68  # pixels of a field: two lines


def dress() -> None:
    """Give cards their look, on the page and on paper."""
    st.html(f"<style>{STYLE}{_style()}{_ground()}</style>")


@cache
def _style() -> str:
    return Path(__file__).with_name("persona.css").read_text(encoding="utf-8")


def _ground() -> str:
    """What lies behind words that a person wrote, in a dark theme."""
    return "@media screen{:root{--seg-written:#2A2620;}}" if look.theme().background < "#8" else ""


def show(view: View, known: Measured, segment: Segment) -> None:
    """Show the card of a segment, let a person write on it, and hand out all cards."""
    look.section("Persona", "Only what is in your data stands on the left; the right is yours to write.")
    about = (view.customers, view.assignment, view.kpis)
    cards = personas(*about, known.traits, known.marks, known.facts)
    card = next(one for one in cards if one.segment == segment)
    spot = st.container()
    _write(view, segment)
    texts = kept.written(view, PART)  # after the form: what was just kept is on the card
    with spot:
        st.html(persona_card(card, texts, view.source))
    _hand_out(view, cards, texts)


def _write(view: View, segment: Segment) -> None:
    """Offer a field for each thing that only a person can know."""
    now = kept.written(view, PART)
    texts = texts_of(now, segment.key)
    label = "Change what you wrote" if texts else "Write what you know"
    with st.expander(label, key="persona-write", icon=":material/edit:"):
        key = f"persona-{view.table.everyone.fingerprint}-{view.found.key}-{segment.key}"
        with st.form(key, border=False):
            columns = st.columns(2, gap="medium")
            written = {
                field.key: columns[place % 2].text_area(
                    field.label,
                    value=texts.get(field.key, ""),
                    max_chars=LONGEST_TEXT,
                    height=LINES,
                    help=field.help,
                    key=f"{key}-{field.key}",
                )
                for place, field in enumerate(FIELDS)
            }
            if st.form_submit_button("Keep", key=f"{key}-keep"):
                kept.write(view, PART, with_texts(now, segment.key, written) or None)


def _hand_out(view: View, cards: tuple[Persona, ...], texts: object) -> None:
    """All cards as a file, and for the printer."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download all personas (HTML)",
            data=lambda: personas_html(cards, texts, view.source),
            file_name=view.file_name("personas", "html"),
            mime="text/html",
            key="download-personas",
            on_click="ignore",
        )
        look.note("Printed from the browser, this page is one card a sheet.")
    printed = "".join(persona_card(one, texts, view.source) for one in cards)
    st.html(f"<div class='persona-print' aria-hidden='true'>{printed}</div>")
