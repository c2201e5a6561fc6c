"""The table of columns: what each is read as and means, with one cell to change either."""

from dataclasses import replace

import streamlit as st

from pages.ui import jobs, look, state
from pages.ui.work import Task
from pages.ui.workshop import workshop
from segkit.customers.columns.kinds import KINDS
from segkit.customers.meanings.roles import ROLES, find_role
from segkit.customers.quality import ColumnQuality
from segkit.customers.table import Customers
from segkit.errors import SegkitError
from segkit.labels import listing, percent

LABELS = {role.key: role.label for role in ROLES}
KEYS = {role.label: role.key for role in ROLES}
PREVIEW = 20
EXAMPLES = 3


def overview(customers: Customers) -> list[dict[str, object]]:
    """One row per column: name, examples, kind, role, reason, what it holds, gaps, what is odd."""
    task = Task(("quality", customers.fingerprint), jobs.quality, customers)
    quality = workshop().result(task, "Looking at the columns …")
    return [_row(customers, one) for one in quality]


def _row(customers: Customers, one: ColumnQuality) -> dict[str, object]:
    column = one.column
    return {
        "Column": column.name,
        "Holds": _holds(customers, one),
        "Read as": column.kind,
        "Means": LABELS[column.role],
        "Spread": list(one.distribution),
        "Missing": percent(column.missing / max(len(customers), 1)),
        "Different": column.distinct,
        "Because": _reason(column.reason, column.confidence),
        "To check": " ".join(one.problems),
    }


def _holds(customers: Customers, one: ColumnQuality) -> str:
    """Say what stands in a column; of ids and other texts the first ones."""
    shown = one.column.kind == "text" and not one.column.hidden and not one.column.derived
    return ", ".join(_examples(customers, one.column.name)) if shown else one.range


def _reason(reason: str, confidence: str) -> str:
    return f"{reason} (a guess)" if confidence == "guess" else reason


def _examples(customers: Customers, name: str) -> list[str]:
    """The first different texts of a column, as in the file."""
    texts = customers.source.column(name).slice(0, 50).to_pylist()
    return [str(text)[:24] for text in dict.fromkeys(texts) if text not in ("", None)][:EXAMPLES]


def editor(table: state.Loaded) -> None:
    """Show the table of columns and apply what is changed in it."""
    key = f"columns-{table.everyone.fingerprint}"
    problem = st.session_state.pop("column-problem", None)
    if problem:
        look.notice(problem, problem=True)
    st.data_editor(
        overview(table.everyone),
        key=key,
        hide_index=True,
        height=min(36 * len(table.everyone.columns) + 40, 620),
        disabled=["Column", "Holds", "Spread", "Missing", "Different", "Because", "To check"],
        column_config={
            "Column": st.column_config.TextColumn(width=170, pinned=True),
            "Holds": st.column_config.TextColumn(width=210),
            "Read as": st.column_config.SelectboxColumn(options=list(KINDS), required=True, width=120),
            "Means": st.column_config.SelectboxColumn(options=list(KEYS), required=True, width=190),
            "Spread": st.column_config.BarChartColumn(width=120, y_min=0),
            "Missing": st.column_config.TextColumn(width=80),
            "Different": st.column_config.NumberColumn(width=80, format="localized"),
            "Because": st.column_config.TextColumn(width=310),
            "To check": st.column_config.TextColumn(width=420),
        },
        on_change=_apply,
        args=(table, key),
    )


def _apply(table: state.Loaded, key: str) -> None:
    names = [column.name for column in table.everyone.columns]
    edits = st.session_state[key]["edited_rows"]
    apply_edits(table, {names[row]: cells for row, cells in edits.items()})


def apply_edits(table: state.Loaded, edits: dict[str, dict[str, str]]) -> None:
    """Change kinds and roles; what cannot be done is said on the page and changes nothing.

    A role that only one column can have moves: the column that had it becomes a descriptor.
    """
    kinds, roles = dict(table.choices.kinds), dict(table.choices.roles)
    for name, cells in edits.items():
        if "Read as" in cells:
            kinds[name] = cells["Read as"]
            roles.pop(name, None)
        if "Means" in cells:
            key = KEYS[cells["Means"]]
            if find_role(key).use in ("id", "outcome"):
                roles = {other: role for other, role in roles.items() if role != key}
            roles[name] = key
    try:
        state.choose(table, replace(table.choices, kinds=kinds, roles=roles))
    except SegkitError as problem:
        st.session_state["column-problem"] = str(problem)


def preview(table: state.Loaded) -> None:
    """Show the first customers as they stand in the file, once that is opened; personal data on request."""
    box = look.folded("See the first customers", "fold-preview")
    if box is None:
        return
    personal = [column.name for column in table.customers.columns if column.hidden]
    with box:
        shown = table.customers.source.slice(0, PREVIEW)
        if personal:
            look.note(f"Hidden because they hold personal data: {listing(personal)}.")
            if not st.toggle("Show personal data", key="show-personal"):
                shown = shown.drop_columns([name for name in personal if name in shown.column_names])
        look.table(shown)
