"""The customer table: what was read, what each column is and means."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.customers.files.text_table import aside_table
from segkit.customers.meanings.roles import find_role
from segkit.customers.notes import Note


@dataclass(frozen=True)
class Column:
    """What is known of one column.

    Attributes
    ----------
    name, kind, role : str
        As in the file, one of `kinds.KINDS`, one of `roles.ROLES`.
    reason : str
        Why it was given that role.
    missing, failed, distinct : int
        Rows without a value, filled cells that did not convert, different values.
    detail : str
        How it was read, where that is a choice ("day first").
    scale : tuple of int, optional
        The answer scale of CSAT, as found or set.
    confidence : str
        How sure the role is: "sure", "likely", "guess", or "set" by the user.
    personal : str
        What personal data it holds ("e-mail", "name" …), else empty. Never shown without being asked for.
    sensitive : str
        The kind of sensitive attribute ("health", "religion" …), else empty.
    currency : str
        The currency written in the cells, where one is.
    derived_from : tuple of str
        Columns it was computed from, where it does not stand in the file; and columns that say nearly the
        same, such as days since the last order beside the date of it.
    """

    name: str
    kind: str
    role: str
    reason: str = ""
    missing: int = 0
    failed: int = 0
    distinct: int = 0
    detail: str = ""
    scale: tuple[int, int] | None = None
    confidence: str = ""
    personal: str = ""
    sensitive: str = ""
    currency: str = ""
    derived_from: tuple[str, ...] = ()

    @property
    def derived(self) -> bool:
        """Whether it was computed here."""
        return bool(self.derived_from)

    @property
    def use(self) -> str:
        """What the role makes of the column: "id", "dimension", "outcome", "descriptor" or "none"."""
        return find_role(self.role).use

    @property
    def family(self) -> str:
        """The dimension family it belongs to; "behavioural" where the role has none."""
        return find_role(self.role).family or "behavioural"

    @property
    def can_form_segments(self) -> bool:
        """Whether it could be chosen as a dimension: more than one value, not text or date, not personal."""
        fit = self.kind in ("number", "yes/no", "category") and self.use != "id"
        return fit and self.distinct > 1 and self.role != "personal"

    @property
    def hidden(self) -> bool:
        """Whether its cells are shown only to somebody who asks for them."""
        return bool(self.personal) and self.role != "descriptor"


@dataclass(frozen=True, eq=False)
class Customers:
    """One row a customer, one column an attribute.

    Attributes
    ----------
    frame : pandas.DataFrame
        The converted columns, as `kinds` says.
    columns : tuple of Column
    source : pyarrow.Table
        The cells as they stood in the file; downloads are written from it.
    fingerprint : str
        Hash of the file's content and of every choice made on it; caches are keyed on it.
    notes : tuple of Note
        The reading report: what was found and assumed, each with the ways to undo it.
    facts : mapping
        How the file was read: format, encoding, delimiter, sheet.
    aside : pyarrow.Table
        Rows of the file that are not in the table: line, reason, text.
    base : str
        Who these customers are when they are not all of the file ("country is DE"), else empty.
    """

    frame: pd.DataFrame
    columns: tuple[Column, ...]
    source: pa.Table
    fingerprint: str
    notes: tuple[Note, ...] = ()
    facts: Mapping[str, str] | None = None
    aside: pa.Table = field(default_factory=lambda: aside_table(()))
    sheets: tuple[str, ...] = ()
    base: str = ""

    @property
    def set_aside(self) -> int:
        """Rows of the file that are not in the table."""
        return int(self.aside.num_rows)

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def roles(self) -> dict[str, str]:
        """Column name to role."""
        return {column.name: column.role for column in self.columns}

    def column(self, name: str) -> Column | None:
        """Look a column up by its name."""
        return next((column for column in self.columns if column.name == name), None)

    def with_role(self, role: str) -> Column | None:
        """Find the column that has a role, if any."""
        return next((column for column in self.columns if column.role == role), None)

    @property
    def default_dimensions(self) -> tuple[str, ...]:
        """The columns whose role is a dimension, in the order of the file."""
        return tuple(c.name for c in self.columns if c.use == "dimension" and c.can_form_segments)

    @property
    def ids(self) -> pd.Series:
        """Customer ids as text; row numbers from 1 where the table has no id column."""
        column = self.with_role("customer_id")
        if column is None:
            return pd.Series(np.arange(1, len(self) + 1).astype(str), dtype="str", name="customer_id")
        texts = self.source.column(column.name).cast(pa.string()).to_pandas()
        return pd.Series(texts, dtype="str", name="customer_id").fillna("")


def fingerprint(content: bytes, choices: object = None) -> str:
    """Hash content together with the choices made on it (20 hexadecimal characters)."""
    digest = hashlib.blake2b(content, digest_size=10)
    digest.update(json.dumps(choices, sort_keys=True, default=str).encode())
    return digest.hexdigest()
