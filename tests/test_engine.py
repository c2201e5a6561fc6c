"""Engines: what they hold, how they are stopped, and what is said when they go away."""

import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import segkit
import segkit.engine as engines
from segkit.customers import sampling
from segkit.customers.reading import interpreted
from segkit.customers.sampling import reached, sampled
from segkit.engine import ASSIGNMENT, Cancelled, Engine, Source, UnusableSource, of_files
from segkit.exports import pushed as lists
from segkit.measures.kpis import by_column
from segkit.measures.pushed import measure_by
from segkit.segments.fitting import fit
from tests.databases import STRANGE, many_kinds, postgres
from tests.sources import BASES
from tests.test_pushed import PLANS, same, same_kpis

LONG = "SELECT COUNT(*) AS n FROM customers AS a, customers AS b, customers AS c, customers AS d"
LONG += " WHERE a.age + b.age * c.age < d.age + 0.5"


def with_file(folder, rows=600, name="customers.parquet", **more):
    path = folder / name
    pq.write_table(many_kinds(rows), path)
    return Source("crm", "All customers", files=str(path), **more)


@contextmanager
def later(seconds, do):
    timer = threading.Timer(seconds, do)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


# --- what it holds ------------------------------------------------------------------------------------


def test_a_folder_a_pattern_and_a_file_are_the_same_table(tmp_path):
    table = many_kinds(300)
    for place in range(3):
        pq.write_table(table.slice(100 * place, 100), tmp_path / f"part{place}.parquet")
    for files in (tmp_path, tmp_path / "*.parquet"):
        engine = Engine(of_files(files))
        assert (engine.rows, engine.columns) == (300, tuple(table.column_names))
        ids = engine.ask("SELECT customer_id FROM customers")["customer_id"].to_pylist()
        assert sorted(ids) == table["customer_id"].to_pylist()
    assert Engine(of_files(tmp_path / "part1.parquet")).rows == 100
    assert engine.where == "DuckDB on this machine"


def test_files_that_are_not_there_or_of_several_kinds_are_said(tmp_path):
    with pytest.raises(UnusableSource, match=r"“\*\.csv” has no Parquet or CSV files"):
        Engine(of_files(tmp_path / "*.csv"))
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    pq.write_table(many_kinds(10), tmp_path / "b.parquet")
    with pytest.raises(UnusableSource, match="have to be all Parquet or all CSV"):
        Engine(of_files(tmp_path))
    (tmp_path / "c.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(UnusableSource) as caught:
        Engine(of_files(tmp_path / "c.parquet"))
    assert str(tmp_path) not in str(caught.value)


def test_numbers_without_an_end_are_gaps(tmp_path):
    pq.write_table(
        pa.table({"x": [1.0, np.inf, -np.inf, np.nan, None], "n": range(5)}), tmp_path / "a.parquet"
    )
    engine = Engine(of_files(tmp_path / "a.parquet"))
    assert engine.ask("SELECT x FROM customers ORDER BY n")["x"].to_pylist() == [1, None, None, None, None]


def test_cells_of_a_csv_stay_text(tmp_path):
    (tmp_path / "a.csv").write_text('id,zip,note\n1,01234,"a\nb"\n2,00007,\n')
    found = Engine(of_files(tmp_path / "a.csv")).ask("SELECT * FROM customers")
    assert found["zip"].to_pylist() == ["01234", "00007"]
    assert found["note"].to_pylist()[0] == "a\nb"


def test_the_same_seed_draws_the_same_customers(tmp_path):
    source = with_file(tmp_path, 5000)
    first, again, other = (Engine(source).sample(800, seed)["customer_id"].to_pylist() for seed in (3, 3, 4))
    assert first == again
    assert set(first) != set(other)
    assert 600 < len(first) < 1000
    assert len(Engine(source).sample(5000)) == 5000


def test_samples_of_several_row_groups_and_threads_repeat(tmp_path):
    path = tmp_path / "a.parquet"
    rows = 400_000
    pq.write_table(pa.table({"id": np.arange(rows), "x": np.arange(rows) % 7}), path, row_group_size=20_000)
    drawn = [Engine(of_files(path)).sample(2000, 5)["id"].to_pylist() for _ in range(3)]
    assert sorted(drawn[0]) == sorted(drawn[1]) == sorted(drawn[2])
    assert max(drawn[0]) > 0.95 * rows


def test_larger_tables_than_allowed_are_refused(tmp_path):
    with pytest.raises(UnusableSource, match="“All customers” has 600 rows, and 599 are allowed"):
        Engine(with_file(tmp_path, most_rows=599))


def test_what_reads_more_than_allowed_is_refused_before_a_row_is_read(tmp_path, monkeypatch):
    source = with_file(tmp_path)
    size = (tmp_path / "customers.parquet").stat().st_size / 1e9
    assert Engine(replace(source, most_gb=1.01 * size)).rows == 600
    asked = []
    monkeypatch.setattr(Engine, "ask", lambda self, query: asked.append(query))
    with pytest.raises(
        UnusableSource, match=r"One pass over “All customers” reads about 0.0 GB, and 0.0 are"
    ):
        Engine(replace(source, most_gb=0.99 * size))
    monkeypatch.setattr(engines, "_opened", lambda source: engines._Database.__new__(engines._Database))
    with pytest.raises(UnusableSource, match="Trino does not tell how much of “All customers” a query reads"):
        Engine(replace(source, files="", table="a.b", engine="trino", most_gb=5))
    assert not asked


def test_nothing_is_written_beside_files(tmp_path):
    engine = Engine(with_file(tmp_path))
    with pytest.raises(UnusableSource, match="Nothing may be written to “All customers”"):
        engine.write_table("SELECT 1 AS one FROM customers")
    with pytest.raises(UnusableSource, match="Files are read only"):
        Engine(with_file(tmp_path, may_write=True)).write_table("SELECT 1 AS one FROM customers")


# --- streaming and stopping ---------------------------------------------------------------------------


def test_rows_come_part_by_part(tmp_path):
    engine = Engine(with_file(tmp_path))
    rows = batches = 0
    for batch in engine.stream("SELECT i, 'x' AS y FROM range(2000000) AS r(i)"):
        assert batch.num_rows <= 100_000
        rows += batch.num_rows
        batches += 1
    assert (rows, batches >= 20) == (2_000_000, True)


def test_a_stream_that_is_left_lets_others_ask(tmp_path):
    engine = Engine(with_file(tmp_path))
    stream = engine.stream("SELECT i FROM range(2000000) AS r(i)")
    next(stream)
    stream.close()
    assert engine.ask("SELECT 1 AS one FROM customers LIMIT 1")["one"].to_pylist() == [1]


def test_a_query_is_stopped_from_another_thread_and_the_engine_goes_on(tmp_path):
    engine = Engine(with_file(tmp_path))
    start = time.monotonic()
    with (
        later(0.3, engine.cancel),
        pytest.raises(Cancelled, match="You stopped the query on “All customers”"),
    ):
        engine.ask(LONG)
    assert time.monotonic() - start < 3
    assert engine.ask("SELECT COUNT(*) AS n FROM customers")["n"].to_pylist() == [600]


def test_a_stop_when_nothing_runs_stops_nothing(tmp_path):
    engine = Engine(with_file(tmp_path))
    engine.cancel()
    assert engine.ask("SELECT COUNT(*) AS n FROM customers")["n"].to_pylist() == [600]


def test_a_query_takes_no_longer_than_is_allowed(tmp_path):
    engine = Engine(with_file(tmp_path))
    engine.source = replace(engine.source, timeout=0.3)
    start = time.monotonic()
    with pytest.raises(UnusableSource, match=r"did not answer within .* seconds, so the query was stopped"):
        engine.ask(LONG)
    assert time.monotonic() - start < 3
    engine.source = replace(engine.source, timeout=60)
    assert engine.ask("SELECT COUNT(*) AS n FROM customers")["n"].to_pylist() == [600]


# --- faults -------------------------------------------------------------------------------------------


def test_files_that_went_away_are_said_and_a_retry_works(tmp_path):
    source = with_file(tmp_path)
    engine = Engine(source)
    aside = shutil.move(source.files, tmp_path / "aside")
    with pytest.raises(UnusableSource, match="The files of “All customers” are not there") as caught:
        engine.ask("SELECT AVG(age) AS a FROM customers")
    assert str(tmp_path) not in str(caught.value)
    shutil.move(aside, source.files)
    assert engine.ask("SELECT COUNT(*) AS n FROM customers")["n"].to_pylist() == [600]


def test_a_full_disk_is_said(tmp_path):
    connect = {
        "memory_limit": "20MB",
        "threads": 1,
        "max_temp_directory_size": "1MB",
        "temp_directory": str(tmp_path / "aside"),
    }
    engine = Engine(with_file(tmp_path, connect=connect))
    with pytest.raises(UnusableSource, match="no room on disk") as caught:
        engine.ask("SELECT i, md5(i::VARCHAR) AS h FROM range(3000000) AS r(i) ORDER BY h")
    assert str(tmp_path) not in str(caught.value)
    assert engine.ask("SELECT COUNT(*) AS n FROM customers")["n"].to_pylist() == [600]


def test_opening_can_be_stopped_while_logs_are_summed_up(tmp_path, monkeypatch):
    class Left(Exception):
        pass

    ended = []

    def slow(engine):
        try:
            engine.ask(LONG)
        except UnusableSource as problem:
            ended.append(type(problem))
            raise

    def watch():
        looks.append(None)
        if len(looks) == 3:
            raise Left

    looks: list[None] = []
    monkeypatch.setattr(sampling, "join_logs", slow)
    with pytest.raises(Left):
        reached(with_file(tmp_path), watch)
    assert ended == [Cancelled]
    monkeypatch.undo()
    engine, text, _ = reached(with_file(tmp_path), watch)
    assert engine.rows == text.table.num_rows == 600


def test_messages_hold_nothing_of_query_or_cells(tmp_path):
    engine = Engine(with_file(tmp_path))
    for query in (
        "SELECT CAST('secret cell' AS INTEGER) AS x FROM customers",
        "SELECT secret FROM customers",
    ):
        with pytest.raises(UnusableSource) as caught:
            engine.ask(query)
        assert "secret" not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__


def test_names_that_queries_need_for_themselves_are_refused(tmp_path):
    pq.write_table(many_kinds(20).append_column("Segkit_Place", [range(20)]), tmp_path / "a.parquet")
    with pytest.raises(UnusableSource, match="need other names: Segkit_Place"):
        sampled(Engine(of_files(tmp_path / "a.parquet")))


def test_names_and_cells_with_sql_in_them_do_no_harm(tmp_path):
    words = ["x'); DROP VIEW customers; --", 'a"b', "%s {0} :p ?", "\\'; SELECT 1; --", "日本\n"]
    table = many_kinds(400)
    evil = pa.array([words[place % len(words)] for place in range(400)])
    names = ['"; DROP VIEW customers; --', "SELECT", "t.*", "case", "%(x)s", "a\nb"]
    for name in names:
        table = table.append_column(name, evil)
    pq.write_table(table, tmp_path / "it's.parquet")
    engine = Engine(of_files(tmp_path / "it's.parquet"))
    customers = interpreted(*sampled(engine))
    plan = replace(PLANS["k-means"], dimensions=("age", STRANGE, names[0], names[2]), n_segments=3)
    segmentation = fit(customers, plan)
    segmentation = segmentation.renamed({"S1": words[0], "S2": words[3]})
    same(engine, customers, customers, segmentation)
    assert engine.rows == 400


# --- PostgreSQL ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server():
    with postgres() as started:
        started.load("crm.people", many_kinds(800, 5))
        yield started


def test_postgres_gives_what_numpy_gives(server):
    engine = Engine(server.source())
    assert (engine.rows, engine.where) == (800, "PostgreSQL")
    customers = interpreted(*sampled(engine))
    assert len(customers) == 800
    for plan in ("k-means", "mixture", "own-rules", "rfm"):
        same(engine, customers, customers, fit(customers, PLANS[plan]), own=("spend", "steady", "member"))
    same(engine, customers, customers, fit(customers, PLANS["rfm"]), base=BASES["days"])
    same_kpis(
        measure_by(engine, customers, "newsletter"),
        segkit.measure(customers, by_column(customers, "newsletter")),
    )
    engine.close()


def test_postgres_tells_what_a_pass_would_read(server):
    Engine(server.source(most_gb=1)).close()
    with pytest.raises(UnusableSource, match=r"One pass over .* reads about .* GB, and .* are allowed"):
        Engine(server.source(most_gb=1e-6))


def test_postgres_asks_a_query_that_was_set_up(server):
    query = "SELECT customer_id, age, spend FROM crm.people WHERE city ILIKE 'köln' OR city LIKE 'R%'"
    engine = Engine(server.source("", query=query))
    assert engine.columns == ("customer_id", "age", "spend")
    assert 0 < engine.rows < 800
    engine.close()


def test_postgres_draws_the_same_for_the_same_seed(server):
    engine = Engine(server.source())
    first, again, other = (sorted(engine.sample(200, s)["customer_id"].to_pylist()) for s in (3, 3, 4))
    assert first == again != other
    assert 120 < len(first) < 280
    asked = Engine(server.source("", query="SELECT customer_id, age FROM crm.people"))
    assert 120 < len(asked.sample(200, 3)) < 280
    assert sorted(asked.sample(200, 3)["customer_id"].to_pylist()) == sorted(
        asked.sample(200, 3)["customer_id"].to_pylist()
    )
    engine.close()
    asked.close()


def test_postgres_streams_part_by_part(server):
    engine = Engine(
        server.source("", query="SELECT g AS id, g % 7 AS x FROM generate_series(1, 250000) AS g")
    )
    sizes = [batch.num_rows for batch in engine.stream("SELECT id, x FROM customers")]
    assert (sum(sizes), max(sizes) <= 100_000) == (250_000, True)
    stream = engine.stream("SELECT id, x FROM customers")
    next(stream)
    stream.close()
    assert engine.ask("SELECT COUNT(*) AS n FROM customers")["n"].to_pylist() == [250_000]
    engine.close()


def running(server):
    asked = "SELECT COUNT(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
    return server.ask(asked)[0][0]


def test_postgres_really_stops(server):
    engine = Engine(server.source())
    assert running(server) == 0
    with later(0.5, engine.cancel), pytest.raises(Cancelled, match="You stopped the query on “Our shop”"):
        engine.ask(LONG)
    assert running(server) == 0
    assert engine.ask("SELECT COUNT(*) AS n FROM customers")["n"].to_pylist() == [800]
    engine.source = replace(engine.source, timeout=0.5)
    with pytest.raises(UnusableSource, match="did not answer within"):
        engine.ask(LONG)
    assert running(server) == 0
    engine.close()


def test_postgres_writes_only_where_it_may(server):
    engine = Engine(server.source())
    customers = interpreted(*sampled(engine))
    segmentation = fit(customers, PLANS["k-means"])
    with pytest.raises(UnusableSource, match="Nothing may be written"):
        lists.write_table(engine, customers, segmentation)
    assert server.ask(f"SELECT to_regclass('{ASSIGNMENT}')") == [(None,)]
    engine.close()
    engine = Engine(server.source(may_write=True))
    for _ in range(2):  # the second time it is replaced
        assert lists.write_table(engine, customers, segmentation) == ASSIGNMENT
    found = dict(server.ask(f"SELECT customer_id, segment FROM {ASSIGNMENT}"))
    assignment = segmentation.assign(customers)
    assert found == dict(zip(customers.ids, assignment.labels("key"), strict=True))
    engine.close()


def test_postgres_never_tells_how_it_is_reached(server):
    for wrong in ({"password": "not-the-s3cret"}, {"host": "no-such-host.invalid"}, {"port": 1}):
        with pytest.raises(UnusableSource, match="“Our shop” cannot be reached") as caught:
            Engine(server.source(connect={**server.connect, **wrong}))
        for word in ("s3cret", "owner", "127.0.0.1", "no-such-host", str(server.port)):
            assert word not in str(caught.value)
    with pytest.raises(UnusableSource, match="“Our shop” cannot be reached"):
        Engine(server.source("crm.nobody"))


def test_postgres_that_was_away_is_asked_again(server):
    engine = Engine(server.source())
    stopping = threading.Timer(0.5, server.stop)
    stopping.start()
    with pytest.raises(UnusableSource, match="“Our shop” went away while it worked"):
        engine.ask(LONG)
    stopping.join()
    with pytest.raises(UnusableSource, match=r"“Our shop” (went away|cannot be reached)"):
        engine.ask("SELECT COUNT(*) AS n FROM customers")
    server.start()
    assert engine.ask("SELECT COUNT(*) AS n FROM customers")["n"].to_pylist() == [800]
    engine.close()


# --- Spark --------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore")  # Spark's own, of pandas and of sockets
def test_spark_gives_what_numpy_gives_and_really_stops(tmp_path):
    pytest.importorskip("pyspark", reason="pyspark absent: pip install -r requirements-spark.txt")
    if shutil.which("java") is None:
        pytest.skip("Java absent: Spark needs Java 17")
    local = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    local |= {"spark.master": "local[2]", "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2"}
    path = with_file(tmp_path).files
    source = Source("lake", "The lake", "pyspark", query=f"SELECT * FROM parquet.`{path}`", connect=local)
    engine = Engine(source)
    customers = interpreted(*sampled(engine))
    for plan in ("k-means", "own-rules"):
        same(engine, customers, customers, fit(customers, PLANS[plan]), own=("spend",))
    first, again, other = (sorted(engine.sample(200, s)["customer_id"].to_pylist()) for s in (3, 3, 4))
    assert first == again != other
    with later(1, engine.cancel), pytest.raises(Cancelled):
        engine.ask(LONG)
    assert engine.ask("SELECT COUNT(*) AS n FROM customers")["n"].to_pylist() == [600]
