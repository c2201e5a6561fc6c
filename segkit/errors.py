"""What can go wrong, in the user's words.

Every error that the library raises on purpose is a `SegkitError`. Its message says what was found,
where, and what to do next, so that a page or a terminal can show it as it is.
"""


class SegkitError(Exception):
    """Something the user gave cannot be used; the message is written for her."""


class UnreadableFile(SegkitError):
    """The file is not a table that can be read."""


class UnusableColumn(SegkitError):
    """A column cannot serve as what it was asked to be (a kind, a role, a dimension)."""


class UnusableBase(SegkitError):
    """The conditions that choose customers cannot be met by this table."""


class UnusablePlan(SegkitError):
    """The plan cannot be carried out on this customer table."""


class UnusableSegmentation(SegkitError):
    """A saved segmentation cannot be read, or does not fit this customer table."""
