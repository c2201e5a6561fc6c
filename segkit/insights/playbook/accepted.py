"""What was accepted: an action with its status and holdout, and all that draws its lists again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segkit.errors import SegkitError
from segkit.insights.playbook.limits import Limits, usual_limits
from segkit.insights.playbook.own import own_play
from segkit.insights.playbook.plays import Play, find_play

STATUSES = {
    "proposed": "Proposed",
    "accepted": "Accepted",
    "running": "Running",
    "done": "Done",
    "dropped": "Dropped",
}
LARGEST_HOLDOUT = 0.5  # of those who are reached: beyond it most of them get nothing


@dataclass(frozen=True)
class Accepted:
    """An action that a person accepted: kept as plain JSON, with all that draws its lists again.

    Attributes
    ----------
    play : Play
        As it was accepted.
    segment, name : str
        Key and name of the segment then.
    status : str
        Key of `STATUSES`.
    day : str
        When the status last changed, as YYYY-MM-DD.
    holdout : float
        Share of those reached who are left alone, to compare with; 0 for nobody.
    kpi : str
        The KPI that should change.
    about : str
        Fingerprint of the customers whom it was accepted for.
    whom : str
        The same in words.
    limits : mapping of str to float
        Those with which it was judged.
    reached : int
        How many customers it was for.
    own : mapping, optional
        What a person wrote, where the play is her own.
    """

    play: Play
    segment: str
    name: str
    status: str
    day: str
    holdout: float
    kpi: str
    about: str
    whom: str
    limits: Limits
    reached: int
    own: Mapping[str, Any] | None = None

    @property
    def key(self) -> str:
        """The play in its segment; with it the holdout is drawn."""
        return f"{self.play.key}/{self.segment}"

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON."""
        plain = {name: getattr(self, name) for name in _WRITTEN}
        return plain | {"play": self.play.key, "action": self.play.action, "limits": dict(self.limits)}


_WRITTEN = "segment name status day holdout kpi about whom reached own".split()


def accepted_actions(written: Any) -> list[Accepted]:
    """The actions that were accepted, as they were kept; what makes no sense any more is left out.

    Parameters
    ----------
    written : list of mapping, or anything else
    """
    found = [accepted_from(one) for one in written] if isinstance(written, list) else []
    return [one for one in found if one is not None]


def accepted_from(written: Mapping[str, Any]) -> Accepted | None:
    """Read what `Accepted.to_dict` wrote; None where it makes no sense or its play is gone."""
    try:
        own = written.get("own")
        play = own_play(own) if own else find_play(str(written["play"]))
        holdout, reached_then = float(written["holdout"]), int(written["reached"])
        words_kept = {name: str(written[name]) for name in ("segment", "name", "day", "kpi", "about", "whom")}
    except (AttributeError, KeyError, SegkitError, TypeError, ValueError):
        return None
    status = str(written.get("status"))
    if play is None or status not in STATUSES or not 0 <= holdout <= LARGEST_HOLDOUT:
        return None
    limits = usual_limits(written.get("limits") if isinstance(written.get("limits"), Mapping) else {})
    return Accepted(
        play=play, status=status, holdout=holdout, limits=limits, reached=reached_then, own=own, **words_kept
    )
