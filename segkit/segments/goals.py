"""Goals: what segments are for, and the plan that a good analyst would start from.

A goal prefers some families of dimensions, and may prefer rules to clusters. What the goal wants to compare
(retention, where customers are to be kept) forms no segments, and neither does a column that tells it.
"""

from dataclasses import dataclass

from segkit.customers.meanings.aliases import plain
from segkit.customers.table import Column, Customers
from segkit.errors import UnusablePlan, find_row
from segkit.labels import listing, plural, words
from segkit.segments.conditions import either
from segkit.segments.features import level_counts
from segkit.segments.fitting import fit
from segkit.segments.methods.table import find_method
from segkit.segments.plan import Plan

CLUSTERS = "k-means"
FEWEST_COLUMNS = 2  # one column alone is no reason to look for clusters
MOST_AT_THE_TOP = 0.5  # of the customers; where more than half bring the first 80 %, all are much alike
LEFT_WORDS = {
    "lapsed",
    "churned",
    "lost",
    "former",
    "cancelled",
    "inactive",
    "won back",
    "at risk",
    "dormant",
}
SINCE_WORDS = {"recency", "since", "ago", "inactive"}
LAST_WORDS = {"recency", "inactive", "last", "recent"}


@dataclass(frozen=True)
class Goal:
    """A row of `GOALS`.

    Attributes
    ----------
    key, label : str
        For plans and for people.
    question : str
        What the segments are to answer.
    purpose : str
        The goal inside a sentence, after "to".
    families : tuple of str
        Families of dimensions that form the segments; empty for all.
    rules : tuple of str
        Keys of rule methods to try in turn before clusters.
    compares : tuple of str
        Roles of the outcomes that are looked at, the most telling first.
    because : str
        Why these columns.
    """

    key: str
    label: str
    question: str
    purpose: str
    families: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    compares: tuple[str, ...] = ()
    because: str = ""


GOALS = (
    Goal(
        "explore",
        "Explore",
        "Which kinds of customers are there?",
        "explore",
        compares=("csat", "nps", "retained", "churned", "converted", "revenue"),
        because="All usual columns take part, so that what you do not expect can show.",
    ),
    Goal(
        "serve",
        "Serve better",
        "Who needs which kind of service?",
        "serve customers better",
        ("behavioural", "technographic", "psychographic"),
        compares=("csat", "nps", "tickets"),
        because="What customers do, use and want is what service can answer.",
    ),
    Goal(
        "retain",
        "Retain",
        "Who leaves, and what do they have in common?",
        "retain customers",
        ("behavioural", "journey", "price"),
        compares=("retained", "churned"),
        because="What they do, how far they have come and what they pay can be changed in time.",
    ),
    Goal(
        "grow",
        "Grow value",
        "Who brings most, and who could bring more?",
        "grow value",
        ("behavioural", "price", "psychographic"),
        ("rfm", "value-tiers"),
        ("converted", "csat", "nps", "retained", "churned", "revenue", "orders"),
        "What customers are worth today decides what to offer them next.",
    ),
    Goal(
        "win",
        "Win new customers",
        "Who are our best customers, seen from outside?",
        "win new customers",
        ("demographic", "geographic", "firmographic", "psychographic", "technographic"),
        compares=("converted", "revenue", "retained", "churned"),
        because="These are known of people before they buy, so that others like them can be found.",
    ),
    Goal(
        "support",
        "Allocate support",
        "Where is support worth most?",
        "allocate support",
        ("behavioural", "technographic", "firmographic"),
        ("value-tiers", "price-tiers"),
        ("tickets", "cost", "csat", "nps"),
        "Support goes first to where most is at stake.",
    ),
)

OUTCOMES = {
    "csat": "CSAT",
    "nps": "NPS",
    "retained": "retention",
    "churned": "retention",
    "converted": "conversion",
    "revenue": "revenue",
    "cost": "cost to serve",
    "orders": "orders",
    "tickets": "support tickets",
}
FAMILY_WORDS = {
    "demographic": "who customers are",
    "geographic": "where they live",
    "behavioural": "behaviour",
    "psychographic": "attitudes",
    "technographic": "technology",
    "firmographic": "their company",
    "price": "price",
    "journey": "journey",
    "sentiment": "sentiment",
}
LAST_RESORT = ("rfm", "value-tiers", "sentiment", "stages", "price-tiers")


@dataclass(frozen=True)
class Proposal:
    """A plan, and in one or two sentences what was chosen and why."""

    plan: Plan
    sentence: str


def find_goal(key: str) -> Goal:
    """Look a goal up by its key.

    Raises
    ------
    UnusablePlan
        There is none; the message lists them.
    """
    return find_row(GOALS, key, "goal", "Goals", UnusablePlan)


def proposal(customers: Customers, goal_key: str = "explore") -> Proposal:
    """Propose a plan for a goal from what the table has.

    Parameters
    ----------
    customers : Customers
    goal_key : str
        Key of a row of `GOALS`.

    Returns
    -------
    Proposal
        Its plan fits: rules where the goal has some and the table their columns, else clusters in the goal's
        dimensions, else in all usual ones.

    Raises
    ------
    UnusablePlan
        The goal is unknown, or no method can be used on this table.
    """
    goal = find_goal(goal_key)
    for key in goal.rules:
        if _makes_segments(customers, Plan(method=key, goal=goal.key)):
            return _by_rules(customers, goal, key)
    columns, preferred = _dimensions(customers, goal)
    if columns:
        return _by_clusters(customers, goal, columns, preferred)
    for key in LAST_RESORT:
        if _makes_segments(customers, Plan(method=key, goal=goal.key)):
            return _by_rules(customers, goal, key)
    raise UnusablePlan(
        "No column can form segments by itself, and none means orders, revenue, NPS, CSAT or a plan. "
        "Set what your columns mean on the data page."
    )


def _makes_segments(customers: Customers, plan: Plan) -> bool:
    """Tell whether a rule method can be used here, and tells customers apart."""
    try:
        found = fit(customers, plan)
    except UnusablePlan:
        return False
    top = found.assign(customers).sizes[0] / len(customers)
    return len(found.segments) > 1 and not (plan.method == "value-tiers" and top > MOST_AT_THE_TOP)


# --- dimensions -------------------------------------------------------------------------------------


def _dimensions(customers: Customers, goal: Goal) -> tuple[list[Column], bool]:
    """Choose the dimensions of a goal, and say whether they are of the families it prefers."""
    usual = [column for column in customers.columns if column.name in customers.default_dimensions]
    open_ = [column for column in usual if not _tells(customers, column, goal)]
    preferred = [column for column in open_ if column.family in goal.families]
    if goal.families and len(preferred) >= FEWEST_COLUMNS:
        return preferred, True
    return open_ or usual, not goal.families


def _tells(customers: Customers, column: Column, goal: Goal) -> bool:
    """Tell whether a column says nearly the same as an outcome that the goal compares.

    Computed outcomes name the columns that do. Beside these, how long ago somebody was last there, and a
    stage called "lapsed", tell who stayed.
    """
    if goal.key == "explore":
        return False
    outcomes = [one for role in goal.compares if (one := customers.with_role(role))]
    if any(column.name in one.derived_from for one in outcomes):
        return True
    if not {"retained", "churned"} & {one.role for one in outcomes}:
        return False
    return _says_when_last(column) or _says_who_left(customers, column)


def _says_when_last(column: Column) -> bool:
    parts = set(words(column.name))
    return column.kind == "number" and bool(parts & SINCE_WORDS and parts & LAST_WORDS)


def _says_who_left(customers: Customers, column: Column) -> bool:
    if column.family != "journey" or column.kind != "category":
        return False
    return bool(LEFT_WORDS & {plain(level) for level in level_counts(customers.frame[column.name])})


# --- sentences --------------------------------------------------------------------------------------


def _by_rules(customers: Customers, goal: Goal, key: str) -> Proposal:
    plan = Plan(method=key, goal=goal.key)
    used = fit(customers, plan).tree.names
    sentence = f"To {goal.purpose}, customers are grouped by {BY[key]}; {_compared(customers, goal, used)}."
    return Proposal(plan, f"{sentence} {goal.because}".strip())


BY = {
    "rfm": "how recently, how often and for how much they buy",
    "value-tiers": "how much revenue they bring",
    "price-tiers": "the plan they are on",
    "sentiment": "their answers to NPS and CSAT",
    "stages": "where they are on their way",
}


def _by_clusters(customers: Customers, goal: Goal, columns: list[Column], preferred: bool) -> Proposal:
    names = tuple(column.name for column in columns)
    plan = Plan(names, find_method(CLUSTERS).key, goal=goal.key)
    families = [FAMILY_WORDS[family] for family in FAMILY_WORDS if family in {one.family for one in columns}]
    about = f"{plural(len(columns), 'column')} about {listing(families, len(FAMILY_WORDS))}"
    sentence = f"To {goal.purpose}, segments are formed from {about}; {_compared(customers, goal, names)}."
    if preferred:
        return Proposal(plan, f"{sentence} {goal.because}".strip())
    missing = listing([FAMILY_WORDS[family] for family in goal.families], len(FAMILY_WORDS))
    return Proposal(
        plan, f"{sentence} There are too few columns about {missing} alone, so all usual ones are used."
    )


def _compared(customers: Customers, goal: Goal, used: tuple[str, ...]) -> str:
    """Say which outcomes are left out of the segments."""
    found = {role: customers.with_role(role) for role in goal.compares}
    there = [role for role, column in found.items() if column and column.name not in used]
    if not there:
        wanted = list(dict.fromkeys(OUTCOMES[role] for role in goal.compares if not found[role]))
        return f"no column means {either(wanted)}, so there is nothing of that to compare them by"
    named = list(dict.fromkeys(OUTCOMES[role] for role in there))
    several = len(named) > 1 or named[0].endswith("s")
    return (
        f"{listing(named, len(OUTCOMES))} {'are' if several else 'is'} left out so that "
        f"{'they' if several else 'it'} can be compared"
    )
