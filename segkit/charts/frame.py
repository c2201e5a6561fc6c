"""What every chart shares: the finding as title, quiet axes, readable type, alternative text."""

import html
import textwrap
from dataclasses import dataclass

import plotly.graph_objects as go

from segkit.charts.palette import Theme

FONT = (
    "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"
)
TEXT_SIZE = 14
TITLE_SIZE = 18
WIDE, HALF = 96, 52  # characters of a title on a full and on half a page; plotly does not wrap titles
LABEL_WIDTH = 26


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure with the text that stands for it.

    Attributes
    ----------
    figure : plotly.graph_objects.Figure
    alt : str
        What the chart shows, for who cannot see it: its title and the extremes.
    """

    figure: go.Figure
    alt: str


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
    figure: go.Figure, title: str, subtitle: str, theme: Theme, height: int, width: int = WIDE
) -> go.Figure:
    """Put a figure into the product's frame: title, subtitle, colours, type and margins."""
    lines = textwrap.wrap(title, width) or [""]
    text = "<br>".join(f"<b>{plain(line)}</b>" for line in lines)
    notes = textwrap.wrap(subtitle, round(width * 1.4)) or [""]
    small = "<br>".join(plain(line) for line in notes)
    small = f"<span style='font-size:{TEXT_SIZE}px;color:{theme.muted}'>{small}</span>"
    top = 26 + 24 * len(lines) + 20 * len(notes)
    figure.update_layout(
        title={
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
        font={"family": FONT, "size": TEXT_SIZE, "color": theme.text},
        paper_bgcolor=theme.card,
        plot_bgcolor=theme.card,
        margin={"l": 16, "r": 40, "t": top + 8, "b": 24},
        height=height + top,
        showlegend=False,
        dragmode=False,
        hoverlabel={
            "font": {"size": TEXT_SIZE, "family": FONT, "color": theme.text},
            "bgcolor": theme.card,
            "bordercolor": theme.border,
            "align": "left",
        },
        modebar={
            "orientation": "v",
            "bgcolor": "rgba(0,0,0,0)",
            "color": theme.muted,
            "activecolor": theme.accent,
        },
    )
    figure.update_xaxes(
        gridcolor=theme.gridline, zerolinecolor=theme.border, linecolor=theme.border, automargin=True
    )
    figure.update_yaxes(
        gridcolor=theme.gridline, zerolinecolor=theme.border, linecolor=theme.border, automargin=True
    )
    return figure
