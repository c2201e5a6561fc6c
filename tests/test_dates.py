"""Dates in the ways people and programs write them, in one order, and what else stands for days."""

import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segkit.customers.columns import dates
from segkit.customers.columns.date_names import is_birthday_name, is_date_name, is_time_name
from segkit.customers.columns.date_shapes import LIKE_DATE, MONTHS, layout_of
from segkit.customers.columns.kinds import moments
from segkit.customers.columns.texts import shape_of
from tests.columns import changes, converted, days, held, keys, note, plain


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """Two-digit years are read from this day."""
    monkeypatch.setattr(dates, "this_day", lambda: datetime.date(2025, 6, 15))


# --- one date -------------------------------------------------------------------------------------

_WRITTEN = """
2025-04-03|2025/4/3|2025.04.03|2025 04 03|2025-04-03 10:15|2025-04-03T10:15:30
2025-04-03 10:15:30.123456|2025-04-03T10:15:30Z|2025-04-03T10:15:30.123+02:00
2025-04-03 10:15:30+0200|2025-04-03 10:15:30 UTC|2025-04-03T10:15:30-05:00
2025-04-03 10:15:30 +00:00|2025-04-03T10:15:30+02:00[Europe/Berlin]|3 April 2025|3. April 2025
03-Apr-25|03-Apr-2025|3-apr-2025|April 3, 2025|APR 3 2025|Apr. 3, 2025|3rd of April 2025
April 3rd, 2025|3rd April 2025|03APR2025|2025-Apr-03|Thu, 03 Apr 2025 10:15:30 GMT
Thu Apr  3 10:15:30 2025|Thu Apr 03 2025 10:15:30 GMT+0200 (Central European Summer Time)
Thursday, April 3, 2025|03/Apr/2025:10:15:30 +0000|3 avr. 2025|3 avril 2025|jeudi 3 avril 2025
3 de abril de 2025|3 abr 2025|3 abr. 2025|3 aprile 2025|Do, 3. Apr. 2025|20250403|20250403101530
20250403T101530Z|20250403 10:15|2025年4月3日|3. 4. 2025|03.04.2025 10:15 Uhr|3/4/2025, 10:15
3/4/2025 10:15 AM|3/4/2025 1:15:30 p.m.|3/4/2025 1:15\u202fPM|3-4-2025|3 4 2025|3/4/25|03.04.25
3.4.2025 10h15
"""
WRITTEN = _WRITTEN.strip().replace("\n", "|").split("|")


@pytest.mark.parametrize("text", WRITTEN)
def test_dates_are_read_as_people_and_programs_write_them(text):
    done = converted([text, text], "joined", "day-first date")
    assert (done.kind, days(done)) == ("date", ["2025-04-03", "2025-04-03"])
    assert done.failed == 0


@pytest.mark.parametrize("text", WRITTEN)
def test_such_dates_are_known_by_themselves(text):
    assert converted([text, text], "signup date").kind == "date"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 janvier 2024", "2024-01-12"),
        ("12 févr. 2024", "2024-02-12"),
        ("3. März 2024", "2024-03-03"),
        ("3. MÄRZ 2024", "2024-03-03"),
        ("1er août 2024", "2024-08-01"),
        ("12 mei 2024", "2024-05-12"),
        ("12 maart 2024", "2024-03-12"),
        ("12 okt. 2024", "2024-10-12"),
        ("12 giugno 2024", "2024-06-12"),
        ("12 gen 2024", "2024-01-12"),
        ("12 de setembro de 2024", "2024-09-12"),
        ("12 out. 2024", "2024-10-12"),
        ("12 dez 2024", "2024-12-12"),
        ("12 de enero de 2024", "2024-01-12"),
        ("12 ene 2024", "2024-01-12"),
        ("12 dic. 2024", "2024-12-12"),
        ("12 déc. 2024", "2024-12-12"),
        ("12 juin 2024", "2024-06-12"),
        ("12 juil. 2024", "2024-07-12"),
    ],
)
def test_months_are_known_in_seven_languages(text, day):
    done = converted([text, text])
    assert (done.kind, days(done), done.notes) == ("date", [day, day], ())


@pytest.mark.parametrize(
    "text",
    "12:30|1.2.3|192.168.1.1|2025-04|April 2025|31.12-2025|10 12 24|2025-04-03-10|level 5"
    "|Apr-25|3/5|2025-W14".split("|"),
)
def test_what_only_looks_like_a_date_is_none(text):
    assert layout_of(shape_of(text)) is None


@given(st.text("9-/. :tz+apmr,年月日", max_size=20))
@settings(max_examples=200)
def test_the_pattern_that_spares_work_loses_no_date(shape):
    if layout_of(shape) is not None:
        assert pc.match_substring_regex(pa.array([shape]), LIKE_DATE)[0].as_py()


@pytest.mark.parametrize("text", WRITTEN)
def test_nor_one_of_those_that_people_write(text):
    assert pc.match_substring_regex(pa.array([shape_of(text)]), LIKE_DATE)[0].as_py()


def test_every_month_has_a_name_in_every_language():
    assert sorted(set(MONTHS.values())) == list(range(1, 13))
    for names in (
        "january february march april may june july august september october november december",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    ):
        assert [MONTHS[name] for name in names.split()] == list(range(1, 13))


# --- the order ------------------------------------------------------------------------------------


def test_an_open_order_is_asked_and_can_be_settled():
    done = converted(["03/04/2025", "05/06/2025"], "joined")
    told = note(done, "date-order")
    assert told.text == (
        "Dates in “joined” could be day first or month first; day first was assumed: "
        "“03/04/2025” was read as "
        "3 April 2025."
    )
    assert (told.check, told.ask) == (True, True)
    assert changes(told) == [
        {"kinds": {"joined": "day-first date"}},
        {"kinds": {"joined": "month-first date"}},
    ]
    for kind, first in (("day-first date", "2025-04-03"), ("month-first date", "2025-03-04")):
        again = converted(["03/04/2025", "05/06/2025"], "joined", kind)
        assert (days(again)[0], again.notes) == (first, ())


def test_the_other_dates_of_the_file_settle_it_and_it_is_still_said():
    done = converted(["03/04/2025"], "joined", day_first=False)
    assert (days(done), done.detail) == (["2025-03-04"], "month first")
    assert (note(done, "date-order").ask, note(done, "date-order").check) == (False, True)
    assert days(converted(["03/14/2025", "03/04/2025"], "joined", day_first=True)) == [
        "2025-03-14",
        "2025-03-04",
    ]


def test_dates_with_points_have_the_day_first_without_a_question():
    told = note(converted(["03.04.2025"], "joined"), "date-order")
    assert not told.ask
    assert "as dates with points are written" in told.text


def test_dates_in_the_other_order_than_the_one_chosen_are_counted():
    done = converted(["13/01/2024", "01/14/2024"], "d", "month-first date")
    assert (days(done), done.failed) == ([None, "2024-01-14"], 1)
    assert note(done, "date-order").text == (
        "Dates in “d” are written in both orders (1 surely day first, 1 surely month first); "
        "month first was chosen, "
        "and 1 cell that does not fit counts as missing."
    )


def test_dates_that_are_the_same_in_either_order_are_no_question():
    assert keys(converted(["03/03/2025", "05/05/2025"], "joined")) == []


def test_dates_that_a_spreadsheet_turned_around_are_told():
    source = [datetime.date(2024, 1, 1) + datetime.timedelta(17 * place) for place in range(24)]
    swapped = [
        f"{day.replace(month=day.day, day=day.month)}" if day.day <= 12 else f"{day:%d/%m/%Y}"
        for day in source
    ]
    told = note(converted(swapped, "joined"), "date-order")
    assert (told.check, told.ask) == (True, False)
    assert "a spreadsheet has probably exchanged day and month" in told.text
    assert keys(converted([*swapped, "2024-05-13"], "joined")) == []
    assert (
        keys(converted([f"{day}" if day.day <= 12 else f"{day:%d %B %Y}" for day in source], "joined")) == []
    )
    assert keys(converted(["2024-03-04", "31/12/2024"], "joined")) == []


def test_year_first_and_words_leave_no_order_open():
    assert keys(converted(["2025-04-03", "2025/05/06"])) == []
    assert keys(converted(["3 April 2025", "May 6, 2025"])) == []


@given(
    st.lists(
        st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1)), min_size=1, max_size=20
    ),
    st.sampled_from(
        [
            "%Y-%m-%d %H:%M:%S",
            "%d.%m.%Y %H:%M:%S",
            "%m/%d/%Y %I:%M:%S %p",
            "%d %B %Y %H:%M:%S",
            "%Y%m%dT%H%M%SZ",
        ]
    ),
)
@settings(deadline=None, max_examples=75)
def test_days_and_moments_come_back_exactly(when, pattern):
    texts = [f"{one:{pattern}}" for one in when]
    kind = "month-first date" if pattern.startswith("%m") else "day-first date"
    done = converted(texts, "seen", kind)
    assert days(done) == [f"{one:%Y-%m-%d}" for one in when]
    read = moments(held(texts), "seen", kind)
    assert read.tolist() == [one.replace(microsecond=0) for one in when]


# --- impossible dates -----------------------------------------------------------------------------


def test_dates_that_no_calendar_has_are_counted_and_told():
    values = ["2024-02-29", "2024-02-30", "2023-02-29", "2024-13-01", "0000-00-00", "1900-01-00", "vague"]
    done = converted(values, "d", "date")
    assert days(done) == ["2024-02-29", *[None] * 6]
    assert (done.failed, done.missing) == (6, 6)
    assert note(done, "date-impossible").text == (
        "5 dates in “d” are in no calendar (“2024-02-30”, “2023-02-29” and “2024-13-01”) and "
        "count as missing."
    )
    assert note(done, "not-converted").text.startswith("1 cell in “d” could not be read as date (“vague”)")


def test_times_that_no_clock_shows_are_impossible():
    done = converted(
        ["2024-01-31 25:00", "2024-01-31 10:60", "1/2/2024 13:00 PM", "2024-01-31 24:00"], "d", "date"
    )
    assert days(done) == [None, None, None, "2024-01-31"]


def test_numbers_that_only_look_like_dates_are_codes():
    assert converted([f"45-{place}-1234" for place in range(40, 80)]).kind == "text"
    assert converted(["45-88-1234", "46-99-1234"] * 9).kind == "category"
    assert converted(["1.2.10", "1.2.11", "1.3.10"]).kind == "text"
    assert converted(["1.2.10", "1.12.11", "31.3.10"], "Datum").kind == "date"


# --- years of two digits --------------------------------------------------------------------------


def test_years_of_two_digits_lie_at_most_ten_years_ahead():
    done = converted(["31/12/35", "31/12/36", "31/12/99", "31/12/00"], "renewal date")
    assert days(done) == ["2035-12-31", "1936-12-31", "1999-12-31", "2000-12-31"]
    told = note(done, "two-digit-year")
    assert told.text == (
        "Years of two digits in “renewal date” were read as 1936 to 2035: “31/12/35” was read "
        "as 31 December 2035."
    )
    assert told.check


def test_birthdays_are_never_ahead():
    done = converted(["14/06/25", "16/06/25", "31/12/26", "31/12/99"], "birthday")
    assert days(done) == ["2025-06-14", "1925-06-16", "1926-12-31", "1999-12-31"]
    assert "were read as 1926 to 2025, because no birthday is ahead" in note(done, "two-digit-year").text


# --- numbers that are days ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "name", "first"),
    [
        (["45750", "45751.75"], "signup date", "2025-04-03"),
        (["45750,5", "45751,75"], "Bestelldatum", "2025-04-03"),
        (["12000", "30000"], "Geburtsdatum", "1932-11-07"),
        (["1743675330", "1743675331"], "created_at", "2025-04-03"),
        (["1743675330123", "1743675331123"], "timestamp", "2025-04-03"),
        (["1743675330", "1743675331"], "time", "2025-04-03"),
        (["20250403", "20241231"], "joined", "2025-04-03"),
        (["20250403", "20241231"], "x", "2025-04-03"),
    ],
)
def test_numbers_are_days_where_the_name_or_all_of_them_say_so(values, name, first):
    done = converted(values, name)
    assert (done.kind, days(done)[0], done.missing) == ("date", first, 0)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (["45750", "45751"], "salary"),
        (["45750", "45751"], "data usage"),
        (["45750", "45751"], "last update"),
        (["1743675330", "1743675331"], "revenue"),
        (["20250403", "20251331"], "amount"),
        (["20250403", "18991231"], "x"),
        (["20250403", "20251231"], "spend"),
        (["2019", "2020"], "date"),
        (["12000", "30000"], "signup date"),
    ],
)
def test_other_numbers_are_numbers(values, name):
    assert converted(values, name).kind == "number"


def test_ids_that_look_like_days_are_text():
    assert converted(["20250403", "20241231"], "customer id").kind == "text"
    assert converted(["20250403", "20241231"] * 20, "branch code").kind == "category"


def test_what_numbers_were_taken_for_is_told_and_can_be_undone():
    told = note(converted(["45750", "45751"], "signup date"), "date-serial")
    assert told.text == (
        "2 numbers in “signup date” were taken for the serial days of a spreadsheet: “45750” "
        "was read as 3 April 2025."
    )
    assert changes(told) == [{"kinds": {"signup date": "number"}}, {"kinds": {"signup date": "text"}}]
    assert plain(converted(["45750", "45751"], "signup date", "number")) == [45750, 45751]
    assert "seconds since 1970 in UTC" in note(converted(["1743675330"], "created_at"), "date-serial").text
    assert "year, month and day without" in note(converted(["20250403"], "x"), "date-serial").text
    assert keys(converted(["20250403"], "joined")) == []


def test_serial_days_among_written_dates_are_dates():
    done = converted(["2025-04-03", "45750", "2025-04-05", "45752", "7"] * 20, "x", "date")
    assert days(done)[:5] == ["2025-04-03", "2025-04-03", "2025-04-05", "2025-04-05", None]
    assert (done.failed, done.examples) == (20, ("7",))
    assert note(done, "date-serial").text.startswith("40 numbers in “x” were taken for the serial days")
    assert converted(["2025-04-03", "45750", "45752"] * 5, "x").kind == "date"
    assert converted([*["45750", "45752"] * 50, "2025-04-03"], "salary").kind == "number"
    assert days(converted(["2025-04-03", "11037"], "Hire Date")) == ["2025-04-03", "1930-03-20"]


def test_where_the_user_says_date_numbers_are_read_as_days():
    assert days(converted(["45750", "12000"], "x", "date")) == ["2025-04-03", "1932-11-07"]
    assert days(converted(["20250403", "vague"], "x", "date")) == ["2025-04-03", None]


# --- times and zones ------------------------------------------------------------------------------


def test_moments_keep_the_time_of_day_in_utc_where_a_zone_is_written():
    values = [
        "2025-04-03 10:15",
        "2025-04-03T10:15:30+02:00",
        "2025-04-03T00:15:30+02:00",
        "2025-04-03T10:15:30Z",
        "2025-04-03 10:15:30 EST",
        "4/3/2025 12:05 AM",
        "4/13/2025 12:05 PM",
        "2025-04-03",
        "45750.5",
        "1743675330",
        "",
        "2025-02-30 10:00",
    ]
    read = moments(held(values[:8] + values[10:]), "opened", "month-first date")
    assert [None if np.isnat(one) else str(one) for one in read] == [
        "2025-04-03T10:15:00",
        "2025-04-03T08:15:30",
        "2025-04-02T22:15:30",
        "2025-04-03T10:15:30",
        "2025-04-03T15:15:30",
        "2025-04-03T00:05:00",
        "2025-04-13T12:05:00",
        "2025-04-03T00:00:00",
        None,
        None,
    ]
    assert str(moments(held(values[8:9]))[0]) == "2025-04-03T12:00:00"
    assert str(moments(held(values[9:10]))[0]) == "2025-04-03T10:15:30"


def test_moments_of_a_typed_column_are_its_own():
    when = datetime.datetime(2025, 4, 3, 10, 15, 30)
    assert moments(pa.chunked_array([pa.array([when, None])]))[0] == np.datetime64(when, "s")


def test_the_day_is_taken_as_written_and_the_zone_is_told():
    done = converted(["2025-04-03T00:15:00+02:00", "2025-04-04T23:15:00+02:00"], "seen")
    assert days(done) == ["2025-04-03", "2025-04-04"]
    assert note(done, "date-zone").text == (
        "Times in “seen” are in the zone +02:00. The day was taken as it is written."
    )
    assert not note(done, "date-zone").check


def test_several_zones_are_told_with_their_rows():
    done = converted(["2025-04-03T10:15:00Z", "2025-04-03T10:15:00+02:00", "2025-04-03T10:15:00"] * 2, "seen")
    told = note(done, "date-zone")
    assert told.check
    assert told.text == (
        "Times in “seen” are in several zones: UTC (2 rows), +02:00 (2 rows) and none (2 rows). "
        "The day was taken as it is written."
    )


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    "date|Signup Date|orderDate|Dt_Customer|created_at|createdAt|Fecha de alta|Bestelldatum"
    "|data|data_nascimento|day|"
    "Kunde seit|joined|timestamp|value date|dob|updated|expires on".split("|"),
)
def test_names_of_dates(name):
    assert is_date_name(name)


@pytest.mark.parametrize(
    "name",
    "update|candidate|data usage|data_mb|days since signup|x|revenue|date count|mandate|time|".split("|"),
)
def test_names_of_other_things(name):
    assert not is_date_name(name)


def test_names_of_times_and_birthdays():
    assert is_time_name("time")
    assert not is_time_name("time spent")
    assert is_birthday_name("Date of birth")
    assert is_birthday_name("Geburtstag")
    assert is_birthday_name("fecha_nacimiento")
    assert not is_birthday_name("signup date")


def test_the_frame_keeps_the_day_only():
    done = converted(["2025-04-03 23:59:59", ""])
    assert str(done.values.dtype) == "datetime64[s]"
    assert done.values[0] == pd.Timestamp(2025, 4, 3)
