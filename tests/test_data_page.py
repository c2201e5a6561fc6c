"""The data page: several files, questions and undo, who counts, what is hidden, what is remembered."""

import io

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from segkit.customers.remembered import recalled
from tests.tables import csv_bytes
from tests.test_pages import checked, csv, go, small_table, start, text, upload


def note_box(at: AppTest, key: str):
    """The choice beside a note of the reading report."""
    return next(box for box in at.selectbox if (box.key or "").startswith(f"note-{key}-"))


def expander(at: AppTest, label: str) -> bool:
    return any(label in one.label for one in at.expander)


def files(at: AppTest, *parts: tuple[str, bytes], key: str = "upload") -> AppTest:
    """Drop several files at once."""
    uploader = at.file_uploader(key=key)
    uploader.set_value([(name, content, "text/csv") for name, content in parts])
    return checked(at.run())


def repeated() -> pd.DataFrame:
    table = small_table(40)
    return pd.concat([table, table.head(3)], ignore_index=True)


# --- questions and undo ---------------------------------------------------------------------------


def test_repeated_ids_are_a_question_and_the_answer_changes_the_table():
    at = upload(start(), csv(repeated()))
    assert "1 question for you" in text(at)
    checked(note_box(at, "duplicate-ids").set_value("Keep the first row of each").run())
    assert "40 customers" in text(at)
    assert "question for you" not in text(at)
    assert expander(at, "3 rows of the file set aside")
    checked(at.button(key="forget-choices").click().run())
    assert "43 customers" in text(at)
    assert "1 question for you" in text(at)


def test_an_answer_is_remembered_for_the_next_file_of_the_same_columns():
    at = upload(start(), csv(repeated()))
    checked(note_box(at, "duplicate-ids").set_value("Combine them").run())
    assert recalled(list(repeated().columns)).duplicates == "combine"
    again = upload(start(), csv(pd.concat([repeated(), small_table(50).tail(5)])))
    assert "45 customers" in text(again)
    assert "What you set for a file with the same columns was applied again." in text(again)


def test_an_answer_that_cannot_be_is_said_and_changes_nothing():
    rows = [["customer_id", "plan", "spend"], *([f"c{n}", "ab"[n % 2], f"{n}.5"] for n in range(30))]
    at = upload(start(), csv_bytes(rows))
    before = at.session_state["loaded"].everyone.fingerprint
    checked(note_box(at, "format").set_value("Separated by semicolon").run())
    assert "Only one column was found" in text(at)
    assert at.session_state["loaded"].everyone.fingerprint == before


def test_rows_set_aside_are_balanced_with_those_loaded():
    data = csv_bytes([["id", "plan", "age"], *([str(n), "ab"[n % 2], str(20 + n)] for n in range(30))])
    at = upload(start(), data + b"30,x\nTotal,,900\n,,\n")
    assert "33 rows in the file: 30 loaded, 2 set aside and 1 blank." in text(at)
    assert expander(at, "2 rows of the file set aside")


# --- several files --------------------------------------------------------------------------------

ORDERS = csv_bytes(
    [
        ["order_id", "customer_id", "order_date", "amount"],
        *([f"o{n}", f"{n % 30:04d}", f"2024-{1 + n % 12:02d}-05", f"{10 + n}.5"] for n in range(90)),
        ["o90", "9999", "2024-06-01", "5.0"],
    ]
)


def test_files_dropped_together_become_one_table():
    at = files(start(), ("customers.csv", csv(small_table())), ("orders.csv", ORDERS))
    loaded = at.session_state["loaded"]
    assert len(loaded.customers) == 60
    assert loaded.customers.frame["orders"].tolist() == [3.0] * 30 + [0.0] * 30
    assert "97 % of its 31 customers are in the customer table, and 50 % of those occur here." in text(at)
    assert at.get("download_button")[0].proto.label == "Download 1 row without a customer"
    assert "How your files fit together" in text(at)


def test_orders_can_be_added_later_and_alone_make_a_table():
    at = upload(start(), csv(small_table()))
    files(at, ("orders.csv", ORDERS), key="upload-more")
    assert "orders" in at.session_state["loaded"].customers.frame
    alone = files(start(), ("orders.csv", ORDERS))
    assert "31 customers" in text(alone)
    checked(
        next(box for box in alone.selectbox if box.label == "This file lists").set_value("customers").run()
    )
    assert "91 customers" in text(alone)


def test_the_last_day_that_counts_can_be_set():
    at = files(start(), ("customers.csv", csv(small_table())), ("orders.csv", ORDERS))
    assert str(at.date_input[0].value) == "2024-12-05"
    checked(at.date_input[0].set_value(pd.Timestamp("2024-03-31").date()).run())
    assert at.session_state["loaded"].customers.frame["orders"].sum() == 24


def test_ids_written_differently_are_a_question_and_the_file_behind_a_note_is_read_again():
    plain = small_table().assign(customer_id=[str(place) for place in range(60)])
    at = files(start(), ("customers.csv", csv(plain)), ("orders.csv", ORDERS))
    assert at.session_state["loaded"].customers.frame["orders"].sum() == 90
    checked(note_box(at, "id-writing").set_value("Take them for different customers").run())
    assert "orders" not in at.session_state["loaded"].customers.frame  # nothing is known, which is not zero
    assert "No id in “customer_id” of “orders.csv” is a customer" in text(at)
    checked(at.button(key="forget-choices").click().run())
    assert at.session_state["loaded"].customers.frame["orders"].sum() == 90
    titled = b"Export of May\n\n" + csv(small_table())
    both = files(start(), ("customers.csv", titled), ("orders.csv", ORDERS))
    assert len(both.session_state["loaded"].customers) == 60
    checked(note_box(both, "preamble").set_value("The first row has the names").run())
    assert "No column of “customers.csv” names the customer" in text(both)  # read again, as was asked
    assert len(both.session_state["loaded"].customers) == 60


def test_the_day_of_retention_from_dates_can_be_set():
    days = pd.Timestamp("2024-12-31") - pd.to_timedelta([5 * place for place in range(60)], "D")
    at = upload(start(), csv(small_table().assign(last_activity_date=days.astype(str))))
    assert str(at.date_input[0].value) == "2024-12-31"
    checked(at.date_input[0].set_value(pd.Timestamp("2024-11-30").date()).run())
    notes = [note.text for note in at.session_state["loaded"].everyone.notes]
    assert any("90 days before 2024-11-30" in one for one in notes)


def test_orders_alone_without_names_are_read_again_when_that_was_wrong():
    lines = b"".join(b"%05d 202401%02d %d.50\n" % (n % 20, 1 + n % 28, n) for n in range(80))
    at = files(start(), ("log.txt", lines))
    assert at.session_state["loaded"].everyone.set_aside == 0
    assert at.session_state["loaded"].customers.frame["orders"].sum() == 80
    checked(note_box(at, "no-header").set_value("The first row has the names").run())
    assert at.session_state["loaded"].files[0].text.table.num_rows == 79


def test_a_bad_file_among_good_ones_is_said_and_the_others_are_read():
    at = files(start(), ("customers.csv", csv(small_table())), ("scan.csv", b"%PDF-1.7 ..."))
    assert "scan.csv: This is a PDF document" in text(at)
    assert "60 customers" in text(at)


# --- who counts -----------------------------------------------------------------------------------


def with_country() -> bytes:
    return csv(small_table().assign(country=["DE", "FR", "NL"] * 20))


def test_a_base_restricts_every_page_and_can_be_lifted():
    at = upload(start(), with_country())
    columns = next(box for box in at.multiselect if box.label == "Only customers by")
    checked(columns.set_value(["country"]).run())
    values = next(box for box in at.multiselect if box.label == "Values")
    checked(values.set_value(["DE", "NL"]).run())
    assert "40 customers" in text(at)
    assert expander(at, "Who counts: 40 of 60 customers")
    for page in ("segments", "results", "downloads"):
        go(at, page)
        assert "only where country is DE or NL" in text(at)
    go(at, "data")
    columns = next(box for box in at.multiselect if box.label == "Only customers by")
    checked(columns.set_value([]).run())
    assert "60 customers" in text(at)


def test_a_base_of_numbers_with_nobody_left_is_explained():
    at = upload(start(), with_country())
    checked(next(box for box in at.multiselect if box.label == "Only customers by").set_value(["age"]).run())
    checked(next(box for box in at.number_input if box.label == "From").set_value(99.0).run())
    assert "No customer is left where age from 99" in text(at)
    assert "60 customers" in text(at)


# --- personal data --------------------------------------------------------------------------------


def test_personal_data_is_nowhere_until_somebody_asks():
    rows = [["customer_id", "email", "last_name", "age"]]
    rows += [
        [f"{n:03d}", f"ann{n}@example.org", ["Lovelace", "Noether"][n % 2], str(20 + n % 9)]
        for n in range(40)
    ]
    at = upload(start(), csv_bytes(rows))
    box = next(one for one in at.expander if one.label == "See the first customers")
    assert box is not None
    everything = " ".join(str(frame.value) for frame in at.dataframe) + text(at)
    assert "ann1@example.org" not in everything
    assert "Noether" not in everything
    assert at.session_state["loaded"].customers.default_dimensions == ("age",)


# --- money ----------------------------------------------------------------------------------------


def test_money_is_shown_with_the_currency_of_the_file():
    table = small_table().assign(revenue=[f"{100 + place} €" for place in range(60)])
    at = go(upload(start(), csv(table)), "results")
    assert "EUR 1" in text(at)
    plain = go(upload(start(), csv(small_table().assign(revenue=range(100, 160)))), "results")
    assert "EUR" not in text(plain)


# --- Excel ----------------------------------------------------------------------------------------


def test_a_hidden_sheet_is_offered_but_not_read():
    xlsxwriter = pytest.importorskip("xlsxwriter")
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for name, rows in (("Customers", 30), ("Archive", 50)):
            sheet = book.add_worksheet(name)
            for place, row in enumerate(
                [["id", "age", "plan"], *([n, 20 + n % 7, "ab"[n % 2]] for n in range(rows))]
            ):
                sheet.write_row(place, 0, row)
            if name == "Archive":
                sheet.hide()
    at = upload(start(), stream.getvalue(), "crm.xlsx")
    assert "30 customers" in text(at)
    checked(note_box(at, "hidden-sheet").set_value("Read “Archive”").run())
    assert "50 customers" in text(at)
