"""Why a customer is in her segment, and how sure the customers of each segment are in theirs."""

from dataclasses import dataclass
from math import isnan
from typing import Any

from segkit.charts.frame import HALF, TEXT_SIZE, Chart, framed, plain, rows_axis, wrapped
from segkit.charts.palette import BASE_GREY, Theme, ink, mixed, segment_colour
from segkit.labels import listing, percent, plural
from segkit.segments.segmentation import NO_SEGMENT_NAME, Segment
from segkit.segments.why import Certainty, Reason, Why

MOST_BARS = 10  # dimensions; the rest is one bar
BAR_HEIGHT = 36
LOWEST = 120
LABEL_WIDTH = 30
NARROWEST = 0.12  # a band thinner than this has no room for its share
PALER = 0.45  # how much of a segment's colour is left where its customers are less sure


# --- one customer -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Bar:
    """What is written beside a bar, and its length: above 0 for her segment, below for the next one."""

    name: str
    length: float


def why_chart(why: Why, theme: Theme) -> Chart | None:
    """Bars per dimension: to the right what speaks for her segment, to the left what speaks for the next one.

    For a customer who is beyond every segment, how far each dimension is from the nearest one.

    Returns
    -------
    Chart or None
        None where rules decided: their words say it all.
    """
    bars = _bars(why)
    if not bars:
        return None
    total = sum(abs(bar.length) for bar in bars) or 1.0
    drawn = {
        "type": "bar",
        "x": [bar.length for bar in bars],
        "y": list(range(len(bars))),
        "orientation": "h",
        "marker": {"color": [_colour(_favoured(why, bar)) for bar in bars]},
        "customdata": [
            f"{plain(bar.name)}<br>{percent(abs(bar.length) / total)} {_meaning(why, bar)}" for bar in bars
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "width": 0.6,
    }
    widest = 1.05 * max(abs(bar.length) for bar in bars) or 1.0
    ends = [len(bars) - 0.4, -0.5 if why.beyond else -1.5]
    layout = {
        "annotations": [] if why.beyond else _sides(why, theme),
        "xaxis": {
            "showticklabels": False,
            "showgrid": False,
            "showline": False,
            "zerolinecolor": theme.muted,
            "range": [0 if why.beyond else -widest, widest],
        },
        "yaxis": rows_axis([wrapped(bar.name, LABEL_WIDTH) for bar in bars])
        | {"range": ends, "showline": False, "zeroline": False},
    }
    height = max(BAR_HEIGHT * (len(bars) + 2), LOWEST)
    figure = framed([drawn], layout, why.finding, _subtitle(why), theme, height, HALF)
    return Chart(figure, " ".join([why.text, *_strongest(why, bars)]))


def _bars(why: Why) -> list[_Bar]:
    """One bar a dimension, those that say most; the others together are the last."""
    largest = sorted(why.reasons, key=lambda reason: -abs(reason.difference))
    kept = [reason for reason in why.reasons if reason in largest[:MOST_BARS]]
    rest = [reason for reason in why.reasons if reason not in kept]
    bars = [_Bar(_name(reason), _length(why, reason)) for reason in kept]
    if rest:
        bars.append(_Bar(plural(len(rest), "other"), sum(_length(why, reason) for reason in rest)))
    return bars


def _name(reason: Reason) -> str:
    said = reason.text
    return said[:1].upper() + said[1:]


def _length(why: Why, reason: Reason) -> float:
    return -reason.difference if why.beyond else reason.difference


def _favoured(why: Why, bar: _Bar) -> Segment | None:
    """The segment that a bar speaks for."""
    return why.segment if bar.length >= 0 and not why.beyond else why.nearest


def _colour(segment: Segment | None) -> str:
    return segment_colour(segment.colour) if segment else BASE_GREY


def _called(segment: Segment | None) -> str:
    return segment.name if segment else NO_SEGMENT_NAME


def _meaning(why: Why, bar: _Bar) -> str:
    named = plain(_called(_favoured(why, bar)))
    return f"of the distance from “{named}”" if why.beyond else f"of all bars, for “{named}”"


def _subtitle(why: Why) -> str:
    if why.beyond:
        return "How far each dimension is from the nearest segment; longer is farther"
    return "What each dimension says; longer says more"


def _sides(why: Why, theme: Theme) -> list[dict[str, Any]]:
    """Write over each side which segment its bars speak for."""
    return [
        {
            "x": x,
            "xref": "x domain",
            "xanchor": anchor,
            "y": -0.95,
            "text": text,
            "showarrow": False,
            "font": {"size": TEXT_SIZE, "color": theme.muted},
        }
        for x, anchor, text in (
            (0.0, "left", f"← {wrapped(_called(why.nearest), LABEL_WIDTH)}"),
            (1.0, "right", f"{wrapped(_called(why.segment), LABEL_WIDTH)} →"),
        )
    ]


def _strongest(why: Why, bars: list[_Bar]) -> list[str]:
    """Name the longest bar on each side, for who cannot see them."""
    most, least = max(bars, key=lambda bar: bar.length), min(bars, key=lambda bar: bar.length)
    if why.beyond:
        return [f"The longest bar is {most.name}."]
    said = [f"The longest bar for “{_called(why.segment)}” is {most.name}."] if most.length > 0 else []
    return [*said, f"The longest for “{_called(why.nearest)}” is {least.name}."] if least.length < 0 else said


# --- all customers ----------------------------------------------------------------------------------

_BANDS = (
    ("At the heart", "sure", "left", 0.0),
    ("Clearly in it", "likely", "center", 0.5),
    ("On the border", "border", "right", 1.0),
)


def certainty_chart(bands: tuple[Certainty, ...], theme: Theme) -> Chart | None:
    """Stacked bars: the shares of each segment's customers who are sure, likely or on a border.

    Returns
    -------
    Chart or None
        None where no segment has five customers.
    """
    rows = [one for one in bands if not isnan(one.sure)]
    if not rows:
        return None
    heads = [
        {
            "x": x,
            "xanchor": anchor,
            "y": -0.72,
            "text": label,
            "showarrow": False,
            "font": {"size": TEXT_SIZE, "color": theme.muted},
        }
        for label, _, anchor, x in _BANDS
    ]
    layout = {
        "barmode": "stack",
        "annotations": heads,
        "xaxis": {"visible": False, "range": [0, 1]},
        "yaxis": rows_axis([wrapped(one.segment.name) for one in rows]) | {"range": [len(rows) - 0.4, -1]},
    }
    title, alt = _certainty_text(rows)
    subtitle = (
        "Shares of customers by confidence: at the heart from 0.8, clearly in it from 0.6, else on the border"
    )
    marks = [_band(rows, label, key, theme) for label, key, _, _ in _BANDS]
    figure = framed(marks, layout, title, subtitle, theme, max(56 * len(rows), LOWEST) + 40, HALF)
    return Chart(figure, alt)


def _band(rows: list[Certainty], label: str, key: str, theme: Theme) -> dict[str, Any]:
    """The bars of one band of certainty."""
    shares = [float(getattr(one, key)) for one in rows]
    colours = [_band_colour(key, one.segment, theme) for one in rows]
    return {
        "type": "bar",
        "x": shares,
        "y": list(range(len(rows))),
        "orientation": "h",
        "name": label,
        "marker": {"color": colours, "line": {"color": _outlines(key, rows, theme), "width": 1.5}},
        "text": [percent(share) if share >= NARROWEST else "" for share in shares],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "textfont": {"color": [ink(colour) for colour in colours], "size": TEXT_SIZE},
        "customdata": [
            f"{plain(one.segment.name)}: {label.lower()}, {percent(share)} of "
            f"{plural(one.customers, 'customer')}"
            for one, share in zip(rows, shares, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "width": 0.62,
    }


def _certainty_text(rows: list[Certainty]) -> tuple[str, str]:
    """Say which segment has the most customers on a border: title and alternative text."""
    most = max(rows, key=lambda one: one.border)
    clearest = min(rows, key=lambda one: one.border)
    if round(most.border, 3) == 0:
        title = "No customer is on the border of two segments"
    else:
        title = f"{percent(most.border)} of “{most.segment.name}” are on the border of another segment"
        alone = sum(one.border == most.border for one in rows) == 1 < len(rows)
        title += ", more than in any other" if alone else ""
    sure = listing([f"“{one.segment.name}” {percent(one.sure)}" for one in rows], 12)
    least = f" The fewest are in “{clearest.segment.name}”." if clearest.border < most.border else ""
    return title, f"{title}.{least} At the heart of their segment: {sure}."


def _band_colour(key: str, segment: Segment, theme: Theme) -> str:
    if key == "border":
        return BASE_GREY
    colour = segment_colour(segment.colour)
    return colour if key == "sure" else mixed(colour, theme.card, PALER)


def _outlines(key: str, rows: list[Certainty], theme: Theme) -> list[str]:
    """Pale bands are drawn around in the colour they are a shade of, so that they show on any card."""
    return [segment_colour(one.segment.colour) if key == "likely" else theme.card for one in rows]
