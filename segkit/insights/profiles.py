"""Profiles: what sets each segment apart, largest difference first.

Differences are effect sizes, never p-values: testing the columns that formed the segments would find
differences in any data (double dipping). Numbers are compared by the difference of means in standard
deviations (Cohen's d against the whole spread), levels and yes/no by Cohen's h between two shares.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.labels import number, percent, readable
from segkit.segments.features import NumberFeature, learned_features, level_codes, numeric
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
    """

    column: str
    level: str
    kind: str
    effect: float
    here: float
    elsewhere: float

    @property
    def sentence(self) -> str:
        """The trait in words, with both numbers."""
        if self.kind == "number":
            return f"{readable(self.column)} {number(self.here)} on average, others {number(self.elsewhere)}"
        what = readable(self.column) if self.kind == "yes/no" else f"{readable(self.column)} “{self.level}”"
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
    names = [name for name in columns or assignment.dimensions if customers.column(name) is not None]
    try:
        features, _ = learned_features(customers, names, "standard")
    except UnusablePlan:
        features = ()
    traits: dict[str, list[Trait]] = {segment.key: [] for segment in assignment.segments}
    for feature in features:
        values = customers.frame[feature.name]
        if isinstance(feature, NumberFeature) and not feature.yes_no:
            found = _number_traits(feature, numeric(values), assignment)
        elif isinstance(feature, NumberFeature):
            found = _yes_no_traits(feature.name, numeric(values), assignment)
        else:
            levels = [str(level) for level in values.cat.categories]
            found = _level_traits(feature.name, levels, level_codes(values, levels), assignment)
        for key, trait in found:
            if trait.effect >= NOTABLE:
                traits[key].append(trait)
    return {key: sorted(some, key=lambda trait: -round(trait.effect, 6)) for key, some in traits.items()}


def most_distinct(traits: dict[str, list[Trait]]) -> str | None:
    """Find the segment whose three largest traits are largest on average; None without any trait."""
    strength = {key: sum(trait.effect for trait in some[:3]) / 3 for key, some in traits.items() if some}
    return max(strength, key=lambda key: round(strength[key], 6), default=None)


def _group_means(values: np.ndarray, assignment: Assignment) -> tuple[np.ndarray, np.ndarray]:
    """Mean of each segment and of everyone outside it, NaN left out."""
    there = ~np.isnan(values) & (assignment.codes >= 0)
    codes, present = assignment.codes[there], values[there]
    count = len(assignment.segments)
    order = np.argsort(present, kind="stable")  # sorted sums do not depend on the order of rows
    sums = np.bincount(codes[order], present[order], minlength=count)
    sizes = np.bincount(codes, minlength=count)
    outside, rest = sums.sum() - sums, sizes.sum() - sizes
    with np.errstate(invalid="ignore"):
        return np.divide(sums, sizes, where=sizes > 0, out=np.full(count, np.nan)), np.divide(
            outside, rest, where=rest > 0, out=np.full(count, np.nan)
        )


def _number_traits(
    feature: NumberFeature, raw: np.ndarray, assignment: Assignment
) -> list[tuple[str, Trait]]:
    here, elsewhere = _group_means(raw, assignment)
    scaled = np.where(np.isnan(raw), np.nan, _prepared(feature, raw))
    scaled_here, scaled_elsewhere = _group_means(scaled, assignment)
    effects = scaled_here - scaled_elsewhere
    return [
        (
            segment.key,
            Trait(
                feature.name,
                "high" if effect > 0 else "low",
                "number",
                abs(float(effect)),
                float(here[place]),
                float(elsewhere[place]),
            ),
        )
        for place, (segment, effect) in enumerate(zip(assignment.segments, effects, strict=True))
    ]


def _prepared(feature: NumberFeature, raw: np.ndarray) -> np.ndarray:
    logged = np.log1p(np.maximum(raw, 0.0)) if feature.log else raw
    return (np.clip(logged, feature.low, feature.high) - feature.shift) / feature.scale


def _cohens_h(here: float, elsewhere: float) -> float:
    return float(2 * np.arcsin(np.sqrt(here)) - 2 * np.arcsin(np.sqrt(elsewhere)))


def _yes_no_traits(name: str, raw: np.ndarray, assignment: Assignment) -> list[tuple[str, Trait]]:
    here, elsewhere = _group_means(raw, assignment)
    found = []
    for segment, share, other in zip(assignment.segments, here, elsewhere, strict=True):
        if not (np.isnan(share) or np.isnan(other)):
            effect = _cohens_h(share, other)
            trait = Trait(
                name, "yes" if effect > 0 else "no", "yes/no", abs(effect), float(share), float(other)
            )
            found.append((segment.key, trait))
    return found


def _level_traits(
    name: str, levels: list[str], codes: np.ndarray, assignment: Assignment
) -> list[tuple[str, Trait]]:
    """Take, for each segment, the level that is over-represented most."""
    best: dict[str, Trait] = {}
    known = codes < len(levels)
    for place, level in enumerate(levels):
        here, elsewhere = _group_means(np.where(known, codes == place, np.nan), assignment)
        for segment, share, other in zip(assignment.segments, here, elsewhere, strict=True):
            effect = 0.0 if np.isnan(share) or np.isnan(other) else _cohens_h(share, other)
            if effect > 0 and (segment.key not in best or effect > best[segment.key].effect + 1e-9):
                best[segment.key] = Trait(name, level, "category", effect, float(share), float(other))
    return list(best.items())
