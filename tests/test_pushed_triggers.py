"""Triggers of a table that stays where it is: the same counts and lists as of the same rows in memory."""

import csv
import datetime
import gc
import io
import weakref
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from segkit.customers.base import Condition, met
from segkit.engine import Engine, LogTable, Source, of_files
from segkit.exports.pushed_triggers import Wanted, calls_first, calls_parts
from segkit.exports.triggers import calls_csv, calls_table
from segkit.insights.triggers.calls import HORIZONS, calls
from segkit.insights.triggers.own import OwnTrigger
from segkit.insights.triggers.pushed import entries_of_all, only_drawn_text, watch_of_all
from segkit.insights.triggers.table import TRIGGERS, watch
from segkit.measures.pushed_counts import Everyone
from segkit.segments.fitting import fit
from segkit.segments.plan import Plan
from tests.databases import STRANGE, many_kinds, postgres
from tests.sources import DIALECTS, Both, are_in_words_of
from tests.test_pushed import opened, written

ROWS, DRAWN = 1_500, 300
DAY = np.datetime64("2026-03-31", "D")
OWN = (
    OwnTrigger("Trial", "renewal_date", "before", 14, (Condition("city", ("Rome", "日本")),)),
    OwnTrigger("Thanks", "signup_date", "after", 30, (), "greet"),
    OwnTrigger("Young", "", conditions=(Condition("age", low="20", high="30"),)),
    OwnTrigger("Seen", "last_activity_date", "last", 7),
    OwnTrigger("Soon", "renewal_date", "next", 10),
)


IDLE = (STRANGE, "steady", "member", "newsletter", "segment", "converted", "cost", "revenue")


def watchable(rows: int = ROWS, seed: int = 0, stayed: str = "churned", slim: bool = True) -> pa.Table:
    """Customers with all that triggers look at: dates ahead and behind, gaps, and what makes no sense.

    Slim is without columns that no trigger looks at.
    """
    rng = np.random.default_rng(seed)

    def dates(start: int, end: int, share: float = 0.1, odd: tuple[str, ...] = ()) -> pa.Array:
        days = (DAY + rng.integers(start, end, rows)).astype(object)
        days[rng.random(rows) < share] = None
        for one in odd:
            days[rng.random(rows) < 0.01] = datetime.date.fromisoformat(one)
        return pa.array(days.tolist(), pa.date32())

    def some(values: np.ndarray, share: float = 0.1) -> list:
        return [
            None if gone else one for gone, one in zip(rng.random(rows) < share, values.tolist(), strict=True)
        ]

    orders = rng.choice([0, 1, 2, 3, 5, 9], rows)
    first = rng.integers(-500, 0, rows)
    last = np.where(orders > 1, np.minimum(first + rng.integers(1, 300, rows), 0), first)
    added = {
        "renewal_date": dates(-60, 400, odd=("9999-12-31", "2026-03-31")),
        "birthday": dates(-30_000, -6_000, odd=("1900-01-01", "1980-02-29", "2030-05-05", "1990-03-31")),
        "address_changed": dates(-90, 20),
        "answer_date": dates(-200, 5),
        "ticket_opened": dates(-60, 3, 0.4),
        "ticket_closed": dates(-30, 0, 0.7),
        "open_tickets": pa.array(some(rng.poisson(0.8, rows))),
        "hours_to_resolve": pa.array(some(rng.gamma(2, 30, rows), 0.5)),
        "first_order_date": pa.array((DAY + first).astype(object).tolist(), pa.date32()),
        "last_order_date": pa.array((DAY + last).astype(object).tolist(), pa.date32()),
        "channel_consent": pa.array(
            some(rng.choice(["E-mail", "SMS, post", "none", "Opted out", "No", "日本"], rows))
        ),
        "previous_plan": pa.array(some(rng.choice(["PRO", "free ", "basic", "old  one"], rows))),
    }
    table = many_kinds(rows, seed, stayed).set_column(
        many_kinds(1).column_names.index("orders"), "orders", pa.array(orders)
    )
    for name, values in added.items():
        table = table.append_column(name, values)
    return table.drop_columns(list(IDLE)) if slim else table


def two_of(engine: Engine, drawn: int = DRAWN, by: str = "") -> Both:
    part, whole = opened(engine, drawn)
    plan = Plan(("age", "spend", "city"), n_segments=4, options={"left_out": 0.03})
    segmentation = fit(part, Plan(method="column", options={"column": by}) if by else plan)
    return Both(Everyone(engine, part, segmentation), whole, segmentation.assign(whole))


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("triggers")

    @cache
    def of(stayed: str, kind: str) -> Both:
        table = watchable(ROWS if kind == "parquet" else 500, 4, stayed, slim=kind == "csv")
        place = folder / f"{stayed}-{kind}"
        place.mkdir()
        return two_of(Engine(of_files(written(table, place, kind))))

    return of


def same_calls(two: Both, own=OWN, day: datetime.date | None = None) -> set[str]:
    """Compare all counts, for every choice; gives the triggers that concern somebody."""
    found = entries_of_all(two.everyone, day, own)
    assert not found.drawn, only_drawn_text(found.drawn)
    here = watch(two.whole, day, [one.trigger for one in own])
    for one, other in zip(found.watch.watched, here.watched, strict=True):
        assert one.trigger.key == other.trigger.key
        assert one.found.rule == other.found.rule
        assert one.found.aside == other.found.aside, one.trigger.key
    assert [(one.key, why) for one, why in found.watch.absent] == [(one.key, why) for one, why in here.absent]
    segments = ["S1", "none"]
    choices = [(days, "", True, False) for days in (1, *HORIZONS)]
    choices += [
        (30, key, agreed, gone) for key in segments for agreed, gone in ((True, True), (False, False))
    ]
    for choice in choices:
        mine, theirs = found.calls(*choice), calls(here, two.assignment, *choice)
        for name in ("customers", "refused", "gone", "periods"):
            assert getattr(mine, name) == getattr(theirs, name), (choice, name)
        for name in ("totals", "table", "people", "over_time"):
            assert getattr(mine, name).tolist() == getattr(theirs, name).tolist(), (choice, name)
        assert len(mine) == len(theirs)
    longest = calls(here, two.assignment, max(HORIZONS), "", False, True)
    return {one.trigger.key for one, total in zip(here.watched, longest.totals, strict=True) if total}


@pytest.mark.parametrize(
    ("stayed", "kind", "base"),
    [("churned", "parquet", "all"), ("dates", "parquet", "ages"), ("retained", "csv", "ages")],
)
def test_counts_are_those_of_everyone(stayed, kind, base, both):
    keys = same_calls(both(stayed, kind).only(base))
    expected = {one.key for one in TRIGGERS} - (set() if stayed == "dates" else {"contract-end"})
    assert keys >= expected
    assert {"own:Trial", "own:Thanks", "own:Young"} <= keys


@pytest.mark.parametrize("day", ["2028-02-29", "2025-12-31"])
def test_another_day_counts_as_today(day, both):
    assert "birthday" in same_calls(both("dates", "parquet"), (), datetime.date.fromisoformat(day))


def rates(rows: int, seed: int) -> dict[str, pa.Array]:
    rng = np.random.default_rng(seed)
    recent = rng.integers(0, 30, rows)
    return {
        "visits_last_month": pa.array(recent),
        "visits_previous_month": pa.array(rng.integers(0, 70, rows)),
    }


OTHER = {
    "nothing tells when": (
        ("answer_date", "ticket_opened", "ticket_closed", "first_order_date"),
        lambda rows: {"nps_trend": pa.array(np.random.default_rng(1).integers(-9, 9, rows).astype(float))},
        {"low-csat", "new-detractor", "open-ticket", "falling-activity"},
    ),
    "two rates": (("hours_to_resolve",), lambda rows: rates(rows, 2), {"falling-activity", "open-ticket"}),
    "events": (
        ("channel_consent", "last_activity_date"),
        lambda rows: {
            "events_last_30_days": rates(rows, 3)["visits_last_month"],
            "events_change_30_days": pa.array(np.random.default_rng(4).integers(-60, 5, rows)),
        },
        {"falling-activity"},
    ),
    "birthdays without a year": (
        ("birthday", "plan_tier", "orders"),
        lambda rows: {
            "birthday": pa.array(
                np.resize(["29.02.", "1.4.", "15.4.", " 31.03. ", "soon", "30.12.", None], rows)
            )
        },
        {"birthday"},
    ),
    "a day of the change": (
        ("birthday", "signup_date"),
        lambda rows: {"plan_changed": pa.array(np.resize([DAY, DAY - 29, DAY - 30, DAY + 1], rows))},
        {"tier-change"},
    ),
}


@pytest.mark.parametrize("case", OTHER)
def test_triggers_come_from_other_columns_too(case, tmp_path):
    absent, added, keys = OTHER[case]
    table = watchable(700, 9).drop_columns(list(absent))
    for name, values in added(700).items():
        table = table.append_column(name, values)
    assert keys <= same_calls(two_of(Engine(of_files(written(table, tmp_path))), 200))


def test_a_text_that_nobody_drawn_has_is_seen_all_the_same(tmp_path):
    table = watchable(2_000, 3)
    consent = ["yes please", "e-mail"] * 995 + ["Abgelehnt"] * 10
    plan = ["pro", "free"] * 995 + ["elite"] * 10
    idle = [*OTHER["nothing tells when"][0], "birthday", "address_changed", "last_order_date"]
    for name, values in (("channel_consent", consent), ("previous_plan", plan)):
        table = table.set_column(table.column_names.index(name), name, pa.array(values))
    two = two_of(Engine(of_files(written(table.drop_columns(idle), tmp_path))), 100)
    assert set(two.everyone.customers.frame["previous_plan"].astype("str")) == {"pro", "free"}
    assert "tier-change" in same_calls(two)
    assert set(two.everyone.customers.frame["channel_consent"].astype("str")) == {"yes please", "e-mail"}
    assert entries_of_all(two.everyone).calls(90).refused


def test_what_cannot_be_told_where_the_table_lives_is_of_those_drawn_and_said(tmp_path):
    idle = ["ticket_opened", "ticket_closed", "first_order_date", "last_order_date", "last_activity_date"]
    table = watchable(1_400, 5).drop_columns([*idle, "birthday", "address_changed", "answer_date", "nps"])
    words = [f"{day:%B} {day.day}, {day.year}" for day in (DAY + np.arange(1_400) % 60).astype(object)]
    changed = {
        "previous_plan": pa.array([f"plan {place}" for place in range(1_400)]),
        "renewal_date": pa.array(words),
    }
    for name, values in changed.items():
        table = table.set_column(table.column_names.index(name), name, values)
    two = two_of(Engine(of_files(written(table, tmp_path, "csv"))), 300)
    found = entries_of_all(two.everyone)
    assert {one.trigger.key for one in found.drawn} == {"renewal", "tier-change"}
    renewal, tier = only_drawn_text(found.drawn)
    count = len(two.everyone.customers)
    assert renewal.startswith(
        f"Renewal is watched only among {count} customers drawn by chance: {count} cust"
    )
    young = replace(two.everyone, conditions=(Condition("age", high="40"),))
    kept = int(met(two.everyone.customers, young.conditions).sum())
    assert {one.customers for one in entries_of_all(young).drawn} == {kept}
    assert "written in a way that cannot be read where the table lives" in renewal
    assert tier.endswith("“previous_plan” has more than 1,000 different texts.")
    rest = {"renewal_date", "previous_plan"}
    here = watch(replace(two.whole, columns=tuple(one for one in two.whole.columns if one.name not in rest)))
    mine, theirs = found.calls(30), calls(here, two.assignment, 30)
    assert mine.totals.tolist() == theirs.totals.tolist()
    assert mine.people.tolist() == theirs.people.tolist()


# --- lists --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stayed", "kind", "base", "wanted"),
    [
        ("churned", "parquet", "all", Wanted(90, agreed_only=False, with_left=True)),
        ("churned", "parquet", "ages", Wanted(30, triggers=("anniversary", "falling-activity"))),
        ("dates", "parquet", "all", Wanted(7, "S2")),
        ("retained", "csv", "all", Wanted(90, "none", agreed_only=False)),
    ],
)
def test_lists_are_those_of_everyone(stayed, kind, base, wanted, both):
    two = both(stayed, kind).only(base)
    watched, _ = watch_of_all(two.everyone, own=OWN)
    choice = (wanted.days, wanted.segment, wanted.agreed_only, wanted.with_left)
    theirs = calls(watch(two.whole, own=[one.trigger for one in OWN]), two.assignment, *choice)
    parts = b"".join(calls_parts(two.everyone, watched, wanted))
    assert parts == calls_csv(two.whole, theirs, wanted.triggers)
    table = calls_table(two.whole, theirs, wanted.triggers)
    assert table.num_rows > 5
    assert calls_first(two.everyone, watched, wanted, 20).equals(table.slice(0, 20))


def test_a_list_of_nobody_has_its_columns(both):
    two = both("churned", "parquet")
    watched, _ = watch_of_all(two.everyone, datetime.date(1990, 1, 1))
    empty = b"".join(calls_parts(two.everyone, watched, Wanted(triggers=("move",)), raw=True))
    (names,) = csv.reader(io.StringIO(empty.decode()))
    assert names == ["customer_id", *"segment segment_name trigger date why play rule consent".split()]


def test_customers_without_an_id_are_told_by_their_place(tmp_path):
    table = watchable(400, 6).drop_columns("customer_id")
    two = two_of(Engine(of_files(written(table, tmp_path))), 150)
    assert two.whole.with_role("customer_id") is None
    watched, _ = watch_of_all(two.everyone)
    theirs = calls_table(two.whole, calls(watch(two.whole), two.assignment, 30))
    mine = calls_first(two.everyone, watched, Wanted(30), 10**6)
    assert sorted(mine.to_pylist(), key=str) == sorted(theirs.to_pylist(), key=str)


def test_what_is_kept_of_it_does_not_hold_the_source(tmp_path):
    table = watchable(300, 2, "dates")
    two = two_of(Engine(of_files(written(table, tmp_path))), 150)
    engine, found = weakref.ref(two.everyone.engine), entries_of_all(two.everyone, own=OWN)
    assert len(found.watch.watched) > 12
    del two
    gc.collect()
    assert engine() is None


# --- databases ----------------------------------------------------------------------------------------


def test_postgres_gives_what_numpy_gives():
    table = watchable(800, 5, "dates")
    with postgres() as server:
        server.load("crm.people", table)
        engine = Engine(server.source())
        two = two_of(engine, 10**6)
        assert {"birthday", "anniversary", "falling-activity"} <= same_calls(two)
        found = entries_of_all(two.everyone)
        theirs = calls_csv(two.whole, calls(watch(two.whole), two.assignment, 30))
        assert b"".join(calls_parts(two.everyone, found.watch, Wanted(30))) == theirs
        engine.close()


@pytest.fixture(scope="module")
def queries(both) -> list[str]:
    """Every query, as DuckDB is asked it."""
    asked: list[str] = []
    kept = both("dates", "parquet").only("ages").everyone
    engine, ask = kept.engine, kept.engine.ask
    short = fit(kept.customers, Plan(method="column", options={"column": "plan_tier"}))
    everyone = replace(kept, segmentation=short)
    engine.ask = lambda query: asked.append(query) or ask(query)
    try:
        found = entries_of_all(everyone, own=OWN[:2])
        calls_first(everyone, found.watch, Wanted(30, "S1", triggers=("birthday", "tier-change")), 5)
    finally:
        del engine.ask
    return list(dict.fromkeys(asked))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_queries_are_written_in_the_words_of_a_database(dialect, queries):
    assert len(queries) > 8
    are_in_words_of(dialect, queries)


def test_columns_that_logs_bring_are_watched_too(tmp_path):
    for name in ("customers", "orders", "surveys", "tickets"):
        table = pd.read_csv(f"data/sample/{name}.csv", dtype={"customer_id": "str"})
        table.to_parquet(tmp_path / f"{name}.parquet")
    logs = {
        name: LogTable(files=str(tmp_path / f"{name}.parquet")) for name in ("orders", "surveys", "tickets")
    }
    two = two_of(
        Engine(Source("crm", "All", files=str(tmp_path / "customers.parquet"), logs=logs)), 900, by="country"
    )
    assert {"open-ticket", "new-detractor", "falling-activity", "second-order"} <= same_calls(two, ())
