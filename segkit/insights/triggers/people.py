"""Whom a list should leave out: customers who have left, and those who did not agree to be written to."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segkit.customers.meanings.aliases import plain
from segkit.customers.table import Column, Customers
from segkit.insights.triggers.days import day_of
from segkit.segments.features import numeric

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
    given : bool array
        At least one of them names a channel or says yes; an empty cell is no consent.
    """

    columns: tuple[str, ...]
    given: np.ndarray


def consent(customers: Customers) -> Consent | None:
    """Look who agreed to be written to by some channel; None where no column tells."""
    columns = [one for one in customers.columns if one.role == "channel_consent"]
    if not columns:
        return None
    given = np.any([_given(customers, one) for one in columns], axis=0)
    return Consent(tuple(one.name for one in columns), given)


def _given(customers: Customers, column: Column) -> np.ndarray:
    values = customers.frame[column.name]
    if column.kind in ("yes/no", "number"):
        return numeric(values) > 0
    codes, texts = pd.factorize(values)
    may = [_names_a_channel(str(text)) for text in texts]
    return np.array([*may, False], bool)[codes]


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
    """Say who has left before a day: by a churn date, else by what a column says; None where nothing tells.

    A column of retention that was computed from the last activity does not count: who was quiet for some
    weeks is somebody to call.
    """
    ended = customers.with_role("churn_date")
    flag = customers.with_role("retained") or customers.with_role("churned")
    gone = np.zeros(len(customers), bool)
    if ended is not None:
        days = day_of(customers.frame[ended.name])
        gone |= days < day  # on her last day she can be called; NaT is never earlier
    if flag is not None and not flag.derived:
        gone |= numeric(customers.frame[flag.name]) == (0 if flag.role == "retained" else 1)
    told = ended is not None or (flag is not None and not flag.derived)
    return gone if told else None
