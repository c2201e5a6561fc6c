"""What to do about each segment: the plays whose clues hold there, the most worthwhile first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan, nan

from segkit.customers.table import Customers
from segkit.insights.playbook.clues import Clue
from segkit.insights.playbook.limits import Limits, usual_limits
from segkit.insights.playbook.plays import EFFORTS, PLAYS, Play
from segkit.insights.playbook.reach import Reach, reaches_all
from segkit.insights.playbook.reasons import About, Telling, Told
from segkit.measures.kpi_table import KpiTable
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN
from segkit.segments.segmentation import Assignment, Segment


@dataclass(frozen=True)
class Advice:
    """A play that the numbers of a segment call for.

    Attributes
    ----------
    play : Play
    segment : Segment
    reasons : tuple of Told
    reached : int
        Customers of the segment whom it is for.
    refused : int
        Customers whom it would be for, had they agreed to be contacted.
    stake : float
        What those who are reached bring as revenue in the period of the file; NaN where that is not known.
    whole : bool
        It reaches everybody there, as no column tells who of them shows the sign that it is for.
    """

    play: Play
    segment: Segment
    reasons: tuple[Told, ...]
    reached: int
    refused: int = 0
    stake: float = nan
    whole: bool = False

    @property
    def circular(self) -> bool:
        """Whether a reason is a number that formed the segments."""
        return any(one.circular for one in self.reasons)

    @property
    def indicative(self) -> bool:
        """Whether it rests on few answers or few customers: shown, never ranked."""
        return any(one.indicative for one in self.reasons)

    @property
    def key(self) -> str:
        """The play in its segment; with it the holdout is drawn."""
        return f"{self.play.key}/{self.segment.key}"


@dataclass(frozen=True)
class Playbook:
    """What to do, the most worthwhile first, and what could not be judged.

    Attributes
    ----------
    advice : tuple of Advice
        By what those who are reached bring, or by how many they are where that is not known; then what is
        only indicative, then what reaches fewer than 5 customers.
    not_judged : tuple of (Play, str)
        Plays without their columns, and what would bring them.
    customers : int
        How many customers are in a segment.
    """

    advice: tuple[Advice, ...]
    not_judged: tuple[tuple[Play, str], ...] = ()
    customers: int = 0

    @property
    def first(self) -> Advice | None:
        """What to do first; None where nothing holds on enough answers and customers."""
        return next((one for one in self.advice if not one.indicative and listed(one)), None)

    def of(self, segment: str) -> list[Advice]:
        """What to do about one segment."""
        return [one for one in self.advice if one.segment.key == segment]


def listed(advice: Advice) -> bool:
    """Whether it reaches enough customers to be listed and accepted."""
    return advice.reached >= SMALLEST_SHOWN


def playbook(
    customers: Customers,
    assignment: Assignment,
    kpis: KpiTable,
    limits: Limits | None = None,
    own: Sequence[Play] = (),
) -> Playbook:
    """Judge every play on every segment.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table, row by row.
    kpis : KpiTable
        Of the same customers.
    limits : mapping of str to float, optional
        See `usual_limits`.
    own : sequence of Play
        A person's own plays, see `own_play`.

    Returns
    -------
    Playbook
        Segments of fewer than 5 customers have no plays; of fewer than 30 they are indicative.
    """
    return judged(About.of(customers, assignment, kpis, limits or usual_limits()), own)


def judged(about: About, own: Sequence[Play] = ()) -> Playbook:
    """Judge every play on what is known of each segment."""
    advice: list[Advice] = []
    not_judged: list[tuple[Play, str]] = []
    for play in (*PLAYS, *own):
        groups = [[clue.told(about) for clue in group] for group in play.when]
        missing = [
            group for group, told in zip(play.when, groups, strict=True) if all(one is None for one in told)
        ]
        if missing:
            not_judged.append((play, _needed(missing, about)))
        else:
            advice += _judged(play, groups, about)
    return Playbook(tuple(sorted(advice, key=_rank)), tuple(not_judged), sum(about.sizes))


def _needed(missing: Sequence[Sequence[Clue]], about: About) -> str:
    """Say which columns would bring the groups of clues that cannot be judged."""
    groups: list[str] = []
    for group in missing:
        ways = [clue.needs(about) for clue in group]
        groups += ways[0] if len(ways) == 1 else [", or ".join(" and ".join(way) for way in ways)]
    return "; and ".join(dict.fromkeys(groups))


def _judged(play: Play, groups: list[list[Telling]], about: About) -> list[Advice]:
    """The advice for the segments in which every group of clues holds."""
    reasons = [_reasons(groups, place) for place in range(len(about.segments))]
    if not any(reasons):
        return []
    reach, whole = Reach.of(play, about), reaches_all(play, about)
    (counts, refused), stakes = reach.counts(about), reach.stakes(about)
    each = zip(about.segments, reasons, about.sizes, counts, refused, stakes, strict=True)
    return [
        Advice(play, segment, _with_size(told, size), count, no, stake, whole)
        for segment, told, size, count, no, stake in each
        if told and count + no > 0
    ]


def _reasons(groups: list[list[Telling]], place: int) -> tuple[Told, ...]:
    """What holds of one segment; empty where a group of clues does not."""
    found = [[one[place] for one in group if one is not None and one[place]] for group in groups]
    if not all(found):
        return ()
    return tuple(told for group in found for told in group if told is not None)


def _with_size(reasons: tuple[Told, ...], size: int) -> tuple[Told, ...]:
    """All reasons of a small segment are indicative."""
    if size >= SMALLEST_RANKED:
        return reasons
    return tuple(replace(one, indicative=True) for one in reasons)


def _rank(advice: Advice) -> tuple[bool, bool, float, int]:
    worth = advice.reached if isnan(advice.stake) else advice.stake
    effort = list(EFFORTS).index(advice.play.effort)
    return (not listed(advice), advice.indicative, -round(worth, 6), effort)
