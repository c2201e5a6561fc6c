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

_LIMITED = (
    "import sys;"
    "memory, seconds = int(sys.argv.pop(1)), int(sys.argv.pop(1))\n"
    "try:\n"
    "    import resource\n"
    "    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))\n"
    "    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))\n"
    "except (ImportError, ValueError, OSError):\n"
    "    pass\n"
    "from segkit.customers.text_tables import main\n"
    "main(sys.argv[1:])\n"
)


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
    memory = SMALLEST_MEMORY + MEMORY_PER_BYTE * path.stat().st_size
    limits = [str(memory), str(SECONDS)]
    names = [str(path), str(target), name, sheet or ""]
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "PYTHONIOENCODING": "utf-8",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-c", _LIMITED, *limits, *names],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise UnreadableFile(
            f"Reading the file took longer than {SECONDS // 60} minutes and was stopped. "
            "Save it as CSV or Parquet with fewer columns and try again."
        ) from problem
    try:
        return json.loads(done.stdout)
    except ValueError as problem:
        raise UnreadableFile(TOO_LARGE) from problem
