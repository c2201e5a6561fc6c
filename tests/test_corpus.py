"""Every file of the corpus is read as a careful reader would, asked about, or refused in words."""

import json
import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import segkit
from segkit.customers.choices import Choices
from segkit.customers.reading import interpreted
from segkit.errors import SegkitError, UnreadableFile
from segkit.measures.kpis import by_column, measure
from tests.corpus import ANY, CASES, Case, OneOf
from tests.corpus.case import OUTCOMES, Columns
from tests.tables import opened_here, read_here

LONGEST_MESSAGE = 700
INNER_WORDS = re.compile(r"Traceback|\b\w+(Error|Exception)\b|/tmp/|\bNone\b|\bArrow|calamine|codec\b")
ALWAYS_FINE = {"id", "personal", "untold", "retention-from-dates"}  # the business of `meaning`


def names(cases: Sequence[Case]) -> list[str]:
    return [f"{case.group}-{case.key}" for case in cases]


# --- what was read, as plain values ---------------------------------------------------------------


def values(customers: segkit.Customers, name: str) -> list[object]:
    """The values of a column as plain Python: floats, ISO dates, booleans, texts, None."""
    column, series = customers.column(name), customers.frame[name]
    if column is not None and column.kind == "yes/no":
        return [None if code < 0 else bool(code) for code in series.cat.codes]
    if pd.api.types.is_datetime64_any_dtype(series):
        return [None if pd.isna(moment) else moment.date().isoformat() for moment in series]
    return [None if pd.isna(value) else value for value in series.tolist()]


def same(got: object, expected: object) -> bool:
    if expected is ANY:
        return True
    if isinstance(expected, OneOf):
        return got in expected.values
    if isinstance(expected, bool) or expected is None or isinstance(got, bool):
        return got is expected
    if isinstance(expected, int | float) and isinstance(got, int | float):
        return math.isclose(got, expected, rel_tol=1e-12)
    return type(got) is type(expected) and got == expected


def wrong_columns(customers: segkit.Customers, columns: Mapping[str, Sequence[object]]) -> Iterator[str]:
    for name, expected in columns.items():
        if customers.column(name) is None:
            yield f"no column “{name}” among {customers.source.column_names[:9]}"
            continue
        got = values(customers, name)
        if len(got) != len(expected):
            yield f"“{name}” has {len(got)} rows, not {len(expected)}"
            continue
        pairs = enumerate(zip(got, expected, strict=True))
        bad = [(place, one, other) for place, (one, other) in pairs if not same(one, other)]
        if bad:
            place, one, other = bad[0]
            yield f"“{name}” row {place}: {str(one)[:60]!r}, not {str(other)[:60]!r} ({len(bad)} rows differ)"


def wrong_rows(customers: segkit.Customers, case: Case) -> Iterator[str]:
    """Rows in = rows loaded + rows set aside (what stands above the header is set aside as well)."""
    loaded, aside = len(customers), customers.set_aside - case.above
    if case.set_aside is not None and aside != case.set_aside:
        yield f"{aside} rows set aside, not {case.set_aside}"
    if case.expected_rows is not None and loaded + aside != case.expected_rows:
        yield f"{loaded} rows loaded + {aside} set aside, not {case.expected_rows} together"
    if customers.aside.num_rows != customers.set_aside:
        yield f"{customers.aside.num_rows} rows to download, not {customers.set_aside}"
    if customers.source.num_rows != loaded:
        yield f"{customers.source.num_rows} rows of cells, not {loaded}"


def wrong_words(customers: segkit.Customers, case: Case) -> Iterator[str]:
    """Kinds and roles, each a word or several joined by "|"."""
    for what, expected in (("kind", case.kinds), ("role", case.roles)):
        for name, right in expected.items():
            column = customers.column(name)
            got = getattr(column, what) if column else None
            if got not in right.split("|"):
                yield f"“{name}” has {what} {got!r}, not {right!r}"
    if case.names and tuple(customers.source.column_names) != case.names:
        yield f"columns are {tuple(customers.source.column_names)}, not {case.names}"
    for name in set(case.never) & set(customers.default_dimensions):
        yield f"“{name}” forms segments by default"


def wrong_kpis(customers: segkit.Customers, expected: Mapping[str, float]) -> Iterator[str]:
    if not expected:
        return
    table = measure(customers, by_column(customers, customers.source.column_names[1]))
    for kpi, value in expected.items():
        cell = table.find("all", kpi)
        if cell is None or not math.isclose(cell.value, value, rel_tol=1e-9):
            yield f"{kpi} is {cell and cell.value}, not {value}"


# --- what was said --------------------------------------------------------------------------------


def has_note(customers: segkit.Customers, wanted: str) -> bool:
    """Look for a note by its key, or one of several, and perhaps by its column."""
    keys, _, column = wanted.partition(":")
    return any(
        note.key in keys.split("|") and (not column or column == note.column or f"“{column}”" in note.text)
        for note in customers.notes
    )


def keys_of(case: Case) -> set[str]:
    return {key for note in (*case.notes, *case.may) for key in note.partition(":")[0].split("|")}


def wrong_notes(customers: segkit.Customers, case: Case) -> Iterator[str]:
    for wanted in case.notes:
        if not has_note(customers, wanted):
            said = sorted({note.key + (f":{note.column}" if note.column else "") for note in customers.notes})
            yield f"no note {wanted!r} among {said}"
    for unwanted in case.absent:
        if has_note(customers, unwanted):
            yield f"a note {unwanted!r} that is not true"
    for note in customers.notes:
        if note.ask and "asked" not in case.outcomes:
            yield f"asks without need ({note.key}): {note.text}"
        elif note.check and note.key not in keys_of(case) | ALWAYS_FINE:
            yield f"a false alarm ({note.key}): {note.text}"
        if not note.text.rstrip().endswith((".", "?")) or INNER_WORDS.search(_without_quotes(note.text)):
            yield f"badly worded: {note.text}"
    if case.outcome == "asked" and not any(note.ask for note in customers.notes):
        yield "does not ask"


def _without_quotes(text: str) -> str:
    return re.sub(r"“[^”]*”", "", text)


def read_with(data: bytes, case: Case, change: Mapping[str, Any]) -> segkit.Customers:
    """Read a file again, as an answer changes it."""
    choices = Choices().changed(change)
    return interpreted(opened_here(data, case.called, choices), "content", choices)


def wrong_answers(customers: segkit.Customers, case: Case, data: bytes) -> Iterator[str]:
    """Whatever the file may mean must be what was read, or what one of the offered answers gives."""
    wanted: list[tuple[Columns, Mapping[str, float]]] = [(reading, {}) for reading in case.readings]
    wanted += [({}, case.answered_kpis)] if case.answered_kpis else []
    if not wanted:
        return
    options = [option for note in customers.notes if note.key in keys_of(case) for option in note.options]
    found = {"as it is": customers}
    for option in options:
        try:
            found[option.label] = read_with(data, case, option.change)
        except SegkitError as problem:
            yield f"“{option.label}” is offered, but leads to: {problem}"
    for columns, kpis in wanted:
        tried = {
            label: [*wrong_columns(one, columns), *wrong_kpis(one, kpis)] for label, one in found.items()
        }
        if all(tried.values()):
            yield f"no answer gives what the file may mean: {tried}"


def badly_refused(message: str, case: Case) -> Iterator[str]:
    if not re.search(case.message, message, re.DOTALL):
        yield f"refused, but not because of {case.message!r}: {message}"
    if not message.endswith(".") or message.count(". ") < 1:
        yield f"does not say what to do: {message}"
    if len(message) > LONGEST_MESSAGE or INNER_WORDS.search(_without_quotes(message)):
        yield f"badly worded: {message}"


def problems(case: Case) -> Iterator[str]:
    data = case.make()
    try:
        customers = segkit.read(data, name=case.called) if case.child else read_here(data, case.called)
    except UnreadableFile as problem:
        if "refused" not in case.outcomes:
            yield f"refused: {problem}"
        yield from badly_refused(str(problem), case)
        return
    if case.outcomes == ("refused",):
        yield f"not refused: {len(customers)} × {len(customers.columns)}"
        return
    yield from wrong_rows(customers, case)
    yield from wrong_columns(customers, case.columns)
    yield from wrong_words(customers, case)
    yield from wrong_kpis(customers, case.kpis)
    yield from wrong_notes(customers, case)
    yield from wrong_answers(customers, case, data)


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_a_file_is_read_asked_about_or_refused_in_words(case):
    assert list(problems(case)) == []


def test_the_check_sees_what_is_wrong():
    """A check that finds nothing anywhere would pass everything above."""
    plain = next(case for case in CASES if case.key == "comma.csv")
    assert list(problems(plain)) == []
    lies: dict[str, dict[str, Any]] = {
        "row 0": {"columns": {"age": [0, *plain.columns["age"][1:]]}},
        "has 24 rows": {"columns": {"age": [1, 2]}},
        "no column": {"columns": {"height": [1]}},
        "set aside, not 1": {"set_aside": 1},
        "together": {"rows": 25},
        "has kind": {"kinds": {"age": "date"}},
        "has role": {"roles": {"age": "revenue"}},
        "columns are": {"names": ("age",)},
        "by default": {"never": ("age",)},
        "retention is": {"kpis": {"retention": 0.5}},
        "no note": {"notes": ("preamble",)},
        "is not true": {"absent": ("format",)},
        "does not ask": {"outcome": "asked"},
        "not refused": {"outcome": "refused", "message": "x"},
        "no answer": {"readings": ({"age": [1]},)},
    }
    for told, lie in lies.items():
        assert any(told in problem for problem in problems(replace(plain, **lie))), told
    other = replace(next(case for case in CASES if case.key == "empty.csv"), message="a picture")
    assert "refused, but not because" in next(problems(other))


# --- laws over the whole corpus -------------------------------------------------------------------

READ = [case for case in CASES if "refused" not in case.outcomes and not case.child]
SOME = [case for place, case in enumerate(READ) if place % 7 == 0]


@pytest.mark.parametrize("case", SOME, ids=names(SOME))
def test_every_option_of_every_note_can_be_taken(case):
    """It gives another table; only what takes the file apart in another way may be refused, in words."""
    data = case.make()
    customers = read_here(data, case.called)
    offered = [(note, option) for note in customers.notes for option in note.options]
    for note, option in offered:
        try:
            taken = read_with(data, case, option.change)
        except UnreadableFile:
            assert not note.column, f"{note.key}: {option.label}"
            continue
        assert taken.fingerprint != customers.fingerprint, f"{note.key}: {option.label}"


def test_the_corpus_is_large_and_the_same_in_every_run():
    assert len(CASES) >= 150
    assert min(Counter(case.group for case in CASES).values()) >= 20
    assert len({(case.group, case.key) for case in CASES}) == len(CASES)
    small = [case for case in CASES if not case.child]
    assert all(case.make() == case.make() for case in small)


def test_the_table_of_cases_is_well_formed():
    for case in CASES:
        assert set(case.outcomes) <= set(OUTCOMES)
        assert case.message or "refused" not in case.outcomes, case.key
        rows = {len(column) for column in case.columns.values()} - {1}
        assert len(rows) <= 1, case.key


def test_the_corpus_can_be_written(tmp_path):
    command = [
        sys.executable,
        "-m",
        "tests.corpus",
        "--out",
        str(tmp_path),
        "--group",
        "ids",
        "--group",
        "dates",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    wanted = {f"{case.group}/{case.key}": case for case in CASES if case.group in ("ids", "dates")}
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    assert written == {*wanted, "expectations.json"}
    told = json.loads((tmp_path / "expectations.json").read_text(encoding="utf-8"))
    assert [one["file"] for one in told] == list(wanted)
    assert told == [json.loads(json.dumps(case.expectation())) for case in wanted.values()]
