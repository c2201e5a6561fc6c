"""The effect of an action: a KPI of the treated and of the holdout, as two dots with their intervals."""

from typing import Any

import pandas as pd

from segkit.charts.frame import TEXT_SIZE, Chart, Numbers, beside, framed, plain, rows_axis
from segkit.charts.palette import BASE_GREY, STATUS, Theme
from segkit.insights.action_text import arm_text, effect_sentence, effect_title
from segkit.insights.kpi_text import value_text
from segkit.labels import in_sentence, number, plural
from segkit.measures.holdout import Arm, HoldoutEffect

HEIGHT = 170
DOT = 14
LABELS = ("With the action", "Left alone")


def holdout_chart(found: HoldoutEffect, theme: Theme, unit: str = "") -> Chart | None:
    """Two dots with intervals; None where a group has too few answers to show.

    Parameters
    ----------
    found : HoldoutEffect
    theme : Theme
    unit : str
        Of the KPI, for its currency.
    """
    if found.verdict == "hidden":
        return None
    arms = (found.treated, found.holdout)
    colours = (_colour(found, theme), BASE_GREY)
    marks = [
        _dot(found, arm, place, colour, unit)
        for place, (arm, colour) in enumerate(zip(arms, colours, strict=True))
    ]
    layout = {
        "margin": {"r": 190},
        "annotations": [beside(place, _beside(found, arm, unit, theme)) for place, arm in enumerate(arms)],
        "xaxis": {"showgrid": False, "showticklabels": False, "zeroline": False, "range": _range(arms)},
        "yaxis": rows_axis(LABELS) | {"range": [1.6, -0.6], "zeroline": False},
    }
    subtitle = f"{found.definition.label} of both groups; line: 95 % interval"
    figure = framed(marks, layout, effect_title(found, unit), subtitle, theme, HEIGHT)
    return Chart(figure, effect_sentence(found, unit))


def _colour(found: HoldoutEffect, theme: Theme) -> str:
    """Better, worse, or neither: the words say which as well."""
    sign = {"higher": 1, "lower": -1}.get(found.verdict, 0) * found.definition.better
    return {1: STATUS.better, -1: STATUS.worse}.get(sign, theme.accent)


def _dot(found: HoldoutEffect, arm: Arm, place: int, colour: str, unit: str) -> dict[str, Any]:
    estimate = arm.estimate
    mark: dict[str, Any] = {
        "type": "scatter",
        "x": [estimate.value],
        "y": [place],
        "mode": "markers+text",
        "marker": {"size": DOT, "color": colour},
        "text": [value_text(found.definition, estimate.value, unit)],
        "textposition": "top center",
        "textfont": {"size": TEXT_SIZE},
        "cliponaxis": False,
        "hovertemplate": f"{plain(arm_text(arm, found.definition, unit))}<extra></extra>",
    }
    if estimate.high >= estimate.low:  # there is no interval of a single mean
        mark["error_x"] = {
            "type": "data",
            "array": [estimate.high - estimate.value],
            "arrayminus": [estimate.value - estimate.low],
            "color": colour,
            "thickness": 3,
            "width": 0,
        }
    return mark


def _beside(found: HoldoutEffect, arm: Arm, unit: str, theme: Theme) -> str:
    counted = plural(arm.answered, "answer")
    return f"{counted}<br><span style='color:{theme.muted}'>of {plural(arm.members, 'customer')}</span>"


def _range(arms: tuple[Arm, Arm]) -> list[float]:
    """From the lowest end of an interval to the highest, and some room for the words."""
    ends = [
        edge
        for arm in arms
        for edge in (arm.estimate.low, arm.estimate.value, arm.estimate.high)
        if edge == edge
    ]
    room = 0.12 * ((max(ends) - min(ends)) or 1.0)
    return [min(ends) - room, max(ends) + room]


def holdout_numbers(found: HoldoutEffect) -> Numbers:
    """The numbers behind the chart: a row a group, and the difference."""
    rows = [
        {
            "Group": label,
            found.definition.label: arm.estimate.value,
            "From": arm.estimate.low,
            "To": arm.estimate.high,
            "Answers": number(arm.answered),
        }
        for label, arm in zip(LABELS, (found.treated, found.holdout), strict=True)
    ]
    gap = found.difference
    rows.append(
        {
            "Group": f"Difference in {in_sentence(found.definition.label)}",
            found.definition.label: gap.value,
            "From": gap.low,
            "To": gap.high,
            "Answers": "",
        }
    )
    return pd.DataFrame(rows)
