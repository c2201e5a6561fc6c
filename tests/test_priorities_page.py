"""The page of where to invest as a person uses it: weights, map, borders, budget, savings, parts."""

import html
import json
import time

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from segkit.library import written as library
from tests.real_data import real_file
from tests.test_pages import checked, go, start, text, upload

DRAWN = "First in repeats"  # a heading of the table below the map


def priorities(**address) -> AppTest:
    return go(start(data="sample", **address), "priorities")


def headline(at: AppTest) -> str:
    body = next(block.proto.body for block in at.get("html") if "class='headline'" in block.proto.body)
    return html.unescape(body.split("class='headline'>")[1].split("<")[0]).replace("\u202f", " ")


def charts(at: AppTest) -> list[str]:
    return [block.proto.id for block in at.get("plotly_chart")]


def mapped(at: AppTest) -> bool:
    return any("priorities" in one for one in charts(at))


def with_map(at: AppTest) -> AppTest:
    return checked(at.button(key="equal-weights").click().run())


def judged(at: AppTest) -> AppTest:
    """Wait for what appears when it is ready, as the page does by itself in a browser."""
    end = time.monotonic() + 60
    while "being measured" in text(at) and time.monotonic() < end:
        time.sleep(0.2)
        checked(at.run())
    return at


def opened(at: AppTest, key: str) -> AppTest:
    """Open a folded part."""
    at.session_state[key] = True
    return checked(at.run())


def file(name: str, *parts: str) -> AppTest:
    at = upload(start(), real_file(*parts).read_bytes(), name)
    return go(at, "priorities")


@pytest.fixture(scope="module")
def raw() -> pd.DataFrame:
    return pd.read_csv("data/sample/customers.csv")


@pytest.fixture(scope="module")
def page() -> AppTest:
    """One session for the folded parts, which know nothing of each other."""
    return priorities()


def test_the_map_appears_only_once_weights_were_confirmed():
    at = priorities()
    assert headline(at).startswith(
        "Your data hold 4 signs of an attractive segment and 7 signs of a good fit"
    )
    assert not mapped(at)
    assert DRAWN not in text(at)
    at = with_map(at)
    assert mapped(at)
    assert DRAWN in text(at)
    assert "lead for the first euro" in headline(at) or "deserve the first euro" in headline(at)
    assert mapped(priorities())  # another visit finds what was confirmed
    at = checked(at.button(key="weights-forget").click().run())
    assert not mapped(at)


def test_weights_are_kept_change_the_ranking_and_can_be_taken_back():
    at = priorities()
    for key in ("margin", "value", "headroom"):
        at.slider(key=f"weight-{key}").set_value(0.0)
    at.slider(key="weight-fit").set_value(0.0)
    submit = next(one for one in at.button if one.label == "Show the map")
    at = checked(submit.click().run())
    assert "Counted: Attractiveness: size." in text(at)
    kept = [json.loads(one.read_text()) for one in library._file("x").parent.glob("*.json")]
    assert [one["weights"]["fit"] for one in kept] == [0.0]
    assert headline(at) == "Only size counts with these weights, so the largest segment comes first."
    at = checked(at.button(key="equal-again").click().run())
    assert "Fit: CSAT, NPS, retention" in text(at)


def test_weights_of_nothing_are_refused(page):
    at = page
    for one in at.slider:
        if one.key.startswith("weight-"):
            one.set_value(0.0)
    at = checked(next(one for one in at.button if one.label == "Show the map").click().run())
    assert "Nothing counts with these weights" in text(at)
    assert not mapped(at)


def test_what_was_kept_and_makes_no_sense_does_not_break_the_page(page, monkeypatch):
    for kept in (7, ["a"], {"nps": "much"}, {"borders": {"recall": [1, 2]}, "cost": -4}):
        monkeypatch.setattr(library, "written", lambda key, kept=kept: {"weights": kept, "thresholds": kept})
        assert "Can you build on these segments?" in text(checked(page.run()))


def test_the_scorecard_judges_with_numbers_and_reasons(page):
    shown = text(page)
    assert all(
        word in shown for word in ("Measurable", "Substantial", "Distinguishable", "Profitable", "Accessible")
    )
    assert "may be written to (email" in shown
    assert "of values known" in shown
    assert "a rule finds" in shown


def test_borders_and_cost_can_be_changed_and_taken_back(page):
    at = checked(page.run())
    assert "On profitable:" not in text(at)
    at.number_input(key="address-cost").set_value(100.0)
    at = checked(next(one for one in at.button if one.label == "Judge again").click().run())
    assert "On profitable:" in text(at)
    assert "passes from 0" in text(at)
    at = checked(at.button(key="borders-usual").click().run())
    assert "On profitable:" not in text(at)


def test_a_budget_is_split_to_the_cent_with_its_assumptions(page):
    at = opened(page, "budget")
    assert any("budget-split" in one for one in charts(at))
    assert "addressing everybody of a segment once brings 63 %" in text(at)
    assert "customers who agreed to a channel" in text(at)
    figure = json.loads(next(b.proto.spec for b in at.get("plotly_chart") if "budget-split" in b.proto.id))
    amount = next(one for one in at.number_input if one.label == "Budget").value
    assert sum(figure["data"][0]["x"]) == pytest.approx(amount, abs=0.001)
    at = checked(next(one for one in at.number_input if one.label == "Budget").set_value(0.0).run())
    assert "both above 0" in text(at)


def test_savings_follow_the_slider_and_show_what_they_rest_on(page):
    at = opened(page, "savings")
    assert "a ticket costs" in text(at).lower()
    before = text(at)
    slider = next(one for one in at.slider if one.key.startswith("target-tickets"))
    at = checked(slider.set_value(0.1).run())
    assert text(at) != before
    assert "to 0.1" in text(at)
    at = checked(at.selectbox(key="lever").select("retention").run())
    assert "who stays brings what the others do" in text(at)
    at = checked(at.selectbox(key="lever").select("channel").run())
    assert "Cost to serve of the others minus that of its users" in text(at)


def test_parts_of_segments_are_ranked_by_what_is_asked_for(page):
    at = opened(page, "micro")
    assert "is worth most" in text(at)
    assert "· plus" in text(at)
    at = checked(at.selectbox(key="micro-by").select("headroom").run())
    first_by_headroom = text(at)
    at = checked(at.selectbox(key="micro-by").select("value").run())
    assert text(at) != first_by_headroom


def test_a_filter_and_a_focus_hold_here_too(raw):
    look = {
        "conditions": [{"column": "country", "values": ["Germany"], "low": "", "high": ""}],
        "focus": "S2",
    }
    at = with_map(priorities(look=json.dumps(look)))
    germans = int((raw["country"] == "Germany").sum())
    assert f"{germans:,} of 5,000 customers, only where country is Germany" in text(at)
    rows = [b.proto.body for b in at.get("html") if "class='focus'" in b.proto.body]
    assert rows


def test_a_filter_that_leaves_few_ranks_nobody():
    few = {"conditions": [{"column": "revenue", "values": [], "low": "", "high": "10"}]}
    at = with_map(of_two_kinds(small(), look=json.dumps(few)))
    assert headline(at) == (
        "Too few segments can be ranked: each needs 30 customers, and as many answers in what counts."
    )
    for part in ("budget", "savings", "micro", "priority-how"):
        at = opened(at, part)
    assert "No segment has 30 customers of whom it is known what they bring" in text(at)


def test_without_outcomes_nothing_is_ranked_and_the_columns_are_named():
    at = file("wholesale.csv", "wholesale", "Wholesale customers data.csv")
    assert headline(at).startswith("Only sizes can be compared so far")
    assert "equal-weights" not in [one.key for one in at.button]
    assert "needs “Consent to channels”" in text(at)
    at = opened(opened(at, "budget"), "savings")
    assert "A split needs a column that means “Revenue”" in text(at)
    assert "Fewer support tickets needs a column that means “Support tickets”." in text(at)
    assert "Another mix of channels needs a column that means “Cost to serve”." in text(at)


def test_revenue_without_costs_is_told_as_such():
    at = judged(with_map(of_two_kinds(small().drop(columns="cost"))))
    assert "No cost to serve is known, so revenue stands where margin would." in text(at)
    assert "what serving costs is not known" in text(at)
    assert "a rule defines it, so it is the same each time" in text(at)
    assert "strongest trait: nothing but what defines it is known" in text(at)
    at = opened(at, "budget")
    assert "100 % of which is taken as left" in text(at)


def small(rows: int = 240) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": range(rows),
            "kind": ["<img src=x onerror=alert(1)>", "**bold** $x$"] * (rows // 2),
            "revenue": [10 + 30 * (place % 2) + place % 7 for place in range(rows)],
            "cost": [3 + place % 3 for place in range(rows)],
            "retained": ["Yes" if place % 5 else "No" for place in range(rows)],
        }
    )


def of_two_kinds(frame: pd.DataFrame, **look: str) -> AppTest:
    """The page about segments that a column tells."""
    link = {"method": "column", "options": '{"column": "kind"}'} | look
    return go(upload(start(**link), frame.to_csv(index=False).encode()), "priorities")


def test_names_from_a_file_are_never_markup():
    at = with_map(of_two_kinds(small()))
    for part in ("budget", "savings", "micro", "priority-how"):
        at = opened(at, part)
    bodies = "".join(block.proto.body for block in at.get("html"))
    assert "<img" not in bodies
    assert "&lt;img" in bodies
    labels = [one.label for one in at.number_input if one.key and one.key.startswith("uplift")]
    assert any("\\*\\*bold" in one for one in labels)
