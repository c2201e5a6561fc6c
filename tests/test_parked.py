"""Uploads that are too large for a frame: written once, asked where they lie, gone with whoever held them."""

import gc
import io
import os
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pytest

import pages.ui.state
import segkit
from segkit.customers import parked as parking
from segkit.customers.reading import interpreted, opened
from segkit.engine import UnusableSource
from segkit.exports.lists import customers_csv
from segkit.exports.pushed import list_parts
from segkit.measures.pushed import measure_all
from tests.test_pages import go, start, text

ROWS = 3000


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A folder of its own, and uploads of more than 1,000 rows are large."""
    monkeypatch.setenv("SEGKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(parking, "MANY", 1000)
    return tmp_path / "cache"


def upload(rows: int = ROWS, seed: int = 0) -> bytes:
    """A CSV whose cells are written in ways that a type does not keep."""
    rng = np.random.default_rng(seed)
    spend = rng.lognormal(3, 1, rows)
    frame = pd.DataFrame(
        {
            "customer_id": [f"{place:05d}" for place in range(rows)],
            "age": np.where(rng.random(rows) < 0.1, "", rng.integers(18, 80, rows).astype(str)),
            "income": [f"{value:.2f}" for value in rng.lognormal(10, 0.5, rows)],
            "spend": np.where(rng.random(rows) < 0.05, "n/a", np.char.mod("%.3f", spend)),
            "city": rng.choice(["Köln", "日本", "=1+1", ""], rows),
            "signup_date": (np.datetime64("2025-12-31") - rng.integers(0, 900, rows)).astype(str),
            "nps": np.where(rng.random(rows) < 0.4, "", rng.integers(0, 11, rows).astype(str)),
            "churned": rng.choice(["yes", "no"], rows),
            "revenue": [f"{value:.1f}" for value in rng.lognormal(4, 1, rows)],
        }
    )
    return frame.to_csv(index=False).encode()


def files(cache) -> list[str]:
    gc.collect()
    return sorted(path.suffix for path in cache.rglob("*.p*"))


def test_the_numbers_and_lists_of_a_large_upload_are_those_of_its_frame(cache):
    data = upload()
    text_table, content = opened(data, "big.csv")
    engine, drawn = parking.parked("big.csv", text_table, content)
    some, everyone = interpreted(drawn, content), interpreted(text_table, content)
    assert [(c.name, c.kind, c.role) for c in some.columns] == [
        (c.name, c.kind, c.role) for c in everyone.columns
    ]
    segmentation = segkit.segment(everyone, segkit.Plan(dimensions=("age", "income", "city"), n_segments=3))
    here = segkit.measure(everyone, segmentation.assign(everyone)).frame
    there = measure_all(engine, some, segmentation).frame
    pd.testing.assert_frame_equal(here, there, rtol=1e-9)
    parts = b"".join(list_parts(engine, some, segmentation, raw=True))
    wanted = customers_csv(everyone, segmentation.assign(everyone), raw=True)
    lists = [pd.read_csv(io.BytesIO(one), dtype=str, keep_default_na=False) for one in (parts, wanted)]
    pd.testing.assert_frame_equal(*[one.sort_values("customer_id", ignore_index=True) for one in lists])


def test_a_table_is_written_once_and_goes_with_its_engine(cache):
    text_table, content = opened(upload(), "big.csv")
    first = parking.parked("big.csv", text_table, content)
    again = parking.parked("big.csv", text_table, content)
    assert again[0] is first[0]
    assert files(cache) == [".parquet"]
    del first, again
    assert files(cache) == []


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "-20", ""], "int64"),
        (["1.5", "-0.25"], "double"),
        (["1.50", "2.00"], "decimal128(18, 2)"),
        (["2025-12-31", ""], "date32[day]"),
        (["1", "007"], "string"),
        (["1", "n/a"], "string"),
        (["+1"], "string"),
        (["1.50", "2.5"], "string"),
        (["-0", "1"], "double"),
        (["", ""], "string"),
        (["12345678901234567890"], "string"),
    ],
)
def test_a_type_keeps_every_cell_as_it_was(cells, kind):
    for column in (pa.chunked_array([cells]), pa.chunked_array([cells]).dictionary_encode()):
        found = parking.exact_type(column)
        assert str(found) == kind
        back = pa.chunked_array([[one for one in cells if one]], pa.string()).cast(found).cast(pa.string())
        assert back.to_pylist() == [one for one in cells if one]


def test_smaller_tables_and_days_that_no_query_reads_stay_frames(cache):
    small = opened(upload(rows=900), "small.csv")
    assert parking.parked("small.csv", *small) is None
    spoken = pd.read_csv(io.BytesIO(upload()), dtype=str)
    days = pd.to_datetime(spoken["signup_date"])
    mixed = spoken.assign(signup_date=[f"{day:%d %B %Y}" for day in days])
    table = opened(mixed.to_csv(index=False).encode(), "spoken.csv")
    assert parking.parked("spoken.csv", *table) is None


def test_without_room_nothing_is_left_behind(cache, monkeypatch):
    table = opened(upload(), "big.csv")
    monkeypatch.setenv("SEGKIT_CACHE_GB", "0.00001")
    with pytest.raises(UnusableSource, match=r"no room for so large a table.*what was loaded before"):
        parking.parked("big.csv", *table)
    monkeypatch.delenv("SEGKIT_CACHE_GB")

    class Full(parking.pq.ParquetWriter):
        def write_table(self, *args, **kwargs):
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(parking.pq, "ParquetWriter", Full)
        with pytest.raises(UnusableSource, match="no room on this server"):
            parking.parked("big.csv", *table)
    assert files(cache) == []
    assert parking.parked("big.csv", *table) is not None  # a retry works


_ANOTHER = """
import os, sys
from segkit.customers import parked
folder = parked._own_folder(parked.root())
(folder / "left.parquet").write_bytes(b"x")
print(folder.name, flush=True)
sys.stdin.readline()
os._exit(1)  # killed: nothing tidies up
"""


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_has_stays(cache):
    command = [sys.executable, "-c", _ANOTHER]
    other = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=os.getcwd()
    )
    name = other.stdout.readline().strip()
    first = parking._own_folder.__wrapped__(cache)
    assert (cache / name / "left.parquet").exists()
    assert first.stat().st_mode & 0o077 == 0
    other.communicate("\n", timeout=60)
    parking._own_folder.__wrapped__(cache)
    assert not (cache / name).exists()
    assert first.exists()


def test_the_page_measures_everyone_and_removing_the_files_removes_them_from_disk(cache):
    at = go(start(), "data")
    at.file_uploader(key="upload").upload("big.csv", upload(seed=3), "text/csv").run()
    assert not at.exception
    assert files(cache) == [".parquet"]
    results = go(at, "results")
    assert "3,000 customers, measured by DuckDB on this machine" in text(results)
    data = go(results, "data")
    assert any("Add orders" in box.label for box in data.expander)
    data.button(key="forget").click().run()
    assert not data.exception
    assert files(cache) == []


def test_a_table_on_disk_goes_some_time_after_the_last_session_that_had_it(cache, monkeypatch):
    monkeypatch.setattr(pages.ui.state, "REFRESH", 0.05)
    shelf = pages.ui.state.Shelf()
    engine, _ = parking.parked("big.csv", *opened(upload(), "big.csv"))
    one, other = shelf.hold(engine), shelf.hold(engine)
    del one
    time.sleep(0.3)
    assert files(cache) == [".parquet"]
    del other
    end = time.monotonic() + 10
    while files(cache) and time.monotonic() < end:
        time.sleep(0.02)
    assert files(cache) == []
