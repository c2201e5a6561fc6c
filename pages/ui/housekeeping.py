"""What the server does beside the pages, so that nobody waits for it.

Streamlit tidies memory up after every run of a page, which looks at every object of the server: with twenty
sessions that took 86 % of its time. It is turned off in `.streamlit/config.toml` and done here once a minute.
It cannot be left out: tables of sessions that ended, and what they hold on disk, go with it.
"""

import gc
import importlib
import threading
import time
from functools import cache

FIRST = 2.0  # seconds until the first page is there
TIDYING = 60.0  # seconds


@cache
def keep_house() -> threading.Thread:
    """Begin, once for a server: load what takes long, then tidy up again and again."""
    thread = threading.Thread(target=_keep_house, name="housekeeping", daemon=True)
    thread.start()
    return thread


def _keep_house() -> None:
    time.sleep(FIRST)
    importlib.import_module("sklearn.tree")  # rules on the Segments page need it
    while True:
        gc.collect()
        time.sleep(TIDYING)
