"""Events in SQL; what they are is said in `summaries.events`."""

import datetime

from segkit.customers.joins.pushed.log import PlacedLog
from segkit.customers.joins.pushed.summed import PlacedFeature, PlacedSummary, kept_sql, per_customer, step
from segkit.customers.joins.summaries.events import LONG_WINDOW, WINDOW


def summed_up(log: PlacedLog, as_of: datetime.date | None) -> PlacedSummary:
    """Sum up events by customer, as `summaries.events.summed_up` does."""
    ago = {"ago": f"DATE_DIFF('day', {log.days['date'].day}, DATE '{as_of}')"} if log.dated and as_of else {}
    steps = {step(log, "kept"): kept_sql(log, ago or {"one": "1"}, as_of)}
    features = [PlacedFeature("events", "descriptor", "COUNT(*)", "count"), *(_dated() if ago else ())]
    return PlacedSummary(log, per_customer(steps, step(log, "kept"), features), tuple(features))


def _dated() -> list[PlacedFeature]:
    lately, long, before = (
        f"COUNT(CASE WHEN {test} THEN 1 END)"
        for test in (
            f"ago < {WINDOW}",
            f"ago < {LONG_WINDOW}",
            f"ago >= {WINDOW} AND ago < {2 * WINDOW}",
        )
    )
    return [
        PlacedFeature("active_days", "descriptor", "COUNT(DISTINCT day)", "count"),
        PlacedFeature(f"events_last_{WINDOW}_days", "behavioural", lately, "count"),
        PlacedFeature(f"events_last_{LONG_WINDOW}_days", "behavioural", long, "count"),
        PlacedFeature(f"events_change_{WINDOW}_days", "behavioural", f"{lately} - {before}", "count"),
        PlacedFeature("days_since_last_event", "behavioural", "MIN(ago)", "measure"),
        PlacedFeature("last_event_date", "last_activity_date", "MAX(day)", "day"),
    ]
