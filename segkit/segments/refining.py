"""Refining by hand: what a person changes after the fit, as a list that can be replayed.

A refinement is plain JSON: `{"do": "merge", "segments": ["S2", "S3"]}`. Each makes a new segmentation from
the one before, whose tree of cards already does what was asked, so a saved segmentation places the customers
of any later table the same way; and the list replays on a new fit. `ACTIONS` lists what can be done.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.labels import listing, percent, plural, quantity, readable
from segkit.segments.cards import NOBODY, RuleCard, Tree, flat
from segkit.segments.conditions import condition_from, resolved
from segkit.segments.methods.clusters import MOST_LEFT_OUT, limited, prepared_for
from segkit.segments.methods.columns import MOST_GROUPS
from segkit.segments.methods.k_means import k_means
from segkit.segments.plan import MOST_SEGMENTS
from segkit.segments.scorecard import ScoreCard
from segkit.segments.segmentation import LONGEST_NAME, NO_SEGMENT_NAME, Segment, Segmentation

FEWEST_TO_DIVIDE = 20  # customers
UNUSUAL = 0.02  # of the customers go into "fits none" unless said otherwise

Refinement = Mapping[str, Any]


@dataclass(frozen=True)
class Action:
    """A row of `ACTIONS`: what it is called, and what it does."""

    key: str
    label: str
    help: str
    apply: Callable[[Customers, Segmentation, Refinement], Segmentation]
    words: Callable[[Segmentation, Refinement], str]


def refined(
    customers: Customers, segmentation: Segmentation, refinements: Sequence[Refinement]
) -> Segmentation:
    """Apply refinements in order.

    Parameters
    ----------
    customers : Customers
        The table the segmentation was fitted on, or another one that it is fitted anew on.
    segmentation : Segmentation
    refinements : sequence of mapping
        See `ACTIONS`; a key "said" is ignored.

    Returns
    -------
    Segmentation
        Its `refinements` are those given, each with what it did in words under "said".

    Raises
    ------
    UnusablePlan
        A refinement names what is not there, or would leave a segment without customers.
    """
    for refinement in refinements:
        action = _action(refinement)
        try:
            said = action.words(segmentation, refinement)
            after = action.apply(customers, segmentation, refinement)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
            raise UnusablePlan(
                f"The change “{action.key}” lacks something or has a value that is none: {problem}. "
                "See how it is written in the documentation of segments."
            ) from problem
        done = {key: value for key, value in refinement.items() if key != "said"} | {"said": said}
        segmentation = replace(after, refinements=(*segmentation.refinements, done))
    return segmentation


def _action(refinement: Refinement) -> Action:
    for action in ACTIONS:
        if action.key == refinement.get("do"):
            return action
    known = listing([action.key for action in ACTIONS], 40)
    raise UnusablePlan(f"Segments cannot be “{refinement.get('do')}”. What can be done: {known}.")


# --- finding and counting ---------------------------------------------------------------------------


def _place(segmentation: Segmentation, key: str) -> int:
    for place, segment in enumerate(segmentation.segments):
        if segment.key == key:
            return place
    known = listing([segment.key for segment in segmentation.segments], 40)
    raise UnusablePlan(f"There is no segment “{key}”. There are: {known}.")


def _name(segmentation: Segmentation, key: str) -> str:
    return segmentation.segments[_place(segmentation, key)].name


def _free_colours(segments: Sequence[Segment]) -> list[int]:
    """Places in the palette that no segment has, then all of them again."""
    taken = {segment.colour for segment in segments}
    return [place for place in range(MOST_SEGMENTS) if place not in taken] + list(range(MOST_GROUPS))


def _free_keys(segmentation: Segmentation, stem: str) -> list[str]:
    """Keys that no segment has: the stem and a letter."""
    taken = {segment.key for segment in segmentation.segments}
    return [key for letter in "abcdefghijklmnopqrstuvwxyz" if (key := stem + letter) not in taken]


def _checked(customers: Customers, segmentation: Segmentation) -> Segmentation:
    """Refuse a change that leaves a segment without customers, or too many segments."""
    if len(segmentation.segments) > MOST_GROUPS:
        raise UnusablePlan(f"There can be {MOST_GROUPS} segments at most. Merge some first.")
    sizes = segmentation.assign(customers).sizes
    for segment, size in zip(segmentation.segments, sizes.tolist(), strict=True):
        if not size:
            raise UnusablePlan(f"Nobody would be left in “{segment.name}”. Choose another border or segment.")
    return segmentation


def _members(customers: Customers, segmentation: Segmentation, places: Sequence[int]) -> Customers:
    """The customers of some segments, as a table without its cells."""
    kept = np.isin(segmentation.assign(customers).codes, places)
    return replace(
        customers,
        frame=customers.frame.loc[kept].reset_index(drop=True),
        source=customers.source.slice(0, 0),
    )


def _with_kinds(customers: Customers, segmentation: Segmentation, tree: Tree) -> Segmentation:
    """Take a tree that may read columns the one before did not."""
    new = {name: customers.column(name) for name in tree.names if name not in segmentation.kinds}
    kinds = {name: column.kind for name, column in new.items() if column is not None}
    roles = {name: column.role for name, column in new.items() if column is not None}
    return replace(
        segmentation,
        tree=tree,
        kinds={**segmentation.kinds, **kinds},
        roles={**segmentation.roles, **roles},
    )


# --- names and colours ------------------------------------------------------------------------------


def _rename(customers: Customers, segmentation: Segmentation, refinement: Refinement) -> Segmentation:
    """Give a segment a name; a blank one brings back a name made from what sets it apart."""
    place = _place(segmentation, refinement["segment"])
    name = _wanted_name(refinement)
    taken = [NO_SEGMENT_NAME] + [
        one.name for other, one in enumerate(segmentation.segments) if other != place
    ]
    if name in taken:
        raise UnusablePlan(f"Another segment is called “{name}”, or could be. Choose another name.")
    segment = segmentation.segments[place]
    changed = replace(segment, name=name, named=True) if name else replace(segment, named=False)
    return _replaced(segmentation, place, changed)


def _wanted_name(refinement: Refinement) -> str:
    return " ".join(str(refinement.get("name") or "").split())[:LONGEST_NAME]


def _recolour(customers: Customers, segmentation: Segmentation, refinement: Refinement) -> Segmentation:
    """Give a segment a colour; whoever has it takes the segment's own."""
    place, colour = _place(segmentation, refinement["segment"]), int(refinement["colour"])
    if not 0 <= colour < MOST_SEGMENTS:
        raise UnusablePlan(f"There is no colour {colour}. Colours are numbered 0 to {MOST_SEGMENTS - 1}.")
    before = segmentation.segments[place].colour
    segments = tuple(
        replace(segment, colour=before) if segment.colour == colour else segment
        for segment in segmentation.segments
    )
    return _replaced(replace(segmentation, segments=segments), place, replace(segments[place], colour=colour))


def _replaced(segmentation: Segmentation, place: int, segment: Segment) -> Segmentation:
    segments = list(segmentation.segments)
    segments[place] = segment
    return replace(segmentation, segments=tuple(segments))


# --- merging and splitting --------------------------------------------------------------------------


def _merge(customers: Customers, segmentation: Segmentation, refinement: Refinement) -> Segmentation:
    """Make one segment of some; it stands in the place of the first, in the colour of the largest."""
    keys = list(dict.fromkeys(refinement["segments"]))
    if len(keys) < 2:
        raise UnusablePlan("Choose two segments or more to merge.")
    if len(keys) == len(segmentation.segments):
        raise UnusablePlan("All segments merged are everybody. Leave at least one apart.")
    places = sorted(_place(segmentation, key) for key in keys)
    sizes = segmentation.assign(customers).sizes
    largest = segmentation.segments[max(places, key=lambda place: sizes[place])]
    old = [segmentation.segments[place] for place in places]
    whole = Segment(
        "+".join(one.key for one in old),
        listing([one.name for one in old])[:LONGEST_NAME],
        largest.colour,
        named=False,
        within=old[0].within if len({one.within for one in old}) == 1 else "",
    )
    left = [place for place in range(len(segmentation.segments)) if place not in places[1:]]
    numbers = {place: number for number, place in enumerate(left)}
    numbers |= dict.fromkeys(places[1:], numbers[places[0]])
    segments = tuple(whole if place == places[0] else segmentation.segments[place] for place in left)
    return replace(segmentation, tree=segmentation.tree.moved_to(numbers), segments=segments)


def _split(customers: Customers, segmentation: Segmentation, refinement: Refinement) -> Segmentation:
    """Split a segment, by looking for groups inside it or by a condition."""
    place = _place(segmentation, refinement["segment"])
    if "when" in refinement:
        condition = resolved(condition_from(refinement["when"]), customers)
        below = Tree(RuleCard((condition,)), (0,), 1)
    else:
        below = _clusters_inside(customers, segmentation, [place], int(refinement.get("into", 2)))
    return _checked(customers, _put_below(customers, segmentation, [place], below))


def _clusters_inside(
    customers: Customers, segmentation: Segmentation, places: Sequence[int], count: int
) -> Tree:
    inside = _members(customers, segmentation, places)
    if len(inside) < FEWEST_TO_DIVIDE:
        few = plural(len(inside), "customer")
        raise UnusablePlan(f"{few} are too few to look for groups. {FEWEST_TO_DIVIDE} are needed.")
    if not 2 <= count <= MOST_SEGMENTS:
        raise UnusablePlan(f"A segment can be split into 2 to {MOST_SEGMENTS}, not {count}.")
    ready, _ = prepared_for(inside, segmentation.plan)
    model = k_means(ready, count, segmentation.plan.seed)
    card = limited(model.card(ready.features, ready.weights), inside, 0.0)
    codes, _ = card.nearest(inside.frame)
    order = np.argsort(-np.bincount(codes, minlength=card.count), kind="stable").tolist()
    return flat(replace(card.keeping(order), limit=float("inf")))


def _put_below(
    customers: Customers, segmentation: Segmentation, places: Sequence[int], below: Tree
) -> Segmentation:
    """Put a card below some segments; its parts stand where the first of them stood."""
    old = [segmentation.segments[place] for place in places]
    count = max(below.places) + 1
    kept = [place for place in range(len(segmentation.segments)) if place not in places]
    first = sum(place < places[0] for place in kept)
    order = [*kept[:first], *[-1] * count, *kept[first:]]
    numbers = {place: number for number, place in enumerate(order) if place >= 0}
    parts = {part: first + part for part in range(count)}
    tree = segmentation.tree
    marks = {place: MOST_GROUPS + 1 + place for place in places}  # numbers that no segment has
    tree = tree.moved_to({**numbers, **marks})
    placed = below.moved_to(parts)
    for mark in marks.values():
        tree = tree.below(mark, placed)
    colours = [old[0].colour, *_free_colours(segmentation.segments)]
    keys = _free_keys(segmentation, old[0].key if len(old) == 1 else "R")
    within = old[0].name if len(old) == 1 and _named_by_hand(segmentation, old[0].key) else old[0].within
    made = [
        Segment(keys[part], f"{old[0].name} {part + 1}", colours[part], False, within)
        for part in range(count)
    ]
    segments = [segmentation.segments[place] for place in kept]
    segments[first:first] = made
    return replace(_with_kinds(customers, segmentation, tree), segments=tuple(segments))


def _named_by_hand(segmentation: Segmentation, key: str) -> bool:
    """Whether a person gave the segment its name, so that its parts should keep it."""
    given = [one for one in segmentation.refinements if one["do"] == "rename" and one["segment"] == key]
    return bool(given and _wanted_name(given[-1]))


def _recluster(customers: Customers, segmentation: Segmentation, refinement: Refinement) -> Segmentation:
    """Keep some segments as they are and look for groups among all others anew."""
    kept = [_place(segmentation, key) for key in refinement["keep"]]
    places = [place for place in range(len(segmentation.segments)) if place not in kept]
    if not kept or len(places) < 1:
        raise UnusablePlan("Lock at least one segment, and leave at least one to look for groups in.")
    count = int(refinement.get("into", len(places)))
    below = _clusters_inside(customers, segmentation, places, max(count, 2))
    return _checked(customers, _put_below(customers, segmentation, places, below))


# --- borders, and those who fit none ----------------------------------------------------------------


def borders(segmentation: Segmentation) -> list[tuple[str, float]]:
    """List the borders of the rules that can be moved: column and value."""
    found = [
        (test.what.column, float(value))
        for card in segmentation.tree.cards()
        if isinstance(card, RuleCard)
        for rule in card.rules
        for test in rule.tests()
        if test.how in (">=", ">", "<=", "<", "between")
        for value in test.values
        if not isinstance(value, str)
    ]
    return list(dict.fromkeys(found))


def _border(customers: Customers, segmentation: Segmentation, refinement: Refinement) -> Segmentation:
    """Move a border of the rules, on both of its sides."""
    column, old, new = refinement["column"], float(refinement["from"]), float(refinement["to"])
    if (column, old) not in borders(segmentation):
        raise UnusablePlan(f"No rule has a border at {quantity(column, old)} of “{column}”.")
    tree = _with_border(segmentation.tree, column, old, new)
    return _checked(customers, replace(segmentation, tree=tree))


def _with_border(tree: Tree, column: str, old: float, new: float) -> Tree:
    card = tree.card
    if isinstance(card, RuleCard):
        card = RuleCard(tuple(rule.moved(column, old, new) for rule in card.rules))
    *leads_to, nobody = [
        _with_border(one, column, old, new) if isinstance(one, Tree) else one for one in tree.ends
    ]
    return Tree(card, tuple(leads_to), nobody)


def _own(customers: Customers, segmentation: Segmentation, refinement: Refinement) -> Segmentation:
    """Make those who fit none a segment; of clusters, a share of the most unusual customers."""
    tree, place = segmentation.tree, len(segmentation.segments)
    if tree.nobody != NOBODY:
        raise UnusablePlan("Customers who fit none are a segment of their own already.")
    if isinstance(tree.card, ScoreCard):
        share = float(refinement.get("share", UNUSUAL))
        if not 0 < share <= MOST_LEFT_OUT:
            raise UnusablePlan(f"Between 0 and {percent(MOST_LEFT_OUT)} of the customers can be set apart.")
        _, lowest = tree.card.nearest(segmentation.read_alike(customers))
        edge = float(np.quantile(lowest, 1 - share, method="lower"))
        tree = replace(tree, card=replace(tree.card, limit=min(edge, tree.card.limit)))
    colour = _free_colours(segmentation.segments)[0]
    nobody = Segment("U", str(refinement.get("name") or "Unlike the others"), colour, named=True)
    segments = (*segmentation.segments, nobody)
    made = replace(segmentation, tree=replace(tree, nobody=place), segments=segments)
    return _checked(customers, made)


# --- the table --------------------------------------------------------------------------------------


def _rename_words(segmentation: Segmentation, refinement: Refinement) -> str:
    old = _name(segmentation, refinement["segment"])
    name = _wanted_name(refinement)
    return f"“{old}” is called “{name}”." if name else f"“{old}” gets a name from what sets it apart again."


def _merge_words(segmentation: Segmentation, refinement: Refinement) -> str:
    names = [f"“{_name(segmentation, key)}”" for key in dict.fromkeys(refinement["segments"])]
    return f"{listing(names, 20)} are one segment."


def _split_words(segmentation: Segmentation, refinement: Refinement) -> str:
    name = _name(segmentation, refinement["segment"])
    if "when" in refinement:
        return f"“{name}” is split by {condition_from(refinement['when']).text}."
    return f"“{name}” is split into {int(refinement.get('into', 2))} groups of similar customers."


def _recluster_words(segmentation: Segmentation, refinement: Refinement) -> str:
    names = [f"“{_name(segmentation, key)}”" for key in refinement["keep"]]
    others = len(segmentation.segments) - len(names)
    into = plural(max(int(refinement.get("into", others)), 2), "group")
    stay = "stays as it is" if len(names) == 1 else "stay as they are"
    return f"{listing(names, 20)} {stay}; all others are grouped anew into {into}."


def _border_words(segmentation: Segmentation, refinement: Refinement) -> str:
    column = refinement["column"]
    old, new = (quantity(column, float(refinement[end])) for end in ("from", "to"))
    return f"The border of {readable(column)} at {old} is moved to {new}."


def _own_words(segmentation: Segmentation, refinement: Refinement) -> str:
    if isinstance(segmentation.tree.card, ScoreCard):
        share = percent(float(refinement.get("share", UNUSUAL)))
        return f"The {share} of customers most unlike their segment are one of their own."
    return "Customers who fit none are a segment of their own."


def _recolour_words(segmentation: Segmentation, refinement: Refinement) -> str:
    return f"“{_name(segmentation, refinement['segment'])}” has another colour."


ACTIONS = (
    Action("rename", "Rename", "Give a segment the name your colleagues use.", _rename, _rename_words),
    Action("recolour", "Recolour", "Give a segment another colour.", _recolour, _recolour_words),
    Action("merge", "Merge", "Make one segment of two or more.", _merge, _merge_words),
    Action("split", "Split", "Split a segment by a condition or into similar groups.", _split, _split_words),
    Action("border", "Move a border", "Move a limit that the rules name.", _border, _border_words),
    Action("own", "Set the unusual apart", "Make those who fit none a segment.", _own, _own_words),
    Action(
        "recluster",
        "Lock and group anew",
        "Keep the segments you like, and look for groups among all others.",
        _recluster,
        _recluster_words,
    ),
)
