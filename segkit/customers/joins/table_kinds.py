"""Kinds of tables: what an uploaded file lists, which column names the customer, which column is what.

Everything is told from the names of the columns (in seven languages), from the values, and from how often a
customer occurs. The column that names the customer is, above all, the one whose values are ids of the
customer table, whatever its name. Every guess has a reason, and what the user set stands. Which kinds there
are, and what their columns are called, is in `table_names`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.choices import Choices
from segkit.customers.columns.kinds import found_kind, texts_of
from segkit.customers.files.text_table import TextTable
from segkit.customers.joins.ids import alike, as_text, encoded, rows_per_id
from segkit.customers.joins.table_names import (
    BARE_IDS,
    CUSTOMER_NAMES,
    TABLE_KINDS,
    TableKind,
    find_kind,
    of_the_row,
    plainness,
    says_kind,
)
from segkit.errors import UnusableColumn
from segkit.labels import listing, number, percent

LOOKED_AT = 5_000  # rows, evenly spaced, that tell what a column holds; counts come from all rows, later
ONE_ROW = 1.05  # up to so many rows an id, a table has one row a customer and a few repeats
SOME_ROWS = 1.5  # up to so many, only a table with a date is a log
SAYS_ENOUGH = 2  # points of evidence from which a table is taken for a log
FILE_NAMED = 2  # points for a telling name of the file
FILLED = 0.9  # of two columns that are named alike, one with fewer cells comes second
NAMED = 0.25  # what a telling name adds to the overlap of ids, which is 1 at most
OTHERWISE_NAMED = 0.5  # the overlap counts half in a column that is named as something else
FEWEST_IDS = 0.2  # times the square root of the rows; a column with fewer different values names groups
FEWEST_SHARED = 0.02  # less overlap than this is an accident


@dataclass(frozen=True, eq=False)
class Part:
    """One uploaded table, and what it is taken for.

    Attributes
    ----------
    name : str
        What the user calls the file.
    text : TextTable
    content : str
        Hash of the file.
    kind : str
        A key of `TABLE_KINDS`.
    key : str
        The column that names the customer; empty where none does.
    fields : mapping of field to column
    to : str
        The column of the customer table that `key` is compared with; empty for the one that names them.
    reasons : mapping of "kind", "key" or field to str
        Why, in words.
    choices : Choices
        What the user decided on its columns.
    """

    name: str
    text: TextTable
    content: str
    kind: str
    key: str
    fields: Mapping[str, str] = field(default_factory=dict)
    to: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    choices: Choices = field(default_factory=Choices)

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return int(self.text.table.num_rows)

    def column(self, name: str) -> pa.ChunkedArray:
        """The cells of a column."""
        return self.text.table.column(name)

    @cached_property
    def customers(self) -> tuple[np.ndarray, pa.Array]:
        """Whom each row names: a number, -1 for nobody, and the different ids as they stand in the file."""
        return encoded(self.column(self.key))

    @property
    def has_one_row_each(self) -> bool:
        """Whether the table has one row a customer, but for a few repeats."""
        return bool(self.key) and rows_per_id(self.column(self.key)) <= ONE_ROW

    @cached_property
    def ids(self) -> Mapping[str, pa.Array]:
        """The ids that other tables may refer to, written in the common way: the key, e-mail and the like."""
        named = [name for name in self.text.table.column_names if plainness(name, CUSTOMER_NAMES) is not None]
        texts = {name: encoded(self.column(name))[1] for name in named if name != self.key}
        texts = {self.key: self.customers[1]} | texts if self.key else texts
        return {name: pc.unique(alike(one)) for name, one in texts.items()}


# --- what a column looks like ---------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Sight:
    """A column as a guess sees it: its name and some of its cells."""

    name: str
    column: pa.ChunkedArray

    @cached_property
    def texts(self) -> pa.Array:
        """Filled cells of at most `LOOKED_AT` rows."""
        rows = len(self.column)
        places = np.unique(np.linspace(0, rows - 1, min(rows, LOOKED_AT)).astype(np.int64))
        cells = as_text(self.column.take(pa.array(places)) if rows > LOOKED_AT else self.column)
        cells = pc.utf8_trim_whitespace(cells.combine_chunks())
        return cells.filter(pc.not_equal(cells, ""))

    @cached_property
    def looks(self) -> str:
        """What the cells are: "date", "amount", "whole", "yes/no", "text", or "empty"."""
        if not len(self.texts):
            return "empty"
        if pa.types.is_temporal(self.column.type):
            return "date"
        kind = found_kind(texts_of(pa.chunked_array([self.texts])), self.name)
        if kind == "number":
            fractions = pc.match_substring_regex(self.texts, r"[.,]\d*[1-9]")
            return "amount" if pc.any(fractions).as_py() else "whole"
        return kind if kind in ("date", "yes/no") else "text"

    @property
    def sparse(self) -> bool:
        """Whether many of the cells are empty."""
        return len(self.texts) < FILLED * min(len(self.column), LOOKED_AT)

    @property
    def is_numbered(self) -> bool:
        """Whether its cells are numbers of something, such as #1001."""
        return bool(len(self.texts)) and bool(
            pc.all(pc.match_substring_regex(self.texts, r"^#\s?\w{0,6}-?\d+$")).as_py()
        )

    @property
    def could_be_id(self) -> bool:
        """Whether its values could be ids: neither dates nor fractions, and not just a few different ones."""
        distinct = pc.count_distinct(self.texts).as_py()
        return self.looks in ("text", "whole") and distinct >= max(1, FEWEST_IDS * len(self.texts) ** 0.5)


def _sights(table: pa.Table) -> list[Sight]:
    return [Sight(name, table.column(name)) for name in table.column_names]


# --- which column is what ------------------------------------------------------------------------


def named_fields(kind: TableKind, sights: Sequence[Sight]) -> dict[str, str]:
    """Give each field of a kind to the column whose name says it most plainly, each column to one field."""
    candidates = sorted(
        (how[0], sight.sparse, how[1], place, one.key, sight.name)
        for one in kind.fields
        for place, sight in enumerate(sights)
        if sight.looks in one.looks and (how := plainness(sight.name, one.aliases)) is not None
    )
    fields: dict[str, str] = {}
    for *_, key, name in candidates:
        if key not in fields and name not in fields.values():
            fields[key] = name
    return fields


# --- the column that names the customer -----------------------------------------------------------


def named_key(sights: Sequence[Sight]) -> str:
    """Find the column whose name says most plainly that it names the customer; empty if none does.

    A column that is called just "id" numbers the rows of a log that names its customers otherwise.
    """
    named = sorted(
        (how, place)
        for place, sight in enumerate(sights)
        if sight.could_be_id and (how := plainness(sight.name, CUSTOMER_NAMES)) is not None
    )
    found = [sights[place] for _, place in named]
    if found and plainness(found[0].name, BARE_IDS):
        found = [one for one in found[1:] if rows_per_id(one.column) > ONE_ROW] or found
    return found[0].name if found else ""


@dataclass(frozen=True)
class Shared:
    """A column that shares values with a column of the customer table.

    Attributes
    ----------
    name, to : str
        The column, and that of the customer table.
    of_part, of_customers : float
        Share of its values that occur there, and share of those that occur here.
    score : float
        How much speaks for it.
    """

    name: str
    to: str
    of_part: float
    of_customers: float
    score: float


def shared_key(sights: Sequence[Sight], customers: Part) -> Shared | None:
    """Find the column whose values are ids of the customers.

    Both directions count: few of the customers' ids may occur in the column, but a column of quantities
    from 1 to 5 also lies within ids from 1 to 1,000.
    """
    fits = [
        _shared(sight, ours, to, ids)
        for sight in sights
        if sight.could_be_id and len(ours := pc.unique(alike(sight.texts)))
        for to, ids in customers.ids.items()
    ]
    best = max(fits, key=lambda one: one.score, default=None)
    return best if best and best.of_part and best.score >= FEWEST_SHARED else None


def _shared(sight: Sight, ours: pa.Array, to: str, ids: pa.Array) -> Shared:
    both = pc.sum(pc.is_in(ours, value_set=ids)).as_py() or 0
    of_part, of_customers = both / len(ours), both / max(len(ids), 1)
    overlap = 2 * of_part * of_customers / (of_part + of_customers) if both else 0.0
    named = plainness(sight.name, CUSTOMER_NAMES) is not None
    if not named and any(plainness(sight.name, one.aliases) for kind in TABLE_KINDS for one in kind.fields):
        overlap *= OTHERWISE_NAMED
    return Shared(sight.name, to, of_part, of_customers, overlap + NAMED * (named and both > 0))


def _repeated_key(sights: Sequence[Sight]) -> str:
    """Without names: take the first column of codes or whole numbers that has repeats and many values."""
    for sight in sights:
        distinct = pc.count_distinct(sight.texts).as_py()
        if sight.could_be_id and len(sight.texts) / distinct > 1 and distinct > len(sight.texts) ** 0.5:
            return sight.name
    return ""


# --- the whole table ------------------------------------------------------------------------------


def recognised(
    name: str,
    text: TextTable,
    content: str,
    kind: str | None = None,
    key: str | None = None,
    fields: Mapping[str, str] | None = None,
    *,
    to: str | None = None,
    customers: Part | None = None,
    choices: Choices | None = None,
) -> Part:
    """Tell what an uploaded table is; what is given stands, the rest is found.

    Parameters
    ----------
    name : str
        What the user calls the file.
    text : TextTable
    content : str
        Its hash.
    kind : str, optional
        A key of `TABLE_KINDS`.
    key : str, optional
        The column that names the customer.
    fields : mapping of field to column, optional
        An empty column means that the table does not have the field.
    to : str, optional
        The column of the customer table that the key is compared with.
    customers : Part, optional
        The customer table, if it is known already: its ids tell the key.
    choices : Choices, optional
        What the user decided on its columns: how dates are written, which texts mean "no answer" …

    Raises
    ------
    UnusableColumn
        A kind or a column that was given is none.
    """
    _check_known(name, text, [key, *(fields or {}).values()])
    sights = _sights(text.table)
    shared = shared_key(sights, customers) if customers is not None and kind != "customers" else None
    nameless = all(re.fullmatch(r"Column \d+", one.name) for one in sights)
    reasons = {}
    if key is None:
        key, reasons["key"] = _key(sights, shared, customers, nameless)
    else:
        reasons["key"] = "you chose it"
    if to is None:
        to = shared.to if shared and customers and shared.name == key and shared.to != customers.key else ""
    rest = [one for one in sights if one.name != key]
    if kind is None:
        kind, reasons["kind"] = _settled_kind(name, key, text, rest, customers, nameless)
    else:
        reasons["kind"] = "you chose it"
    found = _fields(find_kind(kind), rest, fields or {}, nameless)
    reasons |= {field: reason for field, (_, reason) in found.items()}
    columns = {field: column for field, (column, _) in found.items()}
    return Part(name, text, content, kind, key, columns, to, reasons, choices or Choices())


def _settled_kind(
    name: str,
    key: str,
    text: TextTable,
    sights: Sequence[Sight],
    customers: Part | None,
    nameless: bool,
) -> tuple[str, str]:
    """Tell the kind of a table beside the others: there is one customer table only."""
    if not key and customers is None:
        return "customers", "no column names the customer, so each row is one"
    repeats = rows_per_id(text.table.column(key)) if key else 1.0
    kind, reason = _kind(name, sights, repeats, nameless)
    if kind == "customers" and customers is not None:
        return "other", "one row a customer, so its columns are added to the customers"
    return kind, reason


def recognised_all(
    files: Sequence[tuple[str, TextTable, str]], chosen: Mapping[str, Mapping[str, object]] | None = None
) -> tuple[Part, ...]:
    """Tell what several uploaded tables are, together: the ids of the customers tell the keys of the others.

    Parameters
    ----------
    files : sequence of (name, TextTable, content)
    chosen : mapping of name to mapping, optional
        What the user set for a file: arguments of `recognised`.

    Returns
    -------
    tuple of Part
        In the order of the files. One file alone with one row a customer is a customer table, whatever else
        it could be: there is nothing to sum up.
    """
    chosen = chosen or {}
    alone = [recognised(*one, **chosen.get(one[0], {})) for one in files]  # type: ignore[arg-type]
    if len(alone) == 1 and "kind" not in chosen.get(alone[0].name, {}) and alone[0].has_one_row_each:
        return (replace(alone[0], kind="customers", fields={}, reasons=_ONE_EACH),)
    candidates = [part for part in alone if part.kind == "customers"]
    if not candidates or len(alone) == 1:
        return tuple(alone)
    base = candidates[0]
    if len(candidates) > 1:
        base = max(candidates, key=lambda part: _standing(part, alone, chosen))
    return tuple(
        part if part is base else recognised(*one, customers=base, **chosen.get(one[0], {}))  # type: ignore[arg-type]
        for part, one in zip(alone, files, strict=True)
    )


_ONE_EACH = {"kind": "one row a customer", "key": "every row has an id of its own"}


def _standing(
    part: Part, others: Sequence[Part], chosen: Mapping[str, Mapping[str, object]]
) -> tuple[bool, float, bool, int]:
    """How much speaks for a table to be the customers: the user, the others' ids, its name, its rows."""
    found = [shared_key(_sights(other.text.table), part) for other in others if other is not part]
    served = sum(one.of_part for one in found if one)
    set_so = chosen.get(part.name, {}).get("kind") == "customers"
    return set_so, served, says_kind(part.name, find_kind("customers")), part.rows


def _check_known(name: str, text: TextTable, columns: Sequence[str | None]) -> None:
    for column in columns:
        if column and column not in text.table.column_names:
            known = listing(text.table.column_names, 40)
            raise UnusableColumn(f"There is no column “{column}” in “{name}”. It has: {known}.")


def _key(
    sights: Sequence[Sight], shared: Shared | None, customers: Part | None, nameless: bool
) -> tuple[str, str]:
    if shared and customers:
        where = f"“{shared.to}” of “{customers.name}”"
        return shared.name, f"{percent(shared.of_part)} of its values occur in {where}"
    named = named_key(sights)
    if named:
        return named, "its name says that it names the customer"
    found = _repeated_key(sights) if nameless else ""
    return found, "the first column whose values repeat" if found else "no column names the customer"


def _kind(name: str, sights: Sequence[Sight], repeats: float, nameless: bool) -> tuple[str, str]:
    """Tell the kind of a table, and why."""
    found = [_evidence(kind, name, sights) for kind in TABLE_KINDS if kind.fields]
    best = max(found, key=lambda one: one.points)
    if repeats <= ONE_ROW and says_kind(name, find_kind("customers")) and not says_kind(name, best.kind):
        return "customers", "one row a customer, and the name of the file"
    several = f"{number(repeats, 1)} rows a customer"
    if nameless and repeats > ONE_ROW and {"date", "amount"} <= {one.looks for one in sights}:
        return "orders", f"no names of columns, but a date and an amount in each row and {several}"
    if best.points >= SAYS_ENOUGH and best.is_log(repeats):
        return best.kind.key, best.reason
    if repeats <= SOME_ROWS:
        few = "one row a customer" if repeats <= ONE_ROW else "few customers have more than one row"
        return "customers", few
    if any(one.looks == "date" for one in sights):
        return "events", f"a date in each row and {several}, and nothing that says more"
    return "other", f"{several}, and nothing that says what a row is"


@dataclass(frozen=True)
class _Evidence:
    """What speaks for a kind of table: points, whether its rows have a date and a number, and why."""

    kind: TableKind
    points: int
    dated: bool
    numbered: bool
    reason: str

    def is_log(self, repeats: float) -> bool:
        """Whether the table is a log, given how often a customer occurs in it."""
        if repeats > SOME_ROWS:
            return True
        return self.dated and (repeats > ONE_ROW or self.numbered)


def _evidence(kind: TableKind, name: str, sights: Sequence[Sight]) -> _Evidence:
    fields = named_fields(kind, sights)
    used = [one for one in kind.fields if one.key in fields]
    clues = [
        one.name for one in sights if plainness(one.name, kind.clues) and one.name not in fields.values()
    ]
    named = bool(used) and says_kind(name, kind)
    telling = [f"“{fields[one.key]}”" for one in used if one.points] + [f"“{clue}”" for clue in clues]
    reasons = [f"columns {listing(telling, 4)}"] if telling else []
    return _Evidence(
        kind,
        sum(one.points for one in used) + len(clues) + FILE_NAMED * named,
        "date" in fields or any(one.looks == "date" and of_the_row(one.name) for one in sights),
        named or any(one.row_id for one in used),
        " and ".join([*reasons, "the name of the file"] if named else reasons),
    )


Found = dict[str, tuple[str, str]]


def _fields(kind: TableKind, sights: Sequence[Sight], given: Mapping[str, str], nameless: bool) -> Found:
    """Find the columns of the fields: as given, by name, and by values where no name tells."""
    unknown = [key for key in given if kind.field(key) is None]
    if unknown:
        known = listing([one.key for one in kind.fields], 20) or "none"
        raise UnusableColumn(f"A table of {kind.label.lower()} has no “{unknown[0]}”. It has: {known}.")
    found: Found = {key: (column, "you chose it") for key, column in given.items()}
    free = [one for one in sights if one.name not in given.values()]
    rest = replace(kind, fields=tuple(one for one in kind.fields if one.key not in given))
    found |= {key: (column, "its name says so") for key, column in named_fields(rest, free).items()}
    if kind.field("order_id") and "order_id" not in found:
        taken = {column for column, _ in found.values()}
        numbered = [one.name for one in free if one.is_numbered and one.name not in taken]
        if numbered:
            found["order_id"] = (numbered[0], "its cells are numbers such as #1001")
    for key, looks, only_nameless in BY_VALUES.get(kind.key, ()):
        taken = {column for column, _ in found.values()}
        fits = [one.name for one in free if one.looks == looks and one.name not in taken]
        instead = "unit_price" in found and key == "amount"
        if key not in found and not instead and fits and (nameless or (len(fits) == 1 and not only_nameless)):
            found[key] = (fits[0], f"the {'first' if len(fits) > 1 else 'only'} column of {LOOKS[looks]}")
    return {key: one for key, one in found.items() if one[0]}


LOOKS = {"date": "dates", "amount": "numbers with decimals", "whole": "whole numbers"}
BY_VALUES: Mapping[str, tuple[tuple[str, str, bool], ...]] = {
    "orders": (("date", "date", False), ("amount", "amount", False), ("quantity", "whole", True)),
    "surveys": (("date", "date", False),),
    "tickets": (("date", "date", False),),
    "events": (("date", "date", False),),
}  # field, what its values look like, whether only a table without names of columns is searched for it
