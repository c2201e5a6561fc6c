"""The machine-readable files of the command line: KPIs and what was read."""

import json
from dataclasses import asdict
from typing import Any

from segkit.customers.table import Customers
from segkit.measures.kpis import KpiTable, known

DIGITS = 12  # significant; the rest is rounding


def kpis_csv(table: KpiTable) -> bytes:
    """Write all KPIs: segment, segment_name, kpi, value, low, high, n, coverage, verdict, unit."""
    frame = table.frame
    for column in ("value", "low", "high", "coverage"):
        frame[column] = [float(f"{value:.{DIGITS}g}") for value in frame[column].astype(float)]
    return frame.to_csv(index=False, lineterminator="\n").encode()


def quality(customers: Customers) -> dict[str, Any]:
    """Describe what was read: every column with kind, role and gaps, every note, every KPI's coverage."""
    return {
        "customers": len(customers),
        "rows_set_aside": customers.set_aside,
        "rows_blank": int((customers.facts or {}).get("blank_rows", 0)),
        "base": customers.base,
        "fingerprint": customers.fingerprint,
        "read_as": dict(customers.facts or {}),
        "columns": [
            {
                "name": column.name,
                "kind": column.kind,
                "role": column.role,
                "use": column.use,
                "confidence": column.confidence,
                "reason": column.reason,
                "missing": column.missing,
                "not_converted": column.failed,
                "distinct": column.distinct,
                **({"detail": column.detail} if column.detail else {}),
                **({"scale": list(column.scale)} if column.scale else {}),
                **({"personal": column.personal} if column.personal else {}),
                **({"sensitive": column.sensitive} if column.sensitive else {}),
                **({"currency": column.currency} if column.currency else {}),
                **({"derived_from": list(column.derived_from)} if column.derived else {}),
            }
            for column in customers.columns
        ],
        "dimensions": list(customers.default_dimensions),
        "kpis": {
            one.key: {"answered": answered, "coverage": round(answered / max(len(customers), 1), 6)}
            for one, answered in known(customers)
        },
        "notes": [asdict(note) for note in customers.notes],
    }


def quality_json(customers: Customers) -> bytes:
    """Write `quality` as indented JSON."""
    return json.dumps(quality(customers), ensure_ascii=False, indent=1).encode()
