"""A figure that Streamlit takes as it is."""

from typing import Any

from plotly.basedatatypes import BaseFigure

from segkit.charts.frame import Figure


class Unchecked(BaseFigure):
    """Stands where Streamlit expects a figure of plotly's; a plain one it would check value by value.

    That takes 10 ms a chart, on every run of a page. The tests check each chart once, by `Chart.figure`.

    Parameters
    ----------
    drawn : Figure
        As `Chart.drawn` has it.
    """

    def __init__(self, drawn: Figure) -> None:
        object.__setattr__(self, "drawn", drawn)

    def to_dict(self) -> dict[str, Any]:
        """The figure as it came."""
        return self.drawn
