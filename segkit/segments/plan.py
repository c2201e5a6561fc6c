"""The plan: what was chosen, small enough for a link."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from segkit.errors import UnusablePlan
from segkit.labels import listing

MOST_SEGMENTS = 12  # one colour each; more cannot be told apart or acted on
SCALINGS = ("auto", "standard", "none")


@dataclass(frozen=True)
class Plan:
    """What forms the segments, how, and how many.

    Attributes
    ----------
    dimensions : tuple of str
        Columns that form the segments; empty means every column whose role is a dimension.
    method : str
        Key of a row of `fitting.METHODS`.
    n_segments : int or "auto"
        2 to 12; "auto" takes the recommendation of `advice`.
    scaling : str
        "standard" gives every dimension the same weight, "none" leaves items that share one scale as
        they are, "auto" decides between the two by looking whether they do.
    seed : int
        The same seed, file and plan give the same segments.

    Examples
    --------
    >>> Plan(dimensions=("age", "plan"), n_segments=4).to_json()
    '{"dimensions":["age","plan"],"method":"k-means","n_segments":4,"scaling":"auto","seed":0}'
    """

    dimensions: tuple[str, ...] = ()
    method: str = "k-means"
    n_segments: int | Literal["auto"] = "auto"
    scaling: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "dimensions", tuple(self.dimensions))
        if len(set(self.dimensions)) < len(self.dimensions):
            raise UnusablePlan("A dimension is named twice in the plan. Name each once.")
        if self.n_segments != "auto" and not (
            isinstance(self.n_segments, int) and 2 <= self.n_segments <= MOST_SEGMENTS
        ):
            raise UnusablePlan(
                f"{self.n_segments} segments were asked for. Choose 2 to {MOST_SEGMENTS}, or auto."
            )
        if self.scaling not in SCALINGS:
            raise UnusablePlan(f"“{self.scaling}” is no scaling. Choose {listing(list(SCALINGS))}.")

    @property
    def key(self) -> str:
        """A short hash, the same for equal plans."""
        return hashlib.blake2b(self.to_json().encode(), digest_size=8).hexdigest()

    def with_segments(self, count: int) -> "Plan":
        """Return the same plan with another number of segments."""
        return replace(self, n_segments=count)

    def to_json(self) -> str:
        """Write the plan as one line of JSON with sorted keys."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Plan":
        """Read a plan that was written as JSON."""
        return cls(**(values | {"dimensions": tuple(values.get("dimensions", ()))}))
