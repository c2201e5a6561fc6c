"""A bench: the place in the server from which one worker process is handed its work.

The process is started when it is first needed and stays, because starting it takes seconds; it keeps the
tables it was sent last, because sending one takes most of a second. When it does not stop although it was
asked to, or ends by itself, another one takes its place, and only the work in its hands is lost.
"""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from pages.ui.work import Job, Stopped, Task
from pages.ui.worker import Answer, Order, Progress, opened, receive, send, send_stop
from segkit.errors import SegkitError

TABLES = 2  # kept by a worker: the one at work and the one before; a million customers take 150 MB
GRACE = 3.0  # seconds between asking a worker to stop and ending it

ENDED = (
    "The work was ended before it was done, most likely because memory ran out. "
    "Try fewer dimensions, or a sample of your customers."
)
CHILD = "from pages.ui.worker import main; main()"  # so that the app's own main module is never run again


class Bench:
    """Hands jobs to one worker process, one at a time."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._tables: tuple[str, ...] = ()  # the last one used comes first
        self._job: Job | None = None
        self._number = 0
        self._closed = False
        self._lock = threading.Lock()  # for what stands above
        self._writing = threading.Lock()  # one message at a time

    @property
    def warm(self) -> bool:
        """Whether its worker is there."""
        return self._child is not None

    def has(self, table: object) -> bool:
        """Whether its worker has a table already."""
        return getattr(table, "fingerprint", None) in self._tables

    def run(self, job: Job) -> tuple[Any, int]:
        """Have a job done; gives its result and how many bytes that took.

        Raises
        ------
        Stopped
            It was stopped.
        SegkitError
            The worker ended, or what the work raised; everything else it raised is raised too.
        """
        assert job.task is not None
        try:
            answer, size = self._told(self._taken(job), job, job.task)
        except (EOFError, OSError) as gone:
            self._replace()
            raise Stopped if job.stopping.is_set() else SegkitError(ENDED) from gone
        finally:
            with self._lock:
                self._job = None
        if answer.error is not None:
            raise answer.error
        return answer.value, size

    def _taken(self, job: Job) -> "subprocess.Popen[bytes]":
        """Take a job in hand, with a worker that is alive."""
        with self._lock:
            if job.stopping.is_set() or self._closed:
                raise Stopped
            self._job = job
            self._number += 1
            if self._child is None or self._child.poll() is not None:
                self._discard()
                self._child = _started()
            return self._child

    def _told(self, child: "subprocess.Popen[bytes]", job: Job, task: Task) -> tuple[Answer, int]:
        """Send the order and listen until the answer comes."""
        assert child.stdin is not None
        assert child.stdout is not None
        with self._writing:
            send(child.stdin, self._order(task))
        while True:
            frames = receive(child.stdout)
            message = _readable(frames)
            if isinstance(message, Progress):
                job.report(message.step, message.share)
            else:
                self._tables = message.tables
                return message, sum(len(frame) for frame in frames)

    def _order(self, task: Task) -> Order:
        name = task.table.fingerprint
        keep = (name, *(one for one in self._tables if one != name))[:TABLES]
        table = None if name in self._tables else task.table
        return Order(self._number, task.run, task.args, name, table, keep)

    def stop(self, job: Job) -> None:
        """Ask the worker to stop a job that is `stopping`, and end it when it does not; returns at once."""
        with self._lock:
            if self._job is not job or self._child is None:
                return
            asking = threading.Thread(target=self._ask_to_stop, args=(self._child, self._number), daemon=True)
        ending = threading.Timer(GRACE, self._end, (job,))
        ending.daemon = True  # it must not hold up a server that stops
        asking.start()
        ending.start()

    def _ask_to_stop(self, child: "subprocess.Popen[bytes]", number: int) -> None:
        assert child.stdin is not None
        with self._writing, suppress(OSError, ValueError):
            send_stop(child.stdin, number)

    def _end(self, job: Job) -> None:
        with self._lock:
            if self._job is job and self._child is not None:
                _end(self._child)

    def _replace(self) -> None:
        """Have another worker ready for the next job."""
        with self._lock:
            self._discard()
            if not self._closed:
                self._child = _started()

    def _discard(self) -> None:
        """Let go of the worker and of what was known about it."""
        child, self._child, self._tables = self._child, None, ()
        if child is not None:
            _end(child)
            for stream in (child.stdin, child.stdout):
                with suppress(OSError):  # what was still to be sent has nobody to go to
                    stream.close()  # type: ignore[union-attr]

    def close(self) -> None:
        """End the worker; there will be no other."""
        with self._lock:
            self._closed = True
            if self._job is None:
                self._discard()
            elif self._child is not None:
                _end(self._child)  # who listens to it lets go of it


def _readable(frames: list[bytearray]) -> Progress | Answer:
    """Open what a worker said; a result that cannot be read is an error like any other."""
    try:
        message: Progress | Answer = opened(frames)
        return message
    except Exception as error:
        return Answer(error=error)


def _started() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-P", "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_environment(),
        creationflags=_quiet_on_windows(),
    )


def _environment() -> dict[str, str]:
    here = str(Path(__file__).parents[2])
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")])),
        "PYTHONIOENCODING": "utf-8",
    }


def _quiet_on_windows() -> int:
    """No window of its own, and the server before it; elsewhere the worker steps back by itself."""
    names = ("CREATE_NO_WINDOW", "BELOW_NORMAL_PRIORITY_CLASS")
    return sum(getattr(subprocess, name, 0) for name in names)


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.kill()
    child.wait()
