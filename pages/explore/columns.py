"""Explore: how the values of any column spread within each segment."""

import streamlit as st

from pages.ui import look, results
from pages.ui.looking import looking
from pages.ui.view import View
from segkit.charts.distribution_charts import distribution, distribution_numbers
from segkit.customers.sampling import is_source
from segkit.customers.table import Column
from segkit.errors import SegkitError
from segkit.labels import readable
from segkit.measures.distributions import (
    LevelShares,
    NumberSpread,
    by_segment,
    is_circular,
    most_different,
    showable,
)
from segkit.measures.pushed_columns import column_of_all


def show(view: View) -> None:
    """Show a column that can be chosen; first the one in which the segments differ most."""
    look.section("Any column by segment", "Columns that point to a person are not offered.")
    names = [one.name for one in showable(view.customers)]
    if not names:
        look.notice("No column can be shown by segment: all are ids, texts or personal data.")
        return
    first = most_different(view.customers, view.assignment, _telling(view))
    name = st.selectbox(
        "Column",
        names,
        index=names.index(first),
        format_func=readable,
        key=f"column-{view.table.customers.fingerprint}",
    )
    try:
        found = _spread(view, name)
    except SegkitError as problem:  # days that cannot be read where the table lives
        look.notice(str(problem))
        return
    if found is None:
        look.notice(f"“{name}” has fewer than five values here, so it is not shown. Choose another column.")
        return
    chart = distribution(found, view.segments, look.theme())
    look.picture(chart, distribution_numbers(found), "column", view.source)


def _spread(view: View, name: str) -> LevelShares | NumberSpread | None:
    """The column of all customers, by the engine where their table stays where it is."""
    if is_source(view.customers):
        return results.of_everyone(view.table, view.found, looking(), "column", column_of_all, name)
    return by_segment(view.customers, view.assignment, name)


def _telling(view: View) -> list[str]:
    """Columns that say something new: first those that describe, then the outcomes, then all."""
    columns = [
        one for one in showable(view.customers) if not is_circular(view.customers, view.assignment, one.name)
    ]
    describing = [one for one in columns if _describes(one)]
    return [one.name for one in describing or columns or showable(view.customers)]


def _describes(column: Column) -> bool:
    return column.use in ("descriptor", "dimension")
