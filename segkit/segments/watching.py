"""Watching long work: it tells its steps, and learns at the same places that nobody wants it any more."""

from collections.abc import Callable

Watch = Callable[[str, float], None]
"""Called between steps with the step in words and the share that is done, 0 to 1; it may raise to stop."""


def unwatched(step: str, share: float) -> None:
    """Watch nothing."""


def part_of(watch: Watch, start: float, end: float) -> Watch:
    """Turn the shares of a part of the work into shares of the whole.

    Examples
    --------
    >>> part_of(lambda step, share: print(step, share), 0.5, 1.0)("Halfway through the second half", 0.5)
    Halfway through the second half 0.75
    """
    return lambda step, share: watch(step, start + (end - start) * share)
