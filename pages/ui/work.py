"""A piece of work is data: a function, the table it reads and the rest it needs.

Data can be sent to another process and run there; a closure can't. Whoever does the work reports its
steps, and learns at the same places that nobody wants it any more.
"""

import itertools
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

Watch = Callable[[str, float], None]
_numbers = itertools.count(1)


class Stopped(Exception):
    """Somebody asked to stop the work; no fault of the work, so no `SegkitError`."""


class Table(Protocol):
    """What work is done on: anything with a hash of its content, as `Customers` has."""

    @property
    def fingerprint(self) -> str:
        """The same for the same content."""


@dataclass(frozen=True, eq=False)
class Task:
    """A piece of work.

    Attributes
    ----------
    key : hashable
        Equal for equal results: made of the fingerprint of the table and the rest that decides.
    run : function
        Called as ``run(table, *args, watch=watch)``. It stands at the top of a module, so that another
        process can import it, and calls ``watch(step, share)`` before each step: the step in words a
        marketer reads ("Comparing 6 segments"), and how much of the work lies behind it, from 0 to 1.
        `watch` raises `Stopped` when nobody wants the work any more.
    table : Table
        Sent to a worker once, however many tasks are about it.
    args : tuple
        What else `run` takes; small and picklable.
    heavy : bool
        Whether it takes seconds of a processor: then a process of its own does it.
    bytes : int
        About how large the result is, where a thread does it; a process tells.
    """

    key: Hashable
    run: Callable[..., Any]
    table: Table
    args: tuple[Any, ...] = ()
    heavy: bool = False
    bytes: int = 0


class Job:
    """A task on its way: waiting, being worked on, or done; shared by everybody who wants it.

    Attributes
    ----------
    key : hashable
        The task's.
    number : int
        Unlike that of any other job.
    heavy : bool
        Whether a worker process does it.
    task : Task or None
        None once it is done: the table is not kept for the sake of the result.
    ahead : bool
        Nobody had asked for it when it was begun.
    future : Future
        Where the result, or what went wrong, appears.
    then : list of callables
        Told the result once it is there, and forgotten.
    wanted_by : set
        A token for each page that waits for it at this moment.
    stopping : threading.Event
        Set when it is to stop.
    step, share : str, float
        What is being done, and how much lies behind it.
    size : int
        Bytes of the result, where it came from another process.
    """

    def __init__(self, task: Task, ahead: bool) -> None:
        self.task: Task | None = task
        self.key, self.heavy, self.ahead = task.key, task.heavy, ahead
        self.number = next(_numbers)
        self.future: Future[Any] = Future()
        self.then: list[Callable[[Any], None]] = []
        self.wanted_by: set[object] = set()
        self.stopping = threading.Event()
        self.step, self.share, self.size = "", 0.0, 0

    def report(self, step: str, share: float) -> None:
        """Note where the work is."""
        self.step, self.share = step, min(max(share, 0.0), 1.0)

    def watch(self, step: str, share: float) -> None:
        """Note where the work is, and end it there when it is to stop."""
        if self.stopping.is_set():
            raise Stopped
        self.report(step, share)
