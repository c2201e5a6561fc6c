"""Measure how long the marketer waits, and how much memory her session takes.

``make bench ONLY=run`` prints a row per figure: seconds (or megabytes), the ratio to a yardstick taken in the
same run, and the target where there is one. Seconds differ from machine to machine; the yardsticks are what
pandas needs to read the same bytes, and what scikit-learn needs for one k-means on the same customers, so
the ratios do not. Options: ``--rows N`` (100,000), ``--reading-rows N`` (1,000,000), ``--only-reading``,
``--sessions N`` (10), ``--skip-browser``.
"""

import argparse
import io
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, expect  # noqa: E402

import segkit  # noqa: E402
from tests.browser import PATIENCE, running_app, running_browser  # noqa: E402

REPEATS = 3
MEGABYTE = 1 << 20


def company(rows: int, seed: int = 0) -> pd.DataFrame:
    """Invent a customer table of 20 columns: id, numbers, categories, yes/no, date, outcomes."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 5, rows)

    def around(step: float, spread: float) -> np.ndarray:
        return np.round(rng.normal(step * group, spread), 2)

    def one_of(levels: list[str]) -> np.ndarray:
        return np.array(levels)[(group + rng.integers(0, 2, rows)) % len(levels)]

    unanswered = rng.random(rows) < 0.6
    return pd.DataFrame(
        {
            "customer_id": [f"{place:08d}" for place in rng.permutation(rows)],
            "age": (30 + around(5, 8)).astype(int),
            "income": np.round(np.exp(10 + around(0.1, 0.4)), 0),
            "tenure_months": rng.integers(1, 60, rows),
            "sessions": np.maximum(around(2, 3), 0).astype(int),
            "basket": np.round(np.exp(around(0.2, 0.6)), 2),
            "discount_share": np.round(rng.beta(2, 5 + group), 3),
            "gender": one_of(["female", "male", "other"]),
            "country": one_of(["DE", "FR", "NL", "IT", "ES", "SE", "PL"]),
            "plan_tier": one_of(["free", "basic", "plus", "pro"]),
            "device": one_of(["phone", "tablet", "desktop"]),
            "channel": one_of(["search", "social", "friend", "store"]),
            "app_user": one_of(["yes", "no"]),
            "newsletter": one_of(["no", "yes"]),
            "signup_date": pd.to_datetime("2022-01-01") + pd.to_timedelta(rng.integers(0, 1500, rows), "D"),
            "csat": np.where(unanswered, np.nan, np.clip(rng.integers(1, 4, rows) + group // 2, 1, 5)),
            "nps": np.where(unanswered, np.nan, np.clip(rng.integers(2, 9, rows) + group, 0, 10)),
            "retained": np.where(rng.random(rows) < 0.6 + 0.06 * group, "yes", "no"),
            "converted": np.where(rng.random(rows) < 0.1 + 0.03 * group, "yes", "no"),
            "revenue": np.round(np.exp(3 + around(0.3, 0.8)), 2),
        }
    )


def seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Take the median time of a few runs."""
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def report(what: str, value: float, unit: str, yardstick: float | None = None, target: str = "") -> None:
    """Print one row."""
    ratio = f"{value / yardstick:6.2f} ×" if yardstick else ""
    print(f"{what:<58} {value:8.2f} {unit:<3} {ratio:>9}  {target}", flush=True)


def library(data: bytes) -> None:
    """Measure the library on its own."""
    from sklearn.cluster import KMeans

    from segkit.segments.methods.clusters import prepared_for

    pandas = seconds(lambda: pd.read_csv(io.BytesIO(data)))
    report("yardstick: pandas.read_csv", pandas, "s")
    report("segkit.read, child process included", seconds(lambda: segkit.read(data)), "s", pandas)
    customers = segkit.read(data)
    rows = prepared_for(customers, segkit.Plan())[0].space
    plain = seconds(lambda: KMeans(5, n_init=1, random_state=0).fit(rows))
    report("yardstick: one k-means start on all rows", plain, "s")
    report("advise", seconds(lambda: segkit.advise(customers, segkit.Plan())), "s", plain)
    plan = segkit.Plan(n_segments=5)
    report("segment, 5 segments", seconds(lambda: segkit.segment(customers, plan)), "s", plain)
    segmentation = segkit.segment(customers, plan)
    report("assign all by the score card", seconds(lambda: segmentation.assign(customers)), "s", plain)
    assignment = segmentation.assign(customers)
    report("measure all KPIs", seconds(lambda: segkit.measure(customers, assignment)), "s", plain)


def reading(folder: Path, rows: int) -> None:
    """Measure reading on its own, against pandas on the same bytes: time, and memory of all processes."""
    path = folder / "many.csv"
    company(rows).to_csv(path, index=False)
    size = path.stat().st_size
    pandas = seconds(lambda: pd.read_csv(io.BytesIO(path.read_bytes())))
    report(f"yardstick: pandas.read_csv, {rows:,} rows, {size / MEGABYTE:.0f} MB", pandas, "s")
    report("segkit.read, typed and checked", seconds(lambda: segkit.read(path)), "s", pandas, "≤ 3 ×")
    report("peak memory of reading it", peak_memory(path), "MB", size / MEGABYTE, "≤ 5 × the file")
    few = min(rows, 100_000)
    book = folder / "many.xlsx"
    write_workbook(company(few), book)
    plain = seconds(lambda: pd.read_excel(book, engine="openpyxl"), 1)
    report(f"yardstick: pandas.read_excel with openpyxl, {few:,} rows", plain, "s")
    report("segkit.read of the workbook", seconds(lambda: segkit.read(book)), "s", plain, "≤ 0.2 ×")


def write_workbook(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame row by row, which needs far less memory than pandas does."""
    import xlsxwriter

    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Customers")
        sheet.write_row(0, 0, list(frame.columns))
        for place, row in enumerate(frame.itertuples(index=False), start=1):
            sheet.write_row(place, 0, [None if cell != cell else cell for cell in row])


def peak_memory(path: Path) -> float:
    """Read a file in a new process; gives the most memory that it and its children had together (Linux)."""
    command = [sys.executable, "-c", f"import segkit; segkit.read({str(path)!r})"]
    reader = subprocess.Popen(command, cwd=ROOT)
    most = 0.0
    while reader.poll() is None:
        most = max(most, sum(resident(one) for one in _family(reader.pid)))
        time.sleep(0.002)
    return most


def _family(process_id: int) -> list[int]:
    """A process and the children that it has just now."""
    try:
        text = Path(f"/proc/{process_id}/task/{process_id}/children").read_text()
    except OSError:
        return []
    return [process_id, *(one for child in text.split() for one in _family(int(child)))]


def script_time(path: Path) -> None:
    """Measure a rerun of each page that changes nothing."""
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    at.file_uploader(key="upload").upload(path.name, path.read_bytes(), "text/csv").run()
    for page in ("data", "segments", "results", "downloads"):
        at.switch_page(f"pages/{page}/page.py").run()
        report(f"rerun of the {page} page, nothing changed", seconds(at.run, 5), "s", None, "≤ 0.15 s")


def open_results(browser: Browser, address: str, path: Path) -> tuple[Page, float]:
    """Upload a file in a new session and go to the KPIs; returns the page and the seconds it took."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    field = page.get_by_test_id("stFileUploaderDropzoneInput")
    field.wait_for(state="attached")
    start = time.perf_counter()
    field.set_input_files(str(path))
    page.locator(".st-key-find-segments button").click()
    page.locator(".st-key-see-results button").click()
    expect(page.locator("table.kpis").first).to_be_visible(timeout=PATIENCE * 1000)
    return page, time.perf_counter() - start


def change_segments(page: Page) -> float:
    """Move the slider by one and go back to the results; returns the seconds until they show."""
    page.get_by_role("link", name="Segments").click()
    slider = page.locator(".st-key-how-many input[type=range]")
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()
    wanted = int(slider.input_value()) + 1
    start = time.perf_counter()
    slider.press("ArrowRight")
    page.get_by_role("link", name="Results").click()
    expect(page.locator("table.kpis").first.locator("tbody tr")).to_have_count(wanted + 1)
    return time.perf_counter() - start


def resident(process_id: int) -> float:
    """Memory of a process in megabytes (Linux); 0 once it is gone."""
    try:
        lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def of_all(process_id: int) -> float:
    """Memory of a process and its children in megabytes."""
    return sum(resident(one) for one in _family(process_id))


class Health:
    """Asks a server again and again whether it is there, and keeps the longest wait for the answer."""

    def __init__(self, address: str) -> None:
        self.worst, self._address, self._over = 0.0, f"{address}/_stcore/health", threading.Event()
        threading.Thread(target=self._ask, daemon=True).start()

    def _ask(self) -> None:
        while not self._over.wait(0.05):
            start = time.perf_counter()
            with suppress(OSError):  # the server has just been stopped
                urllib.request.urlopen(self._address, timeout=PATIENCE).close()
            self.worst = max(self.worst, time.perf_counter() - start)

    def stop(self) -> None:
        """Ask no more."""
        self._over.set()


def responsiveness(folder: Path, rows: int) -> None:
    """Measure how the server answers while a session segments very many customers."""
    path = folder / "very-many.csv"
    company(rows).to_csv(path, index=False)
    with running_app() as (address, server), running_browser() as browser:
        health = Health(address)
        page, first = open_results(browser, address, path)
        page.get_by_role("link", name="Segments").click()
        lights = page.locator(".cards .light").first
        expect(lights).not_to_contain_text("…", timeout=PATIENCE * 1000)
        health.stop()
        report(f"{rows:,} customers: upload to KPIs on screen", first, "s")
        report("longest wait for the health of the server meanwhile", health.worst, "s", None, "≤ 1 s")
        report("memory of server and workers", of_all(server.pid), "MB")


def in_browser(data: bytes, folder: Path, sessions: int) -> None:
    """Measure what the marketer sees, and the memory of her session and of several."""
    paths = []
    for place in range(sessions):
        paths.append(folder / f"customers-{place}.csv")
        paths[-1].write_bytes(data.replace(b"customer_id", f"customer_id{place}".encode(), 1))
    with running_app() as (address, server), running_browser() as browser:
        small = folder / "small.csv"
        company(200, seed=1).to_csv(small, index=False)
        open_results(browser, address, small)[0].close()
        empty, only = of_all(server.pid), resident(server.pid)
        page, first = open_results(browser, address, paths[0])
        report("upload to KPIs on screen", first, "s", None, "≤ 6 s")
        report("one session above an empty app: server", resident(server.pid) - only, "MB", None, "≤ 150 MB")
        report("the same with its worker processes", of_all(server.pid) - empty, "MB")
        report("another number of segments to new results", change_segments(page), "s", None, "≤ 1 s")
        pages = [page] + [open_results(browser, address, path)[0] for path in paths[1:]]
        whole = of_all(server.pid)
        report(f"{len(pages)} sessions, server and workers", whole, "MB", None, "≤ 1,200 MB for 10")


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--reading-rows", type=int, default=1_000_000)
    parser.add_argument("--only-reading", action="store_true")
    parser.add_argument("--skip-browser", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        reading(Path(name), chosen.reading_rows)
    if chosen.only_reading:
        return
    data = company(chosen.rows).to_csv(index=False).encode()
    print(f"\n{chosen.rows:,} customers x 20 columns, {len(data) / MEGABYTE:.1f} MB as CSV\n")
    library(data)
    if chosen.skip_browser:
        return
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "customers.csv")
        path.write_bytes(data)
        script_time(path)
        in_browser(data, Path(name), chosen.sessions)
        responsiveness(Path(name), chosen.reading_rows)


if __name__ == "__main__":
    main()
