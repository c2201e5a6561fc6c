"""The evidence for one number of segments, what it amounts to, and how to say it.

The three verdicts are those of Dolnicar, Grün & Leisch (2018), "Market Segmentation Analysis", ch. 2:
natural segments are there to be found, reproducible ones come back but their borders are a choice, and
constructed ones are made by the method.
"""

from dataclasses import dataclass, replace
from typing import Literal

from segkit.labels import number, percent
from segkit.segments.evidence.scrambled import Scrambled

Verdict = Literal["", "natural", "reproducible", "constructed"]

STABLE = 0.80  # "stable" in Dolnicar, Grün & Leisch (2018) practice; below it segments come and go
BLURRED = 0.60  # below it a segmentation is not to be trusted (Hennig, fpc::clusterboot)
HARDLY_APART = 0.25  # silhouette of "no substantial structure" (Kaufman & Rousseeuw 1990)
THIN = 0.30  # two normal groups 4 standard deviations apart (2 % mixed up) leave a quarter at their border
BEYOND = 0.03  # customers of one cloud got 0.013 beyond its yardstick at most (benchmarks/advice.py)
NOISE = 0.02  # what the figures of scrambled customers differ by from draw to draw (benchmarks/advice.py)


@dataclass(frozen=True)
class Candidate:
    """Evidence for one number of segments, on a sample.

    Attributes
    ----------
    segments : int
    stability : float
        Mean adjusted Rand index between redraws, at most 1, to the two digits that a few redraws can tell.
    silhouette : float
        Mean silhouette width, -1 to 1.
    calinski_harabasz : float
        Variance between over variance within segments, 0 or more.
    smallest : float
        Share of customers in the smallest segment.
    scrambled : Scrambled or None
        What the same measures reach on scrambled customers; None as long as it has not been looked at.
    border : float or None
        Density of customers at the borders against that at the centres, 0 to 1; None where segments do not
        come back.
    one_cloud : float or None
        The highest silhouette that one cloud with the same correlations reaches; None where the borders are
        not thin.
    single : bool
        There is one dimension only, so there are no links that scrambling could break.
    """

    segments: int
    stability: float
    silhouette: float
    calinski_harabasz: float
    smallest: float
    scrambled: Scrambled | None = None
    border: float | None = None
    one_cloud: float | None = None
    single: bool = False

    def with_smallest(self, share: float) -> "Candidate":
        """Return the same evidence with the smallest segment as it is among all customers."""
        return replace(self, smallest=share)

    @property
    def stable(self) -> bool:
        """The segments come back when customers are drawn again."""
        return self.stability >= STABLE

    @property
    def thin(self) -> bool:
        """Few customers stand between the segments."""
        return self.stable and self.border is not None and self.border <= THIN

    @property
    def clarity(self) -> float:
        """How far the silhouette is beyond that of one cloud; 0 where that was not worth a look."""
        return 0.0 if self.one_cloud is None else self.silhouette - self.one_cloud

    @property
    def apart(self) -> bool:
        """There are gaps between the segments that one cloud of customers would not show."""
        return self.thin and self.clarity >= BEYOND

    @property
    def beyond_scrambled(self) -> bool:
        """The highest silhouette of all tries with scrambled customers does not come near."""
        band = self.scrambled
        if self.single or band is None:
            return True
        return self.silhouette > band.silhouette_high + NOISE

    @property
    def verdict(self) -> Verdict:
        """How real the segments are; empty as long as scrambled customers have not been looked at."""
        if self.scrambled is None:
            return ""
        if self.apart and self.beyond_scrambled:
            return "natural"
        surer = self.stability > self.scrambled.stability_high + NOISE
        explained = not (surer or self.beyond_scrambled or self.apart)
        return "reproducible" if self.stable and not explained else "constructed"

    @property
    def sentence(self) -> str:
        """What the evidence means, in words."""
        agreement = f"(agreement {number(self.stability, 2)} of 1)"
        size = f"the smallest segment is {percent(self.smallest)} of customers"
        if self.stable:
            return (
                f"{self.segments} segments come back when customers are drawn again "
                f"{agreement}{self._apart}; {size}."
            )
        if self.stability >= BLURRED:
            return f"{self.segments} segments come back mostly, with blurred borders {agreement}; {size}."
        return (
            f"{self.segments} segments change much from draw to draw {agreement}, "
            f"so read them with care; {size}."
        )

    @property
    def _apart(self) -> str:
        if self.verdict == "constructed":
            return ", but so do those of scrambled data"
        if self.apart:
            return " and stand clearly apart"
        return "" if self.silhouette >= HARDLY_APART else ", but run into one another"
