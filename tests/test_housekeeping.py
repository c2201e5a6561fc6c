"""Memory is tidied up beside the pages, as Streamlit does not do it after their runs."""

import gc
import sys
import time
import tomllib
import weakref
from pathlib import Path

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


def test_streamlit_leaves_it_to_the_house():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings["runner"]["postScriptGC"] is False
