"""Triggers: exact days, laws, and the same lists counted again with plain pandas."""

import datetime
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import segkit
from segkit.charts.palette import LIGHT
from segkit.charts.trigger_charts import calls_chart, picture_numbers, segment_numbers, time_numbers
from segkit.customers.base import Condition, restricted
from segkit.customers.joins.together import put_together
from segkit.customers.reading import opened
from segkit.errors import UnusablePlan
from segkit.exports.triggers import calls_csv, calls_table, counts_csv
from segkit.insights.trigger_text import calls_headline, left_out_text, time_title, today_text
from segkit.insights.triggers.calls import HORIZONS, calls
from segkit.insights.triggers.days import days_without_year, next_yearly
from segkit.insights.triggers.found import find_play
from segkit.insights.triggers.own import OwnTrigger, named_apart, own_from, own_triggers
from segkit.insights.triggers.people import consent, left
from segkit.insights.triggers.seen import today
from segkit.insights.triggers.table import TRIGGERS, watch
from segkit.measures.kpis import by_column
from tests.real_data import real_file

DAY = "2026-09-30"


def days(*texts):
    return np.array(texts, "datetime64[D]")


def read(day=DAY, roles=None, **columns):
    """A table of customers with an id and two groups, counted to a day."""
    count = len(next(iter(columns.values())))
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{place:04d}" for place in range(count)],
            "group": [("a", "b")[place % 2] for place in range(count)],
        }
        | columns
    )
    return segkit.read(frame, roles=roles, choices=segkit.Choices(as_of=day))


def found(customers, key, **options):
    """What one trigger found; None where it is not watched."""
    looked = watch(customers, **options).watched
    return next((one.found for one in looked if one.trigger.key == key), None)


def due(customers, key, **options):
    """The days of one trigger, as texts."""
    return found(customers, key, **options).due.astype(str).tolist()


def listed(customers, **options):
    """Customers by trigger, for everyone."""
    called = calls(watch(customers), by_column(customers, "group"), **options)
    return dict(zip([one.trigger.key for one in called.watch.watched], called.totals.tolist(), strict=True))


@pytest.fixture(scope="module")
def joined():
    """The sample company with its orders, survey answers and tickets."""
    files = []
    for name in ("customers", "orders", "surveys", "tickets"):
        path = Path(f"data/sample/{name}.csv")
        text, content = opened(path)[:2]
        files.append((path.name, text, content))
    return put_together(files).customers


@pytest.fixture(scope="module")
def told(joined):
    """Calls of the sample company, by the stage of the journey."""
    return calls(watch(joined), by_column(joined, "journey_stage"))


# --- the calendar -------------------------------------------------------------------------------------


def one_by_one(born: datetime.date, day: datetime.date) -> datetime.date:
    """The next day like it, tried year by year."""
    for year in (day.year, day.year + 1):
        try:
            then = born.replace(year=year)
        except ValueError:
            then = datetime.date(year, 2, 28)
        if then >= day:
            return then
    raise AssertionError


@pytest.mark.parametrize(
    "day", ["2024-02-28", "2024-02-29", "2024-03-01", "2026-12-31", "2027-01-01", "2027-02-28", "1999-06-15"]
)
def test_the_next_day_of_the_year_is_that_of_a_calendar(day):
    born = pd.date_range("1967-12-01", "1972-03-02").to_numpy().astype("datetime64[D]")
    expected = [one_by_one(one, datetime.date.fromisoformat(day)) for one in born.tolist()]
    assert next_yearly(born, np.datetime64(day)).tolist() == expected


def test_who_was_born_on_a_leap_day_is_greeted_a_day_early_and_never_late():
    customers = read(birthday=pd.to_datetime(["1980-02-29", "1980-02-28", "1980-03-01"]))
    assert due(customers, "birthday", day=datetime.date(2027, 2, 20)) == [
        "2027-02-28",
        "2027-02-28",
        "2027-03-01",
    ]
    assert due(customers, "birthday", day=datetime.date(2028, 2, 28))[0] == "2028-02-29"
    assert due(customers, "birthday", day=datetime.date(2027, 3, 1))[0] == "2028-02-29"


def test_a_year_ends_between_today_and_the_birthday():
    customers = read("2026-12-31", birthday=pd.to_datetime(["1990-12-31", "1990-01-01", "1990-12-30"]))
    assert due(customers, "birthday") == ["2026-12-31", "2027-01-01", "2027-12-30"]


def test_birthdays_without_a_year_count_and_placeholders_do_not():
    born = pd.to_datetime(["1604-10-05", "1900-01-01", "2026-12-24", "1900-10-06", None, "1985-10-07"])
    one = found(read(birthday=born), "birthday")
    assert one.due.astype(str).tolist() == ["2026-10-05", "NaT", "NaT", "2026-10-06", "NaT", "2026-10-07"]
    assert one.aside == "1 date in the future and 1 date on 1 January over 120 years ago; left out."


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["--02-29", "--1-5", "--13-01"], ["2000-02-29", "2000-01-05", "NaT"]),
        (["29.02.", "1. 3.", "31.4."], ["2000-02-29", "2000-03-01", "NaT"]),
        (["29/02", "03/04"], ["2000-02-29", "2000-04-03"]),
        (["02/29", "03/04"], ["2000-02-29", "2000-03-04"]),
        (["03/04", "05/06"], ["NaT", "NaT"]),  # nothing tells which part is the day
        (["13/04", "04/13"], ["NaT", "NaT"]),  # both ways at once
    ],
)
def test_days_and_months_alone_are_read_where_their_order_is_told(texts, expected):
    assert days_without_year(pd.Series(texts)).astype(str).tolist() == expected


def test_birthdays_of_day_and_month_are_watched():
    one = found(read(birthday=["05.10.", "29.02.", "soon"] * 4), "birthday")
    assert one.due[:3].astype(str).tolist() == ["2026-10-05", "2027-02-28", "NaT"]


def test_a_day_is_the_one_that_was_written_whatever_its_time_zone():
    texts = ["2026-12-31T23:30:00-05:00", "2026-12-31T00:30:00+09:00", "2027-01-01T00:10:00Z"] * 4
    assert due(read("2026-12-30", renewal_date=texts), "renewal")[:3] == [
        "2026-12-31",
        "2026-12-31",
        "2027-01-01",
    ]
    zoned = pd.date_range("2026-12-31 23:00", periods=4, freq="30min", tz="America/New_York")
    assert due(read("2026-12-30", renewal_date=zoned), "renewal") == ["2026-12-31"] * 2 + ["2027-01-01"] * 2


def test_anniversaries_count_whole_years():
    signup = [
        "2024-02-29",
        "2024-10-01",
        "2026-09-30",
        "2026-10-02",
        "1900-01-01",
        "2021-09-30",
        "2021-09-29",
    ]
    customers = read(signup_date=pd.to_datetime(signup))
    one = found(customers, "anniversary")
    assert one.due.astype(str).tolist() == [
        "2027-02-28",
        "2026-10-01",
        "2027-09-30",  # signed up today: a year from now
        "NaT",
        "NaT",
        "2026-09-30",
        "2027-09-29",
    ]
    assert one.words(np.array([0, 1, 2, 5, 6])) == [
        "3 years with you",
        "2 years with you",
        "1 year with you",
        "5 years with you",
        "6 years with you",
    ]
    assert one.aside == "1 date in the future and 1 date more than 100 years ago; left out."


def test_renewals_ahead_count_and_the_past_and_placeholders_are_counted_apart():
    dates = ["2026-09-29", "2026-09-30", "2026-10-29", "2026-10-30", "9999-12-31", None, "1970-01-01"]
    customers = read(renewal_date=pd.to_datetime(dates))
    one = found(customers, "renewal")
    assert one.due.astype(str).tolist() == [
        "NaT",
        "2026-09-30",
        "2026-10-29",
        "2026-10-30",
        "NaT",
        "NaT",
        "NaT",
    ]
    assert one.aside == "1 date more than 10 years ahead and 2 dates already past; left out."
    assert [listed(customers, days=days)["renewal"] for days in (1, 7, 30, 31)] == [1, 1, 2, 3]


def test_a_contract_that_ends_today_can_still_be_called_about():
    customers = read(churn_date=pd.to_datetime(["2026-09-29", "2026-09-30", "2026-10-01", None]))
    assert left(customers, np.datetime64(DAY)).tolist() == [True, False, False, False]
    assert listed(customers)["contract-end"] == 2


# --- the day that counts as today ---------------------------------------------------------------------


def test_today_is_told_by_the_table_a_column_or_the_clock_and_said():
    by_table = today(read("", signup_date=pd.to_datetime(["2020-01-05", "2021-03-04"])))
    assert (str(by_table.day), by_table.by) == ("2021-03-04", "table")
    answers = read("", nps=[3.0, 9.0, 10.0, 6.0], Timestamp=pd.to_datetime(["2019-11-01", "2019-11-04"] * 2))
    by_column = today(answers)
    assert (str(by_column.day), by_column.by, by_column.column) == ("2019-11-04", "column", "Timestamp")
    assert today_text(watch(answers)) == "Today is 4 Nov 2019, the last day in “Timestamp”."
    renewals = read("", renewal_date=pd.to_datetime(["2020-01-05", "2021-03-04"]))
    clock = datetime.date(2020, 1, 1)
    assert (today(renewals, clock).date, today(renewals, clock).by) == (clock, "clock")
    assert "the date of this computer" in today_text(watch(renewals))


def test_days_of_churn_ahead_move_nothing():
    customers = buyers([30] * 40, day="", churn_date=pd.to_datetime(["2090-01-01", None] * 20))
    looked = watch(customers)
    assert looked.told.by == "table"
    assert today_text(looked) == "Today is 31 Aug 2026, the day this table is counted to."
    one = next(one.found for one in looked.watched if one.trigger.key == "falling-activity")
    assert one.words(np.array([0])) == ["Quiet for 0 days, usually 30 days"]


def test_a_later_day_than_that_of_the_table_does_not_make_customers_quiet():
    customers = buyers([30] * 40)
    later = watch(customers, datetime.date(2026, 11, 30))
    assert "The table ends on 30 Sep 2026, 61 days before" in today_text(later)
    assert found(customers, "falling-activity", day=datetime.date(2026, 11, 30)).words(np.array([0])) == [
        "Quiet for 30 days, usually 30 days"
    ]


# --- what happened ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("address_changed_at", "move"),
        ("Umzugsdatum", "move"),
        ("first_order_date", "first-order"),
        ("plan_changed", "tier-change"),
    ],
)
def test_what_happened_is_news_for_thirty_days(name, key):
    dates = ["2026-09-30", "2026-09-01", "2026-08-31", "2026-10-01", None]
    one = found(read(**{name: pd.to_datetime(dates)}), key)
    assert one.due.astype(str).tolist() == ["2026-09-30", "2026-09-01", "NaT", "NaT", "NaT"]
    assert (one.when, one.aside) == ("since", "1 date in the future; left out.")


@pytest.mark.parametrize(
    ("scale", "answers", "low"),
    [
        ((1, 5), [1, 2, 3, 5], [True, True, False, False]),
        ((1, 7), [2, 3, 7, 1], [True, False, False, True]),
        ((0, 10), [2, 3, 10, 0], [True, False, False, True]),
        ((0, 100), [25, 26, 100, 0], [True, False, False, True]),
    ],
)
def test_low_satisfaction_is_the_lowest_quarter_of_any_scale(scale, answers, low):
    customers = segkit.read(
        pd.DataFrame({"customer_id": list("abcd") * 5, "csat": [float(one) for one in answers] * 5}).assign(
            customer_id=[f"c{place}" for place in range(20)]
        ),
        roles={"csat": "csat"},
        scale=scale,
        choices=segkit.Choices(as_of=DAY, scales={"*": scale}),
    )
    one = found(customers, "low-csat")
    assert (~np.isnat(one.due[:4])).tolist() == low
    assert one.when == "now"


def test_only_recent_answers_count_where_their_day_is_known():
    dates = pd.to_datetime(["2026-09-30", "2026-07-03", "2026-07-02", None, "2026-10-01", "2026-09-01"])
    customers = read(nps=[3.0, 6.0, 0.0, 0.0, 0.0, 7.0], answer_date=dates)
    one = found(customers, "new-detractor")
    assert one.due.astype(str).tolist() == ["2026-09-30", "2026-07-03", "NaT", "NaT", "NaT", "NaT"]
    assert one.words(np.array([1])) == ["NPS answer 6"]


def test_a_detractor_is_new_where_the_first_answer_was_better():
    customers = read(nps=[3.0, 6.0, 6.0, 9.0], nps_trend=[-4.0, -1.0, np.nan, -1.0])
    one = found(customers, "new-detractor")
    assert (~np.isnat(one.due)).tolist() == [True, True, False, False]
    assert one.words(np.array([0])) == ["NPS answer 3, first 7"]
    assert found(read(nps=[3.0, 6.0, 9.0, 10.0]), "new-detractor") is None


def test_the_plan_before_tells_who_changed():
    plans = ["basic", "Pro", "pro", None, "basic"]
    customers = read(plan=plans * 4, previous_plan=["pro", "pro ", "basic", "basic", None] * 4)
    one = found(customers, "tier-change")
    assert (~np.isnat(one.due[:5])).tolist() == [True, False, True, False, False]
    assert one.words(np.array([0, 2])) == ["From pro to basic", "From basic to pro"]


def test_a_ticket_is_open_too_long_by_what_others_waited():
    waits = [1.0] * 18 + [4.0] * 20 + [30.0] * 2
    opened_on = pd.to_datetime([DAY] * 40) - pd.to_timedelta([4, 5, 6, *[0] * 37], unit="D")
    closed = pd.to_datetime([None, None, DAY, *[None] * 37])
    customers = read(days_to_resolve=waits, ticket_opened=opened_on, ticket_closed=closed)
    one = found(customers, "open-ticket")
    assert "more than 4 days" in one.rule
    assert one.due[:3].astype(str).tolist() == ["NaT", DAY, "NaT"]
    assert one.words(np.array([1])) == ["Open for 5 days"]


# --- activity -----------------------------------------------------------------------------------------


def buyers(quiet, gap=30, orders=5, day=DAY, **more):
    """Customers who ordered at equal gaps and have been quiet since the last order."""
    last = pd.Timestamp(DAY) - pd.to_timedelta(quiet, unit="D")
    first = last - pd.to_timedelta([gap * (orders - 1)] * len(quiet), unit="D")
    return read(
        day,
        first_order_date=first,
        last_order_date=last,
        orders=[orders] * len(quiet),
        roles={"first_order_date": "descriptor"},
        **more,
    )


def test_quiet_is_three_times_her_own_gap_and_news_for_thirty_days():
    customers = buyers([30, 89, 90, 91, 119, 120])
    assert due(customers, "falling-activity") == ["NaT", "NaT", DAY, "2026-09-29", "2026-09-01", "NaT"]
    assert found(customers, "falling-activity").aside == "1 customer reached it longer ago."
    daily = buyers([3, 13, 14, 15], gap=1)
    assert due(daily, "falling-activity") == ["NaT", "NaT", DAY, "2026-09-29"]
    assert np.isnat(found(buyers([100] * 4, orders=2), "falling-activity").due).all()  # one gap is no habit


def test_two_rates_fall_only_beyond_chance():
    recent, earlier = [0, 0, 1, 5, 10, 3, np.nan], [5, 4, 8, 20, 15, 0, 9]
    customers = read(visits_last_30_days=recent, visits_previous_30_days=earlier)
    one = found(customers, "falling-activity")
    # 0 of 5: 1/32; 0 of 4: 1/16; 1 of 9: 10/512; 5 of 25: far less; 10 of 25 is not half
    assert (~np.isnat(one.due)).tolist() == [True, False, True, True, False, False, False]
    assert one.words(np.array([2])) == ["1 lately, 8 before"]
    by_change = read(events_last_30_days=[0, 4], events_change_30_days=[-9, 0])
    assert (~np.isnat(found(by_change, "falling-activity").due)).tolist() == [True, False]
    money = read(spend_last_month=[0.5, 2.5], spend_previous_month=[99.5, 9.5])
    assert found(money, "falling-activity") is None


def test_a_second_order_is_overdue_when_most_had_ordered_again():
    again = list(range(1, 51))  # days to the second order of fifty customers: 80 % took at most 40.2
    first = [pd.Timestamp("2025-01-01")] * 50 + [
        pd.Timestamp(DAY) - pd.Timedelta(days=d) for d in (41, 42, 71, 72)
    ]
    last = [first[0] + pd.Timedelta(days=d) for d in again] + first[50:]
    customers = read(first_order_date=first, last_order_date=last, orders=[2] * 50 + [1] * 4)
    one = found(customers, "second-order")
    assert "more than 41 days" in one.rule
    assert one.due[50:].astype(str).tolist() == ["NaT", DAY, "2026-09-01", "NaT"]
    few = read(first_order_date=first[40:], last_order_date=last[40:], orders=[2] * 10 + [1] * 4)
    assert found(few, "second-order") is None
    assert "30 customers with two orders" in {one.key: why for one, why in watch(few).absent}["second-order"]


# --- whom to leave out --------------------------------------------------------------------------------


def test_consent_needs_a_channel():
    cells = ["email", "none", "email+sms", None, "Opted out", "No", "sms"]
    customers = read(channel_consent=cells * 4, roles={"channel_consent": "channel_consent"})
    assert consent(customers).given[:7].tolist() == [True, False, True, False, False, False, True]
    both = read(newsletter=["yes", "no", "no"] * 4, sms_opt_in=["no", "no", "yes"] * 4)
    assert consent(both).given[:3].tolist() == [True, False, True]
    assert consent(read(age=[3, 4, 5])) is None


def test_who_refused_and_who_left_is_counted_and_not_listed():
    customers = read(
        renewal_date=pd.to_datetime(["2026-10-05"] * 8),
        channel_consent=["email", "email", "none", "none", "email", "email", "email", "sms"],
        churned=["No", "Yes", "No", "Yes", "No", "No", "No", "No"],
    )
    called = calls(watch(customers), by_column(customers, "group"))
    assert (len(called), called.refused, called.gone) == (5, 1, 2)
    assert "fewer than 5 customers who have left" in left_out_text(called)
    everyone = calls(watch(customers), by_column(customers, "group"), agreed_only=False, with_left=True)
    assert len(everyone) == 8
    shown = calls_table(customers, everyone)
    assert shown.column("consent").to_pylist() == ["yes", "yes", "no", "no", "yes", "yes", "yes", "yes"]


def test_retention_that_was_computed_from_activity_takes_nobody_away(joined):
    active = pd.to_datetime(DAY) - pd.to_timedelta([200, 2] * 10, unit="D")
    customers = read(signup_date=pd.to_datetime(["2024-01-01"] * 20), last_activity_date=active)
    assert customers.with_role("retained").derived
    assert left(customers, np.datetime64(DAY)) is None
    stopped = (pd.read_csv("data/sample/customers.csv")["retained"] == "No").to_numpy()
    assert (left(joined, np.datetime64(DAY)) == stopped).all()


# --- laws ---------------------------------------------------------------------------------------------


def test_every_trigger_is_watched_or_says_what_it_needs_and_belongs_to_a_play(joined):
    for customers in (joined, read(age=[30.0, 40.0, 50.0])):
        looked = watch(customers)
        keys = [one.trigger.key for one in looked.watched] + [one.key for one, _ in looked.absent]
        assert sorted(keys) == sorted(one.key for one in TRIGGERS)
        assert all(why for _, why in looked.absent)
    assert all(find_play(one.play).label for one in TRIGGERS)


@pytest.mark.parametrize("ahead", HORIZONS)
def test_parts_sum_up(joined, ahead):
    assignment = by_column(joined, "journey_stage")
    called = calls(watch(joined), assignment, ahead)
    assert called.table.sum() == called.over_time.sum() == called.totals.sum() == len(called)
    assert (called.table.sum(axis=1) == called.totals).all()
    assert called.people.sum() == called.customers == len(set(called.rows.tolist()))
    parts = [calls(watch(joined), assignment, ahead, one.key) for one in assignment.segments]
    assert [len(part) for part in parts] == called.table.sum(axis=0)[:-1].tolist()
    lists = [calls_table(joined, called, [one.trigger.key]).num_rows for one in called.watch.watched]
    assert lists == called.totals.tolist()
    assert len(called.periods) == called.over_time.shape[1]


def test_the_order_of_rows_changes_nothing(joined):
    table = pd.read_csv("data/sample/customers.csv", dtype={"customer_id": "str"})
    turned = table.sample(frac=1, random_state=5).reset_index(drop=True)
    written = []
    for frame in (table, turned):
        customers = segkit.read(frame)
        called = calls(watch(customers), by_column(customers, "journey_stage"), 90)
        written.append((calls_csv(customers, called), counts_csv(called), calls_headline(called)))
    assert written[0] == written[1]


def test_looking_changes_nothing():
    customers = buyers([30, 89, 90, 91], csat=[1.0, 2.0, 3.0, 4.0], signup_date=pd.to_datetime([DAY] * 4))
    before = customers.frame.copy(deep=True)
    calls(watch(customers), by_column(customers, "group"))
    pd.testing.assert_frame_equal(customers.frame, before)


# --- counted again ------------------------------------------------------------------------------------


def stayed(table):
    """Who may be called of the sample company."""
    return (table["retained"] != "No") & (table["channel_consent"] != "none")


def test_the_sample_company_counted_again(joined, told):
    table = pd.read_csv(
        "data/sample/customers.csv", parse_dates=["signup_date"], dtype={"customer_id": "str"}
    )
    orders = pd.read_csv("data/sample/orders.csv", parse_dates=["order_date"], dtype={"customer_id": "str"})
    tickets = pd.read_csv("data/sample/tickets.csv", dtype={"customer_id": "str"})
    surveys = pd.read_csv("data/sample/surveys.csv", parse_dates=["date"], dtype={"customer_id": "str"})
    day, may = pd.Timestamp(DAY), set(table.loc[stayed(table), "customer_id"])
    table = table[table["customer_id"].isin(may)]
    ends = day + pd.Timedelta(days=29)
    years = [table["signup_date"] + pd.DateOffset(years=count) for count in (1, 2)]
    expected = {"anniversary": sum(int(one.between(day, ends).sum()) for one in years)}
    expected["low-csat"] = int((table["csat"] <= 2).sum())
    expected["open-ticket"] = len(set(tickets.loc[tickets["closed"].isna(), "customer_id"]) & may)
    log = orders.groupby("customer_id")["order_date"].agg(["min", "max", "nunique", "count"])
    span = (log["max"] - log["min"]).dt.days
    mean = (span / (log["count"] - 1)).where((log["count"] > 1) & (span > 0))
    mine = log.index.isin(may)
    expected["first-order"] = int((mine & (log["min"] > day - pd.Timedelta(days=30))).sum())
    limit = np.ceil(np.quantile(mean.dropna(), 0.8))
    since = (day - log["min"]).dt.days
    overdue = mine & (log["count"] == 1) & since.between(limit + 1, limit + 30)
    expected["second-order"] = int(overdue.sum())
    quiet = (day - log["max"]).dt.days
    reached = np.maximum(np.ceil(3 * mean), 14).where(log["count"] >= 3)
    expected["falling-activity"] = int((mine & (quiet >= reached) & (quiet < reached + 30)).sum())
    answers = surveys.dropna(subset=["nps"]).sort_values(["date", "nps"]).groupby("customer_id")["nps"]
    turned = (answers.last() <= 6) & (answers.first() > 6)
    expected["new-detractor"] = int((turned & turned.index.isin(may)).sum())
    assert (
        dict(zip([one.trigger.key for one in told.watch.watched], told.totals.tolist(), strict=True))
        == expected
    )


def test_anniversaries_of_the_marketing_campaign_counted_again():
    path = real_file("marketing_campaign", "marketing_campaign.csv")
    customers = segkit.read(path)
    called = calls(watch(customers), by_column(customers, "Education"), 90)
    signup = pd.to_datetime(pd.read_csv(path)["Dt_Customer"], format="mixed")
    day = signup.max()
    assert str(called.watch.day) == str(day.date())
    soon = [
        (signup + pd.DateOffset(years=count)).between(day, day + pd.Timedelta(days=89)) & (signup < day)
        for count in (1, 2)
    ]
    assert len(called) == sum(int(one.sum()) for one in soon)
    assert [one.trigger.key for one in called.watch.watched] == ["anniversary"]


def test_a_table_without_dates_watches_nothing_and_says_so():
    customers = segkit.read(real_file("telco_churn", "Telco-Customer-Churn.csv"))
    called = calls(watch(customers), by_column(customers, "Contract"))
    assert (called.watch.watched, len(called), called.customers) == ((), 0, 0)
    assert len(called.watch.absent) == len(TRIGGERS)
    assert calls_headline(called).startswith("Whom to call can't be told yet")


def test_detractors_of_a_survey_counted_again():
    path = real_file("prepbench_nps", "input_02.csv")
    customers = segkit.read(path)
    table = pd.read_csv(path)
    answers = table["On a scale of 0-10, how would you rate Sudzilla?"]
    assert (~np.isnat(found(customers, "new-detractor").due)).tolist() == (answers <= 6).tolist()


# --- words, pictures, files ---------------------------------------------------------------------------


def renewing(*dates, **more):
    return read(renewal_date=pd.to_datetime(list(dates)), **more)


def test_the_headline_says_how_many_which_list_and_where():
    customers = renewing(*["2026-10-05"] * 14, *[None] * 3)
    groups = by_column(customers, "group")
    assert calls_headline(calls(watch(customers), groups)) == (
        "14 customers need something in the next 30 days; the only list is renewals."
    )
    uneven = replace(groups, codes=np.array([0] * 9 + [1] * 8))
    assert calls_headline(calls(watch(customers), uneven)).endswith(
        f"the only list is renewals, 9 of them among “{groups.segments[0].name}”."
    )
    few = renewing("2026-10-05", "2026-10-06", None, None)
    assert calls_headline(calls(watch(few), by_column(few, "group"))) == (
        "Fewer than 5 customers need something in the next 30 days."
    )
    nobody = calls(watch(customers), groups, days=1)
    assert calls_headline(nobody) == (
        "No customer needs anything in the next 1 day by what this table tells."
    )
    assert time_title(nobody) == "No calls in the next 1 day"
    assert calls_headline(calls(watch(customers), groups), drawn=17).startswith(
        "Of 17 customers drawn by chance, 14 customers need"
    )


def test_the_sample_company_in_words(told):
    assert calls_headline(told).startswith(
        "564 customers need something in the next 30 days; the longest list"
    )
    assert "180 anniversaries" in calls_headline(told)
    assert (
        time_title(told) == "418 calls are open now; of the days ahead, the week from 21 Oct brings most: 52"
    )


def test_few_customers_are_told_in_files_and_not_in_tables_and_pictures():
    customers = renewing(*["2026-10-01"] * 3, *["2026-10-08"], *["2026-10-15"] * 7)
    called = calls(
        watch(customers), replace(by_column(customers, "group"), codes=np.array([0] * 4 + [1] * 7))
    )
    shown = segment_numbers(called)
    assert shown["Renewal"].tolist() == ["fewer than 5", "7", "11"]
    assert pd.read_csv(io.BytesIO(counts_csv(called)))["Renewal"].tolist() == [4, 7, 11]
    assert time_numbers(called).iloc[0].tolist()[:4] == ["Renewal", "0", "fewer than 5", "fewer than 5"]
    chart = calls_chart(called, called.assignment.segments, LIGHT)
    bars = chart.figure.data[0]
    assert list(bars.text) == ["< 5", "< 5", "7"]
    assert bars.y[0] == bars.y[1] < bars.y[2]
    assert "3 customers" not in json.dumps(chart.drawn)


def test_where_nothing_comes_the_picture_is_by_segment():
    customers = read(csat=[1.0, 2.0, 5.0, 4.0] * 10)
    called = calls(watch(customers), by_column(customers, "group"))
    chart = calls_chart(called, called.assignment.segments, LIGHT)
    assert list(chart.figure.layout.xaxis.ticktext) == [one.name for one in called.assignment.segments]
    assert "need something now" in calls_headline(called)
    assert picture_numbers(called)["Low CSAT"].tolist() == ["10", "10", "20"]
    ahead = renewing(*["2026-10-05"] * 14)
    drawn = calls_chart(calls(watch(ahead), by_column(ahead, "group")), called.assignment.segments, LIGHT)
    assert drawn.figure.layout.xaxis.ticktext[0] == "30 Sep"  # an empty "now" is not drawn


def test_periods_are_days_of_a_week_and_weeks_of_a_month():
    customers = renewing("2026-09-30", "2026-10-06", "2026-10-07", "2026-10-29")
    week = calls(watch(customers), by_column(customers, "group"), 7)
    assert week.periods == ["Now", "30 Sep", *(f"{day} Oct" for day in range(1, 7))]
    assert week.over_time[0].tolist() == [0, 1, 0, 0, 0, 0, 0, 1]
    month = calls(watch(customers), by_column(customers, "group"), 30)
    assert month.periods == ["Now", "30 Sep", "7 Oct", "14 Oct", "21 Oct", "28 Oct (2 days)"]
    assert month.over_time[0].tolist() == [0, 2, 1, 0, 0, 1]


def test_lists_are_safe_for_spreadsheets_and_leave_unknown_days_blank():
    frame = pd.DataFrame(
        {
            "customer_id": [f"=1+{place}" for place in range(8)],
            "csat": [1.0, 5.0] * 4,
            "renewal_date": pd.to_datetime(["2026-10-05"] * 4 + ["2026-10-01"] * 4),
        }
    )
    customers = segkit.read(frame, choices=segkit.Choices(as_of=DAY))
    called = calls(watch(customers), by_column(customers, "csat"))
    written = calls_csv(customers, called).decode("utf-8-sig")
    lines = list(pd.read_csv(io.StringIO(written), dtype="str").itertuples(index=False))
    assert lines[0].customer_id.startswith("'=1+")
    renewals = [line for line in lines if line.trigger == "Renewal"]
    assert [line.date for line in renewals] == ["2026-10-01"] * 4 + ["2026-10-05"] * 4
    low = [line for line in lines if line.trigger == "Low CSAT"]
    assert len(low) == 4
    assert all(pd.isna(line.date) and line.why == "CSAT 1 on 1–5" and line.play for line in low)
    assert "=1+" in calls_csv(customers, called, raw=True).decode().splitlines()[1].split(",")[0]
    assert not calls_csv(customers, called, raw=True).startswith(b"\xef\xbb\xbf")


# --- one's own ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("next", ["NaT", "2026-09-30", "2026-10-10", "NaT"]),
        ("last", ["2026-09-20", "2026-09-30", "NaT", "NaT"]),
        ("before", ["NaT", "NaT", "2026-09-30", "2026-10-01"]),
        ("after", ["2026-09-30", "2026-10-10", "2026-10-20", "2026-10-21"]),
    ],
)
def test_ways_to_count_from_a_date(way, expected):
    customers = read(trial_end=pd.to_datetime(["2026-09-20", "2026-09-30", "2026-10-10", "2026-10-11"]))
    own = OwnTrigger("Trial", "trial_end", way, 10)
    assert due(customers, "own:Trial", own=[own.trigger]) == expected


def test_conditions_go_with_a_date_or_stand_alone():
    customers = read(trial_end=pd.to_datetime(["2026-10-05"] * 4), age=[20, 30, 40, 50])
    older = Condition("age", low="30")
    own = [
        OwnTrigger("Trial", "trial_end", "next", 10, (older, Condition("group", ("b",)))),
        OwnTrigger("Older", conditions=(older,)),
    ]
    looked = {
        one.trigger.label: one.found for one in watch(customers, own=[one.trigger for one in own]).watched
    }
    assert (~np.isnat(looked["Trial"].due)).tolist() == [False, True, False, True]
    assert looked["Trial"].rule == (
        "“trial_end” lies in the next 10 days, only where age from 30, group is b."
    )
    assert ((~np.isnat(looked["Older"].due)).sum(), looked["Older"].when) == (3, "now")


def test_own_triggers_come_back_from_json_and_nonsense_does_not():
    own = OwnTrigger("Trial", "trial_end", "before", 14, (Condition("plan", ("free",)),), "fit")
    assert own_from(json.loads(json.dumps(own.to_dict()))) == own
    nonsense = [own.to_dict(), own.to_dict(), {"name": "x"}, {"name": "Any", "column": "a"}, 7, None]
    nonsense += [{"name": "y", "column": "a", "days": float("inf")}, {"name": "z", "column": "a", "way": "?"}]
    assert own_triggers(nonsense) == [own]
    assert own_triggers({"name": "x"}) == own_triggers(None) == []
    for name in ("trial", "Renewal", "Segment"):
        with pytest.raises(UnusablePlan, match="is taken"):
            named_apart(replace(own, name=name), [own])
    with pytest.raises(UnusablePlan, match="asks for nothing"):
        OwnTrigger("Nothing")


def test_own_triggers_whose_columns_do_not_fit_say_so():
    customers = read(age=[20, 30, 40, 50])
    own = [
        OwnTrigger("Gone", "trial_end"),
        OwnTrigger("No date", "age"),
        OwnTrigger("Odd", conditions=(Condition("age", low="old"),)),
    ]
    told = {one.label: why for one, why in watch(customers, own=[one.trigger for one in own]).absent}
    assert told["Gone"] == "the columns it was made with: “trial_end”"
    assert "“age”, which is read as number" in told["No date"]
    assert "does not fit this table" in told["Odd"]


def test_a_filter_keeps_the_day(joined):
    some = restricted(joined, (Condition("country", ("Ireland",)),))
    assert watch(some).day == watch(joined).day
