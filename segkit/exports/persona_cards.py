"""Persona cards as HTML: for a page, and as a file of their own that needs nothing else.

Everything that comes from a file or a person is escaped; texts keep their lines and their direction.
"""

import html
from collections.abc import Sequence
from typing import Any

from segkit.charts.frame import FONT
from segkit.charts.palette import LIGHT, mark_colour
from segkit.insights.personas import FIELDS, Fact, Part, Persona, texts_of

DATA, PERSON = "From your data", "Written by you"
TOO_FEW = "Fewer than five customers: nothing is shown of so few."
NOTHING_WRITTEN = "Nothing yet."
POLICY = "default-src 'none'; style-src 'unsafe-inline'"

STYLE = """
.persona { border: 1px solid var(--seg-border); border-radius: 10px; overflow: hidden;
  background: var(--seg-card); color: var(--seg-text); font-size: 16px; line-height: 1.4; }
.persona header { padding: 16px 20px 12px; border-top: 8px solid; }
.persona h2 { font-size: 24px; line-height: 1.25; font-weight: 650; margin: 0; padding: 0;
  overflow-wrap: anywhere; }
.persona header p { margin: 4px 0 0; color: var(--seg-muted); font-size: 16px; }
.persona .sides { display: grid; grid-template-columns: 3fr 2fr; }
.persona section { padding: 12px 20px 16px; min-width: 0; }
.persona .person { background: var(--seg-written); border-left: 2px dashed var(--seg-border); }
.persona p.side { display: inline-block; font-size: 13px; font-weight: 650; margin: 0 0 8px;
  padding: 2px 10px; border-radius: 999px; border: 1px solid var(--seg-border); color: var(--seg-muted); }
.persona .parts { columns: 2; column-gap: 24px; }
.persona .part { break-inside: avoid; margin: 0 0 12px; }
.persona h3 { font-size: 16px; font-weight: 650; margin: 0 0 4px; padding: 0; }
.persona .fact { break-inside: avoid; }
.persona .part h3 { break-after: avoid; }
.persona .part dl { margin: 0; padding: 0; }
.persona dl dt { font-size: 14px; color: var(--seg-muted); margin: 0; padding: 0; font-weight: 400; }
.persona dl dd { margin: 0 0 6px !important; padding: 0; font-size: 16px; overflow-wrap: anywhere; }
.persona dd span { display: block; font-size: 14px; color: var(--seg-muted); }
.persona .person p.text { margin: 0 0 12px; white-space: pre-wrap; overflow-wrap: anywhere;
  font-size: 16px; }
.persona .person p.quote { font-style: italic; font-size: 18px; }
.persona footer { padding: 8px 20px; border-top: 1px solid var(--seg-border); color: var(--seg-muted);
  font-size: 13px; overflow-wrap: anywhere; }
@media screen { .persona .person p.text { max-height: 320px; overflow-y: auto; } }
@media screen and (max-width: 900px) {
  .persona .sides { grid-template-columns: 1fr; }
  .persona .parts { columns: 1; }
  .persona .person { border-left: 0; border-top: 2px dashed var(--seg-border); }
}
@media print {
  .persona { break-after: page; border: 0; font-size: 13px; print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
  .persona:last-child { break-after: auto; }
  .persona .sides { grid-template-columns: 2fr 1fr; }
  .persona .parts { columns: 3; column-gap: 16px; }
  .persona dl dd, .persona .person p, .persona .person p.text, .persona h3,
  .persona header p { font-size: 13px; }
  .persona dl dt, .persona dd span { font-size: 12px; }
  .persona .part { margin: 0 0 8px; break-inside: auto; }
  .persona dl dd { margin: 0 0 3px !important; }
  .persona .person { border-left: 2px dashed var(--seg-border); border-top: 0; }
}
"""
"""How cards look, with a page's colours as variables; `--seg-written` lies behind what a person wrote."""


def persona_card(persona: Persona, kept: Any, source: str = "") -> str:
    """Write one card.

    Parameters
    ----------
    persona : Persona
    kept : mapping of str to mapping of str to str, or None
        What was written, by segment and field.
    source : str
        What the data are about.

    Returns
    -------
    str
        An `article` of HTML, styled by `STYLE`.
    """
    colour = mark_colour(persona.segment.colour)
    parts = "".join(map(_part, persona.parts)) or f"<p>{html.escape(TOO_FEW)}</p>"
    foot = f"<footer>{html.escape(source)}</footer>" if source else ""
    return (
        f"<article class='persona'><header style='border-top-color:{colour}'>"
        f"<h2 dir='auto'>{html.escape(persona.segment.name)}</h2><p>{html.escape(persona.size)}</p></header>"
        f"<div class='sides'><section class='data'><p class='side'>{DATA}</p>"
        f"<div class='parts'>{parts}</div></section>"
        f"<section class='person'><p class='side'>{PERSON}</p>{_written(kept, persona)}</section></div>"
        f"{foot}</article>"
    )


def _part(part: Part) -> str:
    facts = "".join(map(_fact, part.facts))
    return f"<div class='part'><h3>{html.escape(part.title)}</h3><dl>{facts}</dl></div>"


def _fact(fact: Fact) -> str:
    note = f"<span>{html.escape(fact.note)}</span>" if fact.note else ""
    label, text = html.escape(fact.label), html.escape(fact.text)
    return f"<div class='fact'><dt>{label}</dt><dd>{text}{note}</dd></div>"


def _written(kept: Any, persona: Persona) -> str:
    texts = texts_of(kept, persona.segment.key)
    told = [
        f"<h3>{html.escape(field.label)}</h3>"
        f"<p dir='auto' class='text {field.key}'>{html.escape(texts[field.key])}</p>"
        for field in FIELDS
        if field.key in texts
    ]
    return "".join(told) or f"<p>{NOTHING_WRITTEN}</p>"


def personas_html(cards: Sequence[Persona], kept: Any, source: str = "") -> bytes:
    """Write all cards as one HTML file that needs nothing else; printed, it is a card a page.

    Returns
    -------
    bytes
        UTF-8. No script, and nothing from another address: its policy forbids both.
    """
    named = {"card": LIGHT.card, "border": LIGHT.border, "muted": LIGHT.muted, "text": LIGHT.text}
    variables = "".join(f"--seg-{name}:{colour};" for name, colour in named.items())
    body = "".join(persona_card(one, kept, source) for one in cards)
    document = (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Personas</title>"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'><style>"
        f":root{{{variables}--seg-written:#FFF9EC;}}@page{{size:A4 landscape;margin:10mm;}}"
        f"body{{font-family:{FONT};background:{LIGHT.background};margin:24px auto;max-width:1100px;}}"
        ".persona{margin:0 0 24px;}@media print{body{margin:0;max-width:none;background:none;}"
        f".persona{{margin:0;}}}}{STYLE}</style></head><body>{body}</body></html>"
    )
    return document.encode()
