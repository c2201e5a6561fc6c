"""What the data are enough for."""

import streamlit as st

from pages.ui import look
from segkit.customers.table import Customers
from segkit.insights.data_verdict import data_verdict


def show(customers: Customers) -> None:
    """Say in a few lines what can be told from these customers, and what cannot."""
    found = data_verdict(customers)
    look.section(found.headline)
    if found.cannot:
        look.marked([("✗", line) for line in found.cannot])
    with st.expander("What can be told, and how surely"):
        look.marked([("✓", line) for line in found.can])
