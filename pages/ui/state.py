"""What a session has: the loaded files, the choices made on them, the base, the plan, what was refined.

A browser refresh starts a new session, so what was loaded also lies on a shelf in the server's memory,
found again by the fingerprint in the address. The address holds the plan too: a link shows the view.
Fingerprints are hashes of the files' content, so only who has the link or the file can find a table.
"""

import json
import threading
import weakref
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui import looking
from segkit.customers.base import Condition, restricted
from segkit.customers.choices import Choices, FileChoices
from segkit.customers.files.text_table import TextTable, free_name
from segkit.customers.joins.joining import Joined
from segkit.customers.joins.table_kinds import Part
from segkit.customers.joins.together import (
    OF_FILES,
    Fitting,
    OpenedFile,
    Together,
    is_alone,
    put_together,
)
from segkit.customers.parked import discard, is_many, parked
from segkit.customers.reading import opened
from segkit.customers.remembered import recalled, remember
from segkit.customers.sampling import reached
from segkit.customers.table import Customers
from segkit.engine import Engine
from segkit.engine import Source as Place
from segkit.errors import SegkitError
from segkit.labels import listing
from segkit.segments.goals import find_goal
from segkit.segments.methods.table import find_method
from segkit.segments.plan import Plan
from segkit.segments.refining import Refinement

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "customers.csv"
SAMPLE_NAME = "Sample company"
SHELF_TABLES = 12
SHELF_BYTES = 600 << 20
REFRESH = 600.0  # seconds in which somebody who left comes back to a table on disk
READINGS_AT_ONCE = 2  # each takes a processor and several times the memory of its file
PATIENCE = 0.3  # seconds between looks whether it is this file's turn

Source = bytes | Path | Engine
Watch = Callable[[], None]


@dataclass(frozen=True, eq=False)
class File:
    """One file taken apart; its bytes are kept because some choices need them again."""

    name: str
    source: Source
    text: TextTable
    content: str
    choices: FileChoices = field(default_factory=FileChoices)

    @property
    def opened(self) -> tuple[str, TextTable, str]:
        """The file as the library takes it."""
        return self.name, self.text, self.content


@dataclass(frozen=True, eq=False)
class Loaded:
    """Files that were read, with the choices made on them.

    Attributes
    ----------
    files : tuple of File
    choices : Choices
        What the user decided on columns.
    fitting : Fitting
        What she decided on how the files fit together.
    conditions : tuple of Condition
        Whom everything is about; empty for everyone.
    whole : Together
        All customers of the files.
    customers : Customers
        Those who meet the conditions.
    remembered : bool
        Choices of an earlier file with the same columns were applied.
    engine : Engine or None
        Where the table lives, when only some of its customers were read.
    """

    files: tuple[File, ...]
    choices: Choices
    fitting: Fitting
    conditions: tuple[Condition, ...]
    whole: Together
    customers: Customers
    remembered: bool = False
    engine: Engine | None = None

    @property
    def name(self) -> str:
        """What the user calls the files."""
        return listing([file.name for file in self.files], 3)

    @property
    def title(self) -> str:
        """The files, and whom of them everything is about."""
        return f"{self.name}, only where {self.customers.base}" if self.customers.base else self.name

    @property
    def of_company(self) -> bool:
        """Whether it is a table that was set up for this app, and no file."""
        return isinstance(self.files[0].source, Engine)

    @property
    def everyone(self) -> Customers:
        """All customers of the files, whatever the conditions."""
        return self.whole.customers

    @property
    def parts(self) -> tuple[Part, ...]:
        """What each file was taken for."""
        return self.whole.parts

    @property
    def joined(self) -> Joined | None:
        """How the files were joined; None for a customer table alone."""
        return self.whole.joined

    @property
    def address(self) -> str:
        """How a link names this table."""
        untouched = self.choices == Choices() and not self.conditions and len(self.files) == 1
        return "sample" if self.name == SAMPLE_NAME and untouched else self.customers.fingerprint

    @property
    def bytes(self) -> int:
        """Memory it takes, about."""
        files = sum(
            file.text.table.nbytes + (len(file.source) if isinstance(file.source, bytes) else 0)
            for file in self.files
        )
        return int(files + self.customers.frame.memory_usage(deep=False).sum())


@dataclass(frozen=True, eq=False)
class Hold:
    """A session's hold on a table that lies on the disk of this server."""

    engine: Engine


class Shelf:
    """The tables loaded last, by address; the oldest go first."""

    def __init__(self) -> None:
        self._tables: OrderedDict[str, Loaded] = OrderedDict()
        self._holds: Counter[Engine] = Counter()
        self._lock = threading.RLock()  # a hold may end whenever memory is tidied up

    def put(self, loaded: Loaded) -> None:
        """Keep a table, and drop the oldest above the limits."""
        with self._lock:
            self._tables[loaded.address] = loaded
            self._tables.move_to_end(loaded.address)
            while len(self._tables) > 1 and (
                len(self._tables) > SHELF_TABLES
                or sum(one.bytes for one in self._tables.values()) > SHELF_BYTES
            ):
                self._tables.popitem(last=False)

    def find(self, address: str) -> Loaded | None:
        """Look a table up."""
        with self._lock:
            if address in self._tables:
                self._tables.move_to_end(address)
            return self._tables.get(address)

    def remove(self, address: str) -> None:
        """Forget a table."""
        with self._lock:
            self._tables.pop(address, None)

    def hold(self, engine: Engine) -> Hold:
        """Keep a table on disk as long as a session has it, and a little longer, as for a refresh."""
        held = Hold(engine)
        with self._lock:
            self._holds[engine] += 1
        weakref.finalize(held, self._later, engine).atexit = False
        return held

    def _later(self, engine: Engine) -> None:
        timer = threading.Timer(REFRESH, self._let_go, (engine,))
        timer.daemon = True
        timer.start()

    def _let_go(self, engine: Engine) -> None:
        with self._lock:
            self._holds[engine] -= 1
            if self._holds[engine] <= 0:
                del self._holds[engine]
                self.drop(engine)

    def drop(self, engine: Engine) -> None:
        """Remove a table from the disk, unless other sessions have it too."""
        with self._lock:
            if self._holds[engine] > 1:
                return
            for address in [one for one, table in self._tables.items() if table.engine is engine]:
                self.remove(address)
        discard(engine)


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """The one shelf of this server."""
    return Shelf()


# --- the table ------------------------------------------------------------------------------------


def loaded() -> Loaded | None:
    """The table of this session; after a refresh or by a link, the one that the address names."""
    return st.session_state.get("loaded")


@st.cache_resource(show_spinner=False)
def _turns() -> threading.BoundedSemaphore:
    """How many files this server takes apart at once."""
    return threading.BoundedSemaphore(READINGS_AT_ONCE)


def taken_apart(
    source: bytes | Path, name: str, choices: FileChoices | None = None, watch: Watch | None = None
) -> File:
    """Take a file apart when it is its turn.

    Raises
    ------
    SegkitError
        It cannot be read; what was loaded before stays.
    """
    turns = _turns()
    while not turns.acquire(timeout=PATIENCE):
        if watch is not None:
            watch()
    try:
        text, content = opened(source, name, choices=choices, watch=watch)
    finally:
        turns.release()
    return File(name, source, text, content, choices or FileChoices())


def load_source(place: Place, watch: Callable[[], None]) -> None:
    """Make a table that stays where it is that of this session; `watch` is called meanwhile and may end it.

    Raises
    ------
    SegkitError
        It cannot be reached; what was loaded before stays.
    """
    engine, text, content = reached(place, watch)
    load([File(place.label, engine, text, content)])


def load(files: Sequence[File]) -> None:
    """Make some files the table of this session; choices made on such columns before are applied again.

    Raises
    ------
    SegkitError
        They cannot be joined; what was loaded before stays.
    """
    files = _under_names_of_their_own(files)
    names = [name for file in files for name in file.text.table.column_names]
    before = recalled(names)
    if before != Choices():
        with suppress(SegkitError):
            keep(_made(tuple(files), before, Fitting(), (), remembered=True))
            return
    keep(_made(tuple(files), Choices(), Fitting(), ()))


def _under_names_of_their_own(files: Sequence[File]) -> list[File]:
    """Number files that are called the same."""
    taken: set[str] = set()
    named = []
    for file in files:
        name = free_name(file.name, taken)
        taken.add(name)
        named.append(replace(file, name=name))
    return named


def load_sample() -> None:
    """Load the sample company; nothing is remembered of it."""
    keep(_made((taken_apart(SAMPLE, SAMPLE_NAME),), Choices(), Fitting(), ()))


def _made(
    files: tuple[File, ...],
    choices: Choices,
    fitting: Fitting,
    conditions: tuple[Condition, ...],
    remembered: bool = False,
) -> Loaded:
    engine, opened = _reached(files, choices, fitting)
    whole = put_together(opened, choices, fitting)
    customers = restricted(whole.customers, conditions)
    return Loaded(files, choices, fitting, conditions, whole, customers, remembered, engine)


def _reached(
    files: tuple[File, ...], choices: Choices, fitting: Fitting
) -> tuple[Engine | None, list[OpenedFile]]:
    """The files to put together; of one very large table only some customers, and the engine that has all."""
    first = files[0]
    if isinstance(first.source, Engine):
        return first.source, [first.opened]
    if len(files) == 1 and is_many(first.text) and is_alone(first.opened, fitting):
        kept = parked(first.name, first.text, first.content)
        if kept is not None:
            engine, drawn = kept
            return engine, [(first.name, drawn, first.content)]
    return None, [file.opened for file in files]


def keep(table: Loaded) -> None:
    """Make a table that of this session; a plan whose columns it lacks, and what was refined, is dropped."""
    before = loaded()
    if before is not None and before.customers.fingerprint != table.customers.fingerprint:
        st.session_state.pop("refined", None)
        looking.look_afresh(table.customers.frame.columns)
    st.session_state["loaded"] = table
    shelf().put(table)
    on_disk = table.engine is not None and not table.of_company
    st.session_state["hold"] = shelf().hold(table.engine) if on_disk else None
    have = set(table.customers.frame.columns)
    if not {*plan().dimensions, *dict(plan().weights)} <= have:
        st.session_state["plan"] = Plan()


def decide(table: Loaded, change: Mapping[str, Any]) -> None:
    """Apply a change of choices (an `Option`'s) to the loaded files.

    Raises
    ------
    SegkitError
        It cannot be done; what was loaded stays.
    """
    of_columns = {name: value for name, value in change.items() if name not in OF_FILES}
    choices, fitting = table.choices.changed(of_columns), table.fitting.changed(change)
    files = tuple(_read_again(table, file, choices, fitting) for file in table.files)
    _replace(table, files=files, choices=choices, fitting=fitting)


def _read_again(table: Loaded, file: File, choices: Choices, fitting: Fitting) -> File:
    """Take a file apart once more where the decisions on it need that."""
    wanted = (choices if table.joined is None else fitting.choices_of(file.name)).of_file
    if wanted == file.choices or isinstance(file.source, Engine):
        return file
    return taken_apart(file.source, file.name, wanted)


def fit(table: Loaded, fitting: Fitting) -> None:
    """Apply another way of joining the files.

    Raises
    ------
    SegkitError
        It cannot be done; what was loaded stays.
    """
    _replace(table, fitting=fitting)


def choose(table: Loaded, choices: Choices) -> None:
    """Replace all choices on columns.

    Raises
    ------
    SegkitError
        They do not fit the columns; what was loaded stays.
    """
    _replace(table, choices=choices)


def _replace(table: Loaded, **changes: Any) -> None:
    now = replace(table, **changes)
    keep(_made(now.files, now.choices, now.fitting, now.conditions))
    if now.name != SAMPLE_NAME:
        remember([name for file in now.files for name in file.text.table.column_names], now.choices)


def restrict(table: Loaded, conditions: Sequence[Condition]) -> None:
    """Choose whom everything is about.

    Raises
    ------
    SegkitError
        Nearly nobody is left; what was chosen before stays.
    """
    customers = restricted(table.everyone, conditions)
    keep(replace(table, conditions=tuple(conditions), customers=customers))


def forget() -> None:
    """Drop the table from this session and from the server's memory."""
    table = loaded()
    if table is not None:
        shelf().remove(table.address)
        if table.engine is not None:
            shelf().drop(table.engine)
    for key in ("loaded", "plan", "refined", "looking", "hold", "later-table"):
        st.session_state.pop(key, None)
    st.query_params.clear()


def forget_choices(table: Loaded) -> None:
    """Read the files again without anything that was set, and forget that for such files."""
    _replace(table, choices=Choices(), fitting=Fitting())


def show(key: str, value: Any) -> None:
    """Set what a widget shows, before it is drawn: the choice itself is kept elsewhere.

    On every run: a browser that missed a run which was cut short would go on with a blank.
    """
    st.session_state[key] = value


# --- the plan -------------------------------------------------------------------------------------


def plan() -> Plan:
    """The plan of this session."""
    return st.session_state.get("plan", Plan())


def change_plan(**choices: Any) -> None:
    """Change parts of the plan."""
    st.session_state["plan"] = replace(plan(), **choices)


def set_plan(wanted: Plan) -> None:
    """Replace the plan."""
    st.session_state["plan"] = wanted


def start_over() -> None:
    """Take back every choice about segments."""
    st.session_state["plan"] = Plan()
    st.session_state.pop("refined", None)


def settled_key() -> str:
    """The key of the plan with the number of segments that it led to."""
    return st.session_state.get("settled", {}).get(plan().key, plan().key)


@dataclass(frozen=True)
class Refined:
    """What was changed by hand after the fit, and what was taken back."""

    done: tuple[Refinement, ...] = ()
    undone: tuple[Refinement, ...] = ()


def refined(plan_key: str) -> Refined:
    """What was refined under a plan; another plan has other segments and starts afresh."""
    return st.session_state.get("refined", {}).get(plan_key, Refined())


def refine(plan_key: str, *refinements: Refinement) -> None:
    """Change something by hand; what had been taken back cannot be brought back after that."""
    _set_refined(plan_key, Refined((*refined(plan_key).done, *refinements)))


def try_to_refine(plan_key: str, refinement: Refinement) -> None:
    """Change something by hand that may turn out to be impossible, see `give_up`."""
    before = refined(plan_key)
    refine(plan_key, refinement)
    st.session_state["trying"] = (plan_key, refined(plan_key), before)


def give_up(plan_key: str, problem: str) -> bool:
    """Go back to before the change that was just tried and cannot be made; says whether there was one."""
    tried = st.session_state.pop("trying", None)
    if tried is None or tried[:2] != (plan_key, refined(plan_key)):
        return False
    _set_refined(plan_key, tried[2])
    st.session_state["refine-problem"] = problem
    return True


def problem_of_trying() -> str:
    """Why the change that was tried last cannot be made; told once."""
    return st.session_state.pop("refine-problem", "")


def undo(plan_key: str) -> None:
    """Take the last change back."""
    now = refined(plan_key)
    if now.done:
        _set_refined(plan_key, Refined(now.done[:-1], (now.done[-1], *now.undone)))


def redo(plan_key: str) -> None:
    """Bring the change back that was taken back last."""
    now = refined(plan_key)
    if now.undone:
        _set_refined(plan_key, Refined((*now.done, now.undone[0]), now.undone[1:]))


def _set_refined(plan_key: str, refined: Refined) -> None:
    before = st.session_state.get("refined", {})
    st.session_state["refined"] = before | {plan_key: refined}


# --- the address ----------------------------------------------------------------------------------


def follow_address() -> None:
    """Take table and plan from the address, in a session that has none yet."""
    if "followed" in st.session_state:
        return
    st.session_state["followed"] = True
    st.session_state["plan"] = _plan_from_address()
    _refined_from_address()
    looking.from_address(_read_json(st.query_params.get("look", ""), {}))
    address = st.query_params.get("data")
    found = shelf().find(address) if address else None
    if found is not None:
        keep(found)
    elif address == "sample":
        load_sample()
    else:
        st.session_state["stale"] = bool(address)


def link_is_stale() -> bool:
    """Whether the address named a table that is no longer in memory, and none was loaded since."""
    return loaded() is None and st.session_state.get("stale", False)


def _plan_from_address() -> Plan:
    """Read the plan from the address; what makes no sense there is left out."""
    wanted: dict[str, Any] = {"dimensions": tuple(dict.fromkeys(st.query_params.get_all("by")))}
    count = st.query_params.get("segments", "auto")
    wanted["n_segments"] = int(count) if count.isdecimal() else "auto"
    for name in _TEXTS:
        wanted[name] = st.query_params.get(name, getattr(Plan(), name))
    for name in _TABLES:
        wanted[name] = _read_json(st.query_params.get(name, ""), {})
    try:
        found = Plan(**wanted)
        find_method(found.method)
        find_goal(found.goal)
    except (SegkitError, TypeError, ValueError):
        return Plan()
    return found


_TEXTS = ("scaling", "method", "goal")  # fields of a plan that are a word
_TABLES = ("weights", "family_weights", "options")  # and those that are a JSON object


_OF_PAGES = ("show",)  # what a page says of itself in the address, for as long as it is open


def _read_json(text: str, otherwise: Any) -> Any:
    """Read a part of the address, of the same type as what stands in for it."""
    try:
        found = json.loads(text)
    except ValueError:
        return otherwise
    return found if isinstance(found, type(otherwise)) else otherwise


def _refined_from_address() -> None:
    """Take what was refined from the address; it belongs to the plan it was made on."""
    for plan_key, done in _read_json(st.query_params.get("refined", ""), {}).items():
        if isinstance(done, list):
            _set_refined(plan_key, Refined(tuple(one for one in done if isinstance(one, dict))))


def write_address() -> None:
    """Put table and plan into the address of the page."""
    table, current = loaded(), plan()
    if table is None:
        return
    wanted: dict[str, Any] = {"data": table.address}
    if current.n_segments != "auto":
        wanted["segments"] = str(current.n_segments)
    if current.dimensions:
        wanted["by"] = list(current.dimensions)
    usual = Plan()
    wanted |= {
        name: getattr(current, name) for name in _TEXTS if getattr(current, name) != getattr(usual, name)
    }
    tables = {name: current.to_dict()[name] for name in _TABLES}
    wanted |= {name: json.dumps(table) for name, table in tables.items() if table}
    wanted |= _refined_for_address() | looking.in_address()
    wanted |= {name: st.query_params[name] for name in _OF_PAGES if name in st.query_params}
    present = {key: st.query_params.get_all(key) for key in st.query_params}
    if present != {key: value if isinstance(value, list) else [value] for key, value in wanted.items()}:
        st.query_params.from_dict(wanted)


def _refined_for_address() -> dict[str, str]:
    """What was refined on the segments that the address leads to."""
    key = settled_key()
    done = [dict(one) for one in refined(key).done]
    return {"refined": json.dumps({key: done}, ensure_ascii=False)} if done else {}
