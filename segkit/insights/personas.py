"""Personas: a card for each segment, what the data say on one side and what a person wrote on the other.

The side of the data holds facts and nothing else: sizes, KPIs with verdicts, traits, stages, channels and
counted topics, each with its number. What is not in the data is absent. Goals, objections, a quote and the
like can come from a person only; they are kept apart, shown as written by somebody, and never proposed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segkit.customers.table import Column, Customers
from segkit.insights.effect_text import attribute_name
from segkit.insights.kpi_text import interval_text, value_text, verdict_text
from segkit.insights.profile_text import mark_text, worth_telling
from segkit.insights.profiles import Trait
from segkit.labels import listing, percent, plural, words
from segkit.measures.distributions import LevelShares, showable
from segkit.measures.kpi_table import Kpi, KpiTable
from segkit.measures.profile_facts import InMemory, ProfileFacts
from segkit.measures.standing_out import Mark
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN
from segkit.segments.segmentation import Assignment, Segment

LONGEST_TEXT = 10_000  # characters of one field: some pages of a book
MOST_TRAITS = 3
MOST_COLUMNS = 3  # of channels, and of topics
FORMED = "formed the segments"


# --- what the data say ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """A line of a card: what it is, what the data say, and how that compares; the last may be empty."""

    label: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Part:
    """A part of a card with its title; never without a fact."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Persona:
    """What the data say of one segment.

    Attributes
    ----------
    segment : Segment
    size : str
        How many customers it has, and what share of all.
    parts : tuple of Part
        Empty for fewer than five customers.
    """

    segment: Segment
    size: str
    parts: tuple[Part, ...]


def personas(
    customers: Customers,
    assignment: Assignment,
    kpis: KpiTable,
    traits: Mapping[str, Sequence[Trait]],
    marks: Mapping[str, Sequence[Mark]],
    facts: ProfileFacts | None = None,
) -> tuple[Persona, ...]:
    """Make a card for every segment from what is known of it.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table, row by row.
    kpis : KpiTable
        Of the same segments.
    traits : mapping of str to sequence of Trait
        Of the columns that formed the segments.
    marks : mapping of str to sequence of Mark
        Of those that only describe them, as `standing_out` gives them.
    facts : ProfileFacts, optional
        What sizes and shares of levels are taken from; by default the customers.

    Returns
    -------
    tuple of Persona
        In the order of the segments.
    """
    known = facts or InMemory(customers, assignment)
    shares = {
        title: [found for one in columns if (found := known.shares(one)) is not None]
        for title, columns in _categories(customers).items()
    }
    sizes = known.members[:-1]  # the last are those who fit none
    return tuple(
        Persona(segment, _size(kpis, segment), _parts(segment, size, kpis, traits, marks, shares))
        for segment, size in zip(assignment.segments, sizes, strict=True)
    )


def _size(kpis: KpiTable, segment: Segment) -> str:
    share = kpis.find(segment.key, "share")
    of_all = f", {percent(share.value)} of all" if share is not None else ""
    few = f"; fewer than {SMALLEST_RANKED}: indicative" if kpis.size(segment.key) < SMALLEST_RANKED else ""
    return f"{plural(kpis.size(segment.key), 'customer')}{of_all}{few}"


def _parts(
    segment: Segment,
    size: int,
    kpis: KpiTable,
    traits: Mapping[str, Sequence[Trait]],
    marks: Mapping[str, Sequence[Mark]],
    shares: Mapping[str, list[LevelShares]],
) -> tuple[Part, ...]:
    if size < SMALLEST_SHOWN:
        return ()
    own = marks.get(segment.key, ())
    made = [
        Part("What sets it apart", tuple(_trait_facts(traits.get(segment.key, ()), own))),
        *(Part(title, tuple(_kpi_facts(kpis, segment.key, keys))) for title, keys in _KPIS),
        *(Part(title, tuple(_level_facts(found, segment.key))) for title, found in shares.items()),
        Part("Support tickets", tuple(_ticket_facts(own))),
    ]
    return tuple(part for part in _together(made) if part.facts)


def _together(parts: Sequence[Part]) -> Iterator[Part]:
    """Join parts of the same title, where the first of them stood."""
    for title in dict.fromkeys(part.title for part in parts):
        yield Part(title, tuple(fact for part in parts if part.title == title for fact in part.facts))


def _trait_facts(traits: Sequence[Trait], marks: Sequence[Mark]) -> Iterator[Fact]:
    for trait in traits[:MOST_TRAITS]:
        label, _, text = trait.sentence.partition(": ")
        yield Fact(label, text, FORMED)
    for mark in worth_telling(marks)[:MOST_TRAITS]:
        said = mark_text(mark)
        start = said.index(" (")
        yield Fact(said[:1].upper() + said[1:start], said[start + 2 : -1])


_KPIS = (
    ("Value", ("revenue", "revenue_share", "margin", "value", "orders")),
    ("Loyalty and satisfaction", ("retention", "csat", "nps", "conversion")),
    ("Support tickets", ("tickets", "cost_to_serve")),
)


def _kpi_facts(kpis: KpiTable, key: str, wanted: Sequence[str]) -> Iterator[Fact]:
    for kpi in wanted:
        row = kpis.find(key, kpi)
        if row is not None and row.verdict != "hidden":
            yield _kpi_fact(kpis, row)


def _kpi_fact(kpis: KpiTable, row: Kpi) -> Fact:
    definition = kpis.definition(row.kpi)
    value, interval = value_text(definition, row.value, row.unit), interval_text(definition, row)
    compared = verdict_text(definition, row, kpis.differences.get((row.segment, row.kpi)))
    assumed = "an assumption, not a fact" if definition.made_of and row.kpi == "value" else ""
    notes = [one for one in (compared, assumed) if one]
    return Fact(definition.label, f"{value} ({interval})" if interval else value, "; ".join(notes))


# --- stages, channels and topics --------------------------------------------------------------------


def _categories(customers: Customers) -> dict[str, list[Column]]:
    """Columns that tell the journey stage, the channels and the topics of complaints, by title."""
    known = [one for one in showable(customers) if one.kind == "category"]
    stages = [one for one in known if one.role == "journey_stage"]
    channels = [one for one in known if one.role == "channel_consent" or "channel" in words(one.name)]
    topics = [one for one in known if _is_topic(one)]
    return {
        "Journey": stages[:1],
        "Channels": [one for one in channels if one not in stages][:MOST_COLUMNS],
        "Support tickets": [one for one in topics if one not in (*stages, *channels)][:MOST_COLUMNS],
    }


_ABOUT = frozenset("ticket tickets complaint complaints issue issues support case contact problem".split())
_SORTED = frozenset("category categories topic topics reason reasons type subject".split())


def _is_topic(column: Column) -> bool:
    """Whether a category says what tickets or complaints are about."""
    parts = set(words(column.name))
    return bool(parts & _ABOUT and (parts & _SORTED or parts <= _ABOUT))


def _level_facts(found: Sequence[LevelShares], key: str) -> Iterator[Fact]:
    """Say the most frequent level of each column, and the one that is more frequent than among others."""
    for one in found:
        group = next((group for group in one.groups if group.key == key), None)
        if group is None or not group.n:
            continue
        shares = [share.value for share in group.shares]
        most = max(range(len(shares)), key=lambda place: (round(shares[place], 9), -place))
        text = f"mostly {_level_text(one, most, shares[most])}"
        more = [
            place for place, verdict in enumerate(group.verdicts) if verdict == "higher" and place != most
        ]
        if more and group.n >= SMALLEST_RANKED:
            best = max(more, key=lambda place: round(shares[place] - one.base.shares[place].value, 9))
            text += f"; more than others {_level_text(one, best, shares[best])}"
        yield Fact(attribute_name(one.column), text, FORMED if one.circular else "")


def _level_text(found: LevelShares, place: int, share: float) -> str:
    everyone = found.base.shares[place].value
    return f"“{found.levels[place]}” ({percent(share)}, everyone {percent(everyone)})"


def _ticket_facts(marks: Sequence[Mark]) -> Iterator[Fact]:
    """Say which topics and channels a joined log of tickets counts most."""
    counted = [mark for mark in marks if _is_ticket_share(mark)]
    most = sorted(counted, key=lambda mark: (-round(mark.here.value, 9), mark.column))[:MOST_COLUMNS]
    if most:
        yield Fact("Share of a customer’s tickets", listing([_share_text(mark) for mark in most]))


def _share_text(mark: Mark) -> str:
    topic = " ".join(words(mark.column)[1:-1])
    return f"{topic} ({percent(mark.here.value)}, everyone {percent(mark.everyone)})"


def _is_ticket_share(mark: Mark) -> bool:
    parts = words(mark.column)
    return mark.kind == "number" and len(parts) > 2 and parts[0] == "tickets" and parts[-1] == "share"


# --- what a person wrote ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """A row of `FIELDS`: something that only a person can know."""

    key: str
    label: str
    help: str


FIELDS = (
    Field("goals", "Goals", "What she wants to get done."),
    Field("objections", "Objections", "What keeps her from it."),
    Field("quote", "In her words", "A sentence that a customer of yours said."),
    Field("say", "What to say", "What speaks to her."),
    Field("avoid", "What to avoid", "What puts her off."),
    Field("notes", "Notes", "Anything else that you know."),
)


def texts_of(kept: Any, key: str) -> dict[str, str]:
    """Take what was written about one segment from what is kept; what makes no sense is left out.

    Examples
    --------
    >>> texts_of({"S1": {"goals": "Save time", "age": 7}}, "S1")
    {'goals': 'Save time'}
    >>> texts_of(None, "S1")
    {}
    """
    found = kept.get(key) if isinstance(kept, Mapping) else None
    if not isinstance(found, Mapping):
        return {}
    known = {field.key: found.get(field.key) for field in FIELDS}
    return {
        name: text[:LONGEST_TEXT] for name, text in known.items() if isinstance(text, str) and text.strip()
    }


def with_texts(kept: Any, key: str, texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Put what was written about one segment into what is kept; blank texts are left out.

    Examples
    --------
    >>> with_texts({"S1": {"goals": "Save time"}}, "S2", {"quote": "Fine.", "notes": " "})
    {'S1': {'goals': 'Save time'}, 'S2': {'quote': 'Fine.'}}
    """
    segments = [*kept, key] if isinstance(kept, Mapping) else [key]
    known = {one: texts_of(kept, one) for one in segments}
    written = texts_of({key: dict(texts)}, key)
    return {one: some for one, some in (known | {key: written}).items() if some}
