"""Whom a list should leave out: customers who have left, and those who did not agree to be written to."""

from dataclasses import dataclass

import numpy as np

from segkit.customers.meanings.aliases import plain
from segkit.customers.table import Column, Customers
from segkit.insights.terms import Facts, Holds, either

REFUSED = frozenset(
    "none no n false 0 off nein kein keine non aucun aucune ninguno ninguna nao nenhum nessuno geen nee "
    "nie never unsubscribed withdrawn declined denied refused revoked unknown na nan widerrufen "
    "abgelehnt".split()
)
REFUSING = (
    "no ",
    "not ",
    "opt out",
    "opted out",
    "unsubscri",
    "withdr",
    "declin",
    "refus",
    "revok",
    "widerr",
)


@dataclass(frozen=True, eq=False)
class Consent:
    """Who may be written to.

    Attributes
    ----------
    columns : tuple of str
        Those with the role `channel_consent`.
    agreed : Holds
        At least one of them names a channel or says yes; an empty cell is no consent.
    """

    columns: tuple[str, ...]
    agreed: Holds

    @property
    def given(self) -> np.ndarray:
        """The same of those in memory, as a bool array."""
        return self.agreed.here


def consent(customers: Customers) -> Consent | None:
    """Look who agreed to be written to by some channel; None where no column tells."""
    return consent_in(Facts(customers))


def consent_in(facts: Facts) -> Consent | None:
    """Look who agreed to be written to, among all whom the facts are about."""
    columns = [one for one in facts.customers.columns if one.role == "channel_consent"]
    if not columns:
        return None
    return Consent(tuple(one.name for one in columns), either([_agreed(facts, one) for one in columns]))


def _agreed(facts: Facts, column: Column) -> Holds:
    if column.kind in ("yes/no", "number"):
        return facts.number(column) > 0
    return facts.levels(column).among(_names_a_channel)


def _names_a_channel(text: str) -> bool:
    """Whether a cell of consent agrees to something.

    Examples
    --------
    >>> [_names_a_channel(one) for one in ("email+sms", "none", "Opted out", "")]
    [True, False, False, False]
    """
    said = plain(text)
    return bool(said) and said not in REFUSED and not said.startswith(REFUSING)


def left(customers: Customers, day: np.datetime64) -> np.ndarray | None:
    """Say who has left before a day, as a bool array; None where nothing tells."""
    gone = gone_in(Facts(customers), day)
    return None if gone is None else gone.here


def gone_in(facts: Facts, day: np.datetime64) -> Holds | None:
    """Say who has left before a day: by a churn date, or by what a column says; None where nothing tells.

    A column of retention that was computed from the last activity does not count: who was quiet for some
    weeks is somebody to call.
    """
    ended = facts.customers.with_role("churn_date")
    flag = facts.customers.with_role("retained") or facts.customers.with_role("churned")
    told = []
    if ended is not None:
        told.append(facts.days(ended, day) < 0)  # on her last day she can be called
    if flag is not None and not flag.derived:
        told.append(facts.number(flag).is_(0 if flag.role == "retained" else 1))
    return either(told) if told else None
