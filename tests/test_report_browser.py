"""The report in a real browser: asks for nothing, draws what comes into sight, prints."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

import segkit
from segkit.exports.html_report.report import report_html
from segkit.insights.edition import edition
from segkit.insights.story.telling import story

pytestmark = pytest.mark.browser

NAMES = (
    "<script>document.title='run'</script>",
    "</script><a href='http://evil.example/x'>link</a><b>bold</b><br>x",
    "<img src=http://evil.example/i.png onerror=document.title='run'>",
    "![x](http://evil.example/x.png) $x^2$ %{x}",
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of segments, columns and a table with hostile names."""
    frame = pd.read_csv(Path("data/sample/customers.csv")).head(1200)
    frame["grp"] = [NAMES[place % 4] for place in range(len(frame))]
    customers = segkit.read(frame.rename(columns={"age": NAMES[2]}))
    segmentation = segkit.segment(customers, segkit.Plan(method="column", options={"column": "grp"}))
    assignment = segmentation.assign(customers)
    kpis = segkit.measure(customers, assignment)
    about = edition(customers, segmentation, len(customers), len(customers), NAMES[1])
    told = story(customers, assignment, kpis, replace(about, filters=NAMES[2]))
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(report_html(told, customers, segmentation))
    return path


@contextmanager
def reading(browser: Browser, path: Path, width: int = 1280, **more: bool) -> Iterator[Page]:
    """The report on a screen; it may ask for nothing but itself, complain of nothing and open nothing."""
    context = browser.new_context(viewport={"width": width, "height": 800}, **more)
    told: list[str] = []
    own = (path.as_uri(), "data:", "blob:")
    context.on("request", lambda one: None if one.url.startswith(own) else told.append(one.url))
    page = context.new_page()
    page.on("console", lambda one: told.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda one: told.append(str(one)))
    page.on("dialog", lambda one: told.append(one.message))
    try:
        page.goto(path.as_uri())
        yield page
        assert told == []
        assert page.title() == f"Customer segments: {NAMES[1]}"
    finally:
        context.close()


def drawn(page: Page, count: int) -> None:
    expect(page.locator(f"html[data-drawn='{count}']")).to_be_attached(timeout=20_000)


def test_figures_come_with_the_reader_and_names_are_literal(browser: Browser, report: Path) -> None:
    with reading(browser, report) as page:
        charts = page.locator(".chart")
        expect(charts.first.locator(".main-svg").first).to_be_visible(timeout=20_000)
        count = charts.count()
        assert page.locator(".chart .main-svg").count() < 3 * count  # those far below wait
        for place in range(count):
            charts.nth(place).scroll_into_view_if_needed()
        drawn(page, count)
        assert page.locator(".chart a, .chart image, .chart script, main a, main img").count() == 0
        shown = "".join(charts.first.locator("text").all_text_contents())
        assert "<script>" in shown
        assert "<a href=" in shown
        assert "<img src=" in shown
        first = charts.first
        first.scroll_into_view_if_needed()
        first.hover()
        assert first.locator(".modebar-btn").count() == 1
        with page.expect_download() as picture:
            first.locator(".modebar-btn").click()
        assert picture.value.suggested_filename == "page-1-sizes.png"
        assert picture.value.path().read_bytes().startswith(b"\x89PNG")


def test_the_contents_lead_to_each_section(browser: Browser, report: Path) -> None:
    with reading(browser, report) as page:
        for key in ("numbers", "page-3-kpi-csat"):
            page.locator(f"nav a[href='#{key}']").click()
            expect(page.locator(f"nav a[href='#{key}']")).to_have_attribute("aria-current", "true")
            expect(page.locator(f"#{key} h2")).to_be_in_viewport()
        expect(page.locator("#page-3-kpi-csat table")).to_be_hidden()
        page.locator("#page-3-kpi-csat summary", has_text="Numbers").click()
        expect(page.locator("#page-3-kpi-csat table")).to_be_visible()


def test_everything_is_drawn_before_it_is_printed(browser: Browser, report: Path) -> None:
    with reading(browser, report) as page:
        expect(page.locator(".chart .main-svg").first).to_be_visible(timeout=20_000)
        written = page.pdf(format="A4")
        drawn(page, page.locator(".chart").count())
        assert len(re.findall(rb"/Type\s*/Page\b", written)) > 5


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, report: Path) -> None:
    with reading(browser, report, width=390) as page:
        chart = page.locator(".chart").first
        chart.scroll_into_view_if_needed()
        expect(chart.locator(".main-svg").first).to_be_visible(timeout=20_000)
        assert page.evaluate("() => document.documentElement.scrollWidth") == 390
        box, picture = chart.bounding_box(), chart.locator(".main-svg").first.bounding_box()
        assert box is not None
        assert picture is not None
        assert picture == pytest.approx(box, abs=1)
        expect(page.locator("nav a").first).to_be_hidden()


def test_who_has_no_script_reads_the_tables(browser: Browser, report: Path) -> None:
    with reading(browser, report, java_script_enabled=False) as page:
        expect(page.locator("figure table").first).to_be_visible()
        expect(page.locator(".chart").first).to_be_hidden()
        expect(page.locator("nav a").first).to_be_visible()
