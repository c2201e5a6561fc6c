"""Over time: how long customers stay, month by month of sign-up, and how far they come."""

from pages.over_time import parts
from pages.ui import look
from pages.ui.view import bar, view_or_stop

view = view_or_stop()
known = parts.measured(view)
look.headline(parts.headline(view, known), kicker=view.kicker)
bar(view)
parts.curves(view, known)
parts.cohorts(view)
parts.funnel(view, known)
