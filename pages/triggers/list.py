"""Whom to call: the picture, the table by segment, and the lists behind them."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from pages.ui import look, results
from pages.ui.looking import looking
from pages.ui.view import MOST_LISTED, View
from segkit.charts.trigger_charts import calls_chart, picture_numbers, segment_numbers
from segkit.customers.sampling import is_part, is_source
from segkit.engine import Engine
from segkit.errors import SegkitError
from segkit.exports.lists import file_stem
from segkit.exports.pushed_triggers import Wanted, calls_first, calls_parts
from segkit.exports.triggers import calls_csv, calls_table, counts_csv
from segkit.insights.trigger_text import (
    FEW,
    WHAT_TO_DO,
    left_out_text,
    people_text,
    today_text,
)
from segkit.insights.triggers.calls import HORIZONS, USUAL_HORIZON, Calls, calls
from segkit.insights.triggers.found import find_play
from segkit.insights.triggers.own import OwnTrigger
from segkit.insights.triggers.pushed import entries_of_all, only_drawn_text
from segkit.insights.triggers.seen import today
from segkit.insights.triggers.table import Watched, watch
from segkit.labels import listing, number, plural
from segkit.measures.pushed_counts import Everyone

FIRST = 100  # rows of a list on the page; all are in the download
DRAWN_ONLY = (
    "Your table stays where it is, and whom to call cannot be told there, so this page looks at some of its "
    "customers, drawn by chance. Lists to call would hold only those, so none is offered here. "
)


@dataclass(frozen=True, eq=False)
class Called:
    """Whom to call, as the controls say.

    Attributes
    ----------
    calls : Calls
        Of the segment in front, or of everyone.
    whole : Calls
        Of all segments.
    source : str
        What the picture says below its title.
    only_drawn : tuple of str
        Of a table that stays where it is: what is told of the customers who were drawn only.
    problem : str
        Why all of it is; empty where it is not.
    """

    calls: Calls
    whole: Calls
    source: str
    only_drawn: tuple[str, ...] = ()
    problem: str = ""


def called(view: View, own: Sequence[OwnTrigger]) -> Called:
    """Whom to call; the controls that say it stand below what they change."""
    day = st.session_state.get(_day_key(view)) or today(view.table.customers).date
    if not is_source(view.customers):
        return _in_memory(view, own, day)
    try:
        return _at_source(view, own, day)
    except SegkitError as problem:  # days that cannot be read where the table lives
        return _in_memory(view, own, day, str(problem))


def _in_memory(view: View, own: Sequence[OwnTrigger], day: datetime.date, problem: str = "") -> Called:
    found = watch(view.customers, day, [one.trigger for one in own], today(view.table.customers))
    here, whole = (calls(found, view.assignment, *_choices(key)) for key in (view.focus, ""))
    return Called(here, whole, view.of_sample, problem=problem)


def _at_source(view: View, own: Sequence[OwnTrigger], day: datetime.date) -> Called:
    """Whom to call among all customers, counted by the engine."""
    asked = (entries_of_all, day, tuple(own))
    found = results.of_everyone(view.table, view.found, looking(), "triggers", *asked)
    only_drawn = tuple(only_drawn_text(found.drawn))
    return Called(*(found.calls(*_choices(key)) for key in (view.focus, "")), view.source, only_drawn)


def _choices(segment: str) -> tuple[int, str, bool, bool]:
    state = st.session_state
    return (
        state.get("triggers-days") or USUAL_HORIZON,
        segment,
        state.get("triggers-agreed", True),
        state.get("triggers-left", False),
    )


def _day_key(view: View) -> str:
    """The day belongs to one table: another one was made on another day."""
    return f"triggers-day-{view.table.customers.fingerprint}"


def front(view: View) -> str:
    """The name of the segment in front, empty for none."""
    return next((one.name for one in view.assignment.segments if one.key == view.focus), "")


def drawn(view: View, found: Called) -> int:
    """How many customers stand for all where no more can be told; 0 for any other table."""
    return len(view.customers) if found.problem and is_part(view.customers) else 0


def adjust(view: View, found: Called) -> None:
    """Choose how far to look ahead, from which day, and whom to leave out."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="triggers-adjust"):
        st.segmented_control(
            "Look ahead",
            HORIZONS,
            default=USUAL_HORIZON,
            format_func=lambda days: f"{days} days",
            key="triggers-days",
            required=True,
            persist_state="session",
        )
        with st.popover("Adjust", icon=":material/tune:", key="triggers-more"):
            _day(view)
            if found.calls.watch.consent is not None:
                st.toggle(
                    "Only customers who agreed to be written to",
                    value=True,
                    key="triggers-agreed",
                    persist_state="session",
                )
            if found.calls.watch.gone is not None:
                st.toggle(
                    "Also customers who have left", value=False, key="triggers-left", persist_state="session"
                )
    look.note(" ".join(filter(None, [today_text(found.calls.watch), left_out_text(found.calls)])))


def _day(view: View) -> None:
    told = today(view.table.customers).date
    st.date_input(
        "Today is",
        value=told,
        min_value=min(told, datetime.date(1970, 1, 1)),
        max_value=datetime.date(2100, 12, 31),
        key=_day_key(view),
        persist_state="session",
        help="Days are counted from here. On the Data page you can change it for all pages.",
    )


def picture(view: View, found: Called) -> None:
    """Draw how many customers each trigger concerns, now and in the days ahead."""
    if not len(found.calls):
        return
    chart = calls_chart(found.calls, view.segments, look.theme(), front(view))
    look.picture(chart, picture_numbers(found.calls), "calls", found.source)


# --- by segment ---------------------------------------------------------------------------------------


def by_segment(view: View, found: Called) -> None:
    """Show customers by segment and trigger; of all segments, whichever is in front."""
    whole = found.whole
    if not len(whole):
        return
    look.section(
        "By segment",
        "Customers on each list; “Any” counts each of them once. Counts below 5 are not told exactly.",
    )
    numbers = segment_numbers(whole)
    columns = ["Any", *(one.trigger.label for _, one in _filled(whole))]
    rows = [{str(name): value for name, value in row.items()} for row in numbers.to_dict("records")]
    st.html(_html(columns, rows, front(view)))
    if not drawn(view, found):
        st.download_button(
            "Download exact counts",
            data=partial(counts_csv, whole),
            file_name=f"calls_by_segment_{whole.watch.day}.csv",
            mime="text/csv",
            key="download-counts",
            on_click="ignore",
        )


def _html(columns: list[str], rows: list[dict[str, str]], front_name: str) -> str:
    head = "".join(f"<th scope='col'>{look.literal(name)}</th>" for name in columns)
    body = "".join(_row(columns, row, front_name, row is rows[-1]) for row in rows)
    head = f"<thead><tr><th scope='col'>Segment</th>{head}</tr></thead>"
    return f"<div class='kpis-box'><table class='kpis'>{head}<tbody>{body}</tbody></table></div>"


def _row(columns: list[str], row: dict[str, str], front_name: str, last: bool) -> str:
    name = row["Segment"]
    kind = " class='base'" if last else " class='focus'" if name == front_name else ""
    cells = "".join(f"<td>{_cell(row[column])}</td>" for column in columns)
    return f"<tr{kind}><th scope='row'>{look.literal(name)}</th>{cells}</tr>"


def _cell(text: str) -> str:
    return f"<span>{text}</span>" if text in ("0", FEW) else f"<b>{look.literal(text)}</b>"


# --- the lists ----------------------------------------------------------------------------------------


def _filled(found: Calls) -> list[tuple[int, Watched]]:
    """Triggers that concern somebody, with their places."""
    return [(place, one) for place, one in enumerate(found.watch.watched) if found.totals[place]]


def offered(view: View, found: Called) -> None:
    """Offer a list per trigger and all of them in one, and show one list."""
    look.section("The lists")
    told, filled = found.calls, _filled(found.calls)
    if drawn(view, found):
        look.notice(DRAWN_ONLY + found.problem)
    for place, one in filled:
        _card(view, found, place, one)
    empty = [one.trigger.label for one in told.watch.watched if one not in [each for _, each in filled]]
    if empty:
        look.note(f"Watched, and nobody is on the list: {listing(empty, 12)}.")
    if found.only_drawn:
        look.bullets(list(found.only_drawn))
    if not filled or drawn(view, found):
        return
    name = f"calls_{told.watch.day}.csv"
    _download(f"Download all {plural(len(told), 'call')}", _written(view, told), len(told), name, "calls")
    _see(view, told, filled)


def _card(view: View, found: Called, place: int, one: Watched) -> None:
    """One trigger: what it is, whom it concerns, what to do about it."""
    count = int(found.calls.totals[place])
    with st.container(key=f"card-list-{place}"):
        text, button = st.columns([4, 1], vertical_alignment="center")
        with text:
            name, people = look.literal(one.trigger.label), people_text(count)
            play = look.literal(find_play(one.trigger.play).label)
            rule = look.literal(" ".join(filter(None, [one.found.rule, one.found.aside])))
            title = f"<p class='list-name'><b>{name}</b> {people} · play: {play}</p>"
            st.html(f"{title}<p class='list-name'>{rule}</p>")
        with button:
            if not drawn(view, found):
                name = f"{file_stem('calls', one.trigger.label)}_{found.calls.watch.day}.csv"
                written = _written(view, found.calls, (one.trigger.key,))
                _download("Download CSV", written, count, name, f"calls-{place}", "stretch")


def _download(
    label: str, written: Callable[[], bytes], count: int, name: str, key: str, width: Any = "content"
) -> None:
    """Offer a list, unless it is too long for a browser."""
    if count > MOST_LISTED:
        look.note(
            f"A browser takes lists of up to {number(MOST_LISTED)} rows; look at a segment or fewer days."
        )
        return
    st.download_button(
        label, written, name, "text/csv", key=f"download-{key}", on_click="ignore", width=width
    )


def _written(view: View, found: Calls, triggers: tuple[str, ...] = ()) -> Callable[[], bytes]:
    """What writes a list: of a table that stays where it is, the engine."""
    if not is_source(view.customers):
        return partial(calls_csv, view.customers, found, triggers)
    everyone, wanted = _everyone(view), Wanted(*_choices(view.focus), triggers)
    return lambda: b"".join(calls_parts(everyone, found.watch, wanted))


def _everyone(view: View) -> Everyone:
    engine = view.table.engine
    assert isinstance(engine, Engine)  # of a source
    conditions = (*view.table.conditions, *looking().conditions)
    return Everyone(engine, view.table.everyone, view.found.segmentation, conditions)


def _rows(view: View, found: Calls, trigger: str) -> Any:
    """The first rows of a list."""
    if not is_source(view.customers):
        return calls_table(view.customers, found, [trigger]).slice(0, FIRST)
    asked = (calls_first, found.watch, Wanted(*_choices(view.focus), (trigger,)), FIRST)
    return results.of_everyone(view.table, view.found, looking(), "calls-first", *asked)


def _see(view: View, found: Calls, filled: list[tuple[int, Watched]]) -> None:
    """Show the first rows of one list, for who asks."""
    box = look.folded("See a list", "calls-see")
    if box is None:
        return
    with box:
        labels = {one.trigger.key: one.trigger.label for _, one in filled}
        if st.session_state.get("calls-which") not in labels:
            st.session_state["calls-which"] = next(iter(labels))
        key = st.selectbox("List", list(labels), format_func=labels.__getitem__, key="calls-which", width=320)
        place, one = next(each for each in filled if each[1].trigger.key == key)
        hidden = _hidden(view, one)
        if hidden and st.toggle("Show personal data", key="calls-personal"):
            hidden = set()
        rows = _rows(view, found, key)
        if found.totals[place] > FIRST:
            look.note(f"The first {FIRST} of {plural(int(found.totals[place]), 'customer')}, by day.")
        called = {rows.column_names[0]: rows.column_names[0]} | COLUMNS
        kept = [name for name in called if name in rows.column_names and name not in hidden]
        look.table(rows.select(kept).rename_columns([called[name] for name in kept]))


COLUMNS = {"segment_name": "Segment", "date": "Day", "why": "Why", "consent": "Consent"}  # of a list in sight


def _hidden(view: View, one: Watched) -> set[str]:
    """Columns of a list that tell personal data: ids such as e-mails, and the day of a birthday."""
    columns = view.customers.columns
    ids = {each.name for each in columns if each.hidden and each.role == "customer_id"}
    personal = {each.name for each in columns if each.hidden}
    return ids | ({"date"} if personal & set(one.found.columns) else set())


# --- around them --------------------------------------------------------------------------------------


def nothing(view: View) -> None:
    """Say what to do with a table that tells of no trigger."""
    look.bullets(list(WHAT_TO_DO))
    if st.button("Add files or set meanings →", type="primary", key="to-data"):
        st.switch_page(st.session_state["pages"]["data"])


def not_watched(found: Calls) -> None:
    """List the triggers that the table has no columns for, and which would bring them."""
    absent = found.watch.absent
    if not absent:
        return
    labels = [look.unmarked(one.label) for one, _ in absent]
    with st.expander(f"Not watched: {listing(labels, 12)}", key="calls-absent"):
        look.bullets([f"{one.label} needs {needs}." for one, needs in absent])
        look.note("Add it to the file, or set it on the Data page if it is there under another name.")


def onward(found: Calls) -> None:
    """Lead to the lists of whole segments."""
    if found.watch.watched and st.button("Download lists →", type="primary", key="to-downloads"):
        st.switch_page(st.session_state["pages"]["downloads"])
