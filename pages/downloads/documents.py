"""Slides, report and workbook of what is looked at."""

import streamlit as st

from pages.downloads.contents import Wanted
from pages.ui import documents, look
from pages.ui.view import View


def show(view: View, wanted: Wanted) -> None:
    """Offer the three documents side by side."""
    look.section(
        "To hand on", "Slides and report are the pages that were taken in and worded on the Present page."
    )
    slides, report, workbook = st.columns(3, gap="large")
    with workbook:
        documents.offer_workbook(view, wanted.contents.personal)
    with slides:
        documents.offer_slides(view)
    with report:
        documents.offer_report(view)
