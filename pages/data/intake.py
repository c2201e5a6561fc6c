"""Loading files, and the short facts about them."""

import time
from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.ui import look, state
from segkit.charts.kpi_charts import coverage
from segkit.customers.files.opening import extensions
from segkit.customers.sampling import in_all
from segkit.customers.table import Customers
from segkit.engine import Source
from segkit.errors import SegkitError
from segkit.labels import listing, number
from segkit.measures.kpis import known
from segkit.sources import sources

ONE_PER_COLUMN = ("csat", "nps", "retention", "conversion", "revenue", "cost_to_serve", "orders", "tickets")
TYPES = [ending.removeprefix(".") for ending in extensions()]
QUIET = 1.0  # seconds of work that need no words
UPLOADERS = ("upload", "upload-more")


def read_new_files() -> str | None:
    """Read the files that were just dropped, once; returns why one cannot be used, if so."""
    for key in UPLOADERS:
        seen = st.session_state.setdefault(f"{key}-read", set())
        files = [file for file in st.session_state.get(key) or [] if file.file_id not in seen]
        if files:
            seen |= {file.file_id for file in files}
            if _read(files, added=key == "upload-more"):
                st.rerun()
    return st.session_state.get("upload-problem")


def _read(files: Sequence[UploadedFile], added: bool) -> bool:
    """Take files apart and load those that can be; says whether there are any."""
    problems, apart = [], []
    st.session_state["upload-problem"] = None
    for file in files:
        try:
            doing = f"Taking {file.name} apart, {number(file.size / 1e6, 1)} MB"
            said = f"Reading of {file.name} was stopped. Drop it again to start over."
            watch = _progress(doing, "Stop reading", f"stop-{file.file_id}", file.name, said)
            apart.append(state.taken_apart(file.getvalue(), file.name, watch=watch))
        except SegkitError as problem:
            problems.append(f"{file.name}: {problem}")
    before = state.loaded()
    try:
        if apart:
            with st.spinner("Telling what each column is …"):
                state.load([*(before.files if added and before else ()), *apart])
    except SegkitError as problem:
        problems.append(str(problem))
        apart = []
    st.session_state["upload-problem"] = " ".join(problems) or None
    return bool(apart)


def _progress(doing: str, stop: str, key: str, name: str, said: str) -> Callable[[], None]:
    """Say what is being done once it takes a while, with a button that stops it and what is said then.

    Every call is also where a page that was left, or work that was stopped, ends.
    """
    place, start = st.empty(), time.monotonic()
    line = None

    def watch() -> None:
        nonlocal line
        taken = time.monotonic() - start
        if taken < QUIET:
            return
        if line is None:
            with place.container(horizontal=True, vertical_alignment="center"):
                line = st.empty()
                st.button(stop, key=key, on_click=_stopped, args=(name, said))
        line.html(f"<p class='note' role='status'>{look.literal(doing)}, {number(taken, 0)} s …</p>")

    return watch


def _stopped(name: str, said: str) -> None:
    table = state.loaded()
    if table is not None and name in [file.name for file in table.files]:
        return  # it was there before the button was
    st.session_state["upload-problem"] = said


def tell(stuck: str | None) -> None:
    """Say why a file cannot be used, in a place that is always there: nothing below it moves."""
    with st.container():
        if stuck:
            look.notice(stuck, problem=True)


def welcome() -> None:
    """Say what this is for, to somebody who sees it for the first time."""
    look.hero("Find out which customers you have, and what each group is worth.")
    look.lead("Drop a file with one row per customer. You get segments, their KPIs and a list for each.")


def open_files() -> None:
    """Offer to drop files, and the sample beside it."""
    drop, sample = st.columns([2, 1], gap="large", vertical_alignment="bottom")
    drop.file_uploader(
        "Your customers, and their orders, survey answers or tickets if you have them: CSV, Excel, Parquet",
        type=TYPES,
        key="upload",
        accept_multiple_files=True,
    )
    with sample:
        look.note("No file at hand? See it work on an invented company with 5,000 customers.")
        if st.button("Try the sample company", key="sample", width="stretch"):
            with st.spinner("Reading the sample …"):
                state.load_sample()
            st.rerun()


def open_source() -> None:
    """Offer the tables that were set up for this app, by name."""
    try:
        offered = {one.key: one for one in sources()}
    except SegkitError as problem:
        look.notice(str(problem), problem=True)
        return
    if not offered:
        return
    look.section("A table of your company", "It stays where it is; only results come here.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.selectbox(
            "Table", list(offered), format_func=lambda one: offered[one].label, key="source", width=360
        )
        if st.button("Open", key="open-source"):
            _open(offered[key])


def _open(source: Source) -> None:
    try:
        doing = f"Opening {source.label}"
        if source.logs:
            doing += f" and summing up its {listing(list(source.logs))} by customer"
        said = f"Opening {source.label} was stopped. Nothing was changed."
        state.load_source(source, _progress(doing, "Stop", "stop-source", source.label, said))
    except SegkitError as problem:
        st.session_state["upload-problem"] = str(problem)
    else:
        st.session_state["upload-problem"] = None
    st.rerun()


def add_files() -> None:
    """Offer to add tables to the loaded ones."""
    st.file_uploader(
        "Orders, survey answers, support tickets or events of these customers",
        type=TYPES,
        key="upload-more",
        accept_multiple_files=True,
    )
    look.note("They are joined by customer id; you see how many match before anything is counted.")


def what_to_bring() -> None:
    """Say what a useful file holds."""
    look.explanations(
        [
            (
                "One row per customer",
                "An id is best; without one, rows are numbered. Orders alone do as well: they are summed up.",
            ),
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
        (number(in_all(customers)), "customers"),
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
        shown.append(("✓ retention", f"from {stayed.name}" if not stayed.derived else "from dates"))
    look.chips(shown)
    for note in customers.notes:
        if note.key == "sampled":
            look.note(note.text)


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
    """Let the user pick another sheet of a workbook, or another table of an archive."""
    sheets = list(table.files[0].text.sheets)
    if len(table.files) > 1 or len(sheets) < 2:
        return
    current = table.files[0].text.facts.get("sheet", sheets[0])
    key = f"sheet-{table.everyone.fingerprint}"
    chosen = st.selectbox("Sheet", sheets, index=sheets.index(current), key=key)
    if chosen != current:
        try:
            state.decide(table, {"sheet": chosen})
        except SegkitError as problem:
            look.notice(str(problem), problem=True)
            return
        st.rerun()
