"""Who is in the segments: cards, and the map with what is selected on it."""

import streamlit as st

from pages.ui import look, results, state
from pages.ui.jobs import Found
from segkit.charts.kpi_charts import sizes
from segkit.charts.map_charts import customer_map_chart
from segkit.charts.unchecked import Unchecked
from segkit.labels import number, percent, plural
from segkit.segments.customer_map import CustomerMap
from segkit.segments.holding import light_of
from segkit.segments.methods.table import find_method

TRAITS = 3
FEWEST_PLACES = 40  # on the map; fewer are hidden below the names
LISTED = 200


BELIEVED = ("firm", "valid")  # lights that would contradict the verdict “constructed”
SIGNS = {"firm": "●●●", "valid": "●●○", "pattern": "●○○", "doubtful": "○○○"}


def cards(found: Found, firm: dict[str, float] | None, constructed: bool) -> None:
    """Show each segment with its size, what sets it apart, and how firmly it holds."""
    unplaced = found.unassigned
    total = max(sum(found.sizes) + unplaced, 1)
    look.segment_cards(
        [
            look.Card(
                segment,
                f"{plural(int(size), 'customer')}, {percent(size / total)}",
                [trait.sentence for trait in found.traits[segment.key][:TRAITS]]
                or ["Close to the average in every dimension"],
                _light(firm, segment.key, constructed),
            )
            for segment, size in zip(found.assignment.segments, found.sizes, strict=True)
        ]
    )
    if unplaced:
        fit = "fits" if unplaced == 1 else "fit"
        look.note(f"{plural(unplaced, 'customer')} {fit} none of the segments.")


def _light(firm: dict[str, float] | None, key: str, constructed: bool) -> tuple[str, str, str] | None:
    """How firmly a segment holds: as a sign, in a word, and what that means."""
    if firm is None:
        return "…", "Drawing customers again", "How firmly the segment holds is being measured."
    if key not in firm:
        return None
    light = light_of(firm[key])
    if constructed and light.key in BELIEVED:
        return SIGNS["pattern"], "Constructed", "It comes back, but the segments of scrambled data do too."
    return SIGNS[light.key], light.label, light.help


def picture(table: state.Loaded, found: Found) -> list[int]:
    """Draw the map of clusters, or bars where there is nothing to map; returns the rows drawn around."""
    plan = found.segmentation.plan
    if find_method(plan.method).clusters is not None and len(plan.dimensions) > 1:
        places = results.places(table.customers, plan)
        if places.distinct >= FEWEST_PLACES:
            return map_of_customers(found, places)
    look.chart(sizes(found.kpis, found.assignment.segments, look.theme()), key="sizes")
    return []


def map_of_customers(found: Found, places: CustomerMap) -> list[int]:
    """Draw the map; returns the rows of the customers that were drawn around."""
    picture = customer_map_chart(places, found.assignment, look.theme())
    with st.container(key="card-map"):
        event = st.plotly_chart(
            Unchecked(picture.drawn),
            key=f"map-{found.key}",
            theme=None,
            config=look.MAP_TOOLS,
            alt=picture.alt,
            on_select="rerun",
            selection_mode=("lasso", "box"),
        )
    look.note("Draw around customers on the map to see who they are.")
    return _selected(event)


def _selected(event: dict) -> list[int]:
    """The rows of the selected customers; plotly hands them back as number, list or mapping."""
    rows = []
    for point in event["selection"]["points"]:
        carried = point.get("customdata")
        if isinstance(carried, dict):
            carried = next(iter(carried.values()), None)
        if isinstance(carried, (list, tuple)):
            carried = carried[0] if carried else None
        if carried is not None:
            rows.append(int(carried))
    return sorted(set(rows))


def selection(table: state.Loaded, found: Found, rows: list[int]) -> None:
    """Show the customers that were drawn around on the map."""
    labels = found.assignment.labels()[rows]
    parts = [f"{number(size)} in “{name}”" for name, size in labels.value_counts().items()]
    look.section(f"{plural(len(rows), 'customer')} selected", ", ".join(parts))
    shown = table.customers.source.take(rows[:LISTED]).to_pandas().astype("str")
    shown.insert(0, "Segment" if "Segment" not in shown else "Segment here", labels[:LISTED].to_numpy())
    st.dataframe(shown, hide_index=True, height=300)
    if len(rows) > LISTED:
        look.note(f"The first {LISTED} are shown.")
