"""What happens over time, in words: who leaves sooner, how cohorts hold, where a funnel loses customers."""

from collections.abc import Sequence, Set
from math import isnan

import numpy as np

from segkit.labels import listing, number, percent, plural, readable, span
from segkit.measures.cohorts import Cohorts
from segkit.measures.estimates import Estimate
from segkit.measures.funnel import Funnel, SegmentFunnel, Step
from segkit.measures.kpis import SMALLEST_RANKED, SMALLEST_SHOWN
from segkit.measures.survival import Curve, Curves, round_times

USUAL_TIMES = {"days": 90.0, "weeks": 52.0, "months": 12.0, "quarters": 4.0}
"""The times a meeting asks for; of years and periods it is the last one that can be told."""

# --- curves -------------------------------------------------------------------------------------------


def time_text(time: float, unit: str) -> str:
    """Write a time: "12 months", "1 year", "2.5 months".

    Examples
    --------
    >>> time_text(12.0, "months"), time_text(1.0, "years")
    ('12 months', '1 year')
    """
    return f"{number(time)} {unit.removesuffix('s') if time == 1 else unit}"


def share_text(estimate: Estimate) -> str:
    """Write a share with its interval: "62 % (58 to 66)"; no interval where there is none.

    Examples
    --------
    >>> share_text(Estimate(0.5, 0.25, 0.75))
    '50\u202f% (25 to 75)'
    """
    if isnan(estimate.low) or isnan(estimate.high):
        return percent(estimate.value)
    low, high = (percent(edge).rstrip("%").rstrip("\u202f") for edge in (estimate.low, estimate.high))
    return f"{percent(estimate.value)} ({span(low, high)})"


def common_time(found: Curves, curves: Sequence[Curve]) -> float:
    """Choose the time at which the shares of several curves are written side by side.

    The last one named on the axis that all of them reach. A curve that stops before half of the longest does
    not count: it would take the end away from all others, and its own share is that at its end.
    """
    ends = [curve.end for curve in curves]
    last = min(end for end in ends if end >= max(ends) / 2)
    return max((time for time in found.ticks if 0 < time <= last), default=last)


def telling_time(found: Curves, curve: Curve) -> float | None:
    """Choose the time at which a segment and all others are compared in words.

    The usual one where enough customers of both were observed as long, else the last one before it, else the
    first one after; a time in between where all those on the axis are too late. None where there is none.
    """
    rest = found.rest.get(curve.segment.key)
    if rest is None:
        return None
    unit, both = found.durations.unit, (curve, rest)
    usual = USUAL_TIMES.get(unit, found.ticks[-1])
    between = round_times(min(one.end for one in both), unit)
    known = _times_of_enough({usual, *found.ticks[1:]}, both) or _times_of_enough({*between[1:]}, both)
    before = [time for time in known if time <= usual]
    return before[-1] if before else known[0] if known else None


def _times_of_enough(times: Set[float], curves: Sequence[Curve]) -> list[float]:
    """Those times for which enough customers of every curve were observed, ascending."""
    return [
        time
        for time in sorted(times)
        if all(curve.number_at_risk(time) >= SMALLEST_RANKED for curve in curves)
    ]


def curve_sentence(found: Curves, curve: Curve) -> str | None:
    """Say how a segment's customers leave, against all others; None where that can't be told."""
    if curve.verdict not in ("sooner", "later") or curve.indicative:
        return None
    time, named = telling_time(found, curve), f"Customers of “{curve.segment.name}”"
    if time is None:
        return None
    rest = found.rest[curve.segment.key]
    if not _agrees(curve, rest, time):
        return f"{named} leave {curve.verdict} than the rest on the whole, but not at every time."
    return (
        f"{named} leave {curve.verdict} than the rest: after {time_text(time, found.durations.unit)} "
        f"{share_text(curve.at(time))} are still there, against {percent(rest.at(time).value)}."
    )


def _agrees(curve: Curve, rest: Curve, time: float) -> bool:
    """Whether the difference at one time has the sign of the verdict, and can be seen once it is written."""
    here, there = curve.at(time).value, rest.at(time).value
    sign = here < there if curve.verdict == "sooner" else here > there
    return sign and percent(here) != percent(there)


def curves_headline(found: Curves) -> str | None:
    """Tell the segment whose customers leave most clearly sooner or later; None where none can be told."""
    told = [(gap, curve) for curve in found.curves if (gap := _gap(found, curve)) > 0]
    return curve_sentence(found, max(told, key=lambda one: one[0])[1]) if told else None


def _gap(found: Curves, curve: Curve) -> float:
    """Size of the difference told by `curve_sentence`; 0 where it tells none."""
    time = telling_time(found, curve)
    if time is None or curve_sentence(found, curve) is None:
        return 0.0
    rest = found.rest[curve.segment.key]
    return abs(curve.at(time).value - rest.at(time).value) if _agrees(curve, rest, time) else 0.0


def curves_title(found: Curves, focus: str = "") -> str:
    """State the clearest finding, or that of the segment in focus (its key), or that there is none."""
    headline = curves_headline(found)
    front = next((curve for curve in found.curves if curve.segment.key == focus), None)
    if front is not None:
        headline = curve_sentence(found, front)
        if headline is None and front.verdict == "can't tell" and not front.indicative:
            return (
                f"Customers of “{front.segment.name}” leave neither reliably sooner nor later than the rest"
            )
    if headline:
        return headline.rstrip(".")
    if found.circular:
        return "How long customers stay; the segments were made from this, so they are not compared"
    unsure = [curve for curve in found.curves if curve.verdict in ("sooner", "later")]
    if len(found.curves) < 2 or unsure or front is not None:
        return "How long customers stay"
    return "No segment's customers leave reliably sooner or later than the others"


def curves_alt(found: Curves, focus: str = "") -> str:
    """Say in words what the curves show: the title, and where each of them ends."""
    ends = [
        f"“{curve.segment.name}” {percent(curve.at(curve.end).value)} after "
        f"{time_text(curve.end, found.durations.unit)}"
        for curve in found.curves
    ]
    return f"{curves_title(found, focus)}. Still there: {listing(ends, 12)}."


def comparison_text(curve: Curve) -> str:
    """Say how a segment compares with all others, in a word or two, for a table."""
    if curve.verdict == "circular":
        return "↻ formed the segments, so not compared"
    if curve.verdict == "can't tell":
        return "≈ can't tell yet" if curve.indicative else "≈ can't tell"
    hint = " (indicative)" if curve.indicative else ""
    mark = {"sooner": "▼", "later": "▲"}.get(curve.verdict, "")
    return f"{mark} leaves {curve.verdict}{hint}" if mark else ""


def p_text(curve: Curve) -> str | None:
    """Give the test behind a comparison, for who asks; None where there is none."""
    if isnan(curve.p_value):
        return None
    size = "below 0.001" if curve.p_value < 0.001 else number(curve.p_value, 3)
    return f"“{curve.segment.name}” against all others: log-rank test, p {size}."


def hidden_text(names: tuple[str, ...], smallest: int = 5) -> str | None:
    """Say which segments are not drawn, and why; None where all are."""
    if not names:
        return None
    named = listing([f"“{name}”" for name in names])
    return f"Not shown: {named} (fewer than {smallest} customers here or nearby)."


# --- cohorts ------------------------------------------------------------------------------------------


BLANK = f"blank: fewer than {SMALLEST_SHOWN} customers here or nearby, or not observed in full yet"


def cohort_age(found: Cohorts) -> int | None:
    """Choose how many periods after sign-up to tell in words.

    The most that half of the cohorts have and at least 30 customers were observed for, over all cohorts; None
    where there is no such time.
    """
    told = ~np.isnan(found.shares)
    cohorts, customers = told.sum(axis=0), found.sizes @ told
    fit = np.flatnonzero((cohorts >= max(cohorts[0] / 2, 1)) & (customers >= SMALLEST_RANKED))
    return int(fit.max()) + 1 if len(fit) else None


def cohorts_title(found: Cohorts, who: str = "", age: int | None = None) -> str:
    """Say how many are still there after some time, over all cohorts that can be told.

    Parameters
    ----------
    found : Cohorts
    who : str
        Name of the segment, empty for everyone.
    age : int, optional
        Periods since sign-up, for two maps side by side; by default those of `cohort_age`. Where there are
        none, the title says what is shown.
    """
    of = f"customers of “{who}”" if who else "customers"
    age = age or cohort_age(found)
    if age is None:
        return f"How many {of} are still there, by {found.period} of sign-up"
    return f"After {plural(age, found.period)}, {percent(found.pooled(age))} of {of} are still there"


def cohorts_alt(found: Cohorts, who: str = "", age: int | None = None) -> str:
    """Say in words what the map shows: its title and the best and the worst cohort at the same age."""
    age = age or cohort_age(found)
    title = cohorts_title(found, who, age)
    if age is None:
        return f"{title}."
    line = found.shares[:, age - 1]
    told = [place for place in np.flatnonzero(~np.isnan(line)) if found.sizes[place] >= SMALLEST_RANKED]
    if len(told) < 2:
        return f"{title}."
    least, most = min(told, key=lambda place: line[place]), max(told, key=lambda place: line[place])
    return (
        f"{title}; by cohort from {percent(line[least])} ({found.labels[least]}) "
        f"to {percent(line[most])} ({found.labels[most]})."
    )


# --- funnel -------------------------------------------------------------------------------------------


def funnel_sentence(found: Funnel, one: SegmentFunnel) -> str | None:
    """Say where a segment loses most against everyone; None where it is not reliably behind anywhere."""
    step = found.loses_most(one)
    if step is None:
        return None
    usual = _usual(found, step)
    before, after = (readable(found.stages.names[step.place - back]) for back in (1, 0))
    return (
        f"“{one.segment.name}” loses most from {before} to {after}: {share_text(step.rate)} go on, "
        f"against {percent(usual)} of everyone."
    )


def _usual(found: Funnel, step: Step) -> float:
    return next(one.rate.value for one in found.everyone.steps if one.place == step.place)


def funnel_headline(found: Funnel) -> str | None:
    """Tell the segment that falls furthest behind everyone at one step; None where none does."""
    told = [(one, step) for one in found.segments if (step := found.loses_most(one)) is not None]
    if not told:
        return None
    return funnel_sentence(found, min(told, key=lambda pair: pair[1].rate.value - _usual(found, pair[1]))[0])


def funnel_title(found: Funnel, focus: str = "") -> str:
    """State the clearest loss on the way, or that of the segment in focus (its key), or that none is."""
    headline = funnel_headline(found)
    front = next((one for one in found.segments if one.segment.key == focus), None)
    if front is not None:
        headline = funnel_sentence(found, front)
    if headline:
        return headline.rstrip(".")
    if found.circular:
        return "How far customers have come; the segments were made from the stages, so they are not compared"
    if len(found.segments) < 2 or front is not None:
        return "How far customers have come"
    return "No segment loses reliably more customers at a step than the others"


def funnel_alt(found: Funnel, focus: str = "") -> str:
    """Say in words what the funnel shows: its title and how many of each segment reached the last stage."""
    last = readable(found.stages.names[-1])
    ends = [f"“{one.segment.name}” {percent(one.reached[-1].value)}" for one in found.segments]
    return f"{funnel_title(found, focus)}. Reached {last}: {listing(ends, 12)}."
