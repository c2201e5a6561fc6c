"""Profiles in words: what sets a segment apart, in what formed it and in what only describes it.

What formed the segments is told by effect sizes; what only describes them is told where the difference is
reliable and large enough to be worth a word.
"""

from collections.abc import Mapping, Sequence
from math import isnan

from segkit.insights.effect_text import attribute_name
from segkit.insights.profiles import NOTABLE, Trait
from segkit.labels import in_sentence, listing, number, percent, plural, quantity, span
from segkit.measures.standing_out import Dimension, Mark, TypicalValue
from segkit.measures.suppression import SMALLEST_RANKED
from segkit.measures.typical import EdgeCase
from segkit.segments.segmentation import Segment

WORTH_A_WORD = 0.1  # of Cohen's h or d: half of "small" (Cohen 1988); less is reliable in a large table only
MOST_NAMED = 2  # traits of a sentence
FEW = f"No segment has {SMALLEST_RANKED} customers yet, so what sets them apart is a first look."


# --- values -----------------------------------------------------------------------------------------


def value_of(column: str, kind: str, value: float) -> str:
    """Write a mean of a number or a share.

    Examples
    --------
    >>> value_of("age", "number", 31.04), value_of("city", "category", 0.25)
    ('31.0', '25\u202f%')
    """
    return quantity(column, value) if kind == "number" else percent(value)


def column_label(column: str, level: str = "", kind: str = "number") -> str:
    """Name a column, or a level of it: "Age", "City: “Rome”", "Member"."""
    name = attribute_name(column)
    return f"{name}: “{level}”" if kind == "category" and level else name


def spoken(column: str, level: str = "", kind: str = "number") -> str:
    """Name a column or a level of it inside a sentence.

    Examples
    --------
    >>> spoken("Age"), spoken("city", "Rome", "category"), spoken("Tasty", "yes", "yes/no")
    ('age', 'city “Rome”', '“tasty”')
    """
    name = in_sentence(attribute_name(column))
    if kind == "yes/no":
        return f"“{name}”"
    return f"{name} “{level}”" if kind == "category" and level else name


def _how_many(kind: str) -> str:
    """What a value says: a mean, a share of customers who have a level, or of those who say yes."""
    return {"number": "{} on average", "yes/no": "yes for {}"}.get(kind, "{}")


def trait_text(trait: Trait) -> str:
    """Say a trait inside a sentence, with both numbers.

    Examples
    --------
    >>> trait_text(Trait("age", "high", "number", 1.2, 61.0, 43.0))
    'age (61 on average, others 43)'
    >>> trait_text(Trait("city", "Rome", "category", 1.2, 0.8, 0.2))
    'city “Rome” (80\u202f%, others 20\u202f%)'
    >>> trait_text(Trait("tasty", "no", "yes/no", 1.2, 0.2, 0.8))
    '“tasty” (yes for 20\u202f%, others 80\u202f%)'
    """
    here, elsewhere = (value_of(trait.column, trait.kind, value) for value in (trait.here, trait.elsewhere))
    said = _how_many(trait.kind).format(here)
    return f"{spoken(trait.column, trait.level, trait.kind)} ({said}, others {elsewhere})"


# --- sentences --------------------------------------------------------------------------------------


def profiles_headline(
    segments: Sequence[Segment],
    sizes: Mapping[str, int],
    traits: Mapping[str, list[Trait]],
    focus: str = "",
    marks: Mapping[str, Sequence[Mark]] | None = None,
) -> str | None:
    """Say which segment stands apart most and by what, or by what the one in focus does.

    Parameters
    ----------
    segments : sequence of Segment
    sizes : mapping of str to int
        Customers by segment; those of fewer than 30 are told of only when in focus.
    traits : mapping of str to list of Trait
        Of the columns that formed the segments.
    focus : str
        Key of a segment, empty for none.
    marks : mapping of str to sequence of Mark, optional
        Of the columns that only describe: told where nothing that formed the segments can be.

    Returns
    -------
    str or None
        None where nothing sets any of them apart; where all that could be told have fewer than 30 customers,
        that.
    """
    names = {one.key: one.name for one in segments}
    if focus:
        told = _apart_by(names[focus], traits.get(focus, []), "stands apart")
        told = told or _described_by(names[focus], (marks or {}).get(focus, ()))
        return _with_hint(told, sizes.get(focus, 0)) if told else None
    strength = {
        key: sum(trait.effect for trait in some[:MOST_NAMED])
        for key, some in traits.items()
        if some and sizes.get(key, 0) >= SMALLEST_RANKED
    }
    if not strength:
        return FEW if any(traits.values()) else _best_described(names, marks or {})
    most = max(strength, key=lambda key: round(strength[key], 6))
    how = "stands apart most" if len(strength) > 1 else "stands apart"
    return _apart_by(names[most], traits[most], how)


def _with_hint(sentence: str, size: int) -> str:
    """Say of fewer than 30 customers that they are few."""
    if size >= SMALLEST_RANKED:
        return sentence
    return f"{sentence.removesuffix('.')}; indicative, from {plural(size, 'customer')}."


def _apart_by(name: str, traits: Sequence[Trait], how: str) -> str | None:
    return f"“{name}” {how} by {trait_text(traits[0])}." if traits else None


def _best_described(names: Mapping[str, str], marks: Mapping[str, Sequence[Mark]]) -> str | None:
    """Tell the segment that differs most in what only describes it."""
    best = {key: told[0] for key, some in marks.items() if (told := worth_telling(some))}
    if not best:
        return None
    most = max(best, key=lambda key: round(abs(best[key].effect), 6))
    return _described_by(names[most], [best[most]])


def _described_by(name: str, marks: Sequence[Mark]) -> str | None:
    told = worth_telling(marks)
    return f"“{name}” is described by {mark_text(told[0])}." if told else None


def average_text(segment: Segment) -> str:
    """Say that nothing sets a segment apart."""
    return f"“{segment.name}” is close to everyone in what formed the segments."


# --- what only describes ----------------------------------------------------------------------------


def worth_telling(marks: Sequence[Mark]) -> list[Mark]:
    """Keep what is reliable and large enough to be told, one level a column, the largest first."""
    told: dict[str, Mark] = {}
    for mark in marks:
        if mark.told and abs(mark.effect) >= WORTH_A_WORD:
            told.setdefault(mark.column, mark)
    return list(told.values())


def mark_text(mark: Mark) -> str:
    """Say how a segment stands in one column, inside a sentence.

    Examples
    --------
    >>> from segkit.measures.estimates import Estimate
    >>> half = Estimate(0.5, 0.4, 0.6)
    >>> mark_text(Mark("city", "category", "Rome", half, 0.25, 200.0, 150.0, 250.0, 99, 0.5, 0.0, "higher"))
    'city “Rome” (50\u202f%, everyone 25\u202f%; index 200, 150 to 250)'
    """
    here, everyone = (value_of(mark.column, mark.kind, one) for one in (mark.here.value, mark.everyone))
    said = _how_many(mark.kind).format(here)
    index = f"; {index_text(mark)}" if not isnan(mark.index) else ""
    return f"{spoken(mark.column, mark.level, mark.kind)} ({said}, everyone {everyone}{index})"


def index_text(mark: Mark) -> str:
    """Write an index with its interval: "index 200, 150 to 250"; empty where there is none."""
    if isnan(mark.index):
        return ""
    known = not isnan(mark.low)
    interval = f", {span(number(mark.low, 0), number(mark.high, 0))}" if known else ""
    return f"index {number(mark.index, 0)}{interval}"


def verdict_word(mark: Mark) -> str:
    """Say the verdict in a word or two, for a table."""
    if mark.verdict not in ("higher", "lower"):
        return "≈ can’t tell" + (f" yet: {plural(mark.n, 'answer')}" if mark.n < SMALLEST_RANKED else "")
    hint = " (indicative)" if mark.n < SMALLEST_RANKED else ""
    return f"{'▲' if mark.verdict == 'higher' else '▼'} {mark.verdict}{hint}"


def described_title(segment: Segment, marks: Sequence[Mark]) -> str:
    """State what describes a segment beside what formed it, or that nothing reliably does."""
    told = worth_telling(marks)
    if not told:
        return f"Nothing else describes “{segment.name}” reliably"
    named = listing([_side(mark) for mark in told[:MOST_NAMED]])
    return f"What else is true of “{segment.name}”: {named}"


def _side(mark: Mark) -> str:
    return _more_or_less(mark.column, mark.level, mark.kind, mark.effect > 0)


def _more_or_less(column: str, level: str, kind: str, up: bool) -> str:
    """Say on which side something is: "higher age", "fewer with city “Rome”"."""
    what = spoken(column, level, kind)
    if kind == "number":
        return f"{'higher' if up else 'lower'} {what}"
    return f"{'more' if up else 'fewer'} with {what}"


# --- what formed the segments -----------------------------------------------------------------------


def snake_title(
    rows: Sequence[Dimension], segments: Sequence[Segment], told: Sequence[bool], front: str = ""
) -> str:
    """State which segment lies farthest from everyone, and in what; or where the one in front does.

    Parameters
    ----------
    rows : sequence of Dimension
    segments : sequence of Segment
    told : sequence of bool
        Which segments have 30 customers or more.
    front : str
        Key of the segment in front.
    """
    keys = [one.key for one in segments]
    places = [keys.index(front)] if front in keys else [place for place, enough in enumerate(told) if enough]
    cells = [
        (abs(row.away[place]), row, place) for row in rows for place in places if not isnan(row.away[place])
    ]
    if not cells:
        return "How the segments differ in what formed them"
    size, row, place = max(cells, key=lambda cell: round(cell[0], 9))
    name = segments[place].name
    few = "" if told[place] else "Indicative: "
    if size < NOTABLE:
        return (
            f"{few}“{name}” is close to everyone"
            if front
            else "No segment is far from everyone in any column"
        )
    here, everyone = (value_of(row.column, row.kind, one) for one in (row.here[place], row.everyone))
    how = "differs most from everyone in" if front else "goes farthest in one column,"
    said = "yes for " if row.kind == "yes/no" else ""
    return f"{few}“{name}” {how} {spoken(row.column, row.level, row.kind)}: {said}{here} against {everyone}"


def snake_alt(
    title: str, rows: Sequence[Dimension], segments: Sequence[Segment], shown: Sequence[int]
) -> str:
    """Say in words what the snake plot shows: its title, and who is highest and lowest in each row."""
    ends = []
    for row in rows:
        known = [place for place in shown if not isnan(row.away[place])]
        if len(known) < 2:
            continue
        most, least = (end(known, key=lambda place: row.away[place]) for end in (max, min))
        label = column_label(row.column, row.level, row.kind)
        ends.append(
            f"{label}: highest “{segments[most].name}” "
            f"({value_of(row.column, row.kind, row.here[most])}), lowest “{segments[least].name}” "
            f"({value_of(row.column, row.kind, row.here[least])})"
        )
    return f"{title}. {'; '.join(ends)}." if ends else f"{title}."


def formed_title(segment: Segment, rows: Sequence[Dimension], place: int) -> str:
    """State in which column a segment lies farthest from everyone."""
    known = [row for row in rows if not isnan(row.away[place])]
    far = max(known, key=lambda row: round(abs(row.away[place]), 9), default=None)
    if far is None or abs(far.away[place]) < NOTABLE:
        return f"“{segment.name}” is close to everyone in what formed the segments"
    side = _more_or_less(far.column, far.level, far.kind, far.away[place] > 0)
    return f"What formed “{segment.name}”: above all {side}"


def typical_text(value: TypicalValue) -> str:
    """Say how frequent a value is: "Contract: “Two year”: 92 %, others 5.1 %"."""
    name = attribute_name(value.column)
    group = f"“{value.group}”" if value.kind == "category" else value.group
    return f"{name}: {group} – {percent(value.here)}, others {percent(value.elsewhere)}"


def most_typical(values: Sequence[TypicalValue], most: int = 4) -> list[TypicalValue]:
    """The values that are clearly more frequent in a segment, the clearest first, each thing said once."""
    return _said_once([one for one in values if one.effect >= NOTABLE])[:most]


def least_typical(values: Sequence[TypicalValue], most: int = 4) -> list[TypicalValue]:
    """The values that are clearly less frequent in a segment, the clearest first, each thing said once.

    Where there are two values only, one is the other turned round: it is told as the most typical.
    """
    told = {(one.column, round(one.effect, 6)) for one in most_typical(values, most)}
    rare = [one for one in reversed(values) if one.effect <= -NOTABLE]
    return _said_once([one for one in rare if (one.column, round(-one.effect, 6)) not in told])[:most]


def _said_once(values: Sequence[TypicalValue]) -> list[TypicalValue]:
    """Leave out a value that stands in several columns for the same customers ("No internet service")."""
    seen = {(one.group, one.here, one.elsewhere): one for one in reversed(values)}
    return [one for one in values if seen[one.group, one.here, one.elsewhere] is one]


def edges_text(segment: Segment, edges: Sequence[EdgeCase]) -> str:
    """Say where the customers on the border of a segment would be next."""
    if not edges:
        return f"Nobody in “{segment.name}” is nearly in another segment."
    near = [one.nearest.name for one in edges if one.nearest is not None]
    named = listing([f"“{name}”" for name in dict.fromkeys(near)])
    least = number(min(one.confidence for one in edges), 2)
    where = f" are nearly in {named}" if named else " are the least sure"
    return f"These{where}: confidence from {least}, where 0.5 is the border and 1 the heart of a segment."
