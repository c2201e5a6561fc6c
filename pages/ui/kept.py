"""What people wrote about the segments they look at, kept between visits."""

from typing import Any

from pages.ui import look
from pages.ui.view import View
from segkit.errors import SegkitError
from segkit.library import written as library


def written(view: View, part: str) -> Any:
    """One part of what was written about these segments, as plain JSON; None where nothing was."""
    return library.written(_key(view)).get(part)


def write(view: View, part: str, value: Any) -> None:
    """Keep one part; when that cannot be done, say so."""
    try:
        library.write(_key(view), part, value)
    except SegkitError as problem:
        look.notice(str(problem), problem=True)


def _key(view: View) -> str:
    """The table and the plan: changes by hand keep the keys of segments, and with them what was written."""
    return f"{view.table.everyone.fingerprint}-{view.found.key}"
