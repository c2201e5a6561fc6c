"""Make the sample company: customers, orders, surveys and tickets of a firm that does not exist.

Thymeloft sells a meal-planning app with recipe boxes to households and small businesses. Behind every
customer stands one of five groups, and no customer is a pure example of hers: a *blend* says how much of each
group she has in her. Every column is drawn from that blend, so the groups overlap in all columns at once, as
real ones do.

Each customer keeps her own draws (her *luck*) for good. The later table reads the same luck with the later
blend: who did not move looks nearly as before, who moved looks like her new group.

Run ``python data/make_sample.py``; the same seed gives the same bytes.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 2026
FIRST_DAY = pd.Timestamp("2024-10-01")
AUTUMN = (pd.Timestamp("2026-09-30") - FIRST_DAY).days
WINTER = (pd.Timestamp("2026-12-31") - FIRST_DAY).days
YEAR = 365
MONTH = YEAR / 12
TOO_RECENT = 90

N_CUSTOMERS, N_NEW, N_LEFT = 5000, 350, 150
MOVED_SHARE = 0.07

GROUPS = np.array(["families", "bargain", "explorers", "drifting", "professionals"])
SHARES = (0.31, 0.25, 0.20, 0.14, 0.10)
MOVES = (  # row: from, column: to, as weights
    (0, 2, 2, 5, 1),
    (3, 0, 4, 2, 0.5),
    (2, 2, 0, 2, 2),
    (3, 4, 1, 0, 0),
    (2, 0, 2, 2, 0),
)
BLENDING = 0.9

# One number per group, in the order of GROUPS.
MONTHLY_LAPSE = (0.014, 0.034, 0.018, 0.125, 0.003)
ORDERS_A_MONTH = (0.36, 0.12, 0.33, 0.15, 0.80)
ORDER_AMOUNT = (40.0, 20.0, 34.0, 26.0, 74.0)
TICKETS_A_MONTH = (0.045, 0.035, 0.045, 0.30, 0.06)
RETURNED = (0.04, 0.05, 0.04, 0.11, 0.02)
CONVERTED = (0.20, 0.08, 0.36, 0.05, 0.42)
MOOD = (0.30, -0.10, 0.45, -1.80, 1.35)
PULSE = (0.1, -0.1, 0.2, -0.4, 0.2)

TIER_FACTOR = {"free": 0.75, "basic": 1.0, "plus": 1.15, "pro": 1.4}
SURVEY_EVERY, SURVEY_JITTER = 91, 20


def _rating(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 1, 5).astype(int)


def _share(values: np.ndarray) -> np.ndarray:
    return np.round(1 / (1 + np.exp(-values)), 2)


@dataclass(frozen=True)
class Amount:
    """A numeric column: a mean per group, a spread, and how the drawn number becomes the value shown.

    ``wobble`` is the part of the spread that is new in the later table; ``lasting`` columns ignore a move.
    """

    name: str
    means: tuple[float, ...]
    spread: float
    finish: Callable[[np.ndarray], np.ndarray]
    wobble: float = 0.0
    lasting: bool = False


@dataclass(frozen=True)
class Choice:
    """A column of levels: per group, how often each level occurs; ``lasting`` columns ignore a move."""

    name: str
    odds: dict[str, tuple[float, ...]]
    lasting: bool = False


AMOUNTS = (
    Amount("age", (40, 28, 34, 54, 45), 8, lambda v: np.clip(np.rint(v), 18, 84).astype(int), lasting=True),
    Amount(
        "household_size",
        (4.2, 1.6, 2.1, 2.4, 2.6),
        0.9,
        lambda v: np.clip(np.rint(v), 1, 7).astype(int),
        lasting=True,
    ),
    Amount("sessions_per_month", (2.2, 1.8, 3.0, 1.0, 2.6), 0.45, lambda v: np.round(np.exp(v), 1), 0.2),
    Amount("features_used_share", (-0.5, -1.1, 0.7, -1.8, 0.5), 0.6, _share, 0.2),
    Amount("weekend_share", (-0.9, -0.4, 0.6, -0.5, -1.7), 0.5, _share, 0.2),
    Amount("price_sensitivity", (3.1, 4.7, 2.7, 3.5, 1.7), 0.8, _rating),
    Amount("novelty_seeking", (2.5, 2.9, 4.6, 2.0, 3.5), 0.8, _rating),
    Amount("convenience_seeking", (4.6, 2.7, 2.5, 3.4, 3.9), 0.8, _rating),
    Amount("discount_share", (-1.6, 0.1, -1.5, -1.0, -2.8), 0.6, _share, 0.2),
    Amount("employees", (1.2, 1.0, 1.0, 1.4, 2.4), 0.8, lambda v: np.rint(np.exp(v)).astype(int) + 1),
)

CHOICES = (
    Choice("gender", {"female": (54,) * 5, "male": (43,) * 5, "other": (3,) * 5}, lasting=True),
    Choice(
        "country",
        {
            "Germany": (37,) * 5,
            "Ireland": (21,) * 5,
            "Netherlands": (18,) * 5,
            "Denmark": (13,) * 5,
            "Austria": (11,) * 5,
        },
        lasting=True,
    ),
    Choice(
        "area_type",
        {
            "city": (15, 50, 75, 15, 60),
            "suburb": (55, 20, 15, 20, 20),
            "town": (20, 20, 7, 30, 15),
            "rural": (10, 10, 3, 35, 5),
        },
        lasting=True,
    ),
    Choice(
        "device", {"ios": (45, 20, 65, 15, 25), "android": (45, 70, 25, 50, 10), "web": (10, 10, 10, 35, 65)}
    ),
    Choice("uses_integrations", {"Yes": (20, 8, 45, 4, 80), "No": (80, 92, 55, 96, 20)}),
    Choice("account_type", {"private": (98, 99, 97, 96, 30), "business": (2, 1, 3, 4, 70)}),
    Choice(
        "plan_tier",
        {
            "free": (8, 62, 12, 25, 1),
            "basic": (47, 32, 20, 55, 6),
            "plus": (40, 5, 58, 17, 23),
            "pro": (5, 1, 10, 3, 70),
        },
    ),
    Choice(
        "acquisition_channel",
        {
            "search": (30, 20, 20, 30, 30),
            "social": (20, 40, 40, 10, 8),
            "referral": (25, 10, 25, 10, 32),
            "partner": (15, 5, 10, 20, 25),
            "voucher": (10, 25, 5, 30, 5),
        },
        lasting=True,
    ),
    Choice(
        "channel_consent",
        {"email": (50, 45, 50, 45, 60), "email+sms": (30, 30, 35, 10, 25), "none": (20, 25, 15, 45, 15)},
    ),
)

TOPICS = {
    "billing": (25, 35, 15, 32, 30),
    "delivery": (40, 20, 25, 20, 25),
    "app error": (15, 20, 25, 33, 15),
    "recipes": (15, 10, 30, 5, 10),
    "account": (5, 15, 5, 10, 20),
}
TICKET_CHANNELS = {"email": (50, 45, 40, 40, 45), "chat": (40, 50, 55, 20, 25), "phone": (10, 5, 5, 40, 30)}
ORDER_CHANNELS = {"app": (80, 75, 82, 50, 30), "web": (18, 24, 17, 40, 60), "phone": (2, 1, 1, 10, 10)}

COMMENTS = {
    "low": (
        "Planner froze again",
        "Box came two days late",
        "Charged twice in May",
        "Nobody answered my mail",
        "Too hard to cancel a week",
        "Shopping list lost my items",
    ),
    "middle": ("Fine, but pricey", "More quick dishes please", "Does the job", "Portions vary a lot"),
    "high": (
        "Saves our weeknights",
        "Love the autumn menus",
        "The team plans with it daily",
        "Great new recipes",
        "Best list I ever used",
    ),
}


def stream(seed: int, name: str) -> np.random.Generator:
    """Random numbers for one purpose, so that a change in one column leaves all others as they were.

    Examples
    --------
    >>> bool(stream(1, "age").random() == stream(1, "age").random())
    True
    """
    return np.random.default_rng([seed, *name.encode()])


@dataclass(frozen=True)
class People:
    """Who the customers are: one array entry a customer, days counted from ``FIRST_DAY``."""

    customer_id: np.ndarray
    signup: np.ndarray
    group: np.ndarray
    blend: np.ndarray
    mood: np.ndarray
    purse: np.ndarray
    pulse: np.ndarray
    comeback: np.ndarray
    lapse: np.ndarray


@dataclass(frozen=True)
class Standing:
    """Where the customers stand on one day: their blend, whether they stopped, when they were last seen."""

    day: int
    blend: np.ndarray
    traits: pd.DataFrame
    stopped: np.ndarray
    won_back: np.ndarray
    last_seen: np.ndarray


def by_group(blend: np.ndarray, values: tuple[float, ...]) -> np.ndarray:
    """Each customer's own value, from the values of the groups she is a blend of.

    Examples
    --------
    >>> float(by_group(np.array([[0.5, 0.5, 0, 0, 0]]), (1, 3, 0, 0, 0))[0])
    2.0
    """
    return (blend * np.asarray(values, dtype=float)).sum(axis=1)


def pick(odds: dict[str, tuple[float, ...]], blend: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """One level per customer, by her blend of the groups' odds and her luck between 0 and 1."""
    weights = np.column_stack([by_group(blend, row) for row in odds.values()])
    edges = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    return np.array(list(odds))[(luck[:, None] > edges[:, :-1]).sum(axis=1)]


def group_numbers(n: int, rng: np.random.Generator) -> np.ndarray:
    """Group numbers of ``n`` customers in random order, the sizes as in ``SHARES``."""
    edges = np.rint(np.cumsum(SHARES) * n).astype(int)
    return rng.permutation(np.repeat(np.arange(len(GROUPS)), np.diff(edges, prepend=0)))


def blends(group: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How much of each group is in each customer: rows sum to 1, most of it her own group."""
    pull = BLENDING * rng.beta(2, 3, size=(len(group), 1))
    return (1 - pull) * np.eye(len(GROUPS))[group] + pull * rng.dirichlet(np.ones(len(GROUPS)), len(group))


def customer_ids(n: int, rng: np.random.Generator) -> np.ndarray:
    """Rising numbers with gaps, as text of seven digits."""
    return np.array([f"{number:07d}" for number in 1200 + np.cumsum(rng.integers(1, 25, n))])


def signup_days(rng: np.random.Generator) -> np.ndarray:
    """Sign-up days in rising order: a growing company over two years, then the newcomers of three months."""
    early = np.floor((AUTUMN + 1) * rng.random(N_CUSTOMERS) ** 0.85)
    late = rng.integers(AUTUMN + 1, WINTER - 1, N_NEW)
    return np.concatenate([np.sort(early), np.sort(late)]).astype(int)


def lapse_days(
    since: np.ndarray, blend: np.ndarray, mood: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Draw the day each customer stops: a constant monthly risk by blend, lower for the happier ones."""
    risk = np.exp(by_group(blend, np.log(MONTHLY_LAPSE)) - 0.55 * mood)
    return np.floor(since + 5 + MONTH * rng.exponential(size=len(since)) / risk)


def make_people(seed: int) -> People:
    """All customers of both tables; the newcomers of the later one come last."""
    n = N_CUSTOMERS + N_NEW
    rng = stream(seed, "people")
    group = np.concatenate([group_numbers(N_CUSTOMERS, rng), group_numbers(N_NEW, rng)])
    blend, signup, mood = blends(group, rng), signup_days(rng), rng.normal(size=n)
    return People(
        customer_id=customer_ids(n, rng),
        signup=signup,
        group=group,
        blend=blend,
        mood=mood,
        purse=rng.normal(size=n),
        pulse=rng.normal(size=n),
        comeback=np.where(rng.random(n) < 0.14, rng.integers(60, 150, n), 10 * YEAR),
        lapse=lapse_days(signup, blend, mood, stream(seed, "lapse")),
    )


def traits(people: People, blend: np.ndarray, later: bool, seed: int) -> pd.DataFrame:
    """Draw the columns that describe a customer, complete, from the same luck in both tables."""
    columns = {}
    for amount in AMOUNTS:
        rng, n = stream(seed, amount.name), len(blend)
        luck = rng.normal(size=n)
        if later:
            luck = np.sqrt(1 - amount.wobble**2) * luck + amount.wobble * rng.normal(size=n)
        middle = by_group(people.blend if amount.lasting else blend, amount.means)
        columns[amount.name] = amount.finish(middle + amount.spread * luck)
    for choice in CHOICES:
        luck = stream(seed, choice.name).random(len(blend))
        columns[choice.name] = pick(choice.odds, people.blend if choice.lasting else blend, luck)
    return pd.DataFrame(columns)


def standing(people: People, day: int, blend: np.ndarray, lapse: np.ndarray, seed: int) -> Standing:
    """Where the customers stand on ``day``; who is not signed up yet counts as seen on her first day."""
    later = day != AUTUMN
    table = traits(people, blend, later, seed)
    won_back = lapse + people.comeback <= day
    stopped = (lapse <= day) & ~won_back
    between_visits = 40 / table["sessions_per_month"].to_numpy()
    pause = np.floor(stream(seed, f"pause {later}").exponential(size=len(lapse)) * between_visits)
    seen = np.maximum(day - np.minimum(pause, 60), people.signup)
    last_seen = np.where(stopped, np.maximum(lapse, people.signup), seen).astype(int)
    return Standing(day, blend, table, stopped, won_back, last_seen)


def later_groups(people: People, autumn: Standing, seed: int) -> np.ndarray:
    """Group numbers three months later: a few of the customers still active have moved."""
    rng = stream(seed, "moves")
    able = np.flatnonzero(~autumn.stopped[:N_CUSTOMERS])
    movers = rng.choice(able, size=round(MOVED_SHARE * (N_CUSTOMERS - N_LEFT)), replace=False)
    weights = np.asarray(MOVES, dtype=float)[people.group[movers]]
    edges = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    group = people.group.copy()
    group[movers] = (rng.random((len(movers), 1)) > edges).sum(axis=1)
    return group


def later_standing(people: People, autumn: Standing, group: np.ndarray, seed: int) -> Standing:
    """Where the customers stand at the end of December: movers have a new blend and a new risk to stop."""
    rng = stream(seed, "later")
    moved = group != people.group
    blend = np.where(moved[:, None], blends(group, rng), people.blend)
    fresh = lapse_days(np.full(len(group), AUTUMN), blend, people.mood, rng)
    lapse = np.where(moved & ~autumn.won_back, fresh, people.lapse)
    return standing(people, WINTER, blend, lapse, seed)


def happenings(
    people: People, now: Standing, start: int, monthly: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw random events from day ``start`` until a customer was last seen: ``who`` and ``day``, in order."""
    first = np.maximum(people.signup, start)
    days = np.maximum(now.last_seen - first + 1, 0)
    who = np.repeat(np.arange(len(days)), rng.poisson(monthly * days / MONTH))
    day = first[who] + np.floor(rng.random(len(who)) * days[who]).astype(int)
    return pd.DataFrame({"who": who, "day": day}).sort_values(
        ["day", "who"], kind="stable", ignore_index=True
    )


def orders(people: People, now: Standing, start: int, seed: int) -> pd.DataFrame:
    """Draw orders from day ``start`` on: how many and how much follow blend, purse, plan and discounts."""
    rng = stream(seed, f"orders {start}")
    monthly = np.exp(by_group(now.blend, np.log(ORDERS_A_MONTH)) + 0.35 * people.purse)
    found = happenings(people, now, start, monthly, rng)
    who, tier = found["who"].to_numpy(), now.traits["plan_tier"].map(TIER_FACTOR).to_numpy()
    usual = np.exp(by_group(now.blend, np.log(ORDER_AMOUNT)) + 0.3 * people.purse) * tier
    usual = usual * (1 - 0.4 * now.traits["discount_share"].to_numpy())
    amount = np.round(usual[who] * np.exp(0.4 * rng.normal(size=len(who))), 2)
    channel = pick(ORDER_CHANNELS, now.blend[who], rng.random(len(who)))
    returned = np.where(rng.random(len(who)) < by_group(now.blend[who], RETURNED), "Yes", "No")
    return found.assign(amount=amount, channel=channel, returned=returned)


def tickets(people: People, now: Standing, start: int, seed: int) -> pd.DataFrame:
    """Draw calls for help from day ``start`` on, more from the drifting and the less happy; some are open."""
    rng = stream(seed, f"tickets {start}")
    monthly = np.exp(by_group(now.blend, np.log(TICKETS_A_MONTH)) - 0.3 * people.mood)
    found = happenings(people, now, start, monthly, rng)
    who = found["who"].to_numpy()
    closed = found["day"] + np.floor(rng.gamma(1.2, 2.5, len(who)))
    return found.assign(
        closed=closed.where(closed <= now.day),
        channel=pick(TICKET_CHANNELS, now.blend[who], rng.random(len(who))),
        topic=pick(TOPICS, now.blend[who], rng.random(len(who))),
    )


def feeling(people: People, now: Standing) -> np.ndarray:
    """How content each customer is: 0 is so-so, 1 is happy, -1 is unhappy."""
    return by_group(now.blend, MOOD) + 0.75 * people.mood


def willingness(people: People, now: Standing) -> np.ndarray:
    """Chance to answer one survey: higher for frequent visitors, the unhappy and the very happy."""
    visits = np.log(now.traits["sessions_per_month"].to_numpy()) - 2.2
    return np.clip(0.235 + 0.07 * visits + 0.15 * (np.abs(feeling(people, now) - 0.1) - 0.6), 0.03, 0.8)


def survey_answers(people: People, now: Standing, start: int, seed: int) -> pd.DataFrame:
    """Draw survey answers from day ``start`` on: nearly all hold a CSAT, most an NPS as well."""
    rng, n = stream(seed, f"surveys {start}"), len(people.signup)
    waves = np.arange(SURVEY_EVERY // 2, WINTER, SURVEY_EVERY)
    waves = waves[(waves >= start) & (waves <= now.day - SURVEY_JITTER)]
    day = waves + rng.integers(0, SURVEY_JITTER, (n, len(waves)))
    asked = (day >= people.signup[:, None] + 14) & (day <= now.last_seen[:, None])
    who, wave = np.nonzero(asked & (rng.random(day.shape) < willingness(people, now)[:, None]))
    mood = feeling(people, now)[who]
    found = pd.DataFrame(
        {"who": who, "day": day[who, wave], "csat": _csat(mood, rng), "nps": _nps(mood, rng)}
    )
    found = found[found["csat"].notna() | found["nps"].notna()]
    found = found.assign(comment=comments(found["csat"], rng))
    return found.sort_values(["day", "who"], kind="stable", ignore_index=True)


def _csat(mood: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    score = np.clip(np.rint(3.6 + 0.9 * mood + 0.55 * rng.normal(size=len(mood))), 1, 5)
    return np.where(rng.random(len(mood)) < 0.93, score, np.nan)


def _nps(mood: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    score = np.clip(np.rint(7.4 + 1.9 * mood + 1.0 * rng.normal(size=len(mood))), 0, 10)
    return np.where(rng.random(len(mood)) < 0.66, score, np.nan)


def comments(csat: pd.Series, rng: np.random.Generator) -> np.ndarray:
    """Pick a short text for about one answer in seven, fitting the CSAT; empty where CSAT is missing."""
    kind = np.select([csat <= 2, csat == 3, csat >= 4], ["low", "middle", "high"], default="")
    luck, which = rng.random(len(csat)), rng.random(len(csat))
    said = [COMMENTS[k][int(w * len(COMMENTS[k]))] if k else "" for k, w in zip(kind, which, strict=True)]
    return np.where(luck < 0.15, said, "")


def journey_stages(people: People, now: Standing, seed: int) -> np.ndarray:
    """Assign the stage as the CRM does: from mail clicks and stale rules, so visits often say otherwise."""
    rng, n = stream(seed, "journey"), len(people.signup)
    pulse = people.pulse + by_group(now.blend, PULSE) - 1.4 * now.stopped
    stage = np.select([pulse < -1.7, pulse < -0.8], ["lapsed", "at risk"], default="active")
    luck = rng.random(n)
    stage = np.where(now.won_back & (luck < 0.7) | (luck > 0.985), "won back", stage)
    return np.where(now.day - people.signup < 75, "new", stage)


def per_customer(events: pd.DataFrame, n: int, amount: str | None = None) -> np.ndarray:
    """Count the events of each of ``n`` customers, or sum their ``amount``; 0 where there are none."""
    return np.bincount(events["who"], weights=events[amount] if amount else None, minlength=n)


def money(
    people: People, now: Standing, bought: pd.DataFrame, asked: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Orders and tickets since sign-up, revenue and cost of the year up to the day of the table."""
    n, year_start = len(people.signup), now.day - YEAR
    year, calls = bought[bought["day"] > year_start], per_customer(asked[asked["day"] > year_start], n)
    revenue = np.round(per_customer(year, n, "amount"), 2)
    refunds = per_customer(year[year["returned"] == "Yes"], n, "amount")
    upkeep = 7 + 0.12 * now.traits["sessions_per_month"].to_numpy() + 8 * calls
    noise = np.exp(0.3 * stream(seed, "cost").normal(size=n))
    return pd.DataFrame(
        {
            "revenue": revenue,
            "cost": np.round(upkeep * noise + 0.09 * revenue + 0.5 * refunds, 2),
            "orders": per_customer(bought, n),
            "tickets": per_customer(asked, n),
        }
    )


def converted(people: People, now: Standing, seed: int) -> np.ndarray:
    """Yes for who ever accepted an upgrade offer; a Yes stays when a customer moves."""
    luck = stream(seed, "converted").random(len(people.signup))
    chance = np.maximum(by_group(now.blend, CONVERTED), by_group(people.blend, CONVERTED))
    return np.where(luck < chance * np.exp(0.15 * people.mood), "Yes", "No")


def with_gaps(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Blank what customers did not tell: some ages, quiz answers, and staff numbers of all private ones."""
    rng, n = stream(seed, "gaps"), len(table)
    no_quiz = rng.random(n) < 0.05
    gaps = {
        "age": rng.random(n) < 0.03,
        "price_sensitivity": no_quiz | (rng.random(n) < 0.02),
        "novelty_seeking": no_quiz | (rng.random(n) < 0.04),
        "convenience_seeking": no_quiz | (rng.random(n) < 0.07),
        "employees": (table["account_type"] == "private").to_numpy() | (rng.random(n) < 0.08),
    }
    return table.assign(**{name: table[name].astype("Int64").mask(gap) for name, gap in gaps.items()})


COLUMNS = [
    "customer_id",
    "signup_date",
    "last_activity_date",
    "tenure_months",
    "age",
    "gender",
    "household_size",
    "country",
    "area_type",
    "account_type",
    "employees",
    "acquisition_channel",
    "channel_consent",
    "device",
    "uses_integrations",
    "sessions_per_month",
    "features_used_share",
    "weekend_share",
    "price_sensitivity",
    "novelty_seeking",
    "convenience_seeking",
    "plan_tier",
    "discount_share",
    "journey_stage",
    "csat",
    "nps",
    "retained",
    "converted",
    "orders",
    "revenue",
    "cost",
    "tickets",
]


def customer_table(
    people: People, now: Standing, bought: pd.DataFrame, asked: pd.DataFrame, said: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """One row a customer (newcomers included), all columns of the export as on the day of ``now``."""
    everyone = range(len(people.signup))
    latest = said.groupby("who")[["csat", "nps"]].last().reindex(everyone).astype("Int64")
    retained = np.where(now.day - people.signup < TOO_RECENT, "", np.where(now.stopped, "No", "Yes"))
    table = pd.concat([with_gaps(now.traits, seed), money(people, now, bought, asked, seed), latest], axis=1)
    return table.assign(
        customer_id=people.customer_id,
        signup_date=dates(people.signup),
        last_activity_date=dates(now.last_seen),
        tenure_months=np.floor((now.day - people.signup) / MONTH).astype(int),
        journey_stage=journey_stages(people, now, seed),
        retained=retained,
        converted=converted(people, now, seed),
    )[COLUMNS]


def dates(days: np.ndarray | pd.Series) -> pd.Series:
    """Days counted from ``FIRST_DAY`` as ISO text; empty where missing.

    Examples
    --------
    >>> dates(np.array([0, 729])).tolist()
    ['2024-10-01', '2026-09-30']
    """
    return (FIRST_DAY + pd.to_timedelta(pd.Series(days), unit="D")).dt.strftime("%Y-%m-%d")


def event_file(
    events: pd.DataFrame, people: People, key: str, first_number: int, names: dict[str, str]
) -> pd.DataFrame:
    """Give events numbers and dates for a file; ``names`` maps the columns kept to the names written."""
    dated = events.assign(**{name: dates(events[name]) for name in ("day", "closed") if name in events})
    dated = dated.assign(customer_id=people.customer_id[events["who"]])
    dated[key] = np.arange(first_number, first_number + len(events)).astype(str)
    return dated[[key, "customer_id", *names]].rename(columns=names)


def truth_table(people: People, group: np.ndarray, left: np.ndarray) -> pd.DataFrame:
    """Name the planted group of every customer in both tables; empty where she is not in the table."""
    known = np.arange(len(group)) < N_CUSTOMERS
    return pd.DataFrame(
        {
            "customer_id": people.customer_id,
            "latent_group": np.where(known, GROUPS[people.group], ""),
            "latent_group_later": np.where(left, "", GROUPS[group]),
        }
    )


def who_left(people: People, autumn: Standing, moved: np.ndarray, seed: int) -> np.ndarray:
    """Which customers deleted their account before the later table: mostly some who had already stopped."""
    weight = np.where(autumn.stopped, 6.0, 1.0) * ~moved
    weight[N_CUSTOMERS:] = 0
    left = stream(seed, "left").choice(len(weight), N_LEFT, replace=False, p=weight / weight.sum())
    return np.isin(np.arange(len(weight)), left)


def make_sample(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """All tables of the sample company.

    Parameters
    ----------
    seed : int
        Same seed, same tables.

    Returns
    -------
    dict of str to DataFrame
        File name to table, ready to be written.
    """
    people = make_people(seed)
    autumn = standing(people, AUTUMN, people.blend, people.lapse, seed)
    group = later_groups(people, autumn, seed)
    winter = later_standing(people, autumn, group, seed)
    left = who_left(people, autumn, group != people.group, seed)

    known = _until_autumn(people, autumn, seed)
    since = [make(people, winter, AUTUMN + 1, seed) for make in (orders, tickets, survey_answers)]
    total = [pd.concat(pair, ignore_index=True) for pair in zip(known, since, strict=True)]
    return {
        "customers.csv": customer_table(people, autumn, *known, seed=seed).iloc[:N_CUSTOMERS],
        "customers_2026-12.csv": customer_table(people, winter, *total, seed=seed)[~left],
        **_event_files(people, *known),
        "truth.csv": truth_table(people, group, left),
    }


def _until_autumn(people: People, autumn: Standing, seed: int) -> list[pd.DataFrame]:
    """Orders, tickets and survey answers of the two years, newcomers left out."""
    made = [make(people, autumn, 0, seed) for make in (orders, tickets, survey_answers)]
    return [events[events["who"] < N_CUSTOMERS].reset_index(drop=True) for events in made]


def _event_files(
    people: People, bought: pd.DataFrame, asked: pd.DataFrame, said: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    said = said.astype({"csat": "Int64", "nps": "Int64"})
    order_columns = {"day": "order_date", "amount": "amount", "channel": "channel", "returned": "returned"}
    survey_columns = {"day": "date", "csat": "csat", "nps": "nps", "comment": "comment"}
    ticket_columns = {"day": "opened", "closed": "closed", "channel": "channel", "topic": "topic"}
    return {
        "orders.csv": event_file(bought, people, "order_id", 300001, order_columns),
        "surveys.csv": event_file(said, people, "survey_id", 50001, survey_columns),
        "tickets.csv": event_file(asked, people, "ticket_id", 70001, ticket_columns),
    }


def write_sample(folder: Path, seed: int = SEED) -> list[Path]:
    """Write all tables into ``folder`` as CSV (UTF-8, comma, empty where missing); return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in make_sample(seed).items():
        money_format = {c: table[c].map("{:.2f}".format) for c in ("revenue", "cost", "amount") if c in table}
        path = folder / name
        path.write_bytes(table.assign(**money_format).to_csv(index=False, lineterminator="\n").encode())
        paths.append(path)
    return paths


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description="Make the files of the sample company.")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "sample", help="folder to write into"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="same seed, same files")
    options = parser.parse_args()
    for path in write_sample(options.out, options.seed):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
