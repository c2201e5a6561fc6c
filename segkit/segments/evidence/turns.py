"""Several pieces of work in two threads, reported one by one, and stopped when somebody says so."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from segkit.segments.methods.k_means import one_thread

THREADS = 2  # fits let go of Python's lock about half of the time, so more would only wait

Made = TypeVar("Made")


def in_turns(work: Iterable[Callable[[], Made]], done: Callable[[float], None]) -> list[Made]:
    """Do all pieces of work; results come in the order of the work, whoever is ready first.

    Parameters
    ----------
    work : iterable of callables
        Each draws its random numbers from a seed of its own.
    done : callable
        Is told the share that is done after every piece. If it raises, what has not begun is left.
    """
    with one_thread(), ThreadPoolExecutor(THREADS) as pool:
        begun = [pool.submit(piece) for piece in work]
        made = []
        try:
            for one in begun:
                made.append(one.result())
                done(len(made) / len(begun))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return made
