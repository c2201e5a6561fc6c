"""Which columns of a table tell something, and who is in the highest or lowest part of one."""

from collections.abc import Sequence
from math import nan

import numpy as np

from segkit.customers.meanings.roles import find_role
from segkit.customers.table import Column, Customers
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


def outermost(values: np.ndarray, share: float, top: bool) -> tuple[np.ndarray, str] | None:
    """Who is in the highest or lowest part of everyone, and the border in words; None where nobody is.

    Where many have the value at the border, they belong if the part is closer to the wanted share with them.
    """
    known = values[~np.isnan(values)]
    if len(known) < FEWEST_PARTED:
        return None
    border = float(np.quantile(known, 1 - share if top else share, method="higher" if top else "lower"))
    parts = [(values >= border, "from"), (values > border, "above")]
    if not top:
        parts = [(values <= border, "up to"), (values < border, "below")]
    sizes = [np.count_nonzero(belongs) / len(known) for belongs, _ in parts]
    belongs, said = min(zip(sizes, parts, strict=True), key=lambda one: abs(one[0] - share))[1]
    if not belongs.any() or belongs.sum() == len(known):
        return None
    return np.where(np.isnan(values), nan, belongs), f"{said} {number(border)}"
