"""Kinds of tables: customers, orders, survey answers, tickets, events, and what their columns are called.

`TABLE_KINDS` at the bottom is the whole vocabulary, in seven languages; a kind of table, a field or a name is
added there and nowhere else. What an uploaded table is, `table_kinds` tells.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from segkit.customers.meanings.aliases import LANGUAGES, listed, name_words, plain, spellings
from segkit.errors import UnusableColumn, find_row


@dataclass(frozen=True)
class Field:
    """Something that a table of a kind may tell about each of its rows.

    Attributes
    ----------
    key, label : str
        The word for programs, and what a person reads.
    looks : tuple of str
        What its values may look like: "date", "amount" (numbers with decimals), "whole", "yes/no", "text".
    aliases : tuple of str
        Names that suggest it, the most telling first. One of several words may stand within a name.
    points : int
        How much it says for this kind of table.
    row_id : bool
        It numbers the rows of the table or what they belong to (order, ticket).
    """

    key: str
    label: str
    looks: tuple[str, ...]
    aliases: tuple[str, ...]
    points: int = 0
    row_id: bool = False


@dataclass(frozen=True)
class TableKind:
    """A row of `TABLE_KINDS`.

    Attributes
    ----------
    key, label : str
    one : str
        What one row is.
    fields : tuple of Field
    files : tuple of str
        Words in the name of a file that suggest it.
    clues : tuple of str
        Names of columns that suggest it and are not used any further.
    """

    key: str
    label: str
    one: str
    fields: tuple[Field, ...] = ()
    files: tuple[str, ...] = ()
    clues: tuple[str, ...] = ()

    def field(self, key: str) -> Field | None:
        """Look a field up by its key."""
        return next((one for one in self.fields if one.key == key), None)


def find_kind(key: str) -> TableKind:
    """Look a kind of table up by its key.

    Raises
    ------
    UnusableColumn
        There is no such kind; the message lists those there are.
    """
    return find_row(TABLE_KINDS, key, "kind of table", "Kinds", UnusableColumn)


# --- names ----------------------------------------------------------------------------------------


def plainness(name: str, aliases: Sequence[str]) -> tuple[int, int] | None:
    """Say how plainly a column name is one of the aliases: (0, 0) is plainest, None not at all.

    An alias is the whole name, or all of it but fillers; one of several words may also stand within the name.

    Examples
    --------
    >>> aliases = ("order date", "fecha de pedido")
    >>> plainness("Fecha de pedido", aliases), plainness("order_date_utc", aliases)
    ((0, 1), (1, 0))
    >>> plainness("shop_order_date", aliases), plainness("last_order_date", aliases)
    ((2, 0), None)
    """
    if not of_the_row(name):
        return None
    parts = _parts(name)
    bare = "".join(part for part in parts if part not in _FILLERS)
    fits = ((_fit(name, parts, bare, alias), rank) for rank, alias in enumerate(aliases))
    return min(((fit, rank) for fit, rank in fits if fit is not None), default=None)


def of_the_row(name: str) -> bool:
    """Whether a column can be about its row: "last order date" is about the customer.

    Examples
    --------
    >>> of_the_row("order_date"), of_the_row("last_order_date")
    (True, False)
    """
    return not set(_parts(name)) & _NOT_OF_THE_ROW


def _parts(name: str) -> tuple[str, ...]:
    """Split a name into words, with "nr" and the like written out at the end of each."""
    return tuple(_NUMBER.sub(r"\1number", word) for word in name_words(name))


_NUMBER = re.compile(r"^(\w+)(?:nummern?|nr|num)$")


def _fit(name: str, parts: tuple[str, ...], bare: str, alias: str) -> int | None:
    """Say how an alias fits: 0 as the whole name, 1 apart from fillers, 2 within, None not at all."""
    spelled, forms = _written(alias)
    wholes = {"".join(form) for form in forms}
    if plain(name) in spelled or (bare and "".join(parts) in wholes):
        return 0
    if bare in wholes:
        return 1
    return 2 if any(len(form) > 1 and _within(form, parts) for form in forms) else None


@cache
def _written(alias: str) -> tuple[frozenset[str], frozenset[tuple[str, ...]]]:
    """The ways to spell an alias, and its words in the form in which they are compared."""
    spelled = spellings(alias)
    return frozenset(spelled), frozenset(_parts(one) for one in spelled)


def _within(form: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    size = len(form)
    return any(parts[start : start + size] == form for start in range(len(parts) - size + 1))


def file_words(name: str) -> set[str]:
    """The words of a file name, in the form in which they are compared.

    Examples
    --------
    >>> sorted(file_words("Bestellungen_2026.xlsx"))
    ['2026', 'bestellungen', 'xlsx']
    """
    return set(name_words(name))


def says_kind(name: str, kind: TableKind) -> bool:
    """Tell whether the name of a file says what kind of table it is."""
    known = {word for file in kind.files for spelled in spellings(file) for word in name_words(spelled)}
    return bool(file_words(name) & known)


# --- the vocabulary -------------------------------------------------------------------------------


def _names(text: str, *roles: str) -> tuple[str, ...]:
    """Take a list of names apart, and add what the given roles are called in all languages."""
    known = [
        name for role in roles for language in LANGUAGES for name in listed(language.names.get(role, ""))
    ]
    return tuple(dict.fromkeys([*listed(text), *(name.removesuffix("?") for name in known)]))


def _words(text: str) -> frozenset[str]:
    return frozenset(
        word for one in text.split() for spelled in spellings(one) for word in name_words(spelled)
    )


_FILLERS = _words(
    "id ids no nr num number code utc gmt eur usd gbp chf euro euros dollar dollars pounds iso the of de "
    "del do da di du des la le les el il het der die das den e a o y"
)
_NOT_OF_THE_ROW = _words(
    "last first latest next birth previous letzte letzter letztes erste naechste geburt dernier derniere "
    "premier premiere prochaine naissance ultimo ultima primero primera primeiro primeira nascimento "
    "nacimiento prossima nascita laatste eerste volgende geboorte signup sign registration joined"
)  # such a date or number is about the customer, not about the row

BARE_IDS = ("id", "uid")
CUSTOMER_NAMES = tuple(
    dict.fromkeys(
        [
            *_names(
                "customer id, customer, cust id, client id, client, customer number, customer no, "
                "client number, shopper id, buyer id, buyer, user id, user, account id, account number, "
                "account, member id, member, contact id, contact, person id, subscriber id, respondent id, "
                "requester id, requester, visitor id, crm id, Kunden ID, Kunde, Kunden, Mitgliedsnummer, "
                "Kontonummer, client no, id utilisateur, utilisateur, cliente id, cliente, id utilizador, "
                "id usuario, usuario, id utente, utente, klant, relatienummer, gebruiker, gebruiker id"
            ),
            *(name for name in _names("", "customer_id") if name not in BARE_IDS),
            *BARE_IDS,
            *_names(
                "email, e mail, email address, e mail address, mail, customer email, requester email, "
                "E-Mail-Adresse, adresse e mail, courriel, correo, correo electrónico, email cliente, "
                "endereço de email, indirizzo email, mailadres, e-mailadres"
            ),
        ]
    )
)

_DATES = ("date",)
_MONEY = ("amount", "whole")
_WORDS = ("text", "yes/no", "whole")
_CODES = ("text", "whole")
_DATE = (
    "date, day, timestamp, time, datetime, date time, created at, created, datum, tag, zeitpunkt, "
    "zeitstempel, erstellt am, erstellt, jour, horodatage, cree le, fecha, dia, fecha y hora, creado, "
    "data, giorno, data e ora, data hora, criado em, creato il, tijdstip, aangemaakt op, aangemaakt"
)
_CHANNEL = (
    "channel, source, medium, via, contact channel, kanal, vertriebskanal, bestellkanal, kontaktkanal, "
    "canal, canal de vente, canal de venta, canal de venda, canal de contact, canal de contacto, "
    "canal de contato, canale, canale di vendita, canale di contatto, kanaal, verkoopkanaal, contactkanaal"
)
_STATUS = "status, state, statut, etat, estado, situacao, stato, toestand"

TABLE_KINDS = (
    TableKind(
        "customers",
        "Customers",
        "a customer",
        files=_names(
            "customer, customers, crm, clients, client, users, members, accounts, kunde, kunden, "
            "kundenliste, clientes, cliente, clienti, klant, klanten, klantenlijst"
        ),
    ),
    TableKind(
        "orders",
        "Orders",
        "an order or a line of one",
        (
            Field(
                "order_id",
                "Order number",
                _CODES,
                _names(
                    "order id, order number, order no, order nr, order name, order, invoice, invoice no, "
                    "invoice number, transaction id, transaction, receipt, receipt no, basket id, "
                    "purchase id, bestellnummer, bestell nr, bestell id, bestellung, auftragsnummer, "
                    "auftrag, rechnungsnummer, rechnung, belegnummer, beleg, bon nr, commande, "
                    "numero de commande, no commande, id commande, facture, numero facture, pedido, "
                    "numero de pedido, id pedido, numero pedido, factura, transaccion, ticket de compra, "
                    "encomenda, numero da encomenda, id encomenda, fatura, nota fiscal, transacao, ordine, "
                    "numero ordine, id ordine, fattura, scontrino, transazione, bestelnummer, bestelling, "
                    "ordernummer, factuurnummer, factuur, transactie"
                ),
                points=2,
                row_id=True,
            ),
            Field(
                "date",
                "Order date",
                _DATES,
                _names(
                    "order date, purchase date, invoice date, transaction date, ordered at, order time, "
                    "order timestamp, order purchase timestamp, processed at, paid at, sale date, "
                    "bestelldatum, auftragsdatum, rechnungsdatum, kaufdatum, belegdatum, date de commande, "
                    "date commande, date achat, date facture, fecha de pedido, fecha pedido, "
                    "fecha de compra, fecha compra, fecha factura, data do pedido, data pedido, "
                    "data da compra, data compra, data encomenda, data ordine, data acquisto, "
                    "data fattura, besteldatum, orderdatum, aankoopdatum, factuurdatum, " + _DATE
                ),
            ),
            Field(
                "amount",
                "Amount",
                _MONEY,
                _names(
                    "amount, order total, total amount, order amount, order value, revenue, sales, "
                    "total price, total, line total, subtotal, net amount, gross amount, value, paid, "
                    "payment value, spend, betrag, umsatz, gesamtbetrag, rechnungsbetrag, bestellwert, "
                    "warenwert, summe, gesamt, nettobetrag, bruttobetrag, montant, montant total, "
                    "total ttc, total ht, chiffre d affaires, chiffre affaires, ca, valeur, importe, "
                    "importe total, monto, monto total, ventas, valor, valor total, valor pedido, vendas, "
                    "montante, importo, importo totale, totale, fatturato, ricavo, valore, bedrag, "
                    "totaalbedrag, orderbedrag, totaal, omzet, orderwaarde"
                ),
                points=2,
            ),
            Field(
                "unit_price",
                "Price of one piece",
                _MONEY,
                _names(
                    "unit price, price, item price, price per unit, price each, einzelpreis, stuckpreis, "
                    "stueckpreis, preis, prix unitaire, prix, precio unitario, precio, preco unitario, "
                    "preco, prezzo unitario, prezzo, stukprijs, eenheidsprijs, prijs"
                ),
                points=1,
            ),
            Field(
                "quantity",
                "Quantity",
                _MONEY,
                _names(
                    "quantity, qty, units, pieces, items, item count, number of items, menge, anzahl, "
                    "stuckzahl, stuck, stueck, quantite, qte, cantidad, unidades, cant, quantidade, qtd, "
                    "quantita, qta, pezzi, aantal, hoeveelheid, stuks"
                ),
                points=1,
            ),
            Field(
                "returned",
                "Returned",
                ("yes/no", "whole", "date", "text"),
                _names(
                    "returned, is return, is returned, return, returned at, refunded, is refund, retoure, "
                    "retourniert, zuruckgesendet, erstattet, retourne, retour, rembourse, devuelto, "
                    "devolucion, reembolsado, devolvido, devolucao, reso, restituito, rimborsato, "
                    "geretourneerd, teruggestuurd"
                ),
                points=1,
            ),
            Field(
                "status",
                "Status",
                _WORDS,
                _names(
                    "order status, bestellstatus, auftragsstatus, statut commande, statut de la commande, "
                    "estado pedido, estado del pedido, estado do pedido, status do pedido, stato ordine, "
                    "orderstatus, bestelstatus, financial status, " + _STATUS
                ),
            ),
            Field(
                "channel",
                "Channel",
                _WORDS,
                _names("order channel, sales channel, " + _CHANNEL),
            ),
        ),
        _names(
            "order, orders, orderlog, sales, transaction, transactions, purchases, invoices, receipts, "
            "retail, bestellungen, auftrage, auftraege, umsatze, umsaetze, verkaufe, verkaeufe, "
            "rechnungen, commandes, ventes, achats, factures, pedidos, ventas, compras, facturas, "
            "encomendas, vendas, faturas, ordini, vendite, acquisti, fatture, bestellingen, verkopen, "
            "aankopen, facturen"
        ),
        _names(
            "product, product id, sku, item, stock code, article, basket, discount code, shipping, "
            "produkt, artikel, artikelnummer, produit, producto, produto, prodotto, articolo"
        ),
    ),
    TableKind(
        "surveys",
        "Survey answers",
        "an answered survey",
        (
            Field(
                "survey_id",
                "Number of the answer",
                _CODES,
                _names(
                    "survey id, response id, answer id, survey, response, submission id, umfrage id, "
                    "umfrage, antwort id, fragebogen, enquete id, enquete, reponse id, id reponse, "
                    "id encuesta, encuesta, id respuesta, id pesquisa, id inquerito, id resposta, "
                    "id sondaggio, sondaggio, id risposta, antwoord id, enquete nr"
                ),
                points=2,
                row_id=True,
            ),
            Field(
                "date",
                "Date of the answer",
                _DATES,
                _names(
                    "survey date, response date, answered at, submitted at, submitted, completed at, "
                    "end date, recorded date, antwortdatum, umfragedatum, beantwortet am, date de reponse, "
                    "date enquete, fecha de respuesta, fecha encuesta, data de resposta, data resposta, "
                    "data pesquisa, data risposta, data sondaggio, antwoorddatum, enquetedatum, " + _DATE
                ),
            ),
            Field(
                "csat",
                "CSAT",
                ("whole", "amount", "text"),
                _names(
                    "csat, csat score, customer satisfaction, satisfaction, satisfaction score, "
                    "overall satisfaction, rating, stars, sat score, zufriedenheit, kundenzufriedenheit, "
                    "gesamtzufriedenheit, bewertung, sterne, satisfaction client, satisfaction globale, "
                    "note, satisfaccion, satisfaccion general, satisfaccion del cliente, valoracion, "
                    "calificacion, satisfacao, satisfacao geral, satisfacao do cliente, avaliacao, nota, "
                    "soddisfazione, soddisfazione cliente, valutazione, voto, tevredenheid, "
                    "klanttevredenheid, beoordeling",
                    "csat",
                ),
                points=2,
            ),
            Field(
                "nps",
                "NPS answer",
                ("whole", "amount", "text"),
                _names(
                    "nps, nps score, net promoter score, net promoter, likelihood to recommend, recommend, "
                    "recommendation, would recommend, weiterempfehlung, weiterempfehlen, empfehlung, "
                    "weiterempfehlungswahrscheinlichkeit, recommandation, recommander, "
                    "recommanderiez vous, recomendacion, recomendar, recomendaria, "
                    "probabilidad de recomendar, recomendacao, raccomandazione, raccomanderebbe, "
                    "consiglierebbe, probabilita di consigliare, aanbeveling, aanbevelen, aanbevelingsscore",
                    "nps",
                ),
                points=2,
            ),
            Field(
                "question",
                "Question",
                ("text",),
                _names(
                    "question, question text, question id, item, frage, fragetext, question posee, "
                    "pregunta, pergunta, domanda, vraag"
                ),
                points=2,
            ),
            Field(
                "answer",
                "Answer",
                ("text", "whole", "amount", "yes/no"),
                _names(
                    "answer, response, answer value, response value, value, score, antwort, reponse, "
                    "respuesta, resposta, risposta, antwoord, wert, valeur, valor, valore, waarde"
                ),
                points=1,
            ),
        ),
        _names(
            "survey, surveys, nps, csat, feedback, responses, answers, satisfaction, umfrage, umfragen, "
            "befragung, antworten, zufriedenheit, enquete, enquetes, sondage, reponses, encuesta, "
            "encuestas, respuestas, pesquisa, pesquisas, inquerito, inqueritos, respostas, sondaggio, "
            "sondaggi, risposte, antwoorden, tevredenheid"
        ),
        _names(
            "comment, comments, kommentar, commentaire, comentario, commento, opmerking, verbatim, feedback"
        ),
    ),
    TableKind(
        "tickets",
        "Support tickets",
        "a call for help",
        (
            Field(
                "ticket_id",
                "Ticket number",
                _CODES,
                _names(
                    "ticket id, ticket number, ticket no, ticket, case id, case number, case, issue id, "
                    "complaint id, incident id, incident, call id, ticketnummer, ticket nr, vorgang, "
                    "vorgangsnummer, fallnummer, anfrage id, numero ticket, numero de ticket, id ticket, "
                    "numero de dossier, dossier, reclamation, incidencia, id incidencia, numero de caso, "
                    "caso, chamado, id chamado, protocolo, segnalazione, id segnalazione, melding, "
                    "meldingsnummer, zaaknummer"
                ),
                points=2,
                row_id=True,
            ),
            Field(
                "date",
                "Opened",
                _DATES,
                _names(
                    "opened, opened at, open date, date opened, opened on, received, received at, "
                    "submitted, submitted at, reported at, date received, start date, eroffnet, "
                    "eroffnet am, geoffnet, eingang, eingegangen am, ouvert, ouvert le, date ouverture, "
                    "date d ouverture, recu le, abierto, fecha de apertura, fecha apertura, aberto, "
                    "aberto em, data de abertura, data abertura, aperto, aperto il, data apertura, "
                    "data di apertura, geopend, geopend op, openingsdatum, ontvangen, ticket date, " + _DATE
                ),
            ),
            Field(
                "closed",
                "Closed",
                _DATES,
                _names(
                    "closed, closed at, close date, date closed, closed on, resolved, resolved at, "
                    "resolution date, solved at, completed at, completed, end date, geschlossen, "
                    "geschlossen am, gelost am, gelost, erledigt am, erledigt, abgeschlossen, "
                    "abgeschlossen am, ferme, ferme le, date de fermeture, date fermeture, date cloture, "
                    "cloture, resolu le, resolu, cerrado, fecha de cierre, fecha cierre, resuelto, "
                    "fechado, fechado em, data de fechamento, data fecho, data fechamento, encerrado, "
                    "encerrado em, resolvido, resolvido em, chiuso, chiuso il, data chiusura, "
                    "data di chiusura, risolto, risolto il, gesloten, gesloten op, sluitingsdatum, "
                    "opgelost, opgelost op"
                ),
                points=2,
            ),
            Field(
                "status",
                "Status",
                _WORDS,
                _names(
                    "ticket status, case status, ticketstatus, statut du ticket, stato ticket, " + _STATUS
                ),
            ),
            Field("channel", "Channel", _WORDS, _names("ticket channel, " + _CHANNEL)),
            Field(
                "topic",
                "Topic",
                _WORDS,
                _names(
                    "topic, subject, category, issue type, ticket type, reason, contact reason, issue, "
                    "type, complaint type, thema, betreff, kategorie, anliegen, grund, kontaktgrund, "
                    "sujet, objet, categorie, motif, motif de contact, tema, asunto, categoria, motivo, "
                    "motivo de contacto, assunto, motivo do contato, argomento, oggetto, "
                    "motivo di contatto, onderwerp, reden"
                ),
                points=1,
            ),
        ),
        _names(
            "ticket, tickets, support, helpdesk, cases, complaints, calls, zendesk, freshdesk, contacts, "
            "anfragen, beschwerden, reklamationen, reclamations, demandes, incidencias, reclamaciones, "
            "chamados, reclamacoes, segnalazioni, reclami, meldingen, klachten"
        ),
        _names(
            "priority, agent, assignee, severity, queue, prioritat, bearbeiter, priorite, prioridad, "
            "prioridade, priorita, prioriteit, sla, first response"
        ),
    ),
    TableKind(
        "events",
        "Events",
        "something a customer did",
        (
            Field(
                "event_id",
                "Number of the event",
                _CODES,
                _names("event id, session id, visit id, hit id, log id, click id, session"),
                points=1,
                row_id=True,
            ),
            Field(
                "date",
                "Time of the event",
                _DATES,
                _names(
                    "event time, event date, event timestamp, timestamp, occurred at, visited at, "
                    "logged at, login time, activity date, session start, started at, ereigniszeit, "
                    "ereignisdatum, date evenement, fecha evento, fecha del evento, data evento, "
                    "data do evento, gebeurtenisdatum, " + _DATE
                ),
            ),
            Field(
                "event",
                "Event",
                _WORDS,
                _names(
                    "event, event name, event type, action, activity, activity type, event action, "
                    "ereignis, aktion, aktivitat, evenement, type evenement, evento, tipo de evento, "
                    "tipo evento, accion, actividad, acao, atividade, azione, attivita, gebeurtenis, "
                    "actie, activiteit"
                ),
                points=3,
            ),
        ),
        _names(
            "event, events, log, logs, clicks, clickstream, visits, sessions, logins, activity, usage, "
            "ereignisse, aktivitaten, besuche, evenements, visites, eventos, visitas, actividad, eventi, "
            "visite, attivita, gebeurtenissen, bezoeken"
        ),
        _names("page, url, session id, device, browser, referrer, ip, user agent, screen, seite, pagina"),
    ),
    TableKind("other", "More about customers", "a customer"),
)
