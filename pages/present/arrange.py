"""Before the meeting: which pages are told, in which order, under which titles, and what to say to each."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.present import stage
from pages.ui import cells, documents, kept, look, state
from pages.ui.view import View
from segkit.insights.story.arranged import (
    LONGEST_NOTE,
    LONGEST_TITLE,
    PART,
    chosen,
    is_told,
    moved,
    ordered,
    reworded,
    text_of,
    worded,
)
from segkit.insights.story.pages import Page
from segkit.insights.story.parted import parted
from segkit.labels import plural

CHOSEN = "present-chosen"  # in the session: of which segments, and the key of the page that is looked at
NOTE_HEIGHT = 132  # px: four lines


def show(view: View, pages: Sequence[Page], written: Any, told: Sequence[Page]) -> None:
    """Offer to begin, the list of pages, one of them to look at and to word, and the same as files.

    Parameters
    ----------
    view : View
    pages : sequence of Page
        All there are.
    written : mapping or None
        What a person did to them.
    told : sequence of Page
        Those that are presented.
    """
    _begin(told)
    known = {page.key: page for page in ordered(pages, written)}
    about, key = st.session_state.get(CHOSEN, ("", ""))
    page = known.get(key) if about == view.found.key else None
    page = page or next((one for one in known.values() if is_told(one, written)), next(iter(known.values())))
    left, right = st.columns([5, 7], gap="large")
    with left:
        look.section("Pages", "Click on a page to look at it; the box takes it in or leaves it out.")
        _listen(view, pages)
        st.html(_list(list(known.values()), written, page.key))
        if written and st.button("Back to the usual pages", key="present-usual"):
            kept.write(view, PART, None)
            st.rerun()
    with right:
        _look(view, page, written)
        if told:
            _hand_on(view)


def _begin(told: Sequence[Page]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        begins = st.button(
            f"Present {plural(len(told), 'page')} →", type="primary", key="present", disabled=not told
        )
        look.note(
            "Arrow keys move, F fills the screen, Esc leaves. A link to any page opens it."
            if told
            else "Take at least one page in."
        )
    if begins:
        stage.begin(told[0].key)
        st.rerun()


def _hand_on(view: View) -> None:
    """Offer the same pages as files."""
    look.section("Hand it on", "The pages that are taken in, in this order and under these titles.")
    left, right = st.columns(2, gap="large")
    with left:
        documents.offer_slides(view)
    with right:
        documents.offer_report(view)
    if st.button("Lists and workbook →", key="to-downloads"):
        st.switch_page(st.session_state["pages"]["downloads"])


# --- the list -------------------------------------------------------------------------------------


def _listen(view: View, pages: Sequence[Page]) -> None:
    def tell(cell: str) -> None:
        what, _, key = cell.partition(" ")
        written = kept.written(view, PART)
        page = next((one for one in pages if one.key == key), None)
        if page is None:
            return
        if what == "look":
            st.session_state[CHOSEN] = view.found.key, key
        elif what == "told":
            kept.write(view, PART, chosen(pages, written, key, not is_told(page, written)))
        else:
            kept.write(view, PART, moved(pages, written, key, -1 if what == "up" else 1))

    cells.on_click(tell, "present-cells", shows="present-nowhere")


def _list(pages: Sequence[Page], written: Any, now: str) -> str:
    return f"<ol class='pages'>{''.join(_row(page, written, page.key == now) for page in pages)}</ol>"


def _row(page: Page, written: Any, now: bool) -> str:
    told = is_told(page, written)
    label, key = look.literal(page.label), look.literal(page.key)
    mark = "changed" if text_of(written, "titles", page.key) or text_of(written, "notes", page.key) else ""
    checked, sign = ("true", "☑") if told else ("false", "☐")
    box = (
        f"<span class='box' data-cell='told {key}' role='checkbox' tabindex='0' aria-checked='{checked}' "
        f"aria-label='{label}'>{sign}</span>"
    )
    name = (
        f"<span class='name' data-cell='look {key}' role='button' tabindex='0'><bdi>{label}</bdi>"
        f"{f'<small>{mark}</small>' if mark else ''}</span>"
    )
    moves = "".join(
        f"<span class='move' data-cell='{way} {key}' role='button' tabindex='0' "
        f"aria-label='Move {label} {way}'>{sign}</span>"
        for way, sign in (("up", "↑"), ("down", "↓"))
    )
    kinds = " ".join(filter(None, ("" if told else "out", "now" if now else "")))
    return f"<li class='{kinds}'>{box}{name}{moves}</li>"


# --- one page -------------------------------------------------------------------------------------


def _look(view: View, page: Page, written: Any) -> None:
    """Show a page as it will be, and let its title and what to say be changed."""
    with st.container(key="present-page"), st.container(key="preview"):
        stage.draw(parted((worded(page, written),))[0])
    now = text_of(written, "titles", page.key) or page.title, text_of(written, "notes", page.key)
    key = f"present-{view.found.key}-{page.key}-{page.title}"

    def keep() -> None:
        title, said = st.session_state[f"{key}-title"], st.session_state[f"{key}-said"]
        own = "" if title.strip() == page.title else title
        latest = reworded(kept.written(view, PART), "titles", page.key, own)
        kept.write(view, PART, reworded(latest, "notes", page.key, said))

    state.show(f"{key}-title", now[0])
    state.show(f"{key}-said", now[1])
    st.text_area("Title", max_chars=LONGEST_TITLE, height=68, key=f"{key}-title", on_change=keep)
    st.text_area(
        "What you want to say",
        max_chars=LONGEST_NOTE,
        height=NOTE_HEIGHT,
        key=f"{key}-said",
        on_change=keep,
        help="Stands in the speaker notes of the slides, before definitions, answers and sources.",
    )
    if now[0] != page.title:
        look.note(f"The data say: {page.title}")
    with st.expander("Definitions, answers and sources", key=f"present-notes-{page.key}"):
        look.bullets(list(page.notes) or ["Nothing to add."])
