"""Column names that say "date", "time" or "birthday", in several languages."""

from segkit.labels import words


def is_date_name(name: str) -> bool:
    """Say whether a column is named like a date.

    Examples
    --------
    >>> is_date_name("signup_date"), is_date_name("Bestelldatum"), is_date_name("created_at")
    (True, True, True)
    >>> is_date_name("last update"), is_date_name("data usage"), is_date_name("days since last date")
    (False, False, False)
    """
    called = words(name)
    if called and called[-1] in _LAST_WORDS and not set(called) & _COUNT_WORDS:
        return True
    if not called or is_amount_name(name):
        return False
    if set(called) & _DATE_WORDS or called[0] == "data":
        return True
    if len(called) > 1 and called[-1] in ("at", "on"):
        return True
    return any(word.endswith(_DATE_ENDINGS) and word not in _NO_DATES for word in called)


def is_time_name(name: str) -> bool:
    """Say whether a column is named like a point in time."""
    return is_date_name(name) or bool(set(words(name)) & _TIME_WORDS and not is_amount_name(name))


def is_amount_name(name: str) -> bool:
    """Say whether a column is named like an amount or a count."""
    return bool(set(words(name)) & (_AMOUNT_WORDS | _COUNT_WORDS))


def is_birthday_name(name: str) -> bool:
    """Say whether a column is named like a birthday, which is never ahead.

    Examples
    --------
    >>> is_birthday_name("Date of birth"), is_birthday_name("Geburtsdatum"), is_birthday_name("signup")
    (True, True, False)
    """
    called = words(name)
    return bool(set(called) & _BIRTH_WORDS) or any(word.startswith(_BIRTH_STARTS) for word in called)


_BIRTH_WORDS = frozenset(
    "birthday birthdate birth dob bday born geb naissance nascita nascido geboren".split()
)
_BIRTH_STARTS = tuple("geburt geboort nacimiento nascimento cumplea anivers annivers complean".split())
_DATE_WORDS = _BIRTH_WORDS | frozenset(
    "date dates datum fecha dt day datetime timestamp created modified updated registered joined since seit "
    "depuis desde sinds dato pvm datums".split()
)
_LAST_WORDS = frozenset("date datum fecha dt datetime timestamp".split())  # "value date" is one
_DATE_ENDINGS = ("date", "datum", "fecha", "datetime", "timestamp", *_BIRTH_STARTS)
_NO_DATES = frozenset("update candidate mandate validate consolidate accommodate liquidate predate".split())
_TIME_WORDS = frozenset("time ts epoch unix zeit uhrzeit hora heure tijd ora opened closed".split())
_COUNT_WORDS = frozenset(
    "days hours minutes months years weeks age count number num tage stunden jours heures días dias "
    "horas giorni ore dagen duration elapsed".split()
)
_AMOUNT_WORDS = frozenset(
    "amount price revenue income salary cost costs value total sum sales turnover balance budget profit "
    "margin fee orders quantity qty points spend spent usage gb mb kb volume limit size rate share "
    "score plan quality source transfer transferred traffic roaming allowance used bytes betrag umsatz "
    "preis menge montant ventes prix importe ventas precio vendas preço importo prezzo fatturato bedrag "
    "omzet prijs".split()
)
