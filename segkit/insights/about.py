"""About a segmentation: what it is for, how it was made and what was changed by hand, a sentence each."""

from segkit.labels import listing, plural, readable
from segkit.segments.goals import find_goal
from segkit.segments.methods.table import find_method
from segkit.segments.segmentation import Segmentation


def about(segmentation: Segmentation) -> list[str]:
    """Say what a file of segments should say of them, so that it can be understood without the app.

    Parameters
    ----------
    segmentation : Segmentation

    Returns
    -------
    list of str
    """
    plan = segmentation.plan
    known = [name for name, _ in segmentation.steps if name in segmentation.tree.names]
    formed = [readable(name) for name in dict.fromkeys([*known, *segmentation.tree.names])]
    goal = find_goal(plan.goal)
    lines = [
        f"Goal: {goal.label}. {goal.question}",
        f"Method: {find_method(plan.method).label}, from {plural(len(formed), 'column')}: "
        f"{listing(formed, 30)}.",
        *(f"Changed by hand: {one['said']}" for one in segmentation.refinements),
    ]
    return [" ".join(line.split()) for line in lines]


def commented(segmentation: Segmentation, sql: str) -> str:
    """Put what is to be said about a segmentation in front of its SQL."""
    return "\n".join([*(f"-- {line}" for line in about(segmentation)), sql])
