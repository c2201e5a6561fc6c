"""The edition of a document: which segmentation of which customers it is about, printed in every one.

A version is a hash of the plan, of what was changed by hand and of the customers: two documents with the
same version have the same segments, and with the same filter the same numbers.
"""

import hashlib
import json
import re
from dataclasses import dataclass

import pandas as pd

from segkit.customers.retention import counted_to
from segkit.customers.sampling import is_part
from segkit.customers.table import Customers
from segkit.labels import plural
from segkit.segments.goals import find_goal
from segkit.segments.methods.table import find_method
from segkit.segments.segmentation import Segmentation

DATED = ("signup_date", "last_activity_date", "churn_date")
NO_PERIOD = "no dates in the table"
NO_FILTER = "none"
EVERYONE = "everyone in the table"
LONGEST_PART = 40  # characters of a part of a file name


@dataclass(frozen=True)
class Edition:
    """What a document is about.

    Attributes
    ----------
    title : str
        The segmentation in words: "5 segments to explore".
    table : str
        What the user calls the table.
    base : str
        Whom the segments were made of: how many, and who, where that is not everyone.
    period : str
        The days that the table spans.
    filters : str
        Whom of them the numbers are about.
    customers : int
        How many of them there are.
    version : str
        Ten hex digits, see the module.
    stem : str
        How its file names begin: goal, method and number of segments, nothing of the company.
    """

    title: str
    table: str
    base: str
    period: str
    filters: str
    customers: int
    version: str
    stem: str

    @property
    def called(self) -> str:
        """The table as it is said: without the ending of a file."""
        return re.sub(
            r"\.(csv|tsv|txt|xlsx?|ods|parquet|jsonl?|zip|gz)$", "", self.table, flags=re.IGNORECASE
        )

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What every document prints: a label and a text each."""
        return (
            ("Table", self.table),
            ("Base", self.base),
            ("Period", self.period),
            ("Filter", self.filters),
            ("Version", self.version),
        )

    @property
    def line(self) -> str:
        """The same as one line, for the foot of a page."""
        return "; ".join(f"{label.lower()}: {text}" for label, text in self.facts)

    def file_name(self, what: str, ending: str, day: str = "") -> str:
        """Name a file: the segmentation, what is in it, the day and the version.

        Parameters
        ----------
        what : str
            Such as "slides", or the key and name of a segment.
        ending : str
            Without its dot.
        day : str
            As YYYY-MM-DD; empty for none.

        Returns
        -------
        str
            Letters, digits, hyphens and underscores only, whatever `what` holds.
        """
        parts = [self.stem, slug(what), day, self.version]
        return "_".join(filter(None, parts)) + f".{ending}"


def slug(text: str) -> str:
    """Make a part of a file name: small letters, digits and underscores.

    Examples
    --------
    >>> slug("S1 Older, high income"), slug("../../etc"), slug("顧客")
    ('s1_older_high_income', 'etc', '')
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:LONGEST_PART].rstrip("_")


def edition(
    customers: Customers,
    segmentation: Segmentation,
    shown: int,
    everyone: int,
    table: str = "",
    filters: str = "",
) -> Edition:
    """Say what a document about some customers is about.

    Parameters
    ----------
    customers : Customers
        Whom the segments were made of.
    segmentation : Segmentation
    shown, everyone : int
        How many customers the document is about, and how many there are without its filter.
    table : str
        What the user calls the table.
    filters : str
        Whom the document is about, in words; empty for all of them.
    """
    plan, count = segmentation.plan, len(segmentation.segments)
    goal = find_goal(plan.goal).label.lower()
    who = f"only where {customers.base}" if customers.base else EVERYONE
    return Edition(
        title=f"{plural(count, 'segment')}, goal: {goal}",
        table=table or "customer table",
        base=f"{plural(everyone, 'customer')}, {who}",
        period=period(customers),
        filters=f"{plural(shown, 'customer')}, only where {filters}" if filters else NO_FILTER,
        customers=shown,
        version=version(customers, segmentation),
        stem=f"{slug(plan.goal)}_{slug(find_method(plan.method).key)}_{count}",
    )


def version(customers: Customers, segmentation: Segmentation) -> str:
    """A hash of plan, changes by hand and data: the same for the same segments."""
    refined = json.dumps(segmentation.refinements, sort_keys=True, default=str, ensure_ascii=False)
    content = "\n".join((segmentation.plan.key, refined, customers.fingerprint))
    return hashlib.blake2b(content.encode(), digest_size=5).hexdigest()


def period(customers: Customers) -> str:
    """The days that a table spans, from its first sign-up or activity to the day that counts as today.

    Days ahead, such as planned cancellations, are no part of it. Of a table of which only some customers were
    drawn the first day is not known.
    """
    columns = [column.name for role in DATED if (column := customers.with_role(role))]
    first = min((day for name in columns if not pd.isna(day := customers.frame[name].min())), default=None)
    last = pd.Timestamp(counted_to(customers))
    if first is None or first > last:
        return NO_PERIOD
    if is_part(customers):
        return f"until {last:%Y-%m-%d}"
    return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
