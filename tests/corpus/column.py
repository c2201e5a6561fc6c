"""One column beside the usual ones: how the files about numbers, dates and answers are made."""

from collections.abc import Sequence
from typing import Any

from tests.corpus.case import Case
from tests.corpus.truth import EXPECTED, ROWS, cycled, texts
from tests.corpus.writers import delimited

BESIDE = ("customer_id", "plan", "age")


def beside(name: str, cells: Sequence[str], rows: int = ROWS, delimiter: str = ",") -> bytes:
    """Write ids, plan and age, and the cells as one more column."""
    known = [row[: len(BESIDE)] for row in texts()]
    known += [[f"D{place:04}", *known[1 + place % ROWS][1:]] for place in range(ROWS, rows)]
    body = [[*row, cell] for row, cell in zip(known[1 : rows + 1], cells, strict=True)]
    return delimited([[*BESIDE, name], *body], delimiter)


def column_case(
    key: str,
    group: str,
    name: str,
    cells: Sequence[str],
    values: Sequence[object] | None,
    outcome: str = "accepted",
    *,
    rows: int = ROWS,
    kind: str = "",
    delimiter: str = ",",
    readings: Sequence[Sequence[object]] = (),
    **more: Any,
) -> Case:
    """Repeat cells down a column, and say what they are read as (None: whatever is not a lie)."""
    written = cycled(cells, rows)
    columns: dict[str, Sequence[object]] = {"age": EXPECTED["age"]} if rows == ROWS else {}
    if values is not None:
        columns[name] = cycled(values, rows)
    return Case(
        f"{key}.csv",
        group,
        lambda: beside(name, written, rows, delimiter),
        outcome,
        columns=columns,
        kinds={name: kind} if kind else {},
        readings=tuple({name: cycled(one, rows)} for one in readings),
        rows=rows,
        **more,
    )
