"""What a picture says: the finding of each picture of KPIs and distributions, and what a cell is compared to.

A finding rests on 30 answers or more and on a reliable difference from all other customers; where there is
none, the sentence says so plainly.
"""

from dataclasses import dataclass
from math import isnan, log2

from segkit.insights.effect_text import attribute_name
from segkit.insights.kpi_text import SAME_TEST, VERDICT_MARKS, difference_text, value_text
from segkit.insights.profiles import NOTABLE
from segkit.labels import in_sentence, listing, number, percent, quantity, signed
from segkit.measures.distributions import Gap, LevelShares, MeanGap, NumberSpread
from segkit.measures.kpis import BASE, SMALLEST_RANKED, Kpi, KpiDefinition, KpiTable
from segkit.segments.segmentation import NO_SEGMENT

CLEAR_POINTS = 50.0  # of NPS: a quarter of its range counts as much as twice the base does
CLEAR_PART = 0.25  # of a scale, likewise


def segment_rows(table: KpiTable, kpi: str) -> list[Kpi]:
    """The rows of one KPI without that of everyone."""
    return [row for row in table.of(kpi) if row.segment != BASE]


def is_told(row: Kpi) -> bool:
    """Whether a finding may rest on a cell: a reliable difference from 30 answers or more."""
    ranked = row.n >= SMALLEST_RANKED and row.segment not in (BASE, NO_SEGMENT)
    return ranked and row.verdict in ("higher", "lower")


def by_value(table: KpiTable, kpi: str) -> list[Kpi]:
    """Sort the segments by value, highest first; then those with few answers, then those not shown."""
    shown = [row for row in segment_rows(table, kpi) if not isnan(row.value)]
    ordered = sorted(shown, key=lambda row: (row.n < SMALLEST_RANKED, -row.value))
    return ordered + [row for row in segment_rows(table, kpi) if isnan(row.value)]


# --- a cell against everyone ------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How a cell stands against everyone.

    Attributes
    ----------
    text : str
        "index 123" where a ratio makes sense, else "+12 points"; empty where neither can be told.
    reach : float
        -1 to 1: how far, 1 for double the base or more, or a quarter of the scale; positive above.
    """

    text: str
    reach: float


NOWHERE = Standing("", 0.0)


def standing(table: KpiTable, row: Kpi) -> Standing:
    """Compare a cell with everyone: by index (100 = everyone) on ratio scales, else by the difference.

    A share of a total is compared with the segment's share of customers.
    """
    definition, base = table.definition(row.kpi), table.find(BASE, row.kpi)
    if isnan(row.value) or base is None or isnan(base.value):
        return NOWHERE
    if definition.share_of:
        apart = table.differences.get((row.segment, row.kpi))
        return NOWHERE if apart is None else _of_share(definition, row, apart)
    if definition.format in ("points", "score"):
        return _of_scale(definition, row, row.value - base.value)
    if not (row.value >= 0 and base.value > 0):
        apart = row.value - base.value
        return Standing(_with_sign(definition, apart, row.unit), 0.5 if apart > 0 else -0.5 if apart else 0.0)
    return Standing(f"index {number(100 * row.value / base.value, 0)}", _doubled(row.value, base.value))


def _of_share(definition: KpiDefinition, row: Kpi, apart: float) -> Standing:
    return Standing(_with_sign(definition, apart, row.unit), _doubled(row.value, row.value - apart))


def _of_scale(definition: KpiDefinition, row: Kpi, apart: float) -> Standing:
    full = CLEAR_POINTS
    if definition.format == "score":
        low, high = (float(edge) for edge in row.unit.removeprefix("points ").split(".."))
        full = CLEAR_PART * (high - low)
    return Standing(_with_sign(definition, apart, row.unit), max(-1.0, min(1.0, apart / full)))


def _doubled(value: float, base: float) -> float:
    """Say -1 for half the base or less, 1 for double or more."""
    if base <= 0 or value <= 0:
        return 0.0 if value == base else (1.0 if value > base else -1.0)
    return max(-1.0, min(1.0, log2(value / base)))


def _with_sign(definition: KpiDefinition, apart: float, unit: str) -> str:
    text = difference_text(definition, apart, unit)
    if not any(digit in text for digit in "123456789"):
        return "like everyone"
    return signed(text) if apart > 0 else "−" + text


# --- findings about KPIs ----------------------------------------------------------------------------


def ranking_title(table: KpiTable, kpi: str) -> str:
    """Say who is highest and who lowest in a KPI, and by how much against the rest."""
    definition = table.definition(kpi)
    rows = [row for row in by_value(table, kpi) if row.n >= SMALLEST_RANKED and row.segment != NO_SEGMENT]
    rows = [row for row in rows if not isnan(row.value)]
    told = [row for row in rows if is_told(row)]
    if not told:
        return nothing_told(table, (kpi,))
    clauses = []
    if rows[0].verdict == "higher":
        clauses.append(f"“{rows[0].segment_name}” has the highest {in_sentence(definition.label)}")
    if rows[-1].verdict == "lower" and not clauses:
        clauses.append(f"“{rows[-1].segment_name}” has the lowest {in_sentence(definition.label)}")
    elif rows[-1].verdict == "lower":
        return f"{clauses[0]}, {_apart(table, rows[0])}; “{rows[-1].segment_name}” the lowest, " + _apart(
            table, rows[-1]
        )
    lead = rows[0] if rows[0].verdict == "higher" else rows[-1]
    if clauses:
        return f"{clauses[0]}, {_apart(table, lead)}"
    lead = max(told, key=lambda row: abs(table.differences[row.segment, kpi]))
    return f"{definition.label} of “{lead.segment_name}” is {_apart(table, lead)}"


def _apart(table: KpiTable, row: Kpi) -> str:
    """Write a value with its distance: "61: 23 points above the rest"."""
    definition, difference = table.definition(row.kpi), table.differences[row.segment, row.kpi]
    side = "above" if difference > 0 else "below"
    rest = "its share of customers" if definition.share_of else "the rest"
    value = value_text(definition, row.value, row.unit)
    return f"{value} ({difference_text(definition, difference, row.unit)} {side} {rest})"


def nothing_told(table: KpiTable, kpis: tuple[str, ...]) -> str:
    """Say why there is no finding: nothing compared, too few answers, or no reliable difference."""
    rows = [row for kpi in kpis for row in segment_rows(table, kpi)]
    said = [in_sentence(table.definition(kpi).label) for kpi in kpis]
    names = " or ".join(filter(None, [", ".join(said[:-1]), said[-1]]))
    names = names[:1].upper() + names[1:]
    verdicts = {row.verdict for row in rows}
    if "circular" in verdicts and not verdicts & {"can't tell", "higher", "lower"}:
        return f"{names} formed the segments, so it is not compared"
    if "can't tell" in verdicts or verdicts & {"higher", "lower"}:
        reliable = verdicts & {"higher", "lower"}
        why = (
            f"no difference rests on {SMALLEST_RANKED} answers yet"
            if reliable
            else ("can't tell the segments apart; no difference is reliable")
        )
        return f"{names}: {why}"
    return f"{names}: too few answers to compare" if "hidden" in verdicts else f"{names} by segment"


def treemap_title(table: KpiTable, kpi: str) -> str:
    """Say how many customers are in segments above and below the rest."""
    sides = {
        side: [row for row in segment_rows(table, kpi) if is_told(row) and row.verdict == side]
        for side in ("higher", "lower")
    }
    name = in_sentence(table.definition(kpi).label)
    parts = [
        f"{_held(table, rows)} of customers are in segments {side} the rest"
        for side, rows in (("above", sides["higher"]), ("below", sides["lower"]))
        if rows
    ]
    if not parts:
        return nothing_told(table, (kpi,))
    if len(parts) == 1:
        return f"{parts[0]} in {name}"
    return f"{parts[0]} in {name}, {_held(table, sides['lower'])} in segments below"


def _held(table: KpiTable, rows: list[Kpi]) -> str:
    shares = [table.find(row.segment, "share") for row in rows]
    return percent(sum(share.value for share in shares if share is not None))


def heat_title(table: KpiTable, kpis: tuple[str, ...]) -> str:
    """Say which segment is better than the rest in most KPIs, and which is worse in most.

    KPIs that rest on one test count once. Where no segment leads in two KPIs, the clearest KPI says more.
    """
    judged = _counting(table, kpis)
    told = [row for kpi in judged for row in segment_rows(table, kpi) if is_told(row)]
    records = _records(table, told)
    best = max((one for one in records if one.better > one.worse), key=lambda one: one.rank, default=None)
    worst = min((one for one in records if one.worse > one.better), key=lambda one: one.rank, default=None)
    leads = [one for one in (best, worst) if one is not None]
    if len(judged) < 2 or max((max(one.better, one.worse) for one in leads), default=0) < 2:
        return _clearest_title(table, judged or kpis)
    return "; ".join(_lead_text(one, len(judged), one is not leads[0]) for one in leads)


def _lead_text(one: "_Record", most: int, second: bool) -> str:
    """Write in how many KPIs a segment leads, and in how many it is on the other side."""
    sides = (("better", one.better), ("worse", one.worse))
    (lead, count), (other, others) = sides if one.better > one.worse else sides[::-1]
    also = f" and {other} in {number(others)}" if others else ""
    if second:
        return f"“{one.name}” {lead} in {number(count)}{also}"
    return f"“{one.name}” is {lead} than the rest in {number(count)} of {number(most)} KPIs{also}"


@dataclass(frozen=True)
class _Record:
    """In how many KPIs a segment is reliably better and worse than the rest."""

    name: str
    better: int
    worse: int
    reach: float  # all its differences, each as a part of what can be: positive where better

    @property
    def rank(self) -> tuple[int, int, float]:
        """Sorts from worse in most to better in most; equals by the size of their differences."""
        if self.better > self.worse:
            return self.better, -self.worse, round(self.reach, 9)
        return -self.worse, self.better, round(self.reach, 9)


def _counting(table: KpiTable, kpis: tuple[str, ...]) -> tuple[str, ...]:
    """The KPIs that a count may rest on: with a good side, each test once, those compared first of all."""
    definitions = [table.definition(kpi) for kpi in dict.fromkeys(kpis)]
    judged = [one.key for one in definitions if one.better and not one.share_of and one.key not in SAME_TEST]
    compared = [kpi for kpi in judged if has_verdict(table, kpi)]
    return tuple(compared or judged)


def has_verdict(table: KpiTable, kpi: str) -> bool:
    """Whether any segment is compared with the rest in a KPI."""
    return any(row.verdict in ("higher", "lower", "can't tell") for row in segment_rows(table, kpi))


def _records(table: KpiTable, told: list[Kpi]) -> list[_Record]:
    by_segment: dict[str, list[Kpi]] = {}
    for row in told:
        by_segment.setdefault(row.segment, []).append(row)
    return [_record(table, rows) for rows in by_segment.values()]


def _record(table: KpiTable, rows: list[Kpi]) -> _Record:
    better = [_is_better(table, row) for row in rows]
    reach = sum(
        _part(table, row) if good else -_part(table, row) for row, good in zip(rows, better, strict=True)
    )
    return _Record(rows[0].segment_name, sum(better), len(rows) - sum(better), reach)


def _part(table: KpiTable, row: Kpi) -> float:
    """The size of a difference, 0 to 1: part of the scale, or against the larger of segment and rest."""
    definition, apart = table.definition(row.kpi), table.differences[row.segment, row.kpi]
    if definition.format == "percent":
        return abs(apart)
    if definition.format == "points":
        return abs(apart) / (4 * CLEAR_POINTS)
    if definition.format == "score":
        low, high = (float(edge) for edge in row.unit.removeprefix("points ").split(".."))
        return abs(apart) / (high - low)
    return min(1.0, abs(apart) / max(abs(row.value), abs(row.value - apart), 1e-9))


def _clearest_title(table: KpiTable, kpis: tuple[str, ...]) -> str:
    """The ranking in the one KPI there is, or in that with the largest difference."""
    if len(kpis) == 1:
        return ranking_title(table, kpis[0])
    told = [row for kpi in kpis for row in segment_rows(table, kpi) if is_told(row)]
    if told:
        return ranking_title(table, max(told, key=lambda row: round(_part(table, row), 9)).kpi)
    if not any(has_verdict(table, kpi) for kpi in kpis):
        return nothing_told(table, kpis)
    return "No segment differs reliably from the others in these KPIs"


def _is_better(table: KpiTable, row: Kpi) -> bool:
    return (row.verdict == "higher") == (table.definition(row.kpi).better > 0)


def pair_title(table: KpiTable, first: str, second: str) -> str:
    """Say who is above or below the rest in both of two KPIs, or above in one and below in the other."""
    names = [in_sentence(table.definition(kpi).label) for kpi in (first, second)]
    found: dict[tuple[str, str], list[str]] = {}
    for one in segment_rows(table, first):
        other = table.find(one.segment, second)
        if other is not None and is_told(one) and is_told(other):
            found.setdefault((one.verdict, other.verdict), []).append(f"“{one.segment_name}”")
    for verdict, side in (("higher", "above"), ("lower", "below")):
        if who := found.get((verdict, verdict)):
            return f"{listing(who, 3)} {_are(who)} {side} the rest in both {names[0]} and {names[1]}"
    for verdicts, (up, down) in ((("higher", "lower"), names), (("lower", "higher"), names[::-1])):
        if who := found.get(verdicts):
            return f"{listing(who, 3)} {_are(who)} above the rest in {up} and below it in {down}"
    told = [row for kpi in (first, second) for row in segment_rows(table, kpi) if is_told(row)]
    if not told:
        return nothing_told(table, (first, second))
    apart = ["circular" in {row.verdict for row in segment_rows(table, kpi)} for kpi in (first, second)]
    if any(apart):
        return ranking_title(table, second if apart[0] else first)
    return f"No segment differs reliably from the rest in both {names[0]} and {names[1]}"


def _are(who: list[str]) -> str:
    return "is" if len(who) == 1 else "are"


def csat_title(table: KpiTable) -> str:
    """State the clearest finding about CSAT, or that there is none."""
    told = [row for row in segment_rows(table, "csat") if is_told(row)]
    if not told:
        return nothing_told(table, ("csat",))
    lead = max(told, key=lambda row: abs(table.differences[row.segment, "csat"]))
    return f"CSAT of “{lead.segment_name}” is {_apart(table, lead)}"


def extremes(table: KpiTable, kpi: str) -> str:
    """Name the lowest and the highest segment, for who cannot see the picture; empty without two."""
    rows = [row for row in segment_rows(table, kpi) if not isnan(row.value) and row.n >= SMALLEST_RANKED]
    if len(rows) < 2:
        return ""
    definition = table.definition(kpi)
    low, high = min(rows, key=lambda row: row.value), max(rows, key=lambda row: row.value)
    ends = [f"{value_text(definition, row.value, row.unit)} (“{row.segment_name}”)" for row in (low, high)]
    return f"{definition.label} from {ends[0]} to {ends[1]}."


def marked_value(table: KpiTable, row: Kpi) -> str:
    """Write a value with its mark: "61 ▲"; "not shown" where it is held back."""
    if row.verdict == "hidden" or isnan(row.value):
        return "not shown"
    value = value_text(table.definition(row.kpi), row.value, row.unit)
    return f"{value} {VERDICT_MARKS[row.verdict]}".strip()


# --- findings about any column ----------------------------------------------------------------------


def shares_title(found: LevelShares) -> str:
    """State the largest difference in the shares of a column's levels."""
    name, gap = attribute_name(found.column), found.gap
    if gap is None:
        return _no_gap(name, len(found.groups))
    what = f"{name} in {gap.level}" if found.kind == "date" else f"{name} “{gap.level}”"
    if found.kind == "yes/no" and len(found.levels) == 2:
        what = name
    shares = f"{percent(gap.here)} of “{gap.name}” against {percent(gap.everyone)} of everyone"
    if abs(gap.effect) < NOTABLE:
        return f"{name} hardly differs between the segments; most in {in_sentence(what)}: {shares}"
    return f"{what}: {shares}"


def spread_title(found: NumberSpread) -> str:
    """State the segment whose values lie furthest from those of all others."""
    name, gap = attribute_name(found.column), found.gap
    if gap is None:
        return _no_gap(name, len(found.groups)) if found.means is None else _means_title(found, found.means)
    here, everyone = quantity(found.column, gap.here), quantity(found.column, gap.everyone)
    medians = f"the median of “{gap.name}” is {here}, that of everyone {everyone}"
    if abs(gap.effect) < NOTABLE:
        return f"{name} hardly differs between the segments: {medians}"
    return f"{name}: {medians}"


def _means_title(found: NumberSpread, means: MeanGap) -> str:
    """Say a reliable difference that no median shows."""
    middle = found.base.quantiles[2]
    ranked = [group for group in found.groups if group.n >= SMALLEST_RANKED]
    mine = next(group.quantiles[2] for group in ranked if group.key == means.segment)
    everyone, name = quantity(found.column, middle), attribute_name(found.column)
    against = f"{quantity(found.column, means.here)} against {quantity(found.column, means.rest)}"
    if all(group.quantiles[2] == middle for group in ranked):
        said = f"the medians are alike ({everyone}); the means differ, most in “{means.name}”: {against}"
    elif mine == middle:
        said = f"the median of “{means.name}” is that of everyone ({everyone}), its mean is not: {against}"
    else:
        said = f"the means differ, most in “{means.name}”: {against}; the medians do not follow"
    if abs(means.effect) < NOTABLE:
        return f"{name} hardly differs between the segments: {said}"
    return f"{name}: {said}"


def _no_gap(name: str, groups: int) -> str:
    return f"{name}: no segment differs reliably from the others" if groups > 1 else f"{name} by segment"


def gap_text(gap: Gap) -> str:
    """Write a difference of shares with its interval; empty where it has none."""
    if isnan(gap.low):
        return ""
    low, high = sorted((abs(gap.low), abs(gap.high))) if gap.low * gap.high > 0 else (gap.low, gap.high)
    side = "above" if gap.difference > 0 else "below"
    size, ends = number(100 * abs(gap.difference), 0), (number(100 * low, 0), number(100 * high, 0))
    return f"{size} points ({ends[0]} to {ends[1]}) {side} the rest"
