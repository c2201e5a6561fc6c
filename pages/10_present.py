"""What a server that has just started runs for a link to /present: the app, which then shows that page.

Until `st.navigation` has run once, Streamlit takes each file of this folder for a page and calls every
other name in the address "not found".
"""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parents[1] / "app.py"))
