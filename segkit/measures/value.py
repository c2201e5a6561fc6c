"""The value of a customer: what she brings over some periods if she stays as likely as now.

An assumption and never a fact: margin and retention stay as they are, horizon and discount are chosen.

Value = margin × Σ (retention / (1 + discount))^t for t = 0 … periods - 1; a period is that of the file's
money and retention.

Source: Gupta & Lehmann (2003), "Customers as assets"; the interval and the difference are put together from
those of margin and retention by MOVER (Zou & Donner 2008, "Construction of confidence limits about effect
measures").
"""

from dataclasses import dataclass
from math import nan, sqrt

from segkit.errors import UnusablePlan
from segkit.labels import percent, plural
from segkit.measures.estimates import NOTHING, Estimate, Z, two_sided

MOST_PERIODS = 50


def refuse_senseless(ahead: int, most: int, unit: str, discount: float, margin: float) -> None:
    """Refuse assumptions of a forecast that are out of their range.

    Raises
    ------
    UnusablePlan
        Not 1 to `most` of the unit ahead, a discount that is not 0 to 1, or a margin that is not part of 1.
    """
    if not (isinstance(ahead, int) and 1 <= ahead <= most):
        raise UnusablePlan(f"{ahead} {unit} cannot be looked ahead. Take 1 to {most}.")
    if not 0 <= discount <= 1:
        raise UnusablePlan(f"A discount of {discount} makes no sense. Take 0 to 1, such as 0.1.")
    if not 0 < margin <= 1:
        raise UnusablePlan(f"A margin of {margin} makes no sense. Take more than 0 and at most 1.")


@dataclass(frozen=True)
class Assumptions:
    """What the value of a customer rests on; every part is shown and can be changed.

    Attributes
    ----------
    periods : int
        How many periods are looked ahead, the present one included.
    discount : float
        What a period's waiting costs: 0.1 makes next period's money worth 1 / 1.1 of this one's.
    margin : float
        The part of revenue that is left where the table has no cost to serve, 0 to 1.
    """

    periods: int = 5
    discount: float = 0.1
    margin: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises
        ------
        UnusablePlan
            A part is out of its range.
        """
        refuse_senseless(self.periods, MOST_PERIODS, "periods", self.discount, self.margin)

    @property
    def text(self) -> str:
        r"""The assumptions in words.

        Examples
        --------
        >>> Assumptions().text.replace("\u202f", " ")
        '5 periods, 10 % discount a period, retention and margin as they are now'
        """
        kept = "" if self.margin == 1 else f", {percent(self.margin)} of revenue left where no cost is known"
        return (
            f"{plural(self.periods, 'period')}, {percent(self.discount)} discount a period, "
            f"retention and margin as they are now{kept}"
        )

    def times(self, retention: float) -> float:
        """How many periods' margin a customer is worth.

        Examples
        --------
        >>> Assumptions(periods=3, discount=0.0).times(0.5)
        1.75
        """
        rate = retention / (1 + self.discount)
        return float(sum(rate**period for period in range(self.periods)))


USUAL = Assumptions()


def value_estimate(margin: Estimate, retention: Estimate, assumptions: Assumptions) -> Estimate:
    """Value with an interval from those of its inputs; NaN where an input cannot be told."""
    if retention.value != retention.value or margin.value != margin.value:
        return NOTHING
    times = assumptions.times(retention.value)
    value = margin.value * times
    if any(edge != edge for edge in (margin.low, margin.high, retention.low, retention.high)):
        return Estimate(value, nan, nan)
    ends = sorted(margin.value * assumptions.times(edge) for edge in (retention.low, retention.high))
    down = sqrt(((margin.value - margin.low) * times) ** 2 + (value - ends[0]) ** 2)
    up = sqrt(((margin.high - margin.value) * times) ** 2 + (ends[1] - value) ** 2)
    return Estimate(value, value - down, value + up)


def value_difference(segment: Estimate, rest: Estimate) -> float:
    """p-value of two values: their difference against what its interval allows; NaN where it is not known."""
    difference = segment.value - rest.value
    if difference > 0:
        half = sqrt((segment.value - segment.low) ** 2 + (rest.high - rest.value) ** 2)
    else:
        half = sqrt((segment.high - segment.value) ** 2 + (rest.value - rest.low) ** 2)
    if not half > 0:
        return nan if difference != difference or half != half else float(difference == 0)
    return two_sided(difference / (half / Z))
