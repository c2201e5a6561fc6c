"""Names: a few words made from what sets a segment apart, as a marketer would say them.

A trait becomes a phrase by the words of its column, its kind and its role: "sessions_per_month" low is "Rare
visitors", "MntWines" high "Big spenders on wine", "plan_tier" "pro" is "Pro plan". A name joins the two
strongest traits that have words ("Price-conscious discount buyers", "Big spenders on fish and meat"). What is
only a code ("rcode", "M", level "2") is passed over for the next trait; where nothing has words, a segment is
"Group 3".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from textwrap import shorten

from segkit.customers.table import Customers
from segkit.insights.profiles import Trait, profiles
from segkit.labels import in_sentence, quantity, readable, words
from segkit.measures.kpis import SMALLEST_SHOWN
from segkit.segments.fitting import fit
from segkit.segments.plan import Plan
from segkit.segments.refining import Refinement, refined
from segkit.segments.segmentation import Assignment, Segmentation
from segkit.segments.watching import Watch, unwatched

LONGEST = 42
MOST_PHRASES = 6
MOSTLY = 0.5  # a level names a segment when at least half of its customers have it
FAR_BEHIND = 0.3  # of the strongest trait: a second one weaker than this says too little to be in a name
COMMON = 0.6  # what so many of the others have or lack too tells nobody whom a name is about


@dataclass(frozen=True)
class Phrase:
    """What a trait is called.

    Attributes
    ----------
    pattern : str
        With {} where the thing stands that is many or few, liked or owned: two phrases of one pattern are
        said together.
    thing : str
        Empty for what stands for itself ("Older").
    form : str
        "adjective" ("Older"), "people" ("Rare visitors") or "" for anything else ("High income").
    """

    pattern: str
    thing: str = ""
    form: str = ""

    @property
    def text(self) -> str:
        """The phrase as it stands alone or first."""
        said = self.pattern.format(self.thing) if self.thing else self.pattern
        return said if said[1:2].isupper() else said[:1].upper() + said[1:]


NOTHING = Phrase("")
Spoken = tuple[Trait, Phrase]


# --- naming segments ------------------------------------------------------------------------------


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
    spelled = _spelled_out(traits)
    told = {
        one.key: [trait for trait in spelled[one.key] if trait.level.lower() != one.within.lower()]
        for one in assignment.segments
    }
    options = {key: _options(some) for key, some in told.items() if key not in given}
    for place, (one, size) in enumerate(zip(assignment.segments, assignment.sizes.tolist(), strict=True), 1):
        if one.named:
            continue
        plain = options[one.key] or [_nameless(size, place, told[one.key])]
        ranked = _most_of_all(one.key, plain, options, told)
        choice = [f"{one.within}: {in_sentence(option)}" for option in ranked] if one.within else ranked
        fresh = [option for option in choice if option not in given.values()]
        given[one.key] = fresh[0] if fresh else f"{choice[0]} ({one.name.lower()})"
    return given


def _spelled_out(traits: Mapping[str, list[Trait]]) -> dict[str, list[Trait]]:
    """Write R, F and M as what they stand for where all three are there."""
    letters = {trait.column for some in traits.values() for trait in some}
    if not {"r", "f", "m"} <= {column.lower() for column in letters}:
        return dict(traits)
    return {key: [_of_rfm(trait) for trait in some] for key, some in traits.items()}


def _of_rfm(trait: Trait) -> Trait:
    return replace(trait, column=_RFM.get(trait.column.lower(), trait.column))


def _nameless(size: int, place: int, traits: list[Trait]) -> str:
    if size < SMALLEST_SHOWN:
        return "A handful of customers"
    return f"Group {place}" if traits else "Average customers"


def _most_of_all(
    key: str, plain: list[str], options: Mapping[str, list[str]], told: Mapping[str, list[Trait]]
) -> list[str]:
    """Say the strongest of several segments that have one name only, and the same, by its degree.

    A segment in between is told by its mean.
    """
    alike = [other for other, some in options.items() if some == plain]
    if len(plain) > 1 or len(alike) < 2 or not told[key] or told[key][0].kind != "number":
        return plain
    lead = {other: told[other][0] for other in alike}
    extreme = max if lead[key].level == "high" else min
    if lead[key].here == extreme(trait.here for trait in lead.values()):
        return [_strongest(plain[0]), *plain]
    return [*plain, f"{plain[0]}, around {quantity(lead[key].column, lead[key].here)}"]


def _strongest(phrase: str) -> str:
    """Put a phrase into its highest degree.

    Examples
    --------
    >>> _strongest("Rare visitors"), _strongest("Older customers"), _strongest("Weekend shoppers")
    ('Rarest visitors', 'Oldest customers', 'Keenest weekend shoppers')
    """
    first, _, rest = phrase.partition(" ")
    if first in _DEGREES:
        return f"{_DEGREES[first]} {rest}".strip()
    return f"Keenest {in_sentence(phrase)}" if phrase.endswith(_KEEN) else f"{phrase} most of all"


# --- joining phrases ------------------------------------------------------------------------------


def _options(traits: list[Trait]) -> list[str]:
    """List possible names, the best first: the strongest trait with the next one, or with another, or alone.

    Traits of columns that share a word, or say the same the other way round, come after others. What most of
    the others have or lack as well names a segment only where nothing else does, and so does a code with a
    word in front ("Channel 2").
    """
    spoken = _spoken(traits)
    if not spoken:
        return [coded for trait in traits if (coded := _coded(trait))][:1]
    lead, *others = spoken
    near = [one for one in others if one[0].effect >= FAR_BEHIND * lead[0].effect and not _is_common(one[0])]
    partners = sorted(near, key=lambda one: _alike(lead, one))
    common = [one for one in others if _is_common(one[0])]
    alone = [_alone(phrase) for _, phrase in spoken]
    every = [
        *(_joined(lead[1], one[1]) for one in partners),
        alone[0],
        *(_joined(lead[1], one[1]) for one in common),
        *alone[1:],
        *(_joined(one[1], other[1]) for one, other in combinations(others, 2)),
    ]
    short = [name for name in every if len(name) <= LONGEST]
    return list(dict.fromkeys(short or [shorten(name, LONGEST, placeholder=" …") for name in alone]))


def _spoken(traits: list[Trait]) -> list[Spoken]:
    """The traits that have words, no two with the same; what most others share comes last."""
    found: dict[str, Spoken] = {}
    for trait in sorted(traits, key=_is_common):
        phrase = _phrase(trait)
        if phrase.text and len(found) < MOST_PHRASES:
            found.setdefault(phrase.text, (trait, phrase))
    return list(found.values())


def _is_common(trait: Trait) -> bool:
    """Whether most of the others are alike in this."""
    if trait.kind == "number":
        return False
    return (1 - trait.elsewhere if trait.level == "no" else trait.elsewhere) >= COMMON


def _alike(one: Spoken, other: Spoken) -> bool:
    shared = set(words(_bare(one[0].column))) & set(words(_bare(other[0].column))) - _AMOUNTS - {"products"}
    opposed = frozenset((one[1].thing, other[1].thing)) in _OPPOSITES
    return opposed or any(len(word) > 2 for word in shared)


def _alone(phrase: Phrase) -> str:
    return f"{phrase.text} customers" if phrase.form == "adjective" else phrase.text


def _joined(first: Phrase, second: Phrase) -> str:
    """Say two traits in one breath.

    Examples
    --------
    >>> _joined(Phrase("Big spenders on {}", "fish"), Phrase("Big spenders on {}", "meat"))
    'Big spenders on fish and meat'
    >>> _joined(Phrase("Discount buyers", "", "people"), Phrase("Price-conscious", "", "adjective"))
    'Price-conscious discount buyers'
    >>> _joined(Phrase("High {}", "income"), Phrase("New", "", "adjective"))
    'New customers, high income'
    """
    if {first.pattern, second.pattern} <= {_LIKED, _DISLIKED}:
        return _judged(first, second)
    if first.thing and first.pattern == second.pattern:
        link = "or" if first.pattern.startswith("No ") else "and"
        return Phrase(first.pattern, _together(first.thing, link, second.thing)).text
    plain = f"{first.text}, {in_sentence(second.text)}"
    forms = {first.form, second.form}
    if "adjective" not in forms or forms == {"adjective"}:
        return plain
    how, who = (first, second) if first.form == "adjective" else (second, first)
    if who.form == "people":
        return f"{how.text} {in_sentence(who.text)}"
    long = f"{how.text} customers, {in_sentence(who.text)}"
    return long if len(long) <= LONGEST else plain


def _together(first: str, link: str, second: str) -> str:
    """Say a word that both end in only once: "cook and child books"."""
    start, _, end = first.rpartition(" ")
    shared = start and second.endswith(f" {end}")
    return f"{start if shared else first} {link} {second}"


def _judged(first: Phrase, second: Phrase) -> str:
    """Say two judgements: what customers find it to be, then what they do not."""
    if first.pattern != second.pattern:
        liked, other = (first, second) if first.pattern == _LIKED else (second, first)
        return f"{liked.text}, not {other.thing}"
    if first.pattern == _LIKED:
        return Phrase(_LIKED, f"{first.thing} and {second.thing}").text
    return f"Find it neither {first.thing} nor {second.thing}"


# --- one trait ------------------------------------------------------------------------------------


def phrase_of(trait: Trait) -> str:
    """Say a trait in two or three words; empty when it has none, or does not hold for most of the segment.

    Examples
    --------
    >>> phrase_of(Trait("age", "high", "number", 1.2, 61.0, 43.0))
    'Older'
    >>> phrase_of(Trait("sessions_per_month", "low", "number", 1.2, 2.0, 9.0))
    'Rare visitors'
    >>> phrase_of(Trait("Contract", "Two year", "category", 1.5, 0.9, 0.1))
    'Two year contract'
    >>> phrase_of(Trait("PhoneService", "no", "yes/no", 2.0, 0.0, 0.9))
    'No phone service'
    >>> phrase_of(Trait("Rcode", "high", "number", 2.0, 3.9, 2.8))
    ''
    """
    return _phrase(trait).text


def _phrase(trait: Trait) -> Phrase:
    up = trait.level in ("high", "yes")
    if trait.kind == "category":
        return _level_phrase(trait) if trait.here >= MOSTLY else NOTHING
    if trait.kind == "yes/no" and (trait.here if up else 1 - trait.here) < MOSTLY:
        return NOTHING
    parts = [word for word in words(_bare(trait.column)) if word not in _FILLERS]
    said = _SPOKEN.get(tuple(parts)) or _BY_ROLE.get(trait.role)
    if said:
        return said[not up]
    if _is_code(trait.column):
        return NOTHING
    asked = _asked(trait.column, up)
    if asked.text:
        return asked
    if trait.kind == "number":
        return _number_phrase(_bare(trait.column), up)
    return _yes_no_phrase(trait.column, up)


def _is_code(column: str) -> bool:
    """Whether a name has no word: a letter or two, digits, or something that ends in "code".

    Examples
    --------
    >>> [_is_code(name) for name in ("M", "x7", "Rcode", "CLV", "milk", "年龄")]
    [True, True, True, False, False, False]
    """
    parts = [part for part in re.split(r"[\W\d_]+", _bare(column)) if part]
    told = [part for part in parts if _is_word(part)]
    return not told or told[-1].lower().endswith(("code", "codes")) or parts[-1].lower() in _CODES


def _is_word(part: str) -> bool:
    """Three letters with a vowel, or in capitals ("CLV"); in other alphabets fewer may be a word."""
    if not part.isascii():
        return True
    return len(part) > 2 and (part.isupper() or bool(set(part.lower()) & set("aeiouy")))


def _asked(column: str, up: bool) -> Phrase:
    """Say the answer to a question of a survey; nothing for other names.

    Examples
    --------
    >>> _asked("How satisfied are you with our delivery?", up=False).text
    'Less satisfied with delivery'
    """
    text = " ".join(column.strip(" ?.:").split()).lower()
    for start, (high, low) in _QUESTIONS:
        found = re.match(start, text)
        if found and text[found.end() :]:
            return Phrase(high if up else low, text[found.end() :])
    return NOTHING


def _number_phrase(bare: str, up: bool) -> Phrase:
    """Say that a number is high or low."""
    parts = _without_period(words(bare))
    parts = [word for word in parts if not word.isdigit() and word not in _FILLERS] or parts
    counted = parts[0] in _COUNTS and len(parts) > 1
    if counted:
        parts = parts[1:]
    if len(parts) > 1 and parts[0] in _AMOUNTS and parts[-1] not in _SCALES:
        thing = _thing(parts[1:])
        return Phrase("Big spenders on {}" if up else "Spend little on {}", thing, "people" if up else "")
    if parts[-1] in _TIMED and {"first", "last"} & {*parts}:
        return NOTHING  # a time without its unit: neither high nor low can be said
    if parts[-1] == "share":
        return _share_phrase(parts, up)
    if parts[-1] in _DOERS:
        doers = _DOERS[parts[-1]]
        of = " ".join(_singular(word) for word in parts[:-1])
        who = f"{of} {doers}".strip()
        return Phrase("Frequent {}" if up else "Rare {}", who, "people")
    last = _PLURALS.get(parts[-1], parts[-1])
    thing = " ".join([*parts[:-1], last])
    if any(_singular(word) in _GOODS for word in parts):
        return Phrase("Big on {}" if up else "Light on {}", _thing(parts))
    if counted or "per" in parts[1:] or last in _COUNTABLE:
        return Phrase("Many {}" if up else "Few {}", thing)
    return Phrase("High {}" if up else "Low {}", _as_written(bare, parts))


def _as_written(bare: str, parts: list[str]) -> str:
    """Some words of a name with the capitals that they have there."""
    written = {word.lower(): word for word in in_sentence(bare).split()}
    return " ".join(written.get(word, word) for word in parts)


def _share_phrase(parts: list[str], up: bool) -> Phrase:
    of = parts[:-1]
    if len(of) == 1 and of[0] in _TIMES:
        return Phrase(f"{of[0]} shoppers" if up else _TIMES[of[0]], "", "people")
    if len(of) == 1 and of[0] in _OFFERS:
        return Phrase(f"{of[0]} buyers" if up else f"Few {of[0]}s", "", "people" if up else "")
    if len(of) > 1 and of[-1] in ("used", "use", "usage"):
        return Phrase("Use many {}" if up else "Use few {}", " ".join(of[:-1]))
    return Phrase("High {}" if up else "Low {}", " ".join(parts))


def _without_period(parts: list[str]) -> list[str]:
    """Leave out the period that a number is counted over: "visits month", "miles 12 mo", "per month"."""
    kept = list(parts)
    while len(kept) > 1 and (kept[-1] in _PERIODS or kept[-1].isdigit() or re.fullmatch(r"\d+mo?", kept[-1])):
        kept.pop()
        if len(kept) > 1 and kept[-1] == "per":
            kept.pop()
    return kept


def _thing(parts: list[str]) -> str:
    """What is bought: "meat", "wine", "sweet products"."""
    if len(parts) > 1 and parts[-1] in ("products", "prods", "product", "items"):
        parts = [*parts[:-1], "products"] if parts[-2] in _ADJECTIVES else parts[:-1]
    return " ".join([*parts[:-1], _UNCOUNTED.get(parts[-1], parts[-1])])


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _yes_no_phrase(column: str, up: bool) -> Phrase:
    text = _bare(column)
    parts = words(text)
    rest = " ".join(parts[1:])
    if not rest and parts[0] in _JUDGEMENTS:
        return Phrase(_LIKED if up else _DISLIKED, parts[0])
    if rest and parts[0] in _BEING:
        return Phrase("{}" if up else "Not {}", _plural(rest), "people")
    if rest and parts[0] in ("uses", "use", "used"):
        users = f"{' '.join(_singular(word) for word in parts[1:])} users"
        return Phrase(users[:1].upper() + users[1:], "", "people") if up else Phrase("No {}", rest)
    if rest and parts[0] in _DOING:
        return Phrase("With {}" if up else "No {}", rest)
    if rest and parts[0] in _ANSWERING:
        what = " ".join(parts[1:])
        return Phrase("{} responders" if up else "Did not respond to {}", what, "people" if up else "")
    if parts[-1] in _HELD:
        return Phrase("{} holders" if up else "No {}", in_sentence(text), "people" if up else "")
    if len(parts) == 1 and (parts[0] in _STATES or parts[0].endswith(_STATE_ENDINGS)):
        return Phrase(f"{text} customers" if up else f"Not {in_sentence(text)}")
    return Phrase("With {}" if up else "No {}", in_sentence(text))


def _plural(text: str) -> str:
    return text if text.endswith(("s", "d", "ed", "ive", "able", "al")) else f"{text}s"


def _bare(column: str) -> str:
    """Write a column name without its unit, common abbreviations spelled out."""
    text = re.sub(r"\s*\([^()]*\)$", "", readable(column.strip(" ?:")))
    return " ".join(_SPELLED.get(word.lower(), word) for word in text.split())


def _level_phrase(trait: Trait) -> Phrase:
    """Say that most have one level of a category."""
    level, column = trait.level.strip(), _bare(trait.column)
    parts = words(column)
    if level.lower() in _NO:
        return Phrase("No {}", in_sentence(column))
    if level.lower() in _YES:
        return Phrase("With {}", in_sentence(column))
    if {*parts[-1:]} & _SEXES and level.lower() in _PEOPLE:
        return Phrase(_PEOPLE[level.lower()], "", "people")
    if _is_level_code(level):
        return NOTHING
    if level.lower() in _DEPENDENT:
        said = _SPOKEN.get(tuple(parts))
        if said and level.lower() in ("high", "low"):
            return said[level.lower() == "low"]
        return Phrase(f"{level} {in_sentence(column)}")
    written = {"ios": "iOS"}.get(level.lower(), level)
    for ending, pattern in _LEVELS:
        if {*parts[-1:], trait.role} & ending and not {*words(level)} & {*parts}:
            before = " ".join(parts[:-1])
            form = "people" if pattern.endswith("s") else ""
            return Phrase(pattern.format(level=written, before=before, last=parts[-1]), "", form)
    return Phrase(written)


def _is_level_code(level: str) -> bool:
    return len(level) < 3 or not any(letter.isalpha() for letter in level)


def _coded(trait: Trait) -> str:
    """Name a level that is a code by its column: "Channel 2"; empty for anything else."""
    level, column = trait.level.strip(), _bare(trait.column)
    if trait.kind != "category" or trait.here < MOSTLY or not _is_level_code(level):
        return ""
    return "" if _is_code(trait.column) else f"{column} {level}"


# --- words ----------------------------------------------------------------------------------------


def _both(high: str, low: str, form: str = "adjective") -> tuple[Phrase, Phrase]:
    return Phrase(high, "", form), Phrase(low, "", form)


_LIKED, _DISLIKED = "Find it {}", "Don’t find it {}"
_RFM = {"r": "recency", "f": "frequency", "m": "monetary"}

_SPOKEN = {  # words of a column: what high and low (yes and no) are called
    ("age",): _both("Older", "Younger"),
    ("year", "birth"): _both("Younger", "Older"),
    ("birth", "year"): _both("Younger", "Older"),
    ("senior", "citizen"): _both("Seniors", "Below senior age", ""),
    ("experience",): _both("Long experience", "Short experience", ""),
    ("tenure",): _both("Long-standing", "New"),
    ("tenure", "months"): _both("Long-standing", "New"),
    ("tenure", "days"): _both("Long-standing", "New"),
    ("tenure", "years"): _both("Long-standing", "New"),
    ("recency",): _both("Long absent", "Recently active"),
    ("recency", "days"): _both("Long absent", "Recently active"),
    ("days", "since", "last", "visit"): _both("Long absent", "Recently active"),
    ("days", "since", "last", "order"): _both("Long without an order", "Recent buyers", "people"),
    ("frequency",): _both("Frequent buyers", "Rare buyers", "people"),
    ("monetary",): _both("Big spenders", "Small spenders", "people"),
    ("spend",): _both("Big spenders", "Small spenders", "people"),
    ("spending",): _both("Big spenders", "Small spenders", "people"),
    ("total", "spend"): _both("Big spenders", "Small spenders", "people"),
    ("partner",): _both("With partner", "Without partner", ""),
    ("dependents",): _both("With dependents", "No dependents", ""),
    ("price", "sensitivity"): _both("Price-conscious", "Price-relaxed"),
    ("household", "size"): _both("Large households", "Small households", "people"),
    ("family",): _both("Large families", "Small families", "people"),
    ("family", "size"): _both("Large families", "Small families", "people"),
    ("kidhome",): _both("Small children at home", "No small children", ""),
    ("teenhome",): _both("Teenagers at home", "No teenagers", ""),
    ("children",): _both("With children", "Without children", ""),
    ("novelty", "seeking"): _both("Novelty seekers", "Creatures of habit", "people"),
    ("convenience", "seeking"): _both("Convenience seekers", "Unhurried customers", "people"),
    ("education",): _both("Higher education", "Lower education", ""),
}
_BY_ROLE = {  # where the words say nothing of their own: what the role means
    "revenue": _both("Big spenders", "Small spenders", "people"),
    "orders": _both("Frequent buyers", "Rare buyers", "people"),
    "tickets": _both("Many support tickets", "Few support tickets", ""),
    "cost": _both("Costly to serve", "Cheap to serve", ""),
    "retained": _both("Stayed", "Left", ""),
    "churned": _both("Left", "Stayed", ""),
    "converted": _both("Converted", "Not converted", ""),
    "csat": _both("More satisfied", "Less satisfied"),
    "nps": _both("More likely to recommend", "Less likely to recommend", ""),
}
_DEGREES = {
    "High": "Highest",
    "Low": "Lowest",
    "Many": "Most",
    "Few": "Fewest",
    "Frequent": "Most frequent",
    "Rare": "Rarest",
    "Big": "Biggest",
    "Small": "Smallest",
    "Large": "Largest",
    "Light": "Lightest",
    "Older": "Oldest",
    "Younger": "Youngest",
    "New": "Newest",
    "Long-standing": "Longest-standing",
    "Price-conscious": "Most price-conscious",
    "Price-relaxed": "Most price-relaxed",
    "More": "Most",
    "Less": "Least",
}
_KEEN = ("shoppers", "buyers", "users", "visitors", "seekers")
_FILLERS = frozenset(
    "customer client user annual years yrs k usd eur is".split()
)  # say nothing about which words
_SPELLED = {
    "avg": "average",
    "cmp": "campaign",
    "amt": "amount",
    "qty": "quantity",
    "trans": "transactions",
    "bks": "books",
    "prods": "products",
    "purch": "purchase",
    "cc": "credit card",
    "num": "number",
}
_YES, _NO = frozenset(["yes", "true"]), frozenset(["no", "false", "none"])
_DEPENDENT = frozenset(
    "high low medium small large short long other others unknown".split()
)  # need the column
_COUNTS = frozenset("num number nr count".split())  # a column that starts like this counts something
_AMOUNTS = frozenset("mnt amount spend spent spending".split())  # ... and like this, sums money
_SCALES = frozenset("score index rate ratio share level average per rank band".split())
_CODES = frozenset("id ids code codes seq key nr no flag".split())
_BEING = frozenset("is are was".split())
_DOING = frozenset("has have with owns".split())
_STATES = frozenset("active premium vip single online mobile urban rural loyal frequent local new".split())
_STATE_ENDINGS = ("ed", "ive", "al", "able")
_ANSWERING = frozenset("accepted responded accept".split())
_HELD = frozenset("account card loan policy subscription insurance membership pass".split())
_TIMED = frozenset("purchase order visit contact login use".split())
_PERIODS = frozenset("month week year day quarter mo ltm monthly weekly yearly".split())
_DOERS = {  # what is done, and who does it
    "visits": "visitors",
    "sessions": "visitors",
    "logins": "users",
    "purchases": "buyers",
    "orders": "buyers",
    "bookings": "bookers",
    "returns": "returners",
    "calls": "callers",
}
_PLURALS = {"purchase": "purchases", "order": "orders", "visit": "visits", "ticket": "tickets"}
_COUNTABLE = frozenset(
    "purchases transactions tickets complaints contacts products items miles points days hours features "
    "children employees users licences seats devices emails clicks reviews referrals".split()
)
_GOODS = frozenset(  # what shops and shelves are divided by
    "milk dairy grocery food fruit vegetable meat fish seafood bread bakery sweet snack wine beer spirit "
    "drink beverage coffee tea fresh frozen delicatessen delicassen deli detergent paper cleaning "
    "household toiletry cosmetic beauty perfume health pharmacy clothing apparel fashion shoe jewellery "
    "jewelry gold toy game book magazine music film movie sport outdoor garden furniture electronic "
    "computer phone appliance tool stationery pet baby gift travel flower art atlas".split()
)
_ADJECTIVES = frozenset("sweet fresh frozen new organic digital other premium".split())
_UNCOUNTED = {"wines": "wine", "fruits": "fruit", "meats": "meat", "fishes": "fish"}
_TIMES = {"weekend": "Weekday shoppers", "night": "Daytime shoppers", "evening": "Daytime shoppers"}
_OFFERS = frozenset("discount promotion promo coupon sale".split())
_SEXES = frozenset("gender sex".split())
_PEOPLE = {"female": "Women", "f": "Women", "woman": "Women", "male": "Men", "m": "Men", "man": "Men"}
_JUDGEMENTS = frozenset(  # what products and companies are judged to be in surveys
    "yummy tasty delicious disgusting spicy greasy fattening healthy unhealthy fresh cheap expensive "
    "affordable overpriced fast slow quick convenient inconvenient easy difficult complicated simple "
    "friendly unfriendly helpful rude clean dirty safe unsafe reliable unreliable trustworthy honest "
    "modern innovative old-fashioned boring exciting fun cool stylish beautiful ugly comfortable "
    "uncomfortable loud quiet crowded relaxing useful useless sustainable ethical caring competent "
    "professional".split()
)
_OPPOSITES = frozenset(
    frozenset(pair.split("/"))
    for pair in "cheap/expensive tasty/disgusting yummy/disgusting tasty/yummy fast/slow "
    "healthy/unhealthy easy/difficult clean/dirty".split()
)
_QUESTIONS = (  # how questions begin, and what many and few answer
    (
        r"how satisfied (are|were) you (overall )?with (the |our |your )?",
        ("More satisfied with {}", "Less satisfied with {}"),
    ),
    (r"how likely (are|is it|would) you (to |that you )?", ("More likely to {}", "Less likely to {}")),
    (r"how important (is|are) (the |our )?", ("Care about {}", "Care little about {}")),
    (r"how (often|frequently) (do|did) you ", ("Often {}", "Rarely {}")),
)
_LEVELS = (  # last word or role of a column, and how its levels are said
    (frozenset({"contract", "subscription", "membership", "package"}), "{level} {last}"),
    (frozenset({"plan", "tier", "plan_tier"}), "{level} plan"),
    (frozenset({"service"}), "{level} {before}"),
    (frozenset({"device", "os", "platform", "browser", "app"}), "{level} users"),
    (frozenset({"type"}), "{level} {before}s"),
    (frozenset({"channel", "source"}), "Came through {level}"),
    (frozenset({"country", "city", "town", "state", "region", "county", "geographic"}), "In {level}"),
    (frozenset({"payment", "method"}), "Pay by {level}"),
    (frozenset({"stage", "journey_stage"}), "{level} stage"),
)
