"""What people wrote about their segments: the words of a persona, actions they accepted, weights they set.

Kept apart from everything that is computed: one small JSON file for each segmentation of a table, in the
folder ``written`` of the one that ``SEGKIT_HOME`` names (default ``.segkit`` in the home folder). Whoever
opens the same table with the same plan finds it again.
"""

import json
import os
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segkit.customers.remembered import memory_file
from segkit.errors import UnusableSegmentation

_TURN = threading.Lock()  # reading, changing and writing a file is one step


def written(key: str) -> dict[str, Any]:
    """Look up everything that was written about a segmentation.

    Parameters
    ----------
    key : str
        Of the segmentation: letters, digits and hyphens.

    Returns
    -------
    dict of str to Any
        Plain JSON by part ("personas", "actions" …); empty where nothing was written.

    Raises
    ------
    ValueError
        The key has other characters.
    """
    file = _file(key)
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(key: str, part: str, value: Mapping[str, Any] | list[Any] | None) -> None:
    """Keep one part of what is written about a segmentation; None forgets it.

    Raises
    ------
    UnusableSegmentation
        The folder cannot be written; what was kept before stays.
    """
    with _TURN:
        parts = written(key) | {part: value}
        _replace(_file(key), {name: one for name, one in parts.items() if one is not None})


def _file(key: str) -> Path:
    if not key or not all(letter.isalnum() or letter == "-" for letter in key):
        raise ValueError(f"{key!r} names no segmentation")
    return memory_file().with_name("written") / f"{key}.json"


def _replace(target: Path, parts: dict[str, Any]) -> None:
    """Write all or nothing."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False, encoding="utf-8") as file:
            json.dump(parts, file, ensure_ascii=False, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, target)
    except OSError as problem:
        raise UnusableSegmentation(
            f"What you wrote could not be kept: {problem.strerror or 'the folder cannot be written'}. "
            "It is still on this page; ask whoever runs this app to make room in its folder."
        ) from problem
