"""Whether segments are to be believed: how many, how stable, how real.

`advice` collects everything for each number of segments; the other modules measure one thing each.
"""
