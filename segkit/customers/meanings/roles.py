"""Roles: what a column means, guessed from its name and values, and set by the user.

A role is one word per column. It says whether the column forms segments (the dimension families, plan
tier and journey stage), is an outcome that KPIs are computed from, only describes, or is left out.
`ROLES` is the whole vocabulary; pages, command line and docs iterate it.

A guess has a reason and a confidence: "sure" when name and values agree, "likely" when one of them says it
plainly, "guess" otherwise. What columns are called in which language stands in `aliases`.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from segkit.customers.columns.kinds import CODE_WORDS
from segkit.customers.meanings.aliases import (
    AGE_BANDS,
    LANGUAGES,
    Found,
    NameLookup,
    filler_words,
    is_false_friend,
    listed,
    meant_together,
    name_words,
    values_like,
)
from segkit.customers.meanings.aliases import plain as plain_text
from segkit.customers.meanings.answers import (
    CSAT_SCALES,
    NPS_RANGE,
    QUESTION_RANK,
    RATING_RANK,
    asks_for,
    csat_answers,
    flag_answers,
    nps_answers,
)
from segkit.customers.meanings.personal import personal_kind, sensitive_kind, thing_words
from segkit.errors import UnusableColumn, find_row
from segkit.labels import listing, number, percent, words

__all__ = [
    "CSAT_SCALES",
    "FAMILIES",
    "NPS_RANGE",
    "ROLES",
    "UNTOLD",
    "Facts",
    "Guess",
    "Role",
    "check_role",
    "csat_scale",
    "find_role",
    "guess_roles",
    "without_copies",
]

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
NEARLY_CONSTANT = 0.98  # with fewer others than this leaves, a dimension only isolates exceptions
MOST_DIMENSION_LEVELS = 30
NEAR_UNIQUE = 0.9  # a column where this share of customers has a value of its own names, not groups
MOST_TEXTS = 500


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
        English names beside those in `aliases.LANGUAGES`, the most telling first.
    anywhere : bool
        These may be a part of the name ("annual income"); otherwise they are the whole name, apart from
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


@dataclass(frozen=True)
class Facts:
    """What a guess may look at: name, kind and values of one column.

    Attributes
    ----------
    name, kind : str
    values : pandas.Series
        The converted column.
    distinct, filled : int
        Different values, and rows that have one.
    most_common_share : float
        Of the filled rows.
    texts, counts : tuple
        The most frequent different texts of the cells, stripped, and the rows of each.
    """

    name: str
    kind: str
    values: pd.Series
    distinct: int
    filled: int
    most_common_share: float
    texts: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()

    @cached_property
    def span(self) -> tuple[float, float]:
        """Least and most of a column of numbers, gaps aside."""
        return span_of(self.values)

    def cells(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Texts and counts; taken from the values where they were not given."""
        if self.texts or not self.filled:
            return self.texts, self.counts
        seen = self.values.dropna().astype(str).value_counts().head(MOST_TEXTS)
        return tuple(seen.index), tuple(int(count) for count in seen)


@dataclass(frozen=True)
class Guess:
    """A role with the reason for it in words, and how sure that is: "sure", "likely" or "guess"."""

    role: str
    reason: str
    confidence: str = "guess"


COPY = "it says the same as"  # why a column only describes; the name of the other one follows
UNTOLD = "the name does not say more"  # why a column counts as behavioural


def find_role(key: str) -> Role:
    """Look a role up by its key.

    Raises
    ------
    UnusableColumn
        There is no such role; the message lists those there are.
    """
    return find_row(ROLES, key, "role", "Roles", UnusableColumn)


# --- which roles a column can have ----------------------------------------------------------------


def check_role(role: Role, facts: Facts) -> None:
    """Refuse a role that a column cannot have.

    Raises
    ------
    UnusableColumn
        The column's kind or values do not allow it; the message says which would.
    """
    if role.kinds and facts.kind not in role.kinds:
        needed = listing(list(role.kinds)).replace(" and ", " or ")
        raise UnusableColumn(
            f"Column “{facts.name}” is read as {facts.kind}; “{role.label}” needs {needed}. "
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
    low, high = span_of(values)
    return next((scale for scale in CSAT_SCALES if scale[0] <= low and high <= scale[1]), None)


def span_of(values: pd.Series) -> tuple[float, float]:
    """Least and most of a column of numbers, gaps aside; many times as fast as pandas."""
    numbers = values.to_numpy()
    if not len(numbers):
        return math.nan, math.nan
    return float(np.fmin.reduce(numbers)), float(np.fmax.reduce(numbers))


def _csat_problem(facts: Facts) -> str:
    if facts.kind == "number" and csat_scale(facts.values) is not None:
        return ""
    if csat_answers(facts.name, *facts.cells()) is not None:
        return ""
    if facts.kind != "number":
        return f"its answers are neither on a scale nor words for how satisfied one is ({_held(facts)})."
    return (
        f"its answers run from {number(facts.span[0])} to {number(facts.span[1])}, "
        "which is none of the scales 1–5, 1–7, 0–10, 0–100."
    )


def _nps_problem(facts: Facts) -> str:
    if facts.kind != "number":
        if nps_answers(facts.name, *facts.cells()) is not None:
            return ""
        return f"its answers are neither 0 to 10 nor promoter, passive or detractor ({_held(facts)})."
    answers = facts.values.to_numpy()
    valid = (answers >= NPS_RANGE[0]) & (answers <= NPS_RANGE[1]) & (answers == np.round(answers))
    share = float(valid.sum()) / facts.filled if facts.filled else 0.0
    if share < 0.5:
        return f"only {percent(share)} of its answers are whole numbers from 0 to 10."
    if nps_answers(facts.name, *facts.cells()) is None:
        return "it holds the score from −100 to 100, not answers from 0 to 10."
    return ""


def _flag_problem(role: str, sides: str) -> Callable[[Facts], str]:
    def problem(facts: Facts) -> str:
        if facts.kind == "yes/no" or flag_answers(role, facts.name, *facts.cells()) is not None:
            return ""
        return f"it says neither yes and no nor {sides} ({_held(facts)})."

    return problem


def _held(facts: Facts) -> str:
    return "it holds " + (listing([f"“{text[:30]}”" for text in facts.cells()[0]], 3) or "nothing")


def _id_problem(facts: Facts) -> str:
    return "" if facts.filled else "it is empty."


_CHECKS: dict[str, Callable[[Facts], str]] = {
    "csat": _csat_problem,
    "nps": _nps_problem,
    "retained": _flag_problem("retained", "who stayed and who left"),
    "churned": _flag_problem("churned", "who left and who stayed"),
    "converted": _flag_problem("converted", "how often"),
    "customer_id": _id_problem,
}


# --- what names say -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Seen:
    """A column and what its name says, by role."""

    facts: Facts
    found: Mapping[str, Found]
    words: tuple[str, ...]
    beside: str = ""  # what a name such as "M" stands for beside "R" and "F"

    @property
    def fullness(self) -> float:
        """How much of the name, fillers apart, the longest alias takes."""
        telling = [word for word in self.words if word not in filler_words() and not word[0].isdigit()]
        longest = max((one.size for one in self.found.values()), default=0)
        return min(1.0, longest / max(len(telling), 1))


@lru_cache(maxsize=1)
def _names() -> NameLookup:
    lookup = NameLookup(role.key for role in ROLES if role.kinds == ("date",))
    for language in LANGUAGES:
        for key, texts in language.names.items():
            lookup.add(key, listed(texts), language.name)
        for key, texts in language.parts.items():
            lookup.add(key, listed(texts), language.name, part=True)
    for role in ROLES:
        lookup.add(role.key, role.aliases, "English", part=role.anywhere)
    return lookup


def _looked_at(columns: list[Facts]) -> list[_Seen]:
    beside = meant_together([one.name for one in columns])
    return [_look(one, beside.get(one.name, "")) for one in columns]


def _look(facts: Facts, beside: str) -> _Seen:
    name_parts = name_words(facts.name)
    found = {one.key: one for one in _names().find(beside or facts.name)}
    present = frozenset(name_parts)
    kept = {key: one for key, one in found.items() if not is_false_friend(one, present)}
    asked = asks_for(facts.name)
    if asked is not None and (asked.key not in kept or kept[asked.key].fit == 1):
        kept[asked.key] = asked
    return _Seen(facts, kept, name_parts, beside)


# --- guessing -------------------------------------------------------------------------------------


def guess_roles(columns: list[Facts]) -> list[Guess]:
    """Guess the role of every column.

    Outcomes and the id go to one column each, to the one whose name says it most plainly; a second one
    describes. What no name explains is behavioural when it can group customers.
    """
    seen = _looked_at(columns)
    taken = _one_column_roles(seen)
    return [taken.get(place) or _guess(one) for place, one in enumerate(seen)]


def _one_column_roles(seen: list[_Seen]) -> dict[int, Guess]:
    """Give each role that only one column can have to its best candidate."""
    named = [
        (_plainness(one.found[role.key], one), place, role)
        for role in ROLES
        if role.single
        for place, one in enumerate(seen)
        if role.key in one.found
    ]
    possible = [one for one in named if _possible(one[2], seen[one[1]])]
    guesses = _owners(sorted(possible, key=lambda one: one[:2]), seen)
    if not any("customer_id" in one.found for one in seen):
        guesses |= _unnamed_id(seen, guesses)
    guesses |= _told_by_values(seen, guesses)
    misnamed = {
        place: Guess("descriptor", f"named like {_in_text(role)}, but its values do not fit that", "sure")
        for _, place, role in reversed(named)
        if role.key in _PLAIN_OUTCOMES and _is_plainly(role, seen[place]) and seen[place].facts.distinct > 1
    }
    return misnamed | guesses


def _plainness(found: Found, one: _Seen) -> tuple[int, int, int]:
    """Order names of one role: the plainest first, of several years the latest."""
    year = max((int(word) for word in one.words if _YEAR.fullmatch(word)), default=0)
    return (-found.fit, found.rank + (_BESIDE_RANK if one.beside else 0), -year)


_BESIDE_RANK = 100
_YEAR = re.compile(r"(19|20)\d\d")
_PLAIN_OUTCOMES = ("csat", "nps", "retained", "churned", "converted", "revenue", "cost")


def _in_text(role: Role) -> str:
    """Write a role inside a sentence; abbreviations keep their capitals."""
    first, *rest = role.label.split(" ", 1)
    return " ".join([first if first.isupper() else first.lower(), *rest])


def _is_plainly(role: Role, one: _Seen) -> bool:
    """Tell a name that can hardly mean anything else, so that odd values are odd, from a vague one."""
    found = one.found[role.key]
    return found.fit >= 2 and not found.needs_values


def _owners(candidates: list[tuple[tuple[int, int, int], int, Role]], seen: list[_Seen]) -> dict[int, Guess]:
    guesses: dict[int, Guess] = {}
    owner: dict[str, str] = {}
    for _, place, role in candidates:
        if place in guesses:
            continue
        what = _SAME_KPI.get(role.key, role.key)
        if what in owner:
            reason = f"named like {_in_text(role)}, which comes from “{owner[what]}”"
            guesses[place] = Guess("descriptor", reason, "likely")
        else:
            owner[what] = seen[place].facts.name
            guesses[place] = _named_guess(role, seen[place])
    return guesses


_SAME_KPI = {"churned": "retained"}


def _named_guess(role: Role, one: _Seen) -> Guess:
    """Say why a name means a role, and how sure the values make it."""
    found = one.found[role.key]
    evidence = _EVIDENCE.get(role.key, lambda facts: "")(one.facts)
    reason = _name_says(role, one) + (f"; {evidence}" if evidence else "")
    if found.rank >= RATING_RANK and role.key == "nps":
        reason += "; if it does not ask about recommending you, choose CSAT instead"
        return Guess(role.key, reason, "guess")
    if one.beside:
        return Guess(role.key, reason, "guess")
    sure = found.fit >= 2 and evidence and not found.needs_values
    return Guess(role.key, reason, "sure" if sure else "likely" if found.fit >= 2 or evidence else "guess")


def _name_says(role: Role, one: _Seen) -> str:
    found = one.found[role.key]
    if one.beside:
        return f"beside its neighbours the name stands for {one.beside}"
    if found.rank >= QUESTION_RANK:
        return f"the question asks for {_in_text(role)}"
    foreign = f" ({found.language} “{found.alias}”)" if found.language != "English" else ""
    return f"the name says {_in_text(role)}{foreign}"


def _possible(role: Role, one: _Seen) -> bool:
    facts = one.facts
    if facts.filled == 0 or (facts.distinct < 2 and role.use == "outcome"):
        return False
    if role.use == "id":
        return _fits_id(one)
    fits = _FITS.get(role.key)
    if fits is not None and not fits(one):
        return False
    try:
        check_role(role, facts)
    except UnusableColumn:
        return False
    return True


def _fits_id(one: _Seen) -> bool:
    """Take codes for ids where at most half of the customers share theirs."""
    facts = one.facts
    if facts.kind not in ("text", "number", "category") or facts.distinct < 0.5 * len(facts.values):
        return False
    return not one.found["customer_id"].needs_values or all(map(_CODE.fullmatch, facts.cells()[0]))


_CODE = re.compile(r"(?=\S*\d)\S+")


def _fits_csat(one: _Seen) -> bool:
    """Take a vague name, or a question, for CSAT only where the answers are few and on a short scale."""
    if _is_plainly(find_role("csat"), one) or one.facts.kind != "number":
        return True
    return one.facts.distinct <= _MOST_ANSWERS and one.facts.span[1] <= NPS_RANGE[1]


_MOST_ANSWERS = 101
_OTHER_SCALES = 7  # answers up to 5 or 7 are on a scale of their own: somebody always says 8 or more of 10


def _fits_nps(one: _Seen) -> bool:
    """Take a question about recommending for NPS only where it was not asked on 1 to 5, 1 to 7 or yes and no.

    Only a name that says NPS outright is believed whatever the answers are.
    """
    facts, alias = one.facts, plain_text(one.found["nps"].alias)
    outright = "nps" in alias or "promoter" in alias
    if facts.kind != "number" or outright or facts.filled < FEWEST_NUMBERED:
        return True
    return facts.span[1] > _OTHER_SCALES


def _fits_converted(one: _Seen) -> bool:
    """Count conversions only where the name says so: a number of purchases is a number of orders."""
    found = one.found["converted"]
    if plain_text(found.alias) == "revenue":
        return one.facts.kind == "yes/no"
    return one.facts.kind != "number" or "onv" in found.alias


def _fits_count(one: _Seen) -> bool:
    """Tell how often from which: whole numbers, not one of its own for every customer."""
    facts = one.facts
    if facts.kind != "number" or _numbers_rows(facts):
        return False
    values = facts.values.dropna()
    if not bool((values.head(_ENOUGH_TO_TELL) % 1 == 0).all()):
        return False
    like_ids = facts.distinct > NEAR_UNIQUE * facts.filled and facts.filled >= FEWEST_NUMBERED
    return not (like_ids and values.max() > _MOST_OFTEN)


_ENOUGH_TO_TELL = 1000
_MOST_OFTEN = 10_000  # nobody orders that often; order numbers begin there

_FITS: dict[str, Callable[[_Seen], bool]] = {
    "csat": _fits_csat,
    "nps": _fits_nps,
    "converted": _fits_converted,
    "orders": _fits_count,
    "tickets": _fits_count,
}


# --- what values say ------------------------------------------------------------------------------


def _csat_evidence(facts: Facts) -> str:
    if facts.kind == "number" and (scale := csat_scale(facts.values)) is not None:
        return f"answers fit the scale {scale[0]}–{scale[1]}"
    answers = csat_answers(facts.name, *facts.cells())
    return answers.detail.split(":")[0] if answers else ""


def _nps_evidence(facts: Facts) -> str:
    if facts.kind == "number":
        return "answers are whole numbers from 0 to 10"
    answers = nps_answers(facts.name, *facts.cells())
    return answers.detail.split(":")[0] if answers else ""


def _flag_evidence(role: str, means: str) -> Callable[[Facts], str]:
    def evidence(facts: Facts) -> str:
        if facts.kind == "yes/no":
            return f"“{facts.values.cat.categories[1]}” means {means}"
        flags = flag_answers(role, facts.name, *facts.cells())
        if flags is None:
            return ""
        return flags.detail.replace(f"means {role}", f"means {means}")

    return evidence


def _id_evidence(facts: Facts) -> str:
    return "every customer has a value of its own" if facts.distinct == facts.filled > 1 else ""


def _count_evidence(facts: Facts) -> str:
    return f"whole numbers from {number(facts.span[0])} to {number(facts.span[1])}"


def _money_evidence(facts: Facts) -> str:
    low, high = facts.span
    return f"amounts from {number(low)} to {number(high)}" if facts.distinct > 5 else ""


def _day_evidence(facts: Facts) -> str:
    first, last = facts.values.min(), facts.values.max()
    return f"days from {first:%Y} to {last:%Y}" if facts.filled else ""


_EVIDENCE: dict[str, Callable[[Facts], str]] = {
    "customer_id": _id_evidence,
    "csat": _csat_evidence,
    "nps": _nps_evidence,
    "retained": _flag_evidence("retained", "retained"),
    "churned": _flag_evidence("churned", "not retained"),
    "converted": _flag_evidence("converted", "converted"),
    "revenue": _money_evidence,
    "cost": _money_evidence,
    "orders": _count_evidence,
    "tickets": _count_evidence,
    "signup_date": _day_evidence,
    "last_activity_date": _day_evidence,
    "churn_date": _day_evidence,
    "renewal_date": _day_evidence,
    "birthday": _day_evidence,
}


def _unnamed_id(seen: list[_Seen], guesses: dict[int, Guess]) -> dict[int, Guess]:
    """Take the first text column with a value of its own for every customer, if its name ends in id."""
    for place, one in enumerate(seen):
        facts = one.facts
        alone = facts.distinct == facts.filled == len(facts.values)
        of_a_thing = bool(set(one.words) & thing_words())
        named = one.words[-1:] == ("id",) and not of_a_thing
        if place not in guesses and alone and facts.kind == "text" and named:
            return {place: Guess("customer_id", "every customer has a value of its own", "likely")}
    return {}


def _told_by_values(seen: list[_Seen], guesses: dict[int, Guess]) -> dict[int, Guess]:
    """Find answers and states that no name tells, where the values leave no doubt."""
    owned = {_SAME_KPI.get(guess.role, guess.role): place for place, guess in guesses.items()}
    found: dict[int, Guess] = {}
    for place, one in enumerate(seen):
        if place in guesses or one.facts.kind not in ("category", "text") or one.facts.distinct < 2:
            continue
        told = _told(one)
        if told is None:
            continue
        what = _SAME_KPI.get(told.role, told.role)
        if what in owned:
            from_where = seen[owned[what]].facts.name
            reason = f"answered like {_in_text(find_role(told.role))}, which comes from “{from_where}”"
            told = Guess("descriptor", reason, "likely")
        else:
            owned[what] = place
        found[place] = told
    return found


def _told(one: _Seen) -> Guess | None:
    facts = one.facts
    if facts.distinct > MOST_DIMENSION_LEVELS:
        return None
    texts, counts = facts.cells()
    nps = nps_answers(facts.name, texts, counts)
    if nps and nps.detail.startswith("words") and nps.set_aside <= _FEW * facts.filled:
        return Guess("nps", "its values are promoter, passive and detractor", "likely")
    answers = csat_answers(facts.name, texts, counts)
    if answers and answers.detail.startswith(_CSAT_FORMS) and answers.set_aside <= _FEW * facts.filled:
        return Guess("csat", f"its values are {answers.detail.split(':')[0]}", "likely")
    flags = flag_answers("retained", facts.name, texts, counts)
    if flags and not one.found and flags.set_aside <= 0.5 * facts.filled and {0.0, 1.0} <= set(flags.values):
        return Guess("retained", f"its values say who stayed: {flags.detail}", "likely")
    return None


_FEW = 0.1
_CSAT_FORMS = ("words of satisfaction", "smileys", "stars counted")


def _values_are(facts: Facts) -> tuple[str, str]:
    """Say which role the values of a category speak for, and what they are; empty when unknown."""
    if facts.kind not in ("category", "text") or not 2 <= facts.distinct <= _MOST_KNOWN:
        return "", ""
    what = values_like(*facts.cells(), [what for what, _ in _VALUE_ROLES])
    return (dict(_VALUE_ROLES)[what], what) if what else ("", "")


_MOST_KNOWN = 60
_VALUE_ROLES = (
    ("genders", "demographic"),
    ("marital states", "demographic"),
    ("levels of education", "demographic"),
    ("compass directions", "geographic"),
    ("countries", "geographic"),
    ("country codes", "geographic"),
    ("US states", "geographic"),
    ("devices and systems", "technographic"),
    ("plan tiers", "plan_tier"),
    ("company sizes", "firmographic"),
    ("ways of payment", "price"),
    ("stages", "journey_stage"),
    ("states of an order", "behavioural"),
    (AGE_BANDS, "demographic"),
)


# --- dimensions, descriptors and columns to leave out ---------------------------------------------


def _guess(one: _Seen) -> Guess:
    """Guess among dimensions, descriptors and columns to leave out."""
    facts = one.facts
    if facts.filled == 0:
        return Guess("ignored", "it is empty", "sure")
    if facts.distinct == 1:
        return Guess("ignored", "it has only one value", "sure")
    for look in (_protected, _unfit, _no_attribute, _consent, _dimension):
        guess = look(one)
        if guess is not None:
            return guess
    return Guess("behavioural", UNTOLD, "guess")


def _protected(one: _Seen) -> Guess | None:
    facts = one.facts
    texts, counts = facts.cells()
    kind = personal_kind(facts.name, facts.kind, texts, counts, facts.distinct, facts.filled)
    if kind:
        return Guess("personal", f"it points to persons ({kind})", "likely")
    sensitive = sensitive_kind(facts.name, texts)
    if sensitive:
        return Guess("descriptor", f"it tells about {sensitive}, which the law protects specially", "likely")
    return None


def _unfit(one: _Seen) -> Guess | None:
    reason = _why_no_dimension(one.facts)
    return Guess("descriptor", reason, "sure") if reason else None


def _no_attribute(one: _Seen) -> Guess | None:
    """Find columns that tell what somebody made of the customer, or what became of her."""
    present = set(one.words)
    if "churned" in one.found and not one.found["churned"].needs_values:
        return Guess("descriptor", "it tells about leaving, which segments are compared by", "likely")
    if ("target" in present or one.words in _TARGETS) and one.facts.kind in ("yes/no", "number"):
        reason = "it sounds like what is to be predicted; choose retained, churned or converted if it is"
        return Guess("descriptor", reason, "guess")
    if present & _SPLITS and one.facts.kind in ("yes/no", "category") and one.facts.distinct <= 3:
        return Guess("descriptor", "it splits the rows for an analysis", "guess")
    if present & _GROUPS and _values_are(one.facts)[0] != "firmographic":
        return Guess("descriptor", "it holds segments somebody has made already", "likely")
    return None


_TARGETS = (("outcome",), ("y",))
_SPLITS = frozenset(["validation", "partition", "train", "training", "holdout", "fold", "split"])
_GROUPS = frozenset(["segment", "cluster", "segmento", "segmentation", "kundensegment"])


def _consent(one: _Seen) -> Guess | None:
    found = one.found.get("channel_consent")
    kinds = ("yes/no", "category") if found is not None and found.fit == 1 else ("yes/no",)
    if found is None or one.facts.kind not in kinds:
        return None
    role = find_role("channel_consent")
    return Guess(role.key, _name_says(role, one), "likely" if found.fit == 1 else "guess")


def _dimension(one: _Seen) -> Guess | None:
    """Take the family that the longest part of the name says; the first of `ROLES` where two are as long."""
    values_role, values = _values_are(one.facts)
    named = [
        (found.fit, found.size, -place, role)
        for place, role in enumerate(ROLES)
        if role.use == "dimension" and (found := one.found.get(role.key)) and one.facts.kind in role.kinds
        if _agrees(role, found, one.facts, values_role, values)
    ]
    if named:
        fit, _, _, role = max(named, key=lambda candidate: candidate[:3])
        agree = values_role and find_role(values_role).family == role.family
        plainly = fit >= 2 or one.fullness >= _MUCH_OF_THE_NAME
        confidence = (
            "guess" if one.beside or not (plainly or agree) else "sure" if agree and plainly else "likely"
        )
        return Guess(
            role.key, _name_says(role, one) + (f"; its values are {values}" if agree else ""), confidence
        )
    if values_role and values_role != "behavioural":
        return Guess(values_role, f"its values are {values}", "likely")
    return _item(one)


_MUCH_OF_THE_NAME = 1 / 3


def _agrees(role: Role, found: Found, facts: Facts, values_role: str, values: str) -> bool:
    """Refuse a name that the values contradict, or do not bear out where they must."""
    if role.key in ("geographic", "journey_stage", "plan_tier") and values == "states of an order":
        return False
    if not found.needs_values:
        return True
    if facts.kind == "number":
        return facts.span[0] >= 0 and facts.span[1] <= _OLDEST
    return bool(values_role) and find_role(values_role).family == role.family


_OLDEST = 120


def _item(one: _Seen) -> Guess | None:
    """Tell an item of a questionnaire from its answers, or from being a question about satisfaction."""
    facts = one.facts
    asked = any(key in one.found and one.found[key].rank >= QUESTION_RANK for key in ("csat", "nps"))
    if asked and facts.kind in find_role("sentiment").kinds:
        return Guess("sentiment", "the question asks how people feel about you", "guess")
    if facts.kind != "category" or facts.distinct > _MOST_STEPS:
        return None
    answers = csat_answers(facts.name, *facts.cells())
    if answers is None or answers.set_aside > _FEW * facts.filled:
        return None
    about = answers.detail.split(":")[0]
    if about.startswith("words of agreement"):
        return Guess("psychographic", "its values say how much people agree", "likely")
    return Guess("sentiment", f"its values are {about}", "likely") if about.startswith("words of") else None


_MOST_STEPS = 12
FEWEST_NUMBERED = 20  # rows from which 1, 2, 3 … without a gap is no accident


def _numbers_rows(facts: Facts) -> bool:
    """Tell whether a column counts the rows: whole numbers without a gap, each once."""
    if facts.kind != "number" or not FEWEST_NUMBERED <= facts.distinct == facts.filled == len(facts.values):
        return False
    low, high = facts.span
    return bool(high - low + 1 == facts.distinct and low % 1 == 0)


def without_copies(columns: list[Facts], guesses: list[Guess]) -> list[Guess]:
    """Let a column that only repeats another one, or says the opposite, describe instead of counting twice.

    Outcomes come first, so a copy of an outcome cannot form the segments that are compared by it.
    """
    first: dict[bytes, str] = {}
    kept = list(guesses)
    uses = [find_role(guess.role).use for guess in guesses]
    alike = Counter(map(_counts, columns))
    for use in ("outcome", "dimension"):
        for place, facts in enumerate(columns):
            if uses[place] == use and facts.kind in ("number", "yes/no") and alike[_counts(facts)] > 1:
                for content in _contents(facts):
                    if content in first and use == "dimension" and first[content] != facts.name:
                        kept[place] = Guess("descriptor", f"{COPY} “{first[content]}”", "sure")
                    first.setdefault(content, facts.name)
    return kept


def _counts(facts: Facts) -> tuple[object, ...]:
    """What two columns of the same content have in common, known without looking at it again."""
    return facts.kind, facts.distinct, facts.filled, facts.most_common_share


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


_ANY_DIMENSION = ("number", "yes/no", "category")
_ANSWERS = ("number", "category", "text")
_FLAGS = ("yes/no", "category", "text")

ROLES = (
    Role("customer_id", "Customer id", "id", help="One value per customer; kept as text."),
    Role(
        "csat",
        "CSAT",
        "outcome",
        _ANSWERS,
        "sentiment",
        help="How satisfied she is, on 1–5, 1–7, 0–10 or 0–100; also stars, smileys and words.",
    ),
    Role(
        "nps",
        "NPS answer",
        "outcome",
        _ANSWERS,
        "sentiment",
        help="How likely she is to recommend you, 0 to 10; also promoter, passive, detractor.",
    ),
    Role(
        "retained",
        "Retained",
        "outcome",
        _FLAGS,
        "journey",
        help="Still a customer at the end of the period.",
    ),
    Role(
        "churned",
        "Churned (the inverse of retained)",
        "outcome",
        _FLAGS,
        "journey",
        help="No longer a customer at the end of the period.",
    ),
    Role(
        "converted",
        "Converted",
        "outcome",
        ("yes/no", "number", "category", "text"),
        "journey",
        help="Did what you wanted: bought, upgraded, said yes; of a count, more than 0.",
    ),
    Role(
        "revenue",
        "Revenue",
        "outcome",
        ("number",),
        "price",
        help="Money from this customer in the period.",
    ),
    Role(
        "cost",
        "Cost to serve",
        "outcome",
        ("number",),
        "price",
        help="Money spent on serving this customer in the period.",
    ),
    Role(
        "orders", "Orders", "outcome", ("number",), "behavioural", help="How often she ordered in the period."
    ),
    Role(
        "tickets",
        "Support tickets",
        "outcome",
        ("number",),
        "behavioural",
        help="How often she needed support in the period.",
    ),
    Role("signup_date", "Sign-up date", "descriptor", ("date",)),
    Role("last_activity_date", "Last activity date", "descriptor", ("date",)),
    Role("churn_date", "Churn date", "descriptor", ("date",)),
    Role("renewal_date", "Renewal date", "descriptor", ("date",)),
    Role("birthday", "Birthday", "descriptor", ("date",)),
    Role(
        "channel_consent",
        "Consent to channels",
        "descriptor",
        _ANY_DIMENSION,
        help="Where you may write to her.",
    ),
    Role(
        "plan_tier",
        "Plan tier (price)",
        "dimension",
        _ANY_DIMENSION,
        "price",
        help="The plan or contract she is on.",
    ),
    Role(
        "journey_stage",
        "Journey stage",
        "dimension",
        _ANY_DIMENSION,
        "journey",
        help="Where she is on her way with you.",
    ),
    Role("geographic", "Geographic", "dimension", _ANY_DIMENSION, "geographic", help="Where she lives."),
    Role(
        "firmographic",
        "Firmographic",
        "dimension",
        _ANY_DIMENSION,
        "firmographic",
        help="What kind of company she buys for.",
    ),
    Role(
        "psychographic",
        "Psychographic",
        "dimension",
        _ANY_DIMENSION,
        "psychographic",
        help="What she wants and thinks.",
    ),
    Role(
        "technographic",
        "Technographic",
        "dimension",
        _ANY_DIMENSION,
        "technographic",
        help="Which technology she uses.",
    ),
    Role("demographic", "Demographic", "dimension", _ANY_DIMENSION, "demographic", help="Who she is."),
    Role(
        "price",
        "Price",
        "dimension",
        _ANY_DIMENSION,
        "price",
        help="What she pays and how she reacts to prices.",
    ),
    Role(
        "journey",
        "Journey",
        "dimension",
        _ANY_DIMENSION,
        "journey",
        help="How long and how far she has come with you.",
    ),
    Role("sentiment", "Sentiment", "dimension", _ANY_DIMENSION, "sentiment", help="How she feels about you."),
    Role("behavioural", "Behavioural", "dimension", _ANY_DIMENSION, "behavioural", help="What she does."),
    Role(
        "personal",
        "Personal data",
        "descriptor",
        help="Points to a person: names, e-mails, phones, addresses, free text. Hidden from previews.",
    ),
    Role(
        "descriptor",
        "Describes only",
        "descriptor",
        help="Shown for each segment, but does not form segments.",
    ),
    Role("ignored", "Leave out", "none", help="Not used at all; still part of the downloads."),
)
