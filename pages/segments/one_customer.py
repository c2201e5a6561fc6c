"""One customer: which segment a new person belongs to, and why a known one is where she is."""

from collections.abc import Callable

import streamlit as st

from pages.ui import look, results, state
from pages.ui.jobs import Found
from segkit.charts.why_chart import why_chart
from segkit.segments.evidence.advice import Advice
from segkit.segments.questions import Placement
from segkit.segments.why import why


def place(table: state.Loaded, found: Found, advice: Advice | None) -> None:
    """Ask three to five questions, and say which segment the answers lead to."""
    asked = results.questions(table.customers, found)
    look.note(asked.text)
    answers: list[int] = []
    stage = asked.after(answers)
    while not isinstance(stage, Placement):
        look.question(f"{len(answers) + 1}. {stage.text}")
        chosen = st.radio(
            "Answer",
            range(len(stage.answers)),
            format_func=_literal(stage.answers),
            index=None,
            key=f"asked-{found.key}-{len(found.segmentation.refinements)}-{'-'.join(map(str, answers))}",
            label_visibility="collapsed",
        )
        if chosen is None:
            return
        answers.append(chosen)
        stage = asked.after(answers)
    look.notice(stage.text)


def _literal(answers: tuple[str, ...]) -> Callable[[int], str]:
    """Write answers so that the text of a file does not act as markdown, which radio labels are."""
    return lambda place: look.unmarked(answers[place])


def why_here(table: state.Loaded, found: Found, advice: Advice | None) -> None:
    """Choose one customer, and show what put her into her segment."""
    row = _row(table)
    if row is None:
        return
    reasons = why(found.segmentation, table.customers, row)
    picture = why_chart(reasons, look.theme())
    if picture is not None:
        look.chart(picture, key="why")
    else:
        look.note(reasons.text)


def _row(table: state.Loaded) -> int | None:
    """The row of the customer that is asked for, by her id or by her line."""
    ids = table.customers.ids
    wanted = st.text_input(
        "Customer id" if table.customers.with_role("customer_id") else "Row of the customer",
        value=str(ids.iloc[0]),
        key="who",
        width=320,
    ).strip()
    rows = ids.index[ids == wanted]
    if not len(rows):
        look.notice(f"No customer has the id “{wanted}”. Check it, or copy one from the list you downloaded.")
        return None
    if len(rows) > 1:
        look.note(f"{len(rows)} rows have this id; the first is shown.")
    return int(rows[0])
