"""Pictures of a table that stays where it is: of everyone, and the same as those of a table in memory."""

from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import segkit
from pages.ui import jobs
from pages.ui.work import Stopped
from segkit.engine import Engine, of_files
from segkit.errors import UnusableColumn
from segkit.exports.behind import behind, behind_csv, behind_table
from segkit.exports.pushed_behind import behind_first, behind_parts
from segkit.measures.cohorts import cohorts, followed
from segkit.measures.comparison import About, InMemory, compare, compare_facts
from segkit.measures.definitions import find_kpi, own_kpi
from segkit.measures.distributions import answer_shares, by_segment, showable
from segkit.measures.funnel import funnel
from segkit.measures.pushed_columns import answers_of_all, column_of_all
from segkit.measures.pushed_comparison import facts_of_all
from segkit.measures.pushed_counts import Everyone
from segkit.measures.pushed_time import Named, curves_of_all, funnel_of_all, stays_of_all
from segkit.measures.survival import FINEST, Curves, durations, retention_curves
from segkit.segments.fitting import fit
from segkit.segments.plan import Plan
from tests.databases import many_kinds
from tests.sources import DIALECTS, Both, are_in_words_of
from tests.test_pushed import opened, same_lists, written

ROWS, DRAWN = 900, 400
STAGES = ["Lead", "Trial", "Active", "Loyal", "Lapsed"]


def people(seed: int = 0, stayed: str = "dates", rows: int = ROWS) -> pa.Table:
    """Customers of all kinds, with a stage, a tenure, and periods of those possible."""
    rng = np.random.default_rng(seed)
    table = many_kinds(rows, seed, stayed)
    possible = rng.integers(1, 12, rows)
    added = {
        "journey_stage": pa.array(rng.choice([*STAGES, None], rows, p=[0.2, 0.2, 0.3, 0.2, 0.05, 0.05])),
        "tenure_weeks": pa.array(np.where(rng.random(rows) < 0.05, np.nan, rng.integers(-2, 90, rows))),
        "exact": pa.array(rng.gamma(2, 30, rows)),
        "basket": pa.array(rng.lognormal(4, 1.2, rows)),
        "possible": pa.array(possible),
        "used": pa.array(np.minimum(possible, rng.integers(0, 12, rows))),
    }
    for name, values in added.items():
        table = table.append_column(name, values)
    return table


def opened_twice(table: pa.Table, folder: Path, kind: str = "parquet", drawn: int = DRAWN) -> Both:
    folder.mkdir(exist_ok=True)
    engine = Engine(of_files(written(table, folder, kind)))
    part, whole = opened(engine, drawn)
    segmentation = fit(part, Plan(("age", "spend", "city"), n_segments=4, options={"left_out": 0.03}))
    return Both(Everyone(engine, part, segmentation), whole, segmentation.assign(whole))


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Customers of one kind, opened once."""
    folder = tmp_path_factory.mktemp("both")

    @cache
    def of(stayed: str, kind: str = "parquet") -> Both:
        return opened_twice(people(4, stayed), folder / f"{stayed}-{kind}", kind)

    return of


def alike(found, expected, where="", but=()) -> None:
    """Counts and words are the same, sums to nine digits."""
    assert type(found) is type(expected), where
    if is_dataclass(found):
        for one in fields(found):
            if one.name not in but:
                alike(getattr(found, one.name), getattr(expected, one.name), f"{where}.{one.name}", but)
    elif isinstance(found, dict):
        assert list(found) == list(expected), where
        for key in found:
            alike(found[key], expected[key], f"{where}[{key}]", but)
    elif isinstance(found, tuple | list):
        assert len(found) == len(expected), where
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            alike(one, other, f"{where}[{place}]", but)
    elif isinstance(found, float | np.ndarray) and np.asarray(found).dtype.kind == "f":
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12, err_msg=where)
    else:
        assert np.array_equal(found, expected), (where, found, expected)


# --- over time ----------------------------------------------------------------------------------------

FOUND = Named()
CURVES = {
    "churn": ("dates", "parquet", "all", (), FOUND),
    "churn in a csv": ("dates", "csv", "ages", (), FOUND),
    "activity": ("churned", "parquet", "ages", (), FOUND),
    "activity, stayed": ("retained", "parquet", "all", (), FOUND),
    "tenure": ("churned", "parquet", "ages", ("signup_date",), FOUND),
    "tenure in a csv": ("churned", "csv", "all", ("last_activity_date",), FOUND),
    "named": ("dates", "parquet", "all", (), Named("used", left="newsletter", unit="year")),
    "of those possible": ("dates", "csv", "all", (), Named("used", observed="possible", unit="quarter")),
    "not whole": ("churned", "parquet", "all", (), Named("exact", left="churned")),
    "neither is whole": ("churned", "parquet", "all", (), Named("exact", observed="basket")),
}
OF_ROWS = ("time", "left")  # how long each row was observed: of an engine's rows or of customers


def expected_curves(both: Both, named: Named = FOUND) -> Curves:
    stays = durations(both.whole, named.column, named.left, named.observed, named.unit)
    return retention_curves(stays, both.assignment)


@pytest.mark.parametrize("case", CURVES)
def test_retention_curves_are_of_everyone(case, both):
    stayed, kind, base, absent, named = CURVES[case]
    two = both(stayed, kind).without(*absent).only(base)
    found = curves_of_all(two.everyone, named)
    assert found.everyone.customers > DRAWN or base != "all"
    alike(found, expected_curves(two, named), but=OF_ROWS)


def test_periods_of_those_possible_are_found(tmp_path):
    table = people(5, "dates").drop_columns(["churn_date", "last_activity_date"])
    table = table.rename_columns([{"used": "recency", "possible": "T"}.get(n, n) for n in table.column_names])
    two = opened_twice(table, tmp_path)
    found = curves_of_all(two.everyone)
    assert found.durations.columns == ("recency", "T")
    alike(found, expected_curves(two), but=OF_ROWS)


def test_very_many_different_times_are_counted_in_steps(tmp_path):
    rows = FINEST + 2_000
    two, named = (
        opened_twice(people(1, "churned", rows), tmp_path, drawn=500),
        Named("exact", left="churned"),
    )
    found = curves_of_all(two.everyone, named)
    assert FINEST / 4 < len(found.everyone.times) < len(found.durations.time) < rows
    alike(found, expected_curves(two, named), but=OF_ROWS)


def test_a_column_that_cannot_be_taken_is_told(both):
    everyone = both("dates").everyone
    with pytest.raises(UnusableColumn, match="There is no column “nope”"):
        curves_of_all(everyone, Named("nope"))
    with pytest.raises(UnusableColumn, match="Neither numbers nor yes and no are in “city”"):
        curves_of_all(everyone, Named("used", left="city"))


@pytest.mark.parametrize("stayed", ["dates", "churned"])
@pytest.mark.parametrize(("base", "kind"), [("all", "parquet"), ("ages", "csv")])
def test_cohorts_are_of_everyone(stayed, base, kind, both):
    two = both(stayed, kind).only(base)
    stays, counted = stays_of_all(two.everyone)
    assert counted.total == len(two.whole)
    alike(followed(stays, counted), cohorts(two.whole))
    for segment in two.assignment.segments:
        alike(followed(stays, counted, segment.key), cohorts(two.whole, two.assignment, segment.key))


@pytest.mark.parametrize(("base", "kind"), [("all", "parquet"), ("ages", "csv")])
def test_the_funnel_is_of_everyone(base, kind, both):
    two = both("dates", kind).only(base)
    found = funnel_of_all(two.everyone)
    assert found.stages.beyond == ("Lapsed",)
    alike(found, funnel(two.whole, two.assignment))


def test_a_funnel_has_stages_that_nobody_drawn_was_in(tmp_path):
    rng = np.random.default_rng(8)
    stage = np.where(np.arange(3_000) == 2_999, 5, rng.integers(1, 5, 3_000))
    table = people(6, rows=3_000).drop_columns("journey_stage")
    two = opened_twice(table.append_column("journey_stage", pa.array(stage)), tmp_path, drawn=100)
    assert two.everyone.customers.frame["journey_stage"].max() == 4
    found = funnel_of_all(two.everyone)
    assert found.stages.names == ("1", "2", "3", "4", "5")
    alike(found, funnel(two.whole, two.assignment))


# --- any column ---------------------------------------------------------------------------------------


SOME = ("age", "basket", "tickets", "city", "member", "signup_date")


@pytest.mark.parametrize(
    ("base", "kind", "names"), [("all", "parquet", ()), ("orders", "parquet", SOME), ("ages", "csv", SOME)]
)
def test_any_column_is_of_everyone(base, kind, names, both):
    two = both("churned", kind).only(base)
    forms = set()
    for name in names or [one.name for one in showable(two.whole)]:
        found = column_of_all(two.everyone, name)
        forms.add(getattr(found, "kind", "spread"))
        alike(found, by_segment(two.whole, two.assignment, name), name)
    assert forms >= {"spread", "number", "yes/no", "category", "date"}


def test_quantiles_are_exact_where_bins_are_crowded(tmp_path):
    rng, rows = np.random.default_rng(9), 3_000
    drawn_by = rng.lognormal(0, 1, rows)
    odd = {
        "far": np.where(rng.random(rows) < 0.005, 1e12, drawn_by),
        "tight": 1e6 + drawn_by / 1e3,
        "doubled": np.where(rng.random(rows) < 0.5, 0.0, drawn_by),
        "below": -(drawn_by**3),
        "skewed": np.exp(4 * rng.random(rows) ** 3) + 1,
    }
    table = people(7, rows=rows)
    for name, values in odd.items():
        table = table.append_column(name, pa.array(values))
    two, logs = opened_twice(table, tmp_path, drawn=500), set()
    for name in odd:
        found = column_of_all(two.everyone, name)
        alike(found, by_segment(two.whole, two.assignment, name), name)
        logs.add(found.log)
    assert logs == {True, False}


@pytest.mark.parametrize(
    ("base", "kind", "scale"),
    [
        ("all", "parquet", 5),
        ("orders", "parquet", 5),
        ("ages", "csv", 5),
        ("all", "parquet", 10),
        ("all", "parquet", 7),
    ],
)
def test_csat_answers_are_of_everyone(base, kind, scale, both, tmp_path):
    two = both("churned", kind) if scale == 5 else opened_twice(with_answers(scale), tmp_path, kind)
    two = two.only(base)
    found = answers_of_all(two.everyone)
    assert sum(group.n for group in found.groups) > DRAWN / 4
    assert len(found.levels) == {5: 5, 7: 7, 10: 3}[scale]
    alike(found, answer_shares(two.whole, two.assignment))


def with_answers(scale: int) -> pa.Table:
    """Customers whose answers are means of several ones on a longer scale."""
    rng = np.random.default_rng(scale)
    answers = np.clip(rng.normal(0.7 * scale, scale / 5, ROWS), 1, scale).round(1)
    answers[rng.random(ROWS) < 0.2] = np.nan
    table = people(8)
    return table.set_column(table.column_names.index("csat"), "csat", pa.array(answers))


def test_without_answers_there_are_no_shares_of_them(both):
    two = both("churned").without("csat")
    assert answers_of_all(two.everyone) is None


# --- two segments -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("base", "kind"), [("all", "parquet"), ("orders", "parquet"), ("ages", "csv")])
def test_two_segments_are_compared_in_everyone(base, kind, both):
    two = both("churned", kind).only(base)
    kpis = segkit.measure(two.whole, two.assignment, own=("exact",))
    facts = facts_of_all(two.everyone, tuple(kpis.keys))
    keys = [one.key for one in two.assignment.segments]
    about = About(two.part, keys, two.assignment.dimensions)
    here = InMemory(two.whole, two.assignment, two.part)
    told = set()
    for first, second in combinations(keys, 2):
        found = compare_facts(about, facts, kpis, first, second)
        alike(found, compare_facts(about, here, kpis, first, second))
        told |= {one.summary for one in found}
    assert told == {"kpi", "mean", "median", "share"}


def test_the_same_customers_give_the_same_comparison_as_an_upload(tmp_path):
    two = opened_twice(people(3, "churned"), tmp_path, drawn=ROWS)
    kpis = segkit.measure(two.whole, two.assignment)
    facts, keys = facts_of_all(two.everyone, tuple(kpis.keys)), [one.key for one in two.assignment.segments]
    found = compare_facts(About(two.part, keys, two.assignment.dimensions), facts, kpis, *keys[:2])
    alike(found, compare(two.whole, two.assignment, kpis, *keys[:2]))


# --- behind a number ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("segment", "base", "kind", "kpi"),
    [
        ("S1", "all", "parquet", "retention"),
        ("all", "ages", "parquet", "own:age"),
        ("none", "all", "parquet", "size"),
        ("S2", "all", "csv", "tenure"),
        ("all", "orders", "csv", "csat"),
        ("S1", "all", "parquet", "value"),
    ],
)
def test_the_customers_behind_a_number_are_all_of_them(segment, base, kind, kpi, both):
    two = both("dates", kind).only(base)
    definition = own_kpi(two.whole, "age") if kpi == "own:age" else find_kpi(kpi)
    rows = behind(two.whole, two.assignment, segment, definition)
    expected = behind_csv(two.whole, two.assignment, rows, definition)
    same_lists(behind_parts(two.everyone, segment, kpi), expected)
    first = behind_first(two.everyone, segment, kpi, False, 20)
    table = behind_table(two.whole, two.assignment, rows, definition)
    assert first.column_names == table.column_names
    assert first.num_rows == min(20, len(rows))
    assert set(first["customer_id"].to_pylist()) <= set(table["customer_id"].to_pylist())


def test_personal_data_behind_a_number_is_listed_for_who_asks(tmp_path):
    mails = pa.array([f"c{place}@mail.example" for place in range(ROWS)])
    two = opened_twice(people(2).append_column("email", mails), tmp_path)
    names = [behind_first(two.everyone, "all", "nps", asked, 3).column_names for asked in (False, True)]
    assert ["email" in one for one in names] == [False, True]


# --- stopping -----------------------------------------------------------------------------------------


def endless(everyone: Everyone) -> int:
    """Ask what takes hours."""
    return everyone.engine.ask("SELECT COUNT(*) FROM range(10000000000000)").num_rows


def test_who_stops_it_stops_the_query(both):
    everyone, steps = both("dates").everyone, []

    def watch(step: str, share: float) -> None:
        steps.append(step)
        raise Stopped

    about = (everyone.engine, everyone.segmentation, ())
    with pytest.raises(Stopped):
        jobs.ask_everyone(everyone.customers, endless, *about, (), watch)
    assert steps == ["Counting 900 customers by DuckDB on this machine"]
    assert everyone.row({"n": "COUNT(*)"}) == {"n": ROWS}


# --- in the words of databases that are not run here ----------------------------------------------------


@pytest.fixture(scope="module")
def queries(both) -> list[str]:
    """Every kind of query, as DuckDB is asked it."""
    asked: list[str] = []
    kept = both("dates").only("ages").everyone
    short = fit(kept.customers, Plan(method="column", options={"column": "plan_tier"}))
    everyone, ask = replace(kept, segmentation=short), kept.engine.ask
    kept.engine.ask = lambda query: asked.append(query) or ask(query)
    try:
        curves_of_all(everyone)
        curves_of_all(everyone, Named("exact", observed="basket"))
        stays_of_all(everyone)
        column_of_all(everyone, "basket")
        answers_of_all(everyone)
        facts_of_all(everyone, ("nps", "tenure"))
        behind_first(everyone, "pro", "retention", True, 5)
    finally:
        del kept.engine.ask
    return list(dict.fromkeys(asked))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_queries_are_written_in_the_words_of_a_database(dialect, queries):
    assert len(queries) == 11
    are_in_words_of(dialect, queries)
