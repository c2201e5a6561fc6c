"""What people wrote about the segments they look at, kept between visits."""

from dataclasses import replace
from typing import Any

from pages.ui import look
from pages.ui.jobs import Found
from pages.ui.state import Loaded
from pages.ui.view import View
from segkit.errors import SegkitError
from segkit.library import written as library
from segkit.segments.segmentation import Segmentation


def written(view: View, part: str) -> Any:
    """One part of what was written about these segments, as plain JSON; None where nothing was."""
    return library.written(_key(view)).get(part)


def all_written(view: View) -> dict[str, Any]:
    """Everything that was written about these segments, by part."""
    return library.written(_key(view))


def write(view: View, part: str, value: Any) -> None:
    """Keep one part; when that cannot be done, say so."""
    try:
        library.write(_key(view), part, value)
    except SegkitError as problem:
        look.notice(str(problem), problem=True)


def with_written(table: Loaded, found: Found) -> Segmentation:
    """The segmentation with everything that was written about it, to be saved in one file."""
    return replace(found.segmentation, written=library.written(_key_of(table, found)))


def _key(view: View) -> str:
    return _key_of(view.table, view.found)


def _key_of(table: Loaded, found: Found) -> str:
    """The table and the plan: changes by hand keep the keys of segments, and with them what was written."""
    return f"{table.everyone.fingerprint}-{found.key}"
