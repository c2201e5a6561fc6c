"""The profiles page as a person uses it: the sentence, the picture, one segment, its persona."""

import html
import json
import re
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

import segkit
from pages.profiles.profile import NO_ROWS
from segkit.customers.sampling import sampled
from segkit.library.written import written
from segkit.segments.segmentation import Assignment
from tests.browser import click, content, idle
from tests.tables import read_here
from tests.test_pages import address, checked, go, start, text, upload
from tests.test_source_pages import opened, source  # noqa: F401  a fixture

FILTER = {"conditions": [{"column": "country", "values": ["Germany"], "low": "", "high": ""}]}


def profiles(**link) -> AppTest:
    return go(start(**({"data": "sample"} | link)), "profiles")


def html_of(at: AppTest) -> str:
    return "".join(block.proto.body for block in at.get("html"))


def headline(at: AppTest) -> str:
    return next(block.proto.body for block in at.get("html") if "class='headline'" in block.proto.body)


def chooser(at: AppTest):
    return next(box for box in at.selectbox if box.label == "Profile of")


def titles(at: AppTest) -> list[str]:
    specs = [json.loads(chart.proto.spec) for chart in at.get("plotly_chart")]
    written = [html.unescape(re.sub(r"<[^>]+>", " ", spec["layout"]["title"]["text"])) for spec in specs]
    return [" ".join(one.split()) for one in written]


def test_the_page_opens_with_a_sentence_a_picture_a_profile_and_a_persona():
    at = profiles()
    assert "“Business accounts” stands apart most by account type “business”" in text(at)
    assert "goes farthest in one column" in titles(at)[0]
    assert "What formed “" in titles(at)[1]
    assert {"From your data", "Written by you"} <= set(re.findall(r"From your data|Written by you", text(at)))
    assert [one.label for one in at.button if one.proto.type == "primary"] == ["Explore the differences →"]
    checked(at.button(key="to-explore").click().run())
    assert "Compare two segments" in text(at)


def test_a_focus_is_told_drawn_and_chosen():
    at = profiles()
    at.selectbox(key="focus").select_index(4).run()
    name = at.selectbox(key="focus").options[4]
    assert f"“{name}” stands apart by" in text(at)
    assert titles(at)[0].startswith(f"“{name}” differs most from everyone in")
    assert chooser(at).options[chooser(at).index] == name
    assert f"What formed “{name}”" in titles(at)[1]


@pytest.fixture(scope="module")
def sample() -> tuple[pd.DataFrame, Assignment]:
    """The sample company as pandas reads it, and who is in which segment."""
    frame = pd.read_csv("data/sample/customers.csv", dtype={"customer_id": "str"})
    customers = read_here(Path("data/sample/customers.csv").read_bytes())
    return frame, segkit.segment(customers, segkit.Plan(n_segments=5)).assign(customers)


def test_another_segment_can_be_chosen_and_has_its_own_numbers(sample):
    at = profiles()
    for place in (1, 3):
        chooser(at).select_index(place).run()
        size = int(sample[1].sizes[place])
        assert f" {size:,}  customers" in text(at)
        assert f"{size:,} customers, {size / 5000:.0%} of all".replace("%", " %") in text(at)


def test_a_filter_changes_the_numbers_and_is_named(sample):
    at = profiles(look=json.dumps(FILTER))
    frame, assignment = sample
    largest = int(assignment.where((frame["country"] == "Germany").to_numpy()).sizes.max())
    assert f" {largest:,}  customers" in text(at)
    assert "only where country is Germany" in titles(at)[0]


def test_typical_customers_and_edge_cases_are_listed_when_asked_for(sample):
    at = profiles()
    assert not at.dataframe
    at.session_state["profile-people"] = True
    at.run()
    shown = [table.value for table in at.dataframe]
    assert len(shown) == 2
    assert set(shown[0]["customer_id"]) <= set(sample[0]["customer_id"])
    assert list(shown[1].columns[:3]) == ["customer_id", "Confidence", "Nearly in"]
    assert shown[1]["Confidence"].astype(float).max() < 0.8
    assert "These are nearly in “" in text(at)


def test_what_a_person_writes_stays_and_is_literal():
    at = profiles()
    words = "Save time\n<script>alert(1)</script> ![x](http://evil.example/x.png) $5"
    area = next(one for one in at.text_area if one.label == "Goals")
    area.set_value(words)
    at.button(key=next(one.key for one in at.button if one.label == "Keep")).click().run()
    assert html.escape(words) in html_of(at)
    assert "<script>" not in html_of(at)
    again = profiles()
    assert html.escape(words) in html_of(again)
    area = next(one for one in again.text_area if one.label == "Goals")
    assert area.value == words
    area.set_value("")
    again.button(key=next(one.key for one in again.button if one.label == "Keep")).click().run()
    assert "Nothing yet." in text(again)
    data = segkit.read("data/sample/customers.csv").fingerprint
    assert all("personas" not in written(f"{data}-{key}") for key in again.session_state["settled"].values())


def test_a_long_text_is_kept_whole():
    at = profiles()
    next(one for one in at.text_area if one.label == "Notes").set_value("n" * 10_000)
    at.button(key=next(one.key for one in at.button if one.label == "Keep")).click().run()
    assert "n" * 10_000 in html_of(at)


def test_many_segments_put_the_chosen_one_in_front():
    at = profiles(segments="8")
    spec = json.loads(at.get("plotly_chart")[0].proto.spec)
    assert sum(line["line"]["width"] > 2 for line in spec["data"]) == 1
    name = chooser(at).options[chooser(at).index]
    assert titles(at)[0].startswith(f"“{name}”")
    chooser(at).select_index(5).run()
    assert titles(at)[0].startswith(f"“{chooser(at).options[5]}”")


@pytest.mark.parametrize(
    "link",
    [
        {"by": ["weekend_share"], "segments": "4"},
        {"by": ["device", "gender"], "segments": "2"},
        {"method": "column", "options": json.dumps({"column": "country"})},
    ],
    ids=["one number", "categories", "a column as it is"],
)
def test_segments_of_every_kind_have_profiles(link):
    at = profiles(**link)
    assert "stands apart" in text(at)
    assert len(titles(at)) >= 2


def test_rules_on_a_date_have_no_averages_and_say_so():
    table = pd.DataFrame(
        {
            "customer_id": [f"c{place}" for place in range(120)],
            "churn_date": ["2024-03-01", "2024-05-01"] * 30 + [None] * 60,
            "age": [20, 24] * 30 + [60, 64] * 30,
        }
    )
    at = upload(start(), table.to_csv(index=False).encode())
    rules = [{"name": "Left", "when": {"column": "churn_date", "how": "known", "values": []}}]
    options = json.dumps({"rules": rules, "rest": "Stayed"})
    at = go(start(data=address(at, "data")[0], method="own-rules", options=options), "profiles")
    assert "“Left” is described by age (22 on average, everyone 42; index 52, " in text(at)
    assert NO_ROWS in text(at)
    assert titles(at)[0].startswith("What else is true of “Left”: lower age")


def test_a_segment_of_few_is_not_shown():
    rows = [("a", 20 + place % 9) for place in range(60)] + [("b", 60)] * 40 + [("c", 90)] * 3
    table = pd.DataFrame(rows, columns=["plan", "age"]).assign(customer_id=range(len(rows)))
    at = upload(start(), table.to_csv(index=False).encode())
    options = json.dumps({"column": "plan"})
    at = go(start(data=address(at, "data")[0], method="column", options=options), "profiles")
    chooser(at).select_index(2).run()
    assert "“c” has fewer than five customers here: nothing is shown of so few." in text(at)
    assert "Fewer than five customers: nothing is shown of so few." in text(at)
    assert not at.exception


def test_of_a_source_profiles_and_personas_are_of_all(source, monkeypatch):  # noqa: F811
    monkeypatch.setattr("segkit.customers.sampling.sampled", partial(sampled, rows=2000))
    at = go(opened(), "profiles")
    assert titles(at)
    assert all("5,000 customers, measured by DuckDB" in title for title in titles(at))
    assert not any("drawn by chance" in title for title in titles(at))
    sizes = [
        int(one.replace(",", ""))
        for one in re.findall(r"<h2 dir='auto'>.*?</h2><p>([\d,]+) cust", html_of(at))
    ]
    assert sum(sizes[1:]) == len(source)  # the first stands on the page, all of them on paper


def test_without_data_the_page_says_what_to_do():
    assert "load your customers first" in text(go(start(), "profiles"))


@pytest.mark.browser
def test_printed_from_the_browser_it_is_one_card_a_sheet(page):
    page.goto("/profiles?data=sample&segments=5")
    expect(page.locator(".persona").first).to_be_visible()
    idle(page)
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 5
    page.emulate_media(media="print")
    expect(page.locator("h1.headline")).to_be_hidden()
    expect(page.locator(".persona-print .persona")).to_have_count(5)
    expect(page.locator(".persona-print .persona").last).to_be_visible()
    with page.expect_download() as download:
        page.emulate_media(media="screen")
        click(page, "download-personas")
    assert content(download.value).count(b"<article") == 5
