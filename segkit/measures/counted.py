"""Counted rows: what a picture of customers is made from, wherever their table lives.

A table in memory has one row a customer. An engine hands over rows of customers who are alike, with their
number. The arithmetic of a picture counts rows by their number, so it is the same for both.
"""

from dataclasses import dataclass

import numpy as np

from segkit.segments.segmentation import Assignment


@dataclass(frozen=True, eq=False)
class Counted:
    """Rows that stand for customers, each in a segment.

    Attributes
    ----------
    assignment : Assignment
        Of the rows.
    counts : int array, optional
        Customers behind each row; None is one each.
    """

    assignment: Assignment
    counts: np.ndarray | None = None

    @property
    def places(self) -> np.ndarray:
        """Place of each row's segment; those who fit none come last, as a segment more."""
        codes = self.assignment.codes
        return np.where(codes < 0, len(self.assignment.segments), codes).astype(np.intp)

    @property
    def each(self) -> np.ndarray:
        """Customers behind each row."""
        return np.ones(len(self.assignment.codes), np.int64) if self.counts is None else self.counts

    @property
    def total(self) -> int:
        """How many customers all rows stand for."""
        return len(self.assignment.codes) if self.counts is None else int(self.counts.sum())

    @property
    def with_none(self) -> "Counted":
        """The same with customers who fit none as a last segment of their own, where there are any."""
        return Counted(self.assignment.with_none, self.counts)

    def tally(self, cells: np.ndarray, size: int, rows: np.ndarray | None = None) -> np.ndarray:
        """Count customers by cell.

        Parameters
        ----------
        cells : int array
            The cell of each row, 0 to size - 1.
        size : int
        rows : bool array, optional
            The rows that `cells` speaks of; all of them by default.

        Returns
        -------
        int array of shape (size,)
        """
        return tallied(cells, size, self.counts if self.counts is None or rows is None else self.counts[rows])


def tallied(cells: np.ndarray, size: int, counts: np.ndarray | None = None) -> np.ndarray:
    """Count rows by cell, each as often as it stands for a customer.

    Examples
    --------
    >>> tallied(np.array([0, 2, 2]), 3, np.array([5, 1, 4])).tolist()
    [5, 0, 5]
    """
    if counts is None:
        return np.bincount(cells, minlength=size)
    return np.rint(np.bincount(cells, counts, minlength=size)).astype(np.int64)  # whole up to 2 to the 53rd
