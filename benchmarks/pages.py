"""Measure in a real browser how long a marketer with 100,000 customers waits for a page.

``python benchmarks/pages.py`` prints tables in Markdown: the start of the app until its first page is drawn,
in a fresh server each time; then, in one session with 100,000 customers, a run that changes nothing, another
number of segments, another segment in focus, and each way from page to page. Medians of seven tries.

Times are taken inside the page: from the click or key until what was asked for is drawn, seen by an observer
of the page's changes, and two frames later painted. Waiting from outside would add its own pauses. Of a page
two moments are told: its headline, and its first picture. Exit code 1 says that a goal was missed.

Options: ``--rows N`` (100,000), ``--tries N`` (7), ``--only-session`` leaves the cold start out.
"""

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.run import company, open_results
from segkit.segments.plan import MOST_SEGMENTS
from tests.browser import SLOW, idle, running_app, running_browser

COLD = 4000.0  # milliseconds until the first page
SWITCH = 300.0  # until the headline of another page, and until its first picture
FOCUS = 300.0
STILL = 1200  # milliseconds without a change before a page is timed: what was done ahead is over
WINDOW = {"width": 1280, "height": 800}

Wanted = dict[str, str]  # an element by selector; maybe its text; how it shows: a key of `shows` below

HEADLINE: Wanted = {"selector": "h1.headline", "how": "opening"}
OVERVIEW = ".st-key-card-overview .main-svg"
OPENS_WITH = {  # each page by the text of its link: its first picture, or what stands for it
    "Segments": ".st-key-card-map .main-svg",
    "Results": OVERVIEW,
    "Explore": ".st-key-card-compare .main-svg",
    "Over time": ".st-key-card-retention-curves .main-svg",
    "Downloads": ".st-key-download-customers button",
}

WATCH = """
({ wanted, patience }) => {
  const painted = async () => {
    for (const _ of [1, 2]) await new Promise((then) => requestAnimationFrame(then));
    return performance.now();
  };
  const there = (element) => element.getClientRects().length > 0 && !element.closest("[data-stale=true]");
  const says = (element, text) => !text || new RegExp(text).test(element.textContent);
  const find = ({ selector, text }) => [...document.querySelectorAll(selector)].filter(
    (element) => there(element) && says(element, text));
  const before = new Set(wanted.flatMap(({ selector }) => [...document.querySelectorAll(selector)]));
  const sentences = new Set([...before].map((element) => element.textContent));
  let begun = null;
  for (const event of ["keydown", "click"])
    document.addEventListener(event, (it) => begun ??= it.timeStamp, { capture: true, once: true });
  window.timing = new Promise((resolve, reject) => {
    const after = wanted.map(() => null);
    const gone = wanted.map(() => false);
    const shows = {
      new: (one) => find(one).some((element) => !before.has(element)),
      redrawn: (one, place, changes) => changes.some(
        ({ target }) => (target.closest ? target : target.parentElement)?.closest(one.selector)),
      // another sentence; two pages may open with the same one: then with what follows it
      opening: (one) => find(one).some((element) => !sentences.has(element.textContent))
        || after.some((value) => value !== null),
      again: (one, place) => {
        const now = find(one).length > 0;
        gone[place] ||= !now;
        return gone[place] && now;
      },
    };
    const observer = new MutationObserver((changes) => wanted.forEach(async (one, place) => {
      if (begun === null || after[place] !== null || !shows[one.how](one, place, changes)) return;
      after[place] = NaN;
      after[place] = (await painted()) - begun;
      if (after.every((value) => value > 0)) { observer.disconnect(); resolve(after); }
    }));
    observer.observe(document.body,
      { subtree: true, childList: true, characterData: true, attributes: true });
    setTimeout(() => {
      observer.disconnect();
      reject(new Error("never drawn: " + JSON.stringify(wanted.filter((_, place) => !(after[place] > 0)))));
    }, patience);
  });
  window.timing.catch(() => 0);
}
"""
STOOD_STILL = """
(still) => new Promise((resolve) => {
  const done = () => { observer.disconnect(); resolve(); };
  let timer = setTimeout(done, still);
  const observer = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, still); });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
})
"""
FIRST_PAGE = """
() => new Promise((resolve) => {
  const look = () => document.querySelector("h1.hero")
    ? requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())))
    : requestAnimationFrame(look);
  look();
})
"""


def cold_start(browser: Browser) -> float:
    """Milliseconds from the start of the process to the first page on screen, with an empty browser cache."""
    begun = time.time()
    with running_app() as (address, _):
        page = browser.new_page(viewport=WINDOW)
        page.goto(address, wait_until="commit")
        drawn = page.evaluate(FIRST_PAGE)
        page.close()
    return drawn - 1000 * begun


def timed(page: Page, act: Callable[[], object], *wanted: Wanted) -> list[float]:
    """Do something on a quiet page; gives the milliseconds until each thing wanted was painted."""
    idle(page)
    page.evaluate(STOOD_STILL, STILL)
    page.evaluate(WATCH, {"wanted": list(wanted), "patience": SLOW})
    act()
    taken: list[float] = page.evaluate("window.timing")
    return taken


def opened(
    page: Page, act: Callable[[], object], picture: str, how: str = "new", text: str = ""
) -> list[float]:
    """Do something; gives the milliseconds until the headline, of some text, and until the picture."""
    drawn, said = timed(page, act, {"selector": picture, "how": how}, HEADLINE | {"text": text})
    return [said, drawn]


def to(page: Page, name: str) -> list[float]:
    """Follow the link to a page; until its headline, and until its first picture."""
    return opened(page, page.get_by_role("link", name=name).click, OPENS_WITH[name])


def round_trip(names: list[str]) -> Iterator[tuple[str, str]]:
    """A way over the pages that goes from each to each other at least once, and ends where it began."""
    stops = [names[0]]
    for place, name in enumerate(names):
        if place:
            stops.append(name)
        stops += itertools.chain.from_iterable((other, name) for other in names[place + 1 :])
    yield from itertools.pairwise([*stops, names[0]])


def unchanged(page: Page) -> list[float]:
    """Run the page again as it is, by its own link, until the run is over."""
    over: Wanted = {"selector": "[data-testid=stApp][data-test-script-state=notRunning]", "how": "again"}
    return timed(page, page.get_by_role("link", name="Results").click, over)


def another_number(page: Page, key: str, count: int) -> list[float]:
    """Move the slider with a key, on the segments page; until the headline says so, and until the map."""
    slider = page.locator(".st-key-how-many input[type=range]")
    slider.focus()
    picture = OPENS_WITH["Segments"]
    return opened(page, lambda: slider.press(key), picture, text=f"^{count} segments")


def another_focus(page: Page, place: int) -> list[float]:
    """Put another segment in front, on the results page; until the headline, and until the picture."""
    box = page.locator(".st-key-focus").get_by_role("combobox")
    idle(page)
    box.click()
    option = page.get_by_role("option").nth(place)
    option.wait_for()
    return opened(page, option.click, OVERVIEW, "redrawn")


@contextmanager
def session(browser: Browser, rows: int, folder: Path) -> Iterator[Page]:
    """A session with customers of its own, on the results page."""
    path = folder / "customers.csv"
    company(rows).to_csv(path, index=False)
    with running_app() as (address, _):
        page, _ = open_results(browser, address, path)
        page.set_default_timeout(SLOW)
        yield page
        page.close()


Times = dict[tuple[str, ...], list[list[float]]]


def in_session(page: Page, tries: int) -> Times:
    """Take all times of a session."""
    times: Times = defaultdict(list)
    for turn in range(tries):
        times["run with nothing changed",].append(unchanged(page))
        times["another focus",].append(another_focus(page, 1 + turn % 2))
    to(page, "Segments")
    for _ in range(tries):
        for here, there in round_trip(list(OPENS_WITH)):
            times[here, there].append(to(page, there))
    for key, count in (("End", MOST_SEGMENTS), ("Home", 2)):
        times["a far number of segments",].append(another_number(page, key, count))
    for turn in range(min(tries, MOST_SEGMENTS - 2)):
        times["one segment more",].append(another_number(page, "ArrowRight", 3 + turn))
    return times


# --- the report -----------------------------------------------------------------------------------


def medians(tries: list[list[float]]) -> list[float]:
    """The median of each moment that was told."""
    return [statistics.median(moment) for moment in zip(*tries, strict=True)]


def row(what: str, tries: list[list[float]], goal: float | None) -> bool:
    """Print a row of the table; says whether the goal was held."""
    middle = medians(tries)
    slowest = max(max(one) for one in tries)
    held = goal is None or max(middle) <= goal
    told = " / ".join(f"{value:,.0f}" for value in middle)
    wanted = f"≤ {goal:,.0f} ms | {'yes' if held else 'NO'}" if goal else "|"
    print(f"| {what} | {told} ms | {slowest:,.0f} ms | {len(tries)} | {wanted} |", flush=True)
    return held


def switches(times: Times) -> bool:
    """Print how long each way from page to page took; says whether the goal was held by all."""
    names = list(OPENS_WITH)
    print(f"\nFrom page to page: headline / first picture, ms (goal ≤ {SWITCH:.0f})\n")
    print(f"| from, to | {' | '.join(names)} |\n|---|{'---:|' * len(names)}")
    for here in names:
        cells = [medians(times[here, there]) if here != there else [] for there in names]
        told = [" / ".join(f"{value:,.0f}" for value in cell) or "·" for cell in cells]
        print(f"| {here} | {' | '.join(told)} |", flush=True)
    return all(max(medians(tries)) <= SWITCH for way, tries in times.items() if len(way) > 1)


def measured(browser: Browser, rows: int, tries: int, cold: bool, folder: Path) -> bool:
    """Take all times and print them; says whether every goal was held."""
    starts = [[cold_start(browser)] for _ in range(tries)] if cold else []
    with session(browser, rows, folder) as page:
        times = in_session(page, tries)
    print(f"\n{rows:,} customers x 20 columns; where two times stand: headline / first picture\n")
    print("| | median | slowest | tries | goal | held |\n|---|---:|---:|---:|---:|---|")
    held = [row("cold start to first page", starts, COLD)] if starts else []
    goals = {"another focus": FOCUS}
    for way, taken in times.items():
        if len(way) == 1:
            held.append(row(way[0], taken, goals.get(way[0])))
    everywhere = [one for way, taken in times.items() if len(way) > 1 for one in taken]
    held += [row("from page to page, all ways", everywhere, SWITCH), switches(times)]
    return all(held)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--tries", type=int, default=7)
    parser.add_argument("--only-session", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, running_browser() as browser:
        held = measured(browser, chosen.rows, chosen.tries, not chosen.only_session, Path(name))
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
