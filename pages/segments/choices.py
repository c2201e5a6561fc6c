"""What can be chosen: dimensions, number of segments, names; and the evidence for it."""

import streamlit as st

from pages.ui import look, state
from pages.ui.results import Found
from segkit.charts.map_charts import evidence_chart
from segkit.customers.meanings.roles import FAMILIES
from segkit.customers.table import Column
from segkit.labels import number, percent, plural
from segkit.segments.advice import Advice
from segkit.segments.plan import MOST_SEGMENTS, SCALINGS, Plan
from segkit.segments.segmentation import LONGEST_NAME

SCALING_LABELS = {
    "auto": "Decide from the columns",
    "standard": "All count the same",
    "none": "As they are (one scale)",
}


def kicker(table: state.Loaded, found: Found) -> str:
    """Say where the segments come from."""
    return f"{table.title}: segments from {plural(len(found.segmentation.steps), 'dimension')}"


def dimensions(table: state.Loaded) -> None:
    """Offer every column that could form segments, by family."""
    families = _families(table)
    chosen = state.plan().dimensions or table.customers.default_dimensions
    with st.sidebar:
        look.section("What forms the segments")
        if st.session_state.pop("nothing-picked", False):
            look.notice("At least one dimension is needed, so the last choice was kept.")
        look.note(f"{number(len(chosen))} of {number(sum(map(len, families.values())))} columns are in use.")
        for family, columns in families.items():
            names = [column.name for column in columns]
            used = [name for name in names if name in chosen]
            label = f"{family.capitalize()}: {len(used)} of {len(names)}"
            with st.expander(label, key=f"family-{family}"):
                st.multiselect(
                    family.capitalize(),
                    names,
                    default=used,
                    key=_key(table, family),
                    on_change=_choose,
                    args=(table, tuple(families)),
                    placeholder="none",
                    label_visibility="collapsed",
                )
        with st.expander("Weighing"):
            st.selectbox(
                "How dimensions count",
                SCALINGS,
                index=SCALINGS.index(state.plan().scaling),
                format_func=SCALING_LABELS.__getitem__,
                key="scaling",
                on_change=lambda: state.change_plan(scaling=st.session_state["scaling"]),
            )
        if state.plan() != Plan():
            st.button(
                "Back to the usual choices", key="usual", on_click=_usual, args=(table, tuple(families))
            )


def _families(table: state.Loaded) -> dict[str, list[Column]]:
    """Columns that could form segments, by family; families without any are left out."""
    usable = [column for column in table.customers.columns if column.can_form_segments]
    grouped = {family: [column for column in usable if column.family == family] for family in FAMILIES}
    return {family: columns for family, columns in grouped.items() if columns}


def _key(table: state.Loaded, family: str) -> str:
    return f"by-{family}-{table.customers.fingerprint}"


def _choose(table: state.Loaded, families: tuple[str, ...]) -> None:
    """Take the dimensions from the pickers, in the order of the file."""
    picked = {name for family in families for name in st.session_state[_key(table, family)]}
    ordered = tuple(column.name for column in table.customers.columns if column.name in picked)
    usual = ordered == table.customers.default_dimensions
    st.session_state["nothing-picked"] = not ordered
    if ordered:
        state.change_plan(dimensions=() if usual else ordered)
        return
    kept = state.plan().dimensions or table.customers.default_dimensions
    for family, columns in _families(table).items():
        st.session_state[_key(table, family)] = [column.name for column in columns if column.name in kept]


def _usual(table: state.Loaded, families: tuple[str, ...]) -> None:
    st.session_state["plan"] = Plan()
    for key in [*(_key(table, family) for family in families), "scaling", "how-many"]:
        st.session_state.pop(key, None)


def how_many(advice: Advice, found: Found) -> None:
    """Offer the number of segments with the recommendation and one alternative, a sentence each."""
    sizes = found.assignment.sizes
    count, smallest = len(sizes), float(sizes.min() / max(sizes.sum(), 1))
    if st.session_state.get("how-many", count) != count or "how-many" not in st.session_state:
        st.session_state["how-many"] = count
    st.slider(
        "Number of segments",
        2,
        MOST_SEGMENTS,
        key="how-many",
        on_change=lambda: state.change_plan(n_segments=st.session_state["how-many"]),
    )
    if advice.candidate(count) is None:
        look.note(f"{count} segments were not checked: the evidence ends at {advice.evidence[-1].segments}.")
    for wanted, label in ((advice.recommended, "Recommended"), (advice.alternative, "Or")):
        candidate = advice.candidate(wanted) if wanted else None
        if candidate is not None:
            shown = candidate.with_smallest(smallest) if candidate.segments == count else candidate
            look.note(f"{label}: {shown.sentence}")
            st.button(
                f"Use {candidate.segments}",
                key=f"use-{label.lower()}",
                disabled=candidate.segments == count,
                on_click=state.change_plan,
                kwargs={"n_segments": candidate.segments},
            )
    if advice.alternative == 2 and advice.recommended > 2:
        look.note("Two groups often come back more surely than more, but they say little.")


def evidence(advice: Advice, count: int) -> None:
    """Show how the recommendation came about."""
    box = look.folded("How do we know?", "fold-evidence")
    if box is None:
        return
    with box:
        look.chart(evidence_chart(advice, count, look.theme()), key="evidence")
        look.note(
            f"Measured on {number(advice.sample)} customers. Agreement is the adjusted Rand index between "
            "segments found in five redraws; silhouette says how much closer customers are to their own "
            "segment than to the next."
        )
        rows = [
            {
                "Segments": one.segments,
                "Agreement (0–1)": number(one.stability, 2),
                "Silhouette (−1–1)": number(one.silhouette, 2),
                "Smallest segment": percent(one.smallest),
            }
            for one in advice.evidence
        ]
        st.dataframe(rows, hide_index=True)


def names(found: Found) -> None:
    """Let the user name the segments."""
    box = look.folded("Rename segments", "fold-names")
    if box is None:
        return
    with box:
        look.note(
            "Names appear on every page and in every download. Empty a field to get the first name back."
        )
        for segment in found.assignment.segments:
            st.text_input(
                f"Segment {segment.position + 1}",
                value=segment.name,
                max_chars=LONGEST_NAME,
                key=f"name-{found.key}-{segment.key}",
                on_change=_rename,
                args=(found.key, segment.key),
            )


def _rename(plan_key: str, key: str) -> None:
    state.rename(plan_key, key, st.session_state[f"name-{plan_key}-{key}"])


def steps(found: Found) -> None:
    """Show what was done to the values of each dimension."""
    box = look.folded("What was done to the values", "fold-steps")
    if box is None:
        return
    with box:
        rows = [{"Dimension": name, "Prepared": step} for name, step in found.segmentation.steps]
        st.dataframe(
            rows, hide_index=True, column_config={"Prepared": st.column_config.TextColumn(width="large")}
        )
