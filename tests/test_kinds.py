"""A column's kind is what its texts are; what does not convert is counted, never dropped."""

import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segkit.customers.columns.kinds import (
    KINDS,
    Converted,
    convert,
    convert_all,
    failure_note,
    found_kind,
    moments,
    texts_of,
    uses_decimal_comma,
    uses_decimal_comma_in,
)
from segkit.customers.columns.texts import Texts
from segkit.errors import UnusableColumn
from tests.columns import changes, converted, held, keys, note, plain

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
        (["1E5", "100000"], "x", "category"),
        (["1.23E+12", "4.5E+11"], "customer id", "text"),
        (["$5", "€6", "$7"], "spend", "text"),
        (["None", "Null", "None", "Null", "Miller", "Miller"], "last_name", "text"),
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
    assert keys(done) == (["date-order"] if doubt else [])
    assert doubt in "".join(told.text for told in done.notes)


def test_two_orders_in_one_column_follow_the_majority_and_the_rest_is_counted():
    values = ["13/01/2024", "01/14/2024", "01/15/2024", "05/06/2024"] + ["01/20/2024"] * 30
    done = converted(values, "d")
    assert (done.detail, done.failed, done.examples) == ("month first", 1, ("13/01/2024",))
    assert done.values[3] == pd.Timestamp(2024, 5, 6)
    assert note(done, "date-order").text == (
        "Dates in “d” are written in both orders (1 surely day first, 32 surely month first); month first "
        "was assumed, and 1 cell that does not fit counts as missing."
    )
    assert keys(done) == ["date-order"]


def test_the_order_that_is_set_is_used_without_doubt():
    done = converted(["01/02/2024", "02/03/2024"], kind="month-first date")
    assert list(done.values.dt.month) == [1, 2]
    assert (done.kind, done.detail, done.notes) == ("date", "month first", ())


def test_days_that_no_calendar_has_become_gaps_that_are_counted():
    done = converted(["2024-02-29", "2023-02-29", "2024-13-01", "0000-01-01"])
    assert plain(done)[1:] == [None, None, None]
    assert (done.failed, done.examples) == (3, ("2023-02-29", "2024-13-01", "0000-01-01"))


def test_categories_keep_their_texts_without_outer_spaces():
    done = converted(["b ", " a", "b", "", "NA"], kind="category")
    assert plain(done) == ["b", "a", "b", None, "NA"]
    assert list(done.values.cat.categories) == ["NA", "a", "b"]
    assert (done.distinct, done.filled, done.top) == (3, 4, 2)


def test_an_unknown_kind_lists_those_there_are():
    with pytest.raises(
        UnusableColumn, match=r"“date-ish” is no kind of column. Choose one of number, yes/no"
    ):
        converted(["1"], kind="date-ish")


# --- laws -----------------------------------------------------------------------------------------


@given(cells, st.sampled_from([None, "category", "text"]))
@settings(deadline=None, max_examples=100)
def test_every_row_is_a_value_or_a_counted_gap(values, kind):
    done = converted(values, kind=kind)
    blank = sum(not value.strip() for value in values)
    assert len(done.values) == len(values)
    assert int(done.values.isna().sum()) == done.missing
    assert blank + done.failed <= done.missing
    assert done.kind in KINDS


@given(cells, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=75)
def test_row_order_changes_nothing(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    one, other = converted(values), converted([values[place] for place in order])
    assert (one.kind, one.detail, keys(one), one.failed) == (
        other.kind,
        other.detail,
        keys(other),
        other.failed,
    )
    assert (one.distinct, one.filled, one.top) == (other.distinct, other.filled, other.top)
    assert [plain(one)[place] for place in order] == plain(other) or one.kind == "yes/no"
    assert list(one.values.isna().to_numpy()[order]) == list(other.values.isna())


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=1, max_size=30))
@settings(deadline=None, max_examples=75)
def test_numbers_come_back_exactly(numbers):
    assert converted([repr(value) for value in numbers], kind="number").values.tolist() == numbers


@given(
    st.lists(st.dates(datetime.date(1000, 1, 1)), min_size=1, max_size=30),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y"]),
)
@settings(deadline=None, max_examples=75)
def test_dates_come_back_exactly(days, pattern):
    kind = "month-first date" if pattern.startswith("%m") else "day-first date"
    done = converted([f"{day:{pattern}}" for day in days], kind=kind)
    assert done.values.to_numpy().astype("datetime64[D]").astype(object).tolist() == days


# --- counts, so that nobody has to count again ----------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kind", "distinct", "filled", "top"),
    [
        (["1", "1.0", "2", "", "x"], "number", 2, 3, 2),
        (["2024-01-01", "1/1/2024", "2024-01-02", ""], "date", 2, 3, 2),
        (["yes", "Yes", "no", ""], "yes/no", 2, 3, 2),
        (["yes", ""], "yes/no", 1, 1, 1),
        (["a", "a ", "b", "", "-"], "category", 2, 3, 2),
        (["a", "a ", "A", "", "-"], "text", 3, 4, 2),
        (["", ""], "text", 0, 0, 0),
    ],
)
def test_different_values_are_counted_as_values_not_as_texts(values, kind, distinct, filled, top):
    done = converted(values, kind=kind)
    assert (done.distinct, done.filled, done.top) == (distinct, filled, top)
    assert done.missing == len(values) - filled


_MESSY = (
    "|NA|?|Yes|no|Maybe|1|0|3.5|1,5|1,234|1.234,5|0,123|007|1E5|1e+05|€ 5|$ 7|12 %|(5)|5-|−3"
    "|1 234|1’234| b |b"
    "|\u00a07\u00a0|café|None|Unknown|N/A|-|#N/A|999|-1|true|False|ja|Nein|2024-02-29|2024-02-30|31/12/2023"
    "|03/04/2025|03.04.25|12/31/2023 10:15 PM|3 avr. 2025|20250403|45000|1617181723|1900-01-01"
    "|2024-01-01T10:00:00Z|2024-01-01T10:00:00+02:00"
)
LONG = "a comment that is far longer than any number or date could be, so it has no shape of its own"
MESSY = [*_MESSY.split("|"), LONG]
messy = st.lists(st.sampled_from(MESSY), min_size=2, max_size=6).flatmap(
    lambda few: st.lists(
        st.one_of(
            st.sampled_from(few), st.sampled_from(MESSY), st.text("0123456789.,-/eE+ ab€%", max_size=9)
        ),
        min_size=1,
        max_size=40,
    )
)
NAMES = ("x", "signup_date", "customer id", "region", "birthday", "created time")


def in_every_form(values: list[str]) -> list[Texts]:
    """Every cell; different texts; as the reader gives them: plain, encoded, encoded in chunks."""
    array = pa.array(values, pa.string())
    middle = len(values) // 2
    return [
        Texts(pa.array([value.strip() for value in values], pa.string())),
        texts_of(pa.chunked_array([array])),
        texts_of(pa.chunked_array([array.dictionary_encode()])),
        texts_of(pa.chunked_array([array[:middle].dictionary_encode(), array[middle:].dictionary_encode()])),
    ]


@given(
    messy,
    st.sampled_from(NAMES),
    st.sampled_from([None, None, None, *KINDS]),
    st.sampled_from([None, False, True]),
    st.sampled_from([None, None, (), ("unknown", "999"), ("b", "1900-01-01")]),
    st.sampled_from([None, True, False]),
)
@settings(deadline=None, max_examples=150)
def test_a_column_is_the_same_in_whichever_form_it_comes(values, name, kind, comma, missing, day_first):
    def outcome(texts: Texts) -> Converted | str:
        try:
            return convert(texts, name, kind, comma, missing=missing, day_first=day_first)
        except UnusableColumn as problem:
            return str(problem)

    first, *others = map(outcome, in_every_form(values))
    for other in others:
        if isinstance(first, str) or isinstance(other, str):
            assert first == other
            continue
        pd.testing.assert_series_equal(first.values, other.values)
        assert fields_but_values(first) == fields_but_values(other)
    when = [moments(texts, name, missing=missing, day_first=day_first) for texts in in_every_form(values)]
    assert all(np.array_equal(when[0], other, equal_nan=True) for other in when[1:])


def fields_but_values(done: Converted) -> dict[str, object]:
    return {name: value for name, value in vars(done).items() if name != "values"}


@given(messy, st.sampled_from(NAMES), st.sampled_from([None, None, *KINDS]))
@settings(deadline=None, max_examples=120)
def test_counts_are_those_of_the_values(values, name, kind):
    try:
        done = converted(values, name, kind)
    except UnusableColumn:
        return
    counts = done.values.value_counts()
    assert done.distinct == (counts > 0).sum()
    assert done.top == counts.max() if len(counts) else done.top == 0
    assert done.filled == done.values.notna().sum() == len(values) - done.missing
    assert done.failed <= sum(bool(value.strip()) for value in values) - done.filled
    assert all(told.column == name and told.key and told.text.endswith(".") for told in done.notes)


@given(messy, st.sampled_from(NAMES))
@settings(deadline=None, max_examples=100)
def test_every_option_of_a_note_can_be_chosen(values, name):
    done = converted(values, name, comma=None)
    for told in done.notes:
        for option in told.options:
            kind = option.change.get("kinds", {}).get(name)
            missing = option.change.get("missing", {}).get(name)
            again = converted(values, name, kind, None, missing=missing)
            assert (kind or again.kind).endswith(again.kind)


# --- large columns --------------------------------------------------------------------------------


def test_large_columns_of_many_texts_are_read_like_small_ones():
    rows = 150_000
    amounts = [f"{place}.25" for place in range(rows)]
    done = converted(amounts, "spend")
    assert held(amounts).of_rows is None
    assert (done.kind, done.distinct, done.top, done.missing) == ("number", rows, 1, 0)
    assert done.values.to_numpy()[[0, 1, -1]].tolist() == [0.25, 1.25, rows - 0.75]


def test_large_columns_of_comments_are_text_without_looking_at_every_one():
    comments = [f"nice, {place} times" for place in range(200_000)]
    texts = held(comments)
    done = convert(texts, "comment")
    assert (done.kind, done.distinct, done.top) == ("text", 200_000, 1)
    assert "shapes" not in vars(texts)


def test_comments_behind_many_numbers_are_still_seen():
    values = [f"{place}.5" for place in range(140_000)] + [f"about {place}" for place in range(10_000)]
    assert converted(values).kind == "text"
    assert converted(values[:-4_000]).failed == 6_000


def test_ids_that_repeat_among_a_million_different_ones_are_counted_exactly():
    ids = [f"C-{place:06d}" for place in range(100_000)]
    done = converted([*ids, "C-000007", "C-000007", "C-000009", "", "a" * 50, "a" * 50], "customer id")
    assert (done.kind, done.distinct, done.top, done.filled, done.missing) == ("text", 100_001, 3, 100_005, 1)


def test_text_is_kept_as_it_is_without_a_copy():
    ids = pa.array([f"{place:08d}" for place in range(10_000)])
    done = convert(pa.chunked_array([ids]), "customer id")
    kept = pa.array(done.values.array)
    kept = kept.chunk(0) if isinstance(kept, pa.ChunkedArray) else kept
    assert str(done.values.dtype) == "str"
    assert kept.buffers()[2].address == ids.buffers()[2].address


def test_codes_that_no_row_has_do_not_count():
    column = pa.DictionaryArray.from_arrays(
        pa.array([2, 2, 1]), pa.array(["gone", "no", "yes", "no ", "maybe"])
    )
    done = convert(pa.chunked_array([column]), "x")
    assert (done.kind, plain(done), done.distinct) == ("yes/no", ["yes", "yes", "no"], 2)


def test_nulls_are_empty_cells():
    done = convert(pa.chunked_array([pa.array(["1", None, "2"])]), "x")
    assert (done.kind, plain(done), done.missing, done.failed) == ("number", [1.0, None, 2.0], 1, 0)


def test_a_column_without_rows_is_an_empty_category():
    for column in (pa.chunked_array([], pa.string()), pa.chunked_array([pa.array([], pa.string())])):
        done = convert(column, "x")
        assert (done.kind, len(done.values), done.missing, done.distinct) == ("category", 0, 0, 0)


# --- all columns of a file ------------------------------------------------------------------------


def columns(**texts: list[str]) -> tuple[list[pa.ChunkedArray], list[str]]:
    return [pa.chunked_array([pa.array(values)]) for values in texts.values()], list(texts)


def test_all_columns_are_converted_as_each_alone():
    arrays, names = columns(age=["34", "51"], plan=["a", "a"], joined=["2024-01-31", "x"], id=["007", "008"])
    done = convert_all(arrays, names, {"age": "category"}, None, {"joined": ("X",)})
    assert [one.kind for one in done] == ["category", "category", "date", "text"]
    assert (done[2].markers, done[2].failed) == (("x",), 0)


def test_dates_that_leave_their_order_open_follow_the_other_dates_of_the_file():
    arrays, names = columns(joined=["03/04/2025", "05/06/2025"], left=["12/31/2025", "01/02/2025"])
    joined, left = convert_all(arrays, names)
    assert (joined.detail, left.detail) == ("month first", "month first")
    told = note(joined, "date-order")
    assert not told.ask
    assert "as in the other dates of the file" in told.text
    assert changes(told) == [{"kinds": {"joined": "day-first date"}}]
    assert keys(left) == []


def test_dates_of_a_file_that_disagree_are_no_evidence():
    arrays, names = columns(a=["03/04/2025"], b=["12/31/2025"], c=["31/12/2025"])
    assert note(convert_all(arrays, names)[0], "date-order").ask


def test_an_impossible_choice_for_one_of_the_columns_is_said():
    arrays, names = columns(age=["34", "51"], plan=["a", "b"])
    with pytest.raises(
        UnusableColumn, match=r"No cell of column “plan” is a number \(it holds “a” and “b”\)"
    ):
        convert_all(arrays, names, {"plan": "number"})


def test_the_decimal_sign_of_a_file_is_told_by_the_numbers_beyond_doubt():
    arrays, _ = columns(a=["1,5", "2"], b=["1,234", "5,678"], c=["x", "y"])
    assert uses_decimal_comma_in(arrays) is True
    assert uses_decimal_comma([held(["1.5"]), held(["1,5"]), held(["2.5"])]) is False
    assert uses_decimal_comma_in(arrays[1:]) is None


def test_failures_are_said_with_examples():
    done = converted([*map(str, range(97)), "vague", "so so", "vague"], "score")
    said = "3 cells in “score” could not be read as number (“vague” and “so so”) and count as missing."
    assert failure_note("score", done) == said
    assert note(done, "not-converted").text == said
    assert changes(note(done, "not-converted")) == [{"kinds": {"score": "text"}}]


def test_the_kind_can_be_asked_for_alone():
    assert found_kind(held(["1", "2", "unknown"]), "x") == "number"
    assert found_kind(held(["1", "2", "unknown"] * 9), "x", missing=()) == "category"


# --- typed columns --------------------------------------------------------------------------------


def typed(values: list[object], name: str = "x", kind: str | None = None, **more: object) -> Converted:
    return convert(pa.chunked_array([pa.array(values)]), name, kind, **more)


def test_typed_columns_keep_their_types_and_are_counted():
    number = typed([1.5, 1.5, None, float("inf")])
    assert (number.kind, number.distinct, number.filled, number.top, number.missing) == ("number", 1, 2, 2, 2)
    flag = typed([True, False, None, True])
    assert (flag.kind, plain(flag), flag.distinct, flag.top) == ("yes/no", ["Yes", "No", None, "Yes"], 2, 2)
    day = typed([datetime.datetime(2024, 1, 31, 23, 59)] * 2 + [None])
    assert (day.kind, day.values[0], day.distinct, day.top) == ("date", pd.Timestamp(2024, 1, 31), 1, 2)


def test_typed_numbers_that_are_codes_or_days_are_read_as_that():
    assert plain(typed([1234567890123456789, 7], "customer id")) == ["1234567890123456789", "7"]
    assert typed([20250403, 20241231], "signup date").values[0] == pd.Timestamp(2025, 4, 3)
    assert typed([1, 0, 1], "x").kind == "yes/no"
    assert typed([20250403, 20241231], "amount").kind == "number"


def test_typed_columns_follow_what_the_user_sets():
    done = typed([18, 35, 999, 999, 52], "age")
    assert changes(note(done, "sentinel")) == [{"missing": {"age": ("999",)}}]
    again = typed([18, 35, 999, 999, 52], "age", missing=("999",))
    assert (again.kind, again.missing, again.failed, again.markers) == ("number", 2, 0, ("999",))
    assert typed([18, 35], "age", "text").values.tolist() == ["18", "35"]
    assert typed([18.5, 35], "age", "decimal-comma number").values.tolist() == [18.5, 35]
