"""Run the readers in a child process, so that no file can take the application down.

A workbook of two kilobytes can make its parser ask for half a terabyte and abort the process it runs
in; no `except` catches that. The child has limits on memory and processor time where the system has
them (`resource` is missing on Windows), and on wall time everywhere. It can be stopped at any time.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from segkit.customers.choices import FileChoices
from segkit.customers.files.opening import TOO_LARGE
from segkit.customers.files.text_table import TextTable
from segkit.customers.notes import Note, Option
from segkit.errors import UnreadableFile

SECONDS = 300
PATIENCE = 0.1  # seconds between looks whether somebody wants the reading stopped
SMALLEST_MEMORY = 3 << 30  # the interpreter and Arrow map about 1 GB of addresses before any data
MEMORY_PER_BYTE = 24  # measured: a CSV of 100,000 x 20 needs about 10 times its size

DAMAGED = (
    "The file could not be taken apart; it may be damaged. "
    "Open it in the program it comes from, save it again as CSV, Excel (.xlsx) or Parquet, and try that."
)

_LIMITED = """
import sys
memory, seconds = map(int, sys.argv[1:])
class NotNeeded:  # Arrow would load both just to see whether a text is a frame or an array
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in ("numpy", "pandas"):
            raise ImportError(name)
sys.meta_path.insert(0, NotNeeded)
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    with open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")  # a machine short of memory ends this process before any other
except (ImportError, ValueError, OSError):
    pass
from segkit.customers.files.opening import main
main()
"""

Watch = Callable[[], None]


def text_table(
    source: Path | bytes, name: str = "", choices: FileChoices | None = None, watch: Watch | None = None
) -> TextTable:
    """Read a file in a child process.

    Parameters
    ----------
    source : pathlib.Path or bytes
        The file or its content.
    name : str
        What the user calls the file; never used as a path.
    choices : FileChoices, optional
        What the user decided over what is found.
    watch : function, optional
        Called several times a second while the child works; what it raises stops the child and is raised
        here.

    Raises
    ------
    UnreadableFile
        With the reader's message, or one that says that the limits were passed.
    """
    with tempfile.TemporaryDirectory(prefix="segkit-", ignore_cleanup_errors=True) as name_of_folder:
        folder = Path(name_of_folder)
        target, aside = folder / "table.arrow", folder / "aside.arrow"
        chosen = asdict(choices or FileChoices())
        asked = {"target": str(target), "aside": str(aside), "name": name, "choices": chosen}
        answer = _answered(source, folder, asked, watch or (lambda: None))
        if "error" in answer:
            raise UnreadableFile(answer["error"])
        return TextTable(
            _mapped(target),
            answer["format"],
            tuple(_note(note) for note in answer["notes"]),
            pa.ipc.open_file(pa.BufferReader(aside.read_bytes())).read_all(),
            tuple(answer["sheets"]),
            answer["facts"],
        )


def _mapped(path: Path) -> pa.Table:
    """Map the child's table into memory; it stays there although the file's name is removed."""
    if os.name == "posix":
        return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    return pa.ipc.open_file(pa.BufferReader(path.read_bytes())).read_all()


def _note(values: dict[str, Any]) -> Note:
    options = tuple(Option(**option) for option in values.pop("options"))
    return Note(**values, options=options)


def _answered(source: Path | bytes, folder: Path, asked: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """Start a child, put the content of the file on disk meanwhile, ask, and wait for the answer."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    command = [sys.executable, "-P", "-c", _LIMITED, str(_memory(size)), str(SECONDS)]
    answer, trouble = folder / "answer.json", folder / "trouble.txt"
    with answer.open("wb") as said, trouble.open("wb") as wrong:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=said, stderr=wrong, env=_environment()
        )
        try:
            _ask(child, asked | {"source": str(_on_disk(source, folder))})
            _wait(child, watch)
        finally:
            child.kill()
            child.wait()
    if child.returncode == 0:
        return dict(json.loads(answer.read_bytes()))
    raise UnreadableFile(TOO_LARGE if _was_stopped(child.returncode, trouble.read_bytes()) else DAMAGED)


def _ask(child: "subprocess.Popen[bytes]", asked: dict[str, Any]) -> None:
    """Put the question; a child that is gone already is told from its status."""
    assert child.stdin is not None
    with suppress(OSError):
        child.stdin.write(json.dumps(asked).encode())
        child.stdin.close()


def _on_disk(source: Path | bytes, folder: Path) -> Path:
    if isinstance(source, Path):
        return source
    path = folder / "input"
    path.write_bytes(source)
    return path


def _wait(child: "subprocess.Popen[bytes]", watch: Watch) -> None:
    """Wait for the child; a thread does, because waiting with a timeout looks only now and then."""
    waiter = threading.Thread(target=child.wait, daemon=True)
    waiter.start()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        waiter.join(PATIENCE)
        if not waiter.is_alive():
            return
        watch()
    raise UnreadableFile(
        f"Reading the file took longer than {SECONDS // 60} minutes and was stopped. "
        "Save it as CSV or Parquet with fewer columns and try again."
    )


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


def _was_stopped(status: int, trouble: bytes) -> bool:
    """Tell an abort or a failed allocation from an error of the parser."""
    return status < 0 or b"alloc" in trouble or b"Memory" in trouble
