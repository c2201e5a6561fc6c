"""Measure reading and assigning beside what they cannot be faster than, in one run.

``python benchmarks/limits.py --rows 1000000`` invents customers of 20 columns in a CSV, reads them and
assigns them to eight segments. Reading stands beside reading the bytes of the file and Arrow's parser;
assigning beside one product of two matrices, prepared rows by centres. For KPIs see ``kpis.py``.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow.csv

sys.path.insert(0, str(Path(__file__).parents[1]))

import segkit
from benchmarks.run import MEGABYTE, company
from benchmarks.timing import fastest
from segkit.segments.methods.clusters import prepared_for
from segkit.segments.segmentation import day_of

SEGMENTS = 8


def told(step: str, took: float, limits: dict[str, float]) -> None:
    """Print a row: a step, its seconds, and how many times those of each limit that is."""
    beside = ", ".join(f"{took / limit:.1f} × {what} ({limit:.3f} s)" for what, limit in limits.items())
    print(f"| {step} | {took:.3f} s | {beside} |", flush=True)


def compare(path: Path, rows: int) -> None:
    """Measure the steps on a file."""
    company(rows).to_csv(path, index=False)
    print(f"{rows:,} customers, 20 columns, {path.stat().st_size / MEGABYTE:.0f} MB\n")
    print("| step | measured | beside |\n|---|---|---|")
    took, customers = fastest(lambda: segkit.read(path))
    raw, _ = fastest(path.read_bytes)
    parsed, _ = fastest(lambda: pyarrow.csv.read_csv(path))
    told("reading, typed and checked", took, {"reading the bytes": raw, "Arrow’s CSV parser": parsed})

    plan = segkit.Plan(n_segments=SEGMENTS)
    segmentation = segkit.segment(customers, plan)
    space = np.ascontiguousarray(prepared_for(customers, plan)[0].space)
    centres = np.ascontiguousarray(space[:SEGMENTS].T)
    product, _ = fastest(lambda: space @ centres)
    day = day_of(customers, plan)
    took, _ = fastest(lambda: segmentation.tree.assign(segmentation.read_alike(customers), day))
    limit = f"one product of rows with {space.shape[1]} columns"
    told(f"assigning to {SEGMENTS} segments, preparing included", took, {limit: product})


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder, "customers.csv"), rows)


if __name__ == "__main__":
    main()
