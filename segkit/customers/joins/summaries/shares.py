"""Shares: which part of a customer's orders or tickets came by each channel or was about each topic."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from segkit.customers.joins.summaries.features import Feature, measure
from segkit.customers.joins.summaries.log import Log
from segkit.customers.joins.summaries.totals import ratio, tallies
from segkit.customers.meanings.aliases import plain
from segkit.customers.notes import Note
from segkit.labels import listing, number

MOST_LEVELS = 200  # a column with more different words is free text
MOST_SHARES = 5  # levels that get a column of their own; the rarer ones say little of a customer


def shares(
    log: Log, field: str, prefix: str, of_row: np.ndarray, owner: np.ndarray
) -> tuple[list[Feature], list[Note]]:
    """Find the share of each of the most frequent words among the orders or tickets of a customer.

    Parameters
    ----------
    log : Log
    field : str
        A field of words.
    prefix : str
        How the names of the features begin.
    of_row : int array
        The order or ticket that each row belongs to.
    owner : int array
        The customer of each of them.

    Returns
    -------
    list of Feature
        Fractions of those for which the word is known; none where all say the same.
    list of Note
        Which words were left out.
    """
    codes, texts = log.texts(field)
    if len(texts) > MOST_LEVELS:
        text = (
            f"“{field}” of {log.source} has {number(len(texts))} different values, too many for a share each."
        )
        return [], [Note(text, key="shares")]
    ranks, levels = _ranked(codes, texts.to_pylist())
    if len(levels) < 2:
        return [], []
    of_unit = np.full(len(owner), len(levels))
    np.minimum.at(of_unit, of_row, ranks)  # where rows of an order differ, the most frequent word counts
    known = tallies(owner, len(log.ids), of_unit < len(levels))
    features = [
        measure(name, ratio(tallies(owner, len(log.ids), of_unit == rank), known), "descriptor")
        for rank, name in enumerate(share_names(levels[:MOST_SHARES], prefix))
    ]
    return features, rest_note(log.source, field, levels)


def _ranked(codes: np.ndarray, words: list[str]) -> tuple[np.ndarray, list[str]]:
    """Number words by how often they occur, not minding capitals; rows without one get the last number."""
    same = [word.casefold() for word in words]
    counts: Counter[str] = Counter()
    for word, rows in zip(same, np.bincount(codes[codes >= 0], minlength=len(words)).tolist(), strict=True):
        counts[word] += rows
    levels = sorted((word for word in counts if word), key=lambda word: (-counts[word], word))
    place = {word: rank for rank, word in enumerate(levels)}
    ranks = np.array([*(place.get(word, len(levels)) for word in same), len(levels)])
    return ranks[codes], levels


def share_names(levels: Sequence[str], prefix: str) -> list[str]:
    """Name the share of each level, no two alike."""
    names: list[str] = []
    for level in levels:
        word = plain(level).replace(" ", "_") or "other"
        name = f"{prefix}_{word}_share"
        names.append(name if name not in names else f"{prefix}_{word}_{len(names) + 1}_share")
    return names


def rest_note(source: str, field: str, levels: Sequence[str]) -> list[Note]:
    """Say which levels got no share of their own, if any."""
    rest = levels[MOST_SHARES:]
    if not rest:
        return []
    shown = listing([f"“{level[:30]}”" for level in rest], 3)
    text = (
        f"Of the {number(len(levels))} values of {field} in {source}, the {MOST_SHARES} most frequent "
        f"got a share each; not {shown}."
    )
    return [Note(text, key="shares")]
