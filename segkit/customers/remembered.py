"""What was set for a file once holds for the next file with the same columns.

Only names of columns and the choices made on them are kept, never a value: one small JSON file in the
folder that ``SEGKIT_HOME`` names (default ``.segkit`` in the home folder).
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from segkit.customers.choices import Choices, FileChoices

KEPT = 500  # kinds of files; the oldest go first
_OF_COLUMNS = [one.name for one in fields(Choices) if one.name not in FileChoices.__dataclass_fields__]


def memory_file() -> Path:
    """Where choices are kept."""
    return Path(os.environ.get("SEGKIT_HOME") or Path.home() / ".segkit") / "columns.json"


def remember(names: Sequence[str], choices: Choices) -> None:
    """Keep the choices made on the columns of a file; none at all forgets them.

    A folder that cannot be written is no reason to fail: then nothing is remembered.
    """
    with suppress(OSError):
        memory = _memory()
        memory.pop(_key(names), None)
        made = json.loads(choices.to_json())
        kept = {name: value for name, value in made.items() if name in _OF_COLUMNS}
        if kept:
            memory[_key(names)] = kept
        _write(dict(list(memory.items())[-KEPT:]))


def recalled(names: Sequence[str]) -> Choices:
    """Look up what was set for a file with these columns, in whatever order.

    Returns
    -------
    Choices
        The usual ones where nothing was set.
    """
    made = _memory().get(_key(names), {})
    with suppress(TypeError, AttributeError, ValueError):
        return Choices(**{name: _frozen(value) for name, value in made.items() if name in _OF_COLUMNS})
    return Choices()


def _frozen(value: Any) -> Any:
    """Turn the lists of JSON into tuples."""
    if isinstance(value, dict):
        return {name: _frozen(one) for name, one in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _key(names: Sequence[str]) -> str:
    return hashlib.blake2b(json.dumps(sorted(names)).encode(), digest_size=12).hexdigest()


def _memory() -> dict[str, Any]:
    try:
        memory = json.loads(memory_file().read_bytes())
    except (OSError, ValueError):
        return {}
    return memory if isinstance(memory, dict) else {}


def _write(memory: dict[str, Any]) -> None:
    """Write all or nothing: a file half written would lose everything that was remembered."""
    target = memory_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False, encoding="utf-8") as file:
        json.dump(memory, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, target)
