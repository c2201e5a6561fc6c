"""Cohorts: customers by when they signed up, and the share still there one, two, three periods later.

A cohort counts for a time only if all of it could be observed that long, so no cell looks better or worse
because it is not over yet. Periods are months, or quarters or years where months would not fit on a screen.
`stays_of` finds in a table who was there how long; `followed` counts them, in rows of an engine as well.
"""

from dataclasses import dataclass
from math import nan

import numpy as np

from segkit.customers.retention import USUAL_DAYS, counted_to
from segkit.customers.table import Column, Customers
from segkit.labels import plural
from segkit.measures.counted import Counted
from segkit.measures.kpis import SMALLEST_SHOWN
from segkit.measures.suppression import places_shown
from segkit.segments.segmentation import Assignment

MOST_COHORTS = 14  # rows a person reads on a screen without scrolling
PERIODS = {"month": 1, "quarter": 3, "year": 12}  # in months


@dataclass(frozen=True, eq=False)
class Cohorts:
    """The share of each cohort still there, by periods since sign-up.

    Attributes
    ----------
    period : str
        "month", "quarter" or "year".
    labels : tuple of str
        Cohorts, the oldest first: "2025-03", "2025 Q1" or "2025".
    sizes : int array of shape (cohorts,)
        Customers who signed up; 0 where they are too few to show.
    shares : float array of shape (cohorts, periods)
        Still there after 1, 2, … periods; NaN where it is not over yet or rests on too few customers.
    columns : tuple of str
        What it was computed from.
    text : str
        What was used, as a sentence.
    """

    period: str
    labels: tuple[str, ...]
    sizes: np.ndarray
    shares: np.ndarray
    columns: tuple[str, ...]
    text: str

    def pooled(self, periods: int) -> float:
        """Share still there after some periods, of all customers whose cohort is shown for them."""
        line = self.shares[:, periods - 1]
        told = ~np.isnan(line)
        return float((line[told] * self.sizes[told]).sum() / self.sizes[told].sum()) if told.any() else nan


@dataclass(frozen=True, eq=False)
class Stays:
    """Sign-up and stay of each row.

    Attributes
    ----------
    month : int array
        Of sign-up, counted from 1970; -1 where she could not be observed.
    stayed : int array
        Whole months; a large number where she has not left.
    last : numpy.datetime64
        The last day on which it can be told whether somebody was there.
    columns : tuple of str
    text : str
        What was used, as a sentence.
    """

    month: np.ndarray
    stayed: np.ndarray
    last: np.datetime64
    columns: tuple[str, ...]
    text: str


NOT_LEFT = int(np.iinfo(np.int32).max)  # months of who has not left


def cohorts(
    customers: Customers,
    assignment: Assignment | None = None,
    segment: str = "",
    smallest: int = SMALLEST_SHOWN,
) -> Cohorts | None:
    """Follow the customers of each sign-up month, quarter or year, as `followed` does, row by row.

    Parameters
    ----------
    customers : Customers
        With a sign-up date and a date of churn or last activity.
    assignment : Assignment, optional
        Of the same customers; needed for a segment.
    segment, smallest
        As for `followed`.

    Returns
    -------
    Cohorts or None
        None without those dates, or where no cohort could be observed for a whole period.
    """
    stays = stays_of(customers)
    if stays is None:
        return None
    everyone = Assignment((), np.full(len(customers), -1), np.ones(len(customers)))
    return followed(stays, Counted(assignment or everyone), segment if assignment else "", smallest)


def followed(
    stays: Stays, counted: Counted, segment: str = "", smallest: int = SMALLEST_SHOWN
) -> Cohorts | None:
    """Follow the customers of each sign-up month, quarter or year.

    Parameters
    ----------
    stays : Stays
        Of the same rows as `counted`.
    counted : Counted
    segment : str
        Key of one segment to follow, by default everyone. The cohorts are those of everyone, so that both
        compare. Cells are blank, too, where everyone's and the other segments' would give few customers away.
    smallest : int
        Cohorts of fewer customers are blank.

    Returns
    -------
    Cohorts or None
        None where no cohort could be observed for a whole period.
    """
    if not (stays.month >= 0).any():
        return None
    first, last = int(stays.month[stays.month >= 0].min()), int(stays.month.max())
    final = (
        (stays.last + np.timedelta64(1, "D")).astype("datetime64[M]").astype(int)
    )  # not over by the last day
    period, first = _period(first, min(last, final - 1))
    width = PERIODS[period]
    count, most = (min(last, final - 1) // width) - first + 1, (final // width) - first - 1
    if count < 1 or most < 1:
        return None
    grid = _Grid(first, width, count, min(most, MOST_COHORTS))
    if segment:
        sizes, still = _part(stays, counted, segment, grid, smallest)
    else:
        sizes, still = _counts(stays, counted, None, grid)
    shares = _shares(sizes, still, first, final // width, smallest)
    if np.isnan(shares).all():
        return None
    known = ~np.isnan(shares).all(axis=0)
    width_shown = int(np.flatnonzero(known).max()) + 1
    rows = slice(0, int(np.flatnonzero(~np.isnan(shares[:, 0])).max()) + 1)
    labels = tuple(_label(first + place, period) for place in range(count))
    shown = np.where(sizes < smallest, 0, sizes)
    return Cohorts(period, labels[rows], shown[rows], shares[rows, :width_shown], stays.columns, stays.text)


def stays_of(customers: Customers) -> Stays | None:
    """Find when each customer signed up and how long she stayed; None without those dates."""
    columns = cohort_columns(customers)
    if columns is None:
        return None
    signup, source = columns
    start = customers.frame[signup.name].to_numpy().astype("datetime64[D]")
    end = customers.frame[source.name].to_numpy().astype("datetime64[D]")
    quiet = source.role == "last_activity_date"
    observed = ~np.isnat(start) & ((end >= start) | (np.isnat(end) & (not quiet)))
    month = np.where(observed, start.astype("datetime64[M]").astype(int), -1)
    stayed = np.where(np.isnat(end), NOT_LEFT, _whole_months(start, end))
    return stays_between(customers, columns, month, stayed)


def cohort_columns(customers: Customers) -> tuple[Column, Column] | None:
    """Find the columns of sign-up and of churn, else of last activity; None where one is not there."""
    signup, source = customers.with_role("signup_date"), customers.with_role("churn_date")
    source = source or customers.with_role("last_activity_date")
    return None if signup is None or source is None else (signup, source)


def stays_between(
    customers: Customers, columns: tuple[Column, Column], month: np.ndarray, stayed: np.ndarray
) -> Stays:
    """Say how months of sign-up and of stay were found, and until when they tell."""
    signup, source = columns
    last, quiet = counted_to(customers), source.role == "last_activity_date"
    if quiet:
        last = last - np.timedelta64(USUAL_DAYS[source.role], "D")
    text = f"From “{signup.name}” and “{source.name}”"
    if quiet:
        days = plural(USUAL_DAYS[source.role], "day")
        text += f": somebody is there until her last activity, and the last {days} do not count yet"
    return Stays(month, stayed, last, (signup.name, source.name), text + ".")


def _whole_months(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Months from one day to another, by the calendar; 31 January to 28 February is none."""
    months = end.astype("datetime64[M]").astype(int) - start.astype("datetime64[M]").astype(int)
    in_month = [day - day.astype("datetime64[M]").astype("datetime64[D]") for day in (start, end)]
    return months - (in_month[1] < in_month[0])


def _period(first: int, last: int) -> tuple[str, int]:
    """Choose the period that fits on a screen, and the number of its first cohort."""
    for period, width in PERIODS.items():
        if last // width - first // width < MOST_COHORTS:
            return period, first // width
    return "year", last // PERIODS["year"] - MOST_COHORTS + 1


@dataclass(frozen=True)
class _Grid:
    """First cohort, its width in months, the number of cohorts, and that of periods."""

    first: int
    width: int
    count: int
    most: int


def _counts(
    stays: Stays, counted: Counted, chosen: np.ndarray | None, grid: _Grid
) -> tuple[np.ndarray, np.ndarray]:
    """Customers of each cohort, and how many of them were there after each number of periods."""
    cohort, most = stays.month // grid.width - grid.first, grid.most
    taken = (stays.month >= 0) & (cohort >= 0) & (cohort < grid.count)
    if chosen is not None:
        taken &= chosen
    cohort, stayed = cohort[taken], np.minimum(stays.stayed[taken] // grid.width, most)
    cells = counted.tally(cohort * (most + 1) + stayed, grid.count * (most + 1), taken)
    reached = cells.reshape(grid.count, most + 1)[:, ::-1].cumsum(axis=1)[:, ::-1]
    return reached[:, 0], reached[:, 1:]


def _part(
    stays: Stays, counted: Counted, segment: str, grid: _Grid, smallest: int
) -> tuple[np.ndarray, np.ndarray]:
    """Counts of a segment; none in a cohort where hers may not be shown beside everyone's."""
    places, codes = [one.key for one in counted.assignment.segments], counted.assignment.codes
    by_segment = [_counts(stays, counted, codes == code, grid) for code in [*range(len(places)), -1]]
    wanted = places.index(segment)
    sizes, still = by_segment[wanted]
    by_cohort = np.stack([one for one, _ in by_segment], axis=1)
    shown = [wanted in places_shown(line[:-1].tolist(), int(line[-1]), smallest) for line in by_cohort]
    return np.where(shown, sizes, 0), still


def _shares(sizes: np.ndarray, still: np.ndarray, first: int, final: int, smallest: int) -> np.ndarray:
    """Shares where the whole cohort could be observed and is large enough."""
    places, periods = np.indices(still.shape)
    over = first + places + 1 + periods + 1 <= final  # the last who signed up was seen as long, too
    told = over & (sizes >= smallest)[:, None]
    return np.where(told, still / np.maximum(sizes, 1)[:, None], nan)


def _label(place: int, period: str) -> str:
    if period == "year":
        return str(1970 + place)
    if period == "quarter":
        return f"{1970 + place // 4} Q{place % 4 + 1}"
    return f"{1970 + place // 12}-{place % 12 + 1:02d}"
