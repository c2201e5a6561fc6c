"""What a column means is guessed from name and values, said with a reason, and set by one word."""

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

import segkit
from segkit.customers.meanings.roles import (
    FAMILIES,
    ROLES,
    Facts,
    Guess,
    check_role,
    csat_scale,
    find_role,
    guess_roles,
)
from segkit.errors import UnusableColumn
from segkit.measures.kpis import measure
from segkit.segments.segmentation import Assignment, Segment
from tests.real_data import real_file
from tests.tables import csv_bytes, read_here, texts
from tests.test_aliases import SAMPLES, facts


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
        ("CSAT", [1, 5, 30, 400], "descriptor", "named like CSAT, but its values do not fit that"),
        (
            "Churn",
            ["Yes", "No", "Maybe", "No"],
            "descriptor",
            "named like churned (the inverse of retained), but",
        ),
        ("plan", ["pro"] * 4, "ignored", "it has only one value"),
        ("plan", ["", "", "", ""], "ignored", "it is empty"),
        (
            "printed on",
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
        "1 id in “id” occurs more than once, first “a” in rows 1 and 3. Every row counts as a customer.",
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
            "Column “plan” cannot be CSAT: its answers are neither on a scale nor words for how satisfied "
            "one is (it holds “a” and “b”).",
        ),
        (
            {"plan": "nps"},
            "Column “plan” cannot be NPS answer: its answers are neither 0 to 10 nor promoter, passive or "
            "detractor (it holds “a” and “b”).",
        ),
        (
            {"plan": "churned"},
            "Column “plan” cannot be Churned (the inverse of retained): it says neither yes and no nor who "
            "left and who stayed (it holds “a” and “b”).",
        ),
        (
            {"age": "churned"},
            "Column “age” is read as number; “Churned (the inverse of retained)” needs yes/no, category or "
            "text. Change the kind of the column first, or choose another role.",
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


# --- guesses, their reasons and how sure they are ------------------------------------------------------


def guess(*columns: tuple[str, str] | tuple[str, list[str], str]) -> list[Guess]:
    """Guess the roles of columns that look like a sample, or hold the given cells."""
    seen = []
    for name, *rest in columns:
        cells, kind = rest if len(rest) == 2 else reversed(SAMPLES[rest[0]])
        seen.append(facts(name, cells, kind))
    return guess_roles(seen)


REASONS = """
Kundennummer           | ids    | customer_id sure    | the name says customer id (German “Kundennummer”); every customer
Umsatz                 | money  | revenue sure        | the name says revenue (German “Umsatz”); amounts from 20 to 241
csat                   | 1-5    | csat sure           | the name says CSAT; answers fit the scale 1–5
NPS                    | 0-10   | nps sure            | the name says NPS answer; answers are whole numbers from 0 to 10
How satisfied are you? | 1-5    | csat likely         | the question asks for CSAT; answers fit the scale 1–5
Rate us from 0 to 10   | 0-10   | nps guess           | the question asks for NPS answer; answers are whole numbers
gender                 | sexes  | demographic sure    | the name says demographic; its values are genders
col_7                  | sexes  | demographic likely  | its values are genders
region                 | words  | geographic likely   | the name says geographic
status                 | status | retained likely     | the name says retained; “active” means retained, “cancelled” not
churn                  | flag   | churned sure        | the name says churned (the inverse of retained); “Yes” means not
qx                     | words  | behavioural guess   | the name does not say more
contact                | mail   | personal likely     | it points to persons (e-mail)
signup                 | days   | signup_date sure    | the name says sign-up date; days from 2010 to 2023
"""  # noqa: E501


@pytest.mark.parametrize("line", REASONS.strip().splitlines())
def test_a_guess_has_a_reason_and_says_how_sure_it_is(line):
    name, sample, expected, reason = (part.strip() for part in line.split("|"))
    found = guess((name, sample))[0]
    assert f"{found.role} {found.confidence}" == expected
    assert found.reason.startswith(reason)


def test_a_rating_from_0_to_10_is_taken_for_nps_and_says_how_to_change_that():
    reason = guess(("On a scale of 0-10, how would you rate us?", "0-10"))[0].reason
    assert reason.endswith("; if it does not ask about recommending you, choose CSAT instead")


@pytest.mark.parametrize(
    ("cells", "role", "reason"),
    [
        (["Germany", "France", "Spain", "Italy"], "geographic", "countries"),
        (["DE", "FR", "ES"], "geographic", "country codes"),
        (["CA", "NY", "TX"], "geographic", "US states"),
        (["north", "south"], "geographic", "compass directions"),
        (["iOS", "Android"], "technographic", "devices and systems"),
        (["free", "premium"], "plan_tier", "plan tiers"),
        (["ledig", "verheiratet"], "demographic", "marital states"),
        (["18-24", "25-34", "35-54", "55+"], "demographic", "bands of age"),
        (["credit card", "PayPal"], "price", "ways of payment"),
        (["lead", "mql", "opportunity"], "journey_stage", "stages"),
        (["strongly agree", "agree", "disagree"], "psychographic", "how much people agree"),
        (["good", "bad", "average"], "sentiment", "words of quality"),
        (["very satisfied", "neutral"], "csat", "words of satisfaction"),
        (["😀", "😐", "😡"], "csat", "smileys"),
        (["promoter", "detractor"], "nps", "promoter, passive and detractor"),
        (["Existing Customer", "Attrited Customer"], "retained", "who stayed"),
        (["1-10", "11-50", "51-200"], "behavioural", "does not say more"),
        (["DE", "FR"], "behavioural", "does not say more"),
        (["red", "green"], "behavioural", "does not say more"),
    ],
)
def test_values_tell_what_a_name_does_not(cells, role, reason):
    found = guess(("q17", cells * 12, "category"))[0]
    assert found.role == role
    assert reason in found.reason


def test_the_question_about_the_whole_goes_before_those_about_parts():
    found = guess(
        ("How satisfied are you with the price?", "1-5"),
        ("Overall, how satisfied are you with our company?", "1-5"),
    )
    assert [one.role for one in found] == ["descriptor", "csat"]
    assert (
        found[0].reason
        == "named like CSAT, which comes from “Overall, how satisfied are you with our company?”"
    )


def test_of_several_years_the_latest_is_the_revenue():
    found = guess(("revenue 2022", "money"), ("revenue 2024", "money"), ("revenue 2023", "money"))
    assert [one.role for one in found] == ["descriptor", "revenue", "descriptor"]


def test_single_letters_stand_for_something_only_beside_each_other():
    found = guess(("R", "counts"), ("F", "counts"), ("M", "money"))
    assert [(one.role, one.confidence) for one in found] == [
        ("journey", "guess"),
        ("orders", "guess"),
        ("revenue", "guess"),
    ]
    assert guess(("M", "money"))[0].role == "behavioural"


def test_an_order_number_is_no_customer_id_where_the_customers_are_named():
    found = guess(("Order ID", "ids"), ("Customer ID", [f"C{n % 20}" for n in range(60)], "text"))
    assert "customer_id" not in [one.role for one in found]


@pytest.mark.parametrize(
    "name", ["churn reason", "Kündigungsgrund", "Churn Score", "target", "cluster", "train_test_split"]
)
def test_what_became_of_a_customer_forms_no_segments(name):
    sample = {"Churn Score": "0-100", "target": "01", "train_test_split": "01"}.get(name, "words")
    assert find_role(guess((name, sample))[0].role).use == "descriptor"


def test_personal_and_sensitive_columns_form_no_segments():
    for name, sample in (
        ("Vorname", "first"),
        ("note", "remarks"),
        ("phone", "phone"),
        ("Religion", "words"),
    ):
        assert find_role(guess((name, sample))[0].role).use == "descriptor"
    assert guess(("smoker", "flag"))[0].reason == "it tells about health, which the law protects specially"


def test_facts_without_texts_are_guessed_from_their_values():
    seen = [facts(name, *reversed(SAMPLES[sample])) for name, sample in (("a", "sexes"), ("churn", "flag"))]
    bare = [
        Facts(one.name, one.kind, one.values, one.distinct, one.filled, one.most_common_share) for one in seen
    ]
    assert guess_roles(bare) == guess_roles(seen)


def test_nothing_to_guess_is_guessed_as_nothing():
    assert guess_roles([]) == []


@pytest.mark.parametrize(
    ("role", "cells", "kind"),
    [
        ("csat", ["very satisfied", "neutral"], "category"),
        ("csat", ["4/5", "2/5"], "text"),
        ("nps", ["promoter", "detractor"], "category"),
        ("nps", ["9/10", "2/10"], "text"),
        ("retained", ["aktiv", "gekündigt"], "category"),
        ("churned", ["Existing Customer", "Attrited Customer"], "category"),
        ("converted", ["0", "3"], "number"),
        ("converted", ["won", "lost"], "category"),
    ],
)
def test_columns_of_words_can_be_given_roles_that_their_answers_allow(role, cells, kind):
    check_role(find_role(role), facts("column", cells, kind))


def test_the_nps_itself_is_no_answer():
    scores = facts("nps", ["-100", "0", "100", "0"], "number")
    with pytest.raises(UnusableColumn, match="the score from −100 to 100, not answers from 0 to 10"):
        check_role(find_role("nps"), scores)


# --- what reading makes of it --------------------------------------------------------------------------


def column_of(name: str, *cells: str) -> segkit.Customers:
    return table(**{"customer id": [f"k{n}" for n in range(len(cells))], name: list(cells)})


def test_words_of_satisfaction_become_numbers_on_a_scale():
    customers = column_of("CSAT", *["very satisfied", "satisfied", "dissatisfied", "neutral"] * 3)
    column = customers.column("CSAT")
    assert (column.role, column.kind, column.scale) == ("csat", "number", (1, 5))
    assert list(customers.frame["CSAT"][:4]) == [5, 4, 2, 3]


def test_states_become_retained_and_a_third_one_is_asked_about():
    customers = column_of("Status", *["active", "active", "cancelled", "paused"] * 3)
    assert customers.roles["Status"] == "retained"
    kpi = measure(customers, everyone(customers)).find("all", "retention")
    assert (kpi.value, kpi.n) == (pytest.approx(2 / 3), 9)
    asked = [note.text for note in customers.notes if note.key == "third-state"]
    assert asked == ["“paused” in “Status” is neither retained nor not: 3 customers are set aside."]


# --- real files -----------------------------------------------------------------------------------


@lru_cache(maxsize=40)
def real_customers(path: str) -> segkit.Customers:
    """Read a real file once; customers are never changed."""
    return segkit.read(real_file(*path.split("/")))


def test_roles_of_telco_churn():
    customers = real_customers("telco_churn/Telco-Customer-Churn.csv")
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
    customers = real_customers("marketing_campaign/marketing_campaign.csv")
    assert customers.roles["ID"] == "customer_id"
    assert customers.roles["Response"] == "converted"
    assert customers.roles["Dt_Customer"] == "signup_date"
    assert customers.roles["MntWines"] == "price"
    assert customers.roles["Year_Birth"] == customers.roles["Marital_Status"] == "demographic"
    assert customers.roles["Z_CostContact"] == "ignored"
    assert "Response" not in customers.default_dimensions


def test_roles_of_the_bank_and_of_wholesale():
    bank = real_customers("dmba/UniversalBank.csv")
    assert (bank.roles["ID"], bank.roles["Personal Loan"]) == ("customer_id", "converted")
    assert bank.roles["ZIP Code"] == "descriptor"
    wholesale = real_customers("wholesale/Wholesale customers data.csv")
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


REAL = """
telco_churn/Telco-Customer-Churn.csv                | customerID=customer_id; MonthlyCharges=revenue; Churn=churned
mall_customers/Mall_Customers.csv                   | CustomerID=customer_id
mall_customers/Mall_Customers_newdelthis.csv        | CustomerID=customer_id
mall_customers/mall_customers.csv                   | id=customer_id
wholesale/Wholesale customers data.csv              | CustomerId=customer_id
marketing_campaign/marketing_campaign.csv           | ID=customer_id; Response=converted
caravan/Caravan.csv                                 | Purchase=converted
dmba/BathSoapHousehold.csv                          | Member id=customer_id; No. of  Trans=orders
dmba/CatalogCrossSell.csv                           | Customer Number=customer_id
dmba/CharlesBookClub.csv                            | ID#=customer_id; M=revenue; F=orders
dmba/Cosmetics.csv                                  |
dmba/EastWestAirlinesCluster.csv                    | ID#=customer_id
dmba/EastWestAirlinesNN.csv                         | ID#=customer_id
dmba/Fundraising.csv                                | Row Id=customer_id
dmba/Hair-Care-Product.csv                          | Purchase=converted
dmba/LaptopSalesJanuary2008.csv                     |
dmba/Taxi-cancellation-case.csv                     | user_id=customer_id
dmba/Tayko.csv                                      | Freq=orders; Purchase=converted; Spending=revenue
dmba/UniversalBank.csv                              | ID=customer_id; Personal Loan=converted
mcdonalds/mcdonalds.csv                             | Like=csat
prepbench_nps/input_01.csv                          | On a scale of 0-10, how would you rate Sudzilla?=nps
flexclust/auto.export.csv                           | satisfaction=csat
flexclust/vacmot.export.csv                         | respondent=customer_id
flexclust/volunteers.export.csv                     | active=retained
sbg_retention/sbg_paper.csv                         | customer_id=customer_id
cdnow/cdnow_customers_summary.csv                   | ID=customer_id; frequency=orders
cdnow/cdnow_customers_summary_with_transactions.csv | ID=customer_id; x=orders
cdnow/donations.csv                                 | frequency=orders
"""  # noqa: E501


@pytest.mark.parametrize("line", REAL.strip().splitlines())
def test_ids_and_outcomes_of_real_files(line):
    path, told = (part.strip() for part in line.split("|"))
    customers = real_customers(path)
    expected = dict(one.rsplit("=", 1) for one in told.split("; ") if one)
    assert {
        name: role for name, role in customers.roles.items() if find_role(role).use in ("id", "outcome")
    } == expected


REAL_FAMILIES = """
mall_customers/Mall_Customers.csv         | demographic   | Gender; Age; Annual Income (k$)
mall_customers/Mall_Customers.csv         | price         | Spending Score (1-100)
marketing_campaign/marketing_campaign.csv | demographic   | Year_Birth; Education; Marital_Status; Income; Kidhome; Teenhome
marketing_campaign/marketing_campaign.csv | price         | MntWines; MntFruits; NumDealsPurchases
marketing_campaign/marketing_campaign.csv | behavioural   | NumWebPurchases; NumStorePurchases; NumWebVisitsMonth; AcceptedCmp1
dmba/BathSoapHousehold.csv                | demographic   | SEX; AGE; EDU; CHILD; Affluence Index
dmba/CharlesBookClub.csv                  | journey       | R; FirstPurch
dmba/EastWestAirlinesCluster.csv          | behavioural   | Qual_miles; Bonus_miles; Flight_trans_12
dmba/EastWestAirlinesCluster.csv          | journey       | Days_since_enroll
dmba/Fundraising.csv                      | demographic   | homeowner dummy; NUMCHLD; INCOME; WEALTH; gender dummy
dmba/Fundraising.csv                      | price         | LASTGIFT; AVGGIFT
dmba/Hair-Care-Product.csv                | demographic   | Age; Hair Color; Gender_ord
dmba/Hair-Care-Product.csv                | geographic    | U.S. Region; Residence_ord
dmba/Hair-Care-Product.csv                | descriptor    | Validation
dmba/LaptopSalesJanuary2008.csv           | geographic    | OS X Customer; OS Y Store; CustomerStoreDistance
dmba/Taxi-cancellation-case.csv           | geographic    | from_lat; from_long; to_lat; to_long
dmba/Tayko.csv                            | journey       | source_a; last_update_days_ago; 1st_update_days_ago
dmba/UniversalBank.csv                    | behavioural   | Securities Account; CD Account; Online; CreditCard
mcdonalds/mcdonalds.csv                   | psychographic | yummy; convenient; spicy; fattening; greasy; fast; cheap; tasty
flexclust/vacmot.export.csv               | descriptor    | published_segment6
flexclust/vacmot.export.csv               | demographic   | Gender; Age; Education; Income; Income2; Occupation; Relationship.Status
flexclust/volunteers.export.csv           | demographic   | GENDER; AGEG; children
flexclust/volunteers.export.csv           | descriptor    | faith
sbg_retention/sbg_paper.csv               | journey       | recency; cohorts
cdnow/cdnow_customers_summary.csv         | journey       | recency; T
prepbench_nps/input_01.csv                | personal      | ...why?; What was your favourite giveaway at Sudzilla?
prepbench_nps/input_01.csv                | sentiment     | How would you rate the food at Sudzilla (lunch)?
"""  # noqa: E501


@pytest.mark.parametrize("line", REAL_FAMILIES.strip().splitlines())
def test_families_of_real_columns(line):
    path, role, names = (part.strip() for part in line.split("|"))
    customers = real_customers(path)
    told = {name: customers.roles[name] for name in names.split("; ")}
    assert told == dict.fromkeys(told, role)


def test_the_nps_of_the_conference_is_the_published_one():
    customers = real_customers("prepbench_nps/input_01.csv")
    kpi = measure(customers, everyone(customers)).find("all", "nps")
    assert (kpi.value, kpi.n) == (pytest.approx(-35.897436), 39)


def test_liking_of_mcdonalds_moves_to_zero_to_ten():
    customers = real_customers("mcdonalds/mcdonalds.csv")
    column = customers.column("Like")
    assert (column.kind, column.scale, column.detail) == ("number", (0, 10), "−5 to +5 moved to 0 to 10")
    assert customers.frame["Like"].notna().all()
