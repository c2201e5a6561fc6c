"""Measure the whole road from a file to figures, beside what people do without segkit, in one run.

``python benchmarks/end_to_end.py --rows 10000 --rows 100000`` invents customers, writes them to a CSV and
lets each side start from that file, one after the other and each in a process of its own:

- segkit: reading, advice on the number of segments (redraws, gaps, scrambled data), segments with names, KPIs
  with intervals and verdicts, and the four charts of the results page;
- the notebook of a careful analyst: pandas and scikit-learn, k-means with ten starts for 2 to 10 segments on
  all rows, the silhouette of each on 10,000, means by segment, bar charts of plotly express;
- with ``--orange PYTHON``, the k-means of Orange3 as its widget runs it (ten starts, silhouettes on 5,000)
  for the same numbers of segments; PYTHON is that of an environment where Orange3 is installed;
- with ``--rival DIR``, the pipeline of another app: ``pipeline.py CSV`` in that folder, run by the ``.venv``
  of that folder where there is one. The last line it prints is JSON:
  ``{"segments": 5, "seconds": 12.3, "within": 456.7}``, the last being its within-cluster sum of squares.

All form segments from the same columns. How tight the segments are is compared at equal terms: at the number
of segments that segkit recommends, in the space that the notebook scales and in segkit's own, each time
beside k-means of scikit-learn with ten starts on all rows of that space.

What is printed is Markdown; ``--out FILE`` also appends it to a file.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Only the standard library up here: another environment runs this file for Orange3, and Linux counts the
# memory of the process that starts a child as the child's, so this process is to stay small.

ROOT = Path(__file__).resolve().parents[1]
DIMENSIONS = (
    "age income tenure_months sessions basket discount_share gender country plan_tier device channel app_user"
).split()
ANSWERS = ["csat", "nps", "revenue"]
YES_NO = ["retained", "converted"]
COUNTS = range(2, 11)
STARTS = 10
SILHOUETTE_ROWS = 10_000
ORANGE_SILHOUETTE_ROWS = 5_000  # SILHOUETTE_MAX_SAMPLES of Orange's k-means widget
STEPS = ("start", "read", "how many", "segments", "KPIs", "figures")
GOALS = {100_000: 8, 1_000_000: 20}
REPEATS, LONG, REPEATS_LONG = 3, 1_000_000, 1  # runs of each side; from `LONG` rows a run is minutes
PATIENCE = 3_600  # seconds that one side is given
QUIET = 0.1  # of the machine may be busy where a run waits for a quiet moment
MAXRSS = 1 << 20 if sys.platform == "darwin" else 1 << 10  # in a megabyte, of the unit of `ru_maxrss`

Figures = dict[str, Any]
"""What a side says of its run: seconds by step, megabytes, segments; or why it failed."""


# --- the sides, each in a process of its own --------------------------------------------------------


class Clock:
    """Seconds of one step after the other."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self._last = time.perf_counter()

    def done(self, step: str) -> None:
        """Count the time since the step before."""
        now = time.perf_counter()
        self.steps[step] = now - self._last
        self._last = now


def spent() -> Figures:
    """Seconds of processor, and megabytes: the most this process had and, on top, the most a child had."""
    import resource

    mine, childs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(one.ru_utime + one.ru_stime for one in (mine, childs))
    return {"cpu": cpu, "memory": (mine.ru_maxrss + childs.ru_maxrss) / MAXRSS}


def by_segkit(path: str, kept: str) -> Figures:
    """From the file to figures with segkit."""
    clock = Clock()
    sys.path.insert(0, str(ROOT))
    import segkit
    from segkit.charts.frame import HALF
    from segkit.charts.kpi_charts import nps_bands, overview, overview_title, sizes
    from segkit.charts.kpi_pictures import heat_table
    from segkit.charts.palette import LIGHT

    read, advise, segment, measure = segkit.read, segkit.advise, segkit.segment, segkit.measure
    clock.done("start")
    customers = read(path)
    clock.done("read")
    plan = segkit.Plan(dimensions=tuple(DIMENSIONS))
    advice = advise(customers, plan, COUNTS)
    clock.done("how many")
    segmentation = segment(customers, plan.with_segments(advice.recommended))
    assignment = segmentation.assign(customers)
    clock.done("segments")
    kpis = measure(customers, assignment)
    clock.done("KPIs")
    charts = (
        overview(kpis, assignment.segments, LIGHT, overview_title(kpis)),
        sizes(kpis, assignment.segments, LIGHT),
        nps_bands(kpis, LIGHT),
        heat_table(kpis, assignment.segments, LIGHT, width=HALF),
    )
    for chart in charts:
        assert chart is not None  # there are answers to everything
        json.dumps(chart.drawn)
    clock.done("figures")
    found = {"steps": clock.steps, "segments": advice.recommended} | spent()
    keep(kept, {str(advice.recommended): assignment.codes})
    return found | {"verdict": advice.verdict}


def by_notebook(path: str, kept: str) -> Figures:
    """From the file to figures as a careful analyst writes it."""
    clock = Clock()
    import pandas as pd
    import plotly.express as px
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    clock.done("start")
    customers = pd.read_csv(path)
    clock.done("read")
    space = scaled(customers)
    labels, widths = {}, {}
    for count in COUNTS:
        labels[count] = KMeans(count, n_init=STARTS, random_state=0).fit(space).labels_
        size = min(SILHOUETTE_ROWS, len(space))
        widths[count] = silhouette_score(space, labels[count], sample_size=size, random_state=0)
    best = max(widths, key=widths.__getitem__)
    clock.done("how many")
    customers["segment"] = labels[best]
    clock.done("segments")
    answers = customers[ANSWERS].assign(**{name: customers[name] == "yes" for name in YES_NO})
    groups = answers.groupby(customers["segment"])
    means, sizes = groups.mean(), groups.size().rename("customers")
    clock.done("KPIs")
    for column in (sizes, *(means[name] for name in means)):
        px.bar(column.reset_index(), x="segment", y=column.name, title=column.name).to_json()
    clock.done("figures")
    found = {"steps": clock.steps, "segments": best} | spent()
    keep(kept, {str(count): codes for count, codes in labels.items()})
    return found


def scaled(customers: Any) -> Any:
    """Prepare a frame as a notebook does; returns an array of shape (rows, dummies and numbers)."""
    import pandas as pd
    from sklearn.preprocessing import StandardScaler

    return StandardScaler().fit_transform(pd.get_dummies(customers[DIMENSIONS]))


def by_orange(path: str, kept: str) -> Figures:
    """From the file to segments with the k-means of Orange3, as its widget prepares, fits and scores."""
    clock = Clock()
    import warnings

    warnings.simplefilter("ignore")  # what it says of the libraries below it is not for us
    from Orange.clustering import KMeans
    from Orange.data import Domain, Table
    from Orange.preprocess import Normalize
    from sklearn.metrics import silhouette_score

    clock.done("start")
    table = Table.from_file(path)
    clock.done("read")
    data = Normalize()(table.transform(Domain([table.domain[name] for name in DIMENSIONS])))
    for preprocessor in KMeans.preprocessors:
        data = preprocessor(data)
    models, widths = {}, {}
    for count in COUNTS:
        models[count] = KMeans(count, n_init=STARTS, random_state=0, preprocessors=[]).get_model(data)
        size = min(ORANGE_SILHOUETTE_ROWS, len(data))
        widths[count] = silhouette_score(data.X, models[count].labels, sample_size=size, random_state=0)
    best = max(widths, key=widths.__getitem__)
    clock.done("how many")
    version = importlib.metadata.version("Orange3")
    return {"steps": clock.steps, "segments": best, "version": version} | spent()


def by_rival(path: str, folder: str) -> Figures:
    """Run the pipeline of another app; its seconds are its own, as it says them."""
    import resource

    python = Path(folder, ".venv", "bin", "python")
    command = [str(python) if python.exists() else sys.executable, "pipeline.py", path]
    start = time.perf_counter()
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    wall = time.perf_counter() - start
    if ran.returncode:
        return {"failed": last_line(ran.stderr) or f"its pipeline.py ended with {ran.returncode}"}
    try:
        told = json.loads(last_line(ran.stdout))
        found = {name: float(told[name]) for name in ("seconds", "within")}
        segments = int(told["segments"])
    except (ValueError, TypeError, KeyError):
        return {"failed": "the last line of its pipeline.py is not the JSON that was agreed on"}
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {"cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / MAXRSS}
    return found | {"steps": {}, "wall": wall, "segments": segments} | cost


def keep(path: str, codes: dict[str, Any]) -> None:
    """Write the segment of each row, by number of segments, for the comparison of sums of squares."""
    import numpy as np

    np.savez(path, **codes)


# --- how tight the segments are ---------------------------------------------------------------------


def by_judge(path: str, ours: str, theirs: str) -> Figures:
    """Compare within-cluster sums of squares at the number of segments that segkit recommends.

    Returns
    -------
    dict
        "segments", and "within": rows of space, who, sum of squares, and that of scikit-learn there.
    """
    import numpy as np
    import pandas as pd

    sys.path.insert(0, str(ROOT))
    import segkit
    from segkit.segments.methods.clusters import prepared_for
    from segkit.segments.methods.k_means import k_means
    from segkit.segments.prepared import Prepared

    with np.load(ours) as codes, np.load(theirs) as labels:
        (count,) = codes.files
        mine, hand = codes[count], labels[count]
    assert mine.min() >= 0  # somebody who fits none would make the sum smaller
    space = scaled(pd.read_csv(path))
    given = Prepared((), (), space.astype(np.float32))
    tried = k_means(given, int(count), 0).codes(given)
    by_hand = within(space, hand)
    rows = [
        ("the notebook’s", "segkit’s segments", within(space, mine), by_hand),
        ("the notebook’s", "segkit’s k-means on that very matrix", within(space, tried), by_hand),
    ]
    del space, given
    plan = segkit.Plan(dimensions=tuple(DIMENSIONS))
    own = prepared_for(segkit.read(path), plan)[0].space
    rows.append(("segkit’s", "segkit’s segments", within(own, mine), within(own, refitted(own, int(count)))))
    return {"segments": int(count), "within": rows}


def refitted(space: Any, count: int) -> Any:
    """The labels of scikit-learn's k-means on all rows."""
    from sklearn.cluster import KMeans

    return KMeans(count, n_init=STARTS, random_state=0).fit(space).labels_


def within(space: Any, codes: Any) -> float:
    """Sum of squared distances of rows to the mean of their segment, in double precision."""
    import numpy as np

    total, sizes = 0.0, np.bincount(codes)
    for column in space.T:  # column by column: no second copy of the matrix
        values = column.astype(float)
        means = np.bincount(codes, values) / np.maximum(sizes, 1)
        total += float(((values - means[codes]) ** 2).sum())
    return total


def by_inventor(path: str, rows: str) -> Figures:
    """Invent the customers, as the other benchmarks do, and write them."""
    sys.path.insert(0, str(ROOT))
    from benchmarks.run import company

    company(int(rows)).to_csv(path, index=False)
    return {}


ROLES: dict[str, Callable[..., Figures]] = {
    "inventor": by_inventor,
    "segkit": by_segkit,
    "notebook": by_notebook,
    "orange": by_orange,
    "rival": by_rival,
    "judge": by_judge,
}


# --- running them -----------------------------------------------------------------------------------


def last_line(text: str) -> str:
    """The last line that says something; empty where there is none."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def run(role: str, *given: str, python: str = sys.executable) -> Figures:
    """Play a role in a new process; a side that fails or takes too long says so instead of figures."""
    command = [python, str(Path(__file__).resolve()), "--role", role, *given]
    # segkit waits like this anyway; the notebook gets it too, as spinning can cost it a lot beside other work
    patient = os.environ | {"OMP_WAIT_POLICY": "passive"}
    try:
        player = subprocess.Popen(
            command,
            env=patient,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    except OSError as problem:
        return {"failed": f"{python} cannot be started: {problem.strerror}"}
    try:
        told, trouble = player.communicate(timeout=PATIENCE)
    except BaseException as problem:
        os.killpg(player.pid, signal.SIGKILL)  # its children too
        player.communicate()
        if isinstance(problem, subprocess.TimeoutExpired):
            return {"failed": f"stopped after {PATIENCE:,} s"}
        raise
    if player.returncode:
        return {"failed": last_line(trouble) or f"ended with {player.returncode}"}
    return json.loads(last_line(told))


def busy_seconds() -> float:
    """Seconds of processor that the machine has worked so far (Linux; 0 elsewhere)."""
    try:
        ticks = Path("/proc/stat").read_text().split()[1:9]
    except OSError:
        return 0.0
    user, nice, system, _idle, _waiting, *interrupts = map(int, ticks)
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def wait_for_quiet(most: float) -> None:
    """Wait until the machine has next to nothing else to do, at most some seconds."""
    until = time.monotonic() + most
    while time.monotonic() < until:
        before = busy_seconds()
        time.sleep(2)
        if busy_seconds() - before < QUIET * 2 * cores():
            return


def watched(role: str, *given: str, python: str = sys.executable, wait: float = 0) -> Figures:
    """Play a role, and look which share of the machine others took meanwhile."""
    wait_for_quiet(wait)
    before, start = busy_seconds(), time.monotonic()
    found = run(role, *given, python=python)
    taken = busy_seconds() - before - found.get("cpu", 0.0)
    return found | {"elsewhere": max(0.0, taken / (time.monotonic() - start) / cores())}


@dataclass(frozen=True)
class Measured:
    """One number of customers.

    Attributes
    ----------
    rows, repeats, file : int
        Customers, runs of each side, and bytes of the file.
    sides : dict of str to Figures
        Medians by side; segkit is the first.
    judged : Figures
        As `by_judge` gives them; empty where a side failed.
    """

    rows: int
    repeats: int
    file: int
    sides: dict[str, Figures]
    judged: Figures


def measured(rows: int, orange: str = "", rival: str = "", wait: float = 0, repeats: int = 0) -> Measured:
    """Let all sides work on the same file, in turns, never two at once."""
    repeats = repeats or (REPEATS_LONG if rows >= LONG else REPEATS)
    with tempfile.TemporaryDirectory() as folder:
        path, ours, theirs = (str(Path(folder, name)) for name in ("customers.csv", "ours.npz", "theirs.npz"))
        invented = run("inventor", path, str(rows))
        if "failed" in invented:
            raise SystemExit(f"The customers could not be written: {invented['failed']}")
        sides: dict[str, Callable[[], Figures]] = {
            "segkit": lambda: watched("segkit", path, ours, wait=wait),
            "notebook": lambda: watched("notebook", path, theirs, wait=wait),
        }
        if orange:
            sides["Orange3, to segments only"] = lambda: watched("orange", path, "", python=orange, wait=wait)
        if rival:
            app = Path(rival).resolve()
            sides[app.name] = lambda: watched("rival", path, str(app), wait=wait)
        runs: dict[str, list[Figures]] = {name: [] for name in sides}
        for turn in range(repeats):
            for name, play in sides.items():
                print(f"{rows:,} customers, run {turn + 1} of {repeats}: {name}", file=sys.stderr, flush=True)
                runs[name].append(play())
        fine = not any("failed" in one for name in ("segkit", "notebook") for one in runs[name])
        judged = run("judge", path, ours, theirs) if fine else {}
        size = Path(path).stat().st_size
    return Measured(rows, repeats, size, {name: typical(some) for name, some in runs.items()}, judged)


def typical(runs: Sequence[Figures]) -> Figures:
    """Medians of several runs, of each step and of the whole; what failed once has failed."""
    failed = next((one for one in runs if "failed" in one), None)
    if failed is not None:
        return failed
    there = [step for step in STEPS if step in runs[0]["steps"]]
    steps = {step: statistics.median(one["steps"][step] for one in runs) for step in there}
    whole = statistics.median(one.get("seconds", sum(one["steps"].values())) for one in runs)
    cost = {name: statistics.median(one[name] for one in runs) for name in ("cpu", "memory", "elsewhere")}
    return runs[0] | {"steps": steps, "seconds": whole} | cost


# --- telling it -------------------------------------------------------------------------------------


def table_text(everything: Iterable[Measured], load: float | None = None) -> str:
    """Write what was measured as Markdown, for docs/performance.md.

    Parameters
    ----------
    everything : iterable of Measured
    load : float, optional
        How busy the machine was before, as processes that wanted a core.

    Returns
    -------
    str
        A paragraph on machine and versions, a table of times and memory, one of sums of squares, and notes.
    """
    everything = list(everything)
    tables = [times_table(everything), within_table(everything)]
    parts = [circumstances(everything, load), *tables, notes(everything)]
    return "\n\n".join(part for part in parts if part) + "\n"


def times_table(everything: Iterable[Measured]) -> str:
    """Seconds of each step, the whole, its ratio to segkit's, and what it took; a row per side."""
    head = ["customers", "", *STEPS, "all (s)", "÷ segkit", "goal", "÷ without start"]
    head += ["processor (s)", "÷ segkit", "busy elsewhere", "peak memory (MB)", "segments"]
    rows = []
    for one in everything:
        ours = one.sides["segkit"]
        for name, side in one.sides.items():
            if "failed" in side:
                rows.append([f"{one.rows:,}", name, *["–"] * len(STEPS), side["failed"], *[""] * 8])
                continue
            compared = "seconds" in ours and name != "segkit"
            ratio, of_cpu = (
                f"{side[what] / ours[what]:.1f}" if compared else "" for what in ("seconds", "cpu")
            )
            goal = f"≥ {GOALS[one.rows]}" if name == "notebook" and one.rows in GOALS else ""
            steps = [f"{side['steps'][step]:.2f}" if step in side["steps"] else "–" for step in STEPS]
            verdict = f", {side['verdict']}" if side.get("verdict") else ""
            warm = f"{loaded(side) / loaded(ours):.1f}" if compared and side["steps"] else ""
            cost = [f"{side['cpu']:.2f}", of_cpu, f"{side['elsewhere']:.0%}", f"{side['memory']:,.0f}"]
            first = [f"{one.rows:,}", name, *steps, f"{side['seconds']:.2f}", ratio, goal, warm]
            rows.append([*first, *cost, f"{side['segments']}{verdict}"])
    return markdown(head, rows)


def loaded(side: Figures) -> float:
    """Seconds of a side whose libraries are there already, as in a server or an open notebook."""
    return side["seconds"] - side["steps"]["start"]


def within_table(everything: Iterable[Measured]) -> str:
    """Sums of squares in both spaces; empty where nothing was judged."""
    rows = []
    for one in everything:
        if "failed" in one.judged:
            rows.append([f"{one.rows:,}", "", one.judged["failed"], "", "", "", ""])
        for space, who, mine, hand in one.judged.get("within", ()):
            figures = [f"{mine:,.0f}", f"{hand:,.0f}", f"{mine / hand:.5f}"]
            rows.append([f"{one.rows:,}", str(one.judged["segments"]), space, who, *figures])
    head = ["customers", "segments", "scaled space", "", "within-cluster sum of squares"]
    return markdown([*head, "scikit-learn’s k-means there", "ratio"], rows) if rows else ""


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns of numbers stand right."""
    rows = [[cell.replace("|", "/") for cell in row] for row in rows]
    numbers = [
        any(row[place] for row in rows) and all(row[place][:1] in "0123456789–≥" for row in rows)
        for place in range(len(head))
    ]
    lines = [list(head), ["---:" if number else "---" for number in numbers], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def notes(everything: Sequence[Measured]) -> str:
    """What the tables mean."""
    said = [
        "Seconds are medians, the loading of Python’s libraries (“start”) included, and “÷” is by "
        "segkit’s; each side runs in "
        "a process of its own, never two at once, and no thread of any side waits by spinning "
        "(OMP_WAIT_POLICY=passive). “Busy elsewhere” is what other processes took of the machine "
        "meanwhile: where that is much, the ratio of processor seconds tells more. Memory is the most "
        "that a side’s process had plus the most that a child of it had. All form segments from the "
        f"same {len(DIMENSIONS)} columns. “How many” is "
        f"preparing the columns and, in the notebook and in Orange3, k-means with {STARTS} starts and "
        f"the silhouette of each number from {COUNTS[0]} to {COUNTS[-1]}, whose labels are then there; "
        "in segkit it is the whole advice, with redraws, gaps and scrambled data. KPIs are means in "
        "the notebook; in segkit they have intervals and verdicts.",
        "Sums of squares are of all customers, at the number of segments that segkit recommends; both "
        "of a row are taken in the same space, and a ratio of 1 or less is equally tight or tighter. "
        "segkit’s segments come from its own space (skewed columns on a log scale, extremes limited, "
        "a category as much as one number), so they have to be looser in the notebook’s; the row "
        "below shows what its k-means does when it is given the notebook’s matrix.",
    ]
    for one in everything:
        for name, side in one.sides.items():
            if "wall" in side:
                said.append(
                    f"{name} at {one.rows:,}: seconds as it says them, {side['wall']:.2f} on our clock; "
                    f"sum of squares, in a space of its own, {side['within']:,.0f}."
                )
    return "\n\n".join(said)


def circumstances(everything: Sequence[Measured], load: float | None = None) -> str:
    """Machine, versions, files and runs."""
    libraries = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("numpy", "pandas", "scikit-learn", "plotly")
    )
    orange = next((s["version"] for one in everything for s in one.sides.values() if "version" in s), "")
    also = f", Orange3 {orange} in an environment of its own" if orange else ""
    files = "; ".join(
        f"{one.rows:,} customers × 20 columns, {one.file / 1e6:.1f} MB of CSV, "
        f"{one.repeats} {'run' if one.repeats == 1 else 'runs'} of each"
        for one in everything
    )
    busy = "" if load is None else f", load {load:.1f} before"
    return (
        f"{processor()}, {cores()} cores, {memory():.0f} GB of memory{busy}. "
        f"Python {platform.python_version()}, {libraries}{also}; segkit {commit()}. {files}."
    )


def processor() -> str:
    """The model of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory() -> float:
    """Memory of the machine in GB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)


def commit() -> str:
    """The commit of this checkout, and whether the library was changed since."""

    def git(*asked: str) -> str:
        ran = subprocess.run(["git", *asked], cwd=ROOT, capture_output=True, text=True)
        return ran.stdout.strip()

    try:
        changed = " and changes" if git("status", "--porcelain", "--", "segkit") else ""
        return (git("rev-parse", "--short", "HEAD") or "of no commit") + changed
    except OSError:
        return "of no known commit"


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, action="append", help="10000 and 100000 by default")
    parser.add_argument("--orange", default="", metavar="PYTHON", help="of an environment that has Orange3")
    parser.add_argument("--rival", default="", metavar="DIR", help="a checkout with a pipeline.py")
    parser.add_argument(
        "--wait", type=float, default=0, metavar="S", help="for a quiet machine, before a run"
    )
    parser.add_argument("--repeats", type=int, default=0, help="runs of each side, of which medians are told")
    parser.add_argument("--out", type=Path, metavar="FILE", help="append the Markdown to a file")
    parser.add_argument("--role", nargs="+", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.role:
        role, *given = chosen.role
        print(json.dumps(ROLES[role](*given)))
        return
    load = os.getloadavg()[0]
    everything = [
        measured(rows, chosen.orange, chosen.rival, chosen.wait, chosen.repeats)
        for rows in chosen.rows or [10_000, 100_000]
    ]
    text = table_text(everything, load)
    print(text)
    if chosen.out:
        with chosen.out.open("a", encoding="utf-8") as file:
            file.write(f"\n{text}")


if __name__ == "__main__":
    main()
