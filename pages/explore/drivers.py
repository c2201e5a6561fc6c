"""What goes with a KPI: among everyone, or inside one segment."""

import streamlit as st

from pages.ui import look, results
from pages.ui.looking import looking
from pages.ui.view import EVERYONE, View, ask_kpi, first_asked
from segkit.charts.effect_charts import effects_chart, effects_numbers, not_drawn
from segkit.customers.sampling import is_source
from segkit.insights.effect_text import effect_line, effects_sentence, rest_label
from segkit.labels import in_sentence, number, plural
from segkit.measures.effects import Effect, comparable
from segkit.measures.kpis import BASE, SMALLEST_RANKED, KpiDefinition
from segkit.measures.pushed_effects import effects_of_all
from segkit.measures.survival import durations


def headline(view: View) -> str | None:
    """Say what goes most with the KPI that a meeting asks for first; None where nothing can be told."""
    definitions = {one.key: one for one in view.kpis.definitions if comparable(one)}
    if not definitions:
        return None
    definition = definitions[first_asked(definitions)]
    base = view.kpis.find(view.focus or BASE, definition.key)
    if base is None or base.verdict == "hidden":
        return None
    names = {one.key: one.name for one in view.assignment.segments}
    effects = _effects(view, definition, view.focus)
    return effects_sentence(effects, definition, base.unit, names.get(view.focus, ""))


def show(view: View) -> None:
    """Show what goes with the KPI that is asked for, and fold away what can't be told."""
    look.section(
        "What goes with a KPI",
        "Customers are split by every column; the strongest first. What goes together need not be a cause.",
    )
    definitions = [one for one in view.kpis.definitions if comparable(one)]
    if not definitions:
        look.notice(
            "No column tells an outcome yet, so there is nothing to explain. Set one on the Data page."
        )
        return
    left, right = st.columns(2, gap="medium")
    with left:
        definition = _kpi(definitions)
    with right:
        whom = _whom(view, definition)
    inside = next((one.name for one in view.assignment.segments if one.key == whom), "")
    base = view.kpis.find(whom or BASE, definition.key)
    effects = _effects(view, definition, whom)
    chart = effects_chart(effects, definition, look.theme(), base.unit if base else "", inside)
    if chart is not None:
        look.picture(chart, effects_numbers(effects, definition), "drivers", view.source)
    else:
        answers = base.n if base else 0
        look.notice(_nothing(effects, definition, answers, inside))
    if base is not None and base.verdict == "circular":
        look.note(
            f"{definition.label} itself formed the segments: inside one it varies less, "
            "and so does what goes with it."
        )
    _fold(effects, definition, base.unit if base else "")


def _effects(view: View, definition: KpiDefinition, whom: str) -> list[Effect]:
    """Look what goes with it among all customers, by the engine where their table stays where it is."""
    left_out = _clock(view, definition)
    if is_source(view.customers):
        asked = (definition.key, whom, left_out)
        return results.of_everyone(view.table, view.found, looking(), "effects", effects_of_all, *asked)
    return results.effects(view.seen, view.found, looking(), definition, whom, left_out)


def _clock(view: View, definition: KpiDefinition) -> tuple[str, ...]:
    """Columns that say how long a customer stayed: who left has a shorter stay, whatever the cause."""
    stays = durations(view.customers) if definition.key == "retention" else None
    return stays.columns if stays else ()


def _kpi(definitions: list[KpiDefinition]) -> KpiDefinition:
    """Ask for the KPI."""
    key = ask_kpi("What goes with", {one.key: one.label for one in definitions}, "drivers-kpi")
    return next(one for one in definitions if one.key == key)


def _whom(view: View, definition: KpiDefinition) -> str:
    """Ask whom to look at: everyone, or one segment whose value may be shown."""
    names = {EVERYONE: "Everyone"}
    for segment in view.assignment.segments:
        row = view.kpis.find(segment.key, definition.key)
        if row is not None and row.verdict != "hidden":
            names[segment.key] = f"Only “{segment.name}”"
    keys = list(names)
    return st.selectbox(
        "Among",
        keys,
        index=keys.index(view.focus) if view.focus in keys else 0,
        format_func=names.__getitem__,
        key=f"drivers-whom-{view.focus}-{definition.key}",  # a new focus is a new default
    )


def _nothing(effects: list[Effect], definition: KpiDefinition, answers: int, inside: str) -> str:
    """Say why nothing is told."""
    where = f" in “{inside}”" if inside else ""
    label = in_sentence(definition.label)
    if not effects and answers < 2 * SMALLEST_RANKED:
        return (
            f"Can’t tell yet what goes with {label}{where}: {plural(answers, 'answer')}. "
            f"It takes {number(2 * SMALLEST_RANKED)} to compare two groups."
        )
    if not effects:
        return f"No column splits these customers into groups of {number(SMALLEST_RANKED)} answers or more."
    if any(one.verdict == "same" for one in effects):
        return f"Beside what says nearly the same, no column goes reliably with {label}{where}."
    return f"No column goes reliably with {label}{where}."


def _fold(effects: list[Effect], definition: KpiDefinition, unit: str) -> None:
    """Keep what is not in the picture for those who look for it."""
    others = not_drawn(effects)
    if not others:
        return
    box = look.folded(rest_label(others), key="drivers-others")
    if box is not None:
        with box:
            look.bullets([effect_line(one, definition, unit) for one in others])
