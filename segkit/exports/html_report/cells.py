"""Notes of reading without cells: what a note quotes of customers is left out.

A note names columns and quotes cells in the same marks: “income”, “12,50 €”. A report goes to people who have
no right to see customers, so only quotes that are names of columns or sheets stay.
"""

import re
from collections.abc import Collection, Mapping

from segkit.customers.notes import Note
from segkit.customers.table import Column, Customers

LEFT_OUT = "“…”"
WORDS_OF_THE_FILE = ("missing", "missing-proposed")
"""Keys of notes whose quotes are no customer's: words such as “n/a” that stand for no answer."""

ABOUT_COLUMNS = ("personal", "id", "missing-ids")
"""Keys of notes that say what a column is and nothing of its cells."""

OWN_WORDS = ("no answer",)  # what notes quote of themselves

_QUOTE = re.compile("“([^”]*)”?")
_READ_AS = re.compile(r"“…” was read as .+?(?=, “…”| and “…”| in “|[.;)](?:\s|$)|$)")
_EXAMPLES = re.compile(
    r": “…” was read as …(?:(?:,| and) “…” was read as …)*| \((?:“…”(?:, | and )?(?:\d+ more)?)+\)"
)
_RANGE = re.compile(r"run from .+?(?=\.(?:\s|$)|$)")
_ON_THE_PAGE = re.compile(r"(;?) (?:choose|Change|If one does, choose it) below[^.]*\.")


def told(customers: Customers) -> list[str]:
    """The notes of a table, each as `without_cells` tells it; what is said twice is told once.

    Returns
    -------
    list of str
        Of columns with personal data or ids, only that there are notes.
    """
    known = {*customers.sheets, *(column.name for column in customers.columns), *OWN_WORDS}
    closed = {one.name: _holds(one) for one in customers.columns if one.hidden or one.use == "id"}
    return list(dict.fromkeys(_told(note, known, closed) for note in customers.notes))


def _holds(column: Column) -> str:
    return f"personal data ({column.personal})" if column.personal else "ids"


def _told(note: Note, known: Collection[str], closed: Mapping[str, str]) -> str:
    if note.column in closed and note.key not in ABOUT_COLUMNS:
        return (
            f"There is a note on “{note.column}”; it is left out, as the column holds {closed[note.column]}."
        )
    text = note.text if note.key in WORDS_OF_THE_FILE else without_cells(note.text, known)
    return _ON_THE_PAGE.sub(lambda found: "." if found[1] else "", text)


def without_cells(text: str, known: Collection[str]) -> str:
    """A text without quotes of cells, and without what they were read as.

    Parameters
    ----------
    text : str
    known : collection of str
        What may be quoted: names of columns and sheets.

    Examples
    --------
    >>> without_cells("Dates in “joined” are day first: “03/04/1980” was read as 3 April 1980.", ["joined"])
    'Dates in “joined” are day first.'
    >>> without_cells("7 cells in “nps” are no answer (“Ann”, “Bob” and 5 more).", ["nps"])
    '7 cells in “nps” are no answer.'
    """
    masked = _QUOTE.sub(lambda found: found[0] if found[1] in known else LEFT_OUT, text)
    if LEFT_OUT not in masked:
        return masked
    masked = _READ_AS.sub(f"{LEFT_OUT} was read as …", masked)
    return _RANGE.sub("run from … to …", _EXAMPLES.sub("", masked))
