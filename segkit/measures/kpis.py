"""KPIs: a measure per segment with value, interval, n, coverage and a verdict against the rest.

`KPIS` is the table of all of them; to add one, add a row. `measure` computes every KPI whose columns
are there, for each segment and for the whole base, which is computed from customers, not from segments.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from math import isnan, nan

import numpy as np
import pandas as pd
from scipy import stats

from segkit.customers.meanings.roles import NPS_RANGE
from segkit.customers.table import Customers
from segkit.measures.estimates import (
    MEAN,
    NOTHING,
    NPS,
    RATE,
    Estimate,
    Estimator,
    rate_estimate,
    share_of_total,
)
from segkit.measures.sums import Sums, grouped_sums
from segkit.segments.features import numeric
from segkit.segments.segmentation import NO_SEGMENT, NO_SEGMENT_NAME, Assignment, Segment

BASE = "all"
BASE_NAME = "Everyone"
SMALLEST_SHOWN = 5  # fewer answers could point to a person
SMALLEST_RANKED = 30  # 5 to 29 answers are "indicative": shown, never ranked
FALSE_DISCOVERIES = 0.05
SATISFIED_FROM = 0.75  # of the way up the scale: 4 and 5 on 1–5


@dataclass(frozen=True)
class KpiDefinition:
    """A row of `KPIS`.

    Attributes
    ----------
    key, label, help : str
        For files, for people, and what it means in one sentence.
    needs : tuple of str
        Roles that must be there, "retained" standing for either form of retention.
    unit : str
        Unit of the value in files; "{scale}" stands for the CSAT scale.
    values : function
        Customers to one float per customer, NaN where unanswered.
    estimator : Estimator
    better : int
        1 when higher is better, -1 when lower is, 0 when neither.
    share_of : bool
        The KPI is the segment's share of the total instead of its mean.
    format : str
        How a person reads it: "number", "percent", "points", "money", "score" or "count".
    """

    key: str
    label: str
    help: str
    needs: tuple[str, ...]
    unit: str
    values: Callable[[Customers], np.ndarray]
    estimator: Estimator
    better: int = 1
    share_of: bool = False
    format: str = "percent"


@dataclass(frozen=True)
class Kpi:
    """One KPI of one segment, or of the whole base (segment "all").

    `verdict` compares with all other customers: "higher", "lower", "can't tell", "circular" (the
    segments were made from this column), "hidden" (too few answers), or empty where nothing is compared.
    A hidden row has no value; `n` says how many answers there are.
    """

    segment: str
    segment_name: str
    kpi: str
    value: float
    low: float
    high: float
    n: int
    coverage: float
    verdict: str
    unit: str


COLUMNS = tuple(Kpi.__dataclass_fields__)


@dataclass(frozen=True)
class KpiTable:
    """All KPIs of a segmentation on one customer table; iterates its rows.

    Attributes
    ----------
    rows : tuple of Kpi
        By KPI, within it the segments in their order, then the base.
    differences : mapping of (segment, kpi) to float
        Value minus the value of all other customers, for every cell that is shown and compared; for a
        share of a total, minus the share of customers.
    bands : mapping of (segment, kpi) to (float, float, float)
        For NPS: shares of promoters, passives and detractors.
    """

    rows: tuple[Kpi, ...]
    differences: dict[tuple[str, str], float]
    bands: dict[tuple[str, str], tuple[float, float, float]]

    def __iter__(self) -> Iterator[Kpi]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def frame(self) -> pd.DataFrame:
        """One row per segment and KPI; columns are the fields of `Kpi`."""
        return pd.DataFrame([asdict(row) for row in self.rows], columns=list(COLUMNS))

    @property
    def keys(self) -> tuple[str, ...]:
        """The KPIs that are there, in order."""
        return tuple(dict.fromkeys(row.kpi for row in self.rows))

    def find(self, segment: str, kpi: str) -> Kpi | None:
        """Look one cell up; None when the KPI is absent."""
        return next((row for row in self.rows if (row.segment, row.kpi) == (segment, kpi)), None)

    def of(self, kpi: str) -> list[Kpi]:
        """All rows of one KPI, the base last."""
        return [row for row in self.rows if row.kpi == kpi]

    def renamed(self, segments: tuple[Segment, ...]) -> "KpiTable":
        """Return the same numbers under other segment names."""
        names = {segment.key: segment.name for segment in segments}
        return replace(
            self,
            rows=tuple(
                replace(row, segment_name=names.get(row.segment, row.segment_name)) for row in self.rows
            ),
        )


# --- values per customer --------------------------------------------------------------------------


def _role(customers: Customers, role: str) -> np.ndarray:
    column = customers.with_role(role)
    assert column is not None  # measure() asks `needs` first
    return numeric(customers.frame[column.name])


def _nps(customers: Customers) -> np.ndarray:
    """Answers 0 to 10; others are set aside."""
    answers = _role(customers, "nps")
    valid = (answers >= NPS_RANGE[0]) & (answers <= NPS_RANGE[1]) & (answers == np.round(answers))
    return np.where(valid, answers, np.nan)


def _csat(customers: Customers) -> np.ndarray:
    """Answers on the scale; others are set aside."""
    answers = _role(customers, "csat")
    low, high = csat_scale_of(customers)
    return np.where((answers >= low) & (answers <= high), answers, np.nan)


def csat_scale_of(customers: Customers) -> tuple[int, int]:
    """The CSAT scale of a table that has a CSAT column."""
    column = customers.with_role("csat")
    assert column is not None
    assert column.scale is not None
    return column.scale


def _satisfied(customers: Customers) -> np.ndarray:
    low, high = csat_scale_of(customers)
    answers = _csat(customers)
    return np.where(np.isnan(answers), np.nan, answers >= low + SATISFIED_FROM * (high - low))


def _retained(customers: Customers) -> np.ndarray:
    if customers.with_role("retained") is not None:
        return _role(customers, "retained")
    return 1 - _role(customers, "churned")


def _repeat(customers: Customers) -> np.ndarray:
    orders = _role(customers, "orders")
    return np.where(np.isnan(orders), np.nan, orders >= 2)


def _everyone(customers: Customers) -> np.ndarray:
    return np.ones(len(customers))


def _margin(customers: Customers) -> np.ndarray:
    return _role(customers, "revenue") - _role(customers, "cost")


def _of(role: str) -> Callable[[Customers], np.ndarray]:
    return lambda customers: _role(customers, role)


KPIS = (
    KpiDefinition(
        "size", "Customers", "Customers in the segment.", (), "customers", _everyone, MEAN, 0, format="count"
    ),
    KpiDefinition(
        "share",
        "Share of customers",
        "Share of all customers.",
        (),
        "fraction",
        _everyone,
        RATE,
        0,
        share_of=True,
    ),
    KpiDefinition(
        "csat",
        "CSAT",
        "Mean satisfaction of those who answered.",
        ("csat",),
        "{scale}",
        _csat,
        MEAN,
        format="score",
    ),
    KpiDefinition(
        "csat_satisfied",
        "Satisfied",
        "Share of answers at least three quarters up the scale (4 and 5 of 1–5).",
        ("csat",),
        "fraction",
        _satisfied,
        RATE,
    ),
    KpiDefinition(
        "nps",
        "NPS",
        "Promoters (9–10) minus detractors (0–6), in points from −100 to 100.",
        ("nps",),
        "points -100..100",
        _nps,
        NPS,
        format="points",
    ),
    KpiDefinition(
        "retention",
        "Retention",
        "Share of customers who stayed.",
        ("retained",),
        "fraction",
        _retained,
        RATE,
    ),
    KpiDefinition(
        "conversion",
        "Conversion",
        "Share of customers who did what you wanted.",
        ("converted",),
        "fraction",
        _of("converted"),
        RATE,
    ),
    KpiDefinition(
        "revenue",
        "Revenue per customer",
        "Mean revenue of a customer in the period of the file.",
        ("revenue",),
        "money per customer",
        _of("revenue"),
        MEAN,
        format="money",
    ),
    KpiDefinition(
        "revenue_share",
        "Share of revenue",
        "The segment's share of all revenue; its verdict is that of revenue per customer.",
        ("revenue",),
        "fraction",
        _of("revenue"),
        MEAN,
        share_of=True,
    ),
    KpiDefinition(
        "orders",
        "Orders per customer",
        "Mean number of orders.",
        ("orders",),
        "orders per customer",
        _of("orders"),
        MEAN,
        format="number",
    ),
    KpiDefinition(
        "repeat_rate",
        "Repeat rate",
        "Share of customers with two orders or more.",
        ("orders",),
        "fraction",
        _repeat,
        RATE,
    ),
    KpiDefinition(
        "cost_to_serve",
        "Cost to serve",
        "Mean cost of serving a customer in the period of the file.",
        ("cost",),
        "money per customer",
        _of("cost"),
        MEAN,
        better=-1,
        format="money",
    ),
    KpiDefinition(
        "margin",
        "Margin per customer",
        "Mean revenue minus cost to serve.",
        ("revenue", "cost"),
        "money per customer",
        _margin,
        MEAN,
        format="money",
    ),
    KpiDefinition(
        "tickets",
        "Tickets per customer",
        "Mean number of support tickets.",
        ("tickets",),
        "tickets per customer",
        _of("tickets"),
        MEAN,
        better=-1,
        format="number",
    ),
)


def find_kpi(key: str) -> KpiDefinition:
    """Look a definition up by its key."""
    return next(definition for definition in KPIS if definition.key == key)


def source_columns(definition: KpiDefinition, customers: Customers) -> tuple[str, ...] | None:
    """Columns a KPI is computed from, directly or through another; None when one is not there."""
    names = []
    for role in definition.needs:
        column = customers.with_role(role)
        if column is None and role == "retained":
            column = customers.with_role("churned")
        if column is None:
            return None
        names += [column.name, *column.derived_from]
    return tuple(names)


def absent(customers: Customers) -> list[tuple[KpiDefinition, tuple[str, ...]]]:
    """List the KPIs that cannot be computed, each with the roles it needs."""
    return [(one, one.needs) for one in KPIS if source_columns(one, customers) is None]


def known(customers: Customers) -> list[tuple[KpiDefinition, int]]:
    """List the KPIs that can be computed, each with the number of customers who have a value for it."""
    return [
        (one, int((~np.isnan(one.values(customers))).sum()))
        for one in KPIS
        if source_columns(one, customers) is not None
    ]


# --- measuring ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cell:
    """One KPI of one segment, before it is known what the whole table allows to say."""

    segment: Segment
    sums: Sums
    estimate: Estimate
    difference: float  # of the estimator's value, segment minus rest
    p_value: float


@dataclass(frozen=True)
class _Block:
    """All cells of one KPI, the base, and which segments may be shown."""

    definition: KpiDefinition
    unit: str
    cells: list[_Cell]
    base: _Cell
    shown: frozenset[str]
    circular: bool


def measure(customers: Customers, assignment: Assignment, smallest: int = SMALLEST_SHOWN) -> KpiTable:
    """Compute every KPI whose columns are there.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table, row by row.
    smallest : int
        Cells with fewer answers are hidden, and others where the total would give them away.

    Returns
    -------
    KpiTable
        One row per KPI and segment ("none" for customers who fit none, if any), and the base ("all").

    Notes
    -----
    Verdicts are segment against all other customers, at a false discovery rate of 5 % over all
    comparisons that are shown (Benjamini & Hochberg 1995).
    """
    segments, codes = _with_unassigned(assignment)
    found = (_block(definition, customers, segments, codes, assignment, smallest) for definition in KPIS)
    blocks = [block for block in found if block is not None]
    limit = _p_limit([p_value for block in blocks for p_value in _compared(block)])
    rows: list[Kpi] = []
    differences: dict[tuple[str, str], float] = {}
    bands: dict[tuple[str, str], tuple[float, float, float]] = {}
    for block in blocks:
        definition = block.definition
        for cell in [*block.cells, block.base]:
            rows.append(_row(block, cell, _verdict(block, cell, limit)))
            if cell.segment.key not in block.shown:
                continue
            place = cell.segment.key, definition.key
            if definition.needs and cell is not block.base:
                differences[place] = _difference(definition, cell, block.base)
            if definition.estimator.bands is not None:
                bands[place] = _bands(cell.sums)
    return KpiTable(tuple(rows), differences, bands)


def _with_unassigned(assignment: Assignment) -> tuple[list[Segment], np.ndarray]:
    """Show customers who fit none as a group of their own, where there are any."""
    segments = list(assignment.segments)
    if not assignment.unassigned:
        return segments, assignment.codes
    segments.append(Segment(NO_SEGMENT, NO_SEGMENT_NAME, -1))
    return segments, np.where(assignment.codes < 0, len(segments) - 1, assignment.codes)


def _block(
    definition: KpiDefinition,
    customers: Customers,
    segments: list[Segment],
    codes: np.ndarray,
    assignment: Assignment,
    smallest: int,
) -> _Block | None:
    """Compute one KPI; None when its columns are not there or nobody answered."""
    columns = source_columns(definition, customers)
    if columns is None:
        return None
    parts, whole = grouped_sums(
        definition.values(customers), codes, len(segments), definition.estimator.bands
    )
    if not whole.answered:
        return None
    cells = [_cell(definition, segment, part, whole) for segment, part in zip(segments, parts, strict=True)]
    base = _Cell(Segment(BASE, BASE_NAME, -1), whole, _base_estimate(definition, whole), nan, nan)
    return _Block(
        definition,
        _unit(definition, customers),
        cells,
        base,
        _shown([*cells, base], smallest) if definition.needs else _keys([*cells, base]),
        bool(set(columns) & set(assignment.dimensions)),
    )


def _cell(definition: KpiDefinition, segment: Segment, part: Sums, whole: Sums) -> _Cell:
    rest = whole.minus(part)
    difference = definition.estimator.estimate(part).value - definition.estimator.estimate(rest).value
    p_value = definition.estimator.p_value(part, rest) if definition.needs else nan
    return _Cell(segment, part, _estimate(definition, part, whole), difference, p_value)


def _estimate(definition: KpiDefinition, part: Sums, whole: Sums) -> Estimate:
    if definition.key == "size":
        return Estimate(float(part.members), nan, nan)
    if definition.key == "share":
        return rate_estimate(Sums(whole.members, whole.members, part.members, part.members))
    if definition.share_of:
        return share_of_total(part, whole)
    return definition.estimator.estimate(part)


def _base_estimate(definition: KpiDefinition, whole: Sums) -> Estimate:
    if definition.key == "size":
        return Estimate(float(whole.members), nan, nan)
    if definition.share_of:
        return Estimate(1.0 if whole.sum > 0 else nan, nan, nan)
    return definition.estimator.estimate(whole)


def _compared(block: _Block) -> list[float]:
    """List the p-values of a KPI's comparisons on screen; a share has the test of its mean, counted there."""
    if block.circular or block.definition.share_of:
        return []
    return [cell.p_value for cell in block.cells if cell.segment.key in block.shown]


def _p_limit(p_values: list[float]) -> float:
    """Find the largest p-value that Benjamini–Hochberg still counts as a difference; below 0 for none."""
    known = np.array([p for p in p_values if not isnan(p)])
    if not len(known):
        return -1.0
    found = known[stats.false_discovery_control(known) <= FALSE_DISCOVERIES]
    return float(found.max()) if len(found) else -1.0


def _shown(cells: list[_Cell], smallest: int) -> frozenset[str]:
    """Hide cells with few answers, and the smallest segments beside them while the total gives them away.

    The base minus the shown segments is what the hidden ones have together: that must be two segments
    or more with enough answers, or nothing. The next segment to hide is the one with the fewest
    customers, so that it is the same for all KPIs and none can be worked out from two others.
    """
    hidden = [cell for cell in cells if cell.sums.answered < smallest]
    spare = [cell for cell in cells[:-1] if cell not in hidden]
    spare.sort(key=lambda cell: -cell.sums.members)
    while spare and _given_away(hidden, smallest):
        hidden.append(spare.pop())
    return _keys(cells) - _keys(hidden)


def _given_away(hidden: list[_Cell], smallest: int) -> bool:
    answers = [cell.sums.answered for cell in hidden if cell.sums.answered]
    return len(answers) == 1 or 0 < sum(answers) < smallest


def _keys(cells: list[_Cell]) -> frozenset[str]:
    return frozenset(cell.segment.key for cell in cells)


def _verdict(block: _Block, cell: _Cell, limit: float) -> str:
    if cell.segment.key not in block.shown:
        return "hidden"
    if cell is block.base:
        return ""
    if block.circular:
        return "circular"
    if isnan(cell.p_value) or isnan(cell.estimate.value):
        return ""
    if cell.p_value > limit:
        return "can't tell"
    return "higher" if cell.difference > 0 else "lower"


def _difference(definition: KpiDefinition, cell: _Cell, base: _Cell) -> float:
    """Value minus that of everyone else; for a share of a total, minus the share of those who count in it."""
    if definition.share_of:
        return cell.estimate.value - cell.sums.answered / base.sums.answered
    return cell.difference


def _row(block: _Block, cell: _Cell, verdict: str) -> Kpi:
    estimate = NOTHING if verdict == "hidden" else cell.estimate
    return Kpi(
        cell.segment.key,
        cell.segment.name,
        block.definition.key,
        estimate.value,
        estimate.low,
        estimate.high,
        cell.sums.answered,
        cell.sums.answered / cell.sums.members if cell.sums.members else 0.0,
        verdict,
        block.unit,
    )


def _bands(sums: Sums) -> tuple[float, float, float]:
    """Shares of the upper band, of those between, and of the lower band."""
    return (
        sums.high / sums.answered,
        (sums.answered - sums.high - sums.low) / sums.answered,
        sums.low / sums.answered,
    )


def _unit(definition: KpiDefinition, customers: Customers) -> str:
    if definition.format == "money" and definition.unit.startswith("money"):
        return definition.unit.replace("money", _currency(definition, customers) or "money")
    if "{scale}" not in definition.unit:
        return definition.unit
    low, high = csat_scale_of(customers)
    return f"points {low}..{high}"


def _currency(definition: KpiDefinition, customers: Customers) -> str:
    """The currency of a KPI where the file names one, and only one."""
    columns = [customers.with_role(role) for role in definition.needs]
    named = {column.currency for column in columns if column is not None}
    return named.pop() if len(named) == 1 else ""


# --- KPIs by a column that is already there -------------------------------------------------------


def by_column(customers: Customers, name: str) -> Assignment:
    """Group customers by a column as it is: one segment per value, in the order of the values.

    Raises
    ------
    segkit.errors.UnusableColumn
        There is no such column, or it has more than 100 different values.
    """
    from segkit.customers.grouping import levels_of

    levels, codes = levels_of(customers, name)
    segments = tuple(Segment(level, level, place) for place, level in enumerate(levels))
    return Assignment(segments, codes, np.ones(len(customers), dtype=np.float32), (name,))
