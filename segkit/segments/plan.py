"""The plan: what was chosen, small enough for a link."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from segkit.errors import UnusablePlan
from segkit.labels import listing

MOST_SEGMENTS = 12  # one colour each; more cannot be told apart or acted on
SCALINGS = ("auto", "standard", "none")
HEAVIEST = 10.0  # more than ten times the others is a segmentation by that dimension alone

Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Plan:
    """What forms the segments, how, and how many.

    Attributes
    ----------
    dimensions : tuple of str
        Columns that form the segments; empty means every column whose role is a dimension.
    method : str
        Key of a row of `methods.METHODS`.
    n_segments : int or "auto"
        2 to 12; "auto" takes the recommendation of `advise`. Rule methods have the number they have.
    scaling : str
        "standard" gives every dimension the same weight, "none" leaves items that share one scale as
        they are, "auto" decides between the two by looking whether they do.
    seed : int
        The same seed, file and plan give the same segments.
    goal : str
        Key of a row of `goals.GOALS`: what the segments are for.
    weights, family_weights : mapping or tuple of (str, float)
        How much a dimension, and every dimension of a family, counts; 1 where nothing is said. A dimension's
        own weight is multiplied by that of its family.
    options : mapping or JSON text
        What a rule method needs besides; see the method. Kept as JSON text with sorted keys.

    Examples
    --------
    >>> plan = Plan(dimensions=("age", "plan"), n_segments=4, weights={"age": 2})
    >>> plan.weights
    (('age', 2.0),)
    >>> Plan(method="column", options={"column": "plan"}).option("column")
    'plan'
    """

    dimensions: tuple[str, ...] = ()
    method: str = "k-means"
    n_segments: int | Literal["auto"] = "auto"
    scaling: str = "auto"
    seed: int = 0
    goal: str = "explore"
    weights: Mapping[str, float] | Weights = ()
    family_weights: Mapping[str, float] | Weights = ()
    options: Mapping[str, Any] | str = "{}"

    def __post_init__(self) -> None:
        object.__setattr__(self, "dimensions", tuple(self.dimensions))
        object.__setattr__(self, "weights", _weights(self.weights))
        object.__setattr__(self, "family_weights", _weights(self.family_weights))
        object.__setattr__(self, "options", _canonical(self.options))
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

    def with_options(self, **options: Any) -> "Plan":
        """Return the same plan with some options changed; None takes one away."""
        changed = self.all_options | options
        return replace(self, options={key: value for key, value in changed.items() if value is not None})

    @property
    def all_options(self) -> dict[str, Any]:
        """The options of the method that were set."""
        return dict(json.loads(str(self.options)))

    def option(self, key: str, usual: Any = None) -> Any:
        """One option of the method, or what is usual."""
        return self.all_options.get(key, usual)

    def weight(self, dimension: str, family: str) -> float:
        """How much a dimension counts."""
        return dict(self.weights).get(dimension, 1.0) * dict(self.family_weights).get(family, 1.0)

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON types."""
        plain = asdict(self) | {"options": self.all_options}
        return plain | {"weights": dict(self.weights), "family_weights": dict(self.family_weights)}

    def to_json(self) -> str:
        """Write the plan as one line of JSON with sorted keys."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Plan":
        """Read a plan that was written as JSON."""
        return cls(**(values | {"dimensions": tuple(values.get("dimensions", ()))}))


def _weights(given: Mapping[str, float] | Weights) -> Weights:
    """Sort weights by name and leave out those of 1, so that equal plans are equal."""
    weights = {str(name): float(weight) for name, weight in dict(given).items()}
    for name, weight in weights.items():
        if not 0 <= weight <= HEAVIEST:
            raise UnusablePlan(
                f"“{name}” has the weight {weight:g}. "
                f"Weights are from 0 (left out) to {HEAVIEST:g}; 1 is usual."
            )
    return tuple(sorted((name, weight) for name, weight in weights.items() if weight != 1))


def _canonical(options: Mapping[str, Any] | str) -> str:
    plain = json.loads(options) if isinstance(options, str) else dict(options)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
