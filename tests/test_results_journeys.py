"""Journeys around the results pages in a real browser: real numbers, focus, filter, the customers behind."""

import csv
import io
import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import (
    Running,
    click,
    downloaded,
    headline,
    idle,
    insist,
    kpi_table,
    number,
    tick,
    unfold,
    upload,
    visit,
)
from tests.real_data import real_file

pytestmark = pytest.mark.browser


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def results(page: Page) -> None:
    page.get_by_role("link", name="Results").click()
    expect(page.locator("td[data-cell]").first).to_be_visible()
    idle(page)


def test_the_page_and_its_files_say_what_the_file_says(browser: Browser, app: Running) -> None:
    churn = json.loads(real_file("telco_churn", "expect.json").read_text())["churn_by_Contract"]
    with visit(browser, app) as page:
        page.goto("/")
        upload(page, str(real_file("telco_churn", "Telco-Customer-Churn.csv")))
        headline(page, "7,043 customers")
        data = re.search(r"data=(\w+)", page.url).group(1)  # type: ignore[union-attr]
        options = json.dumps({"column": "Contract"})
        page.goto(f"/segments?data={data}&method=column&options={options}")
        headline(page, "3 segments")
        results(page)
        shown = kpi_table(page)
        for contract, told in churn.items():
            assert shown.loc[contract, "Retention"].replace(
                "\u202f", " "
            ) == f"{1 - told['rate']:.0%}".replace("%", " %")
            assert shown.loc[contract, "Revenue per customer"] == f"{told['mean_MonthlyCharges']:.2f}"
        written = {(row["Segment"], row["KPI"]): row for row in rows_of(downloaded(page, "csv-overview"))}
        for contract, told in churn.items():
            assert float(written[contract, "Retention"]["Value"]) == pytest.approx(
                100 * (1 - told["rate"]), abs=1e-4
            )
            assert int(written[contract, "Retention"]["Answers"]) == told["n"]
        assert all("Telco-Customer-Churn.csv" in row["About"] for row in written.values())


def test_a_marketer_looks_behind_a_number_and_at_one_segment(browser: Browser, app: Running) -> None:
    with visit(browser, app) as page:
        page.goto("/results?data=sample")
        expect(page.locator("td[data-cell]").first).to_be_visible()
        idle(page)
        page.locator("[data-cells=listening] td[data-cell='S2 nps']").click()
        told = page.get_by_text(re.compile("customers with an answer"))
        expect(told).to_be_visible()
        count = int(re.match(r"[\d,]+", told.inner_text()).group(0).replace(",", ""))  # type: ignore[union-attr]
        behind = rows_of(downloaded(page, "download-behind"))
        assert len(behind) == count
        assert {row["segment"] for row in behind} == {"S2"}
        scores = [float(row["NPS"]) for row in behind]
        nps = 100 * (sum(one >= 9 for one in scores) - sum(one <= 6 for one in scores)) / len(scores)
        cell = page.locator("td[data-cell='S2 nps'] b").inner_text()
        assert cell.replace("−", "-") == f"{nps:.0f}"

        page.locator(".st-key-overview .scatterlayer .point").nth(1).click(force=True)
        expect(page.locator("tr.focus th").first).to_be_visible()
        assert "focus" in page.url


def test_a_filter_goes_with_the_marketer_and_into_the_list(browser: Browser, app: Running) -> None:
    with visit(browser, app) as page:
        page.goto("/results?data=sample")
        expect(page.locator("td[data-cell]").first).to_be_visible()
        idle(page)
        columns, countries = (
            page.locator(f"[class*=st-key-filter-{name}]") for name in ("columns", "country")
        )
        unfold(page, page.locator(".st-key-filter button").first, columns)

        def by_country() -> None:
            tick(page, columns, "country")
            page.get_by_text("Segments stay as they are").click()  # closes the list of columns

        insist(page, by_country, lambda wait: expect(countries.first).to_be_visible(timeout=wait))
        tick(page, countries, "Austria")
        expect(page.locator(".kicker")).to_contain_text("only where country is Austria")
        page.keyboard.press("Escape")
        page.get_by_role("link", name="Downloads").click()
        headline(page, "are ready")
        expect(page.locator(".kicker")).to_contain_text("only where country is Austria")
        listed = rows_of(downloaded(page, "download-customers"))
        assert {row["country"] for row in listed} == {"Austria"}
        page.reload()
        expect(page.locator(".kicker")).to_contain_text("only where country is Austria")


def test_from_who_they_are_to_whom_to_call(browser: Browser, app: Running) -> None:
    with visit(browser, app) as page:
        page.goto("/segments?data=sample&segments=4")
        headline(page, "^4 segments")
        page.get_by_role("link", name="Profiles").click()  # beside the sidebar there is room for every page
        expect(page.locator(".st-key-card-snake .main-svg").first).to_be_visible()
        idle(page)
        click(page, "to-explore")
        page.get_by_role("link", name="Priorities").click()
        headline(page, "say what counts")
        idle(page)
        click(page, "equal-weights")
        headline(page, "the first euro")
        page.get_by_role("link", name="Actions").click()
        headline(page, "^Start with")
        page.get_by_role("link", name="Triggers").click()
        headline(page, "need something in the next 30 days")
        count = number(page.locator("h1.headline").inner_text().split()[0])
        idle(page)
        called = rows_of(downloaded(page, "download-calls"))
        assert len({row["customer_id"] for row in called}) == count
