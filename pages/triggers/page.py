"""To be written."""

from pages.ui import look
from pages.ui.view import bar, view_or_stop

view = view_or_stop()
look.headline("To be written.", kicker=view.kicker)
bar(view)
