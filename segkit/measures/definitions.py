"""What each KPI means: `KPIS` is the table of all of them; to add one, add a row.

A definition says which roles it needs and what one customer contributes; the estimator makes value, interval
and test from sums of that (`estimates`). A KPI that rests on others names them in `made_of`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from segkit.customers.meanings.roles import NPS_RANGE
from segkit.customers.retention import counted_to
from segkit.customers.table import Column, Customers
from segkit.errors import UnusableColumn
from segkit.labels import listing, readable
from segkit.measures.estimates import MEAN, NPS, RATE, Estimator
from segkit.segments.features import numeric

SATISFIED_FROM = 0.75  # of the way up the scale: 4 and 5 on 1–5
DAYS_A_MONTH = 30.4375  # of the Gregorian calendar, over four years
OWN = "own:"  # in front of the column, in the key of a KPI that a user made


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
    made_of : tuple of str
        KPIs that this one is put together from, see `value`.
    format : str
        How a person reads it: "number", "percent", "points", "money", "score" or "count".
    formula, source : str
        How the value is computed, and what the interval and the test are taken from.
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
    made_of: tuple[str, ...] = ()
    format: str = "percent"
    formula: str = ""
    source: str = ""


# --- values per customer --------------------------------------------------------------------------


def _role(customers: Customers, role: str) -> np.ndarray:
    column = customers.with_role(role)
    assert column is not None  # measure() asks `needs` first
    return numeric(customers.frame[column.name])


def _nps(customers: Customers) -> np.ndarray:
    """Answers 0 to 10; others are set aside."""
    answers = _within(_role(customers, "nps"), *NPS_RANGE)
    uneven = np.abs(answers - np.rint(answers)) > 0
    return np.where(uneven, np.nan, answers) if uneven.any() else answers


def _csat(customers: Customers) -> np.ndarray:
    """Answers on the scale; others are set aside."""
    return _within(_role(customers, "csat"), *csat_scale_of(customers))


def _within(answers: np.ndarray, low: float, high: float) -> np.ndarray:
    """Answers from low to high; where all are, as they nearly always are, they need no copy."""
    least, most = np.fmin.reduce(answers, initial=np.inf), np.fmax.reduce(answers, initial=-np.inf)
    if low <= least and most <= high:
        return answers
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


def _converted(customers: Customers) -> np.ndarray:
    return _role(customers, "converted")


def _revenue(customers: Customers) -> np.ndarray:
    return _role(customers, "revenue")


def _orders(customers: Customers) -> np.ndarray:
    return _role(customers, "orders")


def _cost(customers: Customers) -> np.ndarray:
    return _role(customers, "cost")


def _tickets(customers: Customers) -> np.ndarray:
    return _role(customers, "tickets")


def _margin(customers: Customers) -> np.ndarray:
    return _role(customers, "revenue") - _role(customers, "cost")


def _tenure(customers: Customers) -> np.ndarray:
    """Months from sign-up until the day that counts, or until she left; a later sign-up has no answer."""
    signup, churn = customers.with_role("signup_date"), customers.with_role("churn_date")
    assert signup is not None  # measure() asks `needs` first
    end = np.full(len(customers), counted_to(customers))
    if churn is not None:
        left = customers.frame[churn.name].to_numpy().astype("datetime64[D]")
        end = np.fmin(end, left)
    days = (end - customers.frame[signup.name].to_numpy().astype("datetime64[D]")).astype(float)
    unknown = np.isnat(customers.frame[signup.name].to_numpy())
    return np.where(unknown | (days < 0), np.nan, days / DAYS_A_MONTH)


_T = "t interval of a mean; Welch's test (Welch 1947)"
_WILSON = "Wilson interval of a share (Wilson 1927); two-proportion test"

KPIS = (
    KpiDefinition(
        "size",
        "Customers",
        "Customers in the segment.",
        (),
        "customers",
        _everyone,
        MEAN,
        0,
        format="count",
        formula="number of customers",
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
        formula="customers of the segment / all customers",
        source="Wilson interval of a share (Wilson 1927)",
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
        formula="sum of answers / answers",
        source=_T,
    ),
    KpiDefinition(
        "csat_satisfied",
        "Satisfied",
        "Share of answers at least three quarters up the scale (4 and 5 of 1–5).",
        ("csat",),
        "fraction",
        _satisfied,
        RATE,
        formula="answers from three quarters up the scale / answers",
        source=_WILSON,
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
        formula="100 × (promoters − detractors) / answers of 0 to 10",
        source="Adjusted Wald interval (Rocks 2016); difference of two independent scores",
    ),
    KpiDefinition(
        "retention",
        "Retention",
        "Share of customers who stayed.",
        ("retained",),
        "fraction",
        _retained,
        RATE,
        formula="customers who stayed / customers who could be observed",
        source=_WILSON,
    ),
    KpiDefinition(
        "conversion",
        "Conversion",
        "Share of customers who did what you wanted.",
        ("converted",),
        "fraction",
        _converted,
        RATE,
        formula="customers who converted / customers for whom it is known",
        source=_WILSON,
    ),
    KpiDefinition(
        "revenue",
        "Revenue per customer",
        "Mean revenue of a customer in the period of the file.",
        ("revenue",),
        "money per customer",
        _revenue,
        MEAN,
        format="money",
        formula="sum of revenue / customers with a revenue",
        source=_T,
    ),
    KpiDefinition(
        "revenue_share",
        "Share of revenue",
        "The segment's share of all revenue; its verdict is that of revenue per customer.",
        ("revenue",),
        "fraction",
        _revenue,
        MEAN,
        share_of=True,
        formula="revenue of the segment / all revenue",
        source="Interval of a ratio of two sums (Cochran 1977, ch. 6)",
    ),
    KpiDefinition(
        "orders",
        "Orders per customer",
        "Mean number of orders.",
        ("orders",),
        "orders per customer",
        _orders,
        MEAN,
        format="number",
        formula="sum of orders / customers with a number of orders",
        source=_T,
    ),
    KpiDefinition(
        "repeat_rate",
        "Repeat rate",
        "Share of customers with two orders or more.",
        ("orders",),
        "fraction",
        _repeat,
        RATE,
        formula="customers with two orders or more / customers with a number of orders",
        source=_WILSON,
    ),
    KpiDefinition(
        "tenure",
        "Time with you",
        "Mean months from sign-up until the last day that counts, or until the customer left.",
        ("signup_date",),
        "months",
        _tenure,
        MEAN,
        format="number",
        formula="sum of months / customers with a sign-up date",
        source=_T,
    ),
    KpiDefinition(
        "cost_to_serve",
        "Cost to serve",
        "Mean cost of serving a customer in the period of the file.",
        ("cost",),
        "money per customer",
        _cost,
        MEAN,
        better=-1,
        format="money",
        formula="sum of cost / customers with a cost",
        source=_T,
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
        formula="sum of (revenue − cost) / customers with both",
        source=_T,
    ),
    KpiDefinition(
        "tickets",
        "Tickets per customer",
        "Mean number of support tickets.",
        ("tickets",),
        "tickets per customer",
        _tickets,
        MEAN,
        better=-1,
        format="number",
        formula="sum of tickets / customers with a number of tickets",
        source=_T,
    ),
    KpiDefinition(
        "value",
        "Value of a customer",
        "What a customer brings over some periods, if margin and retention stay as they are: an assumption.",
        ("revenue", "retained"),
        "money per customer",
        _revenue,
        MEAN,
        made_of=("margin", "retention"),
        format="money",
        formula="margin × Σ (retention / (1 + discount))^t, t = 0 … periods − 1",
        source="Gupta & Lehmann 2003; interval put together from its parts (Zou & Donner 2008)",
    ),
)


def _own(customers: Customers, name: str) -> np.ndarray:
    return numeric(customers.frame[name])


def own_kpi(customers: Customers, name: str) -> KpiDefinition:
    """Make a KPI of a column: the mean of a number, the share of yes.

    Raises
    ------
    UnusableColumn
        There is no such column, or it holds neither numbers nor yes and no.
    """
    column = customers.column(name)
    if column is None:
        names = listing([one.name for one in ownable(customers)], 40)
        raise UnusableColumn(f"There is no column “{name}” to make a KPI of. Take one of: {names}.")
    if column not in ownable(customers):
        raise UnusableColumn(
            f"“{name}” cannot be a KPI: it holds neither numbers nor yes and no. Take another column."
        )
    rate, label = column.kind == "yes/no", readable(name)
    money = bool(column.currency)
    return KpiDefinition(
        OWN + name,
        label,
        f"Share of customers with yes in “{name}”." if rate else f"Mean of “{name}”.",
        (name,),
        "fraction" if rate else f"{column.currency} per customer" if money else f"mean of {name}",
        partial(_own, name=name),  # not a lambda: KPI tables go from one process to another
        RATE if rate else MEAN,
        better=0,
        format="percent" if rate else "money" if money else "number",
        formula="customers with yes / customers with an answer" if rate else "sum / customers with a value",
        source=_WILSON if rate else _T,
    )


def ownable(customers: Customers) -> list[Column]:
    """List the columns that a KPI can be made of: numbers and yes/no, nothing personal."""
    return [
        one
        for one in customers.columns
        if one.kind in ("number", "yes/no") and one.use != "id" and not one.hidden
    ]


def find_kpi(key: str) -> KpiDefinition:
    """Look a definition up by its key."""
    return next(definition for definition in KPIS if definition.key == key)


def source_columns(definition: KpiDefinition, customers: Customers) -> tuple[str, ...] | None:
    """Columns a KPI is computed from, directly or through another; None when one is not there."""
    names: list[str] = []
    for need in definition.needs:
        column = customers.column(need) if definition.key.startswith(OWN) else customers.with_role(need)
        if column is None and need == "retained":
            column = customers.with_role("churned")
        if column is None:
            return None
        names += [column.name, *column.derived_from]
    return tuple(names)


def outcome_columns(definitions: Iterable[KpiDefinition], customers: Customers) -> tuple[str, ...]:
    """Columns that some KPIs are computed from; those of a KPI that is not there are none."""
    return tuple(name for one in definitions for name in source_columns(one, customers) or ())


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
