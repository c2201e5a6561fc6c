"""HTML that is made of text: whatever comes from a file or a person is literal."""

import html
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from segkit.charts.palette import mark_colour
from segkit.insights.story.blocks import seen

DIGITS = 12  # significant, as in kpis.csv; the rest is rounding
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_TURNED = re.compile(f"[{_RIGHT_TO_LEFT}]+(?:[\\s\u00a0]+[{_RIGHT_TO_LEFT}]+)*")


def literal(text: str) -> str:
    r"""Make text literal; words that are written from right to left turn nothing beside them around.

    Examples
    --------
    >>> literal("<b>\u202eR&D</b>")
    '&lt;b&gt;R&amp;D&lt;/b&gt;'
    >>> literal("NPS of \u0639\u0645\u064a\u0644: 61")
    'NPS of <bdi>عميل</bdi>: 61'
    """
    return _TURNED.sub(lambda found: f"<bdi>{found[0]}</bdi>", html.escape(seen(text)))


def quoted(text: str) -> str:
    """Make text literal for an attribute."""
    return html.escape(seen(text))


def name(text: str) -> str:
    """Make a name literal that stands alone, in its own direction."""
    return f"<bdi>{html.escape(seen(text))}</bdi>"


def exact(value: float) -> str:
    """Write a number for programs; empty where there is none."""
    return "" if not isfinite(value) else f"{value:.{DIGITS}g}"


def data(**values: float | str) -> str:
    """Write what programs read as attributes of a tag; a number that there is none of is left out."""
    told = {key: exact(value) if isinstance(value, int | float) else value for key, value in values.items()}
    return "".join(f' data-{key}="{quoted(value)}"' for key, value in told.items() if value)


def as_json(values: Any) -> str:
    r"""Write JSON that can stand inside a script: nothing in it ends the script, whoever wrote it.

    Examples
    --------
    >>> as_json({"a": "</script><!--", "b": float("nan"), "c": 1 / 3})
    '{"a":"\\u003c/script\\u003e\\u003c!--","b":null,"c":0.333333333333}'
    """
    text = json.dumps(_rounded(values), separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _rounded(values: Any) -> Any:
    """The same with numbers to `DIGITS`, none where there is no number."""
    if isinstance(values, dict):
        return {key: _rounded(value) for key, value in values.items()}
    if isinstance(values, list | tuple):
        return [_rounded(value) for value in values]
    if isinstance(values, float):
        return float(exact(values)) if isfinite(values) else None
    return values


# --- parts of a page --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes
    ----------
    html : str
    number : bool
        It holds a number and stands at the right.
    read : mapping
        What programs read of it: words to values.
    """

    html: str
    number: bool = False
    read: dict[str, float | str] = field(default_factory=dict)


def table(head: Sequence[str], bodies: Iterable[str], numbers: Collection[int] = (), kind: str = "") -> str:
    """A table.

    Parameters
    ----------
    head : sequence of str
    bodies : iterable of str
        What `row` wrote, or `group`.
    numbers : collection of int
        Places of columns that hold numbers.
    kind : str
        Its class.
    """
    cells = "".join(
        f"<th scope='col'{' class=number' if place in numbers else ''}>{literal(one)}</th>"
        for place, one in enumerate(head)
    )
    rows = "".join(bodies)
    inside = rows if rows.startswith("<tbody>") else f"<tbody>{rows}</tbody>"
    return (
        f"<div class='scroll'><table{f' class={kind}' if kind else ''}><thead><tr>{cells}</tr></thead>"
        f"{inside}</table></div>"
    )


def row(first: str, cells: Iterable[Cell], told: str = "", colour: int | None = None) -> str:
    """A row that its first cell names; with a dot where it is a segment's."""
    filled = "".join(
        f"<td{' class=number' if one.number else ''}{data(**one.read)}>{one.html}</td>" for one in cells
    )
    return f"<tr{told}><th scope='row'>{'' if colour is None else dot(colour)}{first}</th>{filled}</tr>"


def group(title: str, rows: Iterable[str], columns: int) -> str:
    """Rows below a heading of their own."""
    head = f"<tr class='group'><th scope='rowgroup' colspan='{columns}'>{literal(title)}</th></tr>"
    return f"<tbody>{head}{''.join(rows)}</tbody>"


def dot(colour: int) -> str:
    """A dot in a segment's colour, grey for none."""
    return f"<i class='dot' style='background:{mark_colour(colour)}'></i>"


def bullets(lines: Iterable[str]) -> str:
    """A list of sentences."""
    return f"<ul>{''.join(f'<li>{literal(line)}</li>' for line in lines)}</ul>"


def folded(title: str, inside: str) -> str:
    """Something that folds; who has no script sees it open."""
    return f"<details open data-folds><summary>{literal(title)}</summary>{inside}</details>"
