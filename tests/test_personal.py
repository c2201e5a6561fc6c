"""Columns that point to persons or to what the law protects are recognised, and their look-alikes are not."""

import pytest

from segkit.customers.meanings.personal import (
    PERSONAL,
    personal_kind,
    personal_note,
    sensitive_kind,
    sensitive_note,
)


def kind_of(name: str, *texts: str, kind: str = "text", repeated: int = 1) -> str:
    return personal_kind(name, kind, texts, [repeated] * len(texts), len(texts), repeated * len(texts))


MAILS = ("ada@example.org", "bob.smith@mail.example.com", "eve+shop@example.de")
PHONES = ("+49 30 901820", "0170 1234567", "(212) 555-0100", "+1-212-555-0199")
PEOPLE = ("Maria Schmidt", "Jan de Vries", "Müller, Anna", "Xi Wang")
STREETS = ("Hauptstraße 5", "12 Main St", "rue de la Paix 3", "Calle Mayor 8", "Kerkstraat 12a")
IBANS = ("DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "FR1420041010050500013M02606")
CARDS = ("4111 1111 1111 1111", "5500-0000-0000-0004", "340000000000009")
ADDRESSES = ("192.168.0.1", "10.0.0.255", "2001:db8:0:0:0:0:0:1")
OPINIONS = (
    "The delivery took far too long this time",
    "Nobody answered the phone for three days",
    "I like the shop but the app is slow",
)


@pytest.mark.parametrize(
    ("name", "texts", "found"),
    [
        ("x", MAILS, "e-mail"),
        ("x", PHONES, "phone"),
        ("x", PEOPLE, "name"),
        ("x", STREETS, "address"),
        ("x", IBANS, "bank account"),
        ("x", CARDS, "bank account"),
        ("x", ADDRESSES, "IP address"),
        ("x", OPINIONS, "free text"),
        ("E-Mail", MAILS, "e-mail"),
        ("Mobile", ("1701234567", "1701234568", "1701234569"), "phone"),
        ("Vorname", ("Ayşe", "Björn", "Chloé"), "name"),
        ("surname", ("Zhang", "Okafor", "Silva"), "name"),
        ("Name", ("Zhang Wei", "Okafor Chi", "Silva Ze"), "name"),
        ("Adresse", ("Postfach 12", "Hof 3", "Am Markt"), "address"),
        ("DNI", ("12345678Z", "23456789A", "34567890B"), "identity number"),
        ("Kommentar", ("leider zu spät", "alles sehr gut", "gerne wieder hier"), "free text"),
    ],
)
def test_personal_data_is_told_by_values_or_by_name(name, texts, found):
    assert kind_of(name, *texts) == found


@pytest.mark.parametrize(
    ("name", "texts", "kind", "repeated"),
    [
        ("plan name", ("Basic", "Pro", "Team"), "category", 9),
        ("product name", ("Blue Widget", "Red Widget", "Green Lamp"), "text", 1),
        ("Firmenname", ("Acme GmbH", "Nord AG", "Süd KG"), "text", 1),
        ("company", ("Acme Corp", "North Ltd", "South Inc"), "text", 1),
        ("file_name", ("a.csv", "b.csv", "c.csv"), "text", 1),
        ("city", ("New York", "San Jose", "Los Angeles"), "category", 9),
        ("zip", ("10115", "20095", "80331"), "text", 1),
        ("country", ("Germany", "France", "Spain"), "category", 9),
        ("order id", ("2024-000123", "2024-000124", "2024-000125"), "text", 1),
        ("joined", ("2024-01-01", "2024-02-01", "2024-03-01"), "text", 1),
        ("amount", ("1234567.50", "2345678.25", "3456789.75"), "number", 1),
        ("share", ("0.714285714", "0.333333333", "0.142857143"), "number", 1),
        ("version", ("1.2.3", "2.0.1", "10.0.0"), "text", 1),
        ("email opens", ("1", "2", "3"), "number", 9),
        ("email", ("Yes", "No"), "yes/no", 9),
        ("Address type", ("home", "work", "other"), "category", 9),
        ("phone service", ("Yes", "No", "No internet"), "category", 9),
        ("contact channel", ("phone", "mail", "shop"), "category", 9),
        ("nombre de commandes", ("1", "2", "3"), "number", 9),
        ("remarks", ("none", "-", "ok"), "category", 9),
        ("food", ("Some good, some not so good", "Just about edible but I was hungry"), "category", 9),
        ("name", ("gold", "silver", "bronze"), "category", 9),
    ],
)
def test_what_only_looks_personal_is_left_alone(name, texts, kind, repeated):
    assert kind_of(name, *texts, kind=kind, repeated=repeated) == ""


def test_a_date_named_like_a_birthday_is_a_birth_date():
    assert kind_of("Geburtsdatum", "1990-01-01", "1985-05-05", kind="date") == "birth date"
    assert kind_of("signup date", "2020-01-01", "2021-05-05", kind="date") == ""


def test_a_wrong_check_digit_is_no_bank_account():
    assert (
        kind_of("x", "DE89370400440532013001", "GB82WEST12345698765433", "FR1420041010050500013M02607") == ""
    )
    assert kind_of("x", "4111111111111112", "5500000000000005", "340000000000008") == ""


def test_few_odd_cells_do_not_hide_what_a_column_holds():
    assert kind_of("contact", *MAILS, "ann@example.org", "unknown") == "e-mail"
    assert kind_of("contact", *MAILS, "unknown", "-", "none") == "e-mail"  # some are enough to hide it
    assert kind_of("contact", MAILS[0], *[f"person {place}" for place in range(60)]) == ""


def test_an_empty_column_holds_nothing():
    assert personal_kind("email", "text", (), (), 0, 0) == ""


def test_every_personal_note_says_what_it_is_and_offers_a_way_out():
    for row in PERSONAL:
        note = personal_note("column", row.key)
        assert (note.key, note.column, note.check) == ("personal", "column", True)
        assert note.text.endswith("it forms no segments and is hidden from previews.")
    assert personal_note("Mail", "e-mail").options[0].change == {"roles": {"Mail": "descriptor"}}


# --- sensitive ------------------------------------------------------------------------------------


SENSITIVE_NAMES = """
ethnicity                 | Ethnicity; ethnic_group; race; Ethnie; origine ethnique; origen étnico; raça; etniciteit; etnia
religion                  | Religion; Konfession; Kirchensteuer; Religión; religião; geloof; religione; confession
health                    | diagnosis; chronic_disease; smoker; BMI; is_pregnant; Raucher; Vorerkrankungen; état de santé
health                    | maladie; enfermedad; gravidez; ziekte; malattia; blood_pressure; allergies
disability                | Disability; Schwerbehinderung; handicap; discapacidad; deficiência; disabilità
sexual orientation        | sexual_orientation; sexuelle Orientierung; orientation sexuelle; orientación sexual
political opinion         | political_party; Parteizugehörigkeit; opinion politique; partido político; opinione_politica
trade union               | trade_union; Gewerkschaft; syndicat; sindicato; vakbond; sindacato
criminal record           | criminal_record; Vorstrafen; casier judiciaire; antecedentes penales; strafblad
genetic or biometric data | biometric_id; genetic_test
"""  # noqa: E501


@pytest.mark.parametrize("line", SENSITIVE_NAMES.strip().splitlines())
def test_sensitive_names_are_told_in_seven_languages(line):
    found, names = line.split("|")
    told = {name.strip(): sensitive_kind(name.strip(), ("alpha", "beta")) for name in names.split(";")}
    assert told == dict.fromkeys(told, found.strip())


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("White", "Black", "Asian", "Hispanic", "Other"), "ethnicity"),
        (("catholic", "protestant", "muslim", "none"), "religion"),
        (("katholisch", "evangelisch", "konfessionslos"), "religion"),
        (("heterosexual", "gay", "bisexual"), "sexual orientation"),
        (("Republican", "Democrat", "Independent"), "political opinion"),
        (("CDU", "SPD", "Grüne"), "political opinion"),
    ],
)
def test_sensitive_values_are_told_without_a_name(texts, found):
    assert sensitive_kind("q12", texts) == found


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("customer health score", ("71", "12")),
        ("account_health", ("good", "poor")),
        ("Health Products Division", ("0", "1")),
        ("health and beauty", ("0", "1")),
        ("healthy", ("Yes", "No")),
        ("race_time", ("12:30", "13:10")),
        ("race", ("10 km", "5 km")),
        ("party size", ("2", "4")),
        ("third party", ("Yes", "No")),
        ("credit union", ("Yes", "No")),
        ("colour", ("White", "Black", "Red", "Other")),
        ("Hair Color", ("Brown", "Blond", "Black", "Red")),
        ("privacy policy", ("Yes", "No")),
        ("return_policy", ("30 days", "14 days")),
        ("política de devoluciones", ("30 días", "14 días")),
        ("nationality", ("DE", "FR", "ES")),
        ("gender", ("male", "female")),
        ("orientation", ("portrait", "landscape")),
        ("traffic", ("organic", "paid")),
    ],
)
def test_what_only_sounds_sensitive_is_left_alone(name, texts):
    assert sensitive_kind(name, texts) == ""


def test_codes_of_race_are_ethnicity_and_positions_in_a_race_are_not():
    assert sensitive_kind("race", ("1", "2", "3", "4")) == "ethnicity"
    assert sensitive_kind("race", tuple(map(str, range(1, 60)))) == ""


def test_a_sensitive_note_names_the_law_and_can_be_overruled():
    note = sensitive_note("Konfession", "religion")
    assert (note.key, note.column, note.check) == ("sensitive", "Konfession", True)
    assert "GDPR, Art. 9" in note.text
    assert "Art. 10" in sensitive_note("Vorstrafen", "criminal record").text
    assert note.options[0].change == {"roles": {"Konfession": "demographic"}}
