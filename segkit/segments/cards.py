"""Cards in a tree: how a segmentation places a customer.

A card is a score card or a list of rules; its outcome leads to a segment, or to a card below. That is all
that refining needs: two outcomes that lead to the same segment are merged, an outcome that leads to a card
below is split, and whoever no card takes can be a segment too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from segkit.errors import UnusableSegmentation
from segkit.labels import listing
from segkit.segments.conditions import Condition, condition_from
from segkit.segments.scorecard import ScoreCard, by_parts

NOBODY = -1  # the outcome of customers whom no segment takes


@dataclass(frozen=True)
class RuleCard:
    """Conditions in order: the first that a customer meets is her outcome. It costs 0, others infinity."""

    rules: tuple[Condition, ...]

    limit = 0.0  # whoever meets none pays more, and fits none
    likelihood = False

    @property
    def names(self) -> tuple[str, ...]:
        """The columns the rules read."""
        return tuple(dict.fromkeys(name for rule in self.rules for name in rule.columns))

    @property
    def count(self) -> int:
        """How many outcomes there are."""
        return len(self.rules)

    def costs(self, frame: pd.DataFrame, day: np.datetime64) -> np.ndarray:
        """Cost of each row in each outcome, shape (rows, outcomes)."""
        costs = np.full((len(frame), len(self.rules)), np.inf)
        free = np.ones(len(frame), bool)
        for place, rule in enumerate(self.rules):
            here = free & rule.met(frame, day)
            costs[here, place] = 0.0
            free &= ~here
        return costs

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return {"kind": "rules", "rules": [rule.to_dict() for rule in self.rules]}


Card = ScoreCard | RuleCard


@dataclass(frozen=True)
class Tree:
    """A card, and where its outcomes lead.

    Attributes
    ----------
    card : ScoreCard or RuleCard
    leads_to : tuple of int or Tree
        By outcome: the place of a segment, -1 for none, or a card below.
    nobody : int or Tree
        The same for those whom the card does not take; -1 when they fit none.
    """

    card: Card
    leads_to: "tuple[int | Tree, ...]"
    nobody: "int | Tree" = NOBODY

    def __post_init__(self) -> None:
        if len(self.leads_to) != self.card.count:
            raise ValueError("a card's outcomes and where they lead differ in number")

    @property
    def ends(self) -> "tuple[int | Tree, ...]":
        """Where the outcomes lead, and last those whom the card does not take."""
        return (*self.leads_to, self.nobody)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that are read, those of the first card first."""
        return tuple(dict.fromkeys(name for card in self.cards() for name in card.names))

    @property
    def places(self) -> set[int]:
        """The segments that somebody can come to."""
        found: set[int] = set()
        for one in self.ends:
            found |= one.places if isinstance(one, Tree) else {one}
        return found - {NOBODY}

    def moved_to(self, places: dict[int, int]) -> "Tree":
        """Number the segments anew; those without a new number are taken by nobody."""
        *leads_to, nobody = [
            one.moved_to(places) if isinstance(one, Tree) else places.get(one, NOBODY) for one in self.ends
        ]
        return replace(self, leads_to=tuple(leads_to), nobody=nobody)

    def below(self, place: int, tree: "Tree") -> "Tree":
        """Put a card below a segment."""
        *leads_to, nobody = [
            one.below(place, tree) if isinstance(one, Tree) else tree if one == place else one
            for one in self.ends
        ]
        return replace(self, leads_to=tuple(leads_to), nobody=nobody)

    def assign(self, frame: pd.DataFrame, day: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
        """Find each row's segment and how sure that is.

        Returns
        -------
        codes : int16 array
            Place of the segment, -1 for "fits none".
        confidence : float32 array
            0 to 1. From squared distances: that to the next segment over the sum of both, 0.5 on the border
            and 1 at the centre (the fuzzy membership between two centres; Bezdek 1981, fuzzifier 2). From
            likelihoods: the posterior probability. Rules are certain. Through several cards: the least.

        Raises
        ------
        UnusableSegmentation
            The frame lacks a column.
        """
        _check_columns(frame, self.names)
        parts = by_parts(frame, lambda rows: self._assigned(rows, day))
        return np.concatenate([codes for codes, _ in parts]), np.concatenate([sure for _, sure in parts])

    def _assigned(self, rows: pd.DataFrame, day: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
        costs, ends = self.by_end(self.card.costs(rows, day))
        chosen = np.argmin(costs, axis=1)
        lowest = costs[np.arange(len(costs)), chosen]
        sure = _confidence(costs, lowest, self.card.likelihood)
        codes = np.array([NOBODY if isinstance(end, Tree) else end for end in ends], np.int16)[chosen]
        out = lowest > self.card.limit
        codes[out] = NOBODY if isinstance(self.nobody, Tree) else self.nobody
        below = [(end, (chosen == place) & ~out) for place, end in enumerate(ends)]
        for end, here in [*below, (self.nobody, out)]:
            if isinstance(end, Tree) and here.any():
                codes[here], deeper = end._assigned(rows.loc[here], day)
                sure[here] = np.minimum(sure[here], deeper)
        return codes, sure

    def by_end(self, costs: np.ndarray) -> "tuple[np.ndarray, list[int | Tree]]":
        """Put outcomes together that lead to the same end: it costs what the cheapest of them costs.

        Parameters
        ----------
        costs : float array of shape (rows, outcomes)

        Returns
        -------
        costs : float array of shape (rows, ends)
            Where costs are likelihoods, those of being in any of the outcomes.
        ends : list of int or Tree
        """
        ends = list(dict.fromkeys(self.leads_to))
        if len(ends) == len(self.leads_to):
            return costs, ends
        groups = [[place for place, one in enumerate(self.leads_to) if one == end] for end in ends]
        if self.card.likelihood:
            together = [-np.logaddexp.reduce(-costs[:, group], axis=1) for group in groups]
        else:
            together = [costs[:, group].min(axis=1) for group in groups]
        return np.column_stack(together), ends

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON."""
        *leads_to, nobody = [one.to_dict() if isinstance(one, Tree) else one for one in self.ends]
        return {"card": self.card.to_dict(), "leads_to": leads_to, "nobody": nobody}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Tree":
        """Read what `to_dict` wrote."""
        *leads_to, nobody = [
            one if isinstance(one, int) and not isinstance(one, bool) else cls.from_dict(one)
            for one in [*values["leads_to"], values["nobody"]]
        ]
        return cls(_card_from(values["card"]), tuple(leads_to), nobody)

    def cards(self) -> Iterator[Card]:
        """All cards, the first one first."""
        yield self.card
        for one in self.ends:
            if isinstance(one, Tree):
                yield from one.cards()


def flat(card: Card, nobody: int = NOBODY) -> Tree:
    """A tree of one card, whose outcomes are the segments."""
    return Tree(card, tuple(range(card.count)), nobody)


def _card_from(values: dict[str, Any]) -> Card:
    if values.get("kind") == "rules":
        return RuleCard(tuple(condition_from(rule) for rule in values["rules"]))
    return ScoreCard.from_dict(values)


def _confidence(costs: np.ndarray, lowest: np.ndarray, likelihood: bool) -> np.ndarray:
    if likelihood:
        return (1 / np.exp(lowest[:, None] - costs).sum(axis=1)).astype(np.float32)
    if costs.shape[1] == 1:
        return np.ones(len(costs), np.float32)
    second = np.partition(costs, 1, axis=1)[:, 1]
    sure = np.ones(len(costs))  # where there is no second
    near = np.isfinite(second)
    both = lowest[near] + second[near]
    sure[near] = np.where(both > 0, second[near] / np.where(both > 0, both, 1.0), 0.5)
    return sure.astype(np.float32)


def _check_columns(frame: pd.DataFrame, names: Sequence[str]) -> None:
    absent = [name for name in names if name not in frame.columns]
    if absent:
        named = listing([f"“{name}”" for name in absent])
        raise UnusableSegmentation(
            f"The table lacks {named}, which the segmentation was built on. "
            "Add the column or use a segmentation made without it."
        )
