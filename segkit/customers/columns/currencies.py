"""Currencies: the signs and codes that stand beside an amount."""

import re
from collections.abc import Collection

DOLLARS = frozenset("USD CAD AUD NZD HKD SGD MXN TWD".split())
CROWNS = frozenset("SEK NOK DKK ISK".split())
_SHARED = {"$": DOLLARS, "kr": CROWNS, "¥": frozenset({"JPY", "CNY"})}  # a sign that several of them use


def one_currency(found: Collection[str]) -> str | None:
    """Tell which single currency some codes and signs are of; None when they are of several.

    A sign that several currencies use goes with the code beside it.

    Examples
    --------
    >>> one_currency({"$"}), one_currency({"kr", "SEK"}), one_currency({"EUR", "$"})
    ('$', 'SEK', None)
    """
    plain = set(found) - set(_SHARED)
    shared = set(found) & set(_SHARED)
    if not plain and len(shared) == 1:
        return shared.pop()
    if len(plain) == 1 and all(plain <= _SHARED[sign] for sign in shared):
        return plain.pop()
    return None


def currency_in_name(name: str) -> str:
    """Find the currency that a name gives in brackets or at its end, such as "Umsatz (€)"; empty for none.

    Examples
    --------
    >>> currency_in_name("Panier moyen (€)"), currency_in_name("revenue_eur"), currency_in_name("Euro area")
    ('EUR', 'EUR', '')
    """
    last = re.split(r"[\s_()\[\]]+", name.strip().rstrip(")]").lower())[-1]
    return next((code for code, written in CURRENCIES if last in written.split() and len(last) != 2), "")


# Code (or the sign, where it does not tell which), and what is written beside amounts, in small letters.
CURRENCIES = (
    ("EUR", "€ eur euro euros"),
    ("$", "$ dollar dollars"),
    ("USD", "us$ $us u$s usd"),
    ("GBP", "£ gbp"),
    ("¥", "¥ ￥"),
    ("JPY", "jpy 円 jp¥"),
    ("CNY", "cny rmb 元 cn¥"),
    ("INR", "₹ inr rs rs. ₨"),
    ("CHF", "chf fr. sfr sfr."),
    ("kr", "kr kr."),
    ("SEK", "sek"),
    ("NOK", "nok"),
    ("DKK", "dkk"),
    ("ISK", "isk"),
    ("PLN", "zł zl pln"),
    ("CZK", "kč czk"),
    ("HUF", "ft huf"),
    ("RON", "lei ron"),
    ("BGN", "лв лв. bgn"),
    ("RUB", "₽ руб руб. р. rub"),
    ("UAH", "₴ грн грн. uah"),
    ("TRY", "₺ tl try"),
    ("BRL", "r$ brl"),
    ("CAD", "ca$ c$ cad cdn$"),
    ("AUD", "a$ au$ aud"),
    ("NZD", "nz$ nzd"),
    ("HKD", "hk$ hkd"),
    ("SGD", "s$ sgd"),
    ("MXN", "mx$ mxn"),
    ("TWD", "nt$ twd"),
    ("KRW", "₩ 원 krw"),
    ("ILS", "₪ ils"),
    ("THB", "฿ thb"),
    ("VND", "₫ vnd"),
    ("PHP", "₱ php"),
    ("NGN", "₦ ngn"),
    ("IDR", "idr"),
    ("MYR", "myr"),
    ("ZAR", "zar"),
    ("AED", "aed"),
    ("SAR", "sar"),
    ("ARS", "ars"),
    ("CLP", "clp"),
    ("COP", "cop"),
    ("PEN", "pen"),
)

CURRENCY_OF = {sign: code for code, signs in CURRENCIES for sign in signs.split()}
CURRENCY_PATTERN = "|".join(re.escape(sign) for sign in sorted(CURRENCY_OF, key=len, reverse=True))
