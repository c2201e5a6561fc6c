"""Logs to features: exact values by hand, and the same as a slow reference on generated logs."""

import datetime
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segkit.customers.choices import Choices
from segkit.customers.files.text_table import TextTable
from segkit.customers.joins.summaries.features import Summary
from segkit.customers.joins.summaries.summary import summary
from segkit.customers.joins.summaries.totals import totals
from segkit.customers.joins.table_kinds import Part

AS_OF = datetime.date(2026, 9, 30)

FIELDS = {
    "orders": "order_id date amount quantity unit_price returned status channel",
    "surveys": "survey_id date csat nps question answer",
    "tickets": "ticket_id date closed status channel topic",
    "events": "event_id date event",
}


def log(kind: str, columns: Mapping[str, Sequence[Any]], name: str = "") -> Part:
    """A log with fields for names of columns, and customers in "id"; columns of text or of any type."""
    arrays = {field: pa.chunked_array([pa.array(cells)]) for field, cells in columns.items()}
    fields = {field: field for field in columns if field in FIELDS[kind].split()}
    return Part(name or f"{kind}.csv", TextTable(pa.table(arrays), "csv"), name or kind, kind, "id", fields)


def rows_of(found: Summary) -> dict[str, dict[str, Any]]:
    """The features of each customer."""
    return dict(zip(found.ids.to_pylist(), found.table.to_pylist(), strict=True))


def keys(found: Summary) -> list[str]:
    return [note.key for note in found.notes]


def text(found: Summary, key: str) -> str:
    return next(note.text for note in found.notes if note.key == key)


# --- orders ---------------------------------------------------------------------------------------


def test_orders_of_one_customer_by_hand() -> None:
    found = summary(
        log(
            "orders",
            {
                "id": ["a", "a", "a", "b"],
                "order_id": ["1", "1", "2", "3"],
                "date": ["2026-09-01", "2026-09-01", "2026-09-20", "2026-01-01"],
                "amount": ["10.10", "0.20", "5.00", "7"],
                "quantity": ["1", "2", "1", "4"],
                "channel": ["web", "web", "Phone", "web"],
            },
        ),
        AS_OF,
    )
    assert rows_of(found) == {
        "a": {
            "orders": 2,
            "revenue": 15.3,
            "average_order_value": 7.65,
            "recency_days": 10.0,
            "tenure_days": 29.0,
            "first_order_date": datetime.date(2026, 9, 1),
            "last_order_date": datetime.date(2026, 9, 20),
            "repeat_buyer": True,
            "items": 4.0,
            "orders_web_share": 0.5,
            "orders_phone_share": 0.5,
        },
        "b": {
            "orders": 1,
            "revenue": 7.0,
            "average_order_value": 7.0,
            "recency_days": 272.0,
            "tenure_days": 272.0,
            "first_order_date": datetime.date(2026, 1, 1),
            "last_order_date": datetime.date(2026, 1, 1),
            "repeat_buyer": False,
            "items": 4.0,
            "orders_web_share": 1.0,
            "orders_phone_share": 0.0,
        },
    }
    assert found.counts == {"rows": 4, "lines": 4, "orders": 3, "returns": 0, "cancelled": 0}
    assert text(found, "orders") == (
        "4 lines of “orders.csv” until 2026-09-30 make 3 orders of 2 customers: "
        "lines with the same order number are one order."
    )


def test_without_order_numbers_lines_of_a_day_are_one_order() -> None:
    days = ["2026-09-01 09:00", "2026-09-01 18:30:05", "2026-09-02", "2026-09-01"]
    found = summary(log("orders", {"id": ["a", "a", "a", "b"], "date": days}), AS_OF)
    assert {one: row["orders"] for one, row in rows_of(found).items()} == {"a": 2, "b": 1}
    assert "lines of a customer on one day are one order" in text(found, "orders")


def test_days_are_those_written_and_times_are_compared_between_zones() -> None:
    opened, closed = "2026-09-02T00:30:00+02:00", "2026-09-01T23:30:00Z"
    tickets = {"id": ["a"], "date": [opened], "closed": [closed]}
    assert rows_of(summary(log("tickets", tickets), AS_OF))["a"]["hours_to_resolve"] == 1.0
    orders = rows_of(summary(log("orders", {"id": ["a"], "date": [opened]}), AS_OF))
    assert orders["a"]["first_order_date"] == datetime.date(2026, 9, 2)


def test_without_numbers_and_dates_every_line_is_an_order() -> None:
    found = summary(log("orders", {"id": ["a", "a", "b"], "amount": ["1", "2", "3"]}))
    assert {one: row["orders"] for one, row in rows_of(found).items()} == {"a": 2, "b": 1}
    assert found.as_of is None
    assert "recency_days" not in found.table.column_names


def test_negative_lines_are_returns_and_no_orders() -> None:
    found = summary(
        log(
            "orders",
            {
                "id": ["a", "a", "a", "b"],
                "order_id": ["1", "2", "2", "3"],
                "date": ["2026-09-01", "2026-09-05", "2026-09-05", "2026-09-07"],
                "amount": ["50", "30", "-10", "-5"],
            },
        ),
        AS_OF,
    )
    rows = rows_of(found)
    assert (rows["a"]["orders"], rows["a"]["returns"], rows["a"]["return_rate"]) == (2, 1, 0.5)
    assert (rows["a"]["revenue"], rows["a"]["average_order_value"]) == (70.0, 35.0)
    assert (rows["b"]["orders"], rows["b"]["returns"], rows["b"]["revenue"]) == (0, 1, -5.0)
    assert rows["b"]["return_rate"] is None
    assert rows["b"]["recency_days"] is None
    assert rows["b"]["average_order_value"] is None


def test_a_negative_quantity_with_a_positive_amount_is_paid_back_and_said() -> None:
    columns = {"id": ["a", "a"], "order_id": ["1", "2"], "amount": ["50", "20"], "quantity": ["2", "-1"]}
    found = summary(log("orders", columns))
    assert rows_of(found)["a"]["revenue"] == 30.0
    assert "1 line of “orders.csv” has a negative quantity" in text(found, "paid-back")


def test_returned_by_flag_counts_and_keeps_the_revenue() -> None:
    columns = {"id": ["a", "a"], "order_id": ["1", "2"], "amount": ["50", "20"], "returned": ["No", "Yes"]}
    found = summary(log("orders", columns))
    assert rows_of(found)["a"]["returns"] == 1
    assert rows_of(found)["a"]["revenue"] == 70.0
    assert "Revenue keeps the amounts" in text(found, "returns")


@pytest.mark.parametrize("status", ["Cancelled", "storniert", "Annulée", "CANCELADO", "anulado", "annullato"])
def test_cancelled_orders_are_left_out_and_counted(status: str) -> None:
    columns = {
        "id": ["a", "a", "b"],
        "order_id": ["1", "2", "3"],
        "amount": ["50", "20", "9"],
        "status": ["paid", status, status],
    }
    found = summary(log("orders", columns))
    assert rows_of(found)["a"]["revenue"] == 50.0
    assert (rows_of(found)["b"]["orders"], rows_of(found)["b"]["revenue"]) == (0, 0.0)
    assert found.counts["cancelled"] == 2
    assert text(found, "cancelled").startswith("2 lines of “orders.csv” are cancelled")


def test_a_price_times_a_quantity_is_the_revenue_where_no_amount_is_told() -> None:
    columns = {
        "id": ["a", "a"],
        "order_id": ["1", "1"],
        "unit_price": ["2.50", "1.20"],
        "quantity": ["4", "-1"],
    }
    found = summary(log("orders", columns))
    assert rows_of(found)["a"]["revenue"] == 8.8
    assert rows_of(found)["a"]["returns"] == 1
    assert "price of one piece times quantity" in text(found, "amount")


def test_an_amount_that_cannot_be_read_is_counted_and_is_not_zero() -> None:
    columns = {"id": ["a", "b", "b"], "order_id": ["1", "2", "3"], "amount": ["ask Joe", "5", "ask Joe"]}
    found = summary(log("orders", columns))
    assert rows_of(found)["a"]["revenue"] is None
    assert rows_of(found)["b"]["revenue"] == 5.0
    assert text(found, "not-converted").startswith("“orders.csv”: 2 cells in “amount” could not be read")


def test_rows_after_the_as_of_date_and_without_a_date_are_left_out_and_counted() -> None:
    columns = {
        "id": ["a", "a", "b", "c", ""],
        "date": ["2026-09-30", "2026-10-01", "2026-10-02", "31.02.2026", "2026-09-01"],
        "amount": ["1", "2", "3", "4", "5"],
    }
    found = summary(log("orders", columns), AS_OF)
    assert list(rows_of(found)) == ["a"]
    assert rows_of(found)["a"]["revenue"] == 1.0
    assert text(found, "after-as-of") == "2 rows of “orders.csv” are later than 2026-09-30 and left out."
    assert "1 row of “orders.csv” has no date that could be read" in text(found, "undated")
    assert "1 row of “orders.csv” names no customer" in text(found, "nameless")


def test_the_latest_day_of_the_log_is_the_as_of_date() -> None:
    found = summary(log("orders", {"id": ["a", "b"], "date": ["2026-03-01", "2026-03-11"]}))
    assert found.as_of == datetime.date(2026, 3, 11)
    assert rows_of(found)["a"]["recency_days"] == 10.0


def test_typed_columns_say_the_same_as_their_text() -> None:
    typed = {
        "id": [7, 7, 8],
        "order_id": [1, 1, 2],
        "date": [datetime.datetime(2026, 9, day, 12, 30) for day in (1, 1, 3)],
        "amount": [1.5, 2.25, 3.0],
        "returned": [False, True, None],
    }
    told = {
        "id": ["7", "7", "8"],
        "order_id": ["1", "1", "2"],
        "date": ["2026-09-01 12:30", "2026-09-01 12:30", "2026-09-03 12:30"],
        "amount": ["1.5", "2.25", "3.0"],
        "returned": ["false", "true", ""],
    }
    assert rows_of(summary(log("orders", typed), AS_OF)) == rows_of(summary(log("orders", told), AS_OF))


def test_a_column_of_dates_without_any_is_no_column() -> None:
    found = summary(log("orders", {"id": ["a", "a"], "date": ["", ""], "amount": ["1", "2"]}))
    assert rows_of(found)["a"]["orders"] == 2
    assert found.as_of is None


def test_days_written_without_signs_are_dates() -> None:
    found = summary(log("orders", {"id": ["a", "a"], "date": ["19970101", "19970118"]}))
    assert rows_of(found)["a"]["tenure_days"] == 17.0


def test_an_open_order_of_day_and_month_is_asked_and_can_be_set_for_the_file() -> None:
    orders = log("orders", {"id": ["a", "a"], "date": ["03/04/2026", "05/04/2026"]})
    found = summary(orders)
    note = next(note for note in found.notes if note.key == "date-order")
    assert note.ask
    assert rows_of(found)["a"]["tenure_days"] == 2.0
    changes = {option.label: option.change["files"]["orders.csv"] for option in note.options}
    month_first = replace(orders, choices=Choices().changed(changes["Month first"]))
    assert rows_of(summary(month_first))["a"]["tenure_days"] == 61.0


def test_the_decimal_comma_of_one_column_tells_that_of_the_other() -> None:
    columns = {"id": ["a", "b"], "amount": ["1.234", "2.500"], "unit_price": ["1,5", "12,25"]}
    assert rows_of(summary(log("orders", columns)))["a"]["revenue"] == 1234.0


# --- surveys --------------------------------------------------------------------------------------


def test_survey_answers_by_hand() -> None:
    columns = {
        "id": ["a", "a", "a", "b", "c"],
        "date": ["2026-03-01", "2026-05-01", "2026-06-01", "2026-04-01", "2026-04-02"],
        "csat": ["2", "4", "", "5", ""],
        "nps": ["9", "", "6", "", ""],
    }
    rows = rows_of(summary(log("surveys", columns), AS_OF))
    assert rows["a"] == {
        "csat": 4.0,
        "csat_mean": 3.0,
        "csat_trend": 2.0,
        "nps": 6.0,
        "nps_mean": 7.5,
        "nps_trend": -3.0,
        "answers": 3,
    }
    assert (rows["b"]["csat"], rows["b"]["csat_trend"], rows["b"]["nps"], rows["b"]["answers"]) == (
        5.0,
        None,
        None,
        1,
    )
    assert rows["c"]["answers"] == 0


def test_of_two_answers_at_the_same_moment_the_lower_counts_and_there_is_no_trend() -> None:
    columns = {"id": ["a", "a"], "date": ["2026-03-01"] * 2, "nps": ["9", "3"]}
    row = rows_of(summary(log("surveys", columns)))["a"]
    assert (row["nps"], row["nps_trend"]) == (3.0, None)


def test_answers_off_the_scale_and_unreadable_ones_are_set_aside_and_counted() -> None:
    columns = {"id": list("abcdefg"), "date": ["2026-03-01"] * 7, "nps": "9 11 7.5 great 0 10 3".split()}
    found = summary(log("surveys", columns))
    assert [row["nps"] for row in rows_of(found).values()] == [9.0, None, None, None, 0.0, 10.0, 3.0]
    assert found.counts["answers"] == 4
    assert text(found, "out-of-range").startswith("“surveys.csv”: 2 answers in “nps”")
    assert text(found, "not-converted").startswith("“surveys.csv”: 1 cell in “nps”")


def test_answers_in_words_and_reversed_scales_are_read_as_in_a_customer_table() -> None:
    said = ["very satisfied", "zufrieden", "insatisfait", "neutral"]
    found = rows_of(summary(log("surveys", {"id": list("abcd"), "csat": said})))
    assert [row["csat"] for row in found.values()] == [5.0, 4.0, 2.0, 3.0]
    grades = replace(
        log("surveys", {"id": list("abcd"), "csat": ["1", "2", "5", "1"]}),
        choices=Choices(reversed={"csat": True}),
    )
    assert [row["csat"] for row in rows_of(summary(grades)).values()] == [5.0, 4.0, 1.0, 5.0]


def test_without_dates_only_a_single_answer_is_the_latest() -> None:
    found = summary(log("surveys", {"id": ["a", "b", "b"], "csat": ["4", "2", "5"]}))
    rows = rows_of(found)
    assert (rows["a"]["csat"], rows["b"]["csat"], rows["b"]["csat_mean"]) == (4.0, None, 3.5)
    assert "csat_trend" not in rows["a"]
    assert "No column has their dates" in text(found, "surveys")


def test_one_row_a_question_is_recognised_told_and_summed_up() -> None:
    columns = {
        "id": ["a", "a", "a", "b"],
        "date": ["2026-03-01"] * 4,
        "question": [
            "How satisfied are you?",
            "Würden Sie uns weiterempfehlen?",
            "Anything else?",
            "How satisfied are you?",
        ],
        "answer": ["4", "10", "No, thank you", "2"],
    }
    found = summary(log("surveys", columns))
    assert rows_of(found)["a"]["csat"] == 4.0
    assert rows_of(found)["a"]["nps"] == 10.0
    assert text(found, "long-form") == (
        "“surveys.csv” has one row a question: 2 rows ask for CSAT and 1 row asks for NPS; "
        "1 other row is not used."
    )
    assert "not-converted" not in keys(found)


# --- tickets --------------------------------------------------------------------------------------


def test_tickets_by_hand() -> None:
    columns = {
        "id": ["a", "a", "a", "b"],
        "ticket_id": ["1", "2", "2", "3"],
        "date": ["2026-03-01 10:00", "2026-03-02 08:00", "2026-03-02 09:00", "2026-03-05 10:00"],
        "closed": ["2026-03-01 16:00", "", "2026-03-02 10:00", ""],
        "channel": ["Phone", "email", "email", "Hotline"],
        "topic": ["billing", "app", "app", "billing"],
    }
    found = summary(log("tickets", columns), AS_OF)
    assert rows_of(found) == {
        "a": {
            "tickets": 2,
            "open_tickets": 0,
            "phone_requests": 1,
            "hours_to_resolve": 4.0,
            "tickets_email_share": 0.5,
            "tickets_hotline_share": 0.0,
            "tickets_phone_share": 0.5,
            "tickets_billing_share": 0.5,
            "tickets_app_share": 0.5,
        },
        "b": {
            "tickets": 1,
            "open_tickets": 1,
            "phone_requests": 1,
            "hours_to_resolve": None,
            "tickets_email_share": 0.0,
            "tickets_hotline_share": 1.0,
            "tickets_phone_share": 0.0,
            "tickets_billing_share": 1.0,
            "tickets_app_share": 0.0,
        },
    }
    assert text(found, "tickets") == (
        "4 rows of “tickets.csv” until 2026-09-30 make 3 tickets of 2 customers, 1 of them open."
    )


def test_without_a_time_of_day_it_takes_days() -> None:
    columns = {"id": ["a", "a"], "date": ["2026-03-01", "2026-03-01"], "closed": ["2026-03-02", "2026-03-05"]}
    row = rows_of(summary(log("tickets", columns)))["a"]
    assert row["days_to_resolve"] == 2.5
    assert "hours_to_resolve" not in row


def test_a_ticket_closed_after_the_as_of_date_was_open_on_it() -> None:
    columns = {
        "id": ["a", "a"],
        "date": ["2026-09-01", "2026-09-02"],
        "closed": ["2026-09-30", "2026-10-01"],
        "status": ["closed", "closed"],
    }
    row = rows_of(summary(log("tickets", columns), AS_OF))["a"]
    assert (row["open_tickets"], row["days_to_resolve"]) == (1, 29.0)


@pytest.mark.parametrize(
    "word", ["Closed", "gelöst", "Résolu", "cerrado", "Encerrado", "opgelost", "Risolto"]
)
def test_a_status_says_what_is_closed(word: str) -> None:
    columns = {"id": ["a", "a"], "date": ["2026-09-01"] * 2, "status": [word, "waiting"]}
    assert rows_of(summary(log("tickets", columns)))["a"]["open_tickets"] == 1


def test_closing_before_opening_is_impossible_and_counted() -> None:
    columns = {"id": ["a", "a"], "date": ["2026-03-03"] * 2, "closed": ["2026-03-01", "2026-03-05"]}
    found = summary(log("tickets", columns))
    assert rows_of(found)["a"]["days_to_resolve"] == 2.0
    assert text(found, "closed-before").startswith("1 ticket of “tickets.csv” was closed before")


PHONES = ["phone", "Telefon", "Téléphone", "Teléfono", "telefone", "telefoon", "Telefonata", "Anruf", "call"]


@pytest.mark.parametrize("word", PHONES)
def test_the_phone_in_seven_languages(word: str) -> None:
    columns = {"id": ["a", "a"], "date": ["2026-09-01"] * 2, "channel": [word, "e-mail"]}
    assert rows_of(summary(log("tickets", columns)))["a"]["phone_requests"] == 1


def test_a_log_that_only_names_customers_counts_them() -> None:
    found = summary(log("tickets", {"id": ["a", "b", "a", ""]}))
    assert rows_of(found) == {"a": {"tickets": 2}, "b": {"tickets": 1}}
    assert rows_of(summary(log("surveys", {"id": ["a"]}))) == {"a": {"answers": 0}}


def test_only_the_most_frequent_topics_get_a_share_and_the_others_are_named() -> None:
    topics = ["a", "a", "b", "b", "c", "c", "d", "d", "e", "e", "rare"]
    columns = {"id": ["x"] * 11, "date": ["2026-09-01"] * 11, "topic": topics}
    found = summary(log("tickets", columns))
    assert [name for name in found.table.column_names if name.endswith("_share")] == [
        f"tickets_{topic}_share" for topic in "abcde"
    ]
    assert "not “rare”" in text(found, "shares")


# --- events ---------------------------------------------------------------------------------------


def test_events_by_hand() -> None:
    days = [
        "2026-09-30",
        "2026-09-30 23:59",
        "2026-09-01",
        "2026-08-31",
        "2026-08-02",
        "2026-08-01",
        "2026-01-01",
    ]
    found = summary(log("events", {"id": ["a"] * 7, "date": days}), AS_OF)
    assert rows_of(found)["a"] == {
        "events": 7,
        "active_days": 6,
        "events_last_30_days": 3,
        "events_last_90_days": 6,
        "events_change_30_days": 1,
        "days_since_last_event": 0.0,
        "last_event_date": AS_OF,
    }


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("orders", {"amount": ["1", "2"], "channel": ["web", "app"], "order_id": ["1", "2"]}),
        ("surveys", {"nps": ["9", "0"], "csat": ["1", "5"]}),
        ("tickets", {"closed": ["2026-09-05", ""], "channel": ["web", "app"], "topic": ["x", "y"]}),
        ("events", {"event": ["login", "logout"]}),
    ],
)
def test_before_its_first_day_a_log_has_no_customers(kind: str, columns: dict[str, list[str]]) -> None:
    rows = {"id": ["a", "b"], "date": ["2026-09-01", "2026-09-02"], **columns}
    found = summary(log(kind, rows), datetime.date(2026, 8, 31))
    assert rows_of(found) == {}
    assert text(found, "after-as-of").startswith("2 rows of")


# --- laws -----------------------------------------------------------------------------------------

# --- orders against a slow reference --------------------------------------------------------------

DAYS = st.dates(datetime.date(2026, 7, 1), datetime.date(2026, 10, 3)).map(str)
IDS = st.sampled_from(["a", "b", "c", "0d", ""])
MONEY = st.decimals(min_value=-50, max_value=200, places=2, allow_nan=False)
ORDER_LINES = st.lists(
    st.fixed_dictionaries(
        {
            "id": IDS,
            "order_id": st.sampled_from(["", "1", "2", "3"]),
            "date": DAYS | st.just(""),
            "amount": MONEY.map(str) | st.just(""),
            "returned": st.sampled_from(["Yes", "No", ""]),
            "status": st.sampled_from(["paid", "cancelled", "sent"]),
        }
    ),
    min_size=1,
    max_size=25,
).filter(lambda rows: any(row["date"] for row in rows))


def as_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def slow_orders(rows: Sequence[Mapping[str, str]], as_of: datetime.date) -> dict[str, dict[str, Any]]:
    """What the features of orders mean, row by row and with exact arithmetic."""
    customers: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        if row["id"] and row["date"] and row["date"] <= str(as_of):
            customers[row["id"]].append(row)
    return {one: _slow_customer(lines, as_of) for one, lines in customers.items()}


def _slow_customer(lines: Sequence[Mapping[str, str]], as_of: datetime.date) -> dict[str, Any]:
    lines = [line for line in lines if line["status"] != "cancelled"]
    orders: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for line in lines:
        orders[line["order_id"] or line["date"]].append(line)
    bought = [one for one in orders.values() if any(not line["amount"].startswith("-") for line in one)]
    back = [
        one
        for one in orders.values()
        if any(line["amount"].startswith("-") or line["returned"] == "Yes" for line in one)
    ]
    amounts = [Decimal(line["amount"]) for line in lines if line["amount"]]
    revenue = float(sum(amounts, Decimal(0))) if amounts or not lines else None
    days = [min(datetime.date.fromisoformat(line["date"]) for line in one) for one in bought]
    return {
        "orders": len(bought),
        "revenue": revenue,
        "average_order_value": None if revenue is None or not bought else revenue / len(bought),
        "recency_days": float((as_of - max(days)).days) if days else None,
        "tenure_days": float((as_of - min(days)).days) if days else None,
        "first_order_date": min(days, default=None),
        "last_order_date": max(days, default=None),
        "repeat_buyer": len(bought) >= 2,
        "returns": len(back),
        "return_rate": len(back) / len(bought) if bought else None,
    }


@settings(deadline=None, max_examples=60)
@given(ORDER_LINES)
def test_orders_are_what_the_slow_reference_says(rows: list[dict[str, str]]) -> None:
    assert rows_of(summary(log("orders", as_columns(rows)), AS_OF)) == slow_orders(rows, AS_OF)


SURVEY_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": IDS,
            "date": DAYS,
            "nps": st.integers(0, 10).map(str) | st.just(""),
        }
    ),
    min_size=1,
    max_size=20,
)


def slow_surveys(rows: Sequence[Mapping[str, str]], as_of: datetime.date) -> dict[str, dict[str, Any]]:
    customers: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        if row["id"] and row["date"] <= str(as_of):
            customers[row["id"]].append((row["date"], row["nps"]))
    return {one: _slow_answers(answers) for one, answers in customers.items()}


def _slow_answers(answers: Sequence[tuple[str, str]]) -> dict[str, Any]:
    given = sorted((day, int(answer)) for day, answer in answers if answer)
    if not given:
        return {"nps": None, "nps_mean": None, "nps_trend": None, "answers": 0}
    last_day = given[-1][0]
    latest = next(answer for day, answer in given if day == last_day)
    return {
        "nps": latest,
        "nps_mean": sum(answer for _, answer in given) / len(given),
        "nps_trend": latest - given[0][1] if given[0][0] != last_day else None,
        "answers": len(given),
    }


@settings(deadline=None, max_examples=60)
@given(SURVEY_ROWS)
def test_surveys_are_what_the_slow_reference_says(rows: list[dict[str, str]]) -> None:
    expected = slow_surveys(rows, AS_OF)
    assert rows_of(summary(log("surveys", as_columns(rows)), AS_OF)) == expected


EVENT_ROWS = st.lists(st.fixed_dictionaries({"id": IDS, "date": DAYS}), min_size=1, max_size=30)


def slow_events(rows: Sequence[Mapping[str, str]], as_of: datetime.date) -> dict[str, dict[str, Any]]:
    customers: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        ago = (as_of - datetime.date.fromisoformat(row["date"])).days
        if row["id"] and ago >= 0:
            customers[row["id"]].append(ago)
    return {
        one: {
            "events": len(ago),
            "active_days": len(set(ago)),
            "events_last_30_days": sum(days < 30 for days in ago),
            "events_last_90_days": sum(days < 90 for days in ago),
            "events_change_30_days": sum(days < 30 for days in ago) - sum(30 <= days < 60 for days in ago),
            "days_since_last_event": min(ago),
            "last_event_date": as_of - datetime.timedelta(min(ago)),
        }
        for one, ago in customers.items()
    }


@settings(deadline=None, max_examples=60)
@given(EVENT_ROWS)
def test_events_are_what_the_slow_reference_says(rows: list[dict[str, str]]) -> None:
    assert rows_of(summary(log("events", as_columns(rows)), AS_OF)) == slow_events(rows, AS_OF)


TICKET_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": IDS,
            "ticket_id": st.sampled_from(["", "1", "2", "3"]),
            "date": DAYS,
            "closed": DAYS | st.just(""),
            "channel": st.sampled_from(["phone", "email", "chat", ""]),
        }
    ),
    min_size=1,
    max_size=20,
)

LOGS = {"orders": ORDER_LINES, "surveys": SURVEY_ROWS, "tickets": TICKET_ROWS, "events": EVENT_ROWS}


@pytest.mark.parametrize("kind", LOGS)
@settings(deadline=None, max_examples=30)
@given(data=st.data(), shuffle=st.randoms())
def test_neither_the_order_of_rows_nor_their_spread_over_files_matters(
    kind: str, data: st.DataObject, shuffle: random.Random
) -> None:
    rows = data.draw(LOGS[kind])
    found = summary(log(kind, as_columns(rows)), AS_OF)
    mixed = shuffle.sample(rows, len(rows))
    cut = shuffle.randint(0, len(rows))
    files = [
        log(kind, as_columns(part), f"{kind} {k}")
        for k, part in enumerate((mixed[:cut], mixed[cut:]))
        if part
    ]
    for other in (summary(log(kind, as_columns(mixed)), AS_OF), summary(files, AS_OF)):
        assert rows_of(other) == rows_of(found)
        assert other.counts == found.counts


@settings(deadline=None, max_examples=60)
@given(ORDER_LINES)
def test_the_customers_add_up_to_the_log(rows: list[dict[str, str]]) -> None:
    found = summary(log("orders", as_columns(rows)), AS_OF)
    table = found.table.to_pydict()
    kept = [
        Decimal(row["amount"])
        for row in rows
        if row["id"]
        and row["date"]
        and row["date"] <= str(AS_OF)
        and row["status"] != "cancelled"
        and row["amount"]
    ]
    assert sum(table["orders"]) == found.counts["orders"]
    assert sum(table.get("returns", [])) == found.counts["returns"]
    assert sum(Decimal(str(one)) for one in table["revenue"] if one is not None) == sum(kept, Decimal(0))


@given(st.lists(st.tuples(st.integers(0, 3), MONEY), min_size=1), st.randoms())
def test_money_is_added_up_as_on_paper(rows: list[tuple[int, Decimal]], shuffle: random.Random) -> None:
    exact = [float(sum((amount for group, amount in rows if group == one), Decimal(0))) for one in range(4)]
    shuffle.shuffle(rows)
    codes, amounts = np.array([one for one, _ in rows]), np.array([float(amount) for _, amount in rows])
    assert totals(amounts, codes, 4).tolist() == exact


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.randoms())
def test_sums_of_any_numbers_do_not_depend_on_their_order(
    values: list[float], shuffle: random.Random
) -> None:
    zeros = np.zeros(len(values), int)
    before = totals(np.array(values), zeros, 1).tolist()
    shuffle.shuffle(values)
    assert totals(np.array(values), zeros, 1).tolist() == before
