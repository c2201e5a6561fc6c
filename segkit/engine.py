"""Where tables live and work runs: an engine holds a table that is too large to read, and answers queries.

DuckDB in this process over Parquet or CSV files is the usual one; databases are reached through Ibis. A query
is written once, in DuckDB's words, over a table called `customers`, and put into the words of a database.
Nothing is changed where the table lives, unless whoever set the source up allows a table of segments.

Messages of engines are never shown: they may hold a password, an address or a customer's data.
"""

import os
import shutil
import tempfile
import threading
import uuid
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from segkit.errors import SegkitError
from segkit.labels import number, plural
from segkit.sql_literals import quoted, text

TABLE = "customers"  # what queries call the table
BASE = "segkit_customers"  # ... and the table as it stands, where summaries of logs are joined to it
ROW = "segkit_row"  # the place of a row among those drawn
GIGABYTE = 1e9
ROWS_AT_ONCE = 100_000  # of what is streamed
FILES = "duckdb"  # the engine of files
WHERE = {
    FILES: "DuckDB on this machine",
    "postgres": "PostgreSQL",
    "pyspark": "Spark",
    "bigquery": "BigQuery",
}  # the names that are not the engine's own
SETTINGS: dict[str, Any] = {
    "threads": 2,
    "memory_limit": "500MB",
}  # of DuckDB; more of a table is put aside on disk
FILE_KINDS = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv", ".txt": "csv"}
LARGE_ROWS, LARGE_SIZE = 1_000_000, 512 << 20  # a Parquet file with more rows, a CSV with more bytes
MOST_HASHED, HEX_DIGITS = 40, 8  # columns, and digits of their hash, that say who is drawn
ASSIGNMENT = "segkit_assignment"  # the one table that may be written


class UnusableSource(SegkitError):
    """A source cannot be reached, or a query on it did not come to its end."""


class Cancelled(UnusableSource):
    """Somebody stopped the query."""


@dataclass(frozen=True)
class LogTable:
    """Where a log of the customers of a source lives: orders, survey answers, tickets or events.

    Attributes
    ----------
    files, table, query : str
        As of a `Source`; in the same engine.
    customer : str
        The column that names the customer; empty where it is to be found.
    columns : mapping of field to column
        What other columns are, where that is not to be found.
    """

    files: str = ""
    table: str = ""
    query: str = ""
    customer: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Joining:
    """Summaries that are joined to the customers.

    Attributes
    ----------
    summaries : mapping of name to str
        SELECTs over the logs in DuckDB's words, one row a customer; what they are called in `joined`.
    joined : function
        What takes the place of the customers to the SELECT of them with the summaries.
    columns : tuple of str
        The columns of that.
    """

    summaries: Mapping[str, str]
    joined: Callable[[str], str]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A table somewhere, as whoever runs the app has set it up.

    Attributes
    ----------
    key, label : str
        In addresses and files, and for people.
    engine : str
        "duckdb" for files, else the name of a database as Ibis knows it ("postgres", "snowflake" …).
    files : str
        Path, folder or pattern of Parquet or CSV files, for "duckdb".
    table, query : str
        What is read: a table ("schema.table"), or a SELECT in the words of that database.
    connect : mapping
        How the database is reached. Never shown.
    timeout : float
        Seconds a query may take.
    most_rows : int
        Tables with more rows are refused.
    most_gb : float
        Refused is what would read more gigabytes in one pass, before a row of it is; 0 is no limit. Only of
        engines that can tell: files that are not in an object store, and PostgreSQL.
    may_write : bool
        Whether the table of segments may be written there.
    logs : mapping of kind to LogTable
        "orders", "surveys", "tickets" and "events" of these customers, which are summed up there.
    as_of : str
        The last day that counts in logs, as YYYY-MM-DD; empty takes the latest in them.
    """

    key: str
    label: str
    engine: str = FILES
    files: str = ""
    table: str = ""
    query: str = ""
    connect: Mapping[str, Any] = field(default_factory=dict, repr=False)
    timeout: float = 600.0
    most_rows: int = 2_000_000_000
    most_gb: float = 0.0
    may_write: bool = False
    logs: Mapping[str, LogTable] = field(default_factory=dict)
    as_of: str = ""


def log_name(kind: str) -> str:
    """What queries call a log."""
    return f"segkit_{kind}"


def is_large(path: str) -> bool:
    """Whether a path names more than is read at once: a folder, a pattern, or a very large file."""
    place = Path(path)
    if not path or "://" in path or any(sign in path for sign in "*?["):
        return bool(path) and not place.exists()
    if place.is_dir():
        return True
    if FILE_KINDS.get(place.suffix.lower()) == "parquet" and place.is_file():
        return _parquet_rows(place) > LARGE_ROWS
    return place.suffix.lower() in FILE_KINDS and place.is_file() and place.stat().st_size > LARGE_SIZE


def _parquet_rows(path: Path) -> int:
    from pyarrow import parquet

    try:
        return int(parquet.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError):
        return 0  # whoever reads it says what is wrong


def of_files(path: str | Path) -> Source:
    """A source of files that somebody names: a Parquet or CSV file, a folder of them, or a pattern."""
    return Source("files", Path(path).name or str(path), files=str(path))


class Engine:
    """An open source: a table called `customers` that answers queries.

    Parameters
    ----------
    source : Source

    Attributes
    ----------
    columns : tuple of str
    rows : int

    Raises
    ------
    UnusableSource
        It cannot be reached, has no such table, or has more rows than are allowed.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._lock = threading.Lock()
        self._cancelled = False
        with self._told("opened"):
            self._store = _opened(source)
        self._lost = False
        # a program that ends while threads of the store are still there could be aborted
        weakref.finalize(self, _closed, self._store)
        if source.most_gb:
            with self._told("opened"):
                self._check_cost()
        self.columns: tuple[str, ...] = self._store.columns
        self.logs: Mapping[str, tuple[str, ...]] = self._store.logs  # kind to columns
        self.joining: Joining | None = None
        self.joined: Any = None  # what `customers.joins.pushed` has to say of them
        self.rows: int = self.ask(f"SELECT COUNT(*) AS n FROM {TABLE}")["n"][0].as_py()
        if self.rows > source.most_rows:
            raise UnusableSource(
                f"“{source.label}” has {plural(self.rows, 'row')}, and {source.most_rows:,} are allowed. "
                "Ask whoever set it up for a smaller table or a higher limit."
            )

    def _check_cost(self) -> None:
        """Refuse what one pass would read, before a row of it is."""
        size, most = self._store.gigabytes(), self.source.most_gb
        if size is None:
            raise UnusableSource(
                f"{self.where} does not tell how much of “{self.source.label}” a query reads. Whoever set it "
                "up has to set the limit there, and to leave most_gb out."
            )
        if size > most:
            raise UnusableSource(
                f"One pass over “{self.source.label}” reads about {number(size, 1)} GB, and "
                f"{number(most, 1)} are allowed. Ask whoever set it up for a smaller table or a higher limit."
            )

    @property
    def where(self) -> str:
        """Where the work runs, for people."""
        return WHERE.get(self.source.engine, self.source.engine.title())

    # --- asking

    def ask(self, query: str) -> pa.Table:
        """Run a query and bring all of its rows here.

        Parameters
        ----------
        query : str
            A SELECT over `customers`, in DuckDB's words; what a user typed stands in it as literals only.

        Raises
        ------
        UnusableSource
            The engine is gone, the query took too long, or the disk is full.
        Cancelled
            Somebody stopped it.
        """
        with self._told("asked"), self._in_time():
            return pa.Table.from_batches(self._batches(query))

    def stream(self, query: str) -> Iterator[pa.RecordBatch]:
        """Run a query and bring its rows here part by part, so that memory does not grow with them."""
        with self._told("asked"), self._in_time():
            yield from self._batches(query)

    def _batches(self, query: str) -> Iterator[pa.RecordBatch]:
        """One part at least, so that the columns are known where there are no rows."""
        reader, empty = self._store.reader(query), True
        for batch in reader:
            empty = False
            yield batch
        if empty and isinstance(reader, pa.RecordBatchReader):
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)

    def sample(self, rows: int, seed: int = 0) -> pa.Table:
        """Draw customers by chance, the same for the same seed; all of them where there are no more.

        Their number is about that of `rows`: each is drawn or not without a look at the others. Databases
        draw by a hash of the cells, which views and queries can be asked for as well as tables.
        """
        if self.joining is None:
            return self.ask(self._drawn(TABLE, self.columns, self.rows, rows, seed))
        drawn = self._drawn(BASE, self._store.columns, self.rows, rows, seed)
        if self.source.engine != FILES:  # whose rows have no order
            return self.ask(self.joining.joined(f"({drawn})"))
        placed = f"(SELECT *, ROW_NUMBER() OVER () AS {ROW} FROM ({drawn}) AS drawn)"
        return self.ask(f"{self.joining.joined(placed)} ORDER BY {ROW}")

    def sample_log(self, kind: str, rows: int, all_rows: int, seed: int = 0) -> pa.Table:
        """Draw rows of a log by chance, as `sample` does customers; `all_rows` is how many it has."""
        return self.ask(self._drawn(log_name(kind), self.logs[kind], all_rows, rows, seed))

    def _drawn(self, table: str, columns: Sequence[str], all_rows: int, rows: int, seed: int) -> str:
        if all_rows <= rows:
            return f"SELECT * FROM {table}"
        share = rows / all_rows
        if self.source.engine == FILES:
            percent = f"{100 * share:.9f} PERCENT"
            return f"SELECT * FROM {table} TABLESAMPLE BERNOULLI ({percent}) REPEATABLE ({seed})"
        return hash_sample_sql(columns, share, seed, 2 * rows, table)

    def join(self, joining: Joining) -> None:
        """Make `customers` the customers with summaries of their logs.

        DuckDB sums the logs up once, into a temporary file; a database each time it is asked.

        Raises
        ------
        UnusableSource
            As `ask`.
        """
        with self._told("asked"), self._in_time():
            self._store.join(joining)
        self.joining, self.columns = joining, joining.columns

    def write_table(self, query: str) -> str:
        """Write the rows of a query into the table of segments; gives its name.

        Raises
        ------
        UnusableSource
            The source does not allow it.
        """
        if not self.source.may_write:
            raise UnusableSource(
                f"Nothing may be written to “{self.source.label}”. Download the lists instead."
            )
        with self._told("asked"), self._in_time():
            self._store.write_table(query)
        return ASSIGNMENT

    # --- stopping

    def cancel(self) -> None:
        """Stop what the engine is doing; whoever waits for it gets `Cancelled`."""
        self._cancelled = True
        self._interrupt()

    def _interrupt(self) -> None:
        with suppress(Exception):  # it may be done by now, or gone
            self._store.interrupt()

    def close(self) -> None:
        """Let go of the source."""
        _closed(self._store)

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """One query at a time, and none for longer than the source allows."""
        with self._lock:
            self._cancelled, late = False, threading.Event()
            self._reopened()

            def stop() -> None:
                late.set()
                self._interrupt()

            timer = threading.Timer(self.source.timeout, stop)
            timer.daemon = True
            timer.start()
            try:
                yield
            except SegkitError:
                raise
            except Exception:
                if late.is_set():
                    raise UnusableSource(
                        f"“{self.source.label}” did not answer within {self.source.timeout:,.0f} seconds, so "
                        "the query was stopped. Try again later; your choices are kept."
                    ) from None
                self._lost = not self._cancelled
                raise
            finally:
                timer.cancel()
                timer.join()

    def _reopened(self) -> None:
        """Reach a database anew that a query failed on: it may have been away."""
        if self._lost and self.source.engine != FILES:
            self.close()
            self._store = _opened(self.source)
            weakref.finalize(self, _closed, self._store)
            if self.joining is not None:
                self._store.join(self.joining)
        self._lost = False

    @contextmanager
    def _told(self, doing: str) -> Iterator[None]:
        """Say what happened in our words: those of an engine may hold what nobody should see."""
        try:
            yield
        except SegkitError:
            raise
        except Exception as problem:
            if self._cancelled:
                raise Cancelled(f"You stopped the query on “{self.source.label}”.") from None
            raise UnusableSource(_said(self.source, problem, doing)) from None


def _closed(store: "_Files | _Database") -> None:
    with suppress(Exception):
        store.close()


def _said(source: Source, problem: Exception, doing: str) -> str:
    """What went wrong, as far as the kind of the error tells."""
    name, said = type(problem).__name__, str(problem)
    if isinstance(problem, ImportError):
        return (
            f"“{source.label}” needs the package for {source.engine}. Ask whoever runs the app to install it."
        )
    if "No space left" in said or "max_temp_directory_size" in said:
        return f"There is no room on disk to work on “{source.label}”. Free some, then try again."
    if "OutOfMemory" in name:
        return f"“{source.label}” needs more memory than is allowed. Ask whoever runs the app."
    if "No files found" in said or isinstance(problem, FileNotFoundError):
        return f"The files of “{source.label}” are not there. They may have been moved; try again later."
    if doing == "opened":
        return f"“{source.label}” cannot be reached ({name}). Try again later, or ask whoever runs the app."
    return f"“{source.label}” went away while it worked ({name}). Your choices are kept; try again."


# --- stores -----------------------------------------------------------------------------------------


class _Files:
    """Parquet or CSV files, read by DuckDB."""

    def __init__(self, source: Source) -> None:
        import duckdb

        self.store = duckdb.connect(config={**SETTINGS, **source.connect})
        self.aside: Path | None = None
        self.files: list[str] = []
        self.place = source.connect.get("temp_directory")
        try:
            self.columns = self._view(TABLE, source)
            self.logs = {
                kind: self._view(
                    log_name(kind), replace(source, files=log.files, label=f"{source.label}: {kind}")
                )
                for kind, log in source.logs.items()
            }
        except BaseException:
            self.close()
            raise

    def _view(self, name: str, source: Source) -> tuple[str, ...]:
        """Name the rows of some files; gives their columns."""
        where, kind = files_of(source)
        self.files += where
        named = ", ".join(text(one) for one in where)
        # cells of a CSV stay text, as they do in files that are read here
        read = f"read_parquet([{named}])" if kind == "parquet" else f"read_csv([{named}], all_varchar = true)"
        columns = self.store.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()
        zones = _zones(where[0]) if any(kind in ZONED for _, kind, *_ in columns) else {}
        items = [_item(name, kind, zones.get(name, "UTC")) for name, kind, *_ in columns]
        self.store.execute(f"CREATE VIEW {name} AS SELECT {', '.join(items)} FROM {read}")
        return tuple(name for name, *_ in columns)

    def gigabytes(self) -> float | None:
        """What one pass over all tables reads; None where that is not known beforehand."""
        if any("://" in one for one in self.files):
            return None
        return sum(Path(one).stat().st_size for one in self.files) / GIGABYTE

    def join(self, joining: Joining) -> None:
        if self.place is not None:
            Path(self.place).mkdir(parents=True, exist_ok=True)
        self.aside = Path(tempfile.mkdtemp(prefix="segkit-logs-", dir=self.place))
        for name, query in joining.summaries.items():
            file = text(str(self.aside / f"{name}.parquet"))
            self.store.execute(f"COPY ({query}) TO {file} (FORMAT parquet)")
            self.store.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({file})")
        self.store.execute(f"ALTER VIEW {TABLE} RENAME TO {BASE}")
        self.store.execute(f"CREATE VIEW {TABLE} AS {joining.joined(BASE)}")

    def reader(self, query: str) -> Iterable[pa.RecordBatch]:
        return self.store.sql(query).to_arrow_reader(ROWS_AT_ONCE)

    def write_table(self, query: str) -> None:
        raise UnusableSource("Files are read only. Download the lists instead.")

    def interrupt(self) -> None:
        self.store.interrupt()

    def close(self) -> None:
        self.store.close()
        if self.aside is not None:
            shutil.rmtree(self.aside, ignore_errors=True)


ZONED = ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")


def _item(name: str, kind: str, zone: str) -> str:
    """A column as it is, but for numbers without an end, and times on the clocks of their zone."""
    if kind in ZONED:
        return f"{quoted(name)} AT TIME ZONE {text(zone)} AS {quoted(name)}"
    return _finite(quoted(name)) if kind in ("FLOAT", "DOUBLE") else quoted(name)


def _zones(path: str) -> dict[str, str]:
    """The time zone of each column that has one, as the first file says."""
    import pyarrow.parquet as pq

    if "://" in path:
        return {}
    kinds = {one.name: getattr(one.type, "tz", None) for one in pq.read_schema(path)}
    return {name: zone for name, zone in kinds.items() if zone}


class _Database:
    """A table of a database, reached through Ibis."""

    def __init__(self, source: Source) -> None:
        self.store = self._connected(source)
        self.dialect = dialect_of(source.engine)
        try:
            self._prepare(source)
            self.read, self.columns = self._read(source)
            logs = {kind: self._read(_log_source(source, log)) for kind, log in source.logs.items()}
        except BaseException:
            self.close()
            raise
        self.logs = {kind: columns for kind, (_, columns) in logs.items()}
        self.beside = {log_name(kind): read for kind, (read, _) in logs.items()}
        self.joining: Joining | None = None

    def _read(self, source: Source) -> tuple[str, tuple[str, ...]]:
        """The SELECT of a table, and its columns."""
        kinds = self._kinds(base_select(source))
        return base_select(source, kinds), tuple(kinds)

    def gigabytes(self) -> float | None:
        """What one pass over all tables reads; None where the database does not tell."""
        return None

    def join(self, joining: Joining) -> None:
        self.joining = joining

    def written(self, query: str) -> str:
        """A query in the words of the database."""
        return in_dialect(query, self.dialect, self.read, self.beside, self.joining)

    def _connected(self, source: Source) -> Any:
        import ibis  # type: ignore[import-untyped]

        return getattr(ibis, source.engine).connect(**source.connect)

    def _prepare(self, source: Source) -> None:
        """What is set before the first query."""

    def _kinds(self, read: str) -> dict[str, bool]:
        """Each column, and whether it holds numbers that may be without an end."""
        return {name: kind.is_floating() for name, kind in self.store.sql(read).schema().items()}

    def reader(self, query: str) -> Iterable[pa.RecordBatch]:
        asked = self.store.sql(self.written(query))
        return asked.to_pyarrow_batches(chunk_size=ROWS_AT_ONCE)

    def write_table(self, query: str) -> None:
        made = self.store.sql(self.written(query))
        self.store.create_table(ASSIGNMENT, made, overwrite=True)

    def interrupt(self) -> None:
        self.store.con.cancel()

    def close(self) -> None:
        with suppress(Exception):
            self.store.disconnect()


class _Postgres(_Database):
    """A table of PostgreSQL. Ibis asks for columns by a temporary view, which a read-only server refuses."""

    def _prepare(self, source: Source) -> None:
        if not source.may_write:
            self.store.con.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")

    def gigabytes(self) -> float:
        """What the planner expects of one pass: rows by their width."""
        plans = [
            self.store.con.execute(f"EXPLAIN (FORMAT JSON) {read}").fetchone()[0][0]["Plan"]
            for read in (self.read, *self.beside.values())
        ]
        return sum(plan["Plan Rows"] * plan["Plan Width"] for plan in plans) / GIGABYTE

    def _kinds(self, read: str) -> dict[str, bool]:
        found = self.store.con.execute(f"SELECT * FROM ({read}) AS given LIMIT 0").description
        return {one.name: one.type_code in REAL for one in found}

    def reader(self, query: str) -> Iterable[pa.RecordBatch]:
        con = self.store.con
        with con.transaction(), con.cursor(name="segkit", binary=True) as cursor:  # one that stays there
            cursor.execute(self.written(query))
            kinds = {one.name: ARROW.get(one.type_code, pa.string()) for one in cursor.description}
            schema = pa.schema(kinds.items())
            rows = cursor.fetchmany(ROWS_AT_ONCE)
            yield _batch(rows, schema)
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield _batch(rows, schema)

    def write_table(self, query: str) -> None:
        made = self.written(query)
        with self.store.con.transaction():
            self.store.con.execute(f"DROP TABLE IF EXISTS {ASSIGNMENT}")
            self.store.con.execute(f"CREATE TABLE {ASSIGNMENT} AS {made}")


class _Spark(_Database):
    """A table of Spark: settings make its session; one that is there already is shared with others."""

    def _connected(self, source: Source) -> Any:
        import ibis
        from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]

        self.tag = f"segkit-{uuid.uuid4().hex}"
        self.session = SparkSession.builder.config(map=dict(source.connect)).getOrCreate()
        return ibis.pyspark.connect(self.session)

    def reader(self, query: str) -> Iterable[pa.RecordBatch]:
        context = self.session.sparkContext
        context.addJobTag(self.tag)  # so that the jobs of this query can be stopped, and no others
        try:
            yield from super().reader(query)
        finally:
            context.removeJobTag(self.tag)

    def interrupt(self) -> None:
        self.session.sparkContext.cancelJobsWithTag(self.tag)

    def close(self) -> None:
        """Leave the session, which others may work with."""


REAL = (700, 701, 1700)  # numbers of PostgreSQL's types float4, float8 and numeric
ARROW = {
    16: pa.bool_(),
    **dict.fromkeys((20, 21, 23), pa.int64()),
    **dict.fromkeys(REAL, pa.float64()),
    1082: pa.date32(),
    **dict.fromkeys((1114, 1184), pa.timestamp("us")),
}


def _batch(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays = [_array(cells, one.type) for cells, one in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(cells: Sequence[Any], kind: pa.DataType) -> pa.Array:
    cast = CASTS.get(kind)
    return pa.array([None if cell is None else cast(cell) for cell in cells] if cast else cells, kind)


CASTS: dict[pa.DataType, Callable[[Any], Any]] = {
    pa.string(): str,
    pa.float64(): float,
    pa.timestamp("us"): lambda cell: cell.replace(tzinfo=None),
}


def _opened(source: Source) -> _Files | _Database:
    if source.engine == FILES:
        return _Files(source)
    return {"postgres": _Postgres, "pyspark": _Spark}.get(source.engine, _Database)(source)


def _log_source(source: Source, log: LogTable) -> Source:
    """A log as a table of its own."""
    return replace(source, table=log.table, query=log.query)


def _finite(column: str) -> str:
    """A number without an end is a gap, as it is in files: nothing can be computed with it."""
    return f"CASE WHEN {column} - {column} = 0 THEN {column} END AS {column}"


def files_of(source: Source) -> tuple[list[str], str]:
    """List the files of a source, and say of which kind they are.

    Raises
    ------
    UnusableSource
        There are none, or of several kinds.
    """
    if "://" in source.files:
        return [source.files], FILE_KINDS.get(Path(source.files).suffix.lower(), "parquet")
    path = Path(source.files).expanduser()
    if path.is_dir():
        found = sorted(one for one in path.rglob("*") if one.suffix.lower() in FILE_KINDS)
    elif path.exists():
        found = [path]
    else:
        found = sorted(path.parent.glob(path.name))
    kinds = {FILE_KINDS.get(one.suffix.lower(), "") for one in found}
    if not found:
        raise UnusableSource(
            f"“{source.label}” has no Parquet or CSV files. Check the path, or ask whoever set it up."
        )
    if len(kinds) > 1 or "" in kinds:
        raise UnusableSource(f"The files of “{source.label}” have to be all Parquet or all CSV.")
    return [os.fspath(one) for one in found], kinds.pop()


def hash_sample_sql(columns: Sequence[str], share: float, seed: int, most: int, table: str = TABLE) -> str:
    """Write the SELECT of a share of the customers, drawn by a hash of their cells; of `most` at most."""
    cells = [f"COALESCE(CAST({quoted(name)} AS VARCHAR), '')" for name in columns[:MOST_HASHED]]
    hashed = f"SUBSTR(MD5({' || '.join([text(f'{seed}:'), *cells])}), 1, {HEX_DIGITS})"
    limit = f"{min(int(share * 16**HEX_DIGITS), 16**HEX_DIGITS - 1):0{HEX_DIGITS}x}"
    return f"SELECT * FROM {table} WHERE {hashed} < {text(limit)} LIMIT {most}"


# --- dialects ---------------------------------------------------------------------------------------


def dialect_of(engine: str) -> str:
    """The SQL of a database, by the name that sqlglot gives it."""
    return {"pyspark": "spark"}.get(engine, engine)


def base_select(source: Source, kinds: Mapping[str, bool] | None = None) -> str:
    """The SELECT that gives the rows of `customers`, in the words of the database.

    Parameters
    ----------
    source : Source
    kinds : mapping of str to bool, optional
        Each column, and whether it holds numbers that may be without an end.
    """
    import sqlglot as sg

    dialect = dialect_of(source.engine)
    read = sg.parse_one(source.query, read=dialect) if source.query else None
    given = f"({read.sql(dialect=dialect)}) AS given" if read else _table_name(source.table, dialect)
    if kinds is None:
        return f"SELECT * FROM {given}"
    names = {name: sg.to_identifier(name, quoted=True).sql(dialect=dialect) for name in kinds}
    items = [_finite(names[name]) if real else names[name] for name, real in kinds.items()]
    return f"SELECT {', '.join(items)} FROM {given}"


def _table_name(table: str, dialect: str) -> str:
    import sqlglot as sg

    return ".".join(sg.to_identifier(part, quoted=True).sql(dialect=dialect) for part in table.split("."))


def in_dialect(
    query: str,
    dialect: str,
    read: str,
    beside: Mapping[str, str] | None = None,
    joining: Joining | None = None,
) -> str:
    """Put a query over `customers` into another dialect, with the SELECT that gives its rows.

    Parameters
    ----------
    query : str
        In DuckDB's words.
    dialect : str
        As sqlglot calls it.
    read : str
        A SELECT in that dialect.
    beside : mapping of name to str, optional
        SELECTs of other tables, in that dialect.
    joining : Joining, optional
        What is joined to the customers.
    """
    import sqlglot as sg
    from sqlglot import expressions as sge

    made = _quoted_names(query)
    below = made.args.get("with_") or made.args.get("with")
    given = {TABLE if joining is None else BASE: read, **(beside or {})}
    steps = {name: sg.parse_one(one, read=dialect) for name, one in given.items()}
    if joining is not None:
        summed = {**joining.summaries, TABLE: joining.joined(BASE)}
        steps |= {name: _quoted_names(one) for name, one in summed.items()}
    named = [
        sge.CTE(this=one, alias=sge.TableAlias(this=sg.to_identifier(name, quoted=True)))
        for name, one in steps.items()
    ]
    every = [*named, *(below.expressions if below is not None else [])]
    made.set("with_" if "with_" in made.arg_types else "with", sge.With(expressions=every))
    return made.sql(dialect=dialect, comments=False)


def _quoted_names(query: str) -> Any:
    """A query of ours with all names quoted: some databases write those in capitals that are not."""
    import sqlglot as sg
    from sqlglot import expressions as sge

    made = sg.parse_one(query, read="duckdb")
    for name in made.find_all(sge.Identifier):
        name.set("quoted", True)
    return made
