"""Which numbers of segments are offered, and why.

No measure finds the true number of overlapping groups, so two or three numbers are offered, each with its
evidence, and one is recommended by a rule that can be said in a sentence. The rule looks at the customers
only and not at scrambled ones, so a first look recommends the same number as the full advice.
"""

from collections.abc import Sequence

from segkit.segments.evidence.candidate import BLURRED, Candidate

SMALLEST_SHARE = 0.05  # a segment under 5 % is rarely worth a programme of its own
USEFUL = range(3, 7)  # two segments say little in a meeting, more than six nobody remembers
ALIKE = 0.05  # how much less clear, or thicker at the border by twice that, the finer of two numbers may be
SURE = 0.03  # how much less surely it may come back; one group too many costs more (benchmarks/advice.py)
ALTERNATIVES = 2


def recommendation(evidence: Sequence[Candidate]) -> int:
    """Recommend one number.

    Where segments stand apart, the finest that do so as clearly as any; else the finest useful number that
    keeps coming back; else the useful one that comes back most, unless only another number comes back at
    all.
    """
    large = [one for one in evidence if one.smallest >= SMALLEST_SHARE]
    stable = [one for one in large if one.stable]
    useful = [one for one in large if one.segments in USEFUL]
    apart = [one for one in stable if one.apart]
    if apart:
        return _finest_clear(apart)
    if finest := [one.segments for one in useful if one.stable]:
        return finest[-1]
    fair = [one for one in useful if one.stability >= BLURRED]
    return max(fair or stable or useful or evidence, key=lambda one: (one.stability, -one.segments)).segments


def _finest_clear(apart: Sequence[Candidate]) -> int:
    """Of numbers whose segments stand apart, the largest that is about as clear and sure as the best."""
    surest = max(one.stability for one in apart)
    sure = [one for one in apart if one.stability >= surest - SURE]
    clearest = max(sure, key=lambda one: one.clarity)
    thin = [one for one in sure if (one.border or 0.0) <= (clearest.border or 0.0) + 2 * ALIKE]
    return max(one.segments for one in thin if one.clarity >= clearest.clarity - ALIKE)


def alternatives(evidence: Sequence[Candidate], recommended: int) -> tuple[int, ...]:
    """Offer up to two others, those that stand apart or come back most first, then the clearest."""
    others = [one for one in evidence if one.segments != recommended and one.smallest >= SMALLEST_SHARE]
    ranked = sorted(
        others,
        key=lambda one: (one.apart, round(one.stability, 1), round(one.silhouette, 2)),
        reverse=True,
    )
    worth = [one for one in ranked if one.stability >= BLURRED] or ranked[:1]
    return tuple(one.segments for one in worth[:ALTERNATIVES])


def reason(evidence: Sequence[Candidate], recommended: int) -> str:
    """Say in a sentence why a number is recommended."""
    best = next(one for one in evidence if one.segments == recommended)
    if best.apart:
        return _apart_reason(best)
    if best.verdict == "constructed":
        return _constructed_reason(evidence, recommended)
    if best.stable and len(evidence) == 1:
        return (
            f"{recommended} segments keep coming back; customers blend from one into the next, "
            "so where the borders lie is a choice."
        )
    if best.stable and recommended in USEFUL:
        return (
            f"{recommended} is the largest number up to {USEFUL[-1]} whose segments keep coming back; "
            "customers blend from one into the next, so where the borders lie is a choice."
        )
    if best.stable:
        return f"{recommended} segments come back most surely when customers are drawn again."
    return f"{recommended} segments come back more surely than other numbers, but not reliably."


def _constructed_reason(evidence: Sequence[Candidate], recommended: int) -> str:
    start = f"{recommended} segments are only one way to divide customers"
    if any(one.verdict in ("natural", "reproducible") for one in evidence):
        return f"{start}, as scrambled data can be divided too; other numbers rest on more."
    return f"{start}: in these dimensions no number of segments stands out from chance."


def _apart_reason(best: Candidate) -> str:
    start = f"{best.segments} groups stand clearly apart, with few customers between them"
    if best.verdict == "natural":
        return f"{start}, and scrambled data show nothing like it."
    if best.verdict:
        return f"{start}; but each dimension shows as much by itself, as scrambled data look the same."
    return f"{start}."


def what_to_try(evidence: Sequence[Candidate], sample: int) -> tuple[str, ...]:
    """Say what may help when no number of segments is reliable; empty when one is."""
    large = [one for one in evidence if one.smallest >= SMALLEST_SHARE]
    if any(one.stable and one.verdict != "constructed" for one in large):
        return ()
    few = (f"Add customers: {sample} are few to find segments in.",) if sample < FEW else ()
    return (
        "There is no reliable segmentation in these dimensions: customers do not fall into groups that come "
        "back more surely than chance.",
        "Leave out dimensions that say little about what customers need or do; each one blurs the others.",
        "Add dimensions that go together, such as how often customers buy, how much and what.",
        *few,
        "Or divide customers by a rule of your own, such as by value or plan: that needs no hidden groups.",
    )


# 70 to 100 customers a dimension (Dolnicar, Grün, Leisch & Schmidt 2014); five dimensions are usual
FEW = 500
