"""The map of customers."""

from typing import Any

import numpy as np
import pandas as pd

from segkit.charts.frame import HALF, TEXT_SIZE, Chart, framed, plain, wrapped
from segkit.charts.palette import BASE_GREY, Theme, segment_colour
from segkit.labels import number, percent, plural
from segkit.segments.customer_map import CustomerMap
from segkit.segments.segmentation import NO_SEGMENT_NAME, Assignment


def customer_map_chart(places: CustomerMap, assignment: Assignment, theme: Theme) -> Chart:
    """Draw customers as points in the colour of their segment, with the names on the map.

    Each point carries the row of its customer as `customdata`, so a selection says who they are.
    """
    title = _map_title(assignment)
    codes = assignment.codes[places.points["row"].to_numpy()]
    groups = [
        (place, segment.name, segment_colour(segment.colour))
        for place, segment in enumerate(assignment.segments)
    ]
    marks = [
        _dots(places.points[codes == code], name, colour)
        for code, name, colour in [*groups, (-1, NO_SEGMENT_NAME, BASE_GREY)]
        if (codes == code).any()
    ]
    middles = {
        code: places.points[codes == code][["x", "y"]].median()
        for code, _, _ in groups
        if (codes == code).any()
    }
    heights = _apart(middles, places.points)
    names = [
        _name_on_map(float(middles[code]["x"]), heights[code], name, colour, theme)
        for code, name, colour in groups[:MOST_NAMES]
        if code in middles
    ]
    shown = (
        f"all {number(places.total)} customers"
        if len(places.points) == places.total
        else f"{number(len(places.points))} of {number(places.total)} customers, drawn at random"
    )
    subtitle = (
        f"Each dot a customer, near means alike; {shown}; the two directions carry "
        f"{percent(places.explained)} of all differences"
    )
    layout = {
        "dragmode": "lasso",
        "margin": {"l": 8, "r": 40, "b": 8},
        "annotations": names,
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
    }
    figure = framed(marks, layout, title, subtitle, theme, 420, HALF)
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


def _dots(here: pd.DataFrame, name: str, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": here["x"].tolist(),
        "y": here["y"].tolist(),
        "mode": "markers",
        "name": plain(name),
        "marker": {"color": colour, "size": 7, "opacity": 0.8},
        "customdata": here["row"].tolist(),
        "hovertemplate": f"{plain(name)}<extra></extra>",
    }


def _name_on_map(x: float, y: float, name: str, colour: str, theme: Theme) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "text": f"<b>{wrapped(name, 22)}</b>",
        "showarrow": False,
        "font": {"size": TEXT_SIZE, "color": theme.text},
        "bgcolor": theme.card,
        "bordercolor": colour,
        "borderwidth": 2,
        "borderpad": 4,
        "opacity": 0.94,
    }
