"""What triggers look at: a table, the day that counts as today, and columns that roles have no word for.

A role tells most columns. The others, such as when somebody moved, are found by their names.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from segkit.customers.meanings.aliases import listed, name_words
from segkit.customers.retention import LATEST, counted_to
from segkit.customers.table import Column, Customers
from segkit.insights.terms import Facts, Levels, Term
from segkit.insights.triggers.days import day_of

NOT_TOLD = np.datetime64("1970-01-01", "D")  # what the day is where no column tells it


@dataclass(frozen=True)
class Today:
    """The day that counts as today.

    Attributes
    ----------
    day : datetime64[D]
    by : str
        What told it: "table" (its as-of day, or the last day of its columns), "column" (the last day of a
        column that is about the past), "clock" (this computer: nothing in the table tells it).
    column : str
        Which column, for "column".
    """

    day: np.datetime64
    by: str
    column: str = ""

    @property
    def date(self) -> datetime.date:
        """The same for a calendar."""
        return datetime.date.fromisoformat(str(self.day))


def today(customers: Customers, clock: datetime.date | None = None) -> Today:
    """Find the day that counts as today.

    Parameters
    ----------
    customers : Customers
    clock : datetime.date, optional
        Taken where nothing in the table tells the day; by default the date of this computer.
    """
    day = counted_to(customers)
    if day != NOT_TOLD:
        return Today(day, "table")
    now = np.datetime64(clock or datetime.date.today(), "D")
    past = [(days[days <= now], name) for name, days in _past_days(customers)]
    latest = max(((days.max(), name) for days, name in past if len(days)), default=None)
    return Today(latest[0], "column", latest[1]) if latest else Today(now, "clock")


def _past_days(customers: Customers) -> list[tuple[str, np.ndarray]]:
    """Days of columns that are about the past; some who were drawn know the last day of all customers."""
    found = [named(customers, what, ("date",)) for what in ("answered", "moved", "opened", "first_order")]
    return [(one.name, _days(customers, one.name)) for one in found if one is not None]


def _days(customers: Customers, name: str) -> np.ndarray:
    latest = np.datetime64((customers.facts or {}).get(f"{LATEST}:{name}", "NaT"), "D")
    return np.append(day_of(customers.frame[name]), latest)


@dataclass(frozen=True, eq=False)
class Seen:
    """What a trigger looks at.

    Attributes
    ----------
    facts : Facts
    day : datetime64[D]
        Counts as today.
    known : datetime64[D]
        The last day, up to today, that the table tells of: who was quiet since may have been active later.
    """

    facts: Facts
    day: np.datetime64
    known: np.datetime64

    @property
    def customers(self) -> Customers:
        """Those in memory, with all columns."""
        return self.facts.customers

    @property
    def until(self) -> int:
        """Days from today to the last day that the table tells of; 0 or below."""
        return int((self.known - self.day).astype(int))

    def days(self, column: Column) -> Term:
        """Days from today to that in a column of dates."""
        return self.facts.days(column, self.day)

    def number(self, column: Column) -> Term:
        """A column as a number."""
        return self.facts.number(column)

    def levels(self, column: Column) -> Levels:
        """A column as texts."""
        return self.facts.levels(column)

    def role(self, role: str) -> Column | None:
        """The column of a role."""
        return self.customers.with_role(role)

    def named(self, what: str, *kinds: str) -> Column | None:
        """The column that is called like a row of `NAMES`, of some kinds."""
        return named(self.customers, what, kinds)

    def of_log(self, feature: str) -> Column | None:
        """A column that was summed up from a log, whatever it is called beside one of the same name."""
        beside = next(
            (one for one in self.customers.columns if one.name.startswith(f"{feature} (from ")), None
        )
        return beside or self.customers.column(feature)


def named(customers: Customers, what: str, kinds: Sequence[str]) -> Column | None:
    """Find a column by its name; the plainest name first, and nothing that somebody chose to leave out."""
    columns = [one for one in customers.columns if one.kind in kinds and not left_out(one)]
    called = [(one, name_words(one.name)) for one in columns]
    for phrase in _phrases(what):
        for column, parts in called:
            if _within(phrase, parts):
                return column
    return None


def left_out(column: Column) -> bool:
    """Whether somebody chose not to use a column; one of a single value is left out by itself, and counts."""
    return column.role == "ignored" and column.confidence == "set"


@cache
def _phrases(what: str) -> tuple[tuple[str, ...], ...]:
    return tuple(name_words(phrase) for phrase in listed(NAMES[what]))


def _within(phrase: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(parts[start : start + size] == phrase for start in range(len(parts) - size + 1))


NAMES = {
    "moved": "address changed, address change, change of address, moved, move date, moving date, relocated, "
    "relocation date, umzug, umzugsdatum, umgezogen, adresse geändert, déménagement, changement d adresse, "
    "mudanza, cambio de domicilio, mudança, trasloco, verhuizing, verhuisdatum, verhuisd",
    "answered": "answer date, answered, survey date, surveyed, response date, responded, feedback date, "
    "review date, csat date, nps date, last survey, last answer, last feedback, last response, timestamp, "
    "umfrage datum, befragung, antwort datum, date de réponse, date enquête, fecha de respuesta, "
    "fecha encuesta, data resposta, data risposta, antwoord datum, enquête datum",
    "opened": "ticket opened, oldest open ticket, open ticket since, ticket created, ticket date, "
    "ticket open, case opened, case created, complaint opened, complaint date, ticket eröffnet, "
    "ticket datum, "
    "reklamation, beschwerde datum, date du ticket, fecha del ticket, data ticket",
    "closed": "ticket closed, ticket resolved, case closed, case resolved, complaint closed, "
    "ticket geschlossen",
    "open": "open tickets, open cases, open complaints, unresolved tickets, offene tickets, tickets ouverts, "
    "tickets abiertos, ticket aperti",
    "first_order": "first order, first purchase, first bought, erste bestellung, erstbestellung, "
    "erster kauf, première commande, premier achat, primer pedido, primera compra, primo ordine, "
    "primo acquisto, "
    "primeiro pedido, primeira compra, eerste bestelling, eerste aankoop",
    "last_order": "last order, last purchase, last bought, latest order, letzte bestellung, letzter kauf, "
    "dernière commande, dernier achat, último pedido, última compra, ultimo ordine, ultimo acquisto, "
    "laatste bestelling, laatste aankoop",
    "previous_tier": "previous plan, previous tier, previous contract, previous package, previous "
    "subscription, former plan, former tier, old plan, old tier, prior plan, prior tier, vorheriger tarif, "
    "alter tarif, ancien forfait, plan anterior, piano precedente, vorig abonnement",
    "tier_changed": "plan changed, plan change, tier changed, tier change, plan since, tier since, upgraded, "
    "upgrade date, downgraded, downgrade date, tarifwechsel, changement de forfait, cambio de plan, "
    "cambio piano, mudança de plano",
}
