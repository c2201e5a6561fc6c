"""What a column means is guessed from name and values, said with a reason, and set by one word."""

import numpy as np
import pandas as pd
import pytest

import segkit
from segkit.customers.roles import FAMILIES, ROLES, csat_scale, find_role
from segkit.errors import UnusableColumn
from segkit.measures.kpis import measure
from segkit.segments.segmentation import Assignment, Segment
from tests.real_data import real_file
from tests.tables import csv_bytes, read_here, texts


def table(**columns: list[object]) -> segkit.Customers:
    names = list(columns)
    rows = [list(map(str, row)) for row in zip(*columns.values(), strict=True)]
    return read_here(csv_bytes([names, *rows]))


def roles_of(values: list[object], *names: str) -> list[str]:
    customers = read_here(
        csv_bytes(
            [
                ["key column", *names],
                *([f"k{n}", *[str(value)] * len(names)] for n, value in enumerate(values)),
            ]
        )
    )
    return [customers.roles[name] for name in names]


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("customerID", ["a1", "a2", "a3", "a4"], "customer_id"),
        ("CLIENTNUM", [11, 12, 13, 14], "customer_id"),
        ("CSAT score", [1, 5, 3, 4], "csat"),
        ("NPS_rating", [0, 10, 9, 4], "nps"),
        ("Churn", ["Yes", "No", "No", "No"], "churned"),
        ("Exited", [1, 0, 0, 0], "churned"),
        ("IsActiveMember", [1, 0, 1, 0], "retained"),
        ("Response", [1, 0, 0, 0], "converted"),
        ("MonthlyCharges", [20.5, 30, 40, 50], "revenue"),
        ("Cost to serve", [20.5, 30, 40, 50], "cost"),
        ("num_orders", [2, 3, 4, 9], "orders"),
        ("Support tickets", [2, 3, 4, 9], "tickets"),
        ("signup_date", ["2024-01-01", "2024-02-01", "2024-03-01", "2024-03-02"], "signup_date"),
        ("Date of birth", ["1990-01-01", "1980-02-01", "1970-03-01", "1960-03-02"], "birthday"),
        ("Plan Tier", ["a", "b", "a", "b"], "plan_tier"),
        ("lifecycle stage", ["a", "b", "a", "b"], "journey_stage"),
        ("Region", ["n", "s", "n", "s"], "geographic"),
        ("company size", [2, 3, 4, 9], "firmographic"),
        ("annual_income", [2, 3, 4, 9], "demographic"),
        ("preferred device", ["a", "b", "a", "b"], "technographic"),
        ("tenure", [2, 3, 4, 9], "journey"),
        ("Complain", [1, 0, 0, 1], "sentiment"),
        ("price sensitivity", [2, 3, 4, 9], "psychographic"),
        ("anything", [2, 3, 4, 9], "behavioural"),
        ("marketing consent", [1, 0, 0, 1], "channel_consent"),
    ],
)
def test_a_role_is_guessed_from_name_and_values(name, values, role):
    assert roles_of(values, name) == [role]


@pytest.mark.parametrize(
    ("name", "values", "role", "reason"),
    [
        ("CSAT", [1, 5, 30, 400], "descriptor", "named like csat, but its values do not fit that"),
        (
            "Churn",
            ["Yes", "No", "Maybe", "No"],
            "descriptor",
            "named like churned (the inverse of retained), but",
        ),
        ("plan", ["pro"] * 4, "ignored", "it has only one value"),
        ("plan", ["", "", "", ""], "ignored", "it is empty"),
        (
            "joined on",
            ["2024-01-01", "2024-02-01", "2024-03-01", "2024-03-02"],
            "descriptor",
            "a date describes",
        ),
        ("remarks", [f"text {n}" for n in range(4)], "descriptor", "codes and free text describe"),
        ("zip code", ["01234", "01235", "01236", "01234"], "descriptor", "codes and free text describe"),
        ("plan", ["a"] * 99 + ["b"], "descriptor", "more than 98\u202f% of customers have the same value"),
        ("usage", [1, 2, *[""] * 3], "descriptor", "it is missing for most customers"),
    ],
)
def test_what_cannot_serve_is_left_out_with_its_reason(name, values, role, reason):
    customers = table(**{"id": [f"k{n}" for n in range(len(values))], name: values})
    assert customers.roles[name] == role
    assert customers.column(name).reason.startswith(reason)


def test_outcomes_ids_text_and_constants_are_no_dimensions_by_default():
    customers = table(
        id=["a", "b", "c", "d"],
        age=[30, 40, 50, 60],
        plan=["x", "y", "x", "y"],
        csat=[1, 5, 4, 2],
        revenue=[10, 20, 30, 40],
        note=["p", "q", "r", "s"],
        same=["z"] * 4,
        joined=["2024-01-01", "2024-02-01", "2024-03-01", "2024-03-02"],
    )
    assert customers.default_dimensions == ("age", "plan")


def test_one_column_gets_an_outcome_and_the_next_says_why_not():
    customers = table(id=["a", "b"], total_charges=[1, 2], monthly_charges=[3, 4])
    assert customers.roles == {
        "id": "customer_id",
        "total_charges": "descriptor",
        "monthly_charges": "revenue",
    }
    assert (
        customers.column("total_charges").reason == "named like revenue, which comes from “monthly_charges”"
    )


def everyone(customers: segkit.Customers) -> Assignment:
    return Assignment((Segment("S1", "All", 0),), np.zeros(len(customers), int), np.ones(len(customers)))


def test_churn_yes_means_not_retained():
    customers = table(id=list("abcdefgh"), churn=["Yes", "No", "No", ""] * 2)
    assert (
        customers.column("churn").reason
        == "the name says churned (the inverse of retained); “Yes” means not retained"
    )
    kpi = measure(customers, everyone(customers)).find("all", "retention")
    assert (kpi.value, kpi.n, kpi.coverage) == (pytest.approx(2 / 3), 6, 0.75)


def test_a_table_without_ids_gets_row_numbers_and_says_so():
    customers = table(age=[30, 40, 30], plan=["x", "y", "x"])
    assert list(customers.ids) == ["1", "2", "3"]
    assert (
        "No column identifies the customers, so row numbers serve as ids. If one does, choose it below."
        in texts(customers)
    )


def test_repeated_and_missing_ids_are_counted():
    customers = table(id=["a", "b", "a", "", "c"], age=[1, 2, 3, 4, 5])
    assert texts(customers)[1:] == [
        "1 id in “id” occurs more than once, first “a” in rows 1 and 3. Every row counts as a customer; "
        "remove repeats in the file if they are the same person.",
        "1 customer has no id in “id”.",
    ]


def test_any_column_can_be_made_the_id_and_is_text_from_then_on():
    customers = read_here(
        csv_bytes([["code", "age"], ["1E2", "5"], ["100", "6"]]), roles={"code": "customer_id"}
    )
    assert (list(customers.ids), customers.column("code").kind) == (["1E2", "100"], "text")
    assert customers.column("code").reason == "you chose it"


def test_the_users_choice_of_an_outcome_takes_it_from_the_guessed_one():
    data = csv_bytes([["id", "revenue", "turned over"], ["a", "1", "5"], ["b", "2", "6"]])
    customers = read_here(data, roles={"turned over": "revenue"})
    assert customers.roles["revenue"] == "descriptor"
    assert customers.column("revenue").reason == "another column was chosen for that"
    churn = read_here(
        csv_bytes([["id", "churn", "kept"], ["a", "Yes", "No"], ["b", "No", "Yes"]]),
        roles={"kept": "retained"},
    )
    assert churn.roles["churn"] == "descriptor"
    dates = csv_bytes(
        [["id", "signup date", "since"], ["a", "2024-01-01", "2023-01-01"], ["b", "2024-01-02", "2023-01-02"]]
    )
    assert read_here(dates, roles={"since": "signup_date"}).roles["signup date"] == "descriptor"


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        (
            {"plan": "csat"},
            "Column “plan” is read as category; “CSAT” needs number. Change the kind of the column first, or "
            "choose another role.",
        ),
        (
            {"age": "churned"},
            "Column “age” is read as number; “Churned (the inverse of retained)” needs yes/no.",
        ),
        (
            {"age": "nps"},
            "Column “age” cannot be NPS answer: only 0\u202f% of its answers are whole numbers from 0 to 10.",
        ),
        (
            {"wealth": "csat"},
            "Column “wealth” cannot be CSAT: its answers run from 5,000 to 9,000, which is none of",
        ),
        ({"empty": "customer_id"}, "Column “empty” cannot be Customer id: it is empty."),
        ({"age": "spender"}, "“spender” is no role. Roles are: customer_id, csat, nps, retained, churned"),
        (
            {"age": "revenue", "wealth": "revenue"},
            "“age” and “wealth” cannot all be “Revenue”. Choose one of them.",
        ),
    ],
)
def test_a_role_that_a_column_cannot_have_is_refused_in_words(roles, message):
    data = csv_bytes(
        [
            ["id", "plan", "age", "wealth", "empty"],
            *([f"k{n}", "ab"[n % 2], str(30 + n), str(5000 + 1000 * n), ""] for n in range(5)),
        ]
    )
    with pytest.raises(UnusableColumn) as problem:
        read_here(data, roles=roles)
    assert str(problem.value).startswith(message)


@pytest.mark.parametrize(
    ("answers", "scale"),
    [([1, 5], (1, 5)), ([1, 6], (1, 7)), ([0, 5], (0, 10)), ([0, 55], (0, 100)), ([-1, 5], None)],
)
def test_the_csat_scale_is_the_smallest_that_fits(answers, scale):
    assert csat_scale(pd.Series(answers, dtype=float)) == scale


def test_the_csat_scale_that_is_set_is_used_and_answers_off_it_are_counted():
    data = csv_bytes([["id", "csat"], ["a", "1"], ["b", "10"], ["c", "3"]])
    assert read_here(data).column("csat").scale == (0, 10)
    chosen = read_here(data, scale=(1, 5))
    assert chosen.column("csat").scale == (1, 5)
    assert "1 answer in “csat” outside 1 to 5 is set aside." in texts(chosen)
    with pytest.raises(UnusableColumn, match="1–9 is no CSAT scale; choose 1–5, 1–7, 0–10 or 0–100"):
        read_here(data, scale=(1, 9))


def test_nps_answers_that_are_none_are_counted():
    customers = table(id=list("abcdef"), nps=[0, 9, 10, 7, 11, 2.5])
    assert "2 answers in “nps” outside 0 to 10 or not whole are set aside." in texts(customers)


def test_every_role_can_be_found_and_belongs_to_a_family():
    assert len({role.key for role in ROLES}) == len(ROLES)
    for role in ROLES:
        assert find_role(role.key) is role
        assert role.family in ("", *FAMILIES)
        assert role.use in ("id", "dimension", "outcome", "descriptor", "none")
    assert {role.family for role in ROLES if role.use == "dimension"} == set(FAMILIES)


# --- real files -----------------------------------------------------------------------------------


def test_roles_of_telco_churn():
    customers = segkit.read(real_file("telco_churn", "Telco-Customer-Churn.csv"))
    outcomes = {
        name: role for name, role in customers.roles.items() if find_role(role).use in ("id", "outcome")
    }
    assert outcomes == {"customerID": "customer_id", "MonthlyCharges": "revenue", "Churn": "churned"}
    assert customers.roles["Contract"] == "plan_tier"
    assert customers.roles["tenure"] == "journey"
    assert customers.roles["InternetService"] == "technographic"
    assert customers.roles["gender"] == customers.roles["SeniorCitizen"] == "demographic"
    assert len(customers.default_dimensions) == 17


def test_roles_of_the_marketing_campaign():
    customers = segkit.read(real_file("marketing_campaign", "marketing_campaign.csv"))
    assert customers.roles["ID"] == "customer_id"
    assert customers.roles["Response"] == "converted"
    assert customers.roles["Dt_Customer"] == "signup_date"
    assert customers.roles["MntWines"] == "price"
    assert customers.roles["Year_Birth"] == customers.roles["Marital_Status"] == "demographic"
    assert customers.roles["Z_CostContact"] == "ignored"
    assert "Response" not in customers.default_dimensions


def test_roles_of_the_bank_and_of_wholesale():
    bank = segkit.read(real_file("dmba", "UniversalBank.csv"))
    assert (bank.roles["ID"], bank.roles["Personal Loan"]) == ("customer_id", "converted")
    assert bank.roles["ZIP Code"] == "descriptor"
    wholesale = segkit.read(real_file("wholesale", "Wholesale customers data.csv"))
    assert wholesale.roles["CustomerId"] == "customer_id"
    assert wholesale.roles["Region"] == "geographic"
    assert wholesale.roles["Channel"] == "firmographic"
    assert wholesale.column("Channel").kind == "category"


def test_a_column_that_only_numbers_the_rows_describes():
    customers = table(seq=list(range(1, 41)), age=[20 + place % 7 for place in range(40)])
    assert customers.roles["seq"] == "descriptor"
    assert customers.column("seq").reason == "it only numbers the rows"


def test_copies_and_opposites_count_once_and_never_stand_in_for_an_outcome():
    churn = ["Yes", "No", "No", "Yes"] * 10
    customers = table(
        left_us=churn,
        Churn=churn,
        stays=["No" if one == "Yes" else "Yes" for one in churn],
        visits=[place % 9 for place in range(40)],
        visits_again=[place % 9 for place in range(40)],
    )
    assert customers.roles["Churn"] == "churned"
    for name, other in (("left_us", "Churn"), ("stays", "Churn"), ("visits_again", "visits")):
        assert customers.column(name).role == "descriptor"
        assert customers.column(name).reason == f"it says the same as “{other}”"
    assert customers.default_dimensions == ("visits",)


def test_names_that_say_nothing_are_asked_about():
    customers = table(qx7=[1, 2, 3, 4] * 10, age=[20 + place % 7 for place in range(40)])
    asked = [note.text for note in customers.notes if note.check]
    assert any("1 column could not be told from the name" in text and "“qx7”" in text for text in asked)


def test_csat_at_the_low_end_of_its_scale_is_asked_about():
    customers = table(csat=[1, 1, 2, 1, 5, 1, 1, 2, 1, 1], age=list(range(20, 30)))
    asked = [note.text for note in customers.notes if note.check]
    assert any("Most answers in “csat” are at the low end of 1–5" in text for text in asked)
