"""The tree of joins: which groups of customers are alike, and where it was cut into segments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from segkit.charts.frame import TEXT_SIZE, Chart, framed, wrapped
from segkit.charts.palette import BASE_GREY, Theme, segment_colour
from segkit.labels import listing, number, percent, plural
from segkit.segments.methods.ward import Merges
from segkit.segments.segmentation import Segment

LEAF_LETTERS = 8  # that fit under one leaf of twelve on a full page
MOST_LINES = 3  # of a name under its branch
HEADROOM = 1.08  # above the last join, where a cut gives one segment


def tree_chart(merges: Merges, count: int, theme: Theme, segments: Sequence[Segment] | None = None) -> Chart:
    """Draw the tree, the cut as a dashed line, and the branches under it in the colours of their segments.

    Parameters
    ----------
    merges : Merges
        With at least as many leaves as there are segments.
    count : int
        Number of segments.
    theme : Theme
    segments : sequence of Segment, optional
        The segment of each group of `merges.groups(count)`, for its name and colour; by default groups are
        numbered by size.
    """
    tree = _placed(merges, count)
    groups = 1 + max(tree.groups)
    shown = segments or [Segment(f"S{k + 1}", f"Segment {k + 1}", k) for k in range(groups)]
    names = [segment.name for segment in shown]
    marks = [
        _branch(lines, BASE_GREY if group is None else segment_colour(shown[group].colour))
        for group, lines in tree.branches().items()
    ]
    across = {"xref": "x domain", "yref": "y"}
    cut = {
        "type": "line",
        "x0": 0,
        "x1": 1,
        "y0": tree.cut,
        "y1": tree.cut,
        "line": {"color": theme.accent, "dash": "dash", "width": 2},
    }
    beside = {
        "text": "cut",
        "x": 1,
        "xanchor": "left",
        "y": tree.cut,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": TEXT_SIZE, "color": theme.accent},
    }
    layout = {
        "margin": {"r": 56, "b": 40 + 20 * MOST_LINES},
        "shapes": [cut | across],
        "annotations": [beside | across, *_labels(tree, names, theme)],
        "xaxis": {
            "tickvals": list(tree.across[: len(merges.sizes)]),
            "ticktext": [percent(share) for share in merges.shares],
            "showgrid": False,
            "zeroline": False,
            "automargin": False,
            "range": [-0.6, len(merges.sizes) - 0.4],
        },
        "yaxis": {
            "showticklabels": False,
            "showgrid": False,
            "zeroline": False,
            "range": [0, HEADROOM * max((*merges.heights, tree.cut))],
            "title": {
                "text": "How different they are",
                "font": {"size": TEXT_SIZE, "color": theme.muted},
                "standoff": 15,
            },
        },
    }
    title = f"Cutting here gives {plural(groups, 'segment')}"
    subtitle = (
        "Alike customers join first; the higher two branches join, the more they differ. "
        f"Below, the share of {number(sum(merges.sizes))} customers in each group"
    )
    figure = framed([*marks, _joins(merges, tree, theme)], layout, title, subtitle, theme, 340)
    return Chart(figure, _alt(title, merges, tree, names))


@dataclass(frozen=True)
class Placed:
    """Where everything stands: nodes are the leaves and then the joins.

    Attributes
    ----------
    across, up : tuple of float
        One per node.
    above : tuple of int
        The join over each node; the last node has none and names itself.
    groups : tuple of int
        The segment of each leaf.
    cut : float
    under : tuple of (int or None)
        The segment of each node; None above the cut.
    """

    across: tuple[float, ...]
    up: tuple[float, ...]
    above: tuple[int, ...]
    groups: tuple[int, ...]
    cut: float
    under: tuple[int | None, ...]

    def branches(self) -> dict[int | None, list[tuple[float, float, float, float]]]:
        """The lines (x, y, x, y) of each segment, and of what is above the cut."""
        lines: dict[int | None, list[tuple[float, float, float, float]]] = {}
        for node, over in enumerate(self.above):
            x, low, high, group = self.across[node], self.up[node], self.up[over], self.under[node]
            middle = low if group is None else min(high, self.cut)
            if group is not None and over != node:
                lines.setdefault(group, []).append((x, low, x, middle))
            if high > middle:
                lines.setdefault(None, []).append((x, middle, x, high))
            if over != node:
                lines.setdefault(self.under[over], []).append((x, high, self.across[over], high))
        return dict(sorted(lines.items(), key=lambda one: -1 if one[0] is None else one[0]))


def _placed(merges: Merges, count: int) -> Placed:
    """Place leaves from left to right and every join over the middle of what it joins."""
    leaves = len(merges.sizes)
    groups = merges.groups(count)
    across = [float(merges.left_to_right.index(leaf)) for leaf in range(leaves)]
    above = list(range(leaves + len(merges.pairs)))
    under: list[int | None] = list(groups)
    for place, (one, other) in enumerate(merges.pairs):
        across.append((across[one] + across[other]) / 2)
        above[one] = above[other] = leaves + place
        under.append(under[one] if under[one] == under[other] else None)
    return Placed(
        tuple(across),
        (0.0,) * leaves + merges.heights,
        tuple(above),
        groups,
        _cut(merges.heights, leaves - 1 - max(groups)),
        tuple(under),
    )


def _cut(heights: tuple[float, ...], joins: int) -> float:
    """Find the height in the middle between the last join made and the first that is not."""
    if joins >= len(heights):
        return HEADROOM * max(heights, default=1.0)
    return ((heights[joins - 1] if joins else 0.0) + heights[joins]) / 2


def _branch(lines: list[tuple[float, float, float, float]], colour: str) -> dict[str, Any]:
    """Draw lines as one trace; None lifts the pen."""
    return {
        "type": "scatter",
        "x": [x for start, _, end, _ in lines for x in (start, end, None)],
        "y": [y for _, start, _, end in lines for y in (start, end, None)],
        "mode": "lines",
        "line": {"color": colour, "width": 3},
        "hoverinfo": "skip",
    }


def _joins(merges: Merges, tree: Placed, theme: Theme) -> dict[str, Any]:
    """Put a dot on each join that says what is given up there."""
    leaves = len(merges.sizes)
    return {
        "type": "scatter",
        "x": list(tree.across[leaves:]),
        "y": list(tree.up[leaves:]),
        "mode": "markers",
        "marker": {"color": theme.muted, "size": 7},
        "customdata": [percent(share) for share in merges.lost],
        "hovertemplate": "Joining these gives up %{customdata} of all differences between customers"
        "<extra></extra>",
    }


def _labels(tree: Placed, names: list[str], theme: Theme) -> list[dict[str, Any]]:
    """Write names under the branches."""
    labels = []
    for group, name in enumerate(names):
        here = [tree.across[leaf] for leaf, own in enumerate(tree.groups) if own == group]
        lines = wrapped(name, LEAF_LETTERS * len(here) + 1).split("<br>")
        short = lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]}…"]
        labels.append(
            {
                "x": sum(here) / len(here),
                "y": 0,
                "yref": "paper",
                "yanchor": "top",
                "yshift": -26,
                "text": f"<b>{'<br>'.join(short)}</b>",
                "showarrow": False,
                "font": {"size": TEXT_SIZE, "color": theme.text},
            }
        )
    return labels


def _alt(title: str, merges: Merges, tree: Placed, names: list[str]) -> str:
    """Say how large the segments are and how much the last joins give up."""
    if not merges.lost:
        return f"{title}. All customers are alike."
    sizes = [0.0] * len(names)
    for share, group in zip(merges.shares, tree.groups, strict=True):
        sizes[group] += share
    held = [f"{name} {percent(size)}" for name, size in zip(names, sizes, strict=True)]
    last = percent(merges.lost[-1])
    return f"{title}: {listing(held, 12)} of customers. The last join gives up {last} of all differences."
