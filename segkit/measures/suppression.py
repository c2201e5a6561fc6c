"""Small groups: which cells may be shown, so that nobody can be told from the numbers of a few.

A cell with few answers is hidden, and then the smallest groups beside it for as long as the total gives the
hidden ones away: what they have together, the total minus what is shown, must be two groups or more with
enough answers, or nothing. The next to hide is the group with the fewest customers, so that it is the same
for all KPIs and none can be worked out from two others.
"""

from collections.abc import Sequence

SMALLEST_SHOWN = 5  # fewer answers could point to a person
SMALLEST_RANKED = 30  # 5 to 29 answers are "indicative": shown, never ranked


def shown(answered: Sequence[int], members: Sequence[int], smallest: int = SMALLEST_SHOWN) -> list[bool]:
    """Tell which groups may be shown beside their total.

    Parameters
    ----------
    answered, members : sequence of int
        Per group: customers with a value, and all customers.
    smallest : int
        Fewer answers are hidden.

    Examples
    --------
    >>> shown([40, 3, 12], [50, 9, 20])
    [True, False, False]
    """
    hidden = [place for place, count in enumerate(answered) if count < smallest]
    spare = sorted(set(range(len(answered))) - set(hidden), key=lambda place: -members[place])
    while spare and given_away([answered[place] for place in hidden], smallest):
        hidden.append(spare.pop())
    return [place not in hidden for place in range(len(answered))]


def given_away(answered: Sequence[int], smallest: int = SMALLEST_SHOWN) -> bool:
    """Whether hidden groups can be worked out: only one of them has answers, or all together have few."""
    some = [count for count in answered if count]
    return len(some) == 1 or 0 < sum(some) < smallest


def places_shown(sizes: Sequence[int], none: int, smallest: int = SMALLEST_SHOWN) -> list[int]:
    """List the segments that may be shown by size, beside customers who fit none, who are not shown.

    Examples
    --------
    >>> places_shown([50, 3, 20, 9], none=0)
    [0, 2]
    """
    together = [*sizes, none]
    return [place for place, may in enumerate(shown(together, together, smallest)[:-1]) if may]
