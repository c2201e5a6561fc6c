"""How long things take."""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def fastest(work: Callable[[], Result], tries: int = 3) -> tuple[float, Result]:
    """Seconds of the fastest of some tries, as a machine is never too fast; and the last result."""
    took = []
    for _ in range(tries):
        start = time.perf_counter()
        result = work()
        took.append(time.perf_counter() - start)
    return min(took), result
