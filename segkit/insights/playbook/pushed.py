"""Plays of a table that stays where it is: an engine adds up who belongs to what in each segment.

Crowds and tests are written in SQL by their terms; from the sums on, everything is what `advice` does with a
table in memory.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from segkit.errors import UnusablePlan
from segkit.insights.playbook.crowds import CROWDS, Flags, left_in
from segkit.insights.playbook.limits import Limits, usual_limits
from segkit.insights.playbook.plays import PLAYS, Play
from segkit.insights.playbook.reach import Reach, agreed_to
from segkit.insights.playbook.reasons import About
from segkit.insights.terms import Facts, Holds, Term, kept, read_items
from segkit.measures.kpi_table import KpiTable
from segkit.measures.pushed import COUNTED, reachable
from segkit.measures.pushed_counts import Everyone
from segkit.measures.sums import Sums
from segkit.segments.sql import PLACE, PREFIX, placed_sql

READ = f"{PREFIX}read_first"  # a step of the query
NO_KPIS = KpiTable((), {}, {})
REFUSING = "unreachable"  # the crowd that must not be written to: without it nothing can be judged


def about_of_all(
    everyone: Everyone, moved: Sequence[tuple[str, float]] = (), own: Sequence[Play] = ()
) -> About:
    """Find the crowds among all customers of a source, and add up what plays are judged on.

    Parameters
    ----------
    everyone : Everyone
    moved : sequence of (str, float)
        Limits, see `limits.usual_limits`.
    own : sequence of Play
        A person's own plays.

    Returns
    -------
    About
        For `advice.judged`, once it has the KPIs of the same customers.

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    segkit.errors.UnusableSegmentation
        The source has no such columns as the segments are made from.
    segkit.errors.UnusablePlan
        It cannot be told where the table lives who has left, or who has refused to be contacted.
    """
    reachable(everyone.engine, everyone.segmentation)
    about = _about(everyone, usual_limits(dict(moved)), [one.key for one in CROWDS])
    terms = {term.sql: term for play in (*PLAYS, *own) for term in _terms(play, about)}
    rows = everyone.engine.ask(_sums_sql(everyone, list(terms.values()))).to_pylist()
    found: dict[int, dict[str, Any]] = {int(row["place"]): row for row in rows}
    parts = [found.get(place, {"members": 0}) for place in range(len(about.segments))]
    sums = {sql: [_sums(part, place) for part in parts] for place, sql in enumerate(terms)}
    crowds = {
        key: None if flags is None else replace(flags, belongs=kept(flags.belongs))
        for key, flags in about.crowds.items()
    }
    return replace(
        about,
        facts=about.facts.kept,
        crowds=crowds,
        left=kept(about.left),
        sizes=tuple(int(part["members"]) for part in parts),
        all_there=about.facts.count(about.left) == 0,
        added=lambda term: sums[term.sql],
    )


def reached_of_all(everyone: Everyone, play: Play, limits: Limits) -> Holds:
    """Whom a play reaches among all customers of a source, in all segments.

    Raises
    ------
    segkit.engine.UnusableSource, segkit.errors.UnusablePlan
        As `about_of_all`.
    """
    crowds = [one for one in play.reach if isinstance(one, str)]
    return agreed_to(play, _about(everyone, limits, {*crowds, REFUSING}))


def _about(everyone: Everyone, limits: Limits, wanted: Collection[str]) -> About:
    """What is known of all customers before anything is added up."""
    facts, segmentation = Facts.of_all(everyone), everyone.segmentation
    crowds, unreadable = _crowds(facts, limits, wanted)
    return About(
        facts,
        segmentation.segments,
        (),
        segmentation.tree.names,
        NO_KPIS,
        limits,
        crowds,
        left_in(facts),
        True,
        lambda term: [],
        unreadable,
    )


def _crowds(
    facts: Facts, limits: Limits, wanted: Collection[str]
) -> tuple[Mapping[str, Flags | None], frozenset[str]]:
    """The crowds, and which of them cannot be told where the table lives."""
    crowds: dict[str, Flags | None] = {}
    unreadable = set()
    for one in CROWDS:
        if one.key not in wanted:
            continue
        try:
            crowds[one.key] = one.find(facts, limits)
            read_items(flags.belongs.reads if (flags := crowds[one.key]) else {})
        except UnusablePlan:
            if one.key == REFUSING:
                raise
            crowds[one.key] = None
            unreadable.add(one.key)
    return crowds, frozenset(unreadable)


def _terms(play: Play, about: About) -> list[Term]:
    """All that is added up of a play."""
    values = [clue.values(about) for clue in chain.from_iterable(play.when)]
    return [*(one for one in values if one is not None), *Reach.of(play, about).terms]


def _sums(row: Mapping[str, Any], place: int) -> Sums:
    """Sums of a term; of shares and money no squares are asked for."""
    total = float(row.get(f"s{place}") or 0.0)
    return Sums(int(row["members"]), int(row.get(f"n{place}") or 0), total, total)


def _sums_sql(everyone: Everyone, terms: Sequence[Term]) -> str:
    """Write the query of `about_of_all`: one row a segment, what each term needs in columns of its own."""
    reads = {alias: write for one in terms for alias, write in one.reads.items()}
    placed = placed_sql(everyone.segmentation, READ, list(reads), everyone.customers)
    values = [PLACE, *(f"{one.sql} AS v{place}" for place, one in enumerate(terms))]
    added = [f"{PLACE} AS place", "COUNT(*) AS members"]
    for place in range(len(terms)):
        added += [f"COUNT(v{place}) AS n{place}", f"SUM(v{place}) AS s{place}"]
    valued = f"SELECT {', '.join(values)} FROM (\n{placed}\n) AS assigned"
    return (
        f"WITH {COUNTED} AS ({everyone.counted_sql()}), "
        f"{READ} AS (SELECT {', '.join(['counted.*', *read_items(reads)])} FROM {COUNTED} AS counted) "
        f"SELECT {', '.join(added)} FROM ({valued}) AS valued GROUP BY {PLACE}"
    )
