"""Bars on the stage, as plain HTML: names wrap, and every size of screen shows the same.

A figure of plotly measures itself in the browser and would be scaled twice. Values that have intervals are
dots with a line; others are bars from where their scale begins. At the right of each stands what it means; on
half a page it stands below the name.
"""

from math import isnan

from pages.ui import look
from segkit.charts.palette import mark_colour
from segkit.insights.story.blocks import Bar, Bars


def bars_html(block: Bars, title: str, half: bool) -> str:
    """Draw the bars of a page; `title` is its finding, for who cannot see them."""
    rows = "".join(_row(row, block, half) for row in block.rows)
    kind = " ".join(("stage-bars", *(["half"] if half else []), *(["headed"] if _head(block) else [])))
    told = look.literal(block.told(title))
    return f"<div class='{kind}' role='img' aria-label='{told}'>{_head(block)}{rows}</div>"


def _head(block: Bars) -> str:
    """The name of the line for everyone, above it."""
    if isnan(block.everyone):
        return ""
    at = f"left:{_place(block, block.everyone):.2f}%"
    text = f"<em style='{at}'>everyone: {look.literal(block.everyone_text)}</em>"
    return f"<div class='row head'><div></div><div class='track'>{text}</div><div class='said'></div></div>"


def _row(row: Bar, block: Bars, half: bool) -> str:
    value = f"<b>{look.literal(row.text)}</b>"
    note = row.note or ("indicative: fewer than 30" if row.few else "")
    below = f"<small>{look.literal(row.text)}</small>" if half else ""
    said = "" if half else f"<div class='said'>{value}<small>{look.literal(note)}</small></div>"
    name = f"<div class='name'><span dir='auto'>{look.literal(row.label)}</span>{below}</div>"
    return f"<div class='row'>{name}<div class='track'>{_marks(row, block)}</div>{said}</div>"


def _marks(row: Bar, block: Bars) -> str:
    """Everyone's line, the interval and the value of a row."""
    marks = (
        ""
        if isnan(block.everyone)
        else f"<i class='all' style='left:{_place(block, block.everyone):.2f}%'></i>"
    )
    if isnan(row.value):
        return marks
    colour = mark_colour(row.colour)
    if not block.has_intervals:
        return marks + _between("bar", block, *sorted((block.start, row.value)), colour)
    if not isnan(row.low):
        marks += _between("interval", block, row.low, row.high, colour)
    fill = "var(--seg-card)" if row.few else colour
    dot = f"left:{_place(block, row.value):.2f}%;background:{fill};border-color:{colour}"
    return f"{marks}<i class='dot' style='{dot}'></i>"


def _between(kind: str, block: Bars, low: float, high: float, colour: str) -> str:
    left, right = _place(block, low), _place(block, high)
    return f"<i class='{kind}' style='left:{left:.2f}%;width:{right - left:.2f}%;background:{colour}'></i>"


def _place(block: Bars, value: float) -> float:
    """Where a value stands, in per cent of the way."""
    low, high = block.span
    return 100 * (value - low) / (high - low)
