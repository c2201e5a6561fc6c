"""What columns mean: roles in seven languages, answers in words and pictures, people who stay unnamed."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from tests.corpus.case import Case
from tests.corpus.truth import CUSTOMERS, EXPECTED, ROWS, cycled, texts
from tests.corpus.writers import delimited

GROUP = "meaning"
SCORES = cycled([5, 4, 3, 2, 1, 5, 4, 5])
NPS_ANSWERS = cycled([10, 9, 7, 3, 0, 8, 10, 6])
STAYED = sum(not churned for churned in CUSTOMERS["churned"]) / ROWS


def _nps(answers: Sequence[int]) -> float:
    valid = [answer for answer in answers if 0 <= answer <= 10]
    return 100 * (sum(answer >= 9 for answer in valid) - sum(answer <= 6 for answer in valid)) / len(valid)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _with(**columns: Sequence[str]) -> bytes:
    """The usual customers without what became of them, and further columns."""
    rows = [row[:-1] for row in texts()]
    added = list(zip(*columns.values(), strict=True))
    return delimited(
        [[*rows[0], *columns], *([*row, *more] for row, more in zip(rows[1:], added, strict=True))]
    )


def _column(
    key: str, name: str, cells: Sequence[object], outcome: str = "accepted", role: str = "", **more: Any
) -> Case:
    written = [str(cell) for cell in cycled(cells)]
    return Case(
        key,
        GROUP,
        partial(_with, **{name: written}),
        outcome,
        columns={"age": EXPECTED["age"]},
        roles={name: role} if role else {},
        **more,
    )


# --- roles in seven languages ---------------------------------------------------------------------

ROLES = "customer_id plan_tier demographic revenue signup_date churned geographic orders csat nps".split()
NAMES = {
    "english": "Customer ID, Plan, Age, Revenue, Signup date, Churned, Country, Orders, Satisfaction, NPS",
    "german": "Kundennummer, Tarif, Alter, Umsatz, Anmeldedatum, Gekündigt, Land, Bestellungen, "
    "Zufriedenheit, Weiterempfehlung",
    "french": "Numéro client, Formule, Âge, Chiffre d'affaires, Date d'inscription, Résilié, Pays, "
    "Commandes, Satisfaction, Recommandation",
    "spanish": "ID de cliente, Plan, Edad, Facturación, Fecha de alta, Baja, País, Pedidos, Satisfacción, "
    "Recomendación",
    "portuguese": "Código do cliente, Plano, Idade, Receita, Data de cadastro, Cancelado, País, Pedidos, "
    "Satisfação, Recomendação",
    "dutch": "Klantnummer, Abonnement, Leeftijd, Omzet, Aanmelddatum, Opgezegd, Land, Bestellingen, "
    "Tevredenheid, Aanbeveling",
    "italian": "Codice cliente, Piano, Età, Fatturato, Data di iscrizione, Disdetto, Paese, Ordini, "
    "Soddisfazione, Raccomandazione",
}
YES = {
    "english": ("No", "Yes"), "german": ("Nein", "Ja"), "french": ("Non", "Oui"), "spanish": ("No", "Sí"),
    "portuguese": ("Não", "Sim"), "dutch": ("Nee", "Ja"), "italian": ("No", "Sì"),
}  # fmt: skip


def _in_language(language: str) -> bytes:
    rows = texts(words=YES[language])
    more = zip(
        cycled(["DE", "FR", "US"]),
        cycled(["3", "14", "0", "7", "2"]),
        map(str, SCORES),
        map(str, NPS_ANSWERS),
        strict=True,
    )
    return delimited(
        [NAMES[language].split(", "), *([*row, *cells] for row, cells in zip(rows[1:], more, strict=True))]
    )


def _language(language: str) -> Case:
    names = NAMES[language].split(", ")
    return Case(
        f"{language}.csv",
        GROUP,
        partial(_in_language, language),
        "accepted|warned",
        columns=dict(zip(names, EXPECTED.values(), strict=False)),
        roles=dict(zip(names, ROLES, strict=True)),
        kpis={"retention": STAYED, "csat": _mean(SCORES), "nps": _nps(NPS_ANSWERS)},
        may=("csat-scale",),
    )


# --- satisfaction ---------------------------------------------------------------------------------

SATISFIED = {
    "english": ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"],
    "german": ["Sehr unzufrieden", "Unzufrieden", "Neutral", "Zufrieden", "Sehr zufrieden"],
    "french": ["Très insatisfait", "Insatisfait", "Neutre", "Satisfait", "Très satisfait"],
    "spanish": ["Muy insatisfecho", "Insatisfecho", "Neutral", "Satisfecho", "Muy satisfecho"],
    "portuguese": ["Muito insatisfeito", "Insatisfeito", "Neutro", "Satisfeito", "Muito satisfeito"],
    "dutch": ["Zeer ontevreden", "Ontevreden", "Neutraal", "Tevreden", "Zeer tevreden"],
    "italian": ["Molto insoddisfatto", "Insoddisfatto", "Neutrale", "Soddisfatto", "Molto soddisfatto"],
}  # fmt: skip
PICTURES = {
    "stars": ["★☆☆☆☆", "★★☆☆☆", "★★★☆☆", "★★★★☆", "★★★★★"],
    "stars_only": ["★", "★★", "★★★", "★★★★", "★★★★★"],
    "stars_in_words": ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"],
    "of_five": ["1/5", "2/5", "3/5", "4/5", "5/5"],
    "smileys": ["😡", "🙁", "😐", "🙂", "😀"],
    "numbers_and_words": ["1 - Very dissatisfied", "2", "3", "4", "5 - Very satisfied"],
}


def _words(key: str, words: Sequence[str], name: str = "Satisfaction") -> Case:
    return _column(
        f"satisfaction_{key}.csv",
        name,
        [words[score - 1] for score in SCORES],
        "accepted|warned",
        "csat",
        kpis={"csat": _mean(SCORES)},
        may=("csat-scale",),
    )


def _scores(key: str, answers: Sequence[int], outcome: str = "accepted|warned", **more: Any) -> Case:
    written = cycled(answers)
    return _column(
        f"csat_{key}.csv",
        "csat",
        written,
        outcome,
        "csat",
        kpis={"csat": _mean(written)},
        may=("csat-scale",),
        **more,
    )


# --- recommendation -------------------------------------------------------------------------------


def _nps_case(
    key: str,
    write: Callable[[int], str],
    answers: Sequence[int] = (10, 9, 7, 3, 0, 8, 10, 6),
    outcome: str = "accepted|warned",
    **more: Any,
) -> Case:
    expected: Mapping[str, Any] = {"kpis": {"nps": _nps(cycled(answers))}, **more}
    return _column(
        f"nps_{key}.csv", "nps", [write(answer) for answer in cycled(answers)], outcome, "nps", **expected
    )


def _promoter_word(answer: int) -> str:
    return "Promoter" if answer >= 9 else "Passive" if answer >= 7 else "Detractor"


def _labelled(answer: int) -> str:
    return {0: "0 - Not at all likely", 10: "10 - Extremely likely"}.get(answer, str(answer))


SHIFTED = [answer + 1 for answer in NPS_ANSWERS]

# --- retention ------------------------------------------------------------------------------------


def _flag(key: str, name: str, stayed: str, left: str, **more: Any) -> Case:
    cells = [left if churned else stayed for churned in CUSTOMERS["churned"]]
    return _column(
        f"retention_{key}.csv",
        name,
        cells,
        "accepted|warned",
        "churned|retained",
        kpis={"retention": STAYED},
        **more,
    )


# --- people ---------------------------------------------------------------------------------------

PEOPLE = {  # what the columns are called, first names, last names, streets
    "english": (
        "First name, Last name, E-mail, Phone, Address, Comment",
        "Ada, Bob, Cleo, Dan; Miller, Smith, Jones; High Street, Mill Lane",
    ),
    "german": (
        "Vorname, Nachname, E-Mail-Adresse, Telefon, Straße, Kommentar",
        "Anna, Jürgen, Uwe; Müller, Schulz, Weiß; Hauptstraße, Am Markt",
    ),
    "french": (
        "Prénom, Nom de famille, Courriel, Téléphone, Adresse, Commentaire",
        "Chloé, Léo, Zoé; Martin, Petit; rue de Lyon, avenue Foch",
    ),
    "spanish": (
        "Nombre, Apellidos, Correo electrónico, Teléfono, Dirección, Comentario",
        "Lucía, José; García, López; Calle Mayor, Gran Vía",
    ),
    "portuguese": (
        "Primeiro nome, Sobrenome, E-mail, Telefone, Endereço, Comentário",
        "João, Inês; Silva, Souza; Rua Direita, Avenida Central",
    ),
    "dutch": (
        "Voornaam, Achternaam, E-mailadres, Telefoonnummer, Adres, Opmerking",
        "Daan, Fleur; de Vries, Jansen; Dorpsstraat, Markt",
    ),
    "italian": (
        "Nome, Cognome, E-mail, Telefono, Indirizzo, Commento",
        "Giulia, Marco; Rossi, Bianchi; Via Roma, Corso Italia",
    ),
}


def _account(number: str) -> str:
    """Put the check digits before a German account number (ISO 13616)."""
    check = 98 - int(f"{number}131400") % 97  # D is 13, E is 14
    return f"DE{check:02}{number}"


def _people(language: str) -> bytes:
    names, people = PEOPLE[language]
    first, last, streets = (cycled(part.split(", ")) for part in people.split("; "))
    columns = [
        first,
        last,
        [f"person{place}@example.com" for place in range(ROWS)],
        [f"+49 30 {1234567 + 891 * place}" for place in range(ROWS)],
        [f"{street} {place + 1}" for place, street in enumerate(streets)],
        [f"Called on day {place}, was quite happy with number {place * 7}" for place in range(ROWS)],
    ]
    return _with(**dict(zip(names.split(", "), columns, strict=True)))


def _persons(language: str) -> Case:
    names = PEOPLE[language][0].split(", ")
    return Case(
        f"people_{language}.csv",
        GROUP,
        partial(_people, language),
        "accepted|warned",
        columns={"age": EXPECTED["age"]},
        notes=tuple(f"personal:{name}" for name in names),
        may=("untold",),
        never=tuple(names),
    )


def _personal(key: str, name: str, cells: Sequence[str]) -> Case:
    """Told by the values alone."""
    return _column(
        key, name, cells, "accepted|warned", notes=(f"personal:{name}",), may=("untold",), never=(name,)
    )


def _sensitive(name: str, cells: Sequence[str]) -> Case:
    key = f"sensitive_{name.lower().replace(' ', '_')}.csv"
    return _column(
        key,
        name,
        cells,
        "accepted|warned",
        notes=(f"sensitive:{name}",),
        may=("untold", "missing-proposed"),
        never=(name,),
    )


CASES = (
    *map(_language, NAMES),
    *(_words(language, words) for language, words in SATISFIED.items()),
    *(_words(key, words) for key, words in PICTURES.items()),
    _scores("to_5", SCORES),
    _scores("to_7", [7, 6, 5, 3, 2, 7, 1]),
    _scores("to_10", [10, 8, 7, 0, 9]),
    _scores("to_100", [95, 80, 70, 15, 100]),
    _column(
        "csat_low_end.csv",
        "csat",
        [1, 1, 2, 1, 1, 1, 3, 1],
        "asked",
        "csat",
        notes=("csat-reversed",),
        may=("csat-scale",),
        answered_kpis={"csat": 6 - _mean(cycled([1, 1, 2, 1, 1, 1, 3, 1]))},
    ),
    _column(
        "csat_reversed_by_name.csv",
        "Satisfaction (1 = very satisfied, 5 = very dissatisfied)",
        [1, 2, 4, 1, 5, 2],
        "warned|asked",
        "csat",
        notes=("csat-reversed",),
        may=("csat-scale",),
    ),
    _nps_case("numbers", str),
    _nps_case("of_ten", lambda answer: f"{answer}/10"),
    _nps_case("words", _promoter_word),
    _nps_case("labelled", _labelled),
    _nps_case(
        "out_of_range",
        str,
        (10, 9, 11, 3, -1, 8, 10, 99),
        "warned",
        notes=("out-of-range",),
        may=("sentinel", "negative"),
    ),
    _column(
        "nps_to_11.csv",
        "nps",
        SHIFTED,
        "asked",
        "nps",
        notes=("nps-shift",),
        may=("out-of-range",),
        answered_kpis={"nps": _nps(NPS_ANSWERS)},
    ),
    _column(
        "nps_as_a_question.csv",
        "How likely are you to recommend us to a friend or colleague?",
        NPS_ANSWERS,
        "accepted|warned",
        "nps",
        kpis={"nps": _nps(NPS_ANSWERS)},
    ),
    _flag("churn", "Churn", "No", "Yes"),
    _flag("exited", "Exited", "0", "1"),
    _flag("attrition", "Attrition_Flag", "Existing Customer", "Attrited Customer"),
    _flag("active", "is_active", "1", "0"),
    _flag("active_words", "Active", "true", "false"),
    _flag("cancelled", "cancelled", "false", "true"),
    _flag("status", "customer_status", "Active", "Cancelled"),
    _flag("status_german", "Status", "aktiv", "gekündigt"),
    _flag("status_french", "Statut", "actif", "résilié"),
    _flag("german", "Kündigung", "nein", "ja"),
    _flag("renewed", "renewed", "Y", "N"),
    _column(
        "retention_by_date.csv",
        "churn_date",
        ["", "2024-03-31", "", "2023-12-15"],
        "accepted|warned",
        "churn_date",
        may=("missing",),
    ),
    _column("converted.csv", "converted", ["Yes", "No", "No"], role="converted", kpis={"conversion": 1 / 3}),
    *map(_persons, PEOPLE),
    _personal("mails_by_value.csv", "contact", [f"person{place}@example.com" for place in range(ROWS)]),
    _personal(
        "phones_by_value.csv", "reach_at", [f"+49 170 {2345678 + 77 * place}" for place in range(ROWS)]
    ),
    _personal(
        "opinions_by_value.csv",
        "q7",
        [
            f"I liked visit {place} a lot, but the queue was far too long and nobody helped"
            for place in range(ROWS)
        ],
    ),
    _personal("accounts_by_value.csv", "pay_to", [_account(f"37040044053201{3000 + n}") for n in range(10)]),
    _column("cities.csv", "city", ["Berlin", "Ulm", "Köln"], role="geographic", absent=("personal:city",)),
    _column(
        "genders.csv",
        "gender",
        ["F", "M"],
        role="demographic",
        absent=("personal:gender", "sensitive:gender"),
    ),
    _column("one_value.csv", "brand", ["A"], notes=("constant",), role="ignored"),
    _column("no_value.csv", "remark", [""], "accepted|warned", notes=("empty",), role="ignored"),
    _column("again.csv", "age_of_customer", EXPECTED["age"], notes=("copy",), never=("age_of_customer",)),
    _sensitive("Religion", ["none", "catholic", "muslim", "jewish"]),
    _sensitive("Ethnicity", ["A", "B", "C"]),
    _sensitive("Konfession", ["keine", "katholisch", "evangelisch"]),
    _sensitive("Health status", ["good", "poor", "fair"]),
    _sensitive("Sexual orientation", ["A", "B", "C"]),
    _sensitive("Political party", ["A", "B", "C"]),
)
