"""Triggers: who needs something in the next days, by dates that come and by what has changed."""
