"""Cells of a table on the page that can be clicked, or reached by keyboard and opened with Enter or Space.

Whatever on the page has a `data-cell` says its value to Python when it is clicked. The browser loads what
listens after the page itself, so a cell looks like a button (`style.css`) only once somebody listens.
"""

from collections.abc import Callable

import streamlit as st

_LISTEN = """
export default function ({ data, setTriggerValue }) {
  const show = () => document.querySelector(data.shows)?.scrollIntoView({ behavior: "smooth" });
  const tell = (event) => {
    const cell = event.target.closest && event.target.closest("[data-cell]");
    if (!cell || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    setTriggerValue("clicked", cell.dataset.cell);
    setTimeout(show, 700);  // by then what it opens is on the page
  };
  document.addEventListener("click", tell);
  document.addEventListener("keydown", tell);
  document.documentElement.dataset.cells = "listening";
  return () => {
    delete document.documentElement.dataset.cells;
    document.removeEventListener("click", tell);
    document.removeEventListener("keydown", tell);
  };
}
"""


_listener = st.components.v2.component("segkit_cells", js=_LISTEN)


def on_click(tell: Callable[[str], None], key: str, shows: str) -> None:
    """Call a function with the `data-cell` of whatever is clicked, and bring what it shows into sight.

    Parameters
    ----------
    tell : callable
    key : str
        Of the listener.
    shows : str
        Key of the part of the page that is opened.
    """

    def told() -> None:
        cell = st.session_state[key].clicked
        if cell:
            tell(cell)

    _listener(key=key, data={"shows": f".st-key-{shows}"}, on_clicked_change=told, height=1)
