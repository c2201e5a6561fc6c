"""A table that is too large to read: some of its customers, drawn by chance, stand for what its columns are.

They are read as a file of them would be, so kinds, roles and choices are found and changed in the same way.
What is said of all customers is asked of the engine.
"""

import datetime
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.columns.kinds import convert
from segkit.customers.days import day_form, written_days_sql
from segkit.customers.files.columnar import typed_or_text
from segkit.customers.files.text_table import TextTable, column_names, compact, refuse_too_little
from segkit.customers.joins.pushed.joining import join_logs, roles_of
from segkit.customers.notes import Note
from segkit.customers.retention import LATEST
from segkit.customers.table import Customers, fingerprint
from segkit.engine import TABLE, Engine, Source, UnusableSource
from segkit.labels import listing, number, plural
from segkit.sql_literals import quoted

LOOKING = 0.2  # seconds between looks whether a source is open, or nobody wants it any more
DRAWN = 50_000  # customers: a fit on 20,000 is within 0.04 % of one on a million, see methods.k_means
SAMPLED, ALL, WHERE = "sampled", "all_rows", "where"  # what the facts of such a table tell
PREFIX = "segkit_"  # of what queries add to a table, see segments.sql
ROLE, KIND = "role", "kind"  # in the facts of such a table, before a column that was computed from logs
DAY = r"^\s*(\d{4}[./-]\d|\d{8}\s*$|\d{1,2}[./-]\d{1,2}[./-]\d{4})"  # how texts start that may be days


def reached(source: Source, watch: Callable[[], None]) -> tuple[Engine, TextTable, str]:
    """Open a source and draw customers; a source with logs may sum them up for minutes, so it can be stopped.

    Parameters
    ----------
    source : Source
    watch : callable
        Called again and again meanwhile. If it raises, what the engine is doing is stopped.

    Returns
    -------
    Engine
    TextTable, str
        As `sampled` gives them.

    Raises
    ------
    SegkitError
        As `Engine` and `sampled`.
    """
    engines: list[Engine] = []

    def opened() -> tuple[TextTable, str]:
        engines.append(Engine(source))
        return sampled(engines[0])

    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(opened)
        try:
            while not wait([opening], timeout=LOOKING).done:
                watch()
        except BaseException:
            while not wait([opening], timeout=LOOKING).done:  # it may be between two queries
                for engine in engines:
                    engine.cancel()
            raise
        text, content = opening.result()
        return engines[0], text, content


def sampled(engine: Engine, rows: int = DRAWN, seed: int = 0) -> tuple[TextTable, str]:
    """Draw customers and take their table for a file; what logs of the source say of them is joined first.

    Parameters
    ----------
    engine : Engine
    rows : int
        About how many; all where there are no more.
    seed : int

    Returns
    -------
    TextTable
        Its facts say how many there are in all and where they live.
    str
        A hash of what was drawn and of how many there are.

    Raises
    ------
    segkit.engine.UnusableSource
        The table cannot be asked, or its columns have no usable names.
    segkit.errors.UnreadableFile
        There are fewer than two customers or columns.
    """
    _check_names(engine)
    found = join_logs(engine)
    drawn = engine.sample(rows, seed)
    names, notes = column_names(drawn.column_names, drawn.num_columns)
    columns = [typed_or_text(column) for column in drawn.columns]
    facts = {SAMPLED: str(drawn.num_rows), ALL: str(engine.rows), WHERE: engine.where}
    facts |= {
        f"{LATEST}:{name}": day
        for name, day in _latest(engine, dict(zip(names, columns, strict=True))).items()
    }
    if drawn.num_rows < engine.rows:
        notes.append(Note(_said(engine, drawn.num_rows), key="sampled"))
    if found is not None:
        roles, kinds, told = roles_of(found, drawn)
        facts |= {f"{ROLE}:{name}": role for name, role in roles.items()}
        facts |= {f"{KIND}:{name}": kind for name, kind in kinds.items()}
        notes += [*found.notes, *told]
    table = pa.table([compact(column) for column in columns], names=names)
    text = TextTable(table, "source", tuple(notes), facts=facts)
    refuse_too_little(text)
    return text, fingerprint(_content(drawn), [engine.source.key, engine.source.label, facts])


def _check_names(engine: Engine) -> None:
    """Refuse columns whose names are no names, are there twice, or are those of queries."""
    names, _ = column_names(engine.columns, len(engine.columns))
    changed = [
        old
        for old, new in zip(engine.columns, names, strict=True)
        if old != new or new.lower().startswith(PREFIX)
    ]
    if changed:
        raise UnusableSource(f"Columns of “{engine.source.label}” need other names: {listing(changed, 5)}.")


def _content(drawn: pa.Table) -> bytes:
    """What was drawn, as bytes; what an engine leaves below a gap is by chance and not looked at."""
    sink = pa.BufferOutputStream()
    for name, column in zip(drawn.column_names, drawn.columns, strict=True):
        filled = pa.table({name: column.drop_null()}).combine_chunks()
        with pa.ipc.new_stream(sink, filled.schema) as writer:
            writer.write_table(filled)
        sink.write(np.packbits(np.asarray(pc.is_valid(column))).tobytes())
    return bytes(sink.getvalue())


def _said(engine: Engine, drawn: int) -> str:
    return (
        f"“{engine.source.label}” has {plural(engine.rows, 'customer')}. {number(drawn)} of them, "
        "drawn by chance, say what the columns are and form the segments; sizes, KPIs and lists are "
        f"those of all, computed by {engine.where}."
    )


def _latest(engine: Engine, columns: Mapping[str, pa.ChunkedArray]) -> dict[str, str]:
    """The last day up to today in each column of days, among all customers."""
    days = {name: sql for name, column in columns.items() if (sql := _day_sql(name, column))}
    if not days:
        return {}
    today = f"DATE '{datetime.date.today()}'"
    past = [f"CASE WHEN CAST({sql} AS DATE) <= {today} THEN {sql} END" for sql in days.values()]
    asked = [f"MAX({sql}) AS d{place}" for place, sql in enumerate(past)]
    row = engine.ask(f"SELECT {', '.join(asked)} FROM {TABLE}").to_pylist()[0]
    found = {name: row[f"d{place}"] for place, name in enumerate(days)}
    return {name: str(np.datetime64(day, "D")) for name, day in found.items() if day is not None}


def _day_sql(name: str, column: pa.ChunkedArray) -> str:
    """Write a column as days, empty where it holds none; texts that look like days are read to tell."""
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        return quoted(name)
    if not pa.types.is_string(column.type) or not pc.any(pc.match_substring_regex(column, DAY)).as_py():
        return ""
    cells = column.unique()
    done = convert(pa.chunked_array([cells]), name)
    if done.kind != "date":
        return ""
    form = day_form(cells.to_pylist(), done.values)
    return written_days_sql(quoted(name), form) if form else ""


def is_source(customers: Customers) -> bool:
    """Whether their table stays where it is."""
    return SAMPLED in (customers.facts or {})


def is_part(customers: Customers) -> bool:
    """Whether these are some of the customers of a larger table."""
    facts = customers.facts or {}
    return SAMPLED in facts and facts[SAMPLED] != facts[ALL]


def in_all(customers: Customers) -> int:
    """How many customers there are, counting those that were not read; about, where a base is chosen."""
    facts = customers.facts or {}
    if not is_part(customers):
        return len(customers)
    everyone, drawn = int(facts[ALL]), int(facts[SAMPLED])
    return everyone if len(customers) == drawn else round(everyone * len(customers) / drawn)


def counted(customers: Customers) -> str:
    """Say how many customers there are.

    Examples
    --------
    >>> import pandas as pd
    >>> counted(Customers(pd.DataFrame({"x": [1, 2]}), (), pa.table({}), ""))
    '2 customers'
    """
    said = plural(in_all(customers), "customer")
    return f"about {said}" if is_part(customers) and customers.base else said
