"""Run the readers in a child process, so that no file can take the application down.

A workbook of two kilobytes can make its parser ask for half a terabyte and abort the process it runs
in; no `except` catches that. The child has limits on memory and processor time where the system has
them (`resource` is missing on Windows), and on wall time everywhere.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa

from segkit.customers.text_tables import TOO_LARGE, TextTable
from segkit.errors import UnreadableFile

SECONDS = 300
SMALLEST_MEMORY = 3 << 30  # the interpreter and Arrow map about 1 GB of addresses before any data
MEMORY_PER_BYTE = 24  # measured: a CSV of 100,000 x 20 needs about 10 times its size

DAMAGED = (
    "The file could not be taken apart; it may be damaged. "
    "Open it in the program it comes from, save it again as CSV, Excel (.xlsx) or Parquet, and try that."
)

_LIMITED = """
import sys
memory, seconds = map(int, sys.argv[1:])
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    with open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")  # a machine short of memory ends this process before any other
except (ImportError, ValueError, OSError):
    pass
from segkit.customers.text_tables import main
main()
"""


def text_table(source: Path | bytes, name: str = "", sheet: str | None = None) -> TextTable:
    """Read a file in a child process.

    Parameters
    ----------
    source : pathlib.Path or bytes
        The file or its content.
    name : str
        What the user calls the file; never used as a path.
    sheet : str, optional
        The sheet of a workbook.

    Raises
    ------
    UnreadableFile
        With the reader's message, or one that says that the limits were passed.
    """
    with tempfile.TemporaryDirectory(prefix="segkit-") as folder:
        if isinstance(source, bytes):
            path = Path(folder, "input")
            path.write_bytes(source)
        else:
            path = source
        target = Path(folder, "table.arrow")
        answer = _child(path, target, name, sheet)
        if "error" in answer:
            raise UnreadableFile(answer["error"])
        table = pa.ipc.open_file(pa.BufferReader(target.read_bytes())).read_all()
    return TextTable(
        table,
        answer["format"],
        tuple(answer["notes"]),
        answer["set_aside"],
        tuple(answer["sheets"]),
        answer["facts"],
    )


def _child(path: Path, target: Path, name: str, sheet: str | None) -> dict:
    asked = {"source": str(path), "target": str(target), "name": name, "sheet": sheet}
    command = [sys.executable, "-P", "-c", _LIMITED, str(_memory(path.stat().st_size)), str(SECONDS)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=SECONDS,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise UnreadableFile(
            f"Reading the file took longer than {SECONDS // 60} minutes and was stopped. "
            "Save it as CSV or Parquet with fewer columns and try again."
        ) from problem
    if done.returncode == 0:
        return json.loads(done.stdout)
    raise UnreadableFile(TOO_LARGE if _was_stopped(done) else DAMAGED)


def _memory(size: int) -> int:
    """Allow memory for a file of so many bytes, but never more than the machine has."""
    wanted = SMALLEST_MEMORY + MEMORY_PER_BYTE * size
    try:
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return wanted
    return min(wanted, max(machine, SMALLEST_MEMORY))


def _environment() -> dict[str, str]:
    here = str(Path(__file__).parents[2])
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")])),
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "PYTHONIOENCODING": "utf-8",
    }


def _was_stopped(done: subprocess.CompletedProcess[bytes]) -> bool:
    """Tell an abort or a failed allocation from an error of the parser."""
    return done.returncode < 0 or b"alloc" in done.stderr or b"Memory" in done.stderr
