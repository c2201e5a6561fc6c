"""The customers that the files are made of: invented, seeded, the same in every run."""

import datetime
import random
from collections.abc import Callable, Sequence

PLANS = ("Basic", "Plus", "Pro")
NAMES = ("customer_id", "plan", "age", "spend", "signup_date", "churned")
ROWS = 24


def _customers(rows: int = ROWS) -> dict[str, list]:
    """Make customers of every kind of column; days above 12 occur, so that dates tell their order."""
    chance = random.Random("customers")
    start = datetime.date(2021, 1, 1)
    return {
        "customer_id": [f"C{place:04}" for place in range(1, rows + 1)],
        "plan": [chance.choice(PLANS) for _ in range(rows)],
        "age": [chance.randint(19, 78) for _ in range(rows)],
        "spend": [chance.randint(500, 90_000) / 100 for _ in range(rows)],
        "signup_date": [start + datetime.timedelta(chance.randint(0, 1200)) for _ in range(rows)],
        "churned": [place % 4 == 1 for place in range(rows)],
    }


CUSTOMERS = _customers()


def plain(values: Sequence[object]) -> list[object]:
    """Write values as expectations: dates in ISO order, everything else as it is."""
    return [value.isoformat() if isinstance(value, datetime.date) else value for value in values]


EXPECTED = {name: plain(values) for name, values in CUSTOMERS.items()}


def point(value: float) -> str:
    """Write money with two decimals and a point."""
    return f"{value:.2f}"


def comma(value: float) -> str:
    """Write money with two decimals and a comma."""
    return f"{value:.2f}".replace(".", ",")


def texts(
    money: Callable[[float], str] = point,
    day: Callable[[datetime.date], str] = datetime.date.isoformat,
    words: tuple[str, str] = ("No", "Yes"),
) -> list[list[str]]:
    """Write the customers as cells of text, the header first."""
    written = CUSTOMERS | {
        "age": list(map(str, CUSTOMERS["age"])),
        "spend": list(map(money, CUSTOMERS["spend"])),
        "signup_date": list(map(day, CUSTOMERS["signup_date"])),
        "churned": [words[churned] for churned in CUSTOMERS["churned"]],
    }
    return [list(NAMES), *map(list, zip(*written.values(), strict=True))]


def without(*places: int) -> dict[str, list[object]]:
    """The expected values without some rows, counted from 0."""
    return {
        name: [value for place, value in enumerate(values) if place not in places]
        for name, values in EXPECTED.items()
    }


def shuffled(values: Sequence[object], seed: str) -> list:
    """Put values into an order of their own."""
    order = list(values)
    random.Random(seed).shuffle(order)
    return order


def cycled(values: Sequence[object], rows: int = ROWS) -> list:
    """Repeat values until there are enough rows."""
    return [values[place % len(values)] for place in range(rows)]
