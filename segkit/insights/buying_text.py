"""What customers will probably bring, and how long they will stay, in sentences.

A sentence says "probably" and names its horizon; a segment is set apart only where the difference holds.
"""

from math import isfinite

from segkit.labels import NARROW_SPACE, in_sentence, listing, number, percent, plural, span
from segkit.measures.buying import Check, SegmentWorth, Worth
from segkit.measures.estimates import Estimate
from segkit.measures.kpis import BASE, SMALLEST_SHOWN
from segkit.measures.staying import FAR_OFF, SegmentStay, Staying

UNLIKE = "that is not reliably different from the others"
CIRCULAR = "↻ The segments were made from these columns, so a difference between them says nothing new."


def months_text(months: int) -> str:
    """Name a horizon.

    Examples
    --------
    >>> months_text(12), months_text(1)
    ('the next 12 months', 'the next month')
    """
    return ahead_text(months, "months")


def ahead_text(count: int, unit: str) -> str:
    """Name a horizon in any unit.

    Examples
    --------
    >>> ahead_text(5, "years"), ahead_text(1, "quarters")
    ('the next 5 years', 'the next quarter')
    """
    return f"the next {number(count)} {unit}" if count > 1 else f"the next {unit.removesuffix('s')}"


def amount_text(value: float, currency: str = "") -> str:
    """Write money, with its currency where it is known.

    Examples
    --------
    >>> amount_text(271.2), amount_text(-31.4, "EUR")
    ('271', 'EUR\u202f−31.4')
    """
    text = number(value)
    return f"{currency}{NARROW_SPACE}{text}" if currency and isfinite(value) else text


# --- what segments are worth --------------------------------------------------------------------------


def worth_text(found: Worth, value: float) -> str:
    """Write what one customer brings: money, or orders where amounts are not known."""
    if found.money:
        return amount_text(value, found.model.purchases.currency)
    return number(value, 2)


def worth_interval(found: Worth, told: Estimate) -> str:
    """Write the interval, "244 to 299"; empty where there is none."""
    if not isfinite(told.low):
        return ""
    return span(worth_text(found, told.low), worth_text(found, told.high))


def worth_verdict(found: Worth, row: SegmentWorth) -> str:
    """Say how a segment stands to all others: "▲ 145 above the others"."""
    return _verdict(row, worth_text(found, abs(row.difference)))


def _verdict(row: SegmentWorth | SegmentStay, size: str) -> str:
    if row.verdict == "hidden":
        return f"not shown: fewer than {SMALLEST_SHOWN} here or nearby"
    if row.verdict == "circular":
        return "↻ formed the segments"
    if row.verdict in ("higher", "lower"):
        return f"▲ {size} above the others" if row.verdict == "higher" else f"▼ {size} below the others"
    if row.verdict == "can't tell":
        return f"≈ can’t tell yet: {plural(row.n, 'customer')}" if row.indicative else "≈ can’t tell"
    return ""


def worth_made_of(row: SegmentWorth) -> str:
    """Say what stands behind a value: orders to expect, and the chance to still be active."""
    return f"{number(row.orders.value, 1)} orders, {percent(row.alive)} still active"


def worth_sentence(found: Worth, row: SegmentWorth) -> str | None:
    """Say what a customer of a segment will probably bring and how far that is from the others.

    None where the difference does not hold.
    """
    if row.verdict not in ("higher", "lower"):
        return None
    size, side = worth_text(found, abs(row.difference)), "more" if row.difference > 0 else "less"
    return f"{_does(found, row)}, {size} {side} than the others."


def _does(found: Worth, row: SegmentWorth) -> str:
    """Say what customers will probably do, without its end."""
    what, ahead = worth_text(found, found.told(row).value), months_text(found.outlook.months)
    bring = "bring" if found.outlook.margin == 1 else "leave you"
    does = f"{bring} {what} each" if found.money else f"order {what} times each"
    return f"{_who(row)} will probably {does} in {ahead}"


def _who(row: SegmentWorth | SegmentStay) -> str:
    return "Customers" if row.segment.key == BASE else f"Customers of “{row.segment.name}”"


def worth_headline(found: Worth, focus: str = "") -> str:
    """Say the one thing that the forecast tells.

    Parameters
    ----------
    found : Worth
    focus : str
        Key of the segment in front; else the one that brings most above the others is told.
    """
    front = [row for row in found.shown if row.segment.key == focus]
    told = [row for row in front or found.shown if row.verdict in ("higher", "lower")]
    above = [row for row in told if row.verdict == "higher"] or told
    if above:
        most = max(above, key=lambda row: abs(row.difference))
        return worth_sentence(found, most) or ""
    return _of_everyone(found, front)


def _of_everyone(found: Worth, front: list[SegmentWorth]) -> str:
    """Without a difference that holds, say what a customer brings, and that none does."""
    said = _does(found, front[0] if front else found.everyone)
    values = [found.told(row).value for row in found.shown if not row.indicative]
    if front:
        return f"{said}." if found.circular else f"{said}; {UNLIKE}."
    if len(values) < 2:
        return f"{said}."
    ends = span(worth_text(found, min(values)), worth_text(found, max(values)))
    return f"{said}, by segment {ends}." if found.circular else f"{said}; no segment stands out reliably."


def worth_alt(found: Worth, focus: str = "") -> str:
    """Say in words what the chart shows: its title and the extremes."""
    ranked = [row for row in found.shown if not row.indicative]
    title = worth_headline(found, focus).rstrip(".")
    if len(ranked) < 2:
        return f"{title}."
    most, least = (pick(ranked, key=lambda row: found.told(row).value) for pick in (max, min))
    ends = [f"“{row.segment.name}” {worth_text(found, found.told(row).value)}" for row in (most, least)]
    return f"{title}. Most: {ends[0]}; least: {ends[1]}."


def worth_notes(found: Worth) -> str:
    """Say what the forecast rests on."""
    known, parts = found.model.purchases, []
    parts.append(f"A forecast, not a fact: {found.outlook.text}.")
    if found.money and found.outlook.margin == 1:
        parts.append("That is revenue, before any cost.")
    parts.append(known.text)
    if found.without:
        one = found.without == 1
        verb, has = ("is", "has") if one else ("are", "have")
        parts.append(
            f"{plural(found.without, 'customer')} without an order, or without its dates, {verb} left "
            f"out and {has} no forecast."
        )
    if found.hidden:
        parts.append(hidden_text(found.hidden))
    if found.circular:
        parts.append(CIRCULAR)
    return " ".join(parts)


def hidden_text(hidden: tuple[str, ...]) -> str:
    """Say which segments are not shown."""
    names = listing([f"“{name}”" for name in hidden])
    return f"Not shown: {names}, as too few customers would be behind it."


def worth_cautions(found: Worth) -> list[str]:
    """List what may mislead, one sentence each."""
    said = list(found.model.cautions)
    if found.far:
        said.insert(0, "It looks further ahead than your orders go back, so take it as a direction only.")
    if found.check.verdict == "poorly":
        said.insert(0, "The model describes these orders poorly, so segments are not compared.")
    return said


# --- how well it describes what happened ----------------------------------------------------------------


def check_sentence(found: Check) -> str:
    """Say how the orders so far compare with what the model gives for customers known as long."""
    return (
        f"So far, customers ordered again {number(round(found.orders))} times; the model gives "
        f"{number(round(found.orders_expected))} for customers known as long, and puts "
        f"{percent(found.misplaced)} of them at another number of orders."
    )


def check_title(found: Check) -> str:
    """State how well the model describes the orders so far."""
    return f"The model describes the orders so far {found.verdict}"


def method_lines(found: Worth) -> list[str]:
    """Explain the model and its parameters to who asks how it is known."""
    pace, amounts, unit = found.model.pace, found.model.amounts, found.model.purchases.unit
    lines = [
        f"Orders: BG/NBD (Fader, Hardie & Lee 2005), fitted by maximum likelihood; r {number(pace.r, 3)}, "
        f"α {number(pace.alpha, 1)} {unit}s, a {number(pace.a, 3)}, b {number(pace.b, 3)}. Who ordered "
        "once counts as still active in this model.",
    ]
    if amounts is not None:
        lines.append(
            "Amounts: gamma-gamma (Fader & Hardie 2013); "
            f"p {number(amounts.p, 2)}, q {number(amounts.q, 2)}, v {number(amounts.v, 2)}. Few orders are "
            "pulled towards the usual amount of everybody."
        )
    lines.append(
        "Interval: 95 %, for the mean of customers like these; from the spread between customers and the "
        "uncertainty of the parameters (delta method, robust covariance). One customer can do anything."
    )
    return lines


# --- how long customers stay ----------------------------------------------------------------------------


def stay_text(found: Staying, row: SegmentStay) -> str:
    """Write what is told of a segment: "10.7 months", or money where payments are known."""
    told = found.told(row).value
    return amount_text(told, found.currency) if found.money else f"{number(told, 1)} {found.durations.unit}"


def stay_interval(found: Staying, row: SegmentStay) -> str:
    """Write the interval, "10.6 to 10.8"; empty where there is none."""
    told = found.told(row)
    if not isfinite(told.low):
        return ""
    decimals = None if found.money else 1 if told.high - told.low >= 0.15 else 2
    return span(number(told.low, decimals), number(told.high, decimals))


def stay_verdict(found: Staying, row: SegmentStay) -> str:
    """Say how a segment stands to all others."""
    return _verdict(row, _stay_size(found, row))


def _stay_size(found: Staying, row: SegmentStay) -> str:
    size = abs(row.difference)
    return amount_text(size, found.currency) if found.money else number(size, 1 if size >= 0.1 else 2)


def stay_made_of(found: Staying, row: SegmentStay) -> str:
    """Say whom it is about: those of a segment who are still there; with payments, how long they stay."""
    if found.money:
        return f"{number(row.ahead.value, 1)} {found.durations.unit}, {number(row.active)} still there"
    return f"{number(row.active)} of {number(row.n)} still there"


def stay_sentence(found: Staying, row: SegmentStay) -> str | None:
    """Say how much of the time ahead a segment will stay, or pay; None where it is like the others."""
    if row.verdict not in ("higher", "lower"):
        return None
    sides = ("more", "less") if found.money else ("longer", "shorter")
    side = sides[0] if row.difference > 0 else sides[1]
    return f"{_stays(found, row)}, {_stay_size(found, row)} {side} than the others."


def _stays(found: Staying, row: SegmentStay) -> str:
    """Say how long customers will probably stay, or what they will pay, without its end."""
    ahead = ahead_text(found.outlook.periods, found.durations.unit)
    if found.money:
        pay = "bring" if found.outlook.margin == 1 else "leave you"
        return f"{_who(row)} will probably {pay} {stay_text(found, row)} each in {ahead}"
    return f"{_who(row)} will probably stay {number(row.ahead.value, 1)} of {ahead}"


def stay_headline(found: Staying, focus: str = "") -> str:
    """Say the one thing that the forecast of staying tells: who stays shortest, or pays most."""
    front = [row for row in found.shown if row.segment.key == focus]
    told = [row for row in front or found.shown if row.verdict in ("higher", "lower")]
    if told:
        return stay_sentence(found, (max if found.money else min)(told, key=lambda row: row.difference)) or ""
    said = _stays(found, front[0] if front else found.everyone)
    if len(found.shown) < 2 or found.circular:
        return f"{said}."
    return f"{said}; {UNLIKE}." if front else f"{said}; no segment stands out reliably."


def stay_alt(found: Staying, focus: str = "") -> str:
    """Say in words what the chart shows: its title and the extremes."""
    ranked = [row for row in found.shown if not row.indicative]
    title = stay_headline(found, focus).rstrip(".")
    if len(ranked) < 2:
        return f"{title}."
    most, least = (pick(ranked, key=lambda row: found.told(row).value) for pick in (max, min))
    ends = [f"“{row.segment.name}” {stay_text(found, row)}" for row in (most, least)]
    return f"{title}. Most: {ends[0]}; least: {ends[1]}."


def stay_notes(found: Staying) -> str:
    """Say what the forecast of staying rests on."""
    parts = [
        "A forecast, not a fact: customers who are still there go on leaving as others of their segment did.",
    ]
    if found.money:
        waits, left = percent(found.outlook.discount), percent(found.outlook.margin)
        parts.append(f"Payments as now, {waits} discount a year, {left} of them left.")
    parts.append(found.durations.text)
    for reason in dict.fromkeys(row.reason for row in found.rows if row.reason):
        names = listing([f"“{row.segment.name}”" for row in found.rows if row.reason == reason])
        parts.append(f"Nothing is told of {names}: {in_sentence(reason)}")
    if found.hidden:
        parts.append(hidden_text(found.hidden))
    if found.circular:
        parts.append(CIRCULAR)
    return " ".join(parts)


def stay_nothing(found: Staying) -> str:
    """Say what can be told where nothing can be of any segment."""
    said = _stays(found, found.everyone)
    if found.circular or not found.rows:
        return (
            f"{said}. The segments were made from how long customers stayed, so none has a course to follow."
        )
    return f"{said}. {stay_notes(found)}"


def stay_cautions(found: Staying) -> list[str]:
    """List the segments that the model does not describe."""
    names = {row.segment.key: row.segment.name for row in found.shown}
    return [
        f"The model misses how “{names[key]}” stay by up to {number(100 * model.gap, 0)} points, so they are "
        "not compared."
        for key, model in found.models.items()
        if key in names and model.gap > FAR_OFF
    ]


def stay_method(found: Staying) -> list[str]:
    """Explain the model and its parameters to who asks how it is known."""
    leaving, rate = found.models["all"].leaving, found.outlook.rate(found.durations.unit)
    unit = found.durations.unit
    alpha, beta = number(leaving.alpha, 3), number(leaving.beta, 3)
    lines = [
        "Shifted beta-geometric (Fader & Hardie 2007), one for each segment: who is likely to leave does so "
        f"early, so the longer a group has stayed, the more of it stays. Everyone: α {alpha}, β {beta}.",
        f"Over all time and discounted, a new customer pays for {number(leaving.lifetime(rate), 1)} {unit}, "
        f"one who is still there for {number(found.everyone.residual, 1)} more."
        if rate
        else "Without a discount no value over all time is told: it need not have an end.",
        "Interval: 95 %, for the mean of customers like these; from the uncertainty of the two parameters "
        "(delta method) and the spread between customers.",
        "The table has to hold those who left as well as those who stayed; where it does not, staying looks "
        "better than it is.",
    ]
    return lines
