"""The methods a plan can name."""

from dataclasses import dataclass

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan, find_row
from segkit.segments.methods.clusters import Clusters
from segkit.segments.methods.columns import as_it_is
from segkit.segments.methods.crossing import crossing
from segkit.segments.methods.draft import Draft, Make
from segkit.segments.methods.k_means import k_means, redrawn
from segkit.segments.methods.micro import micro
from segkit.segments.methods.mixtures import latent_class, latent_class_again, mixture, mixture_again
from segkit.segments.methods.own_rules import own_rules
from segkit.segments.methods.price_tiers import price_tiers
from segkit.segments.methods.rfm import rfm
from segkit.segments.methods.sentiment import sentiment
from segkit.segments.methods.stages import stages
from segkit.segments.methods.value_tiers import value_tiers
from segkit.segments.methods.ward import ward, ward_again
from segkit.segments.plan import Plan
from segkit.segments.watching import Watch, unwatched


@dataclass(frozen=True)
class Method:
    """A row of `METHODS`.

    Attributes
    ----------
    key, label, help : str
        For plans and files, for people, and what it does in one sentence.
    kind : str
        "clusters" are found in the dimensions; "rules" follow from what is asked.
    make : function
        Customers and a plan to a draft; a `Clusters` for clusters.
    needs : str
        What the table must have, in words, for rules.
    """

    key: str
    label: str
    help: str
    kind: str
    make: Make
    needs: str = ""

    @property
    def clusters(self) -> Clusters | None:
        """How it fits clusters; None for rules."""
        return self.make if isinstance(self.make, Clusters) else None


def _make(key: str) -> Make:
    """What a method does; methods that are made of others look them up when they are used."""
    return find_method(key).make


METHODS = (
    Method(
        "k-means",
        "Similar customers (k-means)",
        "Groups customers so that those in a segment are as alike as possible.",
        "clusters",
        Clusters(k_means, redrawn),
    ),
    Method(
        "mixture",
        "Overlapping groups (mixture)",
        "Allows for groups of different width, and says how likely each customer is in each of them.",
        "clusters",
        Clusters(mixture, mixture_again, answers=True),
    ),
    Method(
        "latent-class",
        "Answer patterns (latent class)",
        "Made for surveys: finds the kinds of people behind yes/no and multiple-choice answers.",
        "clusters",
        Clusters(latent_class, latent_class_again, answers=True),
    ),
    Method(
        "ward",
        "Tree of groups (Ward)",
        "Joins the customers most alike step by step; the tree shows which groups are close.",
        "clusters",
        Clusters(ward, ward_again),
    ),
    Method(
        "rfm",
        "Recency, frequency, money (RFM)",
        "Champions, loyal customers, those at risk and seven more, by how recently, how often and for how "
        "much customers buy.",
        "rules",
        rfm,
        "the day of the last order or activity, the number of orders, and revenue",
    ),
    Method(
        "value-tiers",
        "Value tiers (ABC)",
        "The few customers who bring most of the money, those who bring the rest, and the others.",
        "rules",
        value_tiers,
        "revenue; for margin, cost to serve too",
    ),
    Method(
        "price-tiers",
        "Price tiers",
        "One segment per plan or contract, from the cheapest to the dearest.",
        "rules",
        price_tiers,
        "a column that means plan tier",
    ),
    Method(
        "sentiment",
        "Sentiment (NPS and CSAT)",
        "Promoters, passives and detractors, each by how satisfied they are.",
        "rules",
        sentiment,
        "NPS or CSAT answers; both is better",
    ),
    Method(
        "stages",
        "Journey stages",
        "Where customers are on their way with you: new, active, at risk, lapsed, won back.",
        "rules",
        stages,
        "a column of journey stages, or the day of the last activity; sign-up and churn dates tell more",
    ),
    Method(
        "column",
        "A column as it is",
        "One segment per value of a column you choose, such as country or account type.",
        "rules",
        as_it_is,
        "a column with at most a few dozen different values",
    ),
    Method(
        "own-rules",
        "Your own rules",
        "Segments you define by conditions; each customer is in the first whose rule she meets.",
        "rules",
        own_rules,
        "the columns that your rules ask for",
    ),
    Method(
        "crossing",
        "Two or three at once (crossing)",
        "Every combination of two or three ways to group customers, such as plan tier by sentiment.",
        "rules",
        lambda customers, plan, watch: crossing(customers, plan, watch, _make),
        "what its parts need",
    ),
    Method(
        "micro",
        "Groups, and clusters inside (micro-segments)",
        "Groups that everybody knows, such as plan tiers, each split into clusters of similar customers.",
        "rules",
        lambda customers, plan, watch: micro(customers, plan, watch, _make),
        "what the groups need, and columns that tell customers inside them apart",
    ),
)


def find_method(key: str) -> Method:
    """Look a method up by its key.

    Raises
    ------
    UnusablePlan
        There is none; the message lists them.
    """
    return find_row(METHODS, key, "method", "Methods", UnusablePlan)


def drafted(customers: Customers, plan: Plan, watch: Watch = unwatched) -> Draft:
    """Let the plan's method draft segments.

    Raises
    ------
    UnusablePlan
        The method is unknown or cannot be used on this table.
    """
    return find_method(plan.method).make(customers, plan, watch)
