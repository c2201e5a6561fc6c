"""Write the corpus into a folder: the files, one folder a group, and `expectations.json`."""

import argparse
import json
from collections import Counter
from pathlib import Path

from tests.corpus import CASES


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder; made if need be")
    groups = sorted({case.group for case in CASES})
    parser.add_argument("--group", action="append", choices=groups, help="only this group (repeatable)")
    chosen = parser.parse_args()
    cases = [case for case in CASES if case.group in (chosen.group or groups)]
    for case in cases:
        path = chosen.out / case.group / case.key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case.make())
    text = json.dumps([case.expectation() for case in cases], indent=1, ensure_ascii=False)
    chosen.out.joinpath("expectations.json").write_text(text, encoding="utf-8")
    for group, count in Counter(case.group for case in cases).items():
        print(f"{count:4} {group}")
    print(f"{len(cases):4} files in {chosen.out}")


if __name__ == "__main__":
    main()
