"""Triggers: whom to call this week, by dates that come and by what has changed."""

from pages.triggers import list as lists
from pages.triggers import own
from pages.ui import look
from pages.ui.view import bar, view_or_stop
from segkit.insights.trigger_text import calls_headline

view = view_or_stop()
found = lists.called(view, own.made(view))
calls = found.calls
look.headline(calls_headline(calls, lists.front(view), lists.drawn(view, found)), kicker=view.kicker)
bar(view)
if calls.watch.watched or found.only_drawn:
    lists.adjust(view, found)
    lists.picture(view, found)
    lists.by_segment(view, found)
    lists.offered(view, found)
else:
    lists.nothing(view)
own.show(view)
lists.not_watched(calls)
lists.onward(calls)
