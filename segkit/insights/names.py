"""Names: two or three words made from what sets a segment apart.

A few common columns have words of their own ("Older" rather than "High age"); everything else is named
by its column or level as it stands in the file.
"""

from segkit.customers.table import Customers
from segkit.insights.profiles import Trait, profiles
from segkit.labels import readable, words
from segkit.segments.fitting import fit
from segkit.segments.plan import Plan
from segkit.segments.segmentation import Assignment, Segmentation

LONGEST = 42
MOSTLY = 0.5  # a level names a segment when at least half of its customers have it

_SPOKEN = {  # words of a column: what high and low (yes and no) are called
    ("age",): ("Older", "Younger"),
    ("year", "birth"): ("Younger", "Older"),
    ("birth", "year"): ("Younger", "Older"),
    ("senior", "citizen"): ("Seniors", "Below senior age"),
    ("income",): ("High income", "Low income"),
    ("tenure",): ("Long-standing", "New"),
    ("tenure", "months"): ("Long-standing", "New"),
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
_YES, _NO = frozenset(["yes", "true"]), frozenset(["no", "false", "none"])
_COUNTS = frozenset("num number nr count".split())  # a column that starts like this counts something
_AMOUNTS = frozenset("mnt amount amt spend spent".split())  # ... and like this, sums money
_VERBS = frozenset("uses use has have is with".split())


def segment(customers: Customers, plan: Plan | None = None) -> Segmentation:
    """Fit a plan and name its segments.

    Parameters
    ----------
    customers : Customers
    plan : Plan, optional
        By default all dimensions and the recommended number of segments.

    Returns
    -------
    Segmentation

    Raises
    ------
    segkit.errors.UnusablePlan
        The dimensions are not there or do not vary, or the method is unknown.
    """
    segmentation = fit(customers, plan or Plan())
    return segmentation.renamed(names(customers, segmentation.assign(customers)))


def names(customers: Customers, assignment: Assignment) -> dict[str, str]:
    """Name every segment from its traits; no two share a name."""
    traits = profiles(customers, assignment)
    given: dict[str, str] = {}
    for one in assignment.segments:
        options = _options(traits[one.key])
        fresh = [option for option in options if option not in given.values()]
        given[one.key] = fresh[0] if fresh else "Average customers" if not options else one.name
    return given


def _options(traits: list[Trait]) -> list[str]:
    """List possible names, the best first: the two largest traits, then other pairs, then one alone."""
    spoken = list(dict.fromkeys(phrase for phrase in map(phrase_of, traits) if phrase))[:6]
    pairs = [_joined(first, second) for place, first in enumerate(spoken) for second in spoken[place + 1 :]]
    return [pair for pair in pairs if len(pair) <= LONGEST] + spoken


def _joined(first: str, second: str) -> str:
    return f"{first}, {_small(second)}"


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
    said = _SPOKEN.get(tuple(words(trait.column)))
    if trait.kind == "category":
        return _level_phrase(trait) if trait.here >= MOSTLY else ""
    if trait.kind == "yes/no" and (trait.here if up else 1 - trait.here) < MOSTLY:
        return ""
    if said:
        return said[not up]
    return _number_phrase(trait.column, up) if trait.kind == "number" else _yes_no_phrase(trait.column, up)


def _number_phrase(column: str, up: bool) -> str:
    parts = words(column)
    if parts[:1] and parts[0] in _COUNTS and len(parts) > 1:
        return f"{'Many' if up else 'Few'} {' '.join(parts[1:])}"
    if parts[:1] and parts[0] in _AMOUNTS and len(parts) > 1:
        return f"{'High' if up else 'Low'} spend on {' '.join(parts[1:])}"
    return f"{'High' if up else 'Low'} {_small(readable(column))}"


def _yes_no_phrase(column: str, up: bool) -> str:
    if up:
        return readable(column)
    parts = words(column)
    bare = (
        readable(" ".join(parts[1:]))
        if parts[:1] and parts[0] in _VERBS and len(parts) > 1
        else readable(column)
    )
    return f"{'Not' if len(parts) == 1 else 'No'} {_small(bare)}"


def _small(text: str) -> str:
    """Start a text small, unless it is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _level_phrase(trait: Trait) -> str:
    level, column = trait.level.strip(), readable(trait.column)
    if level.lower() in _NO:
        return f"No {_small(column)}"
    if level.lower() in _YES:
        return column
    if len(level) < 3 or not any(letter.isalpha() for letter in level):
        return f"{column} {level}"
    return level[0].upper() + level[1:]
