"""Profiles of a table that stays where it is: of everyone, and the same as those of a table in memory."""

from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import segkit
from segkit.engine import Engine, of_files
from segkit.insights.personas import personas
from segkit.insights.profiles import profiles, traits_of
from segkit.measures.definitions import find_kpi, own_kpi
from segkit.measures.effects import Effect, borders_of, goes_with
from segkit.measures.profile_facts import InMemory
from segkit.measures.pushed_counts import Everyone
from segkit.measures.pushed_effects import effects_of_all
from segkit.measures.pushed_profiles import profiles_of_all
from segkit.measures.standing_out import (
    about,
    formed_by,
    formed_of,
    standing_of,
    standing_out,
    typical_of,
    typical_values,
)
from segkit.segments.features import numeric
from segkit.segments.fitting import fit
from segkit.segments.plan import Plan
from tests.databases import STRANGE, TYPES, postgres
from tests.sources import DIALECTS, Both, are_in_words_of
from tests.test_pushed import OWN_RULES, opened, written
from tests.test_pushed_pictures import alike, people

ROWS, DRAWN = 900, 400
MIXED = ("age", "spend", "steady", STRANGE, "city", "member", "newsletter", "below", "town")
PLANS = {
    "k-means": Plan(MIXED, n_segments=4, options={"left_out": 0.03}),
    "mixture": Plan(MIXED, n_segments=3, method="mixture"),
    "rules": Plan(method="own-rules", options={"rules": OWN_RULES}),
    "column": Plan(method="column", options={"column": "town"}),
}


def customers(seed: int, rows: int = ROWS) -> pa.Table:
    """People with what profiles may stumble over: levels nobody drawn has, numbers below 0, many zeros."""
    rng = np.random.default_rng(seed)
    towns = rng.choice([*"Łódź Åre 東京 São_Paulo".split(), None], rows, p=[0.4, 0.3, 0.1, 0.15, 0.05])
    rare = np.arange(rows) % 97 == 0
    added = {
        "town": pa.array(np.where(rare, "élan vital", towns).tolist()),
        "below": pa.array(np.where(rng.random(rows) < 0.1, np.nan, rng.normal(-3, 2, rows))),
        "often_none": pa.array(np.where(rng.random(rows) < 0.5, 0.0, rng.lognormal(2, 1, rows))),
        "visits": pa.array(rng.integers(0, 5, rows) + np.where(rare, 7, 0)),
        "channel": pa.array(rng.choice(["web", "shop", "phone", "post", None], rows).tolist()),
    }
    table = people(seed, "churned", rows)
    for name, values in added.items():
        table = table.append_column(name, values)
    return table


def opened_by(plan: Plan, table: pa.Table, folder: Path, kind: str = "parquet", drawn: int = DRAWN) -> Both:
    folder.mkdir(exist_ok=True)
    engine = Engine(of_files(written(table, folder, kind)))
    return of_engine(engine, plan, drawn)


def of_engine(engine: Engine, plan: Plan, drawn: int = DRAWN) -> Both:
    part, whole = opened(engine, drawn)
    segmentation = fit(part, plan)
    return Both(Everyone(engine, part, segmentation), whole, segmentation.assign(whole))


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Customers by one method, opened once."""
    folder = tmp_path_factory.mktemp("both")

    @cache
    def of(method: str, kind: str = "parquet", seed: int = 3) -> Both:
        return opened_by(PLANS[method], customers(seed), folder / f"{method}-{kind}-{seed}", kind)

    return of


def in_memory(two: Both) -> InMemory:
    """The facts of all customers, numbers cut where those drawn say it."""
    part = two.part
    numbers = [one.name for one in part.columns if one.kind == "number"]
    borders = {name: borders_of(numeric(part.frame[name])) for name in numbers}
    return InMemory(two.whole, two.assignment, borders)


def told(two: Both, facts, leave_out: tuple[str, ...] = ()) -> dict[str, object]:
    """Everything that is told of facts."""
    what = about(two.part, two.assignment)
    kpis = segkit.measure(two.whole, two.assignment)
    traits, marks = traits_of(what, facts), standing_of(what, facts, leave_out)
    return {
        "traits": traits,
        "formed": formed_of(what, facts),
        "typical": typical_of(what, facts),
        "marks": marks,
        "personas": personas(two.part, two.assignment, kpis, traits, marks, facts),
    }


CASES = [
    ("k-means", "all", "parquet", 3),
    ("k-means", "orders", "csv", 3),
    ("mixture", "days", "parquet", 7),
    ("rules", "ages", "parquet", 5),
    ("column", "all", "parquet", 3),
]


@pytest.mark.parametrize(("method", "base", "kind", "seed"), CASES)
def test_profiles_are_of_everyone(method, base, kind, seed, both):
    two = both(method, kind, seed).only(base)
    facts, expected = profiles_of_all(two.everyone, ("csat",)), in_memory(two)
    assert facts.members == expected.members
    assert sum(facts.members) == len(two.whole) > len(two.part)
    found = told(two, facts, ("csat",))
    alike(found, told(two, expected, ("csat",)))
    assert any(found["marks"].values())
    assert not any(mark.column == "csat" for some in found["marks"].values() for mark in some)


def test_every_kind_of_fact_is_told(both):
    two = both("k-means")
    found = told(two, profiles_of_all(two.everyone))
    assert {one.kind for one in found["formed"]} == {"number", "yes/no", "category"}
    kinds = {one.kind for some in found["typical"].values() for one in some}
    assert kinds == {"number", "yes/no", "category"}
    assert {mark.verdict for some in found["marks"].values() for mark in some} >= {"can't tell"}
    titles = {part.title for one in found["personas"] for part in one.parts}
    assert titles >= {"What sets it apart", "Journey", "Channels"}


def test_the_same_customers_give_the_same_profiles_as_an_upload(tmp_path):
    two = opened_by(PLANS["k-means"], customers(6), tmp_path, drawn=ROWS)
    upload = (two.everyone.customers, two.assignment)
    kpis = segkit.measure(*upload)
    expected = {
        "traits": profiles(*upload),
        "formed": formed_by(*upload),
        "typical": typical_values(*upload),
        "marks": standing_out(*upload),
    }
    expected["personas"] = personas(*upload, kpis, expected["traits"], expected["marks"])
    alike(told(two, profiles_of_all(two.everyone)), expected)


def with_odd(odd: np.ndarray) -> pa.Table:
    """Customers of whom some, given as a bool array, are like none of the others."""
    rng, rows = np.random.default_rng(2), len(odd)
    return pa.table(
        {
            "customer_id": pa.array([f"c{place:05d}" for place in range(rows)]),
            "age": pa.array(rng.integers(18, 80, rows)),
            "visits": pa.array(np.where(odd, 9, rng.integers(1, 5, rows))),
            "grade": pa.array(rng.integers(1, 4, rows)),
            "balance": pa.array(np.where(odd, -50.5, rng.integers(0, 90, rows))),
            "colour": pa.array(np.where(odd, "ünseen", rng.choice(["red", "blue"], rows))),
            "spend": pa.array(np.where(odd, 5_000.0, rng.gamma(2, 20, rows).round(2))),
        }
    )


@pytest.fixture
def odd(tmp_path) -> Both:
    """Customers of whom 20 are like nobody who is drawn: who is drawn hangs on places in the file only."""
    plan, none = Plan(("visits", "balance", "colour", "grade"), n_segments=2), np.zeros(3_000, bool)
    drawn = opened_by(plan, with_odd(none), tmp_path, drawn=150).part.ids
    others = np.setdiff1d(np.arange(len(none)), [int(one[1:]) for one in drawn])
    two = opened_by(plan, with_odd(np.isin(np.arange(len(none)), others[-20:])), tmp_path, drawn=150)
    frame = two.part.frame
    assert "ünseen" not in set(frame["colour"])
    assert frame["visits"].max() == 4
    return two


def test_parts_are_named_by_what_all_customers_have(odd):
    facts = profiles_of_all(odd.everyone)
    parts = facts.split(odd.part.column("visits"))
    assert parts.names == ("1", "2", "3", "4 or more")
    assert parts.counts.sum(axis=0).tolist() == [
        int((odd.whole.frame["visits"] == one).sum()) for one in (1, 2, 3)
    ] + [int((odd.whole.frame["visits"] >= 4).sum())]
    assert facts.split(odd.part.column("grade")).names == ("1", "2", "3")
    lowest = facts.split(odd.part.column("balance")).names[0]
    assert lowest.startswith("below ")  # no longer whole numbers from 0
    alike(told(odd, facts), told(odd, in_memory(odd)))


def test_levels_that_nobody_drawn_has_are_counted(odd):
    facts = profiles_of_all(odd.everyone)
    names, counts = facts.levels("colour")
    assert counts.sum(axis=0)[names.index("ünseen")] == 20
    # fewer than 30: pooled, as a table in memory has it
    assert facts.split(odd.part.column("colour")).names[-1] == "other"
    assert facts.shares(odd.part.column("colour")).levels.count("ünseen") == 1


# --- what goes with a KPI -----------------------------------------------------------------------------


def expected_effects(two: Both, kpi: str, whom: str, leave_out: tuple[str, ...] = ()) -> list[Effect]:
    """What goes with a KPI in memory, numbers cut where those drawn say it."""
    part = two.part
    definition = own_kpi(part, kpi.removeprefix("own:")) if kpi.startswith("own:") else find_kpi(kpi)
    looked_at = ~np.isnan(definition.values(part))
    if whom:
        looked_at &= two.everyone.segmentation.assign(part).members(whom)
    numbers = [one.name for one in part.columns if one.kind == "number"]
    borders = {name: borders_of(numeric(part.frame.loc[looked_at, name])) for name in numbers}
    rows = two.assignment.members(whom) if whom else None
    return goes_with(two.whole, definition, rows, leave_out, borders)


@pytest.mark.parametrize(
    ("kpi", "whom", "method", "base", "kind"),
    [
        ("nps", "", "k-means", "all", "parquet"),
        ("nps", "S1", "k-means", "all", "parquet"),
        ("csat", "", "column", "all", "parquet"),
        ("revenue", "", "mixture", "days", "parquet"),
        ("retention", "", "rules", "ages", "parquet"),
        ("conversion", "S2", "mixture", "all", "parquet"),
        ("own:steady", "", "k-means", "orders", "csv"),
        ("own:member", "", "rules", "all", "parquet"),
    ],
)
def test_what_goes_with_a_kpi_is_of_everyone(kpi, whom, method, base, kind, both):
    two = both(method, kind, {"mixture": 7, "rules": 5}.get(method, 3)).only(base)
    found = effects_of_all(two.everyone, kpi, whom, ("city",))
    alike(found, expected_effects(two, kpi, whom, ("city",)))
    assert {one.kind for one in found} == {"number", "yes/no", "category"}
    assert "city" not in {one.column for one in found}


def test_an_attribute_that_is_the_kpi_in_another_unit_is_told_as_the_same(tmp_path):
    table = customers(4)
    cents = pa.array([None if one is None else 100 * one + 1e7 for one in table["revenue"].to_pylist()])
    two = opened_by(PLANS["column"], table.append_column("in_cents", cents), tmp_path)
    found = effects_of_all(two.everyone, "revenue")
    alike(found, expected_effects(two, "revenue", ""))
    assert [one.column for one in found if one.verdict == "same"] == ["in_cents"]
    assert not effects_of_all(two.everyone, "size")
    assert not effects_of_all(two.everyone, "tenure_of_nobody")


# --- databases ----------------------------------------------------------------------------------------


def test_postgres_gives_the_same_profiles():
    table = customers(9)
    fit_for = [one for one in table.schema if one.type in TYPES]
    with postgres() as server:
        server.load("crm.people", table.select([one.name for one in fit_for]))
        engine = Engine(server.source("crm.people"))
        two = of_engine(engine, PLANS["k-means"]).only("ages")
        alike(told(two, profiles_of_all(two.everyone)), told(two, in_memory(two)))
        for whom in ("", "S1"):
            alike(effects_of_all(two.everyone, "nps", whom), expected_effects(two, "nps", whom))
        engine.close()


@pytest.fixture(scope="module")
def queries(both) -> list[str]:
    """Every query, as DuckDB is asked it."""
    asked: list[str] = []
    everyone = both("column").only("ages").everyone
    ask = everyone.engine.ask
    everyone.engine.ask = lambda query: asked.append(query) or ask(query)
    try:
        profiles_of_all(everyone)
        effects_of_all(everyone, "nps", everyone.segmentation.segments[0].key)
    finally:
        del everyone.engine.ask
    return asked


@pytest.mark.parametrize("dialect", DIALECTS)
def test_queries_are_written_in_the_words_of_a_database(dialect, queries):
    assert len(queries) == 4
    are_in_words_of(dialect, queries)
