"""Support tickets in SQL; what they are is said in `summaries.tickets`."""

import datetime
from collections.abc import Mapping

from segkit.customers.joins.pushed.cells import code_sql
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
    step,
    with_steps,
)
from segkit.customers.joins.summaries.tickets import HOUR
from segkit.customers.joins.summaries.words import CLOSED, PHONE
from segkit.customers.notes import Note
from segkit.labels import plural

RANKED = ("channel", "topic")


def summed_up(log: PlacedLog, as_of: datetime.date | None) -> PlacedSummary:
    """Sum up support tickets by customer, as `summaries.tickets.summed_up` does."""
    marks, notes = _marks(log)
    kept = step(log, "kept")
    steps = {kept: kept_sql(log, _cells(log, marks), as_of)}
    levels: dict[str, Levels] = {}
    for field in RANKED:
        if log.has(field):
            asked = with_steps(steps, f"SELECT {field} FROM {kept}")
            found, told = levels_of(log, field, asked, field, "tickets")
            levels |= {field: found} if found else {}
            notes += told
    steps[step(log, "units")] = _units(log, kept, levels, as_of if log.dated else None)
    steps[step(log, "told")] = f"SELECT units.*, {_told(log)} FROM {step(log, 'units')} AS units"
    features = _features(log, levels)
    counts = counted(
        log, steps, step(log, "told"), {"tickets": "COUNT(*)", "wrong": _WRONG, "open": "SUM(is_open)"}
    )
    notes = [_note(log, counts), *notes]
    if counts["wrong"] and _timed(log):
        wrong = counts["wrong"]
        text = (
            f"{plural(wrong, 'ticket')} of {log.source} {'was' if wrong == 1 else 'were'} closed before "
            "being opened and left out of the time to resolve."
        )
        notes.append(Note(text, True, "closed-before"))
    return PlacedSummary(log, per_customer(steps, step(log, "told"), features), tuple(features), tuple(notes))


_WRONG = "COUNT(CASE WHEN closed < opened THEN 1 END)"


def _timed(log: PlacedLog) -> bool:
    return log.has("closed") and log.dated


def _marks(log: PlacedLog) -> tuple[dict[str, str], list[Note]]:
    """What the words of a row say: whether it is closed, and whether somebody called."""
    marks, notes = {"said_closed": "0", "called": "0"}, []
    for field, name, vocabulary in (("status", "said_closed", CLOSED), ("channel", "called", PHONE)):
        if log.has(field):
            words, told = field_words(log, field)
            notes += told
            if words is not None:
                marks[name] = words.listed(saying(words, vocabulary), "0")
    return marks, notes


def _cells(log: PlacedLog, marks: Mapping[str, str]) -> dict[str, str]:
    number = "CAST(NULL AS VARCHAR)"
    if log.has("ticket_id"):
        number = code_sql(log.column("ticket_id"), log.type_of(log.part.fields["ticket_id"]))
    closed = log.days.get("closed")
    cells = {
        "number": number,
        "opened": log.days["date"].second if log.dated else "CAST(NULL AS BIGINT)",
        "closed": closed.second if closed else "CAST(NULL AS BIGINT)",
        "closed_day": closed.day if closed else "CAST(NULL AS DATE)",
        **marks,
    }
    return cells | {field: log.column(field) for field in RANKED if log.has(field)}


def _units(log: PlacedLog, kept: str, levels: Mapping[str, Levels], as_of: datetime.date | None) -> str:
    """One row a ticket: by its number; a row without one is a ticket."""
    later = f"CASE WHEN closed_day > DATE '{as_of}' THEN 1 ELSE 0 END" if as_of else "0"
    ranks = {
        f"{field}_rank": levels[field].rank if field in levels else "CAST(NULL AS BIGINT)" for field in RANKED
    }
    read = ", ".join(
        [
            "id, number, opened, closed, said_closed, called",
            f"{later} AS later",
            *(f"{sql} AS {name}" for name, sql in ranks.items()),
        ]
    )
    read = f"SELECT {read} FROM {kept} AS kept"
    alone = (
        f"SELECT id, opened, closed, said_closed, called, later, {', '.join(ranks)} FROM ({read}) AS cells"
    )
    if not log.has("ticket_id"):
        return alone
    ends = (
        "MIN(opened) AS opened, MAX(closed) AS closed, MAX(said_closed) AS said_closed, "
        "MAX(called) AS called, MAX(later) AS later"
    )
    ends += "".join(f", MIN({name}) AS {name}" for name in ranks)
    numbered = f"SELECT id, {ends} FROM ({read}) AS cells WHERE number IS NOT NULL GROUP BY id, number"
    return f"{numbered} UNION ALL {alone} WHERE number IS NULL"


def _told(log: PlacedLog) -> str:
    """Whether a ticket is open, and the seconds it took."""
    known = "1" if log.has("closed", "status") else "0"
    still = f"CASE WHEN {known} = 1 AND (later = 1 OR (closed IS NULL AND said_closed = 0)) THEN 1 ELSE 0 END"
    took = "CASE WHEN later = 0 AND closed >= opened THEN closed - opened END"
    return f"{still} AS is_open, {took} AS took"


def _features(log: PlacedLog, levels: Mapping[str, Levels]) -> list[PlacedFeature]:
    features = [PlacedFeature("tickets", "tickets", "COUNT(*)", "count")]
    if log.has("closed", "status"):
        features.append(PlacedFeature("open_tickets", "descriptor", "SUM(is_open)", "count"))
    if log.has("channel"):
        features.append(PlacedFeature("phone_requests", "descriptor", "SUM(called)", "count"))
    if _timed(log):
        unit, length = ("hours", HOUR) if log.clock else ("days", 24 * HOUR)
        mean = f"CAST(SUM(took) AS DOUBLE PRECISION) / NULLIF(COUNT(took), 0) / {length}"
        features.append(PlacedFeature(f"{unit}_to_resolve", "descriptor", mean, "measure"))
    for field in RANKED:
        features += share_features(levels.get(field), f"{field}_rank")
    return features


def _note(log: PlacedLog, counts: Mapping[str, int]) -> Note:
    text = f"{plural(counts['tickets'], 'ticket')} in {log.source} count"
    if log.has("closed", "status"):
        text += f", {counts['open']:,} of them open"
    return Note(text + ".", key="tickets")
