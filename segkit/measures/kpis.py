"""KPIs: a measure per segment with value, interval, n, coverage and a verdict against the rest.

`measure` computes every KPI of `definitions` whose columns are there, for each segment and for the whole
base, which is computed from customers, not from segments.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from segkit.customers.table import Customers
from segkit.measures.definitions import KPIS as KPIS
from segkit.measures.definitions import KpiDefinition as KpiDefinition
from segkit.measures.definitions import absent as absent
from segkit.measures.definitions import csat_scale_of as csat_scale_of
from segkit.measures.definitions import find_kpi as find_kpi
from segkit.measures.definitions import known as known
from segkit.measures.definitions import outcome_columns as outcome_columns
from segkit.measures.definitions import own_kpi as own_kpi
from segkit.measures.definitions import source_columns as source_columns
from segkit.measures.discoveries import FALSE_DISCOVERIES as FALSE_DISCOVERIES
from segkit.measures.discoveries import p_limit
from segkit.measures.estimates import NOTHING, Estimate, rate_estimate, share_of_total
from segkit.measures.kpi_table import BASE as BASE
from segkit.measures.kpi_table import BASE_NAME as BASE_NAME
from segkit.measures.kpi_table import COLUMNS as COLUMNS
from segkit.measures.kpi_table import Kpi as Kpi
from segkit.measures.kpi_table import KpiTable as KpiTable
from segkit.measures.sums import Groups, Sums, grouped_sums
from segkit.measures.suppression import SMALLEST_RANKED as SMALLEST_RANKED
from segkit.measures.suppression import SMALLEST_SHOWN as SMALLEST_SHOWN
from segkit.measures.suppression import shown
from segkit.measures.value import USUAL, value_difference, value_estimate
from segkit.measures.value import Assumptions as Assumptions
from segkit.segments.segmentation import Assignment, Segment

# --- measuring ------------------------------------------------------------------------------------


EVERYONE = Segment(BASE, BASE_NAME, -1)
AT_ONCE = 2  # measures added up side by side; each needs its column once more in memory


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


def measure(
    customers: Customers,
    assignment: Assignment,
    smallest: int = SMALLEST_SHOWN,
    own: Sequence[str] = (),
    assumptions: Assumptions = USUAL,
) -> KpiTable:
    """Compute every KPI whose columns are there.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same table, row by row.
    smallest : int
        Cells with fewer answers are hidden, and others where the total would give them away.
    own : sequence of str
        Columns with numbers or yes/no that become KPIs too.
    assumptions : Assumptions
        What the value of a customer rests on.

    Returns
    -------
    KpiTable
        One row per KPI and segment ("none" for customers who fit none, if any), and the base ("all").

    Raises
    ------
    segkit.errors.UnusableColumn
        An own KPI's column is not there, or holds something else.

    Notes
    -----
    Verdicts are segment against all other customers, at a false discovery rate of 5 % over all
    comparisons that are shown (Benjamini & Hochberg 1995).
    """
    definitions = kpis_of(customers, own)
    whole = assignment.with_none
    groups = Groups.of(whole.codes, len(whole.segments))
    measures = {one.values: one.estimator.bands for one in definitions}
    with ThreadPoolExecutor(AT_ONCE) as pool:  # numpy works on several at once
        made = pool.map(lambda one: grouped_sums(one[0](customers), groups, one[1]), measures.items())
        added = dict(zip(measures, made, strict=True))
    sums = {one.key: added[one.values] for one in definitions}
    return table_of(customers, whole.segments, sums, assignment.dimensions, smallest, own, assumptions)


def kpis_of(customers: Customers, own: Sequence[str] = ()) -> list[KpiDefinition]:
    """List the KPIs whose columns are there, those of one's own last.

    Raises
    ------
    segkit.errors.UnusableColumn
        An own KPI's column is not there, or holds something else.
    """
    definitions = [*KPIS, *(own_kpi(customers, name) for name in dict.fromkeys(own))]
    return [one for one in definitions if source_columns(one, customers) is not None]


def table_of(
    customers: Customers,
    segments: Sequence[Segment],
    sums: Mapping[str, tuple[list[Sums], Sums]],
    dimensions: Sequence[str],
    smallest: int = SMALLEST_SHOWN,
    own: Sequence[str] = (),
    assumptions: Assumptions = USUAL,
) -> KpiTable:
    """Make the KPI table of sums, wherever these were added up.

    Parameters
    ----------
    customers : Customers
        Whose columns say what each KPI is computed from.
    segments : sequence of Segment
        "none" among them, if anybody fits none.
    sums : mapping of str to (list of Sums, Sums)
        Per KPI those of each segment and of everyone.
    dimensions : sequence of str
        The columns that formed the segments.
    smallest, own, assumptions
        As for `measure`.
    """
    base = _Base(customers, tuple(segments), sums, set(dimensions), smallest, assumptions)
    definitions = kpis_of(customers, own)
    blocks = [block for one in definitions if (block := _block(one, base)) is not None]
    limit = p_limit([p_value for block in blocks for p_value in _compared(block)])
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
    known = tuple(block.definition for block in blocks)
    return KpiTable(tuple(rows), differences, bands, known, assumptions)


@dataclass(frozen=True)
class _Base:
    """What the KPIs of a table are made from."""

    customers: Customers
    segments: tuple[Segment, ...]
    sums: Mapping[str, tuple[list[Sums], Sums]]
    dimensions: set[str]
    smallest: int
    assumptions: Assumptions


def _block(definition: KpiDefinition, base: _Base) -> _Block | None:
    """Compute one KPI; None when its columns are not there or nobody answered."""
    columns = source_columns(definition, base.customers)
    if columns is None:
        return None
    cells, everyone = _value_cells(base) if definition.made_of else _cells(definition, base)
    if not everyone.sums.answered:
        return None
    if definition.made_of:
        columns += source_columns(_money(base.customers), base.customers) or ()
    return _Block(
        definition,
        _unit(definition, base.customers),
        cells,
        everyone,
        _shown(cells, everyone, base.smallest) if definition.needs else _keys([*cells, everyone]),
        bool(set(columns) & base.dimensions),
    )


def _cells(definition: KpiDefinition, base: _Base) -> tuple[list[_Cell], _Cell]:
    """One cell per segment, and that of everyone."""
    parts, whole = base.sums[definition.key]
    cells = [
        _cell(definition, segment, part, whole) for segment, part in zip(base.segments, parts, strict=True)
    ]
    return cells, _Cell(EVERYONE, whole, _base_estimate(definition, whole), nan, nan)


def _value_cells(base: _Base) -> tuple[list[_Cell], _Cell]:
    """The value of a customer, put together from margin and retention."""
    money, stay = _money(base.customers), find_kpi("retention")
    kept = 1.0 if money.key == "margin" else base.assumptions.margin

    def value(earned: Sums, stayed: Sums) -> Estimate:
        margin = money.estimator.estimate(earned)
        scaled = Estimate(*(kept * figure for figure in (margin.value, margin.low, margin.high)))
        return value_estimate(scaled, stay.estimator.estimate(stayed), base.assumptions)

    (earned, all_earned), (stayed, all_stayed) = base.sums[money.key], base.sums[stay.key]
    cells = []
    for segment, one, other in zip(base.segments, earned, stayed, strict=True):
        estimate = value(one, other)
        rest = value(all_earned.minus(one), all_stayed.minus(other))
        counted = Sums(one.members, min(one.answered, other.answered), 0.0, 0.0)
        difference = estimate.value - rest.value
        cells.append(_Cell(segment, counted, estimate, difference, value_difference(estimate, rest)))
    counted = Sums(all_earned.members, min(all_earned.answered, all_stayed.answered), 0.0, 0.0)
    return cells, _Cell(EVERYONE, counted, value(all_earned, all_stayed), nan, nan)


def _money(customers: Customers) -> KpiDefinition:
    """What a customer brings in a period: the margin where it is known, else the revenue."""
    margin = find_kpi("margin")
    return margin if source_columns(margin, customers) is not None else find_kpi("revenue")


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


def _shown(cells: list[_Cell], everyone: _Cell, smallest: int) -> frozenset[str]:
    """The segments of which the value may be shown, and whether that of everyone may."""
    kept = shown([one.sums.answered for one in cells], [one.sums.members for one in cells], smallest)
    keys = _keys([one for one, may in zip(cells, kept, strict=True) if may])
    return keys | {BASE} if everyone.sums.answered >= smallest else keys


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
