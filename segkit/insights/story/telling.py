"""Everything that is known of a segmentation, told as a story."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from segkit.customers.sampling import is_part
from segkit.customers.table import Customers
from segkit.errors import SegkitError
from segkit.insights.edition import Edition
from segkit.insights.personas import personas
from segkit.insights.playbook.accepted import Accepted, accepted_actions
from segkit.insights.playbook.advice import Playbook, playbook
from segkit.insights.playbook.own import set_by_person
from segkit.insights.profiles import traits_of
from segkit.insights.story import pages as told
from segkit.insights.story.arranged import PART, arranged
from segkit.insights.story.blocks import Bars, Block, Grid, Lines, seen
from segkit.insights.story.pages import Page
from segkit.labels import number
from segkit.measures.kpi_table import KpiTable
from segkit.measures.kpis import outcome_columns
from segkit.measures.priorities import priorities, scores, weights_from
from segkit.measures.profile_facts import InMemory, ProfileFacts
from segkit.measures.scorecard import Scorecard, reach
from segkit.measures.standing_out import about, formed_of, standing_of
from segkit.segments.segmentation import Assignment, Segment


@dataclass(frozen=True)
class Story:
    """What is told of a segmentation.

    Attributes
    ----------
    edition : Edition
        What it is about.
    pages : tuple of Page
        All there are, in the order in which they are usually told.
    segments : tuple of Segment
    kpis : KpiTable
        The numbers behind it.
    """

    edition: Edition
    pages: tuple[Page, ...]
    segments: tuple[Segment, ...]
    kpis: KpiTable

    def arranged(self, written: Mapping[str, Any] | None) -> "Story":
        """The story as a person ordered and worded it.

        Parameters
        ----------
        written : mapping, optional
            What people wrote about the segments, by part; that of the story is "story".
        """
        return replace(self, pages=arranged(self.pages, (written or {}).get(PART)))


def story(
    customers: Customers,
    assignment: Assignment,
    kpis: KpiTable,
    edition: Edition,
    written: Mapping[str, Any] | None = None,
    card: Scorecard | None = None,
    facts: ProfileFacts | None = None,
    plays: Playbook | None = None,
    verdict: str = "",
) -> Story:
    """Tell everything that is known of some customers and their segments.

    Parameters
    ----------
    customers : Customers
        Those who are looked at; of a table that stays where it is, some of them.
    assignment : Assignment
        Of the same table, row by row.
    kpis : KpiTable
        Of the same segments, and of everyone.
    edition : Edition
        What it is about.
    written : mapping, optional
        What people wrote about the segments, by part: weights, limits, plays, actions.
    card : Scorecard, optional
        Whether segments can be built on; its page is absent without.
    facts : ProfileFacts, optional
        What profiles are made from, of a table that stays where it is; by default the customers.
    plays : Playbook, optional
        What to do about each segment, the same way.
    verdict : str
        Of the evidence: "natural", "reproducible" or "constructed"; empty where rules made the segments, or
        before they were held against scrambled data.

    Returns
    -------
    Story
        Its pages hold no personal data, and nothing of fewer than five customers.
    """
    kept, segments = written or {}, assignment.segments
    pages = [
        told.cover(edition, kpis, verdict),
        told.sizes(kpis, segments),
        told.overview(kpis, segments),
        *(told.kpi_page(kpis, segments, one.key) for one in kpis.definitions if one.needs),
        *_profiles(customers, assignment, kpis, facts),
        _priorities(customers, assignment, kpis, kept),
        told.scorecard_page(card) if card is not None else None,
        _next(customers, assignment, kpis, kept, plays),
    ]
    return Story(edition, tuple(_seen(page) for page in pages if page is not None), segments, kpis)


def _profiles(
    customers: Customers, assignment: Assignment, kpis: KpiTable, facts: ProfileFacts | None
) -> list[Page]:
    known, what = facts or InMemory(customers, assignment), about(customers, assignment)
    outcomes = outcome_columns(kpis.definitions, customers)
    rows, marks = formed_of(what, known), standing_of(what, known, outcomes)
    cards = personas(customers, assignment, kpis, traits_of(what, known), marks, known)
    drawn = _drawn(customers) if facts is None else ""
    source = f"traits from {drawn}" if drawn else ""
    return [told.profile(one, rows, place, kpis, source) for place, one in enumerate(cards)]


def _drawn(customers: Customers) -> str:
    """Whom numbers are from that are not of everyone; empty where all are there."""
    return f"{number(len(customers))} customers drawn by chance" if is_part(customers) else ""


def _priorities(
    customers: Customers, assignment: Assignment, kpis: KpiTable, kept: Mapping[str, Any]
) -> Page | None:
    found = scores(assignment.segments, kpis, reach(customers, assignment))
    weights = weights_from(kept.get("weights"))
    with suppress(SegkitError):  # a weight of a KPI that is gone: all count the same
        return told.priorities_page(priorities(found, weights), kpis, weighed=bool(weights))
    return told.priorities_page(priorities(found), kpis, weighed=False)


def _next(
    customers: Customers,
    assignment: Assignment,
    kpis: KpiTable,
    kept: Mapping[str, Any],
    plays: Playbook | None,
) -> Page:
    found = plays or _judged(customers, assignment, kpis, kept)
    drawn = _drawn(customers) if plays is None else ""
    colours = {one.key: one.colour for one in assignment.segments}
    page = told.next_steps(found, _accepted(kept.get("actions"), customers), kpis, colours)
    return replace(page, subtitle=f"{page.subtitle}; counted among {drawn}") if drawn else page


def _judged(
    customers: Customers, assignment: Assignment, kpis: KpiTable, kept: Mapping[str, Any]
) -> Playbook:
    moved, own = set_by_person(kept)
    return playbook(customers, assignment, kpis, moved, own)


def _accepted(written: Any, customers: Customers) -> list[Accepted]:
    """The actions that were accepted for these customers."""
    return [one for one in accepted_actions(written) if one.about == customers.fingerprint]


# --- only what can be seen --------------------------------------------------------------------------


def _seen(page: Page) -> Page:
    """A page without characters that cannot be seen."""
    return replace(
        page,
        label=seen(page.label),
        title=seen(page.title),
        subtitle=seen(page.subtitle),
        blocks=tuple(map(_seen_block, page.blocks)),
        notes=_seen_all(page.notes),
    )


def _seen_block(block: Block) -> Block:
    if isinstance(block, Bars):
        rows = tuple(
            replace(row, label=seen(row.label), text=seen(row.text), note=seen(row.note))
            for row in block.rows
        )
        return replace(block, rows=rows)
    if isinstance(block, Grid):
        return replace(block, head=_seen_all(block.head), rows=tuple(map(_seen_all, block.rows)))
    return Lines(seen(block.title), _seen_all(block.items))


def _seen_all(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(seen, texts))
