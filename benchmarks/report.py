"""Write the report of 100,000 customers, beside plotly's own way of writing figures as HTML, in one run.

``python benchmarks/report.py`` invents customers, tells their story and measures how long the report takes
once the story is there: the first time, when plotly is packed, and after that. Beside it stand the same
figures written one by one as plotly proposes, ``figure.to_html(full_html=True, include_plotlyjs=True)``. Then
a browser opens the report, and plotly's files: time to the first paint and until all figures are drawn.

Options: ``--rows N`` (100,000), ``--segments N`` (8), ``--skip-browser``. Exit code 1: a goal was missed.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser

import segkit
from benchmarks.run import company
from segkit.charts.palette import LIGHT
from segkit.charts.report_charts import report_charts
from segkit.exports.html_report import report
from segkit.insights.edition import edition
from segkit.insights.story.blocks import Bars
from segkit.insights.story.telling import Story, story
from tests.browser import SLOW, running_browser

GOAL = 2.0  # seconds, for the first report of a process
LARGEST = 6.0  # MB
TRIES = 5
MEGABYTE = 1e6

PAINTED = """
() => new Promise((resolve) => {
  const look = () => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    if (paint) resolve(paint.startTime); else requestAnimationFrame(look);
  };
  look();
})
"""
DRAWN = """
(all) => new Promise((resolve) => {
  const look = () => {
    if (document.querySelectorAll(".js-plotly-plot").length >= all) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  if (all > 1) window.dispatchEvent(new Event("beforeprint"));
  look();
})
"""


def took(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def told(rows: int, segments: int) -> tuple[Story, segkit.Customers, segkit.Segmentation]:
    """The story of some invented customers."""
    customers = segkit.read(company(rows))
    segmentation = segkit.segment(customers, segkit.Plan(n_segments=segments))
    assignment = segmentation.assign(customers)
    kpis = segkit.measure(customers, assignment)
    about = edition(customers, segmentation, rows, rows, "company.csv")
    return story(customers, assignment, kpis, about), customers, segmentation


def by_plotly(all_pages: Story) -> list[str]:
    """Each figure of a story as a file, as plotly proposes it."""
    bars = [(one, page) for page in all_pages.pages for one in page.blocks if isinstance(one, Bars)]
    pairs = [pair for one, page in bars for pair in report_charts(one, LIGHT, page.title)]
    return [pair.wide.figure.to_html(full_html=True, include_plotlyjs=True) for pair in pairs]


def in_browser(browser: Browser, path: Path, figures: int) -> tuple[float, float]:
    """Milliseconds until something is on screen, and until so many figures are drawn."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(path.as_uri(), wait_until="commit")
    painted = page.evaluate(PAINTED)
    if figures > 1:
        page.locator("html[data-drawn], html:not(.js)").first.wait_for(state="attached", timeout=SLOW)
    drawn = page.evaluate(DRAWN, figures)
    page.close()
    return painted, drawn


def compare(rows: int, segments: int, browse: bool) -> bool:
    """Set both ways beside each other; says whether the goals were held."""
    given = told(rows, segments)
    first = took(lambda: report.report_html(*given))
    later = min(took(lambda: report.report_html(*given)) for _ in range(TRIES))
    written = report.report_html(*given)
    naive = min(took(lambda: by_plotly(given[0])) for _ in range(2))
    files = by_plotly(given[0])
    size, theirs = len(written) / MEGABYTE, sum(len(one.encode()) for one in files) / MEGABYTE
    print(f"{rows:,} customers, {segments} segments: {len(given[0].pages)} pages, {len(files)} figures")
    print(f"  report, first of a process  {first:7.3f} s (at most {GOAL:.0f} s)   {size:6.2f} MB (at most 6)")
    print(f"  report, after that          {later:7.3f} s")
    print(f"  plotly, figure by figure    {naive:7.3f} s                  {theirs:6.2f} MB")
    print(f"  ratio of time {later / naive:.3f}, of size {size / theirs:.3f} (at most 1)")
    if browse:
        with tempfile.TemporaryDirectory() as folder, running_browser() as browser:
            ours, its = Path(folder, "report.html"), Path(folder, "figure.html")
            ours.write_bytes(written)
            its.write_text(files[0], encoding="utf-8")
            for name, path, count in (("report", ours, len(files)), ("one figure by plotly", its, 1)):
                times = [in_browser(browser, path, count) for _ in range(TRIES)]
                painted, drawn = (sorted(one)[TRIES // 2] for one in zip(*times, strict=True))
                print(f"  {name:<22} first paint {painted:5.0f} ms, all figures drawn {drawn:6.0f} ms")
    return first <= GOAL and size <= LARGEST and later <= naive and size <= theirs


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--segments", type=int, default=8)
    parser.add_argument("--skip-browser", action="store_true")
    chosen = parser.parse_args()
    sys.exit(0 if compare(chosen.rows, chosen.segments, not chosen.skip_browser) else 1)
