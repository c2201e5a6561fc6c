"""What the role of a column makes of its values: ids stay text, answers get a scale, flags yes or no."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.choices import Choices
from segkit.customers.columns.kinds import Column, Converted, convert, texts_of
from segkit.customers.columns.texts import Texts
from segkit.customers.meanings.answers import Answers, Flags, csat_answers, flag_answers, nps_answers
from segkit.customers.meanings.personal import personal_kind, personal_note, sensitive_kind, sensitive_note
from segkit.customers.meanings.roles import Facts, Guess
from segkit.customers.notes import Note

MOST_TEXTS = 500  # the most frequent different texts of a column say what it is
_OF_TEXTS = ("not-converted", "sentinel", "missing-proposed")  # notes that reading as answers makes void
FLAGS = ("retained", "churned", "converted")


@dataclass(frozen=True)
class Meaning:
    """A column after its role was settled: its values, its answer scale and what else is known of it."""

    done: Converted
    scale: tuple[int, int] | None = None
    personal: str = ""
    sensitive: str = ""
    notes: tuple[Note, ...] = ()


def facts_of(name: str, column: Column, done: Converted) -> Facts:
    """Collect what a guess of the role may look at."""
    texts, counts = most_frequent_texts(column)
    share = done.top / done.filled if done.filled else 0.0
    return Facts(name, done.kind, done.values, done.distinct, done.filled, share, texts, counts)


def most_frequent_texts(column: Column) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """List the most frequent different texts of a column, and how often each occurs.

    Of a column of many different texts, or of a typed one, those of the first rows.
    """
    if not isinstance(column, Texts):
        column = texts_of(pc.fill_null(column.slice(0, MOST_TEXTS).cast(pa.string()), ""))
    if column.of_rows is None:
        column = texts_of(pa.chunked_array([column.strings.slice(0, MOST_TEXTS)]))
    distinct = column.distinct
    filled = np.flatnonzero(distinct.filled)
    order = filled[np.argsort(-column.counts[filled], kind="stable")][:MOST_TEXTS]
    return tuple(column.texts.take(pa.array(order)).to_pylist()), tuple(column.counts[order].tolist())


def meant(column: Column, done: Converted, facts: Facts, guess: Guess, made: Choices) -> Meaning:
    """Give a column the values that its role needs."""
    personal = personal_kind(facts.name, facts.kind, facts.texts, facts.counts, facts.distinct, facts.filled)
    if guess.role == "customer_id" and personal != "e-mail":
        personal = ""  # ids may look like phone numbers
    sensitive = sensitive_kind(facts.name, facts.texts)
    found = _by_role(column, done, facts, guess, made)
    notes = list(found.notes)
    if personal and guess.role != "customer_id":
        notes.append(personal_note(facts.name, personal))
    if sensitive:
        notes.append(sensitive_note(facts.name, sensitive))
    return replace(found, personal=personal, sensitive=sensitive, notes=tuple(notes))


def _by_role(column: Column, done: Converted, facts: Facts, guess: Guess, made: Choices) -> Meaning:
    name = facts.name
    if guess.role == "customer_id" and name not in made.kinds and done.kind != "text":
        return Meaning(convert(column, name, "text"))
    if guess.role not in ("csat", "nps", *FLAGS) or (guess.role in FLAGS and done.kind == "yes/no"):
        return Meaning(done)
    texts = column if isinstance(column, Texts) else texts_of(pc.fill_null(column.cast(pa.string()), ""))
    listed, counts = _without(done.markers, texts.texts.to_pylist()), texts.counts.tolist()
    if guess.role == "csat":
        scale = made.scales.get(name, made.scales.get("*"))
        answers = csat_answers(name, listed, counts, scale=scale, reversed=made.reversed.get(name))
    elif guess.role == "nps":
        answers = nps_answers(name, listed, counts, shifted=made.shifted.get(name))
    else:
        flags = flag_answers(guess.role, name, listed, counts)
        return Meaning(_flagged(done, flags, texts.codes), notes=flags.notes) if flags else Meaning(done)
    return _answered(done, answers, texts.codes, texts.counts) if answers else Meaning(done)


def _without(markers: Sequence[str], texts: list[str]) -> list[str]:
    """Empty the texts that mean "no answer"."""
    marked = {marker.casefold() for marker in markers}
    return ["" if text.casefold() in marked else text for text in texts] if marked else texts


def _answered(done: Converted, answers: Answers, codes: np.ndarray, counts: np.ndarray) -> Meaning:
    per_text = np.asarray(answers.values, dtype=float)
    known = ~np.isnan(per_text) & (counts > 0)
    filled = int(counts[known].sum())
    changed = replace(
        done,
        values=pd.Series(per_text[codes]),
        kind="number",
        detail=answers.detail,
        missing=len(codes) - filled,
        failed=answers.set_aside,
        distinct=len(np.unique(per_text[known])),
        filled=filled,
        notes=tuple(note for note in done.notes if note.key not in _OF_TEXTS),
    )
    return Meaning(changed, answers.scale, notes=answers.notes)


def _flagged(done: Converted, flags: Flags, codes: np.ndarray) -> Converted:
    per_text = np.asarray(flags.values, dtype=float)
    places = np.where(np.isnan(per_text), -1, per_text).astype(int)[codes]
    labels = pd.Index(["No", "Yes"], dtype="str")
    values = pd.Series(pd.Categorical.from_codes(places, categories=labels, ordered=True))
    return replace(
        done,
        values=values,
        kind="yes/no",
        detail=flags.detail,
        missing=int((places < 0).sum()),
        distinct=len(np.unique(places[places >= 0])),
        filled=int((places >= 0).sum()),
    )
