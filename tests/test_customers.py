"""What is done with a table that was read: repeated ids, retention from dates, the base, quality, memory."""

import datetime

import numpy as np
import pandas as pd
import pytest

import segkit
from segkit.customers.base import Condition, choosable, restricted
from segkit.customers.choices import Choices
from segkit.customers.quality import column_quality
from segkit.customers.remembered import memory_file, recalled, remember
from segkit.customers.retention import as_of_day
from segkit.errors import UnusableBase, UnusableColumn
from segkit.insights.data_verdict import data_verdict
from tests.tables import csv_bytes, read_here, texts


def note(customers: segkit.Customers, key: str):
    return next(note for note in customers.notes if note.key == key)


# --- repeated ids ---------------------------------------------------------------------------------

REPEATED = csv_bytes(
    [
        ["customer_id", "plan", "age", "last_seen"],
        ["007", "a", "30", "2024-05-01"],
        ["8", "b", "40", "2024-01-01"],
        ["007", "c", "50", "2024-01-01"],
        ["007", "", "", "2024-03-01"],
    ]
)


def kept(way: str) -> list[list[str]]:
    customers = read_here(REPEATED, duplicates=way)
    columns = [
        customers.source.column(name).cast("string").to_pylist() for name in ("customer_id", "plan", "age")
    ]
    return list(map(list, zip(*columns, strict=True)))


def test_repeated_ids_are_asked_about_and_nothing_is_dropped_unasked():
    customers = read_here(REPEATED)
    asked = note(customers, "duplicate-ids")
    assert len(customers) == 4
    assert asked.ask
    assert asked.text.startswith(
        "1 id in “customer_id” occurs more than once, first “007” in rows 1, 3 and 4."
    )
    assert [option.change for option in asked.options] == [
        {"duplicates": "last"},
        {"duplicates": "first"},
        {"duplicates": "combine"},
    ]


def test_one_row_of_an_id_is_kept_and_the_others_set_aside():
    assert kept("first") == [["007", "a", "30"], ["8", "b", "40"]]
    assert kept("last") == [["007", "a", "30"], ["8", "b", "40"]]  # the latest date, not the last row
    customers = read_here(REPEATED, duplicates="first")
    assert [row["reason"] for row in customers.aside.to_pylist()] == ["same id as another row"] * 2
    assert "duplicate-ids" not in [one.key for one in customers.notes]


def test_combined_rows_have_means_and_the_last_filled_cells():
    assert kept("combine") == [["007", "a", "40.0"], ["8", "b", "40"]]


def test_an_unknown_way_is_refused():
    with pytest.raises(UnusableColumn, match="“drop” is no way to treat repeated ids"):
        read_here(REPEATED, duplicates="drop")


# --- retention from dates -------------------------------------------------------------------------


def from_dates(**choices) -> segkit.Customers:
    rows = [
        ["customer_id", "signup_date", "churn_date"],
        ["1", "2022-01-01", ""],  # stays
        ["2", "2022-01-01", "2024-06-01"],  # leaves in the window
        ["3", "2022-01-01", "2023-06-01"],  # left before it
        ["4", "2024-06-01", ""],  # came during it
        ["5", "2023-01-01", "2024-12-31"],  # leaves on its last day
        ["6", "2022-05-01", ""],
    ]
    return read_here(csv_bytes(rows), **choices)


def test_retention_from_a_churn_date_counts_those_who_could_be_observed():
    customers = from_dates()
    column = customers.with_role("retained")
    assert (column.name, column.derived) == ("Retained (from dates)", True)
    assert customers.frame[column.name].astype(object).fillna("?").tolist() == [
        "Yes",
        "No",
        "?",
        "?",
        "No",
        "Yes",
    ]
    said = note(customers, "retention-from-dates").text
    assert "of 4 customers there 365 days before 2024-12-31, 50\u202f% had not left by then." in said
    assert "2 customers could not be observed" in said


def test_the_window_and_the_day_can_be_set():
    customers = from_dates(retention_days=90, as_of="2024-07-31")
    assert customers.frame["Retained (from dates)"].astype(object).fillna("?").tolist() == [
        "Yes",
        "No",
        "?",
        "?",
        "Yes",
        "Yes",
    ]
    with pytest.raises(UnusableColumn, match="“yesterday” is no day"):
        from_dates(as_of="yesterday")


def test_planned_cancellations_do_not_move_the_day_that_counts():
    rows = [
        ["customer_id", "signup_date", "churn_date"],
        ["1", "2020-01-01", "2999-01-01"],
        ["2", "2020-01-01", ""],
    ]
    customers = read_here(csv_bytes([*rows, ["3", "2020-01-01", str(datetime.date.today())]]))
    assert as_of_day(customers) == np.datetime64(datetime.date.today())
    customers = read_here(csv_bytes([*rows, ["3", "2020-03-01", "2021-05-05"]]))
    assert as_of_day(customers) == np.datetime64("2021-05-05")  # whatever day it is
    customers = read_here(csv_bytes([rows[0], *([str(n), "", "2999-01-01"] for n in range(3))]))
    assert as_of_day(customers) == np.datetime64(datetime.date.today())


def test_retention_from_the_last_activity():
    today = datetime.date(2024, 12, 31)
    days = [0, 10, 89, 90, 200]
    rows = [["customer_id", "last_activity_date"]]
    rows += [[f"c{place}", str(today - datetime.timedelta(days=day))] for place, day in enumerate(days)]
    customers = read_here(csv_bytes(rows))
    assert list(customers.frame["Retained (from dates)"]) == ["Yes", "Yes", "Yes", "No", "No"]


def test_retention_from_activity_is_circular_where_recency_forms_the_segments():
    days = np.arange(60) * 5
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(60)],
            "last_activity_date": pd.Timestamp("2024-12-31") - pd.to_timedelta(days, "D"),
            "recency_days": days.astype(float),
            "age": 20.0 + np.arange(60) % 7,
        }
    )
    customers = segkit.read(frame)
    for dimension, verdicts in (("recency_days", {"circular"}), ("age", {"higher", "lower", "can't tell"})):
        segmentation = segkit.segment(customers, segkit.Plan((dimension,), n_segments=2))
        kpis = segkit.measure(customers, segmentation.assign(customers))
        assert {row.verdict for row in kpis.of("retention") if row.segment != "all"} <= verdicts


def test_a_column_that_says_who_stayed_goes_first():
    rows = [
        ["customer_id", "churned", "churn_date"],
        ["1", "yes", "2024-01-01"],
        ["2", "no", ""],
        ["3", "no", ""],
    ]
    customers = read_here(csv_bytes(rows))
    assert customers.with_role("churned").name == "churned"
    assert customers.with_role("retained") is None


# --- the base -------------------------------------------------------------------------------------


def people() -> segkit.Customers:
    rows = [["customer_id", "country", "age", "signup_date"]]
    rows += [
        [f"{n:03d}", ["DE", "FR", ""][n % 3], str(20 + n), f"2024-{1 + n % 12:02d}-01"] for n in range(24)
    ]
    return read_here(csv_bytes(rows))


@pytest.mark.parametrize(
    ("condition", "count", "words"),
    [
        (Condition("country", ("DE",)), 8, "country is DE"),
        (Condition("country", ("DE", "(missing)")), 16, "country is DE or (missing)"),
        (Condition("age", low="30", high="39"), 10, "age from 30 to 39"),
        (Condition("age", high="21.5"), 2, "age up to 21.5"),
        (Condition("signup_date", low="2024-11-01"), 4, "signup_date from 2024-11-01"),
    ],
)
def test_a_base_holds_whom_the_condition_names(condition, count, words):
    everyone = people()
    base = restricted(everyone, [condition])
    assert (len(base), base.base, len(base.frame), base.source.num_rows) == (count, words, count, count)
    assert base.fingerprint != everyone.fingerprint
    assert len(everyone) == 24


def test_conditions_are_met_together_and_ids_stay_with_their_rows():
    base = restricted(people(), [Condition("country", ("FR",)), Condition("age", low="38")])
    assert list(base.ids) == ["019", "022"]


def test_a_base_of_nobody_or_by_nothing_is_refused():
    with pytest.raises(UnusableBase, match=r"No customer is left where age from 99. Take one"):
        restricted(people(), [Condition("age", low="99")])
    with pytest.raises(UnusableBase, match="There is no column “planet”"):
        restricted(people(), [Condition("planet", ("Mars",))])
    with pytest.raises(UnusableBase, match=r"“old” is no limit for “age”. Give a number"):
        restricted(people(), [Condition("age", low="old")])


def test_ids_and_personal_data_are_no_way_to_choose():
    assert [column.name for column in choosable(people())] == ["country", "age", "signup_date"]


# --- quality --------------------------------------------------------------------------------------


def test_the_quality_of_each_column_is_told():
    quality = {one.column.name: one for one in column_quality(people())}
    assert quality["age"].range == "20 to 43"
    assert sum(quality["age"].distribution) == 24
    assert quality["country"].range == "DE and FR"
    assert quality["country"].distribution == (8, 8)
    assert quality["signup_date"].range == "2024-01-01 to 2024-12-01"


def test_personal_columns_are_not_shown():
    rows = [
        ["customer_id", "email", "age"],
        *([str(n), f"ann{n}@example.com", str(20 + n)] for n in range(30)),
    ]
    customers = read_here(csv_bytes(rows))
    assert customers.column("email").personal == "e-mail"
    assert customers.column("email").use != "dimension"
    assert column_quality(customers)[1].range == "hidden (e-mail)"
    assert "email" not in customers.default_dimensions


def test_the_verdict_says_what_can_be_told():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(400)],
            "age": rng.integers(18, 80, 400),
            "visits": rng.integers(0, 30, 400),
            "nps": rng.integers(0, 11, 400).astype(float),
            "csat": np.where(np.arange(400) < 60, rng.integers(1, 6, 400), np.nan),
        }
    )
    verdict = data_verdict(segkit.read(frame))
    assert verdict.level == "enough"
    assert verdict.can[0] == "400 customers are enough for segments from 2 dimensions."
    assert "NPS: 400 answers, a segment's is known within about ±16 points." in verdict.can
    assert verdict.cannot == ("CSAT: about 15 answers a segment, a hint and no more.",)
    few = data_verdict(segkit.read(frame.head(20)))
    assert (few.level, few.headline) == ("too few", "Too few customers to tell groups apart.")


# --- memory ---------------------------------------------------------------------------------------


def test_choices_on_columns_are_recalled_for_the_same_columns_in_any_order():
    made = Choices(roles={"x": "csat"}, missing={"x": ("?",)}, scales={"x": (1, 7)}, header=3, sheet="A")
    remember(["x", "y"], made)
    assert recalled(["y", "x"]) == Choices(roles={"x": "csat"}, missing={"x": ("?",)}, scales={"x": (1, 7)})
    assert recalled(["y", "z"]) == Choices()
    remember(["x", "y"], Choices())
    assert recalled(["x", "y"]) == Choices()


@pytest.mark.parametrize("content", ["", "[1]", "{", '{"a": 1}'])
def test_a_damaged_memory_remembers_nothing_and_is_mended(content):
    memory_file().parent.mkdir(parents=True, exist_ok=True)
    memory_file().write_text(content)
    assert recalled(["x"]) == Choices()
    remember(["x"], Choices(kinds={"x": "text"}))
    assert recalled(["x"]).kinds == {"x": "text"}


def test_values_are_never_remembered():
    customers = people()
    remember([column.name for column in customers.columns], Choices(roles={"age": "descriptor"}))
    assert "DE" not in memory_file().read_text()
    assert texts(customers)
