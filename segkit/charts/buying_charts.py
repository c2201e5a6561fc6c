"""Forecasts as dots with intervals, one row a segment; and how well they describe what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from segkit.charts.frame import HALF, TEXT_SIZE, Chart, beside, framed, plain, rows_axis, wrapped
from segkit.charts.palette import BASE_GREY, Theme, segment_colour
from segkit.insights.buying_text import (
    ahead_text,
    check_sentence,
    check_title,
    months_text,
    stay_alt,
    stay_headline,
    stay_interval,
    stay_made_of,
    stay_text,
    stay_verdict,
    worth_alt,
    worth_headline,
    worth_interval,
    worth_made_of,
    worth_text,
    worth_verdict,
)
from segkit.labels import number, percent, plural
from segkit.measures.buying import MOST_COUNTED, Check, SegmentWorth, Worth
from segkit.measures.estimates import Estimate
from segkit.measures.staying import SegmentStay, Staying
from segkit.measures.suppression import shown
from segkit.segments.segmentation import Segment

ROW_HEIGHT = 52
DOT = 13
BARS = 240  # px of the check
NARROWEST = 0.25  # of the largest value is shown at least, so that small differences look small
NEAR = 0.4  # of the largest value: an axis that starts there may as well start at 0


@dataclass(frozen=True)
class _Row:
    """One row of a chart of forecasts."""

    segment: Segment
    told: Estimate
    label: str
    verdict: str
    made_of: str
    hover: str
    few: bool


def _focus(segments: tuple[Segment, ...]) -> str:
    """The key of the only segment that is drawn in colour, empty where none is in front of the others."""
    coloured = [one.key for one in segments if one.colour >= 0]
    return coloured[0] if len(coloured) == 1 < len(segments) else ""


def _forecasts(
    rows: Sequence[_Row],
    everyone: Estimate,
    words: tuple[str, str, str],
    looks: dict[str, Segment],
    theme: Theme,
) -> Chart:
    """Dots with intervals, the largest first and those of few customers last; everyone as a dashed line."""
    title, subtitle, alt = words
    order = sorted(rows, key=lambda row: (row.few, -row.told.value))
    marks = [_dot(row, place, looks, theme) for place, row in enumerate(order)]
    layout = {
        "margin": {"r": 210},
        "annotations": [
            *(beside(place, _aside(row, theme)) for place, row in enumerate(order)),
            {
                "x": everyone.value,
                "y": -0.85,
                "text": "everyone",
                "showarrow": False,
                "font": {"size": TEXT_SIZE, "color": theme.muted},
            },
        ],
        "shapes": [
            {
                "type": "line",
                "x0": everyone.value,
                "x1": everyone.value,
                "y0": -0.6,
                "y1": len(order) - 0.4,
                "line": {"color": BASE_GREY, "width": 1.5, "dash": "dash"},
                "layer": "below",
            }
        ],
        "xaxis": {
            "range": _room([everyone, *(row.told for row in order)]),
            "showticklabels": False,
            "showgrid": False,
            "zeroline": False,
        },
        "yaxis": rows_axis([wrapped(row.segment.name) for row in order])
        | {"range": [len(order) - 0.4, -1.1], "zeroline": False, "tickfont": {"size": TEXT_SIZE}},
    }
    figure = framed(marks, layout, title, subtitle, theme, ROW_HEIGHT * len(order) + 60)
    return Chart(figure, alt)


def _aside(row: _Row, theme: Theme) -> str:
    """The verdict, and what stands behind the number."""
    quiet = f"<span style='color:{theme.muted}'>{plain(row.made_of)}</span>"
    return f"{plain(row.verdict)}<br>{quiet}" if row.verdict else quiet


def _room(told: Sequence[Estimate]) -> list[float]:
    """The range of all values and intervals, with room for labels; from 0 where that is near."""
    edges = [edge for one in told for edge in (one.value, one.low, one.high) if edge == edge]
    least, most = min(edges), max(edges)
    least = min(least, (1 - NARROWEST) * most)
    room = 0.15 * ((most - least) or 1.0)
    return [0.0 if least < NEAR * most else least - room, most + room]


def _dot(row: _Row, place: int, looks: dict[str, Segment], theme: Theme) -> dict[str, Any]:
    segment = looks.get(row.segment.key)
    colour = BASE_GREY if segment is None or segment.colour < 0 else segment_colour(segment.colour)
    told = row.told
    return {
        "type": "scatter",
        "x": [told.value],
        "y": [place],
        "mode": "markers+text",
        "marker": {
            "size": DOT,
            "color": theme.card if row.few else colour,
            "line": {"color": colour, "width": 2},
        },
        "error_x": {
            "type": "data",
            "array": [told.high - told.value if told.high == told.high else 0],
            "arrayminus": [told.value - told.low if told.low == told.low else 0],
            "color": colour,
            "thickness": 3,
            "width": 0,
        },
        "text": [plain(row.label)],
        "textposition": "top center",
        "textfont": {"size": TEXT_SIZE, "color": theme.text},
        "cliponaxis": False,
        "customdata": [row.hover],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _subtitle(what: str, few: bool) -> str:
    return f"{what}; line: 95 % interval of the mean" + ("; hollow: fewer than 30 customers" if few else "")


# --- what segments are worth --------------------------------------------------------------------------


def worth_chart(found: Worth, segments: tuple[Segment, ...], theme: Theme) -> Chart | None:
    """What one customer will probably bring, one row a segment.

    Parameters
    ----------
    found : Worth
    segments : tuple of Segment
        As they are to be drawn; grey ones are out of focus.
    theme : Theme

    Returns
    -------
    Chart or None
        None where no segment may be shown.
    """
    if not found.shown:
        return None
    rows = [
        _Row(
            row.segment,
            found.told(row),
            worth_text(found, found.told(row).value),
            "" if found.circular else worth_verdict(found, row),
            worth_made_of(row),
            _worth_hover(found, row),
            row.indicative,
        )
        for row in found.shown
    ]
    what = "Expected orders of one customer"
    if found.money:
        left = "revenue" if found.outlook.margin == 1 else f"{percent(found.outlook.margin)} of revenue"
        what = f"Expected {left} of one customer who has ordered"
    subtitle = _subtitle(f"{what} in {months_text(found.outlook.months)}", any(row.few for row in rows))
    focus = _focus(segments)
    words = worth_headline(found, focus).rstrip("."), subtitle, worth_alt(found, focus)
    everyone = found.told(found.everyone)
    return _forecasts(rows, everyone, words, {one.key: one for one in segments}, theme)


def _worth_hover(found: Worth, row: SegmentWorth) -> str:
    told = found.told(row)
    lines = [
        f"<b>{plain(row.segment.name)}</b>",
        f"{worth_text(found, told.value)} ({worth_interval(found, told)})",
        f"{number(row.orders.value, 2)} orders, {percent(row.alive)} still active",
        plural(row.n, "customer who ordered", "customers who ordered"),
        plain(worth_verdict(found, row)),
    ]
    return "<br>".join(line for line in lines if line)


def worth_numbers(found: Worth) -> pd.DataFrame:
    """The numbers of all segments and of everyone; money as it is in the file, chances as fractions."""
    rows = [*found.rows, found.everyone]
    told = [row.verdict != "hidden" for row in rows]
    value = "Expected revenue each" if found.outlook.margin == 1 else "Expected value each"
    numbers: dict[str, list[Any]] = {
        "Segment": [row.segment.name for row in rows],
        "Customers who ordered": [row.n if known else None for row, known in zip(rows, told, strict=True)],
    }
    if found.money:
        numbers[value] = [row.value.value for row in rows]
        numbers |= {
            "Low (95 %)": [row.value.low for row in rows],
            "High (95 %)": [row.value.high for row in rows],
            "All of them": [row.value.value * row.n for row in rows],
        }
    numbers |= {
        "Expected orders each": [row.orders.value for row in rows],
        "Orders, low (95 %)": [row.orders.low for row in rows],
        "Orders, high (95 %)": [row.orders.high for row in rows],
        "Still active (0 to 1)": [row.alive for row in rows],
    }
    if found.money:
        numbers["Amount an order"] = [row.order_value for row in rows]
    numbers |= {
        "Difference from the others": [row.difference for row in rows],
        "Verdict": [worth_verdict(found, row) for row in rows],
    }
    return pd.DataFrame(numbers)


# --- how well it describes what happened ----------------------------------------------------------------


def check_chart(found: Check, theme: Theme) -> Chart:
    """Customers by repeat orders: bars as they are, dots as the model expects them."""
    places = list(range(MOST_COUNTED + 1))
    names = [*map(str, places[:-1]), f"{MOST_COUNTED} or more"]
    counted = _counted(found)
    pairs = list(zip(names, counted, found.expected, strict=True))
    hover = [
        f"{name} orders after the first<br>"
        f"{'too few to show' if real is None else plural(real, 'customer')}, {number(hoped, 0)} by the model"
        for name, real, hoped in pairs
    ]
    common = {"x": places, "customdata": hover, "hovertemplate": "%{customdata}<extra></extra>"}
    bars = common | {
        "type": "bar",
        "y": counted,
        "marker": {"color": BASE_GREY},
        "width": 0.6,
    }
    dots = common | {
        "type": "scatter",
        "mode": "markers",
        "y": found.expected.tolist(),
        "marker": {
            "size": DOT,
            "symbol": "diamond",
            "color": theme.accent,
            "line": {"color": theme.card, "width": 2},
        },
        "cliponaxis": False,
    }
    layout = {
        "xaxis": {"tickvals": places, "ticktext": names, "showgrid": False, "zeroline": False},
        "yaxis": {"rangemode": "tozero", "nticks": 5, "tickformat": ",", "ticksuffix": " "},
    }
    subtitle = "Customers by number of orders after the first; bar: so far, diamond: by the model"
    figure = framed([bars, dots], layout, check_title(found), subtitle, theme, BARS, HALF)
    return Chart(figure, f"{check_title(found)}. {check_sentence(found)}")


def _counted(found: Check) -> list[int | None]:
    """Customers by repeat orders; None where they are few, or would give a few away."""
    counts = found.actual.astype(int).tolist()
    return [count if may else None for count, may in zip(counts, shown(counts, counts), strict=True)]


def check_numbers(found: Check) -> pd.DataFrame:
    """The numbers of the check, one row a number of repeat orders."""
    names = [*map(str, range(MOST_COUNTED)), f"{MOST_COUNTED} or more"]
    return pd.DataFrame(
        {
            "Orders after the first": names,
            "Customers": pd.array(_counted(found), dtype="Int64"),
            "By the model": found.expected,
        }
    )


# --- how long customers stay ----------------------------------------------------------------------------


def stay_chart(found: Staying, segments: tuple[Segment, ...], theme: Theme) -> Chart | None:
    """How much of the time ahead customers will probably stay, one row a segment.

    Parameters
    ----------
    found : Staying
    segments : tuple of Segment
        As they are to be drawn; grey ones are out of focus.
    theme : Theme

    Returns
    -------
    Chart or None
        None where nothing can be told of any segment.
    """
    if not found.shown:
        return None
    rows = [
        _Row(
            row.segment,
            found.told(row),
            stay_text(found, row),
            "" if found.circular else stay_verdict(found, row),
            stay_made_of(found, row),
            _stay_hover(found, row),
            row.indicative,
        )
        for row in found.shown
    ]
    unit = found.durations.unit
    ahead = ahead_text(found.outlook.periods, unit)
    what = f"Expected {unit} that a customer who is still there stays, of {ahead}"
    if found.money:
        what = f"What a customer who is still there will probably pay in {ahead}, discounted"
    focus = _focus(segments)
    subtitle = _subtitle(what, any(row.few for row in rows))
    words = stay_headline(found, focus).rstrip("."), subtitle, stay_alt(found, focus)
    return _forecasts(rows, found.told(found.everyone), words, {one.key: one for one in segments}, theme)


def _stay_hover(found: Staying, row: SegmentStay) -> str:
    lines = [
        f"<b>{plain(row.segment.name)}</b>",
        f"{stay_text(found, row)} ({stay_interval(found, row)})",
        f"{plural(row.active, 'customer')} still there of {number(row.n)} observed",
        plain(stay_verdict(found, row)),
    ]
    return "<br>".join(line for line in lines if line)


def stay_numbers(found: Staying) -> pd.DataFrame:
    """The numbers of all segments and of everyone, in the unit of the table."""
    rows, unit = [*found.rows, found.everyone], found.durations.unit
    told = [row.verdict != "hidden" for row in rows]
    numbers: dict[str, list[Any]] = {
        "Segment": [row.segment.name for row in rows],
        "Observed": [row.n if known else None for row, known in zip(rows, told, strict=True)],
        "Still there": [row.active if known else None for row, known in zip(rows, told, strict=True)],
        f"Expected {unit} of {number(found.outlook.periods)}": [row.ahead.value for row in rows],
        "Low (95 %)": [row.ahead.low for row in rows],
        "High (95 %)": [row.ahead.high for row in rows],
        f"Discounted {unit} over all time": [row.residual for row in rows],
    }
    if found.money:
        numbers["Expected value each"] = [row.value.value for row in rows]
        numbers["Value, low (95 %)"] = [row.value.low for row in rows]
        numbers["Value, high (95 %)"] = [row.value.high for row in rows]
    numbers["Difference from the others"] = [row.difference for row in rows]
    numbers["Verdict"] = [stay_verdict(found, row) for row in rows]
    return pd.DataFrame(numbers)
