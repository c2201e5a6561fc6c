"""The parts of the page over time: retention curves, cohorts and the funnel.

A part without its columns says in one sentence which would bring it.
"""

from dataclasses import dataclass

import streamlit as st

from pages.ui import look, results
from pages.ui.looking import looking
from pages.ui.view import View
from segkit.charts.frame import HALF
from segkit.charts.time_charts import (
    cohort_numbers,
    cohorts_chart,
    curve_numbers,
    curves_chart,
    funnel_chart,
    funnel_numbers,
)
from segkit.customers.sampling import is_source
from segkit.errors import SegkitError
from segkit.insights.time_text import (
    cohort_age,
    curve_sentence,
    curves_headline,
    funnel_headline,
    funnel_sentence,
    hidden_text,
    p_text,
)
from segkit.measures.cohorts import Cohorts, Stays, followed, stays_of
from segkit.measures.cohorts import cohorts as cohorts_of
from segkit.measures.counted import Counted
from segkit.measures.funnel import Funnel
from segkit.measures.funnel import funnel as funnel_of
from segkit.measures.pushed_time import Named, curves_of_all, funnel_of_all, stays_of_all
from segkit.measures.survival import UNITS, Curves, durations, retention_curves

CURVES_NEED = (
    "Curves need to know how long customers stayed and who left: a sign-up date and a churn date; or a "
    "number such as tenure and a yes/no of who left. Give them their meaning on the Data page, or name "
    "them here."
)
COHORTS_NEED = "Cohorts need a sign-up date and a date of churn or last activity, over two months or more."
FUNNEL_NEED = (
    "A funnel needs a column that means “Journey stage” with stages whose order can be told, such as lead, "
    "trial, active; or numbers in front of the names."
)
TOO_FEW = "Too few customers to show this."
USUAL_UNIT = "month"
CURVES_TOO_FEW = "In this filter, too few customers have left to show curves."
NOTHING_YET = "This table does not tell yet who stays: say below which columns hold sign-ups and departures."
COHORTS_TOO_FEW = "Too few customers in this filter to show cohorts."


@dataclass(frozen=True, eq=False)
class Measured:
    """What the page tells, computed once: its headline and its pictures are about the same numbers.

    Attributes
    ----------
    curves : Curves, optional
    missing : str
        Why there are no curves.
    problem : bool
        The columns that the user named do not fit.
    steps : Funnel, optional
    """

    curves: Curves | None
    missing: str
    problem: bool
    steps: Funnel | None


def measured(view: View) -> Measured:
    """Compute curves and funnel of who is looked at."""
    steps, named = _steps(view), _chosen(view)
    try:
        found = _curves(view, named)
        missing = "" if found else _no_curves(view, named)
    except SegkitError as problem:
        return Measured(None, str(problem), True, steps)
    return Measured(found, missing, False, steps)


def _curves(view: View, named: Named) -> Curves | None:
    """The curves of all customers, by the engine where their table stays where it is."""
    if is_source(view.customers):
        return results.of_everyone(view.table, view.found, looking(), "curves", curves_of_all, named)
    stays = durations(view.customers, named.column, named.left, named.observed, named.unit)
    return retention_curves(stays, view.assignment) if stays else None


def _steps(view: View) -> Funnel | None:
    if is_source(view.customers):
        return results.of_everyone(view.table, view.found, looking(), "funnel", funnel_of_all)
    return funnel_of(view.customers, view.assignment)


def _stays(view: View) -> tuple[Stays, Counted] | None:
    if is_source(view.customers):
        return results.of_everyone(view.table, view.found, looking(), "cohorts", stays_of_all)
    stays = stays_of(view.customers)
    return (stays, Counted(view.assignment)) if stays else None


def headline(view: View, known: Measured) -> str | None:
    """The one sentence of the page: who leaves sooner or later, else where most are lost, else none.

    Where there is nothing to look at, what to do.
    """
    few = known.missing in (TOO_FEW, CURVES_TOO_FEW)
    if known.curves is None and known.steps is None and not few:
        return NOTHING_YET
    told = _told(view, known.curves) if known.curves else None
    return told or (funnel_headline(known.steps) if known.steps else None)


def _told(view: View, found: Curves) -> str | None:
    """The sentence about the segment in front, else about the one that differs most."""
    if not view.focus:
        return curves_headline(found)
    curve = next((one for one in found.curves if one.segment.key == view.focus), None)
    return curve_sentence(found, curve) if curve else None


# --- curves -------------------------------------------------------------------------------------------


def curves(view: View, known: Measured) -> None:
    """Draw how long customers stay, by segment."""
    look.section("How long customers stay")
    spot = st.container()
    _adjust(view)
    with spot:
        if known.curves is not None:
            _draw_curves(view, known.curves)
        elif known.problem:
            look.notice(known.missing)
        else:
            look.note(known.missing)


def _no_curves(view: View, named: Named) -> str:
    """Say why there are none: no columns for them, a filter in which nobody left, or too few to show."""
    given = named.column, named.left, named.observed, named.unit
    if not durations(view.table.customers, *given):
        return CURVES_NEED
    return TOO_FEW if durations(view.customers, *given) else CURVES_TOO_FEW


def _draw_curves(view: View, found: Curves) -> None:
    chart = curves_chart(found, view.segments, look.theme())
    look.picture(chart, curve_numbers(found, view.segments), "retention-curves", view.source)
    look.note(" ".join(filter(None, [found.durations.text, hidden_text(found.hidden)])))
    told = [said for one in found.curves if (said := curve_sentence(found, one))]
    others = [one for one in told if one != _told(view, found)]
    if others:
        look.bullets(others)
    tests = [said for one in found.curves if (said := p_text(one))]
    if tests and (box := look.folded("How do we know?", "curves-tests")):
        with box:
            look.note(
                "Kaplan–Meier curves with 95 % intervals; a customer who is still there counts as long as "
                "she was observed. A difference is told only if it is reliable among all that are compared."
            )
            look.bullets(tests)


def _numbers(view: View) -> list[str]:
    return [one.name for one in view.customers.columns if one.kind == "number" and one.use != "id"]


def _ends(view: View, column: str) -> list[tuple[str, str]]:
    """Ways to say who left: a yes/no, the one with that meaning first, or falling short of another number."""
    flags = [one for one in view.customers.columns if one.kind == "yes/no"]
    meant = [("left", one.name) for one in flags if one.role in ("churned", "retained")]
    others = [("left", one.name) for one in flags if ("left", one.name) not in meant]
    short = [("observed", name) for name in _numbers(view) if name != column]
    return [*(meant or [("", "")]), *others, *short]


def _key(view: View, what: str) -> str:
    """Widgets belong to one table: another one has other columns."""
    return f"curves-{what}-{view.table.customers.fingerprint}"


def _chosen(view: View) -> Named:
    """What the widgets below the chart say, read before they are drawn."""
    column = st.session_state.get(_key(view, "time"), "")
    if column not in _numbers(view):
        return Named()
    end = st.session_state.get(_key(view, "end"))
    ends = _ends(view, column)
    kind, name = end if end in ends else ends[0]
    unit = st.session_state.get(_key(view, "unit"), USUAL_UNIT)
    return Named(column, unit=unit, **({kind: name} if name else {}))


def _adjust(view: View) -> None:
    """Offer to name the columns."""
    numbers = _numbers(view)
    if not numbers:
        return
    with st.expander("Adjust", key="curves-adjust"), st.container(horizontal=True):
        column = st.selectbox(
            "How long she was a customer",
            ["", *numbers],
            format_func=lambda name: name or "As found",
            key=_key(view, "time"),
        )
        if column:
            ends = _ends(view, column)
            st.selectbox("Who left", ends, format_func=_end_label, key=_key(view, "end"))
            st.selectbox(
                "Counted in", list(UNITS), index=2, format_func=UNITS.__getitem__, key=_key(view, "unit")
            )


def _end_label(end: tuple[str, str]) -> str:
    kind, name = end
    if not name:
        return "Choose a column"
    return f"{name} says it" if kind == "left" else f"Who falls short of {name}"


# --- cohorts ------------------------------------------------------------------------------------------


def cohorts(view: View) -> None:
    """Draw the cohorts of everyone, beside those of one segment."""
    try:
        stays = _stays(view)
    except SegkitError as problem:  # days that cannot be read where the table lives
        look.notice(str(problem))
        return
    everyone = followed(*stays) if stays else None
    look.section(f"By {everyone.period if everyone else 'time'} of sign-up")
    if stays is None or everyone is None:
        look.note(COHORTS_TOO_FEW if cohorts_of(view.table.customers) else COHORTS_NEED)
        return
    names = {one.key: one.name for one in view.assignment.segments}
    largest = view.assignment.segments[int(view.assignment.sizes.argmax())].key
    key = view.focus or st.selectbox(
        "Segment beside everyone",
        list(names),
        index=list(names).index(largest),
        format_func=names.__getitem__,
        key="cohorts-segment",
        width=320,
    )
    part = followed(*stays, key)
    age = cohort_age(part) if part else None  # the same in both titles, so that they compare
    left, right = st.columns(2, gap="medium")
    with left:
        _draw_cohorts(view, everyone, "", "cohorts-all", age)
    with right:
        if part is None:
            look.note(TOO_FEW)
        else:
            _draw_cohorts(view, part, names[key], "cohorts-part", age)
    look.note(everyone.text + _circular_note(view, everyone))


def _draw_cohorts(view: View, found: Cohorts, who: str, key: str, age: int | None) -> None:
    chart = cohorts_chart(found, look.theme(), who, age=age)
    look.picture(chart, cohort_numbers(found), key, view.source, width=HALF)


def _circular_note(view: View, found: Cohorts) -> str:
    if not set(found.columns) & set(view.assignment.dimensions):
        return ""
    return " ↻ The segments were made from these dates, so a difference between them says nothing new."


# --- funnel -------------------------------------------------------------------------------------------


def funnel(view: View, known: Measured) -> None:
    """Draw how far the customers of each segment have come."""
    look.section("How far customers come")
    found = known.steps
    if found is None:
        look.note(FUNNEL_NEED)
        return
    chart = funnel_chart(found, view.segments, look.theme())
    look.picture(chart, funnel_numbers(found, view.segments), "funnel", view.source)
    look.note(" ".join(filter(None, [found.text, hidden_text(found.hidden)])))
    told = [said for one in found.segments if (said := funnel_sentence(found, one))]
    others = [one for one in told if one != funnel_headline(found)]
    if others:
        look.bullets(others)
