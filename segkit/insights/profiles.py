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
import pandas as pd

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.labels import percent, quantity, readable
from segkit.measures.kpis import SMALLEST_SHOWN
from segkit.segments.features import Feature, LevelFeature, NumberFeature, learned_features, numeric
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
    features = _features(customers, columns or assignment.dimensions)
    traits: dict[str, list[Trait]] = {segment.key: [] for segment in assignment.segments}
    roles = customers.roles
    for feature in features:
        found = _traits(feature, customers.frame[feature.name], assignment)
        for segment, trait in zip(assignment.segments, found, strict=True):
            if trait is not None and trait.effect >= NOTABLE:
                traits[segment.key].append(replace(trait, role=roles[feature.name]))
    return {key: sorted(some, key=lambda trait: -round(trait.effect, 6)) for key, some in traits.items()}


def _features(customers: Customers, columns: Sequence[str]) -> tuple[Feature, ...]:
    known = [customers.column(name) for name in columns]
    names = [column.name for column in known if column is not None and column.can_form_segments]
    try:
        return learned_features(customers, names, "standard")[0]
    except UnusablePlan:
        return ()


def _traits(feature: Feature, values: pd.Series, assignment: Assignment) -> list[Trait | None]:
    """Describe every segment by one column; None where there is nothing to say."""
    if isinstance(feature, LevelFeature):
        return _level_traits(feature.name, values, assignment)
    if feature.yes_no:
        return _yes_no_traits(feature.name, numeric(values), assignment)
    return _number_traits(feature, numeric(values), assignment)


def most_distinct(traits: dict[str, list[Trait]]) -> str | None:
    """Find the segment whose three largest traits are largest on average; None without any trait."""
    strength = {key: sum(trait.effect for trait in some[:3]) / 3 for key, some in traits.items() if some}
    return max(strength, key=lambda key: round(strength[key], 6), default=None)


def _group_means(values: np.ndarray, assignment: Assignment) -> tuple[np.ndarray, np.ndarray]:
    """Mean of each segment and of everyone else; missing values left out, NaN for fewer than five."""
    there = ~np.isnan(values)
    groups = len(assignment.segments) + 1  # the last one: fits none
    codes = assignment.codes.astype(np.int64)[there] % groups
    counts = np.bincount(codes, minlength=groups)
    sums = np.bincount(codes, values[there], minlength=groups)
    return (
        _means(sums[:-1], counts[:-1]),
        _means(sums.sum() - sums[:-1], counts.sum() - counts[:-1]),
    )


def _means(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Divide; means of fewer than five are withheld, and rounding by the order of rows is cut off."""
    shown = np.divide(sums, counts, out=np.full(len(sums), nan), where=counts >= SMALLEST_SHOWN)
    return np.array([float(f"{mean:.12g}") for mean in shown.tolist()])


def _number_traits(feature: NumberFeature, raw: np.ndarray, assignment: Assignment) -> list[Trait | None]:
    """Compare means; the effect is taken on the prepared scale, where a few extremes do not carry it."""
    here, elsewhere = _group_means(raw, assignment)
    scaled_here, scaled_elsewhere = _group_means(feature.scaled(raw), assignment)
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


def _yes_no_traits(name: str, raw: np.ndarray, assignment: Assignment) -> list[Trait | None]:
    here, elsewhere = _group_means(raw, assignment)
    effects = _cohens_h(here, elsewhere)
    return [
        None
        if isnan(effect)
        else Trait(name, "yes" if effect > 0 else "no", "yes/no", abs(effect), share, other)
        for effect, share, other in zip(effects.tolist(), here.tolist(), elsewhere.tolist(), strict=True)
    ]


def _level_traits(name: str, values: pd.Series, assignment: Assignment) -> list[Trait | None]:
    """Take, for each segment, the level that is over-represented most."""
    levels = [str(level) for level in values.cat.categories]
    counts = _crossed(assignment, values.cat.codes.to_numpy(), len(levels))
    inside = counts[:-1]
    outside = counts.sum(axis=0) - inside
    answered, others = inside.sum(axis=1), outside.sum(axis=1)
    here = inside / np.maximum(answered, 1)[:, None]
    elsewhere = outside / np.maximum(others, 1)[:, None]
    effects = np.round(_cohens_h(here, elsewhere), 9)  # equal effects stay equal: the first level is taken
    best = effects.argmax(axis=1)
    enough = np.minimum(answered, others) >= SMALLEST_SHOWN
    return [
        Trait(name, levels[level], "category", effect[level], share[level], other[level]) if shown else None
        for level, effect, share, other, shown in zip(
            best.tolist(), effects.tolist(), here.tolist(), elsewhere.tolist(), enough.tolist(), strict=True
        )
    ]


def _crossed(assignment: Assignment, levels: np.ndarray, count: int) -> np.ndarray:
    """Count customers by segment (the last row is "fits none") and level; missing levels left out."""
    groups = len(assignment.segments) + 1
    rows = assignment.codes.astype(np.int64) % groups
    known = levels >= 0
    crossed = np.bincount(rows[known] * count + levels[known], minlength=groups * count)
    return crossed.reshape(groups, count)
