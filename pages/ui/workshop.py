"""Heavy work in a few threads, its results kept and shared by all sessions.

Pages ask for a result by a key (fingerprint of the table and key of the plan). The first to ask starts
the work; everybody else waits for the same. Only a few run at once, so that many sessions clustering
together do not starve the server, and while a page waits it can still be left. Work that will probably
be wanted next is done ahead, one at a time; when somebody asks for it before its turn, it is moved up.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Any, TypeVar

import streamlit as st

WORKERS = 2
KEPT = 60  # results; segments of 100,000 customers take about 1 MB each
PATIENCE = 0.3  # seconds between looks whether the page was left

Result = TypeVar("Result")


class Workshop:
    """Runs work by key, a few at a time, and keeps the results last used."""

    def __init__(self) -> None:
        self._now = ThreadPoolExecutor(WORKERS, thread_name_prefix="workshop")
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="workshop-ahead")
        self._futures: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._queued_ahead: set[Hashable] = set()
        self._lock = threading.Lock()

    def start(self, key: Hashable, work: Callable[[], Result], ahead: bool = False) -> "Future[Result]":
        """Start work, unless it was started before; gives its future. Failed work is started again."""
        with self._lock:
            future = self._futures.get(key)
            if future is None or self._is_void(key, future, ahead):
                future = self._futures[key] = (self._ahead if ahead else self._now).submit(work)
                (self._queued_ahead.add if ahead else self._queued_ahead.discard)(key)
            self._futures.move_to_end(key)
            while len(self._futures) > KEPT:
                self._queued_ahead.discard(self._futures.popitem(last=False)[0])
            return future

    def begin(self, key: Hashable, work: Callable[[], Any]) -> None:
        """Start work that nobody waits for yet; a server that is stopping takes none."""
        with suppress(RuntimeError):
            self.start(key, work, ahead=True)

    def _is_void(self, key: Hashable, future: "Future[Any]", ahead: bool) -> bool:
        """Whether a future has to be made anew: it failed, or waits in the queue for later."""
        if future.cancelled() or (future.done() and future.exception() is not None):
            return True
        return not ahead and key in self._queued_ahead and future.cancel()

    def result(self, key: Hashable, work: Callable[[], Result], doing: str) -> Result:
        """Wait for a result; says what is being done when it takes a while.

        Errors of the work are raised here.
        """
        future = self.start(key, work)
        if not future.done():
            with st.spinner(doing):
                while not wait([future], timeout=PATIENCE).done:
                    st.empty()  # a page that was left stops here; the work goes on for who comes back
        return future.result()


@st.cache_resource(show_spinner=False)
def workshop() -> Workshop:
    """The one workshop of this server."""
    return Workshop()
