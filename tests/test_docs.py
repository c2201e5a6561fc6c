"""The examples of the manual say what the command line says; a line with … only stands for lines left out."""

import re
import shlex
from pathlib import Path

import pytest

from segkit.__main__ import main

ROOT = Path(__file__).parents[1]
CALL = ".venv/bin/python -m segkit "


def examples():
    """Every call in the manual, what it prints, and the JSON file that the page shows before it."""
    for page in sorted((ROOT / "docs").glob("*.md")):
        kept = ""
        for kind, text in re.findall(r"^```(\w*)\n(.*?)^```", page.read_text(), re.M | re.S):
            if kind == "json":
                kept = text
            elif not kind and text.startswith("$ " + CALL):
                for example in re.split(r"^\$ ", text, flags=re.M)[1:]:
                    call, printed = _parted(example.splitlines())
                    yield pytest.param(call, printed, kept, id=f"{page.stem}-{len(call)}-{call[1]}")


def _parted(lines):
    """The words of a call that may go over several lines, and the lines it prints."""
    for end in range(1, len(lines) + 1):
        try:
            words = shlex.split("\n".join(lines[:end]).replace("\\\n", " "))
        except ValueError:  # a quote that goes on
            continue
        if not lines[end - 1].endswith("\\"):
            return words[3:], [line for line in lines[end:] if line]
    raise AssertionError(f"No call in {lines}")


@pytest.mark.parametrize(("call", "printed", "kept"), list(examples()))
def test_an_example_prints_what_the_manual_says(call, printed, kept, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "changes.json").write_text(kept)
    main(call)
    output = "".join(capsys.readouterr())
    pattern = "".join(".*?" if line.strip() == "…" else re.escape(line) + r"\s*" for line in printed)
    if not re.fullmatch(pattern, output, re.S):
        assert output.splitlines() == printed


def test_the_manual_has_examples():
    assert len(list(examples())) >= 7
