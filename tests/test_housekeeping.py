"""Memory is tidied up beside the pages, as Streamlit does not do it after their runs."""

import gc
import sys
import time
import tomllib
import weakref
from pathlib import Path
from types import SimpleNamespace

from streamlit.runtime import Runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from pages.ui import housekeeping

ROOT = Path(__file__).parents[1]


class Knot:
    """Something that only a collection frees."""

    def __init__(self):
        self.myself = self


def test_what_nobody_needs_goes_although_no_page_runs(monkeypatch):
    monkeypatch.setattr(housekeeping, "FIRST", 0.0)
    monkeypatch.setattr(housekeeping, "TIDYING", 0.05)
    housekeeping.keep_house.cache_clear()
    thread = housekeeping.keep_house()
    assert housekeeping.keep_house() is thread  # one for all pages
    until = time.monotonic() + 30
    while "sklearn.tree" not in sys.modules and time.monotonic() < until:
        time.sleep(0.02)
    gc.disable()  # nobody else collects
    try:
        gone = weakref.ref(Knot())
        while gone() is not None and time.monotonic() < until:
            time.sleep(0.02)
        assert gone() is None
    finally:
        gc.enable()


def test_closed_sessions_go_although_no_other_is_closed(monkeypatch):
    storage = MemorySessionStorage(ttl_seconds=0)
    session = SimpleNamespace(session=SimpleNamespace(id="left"))
    storage.save(session)
    assert storage._cache._expirations  # out of reach, and still there
    manager = WebsocketSessionManager(storage, None, None, None, None)
    at_once = SimpleNamespace(eventloop=SimpleNamespace(call_soon_threadsafe=lambda work: work()))
    server = SimpleNamespace(_session_mgr=manager, _get_async_objs=lambda: at_once)
    monkeypatch.setattr(housekeeping.runtime, "exists", lambda: True)
    monkeypatch.setattr(housekeeping.runtime, "get_instance", lambda: server)
    housekeeping.let_go_of_sessions()
    assert not storage._cache._expirations
    assert callable(Runtime._get_async_objs)


def test_streamlit_leaves_it_to_the_house():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings["runner"]["postScriptGC"] is False
