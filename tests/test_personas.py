"""Personas: facts from the data and nothing else, words of a person and nothing else, both literal."""

import html
import json
import re
from pathlib import Path

import pandas as pd
import pytest

import segkit
from segkit.exports.persona_cards import DATA, PERSON, STYLE, TOO_FEW, persona_card, personas_html
from segkit.insights.personas import FIELDS, LONGEST_TEXT, personas, texts_of, with_texts
from segkit.insights.profiles import profiles
from segkit.measures.standing_out import standing_out
from tests.tables import read_here

NASTY = {
    "goals": "Save time\n<script>alert(1)</script>",
    "objections": "![x](http://evil.example/x.png) $5 and $10 :red[x]",
    "quote": "أريد أن يكون كل شيء بسيطا",
    "notes": "x" * LONGEST_TEXT,
}


def made(customers, segmentation):
    assignment = segmentation.assign(customers)
    kpis = segkit.measure(customers, assignment)
    cards = personas(
        customers, assignment, kpis, profiles(customers, assignment), standing_out(customers, assignment)
    )
    return assignment, kpis, cards


@pytest.fixture(scope="module")
def sample():
    path = Path("data/sample/customers.csv")
    customers = read_here(path.read_bytes())
    plan = segkit.Plan(dimensions=("age", "weekend_share", "plan_tier"), n_segments=3)
    frame = pd.read_csv(path, dtype={"customer_id": "str"}, keep_default_na=False, na_values=[""])
    return frame, *made(customers, segkit.segment(customers, plan))


def facts(card):
    return {fact.label: fact for part in card.parts for fact in part.facts}


def text(source):
    return html.unescape(re.sub(r"<[^>]+>", " ", source)).replace("\u202f", " ")


# --- the side of the data ---------------------------------------------------------------------------


def test_a_card_holds_the_numbers_of_the_file(sample):
    frame, assignment, _, cards = sample
    assert [one.segment for one in cards] == list(assignment.segments)
    for place, card in enumerate(cards):
        inside = frame[assignment.codes == place]
        assert card.size == f"{len(inside):,} customers, {len(inside) / len(frame):.0%} of all".replace(
            "%", "\u202f%"
        )
        told = facts(card)
        assert told["Tickets per customer"].text.startswith(f"{inside['tickets'].mean():.2f} (")
        assert told["CSAT"].text.startswith(f"{inside['csat'].mean():.2f} (")
        answers = inside["nps"].dropna()
        score = 100 * ((answers >= 9).mean() - (answers <= 6).mean())
        assert told["NPS"].text.startswith(f"{score:.0f} ".replace("-0 ", "0 ").replace("-", "−"))


def test_stages_and_channels_are_the_most_frequent_ones_with_everyones_share(sample):
    frame, assignment, _, cards = sample
    for place, card in enumerate(cards):
        inside = frame[assignment.codes == place]
        told = facts(card)
        for label, column in (("Journey stage", "journey_stage"), ("Channel consent", "channel_consent")):
            shares = inside[column].value_counts(normalize=True)
            everyone = frame[column].value_counts(normalize=True)
            most = shares.idxmax()
            assert told[label].text.startswith(
                f"mostly “{most}” ({shares[most]:.0%}, everyone {everyone[most]:.0%})".replace("%", "\u202f%")
            )


def test_what_formed_the_segments_is_marked_and_has_no_verdict(sample):
    _, _, _, cards = sample
    for card in cards:
        apart = next(part for part in card.parts if part.title == "What sets it apart")
        formed = [fact for fact in apart.facts if fact.note == "formed the segments"]
        described = [fact for fact in apart.facts if fact not in formed]
        assert formed
        assert all(fact.label.split(" “")[0] in ("Age", "Weekend share", "Plan tier") for fact in formed)
        assert all("index" in fact.text for fact in described)


def test_what_is_not_in_the_file_is_not_on_the_card():
    table = pd.DataFrame({"customer_id": range(60), "age": [20.0, 60.0] * 30, "visits": [1.0, 9.0] * 30})
    customers = segkit.read(table)
    _, _, cards = made(customers, segkit.segment(customers, segkit.Plan(n_segments=2)))
    assert {part.title for card in cards for part in card.parts} == {"What sets it apart"}


def test_topics_of_tickets_are_counted_where_the_file_has_them():
    table = pd.DataFrame(
        {
            "customer_id": range(200),
            "age": [20.0, 60.0] * 100,
            "visits": [1.0, 9.0] * 100,
            "ticket_category": ["billing", "delivery", "billing", "quality"] * 50,
            "comment": [f"Something different was said here, number {place}" for place in range(200)],
        }
    )
    customers = segkit.read(table)
    plan = segkit.Plan(dimensions=("age", "visits"), n_segments=2)
    assignment, _, cards = made(customers, segkit.segment(customers, plan))
    for place, card in enumerate(cards):
        topics = next(part for part in card.parts if part.title == "Support tickets")
        shares = table["ticket_category"][assignment.codes == place].value_counts(normalize=True)
        most = shares.max()
        assert f"mostly “{shares.idxmax()}” ({most:.0%}".replace("%", "\u202f%") in topics.facts[0].text
        assert "number" not in text(persona_card(card, None))


def test_shares_of_a_joined_log_of_tickets_are_told():
    table = pd.DataFrame(
        {
            "customer_id": range(300),
            "age": [20.0, 60.0] * 150,
            "tickets_billing_share": [0.2, 0.8] * 150,
            "tickets_late_delivery_share": [0.5, 0.1] * 150,
        }
    )
    customers = segkit.read(table)
    plan = segkit.Plan(dimensions=("age",), n_segments=2)
    segmentation = segkit.segment(customers, plan)
    assignment = segmentation.assign(customers)
    _, _, cards = made(customers, segmentation)
    older = next(
        card for place, card in enumerate(cards) if table["age"][assignment.codes == place].mean() > 40
    )
    assert facts(older)["Share of a customer’s tickets"].text == (
        "billing (80\u202f%, everyone 50\u202f%) and late delivery (10\u202f%, everyone 30\u202f%)"
    )


def test_nothing_is_said_of_fewer_than_five():
    table = pd.DataFrame({"customer_id": range(64), "plan": ["a"] * 60 + ["b"] * 4, "nps": [9] * 64})
    customers = segkit.read(table)
    plan = segkit.Plan(method="column", options={"column": "plan"})
    _, _, cards = made(customers, segkit.segment(customers, plan))
    assert cards[1].parts == ()
    assert TOO_FEW in text(persona_card(cards[1], None))


# --- the side of the person -------------------------------------------------------------------------


def test_what_was_written_is_taken_as_it_is_and_nonsense_left_out():
    kept = json.loads(json.dumps(with_texts(None, "S1", NASTY)))
    assert texts_of(kept, "S1") == NASTY
    assert with_texts(kept, "S1", dict.fromkeys(NASTY, " ")) == {}
    assert (
        with_texts({"S1": {"goals": "x"}}, "S2", {"quote": "y" * 20_000})["S2"]["quote"] == "y" * LONGEST_TEXT
    )
    for nonsense in (
        7,
        [],
        {"S1": 7},
        {"S1": {"goals": ["x"]}},
        {"S1": {"unknown": "x"}},
        {"S1": {"goals": "  "}},
    ):
        assert texts_of(nonsense, "S1") == {}


def test_both_sides_are_labelled_and_apart(sample):
    _, _, _, cards = sample
    card = persona_card(cards[0], {cards[0].segment.key: {"goals": "Save time"}})
    data, person = card.split("<section class='person'>")
    assert DATA in data
    assert PERSON in person
    assert "Save time" in person
    assert "Save time" not in data
    assert "customers" not in text(person)
    assert "Nothing yet." in persona_card(cards[1], {cards[0].segment.key: {"goals": "Save time"}})
    assert all(
        field.label not in text(persona_card(cards[1], None)) for field in FIELDS if field.key != "notes"
    )


def test_texts_of_people_and_files_are_literal_and_keep_their_direction(sample):
    _, _, _, cards = sample
    kept = with_texts(None, cards[0].segment.key, NASTY)
    card = persona_card(cards[0], kept, "<img src=x onerror=alert(1)>.csv")
    assert "<script" not in card
    assert "<img" not in card
    for said in NASTY.values():
        assert html.escape(said) in card
    assert card.count("dir='auto'") == 1 + len(NASTY)
    assert "white-space: pre-wrap" in STYLE


def test_the_file_of_cards_needs_nothing_else_and_runs_nothing(sample):
    _, _, _, cards = sample
    kept = with_texts(None, cards[0].segment.key, NASTY)
    page = personas_html(cards, kept, "customers.csv; 5,000 customers").decode()
    assert page.count("<article") == len(cards)
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=|url\(|@import", page)
    assert "break-after: page" in page
    for card in cards:
        assert html.escape(card.segment.name) in page
    assert text(page).count("customers.csv; 5,000 customers") == len(cards)
