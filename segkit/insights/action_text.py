"""What to do, in words: the headline, whom a play reaches, what a holdout will tell and what it told."""

from collections.abc import Sequence
from math import isnan

from segkit.insights.kpi_text import difference_text, interval_text, value_text
from segkit.insights.playbook.advice import Advice, Playbook
from segkit.insights.playbook.reasons import CIRCULAR
from segkit.labels import NARROW_SPACE, in_sentence, number, percent, plural, span
from segkit.measures.definitions import KpiDefinition
from segkit.measures.holdout import Arm, HoldoutEffect, Reckoning
from segkit.measures.kpi_table import BASE, Kpi, KpiTable
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN

# --- plays ------------------------------------------------------------------------------------------


def actions_headline(found: Playbook, focus: str = "", name: str = "") -> str:
    """Say what to do first and why, or that the numbers call for nothing.

    Parameters
    ----------
    found : Playbook
    focus, name : str
        Key and name of the segment to tell about; empty for the one where it is most worthwhile.
    """
    about = Playbook(tuple(found.of(focus)), found.not_judged, found.customers) if focus else found
    first, where = about.first, f" in “{name}”" if focus else ""
    if first is not None:
        told = first.reasons[0]
        why = f"{CIRCULAR} {told.short}" if told.circular else told.short
        return f"Start with “{first.segment.name}”: {in_sentence(first.play.action)} ({why})."
    if about.advice:
        return f"A few signs{where} call for action, none of them on {SMALLEST_RANKED} answers yet."
    waiting = len(found.not_judged)
    if waiting and not focus:
        return (
            f"Nothing in these columns calls for action; {plural(waiting, 'play')} "
            f"{'waits' if waiting == 1 else 'wait'} for columns that are not there."
        )
    return f"Nothing{where} calls for action beyond the limits that are set."


def reach_text(advice: Advice) -> str:
    """Say how many customers a play reaches: "107 customers"; few are not told.

    Examples
    --------
    >>> from segkit.insights.playbook.plays import PLAYS
    >>> from segkit.segments.segmentation import Segment
    >>> reach_text(Advice(PLAYS[0], Segment("S1", "Young", 0), (), 3))
    'fewer than 5 customers'
    """
    return count_text(advice.reached)


def count_text(customers: int) -> str:
    """Write how many customers there are; few are not told."""
    few = customers < SMALLEST_SHOWN
    return f"fewer than {SMALLEST_SHOWN} customers" if few else plural(customers, "customer")


def beside_reach(advice: Advice) -> str:
    """Say how many more have not agreed, or that no column narrows it down; empty where neither is so."""
    more = f"{number(advice.refused)} more without consent" if advice.refused >= SMALLEST_SHOWN else ""
    whole = "all who are there: no column tells who shows signs" if advice.whole else ""
    return "; ".join(filter(None, [more, whole]))


def stake_text(advice: Advice, kpis: KpiTable) -> str:
    """Write what those who are reached bring in the period of the file; empty where it is not known."""
    if isnan(advice.stake):
        return ""
    base = kpis.find(BASE, "revenue")
    currency = base.unit.split(" ")[0] if base else "money"
    amount = number(advice.stake, 0)
    return amount if currency == "money" else f"{currency}{NARROW_SPACE}{amount}"


def advice_label(advice: Advice) -> str:
    """Name a play and its segment, for a list to choose from."""
    return f"{advice.play.action} — {advice.segment.name}"


# --- before it starts -------------------------------------------------------------------------------


def reckoning_text(found: Reckoning, definition: KpiDefinition, unit: str = "") -> str:
    """Say how many are left alone and which change will show, if as many answer as now."""
    if not found.holdout:
        return "Nobody is left alone to compare with, so nobody will know what the action changed."
    if found.holdout < SMALLEST_SHOWN:
        return f"Fewer than {SMALLEST_SHOWN} customers would be left alone: too few to tell anything."
    left = f"{number(found.holdout)} of {plural(found.treated + found.holdout, 'customer')} are left alone"
    label = in_sentence(definition.label)
    if found.answers < SMALLEST_RANKED:
        few = found.answers < SMALLEST_SHOWN
        expected = "hardly any answers" if few else plural(found.answers, "answer")
        return (
            f"{left}; expect {expected} on {label} in the smaller group. Below {SMALLEST_RANKED} nothing is "
            "told: leave more alone, or choose a KPI that more customers have."
        )
    if isnan(found.detectable):
        return (
            f"{left}. How large a change in {label} would show cannot be told: all have the same value now."
        )
    size = difference_text(definition, found.detectable, unit)
    return (
        f"{left}. A change in {label} of {size} or more would show in four of five cases; smaller ones would "
        "probably not."
    )


INTENTION = (
    "Everybody who was not left alone counts as treated, whether the action reached her or not (intention to "
    "treat). Look once, on the day you planned: looking until something shows finds chance."
)

# --- what it changed --------------------------------------------------------------------------------


def effect_sentence(found: HoldoutEffect, unit: str = "") -> str:
    """Say what the action changed, with its 95 % interval, or that it can't be told and why."""
    definition = found.definition
    label = definition.label
    if found.verdict == "hidden":
        return f"Can't tell yet: fewer than {SMALLEST_SHOWN} answers on {label} in one of the groups."
    values = [value_text(definition, one.estimate.value, unit) for one in (found.treated, found.holdout)]
    both = f"{label} is {values[0]} with the action and {values[1]} without"
    if found.fewest < SMALLEST_RANKED:
        return f"Can't tell yet: {plural(found.fewest, 'answer')} in the smaller group. {both}."
    if found.verdict == "can't tell":
        return f"Can't tell: {both}; the difference lies anywhere {_range(found, unit)}."
    gap = difference_text(definition, found.difference.value, unit)
    return f"{both}: {gap} {found.verdict}, {_range(found, unit)}."


def _range(found: HoldoutEffect, unit: str) -> str:
    """Write the interval of a difference: "between 3 points lower and 12 points higher"."""
    low, high = found.difference.low, found.difference.high
    edges = [difference_text(found.definition, edge, unit) for edge in (low, high)]
    sides = ["higher" if edge > 0 else "lower" for edge in (low, high)]
    if sides[0] == sides[1]:
        smaller, larger = edges if sides[0] == "higher" else reversed(edges)
        return f"between {smaller} and {larger}"
    return f"between {edges[0]} {sides[0]} and {edges[1]} {sides[1]}"


def effect_title(found: HoldoutEffect, unit: str = "") -> str:
    """State the effect as the title of its chart."""
    definition, label = found.definition, in_sentence(found.definition.label)
    if found.verdict not in ("higher", "lower"):
        few = f" yet: {plural(found.fewest, 'answer')}" if found.fewest < SMALLEST_RANKED else ""
        return f"Can't tell{few} whether the action changed {label}" if not few else f"Can't tell{few}"
    gap = difference_text(definition, found.difference.value, unit)
    return f"With the action {label} is {gap} {found.verdict}"


def absent_text(name: str) -> str:
    """Say that nobody whom an action was for is in a later table."""
    return (
        f"None of the customers of this action is in “{name}”. Are their ids written the same way there, "
        "leading zeros included?"
    )


def start_sentence(found: HoldoutEffect, unit: str = "") -> str:
    """Say whether both groups were alike before the action; chance makes some pairs differ."""
    if found.verdict == "hidden":
        return ""
    definition = found.definition
    values = [value_text(definition, one.estimate.value, unit) for one in (found.treated, found.holdout)]
    both = f"Before: {definition.label} {values[0]} among the treated and {values[1]} in the holdout"
    if found.fewest < SMALLEST_RANKED:
        return f"{both}; too few answers to say whether they start alike."
    if found.verdict in ("higher", "lower"):
        return f"{both}. By chance the groups differ already, so read the effect with care."
    return f"{both}: no reliable difference, as it should be."


def arm_text(arm: Arm, definition: KpiDefinition, unit: str = "") -> str:
    """Write a group's value with its interval: "44 (34 to 53)"."""
    value, estimate = value_text(definition, arm.estimate.value, unit), arm.estimate
    if isnan(estimate.low) or isnan(estimate.high):
        return value
    edges = [value_text(definition, edge, unit) for edge in (estimate.low, estimate.high)]
    return f"{value} ({span(*edges)})"


# --- KPIs of one segment, for the brief -------------------------------------------------------------


def standing(row: Kpi, kpis: KpiTable) -> str:
    """Write a KPI of a segment and how it stands to the rest; empty where it may not be shown."""
    definition = kpis.definition(row.kpi)
    if row.verdict == "hidden" or isnan(row.value):
        return ""
    interval = interval_text(definition, row)
    text = f"{definition.label}: {value_text(definition, row.value, row.unit)}"
    text += f" ({interval})" if interval else ""
    hint = ", indicative" if row.n < SMALLEST_RANKED else ""
    gap = kpis.differences.get((row.segment, row.kpi))
    if row.verdict == "circular":
        return f"{text}{hint}; {CIRCULAR} the segments were made from it"
    if row.verdict == "can't tell":
        return f"{text}{hint}; can't tell from the rest"
    if row.verdict in ("higher", "lower") and gap is not None:
        side = "above" if row.verdict == "higher" else "below"
        return f"{text}{hint}; {difference_text(definition, gap, row.unit)} {side} the rest"
    return text + hint


def shares_text(shares: Sequence[tuple[str, float, float]]) -> list[str]:
    """Write what requests are about: name, share here, share among everyone."""
    return [f"{name}: {percent(here)} of requests, everyone {percent(all_)}" for name, here, all_ in shares]
