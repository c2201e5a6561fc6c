"""Matching at a source: how the ids of a log and of all customers match, counted by the engine."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from segkit.customers.joins.ids import WAYS, find_way
from segkit.customers.joins.matching import Match
from segkit.customers.joins.pushed.cells import alike_sql
from segkit.customers.joins.pushed.log import PlacedLog
from segkit.customers.notes import Note
from segkit.engine import Engine
from segkit.labels import listing, plural

MOST_IDS = 0.5  # of a log: so many are no accident, see `together`


def ids_counted(engine: Engine, own: str) -> dict[str, int]:
    """Count the different ids of the customers, those that several rows have, and these rows.

    Parameters
    ----------
    engine : Engine
    own : str
        The SELECT of the `id` of all customers, NULL for none.
    """
    asked = (
        "SELECT COUNT(*) AS ids, COUNT(CASE WHEN n > 1 THEN 1 END) AS repeated, "
        f"SUM(CASE WHEN n > 1 THEN n ELSE 0 END) AS repeated_rows FROM ({_grouped(own)}) AS c"
    )
    return {name: int(value or 0) for name, value in engine.ask(asked).to_pylist()[0].items()}


def _grouped(ids: str) -> str:
    return f"SELECT id, COUNT(*) AS n FROM ({ids}) AS named WHERE id IS NOT NULL GROUP BY id"


def match_of(log: PlacedLog, own: str, their: Mapping[str, int]) -> Match:
    """Compare the ids of a log with those of all customers, both ways, as `matching.matches` does.

    Parameters
    ----------
    log : PlacedLog
    own : str
        The SELECT of the `id` of all customers, NULL for none.
    their : mapping
        What `ids_counted` says of that.
    """
    ours = _grouped(f"SELECT {log.id} AS id FROM {log.table}")
    asked = (
        "SELECT COUNT(*) AS ids, COUNT(c.id) AS matched, "
        "SUM(CASE WHEN c.id IS NOT NULL THEN l.n ELSE 0 END) AS matched_rows "
        f"FROM ({ours}) AS l LEFT JOIN ({_grouped(own)}) AS c ON l.id = c.id"
    )
    found = log.engine.ask(asked).to_pylist()[0]
    matched = int(found["matched_rows"] or 0)
    lost = log.rows - matched
    return Match(
        log.part.name,
        customers=their["ids"],
        ids=int(found["ids"]),
        matched=int(found["matched"]),
        rows=log.rows,
        matched_rows=matched,
        nameless=log.rows - int(log.all["named"]),
        duplicates=their["repeated"],
        duplicate_rows=their["repeated_rows"],
        unmatched=_so_many(lost),
    )


def usual_writing(
    log: PlacedLog, match: Match, own: Callable[[Sequence[str]], str]
) -> tuple[tuple[str, ...], list[Note]]:
    """Find the differences in writing without which most ids would not match, as `together` does, and say so.

    Parameters
    ----------
    log : PlacedLog
    match : Match
        How ids match as they stand.
    own : function
        Differences that do not count to the SELECT of the `id` of all customers.
    """
    if match.matched > (1 - MOST_IDS) * match.ids:
        return (), []  # too few are left to be most
    every = tuple(way.key for way in WAYS)
    most = _matched(log, own, every)
    gained = most - match.matched
    if gained < MOST_IDS * match.ids or ids_counted(log.engine, own(every))["ids"] < match.customers:
        return (), []
    ways = every
    for way in every:
        fewer = tuple(one for one in ways if one != way)
        if _matched(log, own, fewer) == most:
            ways = fewer
    ignored = listing([find_way(way).label for way in ways])
    text = (
        f"Ids of “{log.part.name}” and of the customers were taken for the same although they are written in "
        f"two ways: for {plural(gained, 'id')}, {ignored} did not count."
    )
    return ways, [Note(text, True, "id-writing", log.part.key)]


def _matched(log: PlacedLog, own: Callable[[Sequence[str]], str], ways: Sequence[str]) -> int:
    """How many of the log's ids as they stand name a customer, if some differences do not count."""
    ours = f"SELECT DISTINCT {log.id} AS id FROM {log.table}"
    ours = f"SELECT {alike_sql('id', ways)} AS id FROM ({ours}) AS named WHERE id IS NOT NULL"
    theirs = _grouped(own(ways))
    asked = f"SELECT COUNT(*) AS n FROM ({ours}) AS l JOIN ({theirs}) AS c ON l.id = c.id"
    return int(log.engine.ask(asked)["n"][0].as_py())


def _so_many(rows: int) -> Any:
    """Rows that are counted and not listed; they take no memory."""
    return np.broadcast_to(np.int64(-1), (rows,))
