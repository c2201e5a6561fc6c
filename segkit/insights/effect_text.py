"""What goes with a KPI, and what sets two segments apart, in a person's words.

"Goes with" is all that is said: who stays longer may do so for reasons that are in no column.
"""

import re
from collections.abc import Sequence

from segkit.insights.kpi_text import VERDICT_MARKS, difference_text, value_text
from segkit.labels import in_sentence, number, percent, plural, quantity, readable, span
from segkit.measures.comparison import Compared
from segkit.measures.effects import Effect
from segkit.measures.kpis import SMALLEST_RANKED, SMALLEST_SHOWN, KpiDefinition, KpiTable

FORMED = "formed the segments, so not compared"


def attribute_name(column: str) -> str:
    """Write a column's name as a person would, the two answers that are always shouted included.

    Examples
    --------
    >>> attribute_name("support_tickets"), attribute_name("nps")
    ('Support tickets', 'NPS')
    """
    return re.sub(r"\b(nps|csat)\b", lambda found: found[0].upper(), readable(column), flags=re.IGNORECASE)


# --- what goes with a KPI ---------------------------------------------------------------------------


def group_text(effect: Effect) -> str:
    """Say which customers are meant: "Support tickets: 4 or more", "Contract: “Month-to-month”"."""
    return f"{attribute_name(effect.column)}: {quoted(effect)}"


def quoted(effect: Effect) -> str:
    """Name the group alone: a level in quotes, a part of a number as it is said."""
    return f"“{effect.group}”" if effect.kind == "category" else effect.group


def told(effects: Sequence[Effect]) -> list[Effect]:
    """Keep what can be told, the strongest first."""
    return [one for one in effects if one.verdict in ("higher", "lower")]


def gap_text(effect: Effect, definition: KpiDefinition, unit: str = "") -> str:
    """Say the difference with its interval: "31 points lower (24 to 38)"."""
    size = difference_text(definition, effect.difference, unit)
    edges = sorted((abs(effect.low), abs(effect.high)))
    texts = (difference_text(definition, edge, unit) for edge in edges)
    low, high = (text.removesuffix(" points").removesuffix(" months") for text in texts)
    return f"{size} {effect.verdict} ({span(low, high)})"


def effects_sentence(
    effects: Sequence[Effect], definition: KpiDefinition, unit: str = "", within: str = ""
) -> str | None:
    """Say what goes most with a KPI, or nothing where nothing can be told.

    Parameters
    ----------
    effects : sequence of Effect
        As `goes_with` ranks them.
    definition : KpiDefinition
    unit : str
        Of the KPI, for its currency.
    within : str
        Name of the segment that was looked at; empty for everyone.

    Examples
    --------
    >>> from segkit.measures.kpis import find_kpi
    >>> low = Effect("support_tickets", "number", "4 or more", 12, 43, -31, -38, -24, 80, 99, 0.1, 0, "lower")
    >>> effects_sentence([low], find_kpi("nps"))
    'NPS goes most with support tickets: 31 points lower (24 to 38) with 4 or more than among the rest.'
    """
    clear = told(effects)
    if not clear:
        return None
    lead = clear[0]
    start = f"In “{within}”, {in_sentence(definition.label)}" if within else definition.label
    column = in_sentence(attribute_name(lead.column))
    return f"{start} goes most with {column}: {gap_text(lead, definition, unit)} {_where(lead)}."


def _where(effect: Effect) -> str:
    if effect.kind == "yes/no":
        other = "no" if effect.group == "yes" else "yes"
        return f"where it is {effect.group} than where it is {other}"
    return f"with {quoted(effect)} than among the rest"


def effect_line(effect: Effect, definition: KpiDefinition, unit: str = "") -> str:
    """Write one attribute that is not in the picture as a line."""
    name = attribute_name(effect.column)
    if effect.verdict == "same":
        return f"{name} says nearly the same as {in_sentence(definition.label)}."
    here, elsewhere = (value_text(definition, one, unit) for one in (effect.here, effect.elsewhere))
    said = "Can’t tell" if effect.verdict == "can't tell" else gap_text(effect, definition, unit)
    return f"{group_text(effect)}: {here}, others {elsewhere}. {said[:1].upper()}{said[1:]}."


def rest_label(rest: Sequence[Effect]) -> str:
    """Say what is not in the picture: what goes with the KPI too, what is unclear, what says the same.

    Examples
    --------
    >>> low = Effect("tickets", "number", "4 or more", 12, 43, -31, -38, -24, 80, 99, 0.1, 0, "lower")
    >>> rest_label([low])
    '1 more that goes with it'
    """
    verdicts = [one.verdict for one in rest]
    more, same = len(told(rest)), verdicts.count("same")
    unclear = len(rest) - more - same
    first = "" if more else "more column" if unclear == 1 else "more columns"
    parts = [
        f"{number(more)} more that {'goes' if more == 1 else 'go'} with it" if more else "",
        f"{number(unclear)} {first} without a clear difference".replace("  ", " ") if unclear else "",
        _same_label(same, alone=not (more or unclear)) if same else "",
    ]
    known = [part for part in parts if part]
    return ", and ".join([", ".join(known[:-1]), known[-1]]) if len(known) > 1 else "".join(known)


def _same_label(count: int, alone: bool) -> str:
    subject = plural(count, "more column") if alone else number(count)
    return f"{subject} that {'says' if count == 1 else 'say'} nearly the same"


# --- two segments side by side ----------------------------------------------------------------------


def compared_label(row: Compared, kpis: KpiTable) -> str:
    """Name what is compared: "Revenue per customer", "Contract: “Month-to-month”", "Sessions (median)"."""
    if row.kind == "kpi":
        return kpis.definition(row.key).label
    name = attribute_name(row.key)
    if row.level:
        return f"{name}: “{row.level}”"
    return f"{name} (median)" if row.summary == "median" else name


def compared_value(row: Compared, value: float, kpis: KpiTable) -> str:
    """Write one segment's value of a row."""
    if row.kind == "kpi":
        return value_text(kpis.definition(row.key), value, row.unit)
    return percent(value) if row.summary == "share" else quantity(row.key, value)


def compared_difference(row: Compared, kpis: KpiTable) -> str:
    """Write the size of a row's difference, without its sign."""
    size = abs(row.difference.value)
    if row.kind == "kpi":
        return difference_text(kpis.definition(row.key), size, row.unit)
    if row.summary == "share":
        digits = percent(size).split("\u202f")[0]
        return f"{digits} points"
    return quantity("", size)


def compared_verdict(row: Compared, kpis: KpiTable) -> str:
    """Say the verdict: "▲ 96 higher", "≈ can’t tell", "↻ formed the segments, so not compared"."""
    if row.verdict == "hidden":
        return f"Not shown: fewer than {SMALLEST_SHOWN} answers here or nearby"
    if row.verdict == "formed":
        return f"{VERDICT_MARKS['circular']} {FORMED}"
    hint = " (indicative)" if row.indicative else ""
    if row.verdict in ("higher", "lower"):
        return f"{VERDICT_MARKS[row.verdict]} {compared_difference(row, kpis)} {row.verdict}{hint}"
    return VERDICT_MARKS["can't tell"] + f" can’t tell{hint}"


def comparison_sentence(rows: Sequence[Compared], kpis: KpiTable, first: str, second: str) -> str | None:
    """Say in what two segments differ most, or nothing where nothing can be told.

    Parameters
    ----------
    rows : sequence of Compared
        As `compare` ranks them; columns that formed the segments are never the finding.
    kpis : KpiTable
    first, second : str
        Names of the two segments.
    """
    clear = [row for row in rows if row.told]
    if not clear:
        return None
    lead = clear[0]
    here, there = (compared_value(lead, side.value, kpis) for side in (lead.first, lead.second))
    what = in_sentence(compared_label(lead, kpis) if lead.kind == "kpi" else attribute_name(lead.key))
    if lead.summary == "median":
        what += " (median)"
    of_level = f" have “{lead.level}”" if lead.level else " say yes" if lead.kind == "yes/no" else ""
    return f"“{first}” and “{second}” differ most in {what}: {here}{of_level} against {there}."


def nothing_apart(rows: Sequence[Compared], first: str, second: str) -> str:
    """Say why there is no finding: all formed the segments, too few answers, or nothing differs reliably.

    Parameters
    ----------
    rows : sequence of Compared
        As `compare` ranks them, none of which can be told.
    first, second : str
        Names of the two segments.
    """
    verdicts = {row.verdict for row in rows}
    formed, tested = "formed" in verdicts, verdicts & {"higher", "lower", "can't tell"}
    pair = f"“{first}” and “{second}”"
    if formed and not tested:
        what = "Everything that can be shown" if "hidden" in verdicts else "Everything here"
        return f"{what} formed the segments, so nothing is left to compare"
    if verdicts & {"higher", "lower"}:
        return f"No difference between {pair} rests on {SMALLEST_RANKED} answers yet"
    where = "beside what formed the segments" if formed else "in anything here"
    return f"{pair} do not differ reliably {where}"
