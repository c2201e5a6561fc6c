"""How results are looked at in this session: whom, which segment, and with which KPIs of one's own.

None of it changes the segments. It is kept for one table, and it is in the address, so a link shows the view.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import streamlit as st

from segkit.customers.base import Condition
from segkit.errors import SegkitError
from segkit.measures.value import USUAL, Assumptions


@dataclass(frozen=True)
class Looking:
    """What is looked at.

    Attributes
    ----------
    conditions : tuple of Condition
        Whom of the customers who have segments; empty for all of them.
    focus : str
        Key of the segment that stands in front; empty for none.
    own : tuple of str
        Columns that are KPIs too.
    assumptions : Assumptions
        What the value of a customer rests on.
    """

    conditions: tuple[Condition, ...] = ()
    focus: str = ""
    own: tuple[str, ...] = ()
    assumptions: Assumptions = USUAL


def looking() -> Looking:
    """What this session looks at."""
    return st.session_state.get("looking", Looking())


def look_at(**changes: Any) -> None:
    """Change parts of it."""
    st.session_state["looking"] = replace(looking(), **changes)


def look_afresh(columns: Collection[str]) -> None:
    """Look at everyone of another table; KPIs of one's own stay where it has their columns."""
    own = tuple(name for name in looking().own if name in columns)
    look_at(conditions=(), focus="", own=own)


# --- the address ----------------------------------------------------------------------------------


def in_address() -> dict[str, str]:
    """What the address says of it; nothing of what is usual."""
    now, usual = asdict(looking()), asdict(Looking())
    parts = {name: value for name, value in now.items() if value != usual[name]}
    return {"look": json.dumps(parts, ensure_ascii=False)} if parts else {}


def from_address(parts: Mapping[str, Any]) -> None:
    """Look at what an address says; what makes no sense there is left out."""
    try:
        wanted = Looking(
            tuple(_condition(one) for one in parts.get("conditions", ())),
            str(parts.get("focus", "")),
            tuple(map(str, list(parts.get("own", [])) if not isinstance(parts.get("own"), str) else ())),
            Assumptions(**parts.get("assumptions", {})),
        )
    except (SegkitError, AttributeError, KeyError, TypeError, ValueError):
        return
    st.session_state["looking"] = wanted


def _condition(one: Mapping[str, Any]) -> Condition:
    values = tuple(map(str, one.get("values", ())))
    return Condition(str(one["column"]), values, str(one.get("low", "")), str(one.get("high", "")))
