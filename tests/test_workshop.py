"""The workshop does each piece of work once, keeps few results, and moves heavy work out of the server.

Heavy work is tested with real worker processes; starting one takes seconds, so most tests share one.
"""

import gc
import os
import subprocess
import sys
import threading
import time
import weakref
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import bench as bench_module
from pages.ui import workshop as module
from pages.ui.bench import Bench
from pages.ui.work import Job, Stopped, Task
from pages.ui.workshop import Workshop
from segkit.errors import SegkitError, UnusablePlan

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Rows:
    """A table as far as the workshop cares."""

    fingerprint: str
    values: tuple[int, ...] = ()


ROWS = Rows("rows", (1, 2, 3))


# --- work a worker can import ---------------------------------------------------------------------


def total(table, watch):
    watch("Adding up", 0.5)
    return sum(table.values)


def identity_and_process(table, watch):
    return id(table), os.getpid()


def until_stopped(table, watch):
    while True:
        watch("Turning", 0.25)
        time.sleep(0.01)


def deaf(table, watch):
    watch("Not listening", 0.1)
    time.sleep(60)


def unusable(table, number, watch):
    raise UnusablePlan(f"There are {number} segments too many.")


class Odd(Exception):
    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def odd(table, watch):
    raise Odd("this", "that")


def divided(table, watch):
    return 1 / 0


def too_large(table, watch):
    raise MemoryError


def not_to_be_sent(table, watch):
    return lambda: None


def talkative(table, watch):
    print("not an answer")
    os.write(1, b"nor this")
    return "done"


def array(table, watch):
    import numpy as np

    return np.arange(100_000)


# --- light work -----------------------------------------------------------------------------------


@pytest.fixture
def shop(monkeypatch):
    def no_process() -> None:
        raise AssertionError("light work must start no process")

    monkeypatch.setattr(bench_module, "_started", no_process)
    made = Workshop()
    yield made
    made.close()


def test_what_comes_next_is_told_once_and_keeps_no_table(shop):
    table, told = Rows("gone", (1, 2, 3)), []
    there, over = weakref.ref(table), threading.Event()

    def then(result, whole=table):
        told.append((result, len(whole.values)))
        over.set()

    shop.begin(Task("total", total, table), then)
    assert over.wait(10)
    shop.begin(Task("total", total, table), then)  # its result is there
    assert told == [(6, 3), (6, 3)]
    del table, then
    until = time.monotonic() + 10
    while there() is not None and time.monotonic() < until:
        gc.collect()
        time.sleep(0.01)
    assert there() is None
    assert shop.start(Task("total", total, ROWS)).result(0) == 6  # kept all the same


def test_of_work_that_failed_nothing_comes_next(shop):
    told = []
    failing = Task("divided", divided, ROWS)
    shop.begin(failing, told.append)
    with pytest.raises(ZeroDivisionError):
        shop.start(failing).result(10)
    assert told == []


def doing(key, work, **options) -> Task:
    """A light task of a closure."""
    return Task(key, lambda table, watch: work(), ROWS, **options)


def watching(key, begun, seen=None) -> Task:
    """A light task that goes on until it is stopped."""

    def run(table, watch):
        try:
            while True:
                watch("Turning", 0.25)
                begun.set()
                time.sleep(0.01)
        finally:
            if seen is not None:
                seen.set()

    return Task(key, run, ROWS)


def test_the_same_key_is_worked_on_once(shop):
    calls = []
    first = shop.start(doing("key", lambda: calls.append(1)))
    assert shop.start(doing("key", lambda: calls.append(2))) is first
    first.result(10)
    shop.start(doing("key", lambda: calls.append(3))).result(10)
    assert calls == [1]


def test_failed_work_raises_and_is_tried_again(shop):
    with pytest.raises(ZeroDivisionError):
        shop.start(doing("key", lambda: 1 / 0)).result(10)
    assert shop.start(doing("key", lambda: 7)).result(10) == 7


def test_only_the_last_used_results_are_kept(shop, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 2)
    calls = []
    for key in ("a", "b", "a", "c", "a", "b"):
        shop.start(doing(key, lambda key=key: calls.append(key))).result(10)
    assert calls == ["a", "b", "c", "b"]


def test_results_are_kept_up_to_a_number_of_bytes(shop, monkeypatch):
    monkeypatch.setattr(module, "KEPT_BYTES", 10)
    monkeypatch.setattr(module.Here, "run", lambda self, job: (job.task.run(None, watch=None), 4))
    calls = []
    for key in ("a", "b", "c", "b", "a"):
        shop.start(doing(key, lambda key=key: calls.append(key))).result(10)
    assert calls == ["a", "b", "c", "a"]


def test_a_result_does_not_keep_the_table(shop):
    shop.start(Task("key", total, ROWS)).result(10)
    assert shop._jobs["key"].task is None


def test_work_queued_for_later_is_moved_up_when_it_is_asked_for(shop):
    release = threading.Event()
    shop.start(doing("slow", lambda: release.wait(10)), ahead=True)
    told = []
    waiting = shop.start(doing("wanted", lambda: "done"), ahead=True)
    waiting.add_done_callback(lambda future: told.append(future.result()))
    assert not waiting.running()
    assert shop.start(doing("wanted", lambda: "again")) is waiting
    assert waiting.result(10) == "done"
    release.set()
    assert told == ["done"]


def test_work_ahead_leaves_a_hand_free(shop):
    release = threading.Event()
    later = [shop.start(doing(n, lambda: release.wait(10)), ahead=True) for n in range(3)]
    assert shop.start(doing("now", lambda: "now")).result(10) == "now"
    assert not any(future.done() for future in later)
    release.set()
    assert all(future.result(10) for future in later)


def test_running_work_is_shared_not_repeated(shop):
    begun, release = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        release.wait(10)
        return "once"

    ahead = shop.start(doing("key", work), ahead=True)
    assert begun.wait(10)
    assert shop.start(doing("key", lambda: "twice")) is ahead
    release.set()
    assert ahead.result(10) == "once"


def test_the_place_in_the_line_counts_those_at_work(shop):
    release = threading.Event()
    for key in ("one", "two", "three", "four"):
        shop.start(doing(key, lambda: release.wait(10)))
    assert [shop.before(job) for job in shop._jobs.values()] == [0, 0, 2, 3]
    release.set()


def test_stopped_work_ends_at_its_next_step_and_can_be_started_again(shop):
    begun, ended = threading.Event(), threading.Event()
    future = shop.start(watching("key", begun, ended))
    assert begun.wait(10)
    assert (shop._jobs["key"].step, shop._jobs["key"].share) == ("Turning", 0.25)
    assert shop.stop("key")
    with pytest.raises(Stopped):
        future.result(10)
    assert ended.is_set()
    assert shop.start(doing("key", lambda: "again")).result(10) == "again"


def test_work_that_waits_is_stopped_without_being_begun(shop):
    release, calls = threading.Event(), []
    for key in ("one", "two"):
        shop.start(doing(key, lambda: release.wait(10)))
    waiting = shop.start(doing("three", lambda: calls.append(3)))
    assert shop.stop("three")
    with pytest.raises(Stopped):
        waiting.result(10)
    release.set()
    shop.start(doing("four", lambda: None)).result(10)
    assert calls == []


def test_work_goes_on_while_somebody_else_waits_for_it(shop):
    begun, one, other = threading.Event(), object(), object()
    future = shop.start(watching("key", begun))
    shop._jobs["key"].wanted_by |= {one, other}
    assert shop.stop("key", one)
    assert begun.wait(10)
    assert not shop._jobs["key"].stopping.is_set()
    assert shop.stop("key", other)
    with pytest.raises(Stopped):
        future.result(10)


def test_work_that_is_done_cannot_be_stopped(shop):
    shop.start(doing("key", lambda: 1)).result(10)
    assert not shop.stop("key")
    assert not shop.stop("never started")


def test_a_closed_workshop_ends_its_work_and_takes_no_more(shop):
    begun = threading.Event()
    running = [shop.start(watching(key, begun)) for key in range(3)]
    assert begun.wait(10)
    shop.close()
    for future in running:
        with pytest.raises(Stopped):
            future.result(1)
    shop.begin(doing("later", lambda: 1))
    with pytest.raises(RuntimeError):
        shop.start(doing("later", lambda: 1))


# --- what a page shows ----------------------------------------------------------------------------


def waiting_page() -> None:
    import streamlit as st

    from pages.ui.work import Stopped, Task
    from pages.ui.workshop import again, workshop
    from tests.test_workshop import ROWS, until_stopped

    try:
        workshop().result(Task("page", until_stopped, ROWS), "Turning round …")
    except Stopped:
        st.text("It was stopped.")
        st.button("Start again", on_click=again)


def busy_page() -> None:
    import streamlit as st

    from pages.ui.work import Task
    from pages.ui.workshop import workshop
    from tests.test_workshop import ROWS, total

    st.text(workshop().result(Task("sum", total, ROWS), "Adding up …"))


@pytest.fixture
def looks(monkeypatch):
    """Leave a page at the third look for the result, as a click on it does."""
    count = iter(range(1, 1000))

    def look_up(futures, timeout):
        import streamlit as st

        done = real(futures, timeout=0.05)
        if not done.done and next(count) % 3 == 0:
            st.stop()
        return done

    real = module.wait
    monkeypatch.setattr(module, "wait", look_up)
    monkeypatch.setattr(module, "QUIET", 0.06)
    yield
    module.workshop.clear()


def test_a_page_shows_the_step_and_can_be_stopped_and_started_again(looks):
    page = AppTest.from_function(waiting_page, default_timeout=60).run()
    assert not page.exception
    assert [button.label for button in page.button] == ["Stop"]
    assert "Turning<" in page.get("html")[0].proto.body
    job = module.workshop()._jobs["page"]
    page.button[0].click().run()
    assert [text.value for text in page.text] == ["It was stopped."]
    with pytest.raises(Stopped):
        job.future.result(10)
    page.run()
    assert [text.value for text in page.text] == ["It was stopped."]
    page.button[0].click().run()
    assert [button.label for button in page.button] == ["Stop"]
    assert module.workshop()._jobs["page"] is not job


def test_a_page_says_how_many_are_before_it(looks):
    release = threading.Event()
    for key in ("one", "two"):
        module.workshop().start(doing(key, lambda: release.wait(10)))
    page = AppTest.from_function(busy_page, default_timeout=60).run()
    assert "Waiting: 2 others are before you" in page.get("html")[0].proto.body
    release.set()
    module.workshop().start(Task("sum", total, ROWS)).result(10)
    page.run()
    assert not page.exception
    assert [text.value for text in page.text] == ["6"]
    assert not page.button


# --- heavy work, in a real process ----------------------------------------------------------------


@pytest.fixture(scope="module")
def bench():
    made = Bench()
    yield made
    made.close()
    gc.collect()  # a process that was not waited for would warn here


def sent(run, *args, table=ROWS) -> Job:
    return Job(Task("key", run, table, args, heavy=True), ahead=False)


def done(bench, run, *args, table=ROWS):
    return bench.run(sent(run, *args, table=table))[0]


def in_background(bench, job) -> None:
    def work() -> None:
        try:
            job.future.set_result(bench.run(job)[0])
        except BaseException as problem:
            job.future.set_exception(problem)

    threading.Thread(target=work, daemon=True).start()


def wait_for(condition) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_worker_gives_results_and_says_where_it_is(bench):
    job = sent(total)
    assert bench.run(job)[0] == 6
    assert (job.step, job.share) == ("Adding up", 0.5)
    value, size = bench.run(sent(array))
    assert value.sum() == 100_000 * 99_999 // 2
    assert value.flags.writeable
    assert size > value.nbytes


def test_what_the_work_prints_is_no_answer(bench):
    assert done(bench, talkative) == "done"


def test_a_table_is_sent_once_and_the_last_two_are_kept(bench, monkeypatch):
    a, b, c = (Rows(name) for name in "abc")
    orders = []
    make = Bench._order
    monkeypatch.setattr(Bench, "_order", lambda self, task: orders.append(make(self, task)) or orders[-1])
    kept = [done(bench, identity_and_process, table=table) for table in (a, a, b, a, c, a, b)]
    assert [order.fingerprint for order in orders if order.table is not None] == ["a", "b", "c", "b"]
    assert kept[0] == kept[1] == kept[3] == kept[5]


def test_errors_keep_their_class_and_text(bench):
    with pytest.raises(UnusablePlan, match=r"^There are 3 segments too many\.$"):
        done(bench, unusable, 3)
    with pytest.raises(ZeroDivisionError, match="division by zero") as caught:
        done(bench, divided)
    assert "in divided" in caught.value.__notes__[0]
    with pytest.raises(RuntimeError, match=r"^Odd: this and that"):
        done(bench, odd)
    with pytest.raises(SegkitError, match="memory ran out"):
        done(bench, too_large)
    with pytest.raises(Exception, match="not_to_be_sent"):
        done(bench, not_to_be_sent)
    with pytest.raises(Exception, match="pickle"):
        done(bench, lambda table, watch: 1)
    assert done(bench, total) == 6


def test_a_worker_that_listens_stops_and_stays(bench):
    process = done(bench, identity_and_process)
    job = sent(until_stopped)
    in_background(bench, job)
    wait_for(lambda: job.step)
    job.stopping.set()
    bench.stop(job)
    with pytest.raises(Stopped):
        job.future.result(30)
    assert done(bench, identity_and_process) == process


def test_a_worker_that_does_not_listen_or_dies_is_replaced(bench, monkeypatch):
    monkeypatch.setattr(bench_module, "GRACE", 0.2)
    _, first = done(bench, identity_and_process)
    job = sent(deaf)
    in_background(bench, job)
    wait_for(lambda: job.step)
    begun = time.monotonic()
    job.stopping.set()
    bench.stop(job)
    with pytest.raises(Stopped):
        job.future.result(30)
    assert time.monotonic() - begun < 10
    _, second = done(bench, identity_and_process)

    job = sent(deaf)
    in_background(bench, job)
    wait_for(lambda: job.step)
    bench._child.kill()
    with pytest.raises(SegkitError, match="memory ran out"):
        job.future.result(30)
    bench._child.kill()  # while it has nothing to do: nobody notices
    bench._child.wait()
    _, third = done(bench, identity_and_process)
    assert len({first, second, third}) == 3


def test_heavy_work_goes_to_a_warm_worker_that_has_the_table(bench, monkeypatch):
    cold = Bench()
    line = module.Line([cold, bench])
    done(bench, total)
    line.add(sent(total))
    assert line.take()[1] is bench
    line.add(sent(total))
    assert line.take()[1] is cold


def test_a_server_that_ends_takes_its_workers_along():
    script = (
        "from pages.ui.workshop import Workshop; from pages.ui.work import Task;"
        "from tests.test_workshop import ROWS, deaf, identity_and_process as who;"
        "shop = Workshop(); print(shop.start(Task(1, who, ROWS, heavy=True)).result()[1], flush=True);"
        "shop.start(Task(2, deaf, ROWS, heavy=True)); shop.start(Task(3, deaf, ROWS))"
    )
    command = [sys.executable, "-W", "error", "-c", script]
    begun = time.monotonic()
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0
    assert "Error" not in ended.stderr
    assert "leaked" not in ended.stderr
    assert time.monotonic() - begun < 40
    wait_for(lambda: not Path(f"/proc/{ended.stdout.strip()}").exists())


def test_a_line_is_crowded_when_somebody_who_asked_has_to_wait(shop):
    release = threading.Event()
    assert not shop.crowded
    for place in range(module.HANDS):
        shop.start(doing(f"slow-{place}", lambda: release.wait(10)))
    shop.start(doing("later", lambda: None), ahead=True)
    assert not shop.crowded  # nobody waits for what was only guessed
    asked = shop.start(doing("asked", lambda: "done"))
    assert shop.crowded
    release.set()
    assert asked.result(10) == "done"
    assert not shop.crowded
