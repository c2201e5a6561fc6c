"""The actions page as a person uses it: plays, accepting one, its lists and effect, the brief, own limits."""

import io
import json
import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

import segkit
from segkit.insights.playbook.limits import LIMITS
from segkit.library import written as library
from tests.real_data import real_file
from tests.test_pages import checked, go, start, text, upload

GERMANS = {"conditions": [{"column": "country", "values": ["Germany"], "low": "", "high": ""}]}


def actions(**look) -> AppTest:
    choice = {"look": json.dumps(look)} if look else {}
    return go(start(data="sample", **choice), "actions")


def headline(at: AppTest) -> str:
    return next(block.proto.body for block in at.get("html") if "class='headline'" in block.proto.body)


def rows(at: AppTest) -> list[str]:
    """The plays of the tables on the page, as their cells name them."""
    bodies = "".join(block.proto.body for block in at.get("html"))
    return re.findall(r"data-cell='([^']*)'", bodies)


def written() -> dict:
    """Everything that was kept of what a person wrote."""
    folder = Path(os.environ["SEGKIT_HOME"]) / "written"
    return json.loads(next(folder.glob("*.json")).read_text(encoding="utf-8"))


def keep(at: AppTest, **parts: object) -> AppTest:
    """Change what was kept of these segments, as a visit before would have, and draw the page again."""
    table, settled = at.session_state["loaded"], at.session_state["settled"]
    for part, value in parts.items():
        library.write(f"{table.everyone.fingerprint}-{next(iter(settled.values()))}", part, value)
    return checked(at.run())


def opened(at: AppTest, part: str) -> AppTest:
    at.session_state[part] = True
    return checked(at.run())


def accept(at: AppTest, share: int | None = None) -> AppTest:
    if share is not None:
        slider = next(one for one in at.select_slider if one.key.startswith("accept-share"))
        checked(slider.set_value(share).run())
    return checked(at.button(key="accept-now").click().run())


# --- what the numbers call for --------------------------------------------------------------------


def test_the_page_opens_with_what_to_do_first_and_why():
    at = actions()
    first = rows(at)[0]
    assert first == "advocate/S5"
    assert "Start with “" in headline(at)
    assert "ask promoters for reviews and referrals (NPS 44, 43 points above the rest)" in headline(at)
    assert at.selectbox(key="chosen-play").value == first
    assert at.button(key="to-triggers").label == "Set triggers →"
    assert "needs a number of phone requests" in text(at)


def test_owners_and_focus_choose_among_the_plays():
    at = actions()
    everything = rows(at)
    checked(at.button_group(key="play-owners").set_value(["service"]).run())
    kept = [one for one in everything if one.split("/")[0] in ("support", "keep", "buyers", "callbacks")]
    assert rows(at) == kept
    at = actions(focus="S4")
    assert rows(at) == [one for one in everything if one.endswith("/S4")]
    assert "Start with “Older" in headline(at)


def test_a_filter_changes_whom_plays_reach():
    table = pd.read_csv("data/sample/customers.csv")
    customers = segkit.read("data/sample/customers.csv")
    segment = segkit.segment(customers, segkit.Plan()).assign(customers).labels("key").to_numpy()
    at = actions(**GERMANS)
    wanted = (table["country"] == "Germany") & (segment == "S4") & (table["retained"] != "No")
    assert "support/S4" in rows(at)
    checked(at.selectbox(key="chosen-play").set_value("support/S4").run())
    assert f"It reaches {wanted.sum()} customers of “Older" in text(at)
    assert "only where country is Germany" in text(at)


def test_a_table_without_outcomes_says_which_columns_would_help():
    content = real_file("wholesale", "Wholesale customers data.csv").read_bytes()
    at = go(upload(start(), content), "actions")
    assert "Nothing in these columns calls for action; 12 plays wait for columns" in headline(at)
    assert "needs a column that means “CSAT”" in text(at)
    assert rows(at) == []


def test_a_table_without_ids_can_have_actions_but_no_holdout():
    table = pd.DataFrame({"age": np.arange(300) % 30, "nps": np.where(np.arange(300) % 30 < 15, 9, 2)})
    table["visits"] = np.arange(300) % 7
    at = go(upload(start(), table.to_csv(index=False).encode()), "actions")
    assert rows(at)
    assert "that needs a column of customer ids" in text(at)
    accept(at)
    assert written()["actions"][0]["holdout"] == 0.0
    opened(at, "accepted")
    assert "Nobody was left alone, so what it changes cannot be seen." in text(at)


# --- accepting ------------------------------------------------------------------------------------


def test_an_accepted_play_is_kept_with_its_holdout_and_found_again():
    accept(actions(), 30)
    kept = written()["actions"]
    assert [(one["play"], one["segment"], one["status"], one["holdout"]) for one in kept] == [
        ("advocate", "S5", "accepted", 0.3)
    ]
    assert set(kept[0]["limits"]) == {one.key for one in LIMITS}
    again = actions()  # another visit
    assert "Accepted actions" in text(again)
    assert "✓ Accepted" in text(again)
    opened(again, "accepted")
    labels = [one.label for one in again.get("download_button")]
    counts = [int(re.search(r"\d+", one)[0]) for one in labels if "to treat" in one or "left alone" in one]
    assert sum(counts) == kept[0]["reached"]
    status = next(one for one in again.selectbox if one.key.startswith("status-"))
    checked(status.set_value("running").run())
    assert written()["actions"][0]["status"] == "running"
    assert "✓ Running" in text(again)
    accept(again, 50)
    assert [one["holdout"] for one in written()["actions"]] == [0.5]


def test_what_a_holdout_can_tell_is_said_before_it_is_accepted():
    at = actions()
    assert "are left alone. A change in conversion of" in text(at)
    slider = next(one for one in at.select_slider if one.key.startswith("accept-share"))
    checked(slider.set_value(10).run())
    assert "Below 30 nothing is told" in text(at)
    slider = next(one for one in at.select_slider if one.key.startswith("accept-share"))
    checked(slider.set_value(0).run())
    assert "nobody will know what the action changed" in text(at)


def test_lists_and_effect_belong_to_the_customers_it_was_accepted_for():
    accept(actions(), 30)
    at = opened(actions(**GERMANS), "accepted")
    assert "It was accepted for other customers than those on this page: 5,000 customers" in text(at)
    assert not [one for one in at.get("download_button") if "left alone" in one.label]


def test_a_later_table_shows_the_effect_of_an_action():
    at = actions()
    checked(at.selectbox(key="chosen-play").set_value("support/S2").run())
    opened(accept(at, 30), "accepted")
    assert "Before: " in text(at)
    assert "upload the customer table of the day you planned" in text(at)
    later = Path("data/sample/customers_2026-12.csv").read_bytes()
    checked(at.file_uploader(key="later").upload("december.csv", later, "text/csv").run())
    assert "intention to treat" in text(at)
    assert re.search(r"with the action and .* without", text(at))
    table = pd.read_csv("data/sample/customers_2026-12.csv", dtype={"customer_id": "str"})
    assert len(at.get("plotly_chart")) == 1
    spec = json.loads(at.get("plotly_chart")[0].proto.spec)
    means = [mark["x"][0] for mark in spec["data"]]
    assert all(1 < mean < 5 for mean in means)
    assert "december.csv; " in json.dumps(spec)
    assert f"{table['customer_id'].nunique():,} customers of" not in json.dumps(
        spec
    )  # only those of the action


def test_a_later_file_that_is_none_is_told():
    at = opened(accept(actions(focus="S4"), 30), "accepted")
    checked(at.file_uploader(key="later").upload("x.csv", b"\x00\x01", "text/csv").run())
    assert "class='notice problem'" in "".join(block.proto.body for block in at.get("html"))


def test_what_was_kept_and_makes_no_sense_is_left_out():
    at = actions()
    before = rows(at)
    keep(at, actions=[{"play": "nowhere"}, 7, None], limits={"quiet": "much", "new_days": -3})
    keep(at, plays=[{"action": "x"}, 3], briefs=[1])
    assert "Accepted actions" not in text(at)
    assert rows(opened(opened(at, "brief"), "adjust-plays")) == before


# --- own limits and plays, and the brief ----------------------------------------------------------


def test_limits_that_were_moved_hold_at_the_next_visit():
    at = actions()
    before = rows(at)
    assert "consent/S4" in before
    keep(at, limits={"unreachable": 60})
    assert rows(at) == [one for one in before if one != "consent/S4"]
    opened(at, "adjust-plays")
    checked(at.button(key="usual-limits").click().run())
    assert rows(at) == before


def test_a_play_of_ones_own_is_added_and_deleted():
    at = opened(actions(), "adjust-plays")
    what = next(one for one in at.selectbox if one.key.startswith("own-what"))
    checked(what.set_value("household_size").run())
    how = next(one for one in at.selectbox if one.key.startswith("own-how"))
    checked(how.set_value("at least").run())
    checked(at.text_input(key="own-test").set_value("much").run())
    checked(at.text_input(key="own-action").set_value("Offer <b>family</b> boxes").run())
    checked(at.button(key="own-add").click().run())
    assert "“much” is no number for “household_size”" in text(at)
    checked(at.text_input(key="own-test").set_value("4").run())
    checked(at.button(key="own-add").click().run())
    mine = [one for one in rows(at) if one.startswith("own-")]
    assert mine
    table = pd.read_csv("data/sample/customers.csv")
    still = table["retained"] != "No"
    assert ((table["household_size"] >= 4) & still).sum() > 0
    bodies = "".join(block.proto.body for block in at.get("html"))
    assert "Offer &lt;b&gt;family&lt;/b&gt; boxes" in bodies
    assert "Offer <b>" not in bodies
    checked(at.button(key="own-delete").click().run())
    assert not [one for one in rows(at) if one.startswith("own-")]


def test_the_brief_of_the_segment_in_front_and_what_a_person_adds():
    at = opened(actions(focus="S4"), "brief")
    assert "First in the queue" in text(at)
    assert "What to avoid" in text(at)
    checked(at.text_area[0].set_value("Ask for <i>Ann</i>").run())
    assert "Ask for <i>Ann</i>" in text(at)
    assert written()["briefs"] == {"S4": "Ask for <i>Ann</i>"}
    assert opened(actions(focus="S4"), "brief").text_area[0].value == "Ask for <i>Ann</i>"


def test_few_customers_are_not_told():
    sizes = {"a": 60, "b": 60, "c": 3}
    table = pd.DataFrame(
        [(name, 9 if name == "a" else 2) for name, size in sizes.items() for _ in range(size)],
        columns=["plan", "nps"],
    ).assign(customer_id=[f"c{place}" for place in range(123)], age=np.arange(123))
    content = io.BytesIO()
    table.to_csv(content, index=False)
    at = upload(start(method="column", options='{"column": "plan"}'), content.getvalue())
    at = go(at, "actions")
    assert not [one for one in rows(at) if one.endswith("/c")]
    opened(at, "brief")
    keys = next(one for one in at.selectbox if one.key.startswith("brief-of"))
    checked(keys.select("c").run())
    assert "nothing is told of so few" in text(at)
