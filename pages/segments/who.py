"""Who is in the segments: cards, and the map with what is selected on it."""

import streamlit as st

from pages.ui import look, results, state
from pages.ui.results import Found
from segkit.charts.kpi_charts import sizes
from segkit.charts.map_charts import customer_map_chart
from segkit.labels import number, percent, plural
from segkit.segments.customer_map import CustomerMap

TRAITS = 3
LISTED = 200


def cards(found: Found) -> None:
    """Show each segment with its size and what sets it apart."""
    total = max(len(found.assignment.codes), 1)
    look.segment_cards(
        [
            (
                segment,
                f"{plural(int(size), 'customer')}, {percent(size / total)}",
                [trait.sentence for trait in found.traits[segment.key][:TRAITS]]
                or ["Close to the average in every dimension"],
            )
            for segment, size in zip(found.assignment.segments, found.assignment.sizes, strict=True)
        ]
    )
    if found.assignment.unassigned:
        look.note(f"{plural(found.assignment.unassigned, 'customer')} fit none of the segments.")


def picture(table: state.Loaded, found: Found) -> list[int]:
    """Draw the map, or bars where one dimension leaves nothing to map; returns the rows drawn around."""
    if len(found.segmentation.steps) > 1:
        return map_of_customers(found, results.places(table.customers, found.segmentation.plan))
    look.chart(sizes(found.kpis, found.assignment.segments, look.theme()), key="sizes")
    return []


def map_of_customers(found: Found, places: CustomerMap) -> list[int]:
    """Draw the map; returns the rows of the customers that were drawn around."""
    picture = customer_map_chart(places, found.assignment, look.theme())
    with st.container(key="card-map"):
        event = st.plotly_chart(
            picture.figure,
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
