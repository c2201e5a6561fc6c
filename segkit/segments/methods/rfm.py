"""RFM: how recently, how often and for how much customers buy, as ten groups that every marketer knows.

Recency, frequency and money are cut into scores from 1 to 5 (5 is best: most recent, most often, most
money). Where recency and the mean of the other two meet in `GRID`, the group stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segkit.customers.table import Column, Customers
from segkit.errors import UnusablePlan
from segkit.labels import MINUS, listing, number, words
from segkit.segments.conditions import AnyOf, Condition, Every, Quantity, Test
from segkit.segments.methods.breaks import SCORES, fifths, natural_breaks
from segkit.segments.methods.draft import Draft, ruled
from segkit.segments.methods.options import absent, column_for, is_number, said
from segkit.segments.plan import Plan
from segkit.segments.segmentation import day_of
from segkit.segments.watching import Watch

UNKNOWN = "Unknown"

GRID = (
    # name, recency at least, mean of frequency and money at least; the first that fits counts
    ("Champions", 5, 4),
    ("Potential loyalists", 5, 2),
    ("New", 5, 1),
    ("Loyal", 4, 4),
    ("Potential loyalists", 4, 2),
    ("Promising", 4, 1),
    ("Loyal", 3, 4),
    ("Need attention", 3, 3),
    ("About to sleep", 3, 1),
    ("At risk", 2, 3),
    ("Hibernating", 2, 1),
    ("Can’t lose them", 1, 4),
    ("At risk", 1, 3),
    ("Hibernating", 1, 1),
)
"""The grid of recency by the mean of frequency and money, without the overlaps of the usual one.

Source: the eleven groups of Putler (“RFM analysis for successful customer segmentation”), of which
“Hibernating” and “Lost” are one here, as in the grid that is usual in Python since. Scores of five steps
are Hughes, Strategic Database Marketing (1994).
"""

ORDER = (
    "Champions",
    "Loyal",
    "Potential loyalists",
    "New",
    "Promising",
    "Need attention",
    "About to sleep",
    "Can’t lose them",
    "At risk",
    "Hibernating",
    UNKNOWN,
)

Cut = Callable[[np.ndarray], tuple[float, ...]]
CUTS: dict[str, Cut] = {"quintiles": fifths, "breaks": natural_breaks}
PARTS = ("recency", "frequency", "monetary")
SINCE = {"since", "ago"}
LAST = {"last", "recent", "order", "purchase", "activity", "visit", "login", "bought", "active"}
MADE = {"orders": "frequency", "revenue": "monetary"}


def rfm(customers: Customers, plan: Plan, watch: Watch) -> Draft:
    """Draft the groups of the RFM grid.

    Parameters
    ----------
    customers : Customers
    plan : Plan
        Options: "recency", "frequency" and "monetary" name columns; "cuts" is "quintiles" (usual), "breaks",
        or four ascending borders for some of the three: ``{"recency": [30, 90, 180, 365]}`` is score 5 up to
        30 days, ``{"frequency": [1, 2, 4, 8]}`` is score 1 up to 1 order.
    watch : function

    Raises
    ------
    UnusablePlan
        A column is not there or does not vary, or borders are no borders.
    """
    watch("Scoring recency, frequency and money", 0.2)
    scales = [_scale(customers, plan, part) for part in PARTS]
    recency, frequency, money = scales
    rules = [
        (name, Every((recency.at_least(recent), _mean_at_least(spending, frequency, money))))
        for name, recent, spending in GRID
    ]
    steps = tuple((scale.what.column, scale.text) for scale in scales)
    return ruled(customers, rules, UNKNOWN, (_note(scales),), steps, ORDER)


@dataclass(frozen=True)
class Scale:
    """A quantity in scores from 1 to 5.

    Attributes
    ----------
    part : str
        One of `PARTS`.
    what : Quantity
    borders : tuple of 4 floats
        Of recency, ascending: up to the first is score 5, up to the last 2. Of the others, ascending: up to
        the first is score 1, above the last 5.
    """

    part: str
    what: Quantity
    borders: tuple[float, ...]

    def at_least(self, score: int) -> Condition:
        """Ask for a score."""
        if score == 1:
            return Test(self.what, "known")
        if self.part == "recency":
            return Test(self.what, "<=", (self.borders[SCORES - score],))
        return Test(self.what, ">", (self.borders[score - 2],))

    def border(self, score: int) -> float:
        """What a value must be above to have at least a score; everything is above the border of 1."""
        return -np.inf if score == 1 else self.borders[score - 2]

    @property
    def text(self) -> str:
        """The scores in words."""
        scores = range(SCORES, 1, -1) if self.part == "recency" else range(1, SCORES)
        last: dict[float, int] = {}
        for border, score in zip(self.borders, scores, strict=True):
            last.setdefault(border, score)  # of equal borders, only the first score can be had
        upto = [f"{score} up to {_digits(border)}" for border, score in last.items()]
        end = f"{1 if self.part == 'recency' else SCORES} above {_digits(self.borders[-1])}"
        unit = " days" if self.what.look == "days_ago" else ""
        return f"{self.part} score {', '.join(upto)}, {end}{unit}"


def _digits(value: float) -> str:
    return f"{value:,.10g}".replace("-", MINUS)


def _mean_at_least(least: int, frequency: Scale, money: Scale) -> Condition:
    """Ask for a mean of two scores: any of the pairs with that sum, apart from those that ask for more."""
    pairs = [(f, 2 * least - f) for f in range(1, SCORES + 1) if 1 <= 2 * least - f <= SCORES]
    needed: list[tuple[int, int]] = []
    for pair in sorted(pairs, key=lambda one: (frequency.border(one[0]), money.border(one[1]))):
        if not needed or money.border(pair[1]) < money.border(needed[-1][1]):
            needed.append(pair)
    ways = tuple(Every((frequency.at_least(f), money.at_least(m))) for f, m in needed)
    return ways[0] if len(ways) == 1 else AnyOf(ways)


# --- columns ----------------------------------------------------------------------------------------


def _scale(customers: Customers, plan: Plan, part: str) -> Scale:
    what = _recency(customers, plan) if part == "recency" else _amount(customers, plan, part)
    raw = what.numbers(customers.frame, day_of(customers, plan))
    known = raw[~np.isnan(raw)]
    own = _own_borders(plan, part)
    if own is None and (not len(known) or known.min() == known.max()):
        raise UnusablePlan(
            f"“{what.column}” is the same for all customers, so there is no {part} to tell them apart by. "
            f"Name another column in the option “{part}”, or choose another method."
        )
    return Scale(part, what, own or _borders(known, part, _cut(plan)))


def _borders(known: np.ndarray, part: str, cut: Cut) -> tuple[float, ...]:
    if part != "recency":
        return cut(known)
    days = np.unique(known)  # few days are best: cut from the other end, then say up to which day
    above = sorted(-border for border in cut(-known))
    return tuple(float(days[np.searchsorted(days, border) - 1]) for border in above)


def _recency(customers: Customers, plan: Plan) -> Quantity:
    if plan.option("recency") is None and (lifetimes := _lifetimes(customers)):
        return lifetimes
    column = column_for(customers, plan, "recency", ("last_activity_date",), ("date", "number"))
    column = column or next((one for one in customers.columns if _counts_days(one)), _letter_r(customers))
    if column is None:
        raise absent("RFM groups", ("last_activity_date",), "recency")
    return Quantity(column.name, "days_ago" if column.kind == "date" else "value")


def _counts_days(column: Column) -> bool:
    """Tell whether a number counts the time since somebody was last there."""
    parts = set(words(column.name))
    last = bool(parts & {"recency", "inactive"}) or bool(parts & SINCE and parts & LAST)
    return column.kind == "number" and last and column.use in ("dimension", "descriptor")


def _letter_r(customers: Customers) -> Column | None:
    """Find the column R, which means recency where F and M stand beside it."""
    numbers = {one.name.lower(): one for one in customers.columns if one.kind == "number"}
    return numbers["r"] if {"r", "f", "m"} <= set(numbers) else None


def _lifetimes(customers: Customers) -> Quantity | None:
    """Find the columns frequency, recency and T of buy-till-you-die models.

    Recency is there the age at the last purchase, and T the age (Fader, Hardie & Lee 2005).
    """
    names = {column.name.lower(): column.name for column in customers.columns if column.kind == "number"}
    if {"frequency", "recency", "t"} <= set(names):
        return Quantity(names["t"], "minus", names["recency"])
    return None


def _amount(customers: Customers, plan: Plan, part: str) -> Quantity:
    role = next(role for role, made in MADE.items() if made == part)
    column = column_for(customers, plan, part, (role,), ("number",))
    if column is None:
        raise absent("RFM groups", (role,), part)
    return Quantity(column.name)


# --- options ----------------------------------------------------------------------------------------


def _cut(plan: Plan) -> Cut:
    wanted = plan.option("cuts", "quintiles")
    if isinstance(wanted, dict):
        return fifths
    if wanted not in CUTS:
        raise UnusablePlan(
            f"{said(wanted)} is no way to cut. Choose {listing(list(CUTS))}, or give four borders for one of "
            f"{listing(list(PARTS))}."
        )
    return CUTS[wanted]


def _own_borders(plan: Plan, part: str) -> tuple[float, ...] | None:
    wanted = plan.option("cuts")
    if not isinstance(wanted, dict):
        return None
    strange = [key for key in wanted if key not in PARTS]
    if strange:
        raise UnusablePlan(f"{said(strange[0])} has no scores. Borders are for {listing(list(PARTS))}.")
    given: Any = wanted.get(part)
    if given is None:
        return None
    numbers = isinstance(given, list) and len(given) == SCORES - 1 and all(map(is_number, given))
    if not numbers or sorted(given) != given:
        raise UnusablePlan(
            f"The borders of {part} are {said(given)}. Give four numbers, the smallest first; two may be "
            "equal."
        )
    return tuple(map(float, given))


def _note(scales: Sequence[Scale]) -> str:
    named = [f"{scale.part} is {scale.what.text}" for scale in scales]
    return f"Scores are from 1 to {number(SCORES)}, 5 being best: {listing(named)}."
