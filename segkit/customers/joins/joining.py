"""Joining: several uploaded tables into one customer table.

Each table is a `Part`: what kind it is, which column names the customer, which column is what (see
`table_kinds`). Logs (orders, survey answers, tickets, events) are summed up by customer (see `summaries`);
a table with one row a customer is added as it is. The customers' own cells come first and are never changed:
a feature whose name is taken is called after its file. How ids match is counted both ways (see `matching`).

Without a customer table, everybody who occurs in the other tables is a customer.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.files.text_table import TextTable, free_name
from segkit.customers.joins.ids import ids_of
from segkit.customers.joins.matching import (
    Match,
    duplicate_note,
    key_of,
    match_notes,
    matches,
    unmatched_rows,
)
from segkit.customers.joins.summaries.features import Feature, Summary
from segkit.customers.joins.summaries.log import Log, last_day, lone_last_day, read_log
from segkit.customers.joins.summaries.summary import SUMMARIES, summed_up
from segkit.customers.joins.table_kinds import Part
from segkit.customers.meanings.roles import find_role
from segkit.customers.notes import Note, Option
from segkit.customers.reading import interpreted
from segkit.errors import UnusableColumn
from segkit.labels import listing, plural

LOOKED_AT = 5_000  # customers whose cells tell which roles the customer table has already
MOST_MISSING = 0.5  # a feature that more customers lack describes; it does not form segments


@dataclass(frozen=True, eq=False)
class Joined:
    """Several tables as one customer table.

    Attributes
    ----------
    text : TextTable
        One row a customer: the customers' own cells, then the features. Read it by ``interpreted(joined.text,
        joined.content, Choices(kinds=joined.kinds), joined.roles)``.
    content : str
        Hash of every file and every choice.
    roles, kinds : mapping of feature to role and to kind
        What the features are, where the user does not say otherwise.
    as_of : datetime.date, optional
        The last day that counts; None where no log has dates.
    notes : tuple of Note
        What was found and assumed. The options of a note change arguments of `joined` ("as_of" as YYYY-MM-DD,
        "same_ids"), the `choices` of a part ("files": by name of the file), or choices on the joined table
        ("roles").
    matches : mapping of file to Match
        Empty without a customer table.
    unmatched : mapping of file to pyarrow.Table
        The rows that name no customer of the customer table, of the files that have any.
    summaries : tuple of Summary
    """

    text: TextTable
    content: str
    roles: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    as_of: datetime.date | None = None
    notes: tuple[Note, ...] = ()
    matches: Mapping[str, Match] = field(default_factory=dict)
    unmatched: Mapping[str, pa.Table] = field(default_factory=dict)
    summaries: tuple[Summary, ...] = ()


def joined(parts: Sequence[Part], as_of: datetime.date | None = None, same_ids: Sequence[str] = ()) -> Joined:
    """Join several tables into one customer table.

    Parameters
    ----------
    parts : sequence of Part
        At most one of them is the customer table. Several files of the same kind count as one log.
    as_of : datetime.date, optional
        The last day that counts; the latest day found in the logs when not given.
    same_ids : sequence of str
        Keys of `ids.WAYS`: differences in the writing of ids that do not count.

    Returns
    -------
    Joined
        Customers who are not in a log have ordered, called and spent nothing (0); means, times and answers
        are missing. Customers without an id have nothing but their own cells.

    Raises
    ------
    UnusableColumn
        Several tables are the customers, or a table cannot be joined as it is described.
    """
    parts, notes = _once(parts)
    customers = _customers(parts)
    others = [part for part in parts if part is not customers]
    if customers is not None and not others:
        return Joined(customers.text, customers.content, notes=tuple(notes))
    for part in parts:
        key_of(part)
    logs = [read_log(group, same_ids) for group in _groups(others)]
    day = as_of or last_day(logs)
    summaries = [summed_up(log, day) for log in logs]
    summaries += [_as_it_is(part, same_ids) for part in others if part.kind not in SUMMARIES]
    base = _with_customers(customers, same_ids) if customers else _without_customers(others, summaries)
    columns = _columns(base, summaries)
    roles, role_notes = feature_roles(customers, columns)
    if customers is None:
        roles[base.table.column_names[0]] = "customer_id"
    found = {part.name: matches(customers, part, same_ids) for part in others} if customers else {}
    notes += [*_as_of_notes(logs, day, as_of), *base.notes]
    notes += _match_notes(customers, others, found, same_ids) if customers else []
    notes += [note for one in summaries for note in one.notes]
    return Joined(
        replace(parts[0].text if customers is None else customers.text, table=_table(base, columns)),
        _content(parts, as_of, same_ids),
        roles,
        {one.name: one.feature.kind for one in columns if one.feature.kind},
        day,
        (*notes, *_clash_notes(columns), *role_notes),
        found,
        {part.name: unmatched_rows(part, found[part.name]) for part in others if _lost(found, part)},
        tuple(summaries),
    )


def _lost(found: Mapping[str, Match], part: Part) -> bool:
    return part.name in found and len(found[part.name].unmatched) > 0


def _once(parts: Sequence[Part]) -> tuple[list[Part], list[Note]]:
    """Leave out files that were uploaded twice."""
    kept: dict[str, Part] = {}
    notes = []
    for part in parts:
        first = kept.setdefault(part.content, part)
        if first is not part:
            text = f"“{part.name}” is the same file as “{first.name}” and counts once."
            notes.append(Note(text, True, "same-file"))
    return list(kept.values()), notes


def _customers(parts: Sequence[Part]) -> Part | None:
    if not parts:
        raise UnusableColumn("There is no table to join. Upload at least one.")
    found = [part for part in parts if part.kind == "customers"]
    if len(found) > 1:
        names = listing([f"“{part.name}”" for part in found])
        raise UnusableColumn(
            f"{names} cannot all be the customer table. Say which one is; the others can be joined to it."
        )
    return found[0] if found else None


def _groups(parts: Sequence[Part]) -> list[list[Part]]:
    """Put logs of the same kind together that name the customer by the same column."""
    groups: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        if part.kind in SUMMARIES:
            groups.setdefault((part.kind, part.to), []).append(part)
    return list(groups.values())


def _content(parts: Sequence[Part], as_of: datetime.date | None, same_ids: Sequence[str]) -> str:
    """Hash everything that the joined table depends on."""
    told = [
        [
            part.name,
            part.content,
            part.kind,
            part.key,
            part.to,
            sorted(part.fields.items()),
            part.choices.to_json(),
        ]
        for part in parts
    ]
    text = json.dumps([told, str(as_of), sorted(same_ids)])
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


# --- tables to features ---------------------------------------------------------------------------


def _as_it_is(part: Part, same_ids: Sequence[str]) -> Summary:
    """Take the cells of a table with one row a customer; of several rows of an id, the last."""
    codes, ids = ids_of(part.customers, same_ids)
    last = np.full(len(ids), -1)
    last[codes[codes >= 0]] = np.flatnonzero(codes >= 0)
    features = tuple(
        Feature(name, part.column(name).take(pa.array(last)).combine_chunks(), "")
        for name in part.text.table.column_names
        if name != part.key
    )
    repeated = int((np.bincount(codes[codes >= 0], minlength=len(ids)) > 1).sum())
    notes = []
    if repeated:
        text = (
            f"{plural(repeated, 'id')} in “{part.key}” of “{part.name}” {'has' if repeated == 1 else 'have'} "
            "several rows; the last of them counts. If the table is a log, say which kind."
        )
        notes.append(Note(text, True, "several-rows", part.key))
    return Summary(part.kind, (part.name,), None, ids, features, {"rows": part.rows}, tuple(notes), part.to)


# --- who the customers are ------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Base:
    """The customers, one a row: their own cells, and how a summary finds them.

    Attributes
    ----------
    table : pyarrow.Table
    find : function
        Of a column of the customer table (empty for the one that names them), the ids: numbers by row, -1 for
        none, and the different ones.
    notes : tuple of Note
    """

    table: pa.Table
    find: Callable[[str], tuple[np.ndarray, pa.Array]]
    notes: tuple[Note, ...] = ()


def _with_customers(customers: Part, same_ids: Sequence[str]) -> _Base:
    return _Base(
        customers.text.table, lambda to: ids_of(customers.column(to) if to else customers.customers, same_ids)
    )


def _without_customers(parts: Sequence[Part], summaries: Sequence[Summary]) -> _Base:
    """Take everybody who occurs in a table for a customer, in the order of the ids."""
    ids = pc.unique(pa.concat_arrays([one.ids for one in summaries]))
    ids = ids.take(pc.sort_indices(ids))
    named = parts[0].key
    name = "customer_id" if re.fullmatch(r"Column \d+", named) else named
    files = listing([f"“{part.name}”" for part in parts])
    text = (
        f"There is no table of customers, so the {plural(len(ids), 'id')} in {files} are the customers: "
        "who never appears there is not counted."
    )
    return _Base(
        pa.table({name: ids}), lambda to: (np.arange(len(ids)), ids), (Note(text, True, "no-customers"),)
    )


# --- features to columns --------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class JoinedColumn:
    """A column to be added: a feature under its final name, one value a customer."""

    name: str
    feature: Feature
    source: str
    values: pa.Array


def _columns(base: _Base, summaries: Sequence[Summary]) -> list[JoinedColumn]:
    taken = set(base.table.column_names)
    columns = []
    for one in summaries:
        codes, ids = base.find(one.to)
        place = np.append(_places(ids, one.ids), -1)[codes]
        source = listing(list(one.names), 2)
        for feature in one.features:
            name = feature.name if feature.name not in taken else f"{feature.name} (from {source})"
            name = free_name(name, taken)
            taken.add(name)
            columns.append(JoinedColumn(name, feature, source, _by_customer(feature, place, codes >= 0)))
    return columns


def _places(ids: pa.Array, among: pa.Array) -> np.ndarray:
    found = pc.index_in(ids, value_set=among)
    return np.asarray(pc.fill_null(found, -1)).astype(np.int64)


def _by_customer(feature: Feature, place: np.ndarray, named: np.ndarray) -> pa.Array:
    """Give each customer the value of a feature; those who are named but not there get its absent value."""
    values = feature.values.take(pa.array(place, mask=place < 0))
    if feature.absent is None:
        return values
    absent = pa.array(named & (place < 0))
    return pc.if_else(absent, pa.scalar(feature.absent, values.type), values)


def _table(base: _Base, columns: Sequence[JoinedColumn]) -> pa.Table:
    own = dict(zip(base.table.column_names, base.table.columns, strict=True))
    return pa.table({**own, **{one.name: one.values for one in columns}})


def _clash_notes(columns: Sequence[JoinedColumn]) -> list[Note]:
    renamed = [one for one in columns if one.name != one.feature.name]
    if not renamed:
        return []
    told = listing([f"“{one.name}”" for one in renamed], 6)
    text = f"Names that were taken got the name of their file added: {told}. No column was replaced."
    return [Note(text, key="clash")]


# --- roles ----------------------------------------------------------------------------------------


def feature_roles(
    customers: Part | None, columns: Sequence[JoinedColumn]
) -> tuple[dict[str, str], list[Note]]:
    """Give each feature its role, unless a column of the customers has it already."""
    own = _own_roles(customers) if customers else {}
    taken = {role: name for name, role in own.items() if find_role(role).single}
    roles, notes = {}, []
    for one in columns:
        role = one.feature.role
        if not role and one.name == one.feature.name:
            continue
        role = role or "descriptor"  # a second column of the same name counts nothing twice
        if find_role(role).single and role in taken:
            if taken[role] in own and customers:
                notes.append(_role_note(customers, taken[role], one, role))
            role = "descriptor"
        roles[one.name] = _fit(role, one.values)
        if find_role(roles[one.name]).single:
            taken[role] = one.name
    return roles, notes


def _own_roles(customers: Part) -> dict[str, str]:
    """Find the roles of the customers' own columns, from some of the rows."""
    rows = np.unique(np.linspace(0, customers.rows - 1, min(customers.rows, LOOKED_AT)).astype(np.int64))
    sample = customers.text.table.take(pa.array(rows))
    return interpreted(replace(customers.text, table=sample), customers.content).roles


def _fit(role: str, values: pa.Array) -> str:
    """Take a role back that the values cannot serve: none of them, or too few to form segments."""
    if values.null_count == len(values):
        return "ignored"
    few = values.null_count > MOST_MISSING * len(values)
    return "descriptor" if few and find_role(role).use == "dimension" else role


def _role_note(customers: Part, own: str, column: JoinedColumn, role: str) -> Note:
    label = find_role(role).label
    text = (
        f"{label} comes from “{own}” of “{customers.name}”; “{column.name}” only describes. Change that if "
        f"what “{column.source}” says is the better one."
    )
    option = Option(f"Take “{column.name}” instead", {"roles": {column.name: role}})
    return Note(text, key="role", column=column.name, options=(option,))


# --- in words -------------------------------------------------------------------------------------


def _as_of_notes(logs: Sequence[Log], day: datetime.date | None, asked: datetime.date | None) -> list[Note]:
    dated = [log for log in logs if log.has("date")]
    if day is None or not dated:
        return []
    if asked is not None:
        return [Note(f"Everything is as of {day}, as you chose.", key="as-of")]
    files = listing([log.source for log in dated])
    text = f"Everything is as of {day}, the latest date in {files}: days are counted up to it."
    before = lone_last_day(dated)
    if before is None:
        return [Note(text, key="as-of")]
    text += f" No other date is later than {before}, so it may be a typing error."
    option = Option(f"Take {before} instead", {"as_of": str(before)})
    return [Note(text, True, "as-of", ask=True, options=(option,))]


def _match_notes(
    customers: Part, others: Sequence[Part], found: Mapping[str, Match], same_ids: Sequence[str]
) -> list[Note]:
    notes = [note for part in others for note in match_notes(customers, part, found[part.name], same_ids)]
    repeated = next((duplicate_note(customers, match) for match in found.values() if match.duplicates), None)
    return [*notes, repeated] if repeated else notes
