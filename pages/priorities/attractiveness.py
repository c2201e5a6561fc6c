"""Who comes first: weights before anything is seen, then the map of attractiveness and fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.priorities.scorecard import Cell, Row, grid
from pages.ui import kept, look
from pages.ui.view import View
from segkit.charts.priority_charts import priority_chart
from segkit.errors import SegkitError
from segkit.insights.kpi_text import interval_text, value_text
from segkit.insights.priority_text import (
    before_weights,
    cell_value,
    criterion_note,
    firm_text,
    indicative_text,
    priority_headline,
    priority_numbers,
    swaps_text,
    weights_text,
)
from segkit.labels import MISSING, in_sentence, number, percent
from segkit.measures.kpis import absent
from segkit.measures.priorities import (
    AXES,
    AXIS_LABELS,
    DRAWS,
    MOST_WEIGHT,
    Priorities,
    Priority,
    Scores,
    priorities,
    scores,
    share_of_worth,
    weights_from,
    worth_key,
)
from segkit.measures.scorecard import Reach

PART = "weights"
LEAST = 0.5  # between two weights; a judgement is no finer


@dataclass(frozen=True, eq=False)
class Ready:
    """What is known of priorities: the scores, and the ranking once weights were set."""

    scores: Scores
    ranking: Priorities | None

    @property
    def tells(self) -> bool:
        """Whether anything but sizes can be compared."""
        return any(one.criterion.key != "size" for one in self.scores.criteria)


def prepared(view: View, reach: Reach | None) -> Ready:
    """Score the segments, and rank them with the weights that somebody set; without those, do not look."""
    found = scores(view.segments, view.kpis, reach)
    weights = weights_from(kept.written(view, PART))
    if weights is None:
        return Ready(found, None)
    try:
        return Ready(found, priorities(found, weights))
    except SegkitError:  # what counted is not there any more, such as a KPI of one's own
        return Ready(found, None)


def headline(view: View, ready: Ready) -> str:
    """The sentence of the page."""
    if ready.ranking is None or not ready.tells:
        return before_weights(ready.scores)
    return priority_headline(ready.ranking, view.kpis)


def show(view: View, ready: Ready) -> None:
    """Ask for weights, or show what follows from them."""
    if not ready.tells:
        _what_would_tell(view)
    elif ready.ranking is None:
        _first_weights(view, ready.scores)
    else:
        _map(view, ready.ranking)
        _table(view, ready.ranking)
        _adjust(view, ready.ranking)


def _what_would_tell(view: View) -> None:
    look.note(
        "Give columns their meaning on the Data page, or take columns such as amounts as KPIs above: what is "
        "high in them counts as attractive."
    )
    with st.expander("Which columns would tell more", key="priority-missing"):
        look.bullets([look.needs_text(one, needs) for one, needs in absent(view.table.customers)])


# --- weights ---------------------------------------------------------------------------------------


def _first_weights(view: View, found: Scores) -> None:
    """Let weights be set before the map is there: who has seen it weighs in favour of somebody."""
    for axis in AXES:
        labels = [in_sentence(one.criterion.label) for one in found.on(axis)]
        if labels:
            look.note(f"{AXIS_LABELS[axis]}: {', '.join(labels)}.")
    if st.button("Let everything count the same and show the map", type="primary", key="equal-weights"):
        _keep(view, {})
    with st.expander("Set the weights first", key="weights-first"):
        _form(view, found, {}, "Show the map")


def _adjust(view: View, found: Priorities) -> None:
    with st.expander("Adjust the weights", key="weights-adjust"):
        look.note("Weights were set before the map was seen. Whoever changes them now should say why.")
        _form(view, found.scores, found.weights, "Apply these weights")
        with st.container(horizontal=True):
            again = st.button("Let everything count the same", key="equal-again")
            away = st.button("Start over without the map", key="weights-forget")
        if again:
            _keep(view, {})
        if away:
            kept.write(view, PART, None)
            st.rerun()


def _form(view: View, found: Scores, now: Mapping[str, float], submit: str) -> None:
    """A slider for each criterion and axis; nothing moves until it is submitted."""
    look.note("1 is usual, 2 counts twice, 0 leaves it out.")
    chosen: dict[str, float] = {}
    with st.form("weights-form", border=False):
        columns = st.columns(2, gap="large")
        for column, axis in zip(columns, AXES, strict=True):
            with column:
                if not found.on(axis):
                    continue
                chosen[axis] = _slider(f"{AXIS_LABELS[axis]} as a whole", axis, now)
                for one in found.on(axis):
                    key = one.criterion.key
                    chosen[key] = _slider(look.unmarked(one.criterion.label), key, now, one.criterion.help)
        if st.form_submit_button(submit, type="primary"):
            try:
                priorities(found, chosen)
            except SegkitError as problem:
                look.notice(str(problem), problem=True)
            else:
                _keep(view, chosen)


def _slider(label: str, key: str, now: Mapping[str, float], meaning: str = "") -> float:
    start = round(now.get(key, 1.0) / LEAST) * LEAST
    return st.slider(
        label, 0.0, MOST_WEIGHT, start, step=LEAST, key=f"weight-{key}", help=look.unmarked(meaning) or None
    )


def _keep(view: View, weights: dict[str, Any]) -> None:
    kept.write(view, PART, weights)
    for key in [key for key in st.session_state if str(key).startswith("weight-")]:
        del st.session_state[key]  # the sliders show what is kept
    st.rerun()


# --- what follows ----------------------------------------------------------------------------------


def _map(view: View, found: Priorities) -> None:
    chart = priority_chart(found, view.segments, look.theme())
    look.picture(chart, priority_numbers(found), "priorities", view.source)
    lines = swaps_text(found)
    if lines:
        look.notice(firm_text(found))
        look.bullets(lines)
    elif firm_text(found):
        look.note(firm_text(found))


def _table(view: View, found: Priorities) -> None:
    money = worth_key(view.kpis)
    look.section("The numbers", f"Counted: {weights_text(found)}")
    first = "First in repeats¹"
    head = ["Segment", "Rank", "Priority", "Attractive", "Fit", first, "Customers"]
    keys = [key for key in (money, "value") if key in view.kpis.keys]
    head += [view.kpis.definition(key).label for key in keys]
    head += [f"Share of {money}"] if money else []
    grid(head, [_row(view, one, keys) for one in found.rows])
    notes = [
        f"¹ How often it comes first when all values are drawn {number(DRAWS)} times within their intervals."
    ]
    if "value" in keys:
        notes.append(f"The value of a customer is an assumption: {view.kpis.assumptions.text}.")
    if money == "revenue":
        notes.append("No cost to serve is known, so revenue stands where margin would.")
    elif not money:
        notes.append("No column tells what customers bring, so money plays no part.")
    look.note(" ".join(notes))
    _how(found)


def _row(view: View, one: Priority, keys: list[str]) -> Row:
    kpis = [view.kpis.find(one.segment.key, key) for key in keys]
    rank = Cell(str(one.rank)) if one.rank else Cell(MISSING, (one.unranked,))
    cells = [
        rank,
        *(Cell(number(score, 0)) for score in (one.score, one.attractiveness, one.fit)),
        Cell(percent(one.first)),
        Cell(number(one.customers), (percent(one.share),)),
    ]
    for row in kpis:
        definition = view.kpis.definition(row.kpi) if row else None
        if row is None or definition is None or row.verdict == "hidden":
            cells.append(Cell(MISSING))
            continue
        marks = ("↻ formed the segments" if row.verdict == "circular" else "", indicative_text(row.n))
        text = value_text(definition, row.value, row.unit)
        cells.append(Cell(text, (interval_text(definition, row), *marks)))
    if worth_key(view.kpis):
        cells.append(Cell(percent(share_of_worth(view.kpis, one.segment.key))))
    return Row(one.segment.name, tuple(cells), one.segment.key == view.focus)


def _how(found: Priorities) -> None:
    """Show each criterion with value and score, for who asks."""
    box = look.folded("How the scores come about", "priority-how")
    if box is None:
        return
    with box:
        look.note(
            "On each criterion the lowest segment of this table scores 0, the highest 100. Attractiveness "
            "and fit are weighted means of their scores, priority that of both. Segments with fewer than 30 "
            "customers or answers are not ranked and do not set the ends."
        )
        criteria = [one for one in found.scores.criteria if found.weights[one.criterion.key] > 0]
        rows = [
            Row(
                one.criterion.label,
                (
                    *(Cell(number(cell.score, 0), (cell_value(one, cell),)) for cell in one.cells),
                    Cell(AXIS_LABELS[one.criterion.axis], (criterion_note(one),)),
                ),
            )
            for one in criteria
        ]
        grid(["Criterion", *(segment.name for segment in found.scores.segments), "Counts for"], rows)
