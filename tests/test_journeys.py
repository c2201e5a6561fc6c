"""Journeys through the running app in a real browser, on real customers, checked with plain pandas."""

import io
import re
import zipfile
from contextlib import suppress
from pathlib import PurePosixPath

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

from tests.browser import (
    ROOT,
    SLOW,
    TRIES,
    click,
    downloaded,
    headline,
    idle,
    insist,
    kpi_table,
    number,
    pick,
    running_app,
    set_segments,
    tick,
    unfold,
    upload,
)
from tests.corpus import CASES
from tests.real_data import real_file

pytestmark = pytest.mark.browser
HOSTILE = ("far_corner.xlsx", "a_billion_rows.parquet")


def test_from_upload_to_a_list_that_agrees_with_plain_pandas(page: Page) -> None:
    path = real_file("telco_churn", "Telco-Customer-Churn.csv")
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    page.goto("/")
    upload(page, str(path))
    headline(page, "^7,043 customers")
    click(page, "find-segments")
    headline(page, "segments hold up")
    expect(page.locator(".cards .light", has_text="firm").first).to_be_visible()  # all is measured
    idle(page)
    family = page.locator(".st-key-family-demographic")
    unfold(page, family.locator("summary"), family.get_by_label("Clear all"))
    fewer = page.get_by_text("segments from 13 dimensions")

    def clear() -> None:
        if family.get_by_label("Clear all").is_visible():
            family.get_by_label("Clear all").click()

    insist(page, clear, lambda wait: expect(fewer).to_be_visible(timeout=wait))
    set_segments(page, 4)
    click(page, "see-results")
    expect(page.locator("table.kpis").first).to_be_visible()
    table = kpi_table(page)
    assert len(table) == 4 + 1
    assert number(table.loc["Everyone", "Customers"]) == 7043

    page.get_by_role("link", name="Downloads").click()
    for place, name in enumerate(table.index[:-1], start=1):
        listed = pd.read_csv(
            io.BytesIO(downloaded(page, f"download-S{place}")), dtype=str, keep_default_na=False
        )
        theirs = raw[raw["customerID"].isin(listed["customerID"])]
        assert set(listed["segment_name"]) == {name}
        assert list(listed["TotalCharges"]) == list(theirs["TotalCharges"])  # cells are those of the file
        assert number(table.loc[name, "Customers"]) == len(theirs) == len(listed)
        stayed = 100 * (theirs["Churn"] == "No").mean()
        assert number(table.loc[name, "Retention"]) == pytest.approx(stayed, abs=0.51)
        charge = theirs["MonthlyCharges"].astype(float).mean()
        assert number(table.loc[name, "Revenue per customer"]) == pytest.approx(charge, abs=0.51)

    everyone = pd.read_csv(
        io.BytesIO(downloaded(page, "download-customers")), dtype=str, keep_default_na=False
    )
    assert sorted(everyone["customerID"]) == sorted(raw["customerID"])
    archive = zipfile.ZipFile(io.BytesIO(downloaded(page, "download-segments")))
    assert len(archive.namelist()) == 4 + 1
    assert "data_dictionary.csv" in archive.namelist()


def test_refresh_brings_the_same_view_back(page: Page) -> None:
    page.goto("/")
    upload(page, str(real_file("telco_churn", "Telco-Customer-Churn.csv")))
    click(page, "find-segments")
    set_segments(page, 3)
    click(page, "see-results")
    before = kpi_table(page)
    page.reload()
    headline(page, "of customers")
    pd.testing.assert_frame_equal(kpi_table(page), before)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "customers: .* can form segments"),
        ("data", "customers: .* can form segments"),
        ("segments", "^4 segments"),
        ("results", "of revenue"),
        ("downloads", "4 segments are ready"),
    ],
)
def test_cold_link_opens_each_page(page: Page, name: str, sentence: str) -> None:
    page.goto(f"/{name}?data=sample&segments=4")
    headline(page, sentence)
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_drawing_around_customers_lists_them(page: Page) -> None:
    page.goto("/segments?data=sample&segments=3")
    headline(page, "^3 segments")
    plot = page.locator(".st-key-card-map .nsewdrag").first
    selected = page.locator("h2.part", has_text="customers selected")

    def draw() -> None:
        box = plot.bounding_box(timeout=SLOW / TRIES)
        assert box is not None
        left, top = box["x"], box["y"]
        width, height = box["width"], box["height"]
        page.mouse.move(left + 0.3 * width, top + 0.3 * height)
        page.mouse.down()
        for x, y in ((0.7, 0.3), (0.7, 0.7), (0.3, 0.7), (0.3, 0.32)):
            page.mouse.move(left + x * width, top + y * height, steps=6)
        page.mouse.up()

    insist(page, draw, lambda wait: expect(selected).to_be_visible(timeout=wait))


def test_changing_what_a_column_means(page: Page) -> None:
    page.goto("/?data=sample")
    headline(page, "19 of 32 columns")
    grid = page.get_by_test_id("stDataFrame").first
    option = page.locator("#portal").get_by_text("Describes only", exact=True)
    for _ in range(5):  # a cell that is drawn again while it opens closes by itself: then again
        idle(page)
        grid.scroll_into_view_if_needed()
        box = grid.bounding_box()
        assert box is not None
        page.mouse.dblclick(box["x"] + 600, box["y"] + 36 * 5 + 18)  # “Means” of the fifth column, age
        with suppress(AssertionError, TimeoutError):
            option.last.click(timeout=SLOW / 10)
            changed = re.compile("18 of 32 columns")
            expect(page.locator("h1.headline")).to_have_text(changed, timeout=SLOW / 3)
            break
        page.keyboard.press("Escape")
    headline(page, "18 of 32 columns")


def corpus(group: str, *keys: str) -> list[tuple[str, bytes]]:
    """Some files of the corpus of bad and messy ones."""
    made = {case.key: case for case in CASES if case.group == group}
    return [(made[key].name or key, made[key].make()) for key in keys]


REFUSED = [
    ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 200),
    ("report.csv", b"%PDF-1.7\n"),
    ("broken.xlsx", b"PK\x03\x04" + b"\x00" * 64),
    *corpus("hostile", *HOSTILE),
]


def test_files_that_cannot_be_read_leave_the_session_and_the_server_alive(page: Page) -> None:
    page.goto("/?data=sample")
    headline(page, "^5,000 customers")
    field = page.locator(".st-key-upload").get_by_test_id("stFileUploaderDropzoneInput")
    page.get_by_text("Load other customers").click()
    for name, body in REFUSED:
        idle(page)
        field.set_input_files({"name": name, "mimeType": "text/csv", "buffer": body})
        expect(page.locator(".notice.problem", has_text=PurePosixPath(name).name)).to_be_visible()
        headline(page, "^5,000 customers")


def test_messy_files_are_read_through_the_browser(page: Page) -> None:
    page.goto("/")
    for name, body in corpus("delimiters", "total.csv", "sep_line.csv") + corpus("encodings", "big5.csv"):
        field = page.locator(".st-key-upload").get_by_test_id("stFileUploaderDropzoneInput")
        if not field.is_visible() and page.get_by_text("Load other customers").count():
            page.get_by_text("Load other customers").click()
        idle(page)
        field.set_input_files({"name": name, "mimeType": "text/csv", "buffer": body})
        expect(page.locator("p.kicker")).to_have_text(name)
        headline(page, "^24 customers")


def answer(page: Page, about: str, with_option: str) -> None:
    """Choose what to do about a note of the reading report."""
    row = page.locator("[data-testid=stHorizontalBlock]", has_text=about).last
    pick(page, row.get_by_role("combobox"), with_option)


def test_an_assumption_can_be_answered_and_taken_back(page: Page) -> None:
    page.goto("/")
    upload(page, str(real_file("mall_customers", "Mall_Customers.csv")))
    headline(page, "^812 customers")
    answer(page, "occur more than once", "Keep the last row of each")
    headline(page, "^800 customers")
    expect(page.get_by_text("12 rows of the file set aside")).to_be_visible()
    page.get_by_text("How the file was read").click()
    click(page, "forget-choices")
    headline(page, "^812 customers")


def test_several_files_become_one_table_and_a_base_is_said_on_every_page(page: Page) -> None:
    sample = ROOT / "data" / "sample"
    page.goto("/")
    field = page.get_by_test_id("stFileUploaderDropzoneInput").first
    field.set_input_files([str(sample / name) for name in ("customers.csv", "orders.csv", "tickets.csv")])
    headline(page, "^5,000 customers")
    raw = pd.read_csv(sample / "orders.csv", dtype=str)
    ids = raw["customer_id"].nunique()
    expect(page.get_by_text(f"its {ids:,} customers are in the customer table")).to_be_visible()
    choices = page.locator(".st-key-base").get_by_role("combobox")
    unfold(page, page.locator(".st-key-base summary"), choices)
    columns, countries = (page.locator(f"[class*=st-key-base-{name}]") for name in ("columns", "country"))

    def by_country() -> None:
        tick(page, columns, "country")
        page.locator("h1.headline").click()  # closes the list: only then is the choice sent

    insist(page, by_country, lambda wait: expect(choices).to_have_count(2, timeout=wait))
    tick(page, countries, "Germany")
    germans = (pd.read_csv(sample / "customers.csv", dtype=str)["country"] == "Germany").sum()
    headline(page, f"^{germans:,} customers")
    page.keyboard.press("Escape")
    for key, sentence in (("Segments", "segments"), ("Results", "."), ("Downloads", "are ready")):
        page.get_by_role("link", name=key).click()
        headline(page, sentence)
        expect(page.locator("p.kicker")).to_contain_text("only where country is Germany")
    listed = pd.read_csv(io.BytesIO(downloaded(page, "download-customers")), dtype=str)
    assert set(listed["country"]) == {"Germany"}
    assert len(listed) == germans
    spent = raw[~raw["order_id"].duplicated()].groupby("customer_id").size()
    bought = listed.set_index("customer_id")["orders (from orders.csv)"].astype(float)
    assert (bought == spent.reindex(bought.index).fillna(0)).all()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("segments", "^4 segments"),
        ("present", "of revenue"),
    ],
)
def test_the_first_link_on_a_server_that_just_started(browser: Browser, name: str, sentence: str) -> None:
    with running_app() as (address, _):
        opened = browser.new_page()
        opened.goto(f"{address}/{name}?data=sample&segments=4")
        expect(opened.locator("h1.headline")).to_have_text(re.compile(sentence), timeout=SLOW)
        idle(opened)
        expect(opened.get_by_text("Page not found")).to_have_count(0)
        expect(opened.get_by_role("link", name="Segments")).to_have_count(1)
        opened.close()
