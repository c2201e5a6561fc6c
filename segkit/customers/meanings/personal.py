"""Personal and sensitive data: columns that point to a person, or to what the law protects most.

Personal columns (names, e-mails, phones …) form no segments and are hidden from previews. Sensitive ones
(religion, health …: the special categories of Art. 9 GDPR, and criminal records, Art. 10) form no segments
unless the user says so. Nationality, gender and age are personal, but none of these categories.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from segkit.customers.meanings.aliases import (
    LANGUAGES,
    Found,
    NameLookup,
    listed,
    name_words,
    plain,
    spellings,
)
from segkit.customers.notes import Note, Option

ENOUGH_TEXTS = 100  # different texts that are looked at
MOST = 0.8  # of the rows must look like it
MANY = 0.5  # ... where the name says so as well
FEWEST_TEXTS = 3  # values alone tell nothing before that
SOME = 0.05  # of the rows with an e-mail address in them are too many to show
OWN_VALUES = 0.5  # a name of few people is a group: most customers must have a value of their own
MOST_ANSWERS = 30  # a question with more different answers is an open one
SENTENCE_WORDS = 4  # words in the median answer from which it is free text
COMMENT_WORDS = 2.5  # ... where the name says that it is


@dataclass(frozen=True)
class PersonalKind:
    """A row of `PERSONAL`.

    Attributes
    ----------
    key : str
        What it is, as said in notes.
    kinds : tuple of str
        Kinds of column that it can be.
    fits : function
        Text to whether it looks like it; None where values do not tell.
    alone : function
        The same where the name does not say so; `fits` unless given.
    needs_values : bool
        Whether a name alone is not enough.
    named_only : bool
        Whether values alone are not enough.
    """

    key: str
    kinds: tuple[str, ...]
    fits: Callable[[str], bool] | None = None
    alone: Callable[[str], bool] | None = None
    needs_values: bool = False
    named_only: bool = False


@dataclass(frozen=True)
class _Column:
    name: str
    kind: str
    texts: tuple[str, ...]
    counts: tuple[int, ...]
    distinct: int
    filled: int

    @property
    def own_values(self) -> bool:
        """Whether most customers have a value of their own."""
        return self.distinct >= OWN_VALUES * self.filled

    def share(self, fits: Callable[[str], bool]) -> float:
        """Say which share of the rows looked at fits."""
        total = sum(self.counts)
        fitting = sum(rows for text, rows in zip(self.texts, self.counts, strict=True) if fits(text))
        return fitting / total if total else 0.0

    @property
    def median_words(self) -> float:
        """The words of the median different text."""
        sizes = sorted(len(text.split()) for text in self.texts)
        return sizes[len(sizes) // 2] if sizes else 0


# --- personal -------------------------------------------------------------------------------------


def personal_kind(
    name: str, kind: str, texts: Sequence[str], counts: Sequence[int], distinct: int, filled: int
) -> str:
    """Say which personal data a column holds, by name and values; empty for none.

    Parameters
    ----------
    name, kind : str
        The column's name and kind ("text", "category", "number", "date", "yes/no").
    texts, counts : sequences
        Its most frequent different texts and the rows of each.
    distinct, filled : int
        Different values and filled rows of the whole column.

    Examples
    --------
    >>> mails = ("ada@example.org", "bob@example.org", "eve@example.org")
    >>> personal_kind("contact", "text", mails, (1, 1, 1), 3, 3)
    'e-mail'
    >>> personal_kind("plan name", "category", ("Basic", "Pro"), (5, 5), 2, 10)
    ''
    """
    if not filled or kind == "yes/no":
        return ""
    shown = tuple(texts[:ENOUGH_TEXTS])
    return _kind_of(_Column(name, kind, shown, tuple(counts[:ENOUGH_TEXTS]), distinct, filled))


def _kind_of(column: _Column) -> str:
    named, kind = _named_kinds(column.name), column.kind
    for row in PERSONAL:
        if kind in row.kinds and row.key in named and _fits_its_name(row, column):
            return row.key
    for row in PERSONAL:
        if kind in row.kinds and not row.named_only and _looks_like(row, column):
            return row.key
    return ""


def _fits_its_name(row: PersonalKind, column: _Column) -> bool:
    """Let the name decide unless the values contradict it: few groups, or the wrong form."""
    if row.key == "birth date":
        return True
    if row.key == "free text":
        return column.median_words >= COMMENT_WORDS
    if row.fits is not None and column.share(row.fits) >= MANY:
        return True
    if row.key == "name" and column.kind in _WRITTEN and _is_part_of_a_name(column):
        return True
    return not row.needs_values and column.kind in ("text", "number") and column.own_values


def _is_part_of_a_name(column: _Column) -> bool:
    """Tell first and last names, which many people share, from names of things.

    "Last name" says enough; "Name" alone does where the values are given names.
    """
    if any(plain(found.alias) in _PARTS_OF_NAMES for found in _names().find(column.name)):
        return True
    return column.share(lambda text: plain(text) in _given_names()) >= MANY


_PARTS_OF_NAMES = frozenset(
    plain(name)
    for name in (
        "first name, last name, surname, given name, family name, middle name, maiden name, "
        "forename, Vorname, Nachname, Zuname, Familien+name, Geburts+name, Vor+name, Nach+name, prénom, "
        "nom de famille, apellido, apellidos, sobrenome, primeiro nome, último nome, voornaam, "
        "achternaam, cognome"
    ).split(", ")
)


def _looks_like(row: PersonalKind, column: _Column) -> bool:
    if row.key == "free text":
        many = column.distinct > MOST_ANSWERS or (column.own_values and column.distinct >= FEWEST_TEXTS)
        return many and _are_sentences(column)
    alone = row.alone or row.fits
    if alone is None or column.kind == "number" or len(column.texts) < FEWEST_TEXTS:
        return False
    if row.key in ("name", "phone", "address") and not column.own_values:
        return False
    least = {"name": _GIVEN_NAMES_SHARE, "e-mail": SOME}.get(row.key, MOST)
    return column.share(alone) >= least and (row.key != "name" or column.share(_two_words) >= MOST)


def _are_sentences(column: _Column) -> bool:
    letters = sum(len(text) for text in column.texts) / max(len(column.texts), 1)
    return column.median_words >= SENTENCE_WORDS and letters >= _SENTENCE_LETTERS


_SENTENCE_LETTERS = 25


@lru_cache(maxsize=1)
def _names() -> NameLookup:
    lookup = NameLookup()
    for language in LANGUAGES:
        for key, texts in language.personal.items():
            _add(lookup, key, texts, language.name)
        lookup.add("birth date", listed(language.names["birthday"]), language.name)
    return lookup


def _add(lookup: NameLookup, key: str, texts: str, language: str) -> None:
    names = listed(texts)
    lookup.add(key, [one for one in names if not one.startswith("[")], language)
    lookup.add(key, [one.strip("[]") for one in names if one.startswith("[")], language, part=True)


@lru_cache(maxsize=4096)
def _named_kinds(name: str) -> frozenset[str]:
    """Say which personal data a name speaks of; the name of a thing is no name of a person."""
    words = frozenset(name_words(name))
    if words & _ABOUT:
        return frozenset()
    found = {one.key for one in _names().find(name) if not _of_a_thing(one, words)}
    if "e-mail" in found or "IP address" in found:
        found -= {"address"}
    return frozenset(found)


# Words after which a column tells something about an e-mail or a name instead of holding it.
_ABOUT = frozenset(
    "type valid verified validity has is count number opened open click clicked sent status consent optin "
    "rate length hash hashed domain provider available missing frequency score quality art typ opens "
    "session age".split()
) - {"number"}


def _of_a_thing(found: Found, words: frozenset[str]) -> bool:
    return found.key == "name" and bool(words & thing_words())


@lru_cache(maxsize=1)
def thing_words() -> frozenset[str]:
    """What may have a name and is no person, in all languages."""
    return frozenset(
        part
        for language in LANGUAGES
        for word in language.things.split()
        for form in spellings(word)
        for part in name_words(form)
    )


# --- what values look like ------------------------------------------------------------------------

_EMAIL = re.compile(r"[^@\s,;]@[^@\s,;]+\.[^@\s,;.]{2,}")  # from one sign before the @: long texts stay cheap
_PHONE = re.compile(r"(?:\+|00)?[\d\s()/.\-–]{6,22}\d(?:\s?(?:x|ext\.?)\s?\d+)?")
_IPV4 = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::\d+)?")
_IPV6 = re.compile(r"[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")
_CARD = re.compile(r"\d{13,19}")
_TWO_WORDS = re.compile(r"[^\W\d_][\w'’.\-]*(?:,? [^\W\d_][\w'’.\-]*){1,3}")
_GIVEN_NAMES_SHARE = 0.3  # of the rows begin or end with a common given name


def _is_email(text: str) -> bool:
    """Tell an e-mail address, also with a name beside it: "Ada (ada@example.org)"."""
    return _EMAIL.search(text) is not None


def _is_phone(text: str) -> bool:
    digits = sum(sign.isdigit() for sign in text)
    return 7 <= digits <= 15 and _PHONE.fullmatch(text) is not None and _NO_DATE.fullmatch(text) is None


def _is_written_phone(text: str) -> bool:
    """Tell a phone number from other digits: it begins with + or 00, or has a bracketed or spaced prefix."""
    written = text.startswith(("+", "00", "(")) or _SPACED_PREFIX.match(text) is not None
    return written and _is_phone(text)


_NO_DATE = re.compile(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}")
_SPACED_PREFIX = re.compile(r"0\d{1,4}[\s/-]\d|\d{3}[-.]\d{3}[-.]\d{4}$")


def _is_ip(text: str) -> bool:
    four = _IPV4.fullmatch(text)
    if four:
        return all(int(part) <= 255 for part in four.groups())
    return _IPV6.fullmatch(text) is not None


def _is_bank_account(text: str) -> bool:
    bare = text.replace(" ", "").replace("-", "")
    if _IBAN.fullmatch(bare):
        digits = "".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])
        return int(digits) % 97 == 1
    return _CARD.fullmatch(bare) is not None and _has_check_digit(bare)


def _has_check_digit(digits: str) -> bool:
    """Check the last digit of a card number (Luhn, ISO/IEC 7812)."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        digit = int(sign) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0 and len(set(digits)) > 1


def _is_address(text: str) -> bool:
    said = plain(text[:_LONGEST_TEXT]).split()
    return (
        len(said) <= _LONGEST_ADDRESS
        and any(word.isdigit() or word[:1].isdigit() for word in said)
        and any(word in _STREETS or word.endswith(_STREET_ENDS) for word in said)
    )


_LONGEST_TEXT = 200
_LONGEST_ADDRESS = 12
_STREETS = frozenset(
    "street st road rd avenue ave lane ln drive dr boulevard blvd court ct way place pl square highway hwy "
    "parkway terrace strasse str weg platz allee gasse ring rue chemin impasse bd quai route calle avenida "
    "av plaza paseo c carrera rua travessa largo estrada praca via viale piazza corso vicolo laan".split()
)
_STREET_ENDS = (
    "strasse",
    "straße",
    "str",
    "weg",
    "platz",
    "allee",
    "gasse",
    "straat",
    "laan",
    "plein",
    "gracht",
)


def _two_words(text: str) -> bool:
    return _TWO_WORDS.fullmatch(text) is not None and text[:1].isupper()


def _has_given_name(text: str) -> bool:
    if not _two_words(text):
        return False
    said = plain(text).split()
    return said[0] in _given_names() or said[-1] in _given_names()


@lru_cache(maxsize=1)
def _given_names() -> frozenset[str]:
    return frozenset(form for name in listed(GIVEN_NAMES) for form in spellings(name))


def personal_note(name: str, kind: str) -> Note:
    """Say that a column points to persons, and how to use it anyway.

    Examples
    --------
    >>> personal_note("Mail", "e-mail").text
    '“Mail” holds e-mail addresses: it forms no segments and is hidden from previews.'
    """
    text = f"“{name}” holds {_SAID[kind]}: it forms no segments and is hidden from previews."
    options = (
        () if kind == "birth date" else (Option("Show it as a description", {"roles": {name: "descriptor"}}),)
    )
    return Note(text, True, "personal", name, False, options)


_SAID = {
    "e-mail": "e-mail addresses",
    "phone": "phone numbers",
    "name": "names of people",
    "address": "street addresses",
    "free text": "what people wrote in their own words",
    "birth date": "dates of birth",
    "bank account": "bank or card numbers",
    "IP address": "IP addresses",
    "identity number": "numbers of official documents",
}


# --- sensitive ------------------------------------------------------------------------------------


def sensitive_kind(name: str, texts: Sequence[str]) -> str:
    """Say which specially protected data a column holds, by name and values; empty for none.

    Examples
    --------
    >>> sensitive_kind("Konfession", ("katholisch", "keine"))
    'religion'
    >>> sensitive_kind("customer health score", ("71", "12"))
    ''
    """
    words = frozenset(name_words(name))
    if not words & _NOT_SENSITIVE:
        for found in _sensitive_names().find(name):
            if not (found.alias in _DOUBTFUL and not _are_groups(texts)):
                return found.key
    return _sensitive_values(texts)


# "race" is a run, "partij" a game, "Partei" a side: they count only where the values do not speak against it.
_DOUBTFUL = frozenset(
    ["race", "ras", "razza", "raza", "raça", "partido", "partito", "partij", "Partei", "parti"]
)
_NOT_SENSITIVE = frozenset(
    "score division insurance category product department time distance size third credit store shop "
    "beauty privacy cookie app page refund return shipping".split()
)


def _are_groups(texts: Sequence[str]) -> bool:
    """Tell groups of people or parties, in words or a few codes, from times, distances and numbers."""
    if len(texts) <= _MOST_CODES and all(text.isdigit() for text in texts):
        return True
    return bool(texts) and not any(sign.isdigit() for text in texts[:_LOOKED_AT] for sign in text)


_MOST_CODES = 10


@lru_cache(maxsize=1)
def _sensitive_names() -> NameLookup:
    lookup = NameLookup()
    for language in LANGUAGES:
        for key, texts in language.sensitive.items():
            _add(lookup, key, texts, language.name)
    return lookup


def _sensitive_values(texts: Sequence[str]) -> str:
    """Tell it from values alone: most of them in one list, two of them beyond doubt."""
    said = {plain(text) for text in texts[:_LOOKED_AT]} - {""}
    if not FEWEST_TEXTS <= len(said) <= _MOST_GROUPS:
        return ""
    for key, (known, doubtful) in _protected_values().items():
        if len(said & known) >= MOST * len(said) and len(said & known - doubtful) >= 2:
            return key
    return ""


_LOOKED_AT = 60
_MOST_GROUPS = 40


@lru_cache(maxsize=1)
def _protected_values() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """The values of all languages per kind, and those that may well be something else."""
    lists = {
        "ethnicity": ("ethnic groups", "white black mixed other arab"),
        "religion": ("religions", "none other keine geen orthodox"),
        "sexual orientation": ("orientations", "straight other"),
        "political opinion": ("parties", "independent green other liberal labour sp conservative"),
    }
    return {
        key: (
            frozenset(
                form
                for language in LANGUAGES
                for text in listed(language.values.get(about, ""))
                for form in spellings(text)
            ),
            frozenset(doubtful.split()),
        )
        for key, (about, doubtful) in lists.items()
    }


def sensitive_note(name: str, kind: str) -> Note:
    """Say that the law protects what a column tells, and how to use it anyway.

    Examples
    --------
    >>> sensitive_note("Konfession", "religion").text
    '“Konfession” tells about religion. The law protects that specially (GDPR, Art. 9): it forms no
    segments unless you decide so; have a legal reason.'
    """
    article = 10 if kind == "criminal record" else 9
    text = (
        f"“{name}” tells about {kind}. The law protects that specially (GDPR, Art. {article}): it forms no "
        "segments unless you decide so; have a legal reason."
    )
    anyway = Option("Use it for segments anyway", {"roles": {name: "demographic"}})
    return Note(text, True, "sensitive", name, False, (anyway,))


# --- tables ---------------------------------------------------------------------------------------

_WRITTEN = ("text", "category")

PERSONAL = (
    PersonalKind("e-mail", _WRITTEN, _is_email, needs_values=True),
    PersonalKind("bank account", ("text", "category", "number"), _is_bank_account),
    PersonalKind("IP address", _WRITTEN, _is_ip, needs_values=True),
    PersonalKind("identity number", ("text", "number"), named_only=True),
    PersonalKind("phone", ("text", "category", "number"), _is_phone, _is_written_phone, needs_values=True),
    PersonalKind("address", _WRITTEN, _is_address),
    PersonalKind("name", _WRITTEN, _has_given_name),
    PersonalKind("birth date", ("date",), named_only=True),
    PersonalKind("free text", _WRITTEN),
)

GIVEN_NAMES = (
    "Aaron, Adam, Adrian, Agnes, Aitor, Alan, Alba, Albert, Alejandro, Alessandra, Alessandro, Alex, "
    "Alexander, Alexandra, Alfredo, Alice, Alicia, Amanda, Amelia, Amy, Ana, Anders, Andrea, Andreas, "
    "Andrew, Angela, Angelo, Anita, Anja, Anke, Anna, Anne, Antoine, Anton, Antonella, Antonio, António, "
    "Arthur, Astrid, Barbara, Bart, Beatrice, Beatriz, Ben, Benjamin, Bernd, Birgit, Björn, Bob, Bram, "
    "Brian, Bruno, Camille, Carla, Carlo, Carlos, Carmen, Carol, Caroline, Catarina, Catherine, Cécile, "
    "Charles, Charlotte, Chiara, Chloé, Chris, Christian, Christina, Christine, Christoph, Christophe, "
    "Christopher, Claire, Clara, Claudia, Claudio, Cristina, Daan, Daniel, Daniela, Dario, David, Davide, "
    "Deborah, Dennis, Diana, Diego, Dieter, Diogo, Dirk, Dominique, Donald, Dorothy, Eduardo, Edward, "
    "Elena, Eline, Elisa, Elizabeth, Ella, Emily, Emma, Enrico, Eric, Erik, Ernst, Eva, Fabian, Federico, "
    "Felipe, Felix, Fernanda, Fernando, Filipe, Florian, Francesca, Francesco, Francisco, Frank, François, "
    "Françoise, Franz, Frédéric, Friedrich, Gabriel, Gabriela, George, Giovanni, Giulia, Giuseppe, "
    "Gonzalo, Grace, Guillaume, Gustavo, Günter, Hannah, Hans, Harry, Heike, Heinz, Helen, Helena, Henry, "
    "Hugo, Ian, Ines, Inês, Irene, Isabel, Isabelle, Jack, Jacob, Jacques, James, Jan, Jana, Jane, Janet, "
    "Javier, Jean, Jeff, Jennifer, Jens, Jessica, Jim, João, Joana, Joe, Johan, Johanna, John, Jonas, "
    "Jonathan, Jordi, Jorge, José, Joseph, Joshua, Juan, Julia, Julian, Julie, Julien, Jürgen, Karen, "
    "Karin, Karl, Katharina, Katherine, Kathrin, Kevin, Klaus, Lara, Larissa, Lars, Laura, Laurent, Lea, "
    "Léa, Lena, Leonardo, Linda, Lisa, Lorenzo, Louis, Louise, Luca, Lucas, Lucía, Luigi, Luis, Luísa, "
    "Lukas, Manfred, Manon, Manuel, Marc, Marco, Marcos, Margaret, Margarida, Maria, María, Mariana, "
    "Marie, Mario, Marion, Mark, Markus, Marlies, Marta, Martin, Martina, Mary, Matteo, Matthew, Matthias, "
    "Max, Maximilian, Mehmet, Melanie, Mia, Michael, Michel, Michele, Miguel, Mohamed, Mohammed, Monica, "
    "Monika, Nancy, Natalie, Nathalie, Nicola, Nicolas, Nicole, Nina, Noah, Nuno, Olaf, Oliver, Olivia, "
    "Olivier, Oscar, Pablo, Paola, Paolo, Pascal, Patricia, Patrick, Paul, Paula, Paulo, Pedro, Peter, "
    "Petra, Philipp, Philippe, Pierre, Pieter, Pilar, Rachel, Rafael, Raquel, Rebecca, Renate, Riccardo, "
    "Ricardo, Richard, Rita, Robert, Roberta, Roberto, Roger, Roland, Rosa, Ruth, Ryan, Sabine, Samuel, "
    "Sandra, Sanne, Sara, Sarah, Scott, Sébastien, Sebastian, Sergio, Silvia, Simon, Simone, Sofia, "
    "Sophie, Stefan, Stefania, Stefano, Stephan, Stéphanie, Stephen, Steven, Susan, Susanne, Sven, Sylvie, "
    "Teresa, Thierry, Thomas, Tiago, Tim, Tom, Ulrich, Ursula, Uwe, Valentina, Vanessa, Véronique, Victor, "
    "Vincent, Virginie, Walter, Werner, Willem, William, Wolfgang, Yannick, Yves, Zoe"
)
