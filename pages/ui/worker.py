"""A worker: a process that carries out one order after another, and ends with the server.

Orders come through its standard input, progress and answers leave through what was its standard output.
A message is a pickle whose large parts (columns, arrays) follow it as they lie in memory, without being
copied or looked at: neither side holds up its other threads while a table of a million customers passes.

Nothing here imports the app: a worker is ready as soon as pandas is, and what else an order needs comes
with the module of its function.
"""

import importlib
import os
import pickle
import queue
import signal
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from pages.ui.work import Stopped, Watch
from segkit.errors import SegkitError

OUT_OF_MEMORY = (
    "The work was ended because memory ran out. Try fewer dimensions, or a sample of your customers."
)
STOP = b"stop "  # no pickle begins like this
BETWEEN_REPORTS = 0.1  # seconds; a page looks three times a second
POLITE = 5  # of 19: the server and everybody's pages come before the work

Frames = list[bytearray]


@dataclass(frozen=True)
class Order:
    """What the server sends: a task, with its table unless the worker has it.

    `keep` names the tables the worker keeps from now on, that of the task included.
    """

    number: int
    run: Callable[..., Any]
    args: tuple[Any, ...]
    fingerprint: str
    table: Any
    keep: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """What the worker says in between."""

    step: str
    share: float


@dataclass(frozen=True)
class Answer:
    """What the worker says at the end: a value or an error, and which tables it has now."""

    value: Any = None
    error: Exception | None = None
    tables: tuple[str, ...] = ()


# --- messages -------------------------------------------------------------------------------------


def send(stream: IO[bytes], message: object) -> None:
    """Write a message; nothing is written when it cannot be pickled."""
    large: list[pickle.PickleBuffer] = []
    body = pickle.dumps(message, protocol=5, buffer_callback=large.append)
    _write(stream, [body, *(buffer.raw() for buffer in large)])


def _write(stream: IO[bytes], parts: list[Any]) -> None:
    sizes = [len(part) for part in parts]
    stream.write(struct.pack(f"<I{len(sizes)}Q", len(sizes), *sizes))
    for part in parts:
        stream.write(part)
    stream.flush()


def send_stop(stream: IO[bytes], number: int) -> None:
    """Write that an order is to be stopped."""
    _write(stream, [STOP + str(number).encode()])


def receive(stream: IO[bytes]) -> Frames:
    """Read a message as it came.

    Raises
    ------
    EOFError
        The other side is gone.
    """
    (count,) = struct.unpack("<I", _exactly(stream, 4))
    sizes = struct.unpack(f"<{count}Q", _exactly(stream, 8 * count))
    return [_exactly(stream, size) for size in sizes]


def _exactly(stream: IO[bytes], size: int) -> bytearray:
    data = bytearray(size)
    rest = memoryview(data)
    while rest:
        count = stream.readinto(rest)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        rest = rest[count:]
    return data


def opened(frames: Frames) -> Any:
    """Make of a message what was sent."""
    return pickle.loads(frames[0], buffers=frames[1:])


# --- the process ----------------------------------------------------------------------------------


class Worker:
    """Carries out orders, and keeps the tables it was told to keep."""

    def __init__(self, orders: IO[bytes], answers: IO[bytes]) -> None:
        self._orders, self._answers = orders, answers
        self._waiting: queue.SimpleQueue[Frames] = queue.SimpleQueue()
        self._tables: dict[str, Any] = {}
        self._stopped = 0  # the number of the order that was stopped last

    def serve(self) -> None:
        """Work until the server is gone."""
        threading.Thread(target=self._listen, daemon=True).start()
        importlib.import_module("segkit.segments.fitting")  # takes a second; a table is on its way meanwhile
        while True:
            self._say(self._carried_out(self._waiting.get()))

    def _listen(self) -> None:
        """Take what comes; orders are opened by the one thread that imports."""
        while True:
            try:
                frames = receive(self._orders)
            except (EOFError, OSError):
                os._exit(0)  # the server is gone; an ordinary exit would wait for the work
            if frames[0].startswith(STOP):
                self._stopped = int(frames[0][len(STOP) :])
            else:
                self._waiting.put(frames)

    def _carried_out(self, frames: Frames) -> Answer:
        try:
            order: Order = opened(frames)
            table = self._table(order)
            value = order.run(table, *order.args, watch=self._watch(order.number))
        except MemoryError:
            return Answer(None, SegkitError(OUT_OF_MEMORY), tuple(self._tables))
        except Exception as error:
            return Answer(None, _portable(error), tuple(self._tables))
        return Answer(value, None, tuple(self._tables))

    def _table(self, order: Order) -> Any:
        have = self._tables | ({} if order.table is None else {order.fingerprint: order.table})
        self._tables = {name: have[name] for name in order.keep if name in have}
        return self._tables[order.fingerprint]

    def _watch(self, number: int) -> Watch:
        """What the work of an order calls: it reports, not too often, and ends what was stopped."""
        last, said = "", 0.0

        def watch(step: str, share: float) -> None:
            nonlocal last, said
            if self._stopped == number:
                raise Stopped
            if step != last or time.monotonic() - said >= BETWEEN_REPORTS:
                send(self._answers, Progress(step, share))
                last, said = step, time.monotonic()

        return watch

    def _say(self, answer: Answer) -> None:
        try:
            send(self._answers, answer)
        except OSError:
            os._exit(0)
        except Exception as error:  # a result that cannot be pickled
            send(self._answers, Answer(None, _portable(error), answer.tables))


def _portable(error: Exception) -> Exception:
    """Make an error that arrives on the other side with its class, its text and where it happened."""
    if not isinstance(error, (SegkitError, Stopped)):
        error.add_note("In the worker:\n" + "".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        plain = RuntimeError(f"{type(error).__name__}: {error}")
        plain.__notes__ = getattr(error, "__notes__", [])
        return plain
    return error


def _expendable() -> None:
    """Let the system serve others first, and end this process before any other when memory runs out."""
    with suppress(OSError, AttributeError):  # not every system has either
        os.nice(POLITE)
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


def main() -> None:
    """Run a worker on the standard streams; what the work prints goes where errors go."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server; a worker ends with it
    _expendable()
    answers = os.fdopen(os.dup(1), "wb")
    with suppress(OSError):
        os.dup2(2, 1)
    sys.stdout = sys.stderr
    Worker(sys.stdin.buffer, answers).serve()
