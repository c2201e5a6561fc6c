"""How many segments, and are they real: evidence for each number, two or three offered, one recommended.

For each number of segments: do they come back when customers are drawn again (`redraws`), how far do they
stand apart (`distances`), is the air between them thin (`gaps`), and what do customers without groups show
(`one_cloud`, `scrambled`)? All on a sample, which is said wherever it is shown. Segments that come back are
not the same as segments that stand apart: one cloud of customers can be cut in the same way each time. So
the verdict of a number is one of three (see `candidate`), and "no reliable segmentation" is an answer.

It can be had in two stages: `first_look` recommends, `compared` adds scrambled customers and verdicts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from segkit.segments.evidence.candidate import BLURRED as BLURRED
from segkit.segments.evidence.candidate import STABLE as STABLE
from segkit.segments.evidence.candidate import Candidate as Candidate
from segkit.segments.evidence.candidate import Verdict
from segkit.segments.evidence.choice import alternatives, reason, recommendation, what_to_try
from segkit.segments.evidence.distances import calinski_harabasz, distances, silhouette
from segkit.segments.evidence.flows import Flow, flows
from segkit.segments.evidence.gaps import border_density
from segkit.segments.evidence.model import Refit
from segkit.segments.evidence.one_cloud import one_cloud
from segkit.segments.evidence.redraws import agreements, redrawn_codes
from segkit.segments.evidence.samples import evidence_sample
from segkit.segments.evidence.scrambled import scrambled_bands
from segkit.segments.evidence.turns import in_turns
from segkit.segments.prepared import Prepared
from segkit.segments.sampling import check_varied, distinct_rows
from segkit.segments.watching import Watch, part_of, unwatched

COUNTS = range(2, 11)
REDRAWS = 5  # ten pairs to compare
CLOUDS = 3  # one cloud is drawn three times, and the clearest one is the yardstick

DRAWING = "Drawing customers again to see which segments come back"
CLOUDING = "Looking for gaps between the segments"
SCRAMBLING = "Comparing with scrambled data"


@dataclass(frozen=True)
class Advice:
    """All numbers of segments that were looked at, and which are offered.

    Attributes
    ----------
    evidence : tuple of Candidate
        By number of segments.
    recommended : int
    alternatives : tuple of int
        Up to two others, the better first.
    sample : int
        Customers that the evidence is taken from.
    flows : tuple of Flow
        For each number but the last, sampled customers by segment (rows) and by segment when there is one
        more (columns).
    rows : int array of shape (sample,)
        Which customers they are.
    """

    evidence: tuple[Candidate, ...]
    recommended: int
    alternatives: tuple[int, ...]
    sample: int
    flows: tuple[Flow, ...] = ()
    rows: np.ndarray = field(default_factory=lambda: np.empty(0, int), repr=False, compare=False)

    @property
    def alternative(self) -> int | None:
        """The best other number, if there is one."""
        return self.alternatives[0] if self.alternatives else None

    @property
    def verdict(self) -> Verdict:
        """How real the recommended segments are; empty after a first look."""
        best = self.candidate(self.recommended)
        return best.verdict if best else ""

    @property
    def sentence(self) -> str:
        """Why the recommended number is recommended."""
        return reason(self.evidence, self.recommended)

    @property
    def what_to_try(self) -> tuple[str, ...]:
        """What may help; empty unless no number of segments is reliable."""
        return what_to_try(self.evidence, self.sample)

    def candidate(self, segments: int) -> Candidate | None:
        """Look up the evidence for one number of segments."""
        return next((one for one in self.evidence if one.segments == segments), None)

    def flow(self, segments: int) -> np.ndarray | None:
        """Look up how sampled customers go from this number of segments to the next.

        Returns
        -------
        int array of shape (segments, segments + 1), or None where the next was not looked at
        """
        numbers = [one.segments for one in self.evidence[:-1]]
        return np.array(self.flows[numbers.index(segments)]) if segments in numbers else None

    def to_dict(self) -> dict[str, Any]:
        """Write the advice in plain JSON types."""
        return {
            "recommended": self.recommended,
            "verdict": self.verdict,
            "sentence": self.sentence,
            "alternatives": list(self.alternatives),
            "what_to_try": list(self.what_to_try),
            "sample": self.sample,
            "candidates": [_plain(one) for one in self.evidence],
        }


def _plain(one: Candidate) -> dict[str, Any]:
    band = one.scrambled
    return {
        "segments": one.segments,
        "stability": one.stability,
        "silhouette": _told(one.silhouette),
        "calinski_harabasz": _told(one.calinski_harabasz),
        "smallest": _told(one.smallest),
        "border": None if one.border is None else _told(one.border),
        "scrambled": None
        if band is None
        else {
            "stability": [_told(band.stability_low), _told(band.stability_high)],
            "silhouette": [_told(band.silhouette_low), _told(band.silhouette_high)],
            "calinski_harabasz": _told(band.calinski_harabasz),
        },
        "verdict": one.verdict,
        "sentence": one.sentence,
    }


def _told(figure: float) -> float:
    """A figure with the digits that a sample of 2,000 can tell, and some to spare."""
    return round(figure, 4)


def advice_for(
    customers: Prepared, refit: Refit, seed: int, counts: Sequence[int] = COUNTS, watch: Watch = unwatched
) -> Advice:
    """Collect all evidence for each number of segments.

    Parameters
    ----------
    customers : Prepared
    refit : callable
        Segments a small sample: ``refit(sample, count, seed)`` gives a model with ``codes(customers)``.
    seed : int
    counts : sequence of int
        Numbers of segments to look at, one after the other; those above the number of different customers
        are left out.
    watch : callable, optional
        Called as ``watch(step, share)`` between steps; may raise to stop.

    Raises
    ------
    UnusablePlan
        All customers look the same.
    """
    look = first_look(customers, refit, seed, counts, part_of(watch, 0.0, 0.5))
    return compared(look, customers, refit, seed, part_of(watch, 0.5, 1.0))


def recommended(
    customers: Prepared, refit: Refit, seed: int, counts: Sequence[int] = COUNTS, watch: Watch = unwatched
) -> int:
    """Return the number of segments that the advice recommends; see `advice_for`."""
    return first_look(customers, refit, seed, counts, watch).recommended


def first_look(
    customers: Prepared, refit: Refit, seed: int, counts: Sequence[int] = COUNTS, watch: Watch = unwatched
) -> Advice:
    """Collect the evidence without scrambled customers, so without verdicts; see `advice_for`."""
    check_varied(customers.space)
    watch(DRAWING, 0.0)
    rows = evidence_sample(customers, seed)
    sample = customers.take(rows)
    numbers = _possible(sample, counts)
    apart = distances(sample.space)
    work = [partial(_measured, sample, apart, refit, count, seed) for count in reversed(numbers)]
    found = in_turns(work, lambda share: watch(DRAWING, 0.8 * share))[::-1]
    evidence = _beside_one_cloud(
        [one for one, _ in found],
        sample,
        refit,
        seed,
        lambda share: watch(CLOUDING, 0.8 + 0.2 * share),
    )
    best = recommendation(evidence)
    trace = flows([codes for _, codes in found], numbers)
    return Advice(evidence, best, alternatives(evidence, best), len(sample), trace, rows)


def compared(look: Advice, customers: Prepared, refit: Refit, seed: int, watch: Watch = unwatched) -> Advice:
    """Add what scrambled customers show, and with it the verdicts, to a first look at the same customers."""
    watch(SCRAMBLING, 0.0)
    counts = [one.segments for one in look.evidence]
    bands = scrambled_bands(
        customers.take(look.rows), refit, seed, counts, lambda share: watch(SCRAMBLING, share)
    )
    evidence = tuple(replace(one, scrambled=bands[one.segments]) for one in look.evidence)
    return replace(look, evidence=evidence)


def _possible(sample: Prepared, counts: Sequence[int]) -> list[int]:
    """Leave out numbers of segments that so few different customers cannot fill."""
    most = min(distinct_rows(sample.space) - 1, len(sample) // 2)
    return [count for count in sorted(counts) if count <= most] or [2]


def _measured(
    sample: Prepared, apart: np.ndarray, refit: Refit, count: int, seed: int
) -> tuple[Candidate, np.ndarray]:
    codes = refit(sample, count, seed).codes(sample)
    stability = round(float(np.mean(agreements(redrawn_codes(sample, refit, count, seed, REDRAWS)))), 2)
    evidence = Candidate(
        count,
        stability,
        silhouette(apart, codes),
        calinski_harabasz(sample.space, codes),
        float(np.bincount(codes, minlength=count).min() / len(codes)),
        single=len(sample.features) == 1,
    )
    if evidence.stable:
        evidence = replace(evidence, border=border_density(sample, refit, count, seed))
    return evidence, codes


def _beside_one_cloud(
    evidence: list[Candidate], sample: Prepared, refit: Refit, seed: int, done: Callable[[float], None]
) -> tuple[Candidate, ...]:
    """Take the silhouette of one cloud where the air between segments is thin."""
    thin = [one for one in evidence if one.thin]
    if not thin:
        return tuple(evidence)
    clouds = [one_cloud(sample, seed + place) for place in range(CLOUDS)]
    apart = [distances(cloud.space) for cloud in clouds]

    def width(count: int, place: int) -> float:
        return silhouette(apart[place], refit(clouds[place], count, seed).codes(clouds[place]))

    work = [partial(width, one.segments, place) for one in thin for place in range(CLOUDS)]
    widths = np.reshape(in_turns(work, done), (len(thin), CLOUDS)).max(axis=1)
    yardsticks = {one.segments: float(high) for one, high in zip(thin, widths, strict=True)}
    return tuple(replace(one, one_cloud=yardsticks.get(one.segments)) for one in evidence)
