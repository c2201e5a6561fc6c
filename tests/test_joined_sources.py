"""Logs at a source: the engine says of each customer what uploads of the same rows say."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from segkit.__main__ import main
from segkit.customers.choices import Choices
from segkit.customers.files.opening import read_text_table
from segkit.customers.joins.joining import Joined
from segkit.customers.joins.together import Fitting, put_together
from segkit.customers.reading import interpreted
from segkit.customers.sampling import sampled
from segkit.customers.table import Customers
from segkit.engine import BASE, Engine, LogTable, Source, UnusableSource, base_select, in_dialect
from segkit.exports import pushed as lists
from segkit.exports.lists import assignment_csv
from segkit.measures import pushed
from segkit.measures.kpis import measure
from segkit.segments.fitting import fit
from segkit.segments.plan import Plan
from segkit.sources import VARIABLE, sources
from tests.databases import TYPES, postgres
from tests.sources import DIALECTS, is_in_words_of
from tests.test_pushed import same_kpis, same_lists

DAY = np.datetime64("2026-03-31", "D")
PEOPLE = 120
STATUS = ["paid", "Cancelled", "storniert", "not cancelled", "returned", "", None, " "]
CHANNELS = ["Web", "web ", "Laden", "日本", "telephone", "", None]


# --- customers and logs with everything that can go wrong ---------------------------------------------


def customers(rng: np.random.Generator) -> pa.Table:
    ids = [f"Kü{place:03d}" for place in range(PEOPLE)]
    ids[5], ids[6], ids[8] = "", None, ids[7]
    age = rng.integers(18, 80, PEOPLE)
    city = rng.choice(["Rome", "Köln", "日本"], PEOPLE)
    return pa.table({"customer_id": ids, "age": age, "city": city.tolist()})


def named(rng: np.random.Generator, rows: int) -> list[str | None]:
    """Ids of a log: customers, strangers and nobody."""
    known = [f"Kü{place:03d}" for place in rng.integers(0, PEOPLE - 20, rows)]
    return [
        one if chance > 0.15 else ["", None, f"x{place % 9}"][place % 3]
        for place, (one, chance) in enumerate(zip(known, rng.random(rows), strict=True))
    ]


def some(rng: np.random.Generator, values: Any, missing: float = 0.1) -> list[Any]:
    lost = rng.random(len(values)) < missing
    return [None if gone else one for gone, one in zip(lost, np.asarray(values).tolist(), strict=True)]


def days(rng: np.random.Generator, rows: int, missing: float = 0.05) -> pa.Array:
    return pa.array(some(rng, DAY - rng.integers(0, 500, rows), missing), pa.date32())


def orders(rng: np.random.Generator, rows: int = 400) -> pa.Table:
    paid = rng.lognormal(3, 1, rows).round(2) * rng.choice([1, 1, 1, -1], rows)
    return pa.table(
        {
            "order_id": some(rng, [f"№{place}" for place in rng.integers(0, rows // 2, rows)]),
            "customer_id": named(rng, rows),
            "order_date": days(rng, rows),
            "amount": some(rng, paid),
            "quantity": pa.array(some(rng, rng.integers(-1, 5, rows)), pa.int64()),
            "status": rng.choice(np.array(STATUS, dtype=object), rows).tolist(),
            "channel": rng.choice(np.array(CHANNELS, dtype=object), rows).tolist(),
            "returned": some(rng, rng.random(rows) < 0.1),
        }
    )


def surveys(rng: np.random.Generator, rows: int = 300) -> pa.Table:
    return pa.table(
        {
            "response_id": [str(place) for place in range(rows)],
            "customer_id": named(rng, rows),
            "survey_date": pa.array(some(rng, DAY - rng.integers(0, 60, rows), 0.05), pa.date32()),
            "csat": pa.array(some(rng, rng.integers(1, 6, rows), 0.3), pa.int64()),
            "nps": pa.array(some(rng, rng.integers(0, 11, rows), 0.3), pa.int64()),
        }
    )


def tickets(rng: np.random.Generator, rows: int = 300) -> pa.Table:
    opened_at = DAY.astype("datetime64[us]") - rng.integers(0, 400 * 86400, rows).astype("timedelta64[s]")
    took = rng.integers(-86400, 20 * 86400, rows).astype("timedelta64[s]")
    return pa.table(
        {
            "ticket_id": some(rng, [f"T{place}" for place in rng.integers(0, 250, rows)]),
            "customer_id": named(rng, rows),
            "opened_at": pa.array(some(rng, opened_at, 0.05), pa.timestamp("us")),
            "closed_at": pa.array(some(rng, opened_at + took, 0.3), pa.timestamp("us")),
            "status": rng.choice(["open", "gelöst", "closed"], rows).tolist(),
            "channel": rng.choice(np.array(CHANNELS, dtype=object), rows).tolist(),
            "topic": rng.choice(
                ["bill", "delivery", "Ärger", "other", "app", "rare", "rarer"], rows
            ).tolist(),
        }
    )


def events(rng: np.random.Generator, rows: int = 400) -> pa.Table:
    seen = DAY.astype("datetime64[us]") - rng.integers(0, 120 * 86400, rows).astype("timedelta64[s]")
    return pa.table(
        {
            "event_id": [str(place) for place in range(rows)],
            "customer_id": named(rng, rows),
            "event_time": pa.array(some(rng, seen, 0.05), pa.timestamp("us")),
            "event": rng.choice(["login", "click"], rows).tolist(),
        }
    )


MAKE = {"orders": orders, "surveys": surveys, "tickets": tickets, "events": events}


def made(seed: int = 0, *kinds: str) -> dict[str, pa.Table]:
    rng = np.random.default_rng(seed)
    return {"customers": customers(rng)} | {kind: MAKE[kind](rng) for kind in kinds or MAKE}


def written(tables: dict[str, pa.Table], folder: Path, kind: str = "parquet") -> dict[str, str]:
    paths = {}
    for name, table in tables.items():
        path = folder / f"{name}.{kind}"
        paths[name] = str(path)
        if kind == "parquet":
            pq.write_table(table, path, row_group_size=150)
            continue
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(table.column_names)
            rows.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return paths


def source_of(paths: dict[str, str], **more: Any) -> Source:
    logs = {name: LogTable(files=path) for name, path in paths.items() if name != "customers"}
    return Source("crm", "customers", **{"files": paths["customers"], "logs": logs} | more)


def at_source(engine: Engine, rows: int = 50_000) -> Customers:
    text, content = sampled(engine, rows)
    return interpreted(text, content)


def uploaded(paths: dict[str, str]) -> tuple[Customers, Joined]:
    files = [(name, read_text_table(Path(path)), path) for name, path in paths.items()]
    kinds: dict[str, dict[str, object]] = {name: {"kind": name} for name in paths}
    found = put_together(files, None, Fitting(kinds))
    assert found.joined is not None
    return found.customers, found.joined


def same(found: Customers, expected: Customers):
    """The same columns, meanings and values: counts, days and words exactly, sums to 1e-9."""
    assert list(found.frame.columns) == list(expected.frame.columns)
    assert len(found) == len(expected)
    assert found.source["customer_id"].to_pylist() == expected.source["customer_id"].to_pylist()
    for column in expected.columns:
        one = found.column(column.name)
        assert one is not None
        assert (column.name, one.kind, one.role) == (column.name, column.kind, column.role)
        a, b = found.frame[column.name], expected.frame[column.name]
        if column.kind == "number":
            assert a.to_numpy() == pytest.approx(b.to_numpy(), rel=1e-9, abs=1e-12, nan_ok=True), column.name
        else:
            pd.testing.assert_series_equal(a.astype(str).str.lower(), b.astype(str).str.lower())


def same_notes(found: Customers, expected: Customers, *keys: str):
    for key in keys:
        told = [[note.text for note in one.notes if note.key == key] for one in (found, expected)]
        assert told[0] == told[1]


# --- both ways say the same ---------------------------------------------------------------------------


@given(
    seed=st.integers(0, 2**20),
    kind=st.sampled_from(["parquet", "csv"]),
    without=st.sets(
        st.sampled_from(["order_id", "quantity", "status", "returned", "ticket_id", "closed_at"])
    ),
    undated=st.booleans(),
)
@settings(
    max_examples=3,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_engine_says_what_uploads_say(seed, kind, without, undated, tmp_path):
    gone = {*without, *(("order_date", "survey_date", "opened_at", "event_time") if undated else ())}
    tables = {
        name: table.drop_columns([one for one in table.column_names if one in gone])
        for name, table in made(seed).items()
    }
    paths = written(tables, tmp_path, kind)
    found, (expected, joined) = at_source(Engine(source_of(paths))), uploaded(paths)
    same(found, expected)
    same_notes(found, expected, "as-of", "match", "duplicate-ids", "undated", "cancelled", "paid-back")
    assert {"orders", "tickets", "events", "answers"} <= set(joined.roles)


def test_samples_are_the_same_customers_and_opening_twice_gives_the_same(tmp_path):
    paths = written(made(1), tmp_path)
    plain = Engine(source_of(paths, logs={})).sample(60, 3)
    first, second = Engine(source_of(paths)), Engine(source_of(paths))
    drawn, again = sampled(first, 60, 3), sampled(second, 60, 3)
    assert drawn[0].table["customer_id"].to_pylist() == [
        one or "" for one in plain["customer_id"].to_pylist()
    ]
    assert drawn[1] == again[1]
    assert drawn[0].table.equals(again[0].table)
    assert sampled(first, 60, 3)[1] == drawn[1]  # asked once more, nothing is joined twice
    assert first.rows == PEOPLE


def test_what_is_put_aside_goes_when_the_source_is_closed(tmp_path):
    paths = written(made(1, "orders"), tmp_path)
    engine = Engine(source_of(paths, connect={"temp_directory": str(tmp_path / "aside")}))
    sampled(engine)
    assert list((tmp_path / "aside").glob("segkit-*/segkit_orders_summary.parquet"))
    engine.close()
    assert not list((tmp_path / "aside").glob("segkit-*"))


def test_kpis_and_lists_of_all_are_those_of_the_same_upload(tmp_path):
    paths = written(made(2), tmp_path)
    engine = Engine(source_of(paths))
    part, (whole, _) = at_source(engine), uploaded(paths)
    segmentation = fit(part, Plan(("age", "recency_days", "return_rate", "city"), n_segments=3))
    assignment = segmentation.assign(whole)
    same_kpis(
        pushed.measure_all(engine, part, segmentation, own=("items",)),
        measure(whole, assignment, own=("items",)),
    )
    same_lists(lists.assignment_parts(engine, part, segmentation), assignment_csv(whole, assignment))


# --- how days, amounts and ids are written ------------------------------------------------------------


def one_log(tmp_path, log: dict[str, list], kind: str = "csv", people: dict[str, list] | None = None):
    """Both ways with one log, and what both say."""
    known = people or {"customer_id": ["a", "b", "c"], "age": [20, 30, 40]}
    paths = written({"customers": pa.table(known), "orders": pa.table(log)}, tmp_path, kind)
    found, (expected, _) = at_source(Engine(source_of(paths))), uploaded(paths)
    same(found, expected)
    return found.frame


def test_amounts_with_commas_and_days_with_points(tmp_path):
    frame = one_log(
        tmp_path,
        {
            "customer_id": ["a", "a", "b", "b"],
            "order_id": ["1", "2", "3", "4"],
            "order_date": ["31.12.2025", "01.02.2026", "15.01.2026", "?"],
            "amount": ["1.234,50 €", "0,10 €", "-5,00 €", "n/a"],
        },
    )
    assert frame["revenue"].tolist() == [1234.6, -5, 0]
    assert frame["recency_days"].fillna(-1).tolist() == [0, -1, -1]


def test_cents_add_up_to_what_a_person_gets_on_paper(tmp_path):
    amounts = [0.1, 0.2, 19.99, 5.01, -25.0]
    frame = one_log(
        tmp_path,
        {"customer_id": ["a", "a", "b", "b", "b"], "order_id": list("12345"), "amount": amounts},
        "parquet",
    )
    assert frame["revenue"].tolist() == [0.3, 0, 0]


def test_ids_that_are_numbers_in_one_table_and_texts_in_the_other(tmp_path):
    people = {"customer_id": [7.0, 8.0, None], "age": [20, 30, 40]}
    frame = one_log(
        tmp_path,
        {"customer_id": ["7", "7", "8"], "order_id": list("123"), "amount": [1.5, 2.5, 3.5]},
        "parquet",
        people,
    )
    assert frame["orders"].fillna(-1).tolist() == [2, 1, -1]


@pytest.mark.parametrize(
    ("theirs", "ours", "said"),
    [
        (["007", "08", "x1", "0"], ["7.0", "8.0", " X1 ", "0.00"], "blanks around the id, capital"),
        (["A1", "B2", "c3", "d4"], ["a1", "b2", "C3", "z"], "3 ids, capital and small letters did not count"),
        (["1", "2", "3", "4"], ["01", "2", "3", "4"], ""),  # most match as they are: nothing is assumed
        (["1", "01", "2", "3"], ["001", "002", "003", "4"], ""),  # two customers would become one
    ],
)
def test_ids_that_are_written_in_two_ways(theirs, ours, said, tmp_path):
    people = {"customer_id": theirs, "age": [20, 30, 40, 50]}
    log = {"customer_id": ours * 2, "order_id": list("12345678"), "amount": [1.5, 2.5, 3.5, 4.5] * 2}
    paths = written({"customers": pa.table(people), "orders": pa.table(log)}, tmp_path)
    found, (expected, _) = at_source(Engine(source_of(paths))), uploaded(paths)
    same(found, expected)
    for one in (found, expected):
        told = " ".join(
            note.text for note in one.notes if note.key == "id-writing" and "did not" in note.text
        )
        assert said in told if said else "were taken for the same" not in told


def test_days_in_words_are_left_out_and_told(tmp_path):
    paths = written(made(3, "orders"), tmp_path)
    table = pa.table({"customer_id": ["Kü001"] * 3, "order_id": list("123"), "amount": [1.5, 2.5, 3.5],
                      "order_date": ["Jan 3, 2026", "Feb 4, 2026", "Mar 5, 2026"]})  # fmt: skip
    pq.write_table(table, paths["orders"])
    found = at_source(Engine(source_of(paths)))
    assert "recency_days" not in found.frame
    assert found.frame["revenue"].max() == 7.5
    assert any(
        "“order_date” of “orders” is written in a way that cannot be read" in one.text for one in found.notes
    )


@pytest.mark.parametrize(
    ("kind", "columns", "clock"),
    [
        ("surveys", ["survey_date"], "%d.%m.%Y %H:%M"),
        ("tickets", ["opened_at", "closed_at"], "%Y-%m-%dT%H:%M:%S"),
    ],
)
def test_times_of_day_that_are_written_as_texts_count(kind, columns, clock, tmp_path):
    tables = made(4, kind)
    for column in columns:
        place = tables[kind].column_names.index(column)
        times = tables[kind][column].cast(pa.timestamp("us")).to_pylist()
        texts = [
            "" if one is None else one.replace(hour=row * 7 % 24).strftime(clock)
            for row, one in enumerate(times)
        ]
        tables[kind] = tables[kind].set_column(place, column, pa.array(texts))
    paths = written(tables, tmp_path, "csv")
    found, (expected, _) = at_source(Engine(source_of(paths))), uploaded(paths)
    same(found, expected)
    assert {"csat_trend", "hours_to_resolve"} & set(found.frame)


def test_surveys_with_one_row_a_question(tmp_path):
    rng = np.random.default_rng(5)
    asked = ["How satisfied are you?", "Would you recommend us?", "Anything else?"]
    questions = rng.choice(asked, 200).tolist()
    said = [
        {"H": str(one % 5 + 1), "W": str(one), "A": "-"}[q[0]]
        for q, one in zip(questions, rng.integers(0, 11, 200), strict=True)
    ]
    tables = made(5, "surveys") | {
        "surveys": pa.table(
            {"customer_id": named(rng, 200), "date": days(rng, 200), "question": questions, "answer": said}
        )
    }
    paths = written(tables, tmp_path)
    found, (expected, _) = at_source(Engine(source_of(paths))), uploaded(paths)
    assert {"csat", "nps_trend"} <= set(found.frame)
    same(found, expected)


def test_names_that_are_taken_stay_and_the_log_only_describes(tmp_path):
    tables = made(6, "orders")
    tables["customers"] = tables["customers"].append_column("revenue", pa.array(np.arange(PEOPLE) * 1.5))
    paths = written(tables, tmp_path)
    found, (expected, _) = at_source(Engine(source_of(paths))), uploaded(paths)
    same(found, expected)
    assert found.frame["revenue"].tolist() == (np.arange(PEOPLE) * 1.5).tolist()
    assert found.column("revenue (from orders)").role == "descriptor"
    assert any(note.key == "role" and note.options for note in found.notes)


# --- what is said -------------------------------------------------------------------------------------


def test_the_last_day_can_be_set_up(tmp_path):
    paths = written(made(7), tmp_path)
    found = at_source(Engine(source_of(paths, as_of="2026-01-31")))
    files = [(name, read_text_table(Path(path)), path) for name, path in paths.items()]
    expected = put_together(
        files, Choices(as_of="2026-01-31"), Fitting({name: {"kind": name} for name in paths})
    )
    for name in ("orders", "recency_days", "csat", "open_tickets", "hours_to_resolve", "active_days"):
        assert found.frame[name].to_numpy() == pytest.approx(
            expected.customers.frame[name].to_numpy(), nan_ok=True
        )
    same_notes(found, expected.customers, "after-as-of")
    assert any(
        note.text == "Everything is as of 2026-01-31, as set up for this table." for note in found.notes
    )


def test_a_log_of_strangers_or_without_rows_adds_nothing_and_is_told(tmp_path):
    tables = made(8, "orders", "tickets")
    strangers = pa.array([f"stranger{place}" for place in range(len(tables["orders"]))])
    tables["orders"] = tables["orders"].set_column(1, "customer_id", strangers)
    tables["tickets"] = tables["tickets"].slice(0, 0)
    found = at_source(Engine(source_of(written(tables, tmp_path))))
    assert list(found.frame.columns) == ["customer_id", "age", "city"]
    told = " ".join(note.text for note in found.notes)
    assert (
        "No id in “customer_id” of “orders” is a customer of “customers”, so nothing of it was added" in told
    )
    assert "The tickets of “customers” have no rows, so nothing was added" in told


def test_a_log_whose_customer_is_not_found_can_be_helped(tmp_path):
    tables = made(9, "orders")
    tables["orders"] = tables["orders"].rename_columns(
        ["order_id", "ref", "at", "amount", "quantity", "status", "channel", "returned"]
    )
    paths = written(tables, tmp_path)
    short = pq.read_table(paths["orders"]).drop_columns("ref")
    pq.write_table(short, tmp_path / "short.parquet")
    wrong = {"orders": LogTable(files=str(tmp_path / "short.parquet"))}
    with pytest.raises(UnusableSource, match="No column of the orders of “customers” names the customer"):
        sampled(Engine(source_of(paths, logs=wrong)))
    absent = {"orders": LogTable(files=paths["orders"], customer="nope")}
    with pytest.raises(UnusableSource, match="have no column nope, which the file of sources names"):
        sampled(Engine(source_of(paths, logs=absent)))
    told = {"orders": LogTable(files=paths["orders"], customer="ref", columns={"date": "at"})}
    found = at_source(Engine(source_of(paths, logs=told)))
    expected, _ = uploaded(written(made(9, "orders"), tmp_path))
    assert found.frame["recency_days"].equals(expected.frame["recency_days"])


def test_files_of_a_log_that_are_not_there_are_said_without_their_path(tmp_path):
    paths = written(made(1, "orders"), tmp_path)
    Path(paths["orders"]).unlink()
    with pytest.raises(UnusableSource, match="“customers: orders” has no Parquet or CSV files") as caught:
        Engine(source_of(paths))
    assert str(tmp_path) not in str(caught.value)


# --- setting it up ------------------------------------------------------------------------------------


def said(folder: Path, text: str) -> Source:
    (folder / "sources.toml").write_text(text, encoding="utf-8")
    return sources(folder / "sources.toml")[0]


def test_a_file_of_sources_names_logs(tmp_path):
    orders = 'orders = "o/*.csv"\nas_of = 2026-03-31'
    tickets = 'files = "t"\ncustomer = "who"\ncolumns = { date = "at" }'
    found = said(tmp_path, f'[sources.a]\nfiles = "c"\n{orders}\n[sources.a.tickets]\n{tickets}\n')
    assert found.logs == {
        "orders": LogTable(files="o/*.csv"),
        "tickets": LogTable(files="t", customer="who", columns={"date": "at"}),
    }
    assert found.as_of == "2026-03-31"
    found = said(
        tmp_path,
        '[sources.a]\nengine = "trino"\ntable = "c"\norders = "s.o"\nsurveys = { query = "SELECT 1" }',
    )
    assert found.logs == {"orders": LogTable(table="s.o"), "surveys": LogTable(query="SELECT 1")}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("orders = 3", "“a”, orders: it is not written as in docs/scale.md"),
        ("orders = { files = 3 }", "orders: it is not written"),
        ('orders = { files = "x", columns = { date = 3 } }', "orders: it is not written"),
        ('orders = { table = "x" }', "“a”, orders: has to name files"),
        ("orders = {}", "“a”, orders: has to name files"),
        ('orders = { files = "x", key = "y" }', "“a”, orders: key is no setting"),
        ('as_of = "yesterday"', "“a”: as_of is not written"),
        ("as_of = 2026", "“a”: as_of is not written"),
    ],
)
def test_mistakes_say_where_they_are(more, message, tmp_path):
    with pytest.raises(UnusableSource, match=message):
        said(tmp_path, f'[sources.a]\nfiles = "c"\n{more}\n')


def test_the_command_line_measures_by_a_column_and_lists_everybody(tmp_path, monkeypatch, capsys):
    tables = made(10, "orders")
    levels = pa.array([["all", " x ", "", "y,z", None][place % 5] for place in range(PEOPLE)])
    tables["customers"] = tables["customers"].append_column("kind", levels)
    paths = written(tables, tmp_path)
    toml = f'[sources.crm]\nfiles = "{paths["customers"]}"\norders = "{paths["orders"]}"\n'
    (tmp_path / "sources.toml").write_text(toml)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "sources.toml"))
    assert main(["measure", "source:crm", "--by", "kind", "--out", str(tmp_path / "a"), "--json"]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert any("occur in “customer_id” of “crm”" in one for one in notes)
    call = [
        "measure",
        paths["customers"],
        "--orders",
        paths["orders"],
        "--by",
        "kind",
        "--out",
        str(tmp_path / "b"),
    ]
    assert main(call) == 0
    lists_of = [(tmp_path / one / "assignment.csv").read_bytes() for one in ("a", "b")]
    assert lists_of[0] == lists_of[1]
    rows = list(csv.reader(io.StringIO(lists_of[0].decode())))
    assert (len(rows), rows[0]) == (PEOPLE + 1, ["customer_id", "segment", "segment_name", "confidence"])
    assert {row[1] for row in rows[1:]} == {"“all”", "x", "y,z", "(missing)"}


# --- databases ----------------------------------------------------------------------------------------


def test_postgres_says_what_uploads_say(tmp_path):
    tables = made(11)
    paths = written(tables, tmp_path)
    with postgres() as server:
        for name, table in tables.items():
            server.load(f"crm.{name}", as_postgres_has_it(table))
        logs = {name: LogTable(table=f"crm.{name}") for name in tables if name != "customers"}
        for one in ("opened_at", "closed_at"):
            server.ask(f"ALTER TABLE crm.tickets ALTER {one} TYPE timestamp USING {one}::timestamp")
        logs["surveys"] = LogTable(query="SELECT * FROM crm.surveys WHERE csat > 0 OR csat IS NULL")
        engine = Engine(server.source("crm.customers", logs=logs))
        engine.source = replace(engine.source, label="customers")
        found, (whole, _) = at_source(engine), uploaded(paths)
        same(found, whole)
        segmentation = fit(found, Plan(("age", "recency_days", "city"), n_segments=3))
        assignment = segmentation.assign(whole)
        same_kpis(pushed.measure_all(engine, found, segmentation), measure(whole, assignment))
        drawn = engine.sample(50, 3)
        assert drawn.column_names == list(engine.columns)
        assert 20 < len(drawn) < 80
        engine._lost = True  # reached anew, the logs are there again
        assert (
            engine.ask("SELECT SUM(orders) AS n FROM customers")["n"][0].as_py()
            == found.frame["orders"].sum()
        )
        engine.close()


def as_postgres_has_it(table: pa.Table) -> pa.Table:
    columns = {
        name: column if column.type in TYPES else column.cast(pa.date32() if name == "day" else pa.string())
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A joined engine, and every query that opening it and measuring asked."""
    folder = tmp_path_factory.mktemp("asked")
    engine, queries = Engine(source_of(written(made(12), folder))), []
    ask = engine.ask
    engine.ask = lambda query: queries.append((engine.joining, query)) or ask(query)
    customers = at_source(engine)
    segmentation = fit(customers, Plan(("age", "recency_days", "city"), n_segments=3))
    pushed.measure_all(engine, customers, segmentation)
    engine.stream = lambda query: queries.append((engine.joining, query)) or iter(())
    list(lists.assignment_parts(engine, customers, segmentation))
    longest = max((one for one in queries if one[0] is None), key=lambda one: len(one[1]))
    return engine, [longest, *queries[-2:]]  # the steps of the others are in those that are joined


@pytest.mark.parametrize("dialect", DIALECTS)
def test_queries_are_written_in_the_words_of_a_database(dialect, asked):
    engine, queries = asked
    read = base_select(Source("crm", "All", dialect, table="crm.people"), {"customer_id": False, "age": True})
    beside = {f"segkit_{kind}": base_select(Source("", "", dialect, table=f"crm.{kind}")) for kind in MAKE}
    assert sum(joining is not None for joining, _ in queries) == 2  # the KPIs, a list
    for joining, query in queries:
        made = in_dialect(query, dialect, read, beside, joining)
        is_in_words_of(dialect, made)
        assert (BASE in made) == (joining is not None)
    assert engine.joining is not None
