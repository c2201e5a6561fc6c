"""Numbers and column names to text, the same everywhere.

Percent has no decimals from 10 % and one below, thousands are separated, minus is a real minus sign
and ranges are written with "to". The rules are those of the product's style sheet.
"""

import math
import re

MINUS = "−"
MISSING = "–"
NARROW_SPACE = "\u202f"


def number(value: float, decimals: int | None = None) -> str:
    """Write a number with thousands separators.

    Parameters
    ----------
    value : float
        Any number; NaN gives an en dash.
    decimals : int, optional
        Digits after the point. By default 0 from 100, 1 from 10, and 2 below, none for whole numbers.

    Examples
    --------
    >>> number(5000)
    '5,000'
    >>> number(-3.14159)
    '−3.14'
    >>> number(float("nan"))
    '–'
    """
    if value is None or not math.isfinite(value):
        return MISSING
    if decimals is None:
        decimals = _decimals(abs(value))
    text = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and any(digit in text for digit in "123456789")
    return MINUS + text if negative else text


def _decimals(size: float) -> int:
    if float(size).is_integer() or size >= 100:
        return 0
    return 1 if size >= 10 else 2


def percent(fraction: float) -> str:
    """Write a fraction as percent: no decimals from 10 %, one below; what is nearly all is not all.

    Examples
    --------
    >>> percent(0.384)
    '38\u202f%'
    >>> percent(0.0456)
    '4.6\u202f%'
    >>> percent(0.9962), percent(0.99997)
    ('99.6\u202f%', '99.9\u202f%')
    """
    if fraction is None or not math.isfinite(fraction):
        return MISSING
    size = abs(fraction) * 100
    nearly = 99.5 <= size < 100
    decimals = 0 if (round(size, 1) >= 10 and not nearly) or size == 0 else 1
    whole = math.copysign(min(size, 99.9), fraction) if nearly else fraction * 100
    return number(whole, decimals) + NARROW_SPACE + "%"


def in_sentence(text: str) -> str:
    """Write a label as it stands inside a sentence; abbreviations keep their capitals.

    Examples
    --------
    >>> in_sentence("Revenue per customer"), in_sentence("NPS"), in_sentence("TV hours")
    ('revenue per customer', 'NPS', 'TV hours')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def signed(text: str) -> str:
    """Put a plus before a written number that has no minus.

    Examples
    --------
    >>> signed(number(23))
    '+23'
    """
    return text if text.startswith(MINUS) else "+" + text


def span(low: str, high: str) -> str:
    """Write a range of two written numbers.

    Examples
    --------
    >>> span("54", "68")
    '54 to 68'
    """
    return f"{low} to {high}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> plural(1, "customer"), plural(1200, "customer")
    ('1 customer', '1,200 customers')
    """
    noun = one if count == 1 else many or one + "s"
    return f"{number(count)} {noun}"


def listing(items: list[str], most: int = 5) -> str:
    """Join names for a sentence, cutting a long list.

    Examples
    --------
    >>> listing(["age", "plan", "city"])
    'age, plan and city'
    >>> listing(list("abcdefg"), most=3)
    'a, b, c and 4 more'
    """
    if len(items) > most:
        return ", ".join(items[:most]) + f" and {len(items) - most} more"
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def quantity(column: str, value: float) -> str:
    """Write a value of a column: a number, or a year where the column holds years.

    Examples
    --------
    >>> quantity("Year_Birth", 1969.4), quantity("income", 1969.4)
    ('1969', '1,969')
    """
    is_year = "year" in words(column) and 1000 <= value < 3000
    return f"{value:.0f}" if is_year else number(value)


def words(column: str) -> list[str]:
    """Split a column name into lower-case words.

    Examples
    --------
    >>> words("MonthlyCharges"), words("Dt_Customer"), words("customerID"), words("NPS2024")
    (['monthly', 'charges'], ['dt', 'customer'], ['customer', 'id'], ['nps', '2024'])
    """
    return [part.lower() for part in _parts(column)]


def _parts(column: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)", " ", column)
    return [part for part in re.split(r"[\W_]+", spaced) if part]


def readable(column: str) -> str:
    """Write a column name as a person would; abbreviations keep their capitals, units their brackets.

    Examples
    --------
    >>> readable("MonthlyCharges"), readable("plan_tier"), readable("StreamingTV"), readable("NPS")
    ('Monthly charges', 'Plan tier', 'Streaming TV', 'NPS')
    >>> readable("Annual Income (k$)")
    'Annual income (k$)'
    """
    unit = re.fullmatch(r"(.*\w)\W*(\([^()]*\))\s*", column)
    if unit:
        return f"{readable(unit[1])} {unit[2]}"
    parts = _parts(column)
    if not parts:
        return column
    shouted = column.isupper() and len(parts) > 1
    kept = [part if part.isupper() and len(part) > 1 and not shouted else part.lower() for part in parts]
    text = " ".join(kept)
    return text[0].upper() + text[1:]
