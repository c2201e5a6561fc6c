"""Tables that stay where they are, for tests: there and in memory alike, and SQL in words of databases."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import sqlglot as sg

from segkit.customers.base import MISSING, Condition, met, restricted
from segkit.customers.table import Customers
from segkit.engine import Source, base_select, in_dialect
from segkit.measures.pushed_counts import Everyone
from segkit.segments.segmentation import Assignment

BASES: dict[str, tuple[Condition, ...]] = {
    "all": (),
    "ages": (Condition("age", low="25", high="70"), Condition("city", ("Rome", "Oslo", MISSING))),
    "days": (
        Condition("signup_date", low="2024-01-01"),
        Condition("newsletter", ("True", "true", "Yes", MISSING)),
    ),
    "orders": (Condition("tickets", ("0", "1")),),
}


@dataclass(frozen=True, eq=False)
class Both:
    """The same customers where they stay, of whom some were drawn, and in memory."""

    everyone: Everyone
    whole: Customers
    assignment: Assignment

    @property
    def part(self) -> Customers:
        """Those drawn who count."""
        return restricted(self.everyone.customers, self.everyone.conditions)

    def only(self, base: str) -> "Both":
        """Those of a base."""
        if not BASES[base]:
            return self
        kept = met(self.whole, BASES[base])
        everyone = replace(self.everyone, conditions=BASES[base])
        return Both(everyone, restricted(self.whole, BASES[base]), self.assignment.where(kept))

    def without(self, *names: str) -> "Both":
        """As if some columns were not there."""
        part, whole = (
            replace(some, columns=tuple(one for one in some.columns if one.name not in names))
            for some in (self.everyone.customers, self.whole)
        )
        return Both(replace(self.everyone, customers=part), whole, self.assignment)


# --- in the words of databases that are not run here ------------------------------------------------

DIALECTS = ("postgres", "spark", "snowflake", "bigquery", "databricks", "trino")
UNKNOWN = {  # words of other databases that must not be left
    "bigquery": ("EXCLUDE", "DOUBLE PRECISION", "VARCHAR"),
    "trino": ("EXCLUDE", "DOUBLE PRECISION"),
    "spark": ("EXCLUDE", "DOUBLE PRECISION", "VARCHAR"),
    "databricks": ("EXCLUDE", "DOUBLE PRECISION", "VARCHAR"),
    "snowflake": ("EXCLUDE",),
    "postgres": ("EXCLUDE", "TABLESAMPLE", "DATE_DIFF"),
}


def are_in_words_of(dialect: str, queries: Iterable[str]) -> None:
    """Queries, written for a database, are read by it, and hold no word of another one."""
    read = base_select(Source("crm", "All", dialect, table="crm.people"), {"customer_id": False, "age": True})
    for query in queries:
        is_in_words_of(dialect, in_dialect(query, dialect, read))


def is_in_words_of(dialect: str, made: str) -> None:
    """The same of a query that is written for the database already."""
    again = sg.parse_one(made, read=dialect)
    assert again.sql(dialect=dialect, unsupported_level=sg.ErrorLevel.RAISE)
    for word in UNKNOWN[dialect]:
        assert word not in made, (word, made)
