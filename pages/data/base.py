"""Whom everything that follows is about: a few conditions, everyone by default."""

import streamlit as st

from pages.ui import conditions, look, state
from segkit.customers.base import Condition, choosable
from segkit.customers.sampling import in_all
from segkit.errors import SegkitError
from segkit.labels import number, plural


def bar(table: state.Loaded) -> None:
    """Let the user restrict the customers by up to three columns."""
    everyone = plural(in_all(table.everyone), "customer")
    chosen = f"{'about ' if table.engine else ''}{number(in_all(table.customers))} of {everyone}"
    label = f"Who counts: {chosen if table.conditions else f'all {everyone}'}"
    if not choosable(table.everyone):
        return
    with st.expander(label, key="base"):
        wanted = conditions.asked(table.everyone, table.conditions, "Only customers by", "base")
        if wanted != table.conditions and _restricted(table, wanted):
            st.rerun()


def _restricted(table: state.Loaded, wanted: tuple[Condition, ...]) -> bool:
    """Choose the customers; where nobody is left, say so and keep those chosen before."""
    try:
        state.restrict(table, wanted)
    except SegkitError as problem:
        look.notice(str(problem), problem=True)
        return False
    return True
