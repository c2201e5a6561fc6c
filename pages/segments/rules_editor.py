"""A table to write rules in: a line a condition, the lines of a segment together say who belongs to it."""

import streamlit as st

from pages.ui import look, state
from segkit.errors import SegkitError
from segkit.segments.asking import Line, askable, lines_of, rules_from
from segkit.segments.conditions import COMPARISONS

COLUMNS = {
    "Segment": st.column_config.TextColumn(width="medium", required=True),
    "How": st.column_config.SelectboxColumn(options=[one.label for one in COMPARISONS], required=True),
    "Value": st.column_config.TextColumn(help="Several values: a; b. A range: 10 to 20."),
    "Or": st.column_config.CheckboxColumn(
        help="Ticked, the line starts another way to belong.", default=False
    ),
}


def show(table: state.Loaded) -> None:
    """Show the rules of the plan, and take over what was changed."""
    plan = state.plan()
    with st.expander("Your rules", expanded=True, key="own-rules"):
        look.note(
            "Lines with the same segment are joined by “and”. Who meets no rule is in the last segment."
        )
        offered = [one.label for one in askable(table.customers)]
        column = st.column_config.SelectboxColumn(options=offered, required=True)
        rows = [_row(line) for line in lines_of(plan.option("rules", []))]
        typed = st.data_editor(
            rows,
            num_rows="dynamic",
            hide_index=True,
            column_config=COLUMNS | {"Column": column},
            column_order=["Segment", "Column", "How", "Value", "Or"],
            key=f"rules-{plan.key}",
        )
        rest = st.text_input(
            "All others are called", value=plan.option("rest", "Others"), key="rest", width=320
        )
        if st.button("Apply the rules", type="primary", key="apply-rules"):
            _apply(table, typed, rest)


def _row(line: Line) -> dict[str, object]:
    return {
        "Segment": line.segment,
        "Column": line.column,
        "How": line.how,
        "Value": line.value,
        "Or": line.alternative,
    }


def _apply(table: state.Loaded, rows: list[dict[str, object]], rest: str) -> None:
    try:
        rules = rules_from(table.customers, [_line(row) for row in rows])
    except SegkitError as problem:
        look.notice(str(problem), problem=True)
        return
    state.set_plan(state.plan().with_options(rules=rules, rest=rest.strip() or None))
    st.rerun()


def _line(row: dict[str, object]) -> Line:
    segment, column, how, value = (str(row.get(name) or "") for name in ("Segment", "Column", "How", "Value"))
    return Line(segment, column, how, value, bool(row.get("Or")))
