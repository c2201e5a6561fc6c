"""What every chart shares: the finding as title, quiet axes, readable type, alternative text."""

import html
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from segkit.charts.palette import Theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

FONT = (
    "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"
)
TEXT_SIZE = 14
TITLE_SIZE = 18
SOURCE_SIZE = 13
WIDE, HALF = 96, 52  # characters of a title on a full and on half a page; plotly does not wrap titles
LABEL_WIDTH = 26


Numbers = pd.DataFrame
"""The numbers of a chart, one row a mark, columns named for people."""


Figure = dict[str, Any]
"""A figure as plotly writes it in JSON: a list of marks, `data`, and a `layout`.

Charts are built as such plain dictionaries: plotly's own objects check each value when it is set, which takes
ten times as long. `Chart.figure` checks them all.
"""


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure with the text that stands for it.

    Attributes
    ----------
    drawn : dict
        The figure.
    alt : str
        What the chart shows, for who cannot see it: its title and the extremes.
    """

    drawn: Figure
    alt: str

    @cached_property
    def figure(self) -> "go.Figure":
        """The figure as plotly's object, each of its values checked.

        Raises
        ------
        ValueError
            Where a name or a value is none that plotly knows.
        """
        import plotly.graph_objects as go  # only here: charts are drawn without it

        return go.Figure(self.drawn)


def sourced(chart: Chart, source: str, theme: Theme, width: int = WIDE) -> Chart:
    """Say under the title of a chart what it is about, as its picture may travel alone."""
    lines = textwrap.wrap(source, round(width * 1.4))
    small = "<br>".join(plain(line) for line in lines)
    small = f"<span style='font-size:{SOURCE_SIZE}px;color:{theme.muted}'>{small}</span>"
    layout = chart.drawn["layout"]
    more = 20 * len(lines)
    changed = {
        "title": layout["title"] | {"text": f"{layout['title']['text']}<br>{small}"},
        "height": layout["height"] + more,
        "margin": layout["margin"] | {"t": layout["margin"]["t"] + more},
    }
    return Chart({"data": chart.drawn["data"], "layout": layout | changed}, chart.alt)


def plain(text: str) -> str:
    """Make user text literal: plotly would read its tags as markup."""
    return html.escape(text, quote=False)


def wrapped(text: str, width: int = LABEL_WIDTH) -> str:
    """Break a label into lines of at most some characters; its text is literal.

    Examples
    --------
    >>> wrapped("Month-to-month, below senior age", 20)
    'Month-to-month,<br>below senior age'
    """
    return "<br>".join(plain(line) for line in textwrap.wrap(text, width, break_long_words=True)) or " "


def framed(
    data: list[dict[str, Any]],
    layout: dict[str, Any],
    title: str,
    subtitle: str,
    theme: Theme,
    height: int,
    width: int = WIDE,
    above: int = 0,
) -> Figure:
    """Put marks into the product's frame: title, subtitle, colours, type and margins.

    Parameters
    ----------
    data : list of dict
        The marks, as plotly writes them.
    layout : dict
        What this chart has of its own; it goes before the frame, part by part.
    title, subtitle : str
    theme : Theme
    height : int
        In px, without the title.
    width : int
        Characters of a title: `WIDE` or `HALF`.
    above : int
        Of the height, px between title and plot: room for what is written above columns.
    """
    lines = textwrap.wrap(title, width) or [""]
    text = "<br>".join(f"<b>{plain(line)}</b>" for line in lines)
    notes = textwrap.wrap(subtitle, round(width * 1.4)) or [""]
    small = "<br>".join(plain(line) for line in notes)
    small = f"<span style='font-size:{TEXT_SIZE}px;color:{theme.muted}'>{small}</span>"
    top = 26 + 24 * len(lines) + 20 * len(notes)
    frame: dict[str, Any] = {
        "title": {
            "text": f"{text}<br>{small}",
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": 16, "t": 20},
            "font": {"size": TITLE_SIZE, "color": theme.text},
        },
        "font": {"family": FONT, "size": TEXT_SIZE, "color": theme.text},
        "template": "none",
        "autotypenumbers": "strict",
        "hovermode": "closest",
        "paper_bgcolor": theme.card,
        "plot_bgcolor": theme.card,
        "margin": {"l": 16, "r": 40, "t": top + 8 + above, "b": 24},
        "height": height + top,
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {
            "font": {"size": TEXT_SIZE, "family": FONT, "color": theme.text},
            "bgcolor": theme.card,
            "bordercolor": theme.border,
            "align": "left",
        },
        "modebar": {
            "orientation": "v",
            "bgcolor": "rgba(0,0,0,0)",
            "color": theme.muted,
            "activecolor": theme.accent,
        },
        "xaxis": {},
        "yaxis": {},
    }
    merged = frame | {
        name: frame[name] | part if isinstance(frame.get(name), dict) else part
        for name, part in layout.items()
    }
    axis = {
        "gridcolor": theme.gridline,
        "zerolinecolor": theme.border,
        "zerolinewidth": 2,
        "linecolor": theme.border,
        "automargin": True,
    }
    for name in merged:
        if name.startswith(("xaxis", "yaxis")):
            merged[name] = axis | merged[name]
    return {"data": data, "layout": merged}


def rows_axis(names: Sequence[str]) -> dict[str, Any]:
    """The axis of a chart with one row for each of some names."""
    return {"tickvals": list(range(len(names))), "ticktext": list(names), "showgrid": False}


def beside(y: float, text: str) -> dict[str, Any]:
    """A text (HTML) at the right of the plot."""
    return {
        "text": text,
        "x": 1.01,
        "xref": "paper",
        "xanchor": "left",
        "y": y,
        "showarrow": False,
        "align": "left",
        "font": {"size": TEXT_SIZE},
    }
