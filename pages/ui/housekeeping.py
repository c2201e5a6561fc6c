"""What the server does beside the pages, so that nobody waits for it.

Streamlit tidies memory up after every run of a page, which looks at every object of the server: with twenty
sessions that took 86 % of its time. It is turned off in `.streamlit/config.toml` and done here now and then.
It cannot be left out: tables of sessions that ended, and what they hold on disk, go with it.
"""

import ctypes
import gc
import importlib
import logging
import threading
import time
from contextlib import suppress
from functools import cache

from streamlit import runtime

FIRST = 2.0  # seconds until the first page is there
TIDYING = 20.0  # seconds; a collection takes a quarter of one with twenty sessions


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
        let_go_of_sessions()
        gc.collect()
        give_back()
        time.sleep(TIDYING)


def give_back() -> None:
    """Hand freed memory back to the system; the C library of Linux would keep it for later."""
    with suppress(OSError, AttributeError):  # on other systems there is nothing to ask
        ctypes.CDLL(None).malloc_trim(0)


def let_go_of_sessions() -> None:
    """Drop sessions that were closed more than two minutes ago.

    Streamlit (1.67) does so only when another session is closed, and there is no public way to ask for it.
    """
    if not runtime.exists():
        return
    server = runtime.get_instance()
    try:
        closed = server._session_mgr._session_storage._cache
        server._get_async_objs().eventloop.call_soon_threadsafe(closed.expire)
    except Exception:
        logging.getLogger("segkit.app").debug("Closed sessions stay a while", exc_info=True)
