"""Charts of where to invest: the map of attractiveness and fit, or bars of one of them, and a budget."""

from collections.abc import Sequence
from math import isnan, sqrt
from typing import Any

from segkit.charts.frame import TEXT_SIZE, Chart, framed, plain, rows_axis, wrapped
from segkit.charts.kpi_pictures import colours_of
from segkit.charts.palette import Theme, mixed
from segkit.insights.priority_text import (
    money_text,
    money_with_span,
    priority_alt,
    priority_title,
    split_alt,
    split_title,
)
from segkit.labels import number, percent, plural
from segkit.measures.priorities import ATTRACTIVENESS, AXIS_LABELS, FIT, MIDDLE, Priorities, Priority
from segkit.measures.savings import Part, Split
from segkit.segments.segmentation import Segment

MAP_HEIGHT = 450
WIDTH, HEIGHT = 1100, 395  # px of the plot on a full page, for keeping names apart
ACROSS, UP = (-9.0, 109.0), (-17.0, 117.0)  # a bubble at 0 or 100 is whole, and clear of the corner words
LARGEST, SMALLEST = 60, 16  # px of a bubble
LETTER, LINE = 7.6, 19  # px of a bold letter and of a line
CORNERS = (  # where, and what one does with segments there
    ("right", "top", "Invest"),
    ("left", "top", "Win over"),
    ("right", "bottom", "Keep"),
    ("left", "bottom", "Leave for later"),
)
BAR_ROW = 44
STRONG = 0.55  # of a bubble's colour over the card


# --- the map ---------------------------------------------------------------------------------------


def priority_chart(found: Priorities, segments: tuple[Segment, ...], theme: Theme) -> Chart:
    """The map of attractiveness and fit; bars of the one that is known where only one is.

    Parameters
    ----------
    found : Priorities
    segments : tuple of Segment
        As they are to be drawn; grey ones are out of focus.
    theme : Theme
    """
    if len(found.axes) < 2:
        return _priority_bars(found, segments, theme)
    colours = colours_of(segments)
    shown = [one for one in found.rows if not (isnan(one.attractiveness) or isnan(one.fit))]
    sizes = _diameters(shown)
    drawn = sorted(zip(shown, sizes, strict=True), key=lambda pair: -pair[1])
    layout = {
        "xaxis": _score_axis(FIT, theme),
        "yaxis": _score_axis(ATTRACTIVENESS, theme),
        "shapes": [_middle("x", theme), _middle("y", theme)],
        "annotations": [*_corners(theme), *_names(drawn, theme)],
    }
    marks = [_bubble(one, size, colours[one.segment.key], theme) for one, size in drawn]
    figure = framed(marks, layout, priority_title(found), _map_note(found), theme, MAP_HEIGHT)
    return Chart(figure, priority_alt(found))


def _map_note(found: Priorities) -> str:
    parts = ["Weighted scores, 0: lowest segment here, 100: highest", "size: customers", "number: place"]
    if len(found.ranked) < len(found.rows):
        parts.append("hollow: too few customers or answers to be ranked")
    return "; ".join(parts)


def _diameters(shown: Sequence[Priority]) -> list[float]:
    most = max((one.customers for one in shown), default=1)
    return [max(SMALLEST, LARGEST * sqrt(one.customers / most)) for one in shown]


def _score_axis(axis: str, theme: Theme) -> dict[str, Any]:
    return {
        "range": list(ACROSS if axis == FIT else UP),
        "tickvals": [0, 25, 50, 75, 100],
        "zeroline": False,
        "title": {
            "text": f"{AXIS_LABELS[axis]} →",
            "font": {"color": theme.muted, "size": TEXT_SIZE},
            "standoff": 12,
        },
    }


def _middle(axis: str, theme: Theme) -> dict[str, Any]:
    other = "y" if axis == "x" else "x"
    return {
        "type": "line",
        f"{axis}0": MIDDLE,
        f"{axis}1": MIDDLE,
        f"{other}0": 0,
        f"{other}1": 1,
        f"{other}ref": "paper",
        "layer": "below",
        "line": {"color": theme.border, "width": 2},
    }


def _corners(theme: Theme) -> list[dict[str, Any]]:
    return [
        {
            "text": text,
            "x": ACROSS[1] - 1 if side == "right" else ACROSS[0] + 1,
            "y": UP[1] - 1 if end == "top" else UP[0] + 1,
            "xanchor": side,
            "yanchor": end,
            "showarrow": False,
            "font": {"size": TEXT_SIZE, "color": theme.muted},
        }
        for side, end, text in CORNERS
    ]


def _bubble(one: Priority, size: float, colour: str, theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [one.fit],
        "y": [one.attractiveness],
        "mode": "markers",
        "marker": {
            "size": size,
            "opacity": 1,
            "color": mixed(colour, theme.card, STRONG) if one.rank else "rgba(0,0,0,0)",
            "line": {"color": colour, "width": 2},
        },
        "customdata": [_hover(one)],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }


def _hover(one: Priority) -> str:
    place = f"rank {one.rank}, priority {number(one.score, 0)}" if one.rank else f"not ranked: {one.unranked}"
    lines = [
        f"<b>{plain(one.segment.name)}</b>",
        f"attractiveness {number(one.attractiveness, 0)}, fit {number(one.fit, 0)}",
        plain(place),
        f"{plural(one.customers, 'customer')}, {percent(one.share)}",
    ]
    return "<br>".join(lines)


_Box = tuple[float, float, float, float]  # left, right, bottom, top in px


def _names(drawn: Sequence[tuple[Priority, float]], theme: Theme) -> list[dict[str, Any]]:
    """Put each name beside its bubble, where it covers least; large bubbles choose first."""
    centres = [(_pixels(one.fit, ACROSS, WIDTH), _pixels(one.attractiveness, UP, HEIGHT)) for one, _ in drawn]
    taken = [_box(*centre, size, size) for centre, (_, size) in zip(centres, drawn, strict=True)]
    notes = []
    for centre, (one, size) in zip(centres, drawn, strict=True):
        text = wrapped(f"{one.rank}. {one.segment.name}" if one.rank else one.segment.name)
        lines = text.split("<br>")
        width, height = LETTER * max(map(len, lines)), LINE * len(lines)
        shifts = _shifts(size / 2 + 4, width, height)
        best = min(shifts, key=lambda shift: _covers(centre, shift, width, height, taken))
        taken.append(_box(centre[0] + best[0], centre[1] + best[1], width, height))
        notes.append(
            {
                "text": f"<b>{text}</b>",
                "x": one.fit,
                "y": one.attractiveness,
                "xshift": best[0],
                "yshift": best[1],
                "showarrow": False,
                "font": {"size": TEXT_SIZE, "color": theme.text},
            }
        )
    return notes


def _pixels(value: float, room: tuple[float, float], length: float) -> float:
    return length * (value - room[0]) / (room[1] - room[0])


def _box(x: float, y: float, width: float, height: float) -> _Box:
    return (x - width / 2, x + width / 2, y - height / 2, y + height / 2)


def _shifts(away: float, width: float, height: float) -> list[tuple[float, float]]:
    """Where a name may stand, seen from its bubble: right, left, above, below, and each a little further."""
    side, over = away + width / 2, away + height / 2
    near = [(side, 0.0), (-side, 0.0), (0.0, over), (0.0, -over)]
    near += [(x, y) for x in (side, -side) for y in (LINE, -LINE)]
    return near + [(x, y + step * LINE) for step in (1, -1, 2, -2) for x, y in near]


def _covers(
    centre: tuple[float, float],
    shift: tuple[float, float],
    width: float,
    height: float,
    taken: Sequence[_Box],
) -> float:
    """What a place costs: what it covers, how far it leaves the picture, and how far it is away."""
    box = _box(centre[0] + shift[0], centre[1] + shift[1], width, height)
    covered = sum(_shared(box, other) for other in taken)
    outside = max(0.0, -box[0]) + max(0.0, box[1] - WIDTH) + max(0.0, -box[2]) + max(0.0, box[3] - HEIGHT)
    return covered + 40 * outside + abs(shift[1]) / LINE + abs(shift[0]) / 1000


def _shared(one: _Box, other: _Box) -> float:
    across = min(one[1], other[1]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[2], other[2])
    return across * up if across > 0 and up > 0 else 0.0


# --- bars ------------------------------------------------------------------------------------------


def _priority_bars(found: Priorities, segments: tuple[Segment, ...], theme: Theme) -> Chart:
    """Segments by the one axis that is known, the first on top."""
    axis = found.axes[0] if found.axes else ATTRACTIVENESS
    rows = [one for one in found.rows if not isnan(one.score)]
    colours = colours_of(segments)
    fills = [mixed(colours[one.segment.key], theme.card, 0.85) for one in rows]
    texts = [f"<b>{number(one.score, 0)}</b>" + ("" if one.rank else " not ranked") for one in rows]
    data = [_bars([one.score for one in rows], fills, texts, [_hover(one) for one in rows])]
    names = [wrapped(one.segment.name) for one in rows]
    note = f"{AXIS_LABELS[axis]} only, 0: lowest segment here, 100: highest; nothing tells the other side"
    figure = framed(data, _bar_layout(names, 100.0), priority_title(found), note, theme, _height(rows))
    return Chart(figure, priority_alt(found))


def split_chart(found: Split, segments: tuple[Segment, ...], unit: str, theme: Theme) -> Chart:
    """A budget by segment: what each gets and is expected to bring; what is not spent comes last."""
    colours = colours_of(segments)
    parts = sorted(found.parts, key=lambda part: -part.money)
    values = [part.money for part in parts]
    texts = [_part_text(part, unit) for part in parts]
    fills = [mixed(colours[part.candidate.segment.key], theme.card, 0.85) for part in parts]
    names = [wrapped(part.candidate.segment.name) for part in parts]
    if found.kept:
        values, names, fills = [*values, found.kept], [*names, "Not spent"], [*fills, theme.border]
        texts.append(f"<b>{money_text(found.kept, unit)}</b>: would bring back less than it costs")
    data = [_bars(values, fills, texts, texts)]
    note = (
        f"Of a budget of {money_text(found.budget, unit)}; addressing a customer costs "
        f"{money_text(found.cost, unit)}; in brackets the 95 % interval from what customers bring now"
    )
    layout = _bar_layout(names, max(values, default=1.0))
    figure = framed(data, layout, split_title(found, unit), note, theme, _height(values))
    return Chart(figure, split_alt(found, unit))


def _part_text(part: Part, unit: str) -> str:
    money = f"<b>{money_text(part.money, unit)}</b>"
    return f"{money} → {money_with_span(part.income, unit)}" if part.money else "<b>0</b>: brings too little"


def _bars(
    values: Sequence[float], fills: Sequence[str], texts: Sequence[str], hovers: Sequence[str]
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(values))),
        "x": list(values),
        "width": 0.62,
        "marker": {"color": list(fills)},
        "text": list(texts),
        "textposition": "outside",
        "textfont": {"size": TEXT_SIZE},
        "cliponaxis": False,
        "customdata": list(hovers),
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _bar_layout(names: Sequence[str], most: float) -> dict[str, Any]:
    return {
        "yaxis": rows_axis(names)
        | {"range": [len(names) - 0.4, -0.6], "ticklabelstandoff": 8, "zeroline": False},
        "xaxis": {"range": [0, (most or 1.0) * 1.7], "showticklabels": False, "showgrid": False},
        "bargap": 0.3,
    }


def _height(rows: Sequence[object]) -> int:
    return BAR_ROW * len(rows) + 40
