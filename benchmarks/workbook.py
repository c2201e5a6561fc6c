"""Measure the workbook: ours, with charts, rules and formats, beside pandas writing the same cells bare.

``python benchmarks/workbook.py --rows 100000`` invents customers, finds five segments, writes the workbook,
reads its sheets into frames and has ``pandas.DataFrame.to_excel`` write these, by xlsxwriter and by openpyxl.
It also says how long nobody could have stopped the work: the longest time between two calls of ``watch``.
"""

import argparse
import io
import sys
import time
from math import inf
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

import segkit
from benchmarks.run import company
from segkit.exports.workbook import workbook
from segkit.insights.edition import edition
from segkit.measures.kpis import measure
from segkit.segments.rules import rules

TARGET = 15.0  # seconds for 100,000 customers
TRIES = 2  # the fastest counts: a machine is never faster than it can be
ENGINES = ("xlsxwriter", "openpyxl")


class Watched:
    """Keeps when it was called."""

    def __init__(self) -> None:
        self.times = [time.perf_counter()]

    def __call__(self, step: str, share: float) -> None:
        self.times.append(time.perf_counter())

    @property
    def longest(self) -> float:
        """Seconds of the longest time without a call, the end included."""
        ends = [*self.times[1:], time.perf_counter()]
        return max(end - start for start, end in zip(self.times, ends, strict=True))


def bare(frames: dict[str, pd.DataFrame], engine: str) -> float:
    """Seconds in which pandas writes the sheets."""
    start = time.perf_counter()
    with pd.ExcelWriter(io.BytesIO(), engine=engine) as writer:
        for name, frame in frames.items():
            frame.to_excel(writer, sheet_name=name, index=False, header=False)
    return time.perf_counter() - start


def compare(rows: int) -> dict[str, float]:
    """Set ours beside pandas; prints a block and returns the ratios."""
    customers = segkit.read(company(rows).to_csv(index=False).encode())
    segmentation = segkit.segment(customers, segkit.Plan(n_segments=5))
    assignment = segmentation.assign(customers)
    kpis = measure(customers, assignment)
    about = edition(customers, segmentation, rows, rows, "benchmark")
    start = time.perf_counter()
    found = rules(customers, assignment, segmentation.plan.seed, segmentation)
    searched = time.perf_counter() - start
    mine, longest = inf, inf
    for _ in range(TRIES):
        watched = Watched()
        data = workbook(customers, assignment, kpis, segmentation, about, found, watch=watched)
        mine = min(mine, time.perf_counter() - watched.times[0])
        longest = min(longest, watched.longest)
    frames = pd.read_excel(io.BytesIO(data), sheet_name=None, header=None, engine="calamine", dtype=object)
    theirs = {engine: min(bare(frames, engine) for _ in range(TRIES)) for engine in ENGINES}
    print(f"{rows:,} customers, {len(data) / (1 << 20):.1f} MB")
    print(f"  workbook        {mine:6.2f} s (at most {TARGET:.0f} for 100,000)")
    print(f"  rules, if new   {searched:6.2f} s")
    print(f"  not stoppable   {longest:6.2f} s at most")
    for engine, took in theirs.items():
        print(f"  pandas, {engine:<10}{took:5.2f} s: {mine / took:.2f} times, bare cells only")
    return {engine: mine / took for engine, took in theirs.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, action="append")
    for size in parser.parse_args().rows or [100_000]:
        compare(size)
