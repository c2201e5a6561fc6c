"""The report: a story and everything behind it as one HTML file that needs nothing else.

- `markup`: text that is literal, tables, what folds.
- `sections`: the pages of the story.
- `reference`: all numbers, what they mean, how segments were made and the table was read.
- `cells`: notes of reading without what stands in customers' cells.
- `report`: the file around it, its policy and its scripts.

A report is light only: it is mailed and printed, and figures carry their colours with them.
"""
