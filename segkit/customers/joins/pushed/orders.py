"""Orders in SQL; what they are is said in `summaries.orders`."""

import datetime
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from segkit.customers.files.columnar import typed_or_text
from segkit.customers.joins.pushed.cells import Words, code_sql, decimals_of, rounded_sql
from segkit.customers.joins.pushed.log import PlacedLog
from segkit.customers.joins.pushed.summed import (
    Levels,
    PlacedFeature,
    PlacedSummary,
    counted,
    field_words,
    kept_sql,
    levels_of,
    per_customer,
    saying,
    share_features,
    share_sql,
    step,
    with_steps,
)
from segkit.customers.joins.summaries.cells import flags
from segkit.customers.joins.summaries.words import CANCELLED, RETURNED
from segkit.customers.notes import Note
from segkit.labels import plural

FIRST, LAST = "MIN(CASE WHEN bought = 1 THEN day END)", "MAX(CASE WHEN bought = 1 THEN day END)"


@dataclass(frozen=True)
class _Marks:
    """What the words of a line say of it, in SQL: cancelled, silent (no status), flagged as returned."""

    cancelled: str = "0"
    silent: str = "0"
    flagged: str = "0"
    notes: tuple[Note, ...] = ()


def summed_up(log: PlacedLog, as_of: datetime.date | None) -> PlacedSummary:
    """Sum up orders by customer, as `summaries.orders.summed_up` does."""
    marks = _marks(log)
    steps = _lines(log, marks, as_of)
    lines = step(log, "lines")
    found = counted(log, steps, lines, _COUNTS)
    levels: Levels | None = None
    notes = [*marks.notes]
    if log.has("channel"):
        asked = with_steps(steps, f"SELECT channel FROM {lines}")
        levels, told = levels_of(log, "channel", asked, "channel", "orders")
        notes += told
    steps[step(log, "units")] = _units(log, lines, levels)
    features = _features(log, found, as_of, levels)
    notes = [*_notes(log, steps, found, marks), *notes]
    return PlacedSummary(
        log, per_customer(steps, step(log, "units"), features), tuple(features), tuple(notes)
    )


_COUNTS = {
    "lines": "COUNT(*)",
    "back": "COUNT(CASE WHEN back = 1 OR flagged = 1 THEN 1 END)",
    "kept": "COUNT(CASE WHEN flagged = 1 AND back = 0 THEN 1 END)",
    "paid_back": "COUNT(CASE WHEN quantity < 0 AND given > 0 THEN 1 END)",
}


# --- lines ------------------------------------------------------------------------------------------


def _marks(log: PlacedLog) -> _Marks:
    """Read the words of all lines."""
    marks, flagged = _Marks(), []
    if log.has("status"):
        words, notes = field_words(log, "status")
        if words is not None:
            cancelled = saying(words, CANCELLED)
            marks = replace(marks, cancelled=words.listed(cancelled, "0"), silent=_silent(words))
            flagged.append(words.listed(saying(words, RETURNED), "0"))
        marks = replace(marks, notes=tuple(notes))
    if log.has("returned"):
        flag, notes = _returned(log)
        flagged += [flag] if flag else []
        marks = replace(marks, notes=(*marks.notes, *notes))
    said = " OR ".join(f"{one} = 1" for one in flagged if one != "0")
    return replace(marks, flagged=f"CASE WHEN {said} THEN 1 ELSE 0 END") if said else marks


def _silent(words: Words) -> str:
    """Whether a line has no status."""
    blank = {one: 1 for one in words.texts if not one.strip()}
    if not (blank or words.nothing):
        return "0"
    return f"CASE WHEN {words.column} IS NULL THEN 1 ELSE {words.listed(blank, '0')} END"


def _returned(log: PlacedLog) -> tuple[str, list[Note]]:
    """Read the column that says whether a line came back."""
    name, column = log.part.fields["returned"], log.part.column(log.part.fields["returned"])
    if pa.types.is_temporal(column.type):
        return f"CASE WHEN {log.column('returned')} IS NOT NULL THEN 1 ELSE 0 END", []
    words, notes = field_words(log, "returned")
    if words is None:
        return "", notes
    return words.listed(_flags(words, name, log), "0"), notes


def _flags(words: Words, name: str, log: PlacedLog) -> dict[str, int]:
    """The texts that say that something came back, each with 1."""
    cells = typed_or_text(pa.chunked_array([words.raw]))
    read = np.asarray(flags(cells, name, log.part.choices).values.to_numpy(zero_copy_only=False), dtype=float)
    return {one: 1 for one, flag in zip(words.texts, read, strict=True) if flag > 0}


def _lines(log: PlacedLog, marks: _Marks, as_of: datetime.date | None) -> dict[str, str]:
    """The steps to the lines that count, with what was paid for each and whether it came back."""
    numbers = {one: log.numbers.get(one, "CAST(NULL AS DOUBLE PRECISION)") for one in _NUMBERS}
    codes = {"number": _code(log, "order_id"), "channel": _raw(log, "channel")}
    words = {"cancelled": marks.cancelled, "silent": marks.silent, "flagged": marks.flagged}
    kept = step(log, "kept")
    steps = {kept: kept_sql(log, {**numbers, **codes, **words}, as_of)}
    tests = ["cancelled = 0"]
    if log.has("order_id") and "0" not in (marks.cancelled, marks.silent):
        # a shop may write the status into the first line of an order only
        gone = f"SELECT number FROM {kept} WHERE cancelled = 1 AND number IS NOT NULL"
        tests.append(f"(silent = 0 OR number IS NULL OR number NOT IN ({gone}))")
    given = _given(log)
    back = "CASE WHEN amount < 0 OR quantity < 0 OR unit_price < 0 THEN 1 ELSE 0 END"
    steps[step(log, "lines")] = (
        f"SELECT kept.*, {given} AS given, {back} AS back, "
        f"CASE WHEN quantity < 0 AND {given} > 0 THEN 0 - {given} ELSE {given} END AS paid "
        f"FROM {kept} AS kept WHERE {' AND '.join(tests)}"
    )
    return steps


_NUMBERS = ("amount", "unit_price", "quantity")


def _code(log: PlacedLog, field: str) -> str:
    if not log.has(field):
        return "CAST(NULL AS VARCHAR)"
    return code_sql(log.column(field), log.type_of(log.part.fields[field]))


def _raw(log: PlacedLog, field: str) -> str:
    return log.column(field) if log.has(field) else "CAST(NULL AS VARCHAR)"


def _given(log: PlacedLog) -> str:
    if log.has("amount"):
        return "amount"
    return "(unit_price * quantity)" if log.has("quantity") else "unit_price"


# --- orders and customers ---------------------------------------------------------------------------


def _units(log: PlacedLog, lines: str, levels: Levels | None) -> str:
    """One row an order: by its number, else the day, else each line is one."""
    rank = "CAST(NULL AS BIGINT)" if levels is None else levels.rank
    day = "MIN(day) AS day, " if log.dated else ""
    items = (
        f"{day}MAX(1 - back) AS bought, MAX(CASE WHEN back = 1 OR flagged = 1 THEN 1 ELSE 0 END) AS came, "
        "SUM(paid) AS paid, COUNT(paid) AS known, SUM(quantity) AS pieces, MIN(rank) AS rank"
    )
    ranked = f"SELECT lines.*, {rank} AS rank FROM {lines} AS lines"
    if log.dated:
        instead = "CASE WHEN number IS NULL THEN day END"
        ranked = f"SELECT *, {instead} AS instead FROM ({ranked}) AS lines"
        return f"SELECT id, {items} FROM ({ranked}) AS lines GROUP BY id, number, instead"
    each = (
        "1 - back AS bought, CASE WHEN back = 1 OR flagged = 1 THEN 1 ELSE 0 END AS came, paid, "
        "CASE WHEN paid IS NULL THEN 0 ELSE 1 END AS known, quantity AS pieces, rank"
    )
    alone = f"SELECT id, {each} FROM ({ranked}) AS lines WHERE number IS NULL"
    if not log.has("order_id"):
        return alone
    numbered = f"SELECT id, {items} FROM ({ranked}) AS lines WHERE number IS NOT NULL GROUP BY id, number"
    return f"{numbered} UNION ALL {alone}"


def _features(
    log: PlacedLog, found: dict[str, int], as_of: datetime.date | None, levels: Levels | None
) -> list[PlacedFeature]:
    features = [PlacedFeature("orders", "orders", "SUM(bought)", "count")]
    if log.has("amount", "unit_price"):
        features += _money(log)
    if log.dated and as_of is not None:
        features += _dates(as_of)
    repeated = "CASE WHEN SUM(bought) >= 2 THEN TRUE ELSE FALSE END"
    features.append(PlacedFeature("repeat_buyer", "descriptor", repeated, "yes_no"))
    if log.has("quantity"):
        pieces = rounded_sql("COALESCE(SUM(pieces), 0e0)", decimals_of(_sampled(log, "quantity")))
        features.append(PlacedFeature("items", "descriptor", pieces, "amount"))
    if log.has("returned") or found["back"]:
        features += [
            PlacedFeature("returns", "descriptor", "SUM(came)", "count"),
            PlacedFeature("return_rate", "behavioural", share_sql("SUM(came)", "SUM(bought)"), "measure"),
        ]
    return [*features, *share_features(levels, "rank")]


def _sampled(log: PlacedLog, field: str) -> np.ndarray:
    return np.asarray(log.cells[field].values.to_numpy(zero_copy_only=False), dtype=float)


def _money(log: PlacedLog) -> list[PlacedFeature]:
    """Sum up the money; missing for a customer none of whose amounts can be read."""
    given = _sampled(log, "amount" if log.has("amount") else "unit_price")
    if not log.has("amount") and log.has("quantity"):
        given = given * _sampled(log, "quantity")
    total = rounded_sql("SUM(paid)", decimals_of(given))
    revenue = f"CASE WHEN SUM(known) > 0 THEN {total} END"
    return [
        PlacedFeature("revenue", "revenue", revenue, "amount"),
        PlacedFeature(
            "average_order_value", "descriptor", f"({revenue}) / NULLIF(SUM(bought), 0)", "measure"
        ),
    ]


def _dates(as_of: datetime.date) -> list[PlacedFeature]:
    day = f"DATE '{as_of}'"
    return [
        PlacedFeature("recency_days", "journey", f"DATE_DIFF('day', {LAST}, {day})", "measure"),
        PlacedFeature("tenure_days", "journey", f"DATE_DIFF('day', {FIRST}, {day})", "measure"),
        PlacedFeature("first_order_date", "signup_date", FIRST, "day"),
        PlacedFeature("last_order_date", "last_activity_date", LAST, "day"),
    ]


# --- in words ---------------------------------------------------------------------------------------


def _notes(log: PlacedLog, steps: dict[str, str], found: dict[str, int], marks: _Marks) -> list[Note]:
    merged = "every line is an order"
    if log.dated:
        merged = "lines of a customer on one day are one order"
    if log.has("order_id"):
        merged = "lines with the same order number are one order"
    lines = found["lines"]
    notes = [Note(f"{plural(lines, 'line')} of {log.source} count: {merged}.", key="orders")]
    gone = (
        counted(log, steps, step(log, "kept"), {"n": "COUNT(*)"})["n"] - lines
        if marks.cancelled != "0"
        else 0
    )
    if gone:
        verb = "is" if gone == 1 else "are"
        text = f"{plural(gone, 'line')} of {log.source} {verb} cancelled by the status and left out."
        notes.append(Note(text, True, "cancelled"))
    if not log.has("amount") and log.has("unit_price"):
        how = "price of one piece times quantity" if log.has("quantity") else "price of one piece"
        notes.append(Note(f"Revenue from {log.source} is the {how}.", key="amount"))
    if found["paid_back"]:
        text = (
            f"{plural(found['paid_back'], 'line')} of {log.source} "
            f"{'has' if found['paid_back'] == 1 else 'have'} a negative quantity and a positive amount, "
            "which was taken as paid back."
        )
        notes.append(Note(text, True, "paid-back"))
    if found["kept"] and log.has("amount", "unit_price"):
        text = (
            f"Revenue keeps the amounts of {plural(found['kept'], 'line')} of {log.source} that are marked "
            "as returned, as they are not negative."
        )
        notes.append(Note(text, key="returns"))
    return notes
