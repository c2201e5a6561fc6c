"""Measure KPIs: ours, with intervals and verdicts, beside the plain means of pandas, in one run.

``python benchmarks/kpis.py --rows 1000000`` invents customers in eight segments, measures every KPI that the
columns allow and compares with one ``groupby().agg("mean")`` of the same columns: the means have to be the
same. It also says how that stands to one scan of those columns.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.timing import fastest
from segkit.customers.table import Column, Customers, fingerprint
from segkit.measures.kpis import measure
from segkit.segments.segmentation import Assignment, Segment

SEGMENTS = 8
TRIES = 5
ROLES = ("csat", "nps", "retained", "converted", "revenue", "orders", "cost", "tickets")


def company(rows: int) -> tuple[Customers, Assignment]:
    """Invent customers with answers to everything; a third did not answer surveys."""
    import pyarrow as pa

    rng = np.random.default_rng(0)
    answered = rng.random(rows) < 0.67
    frame = pd.DataFrame(
        {
            "csat": np.where(answered, rng.integers(1, 6, rows), np.nan),
            "nps": np.where(answered, rng.integers(0, 11, rows), np.nan),
            "retained": (rng.random(rows) < 0.8).astype(float),
            "converted": (rng.random(rows) < 0.1).astype(float),
            "revenue": rng.lognormal(3, 1, rows).round(2),
            "orders": rng.poisson(3, rows).astype(float),
            "cost": rng.lognormal(1, 1, rows).round(2),
            "tickets": rng.poisson(0.5, rows).astype(float),
        }
    )
    columns = tuple(Column(role, "number", role, scale=(1, 5) if role == "csat" else None) for role in ROLES)
    customers = Customers(frame, columns, pa.table({}), fingerprint(b"benchmark"))
    segments = tuple(Segment(f"S{place + 1}", f"Segment {place + 1}", place) for place in range(SEGMENTS))
    codes = rng.integers(0, SEGMENTS, rows)
    return customers, Assignment(segments, codes, np.ones(rows, np.float32))


def by_pandas(customers: Customers, codes: np.ndarray) -> pd.DataFrame:
    """The means of the same twelve measures, without any interval."""
    frame = customers.frame
    return (
        pd.DataFrame(
            {
                "csat": frame["csat"],
                "csat_satisfied": (frame["csat"] >= 4).astype(float).where(frame["csat"].notna()),
                "nps": (100.0 * ((frame["nps"] >= 9).astype(float) - (frame["nps"] <= 6))).where(
                    frame["nps"].notna()
                ),
                "retention": frame["retained"],
                "conversion": frame["converted"],
                "revenue": frame["revenue"],
                "orders": frame["orders"],
                "repeat_rate": (frame["orders"] >= 2).astype(float),
                "cost_to_serve": frame["cost"],
                "margin": frame["revenue"] - frame["cost"],
                "tickets": frame["tickets"],
            }
        )
        .groupby(codes)
        .agg("mean")
    )


def by_pandas_ready(made: pd.DataFrame, codes: np.ndarray) -> pd.DataFrame:
    """Only the grouping: what twelve measures were made from is there already."""
    return made.groupby(codes).agg("mean")


def compare(rows: int) -> dict[str, float]:
    """Set ours beside pandas; prints a block and returns the ratios."""
    customers, assignment = company(rows)
    table = measure(customers, assignment)
    means = by_pandas(customers, assignment.codes)
    for key in means:
        ours = [table.find(segment.key, key).value for segment in assignment.segments]
        np.testing.assert_allclose(ours, means[key], rtol=1e-9)
    mine, _ = fastest(lambda: measure(customers, assignment), TRIES)
    theirs, _ = fastest(lambda: by_pandas(customers, assignment.codes), TRIES)
    scan, _ = fastest(lambda: [customers.frame[role].to_numpy().sum() for role in ROLES], TRIES)
    print(f"{rows:,} customers, {SEGMENTS} segments, {len(table.keys)} KPIs")
    print(f"  ours    {1000 * mine:7.0f} ms, with intervals and verdicts")
    print(f"  pandas  {1000 * theirs:7.0f} ms, means only: {mine / theirs:.2f} times (at most 1)")
    print(f"  a scan  {1000 * scan:7.1f} ms: {mine / scan:.0f} times (at most 20)")
    return {"pandas": mine / theirs, "scan": mine / scan}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, action="append")
    for size in parser.parse_args().rows or [1_000_000]:
        compare(size)
