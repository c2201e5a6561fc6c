"""What the same measures say about scrambled customers: each dimension as it is, all links broken.

Segments of real customers that come back no better and stand apart no further than those of scrambled
customers tell only how each dimension is spread by itself (Dolnicar, Grün & Leisch 2018, ch. 2).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from segkit.segments.evidence.distances import calinski_harabasz, distances, silhouettes
from segkit.segments.evidence.model import Refit
from segkit.segments.evidence.redraws import agreements, redrawn_codes
from segkit.segments.evidence.turns import in_turns
from segkit.segments.prepared import Prepared

COPIES = 3
REDRAWS = 3  # three pairs a copy, so nine figures make a band


@dataclass(frozen=True)
class Scrambled:
    """What scrambled customers reach with one number of segments: the lowest and highest of several tries.

    Attributes
    ----------
    stability_low, stability_high : float
        Adjusted Rand index between redraws.
    silhouette_low, silhouette_high : float
    calinski_harabasz : float
        The mean.
    """

    stability_low: float
    stability_high: float
    silhouette_low: float
    silhouette_high: float
    calinski_harabasz: float


def scrambled_bands(
    sample: Prepared, refit: Refit, seed: int, counts: Sequence[int], done: Callable[[float], None]
) -> dict[int, Scrambled]:
    """Measure scrambled copies of a sample for each number of segments."""
    copies = [sample.scrambled(seed + place) for place in range(COPIES)]
    apart = [distances(copy.space) for copy in copies]
    largest_first = sorted(counts, reverse=True)
    work = [
        partial(_tries, copies[place], apart[place], refit, count, seed + place)
        for count in largest_first
        for place in range(COPIES)
    ]
    tries = in_turns(work, done)
    return {
        count: _band(tries[place * COPIES : (place + 1) * COPIES])
        for place, count in enumerate(largest_first)
    }


_Tries = tuple[list[float], list[float], list[float]]


def _tries(copy: Prepared, apart: np.ndarray, refit: Refit, count: int, seed: int) -> _Tries:
    results = redrawn_codes(copy, refit, count, seed, REDRAWS)
    return (
        agreements(results),
        silhouettes(apart, results),
        [calinski_harabasz(copy.space, codes) for codes in results],
    )


def _band(tries: Sequence[_Tries]) -> Scrambled:
    stability, widths, variances = ([one for copy in tries for one in copy[kind]] for kind in range(3))
    return Scrambled(min(stability), max(stability), min(widths), max(widths), float(np.mean(variances)))
