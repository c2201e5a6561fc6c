"""The workshop does each piece of work once, keeps few results and moves up what is asked for."""

import threading

import pytest

from pages.ui import workshop as module
from pages.ui.workshop import Workshop


@pytest.fixture
def shop():
    made = Workshop()
    yield made
    made._now.shutdown()
    made._ahead.shutdown()


def test_the_same_key_is_worked_on_once(shop):
    calls = []
    first = shop.start("key", lambda: calls.append(1))
    assert shop.start("key", lambda: calls.append(2)) is first
    first.result(10)
    shop.start("key", lambda: calls.append(3)).result(10)
    assert calls == [1]


def test_failed_work_raises_and_is_tried_again(shop):
    with pytest.raises(ZeroDivisionError):
        shop.start("key", lambda: 1 / 0).result(10)
    assert shop.start("key", lambda: 7).result(10) == 7


def test_only_the_last_used_results_are_kept(shop, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 2)
    calls = []
    for key in ("a", "b", "a", "c", "a", "b"):
        shop.start(key, lambda key=key: calls.append(key)).result(10)
    assert calls == ["a", "b", "c", "b"]


def test_work_queued_for_later_is_moved_up_when_it_is_asked_for(shop):
    release = threading.Event()
    shop.start("slow", release.wait, ahead=True)
    waiting = shop.start("wanted", lambda: "later", ahead=True)
    assert shop.start("wanted", lambda: "now").result(10) == "now"
    assert waiting.cancelled()
    release.set()


def test_running_work_is_shared_not_repeated(shop):
    begun, release = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        release.wait(10)
        return "once"

    ahead = shop.start("key", work, ahead=True)
    assert begun.wait(10)
    assert shop.start("key", lambda: "twice") is ahead
    release.set()
    assert ahead.result(10) == "once"
