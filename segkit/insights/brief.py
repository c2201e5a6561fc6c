"""The service brief: a page about one segment for who answers its requests.

Everything in it is computed from the table, comes from the plays that its numbers call for, or was written by
a person. What the table does not tell is absent.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segkit.customers.table import Customers
from segkit.insights.action_text import shares_text, standing
from segkit.insights.playbook.advice import Advice, Playbook, listed
from segkit.insights.profiles import Trait
from segkit.labels import percent, plural, readable
from segkit.measures.kpi_table import BASE, KpiTable
from segkit.measures.suppression import SMALLEST_SHOWN
from segkit.segments.features import numeric
from segkit.segments.segmentation import Assignment, Segment

MOST_TRAITS = 5
MOST_TOPICS = 3
FEELINGS = ("csat", "csat_satisfied", "nps", "retention")
CHANNELS = frozenset("email mail chat phone web app social letter post store sms whatsapp form".split())


@dataclass(frozen=True)
class Brief:
    """What support staff need to know of a segment.

    Attributes
    ----------
    segment : Segment
    size : str
        How many customers, and which part of everyone.
    priority, why : str
        "First in the queue" or "In turn", and the reason.
    who, feeling, contact, do, avoid : tuple of str
        Lines; empty where the table tells nothing.
    note : str
        What a person wrote.
    source : str
        What it was computed from.
    """

    segment: Segment
    size: str
    priority: str
    why: str
    who: tuple[str, ...]
    feeling: tuple[str, ...]
    contact: tuple[str, ...]
    do: tuple[str, ...]
    avoid: tuple[str, ...]
    note: str = ""
    source: str = ""

    @property
    def parts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Its parts in order, each with a title; those that tell nothing are left out."""
        titled = (
            ("Who they are, against all others", self.who),
            ("How satisfied they are", self.feeling),
            ("What they contact us for", self.contact),
            ("What to do", self.do),
            ("What to avoid", self.avoid),
            ("From the team", (self.note,) if self.note else ()),
        )
        return tuple((title, lines) for title, lines in titled if lines)


def service_brief(
    customers: Customers,
    assignment: Assignment,
    kpis: KpiTable,
    found: Playbook,
    traits: Sequence[Trait],
    segment: Segment,
    note: str = "",
    source: str = "",
) -> Brief | None:
    """Put the brief of one segment together.

    Parameters
    ----------
    customers, assignment, kpis
        Of the same customers.
    found : Playbook
        Of these.
    traits : sequence of Trait
        What sets the segment apart, largest first.
    segment : Segment
    note, source : str
        What a person wrote, and what it was computed from.

    Returns
    -------
    Brief or None
        None for a segment of fewer than 5 customers.
    """
    size, everyone = kpis.size(segment.key), kpis.size(BASE)
    if size < SMALLEST_SHOWN:
        return None
    advice = [one for one in found.of(segment.key) if listed(one)]
    priority, why = _priority(advice)
    rows = [kpis.find(segment.key, key) for key in FEELINGS]
    return Brief(
        segment,
        f"{plural(size, 'customer')}, {percent(size / max(everyone, 1))} of everyone",
        priority,
        why,
        tuple(one.sentence for one in traits[:MOST_TRAITS]),
        tuple(line for row in rows if row is not None and (line := standing(row, kpis))),
        tuple(_contact(customers, assignment, kpis, segment)),
        _what_to_do(advice),
        tuple(dict.fromkeys(one.play.avoid for one in advice if one.play.avoid)),
        " ".join(note.split()),
        source,
    )


def _priority(advice: Sequence[Advice]) -> tuple[str, str]:
    """Whether its requests go first, and why."""
    urgent = [one for one in advice if one.play.urgent and not one.indicative]
    if not urgent:
        return "In turn", "No number of this segment calls for more."
    reasons = dict.fromkeys(told.short for one in urgent for told in one.reasons)
    return "First in the queue", "; ".join(reasons) + "."


def _what_to_do(advice: Sequence[Advice]) -> tuple[str, ...]:
    """What the plays ask of who is in contact with customers."""
    asked = [one for one in advice if one.play.owner in ("service", "success")]
    lines = [" ".join(filter(None, [f"{_ended(one.play.action)}", one.play.how])) for one in asked]
    return tuple(dict.fromkeys(lines)) or ("Answer requests as they come: nothing sets this segment apart.",)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


# --- what they contact us for -----------------------------------------------------------------------


def _contact(customers: Customers, assignment: Assignment, kpis: KpiTable, segment: Segment) -> list[str]:
    """How often they ask for help, what about and by which channel."""
    row = kpis.find(segment.key, "tickets")
    lines = [standing(row, kpis)] if row is not None else []
    topics, channels = _asked(customers, assignment.members(segment.key))
    lines += shares_text(topics[:MOST_TOPICS])
    lines += [f"by {line[:1].lower()}{line[1:]}" for line in shares_text(channels[:1])]
    return [line for line in lines if line]


Shares = list[tuple[str, float, float]]


def _asked(customers: Customers, members: np.ndarray) -> tuple[Shares, Shares]:
    """Shares of requests by topic and by channel, the most frequent first; those of joined tickets."""
    tickets = customers.with_role("tickets")
    if tickets is None:
        return [], []
    weights = numeric(customers.frame[tickets.name])
    named = [one.name for one in customers.columns if one.name.startswith(OF_TICKETS)]
    told: Shares = []
    for name in named:
        shares = _shares(numeric(customers.frame[name]), weights, members) if name.endswith(SHARE) else None
        if shares is not None:
            told.append((name.removeprefix(OF_TICKETS).removesuffix(SHARE), *shares))
    told.sort(key=lambda one: (-one[1], one[0]))
    topics = [(readable(word), here, all_) for word, here, all_ in told if word not in CHANNELS]
    return topics, [(readable(word), here, all_) for word, here, all_ in told if word in CHANNELS]


OF_TICKETS, SHARE = "tickets_", "_share"  # how the columns of joined tickets are called


def _shares(values: np.ndarray, weights: np.ndarray, members: np.ndarray) -> tuple[float, float] | None:
    """Share of the requests of some customers, and of everyone's; None where fewer than 5 have any."""
    known = ~np.isnan(values) & (weights > 0)
    inside = known & members
    if np.count_nonzero(inside) < SMALLEST_SHOWN:
        return None
    return (
        float(np.average(values[inside], weights=weights[inside])),
        float(np.average(values[known], weights=weights[known])),
    )
