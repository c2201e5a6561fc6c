"""The file of a report: one HTML file with everything in it, and a policy that lets nothing else in.

Plotly is packed inside: text of 1.9 MB instead of 4.8 MB, unpacked by the browser (every one can since 2023)
after the first page is on screen. Who has no script, or an older browser, reads the tables. The policy names
the three scripts of the file by their hashes, so that nothing else runs, whatever a name says.
"""

import base64
import gzip
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from plotly.offline import get_plotlyjs

from segkit.charts.frame import FONT
from segkit.charts.palette import LIGHT
from segkit.customers.table import Customers
from segkit.exports.html_report.markup import as_json, literal, name, quoted
from segkit.exports.html_report.reference import reference_sections
from segkit.exports.html_report.sections import COVER, Section, drawn, story_sections
from segkit.insights.edition import Edition
from segkit.insights.story.blocks import Lines, seen
from segkit.insights.story.pages import Page
from segkit.insights.story.telling import Story
from segkit.segments.segmentation import Segmentation
from segkit.segments.watching import Watch, unwatched

SCRIPTED = 'document.documentElement.classList.add("js");'


def report_html(
    story: Story, customers: Customers, segmentation: Segmentation, watch: Watch | None = None
) -> bytes:
    """Write a report.

    Parameters
    ----------
    story : Story
        As it is told: its pages are drawn in their order. What a person wrote for herself to say is left out.
    customers : Customers
        Whom it is about. Notes of reading and columns are told; no cell of a customer is.
    segmentation : Segmentation
        How the segments were made.
    watch : function, optional
        Told the steps.

    Returns
    -------
    bytes
        HTML in UTF-8, the same for the same input, about 2 MB.

    Notes
    -----
    Numbers in tables are there for programs too, to 12 digits as in kpis.csv: rows of all numbers have
    ``data-segment`` and ``data-kpi``, their cells ``data-value``, ``data-low``, ``data-high``, ``data-n``,
    ``data-coverage`` and ``data-verdict``; a number that is not shown has none. The script element with the
    id "plan" holds the plan as JSON.
    """
    tell = watch or unwatched
    tell("Drawing the pages", 0.0)
    told = story_sections(story.pages, story.kpis)
    tell("Writing all numbers", 0.5)
    behind = reference_sections(story, customers, segmentation)
    tell("Packing the report", 0.8)
    cover = _cover(story)
    body = (
        cover.html,
        _contents(told, behind),
        f"<main>{''.join(map(_section, told))}",
        f"<div id='reference'>{''.join(map(_section, behind))}</div></main>",
        f"<footer>{literal(story.edition.line)}</footer>",
    )
    return _document(story, "".join(body), [cover, *told], segmentation).encode()


# --- what stands on the first page ------------------------------------------------------------------


def _cover(story: Story) -> Section:
    """The title and what everything is about, whether or not the story has a cover."""
    page, about = _cover_page(story), story.edition
    said = f"<p class='kicker'>{literal(page.finding)}</p>" if page.finding else ""
    first = f"<p class='lead'>{literal(page.subtitle)}</p>" if page.subtitle else ""
    more = [one for one in page.blocks if not (isinstance(one, Lines) and one.title == seen(about.title))]
    html, figures = drawn(more, page, story.kpis, COVER)
    facts = "".join(
        f"<div><dt>{literal(label)}</dt><dd>{name(text)}</dd></div>" for label, text in about.facts
    )
    return Section(
        COVER,
        page.label,
        f"<header id='{COVER}'>{said}<h1{' dir=auto' if page.finding else ''}>{literal(page.title)}</h1>"
        f"{first}{html}<p class='edition'>{literal(about.title)}</p><dl>{facts}</dl></header>",
        figures,
    )


def _cover_page(story: Story) -> Page:
    """The cover of a story, or one that says what it is about where somebody left it out."""
    title = f"Customer segments: {story.edition.called}"
    return next((one for one in story.pages if one.key == COVER), Page(COVER, "Cover", title, "", ()))


def _contents(told: list[Section], behind: list[Section]) -> str:
    """The table of contents: beside the report where there is room, printed below the cover."""
    parts = (("The story", told), ("Behind it", behind))
    lists = "".join(
        f"<p>{title}</p><ol>{''.join(map(_link, sections))}</ol>" for title, sections in parts if sections
    )
    inside = f"<details open id='contents'><summary>Contents</summary>{lists}</details>"
    return f"<nav aria-label='Contents'>{inside}</nav>"


def _link(section: Section) -> str:
    return f"<li><a href='#{section.key}'>{literal(section.label)}</a></li>"


def _section(section: Section) -> str:
    return f"<section id='{section.key}' aria-labelledby='{section.key}-title'>{section.html}</section>"


# --- the file around it -----------------------------------------------------------------------------


def _document(story: Story, body: str, sections: Iterable[Section], segmentation: Segmentation) -> str:
    """Head, policy, style, what is read by people, and below it what is read by scripts."""
    figures = {
        key: {"wide": pair.wide.drawn, "narrow": pair.narrow.drawn}
        for section in sections
        for key, pair in section.figures.items()
    }
    script, (packed, plotly) = _beside("report.js"), _plotly()
    policy = _policy(_hash(SCRIPTED), _hash(script), plotly)
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta name='color-scheme' content='light'><meta name='referrer' content='no-referrer'>"
        f"<title>{quoted(_cover_page(story).title)}</title><style>{_style(story.edition)}</style><script>{SCRIPTED}</script></head>"
        f"<body>{body}"
        f"<script type='application/json' id='plan'>{as_json(segmentation.plan.to_dict())}</script>"
        f"<script type='application/json' id='figures'>{as_json(figures)}</script>"
        f"<script>{script}</script>"
        f"<script type='text/plain' id='plotly'>{packed}</script></body></html>\n"
    )


def _policy(*hashes: str) -> str:
    scripts = " ".join(f"'{one}'" for one in hashes)
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _plotly() -> tuple[str, str]:
    """Plotly, packed, and the hash that the policy knows it by."""
    source = get_plotlyjs()
    packed = gzip.compress(source.encode(), 9, mtime=0)
    return base64.b64encode(packed).decode(), _hash(source)


@cache
def _beside(file: str) -> str:
    return Path(__file__).with_name(file).read_text(encoding="utf-8")


def _style(about: Edition) -> str:
    """The look; on paper each page has its number and the version at its foot."""
    named = {
        "page": LIGHT.background,
        "card": LIGHT.card,
        "border": LIGHT.border,
        "line": LIGHT.gridline,
        "muted": LIGHT.muted,
        "text": LIGHT.text,
        "accent": LIGHT.accent,
    }
    colours = "".join(f"--seg-{key}:{colour};" for key, colour in named.items())
    version = "".join(one for one in about.version if one.isascii() and one.isalnum())
    foot = f"@page{{@bottom-left{{content:'Version {version}';}}}}"
    return f":root{{{colours}--seg-font:{FONT};}}{_beside('report.css')}{foot}"
