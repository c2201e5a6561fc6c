"""Matching: do the ids of a table name the customers of the customer table, and if not, why not.

Ids are compared as they stand in the files. Shares are given both ways, since they say different things: an
order log that names half of the customers is usual, one half of whose ids are no customers is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.joins.ids import WAYS, alike, find_way, ids_of
from segkit.customers.joins.table_kinds import Part
from segkit.customers.notes import Note, Option
from segkit.errors import UnusableColumn
from segkit.labels import listing, percent, plural


@dataclass(frozen=True)
class Offer:
    """Another way to compare ids, with which more of them match.

    Attributes
    ----------
    ways : tuple of str
        Keys of `ids.WAYS`: differences in writing that would not count.
    gained : int
        Ids of the table that would match in addition.
    example : tuple of str
        One of them as it stands in the table and in the customer table.
    merged : int
        Ids of the customers that could then no longer be told apart.
    """

    ways: tuple[str, ...]
    gained: int
    example: tuple[str, str]
    merged: int = 0


@dataclass(frozen=True, eq=False)
class Match:
    """How the ids of a table and of the customers match.

    Attributes
    ----------
    name : str
        The file.
    customers, ids, matched : int
        Different ids in the customer table, in this one, and in both.
    rows, matched_rows, nameless : int
        Rows of this table, those that name a customer of the customer table, and those that name nobody.
    duplicates, duplicate_rows : int
        Ids that the customer table has more than once, and their rows.
    unmatched : int array
        Rows of this table that name no customer of the customer table, those that name nobody included.
    offer : Offer, optional
    """

    name: str
    customers: int
    ids: int
    matched: int
    rows: int
    matched_rows: int
    nameless: int
    duplicates: int
    duplicate_rows: int
    unmatched: np.ndarray
    offer: Offer | None = None

    @property
    def of_customers(self) -> float:
        """Share of the customers who occur in the table."""
        return self.matched / self.customers if self.customers else float("nan")

    @property
    def of_ids(self) -> float:
        """Share of the table's ids that are customers."""
        return self.matched / self.ids if self.ids else float("nan")


def matches(customers: Part, part: Part, same_ids: Sequence[str] = ()) -> Match:
    """Compare the ids of a table with those of the customers, both ways.

    Parameters
    ----------
    customers, part : Part
    same_ids : sequence of str
        Keys of `ids.WAYS`: differences in writing that do not count.

    Raises
    ------
    UnusableColumn
        In one of them no column names the customer.
    """
    their_key = key_of(customers, part.to)
    theirs = customers.customers if their_key == customers.key else customers.column(their_key)
    their_codes, their_ids = ids_of(theirs, same_ids)
    key_of(part)
    codes, ids = ids_of(part.customers, same_ids)
    in_both = np.asarray(pc.is_in(ids, value_set=their_ids), dtype=bool)
    known = np.append(in_both, False)[codes]
    repeated = np.bincount(their_codes[their_codes >= 0], minlength=len(their_ids))
    return Match(
        part.name,
        customers=len(their_ids),
        ids=len(ids),
        matched=int(in_both.sum()),
        rows=part.rows,
        matched_rows=int(known.sum()),
        nameless=int((codes < 0).sum()),
        duplicates=int((repeated > 1).sum()),
        duplicate_rows=int(repeated[repeated > 1].sum()),
        unmatched=np.flatnonzero(~known),
        offer=_offer(their_ids, ids.filter(pa.array(~in_both, pa.bool_())), same_ids),
    )


def unmatched_rows(part: Part, match: Match) -> pa.Table:
    """The rows of a table that name no customer of the customer table, as they stand in the file."""
    return part.text.table.take(pa.array(match.unmatched, pa.int64()))


def key_of(part: Part, column: str = "") -> str:
    """Name the column that names the customer.

    Raises
    ------
    UnusableColumn
        There is none.
    """
    if not (column or part.key):
        columns = listing(part.text.table.column_names, 10)
        raise UnusableColumn(
            f"No column of “{part.name}” names the customer. Choose the one that does; it has: {columns}."
        )
    return column or part.key


def _offer(theirs: pa.Array, lost: pa.Array, same_ids: Sequence[str]) -> Offer | None:
    """Find the fewest differences in writing that explain as many of the lost ids as possible."""
    every = tuple(way.key for way in WAYS)
    gained = _gained(theirs, lost, every)
    if not gained.any():
        return None
    ways = every
    for way in every:
        fewer = tuple(one for one in ways if one != way)
        if way not in same_ids and _gained(theirs, lost, fewer).sum() == gained.sum():
            ways = fewer
    place = int(np.flatnonzero(gained)[0])
    written = alike(lost, ways)
    same = pc.index(alike(theirs, ways), written[place]).as_py()
    merged = len(theirs) - pc.count_distinct(alike(theirs, ways)).as_py()
    return Offer(ways, int(gained.sum()), (lost[place].as_py(), theirs[same].as_py()), merged)


def _gained(theirs: pa.Array, lost: pa.Array, ways: Sequence[str]) -> np.ndarray:
    return np.asarray(pc.is_in(alike(lost, ways), value_set=alike(theirs, ways)), dtype=bool)


# --- in words -------------------------------------------------------------------------------------


def match_notes(customers: Part, part: Part, match: Match, same_ids: Sequence[str] = ()) -> list[Note]:
    """Say how many ids match, what is left out, and in which other way more would match."""
    column = f"“{part.key}” of “{part.name}”"
    theirs = f"“{part.to or customers.key}” of “{customers.name}”"
    text = (
        f"{percent(match.of_ids)} of the {plural(match.ids, 'id')} in {column} occur in {theirs}, and "
        f"{percent(match.of_customers)} of the {plural(match.customers, 'customer')} occur in “{part.name}”."
    )
    left_out = len(match.unmatched) - match.nameless
    if left_out:
        text += f" {plural(left_out, 'row')} of other ids {'is' if left_out == 1 else 'are'} left out."
    notes = [Note(text, bool(left_out), "match", part.key)]
    if match.offer is not None:
        notes.append(_offer_note(part, match, match.offer, same_ids))
    return notes


def _offer_note(part: Part, match: Match, offer: Offer, same_ids: Sequence[str]) -> Note:
    ours, theirs = offer.example
    ignored = listing([find_way(way).label for way in offer.ways if way not in same_ids])
    text = (
        f"{plural(offer.gained, 'more id')} of “{part.name}” would match if {ignored} did not count: "
        f"“{ours[:40]}” and “{theirs[:40]}” would be the same."
    )
    if offer.merged:
        text += f" {plural(offer.merged, 'id')} of the customers could then not be told from another."
    option = Option(f"Ignore {ignored}", {"same_ids": sorted({*offer.ways, *same_ids})})
    return Note(text, True, "id-writing", part.key, ask=match.matched == 0, options=(option,))


def duplicate_note(customers: Part, match: Match) -> Note | None:
    """Say that ids of the customer table occur more than once, and what the join does with them."""
    if not match.duplicates:
        return None
    text = (
        f"{plural(match.duplicates, 'id')} of “{customers.name}” "
        f"{'occurs' if match.duplicates == 1 else 'occur'} more than once "
        f"({plural(match.duplicate_rows, 'row')}); each of these rows gets what belongs to the id, so sums "
        "over all customers count it more than once."
    )
    return Note(text, True, "duplicate-ids", customers.key)
