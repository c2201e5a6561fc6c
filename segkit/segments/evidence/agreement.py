"""Do other methods find the same groups? If they do, the groups are not the doing of one method."""

from collections.abc import Mapping
from typing import NamedTuple

from segkit.labels import number
from segkit.segments.evidence.candidate import BLURRED, STABLE
from segkit.segments.evidence.model import Refit
from segkit.segments.evidence.redraws import adjusted_rand
from segkit.segments.evidence.samples import evidence_sample
from segkit.segments.methods.k_means import one_thread
from segkit.segments.prepared import Prepared
from segkit.segments.watching import Watch, unwatched


class MethodAgreement(NamedTuple):
    """How far a method agrees with the first one.

    Attributes
    ----------
    method : str
        Its key.
    agreement : float
        Adjusted Rand index on the sample, at most 1.
    """

    method: str
    agreement: float

    @property
    def sentence(self) -> str:
        """What that means, in words."""
        told = f"(agreement {number(self.agreement, 2)} of 1)"
        if self.agreement >= STABLE:
            return f"Finds nearly the same groups {told}."
        if self.agreement >= BLURRED:
            return f"Finds similar groups with other borders {told}."
        return f"Divides customers differently {told}."


def method_agreement(
    customers: Prepared, refits: Mapping[str, Refit], count: int, seed: int, watch: Watch = unwatched
) -> list[MethodAgreement]:
    """Compare other methods with the first one on a sample.

    Parameters
    ----------
    customers : Prepared
        With `answers` if one of the methods needs them.
    refits : mapping of method key to refit
        The first is the one that is compared with.
    count : int
        Number of segments.
    seed : int
    watch : callable, optional

    Returns
    -------
    list of MethodAgreement
        One for each method but the first.
    """
    sample = customers.take(evidence_sample(customers, seed))
    found = []
    with one_thread():
        for place, (method, refit) in enumerate(refits.items()):
            watch("Comparing with other methods", place / len(refits))
            found.append((method, refit(sample, count, seed).codes(sample)))
    first = found[0][1]
    return [MethodAgreement(method, adjusted_rand(first, codes)) for method, codes in found[1:]]


def agreement_sentence(compared: list[MethodAgreement]) -> str:
    """Say in a sentence whether other methods find the same groups."""
    same = sum(one.agreement >= STABLE for one in compared)
    if not compared:
        return "No other method was compared."
    if same == len(compared):
        return "Other methods find nearly the same groups, so they do not hang on the method."
    if same:
        return f"{same} of {len(compared)} other methods find nearly the same groups."
    return "Other methods divide customers differently, so the borders hang on the method."
