"""The story: what is told of a segmentation in a meeting, a page at a time.

Pages are data: a finding as title, a few blocks (bars, a table, lines), and notes for who speaks. The
page that presents, the slides and the report all draw the same story, so none has a number of its own.

- `blocks`: what stands on a page.
- `pages`: segments, KPIs and what people wrote -> pages.
- `telling`: everything that is known -> a story.
- `arranged`: a story as a person ordered and worded it.
"""
