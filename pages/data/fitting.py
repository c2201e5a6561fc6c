"""How several files fit together: what each is, which column names the customer, how many match."""

import datetime
from dataclasses import replace

import streamlit as st

from pages.ui import look, state
from segkit.customers.joins.matching import Match
from segkit.customers.joins.table_kinds import TABLE_KINDS, Part
from segkit.customers.retention import as_of_day
from segkit.errors import SegkitError
from segkit.exports.lists import table_csv
from segkit.labels import number, percent, plural

LABELS = {kind.key: kind.label for kind in TABLE_KINDS}


def files(table: state.Loaded) -> None:
    """Show what each file was taken for and how it matches, and let all of it be changed."""
    joined = table.joined
    if joined is None:
        return
    look.section(
        "How your files fit together",
        "Each row is a customer; what the other files say was summed up for each. Everything can be changed.",
    )
    if stuck := st.session_state.pop("fitting-problem", None):
        look.notice(stuck, problem=True)
    for place, part in enumerate(table.parts):
        with st.container(key=f"card-file-{place}"):
            _file(table, part, joined.matches.get(part.name))


def _file(table: state.Loaded, part: Part, match: Match | None) -> None:
    text, kind, key = st.columns([5, 2, 2], vertical_alignment="bottom")
    with text:
        st.html(f"<h3 class='file'>{look.literal(part.name)}</h3><p class='note'>{_told(part, match)}</p>")
        if match is not None and len(match.unmatched):
            rows = table.joined.unmatched[part.name] if table.joined else None
            st.download_button(
                f"Download {plural(len(match.unmatched), 'row')} without a customer",
                data=lambda: table_csv(rows),
                file_name="rows_without_customer.csv",
                mime="text/csv",
                key=f"unmatched-{part.name}",
                on_click="ignore",
            )
    stamp = f"{part.name}-{table.everyone.fingerprint}"
    kind.selectbox(
        "This file lists",
        list(LABELS),
        index=list(LABELS).index(part.kind),
        format_func=LABELS.__getitem__,
        key=f"kind-{stamp}",
        on_change=_set,
        args=(table, part.name, "kind", f"kind-{stamp}"),
    )
    names = part.text.table.column_names
    key.selectbox(
        "The customer is named in",
        names,
        index=names.index(part.key) if part.key in names else None,
        key=f"key-{stamp}",
        on_change=_set,
        args=(table, part.name, "key", f"key-{stamp}"),
    )


def _told(part: Part, match: Match | None) -> str:
    """Say in words what a file is and how it matches, as HTML."""
    rows = plural(part.rows, "row")
    if match is None:
        return look.literal(f"{LABELS[part.kind]}: {rows}.")
    said = (
        f"{LABELS[part.kind]}: {rows}. {percent(match.of_ids)} of its {plural(match.ids, 'customer')} are in "
        f"the customer table, and {percent(match.of_customers)} of those occur here."
    )
    if match.duplicates:
        said += f" {plural(match.duplicates, 'customer id')} of the customer table repeat."
    return look.literal(said)


def _set(table: state.Loaded, name: str, what: str, key: str) -> None:
    """Change what a file is taken for; the rest of it is found again."""
    before = dict(table.fitting.chosen.get(name, {}))
    changed = ({} if what == "kind" else before) | {what: st.session_state[key]}
    chosen = {**table.fitting.chosen, name: changed}
    try:
        state.fit(table, replace(table.fitting, chosen=chosen))
    except SegkitError as problem:
        st.session_state["fitting-problem"] = str(problem)


def as_of(table: state.Loaded) -> None:
    """Let the user set the last day that counts, where anything is counted up to a day."""
    now = table.joined.as_of if table.joined is not None else _day_of_retention(table)
    if now is None:
        return
    day = st.date_input(
        "Count up to and including",
        now,
        key=f"as-of-{table.everyone.fingerprint}",
        width=280,
        help="Days since the last order and the like are counted from here; later rows do not count.",
    )
    if isinstance(day, datetime.date) and day != now:
        try:
            state.decide(table, {"as_of": day.isoformat()})
        except SegkitError as problem:
            look.notice(str(problem), problem=True)
            return
        st.rerun()


def _day_of_retention(table: state.Loaded) -> datetime.date | None:
    """The last day of the window of retention from dates; None where a column says who stayed."""
    if not any(column.derived for column in table.everyone.columns):
        return None
    day: datetime.date = as_of_day(table.everyone, table.choices.as_of).item()
    return day


def features(table: state.Loaded) -> None:
    """Preview what was summed up, once that is opened."""
    if table.joined is None or not table.joined.summaries:
        return
    made = [name for name in table.joined.text.table.column_names if name in table.joined.roles]
    box = look.folded(
        f"See what was summed up for each customer ({number(len(made))} columns)", "fold-features"
    )
    if box is not None:
        identity = table.everyone.with_role("customer_id")
        first = [identity.name] if identity and identity.name not in made else []
        with box:
            look.table(table.everyone.source.select([*first, *made]).slice(0, 20))
