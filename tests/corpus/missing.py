"""No answer: what surely means it, what may mean it, and real levels that only look like it."""

from functools import partial

from tests.corpus.case import Case
from tests.corpus.column import column_case

GROUP = "missing"
SURE = (
    "NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "nan", "-", "--", "?", ".", "Select", "missing",
    "unknown", "n.a.", "\\N", "k.A.", "(blank)", "not available", "<NA>",
)  # fmt: skip
CLEAR = ("NA", "n/a", "#N/A", "NULL", "-", "?", "Select")


def _number(place: int, marker: str) -> Case:
    return column_case(
        f"number_{place:02}",
        GROUP,
        "spend",
        ["12.50", marker, "99.95", "7.25", "120.75", "3.40"],
        [12.5, None, 99.95, 7.25, 120.75, 3.4],
        "warned",
        kind="number",
        notes=("missing:spend",),
    )


def _date(place: int, marker: str) -> Case:
    return column_case(
        f"date_{place:02}",
        GROUP,
        "signup_date",
        ["31/12/2023", marker, "15/01/2024", "28/02/2024"],
        ["2023-12-31", None, "2024-01-15", "2024-02-28"],
        "warned",
        kind="date",
        notes=("missing:signup_date",),
    )


def _category(place: int, marker: str) -> Case:
    """In a column of words a marker may be a real level: both readings are offered."""
    cells = ["North", marker, "South", "East", "South"]
    return column_case(
        f"category_{place:02}",
        GROUP,
        "region",
        cells,
        None,
        "warned|accepted",
        kind="category",
        notes=("missing-proposed|missing:region",),
        readings=[cells, [None if cell == marker else cell for cell in cells]],
    )


def _sentinel(key: str, cell: str, value: float) -> Case:
    """A number that no customer can have, in place of no answer: offered, not applied."""
    return column_case(
        key,
        GROUP,
        "tenure",
        ["34", "51", cell, "28", "77", "19"],
        [34, 51, value, 28, 77, 19],
        "warned|asked",
        kind="number",
        notes=("sentinel:tenure",),
        readings=[[34, 51, None, 28, 77, 19]],
        may=("negative",),
    )


_words = partial(column_case, group=GROUP, kind="category")
_numbers = partial(column_case, group=GROUP, kind="number")

CASES = (
    *(_number(place, marker) for place, marker in enumerate(SURE, start=1)),
    *(_date(place, marker) for place, marker in enumerate(CLEAR, start=1)),
    *(_category(place, marker) for place, marker in enumerate(CLEAR, start=1)),
    _numbers(
        "blanks",
        name="spend",
        cells=["1.50", "", "  ", "2.25"],
        values=[1.5, None, None, 2.25],
        may=("missing",),
    ),
    _words(
        "namibia",
        name="country",
        cells=["NA", "DE", "FR", "US"],
        values=["NA", "DE", "FR", "US"],
        outcome="accepted|warned",
        may=("missing-proposed",),
    ),
    _words(
        "no_offer",
        name="offer",
        cells=["None", "Gold", "Silver", "None"],
        values=["None", "Gold", "Silver", "None"],
        outcome="accepted|warned",
        may=("missing-proposed", "untold"),
    ),
    _words(
        "blank_words",
        name="region",
        cells=["North", "", "South", " "],
        values=["North", None, "South", None],
        may=("missing",),
    ),
    _numbers(
        "nines",
        name="tenure",
        cells=["34", "51", "999", "28", "77", "19"],
        values=[34, 51, 999, 28, 77, 19],
        outcome="warned|asked",
        notes=("sentinel:tenure",),
        readings=[[34, 51, None, 28, 77, 19]],
        rows=48,
    ),
    _numbers(
        "minus_one",
        name="visits",
        cells=["3", "-1", "14", "0", "7", "-1"],
        values=[3, -1, 14, 0, 7, -1],
        outcome="warned|asked",
        notes=("sentinel:visits",),
        readings=[[3, None, 14, 0, 7, None]],
        may=("untold", "negative"),
    ),
    _sentinel("minus_99", "-99", -99),
    _sentinel("minus_999", "-999", -999),
    _sentinel("nines_four", "9999", 9999),
    _numbers(
        "errors_of_a_sheet",
        name="spend",
        cells=["12.50", "#DIV/0!", "99.95", "7.25", "#REF!", "3.40", "#VALUE!"],
        values=[12.5, None, 99.95, 7.25, None, 3.4, None],
        outcome="warned",
        notes=("missing:spend",),
    ),
    _numbers(
        "ordinary_999",
        name="spend",
        cells=["999", "1000", "998", "1250", "640", "999", "1001", "720"],
        values=[999, 1000, 998, 1250, 640, 999, 1001, 720],
    ),
    _numbers(
        "ordinary_minus_one",
        name="balance",
        cells=["-1", "3", "-12", "-4", "0", "8", "-2"],
        values=[-1, 3, -12, -4, 0, 8, -2],
        may=("untold", "negative"),
    ),
    _numbers(
        "blanks_and_markers",
        name="spend",
        cells=["12.50", "NA", "", "?", "99.95", "7.25"],
        values=[12.5, None, None, None, 99.95, 7.25],
        outcome="warned",
        notes=("missing:spend",),
    ),
    column_case(
        "nothing_but_markers",
        GROUP,
        "remark_code",
        ["NA", "-", "?"],
        None,
        "accepted|warned",
        may=("missing", "missing-proposed", "empty", "untold", "personal"),
    ),
)
