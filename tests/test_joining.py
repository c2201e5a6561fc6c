"""Several tables into one: what each is, whose rows match, and the one customer table they make."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segkit.customers.choices import Choices
from segkit.customers.files.text_table import TextTable
from segkit.customers.joins.ids import WAYS, ids_of
from segkit.customers.joins.joining import Joined, joined
from segkit.customers.joins.matching import matches, unmatched_rows
from segkit.customers.joins.summaries.summary import summary
from segkit.customers.joins.table_kinds import Part, recognised, recognised_all
from segkit.customers.joins.table_names import TABLE_KINDS, plainness
from segkit.customers.reading import interpreted, opened
from segkit.customers.table import Customers
from segkit.errors import UnusableColumn
from tests.real_data import PROJECT, real_file

SAMPLE = PROJECT / "data" / "sample"
AS_OF = datetime.date(2026, 9, 30)


def text_table(columns: Mapping[str, Sequence[Any]]) -> TextTable:
    arrays = {name: pa.chunked_array([pa.array(list(cells))]) for name, cells in columns.items()}
    encoded = {
        name: array.dictionary_encode() if pa.types.is_string(array.type) else array
        for name, array in arrays.items()
    }
    return TextTable(pa.table(encoded), "csv", facts={"encoding": "UTF-8", "delimiter": "comma"})


def upload(name: str, columns: Mapping[str, Sequence[Any]]) -> tuple[str, TextTable, str]:
    return name, text_table(columns), f"content of {name}"


def part(name: str, columns: Mapping[str, Sequence[Any]], **chosen: Any) -> Part:
    return recognised(*upload(name, columns), **chosen)


def cells(found: Joined, name: str) -> list[Any]:
    return found.text.table.column(name).to_pylist()


def told(found: Joined, key: str) -> list[str]:
    return [note.text for note in found.notes if note.key == key]


def read(found: Joined) -> Customers:
    return interpreted(found.text, found.content, Choices(kinds=found.kinds), found.roles)


PEOPLE = {"customer_id": ["1", "2", "3"], "country": ["DE", "FR", "DE"]}
ORDERS = {
    "order_id": ["10", "11", "12", "13"],
    "customer_id": ["1", "1", "2", "9"],
    "order_date": ["2026-09-01", "2026-09-10", "2026-09-20", "2026-09-30"],
    "amount": ["10.50", "20.25", "5.00", "7.00"],
}


# --- what a table is ------------------------------------------------------------------------------

TABLES = {
    "orders": {
        "English": "order_id customer_id order_date amount",
        "German": "Bestellnummer Kundennummer Bestelldatum Betrag",
        "French": "N°_commande id_client Date_de_commande Montant_TTC",
        "Spanish": "Número_de_pedido id_cliente Fecha_de_pedido Importe_total",
        "Portuguese": "Número_do_pedido id_cliente Data_do_pedido Valor_total",
        "Dutch": "Bestelnummer Klantnummer Besteldatum Bedrag",
        "Italian": "Numero_ordine id_cliente Data_ordine Importo",
    },
    "surveys": {
        "English": "response_id customer_id answered_at csat",
        "German": "Umfrage_ID Kundennummer Antwortdatum Zufriedenheit",
        "French": "ID_réponse id_client Date_de_réponse Satisfaction_client",
        "Spanish": "id_encuesta id_cliente Fecha_de_respuesta Satisfacción",
        "Portuguese": "id_pesquisa id_cliente Data_da_resposta Satisfação",
        "Dutch": "Enquête_ID Klantnummer Antwoorddatum Tevredenheid",
        "Italian": "id_sondaggio id_cliente Data_risposta Soddisfazione",
    },
    "tickets": {
        "English": "ticket_id customer_id opened closed",
        "German": "Ticketnummer Kundennummer Eröffnet_am Geschlossen_am",
        "French": "Numéro_de_ticket id_client Ouvert_le Fermé_le",
        "Spanish": "id_ticket id_cliente Fecha_de_apertura Fecha_de_cierre",
        "Portuguese": "id_chamado id_cliente Data_de_abertura Data_de_fechamento",
        "Dutch": "Ticketnummer Klantnummer Geopend_op Gesloten_op",
        "Italian": "id_segnalazione id_cliente Data_apertura Data_chiusura",
    },
    "events": {
        "English": "event_id customer_id event_time event",
        "German": "Event_ID Kundennummer Zeitpunkt Ereignis",
        "French": "event_id id_client Horodatage Type_événement",
        "Spanish": "event_id id_cliente Fecha_y_hora Tipo_de_evento",
        "Portuguese": "event_id id_cliente Data_hora Tipo_de_evento",
        "Dutch": "event_id Klantnummer Tijdstip Gebeurtenis",
        "Italian": "event_id id_cliente Data_e_ora Evento",
    },
}
WANTED = {
    "orders": ("order_id", "date", "amount"),
    "surveys": ("survey_id", "date", "csat"),
    "tickets": ("ticket_id", "date", "closed"),
    "events": ("event_id", "date", "event"),
}
LAST = {
    "orders": ["10.50", "3.20", "4.75", "8.10"],
    "surveys": ["4", "5", "1", "3"],
    "tickets": ["2026-02-01", "2026-03-01", "", "2026-05-01"],
    "events": ["login", "logout", "login", "purchase"],
}


@pytest.mark.parametrize(
    ("kind", "language"), [(kind, language) for kind, names in TABLES.items() for language in names]
)
def test_a_table_is_recognised_in_seven_languages(kind: str, language: str) -> None:
    names = [
        name.replace("_", " ") if "_" in name and language != "English" else name
        for name in TABLES[kind][language].split()
    ]
    number, customer, date, last = names
    columns = {
        number: ["A1", "A2", "A3", "A4"],
        customer: ["007", "008", "007", "007"],
        date: ["2026-01-31", "2026-02-01", "2026-03-01", "2026-04-01"],
        last: LAST[kind],
    }
    found = part("export.csv", columns)
    assert (found.kind, found.key) == (kind, customer)
    assert dict(found.fields) == dict(zip(WANTED[kind], (number, date, last), strict=True))
    assert "columns" in found.reasons["kind"]


def test_one_row_a_customer_is_the_customer_table_whatever_it_tells() -> None:
    columns = {
        **PEOPLE,
        "orders": ["1", "2", "0"],
        "csat": ["4", "5", ""],
        "last_order_date": ["2026-01-01"] * 3,
    }
    assert part("export.csv", columns).kind == "customers"


def test_one_file_alone_with_one_row_a_customer_needs_no_summing_up() -> None:
    orders = {**ORDERS, "customer_id": ["1", "2", "3", "4"], "gender": ["f", "m", "f", "m"]}
    alone = recognised_all([upload("sales.csv", orders)])
    assert [one.kind for one in alone] == ["customers"]
    assert joined(alone).text.table.column_names == list(orders)
    beside = recognised_all([upload("sales.csv", orders), upload("people.csv", PEOPLE)])
    assert [one.kind for one in beside] == ["orders", "customers"]
    set_so = recognised_all([upload("sales.csv", orders)], {"sales.csv": {"kind": "orders"}})
    assert [one.kind for one in set_so] == ["orders"]


def test_the_name_of_a_file_alone_makes_no_log() -> None:
    columns = {"user_id": ["1", "1", "2", "3"], "from_date": ["2026-01-01"] * 4, "lost": ["0", "1", "0", "1"]}
    assert part("taxi-cancellation-case.csv", columns).kind == "customers"


def test_many_rows_with_a_date_and_nothing_else_are_events() -> None:
    found = part("x.csv", {"user_id": ["1", "1", "2", "2", "2"], "when": ["2026-01-01"] * 5})
    assert (found.kind, dict(found.fields)) == ("events", {"date": "when"})


def test_what_the_user_set_stands() -> None:
    columns = {
        "a": ["1", "1", "2"],
        "b": ["x", "y", "z"],
        "c": ["2026-01-01"] * 3,
        "d": ["1.5", "2.5", "3.5"],
    }
    found = part("x.csv", columns, kind="orders", key="b", fields={"amount": "d", "quantity": ""})
    assert (found.kind, found.key, dict(found.fields)) == ("orders", "b", {"amount": "d", "date": "c"})
    assert found.reasons["key"] == "you chose it"


def test_a_table_without_column_names_is_read_by_its_values() -> None:
    columns = {
        "Column 1": ["00004", "00004", "00018", "00018", "00021"],
        "Column 2": ["0001", "0001", "0002", "0002", "0003"],
        "Column 3": ["19970101", "19970118", "19970104", "19970104", "19970101"],
        "Column 4": ["2", "2", "1", "4", "2"],
        "Column 5": ["29.33", "29.73", "14.96", "26.48", "63.34"],
    }
    found = part("log.txt", columns)
    assert (found.kind, found.key) == ("orders", "Column 1")
    assert dict(found.fields) == {"date": "Column 3", "amount": "Column 5", "quantity": "Column 4"}


def test_unknown_choices_are_refused_with_what_there_is() -> None:
    with pytest.raises(UnusableColumn, match=r"no kind of table. Kinds are: customers, orders"):
        part("x.csv", PEOPLE, kind="invoices")
    with pytest.raises(UnusableColumn, match=r"no column “nope” in “x.csv”. It has: customer_id and country"):
        part("x.csv", PEOPLE, key="nope")
    with pytest.raises(UnusableColumn, match=r"A table of orders has no “topic”"):
        part("x.csv", ORDERS, fields={"topic": "amount"})


def test_every_name_in_the_vocabulary_is_found_again() -> None:

    lost = [
        (kind.key, one.key, alias)
        for kind in TABLE_KINDS
        for one in kind.fields
        for alias in one.aliases
        if plainness(alias, one.aliases) is None or plainness(alias.title(), one.aliases) is None
    ]
    assert lost == []


# --- which column names the customer --------------------------------------------------------------


def test_overlap_beats_names() -> None:
    people = part("people.csv", {"ref": [f"K{n}" for n in range(50)], "plan": ["a", "b"] * 25}, key="ref")
    columns = {
        "customer_id": [f"z{n}" for n in range(60)],
        "account": [f"K{n % 50}" for n in range(60)],
        "quantity": ["1", "2", "3"] * 20,
    }
    found = part("log.csv", columns, customers=people)
    assert found.key == "account"
    assert found.reasons["key"] == "100\u202f% of its values occur in “ref” of “people.csv”"


def test_small_numbers_and_order_numbers_are_not_taken_for_ids() -> None:
    people = part("people.csv", {"id": [str(n) for n in range(1, 1001)], "plan": ["a", "b"] * 500})
    columns = {
        "order_id": [str(n) for n in range(1, 301)],
        "customer": [str(500 + n % 100) for n in range(300)],
        "quantity": [str(1 + n % 5) for n in range(300)],
    }
    assert part("orders.csv", columns, customers=people).key == "customer"


def test_a_survey_that_only_has_e_mails_is_joined_by_them() -> None:
    mails = [f"p{n}@example.org" for n in range(20)]
    people = upload(
        "people.csv", {"customer_id": [str(n) for n in range(20)], "email": mails, "plan": ["a", "b"] * 10}
    )
    answers = upload("nps.csv", {"Email address": mails[:12], "date": ["2026-01-01"] * 12, "nps": ["9"] * 12})
    base, survey = recognised_all([people, answers], {"nps.csv": {"kind": "surveys"}})
    assert (survey.key, survey.to) == ("Email address", "email")
    found = joined([base, survey])
    assert cells(found, "nps") == [9.0] * 12 + [None] * 8


def test_the_table_that_the_others_refer_to_is_the_customer_table() -> None:
    scores = upload("scores.csv", {"id": ["1", "2"], "score": ["5", "6"], "x": ["a", "b"], "y": ["c", "d"]})
    people = upload("people.csv", {"customer_id": ["1", "2", "3"], "plan": ["a", "b", "a"]})
    orders = upload("orders.csv", ORDERS)
    for files in ([scores, people, orders], [orders, scores, people]):
        found = {one.name: one.kind for one in recognised_all(files)}
        assert found == {"scores.csv": "other", "people.csv": "customers", "orders.csv": "orders"}


# --- ids ------------------------------------------------------------------------------------------


def test_match_is_counted_both_ways_and_the_rest_can_be_had() -> None:
    people, orders = part("people.csv", PEOPLE), part("orders.csv", ORDERS)
    found = matches(people, orders)
    assert (found.customers, found.ids, found.matched) == (3, 3, 2)
    assert (found.of_customers, found.of_ids) == (2 / 3, 2 / 3)
    assert (found.rows, found.matched_rows, found.nameless, found.duplicates) == (4, 3, 0, 0)
    assert unmatched_rows(orders, found).to_pydict() == {
        "order_id": ["13"],
        "customer_id": ["9"],
        "order_date": ["2026-09-30"],
        "amount": ["7.00"],
    }


@pytest.mark.parametrize(
    ("theirs", "ours", "ways"),
    [
        ("007", "7", ("zeros",)),
        ("7", "007", ("zeros",)),
        ("ab-1", "AB-1", ("case",)),
        ("ab-1", " ab-1", ("blanks",)),
        ("12", "12.0", ("point-zero",)),
        ("0012", "12.0 ", ("blanks", "point-zero", "zeros")),
    ],
)
def test_another_way_of_writing_is_offered_and_never_assumed(
    theirs: str, ours: str, ways: tuple[str, ...]
) -> None:
    people = part("people.csv", {"customer_id": [theirs, "x2"], "plan": ["a", "b"]})
    orders = part(
        "orders.csv",
        {"customer_id": [ours, ours], "amount": ["1.5", "2.5"]},
        kind="orders",
        key="customer_id",
    )
    before = joined([people, orders])
    assert cells(before, "orders") == [0, 0]
    offer = before.matches["orders.csv"].offer
    assert offer is not None
    assert (offer.ways, offer.gained, offer.example, offer.merged) == (ways, 1, (ours, theirs), 0)
    note = next(note for note in before.notes if note.key == "id-writing")
    after = joined([people, orders], **note.options[0].change)
    assert cells(after, "revenue") == [4.0, 0.0]
    assert after.matches["orders.csv"].offer is None
    assert after.content != before.content


def test_an_offer_says_when_customers_could_not_be_told_apart_any_more() -> None:
    people = part("people.csv", {"customer_id": ["007", "7", "8"], "plan": ["a", "b", "a"]})
    orders = part(
        "orders.csv", {"customer_id": ["08", "8"], "amount": ["1.5", "2"]}, kind="orders", key="customer_id"
    )
    offer = matches(people, orders).offer
    assert offer is not None
    assert (offer.gained, offer.merged) == (1, 1)


def test_ids_that_never_match_get_no_offer() -> None:
    people = part("people.csv", PEOPLE)
    orders = part(
        "orders.csv", {"customer_id": ["x", "y"], "amount": ["1.5", "2"]}, kind="orders", key="customer_id"
    )
    assert matches(people, orders).offer is None


def test_an_unknown_way_is_refused() -> None:
    with pytest.raises(UnusableColumn, match="There are: blanks, case, point-zero and zeros"):
        matches(part("people.csv", PEOPLE), part("orders.csv", ORDERS), ["spaces"])


@given(st.lists(st.text("07aA .", max_size=4), min_size=1))
def test_ids_are_numbered_as_they_are_written(texts: list[str]) -> None:
    for column in (pa.chunked_array([texts]), pa.chunked_array([pa.array(texts).dictionary_encode()])):
        codes, ids = ids_of(column)
        assert [ids[code].as_py() if code >= 0 else "" for code in codes.tolist()] == texts
        assert len(set(ids.to_pylist())) == len(ids)
        every, common = ids_of(column, [way.key for way in WAYS])
        assert len(set(common.to_pylist())) == len(common) <= len(ids)
        assert all(code < 0 or common[code].as_py() for code in every.tolist())


# --- one table ------------------------------------------------------------------------------------


def test_customers_keep_their_cells_and_gain_features() -> None:
    found = joined([part("people.csv", PEOPLE), part("orders.csv", ORDERS)])
    assert found.text.table.column_names[:2] == ["customer_id", "country"]
    assert cells(found, "customer_id") == ["1", "2", "3"]
    assert cells(found, "orders") == [2, 1, 0]
    assert cells(found, "revenue") == [30.75, 5.0, 0.0]
    assert cells(found, "average_order_value") == [15.375, 5.0, None]
    assert cells(found, "recency_days") == [20.0, 10.0, None]
    assert cells(found, "repeat_buyer") == [True, False, False]
    assert found.as_of == AS_OF
    assert found.unmatched["orders.csv"].column("order_id").to_pylist() == ["13"]
    customers = read(found)
    assert customers.roles["orders"] == "orders"
    assert customers.roles["revenue"] == "revenue"
    assert customers.roles["customer_id"] == "customer_id"
    assert customers.column("orders").kind == "number"


def test_counts_of_nought_and_one_stay_numbers() -> None:
    orders = {**ORDERS, "customer_id": ["1", "2", "9", "9"]}
    customers = read(joined([part("people.csv", PEOPLE), part("orders.csv", orders)]))
    assert customers.frame["orders"].tolist() == [1.0, 1.0, 0.0]
    assert customers.column("orders").kind == "number"


def test_the_as_of_date_is_the_latest_of_all_logs_or_what_is_asked() -> None:
    surveys = {
        "response_id": ["1", "2"],
        "customer_id": ["1", "2"],
        "date": ["2026-10-05", "2026-01-01"],
        "nps": ["9", "1"],
    }
    parts = [part("people.csv", PEOPLE), part("orders.csv", ORDERS), part("nps.csv", surveys, kind="surveys")]
    found = joined(parts)
    assert found.as_of == datetime.date(2026, 10, 5)
    assert cells(found, "recency_days")[0] == 25.0
    assert "the latest date in “orders.csv” and “nps.csv”" in told(found, "as-of")[0]
    earlier = joined(parts, datetime.date(2026, 9, 9))
    assert cells(earlier, "orders") == [1, 0, 0]
    assert cells(earlier, "nps") == [None, 1.0, None]
    assert told(earlier, "after-as-of") == [
        "3 rows of “orders.csv” are later than 2026-09-09 and left out.",
        "1 row of “nps.csv” is later than 2026-09-09 and left out.",
    ]


def test_a_last_date_far_behind_all_others_is_asked_about() -> None:
    orders = {**ORDERS, "order_date": ["2026-09-01", "2026-09-10", "2026-09-20", "2206-09-30"]}
    note = next(
        note
        for note in joined([part("people.csv", PEOPLE), part("orders.csv", orders)]).notes
        if note.key == "as-of"
    )
    assert note.ask
    assert note.options[0].change == {"as_of": "2026-09-20"}


def test_names_that_are_taken_get_the_name_of_the_file_and_the_customers_keep_the_role() -> None:
    people = {**PEOPLE, "orders": ["5", "6", "7"], "revenue": ["1.5", "2.5", "9"]}
    found = joined([part("people.csv", people), part("orders.csv", ORDERS)])
    assert cells(found, "orders") == ["5", "6", "7"]
    assert cells(found, "orders (from orders.csv)") == [2, 1, 0]
    assert found.roles["orders (from orders.csv)"] == "descriptor"
    assert "“orders (from orders.csv)”" in told(found, "clash")[0]
    note = next(note for note in found.notes if note.column == "revenue (from orders.csv)")
    assert "Revenue comes from “revenue” of “people.csv”" in note.text
    assert read(found).roles["revenue"] == "revenue"
    chosen = Choices(kinds=found.kinds).changed(note.options[0].change)
    roles = interpreted(found.text, found.content, chosen, found.roles).roles
    assert (roles["revenue"], roles["revenue (from orders.csv)"]) == ("descriptor", "revenue")


def test_repeated_ids_of_the_customers_are_told_and_each_row_gets_the_features() -> None:
    people = {"customer_id": ["1", "2", "1", ""], "country": ["DE", "FR", "DE", "DE"]}
    found = joined([part("people.csv", people, kind="customers"), part("orders.csv", ORDERS)])
    assert cells(found, "orders") == [2, 1, 2, None]
    assert found.matches["orders.csv"].duplicates == 1
    assert "1 id of “people.csv” occurs more than once (2 rows)" in told(found, "duplicate-ids")[0]


def test_attributes_are_added_as_they_are() -> None:
    other = {"customer_id": ["3", "1", "8"], "country": ["IT", "", "ES"], "score": ["007", "1", "2"]}
    base, more = recognised_all([upload("people.csv", PEOPLE), upload("more.csv", other)])
    found = joined([base, more])
    assert cells(found, "country") == ["DE", "FR", "DE"]
    assert cells(found, "country (from more.csv)") == ["", None, "IT"]
    assert cells(found, "score") == ["1", None, "007"]
    assert found.unmatched["more.csv"].num_rows == 1


def test_orders_alone_make_the_table() -> None:
    found = joined([part("orders.csv", ORDERS)])
    assert cells(found, "customer_id") == ["1", "2", "9"]
    assert cells(found, "orders") == [2, 1, 1]
    assert "the 3 ids in “orders.csv” are the customers" in told(found, "no-customers")[0]
    customers = read(found)
    assert customers.ids.tolist() == ["1", "2", "9"]
    assert found.matches == {}


def test_logs_without_customers_make_a_table_of_everybody_in_any_of_them() -> None:
    tickets = {"ticket_id": ["1", "2", "3"], "customer_id": ["9", "5", "5"], "opened": ["2026-09-01"] * 3}
    found = joined([part("orders.csv", ORDERS), part("tickets.csv", tickets)])
    assert cells(found, "customer_id") == ["1", "2", "5", "9"]
    assert cells(found, "orders") == [2, 1, 0, 1]
    assert cells(found, "tickets") == [0, 0, 2, 1]


def test_orders_of_several_years_are_one_log() -> None:
    halves = [
        {name: cells[:2] for name, cells in ORDERS.items()},
        {name: cells[2:] for name, cells in ORDERS.items()},
    ]
    parts = [
        part("people.csv", PEOPLE),
        *(part(f"o{n}.csv", half, kind="orders") for n, half in enumerate(halves)),
    ]
    whole = joined([part("people.csv", PEOPLE), part("orders.csv", ORDERS)])
    assert joined(parts).text.table.to_pydict() == whole.text.table.to_pydict()


def test_files_that_overlap_are_told_and_the_same_file_counts_once() -> None:
    people, orders = part("people.csv", PEOPLE), part("orders.csv", ORDERS)
    again = joined([people, orders, replace(orders, name="copy.csv")])
    assert again.text.table.equals(joined([people, orders]).text.table)
    assert told(again, "same-file") == ["“copy.csv” is the same file as “orders.csv” and counts once."]
    later = {name: cells[2:] for name, cells in ORDERS.items()}
    both = joined([people, orders, part("later.csv", later, kind="orders")])
    assert "“order number” of one file occurs in another one too (2 times)" in told(both, "overlap")[0]


def test_a_customer_table_alone_is_left_as_it_is() -> None:
    people = part("people.csv", PEOPLE)
    found = joined([people])
    assert found.text is people.text
    assert found.content == people.content


def test_two_customer_tables_and_none_are_refused() -> None:
    people = part("people.csv", PEOPLE)
    with pytest.raises(UnusableColumn, match="cannot all be the customer table"):
        joined([people, part("b.csv", PEOPLE)])
    with pytest.raises(UnusableColumn, match="no table to join"):
        joined([])
    nobody = part("log.csv", {"when": ["2026-01-01", "2026-01-02"], "what": ["x", "y"]}, kind="events")
    with pytest.raises(UnusableColumn, match=r"No column of “log.csv” names the customer"):
        joined([people, nobody])


def test_a_feature_that_most_customers_lack_or_all_do_forms_no_segments() -> None:
    people = {"customer_id": [str(n) for n in range(10)], "plan": ["a", "b"] * 5}
    few = {**ORDERS, "customer_id": ["1", "1", "2", "2"]}
    found = joined([part("people.csv", people), part("orders.csv", few)])
    assert found.roles["recency_days"] == "descriptor"
    nobody = {**ORDERS, "customer_id": ["x", "x", "y", "y"]}
    found = joined([part("people.csv", people), part("orders.csv", nobody)])
    assert found.roles["recency_days"] == "ignored"
    assert read(found).frame["orders"].tolist() == [0.0] * 10


def test_the_content_depends_on_every_file_and_choice() -> None:
    people, orders = part("people.csv", PEOPLE), part("orders.csv", ORDERS)
    without = part("orders.csv", ORDERS, fields={"order_id": ""})
    changed = recognised("orders.csv", text_table(ORDERS), "other content")
    renamed = part("o.csv", ORDERS)
    tables = [
        joined([people, orders]),
        joined([people, without]),
        joined([people, changed]),
        joined([people, renamed]),
        joined([people, orders], datetime.date(2026, 9, 1)),
        joined([people, orders], same_ids=["case"]),
        joined([orders]),
    ]
    assert len({table.content for table in tables}) == len(tables)
    assert joined([people, part("orders.csv", ORDERS)]).content == tables[0].content


ROWS = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 28), st.integers(0, 10_000)), min_size=1)


@settings(deadline=None, max_examples=25)
@given(ROWS, st.lists(st.sampled_from("abcdxyz"), min_size=2, unique=True), st.randoms())
def test_what_is_joined_and_what_is_not_add_up_to_the_log(rows: Any, ids: list[str], shuffle: Any) -> None:
    people = Part("p.csv", text_table({"id": ids}), "p", "customers", "id")

    def log(lines: Any) -> Part:
        columns = {
            "id": [one for one, _, _ in lines],
            "date": [f"2026-01-{day:02}" for _, day, _ in lines],
            "amount": [f"{cents / 100:.2f}" for _, _, cents in lines],
        }
        return Part(
            "o.csv", text_table(columns), "o", "orders", "id", {name: name for name in ("date", "amount")}
        )

    found = joined([people, log(rows)])
    lost = found.unmatched.get("o.csv")
    left_out = sum(round(float(one) * 100) for one in lost.column("amount").to_pylist()) if lost else 0
    assert round(sum(cells(found, "revenue")) * 100) + left_out == sum(cents for _, _, cents in rows)
    mixed = joined([people, log(shuffle.sample(rows, len(rows)))])
    assert mixed.text.table.equals(found.text.table)


# --- the sample company and a real order log ------------------------------------------------------


def sample_parts() -> tuple[Part, ...]:
    names = ("customers.csv", "orders.csv", "surveys.csv", "tickets.csv")
    return recognised_all([(name, *opened(SAMPLE / name)) for name in names])


@pytest.fixture(scope="module")
def parts() -> tuple[Part, ...]:
    return sample_parts()


def test_the_files_of_the_sample_agree_with_its_customer_table(parts: tuple[Part, ...]) -> None:
    assert [one.kind for one in parts] == ["customers", "orders", "surveys", "tickets"]
    found = joined(parts)
    assert found.as_of == AS_OF
    own = {name: cells(found, name) for name in ("orders", "tickets", "csat", "nps")}
    assert [str(one) for one in cells(found, "orders (from orders.csv)")] == own["orders"]
    assert [str(one) for one in cells(found, "tickets (from tickets.csv)")] == own["tickets"]
    for name in ("csat", "nps"):
        latest = cells(found, f"{name} (from surveys.csv)")
        assert ["" if one is None else f"{one:.0f}" for one in latest] == own[name]
    assert found.unmatched == {}


def test_revenue_of_the_last_year_is_that_of_the_sample_to_the_cent(parts: tuple[Part, ...]) -> None:
    people, orders = parts[0], parts[1]
    table = orders.text.table
    recent = [day >= "2025-10-01" for day in table.column("order_date").to_pylist()]
    lines = TextTable(table.filter(pa.array(recent)), "csv")
    last_year = recognised("orders.csv", lines, "last year", customers=people)
    found = joined([people, last_year])
    wanted = [float(one) for one in cells(found, "revenue")]
    assert cells(found, "revenue (from orders.csv)") == wanted
    assert round(sum(wanted), 2) == 578_523.14


def test_the_order_log_of_a_shop_gives_its_published_numbers() -> None:
    expected = json.loads(real_file("cdnow", "expect.json").read_text())["sample"]
    found = recognised("CDNOW_sample.txt", *opened(real_file("cdnow", "CDNOW_sample.txt")))
    assert (found.kind, dict(found.fields)) == (
        "orders",
        {"date": "Column 3", "amount": "Column 5", "quantity": "Column 4"},
    )
    orders = summary(found)
    assert orders.counts["lines"] == expected["lines"]
    assert orders.counts["orders"] == expected["distinct_customer_days"]
    assert len(orders.ids) == expected["customers"]
    assert orders.as_of == datetime.date(1998, 6, 30)
    frame = orders.table.to_pandas()
    assert round(frame["revenue"].sum(), 2) == expected["usd"]
    assert frame["items"].sum() == expected["cds"]
    assert frame["repeat_buyer"].sum() == expected["repeat_customers(>=2 days)"]
    for column, key in (
        ("recency_days", "recency_quantiles_days_at_1998-06-30"),
        ("revenue", "monetary_quantiles"),
    ):
        for percent, value in expected[key].items():
            assert frame[column].quantile(int(percent) / 100) == pytest.approx(value, abs=0.0005)


def test_an_order_log_alone_becomes_customers_with_kpis() -> None:
    found = joined([recognised("CDNOW_sample.txt", *opened(real_file("cdnow", "CDNOW_sample.txt")))])
    customers = read(found)
    assert len(customers) == 2357
    assert customers.roles["customer_id"] == "customer_id"
    assert customers.roles["orders"] == "orders"
    assert customers.roles["revenue"] == "revenue"
