"""The reading report: questions, then what to check, then everything assumed; each with an undo."""

import streamlit as st

from pages.ui import look, state
from segkit.customers.joins.together import Fitting
from segkit.customers.notes import Note
from segkit.errors import SegkitError
from segkit.exports.lists import table_csv
from segkit.labels import listing, number, plural
from segkit.measures.kpis import absent

LEAVE = "Leave it so"
SHOWN_ASIDE = 20
IN_SIGHT = 3


def problem() -> None:
    """Say why the last decision could not be carried out."""
    stuck = st.session_state.pop("choice-problem", None)
    if stuck:
        look.notice(stuck, problem=True)


def questions(table: state.Loaded) -> None:
    """Ask what the files do not tell; the assumption that was made stands until she answers."""
    asked = [note for note in table.everyone.notes if note.ask]
    if not asked:
        return
    look.section(
        f"{plural(len(asked), 'question')} for you",
        "The file does not tell. What was assumed holds until you answer.",
    )
    _listed(table, asked[:IN_SIGHT])
    if len(asked) > IN_SIGHT:
        with st.expander(f"{plural(len(asked) - IN_SIGHT, 'more question')}"):
            _listed(table, asked[IN_SIGHT:])


def checks(table: state.Loaded) -> None:
    """List what may need a decision."""
    open_points = [note for note in table.everyone.notes if note.check and not note.ask]
    if not open_points:
        look.note("Nothing else to check: every cell could be read.")
        return
    with st.expander(f"{plural(len(open_points), 'thing')} to check", expanded=len(open_points) <= IN_SIGHT):
        _listed(table, open_points)


def assumptions(table: state.Loaded) -> None:
    """List everything else that was found, the rows that are not in the table, and which KPIs are missing."""
    with st.expander("How the file was read, and which KPIs need another column"):
        _balance(table)
        _listed(table, [note for note in table.everyone.notes if not (note.check or note.ask)])
        _decided(table)
        missing = absent(table.customers)
        if missing:
            look.note("Not measured, because no column has the role:")
            look.bullets([look.needs_text(one, needs) for one, needs in missing])


def aside(table: state.Loaded) -> None:
    """Show the rows that are not in the table, and offer them as a file."""
    rows = table.everyone.aside
    if not rows.num_rows:
        return
    box = look.folded(f"{plural(rows.num_rows, 'row')} of the file set aside", "fold-aside")
    if box is None:
        return
    with box:
        shown = rows.slice(0, SHOWN_ASIDE).to_pylist()
        st.dataframe(
            [{"Line": row["line"], "Because": row["reason"], "Text": row["text"][:200]} for row in shown],
            hide_index=True,
        )
        st.download_button(
            "Download the rows set aside",
            data=lambda: table_csv(rows),
            file_name="rows_set_aside.csv",
            mime="text/csv",
            key="download-aside",
            on_click="ignore",
        )


def _balance(table: state.Loaded) -> None:
    """Say where the rows of the file went."""
    everyone, blank = table.everyone, int((table.everyone.facts or {}).get("blank_rows", 0))
    total = len(everyone) + everyone.set_aside + blank
    if table.joined is None:
        parts = [f"{number(len(everyone))} loaded", f"{number(everyone.set_aside)} set aside"]
        parts += [f"{number(blank)} blank"] if blank else []
        look.note(f"{plural(total, 'row')} in the file: {listing(parts)}.")


def _decided(table: state.Loaded) -> None:
    """Offer to take back what was decided."""
    if table.choices.to_json() == "{}" and table.fitting == Fitting():
        return
    if table.remembered:
        look.note("What you set for a file with the same columns was applied again.")
    if st.button("Take back all decisions on this file", key="forget-choices"):
        state.forget_choices(table)
        st.rerun()


def _listed(table: state.Loaded, notes: list[Note]) -> None:
    for place, note in enumerate(notes):
        if not note.options:
            look.bullets([note.text])
            continue
        text, choice = st.columns([5, 2], vertical_alignment="center")
        with text:
            look.bullets([note.text])
        key = f"note-{note.key}-{note.column}-{place}-{table.everyone.fingerprint}"
        choice.selectbox(
            "What to do",
            [LEAVE, *(option.label for option in note.options)],
            key=key,
            on_change=_answer,
            args=(table, note, key),
            label_visibility="collapsed",
        )


def _answer(table: state.Loaded, note: Note, key: str) -> None:
    chosen = st.session_state[key]
    change = next((option.change for option in note.options if option.label == chosen), None)
    if change is None:
        return
    try:
        state.decide(table, change)
    except SegkitError as stuck:
        st.session_state["choice-problem"] = str(stuck)
