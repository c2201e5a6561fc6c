"""Slides, report and workbook from the pages: made when asked for, as arranged, also in a template."""

import io

import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from pages.ui import documents
from pages.ui.workshop import workshop
from tests.test_pages import checked, go, start, text


def at_downloads() -> AppTest:
    return go(start(data="sample", segments="3"), "downloads")


def buttons(at: AppTest) -> set[str]:
    return {one.key for one in at.button}


def made(at: AppTest, key: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Ask for a document, and catch what the page hands over."""
    given: list[bytes] = []
    real = documents._made

    def caught(document, *about):
        content = real(document, *about)
        if document.key == key:
            given.append(content)
        return content

    monkeypatch.setattr(documents, "_made", caught)
    checked(at.button(key=f"make-{key}").click().run())
    monkeypatch.setattr(documents, "_made", real)
    return given[-1]


def test_each_document_is_made_when_it_is_asked_for(monkeypatch):
    at = at_downloads()
    assert {"make-slides", "make-report", "make-workbook"} <= buttons(at)
    report = made(at, "report", monkeypatch)
    assert report.startswith(b"<!")
    assert b"Sample company" in report
    assert "make-report" not in buttons(at)
    workbook = made(at, "workbook", monkeypatch)
    assert workbook.startswith(b"PK")


def test_slides_are_the_pages_that_were_taken_in_under_their_titles(monkeypatch):
    at = go(start(data="sample", segments="3"), "present")
    title = next(one for one in at.text_area if one.key.endswith("-title"))
    checked(title.set_value("Who buys from us").run())
    said = next(one for one in at.text_area if one.key.endswith("-said"))
    checked(said.set_value("Good morning").run())
    slides = Presentation(io.BytesIO(made(at, "slides", monkeypatch))).slides
    assert slides[0].shapes.title.text_frame.text == "Who buys from us"
    assert slides[0].notes_slide.notes_text_frame.text.startswith("Good morning")


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
        (b"PK\x03\x04 nothing more", "damaged"),
        (b"no", "no PowerPoint"),
    ],
)
def test_a_template_that_cannot_be_used_is_told_and_nothing_is_taken_in_its_place(template, said):
    at = at_downloads()
    at.session_state[documents.TEMPLATE] = template
    checked(at.run())
    assert said in text(at)
    assert "usual-look" in buttons(at)
    assert "make-slides" not in buttons(at)
    checked(at.button(key="usual-look").click().run())
    assert documents.TEMPLATE not in at.session_state
    assert "make-slides" in buttons(at)


def test_what_was_stopped_is_said_and_can_be_made_again(monkeypatch):
    from pages.ui.work import Stopped

    at = at_downloads()
    real = workshop().result

    def stopped(task, doing):
        if "Making" in doing:
            raise Stopped
        return real(task, doing)

    monkeypatch.setattr(workshop(), "result", stopped)
    checked(at.button(key="make-report").click().run())
    assert "You stopped making the report." in text(at)
    monkeypatch.undo()
    checked(at.button(key="again-report").click().run())
    assert "You stopped" not in text(at)
    assert "again-report" not in buttons(at)
