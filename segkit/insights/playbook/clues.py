"""Clues: a KPI or a share of customers, and the reason in each segment in which it holds.

A KPI has to differ from the rest, with its whole interval beyond a limit where there is one; a share has to
have its interval above a limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from segkit.insights.kpi_text import difference_text, interval_text, value_text
from segkit.insights.playbook.columns import means
from segkit.insights.playbook.crowds import Flags
from segkit.insights.playbook.limits import Limits
from segkit.insights.playbook.meeting import who_meets
from segkit.insights.playbook.reasons import CIRCULAR, About, Telling, Told
from segkit.insights.terms import Term
from segkit.labels import number, percent, plural, span
from segkit.measures.definitions import OWN, find_kpi
from segkit.measures.estimates import Estimate, rate_estimate
from segkit.measures.kpi_table import Kpi, KpiTable
from segkit.measures.sums import Sums
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN, shown
from segkit.segments.conditions import Test


@dataclass(frozen=True)
class KpiClue:
    """A KPI that is higher or lower than the rest, with its interval beyond a limit where there is one.

    Attributes
    ----------
    kpi : str
    side : str
        "higher" or "lower".
    limit : str
        Key of the limit; empty for none.
    bound : float, optional
        A limit that a person wrote, in the KPI's own unit; then the rest does not matter.
    """

    kpi: str
    side: str
    limit: str = ""
    bound: float | None = None

    def told(self, about: About) -> Telling:
        """The reason per segment."""
        if self.kpi not in about.kpis.keys:
            return None
        rows = [about.kpis.find(segment.key, self.kpi) for segment in about.segments]
        return tuple(None if row is None else self._told(row, about) for row in rows)

    def values(self, about: About) -> Term | None:
        """What has to be added up for it: nothing, KPIs are known."""
        return None

    def _told(self, row: Kpi, about: About) -> Told | None:
        circular, bound = row.verdict == "circular", self._bound(row, about.limits)
        if row.n < SMALLEST_SHOWN or row.verdict == "hidden" or isnan(row.low) or isnan(row.high):
            return None
        if self.bound is None and row.verdict not in (self.side, "circular"):
            return None
        if circular and bound is None:
            return None
        if bound is not None and not (row.high < bound if self.side == "lower" else row.low > bound):
            return None
        text, few = self._text(row, bound, about.kpis), row.n < SMALLEST_RANKED
        return Told(text, _short(row, about.kpis), circular, few)

    def _bound(self, row: Kpi, limits: Limits) -> float | None:
        """The limit in the unit of the KPI."""
        if self.bound is not None or not self.limit:
            return self.bound
        value = limits[self.limit]
        if row.kpi == "csat":
            low, high = (float(edge) for edge in row.unit.removeprefix("points ").split(".."))
            return low + value / 100 * (high - low)
        return value / 100 if row.unit == "fraction" else value

    def _text(self, row: Kpi, bound: float | None, kpis: KpiTable) -> str:
        text = kpi_said(row, kpis)
        if bound is None:
            return text
        side = "below" if self.side == "lower" else "above"
        return f"{text}; {side} the limit of {value_text(kpis.definition(self.kpi), bound, row.unit)}"

    def needs(self, about: About) -> list[str]:
        """Which columns would bring it."""
        own = self.kpi.startswith(OWN)
        return [f"“{self.kpi.removeprefix(OWN)}” as a KPI" if own else means(*find_kpi(self.kpi).needs)]


def kpi_said(row: Kpi, kpis: KpiTable) -> str:
    """Write a KPI of a segment with interval, difference from the rest and number of answers."""
    definition, interval = kpis.definition(row.kpi), interval_text(kpis.definition(row.kpi), row)
    value = f"{definition.label} {value_text(definition, row.value, row.unit)}"
    text = _short(row, kpis).replace(value, f"{value} ({interval})" if interval else value, 1)
    text += f", from {plural(row.n, 'answer')}"
    return f"{CIRCULAR} {text} (the segments were made from it)" if row.verdict == "circular" else text


def _short(row: Kpi, kpis: KpiTable) -> str:
    """Write a KPI of a segment and its difference from the rest."""
    definition = kpis.definition(row.kpi)
    text = f"{definition.label} {value_text(definition, row.value, row.unit)}"
    gap = kpis.differences.get((row.segment, row.kpi))
    if row.verdict in ("higher", "lower") and gap is not None:
        side = "above" if row.verdict == "higher" else "below"
        text += f", {difference_text(definition, gap, row.unit)} {side} the rest"
    return text


@dataclass(frozen=True)
class CrowdClue:
    """A share of the segment's customers whose interval lies above a limit.

    Attributes
    ----------
    crowd : str
        Key of the crowd that is counted.
    limit : str
        Key of the limit.
    within : str
        Key of the crowd among whom it is counted; empty for all customers.
    """

    crowd: str
    limit: str
    within: str = ""

    def _crowds(self, about: About) -> tuple[Flags, Flags | None] | None:
        """Who is counted, and among whom; None where a column is absent."""
        flags, within = about.crowds[self.crowd], about.crowds.get(self.within)
        return None if flags is None or (self.within and within is None) else (flags, within)

    def values(self, about: About) -> Term | None:
        """Who of those still there belongs: 1, 0 or not known; None where a column is absent."""
        found = self._crowds(about)
        if found is None:
            return None
        flags, within = found
        values = flags.belongs.unless(about.left)
        return values if within is None else values.where(within.belongs.is_(1))

    def told(self, about: About) -> Telling:
        """The reason per segment."""
        found, values = self._crowds(about), self.values(about)
        if found is None or values is None:
            return None
        flags, within = found
        noun, columns = about.noun, flags.columns
        if within is not None:
            noun, columns = within.noun + noun.removeprefix("customers"), (*columns, *within.columns)
        limit = max(about.limits[self.limit] / 100, flags.usual)
        return _shares_told(about, values, columns, (flags.verb, noun), limit, flags.usual)

    def needs(self, about: About) -> list[str]:
        """Which columns would bring it."""
        wanted = [self.crowd, *([self.within] if self.within else [])]
        return [about.needed(key) for key in wanted if about.crowds[key] is None]


@dataclass(frozen=True)
class ShareClue:
    """A share of customers who meet a test that a person wrote, above a share that she wrote."""

    test: Test
    share: float

    def values(self, about: About) -> Term | None:
        """Who of those still there meets it: 1, 0 or not known; None where a column is absent."""
        values = who_meets(self.test, about.facts)
        return None if values is None else values.unless(about.left)

    def told(self, about: About) -> Telling:
        """The reason per segment."""
        values = self.values(about)
        if values is None:
            return None
        verb = f"have {self.test.text}"
        return _shares_told(about, values, self.test.columns, (verb, about.noun), self.share)

    def needs(self, about: About) -> list[str]:
        """Which columns would bring it."""
        return [f"“{name}”" for name in self.test.columns]


def _shares_told(
    about: About,
    values: Term,
    columns: Sequence[str],
    said: tuple[str, str],
    limit: float,
    usual: float = 0.0,
) -> Telling:
    """Tell the segments in which a share is clearly above a limit; `said` is what they do, and their name."""
    sums, circular = about.added(values), about.circular(columns)
    may = shown([one.answered for one in sums], [one.members for one in sums])
    beside = f", as {percent(usual)} of everyone do" if usual else ""
    return tuple(
        _share_told(one, circular, said, beside, limit) if told else None
        for one, told in zip(sums, may, strict=True)
    )


def _share_told(sums: Sums, circular: bool, said: tuple[str, str], beside: str, limit: float) -> Told | None:
    share, (verb, noun) = rate_estimate(sums), said
    if not share.low > limit:
        return None
    text = f"{_share_text(share)} of {number(sums.answered)} {noun} {verb}{beside}"
    text = f"{CIRCULAR} {text} (the segments were made from it)" if circular else text
    short, few = f"{percent(share.value)} of its {noun} {verb}", sums.answered < SMALLEST_RANKED
    return Told(f"{text}; above the limit of {percent(limit)}", short, circular, few)


def _share_text(share: Estimate) -> str:
    low, high = (percent(edge).rstrip("%").rstrip("\u202f") for edge in (share.low, share.high))
    return f"{percent(share.value)} ({span(low, high)})"


Clue = KpiClue | CrowdClue | ShareClue
