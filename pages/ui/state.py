"""What a session has: the loaded table, the plan, the names given to segments.

A browser refresh starts a new session, so what was loaded also lies on a shelf in the server's memory,
found again by the fingerprint in the address. The address holds the plan too: a link shows the view.
Fingerprints are hashes of the file's content, so only who has the link or the file can find a table.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

from segkit.customers.reading import interpreted, opened
from segkit.customers.table import Customers
from segkit.customers.text_tables import TextTable
from segkit.errors import SegkitError
from segkit.segments.plan import Plan

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "customers.csv"
SAMPLE_NAME = "Sample company"
SHELF_TABLES = 12
SHELF_BYTES = 600 << 20


@dataclass(frozen=True, eq=False)
class Loaded:
    """A file that was read, with the choices made on it.

    Attributes
    ----------
    text : TextTable
        The cells as they stood; choices are applied to it again, the file is not needed any more.
    content : str
        Hash of the file.
    name : str
        What the user calls it.
    kinds, roles, scale
        What the user set.
    customers : Customers
    names : dict
        Names given to segments, by plan and key; shared by everyone who has the link.
    """

    text: TextTable
    content: str
    name: str
    customers: Customers
    kinds: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    scale: tuple[int, int] | None = None
    raw: bytes | None = None
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """How a link names this table."""
        untouched = not (self.kinds or self.roles or self.scale)
        return "sample" if self.name == SAMPLE_NAME and untouched else self.customers.fingerprint

    @property
    def bytes(self) -> int:
        """Memory it takes, about."""
        return int(
            self.text.table.nbytes
            + self.customers.frame.memory_usage(deep=False).sum()
            + len(self.raw or b"")
        )


class Shelf:
    """The tables loaded last, by address; the oldest go first."""

    def __init__(self) -> None:
        self._tables: OrderedDict[str, Loaded] = OrderedDict()
        self._lock = threading.Lock()

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


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """The one shelf of this server."""
    return Shelf()


# --- the table ------------------------------------------------------------------------------------


def loaded() -> Loaded | None:
    """The table of this session; after a refresh or by a link, the one that the address names."""
    return st.session_state.get("loaded")


def load(source: Any, name: str, sheet: str | None = None) -> None:
    """Read a file and make it the table of this session.

    Raises
    ------
    SegkitError
        It cannot be read; what was loaded before stays.
    """
    text, content = opened(source, name, sheet)
    several_sheets = len(text.sheets) > 1 and isinstance(source, bytes)
    keep(Loaded(text, content, name, interpreted(text, content), raw=source if several_sheets else None))


def keep(table: Loaded) -> None:
    """Make a table that of this session; a plan whose columns it lacks is dropped."""
    st.session_state["loaded"] = table
    shelf().put(table)
    have = set(table.customers.frame.columns)
    if not set(plan().dimensions) <= have:
        st.session_state["plan"] = Plan()


def interpret(table: Loaded, **choices: Any) -> None:
    """Apply other choices of kinds, roles or scale to the loaded table."""
    chosen = replace(table, **choices)
    customers = interpreted(chosen.text, chosen.content, chosen.kinds, chosen.roles, chosen.scale)
    keep(replace(chosen, customers=customers, names={}))


def forget() -> None:
    """Drop the table from this session and from the server's memory."""
    table = loaded()
    if table is not None:
        shelf().remove(table.address)
    for key in ("loaded", "plan"):
        st.session_state.pop(key, None)
    st.query_params.clear()


# --- the plan -------------------------------------------------------------------------------------


def plan() -> Plan:
    """The plan of this session."""
    return st.session_state.get("plan", Plan())


def change_plan(**choices: Any) -> None:
    """Change parts of the plan."""
    st.session_state["plan"] = replace(plan(), **choices)


def rename(plan_key: str, key: str, name: str) -> None:
    """Give a segment another name; a blank one brings the first name back."""
    table = loaded()
    if table is not None:
        table.names.setdefault(plan_key, {})[key] = name


# --- the address ----------------------------------------------------------------------------------


def follow_address() -> None:
    """Take table and plan from the address, in a session that has none yet."""
    if "followed" in st.session_state:
        return
    st.session_state["followed"] = True
    st.session_state["plan"] = _plan_from_address()
    address = st.query_params.get("data")
    found = shelf().find(address) if address else None
    if found is not None:
        keep(found)
    elif address == "sample":
        load(SAMPLE, SAMPLE_NAME)
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
    wanted["scaling"] = st.query_params.get("scaling", "auto")
    try:
        return Plan(**wanted)
    except SegkitError:
        return Plan()


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
    if current.scaling != "auto":
        wanted["scaling"] = current.scaling
    present = {key: st.query_params.get_all(key) for key in st.query_params}
    if present != {key: value if isinstance(value, list) else [value] for key, value in wanted.items()}:
        st.query_params.from_dict(wanted)
