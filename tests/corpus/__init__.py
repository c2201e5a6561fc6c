"""A corpus of bad and messy files, each with what a careful reader must make of it.

All files are made by these modules, from seeds, and hold invented customers only. As a table of cases::

    from tests.corpus import CASES

As files, with a list of what is expected of each: ``python -m tests.corpus --out DIR``.
"""

from tests.corpus import (
    booleans,
    containers,
    dates,
    delimiters,
    encodings,
    hostile,
    ids,
    meaning,
    missing,
    numbers,
)
from tests.corpus.case import ANY, Case, OneOf

CASES: tuple[Case, ...] = (
    *delimiters.CASES,
    *encodings.CASES,
    *containers.CASES,
    *hostile.CASES,
    *ids.CASES,
    *numbers.CASES,
    *dates.CASES,
    *booleans.CASES,
    *missing.CASES,
    *meaning.CASES,
)

__all__ = ["ANY", "CASES", "Case", "OneOf"]
