"""Which columns of a table tell something, and who is in the highest or lowest part of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from segkit.customers.meanings.roles import find_role
from segkit.customers.table import Column, Customers
from segkit.insights.terms import Facts, Holds, Term
from segkit.labels import listing, number, words

FEWEST_PARTED = 20  # customers with a value, for a highest or lowest part of them


def means(*roles: str) -> str:
    """Say which columns are needed, by what they mean."""
    return "a column that means " + listing([f"“{find_role(role).label}”" for role in roles]).replace(
        " and ", " or "
    )


def named_column(
    customers: Customers, names: Sequence[set[str]], kinds: Sequence[str] = ("number",)
) -> Column | None:
    """The first column of some kinds whose name has all the words of a set, the first sets first."""
    of_kind = [one for one in customers.columns if one.kind in kinds and not one.hidden]
    usable = [one for one in of_kind if one.use not in ("id", "outcome", "none") and one.distinct > 1]
    return next((one for wanted in names for one in usable if wanted <= set(words(one.name))), None)


def roots(column: Column) -> tuple[str, ...]:
    """Name a column and those that it was taken from."""
    return (column.name, *column.derived_from)


@dataclass(frozen=True, eq=False)
class Part:
    """The customers with the highest or lowest values.

    Attributes
    ----------
    who : Holds
    border : str
        In words: "from 120".
    share : float
        Of those who have a value.
    """

    who: Holds
    border: str
    share: float


def outermost(facts: Facts, values: Term, share: float, top: bool) -> Part | None:
    """Who is in the highest or lowest part of everyone; None where nobody is.

    Where many have the value at the border, they belong if the part is closer to the wanted share with them.
    """
    known = facts.count(values.known)
    if known < FEWEST_PARTED:
        return None
    rank = ceil((known - 1) * (1 - share)) if top else floor((known - 1) * share)
    border = facts.ranked(values, [rank])[0]
    parts = [(values >= border, "from"), (values > border, "above")]
    if not top:
        parts = [(values <= border, "up to"), (values < border, "below")]
    sizes = [count / known for count in facts.counts([who for who, _ in parts])]
    size, (who, said) = min(zip(sizes, parts, strict=True), key=lambda one: abs(one[0] - share))
    return Part(who, f"{said} {number(border)}", size) if 0 < size < 1 else None
