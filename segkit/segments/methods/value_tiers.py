"""Value tiers: the few customers who bring most of the money, those who bring the rest, and the others.

The A customers together bring the first 80 % of the total, the B customers the next 15 %, the C customers
the last 5 %. Tiers go by amounts that occur: customers with the same amount are in the same tier.
"""

import numpy as np

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.labels import listing, number, percent
from segkit.segments.conditions import Condition, Quantity, Test
from segkit.segments.methods.draft import Draft, ruled
from segkit.segments.methods.options import absent, column_for, is_number, said
from segkit.segments.plan import Plan
from segkit.segments.segmentation import day_of
from segkit.segments.watching import Watch

USUAL_SHARES = (80.0, 95.0)  # Dickie, ABC inventory analysis shoots for dollars not pennies (1951)
MOST_BORDERS = 5
NO_VALUE, UNKNOWN = "No value", "Unknown value"
ROUNDING = 1e-12  # relative; a sum may differ in its last digit from the share it reaches


def value_tiers(customers: Customers, plan: Plan, watch: Watch) -> Draft:
    """Draft tiers by the money customers bring (ABC analysis).

    Parameters
    ----------
    customers : Customers
    plan : Plan
        Options: "by" is "revenue" (usual), "margin" (revenue minus cost to serve) or a column of numbers;
        "shares" are the percents of the total at which a tier ends, [80, 95] where nothing is said.
    watch : function

    Returns
    -------
    Draft
        "Tier A" and so on; "No value" for amounts of 0 or less, which are not part of the total; "Unknown
        value" where there is no amount.

    Raises
    ------
    UnusablePlan
        The column is not there, nobody has an amount above 0, or all have the same.
    """
    watch("Adding up what customers bring", 0.2)
    what, shares = _what(customers, plan), _shares(plan)
    amounts = what.numbers(customers.frame, day_of(customers, plan))
    borders = _borders(amounts, shares, what)
    tests: list[tuple[str, Condition]] = [
        (f"Tier {letter}", Test(what, ">=", (border,)))
        for letter, border in zip("ABCDE", borders, strict=False)
    ]
    last = f"Tier {chr(ord('A') + len(borders))}"
    tests += [(last, Test(what, ">", (0.0,))), (NO_VALUE, Test(what, "<=", (0.0,)))]
    steps = ((what.column, _step(what, borders, last)),)
    return ruled(customers, tests, UNKNOWN, (_note(what, shares),), steps)


def _what(customers: Customers, plan: Plan) -> Quantity:
    wanted = plan.option("by", "revenue")
    if wanted not in ("revenue", "margin"):
        column = column_for(customers, plan, "by", (), ("number",))
        assert column is not None  # a name that is not there was refused
        return Quantity(column.name)
    roles = ("revenue", "cost") if wanted == "margin" else ("revenue",)
    found = [customers.with_role(role) for role in roles]
    for role, column in zip(roles, found, strict=True):
        if column is None or column.kind != "number":
            raise absent("Value tiers", (role,), "by")
    names = [column.name for column in found if column is not None]
    return Quantity(names[0], "minus", names[1]) if wanted == "margin" else Quantity(names[0])


def _shares(plan: Plan) -> list[float]:
    given = plan.option("shares", list(USUAL_SHARES))
    numbers = isinstance(given, list) and 0 < len(given) < MOST_BORDERS and all(map(is_number, given))
    if not numbers or sorted(set(given)) != given or not (given[0] > 0 and given[-1] < 100):
        raise UnusablePlan(
            f"The shares are {said(given)}. Give one to four percents between 0 and 100, the smallest first, "
            "such as 80 and 95."
        )
    return [float(share) for share in given]


def _borders(amounts: np.ndarray, shares: list[float], what: Quantity) -> list[float]:
    """Smallest amount of every tier but the last: that of the customer with whom the share is reached."""
    brought = np.sort(amounts[amounts > 0])[::-1]
    known = amounts[~np.isnan(amounts)]
    if not len(brought) or known.min() == known.max():
        found = "the same for all customers" if len(brought) else "above 0 for nobody"
        raise UnusablePlan(
            f"{what.text.capitalize()} is {found}, so it makes no tiers. Choose another column or method."
        )
    total = np.cumsum(brought)
    reached = np.searchsorted(total, np.array(shares) / 100 * total[-1] * (1 - ROUNDING))
    return [float(brought[place]) for place in reached]


def _step(what: Quantity, borders: list[float], last: str) -> str:
    tiers = [f"Tier {letter} from {number(border)}" for letter, border in zip("ABCDE", borders, strict=False)]
    minus = f"minus “{what.other}”: " if what.other else ""
    return f"{minus}{', '.join(tiers)}, {last} above 0"


def _note(what: Quantity, shares: list[float]) -> str:
    ends = [*shares, 100.0]
    parts = [end - start for start, end in zip([0.0, *shares], ends, strict=True)]
    places = ["first", *["next"] * (len(parts) - 2), "last"]
    tiers = [
        f"Tier {letter} the {place} {percent(part / 100)}"
        for letter, place, part in zip("ABCDE", places, parts, strict=False)
    ]
    return f"Of all {what.text}, {listing(tiers)}: customers in the order of what they bring."
