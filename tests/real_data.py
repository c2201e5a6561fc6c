"""Where the real customer files are: beside the project, never in it."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("SEGKIT_REAL_DATA") or PROJECT / ".." / "shared" / "datasets")


def real_file(*parts: str) -> Path:
    """Return the path of one real file, or skip the test with the place that was looked in."""
    path = FOLDER.joinpath(*parts)
    if not path.is_file():
        pytest.skip(f"real data absent: {path} (set SEGKIT_REAL_DATA to the folder that holds it)")
    return path
