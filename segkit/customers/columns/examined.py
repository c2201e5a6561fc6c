"""A column under examination: what each grammar makes of its texts, and which kind that makes it.

Nothing here depends on whether `Texts` hold every cell or each different text once.
"""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow.compute as pc

from segkit.customers.columns.date_shapes import LIKE_DATE
from segkit.customers.columns.dates import Dates
from segkit.customers.columns.missing import POSSIBLE, SURE, UNANSWERED, marked
from segkit.customers.columns.numbers import LIKE_NUMBER, Numbers
from segkit.customers.columns.texts import Texts
from segkit.customers.columns.yes_no import MOST_WORDS, Words, group_of
from segkit.customers.lazily import lazily
from segkit.labels import words

CONVERTS = 0.95  # a column is of a kind when at least this share of its filled cells converts
MOST_LEVELS = 50  # a text column with more different values describes customers, it does not group them
LEVEL_SHARE = 0.5  # ... nor does one where most customers have a value of their own
MOST_MARKERS = 50  # different missing markers beside the levels
MOST_LABELS = 30
CODE_WORDS = frozenset(
    "id ids key zip zipcode postcode postal phone telephone mobile iban account ean sku uuid guid plz "
    "postleitzahl cep telefon telefono teléfono téléphone telefone tel fax handy kundennummer kundennr "
    "artikelnummer kontonummer ssn bic swift gtin upc isin imei siret siren cpf cnpj".split()
)  # numbers under such a name are labels: their zeros matter, their sum means nothing
LABEL_WORDS = frozenset("channel region cluster segment code territory district branch type class".split())

_SURNAMES = frozenset(
    "surname lastname firstname forename fullname nachname vorname familienname prénom prenom apellido "
    "apellidos sobrenome achternaam voornaam cognome".split()
)
_WHOSE_NAMES = frozenset("last first full family given middle maiden customer client contact person".split())
_BLOCK = 1 << 16  # texts that are looked at first, to see soon that a column is words
_NEUTRAL = SURE | POSSIBLE


@dataclass(frozen=True, eq=False)
class Examined:
    """A column, what is known of it, and what its texts can be.

    Attributes
    ----------
    texts : Texts
    name : str
    comma : bool, optional
        Whether the file uses the decimal comma; None where nothing in it tells.
    missing : tuple of str, optional
        All texts that mean "no answer", as the user set them; None where they are to be found.
    day_first : bool, optional
        Whether the other dates of the file have the day first.
    kind : str, optional
        The kind that the user set.
    """

    texts: Texts
    name: str
    comma: bool | None = False
    missing: tuple[str, ...] | None = None
    day_first: bool | None = None
    kind: str | None = None

    # --- no answer --------------------------------------------------------------------------------

    def means_missing(self, markers: frozenset[str]) -> np.ndarray:
        """Say which of the texts mean "no answer": those the user set, else some markers."""
        return marked(self.texts, markers if self.missing is None else self.missing) & self.texts.filled

    @lazily
    def neutral(self) -> np.ndarray:
        """Which of the texts mean "no answer" among numbers and dates."""
        return self.means_missing(_NEUTRAL)

    @lazily
    def counted(self) -> np.ndarray:
        """Which of the texts are neither empty nor mean "no answer" among numbers and dates."""
        return self.texts.filled & ~self.neutral

    # --- what they can be -------------------------------------------------------------------------

    @lazily
    def numbers(self) -> Numbers:
        """The numbers among the texts."""
        return Numbers(self.texts, self.counted)

    @lazily
    def decimal(self) -> str:
        """The decimal sign: the one the user set, else the one the column tells, else that of the file."""
        chosen = {"decimal-comma number": ",", "decimal-point number": "."}.get(self.kind or "")
        return chosen or self.numbers.decimal(self.comma)

    @lazily
    def dates(self) -> Dates:
        """The dates among the texts."""
        forced = bool(self.kind and self.kind.endswith("date"))
        return Dates(self.texts, self.counted, self.numbers, self.decimal, self.name, forced)

    @lazily
    def distinct(self) -> "Examined":
        """The same with each different text once."""
        return self if self.texts.weights is not None else replace(self, texts=self.texts.distinct)

    @lazily
    def answers(self) -> Words | None:
        """The group of words for yes and no that the texts are of."""
        few = self.texts.at_most(MOST_WORDS)
        if few is None:
            return None
        examined = self if few is self.texts else replace(self, texts=few)
        said = few.strings.filter(few.filled & ~examined.means_missing(UNANSWERED)).to_pylist()
        group = group_of(said)
        without_none = [text for text in said if text.lower() != "none"]
        if (
            group is None and self.missing is None and len(without_none) < len(said)
        ):  # Python's True, False, None
            group = group_of(without_none)
            return group if group is not None and "true" in group.yes else None
        return group

    @lazily
    def is_words(self) -> bool:
        """Whether the first texts make it certain that too few are numbers or dates.

        Only for large columns, so that the shapes of a million comments are not collected for nothing.
        """
        if len(self.texts.strings) <= 2 * _BLOCK:
            return False
        first = replace(self, texts=self.texts.head(max(_BLOCK, len(self.texts.strings) // 16)))
        shapes = first.texts.shapes
        possible = shapes.matching(LIKE_NUMBER) | shapes.matching(LIKE_DATE)
        other = ~possible[shapes.codes] & first.counted
        return first.texts.rows(other) > (1 - CONVERTS) * len(self.texts)

    @lazily
    def mixes_currencies(self) -> bool:
        """Whether these are amounts of several currencies."""
        if self.is_words or self.numbers.currency is not None:
            return False
        amounts = sum(rows for _, _, rows in self.numbers.written)
        return amounts >= CONVERTS * self.texts.rows(self.counted)

    @property
    def coded(self) -> bool:
        """Whether the name says that these are ids or codes."""
        return bool(set(words(self.name)) & CODE_WORDS)


def is_person_name(name: str) -> bool:
    """Say whether a column is named like names of people, where "Null", "None" and "Yes" are surnames.

    Examples
    --------
    >>> is_person_name("last_name"), is_person_name("Nachname"), is_person_name("product name")
    (True, True, False)
    """
    called = set(words(name))
    return bool(called & _SURNAMES or ("name" in called and called & _WHOSE_NAMES))


def kind_of(column: Examined) -> str:
    """Tell the kind of a column from its texts and, for numbers that may be labels, its name."""
    if column.is_words:
        return _words_kind(column)
    if not column.counted.any():
        return "category"
    if column.answers is not None:
        return "yes/no"
    enough = CONVERTS * column.texts.rows(column.counted)
    numbers = column.numbers
    if column.mixes_currencies:
        return "text"
    if (
        numbers.written
        and column.texts.rows(numbers.fitting(column.decimal)) >= enough
        and not numbers.has_codes
    ):
        return _kind_of_numbers(column, enough)
    if column.dates.are_all(enough, column.coded):
        return "date"
    return _words_kind(column)


def _kind_of_numbers(column: Examined, enough: float) -> str:
    """Tell numbers from dates, codes and labels that are written in digits, such as 20250403 or region 3."""
    numbers, called = column.numbers, words(column.name)
    if column.dates.are_all(enough, column.coded or called[-1:] == ["code"]):
        return "date"
    if column.coded and not numbers.has_signs:
        return "text"
    label = set(called[-1:]) & LABEL_WORDS and not numbers.has_signs and not numbers.has_exponents
    few = column.texts.at_most(MOST_LABELS + MOST_MARKERS) if label else None
    if few is None:
        return "number"
    counted = replace(column, texts=few).counted
    return "category" if np.count_nonzero(counted) <= MOST_LABELS else "number"


def _words_kind(column: Examined) -> str:
    """Tell levels from free text."""
    few = None if is_person_name(column.name) else column.texts.at_most(MOST_LEVELS + MOST_MARKERS)
    if few is None or (column.coded and _holds_digits(few)):
        return "text"
    levels = few.filled & ~replace(column, texts=few).means_missing(SURE)
    count = np.count_nonzero(levels)
    return "category" if count <= min(MOST_LEVELS, max(LEVEL_SHARE * few.rows(levels), 2)) else "text"


def _holds_digits(texts: Texts) -> bool:
    """Tell codes from words: the levels of "account type" are words although accounts have numbers."""
    return bool(pc.any(pc.match_substring_regex(texts.strings, r"\d")).as_py())
