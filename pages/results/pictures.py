"""Results: another picture of the same KPIs, whichever says it best."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages.ui import look, results
from pages.ui.looking import looking
from pages.ui.view import View, ask_kpi
from segkit.charts.distribution_charts import csat_answers, distribution_numbers
from segkit.charts.frame import HALF, Chart, Numbers
from segkit.charts.kpi_pictures import (
    MOST_COLUMNS,
    MOST_ON_HALF,
    heat_columns,
    heat_table,
    judged_kpis,
    kpi_numbers,
    ranking,
    treemap,
)
from segkit.customers.sampling import is_source
from segkit.measures.distributions import LevelShares, answer_shares
from segkit.measures.pushed_columns import answers_of_all

ANSWERS = "CSAT answers"

Picture = tuple[Chart | None, Numbers]


def show(view: View, width: int = HALF) -> None:
    """Offer the pictures that these KPIs allow, and show the one that is chosen.

    Parameters
    ----------
    view : View
    width : int
        `HALF` or `WIDE`: how much of the page there is.
    """
    pictures = _pictures(view)
    left, right = st.columns(2) if width > HALF else (st.container(), st.container())
    with left:
        name = st.selectbox("Another picture", list(pictures), key="picture", persist_state="session")
    with right:
        chart, numbers = pictures[name](view, width)
    if chart is None:
        look.notice("Too few answers to show this picture. Choose another one.")
        return
    look.picture(chart, numbers, "picture-chart", view.source, None, width)


def _pictures(view: View) -> dict[str, Callable[[View, int], Picture]]:
    """The pictures there are columns for, the most telling first."""
    kpis = view.kpis.keys
    offered: dict[str, Callable[[View, int], Picture]] = {}
    if heat_columns(view.kpis):
        offered["All KPIs in one table"] = _heat
        offered["One KPI, sorted"] = _sorted
    if "csat" in kpis:
        offered[ANSWERS] = _csat
    return offered | {"Sizes as areas, coloured by a KPI": _areas}


def _heat(view: View, width: int) -> Picture:
    kpis = heat_columns(view.kpis, MOST_COLUMNS if width > HALF else MOST_ON_HALF)
    return heat_table(view.kpis, view.segments, look.theme(), kpis, width), kpi_numbers(view.kpis, kpis)


def _sorted(view: View, width: int) -> Picture:
    kpi = _kpi(view, "picture-sorted")
    return ranking(view.kpis, view.segments, look.theme(), kpi, width), kpi_numbers(view.kpis, (kpi,))


def _areas(view: View, width: int) -> Picture:
    judged = judged_kpis(view.kpis)
    kpi = _kpi(view, "picture-areas", judged) if judged else "share"
    numbers = kpi_numbers(view.kpis, tuple(dict.fromkeys(("size", "share", kpi))))
    return treemap(view.kpis, view.segments, look.theme(), kpi, width), numbers


def _csat(view: View, width: int) -> Picture:
    found = _answers(view)
    if found is None:
        return None, Numbers()
    return csat_answers(found, view.kpis, look.theme(), width), distribution_numbers(found)


def _answers(view: View) -> LevelShares | None:
    """The answers of all customers, by the engine where their table stays where it is."""
    if is_source(view.customers):
        return results.of_everyone(view.table, view.found, looking(), "answers", answers_of_all)
    return answer_shares(view.customers, view.assignment)


def _kpi(view: View, key: str, offered: Sequence[str] = ()) -> str:
    """Ask for a KPI; the size of a segment is no answer where there is another."""
    measured = [one for one in view.kpis.definitions if one.needs]
    labels = {one.key: one.label for one in measured if one.key in (offered or view.kpis.keys)}
    labels = labels or {"share": "Share of customers"}
    return ask_kpi("KPI", labels, key)
