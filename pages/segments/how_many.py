"""How many segments, and whether they are real."""

import streamlit as st

from pages.ui import look, state
from pages.ui.jobs import Found
from segkit.insights.verdicts import verdict_text
from segkit.labels import plural, readable
from segkit.segments.evidence.advice import Advice
from segkit.segments.methods.table import find_method
from segkit.segments.plan import MOST_SEGMENTS
from segkit.segments.scorecard import ScoreCard

BY_RULES = ("Defined by rules", "You decide who belongs. Nothing was searched for, so nothing is chance.")
BY_BOTH = (
    "Rules, then clusters",
    "The groups are yours; inside each, similar customers were looked for. The lights say how firm they are.",
)
BY_HAND = (
    "Changed by hand",
    "The verdict was on the segments as they were found. The lights say how firm each is now.",
)
MOST_STEPS = 4


def choice(advice: Advice | None, found: Found) -> None:
    """Offer the number of segments, and say whether they are real."""
    if advice is None:
        _rules(found)
        return
    count = int(found.segmentation.plan.n_segments)
    state.show("how-many", count)
    st.slider(
        "Number of segments",
        2,
        MOST_SEGMENTS,
        key="how-many",
        on_change=lambda: state.change_plan(n_segments=st.session_state["how-many"]),
    )
    if found.segmentation.refinements:
        look.verdict(*BY_HAND)
    else:
        _verdict(advice, count)


def is_constructed(advice: Advice | None, found: Found) -> bool:
    """Whether the segments as they were found are no more than scrambled data give."""
    if advice is None or found.segmentation.refinements:
        return False
    candidate = advice.candidate(int(found.segmentation.plan.n_segments))
    return candidate is not None and candidate.verdict == "constructed"


def offers(advice: Advice | None, found: Found) -> None:
    """Offer the recommended number of segments and others, a sentence each."""
    if advice is None:
        return
    count = int(found.segmentation.plan.n_segments)
    sizes = found.assignment.sizes
    smallest = float(sizes.min() / max(sizes.sum(), 1)) if not found.segmentation.refinements else None
    first = "Most steady" if advice.what_to_try else "Recommended"
    if found.segmentation.refinements:
        first = f"Start again from {advice.recommended}"
    if advice.what_to_try:
        look.note(advice.what_to_try[0])
        look.bullets(list(advice.what_to_try[1:]))
    labels = [first, *["Or"] * len(advice.alternatives)]
    keys = ["recommended", "or", "or-2"]
    for wanted, label, key in zip([advice.recommended, *advice.alternatives], labels, keys, strict=False):
        candidate = advice.candidate(wanted)
        if candidate is None:
            continue
        if wanted == count and smallest is not None:
            candidate = candidate.with_smallest(smallest)
        with st.container(key=f"offer-{key}"):
            look.note(f"{label}: {candidate.sentence}")
            st.button(
                f"Use {wanted}" if wanted != count else "Shown here",
                key=f"use-{key}",
                disabled=wanted == count,
                on_click=state.change_plan,
                kwargs={"n_segments": wanted},
            )


def _verdict(advice: Advice, count: int) -> None:
    candidate = advice.candidate(count)
    if candidate is None:
        last = advice.evidence[-1].segments
        look.note(f"{count} segments were not checked: the evidence ends at {last}.")
    elif candidate.verdict:
        look.verdict(*verdict_text(candidate.verdict))
    else:
        look.note("Comparing with scrambled data, to see whether these segments are real …")


def _rules(found: Found) -> None:
    """Say how rules define the segments."""
    method = find_method(found.segmentation.plan.method)
    searched = any(isinstance(card, ScoreCard) for card in found.segmentation.tree.cards())
    look.verdict(*(BY_BOTH if searched else BY_RULES))
    look.note(f"{method.label}: {plural(len(found.assignment.segments), 'segment')}.")
    steps = found.segmentation.steps
    look.bullets([f"{readable(name)}: {step}" for name, step in steps[:MOST_STEPS]])
    if len(steps) > MOST_STEPS:
        look.note("The rest is under “Values” below.")
