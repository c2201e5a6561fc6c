"""What every test needs: a memory of its own, so that nothing set in one run shows up in another.

And what journeys share: a running app and a browser for each module, a session for each test.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Running, running_app, running_browser, visit


@pytest.fixture(scope="session", autouse=True)
def memory_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What fixtures of a module set is not what the person at this machine has set."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEGKIT_HOME", str(tmp_path_factory.mktemp("home-of-all")))
        yield


@pytest.fixture(autouse=True)
def own_memory(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGKIT_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def app() -> Iterator[Running]:
    with running_app() as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture
def page(browser: Browser, app: Running) -> Iterator[Page]:
    """A fresh session; no page may ask anything of another machine or show a traceback."""
    with visit(browser, app) as opened:
        yield opened
