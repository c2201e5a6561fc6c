"""Lists of whom to call: one row for each customer and trigger, safe for spreadsheets."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.charts.trigger_charts import segment_numbers
from segkit.customers.table import Customers
from segkit.exports.lists import csv_part, table_csv
from segkit.insights.triggers.calls import Calls
from segkit.insights.triggers.found import NOW, find_play
from segkit.insights.triggers.table import Watch
from segkit.segments.segmentation import NO_SEGMENT, NO_SEGMENT_NAME, Segment


def calls_table(customers: Customers, calls: Calls, triggers: Sequence[str] = ()) -> pa.Table:
    """List customers by trigger, day and id.

    Parameters
    ----------
    customers : Customers
        Those of the calls.
    calls : Calls
    triggers : sequence of str
        Keys of those wanted; empty for all.

    Returns
    -------
    pyarrow.Table
        The id under its own name, segment, segment_name, trigger, date (empty where the table does not tell
        it), why (what is the case for this customer), play, rule; and consent (yes or no) where a column
        tells it.
    """
    watched = calls.watch.watched
    chosen = [place for place, one in enumerate(watched) if not triggers or one.trigger.key in triggers]
    kept = np.isin(calls.triggers, chosen)
    rows, places, due = calls.rows[kept], calls.triggers[kept], calls.due[kept]
    ids = _ids(customers, rows)
    order = pc.sort_indices(
        pa.table({"trigger": places, "due": due, "id": ids}),
        [("trigger", "ascending"), ("due", "ascending"), ("id", "ascending")],
    ).to_numpy()
    return _listed(customers, calls, ids.take(pa.array(order)), rows[order], places[order], due[order])


def _listed(
    customers: Customers, calls: Calls, ids: pa.Array, rows: np.ndarray, places: np.ndarray, due: np.ndarray
) -> pa.Table:
    consent = calls.watch.consent
    given = None if consent is None else consent.given[rows]
    codes = calls.assignment.codes[rows]
    return listed_table(
        customers,
        calls.watch,
        calls.assignment.segments,
        ids,
        codes,
        places,
        due,
        _words(calls, rows, places),
        given,
    )


def listed_table(
    customers: Customers,
    watch: Watch,
    segments: Sequence[Segment],
    ids: pa.Array,
    codes: np.ndarray,
    places: np.ndarray,
    due: np.ndarray,
    words: pa.Array,
    given: np.ndarray | None,
) -> pa.Table:
    """Make the table of some entries, as `calls_table` describes it.

    Parameters
    ----------
    customers : Customers
    watch : Watch
    segments : sequence of Segment
    ids : pyarrow.Array of str
    codes, places : int arrays
        The place of the segment, -1 for none, and of the trigger of each entry.
    due : datetime64[D] array
    words : pyarrow.Array of str
        Why each is listed.
    given : bool array or None
        Who agreed to be written to; None where no column tells.
    """
    watched = watch.watched
    undated = np.array([one.found.when == NOW for one in watched], bool)[places]
    name = id_name(customers)
    columns = {
        "segment": _coded(codes, [one.key for one in segments], NO_SEGMENT),
        "segment_name": _coded(codes, [one.name for one in segments], NO_SEGMENT_NAME),
        "trigger": _coded(places, [one.trigger.label for one in watched]),
        "date": pa.array(due.astype("datetime64[D]"), mask=undated),
        "why": words,
        "play": _coded(places, [find_play(one.trigger.play).label for one in watched]),
        "rule": _coded(places, [one.found.rule for one in watched]),
    }
    if given is not None:
        columns["consent"] = _coded(given.astype(int), ["no", "yes"])
    while name in columns:
        name += " (file)"
    return pa.table({name: ids} | columns)


def id_name(customers: Customers) -> str:
    """What the column of ids is called."""
    identity = customers.with_role("customer_id")
    return identity.name if identity else "customer_id"


def _ids(customers: Customers, rows: np.ndarray) -> pa.Array:
    """The ids of some customers, as text; an empty cell stays empty."""
    identity = customers.with_role("customer_id")
    if identity is None:
        return pa.array((rows + 1).astype(str).tolist(), pa.string())
    texts = customers.source.column(identity.name).take(pa.array(rows)).cast(pa.string())
    return pa.concat_arrays(texts.chunks) if texts.num_chunks else pa.array([], pa.string())


def _coded(codes: np.ndarray, texts: Sequence[str], other: str = "") -> pa.Array:
    """Texts by their places; -1 is the other one."""
    places = np.where(codes < 0, len(texts), codes)
    return pa.array([*texts, other], pa.string()).take(pa.array(places, pa.int64()))


def _words(calls: Calls, rows: np.ndarray, places: np.ndarray) -> pa.Array:
    """What is said of each; the rows come trigger by trigger."""
    said = [one.found.words(rows[places == place]) for place, one in enumerate(calls.watch.watched)]
    return pa.array([text for texts in said for text in texts], pa.string())


def calls_csv(customers: Customers, calls: Calls, triggers: Sequence[str] = (), raw: bool = False) -> bytes:
    """Write `calls_table` as CSV in UTF-8, safe for spreadsheets unless it is to be raw."""
    return csv_part(calls_table(customers, calls, triggers), raw, header=True)


def counts_csv(calls: Calls) -> bytes:
    """Write the exact counts by segment and trigger; like the lists, for who works with them."""
    return table_csv(pa.Table.from_pandas(segment_numbers(calls, exact=True), preserve_index=False))
