"""Survey answers in SQL; what they are is said in `summaries.surveys`."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from segkit.customers.joins.pushed.cells import Words, words_of
from segkit.customers.joins.pushed.log import PlacedLog
from segkit.customers.joins.pushed.summed import (
    PlacedFeature,
    PlacedSummary,
    counted,
    field_words,
    kept_sql,
    per_customer,
    saying,
    share_sql,
    step,
)
from segkit.customers.joins.summaries.surveys import MEASURES, Measure
from segkit.customers.meanings.answers import Answers, csat_answers, nps_answers
from segkit.customers.notes import Note
from segkit.labels import listing, plural

Read = Callable[[str, Sequence[str], Sequence[int]], Answers | None]
READ: dict[str, Read] = {"csat": csat_answers, "nps": nps_answers}


@dataclass(frozen=True)
class _Asked:
    """Something that the surveys ask: the answers of each row in SQL, and how they were read."""

    measure: Measure
    value: str
    notes: tuple[Note, ...]

    @property
    def key(self) -> str:
        return self.measure.key


def summed_up(log: PlacedLog, as_of: datetime.date | None) -> PlacedSummary:
    """Sum up survey answers by customer, as `summaries.surveys.summed_up` does."""
    asked = [one for measure in MEASURES if (one := _asked(log, measure)) is not None]
    values = {one.key: one.value for one in asked}
    moment = {"moment": log.days["date"].second} if log.dated else {}
    kept, ranked = step(log, "kept"), step(log, "ranked")
    steps = {kept: kept_sql(log, values | moment, as_of)}
    given = " OR ".join(f"{key} IS NOT NULL" for key in values) or "1 = 0"
    answers = f"COUNT(CASE WHEN {given} THEN 1 END)"
    found = counted(log, steps, kept, {"answers": answers})
    steps[ranked] = _ranked(log, list(values))
    features = [feature for one in asked for feature in _features(log, one)]
    features.append(PlacedFeature("answers", "descriptor", answers, "count"))
    notes = (_note(log, found["answers"]), *(note for one in asked for note in one.notes))
    return PlacedSummary(log, per_customer(steps, ranked, features), tuple(features), notes)


# --- answers ----------------------------------------------------------------------------------------


def _asked(log: PlacedLog, measure: Measure) -> _Asked | None:
    """The answers to one question; None where nobody was asked."""
    if log.has(measure.key):
        words, notes = field_words(log, measure.key)
        if words is None:
            return _Asked(measure, "CAST(NULL AS DOUBLE PRECISION)", tuple(notes))
        name = log.part.fields[measure.key]
        value, told = _answers(log, words, name, READ[measure.key])
        return _Asked(measure, value, tuple(told))
    if not (log.has("question") and log.has("answer")):
        return None
    return _asked_in_rows(log, measure)


def _asked_in_rows(log: PlacedLog, measure: Measure) -> _Asked | None:
    """The same where a row is one question, not one survey."""
    questions, notes = field_words(log, "question")
    if questions is None:
        return _Asked(measure, "CAST(NULL AS DOUBLE PRECISION)", tuple(notes))
    said = saying(questions, measure.asked)
    if not said:
        return None
    mine = f"{questions.listed(said, '0')} = 1"
    answers = words_of(log.engine, log.column("answer"), f"SELECT * FROM {log.table} WHERE {mine}")
    if answers is None:
        return None
    value, told = _answers(log, answers, measure.label, READ[measure.key])
    return _Asked(measure, f"CASE WHEN {mine} THEN {value} END", tuple(told))


def _answers(log: PlacedLog, words: Words, name: str, read: Read) -> tuple[str, list[Note]]:
    """Read all different answers as those of an upload are read, and list them."""
    filled = [(one, int(rows)) for one, rows in zip(words.texts, words.counts, strict=True) if one]
    found = read(name, [one for one, _ in filled], [rows for _, rows in filled])
    if found is None:
        return "CAST(NULL AS DOUBLE PRECISION)", _no_answers(log, name, filled)
    known = {
        one: float(value) for (one, _), value in zip(filled, found.values, strict=True) if not np.isnan(value)
    }
    about = f"{log.source}: "
    notes = [replace(one, text=about + one.text, options=(), ask=False) for one in found.notes]
    return words.listed(known, "CAST(NULL AS DOUBLE PRECISION)"), notes


def _no_answers(log: PlacedLog, name: str, filled: Sequence[tuple[str, int]]) -> list[Note]:
    if not filled:
        return []
    shown = listing([f"“{text[:30]}”" for text, _ in filled[:3]])
    cells = plural(sum(rows for _, rows in filled), "cell")
    text = f"{log.source}: The {cells} in “{name}” are no answers on a scale that is known ({shown})."
    return [Note(text, True, "not-converted", name)]


# --- the latest answer ------------------------------------------------------------------------------


def _ranked(log: PlacedLog, keys: Sequence[str]) -> str:
    """Number each customer's answers from the last and from the first; of one moment, the lowest counts."""
    if not log.dated:
        return f"SELECT * FROM {step(log, 'kept')}"
    numbered = []
    for key in keys:
        given = f"CASE WHEN {key} IS NULL THEN 1 ELSE 0 END"
        numbered += [
            f"ROW_NUMBER() OVER (PARTITION BY id ORDER BY {given}, moment DESC, {key}) AS {key}_back",
            f"ROW_NUMBER() OVER (PARTITION BY id ORDER BY {given}, moment, {key}) AS {key}_fore",
        ]
    return f"SELECT {', '.join(['kept.*', *numbered])} FROM {step(log, 'kept')} AS kept"


def _features(log: PlacedLog, one: _Asked) -> list[PlacedFeature]:
    key = one.key
    mean = share_sql(f"SUM({key})", f"COUNT({key})")
    if not log.dated:
        latest = f"CASE WHEN COUNT({key}) = 1 THEN MAX({key}) END"
        return [
            PlacedFeature(key, key, latest, "measure"),
            PlacedFeature(f"{key}_mean", "descriptor", mean, "measure"),
        ]
    last = f"MAX(CASE WHEN {key}_back = 1 THEN {key} END)"
    first = f"MAX(CASE WHEN {key}_fore = 1 THEN {key} END)"
    moments = [f"{end}(CASE WHEN {key} IS NOT NULL THEN moment END)" for end in ("MAX", "MIN")]
    trend = f"CASE WHEN {' > '.join(moments)} THEN {last} - {first} END"
    return [
        PlacedFeature(key, key, last, "measure"),
        PlacedFeature(f"{key}_mean", "descriptor", mean, "measure"),
        PlacedFeature(f"{key}_trend", "descriptor", trend, "measure"),
    ]


def _note(log: PlacedLog, answers: int) -> Note:
    text = f"{plural(answers, 'answer')} in {log.source} count."
    if not log.dated:
        text += " No column has their dates, so there is a latest answer only of customers with a single one."
    return Note(text, not log.dated, "surveys")
