"""Roles: what a column means, guessed from its name and values, and set by the user.

A role is one word per column. It says whether the column forms segments (the dimension families, plan
tier and journey stage), is an outcome that KPIs are computed from, only describes, or is left out.
`ROLES` is the whole vocabulary; pages, command line and docs iterate it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from segkit.customers.kinds import CODE_WORDS
from segkit.errors import UnusableColumn
from segkit.labels import listing, number, percent, words

FAMILIES = (
    "demographic",
    "geographic",
    "behavioural",
    "psychographic",
    "technographic",
    "firmographic",
    "price",
    "journey",
    "sentiment",
)
CSAT_SCALES = ((1, 5), (1, 7), (0, 10), (0, 100))
NPS_RANGE = (0, 10)
NEARLY_CONSTANT = 0.98  # with fewer others than this leaves, a dimension only isolates exceptions
MOST_DIMENSION_LEVELS = 30
NEAR_UNIQUE = 0.9  # a column where this share of customers has a value of its own names, not groups


@dataclass(frozen=True)
class Role:
    """A row of `ROLES`.

    Attributes
    ----------
    key : str
        The word for the command line and for files.
    label : str
        What a person reads.
    use : str
        "id", "dimension", "outcome", "descriptor" or "none".
    kinds : tuple of str
        The kinds of column it can be given to; empty means all.
    family : str
        The dimension family that the column would belong to, were it a dimension.
    aliases : tuple of str
        Names that suggest it, the most telling first.
    anywhere : bool
        An alias may be a part of the name ("annual income"); otherwise it is the whole name, apart from
        filler words ("total", "number of").
    """

    key: str
    label: str
    use: str
    kinds: tuple[str, ...] = ()
    family: str = ""
    aliases: tuple[str, ...] = ()
    anywhere: bool = False
    help: str = field(default="", compare=False)

    @property
    def single(self) -> bool:
        """Whether only one column can have it: the id, outcomes and the dates with a meaning."""
        return self.use in ("id", "outcome") or self.kinds == ("date",)


FILLERS = frozenset(
    "num number no nr of total n count customer customers client user score rating value flag is has the "
    "current latest overall average avg mean last12m 12m months month label".split()
)


@dataclass(frozen=True)
class Facts:
    """What a guess may look at: name, kind and values of one column."""

    name: str
    kind: str
    values: pd.Series
    distinct: int
    filled: int
    most_common_share: float


@dataclass(frozen=True)
class Guess:
    """A role with the reason for it, in words."""

    role: str
    reason: str


UNTOLD = "the name does not say more"  # why a column counts as behavioural


def find_role(key: str) -> Role:
    """Look a role up by its key.

    Raises
    ------
    UnusableColumn
        There is no such role; the message lists those there are.
    """
    for role in ROLES:
        if role.key == key:
            return role
    raise UnusableColumn(f"“{key}” is no role. Roles are: {listing([role.key for role in ROLES], 40)}.")


def check_role(role: Role, facts: Facts) -> None:
    """Refuse a role that a column cannot have.

    Raises
    ------
    UnusableColumn
        The column's kind or values do not allow it; the message says which would.
    """
    if role.kinds and facts.kind not in role.kinds:
        raise UnusableColumn(
            f"Column “{facts.name}” is read as {facts.kind}; “{role.label}” needs {' or '.join(role.kinds)}. "
            "Change the kind of the column first, or choose another role."
        )
    problem = _CHECKS.get(role.key, lambda facts: "")(facts)
    if problem:
        raise UnusableColumn(f"Column “{facts.name}” cannot be {role.label}: {problem}")


def csat_scale(values: pd.Series) -> tuple[int, int] | None:
    """Find the usual scale that all answers fit: 1–5, 1–7, 0–10 or 0–100.

    Examples
    --------
    >>> csat_scale(pd.Series([1.0, 4.0, 5.0, float("nan")])), csat_scale(pd.Series([0.0, 7.0]))
    ((1, 5), (0, 10))
    """
    low, high = values.min(), values.max()
    return next((scale for scale in CSAT_SCALES if scale[0] <= low and high <= scale[1]), None)


def _csat_problem(facts: Facts) -> str:
    if csat_scale(facts.values) is not None:
        return ""
    return (
        f"its answers run from {number(facts.values.min())} to {number(facts.values.max())}, "
        "which is none of the scales 1–5, 1–7, 0–10, 0–100."
    )


def _nps_problem(facts: Facts) -> str:
    answers = facts.values.dropna()
    valid = answers.between(*NPS_RANGE) & (answers == np.round(answers))
    share = float(valid.mean()) if len(answers) else 0.0
    return "" if share >= 0.5 else f"only {percent(share)} of its answers are whole numbers from 0 to 10."


def _id_problem(facts: Facts) -> str:
    return "" if facts.filled else "it is empty."


_CHECKS: dict[str, Callable[[Facts], str]] = {
    "csat": _csat_problem,
    "nps": _nps_problem,
    "customer_id": _id_problem,
}


def guess_roles(columns: list[Facts]) -> list[Guess]:
    """Guess the role of every column.

    Outcomes and the id go to one column each, to the one whose name says it most plainly; a second one
    describes. What no name explains is behavioural when it can group customers.
    """
    taken = _one_column_roles(columns)
    return [taken.get(place) or _guess(facts) for place, facts in enumerate(columns)]


def _one_column_roles(columns: list[Facts]) -> dict[int, Guess]:
    """Give each role that only one column can have to its best candidate."""
    named = [
        (rank, place, role)
        for role in ROLES
        if role.single
        for place, facts in enumerate(columns)
        if (rank := _alias_rank(role, facts.name)) is not None
    ]
    possible = [one for one in named if _possible(one[2], columns[one[1]])]
    guesses = _owners(sorted(possible, key=lambda one: one[:2]), columns)
    if not any(guess.role == "customer_id" for guess in guesses.values()):
        guesses |= _unnamed_id(columns, guesses)
    misnamed = {
        place: Guess("descriptor", f"named like {role.label.lower()}, but its values do not fit that")
        for _, place, role in named
        if role.use == "outcome" and columns[place].distinct > 1
    }
    return misnamed | guesses


def _owners(candidates: list[tuple[int, int, Role]], columns: list[Facts]) -> dict[int, Guess]:
    guesses: dict[int, Guess] = {}
    owner: dict[str, str] = {}
    for _, place, role in candidates:
        if place in guesses:
            continue
        what = _SAME_KPI.get(role.key, role.key)
        if what in owner:
            reason = f"named like {role.label.lower()}, which comes from “{owner[what]}”"
            guesses[place] = Guess("descriptor", reason)
        else:
            owner[what] = columns[place].name
            reason = f"the name says {role.label.lower()}{_seen(role, columns[place])}"
            guesses[place] = Guess(role.key, reason)
    return guesses


_SAME_KPI = {"churned": "retained"}


def _seen(role: Role, facts: Facts) -> str:
    if role.key == "csat":
        low, high = csat_scale(facts.values) or (0, 0)
        return f"; answers fit the scale {low}–{high}"
    if role.key == "nps":
        return "; answers are whole numbers from 0 to 10"
    if role.key == "churned":
        return f"; “{facts.values.cat.categories[1]}” means not retained"
    return ""


def _unnamed_id(columns: list[Facts], guesses: dict[int, Guess]) -> dict[int, Guess]:
    """Take the first text column with a value of its own for every customer, if its name ends in id."""
    for place, facts in enumerate(columns):
        alone = facts.distinct == facts.filled == len(facts.values)
        if place not in guesses and alone and facts.kind == "text" and words(facts.name)[-1:] == ["id"]:
            return {place: Guess("customer_id", "every customer has a value of its own")}
    return {}


def _possible(role: Role, facts: Facts) -> bool:
    if facts.filled == 0 or (facts.distinct < 2 and role.use == "outcome"):
        return False
    if role.use == "id":
        return facts.distinct >= 0.5 * len(facts.values)
    try:
        check_role(role, facts)
    except UnusableColumn:
        return False
    return True


def _alias_rank(role: Role, name: str) -> int | None:
    """Say how plainly a name says a role: 0 is plainest, None not at all."""
    parts = words(name)
    bare = [part for part in parts if part not in FILLERS]
    forms = {"".join(parts), "".join(bare)}
    for rank, alias in enumerate(role.aliases):
        joined = alias.replace(" ", "")
        if joined in forms or (role.anywhere and _within(alias.split(), parts)):
            return rank
    return None


def _within(alias: list[str], parts: list[str]) -> bool:
    size = len(alias)
    return any(parts[start : start + size] == alias for start in range(len(parts) - size + 1))


def _guess(facts: Facts) -> Guess:
    """Guess among dimensions, descriptors and columns to leave out."""
    unfit = _why_no_dimension(facts)
    if facts.filled == 0:
        return Guess("ignored", "it is empty")
    if facts.distinct == 1:
        return Guess("ignored", "it has only one value")
    if unfit:
        return Guess("descriptor", unfit)
    for role in ROLES:
        if role.use == "descriptor" and _alias_rank(role, facts.name) is not None:
            return Guess(role.key, f"the name says {role.label.lower()}")
    for role in ROLES:
        if role.use == "dimension" and _alias_rank(role, facts.name) is not None and facts.kind in role.kinds:
            return Guess(role.key, "the name says so")
    return Guess("behavioural", UNTOLD)


FEWEST_NUMBERED = 20  # rows from which 1, 2, 3 … without a gap is no accident


def _numbers_rows(facts: Facts) -> bool:
    """Tell whether a column counts the rows: whole numbers without a gap, each once."""
    if facts.kind != "number" or not FEWEST_NUMBERED <= facts.distinct == facts.filled == len(facts.values):
        return False
    low, high = facts.values.min(), facts.values.max()
    return bool(high - low + 1 == facts.distinct and low % 1 == 0)


def without_copies(columns: list[Facts], guesses: list[Guess]) -> list[Guess]:
    """Let a column that only repeats another one, or says the opposite, describe instead of counting twice.

    Outcomes come first, so a copy of an outcome cannot form the segments that are compared by it.
    """
    first: dict[bytes, str] = {}
    kept = list(guesses)
    uses = [find_role(guess.role).use for guess in guesses]
    for use in ("outcome", "dimension"):
        for place, facts in enumerate(columns):
            if uses[place] == use and facts.kind in ("number", "yes/no"):
                for content in _contents(facts):
                    if content in first and use == "dimension" and first[content] != facts.name:
                        kept[place] = Guess("descriptor", f"it says the same as “{first[content]}”")
                    first.setdefault(content, facts.name)
    return kept


def _contents(facts: Facts) -> list[bytes]:
    """Hash the values of a column; for yes/no also with the answers swapped."""
    if facts.kind == "number":
        return [hashlib.blake2b(facts.values.to_numpy().tobytes(), digest_size=16).digest()]
    codes = facts.values.cat.codes.to_numpy()
    swapped = np.where(codes < 0, codes, 1 - codes).astype(codes.dtype)
    return [hashlib.blake2b(one.tobytes(), digest_size=16).digest() for one in (codes, swapped)]


_UNFIT: tuple[tuple[Callable[[Facts], bool], str], ...] = (
    (lambda facts: facts.kind == "date", "a date describes; it does not group"),
    (_numbers_rows, "it only numbers the rows"),
    (lambda facts: facts.kind == "text", "codes and free text describe; they do not group"),
    (
        lambda facts: facts.kind == "category" and facts.distinct > MOST_DIMENSION_LEVELS,
        f"it has more than {MOST_DIMENSION_LEVELS} different values",
    ),
    (
        lambda facts: facts.kind == "category" and facts.distinct > NEAR_UNIQUE * facts.filled,
        "nearly every customer has a value of its own",
    ),
    (
        lambda facts: facts.distinct == facts.filled and bool(set(words(facts.name)) & CODE_WORDS),
        "every customer has a value of its own",
    ),
    (
        lambda facts: facts.most_common_share > NEARLY_CONSTANT,
        f"more than {percent(NEARLY_CONSTANT)} of customers have the same value",
    ),
    (lambda facts: facts.filled < 0.5 * len(facts.values), "it is missing for most customers"),
)


def _why_no_dimension(facts: Facts) -> str:
    return next((reason for applies, reason in _UNFIT if applies(facts)), "")


def _names(listed: str) -> tuple[str, ...]:
    return tuple(listed.split(", "))


_ANY_DIMENSION = ("number", "yes/no", "category")

ROLES = (
    Role(
        "customer_id",
        "Customer id",
        "id",
        (),
        "",
        _names(
            "customer id, customerid, cust id, client id, user id, account id, member id, id, "
            "customer number, customer no, client num, clientnum, uid"
        ),
        help="One value per customer; kept as text.",
    ),
    Role(
        "csat",
        "CSAT",
        "outcome",
        ("number",),
        "sentiment",
        _names("csat, customer satisfaction, satisfaction, satisfaction score, sat score"),
        help="How satisfied she is, on 1–5, 1–7, 0–10 or 0–100.",
    ),
    Role(
        "nps",
        "NPS answer",
        "outcome",
        ("number",),
        "sentiment",
        _names(
            "nps, net promoter, net promoter score, likelihood to recommend, recommend, recommendation, "
            "would recommend"
        ),
        help="How likely she is to recommend you, 0 to 10.",
    ),
    Role(
        "retained",
        "Retained",
        "outcome",
        ("yes/no",),
        "journey",
        _names("retained, retention, renewed, stayed, is active, active, active member, isactivemember"),
        help="Still a customer at the end of the period.",
    ),
    Role(
        "churned",
        "Churned (the inverse of retained)",
        "outcome",
        ("yes/no",),
        "journey",
        _names("churn, churned, exited, attrited, attrition, cancelled, canceled, lost, left"),
        help="No longer a customer at the end of the period.",
    ),
    Role(
        "converted",
        "Converted",
        "outcome",
        ("yes/no",),
        "journey",
        _names(
            "converted, conversion, purchased, purchase, response, responded, accepted, accepted offer, "
            "subscribed, upgraded, bought, personal loan, took offer"
        ),
        help="Did what you wanted: bought, upgraded, said yes.",
    ),
    Role(
        "revenue",
        "Revenue",
        "outcome",
        ("number",),
        "price",
        _names(
            "revenue, annual revenue, monthly revenue, mrr, arr, sales, turnover, monthly charges, "
            "total charges, total spend, total spending, spend, spending, amount spent, amount, monetary, "
            "gmv"
        ),
        help="Money from this customer in the period.",
    ),
    Role(
        "cost",
        "Cost to serve",
        "outcome",
        ("number",),
        "price",
        _names("cost, costs, cost to serve, service cost, servicing cost"),
        help="Money spent on serving this customer in the period.",
    ),
    Role(
        "orders",
        "Orders",
        "outcome",
        ("number",),
        "behavioural",
        _names("orders, order, purchases, transactions, frequency"),
        help="How often she ordered in the period.",
    ),
    Role(
        "tickets",
        "Support tickets",
        "outcome",
        ("number",),
        "behavioural",
        _names("tickets, support tickets, support contacts, support cases, support calls, service calls"),
        help="How often she needed support in the period.",
    ),
    Role(
        "signup_date",
        "Sign-up date",
        "descriptor",
        ("date",),
        "",
        _names(
            "signup date, signup, sign up date, registration date, dt customer, joined, join date, created"
        ),
    ),
    Role(
        "last_activity_date",
        "Last activity date",
        "descriptor",
        ("date",),
        "",
        _names(
            "last activity date, last activity, last order date, last purchase date, last seen, last login"
        ),
    ),
    Role("churn_date", "Churn date", "descriptor", ("date",), "", ("churn date", "cancel date", "end date")),
    Role("renewal_date", "Renewal date", "descriptor", ("date",), "", ("renewal date", "next renewal")),
    Role(
        "birthday",
        "Birthday",
        "descriptor",
        ("date",),
        "",
        ("birthday", "birth date", "date of birth", "dob"),
    ),
    Role(
        "channel_consent",
        "Consent to channels",
        "descriptor",
        _ANY_DIMENSION,
        "",
        _names("channel consent, consent, marketing consent, opt in, optin"),
        anywhere=True,
        help="Where you may write to her.",
    ),
    Role(
        "plan_tier",
        "Plan tier (price)",
        "dimension",
        _ANY_DIMENSION,
        "price",
        _names("plan tier, plan, tier, contract, subscription, subscription type, package, membership"),
        help="The plan or contract she is on.",
    ),
    Role(
        "journey_stage",
        "Journey stage",
        "dimension",
        _ANY_DIMENSION,
        "journey",
        _names("journey stage, lifecycle stage, lifecycle, stage, customer stage"),
        help="Where she is on her way with you.",
    ),
    Role(
        "geographic",
        "Geographic",
        "dimension",
        _ANY_DIMENSION,
        "geographic",
        _names(
            "country, region, state, city, city size, zip, zip code, postcode, province, area, urban, "
            "location, district, territory, geography"
        ),
        anywhere=True,
        help="Where she lives.",
    ),
    Role(
        "firmographic",
        "Firmographic",
        "dimension",
        _ANY_DIMENSION,
        "firmographic",
        _names("industry, company, employees, company size, sector, account type, business, firm, channel"),
        anywhere=True,
        help="What kind of company she buys for.",
    ),
    Role(
        "psychographic",
        "Psychographic",
        "dimension",
        _ANY_DIMENSION,
        "psychographic",
        _names(
            "sensitivity, seeking, attitude, attitudes, lifestyle, interest, interests, motive, values, "
            "opinion, importance, preference, tasty, cheap, expensive, healthy, convenient, spicy"
        ),
        anywhere=True,
        help="What she wants and thinks.",
    ),
    Role(
        "technographic",
        "Technographic",
        "dimension",
        _ANY_DIMENSION,
        "technographic",
        _names(
            "device, app version, os, browser, platform, integration, integrations, internet service, "
            "internet, phone service, multiple lines, online security, online backup, device protection, "
            "tech support, streaming, operating system"
        ),
        anywhere=True,
        help="Which technology she uses.",
    ),
    Role(
        "demographic",
        "Demographic",
        "dimension",
        _ANY_DIMENSION,
        "demographic",
        _names(
            "age, gender, sex, income, education, marital, marital status, married, partner, dependents, "
            "kids, kidhome, teenhome, children, family, household, senior, year birth, birth year, "
            "occupation, profession, experience"
        ),
        anywhere=True,
        help="Who she is.",
    ),
    Role(
        "price",
        "Price",
        "dimension",
        _ANY_DIMENSION,
        "price",
        _names(
            "price, discount, discounts, spend, spending, charges, mnt, basket, coupon, deals, cc avg, "
            "mortgage, billing, payment"
        ),
        anywhere=True,
        help="What she pays and how she reacts to prices.",
    ),
    Role(
        "journey",
        "Journey",
        "dimension",
        _ANY_DIMENSION,
        "journey",
        _names("tenure, acquisition, onboarding, funnel, recency, days since"),
        anywhere=True,
        help="How long and how far she has come with you.",
    ),
    Role(
        "sentiment",
        "Sentiment",
        "dimension",
        _ANY_DIMENSION,
        "sentiment",
        _names("satisfaction, csat, nps, complain, complaint, complaints, like, sentiment"),
        anywhere=True,
        help="How she feels about you.",
    ),
    Role(
        "behavioural",
        "Behavioural",
        "dimension",
        _ANY_DIMENSION,
        "behavioural",
        _names("sessions, visits, usage, visit, purchases, clicks, logins"),
        anywhere=True,
        help="What she does.",
    ),
    Role(
        "descriptor",
        "Describes only",
        "descriptor",
        help="Shown for each segment, but does not form segments.",
    ),
    Role("ignored", "Leave out", "none", help="Not used at all; still part of the downloads."),
)
