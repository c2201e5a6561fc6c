"""The segments page as a person uses it: goals, methods, weights, a closer look, and changes by hand."""

import csv
import html
import io
import json
import re
import time
import zipfile
from functools import cache
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.ui import results
from segkit.segments.goals import GOALS
from segkit.segments.methods.table import METHODS
from tests.browser import ROOT
from tests.test_pages import (
    address,
    checked,
    go,
    segment_rows,
    small_table,
    start,
    text,
    upload,
    with_sample,
)

EVERY_EIGHTH = 8  # customers of the sample company: enough for every method, and an eighth of the waiting
PANELS = (
    "How do we know?",
    "How firm?",
    "Change by hand",
    "Rules and SQL",
    "Who is this?",
    "Why this segment?",
    "Values",
)


@cache
def some_customers() -> bytes:
    """A part of the sample company, with every column it has."""
    head, *rows = (ROOT / "data" / "sample" / "customers.csv").read_text(encoding="utf-8").splitlines()
    return "\n".join([head, *rows[::EVERY_EIGHTH]]).encode()


_SHELVED: dict[str, str] = {}  # the upload is read by a process of its own, once for all tests


def segments_page(**choices: str | list[str]) -> AppTest:
    """The segments page on some customers of the sample company."""
    if "some" not in _SHELVED:
        _SHELVED["some"] = address(upload(start(), some_customers(), "some.csv"), "data")[0]
    return go(start(data=_SHELVED["some"], **choices), "segments")


def page_of(table: pd.DataFrame, **choices: str | list[str]) -> AppTest:
    """The segments page on a table of one's own."""
    return go(upload(start(**choices), table.to_csv(index=False).encode()), "segments")


@pytest.fixture(autouse=True)
def first_moments(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page before anything arrived that it can do without; unless a test asks for all of it."""
    if "everything" not in request.fixturenames:
        monkeypatch.setattr(results, "_when_ready", lambda task: None)
        monkeypatch.setattr(results, "start_neighbours", lambda *_: None)


@pytest.fixture
def everything() -> None:
    """Leave the page the work that goes on behind it."""


def link(at: AppTest) -> dict[str, list[str]]:
    """The address, to open in another session."""
    return {key: address(at, key) for key in at.query_params}


def cards(at: AppTest) -> dict[str, int]:
    """The segments on the page: their names and how many customers they have."""
    body = next(block.proto.body for block in at.get("html") if "<ul class='cards'>" in block.proto.body)
    found = re.findall(r"<h3>(.*?)</h3><p class='size'>([\d,]+) customer", body)
    return {html.unescape(name): int(size.replace(",", "")) for name, size in found}


def colours(at: AppTest) -> list[str]:
    body = next(block.proto.body for block in at.get("html") if "<ul class='cards'>" in block.proto.body)
    return re.findall(r"border-top-color:(#\w+)", body)


def notices(at: AppTest) -> list[str]:
    """Problems that the page tells."""
    bodies = " ".join(block.proto.body for block in at.get("html"))
    return [
        html.unescape(one)
        for one in re.findall(r"<div class='notice problem' role='alert'>(.*?)</div>", bodies)
    ]


def choose_method(at: AppTest, key: str) -> AppTest:
    return checked(at.selectbox(key="method").set_value(key).run())


def look_closer(at: AppTest, panel: str) -> AppTest:
    return checked(at.segmented_control(key="closer").set_value(panel).run())


def widget(at: AppTest, kind: str, start_of_key: str) -> Any:
    """A widget whose key ends in something that is of no interest."""
    return next(one for one in at.get(kind) if one.key and one.key.startswith(start_of_key))


def change(at: AppTest, action: str) -> AppTest:
    """Open the panel of changes by hand, at one of them."""
    if at.segmented_control(key="closer").value != "Change by hand":
        look_closer(at, "Change by hand")
    return checked(at.selectbox(key="action").set_value(action).run())


def refine(at: AppTest) -> AppTest:
    return checked(at.button(key="refine").click().run())


def rename(at: AppTest, name: str) -> AppTest:
    """Give the first segment a name."""
    change(at, "rename")
    checked(widget(at, "text_input", "name-").set_value(name).run())
    return refine(at)


def merge(at: AppTest, *keys: str) -> AppTest:
    change(at, "merge")
    checked(widget(at, "multiselect", "merge-which").set_value(list(keys)).run())
    return refine(at)


def written(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The files that the buttons of the downloads page write."""
    offered: dict[str, Any] = {}
    button = st.download_button

    def noted(label: str, data: Any, **rest: Any) -> bool:
        offered[rest["key"]] = data
        return button(label, data, **rest)

    with monkeypatch.context() as patched:
        patched.setattr(st, "download_button", noted)
        go(at, "downloads")
    return {key: data() for key, data in offered.items()}


# --- goals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.key)
def test_a_goal_is_in_the_address_above_every_page_and_in_the_data_dictionary(goal, monkeypatch):
    at = segments_page(goal="explore" if goal.key != "explore" else "retain")
    checked(at.segmented_control(key="goal").set_value(goal.key).run())
    assert address(at, "goal") == ([] if goal.key == "explore" else [goal.key])
    for page in ("segments", "results", "downloads"):
        assert f"some.csv; goal: {goal.label.lower()};" in text(go(at, page))
    archive = zipfile.ZipFile(io.BytesIO(written(at, monkeypatch)["download-segments"]))
    rows = list(csv.reader(io.StringIO(archive.read("data_dictionary.csv").decode("utf-8-sig"))))
    assert ["(segments)", "", "", f"Goal: {goal.label}. {goal.question}"] in rows


def test_a_goal_proposes_what_forms_the_segments_and_says_so():
    at = segments_page()
    checked(at.segmented_control(key="goal").set_value("grow").run())
    assert at.selectbox(key="method").value == "rfm"
    assert "customers are grouped by how recently, how often and for how much they buy" in text(at)
    choose_method(at, "value-tiers")
    assert "With your own choices of how to tell." in text(at)
    assert address(at, "goal") == ["grow"]


def test_a_click_on_the_chosen_goal_keeps_it():
    at = segments_page(goal="retain")
    checked(at.segmented_control(key="goal").set_value(None).run())
    assert at.segmented_control(key="goal").value == "retain"
    assert "goal: retain" in text(at)


# --- methods and their options --------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_every_method_gives_segments_with_the_options_it_starts_with(method):
    at = segments_page()
    choose_method(at, method.key)
    assert notices(at) == []
    assert address(at, "method") == ([] if method.key == "k-means" else [method.key])
    assert method.help in text(at)
    found = cards(at)
    assert len(found) > 1
    left_out = re.search(r"(\d+) customers? fit none", text(at))
    assert sum(found.values()) + int(left_out.group(1) if left_out else 0) == 5000 / EVERY_EIGHTH
    assert segment_rows(go(at, "results"))[:-1] == list(found)


def test_every_rule_method_works_on_the_whole_sample():
    at = go(with_sample(), "segments")
    for method in METHODS:
        if method.kind == "rules":
            choose_method(at, method.key)
            assert notices(at) == []
            assert len(cards(at)) > 1


def test_a_column_as_it_is_takes_another_column():
    at = choose_method(segments_page(), "column")
    checked(at.selectbox(key="option-column").set_value("plan_tier").run())
    assert set(cards(at)) == {"free", "basic", "plus", "pro"}
    assert json.loads(address(at, "options")[0]) == {"column": "plan_tier"}


def test_value_tiers_follow_their_shares_and_what_they_are_of():
    at = choose_method(segments_page(), "value-tiers")
    before = cards(at)
    checked(at.slider(key="option-shares").set_value((30, 60)).run())
    fewer = cards(at)
    assert fewer["Tier A"] < before["Tier A"]
    assert fewer["Tier C"] > before["Tier C"]
    checked(at.selectbox(key="option-by").set_value("margin").run())
    assert cards(at) != fewer
    assert json.loads(address(at, "options")[0]) == {"by": "margin", "shares": [30, 60]}


def test_shares_of_value_tiers_that_meet_are_explained_or_understood():
    at = choose_method(segments_page(), "value-tiers")
    checked(at.slider(key="option-shares").set_value((60, 60)).run())
    assert len(notices(at)) == 1


def test_stages_from_dates_follow_their_windows():
    at = choose_method(segments_page(), "stages")
    checked(at.selectbox(key="option-from").set_value("dates").run())
    before = cards(at)
    assert "New" in before
    checked(at.number_input(key="option-new_days").set_value(365).run())
    after = cards(at)
    assert after["New"] > before["New"]
    assert sum(after.values()) == sum(before.values())


def test_rfm_takes_natural_breaks_and_borders_of_ones_own():
    at = choose_method(segments_page(), "rfm")
    fifths = cards(at)
    checked(at.selectbox(key="option-cuts").set_value("breaks").run())
    breaks = cards(at)
    assert breaks != fifths
    checked(at.selectbox(key="option-cuts").set_value("own").run())
    assert cards(at) == fifths  # without borders of one's own, fifths
    checked(at.text_input(key="option-recency").set_value("30; 90; 180; 365").run())
    assert json.loads(address(at, "options")[0])["cuts"] == {"recency": [30, 90, 180, 365]}
    assert notices(at) == []
    assert cards(at) != fifths
    assert at.text_input(key="option-recency").value == "30; 90; 180; 365"
    checked(at.selectbox(key="option-cuts").set_value("quintiles").run())
    assert cards(at) == fifths
    assert address(at, "options") == []


@pytest.mark.parametrize(
    "given", ["soon; later", "30", "90; 30; 10; 1", "1.2.3; 4; 5; 6", "1e3; 2; 3; 4", "²; 1; 2; 3"]
)
def test_borders_that_are_none_are_explained(given):
    at = choose_method(segments_page(), "rfm")
    checked(at.selectbox(key="option-cuts").set_value("own").run())
    checked(at.text_input(key="option-monetary").set_value(given).run())
    assert "These choices do not give segments." in text(at)
    assert len(notices(at)) == 1
    checked(at.text_input(key="option-monetary").set_value("").run())
    assert notices(at) == []


def test_sentiment_pools_groups_that_are_smaller_than_asked_for():
    at = choose_method(segments_page(), "sentiment")
    before = cards(at)
    checked(at.number_input(key="option-smallest").set_value(1).run())
    assert len(cards(at)) > len(before)


def test_crossing_takes_other_parts():
    at = choose_method(segments_page(), "crossing")
    checked(at.multiselect(key="option-parts").set_value(["Price tiers", "Column: area_type"]).run())
    assert any(name.startswith("free × ") for name in cards(at))
    parts = json.loads(address(at, "options")[0])["parts"]
    assert parts == [{"method": "price-tiers"}, {"column": "area_type"}]
    three = ["Price tiers", "Column: area_type", "Column: account_type"]
    checked(at.multiselect(key="option-parts").set_value(three).run())
    assert any(name.count(" × ") == 2 for name in cards(at))


@pytest.mark.parametrize("parts", [[], ["Price tiers"]])
def test_crossing_with_too_few_parts_is_explained(parts):
    at = choose_method(segments_page(), "crossing")
    checked(at.multiselect(key="option-parts").set_value(parts).run())
    assert len(notices(at)) == 1
    checked(at.button(key="reset-plan").click().run())
    assert notices(at) == []


def test_micro_segments_take_another_parent_and_number_inside():
    at = choose_method(segments_page(), "micro")
    checked(at.selectbox(key="option-parent").set_value("Column: area_type").run())
    assert any(name.startswith("city") for name in cards(at))
    checked(at.number_input(key="option-smallest").set_value(100).run())
    checked(at.selectbox(key="option-inside").set_value(3).run())
    assert sum(name.startswith("city: ") for name in cards(at)) == 3


# --- what counts how much -------------------------------------------------------------------------


def weighing(**choices: str | list[str]) -> AppTest:
    """The page with its weights unfolded."""
    at = segments_page(**choices)
    at.session_state["weighing"] = True
    return checked(at.run())


def test_weights_change_the_plan_and_are_taken_back():
    at = weighing()
    usual = cards(at)
    checked(at.slider(key="family_weights-behavioural").set_value(0.0).run())
    checked(at.slider(key="family_weights-price").set_value(3.0).run())
    assert json.loads(address(at, "family_weights")[0]) == {"behavioural": 0.0, "price": 3.0}
    assert cards(at) != usual
    assert "Weighing: changed" in [one.label for one in at.expander]
    checked(at.button(key="usual").click().run())
    assert link(at).keys() == {"data"}
    assert cards(at) == usual
    assert at.slider(key="family_weights-behavioural").value == 1.0


def test_one_dimension_can_be_weighed_on_its_own():
    at = weighing()
    checked(at.selectbox(key="one-dimension").set_value("age").run())
    checked(at.slider(key="weights-age").set_value(2.5).run())
    assert json.loads(address(at, "weights")[0]) == {"age": 2.5}
    assert "age" in at.selectbox(key="one-dimension").value
    checked(at.slider(key="weights-age").set_value(1.0).run())
    assert address(at, "weights") == []


def test_families_can_count_the_same():
    at = weighing()
    checked(at.button(key="even").click().run())
    weights = at.session_state["plan"].family_weights
    customers = at.session_state["loaded"].customers
    columns = [customers.column(name) for name in customers.default_dimensions]
    counts = pd.Series([column.family for column in columns]).value_counts()
    together = {family: counts[family] * weight for family, weight in dict(weights).items() if weight < 3.0}
    assert together
    assert max(together.values()) - min(together.values()) <= 0.01 * counts.max()


def test_weights_that_leave_nothing_are_explained():
    at = weighing(by=["age"])
    checked(at.slider(key="family_weights-demographic").set_value(0.0).run())
    assert len(notices(at)) == 1
    checked(at.button(key="usual").click().run())
    assert notices(at) == []


def test_the_most_unusual_can_be_left_out():
    at = weighing()
    checked(at.selectbox(key="left-out").set_value(0.05).run())
    left_out = int(re.search(r"(\d+) customers fit none of the segments", text(at)).group(1))
    assert left_out == pytest.approx(0.05 * 5000 / EVERY_EIGHTH, abs=2)
    assert sum(cards(at).values()) == 5000 / EVERY_EIGHTH - left_out
    checked(at.selectbox(key="left-out").set_value(0.0).run())
    assert address(at, "options") == []
    assert sum(cards(at).values()) == 5000 / EVERY_EIGHTH


# --- a closer look --------------------------------------------------------------------------------


def until_measured(at: AppTest) -> AppTest:
    """Draw the page again until everything has arrived, as it does by itself in a browser."""
    for _ in range(120):
        if "Drawing customers again" not in text(at) and "Comparing with scrambled" not in text(at):
            return at
        time.sleep(0.5)
        checked(at.run())
    raise AssertionError("nothing arrived")


def say_something(at: AppTest, panel: str) -> bool:
    """Whether a panel shows anything under its buttons."""
    shown = {
        "How do we know?": "adjusted Rand index" in text(at) or "no number of segments to find" in text(at),
        "How firm?": "the likeness (Jaccard index)" in text(at),
        "Change by hand": bool([one for one in at.button if one.key == "refine"]),
        "Rules and SQL": "Exact SQL" in text(at),
        "Who is this?": bool(at.radio),
        "Why this segment?": bool([one for one in at.text_input if one.key == "who"]),
        "Values": len(at.dataframe) == 1,
    }
    return shown[panel]


@pytest.mark.parametrize("method", ["k-means", "mixture", "ward", "value-tiers", "micro"])
def test_each_panel_shows_what_it_promises(method):
    at = choose_method(segments_page(), method)
    for panel in PANELS:
        look_closer(at, panel)
        assert say_something(at, panel), panel
    assert at.segmented_control(key="closer").options == list(PANELS)


def test_each_panel_works_on_segments_that_were_changed_by_hand(everything):
    at = segments_page(segments="3")
    merge(at, "S1", "S2")
    change(at, "split")
    refine(at)
    change(at, "own")
    refine(at)
    assert len(cards(at)) == 4
    until_measured(at)
    for panel in PANELS:
        look_closer(at, panel)
        assert say_something(at, panel), panel


def test_answers_lead_to_a_segment():
    at = look_closer(segments_page(segments="3"), "Who is this?")
    for _ in range(8):
        waiting = [one for one in at.radio if one.value is None]
        if not waiting:
            break
        checked(waiting[0].set_value(0).run())
    said = re.findall(r"role='status'>(.*?)</div>", " ".join(one.proto.body for one in at.get("html")))
    assert any(html.escape(name) in one for one in said for name in cards(at))


def test_a_customer_is_explained_and_an_unknown_one_is_said():
    at = look_closer(segments_page(segments="3"), "Why this segment?")
    first = at.text_input(key="who").value
    explained = text(at)
    checked(at.text_input(key="who").set_value("nobody").run())
    assert "No customer has the id “nobody”." in text(at)
    checked(at.text_input(key="who").set_value(f" {first} ").run())
    assert text(at) == explained


# --- changes by hand ------------------------------------------------------------------------------


def test_a_segment_is_renamed_and_can_get_its_own_name_back():
    at = segments_page(segments="3")
    before = list(cards(at))
    rename(at, "Our friends")
    assert list(cards(at)) == ["Our friends", *before[1:]]
    assert f"“{before[0]}” is called “Our friends”." in text(at)
    rename(at, "")
    assert list(cards(at)) == before


def test_a_name_that_another_segment_has_is_explained():
    at = segments_page(segments="3")
    before = list(cards(at))
    rename(at, before[1])
    assert len(notices(at)) == 1
    assert notices(at)[0].startswith(f"Another segment is called “{before[1]}”")
    assert list(cards(at)) == before
    assert "refined" not in link(at)


def test_a_segment_gets_another_colour():
    at = segments_page(segments="3")
    before = colours(at)
    change(at, "recolour")
    checked(at.selectbox(key="colour").set_value(7).run())
    refine(at)
    assert colours(at)[0] not in before
    assert colours(at)[1:] == before[1:]
    assert "has another colour." in text(at)


def test_segments_are_merged():
    at = segments_page(segments="4")
    before = cards(at)
    merge(at, "S1", "S3")
    names, sizes = list(before), list(before.values())
    assert list(cards(at).values()) == [sizes[0] + sizes[2], sizes[1], sizes[3]]
    assert list(cards(at))[1:] == [names[1], names[3]]
    assert f"“{names[0]}” and “{names[2]}” are one segment." in text(at)


def test_merging_everybody_is_explained():
    at = merge(segments_page(segments="2"), "S1", "S2")
    assert notices(at) == ["All segments merged are everybody. Leave at least one apart."]
    assert len(cards(at)) == 2


def test_a_segment_is_split_into_similar_groups():
    at = segments_page(segments="2")
    before = list(cards(at).values())
    change(at, "split")
    checked(at.number_input(key="split-into").set_value(3).run())
    refine(at)
    after = list(cards(at).values())
    assert len(after) == 4
    assert sum(after[:3]) == before[0]
    assert "is split into 3 groups of similar customers." in text(at)


def split_by(at: AppTest, column: str, how: str, value: str) -> AppTest:
    """Fill in a condition that splits the first segment."""
    change(at, "split")
    checked(at.segmented_control(key="split-how").set_value("By a condition").run())
    checked(at.selectbox(key="when-column").set_value(column).run())
    checked(widget(at, "selectbox", "when-how-").set_value(how).run())
    return checked(at.text_input(key="when-value").set_value(value).run())


def test_a_segment_is_split_by_a_condition():
    at = choose_method(segments_page(), "column")
    checked(at.selectbox(key="option-column").set_value("account_type").run())
    name, size = next(iter(cards(at).items()))
    split_by(at, "age", ">=", "40")
    refine(at)
    raw = pd.read_csv(io.BytesIO(some_customers()))
    older = int(((raw["account_type"] == name) & (raw["age"] >= 40)).sum())
    assert list(cards(at).values())[:2] == [older, size - older]
    assert f"“{name}” is split by" in text(at)


@pytest.mark.parametrize(
    ("how", "value", "said"),
    [(">=", "old", "“old” is no number for “age”"), ("between", "10", "needs two values"), (">=", "", "")],
)
def test_a_condition_that_is_none_is_explained_and_cannot_be_applied(how, value, said):
    at = split_by(segments_page(segments="2"), "age", how, value)
    assert at.button(key="refine").disabled
    assert said in " ".join(notices(at))


def test_a_condition_that_nobody_meets_is_explained():
    at = refine(split_by(segments_page(segments="2"), "age", ">=", "4000"))
    assert "Nobody would be left" in notices(at)[0]
    assert len(cards(at)) == 2


def test_a_border_of_the_rules_is_moved():
    at = choose_method(segments_page(), "value-tiers")
    before = cards(at)
    change(at, "border")
    moved = widget(at, "number_input", "border-to-revenue-")
    border = moved.value
    checked(moved.set_value(2 * border).run())
    refine(at)
    raw = pd.read_csv(io.BytesIO(some_customers()))["revenue"]
    assert next(iter(cards(at).values())) == int((raw >= 2 * border).sum()) < next(iter(before.values()))
    assert "The border of revenue at" in text(at).replace("Revenue", "revenue")


def test_clusters_have_no_borders_to_move():
    at = look_closer(segments_page(segments="2"), "Change by hand")
    assert "Move a border" not in at.selectbox(key="action").options


def test_the_most_unusual_are_set_apart_once():
    at = segments_page(segments="3")
    change(at, "own")
    refine(at)
    assert "The 2.0 % of customers most unlike their segment are one of their own." in text(at)
    assert cards(at)["Unlike the others"] == pytest.approx(0.02 * 5000 / EVERY_EIGHTH, abs=2)
    refine(at)
    assert len(notices(at)) == 1
    assert len(cards(at)) == 4


def test_some_segments_are_kept_and_the_others_grouped_anew():
    at = segments_page(segments="4")
    before = cards(at)
    change(at, "recluster")
    checked(widget(at, "multiselect", "keep-which").set_value(["S1"]).run())
    refine(at)
    first = next(iter(before))
    after = cards(at)
    assert len(after) == 3
    assert after[first] == before[first]
    assert f"“{first}” stays as it is; all others are grouped anew into 2 groups." in text(at)


def test_changes_are_taken_back_and_brought_back_one_by_one():
    at = segments_page(segments="4")
    seen = [cards(at)]
    for change_it in (
        lambda: rename(at, "Ours"),
        lambda: merge(at, "S2", "S3"),
        lambda: rename(at, "Theirs"),
    ):
        change_it()
        seen.append(cards(at))
    for before in reversed(seen[:-1]):
        checked(at.button(key="undo").click().run())
        assert cards(at) == before
    assert at.button(key="undo").disabled
    assert "refined" not in link(at)
    for after in seen[1:]:
        checked(at.button(key="redo").click().run())
        assert cards(at) == after
    assert at.button(key="redo").disabled


def test_what_was_taken_back_is_gone_after_another_change():
    at = rename(segments_page(segments="3"), "Ours")
    checked(at.button(key="undo").click().run())
    rename(at, "Theirs")
    assert at.button(key="redo").disabled


def test_every_number_of_segments_keeps_its_own_changes():
    at = rename(segments_page(segments="3"), "Ours")
    checked(at.slider(key="how-many").set_value(4).run())
    assert "Ours" not in cards(at)
    assert "refined" not in link(at)
    checked(at.slider(key="how-many").set_value(3).run())
    assert "Ours" in cards(at)


def test_back_to_the_usual_choices_takes_changes_by_hand_back():
    at = rename(segments_page(segments="3"), "Ours")
    checked(at.button(key="usual").click().run())
    assert link(at).keys() == {"data"}
    checked(at.slider(key="how-many").set_value(3).run())
    assert "Ours" not in cards(at)


def test_changes_are_on_every_page():
    at = merge(rename(segments_page(segments="4"), "Ours"), "S3", "S4")
    names = list(cards(at))
    go(at, "results")
    assert segment_rows(at)[:-1] == names
    go(at, "downloads")
    assert all(name in text(at) for name in names)


# --- links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["k-means", "value-tiers"])
def test_a_link_opens_segments_that_were_changed_by_hand(method):
    at = merge(rename(segments_page(method=method), "Ours, §5 & “more”"), "S2", "S3")
    there = go(start(**link(at)), "segments")
    assert cards(there) == cards(at)
    go(at, "results")
    go(there, "results")
    assert text(there) == text(at)


def test_a_link_stays_as_it_was_when_it_is_opened():
    at = rename(segments_page(), "Ours")
    assert link(go(start(**link(at)), "segments")) == link(at)


def test_another_table_drops_what_was_changed_by_hand():
    at = rename(segments_page(segments="3"), "Ours")
    go(at, "data")
    upload(at, small_table(120).to_csv(index=False).encode(), "others.csv")
    go(at, "segments")
    assert "Ours" not in cards(at)
    assert "refined" not in link(at)
    assert not [one for one in at.button if one.key == "undo"]


NONSENSE = [
    {"method": "?"},
    {"goal": "?"},
    {"options": "["},
    {"options": "[1]"},
    {"options": "null"},
    {"refined": "x"},
    {"refined": '{"x": 1}'},
    {"refined": '{"x": [1, null, {"do": "merge"}]}'},
    {"weights": '{"age": -5}'},
    {"weights": '{"age": "heavy"}'},
    {"weights": '{"age": NaN}'},
    {"weights": '{"age": 1e999}'},
    {"weights": '{"age": [1]}'},
    {"weights": '{"no such column": 2}'},
    {"by": ["age", "age"]},
    {"segments": "²"},
    {"segments": "99999999999999999999"},
    {"scaling": "none", "method": "rfm", "segments": "3"},
]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=str)
def test_nonsense_in_the_address_is_ignored(nonsense):
    at = segments_page(**nonsense)
    assert notices(at) == []
    assert len(cards(at)) > 1


def test_weights_of_a_family_that_is_none_are_explained():
    at = segments_page(family_weights='{"no such family": 2}')
    assert notices(at)[0].startswith("“no such family” is no family.")
    checked(at.button(key="reset-plan").click().run())
    assert len(cards(at)) > 1


FOREIGN = [
    ("column", {"column": "no such column"}),
    ("column", {"column": 5}),
    ("value-tiers", {"by": "weight"}),
    ("stages", {"from": "the stars"}),
    ("rfm", {"cuts": "thirds"}),
    ("sentiment", {"smallest": -1}),
    ("crossing", {"parts": [{"method": "crossing"}, {"method": "crossing"}]}),
    ("micro", {"parent": {"method": "micro"}}),
    ("micro", {"parent": {"column": "plan_tier"}, "inside": 99}),
    ("own-rules", {"rules": [{"name": "x", "when": {"column": "no such", "how": ">=", "values": [1]}}]}),
    ("k-means", {"left_out": 7}),
]


BREAKING = [
    ("value-tiers", {"shares": "x"}),
    ("value-tiers", {"shares": [80]}),
    ("value-tiers", {"shares": [1, 2, 3, 4]}),
    ("value-tiers", {"shares": ["a", "b"]}),
    ("stages", {"from": "dates", "new_days": "soon"}),
    ("rfm", {"cuts": {"recency": 5}}),
    ("rfm", {"cuts": {"recency": [[1], None]}}),
    ("sentiment", {"smallest": "few"}),
    ("crossing", {"parts": 5}),
    ("crossing", {"parts": ["x", "y"]}),
    ("micro", {"parent": "x"}),
    ("own-rules", {"rules": 5}),
    ("own-rules", {"rules": [{"name": "x"}]}),
    ("k-means", {"left_out": "all"}),
]


@pytest.mark.parametrize(("method", "options"), [*FOREIGN, *BREAKING], ids=str)
def test_options_in_the_address_that_make_no_sense_are_ignored_or_explained(method, options):
    at = segments_page(method=method, options=json.dumps(options))
    assert notices(at) or len(cards(at)) > 1
    if "reset-plan" in {button.key for button in at.button}:
        checked(at.button(key="reset-plan").click().run())
        assert len(cards(at)) > 1


@pytest.mark.parametrize(
    "done",
    [
        [{"do": "explode"}],
        [{}],
        [{"do": "merge"}],
        [{"do": "merge", "segments": ["S9", "S1"]}],
        [{"do": "merge", "segments": 5}],
        [{"do": "rename", "segment": "S1", "name": ["x"]}],
        [{"do": "recolour", "segment": "S1", "colour": "red"}],
        [{"do": "recolour", "segment": "S1", "colour": 99}],
        [{"do": "split", "segment": "S1", "into": "many"}],
        [{"do": "split", "segment": "S1", "when": {"column": "no such"}}],
        [{"do": "split", "segment": "S1", "when": 5}],
        [{"do": "border", "column": "age"}],
        [{"do": "own", "share": "most"}],
        [{"do": "own", "share": 5}],
        [{"do": "recluster", "keep": "S1", "into": -3}],
    ],
    ids=str,
)
def test_changes_in_the_address_that_cannot_be_made_are_explained_and_can_be_taken_back(done):
    key = segments_page(segments="3").session_state["plan"].key
    at = segments_page(segments="3", refined=json.dumps({key: done}))
    if notices(at):
        checked(at.button(key="undo").click().run())
    assert notices(at) == []
    assert len(cards(at)) == 3


# --- own rules ------------------------------------------------------------------------------------


def apply_rules(at: AppTest, rows: list[dict[str, Any]], rest: str = "Others") -> AppTest:
    """Press “Apply the rules” on rows that were typed into their table, which tests cannot type into."""

    def script(rows, rest):  # it is run by itself, without the imports of this file
        import streamlit as st

        from pages.segments import rules_editor
        from pages.ui import state

        if not st.session_state.get("applied"):
            st.session_state["applied"] = True
            rules_editor._apply(state.loaded(), rows, rest)

    runner = AppTest.from_function(script, args=(rows, rest), default_timeout=60)
    for key in ("loaded", "plan"):
        runner.session_state[key] = at.session_state[key]
    runner.run()
    assert not runner.exception
    at.session_state["plan"] = runner.session_state["plan"]
    checked(at.run())
    return runner


def row(segment: Any, column: Any, how: Any, value: Any = None, alternative: Any = None) -> dict[str, Any]:
    return {"Segment": segment, "Column": column, "How": how, "Value": value, "Or": alternative}


def test_rules_are_applied_as_they_are_typed():
    at = choose_method(segments_page(), "own-rules")
    rows = [
        row("Big", "revenue", "at least", "100"),
        row("Big", "age", "below", "50"),
        row("Old", "age", "from … to", "60 to 70"),
        row("Old", "country", "is", "Germany; Austria", alternative=True),
    ]
    assert notices(apply_rules(at, rows, "The rest")) == []
    raw = pd.read_csv(io.BytesIO(some_customers()))
    big = (raw["revenue"] >= 100) & (raw["age"] < 50)
    old = ~big & (raw["age"].between(60, 70) | raw["country"].isin(["Germany", "Austria"]))
    assert cards(at) == {"Big": big.sum(), "Old": old.sum(), "The rest": (~big & ~old).sum()}
    assert cards(go(start(**link(at)), "segments")) == cards(at)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (row("", "age", "at least", "5"), "Line 1 names no segment."),
        (row(None, None, None), "Line 1 names no segment."),
        (row("A", None, None), "Line 1: Rules cannot ask for “”."),
        (row("A", "age", "at least", "much"), "Line 1: “much” is no number for “age”."),
        (row("A", "country", "at least", "5"), "Line 1: “country” cannot be compared by “at least”."),
    ],
)
def test_rules_that_are_none_are_explained_and_change_nothing(wrong, said):
    at = choose_method(segments_page(), "own-rules")
    before = cards(at)
    assert said in notices(apply_rules(at, [wrong]))[0]
    assert cards(at) == before


def test_no_rules_at_all_are_explained():
    at = choose_method(segments_page(), "own-rules")
    apply_rules(at, [])
    assert len(notices(at)) == 1


# --- text of files --------------------------------------------------------------------------------

PICTURE, RED, MONEY = "![](http://evil.example/x)", ":red[shouting]", "$5 and $10"


def hostile_table(rows: int = 240) -> pd.DataFrame:
    """Columns and levels that would be pictures, colours and formulas as markdown."""
    kinds = [place % 3 for place in range(rows)]
    return pd.DataFrame(
        {
            "customer_id": [f"c{place:04d}" for place in range(rows)],
            PICTURE: [(PICTURE, RED, MONEY)[kind] for kind in kinds],
            RED: [10 + 40 * kind + place % 5 for place, kind in enumerate(kinds)],
            "plan_tier": [("**free**", "`basic`", "<b>pro</b>")[kind] for kind in kinds],
            MONEY: [100 - 30 * kind + place % 7 for place, kind in enumerate(kinds)],
        }
    )


def markdown_of(at: AppTest) -> list[str]:
    """All texts of the page that a browser reads as markdown: labels, and the answers of radio buttons."""
    labelled = [one for kind in LABELLED for one in at.get(kind)]
    texts = [str(getattr(one, "label", "") or "") for one in labelled]
    texts += [str(getattr(one, "help", "") or "") for one in labelled]
    texts += [option for one in (*at.radio, *at.get("button_group")) for option in one.options]
    return texts + [one.value for one in at.markdown] + [one.value for one in at.caption]


LABELLED = (
    "button",
    "download_button",
    "selectbox",
    "multiselect",
    "slider",
    "select_slider",
    "number_input",
    "text_input",
    "radio",
    "button_group",
    "expander",
    "checkbox",
    "toggle",
)
ACTIVE = re.compile(r"(?<!\\)!(?<!\\)\[|(?<!\\):red(?<!\\)\[|(?<!\\)\$5|(?<!\\)\*\*|(?<!\\)`|(?<!\\)<b>")


@pytest.mark.parametrize("method", ["k-means", "column", "own-rules"])
def test_text_of_files_is_never_markdown(method):
    at = page_of(hostile_table(), method=method)
    if method != "k-means":
        choose_method(at, "k-means")
        choose_method(at, method)
    assert notices(at) == []
    for panel in PANELS:
        look_closer(at, panel)
        if panel == "Who is this?" and at.radio:
            checked(at.radio[0].set_value(0).run())
        assert not [one for one in markdown_of(at) if ACTIVE.search(one)], panel
    split_by(at, PICTURE, "in", MONEY)
    assert not [one for one in markdown_of(at) if ACTIVE.search(one)]
    bodies = " ".join(block.proto.body for block in at.get("html"))
    assert "<b>pro" not in bodies
