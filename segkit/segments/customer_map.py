"""A map of customers: the two directions in which they differ most."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segkit.customers.table import Customers
from segkit.segments.methods.clusters import prepared_for
from segkit.segments.plan import Plan
from segkit.segments.sampling import sampled

MOST_POINTS = 1_000  # 2,000 take a browser without a graphics card a third of a second to draw


@dataclass(frozen=True, eq=False)
class CustomerMap:
    """Points of at most 2,000 customers.

    Attributes
    ----------
    points : pandas.DataFrame
        Columns row (position in the table), x, y.
    explained : float
        Share of all differences that the two directions carry, 0 to 1.
    total : int
        Customers in the table.
    """

    points: pd.DataFrame
    explained: float
    total: int

    @property
    def distinct(self) -> int:
        """How many different places there are."""
        return len(self.points[["x", "y"]].round(6).drop_duplicates())


def customer_map(customers: Customers, plan: Plan) -> CustomerMap:
    """Place customers by the first two principal components of their prepared dimensions.

    The signs are fixed (the largest loading points right and up), so the same plan gives the same map.
    With one dimension only, y is zero.
    """
    ready, _ = prepared_for(customers, plan)
    rows = ready.space
    places = sampled(ready.order(plan.seed), MOST_POINTS)
    centred = rows[places].astype(float) - rows[places].mean(axis=0, dtype=float)
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    axes, sizes = axes[:2], sizes**2
    axes = axes * np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])[:, None]
    xy = centred @ axes.T
    if xy.shape[1] == 1:
        xy = np.column_stack([xy, np.zeros(len(xy))])
    points = pd.DataFrame({"row": places, "x": xy[:, 0], "y": xy[:, 1]})
    return CustomerMap(points, float(sizes[:2].sum() / max(sizes.sum(), 1e-12)), len(rows))
