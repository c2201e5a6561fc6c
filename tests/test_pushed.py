"""The second executor: what an engine adds up and lists is what numpy says of the same rows."""

import csv
import io
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import segkit
from segkit.customers.base import Condition, restricted
from segkit.customers.choices import Choices
from segkit.customers.reading import interpreted
from segkit.customers.sampling import in_all, is_part, sampled
from segkit.engine import Engine, hash_sample_sql, of_files
from segkit.errors import SegkitError, UnusableColumn, UnusablePlan
from segkit.exports import pushed as lists
from segkit.exports.lists import assignment_csv, segment_csv
from segkit.measures import pushed
from segkit.measures.definitions import KPIS
from segkit.measures.kpis import by_column
from segkit.measures.pushed import VALUES
from segkit.segments.fitting import fit
from segkit.segments.plan import Plan
from segkit.segments.refining import refined
from tests.databases import STRANGE, many_kinds
from tests.sources import BASES, DIALECTS, are_in_words_of

MIXED = ("age", "spend", "steady", STRANGE, "city", "member", "newsletter")


def when(column, how, *values, **more):
    return {"column": column, "how": how, "values": list(values), **more}


OWN_RULES = [
    {"name": 'Köln\'s "best"', "when": when("city", "in", "Köln", 'the "Hague"', "2")},
    {"name": "Recent", "when": when("last_activity_date", "<=", 60, look="days_ago")},
    {"name": "Deep", "when": when("revenue", "<", -20, look="minus", other="cost")},
    {
        "name": "Old",
        "when": {
            "any": [
                when("signup_date", "<", "2024-06-01"),
                when("member", "in", "Yes"),
                when("age", "missing"),
            ]
        },
    },
]
PLANS = {
    "k-means": Plan(MIXED, n_segments=4, options={"left_out": 0.03}),
    "all columns": Plan(n_segments=3),
    "mixture": Plan(MIXED, n_segments=3, method="mixture"),
    "latent-class": Plan(
        ("member", "newsletter", "city", "csat", "tickets"), n_segments=3, method="latent-class"
    ),
    "ward": Plan(MIXED, n_segments=5, method="ward"),
    "rfm": Plan(method="rfm"),
    "value-tiers": Plan(method="value-tiers"),
    "margin tiers": Plan(method="value-tiers", options={"by": "margin"}),
    "price-tiers": Plan(method="price-tiers"),
    "sentiment": Plan(method="sentiment"),
    "stages": Plan(method="stages"),
    "column": Plan(method="column", options={"column": "city"}),
    "own-rules": Plan(method="own-rules", options={"rules": OWN_RULES}),
    "crossing": Plan(
        method="crossing",
        options={"parts": [{"column": "plan_tier"}, {"method": "sentiment"}], "smallest": 5},
    ),
    "micro": Plan(
        ("age", "spend", "city"),
        method="micro",
        options={"parent": {"column": "plan_tier"}, "inside": 2},
    ),
}
AS_NUMBERS = Choices(kinds={"age": "number"})  # in a CSV there are words such as inf among them
CHANGES: dict[str, list[dict]] = {
    "none": [],
    "merge": [
        {"do": "merge", "segments": ["S1", "S2"]},
        {"do": "rename", "segment": "S1+S2", "name": "O'Ne \\ 1"},
    ],
    "split": [{"do": "split", "segment": "S1", "when": when("age", ">", 40)}],
    "groups": [{"do": "split", "segment": "S1", "into": 2}, {"do": "own", "share": 0.05}],
}


def written(table: pa.Table, folder: Path, kind: str = "parquet") -> Path:
    path = folder / f"customers.{kind}"
    if kind == "parquet":
        pq.write_table(table, path, row_group_size=200)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(table.column_names)
            rows.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return path


def opened(engine: Engine, rows: int = 50_000, choices: Choices | None = None):
    """Customers of a sample, and all of them, read as the sample was."""
    part = interpreted(*sampled(engine, rows), choices or AS_NUMBERS)
    return part, part_of_all(engine, part) if is_part(part) else part


def part_of_all(engine: Engine, part):
    """All customers as numpy has them, with the kinds, roles and days that the sample has."""
    kinds = {one.name: one.kind for one in part.columns if not one.derived}
    roles = {one.name: one.role for one in part.columns if not one.derived}
    return interpreted(*sampled(engine, 10**9), Choices(kinds=kinds, roles=roles))


def same_kpis(found, expected):
    assert [(one.segment, one.segment_name, one.kpi) for one in found] == [
        (one.segment, one.segment_name, one.kpi) for one in expected
    ]
    for one, other in zip(found, expected, strict=True):
        place = (one.segment, one.kpi)
        assert (place, one.n, one.verdict, one.unit) == (place, other.n, other.verdict, other.unit)
        assert one.coverage == pytest.approx(other.coverage, rel=1e-12), place
        for what in ("value", "low", "high"):
            a, b = getattr(one, what), getattr(other, what)
            assert a == pytest.approx(b, rel=1e-9, abs=1e-12, nan_ok=True), (place, what)
    assert found.differences == pytest.approx(expected.differences, rel=1e-9, abs=1e-9, nan_ok=True)
    assert found.bands.keys() == expected.bands.keys()


def cells(parts) -> list[list[str]]:
    content = b"".join(parts) if not isinstance(parts, bytes) else parts
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def same_lists(found, expected):
    """The same rows, in whatever order; a confidence may be rounded the other way."""
    (names, *rows), (other_names, *other_rows) = cells(found), cells(expected)
    assert names == other_names
    sure = names.index("confidence")

    def without(row):
        return row[:sure] + row[sure + 1 :]

    rows, other_rows = sorted(rows, key=without), sorted(other_rows, key=without)
    assert [without(row) for row in rows] == [without(row) for row in other_rows]
    away = np.array([float(row[sure]) for row in rows]) - [float(row[sure]) for row in other_rows]
    assert np.abs(away).max(initial=0) < 1.01e-4


def same(engine: Engine, part, whole, segmentation, own=(), base: tuple[Condition, ...] = ()):
    """Compare KPIs and lists of both executors."""
    if base:
        whole = restricted(whole, base)
    assignment = segmentation.assign(whole)
    same_kpis(
        pushed.measure_all(engine, part, segmentation, own=own, conditions=base),
        segkit.measure(whole, assignment, own=own),
    )
    if base:
        return
    same_lists(lists.assignment_parts(engine, part, segmentation), assignment_csv(whole, assignment))
    key = segmentation.segments[-1].key
    same_lists(lists.list_parts(engine, part, segmentation, key), segment_csv(whole, assignment, key))


def segmented(customers, plan, changes=()):
    return refined(customers, fit(customers, plan), changes)


# --- both executors -----------------------------------------------------------------------------------


BOTH = [(plan, "parquet") for plan in PLANS]
BOTH += [(plan, "csv") for plan in ("k-means", "latent-class", "rfm", "own-rules", "micro")]


@pytest.mark.parametrize(("plan", "kind"), BOTH)
def test_every_method_places_and_measures_alike(plan, kind, tmp_path):
    stayed = {"parquet": "churned", "csv": "retained"}[kind]
    engine = Engine(of_files(written(many_kinds(400, len(plan), stayed), tmp_path, kind)))
    part, whole = opened(engine)
    same(engine, part, whole, fit(part, PLANS[plan]), own=("spend", "steady", "member"))


@pytest.mark.parametrize(
    ("plan", "changes"), [("rfm", "merge"), ("rfm", "split"), *(("k-means", one) for one in CHANGES)]
)
def test_refinements_are_written_too(plan, changes, tmp_path):
    engine = Engine(of_files(written(many_kinds(400, 7), tmp_path)))
    part, whole = opened(engine)
    changed = [one for one in CHANGES[changes] if plan == "k-means" or one["do"] != "own"]
    same(engine, part, whole, segmented(part, PLANS[plan], changed))


@pytest.mark.parametrize(
    ("base", "kind"), [("ages", "parquet"), ("orders", "parquet"), ("days", "csv"), ("orders", "csv")]
)
def test_conditions_choose_the_same_customers(base, kind, tmp_path):
    engine = Engine(of_files(written(many_kinds(400, 8), tmp_path, kind)))
    part, whole = opened(engine)
    same(engine, part, whole, fit(part, PLANS["k-means"]), base=BASES[base])


@given(
    seed=st.integers(0, 2**20),
    plan=st.sampled_from(sorted(PLANS)),
    stayed=st.sampled_from(["churned", "retained", "dates"]),
    kind=st.sampled_from(["parquet", "csv"]),
    rows=st.sampled_from([200, 400, 50_000]),
)
@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],  # an example says enough, and smaller ones take minutes
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_sample_says_what_all_are(seed, plan, stayed, kind, rows, tmp_path):
    engine = Engine(of_files(written(many_kinds(700, seed, stayed), tmp_path, kind)))
    part, whole = opened(engine, rows)
    assert (is_part(part), in_all(part)) == (rows < 700, 700)
    try:
        segmentation = fit(part, PLANS[plan])
    except SegkitError:
        return  # too few of them have what the method asks for
    same(engine, part, whole, segmentation, own=("spend",))


@pytest.mark.parametrize(("kind", "gone"), [("parquet", True), ("csv", False)])
def test_retention_from_dates_is_the_same(kind, gone, tmp_path):
    table = many_kinds(600, 3, "dates")
    table = table if gone else table.drop_columns("churn_date")
    engine = Engine(of_files(written(table, tmp_path, kind)))
    part, whole = opened(engine, 300)
    assert part.with_role("retained").derived
    same(engine, part, whole, fit(part, PLANS["k-means"]), own=("Retained (from dates)",))


@pytest.mark.parametrize(
    ("name", "kind"),
    [*((one, "parquet") for one in ("city", "newsletter", "nps", "age")), ("city", "csv"), ("nps", "csv")],
)
def test_kpis_by_a_column_as_it_is(name, kind, tmp_path):
    engine = Engine(of_files(written(many_kinds(400, 4), tmp_path, kind)))
    part, whole = opened(engine)
    same_kpis(
        pushed.measure_by(engine, part, name, own=("spend",)),
        segkit.measure(whole, by_column(whole, name), own=("spend",)),
    )


def test_kpis_by_a_column_that_has_too_many_values_or_is_not_there(tmp_path):
    engine = Engine(of_files(written(many_kinds(400, 4), tmp_path)))
    part, _ = opened(engine)
    with pytest.raises(UnusableColumn, match="different values; 100 can be compared"):
        pushed.measure_by(engine, part, "customer_id")
    with pytest.raises(UnusableColumn, match="There is no column “nope”"):
        pushed.measure_by(engine, part, "nope")


def test_an_uploaded_file_gives_the_same_as_the_source(tmp_path):
    table = many_kinds(400, 5)
    age = table["age"].to_numpy()  # in lists, an upload keeps the word inf; a source has a gap
    table = table.set_column(1, "age", pa.array(np.where(np.isfinite(age), age, 0.0)))
    path = written(table, tmp_path)
    engine = Engine(of_files(path))
    part, _ = opened(engine)
    upload = segkit.read(path)
    same(engine, part, upload, fit(upload, PLANS["k-means"]))


# --- cells that are written in their own way ------------------------------------------------------------

DAYS = np.datetime64("2024-01-01", "D") + np.random.default_rng(0).integers(0, 500, 300)
TEXTS = [str(day) for day in DAYS]
WRITINGS = {
    "turned": [f"{one[8:]}.{one[5:7]}.{one[:4]}" for one in TEXTS],
    "american": [f"{int(one[5:7])}/{int(one[8:])}/{one[:4]}" for one in TEXTS],
    "with a time": [f"{one} 12:30:00" for one in TEXTS],
    "no signs": [one.replace("-", "") for one in TEXTS],
    "slashes": [one.replace("-", "/") for one in TEXTS],
    "no days": ["2025-02-30" if place % 9 == 0 else one for place, one in enumerate(TEXTS)],
    "gaps": ["n/a" if place % 7 == 0 else one for place, one in enumerate(TEXTS)],
}


def with_column(name, cells):
    table = many_kinds(300, 6)
    return table.drop_columns(name).append_column(name, cells)


@pytest.mark.parametrize(
    ("writing", "rows"), [*((one, 120) for one in WRITINGS), ("american", 1000), ("no days", 1000)]
)
def test_days_are_read_as_they_are_written(writing, rows, tmp_path):
    table = with_column("signup_date", pa.array(WRITINGS[writing]))
    engine = Engine(of_files(written(table, tmp_path, "csv")))
    part, whole = opened(engine, rows)
    assert part.column("signup_date").kind == "date"
    same(engine, part, whole, fit(part, PLANS["price-tiers"]))


def test_days_in_words_are_told_of(tmp_path):
    table = with_column("signup_date", pa.array([f"{day.astype(object):%b %d, %Y}" for day in DAYS]))
    engine = Engine(of_files(written(table, tmp_path, "csv")))
    part, _ = opened(engine)
    with pytest.raises(UnusablePlan, match="cannot be read where the table lives"):
        pushed.measure_all(engine, part, fit(part, PLANS["price-tiers"]))


@pytest.mark.parametrize("zone", [None, "America/New_York"])
def test_times_are_those_of_their_zone(zone, tmp_path):
    hours = np.random.default_rng(1).integers(0, 24, 300).astype("timedelta64[h]")
    times = pa.array((DAYS + hours).astype("datetime64[us]")).cast(pa.timestamp("us", tz=zone))
    path = written(with_column("signup_date", times), tmp_path)
    engine = Engine(of_files(path))
    part, whole = opened(engine)
    same(engine, part, whole, fit(part, PLANS["price-tiers"]))
    assert (part.frame["signup_date"] == segkit.read(path).frame["signup_date"]).all()


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_number_that_stands_for_no_answer_is_none(kind, tmp_path):
    rng = np.random.default_rng(2)
    revenue = np.where(rng.random(300) < 0.1, -999, rng.lognormal(4, 1, 300).round(2))
    engine = Engine(of_files(written(with_column("revenue", pa.array(revenue)), tmp_path, kind)))
    gaps = replace(AS_NUMBERS, missing={"revenue": ("-999", "-999.0")})
    part, whole = opened(engine, choices=gaps)
    assert part.column("revenue").missing == (revenue == -999).sum()
    same(engine, part, whole, fit(part, PLANS["price-tiers"]))


def test_blanks_of_any_kind_around_a_text_are_left_out(tmp_path):
    cities = ["Rome\n", "\tRome", "Rome\u00a0", "Oslo", "\u3000Oslo "]
    table = with_column("city", pa.array([cities[place % 5] for place in range(300)]))
    engine = Engine(of_files(written(table, tmp_path)))
    part, whole = opened(engine)
    same(engine, part, whole, fit(part, PLANS["column"]))


# --- in the words of databases that are not run here ----------------------------------------------------


@pytest.fixture(scope="module")
def queries(tmp_path_factory):
    """Every kind of query, as DuckDB is asked it."""
    folder = tmp_path_factory.mktemp("dialects")
    found = []
    for kind, stayed in (("parquet", "dates"), ("csv", "churned")):
        engine = Engine(of_files(written(many_kinds(400, 2, stayed), folder, kind)))
        part, _ = opened(engine, 300)
        asked = []
        engine.ask = lambda query, asked=asked: asked.append(query) or pa.table({"place": [0]})
        engine.stream = lambda query, asked=asked: asked.append(query) or iter(())
        for plan in ("k-means", "mixture", "own-rules") if kind == "parquet" else ("k-means",):
            segmentation = fit(part, PLANS[plan])
            with suppress(SegkitError, KeyError):
                pushed.measure_all(engine, part, segmentation, own=("spend",), conditions=BASES["days"])
            list(lists.list_parts(engine, part, segmentation, "S1"))
            list(lists.assignment_parts(engine, part, segmentation))
        found += asked
        found.append(hash_sample_sql(engine.columns, 0.1, 3, 100))
    return found


@pytest.mark.parametrize("dialect", DIALECTS)
def test_queries_are_written_in_the_words_of_a_database(dialect, queries):
    assert len(queries) == 14
    are_in_words_of(dialect, queries)


def test_every_kpi_that_is_added_up_is_written_in_sql():
    added_up = {one.key for one in KPIS if one.needs and not one.made_of}
    assert added_up == set(VALUES)
