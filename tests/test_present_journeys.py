"""Presenting in a real browser: arrow keys, the address, the whole screen, and type that can be read."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import Running, click, idle, insist, visit

pytestmark = pytest.mark.browser


def at(page: Page, place: int) -> None:
    expect(page.locator(f"html[data-stage='{place}']")).to_be_attached()
    idle(page)


def title(page: Page) -> str:
    return page.locator(".stage-title").inner_text()


def test_keys_and_buttons_move_and_the_address_follows(browser: Browser, app: Running) -> None:
    with visit(browser, app) as page:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto("/present?data=sample")
        begin = page.locator(".st-key-present button")
        expect(begin).to_be_visible()
        insist(
            page, begin.click, lambda wait: expect(page.locator(".st-key-stage")).to_be_visible(timeout=wait)
        )
        at(page, 0)
        for hidden in ("stHeader", "stToolbar", "stSidebar"):
            for part in page.get_by_test_id(hidden).all():
                expect(part).not_to_be_visible()
        page.keyboard.press("ArrowRight")
        at(page, 1)
        assert "largest segment" in title(page)
        page.keyboard.press("ArrowRight")
        at(page, 2)
        page.keyboard.press("ArrowLeft")
        at(page, 1)
        assert re.search(r"[?&]show=sizes\b", page.url)
        page.locator("[data-go=next]").click()
        at(page, 2)
        page.keyboard.press("End")
        count = int(page.locator(".stage-foot .where").inner_text().split(" of ")[1])
        at(page, count - 1)
        page.keyboard.press("ArrowRight")  # nothing comes after the last
        at(page, count - 1)
        link = page.url
        page.keyboard.press("Escape")
        expect(page.locator(".st-key-present button")).to_be_visible()
        assert "show=" not in page.url
        for key in ("Escape", "ArrowRight", "Space"):  # nothing listens any more
            page.keyboard.press(key)
            page.wait_for_timeout(300)
        idle(page)
        expect(begin).to_be_visible()
        expect(page.get_by_text("encountered an error")).to_have_count(0)
        assert "show=" not in page.url
        page.goto(link)
        at(page, count - 1)


def test_every_page_fits_a_projector_in_type_of_24_px(browser: Browser, app: Running) -> None:
    """Nothing is cut off, and no text is smaller, at 1280 × 720."""
    with visit(browser, app) as page:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto("/present?data=sample&show=cover")
        at(page, 0)
        count = int(page.locator(".stage-foot .where").inner_text().split(" of ")[1])
        for place in range(count):
            at(page, place)
            found = page.evaluate(_MEASURE)
            assert found["smallest"] >= 24, (place, found)
            assert found["lowest"] <= found["foot"], (place, found)
            assert found["right"] <= 1280, (place, found)
            page.keyboard.press("ArrowRight")


_MEASURE = """() => {
  const stage = document.querySelector(".st-key-stage"), foot = stage.querySelector(".stage-foot");
  let smallest = 1e9, lowest = 0, right = 0;
  const walk = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (!node.textContent.trim() || node.parentElement.closest("style")) continue;
    smallest = Math.min(smallest, parseFloat(getComputedStyle(node.parentElement).fontSize));
    if (foot.contains(node)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    lowest = Math.max(lowest, box.bottom);
    right = Math.max(right, box.right);
  }
  return { smallest, lowest, right, foot: foot.getBoundingClientRect().top };
}"""


def test_pages_are_moved_and_left_out_with_a_click(browser: Browser, app: Running) -> None:
    with visit(browser, app) as page:
        page.goto("/present?data=sample&segments=3")
        rows = page.locator("ol.pages li")
        expect(rows.first).to_contain_text("Cover")
        idle(page)
        name = rows.nth(1).locator(".name")
        up = page.locator("[data-cell='up sizes']")

        def moved() -> None:
            if "Sizes" not in rows.first.inner_text():
                up.click()

        insist(page, moved, lambda wait: expect(rows.first).to_contain_text("Sizes", timeout=wait))
        expect(name).to_contain_text("Cover")
        box = page.locator("[data-cell='told cover']")

        def left_out() -> None:
            if box.get_attribute("aria-checked") == "true":
                box.click()

        insist(
            page, left_out, lambda wait: expect(box).to_have_attribute("aria-checked", "false", timeout=wait)
        )
        click(page, "present")
        at(page, 0)
        assert "largest segment" in title(page)
