"""A column's kind is what its texts are; what does not convert is counted, never dropped."""

import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segkit.customers.kinds import KINDS, Converted, convert, texts_of
from segkit.errors import UnusableColumn

cells = st.lists(
    st.one_of(
        st.sampled_from(
            ["", "NA", "?", "Yes", "no", "1", "0", "3.5", "1,234", "2024-02-29", "31/12/2023", "a", " b "]
        ),
        st.text("0123456789.,-/eE+ ab", max_size=10),
    ),
    min_size=1,
    max_size=30,
)


def converted(values: list[str], name: str = "x", kind: str | None = None, comma: bool = False) -> Converted:
    return convert(texts_of(pa.chunked_array([pa.array(values).dictionary_encode()])), name, kind, comma)


def plain(done: Converted) -> list[object]:
    return [None if pd.isna(value) else value for value in done.values.tolist()]


# --- which kind -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "name", "kind"),
    [
        (["34", "51", ""], "age", "number"),
        (["1,234.50", "-3", "+7"], "balance", "number"),
        (["1E5", "2.5e3"], "spend", "number"),
        (["Yes", "No", ""], "x", "yes/no"),
        (["YES", "no", "?"], "x", "yes/no"),
        (["0", "1"], "x", "yes/no"),
        (["true", "FALSE"], "x", "yes/no"),
        (["1.0", "0.0"], "x", "yes/no"),
        (["Yes", "Yes"], "x", "category"),
        (["0", "1", "2"], "x", "number"),
        (["2024-01-31", "2024-02-01"], "x", "date"),
        (["31.12.2023", "1.1.2024"], "x", "date"),
        (["12/31/2023 10:15 PM", "1/1/2024 00:00"], "x", "date"),
        (["gold", "silver", "gold", "silver"], "plan", "category"),
        (["01234", "99999", "5"], "x", "text"),
        (["1234567890123456", "2", "3"], "x", "text"),
        (["01", "02", "01", "02"], "x", "category"),
        (["12", "13"], "zip code", "text"),
        (["1E5", "2E5"], "customer id", "text"),
        (["1.5", "2.5"], "mobile share", "number"),
        (["1", "2", "1"], "region", "category"),
        (["", "", ""], "x", "category"),
        (["NA", "-", "?"], "x", "category"),
    ],
)
def test_kind_is_found_from_the_texts_and_the_name(values, name, kind):
    assert converted(values, name).kind == kind


def test_a_text_for_every_customer_is_text_and_a_few_levels_are_a_category():
    assert converted([f"comment {place}" for place in range(60)]).kind == "text"
    assert converted([f"level {place % 50}" for place in range(100)]).kind == "category"
    assert converted([f"level {place % 51}" for place in range(200)]).kind == "text"


def test_a_column_is_of_a_kind_from_95_percent_on():
    numbers = [str(place) for place in range(19)]
    done = converted([*numbers, "unclear"])
    assert (done.kind, done.failed, done.missing, done.examples) == ("number", 1, 1, ("unclear",))
    assert converted([*numbers[:18], "unclear", "vague"]).kind == "text"


# --- values ---------------------------------------------------------------------------------------


def test_numbers_are_read_with_point_or_comma_and_thousands():
    assert plain(converted(["1,234.5", "-7", "+.5", ""])) == [1234.5, -7.0, 0.5, None]
    assert plain(converted(["1.234,5", "-7", "0,25"])) == [1234.5, -7.0, 0.25]
    assert plain(converted(["1.234", "7"])) == [1.234, 7.0]
    assert plain(converted(["1.234", "7"], comma=True)) == [1234.0, 7.0]
    assert plain(converted(["1,234", "7"])) == [1234.0, 7.0]
    assert plain(converted(["1,234", "7"], comma=True)) == [1.234, 7.0]


def test_the_way_a_doubtful_number_was_read_is_stated():
    assert converted(["1,234", "7"]).detail == "comma as thousands sign"
    assert converted(["1.234", "7"], comma=True).detail == "point as thousands sign"
    assert converted(["1,234", "7"], comma=True).detail == "decimal comma"
    assert converted(["1,234", "0.5"]).detail == ""


def test_both_decimal_signs_in_one_column_are_not_guessed_away():
    assert converted(["1,5", "2.5", "3.5"] * 5).kind == "category"
    done = converted(["1,5", "2.5", "3.5"] * 5, kind="number")
    assert (done.failed, done.examples, done.missing) == (5, ("1,5",), 5)


def test_infinite_and_huge_numbers_become_gaps_that_are_counted():
    done = converted([*map(str, range(97)), "inf", "-inf", "1e999", "nan"])
    assert (done.kind, done.failed, done.missing) == ("number", 3, 4)
    assert done.examples == ("inf", "-inf", "1e999")
    assert done.markers == ("nan",)
    assert np.isfinite(done.values.dropna()).all()


def test_yes_and_no_are_ordered_and_labelled_as_the_file_most_often_does():
    done = converted(["yes", "Yes", "Yes", "no", "NO", "no", ""])
    assert list(done.values.cat.categories) == ["no", "Yes"]
    assert done.values.cat.ordered
    assert list(done.values.cat.codes) == [1, 1, 1, 0, 0, 0, -1]


@pytest.mark.parametrize(
    ("values", "days", "detail", "doubt"),
    [
        (["2024-02-29", "2023-12-01"], ["2024-02-29", "2023-12-01"], "", ""),
        (["13/01/2024", "02/03/2024"], ["2024-01-13", "2024-03-02"], "day first", ""),
        (["01/13/2024", "02/03/2024"], ["2024-01-13", "2024-02-03"], "month first", ""),
        (
            ["01/02/2024", "02/03/2024"],
            ["2024-02-01", "2024-03-02"],
            "day first",
            "could be day first or month first",
        ),
        (["2024-01-13", "14/01/2024"], ["2024-01-13", "2024-01-14"], "day first", ""),
    ],
)
def test_dates_of_a_column_have_one_order_and_doubt_is_stated(values, days, detail, doubt):
    done = converted(values)
    assert list(done.values.dt.strftime("%Y-%m-%d")) == days
    assert done.detail == detail
    assert doubt in done.doubt
    assert bool(done.doubt) == bool(doubt)


def test_two_orders_in_one_column_follow_the_majority_and_the_rest_is_counted():
    values = ["13/01/2024", "01/14/2024", "01/15/2024", "05/06/2024"] + ["01/20/2024"] * 30
    done = converted(values)
    assert (done.detail, done.failed, done.examples) == ("month first", 1, ("13/01/2024",))
    assert done.values[3] == pd.Timestamp(2024, 5, 6)
    assert done.doubt.format(name="d") == (
        "Dates in “d” are written in both orders (1 surely day first, 32 surely month first); month first "
        "was assumed. Change the kind of the column if that is wrong."
    )


def test_the_order_that_is_set_is_used_without_doubt():
    done = converted(["01/02/2024", "02/03/2024"], kind="month-first date")
    assert list(done.values.dt.month) == [1, 2]
    assert (done.kind, done.detail, done.doubt) == ("date", "month first", "")


def test_days_that_no_calendar_has_become_gaps_that_are_counted():
    done = converted(["2024-02-29", "2023-02-29", "2024-13-01", "0000-01-01"])
    assert plain(done)[1:] == [None, None, None]
    assert (done.failed, done.examples) == (3, ("2023-02-29", "2024-13-01", "0000-01-01"))


def test_categories_keep_their_texts_without_outer_spaces():
    done = converted(["b ", " a", "b", "", "NA"], kind="category")
    assert plain(done) == ["b", "a", "b", None, "NA"]
    assert list(done.values.cat.categories) == ["NA", "a", "b"]


def test_an_unknown_kind_lists_those_there_are():
    with pytest.raises(
        UnusableColumn, match=r"“date-ish” is no kind of column. Choose one of number, yes/no"
    ):
        converted(["1"], kind="date-ish")


# --- laws -----------------------------------------------------------------------------------------


@given(cells, st.sampled_from([None, "category", "text"]))
@settings(deadline=None, max_examples=200)
def test_every_row_is_a_value_or_a_counted_gap(values, kind):
    done = converted(values, kind=kind)
    blank = sum(not value.strip() for value in values)
    assert len(done.values) == len(values)
    assert int(done.values.isna().sum()) == done.missing
    assert blank + done.failed <= done.missing
    assert done.kind in KINDS


@given(cells, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=150)
def test_row_order_changes_nothing(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    one, other = converted(values), converted([values[place] for place in order])
    assert (one.kind, one.detail, one.doubt, one.failed) == (
        other.kind,
        other.detail,
        other.doubt,
        other.failed,
    )
    assert [plain(one)[place] for place in order] == plain(other) or one.kind == "yes/no"
    assert list(one.values.isna().to_numpy()[order]) == list(other.values.isna())


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=1, max_size=30))
@settings(deadline=None, max_examples=150)
def test_numbers_come_back_exactly(numbers):
    assert converted([repr(value) for value in numbers], kind="number").values.tolist() == numbers


@given(
    st.lists(st.dates(datetime.date(1000, 1, 1)), min_size=1, max_size=30),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y"]),
)
@settings(deadline=None, max_examples=150)
def test_dates_come_back_exactly(days, pattern):
    kind = "month-first date" if pattern.startswith("%m") else "day-first date"
    done = converted([f"{day:{pattern}}" for day in days], kind=kind)
    assert done.values.to_numpy().astype("datetime64[D]").astype(object).tolist() == days
