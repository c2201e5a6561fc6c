"""What the evidence asks of a method: segment a small sample, and say who is in which segment."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from segkit.segments.prepared import Prepared


class Model(Protocol):
    """Segments that were found in a sample."""

    def codes(self, customers: Prepared) -> np.ndarray:
        """The segment of each customer, counted from 0."""


Refit = Callable[[Prepared, int, int], Model]
"""Segments a small sample that is in content order: ``refit(sample, count, seed)``."""
