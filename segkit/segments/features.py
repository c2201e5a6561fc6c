"""Features: how the values of each dimension are prepared before distances are taken.

A number is (1) put on a log scale when it is strongly right-skewed and never negative (in a unit taken from
its small values, so that euros and cents give the same), (2) limited to
its 1st and 99th percentile so that a few extremes do not become a segment, (3) filled with its median
where missing, and (4) standardised. A category becomes one column per level, weighted as in factor
analysis of mixed data (Pagès 2004): an indicator is divided by the root of its share, and the block by
the root of (levels - 1), so the whole category has variance 1, as much as one number. Levels rarer than
2 % are pooled. A missing category sits in the middle of all levels, so it pulls nowhere; the others move
out a little, so that the variance stays 1, as that of a number does after filling.

With scaling off, for items that share one scale, values stay as they are.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from segkit.customers.table import Customers
from segkit.errors import UnusablePlan
from segkit.labels import listing, number, percent

STRONG_SKEW = 1.0  # "highly skewed", Bulmer, Principles of Statistics (1979)
WINSOR = (0.01, 0.99)
AT_ONCE = 2  # columns that are learned side by side
RARE_LEVEL = 0.02
UNIT_QUANTILE = 0.1  # of the positive values; counts in ones have the unit 1
MOST_LEVELS = 50  # columns that one category may become; of a finer one the rest is pooled
OTHER = "(other)"
LARGEST = 1e15  # beyond it squares lose whole numbers: such values are codes or mistakes


@dataclass(frozen=True)
class NumberFeature:
    """How one number or yes/no dimension is prepared.

    `transform` gives one column: ((log?(1 + value / unit) limited to low..high) - shift) / scale.
    """

    name: str
    fill: float
    log: bool
    low: float
    high: float
    shift: float
    scale: float
    filled_share: float = 0.0
    yes_no: bool = False
    unit: float = 1.0

    width = 1

    def transform(self, values: pd.Series) -> np.ndarray:
        """Prepare values; returns an array of one column."""
        return self.prepared(values)[:, None]

    def prepared(self, values: pd.Series) -> np.ndarray:
        """Prepare values; missing ones count as the median."""
        raw = numeric(values)
        return self.scaled(np.where(np.isnan(raw), self.fill, raw))

    def scaled(self, raw: np.ndarray) -> np.ndarray:
        """Prepare numbers; missing ones stay missing."""
        if self.log:
            raw = np.log1p(np.maximum(raw, 0.0) / self.unit)
        return (np.clip(raw, self.low, self.high) - self.shift) / self.scale

    @property
    def steps(self) -> str:
        """What is done to the values, in words."""
        parts = ["log scale"] if self.log else []
        if not self.yes_no and np.isfinite(self.low):
            low, high = np.expm1([self.low, self.high]) * self.unit if self.log else (self.low, self.high)
            parts.append(f"limited to {number(float(low))} to {number(float(high))}")
        if self.filled_share:
            parts.append(f"{percent(self.filled_share)} missing, filled with the median {number(self.fill)}")
        parts.append("standardised" if self.scale != 1 or self.shift != 0 else "as it is")
        return ", ".join(parts)


@dataclass(frozen=True, eq=False)
class LevelFeature:
    """How one category dimension is prepared.

    Attributes
    ----------
    name : str
    levels : tuple of str
        Levels with coordinates of their own; the last one may be `OTHER`.
    coordinates : array of shape (len(levels) + 1, width)
        Row by level; the last row is "missing or never seen".
    """

    name: str
    levels: tuple[str, ...]
    coordinates: np.ndarray
    pooled: tuple[str, ...] = ()
    missing_share: float = 0.0

    @property
    def width(self) -> int:
        """Columns that `transform` gives."""
        return self.coordinates.shape[1]

    def transform(self, values: pd.Series) -> np.ndarray:
        """Prepare values; returns an array of `width` columns."""
        return self.coordinates[level_codes(values, self.levels)]

    @property
    def steps(self) -> str:
        """What is done to the values, in words."""
        parts = [f"one column per level ({len(self.levels)}), weighted to count as one number"]
        if self.pooled:
            parts.append(f"rare levels pooled: {listing(list(self.pooled))}")
        if self.missing_share:
            parts.append(f"{percent(self.missing_share)} missing, kept neutral")
        return ", ".join(parts)


Feature = NumberFeature | LevelFeature


def numeric(values: pd.Series) -> np.ndarray:
    """Turn a column into floats: numbers as they are, yes/no as 1 and 0, texts where they are numbers."""
    if isinstance(values.dtype, pd.CategoricalDtype) and values.cat.ordered:
        codes = values.cat.codes.to_numpy().astype(float)
        return np.where(codes < 0, np.nan, codes)
    if values.dtype == np.float64:
        return values.to_numpy()
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype=float, na_value=np.nan)
    return pd.to_numeric(values.astype("str"), errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def level_codes(values: pd.Series, levels: Sequence[str]) -> np.ndarray:
    """Number the level of each value; what is missing gets len(levels), unseen the pooled level if any."""
    categories = values if isinstance(values.dtype, pd.CategoricalDtype) else _as_levels(values)
    place = {level: code for code, level in enumerate(levels)}
    unseen = place.get(OTHER, len(levels))
    lookup = np.array([place.get(str(c), unseen) for c in categories.cat.categories] + [len(levels)])
    return lookup[categories.cat.codes.to_numpy()]


def _as_levels(values: pd.Series) -> pd.Series:
    """Read a column as levels; 2.0 is the level "2"."""
    if pd.api.types.is_float_dtype(values.dtype):
        return values.map(lambda value: f"{value:.15g}", na_action="ignore").astype("category")
    return values.astype("str").astype("category")


def learned_features(
    customers: Customers, dimensions: Sequence[str], scaling: str
) -> tuple[tuple[Feature, ...], tuple[str, ...]]:
    """Learn from a customer table how its dimensions are prepared.

    Returns
    -------
    features : tuple of Feature
        One per dimension that varies.
    notes : tuple of str
        Dimensions that were dropped, and why.

    Raises
    ------
    UnusablePlan
        A dimension is not in the table or cannot group customers, or none varies.
    """
    _check_dimensions(customers, dimensions)
    plain = scaling == "none" or (scaling == "auto" and share_one_scale(customers, dimensions))
    with ThreadPoolExecutor(AT_ONCE) as pool:  # numpy sorts several at once
        learned = list(pool.map(lambda name: _learned_once(customers, name, plain), dimensions))
    features = [feature for feature in learned if feature is not None]
    dropped = [name for name, feature in zip(dimensions, learned, strict=True) if feature is None]
    if not features:
        named = listing([f"“{name}”" for name in dimensions])
        raise UnusablePlan(
            f"{named} {'has' if len(dimensions) == 1 else 'have'} the same value for every customer, "
            "so nothing tells customers apart. Choose other dimensions."
        )
    notes = [f"“{name}” has the same value for every customer and was left out." for name in dropped]
    return tuple(features), tuple(notes)


_LEARNED: WeakKeyDictionary[Customers, dict[tuple[str, bool], Feature | None]] = WeakKeyDictionary()


def _learned_once(customers: Customers, name: str, plain: bool) -> Feature | None:
    """Learn a column the first time it is asked for; a table never changes, and is not kept alive by this."""
    known = _LEARNED.setdefault(customers, {})
    if (name, plain) not in known:
        known[name, plain] = _learned(name, customers.frame[name], plain)
    return known[name, plain]


def _check_dimensions(customers: Customers, dimensions: Sequence[str]) -> None:
    if not dimensions:
        raise UnusablePlan(
            "No column can form segments by itself. "
            "Choose at least one dimension (a number, a yes/no or a category)."
        )
    for name in dimensions:
        column = customers.column(name)
        if column is None:
            usable = [c.name for c in customers.columns if c.can_form_segments]
            raise UnusablePlan(
                f"There is no column “{name}” in the table. Dimensions can be: {listing(usable, 40)}."
            )
        if column.kind in ("text", "date"):
            raise UnusablePlan(
                f"“{name}” is read as {column.kind}, which cannot form segments. "
                "Choose another dimension, or change its kind to number, yes/no or category."
            )


def share_one_scale(customers: Customers, dimensions: Sequence[str]) -> bool:
    """Tell whether all dimensions are answers on one scale: all yes/no, or all 1–5, all 0–10 and so on."""
    if len(dimensions) < 2:
        return False
    columns = [customers.frame[name] for name in dimensions]
    kinds = {customers.column(name).kind for name in dimensions}  # type: ignore[union-attr]
    if kinds == {"yes/no"}:
        return True
    if kinds != {"number"}:
        return False
    ranges = {(column.min(), column.max()) for column in columns}
    whole = all(bool((column.dropna() % 1 == 0).all()) for column in columns)
    return (
        whole
        and len(ranges) == 1
        and next(iter(ranges)) in {(1, 5), (1, 7), (0, 10), (1, 4), (1, 6), (1, 10)}
    )


def _learned(name: str, values: pd.Series, plain: bool) -> Feature | None:
    levels = isinstance(values.dtype, pd.CategoricalDtype) and not values.cat.ordered
    return _learned_levels(name, values, plain) if levels else _learned_number(name, values, plain)


def _learned_number(name: str, values: pd.Series, plain: bool) -> NumberFeature | None:
    # sorted first: sums over sorted values do not depend on the order of the rows
    raw = np.sort(numeric(values))
    present = raw[: len(raw) - np.isnan(raw).sum()]
    if not len(present) or present[0] == present[-1]:
        return None
    yes_no = isinstance(values.dtype, pd.CategoricalDtype)
    _check_size(name, present)
    fill = float((present[(len(present) - 1) // 2] + present[len(present) // 2]) / 2)
    missing = 1 - len(present) / len(raw)
    if plain:
        return NumberFeature(name, fill, False, -np.inf, np.inf, 0.0, 1.0, missing, yes_no)
    log = bool(present[0] >= 0 and not yes_no and _skewness(present) > STRONG_SKEW)
    unit = _unit(present) if log else 1.0
    scaled = np.log1p(present / unit) if log else present
    low, high = (_quantile(scaled, edge) for edge in WINSOR)
    if low == high:  # 98 % of customers share one value: keep the rest visible
        low, high = float(scaled[0]), float(scaled[-1])
    inside = np.clip(scaled, low, high)
    centre = np.log1p(fill / unit) if log else fill
    gaps = len(raw) - len(present)
    shift = float((inside.sum() + gaps * np.clip(centre, low, high)) / len(raw))
    square = np.square(inside - shift).sum() + gaps * (np.clip(centre, low, high) - shift) ** 2
    return NumberFeature(
        name, fill, log, low, high, shift, float(np.sqrt(square / len(raw))), missing, yes_no, unit
    )


def _unit(ascending: np.ndarray) -> float:
    """The unit of a number that is put on a log scale: below it, values count as they are."""
    positive = ascending[np.searchsorted(ascending, 0.0, side="right") :]
    return _quantile(positive, UNIT_QUANTILE)


def _quantile(ascending: np.ndarray, share: float) -> float:
    """The first of some sorted values that so large a share is not above (Hyndman & Fan 1996, type 1)."""
    return float(ascending[max(int(np.ceil(len(ascending) * share)) - 1, 0)])


def _check_size(name: str, present: np.ndarray) -> None:
    largest = max(present[0], present[-1], key=abs)
    if abs(largest) > LARGEST:
        raise UnusablePlan(
            f"“{name}” has values as large as {largest:.0e}, too large to compare customers by. "
            "Check the column, or choose other dimensions."
        )


def _skewness(values: np.ndarray) -> float:
    """Moment coefficient of skewness of values that are not all the same."""
    centred = values - values.mean()
    squares = centred * centred  # a power takes twenty times as long
    return float((squares * centred).mean() / squares.mean() ** 1.5)


def _learned_levels(name: str, values: pd.Series, plain: bool) -> LevelFeature | None:
    counts = level_counts(values)
    if len(counts) < 2:
        return None
    kept, pooled = _kept_levels(counts, 0.0 if plain else RARE_LEVEL)
    total = sum(counts.values())
    shares = [counts[level] / total for level in kept]
    if pooled:
        shares.append(sum(counts[level] for level in pooled) / total)
    place = _plain_levels if plain else _weighted_levels
    coordinates = place(np.array(shares), total / len(values))
    levels = (*kept, OTHER) if pooled else kept
    return LevelFeature(name, levels, coordinates, pooled, 1 - total / len(values))


def level_counts(values: pd.Series) -> dict[str, int]:
    """Count the levels that occur, the most frequent first, ties by name."""
    counts = {str(level): int(count) for level, count in values.value_counts().items() if count}
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _kept_levels(counts: dict[str, int], rare: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split levels into those with a place of their own and the rare ones, which share one."""
    total = sum(counts.values())
    frequent = list(counts)[:MOST_LEVELS]
    kept = [level for level in frequent if counts[level] >= rare * total] or frequent
    if len(counts) == 2:  # pooling one of two changes nothing but its name
        kept = frequent
    return tuple(sorted(kept)), tuple(sorted(set(counts) - set(kept)))


def _weighted_levels(shares: np.ndarray, known: float) -> np.ndarray:
    """Place levels as in FAMD: indicators over the root of their share, centred, the block of variance 1."""
    count = len(shares)
    indicators = np.eye(count) - shares
    return np.vstack([indicators / np.sqrt(shares * (count - 1) * known), np.zeros(count)])


def _plain_levels(shares: np.ndarray, known: float) -> np.ndarray:
    """Place levels so that two different ones are 1 apart, as no and yes are."""
    return np.vstack([np.eye(len(shares)) / np.sqrt(2), shares / np.sqrt(2)])
