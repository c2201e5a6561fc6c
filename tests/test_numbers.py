"""Numbers in the ways people write them: signs, groups, currencies, percent; and what only looks like one."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segkit.customers.columns.currencies import CURRENCIES, one_currency
from segkit.customers.columns.kinds import uses_decimal_comma
from segkit.customers.columns.numbers import LIKE_NUMBER, writing_of
from segkit.customers.columns.texts import shape_of
from tests.columns import changes, converted, held, keys, note, plain

# --- one number -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", 1234.5),
        ("1,234,567", 1234567),
        ("1 234.5", 1234.5),
        ("1\u00a0234.5", 1234.5),
        ("1\u202f234\u202f567", 1234567),
        ("1'234.50", 1234.5),
        ("1’234’567.5", 1234567.5),
        ("1,23,456.50", 123456.5),
        ("12,34,56,789", 123456789),
        ("+7", 7),
        ("-3", -3),
        ("−3", -3),
        ("– 3", -3),
        ("12-", -12),
        ("(1,234.50)", -1234.5),
        ("($12)", -12),
        ("$(12.50)", -12.5),
        ("-$12", -12),
        ("$-12", -12),
        ("5.", 5),
        (".5", 0.5),
        ("-.5", -0.5),
        ("1.5e3", 1500),
        ("1E+05", 100000),
        ("2e-05", 0.00002),
        ("12.5 %", 0.125),
        ("-12.5%", -0.125),
        ("(3%)", -0.03),
        ("%50", 0.5),
        ("$1,234.50", 1234.5),
        ("1,234.50 USD", 1234.5),
        ("US$ 5", 5),
        ("$5 USD", 5),
        ("CHF 1'234.–", 1234),
        ("Rs.500", 500),
        ("Rs. 1,00,000", 100000),
        ("kr. 500", 500),
        ("500 kr.", 500),
        ("₹5", 5),
        ("5 zł", 5),
        ("100 Kč", 100),
        ("5 лв", 5),
        ("¥1000", 1000),
        ("1000円", 1000),
    ],
)
def test_numbers_are_read_as_people_write_them(text, value):
    done = converted([text, text], kind="decimal-point number")
    assert plain(done) == [value, value]
    assert done.failed == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,50", 1234.5),
        ("1.234.567", 1234567),
        ("1 234,5", 1234.5),
        ("1'234,5", 1234.5),
        ("1,5e3", 1500),
        ("12,5 %", 0.125),
        ("1.234,50 €", 1234.5),
        ("€\u00a01.234,50", 1234.5),
        ("R$ 1.234,00", 1234),
        ("25,-", 25),
        ("25,– €", 25),
        (",5", 0.5),
    ],
)
def test_a_decimal_comma_is_read_where_it_is_plain(text, value):
    done = converted([text, text])
    assert (done.kind, done.detail) == ("number", "decimal comma")
    assert plain(done) == [value, value]


@pytest.mark.parametrize(
    "text",
    "12.31.2023|12-04|10:30|1/2|5 kg|1_000|--5|(5|5)|(-5)|1,2,3|1,23,45|5 EUR USD|$5%|level 5|1e|e5|1.2.3|"
    "+49 170 123 456|1 23 456|12 34|0x10|5 5|1.234.56|∞".split("|"),
)
def test_what_only_looks_like_a_number_is_none(text):
    assert writing_of(shape_of(text)) is None


@given(st.text("9e.,'’ +-−()%$€krusd\u00a0\u202f", max_size=14))
@settings(max_examples=200)
def test_the_pattern_that_spares_work_loses_no_number(shape):
    if writing_of(shape) is not None:
        assert pc.match_substring_regex(pa.array([shape]), LIKE_NUMBER)[0].as_py()


amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(
    st.lists(amounts, min_size=1, max_size=12), st.sampled_from([",", ".", " ", "\u202f", "’"]), st.booleans()
)
@settings(deadline=None, max_examples=75)
def test_amounts_come_back_exactly_however_they_are_grouped(values, thousands, brackets):
    decimal = "." if thousands == "," else ","

    def written(value):
        text = f"{abs(value):,.2f}".replace(",", "t").replace(".", decimal).replace("t", thousands)
        return f"(€ {text})" if brackets and value < 0 else f"-€{text}" if value < 0 else f"{text} €"

    done = converted([written(value) for value in values], "spend")
    assert (done.kind, done.currency, done.missing) == ("number", "EUR", 0)
    assert done.values.tolist() == [float(value) for value in values]


# --- the decimal sign -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (["12,5"], True),
        (["12.5"], False),
        (["1234,567"], True),
        (["0,123"], True),
        (["0.123"], False),
        (["1.234,5"], True),
        (["1,234,567"], False),
        (["1.234.567"], True),
        (["1,23,456"], False),
        (["1'234.567"], False),
        (["1,234", "1.234"], None),
        (["1,234", "7"], None),
        (["12 %", "5"], None),
    ],
)
def test_the_decimal_sign_is_told_by_numbers_that_can_only_be_read_with_it(values, told):
    assert uses_decimal_comma([held(values)]) is told


@pytest.mark.parametrize(
    ("text", "comma", "value", "other_kind"),
    [
        ("1,234", False, 1234.0, "decimal-comma number"),
        ("1,234", True, 1.234, "decimal-point number"),
        ("1.234", False, 1.234, "decimal-comma number"),
        ("1.234", True, 1234.0, "decimal-point number"),
    ],
)
def test_an_open_sign_follows_the_file_and_can_be_decided_otherwise(text, comma, value, other_kind):
    done = converted([text, "7"], "spend", comma=comma)
    assert plain(done) == [value, 7]
    told = note(done, "thousands")
    assert told.text.startswith(
        f"“{text}” was read as {value:g} in “spend”; nothing else in the column tells"
    )
    assert (told.check, told.ask) == (True, False)
    assert changes(told) == [{"kinds": {"spend": other_kind}}]
    again = converted([text, "7"], "spend", other_kind, comma=comma)
    assert plain(again) == [1.234 if value == 1234 else 1234, 7]
    assert (again.kind, again.notes) == ("number", ())


def test_where_the_file_does_not_tell_either_it_is_asked():
    told = note(converted(["1,234", "7"], "spend", comma=None), "thousands")
    assert told.ask
    assert "nothing else in the file tells" in told.text
    assert changes(told) == [
        {"kinds": {"spend": "decimal-comma number"}},
        {"kinds": {"spend": "decimal-point number"}},
    ]


@pytest.mark.parametrize("sign", [",", "."])
def test_many_thousands_beside_whole_numbers_leave_nothing_open(sign):
    thousands = [f"{place}{sign}{place * 7 + 100}" for place in range(1, 41)]
    done = converted([*thousands, "350", "47", "512"], "sales", comma=None)
    assert done.values.tolist()[0] == 1107
    assert keys(done) == []
    assert keys(converted(thousands, "sales", comma=None)) == ["thousands"]
    assert keys(converted([*thousands[:20], "350", "47", "512"], "sales", comma=None)) == ["thousands"]


def test_a_zero_in_front_has_no_thousands_behind_it():
    done = converted(["0,123", "1,234"])
    assert plain(done) == [0.123, 1.234]
    assert plain(converted(["0,123", "1,234"], kind="decimal-point number")) == [None, 1234]


# --- codes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (["01234", "99999", "5"], "x"),
        (["007", "8", "9"], "x"),
        (["1234567890123456", "2", "3"], "x"),
        (["1E5", "100000", "200000"], "x"),
        (["12", "13", "14"], "PLZ"),
        (["1E+5", "1E+6", "1E+7"], "sku"),
        (["0170 123 456", "0171 123 456", "0172 123 456"], "kontakt"),
        (["+49 170 123 456", "+49 171 123 456", "+49 172 123 456"], "kontakt"),
    ],
)
def test_codes_stay_text(values, name):
    done = converted(values, name)
    assert (done.kind, plain(done)) == ("text", values)


def test_one_number_written_as_science_does_lets_1e5_be_one_too():
    assert plain(converted(["1e5", "2.5e3", "1"], "spend")) == [100000, 2500, 1]
    assert plain(converted(["1e5", "1e+06", "1"], "spend")) == [100000, 1000000, 1]


# --- percent --------------------------------------------------------------------------------------


def test_percentages_are_fractions_and_it_is_said():
    done = converted(["12,5 %", "100 %", "7%"], "share")
    assert plain(done) == [0.125, 1, 0.07]
    told = note(done, "percent")
    assert told.text == "“12,5 %” was read as 0.125 in “share”: percentages are kept as fractions."
    assert (told.check, told.ask) == (False, False)


@pytest.mark.parametrize(
    ("values", "read"),
    [(["12%", "15%", "20"], [0.12, 0.15, 0.2]), (["12%", "0.15"], [0.12, 0.15])],
)
def test_percentages_beside_plain_numbers_are_a_question(values, read):
    done = converted(values, "share")
    assert plain(done) == read
    told = note(done, "percent")
    assert told.ask
    assert told.text.startswith("“share” mixes ")
    assert changes(told) == [{"kinds": {"share": "number"}}, {"kinds": {"share": "text"}}]
    settled = note(converted(values, "share", "number"), "percent")
    assert (settled.ask, changes(settled)) == (False, [{"kinds": {"share": "text"}}])


def test_zero_is_the_same_with_and_without_percent():
    assert not note(converted(["12%", "0"], "share"), "percent").ask


# --- currencies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "currency"),
    [
        (["€ 5", "6 €"], "EUR"),
        (["5 EUR", "€6"], "EUR"),
        (["$5", "$6"], "$"),
        (["$5", "6 USD"], "USD"),
        (["CA$5", "C$6"], "CAD"),
        (["5 kr", "6 SEK"], "SEK"),
        (["¥5", "¥6"], "¥"),
        (["5", "6"], ""),
    ],
)
def test_the_currency_of_a_column_is_told(values, currency):
    done = converted(values, "spend")
    assert (done.kind, plain(done), done.currency) == ("number", [5, 6], currency)
    assert keys(done) == (["currency"] if currency else [])


def test_amounts_without_a_sign_are_taken_for_the_same_currency_and_it_is_said():
    told = note(converted(["€ 5", "6", "7"], "spend"), "currency")
    assert told.text == (
        "Amounts in “spend” are in EUR: “€ 5” was read as 5. 2 amounts without a currency were "
        "taken as the same."
    )
    assert told.check


def test_a_mixture_of_currencies_is_no_number_until_the_user_says_so():
    done = converted(["$5", "€6", "€ 7"], "spend")
    assert (done.kind, plain(done), done.currency) == ("text", ["$5", "€6", "€ 7"], "")
    told = note(done, "currency")
    assert told.ask
    assert told.text.startswith(
        "“spend” mixes currencies: EUR (2 rows) and $ (1 row). It was not read as a number."
    )
    assert changes(told) == [{"kinds": {"spend": "number"}}, {"kinds": {"spend": "text"}}]
    taken = converted(["$5", "€6", "€ 7"], "spend", "number")
    assert plain(taken) == [5, 6, 7]
    assert not note(taken, "currency").ask


def test_currencies_with_different_decimal_signs_are_a_mixture_too():
    assert keys(converted(["$1,234.50", "1.234,50 €"], "spend")) == ["currency"]


def test_each_currency_is_written_in_one_way_only():
    written = [sign for _, signs in CURRENCIES for sign in signs.split()]
    assert len(written) == len(set(written))
    assert all(one_currency({code}) == code for code, _ in CURRENCIES)
    assert all(
        writing_of(f"{sign} 9").currency == code for code, signs in CURRENCIES for sign in signs.split()
    )


# --- negatives ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["(1,234.50)", "1,234.50-"])
def test_negatives_of_accounts_are_said(text):
    told = note(converted([text, "5.25"], "balance"), "negative")
    assert told.text == (
        f"“{text}” was read as −1234.5 in “balance”, as a negative number is written in accounts (1 cell)."
    )
    assert keys(converted(["-1,234.50", "−5.25"], "balance")) == []
