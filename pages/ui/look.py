"""The look of all pages: theme, type, cards and notices.

Text from files and users reaches a page as escaped HTML only, never as markdown, where `![](http://…)`
would make the browser call out and `$5 and $10` would become a formula.
"""

import html
from functools import cache
from pathlib import Path
from typing import Protocol

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from segkit.charts.frame import Chart
from segkit.charts.palette import DARK, LIGHT, Theme, segment_colour
from segkit.customers.meanings.roles import find_role
from segkit.labels import listing, number
from segkit.measures.kpis import KpiDefinition
from segkit.segments.segmentation import Segment


class Rows(Protocol):
    """A table of Arrow, or anything that lists its rows like one."""

    def to_pylist(self) -> list[dict[str, object]]:
        """List the rows, each by the names of its columns."""


PLOT_TOOLS = {
    "displaylogo": False,
    "displayModeBar": "hover",
    "modeBarButtonsToRemove": [
        "zoom2d",
        "pan2d",
        "zoomIn2d",
        "zoomOut2d",
        "autoScale2d",
        "resetScale2d",
        "select2d",
        "lasso2d",
    ],
    "toImageButtonOptions": {"format": "png", "scale": 2},
}
MAP_TOOLS = PLOT_TOOLS | {
    "displayModeBar": True,
    "modeBarButtonsToRemove": ["zoomIn2d", "zoomOut2d", "autoScale2d"],
}


def theme() -> Theme:
    """The theme the viewer sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def dress() -> None:
    """Give the page its type, spacing and card style."""
    colours = theme()
    named = {
        "card": colours.card,
        "border": colours.border,
        "muted": colours.muted,
        "text": colours.text,
        "accent": colours.accent,
        "better": colours.status.better,
        "worse": colours.status.worse,
    }
    variables = "".join(f"--seg-{name}:{colour};" for name, colour in named.items())
    st.html(f"<style>:root{{{variables}}}{_style()}</style>")


@cache
def _style() -> str:
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def literal(text: str) -> str:
    """Make text literal for HTML."""
    return html.escape(text)


def headline(text: str | None, kicker: str = "") -> None:
    """Open a page with its one sentence; without one, only the kicker is shown."""
    small = f"<p class='kicker'>{literal(kicker)}</p>" if kicker else ""
    large = f"<h1 class='headline'>{literal(text)}</h1>" if text else ""
    st.html(small + large)


def section(text: str, note: str = "") -> None:
    """Head a part of the page."""
    small = f"<p class='note'>{literal(note)}</p>" if note else ""
    st.html(f"<h2 class='part'>{literal(text)}</h2>{small}")


def note(text: str) -> None:
    """Say something in small, quiet type."""
    st.html(f"<p class='note'>{literal(text)}</p>")


def notice(text: str, problem: bool = False) -> None:
    """Show a message in a card: something to know, or a problem to solve."""
    role = "alert" if problem else "status"
    st.html(f"<div class='notice {'problem' if problem else ''}' role='{role}'>{literal(text)}</div>")


def chips(facts: list[tuple[str, str]]) -> None:
    """Show short facts in a row: a number and what it counts."""
    cells = "".join(
        f"<li><b>{literal(value)}</b><span>{literal(label)}</span></li>" for value, label in facts
    )
    st.html(f"<ul class='chips'>{cells}</ul>")


def hero(text: str) -> None:
    """Say the one thing on a page without data."""
    st.html(f"<h1 class='hero'>{literal(text)}</h1>")


def lead(text: str) -> None:
    """Explain the hero in a sentence."""
    st.html(f"<p class='lead'>{literal(text)}</p>")


def bullets(lines: list[str]) -> None:
    """List sentences."""
    st.html(f"<ul class='checks'>{_items(lines)}</ul>")


def marked(lines: list[tuple[str, str]]) -> None:
    """List sentences, each with a sign of its own in front."""
    items = "".join(f"<li><i>{literal(sign)}</i>{literal(line)}</li>" for sign, line in lines)
    st.html(f"<ul class='marked'>{items}</ul>")


def _items(lines: list[str]) -> str:
    return "".join(f"<li>{literal(line)}</li>" for line in lines)


def needs_text(definition: KpiDefinition, needs: tuple[str, ...]) -> str:
    """Say which column would bring a KPI."""
    roles = [find_role(need) for need in needs]
    means = listing([f"“{role.label}” ({role.help.rstrip('.')})" for role in roles])
    return f"{definition.label} needs a column that means {means}."


def explanations(notes: list[tuple[str, str]]) -> None:
    """Show short explanations side by side: a title and a sentence each."""
    items = "".join(
        f"<li><h3>{literal(title)}</h3><p class='size'>{literal(text)}</p></li>" for title, text in notes
    )
    st.html(f"<ul class='cards plain'>{items}</ul>")


def swatch(segment: Segment) -> str:
    """A dot in the colour of a segment, as HTML."""
    return f"<i class='swatch' style='background:{segment_colour(segment.position)}'></i>"


def segment_cards(cards: list[tuple[Segment, str, list[str]]]) -> None:
    """Show segments as cards: name, size, and the lines that set it apart."""
    items = "".join(
        f"<li style='border-top-color:{segment_colour(segment.position)}'><h3>{literal(segment.name)}</h3>"
        f"<p class='size'>{literal(size)}</p><ul>{_items(lines)}</ul></li>"
        for segment, size, lines in cards
    )
    st.html(f"<ul class='cards'>{items}</ul>")


def table(rows: Rows) -> None:
    """Show some rows as they stand; long fractions are rounded, gaps are blank."""
    shown = [{name: _cell(value) for name, value in row.items()} for row in rows.to_pylist()]
    st.dataframe(shown, hide_index=True)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return number(value) if isinstance(value, float) else str(value)


def folded(label: str, key: str) -> DeltaGenerator | None:
    """Offer a part of the page that is made only once somebody opens it; None while it is closed."""
    box = st.expander(label, key=key, on_change="rerun")
    return box if box.open else None


def chart(picture: Chart, key: str) -> None:
    """Show a chart in a card, with its alternative text."""
    with st.container(key=f"card-{key}"):
        st.plotly_chart(picture.figure, key=key, theme=None, config=PLOT_TOOLS, alt=picture.alt)
