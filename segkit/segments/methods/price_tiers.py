"""Price tiers: the plans customers are on, from the cheapest to the dearest."""

import numpy as np

from segkit.customers.table import Column, Customers
from segkit.segments.features import numeric
from segkit.segments.methods.columns import by_value, level_column, levels_of, ranked
from segkit.segments.methods.draft import Draft
from segkit.segments.methods.options import absent
from segkit.segments.plan import Plan
from segkit.segments.watching import Watch

LADDERS = (
    (
        "free/freemium/gratis/none",
        "trial",
        "starter/lite/light/mini/entry",
        "basic/basis/essential/essentials",
        "standard/regular/classic/core",
        "plus/advanced",
        "pro/professional",
        "premium/highend/high end",
        "team/business",
        "enterprise/corporate",
        "ultimate/unlimited",
    ),
    ("bronze/blue/white", "silver", "gold", "platinum", "diamond/black"),
    (
        "daily",
        "weekly",
        "month to month/monthly",
        "quarterly",
        "one year/yearly/annual",
        "two year/two years",
    ),
    ("s", "m", "l", "xl", "xxl"),
    ("small", "medium", "large"),
    ("low", "medium/mid/middle", "high"),
)
"""Words for plans, from the cheapest up; a column is ordered by the ladder that has all its values."""


def price_tiers(customers: Customers, plan: Plan, watch: Watch) -> Draft:
    """Draft one segment per plan tier.

    Parameters
    ----------
    customers : Customers
    plan : Plan
        The option "column" names a column other than the one that means "Plan tier".
    watch : function

    Returns
    -------
    Draft
        In the order of known words (free, basic, plus, pro …), else from the tier with the lowest mean
        revenue up, else by the alphabet.

    Raises
    ------
    UnusablePlan
        There is no plan tier, or it has too many different values.
    """
    watch("Reading the plan tiers", 0.2)
    tiers = level_column(customers, plan, ("plan_tier",))
    if tiers is None:
        raise absent("Price tiers", ("plan_tier",), "column")
    if tiers.kind not in ("category", "text"):
        return by_value(customers, tiers)
    known = ranked(levels_of(customers, tiers), LADDERS)
    return by_value(customers, tiers, known or _by_revenue(customers, tiers))


def _by_revenue(customers: Customers, tiers: Column) -> dict[str, float]:
    """Rank tiers by the mean revenue of their customers; empty where no column means revenue."""
    revenue = customers.with_role("revenue")
    if revenue is None:
        return {}
    levels = customers.frame[tiers.name].astype("category").cat
    amounts, codes = numeric(customers.frame[revenue.name]), levels.codes.to_numpy()
    known = ~np.isnan(amounts) & (codes >= 0)
    order = np.argsort(amounts[known], kind="stable")  # sums in the order of size: rows do not matter
    groups, summed = codes[known][order], amounts[known][order]
    sizes = np.bincount(groups, minlength=len(levels.categories))
    means = np.bincount(groups, summed, minlength=len(levels.categories)) / np.maximum(sizes, 1)
    return {str(level): float(means[place]) for place, level in enumerate(levels.categories) if sizes[place]}
