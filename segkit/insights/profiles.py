"""Profiles: what sets each segment apart, largest difference first.

Differences are effect sizes, never p-values: testing the columns that formed the segments would find
differences in any data (double dipping). Numbers are compared by the difference of means in standard
deviations (Cohen's d against the whole spread), levels and yes/no by Cohen's h between two shares
(Cohen 1988). Where fewer than five customers have a value, nothing is said of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan, nan

import numpy as np

from segkit.customers.table import Customers
from segkit.labels import percent, quantity, readable
from segkit.measures.comparison import About
from segkit.measures.kpis import SMALLEST_SHOWN
from segkit.measures.profile_facts import InMemory, ProfileFacts, learned
from segkit.measures.standing_out import about
from segkit.measures.sums import Sums
from segkit.segments.features import Feature, LevelFeature, NumberFeature
from segkit.segments.segmentation import Assignment

NOTABLE = 0.2  # below it a difference is "small" (Cohen 1988) and is not worth a word


@dataclass(frozen=True)
class Trait:
    """One thing that sets a segment apart from all other customers.

    Attributes
    ----------
    column : str
    level : str
        The level that is more frequent here; for yes/no "yes" or "no", for numbers "high" or "low".
    kind : str
        "number", "yes/no" or "category".
    effect : float
        Size of the difference, positive.
    here, elsewhere : float
        Mean (numbers) or share (levels) in the segment and among all others.
    role : str
        What the column means, one of `roles.ROLES`.
    """

    column: str
    level: str
    kind: str
    effect: float
    here: float
    elsewhere: float
    role: str = ""

    @property
    def sentence(self) -> str:
        """The trait in words, with both numbers."""
        name = readable(self.column)
        if self.kind == "number":
            here, elsewhere = (quantity(self.column, value) for value in (self.here, self.elsewhere))
            return f"{name}: {here} on average, others {elsewhere}"
        what = name if self.kind == "yes/no" else f"{name} “{self.level}”"
        return f"{what}: {percent(self.here)}, others {percent(self.elsewhere)}"


def profiles(
    customers: Customers, assignment: Assignment, columns: Sequence[str] | None = None
) -> dict[str, list[Trait]]:
    """Describe each segment by its traits in some columns.

    Parameters
    ----------
    customers : Customers
    assignment : Assignment
    columns : sequence of str, optional
        By default the dimensions that formed the segments.

    Returns
    -------
    dict of segment key to list of Trait
        Largest effect first; differences below 0.2 are left out.
    """
    return traits_of(about(customers, assignment), InMemory(customers, assignment), columns)


def traits_of(
    about: About, facts: ProfileFacts, columns: Sequence[str] | None = None
) -> dict[str, list[Trait]]:
    """Describe each segment by its traits in some columns, wherever the customers are.

    Parameters
    ----------
    about : About
        Its customers say how the columns are prepared, and what they mean.
    facts : ProfileFacts
    columns : sequence of str, optional
        By default the dimensions.

    Returns
    -------
    dict of segment key to list of Trait
        As of `profiles`.
    """
    traits: dict[str, list[Trait]] = {key: [] for key in about.keys}
    roles = about.customers.roles
    for feature in learned(about.customers, columns or about.dimensions):
        for key, trait in zip(about.keys, _traits(feature, facts), strict=True):
            if trait is not None and trait.effect >= NOTABLE:
                traits[key].append(replace(trait, role=roles[feature.name]))
    return {key: sorted(some, key=lambda trait: -round(trait.effect, 6)) for key, some in traits.items()}


def _traits(feature: Feature, facts: ProfileFacts) -> list[Trait | None]:
    """Describe every segment by one column; None where there is nothing to say."""
    if isinstance(feature, LevelFeature):
        return _level_traits(feature.name, *facts.levels(feature.name))
    if feature.yes_no:
        return _yes_no_traits(feature.name, facts)
    return _number_traits(feature, facts)


def most_distinct(traits: dict[str, list[Trait]]) -> str | None:
    """Find the segment whose three largest traits are largest on average; None without any trait."""
    strength = {key: sum(trait.effect for trait in some[:3]) / 3 for key, some in traits.items() if some}
    return max(strength, key=lambda key: round(strength[key], 6), default=None)


def _group_means(parts: list[Sums], whole: Sums) -> tuple[np.ndarray, np.ndarray]:
    """Mean of each segment and of everyone else; missing values left out, NaN for fewer than five."""
    return (
        np.array([_mean(part) for part in parts[:-1]]),
        np.array([_mean(whole.minus(part)) for part in parts[:-1]]),
    )


def _mean(sums: Sums) -> float:
    """The mean; that of fewer than five is withheld, and rounding by the order of rows is cut off."""
    return float(f"{sums.mean:.12g}") if sums.answered >= SMALLEST_SHOWN else nan


def _number_traits(feature: NumberFeature, facts: ProfileFacts) -> list[Trait | None]:
    """Compare means; the effect is taken on the prepared scale, where a few extremes do not carry it."""
    here, elsewhere = _group_means(*facts.sums(feature.name))
    scaled_here, scaled_elsewhere = _group_means(*facts.scaled(feature))
    effects = scaled_here - scaled_elsewhere
    agree = (effects > 0) == (here > elsewhere)  # else the words would contradict the numbers beside them
    return [
        Trait(feature.name, "high" if effect > 0 else "low", "number", abs(effect), mean, other)
        if same and not isnan(effect)
        else None
        for effect, mean, other, same in zip(
            effects.tolist(), here.tolist(), elsewhere.tolist(), agree.tolist(), strict=True
        )
    ]


def _cohens_h(here: np.ndarray, elsewhere: np.ndarray) -> np.ndarray:
    return 2 * np.arcsin(np.sqrt(here)) - 2 * np.arcsin(np.sqrt(elsewhere))


def _yes_no_traits(name: str, facts: ProfileFacts) -> list[Trait | None]:
    here, elsewhere = _group_means(*facts.sums(name))
    effects = _cohens_h(here, elsewhere)
    return [
        None
        if isnan(effect)
        else Trait(name, "yes" if effect > 0 else "no", "yes/no", abs(effect), share, other)
        for effect, share, other in zip(effects.tolist(), here.tolist(), elsewhere.tolist(), strict=True)
    ]


def _level_traits(name: str, levels: list[str], counts: np.ndarray) -> list[Trait | None]:
    """Take, for each segment, the level that is over-represented most; of equal ones the first by name."""
    order = sorted(range(len(levels)), key=levels.__getitem__)
    levels, counts = [levels[place] for place in order], counts[:, order]
    inside = counts[:-1]
    outside = counts.sum(axis=0) - inside
    answered, others = inside.sum(axis=1), outside.sum(axis=1)
    here = inside / np.maximum(answered, 1)[:, None]
    elsewhere = outside / np.maximum(others, 1)[:, None]
    effects = np.round(_cohens_h(here, elsewhere), 9)  # equal effects stay equal
    best = effects.argmax(axis=1)
    enough = np.minimum(answered, others) >= SMALLEST_SHOWN
    return [
        Trait(name, levels[level], "category", effect[level], share[level], other[level]) if shown else None
        for level, effect, share, other, shown in zip(
            best.tolist(), effects.tolist(), here.tolist(), elsewhere.tolist(), enough.tolist(), strict=True
        )
    ]
