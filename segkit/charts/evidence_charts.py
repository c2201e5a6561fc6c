"""The evidence for a number of segments: how surely they come back, and how customers flow as they split."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from segkit.charts.frame import TEXT_SIZE, Chart, framed
from segkit.charts.palette import BASE_GREY, Theme, segment_colour
from segkit.labels import listing, number, percent, plural
from segkit.segments.evidence.advice import Advice
from segkit.segments.evidence.candidate import STABLE

VERDICT_TITLES = {
    "natural": "{count} segments are there to be found: they come back and stand apart",
    "reproducible": "{count} segments come back, though their borders are a choice",
    "constructed": "{count} segments are one way to divide customers, not groups that are there",
    "": "{count} segments are recommended",
}


def evidence_chart(advice: Advice, chosen: int, theme: Theme) -> Chart:
    """Draw how surely each number of segments comes back, before a grey band of what scrambled data reach.

    Parameters
    ----------
    advice : Advice
    chosen : int
        The number of segments in the accent colour.
    theme : Theme
    """
    counts = [one.segments for one in advice.evidence]
    line = {
        "type": "scatter",
        "x": counts,
        "y": [one.stability for one in advice.evidence],
        "mode": "lines+markers+text",
        "line": {"color": theme.muted, "width": 2},
        "marker": {
            "color": [theme.accent if count == chosen else theme.muted for count in counts],
            "size": [14 if count == chosen else 9 for count in counts],
        },
        "text": [number(one.stability, 2) if one.segments == chosen else "" for one in advice.evidence],
        "textposition": "top center",
        "textfont": {"color": theme.accent, "size": TEXT_SIZE + 2},
        "customdata": [[number(one.silhouette, 2), percent(one.smallest)] for one in advice.evidence],
        "hovertemplate": "%{x} segments: agreement %{y:.2f}, silhouette %{customdata[0]}, "
        "smallest %{customdata[1]}<extra></extra>",
        "cliponaxis": False,
    }
    bands, labels = _scrambled_band(advice, theme)
    across = {"xref": "x domain", "yref": "y"}
    holds = {
        "text": "holds up",
        "x": 0,
        "xanchor": "left",
        "y": STABLE,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": TEXT_SIZE, "color": theme.muted},
    }
    dashes = {"color": theme.muted, "dash": "dash", "width": 1.5}
    yours = _label(counts[-1], advice.evidence[-1].stability, "your customers", theme)
    lowest = min([0.0, *(one.scrambled.stability_low for one in advice.evidence if one.scrambled)])
    layout = {
        "margin": {"r": 130},
        "shapes": [{"type": "line", "x0": 0, "x1": 1, "y0": STABLE, "y1": STABLE, "line": dashes} | across],
        "annotations": [*labels, yours, holds | across],
        "xaxis": {
            "tickvals": counts,
            "title": {"text": "Number of segments", "font": {"size": TEXT_SIZE}, "standoff": 15},
            "showgrid": False,
        },
        "yaxis": {"range": [lowest - 0.02, 1.12], "tickvals": [0, 0.5, 1], "zeroline": False},
    }
    title = VERDICT_TITLES[advice.verdict].format(count=advice.recommended)
    subtitle = (
        "How far the same segments come back when customers are drawn again (1 = fully), "
        f"on {number(advice.sample)} customers" + ("; grey: scrambled data" if bands else "")
    )
    figure = framed([*bands, line], layout, title, subtitle, theme, 260)
    return Chart(figure, f"{title}. {_extremes(advice)}")


def _extremes(advice: Advice) -> str:
    best = max(advice.evidence, key=lambda one: one.stability)
    least = min(advice.evidence, key=lambda one: one.stability)
    return (
        f"Agreement is highest for {best.segments} segments ({number(best.stability, 2)}) "
        f"and lowest for {least.segments} ({number(least.stability, 2)})."
    )


def _scrambled_band(advice: Advice, theme: Theme) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Fill what scrambled data reach, and name it; nothing where it is not known."""
    known = [(one.segments, one.scrambled) for one in advice.evidence if one.scrambled is not None]
    if not known:
        return [], []
    counts: list[float] = [count for count, _ in known]
    low = [band.stability_low for _, band in known]
    high = [band.stability_high for _, band in known]
    if len(known) == 1:  # a band of one number would have no width
        counts, low, high = [counts[0] - 0.2, counts[0] + 0.2], low * 2, high * 2
    band = {
        "type": "scatter",
        "x": [*counts, *reversed(counts)],
        "y": [*high, *reversed(low)],
        "fill": "toself",
        "fillcolor": _faded(BASE_GREY, 0.3),
        "line": {"width": 0},
        "mode": "lines",
        "hoverinfo": "skip",
        "name": "scrambled data",
    }
    return [band], [_label(counts[-1], (low[-1] + high[-1]) / 2, "scrambled data", theme, advice)]


def _label(x: float, y: float, text: str, theme: Theme, beside: Advice | None = None) -> dict[str, Any]:
    """Write a label at the right end; one that would lie on that of the customers steps aside."""
    shift = 0
    if beside is not None and abs(y - beside.evidence[-1].stability) < CLOSE:
        shift = 16 if y > beside.evidence[-1].stability else -16
    return {
        "x": x,
        "y": y,
        "text": text,
        "showarrow": False,
        "xanchor": "left",
        "xshift": 12,
        "yshift": shift,
        "bgcolor": theme.card,  # the dashed line must not run through it
        "font": {"size": TEXT_SIZE, "color": theme.muted if beside else theme.text},
    }


CLOSE = 0.1  # on the axis of agreement, the height of a line of text


def _faded(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


LEVELS = 5


def flow_chart(advice: Advice, chosen: int, theme: Theme) -> Chart:
    """Draw how customers flow as there is one segment more each time, around the chosen number.

    A segment has its colour at the chosen number (by size, as segments are numbered); before, a segment has
    the colour of the segment that most of it goes to, after, of the one that most of it comes from.

    Parameters
    ----------
    advice : Advice
    chosen : int
        If it was not looked at, the nearest number that was.
    theme : Theme
    """
    levels = _levels(advice, chosen)
    matrices = [matrix for count in levels[:-1] if (matrix := advice.flow(count)) is not None]
    if not matrices:
        return _no_flow(advice, theme)
    middle = min(range(len(levels)), key=lambda place: abs(levels[place] - chosen))
    sizes = [matrices[0].sum(axis=1), *(matrix.sum(axis=0) for matrix in matrices)]
    colours = _colours(matrices, sizes, middle)
    starts = np.cumsum([0, *(len(size) for size in sizes)])
    ends = [
        (level, one, other, int(matrix[one, other]))
        for level, matrix in enumerate(matrices)
        for one, other in np.argwhere(matrix > 0).tolist()
    ]
    whole = advice.sample
    flow = {
        "type": "sankey",
        "arrangement": "fixed",
        "node": {
            "x": [_along(level, len(sizes)) for level, size in enumerate(sizes) for _ in size],
            "y": [place for size in sizes for place in _down(size)],
            "label": [percent(float(one) / whole) for size in sizes for one in size],
            "color": [segment_colour(one) for level in colours for one in level],
            "line": {"width": 0},
            "pad": 14,
            "thickness": 18,
            "hovertemplate": "%{label} of customers<extra></extra>",
        },
        "link": {
            "source": [int(starts[level]) + one for level, one, _, _ in ends],
            "target": [int(starts[level + 1]) + other for level, _, other, _ in ends],
            "value": [count for _, _, _, count in ends],
            "color": [_faded(segment_colour(colours[level][one]), 0.35) for level, one, _, _ in ends],
            "customdata": [percent(count / whole) for _, _, _, count in ends],
            "hovertemplate": "%{customdata} of customers<extra></extra>",
        },
        "textfont": {"color": theme.text, "size": TEXT_SIZE, "shadow": "none"},
        "domain": {"x": [0, 1], "y": [0, 0.9]},
    }
    layout = {
        "margin": {"l": 24, "r": 56, "b": 16},
        "annotations": [
            _heading(_along(level, len(levels)), count, level == middle, theme)
            for level, count in enumerate(levels)
        ],
    }
    title = _flow_title(matrices, levels, middle)
    subtitle = (
        f"Share of customers by segment as there is one segment more each time, on {number(whole)} customers"
    )
    figure = framed([flow], layout, title, subtitle, theme, 360)
    return Chart(figure, f"{title}. {_flow_extremes(sizes[middle], levels[middle], whole)}")


def _levels(advice: Advice, chosen: int) -> list[int]:
    """Up to five numbers of segments one after the other, from 2 up to one more than the chosen one."""
    looked_at = [one.segments for one in advice.evidence]
    return [count for count in looked_at if count <= max(chosen + 1, looked_at[0] + 1)][-LEVELS:]


def _colours(matrices: Sequence[np.ndarray], sizes: Sequence[np.ndarray], middle: int) -> list[list[int]]:
    """The position of the colour of each segment, by level."""
    by_size = np.argsort(np.argsort(-sizes[middle], kind="stable"))
    colours = {middle: by_size.tolist()}
    for level in range(middle - 1, -1, -1):
        colours[level] = [colours[level + 1][one] for one in matrices[level].argmax(axis=1)]
    for level in range(middle + 1, len(sizes)):
        colours[level] = [colours[level - 1][one] for one in matrices[level - 1].argmax(axis=0)]
    return [colours[level] for level in range(len(sizes))]


def _along(level: int, levels: int) -> float:
    """Place of a level from left to right; plotly ignores 0 and 1 themselves."""
    return 0.001 + 0.998 * level / (levels - 1)


def _down(sizes: np.ndarray) -> list[float]:
    """Middles of the segments of a level from top to bottom, with air between them."""
    air = 0.22 / max(len(sizes) - 1, 1)
    heights = sizes / sizes.sum() * 0.76
    tops = np.cumsum([0, *heights[:-1]]) + air * np.arange(len(sizes))
    return [round(float(place), 4) for place in np.clip(tops + heights / 2, 0.001, 0.999)]


def _heading(x: float, count: int, chosen: bool, theme: Theme) -> dict[str, Any]:
    return {
        "x": x,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left" if x < 0.01 else "right" if x > 0.99 else "center",
        "text": f"<b>{count} segments</b>" if chosen else f"{count}",
        "showarrow": False,
        "font": {"size": TEXT_SIZE, "color": theme.accent if chosen else theme.muted},
    }


SPLIT = 0.1  # less of a segment than this is taken for customers near a border


def _flow_title(matrices: Sequence[np.ndarray], levels: Sequence[int], middle: int) -> str:
    """Say what happens to the chosen segments when there is one more."""
    if middle == len(matrices):
        into = matrices[-1]
        kept = float(into.max(axis=0).sum() / into.sum())
        return (
            f"{percent(kept)} of customers in the {levels[middle]} segments stay together "
            f"with {levels[middle] - 1}"
        )
    after = matrices[middle]
    split = [one for one, row in enumerate(after) if np.sort(row)[-2] > SPLIT * row.sum()]
    more = levels[middle + 1]
    if len(split) == 1:
        share = percent(float(after[split[0]].sum() / after.sum()))
        return f"With {more} segments only one is divided, the one with {share} of customers"
    if not split:
        return f"With {more} segments the {levels[middle]} stay as they are but for their borders"
    return f"With {more} segments, {plural(len(split), 'segment')} of {levels[middle]} are divided anew"


def _flow_extremes(sizes: np.ndarray, count: int, whole: int) -> str:
    shares = [percent(float(one) / whole) for one in sorted(sizes, reverse=True)]
    return f"With {count} segments they hold {listing(shares, 12)} of customers."


def _no_flow(advice: Advice, theme: Theme) -> Chart:
    """Say that there is one number of segments only."""
    title = f"Only {advice.recommended} segments were looked at"
    layout = {"xaxis": {"visible": False}, "yaxis": {"visible": False}}
    figure = framed([], layout, title, "With more numbers, this shows how customers move", theme, 60)
    return Chart(figure, f"{title}.")
