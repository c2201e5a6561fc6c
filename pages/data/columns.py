"""The table of columns: what each is read as and means, with one cell to change either."""

import streamlit as st

from pages.ui import look, state
from segkit.customers.kinds import KINDS
from segkit.customers.roles import CSAT_SCALES, ROLES, find_role
from segkit.customers.table import Customers
from segkit.errors import SegkitError
from segkit.labels import percent

LABELS = {role.key: role.label for role in ROLES}
KEYS = {role.label: role.key for role in ROLES}
PREVIEW = 20
EXAMPLES = 3


def overview(customers: Customers) -> list[dict[str, str | int]]:
    """One row per column of the file: name, examples, kind, role, reason, gaps, different values."""
    return [
        {
            "Column": column.name,
            "Examples": ", ".join(_examples(customers, column.name)),
            "Read as": column.kind,
            "Means": LABELS[column.role],
            "Because": column.reason,
            "Missing": percent(column.missing / max(len(customers), 1)),
            "Different": column.distinct,
        }
        for column in customers.columns
    ]


def _examples(customers: Customers, name: str) -> list[str]:
    """The first different texts of a column, as in the file."""
    texts = customers.source.column(name).slice(0, 50).to_pylist()
    return [str(text)[:24] for text in dict.fromkeys(texts) if text not in ("", None)][:EXAMPLES]


def editor(table: state.Loaded) -> None:
    """Show the table of columns and apply what is changed in it."""
    key = f"columns-{table.customers.fingerprint}"
    problem = st.session_state.pop("column-problem", None)
    if problem:
        look.notice(problem, problem=True)
    st.data_editor(
        overview(table.customers),
        key=key,
        hide_index=True,
        height=min(36 * len(table.customers.columns) + 40, 620),
        disabled=["Column", "Examples", "Because", "Missing", "Different"],
        column_config={
            "Column": st.column_config.TextColumn(width=170, pinned=True),
            "Examples": st.column_config.TextColumn(width=210),
            "Read as": st.column_config.SelectboxColumn(options=list(KINDS), required=True, width=120),
            "Means": st.column_config.SelectboxColumn(options=list(KEYS), required=True, width=190),
            "Because": st.column_config.TextColumn(width=310),
            "Missing": st.column_config.TextColumn(width=80),
            "Different": st.column_config.NumberColumn(width=80, format="localized"),
        },
        on_change=_apply,
        args=(table, key),
    )


def _apply(table: state.Loaded, key: str) -> None:
    names = [column.name for column in table.customers.columns]
    edits = st.session_state[key]["edited_rows"]
    apply_edits(table, {names[row]: cells for row, cells in edits.items()})


def apply_edits(table: state.Loaded, edits: dict[str, dict[str, str]]) -> None:
    """Change kinds and roles; what cannot be done is said on the page and changes nothing.

    A role that only one column can have moves: the column that had it becomes a descriptor.
    """
    kinds, roles = dict(table.kinds), dict(table.roles)
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
        state.interpret(table, kinds=kinds, roles=roles)
    except SegkitError as problem:
        st.session_state["column-problem"] = str(problem)


def scale_choice(table: state.Loaded) -> None:
    """Let the user set the CSAT scale where there is a CSAT column."""
    csat = table.customers.with_role("csat")
    if csat is None or csat.scale is None:
        return
    options = [f"{low}–{high}" for low, high in CSAT_SCALES]
    current = f"{csat.scale[0]}–{csat.scale[1]}"
    chosen = st.selectbox(
        "CSAT is answered on the scale",
        options,
        index=options.index(current),
        key=f"scale-{table.customers.fingerprint}",
        width=280,
        help="The smallest usual scale that fits all answers; higher must mean more satisfied.",
    )
    if chosen != current:
        state.interpret(table, scale=CSAT_SCALES[options.index(chosen)])
        st.rerun()


def preview(customers: Customers) -> None:
    """Show the first customers as they stand in the file, once that is opened."""
    box = look.folded("See the first customers", "fold-preview")
    if box is not None:
        box.dataframe(customers.source.slice(0, PREVIEW).to_pandas().astype("str"), hide_index=True)
