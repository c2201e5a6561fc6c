"""A story as a person ordered and worded it: which pages, in which order, under which titles, what to say.

What she did is plain JSON; what makes no sense any more, such as a page of a segment that is gone, is left
out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from segkit.insights.story.blocks import seen
from segkit.insights.story.pages import Page

PART = "story"  # of what is kept of a segmentation
LONGEST_TITLE, LONGEST_NOTE = 200, 4_000  # characters; a longer title is no title


def arranged(pages: Sequence[Page], written: Any) -> tuple[Page, ...]:
    """The pages that are told, in their order and under their titles.

    Parameters
    ----------
    pages : sequence of Page
        All there are.
    written : mapping or None
        "order" (keys), "left_out" (keys), "taken" (keys of pages that are not told by themselves), "titles"
        and "notes" (texts by key).
    """
    kept = {page.key for page in pages if is_told(page, written)}
    return tuple(worded(page, written) for page in ordered(pages, written) if page.key in kept)


def ordered(pages: Sequence[Page], written: Any) -> tuple[Page, ...]:
    """All pages in a person's order; one that she has not seen yet comes after the one before it."""
    known = {page.key: page for page in pages}
    order = [key for key in dict.fromkeys(_texts(written, "order")) if key in known]
    if not order:
        return tuple(pages)
    for place, page in enumerate(pages):
        if page.key not in order:
            before = pages[place - 1].key if place else ""
            order.insert(order.index(before) + 1 if before else 0, page.key)
    return tuple(known[key] for key in order)


def is_told(page: Page, written: Any) -> bool:
    """Whether a page is told: as a person chose, else as is usual."""
    if page.key in _texts(written, "left_out"):
        return False
    return page.usual or page.key in _texts(written, "taken")


def worded(page: Page, written: Any) -> Page:
    """A page under a person's title and with what she wants to say; what the data say is kept beside it."""
    title = text_of(written, "titles", page.key)[:LONGEST_TITLE]
    said = text_of(written, "notes", page.key)[:LONGEST_NOTE]
    if title and title != page.title:
        page = replace(page, title=title, finding=page.title)
    return replace(page, said=said) if said else page


def text_of(written: Any, part: str, key: str) -> str:
    """A text that a person wrote for a page: of "titles" or "notes"; empty where there is none."""
    texts = written.get(part) if isinstance(written, Mapping) else None
    found = texts.get(key) if isinstance(texts, Mapping) else None
    return _lines_seen(found) if isinstance(found, str) else ""


def _lines_seen(text: str) -> str:
    return "\n".join(seen(line) for line in text.splitlines()).strip()


def _texts(written: Any, part: str) -> list[str]:
    found = written.get(part) if isinstance(written, Mapping) else None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def moved(pages: Sequence[Page], written: Any, key: str, by: int) -> dict[str, Any]:
    """What is written once a page has been moved by some places."""
    order = [page.key for page in ordered(pages, written)]
    place = order.index(key)
    order.insert(max(0, min(place + by, len(order) - 1)), order.pop(place))
    return _plain(written) | {"order": order}


def chosen(pages: Sequence[Page], written: Any, key: str, told: bool) -> dict[str, Any]:
    """What is written once a page was taken in or left out."""
    page = next(one for one in pages if one.key == key)
    out = [one for one in _texts(written, "left_out") if one != key]
    taken = [one for one in _texts(written, "taken") if one != key]
    if told and not page.usual:
        taken.append(key)
    if not told and page.usual:
        out.append(key)
    return _plain(written) | {"left_out": out, "taken": taken}


def reworded(written: Any, part: str, key: str, text: str) -> dict[str, Any]:
    """What is written once a title or a note of a page was changed; a blank one brings back what is usual."""
    plain = _plain(written)
    texts = dict(plain.get(part) or {}) | {key: text}
    return plain | {part: {name: one for name, one in texts.items() if one.strip()}}


def _plain(written: Any) -> dict[str, Any]:
    return dict(written) if isinstance(written, Mapping) else {}
