"""Plays of one's own: made of what a person wrote, as plain JSON."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from segkit.customers.table import Customers
from segkit.errors import SegkitError, UnusablePlan
from segkit.insights.playbook.clues import Clue, KpiClue, ShareClue
from segkit.insights.playbook.limits import Limits, usual_limits
from segkit.insights.playbook.plays import EFFORTS, OWNERS, Play
from segkit.labels import listing
from segkit.segments.asking import askable, typed
from segkit.segments.conditions import COMPARISONS, Test, condition_from

LONGEST_ACTION = 120  # characters of an action that a person wrote: a line on a slide

KPI_HOWS = {
    "lower": "lower than the rest",
    "higher": "higher than the rest",
    "below": "below",
    "above": "above",
}
"""How a KPI can be compared in a play of one's own: with the rest, or with a value."""


def own_play(written: Mapping[str, Any]) -> Play:
    """Make a play of what a person wrote, as plain JSON.

    Parameters
    ----------
    written : mapping
        "action", "owner" and "effort"; and either "kpi" with "how" (a key of `KPI_HOWS`) and "value" where it
        is compared with one, or "test" (a condition as JSON) with "share", the part of the segment that must
        meet it (0 to 1).

    Raises
    ------
    UnusablePlan
        Something is missing or makes no sense; the message says what.
    """
    try:
        action, owner, effort = (str(written[name]) for name in ("action", "owner", "effort"))
        clue = _own_clue(written)
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise UnusablePlan("A play of your own cannot be read. Delete it and write it again.") from problem
    if not action.strip() or owner not in OWNERS or effort not in EFFORTS:
        raise UnusablePlan("A play needs what to do, who does it and the effort. Fill in what is blank.")
    reach = (clue.test,) if isinstance(clue, ShareClue) else ()
    kpi = clue.kpi if isinstance(clue, KpiClue) else "retention"
    action = " ".join(action.split())[:LONGEST_ACTION]
    return Play(own_key(written), action, "", owner, effort, ((clue,),), reach, kpi=kpi)


def own_plays(written: Any) -> list[Play]:
    """The plays that a person wrote, as they were kept, each once; what cannot be read is left out.

    Parameters
    ----------
    written : list of mapping, or anything else
    """
    made = []
    for one in by_key(written).values():
        with suppress(SegkitError):
            made.append(own_play(one))
    return made


def by_key(written: Any) -> dict[str, dict[str, Any]]:
    """What a person wrote of her plays, as it was kept, by the key of the play."""
    return (
        {own_key(one): one for one in written if isinstance(one, dict)} if isinstance(written, list) else {}
    )


def set_by_person(written: Mapping[str, Any]) -> tuple[Limits, list[Play]]:
    """The limits of plays and the plays of her own that a person set.

    Parameters
    ----------
    written : mapping
        What people wrote about the segments, by part.
    """
    limits = written.get("limits")
    return usual_limits(limits if isinstance(limits, dict) else {}), own_plays(written.get("plays"))


def own_key(written: Mapping[str, Any]) -> str:
    """The key of a play of one's own: what it looks at and what it does."""
    told = json.dumps(written, sort_keys=True, default=str).encode()
    return "own-" + hashlib.blake2b(told, digest_size=6).hexdigest()


def _own_clue(written: Mapping[str, Any]) -> Clue:
    if "kpi" in written:
        how = str(written["how"])
        if how not in KPI_HOWS:
            raise UnusablePlan(f"A KPI cannot be compared by “{how}”. Choose {listing(list(KPI_HOWS))}.")
        if how in ("lower", "higher"):
            return KpiClue(str(written["kpi"]), how)
        return KpiClue(
            str(written["kpi"]), "lower" if how == "below" else "higher", bound=float(written["value"])
        )
    test = condition_from(written["test"])
    if not isinstance(test, Test):
        raise UnusablePlan("A play of your own asks one thing of a customer.")
    return ShareClue(test, float(written["share"]))


def written_share(customers: Customers, column: str, how: str, value: str, share: float) -> dict[str, Any]:
    """Write down what a play asks of customers, as a person typed it.

    Raises
    ------
    UnusablePlan
        The column cannot be asked for, or the comparison or the value does not fit it.
    """
    return {"test": typed(customers, column, how, value).to_dict(), "share": share}


def columns_to_ask(customers: Customers) -> dict[str, list[str]]:
    """The columns that a play of one's own can ask for, each with the labels of its comparisons."""
    labels = {one.key: one.label for one in COMPARISONS}
    return {one.label: [labels[key] for key in one.comparisons] for one in askable(customers)}
