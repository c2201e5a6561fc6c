"""A draft: what a method makes of customers, before its segments are numbered and named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from segkit.customers.table import Customers
from segkit.segments.cards import NOBODY, RuleCard, Tree
from segkit.segments.conditions import Condition, resolved
from segkit.segments.plan import Plan
from segkit.segments.watching import Watch


@dataclass(frozen=True)
class Draft:
    """A tree whose places are groups of customers.

    Attributes
    ----------
    tree : Tree
    names : tuple of str
        One per place where the method has words of its own; an empty text, or none at all, for clusters,
        which are named by what sets them apart.
    steps : tuple of (str, str)
        Column, and what was done to it.
    notes : tuple of str
        What the user should know, one sentence each.
    ordered : bool
        The places have an order of their own (tiers, stages); otherwise segments go by size.
    within : tuple of str
        One per place where it lies inside a group that has a name; empty texts elsewhere.
    """

    tree: Tree
    names: tuple[str, ...] = ()
    steps: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    ordered: bool = False
    within: tuple[str, ...] = ()


Make = Callable[[Customers, Plan, Watch], Draft]


def ruled(
    customers: Customers,
    rules: Sequence[tuple[str, Condition]],
    rest: str = "",
    notes: tuple[str, ...] = (),
    steps: tuple[tuple[str, str], ...] = (),
    order: Sequence[str] = (),
) -> Draft:
    """Draft segments from named rules, the first that is met counting.

    Parameters
    ----------
    customers : Customers
    rules : sequence of (str, Condition)
        Name of the segment and who belongs; rules with the same name make one segment. Columns may be
        given by role.
    rest : str
        Name of the segment of all others; without one they fit none. A rule may have that name too.
    order : sequence of str, optional
        The order of the segments by name, where it is not that of the rules.

    Raises
    ------
    segkit.errors.UnusablePlan
        A column or role is not there.
    """
    named = [name for name, _ in rules] + ([rest] if rest else [])
    names = [name for name in dict.fromkeys([*order, *named]) if name in named]
    card = RuleCard(tuple(resolved(condition, customers) for _, condition in rules))
    leads_to = tuple(names.index(name) for name, _ in rules)
    tree = Tree(card, leads_to, names.index(rest) if rest else NOBODY)
    return Draft(tree, tuple(names), steps or rule_steps(card), notes, ordered=True)


def rule_steps(card: RuleCard) -> tuple[tuple[str, str], ...]:
    """Say of each column where its borders lie."""
    said: dict[str, list[str]] = {}
    for rule in card.rules:
        for test in rule.tests():
            words = test.text.removeprefix(test.what.text).strip()
            for column in test.columns:
                said.setdefault(column, [])
                if words not in said[column]:
                    said[column].append(words)
    return tuple((column, ", ".join(words)) for column, words in said.items())
