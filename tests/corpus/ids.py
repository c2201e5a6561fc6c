"""Ids are text: they come back as they stood, whatever they look like."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from tests.corpus.case import Case
from tests.corpus.truth import EXPECTED, ROWS, cycled, texts
from tests.corpus.writers import delimited

GROUP = "ids"
MANY = {name: EXPECTED[name] for name in ("age", "spend")}


def _with_ids(ids: Sequence[str], name: str) -> bytes:
    rows = texts()
    return delimited(
        [[name, *rows[0][1:]], *([one, *row[1:]] for one, row in zip(ids, rows[1:], strict=True))]
    )


def _ids(
    key: str, ids: Sequence[str], outcome: str = "accepted", name: str = "customer_id", **more: Any
) -> Case:
    values: list[object] = [one.strip() or None for one in ids]
    return Case(
        key,
        GROUP,
        partial(_with_ids, ids, name),
        outcome,
        columns={**MANY, name: values},
        kinds={name: "text"},
        roles={name: "customer_id"},
        **more,
    )


def _column(key: str, name: str, values: Sequence[str], **more: Any) -> Case:
    """A column beside the ids whose texts must stay."""
    rows = texts()
    cells = cycled(values)
    table = [[*rows[0], name], *([*row, cell] for row, cell in zip(rows[1:], cells, strict=True))]
    expected = {"columns": {**EXPECTED, name: cells}, **more}
    return Case(key, GROUP, partial(delimited, table), **{"outcome": "accepted", **expected})


LONG = [str(9_007_199_254_740_993 - place) for place in range(ROWS)]
LONGER = [f"{12_345_678_901_234_567_890 + place}" for place in range(ROWS)]
PLACES = range(1, ROWS + 1)
SURNAMES = ("None", "NA", "Null", "True", "Nan", "Yes", "No", "Miller", "Inf", "May")

CASES = (
    _ids("leading_zeros.csv", [f"{place:05}" for place in PLACES]),
    _ids(
        "some_leading_zeros.csv",
        [*(f"0{place}" for place in range(4)), *map(str, range(100, 100 + ROWS - 4))],
    ),
    _ids("exponents.csv", ["1E5", "100000", "1e5", "1E05", *(f"{place}E3" for place in range(2, ROWS - 2))]),
    _ids("beyond_floats.csv", LONG),
    _ids("beyond_integers.csv", LONGER, name="clientnum"),
    _ids(
        "na_and_none.csv",
        ["NA", "None", "null", "nan", "N/A", "-", "?", *map(str, range(ROWS - 7))],
        may=("missing-proposed",),
    ),
    _ids("point_zero.csv", [f"{1000 + place}.0" for place in PLACES]),
    _ids("with_letters.csv", ["A1", "0x1F", "12", "B-7", *(f"K{place}" for place in range(ROWS - 4))]),
    _ids(
        "like_dates.csv",
        ["1-2", "2024-01", "MAR1", "3/4", *(f"{place}-2024" for place in range(5, ROWS + 1))],
    ),
    _ids("thousands.csv", [f"{place},{place:03}" for place in PLACES]),
    _ids("apostrophes.csv", [f"'{place:05}" for place in PLACES]),
    _ids("signs.csv", [f"+{place}" for place in PLACES]),
    _ids("blanks_around.csv", [f" C{place} " for place in PLACES]),
    _ids("blanks_inside.csv", [f"{place} {place:03}" for place in PLACES]),
    _ids("hexadecimal.csv", [f"{place * 7919:08x}-{place:04x}" for place in PLACES]),
    _ids("other_scripts.csv", [f"客户{place}" for place in PLACES]),
    _ids("infinity.csv", ["inf", "Infinity", "1e999", *map(str, range(ROWS - 3))]),
    _ids("plain_numbers.csv", [str(place) for place in PLACES], name="id"),
    _ids(
        "twice.csv",
        ["C1", "C2", "C2", "C3", "C1", *(f"K{place}" for place in range(ROWS - 5))],
        "warned|asked",
        notes=("duplicate-ids",),
    ),
    _ids(
        "twice_but_for_case.csv",
        ["c1", "C1", *(f"K{place}" for place in range(ROWS - 2))],
        "accepted|warned",
        may=("duplicate-ids",),
    ),
    _ids(
        "missing.csv",
        ["C1", "", "C3", "", *(f"K{place}" for place in range(ROWS - 4))],
        "warned",
        notes=("missing-ids",),
    ),
    Case(
        "none_at_all.csv",
        GROUP,
        lambda: delimited([row[1:] for row in texts()]),
        "warned",
        columns={name: EXPECTED[name] for name in ("plan", "age", "spend", "churned")},
        notes=("id",),
    ),
    _column(
        "surnames.csv",
        "last_name",
        SURNAMES,
        kinds={"last_name": "text|category"},
        may=("personal", "missing-proposed"),
        never=("last_name",),
    ),
    _column(
        "post_codes.csv",
        "zip",
        ["01067", "10115", "80331", "20095"],
        kinds={"zip": "text|category"},
        may=("personal",),
    ),
    _column(
        "post_codes_without_zeros.csv",
        "zip_code",
        ["94720", "10115", "80331"],
        kinds={"zip_code": "text|category"},
        may=("personal",),
    ),
    _column(
        "plz.csv",
        "PLZ",
        ["94720", "10115", "80331"],
        kinds={"PLZ": "text|category"},
        may=("personal", "untold"),
    ),
    _column(
        "article_numbers.csv",
        "sku",
        ["4006381333931", "0012345678905", "9780306406157"],
        kinds={"sku": "text|category"},
        may=("personal", "untold"),
    ),
    _column(
        "versions.csv",
        "app_version",
        ["4.12.20", "4.11.3", "4.12.1", "4.9.10"],
        kinds={"app_version": "category|text"},
    ),
    _column(
        "addresses_of_machines.csv",
        "ip_address",
        ["10.0.0.1", "192.168.1.20", "172.16.5.4"],
        kinds={"ip_address": "category|text"},
        may=("personal", "untold"),
    ),
    _column(
        "bands.csv",
        "age_band",
        ["18-24", "25-34", "35-44", "5-10"],
        kinds={"age_band": "category"},
        may=("untold",),
    ),
    _column(
        "fractions.csv",
        "shoe_size",
        ["1/2", "3/4", "1-2", "10-11"],
        kinds={"shoe_size": "category"},
        may=("untold",),
    ),
)
