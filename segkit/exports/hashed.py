"""E-mail addresses as hashes, for audiences of ad platforms: who has the same address finds the same hash.

A hash is SHA-256 in small hexadecimal letters, without salt, of the address as platforms want it:

- `plain`: without spaces around it, in small letters. So ask Meta (customer information parameters, "em":
  https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters),
  TikTok (customer file: https://ads.tiktok.com/help/article/how-to-create-a-custom-audience-with-a-customer-file),
  X (https://developer.x.com/en/docs/x-ads-api/audiences/overview/user-data) and LinkedIn, which takes
  SHA-256 of small letters (https://www.linkedin.com/help/lms/answer/a1489764).
- `google`: the same, and in addresses of gmail.com and googlemail.com no dots before the @ and nothing from
  a plus sign on (Data Manager API, which Customer Match is uploaded with:
  https://developers.google.com/data-manager/api/devguides/concepts/formatting). The other platforms do not
  ask for that, so a hash for Google finds nobody there whose address has a dot.

All as read in November 2026. What is no single address ("Ada <ada@example.org>", two addresses, a space
inside) gets no hash: a guess would find somebody else, or nobody. A hash is still personal data: it tells a
person apart, and whoever has her address can make it too.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.table import Column, Customers
from segkit.labels import number, plural

Cells: TypeAlias = "pa.Array | pa.ChunkedArray"

_PART = r'[^@\s\pZ\pC,;:<>()\[\]"\\'  # of an address: nothing that separates, and nothing that cannot be seen
_ADDRESS = rf"^{_PART}]+@({_PART}.]+\.)+{_PART}.]{{2,}}$"
_GMAIL = r"@(gmail|googlemail)\.com$"


@dataclass(frozen=True)
class Hash:
    """A row of `HASHES`: which platforms it is for, and how addresses are written before they are hashed.

    Attributes
    ----------
    key : str
    ending : str
        What the name of a column of such hashes ends with.
    platforms : str
        Who asks for it.
    written : function
        Addresses in small letters to how they are hashed.
    """

    key: str
    ending: str
    platforms: str
    written: Callable[[pa.Array], pa.Array]

    def of(self, cells: Cells) -> pa.Array:
        """Hash addresses, each different one once.

        Parameters
        ----------
        cells : pyarrow array of texts, dictionary-encoded or not

        Returns
        -------
        pyarrow.Array
            Texts of 64 signs; null where a cell is blank or no address.

        Examples
        --------
        >>> HASHES[0].of(pa.array([" John_Smith@gmail.com", "n/a"])).to_pylist()
        ['62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f', None]
        """
        texts = cells.cast(pa.string()).dictionary_encode()
        if isinstance(texts, pa.ChunkedArray):
            texts = texts.combine_chunks()
        return _sha256(self.written(_addresses(texts.dictionary))).take(texts.indices)


@dataclass(frozen=True)
class Addresses:
    """What the cells of an e-mail column are: rows with one address, blank ones, and what is no address."""

    column: str
    found: int
    blank: int
    malformed: int


def email_columns(customers: Customers) -> list[Column]:
    """The columns that hold e-mail addresses."""
    return [column for column in customers.columns if column.personal == "e-mail"]


def addresses_in(customers: Customers) -> list[Addresses]:
    """Count what stands in each e-mail column: what is blank or malformed gets no hash."""
    return [
        _counted(column.name, customers.source.column(column.name)) for column in email_columns(customers)
    ]


def addresses_text(found: list[Addresses]) -> str:
    """Say which columns of hashes there are, for whom, and how many cells have none.

    Examples
    --------
    >>> addresses_text([Addresses("mail", 4870, 100, 30), Addresses("work", 5000, 0, 0)])
    'From “mail”: 4,870 addresses; 100 blank cells and 30 that hold no address get no hash. From
    “work”: 5,000 addresses. The column with _sha256 is for Meta, LinkedIn, TikTok and X, that with
    _sha256_google for Google Ads. A hash is still personal data.'
    """
    plain, google = HASHES
    for_whom = (
        f"The column with {plain.ending} is for {plain.platforms}, that with {google.ending} for "
        f"{google.platforms}. A hash is still personal data."
    )
    return " ".join([*map(_address_text, found), for_whom])


def _address_text(one: Addresses) -> str:
    told = f"From “{one.column}”: {plural(one.found, 'address', 'addresses')}"
    if one.blank or one.malformed:
        blank = plural(one.blank, "blank cell")
        told += f"; {blank} and {number(one.malformed)} that hold no address get no hash"
    return f"{told}."


def _counted(name: str, cells: pa.ChunkedArray) -> Addresses:
    texts, rows = cells.cast(pa.string()).value_counts().flatten()
    blank = pc.equal(pc.utf8_trim_whitespace(pc.fill_null(texts, "")), "")
    found, empty = (_sum(rows.filter(which)) for which in (pc.is_valid(_addresses(texts)), blank))
    return Addresses(name, found, empty, len(cells) - found - empty)


def _sum(rows: pa.Array) -> int:
    return int(pc.sum(rows, min_count=0).as_py())


def _addresses(texts: pa.Array) -> pa.Array:
    """Write addresses in small letters without spaces around them; null where a text is none."""
    bare = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
    return pc.if_else(pc.match_substring_regex(bare, _ADDRESS), bare, None)


def _as_they_are(addresses: pa.Array) -> pa.Array:
    return addresses


def _for_google(addresses: pa.Array) -> pa.Array:
    """Leave out dots and what follows a plus sign in addresses of Gmail; null where nothing is left."""
    names = pc.replace_substring(pc.replace_substring_regex(addresses, r"[+@].*", ""), ".", "")
    domains = pc.replace_substring_regex(addresses, r"^.*@", "@")
    bare = pc.if_else(pc.equal(names, ""), None, pc.binary_join_element_wise(names, domains, ""))
    return pc.if_else(pc.match_substring_regex(addresses, _GMAIL), bare, addresses)


def _sha256(texts: pa.Array) -> pa.Array:
    hashes = (text and hashlib.sha256(text.encode()).hexdigest() for text in texts.to_pylist())
    return pa.array(hashes, pa.string())


HASHES = (
    Hash("plain", "_sha256", "Meta, LinkedIn, TikTok and X", _as_they_are),
    Hash("google", "_sha256_google", "Google Ads", _for_google),
)
