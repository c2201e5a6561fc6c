"""The KPI table: one row per KPI and segment, and the whole base."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import pandas as pd

from segkit.measures.definitions import KpiDefinition
from segkit.measures.value import USUAL, Assumptions
from segkit.segments.segmentation import Segment

BASE = "all"
BASE_NAME = "Everyone"


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
    definitions : tuple of KpiDefinition
        Of the KPIs that are there, own ones included.
    assumptions : Assumptions
        What the value of a customer rests on.
    """

    rows: tuple[Kpi, ...]
    differences: dict[tuple[str, str], float]
    bands: dict[tuple[str, str], tuple[float, float, float]]
    definitions: tuple[KpiDefinition, ...] = ()
    assumptions: Assumptions = USUAL

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

    def definition(self, kpi: str) -> KpiDefinition:
        """What a KPI of the table means."""
        return next(one for one in self.definitions if one.key == kpi)

    def find(self, segment: str, kpi: str) -> Kpi | None:
        """Look one cell up; None when the KPI is absent."""
        return next((row for row in self.rows if (row.segment, row.kpi) == (segment, kpi)), None)

    def size(self, segment: str) -> int:
        """How many customers a segment has; 0 where the table has no such segment."""
        row = self.find(segment, "size")
        return int(row.value) if row is not None else 0

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
