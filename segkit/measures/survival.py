"""Survival: how long customers stay, as a curve per segment (Kaplan and Meier 1958).

A retention rate looks at one window. A curve uses every customer for as long as she was observed: who is
still there counts as "not gone by then", and drops out of the count without counting as gone. So the newest
customers tell something too, and nobody has to be left out.

`durations` finds in a table how long each customer was observed and whether she left; `retention_curves`
turns that into one curve a segment, with an interval and a comparison with all other customers. Curves need
only how many were observed how long: `curves_of` is the same for rows that an engine has counted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from segkit.customers.meanings.aliases import plain
from segkit.customers.retention import counted_to
from segkit.customers.table import Column, Customers
from segkit.errors import UnusableColumn
from segkit.labels import listing
from segkit.measures.counted import Counted
from segkit.measures.definitions import DAYS_A_MONTH, find_kpi, source_columns
from segkit.measures.discoveries import p_limit
from segkit.measures.estimates import NOTHING, Estimate, Z, two_sided
from segkit.measures.kpis import EVERYONE, SMALLEST_RANKED, SMALLEST_SHOWN
from segkit.measures.suppression import places_shown
from segkit.segments.features import numeric
from segkit.segments.segmentation import Assignment, Segment

LONG = 120  # days; a longer time is read more easily in months
LONGEST_MONTHS = 600  # fifty years: a tenure above it that names no unit is in days
FINEST = 20_000  # different times a curve is made of; no screen has as many, and memory stays small
UNITS = {"day": "days", "week": "weeks", "month": "months", "quarter": "quarters", "year": "years"}
_SHORT_UNITS = {"d": "day", "wk": "week", "mo": "month", "mth": "month", "mon": "month", "qtr": "quarter"} | {
    "yr": "year"
}
_TENURE = re.compile(
    r"\b(tenure|account age|customer age|membership length|subscription length|length of relationship"
    r"|months on book|(days|weeks|months|years) (as|since) (a )?(customer|member|signup|sign up|start)"
    r"|(customer|member|subscription|membership) (days|weeks|months|years))\b"
)


# --- how long customers were observed ------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Durations:
    """How long each customer was observed, and whether she left then.

    Attributes
    ----------
    time : float array
        One per customer, in `unit`; NaN where she could not be observed.
    left : bool array
        Whether she left at that time; else she was still there when last seen.
    unit : str
        "days", "weeks", "months", "quarters", "years", or "periods" where nothing tells.
    columns : tuple of str
        What it was computed from; segments made of one of these are circular.
    text : str
        What was used, as a sentence.
    """

    time: np.ndarray
    left: np.ndarray
    unit: str
    columns: tuple[str, ...]
    text: str


def durations(
    customers: Customers, column: str = "", left: str = "", observed: str = "", unit: str = ""
) -> Durations | None:
    """Find how long each customer was observed and whether she left.

    Parameters
    ----------
    customers : Customers
    column : str, optional
        A number: how long she was a customer. By default dates of sign-up and churn are taken; else those
        of sign-up and last activity with a flag of who left (a tenure beside them often runs on after she
        left); else a tenure with that flag.
    left : str, optional
        A yes/no column that says who left (who stayed, if it has the role `retained`); by default the one
        with that meaning.
    observed : str, optional
        Instead of `left`: a number that says how long she could have been there. Who falls short of it
        left. Of whole periods the last one is not over, so nobody can be seen leaving in it.
    unit : str, optional
        "day", "week", "month", "quarter" or "year", where the name of the column does not say it.

    Returns
    -------
    Durations or None
        None where no columns fit, or nobody left.

    Raises
    ------
    segkit.errors.UnusableColumn
        A column that was named is not there, or holds something else.
    """
    if not column:
        ways = (_from_churn, _from_activity, _from_tenure, _from_pair)
        return next((found for way in ways if (found := way(customers)) is not None), None)
    time = _numbers(customers, column)
    if observed:
        return _short_of(column, time, observed, _numbers(customers, observed), unit)
    gone, names = _gone_by(customers, left) if left else _gone(customers)
    if not names:
        raise UnusableColumn(f"Nothing says who left. Name a yes/no column of that beside “{column}”.")
    return of_tenure(column, time, gone, names, unit)


def _numbers(customers: Customers, name: str) -> np.ndarray:
    """Values of a column that the caller named."""
    one = customers.column(name)
    if one is None or one.kind not in ("number", "yes/no"):
        fit = [column.name for column in customers.columns if column.kind in ("number", "yes/no")]
        problem = "There is no column" if one is None else "Neither numbers nor yes and no are in"
        raise UnusableColumn(f"{problem} “{name}”. Take one of: {listing(fit, 40)}.")
    return numeric(customers.frame[name])


def _gone_by(customers: Customers, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Who left by a column that the caller named: yes, or no where it means who was retained."""
    flag, column = _numbers(customers, name), customers.column(name)
    return (1 - flag if column and column.role == "retained" else flag), (name,)


def _gone(customers: Customers) -> tuple[np.ndarray, tuple[str, ...]]:
    """Who left by the flag: 1, 0, or NaN; and the columns of it, none where no column tells."""
    retention = find_kpi("retention")
    names = source_columns(retention, customers)
    if names is None:
        return np.full(len(customers), nan), ()
    return 1 - retention.values(customers), names


def _days(customers: Customers, column: Column) -> np.ndarray:
    return customers.frame[column.name].to_numpy().astype("datetime64[D]")


def _from_churn(customers: Customers) -> Durations | None:
    """Sign-up to churn; who has not left by the day that counts is seen until then."""
    signup, churn = customers.with_role("signup_date"), customers.with_role("churn_date")
    if signup is None or churn is None:
        return None
    today, gone = counted_to(customers), _days(customers, churn)
    left = ~np.isnat(gone) & (gone <= today)
    days = _between(_days(customers, signup), np.where(left, gone, today))
    return of_churn(days, left, signup, churn, today)


def of_churn(
    days: np.ndarray, left: np.ndarray, signup: Column, churn: Column, today: np.datetime64
) -> Durations | None:
    """Durations from sign-up to churn, from the days of each row and whether she left by today."""
    text = f"From “{signup.name}” and “{churn.name}”, until {today}"
    return _of_days(days, left, (signup.name, churn.name), text)


def _from_activity(customers: Customers) -> Durations | None:
    """Sign-up to last activity for who left; who stayed is seen until the last day somebody left.

    After that day nobody could be seen leaving, since it takes a while without activity to tell.
    """
    signup, seen = customers.with_role("signup_date"), customers.with_role("last_activity_date")
    gone, names = _gone(customers)
    if signup is None or seen is None or not names:
        return None
    last, left = _days(customers, seen), gone == 1
    if not (left & ~np.isnat(last)).any():
        return None
    end = last[left & ~np.isnat(last)].max()
    days = _between(_days(customers, signup), np.where(left, last, end))
    days[np.isnan(gone)] = nan
    return of_activity(days, left, signup, seen, names, end)


def of_activity(
    days: np.ndarray,
    left: np.ndarray,
    signup: Column,
    seen: Column,
    names: tuple[str, ...],
    end: np.datetime64,
) -> Durations | None:
    """Durations from sign-up to last activity, from the days of each row and whether she left.

    `names` are the columns that say who left, and `end` is the last day on which somebody did.
    """
    named = listing([f"“{name}”" for name in dict.fromkeys((signup.name, names[0], seen.name))])
    text = f"From {named}: who left is gone since her last activity; until {end}"
    return _of_days(days, left, (signup.name, seen.name, *names), text)


def _between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Days from start to end; NaN where one is unknown or the end comes first."""
    days = (end.astype("datetime64[D]") - start).astype("timedelta64[D]")
    known = ~np.isnat(days)
    counted = np.where(known, days.astype(np.int64), -1).astype(float)
    return np.where(counted < 0, nan, counted)


def _of_days(days: np.ndarray, left: np.ndarray, columns: tuple[str, ...], text: str) -> Durations | None:
    left = left & ~np.isnan(days)
    if not left.any():
        return None
    if np.nanmax(days) > LONG:
        return Durations(days / DAYS_A_MONTH, left, "months", columns, f"{text}, in months.")
    return Durations(days, left, "days", columns, f"{text}, in days.")


def _from_tenure(customers: Customers) -> Durations | None:
    """A number called tenure or the like, with a flag that stands in the file."""
    column = tenure_column(customers)
    if column is None:
        return None
    gone, names = _gone(customers)
    return of_tenure(column.name, numeric(customers.frame[column.name]), gone, names)


def tenure_column(customers: Customers) -> Column | None:
    """Find the number that is called tenure or the like, where a flag beside it says who left."""
    flag = source_columns(find_kpi("retention"), customers)
    if flag is None or len(flag) != 1:  # a flag computed from dates says nothing of a tenure
        return None
    numbers = (column for column in customers.columns if column.kind == "number")
    return next((one for one in numbers if _TENURE.search(plain(one.name.replace("_", " ")))), None)


def of_tenure(
    name: str, time: np.ndarray, gone: np.ndarray, names: tuple[str, ...], unit: str = ""
) -> Durations | None:
    """Durations from a tenure and who left by then: 1, 0, or NaN; `names` are the columns of the latter."""
    time = np.where(np.isnan(gone) | (time < 0), nan, time)
    left = (gone == 1) & ~np.isnan(time)
    if not left.any():
        return None
    said = UNITS.get(unit) or _unit_of(name)
    guessed = "days" if np.nanmax(time) > LONGEST_MONTHS else "months"
    how = f"in {said}" if said else f"taken to be in {guessed}"
    return Durations(time, left, said or guessed, (name, *names), f"From “{name}” and “{names[0]}”, {how}.")


def _unit_of(name: str) -> str:
    """Find the unit a name speaks of, empty for none."""
    for word in plain(name.replace("_", " ")).split():
        single = word.removesuffix("s")
        if (found := UNITS.get(_SHORT_UNITS.get(single, single))) is not None:
            return found
    return ""


def _from_pair(customers: Customers) -> Durations | None:
    """Periods with a contract of those possible, where the numbers fit: see `period_columns`."""
    found = period_columns(customers)
    if found is None:
        return None
    time, most = (numeric(customers.frame[name]) for name in found)
    if not bool((time <= most).all()) or not _whole(time, most):
        return None
    return _short_of(found[0], time, found[1], most)


def period_columns(customers: Customers) -> tuple[str, str] | None:
    """Find periods with a contract ("recency") of those possible ("T"), as in files of yearly renewals.

    With a count of purchases beside them ("frequency") the same names speak of buyers without a contract,
    of whom nobody knows who left.
    """
    named = {plain(column.name): column for column in customers.columns if column.kind == "number"}
    recency, possible = named.get("recency"), named.get("t")
    if recency is None or possible is None or {"frequency", "x", "monetary"} & set(named):
        return None
    return recency.name, possible.name


def _whole(*numbers: np.ndarray) -> bool:
    return all(bool((values[~np.isnan(values)] % 1 == 0).all()) for values in numbers)


def _short_of(
    name: str, time: np.ndarray, observed: str, most: np.ndarray, unit: str = ""
) -> Durations | None:
    """Who falls short of what was possible left; the others are seen until the last period that is over."""
    known = ~np.isnan(time) & ~np.isnan(most) & (time >= 0)
    left = known & (time < most)
    over = most - 1 if _whole(time, most) else most
    return of_shortfall(
        name, observed, np.where(known, np.where(left, time, np.maximum(over, 0)), nan), left, unit
    )


def of_shortfall(
    name: str, observed: str, seen: np.ndarray, left: np.ndarray, unit: str = ""
) -> Durations | None:
    """Durations of two numbers, from how long each was seen (NaN for unknown) and whether she fell short."""
    if not left.any():
        return None
    said = UNITS.get(unit) or _unit_of(name) or "periods"
    text = f"From “{name}” and “{observed}”: who falls short of “{observed}” has left; in {said}."
    return Durations(seen, left, said, (name, observed), text)


# --- curves ------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Curve:
    """The share of a segment's customers still there, by time.

    Attributes
    ----------
    segment : Segment
    customers : int
        Who could be observed.
    times : float array
        Ascending from 0, as far as enough customers are left to tell.
    share, low, high : float array
        Still there right after each time, with the 95 % interval; NaN where nobody left yet.
    at_risk : int array
        Customers still under observation right before each time.
    verdict : str
        "sooner" or "later" than all other customers leave, "can't tell", "circular", or empty.
    p_value : float
        Of the two-sided log-rank test against all others; NaN where it is not made.
    """

    segment: Segment
    customers: int
    times: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray
    verdict: str = ""
    p_value: float = nan

    @property
    def indicative(self) -> bool:
        """Whether so few customers are behind it that it is not compared in words."""
        return self.customers < SMALLEST_RANKED

    @property
    def end(self) -> float:
        """Where the curve stops."""
        return float(self.times[-1])

    def at(self, time: float) -> Estimate:
        """Share still there after a time; NaN beyond the end of the curve."""
        if time > self.end:
            return NOTHING
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        return Estimate(*(float(line[place]) for line in (self.share, self.low, self.high)))

    def number_at_risk(self, time: float) -> int:
        """Customers observed for at least some time; 0 beyond the end of the curve, where they are few."""
        place = int(np.searchsorted(self.times, time, side="left"))
        return int(self.at_risk[place]) if place < len(self.times) else 0


@dataclass(frozen=True, eq=False)
class Curves:
    """The curves of all segments that may be shown, in their order.

    Attributes
    ----------
    curves : tuple of Curve
    everyone : Curve
    rest : mapping of str to Curve
        By segment, the curve of all other customers.
    durations : Durations
    ticks : tuple of float
        Times to name on an axis, from 0.
    hidden : tuple of str
        Names of segments with too few customers to show, or that would give those away.
    unassigned : int
        Observed customers who fit none; they count in "everyone" and "rest".
    """

    curves: tuple[Curve, ...]
    everyone: Curve
    rest: Mapping[str, Curve]
    durations: Durations
    ticks: tuple[float, ...]
    hidden: tuple[str, ...]
    unassigned: int

    @property
    def circular(self) -> bool:
        """Whether the segments were made from the columns that say how long customers stay."""
        return any(curve.verdict == "circular" for curve in self.curves)

    def everyone_at_risk(self, time: float) -> int | None:
        """Customers under observation; None from where on everyone's curve would give a few away."""
        return self.everyone.number_at_risk(time) or None


def retention_curves(
    found: Durations, assignment: Assignment, smallest: int = SMALLEST_SHOWN
) -> Curves | None:
    """Compute the retention curve of each segment, as `curves_of` does, of customers row by row."""
    return curves_of(found, Counted(assignment), smallest)


def curves_of(found: Durations, counted: Counted, smallest: int = SMALLEST_SHOWN) -> Curves | None:
    """Compute the retention curve of each segment, and compare it with all other customers.

    Parameters
    ----------
    found : Durations
        Of the same rows as `counted`.
    counted : Counted
    smallest : int
        Curves of fewer customers are hidden, and another one where everyone's would give them away; each
        curve stops where fewer are left under observation. Those of everyone and of the rest stop where all
        whose curve has stopped or is hidden are, together, a few: what goes on in no other curve is theirs.

    Returns
    -------
    Curves or None
        None where nothing may be shown.

    Notes
    -----
    Kaplan and Meier (1958); interval on the log-log scale with Greenwood's variance (Kalbfleisch and Prentice
    2002, section 1.4); two-sided log-rank test of each segment against all other customers (Mantel 1966),
    at a false discovery rate of 5 % over the segments that are shown (Benjamini and Hochberg 1995).
    """
    assignment, tables = counted.assignment, _tables(found, counted)
    sizes = tables.at_risk[:, 0]
    shown = places_shown(sizes[:-1].tolist(), int(sizes[-1]), smallest)
    if sizes.sum() < smallest or not shown:
        return None
    until = _until(tables, shown, smallest)
    circular = bool(set(found.columns) & set(assignment.dimensions))
    p_values = {place: nan if circular else _log_rank(tables, place) for place in shown}
    limit = p_limit(list(p_values.values()))
    curves, rest = [], {}
    for place in shown:
        segment = assignment.segments[place]
        verdict = "circular" if circular else _verdict(tables, place, p_values[place], limit)
        curves.append(_curve(tables, [place], segment, smallest, verdict, p_values[place]))
        others = [other for other in range(len(sizes)) if other != place]
        if sizes[others].sum() >= smallest:
            rest[segment.key] = _curve(until, others, EVERYONE, smallest)
    everyone = _curve(until, list(range(len(sizes))), EVERYONE, smallest)
    ticks = round_times(max(curve.end for curve in curves), found.unit)
    hidden = tuple(
        one.name for place, one in enumerate(assignment.segments) if place not in shown and sizes[place]
    )
    return Curves(tuple(curves), everyone, rest, found, ticks, hidden, int(sizes[-1]))


@dataclass(frozen=True, eq=False)
class _Tables:
    """Counts by segment (rows; the last one is "fits none") and time (columns)."""

    moments: np.ndarray
    events: np.ndarray
    at_risk: np.ndarray


def _tables(found: Durations, counted: Counted) -> _Tables:
    known = ~np.isnan(found.time)
    count, codes = len(counted.assignment.segments) + 1, counted.places[known]
    moments, places = np.unique(found.time[known], return_inverse=True)
    if len(moments) > FINEST:
        moments, places = np.unique(coarse(found.time[known], moments[-1] / FINEST), return_inverse=True)
    if not len(moments):
        nobody = np.zeros((count, 1), int)
        return _Tables(np.zeros(1), nobody, nobody)
    cells, shape = codes * len(moments) + places, (count, len(moments))
    total = counted.tally(cells, count * len(moments), known).reshape(shape)
    left = found.left[known]
    events = counted.tally(cells[left], count * len(moments), known & found.left).reshape(shape)
    return _Tables(moments, events, total[:, ::-1].cumsum(axis=1)[:, ::-1])


def coarse(times: np.ndarray, step: float) -> np.ndarray:
    """Round times to whole steps, halves up, as `FLOOR` does it in an engine."""
    return np.floor(times / step + 0.5) * step


def _until(tables: _Tables, shown: list[int], smallest: int) -> _Tables:
    """Keep the times before the first at which everyone's curve would give away those who are in no other.

    They are those who fit none, the segments that are hidden, and those of which too few are left. It is the
    rule of `suppression.given_away` at each time, but that one group alone may be told where it is large
    enough.
    """
    apart = tables.at_risk < smallest
    apart[[place for place in range(len(apart)) if place not in shown]] = True
    unseen = np.where(apart, tables.at_risk, 0).sum(axis=0)
    told = (unseen > 0) & (unseen < smallest)
    end = int(told.argmax()) if told.any() else len(told)
    return _Tables(tables.moments[:end], tables.events[:, :end], tables.at_risk[:, :end])


def _log_rank(tables: _Tables, place: int) -> float:
    """Two-sided p-value of a segment against all other customers; NaN where nothing can differ."""
    surplus, variance = _surplus(tables, place)
    return two_sided(surplus / np.sqrt(variance)) if variance > 0 else nan


def _surplus(tables: _Tables, place: int) -> tuple[float, float]:
    """Count departures above those expected if the segment were like everyone, with the variance."""
    left = tables.events.sum(axis=0)
    some = left > 0
    left, there = left[some], tables.at_risk.sum(axis=0)[some]
    part = tables.at_risk[place, some] / there
    spread = (there - left) / np.maximum(there - 1, 1)
    variance = float((left * part * (1 - part) * spread).sum())
    return float(tables.events[place].sum() - (left * part).sum()), variance


def _verdict(tables: _Tables, place: int, p_value: float, limit: float) -> str:
    if isnan(p_value):
        return ""
    if p_value > limit:
        return "can't tell"
    return "sooner" if _surplus(tables, place)[0] > 0 else "later"


def _curve(
    tables: _Tables,
    places: list[int],
    segment: Segment,
    smallest: int,
    verdict: str = "",
    p_value: float = nan,
) -> Curve:
    at_risk, events = tables.at_risk[places].sum(axis=0), tables.events[places].sum(axis=0)
    long = int((at_risk >= smallest).sum())  # customers under observation only ever become fewer
    at_risk, events, times = at_risk[:long], events[:long], tables.moments[:long]
    share, low, high = _kaplan_meier(at_risk, events)
    size = int(at_risk[0])
    return Curve(
        segment,
        size,
        _after(0.0, times),
        _after(1.0, share),
        _after(nan, low),
        _after(nan, high),
        _after(size, at_risk),
        verdict,
        p_value,
    )


def _after(first: float, line: np.ndarray) -> np.ndarray:
    """Put the start of a curve in front of it."""
    return np.insert(line, 0, first)


def _kaplan_meier(at_risk: np.ndarray, events: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    share = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        reach = np.exp(Z * np.sqrt(variance) / np.log(share))
        low, high = share ** (1 / reach), share**reach
    told = (share > 0) & (share < 1)
    return share, np.where(told, low, nan), np.where(told, high, nan)


MOST_TICKS = 8
_STEPS = {
    "days": (1, 2, 7, 14, 30),
    "weeks": (1, 2, 4, 13, 26, 52),
    "months": (1, 2, 3, 6, 12, 24, 36, 60, 120),
    "quarters": (1, 2, 4, 8, 12, 20, 40),
}


def round_times(end: float, unit: str) -> tuple[float, ...]:
    """Times from 0 to name on an axis, a few, in steps that a person counts in.

    Examples
    --------
    >>> round_times(72, "months"), round_times(7, "years")
    ((0.0, 12.0, 24.0, 36.0, 48.0, 60.0, 72.0), (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0))
    """
    tens = [base * 10**power for power in range(-3, 7) for base in (1, 2, 5)]
    steps = [*_STEPS.get(unit, ()), *(step for step in tens if step > max(_STEPS.get(unit, (0.4,))))]
    step = next(one for one in steps if end / one < MOST_TICKS)
    return tuple(float(step * place) for place in range(int(end / step + 1e-9) + 1))
