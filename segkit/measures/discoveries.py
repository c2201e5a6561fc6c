"""False discoveries: of many comparisons some differ by chance, so each has to differ more than one alone."""

from collections.abc import Sequence

import numpy as np

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
    known = np.sort(known[~np.isnan(known)])
    found = known[known * len(known) <= FALSE_DISCOVERIES * np.arange(1, len(known) + 1)]
    return float(found[-1]) if len(found) else -1.0
