"""The look of all pages: theme, type, cards and notices.

Text from files and users reaches a page as escaped HTML only, never as markdown, where `![](http://…)`
would make the browser call out and `$5 and $10` would become a formula.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from segkit.charts.frame import WIDE, Chart, Numbers, sourced
from segkit.charts.palette import DARK, LIGHT, Theme, segment_colour
from segkit.charts.unchecked import Unchecked
from segkit.customers.meanings.roles import Role, find_role
from segkit.exports.lists import numbers_csv
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


def unmarked(text: str) -> str:
    """Make text literal for labels, which are markdown."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>$:~^&])", r"\\\1", " ".join(text.split()))


def question(text: str) -> None:
    """Ask something above its answers."""
    st.html(f"<p class='question'>{literal(text)}</p>")


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


def verdict(word: str, meaning: str) -> None:
    """Show a verdict: one word that can be said in a meeting, and what it means."""
    st.html(f"<div class='verdict'><b>{literal(word)}</b><span>{literal(meaning)}</span></div>")


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
    means = listing([_meaning(find_role(need)) for need in needs])
    return f"{definition.label} needs a column that means {means}."


def _meaning(role: Role) -> str:
    return f"“{role.label}” ({role.help.rstrip('.')})" if role.help else f"“{role.label}”"


def explanations(notes: list[tuple[str, str]]) -> None:
    """Show short explanations side by side: a title and a sentence each."""
    items = "".join(
        f"<li><h3>{literal(title)}</h3><p class='size'>{literal(text)}</p></li>" for title, text in notes
    )
    st.html(f"<ul class='cards plain'>{items}</ul>")


def swatch(segment: Segment) -> str:
    """A dot in the colour of a segment, as HTML."""
    return f"<i class='swatch' style='background:{segment_colour(segment.colour)}'></i>"


def segment_name(segment: Segment) -> None:
    """Name a segment, with its colour in front."""
    st.html(f"<p class='list-name'>{swatch(segment)}<b>{literal(segment.name)}</b></p>")


@dataclass(frozen=True)
class Card:
    """A segment as a card: its size, the lines that set it apart, and a light: sign, word, meaning."""

    segment: Segment
    size: str
    lines: list[str]
    light: tuple[str, str, str] | None = None


def segment_cards(cards: list[Card]) -> None:
    """Show segments as cards."""
    st.html(f"<ul class='cards'>{''.join(map(_card, cards))}</ul>")


def _card(card: Card) -> str:
    light = ""
    if card.light is not None:
        sign, word, meaning = map(literal, card.light)
        light = f"<p class='light' title='{meaning}'><b>{sign}</b>{word}</p>"
    return (
        f"<li style='border-top-color:{segment_colour(card.segment.colour)}'>"
        f"<h3>{literal(card.segment.name)}</h3><p class='size'>{literal(card.size)}</p>"
        f"<ul>{_items(card.lines)}</ul>{light}</li>"
    )


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
    st.session_state[key] = st.session_state.get(key, False)  # a label that changes would fold it
    box = st.expander(label, key=key, on_change="rerun")
    return box if box.open else None


def chart(picture: Chart, key: str) -> None:
    """Show a chart in a card, with its alternative text."""
    with st.container(key=f"card-{key}"):
        st.plotly_chart(Unchecked(picture.drawn), key=key, theme=None, config=PLOT_TOOLS, alt=picture.alt)


WIDTH_OF_NUMBERS = 720  # pixels: several columns, and still on a small screen


def picture(
    shown: Chart,
    numbers: Numbers,
    key: str,
    source: str,
    pick: Callable[[int], None] | None = None,
    width: int = WIDE,
) -> None:
    """Show a chart in a card with its source, its alternative text, its numbers and a way to keep them.

    Parameters
    ----------
    shown : Chart
    numbers : Numbers
        For the table view and the CSV.
    key : str
        Of the widgets.
    source : str
        What the chart is about.
    pick : callable, optional
        Told the place of the row (of a chart with a row per segment) that somebody clicks on.
    width : int
        Characters of a title, as for `framed`.
    """
    with st.container(key=f"card-{key}"):
        figure = Unchecked(sourced(shown, source, theme(), width).drawn)
        common: dict[str, Any] = {"key": key, "theme": None, "config": PLOT_TOOLS, "alt": shown.alt}
        if pick is None:
            st.plotly_chart(figure, **common)
        else:
            told = partial(_picked, key, pick)
            st.plotly_chart(figure, on_select=told, selection_mode="points", **common)
        with st.container(horizontal=True, key=f"under-{key}"):
            box = st.popover("Numbers", key=f"numbers-{key}", on_change="rerun")
            if box.open:
                box.dataframe(numbers, hide_index=True, width=WIDTH_OF_NUMBERS)
            st.download_button(
                "CSV",
                data=lambda: numbers_csv(numbers, source),
                file_name=f"{key}.csv",
                mime="text/csv",
                key=f"csv-{key}",
                on_click="ignore",
            )


def _picked(key: str, pick: Callable[[int], None]) -> None:
    """Tell which row was clicked on; a second click takes the first back."""
    points = st.session_state[key]["selection"]["points"]
    if points:
        pick(round(points[0]["y"]))
