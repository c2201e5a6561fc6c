"""Names: two or three words made from what sets a segment apart.

A few common columns have words of their own ("Older" rather than "High age"); everything else is named
by its column or level as it stands in the file.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

from segkit.customers.table import Customers
from segkit.insights.profiles import Trait, profiles
from segkit.labels import in_sentence, readable, words
from segkit.measures.kpis import SMALLEST_SHOWN
from segkit.segments.fitting import fit
from segkit.segments.plan import Plan
from segkit.segments.refining import Refinement, refined
from segkit.segments.segmentation import Assignment, Segmentation
from segkit.segments.watching import Watch, unwatched

LONGEST = 42
MOST_PHRASES = 6
MOSTLY = 0.5  # a level names a segment when at least half of its customers have it

_SPOKEN = {  # words of a column: what high and low (yes and no) are called
    ("age",): ("Older", "Younger"),
    ("year", "birth"): ("Younger", "Older"),
    ("birth", "year"): ("Younger", "Older"),
    ("senior", "citizen"): ("Seniors", "Below senior age"),
    ("experience",): ("Long experience", "Short experience"),
    ("income",): ("High income", "Low income"),
    ("tenure",): ("Long-standing", "New"),
    ("tenure", "months"): ("Long-standing", "New"),
    ("tenure", "days"): ("Long-standing", "New"),
    ("recency",): ("Long absent", "Recently active"),
    ("days", "since", "last", "visit"): ("Long absent", "Recently active"),
    ("partner",): ("With partner", "Without partner"),
    ("dependents",): ("With dependents", "No dependents"),
    ("price", "sensitivity"): ("Price-conscious", "Price-relaxed"),
    ("household", "size"): ("Large households", "Small households"),
    ("family",): ("Large families", "Small families"),
    ("kidhome",): ("Small children at home", "No small children"),
    ("teenhome",): ("Teenagers at home", "No teenagers"),
    ("novelty", "seeking"): ("Novelty seekers", "Creatures of habit"),
    ("convenience", "seeking"): ("Convenience seekers", "Unhurried"),
}
_FILLERS = frozenset(
    "customer client user annual years yrs k usd eur".split()
)  # say nothing about which words
_SPELLED = {"avg": "average", "cmp": "campaign", "amt": "amount", "qty": "quantity", "trans": "transactions"}
_YES, _NO = frozenset(["yes", "true"]), frozenset(["no", "false", "none"])
_DEPENDENT = frozenset(
    "high low medium small large short long other others unknown".split()
)  # need the column
_COUNTS = frozenset("num number nr count".split())  # a column that starts like this counts something
_AMOUNTS = frozenset("mnt amount amt spend spent".split())  # ... and like this, sums money
_BEING = frozenset("is are was".split())
_DOING = frozenset("uses use has have with".split())


def segment(
    customers: Customers,
    plan: Plan | None = None,
    refinements: Sequence[Refinement] = (),
    watch: Watch = unwatched,
) -> Segmentation:
    """Fit a plan, name its segments and refine them.

    Parameters
    ----------
    customers : Customers
    plan : Plan, optional
        By default all dimensions and the recommended number of segments.
    refinements : sequence of mapping, optional
        What is changed by hand, see `segkit.segments.refining`.
    watch : function, optional
        Told of every step and the share that is done; may raise to stop.

    Returns
    -------
    Segmentation

    Raises
    ------
    segkit.errors.UnusablePlan
        The dimensions are not there or do not vary, the method is unknown, or a refinement cannot be made.
    """
    fitted = named(customers, fit(customers, plan or Plan(), watch))
    return refined_and_named(customers, fitted, refinements) if refinements else fitted


def refined_and_named(
    customers: Customers, fitted: Segmentation, refinements: Sequence[Refinement]
) -> Segmentation:
    """Refine segments that have their names, and name those that are new.

    Raises
    ------
    segkit.errors.UnusablePlan
        A refinement cannot be made.
    """
    return named(customers, refined(customers, fitted, refinements))


def named(customers: Customers, segmentation: Segmentation) -> Segmentation:
    """Name the segments that have no name yet by what sets them apart."""
    if all(one.named for one in segmentation.segments):
        return segmentation
    assignment = segmentation.assign(customers)
    return segmentation.renamed(names(assignment, profiles(customers, assignment)))


def names(assignment: Assignment, traits: Mapping[str, list[Trait]]) -> dict[str, str]:
    """Name every segment from its traits (as `profiles` gives them); no two share a name.

    Those that a method or a person named keep their names.
    """
    given = {one.key: one.name for one in assignment.segments if one.named}
    for one, size in zip(assignment.segments, assignment.sizes.tolist(), strict=True):
        if one.named:
            continue
        told = [trait for trait in traits[one.key] if trait.level.lower() != one.within.lower()]
        options = _options(told) or [_nameless(size)]
        if one.within:
            options = [f"{one.within}: {in_sentence(option)}" for option in options]
        fresh = [option for option in options if option not in given.values()]
        given[one.key] = fresh[0] if fresh else f"{options[0]} ({one.name.lower()})"
    return given


def _nameless(size: int) -> str:
    return "Average customers" if size >= SMALLEST_SHOWN else "A handful of customers"


def _options(traits: list[Trait]) -> list[str]:
    """List possible names, the best first: the two largest traits, then other pairs, then one alone.

    Pairs from columns that share a word ("Accepted campaign 5, accepted campaign 1") come after others.
    """
    spoken: dict[str, str] = {}
    for trait in traits:
        phrase = phrase_of(trait)
        if phrase and len(spoken) < MOST_PHRASES:
            spoken.setdefault(phrase, trait.column)
    pairs = sorted(combinations(spoken, 2), key=lambda pair: _alike(spoken[pair[0]], spoken[pair[1]]))
    joined = [_joined(first, second) for first, second in pairs]
    return [name for name in [*joined, *spoken] if len(name) <= LONGEST] or list(spoken)


def _alike(column: str, other: str) -> bool:
    return any(len(word) > 2 for word in set(words(column)) & set(words(other)))


def _joined(first: str, second: str) -> str:
    return f"{first}, {in_sentence(second)}"


def phrase_of(trait: Trait) -> str:
    """Say a trait in two or three words; empty when it does not hold for most of the segment.

    Examples
    --------
    >>> phrase_of(Trait("age", "high", "number", 1.2, 61.0, 43.0))
    'Older'
    >>> phrase_of(Trait("Contract", "Two year", "category", 1.5, 0.9, 0.1))
    'Two year'
    >>> phrase_of(Trait("PhoneService", "no", "yes/no", 2.0, 0.0, 0.9))
    'No phone service'
    """
    up = trait.level in ("high", "yes")
    said = _SPOKEN.get(tuple(word for word in words(trait.column) if word not in _FILLERS))
    if trait.kind == "category":
        return _level_phrase(trait) if trait.here >= MOSTLY else ""
    if trait.kind == "yes/no" and (trait.here if up else 1 - trait.here) < MOSTLY:
        return ""
    if said:
        return said[not up]
    return _number_phrase(trait.column, up) if trait.kind == "number" else _yes_no_phrase(trait.column, up)


def _number_phrase(column: str, up: bool) -> str:
    parts = words(_bare(column))
    many, high = ("Many", "High") if up else ("Few", "Low")
    if len(parts) > 1 and parts[0] in _COUNTS:
        return f"{many} {' '.join(parts[1:])}"
    if len(parts) > 1 and parts[0] in _AMOUNTS:
        return f"{high} spend on {' '.join(parts[1:])}"
    if "per" in parts[1:] and parts[parts.index("per") - 1].endswith("s"):
        return f"{many} {' '.join(parts)}"
    return f"{high} {in_sentence(_bare(column))}"


def _yes_no_phrase(column: str, up: bool) -> str:
    text = _bare(column)
    parts = words(text)
    rest = " ".join(parts[1:])
    if rest and parts[0] in _BEING:
        return rest[0].upper() + rest[1:] if up else f"Not {rest}"
    if up:
        return text
    if len(parts) == 1:
        return f"Not {in_sentence(text)}"
    return f"No {rest if parts[0] in _DOING else in_sentence(text)}"


def _bare(column: str) -> str:
    """Write a column name without its unit, common abbreviations spelled out."""
    text = re.sub(r"\s*\([^()]*\)$", "", readable(column))
    return " ".join(_SPELLED.get(word.lower(), word) for word in text.split())


def _level_phrase(trait: Trait) -> str:
    level, column = trait.level.strip(), _bare(trait.column)
    if level.lower() in _NO:
        return f"No {in_sentence(column)}"
    if level.lower() in _YES:
        return column
    if len(level) < 3 or not any(letter.isalpha() for letter in level):
        return f"{column} {level}"
    whole = f"{level} {in_sentence(column)}" if level.lower() in _DEPENDENT else level
    return whole[0].upper() + whole[1:]
