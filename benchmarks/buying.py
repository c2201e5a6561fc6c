"""Fit order models: ours beside the package `lifetimes`, on the same buyers in one run.

``python benchmarks/buying.py --rows 100000`` invents buyers as the models imagine them, fits BG/NBD and
gamma-gamma with both, and compares parameters, expected orders and time. `lifetimes` (0.11.3, of 2020, no
longer maintained) is needed only here; without it the times of ours are all there is, and that is said.
"""

import argparse
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.timing import fastest
from segkit.measures import buying
from segkit.segments.segmentation import Assignment, Segment

SEGMENTS = 8
YEAR = 365.0
SAME = 2e-3  # relative difference of parameters: lifetimes stops climbing at about that


def buyers(rows: int, seed: int = 0, days: int = 730) -> buying.Purchases:
    """Invent buyers: a pace and a chance to stop each, orders on whole days, amounts around a usual one."""
    rng = np.random.default_rng(seed)
    pace, stop = rng.gamma(0.6, 1 / 45, rows), rng.beta(0.9, 3, rows)
    age = rng.integers(1, days, rows).astype(float)
    frequency, recency, now, there = np.zeros(rows), np.zeros(rows), np.zeros(rows), np.ones(rows, bool)
    while there.any():
        now[there] += rng.exponential(1 / pace[there])
        there &= now < age
        frequency[there] += 1
        recency[there] = np.minimum(np.ceil(now[there]), age[there])
        there &= rng.random(rows) > stop
    usual = rng.gamma(4, 1 / 15, rows)
    counted = np.maximum(frequency, 1)
    return buying.purchases(frequency, recency, age, np.round(rng.gamma(6 * counted, 1 / usual) / counted, 2))


def theirs(known: buying.Purchases) -> tuple[Any, Any]:
    """Fit both models of `lifetimes`."""
    from lifetimes import BetaGeoFitter, GammaGammaFitter

    frame = pd.DataFrame({"x": known.frequency, "t": known.recency, "T": known.age, "z": known.spend})
    several = frame[(frame["x"] > 0) & (frame["z"] > 0)]
    pace = BetaGeoFitter().fit(frame["x"], frame["t"], frame["T"])
    return pace, GammaGammaFitter().fit(several["x"], several["z"])


def compare(rows: int) -> float | None:
    """Set ours beside `lifetimes`; prints a block and returns the ratio of the times."""
    known = buyers(rows)
    mine, model = fastest(lambda: buying.fitted(known))
    segments = tuple(Segment(f"S{place + 1}", f"Segment {place + 1}", place) for place in range(SEGMENTS))
    codes = np.random.default_rng(1).integers(0, SEGMENTS, rows)
    assignment = Assignment(segments, codes, np.ones(rows, np.float32))
    told, _ = fastest(lambda: buying.worth(model, assignment))
    pace, amounts = model.pace, model.amounts
    print(f"{rows:,} buyers")
    print(f"  fit, ours              {mine:7.2f} s (at most 3 s for 100,000)")
    print(f"  {SEGMENTS} segments by it, ours {told:7.2f} s, with intervals and verdicts")
    try:
        slow, (other, spent) = fastest(lambda: theirs(known))
    except ImportError:
        print("  lifetimes is not installed, so there is nothing to compare with: pip install lifetimes")
        return None
    found = {**other.params_, **spent.params_}
    ours = {"r": pace.r, "alpha": pace.alpha, "a": pace.a, "b": pace.b}
    ours |= {} if amounts is None else {"p": amounts.p, "q": amounts.q, "v": amounts.v}
    print(f"  fit, lifetimes         {slow:7.2f} s: ours takes {mine / slow:.2f} times as long (at most 1)")
    for name, value in ours.items():
        print(f"  {name:<6} ours {value:10.4f}   lifetimes {found[name]:10.4f}")
        np.testing.assert_allclose(value, found[name], rtol=SAME)
    took, hoped = fastest(lambda: model.orders(YEAR))
    buyer = known.frequency, known.recency, known.age
    lasted, its = fastest(lambda: other.conditional_expected_number_of_purchases_up_to_time(YEAR, *buyer))
    apart = float(np.max(np.abs(np.asarray(its) - hoped)))
    print(f"  orders in a year, ours {took:7.2f} s; lifetimes {lasted:.2f} s: {took / lasted:.2f} times")
    print(f"  largest difference between them: {apart:.4f} orders of a customer")
    return mine / slow


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # what lifetimes was written for is deprecated by now
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, action="append")
    for size in parser.parse_args().rows or [100_000]:
        compare(size)
