"""Journeys around the segments page in a real browser: goals, changes by hand, evidence, questions, links."""

import csv
import io
import re
import zipfile

import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import (
    Running,
    click,
    downloaded,
    headline,
    idle,
    pick,
    tick,
    upload,
    visit,
)
from tests.real_data import real_file

pytestmark = pytest.mark.browser
MOST_QUESTIONS = 5


def measured(page: Page) -> None:
    """Wait until everything that appears later is there: the page is drawn anew when it is."""
    expect(page.locator(".cards h3").first).to_be_visible()
    expect(page.locator(".cards .light b", has_text="…")).to_have_count(0)
    expect(page.get_by_text("Comparing with scrambled data")).to_have_count(0)
    idle(page)


def names(page: Page) -> list[str]:
    """The segments on the page."""
    return page.locator(".cards h3").all_inner_texts()


def choose(page: Page, key: str, label: str) -> None:
    """Press one of some buttons that stand together."""
    page.locator(f".st-key-{key}").get_by_role("radio", name=label, exact=True).click()
    idle(page)


def closer(page: Page, panel: str) -> None:
    """Open a panel of “Look closer”."""
    measured(page)
    choose(page, "closer", panel)


def box(page: Page, key: str) -> Locator:
    """A list to choose from, whose key ends in something that is of no interest."""
    return page.locator(f"[class*=st-key-{key}]").get_by_role("combobox").first


def merge(page: Page, wanted: list[str]) -> None:
    """Make one segment of some."""
    closer(page, "Change by hand")
    pick(page, box(page, "action"), "Merge")
    for name in wanted:
        tick(page, page.locator("[class*=st-key-merge-which]"), name)
    page.keyboard.press("Escape")
    click(page, "refine")


def answers(page: Page) -> Locator:
    """The radio buttons of each question so far."""
    return page.get_by_test_id("stRadio")


def test_a_goal_from_the_upload_to_the_data_dictionary(page: Page) -> None:
    page.goto("/")
    upload(page, str(real_file("telco_churn", "Telco-Customer-Churn.csv")))
    headline(page, "^7,043 customers")
    click(page, "find-segments")
    measured(page)
    choose(page, "goal", "Retain")
    expect(page.locator("p.kicker")).to_contain_text("goal: retain")
    measured(page)
    assert "goal=retain" in page.url
    click(page, "see-results")
    headline(page, "of customers and")
    expect(page.locator("p.kicker")).to_contain_text("goal: retain")
    page.get_by_role("link", name="Downloads").click()
    headline(page, "are ready")
    archive = zipfile.ZipFile(io.BytesIO(downloaded(page, "download-segments")))
    rows = list(csv.reader(io.StringIO(archive.read("data_dictionary.csv").decode("utf-8-sig"))))
    assert ["(segments)", "Goal: Retain. Who leaves, and what do they have in common?"] in [
        [row[0], row[3]] for row in rows
    ]
    formed = {row[0] for row in rows if "Formed the segments" in row[3]}
    assert formed
    assert "Churn" not in formed


def test_segments_are_merged_and_taken_apart_again(page: Page) -> None:
    page.goto("/segments?data=sample&segments=4")
    measured(page)
    before = names(page)
    merge(page, before[:2])
    expect(page.locator(".cards h3")).to_have_count(3)
    assert names(page)[1:] == before[2:]
    expect(page.get_by_text(f"“{before[0]}” and “{before[1]}” are one segment.")).to_be_visible()
    measured(page)
    click(page, "undo")
    expect(page.locator(".cards h3")).to_have_text(before)
    measured(page)
    click(page, "redo")
    expect(page.locator(".cards h3")).to_have_count(3)
    measured(page)
    after = names(page)
    page.get_by_role("link", name="Downloads").click()
    headline(page, "3 segments are ready")
    listed = pd.read_csv(io.BytesIO(downloaded(page, "download-customers")), dtype=str)
    assert set(listed["segment_name"]) == set(after)
    assert after[0] not in before


def test_a_person_is_placed_by_her_answers(page: Page) -> None:
    page.goto("/segments?data=sample&segments=4")
    closer(page, "Who is this?")
    expect(answers(page)).to_be_visible()
    placement = page.locator(".notice[role=status]")
    for place in range(1, MOST_QUESTIONS + 1):
        question = page.locator("p.question", has_text=f"{place}. ")
        if not question.count():
            break
        answers(page).nth(place - 1).get_by_test_id("stRadioOption").nth(1).click()
        idle(page)
        expect(page.locator("p.question", has_text=f"{place + 1}. ").or_(placement)).to_be_visible()
    expect(placement).to_be_visible()
    assert any(name in placement.inner_text() for name in names(page))


def test_the_evidence_is_drawn_beside_scrambled_data(page: Page) -> None:
    page.goto("/segments?data=sample&segments=4")
    closer(page, "How do we know?")
    for chart in ("evidence", "flow"):
        expect(page.locator(f".st-key-card-{chart} .main-svg").first).to_be_visible()
    closer(page, "How firm?")
    expect(page.locator(".st-key-card-certainty .main-svg").first).to_be_visible()
    expect(page.get_by_text("measuring …")).to_have_count(0)


def test_a_link_opens_what_was_changed_by_hand_elsewhere(browser: Browser, app: Running, page: Page) -> None:
    page.goto("/segments?data=sample")
    measured(page)
    merge(page, names(page)[1:3])
    expect(page.locator("h2.part", has_text="Changed by hand")).to_be_visible()
    measured(page)
    expect(page).to_have_url(re.compile("refined="))
    with visit(browser, app) as elsewhere:
        elsewhere.goto(page.url)
        expect(elsewhere.locator(".cards h3")).to_have_text(names(page))


def hostile_file(rows: int = 240) -> bytes:
    """Columns and levels that would be pictures, colours and formulas as markdown."""
    picture, red, money = "![](http://evil.example/x)", ":red[shouting]", "$5 and $10"
    kinds = [place % 3 for place in range(rows)]
    table = pd.DataFrame(
        {
            "customer_id": [f"c{place:04d}" for place in range(rows)],
            picture: [(picture, red, money)[kind] for kind in kinds],
            red: [10 + 40 * kind + place % 5 for place, kind in enumerate(kinds)],
            "plan_tier": [("<img src=http://evil.example/y>", "`basic`", "**pro**")[kind] for kind in kinds],
            money: [100 - 30 * kind + place % 7 for place, kind in enumerate(kinds)],
        }
    )
    return table.to_csv(index=False).encode()


def test_text_of_files_stays_text_in_every_panel(page: Page) -> None:
    page.goto("/")
    field = page.get_by_test_id("stFileUploaderDropzoneInput")
    field.set_input_files({"name": "bad.csv", "mimeType": "text/csv", "buffer": hostile_file()})
    headline(page, "^240 customers")
    click(page, "find-segments")
    measured(page)
    pick(page, box(page, "method"), "A column as it is")
    expect(page.locator("p.kicker")).to_contain_text("from 1 dimension")
    pick(page, box(page, "option-column"), "![](http://evil.example/x)")
    expect(page.locator(".cards h3", has_text="![](http://evil.example/x)")).to_have_count(1)
    for panel in ("How firm?", "Change by hand", "Rules and SQL", "Why this segment?"):
        closer(page, panel)
    closer(page, "Who is this?")
    answers(page).get_by_test_id("stRadioOption").nth(1).click()
    idle(page)
    expect(page.locator("[data-testid=stMain] img")).to_have_count(0)
    expect(page.locator("[data-testid=stMain] .katex")).to_have_count(0)
    expect(page.locator("[data-testid=stMain] [class*=stMarkdownColoredText]")).to_have_count(0)
