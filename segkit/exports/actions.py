"""Lists of whom an action is for, and the service brief as a page that prints."""

import html

import numpy as np
import pyarrow as pa

from segkit.charts.palette import LIGHT
from segkit.customers.table import Customers
from segkit.errors import UnusableBase
from segkit.exports.lists import table_csv, with_segments
from segkit.insights.brief import Brief
from segkit.measures.suppression import SMALLEST_SHOWN
from segkit.segments.segmentation import Assignment


def action_csv(
    customers: Customers, assignment: Assignment, whom: np.ndarray, action: str, group: str
) -> bytes:
    """Write the customers of an action as CSV, safe for spreadsheets.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table.
    whom : bool array
        Who is listed.
    action, group : str
        What is to be done, and which group this is: "treated", "holdout" or "reached". Columns of their own.

    Returns
    -------
    bytes
        CSV in UTF-8: the id, segment, segment_name, confidence, action, group, then the columns of the file.

    Raises
    ------
    UnusableBase
        There are fewer than 5 customers to list.
    """
    count = int(np.count_nonzero(whom))
    if count < SMALLEST_SHOWN:
        raise UnusableBase(
            f"Fewer than {SMALLEST_SHOWN} customers would be in this list. Take a larger group or "
            "another share."
        )
    table = with_segments(customers, assignment).filter(pa.array(whom))
    for place, (name, text) in enumerate((("action", action), ("group", group)), start=4):
        while name in table.column_names:
            name += " (of the play)"
        table = table.add_column(place, name, pa.array([text] * count, pa.string()))
    return table_csv(table)


# --- the brief --------------------------------------------------------------------------------------

_NOTHING_ELSE = (  # a file that somebody opens years later asks nothing of the network
    "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)
_STYLE = f"""
@page {{ size: A4; margin: 16mm; }}
body {{ font: 15px/1.45 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  color: {LIGHT.text}; max-width: 720px; margin: 32px auto; padding: 0 16px; }}
h1 {{ font-size: 26px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }}
h2 {{ font-size: 16px; margin: 18px 0 4px; }}
ul {{ margin: 0; padding-left: 20px; }}
li {{ margin-bottom: 3px; overflow-wrap: anywhere; }}
.size, footer {{ color: {LIGHT.muted}; margin: 0; }}
.priority {{ border-left: 4px solid {LIGHT.accent}; padding: 2px 0 2px 12px; margin: 14px 0; }}
.priority b {{ display: block; font-size: 18px; }}
footer {{ font-size: 12px; margin-top: 20px; border-top: 1px solid {LIGHT.border}; padding-top: 8px; }}
@media print {{ body {{ margin: 0; padding: 0; }} }}
"""


def brief_html(brief: Brief) -> bytes:
    """Write a service brief as one HTML page that needs nothing else and prints on one sheet.

    All text is escaped; nothing is asked of another machine.
    """
    name = html.escape(brief.segment.name)
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f"{_NOTHING_ELSE}<title>Service brief: {name}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{name}</h1>{_brief_body(brief)}</body></html>"
    ).encode()


def _brief_body(brief: Brief) -> str:
    """Write what stands below the name, as HTML; all text is escaped."""
    parts = "".join(
        f"<h2>{html.escape(title)}</h2><ul>{''.join(f'<li>{html.escape(line)}</li>' for line in lines)}</ul>"
        for title, lines in brief.parts
    )
    source = f"<footer>{html.escape(brief.source)}</footer>" if brief.source else ""
    return (
        f"<p class='size'>{html.escape(brief.size)}</p>"
        f"<p class='priority'><b>{html.escape(brief.priority)}</b>{html.escape(brief.why)}</p>"
        f"{parts}{source}"
    )
