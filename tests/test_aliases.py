"""What columns are called: headers from real files in seven languages, and names that only look alike."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segkit.customers.meanings import roles
from segkit.customers.meanings.aliases import LANGUAGES, NameLookup, listed, name_words, plain, spellings
from segkit.customers.meanings.personal import PERSONAL
from segkit.customers.meanings.roles import ROLES, Facts, guess_roles

ROWS = 60


def facts(name: str, cells: list[str], kind: str) -> Facts:
    """Make what a guess looks at from the cells of a column."""
    filled = pd.Series([cell for cell in cells if cell], dtype="str")
    counted = filled.value_counts()
    values = {
        "number": lambda: pd.to_numeric(pd.Series(cells), errors="coerce").astype(float),
        "date": lambda: pd.to_datetime(pd.Series(cells)),
        "yes/no": lambda: pd.Series(pd.Categorical(cells, categories=sorted(set(filled)), ordered=True)),
        "category": lambda: pd.Series(pd.Categorical([cell or None for cell in cells])),
        "text": lambda: pd.Series(cells, dtype="str"),
    }[kind]()
    share = float(counted.iloc[0]) / len(filled) if len(filled) else 0.0
    texts = tuple(counted.index[:500])
    counts = tuple(int(count) for count in counted.iloc[:500])
    return Facts(name, kind, values, len(counted), len(filled), share, texts, counts)


def in_turn(*cells: str) -> list[str]:
    return [cells[place % len(cells)] for place in range(ROWS)]


# What the cells of a header look like: kind and cells.
SAMPLES = {
    "ids": ("text", [f"C{1000 + place * 7}" for place in range(ROWS)]),
    "codes": ("text", [f"{10_000 + place * 13}" for place in range(ROWS)]),
    "money": ("number", [f"{20 + place * 3.75:.2f}" for place in range(ROWS)]),
    "counts": ("number", in_turn("0", "1", "2", "3", "7", "4", "1")),
    "flag": ("yes/no", in_turn("Yes", "No", "No")),
    "01": ("yes/no", in_turn("0", "1", "0")),
    "1-5": ("number", in_turn("1", "5", "4", "3", "4", "5", "2")),
    "0-10": ("number", in_turn("0", "10", "9", "7", "8", "3", "6")),
    "0-100": ("number", in_turn("0", "100", "90", "75", "81", "33", "62")),
    "days": ("date", [f"20{10 + place % 14}-0{1 + place % 9}-1{place % 10}" for place in range(ROWS)]),
    "births": ("date", [f"19{50 + place % 45}-0{1 + place % 9}-1{place % 10}" for place in range(ROWS)]),
    "ages": ("number", [str(18 + place * 7 % 53) for place in range(ROWS)]),
    "words": ("category", in_turn("alpha", "beta", "gamma", "delta")),
    "status": ("category", in_turn("active", "active", "cancelled")),
    "orders": ("category", in_turn("shipped", "delivered", "pending", "cancelled", "refunded")),
    "mail": ("text", [f"person{place}@example.org" for place in range(ROWS)]),
    "phone": ("text", [f"+49 30 90{1000 + place}" for place in range(ROWS)]),
    "people": (
        "text",
        [f"{first} Test{place}" for place, first in enumerate(in_turn("Ada", "Maria", "Jan"))],
    ),
    "first": ("text", [f"Anna{'abcdefghij'[place % 10]}{'klmnop'[place // 10]}" for place in range(ROWS)]),
    "streets": ("text", [f"Hauptstraße {place}" for place in range(ROWS)]),
    "remarks": ("text", [f"I called {place} times before anybody answered" for place in range(ROWS)]),
    "satisfied": ("category", in_turn("very satisfied", "satisfied", "neutral", "dissatisfied")),
    "zufrieden": ("category", in_turn("sehr zufrieden", "zufrieden", "teils/teils", "unzufrieden")),
    "lat": ("number", [f"{48 + place / 37:.5f}" for place in range(ROWS)]),
    "sexes": ("category", in_turn("male", "female")),
    "films": ("category", in_turn("drama", "comedy", "horror")),
}


def guessed(header: str, sample: str) -> str:
    kind, cells = SAMPLES[sample]
    return guess_roles([facts(header, cells, kind)])[0].role


HEADERS = """
customer_id            | ids       | customerID; Customer Id; cust_no; CustNo; custid; CUSTID; CLIENTNUM; client_id; user_id
customer_id            | ids       | AccountNumber; member id; Member No.; ID; ID#; subscriber_id; Contact ID; loyalty_card_number
customer_id            | ids       | Kundennummer; KdNr; Kd-Nr.; Kunden-Nr; KUNDENNR; kunden_id; Debitorennummer; Mitgliedsnummer
customer_id            | ids       | id_client; Identifiant client; N° client; code_client; numero_client; Référence client
customer_id            | ids       | id_cliente; Nº cliente; Código de cliente; numero_cliente; cod_cliente; ID do Cliente
customer_id            | ids       | klantnummer; Klant-ID; klantnr; lidnummer; Relatienummer; Codice cliente; IDCliente; cod_cliente
csat                   | 1-5       | CSAT; csat_score; Customer Satisfaction; SatisfactionScore; Overall satisfaction; Satisfaction (1-5)
csat                   | 1-5       | Kundenzufriedenheit; Zufriedenheit; Gesamtzufriedenheit; zufriedenheit_gesamt; Zufriedenheitsscore
csat                   | 1-5       | Satisfaction client; Satisfaction globale; note_satisfaction; Satisfacción del cliente; satisfaccion
csat                   | 1-5       | Satisfação do cliente; nível de satisfação; Klanttevredenheid; tevredenheid; Soddisfazione cliente
csat                   | 1-5       | How satisfied are you with our service?; Wie zufrieden sind Sie insgesamt?; soddisfazione complessiva
csat                   | 1-5       | Êtes-vous satisfait de nos services ?; ¿Qué tan satisfecho está con nosotros?; rating; Star rating
csat                   | 1-5       | Hoe tevreden bent u over ons?; Quanto è soddisfatto del servizio?; Quão satisfeito está connosco?
csat                   | satisfied | How satisfied are you?; csat; Overall, how would you rate our service?; q7
csat                   | zufrieden | Zufriedenheit; Wie zufrieden sind Sie?; Frage 3
csat                   | 0-100     | csat; Customer satisfaction score; Kundenzufriedenheit
nps                    | 0-10      | NPS; nps_score; NPS_rating; Net Promoter Score; likelihood_to_recommend; LTR; would_recommend
nps                    | 0-10      | How likely are you to recommend us to a friend?; Weiterempfehlung; Weiterempfehlungsbereitschaft
nps                    | 0-10      | Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?; Empfehlungsbereitschaft
nps                    | 0-10      | Recommanderiez-vous notre entreprise ?; recommandation; ¿Recomendaría nuestra marca?; recomendación
nps                    | 0-10      | Recomendaria a nossa empresa?; Zou u ons aanbevelen?; aanbeveling; Ci consiglierebbe a un amico?
nps                    | 0-10      | On a scale of 0-10, how would you rate Sudzilla?
churned                | flag      | Churn; churned; Exited; Attrition; Attrition_Flag; Churn Label; is_churned; Cancelled; has_churned
churned                | 01        | churn_flag; Churn Value; IsChurned; customer_lost; unsubscribed; Inactive
churned                | flag      | gekündigt; Gekuendigt; Kündigung; abgewandert; Kundenabwanderung; résilié; Resilie; désabonné
churned                | flag      | dado_de_baja; baja; cancelado; Cancelamento; opgezegd; Opzegging; disdetta; abbandono; cancelou
retained               | 01        | IsActiveMember; is_active; Active; retained; Renewed; active_customer; still_customer; aktiv; ist_aktiv
retained               | flag      | actif; client_actif; activo; cliente_activo; ativo; actief; attivo; Cliente attivo; Bestandskunde
retained               | status    | status; Customer Status; account_status; Kundenstatus; Vertragsstatus; statut; estado; situação; stato
converted              | 01        | Converted; conversion; Response; Purchased; subscribed; Personal Loan; took_offer; accepted_offer
converted              | flag      | konvertiert; gekauft; Angebot angenommen; converti; a acheté; souscrit; convertido; comprou; geconverteerd
converted              | flag      | ha comprado; gekocht; acquistato; convertito; Trial converted; won; has_purchased
converted              | counts    | conversions; n_conversions; Konversionen
revenue                | money     | revenue; Total Revenue; annual_revenue; MonthlyCharges; total_spend; Total_Spent; Amount; MRR; ARR
revenue                | money     | Net Sales; sales_amount; GMV; customer lifetime value; CLTV; Total_Trans_Amt; purchase_amount; spending
revenue                | money     | Umsatz; Jahresumsatz; Umsatz_EUR; Gesamtumsatz; umsatz_12m; Nettoumsatz; Monatsumsatz; Erlöse
revenue                | money     | Chiffre d'affaires; CA; ca_annuel; montant_total; dépenses totales; Facturación; gasto_total; ventas
revenue                | money     | Faturamento; receita; valor_gasto; Valor total; omzet; Jaaromzet; totale_besteding; Fatturato; spesa totale
cost                   | money     | cost; cost_to_serve; service_cost; Kosten; Servicekosten; coût; coût de service; coste; custo; kosten; costo
orders                 | counts    | orders; num_orders; order_count; Total Orders; n_purchases; purchase_count; frequency; PURCHASES_TRX
orders                 | counts    | Total_Trans_Ct; No. of Trans; Bestellungen; Anzahl_Bestellungen; AnzahlBestellungen; Aufträge; Kaufhäufigkeit
orders                 | counts    | nb_commandes; Nombre de commandes; commandes; pedidos; Número de pedidos; num_compras; encomendas
orders                 | counts    | bestellingen; aantal_bestellingen; aankopen; ordini; numero ordini; Numero di acquisti; qtd_pedidos
tickets                | counts    | tickets; support_tickets; Ticket Count; support_calls; Customer service calls; Contacts_Count_12_mon
tickets                | counts    | Supportanfragen; Serviceanrufe; support_tickets_12m; incidencias; chamados; Segnalazioni; meldingen
signup_date            | days      | signup_date; Sign-up date; Dt_Customer; created_at; joined; Member since; registration date; enrolled_on
signup_date            | days      | Anmeldedatum; Kunde seit; Registrierungsdatum; Vertragsbeginn; Eintrittsdatum; date_inscription
signup_date            | days      | Date de création; client depuis; fecha_alta; Fecha de registro; cliente desde; data_cadastro
signup_date            | days      | Data de adesão; inschrijfdatum; klant sinds; data_iscrizione; Data di registrazione; first_order_date
last_activity_date     | days      | last_activity; last_order_date; LastPurchaseDate; last_seen; last login; most_recent_purchase
last_activity_date     | days      | letzte_bestellung; Letzter Kauf; LetzteAktivität; dernière_commande; Date de dernier achat; ultima_compra
last_activity_date     | days      | Último pedido; última compra; laatste_aankoop; Laatste bestelling; ultimo_acquisto; Data ultimo ordine
churn_date             | days      | churn_date; cancelled_at; Cancellation Date; end_date; Kündigungsdatum; Kuendigungsdatum; gekündigt am
churn_date             | days      | Vertragsende; date_resiliation; fecha_baja; Fecha de cancelación; data_cancelamento; opzegdatum; data_disdetta
renewal_date           | days      | renewal_date; Next renewal; expiry_date; Verlängerungsdatum; date de renouvellement; fecha_renovacion
renewal_date           | days      | Data de renovação; verlengingsdatum; data_rinnovo; scadenza; vencimiento; Ablaufdatum
birthday               | births    | birthday; Date of birth; DOB; birth_date; Geburtsdatum; Geb.-Datum; date_naissance; fecha_nacimiento
birthday               | births    | Data de nascimento; geboortedatum; data_nascita; Geburtstag; fecha_nac
plan_tier              | words     | plan; Plan Tier; Contract; subscription_type; membership_level; Card_Category; Tarif; Vertragsart; Abo
plan_tier              | words     | formule; type_abonnement; forfait; tarifa; Tipo de contrato; plano; assinatura; abonnement; Piano; tipo contratto
journey_stage          | words     | lifecycle stage; journey_stage; funnel_stage; Lebenszyklusphase; cycle de vie; etapa; ciclo de vida; levenscyclus
channel_consent        | flag      | marketing_consent; opt_in; Newsletter; accepts_marketing; GDPR consent; Werbeeinwilligung; Einwilligung
channel_consent        | flag      | consentement; consentimiento; consentimento; toestemming; consenso marketing; RGPD; LGPD
geographic             | words     | country; Region; State; City; U.S. Region; Bundesland; Wohnort; Land; pays; Région; ville; país; Provincia
geographic             | words     | cidade; Estado; município; gemeente; provincie; woonplaats; paese; Regione; città; billing_country; StoreCity
geographic             | lat       | latitude; from_lat; lng; Längengrad
firmographic           | words     | industry; company_size; Sector; job_title; Branche; Unternehmensgröße; Rechtsform; secteur d'activité
firmographic           | words     | tamaño empresa; setor; Bedrijfsgrootte; settore; Dimensione azienda; account_type; Number of employees
demographic            | ages      | age; Age; customer_age; Alter; âge; edad; idade; leeftijd; età; AGE
demographic            | words     | gender; sex; Marital_Status; Education_Level; occupation; Geschlecht; Familienstand; Bildungsstand; sexe
demographic            | words     | situation familiale; género; estado civil; Nivel de estudios; sexo; escolaridade; geslacht; burgerlijke staat
demographic            | words     | sesso; Titolo di studio; professione; Income_Category; Relationship.Status; age_group; Altersgruppe; faixa etária
demographic            | money     | Annual Income (k$); income; Einkommen; revenu; renta; renda; inkomen; reddito; salary; Haushaltseinkommen
demographic            | counts    | Dependent_count; NUMCHLD; Kidhome; household_size; Kinderzahl; nb_enfants; hijos; Haushaltsgröße; figli
demographic            | sexes     | genre; column7; Anrede
psychographic          | words     | lifestyle; Interests; attitude_to_price; price sensitivity; Einstellung; centres d'intérêt; estilo de vida
technographic          | words     | device; browser; Operating System; InternetService; Endgerät; appareil; dispositivo; sistema operativo; apparaat
price                  | money     | price; discount; avg_order_value; Basket value; Credit_Limit; Balance; Preis; Warenkorbwert; panier moyen
price                  | words     | PaymentMethod; Zahlungsart; moyen de paiement; forma de pago; betaalmethode; metodo di pagamento
price                  | money     | ticket medio; descuento; prezzo; MntWines; revenue_electronics; Rabatt
journey                | counts    | tenure; Months_on_book; recency; days_since_last_order; Vertragsdauer; ancienneté; antigüedad; Months_Inactive_12_mon
journey                | words     | acquisition_channel; lead source; utm_source; cohort; Herkunft; canal de adquisición; origem
sentiment              | counts    | complaints; num_complaints; Beschwerden; réclamations; quejas; reclamações; klachten; reclami
behavioural            | counts    | sessions; NumWebVisitsMonth; page_views; email_opens; logins; Besuche; visites; visitas; bezoeken; clicks
personal               | mail      | email; E-Mail; Email Address; E-Mail-Adresse; courriel; correo electrónico; e-mailadres; indirizzo email; contact
personal               | phone     | phone; Telefon; Handynummer; téléphone; móvil; telemóvel; telefoon; cellulare; Mobile; column9
personal               | people    | name; full_name; Customer Name; Kundenname; nom; nombre completo; Nome; naam; Nome e cognome; column4
personal               | first     | first_name; LastName; Vorname; Nachname; prénom; apellidos; sobrenome; achternaam; cognome; surname
personal               | streets   | street; Address; Straße; Strasse; adresse; calle; morada; adres; indirizzo; billing_address; Lieferadresse
personal               | remarks   | comment; Comments; remarks; feedback; Bemerkungen; commentaire; observaciones; opmerkingen; commenti; ...why?
"""  # noqa: E501


def lines_of(table: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in table.strip().splitlines()]


@pytest.mark.parametrize(("role", "sample", "headers"), lines_of(HEADERS))
def test_headers_get_their_role(role, sample, headers):
    found = {header: guessed(header, sample) for header in headers.split("; ")}
    assert found == dict.fromkeys(found, role)


# Each must not get the role, though it looks like it.
FALSE_FRIENDS = """
customer_id        | ids     | product_id; order_id; transaction_id; store_id; invoice number; ticket_id; campaign id; sku
customer_id        | ids     | Artikelnummer; Bestellnummer; Rechnungsnummer; id_produit; id_pedido; numero fattura; name
last_activity_date | days    | last name; date; Date of birth; last_update; timestamp
signup_date        | days    | date; birth date; delivery date; timestamp; Datum; fecha; data
birthday           | days    | date; order date; birthday campaign sent
geographic         | orders  | state; order state; Order Status; estado; stato
geographic         | counts  | estate_visits; statement_count
demographic        | counts  | page; package_count; messages; average_items; Essex_stores; account age; coverage; percentage; mileage
demographic        | films   | genre; product family; film title
csat               | 0-100   | credit rating; rating; score; risk_rating; Note
csat               | flag    | satisfaction; satisfied
csat               | money   | satisfaction; like
csat               | words   | satisfaction; Like; stars
nps                | flag    | recommend; would recommend; nps
nps                | 1-5     | How likely are you to recommend us?; Weiterempfehlungsabsicht laut Umfrage
nps                | words   | recommended_product; nps; recommendations
nps                | money   | nps; nps_trend
churned            | words   | churn_reason; churn; left; Kündigungsgrund
churned            | 0-100   | churn score; churn_probability; Churn
churned            | counts  | left; lost_items
retained           | words   | active; status; status_text
retained           | counts  | active_days; active
retained           | orders  | status; Status
converted          | words   | response; last purchase; purchase channel
converted          | money   | purchase; response_time
revenue            | words   | revenue; revenue band; sales channel; Contract
revenue            | flag    | Revenue; sale; spend
revenue            | 0-100   | Spending Score (1-100); sales_rating; revenue score
orders             | codes   | order; orders; Order number; order_no
orders             | words   | order; order type; order channel; Bestellungen
orders             | money   | orders; PURCHASES
tickets            | words   | tickets; ticket category
cost               | words   | cost; cost center
personal           | words   | plan_name; product name; company name; store name; City name; campaign_name; Produktname; nom du produit
personal           | codes   | file name; Company Name; event_name; Firmenname; nombre de empresa; hostname
personal           | counts  | email_opens; emails sent; phone calls; Email count; notes; nombre de commandes; name_length
personal           | flag    | email; Phone_sale; PhoneService; Address_is_res; email_valid; has phone
personal           | words   | email domain; Address type; phone_type; country; zip; Name; contact channel; feedback
firmographic       | 01      | good company
technographic      | lat     | OS X Customer; OS Y Store
psychographic      | money   | interest rate; value; Total Value
price              | ids     | price list id
demographic        | codes   | job id; gender_id
journey_stage      | orders  | stage; deal stage
"""  # noqa: E501


@pytest.mark.parametrize(("role", "sample", "headers"), lines_of(FALSE_FRIENDS))
def test_false_friends_do_not_get_the_role(role, sample, headers):
    assert [header for header in headers.split("; ") if guessed(header, sample) == role] == []


# --- names taken apart ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("customerID; customer_id; Customer Id; CUSTOMER-ID; customer.id; custid", ("customer", "id")),
        ("KdNr; Kd.-Nr.; Kundennummer; KUNDENNUMMER; Kunden-Nr", ("kunden", "number")),
        ("Kündigungsdatum; KündigungsDatum; kündigungs_datum", ("kundigung", "date")),
        ("AnzahlBestellungen; anzahl_bestellungen", ("number", "bestellungen")),
        ("dernièreCommande; dernière_commande; Derniere Commande", ("derniere", "commande")),
        ("LastOrderDate; last_order_dt; lastorderdate", ("last", "order", "date")),
        ("message", ("message",)),
        ("percentage", ("percentage",)),
        ("Essex", ("essex",)),
        ("package", ("package",)),
        ("", ()),
        ("???", ()),
    ],
)
def test_names_are_taken_apart(names, words):
    found = {name: name_words(name.strip()) for name in names.split(";")}
    assert found == dict.fromkeys(found, words)


def test_umlauts_may_be_written_out():
    assert spellings("Kündigung") == {"kundigung", "kuendigung"}
    assert plain("Straße Nº 5, ÎLE-DE-FRANCE!") == "strasse no 5 ile de france"


@given(st.text(max_size=80))
def test_any_name_can_be_taken_apart_and_guessed(name):
    assert all(name_words(name))
    assert guess_roles([facts(name, SAMPLES["words"][1], "category")])[0].reason


def test_a_very_long_name_takes_no_time():
    assert name_words("x" * 20_000) == ("x" * 20_000,)


# --- the table of languages -----------------------------------------------------------------------

KEYS = {role.key for role in ROLES}


@pytest.fixture
def one_more_role(monkeypatch):
    row = roles.Role(
        "loyalty", "Loyalty", "dimension", ("number",), "behavioural", ("pet stamps",), anywhere=True
    )
    monkeypatch.setattr(roles, "ROLES", (*ROLES, row))
    roles._names.cache_clear()
    yield
    roles._names.cache_clear()


@pytest.mark.usefixtures("one_more_role")
def test_a_new_role_is_one_row():
    assert guessed("collected pet stamps", "counts") == "loyalty"


def test_there_are_seven_languages_and_each_names_every_role():
    told = {role.key for role in ROLES if role.use != "none"} - {"personal", "descriptor"}
    assert len(LANGUAGES) == 7
    for language in LANGUAGES:
        named = {*language.names, *language.parts}
        assert named <= KEYS
        assert told <= named, language.name
        assert set(language.personal) == {row.key for row in PERSONAL if row.key != "birth date"}
        assert [len(steps.split("|")) for steps in (language.agree, language.quality, language.like)] == [
            7,
            7,
            5,
        ]
        assert len(language.bands.split("|")) == 3


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_every_name_is_found_under_its_role(language):
    lookup = NameLookup(role.key for role in ROLES if role.kinds == ("date",))
    for key, texts in language.names.items():
        lookup.add(key, listed(texts), language.name)
    lost = [
        (key, name)
        for key, texts in language.names.items()
        for name in listed(texts)
        if key not in {found.key for found in lookup.find(name.strip("?").replace("+", ""))}
    ]
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_no_name_stands_twice_in_a_list(language):
    lists = [*language.names.items(), *language.parts.items(), *language.personal.items()]
    twice = [(key, name) for key, texts in lists for name in listed(texts) if listed(texts).count(name) > 1]
    assert twice == []
