"""Loading a file, and the short facts about it."""

import streamlit as st

from pages.ui import look, state
from segkit.charts.kpi_charts import coverage
from segkit.customers.table import Customers
from segkit.customers.text_tables import READERS
from segkit.errors import SegkitError
from segkit.labels import number
from segkit.measures.kpis import absent, known

ONE_PER_COLUMN = ("csat", "nps", "retention", "conversion", "revenue", "cost_to_serve", "orders", "tickets")
TYPES = [ending.removeprefix(".") for reader in reversed(READERS) for ending in reader.extensions]


def read_new_file() -> str | None:
    """Read the file that was just dropped, once; returns why it cannot be used, if so."""
    file = st.session_state.get("upload")
    if file is None or st.session_state.get("upload-read") == file.file_id:
        return st.session_state.get("upload-problem") if file is not None else None
    st.session_state["upload-read"] = file.file_id
    st.session_state["upload-problem"] = None
    try:
        with st.spinner(f"Reading {number(file.size / 1e6, 1)} MB …"):
            state.load(file.getvalue(), file.name)
    except SegkitError as problem:
        st.session_state["upload-problem"] = f"{file.name}: {problem}"
        return st.session_state["upload-problem"]
    st.rerun()


def tell(stuck: str | None) -> None:
    """Say why a file cannot be used, in a place that is always there: nothing below it moves."""
    with st.container():
        if stuck:
            look.notice(stuck, problem=True)


def welcome() -> None:
    """Say what this is for, to somebody who sees it for the first time."""
    look.hero("Find out which customers you have, and what each group is worth.")
    look.lead("Drop a file with one row per customer. You get segments, their KPIs and a list for each.")


def open_file() -> None:
    """Offer to drop a file, and the sample beside it."""
    drop, sample = st.columns([2, 1], gap="large", vertical_alignment="bottom")
    drop.file_uploader("Your customers: CSV, Excel or Parquet", type=TYPES, key="upload")
    with sample:
        look.note("No file at hand? See it work on an invented company with 5,000 customers.")
        if st.button("Try the sample company", key="sample", width="stretch"):
            with st.spinner("Reading the sample …"):
                state.load(state.SAMPLE, state.SAMPLE_NAME)
            st.rerun()


def what_to_bring() -> None:
    """Say what a useful file holds."""
    look.explanations(
        [
            ("One row per customer", "An id is best; without one, rows are numbered."),
            (
                "What you know of them",
                "Age, region, plan, visits, answers, device: anything that may tell groups apart.",
            ),
            (
                "What you want to compare",
                "CSAT, NPS, retained or churned, converted, revenue, cost. None is required.",
            ),
        ]
    )
    look.note(
        "The file stays on the computer this app runs on: it is read in memory, sent nowhere else, "
        "and gone when the app stops."
    )


def facts(customers: Customers) -> None:
    """Show what was found as a few short facts."""
    shown = [
        (number(len(customers)), "customers"),
        (number(len(customers.default_dimensions)), "columns form segments"),
    ]
    identity = customers.with_role("customer_id")
    shown.append(("✓ id", identity.name) if identity else ("row numbers", "serve as id"))
    csat = customers.with_role("csat")
    if csat is not None and csat.scale is not None:
        shown.append((f"✓ {csat.scale[0]}–{csat.scale[1]}", "CSAT scale"))
    if customers.with_role("nps") is not None:
        shown.append(("✓ 0–10", "NPS answers"))
    stayed = customers.with_role("retained") or customers.with_role("churned")
    if stayed is not None:
        shown.append(("✓ retention", f"from {stayed.name}"))
    look.chips(shown)


def checks(customers: Customers) -> None:
    """List what was assumed; what may need a decision stays in sight."""
    open_questions = [note.text for note in customers.notes if note.check]
    if open_questions:
        count = len(open_questions)
        look.section(f"{number(count)} thing{'s' if count > 1 else ''} to check")
        look.bullets(open_questions)
    else:
        look.section("Nothing to check")
        look.note("Every cell could be read. What was assumed is below.")
    with st.expander("How the file was read, and which KPIs need another column"):
        look.bullets([note.text for note in customers.notes if not note.check])
        missing = absent(customers)
        if missing:
            look.note("Not measured, because no column has the role:")
            look.bullets([look.needs_text(one, needs) for one, needs in missing])


def coverage_chart(customers: Customers) -> None:
    """Show for how many customers each KPI is known."""
    shares = [
        (one.label.removesuffix(" per customer"), answered / len(customers))
        for one, answered in known(customers)
        if len(one.needs) == 1 and one.key in ONE_PER_COLUMN
    ]
    picture = coverage(shares, look.theme())
    if picture is not None:
        look.chart(picture, key="coverage")


def sheet_choice(table: state.Loaded) -> None:
    """Let the user pick another sheet of a workbook."""
    sheets = list(table.text.sheets)
    if table.raw is None or len(sheets) < 2:
        return
    current = table.text.facts.get("sheet", sheets[0])
    chosen = st.selectbox("Sheet", sheets, index=sheets.index(current), key=f"sheet-{table.content[:12]}")
    if chosen != current:
        try:
            state.load(table.raw, table.name, chosen)
        except SegkitError as problem:
            look.notice(str(problem), problem=True)
            return
        st.rerun()
