"""What the verdict on segments means, in words.

The three are those of Dolnicar, Grün & Leisch, Market Segmentation Analysis (2018), chapter 2.
"""

_VERDICTS = {
    "natural": (
        "Natural",
        "There are gaps between these groups, and scrambled data show nothing like them: they are there to "
        "be found.",
    ),
    "reproducible": (
        "Reproducible",
        "The same segments come back when customers are drawn again. There are no gaps between them, so "
        "where one ends and the next begins is a choice.",
    ),
    "constructed": (
        "Constructed",
        "Other customers from the same market would give other segments. Use these to divide work, not as a "
        "finding about your customers.",
    ),
}


def verdict_text(verdict: str) -> tuple[str, str]:
    """Name a verdict and say what it means.

    Examples
    --------
    >>> verdict_text("natural")[0]
    'Natural'
    """
    return _VERDICTS[verdict]
