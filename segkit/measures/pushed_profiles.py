"""Profiles of a table that stays where it is: of everyone, from counts and sums.

One query adds up numbers by segment, on their own scale and on that on which they formed the segments, and
counts the parts that numbers are cut into; one more counts levels. What that scale is, and where numbers are
cut, is learned from those who were drawn. From there on, everything is what a table in memory goes through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segkit.customers.base import restricted
from segkit.customers.table import Column, Customers
from segkit.measures.comparison import About
from segkit.measures.distributions import LevelShares, levels_of, showable
from segkit.measures.effects import Extent, borders_of, groups_of_levels, names_of_parts
from segkit.measures.profile_facts import Split, learned
from segkit.measures.pushed_columns import LEVEL, many_of_all
from segkit.measures.pushed_comparison import level_counts_of
from segkit.measures.pushed_counts import Added, Everyone, N, Rows, numbers_of, origin_of
from segkit.measures.standing_out import describing
from segkit.measures.sums import Sums, together
from segkit.segments.features import NumberFeature, numeric
from segkit.segments.sql import scaled_sql
from segkit.segments.sql_columns import double

SCALED = "scaled:"  # in front of a column: its values on the scale on which they form segments


@dataclass(frozen=True, eq=False)
class ProfilesOfAll:
    """What profiles are made from, of all customers, as `profile_facts.ProfileFacts`.

    Attributes
    ----------
    members : list of int
        Customers by place: the segments, then those who fit none.
    added : mapping of str to list of Sums
        By the name of a number or yes/no, or that after "scaled:", by place.
    counts : mapping of str to (list of str, int array)
        By the name of a category, its levels, and customers by place (rows) and level.
    parts : mapping of str to Split
        By the name of a number that can be typical, its parts.
    spread : mapping of str to LevelShares or None
        By the name of a category that may be shown.
    """

    members: list[int]
    added: Mapping[str, list[Sums]]
    counts: Mapping[str, tuple[list[str], np.ndarray]]
    parts: Mapping[str, Split]
    spread: Mapping[str, LevelShares | None]

    def sums(self, name: str) -> tuple[list[Sums], Sums]:
        """Sums of a number, or of yes as 1 and no as 0, by place and of everyone."""
        return self.added[name], together(self.added[name])

    def scaled(self, feature: NumberFeature) -> tuple[list[Sums], Sums]:
        """The same on the scale on which it forms segments."""
        return self.sums(SCALED + feature.name)

    def levels(self, name: str) -> tuple[list[str], np.ndarray]:
        """The levels of a category, and customers by place (rows) and level."""
        return self.counts[name]

    def split(self, column: Column) -> Split:
        """Customers by place and group of a column."""
        if column.kind == "number":
            return self.parts[column.name]
        names, counts = self.counts[column.name] if column.kind == "category" else self._sides(column.name)
        called, places, pooled = groups_of_levels(names, counts.sum(axis=0), column.kind)
        which = places[:, None] == np.arange(len(called))
        return Split(called, counts @ which.astype(np.int64), pooled)

    def _sides(self, name: str) -> tuple[list[str], np.ndarray]:
        yes = [(one.answered - round(one.sum), round(one.sum)) for one in self.added[name]]
        return ["no", "yes"], np.array(yes, dtype=np.int64)

    def shares(self, column: Column) -> LevelShares | None:
        """Shares of the levels of a category."""
        return self.spread[column.name]


def profiles_of_all(everyone: Everyone, leave_out: Sequence[str] = ()) -> ProfilesOfAll:
    """Ask for what profiles of the segments are made from, of all customers.

    Parameters
    ----------
    everyone : Everyone
    leave_out : sequence of str
        Columns that are not to describe the segments, as of `standing_out.standing_out`.

    Raises
    ------
    segkit.engine.UnusableSource
        The engine went away.
    segkit.errors.UnusableSegmentation
        The source has no such columns as the segments are made from.
    """
    part = restricted(everyone.customers, everyone.conditions)
    dimensions = everyone.segmentation.tree.names
    about = About(part, [one.key for one in everyone.segmentation.segments], dimensions)
    formed = [one for name in dimensions if (one := part.column(name)) and one.can_form_segments]
    shown = [one for one in showable(part) if one.kind == "category"]
    wanted = {one.name: one for one in (*formed, *describing(part, about, leave_out), *shown)}
    numbers = [one for one in wanted.values() if one.kind != "category"]
    added = _numbers(everyone, numbers) | _scaled(everyone, part, dimensions)
    borders = {one.name: borders_of(numeric(part.frame[one.name])) for one in formed if one.kind == "number"}
    added |= {name: _cut(added[name], some) for name, some in borders.items()}
    rows, aliases = _asked(everyone, numbers, added)
    levels = many_of_all(everyone, [one for one in wanted.values() if one.kind == "category"]).rows
    return ProfilesOfAll(
        [round(one) for one in rows.by_group(N).tolist()],
        {key: rows.sums(aliases[key], one.origin) for key, one in added.items()},
        {name: level_counts_of(everyone.customers, name, some) for name, some in levels.items()},
        {name: _split(rows, aliases[name], some, name) for name, some in borders.items()},
        {one.name: _shares(everyone, levels[one.name], one) for one in shown},
    )


def _asked(
    everyone: Everyone, columns: Sequence[Column], added: Mapping[str, Added]
) -> tuple[Rows, dict[str, str]]:
    """Add values up by segment; gives the alias of each, too."""
    aliases = {key: f"v{place}" for place, key in enumerate(added)}
    return everyone.rows({}, columns, {aliases[key]: one for key, one in added.items()}), aliases


def _numbers(everyone: Everyone, columns: Sequence[Column]) -> dict[str, Added]:
    frame = everyone.customers.frame
    return {one.name: Added(everyone.read(one), origin_of(numeric(frame[one.name]))) for one in columns}


def _scaled(everyone: Everyone, part: Customers, dimensions: Sequence[str]) -> dict[str, Added]:
    features = [one for one in learned(part, dimensions) if isinstance(one, NumberFeature) and not one.yes_no]
    columns = {one.name: column for one in features if (column := part.column(one.name))}
    return {SCALED + one.name: Added(scaled_sql(one, everyone.read(columns[one.name]))) for one in features}


def _shares(everyone: Everyone, rows: Rows, column: Column) -> LevelShares | None:
    return levels_of(everyone.with_column(rows, column, LEVEL), rows.counted, column)


# --- parts of numbers -------------------------------------------------------------------------------


def _cut(one: Added, borders: Sequence[float]) -> Added:
    """Count below each border, too, and ask for what the names of the parts tell."""
    below = [f"COUNT(CASE WHEN {{0}} < {double(edge)} THEN 1 END)" for edge in borders]
    figures = {f"below{place}": count for place, count in enumerate(below)} | part_figures(borders)
    return Added(one.sql, one.origin, one.bands, figures)


def part_figures(borders: Sequence[float]) -> dict[str, str]:
    """What is asked of a number for the names of its parts, see `Added.figures`."""
    figures = {
        "least": "MIN({0})",
        "most": "MAX({0})",
        "uneven": "COUNT(CASE WHEN {0} <> FLOOR({0}) THEN 1 END)",
    }
    if borders:
        figures["under"] = f"MAX(CASE WHEN {{0}} < {double(borders[0])} THEN {{0}} END)"
    return figures


def extent_of(table: pa.Table, alias: str, borders: Sequence[float]) -> Extent:
    """What the names of a number's parts tell, of all rows of a table together."""
    asked = {name: numbers_of(table[f"{alias}_{name}"]) for name in part_figures(borders)}
    under = asked.get("under", np.array([np.nan]))
    return Extent(
        float(np.nanmin(asked["least"])),
        float(np.nanmax(asked["most"])),
        float(np.fmax.reduce(under)),  # NaN where there is none
        not asked["uneven"].any(),
    )


def _split(rows: Rows, alias: str, borders: Sequence[float], name: str) -> Split:
    answered = rows.by_group(f"{alias}_n")
    if not answered.any():
        return Split((), np.zeros((len(answered), 0), dtype=np.int64))
    below = [rows.by_group(f"{alias}_below{place}") for place in range(len(borders))]
    edges = np.stack([0 * answered, *below, answered], axis=1)
    names = names_of_parts(borders, extent_of(rows.table, alias, borders), name)
    return Split(names, np.rint(np.diff(edges, axis=1)).astype(np.int64))
