"""Lists of whom a play is for, of a table that stays where it is: rows come from the engine part by part.

Who is held out hangs on the customer id and the action alone, and is drawn here as the rows come: the same
customers as from a table in memory, without a hash that every database would have to know.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.customers.table import Customers
from segkit.exports.lists import csv_part
from segkit.exports.pushed import assigned_sql, rounded
from segkit.insights.playbook.limits import usual_limits
from segkit.insights.playbook.plays import Play
from segkit.insights.playbook.pushed import reached_of_all
from segkit.measures.definitions import OWN, KpiDefinition, find_kpi, own_kpi
from segkit.measures.holdout import drawn_again, held_out
from segkit.measures.pushed import reachable, value_sql
from segkit.measures.pushed_counts import Everyone, numbers_of, origin_of
from segkit.measures.sums import Sums, together
from segkit.segments.sql import PREFIX
from segkit.sql_literals import quoted

ADDED = ("segment", "segment_name", "confidence")
ID, VALUE = f"{PREFIX}id", f"{PREFIX}value"


@dataclass(frozen=True)
class Whom:
    """Whom a play is for.

    Attributes
    ----------
    play : Play
    segment : str
        Key of the segment.
    limits : tuple of (str, float)
        Those with which it was judged.
    action : str
        With it the holdout is drawn.
    holdout : float
        Share of them who are held out, 0 to 1.
    """

    play: Play
    segment: str
    limits: tuple[tuple[str, float], ...]
    action: str = ""
    holdout: float = 0.0


def held_of_all(everyone: Everyone, whom: Whom) -> tuple[int, int]:
    """Count whom a play reaches, and how many of them are held out.

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    """
    reached = held = 0
    for batch in everyone.engine.stream(_reached_sql(everyone, whom, ids_only=True)):
        reached += batch.num_rows
        held += int(_held(batch, whom).sum())
    return reached, held


def arms_of_all(
    everyone: Everyone, whom: Whom, kpi: str, shares: tuple[float, ...]
) -> tuple[tuple[Sums, Sums], ...]:
    """Add a KPI up among the treated and the held out, for each of some shares that could be.

    Parameters
    ----------
    everyone : Everyone
    whom : Whom
        Its own share does not matter.
    kpi : str
        Key of a KPI whose columns are there.
    shares : tuple of float

    Returns
    -------
    tuple of (Sums, Sums)
        For `holdout.reckoned` and `holdout.effect_between`.
    """
    definition = own_kpi(everyone.customers, kpi.removeprefix(OWN)) if kpi.startswith(OWN) else find_kpi(kpi)
    origin = origin_of(definition.values(everyone.customers))
    found: list[list[tuple[Sums, Sums]]] = [[] for _ in shares]
    for batch in everyone.engine.stream(
        _reached_sql(everyone, whom, True, value_sql(definition, everyone.customers))
    ):
        values = numbers_of(pa.chunked_array([batch.column(VALUE)]))
        for place, share in enumerate(shares):
            held = _held(batch, replace(whom, holdout=share))
            treated, holdout = (_summed(values[one], definition, origin) for one in (~held, held))
            found[place].append((treated, holdout))
    return tuple(
        (together([one for one, _ in parts]), together([one for _, one in parts])) for parts in found
    )


def _summed(values: np.ndarray, definition: KpiDefinition, origin: float) -> Sums:
    """Sums of some customers' values."""
    known = values[~np.isnan(values)]
    away = known - origin
    bands = definition.estimator.bands
    high, low = (int(band(known).sum()) for band in bands) if bands else (0, 0)
    return Sums(len(values), len(known), float(away.sum()), float(away @ away), high, low, origin)


def drawn_again_of_all(everyone: Everyone, whom: Whom, later: Customers) -> tuple[np.ndarray, np.ndarray]:
    """Find in a later table whom an action was for, and who was held out, as `holdout.drawn_again` does."""
    ids, found = set(later.ids), set()
    for batch in everyone.engine.stream(_reached_sql(everyone, whom, True)):
        found |= ids.intersection(batch.column(ID).to_pylist())
    return drawn_again(later, pd.Series(sorted(found), dtype="str"), whom.action, whom.holdout)


def action_parts(everyone: Everyone, whom: Whom, group: str, personal: bool = False) -> Iterator[bytes]:
    """Write the customers of an action as CSV, safe for spreadsheets, part by part.

    Parameters
    ----------
    everyone : Everyone
    whom : Whom
    group : str
        "treated", "holdout", or "reached" for both.
    personal : bool
        Whether columns with personal data stand in it.

    Returns
    -------
    iterator of bytes
        Columns as `actions.action_csv` writes them.
    """
    header = True
    hidden = set() if personal else {column.name for column in everyone.customers.columns if column.hidden}
    for batch in everyone.engine.stream(_reached_sql(everyone, whom)):
        if group != "reached":
            held = _held(batch, whom)
            batch = batch.filter(pa.array(held if group == "holdout" else ~held))
        if header or batch.num_rows:
            listed = _listed(batch, whom.play.action, group)
            kept = [name for name in listed.column_names if name.removesuffix(" (file)") not in hidden]
            yield csv_part(listed.select(kept), raw=False, header=header)
        header = False


def _held(batch: pa.RecordBatch, whom: Whom) -> np.ndarray:
    ids = pd.Series(batch.column(ID).cast(pa.string()).to_pandas(), dtype="str").fillna("")
    return held_out(ids, whom.action, whom.holdout)


def _listed(batch: pa.RecordBatch, action: str, group: str) -> pa.Table:
    """The rows of a list, with what is to be done and for which group."""
    table = pa.Table.from_batches([rounded(batch)]).drop_columns(ID)
    after = table.column_names.index("confidence") + 1
    for place, (name, text) in enumerate((("action", action), ("group", group)), start=after):
        while name in table.column_names:
            name += " (of the play)"
        table = table.add_column(place, name, pa.array([text] * table.num_rows, pa.string()))
    return table


def _reached_sql(everyone: Everyone, whom: Whom, ids_only: bool = False, value: str = "") -> str:
    """Write the SELECT of whom a play reaches in its segment, each with an id as text, and a value."""
    reachable(everyone.engine, everyone.segmentation)
    customers = everyone.customers
    holds = reached_of_all(everyone, whom.play, usual_limits(dict(whom.limits)))
    identity = customers.with_role("customer_id")
    first = [identity.name] if identity else []
    computed = [one.name for one in customers.columns if one.derived]
    others = [] if ids_only else [one for one in (*everyone.engine.columns, *computed) if one not in first]
    values = {alias: write() for alias, write in holds.reads.items()}
    values |= {VALUE: value} if value else {}
    assigned = assigned_sql(
        customers, everyone.segmentation, [*first, *others], whom.segment, everyone.conditions, values
    )
    named = f"CAST({quoted(first[0])} AS VARCHAR)" if first else "NULL"
    items = [*map(quoted, first), *ADDED, *(_renamed(one) for one in others), f"{named} AS {ID}"]
    items += [VALUE] if value else []
    return f"SELECT {', '.join(items)} FROM ({assigned}) AS listed WHERE {holds.sql}"


def _renamed(name: str) -> str:
    """What a column of the source is called beside those that are added, as `assigned_sql` hands it on."""
    return quoted(f"{name} (file)" if name.lower() in ADDED else name)
