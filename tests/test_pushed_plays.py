"""Plays of a table that stays where it is: the same shares, counts and lists as of the rows in memory."""

import gc
import re
import weakref
from dataclasses import fields, is_dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import segkit
from segkit.customers.sampling import sampled
from segkit.engine import Engine, of_files
from segkit.exports.actions import action_csv
from segkit.exports.pushed_actions import Whom, action_parts, arms_of_all, drawn_again_of_all, held_of_all
from segkit.insights.playbook.advice import Playbook, judged, listed, playbook
from segkit.insights.playbook.limits import usual_limits
from segkit.insights.playbook.own import own_play
from segkit.insights.playbook.plays import PLAYS, find_play
from segkit.insights.playbook.pushed import about_of_all
from segkit.insights.playbook.reach import reached
from segkit.measures.definitions import find_kpi, own_kpi
from segkit.measures.holdout import drawn_again, effect_between, held_out, holdout_effect, reckoned, reckoning
from segkit.measures.pushed import measure_all
from segkit.measures.pushed_counts import Everyone
from segkit.measures.sums import Groups, grouped_sums
from segkit.segments.fitting import fit
from segkit.segments.plan import Plan
from tests.databases import many_kinds, postgres
from tests.sources import DIALECTS, Both, are_in_words_of
from tests.test_actions_page import accept, rows
from tests.test_actions_page import opened as opened_part
from tests.test_actions_page import written as kept_of_a_person
from tests.test_pages import checked, go, start, text
from tests.test_pushed import opened, same_lists, written

ROWS, DRAWN = 1_500, 300
LOW = tuple(
    dict.fromkeys("detractors quiet buying at_risk callers new idle unreachable costly".split(), 1.0).items()
)
LOW += (
    ("nps_high", -60.0),
    ("retention_low", 95.0),
    ("csat_low", 90.0),
    ("content", 5.0),
    ("sensitive", 5.0),
)
STAGES = ["Lead", "trial", "Active", "At-risk", "Dormant", "日本", None]


def own_test(what: dict, share: float = 0.01) -> dict:
    return {"test": what, "share": share, "action": str(what), "owner": "marketing", "effort": "small"}


TESTS = (
    {"column": "age", "how": ">=", "values": [40]},
    {"column": "city", "how": "in", "values": ["Rome", "Köln"]},
    {"column": "city", "how": "not in", "values": ["Rome", "rare one"]},
    {"column": "member", "how": "in", "values": ["Yes"]},
    {"column": "last_activity_date", "how": "<=", "values": [90.5], "look": "days_ago"},
    {"column": "signup_date", "how": "between", "values": ["2024-01-01", "2025-06-30"]},
    {"column": "revenue", "how": ">", "values": [0], "look": "minus", "other": "cost"},
    {"column": "csat", "how": "missing"},
    {"column": "plan_tier", "how": "known"},
    {"column": "tickets", "how": "in", "values": [0, 2]},
)
OWN = tuple(own_play(own_test(one)) for one in TESTS)


def company(rows: int = ROWS, seed: int = 0, stayed: str = "churned") -> pa.Table:
    """Customers with all that plays look at, with gaps and texts that are rare."""
    rng = np.random.default_rng(seed)

    def some(values: np.ndarray, share: float = 0.1) -> pa.Array:
        gone = rng.random(rows) < share
        return pa.array([None if no else one for no, one in zip(gone, values.tolist(), strict=True)])

    stages = rng.choice(np.array(STAGES, dtype=object), rows, p=[0.2, 0.15, 0.3, 0.15, 0.1, 0.01, 0.09])
    consent = np.array(["e-mail", "none", "Opted out", "phone, post", "No", "日本"], dtype=object)
    added = {
        "journey_stage": pa.array(stages.tolist(), pa.string()),
        "channel_consent": some(rng.choice(consent, rows, p=[0.4, 0.2, 0.1, 0.2, 0.09, 0.01])),
        "hotline": some(rng.poisson(0.6, rows)),
        "sessions": some(rng.integers(0, 12, rows)),
        "price_sensitivity": some(rng.random(rows).round(3)),
    }
    table = many_kinds(rows, seed, stayed)
    for name, values in added.items():
        table = table.append_column(name, values)
    return table


def two_of(engine: Engine, drawn: int = DRAWN) -> Both:
    part, whole = opened(engine, drawn)
    segmentation = fit(part, Plan(("age", "spend", "city"), n_segments=4, options={"left_out": 0.03}))
    return Both(Everyone(engine, part, segmentation), whole, segmentation.assign(whole))


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plays")

    @cache
    def of(stayed: str, kind: str) -> Both:
        place = folder / f"{stayed}-{kind}"
        place.mkdir()
        table = company(ROWS if kind == "parquet" else 500, 4, stayed)
        return two_of(Engine(of_files(written(table, place, kind))))

    return of


def alike(found, expected, where="") -> None:
    """Counts and words are the same, sums to nine digits."""
    if is_dataclass(found) and not hasattr(found, "when"):
        for one in fields(found):
            alike(getattr(found, one.name), getattr(expected, one.name), f"{where}.{one.name}")
    elif isinstance(found, tuple) and where.endswith("advice"):
        assert [one.key for one in found] == [one.key for one in expected]
        for one, other in zip(found, expected, strict=True):
            alike(one, other, one.key)
    elif isinstance(found, float):
        assert found == pytest.approx(expected, rel=1e-9, nan_ok=True), where
    else:
        assert found == expected, where


def same_plays(two: Both, limits=LOW, own=OWN) -> Playbook:
    about = about_of_all(two.everyone, limits, own)
    kpis = measure_all(
        two.everyone.engine,
        two.everyone.customers,
        two.everyone.segmentation,
        conditions=two.everyone.conditions,
    )
    found = judged(replace(about, kpis=kpis), own)
    expected = playbook(
        two.whole, two.assignment, segkit.measure(two.whole, two.assignment), usual_limits(dict(limits)), own
    )
    alike(found, expected)
    return found


@pytest.mark.parametrize(
    ("stayed", "kind", "base"),
    [("churned", "parquet", "all"), ("dates", "parquet", "ages"), ("retained", "csv", "orders")],
)
def test_plays_are_judged_on_everyone(stayed, kind, base, both):
    found = same_plays(both(stayed, kind).only(base))
    advised = {one.play.key for one in found.advice}
    assert not found.not_judged
    assert len(advised & {one.key for one in PLAYS}) >= 8
    assert advised >= {one.key for one in OWN}
    assert any(one.refused for one in found.advice)
    assert all(one.stake == one.stake for one in found.advice if one.reached > 20)


def test_usual_limits_give_the_same_too(both):
    assert same_plays(both("churned", "parquet"), (), ()).advice


def test_what_is_absent_is_needed_in_the_same_words(tmp_path):
    table = company(600, 2).drop_columns(
        ["nps", "journey_stage", "sessions", "channel_consent", "newsletter", "revenue"]
    )
    found = same_plays(two_of(Engine(of_files(written(table, tmp_path))), 200), LOW, OWN[:4])
    assert {"recover", "buyers", "consent"} <= {play.key for play, _ in found.not_judged}


def test_a_recency_and_stages_stand_in_for_dates(tmp_path):
    table = company(600, 3).drop_columns(["signup_date", "last_activity_date", "tickets"])
    recency = np.random.default_rng(1).integers(0, 200, 600)
    stages = pa.array(np.resize(["New", "Active", "onboarding"], 600))
    table = table.append_column("recency", pa.array(recency))
    table = table.set_column(table.column_names.index("journey_stage"), "journey_stage", stages)
    found = same_plays(two_of(Engine(of_files(written(table, tmp_path))), 200), LOW, ())
    assert {"onboard", "save"} <= {one.play.key for one in found.advice}


def test_texts_that_nobody_drawn_has_count(tmp_path):
    table = company(2_000, 5)
    changed = {
        "journey_stage": ["Active", "Lead"] * 975 + ["Trial"] * 50,
        "channel_consent": ["e-mail", "post"] * 950 + ["none"] * 100,
    }
    for name, values in changed.items():
        table = table.set_column(table.column_names.index(name), name, pa.array(values))
    two = two_of(Engine(of_files(written(table, tmp_path))), 100)
    assert "Trial" not in set(two.everyone.customers.frame["journey_stage"].astype("str"))
    found = same_plays(two, LOW, ())
    assert "Trial" in next(one for one in found.advice if one.play.key == "buyers").reasons[0].text


def test_a_crowd_that_cannot_be_read_there_is_not_judged_and_said(tmp_path):
    table = company(400, 6)
    days = [
        f"{one:%B} {one.day}, {one.year}"
        for one in np.resize(np.arange("2026-01", "2026-03", dtype="M8[D]"), 400).tolist()
    ]
    table = table.set_column(
        table.column_names.index("last_activity_date"), "last_activity_date", pa.array(days)
    )
    two = two_of(Engine(of_files(written(table, tmp_path, "csv"))), 150)
    found = judged(about_of_all(two.everyone))
    needs = {play.key: text for play, text in found.not_judged}
    assert "in cells that can be read where the table lives" in needs["save"]


# --- lists --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stayed", "kind", "base", "play"),
    [
        ("churned", "parquet", "all", "consent"),
        ("dates", "parquet", "ages", "fit"),
        ("retained", "csv", "orders", OWN[3]),
    ],
)
def test_lists_are_those_of_everyone_and_split_alike(stayed, kind, base, play, both):
    two = both(stayed, kind).only(base)
    play = find_play(play) if isinstance(play, str) else play
    limits, segment = usual_limits(dict(LOW)), "S1"
    whom = reached(two.whole, two.assignment, play, segment, limits)
    held = whom & held_out(two.whole.ids, f"{play.key}/{segment}", 0.3)
    assert 5 <= held.sum() < whom.sum() - 5
    asked = Whom(play, segment, tuple(limits.items()), f"{play.key}/{segment}", 0.3)
    assert held_of_all(two.everyone, asked) == (whom.sum(), held.sum())
    for group, some in (("reached", whom), ("treated", whom & ~held), ("holdout", held)):
        expected = action_csv(two.whole, two.assignment, some, play.action, group)
        same_lists(action_parts(two.everyone, asked, group), expected)


@pytest.mark.parametrize(
    ("kind", "base", "kpi"),
    [
        ("parquet", "all", "nps"),
        ("parquet", "ages", "retention"),
        ("csv", "orders", "revenue"),
        ("parquet", "all", "own:steady"),
    ],
)
def test_both_groups_are_added_up_for_every_share(kind, base, kpi, both):
    two, play, shares = (
        both("retained" if kind == "csv" else "churned", kind).only(base),
        find_play("fit"),
        (0.0, 0.2, 0.5),
    )
    definition = own_kpi(two.whole, "steady") if kpi == "own:steady" else find_kpi(kpi)
    limits = usual_limits(dict(LOW))
    whom = reached(two.whole, two.assignment, play, "S1", limits)
    asked = Whom(play, "S1", tuple(limits.items()), "fit/S1")
    like = two.assignment.members("S1")
    for share, arms in zip(shares, arms_of_all(two.everyone, asked, kpi, shares), strict=True):
        held = whom & held_out(two.whole.ids, "fit/S1", share)
        assert [one.members for one in arms] == [(whom & ~held).sum(), held.sum()]
        found, expected = effect_between(definition, *arms), holdout_effect(two.whole, definition, whom, held)
        assert (found.verdict, found.fewest) == (expected.verdict, expected.fewest)
        for one, other in (
            (found.difference, expected.difference),
            (found.holdout.estimate, expected.holdout.estimate),
        ):
            for name in ("value", "low", "high"):
                assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-7, nan_ok=True)
        spread = grouped_sums(
            definition.values(two.whole), Groups.of(like.astype(int) - 1, 1), definition.estimator.bands
        )
        mine, theirs = (
            reckoned(definition, *arms, spread[0][0]),
            reckoning(two.whole, definition, whom, held, like),
        )
        assert replace(mine, detectable=0) == replace(theirs, detectable=0)
        assert mine.detectable == pytest.approx(theirs.detectable, rel=1e-7, nan_ok=True)


def test_in_a_later_table_the_same_customers_are_found(both):
    two, play, limits = both("churned", "parquet"), find_play("fit"), usual_limits(dict(LOW))
    asked = Whom(play, "S1", tuple(limits.items()), "fit/S1", 0.4)
    later = segkit.read(two.whole.source.slice(300, 900).to_pandas().sample(frac=1, random_state=1))
    ids = two.whole.ids[reached(two.whole, two.assignment, play, "S1", limits)]
    found, expected = drawn_again_of_all(two.everyone, asked, later), drawn_again(later, ids, "fit/S1", 0.4)
    assert 0 < expected[1].sum() < expected[0].sum()
    assert [one.tolist() for one in found] == [one.tolist() for one in expected]


def test_what_is_kept_of_it_does_not_hold_the_source(tmp_path):
    two = two_of(Engine(of_files(written(company(300, 2), tmp_path))), 150)
    engine, about = weakref.ref(two.everyone.engine), about_of_all(two.everyone, LOW, OWN)
    del two
    gc.collect()
    assert engine() is None
    assert judged(about, OWN).advice


# --- databases ----------------------------------------------------------------------------------------


def test_postgres_gives_what_numpy_gives():
    with postgres() as server:
        server.load("crm.people", company(700, 5, "dates"))
        engine = Engine(server.source())
        two = two_of(engine, 10**6)
        assert len(same_plays(two).advice) > 20
        play, limits = find_play("fit"), usual_limits(dict(LOW))
        asked = Whom(play, "S1", tuple(limits.items()), "fit/S1", 0.4)
        whom = reached(two.whole, two.assignment, play, "S1", limits)
        held = whom & held_out(two.whole.ids, "fit/S1", 0.4)
        assert held_of_all(two.everyone, asked) == (whom.sum(), held.sum())
        expected = action_csv(two.whole, two.assignment, held, play.action, "holdout")
        same_lists(action_parts(two.everyone, asked, "holdout"), expected)
        engine.close()


@pytest.fixture(scope="module")
def queries(both) -> list[str]:
    """Every query, as DuckDB is asked it."""
    asked: list[str] = []
    kept = both("dates", "parquet").only("ages").everyone
    engine, ask, stream = kept.engine, kept.engine.ask, kept.engine.stream
    short = fit(kept.customers, Plan(method="column", options={"column": "plan_tier"}))
    everyone = replace(kept, segmentation=short)
    engine.ask = lambda query: asked.append(query) or ask(query)
    engine.stream = lambda query: asked.append(query) or stream(query)
    try:
        about_of_all(everyone, LOW, OWN)
        list(action_parts(everyone, Whom(find_play("fit"), "S1", LOW), "reached"))
    finally:
        del engine.ask, engine.stream
    return list(dict.fromkeys(asked))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_queries_are_written_in_the_words_of_a_database(dialect, queries):
    assert len(queries) > 8
    are_in_words_of(dialect, queries)


# --- the page -----------------------------------------------------------------------------------------


def test_the_page_judges_everyone_and_splits_lists_of_all(tmp_path, monkeypatch):
    sample = "data/sample/customers.csv"
    pd.read_csv(sample, dtype={"customer_id": "str"}).to_parquet(tmp_path / "crm.parquet", index=False)
    sources = tmp_path / "sources.toml"
    sources.write_text(f'[sources.crm]\nlabel = "All"\nfiles = "{tmp_path / "crm.parquet"}"\n')
    monkeypatch.setenv("SEGKIT_SOURCES", str(sources))
    monkeypatch.setattr("segkit.customers.sampling.sampled", partial(sampled, rows=900))
    at = start(method="column", options='{"column": "country"}')
    at.button(key="open-source").click().run()
    at = checked(go(at, "actions"))
    customers = segkit.read(sample)
    segmentation = segkit.segment(customers, Plan(method="column", options={"column": "country"}))
    assignment = segmentation.assign(customers)
    expected = [
        one
        for one in playbook(customers, assignment, segkit.measure(customers, assignment)).advice
        if listed(one)
    ]
    assert "among customers drawn" not in text(at)
    first = expected[0]
    assert f"It reaches {first.reached:,} customers of “{first.segment.name}”." in text(at)
    assert len(rows(at)) == len(expected)
    assert not [one for one in at.select_slider if one.key.startswith("accept-share")]
    opened_at = opened_part(accept(opened_part(at, "accept"), 30), "accepted")
    labels = [one.label for one in opened_at.get("download_button")]
    counts = [int(re.search(r"\d+", one)[0]) for one in labels if "to treat" in one or "left alone" in one]
    whom = reached(customers, assignment, first.play, first.segment.key, usual_limits())
    kept = kept_of_a_person()["actions"][0]
    held = whom & held_out(customers.ids, f"{kept['play']}/{kept['segment']}", 0.3)
    assert counts == [whom.sum() - held.sum(), held.sum()]
    assert kept["reached"] == whom.sum()
    later = Path("data/sample/customers_2026-12.csv").read_bytes()
    checked(opened_at.file_uploader(key="later").upload("december.csv", later, "text/csv").run())
    assert "intention to treat" in text(opened_at)
