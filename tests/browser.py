"""A running app and a real browser, for the journeys and the pictures of the documentation."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, Download, Locator, Page, TimeoutError, expect, sync_playwright

ROOT = Path(__file__).parents[1]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60  # seconds for a server or a page on a busy machine
SLOW = PATIENCE * 1000  # the same in milliseconds, as the browser counts

Running = tuple[str, subprocess.Popen[bytes]]  # the address of an app, and its process


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_app() -> Iterator[Running]:
    """Start the app on a free port, with a memory of its own; gives its address and process."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"SEGKIT_HOME": home}, **silent)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/_stcore/health")
            yield address, server
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


def _wait_for(address: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start Chromium: the one that CHROMIUM names, Debian's, or Playwright's own."""
    debian = "/usr/bin/chromium"
    path = os.environ.get("CHROMIUM") or (debian if Path(debian).exists() else None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Browser, app: Running) -> Iterator[Page]:
    """A fresh session; no page may ask anything of another machine or show a traceback."""
    address, server = app
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800})
    outside: list[str] = []
    context.on(
        "request",
        lambda request: (
            outside.append(request.url) if not request.url.startswith((address, "data:", "blob:")) else 0
        ),
    )
    opened = context.new_page()
    opened.set_default_timeout(SLOW)
    expect.set_options(timeout=SLOW)
    try:
        yield opened
        expect(opened.get_by_text("Traceback")).to_have_count(0)
        expect(opened.get_by_text("encountered an error")).to_have_count(0)
        assert server.poll() is None
        assert outside == []
    finally:
        context.close()


# --- what a person does ---------------------------------------------------------------------------


def upload(page: Page, path: str) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)


def click(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").first.click()


def idle(page: Page) -> None:
    """Wait until the page has nothing more to say."""
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()


def headline(page: Page, pattern: str) -> None:
    expect(page.locator("h1.headline")).to_have_text(re.compile(pattern))


def set_segments(page: Page, count: int) -> None:
    """Move the slider with the keyboard, as far as it takes."""
    idle(page)
    thumb = page.locator(".st-key-how-many input[type=range]")
    now = int(thumb.input_value())
    thumb.focus()
    for _ in range(abs(count - now)):
        thumb.press("ArrowRight" if count > now else "ArrowLeft")
    expect(thumb).to_have_value(str(count))
    headline(page, rf"^{count} segments")


def kpi_table(page: Page) -> pd.DataFrame:
    """The KPI table as it stands on the page; values without interval and verdict."""
    expect(page.locator("table.kpis").first).to_be_visible()
    table = page.locator("table.kpis").first
    head = [cell.inner_text() for cell in table.locator("thead th").all()]
    rows = [
        [
            cell.locator("b").inner_text() if cell.locator("b").count() else cell.inner_text()
            for cell in row.locator("th, td").all()
        ]
        for row in table.locator("tbody tr").all()
    ]
    return pd.DataFrame(rows, columns=head).set_index("Segment")


def number(text: str) -> float:
    return float(re.sub(r"[^\d.]", "", text.replace("−", "-")))


def content(download: Download) -> bytes:
    return download.path().read_bytes()


def downloaded(page: Page, key: str) -> bytes:
    with page.expect_download(timeout=SLOW) as wait:
        click(page, key)
    return content(wait.value)


TRIES = 5


def insist(page: Page, act: Callable[[], None], seen: Callable[[float], None]) -> None:
    """Do something until it is seen, as a person would: a page that is drawn anew just then takes no click.

    Parameters
    ----------
    act : function
        Does it, unless it is done already.
    seen : function
        Told the milliseconds to wait for what comes of it; raises when it does not come.
    """
    for left in reversed(range(TRIES)):
        idle(page)
        try:
            act()
            seen(SLOW / TRIES)
            return
        except (AssertionError, TimeoutError):
            if not left:
                raise


def unfold(page: Page, opener: Locator, inside: Locator) -> None:
    """Click on what opens a part of the page, until something inside it is there."""

    def act() -> None:
        if not inside.first.is_visible():
            opener.click(timeout=SLOW / TRIES)

    insist(page, act, lambda wait: expect(inside.first).to_be_visible(timeout=wait))


def pick(page: Page, box: Locator, option: str) -> None:
    """Choose from a list; it closes by itself when the page is drawn again while it opens."""
    choice = page.get_by_role("option", name=option, exact=True)
    for _ in range(TRIES):
        idle(page)
        box.click()
        try:
            choice.click(timeout=SLOW / 10)
            return
        except TimeoutError:
            page.keyboard.press("Escape")
    raise AssertionError(f"“{option}” cannot be chosen")


def tick(page: Page, field: Locator, option: str) -> None:
    """Choose from a list that takes several; what was chosen stands in the field."""
    chosen = field.get_by_text(option, exact=True)

    def act() -> None:
        if not chosen.is_visible():
            pick(page, field.get_by_role("combobox").first, option)

    insist(page, act, lambda wait: expect(chosen).to_be_visible(timeout=wait))
