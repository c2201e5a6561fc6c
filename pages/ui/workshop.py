"""Work done once, a few pieces at a time, its results kept and shared by all sessions.

Pages ask for a result by a task, whose key says what it is. The first to ask starts the work; everybody
else waits for the same. Light work is done in threads of the server, heavy work in processes beside it
(`bench`), so that the server answers everybody meanwhile. Whoever waits sees what is being done and can
stop it; work that others wait for too goes on for them, and so does the work of a page that was left.
Work that will probably be wanted next is done ahead, one piece at a time; when somebody asks for it before
its turn, it is moved up.
"""

import atexit
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import Any, Protocol

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import look
from pages.ui.bench import Bench
from pages.ui.work import Job, Stopped, Task

HANDS = 2  # pieces of work at once, of the light and of the heavy; more only make everybody slower
KEPT = 600  # results: a session makes about 7, and 4 more for each number of segments
KEPT_BYTES = 400 << 20  # of them all; segments of 1,000,000 customers take 16 MB
PATIENCE = 0.3  # seconds between looks whether the page was left
IN_LINE = 1.0  # the same for work that waits its turn: many may wait, and each look costs the server a little
QUIET = 1.0  # seconds of work that need no words
CLOSING = 2.0  # seconds that light work has to end in when the server stops
STOPPED = "stopped-work"  # in the session: keys of what its user stopped


class Hand(Protocol):
    """Who does the work: one piece at a time."""

    @property
    def warm(self) -> bool:
        """Whether it can begin at once."""

    def has(self, table: object) -> bool:
        """Whether the table need not be brought first."""

    def run(self, job: Job) -> tuple[Any, int]:
        """Do the work; gives the result and its size in bytes."""

    def stop(self, job: Job) -> None:
        """See to it that a job whose `stopping` was set ends soon; returns at once."""

    def close(self) -> None:
        """Take no more work."""


class Here:
    """A thread of the server as a hand; it stops where the work reports its next step."""

    warm = True

    def has(self, table: object) -> bool:
        """Nothing has to be brought."""
        return True

    def run(self, job: Job) -> tuple[Any, int]:
        """Do the work."""
        task = job.task
        assert task is not None
        return task.run(task.table, *task.args, watch=job.watch), task.bytes

    def stop(self, job: Job) -> None:
        """The job knows."""

    def close(self) -> None:
        """There is nothing to end."""


class Line:
    """Jobs waiting for a few hands: those asked for in their order, then those for later, one at once."""

    def __init__(self, hands: Sequence[Hand]) -> None:
        self._hands = tuple(hands)
        self._free = list(hands)
        self._waiting: list[Job] = []
        self._at_work: dict[Job, Hand] = {}

    def add(self, job: Job) -> None:
        """Let a job wait for its turn."""
        self._waiting.append(job)
        self._waiting.sort(key=lambda one: one.ahead)

    def move_up(self, job: Job) -> None:
        """Somebody asks for a job that was meant for later."""
        if job.ahead and self.leave(job):
            job.ahead = False
            self.add(job)

    def leave(self, job: Job) -> bool:
        """Take a job out again; says whether it was still waiting."""
        waited = job in self._waiting
        if waited:
            self._waiting.remove(job)
        return waited

    def before(self, job: Job) -> int:
        """Jobs whose end a waiting job may have to wait for; 0 for one that was begun."""
        return len(self._at_work) + self._waiting.index(job) if job in self._waiting else 0

    def take(self) -> tuple[Job, Hand] | None:
        """The job whose turn it is and the hand for it, if there are both."""
        job = next((one for one in self._waiting if not one.ahead or not self._busy_ahead), None)
        if job is None or not self._free:
            return None
        assert job.task is not None
        table = job.task.table
        hand = max(self._free, key=lambda one: (one.has(table), one.warm))
        self._waiting.remove(job)
        self._free.remove(hand)
        self._at_work[job] = hand
        return job, hand

    @property
    def crowded(self) -> bool:
        """Whether work that somebody asked for has to wait."""
        return any(not job.ahead for job in self._waiting)

    @property
    def _busy_ahead(self) -> bool:
        return any(job.ahead for job in self._at_work)

    def done(self, job: Job) -> None:
        """The hand of a job is free again."""
        self._free.append(self._at_work.pop(job))

    def hand_of(self, job: Job) -> Hand | None:
        """Who works on a job."""
        return self._at_work.get(job)

    def close(self) -> tuple[list[Job], list[Job]]:
        """End all hands; gives the jobs that waited and those at work."""
        waited, self._waiting = self._waiting, []
        for hand in self._hands:
            hand.close()
        return waited, list(self._at_work)


class Workshop:
    """Runs tasks by key, a few at a time, and keeps the results last used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._light = Line([Here() for _ in range(HANDS)])
        self._heavy = Line([Bench() for _ in range(HANDS)])
        self._closed = False
        atexit.register(self.close)

    def start(self, task: Task, ahead: bool = False) -> "Future[Any]":
        """Start work, unless it was started before; gives its future. Failed work is started again.

        Raises
        ------
        RuntimeError
            The server is stopping.
        """
        with self._lock:
            return self._job(task, ahead).future

    def begin(self, task: Task, then: Callable[[Any], None] | None = None) -> None:
        """Start work that nobody waits for yet; a server that is stopping takes none.

        Parameters
        ----------
        task : Task
        then : callable, optional
            Told the result once it is there. A callback of the future would stay with the result, and with it
            the table that the callback knows.
        """
        with suppress(RuntimeError):
            with self._lock:
                job = self._job(task, ahead=True)
                if then is not None and job.task is not None:
                    job.then.append(then)
                    return
            if then is not None and job.future.exception() is None:
                then(job.future.result())

    @property
    def crowded(self) -> bool:
        """Whether somebody waits in line: then a guess of what comes next is worth less than a hand."""
        with self._lock:
            return self._light.crowded or self._heavy.crowded

    def result(self, task: Task, doing: str) -> Any:
        """Wait for a result; while it takes, the page says what is being done and offers to stop it.

        Parameters
        ----------
        task : Task
        doing : str
            What is being done, until the work says it more exactly.

        Raises
        ------
        Stopped
            The user of this session stopped it, now or before, and did not ask to start `again`.
        Exception
            What the work raised.
        """
        if self.was_stopped(task):
            raise Stopped
        token = object()
        with self._lock:
            job = self._job(task)
            job.wanted_by.add(token)
        try:
            if not job.future.done():
                self._show(job, token, doing)
        finally:
            with self._lock:
                job.wanted_by.discard(token)
        return job.future.result()

    def was_stopped(self, task: Task) -> bool:
        """Whether the user of this session stopped this work, and nobody else has its result."""
        with self._lock:
            job = self._jobs.get(task.key)
            there = job is not None and job.future.done()
        return not there and task.key in st.session_state.get(STOPPED, ())

    def before(self, job: Job) -> int:
        """How many others a job that was not begun yet may have to wait for."""
        with self._lock:
            return self._line(job).before(job)

    def stop(self, key: Hashable, token: object = None) -> bool:
        """Stop work for one of those who wait for it; it goes on as long as somebody else waits.

        Returns
        -------
        bool
            Whether it was still going on.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.future.done():
                return False
            job.wanted_by.discard(token)
            if job.wanted_by:
                return True
            job.stopping.set()
            line = self._line(job)
            waited, hand = line.leave(job), line.hand_of(job)
        if waited:
            self._finish(job, None, Stopped())
        elif hand is not None:
            hand.stop(job)
        return True

    def close(self) -> None:
        """End the workers and all work; there will be no other."""
        atexit.unregister(self.close)
        with self._lock:
            self._closed = True
            for job in self._jobs.values():
                job.stopping.set()
            ends = [line.close() for line in (self._light, self._heavy)]
        for waited, _ in ends:
            for job in waited:
                self._finish(job, None, Stopped())
        wait([job.future for _, at_work in ends for job in at_work], timeout=CLOSING)

    def _line(self, job: Job) -> Line:
        return self._heavy if job.heavy else self._light

    def _job(self, task: Task, ahead: bool = False) -> Job:
        """The job of a task, begun or queued if there was none."""
        if self._closed:
            raise RuntimeError("The workshop is closed.")
        job = self._jobs.get(task.key)
        if job is None or (job.stopping.is_set() and not job.future.done()):
            job = self._jobs[task.key] = Job(task, ahead)
            self._line(job).add(job)
        elif not ahead:
            self._line(job).move_up(job)
        self._jobs.move_to_end(task.key)
        self._hand_out()
        return job

    def _hand_out(self) -> None:
        """Begin what can be begun, each in a thread of its own."""
        for line in (self._light, self._heavy):
            while not self._closed and (taken := line.take()):
                threading.Thread(target=self._work, args=taken, name="workshop", daemon=True).start()

    def _work(self, job: Job, hand: Hand) -> None:
        value, problem = None, None
        try:
            value, job.size = hand.run(job)
        except BaseException as raised:
            problem = raised
        self._finish(job, value, problem)

    def _finish(self, job: Job, value: Any, problem: BaseException | None) -> None:
        """Free the hand of a job, then tell those who wait: they may want it for the same table."""
        with self._lock:
            line = self._line(job)
            if line.hand_of(job) is not None:
                line.done(job)
            job.task, then, job.then = None, job.then, []
            if problem is not None and self._jobs.get(job.key) is job:
                del self._jobs[job.key]
            self._drop_oldest()
            self._hand_out()
        if problem is None:
            job.future.set_result(value)
            for told in then:
                told(value)
        else:
            job.future.set_exception(problem)

    def _drop_oldest(self) -> None:
        """Keep results within the limits; work that is going on stays."""
        for key in [key for key, job in self._jobs.items() if job.future.done()]:
            if len(self._jobs) <= KEPT and sum(job.size for job in self._jobs.values()) <= KEPT_BYTES:
                return
            del self._jobs[key]

    def _show(self, job: Job, token: object, doing: str) -> None:
        """Show where a job is until it is done; a page that was left, or stopped it, ends in here."""
        place, begun = st.empty(), time.monotonic()
        spots, before = None, 0
        while not wait([job.future], timeout=IN_LINE if before else PATIENCE).done:
            if time.monotonic() - begun < QUIET:
                place.empty()
                continue
            line, bar = spots = spots or _spots(place, job, token)
            before = self.before(job)
            said = _waiting(before) if before else job.step or doing
            line.html(f"<p class='note' role='status'>{look.literal(said)}</p>")
            bar.empty() if before else bar.progress(job.share)
        place.empty()


def _spots(place: DeltaGenerator, job: Job, token: object) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Draw the button that stops a job; gives the spots for words and bar."""
    with place.container():
        with st.container(horizontal=True, vertical_alignment="center"):
            line = st.empty()
            st.button("Stop", key=f"stop-work-{job.number}", on_click=_stopped, args=(job.key, token))
        return line, st.empty()


def _waiting(before: int) -> str:
    return f"Waiting: {before} {'other is' if before == 1 else 'others are'} before you"


def _stopped(key: Hashable, token: object) -> None:
    """Stop work for this session; runs when the page that waited for it has just been left."""
    if workshop().stop(key, token):
        st.session_state[STOPPED] = {*st.session_state.get(STOPPED, ()), key}


def again() -> None:
    """Let this session start again what its user stopped."""
    st.session_state.pop(STOPPED, None)


@st.cache_resource(show_spinner=False, on_release=Workshop.close)
def workshop() -> Workshop:
    """The one workshop of this server."""
    return Workshop()
