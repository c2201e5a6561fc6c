"""Where to invest, in words: who deserves money first, how firm that is, what the scorecard says."""

from collections.abc import Mapping, Sequence
from math import isnan, nan

import pandas as pd

from segkit.customers.meanings.roles import find_role
from segkit.insights.kpi_text import value_text
from segkit.insights.profiles import Trait
from segkit.labels import MISSING, in_sentence, listing, number, percent, plural, readable, span
from segkit.measures.definitions import find_kpi
from segkit.measures.estimates import Estimate
from segkit.measures.kpis import KpiTable
from segkit.measures.priorities import (
    ATTRACTIVENESS,
    AXES,
    AXIS_LABELS,
    FIT,
    MIDDLE,
    Cell,
    Micro,
    MicroTable,
    Priorities,
    Priority,
    Scored,
    Scores,
    Swap,
    share_of_worth,
    worth_key,
)
from segkit.measures.savings import Assumed, Lever, Now, Saving, Split
from segkit.measures.scorecard import (
    COST_UNKNOWN,
    CRITERIA,
    DEFINED,
    FAIL,
    FROM_REVENUE,
    MEASURING,
    NOT_JUDGED,
    PASS,
    UNTOLD,
    WATCH,
    Check,
    Criterion,
    Finding,
    Judgement,
    Reach,
    Scorecard,
)
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN
from segkit.segments.segmentation import Segment

STATUS_SIGNS = {PASS: "✓", WATCH: "◑", FAIL: "✗", UNTOLD: "?", NOT_JUDGED: "–"}
STATUS_WORDS = {
    PASS: "Pass",
    WATCH: "Watch",
    FAIL: "Fail",
    UNTOLD: "Can’t tell",
    NOT_JUDGED: "Not judged",
}
CLOSE = 0.05  # first in at least so many of the draws: it may be the first
MOST_NAMED, MOST_CAUSES = 4, 3  # more changes of place, and reasons of one, nobody reads


def money_text(value: float, unit: str) -> str:
    """Write money, with its currency where the unit names one.

    Examples
    --------
    >>> money_text(1204.4, "EUR per customer"), money_text(-3.5, "money per customer")
    ('EUR\u202f1,204', '−3.50')
    """
    text = value_text(find_kpi("revenue"), value, unit)
    return text.removesuffix(".00") if value == 0 else text


def money_with_span(estimate: Estimate, unit: str) -> str:
    """Write money with its interval: "1,204 (1,100 to 1,310)"; no interval where there is none."""
    text = money_text(estimate.value, unit)
    if isnan(estimate.low) or isnan(estimate.high) or estimate.low == estimate.high:
        return text
    low, high = (money_text(edge, "") for edge in (estimate.low, estimate.high))
    return f"{text} ({span(low, high)})"


def quoted(name: str) -> str:
    """A name in quotes."""
    return f"“{name}”"


def indicative_text(n: int) -> str:
    """Say that few answers are behind a number; empty from 30 on."""
    return "" if n >= SMALLEST_RANKED else "indicative"


# --- who comes first -------------------------------------------------------------------------------


def before_weights(found: Scores) -> str:
    """Say what can be weighed, before anybody has seen a ranking."""
    telling = [one for one in found.criteria if one.criterion.key != "size"]
    if not telling:
        return (
            "Only sizes can be compared so far: no column tells what customers bring or how well you "
            "serve them."
        )
    counts = [(len(found.on(ATTRACTIVENESS)), "an attractive segment"), (len(found.on(FIT)), "a good fit")]
    parts = [f"{plural(count, 'sign')} of {meaning}" for count, meaning in counts if count]
    return f"Your data hold {listing(parts)}: say what counts, and see who comes first."


def priority_headline(found: Priorities, kpis: KpiTable) -> str:
    """Say who deserves the first euro; where that does not hold, say between whom it is open.

    It holds if the segment is first in 95 of 100 draws of all values within their intervals, and stays first
    when any one weight is a fifth higher or lower.
    """
    if not found.tells:
        return "Only size counts with these weights, so the largest segment comes first."
    if len(found.ranked) < 2:
        return (
            f"Too few segments can be ranked: each needs {SMALLEST_RANKED} customers, and as many answers in "
            "what counts."
        )
    top = found.ranked[0]
    if found.holds:
        facts = listing(_facts(found, top, kpis), 4)
        if worth_key(kpis):
            return f"{quoted(top.segment.name)} deserve the first euro: {facts}."
        return f"{quoted(top.segment.name)} come first: {facts}; no column tells what customers bring."
    aim = " for the first euro" if worth_key(kpis) else ""
    return f"{quoted(top.segment.name)} lead{aim}, but not firmly: {_why_open(found)}."


def _facts(found: Priorities, top: Priority, kpis: KpiTable) -> list[str]:
    facts = [f"{percent(top.share)} of customers"]
    share, money = share_of_worth(kpis, top.segment.key), worth_key(kpis)
    if not isnan(share):
        facts.append(f"{percent(share)} of {money}")
    best = _clearest_fit(found, top, kpis)
    return [*facts, best] if best else facts


def _clearest_fit(found: Priorities, top: Priority, kpis: KpiTable) -> str:
    """What speaks most for its fit, of what is reliably better than among the others."""
    place = found.scores.segments.index(top.segment)
    told = []
    for one in found.scores.on(FIT):
        row = kpis.find(top.segment.key, one.criterion.kpi)
        good = "higher" if one.criterion.better > 0 else "lower"
        if row is not None and row.verdict == good and row.n >= SMALLEST_RANKED:
            told.append((one.cells[place].score, one))
    if not told:
        return ""
    best = max(told, key=lambda pair: pair[0])[1]
    label = in_sentence(kpis.definition(best.criterion.kpi).label)
    return f"{label} {cell_value(best, best.cells[place])}"


def _rivals(found: Priorities) -> list[Priority]:
    """The first, those who are first often enough in the draws, and those whom another weight puts first."""
    top = found.ranked[0]
    passed = {swap.up for swap in found.swaps if swap.down == top.segment.key}
    return [one for one in found.ranked if one is top or one.first >= CLOSE or one.segment.key in passed]


def _why_open(found: Priorities) -> str:
    """Who else may be first: by another weight, else by chance."""
    top = found.ranked[0]
    swap = next((swap for swap in found.swaps if swap.down == top.segment.key), None)
    if swap is not None:
        other = next(one for one in found.ranked if one.segment.key == swap.up)
        return f"{quoted(other.segment.name)} come first if {_moved(swap.label, swap.more)}"
    other = max(found.ranked[1:], key=lambda one: one.first)
    return f"{quoted(other.segment.name)} come first in {percent(other.first)} of repeats"


def _moved(label: str, more: bool) -> str:
    return f"{in_sentence(label)} counts a fifth {'more' if more else 'less'}"


def swaps_text(found: Priorities) -> list[str]:
    """Say which segments change places when a weight is a fifth higher or lower, pair by pair."""
    names = {one.key: quoted(one.name) for one in found.scores.segments}
    causes: dict[tuple[str, str], list[Swap]] = {}
    for swap in found.swaps:
        causes.setdefault((swap.up, swap.down), []).append(swap)
    lines = [f"{names[up]} come before {names[down]} {_cause(some)}." for (up, down), some in causes.items()]
    rest = len(lines) - MOST_NAMED
    more = [f"{plural(rest, 'more pair changes', 'more pairs change')} places."] if rest > 0 else []
    return lines[:MOST_NAMED] + more


def _cause(swaps: Sequence[Swap]) -> str:
    parts: list[str] = []
    for more, word in ((True, "more weight"), (False, "less")):
        labels = [in_sentence(swap.label) for swap in swaps if swap.more == more]
        if labels:
            word = "less weight" if word == "less" and not parts else word
            parts.append(f"a fifth {word} on {listing(labels, MOST_CAUSES).replace(' and ', ' or ')}")
    return "with " + " or ".join(parts)


def firm_text(found: Priorities) -> str:
    """Say how firm the order is against other weights; empty where there is none."""
    if len(found.ranked) < 2:
        return ""
    if not found.swaps:
        return "No weight that is a fifth higher or lower changes the order."
    if all(swap.down != found.ranked[0].segment.key for swap in found.swaps):
        return "The first place does not hang on the weights; the order behind it does."
    return "The first place hangs on the weights: a fifth more or less on one of them changes it."


def priority_title(found: Priorities) -> str:
    """The finding of the map."""
    if len(found.ranked) < 2 or not found.tells:
        return "Segments by what they bring and how well they fit"
    top = found.ranked[0]
    if not found.holds:
        return f"Open for the first place: {listing([quoted(one.segment.name) for one in _rivals(found)])}"
    both = all(part >= MIDDLE for part in (top.attractiveness, top.fit))
    how = ": attractive and a good fit" if both else " with these weights"
    return f"{quoted(top.segment.name)} come first{how}"


def priority_alt(found: Priorities) -> str:
    """Say in words what the map shows: its title and all places."""
    places = [f"{one.rank}. {quoted(one.segment.name)} {number(one.score, 0)}" for one in found.ranked]
    return f"{priority_title(found)}. By priority from 0 to 100: {listing(places, 12)}."


def weights_text(found: Priorities) -> str:
    """Say what counts how much, axis by axis."""
    parts = []
    for axis in AXES:
        on = [one for one in found.scores.on(axis) if found.weights[one.criterion.key] > 0]
        if on and found.weights[axis] > 0:
            parts.append(f"{AXIS_LABELS[axis]}{_times(found.weights[axis])}: {_weighed(on, found.weights)}")
    return "; ".join(parts) + "."


def _weighed(on: Sequence[Scored], weights: Mapping[str, float]) -> str:
    labels = [in_sentence(one.criterion.label) + _times(weights[one.criterion.key]) for one in on]
    return listing(labels, 12)


def _times(weight: float) -> str:
    return "" if weight == 1 else f" (× {number(weight)})"


def criterion_note(one: Scored) -> str:
    """What must be known of a criterion: that nobody differs, or that it formed the segments; else empty."""
    if one.circular:
        return "↻ formed the segments"
    return "" if one.differs else "no reliable difference, so all score 50"


def cell_value(one: Scored, cell: Cell) -> str:
    """Write the value of a criterion."""
    return value_text(one.definition, cell.estimate.value, one.unit)


def priority_numbers(found: Priorities) -> pd.DataFrame:
    """The numbers behind the map, a row per segment: rank, scores, and value and score of each criterion."""
    rows = []
    for one in found.rows:
        place = found.scores.segments.index(one.segment)
        row: dict[str, object] = {
            "Rank": one.rank or None,
            "Segment": one.segment.name,
            "Customers": one.customers,
            "Share of customers (%)": round(100 * one.share, 1),
            "Priority": _rounded(one.score),
            "Attractiveness": _rounded(one.attractiveness),
            "Fit": _rounded(one.fit),
            "First in repeats (%)": _rounded(100 * one.first),
            "Not ranked because": one.unranked,
        }
        for scored in found.scores.criteria:
            cell, label = scored.cells[place], scored.criterion.label
            row[label] = None if isnan(cell.estimate.value) else cell.estimate.value
            row[f"{label}: score"] = _rounded(cell.score)
            row[f"{label}: weight"] = found.weights[scored.criterion.key]
        rows.append(row)
    return pd.DataFrame(rows).astype({"Rank": "Int64"})


def _rounded(value: float) -> float | None:
    return None if isnan(value) else round(value, 1)


# --- the scorecard ---------------------------------------------------------------------------------


def strongest_traits(
    traits: Mapping[str, Sequence[Trait]], segments: Sequence[Segment], leave_out: Sequence[str], others: bool
) -> dict[str, tuple[float, str]]:
    """Size and words of what sets each segment apart most, as the scorecard wants it.

    Parameters
    ----------
    traits : mapping of segment key to traits, the largest first
    segments : sequence of Segment
    leave_out : sequence of str
        Columns that define segments by a rule: that these differ in them says nothing.
    others : bool
        Whether there are other columns to differ in; without any it cannot be told.
    """
    if not others:
        return dict.fromkeys((one.key for one in segments), (nan, "nothing but what defines it is known"))
    kept = {key: [one for one in some if one.column not in leave_out] for key, some in traits.items()}
    return {key: (some[0].effect, some[0].sentence) for key, some in kept.items() if some}


def scorecard_sentence(card: Scorecard) -> str:
    """Say how many segments pass, and which fail on what."""
    by_status = {one.key: card.overall(one.key) for one in card.segments}
    if not by_status:
        return "No segment has enough customers to be judged."
    failing = [
        f"{in_sentence(criterion.label)}: {listing(names, 12)}"
        for criterion in CRITERIA
        if (names := _failing(card, criterion))
    ]
    if failing:
        count = sum(status == FAIL for status in by_status.values())
        return f"{plural(count, 'segment fails', 'segments fail')}. On {'; on '.join(failing)}."
    if all(status == PASS for status in by_status.values()):
        return f"All {plural(len(by_status), 'segment')} pass all five criteria."
    parts = [
        f"{said}: {listing(labels)}"
        for status, said in ((WATCH, "To watch"), (UNTOLD, "Can’t tell in full yet"))
        if (labels := _criteria_with(card, status))
    ]
    return f"No segment fails. {'. '.join(parts)}."


def _failing(card: Scorecard, criterion: Criterion) -> list[str]:
    return [
        quoted(one.segment.name)
        for one in card.judgements
        if (one.criterion, one.status) == (criterion, FAIL)
    ]


def _criteria_with(card: Scorecard, status: str) -> list[str]:
    """The criteria that have a status in any segment, each with how many where not all have it."""
    found = []
    for criterion in dict.fromkeys(one.criterion for one in card.judgements):
        having = [one for one in card.judgements if (one.criterion, one.status) == (criterion, status)]
        if having:
            some = "" if len(having) == len(card.segments) else f" ({plural(len(having), 'segment')})"
            found.append(in_sentence(criterion.label) + some)
    return found


def _failed(card: Scorecard, segment: str) -> Judgement:
    return next(one for one in card.of(segment) if one.status == FAIL)


def status_text(status: str) -> str:
    """Sign and word of a status.

    Examples
    --------
    >>> status_text("watch")
    '◑ Watch'
    """
    return f"{STATUS_SIGNS[status]} {STATUS_WORDS[status]}"


def judgement_reasons(one: Judgement, card: Scorecard, reach: Reach | None = None) -> list[str]:
    """Say why a criterion has its status, a line per check; where it was not judged, say that."""
    if one.status == NOT_JUDGED:
        return [f"ends at {in_sentence(_failed(card, one.segment.key).criterion.label)}"]
    return [finding_text(finding, card.unit, one.segment.key, reach) for finding in one.findings]


def finding_text(found: Finding, unit: str, segment: str = "", reach: Reach | None = None) -> str:
    """Say what a check found: its number in words, what is missing, and the border that was missed."""
    if found.why == DEFINED:
        return "a rule defines it, so it is the same each time"
    if found.status == UNTOLD:
        return f"{in_sentence(found.check.label)}: {_lacking(found)}"
    text = _WORDS[found.check.key](found, unit)
    if found.check.key == "reachable" and reach is not None and len(reach.channels) > 1:
        shares = [f"{name} {percent(by[segment])}" for name, by in reach.channels.items() if segment in by]
        text += f" ({listing(shares)})"
    return text + _missed(found, unit)


def _lacking(found: Finding) -> str:
    if found.why == MEASURING:
        return "being measured"
    if found.why == COST_UNKNOWN:
        return (
            "what serving costs is not known; add a column “Cost to serve”, or say which part of revenue is "
            "left under “KPIs”"
        )
    if found.why.startswith("needs "):
        roles = {
            "reachable": ("channel_consent",),
            "revenue_share": ("revenue",),
            "profit": ("revenue", "cost"),
        }[found.check.key]
        return f"needs {listing([f'“{find_role(role).label}”' for role in roles])}"
    return found.why


def _missed(found: Finding, unit: str) -> str:
    if found.status == PASS:
        return ""
    check = found.check
    if check.cautious and found.status == WATCH:
        return f"; the interval reaches below {border_text(check, check.passes_from, unit)}"
    border = border_text(check, check.passes_from, unit)
    near = ", which it just misses" if border_text(check, found.estimate.value, unit) == border else ""
    return f"; passes from {border}{near}"


def border_text(check: Check, border: float, unit: str = "") -> str:
    """Write a border of a check as its number is written."""
    if check.format == "percent":
        return percent(border)
    return money_text(border, unit) if check.format == "money" else number(border)


_WORDS = {
    "coverage": lambda found, unit: f"{percent(found.estimate.value)} of values known",
    "members": lambda found, unit: plural(int(found.estimate.value), "customer"),
    "revenue_share": lambda found, unit: f"{percent(found.estimate.value)} of revenue",
    "stability": lambda found, unit: f"{number(found.estimate.value, 2)} alike when drawn again",
    "effect": lambda found, unit: f"strongest trait {number(found.estimate.value, 2)}: {found.why}",
    "profit": lambda found, unit: (
        f"{money_with_span(found.estimate, unit)} left per customer"
        + (", if the stated part of revenue is left" if found.why == FROM_REVENUE else "")
    ),
    "reachable": lambda found, unit: f"{percent(found.estimate.value)} may be written to",
    "recall": lambda found, unit: f"a rule finds {percent(found.estimate.value)} of it",
}


def scorecard_numbers(card: Scorecard, reach: Reach | None = None) -> pd.DataFrame:
    """The scorecard as a table: a row per segment, criterion and check, with number, borders and reason."""
    rows: list[dict[str, object]] = []
    for one in card.judgements:
        common: dict[str, object] = {
            "Segment": one.segment.name,
            "Criterion": one.criterion.label,
            "Status": STATUS_WORDS[one.status],
        }
        if one.status == NOT_JUDGED:
            rows.append(common | {"Reason": judgement_reasons(one, card)[0]})
        for found in one.findings:
            check, value = found.check, found.estimate
            rows.append(
                common
                | {
                    "Check": check.label,
                    "Check status": STATUS_WORDS[found.status],
                    "Value": _known(value.value),
                    "Low (95 %)": _known(value.low),
                    "High (95 %)": _known(value.high),
                    "Passes from": check.passes_from,
                    "Watched from": check.watched_from,
                    "Customers": found.n,
                    "Reason": finding_text(found, card.unit, one.segment.key, reach),
                }
            )
    return pd.DataFrame(rows)


def _known(value: float) -> float | None:
    return None if isnan(value) else value


# --- a budget --------------------------------------------------------------------------------------

RESPONSE = (
    "Assumed: addressing everybody of a segment once brings 63 % of the uplift that is possible, twice "
    "86 %, so each further amount brings less. The budget goes where its next part brings most, and stops "
    "where that would bring back less than it costs."
)


def split_title(found: Split, unit: str) -> str:
    """Say what a budget is expected to bring, against what it costs."""
    if not found.spent:
        return "With these assumptions no segment brings back what addressing it costs"
    first = max(found.parts, key=lambda part: part.money).candidate.segment.name
    income = money_with_span(found.income, unit)
    return (
        f"{money_text(found.spent, unit)} is expected to bring {income}, most of it spent on {quoted(first)}"
    )


def split_alt(found: Split, unit: str) -> str:
    """Say in words what the chart of a split shows."""
    parts = [f"{quoted(part.candidate.segment.name)} {money_text(part.money, unit)}" for part in found.parts]
    kept = f"; {money_text(found.kept, unit)} is not spent" if found.kept else ""
    return f"{split_title(found, unit)}. {listing(parts, 12)}{kept}."


def split_numbers(found: Split) -> pd.DataFrame:
    """The numbers of a split: a row per segment, and one for what is not spent."""
    rows: list[dict[str, object]] = [
        {
            "Segment": part.candidate.segment.name,
            "Money": part.money,
            "Expected income": round(part.income.value, 2),
            "Low (95 %)": round(part.income.low, 2),
            "High (95 %)": round(part.income.high, 2),
            "Customers who may be addressed": round(part.candidate.customers),
            "Brings per customer": round(part.candidate.worth.value, 2),
            "Assumed uplift (%)": round(100 * part.candidate.uplift, 1),
        }
        for part in found.parts
    ]
    return pd.DataFrame([*rows, {"Segment": "Not spent", "Money": found.kept}])


# --- savings ---------------------------------------------------------------------------------------


def lever_needs(lever: Lever, lacking: Sequence[str]) -> str:
    """Say which columns would bring a lever."""
    meanings = listing([f"“{find_role(role).label}”" for role in lacking])
    return f"{lever.label} needs a column that means {meanings}."


def level_text(lever: Lever, value: float) -> str:
    """Write a level of a lever."""
    return percent(value) if lever.format == "percent" else number(value, 2)


def saving_sentence(one: Saving, lever: Lever, unit: str, channel: str = "") -> str:
    """Say what a year brings if a segment moved: money with its interval, or that it can't be told."""
    levels = f"from {level_text(lever, one.now.level.value)} to {level_text(lever, one.target)}"
    start = f"If in {quoted(one.now.segment.name)} {lever.says.replace('{channel}', channel)} {levels}"
    few = f" Indicative: {plural(one.now.n, 'answer')}." if one.now.indicative else ""
    if not one.holds:
        low, high = money_text(one.money.low, ""), money_text(one.money.high, "")
        return f"{start}, it can’t be told yet whether that saves or costs: {span(low, high)} a year.{few}"
    money, verb = one.money, lever.verb
    if money.value < 0:
        money, verb = Estimate(-money.value, -money.high, -money.low), "cost"
    return f"{start}, that would {verb} {money_with_span(money, unit)} a year.{few}"


def saving_basis(one: Saving, lever: Lever, assumed: Assumed, kpis: KpiTable, unit: str) -> list[str]:
    """List what a saving rests on: data with intervals, and what is assumed."""
    now, level = one.now, one.now.level
    edges = span(level_text(lever, level.low), level_text(lever, level.high))
    if worth_key(kpis) == "margin":
        source = "margin per customer"
    else:
        left = percent(kpis.assumptions.margin)
        source = f"{left} of revenue per customer, as no cost to serve is known"
    each = money_with_span(now.worth, unit)
    return [
        f"{plural(now.customers, 'customer')}; today {level_text(lever, level.value)} ({edges}).",
        lever.assumes.replace("{each}", each).replace("{source}", source),
        f"Assumed: the numbers of the file are about {plural(assumed.months, 'month')}.",
    ]


# --- parts of segments -----------------------------------------------------------------------------


def micro_sentence(found: MicroTable) -> str:
    """Say which part is worth most, of those that can be ranked; empty where none can."""
    ranked = [row for row in found.rows if row.ranked]
    if not ranked or not found.metric or isnan(ranked[0].total.value):
        return ""
    top = max(ranked, key=lambda row: row.total.value)
    whole = sum(row.total.value for row in found.rows if row.total.value > 0)
    return (
        f"{quoted(top.name)} is worth most: {percent(top.share)} of customers, "
        f"{percent(top.total.value / whole)} of what all are worth together."
        if whole > 0
        else ""
    )


def micro_cells(row: Micro, found: MicroTable) -> tuple[tuple[str, str], ...]:
    """Write a part: customers, worth of one and of all, headroom and confidence, each with its interval."""
    room = row.headroom
    if found.metric:
        headroom = _money_cell(room, found.unit)
    else:
        headroom = (MISSING if isnan(room.value) else f"{number(room.value, 0)} customers", "")
    return (
        (number(row.customers), percent(row.share)),
        _money_cell(row.each, found.unit),
        _money_cell(row.total, found.unit),
        headroom,
        (row.confidence or MISSING, ""),
    )


def _money_cell(estimate: Estimate, unit: str) -> tuple[str, str]:
    text = money_text(estimate.value, unit)
    if isnan(estimate.low) or isnan(estimate.high) or estimate.low == estimate.high:
        return text, ""
    return text, span(*(money_text(edge, "") for edge in (estimate.low, estimate.high)))


def micro_numbers(found: MicroTable) -> pd.DataFrame:
    """The numbers of parts: a row each, in their order."""
    return pd.DataFrame(
        [
            {
                "Rank": place if row.ranked else None,
                "Segment": row.segment.name,
                **({readable(found.column): row.level} if found.column else {}),
                "Customers": row.customers,
                "Share of customers (%)": round(100 * row.share, 1),
                "Worth of a customer": _known(row.each.value),
                "Worth low (95 %)": _known(row.each.low),
                "Worth high (95 %)": _known(row.each.high),
                "Worth of all": _known(row.total.value),
                "Headroom": _known(row.headroom.value),
                "Headroom low (95 %)": _known(row.headroom.low),
                "Headroom high (95 %)": _known(row.headroom.high),
                "Confidence": row.confidence,
            }
            for place, row in enumerate(found.rows, 1)
        ]
    ).astype({"Rank": "Int64"})


def hidden_parts_text(found: MicroTable) -> str:
    """Say how many parts are not shown; empty where all are."""
    if not found.hidden:
        return ""
    return (
        f"{plural(found.hidden, 'part')} not shown: fewer than {SMALLEST_SHOWN} customers, or they would "
        "give such away."
    )


def now_text(now: Now, lever: Lever) -> str:
    """A segment and where it stands, for a list to choose from."""
    return f"{now.segment.name}: {level_text(lever, now.level.value)}"
