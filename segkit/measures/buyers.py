"""Buyers: what is known of each, as the models of `buying_models` want it.

`purchases_of` finds it in a customer table, `purchases` takes arrays, `of_log` makes it from orders.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import nan
from typing import Any

import numpy as np
import pandas as pd

from segkit.customers.meanings.aliases import plain
from segkit.customers.retention import counted_to
from segkit.customers.table import Column, Customers
from segkit.labels import plural
from segkit.segments.features import numeric

Float = np.ndarray
Numbers = Sequence[float] | np.ndarray | pd.Series


@dataclass(frozen=True, eq=False)
class Purchases:
    """What is known of each buyer; one entry a customer, NaN for those who never bought.

    Attributes
    ----------
    frequency : float array
        Purchases after the first; several on one day are one.
    recency, age : float array
        Time from the first purchase to the last, and to the day that counts as today; in `unit`.
    spend : float array
        Mean amount of the purchases in `purchases`; NaN where it is not known.
    purchases : float array
        How many purchases the mean amount is taken over.
    unit : str
        "day", "week", "month" or "year".
    columns : tuple of str
        What it was computed from; segments made of one of these are circular.
    text : str
        What was used, as a sentence.
    cautions : tuple of str
        What the reader should know, one sentence each.
    currency : str
        Of the amounts, where it is known.
    """

    frequency: Float
    recency: Float
    age: Float
    spend: Float
    purchases: Float
    unit: str = "day"
    columns: tuple[str, ...] = ()
    text: str = ""
    cautions: tuple[str, ...] = ()
    currency: str = ""

    @cached_property
    def bought(self) -> Float:
        """Who bought and can be followed, as a bool array."""
        known = ~(np.isnan(self.frequency) | np.isnan(self.recency) | np.isnan(self.age))
        return known & (self.frequency >= 0) & (self.recency >= 0) & (self.age >= self.recency)

    @property
    def span(self) -> float:
        """How far back the first purchase of anybody lies; 0 without buyers."""
        return float(self.age[self.bought].max()) if self.bought.any() else 0.0


def purchases(
    frequency: Numbers,
    recency: Numbers,
    age: Numbers,
    spend: Numbers | None = None,
    counted: Numbers | None = None,
    unit: str = "day",
) -> Purchases:
    """Put what is known of buyers together.

    Parameters
    ----------
    frequency : array of float
        Purchases after the first, one entry a customer; NaN for who never bought.
    recency, age : array of float
        Time from the first purchase to the last and to today.
    spend : array of float, optional
        Mean amount a purchase.
    counted : array of float, optional
        Purchases that this mean is taken over; by default those after the first, as in Fader & Hardie 2013.
    unit : str
        Of the times: "day", "week", "month" or "year".
    """
    x, last, old = (np.asarray(one, dtype=float) for one in (frequency, recency, age))
    amount = np.full(len(x), nan) if spend is None else np.asarray(spend, dtype=float)
    over = x if counted is None else np.asarray(counted, dtype=float)
    unusable = ~((amount > 0) & (over > 0) & np.isfinite(amount))
    return Purchases(x, last, old, np.where(unusable, nan, amount), np.where(unusable, 0.0, over), unit)


def of_log(
    who: Sequence[Any] | np.ndarray | pd.Series,
    days: Sequence[Any] | np.ndarray | pd.Series,
    amounts: Numbers | None = None,
    until: str | np.datetime64 | None = None,
) -> tuple[pd.Index, Purchases, Float]:
    """Sum up a log of orders, one entry an order line.

    Parameters
    ----------
    who, days : sequence
        Customer and day of each line.
    amounts : sequence of float, optional
    until : day, optional
        What lies behind it is held out; by default the last day of the log.

    Returns
    -------
    customers : pandas.Index
        Those who bought until then, in the order of the entries that follow.
    purchases : Purchases
        In days; amounts are means of the purchases after the first.
    later : float array
        Days with a purchase after `until`.
    """
    log_of = pd.DataFrame({"who": who, "day": pd.to_datetime(pd.Series(days)).to_numpy()})
    log_of["amount"] = nan if amounts is None else np.asarray(amounts, dtype=float)
    by_day = log_of.groupby(["who", "day"], sort=True)["amount"].sum(min_count=1).reset_index()
    end = by_day["day"].max() if until is None else pd.Timestamp(until)
    seen = by_day[by_day["day"] <= end]
    grouped = seen.groupby("who", sort=True)
    first, last, count = grouped["day"].min(), grouped["day"].max(), grouped.size()
    repeat = seen[seen["day"].to_numpy() > seen["who"].map(first).to_numpy()]
    mean = repeat.groupby("who")["amount"].mean().reindex(first.index)
    later = by_day[by_day["day"] > end].groupby("who").size().reindex(first.index, fill_value=0)
    made = purchases(
        count.to_numpy() - 1.0, (last - first).dt.days.to_numpy(), (end - first).dt.days.to_numpy(), mean
    )
    return first.index, made, later.to_numpy(dtype=float)


# --- from a customer table ---------------------------------------------------------------------------


def purchases_of(customers: Customers) -> Purchases | None:
    """Find what a customer table tells of each buyer; None where it is not there."""
    return _from_dates(customers) or _from_counts(customers)


_FIRST = re.compile(r"\b(first|erste[rns]?|premier|premiere|primer|primera|primeir[oa]|prim[oa]|eerste)\b")
_LAST = re.compile(r"\b(last|latest|most recent|letzte[rns]?|dernier|derniere|ultim[oa]|laatste)\b")
_ORDER = re.compile(
    r"\b(orders?|purchases?|transactions?|bought|buy|invoices?|bestell\w*|kauf\w*|einkauf\w*|commandes?|"
    r"achats?|pedidos?|compras?|ordin[ei]|acquist[oi]|aankoop|aankopen|encomendas?)\b"
)
WORTH_SAYING = 0.01  # of the buyers; fewer change nothing
_DAYS_COUNTED = "order days"  # a summary of a log may count days with an order; it is exact, orders are not
_COMPANIONS = (  # what a summary of a log says beside its dates, all made of the same orders
    "average_order_value",
    "repeat_buyer",
    "recency_days",
    "tenure_days",
    "items",
)


def _from_dates(customers: Customers) -> Purchases | None:
    """A number of orders with the days of the first and the last one."""
    first, last = (_order_date(customers, which) for which in (_FIRST, _LAST))
    count = _of_the_log(customers, _DAYS_COUNTED) or _of_the_log(customers, "orders")
    count = count or customers.with_role("orders")
    if first is None or last is None or count is None:
        return None
    begun, seen = _day(customers, first), _day(customers, last)
    bought = ~np.isnat(begun) & ~np.isnat(seen) & (seen >= begun)
    orders = np.where(bought, numeric(customers.frame[count.name]), nan)
    bought &= orders >= 1
    if not bought.any():
        return None
    today = _today(customers, seen)
    recency = _days_between(begun, seen, bought)
    exact = _plain(count) == _DAYS_COUNTED
    frequency = np.where(bought, np.minimum(orders - 1, recency), nan)
    frequency = np.where((recency > 0) & (frequency < 1), 1.0, frequency)  # two days need two purchases
    spend = _of_the_log(customers, "revenue") or customers.with_role("revenue")
    paid = numeric(customers.frame[spend.name]) if spend is not None else np.full(len(orders), nan)
    names = [one.name for one in (count, first, last, spend) if one is not None]
    alike = [one for role in ("orders", "revenue") if (one := customers.with_role(role)) is not None]
    beside = [one.name for one in customers.columns if one.name in _COMPANIONS or one in alike]
    made = purchases(
        frequency,
        recency,
        _days_between(begun, np.full(len(begun), today), bought),
        paid / (frequency + 1),
        frequency + 1,
    )
    named = f"From “{count.name}”, “{first.name}” and “{last.name}”"
    return replace(
        made,
        columns=tuple(dict.fromkeys([*names, *beside])),
        text=named + (f", amounts from “{spend.name}”" if spend else "") + f"; as of {today}.",
        cautions=() if exact else _same_day(orders, frequency),
        currency=spend.currency if spend is not None else "",
    )


def _same_day(orders: Float, frequency: Float) -> tuple[str, ...]:
    """Say that orders of one day cannot be told apart where that shows."""
    several = int(np.nansum(orders - 1 > frequency))
    if several < WORTH_SAYING * np.isfinite(frequency).sum():
        return ()
    has = "has" if several == 1 else "have"
    return (
        f"{plural(several, 'customer')} {has} more orders than days to place them on; orders of one day "
        "count as one.",
    )


def _plain(column: Column) -> str:
    return plain(column.name.replace("_", " "))


def _of_the_log(customers: Customers, what: str) -> Column | None:
    """A column that a summary of a log brought; it has the name of its file where the name was taken."""
    named = [
        one
        for one in customers.columns
        if one.kind == "number" and (_plain(one) == what or _plain(one).startswith(f"{what} from "))
    ]
    return named[-1] if named else None


def _order_date(customers: Customers, which: re.Pattern[str]) -> Column | None:
    """A date whose name speaks of the first, or the last, order."""
    named = [
        one
        for one in customers.columns
        if one.kind == "date" and which.search(_plain(one)) and _ORDER.search(_plain(one))
    ]
    return named[-1] if named else None


def _day(customers: Customers, column: Column) -> np.ndarray:
    return customers.frame[column.name].to_numpy().astype("datetime64[D]")


def _days_between(start: np.ndarray, end: np.ndarray, known: np.ndarray) -> Float:
    return np.where(known, (end - start).astype("timedelta64[D]").astype(float), nan)


def _today(customers: Customers, seen: np.ndarray) -> np.datetime64:
    """The day up to which orders are known: by a log's own count of days, else the last one that counts."""
    ago = customers.column("recency_days")
    if ago is not None and ago.kind == "number":
        days = numeric(customers.frame[ago.name])
        known = ~np.isnan(days) & ~np.isnat(seen)
        ends = np.unique(seen[known] + days[known].astype("timedelta64[D]"))
        if len(ends) == 1:
            return ends[0]
    return max(np.nanmax(seen), counted_to(customers))


def _whole(values: Float) -> bool:
    return bool((values[~np.isnan(values)] % 1 == 0).all())


_COUNTS = (("frequency", "recency"), ("x", "t x"))  # names of the papers and packages, beside T
_MEANS = ("monetary value", "monetary", "zbar", "m x")


def _from_counts(customers: Customers) -> Purchases | None:
    """A table made for these models: repeat purchases, time of the last one, and time observed."""
    named = {_plain(one): one for one in customers.columns if one.kind == "number"}
    for names in _COUNTS:
        columns = [named.get(name) for name in (*names, "t")]
        lines = [numeric(customers.frame[one.name]) for one in columns if one is not None]
        if len(lines) == 3 and not (lines[1] > lines[2]).any() and _whole(lines[0]):
            break
    else:
        return None
    mean = next((named[name] for name in _MEANS if name in named), None)
    spend = numeric(customers.frame[mean.name]) if mean is not None else None
    used = [one for one in [*columns, mean] if one is not None]
    unit = "day" if _whole(lines[1]) and _whole(lines[2]) else "week"
    scale = 7.0 if unit == "week" else 1.0
    made = purchases(lines[0], lines[1] * scale, lines[2] * scale, spend)
    listed = ", ".join(f"“{one.name}”" for one in used)
    return replace(
        made,
        columns=tuple(one.name for one in used),
        text=f"From {listed}; times are taken to be in {unit}s.",
        currency=mean.currency if mean is not None else "",
    )
