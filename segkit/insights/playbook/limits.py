"""The limits of plays: numbers that a person may move."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segkit.errors import UnusablePlan
from segkit.labels import number, span

Limits = Mapping[str, float]


@dataclass(frozen=True)
class Limit:
    """A row of `LIMITS`: a number that a person may move.

    Attributes
    ----------
    key, label : str
    usual : float
        In `unit`: "%", "days" or "points".
    unit : str
    least, most : float
        The range in which it makes sense.
    """

    key: str
    label: str
    usual: float
    unit: str
    least: float = 0.0
    most: float = 100.0


def usual_limits(changed: Mapping[str, Any] | None = None) -> dict[str, float]:
    """All limits, with those that a person changed; what is no number in its range stays as usual.

    Examples
    --------
    >>> usual_limits({"new_days": 30, "detractors": 900})["new_days"]
    30.0
    """
    found = {one.key: one.usual for one in LIMITS}
    for one in LIMITS:
        value = (changed or {}).get(one.key)
        if isinstance(value, int | float) and not isinstance(value, bool) and one.least <= value <= one.most:
            found[one.key] = float(value)
    return found


def moved_limits(values: Mapping[str, Any]) -> dict[str, float]:
    """Those limits that a person moved, checked, as plain JSON.

    Raises
    ------
    UnusablePlan
        A value is no number or outside of its range; the message says which it can be.
    """
    moved: dict[str, float] = {}
    for one in LIMITS:
        value = values.get(one.key, one.usual)
        known = isinstance(value, int | float) and not isinstance(value, bool)
        if not known or not one.least <= value <= one.most:
            raise UnusablePlan(
                f"“{one.label}” takes {span(number(one.least), number(one.most))} {one.unit}, not {value}."
            )
        if value != one.usual:
            moved[one.key] = float(value)
    return moved


LIMITS = (
    Limit("csat_low", "CSAT is low below this part of the way up its scale", 75, "%"),
    Limit("nps_high", "NPS is high above", 0, "points", -100),
    Limit("retention_low", "Retention is low below", 85, "%"),
    Limit("valuable", "High value is the part of everyone with most revenue", 25, "%", 1, 50),
    Limit("detractors", "Too many detractors among customers of high value", 15, "%"),
    Limit("quiet_days", "Activity is falling after this long without any", 60, "days", 1, 3650),
    Limit("quiet", "Too many customers of high value whose activity is falling", 20, "%"),
    Limit("buying", "Many customers in a stage before buying", 15, "%"),
    Limit("at_risk", "Many customers in a stage at risk", 15, "%"),
    Limit("callers", "Many callers among customers who asked for help", 20, "%"),
    Limit("new_days", "A customer is new for", 90, "days", 1, 3650),
    Limit("new", "Many new customers", 10, "%"),
    Limit("idle", "Many customers in the third of everyone that uses least", 40, "%"),
    Limit("content", "Most of these are satisfied", 50, "%"),
    Limit("sensitive", "Many customers in the third of everyone that looks most at prices", 40, "%"),
    Limit("unreachable", "Too many customers who have not agreed to be contacted", 20, "%"),
    Limit("costly", "Too many customers who cost more than their margin", 40, "%"),
)
