"""The map of the app: its pages in the order of the marketer's way."""

import logging

import streamlit as st

from pages.ui import look, state
from pages.ui.housekeeping import keep_house

st.set_page_config(page_title="Customer segments", page_icon="pages/ui/icon.png", layout="wide")

PAGES = {
    "data": st.Page("pages/data/page.py", title="Data", url_path="data"),
    "segments": st.Page("pages/segments/page.py", title="Segments", url_path="segments"),
    "results": st.Page("pages/results/page.py", title="Results", url_path="results"),
    "profiles": st.Page("pages/profiles/page.py", title="Profiles", url_path="profiles"),
    "explore": st.Page("pages/explore/page.py", title="Explore", url_path="explore"),
    "over_time": st.Page("pages/over_time/page.py", title="Over time", url_path="over_time"),
    "priorities": st.Page("pages/priorities/page.py", title="Priorities", url_path="priorities"),
    "actions": st.Page("pages/actions/page.py", title="Actions", url_path="actions"),
    "triggers": st.Page("pages/triggers/page.py", title="Triggers", url_path="triggers"),
    "present": st.Page("pages/present/page.py", title="Present", url_path="present"),
    "downloads": st.Page("pages/downloads/page.py", title="Downloads", url_path="downloads"),
}
st.session_state["pages"] = PAGES


def start() -> None:
    """Lead to the data page: the default page has no name in the address, and a link needs one."""
    st.switch_page(PAGES["data"])


home = st.Page(start, title="Start", default=True, visibility="hidden")
page = st.navigation([home, *PAGES.values()], position="top")
look.dress()
keep_house()
try:
    state.follow_address()
    if state.link_is_stale():
        look.notice(
            "This link needs its file, which is no longer in memory here. "
            "Upload the same file again and the same view comes back."
        )
    state.write_address()
    page.run()
    state.write_address()  # again: by now it is known how many segments there are, and what was done to them
except Exception:
    logging.getLogger("segkit.app").exception("A page failed")
    look.notice(
        "Something went wrong on this page. What you loaded is still there: go back one page and try again. "
        "If it happens again, tell whoever runs this app; the server's log says what happened.",
        problem=True,
    )
