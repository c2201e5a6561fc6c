"""What stands in the lists: columns, personal data, hashed addresses, customers who are left alone."""

from dataclasses import dataclass

import streamlit as st

from pages.ui import kept, look
from pages.ui.view import View
from segkit.customers.sampling import is_part
from segkit.customers.table import Customers
from segkit.exports.actions import LeftAlone, left_alone, left_alone_text, left_out_of, not_told
from segkit.exports.hashed import addresses_in, addresses_text, email_columns
from segkit.exports.lists import Contents, personal_text
from segkit.insights.playbook.accepted import accepted_actions


@dataclass(frozen=True, eq=False)
class Wanted:
    """What lists are to hold, and whom actions leave alone.

    Attributes
    ----------
    contents : Contents
    raw : bool
        Whether cells are written exactly as they are.
    left : list of LeftAlone
    note : str
        What is to be said about who is left alone; empty where nobody is.
    """

    contents: Contents
    raw: bool
    left: list[LeftAlone]
    note: str

    @property
    def words(self) -> str:
        """What sets the lists apart from the usual ones, for their file names."""
        contents = self.contents
        said = (("personal", contents.personal), ("hashed", contents.hashed), ("raw", self.raw))
        held = ("without_held_out", contents.left_out is not None)
        return " ".join(word for word, so in (*said, held) if so)


def asked(view: View) -> Wanted:
    """Ask what lists are to hold; everything but personal data, unless somebody changes it."""
    customers, about = view.customers, view.table.everyone.fingerprint
    left, note = _left_alone(view)
    with st.expander("Adjust", key="adjust-lists"):
        columns = _columns(customers, about)
        personal = _personal(customers, about)
        hashed = _hashed(customers, about)
        raw = st.toggle(
            "Raw cells, for a CRM import",
            key="raw",
            persist_state="session",
            help="Off, cells that a spreadsheet would run as a formula get an apostrophe in front. "
            "On, they are exactly as in your file.",
        )
        leave = left and st.toggle(
            "Leave out customers who are held out of actions",
            key=f"list-leave-{about}",
            persist_state="session",
        )
    chosen = (*columns, *(personal or ()))
    out = left_out_of(left) if leave else None
    return Wanted(Contents(chosen, personal is not None, hashed, out), raw, left, "" if leave else note)


def _columns(customers: Customers, about: str) -> list[str]:
    """Ask which columns that are not personal stand in the lists."""
    names = [column.name for column in customers.columns if not column.hidden and column.use != "id"]
    return st.multiselect(
        "Columns beside id and segment",
        names,
        default=names,
        key=f"list-columns-{about}",
        persist_state="session",
    )


def _personal(customers: Customers, about: str) -> list[str] | None:
    """Ask whether personal data are to be in the lists, and which; None where they are not."""
    said = personal_text(customers)
    if not said:
        return None
    ticked = st.checkbox("Include personal data", key=f"list-personal-{about}", persist_state="session")
    look.note(said)
    hidden = [column.name for column in customers.columns if column.hidden and column.use != "id"]
    if not ticked or not hidden:
        return [] if ticked else None
    return st.multiselect(
        "Personal data", hidden, default=hidden, key=f"list-hidden-{about}", persist_state="session"
    )


def _hashed(customers: Customers, about: str) -> bool:
    """Ask whether e-mail addresses are to be in the lists as hashes."""
    if not email_columns(customers):
        return False
    wanted = st.toggle(
        "Hashed e-mail addresses, for audiences of ad platforms",
        key=f"list-hashed-{about}",
        persist_state="session",
    )
    if wanted:
        look.note(addresses_text(addresses_in(customers)))
        if is_part(customers):
            look.note("Counted among the customers who were drawn by chance; hashed are those of all.")
    return wanted


def _left_alone(view: View) -> tuple[list[LeftAlone], str]:
    """Whom accepted actions leave alone, and what is to be said about that."""
    actions = accepted_actions(kept.written(view, "actions"))
    everyone = (view.table.customers, view.found.assignment)
    left = [] if view.table.engine else left_alone(view.customers, view.assignment, actions, everyone)
    others = not_told(actions, *([] if view.table.engine else [view.customers, everyone[0]]))
    return left, left_alone_text(left, others)
