"""The present page: what is offered before a meeting, what is shown in it, and what is kept."""

import html
import json
import os
import re
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages.present.stage import SHOW
from tests.test_pages import address, checked, csv, go, small_table, start, text, upload


def present(**more: str) -> AppTest:
    return go(start(data="sample", **more), "present")


def showing(page: str, **more: str) -> AppTest:
    at = present(**more)
    at.query_params[SHOW] = page
    return checked(at.run())


def bodies(at: AppTest, of: str) -> list[str]:
    return [block.proto.body for block in at.get("html") if f"class='{of}" in block.proto.body]


def listed(at: AppTest) -> list[str]:
    """The keys of the pages in the list, in their order."""
    return re.findall(r"data-cell='look ([^']*)'", bodies(at, "pages'")[0])


def title_of(at: AppTest) -> str:
    return next(one.value for one in at.text_area if one.key.endswith("-title"))


def kept() -> dict:
    folder = Path(os.environ["SEGKIT_HOME"]) / "written"
    return json.loads(next(folder.glob("*.json")).read_text(encoding="utf-8"))["story"]


def test_it_opens_with_what_the_data_say_and_one_click_presents() -> None:
    at = present()
    assert "of customers and" in text(at)
    keys = listed(at)
    assert keys[:3] == ["cover", "sizes", "overview"]
    assert keys[-1] == "next"
    assert at.button(key="present").label.startswith("Present ")
    checked(at.button(key="present").click().run())
    assert address(at, SHOW) == ["cover"]
    assert "Customer segments: Sample company" in text(at)
    assert not at.button  # nothing of the app around it


def test_a_link_opens_its_page_with_table_segments_and_filter() -> None:
    look = {"conditions": [{"column": "country", "values": ["Germany"], "low": "", "high": ""}]}
    at = showing("cover", look=json.dumps(look))
    cover = " ".join(text(at).split())
    size = re.search(r"Filter ([\d,]+) customers, only where country is Germany", cover)
    assert size
    assert 0 < int(size[1].replace(",", "")) < 5000
    assert "Base 5,000 customers, everyone in the table" in cover
    assert re.search(r"Version [0-9a-f]{10}", cover)
    assert "Period 2024-10-01 to 2026-09-30" in cover


def test_a_kpi_is_shown_as_on_the_results_page() -> None:
    at = showing("kpi:nps")
    stage = next(block.proto.body for block in at.get("html") if "stage-bars" in block.proto.body)
    rows = re.findall(r"<span dir='auto'>([^<]*)</span></div>.*?<b>([^<]*)</b>", stage)
    results = go(at, "results")
    table = next(block.proto.body for block in results.get("html") if "class='kpis'" in block.proto.body)
    place = re.findall(r"<th scope='col'[^>]*>([^<]*)</th>", table).index("NPS") - 1
    expected = {}
    for row in re.findall(r"<tr[^>]*><th scope='row'>(.*?)</tr>", table):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
        expected[row.split("</th>")[0]] = re.search(r"<b>([^<]*)</b>", cells[place])[1]  # type: ignore[index]
    assert len(rows) >= 2
    assert {name: value for name, value in expected.items() if name != "Everyone"} == dict(rows)


def test_a_link_to_a_page_that_is_not_told_says_so() -> None:
    at = showing("profile:S99")
    assert "The page of this link is not among those that are presented" in text(at)
    assert SHOW not in at.query_params
    assert listed(at)[0] == "cover"


def test_what_kind_of_segments_they_are_stands_on_the_cover() -> None:
    at = present(segments="3")
    for _ in range(100):  # held against scrambled data meanwhile
        cover = text(checked(at.run()))
        if "Evidence" in cover:
            break
        time.sleep(0.1)
    assert re.search(r"Evidence\s+(Natural|Reproducible|Constructed)\.", cover)


def test_title_and_words_are_kept_and_the_finding_stays_beside_them() -> None:
    at = present()
    key = next(one.key for one in at.text_area if one.key.endswith("-title"))
    checked(at.text_area(key=key).set_value("Our <b>customers</b> $5 and $10").run())
    checked(at.text_area(key=key.replace("-title", "-said")).set_value("Welcome, all").run())
    assert kept()["titles"] == {"cover": "Our <b>customers</b> $5 and $10"}
    assert kept()["notes"] == {"cover": "Welcome, all"}
    assert "The data say: Customer segments: Sample company" in text(at)
    at.query_params[SHOW] = "cover"
    shown = checked(at.run())
    assert html.escape("Our <b>customers</b> $5 and $10") in bodies(shown, "stage-head")[0]
    assert "Welcome" not in text(shown)
    again = go(start(data="sample"), "present")  # another visit
    assert title_of(again) == "Our <b>customers</b> $5 and $10"
    checked(again.button(key="present-usual").click().run())
    assert title_of(again) == "Customer segments: Sample company"


def test_hidden_stays_hidden_on_the_stage() -> None:
    table = small_table(400)
    table["group"] = ["few" if place < 40 else "many" for place in range(400)]
    table.loc[table["group"].eq("few") & (table.index > 2), "nps"] = None
    at = go(upload(start(method="column", options=json.dumps({"column": "group"})), csv(table)), "present")
    at.query_params[SHOW] = "kpi:nps"
    shown = next(
        block.proto.body for block in checked(at.run()).get("html") if "stage-bars" in block.proto.body
    )
    assert shown.count("<b>not shown</b>") == 2  # the other would give it away
    assert "class='dot'" not in shown


def test_without_outcomes_there_are_sizes_profiles_and_next_steps() -> None:
    table = small_table(80).drop(columns="nps")
    at = go(upload(start(), csv(table)), "present")
    assert not [key for key in listed(at) if key.startswith("kpi:")]
    assert {"cover", "sizes", "next"} <= set(listed(at))
