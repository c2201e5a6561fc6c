"""The playbook: what to do about each segment, and the numbers that call for it.

A play is a row of `plays.PLAYS`: what must hold of a segment, what to do then, and which of its customers it
is for. Plays of one's own are plain data as well, never code. How the data flow, a module a step:

- `limits`: the numbers that a person may move.
- `columns`: which columns of a table tell something, by what they mean or are called.
- `crowds`: customers and limits -> who is a detractor, quiet, of high value.
- `reasons`: what plays are judged on, and a reason with its numbers.
- `clues`: a KPI or a share of customers -> a reason for each segment in which it holds.
- `plays`: what is done for which clues; `own`: the same from what a person wrote, as JSON.
- `reach`: a play -> the customers whom it is for.
- `advice`: plays -> what to do about each segment, the most worthwhile first.
- `accepted`: advice that a person accepted, as JSON that draws its lists again.

Shares and lists are about customers who are not known to have left. KPIs are those of the KPI table. A number
whose column formed the segments never counts as a difference: it has to be beyond its limit, and is marked.
"""
