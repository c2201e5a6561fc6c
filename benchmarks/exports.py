"""Write lists of customers: ours beside pandas and zipfile, on the same segments in one run.

``python benchmarks/exports.py --rows 1000000`` invents customers with 20 columns, reads them with segkit and
divides them into 8 segments. Then it writes a CSV per segment, and all of them into a ZIP, once as pandas'
``to_csv`` and ``zipfile`` do by default and once with segkit: cells safe for spreadsheets, and raw. Each is
taken the best of a few times; of two frames (cells as text, numbers as numbers) the faster is compared with.
Memory is the most that a process of its own needed beside the table, while it wrote to nowhere or to bytes.

Goals: CSVs in an eighth of the time, the ZIP in a quarter.
"""

import argparse
import io
import multiprocessing
import sys
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import segkit  # noqa: E402
from benchmarks.run import MEGABYTE, company  # noqa: E402
from benchmarks.timing import fastest  # noqa: E402
from segkit.customers.table import Customers  # noqa: E402
from segkit.exports import lists  # noqa: E402
from segkit.segments.segmentation import Assignment, Segment  # noqa: E402

SEGMENTS = 8
CSV_GOAL, ZIP_GOAL = 8, 4
STATM = Path("/proc/self/statm")
PAGE = 4096  # bytes of a page of memory
LOOKING = 0.002  # seconds between looks at it


def assigned(rows: int) -> Assignment:
    """Divide customers by chance."""
    rng = np.random.default_rng(1)
    segments = tuple(Segment(f"S{place + 1}", f"Segment {place + 1}", place) for place in range(SEGMENTS))
    codes = rng.integers(0, SEGMENTS, rows).astype(np.int16)
    return Assignment(segments, codes, rng.uniform(0.5, 1, rows).astype(np.float32))


# --- the two sides ----------------------------------------------------------------------------------


def frames(customers: Customers, assignment: Assignment) -> dict[str, list[pd.DataFrame]]:
    """A frame per segment with what the lists hold, as text and as what pandas reads."""
    whole = lists.with_segments(customers, assignment).to_pandas()
    coded = [name for name in whole if isinstance(whole[name].dtype, pd.CategoricalDtype)]
    text = whole.astype(dict.fromkeys(coded, "str"))
    typed = text.assign(**customers.frame[[name for name in customers.frame if name in whole]])
    return {
        kind: [frame[assignment.codes == place] for place in range(SEGMENTS)]
        for kind, frame in (("text", text), ("typed", typed))
    }


def by_pandas(parts: list[pd.DataFrame]) -> list[bytes]:
    """A CSV per segment."""
    return [part.to_csv(index=False).encode() for part in parts]


def by_zipfile(parts: list[pd.DataFrame]) -> bytes:
    """All of them in an archive, deflated as zipfile does."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, content in enumerate(by_pandas(parts)):
            archive.writestr(f"S{place + 1}.csv", content)
    return sink.getvalue()


def ours(customers: Customers, assignment: Assignment, raw: bool) -> list[bytes]:
    """A CSV per segment, by segkit."""
    return [lists.segment_csv(customers, assignment, one.key, raw) for one in assignment.segments]


def same(mine: list[bytes], theirs: list[bytes]) -> bool:
    """Whether the lists have the same cells; pandas writes 1 as 1.0."""
    kinds = {"dtype": {"confidence": float}, "keep_default_na": False}
    pairs = zip(mine, theirs, strict=True)
    return all(_read(one, kinds).equals(_read(other, kinds)) for one, other in pairs)


def _read(content: bytes, kinds: dict[str, Any]) -> pd.DataFrame:
    names = pd.read_csv(io.BytesIO(content), nrows=0).columns
    return pd.read_csv(io.BytesIO(content), **kinds | {"dtype": dict.fromkeys(names, str) | kinds["dtype"]})


# --- memory -----------------------------------------------------------------------------------------


class Nowhere(io.RawIOBase):
    """Takes everything and keeps nothing."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return len(data)


def most_needed(path: str, what: str, answer: Any) -> None:
    """Tell how much memory a process needs beside the table while it writes, and how large the result is."""
    customers = segkit.read(path)
    assignment = assigned(len(customers))
    kept = what.endswith("bytes")
    sink: BinaryIO = io.BytesIO() if kept else Nowhere()  # type: ignore[assignment]
    before, most, over = resident(), 0, threading.Event()

    def look() -> None:
        nonlocal most
        while not over.wait(LOOKING):
            most = max(most, resident())

    looking = threading.Thread(target=look)
    looking.start()
    if what.startswith("list"):
        lists.write_list(customers, assignment, None, False, lists.USUAL, sink)
    else:
        lists.write_zip(customers, assignment, False, lists.USUAL, None, sink)
    over.set()
    looking.join()
    answer.put((most - before, sink.tell() if kept else 0))


def resident() -> int:
    """Bytes of this process that are in memory."""
    return int(STATM.read_text().split()[1]) * PAGE


def memory(path: str) -> None:
    """Print how much memory writing needs."""
    if not STATM.exists():
        print("memory is measured on Linux only")
        return
    spawned = multiprocessing.get_context("spawn")
    for what in ("list", "zip", "list as bytes", "zip as bytes"):
        answer = spawned.Queue()
        child = spawned.Process(target=most_needed, args=(path, what, answer))
        child.start()
        needed, size = answer.get()
        child.join()
        result = f", of which the result {size / MEGABYTE:,.0f} MB" if size else ""
        print(f"  memory for the {what:<14} {needed / MEGABYTE:7,.0f} MB{result}", flush=True)


# --- the report -------------------------------------------------------------------------------------


def compare(rows: int, path: Path) -> bool:
    """Print how long both take; says whether the goals were held."""
    company(rows).to_csv(path, index=False)
    customers = segkit.read(path)
    assignment = assigned(rows)
    print(f"{rows:,} customers x {len(customers.columns)} columns, {SEGMENTS} segments", flush=True)
    parts = frames(customers, assignment)
    naive = {kind: fastest(lambda part=part: by_pandas(part)) for kind, part in parts.items()}  # type: ignore[misc]
    kind = min(naive, key=lambda one: naive[one][0])
    slow, _ = naive[kind]
    for one, (took, _) in naive.items():
        print(f"  CSVs, pandas ({one:<5})   {took:7.2f} s")
    held, files = [], {}
    for name, raw in (("safe", False), ("raw", True)):
        took, files[name] = fastest(lambda raw=raw: ours(customers, assignment, raw))  # type: ignore[misc]
        held.append(slow / took >= CSV_GOAL)
        print(
            f"  CSVs, ours ({name:<4})      {took:7.2f} s: {slow / took:5.1f} times as fast (goal {CSV_GOAL})"
        )
    assert same(files["raw"], by_pandas(parts["text"]))
    slow, archive = fastest(lambda: by_zipfile(parts[kind]))
    took, mine = fastest(lambda: lists.segments_zip(customers, assignment))
    held.append(slow / took >= ZIP_GOAL)
    print(f"  ZIP, pandas and zipfile {slow:7.2f} s, {len(archive) / MEGABYTE:.0f} MB")
    print(f"  ZIP, ours               {took:7.2f} s: {slow / took:5.1f} times as fast (goal {ZIP_GOAL}), "
          f"{len(mine) / MEGABYTE:.0f} MB")  # fmt: skip
    assert zipfile.ZipFile(io.BytesIO(mine)).testzip() is None
    memory(str(path))
    return all(held)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, action="append")
    with tempfile.TemporaryDirectory() as folder:
        held = [
            compare(size, Path(folder, "customers.csv")) for size in parser.parse_args().rows or [100_000]
        ]
    sys.exit(0 if all(held) else 1)
