"""Put the app under load: many sessions at once, each with a file of its own, for some minutes.

``python benchmarks/load.py`` starts the app and lets 20 sessions upload 20,000 customers each, change the
number of segments, look at the results and go back, five minutes long and then once more with other files.
A session is a browser's place without the browser: it speaks Streamlit's protocol (protobuf messages over a
WebSocket, files by HTTP), sends what a click would send, and runs the page's fragments when a browser would.
So the server is measured, and not twenty Chromiums on the same processors.

Meanwhile the server is asked for its health five times a second. Every run of a page is timed from sending to
its end, and checked: what the page shows has to be what was asked for. Memory is that of the server and its
workers, after all sessions of a round have left. Exit code 1 says that a target was missed.

Options: ``--sessions N`` (20), ``--minutes M`` of a round (5), ``--rounds N`` (2), ``--rows N`` (20,000). The
server keeps a few tables and results for everybody, so memory can only be said to grow with rounds that fill
those: with less than 12 sessions the second round still does.
"""

import argparse
import io
import multiprocessing
import random
import re
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.run import MEGABYTE, company, of_all
from tests.browser import PATIENCE, Running, running_app

SPOKEN = Subprotocol("streamlit")
SLOWEST_RERUN = 10.0  # seconds, for 95 of 100
SLOWEST_HEALTH = 1.0
MOST_GROWTH = 1.1  # memory after the last round, by that after the first
ASKING = 0.2  # seconds between questions for the health of the server
ARRIVING = 0.5  # seconds between two sessions that come
THINKING = (1.0, 4.0)  # seconds a marketer looks before she clicks again
HURRIED = 0.3  # share of moves of the slider that go on before the page is there
SEGMENTS = range(2, 9)
REMEMBERED = 125.0  # seconds; for two minutes Streamlit keeps the session of a page that was closed
SETTLING = 25.0  # seconds until what was begun for sessions that left is over, and memory tidied up


class Failure(Exception):
    """The app did not do what a marketer may expect of it."""


@dataclass
class Notes:
    """What a session met: seconds of each run by what was clicked, runs of fragments, errors."""

    taken: list[tuple[str, float]] = field(default_factory=list)
    fragments: int = 0
    errors: list[str] = field(default_factory=list)


# --- a session ------------------------------------------------------------------------------------


class Session:
    """A browser's place: knows what the page shows, and sends what a click on it would.

    Parameters
    ----------
    address : str
        Of the app.
    notes : Notes
        Where runs and errors are written down.
    """

    def __init__(self, address: str, notes: Notes) -> None:
        self.notes = notes
        self.shown: dict[tuple[int, ...], Element] = {}  # by place on the page
        self._address, self._leaving = address, ExitStack()
        self._http = self._leaving.enter_context(requests.Session())
        self._http.get(f"{address}/_stcore/health", timeout=PATIENCE)  # brings the token that uploads need
        stream = f"ws://{urlsplit(address).netloc}/_stcore/stream"
        opening = connect(stream, subprotocols=[SPOKEN], max_size=None, open_timeout=PATIENCE)
        self._socket: ClientConnection = self._leaving.enter_context(opening)
        self._id = self._page = self._query = ""
        self._pages: dict[str, str] = {}  # by name in the address
        self._held: dict[str, WidgetState] = {}  # by id of the widget
        self._due: dict[str, tuple[float, float]] = {}  # fragments: when, and every how many seconds
        self._urls: dict[str, str] = {}  # of a file to be uploaded: id and address

    def close(self) -> None:
        """Leave, as one closes a tab."""
        self._leaving.close()

    def start(self) -> None:
        """Open the first page."""
        self._run("first page", self._rerun())

    def open(self, page: str, what: str) -> None:
        """Follow the link to another page."""
        message = self._rerun(query="")
        message.rerun_script.page_script_hash = self._pages[page]
        self._run(what, message)

    def press(self, key: str, what: str) -> None:
        """Press a button."""
        pressed = WidgetState(id=self.widget(key).id, trigger_value=True)
        self._run(what, self._rerun(pressed))

    def slide(self, key: str, value: int, what: str, shows: str = "") -> None:
        """Move a slider; with what the headline then shows, runs that ended before do not count."""
        self._run(what, self._moved(key, value), shows=shows)

    def hurry(self, key: str, value: int) -> None:
        """Move a slider and do not wait for the page."""
        self._socket.send(self._moved(key, value).SerializeToString())

    def _moved(self, key: str, value: int) -> BackMsg:
        moved = WidgetState(id=self.widget(key).id)
        moved.double_array_value.data.append(value)
        self._held[moved.id] = moved
        return self._rerun()

    def upload(self, key: str, name: str, data: bytes, what: str) -> None:
        """Drop a file; timed from dropping to the end of the run that reads it."""
        begun = time.perf_counter()
        asked = BackMsg()
        asked.file_urls_request.request_id = name
        asked.file_urls_request.session_id = self._id
        asked.file_urls_request.file_names.append(name)
        self._urls.clear()
        self._socket.send(asked.SerializeToString())
        self._listen_until(lambda message: bool(self._urls))
        ((file, address),) = self._urls.items()
        token = self._http.cookies.get("_streamlit_xsrf") or ""
        sent = self._http.put(
            f"{self._address}/{address.removeprefix('/')}",
            files={"file": (name, io.BytesIO(data), "text/csv")},
            headers={"X-Xsrftoken": token},
            timeout=PATIENCE,
        )
        if sent.status_code >= 300:
            raise Failure(f"Uploading gave {sent.status_code}: {sent.text[:100]}")
        dropped = WidgetState(id=self.widget(key).id)
        info = dropped.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name, info.size = file, name, len(data)
        info.file_urls.file_id, info.file_urls.upload_url = file, address
        self._held[dropped.id] = dropped
        self._run(what, self._rerun(), begun)

    def think(self, seconds: float) -> None:
        """Look at the page; its fragments run when they are due."""
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            due = next((name for name, (when, _) in self._due.items() if when <= now), None)
            if due is None:
                self._hear(min(0.1, end - now))
                continue
            every = self._due[due][1]
            self._due[due] = now + every, every
            message = self._rerun()
            message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = due, True
            self._socket.send(message.SerializeToString())
            self._listen_until(_ended)
            self.notes.fragments += 1

    # --- what the page shows ---

    @property
    def texts(self) -> list[str]:
        """The parts of the page that are text."""
        return [element.html.body for element in self.shown.values() if element.WhichOneof("type") == "html"]

    @property
    def headline(self) -> str:
        """The sentence that opens the page."""
        found = re.search(r"<h1 class='headline'>(.*?)</h1>", "".join(self.texts))
        return found[1] if found else ""

    def widget(self, key: str) -> Any:
        """A widget by its key.

        Raises
        ------
        Failure
            It is not on the page.
        """
        for element in self.shown.values():
            part = _part(element)
            if getattr(part, "id", "").endswith(f"-{key}"):
                return part
        raise Failure(f"“{key}” is not on the page “{self.headline}”")

    # --- what is said ---

    def _rerun(self, *pressed: WidgetState, query: str | None = None) -> BackMsg:
        """A message that asks for a run of the page as it is."""
        message = BackMsg()
        wanted = message.rerun_script
        wanted.query_string = self._query if query is None else query
        wanted.page_script_hash = self._page
        wanted.context_info.color_scheme = "light"
        wanted.context_info.timezone = "UTC"
        wanted.widget_states.widgets.extend([*self._held.values(), *pressed])
        return message

    def _run(self, what: str, message: BackMsg, begun: float | None = None, shows: str = "") -> None:
        """Have the page run to its end, and write down how long that took and what went wrong."""
        begun = begun or time.perf_counter()
        self._socket.send(message.SerializeToString())
        self._listen_until(lambda heard: _ended(heard) and re.search(shows, self.headline) is not None)
        self.notes.taken.append((what, time.perf_counter() - begun))
        there = {_part(element).id for element in self.shown.values() if hasattr(_part(element), "id")}
        self._held = {name: state for name, state in self._held.items() if name in there}
        self.notes.errors += [f"{what}: {problem}" for problem in _problems(self.shown)]

    # --- what is heard ---

    def _listen_until(self, done: Callable[[ForwardMsg], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            message = self._hear(1.0)
            if message is not None and done(message):
                return
        raise Failure(f"No answer within {PATIENCE} s")

    def _hear(self, seconds: float) -> ForwardMsg | None:
        """Take in the next message, if there is one by then."""
        try:
            message = ForwardMsg.FromString(self._socket.recv(timeout=seconds))
        except TimeoutError:
            return None
        kind = message.WhichOneof("type")
        heard = getattr(self, f"_on_{kind}", None)
        if heard is not None:
            heard(message)
        return message

    def _on_new_session(self, message: ForwardMsg) -> None:
        self._id = message.new_session.initialize.session_id
        if not message.metadata.run.fragment_ids:
            self.shown.clear()
            self._due.clear()

    def _on_navigation(self, message: ForwardMsg) -> None:
        self._page = message.navigation.page_script_hash
        self._pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}

    def _on_page_info_changed(self, message: ForwardMsg) -> None:
        self._query = message.page_info_changed.query_string

    def _on_delta(self, message: ForwardMsg) -> None:
        if message.delta.WhichOneof("type") == "new_element":
            self.shown[tuple(message.metadata.delta_path)] = message.delta.new_element

    def _on_auto_rerun(self, message: ForwardMsg) -> None:
        every = message.auto_rerun.interval
        self._due[message.auto_rerun.fragment_id] = time.monotonic() + every, every

    def _on_stop_auto_rerun(self, message: ForwardMsg) -> None:
        for name in message.stop_auto_rerun.fragment_ids:
            self._due.pop(name, None)

    def _on_file_urls_response(self, message: ForwardMsg) -> None:
        if message.file_urls_response.error_msg:
            raise Failure(message.file_urls_response.error_msg)
        self._urls = {one.file_id: one.upload_url for one in message.file_urls_response.file_urls}

    def _on_script_finished(self, message: ForwardMsg) -> None:
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            raise Failure("The page could not be compiled")


def _part(element: Element) -> Any:
    """What an element is: a text, a button."""
    return getattr(element, element.WhichOneof("type") or "empty")


def _ended(message: ForwardMsg) -> bool:
    """Whether a run is over; one that was cut short is followed by another."""
    over = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
    return message.WhichOneof("type") == "script_finished" and message.script_finished in over


def _problems(shown: dict[tuple[int, ...], Element]) -> Iterator[str]:
    """What the page says went wrong."""
    for element in shown.values():
        kind = element.WhichOneof("type")
        if kind == "exception":
            yield f"{element.exception.type}: {element.exception.message}"
        elif kind == "html" and "role='alert'" in element.html.body:
            yield re.sub(r"<.*?>", "", element.html.body)


# --- what a marketer does -------------------------------------------------------------------------


def journey(session: Session, path: Path, rows: int, dice: random.Random, until: float) -> None:
    """Upload a file, find segments, then another number of them and their results, again and again.

    Raises
    ------
    Failure
        A page shows something else than it was asked for.
    """
    session.start()
    session.think(dice.uniform(*THINKING))
    session.upload("upload", path.name, path.read_bytes(), "upload")
    _expect(session, f"^{rows:,} customers")
    session.think(dice.uniform(*THINKING))
    session.press("find-segments", "to segments, first")
    _expect(session, r"^\d+ segments")
    while time.monotonic() < until:
        session.think(dice.uniform(*THINKING))
        now = round(session.widget("how-many").value[0])
        on_the_way, wanted = dice.sample([count for count in SEGMENTS if count != now], 2)
        if dice.random() < HURRIED:
            session.hurry("how-many", on_the_way)
            time.sleep(dice.uniform(0, 1))
        session.slide("how-many", wanted, "another number of segments", f"^{wanted} segments")
        session.think(dice.uniform(*THINKING))
        session.press("see-results", "to results")
        _expect(session, "")
        table = next((text for text in session.texts if "<table class='kpis'" in text), "")
        if table.count("<tr") < wanted + 2:  # one of the head, one of everyone
            raise Failure(f"{wanted} segments, but {table.count('<tr')} rows of KPIs: {session.texts}")
        session.think(dice.uniform(*THINKING))
        session.open("segments", "back to segments")
        _expect(session, f"^{wanted} segments")


def _expect(session: Session, pattern: str) -> None:
    if not session.headline or not re.search(pattern, session.headline):
        raise Failure(f"“{session.headline}” instead of {pattern}")


def visitor(address: str, path: Path, rows: int, seed: int, until: float, notes: Notes) -> None:
    """Be one of the sessions; whatever ends it early is an error."""
    try:
        session = Session(address, notes)
    except Exception as problem:
        notes.errors.append(f"No session: {problem}")
        return
    try:
        journey(session, path, rows, random.Random(seed), until)
    except ConnectionClosed as problem:
        notes.errors.append(f"Disconnected: {problem}")
    except Exception as problem:
        notes.errors.append(f"{type(problem).__name__}: {problem}")
    finally:
        with suppress(Exception):  # the server may be gone
            session.close()


# --- the server meanwhile -------------------------------------------------------------------------


class Pulse:
    """Asks a server again and again for its health and looks at its memory, in a process of its own.

    The twenty sessions share one process; a thread among them would wait for them and call that the server.

    Attributes
    ----------
    waited : list of float
        Seconds for each answer; there once it has stopped, as are the others.
    failed : int
        Questions without an answer.
    most : float
        Megabytes of server and workers, the most seen.
    """

    def __init__(self, address: str, process_id: int) -> None:
        self.waited: list[float] = []
        self.failed, self.most = 0, 0.0
        fresh = multiprocessing.get_context("spawn")
        self._over = fresh.Event()
        self._told, telling = fresh.Pipe(duplex=False)
        about = (f"{address}/_stcore/health", process_id, self._over, telling)
        self._process = fresh.Process(target=_ask, args=about, daemon=True)
        self._process.start()

    def stop(self) -> None:
        """Ask no more."""
        if not self._over.is_set():
            self._over.set()
            self.waited, self.failed, self.most = self._told.recv()
            self._process.join()


def _ask(address: str, process_id: int, over: Event, telling: Connection) -> None:
    waited, failed, most = [], 0, 0.0
    while not over.wait(ASKING):
        begun = time.perf_counter()
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()
        except OSError:
            failed += 1
        waited.append(time.perf_counter() - begun)
        most = max(most, of_all(process_id))
    telling.send((waited, failed, most))


@contextmanager
def pulse_of(app: Running) -> Iterator[Pulse]:
    """Watch an app for a while."""
    address, server = app
    pulse = Pulse(address, server.pid)
    try:
        yield pulse
    finally:
        pulse.stop()


def round_of(app: Running, paths: list[Path], rows: int, minutes: float) -> list[Notes]:
    """Let a session for each file work for some minutes."""
    until = time.monotonic() + 60 * minutes
    every = [Notes() for _ in paths]
    threads = []
    for seed, (path, notes) in enumerate(zip(paths, every, strict=True)):
        about = (app[0], path, rows, seed, until, notes)
        threads.append(threading.Thread(target=visitor, args=about, daemon=True))
        threads[-1].start()
        time.sleep(ARRIVING)
    for thread in threads:
        thread.join(60 * minutes + 10 * PATIENCE)
    for thread, notes in zip(threads, every, strict=True):
        if thread.is_alive():
            notes.errors.append("The session does not come to an end")
    return every


# --- the report -----------------------------------------------------------------------------------


def spread(seconds: list[float]) -> str:
    """Half, 95 of 100 and the slowest, for a table."""
    half, most = np.quantile(seconds, [0.5, 0.95])
    return f"{half:.2f} | {most:.2f} | {max(seconds):.2f}"


def tell_runs(taken: list[tuple[str, float]]) -> None:
    """Print a table of the runs by what was clicked."""
    print("\n| run of a page | runs | p50, s | p95, s | slowest, s |\n|---|---:|---:|---:|---:|")
    for what in dict.fromkeys(what for what, _ in taken):
        seconds = [value for name, value in taken if name == what]
        print(f"| {what} | {len(seconds)} | {spread(seconds)} |")
    print(f"| all | {len(taken)} | {spread([value for _, value in taken])} |", flush=True)


def verdict(what: str, value: str, target: str, held: bool) -> bool:
    """Print a row of the targets; says whether it was held."""
    print(f"| {what} | {value} | {target} | {'yes' if held else 'NO'} |", flush=True)
    return held


def judged(notes: list[Notes], pulse: Pulse, memory: list[float]) -> bool:
    """Print all that was measured; says whether every target was held."""
    taken = [one for each in notes for one in each.taken]
    errors = [one for each in notes for one in each.errors]
    if not taken:
        print("\n".join(errors))
        return False
    tell_runs(taken)
    print(f"\nRuns of fragments: {sum(each.fragments for each in notes)}")
    for error in dict.fromkeys(errors):
        print(f"Error ({errors.count(error)} times): {error}")
    late = float(np.quantile([value for _, value in taken], 0.95))
    waits, worst = np.array(pulse.waited), max(pulse.waited)
    print("\n| | measured | target | held |\n|---|---|---|---|")
    held = [
        verdict("errors", str(len(errors)), "0", not errors),
        verdict("rerun, p95", f"{late:.2f} s", f"≤ {SLOWEST_RERUN:.0f} s", late <= SLOWEST_RERUN),
        verdict(
            f"health, p95 and slowest of {len(waits)}",
            f"{np.quantile(waits, 0.95):.2f} s, {worst:.2f} s",
            f"≤ {SLOWEST_HEALTH:.0f} s",
            worst <= SLOWEST_HEALTH and not pulse.failed,
        ),
    ]
    after = ", ".join(f"{one:,.0f}" for one in memory)
    print(f"| memory at most | {pulse.most:,.0f} MB | | |\n| memory after each round | {after} MB | | |")
    if len(memory) > 1:
        growth = memory[-1] / memory[0]
        held.append(
            verdict("last round by the first", f"{growth:.2f}", f"≤ {MOST_GROWTH}", growth <= MOST_GROWTH)
        )
    return all(held)


def measured(sessions: int, minutes: float, rounds: int, rows: int, folder: Path) -> bool:
    """Run all rounds and report; says whether every target was held."""
    notes, memory = [], []
    with running_app() as app, pulse_of(app) as pulse:
        for turn in range(rounds):
            paths = []
            for place in range(sessions):
                paths.append(folder / f"round-{turn}-session-{place}.csv")
                company(rows, seed=turn * sessions + place).to_csv(paths[-1], index=False)
            begun = time.monotonic()
            notes += round_of(app, paths, rows, minutes)
            time.sleep(SETTLING)
            memory.append(of_all(app[1].pid))
            print(f"round {turn + 1}: {time.monotonic() - begun:.0f} s, {memory[-1]:,.0f} MB", flush=True)
            if turn + 1 < rounds:
                time.sleep(max(0.0, REMEMBERED - (time.monotonic() - begun)))
        size = paths[-1].stat().st_size / MEGABYTE
        print(f"\n{sessions} sessions, {rows:,} customers x 20 columns each ({size:.1f} MB as CSV)")
        pulse.stop()
        return judged(notes, pulse, memory)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--rows", type=int, default=20_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        held = measured(chosen.sessions, chosen.minutes, chosen.rounds, chosen.rows, Path(name))
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
