"""Aliases: what columns and answers are called in seven languages, and finding it again in a name.

`LANGUAGES` at the bottom is plain data, one row a language; a language is added there and nowhere else.
Lists are separated by commas, the most telling name first. `names` are whole column names, apart from
fillers ("total", "Anzahl der") and from the order of their words; `parts` may stand anywhere in a name.
A name that ends in "?" says so only where the values agree ("genre" of a person, not of a film); a plus
stands between the parts of a compound, which may be written apart.

Names are compared without capitals, accents, plural s and common abbreviations, after they have been
taken apart: camelCase, snake_case and compounds of known words ("Jahresumsatz").
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from segkit.labels import words


@dataclass(frozen=True)
class Language:
    """A row of `LANGUAGES`.

    Attributes
    ----------
    name : str
        As in "(German “Umsatz”)".
    names, parts : mapping of role to names
        Keys are those of `roles.ROLES`.
    fillers : str
        Words that say nothing of the meaning: articles and the like, a bar, words for measures and times
        ("total", "score", "monthly").
    recommend, satisfied, asks, rate, overall : str
        How words of survey questions begin.
    personal, sensitive : mapping of kind to names
        Keys are those of `personal.PERSONAL` and `personal.SENSITIVE`; a name in brackets is a part.
    things : str
        What may have a name or an id and is no person.
    very, mostly, somewhat, barely, by_no_means : str
        How much: completely to somewhat satisfied, then barely and not at all satisfied.
    content, discontent, neutral : str
        What is very or somewhat the case, and what is between.
    agree, quality, like : str
        Seven, seven and five steps from best to worst, separated by bars.
    bands : str
        Promoter, passive, detractor, separated by bars.
    yes, no, stayed, left, between, won, lost, open : str
        What flags and states say.
    nothing : str
        Answers that are none.
    stars, out_of : str
        As in "4 stars", "4 out of 5".
    values : mapping of role to texts
        What the values of a column look like.
    """

    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    fillers: str = ""
    recommend: str = ""
    satisfied: str = ""
    asks: str = ""
    rate: str = ""
    overall: str = ""
    personal: Mapping[str, str] = field(default_factory=dict)
    sensitive: Mapping[str, str] = field(default_factory=dict)
    things: str = ""
    very: str = ""
    mostly: str = ""
    somewhat: str = ""
    barely: str = ""
    by_no_means: str = ""
    content: str = ""
    discontent: str = ""
    neutral: str = ""
    agree: str = ""
    quality: str = ""
    like: str = ""
    bands: str = ""
    yes: str = ""
    no: str = ""
    stayed: str = ""
    left: str = ""
    between: str = ""
    won: str = ""
    lost: str = ""
    open: str = ""
    nothing: str = ""
    stars: str = ""
    out_of: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def listed(texts: str) -> list[str]:
    """Take a list of `LANGUAGES` apart.

    Examples
    --------
    >>> listed("churn, attrition")
    ['churn', 'attrition']
    """
    return [text for part in texts.split(",") if (text := part.strip())]


def plain(text: str) -> str:
    """Write a text in small letters without accents; what is not a letter or digit becomes one blank.

    Examples
    --------
    >>> plain("Straße / Nº"), plain("  Très satisfait(e)! ")
    ('strasse no', 'tres satisfait e')
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", _LIGATURES_RE.sub(lambda sign: _LIGATURES[sign[0]], text))
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join(_WORD.findall(text.casefold()))


def spellings(text: str) -> set[str]:
    """Write a text as `plain` does, with ä as a and as ae.

    Examples
    --------
    >>> sorted(spellings("Kündigung"))
    ['kuendigung', 'kundigung']
    """
    return {plain(text), plain(text.translate(_UMLAUTS))}


_WORD = re.compile(r"[^\W_]+")
_LIGATURES = {"ß": "ss", "ẞ": "SS", "œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ł": "l"}
_LIGATURES_RE = re.compile("[" + "".join(_LIGATURES) + "]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


# --- taking names apart ---------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def name_words(name: str) -> tuple[str, ...]:
    """Split a column name into words in the form in which they are compared.

    Examples
    --------
    >>> name_words("KdNr"), name_words("Jahresumsatz"), name_words("num_orders")
    (('kunden', 'number'), ('jahre', 'umsatz'), ('number', 'order'))
    """
    if not name.isascii():
        name = unicodedata.normalize("NFKD", _LIGATURES_RE.sub(lambda sign: _LIGATURES[sign[0]], name))
        name = "".join(sign for sign in name if not unicodedata.combining(sign))
    parts = [part for word in words(name) for part in _apart(word)]
    return tuple(_form(part) for part in parts)


def _form(word: str) -> str:
    """Bring a word to the form in which it is compared: without plural s, abbreviations written out."""
    word = _SHORT_FOR.get(word, word)
    ends = len(word) > 3 and word.endswith("s") and word not in _NO_PLURALS
    single = word[:-1] if ends else word
    return _SHORT_FOR.get(single, single)


def _apart(word: str) -> list[str]:
    """Take a compound apart where all of it is known words, with as few of them as possible.

    Examples
    --------
    >>> _apart("kundennummer"), _apart("totalspend"), _apart("message")
    (['kunden', 'nummer'], ['total', 'spend'], ['message'])
    """
    known = _known_words()
    if word in known or not _SHORTEST_COMPOUND <= len(word) <= _LONGEST_COMPOUND:
        return [word]
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            before, piece = best[start], word[start:end]
            if before is None or not _may_be_part(piece, known, bool(before)):
                continue
            longer = before if piece in _LINKS and before else [*before, piece]
            now = best[end]
            if now is None or len(longer) < len(now):
                best[end] = longer
    whole = best[-1]
    return whole if whole and len(whole) > 1 and not word.endswith(_NOT_LAST) else [word]


def _may_be_part(piece: str, known: frozenset[str], inside: bool) -> bool:
    if len(piece) >= _SHORTEST_PART:
        return piece in known
    return piece in _SHORT_PARTS or (inside and piece in _LINKS)


_SHORTEST_COMPOUND = 4
_LONGEST_COMPOUND = 50
_SHORTEST_PART = 4  # "age" and "sex" are in too many words: "percentage", "Essex"
_SHORT_PARTS = frozenset(
    "id nr no num kd avg tot zip plz nps web tel seq lid tag art abo end geb typ".split()
)
_LINKS = ("s", "n", "en", "es")
_NOT_LAST = ("tot", "avg", "web")
_NO_PLURALS = frozenset(["pays", "news", "status", "address", "os", "sms", "business", "gas", "plus"])
_SHORT_FOR = {
    short: long
    for long, shorts in {
        "number": "nr no num nbr nb numero nummer nombre num. nro nums numbers anzahl aantal n",
        "customer": "cust custs customers",
        "kunden": "kd kunde ku",
        "date": "dt datum fecha dat",
        "account": "acct acc",
        "amount": "amt amnt",
        "quantity": "qty",
        "transaction": "trans trx txn txns tran",
        "frequency": "freq",
        "average": "avg ave mean",
        "purchase": "purch purchases",
        "revenue": "rev",
        "education": "edu educ",
        "children": "chld child kids kid",
        "address": "addr adr",
        "telephone": "tel telefon",
        "promotion": "prom promo",
        "year": "yr yrs",
        "month": "mth mths mo mos mon",
        "count": "ct cnt",
        "total": "tot ttl gesamt totale",
        "balance": "bal",
        "birth": "geb geburts nac nasc naiss",
        "strasse": "str",
        "subscription": "subscr",
        "gender": "gndr",
        "category": "cat categ",
        "department": "dept",
        "company": "comp",
    }.items()
    for short in long.split() + shorts.split()
    if short != long
}


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    """Collect all words of all names, each as it is written."""
    found: set[str] = set(_SHORT_FOR)
    for language in LANGUAGES:
        lists = [*language.names.values(), *language.parts.values(), *language.personal.values()]
        for text in [*lists, *language.sensitive.values(), language.fillers, language.things, _OTHER_WORDS]:
            found.update(word for one in spellings(text) for word in one.split())
    return frozenset(found)


_OTHER_WORDS = "percentage landline coverage website online offline updated created product status"


@lru_cache(maxsize=1)
def filler_words() -> frozenset[str]:
    """Words that say nothing of the meaning of a column, in all languages."""
    return _articles() | _fillers(1)


@lru_cache(maxsize=1)
def _articles() -> frozenset[str]:
    return _fillers(0)


def _fillers(side: int) -> frozenset[str]:
    lists = [language.fillers.split("|") for language in LANGUAGES]
    return frozenset(
        _form(word)
        for sides in lists
        if sides[side:]
        for one in spellings(sides[side])
        for word in one.split()
    )


DATE_WORDS = frozenset("date data day dia jour tag giorno dag timestamp time on am le at el em il op".split())


# --- finding names --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """An alias that a column name holds.

    Attributes
    ----------
    key : str
        What it stands for: a role, a kind of personal data.
    alias, language : str
        As listed in `LANGUAGES`.
    fit : int
        3 the whole name, 2 the whole name apart from fillers, 1 a part of it.
    rank : int
        Its place in the list; 0 is the most telling.
    size : int
        How many words of the name it takes.
    needs_values : bool
        It counts only where the values agree.
    """

    key: str
    alias: str
    language: str
    fit: int
    rank: int
    size: int
    needs_values: bool = False


class NameLookup:
    """Finds the aliases that a column name holds, the best first."""

    def __init__(self, dated: Iterable[str] = ()) -> None:
        self._dated = frozenset(dated)
        self._whole: dict[str, list[Found]] = {}
        self._bare: dict[str, list[Found]] = {}
        self._parts: dict[str, list[Found]] = {}
        self._longest = 1
        self._found: dict[str, tuple[Found, ...]] = {}
        self._english: dict[str, set[str]] = {}

    def add(self, key: str, texts: Iterable[str], language: str = "", part: bool = False) -> None:
        """Add the names of one key, the most telling first."""
        for rank, text in enumerate(texts):
            alias = text.removesuffix("?")
            shown = alias.replace("+", "")
            if language == "English":
                self._english.setdefault(key, set()).add(plain(shown))
            for spelling in sorted(spellings(alias)):
                found = Found(key, shown, language, 3, rank, len(spelling.split()), text.endswith("?"))
                self._add(found, [_form(word) for word in spelling.split()], part)

    def _add(self, found: Found, alias: list[str], part: bool) -> None:
        if part:
            self._parts.setdefault("".join(alias), []).append(found)
            self._longest = max(self._longest, len(alias))
            return
        for form in _forms(alias):
            self._whole.setdefault(form, []).append(found)
        bare = [word for word in alias if word not in _articles()]
        if found.key in self._dated:
            bare = [word for word in bare if word not in DATE_WORDS]
        for form in _forms(bare):
            self._bare.setdefault(form, []).append(found)

    def find(self, name: str) -> tuple[Found, ...]:
        """Find aliases in a name: whole names first, then longer ones, then the most telling."""
        found = self._found.get(name)
        if found is None:
            found = tuple(sorted(self._all(name_words(name)), key=_plainness))
            if len(self._found) < _REMEMBERED:
                self._found[name] = found
        return found

    def _all(self, parts: tuple[str, ...]) -> list[Found]:
        best: dict[str, Found] = {}
        for found in [*self._wholes(parts), *self._partial(parts)]:
            if found.key not in best or _plainness(found) < _plainness(best[found.key]):
                best[found.key] = found
        return [self._in_english(found) for found in best.values()]

    def _in_english(self, found: Found) -> Found:
        """Call a word English that is English as well ("région")."""
        english = plain(found.alias) in self._english.get(found.key, ())
        return replace(found, language="English") if english else found

    def _wholes(self, parts: tuple[str, ...]) -> list[Found]:
        found = [one for form in _forms(parts) for one in self._whole.get(form, ())]
        bare = [part for part in parts if part not in filler_words() and not part[0].isdigit()]
        found += [_as(one, 2) for form in _forms(bare) for one in self._bare.get(form, ())]
        if self._dated and (undated := [part for part in bare if part not in DATE_WORDS]) != bare:
            dated = (one for form in _forms(undated) for one in self._bare.get(form, ()))
            found += [_as(one, 2) for one in dated if one.key in self._dated]
        return found

    def _partial(self, parts: tuple[str, ...]) -> list[Found]:
        found = []
        for size in range(1, min(self._longest + 1, len(parts)) + 1):
            for start in range(len(parts) - size + 1):
                here = self._parts.get("".join(parts[start : start + size]), ())
                found += [_as(one, 1, size) for one in here]
        return found


_REMEMBERED = 20_000


def _forms(parts: Iterable[str]) -> set[str]:
    """Join words as they stand and in alphabetical order, so that "date signup" is "signup date"."""
    listed_words = list(parts)
    return {"".join(listed_words), "|".join(sorted(listed_words))} if listed_words else set()


def _as(found: Found, fit: int, size: int | None = None) -> Found:
    return replace(found, fit=fit, size=size or found.size)


def _plainness(found: Found) -> tuple[int, int, bool, int]:
    return (-found.fit, -found.size if found.fit == 1 else 0, found.language != "English", found.rank)


def is_false_friend(found: Found, present: frozenset[str]) -> bool:
    """Tell whether the other words of a name give an alias another meaning ("order state").

    Examples
    --------
    >>> state = Found("geographic", "state", "English", 1, 0, 1)
    >>> is_false_friend(state, frozenset(["order", "state"])), is_false_friend(state, frozenset(["state"]))
    (True, False)
    """
    if found.key in _AMOUNTS and present & _NO_AMOUNT:
        return True
    others = _false_friends().get((found.key, found.alias))
    return others is not None and bool(others & present)


@lru_cache(maxsize=1)
def _false_friends() -> dict[tuple[str, str], frozenset[str]]:
    return {(key, alias): frozenset(name_words(others)) for key, alias, others in FALSE_FRIENDS}


_AMOUNTS = ("revenue", "cost", "orders", "tickets")
_NO_AMOUNT = frozenset(["score", "rating", "flag", "is", "has", "dummy", "indicator", "label"])


def meant_together(names: Iterable[str]) -> dict[str, str]:
    """Find short names that say something only beside each other, and what they stand for.

    Examples
    --------
    >>> meant_together(["id", "R", "F", "M"])["M"], meant_together(["id", "M"])
    ('monetary', {})
    """
    small = {name.lower(): name for name in names}
    return {
        small[short]: meant
        for together in TOGETHER
        if set(together) <= set(small)
        for short, meant in together.items()
        if short != meant
    }


# --- known values ---------------------------------------------------------------------------------


def values_like(texts: Sequence[str], counts: Sequence[int], kinds: Iterable[str]) -> str:
    """Say which of some kinds of values nearly all texts are; empty for none.

    Short codes ("DE", "CA") need three different ones, words two.

    Parameters
    ----------
    texts, counts : sequences
        The different texts of a column and the rows of each.
    kinds : iterable of str
        Keys of `Language.values`, or `AGE_BANDS`; the first that fits is taken.

    Examples
    --------
    >>> values_like(["Deutschland", "France"], [7, 5], ["genders", "countries"])
    'countries'
    """
    said = [plain(text) for text in texts]
    short = all(len(text) <= _SHORT_CODE for text in said)
    for kind in kinds:
        known = _known_values().get(kind, frozenset())
        rows = sum(count for text, count in zip(said, counts, strict=True) if text in known)
        fewest = 3 if short and kind != "genders" else 2
        if rows >= _MOST_ROWS * sum(counts) and len(set(said) & known) >= fewest:
            return kind
        if kind == AGE_BANDS and _are_age_bands(texts):
            return kind
    return ""


AGE_BANDS = "bands of age"
_SHORT_CODE = 3
_MOST_ROWS = 0.9


@lru_cache(maxsize=1)
def _known_values() -> dict[str, frozenset[str]]:
    """Collect what values of a kind look like in all languages."""
    known: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for kind, texts in language.values.items():
            known.setdefault(kind, set()).update(form for text in listed(texts) for form in spellings(text))
    return {kind: frozenset(texts) for kind, texts in known.items()}


def _are_age_bands(texts: Sequence[str]) -> bool:
    """Tell "18-24", "25 to 34", "65+" from bands of something else: they begin young and go beyond 45."""
    bands = [_BAND.fullmatch(text.strip()) for text in texts]
    starts = [int(band[1]) for band in bands if band]
    if len(starts) < len(texts) or len(starts) < _FEWEST_BANDS:
        return False
    return max(starts) <= 100 and any(13 <= start <= 25 for start in starts) and max(starts) >= 45


_FEWEST_BANDS = 3
_BAND = re.compile(r"\D{0,10}?(\d{1,3})\s*(?:\+|\D{1,5}\d{1,3})\D{0,10}")


# --- tables ---------------------------------------------------------------------------------------

# Names that say something only beside each other: recency, frequency, monetary value.
TOGETHER = (
    {"r": "recency", "f": "frequency", "m": "monetary"},
    {"x": "frequency", "t_x": "recency", "t": "tenure"},
    {"frequency": "frequency", "recency": "recency", "t": "tenure"},
)

# A role, one of its names, and the words beside which the name means something else.
FALSE_FRIENDS = (
    ("geographic", "state", "order ticket payment account subscription process delivery mind lead invoice"),
    ("geographic", "location", "allocation file"),
    ("geographic", "area", "subject interest"),
    ("geographic", "distance", "charge call"),
    ("channel_consent", "newsletter", "open opened click clicked received sent"),
    ("demographic", "age", "account page order ticket session invoice contract domain company"),
    ("demographic", "family", "product font tariff"),
    ("demographic", "children", "bks books toys clothing products wear"),
    ("demographic", "partner", "channel sales business affiliate"),
    ("demographic", "degree", "temperature rotation"),
    ("demographic", "language", "programming page"),
    ("firmographic", "company", "good bad"),
    ("firmographic", "business", "days"),
    ("firmographic", "channel", "youtube tv"),
    ("psychographic", "interest", "rate paid income"),
    ("technographic", "os", "x y"),
    ("sentiment", "rating", "credit bond risk energy content film"),
    ("csat", "rating", "credit bond risk energy content film"),
    ("csat", "review score", "credit"),
    ("journey", "source", "energy power income data"),
    ("price", "balance", "work life"),
    ("price", "discount", "store"),
)

LANGUAGES = (
    Language(
        "English",
        names={
            "customer_id": "customer id, customer number, customer code, customer key, customer reference, "
            "customer ref, client id, user id, account id, member id, id, client number, client num, "
            "account number, member number, membership number, membership id, subscriber id, contact id, "
            "household id, shopper id, guest id, guest number, guest no, customer no, client no, account no, "
            "member no, donor id, person id, profile id, crm id, loyalty number, "
            "loyalty id, loyalty card number, policyholder id, respondent id, passenger id, patient id, "
            "student id, lead id, company id, uid, uuid, guid, respondent, customer?, client?, user?, "
            "member?",
            "csat": "csat, customer satisfaction, overall satisfaction, satisfaction, satisfaction score, "
            "sat score, satisfaction rating, satisfaction level, satisfied?, happiness score, star rating, "
            "stars?, review score, review rating, feedback score, rating?, like?, liking?",
            "nps": "nps, net promoter, net promoter score, likelihood to recommend, ltr, recommend?, "
            "recommendation?, would recommend, nps group?, nps category?, nps segment?, nps type?, "
            "promoter type",
            "retained": "retained, retention, renewed, stayed, is active, active?, active member, active "
            "customer, active subscription, still customer, current customer, existing customer, customer "
            "status?, account status?, membership status?, subscription status?, contract status?, policy "
            "status?, status?, customer state?",
            "churned": "churn, churned, churner, exited, attrited, attrition, attrition flag, cancelled, "
            "canceled, lost?, left?, has left, churn label, churn status, inactive?, unsubscribed, lapsed, "
            "defected, deactivated, terminated, contract cancelled, subscription cancelled, subscription "
            "canceled, lost customer, former customer",
            "converted": "converted, conversion, conversions, purchased?, purchase?, response?, responded, "
            "accepted?, accepted offer, subscribed, upgraded, bought, personal loan, took offer, won?, "
            "deal won, is won, made purchase, has purchased, campaign response, offer accepted, trial "
            "converted, converted to paid, upsold, deal status?, deal stage?, opportunity status?, "
            "opportunity stage?, lead status?, conversion status, revenue?",
            "revenue": "revenue, annual revenue, monthly revenue, mrr, arr, sales, turnover, monthly "
            "charges, total charges, total spend, total spending, spend, spending, amount spent, total "
            "spent, spent, net sales, sales amount, sales volume, order value total, purchase amount, "
            "transaction amount, amount paid, amount?, monetary?, monetary value, gmv, annual contract "
            "value, acv, contract value?, premium paid?, lifetime revenue, lifetime value, customer "
            "lifetime value, clv, cltv, ltv",
            "cost": "cost, costs, cost to serve, service cost, servicing cost, support cost, serving cost, "
            "handling cost, cost of service",
            "orders": "orders, order, order count, purchases, purchase transactions, purchase count, "
            "transactions, transaction count, bookings, booking count, invoices, frequency?, purchase "
            "frequency, order frequency",
            "tickets": "tickets, support tickets, ticket count, support contacts, support cases, support "
            "calls, support requests, service calls, customer service calls, service tickets, service "
            "requests, service contacts, help desk tickets, cases, contacts",
            "signup_date": "signup date, signup, sign up date, registration date, date customer, joined, "
            "join date, joining date, created, created at, created on, creation date, customer since, "
            "create date, became customer date, member since, registered, registration, enrollment date, "
            "enrolment date, enrolled, start date, contract start, subscription start, subscription start "
            "date, acquisition date, activation date, opened, account opened, account created, first "
            "order, first purchase, onboarding date, entry date, first seen",
            "last_activity_date": "last activity date, last activity, last order date, last order, last "
            "purchase date, last purchase, last seen, last login, last visit, last transaction, last "
            "active, last engagement, last interaction, last used, last payment, last payment date, last "
            "session, last booking, last contact, most recent order, most recent purchase, latest order, "
            "latest purchase, latest activity",
            "churn_date": "churn date, cancel date, cancellation date, end date, cancelled at, canceled "
            "at, churned at, termination date, exit date, contract end, subscription end, subscription end "
            "date, closed, deactivated at, deactivation date, left, leave date, unsubscribed",
            "renewal_date": "renewal date, next renewal, renewal, renews, contract renewal, expiry date, "
            "expiration date, expires, valid until, valid to, contract expiry, next billing date",
            "birthday": "birthday, birth date, date of birth, dob, birthdate, born",
            "plan_tier": "plan tier, plan, tier, contract, subscription, subscription type, package, "
            "membership, plan name, plan type, subscription plan, subscription tier, subscription level, "
            "contract type, membership type, membership level, membership tier, loyalty tier, loyalty "
            "level, loyalty status, loyalty card, card category, card type, service plan, pricing plan, "
            "price plan, product tier, account tier, service tier, tariff, license type, licence type, "
            "edition, customer tier, status tier, policy type",
            "journey_stage": "journey stage, lifecycle stage, lifecycle, stage, customer stage, funnel "
            "stage, pipeline stage, lead stage, life cycle, life cycle stage, customer lifecycle, "
            "lifecycle status",
            "channel_consent": "newsletter, email, sms, phone, push, whatsapp, mailing, opt in, opt out",
            "geographic": "us, usa, uk, eu, origin, domestic, abroad, long, from long, to long",
            "firmographic": "channel, company, customer type, customer group, b2b, b2c",
            "psychographic": "fast, slow, adventurous, traditional",
            "demographic": "experience, work experience, professional experience, years of experience, "
            "family, single, title, child, children, language, age, job, job type, job category",
            "price": "value, bill, fees",
            "journey": "customer lifetime, membership years, relationship length, t, membership duration, "
            "entry channel",
            "sentiment": "like, likes, ces, mood, effort",
        },
        parts={
            "churned": "churn, attrition",
            "csat": "csat",
            "nps": "nps, net promoter",
            "channel_consent": "channel consent, consent, opt in, opt out, marketing permission, gdpr, "
            "newsletter, accepts email marketing, accepts sms marketing, unsubscribed from, do not "
            "contact, do not call, do not email, accepts marketing, marketing allowed",
            "geographic": "country, region, state, city, city size, zip, zip code, postcode, postal code, "
            "province, area, urban, rural, location, district, territory, geography, latitude, longitude, "
            "lat, lng, lon, county, municipality, continent, time zone, timezone, distance, town, suburb, "
            "neighborhood, neighbourhood, nationality, citizenship, residence, os x, os y, easting, "
            "northing",
            "firmographic": "industry, company size, employees, headcount, sector, account type, business, "
            "firm, company, channel, naics, sic code, legal form, organization, organisation, vertical, "
            "company type, job title, seniority, department, business type",
            "psychographic": "sensitivity, seeking, attitude, lifestyle, life style, interest, motive, "
            "motivation, opinion, importance, important, preference, tasty, yummy, cheap, expensive, "
            "healthy, convenient, spicy, greasy, fattening, disgusting, personality, hobby, affinity, "
            "belief, involvement, risk appetite, persona, aspiration, personal values",
            "technographic": "device, app version, os, browser, platform, integration, internet service, "
            "internet, phone service, multiple lines, online security, online backup, device protection, "
            "tech support, streaming, operating system, device type, smartphone, tablet, desktop, "
            "software, tech stack, api, wifi, fiber, broadband, mobile site, mobile app, connection type, "
            "screen size, app",
            "demographic": "age, age group, age band, agegrp, ageg, gender, sex, income, education, "
            "marital, marital status, married, partner, dependents, kid home, kidhome, teen home, "
            "teenhome, children, family size, household, senior, year birth, birth year, occupation, "
            "profession, wealth, affluence, home owner, homeowner, house owner, retired, employment, "
            "salary, wage, degree, student, generation, relationship status, civil status, mother tongue, "
            "credit rating, credit score, social class, hair color, hair colour, salutation, highest "
            "degree, language",
            "price": "price, pricing, discount, spend, spending, spent, charges, mnt, basket, coupon, "
            "deals, cc avg, mortgage, billing, payment, promotion, voucher, average order value, aov, "
            "order value, basket value, basket size, credit limit, balance, fee, refund, debt, budget, "
            "cost, margin, profit, revenue, sales, turnover, savings, willingness to pay, interest rate, "
            "amount, average gift, last gift, avggift, lastgift, donation, monetary, purchase amount, "
            "lifetime value",
            "journey": "tenure, acquisition, acquisition channel, acquisition source, onboarding, funnel, "
            "recency, days since, months since, weeks since, years since, source, lead source, first "
            "purchase, first order, months on book, cohort, days ago, contract length, contract duration, "
            "membership length, time since, months inactive, days inactive, account age, customer age "
            "months, days as customer, years as customer, months as customer, length of relationship, "
            "trial",
            "sentiment": "satisfaction, csat, nps, complain, complaint, sentiment, rating, review, "
            "feedback, happiness, emotion, satisfied, effort score, promoter, detractor, dislike",
            "behavioural": "sessions, visits, usage, visit, purchase, clicks, logins, login, orders, "
            "frequency, page views, pageviews, opens, open rate, click rate, downloads, minutes, calls, "
            "messages, returns, returned, items, quantity, products, miles, flights, flight, nights, "
            "trips, bookings, booking, hours, duration, bounce, cart, wishlist, referrals, activity, "
            "engagement, accepted, campaign, responses, contacts, brand, favorite, favourite, preferred "
            "channel, contact channel, loyalty points, points, account, credit card, online, loan, "
            "deposit, web, store, catalog, transactions, volume, utilization, watch, attendance, shopping, "
            "division, category, test drive, leasing, club member, social media, facebook",
        },
        fillers="of customer client user the a your our my this was were did do you in for with per and or "
        "to from by | num number total n count score rating value flag is has current latest overall "
        "average avg mean last12m 12m month label an year annual yearly monthly weekly q ytd ltm ttm fy "
        "eur usd gbp chf euro dollar k net gross sum dummy indicator",
        recommend="recommend",
        satisfied="satisf, happy with, happy are you, happy were you",
        asks="how, scale, please",
        rate="rate, rating, do you like",
        overall="overall, general, whole, us, our company, our service, in total, experience",
        personal={
            "e-mail": "[email], [e mail], email address, mail address, mail",
            "phone": "[phone], phone number, telephone, mobile number, mobile phone, cell phone, mobile, "
            "cell, fax, whatsapp number, landline, contact number",
            "name": "first name, last name, surname, full name, given name, family name, middle name, "
            "maiden name, forename, customer name, client name, contact name, contact person, user name, "
            "username, display name, nickname, name, subscriber name, billing name, shipping name, account "
            "holder, card holder, cardholder name, member name, guest name, owner name, passenger name",
            "address": "street, address, street address, address line, home address, postal address, "
            "mailing address, billing address, shipping address, delivery address, house number, street "
            "name, [street], [address line]",
            "bank account": "[iban], bank account, bank account number, bic, swift code, credit card "
            "number, card number, sort code, routing number",
            "IP address": "ip address, ip, client ip, user ip, remote address, last login ip",
            "identity number": "ssn, social security number, national id, passport number, passport, tax "
            "id, tax number, driving licence number, drivers license number, identity number, identity "
            "card number",
            "free text": "[comment], [remark], [note], [feedback], message, description, [verbatim], "
            "review text, review, open answer, free text, [suggestion], reason",
        },
        sensitive={
            "ethnicity": "[ethnicity], [ethnic], race, racial, race ethnicity, [ancestry], skin color, "
            "skin colour, [racial]",
            "religion": "[religion], [religious], faith, denomination, church tax, church membership",
            "health": "[diagnosis], [disease], [illness], [medication], [medical condition], [medical "
            "history], chronic, health status, health condition, state of health, general health, physical "
            "health, [mental health], [allergy], [allergies], [pregnant], [pregnancy], bmi, body mass "
            "index, [smoker], [smoking], blood type, blood group, [blood pressure], [diabetes], "
            "[diabetic], [cholesterol], [hypertension], [symptom], [depression], [vaccination], vaccinated",
            "disability": "[disability], [disabilities], handicap, handicapped",
            "sexual orientation": "[sexual orientation], [sexuality], [lgbt], [lgbtq], sex life",
            "political opinion": "[political], party affiliation, party membership, political party, "
            "[voting intention], voted for, voter registration",
            "trade union": "[trade union], union member, union membership, [labor union], [labour union]",
            "criminal record": "[criminal], [felony], arrest record, prior convictions",
            "genetic or biometric data": "[biometric], [genetic], dna, [facial recognition]",
        },
        things="plan product company file brand campaign store shop city country region event segment "
        "tariff package school team column domain host model category item list channel site project game "
        "movie song course department group business organization organisation firm hotel restaurant bank "
        "merchant vendor supplier state county branch page app device browser server test role label "
        "policy service offer promotion cluster tier order ticket sku variant vehicle station airport "
        "class position bundle agency source medium area territory district province transaction invoice "
        "session account pet document image job travel",
        very="extremely, completely, totally, fully, absolutely, entirely | very, highly, really",
        mostly="mostly, moderately, generally, largely",
        somewhat="somewhat, slightly, rather, fairly, quite, reasonably, a little, partly",
        barely="not very, not so, not particularly, not really, not that",
        by_no_means="not at all, not in the least | not",
        content="satisfied, happy, content, pleased",
        discontent="dissatisfied, unsatisfied, disatisfied, unhappy, displeased",
        neutral="neutral, neither, neither satisfied nor dissatisfied, neither nor, neither happy nor "
        "unhappy, indifferent, undecided, so so, ok, okay, neither dissatisfied nor satisfied",
        agree="strongly agree, totally agree, completely agree, fully agree | agree, mostly agree | "
        "somewhat agree, slightly agree, tend to agree, rather agree | neither agree nor disagree, "
        "neutral, undecided, neither, neither disagree nor agree | somewhat disagree, slightly disagree, "
        "tend to disagree, rather disagree | disagree, mostly disagree | strongly disagree, totally "
        "disagree, completely disagree",
        quality="excellent, outstanding, amazing, exceptional, superb | very good, great | good | fair | "
        "average, ok, okay, acceptable, adequate, neutral, so so, satisfactory | poor, bad, below average "
        "| very poor, very bad, terrible, awful, horrible, unacceptable",
        like="love it, i love it, loved it | like it, i like it, liked it | neutral, indifferent | dislike "
        "it, i dislike it, i don t like it, dislike | hate it, i hate it, hated it",
        bands="promoter, promoters | passive, passives, neutral, neutrals | detractor, detractors",
        yes="yes, y, true, t, 1",
        no="no, n, false, f, 0",
        stayed="existing, active, current, stayed, retained, renewed, subscribed, not churned, no churn, "
        "live, enrolled, continuing, ongoing, joined, kept, non churn, non churner, not exited, in force",
        left="attrited, inactive, cancelled, canceled, churned, churn, churner, lapsed, left, former, "
        "closed, terminated, expired, lost, departed, deactivated, unsubscribed, ex, past, dropped, "
        "defected, discontinued, exited, ended, gone, not active, not renewed, not retained",
        between="paused, on hold, suspended, trial, trialing, pending, frozen, dormant, at risk, prospect, "
        "lead, new, past due, on notice",
        won="won, closed won, converted, purchased, bought, subscribed, accepted, success, successful, "
        "responded, upgraded, signed, sold, conversion, paid, purchase, sale",
        lost="lost, closed lost, not converted, declined, rejected, refused, failed, failure, not "
        "interested, no response, no sale, no purchase, abandoned, unsubscribed, did not buy, did not "
        "respond, disqualified",
        open="open, in progress, pending, trial, negotiation, proposal, qualified, new, contacted, on hold",
        nothing="no answer, not answered, don t know, do not know, dont know, n a, na, none, no opinion, "
        "not applicable, prefer not to say, unknown, can t say, no comment, skipped, refused, missing, "
        "null, nan",
        stars="star, stars, point, points",
        out_of="of, out of, from",
        values={
            "genders": "male, female, m, f, man, woman, men, women, non binary, diverse, other, d, mr, "
            "mrs, ms, x",
            "marital states": "single, married, divorced, widowed, separated, widow, together, partnered, "
            "living together, unmarried, in a relationship, living with a partner",
            "levels of education": "high school, college, graduate, graduation, bachelor, bachelors, "
            "master, masters, phd, doctorate, uneducated, post graduate, postgraduate, undergraduate, "
            "basic, secondary, primary, university, some college, vocational, 2n cycle, tertiary",
            "countries": "united states, united states of america, usa, us, canada, mexico, brazil, "
            "argentina, chile, colombia, peru, united kingdom, uk, great britain, england, scotland, "
            "wales, ireland, germany, france, spain, portugal, italy, netherlands, belgium, luxembourg, "
            "switzerland, austria, denmark, sweden, norway, finland, poland, czech republic, czechia, "
            "hungary, romania, bulgaria, greece, turkey, russia, ukraine, china, japan, india, south "
            "korea, korea, singapore, hong kong, taiwan, thailand, vietnam, indonesia, malaysia, "
            "philippines, australia, new zealand, south africa, egypt, morocco, nigeria, kenya, israel, "
            "saudi arabia, united arab emirates, uae, pakistan, iceland, croatia, serbia, slovakia, "
            "slovenia, lithuania, latvia, estonia, cyprus, malta",
            "US states": "alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, "
            "florida, georgia, hawaii, idaho, illinois, indiana, iowa, kansas, kentucky, louisiana, maine, "
            "maryland, massachusetts, michigan, minnesota, mississippi, missouri, montana, nebraska, "
            "nevada, new hampshire, new jersey, new mexico, new york, north carolina, north dakota, ohio, "
            "oklahoma, oregon, pennsylvania, rhode island, south carolina, south dakota, tennessee, texas, "
            "utah, vermont, virginia, washington, west virginia, wisconsin, wyoming, al, ak, az, ar, ca, "
            "co, ct, de, fl, ga, hi, id, il, in, ia, ks, ky, la, me, md, ma, mi, mn, ms, mo, mt, ne, nv, "
            "nh, nj, nm, ny, nc, nd, oh, ok, or, pa, ri, sc, sd, tn, tx, ut, vt, va, wa, wv, wi, wy, dc",
            "country codes": "us, gb, uk, de, fr, es, pt, it, nl, be, lu, ch, at, dk, se, no, fi, pl, cz, "
            "hu, ro, bg, gr, tr, ie, ca, mx, br, ar, cl, co, jp, cn, in, kr, au, nz, za, usa, gbr, deu, "
            "fra, esp, prt, ita, nld, bel, che, aut",
            "compass directions": "north, south, east, west, northeast, northwest, southeast, southwest, "
            "central, midwest",
            "devices and systems": "android, ios, iphone, ipad, windows, macos, mac, linux, mobile, "
            "desktop, tablet, web, smartphone, laptop, chrome, firefox, safari, edge, opera, app, phone, "
            "pc",
            "plan tiers": "free, basic, standard, premium, pro, plus, gold, silver, bronze, platinum, "
            "enterprise, starter, business, professional, team, lite, diamond, advanced, ultimate, "
            "freemium, essential, blue, individual, family",
            "company sizes": "smb, sme, enterprise, mid market, midmarket, small business, small, medium, "
            "large, micro, corporate, consumer, home office, b2b, b2c, startup, private, business",
            "ways of payment": "credit card, debit card, paypal, bank transfer, invoice, cash, direct "
            "debit, apple pay, google pay, electronic check, mailed check, check, cheque, gift card, "
            "klarna, sepa, credit card automatic, bank transfer automatic",
            "stages": "lead, prospect, mql, sql, opportunity, awareness, consideration, decision, "
            "onboarding, adoption, evaluation, trial, advocate, advocacy, loyalty, nurture, activation, "
            "subscriber, evangelist, marketing qualified lead, sales qualified lead, customer",
            "states of an order": "shipped, delivered, processing, pending, cancelled, canceled, refunded, "
            "returned, completed, complete, open, closed, in transit, failed, paid, unpaid, new, solved, "
            "resolved, in progress, on hold, placed, confirmed, dispatched, approved, rejected, success, "
            "active, inactive",
            "ethnic groups": "asian, hispanic, latino, latina, latinx, caucasian, african american, black "
            "or african american, native american, american indian, pacific islander, white, black, mixed, "
            "multiracial, two or more races, other, white british, black british, mixed race, afro "
            "american, middle eastern, roma, arab",
            "religions": "catholic, protestant, muslim, christian, jewish, hindu, buddhist, atheist, "
            "orthodox, islam, christianity, judaism, hinduism, buddhism, agnostic, sikh, none, no "
            "religion, other, roman catholic, lutheran, evangelical, mormon, baptist",
            "orientations": "heterosexual, homosexual, bisexual, gay, lesbian, straight, queer, asexual, "
            "pansexual, other",
            "parties": "democrat, democratic, republican, independent, libertarian, green, labour, "
            "conservative, liberal, liberal democrat, other, socialist, social democrat",
        },
    ),
    Language(
        "German",
        names={
            "customer_id": "Kunden+nummer, Kunden ID, Kunden+nr, KdNr, Kunden+kennung, Kunden+schlüssel, "
            "Debitoren+nummer, Debitor, Mitglieds+nummer, Mitglieds ID, Vertrags+nummer, "
            "Versicherten+nummer, Personen+nummer, Nutzer ID, Benutzer ID, Kennung",
            "csat": "Kunden+zufriedenheit, Zufriedenheit, Gesamt+zufriedenheit, Zufriedenheits+wert, "
            "Zufriedenheits+score, Gesamt+bewertung, Bewertung?, Gesamt+note, Schul+note, Gesamt+eindruck, "
            "Note?, Sterne?",
            "nps": "Weiterempfehlung, Weiterempfehlungs+bereitschaft, Weiterempfehlungs+absicht, "
            "Empfehlung, Empfehlungs+bereitschaft, Weiterempfehlungs+wahrscheinlichkeit, NPS Gruppe",
            "retained": "aktiv?, ist aktiv, aktiver Kunde, Aktiv+kunde, Bestands+kunde, geblieben, "
            "gehalten, verlängert, Kunden+status, Vertrags+status, Konto+status, Abo+status, "
            "Mitglieds+status",
            "churned": "gekündigt, Kündigung, abgewandert, Abwanderung, Kunden+abwanderung, verloren, "
            "inaktiv?, storniert, ausgetreten, abgesprungen, Kündiger, Storno, ehemaliger Kunde",
            "converted": "konvertiert, Konversion, Konversionen, gekauft, Kauf?, abgeschlossen, "
            "Abschluss?, Angebot angenommen, angenommen, reagiert, Reaktion?, gewonnen, bestellt, Auftrag "
            "erhalten",
            "revenue": "Umsatz, Jahres+umsatz, Gesamt+umsatz, Netto+umsatz, Brutto+umsatz, Monats+umsatz, "
            "Umsatz gesamt, Kunden+umsatz, Umsatz+summe, Erlös, Erlöse, Einkaufs+wert, Kauf+summe, "
            "Bestell+summe, Ausgaben, Gesamt+ausgaben, Monats+beitrag, Beitrag?, Betrag?, Kunden+wert",
            "cost": "Kosten, Service+kosten, Betreuungs+kosten, Kunden+kosten, Bearbeitungs+kosten",
            "orders": "Bestellungen, Bestell+anzahl, Anzahl Bestellungen, Aufträge, Auftrags+anzahl, "
            "Käufe, Einkäufe, Kauf+anzahl, Transaktionen, Buchungen, Bestell+häufigkeit, Kauf+häufigkeit, "
            "Kauf+frequenz",
            "tickets": "Support+tickets, Support+anfragen, Service+anfragen, Support+fälle, Service+fälle, "
            "Support+kontakte, Service+kontakte, Kunden+anfragen, Service+anrufe, Anfragen",
            "signup_date": "Anmelde+datum, Registrierungs+datum, Registriert am, Registrierung, Anmeldung, "
            "Kunde seit, Mitglied seit, Eintritts+datum, Eintritt, Beitritts+datum, Beitritt, "
            "Vertrags+beginn, Abschluss+datum, Anlage+datum, Angelegt am, Erstellt am, Erstellungs+datum, "
            "Erst+kauf, Erst+bestellung, Erste Bestellung, Erster Kauf, Start+datum, Kunden+seit",
            "last_activity_date": "letzte Aktivität, letzte Bestellung, letzter Kauf, letzter Login, "
            "letzte Anmeldung, letzter Besuch, letzte Transaktion, zuletzt aktiv, zuletzt gesehen, letzter "
            "Einkauf, letzte Buchung, letzter Kontakt, letztes Kauf+datum, letztes Bestell+datum",
            "churn_date": "Kündigungs+datum, gekündigt am, Kündigung zum, Kündigung, Austritts+datum, "
            "Austritt, Vertrags+ende, End+datum, Abmelde+datum, Storno+datum, Abo+ende",
            "renewal_date": "Verlängerungs+datum, Verlängerung, nächste Verlängerung, Ablauf+datum, "
            "Vertrags+verlängerung, gültig bis, Vertrags+ablauf",
            "birthday": "Geburts+datum, Geburts+tag, geboren am, Geb+datum, Geb Dat",
            "plan_tier": "Tarif, Vertrag, Abo, Abonnement, Paket, Vertrags+art, Vertrags+typ, Tarif+stufe, "
            "Abo+typ, Abo+modell, Mitgliedschaft, Mitglieds+stufe, Produkt+paket, Kunden+karte, "
            "Treue+stufe, Tarif+name, Preis+modell, Mitgliedschafts+art",
            "journey_stage": "Lebenszyklus, Lebenszyklus+phase, Kunden+phase, Phase, Customer Journey "
            "Phase, Vertriebs+phase",
            "channel_consent": "Newsletter, Newsletter Abo",
            "geographic": "Land, Ort, Stadt, PLZ, Wohn+ort, Kreis, Herkunfts+land, Inland, Ausland",
            "firmographic": "Firma, Kunden+gruppe, Firmen+kunde, Kunden+art, Kunden+typ, Geschäfts+kunde",
            "demographic": "Alter, Kinder, Geschlecht, Anrede, Beruf, Titel, Bildung, Sprache",
            "price": "Wert, Saldo",
            "journey": "Lauf+zeit, Kunden+dauer, Zugehörigkeit",
            "sentiment": "Stimmung",
        },
        parts={
            "churned": "Kündigung, Kündigungs, Abwanderung",
            "channel_consent": "Einwilligung, Werbe+einwilligung, Werbe+erlaubnis, Zustimmung, DSGVO, "
            "Kontakt+erlaubnis, Newsletter Anmeldung, Werbe+sperre",
            "geographic": "Bundesland, Region, Postleitzahl, Land+kreis, Wohn+ort, Stadt+teil, Bezirk, "
            "Gebiet, Vertriebs+gebiet, Breitengrad, Längengrad, Entfernung, Gemeinde, Kanton, Orts+größe, "
            "Staats+angehörigkeit, Nationalität, Liefer+land",
            "firmographic": "Branche, Unternehmens+größe, Firmen+größe, Mitarbeiter, Mitarbeiter+zahl, "
            "Rechts+form, Unternehmen, Vertriebs+kanal, Unternehmens+typ, Position, Abteilung, "
            "Betriebs+größe",
            "psychographic": "Einstellung, Interessen, Interesse, Motiv, Lebens+stil, Werte+haltung, "
            "Preis+bewusstsein, Preis+sensibilität, Wichtigkeit, Vorlieben, Hobby, Persönlichkeit",
            "technographic": "Gerät, Endgerät, Betriebs+system, Browser, Plattform, Geräte+typ, "
            "Internet+anschluss, App Version, Software",
            "demographic": "Alter, Alters+gruppe, Alters+klasse, Geschlecht, Einkommen, Bildung, "
            "Bildungs+stand, Schul+abschluss, Bildungs+abschluss, Familien+stand, verheiratet, "
            "Haushalts+größe, Haushalt, Kinder+zahl, Geburts+jahr, Berufs+gruppe, Beruf, Rentner, Gehalt, "
            "Nettoeinkommen, Haushaltseinkommen, Bonität, Generation, Wohn+eigentum",
            "price": "Preis, Rabatt, Gutschein, Warenkorb, Zahlungs+art, Zahlungs+weise, Zahlungs+methode, "
            "Bestell+wert, Durchschnitts+bon, Warenkorb+wert, Umsatz, Kosten, Deckungs+beitrag, Marge, "
            "Ausgaben, Kredit+limit, Skonto, Mahnung, Mahn+stufe, Kontostand",
            "journey": "Kunden+alter, Vertrags+dauer, Vertrags+laufzeit, Tage seit, Monate seit, "
            "Mitgliedschafts+dauer, Herkunft, Quelle, Akquise+kanal, Werbe+kanal, Beziehungs+dauer, "
            "Betriebs+zugehörigkeit, Kunden+beziehung",
            "sentiment": "Zufriedenheit, Beschwerde, Beschwerden, Reklamation, Reklamationen, Bewertung, "
            "Stimmung",
            "behavioural": "Besuche, Nutzung, Nutzungs+häufigkeit, Klicks, Sitzungen, Bestellung, "
            "Bestellungen, Kauf, Käufe, Retouren, Retoure, Retouren+quote, Artikel, Menge, Anrufe, "
            "Öffnungs+rate, Klick+rate, Besuchs+häufigkeit, Aktivität, Kategorie, Marke, Filiale, "
            "Bonus+punkte, Punkte, Kampagne, bevorzugter Kanal",
        },
        fillers="der die das des dem den von vom im in am pro je kunde kunden kundin und zum zur für mit "
        "bitte sie ihr ihre wie sind | anzahl summe gesamt wert ist hat aktuell aktueller aktuelle "
        "durchschnitt durchschnittlich durchschnittliche monatlich jährlich jahr jahre jahren monat monate "
        "monaten netto brutto euro insgesamt score stufe",
        recommend="empfehl, empfiehl, empfohl",
        satisfied="zufrieden",
        asks="wie, skala, bitte",
        rate="bewert, beurteil",
        overall="insgesamt, gesamt, allgemein, uns, alles in allem",
        personal={
            "e-mail": "[E Mail], E Mail Adresse, Mail+adresse",
            "phone": "[Telefon], Telefon+nummer, Handy, Handy+nummer, Mobil, Mobil+nummer, Mobil+telefon, "
            "Ruf+nummer, Fax+nummer, Festnetz",
            "name": "Vorname, Nachname, Zuname, Familien+name, Kunden+name, Ansprech+partner, "
            "Geburts+name, Vor und Nachname, Kontakt+person, Konto+inhaber, Benutzer+name, Vor+name, "
            "Nach+name",
            "address": "Straße, Anschrift, Adresse, Haus+nummer, Straße und Hausnummer, Liefer+adresse, "
            "Rechnungs+adresse, Post+adresse, Liefer+anschrift, [Straße]",
            "bank account": "Konto+nummer, Bank+verbindung, Kreditkarten+nummer, Konto",
            "IP address": "IP Adresse",
            "identity number": "Steuer ID, Steuer+nummer, Sozialversicherungs+nummer, SV Nummer, "
            "Personalausweis+nummer, Ausweis+nummer, Reisepass+nummer, Rentenversicherungs+nummer",
            "free text": "[Kommentar], [Bemerkung], [Bemerkungen], [Anmerkung], [Anmerkungen], Notiz, "
            "Notizen, Freitext, Begründung, Nachricht, Beschreibung, Anregungen, Grund",
        },
        sensitive={
            "ethnicity": "[ethnische], Ethnie, Ethnizität, Haut+farbe, Migrations+hintergrund",
            "religion": "[Religion], Konfession, Religions+zugehörigkeit, Glaube, Kirchen+steuer, "
            "Kirchen+zugehörigkeit, Glaubens+richtung",
            "health": "[Krankheit], [Krankheiten], [Diagnose], Gesundheits+zustand, Erkrankung, "
            "Erkrankungen, Vor+erkrankung, Vor+erkrankungen, [Allergie], [Allergien], schwanger, "
            "[Schwangerschaft], Raucher, Medikamente, Blut+gruppe, Pflege+grad, Kranken+geschichte",
            "disability": "[Behinderung], Schwerbehinderung, schwerbehindert, Behinderungs+grad, Grad der "
            "Behinderung",
            "sexual orientation": "sexuelle Orientierung, Sexualität",
            "political opinion": "[politische], Partei, Partei+zugehörigkeit, Wahl+absicht, Partei+mitglied",
            "trade union": "[Gewerkschaft], Gewerkschafts+mitglied, Gewerkschafts+zugehörigkeit",
            "criminal record": "Vorstrafe, Vorstrafen, vorbestraft, Straf+register, Führungs+zeugnis",
            "genetic or biometric data": "[biometrische], [genetische]",
        },
        things="produkt firma firmen datei marke marken kampagne kampagnen filiale filial geschäft "
        "geschäfts stadt land tarif paket schule abteilung artikel unternehmen unternehmens projekt verein "
        "bundesland ort orts hersteller kategorie gruppe gruppen bestell rechnung rechnungs auftrag "
        "auftrags straßen haustier",
        very="äußerst, vollkommen, völlig, absolut, außerordentlich, voll und ganz, rundum, vollauf | "
        "sehr, höchst, überaus",
        mostly="überwiegend, weitgehend, größtenteils, im Großen und Ganzen",
        somewhat="eher, ziemlich, etwas, einigermaßen",
        barely="wenig, weniger, kaum, eher nicht, nicht sehr, nicht so, nicht besonders",
        by_no_means="überhaupt nicht, gar nicht, absolut nicht | nicht",
        content="zufrieden, glücklich",
        discontent="unzufrieden, unglücklich",
        neutral="neutral, weder noch, teils teils, weder zufrieden noch unzufrieden, unentschieden, geht "
        "so, mittelmäßig, teilweise zufrieden",
        agree="stimme voll zu, stimme voll und ganz zu, trifft voll zu, trifft voll und ganz zu, stimme "
        "völlig zu, stimme vollkommen zu, stimme sehr zu | stimme zu, trifft zu | stimme eher zu, trifft "
        "eher zu | teils teils, weder noch, neutral, unentschieden | stimme eher nicht zu, trifft eher "
        "nicht zu | stimme nicht zu, trifft nicht zu, lehne ab | stimme überhaupt nicht zu, stimme gar "
        "nicht zu, trifft überhaupt nicht zu, trifft gar nicht zu, lehne völlig ab",
        quality="ausgezeichnet, hervorragend, exzellent | sehr gut | gut | befriedigend | mittel, "
        "mittelmäßig, durchschnittlich, in Ordnung, akzeptabel | schlecht, ausreichend, nicht gut | sehr "
        "schlecht, mangelhaft, ungenügend, miserabel, furchtbar",
        like="liebe es, ich liebe es | mag es, gefällt mir | neutral, egal | mag es nicht, gefällt mir "
        "nicht | hasse es, ich hasse es",
        bands="Promotor, Promoter, Befürworter, Empfehler | Passive, Indifferente, Neutrale, Passiver, "
        "Unentschlossene | Detraktor, Kritiker, Detraktoren",
        yes="ja, j, wahr",
        no="nein, falsch",
        stayed="aktiv, bestehend, geblieben, laufend, verlängert, Bestandskunde, ungekündigt, nicht "
        "gekündigt, aktuell",
        left="gekündigt, inaktiv, ausgetreten, abgewandert, verloren, beendet, storniert, ehemalig, "
        "ehemaliger, abgelaufen, ehemals, abgemeldet, ausgeschieden, geschlossen",
        between="pausiert, ruhend, gesperrt, Probe, Testphase, ausstehend, in Prüfung, Interessent, neu, "
        "Probezeit, in Kündigung",
        won="gewonnen, gekauft, abgeschlossen, angenommen, bestellt, konvertiert, abonniert, Kauf, "
        "erfolgreich",
        lost="verloren, nicht gekauft, abgelehnt, abgebrochen, kein Kauf, nicht abgeschlossen, kein "
        "Interesse, nicht angenommen, nicht konvertiert",
        open="offen, in Bearbeitung, ausstehend, in Verhandlung, neu",
        nothing="keine Angabe, k a, keine Antwort, weiß nicht, unbekannt, keine Meinung, kann ich nicht "
        "beurteilen, nicht beantwortet, entfällt",
        stars="Stern, Sterne, Sternen, Punkt, Punkte, Punkten",
        out_of="von, aus",
        values={
            "genders": "männlich, weiblich, w, divers, mann, frau, herr",
            "marital states": "ledig, verheiratet, geschieden, verwitwet, getrennt, in partnerschaft",
            "levels of education": "abitur, hauptschule, realschule, hochschule, lehre, ausbildung, "
            "gymnasium, studium, promotion, mittlere reife, universität, hochschulabschluss",
            "countries": "deutschland, österreich, schweiz, frankreich, italien, spanien, niederlande, "
            "belgien, polen, großbritannien, vereinigtes königreich, dänemark, schweden, tschechien, "
            "ungarn, türkei, vereinigte staaten, luxemburg, liechtenstein, griechenland, norwegen, "
            "finnland",
            "compass directions": "nord, süd, ost, mitte, nordost, südwest, nordwest, südost",
            "ways of payment": "rechnung, kreditkarte, lastschrift, überweisung, vorkasse, bar, nachnahme, "
            "sofortüberweisung, bankeinzug",
            "company sizes": "klein, mittel, groß, konzern, mittelstand, kleinunternehmen, privat",
            "states of an order": "versendet, geliefert, offen, storniert, bezahlt, in bearbeitung, "
            "retourniert, abgeschlossen, erledigt, neu",
            "religions": "katholisch, evangelisch, muslimisch, jüdisch, konfessionslos, islamisch, römisch "
            "katholisch",
            "parties": "cdu, spd, fdp, afd, die linke, grüne, csu, die grünen, bsw",
        },
    ),
    Language(
        "French",
        names={
            "customer_id": "id client, identifiant client, identifiant répondant, numéro client, "
            "code client, numéro de client, "
            "référence client, identifiant, id adhérent, numéro adhérent, numéro d adhérent, id abonné, "
            "numéro abonné, id utilisateur, identifiant utilisateur, numéro de carte fidélité",
            "csat": "satisfaction client, satisfaction, satisfaction globale, note de satisfaction, note "
            "globale, note satisfaction, score de satisfaction, niveau de satisfaction, note?, étoiles?, "
            "note client",
            "nps": "recommandation, note de recommandation, probabilité de recommandation, intention de "
            "recommandation, recommande, recommanderiez vous",
            "retained": "actif?, est actif, client actif, fidélisé, resté, renouvelé, réabonné, statut "
            "client?, statut abonnement, statut?, statut contrat, statut compte",
            "churned": "résilié, résiliation, désabonné, désabonnement, parti?, perdu?, client perdu, "
            "attrition, inactif?, est inactif, a résilié, clôturé",
            "converted": "converti, conversion, conversions, acheté, achat?, a acheté, souscrit, "
            "souscription, réponse?, réponse campagne, offre acceptée, accepté?, a répondu, gagné, "
            "transformé",
            "revenue": "chiffre d affaires, ca, ca annuel, ca total, ca ttc, ca ht, montant total, total "
            "des achats, total achats, dépenses totales, dépenses, dépense totale, montant des achats, "
            "montant dépensé, total dépensé, montant?, montant achats, recette, valeur client, panier "
            "total",
            "cost": "coût, coûts, coût de service, coût client, coût du support, coût de traitement",
            "orders": "commandes, nombre de commandes, nb commandes, achats, nombre d achats, nb achats, "
            "transactions, réservations, fréquence d achat, fréquence, nombre de transactions",
            "tickets": "tickets support, tickets, demandes support, demandes sav, appels sav, contacts "
            "sav, contacts support, demandes d assistance, appels support, réclamations sav",
            "signup_date": "date d inscription, inscription, date de création, créé le, date d adhésion, "
            "client depuis, membre depuis, date d entrée, date de souscription, date premier achat, "
            "premier achat, première commande, date première commande, date d abonnement, date de début, "
            "début de contrat, date inscription, date création, date adhésion",
            "last_activity_date": "dernière activité, dernier achat, dernière commande, dernière "
            "connexion, dernière visite, dernière transaction, dernier contact, date dernière commande, "
            "date de dernier achat, date dernier achat, date de la dernière commande",
            "churn_date": "date de résiliation, résilié le, date de départ, date de fin, fin de contrat, "
            "date résiliation, date de désabonnement, date de clôture, fin d abonnement",
            "renewal_date": "date de renouvellement, renouvellement, prochain renouvellement, date d "
            "échéance, échéance, date d expiration, date renouvellement, échéance du contrat",
            "birthday": "date de naissance, date naissance, naissance, anniversaire, né le, date naiss",
            "plan_tier": "formule, abonnement, forfait, contrat, type d abonnement, type de contrat, "
            "offre, type abonnement, type contrat, niveau de fidélité, statut fidélité, carte de fidélité, "
            "formule d abonnement, carte fidélité",
            "journey_stage": "étape du parcours, étape, cycle de vie, phase, stade, parcours client",
            "channel_consent": "newsletter, lettre d information, infolettre",
            "geographic": "pays, ville, région, code postal, cp, commune, département",
            "firmographic": "entreprise, type de client, type client, canal",
            "demographic": "âge, sexe, genre?, civilité, enfants, métier, titre, langue, diplôme",
            "price": "valeur, solde",
            "journey": "ancienneté",
            "sentiment": "humeur, avis",
        },
        parts={
            "churned": "résiliation, désabonnement",
            "channel_consent": "consentement, infolettre, optin, opt in, rgpd, accord marketing, "
            "autorisation marketing",
            "geographic": "pays, ville, région, code postal, commune, département, quartier, province, "
            "latitude, longitude, zone géographique, nationalité, canton, lieu de résidence",
            "firmographic": "secteur, secteur d activité, taille entreprise, taille de l entreprise, "
            "effectif, salariés, forme juridique, entreprise, société, code naf, nombre d employés, canal "
            "de vente",
            "psychographic": "attitude, centres d intérêt, intérêt, motivation, style de vie, sensibilité, "
            "importance, préférence, loisirs, personnalité",
            "technographic": "appareil, navigateur, système d exploitation, terminal, plateforme, type d "
            "appareil, logiciel, connexion internet",
            "demographic": "âge, tranche d âge, sexe, civilité, revenu, revenus, salaire, éducation, "
            "niveau d études, diplôme, situation familiale, état civil, marié, situation matrimoniale, "
            "enfants, nombre d enfants, foyer, ménage, taille du foyer, profession, csp, catégorie "
            "socioprofessionnelle, année de naissance, retraité, propriétaire, emploi",
            "price": "prix, remise, réduction, coupon, bon d achat, panier moyen, panier, moyen de "
            "paiement, mode de paiement, montant, paiement, dépense, marge, budget, tarif, chiffre d "
            "affaires, coût",
            "journey": "ancienneté, durée du contrat, durée d abonnement, jours depuis, mois depuis, "
            "récence, canal d acquisition, source, parrainage, provenance",
            "sentiment": "satisfaction, réclamation, réclamations, plainte, plaintes, avis, note, sentiment",
            "behavioural": "visites, fréquence, usage, utilisation, clics, ouvertures, taux d ouverture, "
            "sessions, achats, commandes, retours, articles, quantité, appels, catégorie, marque, magasin, "
            "points de fidélité, points fidélité, points, canal préféré, campagne, produits",
        },
        fillers="le la les l du de des d un une et en par client cliente a pour au aux vous votre nos "
        "notre quel quelle avez êtes | nb nombre total totale moyen moyenne actuel actuelle est annuel "
        "annuelle mensuel mensuelle ttc ht mois an ans année note",
        recommend="recommand, conseill",
        satisfied="satisfa, satisfait",
        asks="comment, échelle, sur une échelle",
        rate="évalu, notez, noter, noteriez, jug",
        overall="global, général, ensemble, dans l ensemble, globalement, nous, notre",
        personal={
            "e-mail": "courriel, adresse email, adresse mail, adresse électronique, adresse e mail, mail",
            "phone": "téléphone, numéro de téléphone, portable, téléphone portable, tél portable, tél "
            "fixe, tél mobile, gsm, numéro de portable, [téléphone]",
            "name": "nom, prénom, nom de famille, nom complet, nom et prénom, nom prénom, prénom nom, nom "
            "client, nom du client, nom de naissance, pseudo, pseudonyme, titulaire, interlocuteur, nom d "
            "usage",
            "address": "adresse, rue, adresse postale, adresse de livraison, adresse de facturation, voie, "
            "numéro de rue, adresse client, libellé voie",
            "bank account": "rib, numéro de compte, compte bancaire, numéro de carte bancaire",
            "IP address": "adresse ip",
            "identity number": "numéro de sécurité sociale, nir, numéro fiscal, numéro de passeport, carte "
            "d identité, numéro sécu",
            "free text": "[commentaire], [commentaires], [remarque], [remarques], observations, avis "
            "client, suggestions, raison, verbatim, motif",
        },
        sensitive={
            "ethnicity": "[ethnie], [ethnique], origine ethnique, couleur de peau, race",
            "religion": "[religion], confession, croyance, [religieuse]",
            "health": "[maladie], [maladies], [diagnostic médical], état de santé, [allergie], "
            "[allergies], enceinte, [grossesse], fumeur, groupe sanguin, traitement médical, antécédents "
            "médicaux",
            "disability": "[handicap], handicapé, invalidité",
            "sexual orientation": "orientation sexuelle, sexualité",
            "political opinion": "opinion politique, parti, parti politique, intention de vote",
            "trade union": "[syndicat], syndiqué, appartenance syndicale",
            "criminal record": "casier judiciaire, condamnation, condamnations",
            "genetic or biometric data": "[biométrique], [génétique]",
        },
        things="produit entreprise société fichier marque campagne magasin ville pays région offre forfait "
        "école commune département article projet boutique catégorie groupe commande facture rayon "
        "enseigne canal segment agence",
        very="entièrement, totalement, complètement, parfaitement, extrêmement, pleinement, tout à fait | "
        "très",
        mostly="globalement, bien",
        somewhat="plutôt, assez, partiellement",
        barely="peu, plutôt pas, pas très, pas vraiment, pas tellement, très peu",
        by_no_means="pas du tout, absolument pas, nullement | pas, non",
        content="satisfait, satisfaite, satisfaits, satisfait e, content, contente, heureux, heureuse",
        discontent="insatisfait, insatisfaite, insatisfaits, insatisfait e, mécontent, mécontente, "
        "mécontent e",
        neutral="neutre, ni satisfait ni insatisfait, ni satisfaite ni insatisfaite, moyennement "
        "satisfait, moyennement satisfaite, indifférent, indifférente, ni l un ni l autre, sans avis "
        "tranché",
        agree="tout à fait d accord, entièrement d accord, totalement d accord | d accord | plutôt d "
        "accord | neutre, ni d accord ni pas d accord, ni d accord ni en désaccord, ni en accord ni en "
        "désaccord | plutôt pas d accord, plutôt en désaccord | pas d accord, en désaccord | pas du tout d "
        "accord, totalement en désaccord, tout à fait en désaccord",
        quality="excellent, excellente | très bon, très bonne, très bien | bon, bonne, bien | passable, "
        "correct, correcte | moyen, moyenne | mauvais, mauvaise, mal | très mauvais, très mauvaise, très "
        "mal, nul, nulle, horrible, exécrable",
        like="j adore, adore | j aime, j aime bien | neutre, indifférent | je n aime pas, n aime pas | je "
        "déteste, déteste",
        bands="promoteur, promoteurs, promotrice | passif, passifs, neutre, neutres | détracteur, "
        "détracteurs",
        yes="oui, o, vrai",
        no="non, faux",
        stayed="actif, active, existant, en cours, fidèle, renouvelé, resté, abonné, actuel",
        left="résilié, résiliée, inactif, inactive, parti, perdu, clos, clôturé, ancien, annulé, "
        "désabonné, expiré, terminé",
        between="suspendu, en pause, essai, en attente, période d essai, prospect, nouveau, gelé",
        won="gagné, acheté, converti, souscrit, accepté, abonné, vendu, signé, conclu",
        lost="perdu, non acheté, pas acheté, refusé, non converti, non souscrit, abandonné, rejeté, décliné",
        open="en cours, ouvert, en attente, nouveau, en négociation",
        nothing="sans réponse, ne sait pas, ne se prononce pas, nsp, pas de réponse, non renseigné, sans "
        "opinion, non concerné, je ne sais pas, nc, inconnu, sans avis",
        stars="étoile, étoiles, point, points",
        out_of="sur",
        values={
            "genders": "homme, femme, h, masculin, féminin, monsieur, madame, mme, mlle, autre",
            "marital states": "célibataire, marié, mariée, divorcé, divorcée, veuf, veuve, pacsé, "
            "concubinage, en couple, séparé, séparée, marié e, divorcé e",
            "levels of education": "bac, licence, baccalauréat, bep, cap, brevet, doctorat, sans diplôme, "
            "bac 2, bac 3, bac 5, lycée",
            "countries": "france, allemagne, espagne, italie, belgique, suisse, royaume uni, pays bas, "
            "luxembourg, états unis, canada, maroc, algérie, tunisie, sénégal, pologne, autriche, "
            "angleterre",
            "compass directions": "nord, sud, est, ouest, sud est, sud ouest, nord est, nord ouest",
            "ways of payment": "carte bancaire, chèque, virement, espèces, prélèvement, carte de crédit, cb",
            "company sizes": "tpe, pme, eti, grande entreprise, particulier, professionnel",
            "states of an order": "expédié, livré, annulé, en cours, payé, remboursé, en attente",
            "religions": "catholique, protestant, protestante, musulman, musulmane, juif, juive, athée, "
            "bouddhiste",
        },
    ),
    Language(
        "Spanish",
        names={
            "customer_id": "id cliente, número de cliente, número cliente, código cliente, código de "
            "cliente, identificador cliente, identificador, id usuario, clave cliente, número de socio, id "
            "socio, número de abonado, cod cliente",
            "csat": "satisfacción del cliente, satisfacción, satisfacción general, satisfacción global, "
            "nivel de satisfacción, puntuación satisfacción, valoración?, calificación?, puntuación "
            "general, estrellas?, valoración general",
            "nps": "recomendación, probabilidad de recomendar, probabilidad de recomendación, "
            "recomendaría, intención de recomendar",
            "retained": "activo?, está activo, cliente activo, retenido, renovado, fidelizado, se quedó, "
            "estado cliente?, estado del cliente, estado suscripción, estado?, estado cuenta, estatus?, "
            "situación cliente",
            "churned": "baja?, dado de baja, cancelado, cancelación, abandono?, abandonó?, fuga, perdido, "
            "inactivo?, cliente perdido, es baja, deserción, abandonado",
            "converted": "convertido, conversión, conversiones, compró, ha comprado, comprado, compra?, "
            "respuesta?, respuesta campaña, aceptó, aceptado, oferta aceptada, contratado, suscrito, "
            "ganado, respondió",
            "revenue": "facturación, ventas, gasto total, gasto?, gastos, importe total, importe?, total "
            "compras, total gastado, monto total, monto?, ventas totales, importe gastado, facturado, "
            "valor de compras, facturación anual, gasto anual, gasto mensual, cargo mensual, consumo "
            "total, valor cliente",
            "cost": "coste, costo, costes, costos, coste de servicio, costo de servicio, coste de "
            "atención, costo de atención",
            "orders": "pedidos, número de pedidos, num pedidos, compras, número de compras, num compras, "
            "transacciones, cantidad de pedidos, cantidad de compras, reservas, frecuencia de compra, "
            "frecuencia, órdenes",
            "tickets": "tickets, tickets de soporte, incidencias, casos, llamadas soporte, consultas "
            "soporte, solicitudes de soporte, contactos soporte, llamadas atención al cliente, casos de "
            "soporte",
            "signup_date": "fecha de alta, fecha alta, alta, fecha de registro, fecha registro, registro, "
            "cliente desde, socio desde, fecha de inscripción, fecha de ingreso, fecha de creación, "
            "creado, primera compra, fecha primera compra, fecha de inicio, inicio de contrato, fecha "
            "inscripción, primer pedido",
            "last_activity_date": "última actividad, última compra, último pedido, última visita, último "
            "acceso, última transacción, última conexión, fecha última compra, fecha de última compra, "
            "fecha del último pedido, último contacto",
            "churn_date": "fecha de baja, fecha baja, fecha de cancelación, fecha cancelación, fecha de "
            "fin, fin de contrato, fecha fin, fecha de salida, fecha de abandono, baja",
            "renewal_date": "fecha de renovación, renovación, próxima renovación, fecha de vencimiento, "
            "vencimiento, fecha renovación, caducidad, válido hasta",
            "birthday": "fecha de nacimiento, fecha nacimiento, nacimiento, cumpleaños, fecha nac",
            "plan_tier": "plan, tarifa, contrato, suscripción, paquete, tipo de contrato, tipo de plan, "
            "tipo contrato, tipo suscripción, tipo de suscripción, membresía, nivel, nivel de fidelidad, "
            "tarjeta de fidelidad, modalidad, tipo de tarifa",
            "journey_stage": "etapa, ciclo de vida, fase, etapa del cliente, etapa del ciclo de vida",
            "channel_consent": "boletín, newsletter, publicidad",
            "geographic": "país, ciudad, provincia, región, código postal, cp, estado, municipio, "
            "comunidad autónoma, departamento",
            "firmographic": "empresa, tipo de cliente, tipo cliente, canal",
            "demographic": "edad, sexo, género, hijos, profesión, título, idioma, estudios",
            "price": "valor, saldo",
            "journey": "antigüedad, permanencia",
            "sentiment": "ánimo, opinión",
        },
        parts={
            "churned": "cancelación, abandono",
            "channel_consent": "consentimiento, boletín, acepta publicidad, autoriza, acepta marketing, "
            "rgpd, permiso marketing",
            "geographic": "país, ciudad, provincia, región, código postal, municipio, comunidad autónoma, "
            "zona, latitud, longitud, barrio, localidad, nacionalidad, población, domicilio fiscal",
            "firmographic": "sector, industria, tamaño empresa, tamaño de empresa, empleados, número de "
            "empleados, empresa, forma jurídica, actividad económica, canal de venta, rubro",
            "psychographic": "actitud, intereses, interés, motivación, estilo de vida, sensibilidad, "
            "importancia, preferencia, aficiones, personalidad",
            "technographic": "dispositivo, navegador, sistema operativo, plataforma, tipo de dispositivo, "
            "software",
            "demographic": "edad, rango de edad, grupo de edad, sexo, género, ingreso, ingresos, renta, "
            "salario, sueldo, educación, nivel educativo, nivel de estudios, estudios, estado civil, "
            "casado, hijos, número de hijos, hogar, tamaño del hogar, ocupación, profesión, año de "
            "nacimiento, jubilado, nivel socioeconómico, vivienda",
            "price": "precio, descuento, cupón, ticket medio, ticket promedio, cesta, carrito, forma de "
            "pago, medio de pago, método de pago, gasto, importe, margen, pago, presupuesto, monto, saldo, "
            "deuda, límite de crédito, facturación, valor medio pedido, coste, costo",
            "journey": "antigüedad, días desde, meses desde, recencia, canal de adquisición, canal de "
            "captación, origen, fuente, duración del contrato, permanencia, procedencia",
            "sentiment": "satisfacción, queja, quejas, reclamo, reclamos, reclamación, reclamaciones, "
            "valoración, opinión, calificación",
            "behavioural": "visitas, frecuencia, uso, clics, aperturas, tasa de apertura, sesiones, "
            "compras, pedidos, devoluciones, artículos, cantidad, llamadas, categoría, marca, tienda, "
            "puntos, canal preferido, campaña, productos",
        },
        fillers="el la los las de del un una y en por cliente su nuestro nuestra para con que cual qué le "
        "nos al | numero total totales medio media promedio actual es ha anual mensual valor cantidad "
        "nivel mes meses años",
        recommend="recomend, recomiend",
        satisfied="satisfech, satisfac",
        asks="cómo, escala, qué",
        rate="valora, valorar, califi, puntú, puntua, evalú",
        overall="general, global, en conjunto, en general, nos, nuestra empresa",
        personal={
            "e-mail": "correo, correo electrónico, dirección de correo, dirección de correo electrónico, "
            "[correo electrónico]",
            "phone": "teléfono, móvil, celular, número de teléfono, teléfono móvil, teléfono fijo, "
            "[teléfono]",
            "name": "nombre, apellido, apellidos, nombre completo, nombre y apellidos, nombre apellidos, "
            "nombre cliente, nombre del cliente, primer apellido, segundo apellido, titular, persona de "
            "contacto, nombre contacto, primer nombre, usuario",
            "address": "dirección, calle, domicilio, dirección postal, dirección de envío, dirección de "
            "facturación, dirección de entrega",
            "bank account": "cuenta bancaria, número de cuenta, número de tarjeta, clabe",
            "IP address": "dirección ip",
            "identity number": "dni, nif, nie, número de documento, documento de identidad, cédula, curp, "
            "rfc, rut, cuit, pasaporte, número de seguridad social, documento",
            "free text": "[comentario], [comentarios], observaciones, observación, notas, sugerencias, "
            "mensaje, motivo, razón",
        },
        sensitive={
            "ethnicity": "[etnia], [étnico], origen étnico, raza, color de piel",
            "religion": "[religión], confesión, creencia, [religiosa]",
            "health": "[enfermedad], [enfermedades], estado de salud, [alergia], [alergias], embarazada, "
            "[embarazo], fumador, grupo sanguíneo, historial médico, [medicación]",
            "disability": "[discapacidad], minusvalía, discapacitado",
            "sexual orientation": "orientación sexual, sexualidad",
            "political opinion": "opinión política, partido, partido político, intención de voto, ideología",
            "trade union": "[sindicato], afiliación sindical, sindicado",
            "criminal record": "antecedentes penales, condenas",
            "genetic or biometric data": "[biométrico], [genético]",
        },
        things="producto empresa fichero archivo marca campaña tienda ciudad país provincia plan tarifa "
        "escuela artículo proyecto categoría grupo pedido factura sucursal municipio evento equipo "
        "departamento",
        very="completamente, totalmente, extremadamente, plenamente, absolutamente | muy",
        mostly="bastante, mayormente",
        somewhat="algo, más bien, parcialmente, medianamente, un poco",
        barely="poco, no muy, muy poco",
        by_no_means="nada, para nada, en absoluto | no",
        content="satisfecho, satisfecha, satisfecho a, satisfechos, contento, contenta, feliz",
        discontent="insatisfecho, insatisfecha, insatisfecho a, descontento, descontenta",
        neutral="neutral, neutro, ni satisfecho ni insatisfecho, ni satisfecha ni insatisfecha, "
        "indiferente, ni uno ni otro, regular",
        agree="totalmente de acuerdo, muy de acuerdo, completamente de acuerdo | de acuerdo | algo de "
        "acuerdo, parcialmente de acuerdo | ni de acuerdo ni en desacuerdo, neutral, indiferente | algo en "
        "desacuerdo, parcialmente en desacuerdo | en desacuerdo | totalmente en desacuerdo, muy en "
        "desacuerdo, completamente en desacuerdo, nada de acuerdo",
        quality="excelente | muy bueno, muy buena, muy bien | bueno, buena, bien | aceptable | regular, "
        "normal, neutral | malo, mala, mal | muy malo, muy mala, muy mal, pésimo, pésima, terrible, "
        "horrible",
        like="me encanta | me gusta | neutral, indiferente | no me gusta | lo odio, odio",
        bands="promotor, promotores, promotora | pasivo, pasivos, neutro, neutral, pasiva | detractor, "
        "detractores, detractora",
        yes="si, verdadero, cierto",
        no="no, falso",
        stayed="activo, activa, vigente, existente, actual, renovado, fiel, alta",
        left="baja, inactivo, inactiva, cancelado, cancelada, perdido, perdida, abandonado, abandono, "
        "antiguo, ex, expirado, cerrado, vencido, terminado",
        between="pausado, suspendido, prueba, pendiente, en pausa, prospecto, nuevo, potencial, congelado",
        won="ganado, ganada, comprado, convertido, suscrito, aceptado, contratado, vendido, compró",
        lost="perdido, perdida, no comprado, rechazado, no convertido, abandonado, no compró, descartado",
        open="abierto, en curso, en proceso, pendiente, nuevo, en negociación",
        nothing="no sabe, no contesta, ns nc, sin respuesta, no aplica, prefiero no decirlo, sin opinión, "
        "no sabe no contesta, desconocido, no responde",
        stars="estrella, estrellas, punto, puntos",
        out_of="de, sobre",
        values={
            "genders": "hombre, mujer, masculino, femenino, h, varón, otro",
            "marital states": "soltero, soltera, casado, casada, divorciado, divorciada, viudo, viuda, "
            "separado, separada, unión libre, soltero a, casado a",
            "levels of education": "primaria, secundaria, bachillerato, universidad, universitario, "
            "máster, doctorado, licenciatura, sin estudios, posgrado",
            "countries": "españa, méxico, colombia, argentina, chile, perú, ecuador, venezuela, uruguay, "
            "estados unidos, francia, alemania, italia, portugal, reino unido, brasil, bolivia",
            "compass directions": "norte, sur, este, oeste, centro, noreste, noroeste, sureste, suroeste",
            "ways of payment": "tarjeta, tarjeta de crédito, tarjeta de débito, transferencia, efectivo, "
            "domiciliación, bizum, contrareembolso",
            "company sizes": "pyme, grande, mediana, pequeña, autónomo, particular",
            "states of an order": "enviado, entregado, cancelado, pendiente, pagado, devuelto, en proceso",
            "religions": "católico, católica, protestante, musulmán, musulmana, judío, ateo, evangélico, "
            "evangélica",
        },
    ),
    Language(
        "Portuguese",
        names={
            "customer_id": "id cliente, id do cliente, número de cliente, número do cliente, código "
            "cliente, código do cliente, identificador do cliente, cod cliente, id usuário, matrícula, "
            "número de sócio",
            "csat": "satisfação do cliente, satisfação, satisfação geral, satisfação global, nível de "
            "satisfação, nota de satisfação, avaliação?, avaliação geral, nota geral, estrelas?",
            "nps": "recomendação, probabilidade de recomendar, probabilidade de recomendação, "
            "recomendaria, intenção de recomendar, recomenda",
            "retained": "ativo?, activo?, está ativo, cliente ativo, retido, renovado, fidelizado, "
            "permaneceu, status do cliente, situação do cliente, estado do cliente, situação?, status "
            "cliente, status da assinatura",
            "churned": "cancelado, cancelou, cancelamento, evasão, evadido, perdido, inativo?, inactivo?, "
            "cliente perdido, abandono?, saiu?, desistiu, rescindido, desistência",
            "converted": "convertido, conversão, conversões, comprou, compra?, aceitou, aceite, respondeu, "
            "resposta?, resposta campanha, oferta aceita, contratou, aderiu, ganho, assinou",
            "revenue": "receita, faturamento, faturação, vendas, gasto total, gasto?, valor total, total "
            "gasto, total de compras, valor gasto, valor das compras, receita anual, receita mensal, "
            "montante?, valor mensal, volume de negócios, mensalidade, total faturado",
            "cost": "custo, custos, custo de serviço, custo de atendimento, custo do atendimento",
            "orders": "pedidos, número de pedidos, num pedidos, compras, número de compras, encomendas, "
            "número de encomendas, quantidade de pedidos, quantidade de compras, transações, reservas, qtd "
            "pedidos, qtd compras, frequência de compra, frequência",
            "tickets": "chamados, tickets, número de chamados, chamados de suporte, ocorrências, tickets "
            "de suporte, atendimentos, pedidos de suporte, ligações ao suporte, reclamações sac",
            "signup_date": "data de cadastro, data cadastro, cadastro, data de registo, data de registro, "
            "data de inscrição, cliente desde, sócio desde, data de adesão, data adesão, adesão, data de "
            "criação, criado em, primeira compra, data da primeira compra, data de início, início do "
            "contrato, data de entrada, data inscrição",
            "last_activity_date": "última atividade, última compra, último pedido, última visita, último "
            "acesso, último login, última transação, data da última compra, data última compra, última "
            "encomenda, última interação",
            "churn_date": "data de cancelamento, data cancelamento, cancelado em, data de saída, data de "
            "fim, fim do contrato, data de rescisão, data de desligamento, data fim",
            "renewal_date": "data de renovação, renovação, próxima renovação, data de vencimento, "
            "vencimento, data renovação, validade",
            "birthday": "data de nascimento, data nascimento, nascimento, aniversário, data nasc",
            "plan_tier": "plano, assinatura, contrato, pacote, tipo de plano, tipo de contrato, tipo "
            "contrato, tipo de assinatura, tarifário, modalidade, nível de fidelidade, cartão fidelidade, "
            "plano atual",
            "journey_stage": "etapa, ciclo de vida, fase, estágio, etapa do cliente, etapa do funil",
            "channel_consent": "newsletter, boletim",
            "geographic": "país, cidade, estado, região, distrito, concelho, município, cep, uf, bairro, "
            "código postal",
            "firmographic": "empresa, tipo de cliente, tipo cliente, canal",
            "demographic": "idade, sexo, género, gênero, filhos, profissão, título, idioma, escolaridade",
            "price": "valor, saldo",
            "journey": "antiguidade, tempo de casa, permanência",
            "sentiment": "humor, opinião",
        },
        parts={
            "churned": "cancelamento, evasão",
            "channel_consent": "consentimento, aceita marketing, autoriza contacto, autoriza contato, "
            "lgpd, aceita publicidade",
            "geographic": "país, cidade, região, código postal, município, concelho, distrito, bairro, "
            "localidade, nacionalidade, zona, naturalidade",
            "firmographic": "setor, ramo de atividade, porte, porte da empresa, funcionários, número de "
            "funcionários, empresa, segmento de atividade, canal de venda, número de colaboradores",
            "psychographic": "atitude, interesses, interesse, motivação, estilo de vida, sensibilidade, "
            "importância, preferência, passatempos, personalidade",
            "technographic": "dispositivo, aparelho, navegador, sistema operacional, sistema operativo, "
            "plataforma, tipo de dispositivo",
            "demographic": "idade, faixa etária, grupo etário, sexo, género, gênero, renda, rendimento, "
            "rendimentos, salário, escolaridade, educação, habilitações, nível de instrução, estado civil, "
            "casado, filhos, número de filhos, agregado familiar, domicílio, ocupação, profissão, ano de "
            "nascimento, reformado, aposentado, classe social",
            "price": "preço, desconto, cupom, cupão, ticket médio, carrinho, forma de pagamento, meio de "
            "pagamento, método de pagamento, gasto, gastos, margem, pagamento, orçamento, dívida, limite "
            "de crédito, valor médio, faturamento, custo",
            "journey": "antiguidade, tempo como cliente, dias desde, meses desde, recência, canal de "
            "aquisição, origem, fonte, duração do contrato, tempo de contrato, fidelização",
            "sentiment": "satisfação, reclamação, reclamações, queixa, queixas, avaliação, opinião",
            "behavioural": "visitas, frequência, uso, utilização, cliques, aberturas, taxa de abertura, "
            "sessões, compras, pedidos, devoluções, artigos, itens, quantidade, chamadas, categoria, "
            "marca, loja, pontos, canal preferido, campanha, produtos",
        },
        fillers="o a os as do da dos das de um uma e em por cliente para com seu sua nosso nossa que qual "
        "nos você | numero total totais medio media média atual anual mensal valor brl reais qtd qtde "
        "quantidade nível mês meses anos foi",
        recommend="recomend, indicar",
        satisfied="satisfeit, satisfaç",
        asks="como, escala, quão",
        rate="avali, classific",
        overall="geral, global, em geral, no geral, nos, nossa empresa",
        personal={
            "e-mail": "correio eletrónico, endereço de email, endereço de e mail, endereço eletrónico",
            "phone": "telefone, telemóvel, celular, número de telefone, número de celular, número de "
            "telemóvel, fone, [telefone]",
            "name": "nome, sobrenome, apelido, nome completo, primeiro nome, último nome, nome cliente, "
            "nome do cliente, nome e sobrenome, titular, razão, contacto",
            "address": "morada, endereço, rua, logradouro, endereço de entrega, morada de entrega, morada "
            "de faturação",
            "bank account": "conta bancária, número da conta, número do cartão, nib, conta corrente",
            "IP address": "endereço ip",
            "identity number": "cpf, rg, número de identificação, cartão de cidadão, passaporte, número de "
            "contribuinte, bilhete de identidade, nif",
            "free text": "[comentário], [comentários], observação, observações, sugestões, mensagem, motivo",
        },
        sensitive={
            "ethnicity": "[etnia], [étnica], origem étnica, raça, cor da pele, cor raça, raça cor",
            "religion": "[religião], confissão, crença, [religiosa]",
            "health": "[doença], [doenças], estado de saúde, [alergia], [alergias], grávida, [gravidez], "
            "fumador, fumante, tipo sanguíneo, histórico médico",
            "disability": "[deficiência], deficiente",
            "sexual orientation": "orientação sexual, sexualidade",
            "political opinion": "opinião política, partido, partido político, intenção de voto",
            "trade union": "[sindicato], filiação sindical, sindicalizado",
            "criminal record": "antecedentes criminais, registo criminal, ficha criminal",
            "genetic or biometric data": "[biométrico], [genético]",
        },
        things="produto empresa arquivo ficheiro marca campanha loja cidade país plano tarifa escola "
        "artigo projeto categoria grupo pedido fatura município bairro filial evento equipe departamento "
        "encomenda",
        very="completamente, totalmente, extremamente, plenamente, absolutamente | muito",
        mostly="bastante",
        somewhat="um pouco, parcialmente, razoavelmente, algo, mais ou menos",
        barely="pouco, não muito, muito pouco",
        by_no_means="nada, de modo nenhum, de forma alguma | não",
        content="satisfeito, satisfeita, satisfeito a, satisfeitos, contente, feliz",
        discontent="insatisfeito, insatisfeita, insatisfeito a, descontente",
        neutral="neutro, neutra, indiferente, nem satisfeito nem insatisfeito, nem satisfeita nem "
        "insatisfeita, regular, mais ou menos",
        agree="concordo totalmente, concordo plenamente, concordo completamente, concordo muito | concordo "
        "| concordo parcialmente, concordo em parte | não concordo nem discordo, nem concordo nem "
        "discordo, neutro, indiferente | discordo parcialmente, discordo em parte | discordo | discordo "
        "totalmente, discordo completamente, discordo muito",
        quality="excelente, ótimo, ótima | muito bom, muito boa | bom, boa, bem | aceitável, razoável | "
        "regular, médio, média, neutro, normal | ruim, mau, má, fraco, mal | muito ruim, muito mau, muito "
        "má, péssimo, péssima, horrível, terrível",
        like="adoro, amo | gosto | neutro, indiferente | não gosto | odeio, detesto",
        bands="promotor, promotores, promotora | neutro, neutros, passivo, passivos | detrator, "
        "detratores, detractor, detractores",
        yes="sim, verdadeiro",
        no="não, falso",
        stayed="ativo, ativa, activo, activa, vigente, existente, atual, renovado, fiel",
        left="cancelado, cancelada, inativo, inativa, inactivo, perdido, perdida, evadido, saiu, "
        "encerrado, rescindido, expirado, desligado, antigo, ex",
        between="pausado, suspenso, teste, pendente, em espera, prospecto, novo, potencial, bloqueado",
        won="ganho, ganha, comprou, convertido, assinou, aceito, aceite, contratado, vendido",
        lost="perdido, perdida, não comprou, recusado, não convertido, rejeitado, desistiu, recusou",
        open="aberto, em andamento, pendente, novo, em negociação, em curso",
        nothing="não sabe, não respondeu, sem resposta, não se aplica, prefiro não dizer, sem opinião, não "
        "sei, ns nr, desconhecido",
        stars="estrela, estrelas, ponto, pontos",
        out_of="de, em",
        values={
            "genders": "homem, mulher, masculino, feminino, outro",
            "marital states": "solteiro, solteira, casado, casada, divorciado, divorciada, viúvo, viúva, "
            "separado, união estável, solteiro a, casado a",
            "levels of education": "fundamental, médio, superior, ensino médio, ensino superior, ensino "
            "fundamental, pós graduação, mestrado, doutorado, licenciatura, ensino básico, ensino "
            "secundário, doutoramento",
            "countries": "brasil, portugal, angola, moçambique, espanha, frança, alemanha, itália, estados "
            "unidos, reino unido, argentina, cabo verde, suíça, luxemburgo",
            "compass directions": "norte, sul, leste, oeste, centro, nordeste, sudeste, noroeste, "
            "sudoeste, centro oeste",
            "ways of payment": "cartão, cartão de crédito, cartão de débito, boleto, pix, transferência, "
            "dinheiro, multibanco, mb way, débito automático",
            "states of an order": "enviado, entregue, cancelado, pendente, pago, devolvido, processando",
            "religions": "católico, católica, evangélico, evangélica, protestante, espírita, judeu, ateu, "
            "muçulmano",
        },
    ),
    Language(
        "Dutch",
        names={
            "customer_id": "klant+nummer, klant ID, klant+nr, klant+code, debiteur+nummer, "
            "debiteuren+nummer, relatie+nummer, lid+nummer, lidmaatschaps+nummer, gebruikers ID, gebruiker "
            "ID, polis+nummer, contract+nummer",
            "csat": "klant+tevredenheid, tevredenheid, algemene tevredenheid, tevredenheids+score, "
            "rapport+cijfer, algemeen cijfer, totaal+cijfer, waardering?, beoordeling?, cijfer?, sterren?",
            "nps": "aanbeveling, aanbevelings+score, aanbevelings+intentie, kans op aanbeveling, zou "
            "aanbevelen, waarschijnlijkheid aanbeveling",
            "retained": "actief?, is actief, actieve klant, behouden, gebleven, verlengd, bestaande klant, "
            "klant+status, abonnement+status, contract+status?, abonnements+status",
            "churned": "opgezegd, opzegging, vertrokken, verloren, inactief?, klant verloren, weggelopen, "
            "beëindigd, geannuleerd, uitgeschreven, heeft opgezegd, verloop",
            "converted": "geconverteerd, conversie, conversies, gekocht, aankoop?, aangekocht, "
            "geaccepteerd, aanbod geaccepteerd, respons?, gereageerd, gewonnen, afgenomen, ingeschreven",
            "revenue": "omzet, jaar+omzet, totale omzet, netto+omzet, bruto+omzet, maand+omzet, "
            "bestedingen, besteding, totale besteding, totaal besteed, besteed bedrag, aankoop+bedrag, "
            "verkopen, totaal+bedrag, bedrag?, uitgaven?, klant+waarde, jaar+besteding",
            "cost": "kosten, service+kosten, kosten klantenservice, bedienings+kosten",
            "orders": "bestellingen, aantal bestellingen, aankopen, aantal aankopen, orders, aantal "
            "orders, transacties, boekingen, aankoop+frequentie, bestel+frequentie, frequentie",
            "tickets": "support+tickets, support+vragen, meldingen, klant+contacten, service+verzoeken, "
            "support+verzoeken, contact+momenten, telefoontjes klantenservice",
            "signup_date": "inschrijf+datum, registratie+datum, aanmeld+datum, klant sinds, lid sinds, "
            "aangemaakt op, aanmaak+datum, start+datum, ingangs+datum, eerste bestelling, eerste aankoop, "
            "datum inschrijving, datum aanmelding, begin+datum, geregistreerd op",
            "last_activity_date": "laatste activiteit, laatste bestelling, laatste aankoop, laatste login, "
            "laatste bezoek, laatst gezien, laatste transactie, laatst actief, laatste contact, datum "
            "laatste aankoop, datum laatste bestelling, laatste order",
            "churn_date": "opzeg+datum, datum opzegging, opgezegd op, eind+datum, beëindigings+datum, "
            "uitschrijf+datum, vertrek+datum, einde contract, einde abonnement",
            "renewal_date": "verlengings+datum, verlenging, volgende verlenging, verval+datum, "
            "contract+verlenging, geldig tot, datum verlenging, afloop+datum",
            "birthday": "geboorte+datum, verjaardag, geboren op, geb datum",
            "plan_tier": "abonnement, contract, pakket, abonnements+type, abonnement+type, tarief, "
            "contract+type, lidmaatschap, lidmaatschaps+niveau, soort abonnement, type abonnement, "
            "klanten+kaart, bundel",
            "journey_stage": "levenscyclus, klant+fase, fase, klantreis fase, levensfase klant",
            "channel_consent": "nieuwsbrief",
            "geographic": "land, woon+plaats, stad, plaats, gemeente, provincie, postcode, regio",
            "firmographic": "bedrijf, klant+type, soort klant, type klant, kanaal",
            "demographic": "leeftijd, geslacht, kinderen, beroep, titel, aanhef, taal, opleiding",
            "price": "waarde, saldo",
            "journey": "klant+duur, looptijd",
            "sentiment": "stemming",
        },
        parts={
            "churned": "opzegging, opzeg",
            "channel_consent": "toestemming, nieuwsbrief, opt in, avg toestemming, marketing toestemming",
            "geographic": "land, woon+plaats, stad, gemeente, provincie, regio, postcode, wijk, buurt, "
            "nationaliteit, afstand, vestigings+plaats, breedtegraad, lengtegraad",
            "firmographic": "branche, sector, bedrijfs+grootte, bedrijfs+omvang, medewerkers, aantal "
            "medewerkers, werknemers, rechts+vorm, bedrijf, afdeling, functie, bedrijfs+tak",
            "psychographic": "houding, interesses, interesse, motivatie, leef+stijl, levens+stijl, "
            "belangrijkheid, voorkeur, hobby, prijs+gevoeligheid, persoonlijkheid",
            "technographic": "apparaat, toestel, besturings+systeem, browser, platform, apparaat+type, "
            "internet+verbinding",
            "demographic": "leeftijd, leeftijds+groep, leeftijds+categorie, geslacht, inkomen, opleiding, "
            "opleidings+niveau, burgerlijke staat, burgerlijke stand, gehuwd, getrouwd, huishouden, "
            "huishoud+grootte, gezin, gezins+grootte, kinderen, aantal kinderen, geboorte+jaar, beroep, "
            "gepensioneerd, salaris, eigen woning, huishoud+inkomen",
            "price": "prijs, korting, kortings+code, winkelmand, betaal+methode, betaal+wijze, bon+bedrag, "
            "gemiddelde order+waarde, order+waarde, marge, budget, omzet, uitgaven, besteding, "
            "krediet+limiet, kosten",
            "journey": "klant+leeftijd, contract+duur, dagen sinds, maanden sinds, herkomst, bron, "
            "acquisitie+kanaal, relatie+duur, looptijd contract, duur lidmaatschap, recentheid",
            "sentiment": "tevredenheid, klacht, klachten, beoordeling, waardering, sentiment",
            "behavioural": "bezoeken, bezoek, gebruik, kliks, klikken, sessies, bestellingen, aankopen, "
            "retouren, retour, artikelen, hoeveelheid, telefoontjes, open+ratio, categorie, merk, winkel, "
            "spaar+punten, punten, campagne, voorkeurs+kanaal, producten, frequentie",
        },
        fillers="de het een van per klant klanten in en op voor met uw ons onze u hoe bent | aantal totaal "
        "totale gemiddelde gemiddeld huidige is heeft jaarlijkse maandelijkse waarde euro jaar jaren maand "
        "maanden algemeen",
        recommend="aanbevel, aanraad, aanraden, aanbeveel",
        satisfied="tevreden",
        asks="hoe, schaal",
        rate="beoordeel, waardeer, beoordel",
        overall="algemeen, algehele, over het geheel, totaal, ons, al met al",
        personal={
            "e-mail": "e mail+adres, email+adres, mail+adres",
            "phone": "telefoon, telefoon+nummer, mobiel, mobiel nummer, gsm nummer, [telefoon]",
            "name": "voornaam, achternaam, naam, tussenvoegsel, volledige naam, klant+naam, "
            "contact+persoon, familie+naam, roepnaam, voorletters, gebruikers+naam",
            "address": "straat, adres, straat+naam, huis+nummer, post+adres, aflever+adres, factuur+adres, "
            "woon+adres, bezoek+adres, lever+adres",
            "bank account": "rekening+nummer, bank+rekening, bank+rekening+nummer",
            "IP address": "ip adres",
            "identity number": "bsn, burgerservice+nummer, rijksregister+nummer, paspoort+nummer",
            "free text": "[opmerking], [opmerkingen], toelichting, commentaar, notitie, bericht, reden",
        },
        sensitive={
            "ethnicity": "[etniciteit], [etnische], etnische afkomst, huids+kleur, ras, migratie+achtergrond",
            "religion": "[religie], geloof, godsdienst, geloofs+overtuiging, kerkgenootschap",
            "health": "[ziekte], [ziekten], [diagnose], gezondheids+toestand, [allergie], [allergieën], "
            "zwanger, [zwangerschap], roker, bloed+groep, medicijn+gebruik",
            "disability": "[handicap], arbeids+ongeschikt, [beperking]",
            "sexual orientation": "seksuele geaardheid, seksuele voorkeur, seksuele oriëntatie",
            "political opinion": "[politieke], partij, partij+voorkeur, stem+gedrag, stem+intentie",
            "trade union": "[vakbond], vakbonds+lid, lid vakbond",
            "criminal record": "strafblad, veroordelingen, justitiële gegevens",
            "genetic or biometric data": "[biometrische], [genetische]",
        },
        things="product bedrijf bedrijfs bestand merk campagne winkel stad land provincie abonnement "
        "school artikel project categorie groep bestelling factuur gemeente plaats vestiging evenement "
        "afdeling",
        very="volledig, helemaal, uiterst, volkomen, geheel, buitengewoon | zeer, heel, erg",
        mostly="grotendeels, overwegend",
        somewhat="redelijk, enigszins, vrij, tamelijk, best, een beetje, eerder",
        barely="weinig, niet zo, niet erg, niet heel, minder, niet echt",
        by_no_means="helemaal niet, absoluut niet, totaal niet | niet",
        content="tevreden, blij, gelukkig",
        discontent="ontevreden, ongelukkig",
        neutral="neutraal, niet tevreden niet ontevreden, niet tevreden en niet ontevreden, niet tevreden "
        "maar ook niet ontevreden, noch tevreden noch ontevreden, tevreden noch ontevreden",
        agree="helemaal mee eens, volledig mee eens, zeer mee eens, sterk mee eens, helemaal eens | mee "
        "eens, eens | enigszins mee eens, beetje mee eens, deels mee eens | neutraal, niet mee eens niet "
        "mee oneens, noch mee eens noch mee oneens, niet eens niet oneens | enigszins mee oneens, deels "
        "mee oneens, beetje mee oneens | mee oneens, oneens, niet mee eens | helemaal mee oneens, volledig "
        "mee oneens, helemaal niet mee eens, zeer mee oneens, helemaal oneens",
        quality="uitstekend, uitmuntend | zeer goed, heel goed | goed | voldoende | gemiddeld, neutraal, "
        "matig, redelijk, oke | slecht, onvoldoende | zeer slecht, heel slecht, waardeloos",
        like="geweldig, ik hou ervan | leuk, ik vind het leuk | neutraal | niet leuk, ik vind het niet "
        "leuk | vreselijk, ik haat het",
        bands="promotor, promotors, promoter, ambassadeur | passief, passieven, neutraal, passief tevreden "
        "| criticaster, criticasters, detractor",
        yes="ja, j, waar",
        no="nee, onwaar, neen",
        stayed="actief, actieve, bestaand, bestaande, lopend, gebleven, verlengd, huidig, behouden",
        left="opgezegd, inactief, inactieve, vertrokken, beëindigd, geannuleerd, verlopen, verloren, "
        "voormalig, uitgeschreven, gestopt",
        between="gepauzeerd, opgeschort, proef, proefperiode, in behandeling, prospect, nieuw, bevroren, "
        "wacht",
        won="gewonnen, gekocht, geconverteerd, geaccepteerd, ingeschreven, verkocht, aangekocht",
        lost="verloren, niet gekocht, geweigerd, niet geconverteerd, afgewezen, afgehaakt, geen aankoop",
        open="open, in behandeling, lopend, nieuw, in onderhandeling",
        nothing="weet niet, geen antwoord, geen mening, nvt, n v t, niet van toepassing, onbekend, niet "
        "ingevuld, weet ik niet",
        stars="ster, sterren, punt, punten",
        out_of="van, uit",
        values={
            "genders": "man, vrouw, mannelijk, vrouwelijk, v, anders, de heer, mevrouw",
            "marital states": "ongehuwd, gehuwd, getrouwd, gescheiden, weduwe, weduwnaar, samenwonend, "
            "alleenstaand",
            "levels of education": "mbo, hbo, wo, vmbo, havo, vwo, basisschool, middelbaar, universiteit, "
            "laag, hoog, lagere school",
            "countries": "nederland, belgië, duitsland, frankrijk, spanje, italië, verenigd koninkrijk, "
            "luxemburg, polen, verenigde staten, oostenrijk, zwitserland, denemarken",
            "compass directions": "noord, zuid, oost, west, midden",
            "ways of payment": "ideal, factuur, creditcard, automatische incasso, overboeking, contant, "
            "bancontact, pin",
            "company sizes": "mkb, zzp, klein, middelgroot, groot, particulier, zakelijk",
            "states of an order": "verzonden, geleverd, geannuleerd, betaald, in behandeling, retour",
            "religions": "katholiek, protestants, moslim, joods, hindoe, geen, islamitisch, hervormd, "
            "gereformeerd",
            "parties": "vvd, pvv, d66, cda, pvda, groenlinks, sp",
        },
    ),
    Language(
        "Italian",
        names={
            "customer_id": "id cliente, codice cliente, numero cliente, cod cliente, identificativo "
            "cliente, id utente, codice utente, numero tessera, codice socio, identificativo, id socio",
            "csat": "soddisfazione del cliente, soddisfazione cliente, soddisfazione, soddisfazione "
            "complessiva, soddisfazione generale, livello di soddisfazione, punteggio soddisfazione, "
            "valutazione?, voto?, valutazione complessiva, giudizio complessivo, stelle?",
            "nps": "raccomandazione, probabilità di raccomandazione, consiglierebbe, probabilità di "
            "consigliare, intenzione di raccomandare",
            "retained": "attivo?, è attivo, cliente attivo, fidelizzato, rinnovato, rimasto, stato "
            "cliente, stato abbonamento, stato contratto, stato del cliente, stato?",
            "churned": "disdetto, disdetta, abbandono, abbandonato, perso?, cliente perso, cessato, "
            "cessazione, inattivo?, annullato, recesso, ha disdetto, disattivato",
            "converted": "convertito, conversione, conversioni, acquistato, ha acquistato, acquisto?, "
            "risposta?, risposta campagna, accettato, offerta accettata, sottoscritto, vinto, ha risposto",
            "revenue": "fatturato, ricavi, ricavo, vendite, spesa totale, spesa?, importo totale, "
            "importo?, totale acquisti, totale speso, spesa annua, spesa annuale, fatturato annuo, spesa "
            "mensile, valore acquisti, incasso, canone mensile, valore cliente",
            "cost": "costo, costi, costo di servizio, costo del servizio, costo assistenza",
            "orders": "ordini, numero ordini, numero di ordini, acquisti, numero acquisti, numero di "
            "acquisti, transazioni, prenotazioni, frequenza di acquisto, frequenza acquisti, frequenza",
            "tickets": "ticket, ticket di assistenza, richieste di assistenza, richieste assistenza, "
            "segnalazioni, chiamate assistenza, contatti assistenza, numero ticket",
            "signup_date": "data di iscrizione, data iscrizione, iscrizione, data di registrazione, data "
            "registrazione, cliente dal, socio dal, data di adesione, data creazione, creato il, data "
            "primo acquisto, primo acquisto, primo ordine, data inizio, data di attivazione, data "
            "attivazione, inizio contratto, data ingresso",
            "last_activity_date": "ultima attività, ultimo acquisto, ultimo ordine, ultimo accesso, ultima "
            "visita, ultima transazione, data ultimo acquisto, data ultimo ordine, ultimo login, ultimo "
            "contatto, data dell ultimo acquisto",
            "churn_date": "data disdetta, data di disdetta, data cessazione, data di cessazione, data "
            "fine, fine contratto, data recesso, data abbandono, disdetto il, data cancellazione",
            "renewal_date": "data rinnovo, data di rinnovo, rinnovo, prossimo rinnovo, data scadenza, "
            "scadenza, data di scadenza, scadenza contratto, valido fino al",
            "birthday": "data di nascita, data nascita, nascita, compleanno, nato il",
            "plan_tier": "piano, abbonamento, contratto, tariffa, pacchetto, tipo abbonamento, tipo di "
            "abbonamento, tipo contratto, tipo di contratto, livello fedeltà, carta fedeltà, offerta, "
            "piano tariffario",
            "journey_stage": "fase, ciclo di vita, fase del cliente, stadio, fase del funnel",
            "channel_consent": "newsletter, bollettino",
            "geographic": "paese, città, provincia, regione, comune, cap, nazione",
            "firmographic": "azienda, tipo cliente, tipo di cliente, tipologia cliente, canale",
            "demographic": "età, eta?, sesso, genere, figli, professione, titolo, lingua, istruzione",
            "price": "valore, saldo",
            "journey": "anzianità, durata rapporto",
            "sentiment": "umore, opinione",
        },
        parts={
            "churned": "disdetta, abbandono",
            "channel_consent": "consenso, consenso marketing, consenso privacy, privacy marketing",
            "geographic": "paese, città, provincia, regione, comune, codice postale, nazione, nazionalità, "
            "zona, quartiere, distanza, area geografica, località, residenza",
            "firmographic": "settore, dipendenti, numero dipendenti, numero di dipendenti, dimensione "
            "azienda, azienda, forma giuridica, codice ateco, canale di vendita, ruolo",
            "psychographic": "atteggiamento, interessi, interesse, motivazione, stile di vita, valori, "
            "sensibilità, importanza, preferenza, personalità",
            "technographic": "dispositivo, browser, sistema operativo, piattaforma, tipo di dispositivo, "
            "software",
            "demographic": "fascia di età, fascia d età, classe di età, gruppo di età, sesso, genere, "
            "reddito, istruzione, titolo di studio, livello di istruzione, stato civile, sposato, "
            "coniugato, figli, numero di figli, nucleo familiare, famiglia, occupazione, professione, anno "
            "di nascita, pensionato, stipendio",
            "price": "prezzo, sconto, coupon, buono, scontrino medio, carrello, metodo di pagamento, "
            "modalità di pagamento, spesa, importo, margine, pagamento, valore medio ordine, fatturato, "
            "costo",
            "journey": "anzianità, giorni da, mesi da, recency, canale di acquisizione, fonte, "
            "provenienza, durata contratto, durata del contratto, durata abbonamento",
            "sentiment": "soddisfazione, reclamo, reclami, valutazione, opinione, recensione",
            "behavioural": "visite, frequenza, utilizzo, clic, aperture, tasso di apertura, sessioni, "
            "acquisti, ordini, resi, articoli, quantità, chiamate, categoria, marca, negozio, punti, "
            "canale preferito, campagna, prodotti",
        },
        fillers="il lo la i gli le di del della dei delle dell un una e in per cliente clienti suo nostro "
        "nostra con che quanto | numero totale totali medio media attuale è ha annuo annua annuale mensile "
        "valore livello mese mesi anno anni tipologia",
        recommend="raccomand, consigli",
        satisfied="soddisf",
        asks="come, quanto, scala",
        rate="valut, giudic",
        overall="compless, general, global, nel complesso, in generale, noi",
        personal={
            "e-mail": "posta elettronica, indirizzo email, indirizzo e mail, indirizzo di posta elettronica",
            "phone": "telefono, cellulare, numero di telefono, numero telefono, recapito telefonico, "
            "telefono cellulare, [cellulare]",
            "name": "nome, cognome, nome e cognome, nome cognome, cognome nome, nome completo, nominativo, "
            "nome cliente, referente, intestatario",
            "address": "indirizzo, via, indirizzo di spedizione, indirizzo di fatturazione, indirizzo di "
            "consegna, numero civico, via e numero civico",
            "bank account": "conto corrente, numero conto, numero carta, conto bancario",
            "IP address": "indirizzo ip",
            "identity number": "codice fiscale, carta d identità, passaporto, numero documento",
            "free text": "[commento], [commenti], note, osservazioni, messaggio, suggerimenti, motivo",
        },
        sensitive={
            "ethnicity": "[etnia], [etnica], origine etnica, razza, colore della pelle",
            "religion": "[religione], confessione, credo, [religiosa]",
            "health": "[malattia], [malattie], stato di salute, [allergia], [allergie], incinta, "
            "[gravidanza], fumatore, gruppo sanguigno, [patologia], [patologie]",
            "disability": "[disabilità], invalidità, disabile",
            "sexual orientation": "orientamento sessuale, sessualità",
            "political opinion": "opinione politica, partito, partito politico, intenzione di voto",
            "trade union": "[sindacato], iscrizione al sindacato",
            "criminal record": "precedenti penali, casellario giudiziale, condanne",
            "genetic or biometric data": "[biometrico], [genetico]",
        },
        things="prodotto azienda file marca campagna negozio città paese regione piano scuola articolo "
        "progetto categoria gruppo ordine fattura comune filiale evento reparto provincia",
        very="completamente, totalmente, estremamente, pienamente, del tutto, assolutamente | molto",
        mostly="per lo più",
        somewhat="abbastanza, piuttosto, parzialmente, un po",
        barely="poco, non molto, molto poco, non tanto",
        by_no_means="per niente, per nulla, affatto, non affatto | non",
        content="soddisfatto, soddisfatta, soddisfatto a, soddisfatti, contento, contenta, felice",
        discontent="insoddisfatto, insoddisfatta, insoddisfatto a, scontento, scontenta",
        neutral="neutrale, neutro, indifferente, né soddisfatto né insoddisfatto, né soddisfatta né "
        "insoddisfatta, così così",
        agree="completamente d accordo, totalmente d accordo, pienamente d accordo, molto d accordo | d "
        "accordo | abbastanza d accordo, parzialmente d accordo, piuttosto d accordo | né d accordo né in "
        "disaccordo, neutrale, indifferente | parzialmente in disaccordo, piuttosto in disaccordo | in "
        "disaccordo, non d accordo | completamente in disaccordo, totalmente in disaccordo, per niente d "
        "accordo, fortemente in disaccordo",
        quality="eccellente, ottimo, ottima | molto buono, molto buona, molto bene | buono, buona, bene | "
        "sufficiente, discreto, discreta | medio, media, neutro, normale | scarso, scarsa, cattivo, "
        "cattiva, male, insufficiente, mediocre | molto scarso, molto cattivo, pessimo, pessima, "
        "terribile, orribile",
        like="lo adoro, adoro | mi piace | neutrale, indifferente | non mi piace | lo odio, odio",
        bands="promotore, promotori | passivo, passivi, neutro | detrattore, detrattori",
        yes="sì, vero",
        no="no, falso",
        stayed="attivo, attiva, in corso, esistente, rinnovato, fedele, attuale",
        left="disdetto, disdetta, inattivo, inattiva, cessato, perso, abbandonato, annullato, scaduto, "
        "terminato, ex, chiuso, cancellato",
        between="sospeso, in pausa, prova, in attesa, in prova, potenziale, nuovo, bloccato",
        won="vinto, vinta, acquistato, convertito, sottoscritto, accettato, venduto",
        lost="perso, persa, non acquistato, rifiutato, non convertito, abbandonato",
        open="aperto, in corso, in attesa, nuovo, in trattativa",
        nothing="non so, nessuna risposta, non risponde, non applicabile, preferisco non rispondere, "
        "nessuna opinione, sconosciuto, non sa",
        stars="stella, stelle, punto, punti",
        out_of="su, di",
        values={
            "genders": "uomo, donna, maschio, femmina, maschile, femminile, altro",
            "marital states": "celibe, nubile, sposato, sposata, coniugato, coniugata, divorziato, "
            "divorziata, vedovo, vedova, separato, separata, convivente",
            "levels of education": "licenza media, diploma, laurea, dottorato, scuola media, scuola "
            "superiore, università, licenza elementare, laurea magistrale",
            "countries": "italia, germania, francia, spagna, svizzera, austria, regno unito, paesi bassi, "
            "stati uniti, belgio, portogallo, polonia, romania, san marino",
            "compass directions": "nord, sud, est, ovest, centro, isole, nord est, nord ovest",
            "ways of payment": "carta di credito, bonifico, contanti, contrassegno, carta, addebito diretto",
            "company sizes": "piccola, media, grande, pmi, privato",
            "states of an order": "spedito, consegnato, annullato, in attesa, pagato, reso",
            "religions": "cattolico, cattolica, protestante, musulmano, musulmana, ebreo, ateo, ortodosso",
        },
    ),
)
