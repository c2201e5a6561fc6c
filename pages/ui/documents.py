"""Slides, report and workbook: each is made when somebody asks for it, and is then there to download.

Making one is a piece of work like any other: of more than some customers a process beside the server does it,
with its progress and a stop.
"""

import hashlib
import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import streamlit as st

from pages.ui import jobs, kept, look, results
from pages.ui.looking import looking
from pages.ui.view import View
from pages.ui.work import Stopped, Task
from pages.ui.workshop import again, workshop
from segkit.customers.sampling import is_part
from segkit.errors import SegkitError, UnusablePlan
from segkit.insights.story.telling import Story
from segkit.labels import number

ASKED = "documents-asked"  # in the session: keys of the documents that somebody asked for
PROBLEMS = "documents-problems"  # in the session: why a document could not be made
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
    """What is told of those who are looked at, all pages in their usual order; when stopped, end."""
    try:
        return _story(view, patient=False)
    except Stopped:
        results.stopped("the writing of the pages")
    st.stop()


def _story(view: View, patient: bool) -> Story:
    written = kept.all_written(view)
    about = (view.table, view.found, view.seen, looking(), view.edition, written)
    return results.story(*about, patient)


def _told(view: View) -> Story:
    """The story as a person arranged it, the scorecard included however long that takes."""
    told = _story(view, patient=True).arranged(kept.all_written(view))
    if not told.pages:
        raise UnusablePlan("No page is taken in. Take at least one in on the Present page.")
    return told


# --- what is offered ------------------------------------------------------------------------------


def offer_slides(view: View) -> None:
    """Offer the slides, in the project's look or in that of a company's template."""
    template: bytes | None = st.session_state.get(TEMPLATE)
    mark = hashlib.blake2b(template or b"", digest_size=8).hexdigest()
    problem = _problem(view, template, mark) if template is not None else ""

    def task() -> Task:
        told = _told(view)
        key = (repr(told.pages), told.edition, mark)
        return results.about_shown("slides", view.seen, view.found, jobs.slides, key, (told, template))

    if problem:
        look.note(SLIDES.help)
        look.notice(problem, problem=True)
        st.button("Use the usual look instead", key="usual-look", on_click=_forget_template)
    else:
        _offer(view, SLIDES, task, mark)
    _ask_template(template, bool(problem))


def _problem(view: View, template: bytes, mark: str) -> str:
    """Why a template cannot be used; empty where it can."""
    args = (template,)
    task = results.about_shown("template", view.seen, view.found, jobs.template_problem, mark, args)
    try:
        problem: str = workshop().result(task, "Looking at the template …")
    except Stopped:
        return "You stopped looking at the template. Take it away and upload it again."
    return problem


def offer_report(view: View) -> None:
    """Offer the report."""

    def task() -> Task:
        told = _told(view)
        key, args = (repr(told.pages), told.edition), (told, view.found.segmentation)
        return results.about_shown("report", view.seen, view.found, jobs.report, key, args)

    _offer(view, REPORT, task)


def offer_workbook(view: View, personal: bool) -> None:
    """Offer the workbook."""

    def task() -> Task:
        rules = results.rules(view.table.customers, view.found)
        args = (view.assignment, view.kpis, view.found.segmentation, view.edition, rules, personal)
        key = (view.edition, looking().own, looking().assumptions, personal)
        return results.about_shown("workbook", view.seen, view.found, jobs.sheets, key, args)

    _offer(view, WORKBOOK, task, personal)
    if is_part(view.customers):
        drawn = number(len(view.customers))
        look.note(f"Its profile is from {drawn} customers drawn by chance, and it lists none.")


def _ask_template(now: bytes | None, unusable: bool) -> None:
    """Ask for a company's file."""
    turn = st.session_state.get(TURN, 0)
    sign = "" if now is None else " ✗" if unusable else " ✓"
    with st.popover(f"Your company’s template{sign}", key="template-box"):
        given = st.file_uploader("PowerPoint file (PPTX or POTX)", key=f"template-{turn}")
        look.note("Its master and layouts are used, its own slides are not. It stays in this session.")
        if given is not None and given.getvalue() != now:
            st.session_state[TEMPLATE] = given.getvalue()
            st.rerun()
        if now is not None:
            st.button("Take it away", key="template-off", on_click=_forget_template)


def _forget_template() -> None:
    st.session_state.pop(TEMPLATE, None)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1  # an uploader that is empty again


# --- making one ------------------------------------------------------------------------------------


def _offer(view: View, document: Document, task: Callable[[], Task], *more: Hashable) -> bool:
    """Offer to make a document; once it was asked for, make it and offer the file.

    Parameters
    ----------
    view : View
    document : Document
    task : function
        How it is made: called once somebody asked, as finding what it holds may take a moment too.
    *more
        What decides about it besides view and what people wrote.

    Returns
    -------
    bool
        False where it was asked for and could not be made; why is said.
    """
    look.note(document.help)
    written = json.dumps(kept.all_written(view), sort_keys=True)
    mark = (document.key, view.edition, looking().own, looking().assumptions, written, *more)
    if mark not in st.session_state.get(ASKED, ()):
        st.button(
            document.label,
            key=f"make-{document.key}",
            width="stretch",
            on_click=_ask,
            args=(mark,),
        )
        return True
    problems = st.session_state.get(PROBLEMS, {})
    content = None if mark in problems else _made(document, task, mark)
    if content is None:
        look.notice(st.session_state[PROBLEMS][mark], problem=True)
        st.button("Try again", key=f"again-{document.key}", on_click=_ask, args=(mark,))
        return False
    st.download_button(
        f"Download the {document.key} ({_size(len(content))})",
        data=content,
        file_name=view.file_name(document.key, document.ending),
        mime=document.mime,
        key=f"download-{document.key}",
        on_click="ignore",
        width="stretch",
    )
    return True


def _ask(mark: Hashable) -> None:
    again()
    st.session_state[ASKED] = st.session_state.get(ASKED, frozenset()) | {mark}
    st.session_state.get(PROBLEMS, {}).pop(mark, None)


def _made(document: Document, task: Callable[[], Task], mark: Hashable) -> bytes | None:
    """The document; None where it was stopped or cannot be made, which is remembered."""
    try:
        content: bytes = workshop().result(task(), f"Making the {document.key} …")
    except Stopped:
        problem = f"You stopped making the {document.key}."
    except SegkitError as raised:
        problem = str(raised)
    else:
        return content
    st.session_state[PROBLEMS] = {**st.session_state.get(PROBLEMS, {}), mark: problem}
    return None


def _size(count: int) -> str:
    return f"{number(count / MEGA, 1)} MB" if count >= MEGA else f"{number(max(count // KILO, 1))} kB"
