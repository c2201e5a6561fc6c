"""Measure tables that stay where they are: 1, 5 and 20 million customers from Parquet to KPIs and a list.

``python benchmarks/scale.py --rows 1000000 --rows 20000000`` invents tables of 20 columns (kept in
``--folder``), opens each in a process of its own, and prints a row per table: seconds to draw the sample, to
fit eight segments, to assign and measure everyone, to write every customer's segment, and the peak of memory.
The yardstick is one scan of the same columns in the same run. ``--out FILE`` adds the table to a document.
"""

import argparse
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(Path(__file__).parent))

PART = 1_000_000
SEGMENTS = 8
TRIES = 3


def invented(folder: Path, rows: int) -> Path:
    """Write an invented table as Parquet, part by part; one that is there is kept."""
    import pyarrow as pa
    from pyarrow import parquet
    from run import company

    path = folder / f"customers_{rows}.parquet"
    if path.exists():
        return path
    writer = None
    for part in range(max(rows // PART, 1)):
        frame = company(min(rows, PART), seed=part)
        frame["customer_id"] = [f"{part * PART + place:09d}" for place in range(len(frame))]
        table = pa.Table.from_pandas(frame, preserve_index=False)
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()
    return path


def measured(path: Path) -> dict[str, float]:
    """Go the whole way once, and the steps that are quick enough a few times; seconds and megabytes."""
    import segkit
    from segkit.customers.reading import interpreted
    from segkit.customers.sampling import sampled
    from segkit.engine import Engine, of_files
    from segkit.exports.pushed import assignment_parts
    from segkit.measures.pushed import measure_all

    took: dict[str, float] = {}

    def timed(what: str, work: Callable[[], object], tries: int = 1) -> object:
        taken, made = [], None
        for _ in range(tries):
            start = time.perf_counter()
            made = work()
            taken.append(time.perf_counter() - start)
        took[what] = statistics.median(taken)
        return made

    engine = timed("open", lambda: Engine(of_files(path)))
    assert isinstance(engine, Engine)
    took["rows"] = engine.rows
    customers = timed("sample", lambda: interpreted(*sampled(engine)))
    assert isinstance(customers, segkit.Customers)
    segmentation = timed("fit", lambda: segkit.segment(customers, segkit.Plan(n_segments=SEGMENTS)))
    assert isinstance(segmentation, segkit.Segmentation)
    timed("kpis", lambda: measure_all(engine, customers, segmentation), TRIES)
    took["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    names = [name for name in engine.columns if name != "customer_id"]
    sums = ", ".join(f'MAX("{name}")' for name in names)
    timed("scan", lambda: engine.ask(f"SELECT {sums} FROM customers"), TRIES)
    timed("list", lambda: sum(len(part) for part in assignment_parts(engine, customers, segmentation)))
    took["peak with list"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return took


def as_table(found: list[dict[str, float]]) -> str:
    """Write the figures as a table, with the growth from the smallest to the largest."""
    import duckdb

    lines = [
        f"{_processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}; 20 columns, {SEGMENTS} segments",
        "",
        "| customers | open and sample | fit | assign and measure all | of one scan | in all | peak memory "
        "| list of all | peak with it |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in found:
        way = one["open"] + one["sample"] + one["fit"] + one["kpis"]
        cells = [
            f"{one['rows']:,.0f}",
            f"{one['open'] + one['sample']:.1f} s",
            f"{one['fit']:.1f} s",
            f"{one['kpis']:.1f} s",
            f"{one['kpis'] / one['scan']:.1f} ×",
            f"{way:.1f} s",
            f"{one['peak']:,.0f} MB",
            f"{one['list']:.1f} s",
            f"{one['peak with list']:,.0f} MB",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    if len(found) > 1:
        first, last = found[0], found[-1]
        grown = math.log(last["kpis"] / first["kpis"]) / math.log(last["rows"] / first["rows"])
        lines += [
            "",
            f"Assigning and measuring grows with rows to the power of {grown:.2f} (1 is in proportion).",
        ]
    return "\n".join(lines) + "\n"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")


def main() -> None:
    """Invent, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, action="append")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "segkit-benchmark")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)  # what the child process does
    chosen = parser.parse_args()
    if chosen.measure:
        print(json.dumps(measured(chosen.measure)))
        return
    chosen.folder.mkdir(parents=True, exist_ok=True)
    found = []
    for rows in chosen.rows or [1_000_000, 5_000_000, 20_000_000]:
        path = invented(chosen.folder, rows)
        call = [sys.executable, __file__, "--measure", str(path)]
        found.append(json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout))
    text = as_table(found)
    print(text)
    if chosen.out:
        with chosen.out.open("a", encoding="utf-8") as file:
            file.write("\n" + text)


if __name__ == "__main__":
    main()
