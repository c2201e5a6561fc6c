"""False discoveries: of many comparisons some differ by chance, so each has to differ more than one alone."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

FALSE_DISCOVERIES = 0.05


def p_limit(p_values: Sequence[float] | np.ndarray) -> float:
    """Find the largest p-value that still counts as a difference, below 0 for none; NaN is not counted.

    Source: Benjamini & Hochberg (1995), "Controlling the false discovery rate".

    Examples
    --------
    >>> p_limit([0.001, 0.02, 0.04, 0.9])
    0.02
    """
    known = np.asarray(p_values, dtype=float)
    known = known[~np.isnan(known)]
    if not len(known):
        return -1.0
    found = known[stats.false_discovery_control(known) <= FALSE_DISCOVERIES]
    return float(found.max()) if len(found) else -1.0
