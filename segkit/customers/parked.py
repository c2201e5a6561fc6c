"""Uploads with more customers than are worth a frame: written once to Parquet, and asked there by the engine.

They lie in the folder that ``SEGKIT_CACHE`` names (default: ``segkit-cache`` beside temporary files of the
system), each process in one of its own, locked while it runs; what a process left behind that was killed is
removed by the next. A file goes with the last engine that reads it.
"""

import atexit
import os
import shutil
import tempfile
import threading
import uuid
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from segkit.customers.columns.kinds import convert
from segkit.customers.days import day_form
from segkit.customers.files.text_table import TextTable
from segkit.customers.sampling import sampled
from segkit.engine import LARGE_ROWS, Engine, Source, UnusableSource
from segkit.labels import number

MANY = LARGE_ROWS  # the same as for files that the command line is given
ROWS_AT_ONCE = 200_000
LOOKED_AT = 10_000  # cells that are tried before all are
DIGITS = 18  # of a decimal number that fits into 64 bits
MOST_BYTES = 20 << 30  # of all files together, unless SEGKIT_CACHE_GB says otherwise
ROOM = 1 << 30  # bytes that stay free on the disk

Watch = Callable[[], None]


_TURN = threading.Lock()
_ENGINES: "weakref.WeakValueDictionary[str, Engine]" = weakref.WeakValueDictionary()  # by the hash of a table
_FILES: "weakref.WeakKeyDictionary[Engine, weakref.finalize[..., Engine]]" = weakref.WeakKeyDictionary()
_UNFIT: set[str] = set()  # hashes of tables that no query can read, so that they are not written again
_DRAWN: "weakref.WeakKeyDictionary[Engine, TextTable]" = weakref.WeakKeyDictionary()


def is_many(text: TextTable) -> bool:
    """Whether a table has more rows than are worth a frame."""
    return text.table.num_rows > MANY


def parked(
    name: str, text: TextTable, content: str, watch: Watch = lambda: None
) -> tuple[Engine, TextTable] | None:
    """Write a table of more than 1,000,000 rows to Parquet; the same table is written once.

    Parameters
    ----------
    name : str
        What the user calls it.
    text : TextTable
    content : str
        Its hash.
    watch : function, optional
        Called between parts; may raise to stop.

    Returns
    -------
    (Engine, TextTable) or None
        What answers queries on it, and customers drawn by chance with what reading the whole file found. None
        for a smaller table, and for one whose days are written so that no query can read them.

    Raises
    ------
    UnusableSource
        There is no room for it.
    """
    if not is_many(text) or content in _UNFIT:
        return None
    with _TURN:
        engine = _ENGINES.get(content)
        if engine is None:
            engine = _written(name, text, content, watch)
            drawn, _ = sampled(engine)
            if not _can_be_asked(drawn.table):
                _UNFIT.add(content)
                return None
            facts, notes = text.facts | drawn.facts, (*text.notes, *drawn.notes)
            _ENGINES[content] = engine
            _DRAWN[engine] = replace(text, table=drawn.table, notes=notes, facts=facts)
        return engine, _DRAWN[engine]


def _written(name: str, text: TextTable, content: str, watch: Watch) -> Engine:
    _refuse_without_room(text.table.nbytes)
    path = _folder() / f"{content}-{uuid.uuid4().hex[:8]}.parquet"
    _write(text.table, path, watch)
    engine = Engine(Source("upload", name, files=str(path)))
    _FILES[engine] = weakref.finalize(engine, path.unlink, missing_ok=True)
    return engine


def discard(engine: Engine) -> None:
    """Remove the file of an engine at once; nothing happens where it is not one that was written here."""
    with _TURN:
        for content in [content for content, one in _ENGINES.items() if one is engine]:
            del _ENGINES[content]
    remove = _FILES.pop(engine, None)
    if remove is not None:
        remove()


def _can_be_asked(table: pa.Table) -> bool:
    """Whether a query can read every column of days: in words, or in several ways, it cannot."""
    for name in table.column_names:
        kind = table.schema.field(name).type
        if pa.types.is_string(kind) or pa.types.is_dictionary(kind):
            cells = table.column(name).cast(pa.string()).unique()
            done = convert(pa.chunked_array([cells]), name)
            if done.kind == "date" and day_form(cells.to_pylist(), done.values) is None:
                return False
    return True


def _write(table: pa.Table, path: Path, watch: Watch) -> None:
    """Write all or nothing."""
    half = path.with_suffix(".part")
    typed = pa.schema([(name, exact_type(table.column(name))) for name in table.column_names])
    try:
        with pq.ParquetWriter(half, typed, compression="zstd", compression_level=1) as writer:
            for start in range(0, table.num_rows, ROWS_AT_ONCE):
                watch()
                rows = table.slice(start, ROWS_AT_ONCE)
                columns = [_typed(rows.column(one.name), one.type) for one in typed]
                writer.write_table(pa.table(columns, schema=typed), row_group_size=ROWS_AT_ONCE)
        os.replace(half, path)
    except OSError as problem:
        raise UnusableSource(
            "There is no room on this server for so large a table. Close another one, or keep fewer columns; "
            "what was loaded before is still here."
        ) from problem
    finally:
        half.unlink(missing_ok=True)


def exact_type(column: pa.ChunkedArray) -> pa.DataType:
    """Find a type that says exactly what the cells say: turned back into text, each is as it was.

    A query on numbers is several times as fast as one on texts that have to be read first.

    Examples
    --------
    >>> [str(exact_type(pa.chunked_array([cells]))) for cells in (["7", ""], ["1.50", "2.25"], ["007"])]
    ['int64', 'decimal128(18, 2)', 'string']
    """
    kind = column.type
    texts = _texts(column)
    if not pa.types.is_string(texts.type):
        return kind
    found = (one for one in (pa.int64(), pa.float64(), pa.date32()) if _is_exact(texts, one))
    exact = next(found, None)
    if exact is None and (decimals := _decimals(texts)) and _is_exact(texts, decimals):
        exact = decimals
    return exact or pa.string()


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The different cells of a column whose texts repeat, all of another, without empty ones."""
    if pa.types.is_dictionary(column.type):
        kept = [one.dictionary for one in column.chunks]
        column = pa.chunked_array(kept, column.type.value_type)
    return column.filter(pc.not_equal(column, "")) if pa.types.is_string(column.type) else column


def _is_exact(texts: pa.ChunkedArray, kind: pa.DataType) -> bool:
    few = texts.slice(0, LOOKED_AT)
    try:  # most columns that are something else show it at once
        return (
            len(texts) > 0
            and few.cast(kind).cast(pa.string()) == few
            and texts.cast(kind).cast(pa.string()) == texts
        )
    except pa.ArrowException:
        return False


def _decimals(texts: pa.ChunkedArray) -> pa.DataType | None:
    """The type of numbers with a fixed number of decimals; None for texts that differ in it."""
    places = pc.subtract(pc.binary_length(texts), pc.find_substring(texts, "."))
    found = set(pc.min_max(places).as_py().values())
    decimals = found.pop() if len(found) == 1 else None
    return pa.decimal128(DIGITS, decimals - 1) if decimals and 1 < decimals < DIGITS else None


def _typed(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """Some cells as what they say, empty ones as gaps."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not pa.types.is_string(column.type):
        return column
    return pc.if_else(pc.equal(column, ""), None, column).cast(kind)


# --- the folder -------------------------------------------------------------------------------------


def root() -> Path:
    """Where the folders of all processes lie."""
    return Path(os.environ.get("SEGKIT_CACHE") or Path(tempfile.gettempdir()) / "segkit-cache")


def _folder() -> Path:
    try:
        return _own_folder(root())
    except OSError as problem:
        raise UnusableSource(
            "Large tables cannot be kept here: their folder cannot be written. Ask whoever runs the app."
        ) from problem


@cache
def _own_folder(parent: Path) -> Path:
    """Make the folder of this process, which nobody else may read, and tidy up after those that are gone."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(ImportError), (parent / "lock").open("w") as turn:  # one process at a time
        import fcntl  # not on Windows: there folders of processes that were killed stay

        fcntl.flock(turn, fcntl.LOCK_EX)
        for other in [one for one in parent.iterdir() if one.is_dir()]:
            with (other / "lock").open("w") as theirs, suppress(BlockingIOError):
                fcntl.flock(theirs, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(other, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=parent))
        _held.append((made / "lock").open("w"))
        fcntl.flock(_held[-1], fcntl.LOCK_EX)
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        return made
    return Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=parent))


_held: list[IO[str]] = []  # open as long as the process lives


def _refuse_without_room(wanted: int) -> None:
    _folder()
    limit = float(os.environ.get("SEGKIT_CACHE_GB") or MOST_BYTES / (1 << 30)) * (1 << 30)
    there = sum(one.stat().st_size for one in root().rglob("*.parquet"))
    if there + wanted > limit or shutil.disk_usage(root()).free < wanted + ROOM:
        raise UnusableSource(
            f"There is no room for so large a table at the moment: large tables may take "
            f"{number(limit / (1 << 30))} GB together. Remove one that is no longer needed, or try again "
            "later; what was loaded before is still here."
        )
