"""The pages of a story: what each says and shows, from numbers that are there already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan

from segkit.insights.action_text import actions_headline, reach_text, stake_text
from segkit.insights.edition import Edition
from segkit.insights.headlines import results_headline
from segkit.insights.kpi_text import SAME_TEST, cell_text, interval_text, value_text, verdict_text
from segkit.insights.personas import FORMED, Fact, Persona
from segkit.insights.picture_text import heat_title, ranking_title
from segkit.insights.playbook.accepted import STATUSES, Accepted
from segkit.insights.playbook.advice import Advice, Playbook, listed
from segkit.insights.playbook.plays import EFFORTS, OWNERS
from segkit.insights.priority_text import (
    firm_text,
    judgement_reasons,
    priority_headline,
    scorecard_sentence,
    status_text,
    swaps_text,
    weights_text,
)
from segkit.insights.profile_text import column_label, formed_title, value_of
from segkit.insights.story.blocks import UNMARKED, Bar, Bars, Block, Grid, Lines
from segkit.insights.verdicts import verdict_text as verdict_text_of
from segkit.labels import in_sentence, number, percent, plural
from segkit.measures.kpi_table import BASE, Kpi, KpiTable
from segkit.measures.priorities import Priorities, Priority
from segkit.measures.scorecard import CRITERIA, Scorecard
from segkit.measures.standing_out import Dimension, distinct
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN
from segkit.segments.segmentation import NO_SEGMENT, Segment

USUAL = ("csat", "nps", "retention", "conversion", "revenue_share", "value", "cost_to_serve")
"""The KPIs that a meeting asks for; the others have pages that are left out until somebody wants them."""

MOST_ACTIONS = 6  # rows of what to do: more is a plan, not a next step
MOST_COLUMNS = 7  # of KPIs in one table
MOST_FORMED = 6  # columns in the picture of one segment
MOST_FACTS = 6  # lines about one segment
INTERVALS = (
    "The line on a bar is its 95 % interval: drawn again, 95 of 100 such intervals would hold the true value."
)


DRAWN = "Draws: all values drawn again within their intervals; the share in which a segment comes first."


@dataclass(frozen=True)
class Page:
    """A page of a story.

    Attributes
    ----------
    key : str
        The same for the same page of any segmentation: "cover", "sizes", "kpi:nps", "profile:S1" …
    label : str
        What it is about, for a list of pages.
    title : str
        The finding, one sentence.
    subtitle : str
        What is shown.
    blocks : tuple of Block
    notes : tuple of str
        For who speaks: definitions, answers, intervals, sources.
    usual : bool
        It is told unless somebody leaves it out.
    said : str
        What a person wrote for herself to say; empty for nothing.
    finding : str
        What the data say, where a person wrote another title.
    """

    key: str
    label: str
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    usual: bool = True
    said: str = ""
    finding: str = ""


# --- what it is about, and how large ----------------------------------------------------------------


def cover(edition: Edition, kpis: KpiTable, verdict: str = "") -> Page:
    """The title, what everything is about, and whether the segments are real, where that was looked at."""
    facts = tuple(f"{label}: {text}" for label, text in edition.facts)
    if verdict:
        word, meaning = verdict_text_of(verdict)
        facts = (f"Evidence: {word}. {meaning}", *facts)
    first = results_headline(kpis) or ""
    return Page(
        "cover", "Cover", f"Customer segments: {edition.called}", first, (Lines(edition.title, facts),)
    )


def sizes(kpis: KpiTable, segments: Sequence[Segment]) -> Page:
    """How many customers each segment has."""
    colours = _colours(segments)
    rows = [
        row
        for row in kpis.of("size")
        if row.segment != BASE and not (row.segment == NO_SEGMENT and not row.value)
    ]
    shares = {row.segment: row for row in kpis.of("share")}
    bars = tuple(
        Bar(
            row.segment_name,
            row.value,
            text=f"{number(row.value, 0)}, {percent(shares[row.segment].value)}",
            colour=colours.get(row.segment, UNMARKED),
            few=row.value < SMALLEST_RANKED,
        )
        for row in rows
    )
    largest = max(rows, key=lambda row: row.value)
    share = percent(shares[largest.segment].value)
    title = f"The largest segment, “{largest.segment_name}”, holds {share} of customers"
    subtitle = f"Customers per segment and share of all {number(kpis.size(BASE))}"
    return Page(
        "sizes",
        "Sizes",
        title,
        subtitle,
        (Bars(bars, "Customers", "count"),),
        _defined(kpis, ("size", "share")),
    )


# --- KPIs -------------------------------------------------------------------------------------------


def overview(kpis: KpiTable, segments: Sequence[Segment]) -> Page | None:
    """The KPIs that a meeting asks for in one table; None where there are none."""
    told = [one.key for one in kpis.definitions if one.needs and one.key not in SAME_TEST]
    keys = tuple([key for key in (*USUAL, *told) if key in told])
    keys = tuple(dict.fromkeys(keys))[:MOST_COLUMNS]
    if not keys:
        return None
    colours = _colours(segments)
    names = {
        row.segment: row.segment_name for row in kpis.of("size") if row.segment != NO_SEGMENT or row.value
    }
    rows = tuple((name, *(_cell(kpis, segment, key) for key in keys)) for segment, name in names.items())
    head = ("Segment", *(kpis.definition(key).label for key in keys))
    grid = Grid(head, rows, tuple(colours.get(segment, UNMARKED) for segment in names))
    subtitle = "▲ ▼ reliably above or below all other customers; ≈ can’t tell; ↻ formed the segments"
    notes = tuple(note for key in keys for note in _cells_told(kpis, key))
    return Page("overview", "All KPIs", heat_title(kpis, keys), subtitle, (grid,), notes)


def _cell(kpis: KpiTable, segment: str, key: str) -> str:
    row = kpis.find(segment, key)
    return cell_text(kpis.definition(key), row) if row is not None else ""


def kpi_page(kpis: KpiTable, segments: Sequence[Segment], key: str) -> Page:
    """One KPI of every segment, with intervals and verdicts."""
    definition, colours = kpis.definition(key), _colours(segments)
    base = kpis.find(BASE, key)
    rows = [row for row in kpis.of(key) if row.segment != BASE and (row.segment != NO_SEGMENT or row.n)]
    compared = not definition.share_of and base is not None
    bars = Bars(
        tuple(_bar(kpis, row, colours.get(row.segment, UNMARKED)) for row in rows),
        definition.label,
        definition.format,
        _start(base.unit if base else "", definition.format),
        base.value if base is not None and compared else nan,
        value_text(definition, base.value, base.unit) if base is not None and compared else "",
    )
    subtitle = f"{definition.help} Line: 95 % interval"
    notes = (*_defined(kpis, (key,)), INTERVALS, *_cells_told(kpis, key))
    if key == "value":
        notes = (f"An assumption: {kpis.assumptions.text}.", *notes)
    return Page(
        f"kpi:{key}", definition.label, ranking_title(kpis, key), subtitle, (bars,), notes, key in USUAL
    )


def _start(unit: str, how: str) -> float:
    """Where bars begin: at the low end of an answer scale, else at 0."""
    return float(unit.removeprefix("points ").split("..")[0]) if how == "score" and ".." in unit else 0.0


def _bar(kpis: KpiTable, row: Kpi, colour: int) -> Bar:
    definition = kpis.definition(row.kpi)
    verdict = verdict_text(definition, row, kpis.differences.get((row.segment, row.kpi)))
    if row.verdict == "hidden":
        return Bar(row.segment_name, nan, text="not shown", note=verdict, colour=colour)
    few = row.n < SMALLEST_RANKED
    text = value_text(definition, row.value, row.unit)
    return Bar(row.segment_name, row.value, row.low, row.high, text, verdict, colour, few)


def _cells_told(kpis: KpiTable, key: str) -> tuple[str, ...]:
    """Value, interval and answers of each segment, a line each."""
    definition = kpis.definition(key)
    return tuple(
        f"{definition.label} of {row.segment_name}: {_with_interval(kpis, row)}, {plural(row.n, 'answer')}"
        for row in kpis.of(key)
        if row.verdict != "hidden" and not isnan(row.value)
    )


def _with_interval(kpis: KpiTable, row: Kpi) -> str:
    definition = kpis.definition(row.kpi)
    value, interval = value_text(definition, row.value, row.unit), interval_text(definition, row)
    return f"{value} ({interval})" if interval else value


def _defined(kpis: KpiTable, keys: Sequence[str]) -> tuple[str, ...]:
    """What KPIs mean, and where formula and interval are from."""
    told = []
    for key in keys:
        one = kpis.definition(key)
        source = f" Interval and test: {one.source}." if one.source else ""
        told.append(f"{one.label}: {one.help} Computed as {one.formula}.{source}")
    return tuple(told)


# --- a segment --------------------------------------------------------------------------------------


def profile(persona: Persona, rows: Sequence[Dimension], place: int, kpis: KpiTable, source: str) -> Page:
    """Who one segment is: what formed it, its KPIs, what else is true of it.

    Parameters
    ----------
    persona : Persona
    rows : sequence of Dimension
        What formed the segments.
    place : int
        Of the segment among all.
    kpis : KpiTable
    source : str
        Whom traits are from, where that is not everyone; else empty.
    """
    segment = persona.segment
    key, label = f"profile:{segment.key}", f"Profile: {segment.name}"
    if not persona.parts:
        few = Lines("", ("Fewer than five customers: nothing is shown of so few.",))
        return Page(key, label, f"“{segment.name}”", persona.size, (few,))
    formed = _formed(rows, place, segment)
    lines = _facts(persona, kpis)
    title = results_headline(kpis, segment.key) or formed_title(segment, rows, place)
    notes = tuple(
        f"{one.label}: {one.text}{f' ({one.note})' if one.note else ''}"
        for part in persona.parts
        for one in part.facts
    )
    blocks: tuple[Block, ...] = tuple(filter(None, (formed, lines)))
    subtitle = f"{persona.size}{f'; {source}' if source else ''}"
    return Page(key, label, title, subtitle, blocks, notes)


def _formed(rows: Sequence[Dimension], place: int, segment: Segment) -> Bars | None:
    """How far a segment lies from everyone in the columns in which it lies farthest."""
    told = distinct([one for one in rows if not isnan(one.away[place])])
    known = sorted(told, key=lambda one: -round(abs(one.away[place]), 9))
    bars = tuple(
        Bar(
            column_label(one.column, one.level, one.kind),
            one.away[place],
            text=_beside(one, place),
            colour=segment.colour,
        )
        for one in known[:MOST_FORMED]
    )
    return Bars(bars, "Distance from everyone, in standard deviations", "number") if bars else None


def _beside(one: Dimension, place: int) -> str:
    here, everyone = (value_of(one.column, one.kind, value) for value in (one.here[place], one.everyone))
    return f"{here}, everyone {everyone}"


def _facts(persona: Persona, kpis: KpiTable) -> Lines | None:
    """The KPIs of a segment that a meeting asks for, then what else describes it, not what formed it."""
    wanted = [kpis.definition(key).label for key in USUAL if key in kpis.keys]
    facts = {one.label: one for part in persona.parts for one in part.facts if one.note != FORMED}
    order = [label for label in wanted if label in facts] + [label for label in facts if label not in wanted]
    told = tuple(_fact(facts[label]) for label in order[:MOST_FACTS])
    return Lines("", told) if told else None


def _fact(one: Fact) -> str:
    return f"{one.label}: {one.text}{f'; {one.note}' if one.note else ''}"


# --- where to invest, what to do --------------------------------------------------------------------


def priorities_page(found: Priorities, kpis: KpiTable, weighed: bool) -> Page:
    """Who comes first, how firmly, and what counted."""
    bars = tuple(map(_priority_bar, found.rows))
    counted = "" if weighed else " Nobody has set weights: every criterion counts the same."
    subtitle = f"Priority from 0 to 100, the mean of attractiveness and fit.{counted}"
    told = [_axes_told(one) for one in found.rows if one.rank]
    notes = (f"What counts: {weights_text(found)}", *told, DRAWN, firm_text(found), *swaps_text(found))
    shown = Bars(bars, "Priority, 0 to 100", "count")
    return Page(
        "priorities",
        "Priorities",
        priority_headline(found, kpis),
        subtitle,
        (shown,),
        tuple(filter(None, notes)),
    )


def _priority_bar(one: Priority) -> Bar:
    name, colour = one.segment.name, one.segment.colour
    if not one.rank:
        return Bar(name, nan, text="not ranked", note=one.unranked, colour=colour)
    note = f"first in {percent(one.first)} of draws"
    return Bar(name, one.score, text=number(one.score, 0), note=note, colour=colour)


def _axes_told(one: Priority) -> str:
    parts = f"attractiveness {number(one.attractiveness, 0)}, fit {number(one.fit, 0)}"
    return f"{one.segment.name}: {parts}, priority {number(one.score, 0)}"


def scorecard_page(card: Scorecard) -> Page:
    """Whether each segment can be built on: five criteria and why."""
    head = ("Segment", *(one.label for one in CRITERIA))
    rows = tuple((one.name, *(status_text(two.status) for two in card.of(one.key))) for one in card.segments)
    grid = Grid(head, rows, tuple(one.colour for one in card.segments))
    notes = tuple(
        f"{one.segment.name}, {in_sentence(one.criterion.label)}: {'; '.join(judgement_reasons(one, card))}"
        for one in card.judgements
    )
    return Page(
        "scorecard",
        "Scorecard",
        scorecard_sentence(card),
        "Five criteria; a criterion has the worst status of its checks",
        (grid,),
        notes,
    )


def next_steps(
    found: Playbook, accepted: Sequence[Accepted], kpis: KpiTable, colours: Mapping[str, int]
) -> Page:
    """What was decided, and what the numbers call for next."""
    done = [one for one in accepted if one.status != "dropped"][:MOST_ACTIONS]
    decided = {one.key for one in done}
    more = [one for one in found.advice if listed(one) and one.key not in decided][: MOST_ACTIONS - len(done)]
    rows = (*map(_accepted, done), *(_advice(one, kpis) for one in more))
    marks = (*(colours.get(one.segment, UNMARKED) for one in done), *(one.segment.colour for one in more))
    head = ("Segment", "What to do, and why", "Reaches", "Who")
    blocks: tuple[Block, ...] = (Grid(head, rows, marks, wide=1),) if rows else ()
    title = _decided(done) if done else actions_headline(found)
    plays = [*(one.play for one in done), *(one.play for one in more)]
    how = dict.fromkeys(f"{play.action}: {play.how}" for play in plays if play.how)
    return Page("next", "Next steps", title, "The numbers say where, people decide what", blocks, tuple(how))


def _decided(done: Sequence[Accepted]) -> str:
    first = f"{in_sentence(done[0].play.action)} for “{done[0].name}”"
    return f"{plural(len(done), 'action')} decided, first: {first}"


def _accepted(one: Accepted) -> tuple[str, ...]:
    left = f"; {percent(one.holdout)} left alone to compare with" if one.holdout else ""
    status = f"{STATUSES[one.status]} since {one.day}{left}"
    reaches = (
        plural(one.reached, "customer")
        if one.reached >= SMALLEST_SHOWN
        else f"fewer than {SMALLEST_SHOWN} customers"
    )
    return one.name, f"{one.play.action} — {status}", reaches, OWNERS[one.play.owner]


def _advice(one: Advice, kpis: KpiTable) -> tuple[str, ...]:
    stake = stake_text(one, kpis)
    reaches = reach_text(one) + (f", {stake} of revenue" if stake else "")
    why = one.reasons[0].text
    who = f"{OWNERS[one.play.owner]}, {EFFORTS[one.play.effort].lower()} effort"
    return one.segment.name, f"{one.play.action} — {why}", reaches, who


def _colours(segments: Sequence[Segment]) -> dict[str, int]:
    return {one.key: one.colour for one in segments}
