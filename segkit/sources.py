"""Sources that whoever runs the app has set up: a TOML file names tables that users may pick by name.

Users see names, never how a table is reached. A value of `connect` that is `{ env = "NAME" }` is taken from
the environment, so that no password has to stand in the file.
"""

import datetime
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segkit.engine import FILES, LogTable, Source, UnusableSource
from segkit.errors import find_row
from segkit.labels import listing

VARIABLE = "SEGKIT_SOURCES"  # of the environment: the path of the TOML file
ENGINES = (FILES, "postgres", "pyspark", "snowflake", "bigquery", "databricks", "trino")
_TEXTS = ("label", "engine", "files", "table", "query")
_NUMBERS = ("timeout", "most_rows", "most_gb")
LOGS = ("orders", "surveys", "tickets", "events")  # of the customers of a source, which are summed up there
_KNOWN = {*_TEXTS, *_NUMBERS, *LOGS, "may_write", "connect", "as_of"}
_READ = ("files", "table", "query")  # one of them says where rows are
_OF_LOGS = {*_READ, "customer", "columns"}


def sources(path: str | Path | None = None) -> tuple[Source, ...]:
    """Read the sources that are set up; none where no file is named.

    Parameters
    ----------
    path : str or Path, optional
        By default what `SEGKIT_SOURCES` names.

    Raises
    ------
    UnusableSource
        The file is not there, is no TOML, or a source in it is not as it should be.
    """
    named = path or os.environ.get(VARIABLE, "")
    if not named:
        return ()
    try:
        found = tomllib.loads(Path(named).read_text(encoding="utf-8"))
    except OSError as problem:
        raise UnusableSource(f"The file of sources cannot be read ({problem.strerror}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        where = str(problem).partition("(")[2].rstrip(")") or "see its encoding"
        raise UnusableSource(f"The file of sources is no TOML ({where}).") from None
    tables = found.get("sources", {})
    if not isinstance(tables, dict) or not all(isinstance(one, dict) for one in tables.values()):
        raise UnusableSource("The file of sources needs a table such as [sources.crm] for each.")
    return tuple(_source(key, settings) for key, settings in tables.items())


def find_source(key: str, path: str | Path | None = None) -> Source:
    """Look a source up by its key.

    Raises
    ------
    UnusableSource
        There is none of that key; the message lists those there are.
    """
    return find_row(sources(path), key, "source", "Sources", UnusableSource)


def _source(key: str, settings: Mapping[str, Any]) -> Source:
    unknown = sorted(set(settings) - _KNOWN)
    if unknown:
        raise UnusableSource(f"Source “{key}”: {listing(unknown)} is no setting. See docs/scale.md.")
    wrong = [name for name in _TEXTS if not isinstance(settings.get(name, ""), str)]
    wrong += [name for name in _NUMBERS if not _is_number(settings.get(name, 1))]
    if not isinstance(settings.get("may_write", False), bool):
        wrong.append("may_write")
    if not isinstance(settings.get("connect", {}), dict):
        wrong.append("connect")
    if not _is_day(settings.get("as_of", "")):
        wrong.append("as_of")
    if wrong:
        raise UnusableSource(f"Source “{key}”: {listing(wrong)} is not written as in docs/scale.md.")
    engine = settings.get("engine", FILES)
    if engine not in ENGINES:
        raise UnusableSource(
            f"Source “{key}”: “{engine}” is no engine. Engines are: {listing(list(ENGINES), 40)}."
        )
    _check_read(f"Source “{key}”", settings, engine)
    taken = _KNOWN - {"connect", "label", "as_of", *LOGS}
    plain = {name: settings[name] for name in taken if name in settings}
    connect = {name: _resolved(key, value) for name, value in settings.get("connect", {}).items()}
    logs = {name: _log(key, name, settings[name], engine) for name in LOGS if name in settings}
    day = str(settings.get("as_of", ""))
    return Source(key, settings.get("label", key), connect=connect, logs=logs, as_of=day, **plain)


def _check_read(what: str, settings: Mapping[str, Any], engine: str) -> None:
    """Refuse what does not say where its rows are, or says so twice."""
    read = [name for name in _READ if settings.get(name)]
    if len(read) != 1 or (read == ["files"]) != (engine == FILES):
        needs = "files" if engine == FILES else "a table or a query"
        raise UnusableSource(f"{what} has to name {needs}, and nothing else to read.")


def _log(key: str, kind: str, said: object, engine: str) -> LogTable:
    """Read what is said of a log: files or a table as a text, or settings of its own."""
    what = f"Source “{key}”, {kind}:"
    if isinstance(said, str):
        said = {"files" if engine == FILES else "table": said}
    if not isinstance(said, dict):
        raise UnusableSource(f"{what} it is not written as in docs/scale.md.")
    unknown = sorted(set(said) - _OF_LOGS)
    if unknown:
        raise UnusableSource(f"{what} {listing(unknown)} is no setting. See docs/scale.md.")
    columns = said.get("columns", {})
    texts = [said.get(name, "") for name in (*_READ, "customer")]
    if not isinstance(columns, dict) or not all(isinstance(one, str) for one in (*texts, *columns.values())):
        raise UnusableSource(f"{what} it is not written as in docs/scale.md.")
    _check_read(what, said, engine)
    return LogTable(**said)


def _is_day(value: object) -> bool:
    """Whether a setting is a day, as TOML has them or as text; empty is none."""
    if isinstance(value, datetime.datetime) or not isinstance(value, str | datetime.date):
        return False
    try:
        return value == "" or bool(datetime.date.fromisoformat(str(value)))
    except ValueError:
        return False


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _resolved(key: str, value: object) -> object:
    if not (isinstance(value, dict) and set(value) == {"env"}):
        return value
    found = os.environ.get(str(value["env"]))
    if found is None:
        raise UnusableSource(f"Source “{key}”: the variable {value['env']} of the environment is not set.")
    return found
