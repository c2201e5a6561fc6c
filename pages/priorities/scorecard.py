"""May these segments be built on: five criteria, each with its number and its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.ui import kept, look, results
from pages.ui.view import View
from segkit.errors import SegkitError
from segkit.exports.lists import numbers_csv
from segkit.insights.judging import borders_from, cost_from, judged
from segkit.insights.priority_text import (
    judgement_reasons,
    scorecard_numbers,
    scorecard_sentence,
    status_text,
)
from segkit.measures.scorecard import (
    CHECKS,
    CRITERIA,
    FAIL,
    PASS,
    Check,
    Judgement,
    Reach,
    Scorecard,
    checks_with,
)
from segkit.segments.segmentation import Segment

PART = "thresholds"
PERCENT = 100
TONES = {PASS: "good", FAIL: "bad"}


# --- a table of short texts ------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A word or number in bold, quiet lines below it, and "good" or "bad" where the word judges."""

    text: str
    lines: tuple[str, ...] = ()
    tone: str = ""


@dataclass(frozen=True)
class Row:
    """A row: its name, its cells, and whether it stands in front."""

    name: str
    cells: tuple[Cell, ...]
    focus: bool = False


def grid(head: Sequence[str], rows: Sequence[Row], words: bool = False) -> None:
    """Show a table; `words` for cells that hold sentences rather than numbers."""
    titles = "".join(f"<th scope='col'{_aligned(words)}>{look.literal(title)}</th>" for title in head)
    body = "".join(_row(row, words) for row in rows)
    head_row = f"<thead><tr>{titles}</tr></thead>"
    st.html(f"<div class='kpis-box'><table class='kpis'>{head_row}<tbody>{body}</tbody></table></div>")


def _aligned(words: bool) -> str:
    return " style='text-align:left'" if words else ""


def _row(row: Row, words: bool) -> str:
    cells = "".join(f"<td{_aligned(words)}>{_cell(cell, words)}</td>" for cell in row.cells)
    kind = " class='focus'" if row.focus else ""
    return f"<tr{kind}><th scope='row'>{look.literal(row.name)}</th>{cells}</tr>"


def _cell(cell: Cell, words: bool) -> str:
    style = " style='white-space:normal'" if words else ""
    text = look.literal(cell.text)
    main = (
        f"<span class='higher {cell.tone}' style='font-size:1rem'>{text}</span>"
        if cell.tone
        else f"<b>{text}</b>"
    )
    return main + "".join(f"<span{style}>{look.literal(line)}</span>" for line in cell.lines if line)


# --- the scorecard ---------------------------------------------------------------------------------


def cost_of(view: View) -> float:
    """What addressing a customer costs: as somebody said, else a start."""
    return cost_from(kept.written(view, PART), view.kpis)


def show(view: View, reach: Reach | None) -> None:
    """Judge every segment, and let borders and cost be changed."""
    look.section("Can you build on these segments?")
    box = st.container()
    with box:
        _draw(view, _judged(view, reach), reach)
    _adjust(view)


def _judged(view: View, reach: Reach | None) -> Scorecard:
    found, everyone = view.found, view.table.customers
    firm, recall = results.firmness(everyone, found), results.recall(everyone, found)
    about = (view.customers, view.assignment, view.segments, view.kpis, found.traits)
    return judged(*about, firm, recall, reach, kept.written(view, PART))


def _draw(view: View, card: Scorecard, reach: Reach | None) -> None:
    look.note(scorecard_sentence(card))
    head = ["Segment", *(one.label for one in CRITERIA)]
    grid(head, [_segment_row(view, card, segment, reach) for segment in card.segments], words=True)
    if card.held_back:
        look.note(f"{card.held_back} of the segments have too few customers to be judged.")
    st.download_button(
        "Scorecard as CSV",
        data=lambda: numbers_csv(scorecard_numbers(card, reach), view.source),
        file_name="scorecard.csv",
        mime="text/csv",
        key="csv-scorecard",
        on_click="ignore",
    )


def _segment_row(view: View, card: Scorecard, segment: Segment, reach: Reach | None) -> Row:
    cells = tuple(_judgement_cell(one, card, reach) for one in card.of(segment.key))
    return Row(segment.name, cells, segment.key == view.focus)


def _judgement_cell(one: Judgement, card: Scorecard, reach: Reach | None) -> Cell:
    lines = tuple(judgement_reasons(one, card, reach))
    return Cell(status_text(one.status), lines, TONES.get(one.status, ""))


# --- borders ---------------------------------------------------------------------------------------


def _adjust(view: View) -> None:
    with st.expander("Adjust what passes, and what addressing a customer costs", key="scorecard-adjust"):
        look.note(
            "A criterion has the worst status of its checks. A fail in measurable or substantial ends it. "
            "What cannot be told never passes. The cost is a start, 5 % of what a customer brings: put in "
            "yours."
        )
        checks = checks_with(borders_from(kept.written(view, PART)))
        with st.form("scorecard-form", border=False):
            typed = st.data_editor(
                [_border_row(check) for check in checks],
                hide_index=True,
                disabled=["Criterion", "Check", "In"],
                key=f"borders-{hash(checks)}",
            )
            cost = st.number_input(
                "Addressing a customer costs",
                min_value=0.0,
                value=cost_of(view),
                key="address-cost",
                width=280,
            )
            if st.form_submit_button("Judge again"):
                _apply(view, typed, float(cost))
        if kept.written(view, PART) and st.button("Back to the usual borders and cost", key="borders-usual"):
            kept.write(view, PART, None)
            st.session_state.pop("address-cost", None)
            st.rerun()
        look.bullets([f"{check.label}: {check.help}" for check in CHECKS])


def _scale(check: Check) -> int:
    return PERCENT if check.format == "percent" else 1


def _border_row(check: Check) -> dict[str, object]:
    label = next(one.label for one in CRITERIA if one.key == check.criterion)
    unit = {"percent": "%", "count": "customers", "money": "money", "score": "points"}[check.format]
    return {
        "Criterion": label,
        "Check": check.label,
        "Passes from": round(check.passes_from * _scale(check), 6),
        "Watch from": round(check.watched_from * _scale(check), 6),
        "In": unit,
    }


def _apply(view: View, rows: Sequence[Mapping[str, float | None]], cost: float) -> None:
    borders: dict[str, list[float]] = {}
    for check, row in zip(CHECKS, rows, strict=True):
        pair = [row["Passes from"], row["Watch from"]]
        if None in pair:
            look.notice(f"“{check.label}” needs both borders.", problem=True)
            return
        borders[check.key] = [float(one or 0.0) / _scale(check) for one in pair]
    try:
        checks_with({key: (pair[0], pair[1]) for key, pair in borders.items()})
    except SegkitError as problem:
        look.notice(str(problem), problem=True)
        return
    kept.write(view, PART, {"borders": borders, "cost": cost})
    st.rerun()
