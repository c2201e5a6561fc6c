"""The map of customers, and the evidence for the number of segments."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from segkit.charts.frame import HALF, TEXT_SIZE, Chart, framed, plain, wrapped
from segkit.charts.palette import BASE_GREY, DARK, Theme, segment_colour
from segkit.labels import number, percent, plural
from segkit.segments.advice import STABLE, Advice
from segkit.segments.customer_map import CustomerMap
from segkit.segments.segmentation import NO_SEGMENT_NAME, Assignment


def customer_map_chart(places: CustomerMap, assignment: Assignment, theme: Theme) -> Chart:
    """Draw customers as points in the colour of their segment, with the names on the map.

    Each point carries the row of its customer as `customdata`, so a selection says who they are.
    """
    title = _map_title(assignment)
    figure = go.Figure()
    codes = assignment.codes[places.points["row"].to_numpy()]
    groups = [
        (segment.position, segment.name, segment_colour(segment.position)) for segment in assignment.segments
    ]
    for code, name, colour in [*groups, (-1, NO_SEGMENT_NAME, BASE_GREY)]:
        here = places.points[codes == code]
        if len(here):
            figure.add_scatter(
                x=here["x"],
                y=here["y"],
                mode="markers",
                name=plain(name),
                marker={"color": colour, "size": 6, "opacity": 0.8},
                customdata=here["row"],
                hovertemplate=f"{plain(name)}<extra></extra>",
            )
    middles = {
        code: places.points[codes == code][["x", "y"]].median()
        for code, _, _ in groups
        if (codes == code).any()
    }
    heights = _apart(middles, places.points)
    for code, name, colour in groups[:MOST_NAMES]:
        if code in middles:
            _name_on_map(figure, float(middles[code]["x"]), heights[code], name, colour, theme)
    shown = (
        f"all {number(places.total)} customers"
        if len(places.points) == places.total
        else f"{number(len(places.points))} of {number(places.total)} customers, drawn at random"
    )
    subtitle = (
        f"Each dot a customer, near means alike; {shown}; the two directions carry "
        f"{percent(places.explained)} of all differences"
    )
    framed(figure, title, subtitle, theme, 420, HALF)
    figure.update_layout(dragmode="lasso", margin={"l": 8, "r": 40, "b": 8})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor=None)
    largest = assignment.segments[int(np.argmax(assignment.sizes))].name
    alt = f"{title}. Map of {shown} in {plural(len(groups), 'segment')}; the largest is “{largest}”."
    return Chart(figure, alt)


CLEAR = 0.6  # confidence from which a customer sits clearly in her segment


def _map_title(assignment: Assignment) -> str:
    """Say how clear-cut the segments are."""
    clear = float((assignment.confidence >= CLEAR).mean())
    if round(clear, 2) >= 0.995:
        return "All customers sit clearly in their segment"
    return f"{percent(clear)} of customers sit clearly in their segment, the others near a border"


MOST_NAMES = 6  # segments are numbered by size, so the largest are named; more would cover the map
LABEL_SHARE = (0.3, 0.13)  # width and height of a name as parts of the map


def _apart(middles: dict[int, pd.Series], points: pd.DataFrame) -> dict[int, float]:
    """Move names up or down until none lies on another; returns the height of each."""
    wide = LABEL_SHARE[0] * float(points["x"].max() - points["x"].min())
    tall = LABEL_SHARE[1] * float(points["y"].max() - points["y"].min())
    placed: dict[int, tuple[float, float]] = {}
    for code in sorted(middles, key=lambda one: -float(middles[one]["y"])):
        x, y = float(middles[code]["x"]), float(middles[code]["y"])
        for other_x, other_y in sorted(placed.values(), key=lambda place: -place[1]):
            if abs(other_x - x) < wide and abs(other_y - y) < tall:
                y = other_y - tall
        placed[code] = (x, y)
    return {code: y for code, (_, y) in placed.items()}


def _name_on_map(figure: go.Figure, x: float, y: float, name: str, colour: str, theme: Theme) -> None:
    figure.add_annotation(
        x=x,
        y=y,
        text=f"<b>{wrapped(name, 22)}</b>",
        showarrow=False,
        font={"size": TEXT_SIZE, "color": theme.text},
        bgcolor=theme.card,
        bordercolor=colour,
        borderwidth=2,
        borderpad=4,
        opacity=0.94,
    )


def evidence_chart(advice: Advice, chosen: int, theme: Theme) -> Chart:
    """Bars of stability for each number of segments; the chosen one is in the accent colour."""
    counts = [one.segments for one in advice.evidence]
    stability = [one.stability for one in advice.evidence]
    figure = go.Figure(
        go.Bar(
            x=counts,
            y=stability,
            marker={"color": [theme.accent if count == chosen else BASE_GREY for count in counts]},
            text=[number(value, 2) for value in stability],
            textposition="inside",
            insidetextanchor="start",
            textangle=0,
            textfont={"color": [theme.card if count == chosen else DARK.card for count in counts]},
            customdata=[[one.silhouette, percent(one.smallest)] for one in advice.evidence],
            hovertemplate="%{x} segments: agreement %{y:.2f}, silhouette %{customdata[0]:.2f}, "
            "smallest %{customdata[1]}<extra></extra>",
        )
    )
    figure.add_hline(
        y=STABLE,
        line={"color": theme.muted, "dash": "dash", "width": 1.5},
        annotation={"text": "holds up", "font": {"size": TEXT_SIZE, "color": theme.muted}},
        annotation_position="right",
    )
    title = f"{advice.recommended} segments are recommended"
    subtitle = (
        "How far the same segments come back when customers are drawn again (1 = fully), "
        f"on {number(advice.sample)} customers"
    )
    framed(figure, title, subtitle, theme, 240)
    figure.update_layout(margin_r=100)
    figure.update_xaxes(
        tickvals=counts, title={"text": "Number of segments", "font": {"size": TEXT_SIZE}}, showgrid=False
    )
    figure.update_yaxes(range=[0, 1.15], tickvals=[0, 0.5, 1])
    best = max(advice.evidence, key=lambda one: one.stability)
    return Chart(
        figure, f"{title}. The highest agreement is {number(best.stability, 2)} for {best.segments} segments."
    )
