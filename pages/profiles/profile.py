"""The parts of the page about segments as such: all in one picture, and one of them on a page."""

from dataclasses import dataclass

import streamlit as st

from pages.ui import look, results
from pages.ui.looking import looking
from pages.ui.view import View
from segkit.charts.frame import HALF
from segkit.charts.profile_charts import (
    formed_chart,
    formed_numbers,
    index_chart,
    index_numbers,
    snake_chart,
    snake_numbers,
)
from segkit.customers.sampling import is_part
from segkit.insights.profile_text import (
    average_text,
    described_title,
    edges_text,
    least_typical,
    most_typical,
    profiles_headline,
    typical_text,
)
from segkit.insights.profiles import Trait, traits_of
from segkit.labels import percent, plural
from segkit.measures.kpis import outcome_columns
from segkit.measures.profile_facts import ProfileFacts
from segkit.measures.standing_out import (
    Dimension,
    Mark,
    TypicalValue,
    about,
    describing,
    formed_of,
    standing_of,
    typical_of,
)
from segkit.measures.suppression import SMALLEST_SHOWN
from segkit.measures.typical import edge_cases, listed_customers, listed_edges, typical_rows
from segkit.segments.segmentation import Segment

NO_ROWS = (
    "The rules that made these segments read dates or texts only, which have no average to compare. "
    "What describes each segment is below."
)
CLEAR = 0.6  # confidence from which a customer sits clearly in a segment, as on the other pages


@dataclass(frozen=True, eq=False)
class Measured:
    """What the page tells, computed once.

    Attributes
    ----------
    traits : dict of str to list of Trait
        Of the columns that formed the segments.
    rows : tuple of Dimension
    marks : dict of str to tuple of Mark
        Of the columns that only describe them.
    values : dict of str to tuple of TypicalValue
    facts : ProfileFacts
        What all of it is made from.
    """

    traits: dict[str, list[Trait]]
    rows: tuple[Dimension, ...]
    marks: dict[str, tuple[Mark, ...]]
    values: dict[str, tuple[TypicalValue, ...]]
    facts: ProfileFacts


def measured(view: View) -> Measured:
    """Compare the segments in what formed them and in what only describes them."""
    what, outcomes = about(view.customers, view.assignment), _outcomes(view)
    facts = results.profile_facts(view.table, view.found, view.seen, looking())
    return Measured(
        traits_of(what, facts),
        formed_of(what, facts),
        standing_of(what, facts, outcomes),
        typical_of(what, facts),
        facts,
    )


def _outcomes(view: View) -> tuple[str, ...]:
    """Columns that KPIs are made of: these stand on the results page with verdicts of their own."""
    return outcome_columns(view.kpis.definitions, view.customers)


def headline(view: View, known: Measured) -> str:
    """The one sentence of the page."""
    segments = view.assignment.segments
    sizes = {one.key: view.kpis.size(one.key) for one in segments}
    told = profiles_headline(segments, sizes, known.traits, view.focus, known.marks)
    if told is None and view.focus:
        return average_text(next(one for one in segments if one.key == view.focus))
    return told or "No column that formed the segments sets one clearly apart from the others."


def _key(view: View) -> str:
    """Of the chooser: a new focus is a new default."""
    return f"profile-{view.table.customers.fingerprint}-{view.focus}"


def _first(view: View) -> str:
    """The segment in focus, else the largest."""
    return view.focus or max(view.assignment.segments, key=lambda one: view.kpis.size(one.key)).key


def _now(view: View) -> str:
    """The segment that is chosen, read before the chooser is drawn."""
    chosen = st.session_state.get(_key(view))
    return chosen if chosen in [one.key for one in view.assignment.segments] else _first(view)


def all_segments(view: View, known: Measured) -> None:
    """Draw the snake plot."""
    chart = snake_chart(known.rows, view.segments, view.sizes, look.theme(), _now(view))
    if chart is None:
        look.note(NO_ROWS)
        return
    look.picture(chart, snake_numbers(known.rows, view.segments), "snake", view.source)


def chosen(view: View) -> Segment:
    """Ask for the segment whose profile and persona follow."""
    look.section("One segment")
    by_key = {one.key: one for one in view.assignment.segments}
    keys = list(by_key)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.selectbox(
            "Profile of",
            keys,
            index=keys.index(_first(view)),
            format_func=lambda one: by_key[one].name,
            key=_key(view),
            width=420,
        )
        if st.button("Rename segments", key="to-rename"):
            st.switch_page(st.session_state["pages"]["segments"])
    return by_key[key]


def show(view: View, known: Measured, segment: Segment) -> None:
    """Show what sets one segment apart."""
    place = list(view.assignment.segments).index(segment)
    if view.sizes[place] < SMALLEST_SHOWN:
        look.notice(f"“{segment.name}” has fewer than five customers here: nothing is shown of so few.")
        return
    look.chips(_facts(view, segment, place))
    if known.rows:
        left, right = st.columns(2, gap="medium")
        with left:
            _formed(view, known, segment, place)
        with right:
            _described(view, known, segment)
    else:
        _described(view, known, segment)
    _values(known, segment)
    _people(view, segment)


def _facts(view: View, segment: Segment, place: int) -> list[tuple[str, str]]:
    size = view.kpis.size(segment.key)
    confidence = view.assignment.confidence[view.assignment.codes == place]
    facts = [
        (plural(size, "customer").split(" ")[0], "customers" if size != 1 else "customer"),
        (percent(size / max(view.count, 1)), "of customers"),
    ]
    money = view.kpis.find(segment.key, "revenue_share")
    if money is not None and money.verdict != "hidden":
        facts.append((percent(money.value), "of revenue"))
    if not len(confidence):  # of a large table, nobody of them may have been drawn
        return facts
    whom = "of those drawn " if is_part(view.customers) else ""
    return [*facts, (percent(float((confidence >= CLEAR).mean())), f"{whom}sit clearly in it")]


def _formed(view: View, known: Measured, segment: Segment, place: int) -> None:
    chart = formed_chart(known.rows, segment, place, view.sizes[place], look.theme())
    if chart is None:
        look.notice(f"Too few values in “{segment.name}” to tell what formed it.")
        return
    look.picture(chart, formed_numbers(known.rows, segment, place), "formed", view.source, width=HALF)


def _described(view: View, known: Measured, segment: Segment) -> None:
    marks = known.marks[segment.key]
    chart = index_chart(marks, segment, look.theme())
    if chart is not None:
        look.picture(chart, index_numbers(marks, segment), "described", view.source, width=HALF)
        return
    look.notice(_nothing(view, segment, marks))


def _nothing(view: View, segment: Segment, marks: tuple[Mark, ...]) -> str:
    """Say why nothing else is told."""
    if not describing(view.customers, view.assignment, _outcomes(view)):
        return "Every column here formed the segments or is an outcome: none is left that only describes."
    if not marks:
        return f"Too few values in “{segment.name}” to describe it by other columns."
    return f"{described_title(segment, marks)}: it is much like everyone in the columns that did not form it."


def _values(known: Measured, segment: Segment) -> None:
    values = known.values[segment.key]
    most, least = most_typical(values), least_typical(values)
    left, right = st.columns(2, gap="medium")
    with left:
        if most:
            look.section("Most typical", "Much more frequent here than among all others.")
            look.bullets([typical_text(one) for one in most])
    with right:
        if least:
            look.section("Least typical", "Much less frequent here than among all others.")
            look.bullets([typical_text(one) for one in least])


def _people(view: View, segment: Segment) -> None:
    """List customers who stand for the segment, and those who are nearly in another one."""
    box = look.folded("Typical customers and edge cases", "profile-people")
    if box is None:
        return
    with box:
        if is_part(view.customers):
            look.note(f"Found among {plural(len(view.customers), 'customer')} drawn by chance.")
        personal = st.toggle("Show personal data", key="profile-personal")
        columns = view.assignment.dimensions
        about = (view.customers, view.assignment)
        rows = typical_rows(*about, segment.key)
        if rows:
            look.section("Typical customers", "Nearest to the centre of the segment, with what formed it.")
            look.table(listed_customers(view.customers, rows, columns, personal))
        edges = edge_cases(view.found.segmentation, *about, segment.key)
        look.section("Edge cases", edges_text(segment, edges))
        if edges:
            look.table(listed_edges(view.customers, edges, columns, personal))
