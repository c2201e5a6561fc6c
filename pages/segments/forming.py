"""What forms the segments, in the sidebar: the method, the dimensions and how much each counts."""

import logging

import streamlit as st

from pages.segments import rule_options, rules_editor
from pages.ui import look, state
from segkit.customers.meanings.roles import FAMILIES
from segkit.customers.table import Column
from segkit.labels import number
from segkit.segments.methods.table import METHODS, find_method
from segkit.segments.plan import SCALINGS, Plan

SCALING_LABELS = {
    "auto": "Decide from the columns",
    "standard": "All count the same",
    "none": "As they are (one scale)",
}
LEFT_OUT = (0.0, 0.01, 0.02, 0.05, 0.1)
MOST_WEIGHT = 3.0


def choices(table: state.Loaded) -> None:
    """Offer what forms the segments; options of a link that cannot be shown give way to the usual ones."""
    try:
        _choices(table)
    except Exception:
        usual = rule_options.usual(table.customers, state.plan().method)
        if state.plan().all_options == usual:
            raise
        logging.getLogger("segkit.app").exception("Options that cannot be shown")
        state.change_plan(options=usual)
        st.session_state["options-dropped"] = True
        st.rerun()


def _choices(table: state.Loaded) -> None:
    if st.session_state.pop("options-dropped", False):
        look.notice("Some options of this link make no sense here, so the usual ones are used.")
    if state.plan().method == "own-rules":
        rules_editor.show(table)
    with st.sidebar:
        look.section("How segments are made")
        _method(table)
        method = find_method(state.plan().method)
        if method.kind == "rules":
            rule_options.show(table, method.key)
        if method.clusters is not None or method.key == "micro":
            look.section("What forms them")
            dimensions(table)
            _weighing(table)
        if state.plan() != Plan():
            st.button("Back to the usual choices", key="usual", on_click=state.start_over)


def _method(table: state.Loaded) -> None:
    keys = [method.key for method in METHODS]
    state.show("method", state.plan().method)
    st.selectbox(
        "Method",
        keys,
        format_func=lambda key: find_method(key).label,
        key="method",
        on_change=_take_method,
        args=(table,),
        label_visibility="collapsed",
    )
    look.note(find_method(state.plan().method).help)


def _take_method(table: state.Loaded) -> None:
    key = st.session_state["method"]
    state.change_plan(method=key, options=rule_options.usual(table.customers, key), n_segments="auto")


def dimensions(table: state.Loaded) -> None:
    """Offer every column that could form segments, by family."""
    families = _families(table)
    chosen = state.plan().dimensions or table.customers.default_dimensions
    if st.session_state.pop("nothing-picked", False):
        look.notice("At least one dimension is needed, so the last choice was kept.")
    look.note(f"{number(len(chosen))} of {number(sum(map(len, families.values())))} columns are in use.")
    for family, columns in families.items():
        names = [column.name for column in columns]
        used = [name for name in names if name in chosen]
        box = look.folded(f"{family.capitalize()}: {len(used)} of {len(names)}", f"family-{family}")
        if box is not None:
            state.show(_key(table, family), used)
            box.multiselect(
                family.capitalize(),
                names,
                key=_key(table, family),
                on_change=_choose,
                args=(table,),
                placeholder="none",
                label_visibility="collapsed",
            )


def _families(table: state.Loaded) -> dict[str, list[Column]]:
    """Columns that could form segments, by family; families without any are left out."""
    usable = [column for column in table.customers.columns if column.can_form_segments]
    grouped = {family: [column for column in usable if column.family == family] for family in FAMILIES}
    return {family: columns for family, columns in grouped.items() if columns}


def _key(table: state.Loaded, family: str) -> str:
    return f"by-{family}-{table.customers.fingerprint}"


def _choose(table: state.Loaded) -> None:
    """Take the dimensions from the pickers that are open, in the order of the file."""
    chosen = state.plan().dimensions or table.customers.default_dimensions
    picked: set[str] = set()
    for family, columns in _families(table).items():
        as_it_was = [column.name for column in columns if column.name in chosen]
        picked |= {*st.session_state.get(_key(table, family), as_it_was)}
    ordered = tuple(column.name for column in table.customers.columns if column.name in picked)
    usual = ordered == table.customers.default_dimensions
    st.session_state["nothing-picked"] = not ordered
    if ordered:
        state.change_plan(dimensions=() if usual else ordered)


def _weighing(table: state.Loaded) -> None:
    """Offer how much families and single dimensions count, and whom to leave out."""
    plan = state.plan()
    changed = bool(plan.weights or plan.family_weights)
    box = look.folded("Weighing: changed" if changed else "Weighing", "weighing")
    if box is None:
        return
    with box:
        state.show("scaling", plan.scaling)
        st.selectbox(
            "How dimensions count",
            SCALINGS,
            format_func=SCALING_LABELS.__getitem__,
            key="scaling",
            on_change=lambda: state.change_plan(scaling=st.session_state["scaling"]),
        )
        look.note("1 is usual; 2 counts twice; 0 leaves it out.")
        for family in _families_in_use(table):
            _slider("family_weights", family, family.capitalize())
        chosen = plan.dimensions or table.customers.default_dimensions
        known = st.session_state.get("one-dimension")
        st.selectbox(
            "One dimension on its own", [*chosen], index=None, key="one-dimension", placeholder="choose one"
        )
        if known in chosen:
            _slider("weights", known, "Its weight")
        st.button("Let all families count the same", key="even", on_click=_even, args=(table,))
        state.show("left-out", float(plan.option("left_out", 0.0)))
        st.selectbox(
            "Leave out the most unusual",
            LEFT_OUT,
            format_func=lambda share: f"{share:.0%} of customers" if share else "Nobody",
            key="left-out",
            on_change=_leave_out,
        )


def _families_in_use(table: state.Loaded) -> list[str]:
    chosen = state.plan().dimensions or table.customers.default_dimensions
    columns = [table.customers.column(name) for name in chosen]
    return [family for family in FAMILIES if any(one is not None and one.family == family for one in columns)]


def _slider(kind: str, name: str, label: str) -> None:
    key = f"{kind}-{name}"
    now = dict(getattr(state.plan(), kind)).get(name, 1.0)
    state.show(key, min(round(now * 4) / 4, MOST_WEIGHT))
    st.slider(label, 0.0, MOST_WEIGHT, step=0.25, key=key, on_change=_weigh, args=(kind, name))


def _weigh(kind: str, name: str) -> None:
    weights = dict(getattr(state.plan(), kind)) | {name: st.session_state[f"{kind}-{name}"]}
    state.change_plan(**{kind: weights})


def _even(table: state.Loaded) -> None:
    """Weigh families so that each counts as much as the average one, however many columns it has."""
    chosen = state.plan().dimensions or table.customers.default_dimensions
    counts: dict[str, int] = {}
    for name in chosen:
        column = table.customers.column(name)
        if column is not None:
            counts[column.family] = counts.get(column.family, 0) + 1
    even = sum(counts.values()) / max(len(counts), 1)
    weights = {family: min(round(even / count, 2), MOST_WEIGHT) for family, count in counts.items()}
    state.change_plan(family_weights=weights)


def _leave_out() -> None:
    share = st.session_state["left-out"]
    state.set_plan(state.plan().with_options(left_out=share or None))
