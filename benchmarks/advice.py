"""Measure advice: how long it takes and how much memory, and whether its verdicts are honest.

``python benchmarks/advice.py --rows 100000`` sets ours beside what a careful analyst writes by hand, in one
run and each in a process of its own: k-means with ten starts for 2 to 10 segments on all standardised rows,
the silhouette of each on 10,000. Ours is the whole advice (redraws, gaps and scrambled data, which the
analyst does without), the final fit and the assignment of everybody. ``--rows`` can be given several times.

``python benchmarks/advice.py --laws 100`` invents customers with and without groups from that many seeds and
counts the verdicts: without groups at most 5 of 100 may be natural, and clear groups are to be natural and
counted right nearly always.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

COLUMNS = 10
COUNTS = range(2, 11)
SILHOUETTE_ROWS = 10_000


def company(rows: int, seed: int = 0) -> pd.DataFrame:
    """Invent five groups of customers that overlap at their edges, in ten numbers."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(0, 1.6, (5, COLUMNS))
    values = middles[rng.integers(0, 5, rows)] + rng.normal(size=(rows, COLUMNS))
    return pd.DataFrame(values, columns=[f"v{place}" for place in range(COLUMNS)])


def by_hand(table: pd.DataFrame) -> dict[str, object]:
    """What an analyst writes: every number of segments on all rows."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score
    from sklearn.preprocessing import StandardScaler

    space = StandardScaler().fit_transform(table)
    within, widths = {}, {}
    for count in COUNTS:
        model = KMeans(count, n_init=10, random_state=0).fit(space)
        within[count] = float(model.inertia_)
        size = min(SILHOUETTE_ROWS, len(space))
        widths[count] = float(silhouette_score(space, model.labels_, sample_size=size, random_state=0))
    return {"chosen": max(widths, key=widths.__getitem__), "within": within}


def ours(table: pd.DataFrame) -> dict[str, object]:
    """Prepare, advise, fit, assign."""
    from segkit.segments.evidence.advice import compared, first_look
    from segkit.segments.features import NumberFeature
    from segkit.segments.methods.k_means import k_means, redrawn
    from segkit.segments.prepared import prepared

    start = time.perf_counter()
    features = [
        NumberFeature(name, 0.0, False, -np.inf, np.inf, float(values.mean()), float(values.std(ddof=0)))
        for name, values in table.items()
    ]
    customers = prepared(features, table)
    look = first_look(customers, redrawn, 0)
    first = time.perf_counter() - start
    advice = compared(look, customers, redrawn, 0)
    advised = time.perf_counter() - start
    centres = k_means(customers, advice.recommended, 0)
    codes = centres.codes(customers)
    took = time.perf_counter() - start
    within = sum(
        float(((customers.space[codes == code] - centres.points[code]) ** 2).sum())
        for code in range(centres.count)
    )
    return {
        "chosen": advice.recommended,
        "verdict": advice.verdict,
        "within": within,
        "first look": first,
        "advice": advised,
        "seconds": took,  # without the sum of squares, which only this comparison needs
    }


def child(who: str, rows: int) -> None:
    """Do one of the two and print its figures as JSON."""
    table = company(rows)
    import sklearn.cluster  # noqa: F401  # both wait for it, so it is not counted

    start, spent = time.perf_counter(), time.process_time()
    made = by_hand(table) if who == "by hand" else ours(table)
    made = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - spent} | made
    print(json.dumps(made | {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def figures(who: str, rows: int) -> dict[str, object]:
    """Run one of the two in a process of its own."""
    command = [sys.executable, __file__, "--child", who, "--rows", str(rows)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def compare(rows: int) -> dict[str, float]:
    """Set ours beside the analyst's; prints a block and returns the ratios."""
    mine, hand = figures("ours", rows), figures("by hand", rows)
    least = hand["within"][str(mine["chosen"])]
    found = {
        "faster": hand["seconds"] / mine["seconds"],
        "memory": mine["memory"] / hand["memory"],
        "within": mine["within"] / least,
    }
    print(f"{rows:,} customers x {COLUMNS} numbers, 2 to 10 segments")
    print(f"  by hand   {hand['seconds']:8.2f} s  {hand['memory']:7.0f} MB  chooses {hand['chosen']}")
    print(
        f"  ours      {mine['seconds']:8.2f} s  {mine['memory']:7.0f} MB  chooses {mine['chosen']}, "
        f"{mine['verdict']} (first look {mine['first look']:.2f} s, advice {mine['advice']:.2f} s, "
        f"processor {mine['cpu']:.2f} s)"
    )
    print(f"  {found['faster']:.1f} x faster (≥ 5 at 100,000 rows, ≥ 20 at 1,000,000)")
    print(f"  {found['memory']:.2f} of the memory (≤ 0.5)")
    print(f"  {found['within']:.5f} of the best sum of squares (≤ 1.001)", flush=True)
    return found


MODES = ("number", "yes/no", "category", "mixed")


def laws(seeds: int, first: int = 0) -> None:
    """Count natural verdicts among customers without groups and with clear ones; tells what went wrong."""
    counted: dict[str, list[bool]] = defaultdict(list)
    for seed in range(first, first + seeds):
        for law, right, case in _verdicts(seed):
            counted[law].append(right)
            if not right:
                print(f"  seed {seed}: {law}, but {case}", flush=True)
    for law, right in sorted(counted.items()):
        print(f"{law:<50} {sum(right):4} of {len(right)}")


def _verdicts(seed: int) -> Iterator[tuple[str, bool, str]]:
    """Yield each law with whether it held, and the case."""
    from tests.test_evidence import clear_groups, one_group, verdict

    rng = np.random.default_rng([seed, 7])
    for mode in MODES:
        columns, rows = int(rng.integers(2, 11)), int(rng.choice([300, 1000, 2000, 5000]))
        for shape in ("even", "cloud"):
            told = verdict(one_group(shape, mode, columns, rows, seed), seed, COUNTS)
            case = f"{told} of {rows} customers in {columns} dimensions"
            yield f"{shape}, {mode}: not natural", told[1] != "natural", case
        columns = int(rng.integers(3, 11)) if mode == "number" else int(rng.integers(8, 11))
        count = int(rng.integers(3, 5 if mode == "yes/no" else 7))
        table = clear_groups(mode, columns, count, rows, seed)
        case = f"{rows} customers in {columns} dimensions, {count} groups"
        told = verdict(table, seed, COUNTS)
        yield f"clear groups, {mode}: natural and counted", told == (count, "natural"), f"{told} of {case}"
        told = verdict(table.apply(lambda column: rng.permutation(column)), seed, COUNTS)
        yield f"the same scrambled, {mode}: not natural", told[1] != "natural", f"{told} of {case}"


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, action="append", help="10000 and 100000 by default")
    parser.add_argument("--laws", type=int, metavar="SEEDS", help="count verdicts instead")
    parser.add_argument("--first", type=int, default=0, help="the first of the seeds")
    parser.add_argument("--child", choices=["by hand", "ours"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        child(chosen.child, chosen.rows[0])
    elif chosen.laws:
        laws(chosen.laws, chosen.first)
    else:
        for rows in chosen.rows or [10_000, 100_000]:
            compare(rows)


if __name__ == "__main__":
    main()
