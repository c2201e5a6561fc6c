"""The stage: one page of the story on the whole screen, nothing of the app around it.

A page is laid out once, 1280 × 720 px with type of 24 px and more, and scaled to whatever screen there is.
The address says which page is shown, so that a link opens it.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import streamlit as st

from pages.present.bars import bars_html
from pages.ui import look
from segkit.charts.palette import mark_colour
from segkit.insights.edition import Edition
from segkit.insights.story.blocks import Bars, Block, Grid, Lines
from segkit.insights.story.pages import Page
from segkit.labels import plural

SHOW = "show"  # in the address
WIDTH, HEIGHT = 1280, 720  # px of a page, before it is scaled
TITLE_LETTERS, TITLE_LINE = 56, 48  # on a line of a title, and px of it
SMALL_LETTERS, SMALL_LINE = 72, 38  # the same of a long title, in smaller type
SMALL_TITLE_FROM = 2 * TITLE_LETTERS  # letters: a longer title takes smaller type
SUBTITLE_LETTERS, SUBTITLE_LINE = 96, 34
MOST_LINES = 4  # of a title; what is longer is cut
TALLEST_ROW = 90  # px of a bar with what stands beside it
AROUND = 132  # px above, between and below: margins, gap and foot

_LISTEN = """
export default function ({ data, setTriggerValue }) {
  const root = document.documentElement;
  let at = data.place;
  const fit = () => root.style.setProperty(
    "--stage", Math.min(window.innerWidth / data.width, window.innerHeight / data.height));
  const go = (place) => {
    at = Math.max(0, Math.min(place, data.count - 1));
    setTriggerValue("went", at);
  };
  const full = () => document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen();
  const leave = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    setTriggerValue("went", -1);
  };
  const keys = {
    ArrowRight: () => go(at + 1), ArrowDown: () => go(at + 1), PageDown: () => go(at + 1),
    " ": () => go(at + 1), Enter: () => go(at + 1),
    ArrowLeft: () => go(at - 1), ArrowUp: () => go(at - 1), PageUp: () => go(at - 1),
    Home: () => go(0), End: () => go(data.count - 1), f: full, Escape: leave,
  };
  const over = () => !document.querySelector(".st-key-stage");  // the page was left, and this listens still
  const press = (event) => {
    if (over()) return;
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    const named = event.target.closest && event.target.closest("[data-go]");
    if (named && (event.key === "Enter" || event.key === " ")) return;  // its click follows
    event.preventDefault();
    act();
  };
  const click = (event) => {
    if (over()) return;
    const named = event.target.closest && event.target.closest("[data-go]");
    if (!named) return;
    const goal = named.dataset.go;
    if (goal === "full") full();
    else if (goal === "leave") leave();
    else go(goal === "next" ? at + 1 : goal === "back" ? at - 1 : Number(goal));
  };
  fit();
  window.addEventListener("resize", fit);
  document.addEventListener("keydown", press);
  document.addEventListener("click", click);
  root.dataset.stage = String(data.place);
  return () => {
    window.removeEventListener("resize", fit);
    document.removeEventListener("keydown", press);
    document.removeEventListener("click", click);
    delete root.dataset.stage;
  };
}
"""

_listener = st.components.v2.component("segkit_stage", js=_LISTEN)


def is_on() -> bool:
    """Whether a page is being presented."""
    return SHOW in st.query_params


def begin(page: str) -> None:
    """Present from a page on."""
    st.query_params[SHOW] = page


def names(pages: Sequence[Page]) -> bool:
    """Whether the address names one of the pages."""
    return st.query_params.get(SHOW) in [page.key for page in pages]


def leave() -> None:
    """Present no more."""
    st.query_params.pop(SHOW, None)


def show(pages: Sequence[Page], edition: Edition) -> None:
    """Present the page that the address names."""
    keys = [page.key for page in pages]
    place = keys.index(st.query_params[SHOW])
    st.html(f"<style>{_style('stage.css')}</style>")
    with st.container(key="stage"):
        draw(pages[place])
        st.html(_foot(pages, place, edition))

    def went() -> None:
        said = st.session_state.get("stage-keys")  # gone, when a key was pressed as the page was left
        goal = None if said is None else said.went
        if goal is None:
            return
        if goal < 0:
            leave()
        else:
            st.query_params[SHOW] = keys[int(goal)]

    data = {"place": place, "count": len(pages), "width": WIDTH, "height": HEIGHT}
    _listener(key="stage-keys", data=data, on_went_change=went, height=1)


def dress() -> None:
    """Give pages their look, on the stage and in a preview."""
    st.html(f"<style>{_style('content.css')}</style>")


@cache
def _style(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def draw(page: Page) -> None:
    """Draw one page as it is presented."""
    small = " small" if len(page.title) > SMALL_TITLE_FROM else ""
    kind = "cover" if page.key == "cover" else "plain"
    # a sentence of ours begins at the left, whatever name it begins with
    way = "auto" if page.finding else "ltr"
    title = f"<h1 class='stage-title{small}' dir='{way}'>{look.literal(page.title)}</h1>"
    subtitle = f"<p class='stage-sub'>{look.literal(page.subtitle)}</p>"
    st.html(f"<div class='stage-head {kind}'>{title}{subtitle}</div>")
    half = len(page.blocks) == 2
    spots = st.columns([6, 5], gap="large") if half else [st.container() for _ in page.blocks]
    for block, spot in zip(page.blocks, spots, strict=True):
        with spot:
            st.html(_block(block, page, half))


def _block(block: Block, page: Page, half: bool) -> str:
    if isinstance(block, Bars):
        height = min(_room(page), TALLEST_ROW * (len(block.rows) + 1))
        return f"<div style='height:{height}px'>{bars_html(block, page.title, half)}</div>"
    return _grid(block) if isinstance(block, Grid) else _listed(block)


def _room(page: Page) -> int:
    """Px that the head leaves of a page."""
    small = len(page.title) > SMALL_TITLE_FROM
    letters, line = (SMALL_LETTERS, SMALL_LINE) if small else (TITLE_LETTERS, TITLE_LINE)
    head = _lines(page.title, letters) * line + _lines(page.subtitle, SUBTITLE_LETTERS) * SUBTITLE_LINE
    return HEIGHT - head - AROUND


def _lines(text: str, letters: int) -> int:
    return min(-(-len(text) // letters), MOST_LINES)


def _grid(block: Grid) -> str:
    head = "".join(f"<th scope='col'>{look.literal(one)}</th>" for one in block.head)
    colours = block.colours or (-1,) * len(block.rows)
    rows = "".join(_row(row, colour) for row, colour in zip(block.rows, colours, strict=True))
    kind = "words" if block.wide >= 0 else "numbers"
    return f"<table class='stage-grid {kind}'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(row: Sequence[str], colour: int) -> str:
    dot = mark_colour(colour)
    cells = "".join(f"<td dir='auto'>{look.literal(one)}</td>" for one in row[1:])
    name = f"<i style='background:{dot}'></i><bdi>{look.literal(row[0])}</bdi>"
    return f"<tr><th scope='row'>{name}</th>{cells}</tr>"


def _listed(block: Lines) -> str:
    title = f"<h2 dir='auto'>{look.literal(block.title)}</h2>" if block.title else ""
    items = "".join(f"<li>{_item(one)}</li>" for one in block.items)
    return f"<div class='stage-lines'>{title}<ul>{items}</ul></div>"


def _item(text: str) -> str:
    """A line; what stands before a colon is its label."""
    label, colon, rest = text.partition(": ")
    return f"<b>{look.literal(label)}</b> {look.literal(rest)}" if colon else look.literal(text)


def _foot(pages: Sequence[Page], place: int, edition: Edition) -> str:
    """Where one is: a mark for each page, and buttons for who has no keyboard at hand."""
    marks = "".join(
        f"<button type='button' data-go='{at}' title='{look.literal(page.label)}' "
        f"aria-label='{look.literal(page.label)}'{' class=now' if at == place else ''}"
        f"{' aria-current=true' if at == place else ''}></button>"
        for at, page in enumerate(pages)
    )
    whom = edition.filters if edition.filters != "none" else plural(edition.customers, "customer")
    buttons = "".join(
        f"<button type='button' data-go='{goal}' title='{told}' aria-label='{told}'>{sign}</button>"
        for goal, sign, told in (
            ("back", "‹", "Back (left arrow)"),
            ("next", "›", "Next (right arrow)"),
            ("full", "<i></i>", "Full screen (f)"),
            ("leave", "✕", "Leave (Esc)"),
        )
    )
    return (
        f"<div class='stage-foot'><span class='whom' dir='auto'>{look.literal(whom)}</span>"
        f"<nav class='marks'>{marks}</nav><span class='where'>{place + 1} of {len(pages)}</span>"
        f"<nav class='buttons'>{buttons}</nav></div>"
    )
