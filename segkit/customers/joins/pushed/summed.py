"""Summaries in SQL: what a log says of each customer, as one SELECT; and the steps that they share."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segkit.customers.joins.pushed.cells import Words, words_of
from segkit.customers.joins.pushed.log import PlacedLog
from segkit.customers.joins.summaries.shares import MOST_LEVELS, MOST_SHARES, rest_note, share_names
from segkit.customers.joins.summaries.words import Vocabulary, said
from segkit.customers.notes import Note
from segkit.labels import number

ABSENT = {"count": "0", "amount": "0e0", "yes_no": "FALSE"}  # of who is not in the log; others are missing


@dataclass(frozen=True)
class PlacedFeature:
    """A column of a summary.

    Attributes
    ----------
    name, role : str
        As of `features.Feature`.
    sql : str
        Over the rows of one customer.
    how : str
        "count", "amount", "measure", "yes_no" or "day", as the functions of `features`.
    """

    name: str
    role: str
    sql: str
    how: str

    @property
    def absent(self) -> str:
        """The value of customers who are not in the log; empty where it is missing."""
        return ABSENT.get(self.how, "")

    @property
    def item(self) -> str:
        """The column as an item of a SELECT, of one type in all databases."""
        kind = {"count": "BIGINT", "amount": "DOUBLE PRECISION", "measure": "DOUBLE PRECISION"}.get(self.how)
        value = f"CAST({self.sql} AS {kind})" if kind else self.sql
        return f'{value} AS "{self.name}"'


@dataclass(frozen=True)
class PlacedSummary:
    """What a log says of each customer: a SELECT of `id` and the features, one row a customer."""

    log: PlacedLog
    sql: str
    features: tuple[PlacedFeature, ...]
    notes: tuple[Note, ...] = ()


def with_steps(steps: Mapping[str, str], last: str) -> str:
    """Put a query behind named steps."""
    named = ", ".join(f"{name} AS ({query})" for name, query in steps.items())
    return f"WITH {named} {last}"


def step(log: PlacedLog, name: str) -> str:
    """The name of a step; no two logs share one."""
    return f"segkit_{log.kind}_{name}"


def kept_sql(log: PlacedLog, items: Mapping[str, str], as_of: datetime.date | None) -> str:
    """Write the SELECT of the rows that count: they name somebody and have a date that is not too late."""
    listed = [f"{log.id} AS id", *(f"{sql} AS {name}" for name, sql in items.items())]
    tests = ["id IS NOT NULL"]
    if log.dated:
        listed.append(f"{log.days['date'].day} AS day")
        tests.append(f"day <= DATE '{as_of}'" if as_of else "day IS NOT NULL")
    return f"SELECT * FROM (SELECT {', '.join(listed)} FROM {log.table}) AS cells WHERE {' AND '.join(tests)}"


def per_customer(steps: Mapping[str, str], source: str, features: Sequence[PlacedFeature]) -> str:
    """Write the summary: steps, then one row a customer."""
    items = ", ".join(["id", *(one.item for one in features)])
    return with_steps(steps, f"SELECT {items} FROM {source} GROUP BY id")


def counted(
    log: PlacedLog, steps: Mapping[str, str], source: str, items: Mapping[str, str]
) -> dict[str, int]:
    """Ask for some counts over the rows of a step."""
    asked = ", ".join(f"{sql} AS {name}" for name, sql in items.items())
    found = log.engine.ask(with_steps(steps, f"SELECT {asked} FROM {source}")).to_pylist()[0]
    return {name: int(value or 0) for name, value in found.items()}


# --- words ------------------------------------------------------------------------------------------


def field_words(log: PlacedLog, field: str) -> tuple[Words | None, list[Note]]:
    """All words of a field, and a note where they are too many."""
    found = words_of(log.engine, log.column(field), log.table)
    if found is not None:
        return found, []
    text = (
        f"“{log.part.fields[field]}” of {log.source} has more different values than can be read where the "
        "table lives, and is left out."
    )
    return None, [Note(text, True, "not-converted")]


def saying(words: Words, vocabulary: Vocabulary) -> dict[str, int]:
    """The texts that say one of some words, each with 1."""
    return {one: 1 for one, yes in zip(words.texts, said(words.texts, vocabulary), strict=True) if yes}


@dataclass(frozen=True)
class Levels:
    """The words of a field in the order of how often they occur: what `shares.shares` ranks.

    Attributes
    ----------
    rank : str
        The place of a row's word in SQL, over the raw column.
    names : tuple of str
        Of the shares of the most frequent ones.
    """

    rank: str
    names: tuple[str, ...]


def levels_of(
    log: PlacedLog, column: str, query: str, field: str, prefix: str
) -> tuple[Levels | None, list[Note]]:
    """Rank the words of a column of a query, as `shares.shares` does those of an upload."""
    words = words_of(log.engine, column, query)
    same = [] if words is None else [one.strip() for one in words.texts]
    if words is None or len(set(same) - {""}) > MOST_LEVELS:
        text = f"“{field}” of {log.source} has more than {number(MOST_LEVELS)} different values, too many "
        return None, [Note(f"{text}for a share each.", key="shares")]
    counts: dict[str, int] = {}
    for word, rows in zip(same, words.counts.tolist(), strict=True):
        counts[word.casefold()] = counts.get(word.casefold(), 0) + rows
    levels = sorted((word for word in counts if word), key=lambda word: (-counts[word], word))
    if len(levels) < 2:
        return None, []
    place = {word: rank for rank, word in enumerate(levels)}
    ranks = {
        text: place[word.casefold()]
        for text, word in zip(words.texts, same, strict=True)
        if word.casefold() in place
    }
    return Levels(words.listed(ranks), tuple(share_names(levels[:MOST_SHARES], prefix))), rest_note(
        log.source, field, levels
    )


def share_features(levels: Levels | None, rank: str) -> list[PlacedFeature]:
    """The share of each word among the orders or tickets of a customer whose word is known."""
    names = () if levels is None else levels.names
    return [
        PlacedFeature(
            name,
            "descriptor",
            share_sql(f"COUNT(CASE WHEN {rank} = {place} THEN 1 END)", f"COUNT({rank})"),
            "measure",
        )
        for place, name in enumerate(names)
    ]


def share_sql(part: str, whole: str) -> str:
    """Divide; NULL where there is nothing to divide by."""
    return f"CAST({part} AS DOUBLE PRECISION) / NULLIF({whole}, 0)"
