"""Lists of whom actions are for and whom they leave alone, and the service brief as a page that prints."""

import html
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from segkit.charts.palette import LIGHT
from segkit.customers.table import Customers
from segkit.errors import UnusableBase
from segkit.exports.csv_lines import csv_part
from segkit.exports.hashed import Cells
from segkit.exports.lists import (
    USUAL,
    Contents,
    free_name,
    hash_columns,
    listed_columns,
    table_csv,
    with_segments,
)
from segkit.insights.brief import Brief
from segkit.insights.playbook.accepted import Accepted
from segkit.insights.playbook.reach import reached
from segkit.labels import plural
from segkit.measures.holdout import held_out
from segkit.measures.suppression import SMALLEST_SHOWN
from segkit.segments.segmentation import Assignment


def action_csv(
    customers: Customers,
    assignment: Assignment,
    whom: np.ndarray,
    action: str,
    group: str,
    personal: bool = False,
) -> bytes:
    """Write the customers of an action as CSV, safe for spreadsheets.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table.
    whom : bool array
        Who is listed.
    action, group : str
        What is to be done, and which group this is: "treated", "holdout" or "reached". Columns of their own.
    personal : bool
        Whether columns with personal data stand in it, an id that is such data included.

    Returns
    -------
    bytes
        CSV in UTF-8: the id, segment, segment_name, confidence, action, group, then the columns of the file.

    Raises
    ------
    UnusableBase
        There are fewer than 5 customers to list.
    """
    count = int(np.count_nonzero(whom))
    if count < SMALLEST_SHOWN:
        raise UnusableBase(
            f"Fewer than {SMALLEST_SHOWN} customers would be in this list. Take a larger group or "
            "another share."
        )
    names = listed_columns(customers, Contents(personal=personal))
    table = with_segments(customers, assignment, names).filter(pa.array(whom))
    after = table.column_names.index("confidence") + 1
    for place, (name, text) in enumerate((("action", action), ("group", group)), start=after):
        while name in table.column_names:
            name += " (of the play)"
        table = table.add_column(place, name, pa.array([text] * count, pa.string()))
    return table_csv(table)


# --- who is left alone ------------------------------------------------------------------------------

GOES_ON = ("accepted", "running")  # before, nobody is left alone yet; after, nobody need be
LeftAlone = tuple[Accepted, np.ndarray]


def left_alone(
    customers: Customers,
    assignment: Assignment,
    actions: Sequence[Accepted],
    everyone: tuple[Customers, Assignment] | None = None,
) -> list[LeftAlone]:
    """Find who is held out of the actions that go on.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table.
    actions : sequence of Accepted
    everyone : (Customers, Assignment), optional
        The table that the customers are some of, where they are: an action may have been accepted for all.

    Returns
    -------
    list of (Accepted, bool array)
        Each action that is accepted or running and leaves somebody alone, and whom of `customers`. Actions
        that were accepted for other customers are not among them: nobody can tell whom those reach here.
    """
    found = []
    for action in actions:
        for whole in ((customers, assignment), everyone):
            if whole is not None and whole[0].fingerprint == action.about and _leaves_alone(action):
                held = reached(*whole, action.play, action.segment, action.limits)
                held &= held_out(whole[0].ids, action.key, action.holdout)
                if whole[0] is not customers:
                    held = customers.ids.isin(whole[0].ids[held]).to_numpy()
                found.append((action, held))
                break
    return [(action, held) for action, held in found if held.any()]


def not_told(actions: Sequence[Accepted], *tables: Customers) -> list[Accepted]:
    """The actions that leave somebody alone and were accepted for customers of none of some tables."""
    known = {customers.fingerprint for customers in tables}
    return [action for action in actions if _leaves_alone(action) and action.about not in known]


def _leaves_alone(action: Accepted) -> bool:
    return action.status in GOES_ON and action.holdout > 0


def left_out_of(left: Sequence[LeftAlone]) -> np.ndarray | None:
    """Who is left alone by any of some actions; None where there are none."""
    return np.logical_or.reduce([held for _, held in left]) if left else None


def left_alone_text(left: Sequence[LeftAlone], others: Sequence[Accepted] = ()) -> str:
    """Say how many customers are left alone, and which actions cannot be judged here; empty for none.

    Parameters
    ----------
    left : sequence of LeftAlone
    others : sequence of Accepted
        Accepted for other customers, see `not_told`.
    """
    told = []
    held = left_out_of(left)
    if held is not None:
        told.append(
            f"In these lists too: {plural(int(np.count_nonzero(held)), 'customer')} held out of "
            f"{plural(len(left), 'accepted action')}. Leave them out under “Adjust”."
        )
    if others:
        told.append(
            f"{plural(len(others), 'accepted action')} cannot be judged here: accepted for other customers, "
            "or for some drawn by chance. Who is left alone by them is in these lists, and not said."
        )
    return " ".join(told)


def suppression_csv(
    customers: Customers,
    assignment: Assignment,
    left: Sequence[LeftAlone],
    raw: bool = False,
    contents: Contents = USUAL,
) -> bytes:
    """Write everybody whom actions leave alone, for a CRM: whoever is in it gets nothing of that action.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table.
    left : sequence of (Accepted, bool array)
        As `left_alone` finds it.
    raw : bool
        Leave cells exactly as they are and write no byte order mark.
    contents : Contents
        Whether an id that is personal data may be written, and whether hashes of e-mail addresses are.

    Returns
    -------
    bytes
        CSV in UTF-8: the id, action, since (the day it was accepted or begun), segment, segment_name, then
        hashes. Whom two actions leave alone stands there once for each.
    """
    return csv_part(suppression_table(customers, assignment, left, contents), raw, header=True)


def suppression_table(
    customers: Customers,
    assignment: Assignment,
    left: Sequence[LeftAlone],
    contents: Contents = USUAL,
) -> pa.Table:
    """List what `suppression_csv` writes."""
    rows = [np.flatnonzero(held) for _, held in left]
    times = [len(one) for one in rows]
    whom = pa.array(np.concatenate([np.array([], np.int64), *rows]))
    whole = with_segments(customers, assignment, _identity(customers, contents)).take(whom)
    *ids, keys, names, _ = whole.columns
    columns: dict[str, Cells] = {
        "action": _repeated([action.play.action for action, _ in left], times),
        "since": _repeated([action.day for action, _ in left], times),
        "segment": keys,
        "segment_name": names,
    }
    for name, source, make in hash_columns(customers, contents):
        columns[name] = make(customers.source.column(source).take(whom))
    first = {free_name(name, columns): ids[0] for name in _identity(customers, contents)}
    return pa.table(first | columns)


def tells_apart(customers: Customers, contents: Contents) -> bool:
    """Whether lists with some contents tell who is meant: by an id, or by a hash of her address."""
    return bool(_identity(customers, contents) or hash_columns(customers, contents))


def _identity(customers: Customers, contents: Contents) -> list[str]:
    """The name of the column of ids, where there is one and it may be shown."""
    identity = customers.with_role("customer_id")
    return [identity.name] if identity and identity.name in listed_columns(customers, contents) else []


def _repeated(texts: list[str], times: list[int]) -> pa.Array:
    return pa.array(np.repeat(np.array(texts, dtype=object), times).tolist(), pa.string())


# --- the brief --------------------------------------------------------------------------------------

_NOTHING_ELSE = (  # a file that somebody opens years later asks nothing of the network
    "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)
_STYLE = f"""
@page {{ size: A4; margin: 16mm; }}
body {{ font: 15px/1.45 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  color: {LIGHT.text}; max-width: 720px; margin: 32px auto; padding: 0 16px; }}
h1 {{ font-size: 26px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }}
h2 {{ font-size: 16px; margin: 18px 0 4px; }}
ul {{ margin: 0; padding-left: 20px; }}
li {{ margin-bottom: 3px; overflow-wrap: anywhere; }}
.size, footer {{ color: {LIGHT.muted}; margin: 0; }}
.priority {{ border-left: 4px solid {LIGHT.accent}; padding: 2px 0 2px 12px; margin: 14px 0; }}
.priority b {{ display: block; font-size: 18px; }}
footer {{ font-size: 12px; margin-top: 20px; border-top: 1px solid {LIGHT.border}; padding-top: 8px; }}
@media print {{ body {{ margin: 0; padding: 0; }} }}
"""


def brief_html(brief: Brief) -> bytes:
    """Write a service brief as one HTML page that needs nothing else and prints on one sheet.

    All text is escaped; nothing is asked of another machine.
    """
    name = html.escape(brief.segment.name)
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f"{_NOTHING_ELSE}<title>Service brief: {name}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{name}</h1>{_brief_body(brief)}</body></html>"
    ).encode()


def _brief_body(brief: Brief) -> str:
    """Write what stands below the name, as HTML; all text is escaped."""
    parts = "".join(
        f"<h2>{html.escape(title)}</h2><ul>{''.join(f'<li>{html.escape(line)}</li>' for line in lines)}</ul>"
        for title, lines in brief.parts
    )
    source = f"<footer>{html.escape(brief.source)}</footer>" if brief.source else ""
    return (
        f"<p class='size'>{html.escape(brief.size)}</p>"
        f"<p class='priority'><b>{html.escape(brief.priority)}</b>{html.escape(brief.why)}</p>"
        f"{parts}{source}"
    )
