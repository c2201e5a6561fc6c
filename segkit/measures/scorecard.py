"""The validity scorecard: may a segment be built on? Five criteria, each with its number and its reason.

Measurable, substantial, distinguishable, profitable, accessible: the usual tests of a target group, each
told by one or two checks (`CHECKS`) against thresholds that are shown and can be changed. A check passes, is
to be watched, or fails; the worst of a criterion's checks is its status. What cannot be told says what is
missing and never passes. A fail in measurable or substantial ends it: nothing else is judged then.

Source: Kotler & Keller (2016), "Marketing management", ch. 9; the borders of stability are those of Hennig
(2007), the borders of effects those of Cohen (1988).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan

import numpy as np
import pandas as pd

from segkit.customers.columns.yes_no import GROUPS
from segkit.customers.table import Column, Customers
from segkit.errors import UnusablePlan
from segkit.labels import readable
from segkit.measures.estimates import NOTHING, RATE, Estimate, rate_estimate
from segkit.measures.kpis import KpiTable
from segkit.measures.sums import Groups, Sums, grouped_sums
from segkit.measures.suppression import SMALLEST_RANKED, places_shown
from segkit.segments.features import numeric
from segkit.segments.segmentation import NO_SEGMENT, Assignment, Segment

PASS, WATCH, FAIL, UNTOLD, NOT_JUDGED = "pass", "watch", "fail", "can't tell", "not judged"
_WORST_FIRST = (FAIL, WATCH, UNTOLD, PASS)


@dataclass(frozen=True)
class Criterion:
    """A row of `CRITERIA`: what is asked of a segment.

    Attributes
    ----------
    key, label, question : str
    knock_out : bool
        A fail here ends it: the other criteria are not judged.
    """

    key: str
    label: str
    question: str
    knock_out: bool = False


@dataclass(frozen=True)
class Check:
    """A row of `CHECKS`: one number that a criterion rests on, and its borders.

    Attributes
    ----------
    key, criterion, label, help : str
    passes_from, watched_from : float
        At least so much passes; at least so much is to be watched; below, it fails.
    format : str
        How a person reads the number: "percent", "count", "money" or "score".
    needed : bool
        Without it a criterion does not pass. Others are told where they are known.
    cautious : bool
        It passes only if the low end of the interval does.
    """

    key: str
    criterion: str
    label: str
    help: str
    passes_from: float
    watched_from: float
    format: str
    needed: bool = True
    cautious: bool = False


Thresholds = Mapping[str, tuple[float, float]]
"""By check: passes from, watched from. Those of `CHECKS` for what is not there."""


@dataclass(frozen=True)
class Finding:
    """What a check found in one segment.

    Attributes
    ----------
    check : Check
        With the borders that were used.
    estimate : Estimate
        NaN where it cannot be told.
    n : int
        Customers it rests on.
    status : str
        "pass", "watch", "fail" or "can't tell".
    why : str
        What is missing where it cannot be told; else what the number is about, where that needs a word.
    """

    check: Check
    estimate: Estimate
    n: int
    status: str
    why: str = ""


@dataclass(frozen=True)
class Judgement:
    """A criterion of one segment: its status and what it rests on; no findings where it was not judged."""

    segment: Segment
    criterion: Criterion
    status: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Scorecard:
    """All judgements, segment by segment in their order.

    Attributes
    ----------
    segments : tuple of Segment
        Those who can be shown.
    held_back : int
        Segments of too few customers, of which nothing is told.
    judgements : tuple of Judgement
    cost : float
        Of addressing one customer.
    unit : str
        Of money: a currency in front, where one is known.
    """

    segments: tuple[Segment, ...]
    held_back: int
    judgements: tuple[Judgement, ...]
    cost: float
    unit: str

    def of(self, segment: str) -> tuple[Judgement, ...]:
        """The judgements on one segment, in the order of `CRITERIA`."""
        return tuple(one for one in self.judgements if one.segment.key == segment)

    def overall(self, segment: str) -> str:
        """The worst status of a segment; "can't tell" is better than watch and worse than pass."""
        return worst([one.status for one in self.of(segment) if one.status != NOT_JUDGED])


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of segments beside their KPIs, by segment key.

    Attributes
    ----------
    coverage : mapping
        Share of filled cells in the columns that formed the segments.
    stability : mapping, optional
        How firmly each holds (`holding.segment_stability`); empty where rules define them, None while it is
        being measured.
    traits : mapping
        Size and words of what sets each apart most, or NaN and why it cannot be told; a segment without any
        difference is left out.
    reach : Reach, optional
        Whom one may write to; None without a column that tells.
    recall : mapping
        Share of each that its rule finds.
    """

    coverage: Mapping[str, float]
    stability: Mapping[str, float] | None
    traits: Mapping[str, tuple[float, str]]
    reach: "Reach | None"
    recall: Mapping[str, float]


# --- what is asked of the customers themselves -----------------------------------------------------


def coverage(customers: Customers, assignment: Assignment) -> dict[str, float]:
    """Share of filled cells of the dimensions, among the customers of each segment.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
        Of the same customers, row by row.

    Returns
    -------
    dict of segment key to float
        0 to 1; empty where no dimension is in the table, and a segment without customers is left out.
    """
    names = [name for name in dict.fromkeys(assignment.dimensions) if name in customers.frame]
    codes = assignment.codes.astype(np.int64) + 1
    count = len(assignment.segments) + 1
    sizes = np.bincount(codes, minlength=count)[1:]
    filled = np.zeros(count - 1)
    for name in names:
        gaps = customers.frame[name].isna().to_numpy()
        lost = np.bincount(codes[gaps], minlength=count)[1:] if gaps.any() else 0
        filled += sizes - lost
    return {
        segment.key: float(some / (size * len(names)))
        for segment, some, size in zip(assignment.segments, filled, sizes.tolist(), strict=True)
        if names and size
    }


@dataclass(frozen=True)
class Reach:
    """Whom one may write to.

    Attributes
    ----------
    columns : tuple of str
        What says it.
    any : mapping of segment key to Estimate
        Share who agreed to at least one channel, of all customers of the segment: who said nothing did not
        agree. Held back (left out) where it would tell of few.
    channels : mapping of str to (mapping of segment key to float)
        The same by channel.
    differ : bool
        Whether any segment differs reliably from the others.
    n : mapping of segment key to int
        Customers of each segment.
    """

    columns: tuple[str, ...]
    any: Mapping[str, Estimate]
    channels: Mapping[str, Mapping[str, float]]
    differ: bool
    n: Mapping[str, int]


def reach(customers: Customers, assignment: Assignment) -> Reach | None:
    """Tell the share of each segment that agreed to be addressed, in all and by channel.

    Returns
    -------
    Reach or None
        None without a column whose role is "channel_consent" and whose answers can be told.
    """
    channels = consents(customers)
    if not channels:
        return None
    codes, count = assignment.codes, len(assignment.segments)
    groups = Groups.of(codes, count)
    anyone = np.logical_or.reduce(list(channels.values()))
    parts, whole = grouped_sums(anyone.astype(float), groups)
    sizes = assignment.sizes.tolist()
    seen = places_shown(sizes, assignment.unassigned)
    keys = [segment.key for segment in assignment.segments]
    return Reach(
        tuple(column.name for column in _consent_columns(customers)),
        {keys[place]: rate_estimate(parts[place]) for place in seen},
        {name: _shares(said, codes, sizes, seen, keys) for name, said in channels.items()},
        _differ([parts[place] for place in seen], whole),
        dict(zip(keys, sizes, strict=True)),
    )


def _shares(
    said: np.ndarray, codes: np.ndarray, sizes: Sequence[int], seen: Sequence[int], keys: Sequence[str]
) -> dict[str, float]:
    counts = np.bincount(codes[said & (codes >= 0)], minlength=len(keys))
    return {keys[place]: float(counts[place] / sizes[place]) for place in seen if sizes[place]}


def _differ(parts: Sequence[Sums], whole: Sums) -> bool:
    """Whether any share differs from that of the others, at 5 % over all of them (Bonferroni)."""
    tests = [RATE.p_value(part, whole.minus(part)) for part in parts if part.answered >= SMALLEST_RANKED]
    return bool(tests) and min(tests) * len(tests) < 0.05


def consents(customers: Customers) -> dict[str, np.ndarray]:
    """Read who agreed to which channel.

    A yes/no column is a channel of its own; a category names one or several ("email+sms", "email, phone"),
    or none of them ("none", "no"). A column that only says yes or no in words is one channel.

    Returns
    -------
    dict of str to bool array
        By channel, one for each customer; a gap counts as no. Empty without such a column.
    """
    found: dict[str, np.ndarray] = {}
    for column in _consent_columns(customers):
        for channel, said in _channels(column, customers.frame[column.name]).items():
            found[channel] = found[channel] | said if channel in found else said
    return found


def _consent_columns(customers: Customers) -> list[Column]:
    return [
        column
        for column in customers.columns
        if column.role == "channel_consent" and column.kind in ("yes/no", "category", "number")
    ]


def _channels(column: Column, values: pd.Series) -> dict[str, np.ndarray]:
    if column.kind != "category":
        return {readable(column.name): np.nan_to_num(numeric(values)) > 0}
    levels = [str(level) for level in values.cat.categories]
    named = [_named(level, column.name) for level in levels]
    codes = values.cat.codes.to_numpy()
    return {
        channel: np.append([channel in some for some in named], False)[codes]  # the last one: no answer
        for channel in sorted({one for some in named for one in some})
    }


def _named(level: str, column: str) -> frozenset[str]:
    """The channels that a level names.

    Examples
    --------
    >>> sorted(_named("email+sms", "consent")), sorted(_named("None", "consent"))
    (['email', 'sms'], [])
    >>> sorted(_named("ja", "opt_in"))
    ['Opt in']
    """
    text = level.lower()
    for sign in _BETWEEN:
        text = text.replace(sign, "|")
    parts = [part.strip() for part in text.split("|")]
    channels = [readable(column) if part in _YES else part for part in parts if part and part not in _NO]
    return frozenset(channels)


# --- judging ---------------------------------------------------------------------------------------


def scorecard(
    segments: Sequence[Segment],
    kpis: KpiTable,
    evidence: Evidence,
    cost: float = 0.0,
    thresholds: Thresholds | None = None,
) -> Scorecard:
    """Judge every segment by every criterion.

    Parameters
    ----------
    segments : sequence of Segment
    kpis : KpiTable
        Of the same segments.
    evidence : Evidence
    cost : float
        Of addressing one customer, in the money of the table.
    thresholds : mapping, optional
        Borders other than those of `CHECKS`.

    Returns
    -------
    Scorecard
        Segments of fewer than five customers, and others that would give them away, are held back.

    Raises
    ------
    UnusablePlan
        A border to watch lies above the one to pass, or the cost is below 0.
    """
    checks = checks_with(thresholds or {})
    if not cost >= 0:
        raise UnusablePlan("What addressing a customer costs cannot be below 0.")
    sizes = [kpis.size(segment.key) for segment in segments]
    seen = places_shown(sizes, kpis.size(NO_SEGMENT))
    case = _Case(kpis, evidence, cost)
    judgements = [one for place in seen for one in _judged(segments[place], checks, case)]
    unit = next((row.unit for row in kpis if row.kpi in ("margin", "revenue")), "")
    held_back = sum(size > 0 for size in sizes) - sum(sizes[place] > 0 for place in seen)
    return Scorecard(tuple(segments[place] for place in seen), held_back, tuple(judgements), cost, unit)


def checks_with(thresholds: Thresholds) -> tuple[Check, ...]:
    """`CHECKS` with other borders.

    Raises
    ------
    UnusablePlan
        A border to watch lies above the one to pass.
    """
    return tuple(_bordered(check, thresholds.get(check.key)) for check in CHECKS)


def _bordered(check: Check, borders: tuple[float, float] | None) -> Check:
    if borders is None:
        return check
    if not borders[1] <= borders[0]:
        raise UnusablePlan(
            f"“{check.label}” would have to be watched from {borders[1]:g} and pass from {borders[0]:g}: "
            "the border to watch lies below the one to pass."
        )
    return replace(check, passes_from=borders[0], watched_from=borders[1])


def worst(statuses: Sequence[str]) -> str:
    """The worst of some: fail, then watch, then can't tell.

    Examples
    --------
    >>> worst(["pass", "can't tell"]), worst(["watch", "can't tell"]), worst([])
    ("can't tell", 'watch', "can't tell")
    """
    return next((status for status in _WORST_FIRST if status in statuses), UNTOLD)


@dataclass(frozen=True, eq=False)
class _Case:
    kpis: KpiTable
    evidence: Evidence
    cost: float


def _judged(segment: Segment, checks: Sequence[Check], case: _Case) -> list[Judgement]:
    judgements: list[Judgement] = []
    for criterion in CRITERIA:
        if any(one.status == FAIL and one.criterion.knock_out for one in judgements):
            judgements.append(Judgement(segment, criterion, NOT_JUDGED))
            continue
        own = [check for check in checks if check.criterion == criterion.key]
        findings = tuple(_found(segment.key, check, case) for check in own)
        counted = [one.status for one in findings if one.check.needed or one.status != UNTOLD]
        judgements.append(Judgement(segment, criterion, worst(counted), findings))
    return judgements


def _found(segment: str, check: Check, case: _Case) -> Finding:
    estimate, n, why = _MEASURES[check.key](segment, case)
    if why == DEFINED:
        return Finding(check, estimate, n, PASS, why)
    return Finding(check, estimate, n, _status(check, estimate), why)


def _status(check: Check, estimate: Estimate) -> str:
    if isnan(estimate.value):
        return UNTOLD
    sure = estimate.low if check.cautious else estimate.value
    if sure >= check.passes_from and estimate.value >= check.passes_from:
        return PASS
    return WATCH if estimate.value >= check.watched_from else FAIL


# --- the numbers -----------------------------------------------------------------------------------

Told = tuple[Estimate, int, str]
"""Estimate, customers it rests on, and what is missing or worth a word."""

DEFINED = "defined by a rule"
MEASURING = "being measured"
TOO_FEW = "too few answers"
COST_UNKNOWN = "cost to serve unknown"
FROM_REVENUE = "from revenue"


def _coverage(segment: str, case: _Case) -> Told:
    share = case.evidence.coverage.get(segment, nan)
    why = "" if share == share else "the columns that formed the segments are not in this table"
    return Estimate(share, nan, nan), case.kpis.size(segment), why


def _members(segment: str, case: _Case) -> Told:
    count = case.kpis.size(segment)
    return Estimate(float(count), nan, nan), count, ""


def _revenue_share(segment: str, case: _Case) -> Told:
    return _kpi(segment, "revenue_share", case, "revenue")


def _kpi(segment: str, kpi: str, case: _Case, needs: str) -> Told:
    row = case.kpis.find(segment, kpi)
    if row is None:
        return NOTHING, 0, f"needs {needs}"
    why = TOO_FEW if isnan(row.value) else ""
    return Estimate(row.value, row.low, row.high), row.n, why


def _stability(segment: str, case: _Case) -> Told:
    known, size = case.evidence.stability, case.kpis.size(segment)
    if known is None:
        return NOTHING, size, MEASURING
    if not known:
        return NOTHING, size, DEFINED
    return (
        Estimate(known.get(segment, nan), nan, nan),
        size,
        ("" if segment in known else "nobody of it was drawn"),
    )


def _effect(segment: str, case: _Case) -> Told:
    size, words = case.evidence.traits.get(segment, (0.0, "no trait worth a word"))
    return Estimate(size, nan, nan), case.kpis.size(segment), words


def _profit(segment: str, case: _Case) -> Told:
    """Margin minus cost of addressing; of revenue only where somebody said which part of it is left."""
    if case.kpis.find(segment, "margin") is not None:
        estimate, n, why = _kpi(segment, "margin", case, "")
        return _minus(estimate, 1.0, case.cost), n, why
    estimate, n, why = _kpi(segment, "revenue", case, "revenue and cost to serve")
    left = case.kpis.assumptions.margin
    if why:
        return NOTHING, n, why
    if left == 1.0:
        return NOTHING, n, COST_UNKNOWN
    return _minus(estimate, left, case.cost), n, FROM_REVENUE


def _minus(estimate: Estimate, left: float, cost: float) -> Estimate:
    return Estimate(estimate.value * left - cost, estimate.low * left - cost, estimate.high * left - cost)


def _reachable(segment: str, case: _Case) -> Told:
    known = case.evidence.reach
    if known is None:
        return NOTHING, 0, "needs consent to channels"
    share = known.any.get(segment, NOTHING)
    return share, known.n.get(segment, 0), TOO_FEW if isnan(share.value) else ""


def _recall(segment: str, case: _Case) -> Told:
    share = case.evidence.recall.get(segment, nan)
    return Estimate(share, nan, nan), case.kpis.size(segment), "" if share == share else "no rule finds it"


_MEASURES = {
    "coverage": _coverage,
    "members": _members,
    "revenue_share": _revenue_share,
    "stability": _stability,
    "effect": _effect,
    "profit": _profit,
    "reachable": _reachable,
    "recall": _recall,
}

# --- the tables ------------------------------------------------------------------------------------

CRITERIA = (
    Criterion("measurable", "Measurable", "Is enough known of its customers?", knock_out=True),
    Criterion("substantial", "Substantial", "Is it large enough to matter?", knock_out=True),
    Criterion("distinguishable", "Distinguishable", "Is it a group of its own, and would it be again?"),
    Criterion("profitable", "Profitable", "Is something left after serving and addressing it?"),
    Criterion("accessible", "Accessible", "May it be written to, and can it be found?"),
)

CHECKS = (
    Check(
        "coverage",
        "measurable",
        "Known values",
        "Share of filled cells in the columns that formed the segments.",
        0.8,  # a fifth filled in by medians is what simple imputation bears
        0.5,  # below, most of what places a customer was made up
        "percent",
    ),
    Check(
        "members",
        "substantial",
        "Customers",
        "How many customers it has.",
        100,  # a share is then known to ten points
        SMALLEST_RANKED,
        "count",
    ),
    Check(
        "revenue_share",
        "substantial",
        "Share of revenue",
        "What it brings of all revenue, where that is known.",
        0.05,  # below, no campaign for it alone moves the total by a visible percent
        0.01,
        "percent",
        needed=False,
    ),
    Check(
        "stability",
        "distinguishable",
        "Holds when drawn again",
        "How alike it is when customers are drawn and segmented again: 1 is the same (Hennig 2007).",
        0.75,
        0.60,
        "score",
    ),
    Check(
        "effect",
        "distinguishable",
        "Strongest trait",
        "Size of the difference that sets it apart most: 0.2 is small, 0.5 medium, 0.8 large (Cohen 1988).",
        0.5,
        0.2,
        "score",
    ),
    Check(
        "profit",
        "profitable",
        "Left per customer",
        "Revenue minus cost to serve minus what addressing a customer costs, in the period of the file. "
        "It passes if the whole interval does.",
        0.0,
        0.0,
        "money",
        cautious=True,
    ),
    Check(
        "reachable",
        "accessible",
        "May be written to",
        "Share who agreed to at least one channel; who said nothing did not agree.",
        0.5,  # half of it hears nothing otherwise
        0.25,
        "percent",
    ),
    Check(
        "recall",
        "accessible",
        "Found by its rule",
        "Share of it that a simple rule finds, for advertisers and tools that do not know the segments.",
        0.6,
        0.4,
        "percent",
    ),
)

_BETWEEN = ("+", ",", ";", "/", "&", " and ", " und ", " et ", " y ", " e ", " en ")
_NO = frozenset(
    [word for group in GROUPS for word in group.no]
    + "none nothing opt-out optout unsubscribed refused denied withdrawn revoked keine aucun ninguno nessuno "
    "geen nenhum n/a unknown pending".split()
    + ["no consent", "opted out", "opt out", "not given", "-"]
)
_YES = frozenset(
    [word for group in GROUPS for word in group.yes]
    + "opt-in optin subscribed granted given all agreed consented confirmed".split()
    + ["opted in", "opt in"]
)
