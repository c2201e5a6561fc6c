"""Prepared customers: what every clustering method starts from.

Methods that take distances use `space`, where a category is a block of columns (see `features`) and the
weight of a dimension is in its coordinates. Methods that take probabilities use `answers`, one column a
dimension as it was answered, with gaps left as gaps.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from segkit.segments.features import Feature, LevelFeature, level_codes, numeric
from segkit.segments.sampling import content_order

UNIT = 9  # digits to which columns are compared when they are put in order
CHUNK = 100_000  # rows at a time
AT_ONCE = 2  # columns side by side; each needs its values once more in memory


@dataclass(frozen=True, eq=False)
class Prepared:
    """Customers as numbers.

    Attributes
    ----------
    features : tuple of Feature
        One per dimension.
    weights : tuple of float
        How much each dimension counts; 1 is usual. A squared distance is multiplied by it.
    space : float32 array of shape (rows, columns)
        The features' columns, each dimension's block times the root of its weight. No gaps.
    answers : float32 array of shape (rows, dimensions), or None where the method needs none
        Numbers prepared as in `space` but without weight; yes/no and levels as the code 0, 1, 2 …; NaN is
        a gap.
    """

    features: tuple[Feature, ...]
    weights: tuple[float, ...]
    space: np.ndarray
    answers: np.ndarray | None = None
    _orders: dict[int, np.ndarray] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.space)

    @property
    def blocks(self) -> tuple[slice, ...]:
        """The columns of `space` that belong to each dimension."""
        ends = np.cumsum([feature.width for feature in self.features]).tolist()
        return tuple(
            slice(end - feature.width, end) for feature, end in zip(self.features, ends, strict=True)
        )

    def take(self, rows: np.ndarray) -> "Prepared":
        """Return some of the customers, in that order."""
        answers = None if self.answers is None else self.answers[rows]
        return replace(self, space=np.ascontiguousarray(self.space[rows]), answers=answers)

    def order(self, seed: int) -> np.ndarray:
        """Order the customers by content, so that the order of the table does not matter."""
        if seed not in self._orders:  # evidence and segments ask for the same
            whole = self.space if self.answers is None else np.column_stack([self.space, self.answers])
            self._orders[seed] = content_order(whole, seed)
        return self._orders[seed]

    def scrambled(self, seed: int) -> "Prepared":
        """Return customers whose answers are dealt out anew, dimension by dimension.

        Each dimension keeps its own distribution, and whatever linked the dimensions is gone.
        """
        rng = np.random.default_rng(seed)
        space = np.empty_like(self.space)
        answers = None if self.answers is None else np.empty_like(self.answers)
        for place, block in enumerate(self.blocks):
            dealt = rng.permutation(len(self))
            space[:, block] = self.space[dealt, block]
            if answers is not None and self.answers is not None:
                answers[:, place] = self.answers[dealt, place]
        return replace(self, space=space, answers=answers)


def prepared(
    features: Sequence[Feature],
    frame: pd.DataFrame,
    weights: Sequence[float] | None = None,
    answers: bool = False,
    by_content: bool = False,
) -> Prepared:
    """Prepare the customers of a frame.

    Parameters
    ----------
    features : sequence of Feature
        As `learned_features` gives them.
    frame : pandas.DataFrame
        With a column per feature.
    weights : sequence of float, optional
        One per feature; 1 each by default.
    answers : bool
        Fill `answers` too.
    by_content : bool
        Put the dimensions in an order that depends on what is in them, not on their names or places; else
        they stay in the order of the features.
    """
    heavy = tuple(weights) if weights is not None else (1.0,) * len(features)
    width = sum(feature.width for feature in features)
    space = np.empty((len(frame), width), dtype=np.float32, order="F")  # filled and looked at by columns
    ready = Prepared(tuple(features), heavy, space)

    def fill(place: int) -> None:
        block = features[place].transform(frame[features[place].name])
        space[:, ready.blocks[place]] = block if heavy[place] == 1 else block * np.sqrt(heavy[place])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(fill, range(len(features))))
    if by_content:
        ready = _by_content(ready)
    if not answers:
        return ready
    return replace(ready, answers=np.column_stack([_answers(one, frame[one.name]) for one in ready.features]))


def _by_content(customers: Prepared) -> Prepared:
    """Put dimensions in an order that depends on what is in them, not on their names or places.

    Sums of the same numbers in another order differ in the last digit, and where there are many nearly equal
    segmentations, that decides which of them is found.
    """
    space, blocks = customers.space, customers.blocks

    def moments(place: int) -> tuple[float, ...]:
        means: list[float] = []
        for column in range(blocks[place].start, blocks[place].stop):
            values = space[:, column].astype(float)
            cubes = values * values * values  # a power takes twenty times as long
            means += [round(float(np.abs(values).mean()), UNIT), round(float(cubes.mean()), UNIT)]
        return tuple(means)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(moments, range(len(blocks))))
    order = sorted(range(len(blocks)), key=found.__getitem__)
    if order != list(range(len(blocks))):
        columns = [column for place in order for column in range(blocks[place].start, blocks[place].stop)]
        for start in range(0, len(space), CHUNK):  # in place: a second copy may be large
            space[start : start + CHUNK] = space[start : start + CHUNK][:, columns]
    features = tuple(customers.features[place] for place in order)
    return Prepared(features, tuple(customers.weights[place] for place in order), space)


def _answers(feature: Feature, values: pd.Series) -> np.ndarray:
    """One dimension as it was answered."""
    if isinstance(feature, LevelFeature):
        codes = level_codes(values, feature.levels)
        return np.where(codes == len(feature.levels), np.nan, codes).astype(np.float32)
    raw = numeric(values)
    return (raw if feature.yes_no else feature.scaled(raw)).astype(np.float32)
