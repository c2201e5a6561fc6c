"""Survey answers to features: what a customer answered last, on average, and how that changed.

The latest answer is the one with the latest date; of several at the same moment the lowest counts, so
that the order of the rows does not matter. CSAT and NPS are looked at apart: they can come from different
surveys.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from segkit.customers.choices import Choices
from segkit.customers.joins.summaries.cells import Cells, csat, nps
from segkit.customers.joins.summaries.features import Feature, Summary, count, measure
from segkit.customers.joins.summaries.log import Log
from segkit.customers.joins.summaries.totals import ratio, tallies, totals
from segkit.customers.joins.summaries.words import RECOMMEND, SATISFIED, Vocabulary
from segkit.customers.notes import Note
from segkit.labels import listing, plural


@dataclass(frozen=True)
class Measure:
    """A row of `MEASURES`: something that surveys ask.

    Attributes
    ----------
    key, label : str
        The key is the name of the feature, of the field and of the role.
    asked : tuple of str
        How words of the question begin, where questions stand in a column.
    read : function
        Cells to numbers on the scale.
    """

    key: str
    label: str
    asked: Vocabulary
    read: Callable[[pa.ChunkedArray, str, Choices], Cells]


def summed_up(log: Log, as_of: datetime.date | None) -> Summary:
    """Sum up survey answers by customer.

    Parameters
    ----------
    log : Log
        Answers until the as-of date, one row a survey or, with columns for question and answer, one row a
        question.
    as_of : datetime.date, optional

    Returns
    -------
    Summary
        For CSAT and NPS each: the latest answer (``csat``), the mean (``csat_mean``) and the latest minus
        the first (``csat_trend``; missing unless they have two dates); ``answers``, the rows with at least
        one of them. Without dates nothing is the latest answer, except of customers who gave only one.
    """
    features: list[Feature] = []
    notes = [*log.notes, *_long_note(log)]
    answered = np.zeros(len(log), bool)
    for one in MEASURES:
        values, unreadable = _given(log, one)
        notes += unreadable
        if values is not None:
            features += _features(log, one, values)
            answered |= ~np.isnan(values)
    features.append(count("answers", tallies(log.codes, len(log.ids), answered), "descriptor"))
    notes.insert(0, _answers_note(log, answered, as_of))
    counts = {"rows": log.rows, "answers": int(answered.sum())}
    return Summary(log.kind, log.names, as_of, log.ids, tuple(features), counts, tuple(notes), log.to)


def _given(log: Log, one: Measure) -> tuple[np.ndarray | None, list[Note]]:
    """The answers of each row to one question; None where nobody was asked."""
    if log.has(one.key):
        return log.numbers(one.key), []
    if not _is_long(log):
        return None, []
    asked = log.saying("question", one.asked)
    if not asked.any():
        return None, []
    cells = one.read(log.table.column("answer").filter(pa.array(asked)), one.label, Choices())
    values = np.full(len(log), np.nan)
    values[asked] = cells.values.to_numpy(zero_copy_only=False)
    return values, [replace(note, options=()) for note in cells.notes]


def _is_long(log: Log) -> bool:
    """Whether a row is one question, not one survey."""
    return log.has("question") and log.has("answer")


def _features(log: Log, one: Measure, values: np.ndarray) -> list[Feature]:
    customers = len(log.ids)
    given = ~np.isnan(values)
    answers = tallies(log.codes, customers, given)
    mean = ratio(totals(values, log.codes, customers), answers)
    if not log.has("date"):
        latest = np.where(answers == 1, mean, np.nan)
        return [measure(one.key, latest, one.key), measure(f"{one.key}_mean", mean, "descriptor")]
    first, last = _first_and_last(log.codes[given], log.time_of("date")[given], values[given], customers)
    return [
        measure(one.key, last, one.key),
        measure(f"{one.key}_mean", mean, "descriptor"),
        measure(f"{one.key}_trend", last - first, "descriptor"),
    ]


def _first_and_last(
    codes: np.ndarray, moments: np.ndarray, values: np.ndarray, groups: int
) -> tuple[np.ndarray, np.ndarray]:
    """Find the first and the latest answer of each customer; the first is NaN where it is the latest."""
    order = np.lexsort((values, moments, codes))
    codes, moments, values = codes[order], moments[order], values[order]
    new_customer = np.diff(codes, prepend=-1) != 0
    new_moment = new_customer | (np.diff(moments, prepend=moments[:1]) != np.timedelta64(0, "s"))
    first, last = np.full(groups, np.nan), np.full(groups, np.nan)
    first[codes[new_customer]] = values[new_customer]
    last[codes[new_moment]] = values[new_moment]  # of repeated places, numpy keeps what is assigned last
    alone = tallies(codes, groups, new_moment) < 2
    return np.where(alone, np.nan, first), last


def _long_note(log: Log) -> list[Note]:
    """Say which questions of a table with one row a question are used."""
    if not _is_long(log):
        return []
    used = [log.saying("question", one.asked) for one in MEASURES]
    asked = [
        f"{plural(int(rows.sum()), 'row')} {'asks' if rows.sum() == 1 else 'ask'} for {one.label}"
        for one, rows in zip(MEASURES, used, strict=True)
    ]
    rest = int((~np.logical_or.reduce(used)).sum())
    text = (
        f"{log.source} has one row a question: {listing(asked)}; {plural(rest, 'other row')} "
        f"{'is' if rest == 1 else 'are'} not used."
    )
    return [Note(text, True, "long-form")]


def _answers_note(log: Log, answered: np.ndarray, as_of: datetime.date | None) -> Note:
    until = f" until {as_of}" if as_of is not None and log.has("date") else ""
    people = len(np.unique(log.codes[answered]))
    rows = int(answered.sum())
    text = f"{plural(rows, 'answer')} of {plural(people, 'customer')} in {log.source}{until}."
    if not log.has("date"):
        text += " No column has their dates, so there is a latest answer only of customers with a single one."
    return Note(text, not log.has("date"), "surveys")


MEASURES = (
    Measure("csat", "CSAT", SATISFIED, csat),
    Measure("nps", "NPS", RECOMMEND, nps),
)
