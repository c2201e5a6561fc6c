"""Whom to call in the next days: entries of all triggers, counted by segment and by time."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from segkit.insights.triggers.found import AHEAD
from segkit.insights.triggers.table import Watch
from segkit.labels import plural
from segkit.measures.counted import tallied
from segkit.segments.segmentation import Assignment

HORIZONS = (7, 30, 90)  # days
USUAL_HORIZON = 30
WEEK = 7
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, eq=False)
class Calls:
    """One entry for each customer and trigger; where a table stays where it is, for customers who are alike.

    Attributes
    ----------
    watch : Watch
    assignment : Assignment
    days : int
        Looked ahead, today included.
    rows, triggers : int arrays
        The row of the assignment, and the place of the trigger in `watch.watched`; by trigger and day.
    due : datetime64[D] array
        The day; before today for what has happened.
    refused, gone : int
        Customers with an entry who were left out since they gave no consent, and since they have left.
    counts : int array, optional
        Customers behind each entry; None is one each.
    reached : int array, optional
        Customers with at least one entry by segment, the last for who fits none, where entries do not tell.
    """

    watch: Watch
    assignment: Assignment
    days: int
    rows: np.ndarray
    triggers: np.ndarray
    due: np.ndarray
    refused: int = 0
    gone: int = 0
    counts: np.ndarray | None = None
    reached: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.rows) if self.counts is None else int(self.counts.sum())

    @cached_property
    def customers(self) -> int:
        """Customers with at least one entry."""
        return int(self.people.sum())

    @cached_property
    def totals(self) -> np.ndarray:
        """Customers by trigger."""
        return tallied(self.triggers, len(self.watch.watched), self.counts)

    @cached_property
    def table(self) -> np.ndarray:
        """Customers by trigger (rows) and segment (columns, the last for who fits none)."""
        segments = len(self.assignment.segments)
        codes = np.where(self.assignment.codes[self.rows] < 0, segments, self.assignment.codes[self.rows])
        size = len(self.watch.watched) * (segments + 1)
        return tallied(self.triggers * (segments + 1) + codes, size, self.counts).reshape(-1, segments + 1)

    @cached_property
    def people(self) -> np.ndarray:
        """Customers with at least one entry by segment, the last for who fits none."""
        if self.reached is not None:
            return self.reached
        codes = self.assignment.codes[np.unique(self.rows)]
        return np.bincount(
            np.where(codes < 0, len(self.assignment.segments), codes),
            minlength=len(self.assignment.segments) + 1,
        )

    @cached_property
    def periods(self) -> list[str]:
        """What the columns of `over_time` are called: now, then days or weeks by their first day."""
        width = 1 if self.days <= WEEK else WEEK
        starts = self.watch.day + np.arange(0, self.days, width)
        labels = [day_text(one) for one in starts]
        rest = self.days % width
        if rest:
            labels[-1] += f" ({plural(rest, 'day')})"
        return ["Now", *labels]

    @cached_property
    def over_time(self) -> np.ndarray:
        """Customers by trigger and period; what has happened, or has no day, is now."""
        width = 1 if self.days <= WEEK else WEEK
        after = (self.due - self.watch.day).astype(int) // width + 1
        ahead = np.array([one.found.when == AHEAD for one in self.watch.watched], bool)
        place = np.where(ahead[self.triggers], after, 0)
        columns = len(self.periods)
        size = len(self.watch.watched) * columns
        return tallied(self.triggers * columns + place, size, self.counts).reshape(-1, columns)


def day_text(day: np.datetime64) -> str:
    """Write a day as a person does.

    Examples
    --------
    >>> day_text(np.datetime64("2026-10-05"))
    '5 Oct'
    """
    date = day.astype("datetime64[D]").item()
    return f"{date.day} {MONTHS[date.month - 1]}"


def calls(
    watch: Watch,
    assignment: Assignment,
    days: int = USUAL_HORIZON,
    segment: str = "",
    agreed_only: bool = True,
    with_left: bool = False,
) -> Calls:
    """List whom to call.

    Parameters
    ----------
    watch : Watch
    assignment : Assignment
        Of the same customers.
    days : int
        How far to look ahead; 1 is today only.
    segment : str
        Key of one segment, "none" for who fits none; empty for everyone.
    agreed_only : bool
        Leave out who gave no consent, where a column tells.
    with_left : bool
        Keep who has left, where a column tells.

    Returns
    -------
    Calls
    """
    last = watch.day + np.timedelta64(days - 1, "D")
    wanted = assignment.members(segment) if segment else np.ones(len(assignment.codes), bool)
    due = [np.flatnonzero((one.found.due <= last) & wanted) for one in watch.watched]
    rows = np.concatenate([*due, np.zeros(0, int)]).astype(int)
    triggers = np.repeat(np.arange(len(due)), [len(one) for one in due])
    dates = [one.found.due[found] for one, found in zip(watch.watched, due, strict=True)]
    when = np.concatenate([*dates, np.zeros(0, "datetime64[D]")])
    gone = np.zeros(len(wanted), bool) if watch.left is None or with_left else watch.left
    refused = ~watch.consent.given if watch.consent and agreed_only else np.zeros(len(wanted), bool)
    listed = np.unique(rows)
    kept = ~(gone | refused)[rows]
    order = np.lexsort((when[kept], triggers[kept]))
    return Calls(
        watch,
        assignment,
        days,
        rows[kept][order],
        triggers[kept][order],
        when[kept][order],
        int((refused & ~gone)[listed].sum()),
        int(gone[listed].sum()),
    )
