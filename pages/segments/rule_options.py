"""What a rule method needs besides: a few controls each, with sensible choices made."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui import look, state
from segkit.customers.table import Column, Customers
from segkit.segments.asking import starting_rules
from segkit.segments.methods.columns import MOST_GROUPS
from segkit.segments.methods.micro import smallest_parent
from segkit.segments.methods.options import smallest_group
from segkit.segments.methods.stages import ACTIVE_DAYS, LAPSED_DAYS, NEW_DAYS
from segkit.segments.methods.table import find_method
from segkit.segments.methods.value_tiers import USUAL_SHARES
from segkit.segments.plan import Plan

PARTS = ("price-tiers", "value-tiers", "sentiment", "stages", "rfm")  # methods that others can be made of
CUT_LABELS = {"quintiles": "Fifths of your customers", "breaks": "Natural breaks", "own": "My own borders"}


def usual(customers: Customers, key: str) -> dict[str, Any]:
    """The options that a method starts with."""
    groups = [column.name for column in _groupings(customers)]
    parts = [{"method": part} for part in PARTS if _can(customers, part)]
    columns = [{"column": name} for name in groups]
    several = [*parts, *columns]
    if key == "column" and groups:
        return {"column": groups[0]}
    if key == "crossing":
        return {"parts": several[:2]} if len(several) > 1 else {}
    if key == "micro" and several:
        return {"parent": several[0]}
    return {"rules": starting_rules(customers), "rest": "Others"} if key == "own-rules" else {}


def _groupings(customers: Customers) -> list[Column]:
    """Columns whose values can be groups as they are."""
    return [
        column
        for column in customers.columns
        if not column.hidden
        and column.use != "id"
        and column.kind in ("category", "yes/no")
        and 1 < column.distinct <= MOST_GROUPS
    ]


def _can(customers: Customers, key: str) -> bool:
    needs = {
        "price-tiers": ("plan_tier",),
        "value-tiers": ("revenue",),
        "sentiment": ("nps", "csat"),
        "stages": ("journey_stage", "last_activity_date", "churn_date"),
        "rfm": ("orders",),
    }
    return any(customers.with_role(role) is not None for role in needs[key])


def show(table: state.Loaded, key: str) -> None:
    """Show the controls of a method."""
    if key in _CONTROLS:
        _CONTROLS[key](table)


def _option(key: str, usually: Any) -> Any:
    return state.plan().option(key, usually)


def _set(key: str, value: Any) -> None:
    state.set_plan(state.plan().with_options(**{key: value}))


def _column(table: state.Loaded) -> None:
    names = [column.name for column in _groupings(table.customers)]
    if not names:
        look.note("No column has groups as it is: a category or yes/no with few values is needed.")
        return
    state.show("option-column", _option("column", names[0]))
    st.selectbox(
        "Which column",
        names,
        key="option-column",
        on_change=lambda: _set("column", st.session_state["option-column"]),
    )


def _value_tiers(table: state.Loaded) -> None:
    ways = ["revenue"] + (["margin"] if table.customers.with_role("cost") else [])
    state.show("option-by", _option("by", "revenue"))
    st.selectbox(
        "By",
        ways,
        format_func=str.capitalize,
        key="option-by",
        on_change=lambda: _set("by", st.session_state["option-by"]),
    )
    low, high, *_ = [*_option("shares", list(USUAL_SHARES)), 100]
    state.show("option-shares", (int(low), int(high)))
    st.slider(
        "A brings the first, A and B bring together (% of the total)",
        5,
        99,
        key="option-shares",
        on_change=lambda: _set("shares", list(st.session_state["option-shares"])),
    )


def _stages(table: state.Loaded) -> None:
    if table.customers.with_role("journey_stage") is not None:
        state.show("option-from", _option("from", "column"))
        st.selectbox(
            "Stages come from",
            ["column", "dates"],
            format_func={"column": "The column of stages", "dates": "Dates"}.__getitem__,
            key="option-from",
            on_change=lambda: _set("from", st.session_state["option-from"]),
        )
        if _option("from", "column") == "column":
            return
    _days("new_days", "New: signed up within days", NEW_DAYS)
    _days("active_days", "Active: last seen within days", ACTIVE_DAYS)
    _days("lapsed_days", "Lapsed: not seen for days", LAPSED_DAYS)


def _days(key: str, label: str, usually: int) -> None:
    _whole(key, label, usually, 1, 3650)


def _whole(key: str, label: str, usually: int, low: int, high: int) -> None:
    state.show(f"option-{key}", int(_option(key, usually)))
    st.number_input(
        label,
        low,
        high,
        key=f"option-{key}",
        on_change=lambda: _set(key, st.session_state[f"option-{key}"]),
    )


def _rfm(table: state.Loaded) -> None:
    cuts = _option("cuts", "quintiles")
    state.show("option-cuts", "own" if isinstance(cuts, dict) else cuts)
    st.selectbox(
        "Scores are cut at",
        list(CUT_LABELS),
        format_func=CUT_LABELS.__getitem__,
        key="option-cuts",
        on_change=_take_cuts,
    )
    if isinstance(cuts, dict):
        look.note("Four borders each, separated by semicolons; leave empty for fifths.")
        for part in ("recency", "frequency", "monetary"):
            borders = "; ".join(one if isinstance(one, str) else f"{one:g}" for one in cuts.get(part, []))
            state.show(f"option-{part}", borders)
            st.text_input(part.capitalize(), key=f"option-{part}", on_change=_take_borders, args=(part,))


def _take_cuts() -> None:
    chosen = st.session_state["option-cuts"]
    _set("cuts", {} if chosen == "own" else None if chosen == "quintiles" else chosen)


def _take_borders(part: str) -> None:
    typed = [one.strip() for one in st.session_state[f"option-{part}"].split(";") if one.strip()]
    borders = [float(one) if one.replace(".", "", 1).lstrip("-").isdecimal() else one for one in typed]
    cuts = _option("cuts", {})
    kept = {key: value for key, value in (cuts if isinstance(cuts, dict) else {}).items() if key != part}
    _set("cuts", kept | ({part: borders} if borders else {}))


def _sentiment(table: state.Loaded) -> None:
    _smallest(table)


def _smallest(table: state.Loaded) -> None:
    _whole(
        "smallest", "Smallest group", smallest_group(table.customers, Plan()), 1, max(len(table.customers), 2)
    )


def _part_labels(table: state.Loaded) -> dict[str, dict[str, Any]]:
    """Everything that can be a part, by the words it is offered under."""
    methods = {find_method(key).label: {"method": key} for key in PARTS if _can(table.customers, key)}
    columns = {f"Column: {one.name}": {"column": one.name} for one in _groupings(table.customers)}
    return methods | columns


def _label_of(part: dict[str, Any], labels: dict[str, dict[str, Any]]) -> str | None:
    same = (label for label, one in labels.items() if one.items() <= part.items())
    return next(same, None)


def _crossing(table: state.Loaded) -> None:
    labels = _part_labels(table)
    chosen = [_label_of(part, labels) for part in _option("parts", [])]
    state.show("option-parts", [label for label in chosen if label])
    st.multiselect(
        "Cross two or three",
        list(labels),
        key="option-parts",
        max_selections=3,
        on_change=lambda: _set("parts", [labels[one] for one in st.session_state["option-parts"]]),
    )
    _smallest(table)


def _micro(table: state.Loaded) -> None:
    labels = _part_labels(table)
    state.show("option-parent", _label_of(_option("parent", {"": ""}), labels))
    st.selectbox(
        "First by",
        list(labels),
        key="option-parent",
        on_change=lambda: _set("parent", labels[st.session_state["option-parent"]]),
    )
    state.show("option-inside", _option("inside", "auto"))
    st.selectbox(
        "Then similar customers inside",
        ["auto", 2, 3, 4],
        format_func=lambda one: "as many as hold up" if one == "auto" else f"{one} each",
        key="option-inside",
        on_change=lambda: _set("inside", st.session_state["option-inside"]),
    )
    usually = smallest_parent(table.customers, Plan())
    _whole("smallest", "Only inside groups of at least", usually, 20, max(len(table.customers), 21))


_CONTROLS: dict[str, Callable[[state.Loaded], None]] = {
    "column": _column,
    "value-tiers": _value_tiers,
    "stages": _stages,
    "rfm": _rfm,
    "sentiment": _sentiment,
    "crossing": _crossing,
    "micro": _micro,
}
