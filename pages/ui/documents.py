"""Slides, report and workbook: each is made when somebody asks for it, and is then there to download.

Making one takes a second or more, so a process beside the server does it, with its progress and a stop.
"""

import datetime
import hashlib
from dataclasses import dataclass

import streamlit as st

from pages.ui import jobs, kept, look, results
from pages.ui.looking import looking
from pages.ui.view import View
from pages.ui.work import Stopped, Task
from pages.ui.workshop import again, workshop
from segkit.customers.sampling import is_part
from segkit.errors import SegkitError
from segkit.insights.story.telling import Story
from segkit.labels import number

ASKED = "documents-asked"  # in the session: keys of the documents that somebody asked for
TEMPLATE = "deck-template"  # the company's file: its bytes, kept over pages
TURN = "deck-template-turn"  # how often one was taken away
KILO, MEGA = 1 << 10, 1 << 20


@dataclass(frozen=True)
class Document:
    """What can be handed on, and how it is called."""

    key: str
    label: str
    help: str
    ending: str
    mime: str


SLIDES = Document(
    "slides",
    "Slides for PowerPoint",
    "A slide a page, with charts that can be edited and notes for who speaks.",
    "pptx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)
REPORT = Document(
    "report",
    "Report for the browser",
    "One file that works offline and prints: pages, every number, definitions, what was read.",
    "html",
    "text/html",
)
WORKBOOK = Document(
    "workbook",
    "Workbook for Excel",
    "KPIs with intervals and verdicts, profiles, rules and a list of all customers with their segment.",
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)


def story_or_stop(view: View) -> Story:
    """What is told of those who are looked at, all pages in their usual order; when stopped, stop the page."""
    written = kept.all_written(view)
    try:
        return results.story(view.table, view.found, view.seen, looking(), view.edition, written)
    except Stopped:
        results.stopped("the writing of the pages")
    st.stop()


def offer_slides(view: View, told: Story) -> None:
    """Offer the slides, in the project's look or in that of a company's template."""
    template: bytes | None = st.session_state.get(TEMPLATE)
    mark = hashlib.blake2b(template or b"", digest_size=8).hexdigest()
    key = (repr(told.pages), told.edition, mark)
    task = results.document("slides", view.seen, view.found, jobs.slides, key, (told, template))
    made = _offer(view, SLIDES, task)
    if not made and template is not None and st.button("Use the usual look instead", key="usual-look"):
        _forget_template()
        st.rerun()
    _ask_template(template)


def _ask_template(now: bytes | None) -> None:
    """Ask for a company's file; it is looked at when slides are made of it."""
    turn = st.session_state.get(TURN, 0)
    with st.popover("Your company’s template" + (" ✓" if now else ""), key="template-box"):
        given = st.file_uploader("PowerPoint file (PPTX or POTX)", key=f"template-{turn}")
        look.note("Its master and layouts are used, its own slides are not. It stays in this session.")
        if given is not None and given.getvalue() != now:
            st.session_state[TEMPLATE] = given.getvalue()
            st.rerun()
        if now is not None and st.button("Take it away", key="template-off"):
            _forget_template()
            st.rerun()


def _forget_template() -> None:
    st.session_state.pop(TEMPLATE, None)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1  # an uploader that is empty again


def offer_report(view: View, told: Story) -> None:
    """Offer the report."""
    made_of = (told, view.found.segmentation)
    key = (repr(told.pages), told.edition)
    _offer(view, REPORT, results.document("report", view.seen, view.found, jobs.report, key, made_of))


def offer_workbook(view: View, personal: bool) -> None:
    """Offer the workbook."""
    try:
        rules = results.rules(view.table.customers, view.found)
    except Stopped:
        look.note("No workbook: you stopped looking for the rules that it holds.")
        st.button("Look again", key="rules-again", on_click=again)
        return
    edition = view.edition
    about = (view.assignment, view.kpis, view.found.segmentation, edition, rules, personal)
    key = (edition, looking().own, looking().assumptions, personal)
    _offer(view, WORKBOOK, results.document("workbook", view.seen, view.found, jobs.sheets, key, about))
    if is_part(view.customers):
        look.note(
            f"Its profile is from {number(len(view.customers))} customers drawn by chance, and it lists none."
        )


def _offer(view: View, document: Document, task: Task) -> bool:
    """Offer to make a document; once it was asked for, make it and offer the file.

    Returns
    -------
    bool
        False where it was asked for and could not be made; why is said.
    """
    look.note(document.help)
    asked = st.session_state.get(ASKED, frozenset())
    if task.key not in asked:
        if st.button(document.label, key=f"make-{document.key}", width="stretch"):
            again()
            st.session_state[ASKED] = asked | {task.key}
            st.rerun()
        return True
    content = _made(document, task)
    if content is None:
        st.session_state[ASKED] = asked - {task.key}
        st.button("Try again", key=f"again-{document.key}", on_click=_ask_again, args=(task,))
        return False
    st.download_button(
        f"Download the {document.key} ({_size(len(content))})",
        data=content,
        file_name=view.edition.file_name(document.key, document.ending, datetime.date.today().isoformat()),
        mime=document.mime,
        key=f"download-{document.key}",
        on_click="ignore",
        width="stretch",
    )
    return True


def _ask_again(task: Task) -> None:
    again()
    st.session_state[ASKED] = st.session_state.get(ASKED, frozenset()) | {task.key}


def _made(document: Document, task: Task) -> bytes | None:
    """The document; None where it was stopped or cannot be made, which is said."""
    try:
        content: bytes = workshop().result(task, f"Making the {document.key} …")
    except Stopped:
        look.notice(f"You stopped making the {document.key}.")
    except SegkitError as problem:
        look.notice(str(problem), problem=True)
    else:
        return content
    return None


def _size(count: int) -> str:
    return f"{number(count / MEGA, 1)} MB" if count >= MEGA else f"{number(max(count // KILO, 1))} kB"
