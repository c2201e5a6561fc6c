"""Holdouts: who is left alone so that an action can be judged, and what the action changed.

Who is held out hangs on the customer id and the action alone. So the same customers are held out when the
table is loaded again, in another order or with other customers, a larger share holds out the same and some
more, and two actions hold out independently of each other.

The effect is by intention to treat: everybody who was not held out counts as treated, whether she was reached
or not. Leaving out who was not reached would compare people who are easy to reach with everybody.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan, nan, sqrt

import numpy as np
import pandas as pd
from scipy.special import ndtri

from segkit.customers.table import Customers
from segkit.errors import UnusableColumn
from segkit.measures.definitions import KpiDefinition, source_columns
from segkit.measures.effects import Difference, difference_of
from segkit.measures.estimates import MEAN, NOTHING, NPS, Estimate, Z
from segkit.measures.sums import Groups, Sums, grouped_sums
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN

POWER = 0.8  # the usual chance to see an effect that is there (Cohen 1988)
_SPAN = 2.0**64  # of the hashes


def held_out(ids: pd.Series, action: str, share: float) -> np.ndarray:
    """Say which customers are held out of an action.

    Parameters
    ----------
    ids : pandas.Series of str
        Customer ids; rows with the same id go together, rows without one are never held out.
    action : str
        What names the action.
    share : float
        About this share is held out, 0 to 1.

    Returns
    -------
    bool array

    Notes
    -----
    SipHash-2-4 of the id (Aumasson & Bernstein 2012) under a key made from the action, mixed once more as
    splitmix64 does (Steele, Lea & Flood 2014), as a fraction of its range: the id is held out where that is
    below the share.

    Examples
    --------
    >>> ids = pd.Series(["0001", "0002", "0003", "0004"])
    >>> held_out(ids, "save/S1", 0.5).tolist() == held_out(ids[::-1], "save/S1", 0.5)[::-1].tolist()
    True
    """
    key = hashlib.blake2b(action.encode(), digest_size=8).hexdigest()  # 16 letters, as the hash takes them
    texts = ids.to_numpy(dtype=object)
    places = pd.util.hash_array(texts, hash_key=key, categorize=False).astype(np.float64) / _SPAN
    return (places < share) & (texts != "")


def has_ids(customers: Customers) -> bool:
    """Whether customers have ids of their own; row numbers change when the table is put in another order."""
    return customers.with_role("customer_id") is not None


def drawn_again(
    customers: Customers, ids: pd.Series, action: str, share: float
) -> tuple[np.ndarray, np.ndarray]:
    """Find in another table whom an action was for, and who of them was held out.

    Parameters
    ----------
    customers : Customers
        A later table; who is not in it does not count.
    ids : pandas.Series of str
        Of everybody whom the action was for.
    action, share
        As for `held_out`.

    Returns
    -------
    bool array, bool array
        Rows of the table: for whom it was, and who of these was held out.
    """
    now = customers.ids
    reached = now.isin(ids[ids != ""]).to_numpy()
    return reached, reached & held_out(now, action, share)


# --- what it changed --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arm:
    """One of the two groups: customers of the table, those with a value, and the KPI with its interval."""

    members: int
    answered: int
    estimate: Estimate


@dataclass(frozen=True)
class HoldoutEffect:
    """What an action changed in a KPI.

    Attributes
    ----------
    definition : KpiDefinition
    treated, holdout : Arm
    difference : Difference
        Treated minus holdout.
    verdict : str
        "higher" or "lower" (the treated, reliably: the interval leaves 0 out), "can't tell", or "hidden"
        where a group has fewer than 5 answers: no values then.
    """

    definition: KpiDefinition
    treated: Arm
    holdout: Arm
    difference: Difference
    verdict: str

    @property
    def fewest(self) -> int:
        """Answers of the smaller group."""
        return min(self.treated.answered, self.holdout.answered)


def holdout_effect(
    customers: Customers, definition: KpiDefinition, reached: np.ndarray, held: np.ndarray
) -> HoldoutEffect:
    """Compare the treated with the holdout.

    Parameters
    ----------
    customers : Customers
    definition : KpiDefinition
    reached : bool array
        Whom the action is for.
    held : bool array
        Who is held out, see `held_out`; counts among those who are reached only.

    Raises
    ------
    UnusableColumn
        The KPI's columns are not there.

    Notes
    -----
    The interval is that of `difference_of`: Welch for means, Newcombe's for rates, Rocks' variances for NPS.
    With fewer than 30 answers in a group the verdict is "can't tell".
    """
    return effect_between(definition, *_arms(customers, definition, reached, held))


def effect_between(definition: KpiDefinition, treated: Sums, holdout: Sums) -> HoldoutEffect:
    """Compare the treated with the holdout by the sums of both, as `holdout_effect` does."""
    estimate = definition.estimator.estimate
    fewest = min(treated.answered, holdout.answered)
    one, other = (
        Arm(sums.members, sums.answered, estimate(sums) if fewest >= SMALLEST_SHOWN else NOTHING)
        for sums in (treated, holdout)
    )
    if fewest < SMALLEST_SHOWN:
        return HoldoutEffect(definition, one, other, Difference(nan, nan, nan), "hidden")
    difference = difference_of(definition.estimator, treated, holdout)
    verdict = "can't tell" if fewest < SMALLEST_RANKED else _verdict(difference)
    return HoldoutEffect(definition, one, other, difference, verdict)


def _arms(
    customers: Customers, definition: KpiDefinition, reached: np.ndarray, held: np.ndarray
) -> tuple[Sums, Sums]:
    if source_columns(definition, customers) is None:
        raise UnusableColumn(
            f"This table does not tell {definition.label}. Choose another KPI, or give the column its "
            "meaning on the Data page."
        )
    codes = np.where(reached, held.astype(int), -1)
    parts, _ = grouped_sums(definition.values(customers), Groups.of(codes, 2), definition.estimator.bands)
    return parts[0], parts[1]


def _verdict(difference: Difference) -> str:
    if isnan(difference.low) or difference.low <= 0 <= difference.high:
        return "can't tell"
    return "higher" if difference.value > 0 else "lower"


# --- before it starts -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reckoning:
    """What a holdout will be able to tell.

    Attributes
    ----------
    treated, holdout : int
        Customers of both groups.
    answers : int
        Values that can be expected in the smaller group, if as many answer as now.
    detectable : float
        The smallest difference that would show in four of five cases; NaN where it cannot be told.
    """

    treated: int
    holdout: int
    answers: int
    detectable: float


def reckoning(
    customers: Customers, definition: KpiDefinition, reached: np.ndarray, held: np.ndarray, like: np.ndarray
) -> Reckoning:
    """Reckon which difference a holdout could tell, before anything is done.

    Parameters
    ----------
    customers, definition, reached, held
        As for `holdout_effect`.
    like : bool array
        Customers whose values say how much the KPI differs from one to another: the segment. Those who are
        reached are all still there, so of retention they would say nothing.

    Raises
    ------
    UnusableColumn
        The KPI's columns are not there.

    Notes
    -----
    (z of 97.5 % + z of 80 %) × spread × √(1 / treated + 1 / holdout), counting those who have a value now,
    with the spread of the segment now (Cohen 1988, ch. 2; List, Sadoff & Wagner 2011).
    """
    arms = _arms(customers, definition, reached, held)
    return reckoned(definition, *arms, sums_of(customers, definition, like))


def sums_of(customers: Customers, definition: KpiDefinition, whom: np.ndarray) -> Sums:
    """Sums of a KPI of some customers, given as a bool array."""
    return _arms(customers, definition, whom, np.zeros_like(whom))[0]


def reckoned(definition: KpiDefinition, treated: Sums, holdout: Sums, like: Sums) -> Reckoning:
    """Reckon which difference a holdout could tell by the sums of both groups and of the segment."""
    fewest = min(treated.answered, holdout.answered)
    if fewest < 1:
        return Reckoning(treated.members, holdout.members, fewest, nan)
    parts, spread = 1 / treated.answered + 1 / holdout.answered, _spread(definition, like)
    detectable = (Z + float(ndtri(POWER))) * spread * sqrt(parts)
    return Reckoning(treated.members, holdout.members, fewest, detectable if spread > 0 else nan)


def share_to_tell(
    customers: Customers,
    definition: KpiDefinition,
    reached: np.ndarray,
    action: str,
    shares: Sequence[float],
) -> float:
    """Choose the least of some shares with which both groups have 30 answers; 0 where there is none.

    Parameters
    ----------
    customers, definition, reached
        As for `holdout_effect`.
    action : str
        As for `held_out`.
    shares : sequence of float
        What can be chosen, 0 to 1, ascending.
    """
    ids = customers.ids
    each = (_arms(customers, definition, reached, held_out(ids, action, share)) for share in shares)
    return least_to_tell(each, shares)


def least_to_tell(arms: Iterable[tuple[Sums, Sums]], shares: Sequence[float]) -> float:
    """Choose the least of some shares with which both groups have 30 answers; 0 where there is none."""
    enough = (min(one.answered, other.answered) >= SMALLEST_RANKED for one, other in arms)
    return next((share for share, told in zip(shares, enough, strict=False) if told), 0.0)


def _spread(definition: KpiDefinition, sums: Sums) -> float:
    """Standard deviation of one customer's part in the KPI."""
    if not sums.answered:
        return nan
    if definition.estimator is NPS:
        up, down = sums.high / sums.answered, sums.low / sums.answered
        return 100 * sqrt(max(up + down - (up - down) ** 2, 0.0))
    if definition.estimator is MEAN:
        return sqrt(sums.variance) if sums.answered > 1 else nan
    return sqrt(max(sums.mean * (1 - sums.mean), 0.0))
