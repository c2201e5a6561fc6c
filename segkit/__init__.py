"""Customer segments and what they are worth: the library under the dashboard.

Everything that a page shows can be had from a notebook::

    import segkit

    customers = segkit.read("customers.csv")
    plan = segkit.Plan(dimensions=("age", "plan_tier"), n_segments=4)
    segmentation = segkit.segment(customers, plan)
    assignment = segmentation.assign(customers)
    kpis = segkit.measure(customers, assignment)

Names are imported when first used: the process that only reads a file never loads scikit-learn.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segkit.customers.choices import Choices as Choices
    from segkit.customers.reading import read as read
    from segkit.customers.table import Customers as Customers
    from segkit.insights.names import segment as segment
    from segkit.measures.kpis import KpiTable as KpiTable
    from segkit.measures.kpis import measure as measure
    from segkit.segments.fitting import advise as advise
    from segkit.segments.plan import Plan as Plan
    from segkit.segments.segmentation import Assignment as Assignment
    from segkit.segments.segmentation import Segmentation as Segmentation

__version__ = "0.1.0"

_HOMES = {
    "read": "segkit.customers.reading",
    "Choices": "segkit.customers.choices",
    "Customers": "segkit.customers.table",
    "Plan": "segkit.segments.plan",
    "advise": "segkit.segments.fitting",
    "Segmentation": "segkit.segments.segmentation",
    "Assignment": "segkit.segments.segmentation",
    "segment": "segkit.insights.names",
    "measure": "segkit.measures.kpis",
    "KpiTable": "segkit.measures.kpis",
}
__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use (PEP 562)."""
    if name == "errors":
        return import_module("segkit.errors")
    if name not in _HOMES:
        raise AttributeError(f"segkit has no {name!r}; it offers {', '.join(sorted(_HOMES))}")
    return getattr(import_module(_HOMES[name]), name)
